/* idx.c - IDX, the format of MNIST (LeCun, Cortes, Burges: "The MNIST database of handwritten digits").
 *
 * Big endian: two zero bytes, the type (08: unsigned byte), the number of dimensions, each dimension in four
 * bytes, then the values, row-major. A folder holds two pairs of files, images [n, height, width] and labels
 * [n]: train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k for the test part. */
#include "data/format.h"
#include "core/file.h"
#include "core/os.h"

#include <limits.h>
#include <string.h>

enum { IDX_LABELS = 1, IDX_IMAGES = 3 }; /* number of dimensions: the last byte of the magic number */

static const char *const idx_stems[2][2] = { { "train-images", "train-labels" },
                                             { "t10k-images", "t10k-labels" } };
static const char *const idx_parts[2] = { "train", "test" };

typedef struct {
    unsigned char *memory; /* the whole file */
    size_t count, height, width, skip;
} idx_file;

typedef struct {
    char *path[2][2]; /* [train, test][images, labels]; NULL: not there */
} idx_folder;

/* --- one file ------------------------------------------------------------------------------------- */

static size_t idx_number(const unsigned char *b)
{
    return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
}

static const char *idx_what(int dimensions)
{
    return dimensions == IDX_IMAGES ? "images" : "labels";
}

static sl_status idx_check_magic(sl_ctx *ctx, const char *path, const unsigned char *b, int dimensions)
{
    if (b[0] == 0 && b[1] == 0 && b[2] == 8 && b[3] == dimensions)
        return SL_OK;
    if (b[0] == 0 && b[1] == 0 && b[2] == 8 && b[3] == (dimensions ^ IDX_LABELS ^ IDX_IMAGES))
        return sl_fail(
            ctx, SL_EFORMAT,
            "%s: holds %s (it begins 00 00 08 %02x), wants %s (00 00 08 %02x): are the two files swapped?",
            path, idx_what(b[3]), b[3], idx_what(dimensions), dimensions);
    return sl_fail(ctx, SL_EFORMAT,
                   "%s: begins %02x %02x %02x %02x, wants 00 00 08 %02x: this is no IDX file of %s in bytes",
                   path, b[0], b[1], b[2], b[3], dimensions, idx_what(dimensions));
}

/* The header promises; only the bytes that are there count. Nothing is allocated by what it says. */
static sl_status idx_check(sl_ctx *ctx, const char *path, size_t size, int dimensions, idx_file *file)
{
    const size_t head = 4 + 4 * (size_t)dimensions;
    const unsigned char *b = file->memory;
    if (size < head && (size < 4 || idx_check_magic(ctx, path, b, dimensions) == SL_OK))
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: is cut short: %zu bytes, and its header alone has %zu: copy it again", path, size,
                       head);
    if (idx_check_magic(ctx, path, b, dimensions))
        return SL_EFORMAT;
    file->skip = head;
    file->count = idx_number(b + 4);
    file->height = dimensions == IDX_IMAGES ? idx_number(b + 8) : 1;
    file->width = dimensions == IDX_IMAGES ? idx_number(b + 12) : 1;
    if (!file->count || !file->height || !file->width)
        return sl_fail(ctx, SL_EFORMAT, "%s: says %zu %s of %zu x %zu: there is nothing in it", path,
                       file->count, idx_what(dimensions), file->height, file->width);
    const size_t held = size - head; /* count * height * width == held, without the product */
    const size_t each = file->height > INT_MAX / file->width ? 0 : file->height * file->width;
    if (!each || file->count > SIZE_MAX / each)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: says %zu images of %zu x %zu, more than can be handled: it is damaged", path,
                       file->count, file->height, file->width);
    const size_t wanted = each * file->count;
    if (held < wanted)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: is cut short: %zu bytes behind the header, wants %zu (%zu %s of %zu x "
                       "%zu): copy it again",
                       path, held, wanted, file->count, idx_what(dimensions), file->height, file->width);
    if (held > wanted)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: has %zu bytes too many: %zu behind the header, wants %zu (%zu %s of %zu x "
                       "%zu): it is damaged",
                       path, held - wanted, held, wanted, file->count, idx_what(dimensions), file->height,
                       file->width);
    return SL_OK;
}

static sl_status idx_read(sl_ctx *ctx, const char *path, int dimensions, idx_file *file)
{
    size_t size = 0;
    *file = (idx_file){ 0 };
    sl_status status = sl_file_read_gz(ctx, path, &file->memory, &size);
    if (!status)
        status = idx_check(ctx, path, size, dimensions, file);
    if (!status)
        return SL_OK;
    sl_free(ctx, file->memory);
    file->memory = NULL;
    return status;
}

/* --- a folder ------------------------------------------------------------------------------------- */

/* folder/STEM-idxN-ubyte, with '.' for '-', each plain or .gz: the first that is there, else NULL. */
static char *idx_find(sl_ctx *ctx, const char *folder, const char *stem, int dimensions)
{
    char *found = NULL;
    for (int form = 0; form < 4 && !found; form++) {
        sl_text name;
        sl_text_init(&name, ctx);
        sl_text_add(&name, "%s%cidx%d-ubyte%s", stem, form & 1 ? '.' : '-', dimensions,
                    form & 2 ? ".gz" : "");
        char *path = name.failed ? NULL : sl_path_join(ctx, folder, sl_text_string(&name));
        sl_text_free(&name);
        if (path && sl_os_path_kind(path) == SL_PATH_FILE)
            found = path;
        else
            sl_free(ctx, path);
    }
    return found;
}

static void idx_close(sl_ctx *ctx, idx_folder *folder)
{
    for (int i = 0; i < 4; i++)
        sl_free(ctx, folder->path[i / 2][i % 2]);
}

static idx_folder idx_look(sl_ctx *ctx, const char *source)
{
    idx_folder folder = { 0 };
    for (int i = 0; i < 4; i++)
        folder.path[i / 2][i % 2] =
            idx_find(ctx, source, idx_stems[i / 2][i % 2], i % 2 ? IDX_LABELS : IDX_IMAGES);
    return folder;
}

static bool idx_has_pair(const idx_folder *folder, int pair)
{
    return folder->path[pair][0] || folder->path[pair][1];
}

static sl_status idx_check_pair(sl_ctx *ctx, const char *source, const idx_folder *folder, int pair)
{
    if (folder->path[pair][0] && folder->path[pair][1])
        return SL_OK;
    const int missing = folder->path[pair][0] ? 1 : 0;
    return sl_fail(ctx, SL_EFILE, "%s: %s-idx%d-ubyte is missing (plain or .gz) beside %s: %s", source,
                   idx_stems[pair][missing], missing ? IDX_LABELS : IDX_IMAGES, folder->path[pair][!missing],
                   missing ? "to predict without labels, give the file of images itself" : "put it there");
}

/* One pair. *classes 0: becomes the largest label + 1; else labels must lie below it. */
static sl_status idx_read_pair(sl_ctx *ctx, char *const path[2], int *classes, idx_file file[2])
{
    sl_status status = idx_read(ctx, path[0], IDX_IMAGES, &file[0]);
    if (!status)
        status = idx_read(ctx, path[1], IDX_LABELS, &file[1]);
    if (!status && file[0].count != file[1].count)
        status =
            sl_fail(ctx, SL_EFORMAT, "%s: has %zu images, but %s has %zu labels: they do not belong together",
                    path[0], file[0].count, path[1], file[1].count);
    if (status)
        return status;
    const unsigned char *label = file[1].memory + file[1].skip;
    int most = 0;
    for (size_t i = 0; i < file[1].count; i++) {
        if (*classes && label[i] >= *classes)
            return sl_fail(ctx, SL_EFORMAT,
                           "%s: label %d of row %zu is out of range: the training labels are 0 to %d",
                           path[1], label[i], i, *classes - 1);
        most = label[i] > most ? label[i] : most;
    }
    *classes = *classes ? *classes : most + 1;
    return SL_OK;
}

/* The classes of the whole set, also when only its test part is opened. */
static sl_status idx_training_classes(sl_ctx *ctx, const char *path, int *classes)
{
    idx_file labels;
    const sl_status status = idx_read(ctx, path, IDX_LABELS, &labels);
    for (size_t i = 0; !status && i < labels.count; i++)
        if (labels.memory[labels.skip + i] >= *classes)
            *classes = labels.memory[labels.skip + i] + 1;
    sl_free(ctx, labels.memory);
    return status;
}

static sl_data *idx_data(sl_ctx *ctx, sl_data_plan plan, const idx_file *file)
{
    plan.shape = sl_dims((int)file->height, (int)file->width);
    plan.bytes = true;
    return sl_data_new(ctx, &plan);
}

static void idx_put_labels(sl_data *data, size_t first, const idx_file *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        data->store->targets[first + i] = labels->memory[labels->skip + i];
}

static sl_data *idx_open_both(sl_ctx *ctx, const char *source, const idx_folder *folder)
{
    int classes = 0;
    idx_file a[2] = { { 0 } }, b[2] = { { 0 } };
    sl_data *data = NULL;
    sl_status status = idx_read_pair(ctx, folder->path[0], &classes, a);
    if (!status)
        status = idx_read_pair(ctx, folder->path[1], &classes, b);
    if (!status && (a[0].height != b[0].height || a[0].width != b[0].width))
        status = sl_fail(ctx, SL_EFORMAT,
                         "%s: the training images are %zu x %zu, the test images %zu x %zu: they do not "
                         "belong together",
                         source, a[0].height, a[0].width, b[0].height, b[0].width);
    if (!status)
        data = idx_data(ctx,
                        (sl_data_plan){ .source = source,
                                        .part = "all",
                                        .rows = a[0].count + b[0].count,
                                        .outputs = 1,
                                        .classes = classes },
                        a);
    if (data) {
        const size_t first = a[0].count * data->features;
        memcpy(data->store->bytes, a[0].memory + a[0].skip, first);
        memcpy(data->store->bytes + first, b[0].memory + b[0].skip, b[0].count * data->features);
        idx_put_labels(data, 0, &a[1]);
        idx_put_labels(data, a[0].count, &b[1]);
    }
    for (int i = 0; i < 2; i++) {
        sl_free(ctx, a[i].memory);
        sl_free(ctx, b[i].memory);
    }
    return data;
}

static sl_data *idx_open_pair(sl_ctx *ctx, const char *source, const idx_folder *folder, int pair)
{
    int classes = 0;
    idx_file file[2] = { { 0 } };
    sl_data *data = NULL;
    sl_status status = SL_OK;
    if (pair == 1 && folder->path[0][1])
        status = idx_training_classes(ctx, folder->path[0][1], &classes);
    if (!status)
        status = idx_read_pair(ctx, folder->path[pair], &classes, file);
    if (!status) { /* the file's own memory becomes the data's: MNIST's 47 MB are not copied */
        data = idx_data(ctx,
                        (sl_data_plan){ .source = source,
                                        .part = idx_parts[pair],
                                        .rows = file[0].count,
                                        .outputs = 1,
                                        .classes = classes,
                                        .memory = file[0].memory,
                                        .skip = file[0].skip },
                        file);
        file[0].memory = NULL;
    }
    if (data)
        idx_put_labels(data, 0, &file[1]);
    sl_free(ctx, file[0].memory);
    sl_free(ctx, file[1].memory);
    return data;
}

static sl_data *idx_open_folder(sl_ctx *ctx, const char *source, const char *part)
{
    idx_folder folder = idx_look(ctx, source);
    const bool has[2] = { idx_has_pair(&folder, 0), idx_has_pair(&folder, 1) };
    const bool all = part && !strcmp(part, "all");
    const int pair = part && !all ? !strcmp(part, "test") : !has[0];
    sl_data *data = NULL;
    if (sl_error(ctx) == SL_ENOMEM)
        ;
    else if (!has[pair])
        sl_fail(ctx, SL_EINVAL,
                "%s: has no %s part: %s-idx3-ubyte and %s-idx1-ubyte are not there: ask for %s", source,
                idx_parts[pair], idx_stems[pair][0], idx_stems[pair][1], idx_parts[!pair]);
    else if (all && has[0] && has[1])
        data = idx_check_pair(ctx, source, &folder, 0) || idx_check_pair(ctx, source, &folder, 1)
                   ? NULL
                   : idx_open_both(ctx, source, &folder);
    else if (!idx_check_pair(ctx, source, &folder, pair))
        data = idx_open_pair(ctx, source, &folder, pair);
    idx_close(ctx, &folder);
    return data;
}

/* --- the format ----------------------------------------------------------------------------------- */

static sl_data *idx_open_images(sl_ctx *ctx, const char *source, const char *part)
{
    idx_file file;
    if (part && strcmp(part, "all") != 0) {
        sl_fail(ctx, SL_EINVAL, "%s: one file has no %s part: leave the part out, or give the folder", source,
                part);
        return NULL;
    }
    if (idx_read(ctx, source, IDX_IMAGES, &file))
        return NULL;
    return idx_data(
        ctx,
        (sl_data_plan){
            .source = source, .part = "all", .rows = file.count, .memory = file.memory, .skip = file.skip },
        &file);
}

static sl_data *idx_open(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how)
{
    (void)how;
    return sl_os_path_kind(source) == SL_PATH_FOLDER ? idx_open_folder(ctx, source, part)
                                                     : idx_open_images(ctx, source, part);
}

/* A folder by a name in it; a file by "idx" in its name, or by its first two bytes and type. */
static bool idx_recognises(sl_ctx *ctx, const char *source)
{
    const sl_path_kind kind = sl_os_path_kind(source);
    if (kind == SL_PATH_FOLDER) {
        idx_folder folder = idx_look(ctx, source);
        const bool found = idx_has_pair(&folder, 0) || idx_has_pair(&folder, 1);
        idx_close(ctx, &folder);
        return found;
    }
    const char *slash = strrchr(source, '/');
    if (kind == SL_PATH_FILE && strstr(slash ? slash : source, "idx"))
        return true;
    int handle;
    unsigned char b[4] = { 1 };
    size_t got = 0;
    if (kind != SL_PATH_FILE || sl_os_path_special(source) || sl_os_open(source, 'r', &handle))
        return false;
    const int error = sl_os_read(handle, b, sizeof b, &got);
    sl_os_close(handle);
    return !error && got == sizeof b && b[0] == 0 && b[1] == 0 && b[2] >= 8 && b[2] <= 14;
}

static bool idx_has_part(sl_ctx *ctx, const char *source, const char *part)
{
    if (sl_os_path_kind(source) != SL_PATH_FOLDER)
        return false;
    idx_folder folder = idx_look(ctx, source);
    const bool has = idx_has_pair(&folder, !strcmp(part, "test"));
    idx_close(ctx, &folder);
    return has;
}

const sl_format sl_format_idx = {
    .name = "idx",
    .summary = "a folder of IDX files with MNIST's names (train-images-idx3-ubyte, train-labels-idx1-ubyte, "
               "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte; plain or .gz) or one IDX file of images",
    .recognises = idx_recognises,
    .has_part = idx_has_part,
    .open = idx_open,
};
