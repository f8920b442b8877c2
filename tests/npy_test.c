/* An array of numpy in a file. Values are what numpy 1.24 writes. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "npy.h"
#include "data/format.h"

#include <math.h>

/* "a.npy" must be refused with both words. */
static void npy_refused(bench *b, npy_bytes made, const sl_table_options *options, const char *first,
                        const char *second)
{
    npy_put(b, "a.npy", made);
    assert_null(sl_data_open_table(b->ctx, in_folder(b, "a.npy"), NULL, options));
    if (!strstr(sl_message(b->ctx), first) || !strstr(sl_message(b->ctx), second))
        fail_msg("wants '%s' and '%s': %s", first, second, sl_message(b->ctx));
    sl_clear(b->ctx);
    NPY_DROP(b, "a.npy");
}

/* --- one array ---------------------------------------------------------------------------------------- */

/* Two values and one more, so that no column is constant; each [3, 1]. */
static void npy_type(bench *b, const char *type, const char *bytes, size_t size, double first, double second)
{
    const size_t each = size / 3;
    npy_put(b, "a.npy", npy_array(type, "3,", bytes, size));
    sl_data *data = npy_open(b, "a.npy", NULL, NULL);
    assert_int_equal(sl_data_rows(data), 3);
    assert_int_equal(sl_data_columns(data), 1);
    double cells[3];
    assert_int_equal(sl_data_cells(data, 0, NULL, 3, cells), SL_OK);
    if (cells[0] != first || cells[1] != second || cells[2] != (type[1] == 'b' ? 1 : 0))
        fail_msg("%s of %zu bytes: another value than numpy's", type, each);
    sl_data_free(data);
    NPY_DROP(b, "a.npy");
}
#define NPY_TYPE(b, type, bytes, first, second) npy_type(b, type, bytes, sizeof bytes - 1, first, second)

static void npy_types(void **state)
{
    bench *b = *state;
    NPY_TYPE(b, "|u1", "\xff\x02\x00", 255, 2);
    NPY_TYPE(b, "|i1", "\xff\x80\x00", -1, -128);
    NPY_TYPE(b, "|b1", "\x01\x00\x01", 1, 0);
    NPY_TYPE(b, "<u2", "\x01\x02\xff\xff\0\0", 513, 65535);
    NPY_TYPE(b, ">u2", "\x01\x02\xff\xfe\0\0", 258, 65534);
    NPY_TYPE(b, "<i2", "\xfe\xff\x00\x80\0\0", -2, -32768);
    NPY_TYPE(b, "<i4", "\xfe\xff\xff\xff\x00\x00\x00\x80\0\0\0\0", -2, -2147483648.0);
    NPY_TYPE(b, ">u4", "\x80\x00\x00\x01\x00\x00\x00\x05\0\0\0\0", 2147483649.0, 5);
    NPY_TYPE(b, "<i8", "\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\0\0", -1,
             -9223372036854775808.0);
    NPY_TYPE(b, ">u8", "\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\0", 9223372036854775808.0, 7);
    NPY_TYPE(b, "<f2", "\xff\x7b\x01\x80\0\0", 65504, -5.9604644775390625e-8); /* the smallest below 0 */
    NPY_TYPE(b, ">f2", "\x3c\x01\xc0\x00\0\0", 1.0009765625, -2);
    NPY_TYPE(b, "<f4", "\x00\x00\xc0\x3f\x01\x00\x00\x00\0\0\0\0", 1.5, 1.401298464324817e-45);
    NPY_TYPE(b, ">f8", "\x3f\xf8\0\0\0\0\0\0\xc0\x09\x21\xfb\x54\x44\x2d\x18\0\0\0\0\0\0\0\0", 1.5,
             -3.141592653589793);
}

/* The values 1 .. 6 of numpy.asfortranarray([[1, 2], [3, 4], [5, 6]]) and their other order. */
static void npy_orders_and_versions(void **state)
{
    bench *b = *state;
    static const char *const heads[] = {
        "{'descr': '|u1', 'fortran_order': True, 'shape': (3, 2), }",
        "{\"shape\":(3L,2L),\"fortran_order\":True,\"descr\":\"|u1\"}\n",
    };
    for (int version = 1; version <= 3; version++)
        for (size_t i = 0; i < 2; i++) {
            npy_put(b, "a.npy", npy_made(version, heads[i], "\1\3\5\2\4\6", 6));
            sl_data *data = npy_open(b, "a.npy", NULL, NULL);
            sl_real x[2];
            for (size_t row = 0; row < 3; row++) {
                assert_int_equal(sl_data_row(data, row, x, NULL), SL_OK);
                assert_true(x[0] == (sl_real)(2 * row + 1) && x[1] == (sl_real)(2 * row + 2));
            }
            sl_data_free(data);
        }
    /* numpy.arange(12, dtype='u1').reshape(2, 2, 3), in Fortran's order: images without targets */
    npy_put(b, "a.npy",
            npy_made(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 3), }",
                     "\0\6\3\11\1\7\4\12\2\10\5\13", 12));
    sl_data *data = npy_open(b, "a.npy", NULL, NULL);
    sl_real x[6];
    assert_true(sl_data_is_bytes(data) && !sl_data_has_targets(data));
    assert_int_equal(sl_data_shape(data).rank, 2);
    assert_int_equal(sl_data_shape(data).dim[1], 3);
    assert_int_equal(sl_data_row(data, 1, x, NULL), SL_OK);
    for (int i = 0; i < 6; i++)
        assert_true(x[i] == (sl_real)(6 + i));
    sl_data_free(data);
    NPY_DROP(b, "a.npy");
}

static void npy_like_csv(void **state)
{
    bench *b = *state;
    static const float values[] = { 1, 2.5f, 7, 4, NAN, 8, 0.1f, 3, 7, -1e-20f, 5, 8 };
    static const char csv[] =
        "x0,x1,x2\n1,2.5,7\n4,,8\n0.10000000149011612,3,7\n-9.999999682655225e-21,5,8\n";
    npy_put(b, "a.npy", npy_array(NPY_FLOAT, "4, 3", values, sizeof values));
    put(b, "a.csv", csv, sizeof csv - 1);
    static const char *const targets[] = { NULL, "x2", "x0", "2", "0" };
    for (size_t i = 0; i < 5; i++) {
        const char number[] = { 'x', targets[i] ? targets[i][0] : '0', 0 };
        sl_data *one = npy_open(b, "a.npy", NULL, &(sl_table_options){ .target = targets[i] });
        sl_data *other =
            npy_open(b, "a.csv", NULL, &(sl_table_options){ .target = i < 3 ? targets[i] : number });
        assert_true(sl_data_digest(one) == sl_data_digest(other));
        assert_int_equal(sl_data_classes(one), i == 1 || i == 3 ? 2 : 0); /* 7 and 8 */
        sl_column_info info;
        assert_true(sl_data_column(one, 1, &info));
        assert_string_equal(info.name, "x1");
        assert_int_equal(info.missing, 1);
        sl_data_free(one);
        sl_data_free(other);
    }
    NPY_DROP(b, "a.npy", "a.csv");
}

/* What is asked of columns counts as it does for a CSV file. */
static void npy_options(void **state)
{
    bench *b = *state;
    static const signed char values[] = { 1, 2, 9, 1, 4, 99, 8, 2, 5, 3, 7, 1, 7, 6, 9, 3 };
    npy_put(b, "a.npy", npy_array("|i1", "4, 4", values, sizeof values));
    const sl_table_options options = {
        .target = "x0", .missing = "99", .weight = "3", .columns = "x2=category"
    };
    sl_data *data = npy_open(b, "a.npy", NULL, &options);
    double cells[4];
    sl_real w[4];
    const sl_columns *columns = data->store->columns;
    sl_data_cells(data, columns->column[1].cell, NULL, 4, cells);
    assert_true(cells[1] != cells[1] && cells[0] == 2);
    assert_int_equal(columns->column[2].type, SL_COLUMN_CATEGORY);
    assert_int_equal(columns->column[2].words.count, 3);
    sl_data_gather_weights(data, (const size_t[]){ 0, 1, 2, 3 }, 4, w);
    assert_true(w[0] == 1 && w[1] == 2 && w[2] == 1 && w[3] == 3);

    /* By these columns: other rows, a class that is not known, no target; texts as they are in the file. */
    npy_put(b, "c.npy", npy_array("<i2", "2, 4", "\0\0\7\0\7\0\1\0\0\0\x63\0\6\0\1\0", 16));
    sl_data *other = sl_data_open_by(b->ctx, in_folder(b, "c.npy"), NULL,
                                     &(sl_opening){ .columns = columns, .keep = "x1, x3" });
    assert_non_null(other);
    sl_data_cells(other, columns->column[1].cell, NULL, 2, cells);
    assert_true(cells[0] == 7 && cells[1] != cells[1]); /* 99 is missing to the model */
    sl_data_cells(other, columns->column[2].cell, NULL, 2, cells);
    assert_true(cells[0] == 0 && cells[1] == SL_UNSEEN); /* 7 of 7, 8, 9; 6 */
    assert_string_equal(sl_data_kept(other, 1), "x3");
    assert_string_equal(sl_data_text(other, 1, 0), "99");
    sl_data_free(other);
    npy_put(b, "c.npy", npy_array("<i2", "1, 2", "\1\0\2\0", 4));
    assert_null(sl_data_open_by(b->ctx, in_folder(b, "c.npy"), NULL, &(sl_opening){ .columns = columns }));
    assert_non_null(strstr(sl_message(b->ctx), "lacks 1 of 2 input columns: x2"));
    sl_clear(b->ctx);
    sl_data_free(data);
    NPY_DROP(b, "a.npy", "c.npy");
}

static void npy_remark(void *user, const char *line)
{
    snprintf(user, 200, "%s", line);
}

/* Rows without a target are left out where it is learned, and said to be; elsewhere they stay. */
static void npy_without_target(void **state)
{
    bench *b = *state;
    char remark[200] = "";
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .log = npy_remark, .user = remark });
    const float values[] = { 1, 0.5f, 2, NAN, 3, 1.5f, 5, NAN, 4, 2.5f };
    npy_put(b, "a.npy", npy_array(NPY_FLOAT, "5, 2", values, sizeof values));
    sl_data *data =
        sl_data_open_table(ctx, in_folder(b, "a.npy"), NULL, &(sl_table_options){ .target = "x1" });
    assert_int_equal(sl_data_rows(data), 3);
    assert_true(sl_data_target(data, 1) == 1.5 && sl_data_target(data, 2) == 2.5);
    assert_non_null(strstr(remark, "2 rows without a target left out"));
    sl_data *all = sl_data_open_by(ctx, in_folder(b, "a.npy"), NULL,
                                   &(sl_opening){ .columns = data->store->columns, .keep = "x0" });
    assert_int_equal(sl_data_rows(all), 5);
    assert_true(sl_data_target(all, 1) != sl_data_target(all, 1) && sl_data_target(all, 4) == 2.5);
    assert_string_equal(sl_data_text(all, 3, 0), "5");
    sl_data_free(all);
    sl_data_free(data);
    sl_ctx_free(ctx);
    NPY_DROP(b, "a.npy");
}

static void npy_damaged(void **state)
{
    bench *b = *state;
    static const struct {
        const char *head, *first, *second;
    } heads[] = {
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -1)}", "header is damaged", "negative" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)", "header is damaged", "comma or }" },
        { "{'descr': '<f4', 'fortran_order': False}", "header is damaged", "'shape'" },
        { "{'descr': '<f4', 'fortran_order': maybe, 'shape': (2, 1)}", "True or False", "maybe" },
        { "{'descr': '<f4', 'descr': '<f4', 'shape': (2, 1)}", "once", "descr" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)} x", "nothing behind }", "x" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1.5)}", "comma", ".5" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1)}", "can count",
          "9, 1)" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "more than",
          "damaged" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1)}", "cut short", "8 bytes behind" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)}", "4 bytes too many", "damaged" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2)}", "nothing in it", "[0, 2]" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "single value", "wants" },
        { "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "'<c8'", "complex" },
        { "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "'|O'", "Python objects" },
        { "{'descr': '<M8[s]', 'fortran_order': False, 'shape': (1,)}", "'<M8[s]'", "dates" },
        { "{'descr': '|S8', 'fortran_order': False, 'shape': (1,)}", "'|S8'", "texts" },
        { "{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", "'<f16'", "f8" },
        { "{'descr': '=f8', 'fortran_order': False, 'shape': (1,)}", "'=f8'", "f8" },
        { "{'descr': '<U2', 'fortran_order': False, 'shape': (1,)}", "array of texts", "numbers" },
        { "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", "records", "side by side" },
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        npy_refused(b, npy_made(1, heads[i].head, "\0\0\0\0\0\0\0\0", 8), NULL, heads[i].first,
                    heads[i].second);
    npy_bytes made = npy_array("<f4", "2, 1", "\0\0\0\0\0\0\0\0", 8);
    for (size_t size = 0; size < made.size; size++) {
        npy_bytes cut = made;
        cut.size = size;
        npy_refused(b, cut, NULL, size < 6 ? "no array of numpy" : "cut short", "a.npy");
    }
    made.bytes[6] = 4;
    npy_refused(b, made, NULL, "version 4.0", "1, 2 and 3");
    made.bytes[6] = 2; /* the header is then said to have millions of bytes */
    npy_refused(b, made, NULL, "cut short", "header");

    const float values[] = { 1, 2, 3, INFINITY, -INFINITY, 6 };
    const npy_bytes infinite = npy_array(NPY_FLOAT, "3, 2", values, sizeof values);
    npy_refused(b, infinite, NULL, "row 1, column x1 is inf", "row 2, column x0 is -inf");
    npy_refused(b, npy_array("|u1", "3,", "\1\2\4", 3), &(sl_table_options){ .decimal = ',' }, "no text",
                "--decimal");
    npy_refused(b, npy_array("|u1", "3, 1, 1", "\1\2\4", 3), &(sl_table_options){ .target = "x0" },
                "have no columns", "--target");
    npy_refused(b, npy_array("|u1", "3, 2", "\1\2\4\4\5\7", 6), &(sl_table_options){ .target = "7" },
                "unknown column '7'", "x1");
    npy_refused(b, npy_array("|u1", "3, 2", "\1\2\4\4\5\7", 6), &(sl_table_options){ .memory = 90 },
                "more than they may", "96 bytes");
    npy_put(b, "a.npy", npy_array("|u1", "3,", "\1\2\4", 3));
    assert_null(sl_data_open(b->ctx, in_folder(b, "a.npy"), "test"));
    assert_non_null(strstr(sl_message(b->ctx), "has no test part"));
    assert_false(sl_data_has_part(b->ctx, in_folder(b, "a.npy"), "test"));
    sl_clear(b->ctx);
    NPY_DROP(b, "a.npy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(npy_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npy_orders_and_versions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npy_like_csv, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npy_options, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npy_without_target, set_up, tear_down),
        cmocka_unit_test_setup_teardown(npy_damaged, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("npy", tests, NULL, NULL);
}
