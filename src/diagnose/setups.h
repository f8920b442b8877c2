/* setups.h - what a set-up is drawn from (setups.c), and what each kind makes of it (setups_kinds.c). */
#ifndef SL_DIAGNOSE_SETUPS_H
#define SL_DIAGNOSE_SETUPS_H

#include "core/random.h"
#include "train/run.h"

enum {
    SETUPS_MOONS = 1,
    SETUPS_CIRCLE = 2,
    SETUPS_GAUSS = 4,
    SETUPS_QUADRANTS = 8,
    SETUPS_SPIRAL = 16,
    SETUPS_CLASSES = 32, /* builtin:table */
    SETUPS_AMOUNTS = 64, /* likewise, a number as target */
    SETUPS_DIGITS = 128,
    SETUPS_PLANE = 15, /* easy, two inputs */
    SETUPS_ALL = 255 - SETUPS_SPIRAL,
    SETUPS_SMALL = SETUPS_ALL - SETUPS_DIGITS,
    SETUPS_ROWS = SETUPS_PLANE | SETUPS_CLASSES,
    SETUPS_TRIES = 60
};

typedef struct {
    sl_ctx *ctx;
    sl_stream stream;
    sl_run_options *o;
    int sets;          /* which of the above are to be drawn from; then the one */
    const char *extra; /* options of the data, behind the others */
    const char *noise; /* where the data has noise; NULL: by the data */
    size_t rows, inputs, classes, units, seed;
} setups_draw;

typedef enum {
    SETUPS_BEST, /* the twin's lowest validation loss is lower, below 0.7 of it */
    SETUPS_LAST, /* that of its last epoch, which is a quarter above the best */
    SETUPS_RMSE, /* the twin's lowest root mean square error is below 0.7 of it */
    SETUPS_FINE, /* a healthy one: not better by a tenth in three times the epochs, and no fifth above
                    its best at the end */
    SETUPS_MADE  /* it is wrong as it is: other figures would have to be compared */
} setups_harm;

typedef struct {
    const char *cause;
    bool healthy;
    int sets;
    setups_harm harm;
    void (*frame)(setups_draw *draw); /* of the twin too */
    void (*put)(setups_draw *draw);
} setups_kind;

const setups_kind *sl_setups_kind(int index); /* NULL behind the last */

size_t sl_setups_below(setups_draw *d, size_t n);
/* Evenly in the logarithm. */
double sl_setups_between(setups_draw *d, double low, double high);
/* A text of the context: format with word, or where that is NULL with a, b, b. Never NULL. */
const char *sl_setups_kept(setups_draw *d, const char *format, const char *word, size_t a, size_t b);
/* format with a value of two figures, as people would write it. */
const char *sl_setups_number(setups_draw *d, const char *format, double value);
void sl_setups_lr(setups_draw *d, const char *rule, double low, double high);

#endif
