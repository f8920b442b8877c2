/* profile.h - where the time of a training went. */
#ifndef CLI_PROFILE_H
#define CLI_PROFILE_H

#include <stdio.h>

#include "slope.h"

/* As a table, the longest row first. */
void cli_show_profile(FILE *stream, const sl_profile *profile);
/* As a JSON object. */
void cli_put_profile(FILE *stream, const sl_profile *profile);

#endif
