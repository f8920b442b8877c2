/* table.c - tables: CSV, TSV and the like, also packed, from a file or standard input. */
#include "core/json.h"
#include "core/os.h"
#include "data/format.h"
#include "data/table/infer.h"

#include <string.h>

static bool table_named(const char *source, const char *end)
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
        if (table_named(source, ends[i]))
            return true;
    return sl_os_path_special(source) || table_sniff(source); /* a pipe can be read only once */
}

static bool table_has_part(sl_ctx *ctx, const char *source, const char *part)
{
    (void)ctx, (void)source, (void)part;
    return false;
}

static sl_data *table_open(sl_ctx *ctx, const char *name, const char *part, const sl_opening *how)
{
    const sl_table_options none = { 0 }, *options = how->options ? how->options : &none;
    sl_data *data = NULL;
    if (part && strcmp(part, "all") != 0) {
        sl_fail(ctx, SL_EINVAL, "%s: a table has no %s part: leave the part out", name, part);
        return NULL;
    }
    sl_source *source = how->text ? sl_source_memory(ctx, name, how->text, how->text_length)
                                  : sl_source_open(ctx, name, options->memory);
    sl_columns *found = source && !how->columns ? sl_table_infer_from(ctx, source, options) : NULL;
    const sl_columns *columns = how->columns ? how->columns : found;
    if (source && columns) /* columns that are found out with their target are there to learn it */
        data = sl_table_read_from(ctx, source,
                                  &(sl_table_reading){ .columns = columns,
                                                       .learning = how->learning || found,
                                                       .inputs = how->inputs,
                                                       .keep = how->keep,
                                                       .memory = options->memory,
                                                       .pack = options->pack });
    sl_columns_free(found);
    sl_source_close(source);
    return data;
}

const sl_format sl_format_table = {
    .name = "table",
    .summary = "a table with a line of names first (CSV, TSV, .txt; also .gz; - is standard input)",
    .recognises = table_recognises,
    .has_part = table_has_part,
    .open = table_open,
};
