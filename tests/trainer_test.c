/* trainer_test.c - which rows stand for all, and the figures kept from the best epoch. */
#include "core/random.h"
#include "engine.h"
#include "train/trainer.h"

enum { TRAINER_TEST_SAMPLE = 10000 };

static sl_trainer *trainer_of(sl_ctx *ctx, const char *source, const sl_fit_options *options)
{
    sl_model *model = sl_model_parse(ctx, "4 tanh, 1");
    assert_int_equal(sl_compile(model, .loss = "bce", .optimizer = sl_adam(.lr = (sl_real)0.05)), SL_OK);
    sl_trainer *t = sl_trainer_new(model, sl_data_open(ctx, source, NULL), options);
    assert_fine(ctx);
    return t;
}

/* By definition: a row is taken when fewer than 10,000 keys lie before its own. */
static void the_sample_has_the_lowest_keys(void **state)
{
    (void)state;
    static const int sizes[] = { 10001, 25000, 70000 };
    for (uint64_t seed = 1; seed <= 6; seed++) {
        const size_t rows = (size_t)sizes[seed % 3];
        char source[64];
        snprintf(source, sizeof source, "builtin:gauss?rows=%zu", rows);
        sl_ctx *ctx = engine_ctx(seed);
        sl_trainer *t = trainer_of(ctx, source, &(sl_fit_options){ .epochs = 1, .validation_fraction = -1 });
        assert_int_equal(t->sample_count, TRAINER_TEST_SAMPLE);
        uint64_t highest = 0;
        for (size_t i = 0; i < TRAINER_TEST_SAMPLE; i++) {
            assert_true(t->sample[i] < rows && (i == 0 || t->sample[i] > t->sample[i - 1]));
            const uint64_t key = sl_random_bits(seed, SL_FOR_SAMPLE, 0, 0, t->sample[i]);
            highest = key > highest ? key : highest;
        }
        size_t lower = 0;
        for (size_t row = 0; row < rows; row++)
            lower += sl_random_bits(seed, SL_FOR_SAMPLE, 0, 0, row) < highest;
        assert_int_equal(lower, TRAINER_TEST_SAMPLE - 1);
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = engine_ctx(1);
    sl_trainer *t = trainer_of(ctx, "builtin:gauss?rows=10000",
                               &(sl_fit_options){ .epochs = 1, .validation_fraction = -1 });
    assert_null(t->sample);
    assert_int_equal(t->sample_count, 10000);
    sl_ctx_free(ctx);
}

static void same_figures(const sl_report *a, const sl_report *b)
{
    assert_non_null(a);
    assert_non_null(b);
    assert_int_equal(sl_report_columns(a), sl_report_columns(b));
    for (int c = 0; c < sl_report_columns(a); c++)
        assert_true(sl_report_at(a, 0, sl_report_column(a, c)) == sl_report_at(b, 0, sl_report_column(a, c)));
    for (int i = 0; i < 4; i++)
        assert_int_equal(sl_report_confusion(a, i / 2, i % 2), sl_report_confusion(b, i / 2, i % 2));
}

static void kept_figures_are_those_measured_again(void **state)
{
    (void)state;
    for (int validated = 0; validated < 2; validated++) {
        sl_ctx *ctx = engine_ctx(7);
        /* a step so large that the last epoch is not the best */
        sl_trainer *t =
            trainer_of(ctx, "builtin:moons?rows=200&noise=0.4",
                       &(sl_fit_options){ .epochs = 40, .validation_fraction = validated ? 0.3 : -1 });
        t->step->set.lr = (sl_real)0.5;
        assert_int_equal(sl_trainer_keep(t), SL_OK);
        assert_true(t->keeps);
        assert_int_equal(sl_trainer_run(t), SL_OK);
        assert_true(t->best_epoch < 40 && t->kept_epoch == t->best_epoch);
        for (int part = 0; part <= validated; part++) {
            sl_report *kept = sl_trainer_figures(t, part);
            t->kept_epoch = 0;
            same_figures(kept, sl_trainer_figures(t, part));
            t->kept_epoch = t->best_epoch;
        }
        assert_true(validated || !sl_trainer_figures(t, 1));
        sl_ctx_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_has_the_lowest_keys),
        cmocka_unit_test(kept_figures_are_those_measured_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
