/* precheck_rows.c - what is checked of the rows before the first step: see precheck.h. */
#include "data/parts.h"
#include "diagnose/precheck.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void rowcheck_finite(sl_case *c)
{
    const sl_data_look *d = &c->data;
    sl_precheck_line *line = sl_precheck_add(c, "rows not finite", (double)d->broken, ", nan_rows, ");
    sl_precheck_wanted(line, "0");
    line->ok = !d->broken;
    sl_precheck_say(line, "%zu of %zu rows", d->broken, d->rows);
    if (d->rows < c->train->rows)
        sl_precheck_say(line, " looked at, there are %zu", c->train->rows);
    if (d->broken)
        sl_precheck_say(line, ", row %zu the first", d->broken_at);
}

/* --- inputs --------------------------------------------------------------------------------------------- */

static void rowcheck_inputs(sl_case *c)
{
    const sl_data_look *d = &c->data;
    char least[80], most[80];
    if (!d->inputs || !(d->most >= 0) || d->rows < 2)
        return;
    const bool own = sl_case_norms_inputs(c);
    sl_precheck_line *line = sl_precheck_add(c, "input scale", d->most, ", unscaled_inputs, ");
    sl_case_input_name(c, d->most_at, most);
    sl_case_input_name(c, d->least > 0 ? d->least_at : 0, least);
    if (!(d->most > 0))
        sl_precheck_say(line, "no input varies");
    else if (d->least_at == d->most_at || d->inputs == 1)
        sl_precheck_say(line, "%zu input%s, deviation %s, largest number %s", d->inputs,
                        d->inputs == 1 ? "" : "s", sl_case_number(c, d->most), sl_case_number(c, d->largest));
    else
        sl_precheck_say(line, "%zu inputs, deviations from %s (%s) to %s (%s), largest number %s", d->inputs,
                        sl_case_number(c, d->least), least, sl_case_number(c, d->most), most,
                        sl_case_number(c, d->largest));
    sl_precheck_wanted(line, "%s", own ? "any" : "0.1 to 10");
    line->ok = own || (d->most <= 10 && d->in_rms <= 15 && d->largest >= 0.1 && d->most > 0);
    if (own)
        sl_precheck_say(line, "; the net normalises them itself");
}

/* --- targets -------------------------------------------------------------------------------------------- */

static void rowcheck_classes(sl_case *c)
{
    const sl_data_look *d = &c->data;
    const char *rare = sl_data_class_name(c->train, (int)d->rarest_at),
               *common = sl_data_class_name(c->train, (int)d->commonest_at);
    sl_precheck_line *line = sl_precheck_add(c, "rarest class", d->rarest, ", class_imbalance, ");
    sl_precheck_wanted(line, "above %s", sl_case_number(c, d->commonest / 9));
    line->ok = d->rarest > d->commonest / 9 || (c->options && c->options->class_weight && d->rarest > 0);
    sl_precheck_say(line, "%zu classes, numbered as the loss wants them; ", d->classes);
    if (d->rarest_at == d->commonest_at)
        sl_precheck_say(line, "each is %s of the rows", sl_case_percent(c, d->rarest));
    else
        sl_precheck_say(line, "%.40s is %s of the rows, %.40s %s", rare ? rare : "the rarest",
                        sl_case_percent(c, d->rarest), common ? common : "the commonest",
                        sl_case_percent(c, d->commonest));
    if (!(d->rarest > 0))
        sl_precheck_say(line, ": it is not among the %zu rows looked at", d->rows);
}

/* Share of targets, as the loss sees them, that the last layer's activation cannot give. */
static double rowcheck_outside(sl_case *c, const sl_op *f)
{
    enum { ROWS = 4096 };
    const size_t outputs = c->train->outputs, rows = c->train->rows < ROWS ? c->train->rows : ROWS;
    sl_real *y = sl_alloc_array(c->ctx, outputs, sizeof *y);
    size_t outside = 0;
    for (size_t i = 0; y && i < rows; i++) {
        const size_t at = (size_t)((uint64_t)i * c->train->rows / rows);
        if (sl_data_gather(c->ctx, c->train, &at, 1, NULL, NULL, y))
            break;
        sl_target_in(&c->model->target, y, outputs);
        for (size_t j = 0; j < outputs; j++)
            outside += (double)y[j] < f->low || (double)y[j] > f->high;
    }
    sl_free(c->ctx, y);
    return (double)outside / ((double)rows * (double)outputs);
}

static void rowcheck_numbers(sl_case *c)
{
    const sl_data_look *d = &c->data;
    const sl_op *f = c->model->layers[c->model->count - 1].activation;
    const bool raw = c->model->target.way == SL_UNSCALED;
    if (f && f->bounded) {
        char low[32], high[32];
        sl_precheck_line *line = sl_precheck_add(c, "targets out of reach", rowcheck_outside(c, f), "");
        sl_precheck_wanted(line, "0");
        line->ok = !(line->value > 0);
        sl_precheck_say(line, "the last layer's %s gives %s to %s%s; %s of the targets lie outside", f->name,
                        sl_number_text(low, f->low),
                        f->high > 1e100 ? "any height" : sl_number_text(high, f->high),
                        raw ? "" : ", and the targets are scaled first", sl_case_percent(c, line->value));
        return;
    }
    if (!(d->target_deviation > 0))
        return; /* one row, or one value: the checks of data say so */
    sl_precheck_line *line = sl_precheck_add(c, "target scale", d->target_deviation, ", unscaled_target, ");
    const double offset = fabs(d->target_mean) / d->target_deviation;
    sl_precheck_wanted(line, "0.03 to 10");
    line->ok = d->target_deviation >= 0.03 && d->target_deviation <= 10 &&
               (offset <= 10 || fabs(d->target_mean) <= 3);
    sl_precheck_say(line, "mean %s, deviation %s%s", sl_case_number(c, d->target_mean),
                    sl_case_number(c, d->target_deviation),
                    raw ? ", as they stand" : ", behind --target-scale");
    if (offset > 10)
        sl_precheck_say(line, "; the mean is %s deviations from 0, where the net begins",
                        sl_case_number(c, offset));
}

/* --- order, and rows that both parts have --------------------------------------------------------------- */

static void rowcheck_order(sl_case *c)
{
    const sl_data_look *d = &c->data;
    const char *sampling = c->options ? c->options->sampling : NULL;
    const bool order = sampling && !strcmp(sampling, "order") && c->steps_an_epoch > 1;
    if (!(d->in_order - d->in_order == 0) || !(d->in_chance < 1))
        return;
    const double more = (d->in_order - d->in_chance) / (1 - d->in_chance),
                 noise = 4 / sqrt((double)(d->rows ? d->rows : 1));
    sl_precheck_line *line = sl_precheck_add(c, "order of rows", d->in_order, ", unshuffled_data, ");
    sl_precheck_wanted(line, order ? "near %s" : "any", sl_case_number(c, d->in_chance));
    line->ok = !order || !(more > 0.2 && more > noise);
    if (d->classes)
        sl_precheck_say(line, "%s of neighbours have one class, shuffled rows would have %s; ",
                        sl_case_percent(c, d->in_order), sl_case_percent(c, d->in_chance));
    else
        sl_precheck_say(line, "targets of neighbours go together by %s, those of shuffled rows by 0; ",
                        sl_case_number(c, d->in_order));
    sl_precheck_say(line, order ? "training takes the rows as they stand" : "training shuffles them");
}

/* By chance rows meet as often as training rows meet one another. */
static bool rowcheck_beyond_chance(size_t shared, size_t tested, size_t repeated, size_t rows)
{
    const double rate = ((double)repeated + 1) / ((double)rows + 2), n = (double)tested;
    return shared >= 5 && (double)shared > 0.05 * n &&
           (double)shared > n * rate + 5 * sqrt(n * rate * (1 - rate));
}

static sl_status rowcheck_shared(sl_case *c)
{
    const sl_data *train = c->train, *other = c->validation;
    if (!other || !other->rows || other->features != train->features || other->outputs != train->outputs)
        return SL_OK;
    uint64_t *hashes = sl_alloc_array(c->ctx, train->rows, sizeof *hashes),
             *others = sl_alloc_array(c->ctx, other->rows, sizeof *others);
    if (!c->ctx->status && !sl_data_hash_rows(train, hashes) && !sl_data_hash_rows(other, others)) {
        size_t shared = 0;
        sl_hashes_sort(hashes, train->rows);
        const size_t repeated = sl_hashes_repeated(hashes, train->rows);
        for (size_t i = 0; i < other->rows; i++)
            shared += sl_hashes_have(hashes, train->rows, others[i]);
        sl_precheck_line *line =
            sl_precheck_add(c, "rows in both parts", (double)shared / (double)other->rows, ", leakage, ");
        sl_precheck_wanted(line, "below 0.05");
        line->ok = !rowcheck_beyond_chance(shared, other->rows, repeated, train->rows);
        sl_precheck_say(line, "%zu of %zu validation rows are training rows too, inputs and target alike",
                        shared, other->rows);
        if (shared && line->ok)
            sl_precheck_say(line, "; so often they meet by chance");
        else if (shared)
            sl_precheck_say(line, ": the validation loss would count what was learned by heart");
    }
    sl_free(c->ctx, hashes);
    sl_free(c->ctx, others);
    return c->ctx->status;
}

sl_status sl_precheck_rows(sl_case *c)
{
    rowcheck_finite(c);
    rowcheck_inputs(c);
    if (c->classes && c->data.classes)
        rowcheck_classes(c);
    else if (c->data.target_deviation == c->data.target_deviation)
        rowcheck_numbers(c);
    rowcheck_order(c);
    return c->ctx->status ? c->ctx->status : rowcheck_shared(c);
}
