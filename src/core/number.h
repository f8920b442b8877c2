/* number.h - numbers out of text; printing and sl_number_parse are in slope.h. No locale changes a result. */
#ifndef SL_CORE_NUMBER_H
#define SL_CORE_NUMBER_H

#include "core/real.h"

/* The longest beginning of text[0..length) that is a number: [+-] digits with at most one '.' among or
 * beside them, then e or E with an exponent. Correctly rounded: too large gives an infinity, too small a
 * zero. `used` is how many bytes it took. False: text begins with no number (so no spaces, words, hex).  */
bool sl_number_scan(const char *text, size_t length, size_t *used, double *value);

/* All of text as a whole number 0 .. 2^64-1, decimal digits only. */
bool sl_integer_parse(const char *text, uint64_t *value);

/* Rounded to so many figures, 1 to 17, without zeros at its end: "-0.3409989", "1.3"; 0 has no sign. Returns
 * text. */
char *sl_number_rounded(char text[32], double value, int digits);

#endif
