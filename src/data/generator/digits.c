/* digits.c - handwriting-like digits, 28 x 28 grey bytes, white ink on black, drawn from strokes.
 *
 * A row: a variant of the digit's path (glyph.h), its points moved at random, a Catmull-Rom spline through
 * them (Catmull, Rom 1974), bent, narrowed, slanted and turned as a whole; then, as in MNIST (LeCun, Bottou,
 * Bengio, Haffner 1998), scaled until its longer side is about 20 pixels, centred by its centre of mass, and
 * drawn with a soft round pen of random width.
 *
 * How much is random was chosen by measuring: with less, a linear model learns the set; with more, digits
 * become ambiguous. Shifting by a pixel or so, which MNIST does not do, is what linear models cope with
 * worst. */
#include "data/generator.h"
#include "data/glyph.h"
#include "data/pen.h"

#include <math.h>

enum {
    DIGITS_SPAN = 4,
    DIGITS_PATH = SL_GLYPH_POINTS * DIGITS_SPAN + 1,
    DIGITS_PIXELS = SL_PEN_SIDE * SL_PEN_SIDE
};

typedef struct { /* the pen's way, as short lines */
    sl_pen_point at[DIGITS_PATH];
    bool down[DIGITS_PATH]; /* is there a line from the point before? */
    size_t count;
} digits_path;

/* Bell shaped, mean 0, deviation 1, within +-3.47: the sum of four uniform numbers (Irwin, Hall 1927).
 * Cheaper than a true normal number, and never a monster. */
static double digits_bell(sl_stream *stream)
{
    const uint64_t bits = sl_stream_bits(stream);
    const double sum =
        (double)((bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48));
    return (sum - 2.0 * 65535.0) * (1.7320508075688772 / 65536.0);
}

static const sl_glyph *digits_variant(sl_stream *stream, int digit)
{
    size_t count, first = 0;
    const sl_glyph *all = sl_glyphs(&count);
    while (all[first].digit != digit)
        first++;
    uint64_t total = 0;
    for (size_t i = first; i < count && all[i].digit == digit; i++)
        total += (uint64_t)all[i].weight;
    uint64_t ticket = sl_stream_below(stream, total);
    while (ticket >= (uint64_t)all[first].weight)
        ticket -= (uint64_t)all[first++].weight;
    return all + first;
}

/* Catmull-Rom: through b at t = 0 and c at t = 1, the slope at b being (c - a) / 2. */
static double digits_spline(double a, double b, double c, double d, double t)
{
    return b + 0.5 * t * ((c - a) + t * ((2.0 * a - 5.0 * b + 4.0 * c - d) + t * (3.0 * (b - c) + d - a)));
}

/* The variant's points, moved, become a path in -0.5 .. 0.5. */
static void digits_trace(sl_stream *stream, const sl_glyph *glyph, digits_path *path)
{
    double x[SL_GLYPH_POINTS], y[SL_GLYPH_POINTS];
    const double wobble = sl_generator_between(stream, 0.01, 0.037);
    for (size_t i = 0; i < glyph->count; i++) {
        x[i] = (0.01 * glyph->points[i].x - 0.5) * glyph->width + wobble * digits_bell(stream);
        y[i] = 0.01 * glyph->points[i].y - 0.5 + wobble * digits_bell(stream);
    }
    path->count = 0;
    for (size_t i = 0; i < glyph->count; i++) {
        const bool start = glyph->points[i].kind == SL_GLYPH_START;
        for (size_t k = 1; !start && k <= DIGITS_SPAN; k++) {
            /* From i-1 to i; at a stroke's end or a corner the curve knows nothing of what lies beyond. */
            const size_t b = i - 1, a = glyph->points[b].kind == SL_GLYPH_SMOOTH ? b - 1 : b;
            const bool ends = i + 1 == glyph->count || glyph->points[i].kind == SL_GLYPH_CORNER ||
                              glyph->points[i + 1].kind == SL_GLYPH_START;
            const size_t d = ends ? i : i + 1;
            const double t = (double)k / DIGITS_SPAN;
            path->down[path->count] = true;
            path->at[path->count].x = digits_spline(x[a], x[b], x[i], x[d], t);
            path->at[path->count++].y = digits_spline(y[a], y[b], y[i], y[d], t);
        }
        if (start) {
            path->down[path->count] = false;
            path->at[path->count].x = x[i];
            path->at[path->count++].y = y[i];
        }
    }
}

/* Bends, narrows, slants and turns the whole path. */
static void digits_bend(sl_stream *stream, digits_path *path)
{
    const double narrow = 1.0 + 0.17 * digits_bell(stream), slant = 0.2 + 0.25 * digits_bell(stream);
    const double turn = 0.09 * digits_bell(stream);
    const double bend[4] = { 0.13 * digits_bell(stream), 0.13 * digits_bell(stream),
                             0.13 * digits_bell(stream), 0.13 * digits_bell(stream) };
    for (size_t i = 0; i < path->count; i++) {
        const double x = path->at[i].x * narrow, y = path->at[i].y;
        const double bx = x + bend[0] * y * y + bend[1] * x * y - slant * y;
        const double by = y + bend[2] * x * y + bend[3] * y * y;
        path->at[i].x = bx - turn * by;
        path->at[i].y = by + turn * bx;
    }
}

/* Whole pixels, and the ink stays within the picture. */
static double digits_shift(double wanted, double most)
{
    return floor(wanted < 0.0 ? 0.0 : wanted > most ? most : wanted);
}

/* Scales to a box of about 20 pixels and puts the centre of mass about into the middle. */
static void digits_place(sl_stream *stream, digits_path *path)
{
    double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
    for (size_t i = 0; i < path->count; i++) {
        left = path->at[i].x < left ? path->at[i].x : left;
        right = path->at[i].x > right ? path->at[i].x : right;
        top = path->at[i].y < top ? path->at[i].y : top;
        bottom = path->at[i].y > bottom ? path->at[i].y : bottom;
    }
    double radius = 1.25 + 0.45 * digits_bell(stream);
    radius = radius < 0.6 ? 0.6 : radius > 2.6 ? 2.6 : radius;
    const double box = 19.6 + 0.3 * digits_bell(stream) - 2.0 * radius;
    const double scale = box / (right - left > bottom - top ? right - left : bottom - top);
    double mass = 0, mx = 0, my = 0;
    for (size_t i = 0; i < path->count; i++) {
        sl_pen_point *p = path->at + i;
        p->x = radius + (p->x - left) * scale;
        p->y = radius + (p->y - top) * scale;
        p->radius = radius;
        if (path->down[i]) {
            const double dx = p->x - p[-1].x, dy = p->y - p[-1].y, length = sqrt(dx * dx + dy * dy);
            mass += length;
            mx += length * 0.5 * (p->x + p[-1].x);
            my += length * 0.5 * (p->y + p[-1].y);
        }
    }
    const double width = (right - left) * scale + 2.0 * radius,
                 height = (bottom - top) * scale + 2.0 * radius;
    const double dx = digits_shift(14.5 - mx / mass + 1.14 * digits_bell(stream), SL_PEN_SIDE - width);
    const double dy = digits_shift(14.5 - my / mass + 1.14 * digits_bell(stream), SL_PEN_SIDE - height);
    for (size_t i = 0; i < path->count; i++) {
        path->at[i].x += dx;
        path->at[i].y += dy;
    }
}

static void digits_draw(sl_stream *stream, int digit, unsigned char *pixels)
{
    digits_path path;
    sl_pen pen;
    double ink[DIGITS_PIXELS];
    digits_trace(stream, digits_variant(stream, digit), &path);
    digits_bend(stream, &path);
    digits_place(stream, &path);
    sl_pen_clear(&pen);
    for (size_t i = 1; i < path.count; i++)
        if (path.down[i])
            sl_pen_line(&pen, path.at[i - 1], path.at[i]);
    const double soft = sl_generator_between(stream, 0.7, 1.4), blur = sl_generator_between(stream, 0.0, 0.2);
    const double full = sl_generator_between(stream, 245.0, 320.0); /* above 255: saturated, as MNIST's */
    sl_pen_ink(&pen, soft, blur, ink);
    for (size_t i = 0; i < DIGITS_PIXELS; i++) {
        const double v = full * ink[i] + 0.5;
        pixels[i] = v < 255.0 ? (unsigned char)v : 255;
    }
}

/* Every ten rows hold each digit once, in random order. */
static int digits_of_row(double seed, sl_generator_stream set, size_t row)
{
    size_t order[10];
    sl_stream stream = sl_generator_row(seed, set, 0x80000000u | row / 10);
    for (size_t i = 0; i < 10; i++)
        order[i] = i;
    sl_stream_shuffle(&stream, order, 10);
    return (int)order[row % 10];
}

static void digits_fill(sl_data *data, size_t first, size_t rows, double seed, sl_generator_stream set)
{
    for (size_t row = 0; row < rows; row++) {
        const int digit = digits_of_row(seed, set, row);
        sl_stream stream = sl_generator_row(seed, set, row);
        digits_draw(&stream, digit, data->store->bytes + (first + row) * DIGITS_PIXELS);
        data->store->targets[first + row] = (sl_real)digit;
    }
}

static sl_data *digits_make(sl_ctx *ctx, const double *values, const char *part)
{
    const size_t train = part[0] == 't' && part[1] == 'e' ? 0 : (size_t)values[0];
    const size_t test = part[0] == 't' && part[1] == 'r' ? 0 : (size_t)values[1];
    sl_data *data = sl_data_new(ctx, &(sl_data_plan){ .source = "",
                                                      .part = part,
                                                      .shape = sl_dims(SL_PEN_SIDE, SL_PEN_SIDE),
                                                      .rows = train + test,
                                                      .outputs = 1,
                                                      .classes = 10,
                                                      .bytes = true });
    if (data) {
        digits_fill(data, 0, train, values[2], SL_STREAM_DIGITS_TRAIN);
        digits_fill(data, train, test, values[2], SL_STREAM_DIGITS_TEST);
    }
    return data;
}

static const sl_option digits_options[] = { { .name = "rows",
                                              .summary = "how many training rows",
                                              .normal = 12000,
                                              .low = 10,
                                              .high = 1e6,
                                              .whole = true },
                                            { .name = "test_rows",
                                              .summary = "how many test rows",
                                              .normal = 2000,
                                              .low = 10,
                                              .high = 1e6,
                                              .whole = true },
                                            SL_OPTION_SEED,
                                            { 0 } };

const sl_generator sl_generator_digits = {
    .name = "digits",
    .summary = "handwriting-like digits 0 to 9, 28 x 28 grey, in a training and a test part",
    .formula = "strokes, moved, bent, slanted and scaled at random, drawn with a soft pen",
    .source = "after MNIST (LeCun, Cortes, Burges)",
    .parts = true,
    .options = digits_options,
    .make = digits_make,
};
