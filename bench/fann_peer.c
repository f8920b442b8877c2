/* fann_peer.c - the workloads in FANN, for bench/peers, which compiles it: reads lines `WORKLOAD WAY SECONDS`
 * and answers each with a line. FANN updates the weights after every row (no mini-batches, no Adam): a step
 * is `batch` such updates. It has no relu; a piecewise linear unit costs the same. Outputs with a cross
 * entropy are sigmoids. */
#define _XOPEN_SOURCE 700
#include <fann.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PEER_BATCHES = 8, PEER_WINDOWS = 5 };

typedef struct {
    const char *name;
    unsigned layers, sizes[4];
    enum fann_activationfunc_enum hidden, output;
    unsigned batch;
    int trains;
} peer_net;

static const peer_net peer_nets[] = {
    { "playground", 4, { 2, 8, 8, 1 }, FANN_SIGMOID_SYMMETRIC, FANN_LINEAR, 10, 1 },
    { "housing", 4, { 8, 64, 64, 1 }, FANN_LINEAR_PIECE, FANN_LINEAR, 64, 1 },
    { "reviews", 3, { 300, 128, 1 }, FANN_LINEAR_PIECE, FANN_SIGMOID, 64, 1 },
    { "digits32", 3, { 784, 128, 10 }, FANN_LINEAR_PIECE, FANN_SIGMOID, 32, 1 },
    { "digits64", 3, { 784, 128, 10 }, FANN_LINEAR_PIECE, FANN_SIGMOID, 64, 1 },
    { "digits128", 3, { 784, 128, 10 }, FANN_LINEAR_PIECE, FANN_SIGMOID, 128, 1 },
    { "wide128", 4, { 784, 1024, 1024, 10 }, FANN_LINEAR_PIECE, FANN_SIGMOID, 128, 1 },
    { "wide256", 4, { 784, 1024, 1024, 10 }, FANN_LINEAR_PIECE, FANN_SIGMOID, 256, 1 },
    { "digits_infer1", 3, { 784, 128, 10 }, FANN_LINEAR_PIECE, FANN_LINEAR, 1, 0 },
    { "digits_infer64", 3, { 784, 128, 10 }, FANN_LINEAR_PIECE, FANN_LINEAR, 64, 0 },
    { "wide_infer1", 4, { 784, 1024, 1024, 10 }, FANN_LINEAR_PIECE, FANN_LINEAR, 1, 0 },
    { "wide_infer64", 4, { 784, 1024, 1024, 10 }, FANN_LINEAR_PIECE, FANN_LINEAR, 64, 0 },
};

static double peer_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int peer_before(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void peer_step(struct fann *ann, const peer_net *net, fann_type *x, fann_type *y, unsigned step)
{
    const unsigned in = net->sizes[0], out = net->sizes[net->layers - 1];
    for (unsigned i = 0; i < net->batch; i++) {
        const unsigned row = step % PEER_BATCHES * net->batch + i;
        if (net->trains)
            fann_train(ann, x + row * in, y + row * out);
        else
            fann_run(ann, x + row * in);
    }
}

static double peer_measure(const peer_net *net, double seconds)
{
    const unsigned in = net->sizes[0], out = net->sizes[net->layers - 1], rows = PEER_BATCHES * net->batch;
    struct fann *ann = fann_create_standard_array(net->layers, net->sizes);
    fann_type *x = calloc((size_t)rows * in, sizeof *x), *y = calloc((size_t)rows * out, sizeof *y);
    if (!ann || !x || !y)
        exit(1);
    fann_set_activation_function_hidden(ann, net->hidden);
    fann_set_activation_function_output(ann, net->output);
    fann_set_training_algorithm(ann, FANN_TRAIN_INCREMENTAL);
    fann_set_learning_rate(ann, 1e-3F);
    for (size_t i = 0; i < (size_t)rows * in; i++)
        x[i] = (fann_type)rand() / (fann_type)RAND_MAX * 2 - 1;
    for (unsigned row = 0; row < rows; row++)
        y[row * out + row % out] = out > 1 ? 1 : (fann_type)(row % 2);
    unsigned steps = 0;
    double start = peer_clock();
    while (steps < 200 && (steps == 0 || peer_clock() - start < seconds / 4))
        peer_step(ann, net, x, y, steps++);
    const double about = (peer_clock() - start) / steps, fit = seconds / PEER_WINDOWS / about;
    const unsigned calls = fit < 1 ? 1 : (unsigned)fit;
    double windows[PEER_WINDOWS];
    for (int window = 0; window < PEER_WINDOWS; window++) {
        start = peer_clock();
        for (unsigned i = 0; i < calls; i++)
            peer_step(ann, net, x, y, i);
        windows[window] = (peer_clock() - start) / calls;
    }
    qsort(windows, PEER_WINDOWS, sizeof *windows, peer_before);
    free(x);
    free(y);
    fann_destroy(ann);
    return windows[PEER_WINDOWS / 2];
}

int main(void)
{
    char name[64], way[64];
    double seconds;
    puts("contender=FANN version=" PEER_VERSION " ways=update-a-row");
    fflush(stdout);
    while (scanf("%63s %63s %lf", name, way, &seconds) == 3) {
        const peer_net *net = NULL;
        for (size_t i = 0; i < sizeof peer_nets / sizeof *peer_nets; i++)
            if (strcmp(peer_nets[i].name, name) == 0)
                net = &peer_nets[i];
        if (net)
            printf("workload=%s contender=FANN us_per_step=%.6g\n", name, peer_measure(net, seconds) * 1e6);
        else
            printf("workload=%s contender=FANN absent=yes\n", name);
        fflush(stdout);
    }
    return 0;
}
