/* augmentation.h - what a file of data/augment/ provides: `const sl_augmentation sl_augmentation_NAME`.
 *
 * A word that moves pictures says where the new picture finds its numbers: at place q (x to the right, y
 * down, in pixels from the middle) it shows what the old one has at M q + t + d(q). Words of `move` make M
 * and t, words of `bend` the field d; the picture is then read once. Words of `stir` change numbers
 * afterwards. */
#ifndef SL_DATA_AUGMENT_AUGMENTATION_H
#define SL_DATA_AUGMENT_AUGMENTATION_H

#include "core/ctx.h"
#include "core/random.h"

enum { SL_DRAWN = 64 }; /* numbers that philox_lanes gives */

/* Each word has random numbers of its own, so adding one leaves the others as they are. Never renumber. */
typedef enum {
    SL_DRAWS_SHIFT = 1,
    SL_DRAWS_ROTATE = 2,
    SL_DRAWS_SCALE = 3,
    SL_DRAWS_SHEAR = 4,
    SL_DRAWS_FLIP = 5,
    SL_DRAWS_ELASTIC = 6,
    SL_DRAWS_NOISE = 7
} sl_augment_draws;

typedef struct { /* source = (xx x + xy y + x0, yx x + yy y + y0) */
    double xx, xy, x0, yx, yy, y0;
} sl_warp;

typedef struct { /* the work on one row of the data */
    sl_isa isa;
    uint64_t seed;
    uint32_t counter[4];  /* of philox_lanes, for this word */
    size_t height, width; /* of the picture */
    size_t wide;          /* width, up to a multiple of 16: numbers a row of the field */
    const double *values; /* of the word's options */
    const sl_real *table; /* what the word's `prepare` wrote */
    sl_real *scratch;     /* as many as its `size` says, zeros before the first row */
} sl_augment_job;

typedef struct {
    size_t table, scratch; /* numbers */
} sl_augment_size;

typedef struct {
    const char *name, *summary, *formula, *source;
    const sl_option *options;
    sl_augment_draws draws;
    bool images; /* wants rows that are pictures */
    /* Changes the warp by this word's, which comes after what is there (sl_warp_then). u: numbers in -1 .. 1.
     */
    void (*move)(const double *values, const double u[4], sl_warp *warp);
    /* Writes the field [height, 2, wide]: dx and dy of a row of pixels behind one another. */
    void (*bend)(const sl_augment_job *job, sl_real *field);
    /* Changes the n numbers of a row. */
    void (*stir)(const sl_augment_job *job, sl_real *x, size_t n);
    /* May be NULL; job->table and job->scratch are not there yet. */
    sl_augment_size (*size)(const sl_augment_job *job);
    void (*prepare)(const sl_augment_job *job, sl_real *table);
} sl_augmentation;

const sl_augmentation *sl_augmentation_at(size_t index); /* NULL behind the last */
/* The word of this length, or NULL and SL_EINVAL with the list of those there are. */
const sl_augmentation *sl_augmentation_find(sl_ctx *ctx, const char *word, size_t length);

/* warp = the picture moved by warp, and then once more. `back` is the inverse of that second move: where its
 * result at q shows what it is given. */
void sl_warp_then(sl_warp *warp, sl_warp back);

/* --- reading a picture at other places, in warp.c ------------------------------------------------- */

/* A plane is a picture [height, width] in a frame of zeros, [height + 3, width + 3] numbers, and begins at
 * (1, 1). */
size_t sl_plane_count(size_t height, size_t width);
/* Channel x[0], x[step], x[2 step] .. of a picture -> plane, whose frame is zeros already. */
void sl_plane_fill(sl_real *plane, const sl_real *x, size_t step, size_t height, size_t width);
/* And back: what plane shows where warp and field say, between pixels by bilinear interpolation, outside 0.
 */
void sl_plane_read(sl_isa isa, sl_real *x, size_t step, const sl_real *plane, size_t height, size_t width,
                   const sl_warp *warp, const sl_real *field);

#endif
