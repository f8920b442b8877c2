/* explain_more.h - options of slope explain that ask for something else than a step. No sl_real: one of the
 * two files behind it works in double, the other in float. */
#ifndef CLI_EXPLAIN_MORE_H
#define CLI_EXPLAIN_MORE_H

#include "option.h"
#include "slope.h"

typedef struct {
    bool equation, collapse, cost;
    const char *syntax, *memory;
    int inputs, batch, train_rows, threads;
    double epochs, flops, watts, price, carbon;
} explain_more_settings;

/* Rows for the option table; at: offsetof(explain_settings, more). */
#define EXPLAIN_MORE(kind_, name_, field, of)                                                                \
    .name = name_, .kind = CLI_##kind_, .told = true,                                                        \
    .at = offsetof(of, more) + offsetof(explain_more_settings, field)
#define EXPLAIN_MORE_OPTIONS(of)                                                                             \
    { EXPLAIN_MORE(FLAG, "equation", equation, of), .group = "instead of a step",                            \
      .help = "the net as one equation with its numbers, from raw inputs to answers" },                      \
        { EXPLAIN_MORE(CHOICE, "syntax", syntax, of),                                                        \
          .group = "instead of a step",                                                                      \
          .value = "NAME",                                                                                   \
          .words = "calculator|python|c|spreadsheet|latex",                                                  \
          .normal = "calculator",                                                                            \
          .help = "of the equation: what it is to be pasted into; -o FILE.py, .c or .tex says it too" },     \
        { EXPLAIN_MORE(FLAG, "collapse", collapse, of), .group = "instead of a step",                        \
          .help = "linear layers behind one another as the one layer that they are" },                       \
        { EXPLAIN_MORE(FLAG, "cost", cost, of), .group = "instead of a step",                                \
          .help = "operations, bytes, seconds and energy of a training, with the products that they are" },  \
        { EXPLAIN_MORE(WHOLE, "inputs", inputs, of),                                                         \
          .group = "instead of a step",                                                                      \
          .value = "N",                                                                                      \
          .low = 1,                                                                                          \
          .high = 1 << 20,                                                                                   \
          .normal = "as --x has",                                                                            \
          .help = "of --net, beside --equation, --collapse or --cost: numbers a row, in place of --x" },     \
        { EXPLAIN_MORE(WHOLE, "batch", batch, of),                                                           \
          .group = "cost",                                                                                   \
          .value = "N",                                                                                      \
          .low = 1,                                                                                          \
          .high = 1 << 24,                                                                                   \
          .normal = "the run's, else 32",                                                                    \
          .help = "rows a step" },                                                                           \
        { EXPLAIN_MORE(WHOLE, "train-rows", train_rows, of),                                                 \
          .group = "cost",                                                                                   \
          .value = "N",                                                                                      \
          .low = 1,                                                                                          \
          .normal = "the run's, else one step is told",                                                      \
          .help = "rows that an epoch goes through" },                                                       \
        { EXPLAIN_MORE(REAL, "epochs", epochs, of), .group = "cost",    .value = "N", .above = true,         \
          .normal = "the run's, else one is told",  .help = "how often" },                                   \
        { EXPLAIN_MORE(REAL, "flops", flops, of),                                                            \
          .group = "cost",                                                                                   \
          .value = "X",                                                                                      \
          .above = true,                                                                                     \
          .normal = "measured here",                                                                         \
          .help = "operations a second of the machine, such as 1e12" },                                      \
        { EXPLAIN_MORE(REAL, "watts", watts, of),                                                            \
          .group = "cost",                                                                                   \
          .value = "W",                                                                                      \
          .above = true,                                                                                     \
          .normal = "none: energy is not told",                                                              \
          .help = "what the machine draws" },                                                                \
        { EXPLAIN_MORE(REAL, "price", price, of),                                                            \
          .group = "cost",                                                                                   \
          .value = "X",                                                                                      \
          .above = true,                                                                                     \
          .normal = "none",                                                                                  \
          .help = "of a kWh, in your currency" },                                                            \
        { EXPLAIN_MORE(REAL, "carbon", carbon, of),                                                          \
          .group = "cost",                                                                                   \
          .value = "G",                                                                                      \
          .above = true,                                                                                     \
          .normal = "none",                                                                                  \
          .help = "gram of CO2 of a kWh" },                                                                  \
        { EXPLAIN_MORE(TEXT, "memory", memory, of), .group = "cost", .value = "SIZE", .normal = "none",      \
          .help = "which batch fits into so much, such as 300M or 8G" },                                     \
    {                                                                                                        \
        EXPLAIN_MORE(WHOLE, "threads", threads, of), .group = "cost", .value = "N", .low = 1, .high = 256,   \
                                                     .normal = "the usable cores",                           \
                                                     .help = "that the step is measured with"                \
    }

#endif
