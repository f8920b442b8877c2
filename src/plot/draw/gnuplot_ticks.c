/* gnuplot_ticks.c - the marks along an axis, and their texts. */
#include "plot/draw/gnuplot.h"

enum { TICKS_TEXT = 12 };

void sl_gnuplot_pair(sl_text *out, const char *before, double a, double b, const char *behind)
{
    sl_text_put(out, before);
    sl_gnuplot_number(out, a);
    sl_text_put(out, ":");
    sl_gnuplot_number(out, b);
    sl_text_put(out, behind);
}

void sl_page_font(const sl_page *page, double size)
{
    sl_text_put(page->out, " font ',");
    sl_gnuplot_number(page->out, (double)(int)(size * page->point * 100 + 0.5) / 100);
    sl_text_put(page->out, "'");
}

/* Between the powers of ten of a logarithmic axis: marks without numbers. */
static void ticks_small(sl_text *out, const sl_axis *axis)
{
    double power = 1;
    if (!axis->log || axis->named || axis->high / axis->low > 1e6)
        return;
    while (power > axis->low)
        power /= 10;
    while (power * 10 < axis->low)
        power *= 10;
    for (; power < axis->high; power *= 10)
        for (int part = 2; part < 10; part++)
            if (power * part > axis->low && power * part < axis->high) {
                sl_text_put(out, ", '' ");
                sl_gnuplot_number(out, power * part);
                sl_text_put(out, " 1");
            }
}

/* The text of a tick: where gnuplot itself puts it depends on the terminal. */
static void ticks_text(const sl_page *page, const sl_gnuplot_cell *cell, const char *text, double place,
                       bool across)
{
    const sl_box *plot = &cell->plot;
    const double x = plot->left + place * plot->width, bottom = plot->top + plot->height;
    if (!across) {
        sl_page_text(page, sl_gnuplot_fit(page->figure, text, TICKS_TEXT, cell->y_names), plot->left - 9,
                     plot->top + (1 - place) * plot->height, "right", TICKS_TEXT, 0);
        return;
    }
    sl_page_text(page, cell->turned ? sl_gnuplot_fit(page->figure, text, TICKS_TEXT, cell->x_names) : text,
                 cell->turned ? x + 4 : x, bottom + (cell->turned ? 12 : 16),
                 cell->turned ? "right" : "center", TICKS_TEXT, cell->turned ? 40 : 0);
}

/* word: "x", "y", whose texts are labels; "z", "cb" */
void sl_cell_axis(const sl_page *page, const sl_gnuplot_cell *cell, const sl_axis *axis, const char *word)
{
    sl_text *out = page->out;
    const bool across = *word == 'x', own = !cell->panel->solid && (across || *word == 'y');
    /* named places that stand too close: every other one, every third, .. */
    const double apart =
        (across ? cell->plot.width : cell->plot.height) / (axis->tick_count ? axis->tick_count : 1);
    const int stride = own && axis->named && apart < 13 && apart > 0 ? (int)(13 / apart) + 1 : 1;
    const bool down = cell->lying && *word == 'y'; /* the first name on top */
    if (axis->none) {
        sl_text_add(out, "unset %stics\n", word);
    } else {
        for (int i = 0; own && i < axis->tick_count; i += stride) {
            const double place = sl_axis_place(axis, axis->ticks[i].at);
            ticks_text(page, cell, axis->ticks[i].text, down ? 1 - place : place, across);
        }
        sl_text_add(out, "set %stics nomirror out scale 0.5,0.3 norotate norangelimit (", word);
        for (int i = 0; i < axis->tick_count; i += stride) {
            sl_text_put(out, i ? ", " : "");
            sl_gnuplot_quote(out, own ? "" : axis->ticks[i].text);
            sl_text_put(out, " ");
            sl_gnuplot_number(out, axis->ticks[i].at);
        }
        ticks_small(out, axis);
        sl_text_put(out, ")");
        sl_page_font(page, TICKS_TEXT);
        sl_text_put(out, " tc lt -1\n"); /* else the border's; this is written as black, which pages remap */
    }
    sl_text_add(out, axis->log ? "set logscale %s\n" : "unset logscale %s\n", word);
    sl_text_add(out, "set %srange ", word);
    sl_gnuplot_pair(out, "[", down ? axis->high : axis->low, down ? axis->low : axis->high, "]\n");
}
