/* figure_nets.h - for the tests of figures of nets: two runs of a small net, which is worked out again here
 * by plain loops and libm. The file that reads it asks for mkdtemp. */
#ifndef TESTS_FIGURE_NETS_H
#define TESTS_FIGURE_NETS_H

#include "engine.h"
#include "model/model.h"
#include "plot/figure.h"
#include "plot/numbers/terrain.h"

#include <stdlib.h>
#include <unistd.h>

enum { NET_ROWS = 60, NET_HIDDEN = 5 };

typedef struct {
    sl_ctx *ctx;
    char folder[3][64]; /* runs of the same net with sgd and adam; of words */
} net_place;

static inline void net_clean(const char *folder)
{
    static const char *const names[] = { "last.safetensors", "model.safetensors", "baselines.safetensors",
                                         "run.json",         "metrics.csv",       "weights.csv",
                                         "confusion.csv",    "steps.csv",         "activations.csv",
                                         "path.bin",         "words.csv" };
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static inline int net_set_up(void **state)
{
    net_place *p = calloc(1, sizeof *p);
    *state = p;
    p->ctx = sl_ctx_new(NULL);
    for (int i = 0; i < 2; i++) {
        strcpy(p->folder[i], "/tmp/slope-figure-XXXXXX");
        if (!mkdtemp(p->folder[i]))
            return 1;
        sl_run *run =
            sl_run_new(p->ctx, &(sl_run_options){ .data = "builtin:moons?rows=60",
                                                  .net = "5 tanh",
                                                  .validation = "0",
                                                  .optimizer = { .rule = i ? "adam" : "sgd",
                                                                 .lr = i ? (sl_real)0.02 : (sl_real)0.5 },
                                                  .epochs = 12,
                                                  .batch = 20,
                                                  .out = p->folder[i],
                                                  .overwrite = true });
        if (!run || sl_run_train(run))
            fprintf(stderr, "%s\n", sl_message(p->ctx));
    }
    return sl_error(p->ctx) != SL_OK;
}

static inline int net_tear_down(void **state)
{
    net_place *p = *state;
    sl_ctx_free(p->ctx);
    for (int i = 0; i < 2; i++)
        net_clean(p->folder[i]);
    free(p);
    return 0;
}

static inline sl_figure *net_make(net_place *p, const char *kind, sl_figure_request request, int runs)
{
    const char *folders[] = { p->folder[0], p->folder[1] };
    request.runs = folders;
    request.run_count = runs;
    sl_figure *figure = sl_figure_make(p->ctx, kind, &request);
    if (!figure)
        print_message("%s\n", sl_message(p->ctx));
    return figure;
}

static inline void net_refused(net_place *p, const char *kind, sl_figure_request request, const char *says)
{
    const char *folders[] = { p->folder[0], p->folder[1] };
    request.runs = folders;
    request.run_count = request.run_count ? request.run_count : 1;
    assert_null(sl_figure_make(p->ctx, kind, &request));
    assert_int_equal(sl_error(p->ctx), SL_EINVAL);
    if (!strstr(sl_message(p->ctx), says))
        fail_msg("%s", sl_message(p->ctx));
    sl_clear(p->ctx);
}

/* params: weight [5, 2], bias [5], weight [1, 5], bias [1], one behind the other. Returns the logit. */
static inline double net_forward(const double *params, const sl_real *x, double *hidden)
{
    double z = params[20];
    for (int u = 0; u < NET_HIDDEN; u++) {
        hidden[u] = tanh(params[2 * u] * (double)x[0] + params[2 * u + 1] * (double)x[1] + params[10 + u]);
        z += params[15 + u] * hidden[u];
    }
    return z;
}

typedef struct {
    sl_model *model;
    sl_data *data;
    double params[21];
} net_own;

static inline net_own net_open(net_place *p)
{
    net_own own = { .model = sl_model_load(p->ctx, p->folder[0]) };
    own.data = sl_data_open_for(p->ctx, "builtin:moons?rows=60", "all", own.model, NULL);
    assert_non_null(own.data);
    assert_int_equal(own.model->parameters, 21);
    for (int i = 0, at = 0; i < 4; i++)
        for (size_t j = 0; j < own.model->params[i]->count; j++)
            own.params[at++] = (double)own.model->params[i]->v[j];
    return own;
}

static inline double net_loss(const net_own *own, const double *params)
{
    double loss = 0, hidden[NET_HIDDEN];
    for (size_t r = 0; r < NET_ROWS; r++) {
        sl_real x[2], y;
        assert_int_equal(sl_data_row(own->data, r, x, &y), SL_OK);
        const double z = net_forward(params, x, hidden);
        loss += y != 0 ? log1p(exp(-z)) : log1p(exp(z));
    }
    return loss / NET_ROWS;
}

#endif
