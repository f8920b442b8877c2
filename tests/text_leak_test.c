/* Words are learned from rows that teach alone: a word of rows that judge is unknown, and other texts there
 * leave vocabulary, weights of features, net and naive Bayes bit for bit as they were. */
#include "baseline/baseline.h"
#include "core/digest.h"
#include "table_place.h"
#include "train/run.h"

enum { LEAK_ROWS = 300 };

/* Each row has a word of its own, wNNN; of those in `other` the text is another. */
static void leak_put(table_bench *b, const bool *other)
{
    static const char *const words[2][4] = { { "dull", "poor", "silly", "slow" },
                                             { "fine", "warm", "clever", "bright" } };
    FILE *file = fopen(b->path, "w");
    assert_non_null(file);
    fputs("day,user,review,mood\n", file);
    for (int i = 0; i < LEAK_ROWS; i++) {
        const int y = i * 7 / 3 % 2, said = other[i] ? !y : y;
        fprintf(file, "%d,u%d,\"The %s film w%03d was %s and %s%s.\",%s\n", i, i * 7 % 50, words[said][i % 4],
                i, words[i % 5 == 0 ? !said : said][i / 4 % 4], words[said][i / 7 % 4],
                other[i] ? ", and a very very other one" : "", y ? "good" : "bad");
    }
    fclose(file);
}

typedef struct {
    uint64_t model, baselines, first; /* first: before validation rows were learned from too, or 0 */
} leak_fitted;

static uint64_t leak_baselines(const sl_baselines *b)
{
    uint64_t digest = SL_DIGEST_START;
    int seen = 0;
    assert_non_null(b);
    for (int i = 0; i < b->count; i++)
        for (int k = 0; k < SL_FITTED_ARRAYS; k++) {
            const sl_fitted_array *a = &b->fitted[i].array[k];
            if (a->v)
                digest = sl_digest_bytes(digest, a->v, a->rows * a->columns * sizeof *a->v);
            seen += a->v && a->columns > 8 && !strncmp(a->name, "naive_bayes", 11);
        }
    assert_true(seen > 0);
    return digest;
}

/* A model knows a row's own word if, and only if, it learned from the row. */
static void leak_words(const sl_model *model, const sl_data *part, bool known)
{
    for (size_t i = 0; i < part->rows; i++) {
        char word[8];
        snprintf(word, sizeof word, "w%03d", (int)part->order[i]);
        if ((sl_views_word(model->views, 0, word, 4) != SIZE_MAX) != known)
            fail_msg("%s is %s", word, known ? "unknown" : "known");
    }
}

static leak_fitted leak_train(table_bench *b, const sl_run_options *options, bool *other, bool validation)
{
    b->log[0] = 0;
    leak_put(b, other);
    sl_run_options own = *options;
    own.data = b->path;
    own.keep_nothing = true;
    own.table.target = "mood";
    own.table.columns = "review=text\nuser=ignore\nday=ignore";
    sl_run *run = sl_run_new(b->ctx, &own);
    if (!run || sl_run_train(run))
        fail_msg("%s", sl_message(b->ctx));
    assert_non_null(run->validation);
    assert_non_null(run->test);
    assert_int_equal(run->refits, !own.validation);
    leak_words(run->model, run->train, true);
    leak_words(run->model, run->validation, run->refits);
    leak_words(run->model, run->test, false);
    if (run->refits) {
        leak_words(run->first_model, run->train, true);
        leak_words(run->first_model, run->validation, false);
        leak_words(run->first_model, run->test, false);
    }
    const leak_fitted fitted = { .model = sl_model_digest(run->model),
                                 .baselines = leak_baselines(run->baselines),
                                 .first = run->refits ? sl_model_digest(run->first_model) : 0 };
    const sl_data *part = validation ? run->validation : run->test;
    assert_true(part->rows > 15 && part->rows < 150);
    for (size_t i = 0; i < part->rows; i++)
        other[part->order[i]] = true;
    sl_run_free(run);
    return fitted;
}

static const sl_run_options leak_cuts[] = {
    { .test = "0.2" },
    { .test = "0.2", .group = "user" },
    { .test = "0.2", .split = "time=day" },
    { .folds = 4, .fold = 2 },
    { .test = "0.2",
      .text = "words ngrams=3 weight=nb, characters weight=tfidf, words ngrams=2 weight=binary hash=64" },
};

/* With the defaults for texts, which in the end learn from the validation rows too. */
static void test_texts_are_not_seen(void **state)
{
    for (size_t i = 0; i < sizeof leak_cuts / sizeof *leak_cuts; i++) {
        bool other[LEAK_ROWS] = { false };
        sl_run_options options = leak_cuts[i];
        options.epochs = 2;
        const leak_fitted before = leak_train(*state, &options, other, false),
                          after = leak_train(*state, &options, other, false);
        assert_true(before.model == after.model);
        assert_true(before.baselines == after.baselines);
        assert_true(before.first == after.first);
    }
}

static void validation_texts_are_not_seen(void **state)
{
    for (size_t i = 0; i < sizeof leak_cuts / sizeof *leak_cuts; i++)
        for (int refit = 0; refit < 2; refit++) {
            bool other[LEAK_ROWS] = { false };
            sl_run_options options = leak_cuts[i];
            options.epochs = refit ? 2 : 1;
            options.validation = refit ? NULL : "0.15";
            const leak_fitted before = leak_train(*state, &options, other, true),
                              after = leak_train(*state, &options, other, true);
            assert_true(before.first == after.first);
            assert_int_equal(before.model == after.model, !refit);
            assert_int_equal(before.baselines == after.baselines, !refit);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_texts_are_not_seen, table_up, table_down),
        cmocka_unit_test_setup_teardown(validation_texts_are_not_seen, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
