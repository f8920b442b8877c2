/* terrain.h - the loss of a net as a function of all its weights, for the figure landscape: on a copy of the
 * model, over rows that are prepared once. */
#ifndef SL_PLOT_TERRAIN_H
#define SL_PLOT_TERRAIN_H

#include "plot/kind.h"
#include "train/records.h"

typedef struct {
    sl_ctx *ctx;
    sl_model *model; /* a copy, whose weights change */
    sl_tape *tape;
    size_t parameters, rows;
    sl_real *origin; /* [parameters]: the trained weights, in model order */
    size_t pieces;
    sl_tensor **x;           /* [pieces]: inputs, prepared */
    sl_real **y, **weight;   /* their targets, as the loss sees them; how much each row counts */
    size_t outputs, per_row; /* numbers a row that the net gives; targets of it */
    double flops;            /* of the loss once */
} sl_terrain;

/* At most `most` of data's rows. SL_EINVAL: no targets, or data that do not fit. */
sl_status sl_terrain_open(sl_terrain *terrain, sl_ctx *ctx, const sl_model *model, const sl_data *data,
                          size_t most);
/* Operations that the loss of a row takes. */
double sl_terrain_cost(const sl_model *model);
/* Mean loss over the rows with these weights [parameters]; not finite where it is not. */
double sl_terrain_at(sl_terrain *terrain, const double *weights);
void sl_terrain_close(sl_terrain *terrain);

/* A plane through the weights: base + a d[0] + b d[1]. */
typedef struct {
    double *base, *d[2];
    double low[2], high[2]; /* what is shown of it */
    double star[2];         /* where the trained weights lie in it */
    const char *label[2];   /* in the figure's arena */
} sl_plane;

/* Two random directions, each filter as long as the trained one (Li et al. 2018, equation 1). */
sl_status sl_plane_random(sl_plane *plane, sl_figure *figure, const sl_terrain *terrain, double span);
/* "dense_1.weight[0,1],output.bias[0]" */
sl_status sl_plane_weights(sl_plane *plane, sl_figure *figure, const sl_terrain *terrain, const char *names,
                           double span);
/* The two principal components of the points of paths, through `terrain->origin` where there is one path,
 * else through the mean of the points. share [2]: of the points' variance. off: the largest distance of a
 * point to the plane. */
sl_status sl_plane_paths(sl_plane *plane, sl_figure *figure, const sl_terrain *terrain,
                         sl_path_record *const *paths, int count, double span, double share[2], double *off);
/* Where weights (a point of a path) lie in the plane. */
void sl_plane_place(const sl_plane *plane, size_t parameters, const float *weights, double at[2]);
/* Loss at a place of the plane; `memory` holds parameters numbers. */
double sl_plane_loss(const sl_plane *plane, sl_terrain *terrain, double a, double b, double *memory);

/* Chord test on values at equal distances: the most that one lies above the straight line between two others,
 * *from and *to, at *between; 0: none does. Values that are not finite are passed over. */
double sl_chord_excess(const double *value, size_t count, size_t stride, size_t *from, size_t *to,
                       size_t *between);

#endif
