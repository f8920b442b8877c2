/* listed.c - several numbers in one line: a quantity without its arithmetic. */
#include "explain/explanation.h"

static const char *listed_note(sl_explanation *e, const char *text, const sl_real *values, size_t count)
{
    double *numbers = sl_arena_take(&e->arena, (count + 1) * sizeof *numbers);
    for (size_t i = 0; numbers && i < count; i++)
        numbers[i] = (double)values[i];
    e->listed = text;
    e->listed_numbers = numbers;
    e->listed_count = count;
    return text;
}

static void listed_row(const sl_explanation *e, sl_text *text, const sl_real *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char number[32];
        size_t skipped;
        i = sl_explained_next(e, i, count, &skipped);
        if (skipped)
            sl_text_add(text, ", .. %zu more ..", skipped);
        sl_text_add(text, "%s%s", i ? ", " : "[", sl_explained_number(e, number, (double)values[i], 0));
    }
    sl_text_put(text, count ? "]" : "[]");
}

const char *sl_explained_rows(sl_explanation *e, const sl_real *values, size_t rows, size_t columns)
{
    if (rows == 1 || columns == 0)
        return sl_explained_list(e, values, rows * columns);
    sl_text text;
    sl_text_init(&text, e->ctx);
    for (size_t r = 0; r < rows; r++) {
        size_t skipped;
        r = sl_explained_next(e, r, rows, &skipped);
        if (skipped)
            sl_text_add(&text, ", .. %zu rows more ..", skipped);
        sl_text_put(&text, r ? ", " : "[");
        listed_row(e, &text, values + r * columns, columns);
    }
    sl_text_put(&text, rows ? "]" : "[]");
    const char *kept = sl_explanation_keep(e, "%s", sl_text_string(&text));
    sl_text_free(&text);
    return listed_note(e, kept, values, rows * columns);
}

const char *sl_explained_list(sl_explanation *e, const sl_real *values, size_t count)
{
    char number[32];
    if (count == 1)
        return listed_note(
            e, sl_explanation_keep(e, "%s", sl_explained_number(e, number, (double)values[0], 0)), values, 1);
    sl_text text;
    sl_text_init(&text, e->ctx);
    listed_row(e, &text, values, count);
    const char *kept = sl_explanation_keep(e, "%s", sl_text_string(&text));
    sl_text_free(&text);
    return listed_note(e, kept, values, count);
}
