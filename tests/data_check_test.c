/* The checks before step 1: each finds a fault that was put in, with its numbers, and says nothing of clean
 * data. */
#include "made_table.h"

#include "data/check/check.h"

typedef struct {
    sl_ctx *ctx;
    char said[8192];
    sl_text sentence;
} check_room;

static int check_set_up(void **state)
{
    check_room *room = calloc(1, sizeof *room);
    room->ctx = made_ctx(1, 1, room->said);
    sl_text_init(&room->sentence, room->ctx);
    *state = room;
    return 0;
}

static int check_tear_down(void **state)
{
    check_room *room = *state;
    sl_text_free(&room->sentence);
    assert_int_equal(sl_ctx_bytes(room->ctx), 0);
    sl_ctx_free(room->ctx);
    free(room);
    return 0;
}

static const sl_check *check_called(const char *name)
{
    for (size_t i = 0; sl_check_at(i); i++)
        if (!strcmp(sl_check_at(i)->name, name))
            return sl_check_at(i);
    fail_msg("there is no check %s", name);
    return NULL;
}

static sl_check_job check_job(check_room *room, const sl_data *train)
{
    return (sl_check_job){ .ctx = room->ctx, .name = "made", .train = train, .classes = train->classes };
}

static sl_severity check_look(check_room *room, const char *name, const sl_check_job *job)
{
    sl_text_clear(&room->sentence);
    const sl_severity severity = check_called(name)->look(job, &room->sentence);
    assert_int_equal(sl_error(room->ctx), SL_OK);
    assert_true((severity == SL_FINDS_NOTHING) == (room->sentence.length == 0));
    return severity;
}

/* The check says so, with this piece in its sentence. */
static void check_finds(check_room *room, const char *name, const sl_data *train, sl_severity wanted,
                        const char *piece)
{
    const sl_check_job job = check_job(room, train);
    const sl_severity severity = check_look(room, name, &job);
    if (severity != wanted || !strstr(sl_text_string(&room->sentence), piece))
        fail_msg("%s: severity %d, wants %d with '%s': %s", name, severity, wanted, piece,
                 sl_text_string(&room->sentence));
}

static void check_silent(check_room *room, const char *name, const sl_data *train)
{
    check_finds(room, name, train, SL_FINDS_NOTHING, "");
}

static const made_column check_columns[] = {
    { "u", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "v", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "word", SL_COLUMN_CATEGORY, SL_ROLE_INPUT, "red green blue" },
    { "y", SL_COLUMN_NUMBER, SL_ROLE_TARGET, NULL },
};
static const made_column check_class_columns[] = {
    { "u", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "v", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "word", SL_COLUMN_CATEGORY, SL_ROLE_INPUT, "red green blue" },
    { "y", SL_COLUMN_CATEGORY, SL_ROLE_TARGET, "no yes" },
};

/* Noise, in which nothing follows from anything. */
static sl_data *check_noise(check_room *room, size_t rows, bool classes)
{
    uint64_t random = 5;
    sl_data *data = made_table(room->ctx, rows, classes ? check_class_columns : check_columns, 4);
    for (size_t i = 0; i < rows; i++) {
        *made_cell(data, i, 0) = engine_uniform(&random, -1, 1);
        *made_cell(data, i, 1) = engine_uniform(&random, 50, 60);
        *made_cell(data, i, 2) = (double)engine_below(&random, 3);
        *made_cell(data, i, 3) = classes ? (double)engine_below(&random, 2) : engine_uniform(&random, 0, 9);
    }
    return data;
}

/* No check finds anything in noise. */
static void noise_passes_all_checks(void **state)
{
    check_room *room = *state;
    for (int classes = 0; classes < 2; classes++) {
        sl_data *data = check_noise(room, 400, classes), *other = check_noise(room, 500, classes);
        for (size_t i = 0; i < 500; i++)
            *made_cell(other, i, 0) += 3;
        for (size_t i = 0; sl_check_at(i); i++)
            check_silent(room, sl_check_at(i)->name, data);
        sl_check_job job = check_job(room, data);
        job.test = other;
        assert_int_equal(check_look(room, "shared_rows", &job), SL_FINDS_NOTHING);
        assert_int_equal(sl_checks_run(&job, NULL), SL_OK);
        assert_string_equal(room->said, "");
        sl_data_free(data);
        sl_data_free(other);
    }
}

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
    check_finds(room, "leakage", data, SL_FINDS_ERROR,
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
    check_finds(room, "leakage", data, SL_FINDS_ERROR,
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

static void columns_that_teach_nothing(void **state)
{
    check_room *room = *state;
    sl_data *data = check_noise(room, 100, true);
    for (size_t i = 0; i < 100; i++) {
        *made_cell(data, i, 0) = 4.5;
        *made_cell(data, i, 2) = NAN;
    }
    check_finds(room, "constant", data, SL_FINDS_REMARK,
                "u, word: one value, or none at all, in all 100 training rows");
    sl_column *u = &data->store->columns->column[0];
    u->type = SL_COLUMN_IDENTIFIER;
    u->role = SL_ROLE_NONE;
    u->reason = sl_strdup(room->ctx, "all 100 values differ");
    data->store->columns->inputs = 2;
    check_finds(room, "identifier", data, SL_FINDS_REMARK, "left out: u (identifier: all 100 values differ)");
    check_finds(room, "constant", data, SL_FINDS_REMARK, "word: one value");
    sl_data_free(data);
}

static void infinite_numbers(void **state)
{
    check_room *room = *state;
    sl_data *data = check_noise(room, 100, false);
    *made_cell(data, 3, 0) = NAN; /* missing */
    check_silent(room, "infinite", data);
    *made_cell(data, 41, 1) = -INFINITY;
    *made_cell(data, 70, 1) = INFINITY;
    check_finds(room, "infinite", data, SL_FINDS_ERROR,
                "2 values of the training rows are not finite, the first of them column v in row 41, -inf");
    *made_cell(data, 41, 1) = *made_cell(data, 70, 1) = 0;
    *made_cell(data, 9, 3) = NAN;
    check_finds(room, "infinite", data, SL_FINDS_ERROR,
                "1 value of the training rows is not finite, the first of them the target in row 9, nan");
    sl_data_free(data);
}

static void targets_of_one_value_and_rare_ones(void **state)
{
    check_room *room = *state;
    sl_data *data = check_noise(room, 110, true);
    for (size_t i = 0; i < 110; i++)
        *made_cell(data, i, 3) = i < 10;
    check_finds(room, "imbalance", data, SL_FINDS_REMARK,
                "class yes has 10 training rows (9.1 %), class no 100: ");
    check_silent(room, "one_value", data);
    sl_check_job job = check_job(room, data);
    job.weighted = true;
    assert_int_equal(check_look(room, "imbalance", &job), SL_FINDS_NOTHING);
    *made_cell(data, 10, 3) = 1;
    check_silent(room, "imbalance", data); /* 11 and 99 */
    for (size_t i = 0; i < 110; i++)
        *made_cell(data, i, 3) = 1;
    check_finds(room, "one_value", data, SL_FINDS_ERROR, "the target is yes in all 110 training rows");
    sl_data_free(data);
}

static void rows_without_values_and_too_few(void **state)
{
    check_room *room = *state;
    sl_data *data = check_noise(room, 30, true);
    check_silent(room, "empty_rows", data);
    check_silent(room, "too_few", data);
    for (size_t c = 0; c < 3; c++)
        *made_cell(data, 12, (int)c) = *made_cell(data, 20, (int)c) = NAN;
    *made_cell(data, 7, 0) = *made_cell(data, 8, 2) = NAN;
    check_finds(room, "empty_rows", data, SL_FINDS_REMARK,
                "2 of 30 training rows have no value in any input, the first of them row 12");
    sl_data_free(data);
    data = check_noise(room, 19, true);
    check_finds(room, "too_few", data, SL_FINDS_REMARK, "19 training rows for 3 inputs, fewer than 20");
    sl_data_free(data);
    data = check_noise(room, 3, true);
    check_finds(room, "too_few", data, SL_FINDS_ERROR, "3 training rows for 2 classes: wants 2 rows a class");
    sl_data_free(data);
}

/* Numbers without names: -1 .. 1 beside -200 .. 200. */
static void inputs_of_different_size(void **state)
{
    check_room *room = *state;
    for (int wide = 0; wide < 2; wide++) {
        sl_tensor *x = sl_tensor_new(room->ctx, (sl_shape){ 2, { 1000, 3 } }, NULL);
        uint64_t random = 3;
        for (size_t i = 0; i < 3000; i++)
            sl_values(x)[i] =
                (sl_real)(i % 3 == 1 ? 7
                                     : engine_uniform(&random, -1, 1) * (i % 3 == 2 ? 200 * wide + 90 : 1));
        sl_data *data = sl_data_from(room->ctx, x, NULL);
        check_finds(room, "scale", data, wide ? SL_FINDS_REMARK : SL_FINDS_NOTHING,
                    wide ? "input 2 has a deviation of 16" : ""); /* 290 / sqrt 3 = 167 */
        sl_data_free(data);
        sl_tensor_free(x);
    }
}

static void repeated_rows(void **state)
{
    check_room *room = *state;
    sl_data *data = check_noise(room, 200, true);
    for (int c = 0; c < 4; c++)
        *made_cell(data, 60, c) = *made_cell(data, 6, c);
    check_silent(room, "duplicates", data); /* 2 of 200 */
    for (int c = 0; c < 4; c++)
        *made_cell(data, 90, c) = *made_cell(data, 6, c);
    check_finds(room, "duplicates", data, SL_FINDS_REMARK,
                "3 of 200 training rows (1.5 %) are the same as another");
    *made_cell(data, 90, 3) = 1 - *made_cell(data, 90, 3); /* another target: another row */
    check_silent(room, "duplicates", data);
    sl_data_free(data);
}

/* Test rows out of the training file: 5 % and more of them are refused; codes of words may differ. */
static void shared_rows_of_two_files(void **state)
{
    check_room *room = *state;
    static const made_column other_codes[] = { { "u", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
                                               { "v", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
                                               { "word", SL_COLUMN_CATEGORY, SL_ROLE_INPUT,
                                                 "blue red green" },
                                               { "y", SL_COLUMN_CATEGORY, SL_ROLE_TARGET, "no yes" } };
    static const double code[] = { 1, 2, 0 };
    sl_data *data = check_noise(room, 400, true), *test = made_table(room->ctx, 200, other_codes, 4);
    for (size_t i = 0; i < 200; i++)
        *made_cell(test, i, 0) = 100 + (double)i;
    sl_check_job job = check_job(room, data);
    job.test = test;
    job.test_name = "test.csv";
    for (size_t copied = 0; copied <= 200; copied++) {
        if (copied) {
            const size_t i = copied - 1;
            for (int c = 0; c < 4; c++)
                *made_cell(test, i, c) = c == 2 ? code[(int)*made_cell(data, i, 2)] : *made_cell(data, i, c);
        }
        assert_int_equal(check_look(room, "shared_rows", &job), copied > 10 ? SL_FINDS_ERROR
                                                                : copied    ? SL_FINDS_REMARK
                                                                            : SL_FINDS_NOTHING);
    }
    assert_non_null(strstr(sl_text_string(&room->sentence),
                           "200 of the 200 test rows in test.csv (100.0 %) are training rows"));
    assert_int_equal(sl_checks_run(&job, NULL), SL_EINVAL);
    assert_says(room->ctx, SL_EINVAL, "(--skip-check shared_rows where it is meant)");
    assert_int_equal(sl_checks_run(&job, "leakage, shared_rows"), SL_OK);
    sl_data_free(data);
    sl_data_free(test);
}

/* Two small tables of the same 18 possible rows share nearly all of them by chance. */
static void shared_rows_by_chance(void **state)
{
    check_room *room = *state;
    sl_data *both[2] = { check_noise(room, 60, true), check_noise(room, 300, true) };
    uint64_t random = 4;
    for (int d = 0; d < 2; d++)
        for (size_t i = 0; i < both[d]->rows; i++) {
            *made_cell(both[d], i, 0) = (double)engine_below(&random, 3);
            *made_cell(both[d], i, 1) = 1;
        }
    sl_check_job job = check_job(room, both[0]);
    job.test = both[1];
    assert_int_equal(check_look(room, "shared_rows", &job), SL_FINDS_REMARK);
    sl_data_free(both[0]);
    sl_data_free(both[1]);
}

static void checks_are_skipped_by_name(void **state)
{
    check_room *room = *state;
    sl_data *data = check_noise(room, 200, false);
    for (size_t i = 0; i < 200; i++)
        *made_cell(data, i, 1) = *made_cell(data, i, 3);
    const sl_check_job job = check_job(room, data);
    assert_int_equal(sl_checks_run(&job, NULL), SL_EINVAL);
    assert_says(room->ctx, SL_EINVAL, "made: column v is the target itself");
    assert_int_equal(sl_checks_run(&job, "leak"), SL_EINVAL);
    assert_says(room->ctx, SL_EINVAL, "unknown check 'leak'");
    assert_int_equal(sl_checks_run(&job, "constant,leakge"), SL_EINVAL);
    assert_says(room->ctx, SL_EINVAL, "unknown check 'leakge': did you mean 'leakage'?");
    assert_int_equal(sl_checks_run(&job, "leakagf"), SL_EINVAL);
    assert_says(room->ctx, SL_EINVAL, "unknown check 'leakagf'");
    assert_int_equal(sl_checks_run(&job, "leakage"), SL_OK);
    for (size_t i = 0; i < 200; i++)
        *made_cell(data, i, 0) = 1;
    assert_int_equal(sl_checks_run(&job, "leakage"), SL_OK);
    assert_string_equal(room->said,
                        "check       constant: u: one value, or none at all, in all 200 training rows: "
                        "nothing can be learned from it\n");
    sl_data_free(data);
}

/* The catalogue has them, each with what counts as a finding. */
static void checks_are_in_the_catalogue(void **state)
{
    (void)state;
    sl_word word;
    int count = 0;
    for (; sl_catalogue("check", count, &word); count++)
        assert_true(word.name && word.summary && word.formula && word.source);
    assert_int_equal(count, 11);
}

#define CHECK_TEST(name) cmocka_unit_test_setup_teardown(name, check_set_up, check_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(noise_passes_all_checks),
        CHECK_TEST(leakage_of_a_number),
        CHECK_TEST(leakage_of_a_class),
        CHECK_TEST(leakage_of_a_single_input),
        CHECK_TEST(leakage_is_silent_on_known_sets),
        CHECK_TEST(columns_that_teach_nothing),
        CHECK_TEST(infinite_numbers),
        CHECK_TEST(targets_of_one_value_and_rare_ones),
        CHECK_TEST(rows_without_values_and_too_few),
        CHECK_TEST(inputs_of_different_size),
        CHECK_TEST(repeated_rows),
        CHECK_TEST(shared_rows_of_two_files),
        CHECK_TEST(shared_rows_by_chance),
        CHECK_TEST(checks_are_skipped_by_name),
        cmocka_unit_test(checks_are_in_the_catalogue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
