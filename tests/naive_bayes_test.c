/* The baseline of texts: by hand on a textbook's four texts, against a plain loop, in its file, and what it
 * says where it cannot be. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "table_place.h"

#include "baseline/baseline.h"

static const sl_table_options bayes_columns = { .target = "y", .columns = "x=text" };

static const sl_fitted *bayes_of(const sl_baselines *b, const char *name, int *index)
{
    for (int i = 0; i < b->count; i++)
        if (!strcmp(b->fitted[i].kind->name, name)) {
            *index = i;
            return &b->fitted[i];
        }
    fail_msg("there is no baseline %s", name);
    return NULL;
}

static void bayes_close(double found, double wanted)
{
    if (!(fabs(found - wanted) < 1e-6))
        fail_msg("%.9f, wants %.9f", found, wanted);
}

/* Manning, Raghavan, Schuetze 2008, example 13.1, each word once a text. */
static const char bayes_texts[] = "x,y\nchinese beijing chinese,c\nchinese chinese shanghai,c\n"
                                  "chinese macao,c\ntokyo japan chinese,j\n"
                                  "chinese chinese chinese tokyo japan,c\n";

static void a_textbook_by_hand(void **state)
{
    table_bench *b = *state;
    sl_data *all = table_open_text(b, bayes_texts, &bayes_columns);
    const size_t rows[] = { 0, 1, 2, 3 };
    size_t *order = sl_alloc_array(b->ctx, 4, sizeof *order);
    memcpy(order, rows, sizeof rows);
    sl_data *train = sl_data_view(all, order, 4, "train");
    /* with weights and without: what is counted is whether a word is there */
    const char *const words[] = { "words least=1 weight=none", "words least=1 weight=binary",
                                  "words least=1" };
    for (size_t w = 0; w < 3; w++) {
        sl_views *views = sl_views_fit(b->ctx, train, words[w], NULL, SL_WEIGH_TFIDF, NULL);
        sl_baselines *bl = sl_baselines_make_texts(b->ctx, train, NULL, true, views, 2, NULL);
        if (!bl)
            fail_msg("%s", sl_message(b->ctx));
        assert_int_equal(sl_views_size(views, 0), 6);
        int index = 0;
        const sl_fitted *f = bayes_of(bl, "naive_bayes", &index);
        assert_string_equal(f->why, "");
        assert_string_equal(f->text, "naive Bayes, 6 features of texts");
        sl_real p[2];
        const size_t asked = 4;
        assert_int_equal(sl_baselines_predict(bl, b->ctx, index, all, &asked, 1, p), SL_OK);
        /* c: (3 + 1) / (4 + 2), then 4/12, 1/12, 1/12; j: (1 + 1) / (4 + 2), then 2/9 three times */
        const double c = 4.0 / 6 * 4 / 12 / 12 / 12, j = 2.0 / 6 * 8 / 729;
        bayes_close((double)p[0], c / (c + j));
        bayes_close((double)p[1], j / (c + j));
        sl_baselines_free(bl);
        sl_views_free(views);
    }
}

/* 90 texts of three classes, words drawn by a formula. */
static sl_data *bayes_made(table_bench *b, bool numbers)
{
    static char text[90 * 80];
    char *at = text + sprintf(text, "x,y\n");
    for (int i = 0; i < 90; i++) {
        for (int k = 0; k < 4 + i % 5; k++)
            at +=
                sprintf(at, "%sw%c", k ? " " : "", 'a' + (i * 7 + k * k * (i % 3 + 2) + k * i) % (9 + i % 3));
        at += numbers ? sprintf(at, ",%d.5\n", i * 13 % 31) : sprintf(at, ",%c\n", 'p' + i % 3);
    }
    return table_open_text(b, text, &bayes_columns);
}

static void three_classes_are_a_plain_loops(void **state)
{
    table_bench *b = *state;
    sl_data *data = bayes_made(b, false);
    sl_views *views = sl_views_fit(b->ctx, data, "words least=1 ngrams=2", NULL, SL_WEIGH_NONE, NULL);
    sl_baselines *bl = sl_baselines_make_texts(b->ctx, data, NULL, true, views, 3, NULL);
    assert_non_null(bl);
    int index = 0;
    bayes_of(bl, "naive_bayes", &index);
    const size_t features = sl_views_size(views, 0);
    bool(*has)[1000] = calloc(90, sizeof *has);
    double share[3] = { 0 };
    sl_ragged *lists = sl_ragged_new(b->ctx, 1);
    size_t rows[90];
    for (size_t i = 0; i < 90; i++)
        rows[i] = i;
    assert_int_equal(sl_views_gather(b->ctx, views, data, rows, 90, lists), SL_OK);
    assert_true(features > 12 && features < 1000);
    for (size_t i = 0; i < 90; i++)
        for (size_t k = lists->view[0].offsets[i]; k < lists->view[0].offsets[i + 1]; k++)
            has[i][lists->view[0].ids[k]] = true;
    sl_real found[90 * 3];
    assert_int_equal(sl_baselines_predict(bl, b->ctx, index, data, rows, 90, found), SL_OK);
    double logs[3][1000];
    for (int c = 0; c < 3; c++) {
        double all = 0;
        for (size_t j = 0; j < features; j++) {
            double count = 1;
            for (size_t i = 0; i < 90; i++)
                count += has[i][j] && (int)sl_data_target(data, i) == c;
            logs[c][j] = log(count);
            all += count;
        }
        for (size_t j = 0; j < features; j++)
            logs[c][j] -= log(all);
        for (size_t i = 0; i < 90; i++)
            share[c] += (int)sl_data_target(data, i) == c;
    }
    for (size_t i = 0; i < 90; i++) {
        double z[3], sum = 0;
        for (int c = 0; c < 3; c++) {
            z[c] = log((share[c] + 1) / 93);
            for (size_t j = 0; j < features; j++)
                z[c] += has[i][j] ? logs[c][j] : 0;
            sum += exp(z[c]);
        }
        for (int c = 0; c < 3; c++)
            if (!(fabs((double)found[i * 3 + (size_t)c] - exp(z[c]) / sum) < 1e-5))
                fail_msg("row %zu, class %d: %.7f, wants %.7f", i, c, (double)found[i * 3 + (size_t)c],
                         exp(z[c]) / sum);
    }
    free(has);
}

static void what_cannot_be_says_why(void **state)
{
    table_bench *b = *state;
    sl_data *data = bayes_made(b, false);
    int index = 0;
    sl_views *views = sl_views_fit(b->ctx, data, "words least=1", NULL, SL_WEIGH_NONE, NULL);
    sl_columns *columns = sl_data_fit_columns(data, NULL, false);
    assert_non_null(columns);
    sl_baselines *bl = sl_baselines_make_texts(b->ctx, data, columns, true, views, 3, NULL);
    assert_non_null(bl);
    assert_string_equal(bayes_of(bl, "linear", &index)->why,
                        "there are no numbers or categories beside the texts");
    assert_string_equal(bayes_of(bl, "nearest", &index)->why,
                        "there are no numbers or categories beside the texts");
    bl = sl_baselines_make_texts(b->ctx, NULL, NULL, true, views, 3, "nothing is at hand");
    assert_string_equal(bayes_of(bl, "naive_bayes", &index)->why, "nothing is at hand");
    sl_data *numbers = bayes_made(b, true);
    bl = sl_baselines_make_texts(b->ctx, numbers, NULL, true, views, 0, NULL);
    assert_string_equal(bayes_of(bl, "naive_bayes", &index)->why,
                        "it tells classes apart, and the targets are numbers");
    bl = sl_baselines_make(b->ctx, numbers, NULL, 0, NULL);
    for (int i = 0; i < bl->count; i++)
        assert_string_not_equal(bl->fitted[i].kind->name, "naive_bayes"); /* there are no texts: not a word */
}

/* Out of its file it answers the same; with other views it is refused; damage is told. */
static void it_is_kept(void **state)
{
    table_bench *b = *state;
    sl_data *data = bayes_made(b, false);
    sl_views *views = sl_views_fit(b->ctx, data, "words least=1", NULL, SL_WEIGH_NONE, NULL);
    sl_baselines *bl = sl_baselines_make_texts(b->ctx, data, NULL, true, views, 3, NULL);
    assert_int_equal(sl_baselines_save(bl, b->path), SL_OK);
    sl_baselines *read = sl_baselines_read(b->ctx, b->path);
    if (!read)
        fail_msg("%s", sl_message(b->ctx));
    int index = 0, same = 0;
    bayes_of(bl, "naive_bayes", &index);
    assert_string_equal(bayes_of(read, "naive_bayes", &same)->why, "");
    size_t rows[90];
    sl_real first[90 * 3], second[90 * 3];
    for (size_t i = 0; i < 90; i++)
        rows[i] = i;
    read->views = views;
    assert_int_equal(sl_baselines_predict(bl, b->ctx, index, data, rows, 90, first), SL_OK);
    assert_int_equal(sl_baselines_predict(read, b->ctx, same, data, rows, 90, second), SL_OK);
    assert_memory_equal(first, second, sizeof first);
    read->views = sl_views_fit(b->ctx, data, "words least=1 ngrams=2", NULL, SL_WEIGH_NONE, NULL);
    assert_int_equal(sl_baselines_predict(read, b->ctx, same, data, rows, 90, second), SL_EINVAL);
    assert_non_null(strstr(sl_message(b->ctx), "naive_bayes was fitted to"));
    sl_clear(b->ctx);
    bl->fitted[index].array[1].rows = 2; /* of three classes: damaged */
    assert_int_equal(sl_baselines_save(bl, b->path), SL_OK);
    assert_null(sl_baselines_read(b->ctx, b->path));
    assert_int_equal(sl_error(b->ctx), SL_EFORMAT);
    assert_non_null(strstr(sl_message(b->ctx), "the numbers of naive_bayes do not fit together"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_textbook_by_hand, table_up, table_down),
        cmocka_unit_test_setup_teardown(three_classes_are_a_plain_loops, table_up, table_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_says_why, table_up, table_down),
        cmocka_unit_test_setup_teardown(it_is_kept, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
