/* common.c - what several checks need. */
#include "data/check/check.h"
#include "core/random.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHECK_NAMED = 5 };

const sl_column *sl_check_cells(const sl_check_job *job, int input, double *to)
{
    const sl_columns *columns = job->train->store->columns;
    if (!columns || input >= columns->inputs + columns->texts)
        return NULL;
    int at = input < columns->inputs ? sl_columns_input(columns, input) : -1;
    for (int text = input - columns->inputs; text >= 0; text--)
        do
            at++;
        while (columns->column[at].role != SL_ROLE_TEXT);
    const sl_column *column = &columns->column[at];
    return sl_data_cells(job->train, column->cell, NULL, job->train->rows, to) ? NULL : column;
}

void sl_check_name(sl_text *list, size_t found, const char *name)
{
    if (found < CHECK_NAMED)
        sl_text_add(list, "%s%s", found ? ", " : "", name);
}

void sl_check_more(sl_text *list, size_t found)
{
    if (found > CHECK_NAMED)
        sl_text_add(list, " and %zu more", found - CHECK_NAMED);
}

char *sl_check_percent(char text[32], double share)
{
    const long tenths = (long)(share * 1000 + 0.5);
    snprintf(text, 32, "%ld.%ld %%", tenths / 10, tenths % 10);
    return text;
}

char *sl_check_class(char text[64], const sl_data *data, int class_index)
{
    const char *name = sl_data_class_name(data, class_index);
    if (name)
        snprintf(text, 64, "%.60s", name);
    else
        snprintf(text, 64, "%d", class_index);
    return text;
}

/* One half of the rows teaches, the other measures; which is which has nothing to do with their order. */
static bool check_teaches(size_t i)
{
    return sl_random_bits(1, SL_FOR_SAMPLE, 3, 0, i) & 1;
}

static double check_means(sl_ctx *ctx, const size_t *bin, size_t bins, const double *y, size_t rows)
{
    double *sum = sl_alloc_array(ctx, bins, 2 * sizeof *sum), all = 0, mean = 0, off = 0, spread = 0,
           taught = 0;
    if (!sum)
        return NAN;
    for (size_t i = 0; i < rows; i++)
        if (check_teaches(i)) {
            sum[2 * bin[i]] += y[i];
            sum[2 * bin[i] + 1] += 1;
            all += y[i];
            taught += 1;
        } else
            mean += y[i];
    all /= taught;
    mean /= (double)rows - taught;
    for (size_t i = 0; i < rows; i++) {
        if (check_teaches(i))
            continue;
        const double *own = sum + 2 * bin[i];
        const double error = y[i] - (own[1] > 0 ? own[0] / own[1] : all);
        off += error * error;
        spread += (y[i] - mean) * (y[i] - mean);
    }
    sl_free(ctx, sum);
    return spread > 0 ? 1 - off / spread : NAN;
}

static double check_classes(sl_ctx *ctx, const size_t *bin, size_t bins, const double *y, size_t rows,
                            int classes, double *base)
{
    const size_t kinds = (size_t)classes;
    uint32_t *count = sl_alloc_array(ctx, (bins + 1) * kinds, sizeof *count), *all = count;
    size_t *answer = sl_alloc_array(ctx, bins + 1, sizeof *answer), right = 0, usual = 0, held = 0;
    if (count && answer) {
        all += bins * kinds;
        for (size_t i = 0; i < rows; i++) {
            if (!check_teaches(i))
                continue;
            count[bin[i] * kinds + (size_t)y[i]]++;
            all[(size_t)y[i]]++;
        }
        for (size_t b = bins + 1; b-- > 0;) { /* that of all rows first: empty bins take it */
            size_t best = b == bins ? 0 : answer[bins];
            for (size_t c = 0; c < kinds; c++)
                best = count[b * kinds + c] > count[b * kinds + best] ? c : best;
            answer[b] = best;
        }
        for (size_t i = 0; i < rows; i++) {
            if (check_teaches(i))
                continue;
            held++;
            right += answer[bin[i]] == (size_t)y[i];
            usual += answer[bins] == (size_t)y[i];
        }
    }
    sl_free(ctx, count);
    sl_free(ctx, answer);
    *base = (double)usual / (double)held;
    return ctx->status ? NAN : (double)right / (double)held;
}

double sl_check_lookup(sl_ctx *ctx, const size_t *bin, size_t bins, const double *y, size_t rows, int classes,
                       double *base, size_t *held)
{
    *base = 0;
    *held = 0;
    for (size_t i = 0; i < rows; i++)
        *held += !check_teaches(i);
    if (!*held || *held == rows)
        return NAN;
    return classes ? check_classes(ctx, bin, bins, y, rows, classes, base)
                   : check_means(ctx, bin, bins, y, rows);
}
