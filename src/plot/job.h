/* job.h - opening and closing what kind.h hands to figures. */
#ifndef SL_PLOT_JOB_H
#define SL_PLOT_JOB_H

#include "plot/kind.h"

/* files: a model file may stand in place of a run's folder. */
sl_status sl_job_open(sl_figure_job *job, sl_ctx *ctx, const sl_figure_request *request, bool files);
void sl_job_close(sl_figure_job *job);

#endif
