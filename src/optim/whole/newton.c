/* newton: to where a parabola with the slope and curvature found here has its lowest point. The curvature, a
 * matrix, is measured by central differences of the gradient. A damping on its diagonal (Levenberg) makes it
 * positive and the step short until the loss falls; it falls tenfold when it did at once. */
#include "optim/whole/whole.h"

#include <string.h>

enum { NEWTON_CURVE = 3, NEWTON_ROOT, NEWTON_GRADIENT, NEWTON_STEP, NEWTON_TRIAL };
enum { NEWTON_DAMPING = SL_WHOLE_OWN };
#ifdef SL_REAL_DOUBLE
static const double newton_reach = 6e-6; /* the cube root of the rounding */
#else
static const double newton_reach = 5e-3;
#endif

static const sl_option newton_options[] = {
    { .name = "damping",
      .summary = "added to the curvature, at first",
      .normal = 1e-3,
      .above_low = true,
      .high = 1e6 },
    { 0 },
};

static void newton_plan(sl_whole *w)
{
    sl_whole_add(w, NULL, w->n, w->n);
    sl_whole_add(w, NULL, w->n, w->n);
    for (int i = NEWTON_GRADIENT; i <= NEWTON_TRIAL; i++)
        sl_whole_add(w, NULL, 1, w->n);
}

/* Row i of the matrix: how the gradient changes with weight i. Then both triangles become their mean. */
static sl_status newton_curve(sl_whole *w)
{
    const size_t n = w->n;
    double *trial = w->array[NEWTON_TRIAL].v, loss;
    for (size_t i = 0; i < n; i++) {
        double *row = w->array[NEWTON_CURVE].v + i * n, side[2];
        const double size = fabs(w->x[i]), reach = newton_reach * (size > 1 ? size : 1);
        memset(row, 0, n * sizeof *row);
        for (int k = 0; k < 2; k++) {
            memcpy(trial, w->x, n * sizeof *trial);
            trial[i] += k ? reach : -reach;
            if (sl_whole_at(w, trial, true, &loss))
                return w->ctx->status;
            side[k] = trial[i];
            for (size_t j = 0; j < n; j++)
                row[j] = k ? w->slope[j] - row[j] : w->slope[j];
        }
        for (size_t j = 0; j < n; j++)
            row[j] /= side[1] - side[0];
    }
    double *c = w->array[NEWTON_CURVE].v;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            c[i * n + j] = c[j * n + i] = (c[i * n + j] + c[j * n + i]) / 2;
    return SL_OK;
}

/* (curvature + damping) step = -gradient, by Cholesky; false: not positive. */
static bool newton_solve(sl_whole *w, double damping)
{
    const size_t n = w->n;
    const double *c = w->array[NEWTON_CURVE].v, *g = w->array[NEWTON_GRADIENT].v;
    double *root = w->array[NEWTON_ROOT].v, *step = w->array[NEWTON_STEP].v;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double left =
                c[i * n + j] + (i == j ? damping : 0) - sl_whole_dot(root + i * n, root + j * n, j);
            if (i == j && !(left > 0 && left < INFINITY))
                return false;
            root[i * n + j] = i == j ? sqrt(left) : left / root[j * n + j];
        }
    for (size_t i = 0; i < n; i++)
        step[i] = (-g[i] - sl_whole_dot(root + i * n, step, i)) / root[i * n + i];
    for (size_t i = n; i-- > 0;) {
        step[i] /= root[i * n + i];
        for (size_t j = 0; j < i; j++)
            step[j] -= root[i * n + j] * step[i];
    }
    return true;
}

static sl_status newton_iterate(sl_step *step, sl_whole *w)
{
    enum { MOST = 40 };
    const size_t n = w->n;
    double *damping = &w->number[NEWTON_DAMPING], *trial = w->array[NEWTON_TRIAL].v, found;
    const double loss = w->number[SL_WHOLE_LOSS];
    double *g = w->array[NEWTON_GRADIENT].v;
    if (w->first)
        *damping = w->option[0];
    if (w->known && sl_whole_at(w, w->x, true, &found))
        return step->ctx->status;
    memcpy(g, w->slope, n * sizeof *g);
    bool better = false;
    if (!sl_whole_flat(g, w->x, n)) {
        if (newton_curve(w))
            return step->ctx->status;
        for (int tries = 0; tries < MOST && !better; tries++) {
            const bool solved = newton_solve(w, *damping);
            for (size_t i = 0; i < n; i++)
                trial[i] = w->x[i] + w->array[NEWTON_STEP].v[i];
            if (solved && sl_whole_at(w, trial, false, &found))
                return step->ctx->status;
            better = solved && found < loss;
            *damping *= better ? 0.1 : 10;
            *damping = *damping < 1e-14 ? 1e-14 : *damping;
            if (*damping > 1e15)
                break;
        }
    }
    memcpy(w->slope, g,
           n * sizeof *g); /* at the weights before the step, which is what a row of history wants */
    w->sloped = true;
    if (better)
        sl_whole_settle(w, trial, found);
    else
        sl_whole_done(w, "no step along the gradient makes the loss smaller");
    return SL_OK;
}

const sl_rule sl_rule_newton = {
    .name = "newton",
    .summary = "small nets, second derivatives: to the lowest point of the parabola that fits here",
    .formula = "w <- w - (H + damping I)^-1 g, H the matrix of second derivatives",
    .source = "Newton 1685; damping: Levenberg, Quarterly of Applied Mathematics 2, 1944",
    .options = newton_options,
    .sloped = true,
    .most = 2000,
    .hopeless =
        "the matrix of second derivatives has as many rows and columns, and each row costs two gradients",
    .plan = newton_plan,
    .iterate = newton_iterate,
};
