/* option.h - one table a command: from it options are parsed, --help, the man page and the shell
 * completion are written, so none of them can say something else than the others.                 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include "slope.h"

typedef enum {
    CLI_FLAG,   /* into a bool                                                                    */
    CLI_TEXT,   /* into a const char *                                                            */
    CLI_CHOICE, /* one of `words`, "train|test|all"; into a const char *                          */
    CLI_WHOLE,  /* low..high (0: no upper limit); into an int                                     */
    CLI_SEED,   /* 1 .. 2^64 - 1; into a uint64_t                                                 */
    CLI_REAL    /* a number that float can hold; into a double                                    */
} cli_kind;

typedef struct {
    const char *name; /* "epochs" for --epochs; of an operand what the help calls it: "DATA"       */
    char letter;      /* 'o' for -o; 0: none                                                      */
    cli_kind kind;
    const char *value;  /* what the help calls the value: "N"                                      */
    const char *words;  /* CLI_CHOICE: the words; CLI_WHOLE: the word for -1; CLI_TEXT: "=loss" a kind of
                           sl_catalogue,  "run", "data", "file", "figure", "workload", "kind", "word",
                           "balanced": what a  shell may complete; NULL: nothing   */
    double low, high;   /* CLI_WHOLE, CLI_REAL: the range; high 0: none                            */
    bool above, below;  /* CLI_REAL: low itself, high itself is not allowed                        */
    bool repeats;       /* CLI_TEXT: may be given again; of operands only the last one. The values, which may
                           have line ends in them, stand one behind the other, each with its 0: cli_words() */
    bool lines;         /* likewise, the values as lines of one text: they have no line ends       */
    const char *normal; /* the default, as the help says it; NULL: none (an operand: it is required) */
    bool told;          /* what takes its place, and whether anything does, is told there (decided.h): --why
                           does not repeat `normal`                                                   */
    const char *help;   /* begins small, ends without a full stop                                  */
    const char *group;  /* headline in the help                                                    */
    size_t at;          /* offsetof in the command's settings                                      */
} cli_option;

typedef struct {
    const char *line, *remark;
} cli_example;

typedef struct cli_command cli_command;

typedef struct {
    const cli_command *command;
    const void *settings;
    uint64_t given[2]; /* a bit for each option, in the table's order */
    bool why;          /* --why, which all commands have              */
} cli_call;

struct cli_command {
    const char *name;
    const char *summary;              /* one line                                                    */
    const char *usage;                /* lines, without "slope "                                     */
    const char *about;                /* paragraphs; a line that begins with a space is kept as it is  */
    const cli_example *examples;      /* end with line NULL                                          */
    const cli_option *operands;       /* end with name NULL                                          */
    const cli_option *options;        /* likewise; at most 128, beside those of all (cli_option_common) */
    size_t size;                      /* of the settings, which start as zeros                         */
    int (*run)(const cli_call *call); /* gives the exit status */
    int place;                        /* in the overview: small ones first; 0: behind those that have one */
};

/* All commands, as the overview shows them; NULL behind the last. */
const cli_command *cli_command_at(int index);
const cli_command *cli_command_find(const char *name); /* NULL: none such */

/* What every command has beside its own: --why, --help; one that it has itself is left out. NULL behind the
 * last. */
const cli_option *cli_option_common(const cli_command *command, int index);

/* Reads the arguments behind the command's name into settings. CLI_GO_ON, or the exit status: of a
 * complaint, already printed, or after --help.                                                   */
enum { CLI_GO_ON = -1 };
int cli_parse(cli_call *call, void *settings, int argc, char **argv);
/* Puts `text` where the option's value belongs in `settings`; says what is wrong with it as cli_parse does.
 */
int cli_option_store(const cli_call *call, const cli_option *option, const char *text, void *settings);
/* The values of what repeats, given as `words` (NULL: none), into which they point. free(). NULL: memory ran
 * out. */
const char **cli_words(const char *words, int *count);
void cli_parse_free(const cli_call *call, void *settings); /* texts of options that repeat */
bool cli_given(const cli_call *call, const char *option);  /* did the user write this option? */

/* "a number above 0", "train, test or all": what an option wants. Returns text. */
char *cli_option_wants(char text[160], const cli_option *option);

/* The known word nearest to a misspelt one, tried one after the other. */
typedef struct {
    const char *word, *best; /* best NULL: none is near */
    int distance;
} cli_nearest;
void cli_nearest_try(cli_nearest *nearest, const char *known);

#endif
