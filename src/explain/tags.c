/* tags.c - what can be counted in texts and might be why a model is wrong: their length, words that it does
 * not know, words that turn a sentence round. */
#include "core/sort.h"
#include "explain/explain.h"

#include <string.h>

enum { TAGS_COLUMNS = 7, TAGS_LONGEST = 64 };

/* English, as it is folded by the tokenizer, or not. An apostrophe may be the curved one. */
static const char *const tags_negations[] = { "not",     "no",   "never",         "without", "nothing",
                                              "nobody",  "none", "neither",       "nor",     "cannot",
                                              "nowhere", "n't",  "n\xe2\x80\x99t" };
static const char *const tags_contrasts[] = { "but", "however", "although", "though", "yet", "nevertheless" };

/* The token with its ASCII letters small; false: it is longer than any that is looked for. */
static bool tags_small(const sl_token *token, char text[TAGS_LONGEST], size_t *length)
{
    if (token->length >= TAGS_LONGEST)
        return false;
    for (size_t i = 0; i < token->length; i++)
        text[i] =
            (char)(token->text[i] >= 'A' && token->text[i] <= 'Z' ? token->text[i] + 32 : token->text[i]);
    text[ *length = token->length] = 0;
    return true;
}

static bool tags_among(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(text, words[i]))
            return true;
    return false;
}

static bool tags_ends(const char *text, size_t length, const char *end)
{
    const size_t bytes = strlen(end);
    return length > bytes && !memcmp(text + length - bytes, end, bytes);
}

static bool tags_negates(const sl_token *token)
{
    char text[TAGS_LONGEST];
    size_t length;
    return tags_small(token, text, &length) &&
           (tags_among(text, tags_negations, sizeof tags_negations / sizeof *tags_negations) ||
            tags_ends(text, length, "n't") || tags_ends(text, length, "n\xe2\x80\x99t"));
}

static bool tags_turns(const sl_token *token)
{
    char text[TAGS_LONGEST];
    size_t length;
    return tags_small(token, text, &length) &&
           tags_among(text, tags_contrasts, sizeof tags_contrasts / sizeof *tags_contrasts);
}

static int tags_by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One text: words, unknown, and what is found in it. */
static void tags_look(const sl_feature_places *places, double row[TAGS_COLUMNS])
{
    memset(row, 0, TAGS_COLUMNS * sizeof *row);
    row[0] = (double)places->words;
    row[1] = places->words ? (double)(places->words - places->known) / (double)places->words : 0;
    for (size_t i = 0; i < places->tokens.count; i++) {
        const sl_token *token = &places->tokens.token[i];
        const bool followed = i + 1 < places->tokens.count && token[1].kind == SL_TOKEN_WORD;
        if (token->kind != SL_TOKEN_WORD)
            continue;
        if (followed && tags_negates(token))
            row[4] = 1;
        if (tags_turns(token))
            row[6] = 1;
    }
}

sl_report *sl_text_tags(sl_ctx *ctx, const sl_model *model, const sl_data *data)
{
    static const char *const names[] = { "words",    "unknown_share", "short",   "long",
                                         "negation", "unknown",       "contrast" };
    if (sl_explain_ready(ctx, model, data, "sl_text_tags"))
        return NULL;
    const size_t rows = data->rows;
    sl_report *report = sl_report_new(ctx);
    double(*row)[TAGS_COLUMNS] = sl_alloc_array(ctx, rows, sizeof *row);
    double *sizes = sl_alloc_array(ctx, rows, sizeof *sizes), unknown = 0;
    sl_feature_places places;
    sl_feature_places_init(&places, ctx);
    for (int c = 0; report && c < TAGS_COLUMNS && !ctx->status; c++)
        sl_report_add_column(report, names[c]);
    for (size_t i = 0; i < rows && !ctx->status; i++) {
        size_t length;
        const char *text = sl_data_words(data, i, &length);
        if (sl_views_places(model->views, text, length, &places))
            break;
        tags_look(&places, row[i]);
        sizes[i] = row[i][0];
        unknown += row[i][1];
    }
    if (!ctx->status && rows)
        sl_sort(sizes, rows, sizeof *sizes, tags_by_size);
    for (size_t i = 0; i < rows && !ctx->status; i++) {
        row[i][2] = row[i][0] < sizes[rows / 4];
        row[i][3] = row[i][0] > sizes[rows - 1 - rows / 4];
        row[i][5] = row[i][1] > 2 * unknown / (double)rows;
        sl_report_add_row(report, row[i]);
    }
    sl_feature_places_free(&places);
    sl_free(ctx, row);
    sl_free(ctx, sizes);
    if (!ctx->status)
        return report;
    sl_report_free(report);
    return NULL;
}
