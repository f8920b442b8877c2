/* glyph.h - how people write the ten digits: the path of the pen's tip, in several variants a digit. */
#ifndef SL_DATA_GLYPH_H
#define SL_DATA_GLYPH_H

#include <stddef.h>

typedef enum {
    SL_GLYPH_SMOOTH, /* the path goes through here without a bend */
    SL_GLYPH_CORNER, /* it bends sharply */
    SL_GLYPH_START   /* the pen comes down: a new stroke */
} sl_glyph_kind;

typedef struct {
    signed char x, y; /* percent of the digit's box, y downwards */
    signed char kind;
} sl_glyph_point;

enum { SL_GLYPH_POINTS = 16 };

typedef struct {
    int digit;
    int weight;   /* how often, beside the digit's other variants */
    double width; /* of the box, in heights */
    sl_glyph_point points[SL_GLYPH_POINTS];
    size_t count;
} sl_glyph;

/* The variants of all digits, in order of the digit; *count of them. */
const sl_glyph *sl_glyphs(size_t *count);

#endif
