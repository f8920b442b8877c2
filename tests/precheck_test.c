/* Checks before the first step: figures against plain loops, a gradient with a seeded fault is caught and a
 * right one is not, and the case stays as it was. */
#define _XOPEN_SOURCE 700
#include "finding_data.h"
#include "diagnose/precheck.h"

#include <unistd.h>

static char place[64];

static int begin(void **unused)
{
    (void)unused;
    strcpy(place, "/tmp/slope-precheck-XXXXXX");
    const int file = mkstemp(place);
    return file >= 0 ? close(file) : 1;
}

static int end(void **unused)
{
    (void)unused;
    return unlink(place);
}

/* Twelve rows, x twice each; the first pair contradicts itself. number: their target is an amount. */
static void pairs_write(bool number)
{
    FILE *file = fopen(place, "w");
    assert_non_null(file);
    fputs("x,y\n", file);
    for (int i = 0; i < 12; i++) {
        const int pair = i / 2, odd = i == 1 ? 1 : pair % 2;
        fprintf(file, number ? "%d,%d.5\n" : "%d,%c\n", pair, number ? 2 * odd : odd ? 'b' : 'a');
    }
    fclose(file);
}

static sl_case *case_of(sl_ctx *ctx, const sl_run_options *options)
{
    sl_case *c = sl_case_new(ctx, options, NULL, true, 0);
    if (!c)
        print_message("%s\n", sl_message(ctx));
    assert_non_null(c);
    if (c->refused)
        print_message("%s\n", c->message);
    assert_false(c->refused);
    return c;
}

static const sl_precheck_line *line_of(const sl_case *c, const char *name)
{
    for (int i = 0; c->checks && i < c->checks->count; i++)
        if (!strcmp(c->checks->line[i].name, name))
            return &c->checks->line[i];
    return NULL;
}

static void check_near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance * (1 + fabs(wanted))))
        print_message("got %.17g, wanted %.17g\n", got, wanted);
    assert_true(fabs(got - wanted) <= tolerance * (1 + fabs(wanted)));
}

static void S149_one_batch_is_learned_down_to_its_floor(void **unused)
{
    (void)unused;
    for (int number = 0; number < 2; number++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        pairs_write(number);
        const sl_run_options options = { .data = place,
                                         .table = { .target = "y" },
                                         .task = number ? "regression" : "classification",
                                         .validation = "0",
                                         .target_scale = number ? "none" : NULL,
                                         .skip_checks = "too_few,duplicates",
                                         .net = "64 tanh" };
        sl_case *c = case_of(ctx, &options);
        sl_one_batch b;
        assert_int_equal(sl_precheck_batch(c, &b), SL_OK);
        assert_int_equal(b.rows, 12);
        assert_int_equal(b.alike, 2);
        /* classes: 6 a, 6 b (one of the first pair's is b); numbers 0.5 and 2.5 */
        int ones = 0;
        for (int i = 0; i < 12; i++)
            ones += i == 1 ? 1 : i / 2 % 2;
        const double p = ones / 12.0;
        if (number) {
            check_near(b.floor, 2 * 1.0 / 12, 1e-6);
            check_near(b.chance, 4 * p * (1 - p), 1e-6);
        } else {
            check_near(b.floor, 2 * log(2) / 12, 1e-6);
            check_near(b.chance, -p * log(p) - (1 - p) * log(1 - p), 1e-6);
        }
        check_near(b.wanted, b.floor + 0.1 * ((b.first < b.chance ? b.first : b.chance) - b.floor), 1e-6);
        assert_true(b.last >= b.floor - 1e-6 && b.last <= b.wanted);
        assert_true(b.steps > 0);
        const sl_precheck_line *line = line_of(c, "one batch learned");
        assert_true(line && line->ok && line->value == b.last);
        assert_non_null(strstr(line->sentence, "2 of them contradict"));
        sl_case_free(c);
        sl_ctx_free(ctx);
    }
}

static void S149_what_keeps_a_batch_from_being_learned(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_run_options options = { .data = "builtin:spiral", .net = "16 relu, 16 relu", .init = "zeros" };
    sl_case *c = case_of(ctx, &options);
    const sl_precheck_line *line = line_of(c, "one batch learned");
    assert_true(line && !line->ok);
    assert_true(line_of(c, "gradient")->ok); /* it is right, and 0 */
    sl_case_free(c);
    sl_ctx_free(ctx);
}

/* The weights are those of the same training that nobody looked at, and what is said does not depend on
 * threads. */
static void S149_the_case_is_left_as_it_was(void **unused)
{
    (void)unused;
    const sl_run_options options = { .data = "builtin:moons",
                                     .net = "16 relu, batch_norm, dropout 0.2, 8 tanh" };
    struct sl_precheck_list lists[2];
    for (int i = 0; i < 2; i++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .threads = i ? 3 : 1 });
        sl_case *c = case_of(ctx, &options);
        sl_run_options plain = options;
        plain.keep_nothing = true;
        sl_run *run = sl_run_new(ctx, &plain);
        assert_non_null(run);
        const sl_model *a = c->own->model, *b = sl_run_model(run);
        assert_int_equal(a->padded, b->padded);
        assert_memory_equal(a->values, b->values, a->padded * sizeof *a->values);
        for (int k = 0; k < a->running_count; k++)
            assert_memory_equal(a->running[k]->v, b->running[k]->v, a->running[k]->count * sizeof(sl_real));
        assert_int_equal(c->own->trainer->steps, 0);
        lists[i] = *c->checks;
        sl_run_free(run);
        sl_case_free(c);
        sl_ctx_free(ctx);
    }
    assert_int_equal(lists[0].count, lists[1].count);
    for (int i = 0; i < lists[0].count; i++) {
        assert_memory_equal(&lists[0].line[i].value, &lists[1].line[i].value, sizeof(double));
        assert_string_equal(lists[0].line[i].sentence, lists[1].line[i].sentence);
    }
}

/* --- gradients ------------------------------------------------------------------------------------------ */

static struct {
    const sl_op *op;
    sl_real factor;
} spoiled;

static void spoiled_derive(sl_isa isa, sl_real number, sl_real *g, const sl_real *gy, const sl_real *y,
                           const sl_real *z, size_t n)
{
    spoiled.op->derive(isa, number, g, gy, y, z, n);
    for (size_t i = 0; i < n; i++)
        g[i] *= spoiled.factor;
}

static double slopes_with(sl_case *c, sl_real factor)
{
    sl_built *layer = &c->own->model->layers[0];
    while (!layer->activation)
        layer++;
    spoiled.op = layer->activation;
    spoiled.factor = factor;
    sl_op wrong = *spoiled.op;
    wrong.derive = spoiled_derive;
    layer->activation = &wrong;
    sl_slope_check found;
    assert_int_equal(sl_precheck_slopes(c, &found), SL_OK);
    layer->activation = spoiled.op;
    assert_true(found.checked > 0);
    return found.worst;
}

static void S149_a_wrong_gradient_is_caught(void **unused)
{
    (void)unused;
    static const char *const nets[] = { "16 tanh, 8 tanh", "32 relu", "8 sigmoid, 8 gelu" };
    static const sl_real factors[] = { -1, 2, (sl_real)0.8, 0 };
    for (size_t i = 0; i < 3; i++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        const sl_run_options options = { .data = "builtin:moons", .net = nets[i] };
        sl_case *c = case_of(ctx, &options);
        assert_true(slopes_with(c, 1) <= sl_precheck_slope_limit);
        for (size_t k = 0; k < sizeof factors / sizeof *factors; k++) {
            const double worst = slopes_with(c, factors[k]);
            if (!(worst > sl_precheck_slope_limit))
                print_message("%s, factor %g: %g\n", nets[i], (double)factors[k], worst);
            assert_true(worst > sl_precheck_slope_limit);
        }
        sl_case_free(c);
        sl_ctx_free(ctx);
    }
}

/* Kinks next to the weights, sums near 0, large weights: nothing there is a wrong gradient. */
static void S149_right_gradients_pass(void **unused)
{
    (void)unused;
    static const char *const inits[] = { NULL, "normal std=5", "normal std=0.001", "zeros" };
    static const char *const data[] = { "builtin:xor", "builtin:spiral?rows=560&seed=645278",
                                        "builtin:line" };
    static const char *const nets[] = { "24 leaky_relu", "32 relu, 32 relu", "16 gelu, batch_norm, 16 relu",
                                        "32 relu, dropout 0.5", "16 relu, 16 relu, 16 relu, 16 relu" };
    for (int i = 0; i < 3 * 5 * 4; i++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = (uint64_t)(1 + i % 5) });
        const sl_run_options options = { .data = data[i % 3], .net = nets[i / 3 % 5], .init = inits[i / 15] };
        sl_case *c = case_of(ctx, &options);
        const sl_precheck_line *line = line_of(c, "gradient");
        if (!line->ok)
            print_message("%s, %s, %s: %s\n", options.data, options.net, options.init ? options.init : "-",
                          line->sentence);
        assert_true(line->ok);
        sl_case_free(c);
        sl_ctx_free(ctx);
    }
}

/* --- rows ----------------------------------------------------------------------------------------------- */

enum { ROWS = 300 };

static void S149_targets_that_the_last_layer_cannot_give(void **unused)
{
    (void)unused;
    static sl_real x[ROWS * 2], y[ROWS];
    uint64_t state = 3;
    size_t outside = 0;
    for (size_t i = 0; i < ROWS; i++) {
        x[2 * i] = (sl_real)engine_uniform(&state, -1, 1);
        x[2 * i + 1] = (sl_real)engine_uniform(&state, -1, 1);
        y[i] = (sl_real)engine_uniform(&state, -2, 2);
        outside += (double)y[i] < -1 || (double)y[i] > 1;
    }
    facts_case f;
    facts_open(&f, ROWS, 2, x, y, 0);
    f.model->layers[f.model->count - 1].activation = sl_op_find("tanh");
    f.c.checks = sl_alloc(f.ctx, sizeof *f.c.checks);
    assert_int_equal(sl_precheck_rows(&f.c), SL_OK);
    const sl_precheck_line *line = line_of(&f.c, "targets out of reach");
    assert_non_null(line);
    check_near(line->value, (double)outside / ROWS, 1e-12);
    assert_false(line->ok);
    /* the validation rows are the training rows themselves */
    line = line_of(&f.c, "rows in both parts");
    assert_true(line && line->value == 1 && !line->ok);
    sl_free(f.ctx, f.c.checks);
    facts_close(&f);
}

static void S149_rows_that_are_not_finite(void **unused)
{
    (void)unused;
    static sl_real x[ROWS * 2], y[ROWS];
    uint64_t state = 4;
    for (size_t i = 0; i < ROWS * 2; i++)
        x[i] = (sl_real)engine_uniform(&state, -1, 1);
    for (size_t i = 0; i < ROWS; i++)
        y[i] = (sl_real)(i % 2);
    facts_case f;
    facts_open(&f, ROWS, 2, x, y, 2);
    sl_real *stored = (sl_real *)(uintptr_t)f.data->store->reals; /* behind the back of what refuses them */
    stored[2 * 40] = (sl_real)NAN;
    stored[2 * 90 + 1] = (sl_real)INFINITY;
    assert_int_equal(sl_data_look_take(&f.c), SL_OK);
    f.c.checks = sl_alloc(f.ctx, sizeof *f.c.checks);
    assert_int_equal(sl_precheck_rows(&f.c), SL_OK);
    const sl_precheck_line *line = line_of(&f.c, "rows not finite");
    assert_true(line && line->value == 2 && !line->ok);
    assert_non_null(strstr(line->sentence, "row 40 the first"));
    sl_free(f.ctx, f.c.checks);
    facts_close(&f);
}

static void S149_the_list_as_others_see_it(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_run_options options = { .data = "builtin:digits?rows=400",
                                     .net = "32 relu",
                                     .init = "normal std=30" };
    sl_diagnosis *d = sl_diagnose(ctx, &(sl_diagnose_options){ .options = &options, .precheck = true });
    assert_non_null(d);
    sl_precheck check;
    bool seen = false;
    for (int i = 0; sl_diagnosis_check_at(d, i, &check); i++)
        if (!strcmp(check.name, "loss at the start")) {
            seen = true;
            assert_false(check.ok);
            assert_true(check.value > 3 * log(10));
            assert_string_equal(check.finding, "init_too_large");
            assert_non_null(strstr(check.wanted, " to 6.908")); /* 3 ln 10 */
        }
    assert_true(seen);
    assert_false(sl_diagnosis_check_at(d, -1, &check));
    assert_false(sl_diagnosis_check_at(NULL, 0, &check));
    sl_diagnosis_free(d);
    sl_ctx_free(ctx);
}

static void S149_the_loss_at_the_start_is_near_ln_K(void **unused)
{
    (void)unused;
    static const struct {
        const char *data;
        double classes;
    } sets[] = { { "builtin:digits?rows=400", 10 }, { "builtin:moons", 2 } };
    for (size_t i = 0; i < 2; i++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        /* linear from zeros: exactly ln K */
        sl_case *c = case_of(ctx, &(sl_run_options){ .data = sets[i].data, .init = "zeros" });
        const sl_precheck_line *line = line_of(c, "loss at the start");
        check_near(line->value, log(sets[i].classes), 1e-6);
        assert_true(line->ok);
        sl_case_free(c);
        sl_ctx_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S149_one_batch_is_learned_down_to_its_floor),
        cmocka_unit_test(S149_what_keeps_a_batch_from_being_learned),
        cmocka_unit_test(S149_the_case_is_left_as_it_was),
        cmocka_unit_test(S149_a_wrong_gradient_is_caught),
        cmocka_unit_test(S149_right_gradients_pass),
        cmocka_unit_test(S149_targets_that_the_last_layer_cannot_give),
        cmocka_unit_test(S149_rows_that_are_not_finite),
        cmocka_unit_test(S149_the_list_as_others_see_it),
        cmocka_unit_test(S149_the_loss_at_the_start_is_near_ln_K),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
