/* product.h - between product.c, which cuts a product into blocks, and the tiles of each instruction set. */
#ifndef SL_KERNEL_PRODUCT_H
#define SL_KERNEL_PRODUCT_H

#include "kernel/kernel.h"
#include "kernel/prefetch.h"

/* A product turned so that vectors run along its columns: as it is given, or as Cᵀ = Bᵀ Aᵀ. */
typedef struct {
    size_t rows, columns, depth;
    const sl_real *a;
    size_t a_row, a_col;
    const sl_real *b;
    size_t b_row, b_col;
    sl_real *c;
    size_t c_row, c_col; /* one of them is 1 */
    bool add, relu;
    const sl_real *bias;
    bool bias_rows; /* bias[i], not bias[j]: the product is turned */
    const sl_real *packed;
} sl_turned;

/* What a worker keeps from one block to the next. */
typedef struct {
    sl_real *memory;  /* for columns of B */
    sl_real *rows;    /* SL_WORKSPACE_A for rows of A; NULL: none */
    size_t column, k; /* the columns of B that lie packed in it begin here; SIZE_MAX: none do */
} sl_workspace;

enum {
    SL_WORKSPACE_B = 131072, /* packed columns of B: 512 kB of floats, a part of the second-level cache */
    SL_WORKSPACE_A = 65600,  /* rows of A, packed */
    SL_WORKSPACE = SL_WORKSPACE_B + SL_WORKSPACE_A,
    SL_WORKSPACE_SMALL = 4096 /* of either: a product this small takes it from the stack */
};

/* Rows i0..i1, columns j0..j1 of C. */
typedef void sl_product_block(const sl_turned *t, size_t i0, size_t i1, size_t j0, size_t j1,
                              sl_workspace *work);
/* Columns j0..j1 of B, k0..k1, to `to` as the tiles read it. */
typedef void sl_product_packer(const sl_turned *t, size_t k0, size_t k1, size_t j0, size_t j1, sl_real *to);

typedef struct {
    int log_width; /* of the numbers in a vector */
    size_t panel;  /* columns that lie packed together */
    size_t tile_rows;
    sl_product_block *block;
    sl_product_packer *pack;
    bool (*direct)(const sl_turned *t); /* B is not packed */
    bool (*few)(const sl_product *p);   /* where there are few, does all but the finish; NULL: does not */
} sl_product_kernel;
extern const sl_product_kernel sl_product_avx2, sl_product_avx512, sl_product_neon;
extern const sl_product_kernel sl_product_simd128, sl_product_sse2; /* fused in software, float alone */

#endif
