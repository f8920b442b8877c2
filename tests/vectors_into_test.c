/* Word vectors in the table of an embedding: the rows of words that the file has, and no others. */
#include "text/vectors.h"
#include "engine.h"
#include "tensor/tensor.h"
#include "text/views.h"
#include "texts.h"

static const char *const into_texts[] = { "Good film not good", "bad \xc3\x89t\xc3\xa9 film",
                                          "#1 not bad 7" };
static const char into_file[] = "GOOD 1 2 3\nfilm 4 5 6\n\xc3\xa9t\xc3\xa9 7 8 9\nelse 1 1 1\nnot 0 0 1\n";

typedef struct {
    sl_ctx *ctx;
    sl_data *data;
    sl_views *views;
    sl_vectors *vectors;
} into_bench;

static into_bench into_begin(const char *words)
{
    into_bench b = { .ctx = sl_ctx_new(NULL) };
    b.data = texts_of(b.ctx, into_texts, NULL, 0, 3);
    b.views = sl_views_fit(b.ctx, b.data, words, NULL, SL_WEIGH_NONE, NULL);
    b.vectors = sl_vectors_parse(b.ctx, "a.vec", (const unsigned char *)into_file, sizeof into_file - 1);
    if (!b.views || !b.vectors)
        fail_msg("%s", sl_message(b.ctx));
    return b;
}

/* Every row is looked at: what the file has for its text, or the 0.5 that was there. */
static void into_check(const into_bench *b, int view, const char *const *texts, double (*wanted)[3],
                       size_t count, size_t all)
{
    const int rows = (int)sl_views_size(b->views, view);
    sl_tensor *table = sl_tensor_new(b->ctx, sl_dims(rows, 3), NULL);
    for (int i = 0; i < rows * 3; i++)
        sl_values(table)[i] = SL_R(0.5);
    size_t found, words;
    assert_int_equal(sl_vectors_into(b->vectors, b->views, view, table, &found, &words), SL_OK);
    assert_int_equal(found, count);
    assert_int_equal(words, all);
    for (int row = 0; row < rows; row++) {
        char text[64];
        const double *right = (const double[3]){ 0.5, 0.5, 0.5 };
        sl_views_text(b->views, view, (size_t)row, text, sizeof text);
        for (size_t i = 0; i < count; i++)
            right = strcmp(text, texts[i]) == 0 ? wanted[i] : right;
        for (int k = 0; k < 3; k++)
            if ((double)sl_values(table)[row * 3 + k] != right[k])
                fail_msg("row %d, '%s', number %d", row, text, k);
    }
}

static void S152_vectors_begin_an_embedding(void **state)
{
    (void)state;
    static const char *const texts[] = { "good", "film", "\xc3\xa9t\xc3\xa9", "not" };
    double wanted[][3] = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 }, { 0, 0, 1 } };
    into_bench b = into_begin("words");
    const size_t all = sl_views_size(b.views, 0);
    into_check(&b, 0, texts, wanted, 4, all);
    into_check(&b, -1, texts, wanted, 4, all);
    sl_ctx_free(b.ctx);
    b = into_begin("words ngrams=2"); /* "not good" keeps what it has */
    assert_true(sl_views_size(b.views, 0) > all);
    into_check(&b, 0, texts, wanted, 4, all);
    sl_ctx_free(b.ctx);
}

static void into_refused(void **state)
{
    (void)state;
    into_bench b = into_begin("words");
    const int rows = (int)sl_views_size(b.views, 0);
    assert_int_equal(
        sl_vectors_into(b.vectors, b.views, 0, sl_tensor_new(b.ctx, sl_dims(rows, 4), NULL), NULL, NULL),
        SL_ESHAPE);
    assert_non_null(strstr(sl_message(b.ctx), "wanted is embedding 3"));
    sl_clear(b.ctx);
    assert_int_equal(
        sl_vectors_into(b.vectors, b.views, 0, sl_tensor_new(b.ctx, sl_dims(rows + 1, 3), NULL), NULL, NULL),
        SL_ESHAPE);
    sl_ctx_free(b.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S152_vectors_begin_an_embedding),
        cmocka_unit_test(into_refused),
    };
    return cmocka_run_group_tests_name("vectors_into", tests, NULL, NULL);
}
