/* The golden files, computed by PyTorch, against our operators, losses and optimizers: outputs, gradients,
 * ten losses of small nets with each optimizer, the weights after them. Runs in both builds.              */
#include "engine.h"
#include "golden.h"
#include "loss/loss.h"
#include "op/op.h"

#define GOLDEN_FILE(name) SLOPE_SOURCE_ROOT "/tests/golden/" name ".golden"
static const double close_enough = 2e-6; /* of max(1, |x|): see golden/README.md */

static sl_tensor *golden_tensor(sl_ctx *ctx, const golden_item *item, bool learns)
{
    sl_shape shape = { (int)item->rank, { 0 } };
    for (size_t i = 0; i < item->rank; i++)
        shape.dim[i] = (int)item->dims[i];
    sl_tensor *t = learns ? sl_param(ctx, shape, "zeros") : sl_tensor_new(ctx, shape, NULL);
    assert_non_null(t);
    assert_int_equal(sl_count(t), item->count);
    for (size_t i = 0; i < item->count; i++)
        sl_values(t)[i] = (sl_real)item->values[i];
    return t;
}

static void golden_equals(const golden_item *item, const sl_real *found, double tolerance)
{
    assert_non_null(found);
    for (size_t i = 0; i < item->count; i++) {
        const double wanted = item->values[i], size = fabs(wanted) > 1 ? fabs(wanted) : 1;
        if (!(fabs((double)found[i] - wanted) <= tolerance * size))
            fail_msg("%s[%zu] is %.9g, wanted %.9g", item->name, i, (double)found[i], wanted);
    }
}

/* --- operators.golden: the case's name begins with the operator's, then what is special --- */

static const sl_op *case_operator(const char *name, const sl_op **activation)
{
    const sl_op *best = NULL;
    size_t length = 0;
    for (size_t i = 0; sl_op_at(i); i++) {
        const size_t n = strlen(sl_op_at(i)->name);
        if (!strncmp(name, sl_op_at(i)->name, n) && (!name[n] || name[n] == '_') && n > length) {
            best = sl_op_at(i);
            length = n;
        }
    }
    *activation = best && name[length] ? sl_op_find(name + length + 1) : NULL;
    return best;
}

/* The file's items of one case, from `at` on: inputs, upstream, y, gradients. Returns how many there are. */
static size_t check_case(const golden *file, size_t at)
{
    char name[64];
    const char *slash = strchr(file->items[at].name, '/');
    assert_non_null(slash);
    const size_t prefix = (size_t)(slash - file->items[at].name);
    assert_in_range(prefix, 1, sizeof name - 1);
    memcpy(name, file->items[at].name, prefix);
    name[prefix] = 0;
    sl_op_options options = { 0 };
    const sl_op *op = case_operator(name, &options.activation);
    if (!op)
        fail_msg("golden case %s is of no operator", name);
    options.number = engine_number(op);

    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *x[SL_MAX_INPUTS] = { NULL };
    const char *names[SL_MAX_INPUTS];
    size_t i = at;
    int inputs = 0;
    for (; strcmp(file->items[i].name + prefix + 1, "upstream"); i++, inputs++) {
        assert_in_range(inputs, 0, op->inputs - 1);
        names[inputs] = file->items[i].name + prefix + 1;
        x[inputs] = golden_tensor(ctx, &file->items[i], !(op->has_target && inputs > 0));
    }
    assert_in_range(inputs, op->inputs - op->optional, op->inputs);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *y = sl_apply(tape, op, x, &options), *upstream = golden_tensor(ctx, &file->items[i++], false);
    sl_backward(tape, sl_sum(tape, sl_mul(tape, y, upstream)));
    assert_fine(ctx);
    golden_equals(golden_get(file, name, "y"), sl_values(y), close_enough);
    i++;
    for (;
         i < file->count && !strncmp(file->items[i].name, name, prefix) && file->items[i].name[prefix] == '/';
         i++)
        for (int j = 0; j < inputs; j++)
            if (!strcmp(file->items[i].name + prefix + 6, names[j]) && x[j]->learns)
                golden_equals(&file->items[i], sl_gradient(x[j]), close_enough);
    sl_ctx_free(ctx);
    return i - at;
}

static void operators_agree_with_pytorch(void **unused)
{
    (void)unused;
    golden *file = golden_load(GOLDEN_FILE("operators"));
    int cases = 0;
    for (size_t at = 0; at < file->count; cases++)
        at += check_case(file, at);
    assert_int_equal(cases, 68);
    golden_free(file);
}

/* --- net.golden: losses before each of ten steps, and what the weights are then (S76) --- */

static const struct {
    const char *name;
    sl_optimizer optimizer;
} golden_rules[] = {
    { "sgd", { .rule = "sgd", .lr = (sl_real)0.1 } },
    { "momentum", { .rule = "momentum", .lr = (sl_real)0.05 } },
    { "adam", { .rule = "adam", .lr = (sl_real)0.01 } },
    { "adamw", { .rule = "adamw", .lr = (sl_real)0.01, .decay = (sl_real)0.1 } },
    { "sgd_decay", { .rule = "sgd", .lr = (sl_real)0.1, .decay = (sl_real)0.01 } },
};
static const char *const param_names[] = { "w1", "b1", "w2", "b2" };

static sl_tensor *two_layers(sl_tape *tape, const sl_loss *loss, const char *activation, sl_tensor *x,
                             sl_tensor *const *p, const sl_tensor *target)
{
    sl_tensor *h = sl_linear(tape, x, p[0], p[1], activation);
    return sl_loss_of(tape, loss->name, sl_linear(tape, h, p[2], p[3], NULL), target, NULL);
}

/* Ten steps with one rule; returns how many numbers of the file were compared beside the losses. */
static int check_steps(const golden *file, const char *name, const sl_loss *loss, const char *activation,
                       size_t rule)
{
    char group[96];
    snprintf(group, sizeof group, "%s/%s/losses", name, golden_rules[rule].name);
    const golden_item *losses = golden_find(file, group);
    if (!losses)
        return 0;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *p[4], *x = golden_tensor(ctx, golden_get(file, name, "x"), false);
    sl_tensor *target = golden_tensor(
        ctx, golden_get(file, name, loss->target == SL_TARGET_CLASS ? "labels" : "target"), false);
    for (int i = 0; i < 4; i++)
        p[i] = golden_tensor(ctx, golden_get(file, name, param_names[i]), true);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_step *step = sl_step_new(ctx, golden_rules[rule].optimizer, p, 4);
    sl_real found[10];
    assert_int_equal(losses->count, 10);
    for (int s = 0; s < 10; s++) {
        sl_tensor *l = two_layers(tape, loss, activation, x, p, target);
        assert_fine(ctx);
        found[s] = sl_values(l)[0];
        sl_backward(tape, l);
        for (int i = 0; i < 4 && s == 0; i++) {
            char gradient[16];
            snprintf(gradient, sizeof gradient, "grad_%s", param_names[i]);
            golden_equals(golden_get(file, name, gradient), sl_gradient(p[i]), close_enough);
        }
        sl_step_apply(step);
    }
    assert_fine(ctx);
    golden_equals(golden_get(file, name, "loss"), found, close_enough);
    golden_equals(losses, found, close_enough);
    int compared = 1;
    for (int i = 0; i < 4; i++) {
        snprintf(group, sizeof group, "%s/%s/%s", name, golden_rules[rule].name, param_names[i]);
        const golden_item *last = golden_find(file, group);
        if (last)
            golden_equals(last, sl_values(p[i]), 1e-5);
        compared += last != NULL;
    }
    sl_ctx_free(ctx);
    return compared;
}

static void S76_nets_train_as_in_pytorch(void **unused)
{
    (void)unused;
    static const struct {
        const char *name, *loss, *activation;
    } nets[] = { { "cross_entropy_tanh", "cross_entropy", "tanh" },
                 { "cross_entropy_relu", "cross_entropy", "relu" },
                 { "binary_cross_entropy", "binary_cross_entropy", "tanh" },
                 { "mean_squared", "mean_squared", "tanh" },
                 { "example", "mean_squared", "relu" } };
    golden *file = golden_load(GOLDEN_FILE("net"));
    sl_ctx *ctx = engine_ctx(1);
    int compared = 0;
    for (size_t n = 0; n < sizeof nets / sizeof *nets; n++)
        for (size_t rule = 0; rule < sizeof golden_rules / sizeof *golden_rules; rule++)
            compared += check_steps(file, nets[n].name, sl_loss_find(ctx, nets[n].loss, NULL),
                                    nets[n].activation, rule);
    int wanted = 0; /* every line behind a second slash */
    for (size_t i = 0; i < file->count; i++)
        wanted += strchr(strchr(file->items[i].name, '/') + 1, '/') != NULL;
    assert_int_equal(compared, wanted);
    sl_ctx_free(ctx);
    golden_free(file);
}

/* S22: Sequential(Linear(10, 5), ReLU, Linear(5, 1)), loss, backward, step: as layers in a row. */
static void S22_the_sequential_example(void **unused)
{
    (void)unused;
    golden *file = golden_load(GOLDEN_FILE("net"));
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_sequential(ctx, sl_input(.units = 10), sl_dense(.units = 5, .activation = "relu"),
                                    sl_dense(.units = 1));
    assert_fine(ctx);
    assert_int_equal(sl_model_parameters(model), 61);
    sl_tensor *p[4];
    for (int i = 0; i < 4; i++) {
        const golden_item *item = golden_get(file, "example", param_names[i]);
        p[i] = sl_model_param(model, i);
        assert_int_equal(sl_count(p[i]), item->count);
        for (size_t j = 0; j < item->count; j++)
            sl_values(p[i])[j] = (sl_real)item->values[j];
    }
    sl_tensor *x = golden_tensor(ctx, golden_get(file, "example", "x"), false);
    sl_tensor *y = golden_tensor(ctx, golden_get(file, "example", "target"), false);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_step *step = sl_step_new(ctx, golden_rules[0].optimizer, p, 4);
    const golden_item *losses = golden_get(file, "example", "sgd/losses");
    for (int s = 0; s < 10; s++) {
        sl_tensor *loss = sl_mean_squared(tape, sl_forward(tape, model, x), y);
        assert_fine(ctx);
        assert_near(sl_values(loss)[0], losses->values[s], 1e-5);
        sl_backward(tape, loss);
        sl_step_apply(step);
    }
    assert_fine(ctx);
    sl_ctx_free(ctx);
    golden_free(file);
}

/* --- functions.golden, in double: S34, S54, S55, S58 to all digits this build has --- */

static void check_function(sl_ctx *ctx, const golden *file, const char *name, const char *loss)
{
    const double tolerance = engine_tolerance(2e-6, 1e-13);
    const golden_item *item = golden_get(file, name, "x");
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *x = golden_tensor(ctx, item, true);
    const bool classes = !strcmp(loss, "cross_entropy");
    if (classes)
        x->shape = sl_dims(1, (int)item->count);
    sl_tensor *l =
        sl_loss_of(tape, loss, x,
                   golden_tensor(ctx, golden_get(file, name, classes ? "labels" : "target"), false), NULL);
    sl_backward(tape, l);
    assert_fine(ctx);
    golden_equals(golden_get(file, name, "loss"), sl_values(l), tolerance);
    golden_equals(golden_get(file, name, "grad_x"), sl_gradient(x), tolerance);
}

static void functions_agree_in_double(void **unused)
{
    (void)unused;
    golden *file = golden_load(GOLDEN_FILE("functions"));
    sl_ctx *ctx = engine_ctx(1);
    static const char *const soft[] = { "softmax", "softmax_high", "softmax_low" };
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    for (int i = 0; i < 3; i++) {
        sl_tensor *y = sl_softmax(tape, golden_tensor(ctx, golden_get(file, soft[i], "x"), false));
        golden_equals(golden_get(file, soft[i], "y"), sl_values(y), engine_tolerance(2e-7, 1e-15));
    }
    static const char *const classes[] = { "cross_entropy_0", "cross_entropy_1", "cross_entropy_2" };
    static const char *const binary[] = { "binary_0", "binary_1", "binary_mean", "binary_far" };
    for (int i = 0; i < 3; i++)
        check_function(ctx, file, classes[i], "cross_entropy");
    for (int i = 0; i < 4; i++)
        check_function(ctx, file, binary[i], "binary_cross_entropy");
    sl_ctx_free(ctx);
    golden_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_agree_with_pytorch),
        cmocka_unit_test(S76_nets_train_as_in_pytorch),
        cmocka_unit_test(S22_the_sequential_example),
        cmocka_unit_test(functions_agree_in_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
