/* trainer.h - the state of a training in progress, and its loop. */
#ifndef SL_TRAIN_TRAINER_H
#define SL_TRAIN_TRAINER_H

#include "data/augment.h"
#include "data/shuffle.h"
#include "train/measure.h"
#include "train/steps.h"

enum { SL_LEAST_STEPS = 2000, SL_MOST_EPOCHS = 200 }; /* where neither epochs nor steps are given */

typedef struct {
    sl_ctx *ctx;
    sl_model *model;
    const sl_data *train;                /* rows to fit */
    const sl_data *validation;           /* NULL: none */
    sl_data *own_train, *own_validation; /* views made here */
    sl_fit_options options;              /* defaults filled in */
    bool adaptive;                       /* neither epochs nor steps were given */
    bool default_patience;
    sl_sampling sampling;
    size_t batch;   /* rows an update: options.batch * options.accumulate, at most all */
    size_t largest; /* rows at once at most */
    bool joins;     /* a last batch of few rows is joined to the one before */
    bool penalised, clips;
    sl_real *class_weights; /* NULL: all 1 */
    sl_tensor *row_weights; /* of one batch; NULL: all 1 */

    sl_step *step;
    sl_tape *tape;
    sl_tensor *x, *y;    /* of one batch */
    sl_augment *augment; /* of its rows; NULL: none */
    sl_order order;      /* of this epoch */
    size_t order_epoch;  /* which epoch order is for; 0: none */
    size_t *rows;        /* [as x]: which rows the batch has */
    size_t *sample;      /* rows that stand for all in train figures; NULL: all rows do */
    size_t sample_count;
    sl_reader reader;
    size_t *confusion; /* of the last measured validation (or train) rows */
    /* For the figures at a run's end: what was measured after this epoch, and after the best one, whose
     * weights are then the model's. Train rows, validation rows. */
    bool keeps;
    sl_measured now[2], kept[2];
    size_t kept_epoch;       /* 0: nothing */
    double *gradient_norms;  /* a layer, of the last batch of the epoch */
    double curvature, noise; /* of the weights at the epoch's end, where options.curvature asks for them */

    size_t steps_an_epoch;
    size_t steps;         /* done */
    size_t epoch;         /* finished */
    size_t step_in_epoch; /* of the epoch in progress */
    bool by_train;        /* validation rows choose nothing: the best epoch goes by train loss */
    double best_loss;
    size_t best_epoch; /* 0: none yet */
    size_t waited;     /* epochs since */
    sl_real *best;     /* copy of model->values; valid when best_epoch > 0 */
    double last_loss;  /* of the last batch */
    sl_steps losses;   /* of all steps, where a run folder wants them: losses.row */
    sl_report *report;
    double seconds;        /* before this process */
    double started, saved; /* on the clock */
    double saving;         /* how long writing the last checkpoint took */
    bool unsaved;          /* what could not be written since was said */
    size_t saved_steps;    /* of the last checkpoint; 0: none yet */
    bool finished, stopped;
    uint64_t digest_last; /* of the weights after the last step */
    /* For a run folder: called at each epoch's end, and before a checkpoint is written. */
    sl_status (*on_record)(void *user);
    sl_status (*on_save)(void *user);
    void *record_user;
} sl_trainer;

/* Checks everything; the model is built and its preprocessing set. NULL and the context's error. */
sl_trainer *sl_trainer_new(sl_model *model, const sl_data *train, const sl_fit_options *options);
/* Runs to the end, to a callback's stop, or to a failure; leaves the best weights in the model. */
sl_status sl_trainer_run(sl_trainer *trainer);
/* The same until so many steps are done, and the weights stay as they are then. */
sl_status sl_trainer_to(sl_trainer *trainer, size_t step);
/* The loss of the rows at first .. first + count - 1 of this epoch's order, on the tape. */
sl_tensor *sl_trainer_loss(sl_trainer *trainer, size_t first, size_t count);
/* Keeps what is measured for sl_trainer_figures, unless it is too much. */
sl_status sl_trainer_keep(sl_trainer *trainer);
/* All metrics of the model, whose weights are the best epoch's, on the train rows (part 0) or validation rows
 * (1). */
sl_report *sl_trainer_figures(const sl_trainer *trainer, int part);
void sl_trainer_free(sl_trainer *trainer); /* the report with it, unless it was taken (set to NULL) */
double sl_trainer_seconds(const sl_trainer *trainer);
double sl_trainer_rate(const sl_trainer *trainer); /* the step size of the last step */
/* The step where training ends at the latest; 0: it must not be relied on. */
size_t sl_trainer_limit(const sl_trainer *trainer);
/* What ends training, in words. */
void sl_trainer_describe_stop(const sl_trainer *trainer, sl_text *text);

/* whole.c: a step that looks at all rows, for the methods of optim/whole/; `norms` takes the gradient's. */
sl_status sl_trainer_whole(sl_trainer *trainer, void (*norms)(sl_trainer *));
size_t sl_trainer_piece(const sl_trainer *trainer, size_t rows); /* rows that stand in x and y at once */

/* trainer_told.c: what was decided beside what was asked for. */
void sl_trainer_tell(const sl_trainer *trainer, const sl_fit_options *asked);
void sl_trainer_tell_best(const sl_trainer *trainer); /* by which loss the best epoch goes */

/* trainer_options.c */
sl_status sl_trainer_take_options(sl_trainer *trainer, const sl_fit_options *options);
sl_status sl_trainer_choose_batch(sl_trainer *trainer);
sl_step *sl_trainer_make_step(sl_trainer *trainer);
sl_status sl_trainer_change_rows(sl_trainer *trainer); /* augmentation, weights */

/* standardise.c: sets the model's target as the options say, by the rows that are fitted; all of `train` must
 * bear it. */
sl_status sl_trainer_standardise(sl_trainer *trainer, const sl_data *train);

/* interval.c: where the loss has bounds, their correction for the weights at hand, by the validation rows. */
sl_status sl_trainer_correct(sl_trainer *trainer);
void sl_trainer_log_interval(const sl_trainer *trainer);
/* ceil((rows + 1) coverage / 100): which of the sorted misses corrects the bounds; more than rows: there are
 * too few. */
size_t sl_conformal_place(size_t rows, double coverage);

/* diverged.c: says which layer's numbers went first. `what` is not finite, in this step of this epoch. */
sl_status sl_trainer_diverged(sl_trainer *trainer, size_t step, size_t epoch, const char *what, double value);
/* A weight that is not a number can hide behind relu, which answers 0. */
sl_status sl_trainer_check_weights(sl_trainer *trainer);

/* saving.c: on_save and the checkpoint, when it is time; `epoch`: at an epoch's end. Behind the last step
 * always, and only then is SL_EWRITE a failure. */
sl_status sl_trainer_store(sl_trainer *trainer, bool epoch);
/* Says SL_EWRITE, and takes it back: what could not be written is to be written later. Else the status. */
sl_status sl_trainer_bear(sl_trainer *trainer);

/* checkpoint.c: everything needed to go on, in one file. */
sl_status sl_trainer_save(sl_trainer *trainer, bool sync);
/* Goes on from options.checkpoint; not there: starts at the beginning. */
sl_status sl_trainer_load(sl_trainer *trainer);

#endif
