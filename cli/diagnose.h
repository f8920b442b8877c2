/* diagnose.h - what slope diagnose prints. */
#ifndef CLI_DIAGNOSE_H
#define CLI_DIAGNOSE_H

#include "cli.h"

void cli_diagnosis_show(const sl_diagnosis *diagnosis, bool all);
void cli_diagnosis_json(const sl_diagnosis *diagnosis);

#endif
