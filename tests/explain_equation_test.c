/* explain_equation_test.c - S16: a net as one equation gives what the net gives; S10, S11: linear layers as
 * one; S200, S201, S205: operations and bytes by hand. In the double build, which explains. */
#include "engine.h"
#include "explain/equation.h"
#include "model/model.h"

#include <math.h>
#include <stdlib.h>

static sl_model *equation_net(sl_ctx *ctx, const char *net, const char *loss)
{
    sl_model *model = sl_model_parse(ctx, net);
    sl_compile(model, .loss = loss, .optimizer = sl_adam());
    assert_fine(ctx);
    return model;
}

/* All that is to be copied: the one PLAIN item. */
static const char *equation_text(const sl_explanation *e)
{
    for (int i = 0; i < e->count; i++)
        if (e->items[i].kind == SL_EXPLAINED_PLAIN)
            return e->items[i].text;
    return "";
}

static void equation_weights(sl_model *model, int param, const double *numbers)
{
    sl_tensor *t = sl_model_param(model, param);
    for (size_t i = 0; i < sl_count(t); i++)
        sl_values(t)[i] = (sl_real)numbers[i];
}

/* y = relu(x0 + x1) - 2 relu(x0 + x1 - 1): the lecture's XOR. */
static void S16_a_net_is_just_an_equation(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = equation_net(ctx, "input 2, 2 relu, 1", "mean_squared");
    equation_weights(model, 0, (const double[]){ 1, 1, 1, 1 });
    equation_weights(model, 1, (const double[]){ 0, -1 });
    equation_weights(model, 2, (const double[]){ 1, -2 });
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(4, 2), (const sl_real[]){ 0, 1, 0, 0, 1, 0, 1, 1 });
    sl_explanation *e =
        sl_explain_equation(model, &(sl_equation_options){ .data = sl_data_from(ctx, x, NULL) });
    assert_fine(ctx);
    assert_string_equal(equation_text(e), "y = max(0, x0 + x1) - 2*max(0, x0 + x1 - 1)");
    double y = 0;
    assert_true(sl_explanation_number(e, "y", &y));
    assert_true(y == 1);
    size_t lines;
    assert_int_equal(sl_explanation_check(e, &lines), SL_OK);
    assert_int_equal(lines, 1);
    const char *python =
        equation_text(sl_explain_equation(model, &(sl_equation_options){ .syntax = "python" }));
    assert_non_null(strstr(python, "def predict(x0, x1):\n"));
    assert_non_null(strstr(python, "    y = max(0, x0 + x1) - 2*max(0, x0 + x1 - 1)\n    return y"));
    const char *c = equation_text(sl_explain_equation(model, &(sl_equation_options){ .syntax = "c" }));
    assert_non_null(strstr(c, "const double y = fmax(0.0, x0 + x1) - 2.0*fmax(0.0, x0 + x1 - 1.0);"));
    const char *sheet = equation_text(sl_explain_equation(
        model, &(sl_equation_options){ .syntax = "spreadsheet", .data = sl_data_from(ctx, x, NULL) }));
    assert_string_equal(sheet, "x0\t0\nx1\t1\ny\t=MAX(0, B1 + B2) - 2*MAX(0, B1 + B2 - 1)");
    sl_ctx_free(ctx);
}

/* The answers by their formulas, read back from the text, are those of sl_predict: sl_explain_equation
 * compares them itself, so that it gives one at all is the test; and one number is computed here by the
 * formula. */
static void S16_deep_nets_and_all_losses(void **state)
{
    (void)state;
    static const struct {
        const char *net, *loss, *last;
    } cases[] = { { "input 3, 2 tanh, 1", "binary_cross_entropy", "p_0 = 1 - p_1" },
                  { "input 3, 4 relu, 5 sigmoid, 3", "cross_entropy", "p_2 = exp(z3)/sum_e" },
                  { "input 2, 3 relu, 2", "poisson", "y2 = exp(" },
                  { "input 2, 4 tanh, residual [4 relu, 4], 1", "mean_squared", "y = " },
                  { "input 3, 4, batch_norm, relu, layer_norm, 2", "huber", "y2 = " },
                  { "input 2, 3 softmax, 1", "mean_squared", "y = " },
                  { "input 2, fourier 2, 1", "mean_squared", "cos(" },
                  { "input 2, basis x1*x2+sin(x2)+x1^2, 2 tanh, 1", "mean_squared", "*sin(x1) " },
                  { "input 2, 3 relu, 3", "interval coverage=90", "y_high = max(" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(i + 1);
        sl_model *model = equation_net(ctx, cases[i].net, cases[i].loss);
        for (int p = 0; p < sl_model_params(model); p++) /* biases too are not 0 */
            for (size_t k = 0; k < sl_count(sl_model_param(model, p)); k++)
                sl_values(sl_model_param(model, p))[k] += (sl_real)0.0625 * (sl_real)((k % 5) + 1);
        sl_explanation *e = sl_explain_equation(model, NULL);
        if (!e)
            fail_msg("%s: %s", cases[i].net, sl_message(ctx));
        if (!strstr(equation_text(e), cases[i].last))
            fail_msg("%s: no '%s' in\n%s", cases[i].net, cases[i].last, equation_text(e));
        size_t lines;
        assert_int_equal(sl_explanation_check(e, &lines), SL_OK);
        assert_true(lines > 0);
        sl_ctx_free(ctx);
    }
}

/* Every activation whose formula is known, behind a layer and as a layer of its own. */
static void S16_all_activations(void **state)
{
    (void)state;
    const sl_op *op;
    int tried = 0;
    for (size_t i = 0; (op = sl_op_at(i)); i++) {
        if (!sl_op_is_activation(op) || (!op->written && !op->activates_rows))
            continue;
        char net[96];
        snprintf(net, sizeof net, "input 2, 3 %s, 2", op->name);
        for (int apart = 0; apart < 2; apart++) {
            sl_ctx *ctx = engine_ctx(7);
            if (apart)
                snprintf(net, sizeof net, "input 2, 3, %s, 2", op->name);
            sl_model *model = sl_model_parse(ctx, net);
            sl_compile(model, .loss = "mean_squared",
                       .optimizer = { .rule = op->flat ? "genetic" : NULL }); /* step has no slope */
            sl_explanation *e = sl_explain_equation(model, NULL);
            if (!e)
                fail_msg("%s: %s", net, sl_message(ctx));
            sl_ctx_free(ctx);
        }
        tried++;
    }
    assert_true(tried >= 4);
}

/* One thousandth off, in one weight: the comparison with the net sees it. */
static void a_wrong_formula_is_seen(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = equation_net(ctx, "input 2, 3 tanh, 1", "mean_squared");
    sl_equation q = { .e = sl_explanation_new(ctx, 0, 0), .model = model, .figures = 17 };
    sl_equation_checked checked;
    assert_false(sl_equation_inputs(&q) || sl_equation_layers(&q) || sl_equation_answers(&q));
    assert_int_equal(sl_equation_check(&q, &checked), SL_OK);
    assert_true(checked.agrees && checked.rows == 100);
    sl_definition *last = &q.definitions[q.count - 1];
    assert_true(last->answer);
    last->formula = sl_explanation_keep(q.e, "1.001*(%s)", last->formula);
    assert_int_equal(sl_equation_check(&q, &checked), SL_OK);
    assert_false(checked.agrees);
    sl_ctx_free(ctx);
}

static void what_has_no_equation_is_refused(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = equation_net(ctx, "input 2, 2 relu, 1", "mean_squared");
    sl_model *wide = equation_net(ctx, "input 784, 128 relu, 10", "cross_entropy");
    assert_null(sl_explain_equation(wide, NULL));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "101,770 numbers, and an equation of at most 5,000"));
    sl_clear(ctx);
    assert_null(sl_explain_equation(model, &(sl_equation_options){ .syntax = "pyton" }));
    assert_non_null(strstr(sl_message(ctx), "python"));
    sl_ctx_free(ctx);
}

/* Logits beyond 709, where e to them is no number: another form is taken. */
static void large_logits_have_an_equation_too(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = equation_net(ctx, "input 2, 3", "cross_entropy");
    equation_weights(model, 0, (const double[]){ 3000, 0, 2900, 1, -3000, 2 });
    const sl_explanation *e = sl_explain_equation(model, NULL);
    assert_fine(ctx);
    assert_non_null(strstr(equation_text(e), "top = max(z1, z2, z3)"));
    assert_non_null(strstr(equation_text(e), "sum_e = exp(z1 - top) + exp(z2 - top) + exp(z3 - top)"));
    sl_ctx_free(ctx);
}

/* W = W2 W1 = [5 6] [[1 2] [3 4]] = [23 34] .. by hand; 2 layers of 9 numbers are one of 3. */
static void S10_S11_the_matrices_of_collapsed_layers(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = equation_net(ctx, "input 2, 2, 1", "mean_squared");
    equation_weights(model, 0, (const double[]){ 1, 2, 3, 4 });
    equation_weights(model, 1, (const double[]){ 5, 6 });
    equation_weights(model, 2, (const double[]){ 7, 8 });
    equation_weights(model, 3, (const double[]){ 9 });
    sl_explanation *e = sl_explain_collapse(model, 2, 0);
    assert_fine(ctx);
    double w = 0, v = 0, b = 0;
    assert_true(sl_explanation_number(e, "W[0,0]", &w) && sl_explanation_number(e, "W[0,1]", &v) &&
                sl_explanation_number(e, "b[0]", &b));
    assert_true(w == 31 && v == 46 && b == 92);
    const char *text = sl_explanation_write(e, "text", 200, false);
    assert_non_null(strstr(text, "W[0,0] = 7*1 + 8*3 = 31"));
    assert_non_null(strstr(text, "b[0] = 7*5 + 8*6 + 9 = 92"));
    assert_non_null(strstr(text, "Equivalent to one layer of 3 parameters instead of 2 layers of 9."));
    sl_ctx_free(ctx);
}

/* Whole below 400 numbers, row by row; products on the way by their first and last; no line for zeros. */
static void S10_a_matrix_is_shown_whole(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_explanation *e = sl_explain_collapse(equation_net(ctx, "input 20, 5, 6, 20", "mean_squared"), 2, 0);
    assert_fine(ctx);
    const char *text = sl_explanation_write(e, "text", 10000, false), *row = strstr(text, "    W[19] = [");
    assert_non_null(row);
    int numbers = 1;
    for (; *row != ']' || row[-1] == '9'; row++) /* past "W[19]" */
        numbers += *row == ',';
    assert_int_equal(numbers, 20);
    assert_null(strstr(text, "more rows"));
    assert_non_null(strstr(text, "  W2_1 = W2 W1"));
    assert_non_null(strstr(text, "118 more like these")); /* 6 x 20: two stand there */
    assert_non_null(strstr(text, "    All biases are 0, and so is b.\n"));
    assert_null(strstr(text, "b2_1"));
    assert_null(strstr(sl_explanation_write(e, "html", 0, false), "&#8868;")); /* nothing is transposed */
    e = sl_explain_collapse(equation_net(ctx, "input 21, 5, 20", "mean_squared"), 2, 0);
    text = sl_explanation_write(e, "text", 10000, false);
    assert_non_null(strstr(text, "15 more rows of W"));
    assert_non_null(strstr(text, ", .. 16 more .., "));
    sl_ctx_free(ctx);
}

/* Layers stand above, columns and units below: x_{0}, h_{1}, but W^{(1)} elsewhere. */
static void S16_latex_has_units_as_indices(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = equation_net(ctx, "input 2, 9 tanh, 8 tanh, 1", "mean_squared");
    sl_explanation *e = sl_explain_equation(model, &(sl_equation_options){ .syntax = "latex" });
    assert_fine(ctx);
    const char *text = equation_text(e);
    assert_non_null(strstr(text, "h_{1}^{(1)} &= "));
    assert_non_null(strstr(text, "x_{0}"));
    assert_non_null(strstr(text, "h_{1}^{(2)} &= "));
    assert_null(strstr(text, "x^{("));
    const char *page = sl_explanation_write(e, "latex", 0, false);
    assert_non_null(strstr(page, "\n\\begin{align*}\nh_{1}^{(1)} &= "));
    assert_non_null(strstr(page, "$x_{0}$ = "));
    assert_null(strstr(page, "x^{("));
    sl_ctx_free(ctx);
}

/* With tanh between them they stay two, and a row shows that it matters. */
static void S10_layers_with_tanh_between_them_stay(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(3);
    sl_model *model = equation_net(ctx, "input 3, 4 tanh, 4, dropout 0.5, 2", "mean_squared");
    sl_explanation *e = sl_explain_collapse(model, 2, 0);
    assert_fine(ctx);
    double with = 0, without = 0;
    assert_true(sl_explanation_number(e, "with tanh", &with) &&
                sl_explanation_number(e, "without tanh", &without));
    assert_true(fabs(with - without) > 1e-6);
    const char *text = sl_explanation_write(e, "text", 400, false);
    assert_non_null(strstr(text, "dense_1 and dense_2: tanh stands between them"));
    assert_non_null(strstr(text, "dense_2 .. dense_3: 2 layers"));
    assert_non_null(strstr(text, "Equivalent to one layer of 10 parameters instead of 2 layers of 30."));
    e = sl_explain_collapse(equation_net(ctx, "input 3, 4 tanh, 2", "mean_squared"), 2, 0);
    assert_non_null(
        strstr(sl_explanation_write(e, "text", 400, false), "No two layers are one: an activation"));
    sl_ctx_free(ctx);
}

static double cost_number(const sl_explanation *e, const char *name)
{
    double value = -1;
    if (!sl_explanation_number(e, name, &value))
        fail_msg("no line '%s'", name);
    return value;
}

/* 784-128-10 at batch 32: forward 2 32 (784 128 + 128 10), backward twice that but for the first layer's
 * input, the signs of adam's formula for 101,770 numbers; and the memory is the dry run's. */
static void S201_S205_what_a_training_costs(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = equation_net(ctx, "input 784, 128 relu, 10", "cross_entropy");
    const uint64_t digest = sl_model_digest(model);
    sl_explanation *e = sl_explain_cost(model, &(sl_cost_options){ .rows = 60000,
                                                                   .epochs = 5,
                                                                   .flops = 1e9,
                                                                   .watts = 60,
                                                                   .price = 0.25,
                                                                   .carbon = 400,
                                                                   .memory = 40000000 });
    assert_fine(ctx);
    const double first = 2.0 * 32 * 784 * 128, second = 2.0 * 32 * 128 * 10;
    assert_true(cost_number(e, "forward") == first + second + 320);
    assert_true(cost_number(e, "dense_2 linear") == 2 * second && cost_number(e, "dense_1 linear") == first);
    assert_true(cost_number(e, "backward") == first + 2 * second + 320);
    const double signs = cost_number(e, "update") / 101770; /* of adam's formula, as it is written */
    assert_true(signs >= 15 && signs <= 25 && signs == floor(signs));
    const double step = 2 * first + 3 * second + 640 + signs * 101770;
    assert_true(cost_number(e, "step") == step);
    assert_true(cost_number(e, "steps") == 5 * 1875);
    assert_true(cost_number(e, "training") == 5 * 1875 * step); /* 60,000 is a multiple of 32 */
    const double seconds = 5 * 1875 * step / 1e9;
    assert_true(fabs(cost_number(e, "seconds at least") - seconds) < 1e-9);
    assert_true(fabs(cost_number(e, "kWh") - 60 * seconds / 3600000) < 1e-12);
    assert_true(fabs(cost_number(e, "gram of CO2") - 400 * 60 * seconds / 3600000) < 1e-9);
    assert_true(cost_number(e, "in products") == 2 * first + 3 * second);
    assert_true(fabs(cost_number(e, "of it products") - (2 * first + 3 * second) / step) < 1e-12);
    const char *json = sl_explanation_write(e, "json", 0, false);
    assert_non_null(strstr(json, "\"steps an epoch\": 1875,"));
    assert_non_null(strstr(json, "\"largest batch\": "));
    assert_null(strstr(json, "\"largest batch\": \""));
    const char *page = sl_explanation_write(e, "latex", 0, false);
    assert_non_null(strstr(page, "\\cdot"));
    assert_null(strstr(page, "weights and again"));
    sl_step_memory m;
    assert_int_equal(sl_model_step_memory(model, 32, &m), SL_OK);
    assert_true(cost_number(e, "bytes") == (double)sl_model_step_bytes(model, 32));
    assert_true(cost_number(e, "activations") == (double)m.activations);
    assert_true(cost_number(e, "weights") == (double)m.weights);
    size_t lines;
    assert_int_equal(sl_explanation_check(e, &lines), SL_OK);
    assert_true(lines > 15);
    assert_true(sl_model_digest(model) == digest); /* steps are made with a copy */
    sl_ctx_free(ctx);
}

/* The batch that is said to fit does, and one row more does not. */
static void S51_S205_the_largest_batch_that_fits(void **state)
{
    (void)state;
    static const size_t rooms[] = { 100000, 1000000, 5000000 };
    for (size_t i = 0; i < 3; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = equation_net(ctx, "input 20, 30 relu, 4", "cross_entropy");
        sl_explanation *e = sl_explain_cost(model, &(sl_cost_options){ .memory = rooms[i] });
        assert_fine(ctx);
        const char *text = sl_explanation_write(e, "text", 400, false);
        const char *said = strstr(text, "largest batch = ");
        if (!said) {
            assert_non_null(strstr(text, "no step fits"));
            assert_true(sl_model_step_bytes(model, 1) > rooms[i]);
        } else {
            const int batch = atoi(said + strlen("largest batch = "));
            assert_true(sl_model_step_bytes(model, batch) <= rooms[i]);
            assert_true(sl_model_step_bytes(model, batch + 1) > rooms[i]);
        }
        sl_ctx_free(ctx);
    }
}

static void S200_measured_steps_say_where_the_time_goes(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = equation_net(ctx, "input 64, 64 relu, 10", "cross_entropy");
    sl_explanation *e = sl_explain_cost(model, &(sl_cost_options){ .measure = 0.01 });
    assert_fine(ctx);
    assert_true(cost_number(e, "operations a second") > 0);
    assert_true(cost_number(e, "share of products") > 0 && cost_number(e, "share of products") <= 1);
    assert_true(cost_number(e, "GFLOP/s in products") > 0);
    const char *seconds = strstr(sl_explanation_write(e, "json", 0, false), "\"seconds a step\": ");
    assert_non_null(seconds);
    assert_true(strtod(seconds + strlen("\"seconds a step\": "), NULL) > 0);
    assert_null(sl_explain_cost(model, &(sl_cost_options){ .watts = 3 }));
    assert_non_null(strstr(sl_message(ctx), "energy is watts times seconds"));
    sl_clear(ctx);
    assert_null(sl_explain_cost(model, &(sl_cost_options){ .flops = 1e9, .price = 3 }));
    assert_non_null(strstr(sl_message(ctx), "wants the watts"));
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S16_a_net_is_just_an_equation),
        cmocka_unit_test(S16_deep_nets_and_all_losses),
        cmocka_unit_test(S16_all_activations),
        cmocka_unit_test(a_wrong_formula_is_seen),
        cmocka_unit_test(what_has_no_equation_is_refused),
        cmocka_unit_test(large_logits_have_an_equation_too),
        cmocka_unit_test(S10_S11_the_matrices_of_collapsed_layers),
        cmocka_unit_test(S10_a_matrix_is_shown_whole),
        cmocka_unit_test(S16_latex_has_units_as_indices),
        cmocka_unit_test(S10_layers_with_tanh_between_them_stay),
        cmocka_unit_test(S201_S205_what_a_training_costs),
        cmocka_unit_test(S51_S205_the_largest_batch_that_fits),
        cmocka_unit_test(S200_measured_steps_say_where_the_time_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
