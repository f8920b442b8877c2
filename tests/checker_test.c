/* A gradient check that cannot fail is a defect: every operator's backward is spoiled here in the five ways
 * that such code goes wrong, and each must be caught; the unharmed copy passes.                            */
#include "engine.h"
#include "model/model.h"
#include "op/op.h"

typedef enum { HARMLESS, SIGN, FACTOR_2, ASSIGNED, LAST_LOST, TENTH_PERCENT, FAULTS } fault;
static const char *const fault_names[FAULTS] = {
    "none", "sign flipped", "factor 2", "= in place of +=", "last element lost", "0.1 % off"
};

/* What the spoiled backward does; tests run one after the other. */
static struct {
    fault fault;
    int input; /* whose gradient is spoiled */
} spoil;

enum { MOST = 4096 };

/* The true backward, with the gradient of one input spoiled on the way. */
static void spoiled_backward(const sl_node *n)
{
    static sl_real kept[MOST];
    sl_tensor *x = n->x[spoil.input];
    const bool concerned = x && x->learns;
    if (concerned) {
        assert_in_range(x->count, 1, MOST);
        if (x->has_grad || !n->op->assigns)
            memcpy(kept, x->g, x->count * sizeof *kept);
        else /* nothing is there yet, and it is not to be added to */
            memset(kept, 0, x->count * sizeof *kept);
        memset(x->g, 0, x->count * sizeof *kept);
    }
    sl_op_find(n->op->name)->backward(n);
    for (size_t i = 0; concerned && i < x->count; i++) {
        const sl_real true_part = x->g[i];
        switch (spoil.fault) {
        case SIGN:
            x->g[i] = kept[i] - true_part;
            break;
        case FACTOR_2:
            x->g[i] = kept[i] + 2 * true_part;
            break;
        case ASSIGNED:
            break;
        case LAST_LOST:
            x->g[i] = i + 1 < x->count ? kept[i] + true_part : kept[i];
            break;
        case TENTH_PERCENT:
            x->g[i] = kept[i] + true_part * (sl_real)1.001;
            break;
        default:
            x->g[i] = kept[i] + true_part;
        }
    }
}

/* The worst error that the checker sees in one trial of this operator. */
static double spoiled_error(const sl_op *op, const sl_trial *trial)
{
    sl_ctx *ctx = engine_ctx(5);
    sl_gradcheck_result result;
    const sl_trial_plan plan = { .op = op,
                                 .trial = trial,
                                 .activation = trial->activation ? sl_op_find(trial->activation) : NULL,
                                 .learning = sl_trial_learning(op),
                                 .seed = 0xD1B54A32D192ED03u,
                                 .low = 0.5,
                                 .high = 2 };
    sl_trial_check(ctx, &plan, &result);
    assert_fine(ctx);
    sl_ctx_free(ctx);
    return result.worst;
}

/* The largest over all trials: where the last gradient happens to be 0, losing it is no fault. */
static double spoiled_worst(const sl_op *true_op, fault what, int input)
{
    sl_op copy = *true_op;
    copy.backward = spoiled_backward;
    spoil.fault = what;
    spoil.input = input;
    double worst = 0;
    for (int t = 0; t < SL_MAX_TRIALS && copy.trial[t].high != 0; t++) {
        const double error = spoiled_error(&copy, &copy.trial[t]);
        worst = error > worst ? error : worst;
    }
    return worst;
}

static void every_seeded_fault_is_caught(void **unused)
{
    (void)unused;
    int caught = 0;
    for (size_t i = 0; sl_op_at(i); i++) {
        const sl_op *op = sl_op_at(i);
        if (op->flat)
            continue; /* every_op_test: it is refused */
        for (int input = 0; input < (op->has_target ? 1 : op->inputs); input++)
            for (fault what = HARMLESS; what < FAULTS; what++) {
                if (what == TENTH_PERCENT && !ENGINE_DOUBLE)
                    continue; /* below what float can tell: the reason for the double build */
                const double worst = spoiled_worst(op, what, input);
                const bool clean = worst < engine_tolerance(2e-2, 1e-7);
                const bool loud = worst > engine_tolerance(5e-2, 1e-4);
                if (what == HARMLESS ? !clean : !loud)
                    fail_msg("%s, input %d, %s: the checker saw an error of %g", op->name, input,
                             fault_names[what], worst);
                caught += what != HARMLESS;
            }
    }
    assert_true(caught >= 4 * 16);
}

/* --- in a whole net the place is named (S75) --- */

typedef struct {
    sl_model *model;
    sl_tensor *x, *labels;
} net_job;

static sl_tensor *net_loss(sl_tape *tape, void *user)
{
    const net_job *job = user;
    return sl_cross_entropy(tape, sl_forward(tape, job->model, job->x), job->labels);
}

/* linear, the gradient of whose weights is right but for the second row when that layer is the place */
static const sl_tensor *net_broken_weight;
static void linear_with_a_broken_weight(const sl_node *n)
{
    sl_op_find("linear")->backward(n);
    if (n->x[1] == net_broken_weight)
        n->x[1]->g[n->x[1]->count / 2] *= (sl_real)1.1;
}

static sl_op net_broken_linear;
static sl_tensor *net_broken_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    return sl_apply(tape, &net_broken_linear, (sl_tensor *[]){ x, layer->param[0], layer->param[1] },
                    &(sl_op_options){ .activation = layer->activation });
}

static void net_make(sl_ctx *ctx, net_job *job, const char *net)
{
    uint64_t state = 99;
    sl_real x[20], labels[] = { 0, 2, 1, 2, 0 };
    engine_fill(&state, x, 20, -1, 1);
    job->x = sl_tensor_new(ctx, sl_dims(5, 4), x);
    job->labels = sl_tensor_new(ctx, sl_dims(5), labels);
    job->model = sl_model_parse(ctx, net);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    assert_non_null(sl_forward(tape, job->model, job->x));
    sl_tape_free(tape);
}

static void a_broken_weight_gradient_is_named(void **unused)
{
    (void)unused;
    sl_layer_kind broken = *sl_layer_kind_at(0);
    for (size_t i = 0; sl_layer_kind_at(i); i++)
        if (!strcmp(sl_layer_kind_at(i)->name, "dense"))
            broken = *sl_layer_kind_at(i);
    assert_string_equal(broken.name, "dense");
    broken.forward = net_broken_forward;
    net_broken_linear = *sl_op_find("linear");
    net_broken_linear.backward = linear_with_a_broken_weight;
    for (int layer = 0; layer < 4; layer++) {
        sl_ctx *ctx = engine_ctx(2);
        net_job job;
        net_make(ctx, &job, "6 tanh, 5 tanh, 4 sigmoid, 3");
        sl_tensor *params[8];
        for (int p = 0; p < 8; p++)
            params[p] = sl_model_param(job.model, p);
        job.model->layers[layer].kind = &broken;
        net_broken_weight = params[2 * layer];
        sl_gradcheck_result result;
        sl_gradcheck(ctx, net_loss, &job, params, 8, &result);
        assert_fine(ctx);
        char name[32];
        snprintf(name, sizeof name, "dense_%d.weight", layer + 1);
        assert_true(result.worst > engine_tolerance(5e-2, 1e-4));
        assert_string_equal(result.place, name);
        assert_int_equal(result.element, sl_count(params[2 * layer]) / 2);
        sl_ctx_free(ctx);
    }
}

static void derive_with_a_flipped_sign(sl_isa isa, sl_real a, sl_real *dz, const sl_real *dy,
                                       const sl_real *y, const sl_real *z, size_t n)
{
    sl_op_find("tanh")->derive(isa, a, dz, dy, y, z, n);
    for (size_t i = 0; i < n; i++)
        dz[i] = -dz[i];
}

/* A wrong derivative spoils all layers before it; the last wrong one, checked alone, is where it is. */
static void a_broken_activation_is_found_by_layers(void **unused)
{
    (void)unused;
    sl_op broken = *sl_op_find("tanh");
    broken.derive = derive_with_a_flipped_sign;
    for (int layer = 0; layer < 3; layer++) {
        sl_ctx *ctx = engine_ctx(2);
        net_job job;
        net_make(ctx, &job, "5 tanh, 4 tanh, 4 tanh, 3");
        job.model->layers[layer].activation = &broken;
        int last_wrong = -1;
        for (int p = 0; p < 8; p++) {
            sl_tensor *param = sl_model_param(job.model, p);
            sl_gradcheck_result result;
            sl_gradcheck(ctx, net_loss, &job, &param, 1, &result);
            assert_fine(ctx);
            assert_string_equal(result.place, sl_model_param_name(job.model, p));
            if (result.worst > engine_tolerance(5e-2, 1e-4))
                last_wrong = p / 2;
        }
        assert_int_equal(last_wrong, layer);
        sl_ctx_free(ctx);
    }
}

/* --- the checker's own manners --- */

static sl_tensor *abs_loss(sl_tape *tape, void *user)
{
    return sl_sum(tape, sl_relu(tape, user));
}

/* S30: an element at the kink is skipped and counted, not called wrong; NaN is as wrong as can be. */
static void kinks_are_skipped_and_nan_is_an_error(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *x = engine_param(ctx, sl_dims(4), (const sl_real[]){ 1, 0, -1, (sl_real)1e-6 });
    sl_gradcheck_result result;
    assert_int_equal(sl_gradcheck(ctx, abs_loss, x, &x, 1, &result), SL_OK);
    assert_int_equal(result.skipped, 2);
    assert_int_equal(result.checked, 2);
    assert_true(result.worst < engine_tolerance(2e-2, 1e-7));
    for (int i = 0; i < 4; i++)
        assert_true(sl_gradient(x)[i] == 0); /* it leaves none behind */
    sl_values(x)[2] = (sl_real)NAN;
    assert_int_equal(sl_gradcheck(ctx, abs_loss, x, &x, 1, &result), SL_OK);
    sl_tensor *fixed = sl_tensor_new(ctx, sl_dims(4), NULL);
    assert_int_equal(sl_gradcheck(ctx, abs_loss, fixed, &fixed, 1, &result), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "parameter 0 has no gradient of its own");
    sl_ctx_free(ctx);
}

static sl_tensor *square_loss(sl_tape *tape, void *user)
{
    return sl_sum(tape, sl_mul(tape, user, user));
}

static void a_gradient_of_nan_is_an_error(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *x = engine_param(ctx, sl_dims(2), (const sl_real[]){ 1, (sl_real)NAN });
    sl_gradcheck_result result;
    assert_int_equal(sl_gradcheck(ctx, square_loss, x, &x, 1, &result), SL_OK);
    assert_true(isinf(result.worst));
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_seeded_fault_is_caught),
        cmocka_unit_test(a_broken_weight_gradient_is_named),
        cmocka_unit_test(a_broken_activation_is_found_by_layers),
        cmocka_unit_test(kinks_are_skipped_and_nan_is_an_error),
        cmocka_unit_test(a_gradient_of_nan_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
