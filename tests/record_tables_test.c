/* What a run records for its figures: activations by a plain loop, confusions; and tables that are damaged.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "record.h"

/* --- activations --------------------------------------------------------------------------------------- */

typedef struct {
    double mean, deviation, saturated, dead;
} record_figures;

static record_figures record_look(const double *y, const double *slope, size_t rows, size_t units)
{
    record_figures f = { 0 };
    const double n = (double)(rows * units);
    for (size_t i = 0; i < rows * units; i++) {
        f.mean += y[i] / n;
        f.saturated += fabs(slope[i]) < 0.01 ? 1 / n : 0;
    }
    for (size_t i = 0; i < rows * units; i++)
        f.deviation += (y[i] - f.mean) * (y[i] - f.mean) / n;
    f.deviation = sqrt(f.deviation);
    for (size_t u = 0; u < units; u++) {
        bool dead = true;
        for (size_t r = 0; r < rows; r++)
            dead = dead && (y[r * units + u] == 0 || slope[r * units + u] == 0);
        f.dead += dead ? 1 / (double)units : 0;
    }
    return f;
}

static void record_close(const sl_activations_row *row, record_figures f)
{
    const double is[] = { row->mean, row->deviation, row->saturated, row->dead },
                 want[] = { f.mean, f.deviation, f.saturated, f.dead };
    for (int i = 0; i < 4; i++)
        if (!(fabs(is[i] - want[i]) < 1e-5))
            fail_msg("figure %d of epoch %zu, layer %d is %.9g, not %.9g", i, row->epoch, row->layer, is[i],
                     want[i]);
}

/* All 30 rows are training rows, and looked at. One of five relu units has a bias of -100, one of three
 * sigmoid units a bias of 40: no row wakes the one, each saturates the other. */
static void S38_S39_dead_and_saturated_units_by_a_plain_loop(void **state)
{
    enum { ROWS = 30, A = 5, B = 3 };
    record_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    sl_run_options options = record_options(place, 0, "builtin:moons?rows=30", "5 relu, 3 sigmoid");
    options.epochs = 4;
    sl_run *run = sl_run_new(ctx, &options);
    assert_non_null(run);
    sl_model *model = sl_run_model(run);
    model->params[1]->v[2] = -100;
    model->params[3]->v[1] = 40;
    record_keep_weights(place, model, 0);
    const sl_data *data = sl_data_open(ctx, "builtin:moons?rows=30", NULL);
    sl_real x[ROWS][2], target;
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(sl_data_gather(NULL, data, &i, 1, NULL, x[i], &target), SL_OK);
    record_train(ctx, run);
    sl_activations_record *record = sl_run_read_activations(ctx, place->folder[0]);
    assert_non_null(record);
    assert_int_equal(record->rows, 10); /* 0 to 4 */
    assert_int_equal(record->layers.count, 2);
    for (int r = 0; r < record->rows; r += 2) {
        const float *w = place->weights[record->row[r].epoch];
        double a[ROWS * A], a_slope[ROWS * A], b[ROWS * B], b_slope[ROWS * B];
        assert_int_equal(record->row[r].epoch, r / 2);
        for (size_t i = 0; i < ROWS; i++) {
            for (size_t u = 0; u < A; u++) {
                const double z = (double)w[2 * u] * (double)x[i][0] + (double)w[2 * u + 1] * (double)x[i][1] +
                                 (double)w[2 * A + u];
                a[i * A + u] = z > 0 ? z : 0;
                a_slope[i * A + u] = z > 0;
            }
            for (size_t u = 0; u < B; u++) {
                double z = (double)w[3 * A + A * B + u];
                for (size_t k = 0; k < A; k++)
                    z += (double)w[3 * A + u * A + k] * a[i * A + k];
                b[i * B + u] = 1 / (1 + exp(-z));
                b_slope[i * B + u] = b[i * B + u] * (1 - b[i * B + u]);
            }
        }
        const record_figures first = record_look(a, a_slope, ROWS, A);
        assert_true(first.dead >= 0.2);
        record_close(&record->row[r], first);
        record_figures second = record_look(b, b_slope, ROWS, B);
        assert_true(second.saturated >= 1.0 / 3 - 1e-9);
        if (!ENGINE_DOUBLE)
            second.dead = 1.0 / 3; /* a float sigmoid of 40 is 1, its slope y (1 - y) is 0 */
        record_close(&record->row[r + 1], second);
    }
    sl_ctx_free(ctx);
}

/* --- the confusion matrix ------------------------------------------------------------------------------ */

static void confusions_agree_with_the_metrics(void **state)
{
    record_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    sl_run_options options = record_options(place, 0, "builtin:moons?rows=300", "6 relu");
    options.epochs = 5;
    record_train(ctx, record_begin(ctx, place, &options));
    sl_report *history = sl_run_read_history(ctx, place->folder[0]);
    for (size_t epoch = 0; epoch <= 5; epoch++) {
        sl_confusion_record *record = sl_run_read_confusion(ctx, place->folder[0], epoch);
        assert_non_null(record);
        const int row = epoch ? (int)epoch - 1 : sl_report_best(history);
        assert_int_equal(record->epoch, row + 1);
        assert_true(record->validation);
        assert_int_equal(record->classes, 2);
        assert_string_equal(record->name[1], "1");
        const size_t *c = record->cells, all = c[0] + c[1] + c[2] + c[3];
        assert_int_equal(all, 30);
        assert_true(fabs((double)(c[0] + c[3]) / (double)all -
                         sl_report_at(history, row, "validation_accuracy")) < 1e-12);
    }
    assert_null(sl_run_read_confusion(ctx, place->folder[0], 6));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    sl_clear(ctx);
    options = record_options(place, 1, "builtin:line?rows=60", "3 relu");
    options.epochs = 2;
    record_train(ctx, record_begin(ctx, place, &options));
    assert_null(sl_run_read_confusion(ctx, place->folder[1], 0));
    assert_non_null(strstr(sl_message(ctx), "no confusion matrix"));
    sl_ctx_free(ctx);
}

/* --- damage -------------------------------------------------------------------------------------------- */

static void record_write(const record_place *place, const char *name, const char *text)
{
    FILE *file = fopen(record_file(place, 0, name), "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void damaged_tables_are_refused(void **state)
{
    record_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    sl_run_options options = record_options(place, 0, "builtin:moons?rows=40", "4 relu");
    options.epochs = 2;
    record_train(ctx, record_begin(ctx, place, &options));
    record_write(place, "activations.csv", "epoch,layer,mean,std,saturated,dead\n1,a,2,3,4,5\n1,b,2,3,x,5\n");
    assert_null(sl_run_read_activations(ctx, place->folder[0]));
    assert_non_null(strstr(sl_message(ctx), "line 3: found 'x' in column saturated"));
    sl_clear(ctx);
    /* quotation marks, an empty field, and a line that is still being written */
    record_write(place, "activations.csv",
                 "epoch,layer,mean,std,saturated,dead\n1,\"a, \"\"b\"\"\nc\",2,3,,5\n2,a,2,3");
    sl_activations_record *record = sl_run_read_activations(ctx, place->folder[0]);
    assert_non_null(record);
    assert_int_equal(record->rows, 1);
    assert_string_equal(record->layers.name[0], "a, \"b\"\nc");
    assert_true(record->row[0].saturated != record->row[0].saturated);
    record_write(place, "steps.csv", "step,loss\n1,2\n2\n");
    assert_null(sl_run_read_steps(ctx, place->folder[0]));
    assert_non_null(strstr(sl_message(ctx), "line 3: 1 fields: the header has 2"));
    sl_clear(ctx);
    record_write(place, "weights.csv", "epoch,layer,low,high,bin_1\n");
    assert_null(sl_run_read_weights(ctx, place->folder[0]));
    assert_int_equal(sl_error(ctx), SL_EFORMAT);
    sl_clear(ctx);
    record_write(place, "path.bin", "slope path 2\n");
    assert_null(sl_run_read_path(ctx, place->folder[0]));
    assert_int_equal(sl_error(ctx), SL_EFORMAT);
    sl_clear(ctx);
    unlink(record_file(place, 0, "steps.csv"));
    assert_null(sl_run_read_steps(ctx, place->folder[0]));
    assert_non_null(strstr(sl_message(ctx), "steps.csv is not there"));
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORD_TEST(S38_S39_dead_and_saturated_units_by_a_plain_loop),
        RECORD_TEST(confusions_agree_with_the_metrics),
        RECORD_TEST(damaged_tables_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
