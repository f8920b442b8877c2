/* texts.c - see texts.h */
#define _XOPEN_SOURCE 700 /* mkstemp, fdopen */
#include "texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXTS_ROWS = 300, TEXTS_MOST = 40, TEXTS_ROOM = (TEXTS_ROWS + 1) * TEXTS_MOST * 10 };

static unsigned texts_draw(unsigned *state, unsigned below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 16 & 0x7fff) % below;
}

/* Words of two syllables, the early ones more often; a class has some that others seldom have. */
static size_t texts_write(char *text)
{
    static const char *const syllable[] = { "ba", "Dor", "mi", "sol", "tu", "kre", "van", "po" };
    unsigned state = 1;
    char *at = text + sprintf(text, "words,kind\n");
    for (int row = 0; row < TEXTS_ROWS; row++) {
        const unsigned kind = texts_draw(&state, 3), count = texts_draw(&state, TEXTS_MOST);
        *at++ = '"';
        for (unsigned i = 0; i < count; i++) {
            const unsigned own = texts_draw(&state, 4) == 0 ? kind : 3;
            const unsigned word = own * 16 + texts_draw(&state, texts_draw(&state, 16) + 1);
            at += sprintf(at, "%s%s%s", syllable[word / 8], syllable[word % 8], i % 7 == 6 ? "! " : " ");
        }
        at += sprintf(at, "\",%c\n", 'a' + (int)kind);
    }
    return (size_t)(at - text);
}

static sl_status texts_train(sl_ctx *ctx, const char *path, int pools, uint64_t *digest)
{
    const sl_run_options options = {
        .data = path,
        .test = "0.2",
        .epochs = 3,
        .keep_nothing = true,
        .text = pools
                    ? "words least=1"
                    : "words ngrams=3 weight=nb alpha=0.3, characters from=2 ngrams=4 weight=tfidf hash=300",
        .net = pools ? "embedding 18 drop=0.2, mean_pool, embedding 35, max_pool, embedding 17, "
                       "attention_pool, 12 relu"
                     : "bag 20 view=words drop=0.1, bag 5 relu view=characters",
        .table = { .target = "kind", .columns = "words=text" },
    };
    sl_run *run = sl_run_new(ctx, &options);
    const char *last = NULL;
    if (run && !sl_run_train(run))
        last = strstr(sl_run_result(run), "\"digest_last\": \"");
    *digest = last ? strtoull(last + strlen("\"digest_last\": \""), NULL, 16) : 0;
    sl_run_free(run);
    return sl_error(ctx);
}

static sl_status texts_vectors(sl_ctx *ctx, const char *path, uint64_t *digest)
{
    *digest = 0;
    for (int i = 0; i < 2 && !sl_error(ctx); i++) {
        const sl_vectors_options options = { .model = i ? "cbow" : "skipgram",
                                             .size = 20,
                                             .epochs = 2,
                                             .least = 1,
                                             .subwords_from = 2,
                                             .subwords_to = 4 };
        sl_vectors *vectors = sl_vectors_train(ctx, &path, 1, &options);
        *digest = *digest * 31 + (vectors ? sl_vectors_digest(vectors) : 0);
        sl_vectors_free(vectors);
    }
    return sl_error(ctx);
}

sl_status sl_texts_digest(sl_ctx *ctx, const char *name, uint64_t *digest)
{
    static char text[TEXTS_ROOM];
    char path[] = "/tmp/slope-same-XXXXXX";
    const int vectors = !strcmp(name, "vectors"), pools = !strcmp(name, "pools");
    if (!vectors && !pools && strcmp(name, "bags") != 0)
        return SL_EINVAL;
    const size_t length = texts_write(text);
    const int handle = mkstemp(path);
    FILE *file = handle < 0 ? NULL : fdopen(handle, "wb");
    sl_status status = SL_EWRITE;
    if (file && fwrite(text, 1, length, file) == length && !fflush(file))
        status = vectors ? texts_vectors(ctx, path, digest) : texts_train(ctx, path, pools, digest);
    if (file)
        fclose(file);
    if (handle >= 0)
        unlink(path);
    return status;
}
