/* leave_test.c - sl_ctx_free alone gives back what is the system's: the file of packed rows, the lock of a
 * run's folder. */
#define _DEFAULT_SOURCE
#include "engine.h"

#include <unistd.h>

static void a_packed_file_goes_with_the_context(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/slope_leave_XXXXXX", table[64], pack[64];
    assert_non_null(mkdtemp(folder));
    snprintf(table, sizeof table, "%s/rows.csv", folder);
    snprintf(pack, sizeof pack, "%s/rows.pack", folder);
    FILE *file = fopen(table, "w");
    assert_non_null(file);
    fputs("a,b,y\n", file);
    for (int i = 0; i < 5000; i++)
        fprintf(file, "%d,%d,%d\n", i, i * 7 % 100, i % 2);
    fclose(file);
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = sl_data_open_table(ctx, table, NULL,
                                       &(sl_table_options){ .target = "y", .memory = 4096, .pack = pack });
    assert_fine(ctx);
    assert_int_equal(sl_data_rows(data), 5000);
    assert_int_equal(access(pack, F_OK), 0);
    sl_ctx_free(ctx); /* without sl_data_free */
    assert_int_not_equal(access(pack, F_OK), 0);
    remove(table);
    assert_int_equal(rmdir(folder), 0);
}

static void a_runs_folder_is_free_again(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/slope_leave_XXXXXX", out[64], line[128];
    assert_non_null(mkdtemp(folder));
    snprintf(out, sizeof out, "%s/run", folder);
    for (int time = 0; time < 3; time++) {
        sl_ctx *ctx = engine_ctx(1);
        if (time == 0)
            sl_run_train(
                sl_run_new(ctx, &(sl_run_options){ .data = "builtin:xor", .epochs = 2, .out = out }));
        else /* the second time the first one is gone, and was not freed */
            assert_non_null(sl_run_open(ctx, out, NULL));
        assert_fine(ctx);
        sl_ctx_free(ctx);
    }
    snprintf(line, sizeof line, "rm -r '%s'", folder);
    assert_int_equal(system(line), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_packed_file_goes_with_the_context),
                                        cmocka_unit_test(a_runs_folder_is_free_again) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
