/* selftest.h - the kernels of this machine against the plain loop, where the test-suite cannot run: inside a
 * WebAssembly module, under an emulator.                                                              */
#ifndef BENCH_SELFTEST_H
#define BENCH_SELFTEST_H

#include <stddef.h>
#include <stdint.h>

/* Checks sl_fused against integers of 128 bits, and the product of every instruction set against the plain
 * loop, over random shapes and numbers that follow from the seed. 0; or 1, and said (size bytes) names the
 * first difference. */
int sl_selftest(uint32_t seed, char *said, size_t size);

#endif
