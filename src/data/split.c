/* split.c - cutting a part off, in each class alike. Every row has a random key that depends on the seed and
 * its place in the source alone; each class gives its rows with the smallest keys. So neither threads nor the
 * order of reading make a difference, and a row keeps its key when the data is cut again. */
#include "core/sort.h"
#include "data/data.h"
#include "core/random.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

enum { SPLIT_PIECE = 512 }; /* rows that are looked at together */

void sl_split_keys(const sl_data *all, size_t first, size_t count, uint64_t *keys)
{
    const uint64_t seed = sl_ctx_seed(all->ctx);
    size_t places[SPLIT_PIECE];
    for (size_t done = 0; done < count; done += SPLIT_PIECE) {
        const size_t piece = count - done < SPLIT_PIECE ? count - done : SPLIT_PIECE;
        sl_data_places(all, NULL, first + done, piece, places);
        for (size_t i = 0; i < piece; i++)
            keys[done + i] = sl_random_bits(seed, SL_FOR_SPLIT, 0, 0, places[i]);
    }
}

typedef struct { /* some rows, with the class and the key of each */
    const sl_data *data;
    int classes;
    size_t first, count;
    size_t class[SPLIT_PIECE];
    uint64_t key[SPLIT_PIECE];
} split_piece;

/* The rows behind those that it has. False: there are none, or they cannot be read. */
static bool split_next(split_piece *piece, bool keys)
{
    const sl_data *data = piece->data;
    double target[SPLIT_PIECE];
    piece->first += piece->count;
    const size_t left = data->rows - piece->first;
    piece->count = left < SPLIT_PIECE ? left : SPLIT_PIECE;
    if (!piece->count || (piece->classes > 0 && sl_data_targets(data, piece->first, piece->count, target)))
        return false;
    if (keys)
        sl_split_keys(data, piece->first, piece->count, piece->key);
    for (size_t i = 0; i < piece->count; i++)
        piece->class[i] = piece->classes > 0 ? (size_t)target[i] : 0;
    return true;
}

static size_t split_classes(int classes)
{
    return classes > 0 ? (size_t)classes : 1;
}

static sl_status split_count(const sl_data *data, int classes, size_t **rows)
{
    split_piece piece = { .data = data, .classes = classes };
    *rows = sl_alloc_array(data->ctx, split_classes(classes), sizeof **rows);
    while (*rows && split_next(&piece, false))
        for (size_t i = 0; i < piece.count; i++)
            ++(*rows)[piece.class[i]];
    return data->ctx->status;
}

/* --- the smallest keys ------------------------------------------------------------------------------ */

static int split_compare(const void *a, const void *b)
{
    const sl_ranked *x = a, *y = b;
    return sl_ranked_less(*y, *x) - sl_ranked_less(*x, *y);
}

typedef struct {
    size_t *bins; /* [classes, 1 << bits]: rows, by the first bits of their keys */
    size_t *bin;  /* [classes]: in which the wanted ones end */
    size_t *left; /* [classes]: how many of them lie in it */
    size_t *from; /* [classes]: where its rows are gathered */
    int bits;
    sl_ranked *ranked;
} split_work;

/* Keys are spread evenly, so their first bits settle it for all rows but the few of one bin a class. */
static void split_find_bins(split_work *w, size_t classes, const size_t *wanted, size_t *gathered)
{
    for (size_t c = 0; c < classes; c++) {
        const size_t *bins = w->bins + (c << w->bits);
        size_t before = 0;
        for (w->bin[c] = 0; before + bins[w->bin[c]] < wanted[c]; w->bin[c]++)
            before += bins[w->bin[c]];
        w->left[c] = wanted[c] - before;
        w->from[c] = *gathered;
        *gathered += wanted[c] ? bins[w->bin[c]] : 0;
    }
}

static void split_gather(split_work *w, const sl_data *all, int classes, const size_t *wanted)
{
    split_piece piece = { .data = all, .classes = classes };
    size_t *at = w->bins; /* not needed any more: how many of a class are there */
    memset(at, 0, split_classes(classes) * sizeof *at);
    while (split_next(&piece, true))
        for (size_t i = 0; i < piece.count; i++) {
            const size_t c = piece.class[i];
            if (wanted[c] && piece.key[i] >> (64 - w->bits) == w->bin[c])
                w->ranked[w->from[c] + at[c]++] = (sl_ranked){ piece.key[i], piece.first + i };
        }
}

sl_status sl_split_last(const sl_data *all, int classes, const size_t *wanted, sl_ranked *last)
{
    enum { MOST_BITS = 12, MOST_BINS = 1 << 20 };
    sl_ctx *ctx = all->ctx;
    const size_t count = split_classes(classes);
    split_work w = { .bits = 1 };
    while (w.bits < MOST_BITS && count << w.bits < MOST_BINS && all->rows >> w.bits > 1)
        w.bits++;
    split_piece piece = { .data = all, .classes = classes };
    size_t gathered = 0;
    w.bins = sl_alloc_array(ctx, count << w.bits, sizeof *w.bins);
    w.bin = sl_alloc_array(ctx, count, 3 * sizeof *w.bin);
    w.left = w.bin ? w.bin + count : NULL;
    w.from = w.bin ? w.left + count : NULL;
    while (!ctx->status && split_next(&piece, true))
        for (size_t i = 0; i < piece.count; i++)
            w.bins[(piece.class[i] << w.bits) + (size_t)(piece.key[i] >> (64 - w.bits))]++;
    if (!ctx->status) {
        split_find_bins(&w, count, wanted, &gathered);
        w.ranked = sl_alloc_array(ctx, gathered, sizeof *w.ranked);
    }
    if (w.ranked && !ctx->status)
        split_gather(&w, all, classes, wanted);
    for (size_t c = 0; c < count && !ctx->status; c++) {
        const size_t end = c + 1 < count ? w.from[c + 1] : gathered;
        sl_sort(w.ranked + w.from[c], end - w.from[c], sizeof *w.ranked, split_compare);
        last[c] = wanted[c] ? w.ranked[w.from[c] + w.left[c] - 1] : (sl_ranked){ 0 };
    }
    sl_free(ctx, w.bins);
    sl_free(ctx, w.bin);
    sl_free(ctx, w.ranked);
    return ctx->status;
}

/* --- two views ---------------------------------------------------------------------------------------- */

/* The rows whose key is at most the largest one kept, and the others; both in their old order. */
static sl_status split_views(sl_data *all, int classes, const size_t *wanted, const sl_ranked *last,
                             sl_data **cut_off, sl_data **rest)
{
    sl_ctx *ctx = all->ctx;
    sl_chosen *in = sl_chosen_new(ctx, all->rows), *out = sl_chosen_new(ctx, all->rows);
    split_piece piece = { .data = all, .classes = classes };
    while (in && out && split_next(&piece, true))
        for (size_t i = 0; i < piece.count; i++) {
            const size_t row = piece.first + i, c = piece.class[i];
            const bool kept = wanted[c] && !sl_ranked_less(last[c], (sl_ranked){ piece.key[i], row });
            sl_chosen_add(kept ? in : out, row);
        }
    if (ctx->status) {
        sl_chosen_free(in);
        sl_chosen_free(out);
        return ctx->status;
    }
    sl_chosen_close(in);
    sl_chosen_close(out);
    *cut_off = sl_data_view_chosen(all, in, "cut_off");
    *rest = sl_data_view_chosen(all, out, "rest");
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
    const size_t count = split_classes(classes);
    size_t cut = 0, *wanted = NULL;
    sl_ranked *last = NULL;
    if (!split_count(all, classes, &wanted))
        last = sl_alloc_array(ctx, count, sizeof *last);
    for (size_t i = 0; i < count && last; i++) {
        wanted[i] = (size_t)(fraction * (double)wanted[i] + 0.5);
        cut += wanted[i];
    }
    if (last && (cut == 0 || cut == all->rows))
        sl_fail(ctx, SL_EINVAL, "%s: a fraction of %s leaves %s of %zu rows: take a %s fraction", all->source,
                sl_number_text(number, fraction), cut ? "nothing" : "nothing to cut off", all->rows,
                cut ? "smaller" : "larger");
    if (!ctx->status && !sl_split_last(all, classes, wanted, last))
        split_views(all, classes, wanted, last, cut_off, rest);
    sl_free(ctx, wanted);
    sl_free(ctx, last);
    return ctx->status;
}

sl_data *sl_data_some(const sl_data *data, size_t most)
{
    sl_packed *packed = data->store->packed;
    const size_t room =
        packed ? sl_packed_memory(packed) / 2 / sizeof(double) / (size_t)data->store->columns->cells : most;
    most = room < most ? room + !room : most;
    const size_t wanted = most < data->rows ? most : data->rows;
    sl_ranked last = { 0 };
    sl_chosen *chosen = sl_chosen_new(data->ctx, data->rows);
    split_piece piece = { .data = data };
    if (!chosen || sl_split_last(data, 0, &wanted, &last)) {
        sl_chosen_free(chosen);
        return NULL;
    }
    while (split_next(&piece, true))
        for (size_t i = 0; i < piece.count; i++)
            if (!sl_ranked_less(last, (sl_ranked){ piece.key[i], piece.first + i }))
                sl_chosen_add(chosen, piece.first + i);
    sl_chosen_close(chosen);
    sl_data *some = sl_data_view_chosen(data, chosen, data->part);
    sl_data *loaded = some && packed ? sl_data_loaded(some) : some;
    if (loaded != some)
        sl_data_free(some);
    return loaded;
}

sl_status sl_data_split(sl_data *all, double fraction, sl_data **cut_off, sl_data **rest)
{
    if (!cut_off || !rest)
        return sl_fail(all ? all->ctx : NULL, SL_EINVAL, "sl_data_split: wants places for both parts");
    return sl_data_split_as(all, all ? all->classes : 0, fraction, cut_off, rest);
}

void sl_validation_tell(const sl_data *data, int classes, double share, const char *why)
{
    char number[32], rows[32];
    if (share > 0)
        sl_decided(data->ctx, "validation", sl_number_text(number, share),
                   "the default of sets of 50 rows and more%s; there are %s",
                   classes ? ", and 5 in each class" : "", sl_count_text(rows, data->rows));
    else
        sl_decided(data->ctx, "validation", "none", "%s", why);
}

bool sl_data_can_validate(const sl_data *data, int classes, char why[160])
{
    enum { ROWS = 50, A_CLASS = 5 };
    if (data->rows < ROWS) {
        snprintf(why, 160, "%zu rows are fewer than %d", data->rows, ROWS);
        return false;
    }
    size_t *held;
    bool enough = !split_count(data, classes, &held);
    snprintf(why, 160, "%s", enough ? "" : "its rows cannot be counted");
    for (int i = 0; enough && i < classes; i++) {
        enough = held[i] == 0 || held[i] >= A_CLASS;
        const char *name = sl_data_class_name(data, i);
        if (!enough && name)
            snprintf(why, 160, "class %.100s has %zu rows, fewer than %d", name, held[i], A_CLASS);
        else if (!enough)
            snprintf(why, 160, "class %d has %zu rows, fewer than %d", i, held[i], A_CLASS);
    }
    sl_free(data->ctx, held);
    return enough;
}
