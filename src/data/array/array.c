/* array.c - see array.h: the values. */
#include "data/array/array.h"

#include <string.h>

sl_status sl_array_open(sl_ctx *ctx, sl_array *array, char *name, unsigned char *memory, size_t size)
{
    *array = (sl_array){ .name = name, .memory = memory };
    if (!sl_array_read_head(ctx, name, memory, size, &array->head)) {
        array->values = memory + array->head.head;
        return SL_OK;
    }
    sl_array_close(ctx, array);
    return ctx->status;
}

void sl_array_close(sl_ctx *ctx, sl_array *array)
{
    sl_free(ctx, array->name);
    sl_free(ctx, array->memory);
    *array = (sl_array){ 0 };
}

static uint64_t array_word(const unsigned char *b, size_t size, bool big)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word = word << 8 | b[big ? i : size - 1 - i];
    return word;
}

/* IEEE half precision, exactly. */
static double array_half(unsigned bits)
{
    const unsigned exponent = bits >> 10 & 31, fraction = bits & 1023;
    double value;
    if (exponent == 31) {
        const uint64_t pattern = fraction ? UINT64_C(0x7ff8000000000000) : UINT64_C(0x7ff0000000000000);
        memcpy(&value, &pattern, sizeof value);
    } else {
        value = (double)(exponent ? fraction + 1024 : fraction) / 16777216; /* 2^-24 */
        value *= (double)(UINT64_C(1) << (exponent ? exponent - 1 : 0));
    }
    return bits >> 15 ? -value : value;
}

static double array_number(const sl_array_head *h, const unsigned char *b)
{
    const uint64_t word = array_word(b, h->size, h->big);
    if (h->kind == 'b')
        return word != 0;
    if (h->kind == 'u')
        return (double)word;
    if (h->kind == 'i') {
        const uint64_t sign = UINT64_C(1) << (8 * h->size - 1);
        return word & sign ? -(double)(~word & (sign - 1)) - 1 : (double)word;
    }
    if (h->size == 2)
        return array_half((unsigned)word);
    if (h->size == 4) {
        const uint32_t half = (uint32_t)word;
        float value;
        memcpy(&value, &half, sizeof value);
        return (double)value;
    }
    double value;
    memcpy(&value, &word, sizeof value);
    return value;
}

/* In Fortran's order the first dimension runs fastest: where each feature of row 0 lies. */
static void array_places(const sl_array_head *h, size_t *place)
{
    for (size_t f = 0; f < h->features; f++) {
        size_t left = f, at = 0;
        for (int i = h->rank - 1; i > 0; i--) {
            size_t step = 1;
            for (int k = 0; k < i; k++)
                step *= h->dim[k];
            at += left % h->dim[i] * step;
            left /= h->dim[i];
        }
        place[f] = at;
    }
}

sl_status sl_array_numbers(sl_ctx *ctx, const sl_array *array, double *to, size_t stride)
{
    const sl_array_head *h = &array->head;
    const size_t features = h->features;
    const bool turned = h->fortran && h->rank > 1;
    size_t *place = turned ? sl_alloc_array(ctx, features, sizeof *place) : NULL;
    if (turned && !place)
        return ctx->status;
    if (turned)
        array_places(h, place);
    for (size_t row = 0; row < h->rows; row++)
        for (size_t f = 0; f < features; f++) {
            const size_t at = turned ? place[f] + row : row * features + f;
            to[row * stride + f] = array_number(h, array->values + at * h->size);
        }
    sl_free(ctx, place);
    return SL_OK;
}

sl_status sl_array_word(sl_ctx *ctx, const sl_array *array, size_t row, sl_text *text)
{
    const sl_array_head *h = &array->head;
    const unsigned char *from = array->values + row * h->size;
    size_t letters = h->size / 4;
    while (letters && !array_word(from + 4 * (letters - 1), 4, h->big)) /* zeros fill it up */
        letters--;
    sl_text_clear(text);
    for (size_t i = 0; i < letters; i++) {
        const uint32_t c = (uint32_t)array_word(from + 4 * i, 4, h->big);
        char bytes[4];
        size_t count = 0;
        if (c < 32 || c == 127 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            return sl_fail(ctx, SL_EFORMAT, "%s: letter %zu of row %zu is U+%04X, which no name can hold",
                           array->name, i, row, (unsigned)c);
        if (c < 0x80) {
            bytes[count++] = (char)c;
        } else {
            if (c >= 0x10000)
                bytes[count++] = (char)(0xf0 | c >> 18);
            if (c >= 0x800)
                bytes[count++] = (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 63) : 0xe0 | c >> 12);
            bytes[count++] = (char)(c >= 0x800 ? 0x80 | (c >> 6 & 63) : 0xc0 | c >> 6);
            bytes[count++] = (char)(0x80 | (c & 63));
        }
        sl_text_bytes(text, bytes, count);
    }
    return text->failed ? ctx->status : SL_OK;
}
