/* table_place.h - for the tests of tables: a context, tables written in the test, real ones where they are.
 */
#ifndef SL_TESTS_TABLE_PLACE_H
#define SL_TESTS_TABLE_PLACE_H

#include "data/data.h"
#include "data/table/table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct {
    sl_ctx *ctx;
    char path[64], log[2000];
} table_bench;

static inline void table_log(void *user, const char *line)
{
    table_bench *b = user;
    snprintf(b->log + strlen(b->log), sizeof b->log - strlen(b->log), "%s\n", line);
}

static inline int table_up(void **state)
{
    table_bench *b = calloc(1, sizeof *b);
    snprintf(b->path, sizeof b->path, "/tmp/slope-table-%ld.csv", (long)getpid());
    b->ctx = sl_ctx_new(&(sl_ctx_options){ .log = table_log, .user = b });
    *state = b;
    return !b->ctx;
}

static inline int table_down(void **state)
{
    table_bench *b = *state;
    remove(b->path);
    sl_ctx_free(b->ctx);
    free(b);
    return 0;
}

static inline void table_put(table_bench *b, const char *text, size_t length)
{
    FILE *file = fopen(b->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

/* A table of this text must open. */
static inline sl_data *table_open_text(table_bench *b, const char *text, const sl_table_options *options)
{
    table_put(b, text, strlen(text));
    sl_data *data = sl_data_open_table(b->ctx, b->path, NULL, options);
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    return data;
}

/* It must not, with this status, in a message that holds both words; no memory may be lost. */
static inline void table_refused(table_bench *b, const char *text, const sl_table_options *options,
                                 sl_status status, const char *first, const char *second)
{
    sl_clear(b->ctx);
    table_put(b, text, strlen(text));
    const size_t before = sl_ctx_bytes(b->ctx);
    sl_data *data = sl_data_open_table(b->ctx, b->path, NULL, options);
    if (data || sl_error(b->ctx) != status || !strstr(sl_message(b->ctx), first) ||
        !strstr(sl_message(b->ctx), second))
        fail_msg("status %d, wants %d with '%s' and '%s': %s", sl_error(b->ctx), status, first, second,
                 sl_message(b->ctx));
    assert_int_equal(sl_ctx_bytes(b->ctx), before);
    sl_clear(b->ctx);
}

/* Column NAME must have this type and role; its reason must hold `reason`. */
static inline void table_is(const sl_data *data, const char *name, const char *type, const char *role,
                            const char *reason)
{
    sl_column_info info;
    for (int i = 0; sl_data_column(data, i, &info); i++)
        if (!strcmp(info.name, name)) {
            if (strcmp(info.type, type) != 0 || strcmp(info.role, role) != 0 || !strstr(info.reason, reason))
                fail_msg("column %s is %s, %s (%s): wants %s, %s (%s)", name, info.type, info.role,
                         info.reason, type, role, reason);
            return;
        }
    fail_msg("there is no column %s", name);
}

static inline const sl_column *table_column(const sl_data *data, const char *name)
{
    const int at = sl_columns_find(data->store->columns, name);
    assert_true(at >= 0);
    return &data->store->columns->column[at];
}

static inline double table_cell(const sl_data *data, size_t row, const char *name)
{
    double cell;
    sl_data_cells(data, table_column(data, name)->cell, &row, 1, &cell);
    return cell;
}

/* The word of a cell. */
static inline const char *table_word(const sl_data *data, size_t row, const char *name)
{
    const double code = table_cell(data, row, name);
    return code >= 0 ? sl_dictionary_word(&table_column(data, name)->words, (size_t)code) : "(none)";
}

/* The path of a real data set, or the test is skipped. */
static inline const char *table_real(const char *name, char path[1024])
{
    const char *given = getenv("SLOPE_DATA");
    snprintf(path, 1024, "%s%s/%s", given ? given : SLOPE_SOURCE_ROOT, given ? "" : "/../shared/data", name);
    if (access(path, R_OK) == 0)
        return path;
    print_message("skipped: no %s (SLOPE_DATA names the folder above it)\n", path);
    skip();
    return NULL;
}

#endif
