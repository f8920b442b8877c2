/* warned.h - what was said of a training while it ran; it stands in run.json and in the result. */
#ifndef SL_TRAIN_WARNED_H
#define SL_TRAIN_WARNED_H

#include "train/run.h"

/* Adds a sentence under the name of a finding, and writes run.json. A file that cannot be written is no
 * failure here: the run writes it again at its end. SL_ENOMEM. */
sl_status sl_run_warn(sl_run *run, const char *name, const char *sentence);
/* The name that sentence `index` stands under; NULL behind the last. */
const char *sl_run_warned(const sl_run *run, int index);
/* Member "warnings", where there are any; and back, from a run.json. */
void sl_run_put_warnings(const sl_run *run, sl_text *json, bool *first);
sl_status sl_run_take_warnings(sl_run *run, const sl_json *json);
void sl_run_free_warnings(sl_run *run);

#endif
