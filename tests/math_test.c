/* The functions of kernel/math.h: how far they are from libm (which only tests may use), special values, and
 * the bits themselves, as one digest a function. A digest that differs means that this compiler or machine
 * does not give the bits that the others give, or that a function was changed. */
#include "core/digest.h"
#include "kernel/math.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { HALF = 1 << 19, SAMPLES = 2 * HALF, SPECIALS = 29 };

typedef struct {
    const char *name;
    double (*scalar)(double);
    void (*array)(sl_isa, sl_real *, const sl_real *, size_t); /* NULL: there is none */
    sl_real (*inlined)(sl_real);
    long double (*truth)(long double);
    double range;                 /* half of the samples lie in -range .. range */
    double ulp, ulp_real;         /* largest error allowed: scalar, array */
    uint64_t digest, digest_real; /* of the scalar's results; of the array's in the float build */
} function;

static long double sigmoid_truth(long double x)
{
    return x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x));
}

static long double log1p_exp_truth(long double x)
{
    return x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x));
}

static double log1p_exp_scalar(double x)
{
    return x > 0 ? x + sl_log1p_d(sl_exp_d(-x)) : sl_log1p_d(sl_exp_d(x));
}

static const function functions[] = {
    { "exp", sl_exp_d, sl_exp_n, sl_exp_r, expl, 750, 0.75, 0.79, UINT64_C(0xfe8d47fe59866001),
      UINT64_C(0xf0c79f6ee4844e8e) },
    { "expm1", sl_expm1_d, NULL, NULL, expm1l, 50, 0.65, 0, UINT64_C(0xd071ccdb185f9f53), 0 },
    { "log", sl_log_d, sl_log_n, sl_log_r, logl, 4, 0.51, 0.86, UINT64_C(0x5e8e835860dae44a),
      UINT64_C(0xe7575d019fe48468) },
    { "log1p", sl_log1p_d, sl_log1p_n, sl_log1p_r, log1pl, 2, 0.51, 1.39, UINT64_C(0xdeeadcce6d1ad2f2),
      UINT64_C(0x9db1bc5cdd1ff1e2) },
    { "tanh", sl_tanh_d, sl_tanh_n, sl_tanh_r, tanhl, 11, 0.55, 1.41, UINT64_C(0x69cc96d57d318f8b),
      UINT64_C(0x9122455d67932f59) },
    { "sigmoid", sl_sigmoid_d, sl_sigmoid_n, sl_sigmoid_r, sigmoid_truth, 110, 0.77, 1.18,
      UINT64_C(0xf22d6e99ae932bea), UINT64_C(0x61931f30cac97b13) },
    { "erf", sl_erf_d, sl_erf_n, sl_erf_r, erfl, 6.5, 1.5, 0.54, UINT64_C(0x98dc2ff4d1d8171c),
      UINT64_C(0xd4c09d67ad56bfe2) },
    { "sin", sl_sin_d, sl_sin_n, sl_sin_r, sinl, 100, 0.8, 0.51, UINT64_C(0xc838e74c83c5738c),
      UINT64_C(0x24e1a058739b64c0) },
    { "cos", sl_cos_d, sl_cos_n, sl_cos_r, cosl, 100, 0.8, 0.51, UINT64_C(0x97cfee1c4b067066),
      UINT64_C(0x47c62a597de8e9f6) },
    { "log1p_exp", log1p_exp_scalar, sl_log1p_exp_n, sl_log1p_exp_r, log1p_exp_truth, 110, 1.5, 1.9,
      UINT64_C(0xaa95f9c045387394), UINT64_C(0x43b59206be532531) },
};

enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* Half of the samples step evenly through all bit patterns, so through all exponents, both signs and NaN. */
static double sample(const function *f, size_t i)
{
    if (i < HALF)
        return math_double((uint64_t)i * (((uint64_t)1 << 45) + 1234567891));
    return ((double)(i - HALF) / (HALF / 2) - 1) * f->range;
}

static sl_real sample_real(const function *f, size_t i)
{
#ifdef SL_REAL_DOUBLE
    return sample(f, i);
#else
    const double shrink = f->range > 110 ? 110 / f->range : 1;
    return i < HALF ? math_float((uint32_t)i * 8191u) : (float)(sample(f, i) * shrink);
#endif
}

static int same_bits(double a, double b)
{
    return (a != a && b != b) || math_bits_d(a) == math_bits_d(b);
}

static uint64_t digest_of(uint64_t digest, double y) /* all NaN are one */
{
    const uint64_t bits = y == y ? math_bits_d(y) : (uint64_t)0x7ff8 << 48;
    return sl_digest_bytes(digest, &bits, sizeof bits);
}

/* |y - truth| in units of the last place of a result with `digits` bits whose smallest normal exponent is
 * `low`; infinite where the two are not of one kind. */
static double error_in_ulp(double y, long double truth, int digits, int low)
{
    const double rounded = digits == 24 ? (double)(float)truth : (double)truth;
    int exponent;
    if (y != y || truth != truth)
        return (y != y) == (truth != truth) ? 0 : HUGE_VAL;
    if (!signbit(y) != !signbit(truth))
        return HUGE_VAL;
    if (isinf(y) || isinf(rounded))
        return y == rounded ? 0 : HUGE_VAL;
    (void)frexpl(truth, &exponent);
    if (truth == 0 || exponent < low)
        exponent = low;
    return (double)fabsl(ldexpl((long double)y - truth, digits - exponent));
}

static double error_of_double(double y, long double truth)
{
    const double error = error_in_ulp(y, truth, 53, -1021);
    return LDBL_MANT_DIG > 53 || error < 1 ? error : error - 1; /* else the truth itself is only a double */
}

static double error_of_real(sl_real y, long double truth)
{
    return sizeof(sl_real) == sizeof(double) ? error_of_double(y, truth) : error_in_ulp(y, truth, 24, -125);
}

static void check_error(const char *name, double error, double at, double allowed)
{
    if (!(error <= allowed))
        fail_msg("%s(%a) is off by %.4f ulp, allowed are %.2f", name, at, error, allowed);
}

/* Over many arguments some error comes near half an ulp; if none does, nothing was measured. */
static void check_worst(const char *name, double worst, double at, double allowed)
{
    check_error(name, worst, at, allowed);
    if (LDBL_MANT_DIG > 53 && worst < 0.49)
        fail_msg("%s: the largest error is %.4f ulp, which cannot be", name, worst);
}

static void scalar_functions_are_accurate(void **state)
{
    (void)state;
    for (size_t k = 0; k < FUNCTIONS; k++) {
        const function *f = &functions[k];
        double worst = 0, at = 0;
        for (size_t i = 0; i < SAMPLES; i += 13) {
            const double x = sample(f, i);
            const double error = error_of_double(f->scalar(x), f->truth(x));
            if (error > worst) {
                worst = error;
                at = x;
            }
        }
        check_worst(f->name, worst, at, f->ulp);
    }
}

static void array_functions_are_accurate(void **state)
{
    sl_real x[1000], y[1000];
    (void)state;
    for (size_t k = 0; k < FUNCTIONS; k++) {
        const function *f = &functions[k];
        double worst = 0, at = 0;
        if (f->array == NULL)
            continue;
        for (size_t begin = 0; begin < SAMPLES; begin += 7 * 1000) {
            for (size_t i = 0; i < 1000; i++)
                x[i] = sample_real(f, (begin + 7 * i) % SAMPLES);
            f->array(SL_ISA_PLAIN, y, x, 1000);
            for (size_t i = 0; i < 1000; i++) {
                const double error = error_of_real(y[i], f->truth((long double)x[i]));
                if (error > worst) {
                    worst = error;
                    at = (double)x[i];
                }
            }
        }
        check_worst(f->name, worst, at, sizeof(sl_real) == sizeof(double) ? f->ulp : f->ulp_real);
    }
}

static double special(size_t i)
{
    static const double positive[SPECIALS] = {
        0,        0x1p-1074, 0x1p-1022, 0x1p-149,  0x1p-126,    0x1p-60,     0x1p-25,
        0.25,     0.5,       0.75,      1,         1 + 0x1p-52, 1 + 0x1p-23, 1.5,
        2,        3,         4,         88.722839, 104,         709.7827128, 745.2,
        0x1p+22,  8388607.5, 16777215,  0x1p+24,   0x1p+53 - 1, 0x1p+127,    0x1.fffffffffffffp+1023,
        HUGE_VAL,
    };
    if (i == 2 * SPECIALS)
        return (double)NAN;
    return i < SPECIALS ? positive[i] : -positive[i - SPECIALS];
}

static void special_values_are_libms(void **state)
{
    (void)state;
    for (size_t k = 0; k < FUNCTIONS; k++) {
        const function *f = &functions[k];
        for (size_t i = 0; i <= 2 * SPECIALS; i++) {
            const double x = special(i);
            const sl_real real = (sl_real)x;
            check_error(f->name, error_of_double(f->scalar(x), f->truth(x)), x, f->ulp);
            if (f->inlined != NULL)
                check_error(f->name, error_of_real(f->inlined(real), f->truth((long double)real)),
                            (double)real, sizeof(sl_real) == sizeof(double) ? f->ulp : f->ulp_real);
        }
    }
    /* The double that lies nearest to a multiple of pi/2: its cosine is below 2^-60. */
    check_error("cos", error_of_double(sl_cos_d(0x1.6ac5b262ca1ffp+849), -0x1.14ae72e6ba22ef46p-61L),
                0x1.6ac5b262ca1ffp+849, 0.8);
}

static void check_pow(double x, double y, double *worst)
{
    const sl_real xr = (sl_real)x, yr = (sl_real)y;
    const double error = error_of_double(sl_pow_d(x, y), powl(x, y));
    const double error_real = error_of_real(sl_pow_r(xr, yr), powl((long double)xr, (long double)yr));
    sl_real array = xr;
    sl_pow_n(SL_ISA_PLAIN, &array, &array, yr, 1);
    assert_true(same_bits((double)array, (double)sl_pow_r(xr, yr)));
    if (!(error <= 0.77))
        fail_msg("pow(%a, %a) = %a is off by %.4f ulp", x, y, sl_pow_d(x, y), error);
    if (!(error_real <= (sizeof xr == sizeof x ? 0.77 : 0.51)))
        fail_msg("real pow(%a, %a) is off by %.4f ulp", (double)xr, (double)yr, error_real);
    *worst = error > *worst ? error : *worst;
}

/* Base from the bit patterns of double or float or near 1, exponent such that the result is within range. */
static double pow_argument(size_t i, double *y)
{
    const uint64_t noise = ((uint64_t)i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    const double unit = (double)(noise >> 12 & 0xffffffffff) * 0x1p-40;
    double x = i % 3 == 0   ? math_double(noise >> 1)
               : i % 3 == 1 ? unit * 8 + 0x1p-20
                            : 1 + (unit - 0.5) * 0x1p-10;
    const double size = i % 4 < 2 ? 150 : 1070;
    const double l = sl_log_d(x);
    *y = (2 * ((double)(noise >> 7 & 0xffffff) * 0x1p-24) - 1) * size * 0.693 / (l == 0 ? 1 : l);
    if (i % 5 == 0) {
        *y = (double)(int)(fabs(*y) < 1000 ? *y : 7);
        x = -x;
    }
    return x;
}

static void pow_is_accurate(void **state)
{
    double worst = 0;
    (void)state;
    for (size_t i = 0; i <= 2 * SPECIALS; i++) {
        for (size_t j = 0; j <= 2 * SPECIALS; j++)
            check_pow(special(i), special(j), &worst);
    }
    for (size_t i = 0; i < 100000; i++) {
        double y;
        const double x = pow_argument(i, &y);
        if (x == x && fabs(x) <= 1e308)
            check_pow(x, y, &worst);
    }
    check_worst("pow", worst, 0, 0.77);
}

static void check_near(double got, double want)
{
    if (!(fabs(got - want) <= 0.6e-7 * (1 + fabs(want))))
        fail_msg("%.9f is not %.7f", got, want);
}

/* Numbers to seven places as textbooks and lecture notes print them. */
static void known_numbers(void **state)
{
    static const struct {
        size_t function;
        double x, y;
    } known[] = {
        { 0, 1, 2.7182818 }, { 2, 10, 2.3025851 }, { 4, 0.5, 0.4621172 }, { 4, 1000, 1 },
        { 4, -1000, -1 },    { 5, 0, 0.5 },        { 5, 1, 0.7310586 },   { 5, -2, 0.1192029 },
        { 5, 1000, 1 },      { 5, -1000, 0 },      { 6, 0.5, 0.5204999 }, { 7, 1, 0.8414710 },
        { 8, 1, 0.5403023 }, { 9, 0, 0.6931472 },  { 9, -1000, 0 },       { 9, 3, 3.0485874 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const function *f = &functions[known[i].function];
        check_near(f->scalar(known[i].x), known[i].y);
        check_near((double)f->inlined((sl_real)known[i].x), known[i].y);
    }
    assert_true(sl_sigmoid_r(1000) == 1 && sl_sigmoid_r(-1000) == 0 && sl_sigmoid_r(0) == SL_R(0.5));
    assert_true(sl_tanh_r(1000) == 1 && sl_tanh_r(-1000) == -1 && sl_tanh_r(0) == 0);
    assert_true(sl_log1p_exp_r(1000) == 1000 && sl_log1p_exp_r(-1000) == 0);
    /* gelu(x) = x (1 + erf(x / sqrt 2)) / 2 at 1 and -1 */
    check_near(0.5 * (1 + (double)sl_erf_r(SL_R(0.70710678))), 0.8413447);
    check_near(-0.5 * (1 + (double)sl_erf_r(SL_R(-0.70710678))), -0.1586553);
    check_near(sl_pow_d(0.9, 10), 0.3486784);
    check_near((double)sl_pow_r(SL_R(0.5), SL_R(0.5)), 0.7071068);
}

static int wrong_digest(const char *name, const char *kind, uint64_t got, uint64_t want)
{
    if (got == want)
        return 0;
    print_error("%s (%s): the bits have digest 0x%016llx, not 0x%016llx\n", name, kind,
                (unsigned long long)got, (unsigned long long)want);
    return 1;
}

static sl_real values[SAMPLES];

static uint64_t digest_of_values(uint64_t digest)
{
    for (size_t i = 0; i < SAMPLES; i++)
        digest = digest_of(digest, (double)values[i]);
    return digest;
}

static int wrong_bits(const function *f)
{
    uint64_t digest = SL_DIGEST_START;
    int wrong;
    for (size_t i = 0; i < SAMPLES; i++)
        digest = digest_of(digest, f->scalar(sample(f, i)));
    wrong = wrong_digest(f->name, "double", digest, f->digest);
    if (f->array == NULL)
        return wrong;
    for (size_t i = 0; i < SAMPLES; i++)
        values[i] = sample_real(f, i);
    f->array(SL_ISA_PLAIN, values, values, SAMPLES);
    digest = digest_of_values(SL_DIGEST_START);
    if (sizeof(sl_real) == sizeof(double))
        return wrong + wrong_digest(f->name, "array", digest, f->digest);
    return wrong + wrong_digest(f->name, "float", digest, f->digest_real);
}

/* About a million results of each function, on every compiler, option and machine. */
static void bits_are_these(void **state)
{
    int wrong = 0;
    uint64_t digest = SL_DIGEST_START, digest_real = SL_DIGEST_START;
    (void)state;
    for (size_t k = 0; k < FUNCTIONS; k++)
        wrong += wrong_bits(&functions[k]);
    for (size_t i = 0; i < HALF; i++) {
        double y;
        const double x = pow_argument(i, &y);
        digest = digest_of(digest, sl_pow_d(x, y));
        digest_real = digest_of(digest_real, (double)sl_pow_r((sl_real)x, (sl_real)y));
    }
    for (size_t i = 0; i < SAMPLES; i++)
        values[i] = sample_real(&functions[1], i);
    sl_pow_n(SL_ISA_PLAIN, values, values, SL_R(-2.3), SAMPLES);
    digest_real = digest_of_values(digest_real);
    wrong += wrong_digest("pow", "double", digest, UINT64_C(0xa22d50d6d3d2cfca));
    wrong += wrong_digest("pow", "real", digest_real,
                          sizeof(sl_real) == sizeof(double) ? UINT64_C(0x77946baf306f3091)
                                                            : UINT64_C(0xce7f9df299528d89));
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalar_functions_are_accurate),
        cmocka_unit_test(array_functions_are_accurate),
        cmocka_unit_test(special_values_are_libms),
        cmocka_unit_test(pow_is_accurate),
        cmocka_unit_test(known_numbers),
        cmocka_unit_test(bits_are_these),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
