/* documents.h - vectors of n-grams, and through them of texts, by what stands together in texts: no labels
 * are needed. After Thongtan and Phienthrakul, "Sentiment Classification Using Document Embeddings Trained
 * with Cosine Similarity", ACL Student Research Workshop 2019. There documents and n-grams are moved
 * together, one pair after the other; here, batch by batch, first all documents with the n-grams held, then
 * all n-grams with the documents held, so that nothing depends on who does what; frequent n-grams are thinned
 * out; and a text's vector is a sum over its n-grams, which new texts have too. */
#ifndef SL_TEXT_DOCUMENTS_H
#define SL_TEXT_DOCUMENTS_H

#include "core/ctx.h"

enum { SL_DOCUMENTS_LEAST = 200 }; /* documents, and n-grams, that there must be */

typedef struct {
    size_t documents, grams, size; /* size: numbers of a vector */
    int passes;
    const size_t *offset; /* [documents + 1] */
    const int *id;    /* the n-grams of each document, once each, ascending; documents in shuffled order */
    const int *count; /* [grams] documents that have it */
} sl_documents_job;

/* order[0..n): how documents are to be shuffled, by the context's seed. */
void sl_documents_order(const sl_ctx *ctx, size_t *order, size_t n);
/* table [grams, size] of numbers whose sum over a text's n-grams points where its vector does. On the threads
 * of ctx, the same for any number of them. */
sl_status sl_documents_learn(sl_ctx *ctx, const sl_documents_job *job, sl_real *table);

#endif
