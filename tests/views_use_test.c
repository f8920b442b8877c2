/* views_use_test.c - views at work: any number of threads, lists that are kept, copies, where features come
 * from, wrong words, no memory. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden/views.h"
#include "memory.h"
#include "text/views_parts.h"
#include "texts.h"

#define VIEWS_TEXTS (sizeof golden_texts / sizeof *golden_texts)

/* --- the same for any number of threads, kept or made anew, copied --- */

static uint64_t views_digest_of(const sl_ragged *ragged)
{
    const sl_bags *all = &ragged->all;
    const size_t rows = (size_t)all->count, ids = all->offsets[rows];
    uint64_t digest = sl_text_hash((const char *)all->offsets, (rows + 1) * sizeof *all->offsets);
    digest = sl_text_hash_join(digest, sl_text_hash((const char *)all->ids, ids * sizeof *all->ids));
    return all->values
               ? sl_text_hash_join(digest, sl_text_hash((const char *)all->values, ids * sizeof *all->values))
               : digest;
}

static void S150_same_for_any_threads(void **state)
{
    (void)state;
    enum { ROWS = 300 };
    static const char words[] =
        "words ngrams=3 weight=nb, characters from=2 ngrams=4 weight=tfidf, words ngrams=2, words "
        "ngrams=3 hash=64 weight=nb least=2";
    char **text = texts_made(ROWS, 60);
    float y[ROWS];
    for (int r = 0; r < ROWS; r++)
        y[r] = (float)(r % 3);
    uint64_t first[3] = { 0 };
    for (int threads = 1; threads <= 7; threads++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        assert_int_equal(sl_ctx_crew(ctx, threads), SL_OK);
        sl_data *data = texts_of(ctx, (const char *const *)text, y, 3, ROWS);
        sl_views *views = sl_views_fit(ctx, data, words, NULL, SL_WEIGH_NONE, NULL);
        assert_non_null(views);
        sl_ctx *other = sl_ctx_new(NULL);
        sl_views *copy = sl_views_copy(other, views), *same = sl_views_copy(ctx, views);
        assert_ptr_equal(same, views);
        sl_views_free(same);
        sl_ragged *ragged = sl_ragged_new(ctx, 4), *copied = sl_ragged_new(other, 4);
        size_t rows[ROWS];
        for (size_t r = 0; r < ROWS; r++)
            rows[r] = r * 7 % ROWS;
        assert_int_equal(sl_views_gather(ctx, views, data, rows, ROWS, ragged), SL_OK);
        const uint64_t made = views_digest_of(ragged);
        assert_int_equal(sl_views_gather(other, copy, data, rows, ROWS, copied), SL_OK);
        assert_true(views_digest_of(copied) == made);
        assert_int_equal(sl_views_encode(ctx, views, data), SL_OK);
        assert_non_null(data->store->encoded);
        assert_int_equal(sl_views_gather(ctx, views, data, rows, ROWS, ragged), SL_OK);
        assert_true(views_digest_of(ragged) == made);
        if (threads == 1) {
            first[0] = views->digest;
            first[1] = made;
        }
        assert_true(views->digest == first[0] && made == first[1]);
        sl_ragged_free(ragged);
        sl_ragged_free(copied);
        sl_views_free(copy);
        sl_views_free(views);
        sl_data_free(data);
        sl_ctx_free(ctx);
        sl_ctx_free(other);
    }
    texts_free(text, ROWS);
}

/* --- where features come from --- */

static void places_in_the_text(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data = texts_of(ctx, golden_texts, golden_classes_2, 2, VIEWS_TEXTS);
    sl_views *views = sl_views_fit(ctx, data, "words ngrams=2 weight=tfidf, characters from=3 ngrams=3", NULL,
                                   SL_WEIGH_NONE, NULL);
    assert_non_null(views);
    sl_feature_places places;
    sl_feature_places_init(&places, ctx);
    static const char text[] = "Good, good film unseen";
    assert_int_equal(sl_views_places(views, text, sizeof text - 1, &places), SL_OK);
    assert_int_equal(places.words, 4);
    assert_int_equal(places.known, 3);
    double sum = 0, squares[64] = { 0 };
    for (size_t i = 0; i < places.count; i++) {
        const sl_feature_place *place = &places.place[i];
        char name[64], joined[64] = "";
        sl_views_text(views, -1, (size_t)place->feature, name, sizeof name);
        for (int t = place->first; t < place->first + place->count; t++) {
            const sl_token *token = &places.tokens.token[t];
            snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%.*s",
                     t > place->first ? " " : "", (int)token->length, token->text);
        }
        if ((size_t)place->feature < sl_views_size(views, 0)) {
            assert_string_equal(name, joined);
            if (!strcmp(name, "good"))
                sum += (double)place->value;
            squares[strcmp(name, "good") ? i : 63] += (double)place->value;
        } else {
            assert_true(place->count == 1 && place->value == 1);
        }
    }
    double length = 0;
    for (int i = 0; i < 64; i++)
        length += squares[i] * squares[i];
    assert_true(fabs(length - 1) < 1e-5 && sum > 0);
    sl_feature_places_free(&places);
    sl_views_free(views);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

/* --- wrong words, no memory --- */

static void views_refused(int classes, const char *words, const char *tokenizer, const char *says)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data = texts_of(ctx, golden_texts, golden_classes_2, classes, VIEWS_TEXTS);
    assert_null(sl_views_fit(ctx, data, words, tokenizer, SL_WEIGH_NONE, NULL));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    if (!strstr(sl_message(ctx), says))
        fail_msg("%s does not say: %s", sl_message(ctx), says);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

static void S150_wrong_words(void **state)
{
    (void)state;
    views_refused(2, "word", NULL, "did you mean 'words'");
    views_refused(2, "words ngrams=6", NULL, "ngrams is 6: wants a whole number from 1 to 5");
    views_refused(2, "characters from=4 ngrams=3", NULL, "shortest before longest");
    views_refused(2, "words", "case=up", "case is up");
    views_refused(0, "words weight=nb", NULL, "the target has 0");
    views_refused(2, "words least=1000", NULL, "its vocabulary is empty");
    views_refused(2, "words, words, words, words, words, words, words, words, words", NULL,
                  "more than 8 views");
    views_refused(2, "words,", NULL, "unknown view");
    views_refused(2, "words ngrams=2 hash=1073741824, characters hash=1073741824", NULL,
                  "features together: wants at most 2147483647");
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data = texts_of(ctx, golden_texts, NULL, 0, VIEWS_TEXTS);
    sl_views *views = sl_views_fit(ctx, data, "words, characters, words least=1", NULL, SL_WEIGH_NONE, NULL);
    int view = 5;
    assert_int_equal(sl_views_find(ctx, views, "words_2", &view), SL_OK);
    assert_int_equal(view, 2);
    assert_int_equal(sl_views_find(ctx, views, NULL, &view), SL_OK);
    assert_int_equal(view, -1);
    assert_int_equal(sl_views_find(ctx, views, "chars", &view), SL_EINVAL);
    assert_int_equal(sl_views_word(views, 0, "film", 4), sl_views_word(views, 2, "film", 4));
    assert_true(sl_views_word(views, 0, "filmy", 5) == SIZE_MAX);
    sl_clear(ctx);
    assert_int_equal(sl_views_check_words(ctx, "words ngrams=3, characters", "case=keep"), SL_OK);
    sl_clear(ctx);
    assert_int_equal(
        sl_views_check_words(ctx, "words, words, words, words, words, words, words, words", NULL), SL_OK);
    assert_int_equal(sl_views_check_words(ctx, "words ngram=3", NULL), SL_EINVAL);
    sl_views_free(views);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

static void views_out_of_memory(void **state)
{
    (void)state;
    for (size_t fail = 1;; fail++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_data *data = texts_of(ctx, golden_texts, golden_classes_2, 2, VIEWS_TEXTS);
        assert_non_null(data);
        const size_t rows[] = { 3, 1 }, before = memory.calls;
        memory.fail_at = before + fail;
        memory.fail_once = true;
        sl_views *views = sl_views_fit(ctx, data, "words ngrams=2 weight=nb, characters weight=tfidf", NULL,
                                       SL_WEIGH_NONE, NULL);
        sl_ragged *ragged = views ? sl_ragged_new(ctx, 2) : NULL;
        sl_status status = ragged ? sl_views_gather(ctx, views, data, rows, 2, ragged) : SL_ENOMEM;
        status = status ? status : sl_views_encode(ctx, views, data);
        status = status ? status : sl_views_gather(ctx, views, data, rows, 2, ragged);
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
        cmocka_unit_test(S150_same_for_any_threads),
        cmocka_unit_test(places_in_the_text),
        cmocka_unit_test(S150_wrong_words),
        cmocka_unit_test(views_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
