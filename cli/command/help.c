/* help.c - slope help */
#include "../help.h"

#include <stddef.h>

#include "../cli.h"

typedef struct {
    const char *about;
    bool man;
} help_settings;

static const cli_option help_operands[] = {
    { .name = "TOPIC",
      .kind = CLI_TEXT,
      .words = "topic",
      .normal = "",
      .help = "a command or a topic; slope help alone lists both",
      .at = offsetof(help_settings, about) },
    { 0 },
};

static const cli_option help_options[] = {
    { .name = "man",
      .kind = CLI_FLAG,
      .help = "print the man page of all commands, as roff",
      .group = "result",
      .at = offsetof(help_settings, man) },
    { 0 },
};

static const cli_example help_examples[] = {
    { "slope help train", "every option of train, with examples" },
    { "slope help net", "the language of --net" },
    { "slope help losses", "all losses with their options" },
    { "slope help --man > slope.1; man -l slope.1", "the man page" },
    { 0 },
};

static int help_run(const cli_call *call)
{
    const help_settings *settings = call->settings;
    if (settings->man && settings->about)
        return cli_wrong("help", "--man is the page of all commands: leave out %s", settings->about);
    if (settings->man)
        return cli_help_man(stdout);
    if (!settings->about)
        return cli_help_overview(stdout);
    if (cli_command_find(settings->about))
        return cli_help_command(stdout, cli_command_find(settings->about));
    if (cli_topic_find(settings->about))
        return cli_help_topic(stdout, cli_topic_find(settings->about));
    cli_nearest nearest = { .word = settings->about };
    for (int i = 0; cli_command_at(i); i++)
        cli_nearest_try(&nearest, cli_command_at(i)->name);
    for (int i = 0; cli_topic_at(i); i++)
        cli_nearest_try(&nearest, cli_topic_at(i)->name);
    if (nearest.best)
        return cli_wrong("help", "nothing is called %s: did you mean slope help %s?", settings->about,
                         nearest.best);
    return cli_wrong("help", "nothing is called %s; slope help lists commands and topics", settings->about);
}

const cli_command cli_command_help = {
    .name = "help",
    .summary = "explain a command or a topic",
    .usage = "help [COMMAND | TOPIC]\nhelp --man",
    .about = "Prints the help of a command, as slope COMMAND --help does, or explains a topic. All of it is "
             "made from the same tables that the program itself reads.",
    .examples = help_examples,
    .operands = help_operands,
    .options = help_options,
    .size = sizeof(help_settings),
    .run = help_run,
    .place = 2000,
};
