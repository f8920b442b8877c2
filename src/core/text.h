/* text.h - a growing text, for messages, JSON and CSV. */
#ifndef SL_CORE_TEXT_H
#define SL_CORE_TEXT_H

#include "core/ctx.h"

typedef struct {
    sl_ctx *ctx;
    char *bytes; /* always closed by a 0; NULL while empty */
    size_t length, capacity;
    bool failed; /* memory ran out: the context has the error, further additions do nothing */
} sl_text;

void sl_text_init(sl_text *text, sl_ctx *ctx);
void sl_text_bytes(sl_text *text, const void *bytes, size_t count);
void sl_text_put(sl_text *text, const char *string);
void sl_text_add(sl_text *text, const char *format, ...) SL_PRINTF(2, 3); /* no %f %g %e */
void sl_text_number(sl_text *text, double value);  /* shortest, locale-free; nan, inf, -inf */
void sl_text_real(sl_text *text, sl_real value);   /* shortest for its own precision */
void sl_text_rounded(sl_text *text, double value); /* to six figures or whole: "206,856", "0.0812345" */
/* One word of a POSIX shell, quoted where it must be; bytes that a terminal does not show as $'\012'.
 * name: of a file, which gets a "./" before a dash. shell.c */
void sl_text_shell(sl_text *text, const char *word, bool name);
void sl_text_clear(sl_text *text); /* length 0, memory kept */
void sl_text_free(sl_text *text);
const char *sl_text_string(const sl_text *text); /* "" while empty */

/* The shortest decimal that reads back as the same sl_real; returns out. */
char *sl_real_text(char out[32], sl_real value);
/* "16,512": for people. Returns out. */
char *sl_count_text(char out[32], uint64_t count);
/* "[32, 64]"; rank 0: "[]". `out` holds 96 bytes; returned. */
char *sl_shape_text(char out[96], sl_shape shape);

/* As much of `from` as fits into room - 1 bytes, ended before a UTF-8 character that it would cut, closed by
 * a 0. room 0: nothing is written. Returns from's length. */
size_t sl_text_fit(const char *from, char *text, size_t room);

/* Number of single-character edits between two words, neighbours that changed places being one; at most
 * `limit`+1. */
int sl_edit_distance(const char *a, const char *b, int limit);
/* The word of a 0-closed list of `count` names nearest to `word`, one with the same letters in another case
 * before all; NULL when none is near. */
const char *sl_nearest_word(const char *word, const char *const *names, size_t count);
/* SL_EINVAL: "unknown WHAT 'word': did you mean 'x'? There are a, b, c". */
sl_status sl_fail_word(sl_ctx *ctx, const char *what, const char *word, const char *const *names,
                       size_t count);

#endif
