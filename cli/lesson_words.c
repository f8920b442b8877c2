/* lesson_words.c - command lines of lessons: words for slope, and nothing that a shell would have to
 * understand. */
#include <stdlib.h>
#include <string.h>

#include "lesson.h"

static const char words_of_shells[] = "|&;<>()$`*?[]{}~!#";

/* One word from *at on, quotes taken away. */
static bool words_next(const char **at, char **to, const char **why)
{
    const char *from = *at;
    char quote = 0;
    for (; *from && (quote || *from != ' '); from++) {
        if (quote && *from == quote) {
            quote = 0;
        } else if (!quote && (*from == '"' || *from == '\'')) {
            quote = *from;
        } else if (quote == '"' && *from == '\\' && (from[1] == '"' || from[1] == '\\')) {
            *(*to)++ = *++from;
        } else if (quote != '\'' && (*from == '$' || *from == '`' || *from == '\\')) {
            *why = "$, ` and \\ mean something to a shell: put them into '...'";
            return false;
        } else if (!quote && strchr(words_of_shells, *from)) {
            *why = "no shell reads it: no pipe, no redirection, no pattern; put such a character into quotes";
            return false;
        } else if ((unsigned char)*from < 32) {
            *why = "a control character";
            return false;
        } else {
            *(*to)++ = *from;
        }
    }
    if (quote) {
        *why = "a quote that is not closed";
        return false;
    }
    *(*to)++ = 0;
    *at = from;
    return true;
}

int cli_lesson_words(const char *line, char *store, char *words[LESSON_WORDS], const char **why)
{
    int count = 0;
    *why = NULL;
    for (const char *at = line; *at;) {
        if (*at == ' ') {
            at++;
            continue;
        }
        if (count == LESSON_WORDS - 1) {
            *why = "more than 63 words";
            return -1;
        }
        words[count++] = store;
        if (!words_next(&at, &store, why))
            return -1;
    }
    words[count] = NULL;
    if (count < 2 || strcmp(words[0], "slope") != 0) {
        *why = "wants a line that begins with slope and the name of a command";
        return -1;
    }
    if (strcmp(words[1], "lesson") == 0 && words[2] && strcmp(words[2], "list") != 0 &&
        strcmp(words[2], "show") != 0) {
        *why = "of slope lesson, a lesson may use list and show alone";
        return -1;
    }
    return count;
}

char *cli_lesson_command(const cli_lesson *lesson, const cli_lesson_block *block, size_t *at, bool *failed)
{
    size_t first = *at > block->first ? *at : block->first + 1;
    *failed = false;
    while (first < block->last) {
        const char *line = lesson->lines[first] + strspn(lesson->lines[first], " ");
        if (*line && *line != '#')
            break;
        first++;
    }
    if (first >= block->last) {
        *at = block->last;
        return NULL;
    }
    size_t last = first, room = 1;
    for (;; last++) {
        const size_t length = strlen(lesson->lines[last]);
        room += length + 1;
        if (!length || lesson->lines[last][length - 1] != '\\' || last + 1 >= block->last)
            break;
    }
    char *text = malloc(room), *to = text;
    *failed = !text;
    for (size_t i = first; text && i <= last; i++) {
        const char *line = lesson->lines[i] + strspn(lesson->lines[i], " ");
        const size_t length = strlen(line), kept = i < last ? length - 1 : length;
        memcpy(to, line, kept);
        to += kept;
        if (i < last && kept && to[-1] != ' ')
            *to++ = ' ';
    }
    if (text)
        *to = 0;
    *at = last + 1;
    return text;
}

size_t cli_lesson_word_count(const char *text)
{
    size_t count = 0;
    for (const char *at = text + strspn(text, " "); *at; at += strspn(at, " ")) {
        at += strcspn(at, " ");
        count++;
    }
    return count;
}

bool cli_lesson_word(const char *text, size_t index, char word[64])
{
    const char *at = text + strspn(text, " ");
    for (; *at && index; index--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    const size_t length = strcspn(at, " ");
    if (!length || length >= 64)
        return false;
    memcpy(word, at, length);
    word[length] = 0;
    return true;
}
