/* text_folder.c - a folder of texts, a file each: train/pos/1.txt as in the Large Movie Review data set,
 * pos/1.txt where there are no parts, or 1.txt without classes. */
#include "core/file.h"
#include "core/os.h"
#include "core/sort.h"
#include "data/format.h"
#include "data/table/charset.h"
#include "data/table/csv_record.h"
#include "data/table/lines.h"

#include <string.h>

typedef struct {
    sl_ctx *ctx;
    char **name;
    size_t count, room;
} folder_names;

typedef struct { /* a class's files */
    char *path, *label;
    folder_names files;
} folder_class;

typedef struct {
    sl_ctx *ctx;
    char *source;
    folder_class *class;
    size_t classes, at, file;
    sl_rows_names names;
    sl_charset charset;
    const char *part;            /* that was found; NULL: none, or both */
    bool header, labels, places; /* places: a column says which file each is */
} folder_user;

/* --- what is there ---------------------------------------------------------------------------------- */

static bool folder_is_text(const char *name)
{
    return sl_table_named(name, ".txt") || sl_table_named(name, ".txt.gz");
}

static bool folder_take(void *user, const char *name)
{
    folder_names *names = user;
    if (names->count == names->room) {
        const size_t room = names->room ? names->room * 2 : 64;
        char **larger = sl_resize(names->ctx, names->name, room * sizeof *larger);
        if (!larger)
            return false;
        names->name = larger;
        names->room = room;
    }
    names->name[names->count] = sl_strdup(names->ctx, name);
    return names->name[names->count++];
}

static bool folder_take_text(void *user, const char *name)
{
    return folder_is_text(name) ? folder_take(user, name) : true;
}

static void folder_free_names(folder_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        sl_free(names->ctx, names->name[i]);
    sl_free(names->ctx, names->name);
    *names = (folder_names){ .ctx = names->ctx };
}

static int folder_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted by their bytes; SL_EFILE. texts: those of texts alone. */
static sl_status folder_list(sl_ctx *ctx, const char *path, bool texts, folder_names *names)
{
    char reason[64];
    *names = (folder_names){ .ctx = ctx };
    const int error = sl_os_list(path, texts ? folder_take_text : folder_take, names);
    if (error && !ctx->status)
        sl_fail(ctx, SL_EFILE, "%s: cannot be listed: %s", path, sl_os_reason(error, reason, sizeof reason));
    if (names->count)
        sl_sort(names->name, names->count, sizeof *names->name, folder_compare);
    return ctx->status;
}

static bool folder_take_first(void *user, const char *name)
{
    bool *any = user;
    *any = *any || folder_is_text(name);
    return !*any;
}

static bool folder_has_texts(const char *path)
{
    bool any = false;
    return !sl_os_list(path, folder_take_first, &any) && any;
}

/* Does one of its folders hold texts? */
static bool folder_has_classes(sl_ctx *ctx, const char *path)
{
    folder_names names;
    bool any = false;
    folder_list(ctx, path, false, &names);
    for (size_t i = 0; i < names.count && !any && !ctx->status; i++) {
        char *inner = folder_is_text(names.name[i]) ? NULL : sl_path_join(ctx, path, names.name[i]);
        any = inner && sl_os_path_kind(inner) == SL_PATH_FOLDER && folder_has_texts(inner);
        sl_free(ctx, inner);
    }
    folder_free_names(&names);
    if (ctx->status != SL_ENOMEM)
        sl_clear(ctx);
    return any;
}

static bool folder_has_part(sl_ctx *ctx, const char *source, const char *part)
{
    char *path = sl_os_path_kind(source) == SL_PATH_FOLDER ? sl_path_join(ctx, source, part) : NULL;
    const bool has = path && sl_os_path_kind(path) == SL_PATH_FOLDER && folder_has_classes(ctx, path);
    sl_free(ctx, path);
    return has;
}

static bool folder_recognises(sl_ctx *ctx, const char *source)
{
    if (sl_os_path_kind(source) != SL_PATH_FOLDER)
        return false;
    return folder_has_part(ctx, source, "train") || folder_has_part(ctx, source, "test") ||
           folder_has_classes(ctx, source) || folder_has_texts(source);
}

/* --- its rows --------------------------------------------------------------------------------------- */

static void folder_row(folder_user *u, const folder_class *c, const char *name, const char *text,
                       size_t length, sl_text *to)
{
    if (u->labels) {
        sl_row_field(to, c->label, strlen(c->label));
        sl_text_put(to, ",");
    }
    sl_row_field(to, text, length);
    if (u->places) {
        sl_text_put(to, ",");
        sl_row_field(to, name, strlen(name));
    }
    sl_text_put(to, "\n");
}

/* The bytes of a file as a row. */
static sl_status folder_read(folder_user *u, const folder_class *c, const char *name, sl_text *to)
{
    sl_ctx *ctx = u->ctx;
    unsigned char *bytes = NULL;
    size_t size = 0, mark = 0;
    sl_text decoded;
    sl_text_init(&decoded, ctx);
    char *path = sl_path_join(ctx, c->path, name);
    if (path && !sl_file_read_gz(ctx, path, &bytes, &size) &&
        !sl_csv_byte_order(ctx, path, (const char *)bytes, size, &mark)) {
        const char *text = (const char *)bytes + mark;
        size_t length = size - mark;
        if (u->charset != SL_CHARSET_UTF8) {
            sl_charset_put(u->charset, text, length, true, &decoded);
            text = sl_text_string(&decoded);
            length = decoded.length;
        }
        if (length > SL_LINE_MOST)
            sl_fail(ctx, SL_EFORMAT, "%s: it is longer than 16 MB, which no text is: split it", path);
        else if (!ctx->status && !sl_row_check(ctx, path, 0, text, length))
            folder_row(u, c, name, text, length, to);
    }
    sl_free(ctx, bytes);
    sl_free(ctx, path);
    sl_text_free(&decoded);
    return ctx->status;
}

static sl_status folder_more(void *user, sl_text *to)
{
    folder_user *u = user;
    if (!u->header) {
        sl_rows_header(to, u->names, u->labels);
        sl_text_put(to, u->places ? ",file\n" : "\n");
        u->header = true;
        return SL_OK;
    }
    while (u->at < u->classes && u->file == u->class[u->at].files.count) {
        u->at++;
        u->file = 0;
    }
    if (u->at == u->classes)
        return SL_OK;
    const folder_class *c = &u->class[u->at];
    return folder_read(u, c, c->files.name[u->file++], to);
}

static sl_status folder_rewind(void *user)
{
    folder_user *u = user;
    u->header = false;
    u->at = u->file = 0;
    return u->ctx->status;
}

static sl_status folder_check(void *user)
{
    return ((folder_user *)user)->ctx->status; /* the sum of all bytes tells */
}

static void folder_free(void *user)
{
    folder_user *u = user;
    for (size_t i = 0; i < u->classes; i++) {
        sl_free(u->ctx, u->class[i].path);
        sl_free(u->ctx, u->class[i].label);
        folder_free_names(&u->class[i].files);
    }
    sl_free(u->ctx, u->class);
    sl_free(u->ctx, u->source);
    sl_free(u->ctx, u);
}

/* --- opening ---------------------------------------------------------------------------------------- */

/* Another class; path and label are taken over. */
static sl_status folder_add(folder_user *u, char *path, char *label)
{
    folder_class *larger = sl_resize(u->ctx, u->class, (u->classes + 1) * sizeof *larger);
    if (!larger || !path || !label) {
        sl_free(u->ctx, path);
        sl_free(u->ctx, label);
        u->class = larger ? larger : u->class;
        return u->ctx->status;
    }
    u->class = larger;
    u->class[u->classes] = (folder_class){ .path = path, .label = label };
    return folder_list(u->ctx, path, true, &u->class[u->classes++].files);
}

/* The folders in `path` that hold texts. */
static sl_status folder_find(folder_user *u, const char *path)
{
    sl_ctx *ctx = u->ctx;
    folder_names names;
    folder_list(ctx, path, false, &names);
    for (size_t i = 0; i < names.count && !ctx->status; i++) {
        char *inner = folder_is_text(names.name[i]) ? NULL : sl_path_join(ctx, path, names.name[i]);
        const bool texts = inner && sl_os_path_kind(inner) == SL_PATH_FOLDER && folder_has_texts(inner);
        if (texts && !strcmp(names.name[i], "unsup")) {
            sl_log(ctx, "%s: texts without a class, left out", inner);
        } else if (texts) {
            folder_add(u, inner, sl_strdup(ctx, names.name[i]));
            inner = NULL;
        }
        sl_free(ctx, inner);
    }
    folder_free_names(&names);
    return ctx->status;
}

/* Which folders: of one part, of both, or of the source itself. */
static sl_status folder_find_all(folder_user *u, const char *part)
{
    static const char *const parts[] = { "train", "test" };
    sl_ctx *ctx = u->ctx;
    const char *wanted = part && strcmp(part, "all") != 0 ? part : NULL;
    bool found = false;
    for (int i = 0; i < 2 && !ctx->status; i++) {
        if ((wanted && strcmp(wanted, parts[i]) != 0) || !folder_has_part(ctx, u->source, parts[i]))
            continue;
        char *path = sl_path_join(ctx, u->source, parts[i]);
        if (path)
            folder_find(u, path);
        sl_free(ctx, path);
        u->part = found ? NULL : parts[i];
        found = true;
        if (!part)
            break;
    }
    if (found || ctx->status)
        return ctx->status;
    if (wanted)
        return sl_fail(ctx, SL_EINVAL, "%s: there is no part '%s': wants a folder %s with one for each class",
                       u->source, wanted, wanted);
    if (folder_has_classes(ctx, u->source))
        return folder_find(u, u->source);
    u->labels = false;
    return folder_add(u, sl_strdup(ctx, u->source), sl_strdup(ctx, ""));
}

extern const sl_format sl_format_text_folder;

static sl_data *folder_open(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how)
{
    static const sl_source_maker maker = { folder_more, folder_rewind, folder_check, folder_free,
                                           SL_LINES_NONE };
    folder_user *user = sl_alloc(ctx, sizeof *user);
    int charset = 0;
    if (!user)
        return NULL;
    *user = (folder_user){
        .ctx = ctx, .names = sl_rows_named(how), .labels = true, .places = how->columns != NULL
    };
    user->source = sl_strdup(ctx, source);
    if (user->source && !sl_rows_charset(ctx, how, &charset))
        folder_find_all(user, part);
    user->charset = (sl_charset)charset;
    sl_format form = sl_format_text_folder;
    form.labelled = user->labels;
    const char *found = user->part;
    sl_data *data = sl_table_open_rows(ctx, sl_source_made(ctx, source, &maker, user), &form, how);
    char *name = data && found ? sl_strdup(ctx, found) : NULL;
    if (name) {
        sl_free(ctx, data->part);
        data->part = name;
    }
    return data;
}

const sl_format sl_format_text_folder = {
    .name = "text_folder",
    .summary = "a folder of texts (train/CLASS/*.txt and test, CLASS/*.txt, or *.txt; also .txt.gz)",
    .recognises = folder_recognises,
    .has_part = folder_has_part,
    .open = folder_open,
    .texts = true,
};
