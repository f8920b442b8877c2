/* fann.c - FANN's training files. */
#include "core/file.h"
#include "core/os.h"
#include "data/array/fann.h"
#include "data/format.h"

#include <string.h>

static bool fann_named(const char *source, const char *end)
{
    const size_t length = strlen(source), tail = strlen(end);
    return length > tail && !strcmp(source + length - tail, end);
}

static bool fann_recognises(sl_ctx *ctx, const char *source)
{
    enum { BYTES = 4096 };
    char bytes[BYTES];
    size_t got = 0;
    int handle;
    (void)ctx;
    if (sl_os_path_kind(source) != SL_PATH_FILE || sl_os_path_special(source) || fann_named(source, ".csv") ||
        fann_named(source, ".tsv"))
        return false;
    if (fann_named(source, ".train") || fann_named(source, ".train.gz"))
        return true;
    if (sl_os_open(source, 'r', &handle))
        return false;
    const int error = sl_os_read(handle, bytes, BYTES, &got);
    sl_os_close(handle);
    return !error && sl_fann_begins(bytes, got);
}

static bool fann_has_part(sl_ctx *ctx, const char *source, const char *part)
{
    (void)ctx, (void)source, (void)part;
    return false;
}

static sl_data *fann_open(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how)
{
    sl_numbers numbers = { .ctx = ctx, .source = source };
    unsigned char *bytes;
    size_t size;
    sl_data *data = NULL;
    if (part && strcmp(part, "all") != 0) {
        sl_fail(ctx, SL_EINVAL, "%s: a file of FANN has no %s part: leave the part out", source, part);
        return NULL;
    }
    if (sl_file_read_gz(ctx, source, &bytes, &size))
        return NULL;
    sl_fann_read(&numbers, (const char *)bytes, size);
    sl_free(ctx, bytes);
    if (!ctx->status)
        data = sl_numbers_open(&numbers, "all", NULL, how);
    sl_numbers_free(&numbers);
    return data;
}

const sl_format sl_format_fann = {
    .name = "fann",
    .summary = "a training file of FANN (rows, inputs and outputs in its first line)",
    .recognises = fann_recognises,
    .has_part = fann_has_part,
    .open = fann_open,
};
