/* The checks before step 1: each finds a fault that was put in, with its numbers, and says nothing of clean
 * data. */
#include "check_room.h"

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
    for (int i = 0; i < 3; i++) /* which inputs they are by then */
        data->store->columns->column[i].input = i - 1;
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

/* Answers to few questions: 2 x 3 x 4 combinations in 200 rows are no copies. */
static void few_values_repeat(void **state)
{
    check_room *room = *state;
    sl_data *data = check_noise(room, 200, true);
    for (size_t i = 0; i < 200; i++)
        for (int c = 0; c < 3; c++)
            *made_cell(data, i, c) = (double)((i * i * 7 + i / 3 * (size_t)c) % (size_t)(c + 2));
    check_silent(room, "duplicates", data);
    for (size_t i = 0; i < 200; i++)
        *made_cell(data, i, 0) = (double)(i / 4); /* each row four times, nearly: 50 different values */
    for (size_t i = 0; i < 200; i++)
        for (int c = 1; c < 4; c++)
            *made_cell(data, i, c) = *made_cell(data, i - i % 4, c);
    check_finds(room, "duplicates", data, SL_FINDS_REMARK, "200 of 200 training rows (100.0 %)");
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
    sl_data_free(test);
    /* of 15 test rows 4 are no proof, 5 are */
    test = made_table(room->ctx, 15, other_codes, 4);
    job.test = test;
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = i; k < 15; k++)
            *made_cell(test, k, 0) = 100 + (double)k;
        for (int c = 0; c < 4; c++)
            *made_cell(test, i, c) = c == 2 ? code[(int)*made_cell(data, i, 2)] : *made_cell(data, i, c);
        assert_int_equal(check_look(room, "shared_rows", &job), i < 4 ? SL_FINDS_REMARK : SL_FINDS_ERROR);
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK_TEST(noise_passes_all_checks),
        CHECK_TEST(columns_that_teach_nothing),
        CHECK_TEST(infinite_numbers),
        CHECK_TEST(targets_of_one_value_and_rare_ones),
        CHECK_TEST(rows_without_values_and_too_few),
        CHECK_TEST(inputs_of_different_size),
        CHECK_TEST(repeated_rows),
        CHECK_TEST(few_values_repeat),
        CHECK_TEST(shared_rows_of_two_files),
        CHECK_TEST(shared_rows_by_chance),
        CHECK_TEST(checks_are_skipped_by_name),
        cmocka_unit_test(checks_are_in_the_catalogue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
