/* csv_record.c - see csv_record.h. Only bytes that mean something are looked at one by one: the delimiter,
 * quotes and line ends, which scan.h finds 64 bytes at a time. */
#include "data/table/csv_record.h"
#include "core/json.h"
#include "kernel/scan.h"

#include <string.h>

typedef struct {
    const char *text;
    size_t length, block, suspect_end;
    uint64_t marks;
    char delimiter;
} record_walk;

static inline void record_load(record_walk *walk)
{
    uint64_t suspects;
    walk->marks = sl_scan_block(walk->text + walk->block, walk->delimiter, &suspects);
    const size_t left = walk->length - walk->block;
    if (left < 64) { /* behind the text are leftovers */
        walk->marks &= (UINT64_C(1) << left) - 1;
        suspects &= (UINT64_C(1) << left) - 1;
    }
    if (suspects)
        walk->suspect_end = walk->block + 64;
}

/* The place of the next mark, or the length. */
static inline size_t record_mark(record_walk *walk)
{
    while (!walk->marks) {
        if (walk->length - walk->block <= 64)
            return walk->length;
        walk->block += 64;
        record_load(walk);
    }
    const size_t place = walk->block + sl_scan_first(walk->marks);
    walk->marks &= walk->marks - 1;
    return place;
}

static void record_seek(record_walk *walk, size_t at)
{
    walk->block = at - at % 64;
    walk->marks = 0;
    walk->suspect_end = 0;
    if (walk->block < walk->length) {
        record_load(walk);
        walk->marks &= ~UINT64_C(0) << at % 64;
    }
}

typedef struct {
    size_t start; /* of the line */
    uint32_t number;
} record_line;

static inline uint32_t record_column(const record_line *line, size_t at)
{
    return (uint32_t)(at - line->start + 1);
}

static sl_csv_result record_place(sl_csv_record *record, sl_csv_result result, const record_line *line,
                                  size_t at)
{
    record->place = at;
    record->line = line->number;
    record->column = record_column(line, at);
    return result;
}

/* From the quote at `from`, whose mark was taken, to the closing one; *end is its place. */
static sl_csv_result record_quoted(record_walk *walk, const sl_csv_piece *piece, size_t from,
                                   record_line *line, sl_csv_record *record, size_t *end)
{
    const char *text = walk->text;
    const size_t length = walk->length;
    const record_line begin = *line;
    for (;;) {
        const size_t at = record_mark(walk);
        if (at == length) {
            record->open = true;
            return record_place(record, piece->last ? SL_CSV_UNCLOSED : SL_CSV_MORE, &begin, from);
        }
        const bool more = at + 1 < length;
        if (text[at] == '"') {
            if (!more || text[at + 1] != '"') {
                *end = at;
                return SL_CSV_FOUND;
            }
            record_mark(walk);
            record->doubled = true;
        } else if (text[at] == '\n' || (text[at] == '\r' && !(more && text[at + 1] == '\n'))) {
            line->number++;
            line->start = at + 1;
        }
    }
}

sl_csv_result sl_csv_record_find(sl_csv_piece *piece, size_t at, uint32_t line_number, sl_csv_record *record)
{
    record_walk walk = { piece->text,        piece->length, piece->block,
                         piece->suspect_end, piece->marks,  piece->delimiter };
    if (piece->known != at)
        record_seek(&walk, at);
    piece->known = SIZE_MAX;
    record_line line = { at, line_number };
    const char *text = walk.text, delimiter = walk.delimiter;
    const size_t length = walk.length;
    size_t count = 0, end;
    record->doubled = record->open = false;
    for (size_t from = at;; from = end + 1) {
        sl_field field = { .text = text + from, .line = line.number, .column = record_column(&line, from) };
        if (from < length && text[from] == '"') {
            record_mark(&walk); /* itself */
            const sl_csv_result result = record_quoted(&walk, piece, from, &line, record, &end);
            if (result != SL_CSV_FOUND)
                return result;
            field.text++;
            field.length = end - from - 1;
            field.quoted = true;
            end++;
            if (end < length && text[end] != delimiter && text[end] != '\n' && text[end] != '\r')
                return record_place(record, SL_CSV_BEHIND, &line, end);
            if (end < length)
                record_mark(&walk);
        } else {
            do /* a quote within a field that does not begin with one is a character like others */
                end = record_mark(&walk);
            while (end < length && text[end] == '"');
            field.length = end - from;
        }
        if (count < record->room)
            record->fields[count] = field;
        else if (record->grows)
            return SL_CSV_ROOM;
        count++;
        if (end < length && text[end] == delimiter)
            continue;
        record->line_end = line.number;
        if (!piece->last && (end == length || (text[end] == '\r' && end + 1 == length)))
            return SL_CSV_MORE;
        break;
    }
    const bool pair = end + 1 < length && text[end] == '\r' && text[end + 1] == '\n';
    if (pair)
        record_mark(&walk);
    record->count = count;
    record->next = end + (end < length) + pair;
    piece->block = walk.block;
    piece->marks = walk.marks;
    piece->suspect_end = walk.suspect_end;
    if (length - walk.block >= 64) /* a block at the end may go on when there is more text */
        piece->known = record->next;
    return SL_CSV_FOUND;
}

void sl_csv_record_single(sl_csv_record *record)
{
    for (size_t i = 0; i < record->count && i < record->room; i++) {
        sl_field *field = &record->fields[i];
        if (!field->quoted || !memchr(field->text, '"', field->length))
            continue;
        char *to;
        memcpy(&to, &field->text, sizeof to); /* the caller's buffer, which may be written */
        size_t length = 0;
        for (size_t at = 0; at < field->length;) {
            const char *from = field->text + at, *quote = memchr(from, '"', field->length - at);
            const size_t part = quote ? (size_t)(quote - from) + 1 : field->length - at;
            memmove(to + length, from, part);
            length += part;
            at += part + (quote != NULL); /* its twin */
        }
        field->length = length;
    }
}

uint32_t sl_csv_record_line(sl_csv_record *record, uint32_t line, sl_source_lines numbers)
{
    if (numbers == SL_LINES_OWN)
        return record->line_end + 1;
    for (size_t i = 0; i < record->count && i < record->room; i++) {
        record->fields[i].line = line;
        record->fields[i].column = 0;
    }
    return numbers == SL_LINES_RECORDS ? line + 1 : 0;
}

size_t sl_csv_bad_byte(const char *text, size_t at, size_t end)
{
    const unsigned char *bytes = (const unsigned char *)text;
    while (at < end) {
        if (end - at >= 8) { /* ASCII without a NUL */
            const uint64_t word = scan_word(bytes + at);
            if (!(scan_zeros(word) | (word & UINT64_C(0x8080808080808080)))) {
                at += 8;
                continue;
            }
        }
        const size_t size = text[at] ? sl_utf8_length(text + at, end - at) : 0;
        if (!size)
            return at;
        at += size;
    }
    return end;
}
