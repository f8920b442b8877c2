/* An explanation when memory runs out at any one allocation: nothing crashes, nothing leaks, nothing is half
 * said. */
#include "starved.h"

static bool starved_explain(sl_ctx *ctx, void *user)
{
    (void)user;
    sl_model *model = sl_sequential(ctx, sl_input(.units = 2), sl_dense(.units = 2, .activation = "tanh"),
                                    sl_dense(.units = 1));
    sl_compile(model, .loss = "mean_squared", .optimizer = sl_adam(.lr = 0.1f));
    const sl_real row[2] = { 1, 2 }, wanted[1] = { 3 };
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(1, 2), row), *y = sl_tensor_new(ctx, sl_dims(1, 1), wanted);
    sl_explanation *steps = model && x && y ? sl_explain_step(model, x, y, NULL, NULL) : NULL;
    static const char *const formats[] = { "text", "markdown", "html", "latex", "json" };
    bool done = steps != NULL;
    for (size_t i = 0; i < sizeof formats / sizeof *formats && done; i++) {
        const char *text = sl_explanation_write(steps, formats[i], 80, false);
        done = text && strlen(text) > 100;
    }
    sl_explanation *equation = done ? sl_explain_equation(model, NULL) : NULL;
    done = equation && sl_explanation_write(equation, "text", 80, false);
    sl_explanation_free(equation);
    sl_explanation_free(steps);
    sl_tensor_free(x);
    sl_tensor_free(y);
    sl_model_free(model);
    return done;
}

static void a_step_explained(void **state)
{
    starved_every(starved_explain, *state, false, 150);
    starved_every(starved_explain, *state, true, 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_step_explained) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
