/* augment.c - what changing a row costs: microseconds a picture for each word and for the recipe of
 * docs/augment.md, the best of several windows.
 *
 *   augment [--threads N] [--isa NAME] [SIDE]        SIDE: pixels, default 28                            */
#include "slope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { AUGMENT_ROWS = 128, AUGMENT_WINDOWS = 50 };

static double augment_clock(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int augment_time(sl_ctx *ctx, const char *words, int side)
{
    sl_augment *augment = sl_augment_new(ctx, words, sl_dims(side, side));
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(AUGMENT_ROWS, side, side), NULL);
    double best = 1e9;
    for (size_t window = 0; augment && x && window < AUGMENT_WINDOWS; window++) {
        for (size_t i = 0; i < sl_count(x); i++)
            sl_values(x)[i] = (sl_real)(i % 7) / 7;
        const double start = augment_clock();
        sl_augment_batch(augment, x, window, 0);
        const double took = augment_clock() - start;
        best = took < best ? took : best;
    }
    if (sl_error(ctx)) {
        fprintf(stderr, "augment: %s\n", sl_message(ctx));
        return 1;
    }
    printf("threads=%d isa=%s us_per_row=%.2f words=\"%s\"\n", sl_ctx_threads(ctx), sl_ctx_isa(ctx),
           best / AUGMENT_ROWS * 1e6, words);
    sl_augment_free(augment);
    sl_tensor_free(x);
    return 0;
}

int main(int count, char **words)
{
    sl_ctx_options options = { .threads = 1 };
    int side = 28, failed = 0;
    for (int i = 1; i < count; i++)
        if (!strcmp(words[i], "--threads") && i + 1 < count)
            options.threads = atoi(words[++i]);
        else if (!strcmp(words[i], "--isa") && i + 1 < count)
            options.isa = words[++i];
        else
            side = atoi(words[i]);
    sl_ctx *ctx = sl_ctx_new(&options);
    sl_word word;
    for (int i = 0; sl_catalogue("augmentation", i, &word) && !failed; i++)
        failed = augment_time(ctx, word.name, side);
    failed = failed || augment_time(ctx, "elastic, rotate, scale, shear, shift", side);
    sl_ctx_free(ctx);
    return failed;
}
