/* The layers that read texts, in nets that are given their lists by hand: what they give, beside numbers and
 * alone, how they begin, what is refused, slices, frozen tables, files. Runs in both builds. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "engine.h"
#include "memory.h"
#include "model/model.h"

#include <unistd.h>

static const int text_ids[] = { 2, 0, 2, 4, 1 };
static const size_t text_offsets[] = { 0, 3, 3, 5 }; /* [2, 0, 2], [], [4, 1] */
static const sl_bags text_lists = { .ids = text_ids, .offsets = text_offsets, .count = 3 };

static sl_tensor *text_input(sl_ctx *ctx, int numbers, const sl_bags *lists)
{
    static const sl_real x[] = { 1, 2, 3, 4, 5, 6 };
    sl_tensor *t = sl_tensor_new(ctx, sl_dims(3, numbers), numbers ? x : NULL);
    assert_int_equal(sl_set_bags(t, lists), SL_OK);
    return t;
}

/* Row r of a table of 5: r + 1, 10 - 4 r. */
static void text_fill(sl_model *model, int param)
{
    sl_real *v = sl_values(sl_model_param(model, param));
    for (int r = 0; r < 5; r++) {
        v[2 * r] = (sl_real)(r + 1);
        v[2 * r + 1] = (sl_real)(10 - 4 * r);
    }
}

static void S154_S155_pools_by_hand(void **unused)
{
    (void)unused;
    static const struct {
        const char *net;
        double y[6];
    } cases[] = { /* rows 2, 0, 2: (3, 2), (1, 10), (3, 2); rows 4, 1: (5, -6), (2, 6) */
                  { "embedding 2 rows=5, mean_pool", { 7.0 / 3, 14.0 / 3, 0, 0, 3.5, 0 } },
                  { "embedding 2 rows=5, max_pool", { 3, 10, 0, 0, 5, 6 } },
                  { "embedding 2 rows=5, attention_pool", { 7.0 / 3, 14.0 / 3, 0, 0, 3.5, 0 } },
                  { "bag 2 rows=5", { 7, 14, 0, 0, 7, 0 } },
                  { "bag 2 rows=5 relu bias=no", { 7, 14, 0, 0, 7, 0 } }
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (int numbers = 0; numbers < 3; numbers++) {
            sl_ctx *ctx = engine_ctx(1);
            sl_model *model = sl_model_parse(ctx, cases[c].net);
            sl_tape *tape = sl_tape_new(ctx, SL_INFER);
            sl_tensor *x = text_input(ctx, numbers, &text_lists);
            sl_forward(tape, model, x); /* builds it */
            assert_fine(ctx);
            text_fill(model, 0);
            sl_tape_reset(tape);
            sl_tensor *y = sl_forward(tape, model, x);
            assert_fine(ctx);
            assert_true(sl_shape_equal(sl_shape_of(y), sl_dims(3, numbers + 2)));
            for (int row = 0; row < 3; row++) {
                for (int i = 0; i < numbers; i++)
                    assert_true(sl_values(y)[row * (numbers + 2) + i] == sl_values(x)[row * numbers + i]);
                for (int i = 0; i < 2; i++)
                    assert_near(sl_values(y)[row * (numbers + 2) + numbers + i], cases[c].y[2 * row + i],
                                engine_tolerance(1e-6, 1e-14));
            }
            sl_ctx_free(ctx);
        }
}

/* scores q . e = ln 2, 0: weights 2/3, 1/3 */
static void S156_attention_by_hand(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_parse(ctx, "embedding 2 rows=5, attention_pool");
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *x = text_input(ctx, 0, &text_lists);
    sl_forward(tape, model, x);
    assert_fine(ctx);
    assert_string_equal(sl_model_param_name(model, 1), "attention_pool_1.query");
    static const sl_real table[] = { 0, 0, 0, 3, 0, 0, 0, 0, 1, 6 }; /* row 1 (0, 3), row 4 (1, 6) */
    memcpy(sl_values(sl_model_param(model, 0)), table, sizeof table);
    sl_values(sl_model_param(model, 1))[0] = (sl_real)0.69314718055994530942;
    sl_tape_reset(tape);
    const sl_real *y = sl_values(sl_forward(tape, model, x));
    assert_fine(ctx);
    assert_near(y[4], 2.0 / 3, engine_tolerance(1e-6, 1e-14));
    assert_near(y[5], 5, engine_tolerance(3e-6, 1e-13));
    sl_ctx_free(ctx);
}

/* y_i = sum of v_j T[id_j] + b */
static void bags_are_weighted(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    static const sl_real values[] = { 2, -1, (sl_real)0.5, 4, 1 };
    sl_bags lists = text_lists;
    lists.values = values;
    sl_model *model = sl_model_parse(ctx, "bag 2 rows=5");
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *x = text_input(ctx, 0, &lists);
    const sl_real *zeros = sl_values(sl_forward(tape, model, x));
    assert_fine(ctx);
    for (int i = 0; i < 6; i++)
        assert_true(zeros[i] == 0); /* a linear bag begins at 0 */
    text_fill(model, 0);
    sl_values(sl_model_param(model, 1))[1] = 100;
    sl_tape_reset(tape);
    const sl_real *y = sl_values(sl_forward(tape, model, x));
    static const double wanted[] = { 6.5, 95, 0, 100, 22, 82 };
    for (int i = 0; i < 6; i++)
        assert_near(y[i], wanted[i], engine_tolerance(1e-5, 1e-13));
    sl_ctx_free(ctx);
}

/* From 0 only where learning can leave it: a relu of 0 has no slope. */
static void bags_begin_where_they_can_learn(void **unused)
{
    (void)unused;
    static const struct {
        const char *net, *init;
    } cases[] = { { "bag 2 rows=5", "zeros" },
                  { "bag 2 rows=5, 4 relu, 2", "zeros" },
                  { "bag 2 rows=5, dropout 0.5, 2", "zeros" },
                  { "bag 2 rows=5, bag 2 rows=5, 3", "zeros" },
                  { "bag 2 rows=5 relu, 2", "normal:0.1" },
                  { "bag 2 rows=5, relu, 2", "normal:0.1" },
                  { "bag 2 rows=5, dropout 0.5, relu, 2", "normal:0.1" },
                  { "bag 2 rows=5, bag 2 rows=5, relu, 2", "normal:0.1" },
                  { "bag 2 rows=5, batch_norm, 2", "normal:0.1" },
                  { "bag 2 rows=5 init=zeros, relu, 2", "zeros" } };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = sl_model_parse(ctx, cases[c].net);
        sl_tape *tape = sl_tape_new(ctx, SL_INFER);
        sl_forward(tape, model, text_input(ctx, 0, &text_lists));
        assert_fine(ctx);
        assert_string_equal(sl_model_init_of(model, &model->layers[0]), cases[c].init);
        bool zeros = true;
        for (int i = 0; i < 10; i++)
            zeros = zeros && sl_values(sl_model_param(model, 0))[i] == 0;
        assert_int_equal(zeros, !strcmp(cases[c].init, "zeros"));
        sl_ctx_free(ctx);
    }
}

static void what_makes_no_sense_is_refused(void **unused)
{
    (void)unused;
    static const struct {
        const char *net, *says;
    } cases[] = {
        { "embedding 4 rows=5, 3 relu", "wants mean_pool, max_pool or attention_pool right behind it" },
        { "embedding 4 rows=5", "wants mean_pool" },
        { "mean_pool, 3", "wants one right before it" },
        { "3 relu, max_pool", "wants one right before it" },
        { "residual [embedding 4 rows=5, mean_pool]", "cannot stand inside another layer" },
        { "bag 3 rows=0", "rows" },
        { "embedding rows=5, mean_pool", "units" },
        { "bag 3 rows=5 drop=1", "drop" },
        { "bag 3 rows=5 rate=1", "unknown option of a bag layer 'rate'" },
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = sl_model_parse(ctx, cases[c].net);
        if (model)
            sl_forward(sl_tape_new(ctx, SL_INFER), model, text_input(ctx, 2, &text_lists));
        if (sl_error(ctx) == SL_OK || !strstr(sl_message(ctx), cases[c].says))
            fail_msg("%s: %s", cases[c].net, sl_message(ctx));
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_parse(ctx, "input 2, bag 3 rows=5");
    assert_null(sl_forward(sl_tape_new(ctx, SL_INFER), model, sl_tensor_new(ctx, sl_dims(3, 2), NULL)));
    assert_non_null(strstr(sl_message(ctx), "bag_1: it reads texts, and the input has none"));
    sl_clear(ctx);
    static const int outside[] = { 5 };
    static const size_t one[] = { 0, 1, 1, 1 };
    sl_tensor *x = text_input(ctx, 2, &(sl_bags){ .ids = outside, .offsets = one, .count = 3 });
    assert_null(sl_forward(sl_tape_new(ctx, SL_INFER), model, x));
    assert_non_null(strstr(sl_message(ctx), "bag_1: bag 0, place 0: id 5 is no row of the table"));
    sl_clear(ctx);
    assert_int_equal(sl_set_bags(x, &(sl_bags){ .ids = outside, .offsets = one, .count = 2 }), SL_ESHAPE);
    sl_clear(ctx);
    assert_int_equal(sl_set_bags(x, &(sl_bags){ .offsets = one, .count = 3 }), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "1 ids, but ids is NULL"));
    sl_clear(ctx);
    static const size_t none[] = { 0, 0, 0, 0 };
    assert_int_equal(sl_set_bags(x, &(sl_bags){ .offsets = none, .count = 3 }), SL_OK);
    sl_ctx_free(ctx);
}

/* n-grams of many texts are more than numbers in a row could be; a model of them is read back from its words.
 */
static void as_many_features_as_an_int_counts(void **unused)
{
    (void)unused;
    static const char *const nets[] = { "bag 2 rows=18900562", "embedding 2 rows=2147483647, max_pool" };
    for (int i = 0; i < 2; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model_parse(ctx, nets[i]);
        assert_fine(ctx);
        sl_ctx_free(ctx);
    }
}

/* Two views' worth of lists by two layers of one net, and a piece of it. */
static void layers_in_a_row_and_slices(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(3);
    sl_model *model = sl_model_parse(
        ctx,
        "embedding 2 rows=5 freeze=yes name=e, mean_pool, embedding 2 rows=5 share=e, max_pool, 4 relu, 1");
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *x = text_input(ctx, 1, &text_lists);
    sl_tensor *y = sl_forward(tape, model, x);
    assert_fine(ctx);
    assert_int_equal(sl_model_params(model), 5);
    assert_int_equal(sl_shape_of(sl_model_param(model, 1)).dim[1], 5); /* 1 + 2 + 2 */
    sl_layer_info info;
    assert_int_equal(sl_model_layer(model, 0, &info), SL_OK);
    assert_true(info.frozen);
    sl_model *front = sl_model_slice(model, 0, 4), *back = sl_model_slice(model, 4, 6);
    assert_fine(ctx);
    sl_tape *other = sl_tape_new(ctx, SL_INFER);
    sl_tensor *z = sl_forward(other, back, sl_forward(other, front, x));
    assert_fine(ctx);
    assert_bits(sl_values(z), sl_values(y), 3);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S154_S155_pools_by_hand),
        cmocka_unit_test(S156_attention_by_hand),
        cmocka_unit_test(bags_are_weighted),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(layers_in_a_row_and_slices),
        cmocka_unit_test(as_many_features_as_an_int_counts),
        cmocka_unit_test(bags_begin_where_they_can_learn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
