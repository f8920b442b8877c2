/* job.c - see kind.h: what a figure needs of a run, each opened once. */
#include "core/file.h"
#include "core/json.h"
#include "core/os.h"
#include "plot/job.h"
#include "train/records.h"

#include <string.h>

enum { JOB_DATA = 8 };

struct sl_job_run {
    const char *folder;
    sl_report *history;
    sl_model *model;
    sl_arena arena;
    const sl_json *json;
    struct {
        const char *wanted, *opened;
        sl_data *data;
    } data[JOB_DATA];
    int data_count;
    char name[64];
};

static void job_name(struct sl_job_run *run)
{
    size_t end = strlen(run->folder);
    while (end > 1 && run->folder[end - 1] == '/')
        end--;
    size_t start = end;
    while (start && run->folder[start - 1] != '/')
        start--;
    char *text = run->name;
    sl_text_fit(run->folder + start, text,
                end - start + 1 < sizeof run->name ? end - start + 1 : sizeof run->name);
}

sl_status sl_job_open(sl_figure_job *job, sl_ctx *ctx, const sl_figure_request *request, bool files)
{
    *job = (sl_figure_job){ .ctx = ctx, .request = request, .runs = request->run_count };
    job->run = sl_alloc_array(ctx, (size_t)job->runs, sizeof *job->run);
    for (int i = 0; job->run && i < job->runs; i++) {
        struct sl_job_run *run = &job->run[i];
        run->folder = request->runs[i];
        sl_arena_init(&run->arena, ctx);
        job_name(run);
        if (!files && sl_os_path_kind(run->folder) == SL_PATH_FILE)
            sl_fail(ctx, SL_EINVAL, "%s: is a file: a figure wants the folder of a run, made by slope train",
                    run->folder);
        if (sl_os_path_kind(run->folder) == SL_PATH_NONE)
            sl_fail(ctx, SL_EFILE, "%s: there is no such run folder", run->folder);
    }
    if (ctx->status)
        sl_job_close(job);
    return ctx->status;
}

void sl_job_close(sl_figure_job *job)
{
    for (int i = 0; job->run && i < job->runs; i++) {
        struct sl_job_run *run = &job->run[i];
        sl_report_free(run->history);
        for (int d = 0; d < run->data_count; d++)
            sl_data_free(run->data[d].data);
        sl_model_free(run->model);
        if (run->arena.ctx)
            sl_arena_free(&run->arena);
    }
    sl_free(job->ctx, job->run);
    job->run = NULL;
}

const char *sl_job_name(const sl_figure_job *job, int run)
{
    return job->run[run].name;
}

const char *sl_job_folder(const sl_figure_job *job, int run)
{
    return job->run[run].folder;
}

sl_report *sl_job_history(const sl_figure_job *job, int run)
{
    struct sl_job_run *r = &job->run[run];
    if (!r->history && !job->ctx->status)
        r->history = sl_run_read_history(job->ctx, r->folder);
    if (r->history && !r->history->rows) {
        sl_fail(job->ctx, SL_EINVAL, "%s: no epoch of this run has ended yet: there is nothing to draw",
                r->folder);
        return NULL;
    }
    return r->history;
}

sl_model *sl_job_model(const sl_figure_job *job, int run)
{
    struct sl_job_run *r = &job->run[run];
    if (!r->model && !job->ctx->status)
        r->model = sl_model_load(job->ctx, r->folder);
    return r->model;
}

const sl_json *sl_job_json(const sl_figure_job *job, int run)
{
    struct sl_job_run *r = &job->run[run];
    if (!r->json)
        r->json = sl_run_json(job->ctx, &r->arena, r->folder);
    return r->json;
}

/* NULL without failure: the run has no such part. */
static sl_data *job_open(const sl_figure_job *job, int run, const char *asked, const char *part)
{
    sl_ctx *ctx = job->ctx;
    const char *folder = job->run[run].folder;
    const sl_model *model = sl_job_model(job, run);
    if (!model)
        return NULL;
    if (asked) {
        const bool whole = !part || !strcmp(part, "all");
        if (!whole && !sl_data_has_part(ctx, asked, part))
            return sl_run_cut_part(ctx, folder, part) ? sl_run_open_part(ctx, folder, asked, part) : NULL;
        return sl_data_open_for(ctx, asked,
                                part                                   ? part
                                : sl_data_has_part(ctx, asked, "test") ? "test"
                                                                       : "all",
                                model, NULL);
    }
    if (strcmp(part, "all") != 0 && sl_run_cut_part(ctx, folder, part))
        return sl_run_open_part(ctx, folder, NULL, part);
    const char *source = sl_run_read_data(ctx, folder);
    const char *test = source ? sl_run_read_test(ctx, folder) : NULL;
    if (ctx->status)
        return NULL;
    if (!strcmp(part, "all"))
        return sl_data_open_for(ctx, source, "all", model, NULL);
    if (!strcmp(part, "test") && test)
        return sl_data_open_for(ctx, test, sl_data_has_part(ctx, test, "test") ? "test" : "all", model, NULL);
    const bool divided = sl_data_has_part(ctx, source, "test");
    if (!strcmp(part, "train"))
        return sl_data_open_for(ctx, source, divided ? "train" : "all", model, NULL);
    return !strcmp(part, "test") && divided ? sl_data_open_for(ctx, source, "test", model, NULL) : NULL;
}

static void job_tell(const sl_figure_job *job, int run, const char *found)
{
    const char *data = job->request->data;
    sl_decided(job->ctx, "part", found,
               !strcmp(found, "test")         ? "%s has a test part"
               : data                         ? "%s is taken whole: rows of its own"
               : !strcmp(found, "validation") ? "%s has no test part"
                                              : "%s has neither test nor validation part",
               data ? data : job->run[run].name);
    if (!data)
        sl_decided(job->ctx, "data", "the run's", "no other rows were named");
}

sl_data *sl_job_data(const sl_figure_job *job, int run, const char *part, const char **opened)
{
    static const char *const order[] = { "test", "validation", "train" };
    struct sl_job_run *r = &job->run[run];
    const char *asked = part ? part : job->request->part;
    for (int i = 0; i < r->data_count; i++)
        if (part == r->data[i].wanted || (part && r->data[i].wanted && !strcmp(part, r->data[i].wanted))) {
            if (opened)
                *opened = r->data[i].opened;
            return r->data[i].data;
        }
    sl_data *data = NULL;
    const char *found = asked, *source = job->request->data;
    if (part && source && !sl_data_has_part(job->ctx, source, part))
        source = NULL; /* the rows to look at are others; it was trained on these */
    if (asked || source) {
        data = job_open(job, run, source, asked);
        if (!data && !part && !job->ctx->status)
            sl_fail(job->ctx, SL_EINVAL, "%s: this run has no part '%s'", r->folder, asked);
        found = asked ? asked : "all";
    } else {
        for (int i = 0; i < 3 && !data && !job->ctx->status; i++)
            data = job_open(job, run, NULL, found = order[i]);
    }
    if (data && !part && !asked && !job->ctx->status)
        job_tell(job, run, found);
    if (opened)
        *opened = found;
    if (job->ctx->status) {
        sl_data_free(data);
        return NULL;
    }
    if (r->data_count < JOB_DATA && data) {
        r->data[r->data_count].wanted = part;
        r->data[r->data_count].opened = found;
        r->data[r->data_count++].data = data;
    }
    return data;
}
