/* format.h - what a file of data/format/ provides: `const sl_format sl_format_NAME`. */
#ifndef SL_DATA_FORMAT_H
#define SL_DATA_FORMAT_H

#include "data/data.h"
#include "data/table/source.h"

/* What formats without named columns have no use for. */
typedef struct {
    const sl_table_options *options; /* NULL: defaults */
    const sl_columns *columns;       /* of a model: the table is read by them; NULL: they are found out */
    bool learning;                   /* rows without a target are left out */
    bool inputs;                     /* of a table only the model's inputs are looked at, all rows kept */
    bool plain;                      /* for a model without columns: unnamed numbers stay as they are */
    const char *keep;                /* columns whose texts are wanted; NULL: none */
    bool lines;                      /* the source has one text a line, whatever its first line says */
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
    /* Of a format whose rows become a table's, else NULL: does a source that begins with these bytes have it?
     * And the source of the table, CSV with a line of names; `from` is taken over, also on failure. */
    bool (*begins)(const char *bytes, size_t size);
    sl_source *(*rows)(sl_ctx *ctx, sl_source *from, const sl_opening *how);
    bool texts;    /* it has a column `text` */
    bool labelled; /* and one `label`, the target without being asked for */
} sl_format;

const sl_format *sl_format_at(size_t index);                                 /* NULL behind the last */
void sl_format_tell(sl_ctx *ctx, const char *source, const sl_format *form); /* that it was recognised */

/* --- for formats that are tables, in table.c -------------------------------------------------------- */

/* `open` of all of them: standard input and pipes say only here what they are. */
sl_data *sl_table_open(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how);
/* The rows of a source that is CSV, which is taken over. form: what the user's file is. */
sl_data *sl_table_open_rows(sl_ctx *ctx, sl_source *source, const sl_format *form, const sl_opening *how);
/* Is `form` what this file, a plain one, begins with? */
bool sl_table_begins(sl_ctx *ctx, const char *source, const sl_format *form);
bool sl_table_named(const char *source, const char *end); /* does it end so, in any case? */
bool sl_table_no_part(sl_ctx *ctx, const char *source, const char *part);
/* What the columns of labels and texts are called: as in the model's. */
typedef struct {
    const char *label, *text;
} sl_rows_names;
sl_rows_names sl_rows_named(const sl_opening *how);
/* "label,text" and a line end. */
void sl_rows_header(sl_text *to, sl_rows_names names, bool labels);
/* The charset that is asked for, or the model's. SL_EINVAL. */
sl_status sl_rows_charset(sl_ctx *ctx, const sl_opening *how, int *charset);

/* sl_data_open by an opening. */
sl_data *sl_data_open_by(sl_ctx *ctx, const char *source, const char *part, const sl_opening *how);

#endif
