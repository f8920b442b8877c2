/* Which words go together, as the playground's controls offer them: against what the library takes. */
#include "engine.h"

#include "lab.h"

#include <stdio.h>

static int words_setup(void **state)
{
    lab *l = calloc(1, sizeof *l);
    *state = l;
    return l && lab_start(l) ? 0 : -1;
}

static int words_teardown(void **state)
{
    lab_end(*state);
    free(*state);
    return 0;
}

/* Does the library take a setting or two, of this data and batches of all rows? */
static bool words_takes(lab *l, const char *data, const char *name, const char *text, const char *lr)
{
    char all[400];
    const int length =
        snprintf(all, sizeof all, "data|%s|net|2 tanh|batch|all|validation|0|steps|9|%s|%s|%s|%s|", data,
                 name, text, lr ? "lr" : "seed", lr ? lr : "1");
    for (int i = 0; i < length; i++)
        all[i] = all[i] == '|' ? 0 : all[i];
    return lab_open(l, all, (size_t)length) == SL_OK;
}

/* The part of lab_words behind this key, up to what closes it: the caller frees it. */
static char *words_part(lab *l, const char *key, char close)
{
    assert_int_equal(lab_words(l), SL_OK);
    const char *at = strstr(sl_text_string(&l->answer), key);
    assert_non_null(at);
    const char *end = strchr(at, close);
    assert_non_null(end);
    char *part = calloc(1, (size_t)(end - at) + 1);
    memcpy(part, at, (size_t)(end - at));
    return part;
}

static bool words_has(const char *part, const char *word)
{
    char quoted[80];
    snprintf(quoted, sizeof quoted, "\"%s\"", word);
    return strstr(part, quoted) != NULL;
}

static void test_rules_are_those_that_take_a_step_size(void **state)
{
    lab *l = *state;
    sl_word word;
    int with = 0, without = 0;
    char *rules = words_part(l, "\"rules\"", ']');
    for (int i = 0; sl_catalogue("optimizer", i, &word); i++) {
        const bool takes = words_takes(l, "builtin:circle?rows=40", "optimizer", word.name, "0.01");
        if (takes != words_has(rules, word.name))
            fail_msg("%s: takes lr %d", word.name, takes);
        takes ? with++ : without++;
    }
    free(rules);
    assert_true(with > 10 && without > 5);
}

static void test_losses_say_what_targets_they_are_for(void **state)
{
    lab *l = *state;
    sl_word word;
    for (int i = 0; sl_catalogue("loss", i, &word); i++) {
        char key[80];
        snprintf(key, sizeof key, "\"%s\": {", word.name);
        char *part = words_part(l, key, '}');
        const bool classes = words_takes(l, "builtin:circle?rows=40", "loss", word.name, NULL);
        const bool amounts = words_takes(l, "builtin:line?rows=40", "loss", word.name, NULL);
        if (classes != (words_has(part, "class") || words_has(part, "probability")))
            fail_msg("%s: takes classes %d, and says %s", word.name, classes, part);
        if (amounts && !words_has(part, "number")) /* poisson wants counts, which these are not */
            fail_msg("%s: takes numbers, and says %s", word.name, part);
        if (words_has(part, "number") && !amounts && strcmp(word.name, "poisson") != 0)
            fail_msg("%s: takes no numbers", word.name);
        free(part);
    }
}

static void test_schedules_that_want_an_end(void **state)
{
    lab *l = *state;
    char *ending = words_part(l, "\"ending\"", ']');
    /* By their formulas: what has p, or shares of all steps by default. */
    static const char *const with[] = { "cosine",          "one_cycle",   "polynomial",
                                        "cosine_restarts", "exponential", "step" };
    static const char *const without[] = { "constant", "halving", "inverse", "plateau" };
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        assert_true(words_has(ending, with[i]));
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        assert_false(words_has(ending, without[i]));
    free(ending);
}

static void test_options_of_every_optimizer(void **state)
{
    char *common = words_part(*state, "\"common\"", ']');
    static const char *const names[] = { "lr", "decay",   "clip_value", "clip_norm",
                                         "l1", "l1_prox", "max_norm",   "average" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(words_has(common, names[i]));
    free(common);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rules_are_those_that_take_a_step_size, words_setup,
                                        words_teardown),
        cmocka_unit_test_setup_teardown(test_losses_say_what_targets_they_are_for, words_setup,
                                        words_teardown),
        cmocka_unit_test_setup_teardown(test_schedules_that_want_an_end, words_setup, words_teardown),
        cmocka_unit_test_setup_teardown(test_options_of_every_optimizer, words_setup, words_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
