/* date.c - dates and times of day as seconds since 1970-01-01, UTC. */
#include "core/text.h"
#include "data/table/table.h"

#include <math.h>
#include <stdio.h>

typedef struct {
    const char *at, *end;
} table_date;

static bool table_date_takes(table_date *d, char c)
{
    if (d->at == d->end || *d->at != c)
        return false;
    d->at++;
    return true;
}

/* least .. most digits. */
static bool table_date_number(table_date *d, int least, int most, int *value)
{
    int digits = 0;
    *value = 0;
    for (; digits < most && d->at < d->end && *d->at >= '0' && *d->at <= '9'; digits++)
        *value = *value * 10 + (*d->at++ - '0');
    return digits >= least;
}

/* Days since 1970-01-01 in the Gregorian calendar, also before it began. Years are counted from March, so
 * that the leap day is the last of its year: then the months' lengths follow (153 m + 2) / 5. */
static int table_date_days(int year, int month, int day)
{
    const int y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    enum { BEFORE_1970 = 719468 }; /* days from 0000-03-01 */
    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - BEFORE_1970;
}

static bool table_date_exists(int year, int month, int day)
{
    static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= length[month - 1] + (month == 2 && leap);
}

/* Z, +hh:mm, +hhmm, +hh or nothing -> seconds to be taken off. */
static bool table_date_zone(table_date *d, double *seconds)
{
    int hours, minutes = 0;
    *seconds = 0;
    if (d->at == d->end || table_date_takes(d, 'Z'))
        return true;
    const bool minus = table_date_takes(d, '-');
    if (!minus && !table_date_takes(d, '+'))
        return false;
    if (!table_date_number(d, 2, 2, &hours) || hours > 23)
        return false;
    const bool colon = table_date_takes(d, ':');
    if ((colon || d->at < d->end) && (!table_date_number(d, 2, 2, &minutes) || minutes > 59))
        return false;
    *seconds = (minus ? -60.0 : 60.0) * (hours * 60 + minutes);
    return true;
}

/* hh:mm, hh:mm:ss or hh:mm:ss.fff, with a zone. */
static bool table_date_time(table_date *d, double *seconds)
{
    int hours, minutes, whole = 0;
    double part = 0, unit = 1, zone;
    if (!table_date_number(d, 1, 2, &hours) || hours > 23 || !table_date_takes(d, ':') ||
        !table_date_number(d, 2, 2, &minutes) || minutes > 59)
        return false;
    if (table_date_takes(d, ':')) {
        if (!table_date_number(d, 2, 2, &whole) || whole > 60) /* 60: a leap second */
            return false;
        if (table_date_takes(d, '.')) {
            int digit, digits = 0;
            for (; table_date_number(d, 1, 1, &digit); digits++)
                if (digits < 9) {
                    part = part * 10 + digit;
                    unit *= 10;
                }
            if (!digits)
                return false;
        }
    }
    if (!table_date_zone(d, &zone))
        return false;
    *seconds = hours * 3600 + minutes * 60 + whole + part / unit - zone;
    return true;
}

bool sl_date_parse(const char *text, size_t length, sl_date_order order, double *seconds)
{
    table_date d = { text, text + length };
    int first, second, third;
    double time = 0;
    const bool iso = order == SL_DATE_ISO;
    if (!table_date_number(&d, iso ? 4 : 1, iso ? 4 : 2, &first) || d.at == d.end)
        return false;
    const char mark = *d.at;
    if ((mark != '-' && mark != '/' && (iso || mark != '.')) || !table_date_takes(&d, mark) ||
        !table_date_number(&d, iso ? 2 : 1, 2, &second) || !table_date_takes(&d, mark) ||
        !table_date_number(&d, iso ? 2 : 4, iso ? 2 : 4, &third))
        return false;
    const int year = iso ? first : third, month = order == SL_DATE_MONTH_FIRST ? first : second,
              day = iso                            ? third
                    : order == SL_DATE_MONTH_FIRST ? second
                                                   : first;
    if (!table_date_exists(year, month, day))
        return false;
    if (d.at < d.end &&
        ((!table_date_takes(&d, 'T') && !table_date_takes(&d, ' ')) || !table_date_time(&d, &time)))
        return false;
    if (d.at != d.end)
        return false;
    *seconds = table_date_days(year, month, day) * 86400.0 + time;
    return true;
}

char *sl_date_text(char text[32], double seconds)
{
    const double whole = floor(seconds / 86400);
    *text = 0;
    if (!(whole > -719163 && whole < 2932897)) /* the years 1 to 9999, as they can be read */
        return text;
    const int days = (int)whole, rest = (int)(seconds - whole * 86400);
    int year = 1970 + (int)floor(whole / 365.2425), month = 12; /* or the one before or behind it */
    year += days >= table_date_days(year + 1, 1, 1);
    year -= days < table_date_days(year, 1, 1);
    while (days < table_date_days(year, month, 1))
        month--;
    const unsigned of = (unsigned)(days - table_date_days(year, month, 1) + 1);
    char all[96], time[64] = "";
    if (rest)
        snprintf(time, sizeof time, "T%02d:%02d:%02d", rest / 3600, rest / 60 % 60, rest % 60);
    snprintf(all, sizeof all, "%04d-%02d-%02u%s", year, month, of, time);
    sl_text_fit(all, text, 32);
    return text;
}
