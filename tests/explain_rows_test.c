/* A trained model explained with rows of data: how inputs came about, what answers mean. Runs in both builds;
 * lines of arithmetic are for the double one. */
#define _XOPEN_SOURCE 700 /* getpid */
#include "encoding.h"
#include "explain/expression.h"
#include "explain/rows.h"

#include <math.h>
#include <unistd.h>

/* --- encodings say how their numbers come about --- */

static double tell_value(sl_ctx *ctx, const sl_encoding_told *told)
{
    sl_expression read;
    sl_named named[SL_ENCODING_NAMES];
    for (int i = 0; i < told->count; i++)
        named[i] = (sl_named){ told->named[i].name, told->named[i].value };
    assert_int_equal(sl_expression_read(&read, ctx, told->formula), SL_OK);
    const double value = sl_expression_value(&read, named, told->count, NULL);
    sl_expression_free(&read);
    return value;
}

/* Of these values each number is what is told of it; returns how many numbers are told. */
static int tell_compare(sl_ctx *ctx, const sl_encoded *e, const double *values)
{
    sl_real x[64];
    int told_of = 0;
    assert_true(e->width <= 64);
    e->kind->encode(e, values, x);
    for (size_t i = 0; i < e->width && e->kind->tell; i++) {
        const sl_encoding_told told = e->kind->tell(e, values, i);
        if (!told.formula)
            continue;
        told_of++;
        const double value = tell_value(ctx, &told), off = fabs(value - (double)x[i]);
        if (!(off <= (sizeof(sl_real) == 8 ? 1e-9 : 1e-4) * (1 + fabs(value))))
            fail_msg("%s, number %zu of %g: %s gives %.17g, and it is %.17g", e->kind->name, i, values[0],
                     told.formula, value, (double)x[i]);
    }
    return told_of;
}

static void every_encoding_tells_its_arithmetic(void **unused)
{
    (void)unused;
    enum { ROWS = 60 };
    const sl_encoding *kind;
    sl_ctx *ctx = sl_ctx_new(NULL);
    for (size_t k = 0; (kind = sl_encoding_at(k)); k++) {
        if (kind->hidden || !(kind->takes & SL_TAKES_FILLED))
            continue;
        const bool date = !(kind->takes & SL_TAKES(SL_COLUMN_NUMBER));
        const made_column made = { "x", date ? SL_COLUMN_DATE : SL_COLUMN_NUMBER, NULL, kind->name, 0 };
        double cells[ROWS];
        uint64_t state = 7 + k;
        for (int i = 0; i < ROWS; i++)
            cells[i] = date ? floor(engine_uniform(&state, 0, 1.7e9)) : engine_uniform(&state, 0.5, 9);
        sl_columns *columns = made_columns(ctx, &made, 1);
        made_fit(columns, cells, ROWS, NULL, true);
        assert_fine(ctx);
        const double far[] = { -1e9, -3, 0, 0.25, 40, 1e9, 1e12 };
        int told = 0;
        for (int i = 0; i < ROWS; i++)
            told += tell_compare(ctx, &columns->encoded[0], &cells[i]);
        for (size_t i = 0; i < sizeof far / sizeof *far; i++)
            tell_compare(ctx, &columns->encoded[0], &far[i]);
        if (told < ROWS / 2)
            fail_msg("encoding %s tells of %d numbers in %d rows: fill `tell`", kind->name, told, ROWS);
        sl_columns_free(columns);
    }
    sl_ctx_free(ctx);
}

/* A deviation of 0, and what a clip cuts. */
static void what_is_kept_within_limits_is_told_so(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_encoding_told none = sl_scaled_told(3, 3, 0, 0), inside = sl_scaled_told(4, 3, 2, 1),
                           cut = sl_scaled_told(9, 3, 2, 1), far = sl_scaled_told(-1e30, 3, 2, 0);
    assert_null(none.formula);
    assert_string_equal(inside.formula, "(v - mean)/deviation");
    assert_near(tell_value(ctx, &inside), 0.5, 0);
    assert_near(tell_value(ctx, &cut), 1, 0);
    assert_near(tell_value(ctx, &far), -1e6, 0);
    sl_ctx_free(ctx);
}

/* --- rows of a table --- */

static const char rows_table[] =
    "size,kind,old,day,y\n"
    "1.5,a,yes,2024-01-05,low\n2.5,b,no,2024-02-01,low\n,a,no,2024-03-01,mid\n"
    "4,c,yes,2024-03-02,high\n5,b,yes,2024-05-09,high\n0.5,a,no,2024-06-30,low\n"
    "3,c,no,2024-07-14,mid\n3.5,b,yes,2024-08-02,mid\n6,c,yes,2024-09-19,high\n"
    "2,a,no,2024-11-11,low\n3.25,b,no,2024-12-24,mid\n5.5,c,yes,2025-01-01,high\n";

typedef struct {
    sl_ctx *ctx;
    sl_data *data;
    sl_model *model;
} rows_made;

static rows_made rows_trained(const char *net)
{
    rows_made made = { .ctx = sl_ctx_new(NULL) };
    sl_table_options table = { .target = "y", .columns = "kind=one_hot\nold=boolean" };
    char path[64];
    snprintf(path, sizeof path, "/tmp/slope-explain-rows-%ld.csv", (long)getpid());
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(rows_table, file) >= 0);
    fclose(file);
    made.data = sl_data_open_table(made.ctx, path, NULL, &table);
    remove(path);
    assert_fine(made.ctx);
    made.model = sl_model_for(made.ctx, net, "cross_entropy",
                              sl_tensor_new(made.ctx, sl_dims(1), (sl_real[]){ 2 }), 3);
    sl_compile(made.model, .loss = "cross_entropy", .optimizer = sl_sgd(.lr = (sl_real)0.1));
    assert_non_null(sl_fit(made.model, made.data, .epochs = 3, .batch = 4, .validation_fraction = -1));
    assert_fine(made.ctx);
    return made;
}

static double rows_number(const sl_explanation *e, const char *name)
{
    double value;
    if (!sl_explanation_number(e, name, &value))
        fail_msg("no line tells %s", name);
    return value;
}

static void S41_each_layer_of_a_trained_net(void **unused)
{
    (void)unused;
    if (sizeof(sl_real) < 8)
        skip();
    rows_made made = rows_trained("3 tanh");
    for (size_t row = 0; row < 12; row++) {
        sl_explanation *e = sl_explain_rows(
            made.model, made.data, &(sl_explain_rows_options){ .rows = &row, .count = 1, .predict = true },
            &(sl_explain_options){ .depth = 3 });
        assert_fine(made.ctx);
        size_t lines;
        char name[32];
        assert_int_equal(sl_explanation_check(e, &lines), SL_OK);
        const size_t width = made.model->columns->width;
        double x[64], a[3], z[3];
        sl_real prepared[64];
        sl_preparation how = sl_model_preparation(made.model);
        assert_int_equal(sl_data_gather(NULL, made.data, &row, 1, &how, prepared, NULL), SL_OK);
        for (size_t i = 0; i < width; i++)
            x[i] = (double)prepared[i];
        /* a plain loop over both layers */
        for (int l = 0; l < 2; l++)
            for (int u = 0; u < 3; u++) {
                const sl_real *w = sl_values(sl_model_param(made.model, 2 * l));
                const size_t in = l ? 3 : width;
                double sum = (double)sl_values(sl_model_param(made.model, 2 * l + 1))[u];
                for (size_t i = 0; i < in; i++)
                    sum += (double)w[(size_t)u * in + i] * (l ? a[i] : x[i]);
                if (l)
                    z[u] = sum;
                snprintf(name, sizeof name, l ? "z_out[%d]" : "z1[%d]", u);
                assert_near(rows_number(e, name), sum, 1e-12);
                if (l || u < 2)
                    continue;
                for (int k = 0; k < 3; k++) { /* all of z1 is known */
                    snprintf(name, sizeof name, "z1[%d]", k);
                    a[k] = tanh(rows_number(e, name));
                    snprintf(name, sizeof name, "a1[%d]", k);
                    assert_near(rows_number(e, name), a[k], 1e-12);
                }
            }
        const double sum = exp(z[0]) + exp(z[1]) + exp(z[2]);
        const sl_tensor *p = sl_predict_data(made.ctx, made.model, made.data, row, 1);
        for (int c = 0; c < 3; c++) {
            snprintf(name, sizeof name, "p[%d]", c);
            assert_near(rows_number(e, name), exp(z[c]) / sum, 1e-12);
            assert_true(rows_number(e, name) == (double)sl_values((sl_tensor *)(uintptr_t)p)[c]);
        }
        sl_explanation_free(e);
    }
    sl_ctx_free(made.ctx);
}

static void inputs_are_told_column_by_column(void **unused)
{
    (void)unused;
    if (sizeof(sl_real) < 8)
        skip();
    rows_made made = rows_trained("2 relu");
    const size_t row = 2; /* without a size */
    sl_explanation *e =
        sl_explain_rows(made.model, made.data, &(sl_explain_rows_options){ .rows = &row, .count = 1 }, NULL);
    assert_fine(made.ctx);
    const char *text = sl_explanation_write(e, "text", 100, false);
    assert_non_null(strstr(text, "size: missing, so 3.25 stands for it, the median of the training rows"));
    assert_non_null(strstr(text, "kind: a"));
    assert_non_null(strstr(text, "old: no"));
    assert_non_null(strstr(text, "day: 2024-03-01, 1709251200 seconds after the beginning of 1970"));
    assert_non_null(strstr(text, "is size missing?"));
    assert_non_null(strstr(text, "y: mid"));
    assert_near(rows_number(e, "y[0]"), 2, 0); /* high, low, mid */
    /* mean and deviation, the median in the place of the missing one, by hand */
    static const double sizes[] = { 1.5, 2.5, 4, 5, 0.5, 3, 3.5, 6, 2, 3.25, 5.5 };
    double mean = 0, square = 0;
    for (int i = 0; i < 11; i++)
        mean += sizes[i] / 11;
    for (int i = 0; i < 11; i++)
        square += (sizes[i] - mean) * (sizes[i] - mean) / 11;
    assert_near(rows_number(e, "x[0]"), (3.25 - mean) / sqrt(square), 1e-9);
    sl_explanation_free(e);
    sl_ctx_free(made.ctx);
}

static void weights_of_classes_count(void **unused)
{
    (void)unused;
    if (sizeof(sl_real) < 8)
        skip();
    rows_made made = rows_trained("linear");
    const size_t row = 3;
    double plain = 0, weighted = 0;
    for (int i = 0; i < 2; i++) {
        sl_explanation *e = sl_explain_rows(
            made.model, made.data,
            &(sl_explain_rows_options){ .rows = &row, .count = 1, .class_weight = i ? "2.5,1,1" : NULL },
            &(sl_explain_options){ .forward = true });
        assert_fine(made.ctx);
        assert_true(sl_explanation_number(e, "L", i ? &weighted : &plain));
        sl_explanation_free(e);
    }
    assert_near(weighted, 2.5 * plain, 1e-12);
    sl_ctx_free(made.ctx);
}

static void rows_wrong(sl_ctx *ctx, const sl_explanation *e, const char *words)
{
    assert_null(e);
    if (!strstr(sl_message(ctx), words))
        fail_msg("'%s' does not say '%s'", sl_message(ctx), words);
    sl_clear(ctx);
}

static void what_cannot_be_told_is_refused(void **unused)
{
    (void)unused;
    rows_made made = rows_trained("2 relu");
    const size_t rows[] = { 0, 12 };
    sl_explain_rows_options o = { .rows = rows, .count = 2 };
    rows_wrong(made.ctx, sl_explain_rows(made.model, made.data, &o, NULL), "row 13 of");
    o.count = 0;
    rows_wrong(made.ctx, sl_explain_rows(made.model, made.data, &o, NULL), "no row is named");
    o = (sl_explain_rows_options){ .rows = rows, .count = 1, .predict = true };
    rows_wrong(made.ctx, sl_explain_rows(made.model, made.data, &o, &(sl_explain_options){ .steps = 2 }),
               "changes nothing");
    sl_tensor *x = sl_tensor_new(made.ctx, sl_dims(1, 7), NULL);
    sl_data *other = sl_data_from(made.ctx, x, NULL);
    o.predict = false;
    rows_wrong(made.ctx, sl_explain_rows(made.model, other, &o, NULL), "columns");
    assert_null(sl_explain_rows(NULL, made.data, &o, NULL));
    sl_ctx_free(made.ctx);
}

/* Before any line is made: 20,100 weights and 101 biases, a line each on the way back and in the update. */
static void too_many_lines_are_refused_at_once(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(1, 200), NULL), *y = sl_tensor_new(ctx, sl_dims(1, 1), NULL);
    sl_model *model = sl_model_for(ctx, "100 relu", "mean_squared", y, 0);
    sl_compile(model, .loss = "mean_squared", .optimizer = sl_sgd(.lr = 1));
    assert_fine(ctx);
    rows_wrong(ctx, sl_explain_step(model, x, y, NULL, &(sl_explain_options){ .depth = 3 }),
               "depth 3 would be 40,402 lines and more, and 20,000 is the most: take --depth 2");
    rows_wrong(ctx, sl_explain_step(model, x, y, NULL, &(sl_explain_options){ .depth = 4, .forward = true }),
               "depth 4 would be 20,201 lines");
    sl_explanation *e =
        sl_explain_step(model, x, y, NULL, &(sl_explain_options){ .depth = 3, .forward = true });
    assert_fine(ctx);
    sl_explanation_free(e);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_tells_its_arithmetic),
        cmocka_unit_test(what_is_kept_within_limits_is_told_so),
        cmocka_unit_test(S41_each_layer_of_a_trained_net),
        cmocka_unit_test(inputs_are_told_column_by_column),
        cmocka_unit_test(weights_of_classes_count),
        cmocka_unit_test(what_cannot_be_told_is_refused),
        cmocka_unit_test(too_many_lines_are_refused_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
