/* shared_rows.c - test rows that are also training rows. */
#include "data/check/check.h"

#include <math.h>

enum { SHARED_LEAST = 5 }; /* fewer, in a small test file, say nothing: iris has rows twice */

/* Rows of small discrete tables meet by chance: as often as training rows meet one another. */
static bool shared_beyond_chance(size_t shared, size_t tested, size_t repeated, size_t rows)
{
    const double rate = ((double)repeated + 1) / ((double)rows + 2), n = (double)tested;
    return shared >= SHARED_LEAST && (double)shared > 0.05 * n &&
           (double)shared > n * rate + 5 * sqrt(n * rate * (1 - rate));
}

static sl_severity shared_rows_look(const sl_check_job *job, sl_text *sentence)
{
    const sl_data *train = job->train, *test = job->test;
    if (!test || test->features != train->features || test->outputs != train->outputs ||
        sl_data_is_bytes(test) != sl_data_is_bytes(train) || !test->store->columns != !train->store->columns)
        return SL_FINDS_NOTHING;
    uint64_t *hashes = sl_alloc_array(job->ctx, train->rows, sizeof *hashes),
             *others = hashes ? sl_alloc_array(job->ctx, test->rows, sizeof *others) : NULL;
    size_t shared = 0, repeated = 0;
    if (others && !sl_data_hash_rows(train, hashes) && !sl_data_hash_rows(test, others)) {
        sl_hashes_sort(hashes, train->rows);
        repeated = sl_hashes_repeated(hashes, train->rows);
        for (size_t i = 0; i < test->rows; i++)
            shared += sl_hashes_have(hashes, train->rows, others[i]);
    }
    sl_free(job->ctx, hashes);
    sl_free(job->ctx, others);
    if (!shared)
        return SL_FINDS_NOTHING;
    const bool wrong = shared_beyond_chance(shared, test->rows, repeated, train->rows);
    char count[32], all[32], share[32], chance[32];
    sl_text_add(
        sentence,
        "%s of the %s test rows in %s (%s) are training rows, inputs and target alike; of the training "
        "rows %s meet another",
        sl_count_text(count, shared), sl_count_text(all, test->rows),
        job->test_name ? job->test_name : test->source,
        sl_check_percent(share, (double)shared / (double)test->rows),
        sl_check_percent(chance, (double)repeated / (double)train->rows));
    if (wrong)
        sl_text_put(sentence, ": the test would measure what was learned by heart: take rows that were not "
                              "trained on");
    return wrong ? SL_FINDS_ERROR : SL_FINDS_REMARK;
}

const sl_check sl_check_shared_rows = {
    .name = "shared_rows",
    .summary = "rows of a test file that are training rows too",
    .formula = "5 and more, above 5 %, and above p n + 5 sqrt(p (1 - p) n) with p the share of training "
               "rows that meet another",
    .source = "Barz, Denzler 2020, Do we train on test data?",
    .look = shared_rows_look,
};
