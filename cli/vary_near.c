/* vary_near.c - are there rows at --at? How far off the nearest one is means something only beside how far
 * rows are from one another. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "vary.h"

enum { NEAR_SAMPLES = 1000, NEAR_PAIRS = 20000000 };

static double near_squares(const sl_real *a, const sl_real *b, int inputs)
{
    double squares = 0;
    for (int i = 0; i < inputs; i++) {
        const double off = (double)a[i] - (double)b[i];
        squares += off * off;
    }
    return squares;
}

static int near_order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median distance of a row to the nearest other one, of at most 1,000 rows at even distances in the data
 * (fewer of very many, which takes too long); NaN: there is no other row, or memory ran out. */
static double near_usual(const sl_data *data, size_t rows, int inputs)
{
    size_t samples = rows < NEAR_SAMPLES ? rows : NEAR_SAMPLES;
    if (samples > NEAR_PAIRS / rows)
        samples = NEAR_PAIRS / rows < 10 ? 10 : NEAR_PAIRS / rows;
    sl_real *sample = calloc(samples * (size_t)inputs, sizeof *sample), x[64];
    double *least = calloc(samples, sizeof *least), usual = NAN;
    bool read = sample && least && rows > 1;
    for (size_t s = 0; s < samples && read; s++) {
        read = sl_data_row(data, s * rows / samples, sample + s * (size_t)inputs, NULL) == SL_OK;
        least[s] = INFINITY;
    }
    for (size_t r = 0; r < rows && read; r++) {
        read = sl_data_row(data, r, x, NULL) == SL_OK;
        for (size_t s = 0; s < samples && read; s++) {
            const double squares =
                s * rows / samples == r ? INFINITY : near_squares(x, sample + s * (size_t)inputs, inputs);
            least[s] = squares < least[s] ? squares : least[s];
        }
    }
    if (read) {
        qsort(least, samples, sizeof *least, near_order);
        usual = (sqrt(least[(samples - 1) / 2]) + sqrt(least[samples / 2])) / 2;
    }
    free(sample);
    free(least);
    return usual;
}

void cli_vary_near(cli_vary *vary, const char *source, const sl_model *model)
{
    sl_ctx *ctx = cli_context("vary", (sl_ctx_options){ .threads = 1 }, &(int){ 0 });
    sl_data *data = ctx ? sl_data_open_for(ctx, source, NULL, model, NULL) : NULL;
    const size_t rows = data ? sl_data_rows(data) : 0;
    size_t same = 0;
    double least = INFINITY;
    sl_real x[64], at[64];
    char usually[128] = "";
    for (int i = 0; i < vary->inputs; i++)
        at[i] = (sl_real)vary->at[i];
    for (size_t r = 0; r < rows && sl_data_row(data, r, x, NULL) == SL_OK; r++) {
        const double squares = near_squares(x, at, vary->inputs);
        same += squares <= 0;
        least = squares < least ? squares : least;
    }
    if (rows && same) {
        snprintf(vary->near, sizeof vary->near, "%s of the %s rows of %s %s there.",
                 cli_count((double)same).text, cli_count((double)rows).text, source,
                 same == 1 ? "is" : "are");
    } else if (rows) {
        const double away = sqrt(least), usual = near_usual(data, rows, vary->inputs);
        if (usual == usual)
            snprintf(usually, sizeof usually, ", and a row is usually %s from its own nearest (median)",
                     cli_rounded(usual).text);
        if (away > usual || usual != usual)
            snprintf(vary->near, sizeof vary->near,
                     "No row of %.120s is there: the nearest of its %s is %s away%s.", source,
                     cli_count((double)rows).text, cli_rounded(away).text, usually);
        else
            snprintf(vary->near, sizeof vary->near, "The nearest of the %s rows of %.120s is %s away%s.",
                     cli_count((double)rows).text, source, cli_rounded(away).text, usually);
    }
    sl_data_free(data);
    sl_ctx_free(ctx);
}
