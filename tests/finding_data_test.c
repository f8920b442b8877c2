/* What the training rows look like, counted here again by plain loops, and the findings about data, length
 * and regularisation: named where their cause is, silent on healthy trainings. */
#include "finding_data.h"

/* Roughly normal. */
static double facts_normal(uint64_t *state)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += engine_uniform(state, 0, 1);
    return sum - 6;
}

enum { ROWS = 400 };

/* Two clouds 2 * apart from each other along both inputs; a share of class 1, a share of wrong labels. */
static void facts_clouds(sl_real *x, sl_real *y, size_t rows, double apart, double share, double wrong)
{
    uint64_t state = 7;
    for (size_t i = 0; i < rows; i++) {
        const bool one = engine_uniform(&state, 0, 1) < share;
        for (int j = 0; j < 2; j++)
            x[2 * i + (size_t)j] = (sl_real)((one ? apart : -apart) + facts_normal(&state));
        y[i] = (sl_real)(one != (engine_uniform(&state, 0, 1) < wrong));
    }
}

static void near_to(double a, double b)
{
    if (!(fabs(a - b) <= 1e-5 * (1 + fabs(b))))
        print_error("%d/1000000, wanted %d\n", (int)(a * 1e6), (int)(b * 1e6));
    assert_true(fabs(a - b) <= 1e-5 * (1 + fabs(b)));
}

static void look_counts_what_plain_loops_count(void **state)
{
    (void)state;
    static sl_real x[ROWS * 2], y[ROWS];
    facts_clouds(x, y, ROWS, 1, 0.3, 0);
    x[2] = x[0], x[3] = x[1], y[1] = 1 - y[0]; /* a copy that contradicts */
    facts_case f;
    facts_open(&f, ROWS, 2, x, y, 2);
    const sl_data_look *d = &f.c.data;
    double mean[2] = { 0 }, dev[2] = { 0 }, ones = 0, alike = 0, largest = 0, squares = 0;
    for (int i = 0; i < ROWS; i++) {
        ones += (double)y[i];
        alike += i && y[i] == y[i - 1];
        for (int j = 0; j < 2; j++) {
            mean[j] += (double)x[2 * i + j] / ROWS;
            squares += (double)x[2 * i + j] * (double)x[2 * i + j];
            largest = fmax(largest, fabs((double)x[2 * i + j]));
        }
    }
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < 2; j++)
            dev[j] += pow((double)x[2 * i + j] - mean[j], 2) / ROWS;
    const int most = dev[1] > dev[0];
    assert_int_equal(d->rows, ROWS);
    assert_int_equal(d->inputs, 2);
    near_to(d->most, sqrt(dev[most]));
    near_to(d->least, sqrt(dev[!most]));
    assert_int_equal(d->most_at, most);
    near_to(d->offset, fmax(fabs(mean[0]) / sqrt(dev[0]), fabs(mean[1]) / sqrt(dev[1])));
    near_to(d->largest, largest);
    near_to(d->in_rms, sqrt(squares / (2 * ROWS)));
    near_to(d->rarest, ones / ROWS);
    near_to(d->commonest, 1 - ones / ROWS);
    near_to(d->in_order, alike / (ROWS - 1));
    const double p = ones / ROWS;
    near_to(d->in_chance, p * p + (1 - p) * (1 - p));
    near_to(d->chance, -p * log(p) - (1 - p) * log(1 - p));
    near_to(d->uniform, log(2));
    near_to(d->copies, 2.0 / ROWS);
    near_to(d->contradicting, 2.0 / ROWS);
    double single[2] = { 0 }; /* every threshold, by counting */
    for (int j = 0; j < 2; j++)
        for (int t = 0; t < ROWS; t++) {
            int left[2] = { 0 }, right[2] = { 0 };
            for (int i = 0; i < ROWS; i++)
                (x[2 * i + j] <= x[2 * t + j] ? left : right)[(int)y[i]]++;
            single[j] =
                fmax(single[j], (double)(left[left[1] > left[0]] + right[right[1] > right[0]]) / ROWS);
        }
    near_to(d->single, fmax(single[0], single[1]));
    near_to(d->second, fmin(single[0], single[1]));
    int others = 0, alone = 0;
    for (int i = 0; i < ROWS; i++) { /* 7 times the nearest of those not taken yet */
        bool taken[ROWS] = { false };
        int votes[2] = { 0 };
        for (int k = 0; k < 7; k++) {
            int at = -1;
            double far = INFINITY;
            for (int r = 0; r < ROWS; r++) {
                const double a = ((double)x[2 * r] - (double)x[2 * i]) / sqrt(dev[0]),
                             b = ((double)x[2 * r + 1] - (double)x[2 * i + 1]) / sqrt(dev[1]);
                if (r != i && !taken[r] && a * a + b * b < far)
                    far = a * a + b * b, at = r;
            }
            taken[at] = true;
            votes[(int)y[at]]++;
        }
        const int own = votes[(int)y[i]];
        others += own < 7 - own;
        alone += 7 - own >= 6;
    }
    near_to(d->neighbours, (double)others / ROWS);
    near_to(d->alone, (double)alone / ROWS);
    facts_close(&f);
}

static void numbers_and_broken_rows(void **state)
{
    (void)state;
    static sl_real x[ROWS * 2], y[ROWS];
    facts_clouds(x, y, ROWS, 0, 0.5, 0);
    double mean = 0, variance = 0;
    for (int i = 0; i < ROWS; i++) {
        y[i] = (sl_real)(50 + 30 * (double)x[2 * i] + 30 * (double)x[2 * i + 1]);
        mean += (double)y[i] / ROWS;
    }
    for (int i = 0; i < ROWS; i++)
        variance += pow((double)y[i] - mean, 2) / ROWS;
    facts_case f;
    facts_open(&f, ROWS, 2, x, y, 0);
    near_to(f.c.data.target_mean, mean);
    near_to(f.c.data.target_deviation, sqrt(variance));
    assert_true(fabs(f.c.data.chance / variance - 1) < 1e-4);
    facts_history(&f, 20, variance * 1.2, variance * 0.9, variance * 1.2, variance * 0.9);
    sl_draft draft = facts_look(&f, "unscaled_target");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "target_scale", "standard"));
    facts_history(&f, 20, variance, variance * 0.01, variance, variance * 0.01); /* it copes */
    assert_true(facts_look(&f, "unscaled_target").strength < 0.3);
    f.data->store->reals[2 * 17] = (sl_real)NAN;
    f.data->store->reals[2 * 30 + 1] = (sl_real)INFINITY;
    assert_int_equal(sl_data_look_take(&f.c), SL_OK);
    assert_int_equal(f.c.data.broken, 2);
    assert_int_equal(f.c.data.broken_at, 17);
    draft = facts_look(&f, "nan_rows");
    assert_true(draft.strength == 1 && draft.certain);
    assert_non_null(strstr(sl_text_string(&draft.sentence), "2 of 400"));
    facts_close(&f);
}

static void data_findings_name_their_cause(void **state)
{
    (void)state;
    static sl_real x[ROWS * 2], y[ROWS];
    facts_case f;
    facts_clouds(x, y, ROWS, 3, 0.5, 0.2); /* wrong labels among classes that are apart */
    facts_open(&f, ROWS, 2, x, y, 2);
    facts_history(&f, 20, 0.6, 0.05, 0.5, 1.2); /* which the net learns by heart */
    sl_draft draft = facts_look(&f, "label_noise");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "optimizer.decay", "0.01"));
    assert_int_equal(draft.fix[0].by, SL_BY_LAST);
    facts_history(&f, 20, 0.6, 0.5, 0.6, 0.55); /* which it does not */
    assert_true(facts_look(&f, "label_noise").strength < 0.3);
    facts_close(&f);

    facts_clouds(x, y, ROWS, 0.6, 0.04, 0); /* a rare class that is not found */
    facts_open(&f, ROWS, 2, x, y, 2);
    facts_history(&f, 20, 0.3, 0.15, 0.3, 0.15);
    f.c.outcome.metric = f.c.data.commonest;
    draft = facts_look(&f, "class_imbalance");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "class_weight", "balanced"));
    sl_report_set_confusion(f.history, 2, (size_t[]){ 380, 4, 2, 14 }); /* and one that is */
    assert_true(facts_look(&f, "class_imbalance").strength < 0.3);
    facts_close(&f);

    facts_clouds(x, y, ROWS, 0.5, 0.5, 0); /* one input is the target with little noise */
    uint64_t random = 3;
    for (int i = 0; i < ROWS; i++)
        x[2 * i + 1] = (sl_real)((double)y[i] + 0.05 * facts_normal(&random));
    facts_open(&f, ROWS, 2, x, y, 2);
    draft = facts_look(&f, "leakage");
    assert_true(draft.strength >= 0.5);
    assert_int_equal(f.c.data.single_at, 1);
    facts_close(&f);

    facts_clouds(x, y, ROWS, 1, 0.5, 0);
    for (int i = 0; i < ROWS; i++) {
        x[2 * i] *= 500;
        y[i] = (sl_real)(i >= ROWS / 2);
    }
    facts_open(&f, ROWS, 2, x, y, 2);
    facts_history(&f, 20, 3, 0.69, 3, 0.69);
    draft = facts_look(&f, "unscaled_inputs");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "net", "batch_norm, 8 relu"));
    assert_true(facts_look(&f, "unshuffled_data").strength == 0); /* they are shuffled */
    f.options.sampling = "order";
    draft = facts_look(&f, "unshuffled_data");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "sampling", "shuffle"));
    facts_close(&f);
}

static void course_findings_name_their_cause(void **state)
{
    (void)state;
    static sl_real x[ROWS * 2], y[ROWS];
    facts_case f;
    facts_clouds(x, y, ROWS, 2, 0.5, 0);
    facts_open(&f, ROWS, 2, x, y, 2);
    facts_history(&f, 20, 0.5, 0.01, 0.45, 1.2);
    sl_draft draft = facts_look(&f, "overfitting");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "net", "2 relu"));
    assert_true(facts_fixed(&draft, "optimizer.decay", "0.01"));

    facts_history(&f, 20, 0.69, 0.3, 0.69, 0.3);
    draft = facts_look(&f, "stopped_too_early");
    assert_true(draft.strength >= 0.3 && facts_fixed(&draft, "epochs", "80"));

    facts_history(&f, 20, 0.69, 0.66, 0.69, 0.66);
    f.c.outcome.metric = 0.6;
    draft = facts_look(&f, "underfitting");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "net", "64 relu"));
    assert_true(facts_look(&f, "over_regularised").strength == 0);
    f.options.optimizer.decay = (sl_real)0.1;
    draft = facts_look(&f, "over_regularised");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "optimizer.decay", "0"));
    facts_close(&f);

    facts_open(&f, 60, 2, x, y, 2);
    facts_history(&f, 20, 0.4, 0.1, 0.7, 0.6);
    draft = facts_look(&f, "too_little_data");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "rows", "0.5"));
    assert_int_equal(draft.fix[0].proof, SL_TELLS);
    facts_close(&f);

    facts_open(&f, ROWS, 2, x, y, 2);
    assert_int_equal(sl_compile(f.model, .loss = "mean_squared"), SL_OK);
    draft = facts_look(&f, "wrong_loss");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "loss", "binary_cross_entropy"));
    f.c.model = NULL; /* refused before there was one */
    f.c.refused = true;
    f.options.loss = "mse reduction=sum";
    draft = facts_look(&f, "wrong_loss");
    assert_true(draft.strength >= 0.5 && facts_fixed(&draft, "loss", "binary_cross_entropy"));
    f.options.loss = "hinge";
    assert_true(facts_look(&f, "wrong_loss").strength == 0);
    facts_close(&f);
}

static void healthy_trainings_are_not_accused(void **state)
{
    (void)state;
    static sl_real x[ROWS * 2], y[ROWS];
    facts_case f;
    facts_clouds(x, y, ROWS, 0.7, 0.5, 0); /* noisy: classes that overlap, learned as far as can be */
    facts_open(&f, ROWS, 2, x, y, 2);
    facts_history(&f, 20, 0.42, 0.40, 0.43, 0.41);
    f.c.outcome.metric = 0.84;
    facts_healthy(&f);
    facts_close(&f);

    facts_clouds(x, y, ROWS, 1.5, 1.0 / 6, 0); /* 1:5 */
    facts_open(&f, ROWS, 2, x, y, 2);
    facts_history(&f, 20, 0.1, 0.08, 0.1, 0.08);
    f.c.outcome.metric = 0.97;
    facts_healthy(&f);
    facts_close(&f);

    facts_clouds(x, y, 40, 2, 0.5, 0); /* tiny, without validation rows */
    facts_open(&f, 40, 2, x, y, 2);
    f.c.validation = NULL;
    facts_history(&f, 20, 0.05, 0.045, 0.05, 0.045);
    f.c.outcome.metric = 1;
    facts_healthy(&f);
    facts_close(&f);

    facts_clouds(x, y, ROWS, 2, 0.5, 0); /* far from deviation 1, and learned all the same */
    for (int i = 0; i < 2 * ROWS; i++)
        x[i] *= 40;
    facts_open(&f, ROWS, 2, x, y, 2);
    facts_history(&f, 20, 0.05, 0.03, 0.05, 0.04);
    f.c.outcome.metric = 0.99;
    facts_healthy(&f);
    facts_close(&f);

    facts_clouds(x, y, ROWS, 2, 0.5, 0); /* slow: still falling, and nearly there */
    facts_open(&f, ROWS, 2, x, y, 2);
    facts_history(&f, 40, 0.69, 0.05, 0.69, 0.055);
    f.c.outcome.metric = 0.99;
    facts_healthy(&f);
    facts_close(&f);
}

static void numbers_for_people(void **unused)
{
    (void)unused;
    sl_case c = { .numbers = 0 };
    assert_string_equal(sl_case_number(&c, 13430000000000.), "1.343e13");
    assert_string_equal(sl_case_number(&c, -99999999), "-1e8");
    assert_string_equal(sl_case_number(&c, 9999400), "9999000");
    assert_string_equal(sl_case_number(&c, 1e7), "1e7");
    assert_string_equal(sl_case_number(&c, 0.25), "0.25");
    assert_string_equal(sl_case_number(&c, 0.00001234), "0.00001234");
    assert_string_equal(sl_case_number(&c, 7.942e-35), "7.942e-35");
    assert_string_equal(sl_case_number(&c, -9.99996e-8), "-1e-7");
    assert_string_equal(sl_case_number(&c, -0.), "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(look_counts_what_plain_loops_count),
        cmocka_unit_test(numbers_and_broken_rows),
        cmocka_unit_test(numbers_for_people),
        cmocka_unit_test(data_findings_name_their_cause),
        cmocka_unit_test(course_findings_name_their_cause),
        cmocka_unit_test(healthy_trainings_are_not_accused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
