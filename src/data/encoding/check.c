/* check.c - is what a model file says about encodings something that sl_columns_fit could have left? */
#include "data/encoding/encoding.h"

#include <math.h>

static sl_status encodings_wrong(const sl_columns *columns, const sl_encoded *e, const char *file,
                                 const char *what)
{
    const bool named = e->count > 0 && e->columns[0] >= 0 && e->columns[0] < columns->count;
    return sl_fail(columns->ctx, SL_EFORMAT, "%s: encoding %s of column '%s': %s: the file is damaged", file,
                   e->kind ? e->kind->name : "(none)", named ? columns->column[e->columns[0]].name : "?",
                   what);
}

static const char *encodings_columns_wrong(const sl_columns *columns, const sl_encoded *e)
{
    if (e->count < 1 || e->count > (e->kind->together ? SL_ENCODING_TOGETHER : 1))
        return "it has too many columns, or none";
    for (int c = 0; c < e->count; c++) {
        if (e->columns[c] < 0 || e->columns[c] >= columns->count)
            return "there is no such column";
        const sl_column *column = &columns->column[e->columns[c]];
        if (column->role != SL_ROLE_INPUT || !(e->kind->takes & SL_TAKES(column->type)))
            return "the column is no input that it takes";
        if ((SL_TAKES_FILLED & SL_TAKES(column->type)) &&
            !(column->median >= -SL_CELL_MOST && column->median <= SL_CELL_MOST))
            return "the median is no number";
    }
    return NULL;
}

static const char *encodings_options_wrong(const sl_encoded *e)
{
    for (size_t o = 0; o < sl_options_count(e->kind->options); o++) {
        const sl_option *option = &e->kind->options[o];
        double high = option->high;
        if (option->choices) {
            high = 0;
            for (const char *c = option->choices; *c; c++)
                high += *c == '|';
        }
        if (!(e->options[o] >= option->low && e->options[o] <= high) ||
            ((option->whole || option->choices) && e->options[o] != floor(e->options[o])))
            return "an option is out of its range";
    }
    return NULL;
}

sl_status sl_encodings_check(const sl_columns *columns, const char *file)
{
    size_t first = 0;
    bool layers = true;
    for (int i = 0; i < columns->encoded_count; i++) {
        const sl_encoded *e = &columns->encoded[i];
        const char *wrong = e->kind ? encodings_columns_wrong(columns, e) : "there is no such encoding";
        for (size_t n = 0; !wrong && n < e->number_count; n++)
            if (e->numbers[n] - e->numbers[n] != 0)
                wrong = "a number is not finite";
        if (!wrong && e->kind->layer && !layers)
            wrong = "it has a layer, and comes behind one without";
        if (!wrong)
            wrong = encodings_options_wrong(e);
        if (wrong)
            return encodings_wrong(columns, e, file, wrong);
        if (e->first != first || e->width < 1 || e->width > columns->width - first ||
            !e->kind->check(columns, e))
            return encodings_wrong(columns, e, file, "its numbers do not fit together");
        layers = e->kind->layer != NULL;
        first += e->width;
    }
    if ((columns->encoded_count < 1 && columns->inputs) || first != columns->width)
        return sl_fail(columns->ctx, SL_EFORMAT,
                       "%s: its columns become %zu numbers, and it says %zu: damaged", file, first,
                       columns->width);
    return SL_OK;
}
