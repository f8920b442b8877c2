/* npz.c - several arrays of numpy by name, as numpy.savez and savez_compressed write them: x and y, or the
 * four x_train, y_train, x_test, y_test. */
#include "core/os.h"
#include "data/array/images.h"
#include "data/array/zip.h"
#include "data/format.h"

#include <stdio.h>
#include <string.h>

enum { NPZ_ALL, NPZ_TRAIN, NPZ_TEST, NPZ_PARTS };

typedef struct {
    sl_zip zip;
    const sl_zip_member *member[NPZ_PARTS][2]; /* inputs, targets; NULL: not there */
} npz_file;

static bool npz_same(const char *name, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++)
        if (!word[i] || (name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 'a' - 'A' : name[i]) != word[i])
            return false;
    return !word[length];
}

/* Which array this is: part and 0 for inputs, 1 for targets. */
static bool npz_which(const char *name, int *part, int *which)
{
    static const struct {
        const char *word;
        int part, which;
    } words[] = { { "x", NPZ_ALL, 0 },         { "data", NPZ_ALL, 0 },      { "y", NPZ_ALL, 1 },
                  { "target", NPZ_ALL, 1 },    { "targets", NPZ_ALL, 1 },   { "labels", NPZ_ALL, 1 },
                  { "x_train", NPZ_TRAIN, 0 }, { "y_train", NPZ_TRAIN, 1 }, { "x_test", NPZ_TEST, 0 },
                  { "y_test", NPZ_TEST, 1 } };
    size_t length = strlen(name);
    if (length > 4 && !strcmp(name + length - 4, ".npy"))
        length -= 4;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (npz_same(name, length, words[i].word)) {
            *part = words[i].part;
            *which = words[i].which;
            return true;
        }
    return false;
}

/* --- the archive -------------------------------------------------------------------------------------- */

static sl_status npz_unknown(sl_ctx *ctx, const char *source, const npz_file *file)
{
    sl_text list;
    sl_text_init(&list, ctx);
    for (size_t i = 0; i < file->zip.count && list.length < 400; i++)
        sl_text_add(&list, i ? ", %.60s" : "%.60s", file->zip.member[i].name);
    sl_fail(ctx, SL_EFORMAT,
            "%s: has %s: wants arrays x (or data) and y (or target, labels), or x_train, y_train, x_test, "
            "y_test: numpy.savez(file, x=..., y=...)",
            source, list.length ? sl_text_string(&list) : "no arrays");
    sl_text_free(&list);
    return ctx->status;
}

static sl_status npz_look(sl_ctx *ctx, const char *source, npz_file *file)
{
    if (sl_zip_open(ctx, source, &file->zip))
        return ctx->status;
    for (size_t i = 0; i < file->zip.count; i++) {
        int part, which;
        if (!npz_which(file->zip.member[i].name, &part, &which))
            continue;
        const sl_zip_member **member = &file->member[part][which];
        if (*member)
            return sl_fail(ctx, SL_EFORMAT, "%s: has %s and %s: which of the two are the %s? Leave one out",
                           source, (*member)->name, file->zip.member[i].name, which ? "targets" : "inputs");
        *member = &file->zip.member[i];
    }
    const bool one = file->member[NPZ_ALL][0],
               parts = file->member[NPZ_TRAIN][0] || file->member[NPZ_TEST][0];
    if (one && parts)
        return sl_fail(ctx, SL_EFORMAT, "%s: has %s and %s: wants either one part or two", source,
                       file->member[NPZ_ALL][0]->name,
                       file->member[file->member[NPZ_TRAIN][0] ? NPZ_TRAIN : NPZ_TEST][0]->name);
    if (!one && !parts)
        return npz_unknown(ctx, source, file);
    for (int part = 0; part < NPZ_PARTS; part++)
        if (file->member[part][1] && !file->member[part][0])
            return sl_fail(ctx, SL_EFORMAT, "%s: has targets, %s, without the inputs to them", source,
                           file->member[part][1]->name);
    return SL_OK;
}

/* The header is read, and must agree with the size, before there is memory for the values. */
static sl_status npz_read(sl_ctx *ctx, const char *source, const npz_file *file, int part, int which,
                          sl_array *array)
{
    const sl_zip_member *member = file->member[part][which];
    sl_text text;
    sl_text_init(&text, ctx);
    sl_text_add(&text, "%s, %s", source, member->name);
    char *name = sl_strdup(ctx, sl_text_string(&text));
    sl_text_free(&text);
    unsigned char start[SL_ARRAY_START];
    const size_t size = (size_t)member->size, first = size < sizeof start ? size : sizeof start;
    size_t head = 0;
    sl_array_head found;
    unsigned char *bytes = NULL;
    if (name && !sl_zip_peek(&file->zip, member, name, start, first) &&
        !sl_array_head_size(ctx, name, start, first, size, &head))
        bytes = sl_alloc(ctx, head + SL_ARRAY_START);
    if (bytes && !sl_zip_peek(&file->zip, member, name, bytes, head))
        sl_array_read_head(ctx, name, bytes, size, &found);
    sl_free(ctx, bytes);
    unsigned char *memory = ctx->status ? NULL : sl_alloc_unset(ctx, size);
    if (!memory || sl_zip_read(&file->zip, member, name, memory)) {
        sl_free(ctx, memory);
        sl_free(ctx, name);
        return ctx->status;
    }
    return sl_array_open(ctx, array, name, memory, size);
}

/* --- targets ------------------------------------------------------------------------------------------ */

/* Names to codes, which numbers->values [rows, width] has in its last column. */
static sl_status npz_names(sl_ctx *ctx, const sl_array *y, sl_numbers *numbers)
{
    const size_t width = numbers->inputs + 1;
    sl_text text;
    sl_text_init(&text, ctx);
    sl_dictionary_init(&numbers->classes, ctx);
    for (size_t row = 0; row < numbers->rows && !ctx->status; row++) {
        double *to = &numbers->values[row * width + numbers->inputs];
        *to = 0.0;
        if (sl_array_word(ctx, y, row, &text))
            break;
        const size_t code =
            text.length ? sl_dictionary_add(&numbers->classes, text.bytes, text.length) : SIZE_MAX;
        if (text.length)
            *to = (double)code;
        else
            sl_fail(ctx, SL_EFORMAT, "%s: the name in row %zu is empty: leave the row out", y->name, row);
    }
    sl_text_free(&text);
    uint32_t *became = ctx->status ? NULL : sl_alloc_array(ctx, numbers->classes.count, sizeof *became);
    if (became && !sl_dictionary_sort(&numbers->classes, became))
        for (size_t row = 0; row < numbers->rows; row++) {
            double *to = &numbers->values[row * width + numbers->inputs];
            *to = became[(size_t)*to];
        }
    sl_free(ctx, became);
    return ctx->status;
}

/* x may be NULL: the targets alone. */
static sl_status npz_numbers(sl_ctx *ctx, const char *source, const sl_array *x, const sl_array *y,
                             sl_numbers *numbers)
{
    char text[160];
    *numbers = (sl_numbers){ .ctx = ctx, .source = source };
    if (y && (y->head.rank > 2 || (y->head.kind == 'U' && y->head.features > 1)))
        return sl_fail(ctx, SL_EFORMAT, "%s: is %s: wants targets [rows], or [rows, targets] of numbers",
                       y->name, sl_array_text(text, &y->head));
    if (x && x->head.kind == 'U')
        return sl_fail(ctx, SL_EFORMAT, "%s: is %s: texts cannot be inputs", x->name,
                       sl_array_text(text, &x->head));
    if (x && y && x->head.rows != y->head.rows)
        return sl_fail(ctx, SL_EFORMAT, "%s has %zu rows, %s has %zu: they do not belong together", x->name,
                       x->head.rows, y->name, y->head.rows);
    numbers->rows = (x ? x : y)->head.rows;
    numbers->inputs = x ? x->head.features : 0;
    numbers->outputs = y ? y->head.features : 0;
    const size_t width = numbers->inputs + numbers->outputs;
    if (width < numbers->inputs || width > SIZE_MAX / sizeof(double))
        return sl_fail(ctx, SL_ESHAPE, "%s: has more columns than can be handled", source);
    numbers->whole = y && strchr("iub", y->head.kind);
    numbers->values = sl_alloc_array(ctx, numbers->rows, width * sizeof(double));
    if (!numbers->values || (x && sl_array_numbers(ctx, x, numbers->values, width)))
        return ctx->status;
    if (!y)
        return SL_OK;
    return y->head.kind == 'U' ? npz_names(ctx, y, numbers)
                               : sl_array_numbers(ctx, y, numbers->values + numbers->inputs, width);
}

/* --- parts -------------------------------------------------------------------------------------------- */

/* A part as images with their targets, or (table) as rows of numbers. */
static sl_status npz_part(sl_ctx *ctx, const char *source, const npz_file *file, int part, bool *table,
                          sl_images *images)
{
    sl_array y = { .name = NULL };
    const bool has = file->member[part][1];
    if (npz_read(ctx, source, file, part, 0, &images->x) || (has && npz_read(ctx, source, file, part, 1, &y)))
        return ctx->status;
    *table = images->x.head.rank <= 2;
    if (*table || has)
        npz_numbers(ctx, source, *table ? &images->x : NULL, has ? &y : NULL, &images->y);
    sl_array_close(ctx, &y);
    if (*table)
        sl_array_close(ctx, &images->x);
    return ctx->status;
}

static sl_data *npz_images(sl_ctx *ctx, const char *source, const char *name, sl_images *part, int count,
                           const sl_images *train, const sl_opening *how)
{
    const char *task = how && how->options ? how->options->task : NULL;
    if (sl_numbers_refuse(ctx, source, how, "rows of several dimensions have no columns"))
        return NULL;
    for (int p = 0; p < count; p++)
        if (sl_images_classify(&part[p], task, p ? &part[0].y : train ? &train->y : NULL))
            return NULL;
    if (train && train->y.classes.count) { /* all classes have their names also where few of them occur */
        sl_dictionary_free(&part[0].y.classes);
        if (sl_dictionary_copy(&part[0].y.classes, ctx, &train->y.classes))
            return NULL;
    }
    return sl_images_data(ctx, source, name, part, count);
}

/* Both parts of a table as one. */
static sl_status npz_join(sl_ctx *ctx, sl_numbers *a, const sl_numbers *b)
{
    const size_t width = a->inputs + a->outputs;
    if (a->inputs != b->inputs || a->outputs != b->outputs || !a->classes.count != !b->classes.count)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: the training part has %zu inputs and %zu targets, the test part %zu and %zu: "
                       "they do not belong together",
                       a->source, a->inputs, a->outputs, b->inputs, b->outputs);
    double *values = sl_alloc_array(ctx, a->rows + b->rows, width * sizeof *values);
    if (!values)
        return ctx->status;
    memcpy(values, a->values, a->rows * width * sizeof *values);
    memcpy(values + a->rows * width, b->values, b->rows * width * sizeof *values);
    for (size_t row = 0; a->classes.count && row < b->rows && !ctx->status; row++) {
        double *code = &values[(a->rows + row) * width + a->inputs];
        const char *word = sl_dictionary_word(&b->classes, (size_t)*code);
        const size_t place = sl_dictionary_find(&a->classes, word, strlen(word));
        if (place == SIZE_MAX)
            sl_fail(ctx, SL_EFORMAT, "%s: class '%.60s' of the test part is none of the training part",
                    a->source, word);
        *code = (double)place;
    }
    sl_free(ctx, a->values);
    a->values = values;
    a->rows += b->rows;
    return ctx->status;
}

/* parts: which of them, one or two behind one another. The test part is known by the training part. */
static sl_data *npz_open_parts(sl_ctx *ctx, const char *source, const char *name, const npz_file *file,
                               const int *parts, int count, const sl_opening *how)
{
    sl_images part[2] = { { .x = { .name = NULL } } }, train = { .x = { .name = NULL } };
    bool table = false, other = false;
    sl_columns *found = NULL;
    sl_data *data = NULL;
    const bool known = parts[0] == NPZ_TEST && file->member[NPZ_TRAIN][0] && file->member[NPZ_TRAIN][1] &&
                       !(how && how->columns);
    sl_status status = npz_part(ctx, source, file, parts[0], &table, &part[0]);
    if (!status && count == 2)
        status = npz_part(ctx, source, file, parts[1], &other, &part[1]);
    if (!status && count == 2 && table != other)
        status = sl_fail(ctx, SL_EFORMAT, "%s: x_train and x_test differ in their dimensions", source);
    if (!status && known)
        status = npz_part(ctx, source, file, NPZ_TRAIN, &other, &train);
    if (!status && known && table && other && !sl_numbers_check(&train.y) && !sl_numbers_fold(&train.y) &&
        train.y.outputs == 1)
        found = sl_numbers_columns(&train.y, how);
    if (!status && known && !table)
        sl_images_classify(&train, how && how->options ? how->options->task : NULL, NULL);
    if (!ctx->status && table && count == 2)
        npz_join(ctx, &part[0].y, &part[1].y);
    if (!ctx->status)
        data = table ? sl_numbers_open(&part[0].y, name, found, how)
                     : npz_images(ctx, source, name, part, count, known ? &train : NULL, how);
    sl_columns_free(found);
    sl_images_free(ctx, &part[0]);
    sl_images_free(ctx, &part[1]);
    sl_images_free(ctx, &train);
    return data;
}

/* --- the format --------------------------------------------------------------------------------------- */

static sl_data *npz_open(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how)
{
    npz_file file = { .zip = { .ctx = NULL } };
    sl_data *data = NULL;
    const bool all = part && !strcmp(part, "all"), test = part && !strcmp(part, "test");
    if (npz_look(ctx, source, &file)) {
        sl_zip_close(&file.zip);
        return NULL;
    }
    const bool one = file.member[NPZ_ALL][0],
               has[] = { file.member[NPZ_TRAIN][0] != NULL, file.member[NPZ_TEST][0] != NULL };
    const bool wanted = part && !all ? test : !has[0];
    if (one && part && !all)
        sl_fail(ctx, SL_EINVAL, "%s: has no %s part, only x and y: leave the part out", source, part);
    else if (!one && !has[wanted])
        sl_fail(ctx, SL_EINVAL, "%s: has no %s part: there is no x_%s: ask for %s", source, part, part,
                wanted ? "train" : "test");
    else if (one)
        data = npz_open_parts(ctx, source, "all", &file, (const int[]){ NPZ_ALL }, 1, how);
    else if (all && has[0] && has[1])
        data = npz_open_parts(ctx, source, "all", &file, (const int[]){ NPZ_TRAIN, NPZ_TEST }, 2, how);
    else
        data = npz_open_parts(ctx, source, wanted ? "test" : "train", &file,
                              (const int[]){ wanted ? NPZ_TEST : NPZ_TRAIN }, 1, how);
    sl_zip_close(&file.zip);
    return data;
}

static bool npz_recognises(sl_ctx *ctx, const char *source)
{
    unsigned char b[4] = { 0 };
    const size_t length = strlen(source);
    size_t got = 0;
    int handle;
    (void)ctx;
    if (sl_os_path_kind(source) != SL_PATH_FILE || sl_os_path_special(source))
        return false;
    if (length > 4 && !strcmp(source + length - 4, ".npz"))
        return true;
    if (sl_os_open(source, 'r', &handle))
        return false;
    const int error = sl_os_read(handle, b, sizeof b, &got);
    sl_os_close(handle);
    return !error && got == sizeof b && b[0] == 'P' && b[1] == 'K' && b[2] == 3 && b[3] == 4;
}

/* Keeps no error but that of memory: opening will say what is wrong. */
static bool npz_has_part(sl_ctx *ctx, const char *source, const char *part)
{
    npz_file file = { .zip = { .ctx = NULL } };
    if (ctx->status)
        return false;
    const bool has =
        !npz_look(ctx, source, &file) && file.member[strcmp(part, "test") ? NPZ_TRAIN : NPZ_TEST][0];
    sl_zip_close(&file.zip);
    if (ctx->status && ctx->status != SL_ENOMEM)
        sl_clear(ctx);
    return has;
}

const sl_format sl_format_npz = {
    .name = "npz",
    .summary = "arrays of numpy by name (.npz: x and y, or x_train, y_train, x_test, y_test)",
    .recognises = npz_recognises,
    .has_part = npz_has_part,
    .open = npz_open,
};
