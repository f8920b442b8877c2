/* job.h - opening and closing what kind.h hands to figures. */
#ifndef SL_PLOT_JOB_H
#define SL_PLOT_JOB_H

#include "plot/kind.h"

sl_status sl_job_open(sl_figure_job *job, sl_ctx *ctx, const sl_figure_request *request);
void sl_job_close(sl_figure_job *job);

#endif
