/* landscape_notes.c - what is said of a landscape: how high it is, whether it is convex (the chord test), how
 * near the plane is to the paths. */
#include "core/digest.h"
#include "plot/numbers/curve.h"
#include "plot/numbers/landscape.h"

#include <string.h>

double sl_landscape_place(const sl_plot_landscape *w, int side, size_t index)
{
    const double last = (double)(w->side - 1), at = (double)index;
    return (w->plane.low[side] * (last - at) + w->plane.high[side] * at) / last;
}

static const char *landscape_number(const sl_plot_landscape *w, double value)
{
    char text[32];
    return sl_figure_format(w->figure, "%s", sl_curve_figures(value, 3, text));
}

/* Lines of the grid through the place of the trained weights, or through the middle. */
static void landscape_chords(sl_plot_landscape *w)
{
    size_t middle[2], best_line = 0, best[3] = { 0, 0, 0 };
    double most = 0;
    for (int side = 0; side < 2; side++) {
        const double at =
            (w->plane.star[side] - w->plane.low[side]) / (w->plane.high[side] - w->plane.low[side]);
        middle[side] = w->job->runs > 1 ? w->side / 2 : (size_t)(at * (double)(w->side - 1) + 0.5);
        middle[side] = middle[side] < w->side ? middle[side] : w->side - 1;
    }
    for (size_t line = 0; line < 2; line++) { /* 0: along direction 1 */
        size_t found[3] = { 0, 0, 0 };
        const double excess = sl_chord_excess(line ? w->loss + middle[0] : w->loss + middle[1] * w->side,
                                              w->side, line ? w->side : 1, &found[0], &found[1], &found[2]);
        if (excess > most) {
            most = excess;
            best_line = line;
            memcpy(best, found, sizeof best);
        }
    }
    if (!(most > 1e-5 * (w->most - w->least))) { /* less is rounding */
        sl_figure_note(w->figure,
                       "Chord test along both axes: no chord lies below the loss, so these two lines do not "
                       "show that it is not convex.");
        return;
    }
    const char *at[3][2];
    for (int i = 0; i < 3; i++)
        for (int side = 0; side < 2; side++)
            at[i][side] = landscape_number(
                w, sl_landscape_place(w, side, (size_t)side == best_line ? best[i] : middle[side]));
    sl_figure_note(w->figure,
                   "Not convex: at (%s, %s) the loss lies above the chord from (%s, %s) to (%s, %s) by %s.",
                   at[2][0], at[2][1], at[0][0], at[0][1], at[1][0], at[1][1], landscape_number(w, most));
}

static void landscape_minima(sl_plot_landscape *w)
{
    size_t minima = 0;
    for (size_t r = 1; r + 1 < w->side; r++)
        for (size_t c = 1; c + 1 < w->side; c++) {
            const double *here = w->loss + r * w->side + c;
            bool lowest = here[0] - here[0] == 0;
            for (size_t k = 0; k < 9 && lowest; k++)
                lowest = k == 4 || here[0] < *(here - w->side - 1 + k / 3 * w->side + k % 3);
            minima += lowest;
        }
    sl_figure_note(
        w->figure,
        "Loss at the trained weights%s%s %s; in the plane from %s to %s, with %zu local minim%s on "
        "the grid.",
        w->job->runs > 1 ? " of " : "", w->job->runs > 1 ? sl_job_name(w->job, 0) : "",
        landscape_number(w, w->at_star), landscape_number(w, w->least), landscape_number(w, w->most), minima,
        minima == 1 ? "um" : "a");
}

/* In all weights at once: from where a training began straight to where it ended. */
static void landscape_straight(sl_plot_landscape *w)
{
    double value[SL_LANDSCAPE_SIDE];
    size_t from = 0, to = 0, between = 0;
    const size_t n = w->terrain.parameters;
    const float *begin = w->path[0]->values, *end = begin + (size_t)(w->path[0]->points - 1) * n;
    for (int i = 0; i < SL_LANDSCAPE_SIDE; i++) {
        const double share = (double)i / (SL_LANDSCAPE_SIDE - 1);
        for (size_t k = 0; k < n; k++)
            w->memory[k] = (double)begin[k] * (1 - share) + (double)end[k] * share;
        value[i] = sl_terrain_at(&w->terrain, w->memory);
    }
    const double excess = sl_chord_excess(value, SL_LANDSCAPE_SIDE, 1, &from, &to, &between);
    const char *name = sl_job_name(w->job, 0);
    if (excess > 1e-5 * (w->most - w->least))
        sl_figure_note(w->figure,
                       "Straight from the start of %s (loss %s) to its end (%s) the loss lies above the "
                       "chord by up to %s, %s %% of the way.",
                       name, landscape_number(w, value[0]), landscape_number(w, value[SL_LANDSCAPE_SIDE - 1]),
                       landscape_number(w, excess),
                       landscape_number(w, 100 * (double)between / (SL_LANDSCAPE_SIDE - 1)));
    else
        sl_figure_note(
            w->figure,
            "Straight from the start of %s (loss %s) to its end (%s) the loss never lies above a chord.",
            name, landscape_number(w, value[0]), landscape_number(w, value[SL_LANDSCAPE_SIDE - 1]));
}

static void landscape_starts(sl_plot_landscape *w)
{
    char digest[17];
    const size_t bytes = w->terrain.parameters * sizeof(float);
    const uint64_t first = sl_digest_bytes(SL_DIGEST_START, w->path[0]->values, bytes);
    bool same = true;
    for (int i = 1; i < w->paths; i++)
        same = same && sl_digest_bytes(SL_DIGEST_START, w->path[i]->values, bytes) == first;
    if (same)
        sl_figure_note(w->figure, "All begin at the same weights (digest %s).",
                       sl_digest_text(digest, first));
    else
        sl_figure_note(w->figure, "They do not begin at the same weights: the same --seed makes them.");
}

void sl_landscape_say(sl_plot_landscape *w, size_t all, bool along_path)
{
    char shown[32], of[32];
    const size_t rows = w->terrain.rows;
    sl_figure_note(w->figure, "Mean loss of %s of %s rows at %zu x %zu places%s.", sl_count_text(shown, rows),
                   sl_count_text(of, all), w->side, w->side,
                   w->side < SL_LANDSCAPE_SIDE ? ", fewer than for a small net" : "");
    landscape_minima(w);
    landscape_chords(w);
    if (w->cut_at != 0)
        sl_figure_note(w->figure, "Colours end at a loss of %s: a twentieth of the plane is higher.",
                       landscape_number(w, w->cut_at));
    if (w->lost)
        sl_figure_note(w->figure, "%zu places have no finite loss and are left empty.", w->lost);
    if (along_path)
        sl_figure_note(w->figure,
                       "The plane holds %s %% of the variance of the points; they lie up to %s away from it, "
                       "and the loss "
                       "below them is the plane's.",
                       landscape_number(w, 100 * (w->share[0] + w->share[1])), landscape_number(w, w->off));
    else if (w->paths)
        sl_figure_note(w->figure, "All other weights are those of the end, so the loss below earlier points "
                                  "of a path is not theirs.");
    else if (!w->job->request->weights)
        sl_figure_note(w->figure,
                       "Directions drawn by the seed, each filter as long as the trained one, biases left as "
                       "they are (Li et al. 2018).");
    if (w->paths)
        landscape_straight(w);
    if (w->paths > 1)
        landscape_starts(w);
}
