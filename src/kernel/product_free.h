/* product_free.h - for measuring what the law costs (-Dlaw=false), and in no other build: products that split
 * k. */
#ifndef SL_KERNEL_PRODUCT_FREE_H
#define SL_KERNEL_PRODUCT_FREE_H

#include "kernel/kernel.h"

#ifdef SL_LAW_FREE
/* False: nothing was done, because the order of the law is no slower. `finish` is left to the caller. */
bool sl_product_free(const sl_product *product, sl_isa isa);
#endif

#endif
