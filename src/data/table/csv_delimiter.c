/* csv_delimiter.c - which character stands between the fields: the one that splits the first records, outside
 * of quotes, most often into the same number of fields, two or more. Of several that do so equally well the
 * comma comes last: it is also the decimal mark of half the world, and stands in prose, while a tab,
 * semicolon or bar hardly is in each record equally often without being meant. */
#include "data/table/csv_record.h"

#include <stdio.h>

enum { DELIMITER_RECORDS = 100 };

typedef struct {
    size_t records, alike, fields; /* `alike` of `records` have `fields` fields; the others another number */
} delimiter_score;

static delimiter_score delimiter_try(sl_csv_piece piece, size_t at)
{
    size_t counts[DELIMITER_RECORDS];
    delimiter_score score = { 0, 0, 1 };
    sl_field first;
    sl_csv_record record = { .fields = &first, .room = 1, .grows = false };
    while (score.records < DELIMITER_RECORDS && at < piece.length) {
        const sl_csv_result result = sl_csv_record_find(&piece, at, 1, &record);
        if (result == SL_CSV_UNCLOSED || result == SL_CSV_MORE)
            break;
        if (result == SL_CSV_BEHIND) { /* the line counts, and is like no other */
            at = record.place;
            while (at < piece.length && piece.text[at] != '\n' && piece.text[at] != '\r')
                at++;
            counts[score.records++] = 0;
            continue;
        }
        if (record.count > 1 || first.length || first.quoted) /* not an empty line */
            counts[score.records++] = record.count;
        at = record.next;
    }
    for (size_t i = 0; i < score.records; i++) {
        size_t alike = 0;
        for (size_t j = 0; j < score.records; j++)
            alike += counts[j] == counts[i];
        if (counts[i] > 1 && alike > score.alike) {
            score.alike = alike;
            score.fields = counts[i];
        }
    }
    return score;
}

sl_csv_guess sl_csv_guess_delimiter(const char *text, size_t at, size_t length, bool last)
{
    static const char marks[] = "\t;|,";
    static const char *const names[] = { "a tab", "';'", "'|'", "','" };
    sl_csv_guess guess = { .delimiter = ',' };
    delimiter_score best = { 0, 0, 0 };
    int name = -1;
    for (int i = 0; marks[i]; i++) {
        const sl_csv_piece piece = {
            .text = text, .length = length, .last = last, .delimiter = marks[i], .known = SIZE_MAX
        };
        const delimiter_score score = delimiter_try(piece, at);
        if (score.alike * 2 < score.records || !score.alike) /* half of them, or it is prose */
            continue;
        /* Another mark may see another number of records: quotes stand at the begin of other fields. */
        if (name < 0 || score.alike * best.records > best.alike * score.records) {
            best = score;
            name = i;
        }
    }
    if (name < 0) {
        snprintf(guess.reason, sizeof guess.reason,
                 "no tab, ';', '|' or ',' splits the first records alike: one column");
        return guess;
    }
    guess.delimiter = marks[name];
    if (best.alike == best.records)
        snprintf(guess.reason, sizeof guess.reason, "%s splits %s%zu record%s into %zu fields", names[name],
                 best.records > 1 ? "each of the first " : "the first ", best.records,
                 best.records == 1 ? "" : "s", best.fields);
    else
        snprintf(guess.reason, sizeof guess.reason, "%s splits %zu of the first %zu records into %zu fields",
                 names[name], best.alike, best.records, best.fields);
    return guess;
}

void sl_csv_tell(sl_ctx *ctx, const char *name, const sl_csv_guess *guess, bool marked)
{
    const char letter[2] = { guess->delimiter };
    sl_decided(ctx, "delimiter", guess->delimiter == '\t' ? "tab" : letter, "%s: %s", name, guess->reason);
    if (marked)
        sl_decided(ctx, "byte order mark", "passed over", "%s begins with the bytes EF BB BF", name);
}

sl_status sl_csv_take_delimiter(sl_ctx *ctx, const char *name, char wanted, sl_csv_guess *guess)
{
    if (wanted == '"' || wanted == '\n' || wanted == '\r' || (unsigned char)wanted >= 0x80)
        return sl_fail(
            ctx, SL_EINVAL,
            "%s: byte %d cannot stand between fields: give an ASCII character that is no quote and no "
            "line end",
            name, (unsigned char)wanted);
    guess->delimiter = wanted;
    if (wanted < ' ' || wanted == 127)
        snprintf(guess->reason, sizeof guess->reason, "byte %d was asked for", wanted);
    else
        snprintf(guess->reason, sizeof guess->reason, "'%c' was asked for", wanted);
    return SL_OK;
}

sl_status sl_csv_byte_order(sl_ctx *ctx, const char *name, const char *text, size_t length, size_t *size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    const bool little = length >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe;
    const bool big = length >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff;
    *size = length >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf ? 3 : 0;
    if (little || big)
        return sl_fail(
            ctx, SL_EFORMAT,
            "%s: it is UTF-16 (it begins with the bytes %02X %02X), and UTF-8 is wanted: save it again as "
            "UTF-8, or convert it: iconv -f UTF-16 -t UTF-8",
            name, bytes[0], bytes[1]);
    return SL_OK;
}

sl_status sl_csv_check_text(sl_ctx *ctx, const char *name, const char *text, size_t length)
{
    size_t nul = 0, looked = length < 4096 ? length : 4096;
    for (size_t i = 0; i < looked; i++)
        nul += !text[i];
    if (nul > 2 && nul * 4 > looked) /* one sentence in place of one for each line */
        return sl_fail(
            ctx, SL_EFORMAT,
            "%s: it is no text: %zu of its first %zu bytes are NUL: if it is UTF-16, convert it: iconv "
            "-f UTF-16LE -t UTF-8; if it is a spreadsheet or the like, save it as CSV",
            name, nul, looked);
    return SL_OK;
}
