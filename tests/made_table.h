/* made_table.h - tables in memory for tests: columns and cells by hand, what the log says, and the cells of a
 * file without quotes. For tests only. */
#ifndef TESTS_MADE_TABLE_H
#define TESTS_MADE_TABLE_H

#include "data/data.h"
#include "engine.h"

typedef struct {
    const char *name;
    sl_column_type type;
    sl_role role;
    const char *words; /* of category and boolean: "red green"; NULL */
} made_column;

/* A table of so many rows whose cells are zeros: data->store->cells [rows, columns]. */
static inline sl_data *made_table(sl_ctx *ctx, size_t rows, const made_column *spec, int count)
{
    sl_columns *columns = sl_alloc(ctx, sizeof *columns);
    *columns = (sl_columns){ .ctx = ctx,
                             .count = count,
                             .cells = count,
                             .target = -1,
                             .group = -1,
                             .time = -1,
                             .weight = -1,
                             .delimiter = ',',
                             .decimal = '.' };
    columns->column = sl_alloc_array(ctx, (size_t)count, sizeof *columns->column);
    for (int i = 0; i < count; i++) {
        sl_column *c = &columns->column[i];
        c->name = sl_strdup(ctx, spec[i].name);
        c->type = spec[i].type;
        c->role = spec[i].role;
        c->place = c->cell = i;
        c->input = c->role == SL_ROLE_INPUT ? columns->inputs++ : -1;
        c->high = -1;
        sl_dictionary_init(&c->words, ctx);
        for (const char *word = spec[i].words; word && *word; word += strspn(word, " ")) {
            sl_dictionary_add(&c->words, word, strcspn(word, " "));
            word += strcspn(word, " ");
        }
        if (c->role == SL_ROLE_TARGET)
            columns->target = i;
        if (c->role == SL_ROLE_GROUP)
            columns->group = i;
        if (c->role == SL_ROLE_TIME)
            columns->time = i;
    }
    sl_data *data = sl_data_new(
        ctx, &(sl_data_plan){ .source = "made", .part = "all", .rows = rows, .columns = columns });
    assert_non_null(data);
    return data;
}

static inline double *made_cell(sl_data *data, size_t row, int column)
{
    return &data->store->cells[row * (size_t)data->store->columns->cells + (size_t)column];
}

/* A context whose log is kept in said[8192]. */
static inline void made_hear(void *user, const char *line)
{
    char *said = user;
    const size_t length = strlen(said);
    snprintf(said + length, 8192 - length, "%s\n", line);
}

static inline sl_ctx *made_ctx(uint64_t seed, int threads, char said[8192])
{
    said[0] = 0;
    sl_ctx *ctx =
        sl_ctx_new(&(sl_ctx_options){ .seed = seed, .threads = threads, .log = made_hear, .user = said });
    assert_non_null(ctx);
    return ctx;
}

static inline const char *made_folder(void)
{
    const char *given = getenv("SLOPE_DATA");
    return given ? given : "shared/data";
}

#endif
