/* double.c - a program of somebody else's with the double build: gradients are right to more digits than a
 * float has. */
#include <slope.h>
#include <stdio.h>

static sl_tensor *cube(sl_tape *tape, void *user)
{
    return sl_sum(tape, sl_pow(tape, user, 3));
}

int main(void)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_tensor *x = sl_param(ctx, sl_dims(7), "normal");
    sl_gradcheck_result result = { 0 };
    const sl_status status = sl_gradcheck(ctx, cube, x, &x, 1, &result);
    const int right =
        sizeof(sl_real) == sizeof(double) && !status && result.checked == 7 && result.worst < 1e-7;
    if (!right)
        fprintf(stderr, "%zu checked: %s\n", result.checked, sl_message(ctx));
    sl_ctx_free(ctx);
    return !right;
}
