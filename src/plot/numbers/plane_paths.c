/* plane_paths.c - the plane in which the paths of trainings lie as nearly as they can: the two principal
 * components of their points (Li et al. 2018, section 7), found from the products of the points, of which
 * there are fewer than weights. */
#include "plot/numbers/terrain.h"

#include <math.h>
#include <string.h>

enum { PATHS_POINTS = 160, PATHS_SWEEPS = 60 };

typedef struct {
    const float **point; /* [count] */
    size_t count, parameters;
    double *mean;          /* [parameters] */
    double *gram, *vector; /* [count, count] */
    double value[2];       /* the two largest */
    size_t which[2];
} paths_work;

/* Of all paths alike, the last point of each among them; few where there are very many weights. */
static void paths_pick(paths_work *w, sl_path_record *const *paths, int count)
{
    size_t all = 0, most = PATHS_POINTS;
    for (int p = 0; p < count; p++)
        all += (size_t)paths[p]->points;
    while (most > 24 && (double)most * (double)most * (double)w->parameters > 3e9)
        most--;
    const size_t stride = (all + most - 1) / most;
    for (int p = 0; p < count; p++)
        for (int i = paths[p]->points - 1; i >= 0; i -= (int)stride)
            w->point[w->count++] = paths[p]->values + (size_t)i * w->parameters;
}

static void paths_products(paths_work *w)
{
    const size_t n = w->count;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < w->parameters; k++)
            w->mean[k] += (double)w->point[i][k];
    for (size_t k = 0; k < w->parameters; k++)
        w->mean[k] /= (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k < w->parameters; k++)
                sum += ((double)w->point[i][k] - w->mean[k]) * ((double)w->point[j][k] - w->mean[k]);
            w->gram[i * n + j] = w->gram[j * n + i] = sum;
        }
}

/* One of Jacobi's rotations, which makes gram[p, q] 0 (Golub, Van Loan: "Matrix computations", 8.5). */
static void paths_rotate(paths_work *w, size_t p, size_t q)
{
    const size_t n = w->count;
    double *a = w->gram, *v = w->vector;
    if (!(fabs(a[p * n + q]) > 1e-300))
        return;
    const double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
    const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    const double c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        const double x = a[k * n + p], y = a[k * n + q];
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for (size_t k = 0; k < n; k++) {
        const double x = a[p * n + k], y = a[q * n + k], u = v[p * n + k], z = v[q * n + k];
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
        v[p * n + k] = c * u - s * z;
        v[q * n + k] = s * u + c * z;
    }
}

/* The two largest eigenvalues; row which[k] of `vector` belongs to value[k]. */
static double paths_turn(paths_work *w)
{
    const size_t n = w->count;
    double all = 0;
    for (size_t i = 0; i < n; i++)
        w->vector[i * n + i] = 1;
    for (size_t i = 0; i < n; i++)
        all += w->gram[i * n + i];
    for (int sweep = 0; sweep < PATHS_SWEEPS; sweep++) {
        double off = 0;
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++)
                off += w->gram[p * n + q] * w->gram[p * n + q];
        if (!(sqrt(off) > all * 1e-12))
            break;
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++)
                paths_rotate(w, p, q);
    }
    for (int k = 0; k < 2; k++) {
        size_t best = n;
        for (size_t i = 0; i < n; i++)
            if (!(k && i == w->which[0]) && (best == n || w->gram[i * n + i] > w->gram[best * n + best]))
                best = i;
        w->which[k] = best;
        w->value[k] = w->gram[best * n + best];
    }
    return all;
}

/* d: of length 1, its largest number above 0. */
static void paths_direction(const paths_work *w, int side, double *d)
{
    const double *u = w->vector + w->which[side] * w->count;
    double squares = 0, largest = 0;
    for (size_t i = 0; i < w->count; i++)
        for (size_t k = 0; k < w->parameters; k++)
            d[k] += u[i] * ((double)w->point[i][k] - w->mean[k]);
    for (size_t k = 0; k < w->parameters; k++) {
        squares += d[k] * d[k];
        largest = fabs(d[k]) > fabs(largest) ? d[k] : largest;
    }
    const double factor = squares > 0 ? (largest < 0 ? -1 : 1) / sqrt(squares) : 0;
    for (size_t k = 0; k < w->parameters; k++)
        d[k] *= factor;
}

static double paths_distance(const sl_plane *plane, size_t parameters, const float *point, const double at[2])
{
    double squares = 0;
    for (size_t k = 0; k < parameters; k++) {
        const double d = (double)point[k] - plane->base[k] - at[0] * plane->d[0][k] - at[1] * plane->d[1][k];
        squares += d * d;
    }
    return sqrt(squares);
}

/* What is shown: all points, and room about them. */
static void paths_frame(sl_plane *plane, const sl_terrain *terrain, sl_path_record *const *paths, int count,
                        double span, double *off)
{
    for (int side = 0; side < 2; side++)
        plane->low[side] = plane->high[side] = plane->star[side];
    *off = 0;
    for (int p = 0; p < count; p++)
        for (int i = 0; i < paths[p]->points; i++) {
            const float *point = paths[p]->values + (size_t)i * terrain->parameters;
            double at[2];
            sl_plane_place(plane, terrain->parameters, point, at);
            const double distance = paths_distance(plane, terrain->parameters, point, at);
            *off = distance > *off ? distance : *off;
            for (int side = 0; side < 2; side++) {
                plane->low[side] = at[side] < plane->low[side] ? at[side] : plane->low[side];
                plane->high[side] = at[side] > plane->high[side] ? at[side] : plane->high[side];
            }
        }
    const double width = plane->high[0] - plane->low[0];
    for (int side = 0; side < 2; side++) { /* a path that is nearly straight gets room beside it */
        const double middle = (plane->low[side] + plane->high[side]) / 2;
        double half = (plane->high[side] - plane->low[side]) / 2;
        half = half < width / 6 ? width / 6 : half;
        half = half > 0 ? half * 1.25 * span : span;
        plane->low[side] = middle - half;
        plane->high[side] = middle + half;
    }
}

sl_status sl_plane_paths(sl_plane *plane, sl_figure *figure, const sl_terrain *terrain,
                         sl_path_record *const *paths, int count, double span, double share[2], double *off)
{
    sl_ctx *ctx = figure->ctx;
    paths_work w = { .parameters = terrain->parameters };
    size_t room = 0;
    for (int p = 0; p < count; p++)
        room += (size_t)paths[p]->points;
    w.point = sl_alloc_array(ctx, room, sizeof *w.point);
    w.mean = sl_figure_numbers(figure, w.parameters);
    if (!ctx->status)
        paths_pick(&w, paths, count);
    if (!ctx->status && w.count < 3)
        sl_fail(ctx, SL_EINVAL, "figure landscape: a path of %zu points: wants at least 3 to have a plane",
                w.count);
    w.gram = sl_alloc_array(ctx, w.count * w.count, sizeof *w.gram);
    w.vector = sl_alloc_array(ctx, w.count * w.count, sizeof *w.vector);
    for (int side = 0; side < 2; side++)
        plane->d[side] = sl_figure_numbers(figure, w.parameters);
    plane->base = sl_figure_numbers(figure, w.parameters);
    if (!ctx->status) {
        paths_products(&w);
        const double all = paths_turn(&w);
        for (int side = 0; side < 2; side++) {
            char percent[32];
            share[side] = all > 0 ? w.value[side] / all : 0;
            paths_direction(&w, side, plane->d[side]);
            plane->label[side] =
                sl_figure_format(figure, "component %d (%s %% of the variance)", side + 1,
                                 sl_number_text(percent, floor(share[side] * 1000 + 0.5) / 10));
        }
        for (size_t k = 0; k < w.parameters; k++)
            plane->base[k] = count == 1 ? (double)terrain->origin[k] : w.mean[k];
        paths_frame(plane, terrain, paths, count, span, off);
    }
    sl_free(ctx, (void *)(uintptr_t)w.point);
    sl_free(ctx, w.gram);
    sl_free(ctx, w.vector);
    return ctx->status;
}
