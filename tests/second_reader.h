/* second_reader.h - explanations read from their text and computed again, on libm: apart from the reader
 * under test. For tests only. */
#ifndef TESTS_SECOND_READER_H
#define TESTS_SECOND_READER_H

#include "engine.h"

#include <ctype.h>

typedef struct {
    const char *at;
    double scale; /* the largest number on the way */
    bool wrong;
} second;

static inline double second_test(second *s);

static inline void second_blank(second *s)
{
    while (*s->at == ' ')
        s->at++;
}

static inline bool second_take(second *s, const char *word)
{
    second_blank(s);
    if (strncmp(s->at, word, strlen(word)) != 0)
        return false;
    s->at += strlen(word);
    return true;
}

static inline double second_seen(second *s, double value)
{
    if (fabs(value) > s->scale)
        s->scale = fabs(value);
    return value;
}

static inline double second_call(const char *name, const double *a, int count)
{
    double best = a[0];
    for (int i = 1; i < count; i++)
        best = !strcmp(name, "max") ? fmax(best, a[i]) : fmin(best, a[i]);
    if (!strcmp(name, "max") || !strcmp(name, "min"))
        return best;
    return !strcmp(name, "exp")        ? exp(best)
           : !strcmp(name, "log")      ? log(best)
           : !strcmp(name, "sqrt")     ? sqrt(best)
           : !strcmp(name, "abs")      ? fabs(best)
           : !strcmp(name, "sign")     ? (best > 0) - (best < 0)
           : !strcmp(name, "sin")      ? sin(best)
           : !strcmp(name, "cos")      ? cos(best)
           : !strcmp(name, "tanh")     ? tanh(best)
           : !strcmp(name, "erf")      ? erf(best)
           : !strcmp(name, "sigmoid")  ? 1 / (1 + exp(-best))
           : !strcmp(name, "softplus") ? fmax(best, 0) + log1p(exp(-fabs(best)))
                                       : (double)NAN;
}

static inline double second_atom(second *s)
{
    second_blank(s);
    if (second_take(s, "(")) {
        const double value = second_test(s);
        s->wrong = s->wrong || !second_take(s, ")");
        return value;
    }
    if (*s->at == '{') { /* {297 more: 1.25} */
        const char *colon = strchr(s->at, ':');
        char *end;
        if (!colon)
            return s->wrong = true, 0;
        const double value = strtod(colon + 1, &end);
        s->at = end;
        s->wrong = s->wrong || !second_take(s, "}");
        return value;
    }
    if (isalpha((unsigned char)*s->at)) {
        char name[16] = "";
        double arguments[64];
        int count = 0;
        for (size_t i = 0; isalpha((unsigned char)*s->at) && i + 1 < sizeof name; i++)
            name[i] = *s->at++;
        if (!second_take(s, "("))
            return s->wrong = true, 0;
        do
            arguments[count++] = second_test(s);
        while (count < 64 && second_take(s, ","));
        s->wrong = s->wrong || !second_take(s, ")");
        return second_call(name, arguments, count);
    }
    char *end;
    const double value = strtod(s->at, &end);
    s->wrong = s->wrong || end == s->at;
    s->at = end;
    return value;
}

static inline double second_sign(second *s)
{
    second_blank(s);
    if (*s->at == '-') {
        s->at++;
        return -second_sign(s);
    }
    const double base = second_atom(s);
    return second_take(s, "^") ? pow(base, second_sign(s)) : base;
}

static inline double second_term(second *s)
{
    double value = second_sign(s);
    for (;;) {
        if (second_take(s, "*"))
            value *= second_sign(s);
        else if (second_take(s, "/"))
            value /= second_sign(s);
        else
            return value;
    }
}

static inline double second_sum(second *s)
{
    double value = second_seen(s, second_term(s));
    for (;;) {
        if (second_take(s, "+"))
            value += second_seen(s, second_term(s));
        else if (second_take(s, "-"))
            value -= second_seen(s, second_term(s));
        else
            return value;
    }
}

static inline double second_test(second *s)
{
    const double a = second_sum(s);
    if (second_take(s, "<="))
        return a <= second_sum(s);
    if (second_take(s, ">="))
        return a >= second_sum(s);
    if (second_take(s, "=="))
        return a == second_sum(s);
    if (second_take(s, "<"))
        return a < second_sum(s);
    return second_take(s, ">") ? a > second_sum(s) : a;
}

/* "    name = expression = value": whatever stands between the first and the last equals sign. */
static inline bool second_line(const char *line, size_t length, const char *net)
{
    char text[8192];
    if (length >= sizeof text || strncmp(line, "    ", 4) != 0)
        return false;
    memcpy(text, line, length);
    text[length] = 0;
    char *first = strstr(text, " = "), *last = first;
    for (char *next; last && (next = strstr(last + 3, " = "));)
        last = next;
    if (!first || first == last)
        return false;
    *last = 0;
    second s = { .at = first + 3 };
    const double value = second_test(&s), shown = strtod(last + 3, NULL);
    second_blank(&s);
    if (s.wrong || *s.at)
        fail_msg("%s: not arithmetic: %s", net, text);
    if (!(fabs(value - shown) <= 2.1e-6 * fabs(shown) + 2e-12 * s.scale))
        fail_msg("%s: %s gives %.12g, and says %.12g", net, text, value, shown);
    return true;
}

static inline size_t second_read(sl_explanation *e, const char *net)
{
    const char *text = sl_explanation_write(e, NULL, 1000000, false);
    size_t lines = 0;
    assert_non_null(text);
    for (const char *at = text; *at;) {
        const size_t length = strcspn(at, "\n");
        lines += second_line(at, length, net);
        at += length + (at[length] != 0);
    }
    return lines;
}

#endif
