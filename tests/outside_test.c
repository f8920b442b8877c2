/* Rows that a model was not prepared for (S48): below, above, unseen, missing. Runs in both builds. */
#include "encoding.h"
#include "model/model.h"

/* A model whose columns are these, and data of the same columns with these cells. */
static sl_model *outside_model(sl_ctx *ctx, const sl_columns *columns)
{
    sl_model *model = sl_sequential(ctx, sl_dense(.units = 1));
    assert_int_equal(sl_model_set_columns(model, columns), SL_OK);
    return model;
}

static sl_data *outside_data(sl_ctx *ctx, const sl_columns *columns, const double *cells, size_t rows)
{
    const sl_data_plan plan = {
        .source = "new.csv", .part = "all", .rows = rows, .columns = sl_columns_copy(ctx, columns)
    };
    sl_data *data = sl_data_new(ctx, &plan);
    assert_fine(ctx);
    memcpy(data->store->cells, cells, rows * (size_t)columns->cells * sizeof *cells);
    return data;
}

static void S48_rows_outside_of_the_training_range_are_counted(void **unused)
{
    (void)unused;
    enum { ALL = 600 };
    const made_column two[] = { { "age", SL_COLUMN_NUMBER, NULL, NULL, 0 },
                                { "city", SL_COLUMN_CATEGORY, "a b c", NULL, 0 },
                                { "ok", SL_COLUMN_BOOLEAN, "no yes", NULL, 0 } };
    sl_ctx *ctx = engine_ctx(1);
    sl_columns *columns = made_columns(ctx, two, 3);
    const double train[] = { 2, 0, 0, 7, 1, 1, 5, NAN, 0 };
    assert_int_equal(made_fit(columns, train, 3, NULL, true), SL_OK);
    sl_model *model = outside_model(ctx, columns);
    /* Row i: age i - 2, so 4 are below 2, the rest above 7; c and unknown words are unseen. */
    static double cells[3 * ALL];
    for (int i = 0; i < ALL; i++) {
        cells[3 * i] = i == 3 ? (double)NAN : i - 2;
        cells[3 * i + 1] = i == 9 ? 2 : i == 10 ? SL_UNSEEN : i == 11 ? (double)NAN : i % 2;
        cells[3 * i + 2] = i == 599 ? SL_UNSEEN : i % 2;
    }
    sl_data *data = outside_data(ctx, columns, cells, ALL);
    sl_outside o;
    assert_int_equal(sl_data_outside(ctx, model, data, 0, &o), SL_OK);
    assert_int_equal(o.rows, ALL);
    assert_int_equal(o.below, 3); /* -2, -1, 0; 1 is missing */
    assert_int_equal(o.above, ALL - 10);
    assert_int_equal(o.missing, 1);
    assert_int_equal(o.unseen, 0);
    assert_int_equal(o.first, 0);
    assert_true(o.low == 2 && o.high == 7 && o.lowest == -2 && o.highest == ALL - 3);
    assert_int_equal(sl_data_outside(ctx, model, data, 1, &o), SL_OK);
    assert_int_equal(o.unseen, 2);
    assert_int_equal(o.missing, 0); /* training had some */
    assert_int_equal(o.first, 9);
    assert_true(o.low > o.high && !o.below && !o.above);
    assert_int_equal(sl_data_outside(ctx, model, data, 2, &o), SL_OK);
    assert_int_equal(o.unseen, 1);
    assert_int_equal(o.first, 599); /* in the third block */
    assert_int_equal(sl_data_outside(ctx, model, data, 3, &o), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "there is no input 3: wants 0 to 2");
    sl_data_free(data);
    data = outside_data(ctx, columns, train, 3);
    for (int input = 0; input < 3; input++) {
        assert_int_equal(sl_data_outside(ctx, model, data, input, &o), SL_OK);
        assert_true(!o.below && !o.above && !o.unseen && !o.missing);
        assert_int_equal(o.first, 3);
    }
    sl_data_free(data);
    sl_columns_free(columns);
    sl_model_free(model);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static void S48_plain_numbers_at_the_end_of_the_range_lie_inside(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_columns *columns =
        made_number(ctx, NULL, (const double[]){ 0.7, 0.8, 0.75 }, 3); /* 0.7f < 0.7, 0.8f > 0.8 */
    sl_model *model = outside_model(ctx, columns);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(4, 1), (const sl_real[]){ SL_R(0.7), SL_R(0.8), SL_R(0.9), 0 });
    sl_data *data = sl_data_from(ctx, x, NULL);
    sl_outside o;
    assert_int_equal(sl_data_outside(ctx, model, data, 0, &o), SL_OK);
    assert_int_equal(o.above, 1);
    assert_int_equal(o.below, 1);
    assert_int_equal(o.first, 2);
    sl_data_free(data);
    x = sl_tensor_new(ctx, sl_dims(1, 2), NULL);
    data = sl_data_from(ctx, x, NULL);
    assert_int_equal(sl_data_outside(ctx, model, data, 0, &o), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "has other columns than the model");
    sl_data_free(data);
    sl_columns_free(columns);
    sl_model_free(model);
    model = sl_sequential(ctx, sl_dense(.units = 1));
    assert_int_equal(sl_data_outside(ctx, model, NULL, 0, &o), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "was not trained on a table");
    sl_ctx_free(ctx);
}

/* Of many rows a part is drawn to prepare the columns; the range is that of all. */
static void S48_the_range_is_that_of_all_training_rows(void **unused)
{
    (void)unused;
    enum { ROWS = SL_FIT_MOST + 5000 };
    const made_column one = { "x", SL_COLUMN_NUMBER, NULL, NULL, 0 };
    sl_ctx *ctx = engine_ctx(1);
    sl_columns *columns = made_columns(ctx, &one, 1);
    double *cells = malloc(ROWS * sizeof *cells);
    for (int lonely = 0; lonely < 40; lonely++) { /* somewhere among 40 a row that is not drawn */
        for (size_t i = 0; i < ROWS; i++)
            cells[i] = made_integer(i);
        cells[1000 + lonely] = 5000;
        cells[60000 + lonely] = -3;
        sl_data *data = outside_data(ctx, columns, cells, ROWS);
        sl_columns *fitted = sl_data_fit_columns(data, NULL, true);
        assert_fine(ctx);
        assert_true(fitted->column[0].low == -3 && fitted->column[0].high == 5000);
        sl_columns_free(fitted);
        sl_data_free(data);
    }
    free(cells);
    sl_columns_free(columns);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S48_rows_outside_of_the_training_range_are_counted),
        cmocka_unit_test(S48_plain_numbers_at_the_end_of_the_range_lie_inside),
        cmocka_unit_test(S48_the_range_is_that_of_all_training_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
