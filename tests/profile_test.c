/* profile_test.c - S200: a profile's costs are those of the formulas, its times add up, and it changes no
 * bit. Runs in both builds. */
#include "core/os.h"
#include "core/profile.h"
#include "engine.h"
#include "model/model.h"

enum { R = sizeof(sl_real) };

static sl_profile_row profile_row(const sl_profile *profile, const char *name)
{
    sl_profile_row row;
    for (int i = 0; sl_profile_at(profile, i, &row); i++)
        if (!strcmp(row.name, name))
            return row;
    fail_msg("no row '%s'", name);
    return row;
}

static void profile_is(const sl_profile *profile, const char *name, uint64_t calls, double flops,
                       double bytes, bool product)
{
    const sl_profile_row row = profile_row(profile, name);
    if (row.calls != calls || row.flops != flops || row.bytes != bytes || row.product != product)
        fail_msg("%s: %llu calls, %.17g operations, %.17g bytes; wants %llu, %.17g, %.17g", name,
                 (unsigned long long)row.calls, row.flops, row.bytes, (unsigned long long)calls, flops,
                 bytes);
}

static double profile_seconds(const sl_profile *profile)
{
    sl_profile_row row;
    double sum = 0;
    for (int i = 0; sl_profile_at(profile, i, &row); i++) {
        assert_true(row.seconds >= 0);
        sum += row.seconds;
    }
    return sum;
}

static void costs_follow_the_formulas(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_profile *profile = sl_profile_new(ctx);
    sl_profile *before = sl_profile_open(ctx, profile);
    assert_null(before);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(5, 7), NULL), *w = sl_param(ctx, sl_dims(3, 7), "he"),
              *b = sl_param(ctx, sl_dims(3), "he"), *a = sl_param(ctx, sl_dims(3, 4), "he"),
              *table = sl_param(ctx, sl_dims(9, 4), "he");
    const sl_bags bags = { .ids = (const int[]){ 1, 8, 1, 4, 0, 0, 2 },
                           .offsets = (const size_t[]){ 0, 2, 2, 3, 6, 7 },
                           .count = 5 };
    for (int i = 0; i < 2; i++) {
        sl_tensor *z = sl_matmul(tape, sl_relu(tape, sl_linear(tape, x, w, b, "tanh")), a);
        z = sl_mul(tape, sl_add(tape, z, sl_embedding_bag(tape, table, &bags, "sum")), z);
        assert_int_equal(sl_backward(tape, sl_mean_squared(tape, z, sl_tensor_new(ctx, sl_dims(5, 4), NULL))),
                         SL_OK);
    }
    sl_linear(sl_tape_new(ctx, SL_INFER), x, w, NULL, NULL);
    sl_profile_close(ctx, profile, before);
    assert_null(ctx->profile);
    assert_fine(ctx);
    /* x has no gradient, so one product; matmul has both */
    profile_is(profile, "linear forward", 2, 2 * 2 * 5 * 7 * 3, 2 * R * (5 * 7 + 3 * 7 + 5 * 3), true);
    profile_is(profile, "linear backward", 2, 2 * 2 * 5 * 7 * 3, 2 * R * (5 * 7 + 3 * 7 + 5 * 3), true);
    profile_is(profile, "linear inference", 1, 2 * 5 * 7 * 3, R * (5 * 7 + 3 * 7 + 5 * 3), true);
    profile_is(profile, "matmul forward", 2, 2 * 2 * 5 * 3 * 4, 2 * R * (5 * 3 + 3 * 4 + 5 * 4), true);
    profile_is(profile, "matmul backward", 2, 2 * 2 * 2 * 5 * 3 * 4, 2 * 2 * R * (5 * 3 + 3 * 4 + 5 * 4),
               true);
    profile_is(profile, "relu forward", 2, 2 * 15, 2 * R * 30, false);  /* x, y */
    profile_is(profile, "relu backward", 2, 2 * 15, 2 * R * 60, false); /* dy, a sign of each, dx twice */
    profile_is(profile, "add forward", 2, 2 * 20, 2 * R * 60, false);
    profile_is(profile, "add backward", 2, 2 * 20, 2 * R * 100, false); /* dy, da and db twice */
    profile_is(profile, "mul backward", 2, 2 * 20, 2 * R * 140, false); /* and a and b */
    profile_is(profile, "embedding_bag forward", 2, 2 * 7 * 4, 2 * (7 * 4 + 5 * 4) * R + 2 * 7 * 4, false);
    profile_is(profile, "embedding_bag backward", 2, 2 * 7 * 4, 2 * (7 * 4 * 2 + 5 * 4) * R + 2 * 7 * 4,
               false);
    sl_ctx_free(ctx);
}

typedef struct {
    sl_profile *profile;
    sl_profile *inner;
    sl_model *model; /* another one, trained inside of a callback */
    const sl_data *data;
} profile_nested;

static sl_status profile_on_epoch(void *user, const sl_progress *progress)
{
    const profile_nested *nested = user;
    if (nested && progress->epoch == 1)
        sl_report_free(sl_fit(nested->model, nested->data, .epochs = 1, .profile = nested->inner));
    return SL_OK;
}

static const char *const profile_net = "8 tanh, dropout 0.2, 8 sigmoid, 1";

/* profile NULL: without one. */
static uint64_t profile_train(sl_ctx *ctx, sl_profile **profile, bool nested, double *seconds)
{
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=300&noise=0.2", NULL);
    sl_model *model = sl_model_parse(ctx, profile_net), *other = sl_model_parse(ctx, "3 relu, 1");
    sl_compile(model, .loss = "bce", .optimizer = sl_adam(.lr = (sl_real)0.01));
    sl_compile(other, .loss = "bce");
    sl_profile *p = profile ? sl_profile_new(ctx) : NULL;
    profile_nested inner = { p, profile ? sl_profile_new(ctx) : NULL, other, data };
    const double begun = sl_os_seconds();
    assert_non_null(sl_fit(model, data, .epochs = 3, .batch = 32, .on_epoch = profile_on_epoch,
                           .user = nested ? &inner : NULL, .profile = p));
    *seconds = sl_os_seconds() - begun;
    assert_fine(ctx);
    assert_null(ctx->profile);
    const uint64_t digest = sl_model_digest(model);
    if (profile && nested) {
        profile_is(inner.inner, "dense_1 linear forward", 9, 2.0 * 270 * 2 * 3,
                   (270 * 2 + 9 * 2 * 3 + 270 * 3) * R, true);
        assert_true(profile_seconds(inner.inner) <= profile_row(p, "callbacks").seconds);
    }
    sl_model_free(model);
    sl_model_free(other);
    if (profile)
        *profile = p;
    return digest;
}

/* 270 rows to fit, in 9 batches of which the last has 14; 3 epochs. */
static void S200_rows_of_a_training_add_up(void **state)
{
    (void)state;
    for (int nested = 0; nested < 2; nested++) {
        sl_ctx *ctx = engine_ctx(4), *other = engine_ctx(4);
        sl_profile *profile;
        double outside, whole;
        const uint64_t digest = profile_train(ctx, &profile, nested, &whole);
        assert_true(digest == profile_train(other, NULL, nested, &outside));
        sl_ctx_free(other);
        profile_is(profile, "dense_1 linear forward", 27, 3 * 2.0 * 270 * 2 * 8,
                   3 * (270 * 2 + 9 * 2 * 8 + 270 * 8) * R, true);
        profile_is(profile, "dense_1 linear backward", 27, 3 * 2.0 * 270 * 2 * 8,
                   3 * (270 * 2 + 9 * 2 * 8 + 270 * 8) * R, true); /* nobody wants the inputs' gradient */
        profile_is(profile, "dense_2 linear backward", 27, 3 * 2 * 2.0 * 270 * 8 * 8,
                   3 * 2 * (270 * 8 + 9 * 8 * 8 + 270 * 8) * R, true);
        /* measured: 270 rows to fit in pieces of 256, and 30 to validate */
        profile_is(profile, "dense_3 linear inference", 9, 3 * 2.0 * 300 * 8, 3 * (300 * 8 + 3 * 8 + 300) * R,
                   true);
        assert_int_equal(profile_row(profile, "update the weights").calls, 27);
        assert_int_equal(profile_row(profile, "gather the batch").calls, 27);
        assert_int_equal(profile_row(profile, "dropout_1 dropout backward").calls, 27);
        assert_int_equal(profile_row(profile, "binary_cross_entropy forward").calls, 27);
        assert_int_equal(profile_row(profile, "callbacks").calls, 3);
        assert_int_equal(profile_row(profile, "measure").calls, 3);
        assert_int_equal(profile_row(profile, "rest").calls, 1);
        const double sum = profile_seconds(profile); /* all but the way in and out */
        assert_true(sum <= whole && sum > 0.5 * whole);
        sl_profile_row row;
        assert_false(sl_profile_at(profile, -1, &row) || sl_profile_at(profile, 1000, &row));
        assert_false(sl_profile_at(NULL, 0, &row));
        sl_ctx_free(ctx);
    }
}

static void failures_leave_no_row_open(void **state)
{
    (void)state;
    sl_ctx *ctx = engine_ctx(1);
    sl_profile *profile = sl_profile_new(ctx);
    sl_data *data = sl_data_open(ctx, "builtin:line", NULL);
    sl_model *model = sl_model_parse(ctx, "8, 1");
    sl_compile(model, .loss = "mse", .optimizer = sl_sgd(.lr = (sl_real)1e25));
    assert_null(sl_fit(model, data, .epochs = 40, .profile = profile));
    assert_says(ctx, SL_EDIVERGED, "that is too large");
    assert_null(ctx->profile);
    const uint64_t calls = profile_row(profile, "rest").calls;
    assert_null(sl_fit(model, data, .epochs = -1, .profile = profile));
    sl_clear(ctx);
    assert_int_equal(profile_row(profile, "rest").calls, calls + 1);
    const double seconds = profile_seconds(profile), then = sl_os_seconds();
    while (sl_os_seconds() - then < 0.01)
        ;
    sl_profile_close(ctx, profile, sl_profile_open(ctx, profile)); /* the time between counts for nothing */
    assert_true(profile_seconds(profile) - seconds < 0.01);
    sl_profile_free(profile);
    sl_profile_free(NULL);
    sl_ctx_free(ctx);
}

static void without_memory_training_fails_and_says_so(void **state)
{
    (void)state;
    for (size_t at = 1;; at++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_data *data = sl_data_open(ctx, "builtin:moons?rows=60", NULL);
        sl_model *model = sl_model_parse(ctx, "3 relu, 1");
        sl_compile(model, .loss = "bce");
        assert_fine(ctx);
        memory.fail_at = memory.calls + at;
        memory.fail_once = at % 2;
        sl_profile *profile = sl_profile_new(ctx);
        sl_report *report = profile ? sl_fit(model, data, .epochs = 1, .profile = profile) : NULL;
        const bool failed = memory.calls >= memory.fail_at;
        memory.fail_at = 0;
        assert_int_equal(report != NULL, !failed);
        if (failed)
            assert_says(ctx, SL_ENOMEM, "out of memory");
        assert_null(ctx->profile);
        sl_ctx_free(ctx);
        assert_int_equal(memory.bytes, 0);
        if (!failed)
            break;
        assert_true(at < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_follow_the_formulas),
        cmocka_unit_test(S200_rows_of_a_training_add_up),
        cmocka_unit_test(failures_leave_no_row_open),
        cmocka_unit_test(without_memory_training_fails_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
