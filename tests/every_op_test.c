/* Walks the index of operators: each one's gradients by its own trial inputs, each one described, each
 * activation inside linear as well. Nothing can be added without being checked here.                  */
#include "engine.h"
#include "op/op.h"

/* By slope gradcheck's own walk: each trial with all inputs, each alone, optional ones left out; each
 * activation inside linear. */
static sl_status every_plan(sl_ctx *ctx, void *user, const sl_trial_plan *plan)
{
    int *plans = user;
    const sl_op *op = plan->op, *f = plan->activation;
    sl_gradcheck_result result;
    assert_true(plan->learning != 0);
    assert_int_equal(op->has_target, plan->trial->classes || plan->trial->fixed_last);
    assert_int_equal(plan->trial->activation && op == &sl_op_linear, f && plan->trial->activation);
    ++*plans;
    sl_trial_check(ctx, plan, &result);
    const char *flat = op->flat ? op->flat : f ? f->flat : NULL;
    if (flat) { /* no gradient to check: it is refused */
        assert_says(ctx, SL_EINVAL, flat);
        return SL_OK;
    }
    assert_fine(ctx);
    const double limit = engine_tolerance(2e-2, 1e-7);
    if (!(result.worst < limit) || result.skipped * 4 > result.checked + result.skipped)
        fail_msg(
            "%s, trial %d, activation %s, inputs %u learn: error %g at element %zu: %.12g computed, %.12g "
            "numerical; %zu checked, %zu skipped\n",
            op->name, (int)(plan->trial - op->trial), f ? f->name : "none", plan->learning, result.worst,
            result.element, result.computed, result.numerical, result.checked, result.skipped);
    return SL_OK;
}

static void every_operator_has_the_gradient_of_its_trials(void **unused)
{
    (void)unused;
    size_t operators = 0;
    for (const sl_op *op; (op = sl_op_at(operators)); operators++) {
        int plans = 0, trials = 0;
        while (trials < SL_MAX_TRIALS && op->trial[trials].high != 0)
            trials++;
        if (!trials)
            fail_msg("operator %s has no trial inputs: its gradient is not checked", op->name);
        sl_ctx *ctx = engine_ctx(3);
        assert_int_equal(sl_trial_each(ctx, op, every_plan, &plans), SL_OK);
        const int learn = op->has_target ? 1 : op->inputs;
        const int each = 1 + (learn > 1 ? learn : 0) + op->optional;
        assert_int_equal(plans, trials * each + (op->activate ? 1 + 3 + 1 : 0)); /* linear: x, w, b */
        sl_ctx_free(ctx);
    }
    assert_true(operators >= 40);
    assert_null(sl_op_at(operators));
    assert_null(sl_op_at(operators + 1));
}

static void every_operator_is_described(void **unused)
{
    (void)unused;
    for (size_t i = 0; sl_op_at(i); i++) {
        const sl_op *op = sl_op_at(i);
        assert_true(op->name && *op->name);
        if (!op->summary || !*op->summary || !op->formula || !*op->formula || !op->source || !*op->source)
            fail_msg("operator %s lacks its summary, formula or source", op->name);
        if (!op->shape || !op->forward || !op->backward)
            fail_msg("operator %s lacks its shape rule, forward or backward", op->name);
        if (!op->activate != !op->derive)
            fail_msg("operator %s has one of activate and derive without the other", op->name);
        assert_in_range(op->inputs, 1, SL_MAX_INPUTS);
        assert_in_range(op->optional, 0, op->inputs - 1);
        assert_ptr_equal(sl_op_find(op->name), op); /* and so no two have the same name */
    }
}

typedef struct {
    sl_real y[15], x[35], w[21], b[3];
} linear_numbers;

static void linear_collect(sl_tape *tape, sl_tensor *y, sl_tensor *x, sl_tensor *w, sl_tensor *b,
                           sl_tensor *r, linear_numbers *numbers)
{
    sl_tensor *loss = sl_sum(tape, sl_mul(tape, y, r));
    assert_int_equal(sl_backward(tape, loss), SL_OK);
    memcpy(numbers->y, sl_values(y), sizeof numbers->y);
    memcpy(numbers->x, sl_gradient(x), sizeof numbers->x);
    memcpy(numbers->w, sl_gradient(w), sizeof numbers->w);
    memcpy(numbers->b, sl_gradient(b), sizeof numbers->b);
}

/* linear is matmul, add and the activation in one pass: the same bits, forward and backward. */
static void check_fused(const sl_op *f, bool learning)
{
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 77;
    sl_real x[35], w[21], wt[21], b[3], r[15];
    engine_fill(&state, x, 35, -1, 1);
    engine_fill(&state, w, 21, -1, 1);
    engine_fill(&state, b, 3, -1, 1);
    engine_fill(&state, r, 15, -1, 1);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 7; j++)
            wt[j * 3 + i] = w[i * 7 + j];
    sl_tensor *tx = engine_param(ctx, sl_dims(5, 7), x), *tx2 = engine_param(ctx, sl_dims(5, 7), x);
    sl_tensor *tw = engine_param(ctx, sl_dims(3, 7), w), *twt = engine_param(ctx, sl_dims(7, 3), wt);
    sl_tensor *tb = engine_param(ctx, sl_dims(3), b), *tb2 = engine_param(ctx, sl_dims(3), b);
    sl_tensor *tr = sl_tensor_new(ctx, sl_dims(5, 3), r);
    sl_tape *tape = sl_tape_new(ctx, learning ? SL_TRAIN : SL_INFER);
    const sl_op_options number = { .number = engine_number(f) };
    sl_tensor *fused = sl_linear(tape, tx, tw, tb, f->name);
    if (!learning) {
        sl_tensor *plain =
            sl_apply(tape, f, (sl_tensor *[]){ sl_add(tape, sl_matmul(tape, tx2, twt), tb2) }, &number);
        assert_fine(ctx);
        assert_bits(sl_values(fused), sl_values(plain), 15);
        sl_ctx_free(ctx);
        return;
    }
    linear_numbers one, other;
    linear_collect(tape, fused, tx, tw, tb, tr, &one);
    sl_tensor *z = sl_add(tape, sl_matmul(tape, tx2, twt), tb2);
    linear_collect(tape, sl_apply(tape, f, &z, &number), tx2, twt, tb2, tr, &other);
    assert_fine(ctx);
    assert_bits(one.y, other.y, 15);
    assert_bits(one.x, other.x, 35);
    assert_bits(one.b, other.b, 3);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 7; j++)
            assert_bits(&one.w[i * 7 + j], &other.w[j * 3 + i], 1);
    sl_ctx_free(ctx);
}

static void linear_equals_its_parts_bit_for_bit(void **unused)
{
    (void)unused;
    for (size_t i = 0; sl_op_at(i); i++)
        if (sl_op_at(i)->activate) {
            if (!sl_op_at(i)->flat)
                check_fused(sl_op_at(i), true);
            check_fused(sl_op_at(i), false);
        }
}

/* --- the same bits with every instruction set --- */

enum { TRIAL_MOST = 1024 };

/* The trial, for operators that go element by element with rows nine times as long: whole vectors, and a
 * rest. */
static sl_trial trial_longer(const sl_op *op, const sl_trial *trial)
{
    sl_trial longer = *trial;
    const bool elementwise =
        op->shape == sl_shape_same || op->shape == sl_shape_numbered || op->shape == sl_shape_rowwise;
    for (int i = 0; i < op->inputs && elementwise; i++)
        if (longer.shape[i].rank)
            longer.shape[i].dim[longer.shape[i].rank - 1] *= 9;
    return longer;
}

/* Result and gradients of one trial, in a row. */
static size_t trial_numbers(const sl_op *op, const sl_trial *trial, const char *isa, sl_real *out)
{
    sl_ctx *ctx = engine_crew(isa, 1);
    uint64_t state = 0x9E3779B97F4A7C15u;
    sl_tensor *x[SL_MAX_INPUTS];
    for (int i = 0; i < op->inputs; i++) {
        const bool learns = sl_trial_learning(op) >> i & 1;
        x[i] = learns ? sl_param(ctx, trial->shape[i], "zeros") : sl_tensor_new(ctx, trial->shape[i], NULL);
        assert_non_null(x[i]);
        sl_trial_input(&state, op, trial, i, x[i]);
    }
    const sl_op_options options =
        sl_trial_options(trial, trial->activation ? sl_op_find(trial->activation) : NULL);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y = sl_apply(tape, op, x, &options);
    assert_fine(ctx);
    assert_in_range(sl_count(y), 1, TRIAL_MOST);
    memcpy(out, sl_values(y), sl_count(y) * sizeof *out);
    size_t count = sl_count(y);
    sl_tensor *r = sl_tensor_new(ctx, sl_shape_of(y), NULL);
    sl_trial_fill(&state, sl_values(r), count, -2, 2);
    sl_tape_reset(tape);
    if (!op->flat)
        sl_backward(tape, sl_sum(tape, sl_mul(tape, sl_apply(tape, op, x, &options), r)));
    assert_fine(ctx);
    for (int i = 0; i < op->inputs; i++)
        if (sl_gradient(x[i])) {
            assert_in_range(count + sl_count(x[i]), 1, TRIAL_MOST);
            memcpy(out + count, sl_gradient(x[i]), sl_count(x[i]) * sizeof *out);
            count += sl_count(x[i]);
        }
    sl_ctx_free(ctx);
    return count;
}

static void every_trial_gives_the_same_bits_with_every_instruction_set(void **unused)
{
    (void)unused;
    static const char *const names[] = { "avx2", "avx512", "neon" };
    static sl_real plain[TRIAL_MOST], found[TRIAL_MOST];
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = names[n] });
        const bool here = ctx && !sl_error(ctx);
        sl_ctx_free(ctx);
        for (size_t i = 0; here && sl_op_at(i); i++)
            for (int t = 0; t < SL_MAX_TRIALS && sl_op_at(i)->trial[t].high != 0; t++) {
                const sl_trial trial = trial_longer(sl_op_at(i), &sl_op_at(i)->trial[t]);
                const size_t count = trial_numbers(sl_op_at(i), &trial, "plain", plain);
                assert_int_equal(trial_numbers(sl_op_at(i), &trial, names[n], found), count);
                for (size_t k = 0; k < count; k++)
                    if (!engine_same(found[k], plain[k]))
                        fail_msg("%s, trial %d, number %zu: %a with %s, %a without", sl_op_at(i)->name, t, k,
                                 (double)found[k], names[n], (double)plain[k]);
            }
    }
}

/* S81: what is made of operators needs no gradient of its own. tanh(x)^2 + softmax(x W) x, averaged */
static sl_tensor *composite_loss(sl_tape *tape, void *user)
{
    sl_tensor **p = user;
    sl_tensor *t = sl_tanh(tape, p[0]);
    sl_tensor *gate = sl_softmax(tape, sl_matmul(tape, p[0], p[1]));
    return sl_mean(tape, sl_add(tape, sl_mul(tape, t, t), sl_mul(tape, gate, p[0])));
}

static void S81_a_composite_differentiates_itself(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *p[] = { sl_param(ctx, sl_dims(3, 4), "normal:1"), sl_param(ctx, sl_dims(4, 4), "normal:1") };
    sl_gradcheck_result result;
    assert_int_equal(sl_gradcheck(ctx, composite_loss, p, p, 2, &result), SL_OK);
    assert_int_equal(result.checked, 28);
    assert_true(result.worst < engine_tolerance(2e-2, 1e-7));
    sl_ctx_free(ctx);
}

/* A target takes no gradient, even one that could: nothing is written to it, and nothing through it. */
static void a_target_takes_no_gradient(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *fixed = sl_tensor_new(ctx, sl_dims(4), NULL), *p = sl_param(ctx, sl_dims(4), "zeros");
    sl_tensor *logits = sl_tensor_new(ctx, sl_dims(4, 3), NULL);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *losses[] = { sl_mean_squared(tape, fixed, p), sl_binary_cross_entropy(tape, fixed, p),
                            sl_cross_entropy(tape, logits, p) };
    assert_fine(ctx);
    for (size_t i = 0; i < 3; i++)
        assert_null(sl_gradient(losses[i]));
    assert_int_equal(sl_backward(tape, losses[0]), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "depends on no parameter");
    sl_tensor *learned = sl_param(ctx, sl_dims(4), "normal:1");
    assert_int_equal(sl_backward(tape, sl_mean_squared(tape, learned, p)), SL_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_true(sl_gradient(p)[i] == 0);
        assert_true(sl_gradient(learned)[i] != 0);
    }
    sl_step *step = sl_step_new(ctx, sl_sgd(.lr = 1), &p, 1);
    assert_int_equal(sl_step_apply(step), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "no gradient");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operator_has_the_gradient_of_its_trials),
        cmocka_unit_test(every_operator_is_described),
        cmocka_unit_test(linear_equals_its_parts_bit_for_bit),
        cmocka_unit_test(every_trial_gives_the_same_bits_with_every_instruction_set),
        cmocka_unit_test(S81_a_composite_differentiates_itself),
        cmocka_unit_test(a_target_takes_no_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
