/* Columns that give the target away, and those that do not. */
#include "check_room.h"

static void leakage_of_a_number(void **state)
{
    check_room *room = *state;
    uint64_t random = 8;
    sl_data *data = check_noise(room, 500, false);
    for (size_t i = 0; i < 500; i++)
        *made_cell(data, i, 1) = *made_cell(data, i, 3);
    check_finds(room, "leakage", data, SL_FINDS_ERROR, "column v is the target itself in all 500 rows");
    for (size_t i = 0; i < 500; i++)
        *made_cell(data, i, 1) = 3 - 40 * *made_cell(data, i, 3);
    check_finds(room, "leakage", data, SL_FINDS_ERROR,
                "column v follows the target: correlation -1 in 500 rows");
    for (size_t i = 0; i < 500; i++) {
        const double y = *made_cell(data, i, 3);
        *made_cell(data, i, 1) = i % 9 ? y * y * y * y * y : NAN; /* rising, not straight; 56 missing */
    }
    check_finds(room, "leakage", data, SL_FINDS_ERROR,
                "column v follows the target: rank correlation 1 in 444 rows");
    for (size_t i = 0; i < 500; i++) /* R2 = 1 - (0.3^2 / 12) / (9^2 / 12) = 0.9989 */
        *made_cell(data, i, 1) = *made_cell(data, i, 3) + engine_uniform(&random, -0.15, 0.15);
    check_finds(room, "leakage", data, SL_FINDS_REMARK,
                "column v nearly determines the target: alone it gives an R2 of 0.99");
    for (size_t i = 0; i < 500; i++) /* 0.89 */
        *made_cell(data, i, 1) = *made_cell(data, i, 3) + engine_uniform(&random, -1.5, 1.5);
    check_silent(room, "leakage", data);
    for (size_t i = 0; i < 500; i++) /* a value for each word */
        *made_cell(data, i, 3) = 7.5 * *made_cell(data, i, 2);
    check_finds(room, "leakage", data, SL_FINDS_REMARK, /* an error from 500 rows on that were held back */
                "column word determines the target: its 3 values give the number");
    sl_data_free(data);
}

static void leakage_of_a_class(void **state)
{
    check_room *room = *state;
    uint64_t random = 8;
    sl_data *data = check_noise(room, 500, true);
    for (size_t i = 0; i < 500; i++)
        *made_cell(data, i, 2) = 2 - *made_cell(data, i, 3);
    check_finds(room, "leakage", data, SL_FINDS_ERROR,
                "column word has 2 values that stand for the 2 classes one to one, in all 500 rows");
    for (size_t i = 0; i < 500; i++) /* red and green: no; blue: yes */
        *made_cell(data, i, 2) = *made_cell(data, i, 3) > 0 ? 2 : (double)engine_below(&random, 2);
    check_finds(room, "leakage", data, SL_FINDS_REMARK,
                "column word determines the target: its 3 values give every class");
    for (size_t i = 0; i < 500; i++) { /* one row in 250 is otherwise */
        *made_cell(data, i, 2) = 0;
        *made_cell(data, i, 1) = *made_cell(data, i, 3) + engine_uniform(&random, 0, 0.9) + (i % 250 == 0);
    }
    check_finds(room, "leakage", data, SL_FINDS_REMARK,
                "column v nearly determines the target: alone it gives 99");
    for (size_t i = 0; i < 500; i++) { /* always "no" is right in 99.6 of 100 */
        *made_cell(data, i, 1) = engine_uniform(&random, 0, 1);
        *made_cell(data, i, 3) = i % 250 == 0;
    }
    check_silent(room, "leakage", data);
    sl_data_free(data);
}

/* Of half of 1,200 rows it is no luck any more. */
static void leakage_in_many_rows(void **state)
{
    check_room *room = *state;
    uint64_t random = 8;
    sl_data *numbers = check_noise(room, 1200, false), *classes = check_noise(room, 1200, true);
    for (size_t i = 0; i < 1200; i++) {
        *made_cell(numbers, i, 3) = 7.5 * *made_cell(numbers, i, 2);
        *made_cell(classes, i, 2) = *made_cell(classes, i, 3) > 0 ? 2 : (double)engine_below(&random, 2);
    }
    check_finds(room, "leakage", numbers, SL_FINDS_ERROR,
                "column word determines the target: its 3 values give the number");
    check_finds(room, "leakage", classes, SL_FINDS_ERROR,
                "column word determines the target: its 3 values give every class");
    sl_data_free(numbers);
    sl_data_free(classes);
}

/* A date of the answer, which only rows of the class have; and by luck. */
static void leakage_by_holes_and_by_luck(void **state)
{
    check_room *room = *state;
    uint64_t random = 8;
    sl_data *data = check_noise(room, 1200, true);
    for (size_t i = 0; i < 1200; i++) {
        *made_cell(data, i, 3) = i % 20 == 0;
        *made_cell(data, i, 1) = i % 20 == 0 ? (double)engine_below(&random, 5000) : NAN;
    }
    check_finds(room, "leakage", data, SL_FINDS_ERROR,
                "column v determines the target: whether it has a value gives every class");
    sl_data_free(data);
    data = check_noise(room, 1000, true);
    for (size_t i = 0; i < 1000; i++) /* the answer in other words, lost in one row in 11 */
        *made_cell(data, i, 2) = i % 11 ? 2 * *made_cell(data, i, 3) : NAN;
    check_finds(room, "leakage", data, SL_FINDS_ERROR,
                "column word has 2 values that stand for the 2 classes one to one, in all 909 rows");
    for (size_t i = 0; i < 1000; i++) { /* three rows of the class have a value: by luck the same */
        *made_cell(data, i, 3) = i % 100 == 0;
        *made_cell(data, i, 2) = i < 250 && i % 5 == 0 ? 2 * *made_cell(data, i, 3) : NAN;
    }
    check_silent(room, "leakage", data);
    sl_data_free(data);
    data = check_noise(room, 63, true); /* three rows of the rare class: in no half there is much to see */
    for (size_t i = 0; i < 63; i++)
        *made_cell(data, i, 3) = i > 59;
    check_silent(room, "leakage", data);
    sl_data_free(data);
}

/* Where there is one input, that the target follows from it is what is wanted; a copy is not. */
static void leakage_of_a_single_input(void **state)
{
    check_room *room = *state;
    static const made_column single[] = { { "x", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
                                          { "y", SL_COLUMN_NUMBER, SL_ROLE_TARGET, NULL } };
    sl_data *data = made_table(room->ctx, 100, single, 2);
    for (size_t i = 0; i < 100; i++) {
        *made_cell(data, i, 0) = (double)(i * 7 % 100);
        *made_cell(data, i, 1) = 2 * (double)(i * 7 % 100) + 1;
    }
    check_finds(room, "leakage", data, SL_FINDS_REMARK, "correlation 1 in 100 rows");
    for (size_t i = 0; i < 100; i++)
        *made_cell(data, i, 0) = *made_cell(data, i, 1);
    check_finds(room, "leakage", data, SL_FINDS_ERROR, "column x is the target itself");
    sl_data_free(data);
}

static void leakage_is_silent_on_known_sets(void **state)
{
    check_room *room = *state;
    static const struct {
        const char *name, *target;
        bool numbers;
        size_t rows;
    } sets[] = { { "tabular/iris.csv", "species", false, 150 },
                 { "tabular/wine.csv", "cultivar", false, 178 },
                 { "tabular/thyroid-train.csv", "class", false, 3600 },
                 { "tabular/diabetes-train.csv", "class", false, 384 },
                 { "california-housing/housing.csv", "median_house_value", true, 20640 } };
    int there = 0;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        sl_data *data = made_from_file(room->ctx, sets[i].name, sets[i].target, sets[i].numbers);
        if (!data)
            continue;
        there++;
        assert_int_equal(data->rows, sets[i].rows);
        check_silent(room, "leakage", data);
        check_silent(room, "infinite", data);
        check_silent(room, "empty_rows", data);
        if (!strcmp(sets[i].target, "species")) { /* petal_length is constant in no class; a copy is found */
            for (size_t row = 0; row < data->rows; row++)
                *made_cell(data, row, 1) = 10 + 3 * *made_cell(data, row, 4);
            check_finds(room, "leakage", data, SL_FINDS_ERROR, "column sepal_width has 3 values that stand");
        }
        sl_data_free(data);
    }
    if (!there)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(leakage_of_a_number),       CHECK_TEST(leakage_of_a_class),
        CHECK_TEST(leakage_in_many_rows),      CHECK_TEST(leakage_by_holes_and_by_luck),
        CHECK_TEST(leakage_of_a_single_input), CHECK_TEST(leakage_is_silent_on_known_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
