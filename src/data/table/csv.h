/* csv.h - the records of a CSV file (RFC 4180), one after the other. Fields come as they are: blanks are
 * kept, nothing is taken for a comment, and no field is yet a number. */
#ifndef SL_DATA_TABLE_CSV_H
#define SL_DATA_TABLE_CSV_H

#include "data/table/problems.h"
#include "data/table/source.h"

enum {
    SL_CSV_FIELDS = 65536,    /* most of a record */
    SL_CSV_RECORD = 16 << 20, /* most bytes of one */
};

typedef struct {
    char delimiter; /* , ; TAB | or another ASCII character; 0: recognised from the first records */
    bool header;    /* the first record names the columns (only matters for empty lines before it) */
    size_t buffer;  /* for tests: bytes read at once; 0: 1 MB */
} sl_csv_options;

typedef struct {
    const char *text; /* not closed by a 0; "" inside quotes is one quote already */
    size_t length;
    bool quoted;
    uint32_t line, column; /* where the field begins (its quote, if it has one): line and byte from 1 */
} sl_field;

typedef struct sl_csv sl_csv;

/* Reads the beginning. options: NULL is all 0. The source stays the caller's, and is read by nobody else
 * until the csv is closed. NULL: SL_EINVAL of an impossible delimiter, SL_EFORMAT of UTF-16, what
 * sl_source_read fails with. `name` is for messages, copied. */
sl_csv *sl_csv_open(sl_ctx *ctx, sl_source *source, const char *name, const sl_csv_options *options);
void sl_csv_close(sl_csv *csv); /* NULL is fine */

/* The next record; its fields are valid until the next call. False at the end, and after a failure, which the
 * context then has. What is wrong with a record (a quote that is never closed, text behind a closing quote, a
 * NUL, bytes that are not UTF-8, too long, too many fields) becomes a problem; the record is left out, and
 * reading goes on with the next line. Records of different lengths are the caller's to see.
 * Empty lines are passed over and counted; in a file of one column they are records of one empty field.  */
bool sl_csv_next(sl_csv *csv, const sl_field **fields, size_t *count);
/* What must be asked when sl_csv_next was false: the context's failure; SL_EFILE of a file that changed
 * meanwhile; all problems of this pass as one failure, SL_EFORMAT; else SL_OK.                            */
sl_status sl_csv_end(sl_csv *csv);
/* From the first record again, with the same delimiter; the problems are forgotten. */
sl_status sl_csv_rewind(sl_csv *csv);

sl_problems *sl_csv_problems(sl_csv *csv);      /* of this pass; the caller adds its own */
uint32_t sl_csv_line(const sl_csv *csv);        /* where the record of the last sl_csv_next begins */
uint64_t sl_csv_records(const sl_csv *csv);     /* given out in this pass */
uint64_t sl_csv_empty_lines(const sl_csv *csv); /* passed over in this pass */
char sl_csv_delimiter(const sl_csv *csv);
/* How the delimiter was found, for the log: "';' splits all of the first 100 records into 12 fields". */
const char *sl_csv_reason(const sl_csv *csv);

/* All of the field, blanks around it aside, as a number: [+-] digits with at most one decimal mark among or
 * beside them ('.' or ','), then e or E with an exponent. Correctly rounded, in every locale; too large gives
 * an infinity, too small a zero. False: anything else (so no words, no hex, no marks between thousands). */
bool sl_csv_number(const sl_field *field, char decimal, double *value);

#endif
