/* What the columns of a table are found to be, and what is asked of them instead. */
#include "table_place.h"

/* Rows of one line each: `line` is given the row's number as often as it wants, through `put`. */
static char *rows_of(const char *header, int rows, void (*put)(char *line, int row))
{
    char *text = calloc((size_t)rows * 200 + 400, 1);
    strcpy(text, header);
    for (char *at = text + strlen(text); rows-- > 0; at += strlen(at))
        put(at, rows);
    return text;
}

static void put_types(char *line, int i)
{
    sprintf(line,
            "%05d,%s,2024-01-%02d,%d/%d/2024,%02d.%02d.2024,%d/%d/2024,%d,%d.25,word%d of %d and "
            "more,w%d,7,%s,c%d\n",
            501 + i % 7, i % 3 ? "Yes" : "no", i % 28 + 1, i % 12 + 1, i % 28 + 1, i % 28 + 1, i % 12 + 1,
            i % 12 + 1, i % 12 + 1, i * 7 % 41, i, i, i, i,
            i % 5   ? "a"
            : i % 2 ? "NA"
                    : "",
            i % 3);
}

static void types_follow_the_values(void **state)
{
    table_bench *b = *state;
    char *text = rows_of("zip,ok,iso,us,eu,either,whole,real,note,code,same,gaps,y\n", 40, put_types);
    sl_data *data = table_open_text(b, text, &(sl_table_options){ .target = "y" });
    table_is(data, "zip", "category", "input", "40 of 40 values begin with 0");
    table_is(data, "ok", "boolean", "input", "all 40 values are yes or no");
    table_is(data, "iso", "date", "input", "all 40 values are dates");
    table_is(data, "us", "date", "input", "month first");
    table_is(data, "eu", "date", "input", "day first");
    table_is(data, "either", "category", "input", "none says whether its day or its month comes first");
    table_is(data, "whole", "integer", "input", "all 40 values are whole numbers");
    table_is(data, "real", "number", "input", "all 40 values are numbers");
    table_is(data, "note", "text", "text", "free text");
    table_is(data, "code", "identifier", "left out", "40 of 40 values are different words");
    table_is(data, "same", "constant", "left out", "the same");
    table_is(data, "gaps", "constant", "left out", "8 missing");
    table_is(data, "y", "category", "target", "classification");
    assert_int_equal(sl_data_classes(data), 3);
    assert_int_equal(sl_data_shape(data).dim[0], 8);
    /* rows stand in the file from 39 to 0 */
    assert_string_equal(table_word(data, 39, "zip"), "00501");
    assert_string_equal(table_word(data, 39, "ok"), "no");
    assert_true(table_cell(data, 39, "iso") == 1704067200); /* date -d 2024-01-01 +%s */
    assert_true(table_cell(data, 39, "us") == 1704067200 && table_cell(data, 39, "eu") == 1704067200);
    assert_true(table_cell(data, 38, "us") == 1706832000); /* 2024-02-02 */
    assert_true(table_cell(data, 38, "eu") == 1706832000);
    assert_true(table_cell(data, 0, "real") == 39.25);
    sl_data_free(data);
    free(text);
}

static void put_count(char *line, int i)
{
    sprintf(line, "%d,%d,%d,%d\n", 100 - i, i * i, i % 4, i);
}

static void identifiers(void **state)
{
    table_bench *b = *state;
    char *text = rows_of("row,customer_id,x,y\n", 30, put_count); /* row: 71, 72, .. */
    sl_data *data = table_open_text(b, text, &(sl_table_options){ .target = "y" });
    table_is(data, "row", "identifier", "left out", "30 different whole numbers, and its name");
    table_is(data, "customer_id", "identifier", "left out", "and its name");
    table_is(data, "y", "integer", "target", "regression");
    sl_data_free(data);
    text[0] = 'l'; /* "low": no such name, but they count */
    text[2] = 'w';
    data = table_open_text(b, text, &(sl_table_options){ .target = "y" });
    table_is(data, "low", "identifier", "left out", "71 to 100, one by one");
    sl_data_free(data);
    data = table_open_text(b, text, &(sl_table_options){ .target = "y", .columns = "low=number\nx=ignore" });
    table_is(data, "low", "number", "input", "");
    table_is(data, "x", "integer", "left out", "");
    sl_data_free(data);
    /* the only input there is */
    data = table_open_text(b, text, &(sl_table_options){ .target = "y", .columns = "x=ignore" });
    table_is(data, "low", "integer", "input", "the only input");
    sl_data_free(data);
    free(text);
}

static void tasks(void **state)
{
    table_bench *b = *state;
    char text[4000] = "x,few,many,pair\n";
    for (int i = 0; i < 100; i++)
        sprintf(text + strlen(text), "%d.5,%d,%d,%d\n", i * 7 % 13, i % 10 * 2, i % 11, i % 2 ? 5 : -1);
    const struct {
        const char *target, *task, *columns;
        int classes;
        const char *says;
    } cases[] = {
        { "few", NULL, NULL, 10, "10 different whole numbers in 100 rows: classification" },
        { "many", NULL, NULL, 0, "11 different whole numbers in 100 rows: regression" }, /* 9 rows a class */
        { "pair", NULL, NULL, 2, "classification" },
        { "x", NULL, NULL, 0, "13 different numbers in 100 rows: regression" },
        { "few", "regression", NULL, 0, "regression, as asked" },
        { "many", "classification", NULL, 11, "classification, as asked" },
        { "x", "classification", NULL, 13, "classification, as asked" },
        { "few", NULL, "few=number", 0, "regression" },
        { "many", NULL, "many=category", 11, "classification, as asked" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const sl_table_options options = { .target = cases[i].target,
                                           .task = cases[i].task,
                                           .columns = cases[i].columns };
        sl_data *data = table_open_text(b, text, &options);
        assert_int_equal(sl_data_classes(data), cases[i].classes);
        table_is(data, cases[i].target,
                 cases[i].classes                                ? "category"
                 : cases[i].target[0] == 'x' || cases[i].columns ? "number"
                                                                 : "integer",
                 "target", cases[i].says);
        sl_data_free(data);
    }
    /* classes of numbers in the order of numbers */
    sl_data *data = table_open_text(b, text, &(sl_table_options){ .target = "few" });
    assert_string_equal(sl_data_class_name(data, 1), "2");
    assert_string_equal(sl_data_class_name(data, 5), "10");
    sl_data_free(data);
    data = table_open_text(b, text, &(sl_table_options){ .target = "pair" });
    assert_string_equal(sl_data_class_name(data, 0), "-1");
    sl_data_free(data);
    table_refused(b, "x,y\n1,a\n2,b\n", &(sl_table_options){ .target = "y", .task = "regression" }, SL_EINVAL,
                  "--task regression", "2 different words");
    table_refused(b, "x,y\n1,a\n2,b\n", &(sl_table_options){ .target = "y", .task = "classify" }, SL_EINVAL,
                  "'classify'", "classification or regression");
    table_refused(b, "x,y\n1,a\n2,a\n", &(sl_table_options){ .target = "y" }, SL_EINVAL, "--target y",
                  "the same");
    table_refused(b, "x,y\n1,\n2,\n", &(sl_table_options){ .target = "y" }, SL_EINVAL, "--target y",
                  "no value");
}

static void words_among_numbers(void **state)
{
    table_bench *b = *state;
    char text[4000] = "age,y\n";
    for (int i = 0; i < 40; i++)
        sprintf(text + strlen(text), "%s,%d.5\n", i == 20 ? "abc" : i == 30 ? "n.a." : "34", i);
    const sl_table_options plain = { .target = "y" };
    table_refused(b, text, &plain, SL_EFORMAT,
                  "line 22, column 1: column age: 'abc' is no number, as 38 of 40",
                  "line 32, column 1: column age: 'n.a.'");
    sl_data *data = table_open_text(
        b, text, &(sl_table_options){ .target = "y", .missing = "abc, n.a.", .columns = "age=number" });
    table_is(data, "age", "number", "input", "");
    assert_true(isnan(table_cell(data, 20, "age")) && table_cell(data, 19, "age") == 34);
    sl_data_free(data);
    data = table_open_text(b, text, &(sl_table_options){ .target = "y", .columns = "age=category" });
    assert_string_equal(table_word(data, 30, "age"), "n.a.");
    assert_string_equal(table_word(data, 0, "age"), "34");
    sl_data_free(data);
    /* words, with some numbers among them, are words */
    data = table_open_text(b, "c,y\na,1.5\nb,2.5\n7,3.5\n7.0,4.5\na,5.5\n", &plain);
    table_is(data, "c", "category", "input", "3 different words in 5 values");
    assert_string_equal(table_word(data, 2, "c"), "7");
    assert_string_equal(table_word(data, 3, "c"), "7");
    sl_data_free(data);
    table_refused(b, "c,y\n1,1.5\n-inf,2.5\n1e400,3.5\n2,4.5\n", &plain, SL_EFORMAT,
                  "line 3, column 1: column c: '-inf' is infinite", "line 4, column 1: column c: '1e400'");
    /* the same word again is told once, and what is advised keeps the usual words */
    strcpy(text, "n,y\n");
    for (int i = 0; i < 60; i++)
        sprintf(text + strlen(text), "%s,%d.5\n", i % 25 == 3 ? "-inf" : i % 25 == 9 ? "x" : "1", i);
    table_refused(
        b, text, &plain, SL_EFORMAT,
        "line 11, column 1: column n: 'x' (and 2 more such values) is no number, as 54 of 60 values "
        "are: say --missing \"default,x\" if",
        "2 problems:\n");
    table_refused(b, text, &(sl_table_options){ .target = "y", .missing = "x" }, SL_EFORMAT,
                  "line 5, column 1: column n: '-inf' (and 2 more such values) is infinite",
                  "--missing \"x,-inf\"");
    table_refused(b, "c,y\n\"1,5\",1.5\n\"2,5\",2.5\n", &plain, SL_EFORMAT, "'1,5' has a decimal comma",
                  "--decimal ,");
    table_refused(b, "c,y\n\"1,500\",1.5\n\"2,500.5\",2.5\n", &plain, SL_EFORMAT, "line 2, column 1",
                  "marks between thousands");
    table_refused(b, "c,y\n15 %,1.5\n7%,2.5\n", &plain, SL_EFORMAT, "'15 %'", "take the % off");
    table_refused(b, "c,y\n\xe2\x82\xac 5,1.5\n$7,2.5\n", &plain, SL_EFORMAT, "'$7'", "currency sign");
    data = table_open_text(b, "c;y\n1,5;1\n-2,25;2\n3;3,5\n", &(sl_table_options){ .decimal = ',' });
    assert_true(table_cell(data, 1, "c") == -2.25 && table_cell(data, 2, "y") == 3.5);
    sl_data_free(data);
    strcpy(text, "age,y\n");
    for (int i = 0; i < 300; i++)
        sprintf(text + strlen(text), i % 6 ? "1,%d\n" : "w%d,1\n", i);
    table_refused(b, text, &(sl_table_options){ .columns = "age=number" }, SL_EFORMAT,
                  "50 problems, the first 20", "line 116, column 1: column age: 'w114' is no number");
    strcpy(text, "when,y\n");
    for (int i = 0; i < 40; i++)
        sprintf(text + strlen(text), i == 7 ? "soon,%d\n" : "2024-05-01,%d\n", i);
    table_refused(b, text, &plain, SL_EFORMAT, "line 9, column 1: column when: 'soon' is no date",
                  "39 of 40");
}

static void headers(void **state)
{
    table_bench *b = *state;
    const sl_table_options none = { 0 };
    table_refused(b, "", &none, SL_EFORMAT, "it is empty", "line of names");
    table_refused(b, "a,b\n", &none, SL_EFORMAT, "no rows", "");
    table_refused(b, "1,2.5\n3,4\n", &none, SL_EFORMAT, "numbers only", "wants a line of names");
    table_refused(b, "a,b,a,\n1,2,3,4\n", &none, SL_EFORMAT, "line 1, column 5: the name 'a' of column 3",
                  "line 1, column 7: column 4 has no name");
    table_refused(b, "a,b\n1,2\n1\n1,2,3\n", &none, SL_EFORMAT, "line 3: 1 fields, and the first line has 2",
                  "line 4: 3 fields");
    /* names are trimmed; a first column without one counts rows; names may be numbers where one is meant */
    sl_data *data = table_open_text(b, ", x ,\"y z\"\n1,2,3\n2,2,4\n", &none);
    assert_int_equal(sl_columns_find(data->store->columns, "unnamed"), 0);
    assert_int_equal(sl_columns_find(data->store->columns, "x"), 1);
    assert_int_equal(sl_columns_find(data->store->columns, "y z"), 2);
    sl_data_free(data);
    data = table_open_text(b, "1990,2000\n1,2.5\n2,4\n", &(sl_table_options){ .target = "2000" });
    assert_int_equal(sl_data_rows(data), 2);
    sl_data_free(data);
}

static void asked(void **state)
{
    table_bench *b = *state;
    const char *text =
        "lat,lon,\"a=b,c\",when,s,y\n1.5,2,x,1/2/2024,1,3\n2.5,3,y,3/4/2024,0,4\n3.5,5,x,5/6/2024,1,4.5\n";
    sl_data *data = table_open_text(
        b, text,
        &(sl_table_options){
            .target = "y", .columns = "lat, lon=fourier 8\n\"a=b,c\"=one_hot\n\nwhen=day_first\ns=boolean" });
    const sl_columns *columns = data->store->columns;
    assert_true(columns->column[0].together == 1 && columns->column[1].together == 1);
    assert_string_equal(columns->column[1].encoding, "fourier 8");
    assert_string_equal(columns->column[2].encoding, "one_hot");
    assert_true(columns->column[3].date_order == SL_DATE_DAY_FIRST);
    assert_true(table_cell(data, 0, "when") == 1706745600); /* 2024-02-01 */
    table_is(data, "s", "boolean", "input", "");
    assert_string_equal(table_word(data, 0, "s"), "1");
    sl_data_free(data);
    data = table_open_text(b, text,
                           &(sl_table_options){ .target = "y", .columns = "lat=one_hot\nwhen=month_first" });
    table_is(data, "lat", "category", "input", "--column lat=one_hot");
    assert_string_equal(table_word(data, 2, "lat"), "3.5");
    assert_true(table_cell(data, 0, "when") == 1704153600); /* 2024-01-02 */
    sl_data_free(data);
    const struct {
        sl_table_options options;
        const char *first, *second;
    } wrong[] = {
        { { .columns = "latt=number" }, "unknown column 'latt': did you mean 'lat'?", "--column" },
        { { .columns = "lat=nmber" }, "unknown word 'nmber': did you mean 'number'?", "--column" },
        { { .columns = "lat" }, "wants NAME=WORD", "'lat'" },
        { { .columns = "lat=number\nlat=one_hot" }, "lat is asked for twice", "" },
        { { .columns = "lat,lon=one_hot" }, "one_hot takes one column, given 2", "" },
        { { .columns = "lat=integer" }, "--column lat=integer", "'1.5' in line 2" },
        { { .columns = "lat=boolean" }, "--column lat=boolean", "" },
        { { .columns = "lat=date" }, "--column lat=date", "" },
        { { .columns = "when=date" }, "'1/2/2024'", "day_first" },
        { { .columns = "lat=one_hot least=-5" }, "least", "--column" },
        { { .target = "z" }, "--target: unknown column 'z'", "" },
        { { .target = "y", .group = "y" }, "y is asked for by --target and by --group", "" },
        { { .target = "y", .columns = "y=one_hot" }, "it is the target", "" },
        { { .target = "y", .time = "a=b,c" }, "--time", "dates or numbers" },
        { { .target = "y", .weight = "a=b,c" }, "--weight", "numbers of at least 0" },
        { { .target = "y", .columns = "lat,lon,\"a=b,c\",when,s=ignore" },
          "no column is left",
          "ignored, as asked" },
        { { .decimal = ';' }, "decimal", "';'" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        table_refused(b, text, &wrong[i].options, SL_EINVAL, wrong[i].first, wrong[i].second);
    table_refused(b, text, &(sl_table_options){ .columns = "\"a=b,c\"=number" }, SL_EFORMAT,
                  "line 2, column 7: column a=b,c: 'x' (and 1 more such value) is no number", "line 3");
}

static void roles(void **state)
{
    table_bench *b = *state;
    const char *text =
        "name,day,w,x,y\nann,2024-01-03,0,1.5,a\nbob,2024-01-01,2,2.5,b\nann,2024-01-02,1,3,b\n";
    sl_data *data = table_open_text(
        b, text, &(sl_table_options){ .target = "y", .group = "name", .time = "day", .weight = "w" });
    const sl_columns *columns = data->store->columns;
    table_is(data, "name", "category", "group", "");
    table_is(data, "day", "date", "time", "");
    table_is(data, "w", "number", "weight", "");
    assert_true(columns->group == 0 && columns->time == 1 && columns->weight == 2 && columns->target == 4);
    assert_int_equal(columns->inputs, 1);
    assert_int_equal(columns->cells, 5);
    assert_true(data->weights[0] == 0 && data->weights[1] == 2 && data->weights[2] == 1);
    assert_true(table_cell(data, 0, "name") == table_cell(data, 2, "name"));
    sl_data_free(data);
    data =
        table_open_text(b, text, &(sl_table_options){ .target = "y", .time = "day", .columns = "day=date" });
    table_is(data, "day", "date", "input", ""); /* both */
    assert_int_equal(data->store->columns->time, 1);
    sl_data_free(data);
    data = table_open_text(b, text,
                           &(sl_table_options){ .target = "y", .group = "name", .columns = "name=text" });
    table_is(data, "name", "category", "group", ""); /* a text is no input */
    sl_data_free(data);
    table_refused(b, "w,x,y\n-1,1,2\n2,2,3.5\n", &(sl_table_options){ .target = "y", .weight = "w" },
                  SL_EINVAL, "--weight w", "at least 0");
    table_refused(b, "w,x,y\n1,1,2\n,2,3.5\n", &(sl_table_options){ .target = "y", .weight = "w" }, SL_EINVAL,
                  "--weight w", "in every row");
}

static void numbers_without_a_header(void **state)
{
    table_bench *b = *state;
    const double values[12] = { 1, 0.5, 0, 2, NAN, 1, 3, 1.5, 0, 4, 2.5, 1 };
    sl_columns *columns =
        sl_table_infer_numbers(b->ctx, "a.npy", values, 4, 3, NULL, &(sl_table_options){ .target = "x2" });
    assert_non_null(columns);
    assert_string_equal(columns->column[0].name, "x0");
    assert_true(columns->column[0].type == SL_COLUMN_INTEGER && columns->column[1].type == SL_COLUMN_NUMBER);
    assert_int_equal(columns->column[1].missing, 1);
    assert_int_equal(columns->column[1].distinct, 3);
    assert_true(columns->column[2].type == SL_COLUMN_CATEGORY && columns->column[2].words.count == 2);
    sl_columns_free(columns);
    const double infinite[4] = { 1, 2, INFINITY, 4 };
    const char *const names[] = { "a", "b" };
    assert_null(sl_table_infer_numbers(b->ctx, "a.npy", infinite, 2, 2, names, NULL));
    assert_non_null(strstr(sl_message(b->ctx), "a.npy, line 2, column 1: column a: 'inf'"));
    sl_clear(b->ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(types_follow_the_values, table_up, table_down),
        cmocka_unit_test_setup_teardown(identifiers, table_up, table_down),
        cmocka_unit_test_setup_teardown(tasks, table_up, table_down),
        cmocka_unit_test_setup_teardown(words_among_numbers, table_up, table_down),
        cmocka_unit_test_setup_teardown(headers, table_up, table_down),
        cmocka_unit_test_setup_teardown(asked, table_up, table_down),
        cmocka_unit_test_setup_teardown(roles, table_up, table_down),
        cmocka_unit_test_setup_teardown(numbers_without_a_header, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
