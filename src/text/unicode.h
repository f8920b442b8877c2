/* unicode.h - what the tokenizer asks about characters beyond ASCII; utf8proc answers, where the build has
 * it. */
#ifndef SL_TEXT_UNICODE_H
#define SL_TEXT_UNICODE_H

#include "core/ctx.h"

typedef enum {
    SL_CHAR_LETTER,
    SL_CHAR_DIGIT,     /* also letters and fractions that stand for numbers */
    SL_CHAR_COMBINING, /* an accent: part of the letter before it */
    SL_CHAR_IDEOGRAPH, /* a word of its own */
    SL_CHAR_MARK,      /* punctuation, signs, what is not assigned */
    SL_CHAR_SYMBOL,    /* emoji and other pictures */
    SL_CHAR_SPACE,
    SL_CHAR_IGNORED, /* control and format characters: soft hyphens, marks of direction */
    SL_CHAR_UNKNOWN  /* this build has no utf8proc, and it is none of those that need none */
} sl_char_kind;

enum { SL_CHAR_WRONG = 0xFFFD }; /* stands for a byte that is no UTF-8 */

/* The character at text[0], left > 0 bytes; returns how many bytes it takes, 1 to 4. */
size_t sl_unicode_read(const char *text, size_t left, uint32_t *c);
size_t sl_unicode_put(char to[4], uint32_t c); /* bytes */
sl_char_kind sl_unicode_kind(uint32_t c);
/* Folds the case (fold) of c[count] and composes it (NFC of the folded characters), into bytes that have room
 * for 4 * SL_UNICODE_LONGEST; returns how many. count is at most SL_UNICODE_WORD. Without utf8proc ASCII
 * alone is folded, and nothing else gets here. */
enum { SL_UNICODE_WORD = 256, SL_UNICODE_LONGEST = SL_UNICODE_WORD * 18 };
size_t sl_unicode_fold(const uint32_t *c, size_t count, bool fold, char *bytes);
bool sl_unicode_there(void); /* was slope built with utf8proc? */

#endif
