/* skipgram.h - word vectors from sequences of word numbers: skip-gram and CBOW with negative sampling
 * (Mikolov, Sutskever, Chen, Corrado, Dean: "Distributed representations of words and phrases and their
 * compositionality", NIPS 2013); the words of a window share their negatives (Ji, Satish, Li, Dubey:
 * "Parallelizing word2vec in shared and distributed memory", 2016), which are then products of a few rows
 * with a few rows. The sequence is cut into SKIPGRAM_SHARDS equal parts, whatever the threads. In a round
 * each part's next few words are learned one after the other on copies of the rows they touch; then what
 * every part has changed is added up, part by part. So the same numbers come out for any number of threads.
 */
#ifndef SL_TEXT_SKIPGRAM_H
#define SL_TEXT_SKIPGRAM_H

#include "core/ctx.h"

enum {
    SL_SKIPGRAM_BREAK = -1, /* in a sequence: no window reaches over it */
    SL_SKIPGRAM_MOST = 50   /* words on either side of a window; negatives */
};

typedef struct {
    const int *id; /* [count] word numbers, or SL_SKIPGRAM_BREAK */
    size_t count;
    const uint64_t *times; /* [words]: how often each occurs */
    size_t words;
    /* The rows of the input table that make up word w: its own, w, and feature[from[w]] .. feature[from[w +
     * 1] - 1], from `words` to rows - 1. from NULL: its own alone. */
    const int *feature;
    const size_t *from;
    size_t rows;
} sl_skipgram_text;

typedef struct {
    bool cbow;
    int size, window, negatives, epochs;
    double sample, rate; /* sample 0: every word counts. rate: falls to 0 */
    /* Called after some rounds; not 0: stop, SL_ESTOPPED. done, all: words of the text, all epochs together;
     * loss: of a pair, lately. NULL: nobody wants to know */
    int (*progress)(void *user, double done, double all, double loss);
    void *user;
} sl_skipgram_options;

/* out [words, size]. On the threads of ctx, from its seed. SL_EDIVERGED: not finite any more. */
sl_status sl_skipgram_train(sl_ctx *ctx, const sl_skipgram_text *text, const sl_skipgram_options *options,
                            sl_real *out);

#endif
