/* schedule - the step size over the updates: of schedules by their words, or as runs had it. */
#include "optim/optim.h"
#include "plot/numbers/runs.h"

#include <math.h>
#include <string.h>

enum { SCHEDULE_STEPS = 1000, SCHEDULE_POINTS = 1000, SCHEDULE_WORDS = 16, SCHEDULE_MOST = 1000000000 };

typedef struct {
    double steps, lr, warmup; /* 0: not given */
} schedule_numbers;

/* "steps=500 cosine end=0.1 warmup=50": numbers that are not the schedule's go out of the word, into
 * numbers. */
static char *schedule_split(sl_ctx *ctx, const char *word, schedule_numbers *numbers)
{
    const struct {
        const char *name;
        double *to, low, high;
        const char *wants;
    } known[] = { { "steps=", &numbers->steps, 1, SCHEDULE_MOST, "a whole number from 1 to 1,000,000,000" },
                  { "lr=", &numbers->lr, 1e-30, 1e30, "a number above 0" },
                  { "warmup=", &numbers->warmup, 0, SCHEDULE_MOST,
                    "a number of steps, or below 1 a share" } };
    sl_text kept;
    sl_text_init(&kept, ctx);
    sl_text_put(&kept, "");
    for (const char *at = word; *at && !ctx->status;) {
        at += strspn(at, " ");
        const size_t length = strcspn(at, " ");
        char part[128];
        size_t k = 0;
        while (k < 3 && strncmp(at, known[k].name, strlen(known[k].name)) != 0)
            k++;
        if (k == 3 && length) {
            sl_text_put(&kept, kept.length ? " " : "");
            sl_text_bytes(&kept, at, length);
        } else if (length) {
            const size_t name = strlen(known[k].name);
            sl_text_fit(at + name, part, length - name + 1 < sizeof part ? length - name + 1 : sizeof part);
            if (!sl_number_parse(part, known[k].to) || *known[k].to < known[k].low ||
                *known[k].to > known[k].high || (k == 0 && floor(*known[k].to) != *known[k].to))
                sl_fail(ctx, SL_EINVAL, "figure schedule: %s'%s': wants %s", known[k].name, part,
                        known[k].wants);
        }
        at += length;
    }
    char *text = ctx->status ? NULL : sl_strdup(ctx, sl_text_string(&kept));
    sl_text_free(&kept);
    return text;
}

/* A scale of powers where much of it is below a hundredth of the most. */
static void schedule_scale(sl_panel *panel)
{
    static const double decades = 1e-6;
    size_t small = 0, all = 0;
    double most = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int s = 0; s < panel->count; s++)
            for (size_t i = 0; i < panel->series[s]->count; i++) {
                const double y = panel->series[s]->y[i];
                if (!pass)
                    most = y > most ? y : most;
                else
                    all++, small += y < most * 0.0101;
            }
    panel->y.log = most > 0 && small * 4 > all;
    panel->y.zero = !panel->y.log;
    if (!panel->y.log)
        return;
    double least = most;
    for (int s = 0; s < panel->count; s++)
        for (size_t i = 0; i < panel->series[s]->count; i++) {
            const double y = panel->series[s]->y[i];
            least = y > 0 && y < least ? y : least;
        }
    panel->y.low = (least > most * decades ? least : most * decades) / 1.1;
    panel->y.high = most * 1.3;
}

static sl_status schedule_line(sl_figure *figure, sl_panel *panel, const char *name,
                               const sl_optimizer *optimizer, bool alone)
{
    const size_t steps = optimizer->steps;
    const size_t count = steps < SCHEDULE_POINTS ? steps : SCHEDULE_POINTS;
    sl_series *line =
        sl_panel_add(figure, panel, count > 1 ? SL_DRAW_LINE : SL_DRAW_POINTS, alone ? NULL : name, count);
    for (size_t i = 0; line && i < count && !figure->ctx->status; i++) {
        const size_t step = count > 1 ? 1 + i * (steps - 1) / (count - 1) : 1;
        line->x[i] = (double)step;
        line->y[i] = sl_schedule_lr(figure->ctx, optimizer, step);
    }
    if (line && !figure->ctx->status)
        sl_figure_note(figure, "%s: %s in step 1, %s in step %s.", name, sl_figure_number(figure, line->y[0]),
                       sl_figure_number(figure, line->y[count - 1]), sl_figure_number(figure, (double)steps));
    return figure->ctx->status;
}

static const char *schedule_axis = "lr (step size)";

/* All schedules that there are: a small panel each. */
static sl_status schedule_all(sl_figure *figure, const schedule_numbers *n)
{
    const sl_schedule *s;
    figure->title = sl_figure_format(figure, "Schedules of the step size, over %s steps",
                                     sl_figure_number(figure, n->steps));
    for (size_t i = 0; (s = sl_schedule_at(i)) && !figure->ctx->status; i++) {
        if (s->judged)
            continue; /* what it does follows from losses */
        sl_panel *panel = sl_figure_panel(figure, s->name, "step", schedule_axis);
        const sl_optimizer o = { .rule = "sgd",
                                 .lr = (sl_real)n->lr,
                                 .schedule = s->name,
                                 .warmup = s->rises ? 0 : n->warmup,
                                 .steps = (size_t)n->steps };
        schedule_line(figure, panel, s->name, &o, true);
        if (panel)
            schedule_scale(panel);
    }
    sl_figure_note(figure, "plateau is not shown: it follows the losses of epochs.");
    return figure->ctx->status;
}

static sl_status schedule_alone(sl_figure *figure, const sl_figure_job *job)
{
    sl_ctx *ctx = job->ctx;
    const sl_figure_request *r = job->request;
    schedule_numbers common = { 0 }, own[SCHEDULE_WORDS] = { { 0 } };
    char *text[SCHEDULE_WORDS] = { NULL };
    int count = 0;
    if (r->word_count > SCHEDULE_WORDS)
        return sl_fail(ctx, SL_EINVAL, "figure schedule: %d words: at most %d", r->word_count,
                       SCHEDULE_WORDS);
    for (int i = 0; i < r->word_count && !ctx->status; i++) {
        schedule_numbers numbers = { 0 };
        char *kept = schedule_split(ctx, r->words[i], &numbers);
        common.steps = numbers.steps > 0 ? numbers.steps : common.steps;
        if (kept && *kept) {
            own[count] = numbers;
            text[count++] = kept;
        } else { /* numbers alone: for all */
            common.lr = numbers.lr > 0 ? numbers.lr : common.lr;
            common.warmup = numbers.warmup > 0 ? numbers.warmup : common.warmup;
            sl_free(ctx, kept);
        }
    }
    common.steps = common.steps > 0 ? common.steps : SCHEDULE_STEPS;
    common.lr = common.lr > 0 ? common.lr : 1;
    if (!ctx->status && !count)
        return schedule_all(figure, &common);
    sl_panel *panel = ctx->status ? NULL : sl_figure_panel(figure, NULL, "step", schedule_axis);
    for (int i = 0; panel && i < count && !ctx->status; i++) {
        const double warmup = own[i].warmup > 0 ? own[i].warmup : common.warmup;
        const sl_optimizer o = { .rule = "sgd",
                                 .lr = (sl_real)(own[i].lr > 0 ? own[i].lr : common.lr),
                                 .schedule = text[i],
                                 .warmup = warmup,
                                 .steps = (size_t)common.steps };
        const char *name =
            warmup > 0 && own[i].warmup > 0
                ? sl_figure_format(figure, "%s warmup=%s", text[i], sl_figure_number(figure, warmup))
                : text[i];
        schedule_line(figure, panel, sl_figure_format(figure, "%s", name), &o, count == 1);
    }
    if (panel && !ctx->status) {
        schedule_scale(panel);
        panel->x.whole = true;
        figure->title = count == 1 ? sl_figure_format(figure, "Schedule %s over %s steps", text[0],
                                                      sl_figure_number(figure, common.steps))
                                   : sl_figure_format(figure, "%d schedules over %s steps", count,
                                                      sl_figure_number(figure, common.steps));
    }
    for (int i = 0; i < count; i++)
        sl_free(ctx, text[i]);
    return ctx->status;
}

/* h: a row a step, or an epoch */
static sl_status schedule_run(sl_figure *figure, const sl_figure_job *job, sl_panel *panel, int run,
                              const char *label, const sl_report *h)
{
    const size_t rows = (size_t)h->rows, stride = sl_figure_stride(rows, SCHEDULE_POINTS);
    const size_t count = (rows + stride - 1) / stride;
    if (sl_report_find(h, "lr") < 0 || !(sl_report_last(h, "lr") > 0 || sl_report_at(h, 0, "lr") > 0))
        return sl_fail(job->ctx, SL_EINVAL,
                       "figure schedule: %s has recorded no step size: its optimizer finds the length of its "
                       "steps itself",
                       sl_job_folder(job, run));
    sl_series *line = sl_panel_add(figure, panel, rows > 1 ? SL_DRAW_LINE : SL_DRAW_POINTS, label, count);
    for (size_t i = 0; line && i < count; i++) {
        const int row = i + 1 < count ? (int)(i * stride) : h->rows - 1;
        line->x[i] = sl_report_at(h, row, "step");
        line->y[i] = sl_report_at(h, row, "lr");
    }
    if (line)
        sl_figure_note(figure, "%s: %s in step %s, %s in step %s.", label ? label : sl_job_name(job, run),
                       sl_figure_number(figure, line->y[0]), sl_figure_number(figure, line->x[0]),
                       sl_figure_number(figure, line->y[count - 1]),
                       sl_figure_number(figure, line->x[count - 1]));
    return job->ctx->status;
}

static sl_status schedule_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    const char **labels = sl_job_labels(figure, job);
    sl_panel *panel = labels ? sl_figure_panel(figure, NULL, "step", schedule_axis) : NULL;
    for (int run = 0; panel && run < job->runs && !job->ctx->status; run++) {
        sl_report *steps = sl_job_steps(job, run);
        const sl_report *h = job->ctx->status || (steps && steps->rows) ? steps : sl_job_history(job, run);
        if (h)
            schedule_run(figure, job, panel, run, job->runs > 1 ? labels[run] : NULL, h);
        sl_report_free(steps);
    }
    if (job->ctx->status)
        return job->ctx->status;
    if (panel) {
        schedule_scale(panel);
        panel->x.whole = true;
        figure->title = sl_figure_format(figure, "Step size of %s while training", sl_job_title(figure, job));
    }
    return job->ctx->status;
}

const sl_figure_kind sl_figure_schedule = {
    .name = "schedule",
    .summary = "the step size over training: of schedules, or of runs",
    .formula = "those of slope catalogue schedule; steps=1000, lr=1 and warmup=0 if nothing else is said",
    .words = "SCHEDULE|steps=N|lr=X|warmup=N",
    .most_runs = 16,
    .of_runs = schedule_of_runs,
    .alone = schedule_alone,
};
