/* metrics.h - the figures of an evaluation as tables for people: baselines beside them, confusion, classes.
 */
#ifndef CLI_METRICS_H
#define CLI_METRICS_H

#include "cli.h"
#include "terminal.h"

/* The class that is most frequent among the true ones; -1 without a confusion matrix. *part: how many. */
int cli_majority(const sl_report *report, double *part);
/* The matrix's rows of this true and this predicted class; -1: of all of them. */
size_t cli_confusion_sum(const sl_report *report, int truth, int prediction);
/* "7", or the name of the class. number holds what is not named. */
const char *cli_class_name(char number[16], const sl_model *model, int class_index);

/* To stdout. data: what was evaluated, for the mean's figures; NULL: they stay empty. baselines: measured on
 * it, for the model's intervals; NULL likewise. */
bool cli_show_metrics(const sl_report *report, const sl_model *model, const sl_data *data,
                      const sl_baselines *baselines, const cli_terminal *terminal);
/* The confusion matrix where it fits the width, else the pairs that are confused most; then precision,
 * recall and F1 a class. false: memory ran out (said).                                            */
bool cli_show_confusion(const sl_report *report, const sl_model *model, const cli_terminal *terminal);

#endif
