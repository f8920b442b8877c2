/* terms.c - see terms.h */
#include "op/terms.h"

#include <stdio.h>
#include <string.h>

enum { TERMS_SHOWN = 40, TERMS_LARGEST = 1 << 24 };

/* "x12" -> 11; *text goes behind it. */
static bool terms_input(const char **text, int *input)
{
    const char *at = *text;
    int number = 0;
    if (*at++ != 'x')
        return false;
    for (; *at >= '0' && *at <= '9' && number <= TERMS_LARGEST; at++)
        number = number * 10 + (*at - '0');
    if (number < 1 || number > TERMS_LARGEST || (*text)[1] == '0')
        return false;
    *input = number - 1;
    *text = at;
    return true;
}

static bool terms_skip(const char **text, const char *word)
{
    const size_t length = strlen(word);
    const bool there = !strncmp(*text, word, length);
    *text += there ? length : 0;
    return there;
}

/* A term up to + or the end. */
static bool terms_one(const char **text, sl_term *term)
{
    *term = (sl_term){ SL_TERM_INPUT, 0, 0 };
    const bool sine = terms_skip(text, "sin("), wave = sine || terms_skip(text, "cos(");
    if (!terms_input(text, &term->a) || (wave && !terms_skip(text, ")")))
        return false;
    if (wave) {
        term->kind = sine ? SL_TERM_SINE : SL_TERM_COSINE;
    } else if (terms_skip(text, "^2")) {
        term->kind = SL_TERM_SQUARE;
    } else if (terms_skip(text, "*")) {
        term->kind = SL_TERM_PRODUCT;
        if (!terms_input(text, &term->b))
            return false;
    }
    return **text == '+' || !**text;
}

sl_terms *sl_terms_read(sl_ctx *ctx, const char *place, const char *text)
{
    size_t count = 1;
    for (const char *at = text; *at; at++)
        count += *at == '+';
    sl_terms *terms = count <= TERMS_LARGEST ? sl_alloc(ctx, sizeof *terms + count * sizeof(sl_term)) : NULL;
    if (!terms) {
        if (!ctx->status)
            sl_fail(ctx, SL_EINVAL, "%s: more than %d terms: wants fewer", place, TERMS_LARGEST);
        return NULL;
    }
    sl_term *term = (sl_term *)(terms + 1);
    *terms = (sl_terms){ term, (int)count };
    for (size_t i = 0; i < count; i++) {
        const char *start = text;
        if (terms_one(&text, &term[i])) {
            text++;
            continue;
        }
        const size_t length = strcspn(start, "+");
        sl_fail(
            ctx, SL_EINVAL,
            "%s: term %zu is %s%.*s%s: wants xk, xk^2, xj*xk, sin(xk) or cos(xk), k a number from 1, with + "
            "between the terms, as in x1+x2^2+sin(x1)",
            place, i + 1, length ? "'" : "empty", (int)(length < TERMS_SHOWN ? length : TERMS_SHOWN), start,
            length > TERMS_SHOWN ? "..'"
            : length             ? "'"
                                 : "");
        sl_free(ctx, terms);
        return NULL;
    }
    return terms;
}

const char *sl_term_text(char text[SL_TERM_TEXT], const sl_term *term)
{
    static const char *const before[] = { "", "", "", "sin(", "cos(" }, *const behind[] = { "", "^2", "", ")",
                                                                                            ")" };
    if (term->kind == SL_TERM_PRODUCT)
        snprintf(text, SL_TERM_TEXT, "x%d*x%d", term->a + 1, term->b + 1);
    else
        snprintf(text, SL_TERM_TEXT, "%sx%d%s", before[term->kind], term->a + 1, behind[term->kind]);
    return text;
}

sl_status sl_terms_check(sl_ctx *ctx, const char *place, const sl_terms *terms, size_t width)
{
    char text[SL_TERM_TEXT];
    for (int i = 0; i < terms->count; i++) {
        const sl_term *term = &terms->term[i];
        const int most = term->a > term->b ? term->a : term->b;
        if ((size_t)most >= width)
            return sl_fail(ctx, SL_ESHAPE,
                           "%s: term %d is %s, and a row has %zu number%s: wants x1 to x%zu, counted from 1",
                           place, i + 1, sl_term_text(text, term), width, width == 1 ? "" : "s", width);
    }
    return SL_OK;
}
