/* split.c - cutting a part off, in each class alike. Every row has a random key that depends on the seed and
 * its place in the source alone; each class gives its rows with the smallest keys. So neither threads nor the
 * order of reading make a difference, and a row keeps its key when the data is cut again. */
#include "data/data.h"
#include "core/random.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    uint64_t key;
    size_t row;
} split_ranked;

typedef struct { /* the `wanted` smallest of a class so far: a heap, the largest at the top */
    size_t rows, wanted, filled;
    split_ranked *heap;
} split_class;

static bool split_less(split_ranked a, split_ranked b)
{
    return a.key != b.key ? a.key < b.key : a.row < b.row;
}

static void split_sink(split_ranked *heap, size_t count, split_ranked item)
{
    size_t at = 0, child = 1;
    while (child < count) {
        if (child + 1 < count && split_less(heap[child], heap[child + 1]))
            child++;
        if (!split_less(item, heap[child]))
            break;
        heap[at] = heap[child];
        at = child;
        child = 2 * at + 1;
    }
    heap[at] = item;
}

static void split_offer(split_class *class, split_ranked item)
{
    if (class->filled < class->wanted) {
        size_t at = class->filled++;
        while (at && split_less(class->heap[(at - 1) / 2], item)) {
            class->heap[at] = class->heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        class->heap[at] = item;
    } else if (class->wanted && split_less(item, class->heap[0])) {
        split_sink(class->heap, class->filled, item);
    }
}

static size_t split_source_row(const sl_data *data, size_t row)
{
    return data->order ? data->order[row] : row;
}

static size_t split_class_of(const sl_data *data, int classes, size_t row)
{
    return classes > 0 ? (size_t)sl_data_target(data, row) : 0;
}

static split_class *split_count(const sl_data *data, int classes)
{
    split_class *class = sl_alloc_array(data->ctx, classes > 0 ? (size_t)classes : 1, sizeof *class);
    for (size_t row = 0; class && row < data->rows; row++)
        class[split_class_of(data, classes, row)].rows++;
    return class;
}

/* The rows whose key is at most the largest one kept, and the others; both in their old order. */
static sl_status split_views(sl_data *all, int classes, const split_class *class, size_t cut,
                             sl_data **cut_off, sl_data **rest)
{
    size_t *in = sl_alloc_array(all->ctx, cut, sizeof *in);
    size_t *out = sl_alloc_array(all->ctx, all->rows - cut, sizeof *out);
    if (!in || !out) {
        sl_free(all->ctx, in);
        sl_free(all->ctx, out);
        return SL_ENOMEM;
    }
    size_t ins = 0, outs = 0;
    const uint64_t seed = sl_ctx_seed(all->ctx);
    for (size_t row = 0; row < all->rows; row++) {
        const split_class *own = class + split_class_of(all, classes, row);
        const uint64_t key = sl_random_bits(seed, SL_FOR_SPLIT, 0, 0, split_source_row(all, row));
        if (own->wanted && !split_less(own->heap[0], (split_ranked){ key, row }))
            in[ins++] = row;
        else
            out[outs++] = row;
    }
    *cut_off = sl_data_view(all, in, cut, "cut_off");
    *rest = sl_data_view(all, out, all->rows - cut, "rest");
    if (*cut_off && *rest)
        return SL_OK;
    sl_data_free(*cut_off);
    sl_data_free(*rest);
    *cut_off = *rest = NULL;
    return SL_ENOMEM;
}

sl_status sl_data_split_as(sl_data *all, int classes, double fraction, sl_data **cut_off, sl_data **rest)
{
    char number[32];
    *cut_off = *rest = NULL;
    if (!all)
        return SL_EINVAL;
    sl_ctx *ctx = all->ctx;
    if (!(fraction > 0 && fraction < 1))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: a fraction of %s cannot be cut off: wants more than 0, less than 1", all->source,
                       sl_number_text(number, fraction));
    split_class *class = split_count(all, classes);
    if (!class)
        return SL_ENOMEM;
    const size_t count = classes > 0 ? (size_t)classes : 1;
    size_t cut = 0, at = 0;
    for (size_t i = 0; i < count; i++) {
        class[i].wanted = (size_t)(fraction * (double)class[i].rows + 0.5);
        cut += class[i].wanted;
    }
    if (cut == 0 || cut == all->rows) {
        sl_free(ctx, class);
        return sl_fail(ctx, SL_EINVAL, "%s: a fraction of %s leaves %s of %zu rows: take a %s fraction",
                       all->source, sl_number_text(number, fraction), cut ? "nothing" : "nothing to cut off",
                       all->rows, cut ? "smaller" : "larger");
    }
    split_ranked *heaps = sl_alloc_array(ctx, cut, sizeof *heaps);
    sl_status status = heaps ? SL_OK : SL_ENOMEM;
    for (size_t i = 0; i < count && !status; at += class[i].wanted, i++)
        class[i].heap = heaps + at;
    const uint64_t seed = sl_ctx_seed(ctx);
    for (size_t row = 0; row < all->rows && !status; row++) {
        const uint64_t key = sl_random_bits(seed, SL_FOR_SPLIT, 0, 0, split_source_row(all, row));
        split_offer(class + split_class_of(all, classes, row), (split_ranked){ key, row });
    }
    if (!status)
        status = split_views(all, classes, class, cut, cut_off, rest);
    sl_free(ctx, heaps);
    sl_free(ctx, class);
    return status;
}

sl_status sl_data_split(sl_data *all, double fraction, sl_data **cut_off, sl_data **rest)
{
    return sl_data_split_as(all, all ? all->classes : 0, fraction, cut_off, rest);
}

bool sl_data_can_validate(const sl_data *data, int classes, char why[160])
{
    enum { ROWS = 50, A_CLASS = 5 };
    if (data->rows < ROWS) {
        snprintf(why, 160, "%zu rows are fewer than %d", data->rows, ROWS);
        return false;
    }
    split_class *class = split_count(data, classes);
    bool enough = class != NULL;
    snprintf(why, 160, "%s", enough ? "" : "out of memory");
    for (int i = 0; enough && i < classes; i++) {
        enough = class[i].rows == 0 || class[i].rows >= A_CLASS;
        const char *name = sl_data_class_name(data, i);
        if (!enough && name)
            snprintf(why, 160, "class %.100s has %zu rows, fewer than %d", name, class[i].rows, A_CLASS);
        else if (!enough)
            snprintf(why, 160, "class %d has %zu rows, fewer than %d", i, class[i].rows, A_CLASS);
    }
    sl_free(data->ctx, class);
    return enough;
}
