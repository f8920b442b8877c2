/* The playground's landscape: the loss in the middle is the loss that is measured; of a net without hidden
 * layers and the squared error every place is what is computed by hand; components are at right angles, and
 * no direction holds more. */
#include "engine.h"

#include "lab.h"

#include <math.h>

static int land_setup(void **state)
{
    lab *l = calloc(1, sizeof *l);
    *state = l;
    return l && lab_start(l) ? 0 : -1;
}

static int land_teardown(void **state)
{
    lab_end(*state);
    free(*state);
    return 0;
}

#define LAND_SETTINGS(text) text, sizeof(text) - 1

static void land_fine(lab *l, sl_status status)
{
    if (status)
        fail_msg("%s", sl_text_string(&l->answer));
}

static void land_open_circle(lab *l)
{
    land_fine(l, lab_open(l, LAND_SETTINGS("data\0builtin:circle\0test\0"
                                           "0.5\0validation\0"
                                           "0\0net\0"
                                           "4 tanh, dropout 0.3, batch_norm, 2 tanh\0optimizer\0adam\0lr\0"
                                           "0.01\0batch\0"
                                           "10\0epochs\0"
                                           "100000\0")));
}

static void test_the_middle_is_what_is_measured(void **state)
{
    lab *l = *state;
    land_open_circle(l);
    land_fine(l, lab_steps(l, 130));
    sl_report *report = sl_evaluate(l->ctx, l->run->model, sl_run_part(l->run, "train"));
    const double loss = sl_report_last(report, "loss");
    sl_report_free(report);
    const uint64_t before = sl_model_digest(l->run->model);
    land_fine(l, lab_landscape(l, 1, 7, 21));
    land_fine(l, lab_landscape_some(l, 0, 21 * 21));
    assert_int_equal(l->count, 21 * 21);
    assert_float_equal(l->numbers[10 * 21 + 10], loss, 1e-6);
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < l->count; i++) {
        low = l->numbers[i] < low ? l->numbers[i] : low;
        high = l->numbers[i] > high ? l->numbers[i] : high;
    }
    assert_true(high > low * 1.05);
    /* Each row of a direction is as long as the weights it goes with; biases stay. */
    const sl_tensor *first = l->run->model->params[0];
    for (size_t row = 0; row < 4; row++) {
        double d = 0, w = 0;
        for (size_t i = 0; i < 2; i++) {
            d += l->land.d[1][2 * row + i] * l->land.d[1][2 * row + i];
            w += (double)first->v[2 * row + i] * (double)first->v[2 * row + i];
        }
        assert_float_equal(sqrt(d), sqrt(w), 1e-6);
    }
    for (size_t i = 8; i < 12; i++)
        assert_true(l->land.d[0][i] == 0);
    /* The training did not notice, and goes on past the plane. */
    assert_true(sl_model_digest(l->run->model) == before);
    land_fine(l, lab_steps(l, 20));
    land_fine(l, lab_landscape_path(l));
    assert_int_equal(l->count, 4 * 8); /* epochs 0 .. 6, and now */
    assert_float_equal(l->numbers[4 * 7], 6, 1e-6);
    assert_true(l->numbers[4 * 7 + 3] > 0);
}

static void test_a_quadratic_bowl_by_hand(void **state)
{
    lab *l = *state;
    enum { SIDE = 9 };
    land_fine(l, lab_open(l, LAND_SETTINGS("data\0builtin:plane?rows=200\0test\0"
                                           "0.5\0validation\0"
                                           "0\0net\0"
                                           "linear\0loss\0mean_squared\0optimizer\0sgd\0lr\0"
                                           "0.001\0batch\0"
                                           "10\0epochs\0"
                                           "1000\0target_scale\0none\0")));
    land_fine(l, lab_steps(l, 43));
    assert_int_equal(l->run->model->parameters, 3);
    for (int kind = 0; kind < 2; kind++) {
        land_fine(l, lab_landscape(l, kind, 3, SIDE));
        land_fine(l, lab_landscape_some(l, 0, SIDE * SIDE));
        const lab_land *land = &l->land;
        const sl_data *train = sl_run_part(l->run, "train");
        for (size_t place = 0; place < SIDE * SIDE; place++) {
            const double a =
                land->low[0] + (double)(place % SIDE) / (SIDE - 1) * (land->high[0] - land->low[0]);
            const double b =
                land->low[1] + (double)(place / SIDE) / (SIDE - 1) * (land->high[1] - land->low[1]);
            double w[3], sum = 0;
            for (int i = 0; i < 3; i++)
                w[i] = land->base[i] + a * land->d[0][i] + b * land->d[1][i];
            for (size_t row = 0; row < train->rows; row++) {
                sl_real x[2], y[1];
                sl_data_row(train, row, x, y);
                const double error = w[0] * (double)x[0] + w[1] * (double)x[1] + w[2] - (double)y[0];
                sum += error * error;
            }
            const double wanted = sum / (double)train->rows;
            assert_float_equal(l->numbers[place], (float)wanted, (float)(1e-5 * (1 + wanted)));
        }
    }
}

static void test_components(void **state)
{
    lab *l = *state;
    land_fine(l, lab_landscape(l, 0, 0, 5)); /* of the three weights before */
    const lab_land *land = &l->land;
    double dots[3] = { 0, 0, 0 };
    for (int i = 0; i < 3; i++) {
        dots[0] += land->d[0][i] * land->d[0][i];
        dots[1] += land->d[1][i] * land->d[1][i];
        dots[2] += land->d[0][i] * land->d[1][i];
    }
    assert_float_equal(dots[0], 1, 1e-9);
    assert_float_equal(dots[1], 1, 1e-9);
    assert_float_equal(dots[2], 0, 1e-9);
    assert_true(land->share[0] >= land->share[1] && land->share[1] >= 0 &&
                land->share[0] + land->share[1] < 1 + 1e-9);
    /* The points' variance along 2,000 other directions is never more than along the first. */
    const size_t n = land->points;
    float last[3];
    for (int i = 0, p = 0; p < l->run->model->param_count; p++)
        for (size_t k = 0; k < l->run->model->params[p]->count; k++)
            last[i++] = (float)l->run->model->params[p]->v[k];
    double all = 0;
    for (int direction = 0; direction < 2000; direction++) {
        const double z = -1 + (direction + 0.5) / 1000, r = sqrt(1 - z * z), turn = 2.399963 * direction;
        const double u[3] = { r * cos(turn), r * sin(turn), z };
        double sum = 0, squares = 0;
        for (size_t i = 0; i <= n; i++) {
            const float *point = i < n ? land->point + 3 * i : last;
            const double t = u[0] * (double)point[0] + u[1] * (double)point[1] + u[2] * (double)point[2];
            sum += t;
            squares += t * t;
        }
        const double variance = squares - sum * sum / (double)(n + 1);
        double first = 0;
        if (!direction)
            for (int i = 0; i < 3; i++) { /* the trace */
                double s = 0, q = 0;
                for (size_t k = 0; k <= n; k++) {
                    const double t = (double)(k < n ? land->point + 3 * k : last)[i];
                    s += t;
                    q += t * t;
                }
                all += q - s * s / (double)(n + 1);
            }
        first = all * land->share[0];
        assert_true(variance <= first * (1 + 1e-4));
    }
    /* The path ends where the plane was laid, and each place is Pythagoras'. */
    land_fine(l, lab_landscape_path(l));
    const float *end = l->numbers + l->count - 4;
    assert_float_equal(end[1], 0, 1e-6);
    assert_float_equal(end[3], 0, 1e-6);
    for (size_t i = 0; i < n; i++) {
        const float *at = l->numbers + 4 * i;
        double far = 0;
        for (int k = 0; k < 3; k++)
            far += ((double)land->point[3 * i + (size_t)k] - land->base[k]) *
                   ((double)land->point[3 * i + (size_t)k] - land->base[k]);
        assert_float_equal(far, (double)(at[1] * at[1] + at[2] * at[2] + at[3] * at[3]), 1e-5);
    }
}

static void test_a_long_path_is_thinned(void **state)
{
    lab *l = *state;
    land_open_circle(l);
    land_fine(l, lab_steps(l, 25 * 1700));
    assert_int_equal(l->land.stride, 16);
    assert_int_equal(l->land.points, 1700 / 16 + 1);
    land_fine(l, lab_landscape(l, 0, 0, 5));
    land_fine(l, lab_landscape_path(l));
    for (size_t i = 0; i + 1 < l->count / 4; i++)
        assert_float_equal(l->numbers[4 * i], (float)(16 * i), 1e-6);
    /* Changed on its way: the path goes on. */
    land_fine(l, lab_change(l, LAND_SETTINGS("lr\0"
                                             "0.02\0")));
    land_fine(l, lab_steps(l, 25 * 16));
    assert_int_equal(l->land.points, 1716 / 16 + 1);
}

static void test_refusals(void **state)
{
    lab *l = *state;
    lab_close(l);
    assert_int_equal(lab_landscape(l, 0, 0, 5), SL_EINVAL);
    assert_int_equal(lab_landscape_path(l), SL_EINVAL);
    land_open_circle(l);
    assert_int_equal(lab_landscape(l, 0, 0, 5), SL_EINVAL);
    assert_non_null(strstr(sl_text_string(&l->answer), "no two epochs"));
    assert_int_equal(lab_landscape(l, 1, 0, 2), SL_EINVAL);
    assert_int_equal(lab_landscape(l, 1, 0, 1000000), SL_EINVAL);
    assert_int_equal(lab_landscape_some(l, 0, 1), SL_EINVAL);
    land_fine(l, lab_landscape(l, 1, 0, 5));
    assert_int_equal(lab_landscape_some(l, 25, 1), SL_EINVAL);
    assert_int_equal(lab_landscape_some(l, -1, 1), SL_EINVAL);
    assert_int_equal(lab_landscape_some(l, 1, 2147483647), SL_EINVAL);
    land_fine(l, lab_landscape_some(l, 24, 1));
    assert_true(isfinite(l->numbers[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_middle_is_what_is_measured),
        cmocka_unit_test(test_a_quadratic_bowl_by_hand),
        cmocka_unit_test(test_components),
        cmocka_unit_test(test_a_long_path_is_thinned),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("lab_landscape", tests, land_setup, land_teardown);
}
