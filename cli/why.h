/* why.h - which words pushed a prediction: as a field of CSV, on a terminal, and around which word a long
 * text is shortened. */
#ifndef CLI_WHY_H
#define CLI_WHY_H

#include "terminal.h"

/* "+2.1 excellent, -0.4 but": the `most` (0: five) words that pushed the prediction for this row most, a word
 * that stands there several times by the sum. Without quotes. false: the context knows why. */
bool cli_why_csv(FILE *stream, sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t row, int most);
/* The prediction, the text with its words in green and red where the terminal has colours, and the words that
 * pushed most (0: ten). CLI_DONE, or the exit status. */
int cli_why_show(const char *name, sl_ctx *ctx, const sl_model *model, const sl_data *data, int most);
/* The row's text in one line of at most `columns`, around the word that pushed its prediction most. to: room
 * for 4 * columns + 8 bytes. false: the context knows why. */
bool cli_why_short(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t row, int columns,
                   char *to);

#endif
