/* gemm_layers.h - the dense layers of the workloads (cli/workload.c), whose products bench/gemm times. */
#include <stddef.h>

/* A layer of a workload: batch rows, in -> out. dY W only where a layer before it learns. */
typedef struct {
    const char *where;
    size_t batch, in, out;
    enum { FIRST, LATER, ANSWER } kind; /* ANSWER: forward alone, from packed weights */
} gemm_layer;

static const gemm_layer gemm_layers[] = {
    { "playground", 10, 2, 8, FIRST },          { "playground", 10, 8, 8, LATER },
    { "playground", 10, 8, 1, LATER },          { "housing", 64, 8, 64, FIRST },
    { "housing", 64, 64, 64, LATER },           { "housing", 64, 64, 1, LATER },
    { "reviews", 64, 300, 128, FIRST },         { "reviews", 64, 128, 1, LATER },
    { "bagtext", 64, 100, 128, LATER },         { "bagtext", 64, 128, 2, LATER },
    { "digits32", 32, 784, 128, FIRST },        { "digits32", 32, 128, 10, LATER },
    { "digits64", 64, 784, 128, FIRST },        { "digits64", 64, 128, 10, LATER },
    { "digits128", 128, 784, 128, FIRST },      { "digits128", 128, 128, 10, LATER },
    { "wide128", 128, 784, 1024, FIRST },       { "wide128", 128, 1024, 1024, LATER },
    { "wide128", 128, 1024, 10, LATER },        { "wide256", 256, 784, 1024, FIRST },
    { "wide256", 256, 1024, 1024, LATER },      { "wide256", 256, 1024, 10, LATER },
    { "digits_infer1", 1, 784, 128, ANSWER },   { "digits_infer1", 1, 128, 10, ANSWER },
    { "wide_infer1", 1, 784, 1024, ANSWER },    { "wide_infer1", 1, 1024, 1024, ANSWER },
    { "wide_infer1", 1, 1024, 10, ANSWER },     { "wide_infer64", 64, 784, 1024, ANSWER },
    { "wide_infer64", 64, 1024, 1024, ANSWER }, { "wide_infer64", 64, 1024, 10, ANSWER },
};
