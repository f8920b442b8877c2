/* images.h - arrays of more than two dimensions, [rows, height, width] and the like: rows of that shape,
 * bytes (u1) as they are, other numbers as sl_real. */
#ifndef SL_DATA_ARRAY_IMAGES_H
#define SL_DATA_ARRAY_IMAGES_H

#include "data/array/array.h"
#include "data/array/numbers.h"

typedef struct {
    sl_array x;
    sl_numbers y; /* inputs 0; outputs 0: no targets */
} sl_images;

void sl_images_free(sl_ctx *ctx, sl_images *images);
/* Targets to classes, where they are meant so or `task` asks for it, or with the classes of other images; all
 * must be there. */
sl_status sl_images_classify(sl_images *images, const char *task, const sl_numbers *known);
/* One or two parts behind one another, which are used up. */
sl_data *sl_images_data(sl_ctx *ctx, const char *source, const char *part, sl_images *images, int count);

#endif
