/* run_folder.c - the folder of a run: which one, whether it may be used, locked, emptied or gone on with. */
#include "core/os.h"
#include "train/run.h"

#include <stdio.h>
#include <string.h>

char *sl_run_path(const sl_run *run, const char *name)
{
    return sl_path_join(run->ctx, run->folder, name);
}

/* "builtin:digits?rows=5" -> digits; "../data/mnist/" -> mnist; "a/houses.csv.gz" -> houses */
static void run_folder_name(const char *source, char name[48])
{
    if (!strncmp(source, "builtin:", 8))
        source += 8;
    size_t end = strcspn(source, "?");
    while (end && source[end - 1] == '/')
        end--;
    size_t start = end;
    while (start && source[start - 1] != '/')
        start--;
    size_t length = 0;
    for (size_t i = start; i < end && length < 40 && (source[i] != '.' || i == start); i++) {
        const char c = source[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '_' || c == '-';
        name[length++] = plain ? c : '_';
    }
    name[length] = 0;
    if (!length)
        strcpy(name, "run");
}

/* The status in a folder's run.json: "finished", "running", ... or "" without one. */
static void run_folder_status(sl_run *run, const char *folder, char status[16])
{
    status[0] = 0;
    sl_ctx *ctx = run->ctx;
    char *path = sl_path_join(ctx, folder, "run.json");
    unsigned char *bytes = NULL;
    size_t size;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    if (path && sl_os_path_kind(path) != SL_PATH_NONE && !sl_file_read(ctx, path, &bytes, &size)) {
        const sl_json *json = sl_json_read(&arena, path, (const char *)bytes, size);
        snprintf(status, 16, "%s", json ? sl_json_string(json, "status", "unknown") : "damaged");
        if (!json && ctx->status != SL_ENOMEM)
            sl_clear(ctx);
    }
    sl_arena_free(&arena);
    sl_free(ctx, bytes);
    sl_free(ctx, path);
}

static const char *const folder_tables[] = { "metrics.csv",   "weights.csv", "activations.csv",
                                             "confusion.csv", "steps.csv",   "path.bin" };
enum { FOLDER_TABLES = sizeof folder_tables / sizeof *folder_tables };

/* A folder without a run must have nothing that a run would replace. */
static sl_status folder_foreign(sl_run *run, const char *folder)
{
    for (int i = -1; i < FOLDER_TABLES && !run->ctx->status; i++) {
        const char *name = i < 0 ? "run.json" : folder_tables[i];
        char *path = sl_path_join(run->ctx, folder, name);
        if (path && sl_os_path_kind(path) != SL_PATH_NONE)
            sl_fail(run->ctx, SL_EINVAL,
                    "%s holds a %s that is no run's: choose another folder with -o, or replace it with "
                    "--overwrite",
                    folder, name);
        sl_free(run->ctx, path);
    }
    return run->ctx->status;
}

/* The nearest folder above that exists must be one, and writable. */
static sl_status run_folder_possible(sl_run *run, const char *folder)
{
    sl_ctx *ctx = run->ctx;
    char *path = sl_strdup(ctx, folder);
    while (path) {
        size_t end = strlen(path);
        while (end > 1 && path[end - 1] == '/')
            path[--end] = 0;
        const sl_path_kind kind = sl_os_path_kind(end ? path : ".");
        const char *where = end ? path : ".";
        char reason[64];
        const int error = kind == SL_PATH_UNSEEN || kind == SL_PATH_FOLDER ? sl_os_folder_writable(where) : 0;
        if (kind == SL_PATH_FILE)
            sl_fail(ctx, SL_EFILE, "%s: the run folder cannot be made: %s is a file", folder, path);
        else if (error)
            sl_fail(ctx, SL_EFILE, "%s: the run folder cannot be written: %s: %s; choose another with -o",
                    folder, where, sl_os_reason(error, reason, sizeof reason));
        if (kind != SL_PATH_NONE || !end)
            break;
        while (end && path[end - 1] != '/')
            end--;
        path[end] = 0;
    }
    sl_free(ctx, path);
    return ctx->status;
}

static sl_status folder_unfinished(sl_ctx *ctx, const char *out)
{
    sl_text word;
    sl_text_init(&word, ctx);
    sl_text_shell(&word, out, true);
    sl_fail(ctx, SL_EINVAL,
            "%s holds a run that is not finished: continue it with `slope train --resume %s`, or replace it "
            "with --overwrite",
            out, sl_text_string(&word));
    sl_text_free(&word);
    return ctx->status;
}

sl_status sl_run_choose_folder(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const char *out = run->options.out;
    char status[16];
    if (out && !*out)
        return sl_fail(ctx, SL_EINVAL, "-o: the name of the run folder is empty");
    if (out) {
        run->folder = sl_strdup(ctx, out);
        if (ctx->status || run_folder_possible(run, out))
            return ctx->status;
        run_folder_status(run, out, status);
        char *last = sl_run_path(run, "last.safetensors"), *model = sl_run_path(run, "model.safetensors");
        const bool begun = last && sl_os_path_kind(last) != SL_PATH_NONE;
        const bool holds_model = model && sl_os_path_kind(model) != SL_PATH_NONE;
        sl_free(ctx, last);
        sl_free(ctx, model);
        if (ctx->status || run->options.overwrite)
            return ctx->status;
        if (!strcmp(status, "finished"))
            return sl_fail(ctx, SL_EINVAL,
                           "%s holds a finished run: choose another folder with -o, or replace it with "
                           "--overwrite",
                           out);
        if (!strcmp(status, "diverged"))
            return sl_fail(ctx, SL_EINVAL,
                           "%s holds a run that diverged: choose another folder with -o, or replace it with "
                           "--overwrite",
                           out);
        if (*status && begun)
            return folder_unfinished(ctx, out);
        if (!*status && (begun || holds_model))
            return sl_fail(ctx, SL_EINVAL,
                           "%s holds a model that no run.json explains: choose another folder with -o, or "
                           "replace it with --overwrite",
                           out);
        return !*status || !strcmp(status, "unknown") ? folder_foreign(run, out) : SL_OK;
    }
    char name[48];
    run_folder_name(run->options.data ? run->options.data : "", name);
    for (int n = 1; n < 1000000; n++) {
        char path[80];
        snprintf(path, sizeof path, "runs/%s-%d", name, n);
        const sl_path_kind kind = sl_os_path_kind(path);
        if (kind == SL_PATH_FILE || kind == SL_PATH_FOLDER)
            continue;
        run->folder = sl_strdup(ctx, path);
        sl_decided(ctx, "out", path, "named after the data, with the first number that is free");
        return ctx->status ? ctx->status : run_folder_possible(run, path);
    }
    return sl_fail(ctx, SL_EINVAL, "runs/%s-1 to -999999 all exist: choose a folder with -o", name);
}

static void folder_end(void *run)
{
    sl_run_unlock(run);
}

sl_status sl_run_lock(sl_run *run)
{
    bool busy = false;
    if (run->lock >= 0)
        return SL_OK;
    const bool locked = !sl_os_lock_folder(run->folder, &run->lock, &busy);
    if (locked)
        sl_ctx_ends(run->ctx, folder_end, run);
    if (!locked && busy)
        return sl_fail(run->ctx, SL_EINVAL,
                       "%s: another process is training in this folder: wait for its end, or stop it "
                       "first",
                       run->folder);
    return run->ctx->status;
}

void sl_run_unlock(sl_run *run)
{
    if (run->lock < 0)
        return;
    sl_ctx_ended(run->ctx, run);
    sl_os_close(run->lock);
    run->lock = -1;
}

sl_status sl_run_here(const sl_run *run)
{
    bool gone;
    if (run->lock < 0 || !sl_os_lost(run->lock, run->folder, &gone))
        return SL_OK;
    return gone
               ? sl_fail(
                     run->ctx, SL_EFILE,
                     "%s: the folder was removed while the run went on: nothing of it can be kept any more",
                     run->folder)
               : sl_fail(
                     run->ctx, SL_EWRITE,
                     "%s: this is no longer the folder that the run was begun in: it was renamed, or another "
                     "one stands in its place: give it its name back",
                     run->folder);
}

sl_status sl_run_put_file(const sl_run *run, const char *name, const sl_text *text, bool sync)
{
    const sl_piece piece = { sl_text_string(text), text->length };
    char *path = text->failed ? NULL : sl_run_path(run, name);
    if (path && run->laying)
        sl_file_lay(run->ctx, path, &piece, 1, sync);
    else if (path)
        sl_file_write(run->ctx, path, &piece, 1, sync);
    sl_free(run->ctx, path);
    return run->ctx->status;
}

static sl_status folder_write(sl_run *run)
{
    return sl_run_begin_tables(run) || sl_run_begin_steps(run) || sl_run_begin_path(run)
               ? run->ctx->status
               : sl_run_write_json(run, "running");
}

typedef enum { FOLDER_REMOVE, FOLDER_SETTLE, FOLDER_UNLAY } folder_change;

/* Without memory, which may be what is wanting when files are taken away again. The names fit: they were
 * laid. */
static void folder_file(const sl_run *run, const char *name, folder_change change)
{
    char path[SL_PATH_MOST];
    snprintf(path, sizeof path, "%s/%s", run->folder, name);
    if (change == FOLDER_REMOVE)
        sl_os_remove_file(path);
    else if (change == FOLDER_SETTLE)
        sl_file_settle(run->ctx, path, true);
    else
        sl_file_unlay(path);
}

/* An earlier run stands as it is until all files of the new one lie beside it: what fills the disk shows
 * before. Its checkpoint goes first, which another run's settings must not find; its model once run.json is
 * new. */
static sl_status folder_replace(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    run->laying = true;
    folder_write(run);
    run->laying = false;
    if (!ctx->status) {
        folder_file(run, "last.safetensors", FOLDER_REMOVE);
        folder_file(run, "run.json", FOLDER_SETTLE);
    }
    if (!ctx->status) {
        folder_file(run, "model.safetensors", FOLDER_REMOVE);
        folder_file(run, "baselines.safetensors", FOLDER_REMOVE);
    }
    if (!run->path && !ctx->status)
        folder_file(run, "path.bin", FOLDER_REMOVE);
    for (int i = 0; i < (run->path ? FOLDER_TABLES : FOLDER_TABLES - 1) && !ctx->status; i++)
        folder_file(run, folder_tables[i], FOLDER_SETTLE);
    for (int i = 0; i < FOLDER_TABLES && ctx->status; i++)
        folder_file(run, folder_tables[i], FOLDER_UNLAY);
    if (ctx->status)
        folder_file(run, "run.json", FOLDER_UNLAY);
    return ctx->status;
}

sl_status sl_run_begin_folder(sl_run *run)
{
    if (sl_make_folders(run->ctx, run->folder) || sl_run_lock(run))
        return run->ctx->status;
    return run->resuming ? folder_write(run) : folder_replace(run);
}
