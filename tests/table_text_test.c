/* Rows of a table as people write them, rows in memory, and tables read for their inputs alone. */
#include "data/format.h"
#include "data/table/table.h"
#include "engine.h"

#include <math.h>

/* Against a plain count of days, and there and back. */
static void dates_are_written_as_they_are_read(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        double seconds;
    } known[] = {
        /* date -u -d TEXT +%s */
        { "1970-01-01", 0 },           { "2000-02-29", 951782400 },    { "1999-12-31T23:59:59", 946684799 },
        { "1900-03-01", -2203891200 }, { "0001-01-01", -62135596800 }, { "9999-12-31", 253402214400 }
    };
    char text[32];
    double seconds;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_string_equal(sl_date_text(text, known[i].seconds), known[i].text);
    assert_string_equal(sl_date_text(text, 253402300800.0), ""); /* the year 10000 */
    assert_string_equal(sl_date_text(text, NAN), "");
    for (double day = -719162; day <= 2932896; day += 1) {
        sl_date_text(text, day * 86400);
        assert_true(strlen(text) == 10 && sl_date_parse(text, 10, SL_DATE_ISO, &seconds));
        assert_true(seconds == day * 86400);
    }
}

static void texts_are_cut_before_a_character(void **unused)
{
    (void)unused;
    char text[8] = "zzzzzzz";
    assert_int_equal(sl_text_fit("caf\xc3\xa9", text, 5), 5);
    assert_string_equal(text, "caf"); /* half of the e with its accent would fit */
    assert_int_equal(sl_text_fit("caf\xc3\xa9", text, 6), 5);
    assert_string_equal(text, "caf\xc3\xa9");
    assert_int_equal(sl_text_fit("abc", text, 0), 3);
    assert_string_equal(text, "caf\xc3\xa9");
    assert_int_equal(sl_text_fit("abc", text, 1), 3);
    assert_string_equal(text, "");
}

static const char *const house =
    "city,built,rooms,ok,y\nOslo,2024-03-01,1.5,yes,a\nRom,2024-03-02T06:30,2,no,b\n"
    "Rom,2024-03-03,3,yes,a\nOslo,2024-03-04,4,yes,b\n";

static sl_data *text_open(sl_ctx *ctx, const char *text, const sl_opening *how)
{
    sl_opening own = *how;
    own.text = text;
    own.text_length = strlen(text);
    return sl_data_open_by(ctx, "memory", NULL, &own);
}

static void text_is(const sl_data *data, size_t row, size_t input, const char *is)
{
    char text[64] = "old";
    assert_int_equal(sl_data_input_text(data, row, input, text, sizeof text), strlen(is));
    assert_string_equal(text, is);
}

static void rows_are_shown_as_they_were_written(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const sl_table_options options = { .target = "y" };
    sl_data *all = text_open(ctx, house, &(sl_opening){ .options = &options, .learning = true });
    assert_fine(ctx);
    text_is(all, 0, 0, "Oslo");
    text_is(all, 0, 1, "2024-03-01");
    text_is(all, 1, 1, "2024-03-02T06:30:00");
    text_is(all, 0, 2, "1.5");
    text_is(all, 1, 3, "no");
    text_is(all, 4, 0, ""); /* no such row */
    text_is(all, 0, 4, "");
    sl_data *some = text_open(ctx, "rooms,ok,built,city\n,maybe,,Kiev\n",
                              &(sl_opening){ .columns = all->store->columns, .inputs = true });
    assert_fine(ctx);
    text_is(some, 0, 0, "?");
    text_is(some, 0, 1, "");
    text_is(some, 0, 2, "");
    text_is(some, 0, 3, "?");
    sl_data_free(some);
    sl_data_free(all);
    sl_ctx_free(ctx);
}

static void U57_predict_needs_no_target(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const sl_table_options options = { .target = "y" };
    sl_data *all = text_open(ctx, house, &(sl_opening){ .options = &options, .learning = true });
    const char *odd = "y,city,built,rooms,ok\nc,Rom,2024-03-01,1,yes\n,Rom,2024-03-02,2,no\na,Rom,,,\n";
    sl_opening how = { .columns = all->store->columns, .inputs = true, .keep = "y,city" };
    sl_data *data = text_open(ctx, odd, &how);
    assert_fine(ctx);
    assert_int_equal(sl_data_rows(data), 3);
    assert_false(sl_data_has_targets(data));
    assert_true(sl_columns_alike(all->store->columns, data->store->columns));
    assert_string_equal(sl_data_kept(data, 0), "y");
    assert_string_equal(sl_data_kept(data, 1), "city");
    assert_null(sl_data_kept(data, 2));
    assert_string_equal(sl_data_text(data, 0, 0), "c");
    sl_data_free(data);
    how.inputs = false;
    how.learning = true;
    assert_null(text_open(ctx, odd, &how));
    assert_says(ctx, SL_EFORMAT, "memory, line 2, column 1: column y: 'c' is none of the 2 classes: a, b");
    data = text_open(ctx, "y,city,built,rooms,ok\nb,Rom,2024-03-01,1,yes\n,Rom,2024-03-02,2,no\n", &how);
    assert_fine(ctx);
    assert_int_equal(sl_data_rows(data), 1);
    sl_data_free(data);
    sl_data_free(all);
    sl_ctx_free(ctx);
}

/* 420 days: what the weekday says is in the parts of a date, and not in the date as one number. */
static void a_simple_model_sees_the_parts_of_a_date(void **unused)
{
    (void)unused;
    enum { DAYS = 420 };
    sl_ctx *ctx = engine_ctx(1);
    sl_text csv;
    char day[32];
    sl_text_init(&csv, ctx);
    sl_text_put(&csv, "day,y\n");
    for (int i = 0; i < DAYS; i++)
        sl_text_add(&csv, "%s,%s\n", i % 50 ? sl_date_text(day, 1.6e9 - 1.6e9 / 86400 + 86400.0 * i) : "",
                    i % 2 ? "a" : "b");
    const sl_table_options options = { .target = "y" };
    sl_data *data =
        text_open(ctx, sl_text_string(&csv), &(sl_opening){ .options = &options, .learning = true });
    assert_fine(ctx);
    sl_columns *columns = sl_data_fit_columns(data, NULL, false);
    assert_fine(ctx);
    const size_t width = sl_columns_plain_width(columns);
    assert_true(width == columns->width && width > 2); /* the parts, and that it was missing */
    sl_real plain[32], net[32];
    assert_true(width <= 32);
    for (size_t row = 0; row < DAYS; row++) {
        double cell;
        sl_data_cells(data, columns->column[0].cell, &row, 1, &cell);
        double cells[2] = { 0, 0 };
        cells[columns->column[0].cell] = cell;
        sl_columns_plain(columns, cells, NULL, plain);
        sl_columns_encode(columns, cells, net);
        assert_memory_equal(plain, net, width * sizeof *net);
        assert_true(plain[width - 1] == (row % 50 == 0));
    }
    sl_columns_free(columns);
    sl_data_free(data);
    sl_text_free(&csv);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(dates_are_written_as_they_are_read),
                                        cmocka_unit_test(texts_are_cut_before_a_character),
                                        cmocka_unit_test(rows_are_shown_as_they_were_written),
                                        cmocka_unit_test(U57_predict_needs_no_target),
                                        cmocka_unit_test(a_simple_model_sees_the_parts_of_a_date) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
