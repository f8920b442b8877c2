/* commands.c - the folder command/ is the list of commands. */
#include <string.h>

#include "option.h"

#define SL_INDEX(name) extern const cli_command cli_command_##name;
#include "command/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &cli_command_##name,
static const cli_command *const commands_all[] = {
#include "command/index.inc"
    NULL
};
#undef SL_INDEX

const cli_command *cli_command_at(int index)
{
    return commands_all[index];
}

const cli_command *cli_command_find(const char *name)
{
    for (int i = 0; commands_all[i]; i++) {
        if (strcmp(commands_all[i]->name, name) == 0)
            return commands_all[i];
    }
    return NULL;
}
