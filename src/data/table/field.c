/* field.c - see field.h */
#include "data/table/field.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

const char *sl_missing_words(void)
{
    return "NA,N/A,n/a,#N/A,NaN,nan,NULL,null,None,none,nil,missing,?,-,--,.";
}

static bool field_blank(char c)
{
    return c == ' ' || c == '\t';
}

sl_field sl_field_trimmed(const sl_field *field)
{
    sl_field f = *field;
    while (f.length && field_blank(f.text[f.length - 1]))
        f.length--;
    while (f.length && field_blank(*f.text)) {
        f.text++;
        f.length--;
        f.column++;
    }
    return f;
}

/* --- no value --------------------------------------------------------------------------------------- */

char *sl_missing_list(sl_ctx *ctx, const char *words)
{
    static const char usual[] = "default";
    sl_text list;
    if (!words)
        return sl_strdup(ctx, sl_missing_words());
    sl_text_init(&list, ctx);
    for (const char *at = words; *at;) {
        const size_t length = strcspn(at, ",");
        const sl_field f = sl_field_trimmed(&(sl_field){ .text = at, .length = length });
        if (list.length)
            sl_text_put(&list, ",");
        if (f.length == sizeof usual - 1 && !memcmp(f.text, usual, f.length))
            sl_text_put(&list, sl_missing_words());
        else
            sl_text_bytes(&list, f.text, f.length);
        at += length + (at[length] == ',');
    }
    char *copy = sl_strdup(ctx, sl_text_string(&list));
    sl_text_free(&list);
    return copy;
}

sl_status sl_missing_init(sl_missing *missing, sl_ctx *ctx, const char *words, char decimal)
{
    *missing = (sl_missing){ 0 };
    sl_dictionary_init(&missing->words, ctx);
    words = words ? words : sl_missing_words();
    size_t most = 1;
    for (const char *c = words; *c; c++)
        most += *c == ',';
    missing->numbers = sl_alloc_array(ctx, most, sizeof *missing->numbers);
    for (const char *at = words; *at && !ctx->status;) {
        const size_t length = strcspn(at, ",");
        const sl_field f = sl_field_trimmed(&(sl_field){ .text = at, .length = length });
        if (f.length)
            sl_dictionary_add(&missing->words, f.text, f.length);
        if (f.length && sl_csv_number(&f, decimal, &missing->numbers[missing->number_count]))
            missing->number_count++;
        missing->longest = f.length > missing->longest ? f.length : missing->longest;
        at += length + (at[length] == ',');
    }
    return ctx->status;
}

void sl_missing_free(sl_missing *missing)
{
    if (!missing->words.ctx)
        return;
    sl_free(missing->words.ctx, missing->numbers);
    sl_dictionary_free(&missing->words);
}

bool sl_field_missing(const sl_field *f, const sl_missing *missing)
{
    return !f->length || (f->length <= missing->longest &&
                          sl_dictionary_find(&missing->words, f->text, f->length) != SIZE_MAX);
}

/* Does the text say `word` (in lower case), in any case? */
static bool field_is(const char *text, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 'a' - 'A') : text[i];
        if (!word[i] || c != word[i])
            return false;
    }
    return !word[length];
}

sl_says sl_field_says(const sl_field *f, const sl_missing *missing, char decimal, double *value)
{
    if (!f->length)
        return SL_SAYS_MISSING;
    if (sl_csv_number(f, decimal, value)) {
        for (size_t i = 0; i < missing->number_count; i++)
            if (*value == missing->numbers[i])
                return SL_SAYS_MISSING;
        return *value - *value == 0 ? SL_SAYS_NUMBER : SL_SAYS_INFINITE;
    }
    if (sl_field_missing(f, missing))
        return SL_SAYS_MISSING;
    const bool sign = *f->text == '-' || *f->text == '+';
    const char *text = f->text + sign;
    const size_t length = f->length - sign;
    return field_is(text, length, "inf") || field_is(text, length, "infinity") ? SL_SAYS_INFINITE
                                                                               : SL_SAYS_WORD;
}

/* --- words ------------------------------------------------------------------------------------------ */

const char *sl_pair_word(int pair, bool yes)
{
    static const char *const words[SL_PAIRS][2] = {
        { "false", "true" }, { "no", "yes" }, { "n", "y" }, { "f", "t" }, { "off", "on" }
    };
    return words[pair][yes];
}

int sl_pair_find(const char *word, size_t length, bool *yes)
{
    enum { LONGEST = 5 };
    for (int pair = 0; length <= LONGEST && pair < SL_PAIRS; pair++)
        for (int second = 0; second < 2; second++)
            if (field_is(word, length, sl_pair_word(pair, second))) {
                *yes = second;
                return pair;
            }
    return -1;
}

/* Digits in groups of three behind the first, then perhaps the other mark and digits. */
static bool field_thousands(const char *text, size_t length, char mark)
{
    size_t i = 0, groups = 0, run = 0;
    if (i < length && (text[i] == '-' || text[i] == '+'))
        i++;
    for (; i < length && ((text[i] >= '0' && text[i] <= '9') || text[i] == mark); i++) {
        if (text[i] != mark) {
            run++;
            continue;
        }
        if (!run || run > 3 || (groups && run != 3))
            return false;
        groups++;
        run = 0;
    }
    if (!groups || run != 3)
        return false;
    const char other = mark == ',' ? '.' : ',';
    if (i < length && text[i] == other)
        for (i++; i < length && text[i] >= '0' && text[i] <= '9';)
            i++;
    return i == length;
}

static bool field_amount(const sl_field *f)
{
    double value;
    return sl_csv_number(f, '.', &value) || sl_csv_number(f, ',', &value) ||
           field_thousands(f->text, f->length, ',') || field_thousands(f->text, f->length, '.');
}

/* Takes `sign` off one of the ends. */
static bool field_strip(sl_field *f, const char *sign)
{
    const size_t size = strlen(sign);
    if (f->length <= size)
        return false;
    const bool front = !memcmp(f->text, sign, size), back = !memcmp(f->text + f->length - size, sign, size);
    f->text += front ? size : 0;
    f->length -= front || back ? size : 0;
    *f = sl_field_trimmed(f);
    return front || back;
}

sl_odd sl_field_odd(const sl_field *field, char decimal)
{
    static const char *const money[] = { "$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5" }; /* euro, pound, yen */
    double value;
    sl_field f = *field;
    if (field_thousands(f.text, f.length, ',') || field_thousands(f.text, f.length, '.'))
        return SL_ODD_THOUSANDS;
    if (sl_csv_number(&f, decimal == ',' ? '.' : ',', &value))
        return SL_ODD_DECIMAL;
    if (field_strip(&f, "%"))
        return field_amount(&f) ? SL_ODD_PERCENT : SL_ODD_WORD;
    if (f.length > 1 && *f.text == '-') { /* -$5 */
        f.text++;
        f.length--;
    }
    for (size_t i = 0; i < sizeof money / sizeof money[0]; i++)
        if (field_strip(&f, money[i]))
            return field_amount(&f) ? SL_ODD_MONEY : SL_ODD_WORD;
    return SL_ODD_WORD;
}

bool sl_field_code(const sl_field *f)
{
    if (f->length < 2 || *f->text != '0')
        return false;
    for (size_t i = 1; i < f->length; i++)
        if (f->text[i] < '0' || f->text[i] > '9')
            return false;
    return true;
}
