/* registry.c - the folder is the list of figures; making one. */
#include "plot/job.h"
#include "plot/kind.h"

#include <string.h>

#define SL_INDEX(name) extern const sl_figure_kind sl_figure_##name;
#include "plot/figure/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_figure_##name,
static const sl_figure_kind *const figure_kinds[] = {
#include "plot/figure/index.inc"
};
#undef SL_INDEX

enum { FIGURE_KINDS = sizeof figure_kinds / sizeof *figure_kinds };

const sl_figure_kind *sl_figure_kind_at(size_t index)
{
    return index < FIGURE_KINDS ? figure_kinds[index] : NULL;
}

static const sl_figure_kind *figure_find(const char *name)
{
    for (size_t i = 0; name && i < FIGURE_KINDS; i++)
        if (!strcmp(figure_kinds[i]->name, name))
            return figure_kinds[i];
    return NULL;
}

bool sl_figure_takes(const char *kind, const char *field)
{
    const sl_figure_kind *found = figure_find(kind);
    if (!found || !field)
        return false;
    if (!strcmp(field, "run") || !strcmp(field, "runs"))
        return found->most_runs > (field[3] ? 1 : 0);
    if (!strcmp(field, "words"))
        return found->words != NULL;
    if (!strcmp(field, "alone"))
        return found->alone != NULL;
    const size_t length = strlen(field);
    for (const char *at = found->takes; at && *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strcspn(at, " ") == length && !memcmp(at, field, length))
            return true;
    return false;
}

/* What was asked for must count: an option is never passed over. */
static sl_status figure_check(sl_ctx *ctx, const sl_figure_kind *kind, const sl_figure_request *r)
{
    const struct {
        const char *name;
        bool given;
    } fields[] = { { "data", r->data },   { "part", r->part },       { "row", r->row },
                   { "layer", r->layer }, { "columns", r->columns }, { "metric", r->metric },
                   { "x", r->x },         { "weights", r->weights }, { "span", r->span != 0 },
                   { "solid", r->solid } };
    if (r->run_count < 0 || r->word_count < 0 || r->row < 0 || (r->run_count && !r->runs) ||
        (r->word_count && !r->words))
        return sl_fail(ctx, SL_EINVAL, "sl_figure_make: negative counts, or lists that are missing");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].given && !sl_figure_takes(kind->name, fields[i].name))
            return sl_fail(ctx, SL_EINVAL, "figure %s: takes no %s; it takes %s", kind->name, fields[i].name,
                           kind->takes ? kind->takes : "none of these options");
    if (r->run_count && !kind->most_runs)
        return sl_fail(ctx, SL_EINVAL, "figure %s: is drawn without a run", kind->name);
    if (r->run_count > kind->most_runs)
        return sl_fail(ctx, SL_EINVAL, "figure %s: %d runs: at most %d", kind->name, r->run_count,
                       kind->most_runs);
    if (!r->run_count && !kind->alone)
        return sl_fail(ctx, SL_EINVAL, "figure %s: of which run? slope plot RUN %s", kind->name, kind->name);
    if (r->word_count && (r->run_count || !kind->words))
        return sl_fail(ctx, SL_EINVAL, "figure %s: '%s' is one word too many", kind->name, r->words[0]);
    return SL_OK;
}

sl_figure *sl_figure_make(sl_ctx *ctx, const char *name, const sl_figure_request *request)
{
    const char *names[FIGURE_KINDS];
    const sl_figure_request none = { 0 };
    if (!ctx || ctx->status)
        return NULL;
    for (size_t i = 0; i < FIGURE_KINDS; i++)
        names[i] = figure_kinds[i]->name;
    const sl_figure_kind *kind = figure_find(name);
    if (!kind) {
        sl_fail_word(ctx, "figure", name ? name : "", names, FIGURE_KINDS);
        return NULL;
    }
    request = request ? request : &none;
    if (figure_check(ctx, kind, request))
        return NULL;
    sl_figure_job job;
    sl_figure *figure = sl_figure_new(ctx, kind->name);
    if (figure && !sl_job_open(&job, ctx, request, kind->of_files)) {
        if (request->span == 0 && sl_figure_takes(kind->name, "span"))
            sl_decided(ctx, "span", "1", "the default: what the figure shows by itself");
        if (kind->words && !request->word_count && !request->run_count)
            sl_decided(ctx, "words", "the usual ones", "figure %s draws these where none are named",
                       kind->name);
        if (!request->row && request->run_count && sl_figure_takes(kind->name, "row"))
            sl_decided(ctx, "row", "1", "the default: the first");
        if (request->run_count)
            kind->of_runs(figure, &job);
        else
            kind->alone(figure, &job);
        sl_job_close(&job);
    }
    if (figure && !ctx->status && !sl_figure_finish(figure))
        return figure;
    sl_figure_free(figure);
    return NULL;
}
