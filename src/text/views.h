/* views.h - texts become features: n-grams of words or of characters, with weights. A view is one way to do
 * so, with a vocabulary that was taken from the training rows; a model may have several. All of it is in the
 * model file. */
#ifndef SL_TEXT_VIEWS_H
#define SL_TEXT_VIEWS_H

#include "core/json.h"
#include "data/data.h"
#include "tensor/ragged.h"
#include "text/tokenizer.h"

/* What a view's features weigh: NONE: every occurrence stands in the list, in the order of the text, n-grams
 * behind the words that end them; the others: every feature once, ascending, the list's values scaled to
 * length 1 (a text without features: an empty list). A view of documents has the
 * latter form: the same features in all texts, values of length `scale`. */
typedef enum { SL_WEIGH_NONE, SL_WEIGH_BINARY, SL_WEIGH_TFIDF, SL_WEIGH_NB } sl_weigh;

typedef struct sl_views sl_views;

/* words: "words ngrams=2 weight=nb, characters from=3 ngrams=5"; NULL: "words". tokenizer: its words, NULL:
 * the defaults. normal: the weight of views that name none. train: rows that teach, with texts; their classes
 * (data->classes of them, or 0) are what nb goes by. SL_EINVAL: unknown words, nb without classes, more than
 * SL_MOST_VIEWS views; a vocabulary of nothing. more: texts without labels, from which views of documents
 * learn too (NULL: none; SL_EINVAL without such a view). The same for any number of threads. */
sl_views *sl_views_fit(sl_ctx *ctx, const sl_data *train, const char *words, const char *tokenizer,
                       sl_weigh normal, const sl_data *more);
/* The same, but views of documents that earlier (NULL: none) has too, with the same options, are taken from
 * there: they take long to learn, and no labels. */
sl_views *sl_views_refit(sl_ctx *ctx, const sl_data *train, const char *words, const char *tokenizer,
                         sl_weigh normal, const sl_data *more, const sl_views *earlier);
/* Checks `words` and `tokenizer` alone. */
sl_status sl_views_check_words(sl_ctx *ctx, const char *words, const char *tokenizer);
/* Is there a view of documents? Of words alone: SL_EINVAL as above. */
bool sl_views_learns_documents(const sl_views *views);
bool sl_views_words_learn_documents(sl_ctx *ctx, const char *words);
/* For sl_catalogue: the kinds of views. */
bool sl_views_catalogue(size_t index, sl_word *word);
void sl_views_free(sl_views *views); /* NULL is fine */
sl_views *sl_views_copy(sl_ctx *ctx, const sl_views *views);

int sl_views_count(const sl_views *views);
const char *sl_views_name(const sl_views *views, int view); /* "words", "characters", "words_2" */
/* SL_EINVAL names the views there are. NULL: -1, which stands for all. */
sl_status sl_views_find(sl_ctx *ctx, const sl_views *views, const char *name, int *view);
size_t sl_views_size(const sl_views *views, int view); /* features; view -1: of all together */
sl_weigh sl_views_weigh(const sl_views *views, int view);
const sl_tokenizer *sl_views_tokenizer(const sl_views *views);
/* The feature's text, for people: "not good"; of a hashed one "#1234". At most room - 1 bytes, closed;
 * returns how many there are. view -1: numbered over all. */
size_t sl_views_text(const sl_views *views, int view, size_t feature, char *text, size_t room);
/* The feature of one whole word as it stands in the vocabulary; SIZE_MAX: none. */
size_t sl_views_word(const sl_views *views, int view, const char *word, size_t length);
/* A sentence for people: "1-3-grams of words: 1,203,444 of 4,912,003 that occur, weighted by .. ". */
void sl_views_describe(const sl_views *views, sl_text *text);

/* The lists of these rows of data. On the threads of ctx. Rows whose store was encoded before (below) are
 * copied, others are tokenized here. */
sl_status sl_views_gather(sl_ctx *ctx, const sl_views *views, const sl_data *data, const size_t *rows,
                          size_t count, sl_ragged *to);
/* Encodes all rows of data's store once and keeps them with it, for epochs that want them again; what an
 * earlier call kept there for other views goes. Not while another thread gathers. */
sl_status sl_views_encode(sl_ctx *ctx, const sl_views *views, const sl_data *data);

/* Where the features of one text come from, for explanations. */
typedef struct {
    int view;         /* which one */
    int feature;      /* numbered over all views; of a view of documents the n-gram's number in it */
    sl_real value;    /* 1 where the view has no weights; of a feature that occurs several times its share */
    int first, count; /* tokens tokens.token[first .. first + count - 1]                        */
} sl_feature_place;
typedef struct {
    sl_ctx *ctx;
    sl_tokens tokens;
    sl_feature_place *place;
    size_t count, room;
    size_t known, words; /* tokens other than breaks and marks, and those of them that the vocabulary has */
} sl_feature_places;
void sl_feature_places_init(sl_feature_places *places, sl_ctx *ctx);
void sl_feature_places_free(sl_feature_places *places);
sl_status sl_views_places(const sl_views *views, const char *text, size_t length, sl_feature_places *to);

/* Of a view of documents: what its features are worth for a text of these n-grams (of sl_views_places, in any
 * order, also several times): values [size of the view], *known false: there are none, the list is empty. */
bool sl_views_is_documents(const sl_views *views, int view);
sl_status sl_views_vector(sl_ctx *ctx, const sl_views *views, int view, const int *grams, size_t count,
                          sl_real *values, bool *known);

/* --- in a model file: a JSON object, and tensors whose names begin with "views." (model/file_views.c) --- */
void sl_views_put(const sl_views *views, sl_text *json);

#endif
