/* show_columns.c - see show_columns.h */
#include "show_columns.h"

#include <string.h>

#include "terminal.h"

enum { COLUMNS_NAME = 24, COLUMNS_LEAST = 30 };

void cli_column_says(const sl_model *model, int column, const sl_column_info *info,
                     char text[CLI_COLUMN_TEXT])
{
    const char *before = strcmp(info->role, "target") == 0     ? "the target"
                         : strcmp(info->role, "left out") == 0 ? "left out"
                         : strcmp(info->role, "group") == 0
                             ? "no input: rows with the same value stay together"
                         : strcmp(info->role, "time") == 0   ? "no input: the parts follow one another in it"
                         : strcmp(info->role, "weight") == 0 ? "no input: how much a row counts"
                         : strcmp(info->role, "text") == 0   ? "its words become features"
                                                             : "";
    if (!*before)
        sl_model_column_becomes(model, column, text, CLI_COLUMN_TEXT);
    else
        snprintf(text, CLI_COLUMN_TEXT, "%s%s%s", before, info->reason ? ": " : "",
                 info->reason ? info->reason : "");
}

void cli_show_wrapped(const char *text, int indent, int width)
{
    int used = 0;
    while (*text) {
        char word[CLI_COLUMN_TEXT];
        const size_t length = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), text);
        const int columns = cli_columns(word);
        if (used && used + 1 + columns > width) {
            printf("\n%*s", indent, "");
            used = 0;
        }
        if (used)
            putchar(' ');
        cli_put_clean(stdout, word);
        used += columns + (used > 0);
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
}

void cli_show_columns(const sl_model *model)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    sl_column_info info;
    char text[CLI_COLUMN_TEXT], name[CLI_COLUMN_TEXT];
    int names = 4, types = 4, any = 0;
    for (int c = 0; sl_model_column(model, c, &info); c++, any++) {
        const int width = cli_columns(info.name), type = cli_columns(info.type);
        names = width > names ? width < COLUMNS_NAME ? width : COLUMNS_NAME : names;
        types = type > types ? type : types;
    }
    if (!any)
        return;
    const int indent = names + types + 6, left = terminal.width - indent;
    printf("%scolumn%*s  type%*s  what it becomes%s\n", terminal.bold, names + 2 > 6 ? names - 4 : 0, "",
           types - 4, "", terminal.plain);
    for (int c = 0; sl_model_column(model, c, &info); c++) {
        cli_column_says(model, c, &info, text);
        snprintf(name, sizeof name, "%s", info.name);
        fputs("  ", stdout);
        cli_put_clean(stdout, name);
        if (cli_columns(name) > names)
            printf("\n%*s", names + 2, "");
        else
            printf("%*s", names - cli_columns(name), "");
        printf("  %-*s  ", types, info.type);
        cli_show_wrapped(text, indent, left > COLUMNS_LEAST ? left : COLUMNS_LEAST);
    }
    putchar('\n');
}

void cli_show_columns_json(const sl_model *model)
{
    sl_column_info info;
    char text[CLI_COLUMN_TEXT];
    for (int c = 0; sl_model_column(model, c, &info); c++) {
        fputs(c ? ",{\"name\":" : ",\"columns\":[{\"name\":", stdout);
        cli_json_string(stdout, info.name);
        printf(",\"type\":\"%s\",\"role\":\"%s\",\"becomes\":", info.type, info.role);
        sl_model_column_becomes(model, c, text, sizeof text);
        cli_json_string(stdout, *text ? text : NULL);
        fputs(",\"encoding\":", stdout);
        cli_json_string(stdout, info.encoding);
        fputs(",\"reason\":", stdout);
        cli_json_string(stdout, info.reason);
        printf(",\"missing\":%zu,\"distinct\":%zu,\"or_more\":%s}", info.missing, info.distinct,
               info.most ? "true" : "false");
    }
    if (sl_model_column(model, 0, &info))
        putchar(']');
}
