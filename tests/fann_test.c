/* FANN's training files. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "data_place.h"
#include "data/format.h"
#include "memory.h"

/* The exclusive or, as FANN's own example has it (xor.data). */
static const char fann_xor[] = "4 2 1\n-1 -1\n-1\n-1 1\n1\n1 -1\n1\n1 1\n-1\n";

static sl_data *fann_made(bench *b, const char *text, const sl_table_options *options)
{
    put(b, "a.train", text, strlen(text));
    sl_data *data = sl_data_open_table(b->ctx, in_folder(b, "a.train"), NULL, options);
    remove(in_folder(b, "a.train"));
    return data;
}

static void fann_refused(bench *b, const char *text, const char *first, const char *second)
{
    const sl_data *data = fann_made(b, text, NULL);
    if (data || !strstr(sl_message(b->ctx), first) || !strstr(sl_message(b->ctx), second))
        fail_msg("%s: wants '%s' and '%s': %s", text, first, second, sl_message(b->ctx));
    assert_int_equal(sl_error(b->ctx), SL_EFORMAT);
    sl_clear(b->ctx);
    assert_int_equal(sl_ctx_bytes(b->ctx), 0);
}

static void fann_reads(void **state)
{
    bench *b = *state;
    sl_data *data = fann_made(b, fann_xor, NULL);
    assert_non_null(data);
    assert_int_equal(sl_data_rows(data), 4);
    assert_int_equal(sl_data_classes(data), 2);
    assert_string_equal(sl_data_class_name(data, 0), "-1");
    static const sl_real wanted[4][3] = { { -1, -1, 0 }, { -1, 1, 1 }, { 1, -1, 1 }, { 1, 1, 0 } };
    for (size_t row = 0; row < 4; row++) {
        sl_real x[2], y;
        assert_int_equal(sl_data_row(data, row, x, &y), SL_OK);
        assert_true(x[0] == wanted[row][0] && x[1] == wanted[row][1] && y == wanted[row][2]);
    }
    const uint64_t digest = sl_data_digest(data);
    sl_data_free(data);

    /* By its content, whatever its name; blanks and line ends only separate; a CSV of the same numbers. */
    static const char loose[] = "4 2 1\r\n -1.0\t-1e0 -1 \r\n\r\n-1 1 1 +1 -1\r\n1 1.00 1 -1";
    static const char csv[] = "x0,x1,y\n-1,-1,-1\n-1,1,1\n1,-1,1\n1,1,-1\n";
    put(b, "a", loose, sizeof loose - 1);
    put(b, "a.csv", csv, sizeof csv - 1);
    static const char *const files[] = { "a", "a.csv" };
    for (size_t i = 0; i < 2; i++) {
        data = sl_data_open_table(b->ctx, in_folder(b, files[i]), NULL, &(sl_table_options){ .target = "y" });
        assert_non_null(data);
        assert_true(sl_data_digest(data) == digest);
        sl_data_free(data);
        remove(in_folder(b, files[i]));
    }
    /* A CSV file whose only column is called "1 2 3" is none of FANN's. */
    put(b, "b.csv", "1 2 3\n4\n5\n", 10);
    data = sl_data_open(b->ctx, in_folder(b, "b.csv"), NULL);
    sl_column_info info;
    assert_true(sl_data_columns(data) == 1 && sl_data_column(data, 0, &info));
    assert_string_equal(info.name, "1 2 3");
    sl_data_free(data);
    remove(in_folder(b, "b.csv"));
    assert_int_equal(sl_ctx_bytes(b->ctx), 0);
}

/* One of several outputs: the same classes, whether the others are 0 or -1. */
static void fann_one_hot(void **state)
{
    bench *b = *state;
    static const char *const texts[] = {
        "5 1 3\n1\n0 0 1\n2\n0 1 0\n4\n1 0 0\n8\n0 0 1\n9\n0 1 0\n",
        "5 1 3\n1\n-1 -1 1\n2\n-1 1 -1\n4\n1 -1 -1\n8\n-1 -1 1\n9\n-1 1 -1\n",
    };
    static const int classes[] = { 2, 1, 0, 2, 1 };
    for (size_t i = 0; i < 2; i++) {
        sl_data *data = fann_made(b, texts[i], NULL);
        assert_non_null(data);
        assert_int_equal(sl_data_classes(data), 3);
        for (size_t row = 0; row < 5; row++)
            assert_true(sl_data_target(data, row) == classes[row]);
        sl_column_info info;
        assert_true(sl_data_column(data, 1, &info));
        assert_string_equal(info.name, "y");
        assert_string_equal(info.reason, "one target of several is 1 in each of 5 rows: 3 classes");

        /* Rows of few classes keep the numbers of these. */
        put(b, "b.train", "1 1 3\n5\n1 0 0\n", 14);
        sl_data *other = sl_data_open_by(b->ctx, in_folder(b, "b.train"), NULL,
                                         &(sl_opening){ .columns = data->store->columns });
        assert_non_null(other);
        assert_true(sl_data_target(other, 0) == 0 && sl_data_classes(other) == 3);
        sl_data_free(other);
        put(b, "b.train", "1 1 4\n5\n0 0 0 1\n", 16);
        assert_null(sl_data_open_by(b->ctx, in_folder(b, "b.train"), NULL,
                                    &(sl_opening){ .columns = data->store->columns }));
        assert_non_null(strstr(sl_message(b->ctx), "row 0: its class, y = '3', is none of the 3 known"));
        sl_clear(b->ctx);
        sl_data_free(data);
        remove(in_folder(b, "b.train"));
    }
    assert_null(fann_made(b, texts[0], &(sl_table_options){ .task = "regression" }));
    assert_non_null(strstr(sl_message(b->ctx), "one of 3 classes"));
    sl_clear(b->ctx);
    assert_int_equal(sl_ctx_bytes(b->ctx), 0);
}

static void fann_numbers(void **state)
{
    bench *b = *state;
    sl_data *data = fann_made(b, "3 1 1\n1\n0.5\n2\n0.25\n4\n1\n", NULL);
    assert_non_null(data);
    assert_int_equal(sl_data_classes(data), 0);
    assert_true(sl_data_target(data, 1) == 0.25);
    sl_data_free(data);
    /* Two outputs that are no one-hot: numbers, and the inputs as they are; or one of them by its name. */
    static const char two[] = "3 2 2\n1 5\n1 1\n2 6\n0 1\n4 8\n1 0\n";
    data = fann_made(b, two, NULL);
    assert_non_null(data);
    assert_int_equal(data->outputs, 2);
    assert_int_equal(sl_data_columns(data), 0);
    assert_true(data->store->reals[3] == 6 && data->store->targets[2] == 0 && data->store->targets[3] == 1);
    sl_data_free(data);
    data = fann_made(b, two, &(sl_table_options){ .target = "y1" });
    assert_non_null(data);
    assert_int_equal(sl_data_classes(data), 2);
    assert_int_equal(sl_data_columns(data), 3);
    assert_true(sl_data_target(data, 1) == 1 && sl_data_target(data, 2) == 0);
    sl_data_free(data);
    assert_null(fann_made(b, two, &(sl_table_options){ .columns = "x0=ignore" }));
    assert_non_null(strstr(sl_message(b->ctx), "leave --column out"));
    sl_clear(b->ctx);
    /* For a model without columns numbers stay as they are. */
    put(b, "a.train", fann_xor, sizeof fann_xor - 1);
    data = sl_data_open_by(b->ctx, in_folder(b, "a.train"), NULL, &(sl_opening){ .plain = true });
    assert_non_null(data);
    assert_true(sl_data_columns(data) == 0 && sl_data_target(data, 0) == -1);
    sl_data_free(data);
    remove(in_folder(b, "a.train"));
    assert_int_equal(sl_ctx_bytes(b->ctx), 0);
}

static void fann_damaged(void **state)
{
    bench *b = *state;
    fann_refused(b, "", "ends before", "a.train");
    fann_refused(b, "4 2\n", "ends before", "rows, inputs and outputs");
    fann_refused(b, "4 two 1\n", "line 1, column 3", "'two' is no whole number");
    fann_refused(b, "4 -2 1\n", "line 1, column 3", "how many inputs");
    fann_refused(b, "0 2 1\n", "0 rows", "nothing");
    fann_refused(b, "1 0 1\n1\n", "0 inputs", "nothing");
    fann_refused(b, "4000000000 4000000000 4000000000\n", "cannot hold", "header is wrong");
    fann_refused(b, "18446744073709551615 1 1\n1\n1\n", "cannot hold", "rows");
    fann_refused(b, "1 18446744073709551615 1\n1\n1\n", "cannot hold", "rows");
    fann_refused(b, "99999999999999999999 1 1\n1\n1\n", "no whole number", "rows");
    fann_refused(b, "2 2 1\n1 2\n3\n4 5\n", "has 5 numbers", "6 numbers: it ends in line");
    fann_refused(b, "2 2 1\n1 2\n3\n4 5\n6\n7\n", "has 7 numbers",
                 "from line 6, column 1 on they are too many");
    fann_refused(b, "2 2 1\n1 2\n3\n4\n6\n", "has 5 numbers", "line 4 has 1, where 2 were to be expected");
    fann_refused(b, "2 2 1\n1 2\n3 9\n4 5\n6\n", "has 7 numbers",
                 "line 3 has 2, where 1 were to be expected");
    fann_refused(b, "2 2 1\n1 2\n3\n4 5x\n6\n", "line 4, column 3", "'5x' is no number");
    fann_refused(b, "2 2 1\n1 2\n3\n4 0,5\n6\n", "line 4, column 3", "decimal point");
    fann_refused(b, "2 2 1\n1 2\n3\n4 nan\n6\n", "line 4, column 3", "'nan' is no number");
    fann_refused(b, "2 2 1\n1 2\n3\n4 1e999\n6\n", "line 4, column 3", "too large");
    fann_refused(b, "2 2 1\n1 2\n3\n4 5\n6\nend\n", "line 6, column 1", "'end' is no number");
    fann_refused(b, "2 2 1\n1 a\n3\n4 b\n6\n", "2 problems", "line 4, column 3: 'b'");
}

static void fann_without_memory(void **state)
{
    bench *b = *state;
    put(b, "a.train", fann_xor, sizeof fann_xor - 1);
    bool done = false;
    size_t fail_at = 0;
    while (!done) {
        test_memory memory = { .fail_at = 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        assert_non_null(ctx);
        memory.fail_at = memory.calls + ++fail_at;
        memory.fail_once = true;
        sl_data *data = sl_data_open(ctx, in_folder(b, "a.train"), NULL);
        done = memory.calls < memory.fail_at;
        assert_true(data ? done : sl_error(ctx) == SL_ENOMEM);
        sl_data_free(data);
        assert_int_equal(sl_ctx_bytes(ctx), 0);
        sl_ctx_free(ctx);
        assert_false(memory.wrong_size);
        assert_int_equal(memory.blocks, 0);
    }
    assert_true(fail_at > 20);
    remove(in_folder(b, "a.train"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fann_reads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fann_one_hot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fann_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fann_damaged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fann_without_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("fann", tests, NULL, NULL);
}
