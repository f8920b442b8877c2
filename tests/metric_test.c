/* Metrics against numbers by hand, the examples in scikit-learn's documentation, and plain counts of pairs;
 * what is not defined is NaN. Runs in both builds. */
#include "engine.h"
#include "metric/metric.h"

enum { METRIC_MOST = 4000 };

static size_t metric_confusion[METRIC_MOST];

static double metric_of(const char *name, const sl_scored *s)
{
    for (size_t i = 0; sl_metric_at(i); i++)
        if (!strcmp(sl_metric_at(i)->name, name)) {
            const double value = sl_metric_at(i)->value(s);
            assert_fine(s->ctx);
            return value;
        }
    fail_msg("no metric is called %s", name);
    return 0;
}

/* The predicted class is the first of the highest. */
static sl_scored metric_classes(sl_ctx *ctx, size_t rows, int classes, const sl_real *p, const sl_real *truth)
{
    memset(metric_confusion, 0, sizeof metric_confusion);
    for (size_t i = 0; i < rows; i++) {
        size_t best = 0;
        for (size_t c = 1; c < (size_t)classes; c++)
            if (p[i * (size_t)classes + c] > p[i * (size_t)classes + best])
                best = c;
        metric_confusion[(size_t)truth[i] * (size_t)classes + best]++;
    }
    return (sl_scored){ ctx, rows, classes, classes, p, truth, metric_confusion };
}

/* Certain predictions of these classes. */
static sl_scored metric_certain(sl_ctx *ctx, size_t rows, int classes, const int *truth, const int *predicted)
{
    static sl_real p[METRIC_MOST], t[METRIC_MOST];
    memset(p, 0, sizeof p);
    for (size_t i = 0; i < rows; i++) {
        t[i] = (sl_real)truth[i];
        p[i * (size_t)classes + (size_t)predicted[i]] = 1;
    }
    return metric_classes(ctx, rows, classes, p, t);
}

typedef struct {
    const char *name;
    double value;
} metric_wanted;

static void metric_check(const sl_scored *s, const metric_wanted *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double found = metric_of(wanted[i].name, s);
        if (wanted[i].value == wanted[i].value
                ? !(fabs(found - wanted[i].value) <= engine_tolerance(2e-6, 1e-12))
                : found == found)
            fail_msg("%s is %.12g, wanted %.12g", wanted[i].name, found, wanted[i].value);
    }
}
#define METRIC_CHECK(s, ...)                                                                                 \
    metric_check(s, (const metric_wanted[]){ __VA_ARGS__ },                                                  \
                 sizeof((const metric_wanted[]){ __VA_ARGS__ }) / sizeof(metric_wanted))

static void classes_are_counted(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    /* scikit-learn's example of f1_score */
    const int truth[] = { 0, 1, 2, 0, 1, 2 }, predicted[] = { 0, 2, 1, 0, 0, 1 };
    sl_scored s = metric_certain(ctx, 6, 3, truth, predicted);
    METRIC_CHECK(&s, { "accuracy", 2 / 6. }, { "micro_f1", 2 / 6. }, { "macro_f1", 0.8 / 3 },
                 { "weighted_f1", 0.8 / 3 }, { "macro_precision", 2 / 9. }, { "macro_recall", 1 / 3. },
                 { "balanced_accuracy", 1 / 3. });
    /* uneven; class 3 is predicted and does not occur, class 4 does neither: F1 2/3, 4/5, 2/3, 0 */
    const int uneven[] = { 0, 0, 0, 1, 1, 1, 2, 2 }, said[] = { 0, 0, 1, 1, 1, 3, 2, 2 };
    s = metric_certain(ctx, 8, 5, uneven, said);
    const double f[] = { 4 / 5., 4 / 6., 1, 0 };
    METRIC_CHECK(
        &s, { "accuracy", 6 / 8. }, { "micro_f1", 6 / 8. }, { "macro_f1", (f[0] + f[1] + f[2] + f[3]) / 4 },
        { "weighted_f1", (3 * f[0] + 3 * f[1] + 2 * f[2]) / 8 },
        { "macro_precision", (1 + 2 / 3. + 1 + 0) / 4 }, { "macro_recall", (2 / 3. + 2 / 3. + 1 + 0) / 4 },
        { "balanced_accuracy", (2 / 3. + 2 / 3. + 1) / 3 });
    /* two classes: 3 right of 4 called so, of 5 */
    const int two[] = { 1, 1, 1, 1, 1, 0, 0, 0 }, called[] = { 1, 1, 1, 0, 0, 1, 0, 0 };
    s = metric_certain(ctx, 8, 2, two, called);
    METRIC_CHECK(&s, { "precision", 3 / 4. }, { "recall", 3 / 5. }, { "f1", 6 / 9. });
    sl_ctx_free(ctx);
}

/* By pairs: which of the two has the higher probability. */
static double metric_pairs(const sl_real *p, const sl_real *truth, size_t rows, int classes, int c)
{
    double won = 0, pairs = 0;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < rows; j++)
            if ((int)truth[i] == c && (int)truth[j] != c) {
                const sl_real a = p[i * (size_t)classes + (size_t)c], b = p[j * (size_t)classes + (size_t)c];
                won += a > b ? 1 : a == b ? 0.5 : 0;
                pairs++;
            }
    return won / pairs;
}

static void auc_counts_pairs(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const sl_real scores[] = { (sl_real)0.9,  (sl_real)0.1,  (sl_real)0.6, (sl_real)0.4,
                               (sl_real)0.65, (sl_real)0.35, (sl_real)0.2, (sl_real)0.8 };
    const sl_real labels[] = { 0, 0, 1, 1 };
    sl_scored s = metric_classes(ctx, 4, 2, scores, labels); /* scikit-learn's example of roc_auc_score */
    METRIC_CHECK(&s, { "auc", 0.75 });
    assert_near(sl_auc_of_class(&s, 0), 0.75, 1e-15); /* mirrored */
    const sl_real more[] = { 1, 1, 0, 1 },
                  tied[] = { (sl_real)0.5, (sl_real)0.5, (sl_real)0.25, (sl_real)0.75,
                             (sl_real)0.5, (sl_real)0.5, (sl_real)0.5,  (sl_real)0.5 };
    s = metric_classes(ctx, 4, 2, tied, more); /* three of the second class, one of the first, ties */
    METRIC_CHECK(&s, { "auc", 2 / 3. });
    enum { ROWS = 150, CLASSES = 4 };
    static sl_real p[ROWS * CLASSES], truth[ROWS];
    uint64_t state = 5;
    for (size_t i = 0; i < ROWS; i++) {
        truth[i] = (sl_real)engine_below(&state, CLASSES - 1); /* the last class does not occur */
        for (size_t c = 0; c < CLASSES; c++)                   /* many ties */
            p[i * CLASSES + c] =
                (sl_real)((double)engine_below(&state, 8) / 8 + ((size_t)truth[i] == c) / 8.);
    }
    s = metric_classes(ctx, ROWS, CLASSES, p, truth);
    double mean = 0;
    for (int c = 0; c < CLASSES - 1; c++) {
        assert_near(sl_auc_of_class(&s, c), metric_pairs(p, truth, ROWS, CLASSES, c), 1e-13);
        mean += metric_pairs(p, truth, ROWS, CLASSES, c) / 3;
    }
    METRIC_CHECK(&s, { "macro_auc", mean });
    p[4 * CLASSES + 1] = (sl_real)NAN;
    METRIC_CHECK(&s, { "macro_auc", NAN });
    sl_ctx_free(ctx);
}

static void top5_takes_the_first_of_equals(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    enum { CLASSES = 7 };
    const sl_real p[] = { 7, 6, 5, 4, 3, 2, 1,   /* truth 4: fifth           */
                          7, 6, 5, 4, 3, 2, 1,   /* truth 5: sixth           */
                          1, 1, 1, 1, 1, 1, 1,   /* truth 4: fifth of equals */
                          1, 1, 1, 1, 1, 1, 1,   /* truth 5: sixth           */
                          1, 1, 1, 1, 1, 1, 2 }; /* truth 3: fifth          */
    sl_real q[5 * CLASSES];
    for (size_t i = 0; i < 5 * CLASSES; i++)
        q[i] = p[i] / 64;
    const sl_real truth[] = { 4, 5, 4, 5, 3 };
    sl_scored s = metric_classes(ctx, 5, CLASSES, q, truth);
    METRIC_CHECK(&s, { "top5_accuracy", 3 / 5. });
    q[4] = (sl_real)NAN;
    METRIC_CHECK(&s, { "top5_accuracy", 2 / 5. });
    sl_ctx_free(ctx);
}

static void probabilities_are_judged(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    /* scikit-learn's example of brier_score_loss */
    const sl_real two[] = { (sl_real)0.9, (sl_real)0.1, (sl_real)0.1, (sl_real)0.9,
                            (sl_real)0.2, (sl_real)0.8, (sl_real)0.7, (sl_real)0.3 };
    const sl_real of_two[] = { 0, 1, 1, 0 };
    sl_scored s = metric_classes(ctx, 4, 2, two, of_two);
    /* bins of 1/15: 0.9 and 0.9 share the 14th (13.5), 0.8 = 12/15 is an edge, 0.7 the 11th: all right */
    METRIC_CHECK(&s, { "brier", 0.0375 }, { "calibration_error", (0.1 + 0.1 + 0.2 + 0.3) / 4 });
    const sl_real three[] = { (sl_real)0.5,
                              (sl_real)0.25,
                              (sl_real)0.25, /* right, 0.5    */
                              (sl_real)0.5,
                              (sl_real)0.25,
                              (sl_real)0.25, /* wrong, 0.5    */
                              0,
                              1,
                              0, /* right, 1      */
                              (sl_real)0.375,
                              (sl_real)0.25,
                              (sl_real)0.375 }; /* the first of 0.375: wrong */
    const sl_real of_three[] = { 0, 1, 1, 2 };
    s = metric_classes(ctx, 4, 3, three, of_three);
    const double brier =
        (0.25 + 0.0625 + 0.0625) + (0.25 + 0.5625 + 0.0625) + 0 + (0.140625 + 0.0625 + 0.390625);
    METRIC_CHECK(&s, { "brier", brier / 4 }, { "calibration_error", (fabs(1 - 2 * 0.5) + 0 + 0.375) / 4 });
    /* 0.625 and 0.65625 lie in one bin (9.4 and 9.8 fifteenths), 0.6875 in the next */
    sl_real bins[] = { (sl_real)0.375, (sl_real)0.625, (sl_real)0.65625, (sl_real)0.34375 };
    s = metric_classes(ctx, 2, 2, bins, (const sl_real[]){ 1, 1 });
    METRIC_CHECK(&s, { "calibration_error", (0.65625 - 0.375) / 2 });
    bins[2] = (sl_real)0.6875;
    bins[3] = (sl_real)0.3125;
    METRIC_CHECK(&s, { "calibration_error", (0.6875 + 0.375) / 2 });
    sl_real odd[] = { 0, 1, 2, 0 };
    s = metric_classes(ctx, 2, 2, odd, of_two);
    METRIC_CHECK(&s, { "brier", NAN }, { "calibration_error", NAN }); /* no probabilities */
    odd[1] = odd[2] = (sl_real)NAN;
    METRIC_CHECK(&s, { "brier", NAN }, { "calibration_error", NAN }, { "auc", NAN });
    sl_ctx_free(ctx);
}

static sl_scored metric_numbers(sl_ctx *ctx, size_t rows, int width, const sl_real *p, const sl_real *t)
{
    return (sl_scored){ ctx, rows, 0, width, p, t, NULL };
}

static void numbers_are_judged(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    /* scikit-learn's example of its regression metrics */
    const sl_real truth[] = { 3, (sl_real)-0.5, 2, 7 };
    sl_real p[] = { (sl_real)2.5, 0, 2, 8 };
    sl_scored s = metric_numbers(ctx, 4, 1, p, truth);
    METRIC_CHECK(&s, { "mae", 0.5 }, { "rmse", sqrt(0.375) }, { "median_absolute_error", 0.5 },
                 { "max_error", 1 }, { "mape", (1 / 6. + 1 + 0 + 1 / 7.) / 4 }, { "r2", 1 - 1.5 / 29.1875 },
                 { "explained_variance", 1 - 1.25 / 29.1875 });
    s = metric_numbers(ctx, 3, 1, p, truth);
    METRIC_CHECK(&s, { "median_absolute_error", 0.5 }, { "max_error", 0.5 });
    /* two outputs a row: the variances are added */
    const sl_real t2[] = { (sl_real)0.5, 1, -1, 1, 7, -6 }, p2[] = { 0, 2, -1, 2, 8, -5 };
    s = metric_numbers(ctx, 3, 2, p2, t2);
    const double residual = 1.25 - 3 * (0.5 / 3) * (0.5 / 3),
                 total = 36.1666666666666667 - 0 + 32.6666666666666667;
    METRIC_CHECK(&s, { "explained_variance", 1 - residual / total });
    /* a constant error is free, one target 0 is left out */
    const sl_real zero[] = { 0, 2, 4 }, off[] = { 5, 7, 9 };
    s = metric_numbers(ctx, 3, 1, off, zero);
    METRIC_CHECK(&s, { "explained_variance", 1 }, { "mape", (5 / 2. + 5 / 4.) / 2 });
    p[1] = (sl_real)NAN;
    s = metric_numbers(ctx, 4, 1, p, truth);
    METRIC_CHECK(&s, { "mae", NAN }, { "rmse", NAN }, { "median_absolute_error", NAN }, { "max_error", NAN },
                 { "mape", NAN }, { "r2", NAN }, { "explained_variance", NAN });
    const sl_real same[] = { 2, 2, 2 }, zeros[] = { 0, 0, 0 };
    s = metric_numbers(ctx, 3, 1, off, same);
    METRIC_CHECK(&s, { "r2", NAN }, { "explained_variance", NAN });
    s = metric_numbers(ctx, 3, 1, off, zeros);
    METRIC_CHECK(&s, { "mape", NAN });
    sl_ctx_free(ctx);
}

static void the_median_is_found_among_many(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    static sl_real p[1001], zero[1001];
    uint64_t state = 6;
    for (size_t n = 1; n <= 1001; n += 37) {
        for (size_t i = 0; i < n; i++)
            p[i] = (sl_real)(i + 1) * (engine_bits(&state) & 1 ? 1 : -1); /* sizes 1 .. n */
        for (size_t i = n; i > 1; i--) {
            const size_t j = engine_below(&state, i);
            const sl_real swap = p[i - 1];
            p[i - 1] = p[j];
            p[j] = swap;
        }
        const sl_scored s = metric_numbers(ctx, n, 1, p, zero);
        METRIC_CHECK(&s, { "median_absolute_error", (double)(n + 1) / 2 }, { "max_error", (double)n });
    }
    sl_ctx_free(ctx);
}

/* No rows, one class alone, a class that is never predicted. */
static void what_is_not_defined_is_nan(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    static const int kinds[] = { 0, 2, 3, 7 };
    for (size_t k = 0; k < 4; k++) {
        const int classes = kinds[k];
        sl_scored s = metric_certain(ctx, 0, classes ? classes : 1, NULL, NULL);
        s.classes = classes;
        for (size_t i = 0; sl_metric_at(i); i++)
            if (sl_metric_applies(sl_metric_at(i), classes)) {
                const double value = sl_metric_at(i)->value(&s);
                if (value == value)
                    fail_msg("%s of no rows is %g", sl_metric_at(i)->name, value);
            }
    }
    assert_fine(ctx);
    const int zeros[] = { 0, 0, 0, 0 }, ones[] = { 1, 1, 1, 1 };
    sl_scored s = metric_certain(ctx, 4, 2, zeros, zeros);
    METRIC_CHECK(&s, { "precision", NAN }, { "recall", NAN }, { "f1", NAN }, { "auc", NAN },
                 { "macro_f1", 1 }, { "macro_precision", 1 }, { "macro_recall", 1 }, { "weighted_f1", 1 },
                 { "brier", 0 }, { "calibration_error", 0 });
    s = metric_certain(ctx, 4, 2, ones, zeros);
    METRIC_CHECK(&s, { "precision", NAN }, { "recall", 0 }, { "f1", 0 }, { "macro_f1", 0 }, { "brier", 1 },
                 { "calibration_error", 1 }, { "macro_precision", 0 }, { "macro_recall", 0 });
    s = metric_certain(ctx, 4, 2, (const int[]){ 0, 1, 1, 0 }, zeros); /* class 1 is never predicted */
    METRIC_CHECK(&s, { "macro_precision", 0.25 }, { "macro_recall", 0.5 }, { "weighted_f1", 1 / 3. });
    s = metric_certain(ctx, 4, 3, ones, zeros);
    METRIC_CHECK(&s, { "macro_auc", NAN }, { "brier", 2 });
    sl_ctx_free(ctx);
}

static void a_metric_that_sorts_says_when_memory_is_out(void **unused)
{
    (void)unused;
    static const char *const names[] = { "auc", "median_absolute_error" };
    for (int i = 0; i < 2; i++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        const sl_real p[] = { 0, 1, 1, 0 }, t[] = { 0, 1, 1, 0 };
        const sl_scored s = i ? metric_numbers(ctx, 4, 1, p, t) : metric_classes(ctx, 2, 2, p, t);
        memory.fail_at = memory.calls + 1;
        for (size_t m = 0; sl_metric_at(m); m++)
            if (!strcmp(sl_metric_at(m)->name, names[i]))
                assert_true(isnan(sl_metric_at(m)->value(&s)));
        assert_says(ctx, SL_ENOMEM, "out of memory");
        sl_ctx_free(ctx);
        assert_true(memory.bytes == 0 && !memory.wrong_size);
    }
}

static void every_metric_is_described_and_applies(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        int from, to;
    } ranges[] = { { "top5_accuracy", 6, 100 },
                   { "macro_auc", 3, 100 },
                   { "auc", 2, 2 },
                   { "precision", 2, 2 },
                   { "f1", 2, 2 },
                   { "macro_f1", 2, 100 },
                   { "rmse", 0, 0 },
                   { "brier", 2, 100 } };
    size_t count = 0;
    int most = 0;
    for (const sl_metric *m; (m = sl_metric_at(count)); count++) {
        if (!m->summary || !*m->summary || !m->formula || !*m->formula || !m->source || !*m->source)
            fail_msg("metric %s lacks its summary, formula or source", m->name);
        assert_true(m->of_classes != m->of_numbers && m->value);
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++)
            for (int classes = 0; !strcmp(m->name, ranges[r].name) && classes < 20;
                 classes += classes ? 1 : 2)
                assert_int_equal(sl_metric_applies(m, classes),
                                 classes >= ranges[r].from && classes <= ranges[r].to);
    }
    for (int classes = 0; classes < 20; classes++) {
        int applying = 0;
        for (size_t i = 0; i < count; i++)
            applying += sl_metric_applies(sl_metric_at(i), classes);
        most = applying > most ? applying : most;
    }
    assert_in_range(most, 12, 29); /* a report has room for 32 columns, three of which are others */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_are_counted),
        cmocka_unit_test(auc_counts_pairs),
        cmocka_unit_test(top5_takes_the_first_of_equals),
        cmocka_unit_test(probabilities_are_judged),
        cmocka_unit_test(numbers_are_judged),
        cmocka_unit_test(the_median_is_found_among_many),
        cmocka_unit_test(what_is_not_defined_is_nan),
        cmocka_unit_test(a_metric_that_sorts_says_when_memory_is_out),
        cmocka_unit_test(every_metric_is_described_and_applies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
