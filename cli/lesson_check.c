/* lesson_check.c - the fields of a check: key: value, a line each. */
#include <stdlib.h>
#include <string.h>

#include "lesson.h"
#include "slope.h"

const char *const cli_check_names[CHECK_KINDS] = { "numbers", "file", "weights", "digest", "choice" };

/* Which kinds have it, as bits; the first letter of each kind stands in `kinds`. */
typedef struct {
    const char *key, *kinds, *wants;
} check_field;

static const check_field check_fields[] = {
    { "kind", "nfwdc", "one of numbers, file, weights, digest, choice" },
    { "names", "n", "a name for each number, such as 'theta1 theta2'" },
    { "command", "nfd", "a command, such as 'slope descend exercise --json'" },
    { "pick", "nfd", "a path such as 'walks.0.path.x.1-3', behind its command" },
    { "tolerance", "nf", "a number such as 0.0005, or a share such as '1 %'" },
    { "shape", "f", "'3 x 2', or a count of numbers such as 6" },
    { "net", "w", "the layers, such as '2 tanh, 1'" },
    { "data", "w", "data such as builtin:xor" },
    { "bar", "w", "a metric and a number, such as 'accuracy 1'" },
    { "options", "c", "letters or words to choose from, such as 'a b c'" },
    { "seal", "nc", "16 hex digits for each answer, which slope lesson seal prints" },
    { "hint", "nfwdc", "a sentence" },
    { "right", "nfwdc", "a sentence" },
};
enum { CHECK_FIELDS = sizeof check_fields / sizeof *check_fields };

static bool check_number(const char *text, double *value)
{
    char word[64];
    return cli_lesson_word(text, 0, word) && sl_number_parse(word, value) && *value - *value == 0;
}

static bool check_tolerance(cli_lesson_check *check, const char *value)
{
    char unit[64] = "";
    const size_t words = cli_lesson_word_count(value);
    cli_lesson_word(value, 1, unit);
    if (words > 2 || !check_number(value, &check->tolerance) || check->tolerance < 0)
        return false;
    check->relative = words == 2;
    check->tolerance /= check->relative ? 100 : 1;
    return !check->relative || strcmp(unit, "%") == 0;
}

static bool check_shape(cli_lesson_check *check, const char *value)
{
    char by[64] = "";
    double rows, columns = 0;
    const size_t words = cli_lesson_word_count(value);
    if (!check_number(value, &rows) || (words != 1 && words != 3))
        return false;
    if (words == 3 && (!cli_lesson_word(value, 1, by) || strcmp(by, "x") != 0 ||
                       !cli_lesson_word(value, 2, by) || !check_number(by, &columns) || columns < 1))
        return false;
    if (rows < 1 || rows > LESSON_FILE_NUMBERS || columns > LESSON_FILE_NUMBERS ||
        (columns > 0 && rows * columns > LESSON_FILE_NUMBERS))
        return false;
    check->rows = (int)rows;
    check->columns = (int)columns;
    return rows == check->rows && columns == check->columns;
}

static bool check_words_fit(const char *value, size_t most)
{
    char word[64], other[64];
    const size_t count = cli_lesson_word_count(value);
    for (size_t i = 0; i < count; i++) {
        if (!cli_lesson_word(value, i, word) || strchr(word, '='))
            return false;
        for (size_t j = 0; j < i; j++)
            if (cli_lesson_word(value, j, other) && strcmp(word, other) == 0)
                return false;
    }
    return count > 0 && count <= most;
}

static bool check_seal(const char *value)
{
    char word[64];
    const size_t count = cli_lesson_word_count(value);
    for (size_t i = 0; i < count; i++)
        if (!cli_lesson_word(value, i, word) || strlen(word) != 16 || strspn(word, "0123456789abcdef") != 16)
            return false;
    return count > 0 && count <= LESSON_NUMBERS;
}

static bool check_command(cli_lesson_check *check, const char *value, size_t line, cli_lesson_error *error)
{
    char *words[LESSON_WORDS], *store = malloc(strlen(value) + 1);
    const char *why = "memory ran out";
    const int got = store ? cli_lesson_words(value, store, words, &why) : -1;
    free(store);
    if (got < 0)
        return cli_lesson_refuse(error, line, "command: '%.60s': %s", value, why);
    if (check->pair_count == LESSON_PAIRS)
        return cli_lesson_refuse(error, line, "more than %d commands in a check", LESSON_PAIRS);
    check->pairs[check->pair_count++].command = value;
    return true;
}

static bool check_text(const char **to, const char *value)
{
    const bool first = !*to;
    *to = value;
    return first;
}

/* The field `key` takes the value: false when it is none of its kind. */
static bool check_take(cli_lesson_check *check, const char *key, const char *value)
{
    char word[64];
    if (strcmp(key, "kind") == 0) {
        for (check->kind = 0; check->kind < CHECK_KINDS; check->kind++)
            if (strcmp(cli_check_names[check->kind], value) == 0)
                return true;
        return false;
    }
    if (strcmp(key, "names") == 0)
        return check_text(&check->names, value) && check_words_fit(value, LESSON_NUMBERS);
    if (strcmp(key, "options") == 0)
        return check_text(&check->options, value) && check_words_fit(value, LESSON_NUMBERS);
    if (strcmp(key, "seal") == 0)
        return check_text(&check->seal, value) && check_seal(value);
    if (strcmp(key, "pick") == 0)
        return check->pair_count && check_text(&check->pairs[check->pair_count - 1].pick, value);
    if (strcmp(key, "tolerance") == 0)
        return check_tolerance(check, value);
    if (strcmp(key, "shape") == 0)
        return check_shape(check, value);
    if (strcmp(key, "net") == 0)
        return check_text(&check->net, value);
    if (strcmp(key, "data") == 0)
        return check_text(&check->data, value);
    if (strcmp(key, "right") == 0)
        return check_text(&check->right, value);
    check->metric = value; /* bar */
    return cli_lesson_word_count(value) == 2 && cli_lesson_word(value, 1, word) &&
           check_number(word, &check->bar);
}

static bool check_hint(cli_lesson_check *check, const char *line, const char *colon, const char *value)
{
    if (check->hint_count == LESSON_HINTS)
        return false;
    const char *of = line + 4 + strspn(line + 4, " ");
    check->hints[check->hint_count].of = of < colon ? of : NULL;
    check->hints[check->hint_count].of_length = of < colon ? (size_t)(colon - of) : 0;
    check->hints[check->hint_count++].text = value;
    return true;
}

static bool check_line(cli_lesson_check *check, const char *text, size_t line, bool first,
                       cli_lesson_error *error)
{
    const char *colon = strchr(text, ':');
    const size_t length = strcspn(text, ": ");
    const check_field *field = NULL;
    for (int i = 0; colon && i < CHECK_FIELDS; i++)
        if (strlen(check_fields[i].key) == length && strncmp(check_fields[i].key, text, length) == 0)
            field = &check_fields[i];
    const bool hint = field && strcmp(field->key, "hint") == 0;
    if (!field || (text + length != colon && !hint))
        return cli_lesson_refuse(
            error, line,
            "'%.60s': wants 'key: value' with one of kind, names, command, pick, tolerance, "
            "shape, net, data, bar, options, seal, hint, right",
            text);
    const char *value = colon + 1 + strspn(colon + 1, " ");
    if (first != (field == check_fields))
        return cli_lesson_refuse(error, line,
                                 "'%.60s': wants 'kind: ...' as the first field of a check, once", text);
    if (!first && !strchr(field->kinds, cli_check_names[check->kind][0]))
        return cli_lesson_refuse(error, line, "'%.60s': a check of the kind %s has no %s", text,
                                 cli_check_names[check->kind], field->key);
    if (strcmp(field->key, "command") == 0)
        return check_command(check, value, line, error);
    if (!*value || !(hint ? check_hint(check, text, colon, value) : check_take(check, field->key, value)))
        return cli_lesson_refuse(error, line, "'%.60s': wants %s%s", text, field->wants,
                                 hint ? ", in at most 16 hints" : "");
    return true;
}

/* What its kind cannot do without. */
static bool check_whole(const cli_lesson_check *check, cli_lesson_error *error)
{
    const char *kind = cli_check_names[check->kind], *lacks = NULL;
    bool picked = false;
    for (int i = 0; i < check->pair_count; i++)
        picked = picked || check->pairs[i].pick;
    const bool numbers = check->kind == CHECK_NUMBERS, choice = check->kind == CHECK_CHOICE;
    if (numbers && !check->names)
        lacks = "names: a name for each number";
    else if (check->kind == CHECK_FILE && !check->rows)
        lacks = "shape: such as '3 x 2'";
    else if (check->kind == CHECK_WEIGHTS && (!check->data || !check->metric))
        lacks = "data: and bar:, what the net has to reach on what";
    else if (choice && (!check->options || !check->seal))
        lacks = "options: and seal:";
    else if (numbers && check->seal ? picked : !choice && check->kind != CHECK_WEIGHTS && !picked)
        lacks = numbers ? "command: with pick:, or seal:, one of them" : "command: with pick:";
    else if (check->seal &&
             cli_lesson_word_count(check->seal) != (choice ? 1 : cli_lesson_word_count(check->names)))
        lacks = choice ? "one seal" : "as many seals as names";
    return !lacks || cli_lesson_refuse(error, check->line, "a check of the kind %s wants %s", kind, lacks);
}

bool cli_lesson_read_check(cli_lesson_check *check, char *const *lines, size_t first, size_t last,
                           cli_lesson_error *error)
{
    for (size_t i = first; i < last; i++)
        if (!check_line(check, lines[i], i + 1, i == first, error))
            return false;
    if (first >= last)
        return cli_lesson_refuse(error, first, "a check without fields: wants 'kind: ...' first");
    return check_whole(check, error);
}
