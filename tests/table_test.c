/* Tables: files to rows of cells, in a second pass by known columns. */
#include "table_place.h"
#include "core/file.h"
#include "data/format.h"
#include "data/table/infer.h"

#include <locale.h>

/* --- real files, against numbers of python's csv module --------------------------------------------- */

static double column_sum(const sl_data *data, const char *name)
{
    double sum = 0;
    for (size_t row = 0; row < sl_data_rows(data); row++) {
        const double cell = table_cell(data, row, name);
        sum += isnan(cell) ? 0 : cell;
    }
    return sum;
}

static void near(double found, double wanted)
{
    if (fabs(found - wanted) > 1e-9 * fabs(wanted))
        fail_msg("%.17g, wants %.17g", found, wanted);
}

static sl_data *open_real(table_bench *b, const char *name, const char *target)
{
    char path[1024];
    sl_data *data =
        sl_data_open_table(b->ctx, table_real(name, path), NULL, &(sl_table_options){ .target = target });
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    return data;
}

static void housing(void **state)
{
    table_bench *b = *state;
    const struct {
        const char *name, *type;
        size_t missing, distinct;
        double sum, last;
    } columns[] = { /* math.fsum of the column, len(set), the last row */
                    { "longitude", "number", 0, 844, -2467918.7, -121.24 },
                    { "latitude", "number", 0, 862, 735441.62, 39.37 },
                    { "housing_median_age", "integer", 0, 52, 591119, 16 },
                    { "total_rooms", "integer", 0, 5926, 54402150, 2785 },
                    { "total_bedrooms", "integer", 207, 1923, 10990309, 616 },
                    { "population", "integer", 0, 3888, 29421840, 1387 },
                    { "households", "integer", 0, 1815, 10310499, 530 },
                    { "median_income", "number", 0, 12928, 79890.6495, 2.3886 },
                    { "median_house_value", "integer", 0, 3842, 4269504061, 89400 }
    };
    static const char *const words[] = { "<1H OCEAN", "INLAND", "ISLAND", "NEAR BAY", "NEAR OCEAN" };
    const size_t counts[] = { 9136, 6551, 5, 2290, 2658 };
    sl_data *data = open_real(b, "california-housing/housing.csv", "median_house_value");
    assert_int_equal(sl_data_rows(data), 20640);
    assert_int_equal(sl_data_shape(data).dim[0], 9);
    assert_int_equal(sl_data_classes(data), 0);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        const sl_column *c = table_column(data, columns[i].name);
        assert_string_equal(sl_column_type_name(c->type), columns[i].type);
        assert_int_equal(c->missing, columns[i].missing);
        assert_int_equal(c->distinct, columns[i].distinct);
        near(column_sum(data, columns[i].name), columns[i].sum);
        assert_true(table_cell(data, 20639, columns[i].name) == columns[i].last);
    }
    table_is(data, "total_bedrooms", "integer", "input",
             "20,433 of 20,640 values are whole numbers, 207 missing");
    const sl_column *ocean = table_column(data, "ocean_proximity");
    assert_int_equal(ocean->words.count, 5);
    for (size_t w = 0; w < 5; w++) {
        size_t rows = 0;
        for (size_t row = 0; row < 20640; row++)
            rows += table_cell(data, row, "ocean_proximity") == (double)w;
        assert_string_equal(sl_dictionary_word(&ocean->words, w), words[w]);
        assert_int_equal(rows, counts[w]);
    }
    sl_data_free(data);
}

static void classes_of(const sl_data *data, const char *const *names, const size_t *counts, int classes)
{
    assert_int_equal(sl_data_classes(data), classes);
    for (int c = 0; c < classes; c++) {
        size_t rows = 0;
        for (size_t row = 0; row < sl_data_rows(data); row++)
            rows += sl_data_target(data, row) == c;
        assert_string_equal(sl_data_class_name(data, c), names[c]);
        assert_int_equal(rows, counts[c]);
    }
}

static void small_sets(void **state)
{
    table_bench *b = *state;
    sl_data *data = open_real(b, "tabular/iris.csv", "species");
    classes_of(data, (const char *const[]){ "Iris-setosa", "Iris-versicolor", "Iris-virginica" },
               (const size_t[]){ 50, 50, 50 }, 3);
    near(column_sum(data, "petal_length"), 563.8);
    assert_int_equal(table_column(data, "petal_width")->distinct, 22);
    sl_data_free(data);
    data = open_real(b, "tabular/wine.csv", "cultivar");
    classes_of(data, (const char *const[]){ "1", "2", "3" }, (const size_t[]){ 59, 71, 48 }, 3);
    near(column_sum(data, "nonflavanoid_phenols"), 64.41); /* written .28 */
    near(column_sum(data, "proline"), 132947);
    sl_data_free(data);
    data = open_real(b, "tabular/diabetes-train.csv", "class");
    classes_of(data, (const char *const[]){ "negative", "positive" }, (const size_t[]){ 251, 133 }, 2);
    near(column_sum(data, "pedigree"), 68.159678);
    sl_data_free(data);
    data = open_real(b, "tabular/thyroid-train.csv", "class");
    assert_int_equal(sl_data_rows(data), 3600);
    assert_int_equal(sl_data_classes(data), 3);
    near(column_sum(data, "TSH"), 19.69252);
    near(column_sum(data, "class") + 3600, 10430); /* codes 0 .. 2 for classes 1 .. 3 */
    sl_data_free(data);
}

static void texts(void **state)
{
    table_bench *b = *state;
    sl_data *data = open_real(b, "ag-news-small/train.csv", NULL);
    assert_int_equal(sl_data_rows(data), 10000);
    table_is(data, "description", "text", "text",
             "free text: 9,962 different values of 31.4 words on average");
    table_is(data, "label", "category", "input", "");
    sl_data_free(data);
}

/* --- how a file may be written ---------------------------------------------------------------------- */

static uint64_t digest_of(table_bench *b, const char *text, size_t length, sl_table_options options)
{
    table_put(b, text, length);
    sl_data *data = sl_data_open_table(b->ctx, b->path, NULL, &options);
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    const uint64_t digest = sl_data_digest(data);
    sl_data_free(data);
    return digest;
}

static void one_table_many_files(void **state)
{
    table_bench *b = *state;
    static const char *const same[] = {
        "a,b,y\n1.5,x,2\n,\"z\",3\n-2,x,4.5\n",
        "\xef\xbb\xbf\141,b,y\n1.5,x,2\n,z,3\n-2,x,4.5\n", /* \141: a */
        "a,b,y\r\n1.5,x,2\r\n,z,3\r\n-2,x,4.5\r\n",
        "a,b,y\r1.5,x,2\r,z,3\r-2,x,4.5",
        "a,b,y\n1.5,x,2\n,z,3\n-2,x,4.5",
        "\"a\",\"b\",\"y\"\n\"1.5\",\"x\",\"2\"\n\"\",\"z\",\"3\"\n\"-2\",\"x\",\"4.5\"\n",
        "a;b;y\n1.5;x;2\n;z;3\n-2;x;4.5\n",
        "a\tb\ty\n1.5\tx\t2\n\tz\t3\n-2\tx\t4.5\n",
        "a|b|y\n1.5|x|2\n|z|3\n-2|x|4.5\n",
        " a , b , y \n 1.5 , x , 2 \n NA , z , 3 \n -2 , x , 4.5 \n",
        "a,b,y\n1.5,x,2\n\n,z,3\n\n-2,x,4.5\n\n",
        "a,b,y\n15e-1,x,2.0\n?,z,3\n-2.000,x,+4.5\n",
        "b,a,y\nx,1.5,2\nz,,3\nx,-2,4.5\n",
    };
    const sl_table_options options = { .target = "y" };
    const uint64_t plain = digest_of(b, same[0], strlen(same[0]), options);
    for (size_t i = 1; i < sizeof same / sizeof same[0] - 1; i++)
        if (digest_of(b, same[i], strlen(same[i]), options) != plain)
            fail_msg("file %zu is another table", i);
    /* columns in another order are another table to begin with, and the same to who knows the columns */
    assert_true(digest_of(b, same[12], strlen(same[12]), options) != plain);
    sl_data *first = table_open_text(b, same[0], &options);
    table_put(b, same[12], strlen(same[12]));
    sl_data *other =
        sl_data_open_by(b->ctx, b->path, NULL, &(sl_opening){ .columns = first->store->columns });
    assert_non_null(other);
    assert_true(sl_data_digest(other) == plain);
    sl_data_free(other);
    const char *comma = "a;b;y\n1,5;x;2\n;z;3\n-2;x;4,5\n";
    assert_true(digest_of(b, comma, strlen(comma), (sl_table_options){ .target = "y", .decimal = ',' }) ==
                plain);
    comma = "a^b^y\n1.5^x^2\n^z^3\n-2^x^4.5\n";
    assert_true(digest_of(b, comma, strlen(comma), (sl_table_options){ .target = "y", .delimiter = '^' }) ==
                plain);
    sl_data_free(first);
}

static void german_locale(void **state)
{
    table_bench *b = *state;
    const char *text = "a,y\n1.5,2.25\n3,4e-1\n";
    const uint64_t plain = digest_of(b, text, strlen(text), (sl_table_options){ 0 });
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "de_DE.utf8") &&
        !setlocale(LC_ALL, "de_DE")) {
        print_message("skipped: no locale de_DE here\n");
        skip();
    }
    const uint64_t german = digest_of(b, text, strlen(text), (sl_table_options){ 0 });
    setlocale(LC_ALL, "C");
    assert_true(german == plain);
}

/* --- by known columns ------------------------------------------------------------------------------- */

static const char *const training =
    "city,n,ok,when,y\nOslo,1,yes,2024-01-01,a\nRom,2,no,2024-01-02,b\nRom,3,YES,,b\n";

static sl_data *open_known(table_bench *b, const char *text, const sl_columns *columns, bool learning,
                           const char *keep)
{
    sl_clear(b->ctx);
    b->log[0] = 0;
    table_put(b, text, strlen(text));
    return sl_data_open_by(b->ctx, b->path, NULL,
                           &(sl_opening){ .columns = columns, .learning = learning, .keep = keep });
}

static void by_known_columns(void **state)
{
    table_bench *b = *state;
    sl_data *train = table_open_text(b, training, &(sl_table_options){ .target = "y" });
    const sl_columns *columns = train->store->columns;
    assert_string_equal(table_word(train, 2, "ok"), "yes"); /* as it is written first */
    sl_data *data = open_known(
        b, "more;when;ok;n;city\n1;2024-01-03;Yes;;Rom\n2;;No;7;Paris\n3;;no;NA;Lima\n4;;;8;Paris\n", columns,
        false, "more, city");
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    assert_int_equal(sl_data_rows(data), 4);
    assert_false(sl_data_has_targets(data));
    assert_int_equal(sl_data_classes(data), 0);
    assert_true(sl_columns_alike(columns, data->store->columns));
    assert_true(isnan(table_cell(data, 0, "n")) && table_cell(data, 1, "n") == 7 &&
                isnan(table_cell(data, 2, "n")));
    assert_string_equal(table_word(data, 0, "city"), "Rom");
    assert_true(table_cell(data, 1, "city") == SL_UNSEEN && table_cell(data, 2, "city") == SL_UNSEEN);
    assert_string_equal(table_word(data, 0, "ok"), "yes");
    assert_true(isnan(table_cell(data, 3, "ok")) && table_cell(data, 0, "when") == 1704240000);
    assert_non_null(
        strstr(b->log, "column city: 2 words that training did not have ('Paris', 'Lima') in 3 rows"));
    assert_string_equal(sl_data_text(data, 2, 0), "3");
    assert_string_equal(sl_data_text(data, 2, 1), "Lima");
    assert_null(sl_data_text(data, 2, 2));
    sl_data_free(data);

    data = open_known(b, "city,n,ok,when,y\nRom,1,,,b\nRom,2,,,\n", columns, false, NULL);
    assert_int_equal(sl_data_rows(data), 2);
    assert_true(sl_data_target(data, 0) == 1 && isnan(sl_data_target(data, 1)));
    sl_data_free(data);
    data = open_known(b, "city,n,ok,when,y\nRom,1,,,b\nRom,2,,,\n", columns, true, NULL);
    assert_int_equal(sl_data_rows(data), 1);
    assert_non_null(strstr(b->log, "1 row without a target left out"));
    sl_data_free(data);

    const struct {
        const char *text, *first, *second;
        sl_status status;
    } wrong[] = {
        { "city,x\nRom,1\n", "lacks 3 of 4 input columns: n, ok, when", "names city, x", SL_EINVAL },
        { "city,n,ok,when\nRom,1,yes,\nRom,abc,no,soon\n", "line 3, column 5: column n: 'abc' is no number",
          "line 3, column 12: column when: 'soon' is no date such as 2024", SL_EFORMAT },
        { "city,n,ok,when\nRom,inf,yes,\n", "line 2, column 5: column n: 'inf' is infinite", "", SL_EFORMAT },
        { "city,n,ok,when,y\nRom,1,yes,,c\n",
          "line 2, column 12: column y: 'c' is none of the 2 classes: a, b", "", SL_EFORMAT },
        { "city,n,ok,when\nRom,1,yes\n", "line 2: 3 fields, and the first line has 4 names", "", SL_EFORMAT },
        { "city,n,ok,when\n", "no rows", "", SL_EFORMAT },
        { "city,n,ok,when,city\nRom,1,yes,,Rom\n", "the name 'city' of column 5", "", SL_EFORMAT },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const size_t before = sl_ctx_bytes(b->ctx);
        assert_null(open_known(b, wrong[i].text, columns, false, NULL));
        if (sl_error(b->ctx) != wrong[i].status || !strstr(sl_message(b->ctx), wrong[i].first) ||
            !strstr(sl_message(b->ctx), wrong[i].second))
            fail_msg("'%s', '%s': %s", wrong[i].first, wrong[i].second, sl_message(b->ctx));
        assert_int_equal(sl_ctx_bytes(b->ctx), before);
    }
    assert_null(open_known(b, training, columns, false, "cty"));
    assert_non_null(strstr(sl_message(b->ctx), "unknown column 'cty': did you mean 'city'?"));
    sl_clear(b->ctx);
    sl_data_free(train);
}

static void rows_without_a_target(void **state)
{
    table_bench *b = *state;
    sl_data *data =
        table_open_text(b, "x,y\n1,a\n2,\n3,b\n4,NA\n5,a\n\n6,b\n", &(sl_table_options){ .target = "y" });
    assert_int_equal(sl_data_rows(data), 4);
    assert_true(table_cell(data, 1, "x") == 3 && table_cell(data, 3, "x") == 6);
    assert_int_equal(table_column(data, "y")->missing, 2);
    assert_non_null(strstr(b->log, "2 rows without a target left out"));
    assert_non_null(strstr(b->log, "1 empty line passed over"));
    sl_data_free(data);
}

/* More rows than the first room; a third of the memory is theirs, and what needs more is packed. */
static void many_rows(void **state)
{
    table_bench *b = *state;
    enum { ROWS = 5000 };
    char *text = malloc(ROWS * 20), *at = text + sprintf(text, "x,y\n");
    for (int i = 0; i < ROWS; i++)
        at += sprintf(at, "%d.5,%d\n", i * 7919 % 5003, i * i % 1009);
    sl_data *data = table_open_text(b, text, NULL);
    assert_int_equal(sl_data_rows(data), ROWS);
    for (int i = 0; i < ROWS; i++)
        assert_true(table_cell(data, (size_t)i, "x") == i * 7919 % 5003 + 0.5 &&
                    table_cell(data, (size_t)i, "y") == i * i % 1009);
    sl_data_free(data);
    for (int packed = 0; packed < 2; packed++) {
        data = table_open_text(b, text, &(sl_table_options){ .memory = (size_t)(ROWS - packed) * 3 * 16 });
        assert_int_equal(data->store->packed != NULL, packed);
        assert_int_equal(sl_data_rows(data), ROWS);
        sl_data_free(data);
    }
    free(text);
}

/* Words that are too many for categories, and what is bounded. */
static void many_words(void **state)
{
    table_bench *b = *state;
    enum { ROWS = 120000 };
    char *text = malloc(ROWS * 24), *at = text + sprintf(text, "w,x\n");
    for (int i = 0; i < ROWS; i++)
        at += sprintf(at, "w%d,%d.5\n", i % 105000, i % 7);
    sl_data *data = table_open_text(b, text, NULL);
    table_is(data, "w", "identifier", "left out", "105,000 or more different words");
    assert_int_equal(table_column(data, "w")->distinct, 105000);
    assert_int_equal(table_column(data, "w")->words.count, 0);
    sl_data_free(data);
    table_refused(b, text, &(sl_table_options){ .columns = "w=category" }, SL_EINVAL,
                  "column w cannot be a category", "105,000");
    free(text);
}

static void recognised(void **state)
{
    table_bench *b = *state;
    char path[80];
    snprintf(path, sizeof path, "%s.unknown", b->path);
    FILE *file = fopen(path, "wb");
    fputs("a,b\n1,2\n3,5\n", file);
    fclose(file);
    sl_data *data = sl_data_open(b->ctx, path, NULL); /* by what is in it */
    assert_int_equal(sl_data_rows(data), 2);
    sl_data_free(data);
    assert_null(sl_data_open(b->ctx, path, "test"));
    assert_non_null(strstr(sl_message(b->ctx), "a table has no test part"));
    sl_clear(b->ctx);
    file = fopen(path, "wb");
    fputs("a,b\n1\002,2\n", file);
    fclose(file);
    assert_null(sl_data_open(b->ctx, path, NULL));
    assert_non_null(strstr(sl_message(b->ctx), "this kind of file is not known"));
    sl_clear(b->ctx);
    remove(path);
}

/* Another file in the second pass than in the first. */
static void changed_between_passes(void **state)
{
    table_bench *b = *state;
    table_put(b, training, strlen(training));
    sl_source *source = sl_source_open(b->ctx, b->path, 0);
    sl_columns *columns = sl_table_infer_from(b->ctx, source, NULL);
    assert_non_null(columns);
    char other[200];
    strcpy(other, training);
    *strstr(other, "Rom,2") = 'r';
    FILE *file = fopen(b->path, "r+b");
    fwrite(other, 1, strlen(other), file);
    fclose(file);
    assert_null(sl_table_read_from(b->ctx, source, &(sl_table_reading){ .columns = columns }));
    assert_int_equal(sl_error(b->ctx), SL_EFILE);
    sl_clear(b->ctx);
    sl_columns_free(columns);
    sl_source_close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(housing, table_up, table_down),
        cmocka_unit_test_setup_teardown(small_sets, table_up, table_down),
        cmocka_unit_test_setup_teardown(texts, table_up, table_down),
        cmocka_unit_test_setup_teardown(one_table_many_files, table_up, table_down),
        cmocka_unit_test_setup_teardown(german_locale, table_up, table_down),
        cmocka_unit_test_setup_teardown(by_known_columns, table_up, table_down),
        cmocka_unit_test_setup_teardown(rows_without_a_target, table_up, table_down),
        cmocka_unit_test_setup_teardown(many_rows, table_up, table_down),
        cmocka_unit_test_setup_teardown(many_words, table_up, table_down),
        cmocka_unit_test_setup_teardown(recognised, table_up, table_down),
        cmocka_unit_test_setup_teardown(changed_between_passes, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
