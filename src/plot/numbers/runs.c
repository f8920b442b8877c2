/* runs.c - see runs.h */
#include "core/file.h"
#include "core/json.h"
#include "core/os.h"
#include "plot/numbers/runs.h"

#include <math.h>
#include <string.h>

enum { RUNS_LABEL = 60 };

static const char *runs_name(const sl_figure_job *job, int run)
{
    for (int other = 0; other < job->runs; other++)
        if (other != run && !strcmp(sl_job_name(job, other), sl_job_name(job, run)))
            return sl_job_folder(job, run);
    return sl_job_name(job, run);
}

const char **sl_job_labels(sl_figure *figure, const sl_figure_job *job)
{
    sl_ctx *ctx = job->ctx;
    const char **labels = sl_arena_take(&figure->arena, ((size_t)job->runs + 1) * sizeof *labels);
    sl_differences *differ = NULL;
    if (!labels || (job->runs > 1 && !(differ = sl_run_differences(ctx, job->request->runs, job->runs))))
        return NULL;
    int asked = 0;
    for (int d = 0; differ && d < differ->count; d++)
        asked += differ->setting[d].asked;
    for (int run = 0; run < job->runs; run++) {
        sl_text text;
        sl_text_init(&text, ctx);
        for (int d = 0; asked <= 2 && differ && d < differ->count; d++)
            if (differ->setting[d].asked)
                sl_text_add(&text, "%s%s %s", text.length ? ", " : "",
                            sl_figure_words(figure, differ->setting[d].name), differ->setting[d].texts[run]);
        labels[run] = text.length && text.length <= RUNS_LABEL
                          ? sl_figure_format(figure, "%s (%s)", runs_name(job, run), text.bytes)
                          : runs_name(job, run);
        sl_text_free(&text);
    }
    sl_differences_free(differ);
    return ctx->status ? NULL : labels;
}

const char *sl_job_title(sl_figure *figure, const sl_figure_job *job)
{
    if (job->runs > 3)
        return sl_figure_format(figure, "%d runs", job->runs);
    const char *title = runs_name(job, 0);
    for (int run = 1; run < job->runs; run++)
        title = sl_figure_format(figure, "%s%s%s", title, run + 1 < job->runs ? ", " : " and ",
                                 runs_name(job, run));
    return title;
}

double sl_job_used(const sl_figure_job *job, int run, const char *key)
{
    return sl_json_number(sl_json_get(sl_job_json(job, run), "used"), key, NAN);
}

const char *sl_job_status(const sl_figure_job *job, int run)
{
    return sl_json_string(sl_job_json(job, run), "status", "");
}

sl_report *sl_job_steps(const sl_figure_job *job, int run)
{
    char *path = sl_path_join(job->ctx, sl_job_folder(job, run), "steps.csv");
    const bool there = path && sl_os_path_kind(path) != SL_PATH_NONE;
    sl_free(job->ctx, path);
    return there ? sl_run_read_steps(job->ctx, sl_job_folder(job, run)) : NULL;
}

const char *sl_figure_count(sl_figure *figure, size_t count, const char *one, const char *many)
{
    char number[32];
    return sl_figure_format(figure, "%s %s", sl_count_text(number, count), count == 1 ? one : many);
}

const char *sl_figure_words(sl_figure *figure, const char *name)
{
    sl_text text;
    sl_text_init(&text, figure->ctx);
    for (const char *c = name; *c; c++)
        sl_text_put(&text, *c == '_' ? " " : (char[]){ *c, 0 });
    const char *words = sl_figure_format(figure, "%s", sl_text_string(&text));
    sl_text_free(&text);
    return words;
}

static const char *runs_loss_label(sl_figure *figure, const sl_figure_job *job)
{
    static const char *const logs[] = { "cross_entropy",
                                        "binary_cross_entropy",
                                        "negative_log_likelihood",
                                        "cross_entropy_from_probabilities",
                                        "binary_cross_entropy_from_probabilities",
                                        "kl" };
    const char *loss = NULL;
    for (int run = 0; run < job->runs; run++) {
        const char *own = sl_json_string(sl_json_get(sl_job_json(job, run), "used"), "loss", NULL);
        if (!own || (loss && strcmp(own, loss) != 0))
            return "loss";
        loss = own;
    }
    const size_t length = strcspn(loss, " :");
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
        if (strlen(logs[i]) == length && !strncmp(loss, logs[i], length))
            return sl_figure_format(figure, "loss (%s, nats)", sl_figure_words(figure, logs[i]));
    return sl_figure_format(figure, "loss (%s)", sl_figure_words(figure, loss));
}

const char *sl_figure_merit_label(sl_figure *figure, const sl_figure_job *job, const char *metric)
{
    static const char *const units[][2] = { { "accuracy", "share of rows" },
                                            { "rmse", "in units of the target" },
                                            { "mae", "in units of the target" },
                                            { "lr", "step size" },
                                            { "seconds", "time" } };
    const char *own = strncmp(metric, "validation_", 11) ? metric : metric + 11;
    own = strncmp(own, "train_", 6) ? own : own + 6;
    own = strncmp(own, "test_", 5) ? own : own + 5;
    if (!strcmp(own, "loss"))
        return runs_loss_label(figure, job);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!strcmp(own, units[i][0]))
            return sl_figure_format(figure, "%s (%s)", own, units[i][1]);
    return sl_figure_words(figure, own);
}
