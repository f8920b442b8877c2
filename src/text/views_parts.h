/* views_parts.h - what the views' files share. */
#ifndef SL_TEXT_VIEWS_PARTS_H
#define SL_TEXT_VIEWS_PARTS_H

#include "core/threads.h"
#include "text/views.h"
#include "text/vocabulary.h"

enum { VIEWS_WORDS, VIEWS_CHARACTERS, VIEWS_DOCUMENTS, VIEWS_KINDS };
/* Places in the option lists; `from` stands behind those that both kinds have. */
enum {
    VIEWS_NGRAMS,
    VIEWS_WEIGHT,
    VIEWS_LEAST,
    VIEWS_MOST,
    VIEWS_HASH,
    VIEWS_ALPHA,
    VIEWS_TOKENS,
    VIEWS_SCALE,
    VIEWS_FROM
};
/* Places in the option list of documents. */
enum {
    VIEWS_DOCUMENT_NGRAMS,
    VIEWS_DOCUMENT_LEAST,
    VIEWS_DOCUMENT_SIZE,
    VIEWS_DOCUMENT_PASSES,
    VIEWS_DOCUMENT_SCALE,
    VIEWS_DOCUMENT_OPTIONS
};
enum { VIEWS_LONGEST = 5 }; /* n of the longest n-grams */
enum { VIEWS_BREAK = -2, VIEWS_UNKNOWN = -1 };
/* Around a word's characters: control characters, which no token has. */
#define VIEWS_BEGIN '\x02'
#define VIEWS_END '\x03'

typedef struct {
    int kind;
    double option[SL_MOST_OPTIONS]; /* of documents those that words have too: its n-grams are made alike */
    double document[VIEWS_DOCUMENT_OPTIONS]; /* of documents its own list */
    sl_weigh weigh;
    char name[24];
    sl_vocabulary words; /* words; of characters the n-grams themselves */
    sl_pairs pairs;      /* n-grams of words, level after level; their features come behind the words */
    size_t
        level[VIEWS_LONGEST + 1]; /* level[n]: features up to n-grams of n words; of characters all are [1] */
    size_t features;              /* with those that are buckets */
    size_t occurring;             /* different ones in the training rows, before the rare ones went */
    int *count;                   /* [level[N]] how often each occurs; at most INT_MAX */
    sl_real *weight;              /* [features]: idf, or the log-count ratio; NULL: neither */
    sl_real *vector;              /* of documents: [level[N], features]; NULL: it is none */
    size_t texts;                 /* of documents: so many taught the vectors; they are what count[] counts */
} sl_view;

struct sl_views {
    sl_ctx *ctx;
    size_t users;
    sl_tokenizer tokenizer;
    int count;
    sl_view view[SL_MOST_VIEWS];
    uint64_t digest; /* of all that is here: what was encoded by equal views is as good */
};

extern const sl_option sl_views_word_options[9], sl_views_character_options[10], sl_views_document_options[6];
static inline const sl_option *sl_views_options(int kind)
{
    return kind == VIEWS_WORDS        ? sl_views_word_options
           : kind == VIEWS_CHARACTERS ? sl_views_character_options
                                      : sl_views_document_options;
}
const char *sl_views_kind_name(int kind);
/* Reads words into empty views: options, names, tokenizer. */
sl_status sl_views_read(sl_ctx *ctx, sl_views *views, const char *words, const char *tokenizer,
                        sl_weigh normal);
/* The view's words, with its options. */
void sl_views_put_words(const sl_view *view, sl_text *to);
/* Fits views that were read to these rows; more, earlier: as in sl_views_fit. */
sl_status sl_views_learn(sl_ctx *ctx, sl_views *views, const sl_data *train, const sl_data *more,
                         const sl_views *earlier);
/* *to = a copy in ctx's memory; what failed can be freed. */
sl_status sl_views_copy_view(sl_ctx *ctx, sl_view *to, const sl_view *from);
/* Features are numbered over all views: SL_EINVAL where an int would not do. */
sl_status sl_views_check_size(sl_ctx *ctx, const sl_views *views);
void sl_views_digest(sl_views *views);
bool sl_views_weighs(const sl_view *view); /* lists have values */

/* --- one text (views_row.c) --- */

/* A worker's memory: a text's tokens, then the features of one view. */
typedef struct {
    sl_ctx *ctx;
    sl_tokens tokens;
    size_t count, room; /* tokens */
    uint64_t *hash;     /* [count] of each token */
    int *word;          /* [count] its number in the view's words; VIEWS_UNKNOWN, VIEWS_BREAK */
    const char **text;  /* [count] */
    size_t *length;
    int *gram;         /* [VIEWS_LONGEST, count] */
    size_t *slot;      /* [count] */
    int *feature;      /* [features] */
    int *first, *span; /* [features] tokens that each comes from; NULL unless `places` */
    size_t features, feature_room;
    bool places;
    sl_real *value; /* [features] */
    size_t value_room;
    double *raw; /* [features] */
    uint32_t *other;
} sl_views_row;
void sl_views_row_init(sl_views_row *row, sl_ctx *ctx);
void sl_views_row_free(sl_views_row *row);
/* Room for so many tokens; count is set. */
sl_status sl_views_row_room(sl_views_row *row, size_t count);
/* Room for so many features. */
sl_status sl_views_row_feature_room(sl_views_row *row, size_t wanted);
/* Tokens, hashes and texts of a text. */
sl_status sl_views_row_text(sl_views_row *row, const sl_views *views, const char *text, size_t length);
/* word[] from the texts. */
void sl_views_row_words(sl_views_row *row, const sl_view *view);
/* feature[] from word[] (and hash[], text[]): every occurrence, in the text's order. */
sl_status sl_views_row_features(sl_views_row *row, const sl_view *view);
/* feature[] once each, ascending. */
sl_status sl_views_row_once(sl_views_row *row);
/* Of n-grams that stand in feature[] the vector of a view of documents: feature[] and value[]; none: nothing.
 */
sl_status sl_views_row_vector(sl_views_row *row, const sl_view *view);
/* feature[] once each, ascending, and value[] with length 1; nothing where the view has no weights. */
sl_status sl_views_row_weigh(sl_views_row *row, const sl_view *view);
/* The first tokens that a view looks at. */
size_t sl_views_row_most(const sl_views_row *row, const sl_view *view);

/* A word with its ends, and where its characters begin (the last: where it ends); returns how many. */
enum { VIEWS_SPELT = 8192 };
size_t sl_views_spell(const char *word, size_t length, char *spelt, size_t *place);

/* --- threads (views_crew.c): each worker has a context, so that it can have memory of its own --- */

typedef struct sl_views_crew sl_views_crew;
sl_views_crew *sl_views_crew_new(sl_ctx *ctx);
sl_ctx *sl_views_crew_ctx(sl_views_crew *crew, int worker);
int sl_views_crew_size(const sl_views_crew *crew);
/* As sl_pool_run on the context's threads; then the workers' first failure is the context's. */
sl_status sl_views_crew_run(sl_views_crew *crew, size_t tasks, sl_task *run, void *argument);
void sl_views_crew_free(sl_views_crew *crew); /* with all memory of its contexts. NULL is fine */

/* --- all rows (views_corpus.c) --- */

/* The training rows' tokens as numbers of different ones, whose own order is left to chance. */
typedef struct {
    sl_ctx *ctx;
    size_t rows, tokens, distinct;
    size_t *offset;      /* [rows + 1] */
    int *id;             /* [tokens]; VIEWS_BREAK */
    sl_vocabulary words; /* [distinct] */
    uint64_t *hash;      /* [distinct] */
} sl_views_corpus;
/* more: further rows behind those of data, NULL: none. */
sl_status sl_views_corpus_read(sl_views_corpus *corpus, sl_ctx *ctx, const sl_views *views,
                               const sl_data *data, const sl_data *more);
/* The first rows alone, or all again. */
void sl_views_corpus_take(sl_views_corpus *corpus, size_t rows);
void sl_views_corpus_free(sl_views_corpus *corpus);
/* Tokens of a row that the view looks at. */
size_t sl_views_corpus_most(const sl_views_corpus *corpus, const sl_view *view, size_t row);

/* The vocabulary of one view. became [corpus->distinct]: the number in the view's words, or VIEWS_UNKNOWN. */
sl_status sl_views_fit_words(const sl_views_corpus *corpus, sl_view *view, int *became);
sl_status sl_views_fit_characters(const sl_views_corpus *corpus, sl_view *view);
/* n-grams of 2 words and more (views_levels.c). */
sl_status sl_views_fit_levels(sl_ctx *ctx, const sl_views_corpus *corpus, sl_view *view, const int *became);
/* Keeps the `most` most frequent features. */
sl_status sl_views_cut(sl_ctx *ctx, sl_view *view, size_t most);
/* A row's features, as sl_views_row_features gives them. became: NULL of characters. */
sl_status sl_views_corpus_features(const sl_views_corpus *corpus, const sl_view *view, const int *became,
                                   sl_views_row *row, size_t number);
/* The vectors of a view of documents, whose n-grams are known (views_documents.c). */
sl_status sl_views_fit_documents(sl_ctx *ctx, const sl_views_corpus *corpus, sl_view *view,
                                 const int *became);
/* weight[] of tfidf and nb (views_weights.c). y [rows]: classes, NULL without. */
sl_status sl_views_fit_weights(sl_ctx *ctx, const sl_views_corpus *corpus, sl_view *view, const int *became,
                               const int *y, int classes);
/* The log-count ratio of one feature: count [classes] rows that have it, all [classes] features of their
 * rows. */
double sl_views_ratio(const int *count, const uint64_t *all, int classes, double features, double alpha);

/* --- lists of many rows (views_lists.c) --- */

typedef struct {
    sl_ctx *ctx;
    size_t rows;
    size_t *offset; /* [rows + 1] */
    int *id;
    sl_real *value; /* NULL: none */
} sl_views_lists;
void sl_views_lists_free(sl_views_lists *lists);
/* One row's features, by a worker: into row->feature, row->value. The lists are ctx's memory, which may be
 * another context than the crew's; that one, or ctx, has the error. */
typedef sl_status sl_views_make(void *argument, sl_views_row *row, int worker, size_t number);
sl_status sl_views_lists_make(sl_views_lists *lists, sl_ctx *ctx, sl_views_crew *crew, size_t rows,
                              bool valued, sl_views_make *make, void *argument);

#endif
