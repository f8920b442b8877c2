/* option.c - see option.h */
#include "option.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "help.h"

#define OPTION_LARGEST 3.4028234663852886e38 /* of a float */

char *cli_option_wants(char text[160], const cli_option *option)
{
    char low[32], high[32];
    sl_number_text(low, option->low);
    sl_number_text(high, option->high);
    const char *upper = option->below ? "below" : "at most";
    switch (option->kind) {
    case CLI_FLAG:
        snprintf(text, 160, "no value");
        break;
    case CLI_WHOLE:
        if (option->high > 0)
            snprintf(text, 160, "a whole number from %s to %s", low, high);
        else
            snprintf(text, 160, "a whole number of %s or more", low);
        if (option->words)
            snprintf(text + strlen(text), 160 - strlen(text), ", or %s", option->words);
        break;
    case CLI_SEED:
        snprintf(text, 160, "a whole number from 1 to %llu", (unsigned long long)UINT64_MAX);
        break;
    case CLI_REAL:
        snprintf(text, 160, option->above ? "a number above %s" : "a number of %s or more", low);
        if (option->high > 0)
            snprintf(text + strlen(text), 160 - strlen(text), " and %s %s", upper, high);
        break;
    case CLI_CHOICE: {
        size_t length = 0;
        for (const char *word = option->words; *word && length < 100;) {
            const size_t size = strcspn(word, "|");
            const bool last = !word[size], first = word == option->words;
            length += (size_t)snprintf(text + length, 160 - length, "%s%.*s",
                                       first  ? ""
                                       : last ? " or "
                                              : ", ",
                                       (int)size, word);
            word += size + !last;
        }
        break;
    }
    case CLI_TEXT:
        snprintf(text, 160, "%s", option->value);
        break;
    }
    return text;
}

static int option_complain(const cli_call *call, const cli_option *option, const char *text, bool number)
{
    char wants[160];
    cli_option_wants(wants, option);
    const char *mark = number ? "" : "'";
    /* operands are called in capitals, and without dashes */
    const char *dashes = option->name[0] >= 'A' && option->name[0] <= 'Z' ? "" : "--";
    const bool told = option->normal && option->normal[0];
    const bool short_one = /* a word or a number; else a sentence */
        told && (!strchr(option->normal, ' ') || (*option->normal >= '0' && *option->normal <= '9'));
    double value;
    const bool whole = option->kind == CLI_WHOLE, open_ended = option->kind == CLI_REAL || whole;
    if (number && open_ended && option->high <= 0 && sl_number_parse(text, &value) &&
        value > (whole ? INT_MAX : OPTION_LARGEST)) /* what --help need not say */
        strcat(wants, whole ? " and at most 2147483647" : " and at most 3.4e38");
    return cli_wrong(call->command->name, "%s%s is %s%s%s: wants %s%s%s%s", dashes, option->name, mark, text,
                     mark, wants,
                     short_one ? ", default "
                     : told    ? " (default: "
                               : "",
                     told ? option->normal : "", told && !short_one ? ")" : "");
}

static bool option_seed(const char *text, uint64_t *seed)
{
    uint64_t value = 0;
    if (!*text)
        return false;
    for (const char *digit = text; *digit; digit++) {
        if (*digit < '0' || *digit > '9' || value > (UINT64_MAX - (uint64_t)(*digit - '0')) / 10)
            return false;
        value = value * 10 + (uint64_t)(*digit - '0');
    }
    *seed = value;
    return value > 0;
}

static bool option_in_range(const cli_option *option, double value)
{
    if (value - value != 0) /* inf, nan */
        return false;
    if (option->kind == CLI_WHOLE) {
        const double high = option->high > 0 ? option->high : INT_MAX;
        return value >= option->low && value <= high && value == (double)(int)value;
    }
    if (value > OPTION_LARGEST)
        return false;
    const double single =
        (double)(float)value; /* the library computes in float: ranges hold after rounding */
    if (single < option->low || (option->above && single <= option->low))
        return false;
    return option->high <= 0 || single < option->high || (!option->below && single <= (float)option->high);
}

const char **cli_words(const char *words, int *count)
{
    *count = 0;
    for (const char *at = words; at && *at; at += strlen(at) + 1)
        ++*count;
    const char **all = malloc(((size_t)*count + 1) * sizeof *all);
    int i = 0;
    for (const char *at = words; all && at && *at; at += strlen(at) + 1)
        all[i++] = at;
    return all;
}

/* A further word, or line, behind those that are there. */
static int option_append(const cli_call *call, const cli_option *option, char *place, const char *text)
{
    char *texts;
    memcpy(&texts, place, sizeof texts);
    size_t before = 0;
    for (const char *at = texts; at && *at; at += strlen(at) + 1)
        before += strlen(at) + 1;
    const size_t length = strlen(text);
    if (option->lines && strchr(text, '\n'))
        return cli_wrong(call->command->name, "--%s is '%s': wants %s on one line", option->name, text,
                         option->value);
    char *grown = realloc(texts, before + length + 2);
    if (!grown) {
        cli_say(call->command->name, "memory ran out");
        return CLI_FAILED;
    }
    if (before && option->lines)
        grown[before - 1] = '\n';
    memcpy(grown + before, text, length);
    grown[before + length] = grown[before + length + 1] = 0;
    memcpy(place, &grown, sizeof grown);
    return CLI_GO_ON;
}

void cli_parse_free(const cli_call *call, void *settings)
{
    const cli_option *const lists[2] = { call->command->options, call->command->operands };
    for (int i = 0; i < 2; i++)
        for (const cli_option *option = lists[i]; option->name; option++) {
            char *lines;
            if (!option->repeats)
                continue;
            memcpy(&lines, (char *)settings + option->at, sizeof lines);
            free(lines);
        }
}

int cli_option_store(const cli_call *call, const cli_option *option, const char *text, void *settings)
{
    char *place = (char *)settings + option->at;
    double value = 0;
    uint64_t seed = 0;
    switch (option->kind) {
    case CLI_FLAG:
        memcpy(place, &(bool){ true }, sizeof(bool));
        return CLI_GO_ON;
    case CLI_TEXT:
        if (!*text)
            return cli_wrong(call->command->name, "--%s is empty: wants %s", option->name, option->value);
        if (option->repeats)
            return option_append(call, option, place, text);
        memcpy(place, &text, sizeof text);
        return CLI_GO_ON;
    case CLI_CHOICE:
        for (const char *word = option->words; *word;) {
            const size_t size = strcspn(word, "|");
            if (strlen(text) == size && memcmp(word, text, size) == 0) {
                memcpy(place, &text, sizeof text);
                return CLI_GO_ON;
            }
            word += size + (word[size] == '|');
        }
        return option_complain(call, option, text, false);
    case CLI_SEED:
        if (!option_seed(text, &seed))
            return option_complain(call, option, text, sl_number_parse(text, &value));
        memcpy(place, &seed, sizeof seed);
        return CLI_GO_ON;
    case CLI_WHOLE:
    case CLI_REAL:
        if (option->kind == CLI_WHOLE && option->words && strcmp(text, option->words) == 0) {
            memcpy(place, &(int){ -1 }, sizeof(int));
            return CLI_GO_ON;
        }
        if (!sl_number_parse(text, &value))
            return option_complain(call, option, text, false);
        if (!option_in_range(option, value))
            return option_complain(call, option, text, true);
        if (option->kind == CLI_WHOLE)
            memcpy(place, &(int){ (int)value }, sizeof(int));
        else
            memcpy(place, &value, sizeof value);
        return CLI_GO_ON;
    }
    return CLI_GO_ON;
}

static const cli_option option_commons[] = {
    { .name = "why",
      .kind = CLI_FLAG,
      .help = "say on stderr what was decided without being asked for, and because of what" },
    { .name = "help", .letter = 'h', .kind = CLI_FLAG, .help = "this text" },
};
enum { OPTION_COMMONS = sizeof option_commons / sizeof *option_commons };

static bool option_is_common(const cli_option *option)
{
    for (int i = 0; i < OPTION_COMMONS; i++)
        if (option == &option_commons[i])
            return true;
    return false;
}

const cli_option *cli_option_common(const cli_command *command, int index)
{
    for (int i = 0; i < OPTION_COMMONS; i++) {
        bool own = false;
        for (const cli_option *option = command->options; option->name; option++)
            own = own || strcmp(option->name, option_commons[i].name) == 0;
        if (!own && index-- == 0)
            return &option_commons[i];
    }
    return NULL;
}

/* The option called name[0..length), or with that letter; its number in *index. */
static const cli_option *option_find(const cli_call *call, const char *name, size_t length, char letter,
                                     int *index)
{
    const cli_option *options = call->command->options;
    for (*index = 0; options[*index].name; ++*index) {
        const cli_option *option = &options[*index];
        if (letter ? option->letter == letter
                   : strlen(option->name) == length && memcmp(option->name, name, length) == 0)
            return option;
    }
    const cli_option *common;
    for (int i = 0; (common = cli_option_common(call->command, i)); i++) {
        if (letter ? common->letter == letter
                   : length == strlen(common->name) && memcmp(name, common->name, length) == 0)
            return common;
    }
    return NULL;
}

static int option_unknown(const cli_call *call, const char *argument)
{
    const char *name = argument + strspn(argument, "-");
    const size_t length = strcspn(name, "=");
    char word[64];
    snprintf(word, sizeof word, "%.*s", length < 60 ? (int)length : 60, name);
    cli_nearest nearest = { .word = word };
    for (const cli_option *option = call->command->options; option->name; option++)
        cli_nearest_try(&nearest, option->name);
    for (int i = 0; cli_option_common(call->command, i); i++)
        cli_nearest_try(&nearest, cli_option_common(call->command, i)->name);
    const int spelled = (int)(strcspn(argument, "="));
    if (nearest.best) {
        return cli_wrong(call->command->name, "unknown option %.*s: did you mean --%s?", spelled, argument,
                         nearest.best);
    }
    return cli_wrong(call->command->name, "unknown option %.*s; slope %s --help lists them all", spelled,
                     argument, call->command->name);
}

/* Can `next` be the value of this option, or is it the following option? */
static bool option_is_value(const cli_call *call, const cli_option *option, const char *next)
{
    double number;
    int index;
    if (!next)
        return false;
    if (next[0] != '-' || !next[1])
        return true;
    if (option->kind == CLI_WHOLE || option->kind == CLI_REAL || option->kind == CLI_SEED)
        return sl_number_parse(next, &number);
    return next[1] != '-' && (next[2] || !option_find(call, NULL, 0, next[1], &index));
}

static bool option_bit(const cli_call *call, int index)
{
    return call->given[index / 64] >> index % 64 & 1;
}

/* argv[0] is an option. Sets *used to the number of arguments it took. */
static int option_take(cli_call *call, void *settings, char **argv, int *used)
{
    const char *argument = argv[0];
    const bool is_long = argument[1] == '-';
    const char *name = argument + (is_long ? 2 : 1);
    const char *equals = is_long ? strchr(name, '=') : NULL;
    const size_t length = equals ? (size_t)(equals - name) : strlen(name);
    int index = 0;
    const cli_option *option =
        is_long || !argument[2] ? option_find(call, name, length, is_long ? 0 : *name, &index) : NULL;
    *used = 1;
    if (!option)
        return option_unknown(call, argument);
    const bool why = strcmp(option->name, "why") == 0, common = option_is_common(option);
    if (common && !why && !equals)
        return cli_help_command(stdout, call->command);
    if (option->kind == CLI_FLAG && equals)
        return cli_wrong(call->command->name, "--%s takes no value, given '%s'", option->name, equals + 1);
    if (common || why ? call->why : option_bit(call, index) && !option->repeats)
        return cli_wrong(call->command->name, "--%s is given twice: leave one of them out", option->name);
    call->why = call->why || why;
    if (common)
        return CLI_GO_ON;
    call->given[index / 64] |= (uint64_t)1 << index % 64;
    if (option->kind == CLI_FLAG || equals)
        return cli_option_store(call, option, equals ? equals + 1 : NULL, settings);
    if (!option_is_value(call, option, argv[1])) {
        char wants[160];
        return cli_wrong(call->command->name, "--%s has no value: wants %s", option->name,
                         cli_option_wants(wants, option));
    }
    *used = 2;
    return cli_option_store(call, option, argv[1], settings);
}

int cli_parse(cli_call *call, void *settings, int argc, char **argv)
{
    const cli_command *command = call->command;
    const cli_option *operand = command->operands;
    bool only_operands = false, missing = true; /* the one that comes next */
    double number;                              /* -0.5 is no option */
    for (int i = 0; i < argc;) {
        const char *argument = argv[i];
        if (!only_operands && strcmp(argument, "--") == 0) {
            only_operands = true;
            i++;
        } else if (!only_operands && argument[0] == '-' && argument[1] &&
                   !(operand->name && sl_number_parse(argument, &number))) {
            int used = 1;
            const int status = option_take(call, settings, argv + i, &used);
            if (status != CLI_GO_ON)
                return status;
            i += used;
        } else if (!operand->name) {
            return cli_wrong(command->name,
                             "one argument too many: '%s'; slope %s --help shows how it is called", argument,
                             command->name);
        } else if (!*argument) {
            return cli_wrong(command->name, "%s is empty: wants %s", operand->name, operand->help);
        } else {
            const int status = cli_option_store(call, operand, argument, settings);
            if (status != CLI_GO_ON)
                return status;
            missing = !operand->repeats;
            operand += missing;
            i++;
        }
    }
    if (missing && operand->name && !operand->normal)
        return cli_wrong(command->name, "%s is missing: wants %s", operand->name, operand->help);
    call->settings = settings;
    return CLI_GO_ON;
}

bool cli_given(const cli_call *call, const char *option)
{
    for (int i = 0; call->command->options[i].name; i++) {
        if (strcmp(call->command->options[i].name, option) == 0)
            return option_bit(call, i);
    }
    return false;
}
