/* inputs.c - from what stands in the data to what the net sees: pictures and plain numbers; tables and texts
 * have files of their own. */
#include "explain/rows.h"
#include "core/json.h"

#include <string.h>

enum { INPUTS_PICTURE = 64 }; /* dots a side, at most */

const char *sl_told_clean(sl_explanation *e, const char *text, size_t length, size_t most)
{
    const bool cut = length > most;
    size_t kept = cut ? most : length;
    while (cut && kept && ((unsigned char)text[kept] & 0xC0) == 0x80) /* inside of a UTF-8 character */
        kept--;
    char *clean = (char *)(uintptr_t)sl_explanation_keep(e, "%.*s%s", (int)kept, text, cut ? " .." : "");
    for (char *c = clean; *c;) {
        const size_t bytes = sl_utf8_length(c, strlen(c));
        const bool high = bytes == 2 && (unsigned char)*c == 0xc2 && (unsigned char)c[1] < 0xa0;
        if ((unsigned char)*c < 32 || *c == 127 || high) /* U+0080 to U+009F are control characters too */
            memset(c, ' ', bytes);
        else if (!bytes)
            *c = '?';
        c += bytes ? bytes : 1;
    }
    return clean;
}

const char *sl_told_element(const sl_told_rows *t, const char *name, size_t width, size_t r, size_t i)
{
    if (width == 1 && t->count == 1)
        return name;
    return sl_explained_name(t->e, name, sl_dims((int)t->count, (int)width), true, r * width + i);
}

const char *sl_told_prepared(const sl_told_rows *t, const sl_tensor *of, size_t width, size_t r, size_t i)
{
    return sl_explained_name(t->e, of == t->x ? "x" : "y", of->shape, true, r * width + i);
}

void sl_told_number(sl_explanation *e, const char *name, double value)
{
    const sl_named named[] = { { "v", value } };
    sl_explained_line(e, 2, name, "v", named, 1, value);
}

void sl_told_note(sl_explanation *e, const char *text)
{
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_NOTE, .text = text });
}

bool sl_told_more(const sl_told_rows *t, size_t *r)
{
    sl_explanation *e = t->e;
    size_t skipped;
    if (e->ctx->status || *r >= t->count)
        return false;
    *r = sl_explained_next(e, *r, t->count, &skipped);
    if (skipped)
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                              .text = sl_explanation_keep(e, "%zu more rows", skipped) });
    if (t->count > 1)
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                                              .text = sl_explanation_keep(e, "row %zu", t->rows[*r] + 1) });
    return true;
}

/* Two rows of dots a line, as letters are twice as high as wide. */
static void inputs_picture(const sl_told_rows *t, const sl_real *dots)
{
    static const char inks[] = " .:-=+*#%@";
    const sl_shape shape = t->data->shape;
    const size_t rows = (size_t)shape.dim[0], columns = (size_t)shape.dim[1];
    sl_text picture;
    sl_text_init(&picture, t->e->ctx);
    for (size_t y = 0; y < rows; y += 2) {
        char line[INPUTS_PICTURE + 1];
        size_t length = 0;
        for (size_t x = 0; x < columns; x++) {
            const double above = (double)dots[y * columns + x],
                         below = y + 1 < rows ? (double)dots[(y + 1) * columns + x] : above;
            line[x] = inks[(size_t)((above + below) / 2 / 256 * 10)];
            length = line[x] != ' ' ? x + 1 : length;
        }
        if (length)
            sl_text_add(&picture, "%s    %.*s", picture.length ? "\n" : "", (int)length, line);
    }
    if (picture.length)
        sl_explanation_add(
            t->e, (sl_explained){ .kind = SL_EXPLAINED_PLAIN,
                                  .text = sl_explanation_keep(t->e, "%s", sl_text_string(&picture)) });
    sl_text_free(&picture);
}

static void inputs_left_out(sl_explanation *e, size_t count)
{
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                          .text = sl_explanation_keep(e, "%zu more like these", count) });
}

static void inputs_bytes(const sl_told_rows *t, size_t r, const sl_real *raw)
{
    sl_explanation *e = t->e;
    const sl_data *data = t->data;
    const double divisor = t->model->divisor > 0 ? (double)t->model->divisor : 1;
    const sl_shape *shape = &data->shape;
    size_t dark = 0, *places = sl_alloc_array(e->ctx, data->features, sizeof *places);
    char text[96], number[32];
    if (!places)
        return;
    for (size_t i = 0; i < data->features; i++)
        if (raw[i] != 0)
            places[dark++] = i;
    if (shape->rank == 2 && shape->dim[0] > 3 && shape->dim[0] <= INPUTS_PICTURE && shape->dim[1] > 3 &&
        shape->dim[1] <= INPUTS_PICTURE)
        inputs_picture(t, raw);
    sl_explanation_add(
        e,
        (sl_explained){ .kind = SL_EXPLAINED_RULE,
                        .name = "x",
                        .text = sl_explanation_keep(e, "dot/%s", sl_explained_number(e, number, divisor, 0)),
                        .shapes = sl_explanation_keep(e, "%s", sl_shape_text(text, *shape)) });
    sl_told_note(e, sl_explanation_keep(e, "%zu of %zu dots are not 0; those that are 0 stay 0", dark,
                                        data->features));
    for (size_t k = 0; k < dark && !e->ctx->status; k++) {
        size_t skipped;
        k = sl_explained_next(e, k, dark, &skipped);
        if (skipped)
            inputs_left_out(e, skipped);
        const size_t i = places[k];
        const sl_named named[] = { { "dot", (double)raw[i] }, { "divisor", divisor } };
        sl_explained_line(e, 2, sl_told_prepared(t, t->x, data->features, r, i), "dot/divisor", named, 2,
                          (double)t->x->v[r * data->features + i]);
    }
    sl_free(e->ctx, places);
}

static void inputs_numbers(const sl_told_rows *t, size_t r, const sl_real *raw)
{
    sl_explanation *e = t->e;
    const double divisor = t->model->divisor > 0 ? (double)t->model->divisor : 1;
    const size_t count = t->data->features;
    for (size_t i = 0; i < count && !e->ctx->status; i++) {
        size_t skipped;
        i = sl_explained_next(e, i, count, &skipped);
        if (skipped)
            inputs_left_out(e, skipped);
        const sl_named named[] = { { "v", (double)raw[i] }, { "divisor", divisor } };
        sl_explained_line(e, 2, sl_told_prepared(t, t->x, count, r, i), divisor == 1 ? "v" : "v/divisor",
                          named, 2, (double)t->x->v[r * count + i]);
    }
}

static void inputs_row(const sl_told_rows *t, size_t r)
{
    sl_ctx *ctx = t->e->ctx;
    const sl_data *data = t->data;
    if (t->model->columns)
        sl_tell_columns(t, r);
    else if (data->features) {
        sl_real *raw = sl_alloc_array(ctx, data->features, sizeof *raw);
        if (raw && !sl_data_gather(ctx, data, &r, 1, NULL, raw, NULL))
            (sl_data_is_bytes(data) ? inputs_bytes : inputs_numbers)(t, r, raw);
        sl_free(ctx, raw);
    }
    if (t->model->views)
        sl_tell_texts(t, r);
    sl_tell_target(t, r);
}

void sl_tell_inputs(const sl_told_rows *t)
{
    sl_explanation *e = t->e;
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = "inputs" });
    if (e->depth < 2) {
        const struct {
            const char *name;
            const sl_tensor *t;
        } all[] = { { "x", t->x }, { "y", t->y } };
        for (size_t i = 0; i < 2; i++)
            if (all[i].t && all[i].t->count)
                sl_explanation_add(
                    e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                       .name = all[i].name,
                                       .value = sl_explained_list(e, all[i].t->v, all[i].t->count) });
        return;
    }
    for (size_t r = 0; sl_told_more(t, &r); r++)
        inputs_row(t, r);
}
