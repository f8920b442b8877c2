/* views_row.c - one text: its tokens, and the features of a view. */
#include "kernel/math.h"
#include "text/views_parts.h"

#include <math.h>
#include <string.h>

void sl_views_row_init(sl_views_row *row, sl_ctx *ctx)
{
    *row = (sl_views_row){ .ctx = ctx };
    sl_tokens_init(&row->tokens, ctx);
}

void sl_views_row_free(sl_views_row *row)
{
    sl_tokens_free(&row->tokens);
    void *const blocks[] = {
        row->hash,    row->word,  row->text, (void *)row->length, row->gram, row->slot,
        row->feature, row->first, row->span, row->value,          row->raw,  row->other
    };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        sl_free(row->ctx, blocks[i]);
    *row = (sl_views_row){ .ctx = row->ctx };
}

/* A new block in place of an old one whose contents are no longer wanted. */
static bool row_block(sl_ctx *ctx, void *block, size_t count, size_t size)
{
    void **at = block;
    sl_free(ctx, *at);
    *at = NULL;
    *at = sl_alloc_unset(ctx, count * size);
    return *at != NULL;
}

sl_status sl_views_row_room(sl_views_row *row, size_t count)
{
    row->count = count;
    if (count <= row->room)
        return SL_OK;
    const size_t room = count + count / 2 + 64;
    row->room = 0;
    if (!row_block(row->ctx, &row->hash, room, sizeof *row->hash) ||
        !row_block(row->ctx, &row->word, room, sizeof *row->word) ||
        !row_block(row->ctx, &row->text, room, sizeof *row->text) ||
        !row_block(row->ctx, &row->length, room, sizeof *row->length) ||
        !row_block(row->ctx, &row->gram, room * VIEWS_LONGEST, sizeof *row->gram) ||
        !row_block(row->ctx, &row->slot, room, sizeof *row->slot))
        return row->ctx->status;
    row->room = room;
    return SL_OK;
}

sl_status sl_views_row_text(sl_views_row *row, const sl_views *views, const char *text, size_t length)
{
    if (sl_tokenize(&views->tokenizer, text, length, &row->tokens) ||
        sl_views_row_room(row, row->tokens.count))
        return row->ctx->status;
    for (size_t i = 0; i < row->count; i++) {
        const sl_token *token = &row->tokens.token[i];
        row->text[i] = token->text;
        row->length[i] = token->length;
        row->word[i] = token->kind == SL_TOKEN_BREAK ? VIEWS_BREAK : VIEWS_UNKNOWN;
        row->hash[i] = sl_text_hash(token->text, token->length);
    }
    return SL_OK;
}

void sl_views_row_words(sl_views_row *row, const sl_view *view)
{
    enum { AHEAD = 8 };
    for (size_t i = 0; i < row->count; i++) {
        if (i + AHEAD < row->count)
            sl_vocabulary_prefetch(&view->words, row->hash[i + AHEAD]);
        if (row->word[i] == VIEWS_BREAK)
            continue;
        const size_t found = sl_vocabulary_find(&view->words, row->hash[i], row->text[i], row->length[i]);
        row->word[i] = found == SIZE_MAX ? VIEWS_UNKNOWN : (int)found;
    }
}

size_t sl_views_row_most(const sl_views_row *row, const sl_view *view)
{
    size_t left = (size_t)view->option[VIEWS_TOKENS], at = 0;
    if (!left)
        return row->count;
    for (; at < row->count && left; at++)
        left -= row->word[at] != VIEWS_BREAK;
    return at;
}

sl_status sl_views_row_feature_room(sl_views_row *row, size_t wanted)
{
    if (wanted <= row->feature_room)
        return SL_OK;
    const size_t room = wanted + wanted / 2 + 64;
    int *feature = sl_resize(row->ctx, row->feature, room * sizeof *feature);
    if (!feature)
        return row->ctx->status;
    row->feature = feature;
    if (row->places) {
        int *first = sl_resize(row->ctx, row->first, room * sizeof *first);
        if (!first)
            return row->ctx->status;
        row->first = first;
        int *span = sl_resize(row->ctx, row->span, room * sizeof *span);
        if (!span)
            return row->ctx->status;
        row->span = span;
    }
    row->feature_room = room;
    return SL_OK;
}

static inline void row_add(sl_views_row *row, int feature, size_t first, size_t span)
{
    if (row->places) {
        row->first[row->features] = (int)first;
        row->span[row->features] = (int)span;
    }
    row->feature[row->features++] = feature;
}

static inline int row_bucket(const sl_view *view, uint64_t hash)
{
    return (int)(view->words.count + ((hash >> 32) * (uint64_t)view->option[VIEWS_HASH] >> 32));
}

/* gram[n - 2][i]: the n-gram that ends at token i; all slots are asked for before the first is read. */
static void row_counted(sl_views_row *row, const sl_view *view, size_t count, int ngrams)
{
    const sl_pairs *pairs = &view->pairs;
    const int *before = row->word;
    for (int n = 2; n <= ngrams; n++) {
        int *gram = row->gram + (size_t)(n - 2) * row->room;
        for (size_t i = 1; i < count; i++)
            if (before[i - 1] >= 0 && row->word[i] >= 0) {
                row->slot[i] = sl_pairs_place(pairs, before[i - 1], row->word[i]);
                sl_pairs_prefetch(pairs, row->slot[i]);
            }
        if (count)
            gram[0] = VIEWS_UNKNOWN;
        for (size_t i = 1; i < count; i++)
            gram[i] = before[i - 1] >= 0 && row->word[i] >= 0
                          ? sl_pairs_find(pairs, row->slot[i], before[i - 1], row->word[i])
                          : VIEWS_UNKNOWN;
        before = gram;
    }
}

static void row_hashed(sl_views_row *row, const sl_view *view, size_t count, int ngrams)
{
    for (int n = 2; n <= ngrams; n++)
        for (size_t i = 0; i < count && i + 1 < (size_t)n; i++)
            row->gram[(size_t)(n - 2) * row->room + i] = VIEWS_UNKNOWN;
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = row->hash[i];
        bool broken = row->word[i] == VIEWS_BREAK;
        for (int n = 2; n <= ngrams && i + (size_t)n <= count; n++) {
            const size_t end = i + (size_t)n - 1;
            broken = broken || row->word[end] == VIEWS_BREAK;
            hash = sl_text_hash_join(hash, row->hash[end]);
            row->gram[(size_t)(n - 2) * row->room + end] = broken ? VIEWS_UNKNOWN : row_bucket(view, hash);
        }
    }
}

static sl_status row_word_features(sl_views_row *row, const sl_view *view, size_t count)
{
    int ngrams = (int)view->option[VIEWS_NGRAMS];
    if (view->option[VIEWS_HASH] > 0)
        row_hashed(row, view, count, ngrams);
    else if (view->pairs.count)
        row_counted(row, view, count, ngrams);
    else
        ngrams = 1;
    if (sl_views_row_feature_room(row, count * (size_t)ngrams))
        return row->ctx->status;
    for (size_t i = 0; i < count; i++) {
        if (row->word[i] >= 0)
            row_add(row, row->word[i], i, 1);
        for (int n = 2; n <= ngrams; n++) {
            const int gram = row->gram[(size_t)(n - 2) * row->room + i];
            if (gram >= 0)
                row_add(row, gram, i + 1 - (size_t)n, (size_t)n);
        }
    }
    return SL_OK;
}

size_t sl_views_spell(const char *word, size_t length, char *spelt, size_t *place)
{
    size_t count = 0;
    spelt[0] = VIEWS_BEGIN;
    memcpy(spelt + 1, word, length);
    spelt[length + 1] = VIEWS_END;
    for (size_t i = 0; i < length + 2; i++)
        if ((spelt[i] & 0xC0) != 0x80)
            place[count++] = i;
    place[count] = length + 2;
    return count;
}

static sl_status row_character_features(sl_views_row *row, const sl_view *view, size_t count)
{
    const size_t from = (size_t)view->option[VIEWS_FROM], to = (size_t)view->option[VIEWS_NGRAMS];
    const bool hashed = view->option[VIEWS_HASH] > 0;
    char spelt[VIEWS_SPELT];
    size_t place[VIEWS_SPELT + 1];
    for (size_t i = 0; i < count; i++) {
        if (row->word[i] == VIEWS_BREAK || row->length[i] + 2 > VIEWS_SPELT)
            continue;
        const size_t letters = sl_views_spell(row->text[i], row->length[i], spelt, place);
        if (sl_views_row_feature_room(row, row->features + letters * (to - from + 1)))
            return row->ctx->status;
        for (size_t start = 0; start < letters; start++)
            for (size_t n = from; n <= to && start + n <= letters; n++) {
                if (n == 1 && (start == 0 || start == letters - 1))
                    continue;
                const char *gram = spelt + place[start];
                const size_t length = place[start + n] - place[start];
                const uint64_t hash = sl_text_hash(gram, length);
                const size_t found = hashed ? (size_t)row_bucket(view, hash)
                                            : sl_vocabulary_find(&view->words, hash, gram, length);
                if (found != SIZE_MAX)
                    row_add(row, (int)found, i, 1);
            }
    }
    return SL_OK;
}

sl_status sl_views_row_features(sl_views_row *row, const sl_view *view)
{
    const size_t count = sl_views_row_most(row, view);
    row->features = 0;
    return view->kind != VIEWS_CHARACTERS ? row_word_features(row, view, count)
                                          : row_character_features(row, view, count);
}

/* Ascending: by insertion, or a byte after the other. */
static void row_sort(int *value, uint32_t *other, size_t count)
{
    if (count <= 48) {
        for (size_t i = 1; i < count; i++) {
            const int moved = value[i];
            size_t to = i;
            for (; to > 0 && value[to - 1] > moved; to--)
                value[to] = value[to - 1];
            value[to] = moved;
        }
        return;
    }
    uint32_t *from = (uint32_t *)value, *into = other, all = 0;
    for (size_t i = 0; i < count; i++)
        all |= from[i];
    for (int shift = 0; shift < 32 && all >> shift; shift += 8) {
        size_t begin[257] = { 0 };
        for (size_t i = 0; i < count; i++)
            begin[(from[i] >> shift & 255) + 1]++;
        for (int b = 0; b < 256; b++)
            begin[b + 1] += begin[b];
        for (size_t i = 0; i < count; i++)
            into[begin[from[i] >> shift & 255]++] = from[i];
        uint32_t *swap = from;
        from = into;
        into = swap;
    }
    if (from == other)
        memcpy(value, other, count * sizeof *value);
}

static sl_status row_value_room(sl_views_row *row)
{
    if (row->value_room >= row->feature_room)
        return SL_OK;
    row->value_room = 0;
    if (!row_block(row->ctx, &row->value, row->feature_room, sizeof *row->value) ||
        !row_block(row->ctx, &row->raw, row->feature_room, sizeof *row->raw) ||
        !row_block(row->ctx, &row->other, row->feature_room, sizeof *row->other))
        return row->ctx->status;
    row->value_room = row->feature_room;
    return SL_OK;
}

sl_status sl_views_row_once(sl_views_row *row)
{
    if (row_value_room(row))
        return row->ctx->status;
    row_sort(row->feature, row->other, row->features);
    size_t kept = 0;
    for (size_t i = 0; i < row->features; i++)
        if (!kept || row->feature[i] != row->feature[kept - 1])
            row->feature[kept++] = row->feature[i];
    row->features = kept;
    return SL_OK;
}

sl_status sl_views_row_weigh(sl_views_row *row, const sl_view *view)
{
    if (!sl_views_weighs(view))
        return SL_OK;
    if (view->kind == VIEWS_DOCUMENTS)
        return sl_views_row_vector(row, view);
    if (row_value_room(row))
        return row->ctx->status;
    row_sort(row->feature, row->other, row->features);
    size_t kept = 0;
    double squares = 0;
    for (size_t i = 0; i < row->features;) {
        const int feature = row->feature[i];
        size_t times = 0;
        for (; i < row->features && row->feature[i] == feature; i++)
            times++;
        double value = view->weight ? (double)view->weight[feature] : 1;
        if (view->weigh == SL_WEIGH_TFIDF && times > 1)
            value *= 1 + sl_log_d((double)times);
        row->feature[kept] = feature;
        row->raw[kept++] = value;
        squares += value * value;
    }
    const double length = squares > 0 ? sqrt(squares) : 1;
    for (size_t i = 0; i < kept; i++)
        row->value[i] = (sl_real)(row->raw[i] / length * view->option[VIEWS_SCALE]);
    row->features = kept;
    return SL_OK;
}
