/* run.h - a training job and its folder. */
#ifndef SL_TRAIN_RUN_H
#define SL_TRAIN_RUN_H

#include "baseline/baseline.h"
#include "core/file.h"
#include "train/records.h"
#include "train/settings.h"
#include "train/trainer.h"

enum { SL_RUN_FORMAT = 1, SL_RUN_TABLES = 4 };

typedef struct { /* what was said of the training while it ran; copies */
    char *name, *sentence;
} sl_run_warning;

struct sl_run {
    sl_ctx *ctx;
    sl_run_options options; /* texts are copies; defaults as given (NULL, 0) */
    sl_run_options plan;    /* the same with what the recipe of tables fills in; texts are borrowed */
    size_t learning;        /* rows that are fitted or validate; what the recipe goes by */
    int classes;            /* 0: numbers */
    bool refits;            /* in the end the validation rows are learned from as well */
    sl_data *learned;       /* all of these rows; NULL: not yet */
    sl_model *first_model;  /* the one that was validated, where another is kept */
    char *folder;
    char *begun_in; /* the working folder when it was begun; NULL: not known */
    bool resuming;  /* the folder holds a checkpoint to go on from */
    bool begun;     /* sl_run_train was called */
    bool finished;
    sl_text result;     /* JSON; empty before the end */
    const sl_run *like; /* of the same data, which are taken from it where they are numbers in memory; NULL */
    sl_data *all;       /* what train, validation and test are views of; NULL: they are not */
    sl_data *train, *validation, *test;
    sl_data *unlabelled;    /* texts that views learn from; NULL: none, or they are fitted already */
    char *words;            /* the views, where they are not as asked; NULL: they are */
    sl_model *model_before; /* of the checkpoint, whose views are taken; NULL: they are learned */
    uint64_t data_digest, validation_digest, test_digest;
    uint64_t start_digest; /* of the weights before the first step */
    sl_columns *columns;   /* of a table, fitted; NULL: no table */
    sl_model *model;
    sl_trainer *trainer;
    sl_report *test_report;
    sl_baselines *baselines;       /* NULL: there were no rows to measure them on */
    double model_saved;            /* on the clock */
    size_t model_epoch;            /* whose weights model.safetensors holds; 0: not written here */
    int lock;                      /* handle of the folder while it is being written; -1 */
    bool path, path_thinned;       /* the weights of epochs are recorded; not of all epochs */
    sl_text points;                /* of path.bin, not yet written */
    size_t *watched_rows;          /* of training, whose activations are recorded; NULL: no layer has one */
    size_t watched;                /* how many */
    sl_text lines[SL_RUN_TABLES];  /* of tables, not yet written */
    uint64_t whole[SL_RUN_TABLES]; /* how long the tables are that are written */
    uint64_t points_whole, steps_whole; /* likewise path.bin and steps.csv */
    bool laying;                        /* files are written beside, until all of a new run's are */
    double flushed;                     /* on the clock: when they were last */
    size_t steps_written; /* rows of steps.csv, each of so many steps; 0: it is to be written anew */
    uint64_t steps_stride;
    bool steps_ended;        /* it has the last, partial row */
    sl_run_warning *warning; /* train/warned.h; NULL: none yet */
    int warned;              /* how many */
};

/* --- run_model.c --- */
sl_status sl_run_task(sl_run *run, int *classes);      /* checks what there is of it; classes 0: regression */
sl_status sl_run_make_model(sl_run *run, int classes); /* the loss, the layers */

/* --- run_told.c: decisions that were taken, for who wants to know them --- */
/* cut: a part for tests is cut off the train part. */
void sl_run_tell_parts(const sl_run *run, bool cut, bool has_test);
void sl_run_tell_task(const sl_run *run, const char *chosen, const char *why);
void sl_run_tell_loss(const sl_run *run, const sl_rule *rule, const sl_loss *loss, int classes, int outputs);

/* --- run_parts.c --- */
/* "time=COLUMN" -> the column in *time, NULL for "random". SL_EINVAL. */
sl_status sl_run_split_time(sl_ctx *ctx, const char *split, const char **time);
/* Options that exclude each other, before data are read. */
sl_status sl_run_check_parts(const sl_run *run);
/* Divides run->train, all rows, where that was asked for or the data is a table; looks at the result with all
 * checks but those that are to be skipped. Else the trainer cuts validation off. */
sl_status sl_run_split(sl_run *run, int classes);

/* --- run_open.c --- */
/* The settings that run.json records, and the seed; what was recorded stays in json. */
sl_status sl_run_take_settings(sl_run *run, const sl_json *json, const sl_run_options *callbacks);
/* The data that were opened are those that run.json names, by their digests. SL_EINVAL. */
sl_status sl_run_check_data(sl_run *run, const sl_json *json);

/* --- run.c --- */
/* As sl_run_new, for another training on the data of `like`, which outlives it; without the test part. */
sl_run *sl_run_new_like(sl_ctx *ctx, const sl_run_options *options, const sl_run *like);
sl_status
sl_run_prepare(sl_run *run); /* data, task, loss, model, trainer: everything checked, nothing created */

sl_status
sl_run_open_data(sl_run *run); /* train (all rows), and test and validation where they are sources */
/* --- run_table.c --- */
void sl_run_log_table(const sl_run *run, const sl_data *data, const char *source, const char *role);
/* For a table: fits its columns on the rows to be fitted, before there is a model. */
sl_status sl_run_fit_columns(sl_run *run);
void sl_run_log_columns(const sl_run *run);
/* What the settings say of a training: without its validation rows, callbacks and checkpoint. */
void sl_run_plan(const sl_run_options *plan, sl_fit_options *fit);
/* All rows but those of the test part: a view. */
sl_data *sl_run_learning(sl_run *run);
/* --- run_texts.c --- */
/* Among `count` layers and the output behind them, one that reads the texts, where none of them does; there
 * is room for one more. */
sl_status sl_run_text_layers(const sl_run *run, sl_layer *layers, int count);
/* The vectors of --vectors into the embedding layers of a model with starting weights. */
sl_status sl_run_start_vectors(const sl_run *run, sl_model *model);
/* --- run_unlabelled.c --- */
sl_status sl_run_check_unlabelled(const sl_run *run); /* the words alone */
/* run->unlabelled, without the texts of other parts, and run->plan.text; the parts are known. */
sl_status sl_run_open_unlabelled(sl_run *run);
/* Of a run that goes on: views of documents are not learned again. */
sl_status sl_run_take_views(sl_run *run, const char *checkpoint);
/* --- run_refit.c: where run->refits, after the figures were taken --- */
sl_status sl_run_refit(sl_run *run);
/* --- run_recipe.c: run->plan, once the rows to fit and the task are known --- */
sl_status sl_run_recipe(sl_run *run, int classes);

sl_run *sl_run_make(sl_ctx *ctx);            /* without settings yet */
void sl_run_log_settings(const sl_run *run); /* run_log.c */

/* --- run_live.c --- */
/* As sl_setting_set, of what may change behind a step; SL_EINVAL says what is settled before the first one.
 */
sl_status sl_run_set_change(sl_ctx *ctx, sl_run_options *options, const sl_change *change);

/* --- run_folder.c --- */
/* run->folder from options.out, or the next free runs/NAME-N; refuses one that must not be used. */
sl_status sl_run_choose_folder(sl_run *run);
/* The folder is this process's alone until sl_run_unlock. Some file systems know no locks: that is no
 * failure. */
sl_status sl_run_lock(sl_run *run);
void sl_run_unlock(sl_run *run);
/* Makes the folder, replaces what an earlier run left, once all that the new one begins with is written, or
 * cuts the tables back to the checkpoint. */
sl_status sl_run_begin_folder(sl_run *run);
char *sl_run_path(const sl_run *run, const char *name);
sl_status sl_run_put_file(const sl_run *run, const char *name, const sl_text *text,
                          bool sync); /* all of it */
/* The folder is still there, and the one that was begun in: SL_EWRITE, or SL_EFILE where it is gone for good.
 */
sl_status sl_run_here(const sl_run *run);

/* --- run_tables.c --- */
/* The tables with their headers and the starting weights; of a run that goes on, up to its checkpoint. */
sl_status sl_run_begin_tables(sl_run *run);
/* What is measured for them; the trainer is there. */
sl_status sl_run_prepare_records(sl_run *run);
/* What was recorded and is not in its file yet. */
sl_status sl_run_flush(void *run);
/* Epochs 0 to `all`, then every 2nd to twice that, every 4th to four times: what costs much is recorded then.
 */
bool sl_run_epoch_counts(size_t epoch, size_t all);
void sl_run_put_epochs(sl_run *run); /* lines of all epochs so far for metrics.csv, to be flushed */
/* --- run_activations.c --- */
sl_status sl_run_open_activations(sl_run *run); /* which rows are looked at */
void sl_run_activations_header(const sl_run *run, sl_text *text);
void sl_run_put_activations(const sl_run *run, sl_text *text);
/* --- run_path.c --- */
sl_status sl_run_check_record(const sl_run *run);         /* the words alone */
bool sl_run_records(const sl_run *run, const char *what); /* did options.record ask for it? */
sl_status sl_run_open_path(sl_run *run);                  /* whether it is recorded; what that would take */
sl_status sl_run_begin_path(sl_run *run);                 /* path.bin, as far as the checkpoint goes */
sl_status sl_run_put_path(sl_run *run);                   /* this epoch's point, where it has one */
sl_status sl_run_write_path(sl_run *run);                 /* adds what is new */
/* --- run_steps.c --- */
sl_status sl_run_begin_steps(sl_run *run);               /* steps.csv, as far as the checkpoint goes */
sl_status sl_run_write_steps(sl_run *run);               /* adds what is new */
void sl_run_put_field(sl_text *text, const char *field); /* with quotation marks where it needs them */
void sl_run_put_number(sl_text *text, double value);     /* nothing where it is not finite */
void sl_run_put_float(sl_text *text, float value);

/* --- run_json.c --- */
sl_status sl_run_write_json(sl_run *run,
                            const char *status); /* "running", "stopped", "diverged", "finished" */

/* --- run_baselines.c --- */
/* Fitted to the rows that training saw, measured on the test part, else on the validation rows, and kept in
 * baselines.safetensors. The weights at hand are the model's. */
sl_status sl_run_fit_baselines(sl_run *run);
sl_status sl_run_keep_baselines(const sl_run *run);
/* Their keys of the result: baseline_NAME_FIGURE, and the model's interval PART_FIGURE_low, _high. */
void sl_run_put_baselines(const sl_run *run, sl_text *json, bool *first);

/* --- run_result.c --- */
/* The best model, the result and run.json, also after a failure, which then stays the context's. */
sl_status sl_run_close(sl_run *run, const char *status);

#endif
