/* The built-in sets: their laws, their bits, and the words of builtin:NAME?option=value. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "data_place.h"
#include "data/generator.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

static sl_data *builtin(bench *b, const char *source)
{
    sl_data *data = sl_data_open(b->ctx, source, NULL);
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    return data;
}

static void builtin_words(void **state)
{
    bench *b = *state;
    refused(b, "builtin:spirl", NULL, SL_EINVAL, "no built-in set 'spirl': did you mean spiral?",
            "quadrants");
    refused(b, "builtin:", NULL, SL_EINVAL, "no built-in set ''", "xor");
    refused(b, "builtin:spiral?nose=1", NULL, SL_EINVAL, "spiral has no option 'nose'", "rows, noise, seed");
    refused(b, "builtin:xor?rows=4", NULL, SL_EINVAL, "xor has no options", "rows");
    refused(b, "builtin:spiral?noise", NULL, SL_EINVAL, "'noise' has no value", "option=value");
    refused(b, "builtin:spiral?noise=much", NULL, SL_EINVAL, "noise is 'much'", "a number");
    refused(b, "builtin:spiral?noise=", NULL, SL_EINVAL, "noise is ''", "a number");
    refused(b, "builtin:spiral?noise=50", NULL, SL_EINVAL, "noise is 50", "from 0 to 0.5");
    refused(b, "builtin:spiral?noise=nan", NULL, SL_EINVAL, "noise is", "number");
    refused(b, "builtin:spiral?rows=2.5", NULL, SL_EINVAL, "rows is '2.5'", "a whole number");
    refused(b, "builtin:spiral?rows=0", NULL, SL_EINVAL, "rows is 0", "from 2 to");
    refused(b, "builtin:spiral?rows=9&rows=9", NULL, SL_EINVAL, "rows is given twice", "");
    refused(b, "builtin:xor", "test", SL_EINVAL, "has no test part", "leave the part out");
    assert_true(sl_data_has_part(b->ctx, "builtin:digits", "test") &&
                !sl_data_has_part(b->ctx, "builtin:moons", "test"));
    sl_data *data = builtin(b, "builtin:spiral?rows=500&noise=0.1&seed=7");
    assert_int_equal(sl_data_rows(data), 500);
    sl_data_free(data);
}

/* Every set in its default setting, and with fewer rows: a changed bit is a changed digest. */
static void builtin_digests(void **state)
{
    bench *b = *state;
    static const struct {
        const char *source;
        uint64_t digest;
    } sets[] = {
        { "builtin:boundary", UINT64_C(0x88649fd6d25ae4fd) },
        { "builtin:boundary?rows=60&f=parabola&noise=0.1&seed=4", UINT64_C(0x77d19e13a4879883) },
        { "builtin:circle", UINT64_C(0x332c433db196ce0e) },
        { "builtin:circle?rows=77&noise=0.3&seed=9", UINT64_C(0x57a1afbb7f92cf33) },
        { "builtin:digits", UINT64_C(0xdfcf3755ef4c1c05) },
        { "builtin:digits?rows=30&test_rows=20&seed=5", UINT64_C(0x012869beb22b2a69) },
        { "builtin:gauss", UINT64_C(0x0ed136ad1a878ab0) },
        { "builtin:gauss?noise=0.25&seed=3", UINT64_C(0x8b423746b2ebb102) },
        { "builtin:hills", UINT64_C(0x911f396c843d3c0a) },
        { "builtin:hills?rows=60&noise=0.1&seed=5", UINT64_C(0x5c6dc86cff0ad5cf) },
        { "builtin:line", UINT64_C(0x1fe57d0c5e843372) },
        { "builtin:line?rows=33&noise=0.5&seed=2", UINT64_C(0xa2152a13d287dbc8) },
        { "builtin:moons", UINT64_C(0xe268e47b4c557516) },
        { "builtin:moons?rows=41&noise=0.2&seed=4", UINT64_C(0x93470c5e1c26d09d) },
        { "builtin:plane", UINT64_C(0x1563fae25bb57388) },
        { "builtin:plane?noise=0.2&seed=6", UINT64_C(0x9a0f8428032cc971) },
        { "builtin:point", UINT64_C(0xd133e8662cb5b4cb) },
        { "builtin:point?x=-1&y=0.5", UINT64_C(0xdf8074f8b200dce5) },
        { "builtin:quadrants", UINT64_C(0xb0a8b142de57a70d) },
        { "builtin:quadrants?rows=99&noise=0.4&seed=8", UINT64_C(0xa9b23c601fcbd091) },
        { "builtin:spiral", UINT64_C(0xd83e8c19083d6f9b) },
        { "builtin:spiral?rows=500&noise=0.1&seed=7", UINT64_C(0xcaab4844eee91b3f) },
        { "builtin:table", UINT64_C(0x95d0715731599799) },
        { "builtin:table?rows=90&classes=0&curve=6&noise=0.3&scale=50&leak=1&seed=4",
          UINT64_C(0x9dd5664d65c6fe3e) },
        { "builtin:table?rows=60&classes=3&wrong=0.2&rare=0.1&copies=0.2&sorted=1",
          UINT64_C(0x4da1572a585c8276) },
        { "builtin:xor", UINT64_C(0x785a4ce73c02dc90) },
    };
    size_t known = 0;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        sl_data *data = builtin(b, sets[i].source), *again = builtin(b, sets[i].source);
        if (sl_data_digest(data) != sets[i].digest)
            fail_msg("%s: digest %016llx, wants %016llx", sets[i].source,
                     (unsigned long long)sl_data_digest(data), (unsigned long long)sets[i].digest);
        assert_true(sl_data_digest(again) == sets[i].digest);
        sl_data_free(again);
        sl_data_free(data);
        known += !strchr(sets[i].source, '?');
    }
    size_t count = 0;
    for (const sl_generator *set; (set = sl_generator_at(count)) != NULL; count++) {
        assert_true(set->summary && set->formula && set->source);
        if (!set->options || strcmp(set->options[0].name, "rows") != 0)
            continue; /* one that draws nothing */
        char source[2][64];
        uint64_t digest[2];
        for (int seed = 0; seed < 2; seed++) {
            snprintf(source[seed], sizeof source[seed], "builtin:%s?rows=60&seed=%d%s", set->name, seed + 1,
                     set->parts ? "" : "&noise=0.1");
            sl_data *data = builtin(b, source[seed]);
            assert_int_equal(sl_data_rows(data), 60);
            digest[seed] = sl_data_digest(data);
            sl_data_free(data);
        }
        assert_true(digest[0] != digest[1]);
    }
    assert_int_equal(known, count); /* a new set needs its digest here */
}

static void builtin_laws(void **state)
{
    bench *b = *state;
    sl_real x[2], y;
    size_t counts[10];
    sl_data *data = builtin(b, "builtin:xor");
    assert_int_equal(sl_data_rows(data), 4);
    for (size_t row = 0; row < 4; row++) {
        sl_data_row(data, row, x, &y);
        assert_true((x[0] == 0 || x[0] == 1) && (x[1] == 0 || x[1] == 1) && (y == 1) == (x[0] != x[1]));
        assert_true(2 * x[0] + x[1] == (sl_real)row);
    }
    sl_data_free(data);

    /* spiral: r = 5 i/n, t = 1.75 * 2 pi i/n + delta */
    data = builtin(b, "builtin:spiral");
    count_classes(data, counts);
    assert_true(counts[0] == 250 && counts[1] == 250);
    size_t step[2] = { 0, 0 };
    for (size_t row = 0; row < 500; row++) {
        sl_data_row(data, row, x, &y);
        const double i = (double)step[(size_t)y]++ / 250, t = 1.75 * 2 * pi * i + (y > 0 ? 0 : pi);
        assert_true(fabs((double)x[0] - 5 * i * sin(t)) < 1e-6 && fabs((double)x[1] - 5 * i * cos(t)) < 1e-6);
    }
    sl_data_free(data);

    data = builtin(b, "builtin:circle");
    count_classes(data, counts);
    assert_true(counts[0] == 250 && counts[1] == 250);
    for (size_t row = 0; row < 500; row++) {
        sl_data_row(data, row, x, &y);
        const double r = sqrt((double)(x[0] * x[0] + x[1] * x[1]));
        assert_true(y > 0 ? r < 2.5001 : r > 3.4999 && r < 5.0001);
    }
    sl_data_free(data);
    data = builtin(b, "builtin:circle?noise=0.5");
    count_classes(data, counts);
    assert_true(counts[1] != 250); /* labels follow the moved point */
    sl_data_free(data);

    data = builtin(b, "builtin:quadrants");
    for (size_t row = 0; row < 500; row++) {
        sl_data_row(data, row, x, &y);
        assert_true((y > 0) == (x[0] * x[1] >= 0));
        for (int k = 0; k < 2; k++)
            assert_true(fabs((double)x[k]) >= 0.2999 && fabs((double)x[k]) <= 5.3001);
    }
    sl_data_free(data);

    /* gauss: mean +-2, variance 0.5 (noise 0) and 4 (noise 0.5), within 6 standard errors */
    for (int noisy = 0; noisy < 2; noisy++) {
        data = builtin(b, noisy ? "builtin:gauss?rows=20000&noise=0.5" : "builtin:gauss?rows=20000");
        double sum = 0, squares = 0;
        for (size_t row = 0; row < 20000; row++) {
            sl_data_row(data, row, x, &y);
            for (int k = 0; k < 2; k++) {
                const double d = (double)x[k] - (y > 0 ? 2 : -2);
                sum += d;
                squares += d * d;
            }
        }
        const double variance = noisy ? 4 : 0.5;
        assert_true(fabs(sum / 40000) < 6 * sqrt(variance / 40000));
        assert_true(fabs(squares / 40000 - variance) < 6 * variance * sqrt(2.0 / 40000));
        sl_data_free(data);
    }

    data = builtin(b, "builtin:moons?noise=0");
    for (size_t row = 0; row < 500; row++) {
        sl_data_row(data, row, x, &y);
        const double dx = (double)x[0] - (y > 0 ? 1 : 0), dy = (double)x[1] - (y > 0 ? 0.5 : 0);
        assert_true(fabs(dx * dx + dy * dy - 1) < 1e-5 && (y > 0 ? dy < 1e-6 : dy > -1e-6));
    }
    sl_data_free(data);

    data = builtin(b, "builtin:plane");
    assert_int_equal(sl_data_classes(data), 0);
    for (size_t row = 0; row < 500; row++) {
        sl_data_row(data, row, x, &y);
        assert_true(fabs((double)x[0]) <= 6 && fabs((double)x[1]) <= 6);
        assert_true(fabs((double)y - ((double)x[0] + (double)x[1]) / 10) < 1e-6);
    }
    sl_data_free(data);

    data = builtin(b, "builtin:line?noise=0");
    assert_int_equal(sl_data_shape(data).dim[0], 1);
    for (size_t row = 0; row < 100; row++) {
        sl_data_row(data, row, x, &y);
        assert_true(fabs((double)x[0]) <= 1 && fabs((double)y - (2 + 3 * (double)x[0])) < 1e-6);
    }
    sl_data_free(data);

    data = builtin(b, "builtin:point?y=-4");
    sl_data_row(data, 0, x, &y);
    assert_true(sl_data_rows(data) == 1 && sl_data_classes(data) == 0 && x[0] == 2 && y == -4);
    sl_data_free(data);

    /* A row does not depend on how many there are. */
    sl_data *few = builtin(b, "builtin:gauss?rows=10");
    data = builtin(b, "builtin:gauss?rows=1000");
    for (size_t row = 0; row < 10; row++) {
        sl_real other[2];
        sl_data_row(few, row, x, NULL);
        sl_data_row(data, row, other, NULL);
        assert_true(x[0] == other[0] && x[1] == other[1]);
    }
    sl_data_free(few);
    sl_data_free(data);
}

/* A sum over the six centres, as none of them reaches into another's: Playground's multi gaussian. */
static void hills_are_cones_of_both_signs(void **state)
{
    bench *b = *state;
    static const double centres[6][3] = { { -4, 2.5, 1 },   { 0, 2.5, -1 }, { 4, 2.5, 1 },
                                          { -4, -2.5, -1 }, { 0, -2.5, 1 }, { 4, -2.5, -1 } };
    sl_real x[2], y;
    size_t signs[3] = { 0 }, moved = 0;
    sl_data *data = builtin(b, "builtin:hills?rows=5000"),
            *noisy = builtin(b, "builtin:hills?rows=5000&noise=0.2");
    assert_int_equal(sl_data_classes(data), 0);
    for (size_t row = 0; row < 5000; row++) {
        sl_data_row(data, row, x, &y);
        double height = 0;
        for (int c = 0; c < 6; c++)
            height += centres[c][2] *
                      fmax(0, 1 - hypot((double)x[0] - centres[c][0], (double)x[1] - centres[c][1]) / 2);
        assert_true(fabs((double)x[0]) <= 6 && fabs((double)x[1]) <= 6);
        assert_true(fabs((double)y - height) < 1e-6);
        signs[(y > 0) + 2 * (y < 0)]++;
        sl_real same[2], other;
        sl_data_row(noisy, row, same, &other);
        assert_true(same[0] == x[0] && same[1] == x[1]); /* noise moves what the target is taken of */
        moved += other != y;
    }
    /* discs of radius 2 in a square of 144: three of each sign cover 3 * 4 pi / 144 = 0.2618 of it */
    assert_true(fabs((double)signs[1] / 5000 - pi / 12) < 0.03 &&
                fabs((double)signs[2] / 5000 - pi / 12) < 0.03);
    assert_in_range(moved, 2000, 4000);
    sl_data_free(data);
    sl_data_free(noisy);
}

static void U13_classes_above_and_below_a_curve(void **state)
{
    bench *b = *state;
    static const char *const curves[] = { "sine", "step", "wedge", "parabola", "cubic" };
    for (int f = 0; f < 5; f++) {
        char source[80];
        sl_real x[2], y;
        size_t above = 0, wrong = 0;
        snprintf(source, sizeof source, "builtin:boundary?rows=2000&f=%s", curves[f]);
        sl_data *data = builtin(b, source);
        snprintf(source, sizeof source, "builtin:boundary?rows=2000&noise=0.1&f=%s", curves[f]);
        sl_data *noisy = builtin(b, source);
        assert_int_equal(sl_data_classes(data), 2);
        for (size_t row = 0; row < 2000; row++) {
            sl_data_row(data, row, x, &y);
            const double at = (double)x[0], curve[] = { 3 * sin(at), at < 0 ? -3 : 3, fabs(at) - 3,
                                                        at * at / 4 - 3, pow(at, 3) / 36 };
            if (fabs((double)x[1] - curve[f]) > 1e-5) /* rounding to float */
                assert_true((y > 0) == ((double)x[1] > curve[f]));
            above += y > 0;
            sl_real other;
            sl_data_row(noisy, row, x, &other);
            wrong += other != y;
        }
        assert_in_range(above, 900, 1100);
        assert_in_range(wrong, 20, 300);
        sl_data_free(data);
        sl_data_free(noisy);
    }
    refused(b, "builtin:boundary?f=sin", NULL, SL_EINVAL,
            "f is 'sin': wants sine or step or wedge or parabola or cubic", "3 sin x");
    refused(b, "builtin:boundary?f=", NULL, SL_EINVAL, "f is '': wants sine or", "cubic");
}

static void digits(void **state)
{
    bench *b = *state;
    size_t counts[10];
    for (int part = 0; part < 2; part++) {
        sl_data *data = sl_data_open(b->ctx, "builtin:digits", part ? "test" : "train");
        assert_int_equal(sl_data_rows(data), part ? 2000 : 12000);
        assert_int_equal(sl_data_shape(data).dim[0], 28);
        assert_int_equal(sl_data_shape(data).dim[1], 28);
        count_classes(data, counts);
        double mean = 0;
        for (size_t i = 0; i < 10; i++)
            assert_int_equal(counts[i], part ? 200 : 1200);
        for (size_t row = 0; row < sl_data_rows(data); row++) {
            sl_real x[784], most = 0;
            sl_data_row(data, row, x, NULL);
            double ink = 0;
            for (size_t i = 0; i < 784; i++) {
                ink += (double)x[i] / 255;
                most = x[i] > most ? x[i] : most;
            }
            assert_true(most > 150 && ink > 20 && ink < 350); /* nothing empty, nothing drowned */
            mean += ink / 784 / (double)sl_data_rows(data);
        }
        assert_true(fabs(mean - 0.1307) < 0.01); /* about as much ink as MNIST */
        sl_data_free(data);
    }
    sl_data *train = sl_data_open(b->ctx, "builtin:digits?rows=30&test_rows=20", "train");
    sl_data *test = sl_data_open(b->ctx, "builtin:digits?rows=30&test_rows=20", "test");
    sl_data *all = sl_data_open(b->ctx, "builtin:digits?rows=30&test_rows=20", "all");
    assert_true(sl_data_rows(train) == 30 && sl_data_rows(test) == 20 && sl_data_rows(all) == 50);
    assert_memory_equal(all->store->bytes, train->store->bytes, 30 * 784);
    assert_memory_equal(all->store->bytes + 30 * 784, test->store->bytes, 20 * 784);
    assert_memory_not_equal(train->store->bytes, test->store->bytes, 784);
    sl_data_free(train);
    sl_data_free(test);
    sl_data_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builtin_words),
        cmocka_unit_test(builtin_digests),
        cmocka_unit_test(builtin_laws),
        cmocka_unit_test(hills_are_cones_of_both_signs),
        cmocka_unit_test(U13_classes_above_and_below_a_curve),
        cmocka_unit_test(digits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
