/* trial.c - see trial.h */
#include "autograd/trial.h"

#include "autograd/tape.h"

uint64_t sl_trial_bits(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

double sl_trial_uniform(uint64_t *state, double low, double high)
{
    return low + (high - low) * ((double)(sl_trial_bits(state) >> 11) * 0x1p-53);
}

size_t sl_trial_below(uint64_t *state, size_t n)
{
    return (size_t)((sl_trial_bits(state) >> 32) % n);
}

void sl_trial_fill(uint64_t *state, sl_real *v, size_t count, double low, double high)
{
    for (size_t i = 0; i < count; i++)
        v[i] = (sl_real)sl_trial_uniform(state, low, high);
}

sl_real sl_trial_number(const sl_op *f)
{
    return f && f->options ? (sl_real)f->options->normal : 0;
}

sl_op_options sl_trial_options(const sl_trial *trial, const sl_op *activation)
{
    return (sl_op_options){ .activation = activation,
                            .slope = sl_trial_number(activation),
                            .number = (sl_real)trial->number,
                            .shape = trial->reshaped,
                            .bags = trial->bags,
                            .mean = trial->mean,
                            .terms = trial->terms };
}

void sl_trial_shares(sl_tensor *x)
{
    const size_t width = (size_t)x->shape.dim[1];
    for (size_t j = 0; j < x->count; j += width) {
        double sum = 0;
        for (size_t k = 0; k < width; k++)
            sum += (double)x->v[j + k];
        for (size_t k = 0; k < width; k++)
            x->v[j + k] = (sl_real)((double)x->v[j + k] / sum);
    }
}

void sl_trial_input(uint64_t *state, const sl_op *op, const sl_trial *trial, int i, sl_tensor *x)
{
    const bool target = op->has_target && i == 1, own = trial->target_low != 0 || trial->target_high != 0;
    if (op->has_target && i == 2)
        sl_trial_fill(state, x->v, x->count, 0.5, 2);
    else if (target && own)
        sl_trial_fill(state, x->v, x->count, trial->target_low, trial->target_high);
    else
        sl_trial_fill(state, x->v, x->count, trial->low, trial->high);
    for (size_t j = 0; target && trial->classes && j < x->count; j++)
        x->v[j] = (sl_real)sl_trial_below(state, (size_t)trial->classes);
    if (target && trial->shares)
        sl_trial_shares(x);
}

unsigned sl_trial_learning(const sl_op *op)
{
    return op->has_target ? 1 : (1u << op->inputs) - 1;
}

typedef struct {
    const sl_trial_plan *plan;
    sl_op_options options;
    sl_tensor *x[SL_MAX_INPUTS], *r; /* r is made when the shape of the result is known */
    uint64_t state;
} trial_job;

static sl_tensor *trial_loss(sl_tape *tape, void *user)
{
    trial_job *job = user;
    sl_tensor *y = sl_apply(tape, job->plan->op, job->x, &job->options);
    if (y && !job->r && (job->r = sl_tensor_new(tape->ctx, y->shape, NULL))) {
        const bool own = job->plan->low != 0 || job->plan->high != 0;
        sl_trial_fill(&job->state, job->r->v, job->r->count, own ? job->plan->low : -2,
                      own ? job->plan->high : 2);
    }
    return sl_sum(tape, sl_mul(tape, y, job->r));
}

sl_status sl_trial_check(sl_ctx *ctx, const sl_trial_plan *plan, sl_gradcheck_result *result)
{
    trial_job job = { .plan = plan, .state = plan->seed ? plan->seed : 0x9E3779B97F4A7C15u };
    const sl_op *op = plan->op;
    sl_tensor *params[SL_MAX_INPUTS];
    int count = 0;
    for (int i = 0; i < op->inputs - plan->left_out && !ctx->status; i++) {
        const bool learns = plan->learning >> i & 1;
        const sl_shape shape = plan->trial->shape[i];
        job.x[i] = learns ? sl_param(ctx, shape, "zeros") : sl_tensor_new(ctx, shape, NULL);
        if (!job.x[i])
            break;
        sl_trial_input(&job.state, op, plan->trial, i, job.x[i]);
        if (learns)
            params[count++] = job.x[i];
    }
    job.options = sl_trial_options(plan->trial, plan->activation);
    sl_gradcheck(ctx, trial_loss, &job, params, count, result);
    for (int i = 0; i < SL_MAX_INPUTS; i++)
        sl_tensor_free(job.x[i]);
    sl_tensor_free(job.r);
    return ctx->status;
}

static sl_status trial_plans(sl_ctx *ctx, const sl_trial_plan *from, sl_trial_visit *visit, void *user)
{
    const sl_op *op = from->op;
    const unsigned all = sl_trial_learning(op);
    sl_trial_plan plan = *from;
    plan.learning = all;
    sl_status status = visit(ctx, user, &plan);
    for (int i = 0; i < op->inputs && !status; i++) {
        plan.learning = 1u << i;
        if (all != plan.learning && (all & plan.learning))
            status = visit(ctx, user, &plan);
    }
    for (plan.left_out = 1; plan.left_out <= op->optional && !status; plan.left_out++) {
        plan.learning = all & ((1u << (op->inputs - plan.left_out)) - 1);
        status = visit(ctx, user, &plan);
    }
    return status;
}

sl_status sl_trial_each(sl_ctx *ctx, const sl_op *op, sl_trial_visit *visit, void *user)
{
    sl_status status = SL_OK;
    for (int t = 0; t < SL_MAX_TRIALS && op->trial[t].high != 0 && !status; t++) {
        const char *inside = op->trial[t].activation;
        const sl_trial_plan plan = { .op = op,
                                     .trial = &op->trial[t],
                                     .activation = inside ? sl_op_find(inside) : NULL };
        status = trial_plans(ctx, &plan, visit, user);
    }
    if (op->activate && !status)
        status = trial_plans(
            ctx, &(sl_trial_plan){ .op = &sl_op_linear, .trial = &sl_op_linear.trial[0], .activation = op },
            visit, user);
    return status;
}
