/* Columns in a model file: there and back, and what a damaged or hostile file may say. */
#include "table_place.h"
#include "data/encoding/encoding.h"
#include "model/model.h"

/* A table with every type, fitted. */
static sl_data *columns_table(table_bench *b)
{
    char text[20000] = "n,skewed,c,ok,when,lat,lon,note,grp,w,y\n";
    for (int i = 0; i < 100; i++) {
        char n[20] = "";
        if (i % 10 != 7)
            sprintf(n, "-%d.%d", i, i % 10);
        sprintf(text + strlen(text),
                "%s,%d,%s,%s,%d.%d.2024 10:%02d,%d.5,%d.25,the %d old grey mice,g%d,%d,%s\n", n, 1 << i % 20,
                i % 3   ? "x y"
                : i % 2 ? "\xc3\xa4\""
                        : "",
                i % 2 ? "Yes" : "No", i % 28 + 1, i % 12 + 1, i % 60, i % 17, i % 13, i, i % 9, 1 + i % 3,
                i % 2 ? "a" : "b");
    }
    return table_open_text(
        b, text,
        &(sl_table_options){ .target = "y",
                             .group = "grp",
                             .weight = "w",
                             .time = "when",
                             .columns = "when=day_first\nlat,lon=fourier 8\nn=quantile bins=5" });
}

static sl_columns *columns_fitted(table_bench *b, const sl_data *data)
{
    sl_columns *columns = sl_data_fit_columns(data, NULL, true);
    if (!columns)
        fail_msg("%s", sl_message(b->ctx));
    return columns;
}

static void columns_text(const sl_columns *columns, sl_text *text)
{
    sl_text_init(text, columns->ctx);
    sl_columns_put(columns, text);
    assert_false(text->failed);
}

/* Dictionaries come from tensors; here from the columns themselves. NULL and an error. */
static sl_columns *columns_back(table_bench *b, const char *text, const sl_columns *words)
{
    sl_arena arena;
    sl_arena_init(&arena, b->ctx);
    const sl_json *json = sl_json_read(&arena, "m.safetensors", text, strlen(text));
    sl_columns *columns = json ? sl_columns_take(b->ctx, "m.safetensors", json) : NULL;
    sl_arena_free(&arena);
    for (int i = 0; columns && words && i < columns->count && i < words->count; i++)
        sl_dictionary_copy(&columns->column[i].words, b->ctx, &words->column[i].words);
    if (columns && sl_columns_check(columns, "m.safetensors")) {
        sl_columns_free(columns);
        return NULL;
    }
    return columns;
}

static void there_and_back(void **state)
{
    table_bench *b = *state;
    sl_data *data = columns_table(b);
    sl_columns *columns = columns_fitted(b, data);
    sl_text text, second;
    columns_text(columns, &text);
    sl_columns *again = columns_back(b, sl_text_string(&text), columns);
    if (!again)
        fail_msg("%s", sl_message(b->ctx));
    columns_text(again, &second);
    assert_string_equal(sl_text_string(&second), sl_text_string(&text));
    assert_true(sl_columns_alike(again, columns));
    assert_int_equal(again->width, columns->width);
    assert_int_equal(again->column[4].date_order, SL_DATE_DAY_FIRST);
    assert_true(again->group == 8 && again->time == 4 && again->weight == 9 && again->target == 10);
    sl_real *x = malloc(columns->width * sizeof *x), *z = malloc(columns->width * sizeof *z);
    for (size_t row = 0; row < sl_data_rows(data); row++) { /* every number as before, to the bit */
        const double *cells = data->store->cells + row * (size_t)columns->cells;
        sl_columns_encode(columns, cells, x);
        sl_columns_encode(again, cells, z);
        assert_memory_equal(x, z, columns->width * sizeof *x);
    }
    free(x);
    free(z);
    sl_text_free(&text);
    sl_text_free(&second);
    sl_columns_free(again);
    sl_columns_free(columns);
    sl_data_free(data);
}

/* What the first number behind `key`, from `from` on, becomes. */
static char *columns_changed(const char *text, const char *key, const char *value)
{
    const char *at = strstr(text, key);
    assert_non_null(at);
    at += strlen(key);
    const size_t old = strcspn(at, ",]}"), before = (size_t)(at - text);
    char *changed = malloc(strlen(text) + strlen(value) + 1);
    sprintf(changed, "%.*s%s%s", (int)before, text, value, at + old);
    return changed;
}

static void damaged(void **state)
{
    table_bench *b = *state;
    static const char *const changes[][2] = {
        { "\"cells\": ", "100" },
        { "\"cells\": ", "0" },
        { "\"cells\": ", "1" },
        { "\"inputs\": ", "3" },
        { "\"inputs\": ", "1e9" },
        { "\"target\": ", "11" },
        { "\"target\": ", "0" },
        { "\"target\": ", "-2" },
        { "\"group\": ", "9" },
        { "\"time\": ", "9" },
        { "\"weight\": ", "2" },
        { "\"weight\": ", "1.5" },
        { "\"width\": ", "7" },
        { "\"width\": ", "1e12" },
        { "\"width\": ", "-1" },
        { "\"cell\": ", "1" },
        { "\"cell\": ", "-1" },
        { "\"cell\": ", "10" },
        { "\"input\": ", "1" },
        { "\"input\": ", "-1" },
        { "\"place\": ", "-1" },
        { "\"name\": ", "\"skewed\"" },
        { "\"name\": ", "\"a\\u0000b\"" },
        { "\"name\": ", "null" },
        { "\"type\": ", "\"text\"" },
        { "\"type\": ", "\"category\"" },
        { "\"type\": ", "\"wrong\"" },
        { "\"role\": ", "\"target\"" },
        { "\"role\": ", "\"none\"" },
        { "\"role\": ", "\"captain\"" },
        { "\"order\": ", "\"year_first\"" },
        { "\"median\": ", "null" },
        { "\"median\": ", "1e301" },
        { "\"low\": ", "\"0\"" },
        { "\"missing\": ", "[]" },
        { "\"decimal\": ", "\"x\"" },
        { "\"delimiter\": ", "\"long\"" },
        { "\"how\": ", "\"nothing\"" },
        { "\"how\": ", "\"one_hot\"" },
        { "\"how\": ", "\"standard\"" },
        { "\"first\": ", "1" },
        { "\"columns\": ", "[99" },
        { "\"columns\": ", "[9" },
        { "\"columns\": ", "[-1" },
        { "\"columns\": ", "[7" },
        { "\"columns\": ", "[0, 0, 0" },
        { "\"numbers\": ", "[null" },
        { "\"numbers\": ", "[1, 2" },
        { "\"name\": \"w\", \"type\": ", "\"identifier\"" },
        { "\"name\": \"y\", \"type\": ", "\"number\"" },
        { "\"together\": ", "-1" },
        { "\"encoded\": ", "7" },
        { "\"column\": ", "[" },
    };
    sl_data *data = columns_table(b);
    sl_columns *columns = columns_fitted(b, data);
    sl_text text;
    columns_text(columns, &text);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        char *changed = columns_changed(sl_text_string(&text), changes[i][0], changes[i][1]);
        const size_t before = sl_ctx_bytes(b->ctx);
        sl_columns *made = columns_back(b, changed, columns);
        if (made || sl_error(b->ctx) == SL_OK || !strstr(sl_message(b->ctx), "m.safetensors"))
            fail_msg("%s%s is taken: %s", changes[i][0], changes[i][1], sl_message(b->ctx));
        assert_int_equal(sl_ctx_bytes(b->ctx), before);
        sl_clear(b->ctx);
        free(changed);
    }
    assert_null(columns_back(b, sl_text_string(&text), NULL)); /* the words are missing */
    assert_int_equal(sl_error(b->ctx), SL_EFORMAT);
    sl_clear(b->ctx);
    assert_null(columns_back(b, "{}", NULL));
    sl_clear(b->ctx);
    assert_null(columns_back(b, "[1]", NULL));
    sl_clear(b->ctx);
    sl_text_free(&text);
    sl_columns_free(columns);
    sl_data_free(data);
}

/* One number anywhere becomes another: refused, or every row, with cells of every kind, still gives finite
 * numbers inside of the row (the sanitizers look). */
static void any_number(void **state)
{
    table_bench *b = *state;
    static const char *const values[] = { "-1", "0", "1", "3", "1000000", "1e18", "0.5", "-1e300" };
    static const double cells[] = { NAN, SL_UNSEEN, 0, 1, 1e308, -1e308, INFINITY, 1.7e9 };
    sl_data *data = columns_table(b);
    sl_columns *columns = columns_fitted(b, data);
    sl_text text;
    columns_text(columns, &text);
    size_t taken = 0, refused = 0;
    for (const char *at = strpbrk(sl_text_string(&text), "0123456789"); at;) {
        const size_t old = strspn(at, "0123456789.e-+");
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
            char *changed = malloc(text.length + 20);
            const int before = (int)(at - sl_text_string(&text));
            sprintf(changed, "%.*s%s%s", before - (before && at[-1] == '-'), sl_text_string(&text), values[v],
                    at + old);
            sl_columns *made = columns_back(b, changed, columns);
            free(changed);
            refused += !made;
            sl_clear(b->ctx);
            if (!made)
                continue;
            taken++;
            sl_real *x = malloc(made->width * sizeof *x);
            for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k++) {
                double row[16];
                for (int c = 0; c < made->cells; c++) {
                    const sl_column *column = NULL;
                    for (int i = 0; i < made->count; i++)
                        column = made->column[i].cell == c ? &made->column[i] : column;
                    const bool word = column && column->words.count;
                    row[c] = word && cells[k] > 0               ? (double)(column->words.count - 1)
                             : word && !(cells[k] == SL_UNSEEN) ? NAN
                                                                : cells[k];
                }
                sl_columns_encode(made, row, x);
                for (size_t i = 0; i < made->width; i++)
                    assert_true(x[i] - x[i] == 0);
            }
            free(x);
            sl_columns_free(made);
        }
        at = strpbrk(at + old, "0123456789");
    }
    assert_true(taken > 100 && refused > 100);
    sl_text_free(&text);
    sl_columns_free(columns);
    sl_data_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(there_and_back, table_up, table_down),
        cmocka_unit_test_setup_teardown(damaged, table_up, table_down),
        cmocka_unit_test_setup_teardown(any_number, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
