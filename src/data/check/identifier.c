/* identifier.c - columns that name rows are no inputs. */
#include "data/check/check.h"

static sl_severity identifier_look(const sl_check_job *job, sl_text *sentence)
{
    const sl_columns *columns = job->train->store->columns;
    size_t found = 0;
    for (int i = 0; columns && i < columns->count; i++) {
        const sl_column *column = &columns->column[i];
        if (column->role != SL_ROLE_NONE || column->type == SL_COLUMN_CONSTANT)
            continue;
        sl_text_put(sentence, found ? "" : "left out: ");
        sl_check_name(sentence, found, column->name);
        if (found++ < 5)
            sl_text_add(sentence, " (%s%s%s)", sl_column_type_name(column->type), column->reason ? ": " : "",
                        column->reason ? column->reason : "");
    }
    sl_check_more(sentence, found);
    return found ? SL_FINDS_REMARK : SL_FINDS_NOTHING;
}

const sl_check sl_check_identifier = {
    .name = "identifier",
    .summary = "columns that are left out, because they name rows",
    .formula = "a column that is no input and has more than one value",
    .source = "a value that no other row has can be learned by heart, not from",
    .look = identifier_look,
};
