/* layer.h - what a layer is. One layer, one file. A layer holds options and parameters, never the state of a
 * forward pass.                                                                                       */
#ifndef SL_LAYER_LAYER_H
#define SL_LAYER_LAYER_H

#include "core/text.h"
#include "init/init.h"
#include "op/op.h"

enum { SL_LAYER_PARAMS = 2 };
typedef struct sl_layer_kind sl_layer_kind;

typedef struct {      /* a parameter that a layer wants */
    const char *name; /* "weight", "bias" */
    sl_shape shape;
    const char *init; /* the layer's word, or its default */
    double fan_in, fan_out;
    bool bias;
} sl_wanted;

typedef struct { /* a layer of a model */
    const sl_layer_kind *kind;
    sl_layer spec;    /* text fields point to memory of the context */
    const char *name; /* "dense_1" */
    int ordinal;      /* the how-manieth of its kind, from 1 */
    const char *text; /* "128 relu": as in --net */
    const sl_op *activation;
    sl_real slope;    /* the activation's number */
    sl_shape in, out; /* of one row; valid once built */
    int wants;
    sl_wanted wanted[SL_LAYER_PARAMS];
    sl_tensor *param[SL_LAYER_PARAMS];
    size_t flops; /* of one row forward */
} sl_built;

enum { /* which fields of sl_layer a kind knows */
       SL_WORD_UNITS = 1,
       SL_WORD_ACTIVATION = 2,
       SL_WORD_INIT = 4,
       SL_WORD_RATE = 8,
       SL_WORD_BIAS = 16
};

struct sl_layer_kind {
    const char *name, *summary, *formula, *source;
    const sl_option *options; /* what the word takes; NULL: nothing */
    unsigned words;           /* SL_WORD_... */
    bool gives_outputs;       /* a net may end in it */
    bool value_is_rate;       /* "dropout 0.2": the bare value of --net is the rate; else it is units */
    /* Checks spec (without shapes): ranges, words; fails with a sentence. */
    sl_status (*check)(sl_ctx *ctx, sl_built *layer);
    /* in is set: sets out, wanted and flops. */
    sl_status (*shape)(sl_ctx *ctx, sl_built *layer);
    sl_tensor *(*forward)(sl_tape *tape, const sl_built *layer, sl_tensor *x);
    void (*describe)(const sl_built *layer, sl_text *text);
};

const sl_layer_kind *sl_layer_kind_at(size_t index); /* NULL behind the last */
/* NULL and the context's error, which names the nearest word. */
const sl_layer_kind *sl_layer_kind_find(sl_ctx *ctx, const char *name);
/* Refuses fields that the kind does not know. */
sl_status sl_layer_check_words(sl_ctx *ctx, const sl_built *layer);

#endif
