/* why.c - see why.h */
#include "why.h"

#include <stdlib.h>
#include <string.h>

#include "metrics.h"

enum { WHY_FIELD = 5, WHY_SHOWN = 10, WHY_STEPS = 3 };

typedef struct {
    const char *text;
    double push;
    size_t times, place; /* place: its first among the tokens */
} why_word;

static double why_size(double push)
{
    return push < 0 ? -push : push;
}

/* Equal ones as they stand in the text, for the pushes are added in this order. */
static int why_by_text(const void *a, const void *b)
{
    const why_word *x = a, *y = b;
    const int order = strcmp(x->text, y->text);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static int why_by_size(const void *a, const void *b)
{
    const double x = why_size(((const why_word *)a)->push), y = why_size(((const why_word *)b)->push);
    return x != y ? (x < y ? 1 : -1) : why_by_text(a, b);
}

/* The known tokens, each once, that pushed most first. To be freed; NULL: memory ran out. */
static why_word *why_words(const sl_why *why, size_t *count)
{
    why_word *words = malloc((why->count + 1) * sizeof *words);
    *count = 0;
    for (size_t i = 0; words && i < why->count; i++)
        if (why->tokens[i].known)
            words[(*count)++] = (why_word){ why->tokens[i].text, why->tokens[i].push, 1, i };
    if (!words || !*count)
        return words;
    qsort(words, *count, sizeof *words, why_by_text);
    size_t kept = 1;
    for (size_t i = 1; i < *count; i++)
        if (strcmp(words[i].text, words[kept - 1].text) == 0) {
            words[kept - 1].push += words[i].push;
            words[kept - 1].times++;
        } else {
            words[kept++] = words[i];
        }
    *count = kept;
    qsort(words, kept, sizeof *words, why_by_size);
    return words;
}

/* So many that the largest has two figures. */
static int why_decimals(double largest)
{
    int decimals = 0;
    while (decimals < 6 && largest > 0 && largest < 10) {
        largest *= 10;
        decimals++;
    }
    return decimals;
}

static cli_figure why_figure(double push, int decimals)
{
    cli_figure figure = cli_fixed(push, decimals), with = { "+" };
    if (figure.text[0] == '-')
        return figure;
    snprintf(with.text + 1, sizeof with.text - 1, "%.40s", figure.text);
    return with;
}

bool cli_why_csv(FILE *stream, sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t row, int most)
{
    size_t count = 0, length = 1;
    sl_why *why = sl_why_row(ctx, model, data, row, -1);
    why_word *words = why ? why_words(why, &count) : NULL;
    if (why && !words)
        cli_say(NULL, "memory ran out");
    const size_t shown =
        count < (size_t)(most ? most : WHY_FIELD) ? count : (size_t)(most ? most : WHY_FIELD);
    for (size_t i = 0; i < shown; i++)
        length += strlen(words[i].text) + sizeof(cli_figure) + 4;
    char *field = words ? calloc(length, 1) : NULL, *at = field;
    for (size_t i = 0; field && i < shown; i++)
        at += snprintf(at, length - (size_t)(at - field), "%s%s %s", i ? ", " : "",
                       why_figure(words[i].push, why_decimals(why_size(words[0].push))).text, words[i].text);
    if (field)
        cli_put_csv(stream, "", field);
    const bool done = field != NULL;
    free(field);
    free(words);
    sl_why_free(why);
    return done;
}

/* --- on a terminal -------------------------------------------------------------------------------- */

/* What begins a word's colour: by its sign, in three steps of its size; "": it pushes hardly. */
static const char *why_colour(double push, double largest)
{
    static const char *const up[WHY_STEPS] = { "\033[2;32m", "\033[32m", "\033[1;32m" };
    static const char *const down[WHY_STEPS] = { "\033[2;31m", "\033[31m", "\033[1;31m" };
    const double size = why_size(push);
    if (!(size > 0) || size < largest / 10)
        return "";
    const int step = 3 * size > 2 * largest ? 2 : 3 * size > largest;
    return push > 0 ? up[step] : down[step];
}

typedef struct {
    const sl_why *why;
    const cli_terminal *terminal;
    char *text; /* a copy, cut up and put together again while it is printed */
    size_t token;
    double largest;
} why_painter;

/* text[from .. to) without blanks, its tokens in their colours. */
static void why_paint(why_painter *p, size_t from, size_t to)
{
    while (from < to) {
        while (p->token < p->why->count && p->why->tokens[p->token].to <= from)
            p->token++;
        const sl_why_token *token = p->token < p->why->count ? &p->why->tokens[p->token] : NULL;
        const bool inside = token && token->from <= from;
        size_t end = !token ? to : inside ? token->to : token->from;
        end = end < to ? end : to;
        const char *colour = inside ? why_colour(token->push, p->largest) : "";
        const char kept = p->text[end];
        p->text[end] = 0;
        fputs(colour, stdout);
        cli_put_clean(stdout, p->text + from);
        fputs(*colour ? p->terminal->plain : "", stdout);
        p->text[end] = kept;
        from = end;
    }
}

static bool why_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\x1f';
}

/* The text in lines of the terminal's width; another column's text begins a new one. */
static bool why_text(const sl_why *why, const sl_data *data, double largest, const cli_terminal *terminal)
{
    size_t length;
    const char *text = sl_data_words(data, 0, &length);
    why_painter painter = {
        .why = why, .terminal = terminal, .text = malloc(length + 1), .largest = largest
    };
    if (!painter.text) {
        cli_say(NULL, "memory ran out");
        return false;
    }
    memcpy(painter.text, text, length);
    painter.text[length] = 0;
    int used = 0;
    for (size_t at = 0; at < length;) {
        size_t end = at;
        int columns = 0;
        while (end < length && !why_blank(text[end]))
            columns += ((unsigned char)text[end++] & 0xC0) != 0x80;
        if (used && used + 1 + columns > terminal->width) {
            putchar('\n');
            used = 0;
        } else if (used && columns) {
            putchar(' ');
            used++;
        }
        why_paint(&painter, at, end);
        used += columns;
        if (end < length && text[end] == '\x1f') {
            putchar('\n');
            used = 0;
        }
        at = end + 1;
    }
    fputs(used ? "\n\n" : "\n", stdout);
    free(painter.text);
    return true;
}

/* "the log odds of pos" */
static void why_meaning(const sl_model *model, const sl_why *why)
{
    const char *loss = sl_model_loss(model);
    char number[16];
    if (why->class_index < 0) {
        fputs("the prediction", stdout);
        return;
    }
    const bool probability = strstr(loss, "from_probabilities") || strstr(loss, "half_squared");
    const bool log = strstr(loss, "negative_log_likelihood") != NULL;
    fputs(probability                    ? "the probability of "
          : log                          ? "the logarithm of the probability of "
          : sl_model_classes(model) == 2 ? "the log odds of "
                                         : "the logit of ",
          stdout);
    cli_put_clean(stdout, cli_class_name(number, model, why->class_index));
    fputs(sl_model_classes(model) > 2 && !probability && !log ? ", less the mean of the others'" : "",
          stdout);
}

static bool why_table(const why_word *words, size_t count, size_t most, int decimals,
                      const cli_terminal *terminal)
{
    cli_table table;
    char text[80];
    cli_table_begin(&table, 3, "rlr");
    cli_table_cell(&table, "push");
    cli_table_cell(&table, "word");
    cli_table_cell(&table, "times");
    for (size_t i = 0; i < count && i < most; i++) {
        cli_table_cell(&table, why_figure(words[i].push, decimals).text);
        snprintf(text, sizeof text, "%.70s", words[i].text);
        cli_table_cell(&table, text);
        cli_table_cell(&table, cli_count((double)words[i].times).text);
    }
    const bool done = cli_table_print(&table, stdout, 2, 3, terminal);
    cli_table_free(&table);
    return done;
}

static bool why_answer(sl_ctx *ctx, const sl_model *model, const sl_data *data, const sl_why *why)
{
    char number[32];
    sl_tensor *answer = sl_predict_data(ctx, model, data, 0, 1);
    if (!answer)
        return false;
    fputs("prediction  ", stdout);
    if (why->class_index >= 0) {
        cli_put_clean(stdout, cli_class_name(number, model, why->class_index));
        printf(", %s", cli_percent((double)sl_values(answer)[why->class_index]).text);
    } else {
        fputs(sl_number_text_float(number, (float)sl_values(answer)[0]), stdout);
    }
    fputs("\n\n", stdout);
    sl_tensor_free(answer);
    return true;
}

int cli_why_show(const char *name, sl_ctx *ctx, const sl_model *model, const sl_data *data, int most)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    size_t count = 0, unknown = 0, all = 0;
    double sum = 0, largest = 0;
    sl_why *why = sl_why_row(ctx, model, data, 0, -1);
    if (!why || !why_answer(ctx, model, data, why))
        return cli_failed(name, ctx);
    why_word *words = why_words(why, &count);
    for (size_t i = 0; i < why->count; i++) {
        const sl_why_token *token = &why->tokens[i];
        sum += token->push;
        largest = why_size(token->push) > largest ? why_size(token->push) : largest;
        all += token->word;
        unknown += token->word && !token->known;
    }
    if (!words)
        cli_say(name, "memory ran out");
    bool done = words && (!*terminal.good || why_text(why, data, largest, &terminal));
    const int decimals = count ? why_decimals(why_size(words[0].push)) : 2;
    if (done && !count)
        puts("no word of the text is in the vocabulary");
    done =
        done && (!count || why_table(words, count, (size_t)(most ? most : WHY_SHOWN), decimals, &terminal));
    if (done) {
        printf("\n  %s  output: ", why_figure(why->output, decimals).text);
        why_meaning(model, why);
        printf("\n  %s  without any word\n", why_figure(why->empty, decimals).text);
        printf("  %s  what the words push, each left out alone, in sum\n", why_figure(sum, decimals).text);
        if (unknown && count)
            printf("\n%s of %s words are not in the vocabulary, and push nothing\n",
                   cli_count((double)unknown).text, cli_count((double)all).text);
    }
    free(words);
    sl_why_free(why);
    return done ? CLI_DONE : CLI_FAILED;
}

/* --- one line ------------------------------------------------------------------------------------- */

/* Blanks of any kind become one; "..." stands for what is left out. */
bool cli_why_short(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t row, int columns, char *to)
{
    size_t length, from = 0, strongest = 0;
    const char *text = sl_data_words(data, row, &length);
    sl_why *why = sl_why_row(ctx, model, data, row, -1);
    double best = 0;
    *to = 0;
    if (!why)
        return false;
    for (size_t i = 0; i < why->count; i++) {
        const double push = why->class_index < 0 ? why_size(why->tokens[i].push) : why->tokens[i].push;
        if (push > best) {
            best = push;
            strongest = why->tokens[i].from;
        }
    }
    sl_why_free(why);
    if (length > (size_t)columns && strongest > (size_t)columns / 3) { /* a third of the line stands before */
        from = strongest - (size_t)columns / 3;
        while (from < strongest && !why_blank(text[from]))
            from++;
        from += from < strongest;
    }
    int used = from ? 3 : 0;
    char *at = to;
    if (from)
        at += sprintf(at, "...");
    while (from < length) {
        const bool blank = why_blank(text[from]);
        size_t end = from + 1;
        while (end < length && (blank ? why_blank(text[end]) : ((unsigned char)text[end] & 0xC0) == 0x80))
            end++;
        const int left = columns - used;
        if (left <= 3 && length - from > (size_t)left) {
            sprintf(at, "...");
            return true;
        }
        memcpy(at, blank ? " " : text + from, blank ? 1 : end - from);
        at += blank ? 1 : end - from;
        *at = 0;
        used++;
        from = end;
    }
    return true;
}
