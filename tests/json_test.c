/* json_test.c - the JSON reader and writer. */
#include "core/json.h"
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

typedef struct {
    sl_ctx *ctx;
    sl_arena arena;
} json_place;

static int json_setup(void **state)
{
    json_place *place = calloc(1, sizeof *place);
    place->ctx = sl_ctx_new(NULL);
    sl_arena_init(&place->arena, place->ctx);
    *state = place;
    return !place->ctx;
}

static int json_teardown(void **state)
{
    json_place *place = *state;
    sl_arena_free(&place->arena);
    const size_t left = sl_ctx_bytes(place->ctx);
    sl_ctx_free(place->ctx);
    free(place);
    return left != 0;
}

/* From a block of exactly that size, so that a sanitizer sees a read behind its end. */
static const sl_json *json_from(json_place *place, const char *text, size_t length)
{
    char *copy = malloc(length + !length);
    memcpy(copy, text, length);
    const sl_json *value = sl_json_read(&place->arena, "t.json", copy, length);
    free(copy);
    return value;
}

static const sl_json *json_good(json_place *place, const char *text)
{
    const sl_json *value = json_from(place, text, strlen(text));
    if (!value)
        fail_msg("%s is refused: %s", text, sl_message(place->ctx));
    return value;
}

static void json_valid(void **state)
{
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "-1",
        "1.5",
        "1e5",
        "1E+5",
        "1e-5",
        "0.5e0",
        "\"\"",
        "\"a\"",
        "[]",
        "{}",
        "[ ]",
        "{ }",
        " [1 , 2,3 ]\n",
        "\t{\"a\" : 1 ,\r\n\"b\":[{}]}",
        "[[[[]]]]",
        "\"\\u0000\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
        "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
        "\"\\uD83D\\uDE00\"",
        "{\"\":1}",
        "{\"a\":{\"a\":1},\"b\":{\"a\":1}}",
        "\xef\xbb\xbf[1]",
        "\"\x7f\"",
        "123456789012345678901234567890",
        "1e400",
        "\"\xf4\x8f\xbf\xbf\xed\x9f\xbf\xee\x80\x80\"",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        json_good(*state, texts[i]);
}

static void json_invalid(void **state)
{
    json_place *place = *state;
    static const char *const texts[] = {
        "",
        " ",
        "nul",
        "truE",
        "True",
        "nulll",
        "undefined",
        "NaN",
        "Infinity",
        "-",
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
        "1.e5",
        "1e",
        "1e+",
        "0x10",
        "1_0",
        "--1",
        "\"",
        "\"a",
        "'a'",
        "\"\\x\"",
        "\"\\",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"\\ud800\\ud800\"",
        "\"\\ud83d\\",
        "\"\n\"",
        "\"\t\"",
        "\"\x1f\"",
        "\"\x80\"",
        "\"\xc3\"",
        "\"\xc0\x80\"",
        "\"\xc1\xbf\"",
        "\"\xe0\x9f\xbf\"",
        "\"\xed\xa0\x80\"",
        "\"\xf0\x8f\xbf\xbf\"",
        "\"\xf4\x90\x80\x80\"",
        "\"\xf5\x80\x80\x80\"",
        "\"\xff\"",
        "\"\xe2\x82",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{1:1}",
        "{,}",
        "{\"a\":1]",
        "{\"a\":1 \"b\":2}",
        "1 2",
        "[] []",
        "{}x",
        "[1]]",
        "\xef\xbb\xbf",
        "\xef\xbb\xbf\xef\xbb\xbf[]",
        "/* */ 1",
        "// 1\n1",
        "[1]\v",
        "\xa0 1",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (json_from(place, texts[i], strlen(texts[i])))
            fail_msg("'%s' is accepted", texts[i]);
        assert_int_equal(sl_error(place->ctx), SL_EFORMAT);
        assert_memory_equal(sl_message(place->ctx), "t.json line ", 12);
        sl_clear(place->ctx);
    }
    assert_null(json_from(place, "[1]\0", 4)); /* a zero byte is no end */
    sl_clear(place->ctx);
    assert_null(json_from(place, "\"a\0b\"", 5));
}

static void json_sentences(void **state)
{
    json_place *place = *state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        { "{\"a\" 1}", "t.json line 1 column 6: wants ':' behind the name, found '1'" },
        { "{\n \"a\": 1,\n \"b\"; 2}", "t.json line 3 column 5: wants ':' behind the name, found ';'" },
        { "[\"\xc3\xa9\xc3\xa9\" x]",
          "t.json line 1 column 7: wants ',' or ']' behind an element, found 'x'" },
        { "{\"a\":1", "t.json line 1 column 7: wants ',' or '}' behind a member, found the end" },
        { "{\"b\":1,\n\"a\":1,\"b\":2}", "t.json line 2 column 7: the name \"b\" is given twice" },
        { "[\"ab\n",
          "t.json line 1 column 5: wants control characters in strings written as \\u00XX, found byte 0x0a" },
        { " \"ab", "t.json line 1 column 2: this string is never closed" },
        { "[1] \xe2\x82\xac",
          "t.json line 1 column 5: wants nothing more behind the value, found '\xe2\x82\xac'" },
        { "\"\xff\"", "t.json line 1 column 2: wants UTF-8, found byte 0xff" },
        { "007", "t.json line 1 column 1: wants a number without zeros before it, found '0'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(json_from(place, cases[i].text, strlen(cases[i].text)));
        assert_string_equal(sl_message(place->ctx), cases[i].sentence);
        sl_clear(place->ctx);
    }
}

static void json_depth(void **state)
{
    json_place *place = *state;
    char text[200000];
    for (size_t levels = 64; levels <= 65; levels++) {
        memset(text, '[', levels);
        memset(text + levels, ']', levels);
        assert_true((json_from(place, text, 2 * levels) != NULL) == (levels == 64));
    }
    assert_non_null(strstr(sl_message(place->ctx), "column 65: wants at most 64 levels of brackets"));
    sl_clear(place->ctx);
    memset(text, '[', sizeof text);
    assert_null(json_from(place, text, sizeof text));
    sl_clear(place->ctx);
    for (size_t i = 0; i < sizeof text; i += 2) /* wide is not deep */
        memcpy(text + i, i ? ",0" : "[0", 2);
    memcpy(text + sizeof text - 2, " ]", 2);
    const sl_json *wide = json_from(place, text, sizeof text);
    assert_non_null(wide);
    assert_int_equal(wide->count, sizeof text / 2 - 1);
    sl_arena_reset(&place->arena);
    for (size_t i = 0; i < 300; i += 3) /* nor are neighbours */
        memcpy(text + i, i ? "{}," : " [ ", 3);
    memcpy(text + 299, "]", 2);
    assert_int_equal(json_good(place, text)->count, 99);
}

static void json_values(void **state)
{
    json_place *place = *state;
    const sl_json *o =
        json_good(place, "{\"s\": \"a\\u00e9\\ud83d\\ude00\\u0000z\", \"n\": -1.5e-3, \"t\": true,"
                         " \"f\": false, \"z\": null, \"big\": 18446744073709551615,"
                         " \"over\": 18446744073709551616, \"e\": 1e3, \"l\": [1, \"x\", {}]}");
    assert_int_equal(o->kind, SL_JSON_OBJECT);
    assert_int_equal(o->count, 9);
    const sl_json *s = sl_json_get(o, "s");
    assert_int_equal(s->length, 9);
    assert_memory_equal(s->text, "a\xc3\xa9\xf0\x9f\x98\x80\0z", 10);
    assert_true(sl_json_number(o, "n", 7) == -1.5e-3);
    assert_string_equal(sl_json_get(o, "n")->text, "-1.5e-3");
    assert_true(sl_json_number(o, "s", 7) == 7 && sl_json_number(o, "none", 7) == 7);
    assert_true(sl_json_bool(o, "t", false) && !sl_json_bool(o, "f", true) && sl_json_bool(o, "z", true));
    assert_true(sl_json_uint64(o, "big", 1) == UINT64_MAX);
    assert_true(sl_json_uint64(o, "over", 1) == 1 && sl_json_uint64(o, "e", 1) == 1 &&
                sl_json_uint64(o, "n", 1) == 1);
    assert_string_equal(sl_json_string(o, "t", "other"), "other");
    assert_null(sl_json_string(o, "none", NULL));
    assert_int_equal(sl_json_get(o, "z")->kind, SL_JSON_NULL);
    const sl_json *l = sl_json_get(o, "l");
    assert_true(l->kind == SL_JSON_ARRAY && l->count == 3);
    assert_true(l->first->number == 1 && !strcmp(l->first->next->text, "x") && !l->first->next->next->next);
    assert_null(sl_json_get(l, "l"));
    assert_null(sl_json_get(NULL, "l"));
    assert_null(sl_json_get(l->first, "l"));
    assert_null(json_good(place, "{\"a\\u0000b\": 1}")->members);
    assert_null(sl_json_get(json_good(place, "{\"a\\u0000b\": 1}"), "a")); /* the whole name counts */
}

/* Many members: found through the table, in order, and one given twice is seen at any distance. */
static void json_many_members(void **state)
{
    json_place *place = *state;
    for (size_t count = 1; count < 3000; count += count < 70 ? 1 : 997) {
        sl_text text;
        sl_text_init(&text, place->ctx);
        bool first = true;
        sl_text_put(&text, "{");
        for (size_t i = 0; i < count; i++) {
            char key[32];
            snprintf(key, sizeof key, "key_%zu", i * 7919);
            sl_json_key(&text, &first, key);
            sl_json_put_uint64(&text, i);
        }
        sl_text_put(&text, "}");
        const sl_json *o = json_good(place, text.bytes);
        assert_int_equal(o->count, count);
        uint64_t i = 0;
        for (const sl_json *m = o->first; m; m = m->next, i++) {
            assert_ptr_equal(sl_json_get(o, m->key), m);
            assert_true(m->number == (double)i);
        }
        assert_null(sl_json_get(o, "key_1"));
        text.bytes[--text.length] = 0;
        sl_text_add(&text, ", \"key_%zu\": 0}", count / 2 * 7919);
        assert_null(json_from(place, text.bytes, text.length));
        assert_non_null(strstr(sl_message(place->ctx), "is given twice"));
        sl_clear(place->ctx);
        sl_text_free(&text);
        sl_arena_reset(&place->arena);
    }
}

static void json_writes(void **state)
{
    json_place *place = *state;
    sl_text text;
    sl_text_init(&text, place->ctx);
    sl_json_put_string(&text, "a\"\\\b\f\n\r\t\x01\x7f/\xc3\xa9 \xff\xe2\x82 \xed\xa0\x80\xc2\x9b\xc2\xa0");
    const char *u = "\xef\xbf\xbd";
    char wanted[256];
    snprintf(wanted, sizeof wanted,
             "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007f/\xc3\xa9 %s%s%s %s%s%s\\u009b\xc2\xa0\"", u, u, u, u,
             u, u);
    assert_string_equal(text.bytes, wanted);
    sl_text_clear(&text);
    sl_json_put_bytes(&text, "a\0b", 3);
    sl_json_put_string(&text, NULL);
    sl_json_put_number(&text, 0.1);
    sl_json_put_number(&text, 1e300 * 1e300);
    sl_json_put_real(&text, SL_R(0.1));
    sl_json_put_uint64(&text, UINT64_MAX);
    sl_json_put_uint64(&text, 0);
    sl_json_put_bool(&text, false);
    assert_string_equal(text.bytes, "\"a\\u0000b\"null0.1null0.1184467440737095516150false");
    sl_text_clear(&text);
    bool first = true;
    sl_json_key(&text, &first, "a");
    sl_json_key(&text, &first, "b\"");
    assert_string_equal(text.bytes, "\"a\": , \"b\\\"\": ");
    sl_text_clear(&text);
    char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    sl_json_put_bytes(&text, all, sizeof all); /* whatever goes in, JSON comes out */
    assert_int_equal(json_good(place, text.bytes)->length, 128 + 3 * 128);
    sl_text_free(&text);
}

/* Memory that runs out at any point is an error, and nothing is lost. */
static void json_memory_runs_out(void **state)
{
    (void)state;
    size_t refused = 0;
    for (size_t n = 1;; n++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        memory.fail_at = memory.calls + n;
        sl_arena arena;
        sl_arena_init(&arena, ctx);
        static const char members[] = "{\"a\":[1,2,{\"b\":\"c\"}],\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,"
                                      "\"h\":1,\"i\":1,\"j\":1}";
        static char text[40000];
        memset(text, ' ', sizeof text); /* more than the arena's first chunk */
        memcpy(text, members, sizeof members - 1);
        const sl_json *value = sl_json_read(&arena, "t", text, sizeof text);
        assert_true(value ? sl_error(ctx) == SL_OK : sl_error(ctx) == SL_ENOMEM);
        sl_arena_free(&arena);
        sl_ctx_free(ctx);
        assert_true(memory.blocks == 0 && memory.bytes == 0 && !memory.wrong_size);
        if (value)
            break;
        refused++;
    }
    assert_true(refused >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(json_valid, json_setup, json_teardown),
        cmocka_unit_test_setup_teardown(json_invalid, json_setup, json_teardown),
        cmocka_unit_test_setup_teardown(json_sentences, json_setup, json_teardown),
        cmocka_unit_test_setup_teardown(json_depth, json_setup, json_teardown),
        cmocka_unit_test_setup_teardown(json_values, json_setup, json_teardown),
        cmocka_unit_test_setup_teardown(json_many_members, json_setup, json_teardown),
        cmocka_unit_test_setup_teardown(json_writes, json_setup, json_teardown),
        cmocka_unit_test(json_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
