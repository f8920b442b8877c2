/* packed.c - see packed.h */
#include "data/packed.h"
#include "core/file.h"
#include "core/os.h"

#include <string.h>

enum {
    PACKED_VERSION = 1,
    PACKED_BLOCK = 4096,   /* rows */
    PACKED_LEAST = 17,     /* blocks: a window of an epoch's order, and the next one begun */
    PACKED_MOST = 40,      /* more are of no use: each is wanted in one window */
    PACKED_STEP = 1 << 18, /* bytes of one read, and of scratch */
    PACKED_GAP = 1 << 14,  /* bytes that are rather read in vain than left out by a second read */
    PACKED_WRITE = 1 << 20 /* bytes of one write */
};

typedef struct { /* at the front of the file, in the machine's own order of bytes */
    char magic[8];
    uint64_t version, width, rows, identity, complete;
} packed_header;

static const char packed_magic[8] = { 's', 'l', 'o', 'p', 'e', 'p', 'c', 'k' };

typedef struct {
    uint64_t owner, used; /* used: when, 0: free */
    size_t block;
} packed_slot;

struct sl_packed {
    sl_ctx *ctx;
    char *source, *path; /* path NULL: no name */
    int handle;
    size_t width, rows, memory, block;
    uint64_t identity, owners, clock;
    bool keep;
    double *waiting; /* rows to be written [waiting_room, width] */
    size_t waiting_rows, waiting_room;
    /* From the end of writing on; other threads may read, and they allocate nothing: */
    unsigned char *raw; /* what was read, rows in between included */
    double *scratch;
    size_t step; /* rows that have room in each of the two */
    packed_slot slot[PACKED_MOST];
    size_t slots;
    double *cells; /* [slots, block, width]; takes no real memory before it is used */
    sl_os_gate *gate;
};

static size_t packed_row(const sl_packed *p)
{
    return p->width * sizeof(double);
}

static const char *packed_name(const sl_packed *p)
{
    const char *folder = p->ctx->options.scratch;
    return p->path ? p->path : folder ? folder : "/tmp";
}

static sl_status packed_unwritable(const sl_packed *p, int error)
{
    char reason[64];
    return sl_fail(p->ctx, SL_EWRITE,
                   "%s: its rows are packed into a file, and %s%s cannot be written: %s: make room there, or "
                   "allow more memory",
                   p->source, p->path ? "" : "a temporary one in ", packed_name(p),
                   sl_os_reason(error, reason, sizeof reason));
}

static void packed_end(void *packed)
{
    sl_packed_free(packed);
}

static sl_packed *packed_make(sl_ctx *ctx, const sl_packed_plan *plan)
{
    sl_packed *p = sl_alloc(ctx, sizeof *p);
    if (!p)
        return NULL;
    p->ctx = ctx;
    p->handle = -1;
    p->width = plan->width;
    p->memory = plan->memory;
    p->block = plan->block ? plan->block : PACKED_BLOCK;
    p->identity = plan->identity;
    p->source = sl_strdup(ctx, plan->source);
    p->path = sl_strdup(ctx, plan->path);
    p->gate = sl_alloc(ctx, sl_os_gate_size());
    if (p->gate)
        sl_os_gate_init(p->gate);
    const size_t row = packed_row(p), slots = p->memory / row / p->block;
    p->slots = slots < PACKED_LEAST ? 0 : slots < PACKED_MOST ? slots : PACKED_MOST;
    p->step = row < PACKED_STEP ? PACKED_STEP / row : 1;
    sl_ctx_ends(ctx, packed_end, p); /* its file is closed then, and gone */
    if (!ctx->status)
        return p;
    sl_packed_free(p);
    return NULL;
}

void sl_packed_free(sl_packed *p)
{
    if (!p)
        return;
    sl_ctx_ended(p->ctx, p);
    if (p->handle >= 0)
        sl_os_close(p->handle);
    if (p->path && !p->keep && p->handle >= 0 && !sl_os_path_special(p->path)) /* a device stays */
        sl_os_remove_file(p->path);
    sl_free(p->ctx, p->cells);
    if (p->gate)
        sl_os_gate_free(p->gate);
    sl_free(p->ctx, p->gate);
    sl_free(p->ctx, p->waiting);
    sl_free(p->ctx, p->raw);
    sl_free(p->ctx, p->scratch);
    sl_free(p->ctx, p->source);
    sl_free(p->ctx, p->path);
    sl_free(p->ctx, p);
}

/* --- writing ---------------------------------------------------------------------------------------- */

/* Behind the header, which is all zero till the end. */
sl_packed *sl_packed_new(sl_ctx *ctx, const sl_packed_plan *plan)
{
    sl_packed *p = packed_make(ctx, plan);
    if (!p)
        return NULL;
    p->waiting_room = packed_row(p) < PACKED_WRITE ? PACKED_WRITE / packed_row(p) : 1;
    p->waiting = sl_alloc_unset(ctx, p->waiting_room * packed_row(p));
    const packed_header none = { .version = 0 };
    if (!ctx->status) {
        int error = 0;
        if (p->path && !sl_os_path_special(p->path)) /* who else has a pack of this name goes on with it */
            error = sl_os_remove_file(p->path);
        if (!error)
            error =
                p->path ? sl_os_open(p->path, 'u', &p->handle) : sl_os_temporary(packed_name(p), &p->handle);
        p->handle = error ? -1 : p->handle;
        error = error ? error : sl_os_write(p->handle, &none, sizeof none);
        if (error)
            packed_unwritable(p, error);
    }
    if (!ctx->status)
        return p;
    sl_packed_free(p);
    return NULL;
}

static sl_status packed_flush(sl_packed *p)
{
    const int error = sl_os_write(p->handle, p->waiting, p->waiting_rows * packed_row(p));
    p->waiting_rows = 0;
    return error ? packed_unwritable(p, error) : SL_OK;
}

sl_status sl_packed_add(sl_packed *p, const double *cells, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        memcpy(p->waiting + p->waiting_rows++ * p->width, cells + i * p->width, packed_row(p));
        p->rows++;
        if (p->waiting_rows == p->waiting_room && packed_flush(p))
            return p->ctx->status;
    }
    return SL_OK;
}

/* What reading needs. */
static sl_status packed_ready(sl_packed *p)
{
    p->raw = sl_alloc_unset(p->ctx, p->step * packed_row(p));
    p->scratch = sl_alloc_unset(p->ctx, p->step * packed_row(p));
    p->cells = p->slots ? sl_alloc_unset(p->ctx, p->slots * p->block * packed_row(p)) : NULL;
    return p->ctx->status;
}

static packed_header packed_head(const sl_packed *p)
{
    packed_header head = {
        .version = PACKED_VERSION, .width = p->width, .rows = p->rows, .identity = p->identity, .complete = 1
    };
    memcpy(head.magic, packed_magic, sizeof head.magic);
    return head;
}

sl_status sl_packed_finish(sl_packed *p)
{
    const packed_header head = packed_head(p);
    if (packed_flush(p))
        return p->ctx->status;
    sl_free(p->ctx, p->waiting);
    p->waiting = NULL;
    const int error = sl_os_write_at(p->handle, 0, &head, sizeof head);
    return error ? packed_unwritable(p, error) : packed_ready(p);
}

sl_packed *sl_packed_open(sl_ctx *ctx, const sl_packed_plan *plan)
{
    if (!plan->path || sl_os_path_kind(plan->path) != SL_PATH_FILE)
        return NULL;
    sl_packed *p = packed_make(ctx, plan);
    if (!p)
        return NULL;
    packed_header head = { .version = 0 };
    uint64_t size = 0;
    size_t got = 0;
    p->keep = true; /* it was there before */
    bool same = !sl_os_open(plan->path, 'r', &p->handle);
    same = same && !sl_os_size(p->handle, &size) && !sl_os_read_at(p->handle, 0, &head, sizeof head, &got) &&
           got == sizeof head;
    p->rows = same ? (size_t)head.rows : 0;
    const packed_header wanted = packed_head(p);
    same = same && p->rows && p->rows < SIZE_MAX / packed_row(p) && !memcmp(&head, &wanted, sizeof head) &&
           size == sizeof head + (uint64_t)p->rows * packed_row(p);
    if (!same) {
        sl_packed_free(p);
        return NULL;
    }
    if (!packed_ready(p))
        return p;
    sl_packed_free(p);
    return NULL;
}

/* --- asking ----------------------------------------------------------------------------------------- */

size_t sl_packed_rows(const sl_packed *p)
{
    return p->rows;
}

size_t sl_packed_memory(const sl_packed *p)
{
    return p->memory;
}

void sl_packed_keep(sl_packed *p, bool keep)
{
    p->keep = keep;
}

size_t sl_packed_block(const sl_packed *p)
{
    return p->block;
}

bool sl_packed_caches(const sl_packed *p)
{
    return p->slots > 0;
}

/* --- reading ---------------------------------------------------------------------------------------- */

void sl_packed_lock(sl_packed *p)
{
    sl_os_gate_lock(p->gate);
}

void sl_packed_unlock(sl_packed *p)
{
    sl_os_gate_unlock(p->gate);
}

double *sl_packed_scratch(sl_packed *p, size_t *rows)
{
    *rows = p->step;
    return p->scratch;
}

static sl_status packed_read_at(const sl_packed *p, sl_ctx *ctx, size_t row, size_t count, void *to)
{
    uint64_t at = sizeof(packed_header) + (uint64_t)row * packed_row(p);
    unsigned char *next = to;
    size_t left = count * packed_row(p);
    while (left) {
        size_t got = 0;
        const int error = sl_os_read_at(p->handle, at, next, left, &got);
        char reason[64];
        if (error)
            return sl_fail(ctx, SL_EFILE, "%s: its packed rows in %s cannot be read: %s", p->source,
                           packed_name(p), sl_os_reason(error, reason, sizeof reason));
        if (!got)
            return sl_fail(
                ctx, SL_EFILE,
                "%s: its packed rows in %s end before row %zu of %zu: the file was cut short while "
                "it was in use: begin again",
                p->source, packed_name(p), row + count - left / packed_row(p), p->rows);
        at += got;
        next += got;
        left -= got;
    }
    return SL_OK;
}

sl_status sl_packed_read(sl_packed *p, sl_ctx *ctx, const size_t *places, size_t count, double *to)
{
    const size_t row = packed_row(p), gap = PACKED_GAP / row;
    for (size_t i = 0, end; i < count; i = end) {
        const size_t first = places[i];
        bool dense = true;
        for (end = i + 1; end < count && places[end] > places[end - 1] &&
                          places[end] - places[end - 1] <= gap + 1 && places[end] - first < p->step;
             end++)
            dense = dense && places[end] == places[end - 1] + 1;
        const size_t span = places[end - 1] - first + 1;
        if (packed_read_at(p, ctx, first, span, dense ? (void *)(to + i * p->width) : p->raw))
            return ctx->status;
        for (size_t k = i; k < end && !dense; k++)
            memcpy(to + k * p->width, p->raw + (places[k] - first) * row, row);
    }
    return SL_OK;
}

/* --- blocks ----------------------------------------------------------------------------------------- */

uint64_t sl_packed_owner(sl_packed *p)
{
    sl_packed_lock(p);
    const uint64_t owner = ++p->owners;
    sl_packed_unlock(p);
    return owner;
}

double *sl_packed_hold(sl_packed *p, uint64_t owner, size_t block, bool *fresh)
{
    size_t at = 0;
    for (size_t i = 0; i < p->slots; i++) {
        *fresh = !p->slot[i].used || p->slot[i].block != block || p->slot[i].owner != owner;
        at = !*fresh || p->slot[i].used < p->slot[at].used ? i : at;
        if (!*fresh)
            break;
    }
    p->slot[at] = (packed_slot){ .owner = owner, .block = block, .used = ++p->clock };
    return p->cells + at * p->block * p->width;
}

void sl_packed_forget(sl_packed *p, const double *cells)
{
    p->slot[(size_t)(cells - p->cells) / (p->block * p->width)].used = 0;
}
