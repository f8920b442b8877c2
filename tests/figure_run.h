/* figure_run.h - runs in a temporary folder, of which figures are made. For tests only. */
#ifndef TESTS_FIGURE_RUN_H
#define TESTS_FIGURE_RUN_H

#include "engine.h"
#include "plot/figure.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char folder[64];  /* the test's */
    char run[96];     /* a run's in it */
    char source[128]; /* a file in it */
} figure_place;

static inline void figure_place_make(figure_place *place)
{
    snprintf(place->folder, sizeof place->folder, "/tmp/slope-figure-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->run, sizeof place->run, "%s/run-1", place->folder);
    snprintf(place->source, sizeof place->source, "%s/rows.csv", place->folder);
}

static inline void figure_place_clear(const char *folder)
{
    DIR *all = opendir(folder);
    for (struct dirent *one; all && (one = readdir(all));) {
        char path[512];
        if (snprintf(path, sizeof path, "%s/%s", folder, one->d_name) >= (int)sizeof path)
            continue;
        if (strcmp(one->d_name, ".") != 0 && strcmp(one->d_name, "..") != 0 && unlink(path) != 0)
            figure_place_clear(path);
    }
    if (all)
        closedir(all);
    rmdir(folder);
}

/* Trains and forgets it; the run is in place->run. */
static inline void figure_train(figure_place *place, const sl_run_options *options, uint64_t seed)
{
    sl_run_options with = *options;
    sl_ctx *ctx = engine_ctx(seed);
    with.out = place->run;
    with.overwrite = true;
    sl_run *run = sl_run_new(ctx, &with);
    if (run)
        sl_run_train(run);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static inline sl_figure *figure_make(sl_ctx *ctx, const figure_place *place, const char *kind,
                                     sl_figure_request request)
{
    const char *const runs[] = { place->run };
    request.runs = runs;
    request.run_count = 1;
    return sl_figure_make(ctx, kind, &request);
}

/* Series number `skip` of this kind in a panel; fails the test where there is none. */
static inline const sl_series *figure_series_of(const sl_panel *panel, sl_draw how, int skip)
{
    for (int i = 0; i < panel->count; i++)
        if (panel->series[i]->how == how && skip-- == 0)
            return panel->series[i];
    fail_msg("there is no such series");
    return NULL;
}

#define assert_notes(figure, piece)                                                                          \
    do {                                                                                                     \
        if (!strstr(sl_figure_notes(figure), piece))                                                         \
            fail_msg("no '%s' in: %s", piece, sl_figure_notes(figure));                                      \
    } while (0)

#endif
