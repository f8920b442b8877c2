/* result.h - what a finished run has reached, in words. */
#ifndef CLI_RESULT_H
#define CLI_RESULT_H

#include "slope.h"

/* To stdout, with what to type next. */
void cli_show_result(sl_run *run);

#endif
