/* Arrays of numpy in an archive. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "npy.h"
#include "core/file.h"
#include "memory.h"

static const unsigned char npz_x[] = { 1, 5, 2, 6, 4, 9, 3, 3 };
#define NPZ_X                                                                                                \
    {                                                                                                        \
        .name = "x.npy", .content = npy_array("|u1", "4, 2", npz_x, 8)                                       \
    }
#define NPZ_Y                                                                                                \
    {                                                                                                        \
        .name = "Y.npy", .content = npy_array("<i8", "4,", npz_y, 32)                                        \
    }
static const unsigned char npz_y[32] = { 3, [8] = 5, [16] = 3, [24] = 5 };

static void npz_reads(void **state)
{
    bench *b = *state;
    static const char csv[] = "x0,x1,y\n1,5,3\n2,6,5\n4,9,3\n3,3,5\n";
    put(b, "a.csv", csv, sizeof csv - 1);
    sl_data *plain = npy_open(b, "a.csv", NULL, &(sl_table_options){ .target = "y" });
    for (int form = 0; form < 4; form++) {
        npz_member members[] = { NPZ_X, { .name = "notes.txt", .content = { .size = 3 } }, NPZ_Y };
        members[0].wide = members[2].wide = form & 1;
        put(b, "a.npz", npz_made(members, 3, form & 2).bytes, npz_made(members, 3, form & 2).size);
        sl_data *data = npy_open(b, "a.npz", NULL, NULL);
        assert_true(sl_data_digest(data) == sl_data_digest(plain));
        assert_int_equal(sl_data_classes(data), 2);
        assert_string_equal(sl_data_class_name(data, 1), "5");
        sl_data_free(data);
    }
    sl_data_free(plain);
    NPY_DROP(b, "a.csv", "a.npz");
}

/* numpy.savez_compressed(x=numpy.arange(8.0).reshape(4, 2)**2/4, y=numpy.array(['no', 'yes', 'né', 'yes']))
 */
static const unsigned char npz_golden[] = {
    0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x4a, 0xd7, 0x01,
    0x69, 0x5e, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x05, 0x00, 0x14, 0x00, 0x78, 0x2e, 0x6e, 0x70,
    0x79, 0x01, 0x00, 0x10, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x5e, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x9b, 0xec, 0x17, 0xea, 0x1b, 0x10, 0xc9, 0xc8, 0x50, 0xc6, 0x50, 0xad, 0x9e,
    0x92, 0x5a, 0x9c, 0x5c, 0xa4, 0x6e, 0xa5, 0xa0, 0x6e, 0x93, 0x66, 0xa1, 0xae, 0xa3, 0xa0, 0x9e, 0x96,
    0x5f, 0x54, 0x52, 0x94, 0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a, 0x12, 0x77, 0x4b, 0xcc, 0x29, 0x4e,
    0x05, 0x8a, 0x17, 0x67, 0x24, 0x16, 0xa4, 0x02, 0xf9, 0x1a, 0x26, 0x3a, 0x0a, 0x46, 0x9a, 0x3a, 0x0a,
    0xb5, 0x0a, 0x64, 0x03, 0x2e, 0x06, 0x14, 0x70, 0xc1, 0x1e, 0x42, 0x7f, 0x80, 0xd2, 0x4c, 0x0e, 0x10,
    0x5a, 0x00, 0x4a, 0x4b, 0x42, 0x69, 0x25, 0x08, 0xdd, 0xa0, 0xe1, 0x00, 0x00, 0x50, 0x4b, 0x03, 0x04,
    0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x06, 0x76, 0xf7, 0x03, 0x58, 0x00, 0x00,
    0x00, 0xb0, 0x00, 0x00, 0x00, 0x05, 0x00, 0x14, 0x00, 0x79, 0x2e, 0x6e, 0x70, 0x79, 0x01, 0x00, 0x10,
    0x00, 0xb0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x58, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x9b, 0xec, 0x17, 0xea, 0x1b, 0x10, 0xc9, 0xc8, 0x50, 0xc6, 0x50, 0xad, 0x9e, 0x92, 0x5a, 0x9c, 0x5c,
    0xa4, 0x6e, 0xa5, 0xa0, 0x6e, 0x13, 0x6a, 0xac, 0xae, 0xa3, 0xa0, 0x9e, 0x96, 0x5f, 0x54, 0x52, 0x94,
    0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a, 0x12, 0x77, 0x4b, 0xcc, 0x29, 0x4e, 0x05, 0x8a, 0x17, 0x67,
    0x24, 0x16, 0xa4, 0x02, 0xf9, 0x1a, 0x26, 0x3a, 0x9a, 0x3a, 0x0a, 0xb5, 0x0a, 0x14, 0x00, 0xae, 0x3c,
    0x06, 0x06, 0x86, 0x7c, 0x06, 0x08, 0xa8, 0x04, 0xe2, 0x54, 0x20, 0x2e, 0x06, 0x62, 0x90, 0xf8, 0x4b,
    0x2c, 0xe2, 0x00, 0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00,
    0x21, 0x00, 0x4a, 0xd7, 0x01, 0x69, 0x5e, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x78, 0x2e,
    0x6e, 0x70, 0x79, 0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00,
    0x21, 0x00, 0x06, 0x76, 0xf7, 0x03, 0x58, 0x00, 0x00, 0x00, 0xb0, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x95, 0x00, 0x00, 0x00, 0x79, 0x2e,
    0x6e, 0x70, 0x79, 0x50, 0x4b, 0x05, 0x06, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x02, 0x00, 0x66, 0x00,
    0x00, 0x00, 0x24, 0x01, 0x00, 0x00, 0x00, 0x00
};

static void npz_packed(void **state)
{
    bench *b = *state;
    put(b, "a.npz", npz_golden, sizeof npz_golden);
    sl_data *data = sl_data_open(b->ctx, in_folder(b, "a.npz"), NULL);
    if (!data && strstr(sl_message(b->ctx), "no zlib")) {
        sl_clear(b->ctx);
        remove(in_folder(b, "a.npz"));
        print_message("this build has no zlib\n");
        skip();
    }
    assert_non_null(data);
    assert_int_equal(sl_data_rows(data), 4);
    assert_int_equal(sl_data_classes(data), 3);
    assert_string_equal(sl_data_class_name(data, 0), "no"); /* by bytes */
    assert_string_equal(sl_data_class_name(data, 1), "n\xc3\xa9");
    assert_string_equal(sl_data_class_name(data, 2), "yes");
    static const sl_real classes[] = { 0, 2, 1, 2 };
    for (size_t row = 0; row < 4; row++) {
        sl_real x[2], y;
        assert_int_equal(sl_data_row(data, row, x, &y), SL_OK);
        assert_true(y == classes[row]);
        assert_true(x[0] == (sl_real)(row * row) && x[1] == (sl_real)((2 * row + 1) * (2 * row + 1)) / 4);
    }
    sl_data_free(data);
    NPY_DROP(b, "a.npz");
    npz_member stored[] = { NPZ_X, NPZ_Y };
    stored[0].method = stored[1].method = 8;
    npy_put(b, "a.npz", npz_made(stored, 2, false));
    data = npy_open(b, "a.npz", NULL, NULL);
    assert_int_equal(sl_data_rows(data), 4);
    sl_data_free(data);
    NPY_DROP(b, "a.npz");
}

static void npz_parts(void **state)
{
    bench *b = *state;
    /* Two images of 1 x 2 and one; the test part lacks a class, and keeps the training part's numbers. */
    const npz_member members[] = {
        { .name = "x_train.npy", .content = npy_array("|u1", "2, 1, 2", "\1\2\3\4", 4) },
        { .name = "y_train.npy", .content = npy_array("|u1", "2, 1", "\7\2", 2) },
        { .name = "x_test.npy", .content = npy_array("|u1", "1, 1, 2", "\5\6", 2) },
        { .name = "y_test.npy", .content = npy_array("<i2", "1,", "\7\0", 2) },
    };
    npy_put(b, "a.npz", npz_made(members, 4, false));
    assert_true(sl_data_has_part(b->ctx, in_folder(b, "a.npz"), "train"));
    assert_true(sl_data_has_part(b->ctx, in_folder(b, "a.npz"), "test"));
    static const char *const parts[] = { NULL, "train", "test", "all" };
    static const size_t rows[] = { 2, 2, 1, 3 };
    for (size_t i = 0; i < 4; i++) {
        sl_data *data = npy_open(b, "a.npz", parts[i], NULL);
        sl_real x[2], y;
        assert_int_equal(sl_data_rows(data), rows[i]);
        assert_true(sl_data_is_bytes(data) && sl_data_classes(data) == 2);
        assert_string_equal(sl_data_class_name(data, 0), "2");
        assert_int_equal(sl_data_row(data, rows[i] - 1, x, &y), SL_OK);
        assert_true(x[0] == (i < 2 ? 3 : 5) && y == (i < 2 ? 0 : 1));
        sl_data_free(data);
    }
    /* The same without the test part; then one class that training does not know, and float images. */
    npy_put(b, "a.npz", npz_made(members, 2, false));
    assert_false(sl_data_has_part(b->ctx, in_folder(b, "a.npz"), "test"));
    assert_null(sl_data_open(b->ctx, in_folder(b, "a.npz"), "test"));
    assert_non_null(strstr(sl_message(b->ctx), "has no test part"));
    sl_clear(b->ctx);
    npz_member other[4];
    memcpy(other, members, sizeof other);
    other[3].content = npy_array("|u1", "1,", "\5", 1);
    npy_put(b, "a.npz", npz_made(other, 4, false));
    assert_null(sl_data_open(b->ctx, in_folder(b, "a.npz"), "test"));
    assert_non_null(strstr(sl_message(b->ctx), "'5', is none of the 2"));
    sl_clear(b->ctx);
    const float values[] = { 0.5f, 1, 1.5f, 2 };
    other[0].content = npy_array("<f4", "2, 1, 2", values, sizeof values);
    npy_put(b, "a.npz", npz_made(other, 2, false));
    sl_data *data = npy_open(b, "a.npz", NULL, NULL);
    sl_real x[2];
    assert_int_equal(sl_data_row(data, 1, x, NULL), SL_OK);
    assert_true(x[0] == (sl_real)1.5 && x[1] == 2 && !sl_data_is_bytes(data));
    sl_data_free(data);
    NPY_DROP(b, "a.npz");
}

/* Several columns of targets: classes when one of them is 1 in each row, else numbers. */
static void npz_targets(void **state)
{
    bench *b = *state;
    npz_member members[] = {
        NPZ_X, { .name = "labels", .content = npy_array("|i1", "4, 2", "\1\0\0\1\1\0\0\1", 8) }
    };
    npy_put(b, "a.npz", npz_made(members, 2, false));
    sl_data *data = npy_open(b, "a.npz", NULL, NULL);
    assert_int_equal(sl_data_classes(data), 2);
    assert_true(sl_data_target(data, 0) == 0 && sl_data_target(data, 3) == 1);
    sl_data_free(data);
    data = npy_open(b, "a.npz", NULL, &(sl_table_options){ .target = "y1", .task = "regression" });
    assert_int_equal(sl_data_classes(data), 0);
    assert_true(sl_data_target(data, 0) == 0 && sl_data_target(data, 3) == 1);
    sl_data_free(data);
    members[1].content = npy_array("|i1", "4, 2", "\1\0\0\1\1\1\0\1", 8);
    npy_put(b, "a.npz", npz_made(members, 2, false));
    data = npy_open(b, "a.npz", NULL, NULL);
    assert_int_equal(data->outputs, 2);
    assert_int_equal(sl_data_columns(data), 0);
    assert_true(data->store->targets[5] == 1 && data->store->reals[4] == 4);
    sl_data_free(data);
    NPY_DROP(b, "a.npz");
}

/* 25 values, ten rows each: classes where they are stored as whole numbers without gaps, else amounts. */
static void npz_many_classes(void **state)
{
    bench *b = *state;
    unsigned char x[250], y[250];
    double same[250];
    npz_member members[] = { { .name = "x" }, { .name = "y" } };
    for (int way = 0; way < 4; way++) {
        for (int i = 0; i < 250; i++) {
            x[i] = (unsigned char)(i * 7);
            y[i] = (unsigned char)(i % 25 + (way == 1 && i % 25 == 24)); /* 24 is left out */
            same[i] = y[i];
        }
        members[0].content = npy_array("|u1", "250,", x, sizeof x);
        members[1].content =
            way == 2 ? npy_array("<f8", "250,", same, sizeof same) : npy_array("|u1", "250,", y, sizeof y);
        npy_put(b, "a.npz", npz_made(members, 2, false));
        sl_data *data =
            npy_open(b, "a.npz", NULL, &(sl_table_options){ .task = way == 3 ? "regression" : NULL });
        assert_int_equal(sl_data_classes(data), way == 0 ? 25 : 0);
        sl_data_free(data);
    }
    NPY_DROP(b, "a.npz");
}

static void npz_refused(bench *b, npy_bytes made, const char *first, const char *second)
{
    npy_put(b, "a.npz", made);
    refused(b, in_folder(b, "a.npz"), NULL, SL_EFORMAT, first, second);
    NPY_DROP(b, "a.npz");
}

static void npz_damaged(void **state)
{
    bench *b = *state;
    const npz_member good[] = { NPZ_X, NPZ_Y };
    npz_member m[3] = { good[0], good[1], good[0] };
    m[2].name = "data.npy";
    npz_refused(b, npz_made(m, 3, false), "x.npy and data.npy", "inputs");
    m[0].name = "x_train.npy";
    npz_refused(b, npz_made(m, 3, false), "data.npy and x_train.npy", "one part or two");
    npz_refused(b, npz_made(&good[1], 1, false), "has Y.npy", "numpy.savez(file");
    npz_refused(b, npz_made(good, 0, false), "has no arrays", "numpy.savez(file");
    memcpy(m, good, sizeof good);
    m[0].flags = 1;
    npz_refused(b, npz_made(m, 2, false), "x.npy", "encrypted");
    memcpy(m, good, sizeof good);
    m[0].method = 14;
    npz_refused(b, npz_made(m, 2, false), "method 14", "savez");
    memcpy(m, good, sizeof good);
    m[0].sum = 1;
    npz_refused(b, npz_made(m, 2, false), "x.npy", "checksum");
    memcpy(m, good, sizeof good);
    m[0].size = 1000;
    npz_refused(b, npz_made(m, 2, false), "x.npy", "cannot be");
    m[0].method = 8;
    npz_refused(b, npz_made(m, 2, false), "x.npy", "bytes too many"); /* by its own header, before memory */
    m[0].size = 1 << 30;
    npz_refused(b, npz_made(m, 2, false), "x.npy", "cannot be");
    m[0].wide = true;
    m[0].size = UINT64_C(1) << 62;
    npz_refused(b, npz_made(m, 2, false), "x.npy", "cannot be");
    memcpy(m, good, sizeof good);
    m[0].content = npy_array("|u1", "3, 2", npz_x, 6);
    npz_refused(b, npz_made(m, 2, false), "3 rows", "do not belong together");
    m[0].content = npy_array("<U1", "4,", "a\0\0\0b\0\0\0a\0\0\0b\0\0\0", 16);
    npz_refused(b, npz_made(m, 2, false), "x.npy", "texts cannot be inputs");
    memcpy(m, good, sizeof good);
    m[1].content = npy_array("<U1", "4,", "a\0\0\0b\0\0\0\0\xd8\0\0b\0\0\0", 16);
    npz_refused(b, npz_made(m, 2, false), "row 2 is U+D800", "no name can hold");
    m[1].content = npy_array("<U1", "4,", "a\0\0\0b\0\0\0\0\0\0\0b\0\0\0", 16);
    npz_refused(b, npz_made(m, 2, false), "row 2", "empty");
    const npy_bytes whole = npz_made(good, 2, true);
    for (size_t size = 4; size < whole.size; size++) {
        npy_bytes cut = whole;
        cut.size = size;
        npz_refused(b, cut, "a.npz", "copy it again");
    }
    /* Whatever byte is another: an answer or a sentence (the sanitizers look on). */
    for (size_t at = 4; at < whole.size; at++) {
        npy_bytes wrong = whole;
        wrong.bytes[at] ^= 0x81;
        npy_put(b, "a.npz", wrong);
        sl_data *data = sl_data_open(b->ctx, in_folder(b, "a.npz"), NULL);
        assert_true(data || sl_error(b->ctx) != SL_OK);
        sl_data_free(data);
        sl_clear(b->ctx);
    }
    NPY_DROP(b, "a.npz");
}

/* Every allocation fails once. */
static void npz_without_memory(void **state)
{
    bench *b = *state;
    npz_member members[] = { NPZ_X, { .name = "y.npy" } };
    members[1].content = npy_array("<U1", "4,", "a\0\0\0b\0\0\0a\0\0\0b\0\0\0", 16);
    npy_put(b, "a.npz", npz_made(members, 2, false));
    bool done = false;
    size_t fail_at = 0;
    while (!done) {
        test_memory memory = { .fail_at = 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        assert_non_null(ctx);
        memory.fail_at = memory.calls + ++fail_at;
        memory.fail_once = true;
        const size_t before = sl_ctx_bytes(ctx);
        sl_data *data = sl_data_open(ctx, in_folder(b, "a.npz"), NULL);
        done = data && memory.calls < memory.fail_at;
        if (!data)
            assert_int_equal(sl_error(ctx), SL_ENOMEM);
        else
            assert_true(done);
        sl_data_free(data);
        assert_int_equal(sl_ctx_bytes(ctx), before);
        sl_ctx_free(ctx);
        assert_false(memory.wrong_size);
        assert_int_equal(memory.blocks, 0);
    }
    assert_true(fail_at > 30);
    NPY_DROP(b, "a.npz");
}

static void npz_checksum(void **state)
{
    (void)state;
    /* The check value of CRC-32 in the catalogue of parametrised CRC algorithms. */
    assert_int_equal(sl_crc32((const unsigned char *)"123456789", 9), 0xcbf43926u);
    assert_int_equal(sl_crc32(npz_golden, sizeof npz_golden), npz_sum(npz_golden, sizeof npz_golden));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(npz_reads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npz_packed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npz_parts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npz_targets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npz_many_classes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npz_damaged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npz_without_memory, set_up, tear_down),
        cmocka_unit_test(npz_checksum),
    };
    return cmocka_run_group_tests_name("npz", tests, NULL, NULL);
}
