/* builtin:table: each option does what it says, counted by plain loops. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "data_place.h"

#include <math.h>

enum { MADE_MOST = 16 };

typedef struct {
    size_t rows;
    int inputs;
    double *x, *y; /* [rows, inputs], [rows] */
} made_rows;

static made_rows made_open(bench *b, const char *options)
{
    char source[160];
    snprintf(source, sizeof source, "builtin:table?%s", options);
    sl_data *data = sl_data_open(b->ctx, source, NULL);
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    made_rows made = { .rows = sl_data_rows(data), .inputs = sl_data_shape(data).dim[0] };
    made.x = calloc(made.rows * (size_t)made.inputs, sizeof *made.x);
    made.y = calloc(made.rows, sizeof *made.y);
    sl_real x[MADE_MOST], y;
    assert_true(made.inputs <= MADE_MOST);
    for (size_t row = 0; row < made.rows; row++) {
        sl_data_row(data, row, x, &y);
        for (int i = 0; i < made.inputs; i++)
            made.x[row * (size_t)made.inputs + (size_t)i] = (double)x[i];
        made.y[row] = (double)y;
    }
    sl_data_free(data);
    return made;
}

static void made_close(made_rows *made)
{
    free(made->x);
    free(made->y);
}

static void made_moments(const double *v, size_t rows, size_t stride, double *mean, double *deviation)
{
    double sum = 0, squares = 0;
    for (size_t row = 0; row < rows; row++)
        sum += v[row * stride];
    *mean = sum / (double)rows;
    for (size_t row = 0; row < rows; row++)
        squares += (v[row * stride] - *mean) * (v[row * stride] - *mean);
    *deviation = sqrt(squares / (double)rows);
}

static double made_share(const made_rows *made, double label)
{
    size_t count = 0;
    for (size_t row = 0; row < made->rows; row++)
        count += made->y[row] == label;
    return (double)count / (double)made->rows;
}

/* Share of rows whose nearest other row has another class. */
static double made_neighbours(const made_rows *made, int inputs)
{
    size_t other = 0;
    for (size_t a = 0; a < made->rows; a++) {
        double best = INFINITY;
        size_t at = 0;
        for (size_t row = 0; row < made->rows; row++) {
            double far = 0;
            for (int i = 0; i < inputs; i++) {
                const double d = made->x[a * (size_t)made->inputs + (size_t)i] -
                                 made->x[row * (size_t)made->inputs + (size_t)i];
                far += d * d;
            }
            if (row != a && far < best) {
                best = far;
                at = row;
            }
        }
        other += made->y[a] != made->y[at];
    }
    return (double)other / (double)made->rows;
}

static void made_classes(void **state)
{
    bench *b = *state;
    made_rows made = made_open(b, "rows=1000");
    assert_true(made_share(&made, 0) == 0.5 && made_share(&made, 1) == 0.5);
    made_close(&made);
    made = made_open(b, "rows=1000&classes=3&rare=0.05");
    assert_true(made_share(&made, 0) == 0.05);
    assert_true(fabs(made_share(&made, 1) - 0.475) < 0.0011 && fabs(made_share(&made, 2) - 0.475) < 0.0011);
    made_close(&made);
    made = made_open(b, "rows=1000&classes=10");
    for (int c = 0; c < 10; c++)
        assert_true(made_share(&made, c) == 0.1);
    made_close(&made);
}

/* The share of labels that differ, within 5 deviations of a binomial; all else is the same. */
static void made_wrong_labels(void **state)
{
    bench *b = *state;
    made_rows right = made_open(b, "rows=2000&classes=4"),
              wrong = made_open(b, "rows=2000&classes=4&wrong=0.3");
    size_t differ = 0, by[4] = { 0 };
    for (size_t row = 0; row < 2000; row++) {
        differ += right.y[row] != wrong.y[row];
        by[((size_t)wrong.y[row] + 4 - (size_t)right.y[row]) % 4]++;
        for (int i = 0; i < 8; i++)
            assert_true(right.x[row * 8 + (size_t)i] == wrong.x[row * 8 + (size_t)i]);
    }
    assert_true(fabs((double)differ / 2000 - 0.3) < 5 * sqrt(0.21 / 2000));
    for (int k = 1; k < 4; k++) /* each of the others alike */
        assert_true(fabs((double)by[k] / 2000 - 0.1) < 5 * sqrt(0.09 / 2000));
    made_close(&right);
    made_close(&wrong);
    /* 1-NN knows little of wrong labels: 2 p (1 - p) of neighbours differ by them alone. */
    right = made_open(b, "rows=800&inputs=2&useful=2");
    wrong = made_open(b, "rows=800&inputs=2&useful=2&wrong=0.3");
    assert_true(made_neighbours(&right, 2) < 0.1);
    assert_true(made_neighbours(&wrong, 2) > 0.35);
    made_close(&right);
    made_close(&wrong);
}

static void made_scales(void **state)
{
    bench *b = *state;
    made_rows made = made_open(b, "rows=4000&inputs=4&scale=1000&offset=50");
    for (int i = 0; i < 4; i++) {
        double mean, deviation;
        made_moments(made.x + i, made.rows, 4, &mean, &deviation);
        const double wanted = pow(10, i); /* 1, 10, 100, 1000 */
        assert_true(fabs(deviation / wanted - 1) < 5 / sqrt(8000));
        assert_true(fabs(mean - 50) < 5 * wanted / sqrt(4000));
    }
    made_close(&made);
}

static void made_numbers(void **state)
{
    bench *b = *state;
    made_rows plain = made_open(b, "classes=0&rows=2000&target_scale=1000&target_mean=70"),
              noisy = made_open(b, "classes=0&rows=2000&noise=0.5");
    double mean, deviation, other;
    made_moments(plain.y, 2000, 1, &mean, &deviation);
    assert_true(fabs(mean - 70) < 0.01 && fabs(deviation - 1000) < 0.1); /* standardised over these rows */
    double added[2000];
    for (size_t row = 0; row < 2000; row++)
        added[row] = noisy.y[row] - (plain.y[row] - 70) / 1000;
    made_moments(added, 2000, 1, &mean, &other);
    assert_true(fabs(mean) < 5 * 0.5 / sqrt(2000) && fabs(other / 0.5 - 1) < 5 / sqrt(4000));
    made_close(&plain);
    made_close(&noisy);
    /* Without curve the target is a plane of the useful inputs: with one of them, two rows tell all others.
     */
    plain = made_open(b, "classes=0&rows=300&curve=0&inputs=2&useful=1");
    for (size_t row = 2; row < 300; row++) {
        const double slope = (plain.y[1] - plain.y[0]) / (plain.x[2] - plain.x[0]);
        assert_true(fabs(plain.y[row] - plain.y[0] - slope * (plain.x[2 * row] - plain.x[0])) < 1e-4);
    }
    made_close(&plain);
}

static void made_order_leak_copies(void **state)
{
    bench *b = *state;
    made_rows made = made_open(b, "classes=3&sorted=1");
    for (size_t row = 1; row < made.rows; row++)
        assert_true(made.y[row] >= made.y[row - 1]);
    made_close(&made);
    made = made_open(b, "classes=0&sorted=1");
    for (size_t row = 1; row < made.rows; row++)
        assert_true(made.y[row] >= made.y[row - 1]);
    made_close(&made);

    made = made_open(b, "rows=2000&classes=0&leak=1");
    double away[2000], mean, deviation;
    for (size_t row = 0; row < 2000; row++)
        away[row] = made.x[row * 8 + 7] - made.y[row];
    made_moments(away, 2000, 1, &mean, &deviation);
    assert_true(fabs(mean) < 5 * 0.05 / sqrt(2000) && fabs(deviation / 0.05 - 1) < 5 / sqrt(4000));
    made_close(&made);

    made = made_open(b, "rows=500&classes=2&leak=1&wrong=0.4"); /* it tells what the label is, wrong or not */
    for (size_t row = 0; row < 500; row++)
        assert_true((made.x[row * 8 + 7] > 0.5) == (made.y[row] > 0));
    made_close(&made);

    made = made_open(b, "rows=100&copies=0.25");
    size_t copies = 0;
    for (size_t row = 0; row < 100; row++)
        for (size_t before = 0; before < row; before++)
            if (made.x[row * 8] == made.x[before * 8] && made.x[row * 8 + 5] == made.x[before * 8 + 5]) {
                copies++;
                break;
            }
    assert_int_equal(copies, 25);
    made_close(&made);
}

static void made_refused(void **state)
{
    bench *b = *state;
    refused(b, "builtin:table?useful=9", NULL, SL_EINVAL, "8 inputs, and useful is 9", "no more");
    refused(b, "builtin:table?useful=8&leak=1", NULL, SL_EINVAL, "one leaks", "no more");
    refused(b, "builtin:table?classes=1", NULL, SL_EINVAL, "classes is 1", "2 to as many");
    refused(b, "builtin:table?rows=3&classes=4", NULL, SL_EINVAL, "classes is 4 with 3 rows", "as many");
    refused(b, "builtin:table?classes=0&wrong=0.1", NULL, SL_EINVAL, "classes=0", "leave them out");
    refused(b, "builtin:table?target_scale=3", NULL, SL_EINVAL, "is a class", "classes=0");
    refused(b, "builtin:table?rare=0.6", NULL, SL_EINVAL, "equal share of 2 classes", "less");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_classes),
        cmocka_unit_test(made_wrong_labels),
        cmocka_unit_test(made_scales),
        cmocka_unit_test(made_numbers),
        cmocka_unit_test(made_order_leak_copies),
        cmocka_unit_test(made_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
