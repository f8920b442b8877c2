/* IDX files, good and bad, and MNIST itself. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "data_place.h"
#include "core/os.h"
#include "memory.h"

#include <math.h>

/* Images of 2 x 3 pixels, pixel p of image i being 10 i + p; labels 0, 1, ... modulo 3. */
static void put_images(bench *b, const char *name, unsigned char count)
{
    unsigned char bytes[16 + 6 * 256] = { 0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 3 };
    for (int i = 0; i < count * 6; i++)
        bytes[16 + i] = (unsigned char)(i / 6 * 10 + i % 6);
    put(b, name, bytes, 16 + 6 * (size_t)count);
}

static void put_labels(bench *b, const char *name, unsigned char count)
{
    unsigned char bytes[8 + 256] = { 0, 0, 8, 1, 0, 0, 0, count };
    for (int i = 0; i < count; i++)
        bytes[8 + i] = (unsigned char)(i % 3);
    put(b, name, bytes, 8 + (size_t)count);
}

static void put_set(bench *b)
{
    put_images(b, names[0], 4);
    put_labels(b, names[1], 4);
    put_images(b, names[2], 2);
    put_labels(b, names[3], 2);
}

static void idx_reads(void **state)
{
    bench *b = *state;
    put_set(b);
    sl_data *data = sl_data_open(b->ctx, b->folder, NULL);
    assert_non_null(data);
    assert_int_equal(sl_data_rows(data), 4);
    assert_int_equal(sl_data_shape(data).rank, 2);
    assert_int_equal(sl_data_shape(data).dim[0], 2);
    assert_int_equal(sl_data_shape(data).dim[1], 3);
    assert_int_equal(sl_data_classes(data), 3);
    assert_string_equal(sl_data_class_name(data, 2), "2");
    assert_null(sl_data_class_name(data, 3));
    assert_null(sl_data_class_name(data, -1));
    assert_true(sl_data_has_targets(data) && sl_data_is_bytes(data));
    sl_real x[12], y[2];
    assert_int_equal(sl_data_row(data, 2, x, y), SL_OK);
    assert_true(x[0] == 20 && x[5] == 25 && y[0] == 2);
    const size_t rows[2] = { 3, 1 };
    sl_data_gather(NULL, data, rows, 2, &(sl_preparation){ .divisor = 255 }, x, y);
    assert_true(x[0] == (sl_real)30 / 255 && x[11] == (sl_real)15 / 255 && y[0] == 0 && y[1] == 1);
    assert_int_equal(sl_data_row(data, 4, x, y), SL_EINVAL);
    sl_clear(b->ctx);
    sl_data_free(data);

    assert_true(sl_data_has_part(b->ctx, b->folder, "train") && sl_data_has_part(b->ctx, b->folder, "test"));
    data = sl_data_open(b->ctx, b->folder, "test");
    assert_int_equal(sl_data_rows(data), 2);
    assert_int_equal(sl_data_classes(data), 3); /* the training labels', though 2 does not occur here */
    sl_data_free(data);
    data = sl_data_open(b->ctx, b->folder, "all");
    assert_int_equal(sl_data_rows(data), 6);
    assert_int_equal(sl_data_row(data, 5, x, y), SL_OK);
    assert_true(x[0] == 10 && y[0] == 1);
    sl_data_free(data);
    assert_int_equal(sl_ctx_bytes(b->ctx), 0);
    clean(b);
}

static void idx_other_names(void **state)
{
    bench *b = *state;
    put_images(b, "train-images.idx3-ubyte", 5);
    put_labels(b, "train-labels.idx1-ubyte", 5);
    sl_data *data = sl_data_open(b->ctx, b->folder, NULL);
    assert_int_equal(sl_data_rows(data), 5);
    sl_data_free(data);
    assert_false(sl_data_has_part(b->ctx, b->folder, "test"));
    refused(b, b->folder, "test", SL_EINVAL, "has no test part", "ask for train");
    clean(b);

    /* Only a test pair: that is all there is. */
    put_images(b, names[2], 3);
    put_labels(b, names[3], 3);
    data = sl_data_open(b->ctx, b->folder, NULL);
    assert_int_equal(sl_data_rows(data), 3);
    sl_data_free(data);
    refused(b, b->folder, "train", SL_EINVAL, "has no train part", "ask for test");

    /* One file of images, whatever its name: no labels. */
    put_images(b, "picture", 3);
    data = sl_data_open(b->ctx, in_folder(b, "picture"), NULL);
    assert_int_equal(sl_data_rows(data), 3);
    assert_false(sl_data_has_targets(data));
    assert_int_equal(sl_data_classes(data), 0);
    sl_real y;
    assert_int_equal(sl_data_row(data, 0, NULL, &y), SL_EINVAL);
    sl_data_free(data);
    char path[128];
    snprintf(path, sizeof path, "%s", in_folder(b, "picture"));
    refused(b, path, "test", SL_EINVAL, "one file has no test part", "folder");
    clean(b);
}

static void idx_gzip(void **state)
{
    bench *b = *state;
    /* `gzip -n` of two labels 0, 1 and of two images of 1 x 1 */
    static const unsigned char labels[] = { 0x1f, 0x8b, 8,    0,    0,    0,    0,    0,    0,    3,    0x63,
                                            0x60, 0xe0, 0x60, 0x64, 0x60, 0x60, 0x60, 0x62, 0x60, 0x04, 0 };
    sl_clear(b->ctx);
    put(b, "train-labels-idx1-ubyte.gz", labels, sizeof labels);
    put_images(b, names[0], 2);
    refused(b, b->folder, NULL, SL_EFORMAT, "train-labels-idx1-ubyte.gz", "gzip"); /* cut short, or no zlib */
    clean(b);
}

static void idx_missing(void **state)
{
    bench *b = *state;
    refused(b, "/no/such/folder", NULL, SL_EFILE, "there is no such file or folder", "builtin:NAME");
    refused(b, "digits", NULL, SL_EFILE, "did you mean builtin:digits?", "digits");
    refused(b, b->folder, NULL, SL_EFORMAT, "in this folder", "train-images-idx3-ubyte");
    put_images(b, names[0], 2);
    refused(b, b->folder, NULL, SL_EFILE, "train-labels-idx1-ubyte is missing",
            "give the file of images itself");
    refused(b, b->folder, "all", SL_EFILE, "train-labels-idx1-ubyte is missing", "");
    clean(b);
    put_labels(b, names[3], 2);
    refused(b, b->folder, "test", SL_EFILE, "t10k-images-idx3-ubyte is missing", "put it there");
    clean(b);
    put(b, "picture", "a,b\n1\002,\n", 8);
    char path[128];
    snprintf(path, sizeof path, "%s", in_folder(b, "picture"));
    refused(b, path, NULL, SL_EFORMAT, "this kind of file is not known", "builtin:NAME");
    refused(b, "", NULL, SL_EINVAL, "given nothing", "");
    put_set(b);
    refused(b, b->folder, "validation", SL_EINVAL, "there is no part 'validation'", "train, test or all");
    clean(b);
}

static void idx_damaged(void **state)
{
    bench *b = *state;
    unsigned char bytes[64] = { 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3 };
    const size_t whole = 16 + 12, peak = sl_ctx_peak_bytes(b->ctx);
    put_labels(b, names[1], 2);
    static const struct {
        size_t at;
        unsigned char value;
        size_t size;
        const char *first, *second;
    } faults[] = {
        { 0, 0, 28, "", "" }, /* none: it opens */
        { 0, 1, 28, "begins 01 00 08 03, wants 00 00 08 03", "no IDX file" },
        { 2, 0x0d, 28, "begins 00 00 0d 03", "in bytes" },
        { 3, 4, 28, "begins 00 00 08 04", "images" },
        { 0, 0, 3, "cut short: 3 bytes", "header alone has 16" },
        { 0, 0, 0, "cut short: 0 bytes", "copy it again" },
        { 0, 0, 15, "cut short: 15 bytes", "header" },
        { 0, 0, 27, "cut short: 11 bytes behind the header, wants 12", "2 images of 2 x 3" },
        { 0, 0, 30, "has 2 bytes too many: 14 behind the header, wants 12", "2 images of 2 x 3" },
        { 7, 0, 28, "says 0 images of 2 x 3", "nothing in it" },
        { 11, 0, 28, "says 2 images of 0 x 3", "nothing in it" },
        { 15, 0, 28, "says 2 images of 2 x 0", "nothing in it" },
        { 4, 255, 28, "cut short", "4278190082 images" },
        { 8, 255, 28, "more than can be handled", "4278190082 x 3" },
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const unsigned char kept = bytes[faults[i].at];
        bytes[faults[i].at] = faults[i].value;
        put(b, names[0], bytes, faults[i].size);
        bytes[faults[i].at] = kept;
        if (i == 0) {
            sl_data *data = sl_data_open(b->ctx, b->folder, NULL);
            assert_non_null(data);
            sl_data_free(data);
            assert_int_equal(faults[i].size, whole);
        } else {
            refused(b, b->folder, NULL, SL_EFORMAT, faults[i].first, faults[i].second);
        }
        assert_true(sl_ctx_peak_bytes(b->ctx) <= peak + 8192); /* whatever a header says */
    }
    clean(b);
}

static void idx_pairs_disagree(void **state)
{
    bench *b = *state;
    put_images(b, names[0], 4);
    put_labels(b, names[1], 3);
    refused(b, b->folder, NULL, SL_EFORMAT, "has 4 images, but", "has 3 labels");
    put_labels(b, names[0], 4);
    put_images(b, names[1], 4);
    refused(b, b->folder, NULL, SL_EFORMAT, "holds labels", "are the two files swapped?");
    put_set(b);
    const unsigned char far[] = { 0, 0, 8, 1, 0, 0, 0, 2, 0, 7 };
    put(b, names[3], far, sizeof far);
    refused(b, b->folder, "test", SL_EFORMAT, "label 7 of row 1 is out of range", "0 to 2");
    refused(b, b->folder, "all", SL_EFORMAT, "label 7 of row 1 is out of range", "0 to 2");
    const unsigned char other[] = { 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6 };
    put_labels(b, names[3], 2);
    put(b, names[2], other, sizeof other);
    refused(b, b->folder, "all", SL_EFORMAT, "training images are 2 x 3, the test images 1 x 1", "");
    clean(b);
}

static void mnist(void **state)
{
    bench *b = *state;
    static const size_t published[2][10] = { { 5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949 },
                                             { 980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009 } };
    const char *given = getenv("SLOPE_DATA");
    char folder[1024];
    if (given)
        snprintf(folder, sizeof folder, "%s/mnist", given);
    else
        snprintf(folder, sizeof folder, "%s/../shared/data/mnist", SLOPE_SOURCE_ROOT);
    if (sl_os_path_kind(folder) != SL_PATH_FOLDER) {
        print_message("skipped: no MNIST in %s (SLOPE_DATA names the folder above it)\n", folder);
        skip();
    }
#ifndef SL_HAVE_ZLIB
    print_message("built without zlib, and MNIST is .gz\n");
    skip();
#endif
    for (int part = 0; part < 2; part++) {
        sl_data *data = sl_data_open(b->ctx, folder, part ? "test" : NULL);
        if (!data)
            fail_msg("%s", sl_message(b->ctx));
        size_t counts[10] = { 0 };
        double sum = 0, squares = 0;
        for (size_t row = 0; row < sl_data_rows(data); row++) {
            sl_real x[784], y;
            sl_data_row(data, row, x, &y);
            counts[(size_t)y]++;
            for (size_t i = 0; i < 784; i++) {
                sum += (double)x[i];
                squares += (double)x[i] * (double)x[i];
            }
        }
        assert_memory_equal(counts, published[part], sizeof counts);
        assert_int_equal(sl_data_classes(data), 10);
        const double count = 784.0 * (double)sl_data_rows(data), mean = sum / count;
        if (part == 0) { /* published over 255: mean 0.1307, standard deviation 0.3081 */
            assert_true(fabs(mean / 255 - 0.1307) < 5e-5);
            assert_true(fabs(sqrt(squares / count - mean * mean) / 255 - 0.3081) < 5e-5);
        }
        sl_data_free(data);
    }
}

/* From the n-th allocation on there is no memory, for every n: always SL_ENOMEM, and nothing is left behind.
 */
static void out_of_memory(void **state)
{
    bench *b = *state;
    put_set(b);
    const char *const sources[] = { b->folder, b->folder, "builtin:spiral?rows=60",
                                    "builtin:digits?rows=60" };
    const char *const parts[] = { "train", "all", NULL, NULL };
    for (size_t s = 0; s < 4; s++) {
        for (size_t fail_at = 2;; fail_at++) {
            test_memory user = { .fail_at = fail_at };
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &user });
            sl_data *data = sl_data_open(ctx, sources[s], parts[s]), *cut = NULL, *rest = NULL;
            const sl_status status = data ? sl_data_split(data, 0.3, &cut, &rest) : sl_error(ctx);
            const bool failed = user.calls >= fail_at;
            assert_int_equal(status, failed ? SL_ENOMEM : SL_OK);
            sl_data_free(cut);
            sl_data_free(rest);
            sl_data_free(data);
            assert_int_equal(sl_ctx_bytes(ctx), 0);
            sl_ctx_free(ctx);
            assert_true(user.blocks == 0 && !user.wrong_size);
            if (!failed)
                break;
        }
    }
    clean(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idx_reads),   cmocka_unit_test(idx_other_names),
        cmocka_unit_test(idx_gzip),    cmocka_unit_test(idx_missing),
        cmocka_unit_test(idx_damaged), cmocka_unit_test(idx_pairs_disagree),
        cmocka_unit_test(mnist),       cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
