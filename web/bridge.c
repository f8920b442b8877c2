/* bridge.c - what the page may call. */
#include "slope.h"

#define BRIDGE_EXPORT(name) __attribute__((export_name(#name)))

BRIDGE_EXPORT(lab_version) const char *lab_version(void);
const char *lab_version(void)
{
    return sl_version();
}
