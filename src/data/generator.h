/* generator.h - what a file of data/generator/ provides: `const sl_generator sl_generator_NAME`.
 *
 * A set depends on its options and its own seed alone, never on the run's. Row r draws from streams
 * (SL_FOR_DATA, a = the set's sl_generator_stream, b = r), so a row stays the same when rows are added behind
 * it. All is computed in double with + - * / sqrt and our own functions, and rounded once. */
#ifndef SL_DATA_GENERATOR_H
#define SL_DATA_GENERATOR_H

#include "core/option.h"
#include "core/random.h"
#include "data/data.h"

typedef struct {
    const char *name, *summary, *formula, *source;
    bool parts;               /* has "train" and "test" */
    const sl_option *options; /* at most SL_MOST_OPTIONS; NULL: none */
    /* values[i] is that of options[i], checked. part: "train", "test", or "all". */
    sl_data *(*make)(sl_ctx *ctx, const double *values, const char *part);
} sl_generator;

/* The options that most sets share; seeds are whole numbers that a double holds. */
#define SL_OPTION_ROWS(rows)                                                                                 \
    {                                                                                                        \
        .name = "rows", .summary = "how many rows", .normal = rows, .low = 2, .high = 1e6, .whole = true     \
    }
#define SL_OPTION_SEED                                                                                       \
    {                                                                                                        \
        .name = "seed", .summary = "the set's own seed", .normal = 1, .high = 9007199254740992.0,            \
        .whole = true                                                                                        \
    }

/* Which stream a set draws from. Never renumber: it would change the sets. */
typedef enum {
    SL_STREAM_SPIRAL = 1,
    SL_STREAM_CIRCLE = 2,
    SL_STREAM_GAUSS = 3,
    SL_STREAM_QUADRANTS = 4,
    SL_STREAM_MOONS = 5,
    SL_STREAM_PLANE = 6,
    SL_STREAM_LINE = 7,
    SL_STREAM_DIGITS_TRAIN = 8,
    SL_STREAM_DIGITS_TEST = 9,
    SL_STREAM_TABLE = 10, /* inputs */
    SL_STREAM_TABLE_TEACHER = 11,
    SL_STREAM_TABLE_NOISE = 12,
    SL_STREAM_TABLE_CARE = 13, /* wrong labels, what leaks */
    SL_STREAM_HILLS = 14,
    SL_STREAM_BOUNDARY = 15
} sl_generator_stream;

const sl_generator *sl_generator_at(size_t index); /* NULL behind the last */
/* The name of the set nearest to a word; NULL: none is near. */
const char *sl_generator_nearest(const char *word);

sl_stream sl_generator_row(double seed, sl_generator_stream set, size_t row);
double sl_generator_between(sl_stream *stream, double low, double high); /* uniform in [low, high) */
double sl_generator_normal(sl_stream *stream);                           /* mean 0, deviation 1 */
/* A set with `inputs` real inputs and one target a row; classes 0: a number. */
sl_data *sl_generator_data(sl_ctx *ctx, size_t rows, int inputs, int classes);

#endif
