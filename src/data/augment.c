/* augment.c - see augment.h and slope.h */
#include "data/augment.h"
#include "core/option.h"
#include "core/threads.h"
#include "tensor/tensor.h"

#include <string.h>

enum {
    AUGMENT_MOST = 16, /* words */
    AUGMENT_APART =
        16, /* numbers: parts of the scratch begin on a cache line, lines of a field on a vector */
    AUGMENT_SIDE = 1 << 14,  /* pixels: place numbers fit into 32 bits */
    AUGMENT_A_TASK = 1 << 10 /* numbers: a round of the pool costs a microsecond or more */
};

typedef struct {
    const sl_augmentation *word;
    double values[SL_MOST_OPTIONS];
    sl_real *table;
    size_t scratch; /* where its own begins in a worker's */
} augment_item;

struct sl_augment {
    sl_ctx *ctx;
    sl_shape row;
    size_t features, height, width, channels, wide;
    augment_item items[AUGMENT_MOST];
    int count;
    bool reads;                /* some word moves or bends */
    size_t field, plane, size; /* of a worker's scratch: where they begin, and all its numbers */
    int workers;
    sl_real *scratch; /* [workers, size] */
    sl_text text;
};

/* --- from words ----------------------------------------------------------------------------------- */

static sl_status augment_add(sl_augment *a, const char *text, size_t length)
{
    sl_ctx *ctx = a->ctx;
    const size_t name = sl_option_name_length(text) < length ? sl_option_name_length(text) : length;
    const sl_augmentation *word = sl_augmentation_find(ctx, text, name);
    if (!word)
        return ctx->status;
    char place[64] = "augment ", shape[96];
    strncat(place, word->name, sizeof place - 16);
    for (int i = 0; i < a->count; i++)
        if (a->items[i].word == word)
            return sl_fail(ctx, SL_EINVAL, "%s is given twice: a larger amount does more", place);
    if (word->images && !a->height)
        return sl_fail(
            ctx, SL_ESHAPE,
            "%s wants pictures, [height, width] or [height, width, channels] of at most %d pixels a "
            "side, and a row here is %s: only noise is possible",
            place, AUGMENT_SIDE, sl_shape_text(shape, a->row));
    if (a->count == AUGMENT_MOST)
        return sl_fail(ctx, SL_EINVAL, "augment: more than %d words", AUGMENT_MOST);
    char *behind = sl_strndup(ctx, text + name, length - name);
    if (!behind)
        return SL_ENOMEM;
    augment_item *item = &a->items[a->count];
    item->word = word;
    const sl_status status = sl_options_read(ctx, place, word->options, behind, item->values, NULL);
    sl_free(ctx, behind);
    if (status)
        return status;
    sl_text_put(&a->text, a->count++ ? ", " : "");
    sl_options_describe(&a->text, word->name, word->options, item->values);
    a->reads = a->reads || word->move || word->bend;
    return a->text.failed ? SL_ENOMEM : SL_OK;
}

static sl_status augment_parse(sl_augment *a, const char *text)
{
    for (;;) {
        text += strspn(text, " \t\r\n");
        const size_t length = strcspn(text, ",");
        if (!length)
            return sl_fail(a->ctx, SL_EINVAL,
                           "augment: %s: wants words with commas between them, as in \"rotate 10, shift 1\"",
                           a->count || *text ? "a word is missing" : "the text is empty");
        if (augment_add(a, text, length))
            return a->ctx->status;
        text += length;
        if (!*text)
            return SL_OK;
        text++;
    }
}

static sl_augment_job augment_job(const sl_augment *a, const augment_item *item, sl_real *scratch)
{
    return (sl_augment_job){ .isa = a->ctx->isa,
                             .seed = a->ctx->options.seed,
                             .height = a->height,
                             .width = a->width,
                             .wide = a->wide,
                             .values = item->values,
                             .table = item->table,
                             .scratch = scratch };
}

static size_t augment_aligned(size_t numbers)
{
    return (numbers + AUGMENT_APART - 1) / AUGMENT_APART * AUGMENT_APART;
}

/* Tables, and for each worker a field, a plane, and what each word wants. */
static sl_status augment_reserve(sl_augment *a)
{
    sl_ctx *ctx = a->ctx;
    a->field = 0;
    a->plane = a->reads ? augment_aligned(a->height * 2 * a->wide) : 0;
    a->size = a->plane + (a->reads ? augment_aligned(sl_plane_count(a->height, a->width)) : 0);
    for (int i = 0; i < a->count; i++) {
        augment_item *item = &a->items[i];
        const sl_augment_job job = augment_job(a, item, NULL);
        const sl_augment_size size = item->word->size ? item->word->size(&job) : (sl_augment_size){ 0 };
        item->scratch = a->size;
        a->size += augment_aligned(size.scratch);
        if (size.table && !(item->table = sl_alloc_array(ctx, size.table, sizeof *item->table)))
            return SL_ENOMEM;
        if (item->word->prepare)
            item->word->prepare(&job, item->table);
    }
    a->workers = sl_pool_threads(ctx->pool);
    a->scratch = sl_alloc_array(ctx, a->size, (size_t)a->workers * sizeof *a->scratch);
    return a->scratch ? SL_OK : SL_ENOMEM;
}

sl_augment *sl_augment_new(sl_ctx *ctx, const char *text, sl_shape row)
{
    char shape[96];
    if (!ctx || ctx->status)
        return NULL;
    if (!text) {
        sl_fail(ctx, SL_EINVAL, "sl_augment_new: wants words, as in \"rotate 10, shift 1\", given NULL");
        return NULL;
    }
    sl_augment *a = sl_alloc(ctx, sizeof *a);
    if (!a)
        return NULL;
    a->ctx = ctx;
    a->row = row;
    sl_text_init(&a->text, ctx);
    a->features = 1;
    for (int i = 0; i < row.rank; i++) {
        if (row.dim[i] < 1 || a->features > INT32_MAX / (size_t)row.dim[i]) {
            sl_fail(ctx, SL_ESHAPE,
                    "sl_augment_new: rows of shape %s: wants dimensions of 1 and more, and at "
                    "most 2147483647 numbers",
                    sl_shape_text(shape, row));
            sl_augment_free(a);
            return NULL;
        }
        a->features *= (size_t)row.dim[i];
    }
    if ((row.rank == 2 || row.rank == 3) && row.dim[0] <= AUGMENT_SIDE && row.dim[1] <= AUGMENT_SIDE) {
        a->height = (size_t)row.dim[0];
        a->width = (size_t)row.dim[1];
        a->channels = row.rank == 3 ? (size_t)row.dim[2] : 1;
        a->wide = augment_aligned(a->width);
    }
    if (augment_parse(a, text) || augment_reserve(a)) {
        sl_augment_free(a);
        return NULL;
    }
    return a;
}

void sl_augment_free(sl_augment *a)
{
    if (!a)
        return;
    for (int i = 0; i < AUGMENT_MOST; i++)
        sl_free(a->ctx, a->items[i].table);
    sl_free(a->ctx, a->scratch);
    sl_text_free(&a->text);
    sl_free(a->ctx, a);
}

const char *sl_augment_text(const sl_augment *a)
{
    return a ? sl_text_string(&a->text) : "";
}

void sl_augment_describe(const sl_augment *a, sl_text *text)
{
    char value[160];
    for (int i = 0; i < a->count; i++) {
        const augment_item *item = &a->items[i];
        sl_text_add(text, "%s%s", i ? ", " : "", item->word->name);
        for (size_t o = 0; o < sl_options_count(item->word->options); o++) {
            const sl_option *option = &item->word->options[o];
            sl_text_add(text, " %s=%s", option->name, sl_option_value(value, option, item->values[o]));
        }
    }
}

/* --- on rows -------------------------------------------------------------------------------------- */

/* Block 0 of the random numbers of this word at this position. */
static void augment_counter(uint32_t counter[4], const sl_augmentation *word, uint32_t epoch, size_t position)
{
    const uint64_t high = (uint64_t)position >> 32;
    counter[0] = 0;
    counter[1] = (uint32_t)word->draws << 16 | (uint32_t)(high & 0xFFFF);
    counter[2] = (uint32_t)position;
    counter[3] = (uint32_t)SL_FOR_AUGMENT << 24 | (epoch & 0xFFFFFF);
}

static void augment_move(const sl_augment *a, const augment_item *item, uint32_t epoch, size_t position,
                         sl_warp *warp)
{
    uint32_t counter[4];
    double u[4];
    augment_counter(counter, item->word, epoch, position);
    const sl_random4 words = sl_philox(counter, a->ctx->options.seed);
    for (int i = 0; i < 4; i++)
        u[i] = (double)(int32_t)words.word[i] * 0x1p-31;
    item->word->move(item->values, u, warp);
}

static void augment_read(const sl_augment *a, sl_real *scratch, const sl_warp *warp, sl_real *x)
{
    for (size_t c = 0; c < a->channels; c++) {
        sl_plane_fill(scratch + a->plane, x + c, a->channels, a->height, a->width);
        sl_plane_read(a->ctx->isa, x + c, a->channels, scratch + a->plane, a->height, a->width, warp,
                      scratch + a->field);
    }
}

static const sl_warp augment_still = { 1, 0, 0, 0, 1, 0 };

static void augment_row(const sl_augment *a, sl_real *scratch, uint32_t epoch, size_t position, sl_real *x)
{
    sl_warp warp = augment_still;
    for (int i = 0; i < a->count; i++) {
        const augment_item *item = &a->items[i];
        sl_augment_job job = augment_job(a, item, scratch + item->scratch);
        augment_counter(job.counter, item->word, epoch, position);
        if (item->word->move)
            augment_move(a, item, epoch, position, &warp);
        if (item->word->bend)
            item->word->bend(&job, scratch + a->field);
    }
    if (a->reads && x)
        augment_read(a, scratch, &warp, x);
    for (int i = 0; i < a->count && x; i++) {
        const augment_item *item = &a->items[i];
        sl_augment_job job = augment_job(a, item, scratch + item->scratch);
        augment_counter(job.counter, item->word, epoch, position);
        if (item->word->stir)
            item->word->stir(&job, x, a->features);
    }
}

typedef struct {
    const sl_augment *augment;
    uint32_t epoch;
    size_t first, count, a_task;
    sl_real *x;
} augment_work;

static void augment_task(void *argument, size_t task, int worker)
{
    const augment_work *work = argument;
    const sl_augment *a = work->augment;
    const size_t begin = task * work->a_task;
    const size_t end = work->count - begin < work->a_task ? work->count : begin + work->a_task;
    for (size_t i = begin; i < end; i++)
        augment_row(a, a->scratch + (size_t)worker * a->size, work->epoch, work->first + i,
                    work->x + i * a->features);
}

void sl_augment_rows(sl_augment *a, uint32_t epoch, size_t first, size_t count, sl_real *x)
{
    augment_work work = { a, epoch, first, count, AUGMENT_A_TASK / a->features + 1, x };
    sl_pool *pool = sl_pool_threads(a->ctx->pool) <= a->workers ? a->ctx->pool : NULL;
    sl_pool_run(pool, (count + work.a_task - 1) / work.a_task, augment_task, &work);
}

sl_status sl_augment_batch(sl_augment *a, sl_tensor *x, size_t epoch, size_t first)
{
    if (!a || a->ctx->status)
        return a ? a->ctx->status : SL_EINVAL;
    char found[96], wanted[96];
    const sl_shape shape = sl_shape_of(x);
    sl_real *values = sl_values(x);
    if (!values || x->tape)
        return sl_fail(
            a->ctx, SL_EINVAL,
            "sl_augment_batch: x is %s: wants a tensor of sl_tensor_new, which is changed in place",
            x ? "a result of the tape" : "NULL");
    if (epoch >> 24)
        return sl_fail(a->ctx, SL_EINVAL, "sl_augment_batch: epoch %zu: wants 0 to 16777215", epoch);
    if (shape.rank != a->row.rank + 1 ||
        memcmp(shape.dim + 1, a->row.dim, (size_t)a->row.rank * sizeof *shape.dim) != 0)
        return sl_fail(a->ctx, SL_ESHAPE,
                       "sl_augment_batch: x is %s: wants [rows, ...] with rows of shape %s",
                       sl_shape_text(found, shape), sl_shape_text(wanted, a->row));
    sl_augment_rows(a, (uint32_t)epoch, first, (size_t)shape.dim[0], values);
    return SL_OK;
}

/* --- for tests ------------------------------------------------------------------------------------ */

void sl_augment_warp(sl_augment *a, const sl_warp *warp, sl_real *x)
{
    memset(a->scratch + a->field, 0, a->plane * sizeof *a->scratch);
    augment_read(a, a->scratch, warp, x);
}

const sl_real *sl_augment_field(sl_augment *a, uint32_t epoch, size_t position)
{
    augment_row(a, a->scratch, epoch, position, NULL);
    return a->reads ? a->scratch + a->field : NULL;
}
