/* The layer basis: features of a row as a formula; what they are, words, files, what is refused. Runs in both
 * builds. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "engine.h"
#include "memory.h"
#include "model/model.h"

#include <unistd.h>

static const char basis_net[] = "input 3, basis x1+x3+x2^2+x1*x3+sin(x1)+cos(x2)+x2*x2, 4 tanh, 2";

/* Numbers from outside: Python's math.sin and math.cos, in double. */
static void features_are_what_the_formula_says(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(6);
    sl_model *model = sl_model_parse(ctx, "input 3, basis x1+x3+x2^2+x1*x3+sin(x1)+cos(x2)+x2*x2");
    const sl_real rows[] = { (sl_real)0.5, -2, 3, -6, (sl_real)1.25, (sl_real)-0.75 };
    static const double wanted[] = {
        0.5, 3,     4,      1.5, 0.479425538604203,    -0.416146836547142,   4,
        -6,  -0.75, 1.5625, 4.5, 0.279415498198925853, 0.315322362395268747, 1.5625
    };
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *y = sl_forward(tape, model, sl_tensor_new(ctx, sl_dims(2, 3), rows));
    assert_fine(ctx);
    assert_true(sl_shape_equal(sl_shape_of(y), sl_dims(2, 7)));
    for (int i = 0; i < 14; i++)
        assert_near(sl_values(y)[i], wanted[i], engine_tolerance(1e-7, 1e-15));
    sl_layer_info info;
    assert_int_equal(sl_model_layer(model, 1, &info), SL_OK);
    assert_string_equal(info.text, "basis x1+x3+x2^2+x1*x3+sin(x1)+cos(x2)+x2*x2");
    assert_int_equal(info.parameters, 0);
    sl_ctx_free(ctx);
}

/* The bits of the operators that do one thing each, over more rows than are computed at once. */
static void features_have_the_bits_of_single_operators(void **unused)
{
    (void)unused;
    enum { ROWS = 131 };
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    uint64_t state = 7;
    sl_real v[2 * ROWS];
    engine_fill(&state, v, 2 * ROWS, -6, 6);
    for (int isa = 0; isa < 3; isa++) {
        sl_ctx *ctx = engine_crew(isas[isa], 1);
        if (sl_error(ctx)) {
            sl_ctx_free(ctx);
            continue;
        }
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        sl_tensor *x = engine_param(ctx, sl_dims(ROWS, 2), v);
        sl_tensor *a = sl_columns_of(tape, x, 0, 1), *b = sl_columns_of(tape, x, 1, 1);
        sl_tensor *parts[] = { a, sl_square(tape, a), sl_mul(tape, a, b), sl_sin(tape, a), sl_cos(tape, b) };
        sl_tensor *y = sl_basis_of(tape, x, "x1+x1^2+x1*x2+sin(x1)+cos(x2)");
        assert_fine(ctx);
        for (int k = 0; k < 5; k++)
            for (int i = 0; i < ROWS; i++)
                assert_bits(sl_values(y) + 5 * i + k, sl_values(parts[k]) + i, 1);
        sl_ctx_free(ctx);
    }
}

/* d/dx of x1^2 + x1 x2 + sin x1 + cos x2 by hand; the terms are gone when the gradient is computed. */
static void gradients_are_those_of_the_formula(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(6);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *x = engine_param(ctx, sl_dims(2), (const sl_real[]){ (sl_real)0.5, -2 });
    char terms[] = "x1^2+x1*x2+sin(x1)+cos(x2)";
    sl_tensor *y = sl_basis_of(tape, x, terms);
    memset(terms, 0, sizeof terms);
    assert_int_equal(sl_backward(tape, sl_sum(tape, y)), SL_OK);
    assert_fine(ctx);
    assert_near(sl_gradient(x)[0], 2 * 0.5 - 2 + 0.877582561890373, engine_tolerance(2e-7, 1e-15));
    assert_near(sl_gradient(x)[1], 0.5 + 0.909297426825682, engine_tolerance(2e-7, 1e-15));
    sl_ctx_free(ctx);
}

static void words_are_read_with_and_without_blanks(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        { "basis x1 + x2 ^ 2 +x1 * x2+ sin(x1), 3", "basis x1+x2^2+x1*x2+sin(x1), 3" },
        { "basis terms=x1+x12, 3", "basis x1+x12, 3" },
        { "2 x [basis x1 +\n x2, 3 tanh]", "basis x1+x2, 3 tanh, basis x1+x2, 3 tanh" },
        { "basis x1*x1", "basis x1*x1" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = sl_model_parse(ctx, cases[i][0]);
        assert_fine(ctx);
        assert_string_equal(sl_model_net(model), cases[i][1]);
        sl_ctx_free(ctx);
    }
    char net[2000] = "basis x1"; /* a formula may be longer than other words */
    for (int i = 2; i <= 200; i++)
        snprintf(net + strlen(net), 8, "+x%d", i);
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_parse(ctx, net);
    assert_fine(ctx);
    assert_string_equal(sl_model_net(model), net);
    sl_ctx_free(ctx);
}

static void files_slices_and_chains_keep_the_formula(void **unused)
{
    (void)unused;
    char path[] = "/tmp/slope-basis-XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0 && close(handle) == 0);
    sl_ctx *ctx = engine_ctx(4);
    sl_model *model = sl_model_parse(ctx, basis_net);
    assert_int_equal(sl_model_save(model, path), SL_OK);
    sl_model *again = sl_model_load(ctx, path);
    assert_fine(ctx);
    unlink(path);
    assert_string_equal(sl_model_net(again), basis_net);
    sl_real v[27];
    uint64_t state = 5;
    engine_fill(&state, v, 27, -2, 2);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(9, 3), v);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_real *wanted = sl_values(sl_forward(tape, model, x));
    assert_bits(sl_values(sl_forward(tape, again, x)), wanted, 18);
    for (int cut = 1; cut < sl_model_layers(model); cut++) {
        sl_model *first = sl_model_slice(model, 0, cut),
                 *rest = sl_model_slice(model, cut, sl_model_layers(model));
        assert_bits(sl_values(sl_forward(tape, rest, sl_forward(tape, first, x))), wanted, 18);
        assert_bits(sl_values(sl_forward(tape, sl_model_chain(ctx, first, rest), x)), wanted, 18);
    }
    assert_bits(sl_values(sl_forward(tape, sl_model_collapse(model), x)), wanted, 18);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static void what_is_no_formula_is_refused(void **unused)
{
    (void)unused;
    static const struct {
        const char *net;
        sl_status status;
        const char *says;
    } cases[] = {
        { "basis", SL_EINVAL, "--net: found the end at character 6: wants the layer's terms" },
        { "basis x1+tan(x2), 3", SL_EINVAL,
          "basis_1: term 2 is 'tan(x2)': wants xk, xk^2, xj*xk, sin(xk) or cos(xk)" },
        { "basis x1+, 3", SL_EINVAL, "basis_1: term 2 is empty: wants xk" },
        { "basis x0", SL_EINVAL, "basis_1: term 1 is 'x0'" },
        { "basis x01", SL_EINVAL, "basis_1: term 1 is 'x01'" },
        { "basis x99999999999999999999", SL_EINVAL, "basis_1: term 1 is 'x99999999999999999999'" },
        { "basis x1^3", SL_EINVAL, "basis_1: term 1 is 'x1^3'" },
        { "basis x1*x2*x3", SL_EINVAL, "basis_1: term 1 is 'x1*x2*x3'" },
        { "basis sin(x1", SL_EINVAL, "basis_1: term 1 is 'sin(x1'" },
        { "basis sin(x1)^2", SL_EINVAL, "basis_1: term 1 is 'sin(x1)^2'" },
        { "basis x1 x2 x3", SL_EINVAL, "--net: found 'x3' at character 13: wants a comma" },
        { "basis x1 tanh", SL_EINVAL, "basis_1: a basis layer does not know activation: it knows terms" },
        { "input 2, basis x1+x1*x3, 3", SL_ESHAPE,
          "basis_1: term 2 is x1*x3, and a row has 2 numbers: wants x1 to x2, counted from 1" },
        { "input 1, basis sin(x2), 3", SL_ESHAPE,
          "basis_1: term 1 is sin(x2), and a row has 1 number: wants x1" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        assert_null(sl_model_parse(ctx, cases[i].net));
        assert_says(ctx, cases[i].status, cases[i].says);
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    assert_null(sl_sequential(ctx, sl_input(.units = 2), sl_basis(NULL)));
    assert_says(ctx, SL_EINVAL, "basis_1: term 1 is empty");
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *one = sl_tensor_new(ctx, (sl_shape){ 0 }, NULL);
    assert_null(sl_basis_of(tape, one, "x1"));
    assert_says(ctx, SL_ESHAPE, "basis: of a single number: wants rows");
    assert_null(sl_basis_of(tape, NULL, "x1"));
    assert_null(sl_basis_of(NULL, one, "x1"));
    sl_ctx_free(ctx);
}

static void without_memory_it_fails_and_leaves_nothing(void **unused)
{
    (void)unused;
    for (size_t at = 1;; at++) {
        test_memory memory = { .fail_at = at };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_model *model = ctx ? sl_model_parse(ctx, basis_net) : NULL;
        sl_tensor *x = model ? sl_tensor_new(ctx, sl_dims(4, 3), NULL) : NULL;
        sl_tape *tape = x ? sl_tape_new(ctx, SL_TRAIN) : NULL;
        sl_tensor *y = tape ? sl_forward(tape, model, sl_basis_of(tape, x, "x1+x2+sin(x3)")) : NULL;
        const bool whole = y && !sl_backward(tape, sl_mean(tape, y));
        assert_true(whole || !ctx || sl_error(ctx) == SL_ENOMEM);
        sl_ctx_free(ctx);
        assert_int_equal(memory.bytes, 0);
        assert_int_equal(memory.blocks, 0);
        assert_false(memory.wrong_size);
        if (memory.calls < at)
            break;
    }
}

/* Sines of the inputs, from each of three starts; without them as many units do not. */
static void S184_sines_untangle_the_spiral(void **unused)
{
    (void)unused;
    static const char *const nets[] = { "6 tanh, 1", "basis x1+x2+sin(x1)+sin(x2), 6 tanh, 1" };
    for (uint64_t seed = 1; seed <= 3; seed++)
        for (int features = 0; features < 2; features++) {
            sl_ctx *ctx = engine_ctx(seed);
            sl_data *data = sl_data_open(ctx, "builtin:spiral?rows=500", NULL);
            sl_model *model = sl_model_parse(ctx, nets[features]);
            sl_compile(model, .loss = "bce", .optimizer = sl_adam(.lr = (sl_real)0.03));
            sl_fit(model, data, .steps = 4000);
            assert_fine(ctx);
            const double accuracy = sl_report_at(sl_evaluate(ctx, model, data), 0, "accuracy");
            print_message("%s on the spiral, seed %d: accuracy %.4f\n", nets[features], (int)seed, accuracy);
            assert_true(features ? accuracy >= 0.98 : accuracy < 0.85);
            sl_ctx_free(ctx);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_what_the_formula_says),
        cmocka_unit_test(features_have_the_bits_of_single_operators),
        cmocka_unit_test(gradients_are_those_of_the_formula),
        cmocka_unit_test(words_are_read_with_and_without_blanks),
        cmocka_unit_test(files_slices_and_chains_keep_the_formula),
        cmocka_unit_test(what_is_no_formula_is_refused),
        cmocka_unit_test(without_memory_it_fails_and_leaves_nothing),
        cmocka_unit_test(S184_sines_untangle_the_spiral),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
