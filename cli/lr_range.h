/* lr_range.h - what sl_lr_range found: a curve and advice. */
#ifndef CLI_LR_RANGE_H
#define CLI_LR_RANGE_H

#include "slope.h"

/* To stdout: the smoothed loss at each step size, and what follows from it; or one line of JSON. */
void cli_show_lr_range(const sl_report *range, bool json);

#endif
