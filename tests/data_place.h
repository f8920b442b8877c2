/* data_place.h - for the tests of data: a context, a folder for files, and what a refusal must say. */
#ifndef SL_TESTS_DATA_PLACE_H
#define SL_TESTS_DATA_PLACE_H

#include "data/data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct {
    sl_ctx *ctx;
    char folder[64], path[128];
} bench;

static inline int set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    snprintf(b->folder, sizeof b->folder, "/tmp/slope-data-XXXXXX");
    if (!mkdtemp(b->folder))
        return 1;
    b->ctx = sl_ctx_new(NULL);
    *state = b;
    return 0;
}

static inline const char *in_folder(bench *b, const char *name)
{
    snprintf(b->path, sizeof b->path, "%s/%s", b->folder, name);
    return b->path;
}

static const char *const names[4] = { "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                      "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" };

static inline void clean(bench *b)
{
    static const char *const others[] = { "train-images.idx3-ubyte", "train-labels.idx1-ubyte", "picture",
                                          "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz" };
    for (size_t i = 0; i < 4; i++)
        remove(in_folder(b, names[i]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        remove(in_folder(b, others[i]));
    sl_clear(b->ctx);
}

static inline int tear_down(void **state)
{
    bench *b = *state;
    clean(b);
    rmdir(b->folder);
    sl_ctx_free(b->ctx);
    free(b);
    return 0;
}

static inline void put(bench *b, const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(in_folder(b, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* Opening must fail with this status, in a sentence that holds all the words. */
static inline void refused(bench *b, const char *source, const char *part, sl_status status,
                           const char *first, const char *second)
{
    sl_clear(b->ctx);
    const size_t before = sl_ctx_bytes(b->ctx);
    assert_null(sl_data_open(b->ctx, source, part));
    if (sl_error(b->ctx) != status || !strstr(sl_message(b->ctx), first) ||
        !strstr(sl_message(b->ctx), second))
        fail_msg("status %d, wants %d with '%s' and '%s': %s", sl_error(b->ctx), status, first, second,
                 sl_message(b->ctx));
    assert_int_equal(sl_ctx_bytes(b->ctx), before);
    sl_clear(b->ctx);
}

static inline void count_classes(const sl_data *data, size_t counts[10])
{
    memset(counts, 0, 10 * sizeof counts[0]);
    for (size_t row = 0; row < sl_data_rows(data); row++) {
        sl_real y;
        sl_data_row(data, row, NULL, &y);
        counts[(size_t)y]++;
    }
}

#endif
