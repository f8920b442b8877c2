/* Encodings of columns, each against numbers from outside: scikit-learn's StandardScaler, numpy's quantile,
 * scipy's skew, Python's datetime, or a plain loop. Runs in both builds. */
#include "encoding.h"

enum { ROWS = 400 };

static void words_are_found_or_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    double options[SL_MOST_OPTIONS];
    assert_ptr_equal(sl_encoding_find(ctx, " quantile bins=8 keep=yes", options)->name,
                     sl_encoding_find(ctx, "quantile:8", options)->name);
    assert_non_null(sl_encoding_find(ctx, "quantile bins=8 keep=yes", options));
    assert_true(options[0] == 8 && options[1] == 1);
    assert_non_null(sl_encoding_find(ctx, "quantile", options));
    assert_true(options[0] == 32 && options[1] == 0);
    assert_null(sl_encoding_find(ctx, "quantil", options));
    assert_says(ctx, SL_EINVAL,
                "unknown encoding 'quantil': did you mean 'quantile'? There are boolean, category, "
                "date, fourier, log, one_hot, quantile, raw, standard");
    assert_null(sl_encoding_find(ctx, "quantile bins=0", options));
    assert_says(ctx, SL_EINVAL,
                "encoding quantile: bins is 0: wants a whole number from 1 to 4096 (default 32)");
    assert_null(sl_encoding_find(ctx, "log 3", options));
    assert_says(ctx, SL_EINVAL, "encoding log takes no options");
    sl_ctx_free(ctx);
}

/* StandardScaler().fit(x).mean_, .scale_, .transform(x) */
static void U46_standard_is_that_of_scikit_learn(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    double x[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        x[i] = made_integer(i) * made_integer(i) / 1000;
    sl_columns *columns = made_number(ctx, NULL, x, ROWS);
    assert_string_equal(columns->encoded[0].kind->name, "standard"); /* skewed by 0.63 */
    assert_near(columns->encoded[0].numbers[0], 340.74375249999997, 1e-14);
    assert_near(columns->encoded[0].numbers[1], 303.6616967792304, 1e-14);
    assert_near(columns->column[0].median, 257.5585, 1e-15);
    assert_true(columns->column[0].low == 0 && columns->column[0].high == 1006 * 1006 / 1000.);
    assert_near(sl_spread_skew(x, ROWS, sl_spread_of(x, ROWS)), 0.6313778148201948, 1e-13);
    assert_encoded(columns, x[0], -1.1221163423443858);
    assert_encoded(columns, x[1], 1.2908847301376576);
    assert_encoded(columns, x[ROWS - 1], -0.29223228823790703);
    made_says(columns, 0, "standardised: mean 340.7, deviation 303.7");
    made_says(columns, -1, "1 column becomes 1 number: 1 standard");
    sl_columns_free(columns);
    columns = made_number(ctx, "standard clip=1.5", x, ROWS);
    assert_encoded(columns, 1e9, 1.5);
    assert_encoded(columns, -1e9, -1.5);
    assert_encoded(columns, x[1], 1.2908847301376576);
    sl_columns_free(columns);
    /* far from 0 the deviation is still right: of 1e9, 1e9 + 1 .. it is that of 0, 1 .. */
    for (size_t i = 0; i < 101; i++)
        x[i] = 1e9 + (double)i;
    assert_near(sl_spread_of(x, 101).deviation, sqrt((101. * 101 - 1) / 12), 1e-14);
    double far[1000]; /* here the sum is off by thousands */
    for (size_t i = 0; i < 1000; i++)
        far[i] = 1e15 + (double)i;
    assert_near(sl_spread_of(far, 1000).mean - 1e15, 499.5, 1e-3);
    assert_near(sl_spread_of(far, 1000).deviation, sqrt((1e6 - 1) / 12), 1e-9);
    sl_ctx_free(ctx);
}

/* Numbers are standardised unless they are asked for as they are. */
static void U46_a_number_can_stay_as_it_is(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const double x[] = { 3000, -2, 0.125, NAN };
    sl_columns *columns = made_number(ctx, "raw", x, 4);
    assert_encoded(columns, 3000, 3000, 0);
    assert_encoded(columns, -17.5, -17.5, 0);
    assert_encoded(columns, NAN, 0.125, 1); /* the median */
    assert_encoded(columns, -INFINITY, -1e30, 0);
    made_says(columns, 0,
              "as it is; 1 where it is missing, as in 1 training row, and the median stands for it: 0.125");
    sl_columns_free(columns);
    const made_column word = { "city", SL_COLUMN_CATEGORY, "a b", "raw", 0 };
    columns = made_columns(ctx, &word, 1);
    assert_int_equal(made_fit(columns, (const double[]){ 0, 1 }, 2, NULL, true), SL_EINVAL);
    assert_says(ctx, SL_EINVAL, "column 'city' has type category: encoding raw takes number, integer");
    sl_columns_free(columns);
    sl_ctx_free(ctx);
}

/* numpy: log1p(x) and log(x), their mean, std, scipy.stats.skew */
static void log_takes_a_skew_away(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    for (int plus = 0; plus < 2; plus++) {
        double x[ROWS];
        for (size_t i = 0; i < ROWS; i++) {
            const double y = made_integer(i) + !plus, y4 = y * y * y * y;
            x[i] = y4 * y4 / 1e16;
        }
        sl_columns *columns = made_number(ctx, "log", x, ROWS);
        const double *n = columns->encoded[0].numbers;
        assert_true(n[0] == plus);
        assert_near(n[2], plus ? 11.328367785019687 : 10.532915634434717, 1e-13);
        assert_near(n[3], plus ? 5.8012526579947306 : 8.013202508808343, 1e-13);
        assert_near(n[4], plus ? 2.301484753424439 : 2.2998622385821905, 1e-12);
        assert_near(n[5], plus ? -0.7027508766867794 : -2.007102726916745, 1e-12);
        assert_encoded(columns, x[5], plus ? -0.7225315104068312 : -0.4198335726925152);
        made_says(
            columns, 0,
            plus ? "skewed by 2.301: log(1 + x), by -0.7028, is standardised: mean 11.33, deviation 5.801"
                 : "skewed by 2.3: its logarithm, by -2.007, is standardised: mean 10.53, deviation 8.013");
        /* below the lowest of the training rows: as that */
        const double lowest = ((plus ? 0 : log(1e-16)) - n[2]) / n[3];
        assert_encoded(columns, -5, lowest);
        assert_encoded(columns, 0, lowest);
        sl_columns_free(columns);
        /* by itself where it is much less skewed after than before */
        columns = made_number(ctx, NULL, x, ROWS);
        assert_string_equal(columns->encoded[0].kind->name, plus ? "log" : "standard");
        sl_columns_free(columns);
    }
    const made_column column = { "x", SL_COLUMN_NUMBER, NULL, "log", 0 };
    sl_columns *columns = made_columns(ctx, &column, 1);
    assert_int_equal(made_fit(columns, (const double[]){ 3, -2, 8 }, 3, NULL, true), SL_EINVAL);
    assert_says(ctx, SL_EINVAL,
                "column 'x': log wants numbers of 0 and more, and the training rows go down to -2");
    sl_columns_free(columns);
    sl_ctx_free(ctx);
}

/* numpy.quantile(x, linspace(0, 1, 9)), which KBinsDiscretizer(8, strategy="quantile") has as well; the
 * numbers by the formula of the paper, within 0 .. 1 */
static void quantile_is_piecewise_linear_between_knots(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    static const double knots[] = { 0,        15.502,     65.539,    147.362125,
                                    257.5585, 401.164125, 573.42775, 776.3813749999999,
                                    1012.036 };
    double x[ROWS + 200];
    for (size_t i = 0; i < ROWS; i++)
        x[i] = made_integer(i) * made_integer(i) / 1000;
    for (size_t i = 0; i < 200; i++)
        x[ROWS + i] = NAN; /* are left out */
    sl_columns *columns = made_number(ctx, "quantile bins=8 keep=yes", x, ROWS + 200);
    const sl_encoded *e = &columns->encoded[0];
    assert_int_equal(e->number_count, 2 + 9);
    for (int k = 0; k < 9; k++)
        assert_near(e->numbers[2 + k], knots[k], 1e-14);
    assert_int_equal(columns->width, 8 + 1 + 1); /* and the flag */
    assert_int_equal(columns->column[0].fit_missing, 200);
    uint64_t state = 5;
    for (int i = 0; i < 500; i++) {
        const double v = i < 9 ? knots[i] : i == 9 ? NAN : engine_uniform(&state, -200, 1300);
        const double filled = v == v ? v : 257.5585;
        sl_real found[10];
        sl_columns_encode(columns, &v, found);
        for (int t = 0; t < 8; t++) {
            const double a = knots[t], b = knots[t + 1];
            const double wanted = filled <= a ? 0 : filled >= b ? 1 : (filled - a) / (b - a);
            assert_near(found[t], wanted, engine_tolerance(1e-6, 1e-12));
        }
        assert_near(found[8], (filled - 340.74375249999997) / 303.6616967792304,
                    engine_tolerance(1e-6, 1e-12));
        assert_true(found[9] == (v != v));
    }
    made_says(
        columns, 0,
        "piecewise linear in 8 bins of equally many rows, 0 to 1012; standardised as well: mean 340.7, "
        "deviation 303.7; 1 where it is missing, as in 200 training rows, and the median stands for it: "
        "257.5585");
    made_says(columns, -1, "1 column becomes 10 numbers: 1 missing, 1 quantile");
    sl_columns_free(columns);
    /* equal knots are one: numpy.unique(quantile(min(i * 7919 % 23, 9), linspace(0, 1, 33))) is 0 .. 9 */
    for (size_t i = 0; i < ROWS; i++)
        x[i] = i * 7919 % 23 < 9 ? (double)(i * 7919 % 23) : 9;
    columns = made_number(ctx, "quantile", x, ROWS);
    assert_int_equal(columns->encoded[0].number_count, 2 + 10);
    assert_encoded(columns, 2.25, 1, 1, 0.25, 0, 0, 0, 0, 0, 0);
    sl_columns_free(columns);
    /* many bins: 0 .. 799 once each, knots 4 apart */
    double more[800];
    for (size_t i = 0; i < 800; i++)
        more[i] = (double)i;
    columns = made_number(ctx, "quantile bins=197", more, 788);
    assert_int_equal(columns->width, 197);
    for (int v = 0; v < 788; v++) {
        sl_real found[197];
        sl_columns_encode(columns, &more[v], found);
        for (int t = 0; t < 197; t++) {
            const double through = (v - t * (787 / 197.)) / (787 / 197.);
            assert_near(found[t], through < 0 ? 0 : through > 1 ? 1 : through, engine_tolerance(1e-4, 1e-11));
        }
    }
    sl_columns_free(columns);
    /* a bin wants 4 rows */
    columns = made_number(ctx, "quantile", (const double[]){ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 }, 11);
    assert_encoded(columns, 8.5, 1, 0.5); /* knots 1, 6, 11 */
    sl_columns_free(columns);
    sl_ctx_free(ctx);
}

/* Words a, b, c, d, e in 12, 11, 3, 1 and 0 rows of 27, 2 more are missing. */
static size_t encoding_codes(double *codes, bool missing)
{
    static const int counts[] = { 12, 11, 3, 1, 0 };
    size_t rows = 0;
    for (int w = 0; w < 5; w++)
        for (int i = 0; i < counts[w]; i++)
            codes[rows++] = w;
    for (int i = 0; missing && i < 2; i++)
        codes[rows++] = NAN;
    return rows;
}

static void one_hot_has_a_slot_for_each_frequent_word(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    double codes[32];
    size_t rows = encoding_codes(codes, true);
    sl_columns *columns = made_words(ctx, "a b c d e", NULL, codes, rows); /* rare: below 2 rows */
    assert_encoded(columns, 0, 1, 0, 0, 0, 0);
    assert_encoded(columns, 1, 0, 1, 0, 0, 0);
    assert_encoded(columns, 2, 0, 0, 1, 0, 0);
    assert_encoded(columns, 3, 0, 0, 0, 1, 0);         /* rare */
    assert_encoded(columns, 4, 0, 0, 0, 1, 0);         /* known to the dictionary, not to the training rows */
    assert_encoded(columns, SL_UNSEEN, 0, 0, 0, 1, 0); /* unknown */
    assert_encoded(columns, NAN, 0, 0, 0, 0, 1);
    made_says(
        columns, 0,
        "a 0 or 1 for each of 3 words, one slot for 1 of fewer than 2 rows and for unseen words, one for "
        "missing");
    sl_columns_free(columns);
    columns = made_words(ctx, "a b c d e", "one_hot least=12", codes, rows);
    assert_encoded(columns, 0, 1, 0, 0);
    assert_encoded(columns, 1, 0, 1, 0);
    assert_encoded(columns, 2, 0, 1, 0);
    sl_columns_free(columns);
    columns = made_words(ctx, "a b c d e", "one_hot least=1", codes, encoding_codes(codes, false));
    assert_encoded(columns, 3, 0, 0, 0, 1);
    assert_encoded(columns, 4, 0, 0, 0, 0); /* nothing stands for what training did not have */
    assert_encoded(columns, SL_UNSEEN, 0, 0, 0, 0);
    assert_encoded(columns, NAN, 0, 0, 0, 0);
    made_says(columns, 0, "a 0 or 1 for each of 4 words; an unseen word: all 0");
    sl_columns_free(columns);
    sl_ctx_free(ctx);
}

static void category_hands_a_slot_to_a_layer(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    double codes[32];
    const size_t rows = encoding_codes(codes, false);
    sl_columns *columns = made_words(ctx, "a b c d e", "category", codes, rows);
    for (int w = 0; w < 3; w++)
        assert_encoded(columns, w, w);
    assert_encoded(columns, 3, 3);
    assert_encoded(columns, 4, 3);
    assert_encoded(columns, SL_UNSEEN, 3);
    assert_encoded(columns, NAN, 4);
    made_net(columns, "category 4 rows=5"); /* ceil(1.6 * 5^0.56) */
    made_says(
        columns, 0,
        "a learned vector of 4 numbers for each of 3 words, one slot for 1 of fewer than 2 rows and for "
        "unseen words, one for missing");
    sl_columns_free(columns);
    columns = made_words(ctx, "a b c d e", "category 7 least=12", codes, rows);
    made_net(columns, "category 7 rows=3");
    sl_columns_free(columns);
    /* By itself from 17 slots on: 15 words in 2 rows each take a number each, 17 a vector. */
    char words[200] = "";
    double many[100];
    for (int w = 0; w < 48; w++) {
        char word[8];
        snprintf(word, sizeof word, "w%d ", w);
        strcat(words, word);
        many[2 * w] = many[2 * w + 1] = w;
    }
    columns = made_words(ctx, words, NULL, many, 2 * 16);
    made_net(columns, "");
    sl_columns_free(columns);
    columns = made_words(ctx, words, NULL, many, 2 * 17);
    made_net(columns, "category 9 rows=19"); /* ceil(1.6 * 19^0.56 = 8.32) */
    sl_columns_free(columns);
    columns = made_words(ctx, words, NULL, many, 2 * 48);
    made_net(columns, "category 15 rows=50");
    sl_columns_free(columns);
    sl_ctx_free(ctx);
}

/* Python's datetime: sines and cosines of the place in the year of 365.2425 days, of weekday() / 7 (Monday is
 * 0), of the hours / 24 */
static void a_date_is_places_on_circles(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const made_column column = { "when", SL_COLUMN_DATE, NULL, NULL, 0 };
    const double days[] = { 0, 1709229600, -63000 };
    sl_columns *columns = made_columns(ctx, &column, 1);
    assert_int_equal(made_fit(columns, days, 3, NULL, true), SL_OK);
    const double mean = (1709229600. - 63000) / 3;
    const double deviation =
        sqrt((mean * mean + (days[1] - mean) * (days[1] - mean) + (days[2] - mean) * (days[2] - mean)) / 3);
#define Z(t) (((t)-mean) / deviation)
    const double tolerance = 2e-7; /* of the 7 digits below */
    static const double wanted[3][6] = {
        { 0, 1, 0.4338837, -0.9009689, 0, 1 },
        { 0.8553529, 0.5180458, 0.4338837, -0.9009689, -1, 0 },
        { -0.0125434, 0.9999213, 0.9749279, -0.2225209, 0.9914449, -0.1305262 },
    };
    assert_int_equal(columns->width, 7);
    for (int i = 0; i < 3; i++) {
        sl_real found[7];
        sl_columns_encode(columns, &days[i], found);
        assert_near(found[0], Z(days[i]), tolerance);
        for (int k = 0; k < 6; k++)
            assert_near(found[1 + k], wanted[i][k], tolerance);
    }
    made_says(columns, 0, "the time standardised, the place in year and week and day as sine and cosine");
    assert_int_equal(made_fit(columns, (const double[]){ 0, 86400 }, 2, NULL, true), SL_OK);
    assert_int_equal(columns->width, 5); /* no time of day */
    sl_columns_free(columns);
    const made_column nothing = { "when", SL_COLUMN_DATE, NULL, "date no season=no weekday=no", 0 };
    columns = made_columns(ctx, &nothing, 1);
    made_fit(columns, (const double[]){ 0, 86400 }, 2, NULL, true);
    assert_says(ctx, SL_EINVAL, "column 'when': of date none of trend, season, weekday, hour is left");
    sl_columns_free(columns);
    sl_ctx_free(ctx);
}

static void a_boolean_is_one_or_minus_one(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    const made_column column = { "paid", SL_COLUMN_BOOLEAN, "no yes", NULL, 0 };
    sl_columns *columns = made_columns(ctx, &column, 1);
    assert_int_equal(made_fit(columns, (const double[]){ 0, 1, 1 }, 3, NULL, true), SL_OK);
    assert_encoded(columns, 0, -1);
    assert_encoded(columns, 1, 1);
    assert_encoded(columns, NAN, 0);
    assert_encoded(columns, SL_UNSEEN, 0);
    made_says(columns, 0, "no is -1, yes is 1, missing is 0");
    assert_int_equal(made_fit(columns, (const double[]){ 0, 1, NAN }, 3, NULL, true), SL_OK);
    assert_encoded(columns, NAN, 0, 1); /* training had missing ones: that is a number */
    assert_encoded(columns, 1, 1, 0);
    sl_columns_free(columns);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_or_refused),
        cmocka_unit_test(U46_standard_is_that_of_scikit_learn),
        cmocka_unit_test(U46_a_number_can_stay_as_it_is),
        cmocka_unit_test(log_takes_a_skew_away),
        cmocka_unit_test(quantile_is_piecewise_linear_between_knots),
        cmocka_unit_test(one_hot_has_a_slot_for_each_frequent_word),
        cmocka_unit_test(category_hands_a_slot_to_a_layer),
        cmocka_unit_test(a_date_is_places_on_circles),
        cmocka_unit_test(a_boolean_is_one_or_minus_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
