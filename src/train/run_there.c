/* run_there.c - the run.json of a folder; what a folder without one may be is said. */
#include "core/file.h"
#include "core/json.h"
#include "core/os.h"
#include "train/records.h"

static bool there_in(sl_ctx *ctx, const char *folder, const char *name)
{
    char *path = sl_path_join(ctx, folder, name);
    const sl_path_kind kind = path ? sl_os_path_kind(path) : SL_PATH_NONE;
    const bool there = kind == SL_PATH_FILE || kind == SL_PATH_UNSEEN; /* reading it says why */
    sl_free(ctx, path);
    return there;
}

bool sl_run_there(sl_ctx *ctx, const char *folder)
{
    if (ctx->status || there_in(ctx, folder, "run.json"))
        return !ctx->status;
    if (ctx->status)
        return false;
    const sl_path_kind kind = sl_os_path_kind(folder);
    if (kind == SL_PATH_NONE)
        sl_fail(ctx, SL_EFILE, "%s: there is no such run folder", folder);
    else if (kind == SL_PATH_FILE)
        sl_fail(ctx, SL_EFILE, "%s: is a file: wants the folder of a run, made by slope train", folder);
    else if (there_in(ctx, folder, "fold-1/run.json"))
        sl_fail(ctx, SL_EFILE, "%s: holds the runs of folds: name one of them, such as %s/fold-1", folder,
                folder);
    else
        sl_fail(ctx, SL_EFILE,
                "%s: there is no run.json: wants the folder of a run that was begun with `slope train`",
                folder);
    return false;
}

const struct sl_json *sl_run_json(sl_ctx *ctx, sl_arena *arena, const char *folder)
{
    if (!ctx || ctx->status || !folder || !sl_run_there(ctx, folder))
        return NULL;
    char *path = sl_path_join(ctx, folder, "run.json");
    unsigned char *bytes = NULL;
    size_t size;
    const sl_json *json = NULL;
    if (path && !sl_file_read(ctx, path, &bytes, &size))
        json = sl_json_read(arena, path, (const char *)bytes, size);
    sl_free(ctx, bytes);
    sl_free(ctx, path);
    return json;
}
