/* slope gradcheck --all, whose checks are seeded with faults here: a wrong slope of an operator, a layer that
 * drops a gradient, a loss whose gradient is twice too large. Every word passes unharmed. Runs in both
 * builds.     */
#include "engine.h"
#include "model/check.h"

static void every_word_passes(void **unused)
{
    (void)unused;
    static const struct {
        const char *kind;
        int least, trials;
    } kinds[] = { { "operator", 50, 1 }, { "layer", 10, 1 }, { "loss", 13, 8 } };
    sl_ctx *ctx = engine_ctx(1);
    sl_word word;
    for (int k = 0; k < 3; k++) {
        if (!ENGINE_DOUBLE && !strcmp(kinds[k].kind, "loss"))
            continue; /* differences that float can tell reach over the kinks of hinge and perceptron */
        int i = 0;
        for (; sl_catalogue(kinds[k].kind, i, &word); i++) {
            sl_word_check check;
            sl_gradcheck_word(ctx, kinds[k].kind, i, &check);
            assert_fine(ctx);
            assert_string_equal(check.name, word.name);
            if (!check.right)
                fail_msg("%s %s: error %g in %s, element %zu: %g computed, %g numerical", kinds[k].kind,
                         word.name, check.worst, check.place, check.element, check.computed, check.numerical);
            assert_true(check.trials >= kinds[k].trials);
            assert_int_equal(check.checked == 0, check.flat != NULL);
            assert_int_equal(check.flat != NULL, !strcmp(word.name, "step"));
        }
        assert_true(i >= kinds[k].least);
        sl_word_check check;
        assert_int_equal(sl_gradcheck_word(ctx, kinds[k].kind, i, &check), SL_EINVAL);
        assert_says(ctx, SL_EINVAL, "wants an operator, layer or loss of sl_catalogue");
    }
    sl_ctx_free(ctx);
}

/* A layer file without an example would not be checked. */
static void every_layer_has_an_example(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; sl_layer_kind_at(i); i++)
        if (!sl_layer_kind_at(i)->example)
            fail_msg("layer %s has no example: its gradient is not checked", sl_layer_kind_at(i)->name);
    sl_layer_kind bare = sl_layer_dense;
    bare.example = NULL;
    sl_word_check check;
    sl_check_layer(ctx, &bare, &check);
    assert_says(ctx, SL_EINVAL, "layer dense has no example: its gradient is not checked");
    assert_false(check.right);
    sl_ctx_free(ctx);
}

static void check_wrong(sl_ctx *ctx, const sl_word_check *check, const char *piece)
{
    assert_fine(ctx);
    if (check->right || !(check->worst > engine_tolerance(5e-2, 1e-4)) || !strstr(check->place, piece))
        fail_msg("%s: error %g in '%s', wanted a wrong one in '%s'", check->name, check->worst, check->place,
                 piece);
    sl_ctx_free(ctx);
}

/* --- operators --- */

static void derive_ten_percent_off(sl_isa isa, sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y,
                                   const sl_real *z, size_t n)
{
    sl_op_find("tanh")->derive(isa, a, dz, dy, y, z, n);
    for (size_t i = 0; i < n; i++)
        dz[i] *= (sl_real)1.1;
}

static void S75_a_wrong_slope_is_caught(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_op wrong = *sl_op_find("tanh");
    wrong.derive = derive_ten_percent_off;
    sl_word_check check;
    sl_check_operator(ctx, &wrong, &check);
    assert_true(check.worst > 0.05 && check.worst < 0.2); /* 1 - 1 / 1.1 */
    check_wrong(ctx, &check, "tanh");
}

static void backward_of_the_first_alone(const sl_node *n)
{
    sl_node one = *n;
    sl_tensor still = *n->x[1];
    still.learns = false;
    one.x[1] = &still;
    sl_op_find("mul")->backward(&one);
}

static void an_input_left_out_is_caught(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_op wrong = *sl_op_find("mul");
    wrong.backward = backward_of_the_first_alone;
    sl_word_check check;
    sl_check_operator(ctx, &wrong, &check);
    assert_true(check.computed == 0 && check.numerical != 0);
    check_wrong(ctx, &check, "mul, trial 0");
}

/* --- layers --- */

/* The values of p in a tensor that does not learn: the loss is the same, and p gets nothing. */
static sl_tensor *dropped(sl_tape *tape, sl_tensor *p)
{
    return sl_tensor_new(sl_tape_ctx(tape), sl_shape_of(p), sl_values(p));
}

static sl_tensor *dense_that_drops_its_bias(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_linear,
                    (sl_tensor *[]){ x, layer->param[0], dropped(tape, layer->param[1]) },
                    &(sl_op_options){ .activation = layer->activation });
}

static sl_tensor *norm_that_drops_its_scale(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    return sl_layer_norm_of(tape, x, dropped(tape, layer->param[0]), layer->param[1], (sl_real)1e-5);
}

/* Its parameters are right, and what is before it goes wrong. */
static sl_tensor *noise_that_ends_the_way(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    return sl_noise_of(tape, dropped(tape, x), layer->spec.deviation);
}

static void a_layer_that_drops_a_gradient_is_caught(void **unused)
{
    (void)unused;
    static const struct {
        const char *name, *place;
        sl_tensor *(*forward)(sl_tape *tape, const sl_built *layer, sl_tensor *x);
    } cases[] = { { "dense", "dense_1.bias", dense_that_drops_its_bias },
                  { "layer_norm", "layer_norm_1.scale", norm_that_drops_its_scale },
                  { "noise", "dense_1.", noise_that_ends_the_way } };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_layer_kind wrong = *sl_layer_kind_find(ctx, cases[c].name);
        wrong.forward = cases[c].forward;
        sl_word_check check;
        sl_check_layer(ctx, &wrong, &check);
        check_wrong(ctx, &check, cases[c].place);
    }
}

/* --- losses --- */

static void slopes_times_2(sl_isa isa, sl_real a, sl_real *d, const sl_real *x, const sl_real *t, size_t n)
{
    sl_op_find("huber")->element_slopes(isa, a, d, x, t, n);
    for (size_t i = 0; i < n; i++)
        d[i] *= 2;
}

static void a_loss_with_a_factor_2_is_caught(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_loss wrong = *sl_loss_find(ctx, "huber", NULL);
    sl_op op = *wrong.op;
    op.element_slopes = slopes_times_2;
    wrong.op = &op;
    sl_word_check check;
    sl_check_loss(ctx, &wrong, &check);
    assert_near(check.worst, 0.5, engine_tolerance(5e-2, 1e-6)); /* |1 - 2| / 2 */
    check_wrong(ctx, &check, "reduction=");
}

/* Rows count by their weights forward, and alike backward. */
static void backward_without_weights(const sl_node *n)
{
    sl_node one = *n;
    one.x[2] = NULL;
    sl_op_find("mean_squared")->backward(&one);
}

static void a_loss_that_forgets_the_weights_of_rows_is_caught(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_loss wrong = *sl_loss_find(ctx, "mse", NULL);
    sl_op op = *wrong.op;
    op.backward = backward_without_weights;
    wrong.op = &op;
    sl_word_check check;
    sl_check_loss(ctx, &wrong, &check);
    check_wrong(ctx, &check, "weighted rows");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_passes),
        cmocka_unit_test(every_layer_has_an_example),
        cmocka_unit_test(S75_a_wrong_slope_is_caught),
        cmocka_unit_test(an_input_left_out_is_caught),
        cmocka_unit_test(a_layer_that_drops_a_gradient_is_caught),
        cmocka_unit_test(a_loss_with_a_factor_2_is_caught),
        cmocka_unit_test(a_loss_that_forgets_the_weights_of_rows_is_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
