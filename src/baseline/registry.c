/* registry.c - the baselines of this folder, and a draw of rows they share. */
#include "baseline/baseline.h"
#include "core/random.h"

#define SL_INDEX(name) extern const sl_baseline sl_baseline_##name;
#include "baseline/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_baseline_##name,
static const sl_baseline *const baseline_registry[] = {
#include "baseline/index.inc"
    NULL
};
#undef SL_INDEX

const sl_baseline *sl_baseline_at(size_t index)
{
    return index < sizeof baseline_registry / sizeof *baseline_registry ? baseline_registry[index] : NULL;
}

double *sl_fitted_add(sl_ctx *ctx, sl_fitted *fitted, int index, const char *name, size_t rows,
                      size_t columns)
{
    sl_fitted_array *array = &fitted->array[index];
    array->name = name;
    array->rows = rows;
    array->columns = columns;
    array->v = rows && columns > SIZE_MAX / sizeof *array->v / rows
                   ? NULL
                   : sl_alloc_array(ctx, rows * columns, sizeof *array->v);
    return array->v;
}

/* Selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S): row i with probability (still wanted) / (left). */
void sl_baseline_sample(uint64_t seed, uint32_t a, size_t all, size_t wanted, size_t *rows)
{
    size_t taken = 0;
    for (size_t i = 0; i < all && taken < wanted; i++) {
        const size_t left = all - i, need = wanted - taken;
        if (need == left || sl_random_uniform(seed, SL_FOR_SAMPLE, a, 0, i) * (double)left < (double)need)
            rows[taken++] = i;
    }
}
