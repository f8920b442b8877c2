/* Files of word vectors: what word2vec, fastText, GloVe and gensim write, and what is wrong with a file. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "data_place.h"
#include "memory.h"
#include "text/vectors.h"

#include "core/file.h"

#ifdef SL_HAVE_ZLIB
#    include <zlib.h>
#endif

static sl_vectors *vectors_of(bench *b, const void *bytes, size_t size)
{
    sl_vectors *v = sl_vectors_parse(b->ctx, "a.vec", bytes, size);
    if (!v)
        fail_msg("%s", sl_message(b->ctx));
    return v;
}

static void vectors_has(const sl_vectors *v, size_t word, const char *text, double first, double last)
{
    assert_string_equal(sl_vectors_word(v, word), text);
    assert_int_equal(sl_vectors_find(v, text), word);
    const sl_real *value = sl_vectors_values(v, word);
    assert_true(value[0] == (sl_real)(float)first);
    assert_true(value[sl_vectors_size(v) - 1] == (sl_real)(float)last);
}

static void vectors_end(bench *b, sl_vectors *v)
{
    sl_vectors_free(v);
    assert_int_equal(sl_error(b->ctx), SL_OK);
    assert_int_equal(sl_ctx_bytes(b->ctx), 0);
}

/* word2vec -binary 0: a header, a blank behind each number. fastText's .vec, gensim's: no such blank. */
static void S152_text_with_a_header(void **state)
{
    bench *b = *state;
    static const char *const files[] = {
        "2 3\nthe 0.25 -1.5 3e-2 \nof 1 2 -0.125 \n",
        "2 3\nthe 0.25 -1.5 0.03\nof 1.0 2.0 -0.125\n",
        "2 3\r\nthe 0.25 -1.5 0.03\r\nof 1 +2 -.125",
        "\xef\xbb\xbf\x32 3\nthe\t0.25\t-1.5\t.03\nof\t1\t2\t-0.125\n\n",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        sl_vectors *v = vectors_of(b, files[i], strlen(files[i]));
        assert_int_equal(sl_vectors_count(v), 2);
        assert_int_equal(sl_vectors_size(v), 3);
        vectors_has(v, 0, "the", 0.25, 0.03);
        vectors_has(v, 1, "of", 1, -0.125);
        assert_null(sl_vectors_word(v, 2));
        assert_null(sl_vectors_values(v, 2));
        vectors_end(b, v);
    }
}

/* No header; numbers as words, words with blanks (". . ." stands in GloVe's largest file). */
static void S152_text_without_a_header(void **state)
{
    bench *b = *state;
    const char file[] = "the 0.1 0.2 0.3\n2003 1 2 3\n. . . 4 5 6\n\"\" 7 8 9\n1/2 1 1 1\n";
    sl_vectors *v = vectors_of(b, file, strlen(file));
    assert_int_equal(sl_vectors_count(v), 5);
    assert_int_equal(sl_vectors_size(v), 3);
    vectors_has(v, 0, "the", 0.1, 0.3);
    vectors_has(v, 1, "2003", 1, 3);
    vectors_has(v, 2, ". . .", 4, 6);
    vectors_has(v, 3, "\"\"", 7, 9);
    vectors_has(v, 4, "1/2", 1, 1);
    vectors_end(b, v);
    v = vectors_of(b, "8 9 7", 5); /* one word of two numbers: no header has three */
    vectors_has(v, 0, "8", 9, 7);
    vectors_end(b, v);
}

/* struct.pack("<3f", 0.1, -2.5, 1e10) and so on, as word2vec (a newline behind each) and gensim (none) do. */
static void S152_binary(void **state)
{
    bench *b = *state;
    static const char with[] = "2 3\nthe \xcd\xcc\xcc\x3d\x00\x00\x20\xc0\xf9\x02\x15\x50\n"
                               "caf\xc3\xa9 \x00\x00\x80\x3f\x01\x00\x00\x00\x00\x00\x00\x80\n";
    static const char without[] = "2 3\nthe \xcd\xcc\xcc\x3d\x00\x00\x20\xc0\xf9\x02\x15\x50"
                                  "caf\xc3\xa9 \x00\x00\x80\x3f\x01\x00\x00\x00\x00\x00\x00\x80";
    const struct {
        const char *bytes;
        size_t size;
    } files[] = { { with, sizeof with - 1 }, { without, sizeof without - 1 } };
    for (size_t i = 0; i < 2; i++) {
        sl_vectors *v = vectors_of(b, files[i].bytes, files[i].size);
        assert_int_equal(sl_vectors_count(v), 2);
        vectors_has(v, 0, "the", 0.1, 1e10);
        vectors_has(v, 1, "caf\xc3\xa9", 1, -0.0);
        assert_true(sl_vectors_values(v, 1)[1] == (sl_real)1.401298464324817e-45f);
        vectors_end(b, v);
    }
    /* bytes that are blanks, newlines and digits: 0x20202020 as float32 is 1.3563156426940112e-19, and so on
     */
    static const char odd[] = "2 2\na \n\n\n\n    b 1234 \n \n";
    sl_vectors *v = vectors_of(b, odd, sizeof odd - 1);
    vectors_has(v, 0, "a", 6.646346445936972e-33, 1.3563156426940112e-19);
    vectors_has(v, 1, "b", 1.6688933612840628e-07, 7.705624078397276e-33);
    vectors_end(b, v);
}

/* Written, read again: the same words, the same bits, twice the same file. */
static void S152_round_trip(void **state)
{
    bench *b = *state;
    static const char *const files[] = { "a.vec", "a.bin" };
    static const float values[] = {
        0.1f, -3.4028235e38f, 1.401298464324817e-45f, 16777216, 1e-7f, 123.5f, 0, -0.0f, 1 / 3.f, 9.999999e22f
    };
    sl_vectors *v = sl_vectors_new(b->ctx, 5, 2);
    sl_real *first = sl_vectors_add(v, "Good", 4), *second = sl_vectors_add(v, "\xc3\x89t\xc3\xa9", 5);
    for (int i = 0; i < 5; i++) {
        first[i] = (sl_real)values[i];
        second[i] = (sl_real)values[5 + i];
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(sl_vectors_write(v, in_folder(b, files[i])), SL_OK);
        sl_vectors *again = sl_vectors_read(b->ctx, in_folder(b, files[i]));
        assert_non_null(again);
        assert_int_equal(sl_vectors_count(again), 2);
        assert_string_equal(sl_vectors_word(again, 0), "Good");
        assert_int_equal(sl_vectors_digest(again), sl_vectors_digest(v));
        for (int k = 0; k < 10; k++) {
            const float x = (float)sl_vectors_values(again, 0)[k];
            assert_memory_equal(&x, &values[k], sizeof x);
        }
        sl_vectors_free(again);
        remove(in_folder(b, files[i]));
    }
    assert_int_equal(sl_vectors_write(v, "/nowhere/at/all.vec"), SL_EWRITE);
    sl_clear(b->ctx);
    assert_int_equal(sl_vectors_write(v, "a.vec.gz"), SL_EINVAL);
    sl_clear(b->ctx);
    vectors_end(b, v);
    const char blanks[] = "a b 0.5\nc 1\n"; /* no binary file can have such a word */
    v = vectors_of(b, blanks, strlen(blanks));
    assert_int_equal(sl_vectors_write(v, in_folder(b, "a.bin")), SL_EINVAL);
    sl_clear(b->ctx);
    vectors_end(b, v);
    const char letters[] = "a 9.324395477960934e-9\nb 1\n"; /* the float32 whose bytes are " 1 2" */
    v = vectors_of(b, letters, strlen(letters));
    assert_int_equal(sl_vectors_write(v, in_folder(b, "a.bin")), SL_EINVAL);
    assert_non_null(strstr(sl_message(b->ctx), "would be read as a text: name it .vec"));
    sl_clear(b->ctx);
    assert_int_equal(sl_vectors_write(v, in_folder(b, "a.vec")), SL_OK);
    remove(in_folder(b, "a.vec"));
    vectors_end(b, v);
}

static void S152_packed(void **state)
{
    bench *b = *state;
#ifdef SL_HAVE_ZLIB
    const char text[] = "2 2\nx 1 2\ny 3 4\n";
    gzFile file = gzopen(in_folder(b, "a.gz"), "wb");
    assert_int_equal(gzwrite(file, text, (unsigned)strlen(text)), (int)strlen(text));
    gzclose(file);
    sl_vectors *v = sl_vectors_read(b->ctx, in_folder(b, "a.gz"));
    assert_non_null(v);
    vectors_has(v, 1, "y", 3, 4);
    vectors_end(b, v);
    remove(in_folder(b, "a.gz"));
#else
    (void)b;
    print_message("built without zlib\n");
    skip();
#endif
}

/* As it stands there; else folded; else a word that, folded, is the one asked for: the first of these. */
static void S152_lookup(void **state)
{
    bench *b = *state;
    const char file[] = "Apple 1\nGOOD 2\ngood 3\nUSA 4\nUsa 5\nthe 6\n";
    sl_vectors *v = vectors_of(b, file, strlen(file));
    static const struct {
        const char *word;
        size_t found;
    } cases[] = { { "Apple", 0 },         { "apple", 0 },       { "APPLE", 0 },   { "GOOD", 1 },
                  { "good", 2 },          { "Good", 2 },        { "usa", 3 },     { "Usa", 4 },
                  { "uSA", 3 },           { "The", 5 },         { "", SIZE_MAX }, { "app", SIZE_MAX },
                  { "apple ", SIZE_MAX }, { "a\xc3", SIZE_MAX } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (sl_vectors_find(v, cases[i].word) != cases[i].found)
            fail_msg("%s: word %zu", cases[i].word, sl_vectors_find(v, cases[i].word));
    vectors_end(b, v);
}

static void vectors_note(void *user, const char *line)
{
    snprintf(user, 256, "%s", line);
}

static void vectors_twice(void **state)
{
    (void)state;
    char line[256] = "";
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .log = vectors_note, .user = line });
    const char file[] = "a 1\nb 2\na 3\na 4\nb 5\nc 6\n";
    sl_vectors *v = sl_vectors_parse(ctx, "a.txt", (const unsigned char *)file, strlen(file));
    assert_non_null(v);
    assert_int_equal(sl_vectors_count(v), 3);
    vectors_has(v, 0, "a", 1, 1);
    vectors_has(v, 1, "b", 2, 2);
    vectors_has(v, 2, "c", 6, 6);
    assert_string_equal(line, "a.txt: 3 of its words stand in it again: the first of each counts");
    sl_ctx_free(ctx);
}

static void vectors_refused(void **state)
{
    bench *b = *state;
#define BYTES(text) text, sizeof text - 1
    static const struct {
        const char *bytes;
        size_t size;
        const char *first, *second;
    } cases[] = {
        { BYTES(""), "empty", "" },
        { BYTES("\n"), "first line", "" },
        { BYTES("hello\n"), "'hello'", "is no word with its numbers" },
        { BYTES("hello world\n"), "'hello world'", "no word with its numbers" },
        { BYTES("a 1 2\nb 1\n"), "line 2", "1 numbers behind the word, the others have 2" },
        { BYTES("a 1 2\nb 1 2 3\n"), "line 2", "3 numbers behind the word, the others have 2" },
        { BYTES("2 2\na 1 2\nb 1\n"), "line 3", "1 numbers behind the word, the others have 2" },
        { BYTES("a 1 2\nb\n"), "line 2", "0 numbers behind the word" },
        { BYTES("a 1 2\n\nb 1 2\n"), "line 2", "no word before the first blank" },
        { BYTES("a 1 2\n 1 2\n"), "line 2", "no word before the first blank" },
        { BYTES("a 1 2\nb 1 x2\n"), "line 2", "'x2' is no finite number" },
        { BYTES("a 1 2\nb 1,5 2\n"), "line 2", "'1,5' is no finite number" },
        { BYTES("a 1 2\nb nan 2\n"), "line 2", "'nan' is no finite number" },
        { BYTES("a 1 2\nb 1 -inf\n"), "line 2", "'-inf' is no finite number" },
        { BYTES("a 1 2\nb 1 1e39\n"), "line 2", "'1e39' is too large" },
        { BYTES("a 1 2\nb 0x10 2\n"), "line 2", "'0x10' is no finite number" },
        { BYTES("3 2\na 1.25 2.5\nb 1 2\n"), "2 words, its first line announces 3", "cut short" },
        { BYTES("1 2\na 1 2\nb 1 2\n"), "line 3", "more than the 1 words that its first line announces" },
        { BYTES("0 2\n"), "announces 0 words", "at least one" },
        { BYTES("2 0\na\nb\n"), "of 0 numbers", "at least one" },
        { BYTES("1 2000000\na 1\n"), "2000000 numbers", "at most 1048576" },
        { BYTES("18446744073709551615 300\na 1\n"), "18446744073709551615 words of 300", "can hold" },
        { BYTES("4000000000 1048576\na 1\n"), "4000000000 words", "more than its 4 bytes can hold" },
        { BYTES("2 2\na \1\2\3\4\5\6\7\10\nb \1\2\3\4\5\6\7"), "ends within word 2", "cut short" },
        { BYTES("2 2\na \1\2\3\4\5\6\7\10\nbbbbbbbbbb"), "ends within word 2", "cut short" },
        { BYTES("2 2\na \1\2\3\4\5\6\7\10\n \1\2\3\4\5\6\7\10\n"), "word 2 is empty", "damaged" },
        { BYTES("2 2\na \1\2\3\4\5\6\7\10\nb \1\2\3\4\0\0\xc0\x7f\n"), "number 2 of word 2", "not finite" },
        { BYTES("2 2\na \1\2\3\4\0\0\x80\xff\nb \1\2\3\4\5\6\7\10\n"), "number 2 of word 1", "not finite" },
        { BYTES("1 2\na \1\2\3\4\5\6\7\10\nb \1\2\3\4\5\6\7\10\n"), "11 more bytes behind its 1 words", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(sl_vectors_parse(b->ctx, "a.vec", (const unsigned char *)cases[i].bytes, cases[i].size));
        const char *said = sl_message(b->ctx);
        if (sl_error(b->ctx) != SL_EFORMAT || !strstr(said, cases[i].first) ||
            !strstr(said, cases[i].second) || strncmp(said, "a.vec: ", 7) != 0)
            fail_msg("case %zu wants '%s' and '%s': %s", i, cases[i].first, cases[i].second, said);
        sl_clear(b->ctx);
        assert_int_equal(sl_ctx_bytes(b->ctx), 0);
    }
    /* an announcement that could be true asks for no more memory than the file justifies */
    assert_true(sl_ctx_peak_bytes(b->ctx) < 1 << 20);
    assert_null(sl_vectors_read(b->ctx, "/nowhere/a.vec"));
    assert_int_equal(sl_error(b->ctx), SL_EFILE);
    sl_clear(b->ctx);
}

/* Every allocation fails once. */
static void vectors_memory(void **state)
{
    (void)state;
    static const char *const files[] = { "A 1 2\nb 3 4\nC 5 6\nc 7 8\n",
                                         "2 1\nA \xcd\xcc\xcc\x3d\nb \xcd\xcc\xcc\x3d\n" };
    for (size_t i = 0; i < 2; i++)
        for (size_t at = 1;; at++) {
            test_memory memory = { 0 };
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
            memory.fail_at = memory.calls + at;
            memory.fail_once = true;
            sl_vectors *v = sl_vectors_parse(ctx, "a", (const unsigned char *)files[i], strlen(files[i]));
            const bool failed = memory.calls >= memory.fail_at;
            assert_int_equal(v == NULL, failed);
            assert_int_equal(sl_error(ctx), failed ? SL_ENOMEM : SL_OK);
            sl_vectors_free(v);
            sl_ctx_free(ctx);
            assert_int_equal(memory.bytes, 0);
            assert_false(memory.wrong_size);
            if (!failed)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(S152_text_with_a_header, set_up, tear_down),
        cmocka_unit_test_setup_teardown(S152_text_without_a_header, set_up, tear_down),
        cmocka_unit_test_setup_teardown(S152_binary, set_up, tear_down),
        cmocka_unit_test_setup_teardown(S152_round_trip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(S152_packed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(S152_lookup, set_up, tear_down),
        cmocka_unit_test(vectors_twice),
        cmocka_unit_test_setup_teardown(vectors_refused, set_up, tear_down),
        cmocka_unit_test(vectors_memory),
    };
    return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
