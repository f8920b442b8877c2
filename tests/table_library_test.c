/* Tables by the library alone, without a run: what is fitted, what is refused, and the ends of the ranges. */
#include "baseline/baseline.h"
#include "data/parts.h"
#include "made_table.h"
#include "table_place.h"
#include "train/trainer.h"

/* Rows "number,kind" of kinds first .. 2, x y z, whose number is near their kind; every tenth has none. */
static void library_put(table_bench *b, int first, int rows)
{
    char text[16384] = "a,b,kind\n";
    for (int i = 0; i < rows; i++) {
        const int kind = first + i % (3 - first);
        const size_t end = strlen(text);
        if (i % 10 == 7)
            snprintf(text + end, sizeof text - end, ",%d.5,%c\n", i * 37 % 101, "xyz"[kind]);
        else
            snprintf(text + end, sizeof text - end, "%d.%d,%d.5,%c\n", kind, i % 8 + 1, i * 37 % 101,
                     "xyz"[kind]);
    }
    table_put(b, text, strlen(text));
}

static sl_model *library_model(sl_ctx *ctx)
{
    const sl_layer layers[] = { { .type = "dense", .units = 8, .activation = "relu" },
                                { .type = "dense", .units = 3 },
                                { 0 } };
    sl_model *model = sl_model_new(ctx, layers);
    assert_non_null(model);
    assert_int_equal(
        sl_compile(model, .loss = "cross_entropy", .optimizer = { .rule = "adam", .lr = (sl_real)0.02 }),
        SL_OK);
    return model;
}

static double library_accuracy(sl_ctx *ctx, sl_model *model, const sl_data *data)
{
    sl_report *report = sl_evaluate(ctx, model, data);
    const double accuracy = report ? sl_report_at(report, 0, "accuracy") : NAN;
    sl_report_free(report);
    return accuracy;
}

/* A file without class x has y as its class 0: the model's is x. Read by the model's columns all is well. */
static void classes_of_another_table_are_refused(void **state)
{
    table_bench *b = *state;
    const sl_table_options options = { .target = "kind" };
    library_put(b, 0, 300);
    sl_data *train = sl_data_open_table(b->ctx, b->path, NULL, &options);
    sl_model *model = library_model(b->ctx);
    sl_report *report = sl_model_fit(model, train, &(sl_fit_options){ .epochs = 40 });
    assert_non_null(report);
    library_put(b, 1, 100);
    sl_data *own = sl_data_open_table(b->ctx, b->path, NULL, &options),
            *by_model = sl_data_open_for(b->ctx, b->path, NULL, model, NULL);
    assert_true(library_accuracy(b->ctx, model, by_model) > 0.85);
    assert_true(isnan(library_accuracy(b->ctx, model, own)));
    assert_int_equal(sl_error(b->ctx), SL_EINVAL);
    assert_non_null(strstr(sl_message(b->ctx), "number 0 is 'y', and the model's is 'x'"));
    sl_clear(b->ctx);
    sl_report_free(report);
    sl_model_free(model);
    sl_data_free(own);
    sl_data_free(by_model);
    sl_data_free(train);
}

/* Data that were opened for one model teach another: its columns are fitted, on its own rows. */
static void data_opened_for_one_model_teach_another(void **state)
{
    table_bench *b = *state;
    library_put(b, 0, 300);
    sl_data *train = sl_data_open_table(b->ctx, b->path, NULL, &(sl_table_options){ .target = "kind" });
    sl_model *first = library_model(b->ctx), *second = library_model(b->ctx);
    const sl_fit_options fit = { .epochs = 5 };
    sl_report *a = sl_model_fit(first, train, &fit);
    assert_non_null(a);
    sl_data *again = sl_data_open_for(b->ctx, b->path, NULL, first, NULL);
    sl_report *c = sl_model_fit(second, again, &fit);
    if (!c)
        fail_msg("%s", sl_message(b->ctx));
    assert_int_equal(sl_model_input(second).dim[0], 3); /* two numbers, and where the first is missing */
    assert_true(sl_model_digest(first) == sl_model_digest(second));
    sl_report_free(a);
    sl_report_free(c);
    sl_model_free(first);
    sl_model_free(second);
    sl_data_free(again);
    sl_data_free(train);
}

static uint64_t library_digest(table_bench *b, const char *text)
{
    sl_data *data = table_open_text(b, text, &(sl_table_options){ .target = "y" });
    const uint64_t digest = sl_data_digest(data);
    sl_data_free(data);
    return digest;
}

/* Codes and numbers are alike in all of these, and mean other things. */
static void the_digest_knows_words_and_names(void **state)
{
    table_bench *b = *state;
    const uint64_t plain = library_digest(b, "a,b,y\nred,1,no\nblue,2,yes\nred,5,no\nblue,1,yes\n");
    static const char *const others[] = {
        "a,b,y\nred,1,false\nblue,2,true\nred,5,false\nblue,1,true\n",
        "a,b,y\ntwo,1,no\none,2,yes\ntwo,5,no\none,1,yes\n",
        "a,c,y\nred,1,no\nblue,2,yes\nred,5,no\nblue,1,yes\n",
    };
    assert_true(library_digest(b, "a;b;y\r\nred;1.0;no\r\nblue;2;yes\r\nred;5;no\r\n\"blue\";1;yes") ==
                plain);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(library_digest(b, others[i]) != plain);
}

/* 13 classes of 5 rows in 10 folds: 65 rows, so 6 or 7 a fold, and no class twice in one. */
static void folds_of_small_classes_have_equally_many_rows(void **state)
{
    (void)state;
    enum { CLASSES = 13, ROWS = 65, FOLDS = 10 };
    static const made_column spec[] = {
        { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
        { "kind", SL_COLUMN_CATEGORY, SL_ROLE_TARGET, "a b c d e f g h i j k l m" },
    };
    char said[8192];
    sl_ctx *ctx = made_ctx(3, 1, said);
    sl_data *all = made_table(ctx, ROWS, spec, 2);
    size_t tested = 0;
    for (size_t i = 0; i < ROWS; i++)
        *made_cell(all, i, 1) = (double)(i % CLASSES);
    for (int fold = 0; fold < FOLDS; fold++) {
        sl_data *train, *validation, *test;
        const sl_parts_options options = { .folds = FOLDS, .fold = fold };
        said[0] = 0;
        assert_int_equal(sl_data_parts(all, CLASSES, &options, &train, &validation, &test), SL_OK);
        assert_true(test->rows == 6 || test->rows == 7);
        tested += test->rows;
        size_t held[CLASSES] = { 0 };
        for (size_t i = 0; i < test->rows; i++)
            assert_int_equal(held[(int)sl_data_target(test, i)]++, 0);
        sl_data_free(train);
        sl_data_free(validation);
        sl_data_free(test);
    }
    assert_int_equal(tested, ROWS);
    sl_data_free(all);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
}

/* 20,000 columns: what is fitted grows with them, not with their square, which would be 1.6 GB. */
static void many_columns_take_little_memory(void **state)
{
    (void)state;
    enum { COLUMNS = 20000, ROWS = 3 };
    char said[8192], (*names)[8] = calloc(COLUMNS, sizeof *names);
    made_column *spec = calloc(COLUMNS, sizeof *spec);
    sl_ctx *ctx = made_ctx(1, 1, said);
    for (int c = 0; c < COLUMNS; c++) {
        snprintf(names[c], sizeof names[c], "c%d", c);
        spec[c] = (made_column){ names[c], SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL };
    }
    sl_data *data = made_table(ctx, ROWS, spec, COLUMNS);
    for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++)
        data->store->cells[i] = (double)(i % 7);
    const size_t before = sl_ctx_bytes(ctx);
    sl_columns *columns = sl_data_fit_columns(data, NULL, false);
    assert_non_null(columns);
    assert_int_equal(columns->width, COLUMNS);
    assert_true(sl_ctx_bytes(ctx) - before < (size_t)COLUMNS * 1000);
    sl_columns_free(columns);
    sl_data_free(data);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
    free(spec);
    free(names);
}

/* A number beyond 1e300 counts as 1e300 where it is encoded as where it was fitted: of nine zeros and one of
 * it (mean a tenth, deviation 0.3 of it) it lies 3 deviations out. */
static void the_largest_numbers_are_encoded_as_they_were_fitted(void **state)
{
    (void)state;
    static const made_column spec[] = { { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL } };
    char said[8192];
    sl_ctx *ctx = made_ctx(1, 1, said);
    sl_data *data = made_table(ctx, 10, spec, 1);
    *made_cell(data, 4, 0) = 1.7e308;
    sl_columns *columns = sl_data_fit_columns(data, "standard", false);
    assert_non_null(columns);
    sl_real x;
    sl_columns_encode(columns, made_cell(data, 4, 0), &x);
    assert_true(fabs((double)x - 3) < 1e-6);
    sl_columns_free(columns);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

/* Words beyond SL_PLAIN_WORDS are none of a simple model's columns: where there is nothing else, it has none.
 */
static void baselines_without_a_column_say_so(void **state)
{
    table_bench *b = *state;
    enum { ROWS = 1200 };
    char *text = malloc(ROWS * 16);
    size_t length = (size_t)sprintf(text, "word,y\n");
    for (int i = 0; i < ROWS; i++)
        length += (size_t)sprintf(text + length, "w%d,%s\n", i % 400, i % 3 ? "yes" : "no");
    sl_data *data = table_open_text(b, text, &(sl_table_options){ .target = "y" });
    free(text);
    sl_columns *columns = sl_data_fit_columns(data, NULL, false);
    assert_non_null(columns);
    assert_int_equal(sl_columns_plain_width(columns), 0);
    sl_baselines *baselines = sl_baselines_make(b->ctx, data, columns, 2, "none");
    if (!baselines)
        fail_msg("%s", sl_message(b->ctx));
    int without = 0;
    for (int i = 0; i < baselines->count; i++)
        without +=
            baselines->fitted[i].kind->of_inputs && strstr(baselines->fitted[i].why, "very many words");
    assert_int_equal(without, 2); /* linear, nearest */
    sl_baselines_free(baselines);
    sl_columns_free(columns);
    sl_data_free(data);
}

/* One row of 300 counts: it is in the training rows or in those that validate, and the others have none. */
static void a_part_whose_rows_all_weigh_nothing_is_refused(void **state)
{
    table_bench *b = *state;
    char text[8192] = "x,w,y\n";
    for (int i = 0; i < 300; i++)
        sprintf(text + strlen(text), "%d,%d,%d.5\n", i % 17, i == 5, i);
    table_put(b, text, strlen(text));
    for (int cut = 0; cut < 2; cut++) {
        const sl_run_options options = { .data = b->path,
                                         .keep_nothing = true,
                                         .net = "4",
                                         .validation = cut ? "0.9" : NULL,
                                         .table = { .target = "y", .weight = "w" } };
        sl_run *run = sl_run_new(b->ctx, &options);
        assert_null(run);
        assert_int_equal(sl_error(b->ctx), SL_EINVAL);
        assert_non_null(strstr(sl_message(b->ctx), "rows have weight 0, so none of them counts"));
        assert_non_null(strstr(sl_message(b->ctx), cut ? "training" : "validation"));
        sl_clear(b->ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(classes_of_another_table_are_refused, table_up, table_down),
        cmocka_unit_test_setup_teardown(data_opened_for_one_model_teach_another, table_up, table_down),
        cmocka_unit_test_setup_teardown(the_digest_knows_words_and_names, table_up, table_down),
        cmocka_unit_test_setup_teardown(a_part_whose_rows_all_weigh_nothing_is_refused, table_up, table_down),
        cmocka_unit_test(folds_of_small_classes_have_equally_many_rows),
        cmocka_unit_test(many_columns_take_little_memory),
        cmocka_unit_test(the_largest_numbers_are_encoded_as_they_were_fitted),
        cmocka_unit_test_setup_teardown(baselines_without_a_column_say_so, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
