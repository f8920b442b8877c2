/* target.c - how the loss sees a target: as it is, or standardised; and back to the units of the data. */
#include "model/model.h"

#include <math.h>
#include <string.h>

static const char *const target_words[] = { "none", "standard", "log" };

const char *sl_scaling_word(sl_scaling way)
{
    return target_words[way];
}

sl_status sl_scaling_find(sl_ctx *ctx, const char *word, sl_scaling *way)
{
    *way = SL_UNSCALED;
    for (int i = 0; i < 3 && word; i++)
        if (!strcmp(word, target_words[i])) {
            *way = (sl_scaling)i;
            return SL_OK;
        }
    return word ? sl_fail_word(ctx, "target scale", word, target_words, 3) : SL_OK;
}

void sl_target_in(const sl_target *target, sl_real *y, size_t count)
{
    for (size_t i = 0; i < count && target->way != SL_UNSCALED; i++) {
        const double own = target->way == SL_LOG ? sl_log_d((double)y[i]) : (double)y[i];
        y[i] = (sl_real)((own - target->shift) / target->scale);
    }
}

void sl_target_out(const sl_target *target, sl_real *y, size_t count)
{
    for (size_t i = 0; i < count && target->way != SL_UNSCALED; i++) {
        const double own = (double)y[i] * target->scale + target->shift;
        y[i] = (sl_real)(target->way == SL_LOG ? sl_exp_d(own) : own);
    }
}

void sl_target_bounds(const sl_model *model, sl_real *y, size_t count)
{
    for (size_t i = 0; i < count; i++, y += 3) {
        const double a = (double)y[1], b = (double)y[2];
        double low = (a < b ? a : b) - model->correction, high = (a < b ? b : a) + model->correction;
        if (low > high)
            low = high = (low + high) / 2;
        y[1] = (sl_real)low;
        y[2] = (sl_real)high;
    }
}

void sl_model_put_target(const sl_model *model, sl_text *json, bool *first)
{
    const sl_target *target = &model->target;
    if (target->way != SL_UNSCALED) {
        sl_json_key(json, first, "target");
        sl_text_put(json, "{\"scale\": ");
        sl_json_put_string(json, target_words[target->way]);
        sl_text_put(json, ", \"shift\": ");
        sl_json_put_number(json, target->shift);
        sl_text_put(json, ", \"deviation\": ");
        sl_json_put_number(json, target->scale);
        sl_text_put(json, "}");
    }
    if (sl_loss_has_bounds(model->loss)) {
        sl_json_key(json, first, "interval");
        sl_text_put(json, "{\"correction\": ");
        sl_json_put_number(json, model->correction);
        sl_text_put(json, ", \"rows\": ");
        sl_json_put_uint64(json, model->corrected_by);
        sl_text_put(json, "}");
    }
}

static bool target_finite(double value)
{
    return value - value == 0;
}

sl_status sl_model_take_target(sl_model *model, const char *name, const sl_json *description)
{
    sl_ctx *ctx = model->ctx;
    const sl_json *scaled = sl_json_get(description, "target"),
                  *bounds = sl_json_get(description, "interval");
    sl_target target = { SL_UNSCALED, sl_json_number(scaled, "shift", 0),
                         sl_json_number(scaled, "deviation", 0) };
    const char *word = sl_json_string(scaled, "scale", "");
    for (int i = 1; i < 3; i++)
        if (!strcmp(word, target_words[i]))
            target.way = (sl_scaling)i;
    if (scaled && (target.way == SL_UNSCALED || !target_finite(target.shift) ||
                   !target_finite(target.scale) || !(target.scale > 0)))
        return sl_fail(ctx, SL_EFORMAT, "%s: how the target is scaled makes no sense: the file is damaged",
                       name);
    const double correction = sl_json_number(bounds, "correction", 0);
    if (!target_finite(correction))
        return sl_fail(ctx, SL_EFORMAT, "%s: the correction of its bounds is no number: the file is damaged",
                       name);
    model->target = target;
    model->correction = correction;
    model->corrected_by = (size_t)sl_json_uint64(bounds, "rows", 0);
    return SL_OK;
}

const char *sl_model_target_scale(const sl_model *model, double *shift, double *scale)
{
    const sl_target none = { SL_UNSCALED, 0, 0 }, *target = model ? &model->target : &none;
    const bool scaled = target->way != SL_UNSCALED;
    if (shift)
        *shift = scaled ? target->shift : 0;
    if (scale)
        *scale = scaled ? target->scale : 1;
    return target_words[target->way];
}

double sl_model_interval(const sl_model *model, double *correction, size_t *rows)
{
    const double coverage = model && model->loss ? sl_loss_coverage(model->loss, &model->loss_values) : 0;
    if (correction)
        *correction = coverage > 0 ? model->correction : 0;
    if (rows)
        *rows = coverage > 0 ? model->corrected_by : 0;
    return coverage;
}
