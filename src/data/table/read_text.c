/* read_text.c - see read.h: what the columns of text hold, one text a row. */
#include "data/table/read.h"
#include "data/text_sum.h"

#include <string.h>

/* As it is: what was there before the texts need not be cleared, and 30 MB would be. */
static bool read_text_room(table_read *r, size_t more)
{
    read_texts *t = &r->texts;
    if (more <= t->room - t->length)
        return true;
    const size_t room = t->length + more + (t->length + more) / 2 + 4096;
    char *larger = sl_alloc_unset(r->ctx, room);
    if (!larger)
        return false;
    if (t->length)
        memcpy(larger, t->bytes, t->length);
    sl_free(r->ctx, t->bytes);
    t->bytes = larger;
    t->room = room;
    return true;
}

static void read_text_put(table_read *r, const char *bytes, size_t count)
{
    if (!count || !read_text_room(r, count))
        return;
    memcpy(r->texts.bytes + r->texts.length, bytes, count);
    r->texts.length += count;
}

void sl_read_text(table_read *r, read_field *wanted, const sl_field *f)
{
    read_texts *t = &r->texts;
    const char join = SL_TEXT_JOIN;
    if (t->columns++)
        read_text_put(r, &join, 1);
    if (sl_field_missing(f, &r->missing))
        return;
    t->any = true;
    r->cells[wanted->cell] = sl_text_cell(f->text, f->length);
    read_text_put(r, f->text, f->length);
}

void sl_read_text_begin(table_read *r)
{
    r->texts.from = r->texts.length;
    r->texts.columns = 0;
    r->texts.any = false;
}

void sl_read_text_drop(table_read *r)
{
    r->texts.length = r->texts.from;
}

sl_status sl_read_text_end(table_read *r)
{
    enum { SHARE = 3 }; /* as of rows: a third of the memory for what is read, the rest is work */
    read_texts *t = &r->texts;
    const size_t row = r->sink.rows;
    if (!r->columns->texts)
        return SL_OK;
    if (!t->any) { /* nothing, and not the marks between nothings */
        t->length = t->from;
        t->empty++;
    }
    if (row + 2 > t->offset_room) {
        const size_t room = t->offset_room ? t->offset_room * 2 : 1024;
        size_t *offset = sl_resize(r->ctx, t->offset, room * sizeof *offset);
        if (!offset)
            return r->ctx->status;
        t->offset = offset;
        t->offset_room = room;
    }
    t->offset[row + 1] = t->length;
    if (t->memory && t->length + (row + 1) * (r->width + 1) * sizeof(double) > t->memory / SHARE) {
        char rows[32], size[32];
        return sl_fail(
            r->ctx, SL_EINVAL,
            "%s: the first %s rows and their texts take more than the third of --memory (%s bytes) "
            "that is for rows: only numbers can be packed into a file, and texts stay in memory: "
            "give more, or leave --memory out",
            r->source, sl_count_text(rows, row + 1), sl_count_text(size, t->memory));
    }
    return r->ctx->status;
}

void sl_read_give_texts(table_read *r, sl_data *data)
{
    read_texts *t = &r->texts;
    if (!r->texts_wanted || !read_text_room(r, 1))
        return;
    data->store->texts = t->bytes;
    data->store->text_offset = t->offset;
    t->bytes = NULL;
    t->offset = NULL;
}

void sl_read_text_free(table_read *r)
{
    sl_free(r->ctx, r->texts.bytes);
    sl_free(r->ctx, r->texts.offset);
}
