/* xor.c - the smallest network worth the name: it learns exclusive or, which no single layer can.
 *
 *     cc xor.c $(pkg-config --cflags --libs slope) -o xor && ./xor */
#include <slope.h>
#include <stdio.h>

int main(void)
{
    /* A context owns everything made from it, and remembers the first thing that went wrong. */
    sl_ctx *ctx = sl_ctx_new(NULL);

    /* The four rows of the truth table come with slope: two inputs, and 0 or 1. */
    sl_data *table = sl_data_open(ctx, "builtin:xor", NULL);

    /* Two inputs (the data say so), four hidden units, one output: 2-4-1. */
    sl_model *net = sl_sequential(ctx, sl_dense(.units = 4, .activation = "tanh"), sl_dense(.units = 1));
    sl_compile(net, .loss = "binary_cross_entropy", .optimizer = sl_adam(.lr = 0.05f));
    sl_fit(net, table, .epochs = 500);

    /* No call above was checked: NULL flows through, and one look at the end is enough. */
    sl_tensor *p = sl_predict_data(ctx, net, table, 0, 4); /* [4, 2]: of each row, of 0 and of 1 */
    for (int row = 0; p && row < 4; row++)
        printf("%d xor %d = %.0f   (%.3f)\n", row / 2, row % 2, sl_values(p)[2 * row + 1],
               sl_values(p)[2 * row + 1]);
    if (!p)
        fprintf(stderr, "%s\n", sl_message(ctx));
    sl_ctx_free(ctx);
    return p ? 0 : 1;
}
