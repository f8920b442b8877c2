/* csv_file.h - the tables of a run folder, line by line. They are our own, so one dialect: commas, quotation
 * marks where a field needs them, LF or CRLF. */
#ifndef SL_TRAIN_CSV_FILE_H
#define SL_TRAIN_CSV_FILE_H

#include "core/ctx.h"

typedef struct {
    sl_ctx *ctx;
    char *path;
    unsigned char *bytes;
    char *at;      /* the next line */
    size_t number; /* of the last line, from 1; the header is line 1 */
    int columns;
    char **names, **field; /* [columns]: of the header, of the last line; inside of bytes */
} sl_csv_file;

/* Opens folder/name and reads its header. SL_EFILE; where the file is missing, the message ends in `missing`
 * (NULL: nothing). To be closed whatever happens. */
sl_status sl_csv_file_open(sl_csv_file *file, sl_ctx *ctx, const char *folder, const char *name,
                           const char *missing);
/* false: the end, a line that is not complete yet, or a failure. */
bool sl_csv_file_next(sl_csv_file *file);
/* NaN: nothing there, or SL_EFORMAT, which is said once. */
double sl_csv_file_number(const sl_csv_file *file, int column);
/* A whole number of at least 0; else 0 and SL_EFORMAT. */
size_t sl_csv_file_whole(const sl_csv_file *file, int column);
/* The first columns are these, in this order; NULL ends them. SL_EFORMAT. */
sl_status sl_csv_file_want(const sl_csv_file *file, const char *const *names);
void sl_csv_file_close(sl_csv_file *file);

#endif
