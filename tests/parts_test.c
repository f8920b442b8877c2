/* Parts: train, validation and test rows, by class, group, time and fold. */
#include "made_table.h"

#include "core/random.h"
#include "data/parts.h"

typedef struct {
    sl_data *part[SL_PARTS];
} parts_three;

static const made_column parts_classes3[] = {
    { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "kind", SL_COLUMN_CATEGORY, SL_ROLE_TARGET, "a b c" },
};
static const made_column parts_grouped[] = {
    { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "user", SL_COLUMN_INTEGER, SL_ROLE_GROUP, NULL },
    { "y", SL_COLUMN_NUMBER, SL_ROLE_TARGET, NULL },
};
static const made_column parts_timed[] = {
    { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "day", SL_COLUMN_DATE, SL_ROLE_TIME, NULL },
    { "y", SL_COLUMN_NUMBER, SL_ROLE_TARGET, NULL },
};

static parts_three parts_cut(sl_data *all, int classes, sl_parts_options options)
{
    parts_three three = { 0 };
    sl_data_parts(all, classes, &options, &three.part[0], &three.part[1], &three.part[2]);
    return three;
}

static void parts_free(parts_three three)
{
    for (int p = 0; p < SL_PARTS; p++)
        sl_data_free(three.part[p]);
}

/* Which part each row of `all` is in; every row is in one. */
static void parts_of(const parts_three *three, size_t rows, int *part)
{
    for (size_t i = 0; i < rows; i++)
        part[i] = -1;
    for (int p = 0; p < SL_PARTS; p++)
        for (size_t i = 0; three->part[p] && i < three->part[p]->rows; i++) {
            assert_int_equal(part[three->part[p]->order[i]], -1);
            part[three->part[p]->order[i]] = p;
        }
    for (size_t i = 0; i < rows; i++)
        assert_true(part[i] >= 0);
}

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
static void parts_are_drawn_in_each_class_alike(void **state)
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

/* Random sizes of groups and random shares: none is in two parts, and the parts are near what was asked. */
static void groups_are_never_split(void **state)
{
    (void)state;
    uint64_t random = 77;
    for (int round = 0; round < 40; round++) {
        char said[8192];
        sl_ctx *ctx = made_ctx((uint64_t)round + 1, 1, said);
        const size_t rows = 200 + engine_below(&random, 300), most = 1 + engine_below(&random, 12);
        sl_data *all = made_table(ctx, rows, parts_grouped, 3);
        double group = 0;
        for (size_t i = 0, left = 0; i < rows; i++) {
            if (!left--) {
                left = engine_below(&random, most);
                group += 1;
            }
            *made_cell(all, (i * 7919) % rows, 1) = group; /* scattered, where 7919 shares no factor */
            *made_cell(all, i, 2) = (double)i;
        }
        const int folds = round % 2 ? 5 : 0;
        const sl_parts_options options = { .group = "user",
                                           .validation = 0.15,
                                           .test = folds ? 0 : 0.2,
                                           .folds = folds,
                                           .fold = folds ? round % 5 : 0 };
        int *part = malloc(rows * sizeof *part), of[600];
        double held[SL_PARTS] = { 0 };
        const parts_three three = parts_cut(all, 0, options);
        assert_int_equal(sl_error(ctx), SL_OK);
        parts_of(&three, rows, part);
        for (int g = 0; g < 600; g++)
            of[g] = -1;
        for (size_t i = 0; i < rows; i++) {
            int *own = &of[(int)*made_cell(all, i, 1)];
            assert_true(*own < 0 || *own == part[i]);
            *own = part[i];
            held[part[i]]++;
        }
        assert_true(fabs(held[1] - 0.15 * (double)rows) <= (double)most);
        assert_true(fabs(held[2] - 0.2 * (double)rows) <= 2 * (double)most);
        assert_non_null(strstr(said, "by column user"));
        free(part);
        parts_free(three);
        sl_data_free(all);
        sl_ctx_free(ctx);
    }
}

/* A group of 60 of 100 rows cannot be in a test part of 20. */
static void a_large_group_stays_in_train(void **state)
{
    (void)state;
    char said[8192];
    sl_ctx *ctx = made_ctx(1, 1, said);
    sl_data *all = made_table(ctx, 100, parts_grouped, 3);
    for (size_t i = 0; i < 100; i++)
        *made_cell(all, i, 1) = i < 60 ? 0 : (double)(i / 4);
    for (uint64_t seed = 1; seed < 9; seed++) {
        ctx->options.seed = seed;
        const parts_three three = parts_cut(all, 0, (sl_parts_options){ .group = "user", .test = 0.2 });
        assert_int_equal(three.part[2]->rows, 20);
        parts_free(three);
    }
    assert_non_null(strstr(said, "1 group of column user is larger than the test part is to be"));
    for (size_t i = 0; i < 100; i++)
        *made_cell(all, i, 1) = i < 60;
    parts_cut(all, 0, (sl_parts_options){ .group = "user", .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "the test part would have none of the 100 rows");
    parts_cut(all, 0, (sl_parts_options){ .group = "user", .folds = 3 });
    assert_says(ctx, SL_EINVAL, "2 different values, which make no 3 folds");
    *made_cell(all, 17, 1) = NAN;
    *made_cell(all, 18, 1) = NAN;
    parts_cut(all, 0, (sl_parts_options){ .group = "user", .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "no value in 2 of 100 rows, the first of them row 17");
    sl_data_free(all);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
}

/* 10 rows a day: a border within a day moves to its nearer end. */
static void time_orders_the_parts(void **state)
{
    (void)state;
    char said[8192];
    sl_ctx *ctx = made_ctx(1, 1, said);
    sl_data *all = made_table(ctx, 1000, parts_timed, 3);
    for (size_t i = 0; i < 1000; i++) /* from 1999-12-01 on, mixed */
        *made_cell(all, i, 1) = 944006400.0 + 86400.0 * (double)(i * 37 % 1000 / 10);
    static const struct {
        double test, validation;
        size_t train, validates, tests;
    } cases[] = { { 0.2, 0.1, 700, 100, 200 },
                  { 0.203, 0, 800, 0, 200 },
                  { 0.207, 0, 790, 0, 210 },
                  { 0.2, 0.098, 700, 100, 200 },
                  { 0, 0.123, 880, 120, 0 } };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int part[1000];
        const parts_three three = parts_cut(
            all, 0,
            (sl_parts_options){ .time = "day", .test = cases[c].test, .validation = cases[c].validation });
        assert_int_equal(sl_error(ctx), SL_OK);
        parts_of(&three, 1000, part);
        double low[SL_PARTS] = { INFINITY, INFINITY, INFINITY }, high[SL_PARTS] = { 0 };
        for (size_t i = 0; i < 1000; i++) {
            low[part[i]] = fmin(low[part[i]], *made_cell(all, i, 1));
            high[part[i]] = fmax(high[part[i]], *made_cell(all, i, 1));
        }
        assert_true(high[0] < low[1] && high[0] < low[2] && (low[1] == INFINITY || high[1] < low[2]));
        assert_int_equal(three.part[0]->rows, cases[c].train);
        assert_int_equal(three.part[1] ? three.part[1]->rows : 0, cases[c].validates);
        assert_int_equal(three.part[2] ? three.part[2]->rows : 0, cases[c].tests);
        parts_free(three);
    }
    /* 70 days from December 1st end on February 8th, and 2000 is a leap year: day 100 is March 9th */
    assert_non_null(strstr(said, "train to 2000-02-08, validation to 2000-02-18, test to 2000-03-09\n"));
    assert_non_null(
        strstr(said, "test to 2000-03-09; 3 rows changed sides so that equal times stay together"));
    sl_data_free(all);
    sl_ctx_free(ctx);
}

static void time_is_refused_where_it_cannot_be(void **state)
{
    (void)state;
    char said[8192];
    sl_ctx *ctx = made_ctx(1, 1, said);
    sl_data *all = made_table(ctx, 30, parts_timed, 3);
    parts_cut(all, 0, (sl_parts_options){ .time = "day", .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "too many rows of one time");
    for (size_t i = 0; i < 30; i++)
        *made_cell(all, i, 1) = (double)i;
    *made_cell(all, 4, 1) = NAN;
    parts_cut(all, 0, (sl_parts_options){ .time = "day", .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "column day has no value in 1 of 30 rows, the first of them row 4");
    parts_cut(all, 0, (sl_parts_options){ .time = "dya", .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "there is no column 'dya': did you mean day?");
    parts_cut(all, 0, (sl_parts_options){ .time = "day", .group = "x", .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "take one of the two");
    parts_cut(all, 0, (sl_parts_options){ .time = "day", .folds = 3 });
    assert_says(ctx, SL_EINVAL, "take a test part instead of folds");
    parts_cut(all, 0, (sl_parts_options){ .test = 0.6, .validation = 0.4 });
    assert_says(ctx, SL_EINVAL, "test and validation take 1 of the rows");
    parts_cut(all, 0, (sl_parts_options){ .test = 0.001 });
    assert_says(ctx, SL_EINVAL, "the test part would have none of the 30 rows");
    sl_data_free(all);
    all = made_table(ctx, 30, parts_classes3, 2);
    parts_cut(all, 3, (sl_parts_options){ .time = "kind", .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "column kind is of type category: wants dates or numbers");
    *made_cell(all, 7, 1) = SL_UNSEEN;
    parts_cut(all, 3, (sl_parts_options){ .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "the target of row 7 is -1");
    parts_cut(all, 0, (sl_parts_options){ .group = "kind", .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "column kind has no value in 1 of 30 rows, the first of them row 7");
    *made_cell(all, 7, 1) = 2;
    parts_cut(all, 2, (sl_parts_options){ .test = 0.2 });
    assert_says(ctx, SL_EINVAL, "the target of row 7 is 2: wants a class number from 0 to 1");
    sl_data_free(all);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
}

/* What a part lacks is said with numbers; 16,512 rows are written so. */
static void what_a_part_lacks_is_said(void **state)
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
        cmocka_unit_test(parts_are_drawn_in_each_class_alike),
        cmocka_unit_test(parts_follow_the_keys),
        cmocka_unit_test(parts_keep_the_old_validation_rows),
        cmocka_unit_test(parts_do_not_know_threads),
        cmocka_unit_test(folds_are_a_partition),
        cmocka_unit_test(groups_are_never_split),
        cmocka_unit_test(a_large_group_stays_in_train),
        cmocka_unit_test(time_orders_the_parts),
        cmocka_unit_test(time_is_refused_where_it_cannot_be),
        cmocka_unit_test(what_a_part_lacks_is_said),
        cmocka_unit_test(few_rows_have_no_validation_by_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
