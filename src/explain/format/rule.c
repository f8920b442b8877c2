/* rule.c - see rule.h. */
#include "explain/format/rule.h"

#include "explain/math_marks.h"

#include <string.h>

static bool rule_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "p = .. ": how long the name in front is; 0: there is none. */
static size_t rule_named(const char *text)
{
    size_t length = 0;
    while (rule_letter(text[length]) || text[length] == '_' ||
           (length && text[length] >= '0' && text[length] <= '9'))
        length++;
    return length && !strncmp(text + length, " = ", 3) ? length : 0;
}

/* Two words with nothing but a blank between them are no formula. */
static bool rule_is_words(const char *text)
{
    for (bool before = false; *text;) {
        size_t length = 0;
        while (rule_letter(text[length]))
            length++;
        const bool word = length > 1 && text[0] >= 'a' && (text[length] == ' ' || !text[length]);
        if (word && before)
            return true;
        before = word && text[length] == ' ';
        text += length ? length : 1;
        text += before;
    }
    return false;
}

static void rule_put(sl_rule_row *row, const char *open, const char *text, size_t length)
{
    /* words behind a comma that stands in no bracket */
    size_t end = length;
    int depth = 0;
    for (size_t i = 0; i + 1 < length && end == length; i++) {
        depth += text[i] == '(' || text[i] == '[';
        depth -= text[i] == ')' || text[i] == ']';
        if (depth == 0 && text[i] == ',' && text[i + 1] == ' ' && rule_is_words(text + i + 2) &&
            length - i - 2 < sizeof row->words)
            end = i;
    }
    const size_t before = strlen(open);
    memcpy(row->formula, open, before);
    memcpy(row->formula + before, text, end);
    row->formula[before + end] = 0;
    if (end < length) {
        memcpy(row->words, text + end + 2, length - end - 2);
        row->words[length - end - 2] = 0;
    } else if (rule_is_words(row->formula) && length < sizeof row->words) {
        memcpy(row->words, row->formula, before + end + 1);
        row->formula[0] = 0;
    }
}

bool sl_rule_take(sl_rule_parts *parts, const sl_explained *item)
{
    *parts = (sl_rule_parts){ .becomes = true };
    const char *at = item->text, *open = "";
    bool bare = false; /* a formula without a name of its own was there */
    if (strlen(at) + 2 > SL_RULE_ROOM || strlen(item->name) >= sizeof parts->rows[0].name)
        return false;
    if (*at == '(' && rule_named(at + 1) &&
        strstr(at, "; ")) { /* steps on the way belong before the bracket */
        open = "(";
        at++;
    }
    while (*at) {
        const char *end = strstr(at, "; ");
        const size_t length = end ? (size_t)(end - at) : strlen(at), named = rule_named(at);
        const bool step = named && named < sizeof parts->rows[0].name;
        const char *name = step ? at : item->name, *stop = at + length;
        sl_rule_row *said = parts->count && !parts->becomes ? &parts->rows[parts->count - 1] : NULL;
        if (said && !step && bare) { /* a remark on what was said */
            if (strlen(said->words) + length + 3 > sizeof said->words)
                return false;
            strcat(said->words, *said->words ? "; " : "");
            strncat(said->words, at, length);
            at = end ? end + 2 : stop;
            continue;
        }
        bare = bare || !step;
        const size_t name_length = step ? named : strlen(name);
        parts->becomes = parts->becomes && step;
        at += step ? named + 3 : 0;
        for (bool again = false; at < stop; again = true) { /* "a | b": the same in two ways */
            const char *bar = strstr(at, " | ");
            const char *till = bar && bar < stop ? bar : stop;
            if (parts->count == SL_RULE_ROWS)
                return false;
            sl_rule_row *row = &parts->rows[parts->count++];
            memcpy(row->name, name, again ? 0 : name_length);
            rule_put(row, step ? "" : open, at, (size_t)(till - at));
            at = till < stop ? till + 3 : stop;
        }
        at = end ? end + 2 : stop;
    }
    parts->becomes = parts->becomes && parts->count > 0;
    return parts->count > 0;
}

static void rule_put_words(const char *text, sl_math as, sl_text *out)
{
    const sl_math_pen pen = { .out = out, .as = as };
    sl_math_words(&pen, text, strlen(text));
}

void sl_rule_math(sl_ctx *ctx, const char *formula, sl_math as, sl_text *out)
{
    sl_expression read;
    if (ctx->status || rule_is_words(formula)) {
        rule_put_words(formula, as, out);
    } else if (sl_expression_scan(&read, ctx, formula, true)) {
        if (ctx->status == SL_EINVAL) /* no formula */
            sl_clear(ctx);
        rule_put_words(formula, as, out);
    } else {
        sl_expression_math(&read, as, out);
        sl_expression_free(&read);
    }
}

void sl_rule_row_math(sl_ctx *ctx, const sl_rule_parts *parts, int at, sl_math as, bool column, sl_text *out)
{
    const sl_math_pen pen = { .out = out, .as = as };
    const sl_rule_row *row = &parts->rows[at];
    if (*row->name)
        sl_rule_math(ctx, row->name, as, out);
    sl_text_put(out, column ? " &" : "");
    sl_math_mark(&pen, parts->becomes && *row->name ? SL_MATH_BECOMES : SL_MATH_EQUAL);
    if (*row->formula)
        sl_rule_math(ctx, row->formula, as, out);
    if (*row->words) {
        sl_math_mark(&pen, *row->formula ? SL_MATH_COMMA : SL_MATH_NONE);
        sl_math_mark(&pen, *row->formula ? SL_MATH_SPACE : SL_MATH_NONE);
        rule_put_words(row->words, as, out);
    }
}

static bool rule_known(char names[SL_RULE_NAMES][96], int count, const char *name, size_t length)
{
    for (int i = 0; i < count; i++)
        if (strlen(names[i]) == length && !memcmp(names[i], name, length))
            return true;
    return false;
}

int sl_rule_shapes(const sl_explained *item, char names[SL_RULE_NAMES][96], char shapes[SL_RULE_NAMES][48])
{
    int found = 0, named = 1;
    if (!item->shapes || strlen(item->name) >= 96)
        return 0;
    for (const char *at = item->shapes; (at = strchr(at, '[')) != NULL; found++) {
        const char *close = strchr(at, ']');
        if (!close || close - at > 40 || found == SL_RULE_NAMES)
            return 0;
        memcpy(shapes[found], at + 1, (size_t)(close - at - 1));
        shapes[found][close - at - 1] = 0;
        at = close;
    }
    strcpy(names[0], item->name);
    for (const char *at = item->text; found > 1 && *at;) { /* names, in their order */
        size_t length = 0;
        while (rule_letter(at[length]) || at[length] == '_' || at[length] == '.' ||
               (length && at[length] >= '0' && at[length] <= '9') ||
               (*at == 'd' && at[length] == '/' && at[length + 1] == 'd'))
            length++;
        if (length && at[length] != '(' && length < 96) {
            if (named == SL_RULE_NAMES)
                return 0;
            memcpy(names[named], at, length);
            names[named++][length] = 0;
        }
        at += length ? length : 1;
    }
    if (named != found) /* of the result alone */
        return found > 0;
    int kept = 1; /* a name once */
    for (int i = 1; i < named; i++)
        if (!rule_known(names, kept, names[i], strlen(names[i]))) {
            memmove(names[kept], names[i], strlen(names[i]) + 1);
            memmove(shapes[kept++], shapes[i], strlen(shapes[i]) + 1);
        }
    return kept;
}
