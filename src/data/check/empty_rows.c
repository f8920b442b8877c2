/* empty_rows.c - rows without a single value. */
#include "data/check/check.h"

static sl_severity empty_rows_look(const sl_check_job *job, sl_text *sentence)
{
    const sl_columns *columns = job->train->store->columns;
    const size_t rows = job->train->rows;
    double *x = columns ? sl_alloc_array(job->ctx, rows, sizeof *x) : NULL;
    unsigned char *has = x ? sl_alloc_array(job->ctx, rows, 1) : NULL;
    size_t empty = 0, first = 0;
    for (int i = 0; has && sl_check_cells(job, i, x); i++)
        for (size_t row = 0; row < rows; row++)
            has[row] |= x[row] == x[row];
    for (size_t row = 0; has && row < rows; row++)
        if (!has[row])
            first = empty++ ? first : row;
    sl_free(job->ctx, x);
    sl_free(job->ctx, has);
    if (!empty)
        return SL_FINDS_NOTHING;
    char count[32], all[32];
    sl_text_add(
        sentence,
        "%s of %s training rows have no value in any input, the first of them row %zu: they teach how "
        "frequent targets are, nothing else",
        sl_count_text(count, empty), sl_count_text(all, rows), first);
    return SL_FINDS_REMARK;
}

const sl_check sl_check_empty_rows = {
    .name = "empty_rows",
    .summary = "training rows in which every input is missing",
    .formula = "all inputs of a row are missing",
    .source = "often lines of an export that hold a sum or a remark",
    .look = empty_rows_look,
};
