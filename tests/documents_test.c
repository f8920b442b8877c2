/* documents_test.c - views of documents: two topics lie apart, the same bits whoever computes, unlabelled
 * texts, what is refused, no memory. */
#include "documents.h"

/* --- what it is for --- */

static void documents_tell_topics_apart(void **unused)
{
    (void)unused;
    enum { NEW = 200 };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *train = doc_data(ctx, DOC_ROWS, 1), *other = doc_data(ctx, NEW, 77);
    sl_views *views = sl_views_fit(ctx, train, doc_words, NULL, SL_WEIGH_TFIDF, NULL);
    assert_fine(ctx);
    assert_int_equal(sl_views_size(views, -1), DOC_SIZE);
    assert_int_equal(sl_views_weigh(views, 0), SL_WEIGH_BINARY);
    sl_real *x = calloc(DOC_ROWS * DOC_SIZE, sizeof *x), *z = calloc(NEW * DOC_SIZE, sizeof *z);
    doc_values(ctx, views, train, x);
    doc_values(ctx, views, other, z);
    double mean[2][DOC_SIZE] = { { 0 } };
    for (int r = 0; r < DOC_ROWS; r++)
        for (int k = 0; k < DOC_SIZE; k++)
            mean[r % 2][k] += (double)x[r * DOC_SIZE + k];
    int right = 0;
    for (int r = 0; r < NEW; r++) {
        double length = 0, dot[2] = { 0 };
        for (int k = 0; k < DOC_SIZE; k++) {
            const double v = (double)z[r * DOC_SIZE + k];
            length += v * v;
            dot[0] += v * mean[0][k];
            dot[1] += v * mean[1][k];
        }
        assert_true(fabs(length - 16) < 1e-4); /* scale=4 */
        right += dot[r % 2] > dot[1 - r % 2];
    }
    if (right < NEW * 95 / 100)
        fail_msg("%d of %d new texts are nearer to their topic's mean", right, NEW);
    char name[64];
    sl_views_text(views, 0, 17, name, sizeof name);
    assert_string_equal(name, "document number 17");
    assert_true(sl_views_word(views, 0, "c1", 2) == SIZE_MAX);
    free(x);
    free(z);
    sl_views_free(views);
    sl_data_free(train);
    sl_data_free(other);
    sl_ctx_free(ctx);
}

/* Known n-grams add up, once each, whatever their order; a text without any has no features. */
static void documents_are_sums(void **unused)
{
    (void)unused;
    static const char *const texts[] = { "c1 zzz c2 zzz a1", "a1 . c2 zzz c1 . c1", "zzz yyy", "", "C2" };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *train = doc_data(ctx, DOC_ROWS, 1), *data = texts_of(ctx, texts, NULL, 0, 5);
    sl_views *views = sl_views_fit(ctx, train, "documents size=20 ngrams=2 least=3 passes=2 scale=0.5", NULL,
                                   SL_WEIGH_NONE, NULL);
    assert_fine(ctx);
    const sl_view *view = &views->view[0];
    assert_int_equal(view->texts, DOC_ROWS);
    sl_ragged *ragged = sl_ragged_new(ctx, 1);
    const size_t rows[] = { 0, 1, 2, 3, 4 };
    assert_int_equal(sl_views_gather(ctx, views, data, rows, 5, ragged), SL_OK);
    const sl_bags *all = &ragged->all;
    assert_true(all->offsets[1] == DOC_SIZE && all->offsets[2] == 2 * DOC_SIZE);
    assert_true(all->offsets[3] == 2 * DOC_SIZE && all->offsets[4] == 2 * DOC_SIZE);
    double sum[DOC_SIZE], length = 0;
    const size_t id[] = { sl_vocabulary_find(&view->words, sl_text_hash("c1", 2), "c1", 2),
                          sl_vocabulary_find(&view->words, sl_text_hash("c2", 2), "c2", 2),
                          sl_vocabulary_find(&view->words, sl_text_hash("a1", 2), "a1", 2) };
    for (int k = 0; k < DOC_SIZE; k++) {
        sum[k] = 0;
        for (int i = 0; i < 3; i++)
            sum[k] += (double)view->vector[id[i] * DOC_SIZE + (size_t)k];
        length += sum[k] * sum[k];
    }
    for (int k = 0; k < DOC_SIZE; k++) {
        assert_true(fabs((double)all->values[k] - 0.5 * sum[k] / sqrt(length)) < 1e-6);
        assert_true(all->values[k] == all->values[DOC_SIZE + k]);
    }
    sl_ragged_free(ragged);
    sl_views_free(views);
    sl_data_free(train);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

/* Counts are of texts, for each length of n-grams. */
static void documents_count_texts(void **unused)
{
    (void)unused;
    char *text[DOC_ROWS];
    for (int r = 0; r < DOC_ROWS; r++) {
        text[r] = calloc(1, 64);
        sprintf(text[r], "x x x x y%d y%d %s", r % 200, r % 200, r < 3 ? "rare rare" : "");
    }
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = texts_of(ctx, (const char *const *)text, NULL, 0, DOC_ROWS);
    sl_views *views =
        sl_views_fit(ctx, data, "documents ngrams=2 least=2 passes=1 size=2", NULL, SL_WEIGH_NONE, NULL);
    assert_fine(ctx);
    const sl_view *view = &views->view[0];
    const size_t x = sl_vocabulary_find(&view->words, sl_text_hash("x", 1), "x", 1),
                 rare = sl_vocabulary_find(&view->words, sl_text_hash("rare", 4), "rare", 4),
                 y = sl_vocabulary_find(&view->words, sl_text_hash("y7", 2), "y7", 2);
    assert_int_equal(view->count[x], DOC_ROWS);
    assert_int_equal(view->count[rare], 3);
    assert_int_equal(view->count[y], 2);
    const size_t pairs[][2] = { { x, x }, { y, y }, { rare, rare }, { x, y } };
    static const int counts[] = { DOC_ROWS, 2, 3, 2 };
    for (int i = 0; i < 4; i++) {
        const int prefix = (int)pairs[i][0], word = (int)pairs[i][1];
        const int found =
            sl_pairs_find(&view->pairs, sl_pairs_place(&view->pairs, prefix, word), prefix, word);
        assert_true(found >= 0);
        assert_int_equal(view->count[found], counts[i]);
    }
    sl_views_free(views);
    sl_data_free(data);
    sl_ctx_free(ctx);
    for (int r = 0; r < DOC_ROWS; r++)
        free(text[r]);
}

/* --- the same bits, more texts, earlier views --- */

static void documents_same_for_any_threads(void **unused)
{
    (void)unused;
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    uint64_t first = 0;
    for (int isa = 0; isa < 3; isa++)
        for (int threads = 1; threads <= 5; threads++) {
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isas[isa] });
            if (sl_error(ctx)) {
                sl_ctx_free(ctx);
                break;
            }
            assert_int_equal(sl_ctx_crew(ctx, threads), SL_OK);
            sl_data *data = doc_data(ctx, DOC_ROWS, 1), *more = doc_data(ctx, DOC_ROWS / 2, 5);
            sl_views *views = sl_views_fit(ctx, data, doc_words, NULL, SL_WEIGH_NONE, more);
            assert_fine(ctx);
            assert_int_equal(views->view[0].texts, DOC_ROWS + DOC_ROWS / 2);
            sl_real *x = calloc(DOC_ROWS * DOC_SIZE, sizeof *x);
            doc_values(ctx, views, data, x);
            const uint64_t digest = sl_text_hash_join(
                views->digest, sl_text_hash((const char *)x, DOC_ROWS * DOC_SIZE * sizeof *x));
            first = first ? first : digest;
            assert_true(digest == first);
            free(x);
            sl_views_free(views);
            sl_data_free(data);
            sl_data_free(more);
            sl_ctx_free(ctx);
        }
}

static void documents_more_texts(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = doc_data(ctx, DOC_ROWS, 1), *more = doc_data(ctx, DOC_ROWS, 5),
            *less = doc_data(ctx, DOC_ROWS / 2, 9);
    char words[128];
    snprintf(words, sizeof words, "words ngrams=2 weight=nb, %s, characters hash=10", doc_words);
    sl_views *alone = sl_views_fit(ctx, data, words, NULL, SL_WEIGH_TFIDF, NULL),
             *with = sl_views_fit(ctx, data, words, NULL, SL_WEIGH_TFIDF, more),
             *again = sl_views_refit(ctx, less, words, NULL, SL_WEIGH_TFIDF, more, with);
    assert_fine(ctx);
    /* Other views go by the training rows alone. */
    assert_int_equal(alone->view[0].features, with->view[0].features);
    assert_int_equal(alone->view[0].occurring, with->view[0].occurring);
    assert_memory_equal(alone->view[0].weight, with->view[0].weight,
                        with->view[0].features * sizeof(sl_real));
    assert_true(alone->view[1].level[VIEWS_LONGEST] < with->view[1].level[VIEWS_LONGEST]);
    assert_true(again->view[0].features < with->view[0].features);
    assert_int_equal(again->view[1].level[VIEWS_LONGEST], with->view[1].level[VIEWS_LONGEST]);
    assert_memory_equal(again->view[1].vector, with->view[1].vector,
                        with->view[1].level[VIEWS_LONGEST] * DOC_SIZE * sizeof(sl_real));
    sl_views *own = sl_views_refit(ctx, less, "words, documents size=20 ngrams=2 least=3 passes=7", NULL,
                                   SL_WEIGH_TFIDF, NULL, with);
    assert_fine(ctx);
    assert_int_equal(own->view[1].texts, DOC_ROWS / 2);
    sl_text sentence;
    sl_text_init(&sentence, ctx);
    sl_views_describe(own, &sentence);
    assert_non_null(strstr(sl_text_string(&sentence), "in at least 3 of 200 texts"));
    sl_text_free(&sentence);
    sl_views_free(own);
    sl_views_free(again);
    sl_views_free(with);
    sl_views_free(alone);
    sl_data_free(data);
    sl_data_free(more);
    sl_data_free(less);
    sl_ctx_free(ctx);
}

/* A model of both kinds of features, by the library: the unlabelled texts reach the view. */
static void documents_in_a_model(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = doc_data(ctx, 100, 1), *more = doc_data(ctx, DOC_ROWS, 5), *test = doc_data(ctx, 200, 9);
    sl_model *model = sl_model_parse(ctx, "bag 2 rows=16");
    sl_compile(model, .loss = "cross_entropy", .optimizer = { .rule = "adagrad", .lr = (sl_real)0.1 });
    sl_report *report =
        sl_fit(model, data, .text = "documents least=3 size=16", .unlabelled = more, .epochs = 5);
    assert_fine(ctx);
    sl_report *judged = sl_evaluate(ctx, model, test);
    assert_fine(ctx);
    assert_true(sl_report_last(judged, "accuracy") > 0.9);
    sl_report_free(report);
    sl_report_free(judged);
    sl_model_free(model);
    sl_data_free(data);
    sl_data_free(more);
    sl_data_free(test);
    sl_ctx_free(ctx);
}

/* --- what is refused, no memory --- */

static void doc_refused(int rows, const char *words, bool more, const char *says)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_data *data = doc_data(ctx, rows, 1);
    assert_null(sl_views_fit(ctx, data, words, NULL, SL_WEIGH_NONE, more ? data : NULL));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    if (!strstr(sl_message(ctx), says))
        fail_msg("%s does not say: %s", sl_message(ctx), says);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

static void documents_refused(void **unused)
{
    (void)unused;
    doc_refused(100, "documents least=1", false, "100 texts with");
    doc_refused(DOC_ROWS, "documents least=10000", false, "400 texts with 0 n-grams that are in 10000");
    doc_refused(DOC_ROWS, "documents size=1", false, "size is 1: wants");
    doc_refused(DOC_ROWS, "documents passes=0", false, "passes is 0: wants");
    doc_refused(DOC_ROWS, "documents scale=0", false, "scale is 0: wants");
    doc_refused(DOC_ROWS, "documents weight=nb", false, "weight");
    doc_refused(DOC_ROWS, "words ngrams=2", true, "as in \"words ngrams=2, documents\"");
    sl_ctx *ctx = engine_ctx(1);
    assert_null(sl_tokenize_text(ctx, "a b", 3, NULL, "words, documents"));
    assert_non_null(strstr(sl_message(ctx), "leave it out"));
    sl_ctx_free(ctx);
}

static void documents_out_of_memory(void **unused)
{
    (void)unused;
    for (size_t fail = 1;; fail++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_data *data = doc_data(ctx, 200, 1);
        assert_non_null(data);
        const size_t rows[] = { 3, 1 }, before = memory.calls;
        memory.fail_at = before + fail;
        memory.fail_once = true;
        sl_views *views =
            sl_views_fit(ctx, data, "documents size=2 passes=1 ngrams=2 least=3", NULL, SL_WEIGH_NONE, NULL);
        sl_ragged *ragged = views ? sl_ragged_new(ctx, 1) : NULL;
        const sl_status status = ragged ? sl_views_gather(ctx, views, data, rows, 2, ragged) : SL_ENOMEM;
        const bool failed = memory.calls >= memory.fail_at;
        assert_int_equal(status, failed ? SL_ENOMEM : SL_OK);
        assert_int_equal(sl_error(ctx), status);
        sl_ragged_free(ragged);
        sl_views_free(views);
        sl_data_free(data);
        sl_ctx_free(ctx);
        assert_int_equal(memory.bytes, 0);
        assert_false(memory.wrong_size);
        if (!failed)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_tell_topics_apart), cmocka_unit_test(documents_are_sums),
        cmocka_unit_test(documents_count_texts),       cmocka_unit_test(documents_same_for_any_threads),
        cmocka_unit_test(documents_more_texts),        cmocka_unit_test(documents_in_a_model),
        cmocka_unit_test(documents_refused),           cmocka_unit_test(documents_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
