/* views_test.c - texts as features: n-grams against a plain loop, weights against scikit-learn and numpy. */
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

/* --- counts against a plain loop --- */

enum { REFERENCE_MOST = 20000 };
typedef struct {
    char text[64];
    int count;
} reference_gram;

/* All n-grams of 1 to n words with their counts, one after the other. */
static size_t views_reference(char **text, int rows, int ngrams, reference_gram *gram)
{
    size_t count = 0;
    for (int r = 0; r < rows; r++) {
        char copy[2048], *word[64];
        int words = 0;
        strcpy(copy, text[r]);
        for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
            word[words++] = w;
        for (int n = 1; n <= ngrams; n++)
            for (int i = 0; i + n <= words; i++) {
                char joined[64] = "";
                for (int k = 0; k < n; k++) {
                    strcat(joined, k ? " " : "");
                    strcat(joined, word[i + k]);
                }
                size_t at = 0;
                while (at < count && strcmp(gram[at].text, joined) != 0)
                    at++;
                if (at == count) {
                    assert_true(count < REFERENCE_MOST);
                    strcpy(gram[count++].text, joined);
                    gram[at].count = 0;
                }
                gram[at].count++;
            }
    }
    return count;
}

static int views_spaces(const char *text)
{
    int spaces = 0;
    for (; *text; text++)
        spaces += *text == ' ';
    return spaces;
}

static void S150_exact_counts(void **state)
{
    (void)state;
    enum { ROWS = 150 };
    char **text = texts_made(ROWS, 30);
    reference_gram *gram = calloc(REFERENCE_MOST, sizeof *gram);
    const size_t all = views_reference(text, ROWS, 3, gram);
    for (int least = 1; least <= 3; least++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        sl_data *data = texts_of(ctx, (const char *const *)text, NULL, 0, ROWS);
        char words[64];
        snprintf(words, sizeof words, "words ngrams=3 least=%d", least);
        sl_views *views = sl_views_fit(ctx, data, words, NULL, SL_WEIGH_NONE, NULL);
        assert_non_null(views);
        const sl_view *view = &views->view[0];
        size_t kept = 0;
        for (size_t i = 0; i < all; i++)
            kept += gram[i].count >= least;
        assert_int_equal(sl_views_size(views, 0), kept);
        assert_int_equal(sl_views_size(views, -1), kept);
        for (size_t f = 0; f < kept; f++) {
            char name[64];
            size_t at = 0;
            const size_t length = sl_views_text(views, 0, f, name, sizeof name);
            assert_int_equal(length, strlen(name));
            while (at < all && strcmp(gram[at].text, name) != 0)
                at++;
            assert_true(at < all);
            if (view->count[f] != gram[at].count)
                fail_msg("%s: %d, wanted %d", name, view->count[f], gram[at].count);
            if (f && views_spaces(name) == 0) {
                char before[64];
                sl_views_text(views, 0, f - 1, before, sizeof before);
                assert_true(view->count[f - 1] > view->count[f] ||
                            (view->count[f - 1] == view->count[f] && strcmp(before, name) < 0));
            }
            if (f >= view->words.count && f != view->level[1] && f != view->level[2])
                assert_true(view->count[f - 1] >= view->count[f]);
        }
        sl_views_free(views);
        sl_data_free(data);
        sl_ctx_free(ctx);
    }
    free(gram);
    texts_free(text, ROWS);
}

/* most=: the most frequent ones, and of an n-gram all that it begins with. */
static void S150_size_cap(void **state)
{
    (void)state;
    enum { ROWS = 80 };
    char **text = texts_made(ROWS, 20);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data = texts_of(ctx, (const char *const *)text, NULL, 0, ROWS);
    sl_views *whole = sl_views_fit(ctx, data, "words ngrams=3", NULL, SL_WEIGH_NONE, NULL);
    for (int most = 1; most < 400; most += 37) {
        char words[64];
        snprintf(words, sizeof words, "words ngrams=3 most=%d", most);
        sl_views *views = sl_views_fit(ctx, data, words, NULL, SL_WEIGH_NONE, NULL);
        assert_non_null(views);
        const sl_view *view = &views->view[0], *all = &whole->view[0];
        assert_int_equal(sl_views_size(views, 0), most);
        int least = INT32_MAX, larger = 0;
        for (size_t f = 0; f < (size_t)most; f++)
            least = view->count[f] < least ? view->count[f] : least;
        for (size_t f = 0; f < all->features; f++)
            larger += all->count[f] > least;
        assert_true(larger <= most);
        for (size_t f = 0; f < (size_t)most; f++) { /* the same texts and counts as in the whole one */
            char name[64], other[64] = "";
            sl_views_text(views, 0, f, name, sizeof name);
            size_t at = 0;
            for (; at < all->features && strcmp(name, other) != 0; at++)
                sl_views_text(whole, 0, at, other, sizeof other);
            assert_string_equal(name, other);
            assert_int_equal(view->count[f], all->count[at - 1]);
        }
        sl_views_free(views);
    }
    sl_views_free(whole);
    sl_data_free(data);
    sl_ctx_free(ctx);
    texts_free(text, ROWS);
}

/* --- lists --- */

static void views_list(const sl_views *views, const sl_ragged *ragged, size_t row, char *text, size_t room)
{
    *text = 0;
    for (size_t i = ragged->all.offsets[row]; i < ragged->all.offsets[row + 1]; i++) {
        char name[64];
        sl_views_text(views, -1, (size_t)ragged->all.ids[i], name, sizeof name);
        assert_true(strlen(text) + strlen(name) + 2 < room);
        strcat(text, *text ? "|" : "");
        strcat(text, name);
    }
}

static void views_lists_are(const char *words, const char *tokenizer, const char *text, const char *wanted)
{
    const char *const texts[] = { text, "zz" };
    const size_t rows[] = { 1, 0 };
    char found[1024];
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data = texts_of(ctx, texts, NULL, 0, 2);
    sl_views *views = sl_views_fit(ctx, data, words, tokenizer, SL_WEIGH_NONE, NULL);
    if (!views)
        fail_msg("%s", sl_message(ctx));
    sl_ragged *ragged = sl_ragged_new(ctx, sl_views_count(views));
    assert_int_equal(sl_views_gather(ctx, views, data, rows, 2, ragged), SL_OK);
    views_list(views, ragged, 1, found, sizeof found);
    assert_string_equal(found, wanted);
    sl_ragged_free(ragged);
    sl_views_free(views);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

static void S150_lists_in_order(void **state)
{
    (void)state;
    views_lists_are("words", NULL, "B a b", "b|a|b");
    views_lists_are("words ngrams=3", NULL, "a b, a", "a|b|a b|,|b ,|a b ,|a|, a|b , a");
    views_lists_are("words ngrams=2", NULL, "a b<br>c d", "a|b|a b|c|d|c d");
    views_lists_are("words ngrams=2 least=2", NULL, "a b a b c a", "a|b|a b|a|b|a b|a");
    views_lists_are("words ngrams=2 tokens=2", NULL, "a b c d", "a|b|a b");
    views_lists_are("characters from=2 ngrams=3", NULL, "ab", "<a|<ab|ab|ab>|b>");
    views_lists_are("characters from=1 ngrams=2", NULL, "a b", "<a|a|a>|<b|b|b>");
    views_lists_are("characters from=3 ngrams=3", NULL, "\xE2\x80\xA6", "<..|...|..>"); /* an ellipsis */
    views_lists_are("words, characters from=3 ngrams=3", NULL, "ab c", "ab|c|<ab|ab>|<c>");
    views_lists_are("words weight=binary", NULL, "b a b", "b|a");
    views_lists_are("words", "marks=drop", "a, b.", "a|b");
}

/* --- weights --- */

static void views_values_are(const char *words, int classes, const float *y, const golden_value *wanted,
                             size_t count)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data = texts_of(ctx, golden_texts, y, classes, VIEWS_TEXTS);
    sl_views *views = sl_views_fit(ctx, data, words, NULL, SL_WEIGH_NONE, NULL);
    if (!views)
        fail_msg("%s", sl_message(ctx));
    sl_ragged *ragged = sl_ragged_new(ctx, 1);
    size_t rows[VIEWS_TEXTS], found = 0;
    for (size_t r = 0; r < VIEWS_TEXTS; r++)
        rows[r] = r;
    assert_int_equal(sl_views_gather(ctx, views, data, rows, VIEWS_TEXTS, ragged), SL_OK);
    for (size_t r = 0; r < VIEWS_TEXTS; r++) {
        double squares = 0;
        for (size_t i = ragged->all.offsets[r]; i < ragged->all.offsets[r + 1]; i++) {
            char name[64];
            size_t at = 0;
            const double value = (double)ragged->all.values[i];
            assert_true(i == ragged->all.offsets[r] || ragged->all.ids[i] > ragged->all.ids[i - 1]);
            sl_views_text(views, 0, (size_t)ragged->all.ids[i], name, sizeof name);
            while (at < count && (wanted[at].row != (int)r || strcmp(wanted[at].feature, name) != 0))
                at++;
            const double golden = at < count ? wanted[at].value : 0; /* numpy leaves exact zeros out */
            if (fabs(value - golden) > 1e-6)
                fail_msg("%s, row %zu, %s: %.9f, wanted %.9f", words, r, name, value, golden);
            found += at < count;
            squares += value * value;
        }
        assert_true(squares == 0 || fabs(squares - 1) < 1e-5);
    }
    assert_int_equal(found, count);
    sl_ragged_free(ragged);
    sl_views_free(views);
    sl_data_free(data);
    sl_ctx_free(ctx);
}
#define VIEWS_VALUES(words, classes, y, golden)                                                              \
    views_values_are(words, classes, y, golden, sizeof golden / sizeof *golden)

static void S150_weights_of_others(void **state)
{
    (void)state;
    VIEWS_VALUES("words ngrams=2 weight=tfidf", 0, NULL, golden_tfidf);
    VIEWS_VALUES("words ngrams=2 weight=nb", 2, golden_classes_2, golden_nb_2);
    VIEWS_VALUES("words ngrams=2 weight=nb alpha=0.25", 2, golden_classes_2, golden_nb_2_alpha);
    VIEWS_VALUES("words ngrams=2 weight=nb", 3, golden_classes_3, golden_nb_3);
}

static void S150_hashes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof golden_hashes / sizeof *golden_hashes; i++)
        assert_true(sl_text_hash(golden_hashes[i].text, strlen(golden_hashes[i].text)) ==
                    golden_hashes[i].hash);
    assert_true(sl_text_hash_join(sl_text_hash("not", 3), sl_text_hash("good", 4)) == GOLDEN_HASH_JOIN);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data = texts_of(ctx, golden_texts, NULL, 0, VIEWS_TEXTS);
    sl_views *views = sl_views_fit(ctx, data, "words ngrams=2 hash=1000", NULL, SL_WEIGH_NONE, NULL);
    const size_t row = 3, words = views->view[0].words.count,
                 bucket = (size_t)((GOLDEN_HASH_JOIN >> 32) * 1000 >> 32);
    sl_ragged *ragged = sl_ragged_new(ctx, 1);
    assert_int_equal(sl_views_gather(ctx, views, data, &row, 1, ragged), SL_OK);
    assert_int_equal(sl_views_size(views, 0), words + 1000);
    assert_int_equal(ragged->all.offsets[1], 7);          /* "not good not bad": 4 words, 3 pairs */
    assert_int_equal(ragged->all.ids[2], words + bucket); /* not, good, not good */
    char name[32], wanted[32];
    snprintf(wanted, sizeof wanted, "#%zu", bucket);
    sl_views_text(views, 0, words + bucket, name, sizeof name);
    assert_string_equal(name, wanted);
    sl_ragged_free(ragged);
    sl_views_free(views);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S150_exact_counts),   cmocka_unit_test(S150_size_cap),
        cmocka_unit_test(S150_lists_in_order), cmocka_unit_test(S150_weights_of_others),
        cmocka_unit_test(S150_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
