/* math_marks.c - see math_marks.h: signs, numbers, names and words. */
#include "explain/math_marks.h"

#include "explain/format/escape.h"

#include <string.h>

void sl_math_mark(const sl_math_pen *pen, sl_math_sign sign)
{
    static const char *const marks[SL_MATH_SIGNS][2] = {
        [SL_MATH_NONE] = { "", "" },
        [SL_MATH_PLUS] = { " + ", "<mo>+</mo>" },
        [SL_MATH_MINUS] = { " - ", "<mo>&#8722;</mo>" },
        [SL_MATH_NEGATIVE] = { "-", "<mo form=\"prefix\">&#8722;</mo>" },
        [SL_MATH_TIMES] = { " \\cdot ", "<mo>&#8901;</mo>" },
        [SL_MATH_EACH] = { " \\odot ", "<mo>&#8857;</mo>" },
        [SL_MATH_SPACE] = { " \\, ", "<mspace width=\"0.2em\"/>" },
        [SL_MATH_COMMA] = { ", ", "<mo>,</mo>" },
        [SL_MATH_LESS] = { " < ", "<mo>&lt;</mo>" },
        [SL_MATH_AT_MOST] = { " \\le ", "<mo>&#8804;</mo>" },
        [SL_MATH_MORE_THAN] = { " > ", "<mo>&gt;</mo>" },
        [SL_MATH_AT_LEAST] = { " \\ge ", "<mo>&#8805;</mo>" },
        [SL_MATH_EQUAL] = { " = ", "<mo>=</mo>" },
        [SL_MATH_BECOMES] = { " \\leftarrow ", "<mo>&#8592;</mo>" },
        [SL_MATH_BRACKET] = { "\\left(", "<mrow><mo>(</mo>" },
        [SL_MATH_BRACKET_END] = { "\\right)", "<mo>)</mo></mrow>" },
        [SL_MATH_TEST] = { "\\left[", "<mrow><mo>[</mo>" },
        [SL_MATH_TEST_END] = { "\\right]", "<mo>]</mo></mrow>" },
        [SL_MATH_ABS] = { "\\left|", "<mrow><mo>|</mo>" },
        [SL_MATH_ABS_END] = { "\\right|", "<mo>|</mo></mrow>" },
        [SL_MATH_NORM] = { "\\lVert ", "<mrow><mo>&#8214;</mo>" },
        [SL_MATH_NORM_END] = { "\\rVert ", "<mo>&#8214;</mo></mrow>" },
        [SL_MATH_FRACTION] = { "\\frac{", "<mfrac><mrow>" },
        [SL_MATH_OVER] = { "}{", "</mrow><mrow>" },
        [SL_MATH_FRACTION_END] = { "}", "</mrow></mfrac>" },
        [SL_MATH_ROOT] = { "\\sqrt{", "<msqrt>" },
        [SL_MATH_ROOT_END] = { "}", "</msqrt>" },
        [SL_MATH_EXP] = { "e^{", "<msup><mi>e</mi><mrow>" },
        [SL_MATH_POWER] = { "{", "<msup><mrow>" },
        [SL_MATH_TO] = { "}^{", "</mrow><mrow>" },
        [SL_MATH_POWER_END] = { "}", "</mrow></msup>" },
        [SL_MATH_TRANSPOSED] = { "}^{\\top}", "</mrow><mi>&#8868;</mi></msup>" },
        [SL_MATH_UNDER] = { "\\underbrace{", "<munder><munder><mrow>" },
        [SL_MATH_UNDER_WORDS] = { "}_{", "</mrow><mo>&#9183;</mo></munder>" },
        [SL_MATH_UNDER_END] = { "}", "</munder>" },
        [SL_MATH_PARTIAL] = { "\\partial ", "<mo>&#8706;</mo>" },
        [SL_MATH_SLASH] = { "/", "<mo>/</mo>" },
        [SL_MATH_HAT] = { "\\hat{", "<mover accent=\"true\"><mrow>" },
        [SL_MATH_HAT_END] = { "}", "</mrow><mo>^</mo></mover>" },
        [SL_MATH_SUB] = { "", "<msub>" },
        [SL_MATH_SUP] = { "", "<msup>" },
        [SL_MATH_BOTH] = { "", "<msubsup>" },
        [SL_MATH_INDEX] = { "_{", "<mrow>" },
        [SL_MATH_INDEX_END] = { "}", "</mrow>" },
        [SL_MATH_LAYER] = { "^{(", "<mrow><mo>(</mo>" },
        [SL_MATH_LAYER_END] = { ")}", "<mo>)</mo></mrow>" },
        [SL_MATH_SUB_END] = { "", "</msub>" },
        [SL_MATH_SUP_END] = { "", "</msup>" },
        [SL_MATH_BOTH_END] = { "", "</msubsup>" },
        [SL_MATH_TEN] = { " \\cdot 10^{", "<mo>&#8901;</mo><msup><mn>10</mn><mrow>" },
    };
    sl_text_put(pen->out, marks[sign][pen->as]);
}

static void math_element(const sl_math_pen *pen, const char *element, const char *text, size_t length)
{
    sl_text_add(pen->out, "<%s>", element);
    sl_escape_html(pen->out, text, length);
    sl_text_add(pen->out, "</%s>", element);
}

static bool math_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void math_digits(const sl_math_pen *pen, const char *text, size_t length)
{
    if (pen->as == SL_MATH_ML)
        math_element(pen, "mn", text, length);
    else
        sl_text_bytes(pen->out, text, length);
}

/* "1.2e-05": 1.2 times 10 to the -5 */
void sl_math_number(const sl_math_pen *pen, const char *text, size_t length)
{
    if (length && (*text == '-' || *text == '+')) {
        sl_math_mark(pen, *text == '-' ? SL_MATH_NEGATIVE : SL_MATH_NONE);
        text++;
        length--;
    }
    if (!length || !math_digit(*text)) { /* inf, nan */
        sl_math_function(pen, text, length);
        return;
    }
    const char *power = memchr(text, 'e', length), *end = text + length;
    math_digits(pen, text, power ? (size_t)(power - text) : length);
    if (!power)
        return;
    const bool negative = power[1] == '-';
    const char *digits = power + 1 + (negative || power[1] == '+');
    while (digits + 1 < end && *digits == '0')
        digits++;
    sl_math_mark(pen, SL_MATH_TEN);
    sl_math_mark(pen, negative ? SL_MATH_NEGATIVE : SL_MATH_NONE);
    math_digits(pen, digits, (size_t)(end - digits));
    sl_math_mark(pen, SL_MATH_POWER_END);
}

void sl_math_words(const sl_math_pen *pen, const char *text, size_t length)
{
    if (pen->as == SL_MATH_ML) {
        math_element(pen, "mtext", text, length);
        return;
    }
    sl_text_put(pen->out, "\\text{");
    sl_escape_latex(pen->out, text, length);
    sl_text_put(pen->out, "}");
}

/* A letter leans, a word stands upright. */
static void math_word(const sl_math_pen *pen, const char *name, size_t length)
{
    static const char *const greek[][3] = { { "beta", "\\beta", "&#946;" },
                                            { "epsilon", "\\epsilon", "&#949;" },
                                            { "alpha", "\\alpha", "&#945;" },
                                            { "gamma", "\\gamma", "&#947;" },
                                            { "delta", "\\delta", "&#948;" } };
    const bool ml = pen->as == SL_MATH_ML;
    for (size_t i = 0; i < sizeof greek / sizeof *greek; i++)
        if (strlen(greek[i][0]) == length && !memcmp(greek[i][0], name, length)) {
            sl_text_add(pen->out, ml ? "<mi>%s</mi>" : "%s", greek[i][1 + ml]);
            return;
        }
    if (ml)
        math_element(pen, "mi", name, length);
    else if (length == 1)
        sl_escape_latex(pen->out, name, length);
    else {
        sl_text_put(pen->out, "\\mathrm{");
        sl_escape_latex(pen->out, name, length);
        sl_text_put(pen->out, "}");
    }
}

void sl_math_function(const sl_math_pen *pen, const char *name, size_t length)
{
    const bool slope = length && name[length - 1] == '\'';
    length -= slope;
    if (pen->as == SL_MATH_ML) {
        sl_text_put(pen->out, slope ? "<msup>" : "");
        math_word(pen, name, length);
        sl_text_put(pen->out, slope ? "<mo>&#8242;</mo></msup>" : "");
        return;
    }
    sl_text_put(pen->out, "\\operatorname{");
    sl_escape_latex(pen->out, name, length);
    sl_text_put(pen->out, slope ? "}'" : "}");
}

static void math_index(const sl_math_pen *pen, const char *text, size_t length)
{
    while (length) {
        size_t part = 0;
        while (part < length && text[part] != ',')
            part++;
        if (part && math_digit(*text))
            math_digits(pen, text, part);
        else if (part)
            math_word(pen, text, part);
        sl_math_mark(pen, part < length ? SL_MATH_COMMA : SL_MATH_NONE);
        part += part < length;
        text += part;
        length -= part;
    }
}

/* One quantity: letters, a layer's number, an index. "W1[0,2]", "z_out", "m_hat", "batch_norm_1.scale" */
static void math_single(const sl_math_pen *pen, const char *name, size_t length)
{
    const char *open = memchr(name, '[', length);
    const size_t stem = open ? (size_t)(open - name) : length;
    size_t letters = 0, digits;
    while (letters < stem && !math_digit(name[letters]) && name[letters] != '_')
        letters++;
    for (digits = letters; digits < stem && math_digit(name[digits]); digits++)
        ;
    const bool greek = letters == 4 && !memcmp(name, "beta", 4);
    const bool split = (letters == 1 || greek) && (digits == stem || name[digits] == '_');
    const char *tail = split && digits < stem ? name + digits + 1 : NULL;
    const size_t ending = tail ? (size_t)(name + stem - tail) : 0;
    const bool hat = ending == 3 && !memcmp(tail, "hat", 3);
    const bool number = split && digits > letters, lower = number && (greek || (pen->units && !tail)),
               layer = number && !lower, below = (open && length > stem + 2) || (tail && !hat) || lower;
    if (layer || below)
        sl_math_mark(pen, layer && below ? SL_MATH_BOTH : layer ? SL_MATH_SUP : SL_MATH_SUB);
    sl_math_mark(pen, hat ? SL_MATH_HAT : SL_MATH_NONE);
    math_word(pen, name, split ? letters : stem);
    sl_math_mark(pen, hat ? SL_MATH_HAT_END : SL_MATH_NONE);
    if (below) {
        sl_math_mark(pen, SL_MATH_INDEX);
        bool before = false;
        if (lower) {
            math_digits(pen, name + letters, digits - letters);
            before = true;
        }
        if (tail && !hat) {
            math_word(pen, tail, ending);
            before = true;
        }
        if (open && length > stem + 2) {
            sl_math_mark(pen, before ? SL_MATH_COMMA : SL_MATH_NONE);
            math_index(pen, open + 1, length - stem - 2);
        }
        sl_math_mark(pen, SL_MATH_INDEX_END);
    }
    if (layer) {
        sl_math_mark(pen, SL_MATH_LAYER);
        math_digits(pen, name + letters, digits - letters);
        sl_math_mark(pen, SL_MATH_LAYER_END);
    }
    if (layer || below)
        sl_math_mark(pen, layer && below ? SL_MATH_BOTH_END : layer ? SL_MATH_SUP_END : SL_MATH_SUB_END);
}

void sl_math_quantity(const sl_math_pen *pen, const char *name, size_t length)
{
    const char *slash = memchr(name, '/', length), *end = name + length;
    if (slash && name[0] == 'd' && slash - name > 1 && end - slash > 2 && slash[1] == 'd') {
        sl_math_mark(pen, pen->flat ? SL_MATH_NONE : SL_MATH_FRACTION);
        sl_math_mark(pen, SL_MATH_PARTIAL);
        math_single(pen, name + 1, (size_t)(slash - name) - 1);
        sl_math_mark(pen, pen->flat ? SL_MATH_SLASH : SL_MATH_OVER);
        sl_math_mark(pen, SL_MATH_PARTIAL);
        math_single(pen, slash + 2, (size_t)(end - slash) - 2);
        sl_math_mark(pen, pen->flat ? SL_MATH_NONE : SL_MATH_FRACTION_END);
    } else if (length > 2 && name[0] == '|' && end[-1] == '|') {
        sl_math_mark(pen, SL_MATH_NORM);
        math_single(pen, name + 1, length - 2);
        sl_math_mark(pen, SL_MATH_NORM_END);
    } else {
        math_single(pen, name, length);
    }
}

/* "dL/dx[0] by dense_1", "m of W1[0,0]", "term 3": quantities and words */
void sl_expression_math_name(sl_text *out, sl_math as, const char *name, bool flat)
{
    const sl_math_pen pen = { .out = out, .as = as, .flat = flat };
    for (const char *at = name; *at;) {
        const size_t length = strcspn(at, " ");
        bool word = length > 1;
        for (size_t i = 0; i < length; i++)
            word = word && at[i] >= 'a' && at[i] <= 'z';
        word = word && strchr(name, ' ');
        if (word && as == SL_MATH_ML) {
            sl_text_put(out, at > name ? "<mspace width=\"0.3em\"/>" : "");
            sl_math_words(&pen, at, length);
            sl_text_put(out, at[length] ? "<mspace width=\"0.3em\"/>" : "");
        } else if (word) {
            sl_text_put(out, at > name ? "\\ " : "");
            sl_math_words(&pen, at, length);
            sl_text_put(out, at[length] ? "\\ " : "");
        } else if (length && math_digit(*at)) {
            math_digits(&pen, at, length);
        } else if (length) {
            sl_math_quantity(&pen, at, length);
        }
        at += length + (at[length] == ' ');
    }
}

void sl_expression_unit_name(sl_text *out, const char *name)
{
    const sl_math_pen pen = { .out = out, .as = SL_MATH_LATEX, .units = true };
    sl_math_quantity(&pen, name, strlen(name));
}

void sl_expression_math_number(sl_text *out, sl_math as, const char *number)
{
    const sl_math_pen pen = { .out = out, .as = as };
    sl_math_number(&pen, number, strlen(number));
}
