/* registry.c - the findings of diagnose/finding/. */
#include "diagnose/diagnose.h"

#define SL_INDEX(name) extern const sl_finding_kind sl_finding_##name;
#include "diagnose/finding/index.inc"
#undef SL_INDEX

static const sl_finding_kind *const finding_all[] = {
#define SL_INDEX(name) &sl_finding_##name,
#include "diagnose/finding/index.inc"
#undef SL_INDEX
    NULL
};

const sl_finding_kind *sl_finding_at(size_t index)
{
    return index + 1 < sizeof finding_all / sizeof *finding_all ? finding_all[index] : NULL;
}
