/* csv_file.c - see csv_file.h */
#include "train/csv_file.h"
#include "core/file.h"
#include "core/number.h"
#include "core/os.h"

#include <math.h>
#include <string.h>

/* Splits the line at `at` in place: up to `most` fields, closed by 0. Returns how many it has; 0: it is not
 * complete. */
static int csv_file_split(sl_csv_file *file, char **field, int most)
{
    char *from = file->at, *to = from;
    bool quoted = false;
    int count = 0;
    for (char *start = to; *from; from++) {
        if (*from == '"') {
            if (quoted && from[1] == '"')
                *to++ = *from++;
            else
                quoted = !quoted;
        } else if (!quoted && (*from == ',' || *from == '\n')) {
            const bool ends = *from == '\n';
            if (ends && to > start && to[-1] == '\r')
                to--;
            *to++ = 0; /* never ahead of what is read */
            if (count < most)
                field[count] = start;
            count++;
            start = to;
            if (ends) {
                file->at = from + 1;
                return count;
            }
        } else {
            *to++ = *from;
        }
    }
    file->at = from;
    return 0;
}

/* Commas outside of quotation marks in the first line, and one. */
static int csv_file_width(const char *line)
{
    int width = 1;
    bool quoted = false;
    for (; *line && (quoted || *line != '\n'); line++) {
        quoted = quoted != (*line == '"');
        width += !quoted && *line == ',';
    }
    return width;
}

sl_status sl_csv_file_open(sl_csv_file *file, sl_ctx *ctx, const char *folder, const char *name,
                           const char *missing)
{
    size_t size;
    *file = (sl_csv_file){ .ctx = ctx, .path = sl_path_join(ctx, folder, name) };
    if (!file->path)
        return ctx->status;
    if (missing && sl_os_path_kind(folder) == SL_PATH_FOLDER && sl_os_path_kind(file->path) == SL_PATH_NONE)
        return sl_fail(ctx, SL_EFILE, "%s is not there: %s", file->path, missing);
    if (sl_file_read(ctx, file->path, &file->bytes, &size))
        return ctx->status;
    file->at = (char *)file->bytes;
    file->number = 1;
    const int width = csv_file_width(file->at);
    file->names = sl_alloc_array(ctx, (size_t)width, sizeof *file->names);
    file->field = sl_alloc_array(ctx, (size_t)width, sizeof *file->field);
    if (!ctx->status && (file->columns = csv_file_split(file, file->names, width)) == 0)
        return sl_fail(ctx, SL_EFORMAT, "%s: it has no header yet", file->path);
    return ctx->status;
}

bool sl_csv_file_next(sl_csv_file *file)
{
    if (file->ctx->status || !*file->at)
        return false;
    const int count = csv_file_split(file, file->field, file->columns);
    if (!count)
        return false;
    file->number++;
    if (count != file->columns)
        sl_fail(file->ctx, SL_EFORMAT, "%s line %zu: %d fields: the header has %d", file->path, file->number,
                count, file->columns);
    return count == file->columns;
}

double sl_csv_file_number(const sl_csv_file *file, int column)
{
    const char *field = file->field[column];
    double value;
    if (!*field)
        return NAN;
    if (sl_number_parse(field, &value))
        return value;
    if (!file->ctx->status)
        sl_fail(file->ctx, SL_EFORMAT, "%s line %zu: found '%s' in column %s: wants a number", file->path,
                file->number, field, file->names[column]);
    return NAN;
}

size_t sl_csv_file_whole(const sl_csv_file *file, int column)
{
    uint64_t value;
    if (sl_integer_parse(file->field[column], &value) && value < SIZE_MAX / 2)
        return (size_t)value;
    if (!file->ctx->status)
        sl_fail(file->ctx, SL_EFORMAT, "%s line %zu: found '%s' in column %s: wants a whole number",
                file->path, file->number, file->field[column], file->names[column]);
    return 0;
}

sl_status sl_csv_file_want(const sl_csv_file *file, const char *const *names)
{
    for (int i = 0; names[i] && !file->ctx->status; i++)
        if (i >= file->columns || strcmp(file->names[i], names[i]) != 0)
            sl_fail(file->ctx, SL_EFORMAT, "%s: its column %d is %s: wants %s", file->path, i + 1,
                    i < file->columns ? file->names[i] : "missing", names[i]);
    return file->ctx->status;
}

void sl_csv_file_close(sl_csv_file *file)
{
    sl_free(file->ctx, file->names);
    sl_free(file->ctx, file->field);
    sl_free(file->ctx, file->bytes);
    sl_free(file->ctx, file->path);
}
