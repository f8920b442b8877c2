/* encoding.h - tables made by hand, for the tests of encodings. */
#ifndef SL_TESTS_ENCODING_H
#define SL_TESTS_ENCODING_H

#include "engine.h"
#include "data/data.h"
#include "data/encoding/encoding.h"

typedef struct {
    const char *name;
    sl_column_type type;
    const char *words;    /* "red green blue" */
    const char *encoding; /* NULL: the default */
    int together;
} made_column;

/* Inputs alone: cell i and input i are column i. */
static inline sl_columns *made_columns(sl_ctx *ctx, const made_column *made, int count)
{
    sl_columns *columns = sl_alloc(ctx, sizeof *columns);
    assert_non_null(columns);
    *columns = (sl_columns){ .ctx = ctx,
                             .count = count,
                             .cells = count,
                             .inputs = count,
                             .target = -1,
                             .group = -1,
                             .time = -1,
                             .weight = -1 };
    columns->column = sl_alloc_array(ctx, (size_t)count, sizeof *columns->column);
    for (int i = 0; i < count; i++) {
        sl_column *c = &columns->column[i];
        c->name = sl_strdup(ctx, made[i].name);
        c->encoding = sl_strdup(ctx, made[i].encoding);
        c->type = made[i].type;
        c->together = made[i].together;
        c->cell = c->input = c->place = i;
        sl_dictionary_init(&c->words, ctx);
        for (const char *at = made[i].words; at && *at; at += strspn(at, " ")) {
            const size_t length = strcspn(at, " ");
            sl_dictionary_add(&c->words, at, length);
            at += length;
        }
    }
    return columns;
}

typedef struct { /* cells [rows, count] */
    const double *cells;
    size_t rows, count;
} made_cells;

static inline sl_status made_cells_of(void *user, int column, double *to)
{
    const made_cells *made = user;
    for (size_t i = 0; i < made->rows; i++)
        to[i] = made->cells[i * made->count + (size_t)column];
    return SL_OK;
}

static inline sl_status made_fit(sl_columns *columns, const double *cells, size_t rows, const char *numbers,
                                 bool layers)
{
    made_cells user = { cells, rows, (size_t)columns->count };
    return sl_columns_fit(columns, made_cells_of, &user, rows, numbers, layers);
}

/* One number column, fitted on these cells. */
static inline sl_columns *made_number(sl_ctx *ctx, const char *encoding, const double *cells, size_t rows)
{
    const made_column column = { "x", SL_COLUMN_NUMBER, NULL, encoding, 0 };
    sl_columns *columns = made_columns(ctx, &column, 1);
    made_fit(columns, cells, rows, NULL, true);
    assert_fine(ctx);
    return columns;
}

/* One category column of these words. */
static inline sl_columns *made_words(sl_ctx *ctx, const char *words, const char *encoding,
                                     const double *codes, size_t rows)
{
    const made_column column = { "city", SL_COLUMN_CATEGORY, words, encoding, 0 };
    sl_columns *columns = made_columns(ctx, &column, 1);
    made_fit(columns, codes, rows, NULL, true);
    assert_fine(ctx);
    return columns;
}

static inline void made_says(const sl_columns *columns, int column, const char *wanted)
{
    sl_text text;
    sl_text_init(&text, columns->ctx);
    if (column < 0)
        sl_columns_describe(columns, &text);
    else
        sl_column_describe(columns, column, &text);
    assert_string_equal(sl_text_string(&text), wanted);
    sl_text_free(&text);
}

static inline void made_net(const sl_columns *columns, const char *wanted)
{
    sl_text text;
    sl_text_init(&text, columns->ctx);
    sl_columns_net(columns, &text);
    assert_string_equal(sl_text_string(&text), wanted);
    sl_text_free(&text);
}

/* The encoded row of one cell is this, within rounding. */
#define assert_encoded(columns, cell, ...)                                                                   \
    do {                                                                                                     \
        const double wanted[] = { __VA_ARGS__ };                                                             \
        sl_real found[sizeof wanted / sizeof *wanted];                                                       \
        const double cells[] = { cell };                                                                     \
        assert_int_equal((columns)->width, sizeof wanted / sizeof *wanted);                                  \
        sl_columns_encode(columns, cells, found);                                                            \
        for (size_t at = 0; at < sizeof wanted / sizeof *wanted; at++)                                       \
            assert_near(found[at], wanted[at], engine_tolerance(1e-6, 1e-12));                               \
    } while (0)

/* The integers that the goldens were made with: numpy's ((i * 7919) % 1009). */
static inline double made_integer(size_t i)
{
    return (double)(i * 7919 % 1009);
}

#endif
