/* gnuplot_text.c - texts for gnuplot: quoted, measured, put in their places. */
#include "core/json.h"
#include "plot/draw/gnuplot.h"

#include <string.h>

/* Control characters become blanks, bytes that are not UTF-8 and characters that XML does not allow question
 * marks. */
static void text_clean(sl_text *out, const char *text, bool doubled)
{
    size_t left = strlen(text);
    while (left) {
        const size_t length = sl_utf8_length(text, left);
        const unsigned char first = (unsigned char)*text, second = length > 1 ? (unsigned char)text[1] : 0;
        if (!length || (length == 3 && first == 0xEF && second == 0xBF && (unsigned char)text[2] >= 0xBE))
            sl_text_put(out, "?");
        else if (first < 32 || first == 127 || (first == 0xC2 && second < 0xA0))
            sl_text_put(out, " ");
        else if (first == '\'' && doubled)
            sl_text_put(out, "''");
        else
            sl_text_bytes(out, text, length);
        text += length ? length : 1;
        left -= length ? length : 1;
    }
}

/* Between single quotes gnuplot expands nothing; a quote is doubled. */
void sl_gnuplot_quote(sl_text *out, const char *text)
{
    text = text ? text : "";
    if (*text == '\'') { /* gnuplot takes two quotes at the beginning for an empty string */
        sl_text_put(out, "\"'\".");
        text++;
    }
    sl_text_put(out, "'");
    text_clean(out, text, true);
    sl_text_put(out, "'");
}

/* A blank behind it: a backslash at a line's end would join the next one. */
void sl_gnuplot_remark(sl_text *out, const sl_figure *figure)
{
    sl_text_put(out, "# ");
    text_clean(out, figure->title ? figure->title : figure->name, false);
    sl_text_put(out, " \n");
}

void sl_gnuplot_number(sl_text *out, double value)
{
    if (value - value == 0)
        sl_text_number(out, value);
    else
        sl_text_put(out, "NaN");
}

void sl_gnuplot_rgb(sl_text *out, sl_rgb rgb)
{
    sl_text_add(out, "rgb '#%02x%02x%02x'", (unsigned)rgb.red, (unsigned)rgb.green, (unsigned)rgb.blue);
}

/* Hundredths of the font's size, ' ' to '~', as DejaVu Sans has them; other letters are taken to be as wide
 * as an 'e', those from U+1100 on as wide as they are high. */
static double text_letter(const unsigned char *c)
{
    static const unsigned char widths[] = {
        32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
        64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
        60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
        63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
    };
    if (*c >= 32 && *c < 127)
        return widths[*c - 32] / 100.0;
    return (*c & 0xC0) == 0x80 ? 0 : *c >= 0xE1 ? 1 : 0.64;
}

static double text_span(const char *text, size_t length, double size)
{
    double width = 0;
    for (size_t i = 0; i < length; i++)
        width += text_letter((const unsigned char *)text + i);
    return width * size;
}

double sl_gnuplot_width(const char *text, double size)
{
    return text ? text_span(text, strlen(text), size) : 0;
}

const char *sl_gnuplot_fit(sl_figure *figure, const char *text, double size, double room)
{
    if (!text || sl_gnuplot_width(text, size) <= room)
        return text;
    double width = size; /* of the ellipsis */
    size_t length = 0;
    for (size_t i = 0; text[i]; i++) {
        width += text_letter((const unsigned char *)text + i) * size;
        if (width > room && ((unsigned char)text[i] & 0xC0) != 0x80)
            break;
        length = i + 1;
    }
    while (length && text[length - 1] == ' ')
        length--;
    const char *cut = sl_figure_format(figure, "%.*s\xE2\x80\xA6", (int)length, text);
    return cut ? cut : text;
}

int sl_gnuplot_wrap(const char *text, double size, double room, const char *lines[4])
{
    int count = 0;
    const char *at = text ? text : "";
    while (*at && count < 3) {
        size_t length = strlen(at), cut = length;
        for (size_t i = 0; i <= length && count < 2; i++) {
            if (i < length && at[i] != ' ')
                continue;
            if (text_span(at, i, size) > room) {
                cut = cut < length ? cut : i;
                break;
            }
            cut = i;
        }
        if (lines)
            lines[count] = at;
        count++;
        at += cut;
        at += *at == ' ';
    }
    if (lines)
        lines[count] = at;
    return count;
}

void sl_page_at(const sl_page *page, double x, double y)
{
    /* to a thousandth of a pixel: short, and the same everywhere */
    const double across = x / page->width, up = 1 - y / page->height;
    sl_text_put(page->out, " screen ");
    sl_gnuplot_number(page->out, (double)(long)(across * 1e6 + (across < 0 ? -0.5 : 0.5)) / 1e6);
    sl_text_put(page->out, ",");
    sl_gnuplot_number(page->out, (double)(long)(up * 1e6 + (up < 0 ? -0.5 : 0.5)) / 1e6);
}

void sl_page_text(const sl_page *page, const char *text, double x, double y, const char *where, double size,
                  int turned)
{
    if (!text || !*text)
        return;
    sl_text_put(page->out, "set label ");
    sl_gnuplot_quote(page->out, text);
    sl_text_put(page->out, " at");
    sl_page_at(page, x, y);
    sl_text_add(page->out, " %s ", where);
    if (turned)
        sl_text_add(page->out, "rotate by %d ", turned);
    sl_text_put(page->out, "front font ',");
    sl_gnuplot_number(page->out, (double)(long)(size * page->point * 100 + 0.5) / 100);
    sl_text_put(page->out, "'\n");
}

double sl_page_lines(const sl_page *page, const char *text, double x, double y, double size, double room)
{
    const char *lines[4];
    const int count = sl_gnuplot_wrap(text, size, room, lines);
    for (int i = 0; i < count; i++) {
        int length = (int)(lines[i + 1] - lines[i]);
        length -= length && lines[i][length - 1] == ' ';
        const char *line = sl_figure_format(page->figure, "%.*s", length, lines[i]);
        sl_page_text(page, sl_gnuplot_fit(page->figure, line, size, room), x, y + size * (0.65 + i * 1.3),
                     "center", size, 0);
    }
    return count * size * 1.3;
}
