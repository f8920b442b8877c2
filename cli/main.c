/* main.c - finds the command and runs it. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "decided.h"
#include "help.h"
#include "system.h"

static int main_unknown(const char *name)
{
    cli_nearest nearest = { .word = name };
    for (int i = 0; cli_command_at(i); i++)
        cli_nearest_try(&nearest, cli_command_at(i)->name);
    if (name[0] == '-')
        return cli_wrong(NULL, "unknown option %s: the command comes first, as in slope train DATA", name);
    if (nearest.best)
        return cli_wrong(NULL, "unknown command %s: did you mean slope %s?", name, nearest.best);
    return cli_wrong(NULL, "unknown command %s; slope --help lists them all", name);
}

static int main_run(const cli_command *command, int argc, char **argv)
{
    cli_call call = { .command = command };
    void *settings = calloc(1, command->size);
    if (!settings) {
        cli_say(command->name, "memory ran out");
        return CLI_FAILED;
    }
    int status = cli_parse(&call, settings, argc, argv);
    if (status == CLI_GO_ON) {
        cli_decided_begin(&call);
        status = command->run(&call);
        cli_decided_end(status == CLI_DONE);
    }
    cli_parse_free(&call, settings);
    free(settings);
    return cli_flush(command->name, status);
}

int cli_main(int argc, char **argv)
{
    if (argc < 2) {
        cli_help_overview(stderr);
        return CLI_WRONG;
    }
    const char *name = argv[1];
    const cli_command *command = cli_command_find(name);
    if (command)
        return main_run(command, argc - 2, argv + 2);
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return cli_flush(NULL, cli_help_overview(stdout));
    if (strcmp(name, "--version") != 0)
        return main_unknown(name);
    printf("slope %s\n", sl_version());
    return cli_flush(NULL, CLI_DONE);
}

int main(int argc, char **argv)
{
    cli_system_begin(argc, argv);
    return cli_main(argc, argv);
}
