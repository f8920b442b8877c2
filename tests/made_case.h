/* made_case.h - cases with numbers of our own, for tests of findings: a net of `layers` dense layers of 64
 * units behind 64 inputs, healthy with he's weights, and a loss that falls as it should. For tests only. */
#ifndef TESTS_MADE_CASE_H
#define TESTS_MADE_CASE_H

#include "engine.h"
#include "diagnose/diagnose.h"
#include "op/op.h"
#include "train/report.h"

enum { MADE_LAYERS = 6, MADE_WIDTH = 64 };

typedef struct {
    sl_case c;
    sl_run_options options;
    sl_built built[MADE_LAYERS];
    sl_net_look_layer start[MADE_LAYERS], end[MADE_LAYERS];
    sl_report *history, *steps;
    sl_draft draft;
} made_case;

/* Hidden layers with activation f, the last without; weights of deviation sqrt(2 / 64). */
static inline void made_case_net(made_case *m, int layers, const char *f, const char *net)
{
    for (int i = 0; i < layers; i++) {
        const bool last = i == layers - 1;
        m->built[i] =
            (sl_built){ .kind = &sl_layer_dense,
                        .name = last ? "output"
                                : i  ? "dense_2"
                                     : "dense_1",
                        .activation = last || !f ? NULL : sl_op_find(f),
                        .wants = 1,
                        .wanted = { { .name = "weight", .fan_in = MADE_WIDTH, .fan_out = MADE_WIDTH } } };
        m->start[i] = (sl_net_look_layer){ .name = m->built[i].name,
                                           .built = &m->built[i],
                                           .units = last ? 2 : MADE_WIDTH,
                                           .last = last,
                                           .in = 1,
                                           .z = 1.4,
                                           .mean = 0,
                                           .y = 0.8,
                                           .saturated = last ? (double)NAN : 0.001,
                                           .dead = last ? (double)NAN : 0.02,
                                           .alike = 0,
                                           .gradient = 0.01,
                                           .weight = sqrt(2. / MADE_WIDTH) };
        m->end[i] = m->start[i];
    }
    m->c.start.layers = m->c.end.layers = layers;
    m->options.net = net;
}

static inline void made_case_open(made_case *m, sl_ctx *ctx)
{
    memset(m, 0, sizeof *m);
    m->c.ctx = ctx;
    m->c.options = &m->options;
    m->c.classes = 2;
    m->c.lr = 1e-3;
    m->c.batch = 32;
    m->c.steps_an_epoch = 20;
    m->c.planned = 800;
    m->c.data = (sl_data_look){ .rows = 640,
                                .inputs = MADE_WIDTH,
                                .least = 1,
                                .most = 1,
                                .largest = 3,
                                .in_rms = 1,
                                .target_deviation = 0.5,
                                .target_mean = 0.5,
                                .classes = 2,
                                .rarest = 0.5,
                                .commonest = 0.5,
                                .chance = 0.6931,
                                .uniform = 0.6931,
                                .in_order = 0.5,
                                .in_chance = 0.5,
                                .neighbours = 0.05,
                                .single = 0.7 };
    m->c.start = (sl_net_look){ .known = true,
                                .rows = 640,
                                .loss = 0.75,
                                .gradient = 0.3,
                                .answers = 0.5,
                                .curvature = 5,
                                .noise = 30,
                                .layer = m->start };
    m->c.end = m->c.start;
    m->c.end.layer = m->end;
    m->c.outcome = (sl_outcome){ .step = 800, .epoch = 40, .metric = 0.97 };
    made_case_net(m, 3, "relu", "64 relu, 64 relu");
}

/* Losses of steps and of epochs: start * exp(-rate * step) + floor, and `noise` up and down around it: by a
 * generator of our own, or alternately. */
static inline void made_case_losses(made_case *m, int steps, double from, double floor_, double rate,
                                    double noise, bool alternately)
{
    sl_ctx *ctx = m->c.ctx;
    uint64_t state = 5;
    m->steps = sl_report_new(ctx);
    m->history = sl_report_new(ctx);
    static const char *const step_names[] = { "step", "loss", "lowest", "highest", "lr" },
                             *const epoch_names[] = { "epoch", "step", "train_loss", "clipped_steps" };
    for (int i = 0; i < 5; i++)
        sl_report_add_column(m->steps, step_names[i]);
    for (int i = 0; i < 4; i++)
        sl_report_add_column(m->history, epoch_names[i]);
    const int each = (int)m->c.steps_an_epoch;
    double best = INFINITY, last = 0;
    for (int s = 1; s <= steps; s++) {
        const double clean = floor_ + (from - floor_) * exp(-rate * s);
        const double off = alternately ? (s % 2 ? noise : -noise) : engine_uniform(&state, -noise, noise);
        const double row[] = { s, clean + off, clean + off, clean + off, m->c.lr };
        sl_report_add_row(m->steps, row);
        if (s % each)
            continue;
        last = clean + off / (each > 1 ? each : 1);
        const double epoch[] = { s / each, s, last, 0 };
        sl_report_add_row(m->history, epoch);
        best = last < best ? last : best;
    }
    m->c.steps = m->steps;
    m->c.history = m->history;
    m->c.outcome.step = (size_t)steps;
    m->c.outcome.epoch = (size_t)(steps / each);
    m->c.outcome.best = m->c.outcome.train_best = best;
    m->c.outcome.last = m->c.outcome.train_last = last;
}

static inline const sl_finding_kind *made_case_find(const char *name)
{
    for (size_t i = 0; sl_finding_at(i); i++)
        if (!strcmp(sl_finding_at(i)->name, name))
            return sl_finding_at(i);
    fail_msg("there is no finding %s", name);
    return NULL;
}

static inline void made_case_drop(made_case *m)
{
    sl_text_free(&m->draft.sentence);
    sl_text_free(&m->draft.otherwise);
    sl_text_free(&m->draft.advice);
    memset(&m->draft, 0, sizeof m->draft);
}

/* Its strength; the draft is in m->draft. */
static inline double made_case_look(made_case *m, const char *name)
{
    made_case_drop(m);
    m->draft.kind = made_case_find(name);
    m->draft.place = m->draft.kind->place;
    sl_text_init(&m->draft.sentence, m->c.ctx);
    sl_text_init(&m->draft.otherwise, m->c.ctx);
    sl_text_init(&m->draft.advice, m->c.ctx);
    m->draft.kind->look(&m->c, &m->draft);
    return m->draft.strength;
}

static inline bool made_case_fixes(const made_case *m, const char *setting, const char *text)
{
    for (int i = 0; i < m->draft.fixes; i++)
        for (int k = 0; k < m->draft.fix[i].changes; k++)
            if (!strcmp(m->draft.fix[i].change[k].setting, setting) &&
                !strcmp(m->draft.fix[i].change[k].text, text))
                return true;
    return false;
}

static inline void made_case_close(made_case *m)
{
    made_case_drop(m);
    sl_report_free(m->steps);
    sl_report_free(m->history);
}

#endif
