/* Rows changed at random (S139): each word against its formula, the whole against a plain version of it, and
 * the same bits whatever the threads, instruction sets and batches. Runs in both builds. */
#include "data/augment.h"
#include "data/data.h"
#include "data/shuffle.h"
#include "engine.h"
#include "kernel/math.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE, MOST = 4096 };
static const char all_words[] =
    "elastic alpha=40 sigma=5, rotate 10, scale 0.1, shear 0.1, shift 1, flip, noise 0.05";

static sl_augment *augment_made(sl_ctx *ctx, const char *words, sl_shape row)
{
    sl_augment *a = sl_augment_new(ctx, words, row);
    assert_fine(ctx);
    assert_non_null(a);
    return a;
}

static const sl_augmentation *augment_word(sl_ctx *ctx, const char *name)
{
    const sl_augmentation *word = sl_augmentation_find(ctx, name, strlen(name));
    assert_non_null(word);
    return word;
}

static size_t augment_numbers(sl_shape s)
{
    size_t n = 1;
    for (int i = 0; i < s.rank; i++)
        n *= (size_t)s.dim[i];
    return n;
}

/* --- words ---------------------------------------------------------------------------------------- */

static void words_read_back(void **unused)
{
    (void)unused;
    static const struct {
        const char *given, *text;
    } words[] = {
        { "elastic alpha=40 sigma=5, rotate 10", "elastic, rotate" },
        { " elastic  sigma=4 ,shift 2.5,\tnoise:0.2 ",
          "elastic sigma=4, shift pixels=2.5, noise deviation=0.2" },
        { "flip chance=1,scale 0.25,shear 0", "flip chance=1, scale by=0.25, shear by=0" },
    };
    sl_ctx *ctx = engine_ctx(1);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (int time = 0; time < 2; time++) {
            sl_augment *a =
                augment_made(ctx, time ? words[i].text : words[i].given, (sl_shape){ 2, { SIDE, SIDE } });
            assert_string_equal(sl_augment_text(a), words[i].text);
            sl_augment_free(a);
        }
    sl_text log;
    sl_text_init(&log, ctx);
    sl_augment_describe(augment_made(ctx, "elastic sigma=4, flip", (sl_shape){ 2, { 8, 9 } }), &log);
    assert_string_equal(sl_text_string(&log), "elastic alpha=40 sigma=4, flip chance=0.5");
    sl_text_free(&log);
    const size_t before = sl_ctx_bytes(ctx);
    sl_augment_free(augment_made(ctx, all_words, (sl_shape){ 3, { 8, 9, 3 } }));
    assert_int_equal(sl_ctx_bytes(ctx), before); /* all is given back */
    sl_augment_free(NULL);
    assert_string_equal(sl_augment_text(NULL), "");
    sl_ctx_free(ctx);
}

static void wrong_words_are_refused_with_the_reason(void **unused)
{
    (void)unused;
    static const struct {
        const char *words;
        sl_shape row;
        sl_status status;
        const char *sentence;
    } wrong[] = {
        { "rotat 3",
          { 2, { 8, 8 } },
          SL_EINVAL,
          "unknown augmentation 'rotat': did you mean 'rotate'? There are elastic, flip, noise, rotate, "
          "scale, "
          "shear, shift" },
        { "shift, rotate, shift 2", { 2, { 8, 8 } }, SL_EINVAL, "augment shift is given twice" },
        { "rotate 200",
          { 2, { 8, 8 } },
          SL_EINVAL,
          "augment rotate: degrees is 200: wants a number of at least 0 and at most 180 (default 10)" },
        { "scale 1", { 2, { 8, 8 } }, SL_EINVAL, "wants a number of at least 0 and below 1 (default 0.1)" },
        { "elastic sigma=0",
          { 2, { 8, 8 } },
          SL_EINVAL,
          "wants a number above 0 and at most 100 (default 5)" },
        { "elastic beta=3",
          { 2, { 8, 8 } },
          SL_EINVAL,
          "augment elastic: unknown option 'beta': there are alpha, sigma" },
        { "noise -1", { 1, { 8 } }, SL_EINVAL, "deviation is -1" },
        { "", { 2, { 8, 8 } }, SL_EINVAL, "the text is empty" },
        { "shift,", { 2, { 8, 8 } }, SL_EINVAL, "a word is missing" },
        { "noise,, shift", { 2, { 8, 8 } }, SL_EINVAL, "a word is missing" },
        { "noise, shift",
          { 1, { 8 } },
          SL_ESHAPE,
          "augment shift wants pictures, [height, width] or [height, width, channels] of at most 16384 "
          "pixels a "
          "side, and a row here is [8]: only noise is possible" },
        { "flip", { 4, { 2, 2, 2, 2 } }, SL_ESHAPE, "a row here is [2, 2, 2, 2]" },
        { "flip", { 2, { 1, 20000 } }, SL_ESHAPE, "a row here is [1, 20000]" },
        { "noise", { 2, { 65536, 65536 } }, SL_ESHAPE, "[65536, 65536]" },
        { "noise", { 1, { 0 } }, SL_ESHAPE, "wants dimensions of 1 and more" },
        { NULL, { 1, { 2 } }, SL_EINVAL, "given NULL" },
    };
    sl_ctx *ctx = engine_ctx(1);
    const size_t before = sl_ctx_bytes(ctx);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(sl_augment_new(ctx, wrong[i].words, wrong[i].row));
        assert_says(ctx, wrong[i].status, wrong[i].sentence);
        assert_int_equal(sl_ctx_bytes(ctx), before);
    }
    assert_null(sl_augment_new(NULL, "noise", (sl_shape){ 1, { 2 } }));
    sl_augment *a = augment_made(ctx, "noise", (sl_shape){ 1, { 3 } });
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(2, 4), NULL);
    assert_int_equal(sl_augment_batch(a, x, 0, 0), SL_ESHAPE);
    assert_says(ctx, SL_ESHAPE, "x is [2, 4]: wants [rows, ...] with rows of shape [3]");
    assert_int_equal(sl_augment_batch(a, NULL, 0, 0), SL_EINVAL);
    assert_int_equal(sl_augment_batch(NULL, x, 0, 0), SL_EINVAL);
    sl_ctx_free(ctx);
}

static void without_memory_it_says_so(void **unused)
{
    (void)unused;
    bool made = false;
    for (size_t fail = 1; !made; fail++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        assert_non_null(ctx);
        memory.fail_at = memory.calls + fail;
        made = sl_augment_new(ctx, all_words, (sl_shape){ 2, { 9, 9 } }) != NULL;
        assert_int_equal(sl_error(ctx), made ? SL_OK : SL_ENOMEM);
        sl_ctx_free(ctx);
        assert_int_equal(memory.blocks, 0);
    }
}

/* --- each word ------------------------------------------------------------------------------------ */

static void S139_amounts_of_zero_change_no_bit(void **unused)
{
    (void)unused;
    static const sl_shape shapes[] = {
        { 2, { SIDE, SIDE } }, { 2, { 7, 33 } }, { 3, { 5, 6, 3 } }, { 2, { 1, 1 } }
    };
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        sl_real x[2 * PIXELS], y[2 * PIXELS];
        const size_t n = augment_numbers(shapes[s]);
        uint64_t state = 3;
        engine_fill(&state, x, 2 * n, -2, 2);
        memcpy(y, x, sizeof y);
        sl_ctx *ctx = engine_ctx(1);
        sl_augment *a = augment_made(
            ctx, "elastic 0, rotate 0, scale 0, shear 0, shift 0, flip chance=0, noise 0", shapes[s]);
        sl_augment_rows(a, 3, 5, 2, y);
        assert_bits(y, x, 2 * n);
        sl_ctx_free(ctx);
    }
}

/* x moved by one word with these random numbers */
static void augment_by(const char *word, double value, double u0, double u1, sl_shape shape, sl_real *x)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_augment *a = augment_made(ctx, "shift", shape);
    sl_warp warp = { 1, 0, 0, 0, 1, 0 };
    augment_word(ctx, word)->move(&value, (const double[4]){ u0, u1 }, &warp);
    sl_augment_warp(a, &warp, x);
    sl_ctx_free(ctx);
}

static void S139_a_shift_by_pixels_moves_the_picture(void **unused)
{
    (void)unused;
    static const sl_shape shapes[] = { { 2, { 6, 9 } }, { 2, { 20, 35 } }, { 3, { 6, 17, 3 } } };
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int right = -3; right <= 3; right++)
            for (int down = -2; down <= 2; down++) {
                const int h = shapes[s].dim[0], w = shapes[s].dim[1], c = shapes[s].rank == 3 ? 3 : 1;
                sl_real x[MOST], y[MOST];
                uint64_t state = 4;
                engine_fill(&state, x, (size_t)(h * w * c), -1, 1);
                memcpy(y, x, sizeof y);
                augment_by("shift", 4, right / 4.0, down / 4.0, shapes[s], y);
                for (int i = 0; i < h; i++)
                    for (int j = 0; j < w * c; j++) {
                        const int row = i - down, column = j / c - right;
                        const bool inside = row >= 0 && row < h && column >= 0 && column < w;
                        assert_true(y[i * w * c + j] ==
                                    (inside ? x[(row * w + column) * c + j % c] : (sl_real)0));
                    }
            }
    sl_real half[4] = { 0, 1, 0, 3 }; /* half a pixel to the right: means of neighbours, 0 outside */
    augment_by("shift", 1, 0.5, 0, (sl_shape){ 2, { 1, 4 } }, half);
    assert_true(half[0] == 0 && half[1] == (sl_real)0.5 && half[2] == (sl_real)0.5 &&
                half[3] == (sl_real)1.5);
}

static void S139_a_quarter_turn_turns_the_picture(void **unused)
{
    (void)unused;
    sl_real x[19 * 19], y[19 * 19];
    uint64_t state = 5;
    engine_fill(&state, x, 19 * 19, -1, 1);
    for (int way = -1; way <= 1; way += 2) {
        memcpy(y, x, sizeof y);
        augment_by("rotate", 180, way * 0.5, 0, (sl_shape){ 2, { 19, 19 } }, y);
        for (int i = 0; i < 19; i++)
            for (int j = 0; j < 19;
                 j++) /* against the clock: the right end of a line becomes its upper end */
                assert_near(y[i * 19 + j], way > 0 ? x[j * 19 + 18 - i] : x[(18 - j) * 19 + i],
                            engine_tolerance(1e-4, 1e-12));
    }
}

static void S139_scale_and_shear_of_a_ramp_are_their_formulas(void **unused)
{
    (void)unused;
    enum { H = 21, W = 25 };
    sl_real ramp[H * W], y[H * W];
    for (int i = 0; i < H * W; i++) /* linear, so that interpolation is exact */
        ramp[i] = (sl_real)(100 + 3 * (i % W - W / 2) + 5 * (i / W - H / 2));
    for (int what = 0; what < 2; what++)
        for (int step = -2; step <= 2; step++) {
            const double by = 0.1 * step;
            memcpy(y, ramp, sizeof y);
            augment_by(what ? "shear" : "scale", 0.2, step / 2.0, 0, (sl_shape){ 2, { H, W } }, y);
            for (int i = 5; i < H - 5; i++)
                for (int j = 5; j < W - 5; j++) {
                    const double qx = j - W / 2, qy = i - H / 2;
                    const double px = what ? qx - by * qy : qx / (1 + by), py = what ? qy : qy / (1 + by);
                    assert_near(y[i * W + j], 100 + 3 * px + 5 * py, engine_tolerance(1e-6, 1e-13));
                }
        }
}

static void S139_a_flip_mirrors_and_a_second_one_restores(void **unused)
{
    (void)unused;
    enum { H = 5, W = 18 };
    sl_real x[H * W * 2], y[H * W * 2];
    uint64_t state = 6;
    engine_fill(&state, x, H * W * 2, -1, 1);
    memcpy(y, x, sizeof y);
    sl_ctx *ctx = engine_ctx(1);
    sl_augment *a = augment_made(ctx, "flip chance=1", (sl_shape){ 3, { H, W, 2 } });
    sl_augment_rows(a, 0, 0, 1, y);
    for (int i = 0; i < H; i++)
        for (int j = 0; j < W * 2; j++)
            assert_true(y[i * W * 2 + j] == x[(i * W + W - 1 - j / 2) * 2 + j % 2]);
    sl_augment_rows(a, 1, 7, 1, y);
    assert_bits(y, x, H * W * 2);
    a = augment_made(ctx, "flip", (sl_shape){ 2, { 1, 2 } });
    int flipped = 0;
    for (size_t i = 0; i < 1000; i++) {
        sl_real pair[2] = { 1, 2 };
        sl_augment_rows(a, 0, i, 1, pair);
        flipped += pair[0] == 2;
    }
    assert_in_range(flipped, 500 - 95, 500 + 95); /* 6 deviations of 15.8 */
    sl_ctx_free(ctx);
}

/* The words that move are uniform: mean, deviation and bounds of where they put a pixel. */
static void S139_amounts_are_uniform_in_their_range(void **unused)
{
    (void)unused;
    enum { N = 4000 };
    double sum = 0, squares = 0;
    sl_ctx *ctx = engine_ctx(1);
    sl_augment *a = augment_made(ctx, "shift 0.5", (sl_shape){ 2, { 3, 3 } });
    for (size_t i = 0; i < N; i++) {
        sl_real x[9] = { 0, 1, 2, 0, 1, 2, 0, 1, 2 }; /* its middle shows 1 - shift */
        sl_augment_rows(a, 0, i, 1, x);
        const double shift = 1 - (double)x[4];
        assert_true(shift >= -0.5 && shift <= 0.5);
        sum += shift / N;
        squares += shift * shift / N;
    }
    assert_near(sum, 0, 6 * 0.2887 / sqrt(N));
    assert_near(squares, 0.25 / 3, 6 * 0.0745 / sqrt(N)); /* var(u^2) = 4/45 / 16 */
    sl_ctx_free(ctx);
}

static void S139_elastic_fields_have_the_deviation_of_their_formula(void **unused)
{
    (void)unused;
    enum { H = 28, W = 20, WIDE = 32, N = 1500 };
    const double alpha = 40, sigma = 3;
    double weight[19], sum = 0, mean = 0, ratio = 0, corner = 0, corner_wanted = 0;
    for (int i = -9; i <= 9; i++)
        sum += weight[i + 9] = exp(-i * i / (2 * sigma * sigma));
    sl_ctx *ctx = engine_ctx(1);
    sl_augment *a = augment_made(ctx, "elastic alpha=40 sigma=3", (sl_shape){ 2, { H, W } });
    for (size_t image = 0; image < N; image++) {
        const sl_real *field = sl_augment_field(a, 2, image);
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) {
                double down = 0, along = 0; /* weights that find a pixel */
                for (int k = -9; k <= 9; k++) {
                    const double square = weight[k + 9] * weight[k + 9] / (sum * sum);
                    down += y + k >= 0 && y + k < H ? square : 0;
                    along += x + k >= 0 && x + k < W ? square : 0;
                }
                const double wanted = alpha * alpha / 3 * down * along;
                for (int way = 0; way < 2; way++) {
                    const double d = (double)field[(y * 2 + way) * WIDE + x];
                    mean += d / (N * H * W * 2);
                    ratio += d * d / wanted / (N * H * W * 2);
                    if (y == 0 && x == W - 1) {
                        corner += d * d / (N * 2);
                        corner_wanted = wanted;
                    }
                }
            }
    }
    assert_near(mean, 0, 0.05);  /* 6 deviations: about 7 independent places a field */
    assert_near(ratio, 1, 0.06); /* likewise */
    assert_near(corner / corner_wanted, 1, 0.16);
    sl_ctx_free(ctx);
}

static void S139_noise_is_normal_and_for_any_row(void **unused)
{
    (void)unused;
    enum { ROWS = 1500, WIDTH = 70, N = ROWS * WIDTH };
    static sl_real x[N], y[N];
    uint64_t state = 8;
    engine_fill(&state, x, N, -1, 1);
    memcpy(y, x, sizeof y);
    sl_ctx *ctx = engine_ctx(1);
    sl_augment *a = augment_made(ctx, "noise 0.25", (sl_shape){ 1, { WIDTH } });
    sl_augment_rows(a, 0, 0, ROWS, y);
    double m[5] = { 0 }, next = 0;
    int beyond = 0;
    for (size_t i = 0; i < N; i++) {
        const double z = ((double)y[i] - (double)x[i]) / 0.25;
        for (int k = 1; k <= 4; k++)
            m[k] += pow(z, k) / N;
        next += i ? z * ((double)y[i - 1] - (double)x[i - 1]) / 0.25 / N : 0;
        beyond += fabs(z) > 2;
    }
    const double root = sqrt(N);
    assert_near(m[1], 0, 5 / root);
    assert_near(m[2], 1, 5 * sqrt(2) / root);
    assert_near(m[3], 0, 5 * sqrt(15) / root);
    assert_true(fabs(m[4] - 3) < 5 * sqrt(96) / root);
    assert_near(next, 0, 5 / root);
    assert_near((double)beyond / N, 0.0455, 5 * sqrt(0.0455) / root);
    sl_ctx_free(ctx);
}

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

/* all_words, one after the other */
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
                sl_augment *a = augment_made(ctx, all_words, shapes[s]);
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
    sl_augment *a = augment_made(ctx, all_words, (sl_shape){ 2, { SIDE, SIDE } });
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
            sl_augment *a = augment_made(ctx, all_words, (sl_shape){ 2, { SIDE, SIDE } });
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
               .checkpoint = "augment.checkpoint", .resume = resume, .on_step = augment_stop, .user = &stop);
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
            sl_data_gather(digits, order + first, count, 255, inputs, labels);
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
    remove("augment.checkpoint");
}

/* Every word has a line in the catalogue, and numbers of its own. */
static void every_word_is_described(void **unused)
{
    (void)unused;
    uint64_t seen = 0;
    sl_word word;
    int count = 0;
    for (; sl_catalogue("augmentation", count, &word); count++) {
        const sl_augmentation *a = sl_augmentation_at((size_t)count);
        assert_string_equal(word.name, a->name);
        assert_true(word.summary && word.formula && word.source && word.options && word.options->name);
        assert_true(a->draws > 0 && a->draws < 64 && !(seen >> a->draws & 1));
        seen |= (uint64_t)1 << a->draws;
        assert_true(!!a->move + !!a->bend + !!a->stir == 1);
        assert_true(a->images == !a->stir);
    }
    assert_int_equal(count, 7);
    assert_null(sl_augmentation_at(7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_read_back),
        cmocka_unit_test(wrong_words_are_refused_with_the_reason),
        cmocka_unit_test(without_memory_it_says_so),
        cmocka_unit_test(S139_amounts_of_zero_change_no_bit),
        cmocka_unit_test(S139_a_shift_by_pixels_moves_the_picture),
        cmocka_unit_test(S139_a_quarter_turn_turns_the_picture),
        cmocka_unit_test(S139_scale_and_shear_of_a_ramp_are_their_formulas),
        cmocka_unit_test(S139_a_flip_mirrors_and_a_second_one_restores),
        cmocka_unit_test(S139_amounts_are_uniform_in_their_range),
        cmocka_unit_test(S139_elastic_fields_have_the_deviation_of_their_formula),
        cmocka_unit_test(S139_noise_is_normal_and_for_any_row),
        cmocka_unit_test(S139_the_plain_version_gives_the_same_bits),
        cmocka_unit_test(S139_float_and_double_give_the_same_picture),
        cmocka_unit_test(S139_threads_batches_and_instruction_sets_change_no_bit),
        cmocka_unit_test(S139_every_epoch_place_and_seed_gives_another_picture),
        cmocka_unit_test(S139_training_on_changed_rows_is_the_same_on_any_threads),
        cmocka_unit_test(every_word_is_described),
    };
    return cmocka_run_group_tests_name("augment", tests, NULL, NULL);
}
