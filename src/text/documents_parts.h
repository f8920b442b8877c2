/* documents_parts.h - what the files of document vectors share. */
#ifndef SL_TEXT_DOCUMENTS_PARTS_H
#define SL_TEXT_DOCUMENTS_PARTS_H

#include "text/documents.h"

enum {
    DOCUMENTS_TASKS = 64,
    DOCUMENTS_WHOLE = 1 << 24,
    DOCUMENTS_NOISES = 128 /* n-grams that a batch's documents are pushed away from */
};

/* A batch's n-grams, ascending, and where each stands. */
typedef struct {
    size_t grams;
    int *gram;                        /* [grams] */
    uint32_t *start;                  /* [grams + 1] in document[] */
    uint16_t *document;               /* counted from the batch's first, ascending for each n-gram */
    size_t task[DOCUMENTS_TASKS + 1]; /* n-grams of each task: about as many places */
} documents_batch;

typedef struct {
    int *pick;       /* rows that pull and push */
    sl_real *change; /* [width] */
} documents_worker;

typedef struct {
    sl_ctx *ctx;
    const sl_documents_job *job;
    sl_isa isa;
    int workers;
    size_t width, batch_size, batches;
    uint32_t *keep; /* [grams] of DOCUMENTS_WHOLE pairs so many are looked at */
    uint64_t *sum;  /* [grams] of keep times documents, with those before */
    uint64_t *key;  /* [batch_size] of this visit */
    size_t *order;  /* [batches] */
    sl_real *gram;  /* [grams, width] */
    sl_real *document;
    documents_worker *worker;
    documents_batch *batch;
    /* this visit */
    uint64_t visit;
    size_t at, first, end; /* the batch, its documents */
    sl_real rate;
    int noise[DOCUMENTS_NOISES];
} documents_state;

/* Makes s->batch of s->job. */
sl_status sl_documents_batches(documents_state *s);
void sl_documents_batches_free(documents_state *s);

#endif
