/* views_places.c - where the features of one text come from. */
#include "text/views_parts.h"

#include <string.h>

void sl_feature_places_init(sl_feature_places *places, sl_ctx *ctx)
{
    *places = (sl_feature_places){ .ctx = ctx };
    sl_tokens_init(&places->tokens, ctx);
}

void sl_feature_places_free(sl_feature_places *places)
{
    sl_tokens_free(&places->tokens);
    sl_free(places->ctx, places->place);
    *places = (sl_feature_places){ .ctx = places->ctx };
}

/* Where a feature stands in an ascending list that has it. */
static size_t places_index(const int *list, size_t count, int feature)
{
    size_t from = 0, to = count;
    while (to - from > 1) {
        const size_t middle = from + (to - from) / 2;
        if (list[middle] > feature)
            to = middle;
        else
            from = middle;
    }
    return from;
}

static sl_status places_add(sl_feature_places *to, sl_views_row *row, const sl_views *views, int v,
                            size_t before)
{
    const sl_view *view = &views->view[v];
    const size_t room = to->count + row->features, count = row->features;
    if (!count)
        return SL_OK;
    if (room > to->room) {
        sl_feature_place *place = sl_resize(to->ctx, to->place, (room + room / 2) * sizeof *place);
        if (!place)
            return to->ctx->status;
        to->place = place;
        to->room = room + room / 2;
    }
    sl_feature_place *place = to->place + to->count;
    for (size_t i = 0; i < count; i++)
        place[i] = (sl_feature_place){
            .view = v, .feature = row->feature[i], .value = 1, .first = row->first[i], .count = row->span[i]
        };
    to->count += count;
    if (view->kind == VIEWS_DOCUMENTS) /* its numbers come from all n-grams together */
        return SL_OK;
    if (sl_views_weighs(view) && count) { /* the places of a feature share its value evenly */
        if (sl_views_row_weigh(row, view))
            return to->ctx->status;
        memset(row->other, 0, row->features * sizeof *row->other);
        for (size_t i = 0; i < count; i++)
            row->other[places_index(row->feature, row->features, place[i].feature)]++;
        for (size_t i = 0; i < count; i++) {
            const size_t at = places_index(row->feature, row->features, place[i].feature);
            place[i].value = row->value[at] / (sl_real)row->other[at];
        }
    }
    for (size_t i = 0; i < count; i++)
        place[i].feature += (int)before;
    return SL_OK;
}

/* Tokens that are words, and those of them that the view knows, its features having been looked up. */
static void places_known(sl_feature_places *to, const sl_views_row *row, const sl_view *view)
{
    size_t next = 0;
    to->words = to->known = 0;
    for (size_t i = 0; i < row->count; i++) {
        while (next < row->features && (size_t)row->first[next] < i)
            next++;
        const sl_token_kind kind = row->tokens.token[i].kind;
        if (kind == SL_TOKEN_MARK || kind == SL_TOKEN_BREAK)
            continue;
        to->words++;
        to->known += view->kind != VIEWS_CHARACTERS ? row->word[i] >= 0
                                                    : next < row->features && (size_t)row->first[next] == i;
    }
}

sl_status sl_views_places(const sl_views *views, const char *text, size_t length, sl_feature_places *to)
{
    sl_views_row row;
    size_t before = 0;
    int counted = 0; /* the view that says which words are known: the first one of words, else the first */
    while (counted < views->count && views->view[counted].kind != VIEWS_WORDS)
        counted++;
    counted = counted < views->count ? counted : 0;
    sl_views_row_init(&row, to->ctx);
    row.places = true;
    to->count = 0;
    sl_status status = sl_views_row_text(&row, views, text, length);
    for (int v = 0; v < views->count && !status; v++) {
        const sl_view *view = &views->view[v];
        if (view->kind != VIEWS_CHARACTERS)
            sl_views_row_words(&row, view);
        status = sl_views_row_features(&row, view);
        if (!status && v == counted)
            places_known(to, &row, view);
        if (!status)
            status = places_add(to, &row, views, v, before);
        before += view->features;
    }
    const sl_tokens spare = to->tokens; /* the tokens change hands */
    to->tokens = row.tokens;
    row.tokens = spare;
    sl_views_row_free(&row);
    return status;
}
