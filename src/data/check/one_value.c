/* one_value.c - a target that never changes. */
#include "data/check/check.h"

static sl_severity one_value_look(const sl_check_job *job, sl_text *sentence)
{
    const sl_data *train = job->train;
    if (train->outputs != 1 ||
        (train->rows == 1 && !train->store->columns)) /* one row can be meant: a step */
        return SL_FINDS_NOTHING;
    const double first = sl_data_target(train, 0);
    for (size_t row = 1; row < train->rows; row++)
        if (sl_data_target(train, row) != first)
            return SL_FINDS_NOTHING;
    char count[32], value[64], number[32];
    sl_text_add(sentence,
                "the target is %s in all %s training rows: there is nothing to learn: take another "
                "column, or more rows",
                job->classes ? sl_check_class(value, train, (int)first) : sl_number_text(number, first),
                sl_count_text(count, train->rows));
    return SL_FINDS_ERROR;
}

const sl_check sl_check_one_value = {
    .name = "one_value",
    .summary = "a target that is the same in all training rows",
    .formula = "y = y of the first row, of more rows than one or of a table",
    .source = "its mean is then the whole answer",
    .look = one_value_look,
};
