/* npy.h - for the tests of arrays: files as numpy writes them. */
#ifndef SL_TESTS_NPY_H
#define SL_TESTS_NPY_H

#include "data_place.h"

typedef struct {
    unsigned char bytes[8192];
    size_t size;
} npy_bytes;

static inline void npy_add(npy_bytes *to, const void *bytes, size_t size)
{
    assert_true(size <= sizeof to->bytes - to->size);
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

static inline void npy_number(npy_bytes *to, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++, number >>= 8)
        npy_add(to, &(const unsigned char){ (unsigned char)number }, 1);
}

static inline npy_bytes npy_made(int version, const char *head, const void *values, size_t size)
{
    npy_bytes made = { .size = 0 };
    npy_add(&made, "\x93NUMPY", 6);
    npy_number(&made, (uint64_t)version, 2);
    npy_number(&made, strlen(head), version == 1 ? 2 : 4);
    npy_add(&made, head, strlen(head));
    npy_add(&made, values, size);
    return made;
}

static inline npy_bytes npy_array(const char *type, const char *shape, const void *values, size_t size)
{
    char head[160];
    snprintf(head, sizeof head, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }   \n", type, shape);
    return npy_made(1, head, values, size);
}

static inline void npy_put(bench *b, const char *name, npy_bytes made)
{
    put(b, name, made.bytes, made.size);
}

static inline sl_data *npy_open(bench *b, const char *name, const char *part, const sl_table_options *options)
{
    sl_data *data = sl_data_open_table(b->ctx, in_folder(b, name), part, options);
    if (!data)
        fail_msg("%s: %s", name, sl_message(b->ctx));
    return data;
}

static inline void npy_drop(bench *b, const char *const *files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        remove(in_folder(b, files[i]));
    assert_int_equal(sl_error(b->ctx), SL_OK);
    assert_int_equal(sl_ctx_bytes(b->ctx), 0);
}
#define NPY_DROP(b, ...)                                                                                     \
    npy_drop(b, (const char *const[]){ __VA_ARGS__ },                                                        \
             sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

#endif
