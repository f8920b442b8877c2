/* Rows that pull a vector and push it away, against a plain loop: the same bits on every instruction set. */
#include "engine.h"
#include "kernel/math.h"
#include "kernel/pull.h"
#include "core/ctx.h"

enum { PULL_WIDEST = 112, PULL_ROWS = 40 };

typedef struct {
    _Alignas(64) sl_real table[PULL_ROWS * PULL_WIDEST];
    _Alignas(64) sl_real x[PULL_WIDEST];
    sl_real sum[PULL_WIDEST], share[SL_PULL_MOST];
    const sl_real *row[SL_PULL_MOST];
} pull_case;

/* Sixteen lanes, then halves. */
static sl_real pull_fold(sl_real *lane)
{
    for (int half = 8; half; half /= 2)
        for (int j = 0; j < half; j++)
            lane[j] += lane[j + half];
    return lane[0];
}

static void pull_plain(const pull_case *c, sl_real *sum, size_t n, sl_real alpha, size_t width)
{
    for (size_t i = 0; i < n; i++) {
        sl_real lane[16] = { 0 };
        for (size_t k = 0; k < width; k++)
            lane[k % 16] = k < 16 ? c->x[k] * c->row[i][k] : lane[k % 16] + c->x[k] * c->row[i][k];
        const sl_real dot = pull_fold(lane);
        const sl_real by = c->share[i] * sl_sigmoid_r(c->share[i] > 0 ? -alpha * dot : alpha * dot);
        for (size_t k = 0; k < width; k++)
            sum[k] += by * c->row[i][k];
    }
}

static void pull_same_bits(void **unused)
{
    (void)unused;
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    uint64_t state = 7;
    static pull_case whole; /* Windows has no aligned_alloc */
    pull_case *const c = &whole;
    for (int isa = 0; isa < 3; isa++) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isas[isa] });
        if (!sl_error(ctx))
            for (int round = 0; round < 400; round++) {
                const size_t width = 16 * (1 + engine_below(&state, 7)),
                             n = 1 + engine_below(&state, SL_PULL_MOST);
                engine_fill(&state, c->table, PULL_ROWS * PULL_WIDEST, -0.3, 0.3);
                engine_fill(&state, c->x, PULL_WIDEST, -0.3, 0.3);
                engine_fill(&state, c->sum, PULL_WIDEST, -1, 1);
                engine_fill(&state, c->share, SL_PULL_MOST, -2, 2);
                for (size_t i = 0; i < n; i++)
                    c->row[i] = c->table + engine_below(&state, PULL_ROWS) * width;
                sl_real wanted[PULL_WIDEST], x[PULL_WIDEST];
                memcpy(wanted, c->sum, sizeof wanted);
                pull_plain(c, wanted, n, 6, width);
                sl_pull(ctx->isa, c->sum, c->x, c->row, c->share, n, 6, width);
                assert_memory_equal(c->sum, wanted, sizeof wanted);
                memcpy(x, c->x, sizeof x);
                sl_real lane[16] = { 0 };
                for (size_t k = 0; k < width; k++) {
                    x[k] += (sl_real)0.1 * wanted[k];
                    lane[k % 16] += x[k] * x[k];
                }
                const sl_real by = (sl_real)(1 / sqrt((double)pull_fold(lane)));
                for (size_t k = 0; k < width; k++)
                    x[k] *= by;
                sl_pull_step(ctx->isa, c->x, c->sum, (sl_real)0.1, width);
                assert_memory_equal(c->x, x, sizeof x);
            }
        sl_ctx_free(ctx);
    }
    memset(c->x, 0, sizeof c->x);
    sl_pull_step(SL_ISA_PLAIN, c->x, c->x, 1, 16);
    assert_true(c->x[0] == 0 && c->x[15] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(pull_same_bits) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
