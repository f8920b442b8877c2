/* duplicates.c - rows that are there more than once. */
#include "data/check/check.h"

static sl_severity duplicates_look(const sl_check_job *job, sl_text *sentence)
{
    enum { ONE_IN = 100 };
    const sl_data *train = job->train;
    if (!train->store->columns)
        return SL_FINDS_NOTHING;
    uint64_t *hashes = sl_alloc_array(job->ctx, train->rows, sizeof *hashes);
    size_t repeated = 0;
    if (hashes && !sl_data_hash_rows(train, hashes)) {
        sl_hashes_sort(hashes, train->rows);
        repeated = sl_hashes_repeated(hashes, train->rows);
    }
    sl_free(job->ctx, hashes);
    if (repeated * ONE_IN <= train->rows)
        return SL_FINDS_NOTHING;
    char count[32], all[32], share[32];
    sl_text_add(
        sentence,
        "%s of %s training rows (%s) are the same as another, target included: copies on both sides of a "
        "split make figures look better than they are; where they are copies, remove them, or keep them "
        "together with --group",
        sl_count_text(count, repeated), sl_count_text(all, train->rows),
        sl_check_percent(share, (double)repeated / (double)train->rows));
    return SL_FINDS_REMARK;
}

const sl_check sl_check_duplicates = {
    .name = "duplicates",
    .summary = "training rows of a table that are there more than once",
    .formula = "more than one row in 100 has the inputs and the target of another",
    .source = "Barz, Denzler 2020, Do we train on test data?",
    .look = duplicates_look,
};
