/* The largest step size that descent with momentum bears. */
#include "made_case.h"

#include <math.h>
#include <string.h>

/* Length behind 2,000 steps of one weight that has slope 24 w. */
static double limit_goes(double lr, double m, bool ahead)
{
    double w = 1, v = 0;
    for (int i = 0; i < 2000; i++) {
        const double slope = 24 * w;
        v = m * v + slope;
        w -= lr * (ahead ? slope + m * v : v);
    }
    return fabs(w);
}

static void limit_named(made_case *m, const char *words, const char *lr)
{
    assert_true(made_case_look(m, "lr_too_high") >= 0.3);
    if (!strstr(sl_text_string(&m->draft.sentence), words))
        fail_msg("'%s' is not in '%s'", words, sl_text_string(&m->draft.sentence));
    assert_string_equal(m->draft.fix[0].change[0].text, lr);
}

/* Nesterov's bears less than plain descent: 2 (1 + 0.9) / (1 + 1.8) / 24 = 0.05655, against 2 / 24 = 0.0833;
 * the classic form more: 2 (1 + 0.9) / 24 = 0.1583. */
static void limit_of_each_momentum(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    made_case m;
    made_case_open(&m, ctx);
    m.c.gradient_rule = true;
    m.c.lr = 0.07;
    m.c.momentum = 0.9;
    m.c.ahead = true;
    m.c.classes = 0;
    m.c.steps_an_epoch = m.c.batch = 1;
    m.c.data.chance = 4;
    m.c.start.curvature = m.c.end.curvature = 24;
    made_case_losses(&m, 200, 1.375, 1.375, 0, 0.5728, true);
    limit_named(&m, "2 (1 + momentum) / (1 + 2 momentum) / curvature = 0.05655", "0.028");
    assert_true(limit_goes(0.0560, 0.9, true) < 1 && limit_goes(0.0571, 0.9, true) > 1);
    m.c.lr = 0.2;
    m.c.ahead = false;
    limit_named(&m, "2 (1 + momentum) / curvature = 0.1583", "0.079");
    assert_true(limit_goes(0.1580, 0.9, false) < 1 && limit_goes(0.1590, 0.9, false) > 1);
    made_case_close(&m);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit_of_each_momentum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
