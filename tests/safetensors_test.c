/* safetensors_test.c - the container: round trip, foreign dtypes, hostile headers. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "model/safetensors.h"
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct {
    sl_ctx *ctx;
    sl_arena arena;
    char folder[64], path[96];
} safetensors_place;

static int safetensors_setup(void **state)
{
    safetensors_place *place = calloc(1, sizeof *place);
    place->ctx = sl_ctx_new(NULL);
    sl_arena_init(&place->arena, place->ctx);
    strcpy(place->folder, "/tmp/slope-model-XXXXXX");
    *state = place;
    if (!place->ctx || !mkdtemp(place->folder))
        return 1;
    snprintf(place->path, sizeof place->path, "%s/m.safetensors", place->folder);
    return 0;
}

static int safetensors_teardown(void **state)
{
    safetensors_place *place = *state;
    unlink(place->path);
    const int kept = rmdir(place->folder); /* nothing else was written */
    sl_arena_free(&place->arena);
    const size_t left = sl_ctx_bytes(place->ctx);
    sl_ctx_free(place->ctx);
    free(place);
    return kept || left;
}

/* From a block of exactly that size. The result points into it: *block is freed after use. */
static sl_safetensors *safetensors_from(safetensors_place *place, const void *bytes, size_t size,
                                        unsigned char **block)
{
    *block = malloc(size + !size);
    memcpy(*block, bytes, size);
    return sl_safetensors_read(&place->arena, "m", *block, size);
}

/* A file of a header and `data` bytes 0, 1, 2, ... Returns its size. */
static size_t safetensors_file(unsigned char out[4096], const char *header, size_t data)
{
    const size_t length = strlen(header);
    memset(out, 0, 8);
    out[0] = (unsigned char)length;
    out[1] = (unsigned char)(length >> 8);
    memcpy(out + 8, header, length);
    for (size_t i = 0; i < data; i++)
        out[8 + length + i] = (unsigned char)i;
    return 8 + length + data;
}

static void safetensors_round_trip(void **state)
{
    safetensors_place *place = *state;
    static const sl_real weight[6] = { 1, -2, SL_R(0.1), 4, SL_R(1e-30), SL_R(-0.0) };
    static const char words[] = "caf\xc3\xa9";
    static const int64_t step[1] = { INT64_MIN };
    const char *json = "{\"format\": 1, \"text\": \"\xc3\xa9\\n\"}";
    unsigned char *bytes[2];
    size_t size[2];
    for (int i = 0; i < 2; i++) {
        sl_safetensors_writer writer;
        sl_safetensors_begin(&writer, place->ctx);
        sl_safetensors_put(&writer, "words", SL_U8, sl_dims(5), words);
        sl_safetensors_put_metadata(&writer, "slope", json);
        sl_safetensors_put(&writer, "dense_1.weight", SL_DTYPE_REAL, sl_dims(2, 3), weight);
        sl_safetensors_put(&writer, "nothing", SL_F32, sl_dims(0, 7), NULL);
        sl_safetensors_put(&writer, "a \"name\"", SL_I64, (sl_shape){ 0 }, step);
        sl_safetensors_put_metadata(&writer, "more", "");
        assert_int_equal(sl_safetensors_write(&writer, place->path, true), SL_OK);
        assert_int_equal(sl_file_read(place->ctx, place->path, &bytes[i], &size[i]), SL_OK);
    }
    assert_true(size[0] == size[1] && !memcmp(bytes[0], bytes[1], size[0]));
    assert_int_equal(bytes[0][0] % 8, 0); /* the header's length: the data begins at a multiple of 8 */
    sl_safetensors *file = sl_safetensors_read(&place->arena, place->path, bytes[0], size[0]);
    if (!file)
        fail_msg("%s", sl_message(place->ctx));
    static const char *const names[] = { "words", "dense_1.weight", "nothing", "a \"name\"" };
    assert_int_equal(file->count, 4);
    for (size_t i = 0; i < 4; i++) /* in the order in which they were put */
        assert_string_equal(file->tensors[i].name, names[i]);
    assert_string_equal(sl_safetensors_metadata(file, "slope"), json);
    assert_string_equal(sl_safetensors_metadata(file, "more"), "");
    assert_null(sl_safetensors_metadata(file, "none"));
    const sl_safetensor *w = sl_safetensors_need(file, "dense_1.weight");
    sl_real reals[6];
    assert_true(w->dtype == SL_DTYPE_REAL && w->shape.rank == 2 && w->shape.dim[0] == 2 &&
                w->shape.dim[1] == 3);
    assert_int_equal(sl_safetensors_copy_reals(w, reals, 6), SL_OK);
    assert_memory_equal(reals, weight, sizeof weight);
    assert_memory_equal(sl_safetensors_find(file, "words")->bytes, words, 5);
    int64_t whole[5];
    assert_int_equal(sl_safetensors_copy_integers(sl_safetensors_find(file, "a \"name\""), whole, 1), SL_OK);
    assert_true(whole[0] == INT64_MIN);
    assert_int_equal(sl_safetensors_copy_reals(sl_safetensors_find(file, "nothing"), reals, 0), SL_OK);
    assert_int_equal(sl_safetensors_copy_reals(w, reals, 5), SL_ESHAPE);
    assert_non_null(
        strstr(sl_message(place->ctx), "'dense_1.weight' wants 5 numbers, found 6, shape [2, 3]"));
    sl_clear(place->ctx);
    assert_int_equal(sl_safetensors_copy_integers(w, whole, 6), SL_EFORMAT);
    sl_clear(place->ctx);
    assert_null(sl_safetensors_need(file, "none"));
    assert_int_equal(sl_error(place->ctx), SL_EFORMAT);
    assert_int_equal(sl_safetensors_copy_reals(NULL, reals, 0), SL_EINVAL);
    for (int i = 0; i < 2; i++)
        sl_free(place->ctx, bytes[i]);
}

/* Every file that is cut short is refused, and said to be cut short. */
static void safetensors_cut_short(void **state)
{
    safetensors_place *place = *state;
    unsigned char whole[4096], *block;
    const size_t size = safetensors_file(whole,
                                         "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},"
                                         "\"b\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[16,25]}}",
                                         25);
    assert_non_null(safetensors_from(place, whole, size, &block));
    free(block);
    for (size_t cut = 0; cut < size; cut++) {
        assert_null(safetensors_from(place, whole, cut, &block));
        free(block);
        assert_int_equal(sl_error(place->ctx), SL_EFORMAT);
        if (strncmp(sl_message(place->ctx), "m: cut short: ", 14))
            fail_msg("cut to %zu of %zu: %s", cut, size, sl_message(place->ctx));
        sl_clear(place->ctx);
    }
}

#define SAFETENSORS_ONE(dtype, shape, offsets)                                                               \
    "{\"a\":{\"dtype\":" dtype ",\"shape\":" shape ",\"data_offsets\":" offsets "}}"
#define SAFETENSORS_TWO(first, second)                                                                       \
    "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":" first                                         \
    "},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":" second "}}"

static void safetensors_hostile_headers(void **state)
{
    safetensors_place *place = *state;
    static const struct {
        const char *header;
        size_t data;
        const char *words; /* NULL: it is good */
    } cases[] = {
        { "{}", 0, NULL },
        { "{}      ", 0, NULL },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[0,4]"), 4, NULL },
        { SAFETENSORS_ONE("\"F32\"", "[]", "[0,4]"), 4, NULL },
        { SAFETENSORS_ONE("\"F32\"", "[0]", "[0,0]"), 0, NULL },
        { SAFETENSORS_ONE("\"F32\"", "[2147483647,0,2147483647,2147483647,2147483647]", "[0,0]"), 0, NULL },
        { SAFETENSORS_TWO("[4,8]", "[0,4]"), 8, NULL }, /* the header's order is free */
        { "{\"__metadata__\":{}}", 0, NULL },
        { " {}", 0, "no safetensors file: byte 9 wants to be '{', found 0x20" },
        { "[]", 0, "no safetensors file" },
        { "{", 0, "m: header line 1 column 2: wants a name" },
        { "{} x", 0, "line 1 column 4: wants nothing more" },
        { "{\"a\":1,\"a\":2}", 0, "given twice" },
        { "{\"a\":1}", 0, "tensor 'a' has no text 'dtype'" },
        { "{\"a\\u0000b\":{}}", 0, "tensor 'a' goes on behind a zero byte" },
        { "{\"a\\u001b[2J\":{}}", 0, "tensor 'a?[2J' has no" },
        { "{\"__metadata__\":[]}", 0, "__metadata__ wants an object" },
        { "{\"__metadata__\":{\"k\":1}}", 0, "__metadata__ wants texts only, 'k'" },
        { "{} ", 1, "1 bytes behind the last tensor" },
        { SAFETENSORS_ONE("\"F31\"", "[1]", "[0,4]"), 4, "dtype 'F31'" },
        { SAFETENSORS_ONE("32", "[1]", "[0,4]"), 4, "no text 'dtype'" },
        { SAFETENSORS_ONE("\"F32\"", "4", "[0,4]"), 4, "no list 'shape'" },
        { SAFETENSORS_ONE("\"F32\"", "[1.0]", "[0,4]"), 4, "dimension 0 of tensor 'a' is 1.0" },
        { SAFETENSORS_ONE("\"F32\"", "[1,-1]", "[0,4]"), 4, "dimension 1 of tensor 'a' is -1" },
        { SAFETENSORS_ONE("\"F32\"", "[\"1\"]", "[0,4]"), 4, "is not a number" },
        { SAFETENSORS_ONE("\"F32\"", "[2147483648]", "[0,4]"), 4, "is 2147483648, wants 0 to 2147483647" },
        { SAFETENSORS_ONE("\"F32\"", "[1,1,1,1,1,1,1]", "[0,4]"), 4, "has 7 dimensions" },
        { SAFETENSORS_ONE("\"F64\"", "[2147483647,2147483647,4]", "[0,0]"), 0, "too large" },
        { SAFETENSORS_ONE("\"F32\"", "[65536,65536,65536,16384]", "[0,0]"), 0, "too large" }, /* 2^64: 0 */
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[0,3]"), 3, "wants 4 bytes, its data_offsets hold 3" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[0]"), 4, "wants 'data_offsets'" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[0,4,8]"), 4, "wants 'data_offsets'" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[4,0]"), 4, "begin <= end" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[-4,0]"), 4, "wants 'data_offsets'" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[0.0,4]"), 4, "wants 'data_offsets'" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "\"04\""), 4, "wants 'data_offsets'" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[1,5]"), 5, "1 bytes before tensor 'a' belong to no tensor" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[0,4]"), 5, "1 bytes behind the last tensor" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[18446744073709551612,18446744073709551616]"), 4,
          "wants 'data_offsets'" },
        { SAFETENSORS_ONE("\"F32\"", "[1]", "[18446744073709551611,18446744073709551615]"), 4, "cut short" },
        { SAFETENSORS_TWO("[0,4]", "[2,6]"), 6, "tensors 'a' and 'b' lie over one another" },
        { SAFETENSORS_TWO("[0,4]", "[0,4]"), 4, "lie over one another" },
        { SAFETENSORS_TWO("[0,4]", "[5,9]"), 9, "1 bytes before tensor 'b'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char bytes[4096], *block;
        const size_t size = safetensors_file(bytes, cases[i].header, cases[i].data);
        const sl_safetensors *file = safetensors_from(place, bytes, size, &block);
        if ((file == NULL) != (cases[i].words != NULL) || (!file && sl_error(place->ctx) != SL_EFORMAT) ||
            (!file && !strstr(sl_message(place->ctx), cases[i].words)))
            fail_msg("%s, %zu bytes of data: '%s'", cases[i].header, cases[i].data, sl_message(place->ctx));
        free(block);
        sl_clear(place->ctx);
    }
    unsigned char huge[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, '{', '}' }, *block;
    assert_null(safetensors_from(place, huge, sizeof huge, &block));
    free(block);
    assert_non_null(strstr(sl_message(place->ctx), "a header of 18446744073709551615 bytes, wants at most"));
}

/* One of each dtype; all begin at odd addresses. */
static void safetensors_dtypes(void **state)
{
    safetensors_place *place = *state;
    static const struct {
        const char *dtype;
        size_t size;
        unsigned char bytes[8];
        double value;
    } cases[] = {
        { "F64", 8, { 0, 0, 0, 0, 0, 0, 0xf8, 0xbf }, -1.5 },
        { "F32", 4, { 0, 0, 0xc0, 0x3f }, 1.5 },
        { "F16", 2, { 0x00, 0xbe }, -1.5 },
        { "F16", 2, { 0x01, 0x00 }, 0x1p-24 },         /* the smallest denormal */
        { "F16", 2, { 0xff, 0x83 }, -1023 * 0x1p-24 }, /* the largest */
        { "F16", 2, { 0x00, 0x04 }, 0x1p-14 },         /* the smallest normal */
        { "F16", 2, { 0xff, 0x7b }, 65504 },           /* the largest */
        { "F16", 2, { 0x00, 0xfc }, -1e300 * 1e300 },
        { "BF16", 2, { 0xc0, 0x3f }, 1.5 },
        { "BF16", 2, { 0x80, 0xff }, -1e300 * 1e300 },
        { "I64", 8, { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, -2 },
        { "I32", 4, { 0, 0, 0, 0x80 }, -2147483648.0 },
        { "I16", 2, { 0xff, 0x7f }, 32767 },
        { "I8", 1, { 0x80 }, -128 },
        { "U8", 1, { 0xff }, 255 },
        { "BOOL", 1, { 1 }, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char header[256];
        unsigned char bytes[4096], *block;
        snprintf(header, sizeof header,
                 "{\"odd\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                 "\"t\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[1,%zu]}}",
                 cases[i].dtype, 1 + cases[i].size);
        const size_t size = safetensors_file(bytes, header, 1 + cases[i].size);
        memcpy(bytes + size - cases[i].size, cases[i].bytes, cases[i].size);
        const sl_safetensors *file = safetensors_from(place, bytes, size, &block);
        assert_non_null(file);
        sl_real real = 42;
        int64_t whole = 42;
        const sl_safetensor *t = sl_safetensors_find(file, "t");
        assert_string_equal(sl_dtype_name(t->dtype), cases[i].dtype);
        if (t->dtype <= SL_BF16) {
            assert_int_equal(sl_safetensors_copy_reals(t, &real, 1), SL_OK);
            assert_true((double)real == cases[i].value);
            assert_int_equal(sl_safetensors_copy_integers(t, &whole, 1), SL_EFORMAT);
        } else {
            assert_int_equal(sl_safetensors_copy_integers(t, &whole, 1), SL_OK);
            assert_true((double)whole == cases[i].value);
            assert_int_equal(sl_safetensors_copy_reals(t, &real, 1), SL_EFORMAT);
        }
        sl_clear(place->ctx);
        free(block);
    }
}

static void safetensors_writer_refuses(void **state)
{
    safetensors_place *place = *state;
    static const struct {
        const char *name;
        sl_shape shape;
        const char *words;
    } cases[] = { { "first", { 1, { 1 } }, "'first' is given twice" },
                  { "__metadata__", { 1, { 1 } }, "is reserved" },
                  { "a", { 1, { -1 } }, "too large" },
                  { "a", { 7, { 1, 1, 1, 1, 1, 1 } }, "too large" },
                  { "a", { 4, { 65536, 65536, 65536, 65536 } }, "too large" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_safetensors_writer writer;
        sl_safetensors_begin(&writer, place->ctx);
        sl_safetensors_put(&writer, "first", SL_U8, sl_dims(1), "x");
        sl_safetensors_put(&writer, cases[i].name, SL_U8, cases[i].shape, "x");
        sl_safetensors_put(&writer, "last", SL_U8, sl_dims(1), "x");
        assert_int_equal(sl_safetensors_write(&writer, place->path, false), SL_EINVAL);
        assert_non_null(strstr(sl_message(place->ctx), cases[i].words));
        sl_clear(place->ctx);
        assert_int_equal(access(place->path, F_OK), -1); /* nothing was written */
    }
    sl_safetensors_writer writer;
    sl_safetensors_begin(&writer, place->ctx);
    sl_safetensors_put(&writer, "first", SL_U8, sl_dims(1), "x");
    assert_int_equal(sl_safetensors_write(&writer, NULL, false), SL_OK); /* given up */
    assert_int_equal(sl_safetensors_write(&writer, "/none/m.safetensors", false), SL_EWRITE);
}

static void safetensors_memory_runs_out(void **state)
{
    safetensors_place *place = *state;
    size_t refused = 0;
    for (size_t n = 1;; n++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        memory.fail_at = memory.calls + n;
        sl_safetensors_writer writer;
        sl_safetensors_begin(&writer, ctx);
        sl_safetensors_put_metadata(&writer, "k", "v");
        for (int i = 0; i < 70; i++) {
            char name[16];
            snprintf(name, sizeof name, "t%d", i);
            sl_safetensors_put(&writer, name, SL_U8, sl_dims(2), "xy");
        }
        sl_status status = sl_safetensors_write(&writer, place->path, false);
        unsigned char *bytes = NULL;
        size_t size;
        sl_arena arena;
        sl_arena_init(&arena, ctx);
        if (!status)
            status = sl_file_read(ctx, place->path, &bytes, &size);
        if (!status && !sl_safetensors_read(&arena, "m", bytes, size))
            status = sl_error(ctx);
        assert_int_equal(status, memory.calls < memory.fail_at ? SL_OK : SL_ENOMEM);
        sl_arena_free(&arena);
        sl_free(ctx, bytes);
        assert_int_equal(sl_ctx_bytes(ctx), 0);
        sl_ctx_free(ctx);
        assert_int_equal(memory.blocks, 0);
        if (!status)
            break;
        refused++;
    }
    assert_true(refused > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(safetensors_round_trip, safetensors_setup, safetensors_teardown),
        cmocka_unit_test_setup_teardown(safetensors_cut_short, safetensors_setup, safetensors_teardown),
        cmocka_unit_test_setup_teardown(safetensors_hostile_headers, safetensors_setup, safetensors_teardown),
        cmocka_unit_test_setup_teardown(safetensors_dtypes, safetensors_setup, safetensors_teardown),
        cmocka_unit_test_setup_teardown(safetensors_writer_refuses, safetensors_setup, safetensors_teardown),
        cmocka_unit_test_setup_teardown(safetensors_memory_runs_out, safetensors_setup, safetensors_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
