/* Models on texts explained: what each word pushes, points of texts, tags, frequent and heavy features.
 * Weights are set by hand, and what follows from them is computed in plain loops. */
#define _XOPEN_SOURCE 700 /* getpid */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "why_models.h"

/* A word's push is the sum of the weights of the n-grams that it is part of; they are in no other output. */
static void linear_pushes_are_weights(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = why_model(ctx, "bag 1", "words ngrams=2 weight=none", "binary_cross_entropy", 2);
    sl_data *data = why_data(ctx, model, 2);
    for (size_t row = 0; row < WHY_TEXTS; row++)
        for (int c = 0; c < 2; c++) {
            sl_why *why = sl_why_row(ctx, model, data, row, c);
            assert_non_null(why);
            const double sign = c ? 1 : -1, bias = why_weight(5);
            double output = bias;
            size_t length;
            const char *text = sl_data_words(data, row, &length);
            assert_true(length == strlen(why_texts[row]));
            for (size_t i = 0; i < why->count; i++) {
                const sl_why_token *t = why->tokens + i;
                const char *before = i ? t[-1].text : NULL, *behind = i + 1 < why->count ? t[1].text : NULL;
                const double own = why_of(model, t->text, NULL),
                             after = behind ? why_of(model, t->text, behind) : 0;
                output += own + after;
                assert_true(fabs(t->push - sign * (own + after +
                                                   (before ? why_of(model, before, t->text) : 0))) < 1e-5);
                assert_true(t->known == (why_feature(model, t->text) != SIZE_MAX));
                assert_true(t->word == (strcmp(t->text, ",") != 0 && strcmp(t->text, ".") != 0));
                assert_true(t->to - t->from == strlen(t->text));
                for (size_t k = 0; k < t->to - t->from; k++) /* the text, less its capitals */
                    assert_true((text[t->from + k] | 32) == (t->text[k] | 32));
            }
            assert_true(fabs(why->output - sign * output) < 1e-5);
            assert_true(fabs(why->empty - sign * bias) < 1e-6);
            assert_int_equal(why->class_index, c);
            sl_tensor *p = sl_predict_data(ctx, model, data, row, 1);
            assert_true(fabs((double)sl_values(p)[c] - 1 / (1 + exp(-why->output))) < 1e-6);
            sl_tensor_free(p);
            sl_why_free(why);
        }
    sl_why *predicted = sl_why_row(ctx, model, data, 0, -1);
    assert_true(predicted->output > 0); /* it is the class predicted */
    sl_ctx_free(ctx);
}

/* What does a word push? The output less that of the text written down without it, in nets of any kind. */
static void left_out_is_not_written(void **state)
{
    (void)state;
    static const char *const nets[] = { "embedding 3, mean_pool, 4 tanh, 3",
                                        "embedding 3, max_pool, 4 tanh, 3",
                                        "embedding 3, attention_pool, 4 tanh, 3",
                                        "bag 4 tanh, 3",
                                        "bag 4 tanh, 3", /* from here on with two views */
                                        "bag 2 view=words, bag 2 view=characters, 4 tanh, 3" };
    static const char two[] = "words weight=none, characters from=2 ngrams=3 weight=none";
    static const char *const texts[] = { "the film was good", "film was good", "the was good",
                                         "the film good",     "the film was",  "" };
    for (size_t n = 0; n < sizeof nets / sizeof *nets; n++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        sl_model *model = why_model(ctx, nets[n], n < 4 ? "words weight=none" : two, "cross_entropy", 3);
        sl_data *data = why_table(ctx, texts, 6, 3, model);
        for (int c = 0; c < 3; c++) {
            sl_why *why = sl_why_row(ctx, model, data, 0, c);
            assert_non_null(why);
            assert_int_equal(why->count, 4);
            double lead[6];
            for (size_t row = 0; row < 6; row++) { /* log p_c less the mean of the others' is the lead */
                sl_tensor *p = sl_predict_data(ctx, model, data, row, 1);
                lead[row] = 0;
                for (int k = 0; k < 3; k++)
                    lead[row] += log((double)sl_values(p)[k]) * (k == c ? 1 : -0.5);
                sl_tensor_free(p);
            }
            for (size_t i = 0; i < 4; i++)
                assert_true(fabs(why->tokens[i].push - (lead[0] - lead[i + 1])) < 1e-5);
            assert_true(fabs(why->output - lead[0]) < 1e-5 && fabs(why->empty - lead[5]) < 1e-5);
            sl_why_free(why);
        }
        sl_ctx_free(ctx);
    }
}

/* Weighted lists: what stands in the text twice is left out by halves, and the length stays. */
static void weighted_by_share(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = why_model(ctx, "bag 1", "words weight=binary", "binary_cross_entropy", 2);
    sl_data *data = why_data(ctx, model, 2);
    sl_why *why = sl_why_row(ctx, model, data, 5, 1); /* good good film: two features of 1 / sqrt 2 */
    const double good = why_weight(why_feature(model, "good")), film = why_weight(why_feature(model, "film"));
    assert_true(fabs(why->tokens[0].push - good / sqrt(2) / 2) < 1e-5);
    assert_true(fabs(why->tokens[1].push - good / sqrt(2) / 2) < 1e-5);
    assert_true(fabs(why->tokens[2].push - film / sqrt(2)) < 1e-5);
    sl_ctx_free(ctx);
}

static void S164_points_by_hand(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model =
        why_model(ctx, "embedding 3, mean_pool, 2 relu, 1", "words weight=none", "binary_cross_entropy", 2);
    sl_data *data = why_data(ctx, model, 2);
    sl_tensor *points = sl_pooled(ctx, model, data, 0, WHY_TEXTS);
    assert_non_null(points);
    assert_int_equal(sl_shape_of(points).dim[1], 3);
    const size_t good = why_feature(model, "good"), film = why_feature(model, "film"),
                 not = why_feature(model, "not");
    double dot = 0, length[2] = { 0, 0 }, apart = 0;
    for (size_t k = 0; k < 3; k++) {
        const double a = (why_weight(3 * good + k) + why_weight(3 * film + k)) / 2;
        const double b = (why_weight(3 * good + k) + why_weight(3 * not +k)) / 2;
        assert_true(fabs((double)sl_values(points)[k] - a) < 1e-6);
        assert_true(fabs((double)sl_values(points)[6 + k] - b) < 1e-6);
        assert_true((double)sl_values(points)[24 + k] == 0); /* no words */
        dot += a * b;
        length[0] += a * a;
        length[1] += b * b;
        apart += (a - b) * (a - b);
    }
    sl_text_pair pair;
    assert_int_equal(sl_compare_texts(ctx, model, data, 0, 2, &pair), SL_OK);
    assert_false(pair.same);
    assert_true(fabs(pair.cosine - dot / sqrt(length[0] * length[1])) < 1e-5);
    assert_true(fabs(pair.distance - sqrt(apart)) < 1e-5 && pair.width == 3);
    assert_int_equal(sl_compare_texts(ctx, model, data, 3, 4, &pair), SL_OK); /* halves changed places */
    assert_true(pair.same && pair.distance < 1e-6 && pair.cosine > 1 - 1e-6);
    assert_int_equal(sl_compare_texts(ctx, model, data, 0, 5, &pair), SL_OK); /* good stands twice */
    assert_false(pair.same);
    static const char *const longer[] = { "film", "film was" };
    assert_int_equal(sl_compare_texts(ctx, model, why_table(ctx, longer, 2, 2, model), 0, 1, &pair), SL_OK);
    assert_false(pair.same);
    assert_int_equal(sl_compare_texts(ctx, model, data, 6, 7, &pair), SL_OK); /* but for an unknown word */
    assert_true(pair.same && pair.distance == 0);
    assert_int_equal(sl_compare_texts(ctx, model, data, 0, 8, &pair), SL_OK);
    assert_true(isnan(pair.cosine) && !pair.same);
    sl_ctx_free(ctx);
    ctx = sl_ctx_new(NULL); /* pairs of words know the order */
    model = why_model(ctx, "bag 2, 1", "words ngrams=2 weight=binary", "binary_cross_entropy", 2);
    data = why_data(ctx, model, 2);
    assert_int_equal(sl_compare_texts(ctx, model, data, 3, 4, &pair), SL_OK);
    assert_false(pair.same);
    sl_ctx_free(ctx);
}

/* Numbers beside the text are not part of its point. */
static void S164_points_beside_numbers(void **state)
{
    (void)state;
    static const char csv[] = "n;x;y\n1.5;good film;c0\n2.5;bad film;c1\n3.5;not good;c0\n4;bad end;c1\n";
    char path[64];
    snprintf(path, sizeof path, "/tmp/slope-why-%ld.csv", (long)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(csv, file);
    fclose(file);
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data =
        sl_data_open_table(ctx, path, NULL, &(sl_table_options){ .target = "y", .columns = "x=text" });
    remove(path);
    sl_model *model = sl_model_parse(ctx, "embedding 3, mean_pool, 2 relu, 1");
    sl_compile(model, .loss = "binary_cross_entropy");
    assert_non_null(sl_fit(model, data, .epochs = 1, .validation_fraction = -1));
    sl_tensor *points = sl_pooled(ctx, model, data, 0, 4);
    assert_int_equal(sl_shape_of(points).dim[1], 3);
    const sl_real *table = sl_values(sl_model_param(model, 0));
    const size_t good = why_feature(model, "good"), film = why_feature(model, "film");
    for (size_t k = 0; k < 3; k++)
        assert_true(fabs((double)sl_values(points)[k] -
                         ((double)table[3 * good + k] + (double)table[3 * film + k]) / 2) < 1e-6);
    sl_why *why = sl_why_row(ctx, model, data, 0, -1); /* and stay as they are while words are left out */
    sl_tensor *p = sl_predict_data(ctx, model, data, 0, 1);
    assert_true(fabs((double)sl_values(p)[why->class_index] - 1 / (1 + exp(-why->output))) < 1e-6);
    sl_ctx_free(ctx);
}

/* The points' variance along two directions is what the table of points has. */
static void S166_map(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model =
        why_model(ctx, "embedding 2, mean_pool, 2 relu, 1", "words weight=none", "binary_cross_entropy", 2);
    sl_data *data = why_data(ctx, model, 2);
    double xy[2 * WHY_TEXTS], share[2];
    assert_int_equal(sl_pooled_map(ctx, model, data, xy, share), SL_OK);
    const sl_real *v = sl_values(sl_pooled(ctx, model, data, 0, WHY_TEXTS));
    assert_true(fabs(share[0] + share[1] - 1) < 1e-9); /* two numbers have two directions */
    for (size_t a = 0; a < WHY_TEXTS; a++)
        for (size_t b = 0; b < a; b++)
            assert_true(fabs(hypot(xy[2 * a] - xy[2 * b], xy[2 * a + 1] - xy[2 * b + 1]) -
                             hypot((double)(v[2 * a] - v[2 * b]), (double)(v[2 * a + 1] - v[2 * b + 1]))) <
                        1e-5);
    sl_ctx_free(ctx);
}

static void S162_tags_by_hand(void **state)
{
    (void)state;
    static const struct {
        double words, unknown, is_short, is_long, negation, many, contrast;
    } wanted[WHY_TEXTS] = {
        { 2, 0, 0, 0, 0, 0, 0 },       { 2, 0, 0, 0, 0, 0, 0 }, { 2, 0, 0, 0, 1, 0, 0 },
        { 9, 0, 0, 1, 0, 0, 1 },       { 9, 0, 0, 1, 0, 0, 1 }, { 3, 0, 0, 0, 0, 0, 0 },
        { 2, 0.5, 0, 0, 0, 1, 0 },     { 1, 0, 1, 0, 0, 0, 0 }, { 0, 0, 1, 0, 0, 0, 0 },
        { 7, 6.0 / 7, 0, 0, 1, 1, 0 }, { 1, 1, 1, 0, 0, 1, 0 }, { 12, 0, 0, 1, 0, 0, 0 }
    };
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = why_model(ctx, "bag 1", "words", "binary_cross_entropy", 2);
    sl_report *tags = sl_text_tags(ctx, model, why_data(ctx, model, 2));
    assert_int_equal(sl_report_rows(tags), WHY_TEXTS);
    for (int i = 0; i < WHY_TEXTS; i++) { /* words sorted: 0 1 1 2 2 2 2 3 7 9 9 12: quartiles 2 and 7 */
        assert_true(sl_report_at(tags, i, "words") == wanted[i].words);
        assert_true(fabs(sl_report_at(tags, i, "unknown_share") - wanted[i].unknown) < 1e-12);
        assert_true(sl_report_at(tags, i, "short") == wanted[i].is_short);
        assert_true(sl_report_at(tags, i, "long") == wanted[i].is_long);
        assert_true(sl_report_at(tags, i, "negation") == wanted[i].negation);
        assert_true(sl_report_at(tags, i, "unknown") == wanted[i].many);
        assert_true(sl_report_at(tags, i, "contrast") == wanted[i].contrast);
    }
    sl_ctx_free(ctx);
}

static void what_a_model_knows(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    char text[64];
    sl_model *model = why_model(ctx, "bag 1", "words weight=none", "binary_cross_entropy", 2);
    assert_int_equal(sl_model_features(model), 9); /* good film bad not the was , but end */
    sl_report *often = sl_frequent_features(ctx, model, 2);
    assert_int_equal(sl_report_rows(often), 2);
    sl_feature_text(model, (size_t)sl_report_at(often, 0, "feature"), text, sizeof text);
    assert_string_equal(text, "good"); /* 6 times; film 5 */
    assert_true(sl_report_at(often, 0, "count") == 6 && sl_report_at(often, 1, "count") == 5);
    for (int c = 0; c < 2; c++) {
        sl_report *heavy = sl_heaviest_features(ctx, model, c, 20);
        size_t positive = 0;
        for (size_t f = 0; f < 9; f++)
            positive += (c ? why_weight(f) : -why_weight(f)) > 0;
        assert_int_equal(sl_report_rows(heavy), positive);
        for (int i = 0; i < sl_report_rows(heavy); i++) {
            const double push = sl_report_at(heavy, i, "push");
            assert_true(push == (c ? 1 : -1) * why_weight((size_t)sl_report_at(heavy, i, "feature")));
            assert_true(i == 0 || push <= sl_report_at(heavy, i - 1, "push"));
        }
    }
    /* a bag and a dense layer are linear too; two layers with a function between them are not */
    model = why_model(ctx, "bag 2, dropout 0.1, 3", "words weight=none", "cross_entropy", 3);
    sl_report *heavy = sl_heaviest_features(ctx, model, 2, 1);
    double best = 0;
    for (size_t f = 0; f < 9; f++) {
        double z[3] = { 0, 0, 0 }; /* params: table, bias, weight, bias */
        for (size_t k = 0; k < 6; k++)
            z[k / 2] += why_weight(k + 10) * why_weight(2 * f + k % 2);
        const double lead = z[2] - (z[0] + z[1]) / 2;
        best = lead > best ? lead : best;
    }
    assert_true(best > 0 && fabs(sl_report_at(heavy, 0, "push") - best) < 1e-6);
    assert_int_equal(sl_report_rows(sl_heaviest_features(
                         ctx, why_model(ctx, "bag 2 tanh, 3", "words", "cross_entropy", 3), 2, 1)),
                     0);
    model = why_model(ctx, "embedding 2, mean_pool, 3", "words weight=none", "cross_entropy", 3);
    sl_vectors *vectors = sl_model_vectors(ctx, model);
    assert_int_equal(sl_vectors_count(vectors), 9);
    for (size_t f = 0; f < 9; f++) {
        sl_feature_text(model, f, text, sizeof text);
        const size_t at = sl_vectors_find(vectors, text);
        assert_true(at != SIZE_MAX);
        assert_true((double)sl_vectors_values(vectors, at)[1] == why_weight(2 * f + 1));
    }
    sl_ctx_free(ctx);
}

static void refused(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_model *model = why_model(ctx, "bag 1", "words", "binary_cross_entropy", 2);
    sl_data *data = why_data(ctx, model, 2);
    assert_null(sl_why_row(ctx, model, data, WHY_TEXTS, -1));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    sl_clear(ctx);
    assert_null(sl_why_row(ctx, model, data, 0, 2));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    sl_clear(ctx);
    assert_null(sl_pooled(ctx, model, data, 1, WHY_TEXTS));
    sl_clear(ctx);
    assert_null(sl_model_vectors(ctx, model)); /* a weight each is no vector */
    assert_non_null(strstr(sl_message(ctx), "a weight each"));
    sl_clear(ctx);
    sl_data *numbers = sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(3, 2), NULL), NULL);
    assert_null(sl_why_row(ctx, model, numbers, 0, -1));
    assert_int_equal(sl_error(ctx) != SL_OK, 1);
    sl_clear(ctx);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_pushes_are_weights),
        cmocka_unit_test(left_out_is_not_written),
        cmocka_unit_test(weighted_by_share),
        cmocka_unit_test(S164_points_by_hand),
        cmocka_unit_test(S164_points_beside_numbers),
        cmocka_unit_test(S166_map),
        cmocka_unit_test(S162_tags_by_hand),
        cmocka_unit_test(what_a_model_knows),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
