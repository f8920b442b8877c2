/* Baselines against numpy, scikit-learn and plain loops; the file and what a damaged one says. Runs in both
 * builds. */
#define _XOPEN_SOURCE 700 /* mkdtemp, mkstemp */
#include "baseline/baseline.h"
#include "engine.h"

#include <unistd.h>

/* tests/golden/baselines.py, numpy 1.24 and scikit-learn 1.2: standardised columns, the constant last */
static const double golden_least_squares[] = { 1.73995556815, -0.823537147926, 0.0371537475329,
                                               3.46588541667 };
static const double golden_two[] = { 2.38987904236, -2.04656537251, -0.0753640772194, -0.423768463159 };
static const double golden_three[] = {
    -2.01501591139,   1.63218456107,  -0.0122724814807, 0.0286966152941, -0.126224996731,  -0.155626047835,
    0.00420494404843, 0.760658068782, 2.14124090812,    -1.47655851323,  0.00806753743223, -0.789354684076,
};

enum { GOLDEN_ROWS = 120 };

/* classes 0: numbers. The same formulas as in baselines.py; all values are exact floats. */
static sl_data *golden_data(sl_ctx *ctx, int classes)
{
    sl_real x[GOLDEN_ROWS * 3], y[GOLDEN_ROWS];
    for (int i = 0; i < GOLDEN_ROWS; i++) {
        const double noise = ((i * 53 + i * i * 11) % 41 - 20) / 16.0;
        for (int j = 0; j < 3; j++)
            x[i * 3 + j] = (sl_real)((i * 37 + j * 101 + i * i * 7 * (j + 1)) % 97) / 8;
        const double score = (double)x[i * 3] - (double)x[i * 3 + 1] + 3 * noise;
        y[i] = classes == 0   ? (sl_real)(0.5 * (double)x[i * 3] - 0.25 * (double)x[i * 3 + 1] + 2 + noise)
               : classes == 2 ? (sl_real)(score > 0)
                              : (sl_real)((score > -2) + (score > 2));
    }
    sl_tensor *xt = sl_tensor_new(ctx, sl_dims(GOLDEN_ROWS, 3), x),
              *yt = sl_tensor_new(ctx, sl_dims(GOLDEN_ROWS), y);
    sl_data *data = sl_data_from(ctx, xt, yt);
    data->classes = classes;
    return data;
}

static const sl_fitted *fitted_of(const sl_baselines *b, const char *name, int *index)
{
    for (int i = 0; i < b->count; i++)
        if (!strcmp(b->fitted[i].kind->name, name)) {
            if (index)
                *index = i;
            return &b->fitted[i];
        }
    fail_msg("there is no baseline %s", name);
    return NULL;
}

static void least_squares_is_numpys(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_baselines *b = sl_baselines_make(ctx, golden_data(ctx, 0), NULL, 0, NULL);
    assert_fine(ctx);
    const sl_fitted *f = fitted_of(b, "linear", NULL);
    assert_string_equal(f->why, "");
    assert_string_equal(f->text, "linear regression, 3 columns");
    for (int j = 0; j < 4; j++)
        assert_near(f->array[0].v[j], golden_least_squares[j], 1e-6);
    sl_ctx_free(ctx);
}

static void logistic_regression_is_scikit_learns(void **unused)
{
    (void)unused;
    for (int classes = 2; classes <= 3; classes++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_baselines *b = sl_baselines_make(ctx, golden_data(ctx, classes), NULL, classes, NULL);
        assert_fine(ctx);
        const sl_fitted *f = fitted_of(b, "linear", NULL);
        assert_string_equal(f->why, "");
        assert_int_equal(f->array[0].rows, classes == 2 ? 1 : 3);
        for (size_t j = 0; j < 4 * f->array[0].rows; j++)
            assert_near(f->array[0].v[j], classes == 2 ? golden_two[j] : golden_three[j], 1e-5);
        sl_ctx_free(ctx);
    }
}

/* Columns that follow from each other, and one that is always the same. */
static void columns_that_repeat_are_borne(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_real x[200 * 4], y[200], found[200];
    uint64_t state = 5;
    for (int i = 0; i < 200; i++) {
        x[i * 4] = (sl_real)engine_uniform(&state, -1, 1);
        x[i * 4 + 1] = x[i * 4] * 2;
        x[i * 4 + 2] = (sl_real)0.1;
        x[i * 4 + 3] = (sl_real)engine_uniform(&state, 10, 1000);
        y[i] = 3 * x[i * 4] - x[i * 4 + 3] / 100 + 7;
    }
    sl_data *data =
        sl_data_from(ctx, sl_tensor_new(ctx, sl_dims(200, 4), x), sl_tensor_new(ctx, sl_dims(200), y));
    sl_baselines *b = sl_baselines_make(ctx, data, NULL, 0, NULL);
    assert_fine(ctx);
    assert_int_equal(b->design.columns, 3);
    assert_int_equal(b->design.input[2], 3);
    size_t rows[200];
    for (size_t i = 0; i < 200; i++)
        rows[i] = i;
    int index = 0;
    assert_string_equal(fitted_of(b, "linear", &index)->why, "");
    assert_int_equal(sl_baselines_predict(b, ctx, index, data, rows, 200, found), SL_OK);
    for (int i = 0; i < 200; i++)
        assert_near((double)found[i], (double)y[i], 1e-5);
    sl_ctx_free(ctx);
}

static sl_data *random_data(sl_ctx *ctx, size_t rows, size_t features, int classes, uint64_t state)
{
    sl_tensor *x = sl_tensor_new(ctx, sl_dims((int)rows, (int)features), NULL);
    sl_tensor *y = sl_tensor_new(ctx, sl_dims((int)rows), NULL);
    engine_fill(&state, sl_values(x), rows * features, -2, 5);
    for (size_t i = 0; i < rows; i++)
        sl_values(y)[i] = classes ? (sl_real)engine_below(&state, (size_t)classes)
                                  : (sl_real)engine_uniform(&state, -1, 1) + sl_values(x)[i * features];
    sl_data *data = sl_data_from(ctx, x, y);
    data->classes = classes;
    return data;
}

static void nearest_is_the_plain_loop(void **unused)
{
    (void)unused;
    for (int classes = 0; classes <= 4; classes += 4) {
        enum { ROWS = 333, ASKED = 41, WIDE = 5 };
        sl_ctx *ctx = engine_ctx(3);
        const sl_data *train = random_data(ctx, ROWS, WIDE, classes, 7),
                      *data = random_data(ctx, ASKED, WIDE, classes, 8);
        sl_baselines *b = sl_baselines_make(ctx, train, NULL, classes, NULL);
        sl_real found[ASKED * 4];
        size_t rows[ASKED];
        int index = 0;
        for (size_t i = 0; i < ASKED; i++)
            rows[i] = i;
        fitted_of(b, "nearest", &index);
        assert_int_equal(sl_baselines_predict(b, ctx, index, data, rows, ASKED, found), SL_OK);
        for (size_t i = 0; i < ASKED; i++) {
            double least = 1e300;
            size_t best = 0;
            for (size_t k = 0; k < ROWS; k++) {
                double far = 0;
                for (size_t j = 0; j < WIDE; j++) { /* means fall out of the difference */
                    const double off = ((double)data->store->reals[i * WIDE + j] -
                                        (double)train->store->reals[k * WIDE + j]) /
                                       b->design.deviation[j];
                    far += off * off;
                }
                if (far < least) {
                    least = far;
                    best = k;
                }
            }
            const sl_real y = train->store->targets[best];
            if (classes)
                for (int c = 0; c < classes; c++)
                    assert_true(found[i * 4 + (size_t)c] == (c == (int)y));
            else
                assert_true(found[i] == y);
        }
        sl_ctx_free(ctx);
    }
}

/* Everything that was fitted has the same bits for any number of threads and instruction set. */
static void threads_change_nothing(void **unused)
{
    (void)unused;
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    for (int classes = 0; classes <= 3; classes += 3) {
        double *first[SL_BASELINES_MOST] = { NULL };
        for (int k = 0; k < 6; k++) {
            sl_ctx *ctx = engine_crew(isas[k % 3], k < 3 ? 1 : 4);
            if (sl_error(ctx)) {
                sl_ctx_free(ctx);
                continue;
            }
            sl_baselines *b =
                sl_baselines_make(ctx, random_data(ctx, 700, 37, classes, 11), NULL, classes, NULL);
            assert_fine(ctx);
            for (int i = 0; i < b->count; i++) {
                const sl_fitted_array *a = &b->fitted[i].array[0];
                const size_t size = a->rows * a->columns * sizeof *a->v;
                if (!first[i])
                    memcpy(first[i] = malloc(size), a->v, size);
                assert_memory_equal(first[i], a->v, size);
            }
            sl_ctx_free(ctx);
        }
        for (int i = 0; i < SL_BASELINES_MOST; i++)
            free(first[i]);
    }
}

static void a_sample_is_drawn_evenly(void **unused)
{
    (void)unused;
    int taken[20] = { 0 };
    for (uint64_t seed = 1; seed <= 4000; seed++) {
        size_t rows[5];
        sl_baseline_sample(seed, SL_SAMPLE_LINEAR, 20, 5, rows);
        for (int i = 0; i < 5; i++) {
            taken[rows[i]]++;
            assert_true(rows[i] < 20 && (i == 0 || rows[i] > rows[i - 1]));
        }
    }
    for (int i = 0; i < 20; i++)
        assert_in_range(taken[i], 1000 - 110,
                        1000 + 110); /* 4 deviations: sqrt(4000 / 4 * 3 / 4) = 27 each */
}

static void what_cannot_be_computed_says_why(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_baselines *b = sl_baselines_make(ctx, random_data(ctx, 30, 40, 0, 1), NULL, 0, NULL);
    assert_string_equal(fitted_of(b, "linear", NULL)->why, "30 rows are too few for 40 columns");
    b = sl_baselines_make(ctx, random_data(ctx, 4, 2001, 3, 1), NULL, 3, NULL);
    assert_string_equal(fitted_of(b, "linear", NULL)->why, "2001 columns are more than 2000");
    assert_string_equal(fitted_of(b, "nearest", NULL)->why, "2001 columns are more than 2000");
    assert_string_equal(fitted_of(b, "always", NULL)->why, "");
    b = sl_baselines_make(ctx, NULL, NULL, 2, "nothing is at hand");
    assert_string_equal(fitted_of(b, "always", NULL)->why, "nothing is at hand");
    b = sl_baselines_make(ctx, random_data(ctx, 30, 2, 0, 1), NULL, 2, NULL);
    assert_string_equal(fitted_of(b, "always", NULL)->why, "the targets are no class numbers");
    sl_data *digits = sl_data_open(ctx, "builtin:digits?rows=100", "train");
    b = sl_baselines_make(ctx, digits, NULL, 10, NULL);
    assert_string_equal(fitted_of(b, "linear", NULL)->why, "not for images");
    assert_string_equal(fitted_of(b, "always", NULL)->why, "");
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static void a_file_keeps_all_of_it(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/slope-baseline-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/baselines.safetensors", folder);
    for (int classes = 0; classes <= 3; classes += 3) {
        sl_ctx *ctx = engine_ctx(9);
        const sl_data *data = random_data(ctx, 300, 4, classes, 3);
        sl_baselines *b = sl_baselines_make(ctx, data, NULL, classes, NULL);
        assert_int_equal(sl_baselines_save(b, path), SL_OK);
        sl_baselines *again = sl_baselines_load(ctx, folder);
        assert_fine(ctx);
        assert_true(again->rows == 300 && again->seed == 9 && again->features == 4 &&
                    again->count == b->count);
        for (int i = 0; i < b->count; i++) {
            sl_real one[300 * 3], other[300 * 3];
            size_t rows[300];
            for (size_t k = 0; k < 300; k++)
                rows[k] = k;
            assert_string_equal(b->fitted[i].text, again->fitted[i].text);
            for (int a = 0; a < SL_FITTED_ARRAYS; a++) {
                const sl_fitted_array *was = &b->fitted[i].array[a], *is = &again->fitted[i].array[a];
                assert_true(was->rows == is->rows && was->columns == is->columns &&
                            was->single == is->single);
                if (was->v)
                    assert_memory_equal(was->v, is->v, was->rows * was->columns * sizeof *was->v);
            }
            sl_baselines_predict(b, ctx, i, data, rows, 300, one);
            sl_baselines_predict(again, ctx, i, data, rows, 300, other);
            assert_fine(ctx);
            assert_bits(one, other, 300 * b->fitted[i].width);
        }
        sl_ctx_free(ctx);
    }
    /* every damaged byte is refused with a sentence, or harmless */
    FILE *file = fopen(path, "rb");
    static unsigned char bytes[1 << 16];
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t at = 0; at < size; at += at < 2600 ? 1 : 97) {
        sl_ctx *ctx = engine_ctx(1);
        const unsigned char kept = bytes[at];
        bytes[at] ^= 0x11;
        file = fopen(path, "wb");
        assert_int_equal(fwrite(bytes, 1, size, file), size);
        fclose(file);
        sl_baselines *b = sl_baselines_load(ctx, folder);
        assert_true(b || sl_error(ctx) == SL_EFORMAT);
        bytes[at] = kept;
        sl_ctx_free(ctx);
    }
    unlink(path);
    sl_ctx *ctx = engine_ctx(1);
    assert_null(sl_baselines_load(ctx, folder));
    assert_fine(ctx); /* none is no failure */
    sl_ctx_free(ctx);
    rmdir(folder);
}

/* Sound as a file, but the numbers do not fit together. */
static void shapes_that_do_not_fit_are_refused(void **unused)
{
    (void)unused;
    static const char *const changes[][2] = { { "[3,5]", "[5,3]" }, { "[1,3]", "[3,1]" } };
    char path[] = "/tmp/slope-baselines-XXXXXX";
    close(mkstemp(path));
    for (int k = 0; k < 2; k++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_baselines *b = sl_baselines_make(ctx, random_data(ctx, 50, 4, 3, 3), NULL, 3, NULL);
        assert_int_equal(sl_baselines_save(b, path), SL_OK);
        static char bytes[1 << 16];
        FILE *file = fopen(path, "r+b");
        const size_t size = fread(bytes, 1, sizeof bytes, file);
        size_t at = 8;
        while (at + 5 < size && memcmp(bytes + at, changes[k][0], 5) != 0)
            at++;
        assert_true(at + 5 < size);
        fseek(file, (long)at, SEEK_SET);
        fwrite(changes[k][1], 1, 5, file);
        fclose(file);
        assert_null(sl_baselines_read(ctx, path));
        assert_says(ctx, SL_EFORMAT, "do not fit together: damaged");
        sl_ctx_free(ctx);
    }
    unlink(path);
}

/* Each allocation of fitting, measuring, writing and reading fails once. */
static void memory_may_run_out(void **unused)
{
    (void)unused;
    char path[] = "/tmp/slope-baselines-XXXXXX";
    close(mkstemp(path));
    for (size_t n = 1, done = 0; !done; n++) {
        test_memory memory = { .fail_at = n };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        if (ctx) {
            sl_data *data = sl_data_open(ctx, "builtin:moons?rows=60", NULL);
            sl_model *model = data ? sl_sequential(ctx, sl_input(.units = 2), sl_dense(.units = 1)) : NULL;
            if (model && !sl_compile(model, .loss = "binary_cross_entropy")) {
                sl_baselines *b = sl_baselines_fit(ctx, model, data);
                if (b && !sl_baselines_measure(b, model, data) && !sl_baselines_save(b, path)) {
                    sl_baselines *again = sl_baselines_read(ctx, path);
                    done = again ? n : 0;
                    sl_baselines_free(again);
                }
                sl_baselines_free(b);
            }
            assert_true(done || sl_error(ctx) == SL_ENOMEM);
        }
        sl_ctx_free(ctx);
        assert_true(memory.bytes == 0 && !memory.wrong_size);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(least_squares_is_numpys),
        cmocka_unit_test(logistic_regression_is_scikit_learns),
        cmocka_unit_test(columns_that_repeat_are_borne),
        cmocka_unit_test(nearest_is_the_plain_loop),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(a_sample_is_drawn_evenly),
        cmocka_unit_test(what_cannot_be_computed_says_why),
        cmocka_unit_test(a_file_keeps_all_of_it),
        cmocka_unit_test(shapes_that_do_not_fit_are_refused),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
