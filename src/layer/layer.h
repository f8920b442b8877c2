/* layer.h - what a layer is. One layer, one file. A layer holds options and parameters, never the state of a
 * forward pass.                                                                                       */
#ifndef SL_LAYER_LAYER_H
#define SL_LAYER_LAYER_H

#include "core/json.h"
#include "init/init.h"
#include "op/op.h"

enum { SL_LAYER_PARAMS = 4, SL_LAYER_LARGEST = 1 << 24 };
typedef struct sl_layer_kind sl_layer_kind;

typedef struct {      /* a tensor that a layer wants */
    const char *name; /* "weight", "bias" */
    sl_shape shape;
    const char *init; /* the layer's word, or its default; NULL: all numbers begin at `start` */
    double fan_in, fan_out, start;
    bool bias;
    bool own_init; /* init is what this layer needs: the model's, for layers that name none, is not for it */
    bool by_rows;  /* a table of which a step touches some rows: keeps a list of them */
} sl_wanted;

typedef struct { /* a layer of a model */
    const sl_layer_kind *kind;
    sl_layer spec;    /* text fields point to memory of the context */
    const char *name; /* "dense_1" */
    int ordinal;      /* the how-manieth of its kind, from 1 */
    int depth;        /* how many groups it lies in */
    int end;          /* index behind the last layer inside; without such its own + 1 */
    int shares;       /* index of the layer whose tensors it uses; its own: -1 */
    const char *text; /* "128 relu": as in --net; of a group without the layers inside */
    const sl_op *activation;
    sl_real slope;    /* the activation's number */
    sl_real momentum; /* in place of spec's for the time; 0: spec's */
    int view;         /* of texts; -1: all views together */
    sl_shape in, out; /* of one row; valid once built */
    int wants, runs;  /* parameters; running statistics behind them, which are not learned */
    sl_wanted wanted[SL_LAYER_PARAMS];
    sl_tensor *param[SL_LAYER_PARAMS];
    sl_terms *terms; /* basis: what its words say; freed with the model */
    size_t flops;    /* of one row forward */
    char start[48];  /* an init that depends on the words, for wanted to point to */
} sl_built;

struct sl_layer_kind {
    const char *name, *summary, *formula, *source;
    const sl_option *options; /* the words it knows, made of SL_WORD_...; NULL: none */
    const char *bare;         /* the word that stands in --net without its name: "units"; NULL: none */
    const char *example;      /* between layers of 5 units in --net; its gradient is checked there */
    int categories;           /* > 0: wants a whole number below this, as in the example, first in a row */
    bool gives_outputs;       /* a net may end in it */
    bool idle;                /* does nothing in inference */
    bool pools;               /* stands behind an embedding, whose vectors it makes one */
    /* Checks spec (without shapes): what the ranges of the words do not say; fails with a sentence. NULL:
     * nothing.
     */
    sl_status (*check)(sl_ctx *ctx, sl_built *layer);
    /* in is set: sets out, wanted and flops. */
    sl_status (*shape)(sl_ctx *ctx, sl_built *layer);
    sl_tensor *(*forward)(sl_tape *tape, const sl_built *layer, sl_tensor *x);
    /* Instead of forward, of layers that read a batch's texts: x [rows, n >= 0] is what stands beside them.
     */
    sl_tensor *(*read)(sl_tape *tape, const sl_built *layer, sl_tensor *x, const sl_ragged *texts);
    /* Groups only, which have layers inside: instead of shape, once `inside` is what those give; and instead
     * of forward, with the x that they were given and the y that they gave. */
    sl_status (*join_shape)(sl_ctx *ctx, sl_built *layer, sl_shape inside);
    sl_tensor *(*join)(sl_tape *tape, const sl_built *layer, sl_tensor *x, sl_tensor *y);
};

const sl_layer_kind *sl_layer_kind_at(size_t index); /* NULL behind the last */
/* NULL and the context's error, which names the nearest word. */
const sl_layer_kind *sl_layer_kind_find(sl_ctx *ctx, const char *name);
extern const sl_layer_kind sl_layer_dense, sl_layer_input, sl_layer_activation, sl_layer_embedding,
    sl_layer_bag;

/* For norms, which take a row as one line: out; and parameters "scale", from 1, and "shift", from 0. */
sl_status sl_layer_norm_shape(sl_ctx *ctx, sl_built *layer);
/* What the norms want of x: [rows, numbers]. */
sl_tensor *sl_layer_flat(sl_tape *tape, sl_tensor *x);

/* --- the words of layers (words.c) --- */

typedef enum { SL_WORD_WHOLE, SL_WORD_REAL, SL_WORD_TEXT, SL_WORD_YES, SL_WORD_NO } sl_layer_word_kind;
typedef struct { /* YES: a flag that "yes" sets; NO: one that "no" sets */
    const char *name;
    size_t at; /* offset in sl_layer; the field's 0 means that it is not given */
    sl_layer_word_kind kind;
} sl_layer_word;

/* What the lists of the kinds are made of: one line a word. */
#define SL_WORD_OF(word, what, text)                                                                         \
    {                                                                                                        \
        .name = word, .summary = what, .choices = text, .normally = "none"                                   \
    }
#define SL_WORD_UNITS(what)                                                                                  \
    {                                                                                                        \
        .name = "units", .summary = what, .low = 1, .high = SL_LAYER_LARGEST, .whole = true,                 \
        .normally = "none"                                                                                   \
    }
#define SL_WORD_ACTIVATION SL_WORD_OF("activation", "what follows the sum; see activations", "NAME")
#define SL_WORD_INIT                                                                                         \
    {                                                                                                        \
        .name = "init", .summary = "how its weights begin; see initialisers", .choices = "NAME",             \
        .normally = "he for the relu family, else xavier"                                                    \
    }
#define SL_WORD_BIAS                                                                                         \
    {                                                                                                        \
        .name = "bias", .summary = "a number of its own for each output", .normal = 1, .high = 1,            \
        .choices = "no|yes"                                                                                  \
    }
#define SL_WORD_FREEZE                                                                                       \
    {                                                                                                        \
        .name = "freeze", .summary = "training leaves its weights as they are", .high = 1,                   \
        .choices = "no|yes"                                                                                  \
    }
#define SL_WORD_SHARE SL_WORD_OF("share", "with the weights of this layer before it", "NAME")
#define SL_WORD_LR_SCALE                                                                                     \
    {                                                                                                        \
        .name = "lr_scale", .summary = "of its weights: times the step size", .normal = 1, .high = 1e6,      \
        .above_low = true                                                                                    \
    }
#define SL_WORD_DECAY                                                                                        \
    {                                                                                                        \
        .name = "decay", .summary = "of its weights, not of biases, instead of the optimizer's", .high = 1,  \
        .below_high = true, .normally = "the optimizer's"                                                    \
    }
#define SL_WORD_EPSILON                                                                                      \
    {                                                                                                        \
        .name = "epsilon", .summary = "added to the variance", .normal = 1e-5, .high = 1, .above_low = true  \
    }

const sl_layer_word *sl_layer_word_at(size_t index); /* NULL behind the last; "name" is none of them */
const sl_layer_word *sl_layer_word_find(const char *name, size_t length); /* NULL: none such */
/* The entry of the kind's list; NULL: it does not know the word. */
const sl_option *sl_layer_option(const sl_layer_kind *kind, const char *word);
bool sl_layer_given(const sl_layer *spec, const sl_layer_word *word);
/* The field from a number (of a flag: 1 for yes) or text. A decay of 0 becomes -1, which means none. */
void sl_layer_set(sl_layer *spec, const sl_layer_word *word, double number, const char *text);
const char **sl_layer_text(sl_layer *spec, const sl_layer_word *word); /* of a TEXT */
/* Refuses words that the kind does not know, and values outside of their range. */
sl_status sl_layer_check_words(sl_ctx *ctx, const sl_built *layer);
/* "128 relu init=he": as in --net, without the layers inside. */
void sl_layer_describe(sl_text *text, const sl_built *layer, bool named);
/* The words given as members of a JSON object, and back; texts then point into the JSON. */
void sl_layer_put(sl_text *json, bool *first, const sl_layer *spec);
void sl_layer_take(sl_layer *spec, const sl_json *json);

#endif
