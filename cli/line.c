/* line.c - see line.h */
#include "line.h"

#include <stdio.h>

#include "cli.h"

void cli_line_begin(cli_line *line)
{
    if (line->json)
        fputs(line->lines ? ",{" : line->list ? "[{" : "{", stdout);
    line->fields = 0;
}

static void line_key(cli_line *line, const char *key)
{
    if (line->json) {
        fputs(line->fields ? "," : "", stdout);
        cli_json_string(stdout, key);
        putchar(':');
    } else {
        printf("%s%s=", line->fields ? " " : "", key);
    }
    line->fields++;
}

void cli_line_word(cli_line *line, const char *key, const char *word)
{
    line_key(line, key);
    if (line->json)
        cli_json_string(stdout, word);
    else
        fputs(word, stdout);
}

void cli_line_number(cli_line *line, const char *key, double value)
{
    line_key(line, key);
    if (line->json)
        cli_json_number(stdout, value);
    else
        fputs(cli_rounded(value).text, stdout);
}

void cli_line_whole(cli_line *line, const char *key, double value)
{
    line_key(line, key);
    fputs(cli_fixed(value, 0).text, stdout);
}

int cli_line_end(cli_line *line, const char *name)
{
    putchar(line->json ? '}' : '\n');
    line->lines++;
    const int status = cli_flush(name, CLI_DONE);
    line->broken = status != CLI_DONE;
    return status;
}

void cli_line_close(cli_line *line)
{
    if (line->json && line->lines && !line->broken)
        puts(line->list ? "]" : "");
}
