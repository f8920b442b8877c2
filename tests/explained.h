/* explained.h - what the tests of explained updates share: a small net with its batch, and what its
 * explanation says. In double. For tests only. */
#ifndef TESTS_EXPLAINED_H
#define TESTS_EXPLAINED_H

#include "engine.h"
#include "explain/update.h"

#ifdef SL_REAL_DOUBLE

typedef struct {
    sl_ctx *ctx;
    sl_model *model;
    sl_tensor *x, *y;
    bool update; /* explain it alone */
} update_case;

static inline update_case case_of(const char *net, const char *loss, sl_optimizer optimizer, int rows,
                                  int width, const double *x, const double *y, const double *weights)
{
    update_case c = { .ctx = engine_ctx(1), .update = strcmp(loss, "mean_squared") != 0 };
    c.x = sl_tensor_new(c.ctx, sl_dims(rows, width), x);
    c.y = sl_tensor_new(c.ctx, sl_dims(rows, 1), y);
    c.model = sl_model_for(c.ctx, net, loss, c.y, 0);
    assert_fine(c.ctx);
    sl_compile(c.model, .loss = loss, .optimizer = optimizer);
    assert_fine(c.ctx);
    sl_tape *tape = sl_tape_new(c.ctx, SL_INFER);
    sl_forward(tape, c.model, c.x);
    sl_tape_free(tape);
    assert_fine(c.ctx);
    for (int p = 0; p < c.model->param_count && weights; p++)
        for (size_t i = 0; i < c.model->params[p]->count && c.model->params[p]->shape.rank > 1; i++)
            c.model->params[p]->v[i] = *weights++;
    return c;
}

/* One weight: (w x - y)^2 or another loss. */
static inline update_case case_of_one(const char *loss, sl_optimizer optimizer, double x, double y, double w)
{
    return case_of("linear", loss, optimizer, 1, 1, &x, &y, &w);
}

static inline sl_explanation *case_explain(const update_case *c, int steps, bool keep_biases)
{
    sl_explanation *e = sl_explain_step(
        c->model, c->x, c->y, NULL,
        &(sl_explain_options){
            .steps = steps, .digits = 15, .depth = 3, .update = c->update, .keep_biases = keep_biases });
    assert_fine(c->ctx);
    assert_non_null(e);
    size_t lines;
    assert_int_equal(sl_explanation_check(e, &lines), SL_OK);
    assert_true(lines > 0);
    return e;
}

/* The value that a line of this name has the k-th time, from 0. */
static inline double explained(const sl_explanation *e, const char *name, int k)
{
    const char *line, *formula;
    double value;
    for (size_t i = 0; sl_explanation_line(e, i, &line, &formula, &value); i++)
        if (!strcmp(line, name) && k-- == 0)
            return value;
    fail_msg("no such line: %s", name);
    return 0;
}

static inline void check_says(sl_explanation *e, const char *wanted)
{
    const char *text = sl_explanation_write(e, "text", 10000, false);
    char *squeezed = malloc(strlen(text) + 1), *to = squeezed; /* columns are aligned by blanks */
    assert_non_null(squeezed);
    for (const char *from = text; *from; from++)
        if (*from != ' ' || to == squeezed || to[-1] != ' ')
            *to++ = *from;
    *to = 0;
    const bool said = strstr(squeezed, wanted) != NULL;
    free(squeezed);
    if (!said)
        fail_msg("not said: \"%s\" in\n%s", wanted, text);
}

static inline void check_silent(sl_explanation *e, const char *unwanted)
{
    const char *text = sl_explanation_write(e, "text", 10000, false);
    if (strstr(text, unwanted))
        fail_msg("said: \"%s\" in\n%s", unwanted, text);
}

#endif

#endif
