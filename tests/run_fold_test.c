/* run_fold_test.c - another fold of a run that was begun, as its run.json says. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "run_made.h"

static void fold_rows(const made_place *place, int rows, char path[128])
{
    snprintf(path, 128, "%s/rows.csv", place->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("a,b,kind\n", file);
    for (int i = 0; i < rows; i++)
        fprintf(file, "%d,%d,%s\n", i, i * i % 7, i % 2 ? "odd" : "even");
    fclose(file);
}

static sl_run_options fold_options(const char *data, const char *out, int folds, int fold)
{
    return (sl_run_options){ .data = data,
                             .table.target = "kind",
                             .net = "6 tanh, dropout 0.1",
                             .epochs = 4,
                             .folds = folds,
                             .fold = fold,
                             .out = out,
                             .keep_nothing = !out };
}

static uint64_t fold_trained(sl_run *run)
{
    assert_non_null(run);
    assert_int_equal(sl_run_train(run), SL_OK);
    const uint64_t digest = sl_model_digest(sl_run_model(run));
    sl_run_free(run);
    return digest;
}

static void test_another_fold_is_as_if_begun_with_it(void **state)
{
    made_place *place = *state;
    char rows[128], first[128];
    fold_rows(place, 60, rows);
    snprintf(first, sizeof first, "%s/fold-1", place->folder);
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 9 });
    sl_run_options options = fold_options(rows, first, 3, 0);
    const uint64_t one = fold_trained(sl_run_new(ctx, &options));
    options = fold_options(rows, NULL, 3, 2);
    const uint64_t want = fold_trained(sl_run_new(ctx, &options));
    sl_ctx_free(ctx);
    ctx = sl_ctx_new(NULL); /* the recorded seed counts */
    assert_true(want != one);
    assert_true(fold_trained(sl_run_open_fold(ctx, first, 2, NULL, NULL)) == want);
    assert_true(fold_trained(sl_run_open_fold(ctx, first, 0, NULL, NULL)) == one);
    assert_null(sl_run_open_fold(ctx, first, 3, NULL, NULL));
    assert_non_null(strstr(sl_message(ctx), "fold 3 of 3: they count from 0"));
    sl_clear(ctx);
    fold_rows(place, 61, rows);
    assert_null(sl_run_open_fold(ctx, first, 1, NULL, NULL));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "rows.csv has changed since the run was begun"));
    sl_ctx_free(ctx);
}

static void test_only_of_a_run_with_folds(void **state)
{
    made_place *place = *state;
    char rows[128], out[128];
    fold_rows(place, 60, rows);
    snprintf(out, sizeof out, "%s/plain", place->folder);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_run_options options = fold_options(rows, out, 0, 0);
    fold_trained(sl_run_new(ctx, &options));
    assert_null(sl_run_open_fold(ctx, out, 1, NULL, NULL));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "plain: it was begun without --folds"));
    sl_clear(ctx);
    assert_null(sl_run_open_fold(ctx, place->folder, 1, NULL, NULL));
    assert_non_null(strstr(sl_message(ctx), "there is no run.json"));
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_another_fold_is_as_if_begun_with_it, made_setup, made_teardown),
        cmocka_unit_test_setup_teardown(test_only_of_a_run_with_folds, made_setup, made_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
