/* outcome.c - how runs ended: numbers of their result, or of the best epoch's row of metrics.csv. */
#include "core/json.h"
#include "plot/numbers/runs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { OUTCOME_KEY = 96 };

/* run.json keeps the result's line as a string. NULL: the run has none, or a failure. */
static const sl_json *outcome_result(sl_figure *figure, const sl_figure_job *job, int run)
{
    const sl_json *line = sl_json_get(sl_job_json(job, run), "result");
    return line && line->kind == SL_JSON_STRING
               ? sl_json_read(&figure->arena, sl_job_folder(job, run), line->text, line->length)
               : NULL;
}

static double outcome_number(const sl_json *result, const char *key, const char *behind)
{
    char name[OUTCOME_KEY + 8];
    snprintf(name, sizeof name, "%s%s", key, behind);
    return sl_json_number(result, name, NAN);
}

static bool outcome_find(sl_figure *figure, const sl_figure_job *job, int run, const char *key,
                         sl_runs_outcome *outcome)
{
    const sl_report *h = sl_job_history(job, run);
    const sl_json *result = h ? outcome_result(figure, job, run) : NULL;
    *outcome = (sl_runs_outcome){ NAN, NAN, NAN };
    if (!h || job->ctx->status)
        return false;
    outcome->value = outcome_number(result, key, "");
    outcome->low = outcome_number(result, key, "_low");
    outcome->high = outcome_number(result, key, "_high");
    if (outcome->value != outcome->value && sl_report_find(h, key) >= 0)
        outcome->value = sl_report_at(h, h->best >= 0 ? h->best : h->rows - 1, key);
    return outcome->value - outcome->value == 0;
}

static bool outcome_any(sl_figure *figure, const sl_figure_job *job, const char *key)
{
    sl_runs_outcome outcome;
    bool any = false;
    for (int run = 0; run < job->runs && !any; run++)
        any = outcome_find(figure, job, run, key, &outcome);
    return any;
}

static sl_status outcome_unknown(sl_figure *figure, const sl_figure_job *job, int run, const char *key)
{
    const sl_report *h = sl_job_history(job, run);
    const sl_json *result = h ? outcome_result(figure, job, run) : NULL;
    sl_text names;
    sl_text_init(&names, job->ctx);
    for (const sl_json *e = result ? result->first : NULL; e; e = e->next)
        if (e->kind == SL_JSON_NUMBER)
            sl_text_add(&names, "%s%s", names.length ? ", " : "", e->key);
    for (int c = 0; h && c < h->columns; c++)
        if (!sl_json_get(result, h->names[c]) && strcmp(h->names[c], "epoch") != 0)
            sl_text_add(&names, "%s%s", names.length ? ", " : "", h->names[c]);
    sl_fail(job->ctx, SL_EINVAL, "figure %s: %s has no number '%s': it has recorded %s", figure->name,
            sl_job_folder(job, run), key, sl_text_string(&names));
    sl_text_free(&names);
    return job->ctx->status;
}

const char *sl_outcome_key(sl_figure *figure, const sl_figure_job *job, const char *metric)
{
    static const char *const parts[] = { "validation_", "test_", "train_" };
    const sl_report *first = sl_job_history(job, 0);
    char key[OUTCOME_KEY];
    if (!first)
        return NULL;
    const char *name = metric ? metric : sl_report_find(first, "train_accuracy") >= 0 ? "accuracy" : "rmse";
    if (outcome_any(figure, job, name))
        return name;
    for (int part = 0; part < 3; part++) {
        snprintf(key, sizeof key, "%s%s", parts[part], name);
        if (outcome_any(figure, job, key))
            return sl_figure_format(figure, "%s", key);
    }
    if (!job->ctx->status)
        outcome_unknown(figure, job, 0, name);
    return NULL;
}

sl_status sl_outcome_of(sl_figure *figure, const sl_figure_job *job, int run, const char *key,
                        sl_runs_outcome *outcome)
{
    if (!outcome_find(figure, job, run, key, outcome) && !job->ctx->status)
        return outcome_unknown(figure, job, run, key);
    return job->ctx->status;
}
