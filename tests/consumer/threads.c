/* threads.c - a program of somebody else's: two contexts train in two threads, then eight threads ask one
 * const model. Prints a digest a line, "train" or "predict", thread and digest; all of a kind are equal to
 * those of one thread alone. Exit status 1: they are not, or something failed. */
#include <slope.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { ASKERS = 8, ROWS = 64, TIMES = 20 };

typedef struct {
    pthread_t thread;
    const sl_model *model; /* NULL: train */
    uint64_t digest;       /* 0: failed */
    char said[200];
} worker;

static void said(worker *w, const sl_ctx *ctx)
{
    snprintf(w->said, sizeof w->said, "%s", sl_message(ctx));
}

static void *train(void *argument)
{
    worker *w = argument;
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 5, .threads = 2 });
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=300&noise=0.2", NULL);
    sl_model *net = sl_sequential(ctx, sl_dense(.units = 12, .activation = "tanh"), sl_dropout(.rate = 0.1f),
                                  sl_dense(.units = 1));
    sl_compile(net, .loss = "binary_cross_entropy", .optimizer = sl_adam(.lr = 0.01f));
    sl_fit(net, data, .epochs = 5);
    w->digest = sl_error(ctx) ? 0 : sl_model_digest(net);
    said(w, ctx);
    sl_ctx_free(ctx);
    return NULL;
}

static void *ask(void *argument)
{
    worker *w = argument;
    sl_ctx *ctx = sl_ctx_new(NULL);
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    for (int n = 0; n < TIMES; n++) {
        sl_tensor *x = sl_tensor_new(ctx, sl_dims(ROWS, 2), NULL);
        sl_real *values = sl_values(x);
        for (int i = 0; values && i < 2 * ROWS; i++)
            values[i] = (sl_real)(i * 37 % 101 + n) / 50 - 1;
        sl_tensor *y = sl_predict(ctx, w->model, x);
        const sl_real *p = sl_values(y);
        for (size_t i = 0; p && i < sl_count(y) * sizeof *p; i++)
            digest = (digest ^ ((const unsigned char *)p)[i]) * UINT64_C(0x100000001b3);
        sl_tensor_free(y);
        sl_tensor_free(x);
    }
    w->digest = sl_error(ctx) ? 0 : digest;
    said(w, ctx);
    sl_ctx_free(ctx);
    return NULL;
}

/* All at once, and then one alone: what it finds is the right answer. */
static int alike(const char *what, void *(*run)(void *), worker *workers, int count)
{
    int failed = 0;
    for (int i = 0; i < count; i++)
        failed |= pthread_create(&workers[i].thread, NULL, run, &workers[i]) != 0;
    for (int i = 0; i < count && !failed; i++)
        failed |= pthread_join(workers[i].thread, NULL) != 0;
    worker alone = workers[0];
    run(&alone);
    for (int i = 0; i < count; i++) {
        printf("%s %d %016" PRIx64 "\n", what, i, workers[i].digest);
        if (!workers[i].digest || workers[i].digest != alone.digest) {
            fprintf(stderr, "%s %d: %016" PRIx64 " alone; %s\n", what, i, alone.digest, workers[i].said);
            failed = 1;
        }
    }
    return failed;
}

int main(void)
{
    worker two[2] = { { .model = NULL } }, many[ASKERS] = { { .model = NULL } };
    int failed = alike("train", train, two, 2);

    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 5 });
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=300&noise=0.2", NULL);
    sl_model *net = sl_model_parse(ctx, "12 tanh, batch_norm, 8 relu, 1");
    sl_compile(net, .loss = "binary_cross_entropy");
    sl_fit(net, data, .epochs = 3);
    if (sl_error(ctx)) {
        fprintf(stderr, "%s\n", sl_message(ctx));
        failed = 1;
    }
    for (int i = 0; i < ASKERS; i++)
        many[i].model = net;
    failed |= alike("predict", ask, many, ASKERS);
    sl_ctx_free(ctx);
    return failed;
}
