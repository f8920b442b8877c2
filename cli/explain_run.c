/* explain_run.c - slope explain RUN: a trained model, its optimizer, and rows of data by their numbers. */
#define _XOPEN_SOURCE 700
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "explain.h"

enum { RUN_ROWS = 10000, RUN_REMARKS = 2000 };

typedef struct {
    const explain_settings *settings;
    sl_ctx *ctx;
    bool is_file; /* a model alone, without a run around it */
    sl_model *model;
    sl_data *data;
    const sl_data *train; /* where weights of classes follow from it; NULL */
    const char *class_weight;
    size_t rows[RUN_ROWS], count;
    char remarks[RUN_REMARKS];
    size_t remarked;
} explain_rows;

static void explain_remark(explain_rows *job, const char *sentence)
{
    const size_t room = sizeof job->remarks - job->remarked;
    const int put = snprintf(job->remarks + job->remarked, room, "%s\n", sentence);
    job->remarked += put > 0 && (size_t)put < room ? (size_t)put : 0;
}

/* "7", "3,7", "3-6,9": from 1. */
static int explain_read_rows(explain_rows *job, const char *option, const char *text)
{
    for (const char *at = text; *at;) {
        const size_t length = strcspn(at, ",");
        char *end, *stop;
        const unsigned long long first = strtoull(at, &end, 10);
        unsigned long long last = first;
        stop = end;
        if (end > at && *end == '-')
            last = strtoull(end + 1, &stop, 10);
        if (*at < '0' || *at > '9' || stop != at + length || (*end == '-' && stop == end + 1) ||
            last < first || last > 1ull << 40)
            return cli_wrong("explain", "%s: '%.*s' is no row: wants numbers such as 7, or 3,7, or 3-6",
                             option, (int)(length < 40 ? length : 40), at);
        if (!first)
            return cli_wrong("explain",
                             "%s 0: rows count from 1 here (slope errors counts from 0: its row 0 is row 1)",
                             option);
        if (last - first >= RUN_ROWS - job->count)
            return cli_wrong("explain", "%s %s: wants at most %d rows at once", option, text, RUN_ROWS);
        for (unsigned long long row = first; row <= last; row++)
            job->rows[job->count++] = (size_t)row - 1;
        at += length + (at[length] == ',');
    }
    return job->count ? CLI_DONE : cli_wrong("explain", "%s: no row: wants numbers such as 7", option);
}

/* What belongs to a net of the command line is refused beside a trained one. */
static int explain_check_run(const explain_settings *s)
{
    const struct {
        const char *name;
        bool given;
    } other[] = {
        { "net", s->net != NULL },   { "weights", s->weights != NULL }, { "biases", s->biases != NULL },
        { "init", s->init != NULL }, { "outputs", s->outputs != 0 },    { "x", s->x != NULL },
        { "y", s->y != NULL }
    };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (other[i].given)
            return cli_wrong("explain",
                             "--%s and %s: a RUN has its net, weights and data: leave --%s out, or the RUN",
                             other[i].name, s->run, other[i].name);
    if (s->row && s->rows)
        return cli_wrong("explain", "--row and --rows say the same: wants one of them");
    const struct {
        const char *name;
        bool given;
    } step[] = { { "backward", s->backward },          { "update", s->update },     { "steps", s->steps > 1 },
                 { "freeze", s->freeze != NULL },      { "loss", s->loss != NULL }, { "lr", s->lr > 0 },
                 { "optimizer", s->optimizer != NULL } };
    for (size_t i = 0; s->predict && i < sizeof step / sizeof *step; i++)
        if (step[i].given)
            return cli_wrong("explain", "--predict and --%s: a prediction is no step: leave one of them out",
                             step[i].name);
    if (s->predict && cli_explain_rule_given(s))
        return cli_wrong("explain", "--predict and --%s: a prediction is no step: leave one of them out",
                         cli_explain_rule_given(s));
    return CLI_DONE;
}

/* The same parts as slope eval takes, with every row of a table in its place. */
static int explain_open(explain_rows *job)
{
    const explain_settings *s = job->settings;
    sl_ctx *ctx = job->ctx;
    const char *source = s->data;
    if (!source && job->is_file)
        return cli_wrong("explain", "DATA is missing: a model file does not say where its data is; wants "
                                    "slope explain FILE DATA --row N");
    const char *cut = job->is_file ? NULL : cli_cut_part(ctx, s->run, s->data, s->part);
    if (!source) {
        source = cut ? NULL : sl_run_read_test(ctx, s->run);
        if (!source && !sl_error(ctx))
            source = sl_run_read_data(ctx, s->run);
    }
    if (!source || sl_error(ctx))
        return cli_explain_failed(ctx);
    const char *part = s->part ? s->part : sl_data_has_part(ctx, source, "test") ? "test" : "all";
    job->data =
        cut ? sl_run_open_part(ctx, s->run, source, cut) : sl_data_open_rows(ctx, source, part, job->model);
    if (!job->data && s->data && !cut && s->predict) { /* labels that say nothing here */
        char sentence[300];
        snprintf(sentence, sizeof sentence, "without the true answers: %.250s", sl_message(ctx));
        sentence[strcspn(sentence, "\n")] = 0;
        sl_clear(ctx);
        job->data = sl_data_open_inputs(ctx, source, part, job->model, NULL);
        if (job->data)
            explain_remark(job, sentence);
    }
    const size_t rows = job->data ? sl_data_rows(job->data) : 0;
    for (size_t i = 0; job->data && cut && i < job->count; i++)
        if (job->rows[i] >= rows)
            return cli_wrong("explain",
                             "--row %zu: the %s part of %s has %zu rows; --part all has all of them",
                             job->rows[i] + 1, cut, source ? source : sl_run_read_data(ctx, s->run), rows);
    if (job->data)
        return CLI_DONE;
    const int failed = cli_explain_failed(ctx);
    if (!s->data && sl_error(ctx) == SL_EFILE)
        cli_say("explain",
                "the data is looked for where the run names it; say where it is: slope explain RUN DATA");
    return failed;
}

/* The step size that the run had in the end, where a schedule changed it. */
static sl_real explain_lr(explain_rows *job, const sl_optimizer *o)
{
    char number[32], sentence[300];
    const char *schedule = o->schedule ? o->schedule : "constant";
    if (!strcmp(schedule, "constant") && o->warmup == 0)
        return o->lr;
    sl_report *history = job->is_file ? NULL : sl_run_read_history(job->ctx, job->settings->run);
    const double last = history ? sl_report_last(history, "lr") : 0;
    sl_report_free(history);
    if (last > 0) {
        snprintf(sentence, sizeof sentence, "lr is %s, that of the run's last step, by the schedule %.100s%s",
                 sl_number_text(number, last), schedule, o->warmup > 0 ? " with its warmup" : "");
        explain_remark(job, sentence);
        return (sl_real)last;
    }
    snprintf(
        sentence, sizeof sentence,
        "the schedule %.100s is not followed: it goes by steps that a model alone does not know; --lr says "
        "another step size",
        schedule);
    explain_remark(job, sentence);
    return o->lr;
}

/* The run's optimizer, with what was said of it here; of another rule, that alone. */
static sl_optimizer explain_rule(explain_rows *job)
{
    const explain_settings *s = job->settings;
    sl_optimizer o = s->optimizer ? (sl_optimizer){ .rule = s->optimizer } : sl_model_optimizer(job->model);
    const struct {
        double given;
        sl_real *at;
    } numbers[] = { { s->momentum, &o.momentum },     { s->beta1, &o.beta1 },
                    { s->beta2, &o.beta2 },           { s->epsilon, &o.epsilon },
                    { s->decay, &o.decay },           { s->clip_norm, &o.clip_norm },
                    { s->clip_value, &o.clip_value }, { s->l1, &o.l1 },
                    { s->l1_prox, &o.l1_prox },       { s->max_norm, &o.max_norm },
                    { s->average, &o.average },       { s->lr, &o.lr } };
    if (!s->optimizer && !(s->lr > 0) && !s->schedule)
        o.lr = explain_lr(job, &o);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].given != 0)
            *numbers[i].at = (sl_real)numbers[i].given;
    o.schedule = s->schedule;
    o.warmup = s->warmup;
    o.steps = s->schedule || s->warmup > 0 ? (size_t)(s->steps ? s->steps : 1) : 0;
    return o;
}

static int explain_plan(explain_rows *job)
{
    const explain_settings *s = job->settings;
    char sentence[300];
    if (s->predict)
        return CLI_DONE;
    const sl_optimizer o = explain_rule(job);
    snprintf(sentence, sizeof sentence, "%s %.60s begins anew, as in a first step",
             s->optimizer ? "the optimizer" : "the model's optimizer", o.rule ? o.rule : "adam");
    explain_remark(job, sentence);
    if (sl_compile(job->model, .loss = s->loss ? s->loss : sl_model_loss(job->model), .optimizer = o))
        return cli_explain_failed(job->ctx);
    return cli_explain_freeze(s, job->ctx, job->model);
}

/* What the run did to its rows beside reading them. */
static int explain_training(explain_rows *job)
{
    sl_ctx *ctx = job->ctx;
    const char *run = job->settings->run;
    char sentence[300];
    if (job->is_file || job->settings->predict)
        return CLI_DONE;
    const char *augment = sl_run_read(ctx, run, "settings.augment");
    if (augment) {
        snprintf(sentence, sizeof sentence,
                 "in training each row was changed at random before a step (%.160s); here it is as it stands",
                 augment);
        explain_remark(job, sentence);
    }
    job->class_weight = sl_run_read(ctx, run, "settings.class_weight");
    if (job->class_weight && !strcmp(job->class_weight, "balanced"))
        job->train = sl_run_open_part(ctx, run, NULL, "train");
    return sl_error(ctx) ? cli_explain_failed(ctx) : CLI_DONE;
}

static int explain_rows_all(explain_rows *job, const sl_explain_options *options, sl_explanation **e)
{
    const explain_settings *s = job->settings;
    struct stat found;
    int status = explain_check_run(s);
    if (!status)
        status = explain_read_rows(job, s->rows ? "--rows" : "--row",
                                   s->rows  ? s->rows
                                   : s->row ? s->row
                                            : "1");
    if (status)
        return status;
    job->is_file = stat(s->run, &found) == 0 && S_ISREG(found.st_mode);
    job->model = sl_model_load(job->ctx, s->run);
    if (!job->model)
        return cli_explain_failed(job->ctx);
    status = explain_training(job);
    if (!status)
        status = explain_plan(job);
    if (!status)
        status = explain_open(job);
    if (status)
        return status;
    const sl_explain_rows_options rows = { .rows = job->rows,
                                           .count = job->count,
                                           .predict = s->predict,
                                           .remarks = job->remarks,
                                           .class_weight = job->class_weight,
                                           .train = job->train };
    *e = sl_explain_rows(job->model, job->data, &rows, options);
    return *e ? CLI_DONE : cli_explain_failed(job->ctx);
}

int cli_explain_rows(const explain_settings *settings, sl_ctx *ctx, const sl_explain_options *options,
                     sl_explanation **e)
{
    explain_rows *job = calloc(1, sizeof *job);
    if (!job) {
        cli_say("explain", "memory ran out");
        return CLI_FAILED;
    }
    job->settings = settings;
    job->ctx = ctx;
    const int status = explain_rows_all(job, options, e);
    free(job);
    return status;
}
