/* safetensors_copy.c - finding tensors and taking their elements out; see safetensors.h */
#include "model/safetensors.h"

#include <string.h>

const sl_safetensor *sl_safetensors_find(const sl_safetensors *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (!strcmp(file->tensors[i].name, name))
            return &file->tensors[i];
    return NULL;
}

const sl_safetensor *sl_safetensors_need(const sl_safetensors *file, const char *name)
{
    const sl_safetensor *t = sl_safetensors_find(file, name);
    if (!t)
        sl_fail(file->ctx, SL_EFORMAT, "%s: it holds no tensor '%s'", file->name, name);
    return t;
}

const char *sl_safetensors_metadata(const sl_safetensors *file, const char *key)
{
    return sl_json_string(file->metadata, key, NULL);
}

static float safetensors_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. Every one is a float. */
static float safetensors_half(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 0x1f,
                   fraction = half & 0x3ff;
    if (exponent == 0x1f) /* infinity, NaN */
        return safetensors_float(sign | 0x7f800000 | fraction << 13);
    if (exponent == 0) { /* zero, denormal: fraction * 2^-24 */
        const float magnitude = (float)fraction * 0x1p-24f;
        return sign ? -magnitude : magnitude;
    }
    return safetensors_float(sign | (exponent + 127 - 15) << 23 | fraction << 13);
}

static double safetensors_real(sl_dtype dtype, const unsigned char *at)
{
    if (dtype == SL_F64) {
        double value;
        memcpy(&value, at, sizeof value);
        return value;
    }
    if (dtype == SL_F32) {
        float value;
        memcpy(&value, at, sizeof value);
        return (double)value;
    }
    uint16_t bits;
    memcpy(&bits, at, sizeof bits);
    return (double)(dtype == SL_BF16 ? safetensors_float((uint32_t)bits << 16) : safetensors_half(bits));
}

static int64_t safetensors_integer(sl_dtype dtype, const unsigned char *at)
{
    int64_t whole;
    int32_t half;
    int16_t quarter;
    switch (dtype) {
    case SL_I64:
        memcpy(&whole, at, sizeof whole);
        return whole;
    case SL_I32:
        memcpy(&half, at, sizeof half);
        return half;
    case SL_I16:
        memcpy(&quarter, at, sizeof quarter);
        return quarter;
    case SL_I8:
        return *at < 128 ? *at : *at - 256;
    default:
        return *at;
    }
}

static sl_status safetensors_fits(const sl_safetensor *t, size_t count, bool real)
{
    if (!t)
        return SL_EINVAL;
    char shape[96];
    if (t->count != count)
        return sl_fail(t->file->ctx, SL_ESHAPE, "%s: tensor '%s' wants %zu numbers, found %zu, shape %s",
                       t->file->name, t->name, count, t->count, sl_shape_text(shape, t->shape));
    if ((t->dtype <= SL_BF16) != real)
        return sl_fail(t->file->ctx, SL_EFORMAT, "%s: tensor '%s' wants %s, found %s", t->file->name, t->name,
                       real ? "real numbers (F32 F64 F16 BF16)" : "whole numbers (I64 I32 I16 I8 U8 BOOL)",
                       sl_dtype_name(t->dtype));
    return SL_OK;
}

sl_status sl_safetensors_copy_reals(const sl_safetensor *t, sl_real *out, size_t count)
{
    const sl_status status = safetensors_fits(t, count, true);
    if (status || !count)
        return status;
    if (t->dtype == SL_DTYPE_REAL) {
        memcpy(out, t->bytes, t->size);
        return SL_OK;
    }
    const size_t size = sl_dtype_size(t->dtype);
    for (size_t i = 0; i < count; i++)
        out[i] = (sl_real)safetensors_real(t->dtype, t->bytes + i * size);
    return SL_OK;
}

sl_status sl_safetensors_copy_integers(const sl_safetensor *t, int64_t *out, size_t count)
{
    const sl_status status = safetensors_fits(t, count, false);
    if (status)
        return status;
    const size_t size = sl_dtype_size(t->dtype);
    for (size_t i = 0; i < count; i++)
        out[i] = safetensors_integer(t->dtype, t->bytes + i * size);
    return SL_OK;
}
