/* duplicates.c - rows that are there more than once. */
#include "core/sort.h"
#include "data/check/check.h"

#include <math.h>

static int duplicates_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The share of pairs that are the same in one column, by some of its cells; missing ones are alike. */
static double duplicates_pairs(double *cell, size_t rows)
{
    enum { MOST = 2000 };
    const size_t step = rows > MOST ? rows / MOST : 1;
    size_t count = 0;
    double pairs = 0;
    for (size_t i = 0; i < rows; i += step, count++)
        cell[count] = cell[i] == cell[i] ? cell[i] : HUGE_VAL;
    sl_sort(cell, count, sizeof *cell, duplicates_compare);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && cell[next] == cell[i];)
            next++;
        pairs += (double)(next - i) * (double)(next - i - 1);
    }
    return count > 1 ? pairs / ((double)count * (double)(count - 1)) : 0;
}

/* The share of rows whose inputs another has by chance, were the columns independent: where they have few
 * values, rows that are alike are no copies. */
static double duplicates_chance(const sl_check_job *job)
{
    const sl_columns *columns = job->train->store->columns;
    if (columns->texts) /* no two people write the same text */
        return 0;
    double *cell = sl_alloc_array(job->ctx, job->train->rows, sizeof *cell);
    double share = (double)job->train->rows;
    for (int i = 0; cell && share > 0 && i < columns->inputs; i++)
        share *= sl_check_cells(job, i, cell) ? duplicates_pairs(cell, job->train->rows) : 0;
    sl_free(job->ctx, cell);
    return share < 1 ? share : 1;
}

static sl_severity duplicates_look(const sl_check_job *job, sl_text *sentence)
{
    enum { ONE_IN = 100 };
    const sl_data *train = job->train;
    if (!train->store->columns)
        return SL_FINDS_NOTHING;
    uint64_t *hashes = sl_alloc_array(job->ctx, train->rows, sizeof *hashes);
    size_t repeated = 0;
    if (hashes && !sl_data_hash_rows(train, hashes)) {
        sl_hashes_sort(hashes, train->rows);
        repeated = sl_hashes_repeated(hashes, train->rows);
    }
    sl_free(job->ctx, hashes);
    if (repeated * ONE_IN <= train->rows ||
        (double)repeated <= (duplicates_chance(job) + 1.0 / ONE_IN) * (double)train->rows)
        return SL_FINDS_NOTHING;
    char count[32], all[32], share[32];
    sl_text_add(
        sentence,
        "%s of %s training rows (%s) are the same as another, target included: copies on both sides of a "
        "split make figures look better than they are; where they are copies, remove them, or keep them "
        "together with --group",
        sl_count_text(count, repeated), sl_count_text(all, train->rows),
        sl_check_percent(share, (double)repeated / (double)train->rows));
    return SL_FINDS_REMARK;
}

const sl_check sl_check_duplicates = {
    .name = "duplicates",
    .summary = "training rows of a table that are there more than once",
    .formula =
        "more than one row in 100, beyond what inputs of few values give by chance, has the inputs and "
        "the target of another",
    .source = "Barz, Denzler 2020, Do we train on test data?",
    .look = duplicates_look,
};
