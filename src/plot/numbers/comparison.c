/* comparison.c - see comparison.h */
#include "core/json.h"
#include "plot/numbers/comparison.h"

#include <math.h>
#include <string.h>

enum { COMPARISON_SHOWN = 6 };

typedef struct {
    sl_comparison *c;
    sl_figure *figure;
    const sl_differences *differ;
    int x;      /* of the differences; -1: none of them */
    bool depth; /* lines by the number of hidden layers */
} comparison_plan;

/* What stands for another draw of the same. */
static bool comparison_repeats(const char *name)
{
    return !strcmp(name, "seed") || !strcmp(name, "fold");
}

static int comparison_distinct(const sl_difference *d, int runs)
{
    int count = 0;
    for (int run = 0; run < runs; run++) {
        int other = 0;
        while (other < run && strcmp(d->texts[other], d->texts[run]) != 0)
            other++;
        count += other == run;
    }
    return count;
}

static int comparison_find(const sl_differences *differ, const char *name)
{
    for (int d = 0; d < differ->count; d++)
        if (!strcmp(differ->setting[d].name, name))
            return d;
    return -1;
}

/* The same data, more or fewer rows of it: "builtin:moons?rows=100". */
static bool comparison_same_source(const sl_difference *data, int runs)
{
    const size_t length = strcspn(data->texts[0], "?");
    bool same = true;
    for (int run = 1; run < runs; run++)
        same = same && strcspn(data->texts[run], "?") == length &&
               !strncmp(data->texts[run], data->texts[0], length);
    return same;
}

static bool comparison_is_rows(const comparison_plan *p, const sl_difference *d)
{
    const int rows = comparison_find(p->differ, "rows");
    if (rows < 0 || !p->differ->setting[rows].numbers)
        return false;
    return !strcmp(d->name, "data") ? comparison_same_source(d, p->c->job->runs)
                                    : !strcmp(d->name, "validation") || !strcmp(d->name, "test");
}

/* Of the settings that differ because somebody said so, numbers before words, more values before fewer. */
static void comparison_choose(comparison_plan *p)
{
    const sl_differences *differ = p->differ;
    int words = 0, word = -1, most = 0, repeated = -1;
    p->x = -1;
    for (int d = 0; d < differ->count; d++) {
        const sl_difference *s = &differ->setting[d];
        if (!s->asked)
            continue;
        if (comparison_repeats(s->name)) {
            repeated = d;
            continue;
        }
        const int distinct = comparison_distinct(s, p->c->job->runs);
        if (comparison_is_rows(p, s) && distinct > most) {
            p->x = comparison_find(differ, "rows");
            most = distinct;
        } else if (s->numbers && distinct > most) {
            p->x = d;
            most = distinct;
        } else if (!s->numbers) {
            words++;
            word = d;
        }
    }
    if (p->x < 0)
        p->x = words == 1 ? word : words ? -1 : repeated;
}

static sl_status comparison_unknown(const comparison_plan *p, const char *x)
{
    sl_text names;
    sl_text_init(&names, p->c->job->ctx);
    for (int d = 0; d < p->differ->count; d++)
        sl_text_add(&names, "%s, ", p->differ->setting[d].name);
    sl_fail(p->c->job->ctx, SL_EINVAL,
            "figure compare: the runs do not differ in '%s': there are %sparameters, rows, seconds and run",
            x, sl_text_string(&names));
    sl_text_free(&names);
    return p->c->job->ctx->status;
}

static int comparison_depth(const sl_model *model)
{
    int dense = 0;
    for (int i = 0; i < model->count; i++)
        dense += !strcmp(model->layers[i].kind->name, "dense");
    return dense > 0 ? dense - 1 : 0;
}

/* parameters, rows, seconds; SL_EINVAL: none such */
static sl_status comparison_measured(comparison_plan *p, const char *x)
{
    const sl_figure_job *job = p->c->job;
    sl_runs_outcome seconds;
    for (int run = 0; run < job->runs && !job->ctx->status; run++) {
        double *at = &p->c->at[run];
        if (!strcmp(x, "parameters")) {
            const sl_model *model = sl_job_model(job, run);
            *at = model ? (double)sl_model_parameters(model) : 0;
        } else if (!strcmp(x, "rows")) {
            *at = sl_job_used(job, run, "rows");
        } else if (!strcmp(x, "seconds")) {
            sl_outcome_of(p->figure, job, run, "seconds", &seconds);
            *at = seconds.value;
        } else {
            return comparison_unknown(p, x);
        }
        if (!job->ctx->status && !(*at - *at == 0))
            return sl_fail(job->ctx, SL_EFORMAT, "%s/run.json: it does not say how many %s there were",
                           sl_job_folder(job, run), x);
        p->c->text[run] = sl_figure_number(p->figure, *at);
    }
    p->c->numeric = true;
    p->c->x_name = p->c->x_label = x;
    p->depth = !strcmp(x, "parameters");
    return job->ctx->status;
}

static const char *comparison_x_label(sl_figure *figure, const char *name)
{
    static const char *const known[][2] = { { "batch", "batch (rows)" },
                                            { "lr", "lr (step size)" },
                                            { "rows", "training rows" },
                                            { "seconds", "time (seconds)" },
                                            { "parameters", "parameters (numbers that are learned)" } };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(name, known[i][0]))
            return known[i][1];
    return sl_figure_words(figure, name);
}

static void comparison_by_run(comparison_plan *p)
{
    sl_comparison *c = p->c;
    const char **labels = sl_job_labels(p->figure, c->job);
    c->by_run = true;
    c->numeric = false;
    c->x_name = c->x_label = "run";
    c->lines = 1;
    for (int run = 0; labels && run < c->job->runs; run++) {
        c->at[run] = run;
        c->text[run] = labels[run];
        c->line[run] = 0;
    }
}

/* Where each run stands to the right. */
static sl_status comparison_place(comparison_plan *p)
{
    sl_comparison *c = p->c;
    const char *x = c->job->request->x;
    const int runs = c->job->runs;
    if (!x)
        comparison_choose(p);
    else if (strcmp(x, "run") != 0 && (p->x = comparison_find(p->differ, x)) < 0 && comparison_measured(p, x))
        return c->job->ctx->status;
    if (p->x >= 0) {
        const sl_difference *d = &p->differ->setting[p->x];
        c->numeric = d->numbers && !comparison_repeats(d->name);
        c->x_name = sl_figure_format(p->figure, "%s", d->name);
        for (int run = 0; run < runs; run++) {
            c->text[run] = sl_figure_format(p->figure, "%s", d->texts[run]);
            int first = 0;
            while (strcmp(d->texts[first], d->texts[run]) != 0)
                first++;
            c->at[run] = c->numeric ? d->numbers[run] : first;
        }
    } else if (!c->numeric) {
        comparison_by_run(p);
    }
    c->x_label = comparison_x_label(p->figure, c->x_name);
    for (int run = 0, next = 0; run < runs && !c->numeric && !c->by_run; run++) {
        const int first = (int)c->at[run]; /* names stand side by side, as they first appear */
        c->at[run] = first < run ? c->at[first] : next++;
    }
    return c->job->ctx->status;
}

/* All that differs beside what runs to the right, and beside seeds, makes a line of its own. */
static sl_status comparison_lines(comparison_plan *p)
{
    sl_comparison *c = p->c;
    sl_ctx *ctx = c->job->ctx;
    c->lines = c->by_run ? 1 : 0;
    for (int run = 0; run < c->job->runs && !c->by_run && !ctx->status; run++) {
        sl_text name;
        sl_text_init(&name, ctx);
        for (int d = 0; d < p->differ->count; d++) {
            const sl_difference *s = &p->differ->setting[d];
            const bool net = !strcmp(s->name, "net") || !strcmp(s->name, "activation");
            const bool rows = comparison_is_rows(p, s) && !strcmp(c->x_name, "rows");
            if (s->asked && d != p->x && !comparison_repeats(s->name) && !rows && !(p->depth && net))
                sl_text_add(&name, "%s%s %s", name.length ? ", " : "", sl_figure_words(p->figure, s->name),
                            s->texts[run]);
        }
        const sl_model *model = p->depth ? sl_job_model(c->job, run) : NULL;
        if (model)
            sl_text_add(
                &name, "%s%s", name.length ? ", " : "",
                sl_figure_count(p->figure, (size_t)comparison_depth(model), "hidden layer", "hidden layers"));
        const char *text = sl_text_string(&name);
        c->line[run] = 0;
        while (c->line[run] < c->lines && strcmp(c->line_name[c->line[run]], text) != 0)
            c->line[run]++;
        if (c->line[run] == SL_COMPARISON_LINES)
            sl_fail(ctx, SL_EINVAL,
                    "figure compare: more than %d lines, as the runs differ in %s: compare fewer of them, or "
                    "with x=run",
                    SL_COMPARISON_LINES, c->differ_in);
        else if (c->line[run] == c->lines)
            c->line_name[c->lines++] = sl_figure_format(p->figure, "%s", text);
        sl_text_free(&name);
    }
    /* where each line would be a point, settings say nothing that the runs' names do not */
    bool joined = c->lines < 2 || c->job->request->x;
    for (int run = 0; run < c->job->runs; run++)
        for (int other = 0; other < run; other++)
            joined = joined || (c->line[run] == c->line[other] && c->at[run] != c->at[other]);
    if (!joined && !ctx->status)
        comparison_by_run(p);
    return ctx->status;
}

static const char *comparison_sentence(const comparison_plan *p)
{
    const int runs = p->c->job->runs;
    sl_text text;
    sl_text_init(&text, p->c->job->ctx);
    for (int d = 0; d < p->differ->count; d++) {
        const sl_difference *s = &p->differ->setting[d];
        if (!s->asked && strcmp(s->name, "rows") != 0)
            continue;
        sl_text_add(&text, "%s%s (", text.length ? ", " : "", sl_figure_words(p->figure, s->name));
        int shown = 0;
        for (int run = 0; run < runs; run++) {
            int other = 0;
            while (other < run && strcmp(s->texts[other], s->texts[run]) != 0)
                other++;
            if (other == run && shown++ < COMPARISON_SHOWN)
                sl_text_add(&text, "%s%s", shown > 1 ? "; " : "", s->texts[run]);
        }
        if (shown > COMPARISON_SHOWN)
            sl_text_add(&text, "; %d more", shown - COMPARISON_SHOWN);
        sl_text_put(&text, ")");
    }
    const char *sentence = text.length ? sl_figure_format(p->figure, "%s", text.bytes) : NULL;
    sl_text_free(&text);
    return sentence;
}

static sl_status comparison_outcomes(comparison_plan *p)
{
    sl_comparison *c = p->c;
    const sl_figure_job *job = c->job;
    c->key = sl_outcome_key(p->figure, job, job->request->metric);
    if (!c->key)
        return job->ctx->status;
    const char *own = !strncmp(c->key, "validation_", 11) ? c->key + 11
                      : !strncmp(c->key, "test_", 5)      ? c->key + 5
                                                          : NULL;
    c->part = own == c->key + 5 ? "test" : "validation";
    c->trained = own && c->numeric && c->lines == 1;
    for (int run = 0; run < job->runs && !job->ctx->status; run++) {
        sl_runs_outcome train = { 0 };
        sl_outcome_of(p->figure, job, run, c->key, &c->outcome[run]);
        if (c->trained && !job->ctx->status)
            sl_outcome_of(p->figure, job, run, sl_figure_format(p->figure, "train_%s", own), &train);
        c->train[run] = train.value;
    }
    return job->ctx->status;
}

static void comparison_tell(const comparison_plan *p)
{
    const sl_comparison *c = p->c;
    const sl_figure_request *r = c->job->request;
    if (!r->x)
        sl_decided(c->job->ctx, "x", c->by_run || !c->x_name ? "run" : c->x_name,
                   p->differ->count == 1 ? "in it alone the settings of the runs differ"
                                         : "the settings differ in %d; one with numbers that tells the runs "
                                           "apart is taken, else the run",
                   p->differ->count);
    if (!r->metric)
        sl_decided(
            c->job->ctx, "metric", c->key,
            "the first of accuracy (of numbers rmse) on validation, test and train rows that a run has");
}

sl_status sl_comparison_make(sl_comparison *comparison, sl_figure *figure, const sl_figure_job *job)
{
    const size_t runs = (size_t)job->runs;
    *comparison = (sl_comparison){ .job = job };
    comparison_plan plan = { .c = comparison, .figure = figure, .x = -1 };
    comparison->outcome = sl_arena_take(&figure->arena, runs * sizeof *comparison->outcome);
    comparison->train = sl_figure_numbers(figure, runs);
    comparison->at = sl_figure_numbers(figure, runs);
    comparison->text = sl_arena_take(&figure->arena, runs * sizeof *comparison->text);
    comparison->line = sl_arena_take(&figure->arena, runs * sizeof *comparison->line);
    if (!job->ctx->status)
        memset(comparison->line, 0, runs * sizeof *comparison->line);
    sl_differences *differ =
        job->ctx->status ? NULL : sl_run_differences(job->ctx, job->request->runs, job->runs);
    plan.differ = differ;
    if (differ) {
        comparison->differ_in = comparison_sentence(&plan);
        if (!comparison_place(&plan) && !comparison_lines(&plan) && !comparison_outcomes(&plan))
            comparison_tell(&plan);
    }
    sl_differences_free(differ);
    return job->ctx->status;
}
