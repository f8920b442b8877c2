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

#endif
