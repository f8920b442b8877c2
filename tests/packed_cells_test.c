/* packed_cells_test.c - a pack of rows that is there, and not as it was written. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "data/data.h"
#include "data/packed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void cells_csv(const char *path, int rows)
{
    static const char *const cities[] = { "Oslo", "Rome", "York" };
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "a,b,city,w,y\n");
    for (int i = 0; i < rows; i++)
        fprintf(file, "%d.%d,%d,%s,%d,%s\n", i * 37 % 1009, i % 10, i * 53 % 907, cities[i % 3], i % 7 + 1,
                i * 29 % 13 > 6 ? "yes" : "no");
    assert_int_equal(fclose(file), 0);
}

static void cells_count_anew(void *user, const char *line)
{
    *(int *)user += strstr(line, "holds what no row of") != NULL;
}

/* A pack that is there, with one cell that no row can have, as a damaged disk or a stranger leaves it: a word
 * behind the end of its list, a class, a weight below 0, a number that is infinite. It is made anew. */
static void packed_cells_that_cannot_be_are_not_taken(void **state)
{
    (void)state;
    char folder[] = "/tmp/slope-packed-XXXXXX", csv[64], pack[64];
    assert_non_null(mkdtemp(folder));
    snprintf(csv, sizeof csv, "%s/rows.csv", folder);
    snprintf(pack, sizeof pack, "%s/rows.pack", folder);
    enum { ROWS = 700, WIDTH = 5, HEADER = 48 }; /* a, b, city, w, y */
    static const double bad[] = { 1e6, -2, 0.5, 1e300 * 1e300, -1e300, 3 };
    const double none = bad[3] - bad[3];
    int anew = 0;
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .scratch = folder, .log = cells_count_anew, .user = &anew });
    cells_csv(csv, ROWS);
    const sl_table_options options = {
        .target = "y", .weight = "w", .memory = 3 * 8 * WIDTH * 500, .pack = pack
    };
    uint64_t digest = 0;
    for (size_t i = 0; i <= sizeof bad / sizeof *bad; i++)
        for (size_t cell = 0; cell < WIDTH; cell++) {
            const double value = i < sizeof bad / sizeof *bad ? bad[i] : none;
            sl_data *data = sl_data_open_table(ctx, csv, NULL, &options); /* whole */
            assert_non_null(data);
            assert_non_null(data->store->packed);
            assert_true(anew == 0 && (!digest || sl_data_digest(data) == digest));
            digest = sl_data_digest(data);
            sl_packed_keep(data->store->packed, true);
            sl_data_free(data);
            FILE *file = fopen(pack, "r+b");
            assert_non_null(file);
            assert_int_equal(fseek(file, HEADER + (long)(8 * (WIDTH * 600 + cell)), SEEK_SET), 0);
            assert_int_equal(fwrite(&value, sizeof value, 1, file), 1);
            assert_int_equal(fclose(file), 0);
            const bool can_be = cell < 2    ? value != bad[3]
                                : cell == 2 ? value != value
                                : cell == 3 ? value >= 0 && value != bad[3]
                                            : false;
            data = sl_data_open_table(ctx, csv, NULL, &options);
            assert_non_null(data);
            if (anew != !can_be || (!can_be && sl_data_digest(data) != digest))
                fail_msg("%g in cell %zu: made anew %d times", value, cell, anew);
            sl_data_free(data); /* what was made is removed */
            anew = 0;
            remove(pack);
        }
    sl_ctx_free(ctx);
    remove(csv);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(packed_cells_that_cannot_be_are_not_taken) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
