/* format.h - what a file of data/format/ provides: `const sl_format sl_format_NAME`. */
#ifndef SL_DATA_FORMAT_H
#define SL_DATA_FORMAT_H

#include "data/data.h"

/* What formats without named columns have no use for. */
typedef struct {
    const sl_table_options *options; /* NULL: defaults */
    const sl_columns *columns;       /* of a model: the table is read by them; NULL: they are found out */
    bool learning;                   /* rows without a target are left out */
    bool inputs;                     /* of a table only the model's inputs are looked at, all rows kept */
    bool plain;                      /* for a model without columns: unnamed numbers stay as they are */
    const char *keep;                /* columns whose texts are wanted; NULL: none */
    const char *text;                /* the bytes of a table in memory, instead of a source's; NULL: none */
    size_t text_length;
} sl_opening;

typedef struct {
    const char *name;
    const char *summary; /* what a source looks like: "a folder of IDX files (...)" */
    /* By name or first bytes; recognised data may still turn out to be damaged. Neither of the two keeps an
     * error other than SL_ENOMEM.                                                                     */
    bool (*recognises)(sl_ctx *ctx, const char *source);
    bool (*has_part)(sl_ctx *ctx, const char *source, const char *part); /* "train" or "test" */
    /* part: "train", "test", "all", or NULL: the training part where there are two, else everything. */
    sl_data *(*open)(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how);
} sl_format;

/* sl_data_open by an opening. */
sl_data *sl_data_open_by(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how);

#endif
