/* Parts by a column: groups that stay together, and what came first. */
#include "parts_cut.h"

static const made_column column_classes[] = {
    { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "kind", SL_COLUMN_CATEGORY, SL_ROLE_TARGET, "a b c" },
};
static const made_column column_grouped[] = {
    { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "user", SL_COLUMN_INTEGER, SL_ROLE_GROUP, NULL },
    { "y", SL_COLUMN_NUMBER, SL_ROLE_TARGET, NULL },
};
static const made_column column_timed[] = {
    { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "day", SL_COLUMN_DATE, SL_ROLE_TIME, NULL },
    { "y", SL_COLUMN_NUMBER, SL_ROLE_TARGET, NULL },
};

/* Random sizes of groups and random shares: none is in two parts, and the parts are near what was asked. */
static void groups_are_never_split(void **state)
{
    (void)state;
    uint64_t random = 77;
    for (int round = 0; round < 40; round++) {
        char said[8192];
        sl_ctx *ctx = made_ctx((uint64_t)round + 1, 1, said);
        const size_t rows = 200 + engine_below(&random, 300), most = 1 + engine_below(&random, 12);
        sl_data *all = made_table(ctx, rows, column_grouped, 3);
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
    sl_data *all = made_table(ctx, 100, column_grouped, 3);
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
    sl_data *all = made_table(ctx, 1000, column_timed, 3);
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
    sl_data *all = made_table(ctx, 30, column_timed, 3);
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
    all = made_table(ctx, 30, column_classes, 2);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_never_split),
        cmocka_unit_test(a_large_group_stays_in_train),
        cmocka_unit_test(time_orders_the_parts),
        cmocka_unit_test(time_is_refused_where_it_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
