/* ctx.c - see ctx.h and slope.h */
#include "core/ctx.h"
#include "core/os.h"
#include "core/threads.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CTX_ALIGN = 64, CTX_MAX_THREADS = 256, CTX_LARGE = 4 << 20 };

struct sl_block { /* stands right before the memory it describes */
    sl_block *previous, *next;
    size_t size; /* that the user asked for */
    void *raw;   /* what realloc gave */
};

struct sl_ending {
    sl_ending *next;
    void (*end)(void *what);
    void *what;
};

static void *ctx_libc_realloc(void *user, void *block, size_t old_size, size_t new_size)
{
    (void)user, (void)old_size;
    if (new_size == 0) {
        free(block);
        return NULL;
    }
    void *memory = realloc(block, new_size);
    if (memory && new_size >= CTX_LARGE)
        sl_os_large_pages(memory, new_size);
    return memory;
}

static size_t ctx_raw_size(size_t size)
{
    return size + sizeof(sl_block) + CTX_ALIGN;
}

static void ctx_full(sl_ctx *ctx, size_t size)
{
    if (!ctx->fixed) {
        sl_fail(ctx, SL_ENOMEM, "out of memory: %zu bytes wanted, %zu in use", size, ctx->bytes);
        return;
    }
    const sl_fixed_state state = sl_fixed_look(ctx->fixed);
    sl_fail(ctx, SL_ENOMEM,
            "out of memory: %zu bytes wanted; of the buffer's %zu bytes %zu are in use, and the largest "
            "free piece has %zu: a larger sl_ctx_options.buffer",
            size, state.size, state.used, state.largest);
}

void *sl_alloc_unset(sl_ctx *ctx, size_t size)
{
    if (!ctx)
        return NULL;
    void *raw = NULL;
    if (size <= SIZE_MAX / 2)
        raw = ctx->realloc(ctx->memory, NULL, 0, ctx_raw_size(size));
    if (!raw) {
        ctx_full(ctx, size);
        return NULL;
    }
    uintptr_t place = (uintptr_t)raw + sizeof(sl_block);
    place = (place + CTX_ALIGN - 1) / CTX_ALIGN * CTX_ALIGN;
    sl_block *block =
        (sl_block *)(void *)((unsigned char *)raw + (place - (uintptr_t)raw) - sizeof(sl_block));
    *block = (sl_block){ .next = ctx->blocks, .size = size, .raw = raw };
    if (ctx->blocks)
        ctx->blocks->previous = block;
    ctx->blocks = block;
    ctx->bytes += size;
    if (ctx->bytes > ctx->peak_bytes)
        ctx->peak_bytes = ctx->bytes;
    return block + 1;
}

void *sl_alloc(sl_ctx *ctx, size_t size)
{
    void *memory = sl_alloc_unset(ctx, size);
    return memory ? memset(memory, 0, size) : NULL;
}

void *sl_alloc_array(sl_ctx *ctx, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size) {
        sl_fail(ctx, SL_ENOMEM, "out of memory: %zu times %zu bytes wanted", count, size);
        return NULL;
    }
    return sl_alloc(ctx, count * size);
}

void *sl_alloc_numbers(sl_ctx *ctx, size_t count, size_t size)
{
    if (!ctx || !ctx->dry)
        return sl_alloc_array(ctx, count, size);
    if (size && count > (SIZE_MAX / 2 - ctx->bytes) / size) {
        sl_fail(ctx, SL_ENOMEM, "out of memory: %zu times %zu bytes wanted, %zu in use", count, size,
                ctx->bytes);
        return NULL;
    }
    void *memory = sl_alloc(ctx, 0);
    if (memory)
        ctx->bytes += count * size;
    return memory;
}

void sl_free(sl_ctx *ctx, void *memory)
{
    if (!memory)
        return;
    sl_block *block = (sl_block *)memory - 1;
    if (block->previous)
        block->previous->next = block->next;
    else
        ctx->blocks = block->next;
    if (block->next)
        block->next->previous = block->previous;
    ctx->bytes -= block->size;
    ctx->realloc(ctx->memory, block->raw, ctx_raw_size(block->size), 0);
}

void *sl_resize(sl_ctx *ctx, void *memory, size_t size)
{
    if (!memory)
        return sl_alloc(ctx, size);
    const sl_block *block = (sl_block *)memory - 1;
    void *larger = sl_alloc(ctx, size);
    if (!larger)
        return NULL;
    memcpy(larger, memory, block->size < size ? block->size : size);
    sl_free(ctx, memory);
    return larger;
}

char *sl_strndup(sl_ctx *ctx, const char *text, size_t length)
{
    char *copy = sl_alloc(ctx, length + 1);
    if (copy && length)
        memcpy(copy, text, length);
    return copy;
}

char *sl_strdup(sl_ctx *ctx, const char *text)
{
    return text ? sl_strndup(ctx, text, strlen(text)) : NULL;
}

void sl_ctx_ends(sl_ctx *ctx, void (*end)(void *what), void *what)
{
    sl_ending *ending = what ? sl_alloc(ctx, sizeof *ending) : NULL;
    if (!ending)
        return;
    *ending = (sl_ending){ .next = ctx->endings, .end = end, .what = what };
    ctx->endings = ending;
}

void sl_ctx_ended(sl_ctx *ctx, const void *what)
{
    for (sl_ending **at = &ctx->endings; *at; at = &(*at)->next)
        if ((*at)->what == what) {
            sl_ending *ended = *at;
            *at = ended->next;
            sl_free(ctx, ended);
            return;
        }
}

sl_status sl_fail(sl_ctx *ctx, sl_status status, const char *format, ...)
{
    if (!ctx || ctx->status != SL_OK)
        return status;
    ctx->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ctx->message, sizeof ctx->message, format, arguments);
    va_end(arguments);
    return status;
}

void sl_fail_at(sl_ctx *ctx, const char *place)
{
    const size_t prefix = strlen(place) + 2, size = sizeof ctx->message;
    if (prefix >= size)
        return;
    size_t length = strlen(ctx->message);
    if (length > size - 1 - prefix)
        length = size - 1 - prefix;
    memmove(ctx->message + prefix, ctx->message, length);
    memcpy(ctx->message, place, prefix - 2);
    memcpy(ctx->message + prefix - 2, ": ", 2);
    ctx->message[prefix + length] = 0;
}

void sl_log(sl_ctx *ctx, const char *format, ...)
{
    if (!ctx->options.log || ctx->hushed)
        return;
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    ctx->options.log(ctx->options.user, line);
}

sl_status sl_ctx_crew(sl_ctx *ctx, int threads)
{
    sl_pool_free(ctx->pool);
    sl_free(ctx, ctx->workspace); /* it has a part for each thread */
    ctx->pool = NULL;
    ctx->workspace = NULL;
    if (threads > 1)
        ctx->pool = sl_pool_new(ctx, threads);
    return ctx->status;
}

/* What a new context found out by itself. */
static void ctx_decided(sl_ctx *ctx, const sl_ctx_options *asked)
{
    char chosen[32];
    snprintf(chosen, sizeof chosen, "%d", sl_ctx_threads(ctx));
    if (!asked->seed)
        sl_decided(ctx, "seed", "1", "the default: the same answer each time");
    if (!asked->threads)
        sl_decided(ctx, "threads", chosen, "the default of the library");
    else if (asked->threads > sl_ctx_threads(ctx))
        sl_decided(ctx, "threads", chosen, "%d were asked for, and this process may use %d core%s",
                   asked->threads, sl_os_cores(), sl_os_cores() == 1 ? "" : "s");
    if (!asked->isa)
        sl_decided(ctx, "instructions", sl_ctx_isa(ctx),
                   "the widest that this machine has and this program knows; no result depends on it");
}

sl_ctx *sl_ctx_new(const sl_ctx_options *options)
{
    if (sl_isa_contracts())
        return NULL;
    sl_ctx_options o = options ? *options : (sl_ctx_options){ 0 };
    if (o.seed == 0)
        o.seed = 1;
    sl_ctx start = { .options = o, .realloc = o.realloc ? o.realloc : ctx_libc_realloc, .memory = o.user };
    if (o.buffer) {
        start.memory = start.fixed = sl_fixed_new(o.buffer, o.buffer_size);
        start.realloc = sl_fixed_realloc;
        if (!start.fixed)
            return NULL;
    }
    sl_ctx *ctx = start.realloc(start.memory, NULL, 0, sizeof *ctx);
    if (!ctx)
        return NULL;
    *ctx = start;
    sl_isa_choose(ctx);
    if (o.buffer && o.realloc)
        sl_fail(ctx, SL_EINVAL, "buffer and realloc are given, and memory comes from one: leave one out");
    if (o.threads < 0 || o.threads > CTX_MAX_THREADS)
        sl_fail(ctx, SL_EINVAL, "threads is %d: wants 1 to %d", o.threads, CTX_MAX_THREADS);
    else if (o.threads > 1) { /* more than there are cores would only be in each other's way */
        const int cores = sl_os_cores();
        sl_ctx_crew(ctx, o.threads < cores ? o.threads : cores);
    }
    if (!ctx->status && sl_decides(ctx))
        ctx_decided(ctx, options);
    return ctx;
}

void sl_ctx_free(sl_ctx *ctx)
{
    if (!ctx)
        return;
    while (ctx->endings) {
        const sl_ending last = *ctx->endings;
        sl_ctx_ended(ctx, last.what);
        last.end(last.what);
    }
    sl_pool_free(ctx->pool);
    while (ctx->blocks)
        sl_free(ctx, ctx->blocks + 1);
    ctx->realloc(ctx->memory, ctx, sizeof *ctx, 0);
}

void sl_ctx_dry(sl_ctx *dry, const sl_ctx *ctx)
{
    *dry = (sl_ctx){ .options = ctx->options,
                     .realloc = ctx->realloc,
                     .memory = ctx->memory,
                     .fixed = ctx->fixed,
                     .isa = ctx->isa,
                     .pool = ctx->pool,
                     .dry = true };
    dry->options.log = NULL;
    dry->options.decided = NULL;
}

void sl_ctx_dry_end(sl_ctx *dry)
{
    while (dry->blocks)
        sl_free(dry, dry->blocks + 1);
}

sl_status sl_error(const sl_ctx *ctx)
{
    return ctx ? ctx->status : SL_ENOMEM;
}

const char *sl_message(const sl_ctx *ctx)
{
    return ctx ? ctx->message : "no context: out of memory, too small a buffer, or a build that fuses a*b+c";
}

void sl_clear(sl_ctx *ctx)
{
    if (ctx) {
        ctx->status = SL_OK;
        ctx->message[0] = 0;
    }
}

uint64_t sl_ctx_seed(const sl_ctx *ctx)
{
    return ctx ? ctx->options.seed : 0;
}

int sl_ctx_threads(const sl_ctx *ctx)
{
    return ctx ? sl_pool_threads(ctx->pool) : 0;
}

const char *sl_ctx_isa(const sl_ctx *ctx)
{
    return ctx ? sl_isa_name(ctx->isa) : NULL;
}

size_t sl_ctx_bytes(const sl_ctx *ctx)
{
    return ctx ? ctx->bytes : 0;
}

size_t sl_ctx_peak_bytes(const sl_ctx *ctx)
{
    return ctx ? ctx->peak_bytes : 0;
}

size_t sl_ctx_buffer_peak(const sl_ctx *ctx)
{
    return ctx && ctx->fixed ? sl_fixed_look(ctx->fixed).peak : 0;
}

const char *sl_version(void)
{
    return SLOPE_VERSION SL_LAW_NOTE;
}

int sl_usable_cores(void)
{
    return sl_os_cores();
}
