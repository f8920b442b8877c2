/* open.c - what kind of data a source is: the formats are asked, one after the other. */
#include "data/data.h"
#include "data/format.h"
#include "data/generator.h"
#include "core/os.h"
#include "core/text.h"

#include <string.h>

#define SL_INDEX(name) extern const sl_format sl_format_##name;
#include "data/format/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_format_##name,
static const sl_format *const open_formats[] = {
#include "data/format/index.inc"
};
#undef SL_INDEX

enum { OPEN_FORMATS = sizeof open_formats / sizeof open_formats[0] };

const sl_format *sl_format_at(size_t index)
{
    return index < OPEN_FORMATS ? open_formats[index] : NULL;
}

static const sl_format *open_format(sl_ctx *ctx, const char *source)
{
    for (size_t i = 0; i < OPEN_FORMATS; i++)
        if (open_formats[i]->recognises(ctx, source))
            return open_formats[i];
    return NULL;
}

void sl_format_tell(sl_ctx *ctx, const char *source, const sl_format *form)
{
    sl_decided(ctx, "format", form->name, "%s is, by its name or first bytes, %s",
               strcmp(source, "-") ? source : "standard input", form->summary);
}

/* What cannot be opened is of no kind: why it cannot is said. */
static bool open_fails(sl_ctx *ctx, const char *source)
{
    int handle, error = sl_os_open(source, 'r', &handle);
    char reason[64];
    if (!error)
        sl_os_close(handle);
    else
        sl_fail(ctx, SL_EFILE, "%s: cannot be opened: %s", source,
                sl_os_reason(error, reason, sizeof reason));
    return error != 0;
}

static void open_unknown(sl_ctx *ctx, const char *source)
{
    sl_text kinds;
    sl_text_init(&kinds, ctx);
    for (size_t i = 0; i < OPEN_FORMATS; i++)
        sl_text_add(&kinds, "%s%s",
                    i == 0                 ? ""
                    : i + 1 < OPEN_FORMATS ? ", "
                                           : ", or ",
                    open_formats[i]->summary);
    const char *near = sl_generator_nearest(source);
    switch (sl_os_path_kind(source)) {
    case SL_PATH_NONE:
        if (near)
            sl_fail(ctx, SL_EFILE, "%s: there is no such file or folder: did you mean builtin:%s?", source,
                    near);
        else
            sl_fail(
                ctx, SL_EFILE,
                "%s: there is no such file or folder: wants a file or folder with data, - or builtin:NAME",
                source);
        break;
    case SL_PATH_FOLDER:
        if (open_fails(ctx, source))
            break;
        sl_fail(ctx, SL_EFORMAT, "%s: no data is known by its name in this folder: wants %s", source,
                sl_text_string(&kinds));
        break;
    case SL_PATH_FILE:
    case SL_PATH_UNSEEN:
        if (open_fails(ctx, source))
            break;
        sl_fail(ctx, SL_EFORMAT, "%s: this kind of file is not known: wants %s", source,
                sl_text_string(&kinds));
        break;
    }
    sl_text_free(&kinds);
}

/* Bytes in memory are a table's. */
static const sl_format *open_text_format(void)
{
    for (size_t i = 0; i < OPEN_FORMATS; i++)
        if (!strcmp(open_formats[i]->name, "table"))
            return open_formats[i];
    return NULL;
}

static sl_data *open_data(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how)
{
    if (!ctx || ctx->status)
        return NULL;
    if (!source || !*source) {
        sl_fail(ctx, SL_EINVAL, "sl_data_open: wants a file, a folder or builtin:NAME, given nothing");
        return NULL;
    }
    if (part && strcmp(part, "train") != 0 && strcmp(part, "test") != 0 && strcmp(part, "all") != 0) {
        sl_fail(ctx, SL_EINVAL, "%s: there is no part '%s': train, test or all", source, part);
        return NULL;
    }
    const sl_format *format = how->text ? open_text_format() : open_format(ctx, source);
    if (format && format->open != sl_table_open && strncmp(source, "builtin:", 8) != 0)
        sl_format_tell(ctx, source, format); /* what of text it is, sl_table_open finds out */
    if (format)
        return format->open(ctx, source, part, how);
    open_unknown(ctx, source);
    return NULL;
}

sl_data *sl_data_open(sl_ctx *ctx, const char *source, const char *part)
{
    return open_data(ctx, source, part, &(sl_opening){ 0 });
}

sl_data *sl_data_open_table(sl_ctx *ctx, const char *source, const char *part,
                            const sl_table_options *options)
{
    return open_data(ctx, source, part, &(sl_opening){ .options = options });
}

sl_data *sl_data_open_by(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how)
{
    return open_data(ctx, source, part, how);
}

bool sl_data_has_part(sl_ctx *ctx, const char *source, const char *part)
{
    const sl_format *format = ctx && source && part ? open_format(ctx, source) : NULL;
    return format && format->has_part(ctx, source, part);
}
