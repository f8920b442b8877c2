/* kind.h - what a file of plot/figure/ provides: `const sl_figure_kind sl_figure_NAME`; and what it is given.
 */
#ifndef SL_PLOT_KIND_H
#define SL_PLOT_KIND_H

#include "model/model.h"
#include "plot/figure.h"
#include "train/report.h"

typedef struct {
    sl_ctx *ctx;
    const sl_figure_request *request;
    int runs; /* 0: a figure without one */
    struct sl_job_run *run;
} sl_figure_job;

typedef struct {
    const char *name, *summary;
    const char *formula; /* what is computed, or where it comes from */
    const char *source;
    const sl_option *options; /* NULL */
    const char *takes;        /* which fields of the request count: "data part row layer"; NULL: none */
    const char *words;        /* what `words` are, in the help: "SCHEDULE"; NULL: none are taken */
    int most_runs;            /* at once; 0: of_runs is NULL */
    bool of_files;            /* needs the model alone: in place of a run a model file will do */
    sl_status (*of_runs)(sl_figure *figure, const sl_figure_job *job);
    sl_status (*alone)(sl_figure *figure, const sl_figure_job *job); /* without a run; NULL: it wants one */
} sl_figure_kind;

const sl_figure_kind *sl_figure_kind_at(size_t index); /* NULL behind the last */

/* --- of a run: opened when first asked for, closed with the job. NULL: the context knows why -------------
 */

const char *sl_job_name(const sl_figure_job *job, int run);   /* short, for legends: "digits-1" */
const char *sl_job_folder(const sl_figure_job *job, int run); /* as it was given */
sl_report *sl_job_history(const sl_figure_job *job, int run); /* metrics.csv */
sl_model *sl_job_model(const sl_figure_job *job, int run);    /* of the best epoch */
/* run.json, parsed: sl_json_get(sl_job_json(job, 0), "used"). */
const struct sl_json *sl_job_json(const sl_figure_job *job, int run);
/* The rows asked for by request->data and ->part; else the run's own: of its test part, where there is none
 * of its validation rows, else of its training rows. *part (or NULL): which. A part that the run has not is
 * NULL without failure when it was asked for by `part` here ("train", ..); NULL: as above. */
sl_data *sl_job_data(const sl_figure_job *job, int run, const char *part, const char **opened);

#endif
