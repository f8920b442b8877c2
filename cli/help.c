/* help.c - see help.h */
#include "help.h"

#include <stdarg.h>
#include <string.h>

#include "cli.h"
#include "terminal.h"

enum { HELP_COLUMN = 26 };

static void help_add(char *text, size_t room, const char *format, ...) CLI_PRINTF(3, 4);

static void help_add(char *text, size_t room, const char *format, ...)
{
    const size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, room - length, format, arguments);
    va_end(arguments);
}

char *cli_option_explain(char text[CLI_EXPLAIN_SIZE], const cli_option *option)
{
    char wants[160];
    text[0] = 0;
    help_add(text, CLI_EXPLAIN_SIZE, "%s", option->help);
    const bool numbers = option->kind != CLI_TEXT && option->kind != CLI_FLAG && option->kind != CLI_SEED;
    if (option->kind == CLI_TEXT && option->words && option->words[0] == '=') {
        sl_word word;
        for (int i = 0; sl_catalogue(option->words + 1, i, &word); i++)
            help_add(text, CLI_EXPLAIN_SIZE, "%s%s", i ? ", " : ": ", word.name);
    }
    if (numbers)
        help_add(text, CLI_EXPLAIN_SIZE, " (%s", cli_option_wants(wants, option));
    if (option->normal && *option->normal)
        help_add(text, CLI_EXPLAIN_SIZE, "%sdefault %s", numbers ? "; " : " (", option->normal);
    if (numbers || (option->normal && *option->normal))
        help_add(text, CLI_EXPLAIN_SIZE, ")");
    return text;
}

char *cli_option_spelling(char text[96], const cli_option *option)
{
    text[0] = 0;
    if (option->letter)
        help_add(text, 96, "-%c, ", option->letter);
    help_add(text, 96, "--%s", option->name);
    if (option->value)
        help_add(text, 96, " %s", option->value);
    return text;
}

/* One paragraph; the cursor stands at `column`, further lines begin at `indent`. */
static void help_paragraph(FILE *stream, const char *text, size_t length, int column, int indent, int width)
{
    bool first = true;
    for (size_t at = 0; at < length;) {
        size_t size = 0;
        while (at + size < length && text[at + size] != ' ')
            size++;
        if (!first && column + 1 + (int)size > width) {
            fprintf(stream, "\n%*s", indent, "");
            column = indent;
            first = true;
        }
        fprintf(stream, "%s%.*s", first ? "" : " ", (int)size, text + at);
        column += (int)size + !first;
        first = false;
        at += size;
        while (at < length && text[at] == ' ')
            at++;
    }
    putc('\n', stream);
}

void cli_help_text(FILE *stream, const char *text, int indent, int width)
{
    while (*text) {
        const size_t length = strcspn(text, "\n");
        if (length)
            fprintf(stream, "%*s", indent, "");
        if (*text == ' ' || !length)
            fprintf(stream, "%.*s\n", (int)length, text);
        else
            help_paragraph(stream, text, length, indent, indent, width);
        text += length + (text[length] == '\n');
    }
}

void cli_help_hanging(FILE *stream, const char *line, int indent, int width)
{
    const size_t length = strlen(line), head = (size_t)indent;
    if (length <= (size_t)width || length <= head || line[head - 1] != ' ' || width < 2 * indent) {
        fprintf(stream, "%s\n", line);
        return;
    }
    fprintf(stream, "%.*s", indent, line);
    help_paragraph(stream, line + head, length - head, indent, indent, width);
}

static void help_entry(FILE *stream, const char *head, const char *text, int column, int width)
{
    int at = fprintf(stream, "  %s", head);
    if (at + 2 > column) {
        putc('\n', stream);
        at = 0;
    }
    fprintf(stream, "%*s", column - at, "");
    help_paragraph(stream, text, strlen(text), column, column, width);
}

static int help_width(const cli_terminal *terminal)
{
    return terminal->width < 40 ? 40 : terminal->width > 100 ? 100 : terminal->width;
}

int cli_help_overview(FILE *stream)
{
    const cli_terminal terminal = cli_terminal_of(stream);
    const int width = help_width(&terminal);
    const char *bold = terminal.bold, *plain = terminal.plain;
    fprintf(stream,
            "slope %s - trains neural networks; one seed gives the same bits everywhere\n\n"
            "%susage%s  slope COMMAND ...\n\n%scommands%s\n",
            sl_version(), bold, plain, bold, plain);
    for (int i = 0; cli_command_at(i); i++)
        help_entry(stream, cli_command_at(i)->name, cli_command_at(i)->summary, 15, width);
    fprintf(stream,
            "\n%sfirst steps%s\n"
            "  slope train houses.csv --target price         train on a table of yours\n"
            "  slope train builtin:digits --net \"128 relu\"   train on 12,000 drawn digits\n"
            "  slope train --help                            all options, with examples\n"
            "  slope help data                               what can be trained on\n\n%stopics%s\n",
            bold, plain, bold, plain);
    for (int i = 0; cli_topic_at(i); i++)
        help_entry(stream, cli_topic_at(i)->name, cli_topic_at(i)->summary, 19, width);
    fprintf(stream, "\nslope --version prints the version.\n");
    return CLI_DONE;
}

static void help_option(FILE *stream, const cli_option *option, int width)
{
    char head[128], spelling[96], text[CLI_EXPLAIN_SIZE];
    cli_option_spelling(spelling, option);
    snprintf(head, sizeof head, "%s%s", option->letter ? "" : "    ", spelling);
    help_entry(stream, head, cli_option_explain(text, option), HELP_COLUMN, width);
}

int cli_help_command(FILE *stream, const cli_command *command)
{
    const cli_terminal terminal = cli_terminal_of(stream);
    const int width = help_width(&terminal);
    const char *bold = terminal.bold, *plain = terminal.plain;
    int column = fprintf(stream, "slope %s - ", command->name);
    help_paragraph(stream, command->summary, strlen(command->summary), column, 2, width);
    putc('\n', stream);
    for (const char *line = command->usage; *line;) {
        const size_t length = strcspn(line, "\n");
        const char *head = line == command->usage ? "usage" : "     ";
        fprintf(stream, "%s%s%s  slope %.*s\n", bold, head, plain, (int)length, line);
        line += length + (line[length] == '\n');
    }
    putc('\n', stream);
    cli_help_text(stream, command->about, 0, width);
    if (command->operands[0].name) {
        fprintf(stream, "\n%sarguments%s\n", bold, plain);
        for (const cli_option *operand = command->operands; operand->name; operand++) {
            char text[CLI_EXPLAIN_SIZE];
            help_entry(stream, operand->name, cli_option_explain(text, operand), HELP_COLUMN, width);
        }
    }
    const char *group = "";
    for (const cli_option *option = command->options; option->name; option++) {
        if (strcmp(group, option->group) != 0)
            fprintf(stream, "\n%s%s%s\n", bold, option->group, plain);
        group = option->group;
        help_option(stream, option, width);
    }
    putc('\n', stream);
    for (int i = 0; cli_option_common(command, i); i++)
        help_option(stream, cli_option_common(command, i), width);
    fprintf(stream, "\n%sexamples%s\n", bold, plain);
    for (const cli_example *example = command->examples; example->line; example++) {
        fprintf(stream, "  %s\n", example->line);
        fprintf(stream, "      ");
        help_paragraph(stream, example->remark, strlen(example->remark), 6, 6, width);
    }
    return CLI_DONE;
}

static void help_add_option(char *text, size_t room, const sl_option *option)
{
    char range[160], normal[160];
    help_add(text, room, "%s%s (%s; default %s)", *text ? ", " : "", option->name,
             sl_option_range(range, option), sl_option_normal(normal, option));
}

/* Do all words of the kind have this option, alike? Then it is told once. */
static bool help_is_common(const char *kind, const sl_option *option)
{
    char mine[512] = "", other[512];
    sl_word word;
    int words = 0;
    help_add_option(mine, sizeof mine, option);
    for (; sl_catalogue(kind, words, &word); words++) {
        bool has = false;
        for (const sl_option *o = word.options; o && o->name && !has; o++) {
            *other = 0;
            help_add_option(other, sizeof other, o);
            has = strcmp(mine, other) == 0;
        }
        if (!has)
            return false;
    }
    return words > 1;
}

char *cli_word_options(char text[CLI_OPTIONS_SIZE], const char *kind, const sl_word *word, bool common)
{
    *text = 0;
    for (const sl_option *o = word->options; o && o->name; o++)
        if (help_is_common(kind, o) == common)
            help_add_option(text, CLI_OPTIONS_SIZE, o);
    return text;
}

char *cli_word_head(char text[96], const sl_word *word)
{
    snprintf(text, 96, word->alias ? "%s (%s)" : "%s", word->name, word->alias);
    return text;
}

static void help_words(FILE *stream, const char *kind, int width)
{
    char options[CLI_OPTIONS_SIZE], line[CLI_OPTIONS_SIZE + 32], head[96];
    sl_word word;
    if (sl_catalogue(kind, 0, &word) && *cli_word_options(options, kind, &word, true)) {
        snprintf(line, sizeof line, "Each of them has %s.", options);
        putc('\n', stream);
        cli_help_text(stream, line, 0, width);
    }
    putc('\n', stream);
    for (int i = 0; sl_catalogue(kind, i, &word); i++) {
        help_entry(stream, cli_word_head(head, &word), word.summary, HELP_COLUMN, width);
        if (*cli_word_options(options, kind, &word, false)) {
            fprintf(stream, "%*s", HELP_COLUMN, "");
            help_paragraph(stream, options, strlen(options), HELP_COLUMN, HELP_COLUMN + 2, width);
        }
    }
    fprintf(stream, "\nslope catalogue %s says the formula and the source of each.\n", kind);
}

int cli_help_topic(FILE *stream, const cli_topic *topic)
{
    const cli_terminal terminal = cli_terminal_of(stream);
    const int width = help_width(&terminal);
    fprintf(stream, "%s%s%s - %s\n\n", terminal.bold, topic->name, terminal.plain, topic->summary);
    cli_help_text(stream, topic->text, 0, width);
    if (topic->kind)
        help_words(stream, topic->kind, width);
    return CLI_DONE;
}
