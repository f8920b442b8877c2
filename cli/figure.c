/* figure.c - numbers for people and for JSON; none of them asks the locale. */
#include <math.h>
#include <string.h>

#include "cli.h"

cli_figure cli_fixed(double value, int decimals)
{
    cli_figure figure = { "-" };
    if (value != value)
        return figure;
    unsigned long long scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    const double size = fabs(value) * (double)scale;
    if (size >= 9e15) { /* no longer exact: as it is */
        sl_number_text(figure.text, value);
        return figure;
    }
    const unsigned long long whole = (unsigned long long)(size + 0.5);
    const char *sign = value < 0 && whole ? "-" : "";
    if (decimals)
        snprintf(figure.text, sizeof figure.text, "%s%llu.%0*llu", sign, whole / scale, decimals,
                 whole % scale);
    else
        snprintf(figure.text, sizeof figure.text, "%s%llu", sign, whole);
    return figure;
}

cli_figure cli_rounded(double value)
{
    const double size = fabs(value);
    if (value != value || size == 0)
        return cli_fixed(value, value == 0 ? 4 : 0);
    if (size >= 0.001 && size < 1e7)
        return cli_fixed(value, size >= 10000 ? 0 : size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4);
    cli_figure figure;
    if (size < 1e-300 || size > 1e300) {
        sl_number_text(figure.text, value);
        return figure;
    }
    int exponent = 0;
    double mantissa = value;
    for (; fabs(mantissa) >= 9.995; exponent++)
        mantissa /= 10;
    for (; fabs(mantissa) < 0.9995; exponent--)
        mantissa *= 10;
    figure = cli_fixed(mantissa, 2);
    const size_t length = strlen(figure.text);
    snprintf(figure.text + length, sizeof figure.text - length, "e%c%02d", exponent < 0 ? '-' : '+',
             exponent < 0 ? -exponent : exponent);
    return figure;
}

cli_figure cli_percent(double fraction)
{
    cli_figure figure = cli_fixed(fraction * 100, 2);
    if (fraction == fraction)
        strcat(figure.text, " %");
    return figure;
}

cli_figure cli_count(double whole)
{
    const cli_figure plain = cli_fixed(whole, 0);
    const size_t digits = strlen(plain.text);
    if (whole != whole || digits > 18 || strspn(plain.text, "0123456789") != digits)
        return plain;
    cli_figure figure;
    size_t length = 0;
    for (size_t i = 0; i < digits; i++) {
        if (i && (digits - i) % 3 == 0)
            figure.text[length++] = ',';
        figure.text[length++] = plain.text[i];
    }
    figure.text[length] = 0;
    return figure;
}

cli_figure cli_size(double bytes)
{
    static const char *const units[] = { " B", " kB", " MB", " GB", " TB" };
    int unit = 0;
    for (; bytes >= 999.5 && unit < 4; unit++)
        bytes /= 1000;
    cli_figure figure = cli_fixed(bytes, unit && bytes < 99.95 ? 1 : 0);
    strcat(figure.text, units[unit]);
    return figure;
}

cli_figure cli_duration(double seconds)
{
    cli_figure figure = { "-" };
    if (seconds >= 0 && seconds < 3.6e8) {
        const unsigned long whole = (unsigned long)(seconds + 0.5), hours = whole / 3600;
        if (hours)
            snprintf(figure.text, sizeof figure.text, "%lu:%02lu:%02lu", hours, whole / 60 % 60, whole % 60);
        else
            snprintf(figure.text, sizeof figure.text, "%lu:%02lu", whole / 60, whole % 60);
    }
    return figure;
}

void cli_json_number(FILE *stream, double value)
{
    char text[32];
    fputs(value - value == 0 ? sl_number_text(text, value) : "null", stream);
}

/* Past the string that begins at `at` (its opening quote). */
static const char *figure_string_end(const char *at)
{
    for (at++; *at && *at != '"'; at++) {
        if (*at == '\\' && at[1])
            at++;
    }
    return *at ? at + 1 : at;
}

bool cli_json_find(const char *json, const char *key, char *value, size_t room)
{
    const size_t length = strlen(key);
    for (const char *at = json; *at;) {
        if (*at != '"') {
            at++;
            continue;
        }
        const char *end = figure_string_end(at);
        const bool found = (size_t)(end - at) == length + 2 && memcmp(at + 1, key, length) == 0;
        const char *colon = end + strspn(end, " ");
        at = end;
        if (!found || *colon != ':')
            continue;
        at = colon + 1 + strspn(colon + 1, " ");
        const bool quoted = *at == '"';
        end = quoted ? figure_string_end(at) - 1 : at + strcspn(at, ",}");
        size_t count = 0;
        for (at += quoted; at < end && count + 1 < room; at++) {
            if (quoted && *at == '\\' && at + 1 < end)
                at++;
            value[count++] = *at;
        }
        value[count] = 0;
        return true;
    }
    return false;
}
