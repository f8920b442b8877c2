/* file_views.c - see file_views.h */
#include "model/file_views.h"
#include "text/views_parts.h"

#include <stdio.h>
#include <string.h>

static void file_views_name(char name[48], int view, const char *what)
{
    snprintf(name, 48, "views.%d.%s", view, what);
}

static sl_status file_views_put(const sl_view *view, int v, sl_safetensors_writer *writer, sl_arena *memory)
{
    sl_ctx *ctx = writer->ctx;
    char name[48];
    const size_t words = view->words.count, bytes = words ? view->words.offset[words] : 0;
    if (bytes > INT32_MAX || words >= INT32_MAX)
        return sl_fail(ctx, SL_EINVAL,
                       "view %s: a vocabulary of %zu bytes: a file takes 2^31; set most=", view->name, bytes);
    int64_t *offset = sl_arena_take(memory, (words + 1) * sizeof *offset);
    if (!offset)
        return ctx->status;
    for (size_t i = 0; i <= words; i++)
        offset[i] = words ? (int64_t)view->words.offset[i] : 0;
    file_views_name(name, v, "text");
    sl_safetensors_put(writer, name, SL_U8, (sl_shape){ 1, { (int)bytes } }, words ? view->words.text : "");
    file_views_name(name, v, "offsets");
    sl_safetensors_put(writer, name, SL_I64, (sl_shape){ 1, { (int)words + 1 } }, offset);
    const int counted = (int)view->level[VIEWS_LONGEST];
    if (view->pairs.count) {
        file_views_name(name, v, "pairs");
        sl_safetensors_put(writer, name, SL_I32, (sl_shape){ 2, { (int)view->pairs.count, 2 } },
                           view->pairs.pair);
    }
    if (counted) {
        file_views_name(name, v, "counts");
        sl_safetensors_put(writer, name, SL_I32, (sl_shape){ 1, { counted } }, view->count);
    }
    if (view->weight) {
        file_views_name(name, v, "weights");
        sl_safetensors_put(writer, name, SL_DTYPE_REAL, (sl_shape){ 1, { (int)view->features } },
                           view->weight);
    }
    if (view->vector) {
        file_views_name(name, v, "vectors");
        sl_safetensors_put(writer, name, SL_DTYPE_REAL, (sl_shape){ 2, { counted, (int)view->features } },
                           view->vector);
    }
    return ctx->status;
}

sl_status sl_views_put_tensors(const sl_views *views, sl_safetensors_writer *writer, sl_arena *memory)
{
    for (int v = 0; v < views->count; v++)
        if (file_views_put(&views->view[v], v, writer, memory))
            break;
    return writer->ctx->status;
}

static sl_status file_views_wrong(sl_ctx *ctx, const sl_safetensors *file, int v, const char *what)
{
    return sl_fail(ctx, SL_EFORMAT, "%s: view %d: %s: the file is damaged", file->name, v, what);
}

/* All of a tensor of whole numbers; NULL and the context's error. */
static int64_t *file_views_numbers(sl_ctx *ctx, const sl_safetensors *file, int v, const char *what,
                                   size_t *count)
{
    char name[48];
    file_views_name(name, v, what);
    const sl_safetensor *tensor = sl_safetensors_need(file, name);
    int64_t *numbers = tensor ? sl_alloc_array(ctx, tensor->count, sizeof *numbers) : NULL;
    if (numbers && sl_safetensors_copy_integers(tensor, numbers, tensor->count)) {
        sl_free(ctx, numbers);
        numbers = NULL;
    }
    *count = numbers ? tensor->count : 0;
    return numbers;
}

static sl_status file_views_words(sl_ctx *ctx, const sl_safetensors *file, int v, sl_view *view)
{
    char name[48];
    size_t places = 0;
    file_views_name(name, v, "text");
    const sl_safetensor *text = sl_safetensors_need(file, name);
    int64_t *offset = text ? file_views_numbers(ctx, file, v, "offsets", &places) : NULL;
    if (offset &&
        (text->dtype != SL_U8 || !places || offset[0] || (uint64_t)offset[places - 1] != text->size))
        file_views_wrong(ctx, file, v, "its words do not fill their text");
    for (size_t w = 0; offset && w + 1 < places && !ctx->status; w++) {
        if (offset[w + 1] <= offset[w] || (uint64_t)offset[w + 1] > text->size) {
            file_views_wrong(ctx, file, v, "a word has no length");
            break;
        }
        const char *word = (const char *)text->bytes + offset[w];
        const size_t length = (size_t)(offset[w + 1] - offset[w]);
        for (size_t at = 0, used; at < length && !ctx->status; at += used) {
            const bool ends = word[at] == VIEWS_BEGIN || word[at] == VIEWS_END;
            if (!(used = sl_utf8_length(word + at, length - at)))
                file_views_wrong(ctx, file, v, "a word is not UTF-8");
            else if ((unsigned char)word[at] < 0x20 && !(ends && view->kind == VIEWS_CHARACTERS))
                file_views_wrong(ctx, file, v, "a word has a control character");
        }
        if (!ctx->status && sl_vocabulary_add(&view->words, sl_text_hash(word, length), word, length) != w)
            file_views_wrong(ctx, file, v, "a word is there twice");
    }
    sl_free(ctx, offset);
    return ctx->status;
}

static sl_status file_views_pairs(sl_ctx *ctx, const sl_safetensors *file, int v, sl_view *view)
{
    size_t numbers = 0;
    const size_t words = view->words.count, pairs = view->level[VIEWS_LONGEST] - words;
    int64_t *number = file_views_numbers(ctx, file, v, "pairs", &numbers);
    if (number && numbers != pairs * 2)
        file_views_wrong(ctx, file, v, "it has another number of n-grams");
    view->pairs.pair = ctx->status ? NULL : sl_alloc_array(ctx, pairs, sizeof *view->pairs.pair);
    for (size_t i = 0, n = 2; i < pairs && !ctx->status; i++) {
        while (words + i >= view->level[n]) /* an n-gram's first words are one of the level before */
            n++;
        const int64_t prefix = number[2 * i], word = number[2 * i + 1];
        if (prefix < (int64_t)(n > 2 ? view->level[n - 2] : 0) || prefix >= (int64_t)view->level[n - 1] ||
            word < 0 || word >= (int64_t)words)
            file_views_wrong(ctx, file, v, "an n-gram has words that it lacks");
        else
            view->pairs.pair[i] = (sl_pair){ (int)prefix, (int)word };
    }
    sl_free(ctx, number);
    view->pairs.count = pairs;
    view->pairs.first = words;
    bool unique = true;
    if (!ctx->status && !sl_pairs_index(&view->pairs, &unique) && !unique)
        file_views_wrong(ctx, file, v, "an n-gram is there twice");
    return ctx->status;
}

static sl_status file_views_counts(sl_ctx *ctx, const sl_safetensors *file, int v, sl_view *view)
{
    size_t counted = 0;
    int64_t *count = file_views_numbers(ctx, file, v, "counts", &counted);
    if (count && counted != view->level[VIEWS_LONGEST])
        file_views_wrong(ctx, file, v, "it has another number of counts");
    view->count = ctx->status ? NULL : sl_alloc_array(ctx, counted, sizeof *view->count);
    for (size_t i = 0; i < counted && !ctx->status; i++) {
        if (count[i] < 1 || count[i] > INT32_MAX)
            file_views_wrong(ctx, file, v, "a count is none");
        else
            view->count[i] = (int)count[i];
    }
    sl_free(ctx, count);
    return ctx->status;
}

static sl_status file_views_weights(sl_ctx *ctx, const sl_safetensors *file, int v, sl_view *view)
{
    char name[48];
    file_views_name(name, v, "weights");
    const sl_safetensor *weights = sl_safetensors_need(file, name);
    if (weights && weights->count != view->features) /* before memory is asked for */
        return file_views_wrong(ctx, file, v, "it has another number of weights");
    view->weight = weights ? sl_alloc_array(ctx, view->features, sizeof *view->weight) : NULL;
    if (!view->weight || sl_safetensors_copy_reals(weights, view->weight, view->features))
        return ctx->status;
    for (size_t i = 0; i < view->features; i++)
        if (view->weight[i] - view->weight[i] != 0)
            return file_views_wrong(ctx, file, v, "a weight is no number");
    return SL_OK;
}

static sl_status file_views_vectors(sl_ctx *ctx, const sl_safetensors *file, int v, sl_view *view)
{
    char name[48];
    const size_t grams = view->level[VIEWS_LONGEST];
    file_views_name(name, v, "vectors");
    const sl_safetensor *vectors = sl_safetensors_need(file, name);
    if (vectors && (vectors->shape.rank != 2 || (size_t)vectors->shape.dim[0] != grams ||
                    (size_t)vectors->shape.dim[1] != view->features)) /* before memory is asked for */
        return file_views_wrong(ctx, file, v, "it has vectors of another shape");
    view->vector = vectors ? sl_alloc_array(ctx, grams, view->features * sizeof *view->vector) : NULL;
    if (!view->vector || sl_safetensors_copy_reals(vectors, view->vector, grams * view->features))
        return ctx->status;
    for (size_t i = 0; i < grams * view->features; i++)
        if (!(view->vector[i] <= 2 && view->vector[i] >= -2)) /* differences of vectors of length 1 */
            return file_views_wrong(ctx, file, v, "a number of a vector is none, or too large");
    return SL_OK;
}

/* How many n-grams there are of each length, as the JSON says; the words have been read. */
static sl_status file_views_levels(sl_ctx *ctx, const sl_safetensors *file, const sl_json *json, int v,
                                   sl_view *view)
{
    const int ngrams =
        view->kind != VIEWS_CHARACTERS && view->option[VIEWS_HASH] == 0 ? (int)view->option[VIEWS_NGRAMS] : 1;
    const sl_json *levels = sl_json_get(json, "levels"), *level = levels ? levels->first : NULL;
    size_t before = view->words.count;
    for (int n = 1; n <= VIEWS_LONGEST; n++, level = level->next) {
        uint64_t number;
        if (!level || !sl_json_whole(level, &number) || number < before || number > INT32_MAX ||
            (n > ngrams ? number != before : n == 1 && number != view->words.count))
            return file_views_wrong(ctx, file, v, "how many n-grams it has makes no sense");
        view->level[n] = before = (size_t)number;
    }
    const bool hashed = view->kind == VIEWS_CHARACTERS || view->option[VIEWS_NGRAMS] > 1;
    const double features = view->kind == VIEWS_DOCUMENTS
                                ? before ? view->document[VIEWS_DOCUMENT_SIZE] : 0
                                : (double)before + (hashed ? view->option[VIEWS_HASH] : 0);
    if (features < 1 || features > INT32_MAX)
        return file_views_wrong(ctx, file, v, "how many features it has makes no sense");
    view->features = (size_t)features;
    view->occurring = (size_t)sl_json_uint64(json, "occurring", 0);
    view->texts = (size_t)sl_json_uint64(json, "texts", 0);
    return SL_OK;
}

static sl_status file_views_take(sl_ctx *ctx, const sl_safetensors *file, const sl_json *json, int v,
                                 sl_view *view)
{
    if (file_views_words(ctx, file, v, view) || file_views_levels(ctx, file, json, v, view))
        return ctx->status;
    if (view->level[VIEWS_LONGEST] > view->words.count && file_views_pairs(ctx, file, v, view))
        return ctx->status;
    if (view->level[VIEWS_LONGEST] && file_views_counts(ctx, file, v, view))
        return ctx->status;
    if (view->kind == VIEWS_DOCUMENTS)
        return file_views_vectors(ctx, file, v, view);
    return view->weigh == SL_WEIGH_TFIDF || view->weigh == SL_WEIGH_NB
               ? file_views_weights(ctx, file, v, view)
               : SL_OK;
}

sl_views *sl_views_take(sl_ctx *ctx, const sl_safetensors *file, const sl_json *json)
{
    sl_views *views = sl_alloc(ctx, sizeof *views);
    const sl_json *list = sl_json_get(json, "views");
    sl_text words;
    if (!views)
        return NULL;
    views->ctx = ctx;
    views->users = 1;
    sl_text_init(&words, ctx);
    for (const sl_json *e = list && list->kind == SL_JSON_ARRAY ? list->first : NULL; e; e = e->next)
        sl_text_add(&words, "%s%s", words.length ? ", " : "", sl_json_string(e, "words", "?"));
    if (!words.length)
        sl_fail(ctx, SL_EFORMAT, "%s: its views are no list: the file is damaged", file->name);
    else if (sl_views_read(ctx, views, sl_text_string(&words), sl_json_string(json, "tokenizer", ""),
                           SL_WEIGH_NONE)) {
        sl_fail_at(ctx, file->name);
        ctx->status = ctx->status == SL_EINVAL ? SL_EFORMAT : ctx->status;
    } else if ((size_t)views->count != list->count)
        sl_fail(ctx, SL_EFORMAT, "%s: its views are not one word each: the file is damaged", file->name);
    sl_text_free(&words);
    const sl_json *e = ctx->status ? NULL : list->first;
    for (int v = 0; e && !ctx->status; e = e->next, v++)
        file_views_take(ctx, file, e, v, &views->view[v]);
    if (ctx->status) {
        sl_views_free(views);
        return NULL;
    }
    sl_views_digest(views);
    return views;
}
