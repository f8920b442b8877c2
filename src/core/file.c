/* file.c - see file.h */
#include "core/file.h"
#include "core/os.h"

#include <stdio.h>
#include <string.h>

static sl_status file_failed(sl_ctx *ctx, sl_status status, const char *what, const char *path, int error)
{
    char reason[64];
    return sl_fail(ctx, status, "%s: %s: %s%s", path, what, sl_os_reason(error, reason, sizeof reason),
                   status == SL_EWRITE ? sl_os_remedy(error) : "");
}

sl_status sl_file_read(sl_ctx *ctx, const char *path, unsigned char **bytes, size_t *size)
{
    *bytes = NULL;
    *size = 0;
    int handle;
    uint64_t expected = 0;
    int error = sl_os_open(path, 'r', &handle);
    if (error)
        return file_failed(ctx, SL_EFILE, "cannot be opened", path, error);
    error = sl_os_size(handle, &expected);
    if (!error && expected > SIZE_MAX / 4) {
        sl_os_close(handle);
        return sl_fail(ctx, SL_ENOMEM, "%s: too large for this machine's memory", path);
    }
    size_t capacity = (size_t)expected + 1, length = 0, got = 1;
    unsigned char *memory = error ? NULL : sl_alloc_unset(ctx, capacity + 1);
    bool full = !memory;
    while (!full && !error && got) {
        if (length == capacity) { /* a pipe, or it grew */
            unsigned char *larger = sl_resize(ctx, memory, capacity * 2 + 1);
            full = !larger;
            if (full)
                break;
            memory = larger;
            capacity *= 2;
        }
        error = sl_os_read(handle, memory + length, capacity - length, &got);
        length += error ? 0 : got;
    }
    sl_os_close(handle);
    if (error || full) {
        sl_free(ctx, memory);
        return error ? file_failed(ctx, SL_EFILE, "cannot be read", path, error) : SL_ENOMEM;
    }
    memory[length] = 0;
    *bytes = memory;
    *size = length;
    return SL_OK;
}

sl_status sl_file_read_gz(sl_ctx *ctx, const char *path, unsigned char **bytes, size_t *size)
{
    sl_status status = sl_file_read(ctx, path, bytes, size);
    if (status || *size < 2 || (*bytes)[0] != 0x1f || (*bytes)[1] != 0x8b)
        return status;
    unsigned char *packed = *bytes;
    status = sl_gzip_inflate(ctx, path, packed, *size, bytes, size);
    sl_free(ctx, packed);
    return status;
}

static int file_put_pieces(int handle, const sl_piece *pieces, size_t count, bool sync)
{
    int error = 0;
    for (size_t i = 0; i < count && !error; i++)
        error = sl_os_write(handle, pieces[i].bytes, pieces[i].size);
    if (!error && sync)
        error = sl_os_sync(handle);
    const int closing = sl_os_close(handle);
    return error ? error : closing;
}

/* The name beside `path`. It takes no memory, so that what was laid there is settled or taken away without
 * any. No system opens a name that is longer. */
static sl_status file_beside(sl_ctx *ctx, const char *path, char beside[SL_PATH_MOST])
{
    if (snprintf(beside, SL_PATH_MOST, "%s.tmp", path) < SL_PATH_MOST)
        return SL_OK;
    return sl_fail(ctx, SL_EWRITE, "%.40s...: cannot be written: its name has %zu bytes: wants at most %d",
                   path, strlen(path), SL_PATH_MOST - 5);
}

/* held: keeps other writers of it away until it is closed. */
static sl_status file_lay(sl_ctx *ctx, const char *path, const sl_piece *pieces, size_t count, bool sync,
                          int *held)
{
    char beside[SL_PATH_MOST];
    int handle;
    *held = -1;
    if (file_beside(ctx, path, beside))
        return SL_EWRITE;
    int error = sl_os_open_beside(beside, &handle, held);
    if (!error) {
        error = file_put_pieces(handle, pieces, count, sync);
        if (error)
            sl_os_remove_file(beside);
    }
    return error ? file_failed(ctx, SL_EWRITE, "cannot be written", path, error) : SL_OK;
}

sl_status sl_file_lay(sl_ctx *ctx, const char *path, const sl_piece *pieces, size_t count, bool sync)
{
    int held;
    const sl_status status = file_lay(ctx, path, pieces, count, sync, &held);
    if (held >= 0)
        sl_os_close(held);
    return status;
}

sl_status sl_file_settle(sl_ctx *ctx, const char *path, bool sync)
{
    char beside[SL_PATH_MOST];
    if (file_beside(ctx, path, beside))
        return SL_EWRITE;
    int error = sl_os_rename(beside, path);
    if (error)
        sl_os_remove_file(beside);
    if (!error && sync) { /* the rename itself must reach the disk */
        const char *slash = strrchr(path, '/');
        if (slash)
            beside[slash == path ? 1 : slash - path] = 0;
        error = sl_os_sync_folder(slash ? beside : ".");
    }
    return error ? file_failed(ctx, SL_EWRITE, "cannot be written", path, error) : SL_OK;
}

void sl_file_unlay(const char *path)
{
    char beside[SL_PATH_MOST];
    if (snprintf(beside, sizeof beside, "%s.tmp", path) < SL_PATH_MOST)
        sl_os_remove_file(beside);
}

sl_status sl_file_write(sl_ctx *ctx, const char *path, const sl_piece *pieces, size_t count, bool sync)
{
    if (sl_os_path_special(path)) { /* renaming would put a plain file in the place of /dev/null or a pipe */
        int handle, error = sl_os_open(path, 'w', &handle);
        if (!error)
            error = file_put_pieces(handle, pieces, count, false);
        return error ? file_failed(ctx, SL_EWRITE, "cannot be written", path, error) : SL_OK;
    }
    int held;
    if (!file_lay(ctx, path, pieces, count, sync, &held))
        sl_file_settle(ctx, path, sync);
    if (held >= 0)
        sl_os_close(held);
    return ctx->status;
}

sl_status sl_file_write_text(sl_ctx *ctx, const char *path, const sl_text *text, bool sync)
{
    if (text->failed)
        return SL_ENOMEM;
    return sl_file_write(ctx, path, &(sl_piece){ sl_text_string(text), text->length }, 1, sync);
}

sl_status sl_file_append(sl_ctx *ctx, const char *path, const void *bytes, size_t size, uint64_t *whole)
{
    int handle;
    uint64_t before = 0, first = 0;
    int error = sl_os_open(path, 'a', &handle);
    if (!error) {
        if (!sl_os_path_special(path))
            error = sl_os_size(handle, &before);
        first = whole && *whole && *whole < before ? *whole : before;
        if (!error && first < before) /* a part of what could not be written, and not be taken back */
            error = sl_os_cut(handle, first);
        if (!error) {
            error = sl_os_write(handle, bytes, size);
            if (error && !sl_os_path_special(path))
                sl_os_cut(handle, first);
        }
        const int closing = sl_os_close(handle);
        error = error ? error : closing;
        if (whole)
            *whole = first + (error ? 0 : size);
    }
    return error ? file_failed(ctx, SL_EWRITE, "cannot be written", path, error) : SL_OK;
}

char *sl_path_join(sl_ctx *ctx, const char *folder, const char *name)
{
    const size_t a = strlen(folder), b = strlen(name);
    const bool slash = a && folder[a - 1] != '/';
    char *path = sl_alloc(ctx, a + slash + b + 1);
    if (!path)
        return NULL;
    memcpy(path, folder, a + 1);
    if (slash)
        path[a] = '/';
    memcpy(path + a + slash, name, b + 1);
    return path;
}

sl_status sl_make_folders(sl_ctx *ctx, const char *path)
{
    char *partial = sl_strdup(ctx, path);
    if (!partial)
        return SL_ENOMEM;
    int error = 0;
    for (char *p = partial + 1; *partial && !error; p++) {
        const char kept = *p;
        if (kept != '/' && kept != 0)
            continue;
        *p = 0;
        error = sl_os_make_folder(partial);
        *p = kept;
        if (!kept)
            break;
    }
    sl_free(ctx, partial);
    return error ? file_failed(ctx, SL_EWRITE, "the folder cannot be made", path, error) : SL_OK;
}
