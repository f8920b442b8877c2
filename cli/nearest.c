/* nearest.c - which word was meant? */
#include <string.h>

#include "option.h"

enum { NEAREST_LONGEST = 32 };

/* Single-character edits and swaps of neighbours from a to b (optimal string alignment). */
static int nearest_distance(const char *a, const char *b)
{
    const size_t m = strlen(a), n = strlen(b);
    int rows[3][NEAREST_LONGEST + 1];
    if (m > NEAREST_LONGEST || n > NEAREST_LONGEST)
        return NEAREST_LONGEST;
    int *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= n; j++)
        above[j] = (int)j;
    for (size_t i = 1; i <= m; i++) {
        row[0] = (int)i;
        for (size_t j = 1; j <= n; j++) {
            int best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        int *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[n];
}

void cli_nearest_try(cli_nearest *nearest, const char *known)
{
    const size_t length = strlen(nearest->word);
    const int limit = length <= 3 ? 1 : length <= 6 ? 2 : 3;
    int distance = nearest_distance(nearest->word, known);
    if (length >= 2 && strncmp(nearest->word, known, length) == 0)
        distance = 1; /* a word that was not finished */
    if (distance <= limit && (!nearest->best || distance < nearest->distance)) {
        nearest->best = known;
        nearest->distance = distance;
    }
}
