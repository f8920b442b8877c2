/* system.h - what the command asks of the system itself, beside the C library: system_posix.c,
 * system_windows.c. Other programs: program.h. */
#ifndef CLI_SYSTEM_H
#define CLI_SYSTEM_H

#include <stdbool.h>
#include <stdio.h>

/* First of all: the standard streams are there, and carry bytes and UTF-8. */
void cli_system_begin(int argc, char **argv);
const char *cli_system_scratch(void); /* the folder for files of a moment, ended by no / */
bool cli_system_absolute(const char *path);
/* The program itself. false: the system does not tell, and path is its name. */
bool cli_system_self(char *path, size_t room);

/* --- the terminal --- */
bool cli_system_terminal(FILE *stream);
bool cli_system_window(FILE *stream, int *width, int *height); /* false: not known */
bool cli_system_unicode(void);                                 /* do people read UTF-8 here? */
bool cli_system_front(void); /* false: the terminal belongs to another job of the shell */
void cli_system_erase(const char *text, size_t length); /* to stderr, in a signal handler */
void cli_system_pause(
    void (*before)(void)); /* Ctrl-Z: `before`, which may be called any time, then it stops */

/* --- signals --- */
/* Ctrl-C and the like, also a terminal that goes away. ends: only where nobody else handles them; else what a
 * background job of a script ignores stays ignored. */
void cli_system_on_stop(void (*handler)(int signal), bool ends);
void cli_system_hold_stops(void); /* they wait until: */
void cli_system_free_stops(void);
void cli_system_ignore_pipe(void); /* a reader that went away ends nothing, until: */
void cli_system_heed_pipe(void);

/* --- files; errno says why on failure --- */
bool cli_system_make_folder(const char *path, bool private); /* or it is there */
bool cli_system_remove_folder(const char *path);             /* with all that is in it */
/* Where a link leads, also to what is not there yet, else the path itself. free(). NULL: memory ran out. */
char *cli_system_target(const char *path);
/* A new file, which may be removed while it is open. like: a file that is there, whose owner and mode it gets
 * as far as the system allows; NULL: none. */
FILE *cli_system_create(const char *path, const char *like);
typedef struct {
    unsigned mode, mask;
} cli_mode;
/* Until cli_system_mode_kept, new files are no more open than the file at path, which is to be replaced and
 * then gets its mode back. false: there is none. */
bool cli_system_mode_keep(const char *path, cli_mode *mode);
void cli_system_mode_kept(const char *path, const cli_mode *mode);
bool cli_system_settle(FILE *stream, const char *from,
                       const char *to); /* to the disk, then in the place of `to` */
/* A new file or folder in cli_system_scratch(), whose path begins with `name`. NULL and false: none. */
FILE *cli_system_temporary(const char *name, char *path, size_t room);
bool cli_system_temporary_folder(const char *name, char *path, size_t room);
FILE *cli_system_nameless(void); /* to be written and read; ends with its stream */

typedef struct {
    FILE *to;
    char *bytes; /* after the end: what was written, and a 0; free() */
    size_t length;
} cli_memory;
bool cli_memory_begin(cli_memory *memory);
bool cli_memory_end(cli_memory *memory); /* false: memory ran out; bytes is NULL */

/* --- the command as another process, in `folder` --- */
typedef struct {
    FILE *output, *complaints; /* for its standard output and error; NULL: ours */
    int seconds;               /* that it may take; 0: no limit */
    bool plain;                /* with a locale that is the same everywhere */
    int status;                /* how it ended; 128 + a signal */
    bool stopped;              /* Ctrl-C, here or there */
    bool late;                 /* it was not done in time, and was ended */
} cli_self;
bool cli_self_run(cli_self *self, char *const *words, const char *folder);

#endif
