/* documents_method_test.c - the vectors of a view of documents against a plain loop of the method. */
#include "documents.h"

/* --- the method, as the headers have it, in a plain loop --- */

static uint64_t doc_mix(uint64_t h)
{
    h = (h ^ h >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ h >> 27) * UINT64_C(0x94D049BB133111EB);
    return h ^ h >> 31;
}

static void doc_unit(double *x, size_t size)
{
    double squares = 0;
    for (size_t k = 0; k < size; k++)
        squares += x[k] * x[k];
    for (size_t k = 0; k < size; k++)
        x[k] /= sqrt(squares);
}

static void doc_pull(double *change, const double *x, const double *row, double share, size_t size)
{
    double dot = 0;
    for (size_t k = 0; k < size; k++)
        dot += x[k] * row[k];
    for (size_t k = 0; k < size; k++)
        change[k] += share / (1 + exp(share > 0 ? 6 * dot : -6 * dot)) * row[k];
}

static void doc_step(double *x, const double *change, double rate, size_t size)
{
    for (size_t k = 0; k < size; k++)
        x[k] += rate * change[k];
    doc_unit(x, size);
}

typedef struct {
    const sl_documents_job *job;
    uint64_t *sum;
    uint32_t *keep;
    double *gram, *document;
} doc_plain;

static size_t doc_draw(const doc_plain *p, sl_stream *stream)
{
    const uint64_t at = sl_stream_below(stream, p->sum[p->job->grams - 1]);
    size_t g = 0;
    while (p->sum[g] <= at)
        g++;
    return g;
}

static bool doc_takes(const doc_plain *p, uint64_t visit, size_t d, size_t g)
{
    const uint64_t key = doc_mix(visit + (d + 1) * UINT64_C(0x9E3779B97F4A7C15));
    return (uint32_t)((key ^ g) * UINT64_C(0x9E3779B97F4A7C15) >> 40) < p->keep[g];
}

static bool doc_has(const doc_plain *p, size_t d, size_t g)
{
    for (size_t i = p->job->offset[d]; i < p->job->offset[d + 1]; i++)
        if ((size_t)p->job->id[i] == g)
            return true;
    return false;
}

/* Documents first .. end-1 are the batch. */
static void doc_visit(doc_plain *p, size_t number, size_t visits, size_t first, size_t end)
{
    const size_t size = p->job->size;
    const uint64_t visit = sl_random_bits(1, SL_FOR_DOCUMENTS, 3, 0, number);
    sl_stream draws = { .seed = 1, .purpose = SL_FOR_DOCUMENTS, .a = 5, .b = (uint32_t)number };
    size_t noise[128];
    double change[64];
    for (int i = 0; i < 128; i++)
        noise[i] = doc_draw(p, &draws);
    for (size_t d = first; d < end; d++) {
        double *x = p->document + d * size, n = 0;
        memset(change, 0, sizeof change);
        for (size_t g = 0; g < p->job->grams; g++)
            if (doc_has(p, d, g) && doc_takes(p, visit, d - first, g)) {
                doc_pull(change, x, p->gram + g * size, 1, size);
                n++;
            }
        for (int i = 0; i < 128 && n > 0; i++)
            doc_pull(change, x, p->gram + noise[i] * size, -n / 128, size);
        if (n > 0)
            doc_step(x, change, 0.015 * 6, size);
    }
    for (size_t g = 0; g < p->job->grams; g++) {
        double *v = p->gram + g * size;
        int n = 0;
        memset(change, 0, sizeof change);
        for (size_t d = first; d < end; d++)
            if (doc_has(p, d, g) && doc_takes(p, visit, d - first, g)) {
                doc_pull(change, v, p->document + d * size, 1, size);
                n++;
            }
        const int away = n < 256 ? n : 256;
        uint64_t draw = doc_mix(visit ^ ((uint64_t)g << 32 | 1));
        for (int i = 0; i < away; i++, draw += UINT64_C(0x9E3779B97F4A7C15))
            doc_pull(change, v, p->document + (first + ((doc_mix(draw) >> 32) * (end - first) >> 32)) * size,
                     -(double)n / away, size);
        if (n)
            doc_step(v, change, 0.02 * 6 * (1 - (double)number / (double)visits), size);
    }
}

static void doc_start(double *x, uint32_t what, size_t row, size_t size)
{
    for (size_t k = 0; k < size; k++) {
        const sl_random4 four = sl_random_block(1, SL_FOR_DOCUMENTS, what, 0, row * (size / 4 + 1) + k / 4);
        x[k] = (double)(four.word[k % 4] >> 8) / 16777216 - 0.5;
    }
    doc_unit(x, size);
}

static void documents_follow_the_method(void **unused)
{
    (void)unused;
    enum { DOCS = 300, GRAMS = 90, SIZE = 18, PASSES = 2, BATCH = DOCS / 16 + 1 };
    uint64_t state = 11;
    size_t offset[DOCS + 1] = { 0 }, n = 0;
    int *id = calloc(DOCS * GRAMS, sizeof *id), count[GRAMS] = { 0 };
    for (int d = 0; d < DOCS; d++) {
        for (int g = 0; g < GRAMS; g++)
            if (d % 50 != 49 && engine_below(&state, 90) < (size_t)(g % 9 == 0 ? 60 : 4)) {
                id[n++] = g;
                count[g]++;
            }
        offset[d + 1] = n;
    }
    const sl_documents_job job = { DOCS, GRAMS, SIZE, PASSES, offset, id, count };
    sl_ctx *ctx = engine_ctx(1);
    sl_real *table = calloc(GRAMS * SIZE, sizeof *table);
    assert_int_equal(sl_documents_learn(ctx, &job, table), SL_OK);
    uint64_t sum[GRAMS], all = 0;
    uint32_t keep[GRAMS];
    double mean[SIZE] = { 0 };
    doc_plain p = { &job, sum, keep, calloc(GRAMS * SIZE, sizeof(double)),
                    calloc(DOCS * SIZE, sizeof(double)) };
    for (int g = 0; g < GRAMS; g++) {
        const double k = sqrt(0.02 * DOCS / count[g]);
        keep[g] = k < 1 ? (uint32_t)(k * 16777216) : 16777216;
        sum[g] = all += (uint64_t)keep[g] * (uint64_t)count[g];
        doc_start(p.gram + g * SIZE, 1, (size_t)g, SIZE);
    }
    for (int d = 0; d < DOCS; d++)
        doc_start(p.document + d * SIZE, 2, (size_t)d, SIZE);
    const size_t batches = (DOCS + BATCH - 1) / BATCH;
    for (size_t pass = 0, visit = 0; pass < PASSES; pass++) {
        size_t order[DOCS];
        sl_stream stream = { .seed = 1, .purpose = SL_FOR_DOCUMENTS, .a = 4, .b = (uint32_t)pass };
        for (size_t b = 0; b < batches; b++)
            order[b] = b;
        sl_stream_shuffle(&stream, order, batches);
        for (size_t b = 0; b < batches; b++, visit++) {
            const size_t first = order[b] * BATCH, end = first + BATCH < DOCS ? first + BATCH : DOCS;
            doc_visit(&p, visit, PASSES * batches, first, end);
        }
    }
    sl_stream stream = { .seed = 1, .purpose = SL_FOR_DOCUMENTS, .a = 6 };
    for (int i = 0; i < 512; i++) {
        const size_t g = doc_draw(&p, &stream);
        for (size_t k = 0; k < SIZE; k++)
            mean[k] += p.gram[g * SIZE + k] / 512;
    }
    for (size_t g = 0; g < GRAMS; g++)
        for (size_t k = 0; k < SIZE; k++) {
            const double wanted = (double)keep[g] / 16777216 * (p.gram[g * SIZE + k] - mean[k]);
            assert_true(fabs((double)table[g * SIZE + k] - wanted) < engine_tolerance(2e-5, 1e-12));
        }
    free(p.gram);
    free(p.document);
    free(table);
    free(id);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(documents_follow_the_method) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
