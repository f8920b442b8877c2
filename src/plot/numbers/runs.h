/* runs.h - what figures of runs share: how runs are called beside one another, and numbers in words. */
#ifndef SL_PLOT_RUNS_H
#define SL_PLOT_RUNS_H

#include "plot/kind.h"

/* [job->runs] names for a legend, all different: "digits-1"; of several runs with what they differ in,
 * "b10 (batch 10)". NULL: a failure. */
const char **sl_job_labels(sl_figure *figure, const sl_figure_job *job);
/* "digits-1"; "digits-1, digits-2"; "5 runs": for a title. */
const char *sl_job_title(sl_figure *figure, const sl_figure_job *job);
/* A number of run.json's "used"; NaN: none. */
double sl_job_used(const sl_figure_job *job, int run, const char *key);
/* run.json's "status": "finished", "running", "stopped", "diverged"; "" where it does not say. */
const char *sl_job_status(const sl_figure_job *job, int run);
/* steps.csv, which the caller frees; NULL without failure: an older version made the run. */
sl_report *sl_job_steps(const sl_figure_job *job, int run);
/* What `count` (1: "1 epoch", 5: "5 epochs") are. */
const char *sl_figure_count(sl_figure *figure, size_t count, const char *one, const char *many);
/* "validation_macro_f1" -> "validation macro f1" */
const char *sl_figure_words(sl_figure *figure, const char *name);
/* How an axis of this figure of merit is labelled, with its unit: "accuracy (share of rows)". */
const char *sl_figure_merit_label(sl_figure *figure, const sl_figure_job *job, const char *metric);
/* How a run ended, in one number: validation_accuracy of the best epoch, test_accuracy, seconds, .. */
typedef struct {
    double value, low, high; /* of its 95 % interval; NaN: none is recorded */
} sl_runs_outcome;
/* The full name of a metric: itself where runs have recorded that, else with "validation_" or "train_" before
 * it; NULL: the figure of merit. NULL and SL_EINVAL, which lists what there is. */
const char *sl_outcome_key(sl_figure *figure, const sl_figure_job *job, const char *metric);
/* SL_EINVAL: this run has none. */
sl_status sl_outcome_of(sl_figure *figure, const sl_figure_job *job, int run, const char *key,
                        sl_runs_outcome *outcome);
/* Every so manieth of count things, that at most `most` are drawn. */
static inline size_t sl_figure_stride(size_t count, size_t most)
{
    return count > most ? (count + most - 1) / most : 1;
}

/* The losses of all steps (steps.csv; NULL: none), of neighbours their mean, and with `band` an area between
 * the least and the most of each. false: there is nothing to draw. */
bool sl_losses_of_steps(sl_figure *figure, sl_panel *panel, const sl_report *steps, const char *name,
                        sl_colour colour, bool band);

#endif
