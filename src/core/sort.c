/* sort.c - see sort.h. A merge sort whose merges go through a small room on the stack. Where the left side of
 * a merge does not fit, both are cut at the same value, and what lies between the cuts changes places, which
 * leaves two smaller merges (Dudzinski and Dydek, On a stable minimum storage merging algorithm, 1981). Every
 * cut lies within its side whatever a comparison says, so that one that contradicts itself does no harm. */
#include "core/sort.h"

#include <stdbool.h>
#include <string.h>

enum { SORT_ROOM = 8192 };

typedef struct {
    int (*compare)(const void *, const void *);
    size_t size;         /* of an element, bytes */
    size_t most;         /* elements that the room holds; 0: not even one */
    unsigned char *room; /* SORT_ROOM bytes */
} sort_job;

/* One element; the usual sizes without a call. */
static void sort_copy(unsigned char *to, const unsigned char *from, size_t size)
{
    if (size == 8)
        memcpy(to, from, 8);
    else if (size == 16)
        memcpy(to, from, 16);
    else
        memcpy(to, from, size);
}

/* Two places of so many bytes, apart from each other. */
static void sort_swap(const sort_job *job, unsigned char *a, unsigned char *b, size_t bytes)
{
    for (size_t part; bytes; bytes -= part, a += part, b += part) {
        part = bytes < SORT_ROOM ? bytes : SORT_ROOM;
        memcpy(job->room, a, part);
        memcpy(a, b, part);
        memcpy(b, job->room, part);
    }
}

/* `left` bytes and the `right` ones behind them change places; what is left after a swap is the same with
 * less. */
static void sort_rotate(const sort_job *job, unsigned char *at, size_t left, size_t right)
{
    while (left > SORT_ROOM && right > SORT_ROOM) {
        if (left <= right) { /* the left ones go to the end, and what was there is still to be moved */
            sort_swap(job, at, at + right, left);
            right -= left;
        } else {
            sort_swap(job, at, at + left, right);
            at += right;
            left -= right;
        }
    }
    if (left <= right) {
        memcpy(job->room, at, left);
        memmove(at, at + left, right);
        memcpy(at + right, job->room, left);
    } else {
        memcpy(job->room, at + left, right);
        memmove(at + right, at, left);
        memcpy(at, job->room, right);
    }
}

/* How many of `count` elements stand before `value` when it is put in: after, behind its equals, else before
 * them. */
static size_t sort_place(const sort_job *job, const unsigned char *at, size_t count,
                         const unsigned char *value, bool after)
{
    size_t low = 0;
    while (low < count) {
        const size_t middle = low + (count - low) / 2;
        const int order = job->compare(value, at + middle * job->size);
        if (order > 0 || (order == 0 && after))
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

/* The left ones wait in the room. Which side is next is chosen without a branch, for nobody can guess it. */
static void sort_through_room(const sort_job *job, unsigned char *at, size_t left, size_t right)
{
    const size_t size = job->size;
    const unsigned char *l = job->room, *l_end = l + left * size, *r = at + left * size,
                        *r_end = r + right * size;
    memcpy(job->room, at, left * size);
    while (l < l_end && r < r_end) {
        const bool second = job->compare(l, r) > 0;
        sort_copy(at, second ? r : l, size);
        r += second ? size : 0;
        l += second ? 0 : size;
        at += size;
    }
    memcpy(at, l, (size_t)(l_end - l)); /* right ones that are left stand in their places */
}

/* Two ordered runs, one behind the other. */
static void sort_merge(const sort_job *job, unsigned char *at, size_t left, size_t right)
{
    const size_t size = job->size;
    while (left && right) {
        unsigned char *middle = at + left * size;
        if (job->compare(middle - size, middle) <= 0)
            return;
        if (left <= job->most) {
            sort_through_room(job, at, left, right);
            return;
        }
        if (left == 1 && right == 1) {
            sort_rotate(job, at, size, size);
            return;
        }
        size_t before, beyond; /* of the left that stay, of the right that go before the others */
        if (left >= right) {
            before = left / 2;
            beyond = sort_place(job, middle, right, at + before * size, false);
        } else {
            beyond = right / 2;
            before = sort_place(job, at, left, middle + beyond * size, true);
        }
        sort_rotate(job, at + before * size, (left - before) * size, beyond * size);
        unsigned char *cut = at + (before + beyond) * size;
        const size_t rest = left - before, last = right - beyond;
        if (before + beyond < rest + last) { /* the smaller one by a call, so that few are open at a time */
            sort_merge(job, at, before, beyond);
            at = cut;
            left = rest;
            right = last;
        } else {
            sort_merge(job, cut, rest, last);
            left = before;
            right = beyond;
        }
    }
}

static void sort_all(const sort_job *job, unsigned char *at, size_t count)
{
    if (count < 2)
        return;
    const size_t left = count / 2;
    sort_all(job, at, left);
    sort_all(job, at + left * job->size, count - left);
    sort_merge(job, at, left, count - left);
}

void sl_sort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    _Alignas(max_align_t) unsigned char room[SORT_ROOM];
    const sort_job job = { compare, size, SORT_ROOM / size, room };
    sort_all(&job, base, count);
}
