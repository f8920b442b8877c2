#define _XOPEN_SOURCE 700 /* mkstemp */
/* The stages around an optimizer's rule: clipping, L1, the norm of rows, groups, frozen parameters, the
 * average. Runs in both builds. */
#include "engine.h"
#include "kernel/kernel.h"
#include "model/model.h"
#include "optim/optim.h"

#include <unistd.h>

/* A step with gradients that are given. */
static void step_with(sl_step *step, sl_tensor *t, const double *g)
{
    for (size_t i = 0; i < t->count; i++)
        t->g[i] = (sl_real)g[i];
    t->has_grad = true;
    assert_int_equal(sl_step_apply(step), SL_OK);
}

static void S124_clipping_by_norm(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *p[] = { sl_param(ctx, sl_dims(1, 2), "zeros"), sl_param(ctx, sl_dims(1), "zeros"),
                       sl_param(ctx, sl_dims(3),
                                "zeros") }; /* the last one has no gradient: it does not count */
    sl_step *step = sl_step_new(ctx, sl_sgd(.lr = 1, .clip_norm = (sl_real)6.5), p, 3);
    p[2]->g[0] = 1000;
    static const struct {
        double g[3], wanted[3];
        size_t clipped;
    } cases[] = { { { 3, -4, 12 }, { 1.5, -2, 6 }, 1 }, /* of length 13 */
                  { { 0, 0, 0 }, { 0, 0, 0 }, 1 },
                  { { 1, 2, -2 }, { 1, 2, -2 }, 1 },
                  { { 6.5, 0, 0 }, { 6.5, 0, 0 }, 1 },
                  { { 0, 0, 1e18 }, { 0, 0, 6.5 }, 2 } };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        sl_real before[3] = { p[0]->v[0], p[0]->v[1], p[1]->v[0] };
        p[0]->g[0] = (sl_real)cases[c].g[0];
        p[0]->g[1] = (sl_real)cases[c].g[1];
        p[0]->has_grad = true;
        step_with(step, p[1], &cases[c].g[2]);
        const sl_real after[3] = { p[0]->v[0], p[0]->v[1], p[1]->v[0] };
        for (int i = 0; i < 3; i++)
            assert_near(before[i] - after[i], cases[c].wanted[i], engine_tolerance(1e-6, 1e-14));
        assert_int_equal(sl_step_clipped(step), cases[c].clipped);
    }
    sl_ctx_free(ctx);
    ctx = engine_ctx(1);
    sl_tensor *w = sl_param(ctx, sl_dims(4), "zeros");
    step = sl_step_new(ctx, sl_sgd(.lr = 1, .clip_value = 2, .clip_norm = 3), &w, 1);
    step_with(step, w, (const double[]){ 1, -9, 2, 4 }); /* 1, -2, 2, 2: of length sqrt 13 */
    const double cut[] = { -1, 2, -2, -2 };
    for (int i = 0; i < 4; i++)
        assert_near(w->v[i], cut[i] * 3 / sqrt(13), engine_tolerance(1e-6, 1e-14));
    step_with(step, w, (const double[]){ 1, 1, 1, 1 });
    assert_int_equal(sl_step_clipped(step), 1);
    sl_ctx_free(ctx);
}

/* Threads, and where spans are cut, change nothing; a table's untouched rows have no part. */
static void clipped_steps_are_the_same_for_all_threads(void **unused)
{
    (void)unused;
    static sl_real first[2][60000];
    for (int threads = 1; threads <= 3; threads++) {
        sl_ctx *ctx = engine_crew(threads == 2 ? "plain" : NULL, threads);
        sl_model *model = sl_model_parse(ctx, "input 201, 203 tanh, 37 relu, 3");
        const sl_optimizer optimizer =
            sl_adam(.lr = (sl_real)0.01, .clip_norm = (sl_real)0.5, .l1 = (sl_real)0.01,
                    .l1_prox = (sl_real)0.02, .max_norm = 1, .average = (sl_real)0.9);
        sl_step *step = sl_step_new(ctx, optimizer, model->params, sl_model_params(model));
        assert_fine(ctx);
        uint64_t state = 5;
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < sl_model_params(model); i++) {
                engine_fill(&state, model->params[i]->g, model->params[i]->count, -1, 1);
                model->params[i]->has_grad = true;
            }
            assert_int_equal(sl_step_apply(step), SL_OK);
        }
        assert_int_equal(sl_step_clipped(step), 3);
        for (int swap = 0; swap < 2; swap++) {
            assert_true(model->padded <= 60000);
            if (threads == 1)
                memcpy(first[swap], model->values, model->padded * sizeof(sl_real));
            assert_bits(model->values, first[swap], model->padded);
            assert_int_equal(sl_step_average_swap(step), SL_OK);
        }
        sl_ctx_free(ctx);
    }
    assert_true(memcmp(first[0], first[1], sizeof first[0]) != 0);
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *table = sl_param(ctx, sl_dims(100, 2), "zeros");
    sl_step *step = sl_step_new(
        ctx, sl_sgd(.lr = 1, .clip_norm = 1, .max_norm = (sl_real)0.5, .l1 = (sl_real)0.1), &table, 1);
    table->v[0] = 9; /* row 0 is too long, but in no bag */
    const sl_bags bags = { .ids = (const int[]){ 70, 3, 70 },
                           .offsets = (const size_t[]){ 0, 3 },
                           .count = 1 };
    sl_backward(tape, sl_sum(tape, sl_embedding_bag(tape, table, &bags, "sum")));
    assert_int_equal(sl_step_apply(step), SL_OK); /* 2, 2 and 1, 1: of length sqrt 10 */
    assert_int_equal(sl_step_clipped(step), 1);
    assert_true(table->v[0] == 9);
    assert_near(table->v[6], -1 / sqrt(10), 1e-6);
    assert_near(table->v[140], -0.5 / sqrt(2), 1e-6); /* then cut to its length */
    sl_ctx_free(ctx);
}

/* S68, S137: what L1 and L2 do to the gradient, to the loss, and that L1 gives exact zeros. */
static void S68_S137_penalties(void **unused)
{
    (void)unused;
    const sl_real start[] = { (sl_real)0.5, -2, 0, (sl_real)0.05 };
    const double nothing[4] = { 0 };
    static const struct {
        sl_optimizer optimizer;
        double after[4], penalty;
    } cases[] = {
        { { .rule = "sgd", .lr = (sl_real)0.5, .decay = (sl_real)0.1 },
          { 0.475, -1.9, 0, 0.0475 },
          0.212625 },
        { { .rule = "sgd", .lr = (sl_real)0.5, .l1 = (sl_real)0.4 }, { 0.3, -1.8, 0, -0.15 }, 1.02 },
        { { .rule = "sgd", .lr = (sl_real)0.5, .l1_prox = (sl_real)0.4 }, { 0.3, -1.8, 0, 0 }, 1.02 },
        { { .rule = "adamw", .lr = (sl_real)0.5, .decay = (sl_real)0.1 }, { 0.475, -1.9, 0, 0.0475 }, 0 },
        { { .rule = "lion", .lr = (sl_real)0.5, .decay = (sl_real)0.1 }, { 0.475, -1.9, 0, 0.0475 }, 0 },
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (int bias = 0; bias < 2; bias++) {
            sl_ctx *ctx = engine_ctx(1);
            sl_tensor *w = engine_param(ctx, bias ? sl_dims(4) : sl_dims(2, 2), start);
            sl_step *step = sl_step_new(ctx, cases[c].optimizer, &w, 1);
            assert_near(sl_step_penalty(step), bias ? 0 : cases[c].penalty, 1e-6);
            w->learns = false; /* frozen: no penalty makes it smaller */
            assert_true(sl_step_penalty(step) == 0);
            w->learns = true;
            step_with(step, w, nothing);
            for (int i = 0; i < 4; i++)
                assert_near(w->v[i], bias ? (double)start[i] : cases[c].after[i],
                            engine_tolerance(1e-6, 1e-14));
            if (cases[c].optimizer.l1_prox > 0 && !bias) /* exact, and it stays there */
                for (int k = 0; k < 10; k++) {
                    assert_true(w->v[3] == 0 && w->v[2] == 0);
                    step_with(step, w, nothing);
                }
            sl_ctx_free(ctx);
        }
    sl_ctx *ctx = engine_ctx(1); /* behind each other in a model: weights only */
    sl_model *model = sl_model_parse(ctx, "input 3, 4, 2");
    sl_step *step = sl_step_new(ctx, sl_sgd(.lr = 1, .l1 = (sl_real)0.25), model->params, 4);
    for (int i = 0; i < 4; i++) {
        sl_fill(SL_ISA_PLAIN, model->params[i]->v, 1, model->params[i]->count);
        model->params[i]->has_grad = true;
    }
    assert_int_equal(sl_step_apply(step), SL_OK);
    for (int i = 0; i < 4; i++)
        for (size_t j = 0; j < model->params[i]->count; j++)
            assert_true(model->params[i]->v[j] == (model->params[i]->shape.rank > 1 ? (sl_real)0.75 : 1));
    sl_ctx_free(ctx);
}

static void rows_longer_than_max_norm_are_cut(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const sl_real start[] = { 3, 4, (sl_real)0.3, (sl_real)0.4, 0, 0, -6, 8 };
    sl_tensor *p[] = { engine_param(ctx, sl_dims(4, 2), start), engine_param(ctx, sl_dims(8), start) };
    sl_step *step = sl_step_new(ctx, sl_sgd(.max_norm = 2), p, 2);
    const double nothing[8] = { 0 }, wanted[] = { 1.2, 1.6, 0.3, 0.4, 0, 0, -1.2, 1.6 };
    p[0]->has_grad = true;
    step_with(step, p[1], nothing);
    for (int i = 0; i < 8; i++)
        assert_near(p[0]->v[i], wanted[i], engine_tolerance(1e-6, 1e-14));
    assert_bits(p[0]->v + 2, start + 2, 4);
    assert_bits(p[1]->v, start, 8);
    sl_ctx_free(ctx);
}

static void groups_have_an_lr_and_a_decay_of_their_own(void **unused)
{
    (void)unused;
    static const char *const rules[] = { "sgd", "adam", "adamw", "nadam" };
    for (size_t r = 0; r < 4; r++) {
        const sl_optimizer optimizer = { .rule = rules[r], .lr = (sl_real)0.5, .decay = (sl_real)0.25 };
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = sl_model_parse(ctx, "input 1, 1, 1"); /* w b w b, one behind the other */
        sl_step *step = sl_step_new(ctx, optimizer, model->params, 4);
        assert_int_equal(sl_step_group(step, model->params[1], (sl_group){ .decay = (sl_real)0.125 }), SL_OK);
        assert_int_equal(
            sl_step_group(step, model->params[2], (sl_group){ .decay = -1, .lr_scale = (sl_real)0.5 }),
            SL_OK);
        static const double lr[] = { 0.5, 0.5, 0.25, 0.5 }, decay[] = { 0.25, 0.125, -1, -1 };
        for (int i = 0; i < 4; i++)
            model->params[i]->v[0] = 1;
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < 4; i++) {
                model->params[i]->g[0] = (sl_real)(i + 1 + k);
                model->params[i]->has_grad = true;
            }
            assert_int_equal(sl_step_apply(step), SL_OK);
        }
        for (int i = 0; i < 4; i++) { /* as each would go alone */
            sl_tensor *one = engine_param(ctx, sl_dims(1, 1), (const sl_real[]){ 1 });
            sl_step *alone = sl_step_new(
                ctx, (sl_optimizer){ .rule = rules[r], .lr = (sl_real)lr[i], .decay = (sl_real)decay[i] },
                &one, 1);
            for (int k = 0; k < 3; k++)
                step_with(alone, one, (const double[]){ i + 1 + k });
            assert_bits(model->params[i]->v, one->v, 1);
        }
        sl_tensor *stranger = sl_param(ctx, sl_dims(1), "zeros");
        sl_step_group(step, stranger, (sl_group){ 0 });
        assert_says(ctx, SL_EINVAL, "none of the step's 4 parameters");
        sl_step_group(step, model->params[0], (sl_group){ .lr_scale = -1 });
        assert_says(ctx, SL_EINVAL, "lr_scale is -1: wants a number above 0 and below 1e30 (default 1)");
        sl_ctx_free(ctx);
    }
}

static void frozen_parameters_stay_as_they_are(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    const sl_real start[] = { 1, 2 };
    sl_tensor *p[] = { engine_param(ctx, sl_dims(1, 2), start), engine_param(ctx, sl_dims(1, 2), start) };
    p[0]->learns = false;
    sl_step *step = sl_step_new(ctx, sl_adamw(.lr = 1), p, 2);
    assert_fine(ctx);
    for (int k = 0; k < 2; k++) {
        sl_backward(tape, sl_sum(tape, sl_mul(tape, p[0], p[1])));
        assert_int_equal(sl_step_apply(step), SL_OK);
    }
    assert_bits(p[0]->v, start, 2);
    assert_true(p[1]->v[0] != 1);
    p[1]->learns = false; /* with a gradient that came before: it is dropped */
    p[1]->has_grad = true;
    p[1]->g[0] = 1;
    const sl_real before = p[1]->v[0];
    assert_int_equal(sl_step_apply(step), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "no gradient");
    assert_true(p[1]->v[0] == before && p[1]->g[0] == 0 && !p[1]->has_grad);
    sl_ctx_free(ctx);
}

/* a_t = (1 - d) sum d^(t-i) w_i / (1 - d^t), also of weights that have no gradient in some step. */
static void averages_are_their_formula(void **unused)
{
    (void)unused;
    enum { N = 3, STEPS = 30 };
    const double d = 0.8;
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *p[] = { sl_param(ctx, sl_dims(N), "normal:1"), sl_param(ctx, sl_dims(1), "normal:1") };
    sl_step *step = sl_step_new(ctx, sl_sgd(.lr = (sl_real)0.1, .average = (sl_real)d), p, 2);
    const sl_real still = p[1]->v[0];
    double sum[N] = { 0 }, weight = 0;
    assert_int_equal(sl_step_average_swap(step), SL_OK); /* before the first step: the weights themselves */
    assert_true(p[1]->v[0] == still);
    assert_int_equal(sl_step_average_swap(step), SL_OK);
    for (int t = 1; t <= STEPS; t++) {
        const double g[N] = { sin(t), 1, -0.5 * t };
        step_with(step, p[0], g);
        weight = weight * d + (1 - d);
        sl_real weights[N];
        memcpy(weights, p[0]->v, sizeof weights);
        assert_int_equal(sl_step_average_swap(step), SL_OK);
        for (int i = 0; i < N; i++) {
            sum[i] = sum[i] * d + (1 - d) * (double)weights[i];
            assert_near(p[0]->v[i], sum[i] / weight, engine_tolerance(4e-6, 1e-13));
        }
        assert_near(p[1]->v[0], still, engine_tolerance(1e-6, 1e-14));
        p[0]->has_grad = true;
        assert_int_equal(sl_step_apply(step), SL_EINVAL);
        assert_says(ctx, SL_EINVAL, "call sl_step_average_swap first");
        assert_int_equal(sl_step_average_swap(step), SL_OK);
        assert_bits(p[0]->v, weights, N); /* twice: back */
        assert_true(p[1]->v[0] == still);
    }
    sl_step *plain = sl_step_new(ctx, sl_sgd(), p, 2);
    sl_step_average_swap(plain);
    assert_says(ctx, SL_EINVAL, "keeps no average");
    sl_ctx_free(ctx);
}

/* --- words, and what a checkpoint keeps --- */

/* T16: epsilon has a name, a default, and is written down. */
static void T16_epsilon_is_named_and_printed(void **unused)
{
    (void)unused;
    static const struct {
        const char *rule;
        double epsilon;
    } known[] = { { "adam", 1e-8 },    { "adamw", 1e-8 },    { "amsgrad", 1e-8 }, { "nadam", 1e-8 },
                  { "rmsprop", 1e-8 }, { "adagrad", 1e-10 }, { "adadelta", 1e-6 } };
    sl_ctx *ctx = engine_ctx(1);
    size_t found = 0;
    sl_word word;
    for (int i = 0; sl_catalogue("optimizer", i, &word); i++)
        for (const sl_option *o = word.options; o && o->name; o++)
            for (size_t k = 0; k < sizeof known / sizeof *known; k++)
                if (!strcmp(o->name, "epsilon") && !strcmp(word.name, known[k].rule)) {
                    assert_true(o->normal == known[k].epsilon);
                    found++;
                    sl_optimizer set;
                    assert_non_null(sl_rule_find(ctx, &(sl_optimizer){ .rule = word.name }, &set));
                    assert_true(set.epsilon == (sl_real)known[k].epsilon);
                    sl_text json;
                    sl_text_init(&json, ctx);
                    sl_optimizer_put(&json, &set);
                    assert_non_null(strstr(sl_text_string(&json), "\"epsilon\": 1e-"));
                    sl_text_free(&json);
                }
    assert_int_equal(found, sizeof known / sizeof *known);
    sl_ctx_free(ctx);
}

static sl_status stop_at(void *user, const sl_progress *progress)
{
    return progress->step == *(const size_t *)user ? SL_ESTOPPED : SL_OK;
}

/* A training that was stopped and goes on has the bits of one that was not: every rule, all stages. */
static void every_rule_goes_on_from_a_checkpoint(void **unused)
{
    (void)unused;
    char path[] = "/tmp/slope_optimizer_XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0);
    close(handle); /* Windows removes no file that is open */
    for (size_t r = 0; sl_rule_at(r); r++) {
        uint64_t digest[2];
        for (int broken = 0; broken < 2; broken++) {
            sl_model *model = NULL;
            for (int part = 0; part < 1 + broken; part++) {
                sl_ctx *ctx = engine_ctx(3);
                sl_data *data = sl_data_open(ctx, "builtin:moons?rows=120", NULL);
                model = sl_model_parse(ctx, "6 tanh, 1");
                const sl_optimizer optimizer = { .rule = sl_rule_at(r)->name,
                                                 .lr = (sl_real)0.01,
                                                 .clip_value = (sl_real)0.5,
                                                 .clip_norm = (sl_real)0.05,
                                                 .l1_prox = (sl_real)0.01,
                                                 .max_norm = 2,
                                                 .average = (sl_real)0.9 };
                sl_compile(model,
                           .loss =
                               sl_rule_at(r)->only_loss ? sl_rule_at(r)->only_loss : "binary_cross_entropy",
                           .optimizer = optimizer);
                size_t stop = broken && !part ? 17 : 0;
                if (!part)
                    remove(path);
                sl_report *report = sl_fit(model, data, .steps = 40, .batch = 16, .checkpoint = path,
                                           .resume = true, .on_step = stop_at, .user = &stop);
                assert_non_null(report);
                assert_int_equal(sl_error(ctx), stop ? SL_ESTOPPED : SL_OK);
                digest[broken] = sl_model_digest(model);
                sl_ctx_free(ctx);
            }
        }
        if (digest[0] != digest[1])
            fail_msg("%s goes on otherwise", sl_rule_at(r)->name);
    }
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S124_clipping_by_norm),
        cmocka_unit_test(clipped_steps_are_the_same_for_all_threads),
        cmocka_unit_test(S68_S137_penalties),
        cmocka_unit_test(rows_longer_than_max_norm_are_cut),
        cmocka_unit_test(groups_have_an_lr_and_a_decay_of_their_own),
        cmocka_unit_test(frozen_parameters_stay_as_they_are),
        cmocka_unit_test(averages_are_their_formula),
        cmocka_unit_test(T16_epsilon_is_named_and_printed),
        cmocka_unit_test(every_rule_goes_on_from_a_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
