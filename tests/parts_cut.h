/* parts_cut.h - for the tests of parts: three views as one value, and which part each row is in. For tests
 * only. */
#ifndef TESTS_PARTS_CUT_H
#define TESTS_PARTS_CUT_H

#include "data/parts.h"
#include "made_table.h"

typedef struct {
    sl_data *part[SL_PARTS];
} parts_three;

static inline parts_three parts_cut(sl_data *all, int classes, sl_parts_options options)
{
    parts_three three = { 0 };
    sl_data_parts(all, classes, &options, &three.part[0], &three.part[1], &three.part[2]);
    return three;
}

static inline void parts_free(parts_three three)
{
    for (int p = 0; p < SL_PARTS; p++)
        sl_data_free(three.part[p]);
}

/* Which part each row of `all` is in; every row is in one. */
static inline void parts_of(const parts_three *three, size_t rows, int *part)
{
    for (size_t i = 0; i < rows; i++)
        part[i] = -1;
    for (int p = 0; p < SL_PARTS; p++)
        for (size_t i = 0; three->part[p] && i < three->part[p]->rows; i++) {
            assert_int_equal(part[three->part[p]->order[i]], -1);
            part[three->part[p]->order[i]] = p;
        }
    for (size_t i = 0; i < rows; i++)
        assert_true(part[i] >= 0);
}

#endif
