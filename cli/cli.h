/* cli.h - what every command needs: exit statuses, complaints, a context, the end of the output. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "option.h"
#include "slope.h"

#if defined(__MINGW32__) && !defined(__clang__) /* there __printf__ is the system's, without %zu */
#    define CLI_PRINTF(text, first) __attribute__((__format__(__gnu_printf__, text, first)))
#elif defined(__GNUC__)
#    define CLI_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#    define CLI_PRINTF(text, first)
#endif

enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_WRONG = 2, CLI_STOPPED = 130 };

/* What main() does with its arguments: finds the command and runs it. Gives the exit status. */
int cli_main(int argc, char **argv);

/* "slope NAME: sentence" to stderr, control characters made harmless. name NULL: "slope: sentence". */
void cli_say(const char *name, const char *format, ...) CLI_PRINTF(2, 3);
/* The same, and gives CLI_WRONG. */
int cli_wrong(const char *name, const char *format, ...) CLI_PRINTF(2, 3);

int cli_exit_status(sl_status status);
/* Says the context's failure; gives the exit status that fits it. */
int cli_failed(const char *name, const sl_ctx *ctx);

/* A context with the options given and SLOPE_ISA; threads 0: every usable core. NULL: said why, and
 * *status is what to exit with.                                                                  */
sl_ctx *cli_context(const char *name, sl_ctx_options options, int *status);
/* The same; what the library remarks goes to stderr, "slope NAME: line". */
sl_ctx *cli_context_remarks(const char *name, int threads, int *status);

/* "-", the standard input, is never a RUN: the two change places where it comes first. */
void cli_dash_last(const char **run, const char **data);
/* False, said: the data have no targets, so nothing can be compared. */
bool cli_has_targets(const char *name, const sl_model *model, const sl_data *data, const char *source);

/* DATA to be evaluated: the part wanted, or (NULL) the test part where there is one, else all; a table by the
 * model's columns. *opened: which part it was. NULL: the context knows why. */
sl_data *cli_open_part(sl_ctx *ctx, const sl_model *model, const char *source, const char *part,
                       const char **opened);
/* The same to be predicted: targets are not looked at. keep: columns whose texts are wanted; NULL: none. */
sl_data *cli_open_inputs(sl_ctx *ctx, const sl_model *model, const char *source, const char *part,
                         const char *keep);
/* The part that the run cut off its own data, where that is wanted: "test", "validation" or "train", for
 * sl_run_open_part; NULL: DATA is opened as it is. data NULL: the run's. */
const char *cli_cut_part(sl_ctx *ctx, const char *run, const char *data, const char *part);

/* The last part of a run's folder, as much of it as has room: what the run is called. Returns text. */
const char *cli_run_name(const char *folder, char text[64]);

/* Writes out what stdout still holds; a failure to do so (disk full) is said and gives CLI_FAILED. */
int cli_flush(const char *name, int status);

/* The first `length` bytes, and a 0; free(). NULL: memory ran out. */
char *cli_copy(const char *text, size_t length);

/* An argument for a shell: quoted where it must be, with bytes that a terminal does not show as $'\n'; a name
 * that begins with a dash behind "./". free(). NULL: memory ran out. */
char *cli_shell(const char *argument);
void cli_put_shell(FILE *stream, const char *argument);
/* A field of CSV, quoted where RFC 4180 asks for it; `before` belongs to the field, and needs no quotes. */
void cli_put_csv(FILE *stream, const char *before, const char *text);
/* Text of others for a terminal: control characters, and what is no UTF-8, as \n, \t, \r, \033. */
void cli_put_clean(FILE *stream, const char *text);
char *cli_clean(char *to, size_t room, const char *text); /* as much as has room; returns `to` */
char *cli_clean_copy(const char *text);                   /* free(). NULL: memory ran out      */
size_t cli_utf8(const char *text); /* bytes of the character there, 1 to 4; 0: it is none */

/* --- numbers for people: fixed places, no locale ------------------------------------------------- */

typedef struct {
    char text[48];
} cli_figure;
cli_figure cli_fixed(double value, int decimals); /* "-1.50"; "-" where there is no number          */
cli_figure cli_rounded(double value);             /* about four figures: "0.0812", "3.10e-06"         */
cli_figure cli_percent(double fraction);          /* "97.45 %"                                       */
cli_figure cli_count(double whole);               /* "12,000"                                        */
cli_figure cli_size(double bytes);                /* "1.4 MB"                                        */
cli_figure cli_duration(double seconds);          /* "0:08", "1:02:03"                               */

/* --- JSON ----------------------------------------------------------------------------------------- */

void cli_json_string(FILE *stream,
                     const char *text); /* with its quotes; NULL: null; U+FFFD for what is no UTF-8 */
void cli_json_number(FILE *stream, double value); /* shortest; null for what is not finite         */
/* The value of a key in one flat object, its quotes and escapes taken away. false: not there. */
bool cli_json_find(const char *json, const char *key, char *value, size_t room);

#endif
