/* bags.h - random bags, and the gradient of embedding_bag as a plain loop. For tests only. */
#ifndef TESTS_BAGS_H
#define TESTS_BAGS_H

#include "engine.h"

enum { MOST_BAGS = 40, MOST_IDS = 4000 };
typedef struct {
    int ids[MOST_IDS];
    size_t offsets[MOST_BAGS + 1];
    sl_real values[MOST_IDS];
    sl_bags bags;
} made_bags;

/* Ragged, some empty, low rows more often than high ones; the first id is not the list's first. */
static inline void make_bags(made_bags *made, uint64_t *state, int count, size_t most, int rows)
{
    size_t at = made->offsets[0] = engine_below(state, 3);
    for (int i = 0; i < count; i++) {
        at += engine_below(state, 4) ? engine_below(state, most + 1) : 0;
        made->offsets[i + 1] = at;
    }
    assert_in_range(at, 0, MOST_IDS);
    for (size_t i = 0; i < at; i++)
        made->ids[i] = (int)engine_below(state, engine_below(state, (size_t)rows) + 1);
    made->bags = (sl_bags){ .ids = made->ids, .offsets = made->offsets, .count = count };
}

/* Values for its ids: some 0, some below. */
static inline void value_bags(made_bags *made)
{
    uint64_t state = 31 + made->offsets[made->bags.count];
    engine_fill(&state, made->values, MOST_IDS, -1, 2);
    for (size_t i = 0; i < MOST_IDS; i += 11)
        made->values[i] = 0;
    made->bags.values = made->values;
}

static inline void plain_backward(sl_real *g, const sl_real *dy, const sl_bags *b, size_t width, bool mean)
{
    for (int i = 0; i < b->count; i++)
        for (size_t at = b->offsets[i]; at < b->offsets[i + 1]; at++)
            for (size_t j = 0; j < width; j++) {
                sl_real d = dy[(size_t)i * width + j];
                if (mean)
                    d /= (sl_real)(b->offsets[i + 1] - b->offsets[i]);
                g[(size_t)b->ids[at] * width + j] += b->values ? b->values[at] * d : d;
            }
}

#endif
