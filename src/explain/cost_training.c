/* cost_training.c - from a step to a training: epochs, seconds, energy, money. Whatever is not counted or
 * measured is named as an assumption. */
#include "explain/cost.h"

#include "core/number.h"
#include "core/os.h"
#include "core/profile.h"

enum { COST_WARM = 3, COST_LEAST = 5 };

typedef struct {
    double steps, operations; /* of the training; of a single step where nothing else is known */
    const char *what;
} cost_whole;

static cost_whole cost_epochs(sl_costing *c)
{
    sl_explanation *e = c->e;
    const sl_cost_options *o = c->o;
    cost_whole whole = { 1, c->flops, "a step" };
    if (!o->rows)
        return whole;
    char batch[32], rows[32];
    const double an_epoch = (double)((o->rows + (size_t)c->batch - 1) / (size_t)c->batch);
    sl_cost_part(c, "training");
    sl_cost_value(c, "steps an epoch", an_epoch, 0);
    sl_cost_note(c, sl_explanation_keep(e, "%s rows in batches of %s.", sl_count_text(rows, o->rows),
                                        sl_count_text(batch, (uint64_t)c->batch)));
    const sl_named names[] = { { "n", (double)o->rows },
                               { "r", (c->forward + c->backward) / c->batch },
                               { "s", an_epoch },
                               { "u", c->update },
                               { "e", o->epochs } };
    sl_cost_line(c, "epoch", "n*r + s*u", names, 5);
    whole = (cost_whole){ an_epoch, (double)o->rows * names[1].value + an_epoch * c->update, "an epoch" };
    if (o->epochs > 0) {
        const sl_named all[] = { { "n", o->epochs }, { "f", whole.operations }, { "s", an_epoch } };
        sl_cost_line(c, "steps", "n*s", all, 3);
        sl_cost_line(c, "training", "n*f", all, 3);
        whole = (cost_whole){ o->epochs * an_epoch, o->epochs * whole.operations, "training" };
    }
    sl_cost_note(c,
                 "Measuring after each epoch is not counted: forward alone, for validation rows and some of "
                 "the training rows.");
    return whole;
}

typedef struct {
    double seconds, product_seconds, product_flops; /* of a step; of all products that were timed */
    double timed, steps;
} cost_measured;

/* Steps of the copy on inputs of 0, for about so long. */
static sl_status cost_run(sl_costing *c, cost_measured *m)
{
    sl_ctx *ctx = c->e->ctx;
    sl_profile *profile = sl_profile_new(ctx), *before = NULL;
    double begun = sl_os_seconds();
    if (!profile)
        return ctx->status;
    for (int s = 0; !ctx->status; s++) {
        if (s == COST_WARM) {
            before = sl_profile_open(ctx, profile);
            begun = sl_os_seconds();
        }
        const double now = sl_os_seconds() - begun;
        if (s >= COST_WARM + COST_LEAST && now >= c->o->measure) {
            m->steps = s - COST_WARM;
            m->timed = now;
            break;
        }
        sl_tape_reset(c->tape);
        sl_tensor *loss = sl_loss_apply(c->tape, c->model->loss, &c->model->loss_values,
                                        sl_model_forward(c->tape, c->model, c->x), c->y, NULL);
        if (!loss || sl_backward(c->tape, loss) || sl_step_apply(c->step))
            break;
    }
    if (ctx->profile == profile)
        sl_profile_close(ctx, profile, before);
    sl_profile_row row;
    for (int i = 0; sl_profile_at(profile, i, &row); i++)
        if (row.product) {
            m->product_seconds += row.seconds;
            m->product_flops += row.flops;
        }
    m->seconds = m->steps > 0 ? m->timed / m->steps : 0;
    sl_profile_free(profile);
    return ctx->status;
}

static double cost_measure(sl_costing *c, const cost_whole *whole)
{
    sl_explanation *e = c->e;
    cost_measured m = { 0 };
    char steps[32];
    if (c->step->rule->iterate || cost_run(c, &m) || !(m.seconds > 0)) {
        if (c->step->rule->iterate)
            sl_cost_note(c, sl_explanation_keep(e, "%s asks for the loss as often as it likes: not measured.",
                                                c->step->rule->name));
        return 0;
    }
    sl_cost_part(c, "measured here");
    sl_cost_value(c, "seconds a step", m.seconds, 4);
    sl_cost_note(c, sl_explanation_keep(e, "The mean of %s steps, %d thread%s, %s.",
                                        sl_count_text(steps, (uint64_t)m.steps), sl_ctx_threads(e->ctx),
                                        sl_ctx_threads(e->ctx) == 1 ? "" : "s", sl_ctx_isa(e->ctx)));
    const sl_named rate[] = { { "f", c->flops },
                              { "s", m.seconds },
                              { "p", m.product_flops / 1e9 },
                              { "t", m.product_seconds },
                              { "a", m.timed } };
    sl_cost_line(c, "operations a second", "f/s", rate, 5);
    if (m.product_seconds > 0) {
        sl_cost_line(c, "share of products", "t/a", rate, 5);
        sl_cost_line(c, "GFLOP/s in products", "p/t", rate, 5);
    }
    if (c->o->flops > 0) {
        const sl_named peak[] = { { "r", c->flops / m.seconds }, { "m", c->o->flops } };
        sl_cost_line(c, "of the machine's", "r/m", peak, 2);
    }
    const sl_named names[] = { { "n", whole->steps }, { "s", m.seconds } };
    sl_cost_line(c, "seconds", "n*s", names, 2);
    return whole->steps * m.seconds;
}

static double cost_by_rate(sl_costing *c, const cost_whole *whole)
{
    const sl_named names[] = { { "f", whole->operations }, { "m", c->o->flops } };
    sl_cost_part(c, "time");
    sl_cost_line(c, "seconds at least", "f/m", names, 2);
    sl_cost_note(c,
                 sl_explanation_keep(c->e,
                                     "Assumed: %s, without a pause. Training reaches a part of a machine's "
                                     "peak.",
                                     c->o->machine ? c->o->machine : "so many operations a second"));
    return whole->operations / c->o->flops;
}

static void cost_energy(sl_costing *c, double seconds)
{
    const sl_cost_options *o = c->o;
    char watts[32];
    const sl_named names[] = { { "w", o->watts },
                               { "s", seconds },
                               { "p", o->price },
                               { "c", o->carbon },
                               { "k", o->watts * seconds / 3600000 },
                               { "j", o->watts * seconds } };
    sl_cost_part(c, "energy");
    sl_cost_line(c, "joule", "w*s", names, 6);
    sl_cost_line(c, "kWh", "j/3600000", names, 6);
    if (o->price > 0)
        sl_cost_line(c, "price", "k*p", names, 6);
    if (o->carbon > 0)
        sl_cost_line(c, "gram of CO2", "k*c", names, 6);
    sl_cost_note(
        c, sl_explanation_keep(
               c->e,
               "Assumed: the machine draws %s W all the time, as told; making and cooling it is not counted.",
               sl_number_text(watts, o->watts)));
}

void sl_cost_training(sl_costing *c)
{
    if (c->e->ctx->status)
        return;
    const cost_whole whole = cost_epochs(c);
    double seconds = 0;
    if (c->o->measure > 0)
        seconds = cost_measure(c, &whole);
    if (c->o->flops > 0) {
        const double least = cost_by_rate(c, &whole);
        seconds = seconds > 0 ? seconds : least;
    }
    if (c->o->watts > 0 && seconds > 0)
        cost_energy(c, seconds);
}
