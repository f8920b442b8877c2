/* csv.c - see csv.h. Text lies in one buffer; a record that it cuts is moved to its begin, and looked at
 * again when there is more. */
#include "core/os.h"
#include "data/table/charset.h"
#include "data/table/csv_record.h"

#include <string.h>

enum { CSV_BUFFER = SL_PIECE(1 << 20), CSV_FIRST_FIELDS = 64 };

struct sl_csv {
    sl_ctx *ctx;
    sl_source *source;
    char *name;
    bool header;
    char *buffer; /* [capacity + SL_CSV_PADDING] */
    size_t capacity, at;
    sl_csv_piece piece; /* what the buffer holds */
    bool last;          /* the source has ended; the piece may leave a part out */
    size_t length;
    uint32_t line;  /* where `at` is */
    bool skipping;  /* the rest of this line: it belongs to a problem */
    size_t columns; /* of the first record; 0: there was none yet */
    size_t leading; /* empty lines before it */
    size_t owed;    /* of these, records that are still to be given out before the one at hand */
    bool held;      /* there is one at hand */
    sl_field nothing;
    sl_csv_record record;
    uint32_t given_line; /* of the record that was given out last */
    uint64_t records, empty_lines;
    sl_problems problems;
    sl_csv_guess guess;
};

/* --- the buffer ------------------------------------------------------------------------------------- */

static sl_status csv_more_capacity(sl_csv *csv, size_t capacity)
{
    char *larger = sl_alloc_unset(csv->ctx, capacity + SL_CSV_PADDING);
    if (!larger)
        return SL_ENOMEM;
    if (csv->length)
        memcpy(larger, csv->buffer, csv->length);
    memset(larger + csv->length, 0, SL_CSV_PADDING);
    sl_free(csv->ctx, csv->buffer);
    csv->buffer = larger;
    csv->capacity = capacity;
    return SL_OK;
}

/* Moves what is left to the begin of the buffer, and fills it up; a full one grows. */
static sl_status csv_fill(sl_csv *csv)
{
    csv->length -= csv->at;
    if (csv->at && csv->length)
        memmove(csv->buffer, csv->buffer + csv->at, csv->length);
    csv->at = 0;
    csv->piece.known = SIZE_MAX;
    if (csv->length == csv->capacity && csv_more_capacity(csv, csv->capacity * 2) != SL_OK)
        return SL_ENOMEM;
    while (!csv->last && csv->length < csv->capacity) {
        size_t got;
        const sl_status status =
            sl_source_read(csv->source, csv->buffer + csv->length, csv->capacity - csv->length, &got);
        if (status)
            return status;
        csv->length += got;
        csv->last = got == 0;
    }
    memset(csv->buffer + csv->length, 0, SL_CSV_PADDING);
    return SL_OK;
}

/* The piece that the next record is looked for in, no more than one may have; is it all there is? */
static bool csv_piece(sl_csv *csv)
{
    const bool all = csv->length - csv->at <= SL_CSV_RECORD;
    csv->piece.text = csv->buffer;
    csv->piece.length = all ? csv->length : csv->at + SL_CSV_RECORD;
    csv->piece.last = all && csv->last;
    return all;
}

/* --- opening ---------------------------------------------------------------------------------------- */

/* Reads what is needed before the first record. */
static sl_status csv_begin(sl_csv *csv)
{
    csv->at = csv->length = 0;
    csv->last = csv->skipping = csv->held = false;
    csv->line = sl_source_numbers(csv->source) == SL_LINES_OWN;
    csv->columns = csv->leading = csv->owed = 0;
    csv->records = csv->empty_lines = 0;
    csv->given_line = 0;
    sl_problems_clear(&csv->problems);
    sl_status status = csv_fill(csv);
    while (!status && !csv->last && csv->length < 3)
        status = csv_fill(csv);
    return status ? status : sl_csv_byte_order(csv->ctx, csv->name, csv->buffer, csv->length, &csv->at);
}

/* Small buffers, for tests, do not show enough to tell. */
static bool csv_knows_text(const sl_csv *csv)
{
    return csv->last || csv->length >= 4096;
}

static sl_status csv_open(sl_csv *csv, const sl_csv_options *options)
{
    const char wanted = sl_source_numbers(csv->source) ? ',' : options ? options->delimiter : 0;
    size_t buffer = options && options->buffer ? options->buffer : CSV_BUFFER;
    if (wanted && sl_csv_take_delimiter(csv->ctx, csv->name, wanted, &csv->guess) != SL_OK)
        return csv->ctx->status;
    if (!wanted && buffer < CSV_BUFFER) /* so that the buffer does not decide what is recognised */
        buffer = CSV_BUFFER;
    csv->record.fields = sl_alloc_array(csv->ctx, CSV_FIRST_FIELDS, sizeof(sl_field));
    csv->record.room = CSV_FIRST_FIELDS;
    csv->record.grows = true;
    if (!csv->record.fields || csv_more_capacity(csv, buffer) != SL_OK || csv_begin(csv) != SL_OK ||
        (csv_knows_text(csv) && sl_csv_check_text(csv->ctx, csv->name, csv->buffer, csv->length) != SL_OK))
        return csv->ctx->status;
    if (!wanted) {
        const size_t most = csv->length < CSV_BUFFER ? csv->length : CSV_BUFFER;
        csv->guess = sl_csv_guess_delimiter(csv->buffer, csv->at, most, csv->last && most == csv->length);
        sl_csv_tell(csv->ctx, csv->name, &csv->guess, csv->at > 0);
    }
    csv->piece.delimiter = csv->guess.delimiter;
    return SL_OK;
}

sl_csv *sl_csv_open(sl_ctx *ctx, sl_source *source, const char *name, const sl_csv_options *options)
{
    if (ctx->status)
        return NULL;
    sl_csv *csv = sl_alloc(ctx, sizeof *csv);
    if (!csv)
        return NULL;
    *csv = (sl_csv){ .ctx = ctx, .source = source, .header = options && options->header };
    csv->name = sl_strdup(ctx, name);
    sl_problems_init(&csv->problems, ctx, csv->name);
    if (csv->name && csv_open(csv, options) == SL_OK)
        return csv;
    sl_csv_close(csv);
    return NULL;
}

void sl_csv_close(sl_csv *csv)
{
    if (!csv)
        return;
    sl_problems_free(&csv->problems);
    sl_free(csv->ctx, csv->record.fields);
    sl_free(csv->ctx, csv->buffer);
    sl_free(csv->ctx, csv->name);
    sl_free(csv->ctx, csv);
}

sl_status sl_csv_rewind(sl_csv *csv)
{
    const sl_status status = sl_source_rewind(csv->source);
    return status ? status : csv_begin(csv);
}

/* --- problems: said, and then on with the next line ---------------------------------------------------- */

/* Goes on with the line after `line`, on which text[at] stands. */
static void csv_skip(sl_csv *csv, size_t at, uint32_t line)
{
    csv->at = at;
    csv->line = line;
    csv->skipping = true;
    csv->piece.known = SIZE_MAX;
}

static void csv_unclosed(sl_csv *csv, const char *where)
{
    const sl_csv_record *record = &csv->record;
    sl_problems_add(
        &csv->problems, record->line, record->column,
        "the quote that opens this field is never closed%s: close it, or write \"\" for a quote within "
        "quotes",
        where);
    csv_skip(csv, record->place, record->line);
}

static void csv_behind(sl_csv *csv)
{
    const sl_csv_record *record = &csv->record;
    sl_problems_add(
        &csv->problems, record->line, record->column,
        "text behind a closing quote: a quote within quotes is written \"\", and behind the last one "
        "comes the delimiter or the line's end");
    csv_skip(csv, record->place, record->line);
}

static void csv_too_long(sl_csv *csv)
{
    const bool text = sl_source_numbers(csv->source) != SL_LINES_OWN; /* its quotes are not the user's */
    if (csv->record.open && !text) {
        csv_unclosed(csv, " within 16 MB, the most a record may have");
        return;
    }
    sl_problems_add(
        &csv->problems, csv->line, !text,
        text ? "longer than 16 MB, the most a row of texts may have (\" counts twice): cut it, or split it"
             : "the record that begins here is longer than 16 MB, the most one may have: are its line ends "
               "missing, or is it no table?");
    csv_skip(csv, csv->piece.length, csv->record.line_end);
}

static void csv_bad_byte(sl_csv *csv, size_t bad)
{
    const char *text = csv->buffer;
    uint32_t line = csv->line;
    size_t start = csv->at;
    for (size_t i = csv->at; i < bad; i++)
        if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n')) {
            line++;
            start = i + 1;
        }
    const uint32_t column = (uint32_t)(bad - start + 1);
    if (text[bad] == 0)
        sl_problems_add(&csv->problems, line, column,
                        "a NUL byte, which no text has: is it UTF-16, or no text? Save it as UTF-8");
    else
        sl_problems_add(&csv->problems, line, column, "the byte 0x%02X is not UTF-8 here: %s",
                        (unsigned char)text[bad], sl_charset_advice());
}

/* Passes over the rest of a line; false: the file ended, or reading it failed. */
static bool csv_skip_line(sl_csv *csv)
{
    for (;;) {
        const char *text = csv->buffer;
        while (csv->at < csv->length && text[csv->at] != '\n' && text[csv->at] != '\r')
            csv->at++;
        if (csv->at + 1 < csv->length || (csv->last && csv->at < csv->length)) {
            const bool pair = text[csv->at] == '\r' && csv->at + 1 < csv->length && text[csv->at + 1] == '\n';
            csv->at += 1 + (size_t)pair;
            csv->line++;
            csv->skipping = false;
            return true;
        }
        if (csv->last || csv_fill(csv) != SL_OK)
            return false;
    }
}

/* --- records ---------------------------------------------------------------------------------------- */

static bool csv_more_room(sl_csv *csv)
{
    sl_csv_record *record = &csv->record;
    sl_field *larger = sl_resize(csv->ctx, record->fields, 2 * record->room * sizeof *larger);
    if (!larger)
        return false;
    record->fields = larger;
    record->room *= 2;
    record->grows = record->room < SL_CSV_FIELDS;
    return true;
}

/* Is the record that was found to be given out? */
static bool csv_accept(sl_csv *csv)
{
    sl_csv_record *record = &csv->record;
    const size_t at = csv->at;
    const uint32_t line = csv->line;
    if (csv->piece.suspect_end > at) {
        const size_t bad = sl_csv_bad_byte(csv->buffer, at, record->next);
        if (bad < record->next)
            csv_bad_byte(csv, bad);
        if (bad < record->next)
            record->count = 0;
    }
    csv->at = record->next;
    csv->line = sl_csv_record_line(record, line, sl_source_numbers(csv->source));
    if (record->count == 1 && !record->fields->length && !record->fields->quoted && csv->columns != 1) {
        csv->empty_lines++;
        csv->leading += csv->columns == 0;
        return false;
    }
    if (record->count > SL_CSV_FIELDS)
        sl_problems_add(&csv->problems, line, 1,
                        "the record has %zu fields, and 65536 are the most one may have", record->count);
    if (record->count > SL_CSV_FIELDS || record->count == 0)
        return false;
    if (record->doubled)
        sl_csv_record_single(record);
    if (csv->columns == 0) {
        csv->columns = record->count;
        csv->owed = csv->columns == 1 && !csv->header ? csv->leading : 0;
        csv->empty_lines -= csv->owed;
        csv->held = csv->owed > 0;
    }
    return true;
}

/* Finds a record that is to be given out; false: the end, or a failure. */
static bool csv_find(sl_csv *csv)
{
    for (;;) {
        if (csv->ctx->status || (csv->skipping && !csv_skip_line(csv)))
            return false;
        if (csv->at == csv->length && csv->last)
            return false;
        const bool all = csv_piece(csv);
        switch (sl_csv_record_find(&csv->piece, csv->at, csv->line, &csv->record)) {
        case SL_CSV_FOUND:
            if (csv_accept(csv))
                return true;
            break;
        case SL_CSV_MORE:
            if (!all)
                csv_too_long(csv);
            else if (csv_fill(csv) != SL_OK)
                return false;
            break;
        case SL_CSV_ROOM:
            if (!csv_more_room(csv))
                return false;
            break;
        case SL_CSV_UNCLOSED:
            csv_unclosed(csv, "");
            break;
        case SL_CSV_BEHIND:
            csv_behind(csv);
            break;
        }
    }
}

/* An empty line before the first record of a file of one column. */
static void csv_owed(sl_csv *csv, const sl_field **fields, size_t *count)
{
    const uint32_t line = (uint32_t)(csv->leading - csv->owed + 1);
    csv->owed--;
    csv->nothing = (sl_field){ .text = "", .line = line, .column = 1 };
    *fields = &csv->nothing;
    *count = 1;
}

bool sl_csv_next(sl_csv *csv, const sl_field **fields, size_t *count)
{
    *fields = NULL;
    *count = 0;
    if (csv->ctx->status)
        return false;
    if (!csv->held && !csv_find(csv))
        return false;
    if (csv->owed) {
        csv_owed(csv, fields, count);
    } else {
        csv->held = false;
        *fields = csv->record.fields;
        *count = csv->record.count;
    }
    csv->given_line = (*fields)->line;
    csv->records++;
    return true;
}

sl_status sl_csv_end(sl_csv *csv)
{
    if (csv->ctx->status)
        return csv->ctx->status;
    const sl_status status = sl_source_check(csv->source);
    return status ? status : sl_problems_fail(&csv->problems);
}

sl_problems *sl_csv_problems(sl_csv *csv)
{
    return &csv->problems;
}

uint32_t sl_csv_line(const sl_csv *csv)
{
    return csv->given_line;
}

uint64_t sl_csv_records(const sl_csv *csv)
{
    return csv->records;
}

uint64_t sl_csv_empty_lines(const sl_csv *csv)
{
    return csv->empty_lines;
}

char sl_csv_delimiter(const sl_csv *csv)
{
    return csv->guess.delimiter;
}

const char *sl_csv_reason(const sl_csv *csv)
{
    return csv->guess.reason;
}
