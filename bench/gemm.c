/* gemm.c - every matrix product of the workloads, ours beside OpenBLAS and oneDNN in one process, taking
 * turns; compiled and started by bench/gemm. Every result of ours is compared with the plain loop by ==. */
#define _XOPEN_SOURCE 700
#include "gemm_layers.h"
#include "kernel/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef HAVE_OPENBLAS
#    include <cblas.h>
#endif
#ifdef HAVE_ONEDNN
#    include <dnnl.h>
#    include <omp.h>
#endif

/* X Wᵀ, dYᵀ X, dY W; X Wᵀ with our W packed beforehand */
typedef enum { FORWARD, WEIGHTS, INPUTS, PACKED } gemm_layout;
static const char *const layout_names[] = { "X W'", "dY' X", "dY W", "X W' p" };
typedef enum { OURS, BLAS, BLAS_VECTOR, DNNL_GEMM, DNNL_MATMUL, CONTENDERS } gemm_contender;

typedef struct {
    size_t m, n, k; /* C [m, n], A [m, k], B [k, n] */
    gemm_layout layout;
    const char *where;
    float *a, *b, *c;
    bool a_transposed, b_transposed;
    float *packed; /* B for ours, or NULL */
#ifdef HAVE_ONEDNN
    dnnl_primitive_t matmul;
    dnnl_exec_arg_t arguments[3];
#endif
} gemm_job;

typedef struct {
    int threads, rounds;
    double window; /* seconds */
    bool quick, check;
    sl_ctx *ctx;
#ifdef HAVE_ONEDNN
    dnnl_engine_t engine;
    dnnl_stream_t stream;
#endif
} gemm_run;

static double gemm_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* --- the contenders -------------------------------------------------------------------------------- */

static sl_product gemm_ours(const gemm_job *j, float *c)
{
    const size_t a_row = j->a_transposed ? 1 : j->k, a_col = j->a_transposed ? j->m : 1;
    const size_t b_row = j->b_transposed ? 1 : j->n, b_col = j->b_transposed ? j->k : 1;
    sl_product product = sl_product_of(j->m, j->n, j->k, j->a, a_row, a_col, j->b, b_row, b_col, c, false);
    product.packed = j->packed;
    return product;
}

static bool gemm_takes_part(const gemm_job *j, gemm_contender who)
{
#ifdef HAVE_OPENBLAS
    if (who == BLAS || (who == BLAS_VECTOR && (j->m == 1 || j->n == 1)))
        return true;
#endif
#ifdef HAVE_ONEDNN
    if (who == DNNL_GEMM || (who == DNNL_MATMUL && j->matmul))
        return true;
#endif
    (void)j;
    return who == OURS;
}

#ifdef HAVE_OPENBLAS
static void gemm_blas(const gemm_job *j)
{
    const int m = (int)j->m, n = (int)j->n, k = (int)j->k;
    cblas_sgemm(CblasRowMajor, j->a_transposed ? CblasTrans : CblasNoTrans,
                j->b_transposed ? CblasTrans : CblasNoTrans, m, n, k, 1, j->a, j->a_transposed ? m : k, j->b,
                j->b_transposed ? k : n, 0, j->c, n);
}

/* One row or one column: OpenBLAS is faster when told that it is a vector. */
static void gemm_blas_vector(const gemm_job *j)
{
    const int m = (int)j->m, n = (int)j->n, k = (int)j->k;
    if (n == 1) {
        const int rows = j->a_transposed ? k : m, columns = j->a_transposed ? m : k;
        cblas_sgemv(CblasRowMajor, j->a_transposed ? CblasTrans : CblasNoTrans, rows, columns, 1, j->a,
                    columns, j->b, 1, 0, j->c, 1);
    } else {
        const int rows = j->b_transposed ? n : k, columns = j->b_transposed ? k : n;
        cblas_sgemv(CblasRowMajor, j->b_transposed ? CblasNoTrans : CblasTrans, rows, columns, 1, j->b,
                    columns, j->a, 1, 0, j->c, 1);
    }
}
#endif

#ifdef HAVE_ONEDNN
static bool gemm_memory(const gemm_run *run, dnnl_memory_t *memory, dnnl_memory_desc_t *shape, size_t rows,
                        size_t columns, bool transposed, float *numbers)
{
    const dnnl_dims_t dims = { (dnnl_dim_t)rows, (dnnl_dim_t)columns };
    const dnnl_dims_t strides = { transposed ? 1 : (dnnl_dim_t)columns, transposed ? (dnnl_dim_t)rows : 1 };
    return dnnl_memory_desc_init_by_strides(shape, 2, dims, dnnl_f32, strides) == dnnl_success &&
           dnnl_memory_create(memory, shape, run->engine, numbers) == dnnl_success;
}

static void gemm_matmul_new(const gemm_run *run, gemm_job *j)
{
    dnnl_memory_desc_t a, b, c;
    dnnl_memory_t memory[3] = { NULL };
    dnnl_matmul_desc_t matmul;
    dnnl_primitive_desc_t how = NULL;
    if (gemm_memory(run, &memory[0], &a, j->m, j->k, j->a_transposed, j->a) &&
        gemm_memory(run, &memory[1], &b, j->k, j->n, j->b_transposed, j->b) &&
        gemm_memory(run, &memory[2], &c, j->m, j->n, false, j->c) &&
        dnnl_matmul_desc_init(&matmul, &a, &b, NULL, &c) == dnnl_success &&
        dnnl_primitive_desc_create(&how, &matmul, NULL, run->engine, NULL) == dnnl_success) {
        if (dnnl_primitive_create(&j->matmul, how) != dnnl_success)
            j->matmul = NULL;
        dnnl_primitive_desc_destroy(how);
    }
    static const int names[] = { DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST };
    for (int i = 0; i < 3; i++)
        j->arguments[i] = (dnnl_exec_arg_t){ names[i], memory[i] };
}

static void gemm_matmul_free(gemm_job *j)
{
    if (j->matmul)
        dnnl_primitive_destroy(j->matmul);
    for (int i = 0; i < 3; i++)
        dnnl_memory_destroy(j->arguments[i].memory);
}
#endif

static void gemm_call(const gemm_run *run, const gemm_job *j, gemm_contender who)
{
    switch (who) {
    case OURS: {
        const sl_product product = gemm_ours(j, j->c);
        sl_product_run(run->ctx, &product);
        break;
    }
#ifdef HAVE_OPENBLAS
    case BLAS:
        gemm_blas(j);
        break;
    case BLAS_VECTOR:
        gemm_blas_vector(j);
        break;
#endif
#ifdef HAVE_ONEDNN
    case DNNL_GEMM:
        dnnl_sgemm(j->a_transposed ? 'T' : 'N', j->b_transposed ? 'T' : 'N', (dnnl_dim_t)j->m,
                   (dnnl_dim_t)j->n, (dnnl_dim_t)j->k, 1, j->a, (dnnl_dim_t)(j->a_transposed ? j->m : j->k),
                   j->b, (dnnl_dim_t)(j->b_transposed ? j->k : j->n), 0, j->c, (dnnl_dim_t)j->n);
        break;
    case DNNL_MATMUL:
        dnnl_primitive_execute(j->matmul, run->stream, 3, j->arguments);
        dnnl_stream_wait(run->stream);
        break;
#endif
    default:
        break;
    }
}

/* --- right? ------------------------------------------------------------------------------------------ */

/* Ours equals the plain loop, bit for bit (in --quick on some rows of a large product); the others are near
 * it, so that all have done the same work. */
static void gemm_check(const gemm_run *run, const gemm_job *j)
{
    const size_t numbers = j->m * j->n;
    float *wanted = malloc(numbers * sizeof *wanted);
    if (!wanted)
        exit(1);
    const size_t step = run->quick && j->m > 8 && j->m * j->n * j->k > 2000000 ? j->m / 4 : 1;
    for (size_t i = 0; i < j->m; i += step) {
        sl_product row = gemm_ours(j, wanted);
        row.rows = 1;
        row.a += i * row.a_row;
        row.c += i * row.c_row;
        sl_product_plain(&row);
    }
    for (gemm_contender who = OURS; who < CONTENDERS; who++) {
        if (!gemm_takes_part(j, who))
            continue;
        memset(j->c, 0xff, numbers * sizeof *j->c);
        gemm_call(run, j, who);
        for (size_t i = 0; i < j->m; i += step)
            for (size_t x = i * j->n; x < (i + 1) * j->n; x++) {
                const float off = j->c[x] - wanted[x], most = 1e-6F * (float)(j->k + 16);
                if (who == OURS ? memcmp(&j->c[x], &wanted[x], sizeof *wanted) != 0
                                : !(off < most && off > -most)) {
                    fprintf(stderr, "gemm: %s [%zu, %zu, %zu]: contender %d: element %zu is %a, wanted %a\n",
                            layout_names[j->layout], j->m, j->n, j->k, (int)who, x, (double)j->c[x],
                            (double)wanted[x]);
                    exit(1);
                }
            }
    }
    free(wanted);
}

/* --- how fast? --------------------------------------------------------------------------------------- */

static int gemm_less(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double gemm_median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, gemm_less);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static double gemm_time(const gemm_run *run, const gemm_job *j, gemm_contender who, size_t calls)
{
    const double start = gemm_clock();
    for (size_t i = 0; i < calls; i++)
        gemm_call(run, j, who);
    return (gemm_clock() - start) / (double)calls;
}

enum { MOST_ROUNDS = 64 };

static void gemm_measure(const gemm_run *run, const gemm_job *j, double peak)
{
    static double times[CONTENDERS][MOST_ROUNDS];
    size_t calls[CONTENDERS] = { 0 };
    double best[CONTENDERS] = { 0 };
    for (gemm_contender who = OURS; who < CONTENDERS; who++) {
        if (!gemm_takes_part(j, who))
            continue;
        calls[who] = 1;
        while (gemm_time(run, j, who, calls[who]) * (double)calls[who] < run->window / 2 &&
               calls[who] < 1 << 24)
            calls[who] *= 2;
    }
    for (int round = 0; round < run->rounds; round++)
        for (gemm_contender who = OURS; who < CONTENDERS; who++) {
            if (!calls[who])
                continue;
            if (run->threads > 1) /* the others' helpers spin on for a while */
                nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
            gemm_call(run, j, who);
            const double passed = gemm_time(run, j, who, calls[who]);
            times[who][round] = passed;
            if (round == 0 || passed < best[who])
                best[who] = passed;
        }
    const double flops = 2.0 * (double)j->m * (double)j->n * (double)j->k;
    printf("%-20s %4zu %4zu %4zu  %-5s %9.2f", j->where, j->m, j->n, j->k, layout_names[j->layout],
           best[OURS] * 1e6);
    for (gemm_contender who = OURS; who < CONTENDERS; who++) {
        if (calls[who])
            printf(" %7.1f", flops / best[who] / 1e9);
        else
            printf(" %7s", "-");
    }
    const gemm_contender first[] = { BLAS, DNNL_GEMM }; /* the better of its two */
    for (int library = 0; library < 2; library++) {
        double ratios[MOST_ROUNDS], worst = 0;
        for (int other = 0; other < 2; other++) {
            const gemm_contender who = first[library] + (gemm_contender)other;
            for (int round = 0; calls[who] && round < run->rounds; round++)
                ratios[round] = times[who][round] / times[OURS][round];
            const double ratio = calls[who] ? gemm_median(ratios, run->rounds) : 0;
            if (ratio > 0 && (worst == 0 || ratio < worst))
                worst = ratio;
        }
        if (worst > 0)
            printf(" %7.2f%c", worst, worst < (library ? 0.93 : 0.95) ? '*' : ' ');
        else
            printf(" %7s ", "-");
    }
    printf(" %6.1f\n", 100 * flops / best[OURS] / peak);
    fflush(stdout);
}

static void gemm_one(gemm_run *run, const char *where, gemm_layout layout, size_t m, size_t n, size_t k,
                     double peak)
{
    gemm_job job = { .m = m, .n = n, .k = k, .layout = layout, .where = where };
    job.a_transposed = layout == WEIGHTS;
    job.b_transposed = layout == FORWARD || layout == PACKED;
    job.a = aligned_alloc(64, (m * k * sizeof(float) + 63) / 64 * 64);
    job.b = aligned_alloc(64, (k * n * sizeof(float) + 63) / 64 * 64);
    job.c = aligned_alloc(64, (m * n * sizeof(float) + 63) / 64 * 64);
    if (!job.a || !job.b || !job.c)
        exit(1);
    uint32_t state = 1;
    for (size_t i = 0; i < m * k + k * n; i++) {
        state = state * 1664525 + 1013904223;
        *(i < m * k ? &job.a[i] : &job.b[i - m * k]) = ((float)(state >> 16) - 32768) / 65536;
    }
    const sl_product product = gemm_ours(&job, job.c);
    const size_t size = layout == PACKED ? sl_product_packed_size(run->ctx, &product) : 0; /* numbers */
    if (size && (job.packed = aligned_alloc(64, (size * 4 + 63) / 64 * 64)))
        sl_product_pack(run->ctx, &product, job.packed);
#ifdef HAVE_ONEDNN
    gemm_matmul_new(run, &job);
#endif
    if (run->check)
        gemm_check(run, &job);
    gemm_measure(run, &job, peak);
#ifdef HAVE_ONEDNN
    gemm_matmul_free(&job);
#endif
    free(job.packed);
    free(job.a);
    free(job.b);
    free(job.c);
}

static void gemm_layer_run(gemm_run *run, const gemm_layer *l, double peak)
{
    gemm_one(run, l->where, l->kind == ANSWER ? PACKED : FORWARD, l->batch, l->out, l->in, peak);
    if (l->kind == ANSWER)
        return;
    gemm_one(run, l->where, WEIGHTS, l->out, l->in, l->batch, peak);
    if (l->kind == LATER)
        gemm_one(run, l->where, INPUTS, l->batch, l->in, l->out, peak);
}

/* gemm THREADS ISA ROUNDS WINDOW_MS CHECK QUICK ONLY|- [M N K] */
int main(int argc, char **argv)
{
    if (argc < 8)
        return 2;
    gemm_run run = { .threads = atoi(argv[1]), .rounds = atoi(argv[3]), .window = atof(argv[4]) * 1e-3 };
    run.check = atoi(argv[5]);
    run.quick = atoi(argv[6]);
    run.rounds = run.rounds < 1 ? 1 : run.rounds > MOST_ROUNDS ? MOST_ROUNDS : run.rounds;
    run.ctx = sl_ctx_new(&(sl_ctx_options){ .threads = run.threads, .isa = *argv[2] ? argv[2] : NULL });
    if (sl_error(run.ctx)) {
        fprintf(stderr, "gemm: %s\n", sl_message(run.ctx));
        return 2;
    }
#ifdef HAVE_OPENBLAS
    openblas_set_num_threads(run.threads);
#endif
#ifdef HAVE_ONEDNN
    omp_set_num_threads(run.threads);
    if (dnnl_engine_create(&run.engine, dnnl_cpu, 0) != dnnl_success ||
        dnnl_stream_create(&run.stream, run.engine, dnnl_stream_default_flags) != dnnl_success)
        return 1;
#endif
    double peak = sl_machine_flops(run.ctx, run.threads, 0.2);
    if (!(peak > 0)) {
        fprintf(stderr, "gemm: %s\n", sl_message(run.ctx));
        return 1;
    }
    printf("slope %s (%s)", sl_version(), sl_ctx_isa(run.ctx));
#ifdef HAVE_OPENBLAS
    char name[256];
    snprintf(name, sizeof name, "%s", openblas_get_config());
    name[strcspn(name + 9, " ") + 9] = 0; /* "OpenBLAS 0.3.21 NO_LAPACKE ..." */
    printf(", %s (%s)", name, openblas_get_corename());
#endif
#ifdef HAVE_ONEDNN
    const dnnl_version_t *version = dnnl_version();
    printf(", oneDNN %d.%d.%d", version->major, version->minor, version->patch);
#endif
    printf("; %d thread%s, peak %.1f GFLOP/s\n", run.threads, run.threads > 1 ? "s" : "", peak / 1e9);
    printf("%-20s %4s %4s %4s  %-5s %9s %7s %7s %7s %7s %7s %8s %8s %6s\n", "", "m", "n", "k", "", "us",
           "slope", "blas", "gemv", "sgemm", "matmul", "/blas ", "/onednn ", "% peak");
    const char *only = argv[7];
    if (argc >= 11) {
        const size_t m = strtoul(argv[8], NULL, 10), n = strtoul(argv[9], NULL, 10),
                     k = strtoul(argv[10], NULL, 10);
        if (!m || !n || !k || m > 65536 || n > 65536 || k > 65536) {
            fputs("gemm: --shape wants three numbers from 1 to 65536\n", stderr);
            return 2;
        }
        for (gemm_layout layout = FORWARD; layout <= INPUTS; layout++)
            gemm_one(&run, "shape", layout, m, n, k, peak);
    } else {
        for (size_t i = 0; i < sizeof gemm_layers / sizeof *gemm_layers; i++)
            if (!strcmp(only, "-") || !strcmp(only, gemm_layers[i].where))
                gemm_layer_run(&run, &gemm_layers[i], peak);
        const bool square = !strcmp(only, "-") || !strcmp(only, "square");
        for (gemm_layout layout = FORWARD; square && layout <= INPUTS; layout++)
            gemm_one(&run, "square", layout, 1024, 1024, 1024, peak);
    }
    sl_ctx_free(run.ctx);
    return 0;
}
