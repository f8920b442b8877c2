/* A step over flat memory: every rule equals its formula number by number, on every instruction set; merged
 * tensors, padding, pieces and threads make no difference. Runs in both builds.                           */
#include "engine.h"
#include "kernel/math.h"
#include "model/model.h"
#include "optim/optim.h"

static const char *const isas[] = { "plain", "avx2", "avx512" };

/* A context with so many threads, or NULL: this machine lacks the instruction set. */
static sl_ctx *step_ctx(int isa, int threads)
{
    sl_ctx *ctx = engine_crew(isas[isa], threads);
    if (!sl_error(ctx))
        return ctx;
    sl_ctx_free(ctx);
    return NULL;
}

/* --- the formulas, once more, for one number; every operation rounds --- */

static sl_real settled(sl_real x)
{
    return fabs((double)x) < 0x1p-100 ? 0 : x;
}

static sl_real rooted(sl_real x)
{
    return ENGINE_DOUBLE ? (sl_real)sqrt((double)x) : (sl_real)sqrtf((float)x);
}

static sl_real signed_one(sl_real x)
{
    return x > 0 ? 1 : x < 0 ? -1 : 0;
}

/* adam and its relatives, with the corrections moved into the step. */
static void adam_formula(const char *rule, const sl_update *u, sl_real *w, sl_real g, sl_real state[3])
{
    const double root = sqrt(1 - u->beta2_power);
    sl_real step = (sl_real)((double)u->lr * root / (1 - u->beta1_power)), ahead = 0;
    const sl_real epsilon = (sl_real)((double)u->epsilon * root);
    const sl_real square = g * g, rest1 = 1 - u->beta1, rest2 = 1 - u->beta2;
    state[0] = settled(u->beta1 * state[0] + rest1 * g);
    state[1] = settled(u->beta2 * state[1] + rest2 * square);
    sl_real size = state[1], kept = *w;
    if (!strcmp(rule, "adamw"))
        kept = *w * (1 - u->lr * u->decay);
    if (!strcmp(rule, "amsgrad"))
        size = state[2] = state[1] > state[2] ? state[1] : state[2];
    if (!strcmp(rule, "nadam")) { /* product: mu_1 .. mu_t, 0.96^(t psi) */
        const double power = u->product[1], mu = (double)u->beta1 * (1 - 0.5 * power);
        const double next =
            (double)u->beta1 * (1 - 0.5 * (power * sl_pow_d(0.96, (double)u->momentum_decay)));
        step = (sl_real)((double)u->lr * root * next / (1 - u->product[0] * next));
        ahead = (sl_real)((double)u->lr * root * (1 - mu) / (1 - u->product[0])) * g;
    }
    *w = kept - (step * state[0] + ahead) / (rooted(size) + epsilon);
}

static void rprop_formula(const sl_update *u, sl_real *w, sl_real g, sl_real state[3])
{
    const sl_real turn = g * signed_one(state[0]);
    if (state[1] == 0 && g != 0)
        state[1] = u->lr;
    if (state[1] != 0) {
        state[1] = state[1] * (turn > 0 ? u->grow : turn < 0 ? u->shrink : 1);
        if (state[1] < u->step_low)
            state[1] = u->step_low;
        if (state[1] > u->step_high)
            state[1] = u->step_high;
    }
    if (turn < 0)
        g = 0;
    state[0] = settled(g);
    if (g != 0)
        *w = g > 0 ? *w - state[1] : *w + state[1];
}

/* False: a rule that is not written down here. */
static bool formula(const char *rule, const sl_update *u, sl_real *w, sl_real g, sl_real state[3])
{
    const bool decoupled = !strcmp(rule, "adamw") || !strcmp(rule, "lion");
    if (!decoupled && u->decay != 0)
        g = g + u->decay * *w;
    const sl_real square = g * g, rest = 1 - u->rho;
    if (!strcmp(rule, "sgd") || !strcmp(rule, "perceptron")) {
        *w = *w - u->lr * g;
    } else if (!strcmp(rule, "momentum")) {
        state[0] = settled(u->momentum * state[0] + g);
        *w = *w - u->lr * state[0];
    } else if (!strcmp(rule, "momentum_ema")) {
        state[0] = settled(u->momentum * state[0] + (1 - u->momentum) * g);
        *w = *w - u->lr * state[0];
    } else if (!strcmp(rule, "nesterov")) {
        state[0] = settled(u->momentum * state[0] + g);
        *w = *w - u->lr * (g + u->momentum * state[0]);
    } else if (!strcmp(rule, "adagrad")) {
        state[0] = settled(state[0] + square);
        *w = *w - u->lr * g / (rooted(state[0]) + u->epsilon);
    } else if (!strcmp(rule, "rmsprop")) {
        state[0] = settled(u->rho * state[0] + rest * square);
        *w = *w - u->lr * g / (rooted(state[0]) + u->epsilon);
    } else if (!strcmp(rule, "adadelta")) {
        state[0] = settled(u->rho * state[0] + rest * square);
        const sl_real way = rooted(state[1] + u->epsilon) / rooted(state[0] + u->epsilon) * g;
        state[1] = settled(u->rho * state[1] + rest * (way * way));
        *w = *w - u->lr * way;
    } else if (!strcmp(rule, "lion")) {
        const sl_real way = u->beta1 * state[0] + (1 - u->beta1) * g;
        state[0] = settled(u->beta2 * state[0] + (1 - u->beta2) * g);
        *w = *w * (1 - u->lr * u->decay) - u->lr * signed_one(way);
    } else if (!strcmp(rule, "rprop")) {
        rprop_formula(u, w, g, state);
    } else if (!strcmp(rule, "adam") || !strcmp(rule, "adamw") || !strcmp(rule, "amsgrad") ||
               !strcmp(rule, "nadam")) {
        adam_formula(rule, u, w, g, state);
    } else {
        return false;
    }
    return true;
}

static const sl_update some_update = { .lr = (sl_real)0.03,
                                       .momentum = (sl_real)0.9,
                                       .beta1 = (sl_real)0.9,
                                       .beta2 = (sl_real)0.999,
                                       .epsilon = (sl_real)1e-8,
                                       .rho = (sl_real)0.95,
                                       .momentum_decay = (sl_real)4e-3,
                                       .shrink = (sl_real)0.5,
                                       .grow = (sl_real)1.2,
                                       .step_low = (sl_real)0.25,
                                       .step_high = (sl_real)0.75,
                                       .beta1_power = 0.729,
                                       .beta2_power = 0.997002999,
                                       .product = { 0.1, 0.9996 } };

static void check_rule(const sl_rule *rule, sl_isa isa, size_t n, sl_real decay, uint64_t *state)
{
    enum { MOST = 80 };
    sl_real w[MOST], g[MOST], m[3][MOST], wanted[MOST], wanted_m[3][MOST];
    engine_fill(state, w, MOST, -2, 2);
    engine_fill(state, g, MOST, -1, 1);
    engine_fill(state, m[0], MOST, -1, 1);
    engine_fill(state, m[1], MOST, 0, 1);
    engine_fill(state, m[2], MOST, 0, 1);
    if (strstr("adagrad, rmsprop, adadelta", rule->name)) /* squares come first */
        engine_fill(state, m[0], MOST, 0, 1);
    for (size_t i = 0; i < n; i += 7) { /* small state, no gradient, -0 */
        m[0][i] = m[1][i] = (sl_real)1e-31;
        if (i % 3 == 0)
            m[0][i] = m[1][i] = m[2][i] = 0;
        g[i] = i % 2 ? 0 : (sl_real)-0.0;
    }
    sl_update u = some_update;
    if (rule->prepare)
        rule->prepare(&u);
    u.decay = decay;
    memcpy(wanted, w, sizeof w);
    memcpy(wanted_m, m, sizeof m);
    for (size_t i = 0; i < n; i++) {
        sl_real s[3] = { m[0][i], m[1][i], m[2][i] };
        if (!formula(rule->name, &u, &wanted[i], g[i], s))
            fail_msg("the test does not know the formula of %s: write it down", rule->name);
        wanted_m[0][i] = s[0];
        wanted_m[1][i] = s[1];
        wanted_m[2][i] = s[2];
    }
    sl_real behind = g[n];
    rule->update(isa, &u, w, g, (sl_real *const[]){ m[0], m[1], m[2] }, n);
    assert_bits(w, wanted, MOST); /* and nothing behind n */
    assert_bits(m[0], wanted_m[0], MOST);
    assert_bits(m[1], wanted_m[1], MOST);
    assert_bits(m[2], wanted_m[2], MOST);
    for (size_t i = 0; i < n; i++)
        assert_true(g[i] == 0 && !signbit(g[i]));
    assert_bits(&g[n], &behind, 1);
}

static void every_rule_is_its_formula_on_every_instruction_set(void **unused)
{
    (void)unused;
    uint64_t state = 5;
    for (int isa = 0; isa < 3; isa++) {
        sl_ctx *ctx = step_ctx(isa, 1);
        for (size_t r = 0; ctx && sl_rule_at(r); r++)
            for (size_t n = 0; n < 70; n++) {
                check_rule(sl_rule_at(r), ctx->isa, n, 0, &state);
                check_rule(sl_rule_at(r), ctx->isa, n, (sl_real)0.01, &state);
            }
        sl_ctx_free(ctx);
    }
}

/* What fills memory between tensors stays zero under every rule. */
static void zero_stays_zero(void **unused)
{
    (void)unused;
    for (int isa = 0; isa < 3; isa++) {
        sl_ctx *ctx = step_ctx(isa, 1);
        for (size_t r = 0; ctx && sl_rule_at(r); r++) {
            sl_real zero[5][48] = { { 0 } };
            const sl_real nothing[48] = { 0 };
            sl_update u = some_update;
            if (sl_rule_at(r)->prepare)
                sl_rule_at(r)->prepare(&u);
            u.decay = (sl_real)0.1;
            sl_rule_at(r)->update(ctx->isa, &u, zero[0], zero[1],
                                  (sl_real *const[]){ zero[2], zero[3], zero[4] }, 48);
            for (int i = 0; i < 5; i++)
                assert_memory_equal(zero[i], nothing, sizeof nothing);
        }
        sl_ctx_free(ctx);
    }
}

/* --- a model's step is that of its numbers alone --- */

enum { FLAT_PARAMS = 8, FLAT_STEPS = 3 };

/* Gradients of step `step`; in the second one, some parameters have none. */
static void flat_gradient(sl_tensor *t, int param, int step)
{
    uint64_t state = (uint64_t)(param * 17 + step + 1) * UINT64_C(0x9E3779B97F4A7C15);
    t->has_grad = step != 1 || param % 3 != 1;
    if (t->has_grad)
        engine_fill(&state, t->g, t->count, -1, 1);
}

static void flat_check(const sl_rule *rule, const char *net, int isa, int threads)
{
    sl_ctx *ctx = step_ctx(isa, threads);
    if (!ctx)
        return;
    sl_model *model = sl_model_parse(ctx, net);
    const int count = sl_model_params(model);
    assert_in_range(count, 1, FLAT_PARAMS);
    const sl_optimizer optimizer = { .rule = rule->name, .lr = (sl_real)0.02, .decay = (sl_real)0.05 };
    sl_step *step = sl_step_new(ctx, optimizer, model->params, count);
    assert_fine(ctx);
    sl_update u = sl_update_of(&step->set);
    sl_real *w[FLAT_PARAMS], *state[FLAT_PARAMS][3];
    for (int i = 0; i < count; i++) {
        const size_t n = model->params[i]->count;
        assert_int_equal(step->parts[i].follows, i > 0);
        w[i] = sl_alloc_array(ctx, n, sizeof(sl_real));
        memcpy(w[i], model->params[i]->v, n * sizeof(sl_real));
        for (int s = 0; s < 3; s++)
            state[i][s] = sl_alloc_array(ctx, n, sizeof(sl_real));
    }
    for (int k = 0; k < FLAT_STEPS; k++) {
        u.beta1_power *= (double)u.beta1;
        u.beta2_power *= (double)u.beta2;
        u.product[1] *= sl_pow_d(0.96, (double)u.momentum_decay);
        u.product[0] *= (double)u.beta1 * (1 - 0.5 * u.product[1]);
        for (int i = 0; i < count; i++) {
            sl_tensor *t = model->params[i];
            flat_gradient(t, i, k);
            u.decay = t->shape.rank > 1 ? step->set.decay : 0;
            for (size_t j = 0; j < t->count && t->has_grad; j++) {
                sl_real s[3] = { state[i][0][j], state[i][1][j], state[i][2][j] };
                assert_true(formula(rule->name, &u, &w[i][j], t->g[j], s));
                for (int part = 0; part < 3; part++)
                    state[i][part][j] = s[part];
            }
        }
        assert_int_equal(sl_step_apply(step), SL_OK);
        for (int i = 0; i < count; i++) {
            const sl_tensor *t = model->params[i];
            assert_false(t->has_grad);
            assert_bits(t->v, w[i], t->count);
            for (int s = 0; s < rule->states; s++)
                assert_bits(step->state[i * SL_MAX_STATES + s], state[i][s], t->count);
        }
        for (size_t j = 0; j < model->padded; j++)
            assert_true(model->gradients[j] == 0);
    }
    for (int i = 0; i + 1 < count; i++) /* between the tensors */
        for (const sl_real *v = model->params[i]->v + model->params[i]->count; v < model->params[i + 1]->v;
             v++)
            assert_true(*v == 0);
    sl_ctx_free(ctx);
}

static void a_models_step_is_that_of_its_numbers(void **unused)
{
    (void)unused;
    for (size_t r = 0; sl_rule_at(r); r++)
        for (int isa = 0; isa < 3; isa++)
            for (int threads = 1; threads <= 3; threads++) {
                flat_check(sl_rule_at(r), "input 2, 8 tanh, 8 tanh, 1", isa, threads);
                flat_check(sl_rule_at(r), "input 201, 203 tanh, 37 relu, 3", isa,
                           threads); /* several pieces */
            }
}

/* Tensors that stand near each other by chance have a stranger between them: memory that is not theirs. */
static void tensors_of_their_own_are_not_merged(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *p[6];
    for (int i = 0; i < 6; i++)
        p[i] = sl_param(ctx, sl_dims(1 + i % 3), "normal:1");
    sl_step *step = sl_step_new(ctx, sl_adam(), p, 6);
    for (int i = 0; i < 6; i++) {
        assert_false(step->parts[i].follows);
        assert_int_equal(step->parts[i].n, p[i]->count);
    }
    sl_real memory[2][2 * 64 / sizeof(sl_real)] = { { 0 } }; /* two slices of one block; the same as blocks */
    const int slice = 64 / sizeof(sl_real);
    for (int owns = 0; owns < 2; owns++) {
        for (int i = 0; i < 2; i++) {
            p[i] = sl_tensor_over(ctx, sl_dims(3), memory[0] + i * slice, memory[1] + i * slice);
            p[i]->owns = owns;
        }
        assert_int_equal(sl_step_new(ctx, sl_adam(), p, 2)->parts[1].follows, !owns);
        for (int i = 0; i < 2; i++)
            p[i]->owns = false;
    }
    sl_ctx_free(ctx);
    ctx = engine_ctx(1); /* a model's, in another order and from two models: none follows wrongly */
    sl_model *a = sl_model_parse(ctx, "input 3, 4"), *b = sl_model_parse(ctx, "input 3, 4");
    sl_tensor *mixed[] = { a->params[1], a->params[0], b->params[1], a->params[1] };
    step = sl_step_new(ctx, sl_sgd(.lr = 1), mixed, 4);
    for (int i = 0; i < 4; i++)
        assert_false(step->parts[i].follows);
    for (int i = 0; i < 4; i++) {
        mixed[i]->has_grad = true;
        mixed[i]->g[0] = 1;
    }
    const sl_real before = a->params[1]->v[0];
    assert_int_equal(sl_step_apply(step), SL_OK);
    assert_true(a->params[1]->v[0] == before - 1); /* named twice: once, its gradient is then used up */
    sl_ctx_free(ctx);
}

/* beta^t is 0 when it has long been nothing beside 1: no step differs from those with the endless product. */
static void powers_end_at_zero(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *w = sl_param(ctx, sl_dims(1), "normal:1");
    sl_step *step = sl_step_new(ctx, sl_adam(.lr = (sl_real)0.01), &w, 1);
    sl_update u = sl_update_of(&step->set);
    sl_real wanted = w->v[0], state[3] = { 0 };
    for (int i = 0; i < 9000; i++) {
        const sl_real g = (sl_real)((i * 7 % 11) - 5) / 4;
        u.beta1_power *= (double)u.beta1;
        u.beta2_power *= (double)u.beta2;
        formula("adam", &u, &wanted, g, state);
        w->g[0] = g;
        w->has_grad = true;
        sl_step_apply(step);
        assert_bits(w->v, &wanted, 1);
        assert_true(step->beta1_power == 0 || step->beta1_power >= 0x1p-100);
    }
    assert_true(step->beta1_power == 0 && u.beta1_power > 0 && u.beta1_power < 0x1p-1000);
    assert_true(step->beta2_power == u.beta2_power);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_is_its_formula_on_every_instruction_set),
        cmocka_unit_test(zero_stays_zero),
        cmocka_unit_test(a_models_step_is_that_of_its_numbers),
        cmocka_unit_test(tensors_of_their_own_are_not_merged),
        cmocka_unit_test(powers_end_at_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
