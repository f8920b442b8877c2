/* How an explanation is written: formulas as LaTeX and MathML against what they are by hand, lines in every
 * form with their digits, columns, names that mean something to the form, JSON's numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "explain/format/rule.h"

static const char *const forms[] = { "text", "markdown", "html", "latex", "json" };

static void rule_is(sl_ctx *ctx, sl_math as, const char *formula, const char *wanted)
{
    sl_text text;
    sl_text_init(&text, ctx);
    sl_rule_math(ctx, formula, as, &text);
    assert_string_equal(sl_text_string(&text), wanted);
    assert_int_equal(sl_error(ctx), SL_OK);
    sl_text_free(&text);
}

static void S72_rules_as_latex(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    static const char *const known[][2] = {
        { "W1 x + b1", "W^{(1)} \\, x + b^{(1)}" },
        { "x W1' + b1", "x \\, {W^{(1)}}^{\\top} + b^{(1)}" },
        { "W2' dL/dz2", "{W^{(2)}}^{\\top} \\, \\frac{\\partial L}{\\partial z^{(2)}}" },
        { "(dL/dz1)' x", "{\\left(\\frac{\\partial L}{\\partial z^{(1)}}\\right)}^{\\top} \\, x" },
        { "dL/da1 * da1/dz1",
          "\\frac{\\partial L}{\\partial a^{(1)}} \\odot \\frac{\\partial a^{(1)}}{\\partial z^{(1)}}" },
        { "dL/dz_out a1'", "\\frac{\\partial L}{\\partial z_{\\mathrm{out}}} \\, {a^{(1)}}^{\\top}" },
        { "relu'(z)", "\\operatorname{relu}'\\left(z\\right)" },
        { "relu(z1)", "\\operatorname{relu}\\left(z^{(1)}\\right)" },
        { "(z > 0)", "\\left[z > 0\\right]" },
        { "1/(1 + exp(-z))", "\\frac{1}{1 + e^{-z}}" },
        { "max(0, z)", "\\max\\left(0, z\\right)" },
        { "v_hat/(1 - beta1^t)", "\\frac{\\hat{v}}{1 - {\\beta_{1}}^{t}}" },
        { "w - lr*m_hat/(sqrt(v_hat) + epsilon)",
          "w - \\frac{\\mathrm{lr} \\cdot \\hat{m}}{\\sqrt{\\hat{v}} + \\epsilon}" },
        { "the sum over all ways", "\\text{the sum over all ways}" },
        { "50 % of {it}", "\\text{50 \\% of \\{it\\}}" },
        { "1.5e-07*z1[0,2]", "1.5 \\cdot 10^{-7} \\cdot z_{0, 2}^{(1)}" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        rule_is(ctx, SL_MATH_LATEX, known[i][0], known[i][1]);
    rule_is(ctx, SL_MATH_ML, "W1 x/2",
            "<mfrac><mrow><msup><mi>W</mi><mrow><mo>(</mo><mn>1</mn><mo>)</mo></mrow></msup>"
            "<mspace width=\"0.2em\"/><mi>x</mi></mrow><mrow><mn>2</mn></mrow></mfrac>");
    rule_is(ctx, SL_MATH_ML, "a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>");
    sl_ctx_free(ctx);
}

static void rules_are_taken_apart(void **state)
{
    (void)state;
    sl_rule_parts parts;
    const sl_explained loss = { .name = "L", .text = "p = 1/(1 + exp(-z)); -log(p) | softplus(-z)" };
    assert_true(sl_rule_take(&parts, &loss));
    assert_int_equal(parts.count, 3);
    assert_false(parts.becomes);
    assert_string_equal(parts.rows[0].name, "p");
    assert_string_equal(parts.rows[0].formula, "1/(1 + exp(-z))");
    assert_string_equal(parts.rows[1].name, "L");
    assert_string_equal(parts.rows[1].formula, "-log(p)");
    assert_string_equal(parts.rows[2].name, "");
    assert_string_equal(parts.rows[2].formula, "softplus(-z)");
    const sl_explained share = { .name = "dL/dz", .text = "(p = 1/(1 + exp(-z)); p - t)/4" };
    assert_true(sl_rule_take(&parts, &share));
    assert_int_equal(parts.count, 2);
    assert_string_equal(parts.rows[1].formula, "(p - t)/4");
    const sl_explained rule = { .name = "momentum", .text = "v = momentum*v + g; w = w - lr*v" };
    assert_true(sl_rule_take(&parts, &rule));
    assert_true(parts.becomes && parts.count == 2);
    const sl_explained rows = { .name = "dL/db1", .text = "dL/dz1, summed over rows" };
    assert_true(sl_rule_take(&parts, &rows));
    assert_string_equal(parts.rows[0].formula, "dL/dz1");
    assert_string_equal(parts.rows[0].words, "summed over rows");
    const sl_explained remark = { .name = "l", .text = "s = max(0, g); the sum of s; the label's own is 0" };
    assert_true(sl_rule_take(&parts, &remark));
    assert_int_equal(parts.count, 2);
    assert_string_equal(parts.rows[1].words, "the sum of s; the label's own is 0");
    char names[SL_RULE_NAMES][96], shapes[SL_RULE_NAMES][48];
    const sl_explained shaped = { .name = "dL/dW2", .text = "dL/dz2 a1'", .shapes = "[1, 3] = [1] [3]'" };
    assert_int_equal(sl_rule_shapes(&shaped, names, shapes), 3);
    assert_string_equal(names[1], "dL/dz2");
    assert_string_equal(names[2], "a1");
    assert_string_equal(shapes[0], "1, 3");
    assert_string_equal(shapes[2], "3");
}

/* A number of a fixed sequence, in so many ways of being written. */
static double format_number(unsigned *seed)
{
    static const double scales[] = { 1, 0.001, 100, 1e-9, 1e12 };
    *seed = *seed * 1664525u + 1013904223u;
    const double share = (double)(*seed >> 8) / 16777216.0 - 0.5;
    return share * scales[*seed % 5];
}

typedef struct {
    double values[64];
} format_terms;

static int format_term(const void *user, size_t i, double factors[3])
{
    const format_terms *terms = user;
    factors[0] = terms->values[2 * i % 64];
    factors[1] = terms->values[(2 * i + 1) % 64];
    return 2;
}

/* Names and lines of all kinds. */
static sl_explanation *format_made(sl_ctx *ctx, unsigned seed, int depth)
{
    sl_explanation *e = sl_explanation_new(ctx, depth, 0);
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = "forward" });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLACE, .text = "dense_1: 3 relu" });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                                          .name = "z1",
                                          .text = "W1 x + b1",
                                          .shapes = "[3] = [3, 2] [2] + [3]" });
    for (int i = 0; i < 12; i++) {
        format_terms terms;
        double sum = 0;
        const size_t count = 1 + seed % 30;
        for (int k = 0; k < 64; k++)
            terms.values[k] = format_number(&seed);
        for (size_t k = 0; k < count; k++)
            sum += terms.values[2 * k] * terms.values[2 * k + 1];
        sl_explained_total(e, sl_explanation_keep(e, i % 2 ? "z1[%d]" : "dL/dW1[%d] by dense_1", i),
                           &(sl_explained_sum){ .count = count, .term = format_term, .user = &terms }, sum);
        const double a = format_number(&seed), b = format_number(&seed);
        const sl_named names[] = { { "a", a }, { "b", b } };
        sl_explained_line(e, 2, sl_explanation_keep(e, "m of q_%d[0,1]", i), "max(a, b)/(1 + a^2 + b^2)",
                          names, 2, (a > b ? a : b) / (1 + a * a + b * b));
    }
    assert_int_equal(sl_error(ctx), SL_OK);
    return e;
}

static void lines_stand_in_every_form(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    for (unsigned seed = 1; seed <= 20; seed++) {
        sl_explanation *e = format_made(ctx, seed, 1 + (int)seed % 4);
        for (size_t f = 0; f < 3; f++) {
            const char *text = sl_explanation_write(e, forms[f], 100000, false);
            assert_non_null(text);
            for (int i = 0; i < e->count; i++)
                if (e->items[i].kind == SL_EXPLAINED_LINE) {
                    assert_non_null(strstr(text, e->items[i].name));
                    assert_non_null(strstr(text, e->items[i].text));
                    assert_non_null(strstr(text, e->items[i].value));
                }
        }
        const char *latex = sl_explanation_write(e, "latex", 0, false);
        for (int i = 0; i < e->count; i++) /* every figure of every line, but for zeros of an exponent */
            for (const char *at = e->items[i].kind == SL_EXPLAINED_LINE ? e->items[i].text : ""; *at;) {
                char digits[64];
                const size_t length = strspn(at, "0123456789.");
                snprintf(digits, sizeof digits, "%.*s", (int)length, at);
                if (length && *at != '0')
                    assert_non_null(strstr(latex, digits));
                at += length ? length : 1;
            }
        sl_explanation_free(e);
    }
    sl_ctx_free(ctx);
}

/* No line is wider than the terminal, unless one word of it is; nothing is lost by breaking lines. */
static void columns_are_kept(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    static const int widths[] = { 40, 60, 80, 120, 200 };
    for (unsigned seed = 1; seed <= 20; seed++) {
        sl_explanation *e = format_made(ctx, seed, 1 + (int)seed % 4);
        sl_text wide;
        sl_text_init(&wide, ctx);
        for (const char *at = sl_explanation_write(e, "text", 100000, false); *at; at++)
            if (*at != ' ' && *at != '\n')
                sl_text_bytes(&wide, at, 1);
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            const char *text = sl_explanation_write(e, "text", widths[w], false);
            const char *same = sl_text_string(&wide);
            for (const char *at = text; *at; at++)
                if (*at != ' ' && *at != '\n')
                    assert_int_equal(*at, *same++);
            assert_int_equal(*same, 0);
            for (const char *line = text; *line;) {
                const size_t length = strcspn(line, "\n");
                if (length > (size_t)widths[w])
                    fail_msg("%d columns: %.*s", widths[w], (int)length, line);
                assert_true(length == 0 || line[length - 1] != ' ');
                line += length + (line[length] != 0);
            }
        }
        sl_text_free(&wide);
        sl_explanation_free(e);
    }
    sl_ctx_free(ctx);
}

/* What a name holds is shown, and means nothing. */
static void names_are_escaped(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_explanation *e = sl_explanation_new(ctx, 2, 0);
    const char *bad = "<b>&\"' $x_1$ \\end{document} | 50% #1 ~^{ \xC3\xA9 \xE4\xB8\xAD \xFF";
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_TITLE, .text = bad });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLACE, .text = bad });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_NOTE, .text = bad });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLAIN, .text = bad });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_MORE, .text = bad });
    sl_explanation_add(e,
                       (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = bad, .text = bad, .shapes = bad });
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_VALUE, .name = bad, .value = "1", .shapes = bad });
    const sl_named none[] = { { "a", 1 } };
    sl_explained_line(e, 2, bad, "a + 1", none, 1, 2);
    const char *html = sl_explanation_write(e, "html", 0, false);
    assert_null(strstr(html, "<b>&"));
    assert_null(strstr(html, "\xFF"));
    assert_non_null(strstr(html, "&lt;b&gt;&amp;&quot;&#39; $x_1$"));
    assert_non_null(strstr(html, "\xE4\xB8\xAD ?"));
    const char *latex = sl_explanation_write(e, "latex", 0, false);
    const char *end = strstr(latex, "\\end{document}");
    assert_non_null(end);
    assert_int_equal(end[strlen("\\end{document}\n")], 0); /* the one that is ours */
    assert_null(strstr(latex, "\xE4"));
    assert_non_null(strstr(latex, "[U+4E2D]"));
    assert_non_null(strstr(latex, "50\\%"));
    const char *markdown = sl_explanation_write(e, "markdown", 0, false);
    assert_non_null(strstr(markdown, "\\<b\\>"));
    assert_non_null(strstr(markdown, "\\$x_1\\$"));
    assert_null(sl_explanation_write(e, "pdf", 0, false));
    assert_non_null(strstr(sl_message(ctx), "unknown format 'pdf'"));
    sl_ctx_free(ctx);
}

/* Seven figures give seven figures wherever the point is. */
static void small_numbers_agree(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_explanation *e = sl_explanation_new(ctx, 2, 0);
    double scale = 1;
    for (int i = 0; i < 200; i++, scale /= 10) {
        const double a = 1.0488215443 + 0.01 * i, b = 1.2345678901 * scale;
        const sl_named names[] = { { "a", a }, { "b", b } };
        assert_int_equal(sl_explained_line(e, 2, "y", "a*b", names, 2, a * b), SL_OK);
        assert_true(strlen(e->items[i].text) < 30); /* no more digits than needed */
    }
    sl_ctx_free(ctx);
}

static void json_has_the_numbers(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_explanation *e = sl_explanation_new(ctx, 2, 3);
    const double third = 1.0 / 3;
    const sl_named names[] = { { "a", third } };
    const sl_real list[] = { (sl_real)0.1, (sl_real)-2.5 };
    for (int step = 1; step <= 2; step++) {
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_TITLE, .text = "step" });
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = "forward" });
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLACE, .text = "dense_1: 2" });
        sl_explained_line(e, 2, "p[0]", "a", names, 1, third);
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLACE, .text = "dense_2: 2" });
        sl_explained_line(e, 2, "p[0]", "2*a", names, 1, 2 * third);
        sl_explained_line(e, 2, "p[0]", "4*a", names, 1, 4 * third);
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_MORE, .text = "7 more like these" });
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                              .name = "z",
                                              .value = sl_explained_list(e, list, 2) });
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                              .name = "L",
                                              .value = sl_explained_list(e, list, 1) });
    }
    const char *json = sl_explanation_write(e, "json", 0, false);
    char number[32], first[512];
    snprintf(
        first, sizeof first,
        "{\"forward\": {\"p[0]\": 0.3333333333333333, \"p[0] of dense_2\": 0.6666666666666666, \"p[0] (2)\": "
        "1.3333333333333333, \"z\": [%s, -2.5], \"L\": ",
        sl_number_text(number, (double)list[0]));
    assert_non_null(json);
    const char *second = strstr(json, first);
    assert_non_null(second);
    assert_ptr_equal(second, json + strlen("{\"steps\": ["));
    assert_non_null(strstr(second + 1, first));
    assert_non_null(strstr(json, "\"left_out\": [\"7 more like these\"]}}, {"));
    assert_string_equal(strchr(json, '\n'), "\n");
    assert_int_equal(sl_error(ctx), SL_OK);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S72_rules_as_latex),        cmocka_unit_test(rules_are_taken_apart),
        cmocka_unit_test(lines_stand_in_every_form), cmocka_unit_test(columns_are_kept),
        cmocka_unit_test(names_are_escaped),         cmocka_unit_test(small_numbers_agree),
        cmocka_unit_test(json_has_the_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
