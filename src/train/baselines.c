/* baselines.c - the baselines of a model: fitted, kept, loaded, asked for. */
#include "baseline/baseline.h"
#include "core/os.h"
#include "train/measure.h"

sl_baselines *sl_baselines_fit(sl_ctx *ctx, const sl_model *model, const sl_data *train)
{
    if (!ctx || ctx->status)
        return NULL;
    if (!model || !model->built || !model->loss) {
        sl_fail(ctx, SL_EINVAL, "sl_baselines_fit: wants a trained model");
        return NULL;
    }
    if (train && (sl_check_inputs(ctx, model, train, "the training data") ||
                  sl_check_targets(ctx, model, train, "the training data")))
        return NULL;
    return sl_baselines_make_texts(
        ctx, train, model->columns, model->views != NULL, model->views, sl_model_kinds(model),
        "the rows that the model learned from are not at hand: a run folder keeps what is "
        "needed, a model file alone does not");
}

sl_baselines *sl_baselines_load(sl_ctx *ctx, const char *folder)
{
    if (!ctx || ctx->status)
        return NULL;
    if (!folder) {
        sl_fail(ctx, SL_EINVAL, "sl_baselines_load: wants the name of a run folder, given NULL");
        return NULL;
    }
    char *path = sl_path_join(ctx, folder, "baselines.safetensors");
    sl_baselines *b = path && sl_os_path_kind(path) != SL_PATH_NONE ? sl_baselines_read(ctx, path) : NULL;
    sl_free(ctx, path);
    return b;
}

sl_status sl_baselines_save(const sl_baselines *b, const char *path)
{
    if (!b || b->ctx->status)
        return b ? b->ctx->status : SL_EINVAL;
    if (!path)
        return sl_fail(b->ctx, SL_EINVAL, "sl_baselines_save: the path is NULL");
    if (!b->rows)
        return sl_fail(b->ctx, SL_EINVAL, "%s: there are no fitted baselines to save", path);
    return sl_baselines_write(b, path);
}

bool sl_baselines_at(const sl_baselines *b, int index, sl_baseline_row *row)
{
    if (!b || !row || index < 0 || index >= b->measured)
        return false;
    *row = b->row[index];
    return true;
}

sl_baseline_difference sl_baselines_difference(const sl_baselines *b)
{
    return b ? b->difference : (sl_baseline_difference){ 0 };
}

const char *sl_baselines_verdict(const sl_baselines *b)
{
    return b ? b->verdict : "";
}
