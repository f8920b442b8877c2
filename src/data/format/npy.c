/* npy.c - one array of numpy: [rows, columns] is a table, more dimensions are images. */
#include "core/file.h"
#include "core/os.h"
#include "data/array/images.h"
#include "data/format.h"

#include <string.h>

static bool npy_recognises(sl_ctx *ctx, const char *source)
{
    unsigned char b[6] = { 0 };
    const size_t length = strlen(source);
    size_t got = 0;
    int handle;
    (void)ctx;
    if (sl_os_path_kind(source) != SL_PATH_FILE || sl_os_path_special(source))
        return false;
    if ((length > 4 && !strcmp(source + length - 4, ".npy")) ||
        (length > 7 && !strcmp(source + length - 7, ".npy.gz")))
        return true;
    if (sl_os_open(source, 'r', &handle))
        return false;
    const int error = sl_os_read(handle, b, sizeof b, &got);
    sl_os_close(handle);
    return !error && sl_array_begins(b, got);
}

static bool npy_has_part(sl_ctx *ctx, const char *source, const char *part)
{
    (void)ctx, (void)source, (void)part;
    return false;
}

static sl_data *npy_table(sl_ctx *ctx, const char *source, sl_array *array, const sl_opening *how)
{
    sl_numbers numbers = {
        .ctx = ctx, .source = source, .rows = array->head.rows, .inputs = array->head.features
    };
    numbers.values = sl_alloc_array(ctx, numbers.rows, numbers.inputs * sizeof(double));
    sl_data *data = NULL;
    if (numbers.values && !sl_array_numbers(ctx, array, numbers.values, numbers.inputs)) {
        sl_free(ctx, array->memory); /* the bytes are not needed beside the numbers */
        array->memory = NULL;
        data = sl_numbers_open(&numbers, "all", NULL, how);
    }
    sl_numbers_free(&numbers);
    return data;
}

static sl_data *npy_open(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how)
{
    unsigned char *memory;
    size_t size;
    sl_images images = { .x = { .name = NULL } };
    sl_data *data = NULL;
    if (part && strcmp(part, "all") != 0) {
        sl_fail(ctx, SL_EINVAL, "%s: one array has no %s part: leave the part out", source, part);
        return NULL;
    }
    if (sl_file_read_gz(ctx, source, &memory, &size))
        return NULL;
    char *name = sl_strdup(ctx, source);
    if (!name)
        sl_free(ctx, memory);
    if (!name || sl_array_open(ctx, &images.x, name, memory, size))
        return NULL;
    if (images.x.head.kind == 'U')
        sl_fail(ctx, SL_EFORMAT, "%s: is an array of texts: wants numbers", source);
    else if (images.x.head.rank <= 2)
        data = npy_table(ctx, source, &images.x, how);
    else if (!sl_numbers_refuse(ctx, source, how, "rows of several dimensions have no columns"))
        data = sl_images_data(ctx, source, "all", &images, 1);
    sl_images_free(ctx, &images);
    return data;
}

const sl_format sl_format_npy = {
    .name = "npy",
    .summary = "an array of numpy (.npy: [rows, columns] of numbers, or rows of images)",
    .recognises = npy_recognises,
    .has_part = npy_has_part,
    .open = npy_open,
};
