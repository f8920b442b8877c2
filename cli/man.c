/* man.c - the man page of all commands, in the man macros of roff. */
#include <string.h>

#include "cli.h"
#include "help.h"

/* Text for roff. Outside ASCII: \[uXXXX]. A line never begins with a control character. */
static void man_text(FILE *stream, const char *text, size_t length, bool line_start)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if (line_start && (byte == '.' || byte == '\''))
            fputs("\\&", stream);
        line_start = false;
        if (byte >= 0xC0) {
            unsigned long code = byte < 0xE0 ? byte & 0x1Ful : byte < 0xF0 ? byte & 0x0Ful : byte & 0x07ul;
            while (i + 1 < length && ((unsigned char)text[i + 1] & 0xC0) == 0x80)
                code = code << 6 | ((unsigned char)text[++i] & 0x3Ful);
            fprintf(stream, "\\[u%04lX]", code);
            continue;
        }
        const char *name = byte == '\\'   ? "\\e"
                           : byte == '-'  ? "\\-"
                           : byte == '\'' ? "\\(aq"
                           : byte == '"'  ? "\\(dq"
                           : byte == '^'  ? "\\(ha"
                           : byte == '~'  ? "\\(ti"
                           : byte == '`'  ? "\\(ga"
                                          : NULL;
        if (name)
            fputs(name, stream);
        else
            putc(byte, stream);
    }
}

static void man_line(FILE *stream, const char *text)
{
    man_text(stream, text, strlen(text), true);
    putc('\n', stream);
}

/* Paragraphs, and lines kept as they are. */
static void man_paragraphs(FILE *stream, const char *text)
{
    bool kept = false, first = true;
    for (; *text; text++) {
        const size_t length = strcspn(text, "\n");
        if (!length)
            continue;
        const bool keep = *text == ' ';
        if (keep != kept)
            fputs(keep ? ".PP\n.nf\n" : ".fi\n.PP\n", stream);
        else if (!first && !keep)
            fputs(".PP\n", stream);
        man_text(stream, text, length, true);
        putc('\n', stream);
        kept = keep;
        first = false;
        text += length;
        if (!*text)
            break;
    }
    if (kept)
        fputs(".fi\n", stream);
}

static void man_entry(FILE *stream, const char *head, const char *text)
{
    fputs(".TP\n.B ", stream);
    man_text(stream, head, strlen(head), false);
    putc('\n', stream);
    man_line(stream, text);
}

static void man_command(FILE *stream, const cli_command *command)
{
    char text[CLI_EXPLAIN_SIZE], spelling[96];
    fputs(".SS \"slope ", stream);
    man_text(stream, command->name, strlen(command->name), false);
    fputs("\"\n", stream);
    for (const char *line = command->usage; *line;) {
        const size_t length = strcspn(line, "\n");
        fputs(line == command->usage ? ".B slope " : ".br\n.B slope ", stream);
        man_text(stream, line, length, false);
        putc('\n', stream);
        line += length + (line[length] == '\n');
    }
    fputs(".PP\n", stream);
    man_paragraphs(stream, command->about);
    for (const cli_option *operand = command->operands; operand->name; operand++)
        man_entry(stream, operand->name, cli_option_explain(text, operand));
    for (const cli_option *option = command->options; option->name; option++)
        man_entry(stream, cli_option_spelling(spelling, option), cli_option_explain(text, option));
    fputs(".PP\nExamples:\n", stream);
    for (const cli_example *example = command->examples; example->line; example++)
        man_entry(stream, example->line, example->remark);
}

static void man_words(FILE *stream, const char *kind)
{
    char head[96], options[CLI_OPTIONS_SIZE];
    sl_word word;
    if (sl_catalogue(kind, 0, &word) && *cli_word_options(options, kind, &word, true)) {
        fputs(".PP\nEach of them has\n", stream);
        man_line(stream, options);
    }
    for (int i = 0; sl_catalogue(kind, i, &word); i++) {
        man_entry(stream, cli_word_head(head, &word), word.summary);
        fputs(".br\n", stream);
        man_line(stream, word.formula);
        if (*cli_word_options(options, kind, &word, false)) {
            fputs(".br\n", stream);
            man_line(stream, options);
        }
    }
}

int cli_help_man(FILE *stream)
{
    fprintf(stream, ".TH SLOPE 1 \"\" \"slope %s\" \"User Commands\"\n", sl_version());
    fputs(".SH NAME\nslope \\- train, evaluate and use neural networks\n"
          ".SH SYNOPSIS\n.B slope\n.I COMMAND\n[\\fIARGUMENTS\\fR]\n.br\n.B slope help\n.I COMMAND\n.br\n"
          ".B slope help\n.I TOPIC\n.SH DESCRIPTION\n",
          stream);
    man_line(stream,
             "slope trains neural networks from the shell, measures them and predicts with them. The same "
             "data, settings and seed give the same bits on every machine and for any number of threads.");
    for (int i = 0; cli_command_at(i); i++)
        man_entry(stream, cli_command_at(i)->name, cli_command_at(i)->summary);
    fputs(".SH COMMANDS\nEvery command has\n.B \\-\\-help\nand\n.B \\-\\-why\n"
          "too, which says on the standard error what was decided without being asked for, and because of "
          "what. Options may stand anywhere;\n.B \\-\\-\nends them.\n",
          stream);
    for (int i = 0; cli_command_at(i); i++)
        man_command(stream, cli_command_at(i));
    for (int i = 0; cli_topic_at(i); i++) {
        const cli_topic *topic = cli_topic_at(i);
        fputs(".SH \"", stream);
        for (const char *letter = topic->name; *letter; letter++)
            putc(*letter >= 'a' && *letter <= 'z' ? *letter - 'a' + 'A'
                 : *letter == '-'                 ? ' '
                                                  : *letter,
                 stream);
        fputs("\"\n", stream);
        man_paragraphs(stream, topic->text);
        if (topic->kind)
            man_words(stream, topic->kind);
    }
    return CLI_DONE;
}
