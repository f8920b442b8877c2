/* What a run records for its figures: losses of steps and weights, by plain loops over what its callbacks
 * saw, and the same after a stop. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "record.h"

static char *record_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

static void record_same_files(const record_place *place, const char *name)
{
    size_t size[2];
    char *one = record_bytes(record_file(place, 0, name), &size[0]),
         *two = record_bytes(record_file(place, 1, name), &size[1]);
    if (size[0] != size[1] || memcmp(one, two, size[0]) != 0)
        fail_msg("%s: %zu bytes, of which not all are those of the other run's %zu", name, size[1], size[0]);
    free(one);
    free(two);
}

/* --- the losses of steps ----------------------------------------------------------------------------- */

/* 10 steps an epoch; 5,003 steps: halved at 2,000 and at 4,000, so that 1,250 rows of 4 and a rest of 3 are
 * left. */
static void rows_of_steps_are_means_of_their_losses(void **state)
{
    record_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    sl_run_options options = record_options(place, 0, "builtin:moons?rows=90", "4 tanh");
    options.steps = 5003;
    options.optimizer.schedule = "cosine";
    record_train(ctx, record_begin(ctx, place, &options));
    sl_report *steps = sl_run_read_steps(ctx, place->folder[0]);
    assert_non_null(steps);
    assert_int_equal(sl_report_columns(steps), 5);
    assert_int_equal(sl_report_rows(steps), 1251);
    double lr = INFINITY;
    for (int r = 0; r < 1251; r++) {
        const size_t first = (size_t)r * 4, count = r == 1250 ? 3 : 4;
        double sum = 0, low = INFINITY, high = -INFINITY;
        for (size_t i = first; i < first + count; i++) {
            sum += place->loss[i];
            low = fmin(low, place->loss[i]);
            high = fmax(high, place->loss[i]);
        }
        assert_int_equal((size_t)sl_report_at(steps, r, "step"), first + count);
        assert_true(fabs(sl_report_at(steps, r, "loss") - sum / (double)count) < 1e-6 * high);
        assert_true((float)sl_report_at(steps, r, "lowest") == (float)low);
        assert_true((float)sl_report_at(steps, r, "highest") == (float)high);
        assert_true(sl_report_at(steps, r, "lr") <= lr); /* a cosine falls */
        lr = sl_report_at(steps, r, "lr");
    }
    sl_ctx_free(ctx);
}

static void a_short_training_has_each_step(void **state)
{
    record_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    sl_run_options options = record_options(place, 0, "builtin:moons?rows=90", "4 tanh");
    options.steps = 37;
    record_train(ctx, record_begin(ctx, place, &options));
    sl_report *steps = sl_run_read_steps(ctx, place->folder[0]);
    assert_int_equal(sl_report_rows(steps), 37);
    for (int r = 0; r < 37; r++) {
        assert_int_equal((int)sl_report_at(steps, r, "step"), r + 1);
        assert_true((float)sl_report_at(steps, r, "loss") == (float)place->loss[r]);
        assert_true((float)sl_report_at(steps, r, "lr") == 0.001F);
    }
    sl_ctx_free(ctx);
}

/* Stopped in the middle of an epoch and of a row, behind one halving and before another; on other threads. */
static void a_stopped_run_ends_with_the_same_tables(void **state)
{
    static const char *const tables[] = { "steps.csv", "weights.csv", "activations.csv", "confusion.csv",
                                          "path.bin" };
    record_place *place = *state;
    for (int which = 0; which < 2; which++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 1, .threads = which ? 3 : 1 });
        assert_non_null(ctx);
        sl_run_options options =
            record_options(place, which, "builtin:moons?rows=300&noise=0.2", "6 relu, dropout 0.2, 4 gelu");
        options.steps = 5003;
        place->stop = which ? 3337 : 0;
        sl_run *run = record_begin(ctx, place, &options);
        if (which) {
            assert_int_equal(sl_run_train(run), SL_ESTOPPED);
            sl_clear(ctx);
            sl_run_free(run);
            place->stop = 0;
            /* what a killed process may leave behind its checkpoint */
            for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
                FILE *file = fopen(record_file(place, 1, tables[i]), "ab");
                assert_non_null(file);
                fputs(i == 4 ? "\xff\xff\xff\xff\xff\xff\xff\x00 half a point" : "99999,1,2,3\n99", file);
                fclose(file);
            }
            run = sl_run_open(ctx, place->folder[1], NULL);
            assert_non_null(run);
        }
        record_train(ctx, run);
        sl_ctx_free(ctx);
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        record_same_files(place, tables[i]);
}

static void recording_changes_no_bit(void **state)
{
    record_place *place = *state;
    uint64_t digest[2];
    for (int which = 0; which < 2; which++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_run_options options =
            record_options(place, 0, "builtin:moons?rows=90", "6 relu, batch_norm, dropout 0.2, 4 mish");
        options.epochs = 9;
        options.keep_nothing = which;
        sl_run *run = sl_run_new(ctx, &options);
        record_train(ctx, run);
        digest[which] = sl_model_digest(sl_run_model(run));
        sl_ctx_free(ctx);
    }
    assert_true(digest[0] == digest[1]);
}

/* --- weights and their path -------------------------------------------------------------------------- */

static void the_path_has_the_weights_of_its_epochs(void **state)
{
    /* without being asked: all epochs to 20, every 2nd to 40, every 4th to 80, and the last */
    static const size_t epochs[] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16,
                                     17, 18, 19, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 44, 48, 50 };
    record_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    sl_run_options options = record_options(place, 0, "builtin:moons?rows=40", "5 relu, 3 tanh");
    options.epochs = 50;
    record_train(ctx, record_begin(ctx, place, &options));
    sl_path_record *path = sl_run_read_path(ctx, place->folder[0]);
    assert_non_null(path);
    assert_int_equal(path->points, sizeof epochs / sizeof *epochs);
    assert_int_equal(path->parameters, 2 * 5 + 5 + 5 * 3 + 3 + 3 + 1);
    for (int p = 0; p < path->points; p++) {
        assert_int_equal(path->epoch[p], epochs[p]);
        assert_int_equal(path->step[p], epochs[p] * 5);
        assert_memory_equal(path->values + (size_t)p * path->parameters, place->weights[epochs[p]],
                            path->parameters * sizeof(float));
    }
    sl_model *model = sl_model_parse(ctx, "5 relu, 3 tanh, 1"), *other = sl_model_parse(ctx, "4 relu, 1");
    assert_int_equal(sl_model_build(model, sl_dims(2)), SL_OK);
    assert_int_equal(sl_model_build(other, sl_dims(2)), SL_OK);
    assert_int_equal(sl_path_take(path, 7, model), SL_OK);
    record_keep_weights(place, model, 51);
    assert_memory_equal(place->weights[51], place->weights[7], path->parameters * sizeof(float));
    assert_int_equal(sl_path_take(path, 7, other), SL_EINVAL);
    sl_clear(ctx);
    assert_int_equal(sl_path_take(path, path->points, model), SL_EINVAL);
    sl_ctx_free(ctx);
}

static void a_larger_net_is_asked_for_its_path(void **state)
{
    record_place *place = *state;
    for (int which = 0; which < 2; which++) { /* 3 * 700 + 701 weights */
        sl_ctx *ctx = engine_ctx(1);
        sl_run_options options = record_options(place, which, "builtin:moons?rows=40", "700 relu");
        options.epochs = 23;
        options.record = which ? "path" : NULL;
        record_train(ctx, record_begin(ctx, place, &options));
        sl_path_record *path = sl_run_read_path(ctx, place->folder[which]);
        if (!which) {
            assert_null(path);
            assert_int_equal(sl_error(ctx), SL_EINVAL);
            assert_non_null(strstr(sl_message(ctx), "train with --record path"));
        } else {
            assert_int_equal(path->points, 24);
            assert_int_equal(path->epoch[21], 21);
            assert_memory_equal(path->values + 21 * path->parameters, place->weights[21],
                                path->parameters * sizeof(float));
        }
        sl_ctx_free(ctx);
    }
}

static void record_refused(record_place *place, sl_run_options options, const char *words)
{
    sl_ctx *ctx = engine_ctx(1);
    assert_null(sl_run_new(ctx, &options));
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    if (!strstr(sl_message(ctx), words))
        fail_msg("%s", sl_message(ctx));
    assert_int_not_equal(access(place->folder[0], F_OK), 0);
    sl_ctx_free(ctx);
}

static void what_cannot_be_recorded_is_refused(void **state)
{
    record_place *place = *state;
    sl_run_options options = record_options(place, 0, "builtin:moons?rows=40", "4 relu");
    options.record = "gradients";
    record_refused(place, options, "wants path");
    options.record = "path";
    options.keep_nothing = true;
    record_refused(place, options, "name one with -o");
    options.keep_nothing = false;
    options.epochs = 10000000; /* of 4 * 3 + 5 weights and two counts: 84 bytes */
    record_refused(place, options, "10,000,000 epochs of 17 weights are 801 MB");
}

static void histograms_count_the_weights(void **state)
{
    record_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    sl_run_options options = record_options(place, 0, "builtin:moons?rows=40", "30 relu");
    options.epochs = 3;
    record_train(ctx, record_begin(ctx, place, &options));
    sl_weights_record *record = sl_run_read_weights(ctx, place->folder[0]);
    assert_non_null(record);
    assert_int_equal(record->rows, 8); /* from epoch 0 on */
    assert_int_equal(record->layers.count, 2);
    assert_string_equal(record->layers.name[0], "dense_1");
    assert_string_equal(record->layers.name[1], "output");
    for (int r = 0; r < record->rows; r++) {
        const sl_weights_row *row = &record->row[r];
        assert_int_equal(row->epoch, r / 2);
        assert_int_equal(row->layer, r % 2);
        const float *w = place->weights[row->epoch] + (row->layer ? 90 : 0);
        const int n = row->layer ? 30 : 60;
        float low = w[0], high = w[0];
        for (int i = 0; i < n; i++) {
            low = w[i] < low ? w[i] : low;
            high = w[i] > high ? w[i] : high;
        }
        assert_true((float)row->low == low && (float)row->high == high);
        for (int b = 0; b < SL_WEIGHT_BINS; b++) {
            double least = 0, most = 0; /* without and with those that lie on an edge, by rounding */
            const double width = ((double)high - (double)low) / SL_WEIGHT_BINS, from = low + b * width,
                         to = b + 1 < SL_WEIGHT_BINS ? from + width : (double)high;
            for (int i = 0; i < n; i++) {
                least += (double)w[i] > from + 1e-9 && (double)w[i] < to - 1e-9;
                most += (double)w[i] > from - 1e-9 && (double)w[i] < to + 1e-9;
            }
            assert_true(row->count[b] >= least && row->count[b] <= most);
        }
    }
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORD_TEST(rows_of_steps_are_means_of_their_losses), RECORD_TEST(a_short_training_has_each_step),
        RECORD_TEST(a_stopped_run_ends_with_the_same_tables), RECORD_TEST(recording_changes_no_bit),
        RECORD_TEST(the_path_has_the_weights_of_its_epochs),  RECORD_TEST(a_larger_net_is_asked_for_its_path),
        RECORD_TEST(what_cannot_be_recorded_is_refused),      RECORD_TEST(histograms_count_the_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
