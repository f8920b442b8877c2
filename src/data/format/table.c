/* table.c - tables: CSV, TSV and the like, also packed, from a file or standard input. */
#include "core/json.h"
#include "core/os.h"
#include "data/format.h"
#include "data/table/charset.h"
#include "data/table/header.h"
#include "data/table/infer.h"
#include "data/table/lines.h"

#include <string.h>

extern const sl_format sl_format_table, sl_format_text_lines;

bool sl_table_named(const char *source, const char *end)
{
    const size_t length = strlen(source), tail = strlen(end);
    if (length <= tail)
        return false;
    for (size_t i = 0; i < tail; i++) {
        const char c = source[length - tail + i];
        if ((c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c) != end[i])
            return false;
    }
    return true;
}

/* Text, and a delimiter in its first line? */
static bool table_looks(const char *bytes, size_t size)
{
    bool line = true, delimiter = false;
    for (size_t i = 0; i < size;) {
        const unsigned char byte = (unsigned char)bytes[i];
        const size_t length = sl_utf8_length(bytes + i, size - i);
        if (!length && size - i >= 4)
            return false;
        if ((byte < 32 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 127)
            return false;
        line = line && byte != '\n' && byte != '\r';
        delimiter = delimiter || (line && (byte == ',' || byte == ';' || byte == '\t' || byte == '|'));
        i += length ? length : 1;
    }
    return delimiter;
}

/* By its first bytes. */
static bool table_sniff(const char *source)
{
    enum { BYTES = 4096 };
    char bytes[BYTES];
    size_t got = 0;
    int handle;
    if (sl_os_open(source, 'r', &handle))
        return false;
    const int error = sl_os_read(handle, bytes, BYTES, &got);
    sl_os_close(handle);
    return !error && table_looks(bytes, got);
}

static bool table_recognises(sl_ctx *ctx, const char *source)
{
    static const char *const ends[] = { ".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz" };
    (void)ctx;
    if (!strcmp(source, "-"))
        return true;
    if (sl_os_path_kind(source) != SL_PATH_FILE)
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (sl_table_named(source, ends[i]))
            return true;
    return sl_os_path_special(source) || table_sniff(source); /* a pipe can be read only once */
}

bool sl_table_no_part(sl_ctx *ctx, const char *source, const char *part)
{
    (void)ctx, (void)source, (void)part;
    return false;
}

/* --- what is no CSV --------------------------------------------------------------------------------- */

enum { TABLE_PEEK = 1 << 12 };

static size_t table_peek(sl_source *source, char bytes[TABLE_PEEK])
{
    size_t length = 0, got = 1;
    while (length < TABLE_PEEK && got && !sl_source_read(source, bytes + length, TABLE_PEEK - length, &got))
        length += got;
    sl_source_rewind(source);
    return length;
}

bool sl_table_begins(sl_ctx *ctx, const char *name, const sl_format *form)
{
    char bytes[TABLE_PEEK];
    if (ctx->status || sl_os_path_kind(name) != SL_PATH_FILE || sl_os_path_special(name))
        return false;
    sl_source *source = sl_source_open(ctx, name, 0);
    const bool is = source && form->begins(bytes, table_peek(source, bytes)) && !ctx->status;
    sl_source_close(source);
    if (ctx->status != SL_ENOMEM) /* what is wrong with it, opening will say */
        sl_clear(ctx);
    return is;
}

/* Does the first line seem to name the column, between any delimiters? Also if it is none of a table: then
 * reading it says what is wrong with it. */
static bool table_mentions(const char *bytes, size_t size, const char *name)
{
    static const char marks[] = { '\r', '\n', ',', ';', '\t', '|' }, around[] = { ' ', '"' };
    const size_t length = strlen(name);
    size_t from = size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (from < size && (bytes[from] == '\n' || bytes[from] == '\r')) /* lines without anything in them */
        from++;
    for (bool more = true; more;) {
        size_t end = from;
        while (end < size && !memchr(marks, bytes[end], sizeof marks))
            end++;
        size_t last = end;
        while (from < last && memchr(around, bytes[from], sizeof around))
            from++;
        while (last > from && memchr(around, bytes[last - 1], sizeof around))
            last--;
        if (last - from == length && !memcmp(bytes + from, name, length))
            return true;
        more = end < size && bytes[end] != '\n' && bytes[end] != '\r';
        from = end + 1;
    }
    return false;
}

/* One text a line: as asked, or for a model of texts alone, where no line names their column. */
static bool table_is_lines(sl_ctx *ctx, const char *name, const sl_opening *how, sl_source *source,
                           const char *bytes, size_t size)
{
    static const char *const ends[] = { ".csv", ".tsv", ".csv.gz", ".tsv.gz" };
    const sl_columns *columns = how->columns;
    if (how->lines)
        return true;
    if (!columns || !how->inputs || columns->inputs || columns->texts != 1)
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (sl_table_named(name, ends[i]))
            return false;
    const char *text = sl_rows_named(how).text;
    if (table_mentions(bytes, size, text) || sl_header_holds(ctx, source, columns->delimiter, text) ||
        (columns->delimiter && sl_header_holds(ctx, source, 0, text)) || ctx->status)
        return false;
    sl_log(ctx, "%s: one text a line: its first line names no column '%s'", name, text);
    return true;
}

sl_rows_names sl_rows_named(const sl_opening *how)
{
    sl_rows_names names = { "label", "text" };
    const sl_columns *columns = how->columns;
    for (int i = 0; columns && columns->texts == 1 && i < columns->count; i++)
        if (columns->column[i].role == SL_ROLE_TEXT)
            names.text = columns->column[i].name;
    if (columns && columns->target >= 0)
        names.label = columns->column[columns->target].name;
    return names;
}

void sl_rows_header(sl_text *to, sl_rows_names names, bool labels)
{
    if (labels) {
        sl_row_field(to, names.label, strlen(names.label));
        sl_text_put(to, ",");
    }
    sl_row_field(to, names.text, strlen(names.text));
}

sl_status sl_rows_charset(sl_ctx *ctx, const sl_opening *how, int *charset)
{
    sl_charset found;
    const char *asked = how->options ? how->options->encoding : NULL;
    sl_charset_read(ctx, asked ? asked : how->columns ? how->columns->encoding : NULL, &found);
    *charset = (int)found;
    return ctx->status;
}

/* --- opening ---------------------------------------------------------------------------------------- */

/* Of a format with texts their column is text, however short they are, unless something else is asked. */
static char *table_columns(sl_ctx *ctx, const char *asked)
{
    sl_text lines;
    sl_text_init(&lines, ctx);
    sl_text_put(&lines, "text=text");
    for (const char *at = asked; at && *at; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n'))
        if (!strncmp(at, "text", 4))
            sl_text_clear(&lines);
    sl_text_add(&lines, "%s%s", lines.length && asked ? "\n" : "", asked ? asked : "");
    char *columns = sl_strdup(ctx, sl_text_string(&lines));
    sl_text_free(&lines);
    return columns;
}

static void table_say_why(sl_columns *columns, const sl_format *form)
{
    const int text = columns ? sl_columns_find(columns, "text") : -1;
    if (text < 0 || strcmp(columns->column[text].reason, "as --column asks") != 0)
        return;
    sl_free(columns->ctx, columns->column[text].reason);
    columns->column[text].reason = sl_strdup(columns->ctx, form->name);
    sl_decided(columns->ctx, "column text", "text, an input", "in this format it is, however short: %s",
               form->summary);
}

sl_data *sl_table_open_rows(sl_ctx *ctx, sl_source *source, const sl_format *form, const sl_opening *how)
{
    sl_table_options options = how->options ? *how->options : (sl_table_options){ 0 };
    sl_data *data = NULL;
    if (form->labelled && !options.target) {
        options.target = how->inputs ? NULL : "label";
        if (options.target && source && !how->columns)
            sl_decided(ctx, "target", "label", "the format %s has labels", form->name);
    }
    if (source && form != &sl_format_table && options.delimiter)
        sl_fail(ctx, SL_EINVAL, "%s: --delimiter: there is none in %s: leave it out", sl_source_name(source),
                form->summary);
    char *asked = form->texts && !how->columns ? table_columns(ctx, options.columns) : NULL;
    options.columns = asked ? asked : options.columns;
    sl_columns *found =
        source && !how->columns && !ctx->status ? sl_table_infer_from(ctx, source, &options) : NULL;
    if (asked)
        table_say_why(found, form);
    sl_free(ctx, asked);
    const sl_columns *columns = how->columns ? how->columns : found;
    if (source && columns && !ctx->status) /* columns found out with their target are there to learn it */
        data = sl_table_read_from(ctx, source,
                                  &(sl_table_reading){ .columns = columns,
                                                       .learning = how->learning || found,
                                                       .inputs = how->inputs,
                                                       .keep = how->keep,
                                                       .memory = options.memory,
                                                       .foreign = how->columns != NULL,
                                                       .pack = options.pack });
    sl_columns_free(found);
    sl_source_close(source);
    return data;
}

sl_data *sl_table_open(sl_ctx *ctx, const char *name, const char *part, const sl_opening *how)
{
    char bytes[TABLE_PEEK];
    int charset;
    const sl_format *form = &sl_format_table;
    if (part && strcmp(part, "all") != 0) {
        sl_fail(ctx, SL_EINVAL, "%s: a table has no %s part: leave the part out", name, part);
        return NULL;
    }
    sl_source *source = how->text ? sl_source_memory(ctx, name, how->text, how->text_length)
                                  : sl_source_open(ctx, name, how->options ? how->options->memory : 0);
    if (!source || sl_rows_charset(ctx, how, &charset)) {
        sl_source_close(source);
        return NULL;
    }
    source = sl_charset_source(ctx, (sl_charset)charset, source);
    const size_t size = source ? table_peek(source, bytes) : 0;
    for (size_t i = 0; sl_format_at(i) && !how->lines; i++)
        if (sl_format_at(i)->begins && sl_format_at(i)->begins(bytes, size))
            form = sl_format_at(i);
    if (source && form == &sl_format_table && table_is_lines(ctx, name, how, source, bytes, size))
        form = &sl_format_text_lines;
    if (source)
        sl_format_tell(ctx, name, form);
    if (source && !how->columns && !(how->options && how->options->encoding))
        sl_decided(ctx, "encoding", "utf8", "the default; other bytes would be refused");
    if (source && form->rows)
        source = form->rows(ctx, source, how);
    return source ? sl_table_open_rows(ctx, source, form, how) : NULL;
}

const sl_format sl_format_table = {
    .name = "table",
    .summary = "a table with a line of names first (CSV, TSV, .txt; also .gz; - is standard input)",
    .recognises = table_recognises,
    .has_part = sl_table_no_part,
    .open = sl_table_open,
};
