/* What single values of a table are: dates, and words that mean that there is none. */
#include "table_place.h"

/* Against seconds by `date -u -d ... +%s`. */
static void dates(void **state)
{
    (void)state;
    const struct {
        const char *text;
        sl_date_order order;
        double seconds; /* NaN: none */
    } cases[] = {
        { "1970-01-01", SL_DATE_ISO, 0 },
        { "2024-02-29", SL_DATE_ISO, 1709164800 },
        { "2023-02-29", SL_DATE_ISO, NAN },
        { "1900-02-29", SL_DATE_ISO, NAN },
        { "2000-02-29", SL_DATE_ISO, 951782400 },
        { "0001-01-01", SL_DATE_ISO, -62135596800 },
        { "9999-12-31", SL_DATE_ISO, 253402214400 },
        { "1969-12-31T23:59:59Z", SL_DATE_ISO, -1 },
        { "2024-03-01T12:30:05", SL_DATE_ISO, 1709296205 },
        { "2024-03-01 12:30", SL_DATE_ISO, 1709296200 },
        { "2024-03-01T12:30:05.25+02:00", SL_DATE_ISO, 1709289005.25 },
        { "2024-03-01T12:30:05-0530", SL_DATE_ISO, 1709316005 },
        { "2024-03-01T24:00", SL_DATE_ISO, NAN },
        { "2024-13-01", SL_DATE_ISO, NAN },
        { "2024-03-01x", SL_DATE_ISO, NAN },
        { "2024-3-1", SL_DATE_ISO, NAN },
        { "1.2.2024", SL_DATE_DAY_FIRST, 1706745600 },
        { "01/02/2024", SL_DATE_DAY_FIRST, 1706745600 },
        { "01/02/2024", SL_DATE_MONTH_FIRST, 1704153600 },
        { "13/02/2024", SL_DATE_MONTH_FIRST, NAN },
        { "1/2.2024", SL_DATE_DAY_FIRST, NAN },
        { "1/2/24", SL_DATE_DAY_FIRST, NAN },
        { "31-12-1999 6:05", SL_DATE_DAY_FIRST, 946620300 },
        { "", SL_DATE_ISO, NAN },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double seconds = NAN;
        const bool is = sl_date_parse(cases[i].text, strlen(cases[i].text), cases[i].order, &seconds);
        if (is != !isnan(cases[i].seconds) || (is && seconds != cases[i].seconds))
            fail_msg("'%s': %d, %.2f, wants %.2f", cases[i].text, is, seconds, cases[i].seconds);
    }
}

/* The listed words, in a column of numbers; and a list of one's own. */
static void missing_words(void **state)
{
    table_bench *b = *state;
    sl_data *data =
        table_open_text(b,
                        "a,b\n,1\nNA,2\nN/A,3\nn/a,4\n#N/A,5\nNaN,6\nnan,7\nNULL,8\nnull,9\nNone,10\n"
                        "none,11\nnil,12\n?,13\n-,14\n--,15\n.,16\nmissing,17\n  ,18\n\"\",19\n7,20\n8,21\n",
                        NULL);
    assert_int_equal(table_column(data, "a")->missing, 19);
    assert_true(isnan(table_cell(data, 5, "a")) && table_cell(data, 19, "a") == 7);
    sl_data_free(data);
    data = table_open_text(b, "a,b\n-999,1\n5,2\n-999.0,3\nx,4\n7,5\n,6\n",
                           &(sl_table_options){ .missing = "x,-999" });
    assert_int_equal(table_column(data, "a")->missing, 4);
    assert_true(isnan(table_cell(data, 2, "a")));
    sl_data_free(data);
    data = table_open_text(b, "a,b\nNA,1\n5,2\n-inf,3\nx,4\n7,5\n,6\n",
                           &(sl_table_options){ .missing = "x, default,-inf" });
    assert_int_equal(table_column(data, "a")->missing, 4);
    sl_data_free(data);
    table_refused(b, "a,b\nNA,1\n5,2\n6,3\n7,3\n8,3\n9,3\n1,3\n2,3\n3,3\n",
                  &(sl_table_options){ .missing = "x" }, SL_EFORMAT, "'NA' is no number", "line 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(dates, table_up, table_down),
        cmocka_unit_test_setup_teardown(missing_words, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
