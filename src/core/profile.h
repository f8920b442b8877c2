/* profile.h - where the time goes: rows by name, each with the time that no row inside of it took. */
#ifndef SL_CORE_PROFILE_H
#define SL_CORE_PROFILE_H

#include "core/ctx.h"

typedef struct { /* of one call, counted from its formula */
    double flops, bytes;
    bool product;
} sl_cost;

/* From now on what runs in ctx is timed; the time between rows is that of the row "rest". Returns the profile
 * before, which sl_profile_close puts back. profile NULL: nothing changes. */
sl_profile *sl_profile_open(sl_ctx *ctx, sl_profile *profile);
void sl_profile_close(sl_ctx *ctx, sl_profile *profile, sl_profile *before);

/* The row named by these words (NULL: none; `what` twice: once) takes the time until sl_profile_end; they
 * nest. cost NULL: not counted. No profile: nothing happens. */
void sl_profile_enter(sl_profile *profile, const char *place, const char *what, const char *how);
void sl_profile_leave(sl_profile *profile, const sl_cost *cost);

static inline void sl_profile_begin(const sl_ctx *ctx, const char *what)
{
    if (ctx->profile)
        sl_profile_enter(ctx->profile, NULL, what, NULL);
}

static inline void sl_profile_end(const sl_ctx *ctx)
{
    if (ctx->profile)
        sl_profile_leave(ctx->profile, NULL);
}

#endif
