/* ctx.h - the context: memory, the first error, threads, seed. Everything hangs off it; nothing is global. */
#ifndef SL_CORE_CTX_H
#define SL_CORE_CTX_H

#include "core/fixed.h"
#include "core/real.h"

#if defined(__MINGW32__) && !defined(__clang__) /* there __printf__ is the system's, without %zu */
#    define SL_PRINTF(text, first) __attribute__((__format__(__gnu_printf__, text, first)))
#elif defined(__GNUC__)
#    define SL_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#    define SL_PRINTF(text, first)
#endif

typedef struct sl_block sl_block;
typedef struct sl_pool sl_pool;
typedef struct sl_node sl_node;
typedef struct sl_ending sl_ending;
typedef enum { SL_ISA_PLAIN, SL_ISA_SIMD128, SL_ISA_NEON, SL_ISA_AVX2, SL_ISA_AVX512, SL_ISA_COUNT } sl_isa;

enum { SL_MESSAGE = 8192 }; /* bytes: a headline and twenty lines of up to 380 (data/table/problems.h) */

struct sl_ctx {
    sl_ctx_options options;
    void *(*realloc)(void *memory, void *block, size_t old_size, size_t new_size); /* as in the options */
    void *memory;                                                                  /* handed to it */
    sl_fixed *fixed; /* the caller's buffer; NULL: there is none */
    sl_isa isa;
    sl_pool *pool; /* NULL: one thread */
    sl_real *
        workspace; /* of the matrix product: some for each thread; NULL before the first (kernel/product.h) */
    sl_block *blocks; /* all memory, newest first */
    sl_ending *endings;
    size_t bytes, peak_bytes;
    sl_profile *profile;  /* times what runs here (core/profile.h); NULL: nobody wants to know */
    bool dry;             /* made by sl_ctx_dry: counts memory, and nothing runs */
    int hushed;           /* above 0: what is said now was said before (sl_hush) */
    uint32_t params_made; /* numbers the sl_param calls, each its own stream of random numbers */
    sl_status status;
    char message[SL_MESSAGE];
};

/* --- memory: 64-byte aligned, zero filled, owned by the context ------------------------------------- */

/* NULL and SL_ENOMEM when there is none. Size 0 gives a valid pointer. */
void *sl_alloc(sl_ctx *ctx, size_t size);
void *sl_alloc_unset(sl_ctx *ctx, size_t size); /* not zero filled: for what is written at once */
void *sl_alloc_array(sl_ctx *ctx, size_t count, size_t size); /* checks the product */
/* As sl_alloc_array, for numbers: a dry context counts them, and gives no place to put them. */
void *sl_alloc_numbers(sl_ctx *ctx, size_t count, size_t size);
/* Keeps the first min(old, new) bytes and zeroes the rest; on failure the old block stays. */
void *sl_resize(sl_ctx *ctx, void *memory, size_t size);
void sl_free(sl_ctx *ctx, void *memory);        /* NULL is fine */
char *sl_strdup(sl_ctx *ctx, const char *text); /* NULL gives NULL, without an error */
char *sl_strndup(sl_ctx *ctx, const char *text, size_t length);

/* A context like `ctx` in which shapes are checked and memory is counted (dry->bytes), but operators do not
 * run and numbers have no place: what the same calls would take there, told by the calls themselves. Numbers
 * stay counted when they are freed. sl_ctx_dry_end frees all else.                                        */
void sl_ctx_dry(sl_ctx *dry, const sl_ctx *ctx);
void sl_ctx_dry_end(sl_ctx *dry);

/* For what holds something of the system's, a file or a lock: sl_ctx_free calls end(what), newest first,
 * unless sl_ctx_ended(what) was called before, or is called by it. Nothing happens where memory is out, or
 * for NULL. */
void sl_ctx_ends(sl_ctx *ctx, void (*end)(void *what), void *what);
void sl_ctx_ended(sl_ctx *ctx, const void *what);

/* --- the first error -------------------------------------------------------------------------------- */

/* Keeps the first failure and returns `status`: `return sl_fail(ctx, SL_EINVAL, "...", ...);` The sentence
 * names the place, shows what was found and what was wanted, and says the fix. No %f, %g, %e: they follow
 * the locale; use sl_number_text.                                                                   */
sl_status sl_fail(sl_ctx *ctx, sl_status status, const char *format, ...) SL_PRINTF(3, 4);
/* Puts `place` (with ": ") before the sentence of a failure that was just kept. */
void sl_fail_at(sl_ctx *ctx, const char *place);
/* Exactly so many threads from now on, 1 to 256, also where there are fewer cores. */
sl_status sl_ctx_crew(sl_ctx *ctx, int threads);
/* A remark to the log, one line. */
void sl_log(sl_ctx *ctx, const char *format, ...) SL_PRINTF(2, 3);
/* Neither remarks nor decisions until sl_unhush, as often: all of it was said before. */
void sl_hush(sl_ctx *ctx);
void sl_unhush(sl_ctx *ctx);

/* --- instruction sets, and the compiler: isa.c --------------------------------------------------------- */

const char *sl_isa_name(sl_isa isa);
/* The one that the options ask for, else the best of this machine; SL_EINVAL: it has not this one. */
sl_status sl_isa_choose(sl_ctx *ctx);
/* Does this build fuse a*b+c, where nobody asked for it? Then no result could be trusted. */
bool sl_isa_contracts(void);

/* --- decisions: decided.c ---------------------------------------------------------------------------- */

/* Something was decided that nobody asked for: what, what was chosen, and why, with its numbers. Called where
 * it is decided, and listed in docs/decisions.md. A name alike the option that decides otherwise: "loss". */
void sl_decided(sl_ctx *ctx, const char *what, const char *chosen, const char *format, ...) SL_PRINTF(4, 5);
bool sl_decides(const sl_ctx *ctx); /* does anybody want to know? Else reasons need not be made */

#endif
