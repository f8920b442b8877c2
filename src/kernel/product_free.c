/* product_free.c - see product_free.h. The law's kernels have one chain an element, and vectors along the
 * columns (or rows) of the result; where that is a few numbers wide, they wait for the chain. Free of the
 * law, vectors run along k instead: each element is a dot product with many partial sums. */
#include "kernel/product_free.h"

#if defined(SL_LAW_FREE) && (defined(__AVX512BW__) || defined(__AVX2__)) && defined(__FMA__)
#    ifdef __AVX512BW__
#        define SL_SIMD_AVX512
static const sl_isa free_isa = SL_ISA_AVX512;
#    else
#        define SL_SIMD_AVX2
static const sl_isa free_isa = SL_ISA_AVX2;
#    endif
#    include "kernel/simd.h"

/* Results that are narrower than this on one side: measured, wider ones are faster in the law's order. */
enum { FREE_NARROW = 2 * SIMD_WIDTH, FREE_ROWS = 4, FREE_COLUMNS = 5, FREE_SPLIT = 8 };

typedef struct { /* both operands along k without gaps */
    const sl_real *a, *b;
    size_t a_row, b_row, depth;
    float sum[FREE_COLUMNS][FREE_ROWS];
} free_job;

/* The numbers of a vector, added. */
SL_INLINE float free_sum(simd_t x)
{
#    ifdef SL_SIMD_AVX512
    return _mm512_reduce_add_ps(x);
#    else
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
#    endif
}

/* The same for four at once: to[0..4). */
SL_INLINE void free_sum_4(float *to, simd_t a, simd_t b, simd_t c, simd_t d)
{
#    ifdef SL_SIMD_AVX512
    const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
    const __m512 all = _mm512_add_ps(_mm512_shuffle_ps(ab, cd, 0x44), _mm512_shuffle_ps(ab, cd, 0xee));
    const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(all), _mm512_extractf32x8_ps(all, 1));
#    else
    const __m256 ab = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
    const __m256 cd = _mm256_add_ps(_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
    const __m256 half = _mm256_add_ps(_mm256_shuffle_ps(ab, cd, 0x44), _mm256_shuffle_ps(ab, cd, 0xee));
#    endif
    _mm_storeu_ps(to, _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1)));
}

/* rows x columns dot products; `split` vectors of each are under way at once. All three are constants. */
SL_INLINE void free_tile(free_job *job, const int rows, const int columns, const int split)
{
    simd_t sum[FREE_ROWS][FREE_COLUMNS][FREE_SPLIT];
#    pragma GCC unroll 4
    for (int i = 0; i < rows; i++)
#    pragma GCC unroll 5
        for (int j = 0; j < columns; j++)
#    pragma GCC unroll 8
            for (int s = 0; s < split; s++)
                sum[i][j][s] = simd_all(0);
    const size_t step = (size_t)split * SIMD_WIDTH;
    size_t k = 0;
    for (; k + step <= job->depth; k += step)
#    pragma GCC unroll 8
        for (int s = 0; s < split; s++) {
            const size_t at = k + (size_t)s * SIMD_WIDTH;
            simd_t x[FREE_ROWS];
#    pragma GCC unroll 4
            for (int i = 0; i < rows; i++)
                x[i] = simd_load(job->a + (size_t)i * job->a_row + at);
#    pragma GCC unroll 5
            for (int j = 0; j < columns; j++) {
                const simd_t y = simd_load(job->b + (size_t)j * job->b_row + at);
#    pragma GCC unroll 4
                for (int i = 0; i < rows; i++)
                    sum[i][j][s] = simd_fma(x[i], y, sum[i][j][s]);
            }
        }
    for (; k < job->depth; k += SIMD_WIDTH) {
        const size_t n = job->depth - k < SIMD_WIDTH ? job->depth - k : SIMD_WIDTH;
#    pragma GCC unroll 4
        for (int i = 0; i < rows; i++) {
            const simd_t x = simd_load_n(job->a + (size_t)i * job->a_row + k, n);
#    pragma GCC unroll 5
            for (int j = 0; j < columns; j++)
                sum[i][j][0] = simd_fma(x, simd_load_n(job->b + (size_t)j * job->b_row + k, n), sum[i][j][0]);
        }
    }
#    pragma GCC unroll 5
    for (int j = 0; j < columns; j++) {
#    pragma GCC unroll 4
        for (int i = 0; i < rows; i++)
#    pragma GCC unroll 8
            for (int s = 1; s < split; s++)
                sum[i][j][0] = simd_add(sum[i][j][0], sum[i][j][s]);
        if (rows == 4)
            free_sum_4(job->sum[j], sum[0][j][0], sum[1][j][0], sum[2][j][0], sum[3][j][0]);
        else
            job->sum[j][0] = free_sum(sum[0][j][0]);
    }
}

static void free_tile_1(free_job *job, int columns)
{
    switch (columns) {
    case 1:
        free_tile(job, 1, 1, 8);
        break;
    case 2:
        free_tile(job, 1, 2, 4);
        break;
    case 3:
        free_tile(job, 1, 3, 3);
        break;
    case 4:
        free_tile(job, 1, 4, 2);
        break;
    default:
        free_tile(job, 1, 5, 2);
    }
}

static void free_tile_4(free_job *job, int columns)
{
    switch (columns) {
    case 1:
        free_tile(job, 4, 1, 2);
        break;
    case 2:
        free_tile(job, 4, 2, 1);
        break;
    case 3:
        free_tile(job, 4, 3, 1);
        break;
    case 4:
        free_tile(job, 4, 4, 1);
        break;
    default:
        free_tile(job, 4, 5, 1);
    }
}

bool sl_product_free(const sl_product *p, sl_isa isa)
{
    if (isa != free_isa || p->a_col != 1 || p->b_row != 1 || p->depth < 2 * SIMD_WIDTH)
        return false;
    if (p->columns >= FREE_NARROW && p->rows >= FREE_NARROW)
        return false;
    if (p->packed && p->columns >= FREE_NARROW) /* its columns already lie as vectors */
        return false;
    free_job job = { .a_row = p->a_row, .b_row = p->b_col, .depth = p->depth };
    for (size_t i = 0; i < p->rows;) {
        const size_t rows = p->rows - i >= FREE_ROWS ? FREE_ROWS : 1;
        for (size_t j = 0; j < p->columns;) {
            const size_t columns = p->columns - j < FREE_COLUMNS ? p->columns - j : FREE_COLUMNS;
            job.a = p->a + i * p->a_row;
            job.b = p->b + j * p->b_col;
            if (rows == 1)
                free_tile_1(&job, (int)columns);
            else
                free_tile_4(&job, (int)columns);
            for (size_t r = 0; r < rows; r++)
                for (size_t n = 0; n < columns; n++) {
                    sl_real *c = p->c + (i + r) * p->c_row + j + n;
                    sl_real sum = p->add ? *c + job.sum[n][r] : job.sum[n][r];
                    if (p->bias)
                        sum += p->bias[j + n];
                    *c = p->relu && !(sum > 0) ? 0 : sum;
                }
            j += columns;
        }
        i += rows;
    }
    return true;
}
#elif defined(SL_LAW_FREE)
bool sl_product_free(const sl_product *p, sl_isa isa)
{
    (void)p, (void)isa;
    return false;
}
#else
typedef int product_free_unused; /* ISO C wants a declaration */
#endif
