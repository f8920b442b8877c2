/* cli.h - what every command needs: exit statuses, complaints, a context, the end of the output. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "option.h"
#include "slope.h"

#if defined(__GNUC__)
#    define CLI_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#    define CLI_PRINTF(text, first)
#endif

enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_WRONG = 2, CLI_STOPPED = 130 };

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

/* DATA as eval and predict take it: the part wanted, or (NULL) the test part where there is one, else all; a
 * table by the model's columns, with the texts of `keep` (NULL: none). *opened: which part it was. NULL: the
 * context knows why. */
sl_data *cli_open_part(sl_ctx *ctx, const sl_model *model, const char *source, const char *part,
                       const char *keep, const char **opened);

/* Writes out what stdout still holds; a failure to do so (disk full) is said and gives CLI_FAILED. */
int cli_flush(const char *name, int status);

/* An argument for a shell: quoted where it must be. To stream. */
void cli_put_shell(FILE *stream, const char *argument);
/* Text of others for a terminal: control characters become '?'. */
void cli_put_clean(FILE *stream, const char *text);

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

void cli_json_string(FILE *stream, const char *text); /* with its quotes; NULL: null                   */
void cli_json_number(FILE *stream, double value);     /* shortest; null for what is not finite         */
/* The value of a key in one flat object, its quotes and escapes taken away. false: not there. */
bool cli_json_find(const char *json, const char *key, char *value, size_t room);

#endif
