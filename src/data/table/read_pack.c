/* read_pack.c - see read.h: rows that go into a file, and come from it. */
#include "core/digest.h"
#include "core/os.h"
#include "data/table/read.h"

#include <string.h>

static uint64_t pack_text(uint64_t identity, const char *text)
{
    return text ? sl_digest_bytes(identity, text, strlen(text) + 1) : identity;
}

/* What the cells of the rows depend on beside the file's bytes. */
static uint64_t pack_columns(uint64_t identity, const table_read *r)
{
    const sl_columns *columns = r->columns;
    const int whole[4] = { r->learning, columns->cells, columns->delimiter, columns->decimal };
    identity = pack_text(sl_digest_bytes(identity, whole, sizeof whole), columns->missing);
    for (int i = 0; i < columns->count; i++) {
        const sl_column *c = &columns->column[i];
        const int facts[4] = { (int)c->type, (int)c->role, c->cell, c->date_order };
        identity = pack_text(sl_digest_bytes(identity, facts, sizeof facts), c->name);
        for (size_t w = 0; w < c->words.count; w++)
            identity = pack_text(identity, sl_dictionary_word(&c->words, w));
    }
    return identity;
}

void sl_read_sink(table_read *r, const sl_source *source, const sl_table_reading *how)
{
    const uint64_t bytes = sl_source_identity(source);
    r->texts.memory = how->memory;
    sl_table_sink_begin(&r->sink, r->ctx, r->source, r->width, r->texts_wanted ? 0 : how->memory, how->pack,
                        bytes ? pack_columns(bytes, r) : 0);
}

/* A cell that reading could have left there. */
static bool pack_cell(const table_read *r, const sl_column *column, double cell)
{
    const bool target = column->cell == r->target && !r->inputs;
    if (cell != cell)
        return !target && column->cell != r->weight;
    if (column->type != SL_COLUMN_CATEGORY && column->type != SL_COLUMN_BOOLEAN)
        return cell - cell == 0 && !(column->cell == r->weight && cell < 0);
    if (cell == SL_UNSEEN)
        return !target;
    return cell >= 0 && cell < (double)column->words.count && cell == (double)(size_t)cell;
}

/* Words are places in lists, and the file may be damaged, or have come from somewhere else with its data. */
static bool pack_sound(const table_read *r, sl_packed *packed)
{
    enum { ROWS = 256 };
    const size_t rows = sl_packed_rows(packed);
    size_t places[ROWS];
    double *cells = sl_alloc_unset(r->ctx, ROWS * r->width * sizeof *cells);
    bool sound = cells;
    for (size_t first = 0, count; sound && first < rows; first += count) {
        for (count = 0; count < ROWS && first + count < rows; count++)
            places[count] = first + count;
        sl_packed_lock(packed);
        sound = !sl_packed_read(packed, r->ctx, places, count, cells);
        sl_packed_unlock(packed);
        for (size_t i = 0; i < count && sound; i++)
            for (int c = 0; c < r->columns->count && sound; c++)
                if (r->columns->column[c].cell >= 0)
                    sound = pack_cell(r, &r->columns->column[c],
                                      cells[i * r->width + (size_t)r->columns->column[c].cell]);
    }
    sl_free(r->ctx, cells);
    return sound;
}

bool sl_read_packed(table_read *r, const sl_source *source, const sl_table_reading *how)
{
    const sl_packed_plan plan = sl_table_sink_plan(&r->sink);
    if (!how->memory || !plan.path || !plan.identity || r->keep_count || r->texts_wanted)
        return false;
    r->sink.packed = sl_packed_open(r->ctx, &plan);
    if (r->sink.packed && !pack_sound(r, r->sink.packed)) {
        sl_packed_free(r->sink.packed);
        r->sink.packed = NULL;
        if (!r->ctx->status)
            sl_log(r->ctx, "packed      %s holds what no row of %s can be: it is made anew", plan.path,
                   sl_source_name(source));
    }
    if (!r->sink.packed)
        return false;
    r->sink.rows = sl_packed_rows(r->sink.packed);
    sl_decided(r->ctx, "packed rows", "those that are there", "%s is as it was: %zu rows are in %s",
               sl_source_name(source), r->sink.rows, plan.path);
    sl_log(r->ctx, "packed      %s is as it was: its rows are in %s", sl_source_name(source), plan.path);
    return true;
}

static const char *pack_size(char text[32], double bytes)
{
    sl_number_text(text, (double)(uint64_t)(bytes / 1e8 + 0.5) / 10);
    return text;
}

void sl_read_tell(table_read *r, const sl_source *source)
{
    enum { ROWS = 4096, SECONDS = 3 };
    char done[32], all[32];
    const double size = (double)sl_source_size(source);
    if (!r->sink.packed || r->sink.rows % ROWS || !(size > 0))
        return;
    const double now = sl_os_seconds();
    if (r->told > 0 && now - r->told < SECONDS)
        return;
    if (r->told > 0)
        sl_log(r->ctx, "packing     %s of %s GB", pack_size(done, sl_source_progress(source) * size),
               pack_size(all, size));
    r->told = now;
}
