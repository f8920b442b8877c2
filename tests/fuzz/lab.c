/* lab.c - fuzz: what the playground's page hands over of a link and of what people type there: pieces behind
 * a byte 1 each, the first byte says what it is: settings to open or change by, steps, a row to ask, words of
 * an explanation, axes, weights. The lab answers, or says a sentence, and stays usable. Sizes that would only
 * cost time, numbers of more than two digits, are passed over. */
#include "lab.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool fuzz_lab_large(const char *text, size_t length)
{
    size_t digits = 0;
    for (size_t i = 0; i < length; i++) {
        digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
        if (digits > 2 ||
            ((text[i] == 'e' || text[i] == 'E') && i && text[i - 1] >= '0' && text[i - 1] <= '9'))
            return true;
    }
    return false;
}

static double fuzz_lab_number(const char *text, size_t length, size_t at)
{
    return at < length ? (double)(signed char)text[at] / 4 : 0;
}

static sl_status fuzz_lab_view(lab *l, const char *text, size_t length)
{
    const int a = (int)fuzz_lab_number(text, length, 1), b = (int)fuzz_lab_number(text, length, 2);
    const double c = fuzz_lab_number(text, length, 3), d = fuzz_lab_number(text, length, 4);
    switch (*text) {
    case 'x':
        return lab_axes(l, a, b, c, d, d, c);
    case 'p':
        return lab_picture(l, a);
    case 'u':
        return lab_units(l, a);
    case 'i':
        return lab_inputs(l, a);
    case 'r':
        return lab_row(l, a, b);
    case '@':
        return lab_at(l, c, d);
    case 'w':
        return lab_set_weight(l, a, c);
    case 'h':
        return lab_history(l, a);
    case 'l':
        return lab_landscape(l, a, b, 3);
    case 'L':
        return lab_landscape_some(l, a, b);
    case 'q':
        return lab_landscape_path(l);
    case 'b':
        return lab_broken(l, a, c);
    default:
        return lab_points(l);
    }
}

static sl_status fuzz_lab_do(lab *l, char *text, size_t length)
{
    switch (*text) {
    case 'o':
        return lab_open(l, text + 1, length - 1);
    case 'c':
        return lab_change(l, text + 1, length - 1);
    case 's':
        return lab_steps(l, (int)(length % 4));
    case 'e':
        return lab_explain(l, text + 1, 0, 1 + (int)(length % 3), 1 + (int)(length % 4), 3);
    case 'a':
        return lab_ask(l, text + 1, length % 2);
    case 'f':
        return lab_figures(l, text + 1);
    case 'k': /* "model" and "run" are files, which would lie here but for builds that have them in memory */
#ifdef SL_OS_MEMORY
        return lab_keep(l, text[1] == 'r' ? "json" : text + 1);
#else
        return lab_keep(l, strcmp(text + 1, "model") && strcmp(text + 1, "run") ? text + 1 : "json");
#endif
    case 'C':
        return lab_collapse(l, (int)(length % 5), 3);
    default:
        return fuzz_lab_view(l, text, length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lab l;
    if (!lab_start(&l))
        abort();
    int pieces = 0;
    for (size_t at = 0; at < size && pieces < 8; pieces++) {
        const uint8_t *one = memchr(data + at, 1, size - at);
        const size_t length = (one ? (size_t)(one - data) : size) - at;
        char *text = malloc(length + 1); /* closed, as the page closes it */
        if (!text)
            abort();
        memcpy(text, data + at, length);
        text[length] = 0;
        if (length && !((*text == 'o' || *text == 'c') && fuzz_lab_large(text, length))) {
            if (fuzz_lab_do(&l, text, length) && !l.answer.length)
                abort();
            if (l.own->status || (l.ctx && l.ctx->status))
                abort();
        }
        free(text);
        at += length + 1;
    }
    lab_end(&l);
    return 0;
}
