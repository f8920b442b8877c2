/* fixed.h - memory out of one buffer of the caller's: blocks that are given back are joined and used again.
 * Where a block lies depends on the calls alone, not on the buffer's size: what was needed at most would have
 * done. */
#ifndef SL_CORE_FIXED_H
#define SL_CORE_FIXED_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sl_fixed sl_fixed;

/* It lies in the buffer itself. NULL: the buffer is too small for that, or NULL. */
sl_fixed *sl_fixed_new(void *buffer, size_t size);
/* As sl_ctx_options.realloc: new_size 0 frees; NULL when it is full, and the old block stays. Blocks are
 * aligned to 16 bytes. */
void *sl_fixed_realloc(void *fixed, void *block, size_t old_size, size_t new_size);
typedef struct {
    size_t size;    /* of the buffer                                                  */
    size_t used;    /* now, with what stands around the blocks                        */
    size_t peak;    /* from its start to the end of the highest block there ever was  */
    size_t largest; /* block that could be had now                                    */
} sl_fixed_state;
sl_fixed_state sl_fixed_look(const sl_fixed *fixed);
/* Does all that it knows about its blocks fit together? For tests. */
bool sl_fixed_sound(const sl_fixed *fixed);

#endif
