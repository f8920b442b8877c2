/* Rows changed at random (S139): words, and each word against its formula. Runs in both builds. */
#include "augment.h"

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
    sl_augment_free(augment_made(ctx, AUGMENT_ALL, (sl_shape){ 3, { 8, 9, 3 } }));
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
        made = sl_augment_new(ctx, AUGMENT_ALL, (sl_shape){ 2, { 9, 9 } }) != NULL;
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

static void a_batch_that_cannot_be_changed_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_augment *a = sl_augment_new(ctx, "noise 0.1", sl_dims(3));
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(2, 3), NULL);
    assert_int_equal(sl_augment_batch(a, x, ((size_t)1 << 24) - 1, 0), SL_OK);
    sl_augment_batch(a, x, (size_t)1 << 24, 0);
    assert_says(ctx, SL_EINVAL, "epoch 16777216: wants 0 to 16777215");
    sl_augment_batch(a, sl_relu(sl_tape_new(ctx, SL_INFER), x), 0, 0);
    assert_says(ctx, SL_EINVAL, "x is a result of the tape");
    sl_augment_batch(a, NULL, 0, 0);
    assert_says(ctx, SL_EINVAL, "x is NULL");
    sl_ctx_free(ctx);
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
        cmocka_unit_test(every_word_is_described),
        cmocka_unit_test(a_batch_that_cannot_be_changed_is_refused),
    };
    return cmocka_run_group_tests_name("augment", tests, NULL, NULL);
}
