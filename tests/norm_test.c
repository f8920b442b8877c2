/* batch_norm, layer_norm and noise: PyTorch's numbers, plain loops bit for bit on every instruction set,
 * running statistics, what is refused (S26). Gradients: every_op_test walks them too. Runs in both builds. */
#include "core/random.h"
#include "engine.h"
#include "golden.h"

enum { NORM_MOST = 40 * 140 };

static sl_tensor *norm_golden(sl_ctx *ctx, const golden *file, const char *group, const char *what,
                              bool learns)
{
    const golden_item *item = golden_get(file, group, what);
    sl_shape shape = { (int)item->rank, { 0 } };
    for (size_t i = 0; i < item->rank; i++)
        shape.dim[i] = (int)item->dims[i];
    sl_tensor *t = learns ? sl_param(ctx, shape, "zeros") : sl_tensor_new(ctx, shape, NULL);
    for (size_t i = 0; i < item->count; i++)
        sl_values(t)[i] = (sl_real)item->values[i];
    return t;
}

static void norm_equals(const golden *file, const char *group, const char *what, const sl_real *found)
{
    const golden_item *item = golden_get(file, group, what);
    assert_non_null(found);
    for (size_t i = 0; i < item->count; i++)
        assert_near(found[i], item->values[i], engine_tolerance(1e-5, 1e-13));
}

static void norm_case(const golden *file, const char *group, sl_tensor **running, double momentum, bool batch)
{
    sl_ctx *ctx = engine_ctx(1);
    char name[64];
    snprintf(name, sizeof name, "%s/scale", group);
    const bool bare = !golden_find(file, name);
    sl_tensor *x = norm_golden(ctx, file, group, "x", true),
              *r = norm_golden(ctx, file, group, "upstream", false);
    sl_tensor *scale = bare ? NULL : norm_golden(ctx, file, group, "scale", true);
    sl_tensor *shift = bare ? NULL : norm_golden(ctx, file, group, "shift", true);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    const sl_real epsilon = (sl_real)1e-5;
    sl_tensor *y =
        batch ? sl_batch_norm_of(tape, x, scale, shift, running[0], running[1], (sl_real)momentum, epsilon)
              : sl_layer_norm_of(tape, x, scale, shift, epsilon);
    assert_int_equal(sl_backward(tape, sl_sum(tape, sl_mul(tape, y, r))), SL_OK);
    assert_fine(ctx);
    norm_equals(file, group, "y", sl_values(y));
    norm_equals(file, group, "grad_x", sl_gradient(x));
    if (!bare) {
        norm_equals(file, group, "grad_scale", sl_gradient(scale));
        norm_equals(file, group, "grad_shift", sl_gradient(shift));
    }
    sl_ctx_free(ctx);
}

static void S26_the_norms_agree_with_pytorch(void **unused)
{
    (void)unused;
    golden *file = golden_load(SLOPE_SOURCE_ROOT "/tests/golden/norms.golden");
    sl_ctx *ctx = engine_ctx(1);
    sl_tensor *running[] = { norm_golden(ctx, file, "batch", "running_mean", false),
                             norm_golden(ctx, file, "batch", "running_variance", false) };
    norm_case(file, "batch_0", running, 0.1, true);
    norm_equals(file, "batch_0", "running_mean", sl_values(running[0]));
    norm_equals(file, "batch_0", "running_variance", sl_values(running[1]));
    norm_case(file, "batch_1", running, 0.1, true);
    for (int i = 0; i < 2; i++) { /* momentum 0 leaves them as they are */
        norm_equals(file, "batch_1", "running_mean", sl_values(running[0]));
        norm_equals(file, "batch_1", "running_variance", sl_values(running[1]));
        norm_case(file, "batch_frozen", running, 0, true);
    }
    norm_case(file, "layer", NULL, 0, false);
    norm_case(file, "layer_wide", NULL, 0, false);
    norm_case(file, "layer_bare", NULL, 0, false);
    sl_ctx_free(ctx);
    golden_free(file);
}

static void S26_inference_of_a_row_does_not_depend_on_the_rest(void **unused)
{
    (void)unused;
    enum { ROWS = 9, WIDTH = 21 };
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 3;
    sl_real v[ROWS * WIDTH];
    sl_tensor *column[4];
    for (int i = 0; i < 4; i++) {
        engine_fill(&state, v, WIDTH, 0.5, 2);
        column[i] = sl_tensor_new(ctx, sl_dims(WIDTH), v);
    }
    engine_fill(&state, v, ROWS * WIDTH, -3, 3);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(ROWS, WIDTH), v);
    for (int layer = 0; layer < 2; layer++) {
        sl_real all[ROWS * WIDTH];
        for (int row = -1; row < ROWS; row++) {
            sl_tensor *in = row < 0 ? x : sl_tensor_new(ctx, sl_dims(1, WIDTH), v + row * WIDTH);
            sl_tensor *y = layer ? sl_layer_norm_of(tape, in, column[0], column[1], (sl_real)1e-5)
                                 : sl_batch_norm_of(tape, in, column[0], column[1], column[2], column[3],
                                                    (sl_real)0.1, (sl_real)1e-5);
            assert_fine(ctx);
            if (row < 0)
                memcpy(all, sl_values(y), sizeof all);
            else
                assert_bits(sl_values(y), all + row * WIDTH, WIDTH);
        }
    }
    sl_ctx_free(ctx);
}

static sl_real norm_root(sl_real x)
{
    return (sl_real)sqrt((double)x); /* of a float correctly rounded twice: the same as once */
}

typedef struct {
    size_t rows, width;
    sl_real x[NORM_MOST], scale[140], shift[140], r[NORM_MOST], mean[140], variance[140];
    sl_real y[NORM_MOST], dx[NORM_MOST], dscale[140], dshift[140];
} norm_numbers;

/* The specification: one chain in row order for each column. */
static void norm_plain(norm_numbers *p, sl_real momentum, sl_real epsilon)
{
    const sl_real rows = (sl_real)p->rows;
    for (size_t j = 0; j < p->width; j++) {
        sl_real mean = 0, variance = 0, level = 0, tilt = 0;
        for (size_t i = 0; i < p->rows; i++)
            mean += p->x[i * p->width + j];
        mean /= rows;
        for (size_t i = 0; i < p->rows; i++) {
            const sl_real centred = p->x[i * p->width + j] - mean;
            variance += centred * centred;
        }
        variance /= rows;
        p->mean[j] = (1 - momentum) * p->mean[j] + momentum * mean;
        p->variance[j] = (1 - momentum) * p->variance[j] + momentum * (variance * (rows / (rows - 1)));
        const sl_real inverse = 1 / norm_root(variance + epsilon), factor = inverse * p->scale[j];
        for (size_t i = 0; i < p->rows; i++) {
            const size_t at = i * p->width + j;
            p->y[at] = (p->x[at] - mean) * factor + p->shift[j];
            level += p->r[at];
            tilt += p->r[at] * ((p->x[at] - mean) * inverse);
        }
        p->dscale[j] = tilt;
        p->dshift[j] = level;
        level *= 1 / rows;
        tilt = tilt * (1 / rows) * inverse;
        for (size_t i = 0; i < p->rows; i++) {
            const size_t at = i * p->width + j;
            p->dx[at] = 0 + factor * ((p->r[at] - level) - (p->x[at] - mean) * tilt);
        }
    }
}

/* Width 1 needs no vectors, 140 has all kinds of blocks; NaN and infinity stay in their columns. */
static void batch_norm_is_the_plain_loop_bit_for_bit(void **unused)
{
    (void)unused;
    static const size_t shapes[][2] = { { 2, 1 }, { 3, 15 }, { 40, 16 }, { 5, 17 }, { 33, 64 }, { 40, 140 } };
    static norm_numbers p;
    static sl_real mean[140], variance[140];
    sl_isa isas[SL_ISA_COUNT];
    const int count = engine_isas(isas);
    const sl_real momentum = (sl_real)0.1, epsilon = (sl_real)1e-5;
    for (size_t s = 0; s < 2 * sizeof shapes / sizeof *shapes; s++) {
        uint64_t state = 7 + s;
        p.rows = shapes[s / 2][0];
        p.width = shapes[s / 2][1];
        const size_t n = p.rows * p.width;
        engine_fill_wild(&state, p.x, n, s % 2);
        engine_fill(&state, p.r, n, -1, 1);
        engine_fill(&state, p.scale, p.width, -2, 2);
        engine_fill(&state, p.shift, p.width, -2, 2);
        engine_fill(&state, mean, p.width, -2, 2);
        engine_fill(&state, variance, p.width, 0, 2);
        memcpy(p.mean, mean, sizeof mean);
        memcpy(p.variance, variance, sizeof variance);
        norm_plain(&p, momentum, epsilon);
        for (int i = 0; i < count; i++) {
            sl_ctx *ctx = engine_ctx(1);
            ctx->isa = isas[i];
            const sl_shape column = sl_dims((int)p.width), all = sl_dims((int)p.rows, (int)p.width);
            sl_tensor *x = engine_param(ctx, all, p.x), *scale = engine_param(ctx, column, p.scale);
            sl_tensor *shift = engine_param(ctx, column, p.shift), *m = sl_tensor_new(ctx, column, mean);
            sl_tensor *v = sl_tensor_new(ctx, column, variance), *r = sl_tensor_new(ctx, all, p.r);
            sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
            sl_tensor *y = sl_batch_norm_of(tape, x, scale, shift, m, v, momentum, epsilon);
            sl_backward(tape, sl_sum(tape, sl_mul(tape, y, r)));
            assert_fine(ctx);
            assert_bits(sl_values(y), p.y, n);
            assert_bits(sl_gradient(x), p.dx, n);
            assert_bits(sl_gradient(scale), p.dscale, p.width);
            assert_bits(sl_gradient(shift), p.dshift, p.width);
            assert_bits(sl_values(m), p.mean, p.width);
            assert_bits(sl_values(v), p.variance, p.width);
            sl_ctx_free(ctx);
        }
    }
}

static sl_tensor *norm_frozen_loss(sl_tape *tape, void *user)
{
    sl_tensor **p = user;
    return sl_sum(tape,
                  sl_mul(tape, sl_batch_norm_of(tape, p[0], p[1], p[2], p[3], p[4], 0, (sl_real)1e-3), p[5]));
}

static void S26_frozen_statistics_have_their_own_gradient(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(2);
    uint64_t state = 11;
    sl_tensor *p[6];
    for (int i = 0; i < 6; i++) {
        p[i] = sl_param(ctx, i == 0 || i == 5 ? sl_dims(1, 6) : sl_dims(6), "zeros"); /* one row is enough */
        engine_fill(&state, sl_values(p[i]), 6, 0.2, 2);
    }
    sl_gradcheck_result result;
    assert_int_equal(sl_gradcheck(ctx, norm_frozen_loss, p, p, 3, &result), SL_OK);
    assert_int_equal(result.checked, 18);
    assert_true(result.worst < engine_tolerance(2e-2, 1e-7));
    sl_ctx_free(ctx);
}

static void a_batch_that_cannot_be_normed_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_tape *train = sl_tape_new(ctx, SL_TRAIN), *infer = sl_tape_new(ctx, SL_INFER);
    sl_tensor *x = sl_param(ctx, sl_dims(3, 4), "normal"), *one = sl_param(ctx, sl_dims(1, 4), "normal");
    sl_tensor *c = sl_param(ctx, sl_dims(4), "zeros"), *wrong = sl_param(ctx, sl_dims(3), "zeros");
    sl_tensor *none = sl_param(ctx, sl_dims(3, 0), "zeros"), *thin = sl_param(ctx, sl_dims(3, 1), "zeros");
    const sl_real e = (sl_real)1e-5;
    assert_null(sl_batch_norm_of(train, one, NULL, NULL, c, c, 1, e));
    assert_says(ctx, SL_ESHAPE, "batch_norm: training on a batch of [1, 4]: one row is its own mean");
    assert_null(sl_batch_norm_of(train, none, NULL, NULL, NULL, NULL, 1, e));
    assert_says(ctx, SL_ESHAPE, "[3, 0]: wants a last dimension of at least 1");
    assert_null(sl_batch_norm_of(train, x, wrong, NULL, c, c, 1, e));
    assert_says(ctx, SL_ESHAPE, "the scale has shape [3]: wants [4]");
    assert_null(sl_batch_norm_of(train, x, NULL, wrong, c, c, 1, e));
    assert_says(ctx, SL_ESHAPE, "the shift has shape [3]: wants [4]");
    assert_null(sl_batch_norm_of(train, x, NULL, NULL, c, wrong, 1, e));
    assert_says(ctx, SL_ESHAPE, "the running variance has shape [3]: wants [4]");
    assert_null(sl_batch_norm_of(train, x, NULL, NULL, c, NULL, 1, e));
    assert_says(ctx, SL_EINVAL, "wants a running mean and a running variance, or neither");
    assert_null(sl_batch_norm_of(infer, x, NULL, NULL, NULL, NULL, 1, e));
    assert_says(ctx, SL_EINVAL, "wants a running mean and a running variance on an SL_INFER tape");
    assert_null(sl_batch_norm_of(train, x, NULL, NULL, c, c, (sl_real)1.5, e));
    assert_says(ctx, SL_EINVAL, "the momentum is 1.5: wants 0 to 1");
    assert_null(sl_batch_norm_of(train, x, NULL, NULL, c, c, 1, 0));
    assert_says(ctx, SL_EINVAL, "epsilon is 0: wants a number above 0");
    assert_null(sl_layer_norm_of(train, x, wrong, NULL, e));
    assert_says(ctx, SL_ESHAPE, "layer_norm: the scale has shape [3]: wants [4]");
    assert_null(sl_layer_norm_of(train, thin, NULL, NULL, e));
    assert_says(ctx, SL_ESHAPE, "layer_norm: rows of one number");
    assert_null(sl_layer_norm_of(train, x, NULL, NULL, (sl_real)NAN));
    assert_says(ctx, SL_EINVAL, "epsilon is nan");
    assert_null(sl_noise_of(train, x, -1));
    assert_says(ctx, SL_EINVAL, "noise: the deviation of the noise is -1: wants a number from 0");
    assert_null(sl_batch_norm_of(train, NULL, NULL, NULL, NULL, NULL, 1, e));
    assert_says(ctx, SL_EINVAL, "batch_norm: input 1 is NULL: wants a tensor");
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

/* The noise itself, of rows x units zeros with deviation 1, in the layer'th noise of the graph at this step.
 */
static void norm_noise(uint64_t seed, int step, int layer, int rows, int units, sl_isa isa, sl_real *to)
{
    sl_ctx *ctx = engine_ctx(seed);
    ctx->isa = isa;
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(rows, units), NULL), *w = sl_param(ctx, sl_dims(1), "zeros");
    for (int s = 0; s < step; s++)
        sl_backward(tape, sl_sum(tape, w));
    for (int l = 0; l < layer; l++)
        sl_noise_of(tape, w, 1);
    memcpy(to, sl_values(sl_noise_of(tape, x, 1)), sl_count(x) * sizeof *to);
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

static void noise_follows_from_seed_step_layer_row_and_unit(void **unused)
{
    (void)unused;
    enum { ROWS = 7, UNITS = 131 };
    static sl_real all[ROWS * UNITS], other[ROWS * UNITS];
    sl_isa isas[SL_ISA_COUNT];
    const int count = engine_isas(isas);
    norm_noise(5, 2, 1, ROWS, UNITS, isas[0], all);
    for (int i = 1; i < count; i++) {
        norm_noise(5, 2, 1, ROWS, UNITS, isas[i], other);
        assert_bits(other, all, ROWS * UNITS);
    }
    for (int row = 0; row < ROWS; row++)
        for (int unit = 0; unit < UNITS; unit++) { /* Box and Muller's formula, with libm */
            const sl_random4 r =
                sl_random_block(5, SL_FOR_NOISE, 1, 2, (uint64_t)row << 32 | (unsigned)unit / 4);
            const double u = ((r.word[unit % 4 / 2 * 2] >> 8) + 1) * 0x1p-24;
            const double angle = (r.word[unit % 4 / 2 * 2 + 1] >> 8) * 0x1p-24 * 6.283185307179586;
            const double z = sqrt(-2 * log(u)) * (unit % 2 ? sin(angle) : cos(angle));
            assert_near(all[row * UNITS + unit], z, engine_tolerance(2e-6, 1e-13));
        }
    norm_noise(5, 2, 1, 3, 5, isas[count - 1], other); /* fewer rows and units: the same numbers */
    for (int row = 0; row < 3; row++)
        assert_bits(other + row * 5, all + row * UNITS, 5);
    for (int row = 0; row < 3; row++) { /* a batch in pieces: row 0 is the row it says */
        sl_ctx *ctx = engine_ctx(5);
        sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
        tape->step = 2;
        tape->first_row = (uint32_t)row;
        sl_noise_of(tape, sl_tensor_new(ctx, sl_dims(1), NULL), 1);
        sl_tensor *piece = sl_noise_of(tape, sl_tensor_new(ctx, sl_dims(1, UNITS), NULL), 1);
        assert_bits(sl_values(piece), all + row * UNITS, UNITS);
        sl_ctx_free(ctx);
    }
    for (int what = 0; what < 3; what++) {
        norm_noise(what == 0 ? 6 : 5, what == 1 ? 3 : 2, what == 2 ? 0 : 1, ROWS, UNITS, isas[count - 1],
                   other);
        int same = 0;
        for (int i = 0; i < ROWS * UNITS; i++)
            same += other[i] == all[i];
        assert_in_range(same, 0, 3);
    }
}

static void S139_noise_has_its_deviation_and_is_off_in_inference(void **unused)
{
    (void)unused;
    enum { N = 200000 };
    sl_ctx *ctx = engine_ctx(1);
    static sl_real x[N];
    for (int i = 0; i < N; i++)
        x[i] = 3;
    sl_tape *infer = sl_tape_new(ctx, SL_INFER), *train = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *t = sl_tensor_new(ctx, sl_dims(N / 100, 100), x);
    assert_bits(sl_values(sl_noise_of(infer, t, 5)), x, N);
    assert_bits(sl_values(sl_noise_of(train, t, 0)), x, N);
    const sl_real *y = sl_values(sl_noise_of(train, t, 2));
    double moment[5] = { 0 };
    for (int i = 0; i < N; i++)
        for (int k = 1; k < 5; k++)
            moment[k] += pow(((double)y[i] - 3) / 2, k) / N;
    static const double wanted[] = { 0, 0, 1, 0, 3 }, spread[] = { 0, 1, 2, 15, 96 }; /* variances of z^k */
    for (int k = 1; k < 5; k++)
        assert_true(fabs(moment[k] - wanted[k]) < 5 * sqrt(spread[k] / N));
    assert_fine(ctx);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S26_the_norms_agree_with_pytorch),
        cmocka_unit_test(S26_inference_of_a_row_does_not_depend_on_the_rest),
        cmocka_unit_test(batch_norm_is_the_plain_loop_bit_for_bit),
        cmocka_unit_test(S26_frozen_statistics_have_their_own_gradient),
        cmocka_unit_test(a_batch_that_cannot_be_normed_is_refused),
        cmocka_unit_test(noise_follows_from_seed_step_layer_row_and_unit),
        cmocka_unit_test(S139_noise_has_its_deviation_and_is_off_in_inference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
