/* packed_test.c - rows in a file: read as written, refused when others or cut short; same bits as in memory.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp, truncate */
#include "train/trainer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct {
    sl_ctx *ctx;
    char folder[64], path[96], csv[96];
} packed_place;

static int packed_setup(void **state)
{
    packed_place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/slope-packed-XXXXXX");
    if (!mkdtemp(place->folder))
        return 1;
    place->ctx = sl_ctx_new(&(sl_ctx_options){ .scratch = place->folder, .seed = 3 });
    snprintf(place->path, sizeof place->path, "%s/rows.pack", place->folder);
    snprintf(place->csv, sizeof place->csv, "%s/rows.csv", place->folder);
    *state = place;
    return 0;
}

static int packed_teardown(void **state)
{
    packed_place *place = *state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    sl_ctx_crew(place->ctx, 1); /* the workspace of products goes */
    const size_t left = sl_ctx_bytes(place->ctx);
    sl_ctx_free(place->ctx);
    free(place);
    return system(command) || left;
}

static void packed_fails(sl_ctx *ctx, sl_status wanted, const char *words)
{
    assert_int_equal(sl_error(ctx), wanted);
    if (!strstr(sl_message(ctx), words))
        fail_msg("'%s' does not say '%s'", sl_message(ctx), words);
    sl_clear(ctx);
}

static uint32_t packed_next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* --- which rows, and in which order ------------------------------------------------------------------ */

static void the_nth_chosen_place_is_found(void **state)
{
    packed_place *place = *state;
    static const size_t sizes[] = { 1, 63, 64, 65, 511, 512, 513, 5000 };
    uint32_t random = 1;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (uint32_t of = 1; of < 200; of = of * 3 + 1) {
            sl_chosen *chosen = sl_chosen_new(place->ctx, sizes[s]);
            size_t rows = 0, list[5000];
            for (size_t i = 0; i < sizes[s]; i++)
                if (packed_next(&random) % of == 0) {
                    list[rows++] = i;
                    sl_chosen_add(chosen, i);
                }
            sl_chosen_close(chosen);
            assert_int_equal(chosen->rows, rows);
            for (size_t i = 0, at = 0; i < sizes[s]; i++) {
                assert_int_equal(sl_chosen_from(chosen, i), at < rows ? list[at] : sizes[s]);
                assert_int_equal(sl_chosen_has(chosen, i), at < rows && list[at] == i);
                at += at < rows && list[at] == i;
            }
            for (size_t i = 0; i < rows; i++)
                assert_int_equal(sl_chosen_at(chosen, i), list[i]);
            sl_chosen_free(chosen);
        }
}

/* Window by window it is the order that is made as a whole, however it is asked for. */
static void an_order_in_windows_is_the_order_as_a_whole(void **state)
{
    packed_place *place = *state;
    static const size_t sizes[] = { 1, 100, 4096, 65536, 65537, 69632, 69633, 200001 };
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (uint32_t epoch = 0; epoch < 5; epoch++)
            for (int kind = 0; kind < 3; kind++) {
                const size_t rows = sizes[s];
                size_t *whole = malloc(rows * sizeof *whole), *part = malloc(rows * sizeof *part);
                for (size_t i = 0; i < rows; i++)
                    whole[i] = i;
                if (kind == SL_SHUFFLE)
                    sl_shuffle_order(7, epoch, rows, whole);
                if (kind == SL_REPLACE)
                    sl_sample_order(7, epoch, rows, whole);
                sl_order order;
                assert_int_equal(sl_order_open(&order, place->ctx, rows), SL_OK);
                sl_order_begin(&order, 7, epoch, (sl_sampling)kind);
                for (size_t first = 0, step = 1; first < rows; first += step) {
                    step = first + 30011 < rows ? 30011 : rows - first;
                    sl_order_take(&order, first, step, part + first);
                }
                assert_memory_equal(part, whole, rows * sizeof *whole);
                for (size_t first = rows; first-- > 0; first -= first < 777 ? first : 777) { /* backwards */
                    size_t row;
                    sl_order_take(&order, first, 1, &row);
                    assert_int_equal(row, whole[first]);
                    if (kind == SL_REPLACE && rows > 1000 && first < rows - 2000)
                        break; /* each step back draws all anew */
                }
                sl_order_close(&order);
                free(whole);
                free(part);
            }
}

/* --- the file ------------------------------------------------------------------------------------------ */

enum { PACKED_WIDE = 5, PACKED_ROWS = 3001 };

static double packed_cell(size_t row, size_t cell)
{
    return (double)(row * 10 + cell) / 7;
}

static sl_packed *packed_made(packed_place *place, const char *path, size_t memory, size_t block)
{
    sl_packed *packed = sl_packed_new(place->ctx, &(sl_packed_plan){ .source = "rows",
                                                                     .path = path,
                                                                     .width = PACKED_WIDE,
                                                                     .identity = 99,
                                                                     .memory = memory,
                                                                     .block = block });
    assert_non_null(packed);
    for (size_t row = 0; row < PACKED_ROWS; row++) {
        double cells[PACKED_WIDE];
        for (size_t c = 0; c < PACKED_WIDE; c++)
            cells[c] = packed_cell(row, c);
        assert_int_equal(sl_packed_add(packed, cells, 1), SL_OK);
    }
    return packed;
}

static void rows_are_read_as_they_were_written(void **state)
{
    packed_place *place = *state;
    for (uint32_t named = 0, random = 5; named < 2; named++) {
        sl_packed *packed = packed_made(place, named ? place->path : NULL, 0, 0);
        assert_int_equal(sl_packed_finish(packed), SL_OK);
        assert_int_equal(sl_packed_rows(packed), PACKED_ROWS);
        size_t places[400];
        static double to[400 * PACKED_WIDE];
        for (int way = 0; way < 4; way++) { /* dense, with gaps, anyhow, the ends */
            for (size_t i = 0; i < 400; i++)
                places[i] = way == 0   ? 1000 + i
                            : way == 1 ? i * 7 + (i > 200 ? 90 : 0)
                            : way == 2 ? packed_next(&random) % PACKED_ROWS
                                       : i % 2 * (PACKED_ROWS - 1);
            assert_int_equal(sl_packed_read(packed, place->ctx, places, 400, to), SL_OK);
            for (size_t i = 0; i < 400 * PACKED_WIDE; i++)
                assert_true(to[i] == packed_cell(places[i / PACKED_WIDE], i % PACKED_WIDE));
        }
        sl_packed_free(packed);
        assert_int_not_equal(access(place->path, F_OK), 0); /* gone with it */
    }
}

static sl_packed *packed_again(packed_place *place, uint64_t identity, size_t width)
{
    return sl_packed_open(
        place->ctx,
        &(sl_packed_plan){ .source = "rows", .path = place->path, .width = width, .identity = identity });
}

static void only_a_finished_pack_of_the_same_rows_is_taken(void **state)
{
    packed_place *place = *state;
    assert_null(packed_again(place, 99, PACKED_WIDE)); /* there is none */
    sl_packed *packed = packed_made(place, place->path, 0, 0);
    sl_packed_keep(packed, true);
    assert_null(packed_again(place, 99, PACKED_WIDE)); /* not finished */
    assert_int_equal(sl_packed_finish(packed), SL_OK);
    sl_packed_free(packed);
    assert_null(packed_again(place, 98, PACKED_WIDE)); /* of other data */
    assert_null(packed_again(place, 99, PACKED_WIDE + 1));
    assert_int_equal(access(place->path, F_OK), 0); /* looking at it leaves it */
    packed = packed_again(place, 99, PACKED_WIDE);
    assert_non_null(packed);
    assert_int_equal(sl_packed_rows(packed), PACKED_ROWS);
    const size_t at = 2999;
    double row[PACKED_WIDE];
    assert_int_equal(sl_packed_read(packed, place->ctx, &at, 1, row), SL_OK);
    assert_true(row[4] == packed_cell(2999, 4));
    sl_packed_free(packed);
    assert_int_equal(truncate(place->path, 3000), 0);
    assert_null(packed_again(place, 99, PACKED_WIDE)); /* cut short */
    assert_int_equal(sl_error(place->ctx), SL_OK);
}

static void what_cannot_be_read_or_written_is_said(void **state)
{
    packed_place *place = *state;
    sl_packed *packed = packed_made(place, place->path, 0, 0);
    assert_int_equal(sl_packed_finish(packed), SL_OK);
    assert_int_equal(truncate(place->path, 2000 * PACKED_WIDE * 8), 0); /* under it */
    size_t at[2] = { 1990, 1999 };
    double rows[2 * PACKED_WIDE];
    assert_int_equal(sl_packed_read(packed, place->ctx, at, 1, rows), SL_OK);
    assert_int_equal(sl_packed_read(packed, place->ctx, at, 2, rows), SL_EFILE);
    packed_fails(place->ctx, SL_EFILE, "rows.pack end before row 1999 of 3001");
    sl_packed_free(packed);
    assert_null(sl_packed_new(place->ctx, &(sl_packed_plan){ .source = "rows.csv",
                                                             .path = "/tmp/slope-no-such-folder/rows.pack",
                                                             .width = 2 }));
    packed_fails(place->ctx, SL_EWRITE, "rows.csv: its rows are packed into a file, and /tmp/slope-no");
    if (!access("/dev/full", W_OK)) {
        packed = sl_packed_new(place->ctx,
                               &(sl_packed_plan){ .source = "rows.csv", .path = "/dev/full", .width = 2 });
        packed_fails(place->ctx, packed ? SL_OK : SL_EWRITE, "the disk is full");
        assert_int_equal(access("/dev/full", W_OK), 0); /* root could remove it */
    }
}

/* --- data ---------------------------------------------------------------------------------------------- */

static void packed_csv(packed_place *place, int rows, bool classes)
{
    static const char *const cities[] = { "Oslo", "Rome", "York" };
    FILE *file = fopen(place->csv, "w");
    uint32_t random = 11;
    fprintf(file, "a,b,city,w,y\n");
    for (int i = 0; i < rows; i++) {
        const int a = (int)(packed_next(&random) % 2001) - 1000, b = (int)(packed_next(&random) % 901);
        const int city = (int)(packed_next(&random) % 3), y = a + b * city - 300;
        fprintf(file, "%d.%d,", a, b % 10);
        if (packed_next(&random) % 30)
            fprintf(file, "%d", b);
        fprintf(file, ",%s,%d,", cities[city], i % 7 + 1);
        if (classes)
            fprintf(file, "%s\n", y > 0 ? "yes" : "no");
        else
            fprintf(file, "%d\n", y);
    }
    fclose(file);
}

static sl_data *packed_open(packed_place *place, bool weight, size_t memory)
{
    return sl_data_open_table(
        place->ctx, place->csv, NULL,
        &(sl_table_options){ .target = "y", .weight = weight ? "w" : NULL, .memory = memory });
}

/* The same rows packed in blocks of so many rows. */
static sl_data *packed_copy(packed_place *place, const sl_data *data, size_t block, size_t memory)
{
    const size_t width = (size_t)data->store->columns->cells;
    sl_packed *packed = sl_packed_new(
        place->ctx, &(sl_packed_plan){ .source = "rows", .width = width, .memory = memory, .block = block });
    double *row = malloc(width * sizeof *row);
    for (size_t i = 0; i < data->rows; i++) {
        assert_int_equal(sl_data_load(data, NULL, i, 1, row), SL_OK);
        assert_int_equal(sl_packed_add(packed, row, 1), SL_OK);
    }
    free(row);
    assert_int_equal(sl_packed_finish(packed), SL_OK);
    return sl_data_new(place->ctx,
                       &(sl_data_plan){ .source = "rows",
                                        .part = "all",
                                        .rows = data->rows,
                                        .packed = packed,
                                        .columns = sl_columns_copy(place->ctx, data->store->columns) });
}

static uint64_t packed_train(packed_place *place, const sl_data *data, const char *sampling, int batch)
{
    sl_ctx *ctx = place->ctx;
    sl_model *model = sl_sequential(ctx, sl_dense(.units = 6, .activation = "relu"), sl_dropout(.rate = 0.2f),
                                    sl_dense(.units = 1));
    assert_non_null(model);
    sl_compile(model, .loss = data->classes ? "binary_cross_entropy" : "mean_squared",
               .optimizer = sl_adam(.lr = 1e-2f));
    sl_report *report = sl_fit(model, data, .epochs = 2, .batch = batch, .sampling = sampling,
                               .class_weight = data->classes ? "balanced" : NULL);
    if (!report)
        fail_msg("%s", sl_message(ctx));
    const uint64_t digest = sl_model_digest(model);
    sl_report_free(report);
    sl_model_free(model);
    return digest;
}

/* Every path to the rows: blocks that stay, blocks that have no room, one thread and more. */
static void packed_rows_train_to_the_same_bits(void **state)
{
    packed_place *place = *state;
    static const size_t blocks[] = { 1, 13, 256, 4096 };
    static const char *const samplings[] = { NULL, "replace", "order" };
    for (int classes = 0; classes < 2; classes++) {
        packed_csv(place, 1500, classes);
        sl_data *data = packed_open(place, false, 0);
        assert_non_null(data);
        assert_null(data->store->packed);
        for (int s = 0; s < 3; s++) {
            const int batch = s == 0 ? 37 : s == 1 ? 8 : 64;
            const uint64_t wanted = packed_train(place, data, samplings[s], batch);
            for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
                for (size_t memory = 0; memory <= 1 << 20; memory += 1 << 20) {
                    sl_data *packed = packed_copy(place, data, blocks[b], memory);
                    assert_true(sl_packed_caches(packed->store->packed) == (memory && blocks[b] < 1000));
                    assert_true(sl_data_digest(packed) == sl_data_digest(data));
                    sl_ctx_crew(place->ctx, b % 2 ? 3 : 1);
                    assert_true(sl_data_digest_in(place->ctx, packed) == sl_data_digest(data));
                    assert_true(packed_train(place, packed, samplings[s], batch) == wanted);
                    sl_ctx_crew(place->ctx, 1);
                    sl_data_free(packed);
                }
        }
        sl_data_free(data);
    }
}

/* As the option says: what takes more than a third of the memory is packed; weights are read with the rows.
 */
static void S111_a_table_larger_than_its_memory_is_packed(void **state)
{
    packed_place *place = *state;
    packed_csv(place, 4000, false);
    for (int weight = 0; weight < 2; weight++) {
        sl_data *data = packed_open(place, weight, 0), *packed = packed_open(place, weight, 100000);
        assert_non_null(data);
        assert_non_null(packed);
        assert_non_null(packed->store->packed);
        assert_null(packed->weights); /* nothing a row in memory */
        assert_true(sl_data_digest(packed) == sl_data_digest(data));
        assert_true(packed_train(place, packed, NULL, 50) == packed_train(place, data, NULL, 50));
        sl_data_free(packed);
        packed = packed_open(place, weight, 3000000); /* a third of it is enough for 4,000 rows */
        assert_null(packed->store->packed);
        sl_data_free(packed);
        sl_data_free(data);
    }
}

/* Splits of packed rows, and splits of those: the same rows as of rows in memory. */
static void packed_rows_are_split_alike(void **state)
{
    packed_place *place = *state;
    packed_csv(place, 2500, true);
    sl_data *data[2] = { packed_open(place, true, 0), NULL }, *cut[2], *rest[2], *less[2], *more[2];
    data[1] = packed_open(place, true, 60000);
    assert_non_null(data[1]->store->packed);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sl_data_split(data[i], 0.3, &cut[i], &rest[i]), SL_OK);
        assert_int_equal(sl_data_split(rest[i], 0.25, &less[i], &more[i]), SL_OK);
    }
    assert_true(!rest[1]->order && !more[1]->order);
    sl_data *const parts[4][2] = {
        { cut[0], cut[1] }, { rest[0], rest[1] }, { less[0], less[1] }, { more[0], more[1] }
    };
    for (int p = 0; p < 4; p++) {
        assert_int_equal(parts[p][0]->rows, parts[p][1]->rows);
        assert_true(sl_data_digest(parts[p][0]) == sl_data_digest(parts[p][1]));
        for (size_t i = 0; i < parts[p][0]->rows; i += 17)
            assert_int_equal(sl_data_at(parts[p][0], i), sl_data_at(parts[p][1], i));
        sl_data *some[2] = { sl_data_some(parts[p][0], 100), sl_data_some(parts[p][1], 100) };
        assert_int_equal(some[0]->rows, 100);
        assert_true(sl_data_digest(some[0]) == sl_data_digest(some[1]));
        for (int i = 0; i < 2; i++)
            sl_data_free(some[i]);
    }
    for (int i = 0; i < 2; i++) {
        for (int p = 0; p < 4; p++)
            sl_data_free(parts[p][i]);
        sl_data_free(data[i]);
    }
}

int main(void)
{
#define PACKED_TEST(name) cmocka_unit_test_setup_teardown(name, packed_setup, packed_teardown)
    const struct CMUnitTest tests[] = {
        PACKED_TEST(the_nth_chosen_place_is_found),
        PACKED_TEST(an_order_in_windows_is_the_order_as_a_whole),
        PACKED_TEST(rows_are_read_as_they_were_written),
        PACKED_TEST(only_a_finished_pack_of_the_same_rows_is_taken),
        PACKED_TEST(what_cannot_be_read_or_written_is_said),
        PACKED_TEST(packed_rows_train_to_the_same_bits),
        PACKED_TEST(S111_a_table_larger_than_its_memory_is_packed),
        PACKED_TEST(packed_rows_are_split_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
