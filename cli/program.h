/* program.h - another program, started without a shell: text in, bytes out. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *bytes;
    size_t length, room;
} cli_bytes; /* closed by a 0; free with free() */

typedef struct {
    cli_bytes output, complaints; /* its standard output and error */
    int status;                   /* how it ended: its exit status, or 128 + the signal */
    bool missing;                 /* it is not installed */
    bool late;                    /* it was not done in time, and was ended */
    bool endless;                 /* it wrote more than a picture ever is, and was ended */
} cli_program;

enum { CLI_PROGRAM_SECONDS = 600 }; /* so long it may take */

/* argv[0] is looked for as a shell does. It sees neither the locale, the time zone nor what is meant for
 * gnuplot in the environment, so its output depends on its input alone. A signal
 * that ends us ends it first. false: it could not be run (missing), was ended (late, endless), or memory ran
 * out. */
bool cli_program_run(cli_program *program, const char *const *argv, const char *input, size_t length);
void cli_program_free(cli_program *program);

/* Starts it and lets it be, with this environment and without input or output: something with a window.
 * false: it is not installed, or said within two seconds that it could not. */
bool cli_program_leave(const char *const *argv);

#endif
