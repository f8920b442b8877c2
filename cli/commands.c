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

static int commands_place(int index)
{
    const int place = commands_all[index]->place;
    return place ? place : 1000;
}

/* How many stand before it: equal places keep the order of the alphabet. */
static int commands_before(int index)
{
    int before = 0;
    for (int i = 0; commands_all[i]; i++)
        before += commands_place(i) < commands_place(index) ||
                  (commands_place(i) == commands_place(index) && i < index);
    return before;
}

const cli_command *cli_command_at(int index)
{
    for (int i = 0; commands_all[i]; i++) {
        if (commands_before(i) == index)
            return commands_all[i];
    }
    return NULL;
}

const cli_command *cli_command_find(const char *name)
{
    for (int i = 0; commands_all[i]; i++) {
        if (strcmp(commands_all[i]->name, name) == 0)
            return commands_all[i];
    }
    return NULL;
}
