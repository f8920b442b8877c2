/* npy.h - for the tests of arrays: files as numpy writes them. */
#ifndef SL_TESTS_NPY_H
#define SL_TESTS_NPY_H

#include "core/bits.h"
#include "data_place.h"

/* As floats lie in memory here. */
#define NPY_FLOAT (SL_BIG_ENDIAN ? ">f4" : "<f4")

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

/* --- archives ----------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    npy_bytes content;
    int method, flags; /* method 8: in blocks that deflate stores */
    uint64_t size;     /* said instead of the true one; 0: that */
    uint32_t sum;      /* added to the checksum */
    bool wide;         /* by ZIP64 */
} npz_member;

/* By the definition, bit by bit. */
static inline uint32_t npz_sum(const unsigned char *bytes, size_t size)
{
    uint32_t sum = 0xffffffffu;
    for (size_t i = 0; i < size; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0xedb88320u : 0);
    }
    return ~sum;
}

static inline npy_bytes npz_made(const npz_member *members, size_t count, bool wide)
{
    npy_bytes file = { .size = 0 }, list = { .size = 0 };
    for (size_t i = 0; i < count; i++) {
        const npz_member *m = &members[i];
        const uint64_t offset = file.size, size = m->size ? m->size : m->content.size,
                       packed = m->content.size + (m->method ? 5 : 0);
        const uint32_t sum = npz_sum(m->content.bytes, m->content.size) + m->sum;
        npy_add(&file, "PK\3\4\24\0", 6);
        npy_number(&file, (uint64_t)m->flags, 2);
        npy_number(&file, (uint64_t)m->method, 6); /* and the time */
        npy_number(&file, 0, 12);                  /* sizes are taken from the list */
        npy_number(&file, strlen(m->name), 4);
        npy_add(&file, m->name, strlen(m->name));
        if (m->method) {
            npy_number(&file, 1, 1); /* the last block, stored */
            npy_number(&file, m->content.size, 2);
            npy_number(&file, ~(uint64_t)m->content.size, 2);
        }
        npy_add(&file, m->content.bytes, m->content.size);
        npy_add(&list, "PK\1\2\24\0\24\0", 8);
        npy_number(&list, (uint64_t)m->flags, 2);
        npy_number(&list, (uint64_t)m->method, 6);
        npy_number(&list, sum, 4);
        npy_number(&list, m->wide ? 0xffffffffu : packed, 4);
        npy_number(&list, m->wide ? 0xffffffffu : size, 4);
        npy_number(&list, strlen(m->name), 2);
        npy_number(&list, m->wide ? 32 : 0, 2);
        npy_number(&list, 0, 8);
        npy_number(&list, 0, 2);
        npy_number(&list, m->wide ? 0xffffffffu : offset, 4);
        npy_add(&list, m->name, strlen(m->name));
        if (m->wide) { /* another field before the one that counts */
            npy_add(&list, "\7\7\0\0\1\0\30\0", 8);
            npy_number(&list, size, 8);
            npy_number(&list, packed, 8);
            npy_number(&list, offset, 8);
        }
    }
    const uint64_t start = file.size, end = start + list.size;
    npy_add(&file, list.bytes, list.size);
    if (wide) {
        npy_add(&file, "PK\6\6", 4);
        npy_number(&file, 44, 8);
        npy_number(&file, 0, 8);
        npy_number(&file, 0, 4);
        npy_number(&file, count, 8);
        npy_number(&file, count, 8);
        npy_number(&file, list.size, 8);
        npy_number(&file, start, 8);
        npy_add(&file, "PK\6\7\0\0\0\0", 8);
        npy_number(&file, end, 8);
        npy_number(&file, 1, 4);
    }
    npy_add(&file, "PK\5\6\0\0\0\0", 8);
    npy_number(&file, wide ? 0xffff : count, 2);
    npy_number(&file, wide ? 0xffff : count, 2);
    npy_number(&file, wide ? 0xffffffffu : list.size, 4);
    npy_number(&file, wide ? 0xffffffffu : start, 4);
    npy_number(&file, 4, 2);
    npy_add(&file, "PK\5\6", 4); /* a comment that looks like an end */
    return file;
}

#endif
