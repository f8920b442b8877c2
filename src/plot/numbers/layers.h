/* layers.h - what the layers of a net give for rows of data: for the figures activations and embedding. */
#ifndef SL_PLOT_LAYERS_H
#define SL_PLOT_LAYERS_H

#include "plot/kind.h"
#include "train/measure.h"

enum { SL_LAYER_INPUT = -1 }; /* the inputs, as the net sees them */

/* Has this layer outputs of its own to look at? Not those inside of others, not those that only hand on. */
bool sl_layers_shown(const sl_model *model, int layer);
/* The layer of this name, or SL_LAYER_INPUT of "input". SL_EINVAL lists the layers. */
sl_status sl_layers_find(sl_ctx *ctx, const sl_model *model, const char *figure, const char *name,
                         int *layer);
const char *sl_layers_name(const sl_model *model, int layer);
size_t sl_layers_width(const sl_model *model, int layer); /* numbers a row */
/* Its outputs for rows first .. first + count - 1, in inference mode: to [count, width]. */
sl_status sl_layers_outputs(sl_ctx *ctx, const sl_model *model, const sl_data *data, int layer, size_t first,
                            size_t count, sl_real *to);
/* of_runs of the figure activations. */
sl_status sl_layers_of_row(sl_figure *figure, const sl_figure_job *job);

#endif
