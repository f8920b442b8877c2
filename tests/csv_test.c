/* csv_test.c - records of a CSV file: the fast reader beside a slow one, what is wrong with its place,
 * delimiters. */
#include "data/table/csv_record.h"
#include "core/os.h"
#include "kernel/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "csv_slow.h"

static void fast_read(sl_csv *csv, said *records)
{
    const sl_field *fields;
    size_t count;
    while (sl_csv_next(csv, &fields, &count)) {
        assert_int_equal(sl_csv_line(csv), fields[0].line);
        for (size_t i = 0; i < count; i++)
            say_field(records, fields[i].text, fields[i].length, fields[i].quoted, fields[i].line,
                      fields[i].column);
        say_bytes(records, "\n", 1);
    }
}

/* "line 3, column 5: ..." becomes "3,5;" */
static void fast_places(const sl_problems *problems, said *places)
{
    unsigned line, column;
    for (const char *at = sl_text_string(&problems->list);
         at && sscanf(at, "line %u, column %u", &line, &column) == 2;
         at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
        slow_problem(places, line, column);
}

static void csv_equals_the_slow_reader(void **state)
{
    (void)state;
    static const char *const parts[] = { "a",
                                         "1",
                                         ",",
                                         ",",
                                         ";",
                                         "\t",
                                         "\"",
                                         "\"",
                                         "\"\"",
                                         ",\"",
                                         "\",",
                                         "\r",
                                         "\n",
                                         "\n",
                                         "\r\n",
                                         "\xc3\xa4",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         "\xc3",
                                         "\xff",
                                         "\xed\xa0\x80",
                                         "long enough to cross a block of sixty-four bytes, or " };
    static char texts[4][1 << 16];
    sl_ctx *ctx = sl_ctx_new(NULL);
    uint64_t random = 1;
    size_t with_problems = 0, good = 0;
    for (int trial = 0; trial < 30000; trial++) {
        char text[2048];
        size_t length = 0;
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const size_t pieces = (random >> 33) % 60;
        const unsigned kinds = trial % 3 == 0 ? 15 : (unsigned)(sizeof parts / sizeof *parts);
        for (size_t i = 0; i < pieces; i++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            const char *part = parts[(random >> 33) % kinds];
            const size_t nul = (random >> 50) % 997 == 0;
            memcpy(text + length, part, strlen(part) + nul);
            length += strlen(part) + nul;
        }
        said records = { texts[0], 0 }, problems = { texts[1], 0 }, fast = { texts[2], 0 },
             places = { texts[3], 0 };
        for (int i = 0; i < 4; i++)
            texts[i][0] = 0;
        slow_reader r = { (const unsigned char *)text, length, 0, 1, 0, ",;\t"[trial / 3 % 3] };
        if (length >= 2 && !memcmp(text, "\xff\xff", 2))
            continue;
        for (size_t columns = 0; r.at < r.length;)
            slow_record(&r, &records, &problems, &columns);
        sl_source *source = sl_source_memory(ctx, "text", text, length);
        const sl_csv_options options = { .delimiter = r.delimiter,
                                         .header = true,
                                         .buffer = (size_t)trial % 64 + 1 };
        sl_csv *csv = sl_csv_open(ctx, source, "text", &options);
        for (int pass = 0; pass < 2; pass++) {
            fast.length = places.length = 0;
            texts[2][0] = texts[3][0] = 0;
            fast_read(csv, &fast);
            fast_places(sl_csv_problems(csv), &places);
            size_t wanted = 0; /* of the problems, no more than are listed */
            for (int shown = 0; wanted < problems.length && shown < SL_PROBLEMS_SHOWN; wanted++)
                shown += texts[1][wanted] == ';';
            texts[1][wanted] = 0;
            if (strcmp(texts[1], texts[3]) || records.length != fast.length ||
                memcmp(texts[0], texts[2], fast.length)) {
                fail_msg(
                    "trial %d, buffer %zu, pass %d\n%.*s\nproblems %s\n     not %s\nrecords\n%s\nnot\n%s",
                    trial, options.buffer, pass, (int)length, text, texts[3], texts[1], texts[2], texts[0]);
            }
            assert_int_equal(sl_csv_rewind(csv), SL_OK);
        }
        with_problems += problems.length > 0;
        good += records.length > 0 && problems.length == 0;
        sl_csv_close(csv);
        sl_source_close(source);
        assert_int_equal(sl_ctx_bytes(ctx), 0);
    }
    assert_true(with_problems > 3000 && good > 3000);
    sl_ctx_free(ctx);
}

/* The vectors find what the plain loop finds. */
static void csv_marks_are_those_of_the_plain_loop(void **state)
{
    (void)state;
    char text[64];
    uint64_t random = 7;
    for (int trial = 0; trial < 20000; trial++) {
        uint64_t marks = 0, suspects = 0, seen, seen_plain;
        for (int i = 0; i < 64; i++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            const unsigned char byte =
                (unsigned char)(trial % 2 ? random >> 56 : (unsigned char)"a\"\n\r;\0\x80\x8a"[random >> 61]);
            memcpy(text + i, &byte, 1);
            marks |= (uint64_t)(byte == ';' || byte == '"' || byte == '\n' || byte == '\r') << i;
            suspects |= (uint64_t)(byte == 0 || byte >= 128) << i;
        }
        assert_int_equal(sl_scan_block(text, ';', &seen), marks);
        assert_int_equal(sl_scan_block_plain(text, ';', &seen_plain), marks);
        assert_int_equal(seen, suspects);
        assert_int_equal(seen_plain, suspects);
    }
}

/* --- small texts ------------------------------------------------------------------------------------- */

/* Reads all of it; the records as "a|b/c|d/", and the message of sl_csv_end. */
static const char *csv_read(const char *text, size_t length, sl_csv_options options, char *records,
                            char *message)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_source *source = sl_source_memory(ctx, "t.csv", text, length);
    sl_csv *csv = sl_csv_open(ctx, source, "t.csv", &options);
    const sl_field *fields;
    size_t count;
    records[0] = 0;
    while (csv && sl_csv_next(csv, &fields, &count))
        for (size_t i = 0; i < count; i++) {
            strncat(records, fields[i].text, fields[i].length);
            strcat(records, i + 1 < count ? "|" : "/");
        }
    if (csv)
        snprintf(strchr(records, 0), 64, " %c%llu", sl_csv_delimiter(csv),
                 (unsigned long long)sl_csv_empty_lines(csv));
    const sl_status status = csv ? sl_csv_end(csv) : sl_error(ctx);
    assert_int_equal(status, sl_error(ctx));
    assert_true(status == SL_OK || status == SL_EFORMAT || status == SL_EINVAL);
    strcpy(message, sl_message(ctx));
    sl_csv_close(csv);
    sl_source_close(source);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
    return message;
}

static void csv_expects(const char *text, size_t length, sl_csv_options options, const char *records,
                        const char *message)
{
    char got[4096], said_here[8192];
    csv_read(text, length, options, got, said_here);
    assert_string_equal(got, records);
    if (strncmp(said_here, message, strlen(message)) || (!*message && *said_here))
        fail_msg("'%s' does not begin with '%s'", said_here, message);
}
#define CSV_EXPECTS(text, records, message)                                                                  \
    csv_expects(text, sizeof(text) - 1, (sl_csv_options){ .header = true }, records, message)

static void csv_forms(void **state)
{
    (void)state;
    CSV_EXPECTS("a,b\n1,2\n", "a|b/1|2/ ,0", "");
    CSV_EXPECTS("a,b\r\n1,2", "a|b/1|2/ ,0", ""); /* no newline at the end */
    CSV_EXPECTS("a,b\r1,2\r", "a|b/1|2/ ,0", "");
    CSV_EXPECTS("\xef\xbb\xbf"
                "a,b\n",
                "a|b/ ,0", "");
    CSV_EXPECTS("\"a\nb\",\"c,\"\"d\"\"\"\n 1 , 2 \n", "a\nb|c,\"d\"/ 1 | 2 / ,0", "");
    CSV_EXPECTS("# no comment,b\n,\n", "# no comment|b/|/ ,0", "");
    CSV_EXPECTS("a\"b,c\n", "a\"b|c/ ,0", "");
    CSV_EXPECTS("\n\r\na,b\n\n1,2\n\n\n", "a|b/1|2/ ,5", "");
    CSV_EXPECTS("\na\n\nb\n", "a//b/ ,1",
                ""); /* one column: an empty line is a record, but before the header */
    csv_expects("\n\na\n", 4, (sl_csv_options){ .header = false }, "//a/ ,0", "");
    csv_expects("\n\na,b\n", 6, (sl_csv_options){ .header = false }, "a|b/ ,2", "");
    CSV_EXPECTS("", " ,0", "");
    csv_expects("1:2\n", 4, (sl_csv_options){ .delimiter = ':' }, "1|2/ :0", "");
    csv_expects("1\n", 2, (sl_csv_options){ .delimiter = '"' }, "",
                "t.csv: byte 34 cannot stand between fields: ");
}

static void csv_delimiters_are_recognised(void **state)
{
    (void)state;
    CSV_EXPECTS("a;b\n1,5;2\n", "a|b/1,5|2/ ;0", "");
    CSV_EXPECTS("1,5;2,7\n3,1;4,2\n", "1,5|2,7/3,1|4,2/ ;0", ""); /* both split alike: the comma comes last */
    CSV_EXPECTS("a\tb\n\"x;\ty\"\tc;d\n", "a|b/x;\ty|c;d/ \t0", "");
    CSV_EXPECTS("a|b\n1|2,3\n", "a|b/1|2,3/ |0", "");
    CSV_EXPECTS("a,b\n1,2\n3,4\n5;6,7\n", "a|b/1|2/3|4/5;6|7/ ,0", "");
    CSV_EXPECTS("text\nwell; yes\nno\nno\n", "text/well; yes/no/no/ ,0", "");
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_source *source = sl_source_memory(ctx, "t", "a;b;c\n1;2;3\n1\n4;5;6", 19);
    sl_csv *csv = sl_csv_open(ctx, source, "t", NULL);
    assert_string_equal(sl_csv_reason(csv), "';' splits 3 of the first 4 records into 3 fields");
    sl_csv_close(csv);
    sl_source_close(source);
    sl_ctx_free(ctx);
}

static void csv_problems_have_places(void **state)
{
    (void)state;
    CSV_EXPECTS("a,b\n1,\"2\n3,4\n", "a|b/3|4/ ,0",
                "t.csv, line 2, column 3: the quote that opens this field is never closed:");
    CSV_EXPECTS("a,b\n\"1\"x,2\n3,4\n", "a|b/3|4/ ,0",
                "t.csv, line 2, column 4: text behind a closing quote: ");
    CSV_EXPECTS("a,b\n\"1\n2\"x,2\n3,4\n", "a|b/3|4/ ,0",
                "t.csv, line 3, column 3: text behind a closing quote: ");
    CSV_EXPECTS("a,b\n1,\0\n3,4\n", "a|b/3|4/ ,0", "t.csv, line 2, column 3: a NUL byte, ");
    CSV_EXPECTS("a,b\n\"1\r\n2\",K\xe4se\n3,4\n", "a|b/3|4/ ,0",
                "t.csv, line 3, column 5: the byte 0xE4 is not UTF-8 here: ");
    CSV_EXPECTS("\xef\xbb\xbf"
                "a,\xff\n",
                " ,0", "t.csv, line 1, column 3: the byte 0xFF ");
    CSV_EXPECTS("\xff\xfe"
                "a\0",
                "", "t.csv: it is UTF-16 (it begins with the bytes FF FE), and UTF-8 is wanted: ");
    CSV_EXPECTS("\xfe\xff\0a", "", "t.csv: it is UTF-16 (it begins with the bytes FE FF)");
    char text[2000] = "a,b\n", records[4096], message[8192];
    for (int i = 0; i < 23; i++)
        strcat(text, "\"1\"2,\n3,4\n");
    csv_read(text, strlen(text), (sl_csv_options){ 0 }, records, message);
    assert_int_equal(strncmp(message, "t.csv: 23 problems, the first 20:\n  line 2, column 4: text ", 58), 0);
    assert_non_null(strstr(message, "\n  line 40, column 4: "));
    assert_null(strstr(message, "line 42"));
}

static void csv_problems_are_lines(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_problems problems;
    sl_problems_init(&problems, ctx, "x");
    assert_int_equal(sl_problems_fail(&problems), SL_OK);
    char wide[700] = "";
    for (int i = 0; i < 200; i++)
        strcat(wide, "\xe2\x82\xac");
    for (unsigned i = 0; i < 20; i++)
        sl_problems_add(&problems, 4294967295u, 4294967295u, "a\nb\x1b%s", wide);
    assert_int_equal(sl_problems_fail(&problems), SL_EFORMAT);
    const char *message = sl_message(ctx), *line = strchr(message, '\n');
    for (int i = 0; i < 20; i++, line = strchr(line + 1, '\n')) {
        assert_int_equal(strncmp(line, "\n  line 4294967295, column 4294967295: a?b?\xe2\x82\xac", 45), 0);
        const size_t length = strcspn(line + 1, "\n");
        assert_memory_equal(line + 1 + length - 6, "\xe2\x82\xac...", 6); /* no character cut in two */
    }
    assert_null(line);
    sl_clear(ctx);
    sl_problems_clear(&problems);
    sl_problems_add(&problems, 0, 0, "all is %s", "wrong");
    sl_problems_fail(&problems);
    assert_string_equal(sl_message(ctx), "x: all is wrong");
    sl_problems_free(&problems);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
}

/* --- long records ------------------------------------------------------------------------------------ */

static void csv_records_have_a_most(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const size_t most = SL_CSV_RECORD;
    char *text = malloc(2 * most + 100);
    const sl_field *fields;
    size_t count;
    for (int trial = 0; trial < 4; trial++) {
        memset(text, trial == 3 ? ',' : 'x', 2 * most + 100);
        memcpy(text, "a,b\n", 4);
        size_t end = 4 + most - 1; /* of a record that is just short enough, with its line end */
        if (trial == 1)
            end++;
        if (trial == 2)
            text[4] = '"';
        if (trial >= 2)
            end = trial == 2 ? 2 * most : 4 + SL_CSV_FIELDS;
        memcpy(text + end, "\n1,2\n", 5);
        sl_source *source = sl_source_memory(ctx, "t", text, end + 5);
        sl_csv *csv = sl_csv_open(ctx, source, "t", &(sl_csv_options){ .delimiter = ',' });
        size_t records = 0;
        uint32_t line = 0;
        for (; sl_csv_next(csv, &fields, &count); records++)
            line = fields[0].line;
        assert_int_equal(line, 3);
        assert_int_equal(records, trial ? 2 : 3);
        assert_int_equal(sl_csv_end(csv), trial ? SL_EFORMAT : SL_OK);
        static const char *const words[] = {
            "", "t, line 2, column 1: the record that begins here is longer than 16 MB",
            "t, line 2, column 1: the quote that opens this field is never closed within",
            "t, line 2, column 1: the record has 65537 fields"
        };
        assert_int_equal(strncmp(sl_message(ctx), words[trial], strlen(words[trial])), 0);
        sl_clear(ctx);
        sl_csv_close(csv);
        sl_source_close(source);
    }
    free(text);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
}

/* Where the reader looks for the second record, no more than one may have, ends within the third. */
static void csv_long_records_side_by_side(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    const size_t most = SL_CSV_RECORD, size = 2 * most - 110 + 40;
    char *text = malloc(size + 1);
    memset(text, 'x', size);
    memcpy(text + most - 103, "x,2", 3);
    text[most - 101] = '\n';
    text[2 * most - 111] = '\n';
    for (size_t i = 0; i < 10; i++)
        memcpy(text + 2 * most - 110 + 4 * i, "1,2\n", 4);
    sl_source *source = sl_source_memory(ctx, "t", text, size);
    sl_csv *csv = sl_csv_open(ctx, source, "t", &(sl_csv_options){ .delimiter = ',', .buffer = 4 * most });
    const sl_field *fields;
    size_t count, records = 0;
    for (; sl_csv_next(csv, &fields, &count); records++)
        assert_int_equal(count, records == 1 ? 1 : 2);
    assert_int_equal(records, 12);
    assert_int_equal(sl_csv_end(csv), SL_OK);
    sl_csv_close(csv);
    sl_source_close(source);
    free(text);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_equals_the_slow_reader),
        cmocka_unit_test(csv_marks_are_those_of_the_plain_loop),
        cmocka_unit_test(csv_forms),
        cmocka_unit_test(csv_delimiters_are_recognised),
        cmocka_unit_test(csv_problems_have_places),
        cmocka_unit_test(csv_problems_are_lines),
        cmocka_unit_test(csv_records_have_a_most),
        cmocka_unit_test(csv_long_records_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
