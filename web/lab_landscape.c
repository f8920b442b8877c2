/* lab_landscape.c - see lab.h: the path of the weights, and the loss over a plane through where they are: of
 * the path's two principal components, or of two random directions (Li, Xu, Taylor, Studer, Goldstein 2018,
 * "Visualizing the Loss Landscape of Neural Nets", sections 4 and 7). */
#include "lab.h"
#include "kernel/math.h"

#include <math.h>
#include <string.h>

enum {
    LAND_POINTS = 200,      /* of the path */
    LAND_LEAST = 8,         /* so many must find room, or there is no path */
    LAND_NUMBERS = 4000000, /* of all points */
    LAND_PLANE = 1 << 24,   /* weights, at most, of a net that has planes */
    LAND_ROWS = 512,        /* the loss is of */
    LAND_TURNS = 400        /* of the power iteration */
};

/* --- the path ------------------------------------------------------------------------------------------- */

static void land_copy(const sl_model *model, float *to)
{
    for (int p = 0; p < model->param_count; p++)
        for (size_t i = 0; i < model->params[p]->count; i++)
            *to++ = (float)model->params[p]->v[i];
}

/* Where there is no room left, every second point goes, and the next ones lie twice as far apart. */
static void land_thin(lab_land *land)
{
    const size_t n = land->parameters;
    for (size_t i = 0; 2 * i < land->points; i++)
        memmove(land->point + i * n, land->point + 2 * i * n, n * sizeof *land->point);
    land->points = (land->points + 1) / 2;
    land->stride *= 2;
}

sl_status lab_land_epoch(lab *l, size_t epoch)
{
    lab_land *land = &l->land;
    const sl_model *model = l->run->model;
    if (!land->stride) { /* the first one */
        land->parameters = model->parameters;
        const size_t most = model->parameters ? LAND_NUMBERS / model->parameters : 0;
        land->room = most < LAND_LEAST ? 0 : most < LAND_POINTS ? most : LAND_POINTS;
        land->stride = 1;
        if (land->room)
            land->point = sl_alloc_array(l->ctx, land->room * land->parameters, sizeof *land->point);
    }
    if (!land->point || epoch % land->stride)
        return l->ctx->status;
    if (land->points == land->room)
        land_thin(land);
    if (epoch % land->stride == 0)
        land_copy(model, land->point + land->points++ * land->parameters);
    return SL_OK;
}

/* --- the plane -------------------------------------------------------------------------------------------
 */

static void land_close_plane(lab *l)
{
    lab_land *land = &l->land;
    sl_reader_close(&land->reader);
    land->reader = (sl_reader){ 0 };
    sl_model_free(land->model);
    land->model = NULL;
    sl_free(l->ctx, land->rows);
    sl_free(l->ctx, land->base);
    land->rows = NULL;
    land->base = NULL;
    land->side = 0;
}

void lab_land_close(lab *l)
{
    land_close_plane(l);
    sl_free(l->ctx, l->land.point);
    l->land = (lab_land){ 0 };
}

/* A copy of the net, whose weights move, and the rows that its loss is of. */
static sl_status land_open_plane(lab *l)
{
    lab_land *land = &l->land;
    const sl_model *model = l->run->model;
    const sl_data *train = l->run->trainer->train;
    const size_t n = model->parameters;
    land_close_plane(l);
    land->parameters = n;
    land->used = train->rows < LAND_ROWS ? train->rows : LAND_ROWS;
    land->model = sl_model_slice(model, 0, model->count);
    land->rows = sl_alloc_array(l->ctx, land->used, sizeof *land->rows);
    land->base = sl_alloc_array(l->ctx, 3 * n, sizeof *land->base);
    if (l->ctx->status || sl_reader_open(&land->reader, l->ctx, land->model, train))
        return l->ctx->status;
    for (size_t i = 0; i < land->used; i++) /* evenly spread */
        land->rows[i] = (size_t)((double)i * (double)train->rows / (double)land->used);
    land->d[0] = land->base + n;
    land->d[1] = land->base + 2 * n;
    double *to = land->base;
    for (int p = 0; p < model->param_count; p++)
        for (size_t i = 0; i < model->params[p]->count; i++)
            *to++ = (double)model->params[p]->v[i];
    return SL_OK;
}

static double land_dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static double land_normal(uint64_t seed, uint32_t direction, uint32_t parameter, uint64_t element)
{
    const sl_random4 r = sl_random_block(seed, SL_FOR_LANDSCAPE, direction, parameter, element);
    const double u = ((double)r.word[0] + 1) * 0x1p-32; /* (0, 1] */
    return sqrt(-2 * sl_log_d(u)) * sl_cos_d(6.283185307179586 * ((double)r.word[1] * 0x1p-32));
}

/* Each row of a matrix of weights gets a direction as long as itself (equation 1); biases and scales stay as
 * they are. */
static void land_random(lab *l, uint64_t seed)
{
    lab_land *land = &l->land;
    const sl_model *model = l->run->model;
    for (uint32_t side = 0; side < 2; side++) {
        size_t at = 0;
        for (int p = 0; p < model->param_count; p++) {
            const sl_tensor *t = model->params[p];
            const size_t rows = t->shape.rank > 1 ? (size_t)t->shape.dim[0] : 0,
                         width = rows ? t->count / rows : 0;
            for (size_t r = 0; r < rows; r++) {
                double *d = land->d[side] + at + r * width;
                const double *w = land->base + at + r * width;
                for (size_t i = 0; i < width; i++)
                    d[i] = land_normal(seed, side, (uint32_t)p, r * width + i);
                const double squares = land_dot(d, d, width);
                const double factor = squares > 0 ? sqrt(land_dot(w, w, width) / squares) : 0;
                for (size_t i = 0; i < width; i++)
                    d[i] *= factor;
            }
            at += t->count;
        }
        land->low[side] = -1;
        land->high[side] = 1;
    }
}

typedef struct {
    size_t n;             /* points: the path's, and the weights as they are */
    const float **point;  /* [n] */
    float *now;           /* the last of them */
    double *mean;         /* [parameters] */
    double *gram;         /* [n, n]: products of the centred points */
    double *v[2], *other; /* [n] */
} land_work;

/* The largest eigenvalue's vector, at right angles to `before` (NULL: to none); the eigenvalue. */
static double land_power(const land_work *w, double *v, const double *before)
{
    double value = 0;
    for (size_t i = 0; i < w->n; i++) /* no point is favoured, and nothing is drawn */
        v[i] = sl_cos_d(1 + 2.3 * (double)i);
    for (int turn = 0; turn < LAND_TURNS; turn++) {
        const double along = before ? land_dot(v, before, w->n) : 0;
        for (size_t i = 0; i < w->n; i++)
            v[i] -= before ? along * before[i] : 0;
        const double length = sqrt(land_dot(v, v, w->n));
        for (size_t i = 0; i < w->n; i++)
            v[i] = length > 0 ? v[i] / length : 0;
        for (size_t i = 0; i < w->n; i++)
            w->other[i] = land_dot(w->gram + i * w->n, v, w->n);
        const double last = value;
        value = land_dot(v, w->other, w->n);
        if (turn > 20 && fabs(value - last) <= 1e-13 * fabs(value))
            break;
        if (turn < LAND_TURNS - 1)
            memcpy(v, w->other, w->n * sizeof *v);
    }
    return value;
}

/* The vectors of the products, turned into directions of length 1 among the weights. */
static void land_directions(lab_land *land, const land_work *w, const double value[2])
{
    for (int side = 0; side < 2; side++) {
        double *d = land->d[side];
        for (size_t i = 0; i < w->n; i++)
            for (size_t k = 0; k < land->parameters; k++)
                d[k] += w->v[side][i] * ((double)w->point[i][k] - w->mean[k]);
        if (side) {
            const double along = land_dot(d, land->d[0], land->parameters);
            for (size_t k = 0; k < land->parameters; k++)
                d[k] -= along * land->d[0][k];
        }
        const double length = value[side] > 0 ? sqrt(land_dot(d, d, land->parameters)) : 0;
        for (size_t k = 0; k < land->parameters; k++)
            d[k] = length > 0 ? d[k] / length : 0;
    }
}

/* What is shown: all points, with room about them, and no side much narrower than the other. */
static void land_frame(lab_land *land, const land_work *w)
{
    double at[3];
    land->low[0] = land->low[1] = land->high[0] = land->high[1] = 0;
    for (size_t i = 0; i < w->n; i++) {
        lab_land_place(land, w->point[i], at);
        for (int side = 0; side < 2; side++) {
            land->low[side] = at[side] < land->low[side] ? at[side] : land->low[side];
            land->high[side] = at[side] > land->high[side] ? at[side] : land->high[side];
        }
    }
    const double wide[2] = { land->high[0] - land->low[0], land->high[1] - land->low[1] };
    const double most = wide[0] > wide[1] ? wide[0] : wide[1], least = most > 0 ? most / 2 : 1;
    for (int side = 0; side < 2; side++) {
        const double more = (wide[side] < least ? least - wide[side] : 0) / 2 + most * 0.15;
        land->low[side] -= more;
        land->high[side] += more;
    }
}

static sl_status land_components(lab *l)
{
    lab_land *land = &l->land;
    sl_ctx *ctx = l->ctx;
    const size_t n = land->points + 1, k = land->parameters;
    land_work w = { .n = n };
    w.point = sl_alloc_array(ctx, n, sizeof *w.point);
    w.now = sl_alloc_array(ctx, k, sizeof *w.now);
    w.mean = sl_alloc_array(ctx, k, sizeof *w.mean);
    w.gram = sl_alloc_array(ctx, n * n + 3 * n, sizeof *w.gram);
    if (!ctx->status) {
        w.v[0] = w.gram + n * n;
        w.v[1] = w.v[0] + n;
        w.other = w.v[1] + n;
        land_copy(l->run->model, w.now);
        for (size_t i = 0; i < n; i++) {
            w.point[i] = i + 1 < n ? land->point + i * k : w.now;
            for (size_t j = 0; j < k; j++)
                w.mean[j] += (double)w.point[i][j] / (double)n;
        }
        double all = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++) {
                double sum = 0;
                for (size_t p = 0; p < k; p++)
                    sum += ((double)w.point[i][p] - w.mean[p]) * ((double)w.point[j][p] - w.mean[p]);
                w.gram[i * n + j] = w.gram[j * n + i] = sum;
                all += i == j ? sum : 0;
            }
        const double value[2] = { land_power(&w, w.v[0], NULL), land_power(&w, w.v[1], w.v[0]) };
        for (int side = 0; side < 2; side++)
            land->share[side] = all > 0 ? value[side] / all : 0;
        land_directions(land, &w, value);
        land_frame(land, &w);
    }
    sl_free(ctx, w.point);
    sl_free(ctx, w.now);
    sl_free(ctx, w.mean);
    sl_free(ctx, w.gram);
    return ctx->status;
}

void lab_land_place(const lab_land *land, const float *weights, double at[3])
{
    double squares[2] = { 0, 0 }, off = 0;
    at[0] = at[1] = 0;
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < land->parameters; i++) {
            at[side] += ((double)weights[i] - land->base[i]) * land->d[side][i];
            squares[side] += land->d[side][i] * land->d[side][i];
        }
        at[side] = squares[side] > 0 ? at[side] / squares[side] : 0;
    }
    for (size_t i = 0; i < land->parameters; i++) {
        const double d = (double)weights[i] - land->base[i] - at[0] * land->d[0][i] - at[1] * land->d[1][i];
        off += d * d;
    }
    at[2] = sqrt(off);
}

/* --- the loss ---------------------------------------------------------------------------------------------
 */

static double land_loss(lab *l, double a, double b)
{
    lab_land *land = &l->land;
    const sl_model *model = land->model;
    size_t at = 0;
    for (int p = 0; p < model->param_count; p++)
        for (size_t i = 0; i < model->params[p]->count; i++, at++)
            model->params[p]->v[i] = (sl_real)(land->base[at] + a * land->d[0][at] + b * land->d[1][at]);
    sl_measured m = { 0 };
    if (sl_measure(&land->reader, l->run->trainer->train, land->rows, land->used, &m))
        return NAN;
    return m.loss;
}

static void land_say_two(sl_text *j, bool *first, const char *key, const double pair[2])
{
    sl_json_key(j, first, key);
    sl_text_put(j, "[");
    sl_json_put_number(j, pair[0]);
    sl_text_put(j, ", ");
    sl_json_put_number(j, pair[1]);
    sl_text_put(j, "]");
}

sl_status lab_landscape(lab *l, int kind, int seed, int side)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    lab_land *land = &l->land;
    if (side < 3 || side > LAB_LAND_SIDE)
        return lab_refuse(l, "a landscape has 3 to 101 places a side");
    if (l->run->model->parameters > LAND_PLANE || !l->run->model->parameters)
        return lab_refuse(l, "this net has more weights than fit into a landscape, 16,777,216, or none");
    if (kind == 0 && !land->room)
        return lab_refuse(l, "this net is too large for its path to be kept: take two random directions");
    if (kind == 0 && land->points < 2)
        return lab_refuse(l, "the path has no two epochs yet: train on, or take two random directions");
    if (land_open_plane(l))
        return lab_say(l, SL_EINVAL);
    land->share[0] = land->share[1] = NAN;
    if (kind == 0)
        land_components(l);
    else
        land_random(l, (uint64_t)(unsigned)seed);
    land->side = (size_t)side;
    const double here = l->ctx->status ? 0 : land_loss(l, 0, 0);
    sl_text *j = lab_begin(l);
    bool first = true;
    sl_text_put(j, "{");
    land_say_two(j, &first, "low", land->low);
    land_say_two(j, &first, "high", land->high);
    land_say_two(j, &first, "share", land->share);
    sl_json_key(j, &first, "loss");
    sl_json_put_number(j, here);
    sl_json_key(j, &first, "rows");
    sl_json_put_uint64(j, land->used);
    sl_json_key(j, &first, "step");
    sl_json_put_uint64(j, sl_run_steps(l->run));
    sl_text_put(j, "}");
    return lab_say(l, SL_OK);
}

sl_status lab_landscape_some(lab *l, int from, int count)
{
    if (!l->ctx || !l->land.side)
        return lab_refuse(l, "there is no plane");
    const size_t side = l->land.side, all = side * side;
    if (from < 0 || count < 0 || (size_t)from > all || (size_t)count > all - (size_t)from)
        return lab_refuse(l, "there is no such place in the plane");
    if (!lab_room(l, (size_t)count))
        return lab_say(l, SL_ENOMEM);
    for (size_t i = 0; i < (size_t)count && !l->ctx->status; i++) {
        const size_t at[2] = { ((size_t)from + i) % side, ((size_t)from + i) / side };
        double place[2];
        for (int d = 0; d < 2; d++) {
            const double share = (double)at[d] / (double)(side - 1);
            place[d] = l->land.low[d] * (1 - share) + l->land.high[d] * share;
        }
        l->numbers[i] = (float)land_loss(l, place[0], place[1]);
    }
    return lab_say(l, SL_OK);
}

sl_status lab_landscape_path(lab *l)
{
    if (!l->ctx || !l->land.side)
        return lab_refuse(l, "there is no plane");
    lab_land *land = &l->land;
    float *now = sl_alloc_array(l->ctx, land->parameters, sizeof *now);
    if (now && lab_room(l, 4 * (land->points + 1))) {
        land_copy(l->run->model, now);
        for (size_t i = 0; i <= land->points; i++) {
            double at[3];
            lab_land_place(land, i < land->points ? land->point + i * land->parameters : now, at);
            float *to = l->numbers + 4 * i;
            to[0] = i < land->points
                        ? (float)(i * land->stride)
                        : (float)((double)sl_run_steps(l->run) / (double)l->run->trainer->steps_an_epoch);
            for (int k = 0; k < 3; k++)
                to[k + 1] = (float)at[k];
        }
    }
    sl_free(l->ctx, now);
    return lab_say(l, SL_OK);
}
