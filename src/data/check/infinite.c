/* infinite.c - infinite numbers, which no mean and no step survives. */
#include "data/check/check.h"

#include <stdio.h>

typedef struct {
    size_t count, row; /* row: the first one's */
    double value;
    char place[80];
} infinite_found;

/* place: "column %s" or "input %s". */
static void infinite_see(infinite_found *found, size_t row, double value, const char *what, const char *name)
{
    if (found->count++)
        return;
    found->row = row;
    found->value = value;
    snprintf(found->place, sizeof found->place, "%s %.60s", what, name);
}

static void infinite_table(const sl_check_job *job, infinite_found *found)
{
    const sl_data *train = job->train;
    double *x = sl_alloc_array(job->ctx, train->rows, sizeof *x);
    const sl_column *column;
    for (int i = 0; x && (column = sl_check_cells(job, i, x)); i++)
        for (size_t row = 0; row < train->rows; row++)
            if (x[row] == x[row] && x[row] - x[row] != 0) /* a missing value is another matter */
                infinite_see(found, row, x[row], "column", column->name);
    sl_free(job->ctx, x);
}

/* Numbers without names, where nothing stands for a missing one. */
static void infinite_reals(const sl_check_job *job, infinite_found *found)
{
    const sl_data *train = job->train;
    sl_real *x = sl_alloc_array(job->ctx, train->features, sizeof *x);
    char name[24];
    for (size_t row = 0; x && row < train->rows; row++) {
        sl_data_gather(NULL, train, &row, 1, NULL, x, NULL);
        for (size_t i = 0; i < train->features; i++)
            if (x[i] - x[i] != 0) {
                snprintf(name, sizeof name, "%zu", i);
                infinite_see(found, row, (double)x[i], "input", name);
            }
    }
    sl_free(job->ctx, x);
}

static sl_severity infinite_look(const sl_check_job *job, sl_text *sentence)
{
    const sl_data *train = job->train;
    infinite_found found = { 0 };
    if (train->store->columns)
        infinite_table(job, &found);
    else if (!sl_data_is_bytes(train))
        infinite_reals(job, &found);
    for (size_t row = 0; train->outputs == 1 && row < train->rows; row++) {
        const double y = sl_data_target(train, row);
        if (y - y != 0)
            infinite_see(&found, row, y, "the", "target");
    }
    if (!found.count)
        return SL_FINDS_NOTHING;
    char number[32], count[32];
    sl_text_add(sentence,
                "%s value%s of the training rows %s not finite, the first of them %s in row %zu, %s: "
                "mend the data, or leave these rows out",
                sl_count_text(count, found.count), found.count == 1 ? "" : "s",
                found.count == 1 ? "is" : "are", found.place, found.row, sl_number_text(number, found.value));
    return SL_FINDS_ERROR;
}

const sl_check sl_check_infinite = {
    .name = "infinite",
    .summary = "infinite numbers, and where none may be missing also what is not a number",
    .formula = "x - x is not 0",
    .source = "the first step would make every weight not a number",
    .look = infinite_look,
};
