/* run_made.h - run folders written by hand, for tests of what reads them; and folders that are cleared away.
 */
#ifndef TESTS_RUN_MADE_H
#define TESTS_RUN_MADE_H

#include "engine.h"
#include "plot/figure.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char folder[64]; /* of all runs */
    char path[16][128];
    const char *runs[16];
    int count;
} made_place;

static inline int made_setup(void **state)
{
    made_place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/slope-made-XXXXXX");
    *state = place;
    return mkdtemp(place->folder) ? 0 : -1;
}

static inline void made_clear(const char *folder)
{
    char path[1024];
    DIR *all = opendir(folder);
    for (struct dirent *e; all && (e = readdir(all));) {
        struct stat there;
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        assert_true(strlen(folder) + strlen(e->d_name) + 2 < sizeof path);
        strcpy(path, folder);
        strcat(path, "/");
        strcat(path, e->d_name);
        if (!stat(path, &there) && S_ISDIR(there.st_mode))
            made_clear(path);
        else
            unlink(path);
    }
    if (all)
        closedir(all);
    rmdir(folder);
}

static inline int made_teardown(void **state)
{
    made_place *place = *state;
    made_clear(place->folder);
    free(place);
    return 0;
}

/* A new, empty folder; its number among place->runs. */
static inline int made_folder(made_place *place, const char *name)
{
    const int run = place->count++;
    strcpy(place->path[run], place->folder);
    strcat(place->path[run], "/");
    strcat(place->path[run], name);
    assert_int_equal(mkdir(place->path[run], 0777), 0);
    place->runs[run] = place->path[run];
    return run;
}

static inline void made_write(const made_place *place, int run, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", place->runs[run], name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* run.json: settings and used hold these members. */
static inline void made_json(const made_place *place, int run, const char *status, const char *settings,
                             const char *used, const char *result)
{
    char text[2048];
    snprintf(text, sizeof text,
             "{\"format\": 1, \"status\": \"%s\", \"data_digest\": \"00\", \"settings\": {%s}, \"used\": "
             "{\"task\": \"classification\", %s}, \"result\": %s}\n",
             status, settings, used, result);
    made_write(place, run, "run.json", text);
}

static inline sl_figure *made_figure(sl_ctx *ctx, const made_place *place, const char *kind,
                                     sl_figure_request request)
{
    request.runs = place->runs;
    request.run_count = place->count;
    return sl_figure_make(ctx, kind, &request);
}

/* The figure is refused, with these words. */
static inline void made_refused(sl_ctx *ctx, const made_place *place, const char *kind,
                                sl_figure_request request, const char *words)
{
    assert_null(made_figure(ctx, place, kind, request));
    if (!strstr(sl_message(ctx), words))
        print_error("'%s' is not in: %s\n", words, sl_message(ctx));
    assert_non_null(strstr(sl_message(ctx), words));
    sl_clear(ctx);
}

static inline const sl_series *made_series(const sl_figure *figure, int panel, sl_draw how, const char *name)
{
    const sl_panel *p = figure->panels[panel];
    for (int s = 0; s < p->count; s++)
        if (p->series[s]->how == how &&
            (name ? p->series[s]->name && !strcmp(p->series[s]->name, name) : !p->series[s]->name))
            return p->series[s];
    return NULL;
}

static inline void made_noted(const sl_figure *figure, const char *words)
{
    if (!strstr(sl_figure_notes(figure), words))
        print_error("'%s' is not in: %s\n", words, sl_figure_notes(figure));
    assert_non_null(strstr(sl_figure_notes(figure), words));
}

/* A real, small training in a folder of the place. */
static inline void made_train(sl_ctx *ctx, made_place *place, const char *name, sl_run_options options)
{
    options.out = place->runs[made_folder(place, name)];
    rmdir(options.out);
    sl_run *run = sl_run_new(ctx, &options);
    if (!run)
        print_error("%s\n", sl_message(ctx));
    assert_non_null(run);
    assert_int_equal(sl_run_train(run), SL_OK);
    sl_run_free(run);
}

/* A number of a CSV file that has no quoted fields: row from 1; NaN where the field is empty. */
static inline double made_field(const made_place *place, int run, const char *file, int row,
                                const char *column)
{
    char path[256], line[8192];
    int wanted = -1, at = 0;
    snprintf(path, sizeof path, "%s/%s", place->runs[run], file);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    double value = NAN;
    for (int number = 0; fgets(line, sizeof line, f) && number <= row; number++) {
        line[strcspn(line, "\r\n")] = 0;
        at = 0;
        for (char *field = line, *comma; field; field = comma ? comma + 1 : NULL, at++) {
            if ((comma = strchr(field, ',')))
                *comma = 0;
            if (number == 0 && !strcmp(field, column))
                wanted = at;
            if (number == row && at == wanted && *field)
                value = strtod(field, NULL);
        }
    }
    fclose(f);
    return value;
}

#endif
