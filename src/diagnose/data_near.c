/* data_near.c - rows beside rows: copies, contradictions, and what the nearest ones say. */
#include "core/digest.h"
#include "core/sort.h"
#include "diagnose/diagnose.h"

#include <math.h>

enum { NEAR = 7, NEAR_SURE = 6, NEAR_ROWS = 1000, NEAR_WORK = 200 * 1000 * 1000 };

typedef struct {
    uint64_t key;
    size_t row;
} near_key;

static int near_compare(const void *a, const void *b)
{
    const near_key *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->row > y->row) - (x->row < y->row);
}

static bool near_same(const sl_data_sample *s, size_t a, size_t b)
{
    for (size_t j = 0; j < s->inputs; j++)
        if (s->x[a * s->inputs + j] != s->x[b * s->inputs + j])
            return false;
    return true;
}

/* Rows with equal inputs have equal keys, and stand together once these are sorted. */
static sl_status near_copies(sl_ctx *ctx, const sl_data_sample *s, sl_data_look *look)
{
    near_key *keys = sl_alloc_array(ctx, s->rows, sizeof *keys);
    size_t copies = 0, contradicting = 0;
    if (!keys)
        return ctx->status;
    for (size_t i = 0; i < s->rows; i++) {
        uint64_t key = 0;
        for (size_t j = 0; j < s->inputs; j++) {
            const sl_real x = s->x[i * s->inputs + j] + 0; /* -0 is 0 */
            key = sl_digest_bytes(j ? key : SL_DIGEST_START, &x, sizeof x);
        }
        keys[i] = (near_key){ key, i };
    }
    sl_sort(keys, s->rows, sizeof *keys, near_compare);
    for (size_t first = 0, end; first < s->rows; first = end) {
        for (end = first + 1; end < s->rows && keys[end].key == keys[first].key; end++) {
        }
        bool other = false;
        size_t same = 1;
        for (size_t i = first + 1; i < end; i++)
            if (near_same(s, keys[first].row, keys[i].row)) {
                same++;
                other =
                    other || (s->y && s->y[keys[first].row * s->outputs] != s->y[keys[i].row * s->outputs]);
            }
        copies += same > 1 ? same : 0;
        contradicting += other ? same : 0;
    }
    sl_free(ctx, keys);
    look->copies = (double)copies / (double)s->rows;
    if (s->classes && s->y)
        look->contradicting = (double)contradicting / (double)s->rows;
    return SL_OK;
}

/* The nearest rows of row `i` among `count`, by standardised inputs z; of equally near ones the first. */
static size_t near_find(const double *z, size_t count, size_t inputs, size_t i, size_t found[NEAR])
{
    double far[NEAR];
    size_t have = 0;
    for (size_t r = 0; r < count; r++) {
        if (r == i)
            continue;
        double distance = 0;
        for (size_t j = 0; j < inputs; j++) {
            const double d = z[r * inputs + j] - z[i * inputs + j];
            distance += d * d;
        }
        size_t at = have;
        while (at && distance < far[at - 1])
            at--;
        if (at == NEAR)
            continue;
        have += have < NEAR;
        for (size_t k = have - 1; k > at; k--) {
            far[k] = far[k - 1];
            found[k] = found[k - 1];
        }
        far[at] = distance;
        found[at] = r;
    }
    return have;
}

static sl_status near_others(sl_ctx *ctx, const sl_data_sample *s, sl_data_look *look)
{
    size_t count = s->rows < NEAR_ROWS ? s->rows : NEAR_ROWS, found[NEAR];
    while (count > 100 && (double)count * (double)count * (double)s->inputs > NEAR_WORK)
        count = count * 9 / 10;
    double *z = sl_alloc_array(ctx, count * s->inputs, sizeof *z), *y = sl_alloc_array(ctx, count, sizeof *y);
    size_t *votes = sl_alloc_array(ctx, s->classes + 1, sizeof *votes), others = 0, agreed = 0, alone = 0;
    double squares = 0, mean = 0, variance = 0;
    for (size_t i = 0; i < count && !ctx->status; i++) {
        const size_t row = i * s->rows / count;
        for (size_t j = 0; j < s->inputs; j++)
            z[i * s->inputs + j] =
                s->dev[j] > 0 ? ((double)s->x[row * s->inputs + j] - s->mean[j]) / s->dev[j] : 0;
        y[i] = (double)s->y[row * s->outputs];
        mean += y[i] / (double)count;
    }
    for (size_t i = 0; i < count && !ctx->status; i++) {
        const size_t have = near_find(z, count, s->inputs, i, found);
        double sum = 0;
        size_t most = 0;
        for (size_t k = 0; k < s->classes; k++)
            votes[k] = 0;
        for (size_t k = 0; k < have; k++) {
            sum += y[found[k]];
            if (s->classes && ++votes[(size_t)y[found[k]]] > most)
                most = votes[(size_t)y[found[k]]];
        }
        if (s->classes) {
            const size_t own = votes[(size_t)y[i]];
            others += own < most;
            agreed += most >= NEAR_SURE;
            alone += own < most && most >= NEAR_SURE;
        }
        const double error = y[i] - sum / (double)(have ? have : 1);
        squares += error * error;
        variance += (y[i] - mean) * (y[i] - mean);
    }
    if (!ctx->status && count > NEAR) {
        look->neighbours = s->classes     ? (double)others / (double)count
                           : variance > 0 ? squares / variance
                                          : (double)NAN;
        if (s->classes) {
            look->agreed = (double)agreed / (double)count;
            look->alone = (double)alone / (double)count;
        }
    }
    sl_free(ctx, z);
    sl_free(ctx, y);
    sl_free(ctx, votes);
    return ctx->status;
}

sl_status sl_data_look_near(sl_ctx *ctx, const sl_data_sample *s, sl_data_look *look)
{
    if (near_copies(ctx, s, look) || !s->y)
        return ctx->status;
    return near_others(ctx, s, look);
}
