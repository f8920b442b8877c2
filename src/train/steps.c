/* steps.c - see steps.h */
#include "train/steps.h"

#include <math.h>
#include <string.h>

static void steps_begin_row(sl_steps *s)
{
    s->count = 0;
    s->sum = 0;
    s->low = INFINITY;
    s->high = -INFINITY;
}

sl_status sl_steps_open(sl_steps *s, sl_ctx *ctx)
{
    *s = (sl_steps){ .stride = 1 };
    s->row = sl_alloc_array(ctx, SL_STEPS_MOST, sizeof *s->row);
    steps_begin_row(s);
    return ctx->status;
}

void sl_steps_close(sl_steps *s, sl_ctx *ctx)
{
    sl_free(ctx, s->row);
    s->row = NULL;
}

sl_steps_row sl_steps_part(const sl_steps *s, double lr)
{
    return (sl_steps_row){ (float)(s->sum / (double)s->count), (float)s->low, (float)s->high, (float)lr };
}

void sl_steps_end(sl_steps *s, double lr)
{
    s->row[s->rows++] = sl_steps_part(s, lr);
    steps_begin_row(s);
    if (s->rows < SL_STEPS_MOST)
        return;
    for (size_t i = 0; i < SL_STEPS_MOST / 2; i++) {
        const sl_steps_row a = s->row[2 * i], b = s->row[2 * i + 1];
        s->row[i] = (sl_steps_row){ (float)(((double)a.loss + (double)b.loss) / 2),
                                    b.low < a.low ? b.low : a.low, b.high > a.high ? b.high : a.high, b.lr };
    }
    s->rows = SL_STEPS_MOST / 2;
    s->stride *= 2;
}

void sl_steps_put(sl_steps *s, sl_safetensors_writer *writer)
{
    const double part[SL_STEPS_PART] = { (double)s->first, (double)s->stride,
                                         (double)s->count, s->sum,
                                         s->low,           s->high };
    memcpy(s->part, part, sizeof part);
    sl_safetensors_put(writer, "steps/part", SL_F64, sl_dims(SL_STEPS_PART), s->part);
    if (s->rows)
        sl_safetensors_put(writer, "steps/rows", SL_F32, sl_dims((int)s->rows, 4), s->row);
}

/* A whole number that a checkpoint may have; else 0, and *whole becomes false. */
static uint64_t steps_whole(double value, bool *whole)
{
    *whole = *whole && value >= 0 && value < 9e15 && value == (double)(uint64_t)value;
    return *whole ? (uint64_t)value : 0;
}

sl_status sl_steps_take(sl_steps *s, const sl_safetensors *file, uint64_t done)
{
    const sl_safetensor *part = sl_safetensors_find(file, "steps/part"),
                        *rows = sl_safetensors_find(file, "steps/rows");
    s->rows = 0;
    s->stride = 1;
    s->first = done;
    steps_begin_row(s);
    if (!part)
        return SL_OK;
    bool whole = part->dtype == SL_F64 && part->count == SL_STEPS_PART;
    if (whole)
        memcpy(s->part, part->bytes, sizeof s->part);
    s->rows = rows ? (size_t)rows->count / 4 : 0;
    s->first = steps_whole(s->part[0], &whole);
    s->stride = steps_whole(s->part[1], &whole);
    s->count = steps_whole(s->part[2], &whole);
    s->sum = s->part[3];
    s->low = s->part[4];
    s->high = s->part[5];
    whole = whole && s->rows < SL_STEPS_MOST && s->stride > 0 && s->count < s->stride &&
            s->stride <= done + 1 && s->first + s->rows * s->stride + s->count == done &&
            (!rows || (rows->dtype == SL_F32 && rows->count % 4 == 0));
    if (whole && rows)
        memcpy(s->row, rows->bytes, rows->size);
    if (!whole)
        return sl_fail(file->ctx, SL_EFORMAT,
                       "%s: the losses of its steps make no sense: the file is damaged", file->name);
    return SL_OK;
}
