/* saturation - how much of each activation is flat: values where its slope is nearly 0, units that are dead.
 */
#include "plot/numbers/runs.h"
#include "train/records.h"

#include <math.h>
#include <string.h>

enum { SATURATION_LINES = 14, SATURATION_ROWS = 256, SATURATION_TOLD = 8 };

typedef struct {
    sl_figure *figure;
    const sl_figure_job *job;
    const sl_activations_record *record;
    const int *layer; /* [count] which of the record's */
    int count;
} saturation_plan;

static double saturation_of(const sl_activations_row *row, bool dead)
{
    return dead ? row->dead : row->saturated;
}

static size_t saturation_series(const saturation_plan *p, sl_panel *panel, int line, bool dead)
{
    const sl_activations_record *r = p->record;
    size_t rows = 0, known = 0;
    for (int i = 0; i < r->rows; i++)
        if (r->row[i].layer == p->layer[line]) {
            rows++;
            known += saturation_of(&r->row[i], dead) == saturation_of(&r->row[i], dead);
        }
    if (!known)
        return 0;
    sl_series *s = sl_panel_add(p->figure, panel, rows > 1 ? SL_DRAW_LINE : SL_DRAW_POINTS,
                                r->layers.name[p->layer[line]], rows);
    for (int i = 0, at = 0; s && i < r->rows; i++)
        if (r->row[i].layer == p->layer[line]) {
            s->x[at] = (double)r->row[i].epoch;
            s->y[at++] = saturation_of(&r->row[i], dead);
        }
    if (s) {
        s->colour = (sl_colour)(line % SL_COLOURS); /* the same in both panels */
        s->dashed = line >= SL_COLOURS;
    }
    return known;
}

/* The last epoch's row of a layer. */
static const sl_activations_row *saturation_last(const saturation_plan *p, int line)
{
    for (int i = p->record->rows - 1; i >= 0; i--)
        if (p->record->row[i].layer == p->layer[line])
            return &p->record->row[i];
    return NULL;
}

static size_t saturation_units(const sl_model *model, const char *layer)
{
    for (int i = 0; i < model->count; i++) {
        sl_layer_info info;
        if (strcmp(model->layers[i].name, layer) != 0 || sl_model_layer(model, i, &info))
            continue;
        size_t units = 1;
        for (int d = 0; d < info.output.rank; d++)
            units *= (size_t)info.output.dim[d];
        return units;
    }
    return 0;
}

static sl_status saturation_notes(const saturation_plan *p)
{
    sl_figure *f = p->figure;
    const sl_model *model = sl_job_model(p->job, 0);
    const double trained = sl_job_used(p->job, 0, "rows");
    const size_t rows = trained < SATURATION_ROWS ? (size_t)trained : SATURATION_ROWS;
    int dead = 0, told = 0;
    double worst = 0;
    const char *where = NULL;
    if (!model || p->job->ctx->status)
        return p->job->ctx->status;
    for (int line = 0; line < p->count; line++) {
        const char *name = p->record->layers.name[p->layer[line]];
        const sl_activations_row *last = saturation_last(p, line);
        const size_t units = saturation_units(model, name);
        if (last->saturated > worst) {
            worst = last->saturated;
            where = name;
        }
        if (!(last->dead > 0))
            continue;
        dead++;
        if (told++ < SATURATION_TOLD)
            sl_figure_note(
                f, "After epoch %zu %zu of %zu units of %s output 0, or have slope 0, on all %zu rows.",
                last->epoch, (size_t)(last->dead * (double)units + 0.5), units, name, rows);
    }
    if (told > SATURATION_TOLD)
        sl_figure_note(f, "%d more layers have such dead units.", told - SATURATION_TOLD);
    if (dead)
        sl_figure_note(f, "A dead unit learns nothing: a smaller step size, he as initialiser, or leaky_relu "
                          "keep units alive.");
    else
        sl_figure_note(f, "No unit is dead after the last epoch, on %zu training rows.", rows);
    if (where)
        sl_figure_note(f,
                       "Most saturated after the last epoch: %s %% of the values of %s have a slope below "
                       "0.01.",
                       sl_figure_number(f, floor(worst * 1000 + 0.5) / 10), where);
    return p->job->ctx->status;
}

static sl_status saturation_layers(saturation_plan *p)
{
    const char *wanted = p->job->request->layer;
    const sl_record_layers *layers = &p->record->layers;
    int *chosen = sl_arena_take(&p->figure->arena, ((size_t)layers->count + 1) * sizeof *chosen);
    sl_text names;
    if (!chosen)
        return p->job->ctx->status;
    if (!layers->count)
        return sl_fail(p->job->ctx, SL_EINVAL,
                       "figure saturation: %s has no layer with an activation: nothing can saturate",
                       sl_job_folder(p->job, 0));
    sl_text_init(&names, p->job->ctx);
    for (int i = 0; i < layers->count; i++) {
        sl_text_add(&names, "%s%s", i ? ", " : "", layers->name[i]);
        if (!wanted || !strcmp(wanted, layers->name[i]))
            chosen[p->count++] = i;
    }
    if (!p->count)
        sl_fail(p->job->ctx, SL_EINVAL,
                "figure saturation: %s has no layer '%s' with an activation: there are %s",
                sl_job_folder(p->job, 0), wanted, sl_text_string(&names));
    sl_text_free(&names);
    char drawn[32];
    if (!wanted)
        sl_decided(p->job->ctx, "layer",
                   sl_number_text(drawn, p->count < SATURATION_LINES ? p->count : SATURATION_LINES),
                   "so many of %d layers with an activation: none was named", p->count);
    if (p->count > SATURATION_LINES) { /* evenly, with the first and the last */
        for (int i = 0; i < SATURATION_LINES; i++)
            chosen[i] = chosen[(size_t)i * (size_t)(p->count - 1) / (SATURATION_LINES - 1)];
        sl_figure_note(p->figure, "%d of %d layers are drawn, evenly spaced.", SATURATION_LINES, p->count);
        p->count = SATURATION_LINES;
    }
    p->layer = chosen;
    return p->job->ctx->status;
}

static sl_status saturation_draw(saturation_plan *p)
{
    static const char *const titles[] = { "saturated values", "dead units" };
    static const char *const labels[] = { "share of values with slope below 0.01",
                                          "share of units without output or slope" };
    sl_figure *f = p->figure;
    if (saturation_layers(p))
        return p->job->ctx->status;
    f->title = sl_figure_format(f, "Saturation of the activations of %s", sl_job_name(p->job, 0));
    for (int dead = 0; dead < 2; dead++) {
        sl_panel *panel = sl_figure_panel(f, titles[dead], "epoch", labels[dead]);
        size_t known = 0;
        for (int line = 0; panel && line < p->count; line++)
            known += saturation_series(p, panel, line, dead);
        if (!panel)
            return p->job->ctx->status;
        panel->x.whole = true;
        panel->y.low = -0.02;
        panel->y.high = 1.02;
        if (!known)
            sl_figure_note(f,
                           "These activations have no slope of single values: none is counted as saturated.");
    }
    return saturation_notes(p);
}

static sl_status saturation_of_run(sl_figure *figure, const sl_figure_job *job)
{
    sl_activations_record *record = sl_run_read_activations(job->ctx, sl_job_folder(job, 0));
    saturation_plan plan = { .figure = figure, .job = job, .record = record };
    if (record)
        saturation_draw(&plan);
    sl_activations_record_free(record);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_saturation = {
    .name = "saturation",
    .summary = "flat activations and dead units, epoch by epoch",
    .formula = "shares of values with |f'| < 0.01, and of units whose output, or f', is 0 on all of at most "
               "256 training rows",
    .source = "Glorot, Bengio, AISTATS 2010, section 3",
    .takes = "layer",
    .most_runs = 1,
    .of_runs = saturation_of_run,
};
