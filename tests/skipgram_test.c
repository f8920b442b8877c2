/* Word vectors by skip-gram and CBOW: the rows' products beside plain loops, the same bits whatever runs
 * them, and words of two topics that must fall apart, as they do in a plain word2vec, one pair after the
 * other. */
#include "engine.h"
#include "kernel/pairs.h"
#include "text/corpus.h"
#include "text/skipgram.h"
#include "text/vectors.h"

/* --- pairs ---------------------------------------------------------------------------------------------- */

enum { PAIRS_A = 11, PAIRS_B = 14, PAIRS_WIDE = 112 };

typedef struct {
    _Alignas(64) sl_real row[PAIRS_A + PAIRS_B][PAIRS_WIDE];
    sl_real *a[PAIRS_A], *b[PAIRS_B];
    sl_real share[PAIRS_A * PAIRS_B];
} pairs_bench;

static void pairs_fill(pairs_bench *p, bool again)
{
    uint64_t random = 7;
    for (size_t i = 0; i < PAIRS_A + PAIRS_B; i++)
        for (size_t k = 0; k < PAIRS_WIDE; k++)
            p->row[i][k] = (sl_real)engine_uniform(&random, -1, 1);
    for (size_t i = 0; i < PAIRS_A * PAIRS_B; i++)
        p->share[i] = (sl_real)engine_uniform(&random, -1, 1);
    for (size_t i = 0; i < PAIRS_A; i++)
        p->a[i] = p->row[again ? i / 3 : i];
    for (size_t j = 0; j < PAIRS_B; j++)
        p->b[j] = p->row[PAIRS_A + (again ? j % 5 : j)];
}

static sl_real pairs_plain_dot(const sl_real *a, const sl_real *b, size_t width)
{
    sl_real lane[16] = { 0 };
    for (size_t k = 0; k < width; k++)
        lane[k % 16] = k < 16 ? a[k] * b[k] : lane[k % 16] + a[k] * b[k];
    for (size_t half = 8; half; half /= 2)
        for (size_t k = 0; k < half; k++)
            lane[k] += lane[k + half];
    return lane[0];
}

/* Number by number, as pairs.h says it. */
static void pairs_plain_step(pairs_bench *p, size_t n, size_t m, size_t width)
{
    for (size_t k = 0; k < width; k++)
        for (size_t at = 0; at < m; at += SL_PAIRS_GROUP) {
            const size_t end = m - at < SL_PAIRS_GROUP ? m : at + SL_PAIRS_GROUP;
            sl_real was[PAIRS_B], change[PAIRS_B] = { 0 };
            for (size_t j = at; j < end; j++)
                was[j] = p->b[j][k];
            for (size_t i = 0; i < n; i++) {
                const sl_real x = p->a[i][k];
                sl_real sum = 0;
                for (size_t j = at; j < end; j++) {
                    sum += p->share[i * m + j] * was[j];
                    change[j] += p->share[i * m + j] * x;
                }
                p->a[i][k] += sum;
            }
            for (size_t j = at; j < end; j++)
                p->b[j][k] += change[j];
        }
}

static void pairs_are_the_plain_loop(void **state)
{
    (void)state;
    static pairs_bench fast, plain;
    static const char *const isas[] = { "plain", "avx2", "avx512", "neon" };
    for (size_t isa = 0; isa < 4; isa++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isas[isa] });
        if (sl_error(ctx)) {
            sl_ctx_free(ctx);
            continue;
        }
        for (size_t n = 1; n <= PAIRS_A; n++)
            for (size_t m = 1; m <= PAIRS_B; m++)
                for (size_t width = 16; width <= PAIRS_WIDE; width += 48)
                    for (int again = 0; again < 2; again++) {
                        sl_real dot[PAIRS_A * PAIRS_B];
                        pairs_fill(&fast, again);
                        pairs_fill(&plain, again);
                        sl_pairs_dots(ctx->isa, dot, (const sl_real *const *)fast.a, n,
                                      (const sl_real *const *)fast.b, m, width);
                        for (size_t i = 0; i < n * m; i++)
                            assert_true(dot[i] == pairs_plain_dot(plain.a[i / m], plain.b[i % m], width));
                        sl_pairs_step(ctx->isa, fast.share, (const sl_real *const *)fast.a, fast.a, n, fast.b,
                                      m, width);
                        pairs_plain_step(&plain, n, m, width);
                        assert_memory_equal(fast.row, plain.row, sizeof fast.row);
                    }
        sl_ctx_free(ctx);
    }
}

/* --- two topics -------------------------------------------------------------------------------------------
 */

enum {
    TOPIC_WORDS = 12,
    TOPIC_ALL = 2 * TOPIC_WORDS + 4,
    TOPIC_TEXTS = 600,
    TOPIC_LONG = 12,
    TOPIC_SIZE = 20
};

typedef struct {
    int id[TOPIC_TEXTS * (TOPIC_LONG + 1)];
    uint64_t times[TOPIC_ALL];
} topic_bench;

/* Each text is of one topic; every third word belongs to none. */
static sl_skipgram_text topic_text(topic_bench *t)
{
    uint64_t random = 3;
    memset(t, 0, sizeof *t);
    size_t count = 0;
    for (int text = 0; text < TOPIC_TEXTS; text++) {
        for (int i = 0; i < TOPIC_LONG; i++) {
            const int word = i % 3 == 2 ? 2 * TOPIC_WORDS + (int)engine_below(&random, 4)
                                        : text % 2 * TOPIC_WORDS + (int)engine_below(&random, TOPIC_WORDS);
            t->id[count++] = word;
            t->times[word]++;
        }
        t->id[count++] = SL_SKIPGRAM_BREAK;
    }
    return (sl_skipgram_text){
        .id = t->id, .count = count, .times = t->times, .words = TOPIC_ALL, .rows = TOPIC_ALL
    };
}

static double topic_cosine(const sl_real *x, const sl_real *y)
{
    double xy = 0, xx = 0, yy = 0;
    for (int k = 0; k < TOPIC_SIZE; k++) {
        xy += (double)x[k] * (double)y[k];
        xx += (double)x[k] * (double)x[k];
        yy += (double)y[k] * (double)y[k];
    }
    return xy / sqrt(xx * yy);
}

/* The mean cosine of words of one topic, less that of words of different ones. */
static double topic_apart(const sl_real *v)
{
    double same = 0, other = 0;
    int sames = 0, others = 0;
    for (int a = 0; a < 2 * TOPIC_WORDS; a++)
        for (int b = 0; b < a; b++) {
            const double cosine = topic_cosine(v + a * TOPIC_SIZE, v + b * TOPIC_SIZE);
            if (a / TOPIC_WORDS == b / TOPIC_WORDS) {
                same += cosine;
                sames++;
            } else {
                other += cosine;
                others++;
            }
        }
    return same / sames - other / others;
}

/* The word and five drawn ones told apart by x: one pair after the other. What x is to change by: change. */
static void topic_pairs(const double *upto, uint64_t *random, int middle, double rate, const double *x,
                        double *out, double *change)
{
    for (int n = 0; n <= 5; n++) {
        const double draw = engine_uniform(random, 0, upto[TOPIC_ALL - 1]);
        int word = 0;
        while (upto[word] < draw && word < TOPIC_ALL - 1)
            word++;
        if (n > 0 && word == middle)
            continue;
        double *y = out + (n ? word : middle) * TOPIC_SIZE, dot = 0;
        for (int k = 0; k < TOPIC_SIZE; k++)
            dot += x[k] * y[k];
        const double share = rate * ((n == 0) - 1 / (1 + exp(-dot)));
        for (int k = 0; k < TOPIC_SIZE; k++) {
            change[k] += share * y[k];
            y[k] += share * x[k];
        }
    }
}

/* word2vec as its papers have it: every word around the middle for itself, or (cbow) their mean. */
static void topic_reference(const sl_skipgram_text *text, bool cbow, const sl_skipgram_options *how,
                            double *in)
{
    static double out[TOPIC_ALL * TOPIC_SIZE];
    double sum = 0, upto[TOPIC_ALL];
    uint64_t random = 11;
    for (int w = 0; w < TOPIC_ALL; w++)
        upto[w] = sum += pow((double)text->times[w], 0.75);
    for (int i = 0; i < TOPIC_ALL * TOPIC_SIZE; i++) {
        in[i] = engine_uniform(&random, -.5, .5) / TOPIC_SIZE;
        out[i] = 0;
    }
    const double all = (double)text->count * how->epochs;
    for (double done = 0; done < all; done++) {
        const long at = (long)fmod(done, (double)text->count), reach = 1 + (long)engine_below(&random, 5);
        const double rate = how->rate * (1 - done / all);
        double mean[TOPIC_SIZE] = { 0 }, change[TOPIC_SIZE] = { 0 }, *around[10];
        int n = 0;
        for (long side = -1; side <= 1 && text->id[at] >= 0; side += 2)
            for (long i = at + side; i >= 0 && text->id[i] >= 0 && labs(i - at) <= reach; i += side)
                around[n++] = in + text->id[i] * TOPIC_SIZE;
        for (int i = 0; i < n; i++) {
            double own[TOPIC_SIZE] = { 0 };
            if (!cbow)
                topic_pairs(upto, &random, text->id[at], rate, around[i], out, own);
            for (int k = 0; k < TOPIC_SIZE; k++) {
                mean[k] += around[i][k] / n;
                around[i][k] += own[k];
            }
        }
        if (cbow && n)
            topic_pairs(upto, &random, text->id[at], rate, mean, out, change);
        for (int i = 0; i < n; i++)
            for (int k = 0; k < TOPIC_SIZE; k++)
                around[i][k] += change[k];
    }
}

static sl_skipgram_options topic_options(bool cbow)
{
    return (sl_skipgram_options){ .cbow = cbow,
                                  .size = TOPIC_SIZE,
                                  .window = 5,
                                  .negatives = 5,
                                  .epochs = 5,
                                  .sample = 0.05,
                                  .rate = 0.05 };
}

/* Words fall into their topics at least nearly as clearly as in the plain way. */
static void topics_fall_apart(void **state)
{
    (void)state;
    static topic_bench t;
    static double in[TOPIC_ALL * TOPIC_SIZE];
    const sl_skipgram_text text = topic_text(&t);
    sl_real v[TOPIC_ALL * TOPIC_SIZE];
    for (int cbow = 0; cbow < 2; cbow++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        sl_skipgram_options options = topic_options(cbow);
        options.epochs = cbow ? 30 : 5; /* a window is one step then, not one for each of its words */
        topic_reference(&text, cbow, &options, in);
        for (int i = 0; i < TOPIC_ALL * TOPIC_SIZE; i++)
            v[i] = (sl_real)in[i];
        const double plain = topic_apart(v);
        assert_int_equal(sl_skipgram_train(ctx, &text, &options, v), SL_OK);
        if (!(topic_apart(v) > plain - 0.1 && topic_apart(v) > (cbow ? 0.15 : 0.8)))
            fail_msg("%s: the topics are %d hundredths apart, in the plain way %d",
                     cbow ? "cbow" : "skip-gram", (int)(100 * topic_apart(v)), (int)(100 * plain));
        assert_int_equal(sl_ctx_bytes(ctx), 0);
        sl_ctx_free(ctx);
    }
}

static void same_for_all_threads_and_instruction_sets(void **state)
{
    (void)state;
    static topic_bench t;
    sl_skipgram_text text = topic_text(&t);
    static const char *const isas[] = { NULL, "plain", "avx2", "avx512", "neon" };
    sl_real first[TOPIC_ALL * TOPIC_SIZE], v[TOPIC_ALL * TOPIC_SIZE];
    int feature[TOPIC_ALL * 2];
    size_t from[TOPIC_ALL + 1];
    for (size_t w = 0; w < TOPIC_ALL; w++) { /* as if of two subwords, some of which are shared */
        from[w + 1] = 2 * w + 2;
        feature[2 * w] = TOPIC_ALL + (int)(w % 5);
        feature[2 * w + 1] = TOPIC_ALL + 5 + (int)(w % 7);
    }
    from[0] = 0;
    for (int kind = 0; kind < 4; kind++) {
        text.from = kind < 2 ? NULL : from;
        text.feature = feature;
        text.rows = kind < 2 ? TOPIC_ALL : TOPIC_ALL + 12;
        bool any = false;
        for (size_t isa = 0; isa < 5; isa++)
            for (int threads = 1; threads <= (isa ? 1 : 7); threads++) {
                sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isas[isa], .seed = 5 });
                if (!sl_error(ctx)) {
                    assert_int_equal(sl_ctx_crew(ctx, threads), SL_OK);
                    const sl_skipgram_options options = topic_options(kind % 2);
                    assert_int_equal(sl_skipgram_train(ctx, &text, &options, any ? v : first), SL_OK);
                    if (any)
                        assert_memory_equal(v, first, sizeof v);
                    any = true;
                }
                sl_ctx_free(ctx);
            }
    }
}

/* Every part changes the same few rows all the time: the sum of all that would be far too long a step. */
static void few_words_stay_finite(void **state)
{
    (void)state;
    static int id[50000];
    for (int run = 0; run < 6; run++) {
        const int cbow = run % 2, words = run < 2 ? 2 : run < 4 ? 3 : 10;
        uint64_t times[10] = { 0 }, random = 9;
        for (size_t i = 0; i < 50000; i++)
            times[id[i] = (int)engine_below(&random, (size_t)words)]++;
        const sl_skipgram_text text = {
            .id = id, .count = 50000, .times = times, .words = (size_t)words, .rows = (size_t)words
        };
        sl_ctx *ctx = sl_ctx_new(NULL);
        sl_skipgram_options options = topic_options(cbow);
        options.sample = 0;
        sl_real v[10 * TOPIC_SIZE];
        assert_int_equal(sl_skipgram_train(ctx, &text, &options, v), SL_OK);
        for (int i = 0; i < words * TOPIC_SIZE; i++)
            assert_true(fabs((double)v[i]) < 10);
        options.rate = 1e6;
        assert_int_equal(sl_skipgram_train(ctx, &text, &options, v), SL_EDIVERGED);
        assert_non_null(strstr(sl_message(ctx), "--lr"));
        sl_ctx_free(ctx);
    }
}

/* --- what texts are made of -------------------------------------------------------------------------------
 */

/* <ab>: of one character a, b (not the marks), of two <a ab b>; of three <ab ab>. é is one character. */
static void subwords_by_hand(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_dictionary words;
    sl_dictionary_init(&words, ctx);
    sl_dictionary_add(&words, "ab", 2);
    sl_dictionary_add(&words,
                      "\xc3\xa9"
                      "b",
                      3);
    int *feature;
    size_t *from, rows;
    assert_int_equal(sl_subwords(ctx, &words, 1, 2, &feature, &from, &rows), SL_OK);
    assert_int_equal(from[1], 5); /* <a a ab b b> */
    assert_int_equal(from[2], 10);
    assert_int_equal(rows, 2 + 8); /* b and b> are the same rows */
    assert_int_equal(feature[0], 2);
    assert_int_equal(feature[3], feature[8]);
    assert_int_equal(feature[4], feature[9]);
    sl_free(ctx, feature);
    sl_free(ctx, from);
    assert_int_equal(sl_subwords(ctx, &words, 3, 6, &feature, &from, &rows), SL_OK);
    assert_int_equal(from[2], 6); /* <ab <ab> ab>, and as many */
    sl_free(ctx, feature);
    sl_free(ctx, from);
    sl_dictionary_free(&words);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
}

/* By how often they occur, equal ones as they came; rare ones go, and windows reach over their places. */
static void corpus_by_hand(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_tokenizer tokenizer;
    sl_corpus c;
    assert_int_equal(sl_tokenizer_read(ctx, NULL, &tokenizer), SL_OK);
    sl_corpus_init(&c, ctx, &tokenizer);
    assert_int_equal(sl_corpus_add(&c, "b a rare C", 10), SL_OK);
    assert_int_equal(sl_corpus_add(&c, "c B c", 5), SL_OK);
    assert_int_equal(sl_corpus_add(&c, "a", 1), SL_OK);
    assert_int_equal(sl_corpus_rank(&c, 2), SL_OK);
    static const int wanted[] = { 1, 2, 0, -1, 0, 1, 0, -1, 2, -1 }; /* c 3 times, b 2, a 2 */
    assert_int_equal(c.words.count, 3);
    assert_string_equal(sl_dictionary_word(&c.words, 0), "c");
    assert_string_equal(sl_dictionary_word(&c.words, 1), "b");
    assert_int_equal(c.times[0], 3);
    assert_int_equal(c.count, sizeof wanted / sizeof *wanted);
    assert_memory_equal(c.id, wanted, sizeof wanted);
    assert_int_equal(sl_corpus_rank(&c, 3), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "1 of the 3 words of 3 texts occur 3 times or more"));
    sl_corpus_free(&c);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_the_plain_loop),
        cmocka_unit_test(topics_fall_apart),
        cmocka_unit_test(same_for_all_threads_and_instruction_sets),
        cmocka_unit_test(few_words_stay_finite),
        cmocka_unit_test(subwords_by_hand),
        cmocka_unit_test(corpus_by_hand),
    };
    return cmocka_run_group_tests_name("skipgram", tests, NULL, NULL);
}
