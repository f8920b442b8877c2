/* vary_figure.c - what came of the settings over the values of an option, and their curves. */
#define _XOPEN_SOURCE 700
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "terminal.h"
#include "vary.h"

enum { FIGURE_LINES = 14, FIGURE_PANELS = 2 * CLI_VARY_FACTORS, FIGURE_CURVES = 8, FIGURE_NAME = 160 };

typedef struct {
    const cli_vary *vary;
    sl_spread_panel panel[FIGURE_PANELS];
    sl_spread_line line[FIGURE_PANELS][FIGURE_LINES];
    char name[FIGURE_PANELS][FIGURE_LINES][FIGURE_NAME];
    char title[FIGURE_PANELS][160];
    char y_label[64], notes[512];
    int panels;
    double *numbers; /* what the lines point to */
    size_t used, room;
    bool failed;
} figure_job;

/* Numbers that live as long as the job; "room" was counted before. */
static double *figure_take(figure_job *job, size_t count)
{
    double *taken = job->numbers + job->used;
    job->used += count;
    job->failed = job->failed || job->used > job->room;
    return job->failed ? NULL : taken;
}

static const cli_vary_spread *figure_merit(const cli_vary *vary, const cli_vary_setting *s)
{
    return !strcmp(vary->by, "validation") ? &s->validation : &s->train;
}

static void figure_place(const cli_vary *vary, const cli_factor *factor, const cli_vary_setting *s,
                         const cli_vary_spread *spread, double *x, double *y, double *low, double *high,
                         int value)
{
    *x = factor->number ? factor->number[value] : value;
    *y = !s || !s->done || s->diverged ? NAN : spread->mean;
    *low = *high = *y;
    if (*y == *y && spread->runs > 1) {
        *low = vary->more ? spread->worst : spread->best;
        *high = vary->more ? spread->best : spread->worst;
    }
}

/* The settings of one line: all values of a factor, the others as in `like`. */
static const cli_vary_setting *figure_find(const cli_vary *vary, int factor, int value,
                                           const cli_vary_setting *like)
{
    for (int i = 0; i < vary->count; i++) {
        bool same = vary->setting[i].at[factor] == value;
        for (int f = 0; f < vary->factors && same; f++)
            same = f == factor || vary->setting[i].at[f] == like->at[f];
        if (same)
            return &vary->setting[i];
    }
    return NULL;
}

static void figure_line(figure_job *job, sl_spread_panel *panel, int factor, const cli_vary_setting *like,
                        const char *name, bool train)
{
    const cli_vary *vary = job->vary;
    const cli_factor *f = &vary->factor[factor];
    const size_t count = (size_t)f->count;
    double *x = figure_take(job, 4 * count);
    if (!x || panel->line_count == FIGURE_LINES)
        return;
    sl_spread_line *line = &job->line[job->panels][panel->line_count];
    for (int v = 0; v < f->count; v++) {
        const cli_vary_setting *s = figure_find(vary, factor, v, like);
        figure_place(vary, f, s,
                     !s      ? NULL
                     : train ? &s->train
                             : figure_merit(vary, s),
                     &x[v], &x[count + (size_t)v], &x[2 * count + (size_t)v], &x[3 * count + (size_t)v], v);
    }
    for (size_t i = 1; f->number && i < count; i++) /* to the right they are in order */
        for (size_t j = i; j && x[j] < x[j - 1]; j--)
            for (size_t part = 0; part < 4; part++) {
                const double held = x[part * count + j];
                x[part * count + j] = x[part * count + j - 1];
                x[part * count + j - 1] = held;
            }
    *line = (sl_spread_line){ .name = name,
                              .count = count,
                              .x = x,
                              .y = x + count,
                              .low = train ? NULL : x + 2 * count,
                              .high = train ? NULL : x + 3 * count,
                              .dashed = train };
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any = any || line->y[i] == line->y[i];
    panel->line_count += any;
}

static void figure_panel(figure_job *job, int factor)
{
    const cli_vary *vary = job->vary;
    const cli_factor *f = &vary->factor[factor];
    sl_spread_panel *panel = &job->panel[job->panels];
    char *title = job->title[job->panels];
    snprintf(title, sizeof *job->title, "%s over %s", job->y_label, f->option->name);
    *panel = (sl_spread_panel){ .title = title,
                                .x_label = f->option->name,
                                .y_label = job->y_label,
                                .names = f->number ? NULL : (const char *const *)f->text,
                                .name_count = (size_t)f->count,
                                .lines = job->line[job->panels] };
    if (vary->settings->grid && vary->varied > 1) {
        for (int i = 0; i < vary->count; i++) {
            const cli_vary_setting *s = &vary->setting[i];
            if (s->at[factor] != 0 || panel->line_count == FIGURE_LINES)
                continue;
            char *name = job->name[job->panels][panel->line_count];
            name[0] = 0;
            for (int o = 0; o < vary->factors; o++)
                if (o != factor && vary->factor[o].count > 1)
                    snprintf(name + strlen(name), FIGURE_NAME - strlen(name), "%s%s %s", *name ? ", " : "",
                             vary->factor[o].option->name, vary->factor[o].text[s->at[o]]);
            figure_line(job, panel, factor, s, name, false);
        }
    } else {
        const bool both = !strcmp(vary->by, "validation");
        figure_line(job, panel, factor, &vary->setting[0], both ? "validation" : NULL, false);
        if (both)
            figure_line(job, panel, factor, &vary->setting[0], "training", true);
    }
    job->panels += panel->line_count > 0;
}

static void figure_curves(figure_job *job, int factor)
{
    const cli_vary *vary = job->vary;
    sl_spread_panel *panel = &job->panel[job->panels];
    char *title = job->title[job->panels];
    snprintf(title, sizeof *job->title, "%s loss, seed %llu", vary->by, (unsigned long long)vary->first_seed);
    *panel = (sl_spread_panel){
        .title = title, .x_label = "epoch", .y_label = "loss", .curves = true, .lines = job->line[job->panels]
    };
    for (int i = 0; i < vary->count && panel->line_count < FIGURE_CURVES; i++) {
        const cli_vary_setting *s = &vary->setting[i];
        const cli_vary_one *one = cli_vary_run_at(vary, i, 0);
        if (!one->epochs || (factor >= 0 && s->changed >= 0 && s->changed != factor))
            continue;
        char *name = job->name[job->panels][panel->line_count];
        if (factor >= 0)
            snprintf(name, FIGURE_NAME, "%s", vary->factor[factor].text[s->at[factor]]);
        else
            cli_vary_name(vary, s, name, FIGURE_NAME);
        job->line[job->panels][panel->line_count++] =
            (sl_spread_line){ .name = name, .count = one->epochs, .y = one->loss };
    }
    job->panels += panel->line_count > 0;
}

/* Of a grid the factor with the most values runs to the right, numbers before words. */
static int figure_across(const cli_vary *vary)
{
    int best = -1;
    for (int f = 0; f < vary->factors; f++) {
        const cli_factor *own = &vary->factor[f], *other = best < 0 ? NULL : &vary->factor[best];
        if (own->count > 1 && (!other || (own->number && !other->number) ||
                               (!own->number == !other->number && own->count > other->count)))
            best = f;
    }
    return best;
}

static void figure_make(figure_job *job)
{
    const cli_vary *vary = job->vary;
    snprintf(job->y_label, sizeof job->y_label, "%s %s", vary->by, vary->metric);
    for (char *at = job->y_label; *at; at++)
        *at = *at == '_' ? ' ' : *at;
    if (vary->settings->grid && vary->varied > 1) {
        figure_panel(job, figure_across(vary));
        if (vary->count <= FIGURE_CURVES)
            figure_curves(job, -1);
    } else {
        for (int f = 0; f < vary->factors; f++)
            if (vary->factor[f].count > 1) {
                figure_panel(job, f);
                figure_curves(job, f);
            }
    }
    if (vary->seeds > 1)
        snprintf(job->notes, sizeof job->notes,
                 "Points are means over %d seeds; whiskers or bands go from the lowest to the "
                 "highest.",
                 vary->seeds);
    if (vary->settings->grid && vary->varied > 1 && vary->count > FIGURE_CURVES)
        snprintf(job->notes + strlen(job->notes), sizeof job->notes - strlen(job->notes),
                 "\nCurves of more than %d settings would hide one another, and are left out.",
                 FIGURE_CURVES);
}

int cli_vary_draw(const cli_vary *vary, const char *folder)
{
    if (!vary->varied)
        return CLI_DONE;
    const cli_terminal terminal = cli_terminal_of(stdout);
    figure_job *job = calloc(1, sizeof *job);
    int status = CLI_DONE;
    sl_ctx *ctx = job ? cli_context("vary", (sl_ctx_options){ .threads = 1 }, &status) : NULL;
    char title[256], path[4096];
    if (job) {
        job->vary = vary;
        for (int f = 0; f < vary->factors; f++)
            job->room += (size_t)vary->factor[f].count * 4 * (FIGURE_LINES + 2);
        job->numbers = calloc(job->room + 1, sizeof *job->numbers);
    }
    if (ctx && job->numbers) {
        figure_make(job);
        snprintf(title, sizeof title, "Trainings on %s", vary->settings->train.data);
        sl_figure *figure =
            job->panels ? sl_spread_figure(ctx, title, job->notes, job->panel, job->panels) : NULL;
        const char *text =
            !figure  ? NULL
            : folder ? sl_figure_script(figure, "svg", 0, 0, -1)
                     : sl_figure_text(figure, terminal.width, 0, cli_unicode(), *terminal.plain != 0);
        if (!text && sl_error(ctx))
            status = cli_failed("vary", ctx);
        else if (text && !folder)
            printf("\n%s", text);
        else if (text && snprintf(path, sizeof path, "%s/figure.svg", folder) < (int)sizeof path)
            status = cli_picture_write("vary", text, false, path);
        sl_figure_free(figure);
    } else if (!status) {
        cli_say("vary", "memory ran out");
        status = CLI_FAILED;
    }
    sl_ctx_free(ctx);
    if (job)
        free(job->numbers);
    free(job);
    return status;
}
