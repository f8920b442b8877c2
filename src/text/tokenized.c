/* tokenized.c - one text to be looked at: its tokens, and the features that views make of it. */
#include "text/views_parts.h"

#include <string.h>

struct sl_tokenized {
    sl_ctx *ctx;
    sl_data *data; /* one row, the text */
    sl_views *views;
    sl_feature_places places;
    size_t base[SL_MOST_VIEWS + 1]; /* the first feature of each view */
};

void sl_tokenized_free(sl_tokenized *tokenized)
{
    if (!tokenized)
        return;
    sl_feature_places_free(&tokenized->places);
    sl_views_free(tokenized->views);
    sl_data_free(tokenized->data);
    sl_free(tokenized->ctx, tokenized);
}

/* A row without numbers that mean anything. */
static sl_data *tokenized_row(sl_ctx *ctx, const char *text, size_t length)
{
    const sl_data_plan plan = { .source = "a text", .part = "all", .shape = { 1, { 1 } }, .rows = 1 };
    sl_data *data = sl_data_new(ctx, &plan);
    if (!data)
        return NULL;
    data->store->texts = sl_strndup(ctx, text, length);
    data->store->text_offset = sl_alloc_array(ctx, 2, sizeof *data->store->text_offset);
    if (data->store->texts && data->store->text_offset) {
        data->store->text_offset[1] = length;
        return data;
    }
    sl_data_free(data);
    return NULL;
}

/* Views that know every n-gram of the text: how they weigh, and what they would leave out, does not matter.
 */
static sl_status tokenized_views(sl_tokenized *t, const char *tokenizer, const char *words)
{
    sl_ctx *ctx = t->ctx;
    if (!(t->views = sl_alloc(ctx, sizeof *t->views)))
        return ctx->status;
    t->views->ctx = ctx;
    t->views->users = 1;
    if (sl_views_read(ctx, t->views, words, tokenizer, SL_WEIGH_NONE))
        return ctx->status;
    size_t length;
    const char *text = sl_data_words(t->data, 0, &length);
    if (sl_tokenize(&t->views->tokenizer, text, length, &t->places.tokens) || !t->places.tokens.count)
        return ctx->status;
    if (sl_views_learns_documents(t->views))
        return sl_fail(ctx, SL_EINVAL,
                       "view documents: its numbers come from many texts, and one text shows nothing of it: "
                       "leave it out");
    for (int v = 0; v < t->views->count; v++) {
        sl_view *view = &t->views->view[v];
        view->weigh = SL_WEIGH_NONE;
        view->option[VIEWS_LEAST] = 1;
        view->option[VIEWS_MOST] = 0;
    }
    if (sl_views_learn(ctx, t->views, t->data, NULL, NULL))
        return ctx->status;
    for (int v = 0; v < t->views->count; v++)
        t->base[v + 1] = t->base[v] + t->views->view[v].features;
    return sl_views_places(t->views, text, length, &t->places);
}

sl_tokenized *sl_tokenize_text(sl_ctx *ctx, const char *text, size_t length, const char *tokenizer,
                               const char *views)
{
    if (!text && length)
        sl_fail(ctx, SL_EINVAL, "sl_tokenize_text: the text is NULL: wants %zu bytes", length);
    sl_tokenized *t = ctx && !ctx->status ? sl_alloc(ctx, sizeof *t) : NULL;
    if (!t)
        return NULL;
    t->ctx = ctx;
    sl_feature_places_init(&t->places, ctx);
    if ((t->data = tokenized_row(ctx, text, length)) && !tokenized_views(t, tokenizer, views))
        return t;
    sl_tokenized_free(t);
    return NULL;
}

bool sl_tokenized_at(const sl_tokenized *t, size_t index, sl_tokenized_token *token)
{
    if (!t || index >= t->places.tokens.count)
        return false;
    if (!token)
        return true;
    const sl_token *found = &t->places.tokens.token[index];
    *token = (sl_tokenized_token){ found->text, found->length, sl_token_kind_name(found->kind), found->from,
                                   found->to };
    return true;
}

bool sl_tokenized_feature(const sl_tokenized *t, size_t index, const char **view, size_t *first,
                          size_t *count, char *text, size_t room)
{
    if (!t || index >= t->places.count)
        return false;
    const sl_feature_place *place = &t->places.place[index];
    int v = 0;
    while ((size_t)place->feature >= t->base[v + 1])
        v++;
    if (view)
        *view = sl_views_name(t->views, v);
    if (first)
        *first = (size_t)place->first;
    if (count)
        *count = (size_t)place->count;
    sl_views_text(t->views, v, (size_t)place->feature - t->base[v], text, room);
    return true;
}
