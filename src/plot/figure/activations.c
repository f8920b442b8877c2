/* activations - alone: functions beside their derivatives, worked out by the operators and the tape. Of a
 * run: what its layers make of one row. */
#include "plot/numbers/curve.h"
#include "plot/numbers/layers.h"

#include <math.h>
#include <string.h>

enum { ACTIVATIONS_PLACES = 481, ACTIVATIONS_MOST = 16, ACTIVATIONS_LAYERS = 10 };

/* The largest slope in size, at the place nearest to 0 that has it. */
static size_t activations_steepest(const double *x, const double *slope, size_t count)
{
    size_t best = count / 2;
    for (size_t i = 0; i < count; i++)
        if (fabs(slope[i]) > fabs(slope[best]) ||
            (fabs(slope[i]) == fabs(slope[best]) && fabs(x[i]) < fabs(x[best])))
            best = i;
    return best;
}

static void activations_say(sl_figure *figure, sl_text *slopes, sl_text *products, const char *name, double x,
                            double slope)
{
    char power[32], most[32];
    double product = 1;
    for (int i = 0; i < ACTIVATIONS_LAYERS; i++)
        product *= slope;
    sl_curve_figures(slope, 5, most);
    sl_text_add(slopes, "%s%s %s", slopes->length ? ", " : "", name, most);
    if (slope != 1)
        sl_text_add(slopes, " (at x = %s)", sl_figure_number(figure, x));
    sl_text_add(products, "%s%s %s^%d = %s", products->length ? ", " : "", name, most, ACTIVATIONS_LAYERS,
                sl_curve_figures(product, 5, power));
}

static sl_status activations_panel(sl_figure *figure, const char *word, double reach, sl_text *slopes,
                                   sl_text *products, sl_text *flat)
{
    sl_ctx *ctx = figure->ctx;
    const sl_op *op;
    sl_real number = 0;
    if (sl_activation_find(ctx, word, &op, &number))
        return ctx->status;
    op = op ? op : sl_op_find("identity");
    if (op->activates_rows)
        return sl_fail(
            ctx, SL_EINVAL,
            "figure activations: %s works on whole rows, so it is no function of one number; there "
            "are sigmoid, tanh, relu, ... (slope catalogue activation)",
            op->name);
    sl_panel *panel = sl_figure_panel(figure, word, "x", NULL);
    sl_series *f = sl_panel_add(figure, panel, SL_DRAW_LINE, "f(x)", ACTIVATIONS_PLACES);
    sl_series *d = sl_panel_add(figure, panel, SL_DRAW_LINE, "f'(x)", ACTIVATIONS_PLACES);
    if (!f || !d)
        return ctx->status;
    sl_curve_places(-reach, reach, f->x, f->count);
    memcpy(d->x, f->x, f->count * sizeof *f->x);
    if (sl_curve_activation(ctx, op, number, f->x, f->count, f->y, d->y))
        return ctx->status;
    d->dashed = true;
    const size_t at = activations_steepest(f->x, d->y, d->count);
    if (op->flat)
        sl_text_add(flat, "%s%s", flat->length ? ", " : "", word);
    else
        activations_say(figure, slopes, products, word, f->x[at], d->y[at]);
    return ctx->status;
}

/* `all`: every activation that is a function of one number. */
static int activations_all(const char **words, int room)
{
    int count = 0;
    const sl_op *op;
    for (size_t i = 0; (op = sl_op_at(i)) && count < room; i++)
        if (sl_op_is_activation(op) && !op->activates_rows)
            words[count++] = op->name;
    return count;
}

static sl_status activations_alone(sl_figure *figure, const sl_figure_job *job)
{
    static const char *const usual[] = { "sigmoid", "tanh", "relu",     "leaky_relu", "elu",
                                         "gelu",    "silu", "softplus", "mish" };
    const sl_figure_request *r = job->request;
    const char *every[64];
    const char *const *words = r->word_count ? r->words : usual;
    int count = r->word_count ? r->word_count : (int)(sizeof usual / sizeof *usual);
    if (r->data || r->part || r->row || r->layer)
        return sl_fail(job->ctx, SL_EINVAL,
                       "figure activations: data, part, row and layer are of a run, and none was given: "
                       "slope plot RUN activations");
    if (count == 1 && !strcmp(words[0], "all")) {
        count = activations_all(every, (int)(sizeof every / sizeof *every));
        words = every;
    } else if (count > ACTIVATIONS_MOST) {
        return sl_fail(job->ctx, SL_EINVAL, "figure activations: %d functions: at most %d, or the word all",
                       count, ACTIVATIONS_MOST);
    }
    sl_text slopes, products, flat;
    sl_text_init(&slopes, job->ctx);
    sl_text_init(&products, job->ctx);
    sl_text_init(&flat, job->ctx);
    figure->title = count == 1 ? sl_figure_format(figure, "The activation %s and its derivative", words[0])
                               : sl_figure_format(figure, "Activation functions and their derivatives");
    for (int i = 0; i < count && !job->ctx->status; i++)
        activations_panel(figure, words[i], 6 * (r->span != 0 ? r->span : 1), &slopes, &products, &flat);
    if (slopes.length) {
        sl_figure_note(figure, "Largest slope f': %s.", sl_text_string(&slopes));
        sl_figure_note(figure, "Through %d layers these alone multiply a gradient by at most: %s.",
                       ACTIVATIONS_LAYERS, sl_text_string(&products));
    }
    if (flat.length)
        sl_figure_note(figure, "Without a slope to learn by: %s (f' is 0 wherever there is one).",
                       sl_text_string(&flat));
    sl_text_free(&slopes);
    sl_text_free(&products);
    sl_text_free(&flat);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_activations = {
    .name = "activations",
    .summary = "each function beside its slope; or a row in a net's layers",
    .formula = "f(x) and f'(x); of a run: each layer's outputs for one row",
    .takes = "data part row layer span",
    .words = "[ACTIVATION ...|all]",
    .most_runs = 1,
    .of_runs = sl_layers_of_row,
    .alone = activations_alone,
};
