/* header.c - see header.h */
#include "data/table/header.h"
#include "data/table/field.h"

#include <string.h>

void sl_header_free(sl_header *header)
{
    for (size_t i = 0; header->name && i < header->count; i++)
        sl_free(header->ctx, header->name[i]);
    if (header->ctx)
        sl_free(header->ctx, header->name);
    *header = (sl_header){ 0 };
}

size_t sl_header_find(const sl_header *header, const char *name)
{
    for (size_t i = 0; i < header->count; i++)
        if (!strcmp(header->name[i], name))
            return i;
    return SIZE_MAX;
}

/* The name in the field, without blanks. */
static sl_field header_name(const sl_field *fields, size_t i, size_t count)
{
    static const char index[] = "unnamed"; /* as pandas writes its row numbers */
    sl_field f = sl_field_trimmed(&fields[i]);
    if (!i && !f.length && count > 1) {
        f.text = index;
        f.length = sizeof index - 1;
    }
    return f;
}

/* Empty names, and names that are there twice, found by a dictionary: there may be 65,536. */
static void header_check(sl_header *header, sl_csv *csv, const sl_field *fields)
{
    sl_dictionary names;
    sl_dictionary_init(&names, header->ctx);
    for (size_t i = 0; i < header->count && !header->ctx->status; i++) {
        const char *name = header->name[i];
        const size_t before = names.count;
        sl_dictionary_add(&names, name, strlen(name));
        if (!*name)
            sl_problems_add(sl_csv_problems(csv), fields[i].line, fields[i].column,
                            "column %zu has no name: give it one, or take the column out", i + 1);
        else if (names.count == before)
            sl_problems_add(sl_csv_problems(csv), fields[i].line, fields[i].column,
                            "the name '%s' of column %zu is there already: give it another", name, i + 1);
    }
    sl_dictionary_free(&names);
}

static sl_status header_numbers(const sl_header *header, const char *source, const sl_field *fields,
                                const char *wanted)
{
    for (size_t i = 0; i < header->count; i++) {
        const sl_field f = sl_field_trimmed(&fields[i]);
        double value;
        if (!sl_csv_number(&f, '.', &value) && !sl_csv_number(&f, ',', &value))
            return SL_OK;
    }
    if (wanted && sl_header_find(header, wanted) != SIZE_MAX)
        return SL_OK;
    return sl_fail(
        header->ctx, SL_EFORMAT,
        "%s: its first line has numbers only ('%s' ..): slope wants a line of names first: put one "
        "before it, such as x1,x2,y",
        source, header->name[0]);
}

sl_status sl_header_read(sl_header *header, sl_ctx *ctx, sl_csv *csv, const char *source, const char *wanted)
{
    const sl_field *fields;
    size_t count;
    *header = (sl_header){ .ctx = ctx };
    if (!sl_csv_next(csv, &fields, &count)) {
        const sl_status status = sl_csv_end(csv);
        return status ? status
                      : sl_fail(ctx, SL_EFORMAT, "%s: it is empty: wants a line of names, and rows behind it",
                                source);
    }
    header->name = sl_alloc_array(ctx, count + 1, sizeof *header->name);
    for (size_t i = 0; header->name && i < count && !ctx->status; i++) {
        const sl_field f = header_name(fields, i, count);
        header->name[i] = sl_strndup(ctx, f.text, f.length);
        header->count++;
    }
    if (ctx->status || header_numbers(header, source, fields, wanted))
        return ctx->status;
    header_check(header, csv, fields);
    return ctx->status;
}

bool sl_header_holds(sl_ctx *ctx, sl_source *source, char delimiter, const char *name)
{
    if (ctx->status)
        return false;
    const sl_field *fields;
    size_t count;
    bool holds = false;
    sl_hush(ctx); /* nothing is decided by looking */
    sl_csv *csv = sl_csv_open(ctx, source, sl_source_name(source),
                              &(sl_csv_options){ .delimiter = delimiter, .header = true });
    if (csv && sl_csv_next(csv, &fields, &count) && !sl_csv_problems(csv)->count)
        for (size_t i = 0; i < count && !holds; i++) {
            const sl_field f = header_name(fields, i, count);
            holds = f.length == strlen(name) && !memcmp(f.text, name, f.length);
        }
    sl_csv_close(csv);
    sl_unhush(ctx);
    if (ctx->status != SL_ENOMEM) /* what is wrong with it, reading it will say */
        sl_clear(ctx);
    return !sl_source_rewind(source) && holds;
}
