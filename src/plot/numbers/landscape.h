/* landscape.h - what the figure landscape has worked out, and what is said of it below the picture. */
#ifndef SL_PLOT_LANDSCAPE_H
#define SL_PLOT_LANDSCAPE_H

#include "plot/numbers/terrain.h"

enum { SL_LANDSCAPE_RUNS = 6, SL_LANDSCAPE_SIDE = 41 };

typedef struct {
    sl_figure *figure;
    const sl_figure_job *job;
    sl_terrain terrain;
    sl_plane plane;
    sl_path_record *path[SL_LANDSCAPE_RUNS];
    int paths;
    size_t side;
    double *loss;   /* [side, side], the first row the lowest of plane.d[1] */
    double *memory; /* [parameters] */
    double at_star, least, most, share[2], off;
    double cut_at; /* where the colours end, less than `most`; 0: they do not */
    size_t lost;   /* places without a finite loss */
} sl_plot_landscape;

/* Where row or column `index` of the grid lies along direction `side`. */
double sl_landscape_place(const sl_plot_landscape *w, int side, size_t index);
/* The notes. all: rows of the data; along_path: the plane is that of the paths. */
void sl_landscape_say(sl_plot_landscape *w, size_t all, bool along_path);

#endif
