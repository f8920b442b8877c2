/* loss - losses as functions of one number: of the probability that the true class was given, of the score of
 * a class, or of the error of a number. */
#include "plot/numbers/curve.h"

#include <math.h>
#include <string.h>

enum { LOSS_PLACES = 601, LOSS_MOST = 16 };

typedef enum { LOSS_BY_PROBABILITY, LOSS_BY_SCORE, LOSS_BY_ERROR, LOSS_WAYS } loss_way;

static const struct {
    const char *title, *x;
} loss_panels[] = {
    { "classification, by probability", "probability given to the true class" },
    { "classification, by score", "score (logit) of the true class" },
    { "numbers", "error: prediction - target" },
};

/* What the word of a loss is worked out by: of cross entropy the form that takes probabilities. */
static const struct {
    const char *word, *by;
    loss_way way;
    const char *formula; /* beside the word in the legend; NULL: none */
} loss_known[] = {
    { "cross_entropy", "cross_entropy_from_probabilities", LOSS_BY_PROBABILITY, "-log p" },
    { "cross_entropy_from_probabilities", "cross_entropy_from_probabilities", LOSS_BY_PROBABILITY, "-log p" },
    { "binary_cross_entropy_from_probabilities", "binary_cross_entropy_from_probabilities",
      LOSS_BY_PROBABILITY, "-log p" },
    { "mean_squared", "mean_squared", LOSS_BY_PROBABILITY, "(1 - p)^2" },
    { "half_squared", "half_squared", LOSS_BY_PROBABILITY, "2 (1 - p)^2" },
    { "binary_cross_entropy", NULL, LOSS_BY_SCORE, NULL },
    { "hinge", NULL, LOSS_BY_SCORE, NULL },
    { "perceptron", NULL, LOSS_BY_SCORE, NULL },
    { "mean_squared", NULL, LOSS_BY_ERROR, NULL },
    { "mean_absolute", NULL, LOSS_BY_ERROR, NULL },
    { "huber", NULL, LOSS_BY_ERROR, NULL },
    { "quantile", NULL, LOSS_BY_ERROR, NULL },
};
enum { LOSS_KNOWN = sizeof loss_known / sizeof *loss_known };

static double loss_at(sl_ctx *ctx, const sl_loss *loss, const sl_loss_values *values, loss_way way, double x)
{
    sl_real prediction[2] = { (sl_real)x, (sl_real)(1 - x) }, target[1] = { 0 };
    size_t outputs = 1;
    if (way == LOSS_BY_PROBABILITY && loss->target == SL_TARGET_CLASS && loss->least_outputs > 1)
        outputs = 2; /* the true class is number 0 */
    else
        target[0] = way == LOSS_BY_ERROR ? 0 : 1;
    if (way == LOSS_BY_PROBABILITY && loss->predict == sl_loss_halves) /* the output that says so */
        prediction[0] = (sl_real)(2 * x - 1);
    return (double)sl_loss_of_row(ctx->isa, loss, values, prediction, target, outputs);
}

static sl_status loss_curve(sl_figure *figure, sl_panel *panel, loss_way way, double reach,
                            const sl_loss *loss, const sl_loss_values *values, const char *name)
{
    sl_series *line = sl_panel_add(figure, panel, SL_DRAW_LINE, name, LOSS_PLACES);
    if (!line)
        return figure->ctx->status;
    if (way == LOSS_BY_PROBABILITY) /* -log 0 is infinite */
        for (size_t i = 0; i < line->count; i++)
            line->x[i] = i ? (double)i / (double)(line->count - 1) : 0.001;
    else
        sl_curve_places(-reach, reach, line->x, line->count);
    for (size_t i = 0; i < line->count; i++)
        line->y[i] = loss_at(figure->ctx, loss, values, way, line->x[i]);
    line->dashed = (panel->count - 1) % 2 == 1;
    return figure->ctx->status;
}

/* The numbers that tell the losses of a panel apart. */
static void loss_say(sl_figure *figure, loss_way way, double reach, const sl_loss *loss,
                     const sl_loss_values *values, const char *name, sl_text *note)
{
    static const double probabilities[] = { 0.01, 0.5, 0.99 };
    static const double scores[] = { -3, 0, 3 };
    const double errors[] = { -reach, 0.1, reach };
    const double *at = way == LOSS_BY_PROBABILITY ? probabilities : way == LOSS_BY_SCORE ? scores : errors;
    sl_text_add(note, "%s%s ", note->length ? "; " : "", name);
    for (int i = 0; i < 3; i++) {
        char number[32];
        sl_curve_figures(loss_at(figure->ctx, loss, values, way, at[i]), 4, number);
        sl_text_add(note, "%s%s", i == 0 ? "" : i == 2 ? " and " : ", ", number);
    }
}

static bool loss_is(const sl_loss *loss, loss_way way)
{
    for (int i = 0; i < LOSS_KNOWN; i++)
        if (loss_known[i].way == way && !strcmp(loss_known[i].word, loss->name))
            return true;
    return false;
}

static sl_status loss_check(sl_ctx *ctx, const char *word)
{
    bool known = false;
    sl_loss_values values = { 0 };
    const sl_loss *loss = sl_loss_find(ctx, word, &values);
    for (int way = 0; loss && way < LOSS_WAYS; way++)
        known = known || loss_is(loss, (loss_way)way);
    if (loss && !known)
        sl_fail(ctx, SL_EINVAL,
                "figure loss: %s is no function of one number, as it looks at more than an error; there are "
                "cross_entropy, binary_cross_entropy, hinge, perceptron, mean_squared, mean_absolute, huber, "
                "quantile",
                loss->name);
    if (known && strstr(loss->name, "cross_entropy") && values.number != 0)
        sl_fail(ctx, SL_EINVAL,
                "figure loss: %s: smoothing depends on how many classes there are: draw it without", word);
    return ctx->status;
}

static sl_status loss_panel(sl_figure *figure, loss_way way, const char *const *words, int count, double span)
{
    const double reach = (way == LOSS_BY_SCORE ? 4 : 3) * span;
    sl_panel *panel = NULL;
    sl_text note;
    sl_text_init(&note, figure->ctx);
    for (int i = 0; i < count && !figure->ctx->status; i++) {
        sl_loss_values values = { 0 };
        const sl_loss *loss = sl_loss_find(figure->ctx, words[i], &values);
        if (!loss || !loss_is(loss, way))
            continue;
        const char *name = words[i];
        for (int k = 0; k < LOSS_KNOWN; k++)
            if (loss_known[k].way == way && loss_known[k].by && !strcmp(loss_known[k].word, loss->name)) {
                loss = sl_loss_find(figure->ctx, loss_known[k].by, &values);
                name = sl_figure_format(figure, "%s: %s", words[i], loss_known[k].formula);
                break;
            }
        panel = panel ? panel
                      : sl_figure_panel(figure, loss_panels[way].title, loss_panels[way].x, "loss of a row");
        if (!panel || !loss || loss_curve(figure, panel, way, reach, loss, &values, name))
            break;
        panel->y.zero = true;
        loss_say(figure, way, reach, loss, &values, words[i], &note);
    }
    if (note.length && way == LOSS_BY_PROBABILITY)
        sl_figure_note(figure, "At probabilities of 0.01, 0.5 and 0.99 (natural logarithms): %s.",
                       sl_text_string(&note));
    else if (note.length && way == LOSS_BY_SCORE)
        sl_figure_note(figure, "At scores of -3, 0 and 3: %s.", sl_text_string(&note));
    else if (note.length)
        sl_figure_note(figure, "At errors of %s, 0.1 and %s: %s.", sl_figure_number(figure, -reach),
                       sl_figure_number(figure, reach), sl_text_string(&note));
    sl_text_free(&note);
    return figure->ctx->status;
}

static sl_status loss_alone(sl_figure *figure, const sl_figure_job *job)
{
    static const char *const usual[] = { "cross_entropy", "mean_squared", "binary_cross_entropy",
                                         "hinge",         "perceptron",   "mean_absolute",
                                         "huber" };
    const sl_figure_request *r = job->request;
    const char *const *words = r->word_count ? r->words : usual;
    const int count = r->word_count ? r->word_count : (int)(sizeof usual / sizeof *usual);
    if (count > LOSS_MOST)
        return sl_fail(job->ctx, SL_EINVAL, "figure loss: %d losses: at most %d", count, LOSS_MOST);
    figure->title = count == 1 ? sl_figure_format(figure, "What the loss %s makes of an answer", words[0])
                               : sl_figure_format(figure, "What losses make of an answer");
    for (int i = 0; i < count; i++)
        if (loss_check(job->ctx, words[i]))
            return job->ctx->status;
    for (int way = 0; way < LOSS_WAYS && !job->ctx->status; way++)
        loss_panel(figure, (loss_way)way, words, count, r->span != 0 ? r->span : 1);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_loss = {
    .name = "loss",
    .summary = "losses, by probability, score and error",
    .formula = "the loss of one row; -log p of the true class's probability",
    .takes = "span",
    .words = "[LOSS ...]",
    .alone = loss_alone,
};
