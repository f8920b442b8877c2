/* Every operator of the registry can be explained: its formulas are what it computes, its arithmetic gives
 * what stands there, and a formula that is wrong is found out. */
#include "engine.h"
#include "explain/step.h"
#include "op/op.h"

static double op_value(sl_ctx *ctx, const char *written, sl_named *names, int count, bool last)
{
    char part[400];
    for (const char *at = written;;) {
        const char *end = strstr(at, "; ");
        size_t length = end ? (size_t)(end - at) : strlen(at);
        const char *from = at;
        if (end) {
            from = strstr(at, " = ") + 3;
            length = (size_t)(end - from);
        }
        double value = NAN;
        const char *stop = from + length;
        while (from < stop) { /* alternatives: the first that gives a number (last: the last) */
            const char *bar = strstr(from, " | ");
            const size_t size = bar && bar < stop ? (size_t)(bar - from) : (size_t)(stop - from);
            sl_expression e;
            memcpy(part, from, size);
            part[size] = 0;
            assert_int_equal(sl_expression_read(&e, ctx, part), SL_OK);
            value = sl_expression_value(&e, names, count, NULL);
            sl_expression_free(&e);
            from += size + 3;
            if (isfinite(value) && !last)
                break;
        }
        if (!end)
            return value;
        int k = 0;
        while (k < count && !(strlen(names[k].name) == 1 && names[k].name[0] == *at))
            k++;
        assert_true(k < count);
        names[k].value = value;
        at = end + 2;
    }
}

/* By the first alternative; where numbers are large, by one of them. */
static void op_agrees(const sl_op *op, const char *what, double z, double wanted, double got, double other)
{
    const bool first = fabs(wanted - got) <= 1e-12 * fmax(1, fabs(wanted));
    const bool last = fabs(wanted - other) <= 1e-12 * fmax(1, fabs(wanted));
    if (isfinite(wanted) && !first && !(last && fabs(z) > 5))
        fail_msg("%s: %s at %.17g is %.17g, written gives %.17g", op->name, what, z, wanted, got);
}

static void formulas_are_what_the_operators_compute(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(3);
    uint64_t state = 77;
    int curves = 0, losses = 0;
    for (size_t at = 0; sl_op_at(at); at++) {
        const sl_op *op = sl_op_at(at);
        if (!op->activate && !op->element_losses)
            continue;
        assert_non_null(op->written);
        assert_non_null(op->slope);
        for (int i = 0; i < 400; i++) {
            const double sizes[] = { 1, 3, 30, 900 };
            double z = engine_uniform(&state, -1, 1) * sizes[i % 4], t = engine_uniform(&state, 0, 1);
            const sl_real number =
                op->options && !op->options->choices ? (sl_real)engine_uniform(&state, 0.05, 0.9) : 0;
            if (strstr(op->name, "from_probabilities"))
                z = engine_uniform(&state, 0, 1);
            if (!strcmp(op->name, "perceptron"))
                t = (double)engine_below(&state, 2);
            if (!strcmp(op->name, "poisson") && z > 300) /* e^z - t z: z is the logarithm of a count */
                z = 300 - z;
            sl_real in = (sl_real)z, target = (sl_real)t, y = 0, d = 0;
            const sl_real one = 1;
            if (op->activate) {
                op->activate(SL_ISA_PLAIN, number, &y, &in, 1);
                op->derive(SL_ISA_PLAIN, number, &d, &one, &y, &in, 1);
            } else {
                op->element_losses(SL_ISA_PLAIN, number, &y, &in, &target, 1);
                op->element_slopes(SL_ISA_PLAIN, number, &d, &in, &target, 1);
            }
            sl_named names[] = { { "z", z },         { "a", (double)number },
                                 { "y", (double)y }, { "t", t },
                                 { "p", 0 },         { "q", 0 },
                                 { "r", 0 },         { "s", 0 } };
            double got[4];
            for (int k = 0; k < 4; k++) {
                got[k] = op_value(ctx, k < 2 ? op->written : op->slope, names, 8, k % 2);
                names[3].value = t;
            }
            op_agrees(op, "f", z, (double)y, got[0], got[1]);
            op_agrees(op, "f'", z, (double)d, got[2], got[3]);
        }
        curves += op->activate != NULL;
        losses += op->element_losses != NULL;
    }
    assert_true(curves >= 15 && losses >= 7);
    sl_ctx_free(ctx);
}

/* The result, or (no loss) sum(y r), explained as it is and all its lines computed again. */
static size_t op_explain(sl_ctx *ctx, const sl_op *op, const sl_trial_plan *plan, int depth)
{
    uint64_t state = 0x9E3779B97F4A7C15u;
    sl_tensor *x[SL_MAX_INPUTS] = { 0 };
    for (int i = 0; i < op->inputs - plan->left_out; i++) {
        x[i] = plan->learning >> i & 1 ? sl_param(ctx, plan->trial->shape[i], "zeros")
                                       : sl_tensor_new(ctx, plan->trial->shape[i], NULL);
        assert_non_null(x[i]);
        sl_trial_input(&state, op, plan->trial, i, x[i]);
    }
    const sl_op_options options = sl_trial_options(plan->trial, NULL);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y = sl_apply(tape, op, x, &options), *r = NULL;
    assert_non_null(y);
    if (!op->element_losses && !op->row_losses) {
        r = sl_tensor_new(ctx, y->shape, NULL);
        sl_trial_fill(&state, r->v, r->count, -2, 2);
        y = sl_sum(tape, sl_mul(tape, y, r));
    }
    size_t lines = 0;
    if (!op->flat)
        assert_int_equal(sl_backward(tape, y), SL_OK);
    sl_explanation *e = sl_explanation_new(ctx, depth, 0);
    if (!sl_explain_graph(e, tape))
        sl_explanation_check(e, &lines);
    sl_explanation_free(e);
    sl_tape_free(tape);
    for (int i = 0; i < SL_MAX_INPUTS; i++)
        sl_tensor_free(x[i]);
    sl_tensor_free(r);
    return lines;
}

static sl_status op_plan(sl_ctx *ctx, void *user, const sl_trial_plan *plan)
{
    int *plans = user;
    if (plan->activation) /* never inside linear, when a step is explained */
        return SL_OK;
    for (int depth = 1; depth <= 4; depth++) {
        const size_t lines = op_explain(ctx, plan->op, plan, depth);
        if (sl_error(ctx))
            fail_msg("%s, trial %d, inputs %u learn, depth %d: %s", plan->op->name,
                     (int)(plan->trial - plan->op->trial), plan->learning, depth, sl_message(ctx));
        assert_true(lines > 0);
    }
    ++*plans;
    return SL_OK;
}

static void every_operator_is_explained(void **unused)
{
    (void)unused;
    for (size_t i = 0; sl_op_at(i); i++) {
        const sl_op *op = sl_op_at(i);
        int plans = 0;
        sl_ctx *ctx = engine_ctx(3);
        assert_int_equal(sl_trial_each(ctx, op, op_plan, &plans), SL_OK);
        if (!plans)
            fail_msg("%s was not explained", op->name);
        sl_ctx_free(ctx);
    }
}

static void a_wrong_formula_is_found_out(void **unused)
{
    (void)unused;
    static const struct {
        const char *op, *written, *slope;
    } faults[] = { { "relu", "max(0, z)", "(z < 0)" },
                   { "tanh", "tanh(z)", "1 - y" },
                   { "sigmoid", "1/(1 + exp(z))", "y*(1 - y)" },
                   { "gelu", "z*(1 + erf(z/2))/2", "1" },
                   { "elu", "max(0, z) + (exp(min(0, z)) - 1)", "(z > 0) + (z <= 0)*(y + 1.001*a)" },
                   { "mean_squared", "(z - t)^2", "(z - t)" },
                   { "mean_absolute", "abs(z + t)", "sign(z - t)" },
                   { "huber", "(z - t)^2/2", "max(-a, min(a, z - t))" } };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        sl_ctx *ctx = engine_ctx(3);
        sl_op wrong = *sl_op_find(faults[i].op);
        const sl_trial_plan plan = { .op = &wrong,
                                     .trial = &wrong.trial[0],
                                     .learning = sl_trial_learning(&wrong),
                                     .left_out = wrong.optional };
        assert_true(op_explain(ctx, &wrong, &plan, 2) > 0);
        assert_fine(ctx);
        wrong.written = faults[i].written;
        wrong.slope = faults[i].slope;
        op_explain(ctx, &wrong, &plan, 2);
        if (sl_error(ctx) != SL_EINVAL)
            fail_msg("%s is not found out", faults[i].op);
        assert_says(ctx, SL_EINVAL, "please report this as a fault of slope");
        sl_ctx_free(ctx);
    }
}

static sl_explanation *op_step(sl_ctx *ctx, const char *net, const char *loss, const double *x,
                               const double *weights, double y)
{
    sl_tensor *in = sl_tensor_new(ctx, sl_dims(1, 2), NULL), *target = sl_tensor_new(ctx, sl_dims(1), NULL);
    for (int i = 0; i < 2; i++)
        in->v[i] = (sl_real)x[i];
    target->v[0] = (sl_real)y;
    sl_model *model = sl_model_for(ctx, net, loss, target, !strcmp(loss, "cross_entropy") ? 3 : 1);
    assert_int_equal(sl_compile(model, .loss = loss, .optimizer = { .rule = "sgd", .lr = (sl_real)0.1 }),
                     SL_OK);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    assert_non_null(sl_forward(tape, model, in));
    for (int p = 0, at = 0; p < sl_model_params(model); p++)
        for (size_t i = 0; i < sl_count(sl_model_param(model, p)); i++)
            sl_values(sl_model_param(model, p))[i] =
                (sl_real)(strstr(sl_model_param_name(model, p), "bias") ? 0 : weights[at++]);
    sl_tape_free(tape);
    sl_explanation *e = sl_explain_step(model, in, target, NULL, NULL);
    assert_fine(ctx);
    return e;
}

static void op_number(const sl_explanation *e, const char *name, double wanted, double off)
{
    double value;
    if (!sl_explanation_number(e, name, &value))
        fail_msg("no line for %s", name);
    if (!(fabs(value - wanted) <= off))
        fail_msg("%s is %.9g, wants %.9g", name, value, wanted);
}

/* Softmax of (2, 1, 0.1) is (0.6590011, 0.2424330, 0.0985659); less 1 for the label. */
static void S58_the_gradient_of_softmax_and_cross_entropy_is_p_less_y(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(3);
    sl_explanation *e =
        op_step(ctx, "linear", "cross_entropy", (double[]){ 1, 0 }, (double[]){ 2, 0, 1, 0, 0.1, 0 }, 0);
    op_number(e, "p[0]", 0.6590011, 1e-7);
    op_number(e, "L", 0.4170300, 1e-7);
    op_number(e, "dL/dz_out[0]", -0.3409989, 1e-7);
    op_number(e, "dL/dz_out[1]", 0.2424330, 1e-7);
    op_number(e, "dL/dz_out[2]", 0.0985659, 1e-7);
    assert_non_null(strstr(sl_explanation_write(e, NULL, 80, false), "p - 1 for the label's class"));
    sl_explanation_free(e);
    sl_ctx_free(ctx);
}

/* x = 2, w1 = 0.5, w2 = 1, y = 3: dL/dw1 = -4 * 1 * 1 * 2. */
static void S70_the_chain_rule_is_one_running_product(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(3);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(1, 1), NULL), *y = sl_tensor_new(ctx, sl_dims(1, 1), NULL);
    x->v[0] = 2;
    y->v[0] = 3;
    sl_model *model = sl_model_for(ctx, "1 relu bias=no", "mean_squared", y, 1);
    assert_int_equal(sl_compile(model, .loss = "mean_squared", .optimizer = { .rule = "sgd" }), SL_OK);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    assert_non_null(sl_forward(tape, model, x));
    sl_tape_free(tape);
    for (int p = 0; p < sl_model_params(model); p++)
        sl_values(sl_model_param(model, p))[0] = p == 0 ? (sl_real)0.5
                                                 : strstr(sl_model_param_name(model, p), "bias") ? 0
                                                                                                 : 1;
    sl_explanation *e = sl_explain_step(model, x, y, NULL, &(sl_explain_options){ .backward = true });
    assert_fine(ctx);
    const char *text = sl_explanation_write(e, NULL, 80, false);
    assert_non_null(strstr(text, "dL/dW1 = dL/dy_hat * dy_hat/da1 * da1/dz1 * dz1/dW1"));
    assert_non_null(strstr(text, "dL/dW1 = -4*1*1*2 = -8"));
    assert_non_null(strstr(text, "da1/dz1[0] = (1 > 0) = 1"));
    op_number(e, "dL/dW1[0,0]", -8, 0);
    sl_explanation_free(e);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_are_what_the_operators_compute),
        cmocka_unit_test(every_operator_is_explained),
        cmocka_unit_test(a_wrong_formula_is_found_out),
        cmocka_unit_test(S58_the_gradient_of_softmax_and_cross_entropy_is_p_less_y),
        cmocka_unit_test(S70_the_chain_rule_is_one_running_product),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
