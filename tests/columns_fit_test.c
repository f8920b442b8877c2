/* Columns fitted and encoded as a whole: order, defaults, refusals, what no file and no number may do. Runs
 * in both builds. */
#include "encoding.h"

enum { MANY = 300, COLUMNS = 10 };

static const made_column made[COLUMNS] = {
    { "a", SL_COLUMN_NUMBER, NULL, NULL, 0 },
    { "lat", SL_COLUMN_NUMBER, NULL, "fourier 5 std=0.5", 3 },
    { "city", SL_COLUMN_CATEGORY, "x y z", "category 2", 0 },
    { "b", SL_COLUMN_INTEGER, NULL, "quantile bins=4 keep=yes", 0 },
    { "lon", SL_COLUMN_NUMBER, NULL, "fourier 5 std=0.5", 3 },
    { "ok", SL_COLUMN_BOOLEAN, "no yes", NULL, 0 },
    { "kind", SL_COLUMN_CATEGORY, "p q", NULL, 0 },
    { "when", SL_COLUMN_DATE, NULL, "date hour=yes", 0 },
    { "size", SL_COLUMN_NUMBER, NULL, "log", 0 },
    { "score", SL_COLUMN_NUMBER, NULL, "standard clip=3", 0 },
};

/* Cells that the types allow; a ninth are missing where `gaps`. */
static void made_row(uint64_t *state, double *cells, bool gaps)
{
    for (int c = 0; c < COLUMNS; c++) {
        const double u = engine_uniform(state, 0, 1);
        const size_t words =
            made[c].words ? (strlen(made[c].words) + 1) / 2 - (made[c].type == SL_COLUMN_BOOLEAN) : 0;
        cells[c] = made[c].type == SL_COLUMN_BOOLEAN ? floor(2 * u)
                   : words                           ? floor(u * (double)words)
                   : made[c].type == SL_COLUMN_DATE  ? floor(u * 2e9)
                                                     : 100 * u * u - 20 * (c != 8);
        if (gaps && engine_below(state, 9) == 0)
            cells[c] = NAN;
    }
}

static sl_columns *made_table(sl_ctx *ctx, bool gaps)
{
    static double cells[MANY * COLUMNS];
    uint64_t state = 11;
    for (int i = 0; i < MANY; i++)
        made_row(&state, cells + (size_t)i * COLUMNS, gaps);
    sl_columns *columns = made_columns(ctx, made, COLUMNS);
    made_fit(columns, cells, MANY, NULL, true);
    return columns;
}

/* Numbers with a layer come first, then the others in the order of the columns, then flags. */
static void numbers_come_in_their_order(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_columns *columns = made_table(ctx, true);
    assert_fine(ctx);
    static const struct {
        const char *kind, *column;
        size_t width;
    } wanted[] = { { "fourier", "lat", 2 },  { "category", "city", 1 }, { "standard", "a", 1 },
                   { "quantile", "b", 5 },   { "boolean", "ok", 1 },    { "one_hot", "kind", 3 },
                   { "date", "when", 7 },    { "log", "size", 1 },      { "standard", "score", 1 },
                   { "missing", "a", 1 },    { "missing", "lat", 1 },   { "missing", "b", 1 },
                   { "missing", "lon", 1 },  { "missing", "ok", 1 },    { "missing", "when", 1 },
                   { "missing", "size", 1 }, { "missing", "score", 1 } };
    size_t first = 0;
    assert_int_equal(columns->encoded_count, sizeof wanted / sizeof *wanted);
    for (int i = 0; i < columns->encoded_count; i++) {
        const sl_encoded *e = &columns->encoded[i];
        assert_string_equal(e->kind->name, wanted[i].kind);
        assert_string_equal(columns->column[e->columns[0]].name, wanted[i].column);
        assert_int_equal(e->width, wanted[i].width);
        assert_int_equal(e->first, first);
        first += e->width;
    }
    assert_int_equal(columns->width, first);
    made_net(columns, "fourier 5 columns=2 std=0.5, category 2 rows=5");
    made_says(columns, -1,
              "10 columns become 30 numbers: 1 boolean, 1 category, 1 date, 2 fourier, 1 log, 8 missing, 1 "
              "one_hot, 1 quantile, 2 standard");
    sl_columns_free(columns);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

/* Whatever a cell is, also one of a column that was fitted on such cells, the numbers are finite. */
static void no_cell_makes_a_number_that_is_not_finite(void **unused)
{
    (void)unused;
    static const double wild[] = { NAN,     INFINITY, -INFINITY, 1.7e308, -1.7e308, 1e300,  -1e300, 5e-324,
                                   -5e-324, 0,        -0.0,      -1,      1,        1e15,   -1e15,  2.5,
                                   3,       1e19,     -1e19,     255,     0.1,      1e-300, 1e100,  86400 };
    enum { WILD = sizeof wild / sizeof *wild };
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 3;
    for (int round = 0; round < 200; round++) {
        double cells[40 * COLUMNS];
        const size_t rows = 1 + engine_below(&state, 40);
        for (size_t i = 0; i < rows; i++) {
            made_row(&state, cells + i * COLUMNS, true);
            for (size_t c = 0; c < COLUMNS; c++)
                if (round % 3 && !made[c].words && engine_below(&state, round % 3 == 1 ? 1 : 6) == 0)
                    cells[i * COLUMNS + c] = wild[engine_below(&state, WILD)];
            if (cells[i * COLUMNS + 8] < 0) /* log refuses it */
                cells[i * COLUMNS + 8] = -cells[i * COLUMNS + 8];
        }
        sl_columns *columns = made_columns(ctx, made, COLUMNS);
        made_fit(columns, cells, rows, round % 2 ? "quantile" : NULL, true);
        assert_fine(ctx);
        assert_int_equal(sl_encodings_check(columns, "made"), SL_OK);
        sl_real *x = malloc(columns->width * sizeof *x);
        for (int i = 0; i < 200; i++) {
            double row[COLUMNS];
            sl_real values[COLUMNS];
            for (size_t c = 0; c < COLUMNS; c++) {
                uint64_t bits = engine_bits(&state);
                row[c] = wild[engine_below(&state, WILD)];
                if (i % 2)
                    memcpy(&row[c], &bits, sizeof bits);
                values[c] = (sl_real)row[c];
            }
            for (int reals = 0; reals < 2; reals++) {
                if (reals)
                    sl_columns_encode_reals(columns, values, x);
                else
                    sl_columns_encode(columns, row, x);
                for (size_t k = 0; k < columns->width; k++)
                    assert_true(x[k] >= -1000000 && x[k] <= 1000000);
            }
        }
        free(x);
        sl_columns_free(columns);
    }
    sl_ctx_free(ctx);
}

static void a_column_that_never_changes_is_0(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const double same[] = { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 }, none[] = { NAN, NAN, NAN };
    sl_columns *columns = made_number(ctx, NULL, same, 7); /* its sum / 7 is not 0.1 */
    assert_encoded(columns, 0.1, 0);
    assert_encoded(columns, 7, 0);
    made_says(columns, 0, "standardised: always 0, as every training row has 0.1");
    sl_columns_free(columns);
    columns = made_number(ctx, "quantile", same, 7);
    assert_encoded(columns, 0.1, 0);
    assert_encoded(columns, 7, 0);
    made_says(columns, 0, "piecewise linear: always 0, as every training row has 0.1");
    sl_columns_free(columns);
    columns = made_number(ctx, "log", same, 1);
    assert_encoded(columns, 7, 0);
    sl_columns_free(columns);
    static const char *const words[] = { "standard", "quantile", "log", "fourier" };
    for (int i = 0; i < 4; i++) {
        columns = made_number(ctx, words[i], none, 3);
        assert_true(columns->column[0].median == 0 && columns->column[0].low > columns->column[0].high);
        assert_encoded(columns, NAN, 0); /* and no flag, which would be 1 in every row */
        assert_encoded(columns, 7, 0);
        sl_columns_free(columns);
    }
    sl_ctx_free(ctx);
}

static void what_does_not_fit_is_refused(void **unused)
{
    (void)unused;
    static const struct {
        made_column column[2];
        int count;
        const char *numbers;
        bool no_layers;
        const char *says;
    } wrong[] = {
        { { { "city", SL_COLUMN_CATEGORY, "a b", "quantile", 0 } },
          1,
          NULL,
          false,
          "column 'city' has type category: encoding quantile takes number, integer, date" },
        { { { "n", SL_COLUMN_NUMBER, NULL, NULL, 0 } },
          1,
          "one_hot",
          false,
          "column 'n' has type number: encoding one_hot takes boolean, category" },
        { { { "n", SL_COLUMN_NUMBER, NULL, "standrad", 0 } },
          1,
          NULL,
          false,
          "column 'n': unknown encoding 'standrad': did you mean 'standard'?" },
        { { { "n", SL_COLUMN_NUMBER, NULL, "missing", 0 } },
          1,
          NULL,
          false,
          "column 'n': missing is not asked for" },
        { { { "city", SL_COLUMN_CATEGORY, "a b", "category", 0 } },
          1,
          NULL,
          true,
          "column 'city': encoding category brings a layer of its own, and this net is made already: take "
          "one_hot" },
        { { { "n", SL_COLUMN_NUMBER, NULL, "standard", 1 }, { "m", SL_COLUMN_NUMBER, NULL, "standard", 1 } },
          2,
          NULL,
          false,
          "columns 'n' and 'm': encoding standard takes one column" },
    };
    const double cells[] = { 0, 1, 1, 0 };
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const size_t before = sl_ctx_bytes(ctx);
        sl_columns *columns = made_columns(ctx, wrong[i].column, wrong[i].count);
        assert_int_equal(made_fit(columns, cells, 2, wrong[i].numbers, !wrong[i].no_layers), SL_EINVAL);
        sl_columns_free(columns);
        assert_int_equal(sl_ctx_bytes(ctx), before);
        assert_says(ctx, SL_EINVAL, wrong[i].says);
    }
    sl_columns *columns = made_columns(ctx, made, 0);
    assert_int_equal(made_fit(columns, cells, 1, NULL, true), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "a table of 1 training rows has 0 input columns");
    sl_columns_free(columns);
    sl_ctx_free(ctx);
}

/* Whatever is changed in fitted encodings is refused, or harmless: results finite, nothing read beyond. */
static void damaged_encodings_are_refused_or_harmless(void **unused)
{
    (void)unused;
    static const double values[] = { NAN, INFINITY, -1, 0, 1, 2, 3.5, 1e6, -1e300, 1.7e308, 5e-324 };
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 9;
    sl_columns *good = made_table(ctx, true);
    size_t refused = 0, taken = 0;
    for (int round = 0; round < 6000; round++) {
        sl_columns *bad = sl_columns_copy(ctx, good);
        sl_encoded *e = &bad->encoded[engine_below(&state, (size_t)bad->encoded_count)];
        const double value = values[engine_below(&state, sizeof values / sizeof *values)];
        switch (engine_below(&state, 9)) {
        case 0:
            e->options[engine_below(&state, 3)] = value;
            break;
        case 1:
            e->first += 1;
            break;
        case 2:
            e->width += engine_below(&state, 2) ? 1 : SIZE_MAX;
            break;
        case 3:
            e->columns[0] = (int)engine_below(&state, 14) - 2;
            break;
        case 4:
            e->number_count -= e->number_count > 0;
            break;
        case 5:
            e->count = 0;
            break;
        case 6:
            bad->column[engine_below(&state, COLUMNS)].median = value;
            break;
        default:
            if (e->number_count)
                e->numbers[engine_below(&state, e->number_count)] = value;
        }
        if (sl_encodings_check(bad, "houses.safetensors")) {
            assert_says(ctx, SL_EFORMAT, "houses.safetensors: ");
            refused++;
        } else {
            sl_real *x = malloc(bad->width * sizeof *x);
            for (int i = 0; i < 20; i++) {
                double row[COLUMNS];
                made_row(&state, row, true);
                row[engine_below(&state, COLUMNS)] =
                    values[engine_below(&state, sizeof values / sizeof *values)];
                sl_columns_encode(bad, row, x);
                for (size_t k = 0; k < bad->width; k++)
                    assert_true(x[k] >= -1000000 && x[k] <= 1000000);
            }
            free(x);
            taken++;
        }
        sl_columns_free(bad);
    }
    assert_true(refused > 2000 && taken > 500);
    sl_columns_free(good);
    sl_ctx_free(ctx);
}

static void memory_may_run_out(void **unused)
{
    (void)unused;
    for (size_t fail = 1;; fail++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_columns *columns = made_columns(ctx, made, COLUMNS);
        static double cells[MANY * COLUMNS];
        uint64_t state = 11;
        for (int i = 0; i < MANY; i++)
            made_row(&state, cells + (size_t)i * COLUMNS, true);
        memory.fail_at = memory.calls + fail;
        const sl_status status = made_fit(columns, cells, MANY, NULL, true);
        const bool failed = memory.calls >= memory.fail_at;
        memory.fail_at = 0;
        assert_int_equal(status, failed ? SL_ENOMEM : SL_OK);
        sl_columns_free(columns);
        sl_ctx_free(ctx);
        assert_int_equal(memory.blocks, 0);
        assert_false(memory.wrong_size);
        if (!failed)
            return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_in_their_order),
        cmocka_unit_test(no_cell_makes_a_number_that_is_not_finite),
        cmocka_unit_test(a_column_that_never_changes_is_0),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(damaged_encodings_are_refused_or_harmless),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
