/* Columns of tables that are learned: the layers category and fourier, and the operators sin, cos, columns
 * and embedding that they are made of. PyTorch's numbers, plain loops bit for bit, what is refused. Runs in
 * both builds. (The gradient check walks the words as all others.) */
#include "engine.h"
#include "golden.h"
#include "model/model.h"

static const char *const learned_isas[] = { "plain", "avx2", "avx512" };

/* --- PyTorch's numbers --- */

static sl_shape learned_shape(const golden_item *item)
{
    sl_shape shape = { (int)item->rank, { 0 } };
    for (size_t i = 0; i < item->rank; i++)
        shape.dim[i] = (int)item->dims[i];
    return shape;
}

static void learned_fill(sl_tensor *t, const golden_item *item)
{
    assert_true(sl_shape_equal(t->shape, learned_shape(item)));
    for (size_t i = 0; i < item->count; i++)
        t->v[i] = (sl_real)item->values[i];
}

static sl_tensor *learned_tensor(sl_ctx *ctx, const golden *file, const char *group, const char *what,
                                 bool learns)
{
    const golden_item *item = golden_get(file, group, what);
    const sl_shape shape = learned_shape(item);
    sl_tensor *t = learns ? sl_param(ctx, shape, "zeros") : sl_tensor_new(ctx, shape, NULL);
    learned_fill(t, item);
    return t;
}

static void learned_near(const golden *file, const char *group, const char *what, const sl_real *found,
                         double in_float)
{
    const golden_item *item = golden_get(file, group, what);
    assert_non_null(found);
    for (size_t i = 0; i < item->count; i++)
        assert_near(found[i], item->values[i], engine_tolerance(in_float, 1e-13));
}

static void the_operators_agree_with_pytorch(void **unused)
{
    (void)unused;
    static const struct {
        const char *group;
        sl_tensor *(*apply)(sl_tape *tape, sl_tensor *x);
    } waves[] = { { "sin", sl_sin }, { "sin_far", sl_sin }, { "cos", sl_cos }, { "cos_far", sl_cos } };
    golden *file = golden_load(SLOPE_SOURCE_ROOT "/tests/golden/learned_columns.golden");
    for (int i = 0; i < 5; i++) {
        const char *group = i < 4 ? waves[i].group : "embedding";
        sl_ctx *ctx = engine_ctx(1);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *x = learned_tensor(ctx, file, group, "x", i < 4);
        sl_tensor *table = i < 4 ? NULL : learned_tensor(ctx, file, group, "table", true);
        sl_tensor *y = i < 4 ? waves[i].apply(tape, x) : sl_embedding_of(tape, table, x);
        sl_tensor *r = learned_tensor(ctx, file, group, "upstream", false);
        assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, y, r))), SL_OK);
        assert_fine(ctx);
        learned_near(file, group, "y", sl_values(y), 3e-7);
        learned_near(file, group, i < 4 ? "grad_x" : "grad_table", sl_gradient(i < 4 ? x : table), 1e-6);
        sl_ctx_free(ctx);
    }
    golden_free(file);
}

static void the_layers_agree_with_pytorch(void **unused)
{
    (void)unused;
    static const char *const nets[][2] = {
        { "table", "category 4 rows=3, category 8 rows=10, fourier 5 columns=2, 3" },
        { "waves", "fourier 4 keep=no, 2 bias=no" },
        { "only", "category 3 rows=2" },
    };
    golden *file = golden_load(SLOPE_SOURCE_ROOT "/tests/golden/learned_columns.golden");
    for (int isa = 0; isa < 3; isa++)
        for (size_t n = 0; n < sizeof nets / sizeof *nets; n++) {
            sl_ctx *ctx = engine_crew(learned_isas[isa], 2);
            if (sl_error(ctx)) {
                sl_ctx_free(ctx);
                continue;
            }
            const char *group = nets[n][0];
            sl_model *model = sl_model_parse(ctx, nets[n][1]);
            sl_tensor *x = learned_tensor(ctx, file, group, "x", false);
            assert_int_equal(sl_model_build(model, sl_dims(x->shape.dim[1])), SL_OK);
            char name[32];
            for (int p = 0; p < sl_model_params(model); p++) {
                snprintf(name, sizeof name, "p%d", p);
                learned_fill(sl_model_param(model, p), golden_get(file, group, name));
            }
            sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
            sl_tensor *y = sl_forward(tape, model, x),
                      *r = learned_tensor(ctx, file, group, "upstream", false);
            assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, y, r))), SL_OK);
            assert_fine(ctx);
            learned_near(file, group, "y", sl_values(y), 3e-6);
            for (int p = 0; p < sl_model_params(model); p++) {
                snprintf(name, sizeof name, "grad_p%d", p);
                learned_near(file, group, name, sl_gradient(sl_model_param(model, p)), 1e-5);
            }
            sl_ctx_free(ctx);
        }
    golden_free(file);
}

/* --- operators by plain loops --- */

/* All exponents, denormals, infinities and NaN: every instruction set gives the bits of the plain one,
 * forward and backward, and these are the double functions' to half a unit and a bit. */
static void waves_have_the_same_bits_everywhere(void **unused)
{
    (void)unused;
    enum { MANY = 1237 };
    static sl_real z[MANY], dy[MANY], y[2][MANY], dx[2][MANY];
    uint64_t state = 3;
    engine_fill_wild(&state, z, MANY, true);
    engine_fill(&state, dy, MANY, -2, 2);
    for (size_t i = 0; i < MANY / 2; i++)
        z[i] = (sl_real)engine_uniform(&state, -1e4, 1e4);
    for (int isa = 0; isa < 3; isa++) {
        sl_ctx *ctx = engine_crew(learned_isas[isa], 1);
        for (int wave = 0; wave < 2 && !sl_error(ctx); wave++) {
            sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
            sl_tensor *x = engine_param(ctx, sl_dims(MANY), z), *r = sl_tensor_new(ctx, sl_dims(MANY), dy);
            sl_tensor *out = wave ? sl_cos(tape, x) : sl_sin(tape, x);
            assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, out, r))), SL_OK);
            assert_fine(ctx);
            if (isa == 0) {
                memcpy(y[wave], sl_values(out), sizeof y[wave]);
                memcpy(dx[wave], sl_gradient(x), sizeof dx[wave]);
            }
            assert_bits(sl_values(out), y[wave], MANY);
            assert_bits(sl_gradient(x), dx[wave], MANY);
        }
        sl_ctx_free(ctx);
    }
    for (size_t i = 0; i < MANY; i++) {
        const double s = sin((double)z[i]), c = cos((double)z[i]);
        const double room = engine_tolerance(0x1p-24, 0x1p-52);
        if (!(fabs((double)z[i]) < 1e300)) {
            assert_true(ENGINE_DOUBLE || (double)z[i] - (double)z[i] == 0 || y[0][i] != y[0][i]);
            continue;
        }
        assert_true(fabs((double)y[0][i] - s) <= room && fabs((double)y[1][i] - c) <= room);
        assert_true(fabs((double)dx[0][i] - (double)dy[i] * c) <= 4 * room);
        assert_true(fabs((double)dx[1][i] + (double)dy[i] * s) <= 4 * room);
    }
}

static void columns_are_the_plain_loop(void **unused)
{
    (void)unused;
    enum { ROWS = 3, WIDTH = 21 };
    uint64_t state = 4;
    sl_real v[ROWS * WIDTH], r[ROWS * WIDTH], zero[ROWS * WIDTH] = { 0 };
    engine_fill(&state, v, ROWS * WIDTH, -2, 2);
    engine_fill(&state, r, ROWS * WIDTH, -2, 2);
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    for (int first = 0; first <= WIDTH; first++)
        for (int count = 0; count <= WIDTH - first; count++) {
            sl_tensor *x = engine_param(ctx, sl_dims(ROWS, WIDTH), v);
            sl_tensor *y = sl_columns_of(tape, x, first, count);
            assert_fine(ctx);
            assert_true(sl_shape_equal(sl_shape_of(y), sl_dims(ROWS, count)));
            for (int i = 0; i < ROWS; i++)
                assert_bits(sl_values(y) + i * count, v + i * WIDTH + first, (size_t)count);
            assert_int_equal(
                sl_backward(tape, sl_sum(tape, sl_mul(tape, y, sl_tensor_new(ctx, sl_dims(ROWS, count), r)))),
                SL_OK);
            for (int i = 0; i < ROWS; i++) {
                const sl_real *g = sl_gradient(x) + i * WIDTH;
                assert_bits(g, zero, (size_t)first);
                assert_bits(g + first, r + i * count, (size_t)count);
                assert_bits(g + first + count, zero, (size_t)(WIDTH - first - count));
            }
            sl_tensor_free(x);
        }
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(2, 3), NULL), *one = sl_tensor_new(ctx, (sl_shape){ 0 }, NULL);
    assert_null(sl_columns_of(tape, x, 2, 2));
    assert_says(ctx, SL_ESHAPE,
                "columns: 2 numbers from number 2 on of rows of shape [2, 3]: a row has 3, from 0");
    assert_null(sl_columns_of(tape, x, -1, 2));
    assert_says(ctx, SL_ESHAPE, "from number -1 on");
    assert_null(sl_columns_of(tape, x, 1, -1));
    assert_says(ctx, SL_ESHAPE, "-1 numbers from");
    assert_null(sl_columns_of(tape, x, INT32_MAX, INT32_MAX));
    assert_says(ctx, SL_ESHAPE, "a row has 3");
    assert_null(sl_columns_of(tape, one, 0, 0));
    assert_says(ctx, SL_ESHAPE, "columns: of a single number: wants rows");
    assert_null(sl_columns_of(tape, NULL, 0, 1));
    assert_says(ctx, SL_EINVAL, "columns: input 1 is NULL: wants a tensor");
    sl_ctx_free(ctx);
}

static void an_embedding_refuses_what_is_no_row(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *table = sl_param(ctx, sl_dims(3, 2), "normal:1");
    static const struct {
        double number;
        const char *says;
    } bad[] = { { 3, "embedding: row 1 begins with 3: wants a category's number, a whole one from 0 to 2" },
                { -1, "row 1 begins with -1:" },
                { 0.5, "row 1 begins with 0.5:" },
                { 1e30, "row 1 begins with 1e" },
                { NAN, "row 1 begins with nan:" },
                { -INFINITY, "row 1 begins with -inf:" } };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const sl_real v[] = { 1, 9, (sl_real)bad[i].number, 9 };
        assert_null(sl_embedding_of(tape, table, sl_tensor_new(ctx, sl_dims(2, 2), v)));
        assert_says(ctx, SL_EINVAL, bad[i].says);
    }
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(2, 2), NULL), *line = sl_param(ctx, sl_dims(3), "zeros");
    assert_null(sl_embedding_of(tape, line, x));
    assert_says(ctx, SL_ESHAPE, "embedding: the table has shape [3]: wants [rows, width]");
    assert_null(sl_embedding_of(tape, table, sl_tensor_new(ctx, sl_dims(2, 0), NULL)));
    assert_says(ctx, SL_ESHAPE, "the numbers of rows have shape [2, 0]: wants [.., 1 or more]");
    sl_tensor *none = sl_embedding_of(tape, table, sl_tensor_new(ctx, sl_dims(0, 2), NULL));
    assert_true(none && sl_shape_equal(sl_shape_of(none), sl_dims(0, 2)));
    const sl_real minus_zero = (sl_real)-0.0;
    assert_non_null(sl_embedding_of(tape, table, sl_tensor_new(ctx, sl_dims(1, 1), &minus_zero)));
    assert_null(sl_embedding_of(tape, NULL, x));
    assert_says(ctx, SL_EINVAL, "embedding: input 1 is NULL: wants a tensor");
    sl_ctx_free(ctx);
}

/* As one bag of one id a row, whose kernels and tests are older: forward, gradient, rows of an update. */
static void an_embedding_is_a_bag_of_one(void **unused)
{
    (void)unused;
    enum { ROWS = 40, TABLE = 9, WIDTH = 19 };
    sl_real v[ROWS], r[ROWS * WIDTH];
    int ids[ROWS];
    size_t offsets[ROWS + 1] = { 0 };
    uint64_t state = 8;
    engine_fill(&state, r, ROWS * WIDTH, -1, 1);
    for (size_t i = 0; i < ROWS; i++) {
        ids[i] = (int)engine_below(&state, TABLE - 2); /* the last two are never named */
        v[i] = (sl_real)ids[i];
        offsets[i + 1] = i + 1;
    }
    const sl_bags bags = { .ids = ids, .offsets = offsets, .count = ROWS };
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *table[2], *x = sl_tensor_new(ctx, sl_dims(ROWS, 1), v);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    table[0] = sl_param(ctx, sl_dims(TABLE, WIDTH), "normal:1");
    table[1] = engine_param(ctx, sl_dims(TABLE, WIDTH), sl_values(table[0]));
    sl_step *step = sl_step_new(ctx, (sl_optimizer){ .rule = "adamw", .decay = (sl_real)0.5 }, table, 2);
    sl_real before[TABLE * WIDTH];
    memcpy(before, table[0]->v, sizeof before);
    for (int i = 0; i < 3; i++) {
        sl_tensor *w = sl_tensor_new(ctx, sl_dims(ROWS, WIDTH), r);
        sl_tensor *a = sl_mul(tape, sl_embedding_of(tape, table[0], x), w);
        sl_tensor *b = sl_mul(tape, sl_embedding_bag(tape, table[1], &bags, "sum"), w);
        assert_bits(sl_values(a), sl_values(b), ROWS * WIDTH);
        assert_int_equal(sl_backward(tape, sl_sum(tape, sl_add(tape, a, b))), SL_OK);
        assert_bits(sl_gradient(table[0]), sl_gradient(table[1]), TABLE * WIDTH);
        assert_false(table[0]->touched->all);
        assert_int_equal(sl_rows_count(table[0]->touched), sl_rows_count(table[1]->touched));
        assert_int_equal(sl_step_apply(step), SL_OK);
        assert_bits(table[0]->v, table[1]->v, TABLE * WIDTH);
    }
    assert_fine(ctx);
    assert_true(table[0]->v[0] != before[0]);
    assert_bits(table[0]->v + (TABLE - 2) * WIDTH, before + (TABLE - 2) * WIDTH,
                2 * WIDTH); /* not decayed either */
    sl_ctx_free(ctx);
}

/* The next operator after sl_backward starts a new graph: an x of the one before is refused, and not looked
 * at. */
static void an_old_row_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_model *model = sl_model_parse(ctx, "input 2, category 3 rows=2, 1");
    sl_tensor *x = sl_scale(tape, sl_param(ctx, sl_dims(4, 2), "zeros"), 1);
    assert_int_equal(sl_backward(tape, sl_mean(tape, sl_forward(tape, model, x))), SL_OK);
    assert_null(sl_forward(tape, model, x));
    assert_says(ctx, SL_EINVAL, "category_1: input 2 belongs to an earlier graph");
    sl_ctx_free(ctx);
}

static void the_cost_of_a_lookup_is_that_of_its_rows(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *table = sl_param(ctx, sl_dims(100, 4), "zeros"), *x = sl_param(ctx, sl_dims(5, 7), "zeros");
    const sl_tensor *made[] = { sl_embedding_of(tape, table, x), sl_columns_of(tape, x, 1, 3) };
    static const double numbers[2][2] = { { 45, 65 }, { 30, 45 } }, flops[] = { 20, 15 };
    assert_fine(ctx);
    for (int i = 0; i < 2; i++)
        for (int backward = 0; backward < 2; backward++) {
            const sl_cost cost = sl_cost_of(made[i]->node, backward);
            assert_true(cost.flops == flops[i] && !cost.product);
            assert_true(cost.bytes == numbers[i][backward] * sizeof(sl_real));
        }
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_operators_agree_with_pytorch),
        cmocka_unit_test(the_layers_agree_with_pytorch),
        cmocka_unit_test(waves_have_the_same_bits_everywhere),
        cmocka_unit_test(columns_are_the_plain_loop),
        cmocka_unit_test(an_embedding_refuses_what_is_no_row),
        cmocka_unit_test(an_embedding_is_a_bag_of_one),
        cmocka_unit_test(an_old_row_is_refused),
        cmocka_unit_test(the_cost_of_a_lookup_is_that_of_its_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
