/* tokenizer_test.c - what texts are cut into: sentences cut by hand, Unicode against Python's unicodedata. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "text/tokenizer.h"
#include "text/unicode.h"

/* Tokens with a | between them; a break is a /. places: each checked against the text. */
static void tokenizer_join(const sl_tokens *tokens, size_t length, char *text, size_t room)
{
    size_t at = 0, before = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        const sl_token *token = &tokens->token[i];
        const bool ends = token->kind == SL_TOKEN_BREAK;
        assert_true(token->from >= before && token->from < token->to && token->to <= length);
        assert_true(ends == (token->length == 0));
        before = token->to;
        assert_true(at + token->length + 2 < room);
        if (i)
            text[at++] = '|';
        memcpy(text + at, ends ? "/" : token->text, ends ? 1 : token->length);
        at += ends ? 1 : token->length;
    }
    text[at] = 0;
}

static void tokenizer_are(const char *words, const char *text, size_t length, const char *wanted)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_tokenizer tokenizer;
    sl_tokens tokens;
    char found[4096];
    sl_tokens_init(&tokens, ctx);
    assert_int_equal(sl_tokenizer_read(ctx, words, &tokenizer), SL_OK);
    char *exact = malloc(length + !length); /* a sanitizer sees a read behind its end */
    assert_non_null(exact);
    memcpy(exact, text, length);
    const sl_status status = sl_tokenize(&tokenizer, exact, length, &tokens);
    if (status && sl_unicode_there())
        fail_msg("%s: %s", text, sl_message(ctx));
    if (status) { /* without utf8proc letters beyond ASCII are refused, and it says what to do */
        assert_int_equal(status, SL_EINVAL);
        assert_non_null(strstr(sl_message(ctx), "built without utf8proc"));
        strcpy(found, wanted);
    } else {
        tokenizer_join(&tokens, length, found, sizeof found);
    }
    if (strcmp(found, wanted) != 0)
        fail_msg("\"%s\" (%s)\n  is     %s\n  wanted %s", text, words ? words : "", found, wanted);
    sl_tokens_free(&tokens);
    free(exact);
    sl_ctx_free(ctx);
}

typedef struct {
    const char *text, *tokens;
} tokenizer_case;

static void tokenizer_all(const char *words, const tokenizer_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tokenizer_are(words, cases[i].text, strlen(cases[i].text), cases[i].tokens);
}
#define TOKENIZER_ALL(words, cases) tokenizer_all(words, cases, sizeof cases / sizeof *cases)

static void S151_words(void **state)
{
    (void)state;
    static const tokenizer_case cases[] = {
        { "", "" },
        { "   \t\n ", "" },
        { "The film was GREAT", "the|film|was|great" },
        { "It's a film; don't miss it, y'all!", "it's|a|film|;|don't|miss|it|,|y'all|!" },
        { "rock'n'roll O'Neil's", "rock'n'roll|o'neil's" },
        { "'quoted' words' ends'", "'|quoted|'|words|'|ends|'" },
        { "doesn`t `tick`", "doesn't|`|tick|`" },
        { "well-made, half_done", "well|-|made|,|half|_|done" },
        { "b2b MP3 x", "b2b|mp3|x" },
        { "U.S. officials, e.g. J.R.R. Tolkien (U.S) A.B.C",
          "u.s.|officials|,|e.g.|j.r.r.|tolkien|(|u.s|)|a.b.c" },
        { "I. Am a. Ab.c", "i|.|am|a|.|ab|.|c" },
        { "end.Next", "end|.|next" },
    };
    TOKENIZER_ALL(NULL, cases);
}

static void S151_numbers(void **state)
{
    (void)state;
    static const tokenizer_case cases[] = {
        { "1,000.50 3-4 1990s 7/10 12:30 3rd 4x4", "1,000.50|3-4|1990s|7/10|12:30|3rd|4x4" },
        { "$5.99, -3% +2 .5 5.", "$|5.99|,|-|3|%|+|2|.|5|5|." },
        { "1990's 10,", "1990's|10|," },
        { "1-800-555-1234", "1-800-555-1234" },
        { "3d,4", "3d|,|4" },
        { "6 - 4, 2--1", "6|-|4|,|2|--|1" },
    };
    TOKENIZER_ALL(NULL, cases);
    static const tokenizer_case masked[] = {
        { "1,000 of 3rd is b2b", "<number>|of|<number>|is|b2b" },
        { "3\xC2\xBD", "<number>" },
    };
    TOKENIZER_ALL("numbers=mask", masked);
}

static void S151_marks(void **state)
{
    (void)state;
    static const tokenizer_case cases[] = {
        { "Wait... what?! NO!!!!!", "wait|...|what|?|!|no|!!!" },
        { "\"so\" (yes) [no] {x} a/b a+b=c 50% #1 @me",
          "\"|so|\"|(|yes|)|[|no|]|{|x|}|a|/|b|a|+|b|=|c|50|%|#|1|@|me" },
        { "good :) bad :-( wink ;) :: =) :-", "good|:)|bad|:-(|wink|;)|::|=)|:|-" },
        { "..", ".." },
        { "* ** *** ****", "*|**|***|***" },
    };
    TOKENIZER_ALL(NULL, cases);
    static const tokenizer_case dropped[] = {
        { "Well, yes... :) \xE2\x80\x9Cno\xE2\x80\x9D \xE2\x80\x94 it's 5.5!", "well|yes|no|it's|5.5" }
    };
    TOKENIZER_ALL("marks=drop", dropped);
}

static void S151_addresses(void **state)
{
    (void)state;
    static const tokenizer_case cases[] = {
        { "See http://www.IMDB.com/title/tt1?x=1&y=2. Now",
          "see|http://www.imdb.com/title/tt1?x=1&y=2|.|now" },
        { "(https://a.b/c_(d)) www.x.org, ftp://f/", "(|https://a.b/c_(d|))|www.x.org|,|ftp://f/" },
        { "<http://x.y/z>", "<|http://x.y/z|>" },
        { "http:// www. httpd www", "http|:|//|www|.|httpd|www" },
        { "mail John.Doe+a@Ex-ample.co.uk.", "mail|john.doe+a@ex-ample.co.uk|." },
        { "a@b @x.com x@ @ a@b.c d@e.f", "a|@|b|@|x|.|com|x|@|@|a@b.c|d@e.f" },
        { "it's@x.yz", "it's|@|x|.|yz" },
    };
    TOKENIZER_ALL(NULL, cases);
    static const tokenizer_case masked[] = { { "at http://x.y or me@x.y", "at|<url>|or|<url>" } };
    TOKENIZER_ALL("urls=mask", masked);
}

static void S151_html(void **state)
{
    (void)state;
    static const tokenizer_case cases[] = {
        { "one.<br /><br />Two <i>fine</i> <B>words</B>", "one|.|/|two|fine|words" },
        { "<p>One</p><p class=\"a>b\">two", "one|/|b|\"|>|two" }, /* a tag ends at the first > */
        { "a <b c < d <grin> <3 <>", "a|<|b|c|<|d|<|grin|>|<|3|<|>" },
        { "x<!-- not this -->y", "x|y" },
        { "x <br", "x|<|br" },
        { "AT&amp;T caf&eacute; &lt;b&gt;bold&lt;/b&gt; &quot;q&quot;", "at|&|t|caf\xC3\xA9|bold|\"|q|\"" },
        { "&lt;A HREF=\"http://x.y/z\"&gt;link&lt;/A&gt;", "link" },
        { "Union #39;s don&#39;t it&#x27;s #36;5 x#151;y", "union's|don't|it's|$|5|x|--|y" },
        { "#1; & &nothing; &; 5 #39; 6", "#|1|;|&|&|nothing|;|&|;|5|'|6" },
        { "&#0;&#xD800;&#1114112;", "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD" },
        { "one\n\ntwo\n three\n \t\nfour", "one|/|two|three|/|four" },
        { "title\x1f"
          "text\x1f",
          "title|/|text" },
    };
    TOKENIZER_ALL(NULL, cases);
    static const tokenizer_case kept[] = { { "a<br/>b &amp; c #39;s", "a|<|br|/|>|b|&|amp|;|c|#|39|;|s" } };
    TOKENIZER_ALL("html=keep", kept);
}

static void S151_case_and_contractions(void **state)
{
    (void)state;
    static const tokenizer_case kept[] = { { "The U.S. \xC3\x89t\xC3\xA9", "The|U.S.|\xC3\x89t\xC3\xA9" } };
    TOKENIZER_ALL("case=keep", kept);
    static const tokenizer_case split[] = {
        { "Don't can't it's I'm they'll we've you're he'd",
          "do|n't|ca|n't|it|'s|i|'m|they|'ll|we|'ve|you|'re|he|'d" },
        { "it\xE2\x80\x99s DON\xE2\x80\x99T Union #39;s do&#39;s na\xC3\xAFve's",
          "it|'s|do|n't|union|'s|do|'s|na\xC3\xAFve|'s" },
        { "'s n't O'Neil rock'n'roll 1990's", "'|s|n't|o'neil|rock'n'roll|1990's" },
    };
    TOKENIZER_ALL("contractions=split", split);
}

static void S151_unicode(void **state)
{
    (void)state;
    if (!sl_unicode_there()) {
        print_message("skipped: built without utf8proc\n");
        skip();
    }
    static const tokenizer_case cases[] = {
        { "NA\xC3\x8FVE caf\xC3\xA9 cafe\xCC\x81", "na\xC3\xAFve|caf\xC3\xA9|caf\xC3\xA9" },
        { "STRASSE stra\xC3\x9F"
          "e \xCE\xA3\xCE\x99\xCE\xA3",
          "strasse|strasse|\xCF\x83\xCE\xB9\xCF\x83" },
        { "\xD0\x9C\xD0\x9E\xD0\xA1\xD0\x9A\xD0\x92\xD0\x90",
          "\xD0\xBC\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0" },
        { "don\xE2\x80\x99t \xE2\x80\x9Cso\xE2\x80\x9D \xE2\x80\x94 wait\xE2\x80\xA6",
          "don't|\"|so|\"|--|wait|..." },
        { "\xE4\xB8\xAD\xE6\x96\x87 abc\xE4\xB8\xAD", "\xE4\xB8\xAD|\xE6\x96\x87|abc|\xE4\xB8\xAD" },
        { "co\xC2\xADoperate a\xC2\xA0"
          "b \xEF\xBB\xBFx",
          "cooperate|a|b|x" },
        { "\xD9\xA3\xD9\xA4 5\xE2\x82\xAC", "\xD9\xA3\xD9\xA4|5|\xE2\x82\xAC" },
        { "\xF0\x9F\x98\x80\xF0\x9F\x98\x80 ok\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD",
          "\xF0\x9F\x98\x80|\xF0\x9F\x98\x80|ok|\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD" },
        { "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7",
          "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA|\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7" },
        { "\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5",
          "\xE2\x9D\xA4\xE2\x80\x8D\xF0\x9F\x94\xA5" },
        { "\xE2\x9D\xA4\xEF\xB8\x8F \xE2\x9D\xA4", "\xE2\x9D\xA4|\xE2\x9D\xA4" },
        { "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7" },
    };
    TOKENIZER_ALL(NULL, cases);
}

/* A byte that is no UTF-8 stands as U+FFFD; nothing is read behind the end. */
static void S151_wrong_bytes(void **state)
{
    (void)state;
    tokenizer_are(NULL,
                  "a\xFF"
                  "b \xC3",
                  5, "a|\xEF\xBF\xBD|b|\xEF\xBF\xBD");
    tokenizer_are(NULL, "\xE2\x82", 2, "\xEF\xBF\xBD|\xEF\xBF\xBD");
    tokenizer_are(NULL, "x\0y", 3, "x|y");
    tokenizer_are(NULL, "a&", 2, "a|&");
    tokenizer_are(NULL, "a'", 2, "a|'");
    tokenizer_are(NULL, "a <", 3, "a|<");
}

/* Time is linear, whatever the text repeats: 2 MB of each would take minutes if it were not. */
static void S151_long_texts(void **state)
{
    (void)state;
    static const char *const pieces[] = { "a",
                                          "1",
                                          "A\xC3\xA9",
                                          "\xCC\x81\xCC\xA3",
                                          "<",
                                          "<a ",
                                          "<!--",
                                          "&lt;",
                                          "@",
                                          "a@",
                                          "a@b",
                                          "a.",
                                          "!",
                                          "'",
                                          "a'",
                                          "#39;",
                                          "www.",
                                          "&",
                                          "\n",
                                          "http://a",
                                          "\xFF",
                                          "1,",
                                          "\xF0\x9F\x91\xA9\xE2\x80\x8D",
                                          "it's " };
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_tokenizer tokenizer;
    sl_tokens tokens;
    sl_tokens_init(&tokens, ctx);
    assert_int_equal(sl_tokenizer_read(ctx, "contractions=split", &tokenizer), SL_OK);
    const size_t most = 2 << 20;
    char *text = malloc(most);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const size_t length = strlen(pieces[i]);
        size_t used = 0;
        for (; used + length <= most; used += length)
            memcpy(text + used, pieces[i], length);
        if (!sl_unicode_there() && (pieces[i][0] & 0x80 || pieces[i][1] & 0x80))
            continue;
        assert_int_equal(sl_tokenize(&tokenizer, text, used, &tokens), SL_OK);
        for (size_t t = 0; t < tokens.count; t++)
            assert_true(tokens.token[t].length < 8192);
    }
    free(text);
    sl_tokens_free(&tokens);
    sl_ctx_free(ctx);
}

static void S151_options(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_tokenizer tokenizer;
    sl_text text;
    sl_text_init(&text, ctx);
    assert_int_equal(sl_tokenizer_read(ctx, "marks=drop case=keep", &tokenizer), SL_OK);
    sl_tokenizer_describe(&tokenizer, &text);
    assert_string_equal(sl_text_string(&text), "case=keep marks=drop");
    sl_text_clear(&text);
    assert_int_equal(sl_tokenizer_read(ctx, "", &tokenizer), SL_OK);
    sl_tokenizer_describe(&tokenizer, &text);
    assert_string_equal(sl_text_string(&text), "");
    assert_int_equal(sl_tokenizer_read(ctx, "case=both", &tokenizer), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "tokenizer: case is both: wants fold or keep"));
    sl_clear(ctx);
    assert_int_equal(sl_tokenizer_read(ctx, "cases=keep", &tokenizer), SL_EINVAL);
    assert_non_null(strstr(sl_message(ctx), "did you mean 'case'"));
    assert_string_equal(sl_token_kind_name(SL_TOKEN_URL), "url");
    sl_text_free(&text);
    sl_ctx_free(ctx);
}

/* Every allocation fails once: the error is kept, nothing is lost. */
static void tokenizer_out_of_memory(void **state)
{
    (void)state;
    static const char text[] =
        "It IS \xE2\x80\x9CGreat\xE2\x80\x9D, isn't it? Yes! http://a.b/c and 1,000 more";
    for (size_t fail = 1;; fail++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        assert_non_null(ctx);
        sl_tokenizer tokenizer;
        sl_tokens tokens;
        sl_tokens_init(&tokens, ctx);
        assert_int_equal(sl_tokenizer_read(ctx, NULL, &tokenizer), SL_OK);
        memory.fail_at = memory.calls + fail;
        memory.fail_once = true;
        const sl_status status = sl_tokenize(&tokenizer, text, sizeof text - 1, &tokens);
        const bool failed = memory.calls >= memory.fail_at;
        assert_int_equal(status, failed ? SL_ENOMEM : SL_OK);
        sl_tokens_free(&tokens);
        sl_ctx_free(ctx);
        assert_int_equal(memory.bytes, 0);
        assert_false(memory.wrong_size);
        if (!failed)
            break;
    }
}

#include "golden/unicode.h"

/* Case folding and NFC of every letter that changes, and of pairs with accents, as Python does them. */
static void S151_folding(void **state)
{
    (void)state;
    if (!sl_unicode_there()) {
        print_message("skipped: built without utf8proc\n");
        skip();
    }
    char bytes[4 * SL_UNICODE_LONGEST];
    uint64_t digest = 0;
    for (uint32_t c = 0x80; c < 0x20000; c++) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        for (int fold = 0; fold < 2; fold++) {
            const size_t length = sl_unicode_fold(&c, 1, fold, bytes);
            for (size_t i = 0; i < length; i++)
                digest = digest * 1099511628211u + (unsigned char)bytes[i] + 1;
        }
    }
    assert_true(digest == GOLDEN_UNICODE_ALL);
    for (size_t i = 0; i < sizeof golden_unicode / sizeof *golden_unicode; i++) {
        const size_t length = sl_unicode_fold(golden_unicode[i].c, golden_unicode[i].count, true, bytes);
        assert_int_equal(length, strlen(golden_unicode[i].folded));
        assert_memory_equal(bytes, golden_unicode[i].folded, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S151_words),      cmocka_unit_test(S151_numbers),
        cmocka_unit_test(S151_marks),      cmocka_unit_test(S151_addresses),
        cmocka_unit_test(S151_html),       cmocka_unit_test(S151_case_and_contractions),
        cmocka_unit_test(S151_unicode),    cmocka_unit_test(S151_wrong_bytes),
        cmocka_unit_test(S151_long_texts), cmocka_unit_test(S151_options),
        cmocka_unit_test(S151_folding),    cmocka_unit_test(tokenizer_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
