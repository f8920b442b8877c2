/* why_models.h - small texts, and models on them whose weights are set by hand. */
#ifndef SL_TESTS_WHY_MODELS_H
#define SL_TESTS_WHY_MODELS_H

#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const char *const why_texts[] = { "good film",
                                         "bad film",
                                         "not good",
                                         "the film was good , but the end was bad",
                                         "the end was bad but the film was good ,",
                                         "good good film",
                                         "unseen film",
                                         "film",
                                         "",
                                         "I did not like it . never again",
                                         "no",
                                         "the the the the the the the the the the the the" };
enum { WHY_TEXTS = sizeof why_texts / sizeof *why_texts, WHY_TAUGHT = 6 };

/* A table of such texts, of the classes 0, 1, .. in turn, as the model reads it; NULL: as it is found. */
static inline sl_data *why_table(sl_ctx *ctx, const char *const *texts, size_t rows, int classes,
                                 const sl_model *model)
{
    char csv[4096], *at = csv + sprintf(csv, "x;y\n"), path[64];
    for (size_t i = 0; i < rows; i++)
        at += sprintf(at, "%s;c%d\n", texts[i], (int)i % classes);
    sl_data *data = NULL;
    if (model) {
        data = sl_data_from_text(ctx, csv, (size_t)(at - csv), model);
    } else { /* a file, that options may be given */
        snprintf(path, sizeof path, "/tmp/slope-why-%ld.csv", (long)getpid());
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(csv, file);
        fclose(file);
        data = sl_data_open_table(ctx, path, NULL, &(sl_table_options){ .target = "y", .columns = "x=text" });
        remove(path);
    }
    if (!data)
        fail_msg("%s", sl_message(ctx));
    return data;
}

static inline sl_data *why_data(sl_ctx *ctx, const sl_model *model, int classes)
{
    return why_table(ctx, why_texts, WHY_TEXTS, classes, model);
}

static inline double why_weight(size_t i)
{
    return (double)((i * 37 + 11) % 23) / 8 - 1.25;
}

/* Trained a little, so that it is whole, then weights by hand, multiples of 1/8. */
static inline sl_model *why_model(sl_ctx *ctx, const char *net, const char *text, const char *loss,
                                  int classes)
{
    sl_model *model = sl_model_parse(ctx, net);
    sl_data *data = why_table(ctx, why_texts, WHY_TAUGHT, classes, NULL);
    sl_compile(model, .loss = loss);
    sl_report *report = sl_fit(model, data, .epochs = 1, .text = text, .validation_fraction = -1);
    if (!report)
        fail_msg("%s", sl_message(ctx));
    for (int p = 0; p < sl_model_params(model); p++) {
        sl_tensor *param = sl_model_param(model, p);
        for (size_t i = 0; i < sl_count(param); i++)
            sl_values(param)[i] = (sl_real)why_weight(i + 5 * (size_t)p);
    }
    return model;
}

/* The number of a feature by its text; SIZE_MAX: none. */
static inline size_t why_feature(const sl_model *model, const char *wanted)
{
    char text[64];
    for (size_t f = 0; f < sl_model_features(model); f++) {
        sl_feature_text(model, f, text, sizeof text);
        if (!strcmp(text, wanted))
            return f;
    }
    return SIZE_MAX;
}

static inline double why_of(const sl_model *model, const char *first, const char *second)
{
    char both[128];
    snprintf(both, sizeof both, "%s%s%s", first, second ? " " : "", second ? second : "");
    const size_t f = why_feature(model, both);
    return f == SIZE_MAX ? 0 : why_weight(f);
}

#endif
