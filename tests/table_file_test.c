/* Model files of tables: those that an earlier version wrote, and damaged ones. */
#include "../bench/mixed_table.h"
#include "engine.h"
#include "model/model.h"

enum { FILE_ROWS = 6 };
#define FILE_GOLDEN SLOPE_SOURCE_ROOT "/tests/golden/"

static sl_data *file_rows(sl_ctx *ctx, const sl_model *model, int numbers)
{
    char text[120 * (FILE_ROWS + 1)];
    return sl_data_from_text(ctx, text, mixed_table(text, FILE_ROWS, numbers), model);
}

static void file_answers(const char *path, int numbers, uint64_t digest, const double answers[FILE_ROWS][3],
                         double off)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_load(ctx, path);
    sl_data *data = model ? file_rows(ctx, model, numbers) : NULL;
    sl_tensor *y = data ? sl_predict_data(ctx, model, data, 0, FILE_ROWS) : NULL;
    if (!y)
        fail_msg("%s", sl_message(ctx));
    assert_int_equal(sl_model_digest(model), digest);
    assert_int_equal(y->count, FILE_ROWS * 3);
    for (size_t i = 0; i < y->count; i++)
        if (!(fabs((double)y->v[i] - answers[i / 3][i % 3]) <= off))
            fail_msg("row %zu, number %zu is %.9g: wants %.9g", i / 3, i % 3, (double)y->v[i],
                     answers[i / 3][i % 3]);
    sl_tensor_free(y);
    sl_data_free(data);
    sl_model_free(model);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

/* Written by slope 0.1.0; the numbers are from tests/golden/table.py. */
static void U51_tables_of_format_1_stay_readable(void **unused)
{
    (void)unused;
    static const double kinds[FILE_ROWS][3] = {
        { 0.03758855, 0.09551923, 0.8668922 }, { 0.1957577, 0.1966939, 0.6075484 },
        { 0.1713745, 0.4792264, 0.3493992 },   { 0.3212025, 0.1966709, 0.4821265 },
        { 0.2432711, 0.3076098, 0.4491192 },   { 0.1979923, 0.2500651, 0.5519427 },
    };
    static const double prices[FILE_ROWS][3] = {
        { 1456.791, 1104.955, 1564.071 }, { 1345.004, 1151.886, 1449.501 }, { 1316.444, 1186.259, 1438.649 },
        { 1418.734, 1133.008, 1536.076 }, { 1388.025, 1104.471, 1555.287 }, { 1276.359, 1094.985, 1541.164 },
    };
    file_answers(FILE_GOLDEN "table-kinds-1.safetensors", 0, UINT64_C(0x6e9d94332bbbde99), kinds, 1e-6);
    file_answers(FILE_GOLDEN "table-prices-1.safetensors", 1, UINT64_C(0x23a96fa96a82e463), prices, 2e-3);
}

static bool file_takes(const unsigned char *bytes, size_t size, int numbers)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    const sl_safetensors *file = sl_safetensors_read(&arena, "damaged", bytes, size);
    const sl_json *description = file ? sl_model_description(&arena, file) : NULL;
    sl_model *model = description ? sl_model_take(ctx, file, description) : NULL;
    const bool taken = model != NULL;
    assert_true(taken == (sl_error(ctx) == SL_OK));
    if (taken) {
        sl_data *data = file_rows(ctx, model, numbers);
        sl_tensor *y = data ? sl_predict_data(ctx, model, data, 0, FILE_ROWS) : NULL;
        assert_true((y != NULL) == (sl_error(ctx) == SL_OK));
        sl_tensor_free(y);
        sl_data_free(data);
        sl_model_free(model);
    }
    sl_arena_free(&arena);
    sl_ctx_free(ctx);
    return taken;
}

/* Every byte once another one, a digit mostly another digit; and the file cut off at every 64th. What is
 * still a model predicts something; the sanitizers watch. */
static void a_damaged_table_is_refused_or_predicts(void **unused)
{
    (void)unused;
    static const char *const paths[] = { FILE_GOLDEN "table-kinds-1.safetensors",
                                         FILE_GOLDEN "table-prices-1.safetensors" };
    uint64_t state = 11;
    for (int numbers = 0; numbers < 2; numbers++) {
        unsigned char bytes[16384];
        size_t taken = 0, refused = 0;
        FILE *open = fopen(paths[numbers], "rb");
        assert_non_null(open);
        const size_t size = fread(bytes, 1, sizeof bytes, open);
        fclose(open);
        assert_true(size > 4096 && size < sizeof bytes && file_takes(bytes, size, numbers));
        for (size_t i = 0; i < size; i++) {
            const unsigned char was = bytes[i];
            bytes[i] = was >= '0' && was <= '9' && i % 4
                           ? (unsigned char)('0' + engine_below(&state, 10))
                           : (unsigned char)(was ^ (1 + engine_below(&state, 255)));
            const bool is_taken = file_takes(bytes, size, numbers);
            taken += is_taken;
            refused += !is_taken;
            bytes[i] = was;
        }
        for (size_t cut = 0; cut < size; cut += 64)
            assert_false(file_takes(bytes, cut, numbers));
        assert_true(taken > 300 && refused > 3000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(U51_tables_of_format_1_stay_readable),
        cmocka_unit_test(a_damaged_table_is_refused_or_predicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
