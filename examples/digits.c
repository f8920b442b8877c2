/* digits.c - the whole job: open, build, train, measure, save, load, predict.
 *
 *     cc digits.c $(pkg-config --cflags --libs slope) -o digits
 *     ./digits                        on the digits that slope draws itself
 *     ./digits FOLDER                 on MNIST's four files, plain or .gz
 *     ./digits builtin:digits 2       only two epochs */
#include <slope.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHOWN = 10 };

/* Called after every epoch. The report has a row for each epoch so far, and a column for each thing measured.
 * Return SL_ESTOPPED to end training early. */
static sl_status print_row(void *user, const sl_progress *progress)
{
    (void)user;
    printf("%5zu %12.4f %17.4f %16.2f %%\n", progress->epoch, sl_report_last(progress->report, "train_loss"),
           sl_report_last(progress->report, "validation_loss"),
           100 * sl_report_last(progress->report, "validation_accuracy"));
    return SL_OK;
}

/* The largest of a row's probabilities is the answer. */
static int largest(const sl_real *p, int count)
{
    int best = 0;
    for (int i = 1; i < count; i++)
        if (p[i] > p[best])
            best = i;
    return best;
}

static sl_status predict_rows(sl_ctx *ctx, const char *path, const sl_data *test)
{
    /* The file holds everything: what was done to the inputs, the layers, the weights, the names of the
     * classes. */
    sl_model *net = sl_model_load(ctx, path);
    const size_t rows = sl_data_rows(test) < SHOWN ? sl_data_rows(test) : SHOWN;
    sl_tensor *answers = sl_predict_data(ctx, net, test, 0, rows); /* [rows, classes] */
    const int classes = sl_model_classes(net);
    printf("\ntruth  prediction  how sure\n");
    for (size_t row = 0; answers && row < rows; row++) {
        const sl_real *p = sl_values(answers) + row * (size_t)classes;
        const int guess = largest(p, classes);
        sl_real truth;
        if (!sl_data_row(test, row, NULL, &truth))
            printf("%5s  %10s  %6.1f %%\n", sl_data_class_name(test, (int)truth),
                   sl_model_class_name(net, guess), 100 * (double)p[guess]);
    }
    return sl_error(ctx);
}

static sl_status job(sl_ctx *ctx, const char *source, int epochs)
{
    sl_data *train = sl_data_open(ctx, source, "train");
    sl_data *test = sl_data_open(ctx, source, "test");

    /* Images come in as bytes and are scaled to 0..1. The last layer gives ten plain numbers, one a class:
     * the softmax that makes them probabilities belongs to the loss. */
    sl_model *net = sl_sequential(ctx, sl_dense(.units = 128, .activation = "relu"), sl_dropout(.rate = 0.2f),
                                  sl_dense(.units = 10));
    sl_compile(net, .loss = "cross_entropy", .optimizer = sl_adam(.lr = 1e-3f));

    /* A tenth of the training rows is kept out, and the weights of the epoch that did best on it are kept. */
    if (!sl_error(ctx))
        printf("epoch   train loss   validation loss   validation accuracy\n");
    sl_fit(net, train, .epochs = epochs, .batch = 64, .on_epoch = print_row);

    sl_report *measured = sl_evaluate(ctx, net, test);
    if (!measured || sl_model_save(net, "digits.safetensors"))
        return sl_error(ctx);
    printf("\ntest accuracy %.2f %% of %zu rows; saved as digits.safetensors\n",
           100 * sl_report_last(measured, "accuracy"), sl_data_rows(test));
    return predict_rows(ctx, "digits.safetensors", test);
}

int main(int count, char **arguments)
{
    const char *source = count > 1 ? arguments[1] : "builtin:digits";
    const int epochs = count > 2 ? atoi(arguments[2]) : 5;

    /* Everything made from a context is freed with it. Two threads change the time, never the result. */
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 1, .threads = 2 });

    /* A call that was given NULL, or fails, does nothing more; the context keeps the first failure. */
    const sl_status status = job(ctx, source, epochs);
    if (status)
        fprintf(stderr, "digits: %s\n", sl_message(ctx));
    sl_ctx_free(ctx);
    return status ? 1 : 0;
}
