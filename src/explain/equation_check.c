/* equation_check.c - the formulas, read back as they are printed, and computed for rows beside the net. */
#include "explain/equation.h"
#include "explain/rows.h"

#include "core/random.h"
#include "kernel/math.h"
#include "train/measure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    sl_expression read;
    sl_text text; /* which `read` points into */
    int *uses;    /* [count]: which variables and definitions stand in it */
    sl_named *names;
    int count;
} computed_formula;

typedef struct {
    sl_equation *q;
    sl_ctx *ctx;
    computed_formula *formulas; /* [q->count] */
    double *values;             /* [variables + definitions] */
    size_t rows, inputs;
    double *raw;         /* [rows, inputs] */
    const sl_real *said; /* [rows, answers] */
    size_t width;
} computed_job;

static const char *computed_name(const sl_equation *q, int i)
{
    return i < q->variable_count ? q->variables[i].name : q->definitions[i - q->variable_count].name;
}

static int computed_find(const sl_equation *q, const char *name, size_t length)
{
    for (int i = 0; i < q->variable_count + q->count; i++)
        if (strlen(computed_name(q, i)) == length && !memcmp(computed_name(q, i), name, length))
            return i;
    return -1;
}

/* Reads formula d as a calculator gets it, and keeps whose values it wants. */
static sl_status computed_read(computed_job *job, int d)
{
    computed_formula *f = &job->formulas[d];
    sl_text_init(&f->text, job->ctx);
    sl_equation_calculator(job->ctx, job->q->definitions[d].formula, &f->text);
    if (job->ctx->status || sl_expression_read(&f->read, job->ctx, sl_text_string(&f->text)))
        return job->ctx->status;
    f->uses = sl_alloc_array(job->ctx, (size_t)f->read.count + 1, sizeof *f->uses);
    f->names = sl_alloc_array(job->ctx, (size_t)f->read.count + 1, sizeof *f->names);
    for (int i = 0; i < f->read.count && !job->ctx->status; i++) {
        const sl_expression_node *node = &f->read.nodes[i];
        const int use =
            node->what == SL_EXPRESSION_NAME ? computed_find(job->q, node->text, (size_t)node->length) : -1;
        bool known = use < 0;
        for (int k = 0; k < f->count && !known; k++)
            known = f->uses[k] == use;
        if (!known) {
            f->names[f->count].name = computed_name(job->q, use);
            f->uses[f->count++] = use;
        }
    }
    return job->ctx->status;
}

static double computed_variable(const sl_equation *q, const sl_variable *v, const double *raw)
{
    const sl_column *c = v->column < 0 ? NULL : &q->model->columns->column[v->column];
    double cell = raw[v->input];
    if (v->kind == SL_VARIABLE_WORD)
        return v->code == v->code ? cell == v->code : cell != cell;
    if (v->kind == SL_VARIABLE_MISSING)
        return cell != cell;
    if (c && cell != cell)
        cell = c->median;
    const double day = floor(cell / 86400);
    return v->kind == SL_VARIABLE_DAY ? day : v->kind == SL_VARIABLE_TIME ? cell / 86400 - day : cell;
}

/* All values of a row; returns the largest number that was added up on the way. */
static double computed_row(computed_job *job, size_t row)
{
    const sl_equation *q = job->q;
    double largest = 0;
    for (int i = 0; i < q->variable_count; i++)
        job->values[i] = computed_variable(q, &q->variables[i], job->raw + row * job->inputs);
    for (int d = 0; d < q->count; d++) {
        computed_formula *f = &job->formulas[d];
        double scale;
        for (int k = 0; k < f->count; k++)
            f->names[k].value = job->values[f->uses[k]];
        job->values[q->variable_count + d] = sl_expression_value(&f->read, f->names, f->count, &scale);
        largest = scale > largest ? scale : largest;
    }
    return largest;
}

/* Answer number a of the formulas is which of the net's: of two classes the second comes first. */
static size_t computed_place(const computed_job *job, size_t a)
{
    const bool two =
        job->width == 2 && sl_model_kinds(job->q->model) == 2 && sl_model_outputs(job->q->model) == 1;
    return two ? 1 - a : a;
}

static void computed_compare(computed_job *job, size_t row, double largest, sl_equation_checked *checked)
{
    const sl_equation *q = job->q;
    size_t a = 0;
    for (int d = 0; d < q->count; d++) {
        if (!q->definitions[d].answer)
            continue;
        const double own = job->values[q->variable_count + d],
                     net = (double)job->said[row * job->width + computed_place(job, a++)];
        const double off = fabs(own - net);
        /* Six figures; and what rounding can have lost on the way, which in the float build is the net's. */
        const double lost = sizeof(sl_real) == sizeof(float) ? 4e-6 * (largest + fabs(net)) : 1e-13 * largest;
        if (!(off <= 5e-7 * fabs(net) + lost + 1e-12))
            checked->agrees = false;
        if (!(off <= checked->worst)) {
            checked->worst = off;
            checked->beside = net;
        }
    }
}

/* --- rows ----------------------------------------------------------------------------------------- */

/* Rows of the data: their cells, and what the net says. */
static sl_tensor *computed_data(computed_job *job)
{
    const sl_equation *q = job->q;
    const sl_columns *columns = q->model->columns;
    sl_tensor *said = sl_predict_data(job->ctx, q->model, q->data, 0, job->rows);
    if (!said)
        return NULL;
    if (!columns) {
        sl_real *x = sl_alloc_array(job->ctx, job->rows * job->inputs + 1, sizeof *x);
        size_t *rows = sl_alloc_array(job->ctx, job->rows, sizeof *rows);
        for (size_t r = 0; r < job->rows && rows; r++)
            rows[r] = r;
        if (x && rows && !sl_data_gather(job->ctx, q->data, rows, job->rows, NULL, x, NULL))
            for (size_t i = 0; i < job->rows * job->inputs; i++)
                job->raw[i] = (double)x[i];
        sl_free(job->ctx, x);
        sl_free(job->ctx, rows);
        return said;
    }
    const size_t cells = (size_t)columns->cells;
    double *loaded = sl_alloc_array(job->ctx, job->rows * cells + 1, sizeof *loaded);
    if (loaded && !sl_data_load(q->data, NULL, 0, job->rows, loaded))
        for (size_t r = 0; r < job->rows; r++)
            for (size_t i = 0; i < job->inputs; i++) {
                const sl_column *c = &columns->column[sl_columns_input(columns, (int)i)];
                job->raw[r * job->inputs + i] = loaded[r * cells + (size_t)c->cell];
            }
    sl_free(job->ctx, loaded);
    return said;
}

/* Rows drawn from where the training rows lay, or from -1 .. 1. */
static sl_tensor *computed_drawn(computed_job *job)
{
    const sl_equation *q = job->q;
    const sl_columns *columns = q->model->columns;
    sl_stream stream = { .seed = sl_ctx_seed(job->ctx), .purpose = SL_FOR_EXPLAIN, .a = 0 };
    sl_tensor *x = sl_tensor_new(job->ctx, sl_dims((int)job->rows, (int)job->inputs), NULL);
    for (size_t i = 0; i < job->rows * job->inputs && x; i++) {
        const sl_column *c =
            columns ? &columns->column[sl_columns_input(columns, (int)(i % job->inputs))] : NULL;
        const double u = sl_stream_uniform(&stream);
        const double divisor = q->model->divisor > 0 ? (double)q->model->divisor : 1;
        const bool words = c && (c->type == SL_COLUMN_CATEGORY || c->type == SL_COLUMN_BOOLEAN);
        x->v[i] = (sl_real)(words ? floor(u * (double)(c->words.count ? c->words.count : 2))
                            : c && c->low <= c->high ? c->low + u * (c->high - c->low)
                                                     : (floor(2000 * u) / 1000 - 1) * divisor);
        job->raw[i] = (double)x->v[i];
    }
    if (x && !columns && q->model->input.rank > 1) { /* a picture a row */
        x->shape.rank = q->model->input.rank + 1;
        memcpy(x->shape.dim + 1, q->model->input.dim, (size_t)q->model->input.rank * sizeof(int));
    }
    sl_tensor *said = x ? sl_predict(job->ctx, q->model, x) : NULL;
    sl_tensor_free(x);
    return said;
}

static void computed_said(const computed_job *job, sl_equation_checked *checked)
{
    const sl_data *data = job->q->data;
    const char *name = data && data->source && strcmp(data->source, "data in memory") != 0
                           ? sl_told_clean(job->q->e, data->source, strlen(data->source), 400)
                           : NULL;
    checked->rows = job->rows;
    checked->from =
        !data ? sl_explanation_keep(job->q->e, "%zu random rows", job->rows)
        : job->rows == 1
            ? sl_explanation_keep(job->q->e, name ? "the row of %s" : "the row given", name)
            : sl_explanation_keep(job->q->e, name ? "%s%zu rows of %s" : "%s%zu rows given",
                                  job->rows < data->rows ? "the first " : "the ", job->rows, name);
}

sl_status sl_equation_check(sl_equation *q, sl_equation_checked *checked)
{
    sl_ctx *ctx = q->e->ctx;
    const sl_columns *columns = q->model->columns;
    computed_job job = {
        .q = q, .ctx = ctx, .rows = SL_EQUATION_ROWS, .width = (size_t)sl_prediction_width(q->model)
    };
    if (q->data && q->data->rows < job.rows)
        job.rows = q->data->rows;
    if (columns)
        job.inputs = (size_t)columns->inputs;
    else if (sl_shape_check(ctx, q->model->input, &job.inputs))
        return ctx->status;
    const size_t named = (size_t)(q->variable_count + q->count);
    *checked = (sl_equation_checked){ .agrees = true };
    job.formulas = sl_alloc_array(ctx, (size_t)q->count, sizeof *job.formulas);
    job.values = sl_arena_take(&q->e->arena, (named + 1) * sizeof *job.values);
    job.raw = sl_arena_take(&q->e->arena, (job.rows * job.inputs + 1) * sizeof *job.raw);
    double *first = sl_arena_take(&q->e->arena, (named + 1) * sizeof *first);
    sl_tensor *said = ctx->status ? NULL : q->data ? computed_data(&job) : computed_drawn(&job);
    for (int d = 0; d < q->count && !ctx->status; d++)
        computed_read(&job, d);
    for (size_t r = 0; r < job.rows && said && !ctx->status; r++) {
        job.said = said->v;
        const double largest = computed_row(&job, r);
        computed_compare(&job, r, largest, checked);
        if (!r)
            memcpy(first, job.values, named * sizeof *first);
    }
    computed_said(&job, checked);
    checked->first = first;
    checked->cells = job.raw;
    for (int d = 0; d < q->count && job.formulas; d++) {
        sl_expression_free(&job.formulas[d].read);
        sl_text_free(&job.formulas[d].text);
        sl_free(ctx, job.formulas[d].uses);
        sl_free(ctx, job.formulas[d].names);
    }
    sl_free(ctx, job.formulas);
    sl_tensor_free(said);
    return ctx->status;
}
