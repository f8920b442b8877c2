/* views_levels.c - which n-grams there are: those of n words out of the kept ones of n - 1. Pairs of (feature
 * of the first words, last word) are dealt into parts by a hash, each part is counted by itself in memory
 * that fits a core's cache, and the kept ones are sorted: nothing depends on who counted. */
#include "core/os.h"
#include "text/views_parts.h"

#include <string.h>

enum { LEVELS_BITS = 6, LEVELS_PARTS = 1 << LEVELS_BITS, LEVELS_PIECES = 64 };

typedef struct {
    uint64_t key; /* prefix << 32 | word */
    uint32_t count, place;
} levels_record;

typedef struct {
    sl_ctx *ctx;
    const sl_views_corpus *corpus;
    const sl_view *view;
    sl_views_crew *crew;
    int *word; /* [tokens] the view's words */
    int *gram; /* [tokens] the feature of the n-gram that ends here, of the level before */
    size_t begin[LEVELS_PARTS + 1];
    size_t (*at)[LEVELS_PARTS]; /* [pieces] where a piece writes */
    uint64_t *key;              /* [entries]; later the different ones of each part, at its beginning */
    uint32_t *position, *local; /* [entries] */
    uint32_t *count;            /* [entries] of the different ones; later their features, plus 1 */
    size_t kept[LEVELS_PARTS], different[LEVELS_PARTS];
} levels_work;

static inline uint64_t levels_mix(uint64_t key)
{
    key = (key ^ key >> 29) * UINT64_C(0x9FB21C651E98DF25);
    return (key ^ key >> 32) * UINT64_C(0xD6E8FEB86659FD93);
}

static inline bool levels_key(const levels_work *work, size_t i, uint64_t *key)
{
    if (work->gram[i - 1] < 0 || work->word[i] < 0)
        return false;
    *key = (uint64_t)(uint32_t)work->gram[i - 1] << 32 | (uint32_t)work->word[i];
    return true;
}

static size_t levels_row(const levels_work *work, size_t piece)
{
    return work->corpus->rows * piece / LEVELS_PIECES;
}

static void levels_size(void *argument, size_t piece, int worker)
{
    (void)worker;
    levels_work *work = argument;
    const size_t *offset = work->corpus->offset;
    for (size_t row = levels_row(work, piece); row < levels_row(work, piece + 1); row++)
        for (size_t i = offset[row] + 1; i < offset[row + 1]; i++) {
            uint64_t key;
            if (levels_key(work, i, &key))
                work->at[piece][levels_mix(key) >> (64 - LEVELS_BITS)]++;
        }
}

static void levels_deal(void *argument, size_t piece, int worker)
{
    (void)worker;
    levels_work *work = argument;
    const size_t *offset = work->corpus->offset;
    for (size_t row = levels_row(work, piece); row < levels_row(work, piece + 1); row++)
        for (size_t i = offset[row] + 1; i < offset[row + 1]; i++) {
            uint64_t key;
            if (!levels_key(work, i, &key))
                continue;
            const size_t to = work->at[piece][levels_mix(key) >> (64 - LEVELS_BITS)]++;
            work->key[to] = key;
            work->position[to] = (uint32_t)i;
        }
}

/* How often each different pair occurs; of documents in how many rows, for which `last` has room. Entries
 * ascend. */
static uint32_t levels_tally(levels_work *work, size_t part, uint32_t *table, size_t mask, uint32_t *last)
{
    const size_t begin = work->begin[part], entries = work->begin[part + 1] - begin,
                 *offset = work->corpus->offset;
    uint64_t *key = work->key + begin;
    uint32_t *count = work->count + begin, different = 0, row = 0;
    for (size_t e = 0; e < entries; e++) {
        const uint64_t mine = key[e];
        size_t slot = (size_t)(levels_mix(mine) >> 16) & mask;
        while (table[slot] && key[table[slot] - 1] != mine)
            slot = (slot + 1) & mask;
        if (!table[slot]) {
            key[different] = mine; /* that place has been read */
            count[different] = 0;
            table[slot] = ++different;
        }
        const uint32_t d = table[slot] - 1;
        work->local[begin + e] = d;
        while (last && offset[row + 1] <= work->position[begin + e])
            row++;
        if (!last || last[d] != row + 1)
            count[d]++;
        if (last)
            last[d] = row + 1;
    }
    return different;
}

static void levels_count(void *argument, size_t part, int worker)
{
    levels_work *work = argument;
    sl_ctx *ctx = sl_views_crew_ctx(work->crew, worker);
    const size_t begin = work->begin[part], entries = work->begin[part + 1] - begin;
    int bits = 4;
    while (((size_t)1 << bits) < entries + entries / 2)
        bits++;
    const size_t mask = ((size_t)1 << bits) - 1;
    uint32_t *table = sl_alloc_array(ctx, mask + 1, sizeof *table), *last = NULL;
    if (table && work->view->kind == VIEWS_DOCUMENTS)
        last = sl_alloc_array(ctx, entries, sizeof *last);
    const uint32_t *count = work->count + begin,
                   different = ctx->status ? 0 : levels_tally(work, part, table, mask, last);
    sl_free(ctx, table);
    sl_free(ctx, last);
    const uint32_t least = (uint32_t)work->view->option[VIEWS_LEAST];
    size_t kept = 0;
    for (uint32_t d = 0; d < different; d++)
        kept += count[d] >= least;
    work->kept[part] = kept;
    work->different[part] = different;
}

/* Stable, by one byte of the key (0 .. 7) or of the count's complement (8 .. 11). */
static void levels_sort_byte(const levels_record *from, levels_record *to, size_t count, int byte)
{
    size_t begin[257] = { 0 };
#define LEVELS_BYTE(r) ((byte < 8 ? (r).key >> 8 * byte : (uint64_t) ~(r).count >> 8 * (byte - 8)) & 255)
    for (size_t i = 0; i < count; i++)
        begin[LEVELS_BYTE(from[i]) + 1]++;
    for (int b = 0; b < 256; b++)
        begin[b + 1] += begin[b];
    for (size_t i = 0; i < count; i++)
        to[begin[LEVELS_BYTE(from[i])]++] = from[i];
#undef LEVELS_BYTE
}

/* The frequent first, then by prefix and word; bytes that all have alike are passed over. */
static levels_record *levels_sort(levels_record *record, levels_record *other, size_t count)
{
    uint64_t any = 0;
    uint32_t counts = 0;
    for (size_t i = 0; i < count; i++) {
        any |= record[i].key ^ record[0].key;
        counts |= record[i].count ^ record[0].count;
    }
    for (int byte = 0; byte < 12; byte++) {
        if (!(byte < 8 ? any >> 8 * byte & 255 : counts >> 8 * (byte - 8) & 255))
            continue;
        levels_sort_byte(record, other, count, byte);
        levels_record *swap = record;
        record = other;
        other = swap;
    }
    return record;
}

static void levels_write(void *argument, size_t part, int worker)
{
    (void)worker;
    levels_work *work = argument;
    const uint32_t *feature = work->count + work->begin[part];
    for (size_t e = work->begin[part]; e < work->begin[part + 1]; e++)
        work->gram[work->position[e]] = (int)feature[work->local[e]] - 1;
}

/* The view's pairs and counts grow by the sorted records; count[] becomes features. */
static sl_status levels_take(levels_work *work, sl_view *view, int n, const levels_record *record,
                             size_t kept, size_t entries)
{
    sl_ctx *ctx = work->ctx;
    const size_t had = view->pairs.count, first = view->features;
    if (first + kept > INT32_MAX)
        return sl_fail(ctx, SL_EINVAL,
                       "view %s: more than %d n-grams: raise least=, or set hash=", view->name, INT32_MAX);
    sl_pair *pair = sl_resize(ctx, view->pairs.pair, (had + kept) * sizeof *pair);
    if (!pair)
        return ctx->status;
    view->pairs.pair = pair;
    int *count = sl_resize(ctx, view->count, (first + kept) * sizeof *count);
    if (!count)
        return ctx->status;
    view->count = count;
    memset(work->count, 0, entries * sizeof *work->count);
    for (size_t i = 0; i < kept; i++) {
        pair[had + i] = (sl_pair){ (int)(record[i].key >> 32), (int)(record[i].key & UINT32_MAX) };
        count[first + i] = record[i].count < INT32_MAX ? (int)record[i].count : INT32_MAX;
        work->count[record[i].place] = (uint32_t)(first + i) + 1;
    }
    view->pairs.count = had + kept;
    view->features = first + kept;
    for (int more = n; more <= VIEWS_LONGEST; more++)
        view->level[more] = view->features;
    return SL_OK;
}

static sl_status levels_records(levels_work *work, sl_view *view, int n, size_t entries)
{
    sl_ctx *ctx = work->ctx;
    size_t kept = 0, at = 0;
    for (int part = 0; part < LEVELS_PARTS; part++) {
        kept += work->kept[part];
        view->occurring += work->different[part];
    }
    levels_record *record = sl_alloc_unset(ctx, 2 * kept * sizeof *record);
    if (!record)
        return ctx->status;
    const uint32_t least = (uint32_t)view->option[VIEWS_LEAST];
    for (int part = 0; part < LEVELS_PARTS; part++)
        for (size_t d = work->begin[part]; d < work->begin[part] + work->different[part]; d++)
            if (work->count[d] >= least)
                record[at++] = (levels_record){ work->key[d], work->count[d], (uint32_t)d };
    const levels_record *sorted = kept ? levels_sort(record, record + kept, kept) : record;
    levels_take(work, view, n, sorted, kept, entries);
    sl_free(ctx, record);
    return ctx->status;
}

static sl_status levels_level(levels_work *work, sl_view *view, int n)
{
    sl_ctx *ctx = work->ctx;
    memset(work->at, 0, LEVELS_PIECES * sizeof *work->at);
    sl_pool_run(ctx->pool, LEVELS_PIECES, levels_size, work);
    size_t entries = 0;
    for (int part = 0; part < LEVELS_PARTS; part++) {
        work->begin[part] = entries;
        for (int piece = 0; piece < LEVELS_PIECES; piece++) {
            const size_t size = work->at[piece][part];
            work->at[piece][part] = entries;
            entries += size;
        }
    }
    work->begin[LEVELS_PARTS] = entries;
    work->key = sl_alloc_unset(ctx, entries * sizeof *work->key);
    work->position = sl_alloc_unset(ctx, entries * sizeof *work->position);
    work->local = sl_alloc_unset(ctx, entries * sizeof *work->local);
    work->count = sl_alloc_unset(ctx, entries * sizeof *work->count);
    if (!ctx->status) {
        sl_pool_run(ctx->pool, LEVELS_PIECES, levels_deal, work);
        if (!sl_views_crew_run(work->crew, LEVELS_PARTS, levels_count, work) &&
            !levels_records(work, view, n, entries)) {
            memset(work->gram, 0xFF, work->corpus->tokens * sizeof *work->gram);
            sl_pool_run(ctx->pool, LEVELS_PARTS, levels_write, work);
        }
    }
    sl_free(ctx, work->key);
    sl_free(ctx, work->position);
    sl_free(ctx, work->local);
    sl_free(ctx, work->count);
    return ctx->status;
}

sl_status sl_views_fit_levels(sl_ctx *ctx, const sl_views_corpus *corpus, sl_view *view, const int *became)
{
    levels_work *work = sl_alloc(ctx, sizeof *work);
    if (!work)
        return ctx->status;
    work->ctx = ctx;
    work->corpus = corpus;
    work->view = view;
    work->crew = sl_views_crew_new(ctx);
    work->word = sl_alloc_unset(ctx, (corpus->tokens + 1) * sizeof *work->word);
    work->gram = sl_alloc_unset(ctx, (corpus->tokens + 1) * sizeof *work->gram);
    work->at = sl_alloc(ctx, LEVELS_PIECES * sizeof *work->at);
    for (size_t row = 0; !ctx->status && row < corpus->rows; row++) {
        const size_t end = sl_views_corpus_most(corpus, view, row);
        for (size_t i = corpus->offset[row]; i < corpus->offset[row + 1]; i++)
            work->word[i] = work->gram[i] =
                i < end && corpus->id[i] >= 0 ? became[corpus->id[i]] : VIEWS_UNKNOWN;
    }
    for (int n = 2; n <= (int)view->option[VIEWS_NGRAMS] && !ctx->status; n++)
        levels_level(work, view, n);
    view->pairs.first = view->words.count;
    sl_free(ctx, work->word);
    sl_free(ctx, work->gram);
    sl_free(ctx, work->at);
    sl_views_crew_free(work->crew);
    sl_free(ctx, work);
    return ctx->status;
}

sl_status sl_views_cut(sl_ctx *ctx, sl_view *view, size_t most)
{
    size_t from[VIEWS_LONGEST + 1] = { 0 }, keep[VIEWS_LONGEST + 1] = { 0 };
    for (int n = 1; n <= VIEWS_LONGEST; n++)
        from[n] = n > 1 ? view->level[n - 1] : 0;
    for (size_t i = 0; i < most;
         i++) { /* the next is the most frequent of the levels' heads, shorter first */
        int best = 0;
        for (int n = 1; n <= VIEWS_LONGEST; n++)
            if (from[n] + keep[n] < view->level[n] &&
                (!best || view->count[from[n] + keep[n]] > view->count[from[best] + keep[best]]))
                best = n;
        if (!best)
            break;
        keep[best]++;
    }
    sl_vocabulary words;
    sl_vocabulary_init(&words, ctx);
    for (size_t i = 0; i < keep[1] && !ctx->status; i++) {
        size_t length;
        const char *word = sl_vocabulary_word(&view->words, i, &length);
        sl_vocabulary_add(&words, sl_text_hash(word, length), word, length);
    }
    if (ctx->status) {
        sl_vocabulary_free(&words);
        return ctx->status;
    }
    size_t to = keep[1], start = 0, before = 0; /* of the level before: where it began, where it begins now */
    for (int n = 2; n <= VIEWS_LONGEST; n++) {
        const size_t begins = to;
        for (size_t i = 0; i < keep[n]; i++, to++) {
            sl_pair pair = view->pairs.pair[from[n] + i - view->words.count];
            pair.prefix = (int)((size_t)pair.prefix - start + before);
            view->pairs.pair[to - keep[1]] = pair;
            view->count[to] = view->count[from[n] + i];
        }
        start = from[n];
        before = begins;
    }
    sl_vocabulary_free(&view->words);
    view->words = words;
    view->pairs.first = keep[1];
    view->pairs.count = to - keep[1];
    view->features = to;
    for (int n = 1; n <= VIEWS_LONGEST; n++)
        view->level[n] = (n > 1 ? view->level[n - 1] : 0) + keep[n];
    return SL_OK;
}
