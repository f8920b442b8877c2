/* fann.h - the text of a FANN training file (leenissen.dk/fann): "rows inputs outputs", then for each row its
 * inputs and its outputs, as a rule in lines of their own; blanks and line ends only separate. */
#ifndef SL_DATA_ARRAY_FANN_H
#define SL_DATA_ARRAY_FANN_H

#include "data/array/numbers.h"

/* Does text begin with a line of three whole numbers, and something like a number behind it? */
bool sl_fann_begins(const char *text, size_t size);
/* SL_EFORMAT: with line and column of what is wrong. numbers->source is set by the caller, and the rest is
 * the caller's to free also on failure. */
sl_status sl_fann_read(sl_numbers *numbers, const char *text, size_t size);

#endif
