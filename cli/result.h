/* result.h - what a run has reached, in words and as JSON. */
#ifndef CLI_RESULT_H
#define CLI_RESULT_H

#include "slope.h"

/* To stdout, with what to type next. */
void cli_show_result(sl_run *run);
/* To stdout: its line of JSON, and in it the profile, unless that is NULL. */
void cli_put_result(const sl_run *run, const sl_profile *profile);
/* To stderr: a run that a signal has stopped, and what to type to go on. piped: the data came from the
 * standard input, which is wanted again. */
void cli_show_stopped(const sl_run *run, size_t step, size_t epoch, bool piped);

#endif
