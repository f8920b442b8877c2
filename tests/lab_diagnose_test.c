/* What the playground says of a broken run: the training is the one on the page, its fix does there what the
 * diagnosis says, and the page's training goes on as if nothing had been asked. */
#include "engine.h"

#include "lab.h"

static int labdiag_setup(void **state)
{
    lab *l = calloc(1, sizeof *l);
    *state = l;
    return l && lab_start(l) ? 0 : -1;
}

static int labdiag_teardown(void **state)
{
    lab_end(*state);
    free(*state);
    return 0;
}

#define SETTINGS(text) text, sizeof(text) - 1
#define SPIRAL                                                                                               \
    "data\0builtin:spiral\0test\0"                                                                           \
    "0.5\0validation\0"                                                                                      \
    "0\0optimizer\0sgd\0batch\0"                                                                             \
    "10\0patience\0"                                                                                         \
    "0\0epochs\0"                                                                                            \
    "1000000\0"

static void labdiag_fine(lab *l, sl_status status)
{
    if (status)
        fail_msg("%s", sl_text_string(&l->answer));
}

/* The answer as a tree that lives as long as the arena. */
static const sl_json *labdiag_read(lab *l, sl_arena *arena)
{
    const sl_json *json = sl_json_read(arena, "the answer", sl_text_string(&l->answer), l->answer.length);
    if (!json)
        fail_msg("%s", sl_message(l->own));
    return json;
}

static const sl_json *labdiag_finding(const sl_json *answer, const char *name)
{
    const sl_json *f = sl_json_get(answer, "findings")->first;
    while (f && strcmp(sl_json_string(f, "name", ""), name) != 0)
        f = f->next;
    return f;
}

/* The lowest test loss of the first epochs on the page. */
static double labdiag_best(lab *l, int epochs)
{
    const sl_report *r = l->run->trainer->report;
    double best = INFINITY;
    assert_true(r->rows >= epochs);
    for (int i = 0; i < epochs; i++)
        best = l->tests[2 * i] < best ? l->tests[2 * i] : best;
    return best;
}

static void test_the_fix_does_on_the_page_what_was_said(void **state)
{
    lab *l = *state;
    sl_arena arena;
    sl_arena_init(&arena, l->own);
    labdiag_fine(l, lab_open(l, SETTINGS(SPIRAL "net\0"
                                                "4 tanh, 2 tanh\0lr\0"
                                                "100\0")));
    labdiag_fine(l, lab_steps(l, 25 * 30));
    const double broken = labdiag_best(l, 30);
    labdiag_fine(l, lab_diagnose(l, 30, 2));
    const sl_json *answer = labdiag_read(l, &arena), *f = labdiag_finding(answer, "lr_too_high");
    assert_string_equal(sl_json_string(answer, "judge", ""), "test");
    assert_non_null(f);
    assert_true(sl_json_bool(f, "proved", false));
    const int epochs = (int)sl_json_number(f, "epochs", 0);
    assert_true((int)sl_json_number(f, "epochsBefore", 0) == 30);
    assert_true(sl_json_number(f, "before", 0) == broken); /* to the bit: it is the same training */
    const double after = sl_json_number(f, "after", 0);
    assert_true(after < 0.8 * broken);
    const sl_json *lr = sl_json_get(sl_json_get(sl_json_get(f, "fixed"), "optimizer"), "lr");
    assert_non_null(lr);
    char settings[300], number[40];
    const size_t length = sizeof(SPIRAL) - 1;
    memcpy(settings, SPIRAL, length);
    snprintf(number, sizeof number, "%.*s", (int)lr->length, lr->text);
    const int more = snprintf(settings + length, sizeof settings - length, "net%c4 tanh, 2 tanh%clr%c%s%c", 0,
                              0, 0, number, 0);
    labdiag_fine(l, lab_open(l, settings, length + (size_t)more));
    labdiag_fine(l, lab_steps(l, 25 * epochs));
    assert_true(labdiag_best(l, epochs) == after);
    sl_arena_free(&arena);
}

/* The page's own training neither notices nor waits. */
static void test_training_goes_on_as_it_would(void **state)
{
    lab *l = *state;
    uint64_t digest[2];
    for (int asked = 0; asked < 2; asked++) {
        labdiag_fine(l, lab_open(l, SETTINGS(SPIRAL "net\0"
                                                    "4 tanh, 2 tanh\0lr\0"
                                                    "0.1\0")));
        labdiag_fine(l, lab_steps(l, 61));
        const uint64_t before = sl_model_digest(l->run->model);
        if (asked)
            labdiag_fine(l, lab_diagnose(l, 5, 1));
        assert_true(sl_model_digest(l->run->model) == before);
        labdiag_fine(l, lab_steps(l, 61));
        digest[asked] = sl_model_digest(l->run->model);
    }
    assert_true(digest[0] == digest[1]);
}

static void test_a_run_that_broke(void **state)
{
    lab *l = *state;
    sl_arena arena;
    sl_arena_init(&arena, l->own);
    labdiag_fine(l, lab_open(l, SETTINGS(SPIRAL "net\0"
                                                "8 relu\0lr\0"
                                                "30\0")));
    labdiag_fine(l, lab_steps(l, 1000));
    assert_int_equal(l->ended, SL_EDIVERGED);
    const size_t step = sl_run_steps(l->run);
    labdiag_fine(l, lab_diagnose(l, 30, 2));
    const sl_json *answer = labdiag_read(l, &arena), *f = labdiag_finding(answer, "lr_too_high");
    /* The repetition breaks in the very step in which the page's training broke. */
    char wanted[60];
    snprintf(wanted, sizeof wanted, "the training broke: step %zu,", step + 1);
    assert_non_null(strstr(sl_json_string(answer, "remarks", ""), wanted));
    assert_non_null(f);
    assert_true(sl_json_bool(f, "proved", false));
    assert_true(isinf(sl_json_number(f, "before", 0)));
    assert_true(sl_json_number(f, "after", 99) < 0.7);
    sl_arena_free(&arena);
}

static void test_nothing_is_trained_for_signs_alone(void **state)
{
    lab *l = *state;
    sl_arena arena;
    sl_arena_init(&arena, l->own);
    labdiag_fine(l, lab_open(l, SETTINGS(SPIRAL "net\0"
                                                "8 relu\0init\0zeros\0")));
    labdiag_fine(l, lab_diagnose(l, 30, 0));
    const sl_json *answer = labdiag_read(l, &arena);
    assert_true(sl_json_get(answer, "checks")->count > 5);
    assert_non_null(labdiag_finding(answer, "symmetric_weights"));
    assert_non_null(strstr(sl_json_string(answer, "remarks", ""), "nothing was trained"));
    sl_arena_free(&arena);
}

static void test_what_is_refused(void **state)
{
    lab *l = *state;
    assert_int_equal(lab_diagnose(l, 10, 2), SL_EINVAL);
    assert_string_equal(sl_text_string(&l->answer), "nothing is open");
    labdiag_fine(l, lab_open(l, SETTINGS(SPIRAL)));
    assert_int_equal(lab_diagnose(l, 0, 2), SL_EINVAL);
    assert_int_equal(lab_diagnose(l, 10, (double)NAN), SL_EINVAL);
    assert_int_equal(lab_broken(l, 1000, 1), SL_EINVAL);
    assert_non_null(strstr(sl_text_string(&l->answer), "there is no set-up 1000"));
    labdiag_fine(l, lab_steps(l, 1));
}

/* A drawn one opens, and what it was drawn as is what a diagnosis finds. */
static void test_broken_runs_are_drawn(void **state)
{
    lab *l = *state;
    sl_arena arena;
    sl_arena_init(&arena, l->own);
    labdiag_fine(l, lab_broken(l, -1, 1));
    const sl_json *kinds = labdiag_read(l, &arena);
    assert_true(kinds->count > 20);
    int at = 0;
    const sl_json *kind = kinds->first;
    for (; strcmp(sl_json_string(kind, "name", ""), "lr_too_high") != 0; kind = kind->next)
        at++;
    assert_false(sl_json_bool(kind, "healthy", true));
    labdiag_fine(l, lab_broken(l, at, 7));
    const sl_json *drawn = labdiag_read(l, &arena), *s = sl_json_get(drawn, "settings");
    assert_string_equal(sl_json_string(drawn, "name", ""), "lr_too_high");
    assert_true(sl_json_number(sl_json_get(s, "optimizer"), "lr", 0) >= 0.3);
    assert_true(sl_json_number(s, "epochs", 0) > 0);
    assert_non_null(strstr(sl_json_string(s, "data", ""), "builtin:"));
    sl_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_fix_does_on_the_page_what_was_said, labdiag_setup,
                                        labdiag_teardown),
        cmocka_unit_test_setup_teardown(test_training_goes_on_as_it_would, labdiag_setup, labdiag_teardown),
        cmocka_unit_test_setup_teardown(test_a_run_that_broke, labdiag_setup, labdiag_teardown),
        cmocka_unit_test_setup_teardown(test_nothing_is_trained_for_signs_alone, labdiag_setup,
                                        labdiag_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_refused, labdiag_setup, labdiag_teardown),
        cmocka_unit_test_setup_teardown(test_broken_runs_are_drawn, labdiag_setup, labdiag_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
