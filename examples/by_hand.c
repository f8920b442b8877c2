/* by_hand.c - the same digits without layers and without fit: parameters, operators and a loop of your own.
 *
 *     cc by_hand.c $(pkg-config --cflags --libs slope) -o by_hand
 *     ./by_hand [DATA [EPOCHS]] */
#include <slope.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 64, HIDDEN = 128 };

typedef struct {
    sl_tensor *w1, *b1, *w2, *b2; /* weights are [outputs, inputs], biases [outputs] */
} network;

/* Operators run at once and are recorded on the tape. x [rows, features] -> logits [rows, classes]. */
static sl_tensor *forward(sl_tape *tape, const network *net, sl_tensor *x)
{
    sl_tensor *h = sl_linear(tape, x, net->w1, net->b1, "relu");
    return sl_linear(tape, h, net->w2, net->b2, NULL);
}

/* The rows whose numbers stand in `order`, copied from the data into x [BATCH, features] and y [BATCH]. */
static sl_status fill(const sl_data *data, const size_t *order, sl_tensor *x, sl_tensor *y)
{
    const size_t features = sl_count(x) / BATCH;
    for (size_t i = 0; i < BATCH; i++) {
        sl_real *row = sl_values(x) + i * features;
        const sl_status status = sl_data_row(data, order[i], row, sl_values(y) + i);
        if (status)
            return status;
        for (size_t j = 0; j < features; j++)
            row[j] /= 255; /* raw pixels are 0..255 */
    }
    return SL_OK;
}

/* Row numbers in a new order (Fisher, Yates), by a small generator of our own: the same on every machine. */
static void shuffle(size_t *order, size_t count, uint64_t *state)
{
    for (size_t i = count; i > 1; i--) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        const size_t j = (size_t)(*state >> 33) % i, kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

static double accuracy(sl_tape *tape, const network *net, const sl_data *data, sl_tensor *x, sl_tensor *y)
{
    size_t right = 0, seen = 0, order[BATCH];
    const int classes = sl_data_classes(data);
    for (; seen + BATCH <= sl_data_rows(data); seen += BATCH) {
        for (size_t i = 0; i < BATCH; i++)
            order[i] = seen + i;
        sl_tape_reset(tape); /* forget the graph before: on an inference tape nothing else says so */
        if (fill(data, order, x, y))
            break;
        const sl_real *logits = sl_values(forward(tape, net, x));
        for (int i = 0; logits && i < BATCH; i++, logits += classes) {
            int best = 0;
            for (int c = 1; c < classes; c++)
                if (logits[c] > logits[best])
                    best = c;
            right += best == (int)sl_values(y)[i];
        }
    }
    return seen ? (double)right / (double)seen : 0;
}

static sl_status learn(sl_ctx *ctx, const char *source, int epochs)
{
    sl_data *train = sl_data_open(ctx, source, "train"), *test = sl_data_open(ctx, source, "test");
    if (!train || !test)
        return sl_error(ctx);
    const size_t rows = sl_data_rows(train), steps = rows / BATCH;
    const sl_shape shape = sl_data_shape(train); /* of one row: [28, 28] */
    int features = 1;
    for (int i = 0; i < shape.rank; i++)
        features *= shape.dim[i];
    const int classes = sl_data_classes(train);

    const network net = { sl_param(ctx, sl_dims(HIDDEN, features), "he"),
                          sl_param(ctx, sl_dims(HIDDEN), "zeros"),
                          sl_param(ctx, sl_dims(classes, HIDDEN), "xavier"),
                          sl_param(ctx, sl_dims(classes), "zeros") };
    sl_step *step =
        sl_step_new(ctx, sl_adam(.lr = 1e-3f), (sl_tensor *[]){ net.w1, net.b1, net.w2, net.b2 }, 4);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(BATCH, features), NULL),
              *y = sl_tensor_new(ctx, sl_dims(BATCH), NULL);
    sl_tape *training = sl_tape_new(ctx, SL_TRAIN), *inference = sl_tape_new(ctx, SL_INFER);
    size_t *order = malloc(rows * sizeof *order);
    if (!order || sl_error(ctx)) {
        free(order);
        return order ? sl_error(ctx) : SL_ENOMEM;
    }
    for (size_t i = 0; i < rows; i++)
        order[i] = i;

    uint64_t state = 1;
    printf("epoch   mean batch loss   test accuracy\n");
    for (int epoch = 1; epoch <= epochs && !sl_error(ctx); epoch++) {
        double sum = 0;
        shuffle(order, rows, &state);
        for (size_t i = 0; i < steps && !fill(train, order + i * BATCH, x, y); i++) {
            sl_tensor *loss = sl_cross_entropy(training, forward(training, &net, x), y);
            if (!loss)
                break;
            sum += sl_values(loss)[0];
            sl_backward(training, loss); /* every gradient, and the end of this graph */
            sl_step_apply(step);         /* Adam; then the gradients are zero again   */
        }
        printf("%5d %17.4f %13.2f %%\n", epoch, sum / (double)steps,
               100 * accuracy(inference, &net, test, x, y));
    }
    free(order);
    return sl_error(ctx);
}

int main(int count, char **arguments)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_status status =
        learn(ctx, count > 1 ? arguments[1] : "builtin:digits", count > 2 ? atoi(arguments[2]) : 5);
    if (status)
        fprintf(stderr, "by_hand: %s\n", sl_message(ctx));
    sl_ctx_free(ctx);
    return status ? 1 : 0;
}
