/* constant.c - a column that is the same in all training rows teaches nothing. */
#include "data/check/check.h"

static sl_severity constant_look(const sl_check_job *job, sl_text *sentence)
{
    const sl_columns *columns = job->train->store->columns;
    const size_t rows = job->train->rows;
    size_t found = 0;
    double *x = columns ? sl_alloc_array(job->ctx, rows, sizeof *x) : NULL;
    const sl_column *column;
    for (int i = 0; x && (column = sl_check_cells(job, i, x)); i++) {
        size_t same = 1;
        while (same < rows && (x[same] == x[0] || (x[same] != x[same] && x[0] != x[0])))
            same++;
        if (same == rows)
            sl_check_name(sentence, found++, column->name);
    }
    sl_free(job->ctx, x);
    for (int i = 0; columns && i < columns->count; i++)
        if (columns->column[i].type == SL_COLUMN_CONSTANT && columns->column[i].role == SL_ROLE_NONE)
            sl_check_name(sentence, found++, columns->column[i].name);
    sl_check_more(sentence, found);
    if (!found)
        return SL_FINDS_NOTHING;
    char number[32];
    sl_text_add(sentence,
                ": one value, or none at all, in all %s training rows: nothing can be learned from %s",
                sl_count_text(number, rows), found == 1 ? "it" : "them");
    return SL_FINDS_REMARK;
}

const sl_check sl_check_constant = {
    .name = "constant",
    .summary = "columns that are the same in all training rows",
    .formula = "one value, or a missing one in every row",
    .source = "a constant is the bias that a layer has already",
    .look = constant_look,
};
