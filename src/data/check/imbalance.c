/* imbalance.c - one class is rare beside another. */
#include "data/check/check.h"

enum { IMBALANCE_TIMES = 10 };

static sl_severity imbalance_look(const sl_check_job *job, sl_text *sentence)
{
    const sl_data *train = job->train;
    if (!job->classes || job->weighted)
        return SL_FINDS_NOTHING;
    const size_t classes = (size_t)job->classes;
    size_t *rows = sl_alloc_array(job->ctx, classes, sizeof *rows), most = 0, least = classes;
    for (size_t row = 0; rows && row < train->rows; row++)
        rows[(size_t)sl_data_target(train, row)]++;
    for (size_t c = 0; rows && c < classes; c++) {
        most = rows[c] > rows[most] ? c : most;
        least = rows[c] && (least == classes || rows[c] < rows[least]) ? c : least;
    }
    const size_t few = rows ? rows[least] : 0, many = rows ? rows[most] : 0;
    sl_free(job->ctx, rows);
    if (!few || many < IMBALANCE_TIMES * few)
        return SL_FINDS_NOTHING;
    char rare[64], usual[64], first[32], second[32], share[32];
    sl_text_add(
        sentence,
        "class %s has %s training row%s (%s), class %s %s: accuracy says little about the rare one: look "
        "at macro F1; --class-weight balanced lets classes count alike",
        sl_check_class(rare, train, (int)least), sl_count_text(first, few), few == 1 ? "" : "s",
        sl_check_percent(share, (double)few / (double)train->rows), sl_check_class(usual, train, (int)most),
        sl_count_text(second, many));
    return SL_FINDS_REMARK;
}

const sl_check sl_check_imbalance = {
    .name = "imbalance",
    .summary = "a class that is rare beside another",
    .formula = "a class has at most a tenth of the rows of the most frequent one",
    .source = "always answering the frequent class is then right nearly always",
    .look = imbalance_look,
};
