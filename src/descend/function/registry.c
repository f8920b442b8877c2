/* registry.c - the functions of this folder. */
#include "descend/function.h"

#define SL_INDEX(name) extern const sl_landscape sl_landscape_##name;
#include "descend/function/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_landscape_##name,
static const sl_landscape *const landscape_registry[] = {
#include "descend/function/index.inc"
    NULL
};
#undef SL_INDEX

const sl_landscape *sl_landscape_at(size_t index)
{
    return index < sizeof landscape_registry / sizeof *landscape_registry ? landscape_registry[index] : NULL;
}
