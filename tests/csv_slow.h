/* csv_slow.h - a reader of CSV to compare with: byte by byte, the whole text at hand. */
#ifndef SL_TESTS_CSV_SLOW_H
#define SL_TESTS_CSV_SLOW_H

/* --- a slow reader: byte by byte, the whole text at hand; it writes down what it finds
 * ---------------------- */

typedef struct {
    char *text; /* [1 << 16] */
    size_t length;
} said;

static inline void say_bytes(said *s, const char *bytes, size_t length)
{
    if (s->length + length >= 1 << 16)
        fail_msg("no room to write down what was found");
    memcpy(s->text + s->length, bytes, length);
    s->length += length;
    s->text[s->length] = 0;
}

static inline void say_field(said *s, const char *bytes, size_t length, bool quoted, size_t line,
                             size_t column)
{
    char place[64];
    const int n = snprintf(place, sizeof place, "%zu:%zu%s<", line, column, quoted ? "q" : "");
    say_bytes(s, place, (size_t)n);
    say_bytes(s, bytes, length);
    say_bytes(s, ">", 1);
}

typedef struct {
    const unsigned char *text;
    size_t length, at, line, line_start;
    char delimiter;
} slow_reader;

/* Is there a line end at `at`, and how many bytes has it? */
static inline size_t slow_line_end(const slow_reader *r, size_t at)
{
    if (at < r->length && r->text[at] == '\r')
        return at + 1 < r->length && r->text[at + 1] == '\n' ? 2 : 1;
    return at < r->length && r->text[at] == '\n';
}

/* By the number that a character stands for, not by ranges of its bytes. */
static inline size_t slow_character(const slow_reader *r, size_t at)
{
    static const uint32_t least[] = { 0, 1, 0x80, 0x800, 0x10000 };
    const unsigned char first = r->text[at];
    const size_t size = first < 0x80       ? 1
                        : first >> 5 == 6  ? 2
                        : first >> 4 == 14 ? 3
                        : first >> 3 == 30 ? 4
                                           : 0;
    uint32_t number = size == 1 ? first : first & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if (at + i >= r->length || r->text[at + i] >> 6 != 2)
            return 0;
        number = number << 6 | (r->text[at + i] & 63u);
    }
    return size && number >= least[size] && number <= 0x10ffff && (number < 0xd800 || number > 0xdfff) ? size
                                                                                                       : 0;
}

static inline void slow_problem(said *problems, size_t line, size_t column)
{
    char place[64];
    const int n = snprintf(place, sizeof place, "%zu,%zu;", line, column);
    say_bytes(problems, place, (size_t)n);
}

static inline void slow_next_line(slow_reader *r)
{
    while (r->at < r->length && !slow_line_end(r, r->at))
        r->at++;
    r->at += slow_line_end(r, r->at);
    r->line++;
}

/* The bytes from `from` to r->at: false, and the problem is said, where one is not UTF-8 or is 0. */
static inline bool slow_bytes_are_good(const slow_reader *r, size_t from, size_t line, said *problems)
{
    size_t start = from;
    for (size_t i = from; i < r->at;) {
        const size_t end = slow_line_end(r, i), size = slow_character(r, i);
        if (!size) {
            slow_problem(problems, line, i - start + 1);
            return false;
        }
        i += end ? end : size;
        line += end > 0;
        start = end ? i : start;
    }
    return true;
}

/* One record, or one problem; *columns: of the first record. */
static inline void slow_record(slow_reader *r, said *records, said *problems, size_t *columns)
{
    static char unquoted[1 << 16];
    char kept[1 << 12];
    said row = { kept, 0 };
    const size_t from = r->at, first_line = r->line;
    size_t fields = 0, bytes = 0;
    bool quotes = false;
    r->line_start = r->at;
    for (bool more = true; more; fields++) {
        const size_t line = r->line, column = r->at - r->line_start + 1;
        size_t length = 0;
        const bool quoted = r->at < r->length && r->text[r->at] == '"';
        quotes = quotes || quoted;
        if (quoted) {
            const size_t opened = r->at++;
            for (;; r->at++) {
                if (r->at >= r->length) {
                    slow_problem(problems, line, column);
                    r->at = opened;
                    r->line = line;
                    slow_next_line(r);
                    return;
                }
                if (r->text[r->at] == '"' && !(r->at + 1 < r->length && r->text[r->at + 1] == '"'))
                    break;
                r->at += r->text[r->at] == '"';
                unquoted[length++] = (char)r->text[r->at];
                if (r->text[r->at] == '\n' || (r->text[r->at] == '\r' && slow_line_end(r, r->at) == 1)) {
                    r->line++;
                    r->line_start = r->at + 1;
                }
            }
            r->at++;
            if (r->at < r->length && !slow_line_end(r, r->at) &&
                r->text[r->at] != (unsigned char)r->delimiter) {
                slow_problem(problems, r->line, r->at - r->line_start + 1);
                slow_next_line(r);
                return;
            }
        } else {
            while (r->at < r->length && !slow_line_end(r, r->at) &&
                   r->text[r->at] != (unsigned char)r->delimiter)
                unquoted[length++] = (char)r->text[r->at++];
        }
        bytes += length;
        say_field(&row, unquoted, length, quoted, line, column);
        more = r->at < r->length && !slow_line_end(r, r->at);
        r->at += more;
    }
    r->at += slow_line_end(r, r->at);
    r->line++;
    if (!slow_bytes_are_good(r, from, first_line, problems))
        return;
    if (fields == 1 && !bytes && !quotes && *columns != 1)
        return;
    *columns = *columns ? *columns : fields;
    say_bytes(&row, "\n", 1);
    say_bytes(records, row.text, row.length);
}

#endif
