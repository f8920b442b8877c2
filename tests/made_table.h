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

/* A table of a CSV file without quotes: columns whose first value is a number are numbers, else categories;
 * the target is the column of this name, numbers with `numbers`, else classes. NULL: the file is not there.
 */
static inline sl_data *made_from_file(sl_ctx *ctx, const char *name, const char *target, bool numbers)
{
    enum { COLUMNS = 64 };
    const char *given = getenv("SLOPE_DATA");
    char path[1024], line[4096], *at;
    snprintf(path, sizeof path, "%s/%s", given ? given : SLOPE_SOURCE_ROOT "/../shared/data", name);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, sizeof line, file)) {
        print_message("skipped: there is no %s (SLOPE_DATA names the folder above it)\n", path);
        return NULL;
    }
    made_column spec[COLUMNS] = { { 0 } };
    char names[4096];
    int count = 0;
    size_t rows = 0;
    strcpy(names, line);
    for (char *word = strtok(names, ",\r\n"); word; word = strtok(NULL, ",\r\n"))
        spec[count++].name = word;
    const long first = ftell(file);
    while (fgets(line, sizeof line, file)) {
        at = line;
        for (int c = 0; c < count && !rows; c++, at += strcspn(at, ",\r\n") + 1) {
            const bool is_target = !strcmp(spec[c].name, target), word = strspn(at, "-.0123456789") == 0;
            spec[c].role = is_target ? SL_ROLE_TARGET : SL_ROLE_INPUT;
            spec[c].type = word || (is_target && !numbers) ? SL_COLUMN_CATEGORY : SL_COLUMN_NUMBER;
        }
        rows++;
    }
    sl_data *data = made_table(ctx, rows, spec, count);
    fseek(file, first, SEEK_SET);
    for (size_t row = 0; fgets(line, sizeof line, file); row++) {
        at = line;
        for (int c = 0; c < count; c++) {
            const size_t length = strcspn(at, ",\r\n");
            sl_column *column = &data->store->columns->column[c];
            *made_cell(data, row, c) = !length ? NAN
                                       : column->type == SL_COLUMN_CATEGORY
                                           ? (double)sl_dictionary_add(&column->words, at, length)
                                           : strtod(at, NULL);
            at += length + 1;
        }
    }
    fclose(file);
    data->classes = numbers ? 0 : (int)data->store->columns->column[data->store->columns->target].words.count;
    return data;
}

#endif
