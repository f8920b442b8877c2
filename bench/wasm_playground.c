/* wasm_playground.c - Playground's default net, 2-4-2-1, in the training loop that every run has: rows
 * shuffled anew each epoch, gathered, the tape, the loss, the way back, the update; at an epoch's end the
 * losses of the rows that are learned and of those that are not. For a host that has a clock:
 * bench/playground.mjs. */
#include "train/run.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAY_EXPORT(name) __attribute__((export_name(#name)))

static struct {
    sl_ctx *ctx;
    sl_run *run;         /* of play_run */
    sl_model *model;     /* of play_rule, as are these: */
    sl_data *data[2];    /* train, test */
    sl_trainer *trainer; /* of either */
    float *points;       /* [x, y, label] */
    char message[1024];
} play;

static int play_failed(void)
{
    snprintf(play.message, sizeof play.message, "%s", sl_message(play.ctx));
    return 1;
}

PLAY_EXPORT(play_message) const char *play_message(void)
{
    return play.message;
}

PLAY_EXPORT(play_close) void play_close(void)
{
    if (!play.run)
        sl_trainer_free(play.trainer);
    sl_run_free(play.run);
    sl_model_free(play.model);
    sl_data_free(play.data[0]);
    sl_data_free(play.data[1]);
    sl_ctx_free(play.ctx);
    play.ctx = NULL;
    play.run = NULL;
    play.model = NULL;
    play.trainer = NULL;
    play.data[0] = play.data[1] = NULL;
}

/* `slope train builtin:circle?rows=ROWS --validation 0.5 --net "4 tanh, 2 tanh" --optimizer sgd --lr 0.03
 * --batch 10`: a logit and binary_cross_entropy. 0; or play_message says why not. */
PLAY_EXPORT(play_run) int play_run(int rows)
{
    char data[64];
    play_close();
    play.ctx = sl_ctx_new(NULL);
    snprintf(data, sizeof data, "builtin:circle?rows=%d", rows);
    play.run = sl_run_new(play.ctx, &(sl_run_options){ .data = data,
                                                       .validation = "0.5",
                                                       .net = "4 tanh, 2 tanh",
                                                       .optimizer = { .rule = "sgd", .lr = SL_R(0.03) },
                                                       .batch = 10,
                                                       .epochs = INT_MAX,
                                                       .keep_nothing = true });
    if (!play.run)
        return play_failed();
    play.trainer = play.run->trainer;
    return 0;
}

/* Room for so many points, x, y and a label of 1 or -1 each. NULL: there is none. */
PLAY_EXPORT(play_points) float *play_points(int count)
{
    free(play.points);
    play.points = malloc((size_t)count * 3 * sizeof *play.points);
    return play.points;
}

static sl_data *play_data(const float *points, int rows)
{
    sl_tensor *x = sl_tensor_new(play.ctx, sl_dims(rows, 2), NULL),
              *y = sl_tensor_new(play.ctx, sl_dims(rows, 1), NULL);
    for (int i = 0; i < rows && !sl_error(play.ctx); i++) {
        memcpy(sl_values(x) + 2 * i, points + 3 * i, 2 * sizeof *points);
        sl_values(y)[i] = points[3 * i + 2];
    }
    sl_data *data = sl_data_from(play.ctx, x, y);
    sl_tensor_free(x);
    sl_tensor_free(y);
    return data;
}

/* Playground's own rule: tanh at the end, half the squared error, a step size of 0.03; so of the squared
 * error half of that. The first `train` of the points are learned, `test` others only measured; `ordered`: in
 * the order in which they stand, in every epoch. */
PLAY_EXPORT(play_rule) int play_rule(int train, int test, int ordered)
{
    play_close();
    play.ctx = sl_ctx_new(NULL);
    play.data[0] = play_data(play.points, train);
    play.data[1] = play_data(play.points + 3 * train, test);
    play.model =
        sl_sequential(play.ctx, sl_dense(.units = 4, .activation = "tanh"),
                      sl_dense(.units = 2, .activation = "tanh"), sl_dense(.units = 1, .activation = "tanh"));
    if (sl_error(play.ctx) ||
        sl_compile(play.model, .loss = "mean_squared", .optimizer = { .rule = "sgd", .lr = SL_R(0.015) }))
        return play_failed();
    play.trainer = sl_trainer_new(play.model, play.data[0],
                                  &(sl_fit_options){ .batch = 10,
                                                     .epochs = INT_MAX,
                                                     .sampling = ordered ? "order" : NULL,
                                                     .validation = play.data[1] });
    return play.trainer ? 0 : play_failed();
}

/* The next steps, and what the ends of epochs among them bring. */
PLAY_EXPORT(play_steps) int play_steps(int steps)
{
    return sl_trainer_to(play.trainer, play.trainer->steps + (size_t)steps) ? play_failed() : 0;
}

PLAY_EXPORT(play_epochs) int play_epochs(int epochs)
{
    return play_steps(epochs * (int)play.trainer->steps_an_epoch);
}

/* Of the last finished epoch: 0 those that are learned, 1 the others. */
PLAY_EXPORT(play_loss) double play_loss(int part)
{
    return sl_report_last(play.trainer->report, part ? "validation_loss" : "train_loss");
}

/* Weights and biases of a layer in turn, [out, in] each; NULL behind the last. */
PLAY_EXPORT(play_parameter) float *play_parameter(int index)
{
    sl_model *model = play.trainer->model;
    return index < sl_model_params(model) ? sl_values(sl_model_param(model, index)) : NULL;
}

PLAY_EXPORT(play_digest) uint64_t play_digest(void)
{
    return sl_model_digest(play.trainer->model);
}
