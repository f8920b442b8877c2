/* errors_texts.h - errors on texts: tags that follow from counting, and which of them go with errors. */
#ifndef CLI_ERRORS_TEXTS_H
#define CLI_ERRORS_TEXTS_H

#include "errors.h"

enum { CLI_TAGS_TEXT = 96 };
/* "long; negation": what sl_text_tags says of a row, as the column tag has it. Returns text. */
const char *cli_errors_found(const cli_errors *errors, size_t row, char text[CLI_TAGS_TEXT]);
/* Of each such tag rows, errors and their rate (of numbers: the mean loss), beside all rows. false: memory
 * ran out (said). */
bool cli_errors_counts(const cli_errors *errors);
void cli_errors_counts_json(const cli_errors *errors); /* ,"text_tags":[..] */

/* The text columns in their order, and a row's text in one of them (to be freed; NULL: memory ran out). */
const char *cli_errors_text_name(const cli_errors *errors, int index); /* NULL: none such */
char *cli_errors_text(const cli_errors *errors, size_t row, int index);

#endif
