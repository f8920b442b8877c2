/* vectors_look.h - slope vectors near and map: what is in a file of word vectors. */
#ifndef CLI_VECTORS_LOOK_H
#define CLI_VECTORS_LOOK_H

#include "cli.h"

typedef struct {
    const char *out; /* of map; NULL: the standard output */
    int most;        /* 0: the default */
    bool json, quiet;
} cli_vectors_look;

/* words: WORD FILE; FILE, then words. Give the exit status. */
int cli_vectors_near(sl_ctx *ctx, const cli_vectors_look *s, const char *const *words, size_t count);
int cli_vectors_map(sl_ctx *ctx, const cli_vectors_look *s, const char *const *words, size_t count);
/* Where a model's texts lie: its points (sl_pooled). words: RUN DATA; RUN, or RUN FILE of pairs. */
int cli_texts_map(sl_ctx *ctx, const cli_vectors_look *s, const char *run, const char *data);
int cli_texts_probe(sl_ctx *ctx, const cli_vectors_look *s, const char *const *words, size_t count);
/* Is this a trained model rather than a file of vectors? */
bool cli_is_run(const char *path);

#endif
