/* workload.c - see workload.h */
#include "workload.h"

#include <stdlib.h>
#include <string.h>

/* What one batch teaches does not matter; several of them keep the data from living in the first cache. */
enum { WORKLOAD_BATCHES = 8 };

/* clang-format off */
static const workload_kind workload_all[] = {
    { "playground", { 2, 8, 8, 1 }, "tanh", "mean_squared", 10, 0, 0 },
    { "housing", { 8, 64, 64, 1 }, "relu", "mean_squared", 64, 0, 0 },
    { "reviews", { 300, 128, 1 }, "relu", "binary_cross_entropy", 64, 0, 0 },
    { "digits32", { 784, 128, 10 }, "relu", "cross_entropy", 32, 0, 0 },
    { "digits64", { 784, 128, 10 }, "relu", "cross_entropy", 64, 0, 0 },
    { "digits128", { 784, 128, 10 }, "relu", "cross_entropy", 128, 0, 0 },
    { "wide128", { 784, 1024, 1024, 10 }, "relu", "cross_entropy", 128, 0, 0 },
    { "wide256", { 784, 1024, 1024, 10 }, "relu", "cross_entropy", 256, 0, 0 },
    { "bagtext", { 100, 128, 2 }, "relu", "cross_entropy", 64, 20000, 250 },
    { "digits_infer1", { 784, 128, 10 }, "relu", NULL, 1, 0, 0 },
    { "digits_infer64", { 784, 128, 10 }, "relu", NULL, 64, 0, 0 },
    { "wide_infer1", { 784, 1024, 1024, 10 }, "relu", NULL, 1, 0, 0 },
    { "wide_infer64", { 784, 1024, 1024, 10 }, "relu", NULL, 64, 0, 0 },
};
/* clang-format on */

struct workload {
    const workload_kind *kind;
    sl_model *model;
    sl_tape *tape;
    sl_step *step; /* NULL: inference */
    sl_tensor *x[WORKLOAD_BATCHES], *y[WORKLOAD_BATCHES];
    sl_tensor *table;  /* of words; NULL: x holds numbers */
    int *ids;          /* of all batches, one after the other */
    size_t *offsets;   /* of one batch */
    sl_tensor *answer; /* of the last call, inference only */
    int next;          /* batch */
};

const workload_kind *workload_at(int index)
{
    return index >= 0 && index < (int)(sizeof workload_all / sizeof *workload_all) ? &workload_all[index]
                                                                                   : NULL;
}

const workload_kind *workload_find(const char *name)
{
    for (int i = 0; workload_at(i); i++)
        if (strcmp(workload_at(i)->name, name) == 0)
            return workload_at(i);
    return NULL;
}

static int workload_outputs(const workload_kind *kind, int *layers)
{
    int last = 0;
    while (last + 1 < WORKLOAD_SIZES && kind->sizes[last + 1])
        last++;
    *layers = last;
    return kind->sizes[last];
}

/* A number that depends on its place alone: two rounds of a multiplying hash (Vigna's splitmix64). */
static uint32_t workload_bits(uint64_t place)
{
    uint64_t z = (place + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ z >> 31) >> 32);
}

sl_real workload_number(uint64_t place)
{
    return (sl_real)((int)(workload_bits(place) >> 16) - 32768) / (sl_real)32768;
}

static void workload_fill(workload *w, int batch)
{
    const workload_kind *kind = w->kind;
    int layers;
    const int outputs = workload_outputs(kind, &layers), inputs = kind->sizes[0];
    sl_real *x = w->x[batch] ? sl_values(w->x[batch]) : NULL,
            *y = w->y[batch] ? sl_values(w->y[batch]) : NULL;
    for (int i = 0; i < kind->batch; i++) {
        const uint64_t row = (uint64_t)(batch * kind->batch + i) << 16;
        for (int j = 0; x && j < inputs; j++)
            x[(size_t)i * (size_t)inputs + (size_t)j] = workload_number(row + (uint64_t)j);
        const uint64_t target = row + UINT64_C(0xffff); /* no input's place */
        if (y && outputs > 1)
            y[i] = (sl_real)(workload_bits(target) % (uint32_t)outputs); /* a class */
        else if (y && strcmp(kind->loss, "mean_squared") == 0)
            y[i] = workload_number(target);
        else if (y)
            y[i] = (sl_real)(workload_bits(target) & 1);
    }
}

/* Words by Zipf's law, word r as often as 1 / (r + 1), in whole numbers. */
static bool workload_draw_words(workload *w)
{
    const workload_kind *kind = w->kind;
    const size_t words = (size_t)kind->words, tokens = (size_t)kind->tokens, batch = (size_t)kind->batch;
    const size_t all = WORKLOAD_BATCHES * batch * tokens;
    uint64_t *upto = malloc(words * sizeof *upto),
             total = 0; /* how many of `total` draws give words 0 .. r */
    w->ids = malloc(all * sizeof *w->ids);
    w->offsets = malloc((batch + 1) * sizeof *w->offsets);
    const bool made = upto && w->ids && w->offsets;
    for (size_t r = 0; made && r < words; r++)
        upto[r] = total += (UINT64_C(1) << 32) / (r + 1);
    for (size_t i = 0; made && i < all; i++) {
        const uint64_t draw = ((uint64_t)workload_bits(2 * i) << 32 | workload_bits(2 * i + 1)) % total;
        size_t low = 0, high = words - 1; /* the first word with upto > draw */
        while (low < high) {
            const size_t middle = (low + high) / 2;
            if (upto[middle] > draw)
                high = middle;
            else
                low = middle + 1;
        }
        w->ids[i] = (int)low;
    }
    for (size_t i = 0; made && i <= batch; i++)
        w->offsets[i] = i * tokens;
    free(upto);
    return made;
}

static bool workload_build(workload *w, sl_ctx *ctx)
{
    const workload_kind *kind = w->kind;
    sl_layer layers[WORKLOAD_SIZES + 1] = { sl_input(.units = kind->sizes[0]) };
    int last;
    const int outputs = workload_outputs(kind, &last);
    for (int i = 1; i <= last; i++)
        layers[i] = sl_dense(.units = kind->sizes[i], .activation = i < last ? kind->activation : NULL);
    w->model = sl_model_new(ctx, layers);
    w->tape = sl_tape_new(ctx, kind->loss ? SL_TRAIN : SL_INFER);
    if (!kind->loss)
        sl_tape_pack(w->tape); /* the weights stay as they are */
    sl_tensor *params[2 * WORKLOAD_SIZES + 1];
    int count = w->model ? sl_model_params(w->model) : 0;
    for (int i = 0; i < count; i++)
        params[i] = sl_model_param(w->model, i);
    if (kind->words) {
        w->table = params[count++] = sl_param(ctx, sl_dims(kind->words, kind->sizes[0]), "normal:0.1");
        if (!workload_draw_words(w))
            return false;
    }
    if (kind->loss)
        w->step = sl_step_new(ctx, sl_adam(.lr = (sl_real)1e-3), params, count);
    for (int batch = 0; batch < WORKLOAD_BATCHES && sl_error(ctx) == SL_OK; batch++) {
        if (!kind->words)
            w->x[batch] = sl_tensor_new(ctx, sl_dims(kind->batch, kind->sizes[0]), NULL);
        if (kind->loss)
            w->y[batch] = outputs > 1 ? sl_tensor_new(ctx, sl_dims(kind->batch), NULL)
                                      : sl_tensor_new(ctx, sl_dims(kind->batch, 1), NULL);
        if (sl_error(ctx) == SL_OK)
            workload_fill(w, batch);
    }
    return sl_error(ctx) == SL_OK;
}

workload *workload_new(sl_ctx *ctx, const char *name)
{
    const workload_kind *kind = workload_find(name);
    workload *w = kind ? calloc(1, sizeof *w) : NULL;
    if (!w)
        return NULL;
    w->kind = kind;
    if (workload_build(w, ctx))
        return w;
    workload_free(w);
    return NULL;
}

sl_status workload_step(workload *w)
{
    const char *loss_name = w->kind->loss;
    const int batch = w->next;
    w->next = (batch + 1) % WORKLOAD_BATCHES;
    if (!loss_name) {
        sl_tape_reset(w->tape);
        w->answer = sl_forward(w->tape, w->model, w->x[batch]);
        return w->answer ? SL_OK : SL_ENOMEM;
    }
    sl_tensor *x = w->x[batch], *loss;
    if (w->table) {
        const size_t first = (size_t)batch * (size_t)w->kind->batch * (size_t)w->kind->tokens;
        const sl_bags bags = { .ids = w->ids + first, .offsets = w->offsets, .count = w->kind->batch };
        x = sl_embedding_bag(w->tape, w->table, &bags, "mean");
    }
    sl_tensor *answer = sl_forward(w->tape, w->model, x);
    if (loss_name[0] == 'c')
        loss = sl_cross_entropy(w->tape, answer, w->y[batch]);
    else if (loss_name[0] == 'b')
        loss = sl_binary_cross_entropy(w->tape, answer, w->y[batch]);
    else
        loss = sl_mean_squared(w->tape, answer, w->y[batch]);
    const sl_status status = sl_backward(w->tape, loss);
    return status ? status : sl_step_apply(w->step);
}

uint64_t workload_digest_tensor(uint64_t digest, sl_tensor *t)
{
    const sl_real *values = sl_values(t);
    for (size_t i = 0; i < sl_count(t); i++) {
        const float value = (float)values[i];
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        for (int byte = 0; byte < 4; byte++, bits >>= 8)
            digest = (digest ^ (bits & 255)) * UINT64_C(0x100000001b3);
    }
    return digest;
}

uint64_t workload_digest(workload *w)
{
    if (w->kind->loss && !w->table)
        return sl_model_digest(w->model);
    uint64_t digest = WORKLOAD_DIGEST_START;
    if (w->table) {
        for (int i = 0; i < sl_model_params(w->model); i++)
            digest = workload_digest_tensor(digest, sl_model_param(w->model, i));
        return workload_digest_tensor(digest, w->table);
    }
    w->next = 0;
    for (int batch = 0; batch < WORKLOAD_BATCHES && workload_step(w) == SL_OK; batch++)
        digest = workload_digest_tensor(digest, w->answer);
    return digest;
}

double workload_flops(const workload *w)
{
    const workload_kind *kind = w->kind;
    double flops = 0;
    int last;
    workload_outputs(kind, &last);
    for (int i = 1; i <= last; i++) {
        /* forward and d weights; d inputs only where a layer wants it */
        const int products = !kind->loss ? 1 : i > 1 || kind->words ? 3 : 2;
        flops += 2.0 * products * kind->batch * kind->sizes[i - 1] * kind->sizes[i];
    }
    return flops;
}

void workload_free(workload *w)
{
    if (!w)
        return;
    for (int batch = 0; batch < WORKLOAD_BATCHES; batch++) {
        sl_tensor_free(w->x[batch]);
        sl_tensor_free(w->y[batch]);
    }
    sl_tensor_free(w->table);
    free(w->ids);
    free(w->offsets);
    sl_step_free(w->step);
    sl_tape_free(w->tape);
    sl_model_free(w->model);
    free(w);
}
