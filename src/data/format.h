/* format.h - what a file of data/format/ provides: `const sl_format sl_format_NAME`. */
#ifndef SL_DATA_FORMAT_H
#define SL_DATA_FORMAT_H

#include "data/data.h"

typedef struct {
    const char *name;
    const char *summary; /* what a source looks like: "a folder of IDX files (...)" */
    /* By name or first bytes; recognised data may still turn out to be damaged. Neither of the two keeps an
     * error other than SL_ENOMEM.                                                                     */
    bool (*recognises)(sl_ctx *ctx, const char *source);
    bool (*has_part)(sl_ctx *ctx, const char *source, const char *part); /* "train" or "test" */
    /* part: "train", "test", "all", or NULL: the training part where there are two, else everything. */
    sl_data *(*open)(sl_ctx *ctx, const char *source, const char *part);
} sl_format;

#endif
