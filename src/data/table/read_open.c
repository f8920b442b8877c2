/* read_open.c - see read.h: before and after the rows. */
#include "data/table/read.h"

#include <string.h>

int sl_read_shown(const sl_field *f)
{
    size_t length = f->length < 60 ? f->length : 60;
    while (length && length < f->length && ((unsigned char)f->text[length] & 0xc0) == 0x80)
        length--;
    return (int)length;
}

void sl_read_list_classes(table_read *r, const sl_column *target)
{
    enum { SHOWN = 10 };
    for (size_t i = 0; i < target->words.count && i < SHOWN; i++)
        sl_text_add(&r->classes, i ? ", %.40s" : "%.40s", sl_dictionary_word(&target->words, i));
    if (target->words.count > SHOWN)
        sl_text_put(&r->classes, ", ..");
}

static bool read_open_wants(const sl_column *c)
{
    return c->role == SL_ROLE_INPUT || c->role == SL_ROLE_TEXT;
}

/* How many of the inputs are not in the header; their names into `list`, or NULL. */
static int read_open_lacks(const table_read *r, sl_text *list)
{
    int lacks = 0;
    for (int i = 0; i < r->columns->count; i++) {
        const sl_column *c = &r->columns->column[i];
        if (!read_open_wants(c) || sl_header_find(&r->header, c->name) != SIZE_MAX)
            continue;
        if (list)
            sl_text_add(list, lacks ? ", %s" : "%s", c->name);
        lacks++;
    }
    return lacks;
}

static sl_status read_open_with(table_read *r, sl_source *source, char delimiter)
{
    sl_header_free(&r->header);
    sl_csv_close(r->csv);
    r->csv = NULL;
    if (sl_source_rewind(source))
        return r->ctx->status;
    r->csv =
        sl_csv_open(r->ctx, source, r->source, &(sl_csv_options){ .delimiter = delimiter, .header = true });
    if (!r->csv)
        return r->ctx->status;
    r->problems = sl_csv_problems(r->csv);
    const char *wanted = NULL;
    for (int i = 0; i < r->columns->count && !wanted; i++)
        if (read_open_wants(&r->columns->column[i]))
            wanted = r->columns->column[i].name;
    return sl_header_read(&r->header, r->ctx, r->csv, r->source, wanted);
}

static sl_status read_open_refuse(table_read *r, int lacks)
{
    sl_text list, there;
    sl_text_init(&list, r->ctx);
    sl_text_init(&there, r->ctx);
    read_open_lacks(r, &list);
    for (size_t i = 0; i < r->header.count; i++)
        sl_text_add(&there, i ? ", %s" : "%s", r->header.name[i]);
    sl_fail(r->ctx, SL_EINVAL, "%s: lacks %d of %d input columns: %s: the first line names %s", r->source,
            lacks, r->columns->inputs + r->columns->texts, sl_text_string(&list), sl_text_string(&there));
    sl_text_free(&list);
    sl_text_free(&there);
    return r->ctx->status;
}

/* How a file is read whose columns come from another one. */
static void read_open_tell(const table_read *r, bool as_trained)
{
    const sl_columns *columns = r->columns;
    const char mark = columns->delimiter, letter[2] = { mark };
    const char *const chosen = mark == '\t' ? "tab" : letter;
    if (as_trained && mark)
        sl_decided(r->ctx, "delimiter", chosen, "%s: as in the rows of training: all %d inputs are found so",
                   r->source, columns->inputs + columns->texts);
    sl_decided(r->ctx, "matched columns", "by their names",
               "%s: %d inputs of %d columns of training are among its %zu", r->source,
               columns->inputs + columns->texts, columns->count, r->header.count);
}

/* With the delimiter of the file that the columns come from, if all are there then; else with the file's
 * own. */
sl_status sl_read_open(table_read *r, sl_source *source, const sl_table_reading *how)
{
    sl_status status = read_open_with(r, source, r->columns->delimiter);
    const bool other =
        r->columns->delimiter && (status == SL_EFORMAT || (!status && read_open_lacks(r, NULL) > 0));
    if (other) {
        sl_clear(r->ctx);
        status = read_open_with(r, source, 0);
    }
    if (status)
        return status;
    const int lacks = read_open_lacks(r, NULL);
    if (how->foreign && !lacks)
        read_open_tell(r, !other && !sl_source_numbers(source));
    if (r->problems->count)
        return sl_problems_fail(r->problems);
    if (lacks)
        return read_open_refuse(r, lacks);
    return sl_read_find_kept(r, how->keep);
}

void sl_read_close(table_read *r)
{
    for (size_t i = 0; r->wanted && i < r->count; i++)
        sl_dictionary_free(&r->wanted[i].strange);
    sl_free(r->ctx, r->wanted);
    sl_free(r->ctx, r->cells);
    sl_free(r->ctx, r->keep);
    sl_free(r->ctx, r->kept_offset);
    if (r->sink.ctx)
        sl_table_sink_free(&r->sink);
    sl_text_free(&r->classes);
    sl_text_free(&r->kept);
    sl_read_text_free(r);
    sl_missing_free(&r->missing);
    sl_header_free(&r->header);
    sl_csv_close(r->csv);
    sl_columns_free(r->columns);
}

/* A model that predicts has more to say about these words: sl_data_outside. */
static void read_open_remark(const table_read *r, const read_field *wanted)
{
    enum { SHOWN = 3 };
    const sl_dictionary *strange = &wanted->strange;
    char rows[32], words[32];
    sl_text list;
    sl_text_init(&list, r->ctx);
    for (size_t i = 0; i < strange->count && i < SHOWN; i++)
        sl_text_add(&list, i ? ", '%.40s'" : "'%.40s'", sl_dictionary_word(strange, i));
    if (strange->count > SHOWN)
        sl_text_put(&list, ", ..");
    wanted->column->strange = sl_strdup(r->ctx, sl_text_string(&list));
    sl_decided(r->ctx, "unknown words", "counted as one",
               "%s: column %s: %s of them, in %s rows (%s), which training did not have", r->source,
               wanted->column->name, sl_count_text(words, strange->count),
               sl_count_text(rows, wanted->unseen), sl_text_string(&list));
    if (!r->inputs)
        sl_log(r->ctx, "%s: column %s: %s word%s that training did not have (%s) in %s row%s: unknown words",
               r->source, wanted->column->name, sl_count_text(words, strange->count),
               strange->count == 1 ? "" : "s", sl_text_string(&list), sl_count_text(rows, wanted->unseen),
               wanted->unseen == 1 ? "" : "s");
    sl_text_free(&list);
}

void sl_read_remarks(table_read *r)
{
    char count[32];
    for (size_t i = 0; i < r->count; i++)
        if (r->wanted[i].unseen)
            read_open_remark(r, &r->wanted[i]);
    if (r->dropped)
        sl_decided(r->ctx, "rows without target", "left out",
                   "%s: %s of them: there is nothing to learn from", r->source,
                   sl_count_text(count, r->dropped));
    if (r->dropped)
        sl_log(r->ctx, "%s: %s row%s without a target left out", r->source, sl_count_text(count, r->dropped),
               r->dropped == 1 ? "" : "s");
    if (r->texts.empty)
        sl_decided(r->ctx, "rows without text", "kept", "%s: %s of them", r->source,
                   sl_count_text(count, r->texts.empty));
    if (r->texts.empty)
        sl_log(r->ctx, "%s: %s row%s without a text kept: %s other words", r->source,
               sl_count_text(count, r->texts.empty), r->texts.empty == 1 ? "" : "s",
               r->texts.empty == 1 ? "it has no" : "they have no");
    const size_t empty = (size_t)sl_csv_empty_lines(r->csv);
    if (empty)
        sl_decided(r->ctx, "empty lines", "passed over", "%s: %s of them", r->source,
                   sl_count_text(count, empty));
    if (empty)
        sl_log(r->ctx, "%s: %s empty line%s passed over", r->source, sl_count_text(count, empty),
               empty == 1 ? "" : "s");
}
