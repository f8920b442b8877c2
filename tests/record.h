/* record.h - runs in folders of their own, whose callbacks note what the records are compared with. For tests
 * only. */
#ifndef TESTS_RECORD_H
#define TESTS_RECORD_H

#include "engine.h"

#include "train/run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_STEPS = 6000, RECORD_EPOCHS = 64 };

typedef struct {
    char root[64], folder[2][96]; /* of two runs */
    size_t stop;                  /* after this step; 0: never */
    size_t steps, epochs, parameters;
    double loss[RECORD_STEPS];
    float *weights[RECORD_EPOCHS + 1]; /* after each epoch; at 0 of the start */
} record_place;

static const char *const record_files[] = { "last.safetensors", "model.safetensors", "baselines.safetensors",
                                            "run.json",         "metrics.csv",       "weights.csv",
                                            "confusion.csv",    "steps.csv",         "activations.csv",
                                            "path.bin" };

static inline int record_setup(void **state)
{
    record_place *place = calloc(1, sizeof *place);
    *state = place;
    if (!place)
        return -1;
    strcpy(place->root, "/tmp/slope-record-XXXXXX");
    if (!mkdtemp(place->root))
        return -1;
    snprintf(place->folder[0], sizeof place->folder[0], "%s/one", place->root);
    snprintf(place->folder[1], sizeof place->folder[1], "%s/two", place->root);
    return 0;
}

static inline const char *record_file(const record_place *place, int which, const char *name)
{
    static char path[2][160];
    snprintf(path[which], sizeof path[which], "%s/%s", place->folder[which], name);
    return path[which];
}

static inline int record_teardown(void **state)
{
    record_place *place = *state;
    for (int which = 0; which < 2; which++) {
        for (size_t i = 0; i < sizeof record_files / sizeof *record_files; i++)
            unlink(record_file(place, which, record_files[i]));
        rmdir(place->folder[which]);
    }
    rmdir(place->root);
    for (size_t i = 0; i <= RECORD_EPOCHS; i++)
        free(place->weights[i]);
    free(place);
    return 0;
}

static inline void record_keep_weights(record_place *place, const sl_model *model, size_t epoch)
{
    if (epoch > RECORD_EPOCHS)
        return;
    free(place->weights[epoch]);
    float *to = place->weights[epoch] = malloc(model->parameters * sizeof *to);
    assert_non_null(to);
    place->parameters = model->parameters;
    for (int p = 0; p < model->param_count; p++)
        for (size_t i = 0; i < model->params[p]->count; i++)
            *to++ = (float)model->params[p]->v[i];
}

static inline sl_status record_step(void *user, const sl_progress *progress)
{
    record_place *place = user;
    assert_true(progress->step <= RECORD_STEPS);
    place->loss[progress->step - 1] = progress->loss;
    place->steps = progress->step;
    return progress->step == place->stop ? SL_ESTOPPED : SL_OK;
}

static inline sl_status record_epoch_end(void *user, const sl_progress *progress)
{
    record_place *place = user;
    place->epochs = progress->epoch;
    if (!place->stop)
        record_keep_weights(place, progress->model, progress->epoch);
    return SL_OK;
}

static inline sl_run_options record_options(record_place *place, int which, const char *data, const char *net)
{
    return (sl_run_options){ .data = data,
                             .net = net,
                             .batch = 8,
                             .out = place->folder[which],
                             .on_step = record_step,
                             .on_epoch = record_epoch_end,
                             .user = place };
}

static inline sl_run *record_begin(sl_ctx *ctx, record_place *place, const sl_run_options *options)
{
    sl_run *run = sl_run_new(ctx, options);
    if (!run)
        fail_msg("%s", sl_message(ctx));
    record_keep_weights(place, sl_run_model(run), 0);
    return run;
}

static inline void record_train(sl_ctx *ctx, sl_run *run)
{
    if (sl_run_train(run))
        fail_msg("%s", sl_message(ctx));
}

#define RECORD_TEST(name) cmocka_unit_test_setup_teardown(name, record_setup, record_teardown)

#endif
