/* corpus.h - texts as one sequence of word numbers, and the words they are numbers of. */
#ifndef SL_TEXT_CORPUS_H
#define SL_TEXT_CORPUS_H

#include "data/dictionary.h"
#include "text/skipgram.h"
#include "text/tokenizer.h"

typedef struct {
    sl_ctx *ctx;
    sl_tokenizer tokenizer;
    sl_tokens tokens; /* of one text */
    sl_dictionary words;
    uint64_t *times; /* [words.count] */
    int *id;         /* [count] */
    size_t count, room, times_room, texts;
} sl_corpus;

void sl_corpus_init(sl_corpus *corpus, sl_ctx *ctx, const sl_tokenizer *tokenizer);
void sl_corpus_free(sl_corpus *corpus);
/* Its words, and a break behind them. text: UTF-8. */
sl_status sl_corpus_add(sl_corpus *corpus, const char *text, size_t length);
/* All texts of a source: sl_vectors_train says which there are. */
sl_status sl_corpus_read(sl_corpus *corpus, const char *source);
/* Words that occur less often than `least` go; the others are numbered anew, the most frequent first, equally
 * frequent ones as they came. SL_EINVAL: none is left, or only one. */
sl_status sl_corpus_rank(sl_corpus *corpus, uint64_t least);

/* The character n-grams, from <= n <= to, of each word between < and >, by their hashes (Bojanowski, Grave,
 * Joulin, Mikolov: "Enriching word vectors with subword information", 2017): rows behind the words' own. Sets
 * feature, from and rows of `text`; memory of ctx, freed with sl_free. */
sl_status sl_subwords(sl_ctx *ctx, const sl_dictionary *words, int from, int to, int **feature,
                      size_t **start, size_t *rows);

#endif
