/* model.h - layers in a row, their parameters in one piece of memory, and how raw inputs are prepared. A
 * layer that has layers inside (a group) stands before them in the row, and its `end` says where they end. */
#ifndef SL_MODEL_MODEL_H
#define SL_MODEL_MODEL_H

#include "autograd/tape.h"
#include "data/data.h"
#include "layer/layer.h"
#include "loss/loss.h"
#include "model/safetensors.h"
#include "optim/optim.h"
#include "text/views.h"

typedef enum { SL_UNSCALED, SL_STANDARD, SL_LOG } sl_scaling;
typedef struct { /* the loss sees y, (y - shift) / scale or (log y - shift) / scale */
    sl_scaling way;
    double shift, scale; /* 0 while unscaled */
} sl_target;

struct sl_model {
    sl_ctx *ctx;
    sl_built *layers;
    int count;
    char *net;                          /* all layers in the words of --net */
    const char *init;                   /* for layers that name none; NULL: their default */
    char *start_weights, *start_biases; /* sl_model_set_start; NULL: drawn */
    bool biases_stay;                   /* weights were given and biases were not: these do not learn */
    sl_shape input;                     /* of one row; valid once built */
    bool built;
    bool blank;         /* no starting weights are drawn: a file has them */
    sl_tensor **params; /* in model order */
    char **param_names; /* "dense_1.weight" */
    int param_count;
    size_t parameters;    /* their numbers */
    sl_tensor **running;  /* running statistics, in model order: not learned, but saved */
    char **running_names; /* "batch_norm_1.running_mean" */
    int running_count;
    sl_real *values, *gradients; /* of all parameters, each tensor at a multiple of 64 bytes; in values the
                                    running statistics come behind */
    size_t padded, learned;      /* numbers in values and in gradients, padding included */
    const sl_loss *loss;         /* NULL before sl_compile */
    sl_loss_values loss_values;
    char loss_text[SL_LOSS_TEXT]; /* its name and the options that are not the default */
    sl_optimizer optimizer;
    char *schedule; /* the optimizer's, copied; NULL: the default */
    /* preprocessing */
    sl_real divisor;               /* inputs are divided by it; 0: not decided yet */
    sl_columns *columns;           /* of a table, fitted: its cells are encoded by them; NULL: no table */
    sl_views *views;               /* of data with texts: how they become features; NULL: none */
    const sl_views *earlier_views; /* of another model, borrowed while views are fitted: sl_views_refit */
    char *preprocessing;           /* a sentence */
    char *version;                 /* of slope, that wrote the file; NULL: made here */
    sl_target target;              /* of numbers */
    /* Where the loss has bounds: both are moved out by so much, in what the loss sees; by how many rows. */
    double correction;
    size_t corrected_by; /* 0: not corrected */
    int classes;         /* 0: numbers */
    char **class_names;  /* [classes] */
};

enum { SL_MOST_LAYERS = 10000, SL_MOST_DEPTH = 100 };
typedef struct {   /* layers and those inside them in one row, as in sl_model */
    sl_layer spec; /* .layers is not looked at */
    int inner;     /* how many of those that follow are inside */
} sl_flat;
/* The model's own, named, which the caller frees; texts are borrowed from the model. */
sl_flat *sl_model_flat(sl_ctx *ctx, const sl_model *model);
/* Checks words, names, shares; no memory for parameters yet. The inner counts must lie in each other. */
sl_model *sl_model_make_flat(sl_ctx *ctx, const sl_flat *layers, int count);
/* sl_model_new without memory for parameters, also when the first layer tells the input's width. */
sl_model *sl_model_make(sl_ctx *ctx, const sl_layer *layers);
/* Shapes, parameters, starting weights; once. input: of one row. */
sl_status sl_model_build(sl_model *model, sl_shape input);
/* Numbers as text, in model order, row-major [outputs, inputs], for parameters called .weight and .bias,
 * before the model is built; NULL: drawn. Where weights are given and biases are not, these are 0 and do not
 * learn. start.c */
sl_status sl_model_set_start(sl_model *model, const char *weights, const char *biases);
void sl_model_hold_biases(sl_model *model); /* from now on biases_stay; they keep their values */
sl_status sl_model_start(sl_model *model);  /* when it is built; SL_EINVAL: other counts, with the shapes */
void sl_model_tell(const sl_model *model);  /* model_told.c: which initialisers were chosen */
/* The layer that gives the outputs: the last one that is not inside another. */
const sl_built *sl_model_last(const sl_model *model);
/* Back to a model without parameters. */
void sl_model_drop_params(sl_model *model);
/* SL_EINVAL where all parameters are frozen: there is nothing to train. */
sl_status sl_model_check_learning(const sl_model *model);
/* The optimizer's step for all parameters, with what their layers say of decay and lr. */
sl_step *sl_model_step(sl_model *model, sl_optimizer optimizer);
/* What parameter `index` is learned with beside the optimizer's options: lr times this, and a decay of its
 * own (0: the optimizer's; below 0: none). */
void sl_model_param_group(const sl_model *model, int index, sl_real *lr_scale, sl_real *decay);
/* Puts the words of all layers together. */
sl_status sl_model_put_net(sl_model *model);
/* The word of the initialiser that draws this layer's weights. */
const char *sl_model_init_of(const sl_model *model, const sl_built *layer);
/* Only the shapes and counts: what sl_model_build would take. */
sl_status sl_model_shapes(sl_model *model, sl_shape input);
/* Numbers a row that the last layer gives; 0 before it is built. */
int sl_model_outputs(const sl_model *model);
/* How inputs are prepared and what the outputs are called. names NULL: "0", "1", ... Copies. */
sl_status sl_model_set_preprocessing(sl_model *model, sl_real divisor, const char *sentence);
sl_preparation sl_model_preparation(const sl_model *model); /* borrows from the model */
/* A copy of fitted columns; the sentence follows. */
sl_status sl_model_set_columns(sl_model *model, const sl_columns *columns);
/* A copy of fitted views. */
sl_status sl_model_set_views(sl_model *model, const sl_views *views);
bool sl_model_reads_texts(const sl_model *model);
/* What a view weighs that does not say: nothing where an embedding reads it. */
sl_weigh sl_model_text_weight(const sl_model *model);
/* Before shapes: the views of layers that read texts, and how many features those have. */
sl_status sl_model_fill_rows(sl_model *model);
sl_status sl_model_set_classes(sl_model *model, int classes, const char *const *names);
/* --- targets (target.c) --- */
/* "none", "standard", "log"; NULL is "none". SL_EINVAL for another word. */
sl_status sl_scaling_find(sl_ctx *ctx, const char *word, sl_scaling *way);
const char *sl_scaling_word(sl_scaling way);
/* The target's own units -> what the loss sees, and back; in place. Of logarithms: y above 0. */
void sl_target_in(const sl_target *target, sl_real *y, size_t count);
void sl_target_out(const sl_target *target, sl_real *y, size_t count);
/* What the net gives, [count, 3] prediction and bounds, in place: bounds in order, moved out by the
 * correction; where that is negative and they would cross, they meet. */
void sl_target_bounds(const sl_model *model, sl_real *y, size_t count);
/* Members of the description, where there is something to say, and back: SL_EFORMAT. */
void sl_model_put_target(const sl_model *model, sl_text *json, bool *first);
sl_status sl_model_take_target(sl_model *model, const char *name, const sl_json *description);

/* Inputs [rows, numbers a row] and targets for a batch of a built model with a loss. */
sl_status sl_model_batch(sl_ctx *ctx, const sl_model *model, int rows, sl_tensor **x, sl_tensor **y);
/* The inputs alone; with lists for texts where the model reads some. */
sl_tensor *sl_model_inputs(sl_ctx *ctx, const sl_model *model, int rows, size_t features);
/* x, of one of these, becomes rows[0..count) of data, prepared; y [count, outputs] their targets, or NULL.
 * scattered: as in sl_preparation. */
sl_status sl_model_gather(sl_ctx *ctx, const sl_model *model, const sl_data *data, const size_t *rows,
                          size_t count, bool scattered, sl_tensor *x, sl_real *y);
/* The forward pass for values known to be prepared, on any tape; reads the model only. */
sl_tensor *sl_model_forward(sl_tape *tape, const sl_model *model, sl_tensor *x);
/* Sees each layer's activation f at work: z goes in, y = f(z) comes out, [rows, units]; both are the tape's.
 */
typedef struct {
    void (*see)(void *user, int layer, const sl_tensor *z, const sl_tensor *y); /* NULL: not wanted */
    void *user;
    void (*passed)(void *user, int layer, const sl_tensor *y); /* what any layer gives; NULL */
} sl_watch;
/* The same on an inference tape; where `see` is wanted with each activation apart from the product before it.
 */
sl_tensor *sl_model_forward_watched(sl_tape *tape, const sl_model *model, sl_tensor *x,
                                    const sl_watch *watch);
/* The same of layers 0 .. end - 1 alone, which must not end inside of a group. */
sl_tensor *sl_model_forward_to(sl_tape *tape, const sl_model *model, int end, sl_tensor *x);

/* --- in files (file.c) --- */
enum { SL_MODEL_FORMAT = 1 };
/* The members of the JSON object that describes the model, without braces: everything but the numbers. */
void sl_model_describe(const sl_model *model, sl_text *json);
/* Class names, a table's words and weights; the writer borrows `values` (laid out as model->values) and what
 * is made in `memory`, until the file is written. */
sl_status sl_model_put(const sl_model *model, sl_safetensors_writer *writer, const sl_real *values,
                       sl_arena *memory);
/* sl_model_save with other numbers in place of its weights and statistics, laid out as model->values. */
sl_status sl_model_save_values(const sl_model *model, const sl_real *values, const char *path);
/* `description`: the parsed object of sl_model_describe. */
sl_model *sl_model_take(sl_ctx *ctx, const sl_safetensors *file, const sl_json *description);
/* The object behind the metadata key "slope", of a format this version reads; NULL and SL_EFORMAT. */
const sl_json *sl_model_description(sl_arena *arena, const sl_safetensors *file);
/* Weights by name, each with `prefix` before it, into `values` (laid out as model->values). */
sl_status sl_model_take_values(const sl_model *model, const sl_safetensors *file, const char *prefix,
                               sl_real *values);
/* Puts such values into the writer under prefix + name. */
sl_status sl_model_put_values(const sl_model *model, sl_safetensors_writer *writer, const char *prefix,
                              const sl_real *values);

/* The dictionaries of model->columns as tensors "columns.N.text" and "columns.N.offsets" (file_columns.c). */
sl_status sl_model_put_columns(const sl_model *model, sl_safetensors_writer *writer, sl_arena *memory);
sl_status sl_model_take_columns(sl_model *model, const sl_safetensors *file, const sl_json *columns);
/* The layers of the description, and back. */
void sl_model_put_layers(const sl_model *model, sl_text *json);
sl_model *sl_model_take_layers(sl_ctx *ctx, const char *name, const sl_json *list);

/* The words of --net -> layers in one row, which the caller frees with `words`. NULL and the context's error.
 */
sl_flat *sl_net_read(sl_ctx *ctx, const char *net, int *count, char **words);
/* The words of --net -> layers, ended by type NULL, in one block with their words, which the caller frees;
 * `more` free places before the end, for an output layer. NULL and the context's error on failure. */
sl_layer *sl_net_parse(sl_ctx *ctx, const char *net, int more, int *count);

#endif
