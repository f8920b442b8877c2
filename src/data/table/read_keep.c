/* read_keep.c - see read.h: texts of columns that are kept beside the cells. */
#include "data/table/read.h"

#include <string.h>

static sl_status read_keep_one(table_read *r, const char *name)
{
    const size_t place = sl_header_find(&r->header, name);
    if (place == SIZE_MAX) {
        sl_fail_word(r->ctx, "column", name, (const char *const *)r->header.name, r->header.count);
        sl_fail_at(r->ctx, r->source);
        return SL_EINVAL;
    }
    r->keep[r->keep_count++] = place;
    return SL_OK;
}

sl_status sl_read_find_kept(table_read *r, const char *names)
{
    size_t most = 1;
    for (const char *c = names; c && *c; c++)
        most += *c == ',';
    r->keep = sl_alloc_array(r->ctx, most, sizeof *r->keep);
    for (const char *at = names; at && *at && !r->ctx->status;) {
        const size_t length = strcspn(at, ",");
        const sl_field f = sl_field_trimmed(&(sl_field){ .text = at, .length = length });
        char *name = sl_strndup(r->ctx, f.text, f.length);
        if (name)
            read_keep_one(r, name);
        sl_free(r->ctx, name);
        at += length + (at[length] == ',');
    }
    return r->ctx->status;
}

sl_status sl_read_keep(table_read *r, const sl_field *fields)
{
    const size_t row = r->sink.rows;
    if (!r->keep_count)
        return SL_OK;
    if ((row + 1) * r->keep_count > r->kept_room) {
        const size_t room = r->kept_room ? r->kept_room * 2 : 256 * r->keep_count;
        size_t *offset = sl_resize(r->ctx, r->kept_offset, room * sizeof *offset);
        if (!offset)
            return r->ctx->status;
        r->kept_offset = offset;
        r->kept_room = room;
    }
    for (size_t i = 0; i < r->keep_count; i++) {
        const sl_field *f = &fields[r->keep[i]];
        r->kept_offset[row * r->keep_count + i] = r->kept.length;
        sl_text_bytes(&r->kept, f->text, f->length);
        sl_text_bytes(&r->kept, "", 1);
    }
    return r->ctx->status;
}

void sl_read_give_kept(table_read *r, sl_data *data)
{
    if (!r->keep_count)
        return;
    data->store->kept_name = sl_alloc_array(r->ctx, r->keep_count, sizeof *data->store->kept_name);
    for (size_t i = 0; data->store->kept_name && i < r->keep_count; i++)
        data->store->kept_name[i] = sl_strdup(r->ctx, r->header.name[r->keep[i]]);
    data->store->kept = r->kept.bytes;
    data->store->kept_offset = r->kept_offset;
    data->store->kept_columns = (int)r->keep_count;
    sl_text_init(&r->kept, r->ctx);
    r->kept_offset = NULL;
}
