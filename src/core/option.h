/* option.h - words with options, as in "huber delta=0.5", "leaky_relu:0.1", "rotate 10": a name, the number
 * of its first option behind a colon or a space, further ones as key=value. The descriptors list what they
 * take. */
#ifndef SL_CORE_OPTION_H
#define SL_CORE_OPTION_H

#include "core/text.h"

enum { SL_MOST_OPTIONS = 8 };

/* How many options the list has, which ends at name NULL; NULL: none. */
size_t sl_options_count(const sl_option *options);
/* The characters of the name at the front of text: up to a colon, a blank, a comma or the end. */
size_t sl_option_name_length(const char *text);
/* What stands behind the name -> values[], the defaults where nothing is given; SL_EINVAL says what the word
 * takes. place: "loss huber". given: a bit for each option that was; may be NULL. */
sl_status sl_options_read(sl_ctx *ctx, const char *place, const sl_option *options, const char *behind_name,
                          double *values, unsigned *given);
/* Is `value` in the option's range? SL_EINVAL names the range and the default. */
sl_status sl_option_check(sl_ctx *ctx, const char *place, const sl_option *option, double value);
/* "0.5", "sum". Returns text. */
char *sl_option_value(char text[160], const sl_option *option, double value);
/* NAME and every value that is not the default: reads back as the same. */
void sl_options_describe(sl_text *text, const char *name, const sl_option *options, const double *values);

#endif
