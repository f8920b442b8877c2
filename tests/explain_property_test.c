/* A thousand small nets with whatever may stand in one, explained: every line is computed again from the text
 * that is printed, by a reader of its own on libm, and the gradients are those of sl_gradcheck. */
#include "engine.h"
#include "op/op.h"
#include "second_reader.h"

enum { PROPERTY_NETS = 1000 };

/* --- nets --- */

static const char *property_activation(uint64_t *state)
{
    for (;;) {
        size_t count = 0;
        while (sl_op_at(count))
            count++;
        const sl_op *op = sl_op_at(engine_below(state, count));
        if (sl_op_is_activation(op) && !op->flat && !op->activates_rows)
            return op->name;
    }
}

static void property_net(uint64_t *state, char *net, size_t room, int rows, bool category, bool *random)
{
    size_t at = 0;
    const int layers = 1 + (int)engine_below(state, 4);
    int width = 3;
    at += (size_t)snprintf(net + at, room - at, "%s3 %s", category ? "category 2 rows=3, " : "",
                           property_activation(state));
    for (int i = 0; i < layers; i++) {
        const int units = 2 + (int)engine_below(state, 3);
        const char *f = property_activation(state);
        const char *frozen = engine_below(state, 6) ? "" : " freeze=yes";
        switch (engine_below(state, 9)) {
        case 0:
            at += (size_t)snprintf(net + at, room - at, ", layer_norm");
            break;
        case 1:
            if (rows > 1)
                at += (size_t)snprintf(net + at, room - at, ", batch_norm");
            break;
        case 2:
            *random = true;
            at += (size_t)snprintf(net + at, room - at, ", dropout 0.%d", 1 + (int)engine_below(state, 8));
            break;
        case 3:
            *random = true;
            at += (size_t)snprintf(net + at, room - at, ", noise 0.1");
            break;
        case 4:
        case 5:
            at += (size_t)snprintf(net + at, room - at, ", residual [%d %s%s, %d]", units, f, frozen, width);
            break;
        case 6:
            at += (size_t)snprintf(net + at, room - at, ", %s", f);
            break;
        case 7:
            if (i == 0) {
                at += (size_t)snprintf(net + at, room - at, ", fourier 2");
                width += 4;
                break;
            }
            at += (size_t)snprintf(net + at, room - at, ", basis x1+x1^2+x%d*x1+sin(x%d)+cos(x1)", width,
                                   width);
            width = 5;
            break;
        default:
            at += (size_t)snprintf(net + at, room - at, ", %d %s%s", units, f, frozen);
            width = units;
        }
    }
}

typedef struct {
    const char *name;
    char target; /* n: number, p: 0 to 1, c: class, b: 0 or 1, d: distribution, k: count */
    int outputs;
} property_loss;
static const property_loss property_losses[] = {
    { "mean_squared", 'n', 2 },
    { "mean_absolute", 'n', 1 },
    { "huber delta=0.5", 'n', 2 },
    { "quantile q=0.9", 'n', 1 },
    { "poisson", 'k', 1 },
    { "interval", 'n', 3 },
    { "binary_cross_entropy", 'p', 1 },
    { "binary_cross_entropy smoothing=0.1", 'p', 1 },
    { "binary_cross_entropy_from_probabilities", 'p', 1 },
    { "cross_entropy", 'c', 3 },
    { "cross_entropy smoothing=0.2", 'c', 3 },
    { "cross_entropy_from_probabilities", 'c', 3 },
    { "negative_log_likelihood", 'c', 3 },
    { "hinge", 'c', 3 },
    { "hinge reduction=sum", 'b', 1 },
    { "kl", 'd', 3 },
    { "perceptron", 'b', 1 },
    { "half_squared", 'p', 1 },
};

static sl_tensor *property_target(sl_ctx *ctx, uint64_t *state, const property_loss *loss, int rows)
{
    const int columns = !strcmp(loss->name, "interval") ? 1 : loss->outputs;
    const bool flat = loss->target == 'c' || !strncmp(loss->name, "hinge", 5);
    sl_tensor *y = sl_tensor_new(ctx, flat ? sl_dims(rows) : sl_dims(rows, columns), NULL);
    assert_non_null(y);
    for (size_t i = 0; i < y->count; i++)
        y->v[i] = loss->target == 'n'   ? (sl_real)engine_uniform(state, -2, 2)
                  : loss->target == 'b' ? (sl_real)engine_below(state, 2)
                  : loss->target == 'c' ? (sl_real)engine_below(state, 3)
                  : loss->target == 'k' ? (sl_real)engine_below(state, 5)
                                        : (sl_real)engine_uniform(state, 0, 1);
    if (loss->target == 'd')
        sl_trial_shares(y);
    return y;
}

typedef struct {
    sl_model *model;
    sl_tensor *x;
    const sl_tensor *y, *weights;
    const char *loss;
} property_job;

static sl_tensor *property_graph(sl_tape *tape, void *user)
{
    const property_job *job = user;
    return sl_loss_of(tape, job->loss, sl_forward(tape, job->model, job->x), job->y, job->weights);
}

/* dL/dW1 and the like, each element, against those of an ordinary step, which fuses what it can. */
static size_t property_gradients(sl_explanation *e, const property_job *job, const char *net)
{
    size_t seen = 0;
    int dense = 0;
    for (int p = 0; p < sl_model_params(job->model); p++) {
        const sl_tensor *t = sl_model_param(job->model, p);
        const char *name = sl_model_param_name(job->model, p);
        const bool weight = strstr(name, ".weight") != NULL;
        dense += weight;
        for (size_t i = 0; t->learns && weight && i < t->count; i++) {
            char line[64];
            double value;
            snprintf(line, sizeof line, "dL/dW%d[%zu,%zu]", dense, i / (size_t)t->shape.dim[1],
                     i % (size_t)t->shape.dim[1]);
            if (!sl_explanation_number(e, line, &value))
                continue;
            if (!(fabs(value - (double)t->g[i]) <= 1e-9 * fmax(1, fabs(value))))
                fail_msg("%s: %s is %.12g, sl_backward says %.12g", net, line, value, (double)t->g[i]);
            seen++;
        }
    }
    return seen;
}

static void property_clear(const property_job *job)
{
    for (int p = 0; p < sl_model_params(job->model); p++)
        sl_tensor_clear_gradient(sl_model_param(job->model, p));
}

typedef struct {
    size_t lines, gradients, checked;
} property_seen;

static void property_one(uint64_t *state, int which, property_seen *seen)
{
    sl_ctx *ctx = engine_ctx((uint64_t)which + 1);
    const int rows = 1 + (int)engine_below(state, 4);
    const property_loss *loss =
        &property_losses[(size_t)which % (sizeof property_losses / sizeof *property_losses)];
    char net[400], what[500];
    bool random = false;
    const bool category = engine_below(state, 6) == 0;
    property_net(state, net, sizeof net, rows, category, &random);
    snprintf(what, sizeof what, "net %d \"%s\", %d rows, %s", which, net, rows, loss->name);
    property_job job = { .loss = loss->name, .x = sl_tensor_new(ctx, sl_dims(rows, 2), NULL) };
    engine_fill(state, job.x->v, job.x->count, -2, 2);
    for (size_t i = 0; category && i < job.x->count; i += 2)
        job.x->v[i] = (sl_real)engine_below(state, 3);
    sl_tensor *y = property_target(ctx, state, loss, rows);
    sl_tensor *weights = engine_below(state, 3) ? NULL : sl_tensor_new(ctx, sl_dims(rows), NULL);
    if (weights)
        engine_fill(state, weights->v, weights->count, 0, 2);
    job.y = y;
    job.weights = weights;
    job.model = sl_model_for(ctx, net, loss->name, y, loss->outputs);
    assert_fine(ctx);
    sl_compile(job.model, .loss = loss->name, .optimizer = { .rule = "sgd", .lr = (sl_real)0.05 });
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *result = property_graph(tape, &job);
    if (sl_error(ctx) || sl_backward(tape, result))
        fail_msg("%s: %s", what, sl_message(ctx));
    const sl_explain_options options = { .depth = 1 + which % 4, .steps = 1 };
    sl_tensor **kept = calloc((size_t)sl_model_params(job.model), sizeof *kept);
    int learning = 0;
    for (int p = 0; p < sl_model_params(job.model); p++)
        if (sl_model_param(job.model, p)->learns)
            kept[learning++] = sl_model_param(job.model, p);
    sl_tape_free(tape);
    sl_gradcheck_result check = { 0 };
    if (which % 20 == 0 && !random && learning) {
        property_clear(&job);
        sl_gradcheck(ctx, property_graph, &job, kept, learning, &check);
        assert_fine(ctx);
        assert_true(check.worst < 1e-6);
        seen->checked += check.checked;
        property_clear(&job);
        tape = sl_tape_new(ctx, SL_TRAIN);
        sl_backward(tape, property_graph(tape, &job));
        sl_tape_free(tape);
    }
    /* the step clears gradients: keep them as tensors of the same place */
    sl_real *gradients[64];
    for (int p = 0; p < sl_model_params(job.model); p++) {
        const sl_tensor *t = sl_model_param(job.model, p);
        gradients[p] = calloc(t->count + 1, sizeof(sl_real));
        if (t->g && t->learns)
            memcpy(gradients[p], t->g, t->count * sizeof(sl_real));
    }
    property_clear(&job);
    sl_explanation *e = sl_explain_step(job.model, job.x, y, weights, &options);
    if (!e)
        fail_msg("%s: %s", what, sl_message(ctx));
    size_t lines;
    if (sl_explanation_check(e, &lines))
        fail_msg("%s: %s", what, sl_message(ctx));
    seen->lines += second_read(e, what);
    for (int p = 0; p < sl_model_params(job.model); p++) {
        sl_tensor *t = sl_model_param(job.model, p);
        if (t->g && t->learns)
            memcpy(t->g, gradients[p], t->count * sizeof(sl_real));
        free(gradients[p]);
    }
    if (!random)
        seen->gradients += property_gradients(e, &job, what);
    free(kept);
    sl_explanation_free(e);
    sl_ctx_free(ctx);
}

static void a_thousand_nets_are_explained_truly(void **unused)
{
    (void)unused;
    uint64_t state = 2024;
    property_seen seen = { 0 };
    for (int i = 0; i < PROPERTY_NETS; i++)
        property_one(&state, i, &seen);
    print_message("[   NOTE   ] %zu lines read again, %zu gradients compared, %zu of them by differences\n",
                  seen.lines, seen.gradients, seen.checked);
    assert_true(seen.lines > 50000 && seen.gradients > 5000 && seen.checked > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_thousand_nets_are_explained_truly) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
