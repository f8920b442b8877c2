/* Parts: train, validation and test rows, by class, group, time and fold. */
#include "core/random.h"
#include "parts_cut.h"

static const made_column parts_classes3[] = {
    { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "kind", SL_COLUMN_CATEGORY, SL_ROLE_TARGET, "a b c" },
};
static const made_column parts_grouped[] = {
    { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "user", SL_COLUMN_INTEGER, SL_ROLE_GROUP, NULL },
    { "y", SL_COLUMN_NUMBER, SL_ROLE_TARGET, NULL },
};

/* 100, 31 and 7 rows of three classes, mixed. */
static sl_data *parts_table(sl_ctx *ctx, size_t counts[3])
{
    enum { ROWS = 138 };
    sl_data *all = made_table(ctx, ROWS, parts_classes3, 2);
    counts[0] = counts[1] = counts[2] = 0;
    for (size_t i = 0; i < ROWS; i++) {
        const size_t class = i % 20 == 3 ? 2 : i % 4 == 1 ? 1 : 0;
        *made_cell(all, i, 0) = (double)i;
        *made_cell(all, i, 1) = (double)class;
        counts[class]++;
    }
    return all;
}

/* Disjoint, complete, and within one row of its share in every class. */
static void U47_parts_are_drawn_in_each_class_alike(void **state)
{
    (void)state;
    static const double shares[][2] = { { 0.1, 0.2 }, { 0, 0.2 }, { 0.1, 0 }, { 0.25, 0.5 } };
    for (uint64_t seed = 1; seed < 6; seed++)
        for (size_t s = 0; s < 4; s++) {
            char said[8192];
            sl_ctx *ctx = made_ctx(seed, 1, said);
            size_t counts[3];
            int part[138];
            sl_data *all = parts_table(ctx, counts);
            const parts_three three =
                parts_cut(all, 3, (sl_parts_options){ .validation = shares[s][0], .test = shares[s][1] });
            assert_int_equal(sl_error(ctx), SL_OK);
            parts_of(&three, 138, part);
            for (int c = 0; c < 3; c++)
                for (int p = 1; p < SL_PARTS; p++) {
                    double rows = 0;
                    for (size_t i = 0; i < 138; i++)
                        rows += part[i] == p && *made_cell(all, i, 1) == c;
                    assert_true(fabs(rows - shares[s][p - 1] * (double)counts[c]) <= 0.5);
                }
            parts_free(three);
            sl_data_free(all);
            assert_int_equal(sl_ctx_bytes(ctx), 0);
            sl_ctx_free(ctx);
        }
}

/* The rank within the class, by the keys themselves: validation the first, test the last. */
static void parts_follow_the_keys(void **state)
{
    (void)state;
    char said[8192];
    sl_ctx *ctx = made_ctx(9, 1, said);
    size_t counts[3];
    int part[138];
    sl_data *all = parts_table(ctx, counts);
    const parts_three three = parts_cut(all, 3, (sl_parts_options){ .validation = 0.1, .test = 0.2 });
    parts_of(&three, 138, part);
    for (size_t i = 0; i < 138; i++) {
        const double class = *made_cell(all, i, 1);
        const uint64_t key = sl_random_bits(9, SL_FOR_SPLIT, 0, 0, i);
        size_t before = 0, count = 0;
        for (size_t j = 0; j < 138; j++) {
            count += *made_cell(all, j, 1) == class;
            before += *made_cell(all, j, 1) == class && sl_random_bits(9, SL_FOR_SPLIT, 0, 0, j) < key;
        }
        const size_t test = (size_t)(0.2 * (double)count + 0.5), first = (size_t)(0.1 * (double)count + 0.5);
        assert_int_equal(part[i], before < first ? 1 : before >= count - test ? 2 : 0);
    }
    assert_non_null(strstr(said, "drawn by seed 9, in each class alike"));
    parts_free(three);
    sl_data_free(all);
    sl_ctx_free(ctx);
}

/* A validation part alone has the rows that it always had, and a test part takes none of them. */
static void parts_keep_the_old_validation_rows(void **state)
{
    (void)state;
    char said[8192];
    sl_ctx *ctx = made_ctx(4, 1, said);
    size_t counts[3];
    sl_data *all = parts_table(ctx, counts), *cut, *rest;
    for (int classes = 0; classes < 4; classes += 3) {
        assert_int_equal(sl_data_split_as(all, classes, 0.15, &cut, &rest), SL_OK);
        const parts_three one = parts_cut(all, classes, (sl_parts_options){ .validation = 0.15 });
        const parts_three two =
            parts_cut(all, classes, (sl_parts_options){ .validation = 0.15, .test = 0.3 });
        assert_null(one.part[2]);
        assert_int_equal(one.part[1]->rows, cut->rows);
        assert_int_equal(two.part[1]->rows, cut->rows);
        assert_int_equal(one.part[0]->rows, rest->rows);
        assert_memory_equal(one.part[1]->order, cut->order, cut->rows * sizeof(size_t));
        assert_memory_equal(two.part[1]->order, cut->order, cut->rows * sizeof(size_t));
        assert_memory_equal(one.part[0]->order, rest->order, rest->rows * sizeof(size_t));
        parts_free(one);
        parts_free(two);
        sl_data_free(cut);
        sl_data_free(rest);
    }
    sl_data_free(all);
    sl_ctx_free(ctx);
}

static void parts_do_not_know_threads(void **state)
{
    (void)state;
    uint64_t digest[2];
    for (int threads = 1; threads <= 3; threads += 2) {
        char said[8192];
        sl_ctx *ctx = made_ctx(2, threads, said);
        size_t counts[3];
        sl_data *all = parts_table(ctx, counts);
        const parts_three three = parts_cut(all, 3, (sl_parts_options){ .validation = 0.1, .test = 0.2 });
        digest[threads / 2] = sl_data_digest(three.part[0]) ^ sl_data_digest(three.part[2]);
        parts_free(three);
        sl_data_free(all);
        sl_ctx_free(ctx);
    }
    assert_true(digest[0] == digest[1]);
}

/* Every row is tested once; a class is spread over the folds within one row. */
static void folds_are_a_partition(void **state)
{
    (void)state;
    char said[8192];
    sl_ctx *ctx = made_ctx(3, 1, said);
    size_t counts[3];
    sl_data *all = parts_table(ctx, counts);
    for (int folds = 2; folds <= 7; folds++) {
        int tested[138] = { 0 }, part[138];
        for (int f = 0; f < folds; f++) {
            const parts_three three =
                parts_cut(all, 3, (sl_parts_options){ .folds = folds, .fold = f, .validation = 0.1 });
            parts_of(&three, 138, part);
            for (int c = 0; c < 3; c++) {
                double rows = 0;
                for (size_t i = 0; i < 138; i++)
                    rows += part[i] == 2 && *made_cell(all, i, 1) == c;
                assert_true(fabs(rows - (double)counts[c] / folds) < 1);
            }
            assert_true(fabs((double)three.part[2]->rows - 138.0 / folds) < 1); /* as large as one another */
            for (size_t i = 0; i < 138; i++)
                tested[i] += part[i] == 2;
            parts_free(three);
        }
        for (size_t i = 0; i < 138; i++)
            assert_int_equal(tested[i], 1);
    }
    sl_data_free(all);
    sl_ctx_free(ctx);
}

/* What a part lacks is said with numbers; 16,512 rows are written so. */
static void U47_what_a_part_lacks_is_said(void **state)
{
    (void)state;
    char said[8192];
    sl_ctx *ctx = made_ctx(1, 1, said);
    sl_data *all = made_table(ctx, 20640, parts_classes3, 2);
    for (size_t i = 0; i < 20640; i++)
        *made_cell(all, i, 1) = i == 11 ? 2 : (double)(i % 2);
    parts_three three = parts_cut(all, 3, (sl_parts_options){ .test = 0.1, .validation = 0.1 });
    assert_non_null(strstr(said,
                           "parts       16,512 train, 2,064 validation, 2,064 test: drawn by seed 1, in "
                           "each class alike\n"));
    assert_non_null(strstr(said,
                           "warning     the validation part has no row of class c (1 row): the best epoch "
                           "is chosen without it\n"));
    assert_non_null(strstr(said, "warning     the test part has no row of class c (1 row)"));
    assert_null(strstr(said, "the train part has no row"));
    parts_free(three);
    said[0] = 0;
    three = parts_cut(all, 3, (sl_parts_options){ .folds = 5, .fold = 2 });
    assert_non_null(strstr(said, "(fold 3 of 5)"));
    assert_non_null(strstr(said, "warning     class c (1 row): fewer than the 5 folds"));
    parts_free(three);
    sl_data_free(all);
    sl_ctx_free(ctx);
}

/* By default 49 rows have no validation part, and 50 have. */
static void few_rows_have_no_validation_by_default(void **state)
{
    (void)state;
    char said[8192];
    sl_ctx *ctx = made_ctx(1, 1, said);
    for (size_t rows = 61; rows <= 63; rows++) { /* a fifth for the test: 12 or 13 */
        sl_data *all = made_table(ctx, rows, parts_grouped, 3);
        const parts_three three =
            parts_cut(all, 0, (sl_parts_options){ .test = 0.2, .validation = 0.1, .if_enough = true });
        assert_int_equal(three.part[1] != NULL, rows - three.part[2]->rows >= 50);
        parts_free(three);
        sl_data_free(all);
    }
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(U47_parts_are_drawn_in_each_class_alike),
        cmocka_unit_test(parts_follow_the_keys),
        cmocka_unit_test(parts_keep_the_old_validation_rows),
        cmocka_unit_test(parts_do_not_know_threads),
        cmocka_unit_test(folds_are_a_partition),
        cmocka_unit_test(U47_what_a_part_lacks_is_said),
        cmocka_unit_test(few_rows_have_no_validation_by_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
