/* memory.h - an allocator for tests: it counts, checks the sizes it is told, and fails when asked to. */
#ifndef SL_TESTS_MEMORY_H
#define SL_TESTS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

typedef struct {
    size_t bytes, blocks; /* given out now */
    size_t calls;         /* that asked for memory */
    size_t fail_at;       /* the call, from 1, from which on there is none; 0: never */
    bool fail_once;       /* only that call */
    bool wrong_size;      /* a block was given back with another size than it had */
    size_t largest, peak; /* of what was asked for at once, refused or not; of what was given out */
} test_memory;

static inline void *test_memory_realloc(void *user, void *block, size_t old_size, size_t new_size)
{
    test_memory *memory = user;
    size_t *raw = block ? (size_t *)block - 8 : NULL;
    if (raw && *raw != old_size)
        memory->wrong_size = true;
    if (new_size == 0) {
        memory->bytes -= old_size;
        memory->blocks -= raw != NULL;
        free(raw);
        return NULL;
    }
    memory->calls++;
    memory->largest = new_size > memory->largest ? new_size : memory->largest;
    if (memory->fail_at &&
        (memory->fail_once ? memory->calls == memory->fail_at : memory->calls >= memory->fail_at))
        return NULL;
    size_t *larger = realloc(raw, new_size + 8 * sizeof *raw);
    if (!larger)
        return NULL;
    *larger = new_size;
    memory->bytes += new_size - old_size;
    memory->blocks += raw == NULL;
    memory->peak = memory->bytes > memory->peak ? memory->bytes : memory->peak;
    return larger + 8;
}

#endif
