/* clean.c - texts of others where they could do harm: on a terminal, in a shell, in JSON. See cli.h. */
#define _XOPEN_SOURCE 700
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of the UTF-8 character at text, 1 to 4; 0: it is none, or cut short by the end. */
size_t cli_utf8(const char *text)
{
    const unsigned char *b = (const unsigned char *)text;
    if (b[0] < 0x80)
        return 1;
    const size_t wanted = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
    if (b[0] < 0xc2 || b[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < wanted; i++)
        if ((b[i] & 0xc0) != 0x80)
            return 0;
    if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] >= 0xa0) || (b[0] == 0xf0 && b[1] < 0x90) ||
        (b[0] == 0xf4 && b[1] >= 0x90))
        return 0; /* too long a form, a surrogate, beyond U+10FFFF */
    return wanted;
}

/* Bytes that can be shown as they are; 0: a control character, also one of U+0080 to U+009F, which some
 * terminals obey, or no text. */
static size_t clean_plain(const char *text)
{
    const unsigned char *b = (const unsigned char *)text;
    const size_t length = cli_utf8(text);
    return b[0] < 32 || b[0] == 127 || (b[0] == 0xc2 && length && b[1] < 0xa0) ? 0 : length;
}

/* A byte that is not shown, as \n, \t, \r or \377. */
static size_t clean_escape(char *to, char byte)
{
    static const char values[] = "\n\t\r", names[] = "ntr";
    const char *known = byte ? strchr(values, byte) : NULL;
    const unsigned char code = (unsigned char)byte;
    to[0] = '\\';
    to[1] = known ? names[known - values] : (char)('0' + code / 64);
    to[2] = known ? 0 : (char)('0' + code / 8 % 8);
    to[3] = known ? 0 : (char)('0' + code % 8);
    return known ? 2 : 4;
}

/* The next piece of what can be shown; goes on behind what it stands for. */
static size_t clean_next(const char **at, char piece[4])
{
    size_t length = clean_plain(*at);
    if (!length)
        return clean_escape(piece, *(*at)++);
    memcpy(piece, *at, length);
    *at += length;
    return length;
}

void cli_put_clean(FILE *stream, const char *text)
{
    char piece[4];
    while (*text) {
        const size_t length = clean_next(&text, piece);
        fwrite(piece, 1, length, stream);
    }
}

char *cli_clean(char *to, size_t room, const char *text)
{
    char piece[4];
    size_t length = 0;
    while (*text) {
        const size_t more = clean_next(&text, piece);
        if (length + more >= room)
            break;
        memcpy(to + length, piece, more);
        length += more;
    }
    to[length] = 0;
    return to;
}

char *cli_clean_copy(const char *text)
{
    const size_t room = 4 * strlen(text) + 1;
    char *copy = malloc(room);
    return copy ? cli_clean(copy, room, text) : NULL;
}

char *cli_shell(const char *argument)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
    char *word = malloc(4 * strlen(argument) + 8), *to = word;
    bool shown = true;
    if (!word)
        return NULL;
    for (const char *at = argument; *at && shown; at += clean_plain(at))
        shown = clean_plain(at) > 0;
    const bool bare = *argument && strspn(argument, plain) == strlen(argument);
    if (!bare && !shown) /* neither a terminal nor what is pasted from it keeps such bytes */
        *to++ = '$';
    if (!bare)
        *to++ = '\'';
    if (argument[0] == '-' && argument[1]) { /* a name, which would be taken for an option */
        *to++ = '.';
        *to++ = '/';
    }
    while (*argument) {
        const size_t length = clean_plain(argument);
        if (*argument == '\'' && shown) {
            memcpy(to, "'\\''", 4);
            to += 4;
            argument++;
            continue;
        }
        if (!length) {
            to += clean_escape(to, *argument++);
            continue;
        }
        if (!shown && (*argument == '\'' || *argument == '\\'))
            *to++ = '\\';
        memcpy(to, argument, length);
        to += length;
        argument += length;
    }
    if (!bare)
        *to++ = '\'';
    *to = 0;
    return word;
}

void cli_put_shell(FILE *stream, const char *argument)
{
    char *word = cli_shell(argument);
    fputs(word ? word : "''", stream); /* without memory */
    free(word);
}

void cli_json_string(FILE *stream, const char *text)
{
    if (!text) {
        fputs("null", stream);
        return;
    }
    putc('"', stream);
    while (*text) {
        const unsigned char byte = (unsigned char)*text;
        const size_t length = cli_utf8(text);
        if (byte == '"' || byte == '\\')
            fprintf(stream, "\\%c", byte);
        else if (length == 2 && byte == 0xc2 && !clean_plain(text))
            fprintf(stream, "\\u%04x", (unsigned char)text[1]);
        else if (byte < 32 || byte == 127)
            fprintf(stream, "\\u%04x", byte);
        else if (length)
            fwrite(text, 1, length, stream);
        else
            fputs("\xef\xbf\xbd", stream); /* U+FFFD: JSON is UTF-8, and this byte is not */
        text += length ? length : 1;
    }
    putc('"', stream);
}
