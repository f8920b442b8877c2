/* explanation.c - see explanation.h. */
#include "explain/explanation.h"

#include "core/number.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { EXPLANATION_ALL_DIGITS = 17, EXPLANATION_WHOLE = 10 };

/* Of all numbers of a line, by which engine and line may differ: what rounding loses in this build. */
#define EXPLANATION_ROUNDING (sizeof(sl_real) == sizeof(float) ? 1e-6 : 2e-15)
#define EXPLANATION_LEAST                                                                                    \
    (sizeof(sl_real) == sizeof(float) ? 1e-12 : 0) /* what is left of 1 is lost below                        \
                                                    */

sl_explanation *sl_explanation_new(sl_ctx *ctx, int depth, int digits)
{
    sl_explanation *e = sl_alloc(ctx, sizeof *e);
    if (!e)
        return NULL;
    e->ctx = ctx;
    e->depth = depth ? depth : 2;
    e->digits = digits ? digits : SL_EXPLAIN_DIGITS;
    sl_arena_init(&e->arena, ctx);
    sl_text_init(&e->written, ctx);
    return e;
}

void sl_explanation_free(sl_explanation *e)
{
    if (!e)
        return;
    sl_arena_free(&e->arena);
    sl_text_free(&e->written);
    sl_free(e->ctx, e->items);
    sl_free(e->ctx, e);
}

static const char *explanation_copy(sl_explanation *e, const char *text, size_t length)
{
    char *kept = sl_arena_take(&e->arena, length + 1);
    if (!kept)
        return "";
    memcpy(kept, text, length);
    kept[length] = 0;
    return kept;
}

const char *sl_explanation_keep(sl_explanation *e, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *kept = sl_arena_take(&e->arena, (size_t)length + 1);
    if (kept)
        vsnprintf(kept, (size_t)length + 1, format, again);
    va_end(again);
    return kept ? kept : "";
}

sl_status sl_explanation_add(sl_explanation *e, sl_explained item)
{
    sl_ctx *ctx = e->ctx;
    if (ctx->status)
        return ctx->status;
    if (e->count == SL_EXPLAIN_MOST)
        return sl_fail(ctx, SL_EINVAL, "explain: more than %d lines: take %s", SL_EXPLAIN_MOST,
                       e->depth > 2   ? "--depth 2, which leaves out what is alike"
                       : e->depth > 1 ? "--depth 1, a line for each quantity, or fewer steps"
                                      : "fewer steps, or a smaller net");
    if (e->count == e->room) {
        const int room = e->room ? 2 * e->room : 64;
        const size_t size = (size_t)room * sizeof *e->items;
        sl_explained *items = e->items ? sl_resize(ctx, e->items, size) : sl_alloc(ctx, size);
        if (!items)
            return ctx->status;
        e->items = items;
        e->room = room;
    }
    e->lines += item.kind == SL_EXPLAINED_LINE;
    if (item.kind == SL_EXPLAINED_VALUE && item.value == e->listed) {
        item.numbers = e->listed_numbers;
        item.count = e->listed_count;
    }
    e->items[e->count++] = item;
    return SL_OK;
}

char *sl_explained_number(const sl_explanation *e, char text[32], double value, int digits)
{
    const int figures = digits ? digits : e->digits;
    if (figures < EXPLANATION_WHOLE && value - value == 0) { /* whole, where it ends after so many figures */
        double whole;
        if (sl_number_parse(sl_number_rounded(text, value, EXPLANATION_WHOLE), &whole) &&
            fabs(whole - value) <= 1e-14 * fabs(value))
            return text;
    }
    return sl_number_rounded(text, value, figures);
}

size_t sl_explained_next(const sl_explanation *e, size_t at, size_t count, size_t *skipped)
{
    *skipped = 0;
    if (e->depth <= 2 && count > SL_EXPLAIN_NUMBERS && at == 4) {
        *skipped = count - 5;
        return count - 1;
    }
    return at;
}

/* The text of a list; the numbers are kept beside it. */
const char *sl_explained_name(sl_explanation *e, const char *name, sl_shape shape, bool rows, size_t at)
{
    char index[128];
    int length = 0;
    const int first = rows && shape.rank > 1 && shape.dim[0] == 1;
    size_t rest = 1;
    for (int d = first; d < shape.rank; d++)
        rest *= (size_t)shape.dim[d];
    for (int d = first; d < shape.rank; d++) {
        rest /= (size_t)shape.dim[d];
        length += snprintf(index + length, sizeof index - (size_t)length, d > first ? ",%zu" : "%zu",
                           at / rest % (size_t)shape.dim[d]);
    }
    return first < shape.rank ? sl_explanation_keep(e, "%s[%s]", name, index) : name;
}

/* Does what stands there give the value that stands there? Up to two units of its last figure. */
static bool explanation_agrees(const sl_explanation *e, const char *formula, const char *shown)
{
    sl_expression read;
    double value, wanted, scale;
    if (sl_expression_read(&read, e->ctx, formula)) {
        if (e->ctx->status != SL_ENOMEM)
            sl_clear(e->ctx);
        return false;
    }
    value = sl_expression_value(&read, NULL, 0, &scale);
    sl_expression_free(&read);
    if (!sl_number_parse(shown, &wanted))
        return !strcmp(shown, "nan") && value != value;
    if (wanted - wanted != 0)
        return value == wanted || value != value;
    double unit = wanted == 0 ? 0 : 1;
    for (int i = 1; i < e->digits; i++)
        unit /= 10;
    char figures[32];
    double power;
    sl_number_rounded(figures, fabs(wanted), 1); /* its leading digit's place */
    if (sl_number_parse(figures, &power) && power > 0)
        while (power >= 10 - 1e-9) /* dividing by 10 rounds */
            unit *= 10, power /= 10;
    while (power > 0 && power < 1 - 1e-9)
        unit /= 10, power *= 10;
    return fabs(value - wanted) <= 2 * unit + EXPLANATION_ROUNDING * scale + EXPLANATION_LEAST;
}

/* formula with numbers in the place of names, with so many digits; a negative one in brackets, but at the
 * beginning. */
static void explanation_fill(const sl_explanation *e, sl_text *out, const char *formula, size_t length,
                             const sl_named *names, int count, int digits)
{
    for (size_t i = 0; i < length;) {
        size_t word = i;
        while (word < length && (formula[word] == '_' || (formula[word] >= 'a' && formula[word] <= 'z') ||
                                 (formula[word] >= 'A' && formula[word] <= 'Z') ||
                                 (word > i && formula[word] >= '0' && formula[word] <= '9')))
            word++;
        const sl_named *found = NULL;
        for (int n = 0; n < count && word > i; n++)
            if (strlen(names[n].name) == word - i && !memcmp(names[n].name, formula + i, word - i))
                found = &names[n];
        if (!found) { /* a function's name, a number (with its exponent), a sign */
            if (word == i)
                while (word < length &&
                       ((formula[word] >= '0' && formula[word] <= '9') || formula[word] == '.'))
                    word++;
            word += word == i;
            sl_text_bytes(out, formula + i, word - i);
            i = word;
            continue;
        }
        char number[32];
        sl_explained_number(e, number, found->value, digits);
        size_t behind = word;
        while (behind < length && formula[behind] == ' ')
            behind++;
        const bool first = out->length == 0 || strchr("(,", out->bytes[out->length - 1]) ||
                           (out->length > 1 && !memcmp(out->bytes + out->length - 2, ", ", 2));
        const bool bracket = number[0] == '-' && (!first || (behind < length && formula[behind] == '^'));
        sl_text_add(out, bracket ? "(%s)" : "%s", number);
        i = word;
    }
}

static sl_status explanation_put_line(sl_explanation *e, int depth, const char *name, const sl_text *formula,
                                      double value)
{
    char shown[32];
    sl_explained_number(e, shown, value, 0);
    return sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_LINE,
                           .name = name,
                           .text = explanation_copy(e, sl_text_string(formula), formula->length),
                           .value = sl_explanation_keep(e, "%s", shown),
                           .number = value,
                           .depth = depth });
}

static sl_status explanation_untrue(const sl_explanation *e, const char *name, const char *formula,
                                    double value)
{
    char number[32];
    if (strstr(formula, "inf") || strstr(formula, "nan") || value - value != 0)
        return sl_fail(e->ctx, SL_EINVAL,
                       "%s: numbers have grown out of range in \"%.200s\": smaller weights or inputs, "
                       "a smaller lr or fewer steps keep them in it",
                       name, formula);
    return sl_fail(
        e->ctx, SL_EINVAL,
        "explain: %s is %s, which \"%.300s\" does not give: please report this as a fault of slope", name,
        sl_number_text(number, value), formula);
}

sl_status sl_explained_line(sl_explanation *e, int depth, const char *name, const char *formula,
                            const sl_named *names, int count, double value)
{
    if (e->ctx->status)
        return e->ctx->status;
    char shown[32];
    sl_explained_number(e, shown, value, 0);
    sl_text filled;
    sl_text_init(&filled, e->ctx);
    for (const char *from = formula; from && !e->ctx->status;) {
        const char *bar = strstr(from, " | ");
        const size_t length = bar ? (size_t)(bar - from) : strlen(from);
        for (int digits = e->digits; digits <= EXPLANATION_ALL_DIGITS; digits++) {
            sl_text_clear(&filled);
            explanation_fill(e, &filled, from, length, names, count, digits == e->digits ? 0 : digits);
            if (!filled.failed && explanation_agrees(e, sl_text_string(&filled), shown)) {
                explanation_put_line(e, depth, name, &filled, value);
                sl_text_free(&filled);
                return e->ctx->status;
            }
        }
        from = bar ? bar + 3 : NULL;
    }
    explanation_untrue(e, name, sl_text_string(&filled), value);
    sl_text_free(&filled);
    return e->ctx->status;
}

/* "0.5*2 + 1*(-3) + {7 more: 1.25} + .." */
static void explanation_sum(const sl_explanation *e, sl_text *out, const sl_explained_sum *sum, int digits)
{
    const bool cut = e->depth <= 2 && sum->count > SL_EXPLAIN_TERMS;
    sl_text_put(out, sum->open ? sum->open : "");
    for (size_t i = 0; i < sum->count; i++) {
        char number[32];
        double factors[3];
        if (cut && i == 3) {
            double rest = 0;
            for (; i + 1 < sum->count; i++) {
                const int count = sum->term(sum->user, i, factors);
                rest += count == 1   ? factors[0]
                        : count == 2 ? factors[0] * factors[1]
                                     : factors[0] * factors[1] * factors[2];
            }
            sl_text_add(out, " + {%zu more: %s}", sum->count - 4,
                        sl_explained_number(e, number, rest, digits));
        }
        const int count = sum->term(sum->user, i, factors);
        const bool minus = i > 0 && factors[0] < 0 && count == 1;
        sl_text_put(out, i == 0 ? "" : minus ? " - " : " + ");
        for (int f = 0; f < count; f++) {
            sl_explained_number(e, number, minus ? -factors[f] : factors[f], digits);
            const bool bracket = number[0] == '-' && (i > 0 || f > 0);
            sl_text_add(out, bracket ? "%s(%s)" : "%s%s", f ? "*" : "", number);
        }
    }
    sl_text_put(out, sum->count ? "" : "0");
    sl_text_put(out, sum->close ? sum->close : "");
}

sl_status sl_explained_total(sl_explanation *e, const char *name, const sl_explained_sum *sum, double value)
{
    if (e->ctx->status)
        return e->ctx->status;
    char shown[32];
    sl_explained_number(e, shown, value, 0);
    sl_text filled;
    sl_text_init(&filled, e->ctx);
    for (int digits = e->digits; digits <= EXPLANATION_ALL_DIGITS; digits++) {
        sl_text_clear(&filled);
        explanation_sum(e, &filled, sum, digits == e->digits ? 0 : digits);
        if (!filled.failed && explanation_agrees(e, sl_text_string(&filled), shown)) {
            explanation_put_line(e, 2, name, &filled, value);
            break;
        }
        if (digits == EXPLANATION_ALL_DIGITS)
            explanation_untrue(e, name, sl_text_string(&filled), value);
    }
    sl_text_free(&filled);
    for (size_t i = 0; e->depth > 3 && i < sum->count && !e->ctx->status; i++) {
        double factors[3];
        const int count = sum->term(sum->user, i, factors);
        const sl_named named[] = { { "a", factors[0] }, { "b", factors[1] }, { "c", factors[2] } };
        if (count > 1)
            sl_explained_line(e, 4, sl_explanation_keep(e, "term %zu", i + 1), count > 2 ? "a*b*c" : "a*b",
                              named, count,
                              count > 2 ? factors[0] * factors[1] * factors[2] : factors[0] * factors[1]);
    }
    return e->ctx->status;
}

sl_status sl_explanation_check(sl_explanation *e, size_t *lines)
{
    size_t unwanted = 0;
    lines = lines ? lines : &unwanted;
    *lines = 0;
    if (!e)
        return SL_EINVAL;
    for (int i = 0; i < e->count && !e->ctx->status; i++) {
        const sl_explained *item = &e->items[i];
        if (item->kind != SL_EXPLAINED_LINE)
            continue;
        if (!explanation_agrees(e, item->text, item->value))
            return explanation_untrue(e, item->name, item->text, item->number);
        ++*lines;
    }
    return e->ctx->status;
}

bool sl_explanation_number(const sl_explanation *e, const char *name, double *value)
{
    bool found = false;
    for (int i = 0; e && name && i < e->count; i++)
        if (e->items[i].kind == SL_EXPLAINED_LINE && e->items[i].name && !strcmp(e->items[i].name, name)) {
            if (value)
                *value = e->items[i].number;
            found = true;
        }
    return found;
}

bool sl_explanation_line(const sl_explanation *e, size_t index, const char **name, const char **formula,
                         double *value)
{
    for (int i = 0; e && i < e->count; i++)
        if (e->items[i].kind == SL_EXPLAINED_LINE && index-- == 0) {
            if (name)
                *name = e->items[i].name;
            if (formula)
                *formula = e->items[i].text;
            if (value)
                *value = e->items[i].number;
            return true;
        }
    return false;
}
