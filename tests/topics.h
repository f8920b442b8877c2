/* topics.h - texts of two topics, made by hand: words of the topic between words that all have. */
#ifndef SL_TESTS_TOPICS_H
#define SL_TESTS_TOPICS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text r is of topic r % 2. Free each, then the list. */
static inline char **topics_made(int rows, uint32_t seed)
{
    char **text = calloc((size_t)rows, sizeof *text);
    for (int r = 0; r < rows; r++) {
        text[r] = calloc(1, 1024);
        for (int w = 0; w < 24; w++) {
            seed = seed * 1664525 + 1013904223;
            const int draw = (int)(seed >> 16 & 4095);
            if (draw % 3 == 0)
                sprintf(text[r] + strlen(text[r]), "%c%d ", r % 2 ? 'b' : 'a', draw / 3 % 40);
            else
                sprintf(text[r] + strlen(text[r]), "c%d ", draw / 3 % 60);
        }
    }
    return text;
}

static inline void topics_free(char **text, int rows)
{
    for (int r = 0; r < rows; r++)
        free(text[r]);
    free(text);
}

#endif
