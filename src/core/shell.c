/* shell.c - a word for a shell, see text.h: what sentences offer to be pasted must say what it says. */
#include "core/json.h"

#include <string.h>

/* Bytes that a terminal shows; 0: a control character, or no UTF-8. */
static size_t shell_shown(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    const size_t length = sl_utf8_length(at, strlen(at));
    return b[0] < 32 || b[0] == 127 || (length == 2 && b[0] == 0xc2 && b[1] < 0xa0) ? 0 : length;
}

void sl_text_shell(sl_text *text, const char *word, bool name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
    const bool bare = *word && strspn(word, plain) == strlen(word);
    bool shown = true;
    for (const char *at = word; *at && shown; at += shell_shown(at))
        shown = shell_shown(at) > 0;
    sl_text_put(text, bare ? "" : shown ? "'" : "$'");
    if (name && word[0] == '-' && word[1])
        sl_text_put(text, "./"); /* else it is taken for an option */
    for (size_t length; *word; word += length) {
        length = shell_shown(word);
        if (!length)
            sl_text_add(text, "\\%03o", (unsigned)(unsigned char)*word);
        else if (*word == '\'')
            sl_text_put(text, shown ? "'\\''" : "\\'");
        else if (*word == '\\' && !shown)
            sl_text_put(text, "\\\\");
        else
            sl_text_bytes(text, word, length);
        length += !length;
    }
    sl_text_put(text, bare ? "" : "'");
}
