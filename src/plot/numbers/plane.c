/* plane.c - planes through the weights of a net: random ones, and those of two weights; see terrain.h */
#include "kernel/math.h"
#include "plot/numbers/terrain.h"

#include <math.h>
#include <string.h>

static sl_status plane_new(sl_plane *plane, sl_figure *figure, const sl_terrain *terrain)
{
    plane->base = sl_figure_numbers(figure, terrain->parameters);
    plane->d[0] = sl_figure_numbers(figure, terrain->parameters);
    plane->d[1] = sl_figure_numbers(figure, terrain->parameters);
    for (size_t i = 0; !figure->ctx->status && i < terrain->parameters; i++)
        plane->base[i] = (double)terrain->origin[i];
    return figure->ctx->status;
}

static double plane_normal(uint64_t seed, uint32_t direction, uint32_t parameter, uint64_t element)
{
    const sl_random4 r = sl_random_block(seed, SL_FOR_LANDSCAPE, direction, parameter, element);
    const double u = ((double)r.word[0] + 1) * 0x1p-32; /* (0, 1] */
    return sqrt(-2 * sl_log_d(u)) * sl_cos_d(6.283185307179586 * ((double)r.word[1] * 0x1p-32));
}

/* d, a filter of `count` numbers, becomes as long as w. */
static void plane_filter(double *d, const sl_real *w, size_t count)
{
    double squares = 0, wanted = 0;
    for (size_t i = 0; i < count; i++) {
        squares += d[i] * d[i];
        wanted += (double)w[i] * (double)w[i];
    }
    const double factor = squares > 0 ? sqrt(wanted / squares) : 0;
    for (size_t i = 0; i < count; i++)
        d[i] *= factor;
}

sl_status sl_plane_random(sl_plane *plane, sl_figure *figure, const sl_terrain *terrain, double span)
{
    const sl_model *model = terrain->model;
    if (plane_new(plane, figure, terrain))
        return figure->ctx->status;
    for (int side = 0; side < 2; side++) {
        size_t at = 0;
        for (int p = 0; p < model->param_count; p++) {
            const sl_tensor *t = model->params[p];
            const size_t rows = t->shape.rank > 1 ? (size_t)t->shape.dim[0] : 0,
                         width = rows ? t->count / rows : 0;
            for (size_t r = 0; r < rows; r++) { /* biases and scales stay as they are */
                double *d = plane->d[side] + at + r * width;
                for (size_t i = 0; i < width; i++)
                    d[i] = plane_normal(sl_ctx_seed(figure->ctx), (uint32_t)side, (uint32_t)p, r * width + i);
                plane_filter(d, terrain->origin + at + r * width, width);
            }
            at += t->count;
        }
        plane->low[side] = -span;
        plane->high[side] = span;
        plane->label[side] =
            sl_figure_format(figure, "random direction %d (1: as long as the weights)", side + 1);
    }
    return figure->ctx->status;
}

/* --- two weights ---------------------------------------------------------------------------------------- */

/* "[0,1]" of a tensor -> which element; false: no such place. */
static bool plane_index(const char *text, sl_shape shape, size_t *element)
{
    *element = 0;
    if (*text++ != '[')
        return false;
    for (int i = 0; i < shape.rank; i++) {
        size_t number = 0, digits = 0;
        for (; *text >= '0' && *text <= '9' && digits < 9; digits++)
            number = number * 10 + (size_t)(*text++ - '0');
        if (!digits || number >= (size_t)shape.dim[i] || *text++ != (i + 1 < shape.rank ? ',' : ']'))
            return false;
        *element = *element * (size_t)shape.dim[i] + number;
    }
    return !*text;
}

static sl_status plane_find(sl_ctx *ctx, const sl_model *model, const char *name, size_t *place)
{
    const size_t length = strcspn(name, "[");
    size_t at = 0, element;
    char shape[96];
    sl_text names;
    sl_text_init(&names, ctx);
    for (int p = 0; p < model->param_count; p++) {
        const sl_tensor *t = model->params[p];
        if (strlen(model->param_names[p]) == length && !memcmp(model->param_names[p], name, length)) {
            if (plane_index(name + length, t->shape, &element))
                *place = at + element;
            else
                sl_fail(ctx, SL_EINVAL,
                        "figure landscape: --weights: %s: no such place: %s is %s, and places count from 0: "
                        "%s[0%s]",
                        name, model->param_names[p], sl_shape_text(shape, t->shape), model->param_names[p],
                        t->shape.rank > 1 ? ",0" : "");
            sl_text_free(&names);
            return ctx->status;
        }
        if (p < 40)
            sl_text_add(&names, "%s%s", p ? ", " : "", model->param_names[p]);
        at += t->count;
    }
    sl_fail(ctx, SL_EINVAL, "figure landscape: --weights: no weights '%.*s': there are %s", (int)length, name,
            sl_text_string(&names));
    sl_text_free(&names);
    return ctx->status;
}

sl_status sl_plane_weights(sl_plane *plane, sl_figure *figure, const sl_terrain *terrain, const char *names,
                           double span)
{
    sl_ctx *ctx = figure->ctx;
    size_t cut = 0, place[2];
    for (int inside = 0; names[cut] && (inside || names[cut] != ','); cut++)
        inside += names[cut] == '[' ? 1 : names[cut] == ']' && inside ? -1 : 0;
    if (!names[cut] || !cut || !names[cut + 1])
        return sl_fail(
            ctx, SL_EINVAL,
            "figure landscape: --weights '%s': wants two, as in dense_1.weight[0,1],output.bias[0]", names);
    const char *each[2] = { sl_figure_format(figure, "%.*s", (int)cut, names), names + cut + 1 };
    for (int side = 0; side < 2 && each[0]; side++) {
        while (*each[side] == ' ')
            each[side]++;
        if (plane_find(ctx, terrain->model, each[side], &place[side]))
            return ctx->status;
    }
    if (plane_new(plane, figure, terrain))
        return ctx->status;
    if (place[0] == place[1])
        return sl_fail(ctx, SL_EINVAL, "figure landscape: --weights names %s twice: wants two weights",
                       each[0]);
    for (int side = 0; side < 2; side++) {
        const double value = (double)terrain->origin[place[side]];
        const double reach = span * (1.25 * fabs(value) > 1 ? 1.25 * fabs(value) : 1);
        plane->base[place[side]] = 0; /* so that places are the weights' values */
        plane->d[side][place[side]] = 1;
        plane->star[side] = value;
        plane->low[side] = value - reach;
        plane->high[side] = value + reach;
        plane->label[side] = sl_figure_format(figure, "%s", each[side]);
    }
    return ctx->status;
}

/* --- in the plane --------------------------------------------------------------------------------------- */

void sl_plane_place(const sl_plane *plane, size_t parameters, const float *weights, double at[2])
{
    double squares[2] = { 0, 0 };
    at[0] = at[1] = 0;
    for (size_t i = 0; i < parameters; i++)
        for (int side = 0; side < 2; side++) {
            at[side] += ((double)weights[i] - plane->base[i]) * plane->d[side][i];
            squares[side] += plane->d[side][i] * plane->d[side][i];
        }
    for (int side = 0; side < 2; side++)
        at[side] = squares[side] > 0 ? at[side] / squares[side] : 0;
}

double sl_plane_loss(const sl_plane *plane, sl_terrain *terrain, double a, double b, double *memory)
{
    for (size_t i = 0; i < terrain->parameters; i++)
        memory[i] = plane->base[i] + a * plane->d[0][i] + b * plane->d[1][i];
    return sl_terrain_at(terrain, memory);
}

double sl_chord_excess(const double *value, size_t count, size_t stride, size_t *from, size_t *to,
                       size_t *between)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 2; j < count; j++)
            for (size_t k = i + 1; k < j; k++) {
                const double chord =
                    ((double)(j - k) * value[i * stride] + (double)(k - i) * value[j * stride]) /
                    (double)(j - i);
                const double excess = value[k * stride] - chord;
                if (excess - excess == 0 && excess > most) {
                    most = excess;
                    *from = i;
                    *to = j;
                    *between = k;
                }
            }
    return most;
}
