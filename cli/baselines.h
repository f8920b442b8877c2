/* baselines.h - a model beside its baselines, for people and for programs. */
#ifndef CLI_BASELINES_H
#define CLI_BASELINES_H

#include "cli.h"
#include "terminal.h"

/* "97.12..97.70 %", "0.31..0.35"; "" where there is none. */
typedef struct {
    char text[100];
} cli_range;
cli_range cli_interval(double low, double high, bool percent);

/* To stdout: a line each, what was not computed with its reason, then the verdict. title: above the names.
 * false: memory ran out (said). */
bool cli_show_baselines(const sl_baselines *baselines, bool classes, const char *title,
                        const cli_terminal *terminal);
/* Members of a JSON object, each with a comma before it. */
void cli_put_baselines(FILE *stream, const sl_baselines *baselines, bool classes);

/* What is asked for beside the figures; each prints a table, or with json a member behind a comma. false:
 * the context, or a message on stderr, says why. */
bool cli_show_importance(sl_ctx *ctx, const sl_model *model, const sl_data *data, bool json);
bool cli_show_calibration(sl_ctx *ctx, const sl_several *several, bool json);
bool cli_show_residuals(sl_ctx *ctx, const sl_several *several, bool json);

#endif
