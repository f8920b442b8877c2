/* lab.h - what the playground asks of slope, in plain C: one training that is watched, changed and explained
 * while it goes. bridge.c makes a WebAssembly module of it, tests call it as it is. Settings have the names
 * and words of `slope train`, as run.json writes them.
 *
 * Answers are JSON in lab->answer, or numbers in lab->numbers [count], until the next call. A call that fails
 * returns a status other than SL_OK, and lab->answer is the sentence; the lab stays usable. */
#ifndef SL_WEB_LAB_H
#define SL_WEB_LAB_H

#include "core/json.h"
#include "train/run.h"

enum {
    LAB_SIDE_MOST = 256,
    LAB_POINTS_MOST = 5000,
    LAB_PICTURES_MOST = 4096,
    LAB_WEIGHTS_MOST = 4000000,
    LAB_LAND_SIDE = 101
};

/* lab_landscape.c: the path that the weights take, and a plane through where they were: base + a d[0] + b
 * d[1] */
typedef struct {
    size_t parameters;
    float *point; /* [room, parameters]: the weights behind epochs 0, stride, 2 stride, .. */
    size_t room, points, stride;
    sl_model *model; /* a copy, whose weights move in the plane */
    sl_reader reader;
    size_t *rows, used;     /* of training, that the loss is of */
    double *base, *d[2];    /* [parameters] each, in one piece */
    double low[2], high[2]; /* what is shown of it */
    double share[2];        /* of the path's variance; NaN: random directions */
    size_t side;            /* places across and up; 0: no plane */
} lab_land;

typedef struct {
    sl_ctx *ctx;          /* of this training; NULL: nothing is open */
    sl_run_options asked; /* copies; as lab_open was told, with all changes since */
    uint64_t seed;
    sl_run *run;
    sl_watcher *watcher;
    sl_text warned;  /* what it said, a JSON array's members */
    sl_status ended; /* SL_EDIVERGED: steps are no longer possible */
    char message[1200];
    /* The test part, measured behind each epoch: two numbers an epoch, loss and accuracy or rmse. */
    sl_reader reader;
    double *tests;
    size_t tested, tests_room;
    /* What pictures are of: two inputs vary over [from, to], the others stay at the middle of the rows. */
    size_t axis[2];
    double from[2], to[2];
    sl_real *middle;    /* [features] */
    size_t side[2];     /* of the grids for the answer and for units; 0: none */
    sl_tensor *grid[2]; /* [side * side, prepared features], the first row the lowest of axis 1 */
    sl_tape *tape;
    lab_land land;
    float *numbers;
    size_t count, room;
    sl_text answer;
    sl_ctx *own; /* of the answers: outlives trainings */
} lab;

/* false: memory ran out, or this build cannot keep the arithmetic law. */
bool lab_start(lab *l);
void lab_end(lab *l);

/* settings: name, 0, text, 0, name, ... of `length` bytes: "data", "net", "optimizer.lr", "seed", ... Begins
 * a new training; where it fails, the one before stays. */
sl_status lab_open(lab *l, const char *settings, size_t length);
/* The same names; hold from the next step on. */
sl_status lab_change(lab *l, const char *settings, size_t length);
/* So many steps, fewer where it is over. The answer is lab_state's. */
sl_status lab_steps(lab *l, int steps);
void lab_close(lab *l);

/* --- lab_tell.c: what there is, and how it goes --- */
sl_status lab_describe(lab *l); /* what does not change while it trains: rows, classes, inputs, layers, .. */
sl_status lab_state(lab *l);    /* step, epoch, losses, digest, .. */
/* Numbers: a row an epoch behind `first` epochs, the columns that lab_describe names. */
sl_status lab_history(lab *l, int first);
/* Every figure of a part, with the confusion matrix [truth][prediction]. */
sl_status lab_figures(lab *l, const char *part);
sl_status lab_catalogue(lab *l); /* of all words that the playground offers */

/* --- lab_answer.c: one row --- */
/* Numbers: the answer at one place of the axes: of each class the probability, of both where there are two,
 * or the number. */
sl_status lab_at(lab *l, double across, double up);
/* Numbers: a row as it came, features, target; then what is answered. part: 0 train, 1 validation, 2 test. */
sl_status lab_row(lab *l, int part, int row);

/* --- lab_columns.c: JSON arrays for lab_describe --- */
void lab_put_seen(const lab *l, sl_text *json); /* names of the numbers that the net sees; none: no table */
void lab_put_words(const lab *l, const char *column, sl_text *json); /* by their codes; at most 40 */

/* --- lab_look.c: pictures --- */
/* Which inputs are drawn across and up, and how far; from >= to: as the rows lie. */
sl_status lab_axes(lab *l, int across, int up, double from_x, double to_x, double from_y, double to_y);
/* Numbers: of each point across, up, target, part (0 train, 1 validation, 2 test), row; at most
 * LAB_POINTS_MOST of a part, evenly spread. */
sl_status lab_points(lab *l);
/* Numbers: the answer for each place of the grid: the probability of each class, or the number; of two
 * classes that of the second alone. */
sl_status lab_picture(lab *l, int side);
/* Numbers: what the net sees over the grid: for each of the prepared inputs side * side numbers. */
sl_status lab_inputs(lab *l, int side);
/* Numbers: what each unit of each layer gives over the grid, layer after layer: units * side * side numbers
 * each; layers of which there are more than LAB_PICTURES_MOST units in all are left out (lab_describe says
 * which have "pictures"). */
sl_status lab_units(lab *l, int side);
/* Numbers: of each layer with an activation the share of dead units and of saturated numbers on training
 * rows, at most 256, fewer of large nets. */
sl_status lab_alive(lab *l);

/* --- lab_weights.c --- */
sl_status lab_weights(lab *l); /* numbers: all parameters, as lab_describe's layers say */
sl_status lab_set_weight(lab *l, int index, double value);

/* --- lab_files.c --- */
/* The run as it stands: "model" model.safetensors, "json" the net as JSON, in the answer; "run" a run folder,
 * slope-run/, whose files lie in memory. */
sl_status lab_keep(lab *l, const char *what);

/* --- lab_diagnose.c --- */
/* Trains the settings as they are now again, from the first step, for so many epochs, and says what is wrong,
 * as sl_diagnose does: budget so many times that work, 0: only what can be seen before the first step. Where
 * no rows validate, those of the test part judge. The training that is open stays as it is. */
sl_status lab_diagnose(lab *l, int epochs, double budget);
/* Settings of a training that is broken as kind `index` of sl_setup_at has it, drawn by the seed; -1: the
 * kinds. */
sl_status lab_broken(lab *l, int index, double seed);

/* --- lab_explain.c --- */
/* A step of training on `count` rows of a part from `row` on, as sl_explain_rows tells it, with a copy of the
 * weights: the training does not notice. words: "train all html": the part; "all", "forward", "backward",
 * "update", or "predict"; the format. depth 1 to 4. Numbers: how many lines of arithmetic were checked. */
sl_status lab_explain(lab *l, const char *words, int row, int count, int depth, int digits);
/* Dense layers without an activation between them as one, as sl_explain_collapse tells it. */
sl_status lab_collapse(lab *l, int depth, int digits);
/* Numbers: the answer to each row of raw inputs, "0.5,0.5;1,0": the probability of each class, or the
 * numbers. collapsed: of the net with as few layers as possible (sl_model_collapse). */
sl_status lab_ask(lab *l, const char *rows, bool collapsed);

/* --- lab_landscape.c --- */
/* A plane through the weights as they are now. kind 0: the two principal components of the path, whose epochs
 * are recorded (at most 200, evenly spread; none of very large nets); 1: two random directions, each neuron's
 * as long as its weights. The answer: what is shown (low, high), the share of the path's variance, the loss
 * here on so many training rows. */
sl_status lab_landscape(lab *l, int kind, int seed, int side);
/* Numbers: the loss at `count` places of the grid [side, side] from place `from` on, the lowest row first;
 * low and high are places of it. Not finite where the loss is not. */
sl_status lab_landscape_some(lab *l, int from, int count);
/* Numbers: of each point of the path epoch, a, b, distance to the plane; the last one is where it is now. */
sl_status lab_landscape_path(lab *l);
/* Where these weights lie in the plane, and how far from it. */
void lab_land_place(const lab_land *land, const float *weights, double at[3]);

/* --- lab_words.c --- */
/* Which words go together: options of every optimizer, the optimizers that take a step size, schedules that
 * want an end, the targets of each loss. */
sl_status lab_words(lab *l);

/* --- for the other files --- */
bool lab_is_words(const lab *l, size_t input); /* its numbers are codes: between two there is nothing */
/* Rows of raw numbers, which are freed, as the model wants them; NULL where that fails. */
sl_tensor *lab_prepared(lab *l, sl_tensor *raw);
sl_status lab_land_epoch(lab *l, size_t epoch); /* the weights behind it, for the path */
void lab_land_close(lab *l);
void lab_no_grids(lab *l);                   /* they are made anew when they are wanted */
sl_status lab_say(lab *l, sl_status status); /* the context's failure becomes the answer, and is cleared */
sl_status lab_refuse(lab *l, const char *sentence); /* likewise SL_EINVAL */
bool lab_room(lab *l, size_t count);                /* lab->numbers has so many, lab->count says so */
sl_text *lab_begin(lab *l);                         /* an empty answer */
/* Members of a JSON object. */
void lab_put_text(sl_text *json, bool *first, const char *key, const char *text);
void lab_put_option(sl_text *json, const sl_option *option);

#endif
