/* Figures without a run: activations beside their derivatives, losses; and the chord test of landscapes. */
#include "engine.h"
#include "plot/figure.h"
#include "plot/numbers/terrain.h"

static sl_figure *alone_make(sl_ctx *ctx, const char *kind, const char *const *words, int count, double span)
{
    return sl_figure_make(ctx, kind,
                          &(sl_figure_request){ .words = words, .word_count = count, .span = span });
}

static double alone_sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

/* The usual formulas, by libm. */
static double alone_value(const char *name, double x)
{
    return !strcmp(name, "sigmoid")      ? alone_sigmoid(x)
           : !strcmp(name, "tanh")       ? tanh(x)
           : !strcmp(name, "relu")       ? (x > 0 ? x : 0)
           : !strcmp(name, "leaky_relu") ? (x > 0 ? x : 0.01 * x)
           : !strcmp(name, "elu")        ? (x > 0 ? x : exp(x) - 1)
           : !strcmp(name, "gelu")       ? x * (1 + erf(x / sqrt(2))) / 2
           : !strcmp(name, "silu")       ? x * alone_sigmoid(x)
           : !strcmp(name, "softplus")   ? log1p(exp(x))
           : !strcmp(name, "mish")       ? x * tanh(log1p(exp(x)))
                                         : (double)NAN;
}

static void S36_S40_functions_stand_beside_their_derivatives(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_figure *figure = alone_make(ctx, "activations", NULL, 0, 0);
    assert_non_null(figure);
    assert_int_equal(figure->count, 9);
    for (int p = 0; p < figure->count; p++) {
        const sl_panel *panel = figure->panels[p];
        const sl_series *f = panel->series[0], *slope = panel->series[1];
        assert_int_equal(panel->count, 2);
        assert_true(slope->dashed && !f->dashed);
        assert_true(f->x[0] == -6 && f->x[f->count - 1] == 6 && f->x[f->count / 2] == 0);
        for (size_t i = 0; i < f->count; i++) {
            const double x = f->x[i], h = 1e-6;
            const double rise = alone_value(panel->title, x + h) - alone_value(panel->title, x - h);
            assert_near(f->y[i], alone_value(panel->title, x), 2e-6);
            if (x != 0 || (*panel->title != 'r' && *panel->title != 'l')) /* relus have a kink there */
                assert_near(slope->y[i], rise / (2 * h), 1e-5);
        }
    }
    sl_figure_free(figure);
    figure = alone_make(ctx, "activations", (const char *[]){ "leaky_relu:0.2", "step" }, 2, 0.5);
    assert_non_null(figure);
    assert_true(figure->panels[0]->series[0]->x[0] == -3);
    assert_near(figure->panels[0]->series[0]->y[0], -0.6, 1e-6);
    assert_near(figure->panels[0]->series[1]->y[0], 0.2, 1e-6);
    assert_non_null(strstr(sl_figure_notes(figure), "Without a slope to learn by: step"));
    sl_figure_free(figure);
    figure = alone_make(ctx, "activations", (const char *[]){ "all" }, 1, 0);
    assert_true(figure && figure->count > 14);
    sl_figure_free(figure);
    sl_ctx_free(ctx);
}

/* sigma'(0) = 1/4; ten layers of that make 0.25^10 = 9.5367431640625e-7, of relu 1. */
static void S37_the_product_of_slopes_is_said(void **unused)
{
    (void)unused;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_figure *figure = alone_make(ctx, "activations", (const char *[]){ "sigmoid", "relu" }, 2, 0);
    assert_non_null(figure);
    assert_non_null(strstr(sl_figure_notes(figure), "sigmoid 0.25 (at x = 0), relu 1."));
    assert_non_null(strstr(sl_figure_notes(figure), "sigmoid 0.25^10 = 9.5367e-7, relu 1^10 = 1."));
    sl_figure_free(figure);
    sl_ctx_free(ctx);
}

static double alone_loss(const char *name, double x)
{
    const double size = fabs(x);
    return !strcmp(name, "cross_entropy: -log p")       ? -log(x)
           : !strcmp(name, "mean_squared: (1 - p)^2")   ? (1 - x) * (1 - x)
           : !strcmp(name, "half_squared: 2 (1 - p)^2") ? 2 * (1 - x) * (1 - x)
           : !strcmp(name, "binary_cross_entropy")      ? log1p(exp(-x))
           : !strcmp(name, "hinge")                     ? (x < 1 ? 1 - x : 0)
           : !strcmp(name, "perceptron")                ? (x < 0 ? -x : 0)
           : !strcmp(name, "mean_squared")              ? x * x
           : !strcmp(name, "mean_absolute")             ? size
           : !strcmp(name, "huber")                     ? (size < 1 ? x * x / 2 : size - 0.5)
           : !strcmp(name, "huber delta=2")             ? (size < 2 ? x * x / 2 : 2 * (size - 1))
           : !strcmp(name, "quantile q=0.9")            ? (x > 0 ? 0.1 * x : -0.9 * x)
                                                        : (double)NAN;
}

static void losses_are_their_formulas(void **unused)
{
    (void)unused;
    static const char *const others[] = { "huber delta=2", "quantile q=0.9", "half_squared" };
    sl_ctx *ctx = sl_ctx_new(NULL);
    for (int turn = 0; turn < 2; turn++) {
        sl_figure *figure = alone_make(ctx, "loss", turn ? others : NULL, turn ? 3 : 0, 0);
        int curves = 0;
        assert_non_null(figure);
        for (int p = 0; p < figure->count; p++)
            for (int s = 0; s < figure->panels[p]->count; s++, curves++) {
                const sl_series *line = figure->panels[p]->series[s];
                for (size_t i = 0; i < line->count; i++)
                    assert_near(line->y[i], alone_loss(line->name, line->x[i]), 1e-5);
            }
        assert_int_equal(curves, turn ? 3 : 8);
        assert_int_equal(figure->count, turn ? 2 : 3);
        if (!turn) /* -log 0.01, log 2, -log 0.99 */
            assert_non_null(strstr(sl_figure_notes(figure), "cross_entropy 4.605, 0.6931 and 0.01005"));
        sl_figure_free(figure);
    }
    sl_ctx_free(ctx);
}

static void what_does_not_fit_is_refused(void **unused)
{
    (void)unused;
    static const struct {
        const char *kind, *word, *says;
    } wrong[] = {
        { "activations", "sigmod", "did you mean 'sigmoid'" },
        { "activations", "softmax", "whole rows" },
        { "activations", "leaky_relu:7", "slope" },
        { "loss", "poisson", "no function of one number" },
        { "loss", "hunge", "hinge" },
        { "loss", "ce smoothing=0.1", "how many classes" },
        { "landscape", NULL, "of which run" },
        { "embedding", NULL, "of which run" },
    };
    sl_ctx *ctx = sl_ctx_new(NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(alone_make(ctx, wrong[i].kind, &wrong[i].word, wrong[i].word != NULL, 0));
        assert_int_equal(sl_error(ctx), SL_EINVAL);
        if (!strstr(sl_message(ctx), wrong[i].says))
            fail_msg("%s", sl_message(ctx));
        sl_clear(ctx);
    }
    assert_null(sl_figure_make(ctx, "activations", &(sl_figure_request){ .row = 3 }));
    assert_non_null(strstr(sl_message(ctx), "of a run"));
    sl_ctx_free(ctx);
}

static void S90_the_chord_test_knows_convex_functions(void **unused)
{
    (void)unused;
    double bowl[41], quartic[41], both[82];
    size_t from = 0, to = 0, between = 0;
    for (size_t i = 0; i < 41; i++) {
        const double x = -2 + 0.1 * (double)i;
        bowl[i] = x * x;
        quartic[i] = (x * x - 1) * (x * x - 1); /* minima at -1 and 1, 1 between them */
        both[2 * i] = bowl[i];
        both[2 * i + 1] = i == 7 ? (double)NAN : 0;
    }
    assert_true(sl_chord_excess(bowl, 41, 1, &from, &to, &between) < 1e-12);
    assert_true(sl_chord_excess(both, 41, 2, &from, &to, &between) < 1e-12);
    assert_true(sl_chord_excess(both + 1, 41, 2, &from, &to, &between) == 0);
    assert_near(sl_chord_excess(quartic, 41, 1, &from, &to, &between), 1, 1e-12);
    assert_int_equal(from, 10);
    assert_int_equal(to, 30);
    assert_int_equal(between, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S36_S40_functions_stand_beside_their_derivatives),
        cmocka_unit_test(S37_the_product_of_slopes_is_said),
        cmocka_unit_test(losses_are_their_formulas),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(S90_the_chord_test_knows_convex_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
