/* profile.c - see profile.h and slope.h. The clock belongs to one row at a time: the innermost that was
 * begun. It is read before the books are kept at a row's end and after at its begin, so what that takes is
 * counted with the row around it. */
#include "core/profile.h"
#include "core/os.h"
#include "core/text.h"

#include <string.h>

enum { PROFILE_DEPTH = 16 }; /* deeper ones count as the row around them */

typedef struct {
    char *place; /* a copy: layers may be gone before the profile is read; NULL: none */
    const char *what, *how;
    sl_profile_row row;
} profile_line;

struct sl_profile {
    sl_ctx *ctx;
    profile_line *lines;
    int count, room, next; /* next: the line behind the last that was found, as steps repeat themselves */
    int open[PROFILE_DEPTH], depth;
    double last; /* on the clock: up to here all time is counted */
};

sl_profile *sl_profile_new(sl_ctx *ctx)
{
    if (!ctx || ctx->status)
        return NULL;
    sl_profile *p = sl_alloc(ctx, sizeof *p);
    if (p)
        p->ctx = ctx;
    return p;
}

void sl_profile_free(sl_profile *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->count; i++) {
        sl_free(p->ctx, p->lines[i].place);
        sl_free(p->ctx, (void *)(uintptr_t)p->lines[i].row.name);
    }
    sl_free(p->ctx, p->lines);
    sl_free(p->ctx, p);
}

bool sl_profile_at(const sl_profile *p, int index, sl_profile_row *row)
{
    if (!p || index < 0 || index >= p->count)
        return false;
    *row = p->lines[index].row;
    return true;
}

static bool profile_same(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static int profile_add(sl_profile *p, const char *place, const char *what, const char *how)
{
    if (p->count == p->room) {
        const int room = p->room ? 2 * p->room : 32;
        profile_line *more = sl_resize(p->ctx, p->lines, (size_t)room * sizeof *more);
        if (!more)
            return -1;
        p->lines = more;
        p->room = room;
    }
    sl_text name;
    sl_text_init(&name, p->ctx);
    if (place && !profile_same(place, what))
        sl_text_add(&name, "%s ", place);
    sl_text_put(&name, what);
    if (how)
        sl_text_add(&name, " %s", how);
    char *copy = sl_strdup(p->ctx, place);
    if (name.failed || (place && !copy)) {
        sl_text_free(&name);
        sl_free(p->ctx, copy);
        return -1;
    }
    p->lines[p->count] =
        (profile_line){ .place = copy, .what = what, .how = how, .row = { .name = name.bytes } };
    return p->count++;
}

/* -1: no memory for it, which the context then says. */
static int profile_find(sl_profile *p, const char *place, const char *what, const char *how)
{
    for (int i = 0; i < p->count; i++) {
        const int at = (p->next + i) % p->count;
        const profile_line *line = &p->lines[at];
        if (profile_same(line->what, what) && profile_same(line->how, how) &&
            profile_same(line->place, place)) {
            p->next = at + 1;
            return at;
        }
    }
    return profile_add(p, place, what, how);
}

/* The time since then goes to the innermost row. */
static void profile_count(sl_profile *p, double now)
{
    const int depth = p->depth < PROFILE_DEPTH ? p->depth : PROFILE_DEPTH;
    if (depth && p->open[depth - 1] >= 0)
        p->lines[p->open[depth - 1]].row.seconds += now - p->last;
    p->last = now;
}

void sl_profile_enter(sl_profile *p, const char *place, const char *what, const char *how)
{
    int at = profile_find(p, place, what, how);
    if (at < 0) /* its time is that of the row around it */
        at = p->depth && p->depth <= PROFILE_DEPTH ? p->open[p->depth - 1] : -1;
    else
        p->lines[at].row.calls++;
    profile_count(p, sl_os_seconds());
    if (p->depth < PROFILE_DEPTH)
        p->open[p->depth] = at;
    p->depth++;
}

void sl_profile_leave(sl_profile *p, const sl_cost *cost)
{
    profile_count(p, sl_os_seconds());
    p->depth--;
    if (!cost || p->depth >= PROFILE_DEPTH || p->open[p->depth] < 0)
        return;
    sl_profile_row *row = &p->lines[p->open[p->depth]].row;
    row->flops += cost->flops;
    row->bytes += cost->bytes;
    row->product = row->product || cost->product;
}

sl_profile *sl_profile_open(sl_ctx *ctx, sl_profile *profile)
{
    sl_profile *before = ctx->profile;
    if (profile) {
        ctx->profile = profile;
        sl_profile_enter(profile, NULL, "rest", NULL);
    }
    return before;
}

void sl_profile_close(sl_ctx *ctx, sl_profile *profile, sl_profile *before)
{
    if (profile) {
        sl_profile_leave(profile, NULL);
        ctx->profile = before;
    }
}
