/* text_lines.c - one text a line, without names: what a model of texts predicts. */
#include "data/format.h"
#include "data/table/lines.h"

typedef struct {
    sl_ctx *ctx;
    sl_lines lines;
    sl_rows_names names;
    bool header;
} texts_user;

static sl_status texts_more(void *user, sl_text *to)
{
    texts_user *u = user;
    const char *text;
    size_t length;
    if (!u->header) {
        sl_rows_header(to, u->names, false);
        sl_text_put(to, "\n");
        u->header = true;
    } else if (sl_lines_next(&u->lines, &text, &length)) {
        sl_row_field(to, text, length);
        sl_text_put(to, "\n");
    }
    return u->ctx->status;
}

static sl_status texts_rewind(void *user)
{
    texts_user *u = user;
    u->header = false;
    return sl_lines_rewind(&u->lines);
}

static sl_status texts_check(void *user)
{
    return sl_source_check(((texts_user *)user)->lines.from);
}

static void texts_free(void *user)
{
    texts_user *u = user;
    sl_lines_close(&u->lines);
    sl_free(u->ctx, u);
}

static sl_source *texts_rows(sl_ctx *ctx, sl_source *from, const sl_opening *how)
{
    static const sl_source_maker maker = { texts_more, texts_rewind, texts_check, texts_free,
                                           SL_LINES_RECORDS };
    texts_user *user = sl_alloc(ctx, sizeof *user);
    if (!user) {
        sl_source_close(from);
        return NULL;
    }
    user->ctx = ctx;
    user->names = sl_rows_named(how);
    sl_lines_open(&user->lines, ctx, from);
    return sl_source_made(ctx, from ? sl_source_name(from) : "", &maker, user);
}

/* Any text could be it: the table decides, by what the model wants. */
static bool texts_recognises(sl_ctx *ctx, const char *source)
{
    (void)ctx, (void)source;
    return false;
}

extern const sl_format sl_format_text_lines;
const sl_format sl_format_text_lines = {
    .name = "text_lines",
    .summary = "one text a line, for a model of texts alone",
    .recognises = texts_recognises,
    .has_part = sl_table_no_part,
    .open = sl_table_open,
    .rows = texts_rows,
    .texts = true,
};
