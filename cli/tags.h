/* tags.h - the table that `slope errors -o` writes, read back with its column `tag` filled in. */
#ifndef CLI_TAGS_H
#define CLI_TAGS_H

#include "cli.h"

typedef struct {
    size_t row;        /* as the column `row` says */
    const char *truth; /* likewise, its text */
    char *tags;        /* "blurred; cut off"; blanks around are gone */
    size_t line;       /* in the file, from 1 */
} cli_tagged;
typedef struct {
    cli_tagged *rows;
    size_t count;
    char *memory;
} cli_tags;

/* CSV after RFC 4180 with a first line that names at least row, truth and tag. false: said why. */
bool cli_tags_read(cli_tags *tags, const char *name, const char *path);
void cli_tags_free(cli_tags *tags);

typedef struct {
    const char *a, *b;
} cli_pair;
/* Another table: CSV with columns a and b, a pair of texts a line. To be freed, with *memory; NULL: said why.
 */
cli_pair *cli_pairs_read(const char *name, const char *path, size_t *count, char **memory);

#endif
