/* The layers category and fourier in nets: what they take and give, how they begin, files, slices, shares,
 * frozen ones, updates by rows, what is refused, memory. Runs in both builds. (learned_columns_test.c: their
 * numbers.) */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "engine.h"
#include "memory.h"
#include "model/model.h"

#include <unistd.h>

static const char *const columned_isas[] = { "plain", "avx2", "avx512" };

/* [cat1, cat2, a, b | c, d, e]: each layer takes from the front and adds at the end. */
static void layers_take_from_the_front_and_add_at_the_end(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(6);
    sl_model *model =
        sl_model_parse(ctx, "input 7, category 4 rows=3, category 8 rows=10, fourier 16 columns=2");
    const sl_real row[] = { 2, 7, (sl_real)0.25, -1, 5, 6, 8 };
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_real *y = sl_values(sl_forward(tape, model, sl_tensor_new(ctx, sl_dims(1, 7), row)));
    assert_fine(ctx);
    assert_bits(y, row + 4, 3);
    assert_bits(y + 3, sl_values(sl_model_param(model, 0)) + 2 * 4, 4);
    assert_bits(y + 7, sl_values(sl_model_param(model, 1)) + 7 * 8, 8);
    assert_bits(y + 15, row + 2, 2);
    const sl_real *w = sl_values(sl_model_param(model, 2));
    for (int i = 0; i < 16; i++) {
        const double turn = (double)w[2 * i] * 0.25 - (double)w[2 * i + 1];
        assert_near(y[17 + i], sin(6.283185307179586 * turn), engine_tolerance(5e-6, 1e-14));
        assert_near(y[33 + i], cos(6.283185307179586 * turn), engine_tolerance(5e-6, 1e-14));
    }
    static const struct {
        const char *name, *text;
        int out;
        size_t parameters, flops;
    } layers[] = { { "input_1", "input 7", 7, 0, 0 },
                   { "category_1", "category 4 rows=3", 10, 12, 4 },
                   { "category_2", "category 8 rows=10", 17, 80, 8 },
                   { "fourier_1", "fourier 16 columns=2", 49, 32, 16 * (2 * 2 + 3) } };
    for (int i = 0; i < 4; i++) {
        sl_layer_info info;
        assert_int_equal(sl_model_layer(model, i, &info), SL_OK);
        assert_string_equal(info.name, layers[i].name);
        assert_string_equal(info.text, layers[i].text);
        assert_true(sl_shape_equal(info.output, sl_dims(layers[i].out)));
        assert_int_equal(info.parameters, layers[i].parameters);
        assert_int_equal(info.flops, layers[i].flops);
    }
    assert_string_equal(sl_model_param_name(model, 1), "category_2.table");
    assert_string_equal(sl_model_param_name(model, 2), "fourier_1.frequency");
    sl_ctx_free(ctx);
}

static void fourier_takes_all_or_some_and_keeps_or_not(void **unused)
{
    (void)unused;
    static const struct {
        const char *net;
        int out, kept, rest; /* where the numbers themselves and the others begin; -1: there are none */
        int columns;
    } cases[] = { { "input 3, fourier 2", 7, 0, -1, 3 },
                  { "input 3, fourier 2 columns=0", 7, 0, -1, 3 },
                  { "input 3, fourier 2 columns=3 keep=no", 4, -1, -1, 3 },
                  { "input 3, fourier 2 columns=1", 7, 2, 0, 1 },
                  { "input 3, fourier 2 columns=1 keep=no", 6, -1, 0, 1 } };
    static const sl_real row[] = { 3, 1, 4 };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        sl_ctx *ctx = engine_ctx(6);
        sl_model *model = sl_model_parse(ctx, cases[c].net);
        sl_tape *tape = sl_tape_new(ctx, SL_INFER);
        sl_tensor *y = sl_forward(tape, model, sl_tensor_new(ctx, sl_dims(1, 3), row));
        assert_fine(ctx);
        const int columns = cases[c].columns, out = cases[c].out;
        assert_int_equal(sl_count(y), out);
        assert_int_equal(sl_model_parameters(model), 2 * columns);
        if (cases[c].kept >= 0)
            assert_bits(sl_values(y) + cases[c].kept, row, (size_t)columns);
        if (cases[c].rest >= 0)
            assert_bits(sl_values(y) + cases[c].rest, row + columns, (size_t)(3 - columns));
        for (int i = 0; i < 2; i++) { /* sin^2 + cos^2 */
            const double s = (double)sl_values(y)[out - 4 + i], k = (double)sl_values(y)[out - 2 + i];
            assert_near(s * s + k * k, 1, engine_tolerance(1e-6, 1e-15));
        }
        sl_ctx_free(ctx);
    }
}

static double columned_deviation(const sl_tensor *t)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < t->count; i++) {
        sum += (double)t->v[i];
        squares += (double)t->v[i] * (double)t->v[i];
    }
    const double mean = sum / (double)t->count;
    return sqrt(squares / (double)t->count - mean * mean);
}

/* 4,000 normal numbers: their deviation is within 5 % of what is asked for, whatever the model's init says.
 */
static void starts_are_normal_whatever_the_init(void **unused)
{
    (void)unused;
    for (int named = 0; named < 2; named++) {
        sl_ctx *ctx = engine_ctx(5);
        sl_model *model = sl_model_parse(ctx, "fourier 800 columns=5, fourier 800 columns=5 std=0.25, 2");
        model->init = named ? sl_strdup(ctx, "zeros") : NULL;
        assert_int_equal(sl_model_build(model, sl_dims(6)), SL_OK);
        assert_near(columned_deviation(model->params[0]), 1, 0.05);
        assert_near(columned_deviation(model->params[1]), 0.25, 0.0125);
        assert_true((columned_deviation(model->params[2]) > 0) == !named);
        assert_string_equal(sl_model_init_of(model, &model->layers[1]), "normal:0.25");
        sl_model *table = sl_model_parse(ctx, "category 40 rows=100, 2");
        assert_int_equal(sl_model_build(table, sl_dims(1)), SL_OK);
        assert_near(columned_deviation(table->params[0]), 0.1, 0.005);
        assert_string_equal(sl_model_init_of(table, &table->layers[0]), "normal:0.1");
        sl_ctx_free(ctx);
    }
}

static void columned_rows(sl_tensor *x, uint64_t state, size_t first, size_t second)
{
    const size_t width = (size_t)x->shape.dim[1];
    engine_fill(&state, x->v, x->count, -1, 1);
    for (size_t i = 0; i < x->count; i += width) {
        x->v[i] = (sl_real)engine_below(&state, first);
        x->v[i + 1] = (sl_real)engine_below(&state, second);
    }
}

/* Some steps of adamw on sum(y^2); rows of x begin with numbers below first and second. */
static void columned_train(sl_model *model, int steps, size_t first, size_t second)
{
    sl_ctx *ctx = model->ctx;
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(16, model->input.dim[0]), NULL);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_step *step = sl_step_new(
        ctx, (sl_optimizer){ .rule = "adamw", .lr = (sl_real)0.01, .decay = (sl_real)0.1, .clip_norm = 1 },
        model->params, model->param_count);
    for (int i = 0; i < steps; i++) {
        columned_rows(x, (uint64_t)i + 5, first, second);
        sl_tensor *y = sl_forward(tape, model, x);
        sl_backward(tape, sl_mean(tape, sl_mul(tape, y, y)));
        sl_step_apply(step);
    }
    assert_fine(ctx);
    sl_step_free(step);
    sl_tape_free(tape);
}

static const char columned_net[] =
    "input 6, category 4 rows=3 name=a, category 5 rows=9 lr_scale=0.5 decay=0, "
    "fourier 3 columns=2 std=0.5 keep=no, fourier 4, 8 tanh, 2";

static void files_slices_and_chains_keep_them(void **unused)
{
    (void)unused;
    char path[] = "/tmp/slope-columns-XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0 && close(handle) == 0);
    sl_ctx *ctx = engine_ctx(4);
    sl_model *model = sl_model_parse(ctx, columned_net);
    assert_fine(ctx);
    columned_train(model, 5, 3, 9);
    assert_int_equal(sl_model_save(model, path), SL_OK);
    sl_model *again = sl_model_load(ctx, path);
    assert_fine(ctx);
    unlink(path);
    assert_string_equal(sl_model_net(again), sl_model_net(model));
    assert_string_equal(sl_model_net(model),
                        "input 6, category 4 rows=3, category 5 lr_scale=0.5 decay=0 rows=9, "
                        "fourier 3 columns=2 std=0.5 keep=no, fourier 4, 8 tanh, 2");
    assert_int_equal(sl_model_digest(again), sl_model_digest(model));
    assert_string_equal(sl_model_param_name(again, 0), "a.table");
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(9, 6), NULL);
    columned_rows(x, 77, 3, 9);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_real *wanted = sl_values(sl_forward(tape, model, x));
    assert_bits(sl_values(sl_forward(tape, again, x)), wanted, 18);
    for (int cut = 1; cut < sl_model_layers(model); cut++) {
        sl_model *first = sl_model_slice(model, 0, cut),
                 *rest = sl_model_slice(model, cut, sl_model_layers(model));
        sl_model *whole = sl_model_chain(ctx, first, rest);
        assert_fine(ctx);
        assert_int_equal(sl_model_digest(whole), sl_model_digest(model));
        assert_bits(sl_values(sl_forward(tape, whole, x)), wanted, 18);
        assert_bits(sl_values(sl_forward(tape, rest, sl_forward(tape, first, x))), wanted, 18);
    }
    sl_model *thin = sl_model_collapse(model);
    assert_fine(ctx);
    assert_bits(sl_values(sl_forward(tape, thin, x)), wanted, 18);
    sl_ctx_free(ctx);
}

static void frozen_shared_and_unseen_rows(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(4);
    sl_model *model = sl_model_parse(ctx, "input 5, category 4 rows=6 name=a, category 4 share=a rows=6, "
                                          "fourier 4 freeze=yes, 2");
    assert_fine(ctx);
    assert_int_equal(sl_model_params(model), 4); /* table, frequency, weight, bias */
    sl_real before[24], frozen[4 * 11];
    memcpy(before, model->params[0]->v, sizeof before);
    memcpy(frozen, model->params[1]->v, sizeof frozen);
    columned_train(model, 4, 2, 4); /* numbers 4 and 5 are never there */
    assert_bits(model->params[1]->v, frozen, 4 * 11);
    for (int row = 0; row < 4; row++)
        assert_true(memcmp(model->params[0]->v + 4 * row, before + 4 * row, 4 * sizeof *before) != 0);
    assert_bits(model->params[0]->v + 16, before + 16, 8);
    assert_int_equal(sl_model_freeze(model, "a", true), SL_OK);
    assert_int_equal(sl_model_freeze(model, "fourier_1", false), SL_OK);
    memcpy(before, model->params[0]->v, sizeof before);
    columned_train(model, 2, 2, 4);
    assert_bits(model->params[0]->v, before, 24);
    assert_true(memcmp(model->params[1]->v, frozen, sizeof frozen) != 0);
    sl_ctx_free(ctx);
}

/* The same weights from any instruction set and number of threads. */
static void training_gives_the_same_bits(void **unused)
{
    (void)unused;
    uint64_t digest = 0;
    for (int isa = 0; isa < 3; isa++)
        for (int threads = 1; threads <= 3; threads++) {
            sl_ctx *ctx = engine_crew(columned_isas[isa], threads);
            sl_model *model = sl_error(ctx) ? NULL : sl_model_parse(ctx, columned_net);
            if (model) {
                columned_train(model, 20, 3, 9);
                digest = digest ? digest : sl_model_digest(model);
                assert_int_equal(sl_model_digest(model), digest);
            }
            sl_ctx_free(ctx);
        }
}

/* In one go, and stopped after 3 epochs: what is kept for rows goes into the checkpoint as for other weights.
 */
static void stopped_and_continued_they_end_in_the_same_bits(void **unused)
{
    (void)unused;
    char path[] = "/tmp/slope-columns-XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0 && close(handle) == 0);
    uint64_t digest[2];
    for (int pieces = 0; pieces < 2; pieces++) {
        unlink(path);
        for (int epochs = pieces ? 3 : 9; epochs <= 9; epochs += 6) {
            sl_ctx *ctx = engine_ctx(5);
            sl_model *model = sl_model_parse(ctx, "2 x category 2 rows=3, fourier 3 columns=2, 6 tanh, 1");
            sl_compile(model, .loss = "bce",
                       .optimizer = { .rule = "adamw",
                                      .lr = (sl_real)0.01,
                                      .decay = (sl_real)0.1,
                                      .clip_norm = (sl_real)0.5,
                                      .average = (sl_real)0.9 });
            sl_fit(model, sl_data_open(ctx, "builtin:xor", NULL), .epochs = epochs, .batch = 1,
                   .checkpoint = path, .resume = pieces);
            assert_fine(ctx);
            digest[pieces] = sl_model_digest(model);
            sl_ctx_free(ctx);
        }
    }
    unlink(path);
    assert_true(digest[0] == digest[1]);
}

static void what_does_not_fit_is_refused(void **unused)
{
    (void)unused;
    static const struct {
        const char *net;
        sl_status status;
        const char *says;
    } nets[] = {
        { "category 4", SL_EINVAL, "rows is 0: wants a whole number from 1 to 16777216" },
        { "category units=0 rows=3", SL_EINVAL, "units is 0: wants a whole number from 1 to" },
        { "category rows=3", SL_EINVAL, "wants how many units the layer has" },
        { "category 4 rows=-2", SL_EINVAL, "--net: rows is -2: wants a whole number from 1 to 16777216" },
        { "category 4 rows=3 columns=2", SL_EINVAL, "unknown option of a category layer 'columns'" },
        { "fourier", SL_EINVAL, "wants how many units the layer has" },
        { "fourier 4 std=0", SL_EINVAL,
          "--net: std is 0: wants a number above 0 and at most 1000000 (default 1)" },
        { "fourier 4 std=-1", SL_EINVAL, "fourier_1: std is -1: wants a number above 0" },
        { "fourier 4 columns=-1", SL_EINVAL,
          "--net: columns is -1: wants a whole number from 0 to 16777216" },
        { "fourier 4 keep=perhaps", SL_EINVAL, "--net: keep=perhaps: wants yes or no" },
        { "fourier 4 tanh", SL_EINVAL,
          "fourier_1: a fourier layer does not know activation: it knows units, columns" },
        { "input 3, fourier 4 columns=4", SL_ESHAPE,
          "fourier_1: columns is 4, and its input has shape [3]: wants 1 to 3, or 0 for all" },
        { "input 3, fourier 16777216", SL_ESHAPE, "fourier_1: its input has shape [3], and 16777216 sines" },
        { "input 3, category 16777215 rows=1", SL_ESHAPE,
          "category_1: its input has shape [3]: wants 1 to 2 numbers" },
    };
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        sl_ctx *ctx = engine_ctx(1);
        assert_null(sl_model_parse(ctx, nets[i].net));
        assert_says(ctx, nets[i].status, nets[i].says);
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    assert_null(sl_sequential(ctx, sl_input(.units = 2), sl_category(.units = 3)));
    assert_says(ctx, SL_EINVAL, "category_1: rows is 0");
    assert_null(sl_sequential(ctx, sl_input(.units = 2), sl_fourier(.columns = 1)));
    assert_says(ctx, SL_EINVAL, "fourier_1: units is 0");
    assert_null(sl_sequential(ctx, sl_input(.units = 2), sl_fourier(.units = 1, .columns = -1)));
    assert_says(ctx, SL_EINVAL, "fourier_1: columns is -1: wants a whole number from 0 to");
    sl_model *model = sl_sequential(
        ctx, sl_input(.units = 2), sl_category(.units = 3, .rows = 12, .name = "town"), sl_dense(.units = 1));
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_real rows[] = { 3, 1, 11, 1, 12, 1 };
    assert_null(sl_forward(tape, model, sl_tensor_new(ctx, sl_dims(3, 2), rows)));
    assert_says(ctx, SL_EINVAL,
                "town: row 2 begins with 12: wants a category's number, a whole one from 0 to 11");
    assert_int_equal(sl_compile(model, .loss = "mse"), SL_OK);
    sl_model *end = sl_sequential(ctx, sl_input(.units = 2), sl_fourier(.units = 3));
    assert_int_equal(sl_compile(end, .loss = "mse"), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "fourier_1: a net cannot end in a fourier layer");
    sl_ctx_free(ctx);
}

/* Every allocation of making, running and training such a net fails once; nothing is lost. */
static void without_memory_it_fails_and_leaves_nothing(void **unused)
{
    (void)unused;
    size_t failures = 0;
    for (size_t at = 1;; at++) {
        test_memory memory = { .fail_at = at };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_model *model = ctx ? sl_model_parse(ctx, columned_net) : NULL;
        sl_tensor *x = model ? sl_tensor_new(ctx, sl_dims(4, 6), NULL) : NULL;
        sl_tape *tape = x ? sl_tape_new(ctx, SL_TRAIN) : NULL;
        sl_tensor *y = tape ? sl_forward(tape, model, x) : NULL;
        const bool whole = y && !sl_backward(tape, sl_mean(tape, y));
        assert_true(whole || !ctx || sl_error(ctx) == SL_ENOMEM);
        sl_ctx_free(ctx);
        assert_int_equal(memory.bytes, 0);
        assert_int_equal(memory.blocks, 0);
        assert_false(memory.wrong_size);
        if (memory.calls < at)
            break;
        failures++;
    }
    assert_true(failures > 50);
}

/* In 3,000 steps, from each of three starts; 32 units of relu alone do not. */
static void waves_untangle_the_spiral(void **unused)
{
    (void)unused;
    static const char *const nets[] = { "32 relu, 1", "fourier 16, 32 relu, 1" };
    for (uint64_t seed = 1; seed <= 3; seed++)
        for (int waves = 0; waves < 2; waves++) {
            sl_ctx *ctx = engine_ctx(seed);
            sl_data *data = sl_data_open(ctx, "builtin:spiral", NULL);
            sl_model *model = sl_model_parse(ctx, nets[waves]);
            assert_int_equal(sl_compile(model, .loss = "bce", .optimizer = sl_adam()), SL_OK);
            sl_fit(model, data, .steps = 3000);
            assert_fine(ctx);
            const double accuracy = sl_report_at(sl_evaluate(ctx, model, data), 0, "accuracy");
            print_message("%s on the spiral, seed %d: accuracy %.4f\n", nets[waves], (int)seed, accuracy);
            assert_true(waves ? accuracy >= 0.99 : accuracy < 0.8);
            sl_ctx_free(ctx);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_take_from_the_front_and_add_at_the_end),
        cmocka_unit_test(fourier_takes_all_or_some_and_keeps_or_not),
        cmocka_unit_test(starts_are_normal_whatever_the_init),
        cmocka_unit_test(files_slices_and_chains_keep_them),
        cmocka_unit_test(frozen_shared_and_unseen_rows),
        cmocka_unit_test(training_gives_the_same_bits),
        cmocka_unit_test(stopped_and_continued_they_end_in_the_same_bits),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(without_memory_it_fails_and_leaves_nothing),
        cmocka_unit_test(waves_untangle_the_spiral),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
