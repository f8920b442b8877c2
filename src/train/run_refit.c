/* run_refit.c - of a small table every row counts: once the validation rows have told how good training is,
 * the same training is run again with them, and its model is the one that is kept. In both the best epoch
 * goes by train loss: were the first one's chosen by the validation rows, its figures would be of another
 * training. */
#include "train/run.h"

static sl_status refit_model(sl_run *run, sl_run *second)
{
    sl_ctx *ctx = run->ctx;
    sl_fit_options fit = { .validation_fraction = -1 };
    *second = (sl_run){ .ctx = ctx, .options = run->options, .plan = run->plan, .train = run->learned };
    if (sl_run_fit_columns(second) || sl_run_make_model(second, run->classes))
        return ctx->status;
    sl_run_plan(&run->plan, &fit);
    second->model->earlier_views = run->model->views;
    second->trainer = sl_trainer_new(second->model, run->learned, &fit);
    return second->trainer && !sl_run_start_vectors(second, second->model) ? sl_trainer_run(second->trainer)
                                                                           : ctx->status;
}

sl_status sl_run_refit(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    sl_run second;
    if (!run->refits || !run->validation || ctx->status)
        return ctx->status;
    sl_hush(ctx); /* all of it was said */
    run->learned = sl_run_learning(run);
    if (run->learned)
        refit_model(run, &second);
    sl_unhush(ctx);
    if (!run->learned)
        return ctx->status;
    sl_trainer_free(second.trainer);
    if (ctx->status) {
        sl_model_free(second.model);
        sl_columns_free(second.columns);
        return ctx->status;
    }
    sl_columns_free(run->columns);
    run->columns = second.columns;
    run->first_model = run->model; /* the trainer's, which is still asked for its history */
    run->model = second.model;
    sl_log(ctx, "refit       the model that is kept has learned from all %zu rows, with the same settings",
           run->learned->rows);
    if (run->options.keep_nothing)
        return SL_OK;
    char *path = sl_run_path(run, "model.safetensors");
    if (path)
        sl_model_save(run->model, path);
    sl_free(ctx, path);
    return ctx->status;
}
