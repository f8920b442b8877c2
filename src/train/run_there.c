/* run_there.c - the run.json of a folder; what a folder without one may be is said. */
#include "core/file.h"
#include "core/json.h"
#include "core/os.h"
#include "train/records.h"

#include <string.h>

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
    if (!folder)
        sl_fail(ctx, SL_EINVAL, "no folder of a run is given");
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

/* Hexadecimal digits -> bytes, closed by a 0, where they are those that `shown` is without what is no UTF-8.
 * NULL: they are not, or memory ran out. */
static char *there_bytes(sl_arena *arena, const sl_json *raw, const sl_json *shown)
{
    static const char digits[] = "0123456789abcdef", wrong[] = "\xef\xbf\xbd";
    char *bytes = raw->length % 2 ? NULL : sl_arena_take(arena, raw->length / 2 + 1);
    size_t length = 0, at = 0, step;
    for (; bytes && length < raw->length / 2; length++) {
        const char *high = strchr(digits, raw->text[2 * length]),
                   *low = strchr(digits, raw->text[2 * length + 1]);
        if (!high || !low || !*high || !*low || (high == digits && low == digits))
            return NULL;
        bytes[length] = (char)((high - digits) << 4 | (low - digits));
    }
    if (!bytes)
        return NULL;
    bytes[length] = 0;
    for (size_t i = 0; i < length; i += step ? step : 1) {
        step = sl_utf8_length(bytes + i, length - i);
        const size_t size = step ? step : 3;
        if (shown->length - at < size || memcmp(shown->text + at, step ? bytes + i : wrong, size) != 0)
            return NULL;
        at += size;
    }
    return at == shown->length ? bytes : NULL;
}

/* What run_json.c had to write as bytes takes the place of the text. Who edits a setting by hand need not
 * edit its bytes, which then fit no more. */
static void there_raw(sl_arena *arena, const sl_json *run)
{
    const sl_json *all = sl_json_get(run, "bytes");
    for (const sl_json *raw = all && all->kind == SL_JSON_OBJECT ? all->first : NULL; raw; raw = raw->next) {
        const bool top = raw->key_length == 8 && !memcmp(raw->key, "begun_in", 8);
        /* the tree was made for this reader alone */
        sl_json *shown =
            (sl_json *)(uintptr_t)sl_json_get(top ? run : sl_json_get(run, "settings"), raw->key);
        char *bytes = raw->kind == SL_JSON_STRING && shown && shown->kind == SL_JSON_STRING
                          ? there_bytes(arena, raw, shown)
                          : NULL;
        if (!bytes)
            continue;
        shown->text = bytes;
        shown->length = strlen(bytes);
    }
}

const struct sl_json *sl_run_json(sl_ctx *ctx, sl_arena *arena, const char *folder)
{
    if (!ctx || !sl_run_there(ctx, folder))
        return NULL;
    char *path = sl_path_join(ctx, folder, "run.json");
    unsigned char *bytes = NULL;
    size_t size;
    const sl_json *json = NULL;
    if (path && !sl_file_read(ctx, path, &bytes, &size))
        json = sl_json_read(arena, path, (const char *)bytes, size);
    if (json)
        there_raw(arena, json);
    sl_free(ctx, bytes);
    sl_free(ctx, path);
    return json;
}
