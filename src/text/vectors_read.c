/* vectors_read.c - files of word vectors, told apart by what is in them:
 *     text     "word number number ..", a word a line; before them, but in GloVe's, a line "words numbers"
 *     binary   the line "words numbers", then each word, a blank, its numbers as float32, perhaps a newline
 * A word with blanks in it is read where what stands before the last numbers of the line is no number. */
#include "core/bits.h"
#include "core/file.h"
#include "core/number.h"
#include "text/vectors.h"

#include <string.h>

enum { READ_MOST_NUMBERS = 1 << 20, READ_SHOWN = 40 };

typedef struct {
    sl_ctx *ctx;
    const char *name;
    const char *at, *end;
    size_t line; /* of `at`, from 1 */
    sl_vectors *vectors;
} vecfile_state;

static bool vecfile_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *vecfile_past_blanks(const char *at, const char *end)
{
    while (at < end && vecfile_blank(*at))
        at++;
    return at;
}

static const char *vecfile_field_end(const char *at, const char *end)
{
    while (at < end && !vecfile_blank(*at))
        at++;
    return at;
}

/* The end of the line at `at`, without \r and blanks; *next: where the next one begins. */
static const char *vecfile_line_end(const char *at, const char *end, const char **next)
{
    const char *line = memchr(at, '\n', (size_t)(end - at));
    *next = line ? line + 1 : end;
    line = line ? line : end;
    while (line > at && (vecfile_blank(line[-1]) || line[-1] == '\r'))
        line--;
    return line;
}

/* A field, short enough for a message. */
typedef struct {
    char text[READ_SHOWN + 4];
} vecfile_shown;
static vecfile_shown vecfile_show(const char *at, const char *end)
{
    vecfile_shown shown;
    size_t n = (size_t)(end - at) < READ_SHOWN ? (size_t)(end - at) : READ_SHOWN;
    if (at + n < end)
        while (n && ((unsigned char)at[n] & 0xc0) == 0x80) /* not within a character */
            n--;
    memcpy(shown.text, at, n);
    strcpy(shown.text + n, at + n < end ? "..." : "");
    return shown;
}

static bool vecfile_is_number(const char *at, const char *end)
{
    size_t used;
    double value;
    return sl_number_scan(at, (size_t)(end - at), &used, &value) && used == (size_t)(end - at);
}

/* Fields of a line; *trailing: how many of them at its end are numbers. */
static size_t vecfile_fields(const char *at, const char *end, size_t *trailing)
{
    size_t fields = 0;
    *trailing = 0;
    while ((at = vecfile_past_blanks(at, end)) < end) {
        const char *field = at;
        at = vecfile_field_end(at, end);
        *trailing = vecfile_is_number(field, at) ? *trailing + 1 : 0;
        fields++;
    }
    return fields;
}

/* "400000 300" alone on the first line. */
static bool vecfile_header(const char *at, const char *end, uint64_t *words, uint64_t *numbers)
{
    uint64_t *to[2] = { words, numbers };
    for (int i = 0; i < 2; i++) {
        char text[24];
        at = vecfile_past_blanks(at, end);
        const char *field = at;
        at = vecfile_field_end(at, end);
        if (at == field || (size_t)(at - field) >= sizeof text)
            return false;
        memcpy(text, field, (size_t)(at - field));
        text[at - field] = 0;
        if (!sl_integer_parse(text, to[i]))
            return false;
    }
    return vecfile_past_blanks(at, end) == end;
}

bool sl_vectors_binary(const char *at, const char *end, uint64_t numbers)
{
    const char *next;
    at = at < end && *at == '\n' ? at + 1 : at;
    at = memchr(at, ' ', (size_t)(end - at));
    if (!at)
        return false;
    const size_t most = (size_t)(end - at) / sizeof(float);
    const char *last = numbers < most ? at + 1 + numbers * sizeof(float) : end;
    const char *line = vecfile_line_end(at, end, &next);
    size_t trailing;
    if (line > at && vecfile_fields(at, line, &trailing) >= numbers && trailing >= numbers)
        return false;                   /* a line that ends in so many numbers */
    if (at + 1 < last && at[1] == '\n') /* no number behind the word */
        return true;
    for (at++; at < last; at++) /* also behind a line break, which a float may hold */
        if (((unsigned char)*at < 0x20 && !strchr("\t\r\n", *at)) || !*at || (unsigned char)*at >= 0x7f)
            return true;
    return false;
}

/* --- text ----------------------------------------------------------------------------------------------- */

static sl_status vecfile_bad_number(const vecfile_state *s, const char *at, const char *end)
{
    size_t used;
    double value;
    const vecfile_shown shown = vecfile_show(at, end);
    const bool infinite = sl_number_scan(at, (size_t)(end - at), &used, &value) && used == (size_t)(end - at);
    return sl_fail(s->ctx, SL_EFORMAT,
                   infinite
                       ? "%s: line %zu: '%s' is too large for a number: vectors are float32"
                       : "%s: line %zu: '%s' is no finite number: a word and its numbers are wanted, with "
                         "blanks between them",
                   s->name, s->line, shown.text);
}

/* What is wrong with a line that is not a word and `size` numbers, or where its word with blanks ends. */
static const char *vecfile_odd_line(const vecfile_state *s, const char *at, const char *end)
{
    const size_t size = (size_t)s->vectors->size;
    size_t trailing, fields = vecfile_fields(at, end, &trailing), field = 0;
    if (fields > size + 1 && trailing == size) {
        const char *word = at;
        for (; field + size < fields; field++)
            word = vecfile_field_end(vecfile_past_blanks(word, end), end);
        return word;
    }
    if (fields != size + 1) {
        sl_fail(s->ctx, SL_EFORMAT, "%s: line %zu: %zu numbers behind the word, the others have %zu: mend it",
                s->name, s->line, fields - 1, size);
        return NULL;
    }
    for (at = vecfile_field_end(at, end); at < end; at = vecfile_field_end(at, end)) {
        at = vecfile_past_blanks(at, end);
        if (!vecfile_is_number(at, vecfile_field_end(at, end))) {
            vecfile_bad_number(s, at, vecfile_field_end(at, end));
            return NULL;
        }
    }
    return NULL; /* not reached: such a line is not odd */
}

/* `size` numbers from `at` to the end of the line into `to`, where there is a place. 0: other things are
 * there; -1: a number too large, which is said. */
static int vecfile_numbers(const vecfile_state *s, const char *at, const char *end, sl_real *to)
{
    for (int i = 0; i < s->vectors->size; i++) {
        size_t used;
        double value;
        const char *field = at = vecfile_past_blanks(at, end);
        if (!sl_number_scan(at, (size_t)(end - at), &used, &value) ||
            (at + used < end && !vecfile_blank(at[used])))
            return 0;
        at += used;
        const float number = (float)value;
        if (number - number != 0) {
            vecfile_bad_number(s, field, at);
            return -1;
        }
        if (to)
            to[i] = (sl_real)number;
    }
    return at == end;
}

/* A line break within a word, a 0 byte: no text has such words, and none could be written again. */
static sl_status vecfile_word(const vecfile_state *s, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)word[i] < 0x20)
            return sl_fail(
                s->ctx, SL_EFORMAT,
                "%s: word %zu has a control character (byte %d) in it: the file is damaged; make it "
                "again",
                s->name, s->vectors->words.count + 1, (unsigned char)word[i]);
    return SL_OK;
}

static sl_status vecfile_line(vecfile_state *s, const char *at, const char *end)
{
    if (at == end || vecfile_blank(*at))
        return sl_fail(s->ctx, SL_EFORMAT, "%s: line %zu: there is no word before the first blank: mend it",
                       s->name, s->line);
    const char *word = vecfile_field_end(at, end);
    for (int attempt = 0; attempt < 2; attempt++) {
        sl_vectors *v = s->vectors;
        const size_t known = v->words.count;
        if (known == v->room) /* only where a header was too small */
            return sl_fail(s->ctx, SL_EFORMAT,
                           "%s: line %zu: more than the %zu words that its first line announces: mend it",
                           s->name, s->line, v->room);
        const int right = vecfile_numbers(s, word, end, v->value + known * (size_t)v->size);
        if (right < 0)
            return s->ctx->status;
        if (right) {
            if (vecfile_word(s, at, (size_t)(word - at)))
                return s->ctx->status;
            sl_vectors_add(v, at, (size_t)(word - at)); /* its numbers are where they belong already */
            return s->ctx->status;
        }
        word = vecfile_odd_line(s, at, end);
        if (!word)
            return s->ctx->status;
    }
    return sl_fail(s->ctx, SL_EFORMAT, "%s: line %zu: no word and %d numbers", s->name, s->line,
                   s->vectors->size);
}

static sl_status vecfile_text(vecfile_state *s, bool announced, uint64_t words)
{
    size_t lines = 0;
    while (s->at < s->end) {
        const char *next, *line = vecfile_line_end(s->at, s->end, &next);
        if (line == s->at && vecfile_past_blanks(next, s->end) == s->end)
            break; /* an empty last line */
        if (vecfile_line(s, s->at, line))
            return s->ctx->status;
        lines++;
        s->line++;
        s->at = next;
    }
    if (announced && lines < words)
        return sl_fail(s->ctx, SL_EFORMAT,
                       "%s: %zu words, its first line announces %llu: it is cut short; copy it again",
                       s->name, lines, (unsigned long long)words);
    if (announced && lines > words)
        return sl_fail(s->ctx, SL_EFORMAT, "%s: %zu words, its first line announces %llu: mend that line",
                       s->name, lines, (unsigned long long)words);
    return SL_OK;
}

/* --- binary --------------------------------------------------------------------------------------------- */

static sl_status vecfile_record(vecfile_state *s, size_t number)
{
    sl_vectors *v = s->vectors;
    const size_t bytes = (size_t)v->size * sizeof(float);
    s->at += s->at < s->end && *s->at == '\n';
    const char *word = s->at, *blank = memchr(word, ' ', (size_t)(s->end - word));
    if (!blank || (size_t)(s->end - blank - 1) < bytes)
        return sl_fail(s->ctx, SL_EFORMAT,
                       "%s: it ends within word %zu of those that its first line announces: it is cut short; "
                       "copy it again",
                       s->name, number + 1);
    if (blank == word)
        return sl_fail(s->ctx, SL_EFORMAT, "%s: word %zu is empty: the file is damaged; copy it again",
                       s->name, number + 1);
    if (vecfile_word(s, word, (size_t)(blank - word)))
        return s->ctx->status;
    sl_real *to = sl_vectors_add(v, word, (size_t)(blank - word));
    for (int i = 0; i < v->size; i++) {
        float value;
        sl_bits_little(memcpy(&value, blank + 1 + (size_t)i * sizeof value, sizeof value), 1, sizeof value);
        if (value - value != 0)
            return sl_fail(s->ctx, SL_EFORMAT,
                           "%s: number %d of word %zu is not finite: the file is damaged; make it again",
                           s->name, i + 1, number + 1);
        if (to)
            to[i] = (sl_real)value;
    }
    s->at = blank + 1 + bytes;
    return s->ctx->status;
}

static sl_status vecfile_binary(vecfile_state *s, uint64_t words)
{
    for (size_t i = 0; i < words; i++)
        if (vecfile_record(s, i))
            return s->ctx->status;
    s->at += s->at < s->end && *s->at == '\n';
    if (s->at < s->end)
        return sl_fail(s->ctx, SL_EFORMAT, "%s: %zu more bytes behind its %llu words: mend its first line",
                       s->name, (size_t)(s->end - s->at), (unsigned long long)words);
    return SL_OK;
}

/* --- both ----------------------------------------------------------------------------------------------- */

static size_t vecfile_count_lines(const char *at, const char *end)
{
    size_t lines = 0;
    while (at < end) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        lines++;
        at = next ? next + 1 : end;
    }
    return lines;
}

/* Can so many words of so many numbers stand in what is left? */
static bool vecfile_fits(const vecfile_state *s, uint64_t words, uint64_t numbers, bool binary)
{
    const uint64_t each = (binary ? sizeof(float) : 2) * numbers + (binary ? 2 : 1);
    return words <= ((uint64_t)(s->end - s->at) + 1) / each;
}

static sl_status vecfile_all(vecfile_state *s)
{
    const char *next, *line = vecfile_line_end(s->at, s->end, &next);
    uint64_t words = 0, numbers = 0;
    size_t trailing;
    const bool header = vecfile_header(s->at, line, &words, &numbers);
    bool binary = false;
    if (header) {
        if (!words || !numbers || numbers > READ_MOST_NUMBERS)
            return sl_fail(
                s->ctx, SL_EFORMAT,
                "%s: its first line announces %llu words of %llu numbers each: at least one, and at "
                "most %d numbers are wanted",
                s->name, (unsigned long long)words, (unsigned long long)numbers, READ_MOST_NUMBERS);
        s->at = next;
        s->line = 2;
        binary = sl_vectors_binary(s->at, s->end, numbers);
        if (!vecfile_fits(s, words, numbers, binary))
            return sl_fail(s->ctx, SL_EFORMAT,
                           "%s: its first line announces %llu words of %llu numbers each, more than its %zu "
                           "bytes can hold: it is cut short; copy it again",
                           s->name, (unsigned long long)words, (unsigned long long)numbers,
                           (size_t)(s->end - s->at));
    } else {
        const size_t fields = vecfile_fields(s->at, line, &trailing);
        numbers = trailing < fields ? trailing : fields - (fields > 0);
        words = vecfile_count_lines(s->at, s->end);
        if (numbers < 1 || numbers > READ_MOST_NUMBERS) {
            const vecfile_shown shown = vecfile_show(s->at, line);
            return sl_fail(s->ctx, SL_EFORMAT,
                           "%s: its first line, '%s', is no word with its numbers: wanted is a file of word "
                           "vectors, as word2vec, GloVe or slope vectors writes them",
                           s->name, shown.text);
        }
        words = vecfile_fits(s, words, numbers, false)
                    ? words
                    : ((uint64_t)(s->end - s->at) + 1) / (2 * numbers + 1) + 1; /* some lines are short */
    }
    s->vectors = sl_vectors_new(s->ctx, (int)numbers, (size_t)words);
    if (!s->vectors)
        return s->ctx->status;
    return binary ? vecfile_binary(s, words) : vecfile_text(s, header, words);
}

sl_vectors *sl_vectors_parse(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size)
{
    vecfile_state s = { .ctx = ctx, .name = name, .at = (const char *)bytes, .line = 1 };
    s.end = s.at + size;
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        s.at += 3;
    if (vecfile_past_blanks(s.at, s.end) == s.end) {
        sl_fail(ctx, SL_EFORMAT, "%s: it is empty: a file of word vectors is wanted", name);
        return NULL;
    }
    if (vecfile_all(&s)) {
        sl_vectors_free(s.vectors);
        return NULL;
    }
    if (s.vectors->twice)
        sl_log(ctx, "%s: %zu of its words stand in it again: the first of each counts", name,
               s.vectors->twice);
    return s.vectors;
}

sl_vectors *sl_vectors_read(sl_ctx *ctx, const char *path)
{
    unsigned char *bytes;
    size_t size;
    if (!path)
        sl_fail(ctx, SL_EINVAL, "sl_vectors_read: the path is NULL: wants the name of a file");
    if (!ctx || ctx->status || sl_file_read_gz(ctx, path, &bytes, &size))
        return NULL;
    sl_vectors *vectors = sl_vectors_parse(ctx, path, bytes, size);
    sl_free(ctx, bytes);
    return vectors;
}
