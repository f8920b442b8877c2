/* columns_encode.c - cells to the numbers that a net sees, and what is said about it. */
#include "data/columns.h"
#include "data/encoding/encoding.h"

/* A number that is missing is the median, and one beyond SL_CELL_MOST is that, as in fit; codes of words stay
 * as they are. */
static double columns_filled(const sl_column *column, double cell)
{
    if (!(SL_TAKES_FILLED & SL_TAKES(column->type)))
        return cell;
    return cell == cell ? sl_encoding_limited(cell, SL_CELL_MOST) : column->median;
}

static void columns_encode(const sl_columns *columns, const double *cells, const sl_real *values, sl_real *x)
{
    double own[SL_ENCODING_TOGETHER];
    for (int i = 0; i < columns->encoded_count; i++) {
        const sl_encoded *e = &columns->encoded[i];
        for (int c = 0; c < e->count; c++) {
            const sl_column *column = &columns->column[e->columns[c]];
            const double cell = cells ? cells[column->cell] : (double)values[column->input];
            own[c] = e->kind->hidden ? cell : columns_filled(column, cell);
        }
        e->kind->encode(e, own, x + e->first);
    }
}

void sl_columns_encode(const sl_columns *columns, const double *cells, sl_real *x)
{
    columns_encode(columns, cells, NULL, x);
}

void sl_columns_encode_reals(const sl_columns *columns, const sl_real *values, sl_real *x)
{
    columns_encode(columns, NULL, values, x);
}

void sl_columns_net(const sl_columns *columns, sl_text *net)
{
    for (int i = 0; i < columns->encoded_count; i++)
        if (columns->encoded[i].kind->layer) {
            if (i)
                sl_text_put(net, ", ");
            columns->encoded[i].kind->layer(columns, &columns->encoded[i], net);
        }
}

void sl_columns_describe(const sl_columns *columns, sl_text *text)
{
    const sl_encoding *kind;
    bool listed = false;
    if (columns->texts)
        sl_text_add(text, "%d column%s of text%s", columns->texts, columns->texts == 1 ? "" : "s",
                    columns->inputs ? ", and " : "");
    if (columns->inputs)
        sl_text_add(text, "%d column%s", columns->inputs, columns->inputs == 1 ? "" : "s");
    if (!columns->encoded_count)
        return;
    sl_text_add(text, " become%s %zu number%s", columns->inputs == 1 ? "s" : "", columns->width,
                columns->width == 1 ? "" : "s");
    for (size_t k = 0; (kind = sl_encoding_at(k)); k++) {
        int count = 0;
        for (int i = 0; i < columns->encoded_count; i++)
            count += columns->encoded[i].kind == kind ? columns->encoded[i].count : 0;
        if (count)
            sl_text_add(text, "%s %d %s", listed ? "," : ":", count, kind->name);
        listed = listed || count;
    }
}

void sl_column_describe(const sl_columns *columns, int column, sl_text *text)
{
    const sl_column *own = &columns->column[column];
    bool said = false;
    if (own->role == SL_ROLE_TEXT)
        sl_text_put(text, "its words are learned from");
    for (int i = 0; i < columns->encoded_count; i++)
        for (int c = 0; c < columns->encoded[i].count; c++)
            if (columns->encoded[i].columns[c] == column) {
                if (said)
                    sl_text_put(text, "; ");
                columns->encoded[i].kind->describe(columns, &columns->encoded[i], text);
                said = true;
            }
    if (said && own->fit_missing && (SL_TAKES_FILLED & SL_TAKES(own->type))) {
        sl_text_put(text, ", and the median stands for it: ");
        sl_text_number(text, own->median);
    }
}
