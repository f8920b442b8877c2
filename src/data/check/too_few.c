/* too_few.c - fewer rows than anything can be learned from. */
#include "data/check/check.h"

static sl_severity too_few_look(const sl_check_job *job, sl_text *sentence)
{
    enum { LEAST = 20 };
    const sl_columns *columns = job->train->store->columns;
    const size_t rows = job->train->rows, classes = (size_t)job->classes;
    char count[32], wanted[32];
    if (!columns)
        return SL_FINDS_NOTHING;
    if (rows < 2 * classes) {
        sl_text_add(
            sentence,
            "%s training row%s for %zu classes: wants 2 rows a class at least, and for a useful answer "
            "some dozens",
            sl_count_text(count, rows), rows == 1 ? "" : "s", classes);
        return SL_FINDS_ERROR;
    }
    const size_t inputs = 2 * (size_t)(columns->inputs + columns->texts),
                 least = inputs > LEAST ? inputs : LEAST;
    if (rows >= least)
        return SL_FINDS_NOTHING;
    sl_text_add(
        sentence,
        "%s training row%s for %d input%s, fewer than %s: figures on other rows will say how little that "
        "is",
        sl_count_text(count, rows), rows == 1 ? "" : "s", columns->inputs + columns->texts,
        columns->inputs + columns->texts == 1 ? "" : "s", sl_count_text(wanted, least));
    return SL_FINDS_REMARK;
}

const sl_check sl_check_too_few = {
    .name = "too_few",
    .summary = "a table with few training rows for its inputs or classes",
    .formula = "rows < 20 or rows < 2 inputs; an error: rows < 2 classes",
    .source = "with as many inputs as rows even noise is fitted exactly",
    .look = too_few_look,
};
