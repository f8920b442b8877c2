/* catalogue.c - see catalogue.h. What needs a loss, target or rule of its own is listed here; all else
 * follows from sl_catalogue, so a new word is trained by itself. */
#include "catalogue.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const char *data, *net, *init, *loss;
    sl_optimizer optimizer;
    const char *augment, *target_scale;
} catalogue_job;

static sl_status catalogue_train(sl_ctx *ctx, const catalogue_job *job, uint64_t *digest)
{
    sl_data *data = sl_data_open(ctx, job->data, NULL);
    sl_model *model = data ? sl_model_parse(ctx, job->net) : NULL;
    sl_report *report = NULL;
    if (model && !sl_compile(model, .loss = job->loss, .optimizer = job->optimizer))
        report = sl_fit(model, data, .epochs = 3, .validation_fraction = -1, .augment = job->augment,
                        .target_scale = job->target_scale);
    if (report)
        *digest = (*digest ^ sl_model_digest(model)) * UINT64_C(1099511628211);
    sl_report_free(report);
    sl_model_free(model);
    sl_data_free(data);
    return sl_error(ctx);
}

static bool catalogue_is(const char *word, const char *list) /* "a b c" */
{
    const char *at = strstr(list, word);
    const size_t length = strlen(word);
    return at && (at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length]);
}

/* The training that shows this word; false: none does. */
static bool catalogue_of(const char *kind, const char *word, catalogue_job *job, char net[64], char rule[64])
{
    *job = (catalogue_job){ .data = "builtin:moons?rows=80", .net = "8 tanh, 1", .loss = "bce" };
    if (!strcmp(kind, "activation")) {
        snprintf(net, 64, "8, %s, 6 tanh, 1", word);
        job->net = net;
        return !catalogue_is(word, "step");
    }
    if (!strcmp(kind, "init")) {
        snprintf(net, 64, "8 tanh init=%s, 1", word);
        job->net = net;
        return true;
    }
    if (!strcmp(kind, "loss")) {
        job->loss = word;
        if (catalogue_is(word, "mean_squared mean_absolute huber quantile"))
            job->data = "builtin:plane?rows=80";
        else if (catalogue_is(word, "interval"))
            *job = (catalogue_job){
                .data = "builtin:plane?rows=80", .net = "8 tanh, 3", .loss = word, .target_scale = "standard"
            };
        else if (catalogue_is(word, "cross_entropy"))
            job->net = "8 tanh, 2";
        else if (catalogue_is(word, "cross_entropy_from_probabilities"))
            job->net = "8 tanh, 2 softmax";
        else if (catalogue_is(word, "negative_log_likelihood"))
            job->net = "8 tanh, 2 log_softmax";
        else if (catalogue_is(word, "binary_cross_entropy_from_probabilities"))
            job->net = "8 tanh, 1 sigmoid";
        else if (catalogue_is(word, "half_squared"))
            job->net = "8 tanh, 1 tanh";
        return !catalogue_is(word, "kl poisson"); /* no set here has such targets */
    }
    if (!strcmp(kind, "optimizer")) {
        job->optimizer.rule = word;
        job->loss = catalogue_is(word, "perceptron") ? "perceptron" : "bce";
        return true;
    }
    if (!strcmp(kind, "schedule")) {
        snprintf(rule, 64,
                 catalogue_is(word, "step exponential") ? "%s every=3"
                 : catalogue_is(word, "plateau")        ? "%s patience=1 threshold=0.5"
                                                        : "%s",
                 word);
        job->optimizer = (sl_optimizer){ .rule = "momentum", .schedule = rule };
        return true;
    }
    if (!strcmp(kind, "augmentation")) {
        *job = (catalogue_job){
            .data = "builtin:digits?rows=64", .net = "8 relu, 10", .loss = "cross_entropy", .augment = word
        };
        return true;
    }
    return false;
}

sl_status sl_catalogue_digest(sl_ctx *ctx, uint64_t *digest, const char **word)
{
    static const catalogue_job mixed[] = {
        { .data = "builtin:moons?rows=81",
          .net = "8, batch_norm, relu, residual [8 gelu name=a, 8], layer_norm, noise 0.1, dropout 0.2, 8 "
                 "silu, 1",
          .loss = "bce",
          .optimizer = { .rule = "adamw",
                         .clip_norm = (sl_real)0.1,
                         .average = (sl_real)0.9,
                         .max_norm = 1 } },
        { .data = "builtin:digits?rows=64",
          .net = "16 relu, reshape 4x4, flatten, 16 tanh name=a, 16 tanh share=a, 10",
          .loss = "cross_entropy smoothing=0.1",
          .optimizer = { .rule = "rmsprop", .l1 = (sl_real)0.001, .schedule = "one_cycle" },
          .augment = "elastic, rotate, scale, shear, shift, flip, noise" },
        { .data = "builtin:moons?rows=80",
          .net = "fourier 8 columns=1, basis x1+x2^2+x3*x4+sin(x5)+cos(x6), fourier 5 std=0.5 keep=no, 8 "
                 "tanh, 1",
          .loss = "bce" },
        { .data = "builtin:xor", .net = "2 x category 3 rows=2, fourier 4, 8 tanh, 1", .loss = "bce" },
    };
    sl_word_kind kind;
    sl_word entry;
    catalogue_job job;
    char net[64], rule[64];
    *digest = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < sizeof mixed / sizeof *mixed; i++) {
        *word = mixed[i].net;
        if (catalogue_train(ctx, &mixed[i], digest))
            return sl_error(ctx);
    }
    for (int k = 0; sl_catalogue_kind(k, &kind); k++)
        for (int i = 0; sl_catalogue(kind.name, i, &entry); i++) {
            *word = entry.name;
            if (catalogue_of(kind.name, entry.name, &job, net, rule) && catalogue_train(ctx, &job, digest))
                return sl_error(ctx);
        }
    return SL_OK;
}
