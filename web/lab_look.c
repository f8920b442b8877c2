/* lab_look.c - see lab.h: what is drawn: points, the answer over a plane of two inputs, what each unit gives
 * there. */
#include "lab.h"

#include <math.h>
#include <string.h>

/* Evenly spread. */
static size_t look_thin(size_t index, size_t rows, size_t most)
{
    return rows <= most ? index : (size_t)((double)index * (double)rows / (double)most);
}

bool lab_is_words(const lab *l, size_t input)
{
    const sl_data *train = l->run->trainer->train;
    sl_column_info info;
    for (int c = 0; train->features <= 1000 && sl_data_column(train, c, &info); c++)
        if (!strcmp(info.name, sl_data_input_name(train, input)))
            return !strcmp(info.type, "category") || !strcmp(info.type, "boolean");
    return false;
}

/* Means of the training rows, of words the value of the row in the middle: a mean of words is none. */
static sl_status look_middle(lab *l)
{
    enum { MOST = 2000 };
    const sl_data *train = l->run->trainer->train;
    const size_t features = train->features, rows = train->rows < MOST ? train->rows : MOST;
    if (!l->middle)
        l->middle = sl_alloc_array(l->ctx, features, sizeof *l->middle);
    sl_real *row = sl_alloc_array(l->ctx, features, sizeof *row);
    double *sum = sl_alloc_array(l->ctx, features, sizeof *sum);
    size_t *known = sl_alloc_array(l->ctx, features, sizeof *known);
    for (size_t i = 0; i < rows && !l->ctx->status; i++) {
        if (sl_data_row(train, look_thin(i, train->rows, MOST), row, NULL))
            break;
        for (size_t j = 0; j < features; j++)
            if (row[j] == row[j]) {
                sum[j] += (double)row[j];
                known[j]++;
                if (known[j] == 1 || i == rows / 2)
                    l->middle[j] = row[j];
            }
    }
    for (size_t j = 0; j < features && !l->ctx->status; j++) {
        if (known[j] && !lab_is_words(l, j))
            l->middle[j] = (sl_real)(sum[j] / (double)known[j]);
    }
    sl_free(l->ctx, row);
    sl_free(l->ctx, sum);
    sl_free(l->ctx, known);
    return l->ctx->status;
}

/* Of builtin sets in two inputs the window that Playground has; of others somewhat more than the rows take.
 */
static sl_status look_window(lab *l)
{
    const sl_data *parts[] = { l->run->trainer->train, l->run->trainer->validation, l->run->test };
    const size_t features = parts[0]->features;
    sl_real *row = sl_alloc_array(l->ctx, features, sizeof *row);
    double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
    for (int p = 0; p < 3 && !l->ctx->status; p++)
        for (size_t i = 0; parts[p] && i < parts[p]->rows && i < LAB_POINTS_MOST; i++) {
            if (sl_data_row(parts[p], look_thin(i, parts[p]->rows, LAB_POINTS_MOST), row, NULL))
                break;
            for (int a = 0; a < 2; a++) {
                const double x = (double)row[l->axis[a]];
                low[a] = x < low[a] ? x : low[a];
                high[a] = x > high[a] ? x : high[a];
            }
        }
    sl_free(l->ctx, row);
    const bool plane = features == 2 && !strncmp(l->asked.data, "builtin:", 8) && low[0] >= -6.5 &&
                       low[1] >= -6.5 && high[0] <= 6.5 && high[1] <= 6.5 && high[0] - low[0] > 4 &&
                       high[1] - low[1] > 4;
    for (int a = 0; a < 2; a++) {
        const double wide = high[a] > low[a] ? high[a] - low[a] : 1;
        l->from[a] = plane ? -6 : (high[a] >= low[a] ? low[a] : 0) - wide / 12;
        l->to[a] = plane ? 6 : (high[a] >= low[a] ? high[a] : 0) + wide / 12;
    }
    return l->ctx->status;
}

sl_status lab_axes(lab *l, int across, int up, double from_x, double to_x, double from_y, double to_y)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const size_t features = l->run->trainer->train->features;
    if (across < 0 || up < 0 || ((size_t)across >= features && across > 0) ||
        ((size_t)up >= features && up > 1))
        return lab_refuse(l, "there is no such input");
    l->axis[0] = (size_t)across;
    l->axis[1] = (size_t)up < features ? (size_t)up : features - 1;
    if (look_middle(l) || look_window(l))
        return lab_say(l, SL_EINVAL);
    const double asked[4] = { from_x, to_x, from_y, to_y };
    for (int a = 0; a < 2; a++)
        if (asked[2 * a] < asked[2 * a + 1] && asked[2 * a + 1] - asked[2 * a] < 1e30) {
            l->from[a] = asked[2 * a];
            l->to[a] = asked[2 * a + 1];
        }
    lab_no_grids(l);
    return SL_OK;
}

sl_status lab_points(lab *l)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_data *parts[] = { l->run->trainer->train, l->run->trainer->validation, l->run->test };
    size_t count = 0;
    for (int p = 0; p < 3; p++)
        count += !parts[p] ? 0 : parts[p]->rows < LAB_POINTS_MOST ? parts[p]->rows : LAB_POINTS_MOST;
    sl_real *row = sl_alloc_array(l->ctx, parts[0]->features, sizeof *row);
    if (!row || !lab_room(l, count * 5)) {
        sl_free(l->ctx, row);
        return lab_say(l, SL_ENOMEM);
    }
    float *to = l->numbers;
    for (int p = 0; p < 3 && !l->ctx->status; p++) {
        const size_t rows = parts[p] ? parts[p]->rows : 0,
                     most = rows < LAB_POINTS_MOST ? rows : LAB_POINTS_MOST;
        for (size_t i = 0; i < most; i++) {
            sl_real y[1] = { NAN };
            const size_t at = look_thin(i, rows, LAB_POINTS_MOST);
            if (sl_data_row(parts[p], at, row, y))
                break;
            *to++ = (float)row[l->axis[0]];
            *to++ = (float)row[l->axis[1]];
            *to++ = (float)y[0];
            *to++ = (float)p;
            *to++ = (float)at;
        }
    }
    sl_free(l->ctx, row);
    return lab_say(l, SL_OK);
}

/* --- the plane -------------------------------------------------------------------------------------------
 */

void lab_no_grids(lab *l)
{
    for (int g = 0; g < 2; g++) {
        sl_tensor_free(l->grid[g]);
        l->grid[g] = NULL;
        l->side[g] = 0;
    }
}

enum { LOOK_ANSWER, LOOK_UNITS };

static sl_status look_grid(lab *l, int which, int side)
{
    sl_ctx *ctx = l->ctx;
    if (side < 2 || side > LAB_SIDE_MOST)
        return sl_fail(ctx, SL_EINVAL, "pictures have 2 to %d places a side", LAB_SIDE_MOST);
    if (l->grid[which] && l->side[which] == (size_t)side)
        return SL_OK;
    sl_tensor_free(l->grid[which]);
    l->grid[which] = NULL;
    const sl_data *train = l->run->trainer->train;
    const size_t n = (size_t)side, rows = n * n, features = train->features;
    if (features > (1u << 26) / rows) /* numbers of the grid, 256 MB */
        return sl_fail(ctx, SL_EINVAL, "rows of %zu numbers are too long for a picture with %d places a side",
                       features, side);
    sl_tensor *raw = sl_tensor_new(ctx, sl_dims((int)rows, (int)features), NULL);
    const bool words[2] = { lab_is_words(l, l->axis[0]), lab_is_words(l, l->axis[1]) };
    for (size_t i = 0; raw && i < rows; i++) {
        memcpy(raw->v + i * features, l->middle, features * sizeof *raw->v);
        for (int a = 0; a < 2; a++) { /* of one input alone: across */
            const bool up = a && l->axis[0] != l->axis[1];
            const double place = ((double)(up ? i / n : i % n) + 0.5) / (double)n;
            const double value = l->from[a] + place * (l->to[a] - l->from[a]);
            raw->v[i * features + l->axis[a]] = (sl_real)(words[a] ? floor(value + 0.5) : value);
        }
    }
    l->grid[which] = lab_prepared(l, raw);
    l->side[which] = ctx->status ? 0 : n;
    return ctx->status;
}

sl_status lab_picture(lab *l, int side)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_model *model = l->run->model;
    if (look_grid(l, LOOK_ANSWER, side))
        return lab_say(l, SL_EINVAL);
    sl_tape_reset(l->tape);
    sl_tensor *said = sl_model_forward(l->tape, model, l->grid[LOOK_ANSWER]);
    const size_t rows = l->side[LOOK_ANSWER] * l->side[LOOK_ANSWER],
                 width = (size_t)sl_prediction_width(model), shown = sl_model_kinds(model) == 2 ? 1 : width;
    sl_real *answers = said ? sl_alloc_array(l->ctx, rows * width, sizeof *answers) : NULL;
    if (answers && lab_room(l, rows * shown)) {
        sl_outputs_to_predictions(model, said->v, rows, answers);
        for (size_t i = 0; i < rows; i++)
            for (size_t k = 0; k < shown; k++)
                l->numbers[k * rows + i] = (float)answers[i * width + (shown < width ? 1 : k)];
    }
    sl_free(l->ctx, answers);
    return lab_say(l, SL_OK);
}

sl_status lab_inputs(lab *l, int side)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    if (look_grid(l, LOOK_UNITS, side))
        return lab_say(l, SL_EINVAL);
    const sl_tensor *grid = l->grid[LOOK_UNITS];
    const size_t rows = (size_t)side * (size_t)side, width = grid->count / rows;
    if (width > LAB_PICTURES_MOST)
        return lab_refuse(l, "the net has too many inputs for a picture of each");
    if (!lab_room(l, grid->count))
        return lab_say(l, SL_ENOMEM);
    for (size_t k = 0; k < width; k++)
        for (size_t i = 0; i < rows; i++)
            l->numbers[k * rows + i] = (float)grid->v[i * width + k];
    return SL_OK;
}

typedef struct {
    const sl_model *model;
    float *numbers;
    size_t rows;
} look_units;

/* Units whose pictures stand before those of a layer; of all layers: of model->count. *drawn: is the layer?
 * The same rule as in lab_describe. */
static size_t look_before(const sl_model *model, int layer, bool *drawn)
{
    size_t all = 0, units;
    for (int i = 0; i < model->count; i++) {
        const bool fits = sl_shape_count(model->layers[i].out, &units) && all + units <= LAB_PICTURES_MOST;
        if (i == layer) {
            *drawn = fits;
            return all;
        }
        all += fits ? units : 0;
    }
    return all;
}

/* A group comes behind what it holds, though it is named before: its place follows from its number. */
static void look_passed(void *user, int layer, const sl_tensor *y)
{
    const look_units *u = user;
    const size_t units = y->count / u->rows;
    bool drawn = false;
    float *to = u->numbers + look_before(u->model, layer, &drawn) * u->rows;
    for (size_t k = 0; drawn && k < units; k++)
        for (size_t i = 0; i < u->rows; i++)
            *to++ = (float)y->v[i * units + k];
}

sl_status lab_units(lab *l, int side)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_model *model = l->run->model;
    const size_t all = look_before(model, model->count, NULL);
    if (look_grid(l, LOOK_UNITS, side))
        return lab_say(l, SL_EINVAL);
    const size_t rows = l->side[LOOK_UNITS] * l->side[LOOK_UNITS];
    if (!lab_room(l, all * rows))
        return lab_say(l, SL_ENOMEM);
    look_units job = { model, l->numbers, rows };
    const sl_watch watch = { .user = &job, .passed = look_passed };
    sl_tape_reset(l->tape);
    sl_model_forward_watched(l->tape, model, l->grid[LOOK_UNITS], &watch);
    return lab_say(l, SL_OK);
}

/* --- units that do not work ------------------------------------------------------------------------------
 */

enum { LOOK_FLOPS = 100000000, LOOK_LEAST = 8 }; /* a tenth of a second, more or less; rows */

typedef struct {
    lab *l;
    size_t at;
} look_alive;

static void look_see(void *user, int index, const sl_tensor *z, const sl_tensor *y)
{
    look_alive *job = user;
    lab *l = job->l;
    const sl_built *layer = &l->run->model->layers[index];
    const sl_op *f = layer->activation;
    const size_t rows = (size_t)y->shape.dim[0], units = y->count / rows;
    sl_real *slope = sl_alloc_array(l->ctx, y->count, sizeof *slope);
    if (!slope)
        return;
    for (size_t i = 0; i < y->count; i++)
        slope[i] = 1;
    if (f->derive)
        f->derive(l->ctx->isa, layer->slope, slope, slope, y->v, z->v, y->count);
    size_t dead = 0, flat = 0;
    for (size_t u = 0; u < units; u++) {
        bool alive = false;
        for (size_t i = u; i < y->count; i += units) {
            alive = alive || (y->v[i] != 0 && slope[i] != 0);
            flat += f->derive && slope[i] < (sl_real)0.01 && slope[i] > (sl_real)-0.01;
        }
        dead += !alive;
    }
    l->numbers[job->at++] = (float)dead / (float)units;
    l->numbers[job->at++] = (float)flat / (float)y->count;
    sl_free(l->ctx, slope);
}

sl_status lab_alive(lab *l)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_model *model = l->run->model;
    const sl_data *train = l->run->trainer->train;
    size_t layers = 0, prepared = 0;
    double flops = 1;
    for (int i = 0; i < model->count; i++) {
        layers += model->layers[i].activation != NULL;
        flops += (double)model->layers[i].flops;
    }
    const size_t cheap = flops * SL_PIECE <= LOOK_FLOPS ? SL_PIECE : (size_t)(LOOK_FLOPS / flops),
                 most = cheap > LOOK_LEAST ? cheap : LOOK_LEAST,
                 rows = train->rows < most ? train->rows : most;
    sl_tensor *x =
        sl_shape_count(model->input, &prepared) ? sl_model_inputs(l->ctx, model, (int)rows, prepared) : NULL;
    size_t order[SL_PIECE];
    for (size_t i = 0; i < rows; i++)
        order[i] = look_thin(i, train->rows, rows);
    look_alive job = { l, 0 };
    const sl_watch watch = { .see = look_see, .user = &job };
    if (x && lab_room(l, 2 * layers) && !sl_model_gather(l->ctx, model, train, order, rows, false, x, NULL)) {
        sl_tape_reset(l->tape);
        sl_model_forward_watched(l->tape, model, x, &watch);
    }
    sl_tensor_free(x);
    return lab_say(l, SL_OK);
}
