/* Principal components beside numpy's: c = x - x.mean(0); u, s, vt = numpy.linalg.svd(c), each row of vt
 * turned so that its largest number is above 0, c @ vt.T and s**2 / sum(s**2). */
#include "engine.h"
#include "text/vectors.h"

static const double principal_x[6 * 4] = { 2.5, .5, -1, 3,  -1, 2,   .25, 1, 0, -3, 4,   .5,
                                           1.5, 1,  1,  -2, -2, .75, 3,   2, 4, -1, -.5, 0 };
static const double principal_share[3] = { 0.5013110240376377, 0.31074632075141345, 0.18189233796955798 };
static const double principal_points[6 * 3] = {
    2.472132615866197,   1.4315925858313472,  2.093235244110898,  -0.7036050840347953, 2.58809572612626,
    -0.7782858937873237, -2.6819432371028595, -3.210935582203708, 0.8596892739326917,  0.8885366632515758,
    -0.525566568060005,  -2.7959439938634434, -3.40624004090608,  1.3003567040320672,  0.4481550704967737,
    3.431119082925961,   -1.5835428657259611, 0.17315029911040314
};

static void S166_principal_components_are_numpys(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 3; threads++)
        for (int dimensions = 1; dimensions <= 3; dimensions++) {
            sl_ctx *ctx = sl_ctx_new(NULL);
            assert_int_equal(sl_ctx_crew(ctx, threads), SL_OK);
            sl_real x[24];
            double out[18], share[3];
            for (int i = 0; i < 24; i++)
                x[i] = (sl_real)principal_x[i];
            assert_int_equal(sl_principal(ctx, x, 6, 4, dimensions, out, share), SL_OK);
            for (int k = 0; k < dimensions; k++) {
                assert_true(fabs(share[k] - principal_share[k]) < 1e-12);
                for (int row = 0; row < 6; row++)
                    if (fabs(out[row * dimensions + k] - principal_points[row * 3 + k]) > 1e-11)
                        fail_msg("point %d, direction %d: %.17g, numpy has %.17g", row, k,
                                 out[row * dimensions + k], principal_points[row * 3 + k]);
            }
            sl_ctx_free(ctx);
        }
}

/* Three points of 300 numbers span two directions; four of one number one; one point none. Distances stay. */
static void principal_few_directions(void **state)
{
    (void)state;
    enum { WIDE = 300 };
    sl_ctx *ctx = sl_ctx_new(NULL);
    static sl_real x[3 * WIDE];
    double out[9], share[3], whole = 0, seen = 0;
    for (int i = 0; i < 3 * WIDE; i++)
        x[i] = (sl_real)(i * 7919 % 101) / 50 - 1;
    assert_int_equal(sl_principal(ctx, x, 3, WIDE, 3, out, share), SL_OK);
    for (int i = 0; i < WIDE; i++) {
        const double d = (double)x[i] - (double)x[WIDE + i];
        whole += d * d;
    }
    for (int k = 0; k < 3; k++)
        seen += (out[k] - out[3 + k]) * (out[k] - out[3 + k]);
    assert_true(fabs(whole - seen) < 1e-9 * whole);
    assert_true(out[2] == 0 && out[5] == 0 && out[8] == 0 && share[2] == 0);
    assert_true(fabs(share[0] + share[1] - 1) < 1e-12 && share[0] >= share[1]);
    const sl_real line[4] = { 1, 3, 4, 0 };
    assert_int_equal(sl_principal(ctx, line, 4, 1, 2, out, share), SL_OK);
    assert_true(out[0] == -1 && out[2] == 1 && out[4] == 2 && out[6] == -2 && out[1] == 0 && share[0] == 1);
    assert_int_equal(sl_principal(ctx, line, 1, 4, 2, out, share), SL_OK);
    assert_true(out[0] == 0 && out[1] == 0 && share[0] == 0);
    assert_int_equal(sl_principal(ctx, line, 0, SL_PRINCIPAL_MOST + 1, 2, out, share), SL_ESHAPE);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S166_principal_components_are_numpys),
        cmocka_unit_test(principal_few_directions),
    };
    return cmocka_run_group_tests_name("principal", tests, NULL, NULL);
}
