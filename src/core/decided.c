/* decided.c - what was decided and not asked for, told to who wants to know (ctx.h). */
#include "core/ctx.h"

#include <stdarg.h>
#include <stdio.h>

bool sl_decides(const sl_ctx *ctx)
{
    return ctx->options.decided && !ctx->hushed;
}

void sl_decided(sl_ctx *ctx, const char *what, const char *chosen, const char *format, ...)
{
    if (!sl_decides(ctx))
        return;
    char reason[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    ctx->options.decided(ctx->options.decided_user, what, chosen, reason);
}

void sl_hush(sl_ctx *ctx)
{
    ctx->hushed++;
}

void sl_unhush(sl_ctx *ctx)
{
    ctx->hushed--;
}
