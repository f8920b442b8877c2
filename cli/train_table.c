/* train_table.c - the options of slope train that say how a table is read. */
#include "train_options.h"

#include <stdio.h>
#include <string.h>

/* "300M", "2G", "64k", "1e9": bytes, in powers of 1000. */
static bool train_size(const char *text, size_t *bytes)
{
    static const char letters[] = "kMGT";
    char digits[32];
    const size_t length = strlen(text);
    const char *letter = length ? strchr(letters, text[length - 1]) : NULL;
    double number;
    snprintf(digits, sizeof digits, "%.*s", (int)(length - (letter && *letter)), text);
    if (length >= sizeof digits || !sl_number_parse(digits, &number))
        return false;
    for (const char *l = letters; letter && *letter && l <= letter; l++)
        number *= 1000;
    *bytes = number >= 1 && number < 9e18 ? (size_t)number : 0;
    return *bytes > 0;
}

int cli_train_check_table(const char *name, const cli_train_settings *settings)
{
    const char *delimiter = settings->delimiter, *decimal = settings->decimal;
    size_t bytes;
    if (delimiter && strcmp(delimiter, "tab") != 0 &&
        (strlen(delimiter) != 1 || strchr("\"\r\n", *delimiter)))
        return cli_wrong(name, "--delimiter is '%s': wants one character, such as ; or the word tab",
                         delimiter);
    if (decimal && strcmp(decimal, ".") != 0 && strcmp(decimal, ",") != 0)
        return cli_wrong(name, "--decimal is '%s': wants . or ,", decimal);
    if (decimal && delimiter && !strcmp(decimal, delimiter))
        return cli_wrong(name, "--decimal and --delimiter are both '%s': a number could not be told from two",
                         decimal);
    if (settings->memory && !train_size(settings->memory, &bytes))
        return cli_wrong(name, "--memory is '%s': wants bytes, such as 300M or 2G", settings->memory);
    return CLI_GO_ON;
}

void cli_train_table(const cli_train_settings *settings, sl_table_options *table)
{
    *table = (sl_table_options){ .target = settings->target,
                                 .columns = settings->columns,
                                 .numbers = settings->numbers,
                                 .missing = settings->missing,
                                 .encoding = settings->encoding,
                                 .weight = settings->weight,
                                 .decimal = settings->decimal ? *settings->decimal : 0 };
    if (settings->memory)
        train_size(settings->memory, &table->memory);
    if (settings->delimiter)
        table->delimiter = strcmp(settings->delimiter, "tab") ? *settings->delimiter : '\t';
}
