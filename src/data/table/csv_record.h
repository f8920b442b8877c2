/* csv_record.h - one record out of a piece of text: no reading, no memory, no messages. */
#ifndef SL_DATA_TABLE_CSV_RECORD_H
#define SL_DATA_TABLE_CSV_RECORD_H

#include "data/table/csv.h"

enum { SL_CSV_PADDING = 64 }; /* bytes behind the text that may be read, whatever they are */

typedef struct { /* a piece of text, and what was found out about it while going through */
    const char *text;
    size_t length;
    bool last; /* the file ends here */
    char delimiter;
    size_t block;       /* text[block .. block + 64) was looked at last; */
    uint64_t marks;     /* its marks, those from `known` on; */
    size_t known;       /* SIZE_MAX: look again */
    size_t suspect_end; /* no byte from here on, as far as was looked, is a NUL or no ASCII */
} sl_csv_piece;

typedef enum {
    SL_CSV_FOUND,
    SL_CSV_MORE,     /* the text ends within the record, and the file does not */
    SL_CSV_ROOM,     /* fields has no room */
    SL_CSV_UNCLOSED, /* the file ends inside quotes */
    SL_CSV_BEHIND,   /* text behind a closing quote */
} sl_csv_result;

typedef struct {
    sl_field *fields; /* [room] */
    size_t room, count;
    bool grows;        /* SL_CSV_ROOM when there is none, else fields are only counted */
    bool doubled;      /* there are "" inside quotes */
    size_t next;       /* where the next record begins */
    uint32_t line_end; /* the line that it ends on */
    /* The quote that is not closed (MORE: if `open`), or the byte behind a closing one. */
    bool open;
    size_t place;
    uint32_t line, column;
} sl_csv_record;

/* The record at text[at..length), which begins on `line`. */
sl_csv_result sl_csv_record_find(sl_csv_piece *piece, size_t at, uint32_t line, sl_csv_record *record);
/* Makes each "" inside the quotes of a field one quote, in the text itself. */
void sl_csv_record_single(sl_csv_record *record);
/* The line behind a record's that begins on `line`; of lines that are not the text's own, its fields too. */
uint32_t sl_csv_record_line(sl_csv_record *record, uint32_t line, sl_source_lines numbers);
/* The first NUL, or byte that does not belong to well-formed UTF-8, of text[at..end); `end`: none. */
size_t sl_csv_bad_byte(const char *text, size_t at, size_t end);

typedef struct {
    char delimiter;
    char reason[160];
} sl_csv_guess;
/* What was found out: the delimiter; marked: and a byte order mark before all. */
void sl_csv_tell(sl_ctx *ctx, const char *name, const sl_csv_guess *guess, bool marked);
/* In csv_delimiter.c: the one of the records at text[at..length); */
sl_csv_guess sl_csv_guess_delimiter(const char *text, size_t at, size_t length, bool last);
/* the one that was asked for, SL_EINVAL where it can be none; */
sl_status sl_csv_take_delimiter(sl_ctx *ctx, const char *name, char wanted, sl_csv_guess *guess);
/* how many bytes a mark at the begin of a file of UTF-8 has, 0 or 3; SL_EFORMAT: it is that of UTF-16. */
sl_status sl_csv_byte_order(sl_ctx *ctx, const char *name, const char *text, size_t length, size_t *size);
/* SL_EFORMAT where much of the first 4,096 bytes is NUL. Asked once, when a file is opened. */
sl_status sl_csv_check_text(sl_ctx *ctx, const char *name, const char *text, size_t length);

#endif
