/* isa.c - see ctx.h: which instruction sets the machine has, and whether the compiler kept to the arithmetic
 * law. */
#include "core/ctx.h"

#include <string.h>

static const char *const isa_names[SL_ISA_COUNT] = { "plain", "simd128", "neon", "avx2", "avx512" };

static bool isa_on_machine(sl_isa isa)
{
#if defined(_WIN32) && !defined(__clang__) && !defined(SL_UNALIGNED_MOVES)
    /* gcc keeps vectors of 32 bytes on a stack of 16 there (its bug 54412): meson.build helps it out */
#elif defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    if (isa == SL_ISA_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == SL_ISA_AVX512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
#elif defined(__aarch64__)
    if (isa == SL_ISA_NEON)
        return true;
#elif defined(__wasm_simd128__)
    if (isa == SL_ISA_SIMD128)
        return true;
#endif
    return isa == SL_ISA_PLAIN;
}

const char *sl_isa_name(sl_isa isa)
{
    return isa_names[isa];
}

sl_status sl_isa_choose(sl_ctx *ctx)
{
    const char *wanted = ctx->options.isa;
    ctx->options.isa = NULL;
    int found = -1;
    for (int isa = SL_ISA_COUNT - 1; isa >= 0 && found < 0; isa--)
        if (wanted ? !strcmp(wanted, isa_names[isa]) : isa_on_machine((sl_isa)isa))
            found = isa;
    if (found < 0)
        return sl_fail(ctx, SL_EINVAL, "unknown instruction set '%s': plain, avx2, avx512, neon or simd128",
                       wanted);
    if (!isa_on_machine((sl_isa)found))
        return sl_fail(ctx, SL_EINVAL, "this machine has no %s: leave the instruction set out, or take plain",
                       wanted);
    ctx->isa = (sl_isa)found;
    return SL_OK;
}

/* A compiler that fuses a*b+c gives a tiny non-zero number here: 0.1*0.1 rounded, taken from the exact. Each
 * number is read anew: a product that is also wanted for itself, gcc would not fuse. */
SL_INLINE bool isa_contracts_body(void)
{
    volatile sl_real tenth = SL_R(0.1);
    const sl_real a = tenth, b = tenth;
    volatile sl_real kept = a * b;
    const sl_real rounded = kept, c = tenth, d = tenth;
    return c * d - rounded != 0;
}

#if defined(__x86_64__) && defined(__GNUC__) /* where only functions for a newer machine could fuse */
__attribute__((target("avx2,fma"))) static bool isa_contracts_avx2(void)
{
    return isa_contracts_body();
}
#endif

bool sl_isa_contracts(void)
{
#ifdef SL_LAW_FREE
    return false;
#elif defined(__x86_64__) && defined(__GNUC__)
    return isa_contracts_body() || (isa_on_machine(SL_ISA_AVX2) && isa_contracts_avx2());
#else
    return isa_contracts_body();
#endif
}
