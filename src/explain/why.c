/* why.c - which words pushed an answer: the output with the text as it is, less the output without the
 * features that a token is part of. */
#include "explain/explain.h"
#include "tensor/tensor.h"

#include <string.h>

enum { WHY_ROWS = 256, WHY_IDS = 1 << 20 };
enum { WHY_WHOLE, WHY_EMPTY, WHY_WITHOUT }; /* what is asked first, then the tokens in their order */

sl_status sl_explain_ready(sl_ctx *ctx, const sl_model *model, const sl_data *data, const char *what)
{
    if (!ctx || ctx->status)
        return sl_error(ctx);
    if (!model || !data)
        return sl_fail(ctx, SL_EINVAL, "%s: wants a model and data, given NULL", what);
    if (!model->built || !model->loss)
        return sl_fail(ctx, SL_EINVAL, "%s: the model is not trained", what);
    if (!model->views)
        return sl_fail(ctx, SL_EINVAL, "%s: the model reads no texts", what);
    if (sl_check_inputs(ctx, model, data, "the data"))
        return ctx->status;
    if (!sl_data_has_words(data))
        return sl_fail(ctx, SL_EINVAL, "%s: %s has no texts, which this model reads", what, data->source);
    return SL_OK;
}

double sl_explain_lead(const sl_real *outputs, size_t width, size_t class_index)
{
    double others = 0;
    if (width == 1)
        return class_index ? (double)outputs[0] : -(double)outputs[0];
    for (size_t c = 0; c < width; c++)
        others += c == class_index ? 0 : (double)outputs[c];
    return (double)outputs[class_index] - others / (double)(width - 1);
}

typedef struct {
    sl_ctx *ctx;
    const sl_model *model;
    sl_feature_places places;
    size_t *ask; /* [asked] WHY_WHOLE, WHY_EMPTY, WHY_WITHOUT + token */
    size_t asked, rows;
    int *grams; /* [places] */
    sl_tape *tape;
    sl_tensor *x;
    int answer; /* the class; -1: a number, or not known yet */
    double whole, empty;
    double *push; /* [tokens] */
} why_work;

static bool why_has(size_t ask, const sl_feature_place *place)
{
    if (ask < WHY_WITHOUT)
        return ask == WHY_WHOLE;
    const size_t token = ask - WHY_WITHOUT, first = (size_t)place->first;
    return token < first || token >= first + (size_t)place->count;
}

/* The features of places begin .. end - 1, all of view v, as row `row` has them; at: behind those of the rows
 * before. Returns what is then behind. Values stay what they are in the whole text. */
static size_t why_row(const why_work *w, int v, size_t before, size_t begin, size_t end, size_t row,
                      size_t at)
{
    sl_ragged *to = w->x->ragged;
    for (size_t i = begin; i < end; i++) {
        const sl_feature_place *place = &w->places.place[i];
        if (!why_has(w->ask[row], place))
            continue;
        to->ids[v][at] = place->feature - (int)before;
        if (to->view[v].values)
            to->values[v][at] = place->value;
        at++;
    }
    return at;
}

/* The same of a view of documents: the vector of what is left. */
static size_t why_vector(why_work *w, int v, size_t begin, size_t end, size_t row, size_t at)
{
    sl_ragged *to = w->x->ragged;
    bool known;
    size_t grams = 0;
    for (size_t i = begin; i < end; i++)
        if (why_has(w->ask[row], &w->places.place[i]))
            w->grams[grams++] = w->places.place[i].feature;
    if (sl_views_vector(w->ctx, w->model->views, v, w->grams, grams, to->values[v] + at, &known) || !known)
        return at;
    for (size_t k = 0; k < sl_views_size(w->model->views, v); k++, at++)
        to->ids[v][at] = (int)k;
    return at;
}

/* The lists of ask[first .. first + count - 1]. */
static sl_status why_lists(why_work *w, size_t first, size_t count)
{
    const sl_views *views = w->model->views;
    sl_ragged *to = w->x->ragged;
    size_t size[SL_MOST_VIEWS], begin = 0, before = 0;
    if (sl_ragged_begin(to, count))
        return w->ctx->status;
    for (int v = 0; v < sl_views_count(views); v++) {
        const bool documents = sl_views_is_documents(views, v);
        size_t end = begin, at = 0;
        size[v] = sl_views_size(views, v);
        while (end < w->places.count && w->places.place[end].view == v)
            end++;
        if (sl_ragged_room(to, v, count * (documents ? size[v] : end - begin),
                           sl_views_weigh(views, v) != SL_WEIGH_NONE))
            return w->ctx->status;
        for (size_t row = 0; row < count; row++) {
            at = documents ? why_vector(w, v, begin, end, first + row, at)
                           : why_row(w, v, before, begin, end, first + row, at);
            to->offsets[v][row + 1] = at;
        }
        begin = end;
        before += size[v];
    }
    return w->ctx->status ? w->ctx->status : sl_ragged_end(to, size);
}

/* What an answer is measured by: of classes how far one leads, of numbers the prediction. */
static double why_output(const why_work *w, const sl_real *outputs)
{
    const sl_loss *loss = w->model->loss;
    const size_t width = (size_t)sl_model_outputs(w->model);
    sl_real own[8];
    if (w->answer >= 0 && loss->from_logits)
        return sl_explain_lead(outputs, width, (size_t)w->answer);
    if (w->answer >= 0 && width > 1)
        return (double)outputs[w->answer];
    sl_outputs_to_predictions(w->model, outputs, 1, own); /* of one target at most three; of one output two */
    return (double)own[w->answer >= 0 ? w->answer : 0];
}

static int why_predicted(const why_work *w, const sl_real *outputs)
{
    const int classes = sl_model_kinds(w->model);
    if (sl_model_outputs(w->model) == 1)
        return outputs[0] > w->model->loss->cut ||
               (w->model->loss->cut_included && outputs[0] == w->model->loss->cut);
    int best = 0;
    for (int c = 1; c < classes; c++)
        best = outputs[c] > outputs[best] ? c : best;
    return best;
}

static sl_status why_forward(why_work *w)
{
    for (size_t first = 0; first < w->asked && !w->ctx->status; first += w->rows) {
        const size_t count = w->asked - first < w->rows ? w->asked - first : w->rows;
        const size_t width = (size_t)sl_model_outputs(w->model);
        w->x->shape.dim[0] = (int)count;
        w->x->count = count * (size_t)w->x->shape.dim[1];
        if (why_lists(w, first, count))
            break;
        sl_tape_reset(w->tape);
        const sl_tensor *y = sl_model_forward(w->tape, w->model, w->x);
        for (size_t i = 0; y && i < count; i++) {
            const sl_real *outputs = y->v + i * width;
            const size_t ask = w->ask[first + i];
            if (ask == WHY_WHOLE && w->answer < 0 && sl_model_kinds(w->model))
                w->answer = why_predicted(w, outputs);
            const double output = why_output(w, outputs);
            if (ask == WHY_WHOLE)
                w->whole = output;
            else if (ask == WHY_EMPTY)
                w->empty = output;
            else
                w->push[ask - WHY_WITHOUT] = w->whole - output;
        }
    }
    return w->ctx->status;
}

/* The numbers beside the text, the same in each row that is asked. */
static sl_status why_numbers(why_work *w, const sl_data *data, size_t row)
{
    const sl_preparation how = sl_model_preparation(w->model);
    size_t rows[WHY_ROWS];
    for (size_t i = 0; i < w->rows; i++)
        rows[i] = row;
    w->tape = sl_tape_new(w->ctx, SL_INFER);
    w->x = sl_model_inputs(w->ctx, w->model, (int)w->rows, sl_prepared_features(&how, data));
    return w->x && w->x->count ? sl_data_gather(w->ctx, data, rows, w->rows, &how, w->x->v, NULL)
                               : w->ctx->status;
}

/* One block: the answer, its tokens, their texts. */
static sl_why *why_give(const why_work *w)
{
    const sl_tokens *tokens = &w->places.tokens;
    size_t bytes = sizeof(sl_why) + tokens->count * sizeof(sl_why_token);
    for (size_t i = 0; i < tokens->count; i++)
        bytes += tokens->token[i].length + 1;
    sl_why *why = sl_alloc(w->ctx, bytes);
    if (!why)
        return NULL;
    sl_why_token *token = (sl_why_token *)(why + 1);
    char *text = (char *)(token + tokens->count);
    *why = (sl_why){ .ctx = w->ctx, .class_index = w->answer, .output = w->whole, .empty = w->empty };
    why->tokens = token;
    why->count = tokens->count;
    for (size_t i = 0; i < tokens->count; i++) {
        const sl_token *from = &tokens->token[i];
        token[i] = (sl_why_token){ .text = text, .from = from->from, .to = from->to, .push = w->push[i] };
        token[i].word = from->kind != SL_TOKEN_MARK && from->kind != SL_TOKEN_BREAK;
        memcpy(text, from->text, from->length);
        text += from->length + 1;
    }
    for (size_t i = 2; i < w->asked; i++)
        token[w->ask[i] - WHY_WITHOUT].known = true;
    return why;
}

/* The tokens that any feature comes from, behind the two that are always asked. */
static sl_status why_ask(why_work *w)
{
    const size_t tokens = w->places.tokens.count;
    w->ask = sl_alloc_array(w->ctx, tokens + WHY_WITHOUT, sizeof *w->ask);
    w->push = sl_alloc_array(w->ctx, tokens, sizeof *w->push);
    w->grams = sl_alloc_array(w->ctx, w->places.count, sizeof *w->grams);
    bool *part = sl_alloc_array(w->ctx, tokens, sizeof *part);
    for (size_t i = 0; !w->ctx->status && i < w->places.count; i++)
        for (int t = 0; t < w->places.place[i].count; t++)
            part[w->places.place[i].first + t] = true;
    w->asked = WHY_WITHOUT;
    if (!w->ctx->status)
        w->ask[1] = WHY_EMPTY;
    for (size_t i = 0; !w->ctx->status && i < tokens; i++)
        if (part[i])
            w->ask[w->asked++] = WHY_WITHOUT + i;
    sl_free(w->ctx, part);
    w->rows = w->places.count ? WHY_IDS / w->places.count : WHY_ROWS;
    w->rows = w->rows < 1 ? 1 : w->rows > WHY_ROWS ? WHY_ROWS : w->rows;
    w->rows = w->rows > w->asked ? w->asked : w->rows;
    return w->ctx->status;
}

sl_why *sl_why_row(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t row, int class_index)
{
    if (sl_explain_ready(ctx, model, data, "sl_why_row"))
        return NULL;
    const int classes = sl_model_kinds(model);
    if (row >= data->rows || class_index < -1 || class_index >= (classes ? classes : 1)) {
        sl_fail(ctx, SL_EINVAL, "sl_why_row: row %zu of %zu, class %d of %d (-1: the predicted one)", row,
                data->rows, class_index, classes);
        return NULL;
    }
    if (!classes && sl_model_outputs(model) != sl_loss_per_target(model->loss)) {
        sl_fail(ctx, SL_EINVAL, "sl_why_row: the model gives %d numbers a row: wants one target",
                sl_model_outputs(model));
        return NULL;
    }
    size_t length;
    const char *text = sl_data_words(data, row, &length);
    why_work work = { .ctx = ctx, .model = model, .answer = classes ? class_index : -1 };
    sl_feature_places_init(&work.places, ctx);
    sl_why *why = NULL;
    if (!sl_views_places(model->views, text, length, &work.places) && !why_ask(&work) &&
        !why_numbers(&work, data, row) && !why_forward(&work))
        why = why_give(&work);
    sl_tape_free(work.tape);
    sl_tensor_free(work.x);
    sl_free(ctx, work.ask);
    sl_free(ctx, work.push);
    sl_free(ctx, work.grams);
    sl_feature_places_free(&work.places);
    return why;
}

void sl_why_free(sl_why *why)
{
    if (why)
        sl_free(why->ctx, why);
}
