/* lesson.h - lessons: pages in Markdown that are read, shown, run and graded (docs/lessons.md). */
#ifndef CLI_LESSON_H
#define CLI_LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- a page, read ----------------------------------------------------------------------------------- */

typedef enum {
    LESSON_COMMANDS, /* ```sh: slope's own command lines                                                */
    LESSON_OUTPUT,   /* ```text right behind one: what they print                                        */
    LESSON_FILE,     /* file=NAME behind the kind                                                        */
    LESSON_FENCE,    /* any other block                                                                  */
    LESSON_COMMENT,  /* <!-- ... -->; a check too                                                        */
} cli_lesson_kind;

typedef struct {
    cli_lesson_kind kind;
    size_t first, last; /* its first and last line, fences and marks included                           */
    int status;         /* COMMANDS: how each has to end                                                */
    int head, tail;     /* OUTPUT: so many lines of more; both 0: all                                   */
    const char *mask;   /* OUTPUT: words with commas between, behind which a number becomes #; or NULL  */
    const char *file;   /* FILE: its name                                                               */
} cli_lesson_block;

typedef enum {
    CHECK_NUMBERS,
    CHECK_FILE,
    CHECK_WEIGHTS,
    CHECK_DIGEST,
    CHECK_CHOICE,
    CHECK_KINDS
} cli_check_kind;
extern const char *const cli_check_names[CHECK_KINDS];

enum {
    LESSON_PAIRS = 8,
    LESSON_HINTS = 16,
    LESSON_NUMBERS = 32,
    LESSON_WORDS = 64,
    LESSON_FILE_NUMBERS = 100000
};

typedef struct {
    size_t line; /* of its mark */
    cli_check_kind kind;
    const char *names, *options, *seal; /* words with blanks between; seal NULL: none                   */
    struct {
        const char *command, *pick; /* pick NULL: run for what it leaves behind                         */
    } pairs[LESSON_PAIRS];
    int pair_count;
    double tolerance;
    bool relative;     /* the tolerance is a share of the right value                                   */
    int rows, columns; /* FILE; columns 0: rows numbers in any layout                                   */
    const char *net, *data, *metric;
    double bar;
    struct {
        const char *of, *text; /* of: a name of of_length bytes; NULL: whatever is wrong               */
        size_t of_length;
    } hints[LESSON_HINTS];
    int hint_count;
    const char *right;
} cli_lesson_check;

typedef struct {
    int number;
    char name[64]; /* both from the file's name */
    char **lines;  /* from 0, cut at their ends; what messages call line 1 is lines[0]                   */
    size_t line_count;
    const char *title, *topic;
    size_t goal, goal_end; /* its lines; the first one with "Goal: " before it                          */
    bool here;             /* its commands work in the current folder                                   */
    cli_lesson_block *blocks;
    size_t block_count;
    cli_lesson_check *checks;
    size_t check_count;
    char *bytes, *values; /* what the lines, and all texts above, lie in                                */
} cli_lesson;

typedef struct {
    size_t line; /* from 1; 0: the whole page, or its name */
    char text[400];
} cli_lesson_error;

/* "12-backpropagation.md": number and name. false: not the name of a lesson. */
bool cli_lesson_file_name(const char *file, int *number, char name[64]);
/* Reads a page of `length` bytes, which are copied; number and name are set by the caller. A pure function.
 * false: it is not as docs/lessons.md says, and *error says where and what was wanted. Free in either case.
 */
bool cli_lesson_read(cli_lesson *lesson, const char *bytes, size_t length, cli_lesson_error *error);
void cli_lesson_free(cli_lesson *lesson);

/* The fields of a check, in lines first .. last - 1, which they go on pointing into. */
bool cli_lesson_read_check(cli_lesson_check *check, char *const *lines, size_t first, size_t last,
                           cli_lesson_error *error);
/* Sets *error and gives false. */
bool cli_lesson_refuse(cli_lesson_error *error, size_t line, const char *format, ...);

/* A command line as words, which are written to store (of strlen(line) + 1 bytes) and closed by NULL. -1:
 * NULL in *why is a sentence. The first word is slope. */
int cli_lesson_words(const char *line, char *store, char *words[LESSON_WORDS], const char **why);
/* The command that begins in or behind line *at of a block, its continuation lines joined, freed by the
 * caller; *at goes behind it. NULL: no more, or (*failed) memory ran out. */
char *cli_lesson_command(const cli_lesson *lesson, const cli_lesson_block *block, size_t *at, bool *failed);

/* How many words stand in a text with blanks between; the word number index from 0, copied. */
size_t cli_lesson_word_count(const char *text);
bool cli_lesson_word(const char *text, size_t index, char word[64]);

#endif
