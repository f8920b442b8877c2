/* engine.h - what the engine's tests share: cmocka, contexts that count memory, random numbers that are not
 * the library's own, and comparisons that show what differs. For tests only.                              */
#ifndef TESTS_ENGINE_H
#define TESTS_ENGINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <cmocka.h>

#include "autograd/tape.h"
#include "autograd/trial.h"
#include "memory.h"
#include "slope.h"

enum { ENGINE_DOUBLE = sizeof(sl_real) == sizeof(double) };

/* Rounding in this build, for comparisons that allow some. */
static inline double engine_tolerance(double in_float, double in_double)
{
    return ENGINE_DOUBLE ? in_double : in_float;
}

/* xorshift64*, so that no test depends on the random numbers under test */
static inline uint64_t engine_bits(uint64_t *state)
{
    return sl_trial_bits(state);
}

static inline double engine_uniform(uint64_t *state, double low, double high)
{
    return sl_trial_uniform(state, low, high);
}

static inline size_t engine_below(uint64_t *state, size_t n)
{
    return sl_trial_below(state, n);
}

static inline void engine_fill(uint64_t *state, sl_real *v, size_t n, double low, double high)
{
    sl_trial_fill(state, v, n, low, high);
}

/* Numbers of all kinds: mostly ordinary, some zeros of both signs, denormal, huge, infinite, NaN. */
static inline void engine_fill_wild(uint64_t *state, sl_real *v, size_t n, bool wild)
{
    static const double special[] = { 0.0,   -0.0,     1e-310,    -3e-41, 1e-44, 3e38,
                                      -1e38, INFINITY, -INFINITY, NAN,    1 };
    for (size_t i = 0; i < n; i++)
        v[i] = wild && engine_below(state, 40) == 0
                   ? (sl_real)special[engine_below(state, sizeof special / sizeof *special)]
                   : (sl_real)engine_uniform(state, -2, 2);
}

/* The instruction sets of this machine, plain first; returns how many. */
static inline int engine_isas(sl_isa isas[SL_ISA_COUNT])
{
    static const char *const names[] = { "plain", "avx2", "avx512" };
    int count = 0;
    for (int i = 0; i < 3; i++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = names[i] });
        assert_non_null(ctx);
        if (sl_error(ctx))
            print_message("[   NOTE   ] not on this machine: %s\n", names[i]);
        else
            isas[count++] = ctx->isa;
        sl_ctx_free(ctx);
    }
    return count;
}

/* Really so many threads, also on a machine with fewer cores. isa NULL: the best; one that this machine lacks
 * is the context's error. */
static inline sl_ctx *engine_crew(const char *isa, int threads)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isa });
    assert_non_null(ctx);
    if (!sl_error(ctx))
        assert_int_equal(sl_ctx_crew(ctx, threads), SL_OK);
    return ctx;
}

static inline sl_ctx *engine_ctx(uint64_t seed)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = seed });
    assert_non_null(ctx);
    return ctx;
}

/* The context has no error; what it says otherwise is printed. */
static inline void engine_fine(const sl_ctx *ctx, const char *file, int line)
{
    if (sl_error(ctx)) {
        print_error("error %d: %s\n", (int)sl_error(ctx), sl_message(ctx));
        _fail(file, line);
    }
}
#define assert_fine(ctx) engine_fine(ctx, __FILE__, __LINE__)

/* The context has this error, and its sentence contains the piece; then it is cleared. */
static inline void engine_says(sl_ctx *ctx, sl_status status, const char *piece, const char *file, int line)
{
    if (sl_error(ctx) != status || !strstr(sl_message(ctx), piece)) {
        print_error("wanted error %d with '%s', found error %d: '%s'\n", (int)status, piece,
                    (int)sl_error(ctx), sl_message(ctx));
        _fail(file, line);
    }
    sl_clear(ctx);
}
#define assert_says(ctx, status, piece) engine_says(ctx, status, piece, __FILE__, __LINE__)

/* The same bits; a NaN equals every NaN. */
static inline bool engine_same(sl_real a, sl_real b)
{
    return (a != a && b != b) || !memcmp(&a, &b, sizeof a);
}

static inline void engine_bits_equal(const sl_real *a, const sl_real *b, size_t n, const char *file, int line)
{
    for (size_t i = 0; i < n; i++)
        if (!engine_same(a[i], b[i])) {
            print_error("element %zu of %zu: %.17g (%a) is not %.17g (%a)\n", i, n, (double)a[i],
                        (double)a[i], (double)b[i], (double)b[i]);
            _fail(file, line);
        }
}
#define assert_bits(a, b, n) engine_bits_equal(a, b, n, __FILE__, __LINE__)

/* |found - wanted| <= tolerance max(1, |wanted|) */
static inline void engine_near(double found, double wanted, double tolerance, const char *file, int line)
{
    const double size = fabs(wanted) > 1 ? fabs(wanted) : 1;
    if (!(fabs(found - wanted) <= tolerance * size)) {
        print_error("%.17g is not %.17g, off by %.3g, allowed %.3g\n", found, wanted, found - wanted,
                    tolerance * size);
        _fail(file, line);
    }
}
#define assert_near(found, wanted, tolerance)                                                                \
    engine_near((double)(found), (double)(wanted), tolerance, __FILE__, __LINE__)

/* The default of an activation's number. */
static inline sl_real engine_number(const sl_op *f)
{
    return sl_trial_number(f);
}

/* A learning tensor with these values. */
static inline sl_tensor *engine_param(sl_ctx *ctx, sl_shape shape, const sl_real *values)
{
    sl_tensor *t = sl_param(ctx, shape, "zeros");
    assert_non_null(t);
    memcpy(sl_values(t), values, sl_count(t) * sizeof *values);
    return t;
}

#endif
