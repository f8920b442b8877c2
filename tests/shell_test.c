/* shell_test.c - words that are offered to be pasted into a shell: what a shell makes of them is what they
 * were. */
#include "engine.h"

#include "core/text.h"

static void shell_same(sl_ctx *ctx, const char *word, bool name, const char *wanted)
{
    sl_text text;
    sl_text_init(&text, ctx);
    sl_text_shell(&text, word, name);
    assert_string_equal(sl_text_string(&text), wanted);
    sl_text_free(&text);
}

static void shell_words(void **state)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ 0 });
    (void)state;
    shell_same(ctx, "runs/first-1.csv", true, "runs/first-1.csv");
    shell_same(ctx, "two words", true, "'two words'");
    shell_same(ctx, "it's", true, "'it'\\''s'");
    shell_same(ctx, "$(id) `id` \\ * ~", true, "'$(id) `id` \\ * ~'");
    shell_same(ctx, "", false, "''");
    shell_same(ctx, "gr\303\274n", true, "'gr\303\274n'");
    shell_same(ctx, "-x", true, "./-x");
    shell_same(ctx, "-0.5,1", false, "-0.5,1");
    shell_same(ctx, "-", true, "-");
    shell_same(ctx, "-a b", true, "'./-a b'");
    shell_same(ctx, "a\nb", true, "$'a\\012b'");
    shell_same(ctx, "it's \\ \033[1m7", true, "$'it\\'s \\\\ \\033[1m7'");
    shell_same(ctx, "\377\376x", true, "$'\\377\\376x'");
    shell_same(ctx, "\302\233x", true, "$'\\302\\233x'"); /* U+009B, which some terminals obey */
    shell_same(ctx, "\302", true, "$'\\302'");            /* cut short */
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(shell_words) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
