/* read.h - the second pass over a table: what its parts share. */
#ifndef SL_DATA_TABLE_READ_H
#define SL_DATA_TABLE_READ_H

#include "data/table/field.h"
#include "data/table/header.h"
#include "data/table/sink.h"
#include "data/table/table.h"

typedef struct table_read table_read;
typedef struct read_field read_field;
typedef void (*read_take)(table_read *r, read_field *wanted, const sl_field *field); /* a trimmed one */

struct read_field { /* a field of a record that becomes a cell */
    read_take take;
    size_t place;
    int cell;
    sl_column *column;
    size_t unseen;         /* rows with a word that the dictionary has not */
    sl_dictionary strange; /* these words, the first of them */
};

typedef struct { /* of the columns of text */
    char *bytes; /* [length] of room */
    size_t length, room;
    size_t *offset; /* [rows + 1] */
    size_t offset_room;
    size_t from; /* where this row's begin */
    int columns; /* this row's so far */
    bool any;    /* has one of them a text? */
    size_t empty;
    size_t memory; /* 0: no limit */
} read_texts;

struct table_read {
    sl_ctx *ctx;
    const char *source;
    bool learning, inputs;
    sl_columns *columns; /* of the data; a copy */
    sl_csv *csv;
    sl_header header;
    sl_missing missing;
    sl_problems *problems; /* the csv's */
    read_field *wanted;    /* [count] */
    size_t count, width, dropped;
    int target, weight; /* cells; -1: none */
    const char *weight_name;
    double *cells; /* [width], of one row */
    sl_table_sink sink;
    bool packed;     /* from another time: nothing is read */
    double told;     /* on the clock: when it was last said how far packing is */
    sl_text classes; /* their names, for messages */
    bool texts_wanted;
    read_texts texts;
    /* Texts of columns that are kept (read_keep.c): */
    size_t *keep; /* [keep_count]: places of fields */
    size_t keep_count, kept_room;
    sl_text kept;
    size_t *kept_offset;
};

/* Opens the csv, reads the header and finds all inputs in it: read_open.c. */
sl_status sl_read_open(table_read *r, sl_source *source, const sl_table_reading *how);
void sl_read_close(table_read *r);
void sl_read_list_classes(table_read *r, const sl_column *target);
/* What is said about the rows, and kept in the columns: called while the read has them. */
void sl_read_remarks(table_read *r);
int sl_read_shown(const sl_field *field); /* how many bytes of it a message shows */

/* Rows that take too much memory, and rows that were packed already: read_pack.c. */
void sl_read_sink(table_read *r, const sl_source *source, const sl_table_reading *how);
/* true: the pack is there from another time, and nothing need be read. */
bool sl_read_packed(table_read *r, const sl_source *source, const sl_table_reading *how);
void sl_read_tell(table_read *r, const sl_source *source);

/* Columns of text: what a field holds, a row's begin and end, a row that is none; all become the data's:
 * read_text.c. SL_EINVAL: they take too much memory. */
void sl_read_text(table_read *r, read_field *wanted, const sl_field *field);
void sl_read_text_begin(table_read *r);
sl_status sl_read_text_end(table_read *r);
void sl_read_text_drop(table_read *r);
void sl_read_give_texts(table_read *r, sl_data *data);
void sl_read_text_free(table_read *r);

/* Texts of a finished row; what was kept becomes the data's: read_keep.c. */
sl_status sl_read_find_kept(table_read *r, const char *names);
sl_status sl_read_keep(table_read *r, const sl_field *fields);
void sl_read_give_kept(table_read *r, sl_data *data);

#endif
