/* Rows changed at random (S139): the whole against a plain version of it, and the same bits whatever the
 * threads, instruction sets and batches. Runs in both builds. */
#include "augment.h"
#include "data/data.h"
#include "data/shuffle.h"
#include "kernel/math.h"

/* --- the whole, as plain as it can be ------------------------------------------------------------- */

static sl_real plain_signed(uint32_t word)
{
    return (sl_real)(int32_t)word * (sl_real)0x1p-31;
}

/* Number `index` of those that a word draws for this place in the epoch. */
static uint32_t plain_word(uint64_t seed, uint32_t draws, uint32_t epoch, size_t place, size_t index)
{
    const sl_random4 four = sl_random_block(seed, SL_FOR_AUGMENT, epoch, (uint32_t)place,
                                            (uint64_t)draws << 48 | (uint64_t)place >> 32 << 32 | index / 4);
    return four.word[index % 4];
}

static void plain_elastic(uint64_t seed, uint32_t epoch, size_t place, int h, int w, double alpha,
                          double sigma, sl_real *dx, sl_real *dy)
{
    const int radius = (int)ceil(3 * sigma), wide = (w + 15) / 16 * 16;
    double sum = 1;
    for (int i = 1; i <= radius; i++)
        sum += 2 * sl_exp_d(-0.5 * (i / sigma) * (i / sigma));
    for (int way = 0; way < 2; way++) {
        static sl_real down[MOST];
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) {
                sl_real chain = 0;
                for (int k = -radius; k <= radius; k++)
                    if (y + k >= 0 && y + k < h)
                        chain += (sl_real)(sl_exp_d(-0.5 * (k / sigma) * (k / sigma)) / sum) *
                                 plain_signed(plain_word(seed, SL_DRAWS_ELASTIC, epoch, place,
                                                         (size_t)(((y + k) * 2 + way) * wide + x)));
                down[y * w + x] = chain;
            }
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) {
                sl_real chain = 0;
                for (int k = -radius; k <= radius; k++)
                    if (x + k >= 0 && x + k < w)
                        chain +=
                            (sl_real)(sl_exp_d(-0.5 * (k / sigma) * (k / sigma)) / sum) * down[y * w + x + k];
                (way ? dy : dx)[y * w + x] = (sl_real)alpha * chain;
            }
    }
}

static sl_real plain_at(const sl_real *x, int h, int w, int c, int row, int column)
{
    return row < 0 || row >= h || column < 0 || column >= w ? 0 : x[(row * w + column) * c];
}

static void plain_read(sl_real *y, const sl_real *x, int h, int w, int c, const sl_warp *warp,
                       const sl_real *dx, const sl_real *dy)
{
    const double mid_x = 0.5 * (w - 1), mid_y = 0.5 * (h - 1);
    for (int i = 0; i < h; i++)
        for (int j = 0; j < w * c; j++) {
            const int column = j / c;
            const sl_real q = (sl_real)column - (sl_real)mid_x;
            sl_real px = (sl_real)warp->xx * q + (sl_real)(warp->xy * (i - mid_y) + warp->x0 + (mid_x + 1)) +
                         dx[i * w + column];
            sl_real py = (sl_real)warp->yx * q + (sl_real)(warp->yy * (i - mid_y) + warp->y0 + (mid_y + 1)) +
                         dy[i * w + column];
            px = px < 0 ? 0 : px > (sl_real)(w + 1) ? (sl_real)(w + 1) : px;
            py = py < 0 ? 0 : py > (sl_real)(h + 1) ? (sl_real)(h + 1) : py;
            const int left = (int)floor((double)px), top = (int)floor((double)py);
            const sl_real fx = px - (sl_real)left, fy = py - (sl_real)top, *from = x + j % c;
            const sl_real upper_left = plain_at(from, h, w, c, top - 1, left - 1),
                          upper_right = plain_at(from, h, w, c, top - 1, left),
                          lower_left = plain_at(from, h, w, c, top, left - 1),
                          lower_right = plain_at(from, h, w, c, top, left);
            const sl_real upper = upper_left + fx * (upper_right - upper_left);
            const sl_real lower = lower_left + fx * (lower_right - lower_left);
            y[i * w * c + j] = upper + fy * (lower - upper);
        }
}

static sl_real plain_root(sl_real x)
{
    return ENGINE_DOUBLE ? (sl_real)sqrt((double)x) : (sl_real)sqrtf((float)x);
}

static void plain_noise(uint64_t seed, uint32_t epoch, size_t place, sl_real deviation, sl_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t pair = i / 64 * 64 + i % 32;
        const uint32_t a = plain_word(seed, SL_DRAWS_NOISE, epoch, place, pair),
                       b = plain_word(seed, SL_DRAWS_NOISE, epoch, place, pair + 32);
        const sl_real u = ((sl_real)(int32_t)(a >> 8) + (sl_real)0.5) * (sl_real)0x1p-24;
        const sl_real t = (sl_real)(int32_t)b * (sl_real)0x1.921fb54442d18p-30;
        const sl_real r = plain_root(-2 * sl_log_r(u));
        x[i] += deviation * (r * (i % 64 < 32 ? sl_cos_r(t) : sl_sin_r(t)));
    }
}

/* AUGMENT_ALL, one after the other */
static void plain_all(uint64_t seed, uint32_t epoch, size_t place, sl_shape shape, sl_real *x)
{
    static const struct {
        sl_augment_draws draws;
        double amount;
    } moves[] = { { SL_DRAWS_ROTATE, 10 },
                  { SL_DRAWS_SCALE, 0.1 },
                  { SL_DRAWS_SHEAR, 0.1 },
                  { SL_DRAWS_SHIFT, 1 },
                  { SL_DRAWS_FLIP, 0.5 } };
    const int h = shape.dim[0], w = shape.dim[1], c = shape.rank == 3 ? shape.dim[2] : 1;
    sl_warp warp = { 1, 0, 0, 0, 1, 0 };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        const double u = (double)(int32_t)plain_word(seed, moves[i].draws, epoch, place, 0) * 0x1p-31,
                     v = (double)(int32_t)plain_word(seed, moves[i].draws, epoch, place, 1) * 0x1p-31;
        const double amount = moves[i].amount * u;
        switch (moves[i].draws) {
        case SL_DRAWS_ROTATE: {
            const double angle = amount * (0x1.921fb54442d18p+1 / 180);
            sl_warp_then(&warp, (sl_warp){ sl_cos_d(angle), -sl_sin_d(angle), 0, sl_sin_d(angle),
                                           sl_cos_d(angle), 0 });
            break;
        }
        case SL_DRAWS_SCALE:
            sl_warp_then(&warp, (sl_warp){ 1 / (1 + amount), 0, 0, 0, 1 / (1 + amount), 0 });
            break;
        case SL_DRAWS_SHEAR:
            sl_warp_then(&warp, (sl_warp){ 1, -amount, 0, 0, 1, 0 });
            break;
        case SL_DRAWS_SHIFT:
            sl_warp_then(&warp, (sl_warp){ 1, 0, -amount, 0, 1, -moves[i].amount * v });
            break;
        default:
            if (u < 0)
                sl_warp_then(&warp, (sl_warp){ -1, 0, 0, 0, 1, 0 });
        }
    }
    static sl_real dx[MOST], dy[MOST], y[MOST];
    const size_t n = augment_numbers(shape);
    plain_elastic(seed, epoch, place, h, w, 40, 5, dx, dy);
    plain_read(y, x, h, w, c, &warp, dx, dy);
    memcpy(x, y, n * sizeof *x);
    plain_noise(seed, epoch, place, (sl_real)0.05, x, n);
}

static void S139_the_plain_version_gives_the_same_bits(void **unused)
{
    (void)unused;
    static const sl_shape shapes[] = { { 2, { SIDE, SIDE } }, { 2, { 8, 8 } },     { 2, { 16, 32 } },
                                       { 2, { 33, 17 } },     { 3, { 9, 13, 3 } }, { 3, { 1, 40, 1 } },
                                       { 2, { 1, 1 } } };
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    static sl_real x[3 * MOST], y[3 * MOST], z[3 * MOST];
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const size_t n = augment_numbers(shapes[s]), far = ((size_t)1 << 33) + 5;
        uint64_t state = 9 + s;
        engine_fill(&state, x, 3 * n, 0, 1);
        memcpy(y, x, sizeof y);
        for (size_t row = 0; row < 2; row++)
            plain_all(1, 7, 100 + row, shapes[s], y + row * n);
        plain_all(1, 7, far, shapes[s], y + 2 * n);
        for (int isa = 0; isa < 3; isa++) {
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isas[isa] });
            if (!sl_error(ctx)) {
                sl_augment *a = augment_made(ctx, AUGMENT_ALL, shapes[s]);
                memcpy(z, x, sizeof z);
                sl_augment_rows(a, 7, 100, 2, z);
                sl_augment_rows(a, 7, far, 1, z + 2 * n);
                assert_bits(z, y, 3 * n);
            }
            sl_ctx_free(ctx);
        }
    }
}

/* The numbers of the double build, which the float build comes near: the same random numbers in both. */
static void S139_float_and_double_give_the_same_picture(void **unused)
{
    (void)unused;
    static const double wanted[8] = { 0.02244710726, 0.5812475617, 0.5018299645, 0.7485679372,
                                      0.6718195584,  0.7730754247, 0.1689427331, 0.3082253864 };
    sl_real x[PIXELS];
    for (int i = 0; i < PIXELS; i++) /* smooth, from 0 to 1 and back */
        x[i] = (sl_real)((i / SIDE) * (SIDE - 1 - i / SIDE) * (i % SIDE) * (SIDE - 1 - i % SIDE) / 33124.0);
    sl_ctx *ctx = engine_ctx(1);
    sl_augment *a = augment_made(ctx, AUGMENT_ALL, (sl_shape){ 2, { SIDE, SIDE } });
    sl_augment_rows(a, 1, 2, 1, x);
    for (int i = 0; i < 8; i++)
        assert_near(x[i * 99 + 20], wanted[i], engine_tolerance(2e-6, 1e-9));
    sl_ctx_free(ctx);
}

static void S139_threads_batches_and_instruction_sets_change_no_bit(void **unused)
{
    (void)unused;
    enum { ROWS = 41 };
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    static sl_real x[ROWS * PIXELS], wanted[ROWS * PIXELS], y[ROWS * PIXELS];
    uint64_t state = 10;
    engine_fill(&state, x, ROWS * PIXELS, 0, 1);
    for (int way = 0; way < 21; way++) {
        const int threads = 1 + way % 7;
        sl_ctx *ctx = engine_crew(isas[way / 7], threads);
        if (!sl_error(ctx)) {
            sl_augment *a = augment_made(ctx, AUGMENT_ALL, (sl_shape){ 2, { SIDE, SIDE } });
            sl_tensor *t = sl_tensor_new(ctx, sl_dims(ROWS, SIDE, SIDE), x);
            assert_int_equal(sl_augment_batch(a, t, 3, 11), SL_OK);
            memcpy(way ? y : wanted, sl_values(t), sizeof y);
            if (way)
                assert_bits(y, wanted, ROWS * PIXELS);
            memcpy(y, x, sizeof y);
            for (size_t first = 0, count = 1; first < ROWS; first += count, count = 1 + first % 6)
                sl_augment_rows(a, 3, 11 + first, ROWS - first < count ? ROWS - first : count,
                                y + first * PIXELS);
            assert_bits(y, wanted, ROWS * PIXELS);
            sl_ctx_crew(ctx, 9); /* more threads than it has room for: one works */
            sl_tensor *again = sl_tensor_new(ctx, sl_dims(ROWS, SIDE, SIDE), x);
            assert_int_equal(sl_augment_batch(a, again, 3, 11), SL_OK);
            assert_bits(sl_values(again), wanted, ROWS * PIXELS);
        }
        sl_ctx_free(ctx);
    }
}

static void S139_every_epoch_place_and_seed_gives_another_picture(void **unused)
{
    (void)unused;
    enum { WAYS = 6 };
    static const struct {
        uint64_t seed;
        uint32_t epoch;
        size_t place;
    } ways[WAYS] = { { 1, 0, 0 }, { 1, 0, 1 }, { 1, 1, 0 },
                     { 2, 0, 0 }, { 1, 1, 1 }, { 1, 0, (size_t)1 << 32 } };
    static const char *const words[] = { "elastic", "rotate", "scale", "shear", "shift", "noise" };
    sl_real x[PIXELS], y[WAYS][PIXELS];
    uint64_t state = 11;
    engine_fill(&state, x, PIXELS, 0, 1);
    for (size_t word = 0; word < sizeof words / sizeof *words; word++)
        for (int way = 0; way < WAYS; way++) {
            sl_ctx *ctx = engine_ctx(ways[way].seed);
            sl_augment *a = augment_made(ctx, words[word], (sl_shape){ 2, { SIDE, SIDE } });
            memcpy(y[way], x, sizeof x);
            sl_augment_rows(a, ways[way].epoch, ways[way].place, 1, y[way]);
            for (int other = 0; other < way; other++)
                assert_memory_not_equal(y[way], y[other], sizeof x);
            sl_ctx_free(ctx);
        }
}

static sl_status augment_stop(void *user, const sl_progress *now)
{
    return now->step == *(const size_t *)user ? SL_ESTOPPED : SL_OK;
}

/* The digest of a net that was fitted with these words, 3 epochs; 0: refused, or stopped. */
static uint64_t augment_fitted(const char *words, int threads, size_t stop, bool resume)
{
    sl_ctx *ctx = engine_crew(NULL, threads);
    sl_data *digits = sl_data_open(ctx, "builtin:digits?rows=300", "train");
    assert_fine(ctx);
    sl_model *net = sl_model_parse(ctx, "12 relu, 10");
    sl_compile(net, .loss = "cross_entropy");
    sl_report *history =
        sl_fit(net, digits, .epochs = 3, .patience = -1, .validation_fraction = -1, .augment = words,
               .checkpoint = (ENGINE_DOUBLE ? "augment64.checkpoint" : "augment.checkpoint"),
               .resume = resume, .on_step = augment_stop, .user = &stop);
    const uint64_t digest = history && !sl_error(ctx) ? sl_model_digest(net) : 0;
    if (sl_error(ctx) == SL_ESTOPPED)
        sl_clear(ctx);
    else if (!history)
        assert_says(ctx, SL_EINVAL, "unknown augmentation 'wobble'");
    sl_ctx_free(ctx);
    return digest;
}

/* The same by hand: the order of each epoch, its rows changed at their places in it, a step. */
static uint64_t augment_by_hand(const char *words)
{
    enum { BATCH = 32 };
    sl_ctx *ctx = engine_ctx(1);
    sl_data *digits = sl_data_open(ctx, "builtin:digits?rows=300", "train");
    sl_model *net = sl_model_parse(ctx, "12 relu, 10");
    const size_t rows = sl_data_rows(digits), features = augment_numbers(sl_data_shape(digits));
    const int side = sl_data_shape(digits).dim[0];
    assert_int_equal(rows, 300);
    size_t order[300];
    static sl_real inputs[BATCH * PIXELS], labels[BATCH];
    sl_augment *a = augment_made(ctx, words, sl_data_shape(digits));
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_forward(tape, net, sl_tensor_new(ctx, sl_dims(1, side, side), NULL)); /* makes the weights */
    sl_tape_reset(tape);
    sl_tensor *params[4];
    for (int i = 0; i < 4; i++)
        params[i] = sl_model_param(net, i);
    sl_step *step = sl_step_new(ctx, sl_adam(.lr = 0), params, 4);
    for (uint32_t epoch = 0; epoch < 3; epoch++) {
        sl_shuffle_order(1, epoch, rows, order);
        for (size_t first = 0; first < rows; first += BATCH) {
            const size_t count = rows - first < BATCH ? rows - first : BATCH;
            sl_data_gather(NULL, digits, order + first, count, &(sl_preparation){ .divisor = 255 }, inputs,
                           labels);
            assert_int_equal(features, PIXELS);
            sl_tensor *x = sl_tensor_new(ctx, sl_dims((int)count, side, side), inputs);
            sl_augment_batch(a, x, epoch, first);
            sl_tensor *y = sl_tensor_new(ctx, sl_dims((int)count), labels);
            sl_backward(tape, sl_cross_entropy(tape, sl_forward(tape, net, x), y));
            sl_step_apply(step);
        }
    }
    assert_fine(ctx);
    const uint64_t digest = sl_model_digest(net);
    sl_ctx_free(ctx);
    return digest;
}

static void S139_training_on_changed_rows_is_the_same_on_any_threads(void **unused)
{
    (void)unused;
    static const char words[] = "rotate 10, elastic, noise 0.1";
    const uint64_t without = augment_fitted(NULL, 1, 0, false), with = augment_fitted(words, 1, 0, false);
    assert_true(without != with && with != augment_fitted("rotate 10, elastic, noise 0.11", 1, 0, false));
    assert_true(augment_fitted(words, 3, 0, false) == with);
    assert_true(augment_by_hand(words) == with);
    assert_true(augment_fitted(words, 2, 13, false) == 0); /* in the middle of an epoch; then to the end */
    assert_true(augment_fitted(words, 2, 0, true) == with);
    assert_true(augment_fitted("wobble", 1, 0, false) == 0);
    remove((ENGINE_DOUBLE ? "augment64.checkpoint" : "augment.checkpoint"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S139_the_plain_version_gives_the_same_bits),
        cmocka_unit_test(S139_float_and_double_give_the_same_picture),
        cmocka_unit_test(S139_threads_batches_and_instruction_sets_change_no_bit),
        cmocka_unit_test(S139_every_epoch_place_and_seed_gives_another_picture),
        cmocka_unit_test(S139_training_on_changed_rows_is_the_same_on_any_threads),
    };
    return cmocka_run_group_tests_name("augment_bits", tests, NULL, NULL);
}
