/* slope.h - neural networks in C          data -> model -> loss -> gradient -> optimizer -> report
 *
 * What follows holds for every function; the comments below say what is special.
 *
 * Errors     Nothing here aborts, exits or prints. A call that fails returns NULL, a status other than SL_OK,
 * or what is said at it, and its context keeps the first failure: a code and a sentence. From then on calls
 * that make, change or compute do nothing and return the same, until sl_clear (only sl_tensor_new and
 * sl_tape_new go on); looking and freeing work. So an expression is checked once, at its end. SL_ENOMEM may
 * come from whatever makes something. NULL       is a failure, SL_EINVAL, wherever no comment says what it
 * means. A look at NULL finds 0, NULL, false, NaN or
 *            "". What is handed out through a pointer is left out where that is NULL; text is then only
 *            counted. A NULL struct of options: all defaults.
 * Ownership  A context owns all that is made from it and frees it in the end, as sl_*_free does for one thing
 *            earlier, which accepts NULL. The result of an operator belongs to its tape. What is called
 *            borrowed is never yours to free, and lasts until what it was asked of is freed or changed.
 *            Arguments are wanted during the call alone, but what was made to work on tensors, a
 *            function or a run (a step, a graph, a diagnosis of a walk, a watcher) goes on using them.
 * Threads    No global state. One context, with all that was made from it, is used by one thread at a time;
 * two contexts share nothing, and a call's objects are all of one, with one exception: where a context and a
 * const sl_model are given, all is done in that context, and the model, of whichever context, is only read.
 * So many threads may predict with one model, each with a context of its own. Functions without any object
 * may be called from everywhere. Callbacks  are called in the thread of the call that they interrupt. Those
 * that go along with work (on_step, on_epoch, progress, a loss to be built) may use the context, but neither
 * free nor change what is worked on; a failure that they leave in it ends the work with it, and a status
 *            other than SL_OK with SL_ESTOPPED. realloc, log and decided may not use the context.
 * Options    Structs filled by designated initialisers; a field left zero means "the default", a
 *            required one left zero is SL_EINVAL.
 * Text       is UTF-8, closed by a 0, copied where it is kept; names of files are bytes as the system has
 * them. Shapes     are written [rows, columns], row-major; weights are [out, in]. Sameness   Same data,
 * settings and seed give the same bits on every machine, for any number of threads. */
#ifndef SLOPE_H
#define SLOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SLOPE_VERSION "0.1.0"

#if defined(__GNUC__)
#    define SL_API __attribute__((visibility("default")))
#else
#    define SL_API
#endif

#ifdef SL_REAL_DOUBLE
typedef double sl_real; /* the second build: gradient checks and explanations */
#else
typedef float sl_real;
#endif

typedef enum {
    SL_OK,
    SL_ENOMEM,    /* memory ran out                                                      */
    SL_EINVAL,    /* an argument, option or word is wrong                                */
    SL_ESHAPE,    /* shapes do not fit together                                          */
    SL_EFILE,     /* a file or folder is missing or cannot be read                       */
    SL_EFORMAT,   /* a file's content is not what it should be                           */
    SL_EWRITE,    /* a file could not be written                                         */
    SL_EDIVERGED, /* training produced a number that is not finite                       */
    SL_ESTOPPED   /* a callback asked to stop: what was asked to be kept is, and can be continued */
} sl_status;

typedef struct sl_ctx sl_ctx;
typedef struct sl_tensor sl_tensor;
typedef struct sl_tape sl_tape;
typedef struct sl_model sl_model;
typedef struct sl_data sl_data;
typedef struct sl_step sl_step;
typedef struct sl_report sl_report;
typedef struct sl_run sl_run;
typedef struct sl_profile sl_profile;
typedef struct sl_augment sl_augment;
typedef struct sl_vectors sl_vectors;
typedef struct sl_baselines sl_baselines;
typedef struct sl_figure sl_figure;

/* === Context: memory, seed, threads, the first error ============================================ */

typedef struct {
    uint64_t seed;   /* 0: 1. Everything random follows from it                              */
    int threads;     /* 0: 1; at most 256. Changes speed, never a result. No more are started than
                        there are usable cores: they would only be in each other's way         */
    const char *isa; /* NULL: the best this machine has; else "plain", "avx2", "avx512", "neon" */
    /* Called with new_size 0 to free; may return NULL. NULL: the C library's. Blocks must be
     * aligned as malloc's are. Only called by the thread that uses the context.              */
    void *(*realloc)(void *user, void *block, size_t old_size, size_t new_size);
    void *buffer; /* instead: all memory comes out of it, aligned to 16 bytes, borrowed as long as the
                     context lives; NULL: no buffer                                            */
    size_t buffer_size;
    void (*log)(void *user, const char *line); /* remarks, one line each, no newline; NULL: silent */
    void *user;                                /* handed to realloc and log                     */
    const char *scratch; /* the folder for temporary files, borrowed as long as the context lives;
                            NULL: /tmp. They have no name, so none outlives the process           */
    /* Called for each thing that was decided and not asked for, where it is decided: what ("loss", "column
     * age"), what was chosen, and because of what, with the numbers that led to it. Texts without line
     * ends, valid during the call. The same may be told again. NULL: silent, and no reason is made. Only
     * called by the thread that uses the context.                                                */
    void (*decided)(void *user, const char *what, const char *chosen, const char *reason);
    void *decided_user; /* handed to it                                                           */
} sl_ctx_options;

/* NULL options: all defaults. NULL when memory ran out, or the build contracts a*b+c behind our back
 * (then no result could be trusted). An isa that this machine lacks is kept as the error SL_EINVAL. */
SL_API sl_ctx *sl_ctx_new(const sl_ctx_options *options);
SL_API void sl_ctx_free(sl_ctx *ctx);
SL_API sl_status sl_error(const sl_ctx *ctx);        /* the first failure since sl_clear; NULL: SL_ENOMEM */
SL_API const char *sl_message(const sl_ctx *ctx);    /* its sentence; "" without failure. Borrowed.
       Of a file with many problems: a headline, and a line for each of the first, two blanks before it */
SL_API void sl_clear(sl_ctx *ctx);                   /* forget the failure                             */
SL_API uint64_t sl_ctx_seed(const sl_ctx *ctx);      /* never 0 */
SL_API int sl_ctx_threads(const sl_ctx *ctx);        /* that work: as many as asked for, or as cores  */
SL_API const char *sl_ctx_isa(const sl_ctx *ctx);    /* the instruction set in use: "avx512", ...       */
SL_API size_t sl_ctx_bytes(const sl_ctx *ctx);       /* bytes allocated now                            */
SL_API size_t sl_ctx_peak_bytes(const sl_ctx *ctx);  /* the most ever allocated at once               */
SL_API size_t sl_ctx_buffer_peak(const sl_ctx *ctx); /* a buffer of so many bytes would have done     */
SL_API const char *sl_version(void);                 /* of the library: SLOPE_VERSION is the header's */
SL_API int sl_usable_cores(void);                    /* cores this process may run on, at least 1 */

/* === Shapes and tensors ========================================================================= */

enum { SL_MAX_DIMS = 6 };
typedef struct {
    int rank; /* 0: a single number */
    int dim[SL_MAX_DIMS];
} sl_shape;
#define sl_dims(...) ((sl_shape){ (int)(sizeof((int[]){ __VA_ARGS__ }) / sizeof(int)), { __VA_ARGS__ } })

/* Copies shape's product of values, row-major; NULL values: zeros. */
SL_API sl_tensor *sl_tensor_new(sl_ctx *ctx, sl_shape shape, const sl_real *values);
/* A tensor with a gradient, filled by an initialiser: "zeros", "constant:0.1", "normal:0.05", "uniform",
 * "xavier", "he", "lecun", "orthogonal", "pytorch" .. (sl_catalogue lists them); NULL: zeros. For [out, in]
 * fan-in is in; rank 1: its length. Each one made in a context draws its own numbers from the seed. */
SL_API sl_tensor *sl_param(sl_ctx *ctx, sl_shape shape, const char *init);
SL_API void sl_tensor_free(sl_tensor *t);        /* not for results of operators */
SL_API sl_shape sl_shape_of(const sl_tensor *t); /* NULL: rank 0 */
SL_API size_t sl_count(const sl_tensor *t);      /* elements */
/* Values and gradient, row-major, borrowed. NULL for NULL, for a tensor of an old graph, and (the
 * gradient) where none is kept. Writing values is allowed for tensors made by sl_tensor_new and
 * sl_param.                                                                                      */
SL_API sl_real *sl_values(sl_tensor *t);
SL_API const sl_real *sl_gradient(const sl_tensor *t);

/* === Tape and operators ========================================================================= */

typedef enum { SL_INFER, SL_TRAIN } sl_mode; /* belongs to the tape, so it cannot be left switched on */

/* A tape records operators as they run. Its results stay valid until the graph ends: at
 * sl_tape_reset, or at the first operator after sl_backward. In the graph that follows, using one is
 * an error that says so; behind that its memory serves other results: keep no old pointer. Memory is
 * kept for the next graph: a loop of equal steps allocates nothing.                              */
SL_API sl_tape *sl_tape_new(sl_ctx *ctx, sl_mode mode);
SL_API void sl_tape_free(sl_tape *tape);
SL_API void sl_tape_reset(sl_tape *tape);
/* For many answers from the same weights: from now on the first sl_linear with a weight tensor keeps a copy
 * of it in the order in which the kernels read it, and later ones read that copy: several times faster for a
 * single row. Changes of the weights are not seen until sl_tape_pack is called again, and the tensors must
 * live as long as the tape. SL_INFER tapes only; SL_EINVAL on another. Costs the weights' memory once more.
 */
SL_API sl_status sl_tape_pack(sl_tape *tape);

/* Where an operator shares its word with a layer, sl_WORD(...) is the layer and sl_WORD_of the operator.
 *
 * y = activation(x Wᵀ + b)     x [.., in], w [out, in], b [out] or NULL -> [.., out]; activation NULL:
 * none. One pass: product, bias and activation together.                                         */
SL_API sl_tensor *sl_linear(sl_tape *tape, sl_tensor *x, sl_tensor *w, sl_tensor *b, const char *activation);
SL_API sl_tensor *sl_matmul(sl_tape *tape, sl_tensor *a, sl_tensor *b); /* [m, k] [k, n] -> [m, n] */
/* Element by element. b has a's shape, or exactly a's trailing dimensions ([rows, n] with [n]): it is
 * then used for every row. Nothing else is stretched.                                            */
SL_API sl_tensor *sl_add(sl_tape *tape, sl_tensor *a, sl_tensor *b);
SL_API sl_tensor *sl_mul(sl_tape *tape, sl_tensor *a, sl_tensor *b);
SL_API sl_tensor *sl_sub(sl_tape *tape, sl_tensor *a, sl_tensor *b);
SL_API sl_tensor *sl_div(sl_tape *tape, sl_tensor *a, sl_tensor *b);
SL_API sl_tensor *sl_scale(sl_tape *tape, sl_tensor *x, sl_real factor); /* factor x; finite */
/* x^power, as C's pow: x below 0 wants a whole power. Outside of where they are defined, pow, sqrt and log_of
 * give NaN, without an error: values are not looked at. */
SL_API sl_tensor *sl_pow(sl_tape *tape, sl_tensor *x, sl_real power);
SL_API sl_tensor *sl_square(sl_tape *tape, sl_tensor *x);
SL_API sl_tensor *sl_sqrt(sl_tape *tape, sl_tensor *x);   /* x >= 0; its derivative at 0 is infinite */
SL_API sl_tensor *sl_exp(sl_tape *tape, sl_tensor *x);    /* e^x */
SL_API sl_tensor *sl_log_of(sl_tape *tape, sl_tensor *x); /* natural; x > 0 */
SL_API sl_tensor *sl_sin(sl_tape *tape, sl_tensor *x);    /* radians, any size */
SL_API sl_tensor *sl_cos(sl_tape *tape, sl_tensor *x);    /* likewise */
SL_API sl_tensor *sl_abs(sl_tape *tape, sl_tensor *x);    /* its derivative at 0 is 0 */
/* Another shape of as many elements; rows to columns, [m, n] -> [n, m]; side by side, [.., m] and [.., n] ->
 * [.., m + n].                                                                                        */
SL_API sl_tensor *sl_reshape_of(sl_tape *tape, sl_tensor *x, sl_shape shape);
SL_API sl_tensor *sl_transpose(sl_tape *tape, sl_tensor *x);
SL_API sl_tensor *sl_concat(sl_tape *tape, sl_tensor *a, sl_tensor *b);
/* Numbers first .. first + count - 1 of each row, from 0: x [.., n] -> [.., count]. SL_ESHAPE where a row
 * does not have them. */
SL_API sl_tensor *sl_columns_of(sl_tape *tape, sl_tensor *x, int first, int count);
/* Features of each row, x [.., n] -> [.., terms]: "x1+x2^2+x1*x2+sin(x1)+cos(x2)", inputs from x1 to xn. */
SL_API sl_tensor *sl_basis_of(sl_tape *tape, sl_tensor *x, const char *terms);
SL_API sl_tensor *sl_sum(sl_tape *tape, sl_tensor *x);         /* all elements -> one number (rank 0) */
SL_API sl_tensor *sl_mean(sl_tape *tape, sl_tensor *x);        /* likewise; an empty x is an error    */
SL_API sl_tensor *sl_identity(sl_tape *tape, sl_tensor *x);    /* the same numbers */
SL_API sl_tensor *sl_relu(sl_tape *tape, sl_tensor *x);        /* max(0, x); its derivative at 0 is 0 */
SL_API sl_tensor *sl_tanh(sl_tape *tape, sl_tensor *x);        /* (e^x - e^-x) / (e^x + e^-x) */
SL_API sl_tensor *sl_sigmoid(sl_tape *tape, sl_tensor *x);     /* 1 / (1 + e^-x) */
SL_API sl_tensor *sl_softmax(sl_tape *tape, sl_tensor *x);     /* over the last dimension */
SL_API sl_tensor *sl_log_softmax(sl_tape *tape, sl_tensor *x); /* its logarithm, in one */
/* x > 0 ? x : slope x; 0 <= slope < 1, as a rule 0.01. Its derivative at 0 is the slope. */
SL_API sl_tensor *sl_leaky_relu(sl_tape *tape, sl_tensor *x, sl_real slope);
/* x > 0 ? x : alpha (e^x - 1); 0 < alpha <= 1000, as a rule 1. Its derivative at 0 is alpha. */
SL_API sl_tensor *sl_elu(sl_tape *tape, sl_tensor *x, sl_real alpha);
SL_API sl_tensor *sl_selu(sl_tape *tape, sl_tensor *x);
SL_API sl_tensor *sl_gelu(sl_tape *tape, sl_tensor *x);      /* x (1 + erf(x / sqrt 2)) / 2, exact */
SL_API sl_tensor *sl_gelu_tanh(sl_tape *tape, sl_tensor *x); /* the same by tanh, nearly */
SL_API sl_tensor *sl_silu(sl_tape *tape, sl_tensor *x);      /* x sigmoid(x) */
SL_API sl_tensor *sl_softplus(sl_tape *tape, sl_tensor *x);  /* log(1 + e^x) */
/* (x + 3) / 6, kept within 0..1; its derivative at the kinks, -3 and 3, is 0 */
SL_API sl_tensor *sl_hard_sigmoid(sl_tape *tape, sl_tensor *x);
SL_API sl_tensor *sl_hard_swish(sl_tape *tape, sl_tensor *x); /* x hard_sigmoid(x) */
SL_API sl_tensor *sl_mish(sl_tape *tape, sl_tensor *x);       /* x tanh(softplus(x)) */
/* x >= 0 ? 1 : 0, the word "step" (sl_step is an optimizer's). sl_backward refuses a loss that would have to
 * send a gradient through it, as its slope is 0.                                                  */
SL_API sl_tensor *sl_step_unit(sl_tape *tape, sl_tensor *x);
SL_API sl_tensor *sl_flatten_of(sl_tape *tape, sl_tensor *x); /* [rows, a, b, ..] -> [rows, a b ..] */
/* On a training tape: each element is 0 with probability rate (0 <= rate < 1), else divided by
 * 1 - rate. On an inference tape: x itself.                                                      */
SL_API sl_tensor *sl_dropout_of(sl_tape *tape, sl_tensor *x, sl_real rate);
/* x [.., n]: every column minus its mean, divided by sqrt(variance + epsilon), times scale [n], plus shift
 * [n] (NULL: without). On a training tape with momentum in (0, 1] mean and (biased) variance are those of
 * the batch, over all dimensions but the last, at least 2 rows; running_mean and running_variance [n] (both,
 * or both NULL; tensors of your own) then become (1 - momentum) running + momentum batch, the variance
 * unbiased. On an inference tape, or with momentum 0, the running ones count and stay as they are.   */
SL_API sl_tensor *sl_batch_norm_of(sl_tape *tape, sl_tensor *x, sl_tensor *scale, sl_tensor *shift,
                                   sl_tensor *running_mean, sl_tensor *running_variance, sl_real momentum,
                                   sl_real epsilon);
/* The same for each row, over the last dimension: x [.., n], mean and variance of the n numbers.  */
SL_API sl_tensor *sl_layer_norm_of(sl_tape *tape, sl_tensor *x, sl_tensor *scale, sl_tensor *shift,
                                   sl_real epsilon);
/* On a training tape: adds a normal number of mean 0 and this deviation (>= 0) to each element. On an
 * inference tape: x itself.                                                                      */
SL_API sl_tensor *sl_noise_of(sl_tape *tape, sl_tensor *x, sl_real deviation);

/* Lists of row numbers, of any lengths: bag i is ids[offsets[i]] .. ids[offsets[i + 1] - 1]. */
typedef struct {
    const int *ids;
    const size_t *offsets; /* [count + 1], ascending */
    int count;             /* bags */
    const sl_real *values; /* how much each id counts, in the places of ids; NULL: 1 each */
} sl_bags;
/* Row i of the result: the sum of the table's rows that bag i names, a row as often as it is named, each
 * times its value, or that sum divided by the number of ids; of an empty bag zeros. table [rows, width] ->
 * [count, width]; mode "mean" (NULL) or "sum". ids, offsets and values are borrowed until the graph ends. An
 * id that is no row, or offsets that descend: SL_EINVAL. Only rows that are named get a gradient, and
 * sl_step_apply leaves the others as they are.            */
SL_API sl_tensor *sl_embedding_bag(sl_tape *tape, sl_tensor *table, const sl_bags *bags, const char *mode);
/* The largest number of each column over the rows that bag i names; of an empty bag zeros. The gradient flows
 * to the first id of the bag that has it. Bags with values: SL_EINVAL; all else as above. */
SL_API sl_tensor *sl_embedding_max(sl_tape *tape, sl_tensor *table, const sl_bags *bags);
/* A mean of the rows that bag i names, weighted by softmax(query . row) over the bag; of an empty bag zeros.
 * query [width]; gradients flow into it and into the rows that are named. Bags with values: SL_EINVAL; all
 * else as above. */
SL_API sl_tensor *sl_embedding_attention(sl_tape *tape, sl_tensor *table, sl_tensor *query,
                                         const sl_bags *bags);
/* The table's row that each row's first number names: table [rows, width], x [.., n >= 1] -> [.., width]; the
 * other numbers of x are not looked at, and no gradient flows into it. SL_EINVAL where such a number is not a
 * whole one from 0 to rows - 1. Gradient and updates by rows, as above. */
SL_API sl_tensor *sl_embedding_of(sl_tape *tape, sl_tensor *table, const sl_tensor *x);

/* Losses, each the mean over rows, or over rows and outputs alike, rank 0. Logits are what a linear layer
 * gives: no softmax or sigmoid before. Labels are class numbers [rows]; a target has the prediction's shape.
 * No gradient flows into either.                                                                      */
SL_API sl_tensor *sl_cross_entropy(sl_tape *tape, sl_tensor *logits,        /* [rows, classes] */
                                   const sl_tensor *labels);                /* [rows]: 0 .. classes-1 */
SL_API sl_tensor *sl_binary_cross_entropy(sl_tape *tape, sl_tensor *logits, /* any shape  */
                                          const sl_tensor *targets);        /* the same; 0 to 1 */
SL_API sl_tensor *sl_mean_squared(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target);  /* e^2 */
SL_API sl_tensor *sl_mean_absolute(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target); /* |e| */
/* delta > 0: from there on errors count by their size. q, 0 to 1: the share of targets below the prediction.
 */
SL_API sl_tensor *sl_huber(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target, sl_real delta);
SL_API sl_tensor *sl_quantile(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target, sl_real q);
/* prediction [rows, 3 * targets]: of each target an answer, a lower and an upper bound; target [rows,
 * targets]. The squared error of the answer, and of the bounds the quantile losses that let coverage percent
 * (50 to 99.9) of the targets lie between them. */
SL_API sl_tensor *sl_interval(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target,
                              sl_real coverage);
/* Where the net ends in softmax, sigmoid or log_softmax itself. Below 1e-12 a probability counts as that. */
SL_API sl_tensor *sl_cross_entropy_from_probabilities(sl_tape *tape, sl_tensor *p, const sl_tensor *labels);
SL_API sl_tensor *sl_binary_cross_entropy_from_probabilities(sl_tape *tape, sl_tensor *p,
                                                             const sl_tensor *targets);
SL_API sl_tensor *sl_negative_log_likelihood(sl_tape *tape, sl_tensor *log_p, const sl_tensor *labels);
/* From the distribution targets, rows that sum to 1, to softmax(logits). */
SL_API sl_tensor *sl_kl(sl_tape *tape, sl_tensor *logits, const sl_tensor *targets);
SL_API sl_tensor *sl_hinge(sl_tape *tape, sl_tensor *scores, const sl_tensor *labels); /* [rows, 1]: 0 or 1 */
SL_API sl_tensor *sl_poisson(sl_tape *tape, sl_tensor *log_rate, const sl_tensor *target); /* target >= 0 */
/* Outputs from -1 to 1, as tanh gives them, and targets from 0 to 1: half the squared error against 2 t - 1.
 */
SL_API sl_tensor *sl_half_squared(sl_tape *tape, sl_tensor *outputs, const sl_tensor *targets);
SL_API sl_tensor *sl_perceptron_loss(sl_tape *tape, sl_tensor *z, const sl_tensor *target); /* 0 or 1 */
/* A loss by its word with its options, "huber delta=0.5", "ce smoothing=0.1 reduction=sum". weights: how much
 * each row counts [rows], >= 0, or NULL: the mean is 1/n sum_i w_i l_i with n the number of rows (PyTorch's
 * weighted cross_entropy divides by the sum of the weights instead, which differs from batch to batch). */
SL_API sl_tensor *sl_loss_of(sl_tape *tape, const char *loss, sl_tensor *prediction, const sl_tensor *target,
                             const sl_tensor *weights);

/* Walks the tape back from a rank-0 loss and adds d loss / d t to the gradient of every tensor that
 * the loss depends on. Several forward-backward rounds before one sl_step_apply accumulate.       */
SL_API sl_status sl_backward(sl_tape *tape, sl_tensor *loss);
/* Adds share * d loss / d t: a batch of 512 rows in four pieces of 128 is four rounds with share 128 / 512.
 */
SL_API sl_status sl_backward_share(sl_tape *tape, sl_tensor *loss, sl_real share);

/* === Optimizers ================================================================================= */

typedef struct {
    const char *rule;     /* "sgd", "momentum", "adam", "rmsprop", ... (sl_catalogue); NULL: "adam" */
    sl_real lr;           /* step size; 0: 1e-3; lion 1e-4, nadam 2e-3, adagrad, rprop 0.01, adadelta,
                             perceptron 1                                                    */
    sl_real momentum;     /* momentum, momentum_ema, nesterov: 0.9                           */
    sl_real beta1, beta2; /* adam, adamw, amsgrad, nadam: 0.9 and 0.999; lion: 0.9 and 0.99  */
    sl_real epsilon;      /* adam, adamw, amsgrad, nadam, rmsprop: 1e-8; adagrad: 1e-10; adadelta: 1e-6 */
    sl_real rho;          /* memory for squares of the gradient. rmsprop: 0.99 (Keras: 0.9); adadelta: 0.9 */
    sl_real momentum_decay;      /* nadam: 4e-3                                              */
    sl_real shrink, grow;        /* rprop: factors on a weight's step size, 0.5 and 1.2 ...   */
    sl_real step_low, step_high; /* ... and its limits, 1e-6 and 50                           */
    sl_real decay; /* L2: adds decay * w to the gradient (a loss term of decay/2 ‖w‖²), default
                      none. adamw, lion: w <- w (1 - lr decay), default 0.01 and none. Negative:
                      none. Never applied to biases                                   */
    /* Around every rule; 0: not. In this order: */
    sl_real clip_value;   /* no element of the gradient lies further from 0 than this            */
    sl_real clip_norm;    /* g <- g min(1, c/‖g‖), ‖g‖ over all parameters                        */
    sl_real l1;           /* adds l1 sign(w) to the gradient: a loss term of l1 Σ|w|. Not of biases */
    sl_real l1_prox;      /* after the update |w| falls by lr l1_prox, to exactly 0. Not of biases */
    sl_real max_norm;     /* after the update no row of a weight matrix [out, in] is longer than this */
    sl_real average;      /* 0.999: keeps an average of the weights as well, see sl_step_average_swap */
    const char *schedule; /* how lr goes on, with options: "cosine", "step every=1000 factor=0.1", ...
                             (sl_catalogue); NULL: "constant"                                  */
    double warmup;        /* before it lr grows from 0 in equal steps, step t has lr t / warmup: so many
                             steps, or below 1 that share of them all. Default none              */
    size_t steps;         /* in all, warm-up included: where a schedule ends. 0: as sl_fit's epochs and steps
                             say; a step of your own wants the number here                      */
} sl_optimizer;
#define sl_sgd(...) ((sl_optimizer){ .rule = "sgd", __VA_ARGS__ })
#define sl_momentum(...) ((sl_optimizer){ .rule = "momentum", __VA_ARGS__ })
#define sl_nesterov(...) ((sl_optimizer){ .rule = "nesterov", __VA_ARGS__ })
#define sl_rmsprop(...) ((sl_optimizer){ .rule = "rmsprop", __VA_ARGS__ })
#define sl_adam(...) ((sl_optimizer){ .rule = "adam", __VA_ARGS__ })
#define sl_adamw(...) ((sl_optimizer){ .rule = "adamw", __VA_ARGS__ })
#define sl_adagrad(...) ((sl_optimizer){ .rule = "adagrad", __VA_ARGS__ })

/* Updates these parameters; the array is copied, the tensors are borrowed. A rank-1 parameter is a
 * bias and is not decayed.                                                                       */
SL_API sl_step *sl_step_new(sl_ctx *ctx, sl_optimizer optimizer, sl_tensor *const *params, int count);
/* Clip, decay, rule, update; then the gradients are zero again. Without a gradient since the last call
 * (no sl_backward) it is an error; a parameter that the loss did not depend on stays as it is. So do, under
 * every rule, the rows of a table that only sl_embedding_bag used since then and that were in no bag: weight,
 * m, v, momentum, decay ("lazy"). Adam's correction 1 - beta^t counts all steps, not those of a row. Used by
 * another operator as well, the table is updated whole.                                            */
SL_API sl_status sl_step_apply(sl_step *step);
/* The step size of the next update; and another for all that follow, which the schedule then scales: for a
 * schedule of your own, set it before each sl_step_apply.                                         */
SL_API sl_real sl_step_lr(const sl_step *step);
SL_API sl_status sl_step_set_lr(sl_step *step, sl_real lr);
/* In how many steps so far clip_value or clip_norm changed the gradient. */
SL_API size_t sl_step_clipped(const sl_step *step);
/* What decay, l1 and l1_prox add to the loss: Σ decay/2 ‖w‖² + (l1 + l1_prox) Σ|w|. A decoupled decay is no
 * term of a loss: 0.                                                                              */
SL_API double sl_step_penalty(const sl_step *step);
typedef struct {
    sl_real lr_scale; /* times the step's lr; 0: 1                                              */
    sl_real decay;    /* 0: the optimizer's (none for a bias); negative: none; else this, for a bias too */
} sl_group;
/* From now on this parameter of the step goes by these. SL_EINVAL: it is none of the step's. */
SL_API sl_status sl_step_group(sl_step *step, const sl_tensor *param, sl_group group);
/* Puts the averaged weights in the place of the weights, and the second time back: to evaluate or save them.
 * After t steps a weight's average is (1 - d) Σ d^(t-i) w_i / (1 - d^t), d being optimizer.average; of
 * parameters that stay as they are, too. Between the two calls sl_step_apply is an error. Costs one more
 * number a weight, and each step another pass over all of them.                                          */
SL_API sl_status sl_step_average_swap(sl_step *step);
/* One step of a method that asks for the loss several times: "lbfgs", and for small nets "newton",
 * "coordinate_descent", "random_search", "simplex", "annealing", "genetic", with options as in
 * .rule = "genetic population=100". They find the length of their steps themselves, so lr and schedules are
 * refused. `loss` builds the rank-0 loss of all rows on the tape from the step's parameters, the same at
 * every call; dropout draws the same numbers throughout one step. *value (NULL: not wanted): the loss at the
 * new weights, decay/2 |w|^2 included. With any other rule: loss, backward, sl_step_apply, and *value is the
 * loss before. SL_EINVAL from sl_step_apply where this is to be called.                                    */
SL_API sl_status sl_step_minimise(sl_step *step, sl_tensor *(*loss)(sl_tape *tape, void *user), sl_tape *tape,
                                  void *user, double *value);
/* Such a method has found that nothing more is to be gained; further steps change nothing. Else false. */
SL_API bool sl_step_converged(const sl_step *step);
/* How often the loss was computed so far; *gradients (or NULL): how many of these with the gradient. */
SL_API uint64_t sl_step_evaluations(const sl_step *step, uint64_t *gradients);
/* The step size that an update (from 1) of a training of optimizer->steps has, without training: a schedule
 * as a table. plateau: as if it never fell. NaN on failure.                                            */
SL_API double sl_schedule_lr(sl_ctx *ctx, const sl_optimizer *optimizer, size_t step);
/* Schedule "plateau" goes by losses: the one of an epoch that has ended (sl_fit tells it by itself). true:
 * the step size has fallen. Other schedules, and a loss that is not finite: nothing happens.            */
SL_API bool sl_step_judge(sl_step *step, double loss);
SL_API void sl_step_free(sl_step *step);

/* === Data ======================================================================================= */

/* source: a table (CSV, TSV, JSON lines, fastText's lines; also .gz; "-" is standard input), a folder of
 * texts (train/CLASS/NAME.txt and test, or CLASS/NAME.txt), a folder of IDX files with MNIST's names (also
 * .gz), one IDX file of images, an array of numpy (.npy) or several (.npz), a training file of FANN, or
 * "builtin:NAME?option=value&..." (digits, xor, quadrants, spiral, circle, gauss, moons, plane, line). part:
 * "train", "test", "all", or NULL: the training part where there are two, else everything. SL_EFILE: missing
 * or unreadable; SL_EFORMAT: damaged; SL_EINVAL: an unknown set, option or part. */
SL_API sl_data *sl_data_open(sl_ctx *ctx, const char *source, const char *part);
/* How a table (CSV, TSV, .npy, ..) is read; NULL and 0: the default, or found out. */
typedef struct {
    const char *target;   /* the column to be learned; NULL: none                                */
    const char *columns;  /* what is asked of single columns, a line each: "city=category",
                             "id=ignore", "latitude,longitude=fourier 32": an encoding, or number integer
                             boolean category date day_first month_first (dates such as 1/2/2024) text
                             (its words are learned from) identifier ignore (these two are left out). A name
                             with a comma or = in it  stands in double quotes  */
    const char *numbers;  /* how number columns are encoded where `columns` says nothing: "quantile bins=16";
                             NULL: "standard", or "log" where that takes a skew away                 */
    const char *missing;  /* words that mean that there is no value, separated by commas, beside the
                             empty field; NULL: NA N/A n/a #N/A NaN nan NULL null None none nil missing
                             ? - -- .  ("default" in a list stands for all of these)          */
    const char *group;    /* column: rows with the same value stay in one part                     */
    const char *time;     /* column: the parts follow one another in its order                     */
    const char *weight;   /* column: how much a row counts in losses                               */
    const char *task;     /* "classification", "regression"; NULL: follows the target              */
    const char *encoding; /* what the bytes of texts mean: "utf8", "latin1", "windows-1252", or "replace":
                             UTF-8, and U+FFFD for what is none of it; NULL: utf8. A model keeps it */
    char delimiter;       /* 0: , ; or tab, as found                                               */
    char decimal;         /* 0: '.'                                                                */
    size_t memory;        /* bytes that rows may take; above they are packed into a file; 0: no limit */
    const char *pack;     /* that file, gone with the data; NULL: one without a name                */
} sl_table_options;
/* As sl_data_open, and a table by these options. */
SL_API sl_data *sl_data_open_table(sl_ctx *ctx, const char *source, const char *part,
                                   const sl_table_options *options);
/* As sl_data_open, and a table by the columns that the model was trained on: found by name, in any order,
 * others left out. Rows without a target are left out and counted, a class that the model does not know is
 * SL_EFORMAT; a table that has no target column has no targets. keep: names of columns whose texts are wanted
 * (sl_data_text), separated by commas; NULL: none. */
SL_API sl_data *sl_data_open_for(sl_ctx *ctx, const char *source, const char *part, const sl_model *model,
                                 const char *keep);
/* The same to predict: of a table only the inputs are looked at, so every row is one of the data, whatever
 * its target's column holds. */
SL_API sl_data *sl_data_open_inputs(sl_ctx *ctx, const char *source, const char *part, const sl_model *model,
                                    const char *keep);
/* x [rows, ...]; y [rows] class numbers, or [rows, outputs] numbers, or NULL. Copies both. */
SL_API sl_data *sl_data_from(sl_ctx *ctx, const sl_tensor *x, const sl_tensor *y);
/* How much each row counts in losses, trained and measured: copies weights [rows], finite, at least 0, not
 * all 0; NULL: every row 1 again. Views made later have their rows' weights. Metrics such as accuracy count
 * rows.  */
SL_API sl_status sl_data_set_weights(sl_data *data, const sl_tensor *weights);
/* Cuts off a random fraction (0..1), drawn from the context's seed, in each class alike; both are views
 * that keep all's memory alive.                                                                  */
SL_API sl_status sl_data_split(sl_data *all, double fraction, sl_data **cut_off, sl_data **rest);
/* Does source have the part "train" or "test"? Keeps no error: what is wrong, sl_data_open will say. */
SL_API bool sl_data_has_part(sl_ctx *ctx, const char *source, const char *part);
SL_API void sl_data_free(sl_data *data);
SL_API size_t sl_data_rows(const sl_data *data);
SL_API sl_shape sl_data_shape(const sl_data *data);   /* of one row's input, e.g. [28, 28] or [2]  */
SL_API int sl_data_classes(const sl_data *data);      /* 0: the target is a number, or there is none */
SL_API bool sl_data_has_targets(const sl_data *data); /* false: inputs alone */
SL_API const char *sl_data_class_name(const sl_data *data, int class_index); /* borrowed; NULL: none such */
/* What input number `input` of a row is called: a column's name, or "x0", "x1", ... Borrowed; NULL: there is
 * no such input, or rows have more than 1,000 numbers.                                              */
SL_API const char *sl_data_input_name(const sl_data *data, size_t input);
SL_API uint64_t sl_data_digest(const sl_data *data); /* of all inputs and targets, in order        */
/* Row `row`'s raw input [features] into x, its target (class number or first number) into *y; either
 * may be NULL. SL_EINVAL when there is no such row.                                              */
SL_API sl_status sl_data_row(const sl_data *data, size_t row, sl_real *x, sl_real *y);
/* Input number `input` of a row as text: a number's shortest decimals, a table's word ("?": one that the
 * model does not know), "2024-03-01"; "" where it has none. At most room - 1 bytes, closed by a 0; returns
 * how many there are. */
SL_API size_t sl_data_input_text(const sl_data *data, size_t row, size_t input, char *text, size_t room);

/* The same to look at single rows: with their targets, NaN where a row has none; every row is one of the
 * data. */
SL_API sl_data *sl_data_open_rows(sl_ctx *ctx, const char *source, const char *part, const sl_model *model);

/* A table that lies in memory, as the bytes of a CSV file with a line of names. model: as in
 * sl_data_open_for; NULL: its columns are found out. */
SL_API sl_data *sl_data_from_text(sl_ctx *ctx, const char *text, size_t length, const sl_model *model);
/* A column of a table, as it was found out or asked for; all texts borrowed. */
typedef struct {
    const char *name, *type, *role; /* "number"; "input", "target", "group", "time", "weight", "left out" */
    const char *reason;             /* why this type: "all 412 values are whole numbers"            */
    size_t missing, distinct;       /* in the file it was learned from                             */
    bool most;                      /* distinct: so many or more                                  */
    const char *encoding;           /* asked for it, in words; NULL: the default of its type         */
} sl_column_info;
SL_API int sl_data_columns(const sl_data *data);                                   /* 0: not a table */
SL_API bool sl_data_column(const sl_data *data, int column, sl_column_info *info); /* false: none such */
SL_API const char *sl_data_kept(const sl_data *data, int kept); /* a kept column's name; NULL: none such */
/* The text of a kept column's field (see sl_data_open_for) in this row, UTF-8 as in the file. Borrowed. */
SL_API const char *sl_data_text(const sl_data *data, size_t row, int kept);
/* What the text columns hold in this row, several joined by a byte 31: UTF-8, not closed by a 0. "" and 0:
 * there is none. Borrowed. */
SL_API const char *sl_data_words(const sl_data *data, size_t row, size_t *length);

/* What rows of a table have that the training rows of a model did not: there its answers are guesses. */
typedef struct {
    size_t rows;            /* looked at                                                             */
    size_t below, above;    /* rows with a number below the lowest, above the highest of training     */
    size_t unseen;          /* rows with a word that no training row had (of very many training rows: none
                               of those that were drawn to prepare the columns)                      */
    size_t missing;         /* rows without a value, where every training row had one                 */
    size_t first;           /* the first row that counts here; where there is none: rows             */
    double low, high;       /* lowest and highest of the training rows; low > high: the column has words */
    double lowest, highest; /* of these rows, where below, above are not 0                           */
    const char *words;      /* the first unseen words of the file: "'Lima', 'Rome', .."; NULL: they are not
                               known. The data's                                                     */
    const char *counts_as;  /* what the net takes an unseen word for: "a rare word"; NULL: a number  */
} sl_outside;
/* Of input column number `input`, 0 .. inputs - 1 (sl_data_input_name says what it is called). data: opened
 * by sl_data_open_for, or rows of plain numbers in the order of the inputs. SL_EINVAL: the model has no
 * columns, or no such input, or the data have others. */
SL_API sl_status sl_data_outside(sl_ctx *ctx, const sl_model *model, const sl_data *data, int input,
                                 sl_outside *outside);

/* Rows changed at random, anew in every epoch, so that a model sees more of them than there are. words:
 * "elastic alpha=40 sigma=5, rotate 10, scale 0.1, shear 0.1, shift 1, flip, noise 0.05" or some of these,
 * each with a number that says how much (sl_catalogue kind "augmentation" has their ranges and defaults). All
 * but noise want pictures: row is [height, width] or [height, width, channels], in prepared numbers of which
 * 0 is the background. Moves follow one another as they are written, elastic bends the place that they lead
 * to, the picture is read once, bilinear, and noise comes last. Made for the threads that ctx has now. */
SL_API sl_augment *sl_augment_new(sl_ctx *ctx, const char *words, sl_shape row);
/* Changes x [rows, ...], a tensor of sl_tensor_new, in place: rows first .. of this epoch (both from 0; at
 * most 2^24 epochs), for a loop of your own. Random numbers follow from the seed, the epoch and the row's
 * place in it alone. SL_ESHAPE when the rows are others than sl_augment_new was told; SL_EINVAL for NULL, a
 * result of the tape, or a later epoch. */
SL_API sl_status sl_augment_batch(sl_augment *augment, sl_tensor *x, size_t epoch, size_t first);
SL_API const char *sl_augment_text(const sl_augment *augment); /* its words, with what is not the default.
                                                                  Borrowed                              */
SL_API void sl_augment_free(sl_augment *augment);

/* === Texts ====================================================================================== */

/* What a tokenizer and views make of one text of `length` bytes (invalid UTF-8 stands as U+FFFD), to be
 * looked at. tokenizer: options such as "case=keep marks=drop"; views: "words ngrams=2, characters from=3
 * ngrams=5", of which every n-gram of the text counts as known; NULL: the defaults. NULL and SL_EINVAL: words
 * that there are not. The text is copied. */
typedef struct sl_tokenized sl_tokenized;
SL_API sl_tokenized *sl_tokenize_text(sl_ctx *ctx, const char *text, size_t length, const char *tokenizer,
                                      const char *views);
typedef struct {
    const char *text; /* of `length` bytes, not closed by a 0. Borrowed                            */
    size_t length;
    const char *kind; /* "word", "number", "mark", "url", "break"                                  */
    size_t from, to;  /* which bytes of the text it was                                            */
} sl_tokenized_token;
SL_API bool sl_tokenized_at(const sl_tokenized *tokenized, size_t index, sl_tokenized_token *token);
/* Feature number `index`, of the view *view (borrowed): its text, as much as has room, closed, and its tokens
 * first .. first + count - 1. false: behind the last; for tokens too. */
SL_API bool sl_tokenized_feature(const sl_tokenized *tokenized, size_t index, const char **view,
                                 size_t *first, size_t *count, char *text, size_t room);
SL_API void sl_tokenized_free(sl_tokenized *tokenized);

/* Word vectors: of word2vec (text and binary), fastText (.vec) or GloVe, told apart by what is in the file;
 * also .gz. A word that stands in it again is left out, and counted in a remark. SL_EFORMAT: damaged, cut
 * short, lines of different lengths, a number that is not finite. */
SL_API sl_vectors *sl_vectors_read(sl_ctx *ctx, const char *path);
/* As text, the shortest numbers that read back as the same; where path ends in .bin, word2vec's binary form.
 * Written beside, then renamed. */
SL_API sl_status sl_vectors_write(const sl_vectors *vectors, const char *path);
SL_API void sl_vectors_free(sl_vectors *vectors);
SL_API size_t sl_vectors_count(const sl_vectors *vectors);                  /* words */
SL_API int sl_vectors_size(const sl_vectors *vectors);                      /* numbers of each */
SL_API const char *sl_vectors_word(const sl_vectors *vectors, size_t word); /* borrowed; NULL: none such */
SL_API const sl_real *sl_vectors_values(const sl_vectors *vectors, size_t word); /* likewise, [size] */
/* As it stands there, else with its letters folded. SIZE_MAX: it has no such word. */
SL_API size_t sl_vectors_find(const sl_vectors *vectors, const char *word);
SL_API uint64_t sl_vectors_digest(const sl_vectors *vectors); /* of all numbers, as float32, in order */
/* The words whose vectors point the way of `word`'s, nearest first: near [most], and the cosines; *found: how
 * many there are, at most `most`. */
SL_API sl_status sl_vectors_near(const sl_vectors *vectors, size_t word, size_t most, size_t *near,
                                 double *cosine, size_t *found);
/* Where these words lie along the two directions in which they differ most (principal components): xy [count,
 * 2]; share [2]: of their variance. words NULL: the first `count`. */
SL_API sl_status sl_vectors_map(const sl_vectors *vectors, const size_t *words, size_t count, double *xy,
                                double *share);

typedef struct {
    double done, all, seconds; /* words of the texts, all epochs together */
    double loss;               /* of a pair of words, lately; 0: not known yet */
    size_t words;              /* that get a vector */
} sl_vectors_progress;
typedef struct {
    const char *model;                   /* "skipgram" (NULL), "cbow" */
    int size, window, negatives, epochs; /* 0: 100 numbers, 5 words on either side, 5 others, 5 passes */
    int least;                           /* a word that occurs less often gets no vector; 0: 5 */
    double sample; /* words that are a larger share of the text are often passed over; 0: 0.001, 1: never */
    double lr;     /* falls to 0; 0: 0.025, cbow 0.05 */
    int subwords_from, subwords_to; /* words are also made of their character n-grams; 0: they are not */
    const char *tokenizer;          /* "case=keep marks=drop"; NULL: its defaults */
    sl_status (*progress)(void *user, const sl_vectors_progress *now); /* not SL_OK: stop */
    void *user;
} sl_vectors_options;
/* Word vectors learned from texts: files with a text a line (also .gz, "-"), or whatever sl_data_open takes
 * that has texts (CSV, folders; of two parts the training part). The same for any number of threads. */
SL_API sl_vectors *sl_vectors_train(sl_ctx *ctx, const char *const *sources, size_t count,
                                    const sl_vectors_options *options);

/* === Models ===================================================================================== */

typedef struct sl_layer sl_layer;
struct sl_layer {           /* one vocabulary for every layer; a layer refuses the words it does not know */
    const char *type;       /* "dense", "residual", ...: sl_catalogue("layer") lists them        */
    const char *name;       /* NULL: type_1, type_2, ...                                         */
    int units;              /* dense: outputs. input: inputs. category: numbers of a vector. fourier:
                               frequencies                                                      */
    const char *activation; /* dense, activation: "relu", "leaky_relu slope=0.1"; NULL: none     */
    const char *init;       /* dense: NULL: "he" for the relu family, else "xavier"             */
    sl_real rate;           /* dropout: 0 <= rate < 1                                           */
    bool no_bias;           /* dense                                                            */
    sl_real momentum;       /* batch_norm: running <- (1 - momentum) running + momentum batch; 0: 0.1 */
    sl_real epsilon;        /* batch_norm, layer_norm: added to the variance; 0: 1e-5            */
    sl_real deviation;      /* noise: its standard deviation                                    */
    const char *shape;      /* reshape: "28x28", of one row                                      */
    const char *terms;      /* basis: "x1+x2^2+x1*x2+sin(x1)"                                    */
    const char *share;      /* with the weights of the layer of this name, which comes before    */
    bool frozen;            /* its weights stay as they are, and those of layers inside; what is
                               shared inside goes by the layer whose weights they are           */
    sl_real lr_scale;       /* of its weights: times the optimizer's lr; 0: 1                    */
    sl_real decay;          /* of its weights, instead of the optimizer's; below 0: none         */
    int rows;               /* category: how many there are. embedding, bag: how many features a text
                               can have; 0: as many as its view                                  */
    const char *view;       /* embedding, bag: which view of the texts; NULL: all, their features in one
                               row of numbers                                                    */
    sl_real drop;           /* embedding, bag: share of a text's features left out in each step  */
    int columns;            /* fourier: how many of a row's first numbers; 0: all                */
    sl_real std;            /* fourier: standard deviation of the first frequencies; 0: 1        */
    bool no_keep;           /* fourier: the numbers themselves do not stay                      */
    const sl_layer *layers; /* residual: the layers inside, which end at type NULL               */
};
#define sl_input(...) ((sl_layer){ .type = "input", __VA_ARGS__ })
#define sl_dense(...) ((sl_layer){ .type = "dense", __VA_ARGS__ })
#define sl_dropout(...) ((sl_layer){ .type = "dropout", __VA_ARGS__ })
#define sl_batch_norm(...) ((sl_layer){ .type = "batch_norm", __VA_ARGS__ })
#define sl_layer_norm(...) ((sl_layer){ .type = "layer_norm", __VA_ARGS__ })
#define sl_noise(...) ((sl_layer){ .type = "noise", __VA_ARGS__ })
#define sl_flatten(...) ((sl_layer){ .type = "flatten", __VA_ARGS__ })
#define sl_reshape(...) ((sl_layer){ .type = "reshape", __VA_ARGS__ })
/* Features of a row in place of it: x1 is its first number, + stands between: sl_basis("x1+x2+sin(x1)"). */
#define sl_basis(...) ((sl_layer){ .type = "basis", .terms = __VA_ARGS__ })
/* [c, rest] -> [rest, vector]: the first number of a row, a category's from 0 to rows - 1 (another is
 * SL_EINVAL, which names layer, row and number), is replaced by a learned vector of `units` numbers, behind
 * the rest. A step moves, and decays, the vectors of categories in its batch alone. */
#define sl_category(...) ((sl_layer){ .type = "category", __VA_ARGS__ })
/* [x, rest] -> [rest, x, sin(2 pi W x), cos(2 pi W x)], x the first `columns` numbers of a row, W [units,
 * columns] learned. */
#define sl_fourier(...) ((sl_layer){ .type = "fourier", __VA_ARGS__ })
/* [x] and a text's features f_1 .. f_n -> [x, vector] by a table of `rows` learned vectors of `units` numbers
 * and the layer behind sl_embedding, which is one of the three: their mean, the largest number in each place,
 * or a mean weighted by a learned query. sl_bag: activation(sum of v_i table[f_i] + b). Where the features
 * come from: data with texts (docs/texts.md), or sl_set_bags. */
#define sl_embedding(...) ((sl_layer){ .type = "embedding", __VA_ARGS__ })
#define sl_mean_pool() ((sl_layer){ .type = "mean_pool" })
#define sl_max_pool() ((sl_layer){ .type = "max_pool" })
#define sl_attention_pool(...) ((sl_layer){ .type = "attention_pool", __VA_ARGS__ })
#define sl_bag(...) ((sl_layer){ .type = "bag", __VA_ARGS__ })
#define sl_activation(...) ((sl_layer){ .type = "activation", .activation = __VA_ARGS__ })
/* y = x + f(x), f the layers given: sl_residual(sl_dense(.units = 64, .activation = "relu"), sl_dense(...))
 */
#define sl_residual(...)                                                                                     \
    ((sl_layer){ .type = "residual", .layers = (const sl_layer[]){ __VA_ARGS__, { .type = NULL } } })

#define sl_sequential(ctx, ...) sl_model_new(ctx, (const sl_layer[]){ __VA_ARGS__, { .type = NULL } })
/* Copies the layers, which end at type NULL; at most 10,000, those inside others counted, 100 deep. Weights
 * are made when the input width is known: here when the first layer is sl_input, else at the first fit or
 * forward.                                  */
SL_API sl_model *sl_model_new(sl_ctx *ctx, const sl_layer *layers);
/* The same from the words of --net, hidden layers first: "128 relu, dropout 0.2, residual [128 relu, 128],
 * 10". */
SL_API sl_model *sl_model_parse(sl_ctx *ctx, const char *net);
/* The same, and behind them the output layer that the loss wants for targets y [rows] or [rows, columns], as
 * `slope train` adds it: so many outputs, 0: one a column, or as many as there are classes up to the largest
 * in y. net NULL: no hidden layers. */
SL_API sl_model *sl_model_for(sl_ctx *ctx, const char *net, const char *loss, const sl_tensor *y,
                              int outputs);
/* How the weights of layers that name no init begin, with options: "normal std=0.1". NULL: each layer's own.
 * SL_EINVAL: no such word, or the weights are there already.                                        */
SL_API sl_status sl_model_set_init(sl_model *model, const char *init);
/* A .safetensors file, or a run folder. SL_EFILE when it cannot be read, SL_EFORMAT when it is damaged, not
 * of slope or of a newer format, or holds a weight that is not finite.                               */
SL_API sl_model *sl_model_load(sl_ctx *ctx, const char *path);
/* Written beside, then renamed: the old file stays whole until the new one is. SL_EWRITE names the reason. */
SL_API sl_status sl_model_save(const sl_model *model, const char *path);
SL_API void sl_model_free(sl_model *model);

/* All layers, numbered from 0; those inside a residual layer follow it. */
SL_API int sl_model_layers(const sl_model *model);
typedef struct {
    const char *name, *type, *text; /* text: "128 relu", "residual". Borrowed                      */
    int depth;                      /* 0; inside a residual layer 1, ...                           */
    int end;                        /* the layer's number + 1 + how many are inside               */
    const char *share;              /* whose weights it uses; NULL: its own. Borrowed              */
    bool frozen;
    sl_shape input, output; /* of one row                                                 */
    size_t parameters;      /* its own numbers, learned or frozen; those inside not       */
    size_t flops;           /* of one row forward: 2 a multiply-add                       */
} sl_layer_info;
SL_API sl_status sl_model_layer(const sl_model *model, int layer, sl_layer_info *info);
SL_API int sl_model_params(const sl_model *model);            /* how many parameter tensors           */
SL_API sl_tensor *sl_model_param(sl_model *model, int index); /* borrowed; in model order              */
SL_API const char *sl_model_param_name(const sl_model *model, int index); /* "dense_1.weight". Borrowed */
SL_API size_t sl_model_parameters(const sl_model *model); /* their numbers, in all                  */
/* From now on training leaves this layer's weights, and those of the layers inside it, as they are (or no
 * longer does: then a group around it is no longer frozen as a whole). Weights are frozen where they are at
 * home, not where they are shared. Words of --net: "64 relu freeze=yes".                           */
SL_API sl_status sl_model_freeze(sl_model *model, const char *layer, bool frozen);
typedef struct {               /* memory of a training step, in bytes of the context                */
    size_t weights, gradients; /* of all parameters                                              */
    size_t optimizer;          /* what it keeps beside each weight                               */
    size_t activations;        /* the tape: results, their gradients, what backward wants again  */
    size_t batch;              /* inputs and targets                                             */
    size_t products;           /* packed pieces of matrices, for each of the context's threads   */
} sl_step_memory;
/* What a loop with this batch, [batch, numbers a row], allocates from the model's building to its last step,
 * to the byte: a dry run of the same calls counts it; of texts without the words. Wants a compiled model
 * whose input width is known. */
SL_API sl_status sl_model_step_memory(const sl_model *model, int batch, sl_step_memory *memory);
SL_API size_t sl_model_step_bytes(const sl_model *model, int batch); /* their sum; 0: failed            */
SL_API int sl_model_classes(const sl_model *model); /* 0: the output is a number             */
SL_API const char *sl_model_class_name(const sl_model *model,
                                       int class_index);       /* borrowed; NULL: none such */
SL_API const char *sl_model_loss(const sl_model *model);       /* with its options; NULL before sl_compile */
SL_API sl_optimizer sl_model_optimizer(const sl_model *model); /* as compiled; texts borrowed */
/* How the loss sees a target y: "none": itself, "standard": (y - shift) / scale, "log": (log y - shift) /
 * scale. shift and scale may be NULL. Borrowed. */
SL_API const char *sl_model_target_scale(const sl_model *model, double *shift, double *scale);
/* Loss interval: the percentage of targets that the bounds are to hold; else 0. correction: by how much both
 * were moved outwards, in what the loss sees; rows: how many validation rows decided so, 0: none. Both may be
 * NULL. */
SL_API double sl_model_interval(const sl_model *model, double *correction, size_t *rows);
SL_API const char *sl_model_net(const sl_model *model);     /* the layers in the words of --net. Borrowed */
SL_API const char *sl_model_version(const sl_model *model); /* of slope, that wrote it; made here: this one */
SL_API const char *sl_model_preprocessing(const sl_model *model); /* a sentence. Borrowed               */
/* A table's columns, as the model was trained on them; false: none such, or no table. */
SL_API bool sl_model_column(const sl_model *model, int column, sl_column_info *info);
/* What a column becomes, and what stands for its missing values: "standardised: mean 3.87, deviation 1.9"; ""
 * of one that is no input. At most room - 1 bytes, closed by a 0; returns how many there are. */
SL_API size_t sl_model_column_becomes(const sl_model *model, int column, char *text, size_t room);
/* A value of the column as it is written: a number, or a date, "2024-03-01". As above. */
SL_API size_t sl_model_column_text(const sl_model *model, int column, double value, char *text, size_t room);
SL_API sl_shape sl_model_input(const sl_model *model);  /* of one row                            */
SL_API uint64_t sl_model_digest(const sl_model *model); /* FNV-1a 64 over parameters, running statistics */
/* x, of sl_tensor_new [rows, n >= 0], carries these lists from now on, one a row, copied, for the layers
 * embedding and bag; NULL: none again. SL_ESHAPE: another number of lists than rows; SL_EINVAL: offsets that
 * descend, ids that are missing, another kind of tensor. */
SL_API sl_status sl_set_bags(sl_tensor *x, const sl_bags *bags);
/* A model is a large operator: x [rows, ...] prepared inputs -> what the last layer gives. */
SL_API sl_tensor *sl_forward(sl_tape *tape, sl_model *model, sl_tensor *x);

/* New models with copies of the weights; those copied must be built. Layers first .. last - 1, which must not
 * cut a residual layer in two; weights shared with a layer outside become the piece's own, and are trained,
 * or frozen, as they were.                                                                             */
SL_API sl_model *sl_model_slice(const sl_model *model, int first, int last);
/* Both in a row, in ctx: slices of a model chained are that model, bit for bit. A layer of b whose name a has
 * too gets a new one.                                                                              */
SL_API sl_model *sl_model_chain(sl_ctx *ctx, const sl_model *a, const sl_model *b);
/* What it answers, with fewer layers: a dense layer without activation and the dense layer behind it become
 * one, W = W2 W1, b = W2 b1 + b2, as often as there are such. Dropout and noise are left out there. Nothing
 * is shared in the result.                                                                             */
SL_API sl_model *sl_model_collapse(const sl_model *model);

/* === Where the time goes ======================================================================== */

/* Made once, handed to sl_fit or a run (.profile), read afterwards; several trainings add up. Costs two looks
 * at the clock for each operator that runs, and changes no result.                                  */
SL_API sl_profile *sl_profile_new(sl_ctx *ctx);
typedef struct {
    const char *name; /* "dense_1 linear backward", "update", ..., "rest". Borrowed              */
    uint64_t calls;
    double seconds; /* without what the rows of other names took: all rows add up to the whole  */
    double flops,
        bytes;    /* operations, and bytes read and written, by the operators' formulas; 0: not counted */
    bool product; /* a matrix product: a multiply-add is two operations                       */
} sl_profile_row;
/* Row `index`, in the order in which they first began; false behind the last. */
SL_API bool sl_profile_at(const sl_profile *profile, int index, sl_profile_row *row);
SL_API void sl_profile_free(sl_profile *profile);

/* === Compile, fit, evaluate, predict ============================================================ */

typedef struct {
    const char *loss;       /* with its options: "cross_entropy", "huber delta=0.5", "bce"; docs/losses.md */
    sl_optimizer optimizer; /* rule NULL: adam                                                    */
} sl_plan;
#define sl_compile(model, ...) sl_model_compile(model, &(const sl_plan){ __VA_ARGS__ })
/* Refuses a loss that does not fit the last layer (softmax before cross entropy, ...). */
SL_API sl_status sl_model_compile(sl_model *model, const sl_plan *plan);

typedef struct {                        /* what the callbacks are told; borrowed for the call */
    size_t step, epoch, steps_an_epoch; /* finished so far, from 1; epoch: the one in progress     */
    size_t step_limit;                  /* where training ends at the latest; 0: not known          */
    bool patient;                       /* patience may end it before                              */
    double loss;                        /* of the last batch (on_step)                             */
    const sl_report *report;            /* a row for every finished epoch                          */
    sl_model *model;
} sl_progress;

typedef struct {
    int epochs;           /* 0 with steps 0: until patience ends it, at least 2,000 steps, then at
                             most 200 epochs                                                     */
    int steps;            /* stop after so many updates                                          */
    int batch;            /* 0: 32; -1: all rows. The last batch of an epoch may be smaller        */
    int accumulate;       /* batches an update: their gradients are those of one batch of all their
                             rows, in the memory of one. 0: 1                                    */
    const char *sampling; /* "shuffle" (NULL): every row once an epoch, in another order each time; "replace":
                             each row drawn from all; "order": as they stand                     */
    int patience;         /* epochs without improvement before it stops; 0: 10 without epochs and
                             steps, else never; -1: never                                        */
    const sl_data *validation;  /* NULL: a tenth of the training rows, drawn in each class alike; none
                                below 50 rows or 5 a class                                          */
    double validation_fraction; /* instead of the tenth; negative: none                             */
    const char *class_weight;   /* the loss of a row counts so much: "balanced" (rows / (classes * rows of its
                                   class)), "2, 1, 1", "name=2, other=1"; NULL: 1. Figures count rows    */
    const char *augment;        /* the words of sl_augment_new: the rows that are fitted are changed by them
                                   before each step, those that measure are not. NULL: none          */
    const char
        *target_scale;     /* "standard": the loss sees (y - mean) / deviation, "log": the same of log y;
                              mean   and deviation are those of the rows that are fitted (over n), kept in
                              the   model. Figures and predictions stay in the target's units. NULL, "none":
                              y   itself, or what the model has already; SL_EINVAL where the loss wants y   */
    const char *text;      /* how texts become features, a model that has not learned it yet: "words
                              ngrams=2", "words, characters from=3 ngrams=5" (sl_catalogue kind "view");
                              NULL: "words"                                                        */
    const char *tokenizer; /* and what is a word: "case=keep" (kind "tokenizer"); NULL: the default      */
    const sl_data *unlabelled; /* texts without labels, from which a view "documents" of `text` learns too; of
                                  this context, borrowed until the model is built; NULL: none            */
    const char *checkpoint;    /* a file that holds everything needed to go on; NULL: none             */
    bool resume;               /* go on from that file if it is there                                  */
    bool curvature;            /* columns curvature, stable_lr and noise_scale: docs/train.md          */
    sl_status (*on_step)(void *user, const sl_progress *progress);  /* SL_ESTOPPED ends training   */
    sl_status (*on_epoch)(void *user, const sl_progress *progress); /* likewise                     */
    void *user;
    sl_profile *profile; /* times what runs; NULL: nothing does. Borrowed                            */
} sl_fit_options;
#define sl_fit(model, train, ...) sl_model_fit(model, train, &(const sl_fit_options){ __VA_ARGS__ })
/* Trains and leaves the weights of the best epoch (by validation loss, without validation rows by train
 * loss) in the model. The report has a row an epoch. NULL on failure; SL_EDIVERGED keeps the best epoch so
 * far in the model. Stopped by a callback: the report, and sl_error is SL_ESTOPPED; SL_EWRITE likewise, where
 * the checkpoint of the last step could not be written (earlier ones are logged, and tried again).   */
SL_API sl_report *sl_model_fit(sl_model *model, const sl_data *train, const sl_fit_options *options);

/* Which step sizes does this training bear? A throw-away training of `steps` steps (0: 200), whose step size
 * grows by the same factor from low (0: 1e-7) to high (0: 10), until the loss is far above its least or not
 * finite; data, batches and seed are those of sl_fit with these options (epochs, steps, patience, checkpoint
 * and on_epoch do not count, nor do the optimizer's schedule and warm-up; on_step may end it). A row a step:
 * step, lr, loss, smoothed. The weights are left as they were. Smith, WACV 2017, section 3.3.          */
SL_API sl_report *sl_lr_range(sl_model *model, const sl_data *train, const sl_fit_options *options,
                              double low, double high, int steps);
typedef struct {
    double steepest; /* where the smoothed loss falls fastest                                 */
    double largest;  /* where it is least                                                     */
    double advised;  /* steepest, but at most a tenth of largest: room for all of the training */
    bool rose;       /* it rose behind largest; false: the range ended, more may be borne     */
} sl_lr_advice;
/* Advice, not a choice: the curve is there to be looked at. false: the loss never fell, all are NaN. */
SL_API bool sl_lr_range_advice(const sl_report *range, sl_lr_advice *advice);

/* A report of one row: loss, rows, and every metric that applies to so many classes, or to numbers
 * (sl_catalogue lists them; NaN: not defined here, as auc with one class alone), with the confusion matrix
 * and majority_accuracy, or with mean_rmse; where the loss is interval with coverage (the share of targets
 * inside the bounds), coverage_uncorrected and width (their mean distance). Made in ctx, which may be another
 * than the model's. SL_ESHAPE or SL_EINVAL when the data do not fit the model. */
SL_API sl_report *sl_evaluate(sl_ctx *ctx, const sl_model *model, const sl_data *data);
/* Raw inputs x [rows, ...] -> probabilities [rows, classes], or numbers [rows, outputs], in the units of the
 * training targets (loss interval: prediction, low, high [rows, 3], low <= high), a tensor of ctx.
 * SL_ESHAPE when a row has another number of inputs than the model wants; SL_EINVAL for a model that was
 * never compiled or built. sl_predict_data: rows first .. first + rows - 1 of data.               */
SL_API sl_tensor *sl_predict(sl_ctx *ctx, const sl_model *model, const sl_tensor *x);
SL_API sl_tensor *sl_predict_data(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t first,
                                  size_t rows);

/* Several models asked as one: of each row the mean of their probabilities, classes by name in the order of
 * models[0], or of their numbers. SL_EINVAL, SL_ESHAPE: their data are not the same rows, or the models
 * (which sl_several_alike alone looks at) answer other things, or with intervals. All borrowed. */
typedef struct {
    const sl_model *const *models; /* [count] */
    const sl_data *const *data;    /* [count]: the rows as each model reads them (sl_data_open_for) */
    const char *const *names;      /* [count], for messages; NULL: "model 1", "model 2", .. */
    int count;
} sl_several;
SL_API sl_status sl_several_alike(sl_ctx *ctx, const sl_several *several);
SL_API sl_tensor *sl_predict_several(sl_ctx *ctx, const sl_several *several, size_t first, size_t rows);
/* Row 0 of the report has the figures of the mean (no loss), row i + 1 the accuracy or rmse of models[i]. */
SL_API sl_report *sl_evaluate_several(sl_ctx *ctx, const sl_several *several);

/* A report is a table: named columns, a row an epoch. A value that was not taken is NaN. */
SL_API int sl_report_rows(const sl_report *report);
SL_API int sl_report_columns(const sl_report *report);
SL_API const char *sl_report_column(const sl_report *report, int column);         /* name; NULL: none such */
SL_API double sl_report_at(const sl_report *report, int row, const char *column); /* NaN: none such */
SL_API double sl_report_last(const sl_report *report, const char *column);        /* of the last row */
SL_API int sl_report_best(const sl_report *report); /* the row whose weights were kept; -1: none yet */
/* How many rows of class `truth` were predicted as `prediction`; 0 without a confusion matrix. */
SL_API size_t sl_report_confusion(const sl_report *report, int truth, int prediction);
SL_API int sl_report_classes(const sl_report *report);
SL_API void sl_report_free(sl_report *report);

/* === Is it any good? Baselines, and where a model goes wrong ===================================== */

/* What a model must beat, fitted to train, the rows that it learned from: "always" (the most frequent class,
 * the mean), "median" (numbers), "linear" (least squares; logistic regression, penalty 1/2 |w|^2 beside the
 * sum of the losses) and "nearest" (the nearest of at most 5,000 rows), on columns less their mean, divided
 * by their deviation; of texts "naive_bayes" (classes; multinomial on the features of the model's first view,
 * each once a text, 1 added to each count; the model must live as long as it is measured). Rows count alike,
 * whatever their weights. What would take too long is not computed and says why; images get "always" alone.
 * The same bits for any number of threads. train NULL: none is fitted, and only "always" is shown, of the
 * measured rows. NULL on failure.                                    */
SL_API sl_baselines *sl_baselines_fit(sl_ctx *ctx, const sl_model *model, const sl_data *train);
/* Those that a run kept in its folder (baselines.safetensors); NULL without failure: there are none, as
 * beside a bare model file. SL_EFORMAT: damaged.                                                     */
SL_API sl_baselines *sl_baselines_load(sl_ctx *ctx, const char *folder);
SL_API sl_status sl_baselines_save(const sl_baselines *baselines, const char *path);
/* Model and baselines on the same rows. Intervals are 95 % percentile intervals of rows drawn anew (Efron
 * 1979); 1,000 times, for many rows fewer, at least 200. SL_ESHAPE, SL_EINVAL: the data do not fit. */
SL_API sl_status sl_baselines_measure(sl_baselines *baselines, const sl_model *model, const sl_data *data);
SL_API sl_status sl_baselines_measure_several(sl_baselines *baselines, const sl_several *several);
typedef struct {
    const char *name; /* "model", "always", "median", "linear", "naive_bayes", "nearest". Borrowed   */
    const char *text; /* in words: "logistic regression, 13 columns". Borrowed                      */
    const char *why;  /* it was not computed: the reason; NULL: it was. Borrowed                     */
    size_t rows;      /* it was measured on: "nearest" on at most 2,000 of all, drawn by the seed    */
    double figure, low, high;        /* accuracy, or rmse, with its interval                                */
    double mae, r2, r2_low, r2_high; /* of numbers; NaN: classes, or not defined                     */
} sl_baseline_row;
/* Row `index` after sl_baselines_measure, 0 the model; false behind the last. */
SL_API bool sl_baselines_at(const sl_baselines *baselines, int index, sl_baseline_row *row);
/* Model less linear, or of texts less naive Bayes, whichever is better on these rows: of accuracies, or
 * rmses, on the same rows drawn anew. */
typedef struct {
    const char *against; /* "linear", "naive_bayes". Borrowed                                      */
    bool known;          /* false: there is neither here                                                   */
    bool better; /* the whole interval is on the model's good side of 0                              */
    double value, low, high;
    size_t resamples;
} sl_baseline_difference;
SL_API sl_baseline_difference sl_baselines_difference(const sl_baselines *baselines);
/* That in a sentence, with what to do when the model is no better; "" where it is not known. Borrowed. */
SL_API const char *sl_baselines_verdict(const sl_baselines *baselines);
SL_API void sl_baselines_free(sl_baselines *baselines);

/* How much worse is the model when one input is shuffled among the rows (Breiman 2001; Fisher, Rudin,
 * Dominici, JMLR 20, 2019)? A row an input, the most important first: input, mean, spread (of `shuffles`
 * ones, 0: 5), and rows that were used (many are sampled); what falls is accuracy, what rises is rmse. Inputs
 * that go together share what is lost. More than 1,000 inputs: SL_EINVAL. All texts of a row are one input,
 * whose number is that behind the others' ("the texts"). */
SL_API sl_report *sl_importance(sl_ctx *ctx, const sl_model *model, const sl_data *data, int shuffles);
/* Is a probability of 0.8 right in 80 of 100 rows? A row for each of `bins` (0: 10) of equal width: low,
 * high, rows, confidence (the mean), accuracy; of the predicted class, of two classes of the second, whose
 * share then is the accuracy. *error (NULL: not wanted): the expected calibration error, the mean over rows
 * of |accuracy - confidence| of their bin. SL_EINVAL: no classes, or no probabilities.                     */
SL_API sl_report *sl_calibration(sl_ctx *ctx, const sl_model *model, const sl_data *data, int bins,
                                 double *error);
/* Numbers: `bins` (0: 10) bins of as many rows each, by the prediction: low, high, rows, residual (target
 * less prediction, the mean), rmse. SL_EINVAL: classes, or several targets a row. */
SL_API sl_report *sl_residuals(sl_ctx *ctx, const sl_model *model, const sl_data *data, int bins);
SL_API sl_report *sl_calibration_several(sl_ctx *ctx, const sl_several *several, int bins, double *error);
SL_API sl_report *sl_residuals_several(sl_ctx *ctx, const sl_several *several, int bins);
/* The `most` rows of the largest loss (0: all), worst first: row (from 0), truth, prediction, probability (of
 * the prediction) and p_truth, or residual (target less prediction), loss. SL_EINVAL: several targets. */
SL_API sl_report *sl_errors(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t most);

/* === Explanations: models that read texts ======================================================== */

typedef struct {
    const char *text; /* as vocabularies have it; "" between the texts of two columns. Borrowed       */
    size_t from, to;  /* which bytes of the row's text (sl_data_words) it is                          */
    double push;      /* output less the output without the features (words, n-grams) it is part of   */
    bool known;       /* there are such features; else push is 0                                      */
    bool word;        /* false: a mark, or a break                                                    */
} sl_why_token;
typedef struct {
    sl_ctx *ctx;
    int class_index; /* that is explained; -1: the answer is a number                                */
    double output;   /* its logit less the mean of the other classes' (of two classes: the log odds), of a net
                        that gives probabilities its own; or the number predicted                     */
    double empty;    /* the same of a row without text                                                */
    const sl_why_token *tokens;
    size_t count;
} sl_why;
/* Which words pushed the answer for a row? Leaves out one token after the other; class_index -1: the
 * predicted class. A feature that stands in the text several times is left out by its share. Numbers beside
 * the text stay as they are. SL_EINVAL: no texts, no such row or class, several targets. */
SL_API sl_why *sl_why_row(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t row,
                          int class_index);
SL_API void sl_why_free(sl_why *why);
/* What the last pool or bag makes of the texts of rows first .. first + rows - 1: [rows, numbers]. */
SL_API sl_tensor *sl_pooled(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t first,
                            size_t rows);
/* All rows' in two principal components: xy [rows, 2], share [2] of their variance. */
SL_API sl_status sl_pooled_map(sl_ctx *ctx, const sl_model *model, const sl_data *data, double *xy,
                               double *share);
typedef struct {
    int width;               /* numbers of what sl_pooled gives                                       */
    double cosine, distance; /* between the two; cosine NaN: one of them is 0                         */
    bool same;               /* both have the same features as often: no net behind can tell them apart */
} sl_text_pair;
SL_API sl_status sl_compare_texts(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t a, size_t b,
                                  sl_text_pair *pair);
/* A row a text: words (how many, without marks), unknown_share (of them), and 1 or 0: short and long (below
 * the lower, above the upper quartile of these rows), negation (not, never, n't .. before a word), unknown (a
 * share above twice the mean), contrast (but, however ..). The words are English. */
SL_API sl_report *sl_text_tags(sl_ctx *ctx, const sl_model *model, const sl_data *data);
/* The features a model knows, numbered over all its views: how many (0: it reads no texts), and each as text,
 * "not good"; how they were made, and the tokenizer's options that are not the default. Texts: at most room -
 * 1 bytes, closed by a 0; return how many there are. */
SL_API size_t sl_model_features(const sl_model *model);
SL_API size_t sl_feature_text(const sl_model *model, size_t feature, char *text, size_t room);
SL_API size_t sl_model_texts(const sl_model *model, char *text, size_t room);
SL_API size_t sl_model_tokenizer(const sl_model *model, char *text, size_t room);
/* A row a feature, at most `most`: feature, count in the training texts (of the first view of words);
 * feature, push: which push a class (of a number: 1 up, 0 down) most in a model that is linear in its texts,
 * times their own weight (idf, log-count ratio); no rows where it is not. */
SL_API sl_report *sl_frequent_features(sl_ctx *ctx, const sl_model *model, size_t most);
SL_API sl_report *sl_heaviest_features(sl_ctx *ctx, const sl_model *model, int class_index, size_t most);
/* The vectors of the first embedding (else of the first bag of several numbers), by its features. */
SL_API sl_vectors *sl_model_vectors(sl_ctx *ctx, const sl_model *model);

/* === A run: a training job in a folder ========================================================== */

typedef struct {            /* NULL and 0: the default, as in sl_fit_options and `slope train` */
    const char *data;       /* required                                                           */
    const char *test;       /* a source, or "0.2": that share of data's rows; NULL: data's own test part,
                               if it has one                                                           */
    const char *validation; /* "0.1", or a source                                                  */
    const char *split;      /* "random" (or NULL), "time=COLUMN": train, validation and test in its order   */
    const char *group;      /* column: rows with the same value are in one part; NULL                */
    int folds, fold;        /* folds > 0: the test part is fold 0 .. folds - 1 of so many, 2 to 50     */
    double rows; /* of the training rows so many, or (at most 1) that share of them, drawn in each class
                    alike; the other parts stay as they are, and a small table is not learned anew in the end
                    with its validation rows. 0: all */
    const char *skip_checks; /* names of sl_catalogue kind "check", separated by commas; NULL: none   */
    const char *net;         /* hidden layers; NULL or "linear": none                               */
    const char *activation;  /* in place of each that net names, or, where it names none, of each hidden dense
                                layer; NULL: as net says                                                  */
    const char *task;        /* "classification", "regression"; NULL: follows the target            */
    const char *loss;        /* NULL: follows the task                                              */
    const char *init;        /* for every layer that names none                                     */
    const char *weights, *biases; /* starting numbers, "0.5,1", in model order, row-major [outputs, inputs];
                                     NULL: drawn; where weights alone are given, biases are 0 and stay so */
    const char *augment, *sampling, *class_weight; /* as in sl_fit_options                                */
    const char *target_scale;                      /* likewise                                            */
    double interval; /* 50 to 99.9: loss interval with this coverage, in place of loss; 0: none            */
    sl_optimizer optimizer;
    int epochs, steps, batch, accumulate, patience; /* as in sl_fit_options                               */
    int lr_batch; /* optimizer.lr is meant for batches of so many rows: another batch takes it times batch *
                     accumulate / lr_batch (Goyal et al. 2017); 0: lr is lr                               */
    sl_table_options table; /* how data is read, where it is a table; weights of rows included          */
    const char *text, *tokenizer; /* as in sl_fit_options                                            */
    const char *vectors; /* a file of word vectors (word2vec, GloVe) that the embedding layers begin with */
    const char *unlabelled; /* a source of texts without labels: one a line, a table's, a folder's. Where text
                               is NULL, a view "documents" is added, else it must have one. Texts that the
                               test or validation part has too are left out                            */
    const char *out;        /* folder; NULL: runs/NAME-N                                           */
    bool overwrite;         /* replace a finished run                                              */
    const char *record;     /* "path": the weights at the start and after every epoch, path.bin; not with
                               keep_nothing; without it those of nets of at most 2,000 parameters, after some
                               epochs. "curvature": as in sl_fit_options. "path,curvature". NULL: neither       */
    bool keep_nothing;      /* no folder: the model and the figures are in memory only           */
    bool test_validates; /* where no rows validate, those cut off for tests do, and there is no test then */
    sl_status (*on_step)(void *user, const sl_progress *progress);
    sl_status (*on_epoch)(void *user, const sl_progress *progress);
    void *user;
    sl_profile *profile; /* of reading, training and writing; NULL: none. Borrowed until sl_run_free  */
} sl_run_options;
/* Reads the data, builds the model and checks everything; creates nothing yet. */
SL_API sl_run *sl_run_new(sl_ctx *ctx, const sl_run_options *options);
/* A run that was begun in folder, with its recorded settings (of options only the callbacks and the
 * profile count; NULL: none). Changed data is refused. The context's seed becomes the recorded one. */
SL_API sl_run *sl_run_open(sl_ctx *ctx, const char *folder, const sl_run_options *callbacks);
/* Another fold, counted from 0, of a run that was begun in folder as one of several: new, with its settings,
 * in the folder `out` (NULL: kept in memory). The rest as sl_run_open. */
SL_API sl_run *sl_run_open_fold(sl_ctx *ctx, const char *folder, int fold, const char *out,
                                const sl_run_options *callbacks);
/* Trains, evaluates, writes. A finished run does nothing. SL_ESTOPPED: stopped by a callback; it can be
 * opened and trained further (by sl_run_open: a second call here is SL_EINVAL). SL_EWRITE: as sl_model_fit.
 */
SL_API sl_status sl_run_train(sl_run *run);
/* sl_lr_range with the run's model, data and batch; before sl_run_train.                         */
SL_API sl_report *sl_run_lr_range(sl_run *run, double low, double high, int steps);
SL_API bool sl_run_finished(const sl_run *run);
SL_API const char *sl_run_folder(const sl_run *run); /* borrowed; NULL: it keeps nothing, or has none yet */
SL_API const char *sl_run_result(const sl_run *run); /* one line of JSON; NULL before the end. Borrowed */
/* These three are borrowed, and NULL for a finished run that was opened again; the history also before
 * training, the test figures also without a test part.                                           */
SL_API const sl_report *sl_run_history(const sl_run *run);
SL_API const sl_report *sl_run_test(const sl_run *run);
SL_API sl_model *sl_run_model(sl_run *run);
/* Likewise; measured on the test part, else on the validation rows. NULL too when there are neither. */
SL_API const sl_baselines *sl_run_baselines(const sl_run *run);
SL_API void sl_run_free(sl_run *run);
/* The recorded history (metrics.csv) of a run folder as a report. */
SL_API sl_report *sl_run_read_history(sl_ctx *ctx, const char *folder);
/* The losses of its steps (steps.csv), as they were before each: step, loss, lowest, highest, lr. Of a long
 * training a row stands for 2, 4, 8 ... steps, the last of which is named: loss is their mean. */
SL_API sl_report *sl_run_read_steps(sl_ctx *ctx, const char *folder);
/* The data source a run was trained on, and the one it was tested on beside it (NULL without failure: it
 * named none), from its run.json; relative to where it was begun if it is not found here. Borrowed from ctx
 * until sl_ctx_free. */
SL_API const char *sl_run_read_data(sl_ctx *ctx, const char *folder);
SL_API const char *sl_run_read_test(sl_ctx *ctx, const char *folder);
/* What run.json says at `key`, members behind points, as text: "settings.net" (as asked for), "used.batch"
 * (what came of it), "result.test_accuracy", "version", "status", "data_digest". NULL without failure: null,
 * or not there. Borrowed as above. */
SL_API const char *sl_run_read(sl_ctx *ctx, const char *folder, const char *key);
/* Setting `index` of a run: those that counted, then those asked for that say nothing else. false: behind the
 * last, or failed. */
typedef struct {
    const char *name;  /* "batch", "optimizer.lr"; borrowed as above, like the texts                 */
    const char *asked; /* for by an option; NULL: the default                                        */
    const char *used;  /* what counted; NULL: as it was asked for                                    */
} sl_run_setting;
SL_API bool sl_run_setting_at(sl_ctx *ctx, const char *folder, int index, sl_run_setting *setting);
/* The command that makes the run again, as a shell takes it: "slope train houses.csv --target price"; sources
 * as they were given, in the folder "begun_in". */
SL_API const char *sl_run_command(sl_ctx *ctx, const char *folder);

/* --- a run in memory, a few steps at a time --- */

typedef struct {
    const char *name,
        *text; /* "optimizer.lr" or "lr", "0.05": as sl_run_options and `slope train` have them */
} sl_change;
/* Instead of sl_run_train, of a run with keep_nothing: trains until so many steps are done, or it is over (by
 * its settings, or a callback); the weights of the last step stay in sl_run_model, and a later call goes on.
 * The steps are those of sl_run_train, to the bit. SL_EDIVERGED: a number is not finite; steps so far stay.
 */
SL_API sl_status sl_run_to(sl_run *run, size_t step);
SL_API size_t sl_run_steps(const sl_run *run); /* done so far */
SL_API bool sl_run_over(const sl_run *run);    /* sl_run_to does no more steps with these settings */
/* Settings that hold from the next step on. SL_EINVAL: what is settled before the first step, another net;
 * the run stays as it was. What sl_run_model, _history and _part gave before is no longer valid. */
SL_API sl_status sl_run_change(sl_run *run, const sl_change *changes, int count);
/* Its "train", "validation" or "test" rows; NULL without failure: it has none such. Borrowed. */
SL_API const sl_data *sl_run_part(const sl_run *run, const char *part);
/* Writes the run as it stands into a folder, as if it had been stopped there: `slope train --resume` goes on.
 * SL_EINVAL: a finished run is in the folder, and options.overwrite is false. */
SL_API sl_status sl_run_keep(sl_run *run, const char *folder);

/* --- a run again, in memory --- */

typedef struct {
    size_t to;                /* the step to go to; 0: the starting weights                            */
    const sl_change *changes; /* hold behind that step                                                 */
    int count;                /* 0: none                                                               */
    size_t until;             /* where both courses end; 0: where the run itself would, and the changed one */
    const char *out; /* the changed one's best model is kept there, model.safetensors; NULL: nowhere */
    sl_status (*on_step)(void *user, const sl_progress *progress); /* may stop it; NULL                */
    void *user;
} sl_replay_options;
typedef struct {
    const sl_report *history; /* as sl_run_history                                                    */
    size_t steps, best_epoch; /* best_epoch 0: none was finished                                      */
    double best;              /* its validation loss; without validation rows train loss              */
    uint64_t digest;          /* of the last weights                                                  */
    bool diverged;
    char message[600]; /* ... why                                                              */
} sl_replay_course;
typedef struct {
    size_t from, step;           /* where it began (a checkpoint; 0: the start), where it is           */
    size_t epoch, step_in_epoch; /* epochs finished, steps of the one in progress                      */
    double loss, lr;             /* of that step's batch, before the step; NaN: no step was made       */
    uint64_t digest;             /* of the weights behind it                                           */
    size_t last;                 /* the run's last step; 0: it has not ended                           */
    bool same;                   /* step is last, and the digest is the one that the run recorded      */
    bool changed;                /* then: */
    sl_replay_course was, is;    /* from there on as it was, and with the changes                      */
    void *kept;
} sl_replay;
/* Trains the run in a folder again up to a step, to the same bits, from its checkpoint where that is not
 * behind the step; nothing is written there. The context's seed becomes the recorded one. NULL: SL_EINVAL
 * (another version's run, changed data, a step behind the run's end, a change of what is settled before the
 * first step), SL_EDIVERGED before the step, SL_ESTOPPED. */
SL_API sl_replay *sl_run_replay(sl_ctx *ctx, const char *folder, const sl_replay_options *options);
SL_API void sl_replay_free(sl_replay *replay);
typedef struct {
    bool found;
    size_t step, epoch; /* the first behind which it is so, from 1; in which epoch it is               */
    size_t looked;      /* at so many steps                                                            */
    char what[200];     /* "number 3 of dense1.weight is inf"                                          */
    char message[600];  /* nonfinite: what training itself says when it ends there                     */
} sl_first;
/* The first step behind which a weight or a loss is not finite ("nonfinite"), or a unit of a layer (NULL: of
 * any) with an activation is dead ("dead_unit"): it gives 0, or has no slope, on all watched rows, at most
 * 256. By looks at some steps and bisection between two of them: it is not so behind the step before. A unit
 * that was dead and came back between two looks is not seen. */
SL_API sl_status sl_run_first(sl_ctx *ctx, const char *folder, const char *what, const char *layer,
                              sl_first *first);

/* In which settings do runs differ? Each with what the runs had, by the numbers of their folders: "batch"
 * "32", "net" "64 relu", "optimizer" "adam", "lr", "seed", "rows"; "default" or "none" where it was not
 * given.    */
typedef struct {
    const char *name;
    bool asked;         /* they were told so; false: it follows from the other settings, or the data   */
    const char **texts; /* [runs]                                                                   */
    double *numbers;    /* [runs]; NULL: they are not all numbers                                   */
} sl_difference;
typedef struct {
    int runs, count; /* runs 1: nothing differs                                                     */
    sl_difference *setting;
} sl_differences;
/* Not what changes no result: threads, instruction set, folder. NULL on failure. */
SL_API sl_differences *sl_run_differences(sl_ctx *ctx, const char *const *folders, int count);
SL_API void sl_differences_free(sl_differences *differences);

/* The rows that a run in a folder was trained ("train"), validated or tested ("validation", "test") on, drawn
 * again as its run.json says. source: where these data are now; NULL: where the run found them. The context's
 * seed becomes the recorded one. NULL: SL_EINVAL for other data than the run's (by digest), or a part that it
 * had not. */
SL_API sl_data *sl_run_open_part(sl_ctx *ctx, const char *folder, const char *source, const char *part);
/* Was this part cut off the run's own data, so that only sl_run_open_part gives it ("train": was any
 * other)? Keeps no error. */
SL_API bool sl_run_cut_part(sl_ctx *ctx, const char *folder, const char *part);
/* Has the model that a run in a folder keeps learned from this part ("train", "validation" or "test")? From
 * the validation rows too, where a small table was learned anew with them in the end. Keeps no error. */
SL_API bool sl_run_learned_part(sl_ctx *ctx, const char *folder, const char *part);

/* Trainings that are broken in a known way ("lr_too_high"), and healthy ones ("noisy"), to try rules on. The
 * name of number `index`; NULL behind the last. healthy: may be NULL. */
SL_API const char *sl_setup_at(int index, bool *healthy);
/* One of that kind, drawn by `seed`: for sl_run_new, kept in memory only. Texts are borrowed from ctx.
 * SL_EINVAL: no such number. */
SL_API sl_status sl_setup_draw(sl_ctx *ctx, int index, uint64_t seed, sl_run_options *options);

/* === Checking gradients ========================================================================= */

typedef struct {
    double worst;      /* largest |numerical - computed| / max(1e-3, |numerical|, |computed|); float
                          build: 1e-2                                                           */
    const char *place; /* where: the name or number of the parameter. Borrowed from ctx           */
    size_t element;    /* which element of it                                                    */
    double numerical, computed;
    size_t checked; /* elements compared                                                      */
    size_t skipped; /* too near a kink: the one-sided slopes differ                            */
} sl_gradcheck_result;
/* Compares every element's gradient with the central difference of `loss`, which builds a rank-0 loss on
 * the tape from the parameters and must give the same value each time. Meant for the double build.    */
SL_API sl_status sl_gradcheck(sl_ctx *ctx, sl_tensor *(*loss)(sl_tape *tape, void *user), void *user,
                              sl_tensor *const *params, int count, sl_gradcheck_result *result);

/* What the check of one word found, over all its trials. */
typedef struct {
    const char *name; /* the word                                                               */
    const char *flat; /* not NULL: it has no slope, nothing can be learned through it; this is the sentence
                         with which sl_backward refuses it, and so it did                        */
    bool right;       /* the worst error is below the limit, and at least three quarters could be compared */
    double worst, limit;
    char place[256]; /* where the worst is                                                     */
    size_t element;
    double numerical, computed;
    int trials;
    size_t checked, skipped; /* elements of all trials, as above                                */
} sl_word_check;
/* Checks word `index` of sl_catalogue's kind "operator" (by its own trial inputs: all that learn at once,
 * each alone, optional ones left out, an activation inside sl_linear too), "layer" (every parameter of a
 * small net around it) or "loss" (as the end of small nets of 1 to 3 outputs, mean and sum, rows with weights
 * and without). A wrong gradient is no failure: see right. Meant for the double build: in float the
 * differences reach over kinks. SL_EINVAL: there is no such word. */
SL_API sl_status sl_gradcheck_word(sl_ctx *ctx, const char *kind, int index, sl_word_check *check);

/* === Measuring the machine ====================================================================== */

/* C = A B, or C += A B where add: A [rows, depth], B [depth, columns], C [rows, columns], row-major and
 * without gaps. a_transposed: a holds Aᵀ, [depth, rows]; b_transposed: b holds Bᵀ, [columns, depth]. Every
 * element is one chain of fused multiply-adds in order of depth, from +0 or from what stands in C. Depth 0:
 * zeros, or C as it is. SL_EINVAL when c overlaps a or b, or one of them is NULL and not empty; SL_ENOMEM: no
 * memory to pack operands in (which stays with the context for the next product). */
SL_API sl_status sl_matrix_product(sl_ctx *ctx, size_t rows, size_t columns, size_t depth, const sl_real *a,
                                   bool a_transposed, const sl_real *b, bool b_transposed, sl_real *c,
                                   bool add);
/* What this machine can do, in the context's instruction set, on 1 .. sl_ctx_threads of its threads at once:
 * the best of several windows that take `seconds` together. What else runs makes it less. 0: failed.
 * Operations a second, all in registers; a fused multiply-add is two.                              */
SL_API double sl_machine_flops(sl_ctx *ctx, int threads, double seconds);
/* Bytes a second over `bytes` of memory, which the threads share evenly: all of it read again and again, or
 * (triad) a third of it written from the two others.                                              */
SL_API double sl_machine_bandwidth(sl_ctx *ctx, int threads, size_t bytes, bool triad, double seconds);
/* Seconds until a number that one thread writes has been answered by another. Wants 2 threads. */
SL_API double sl_machine_round_trip(sl_ctx *ctx);

/* === Descent on functions ======================================================================= */

/* A function of x, or of x and y. text: one of sl_catalogue's "function", with options ("bowl b=50"), or a
 * formula with + - * / ^, brackets, numbers, pi, e and the operators that go element by element and take
 * nothing else (exp log sqrt sin cos tanh sigmoid relu abs ...); a^b wants a number as b, or one above 0 as
 * a. SL_EINVAL: the sentence has the formula on a line of its own, and a caret below the place. It is
 * computed and differentiated in sl_real: meant for the double build. */
typedef struct sl_function sl_function;
SL_API sl_function *sl_function_new(sl_ctx *ctx, const char *text);
SL_API void sl_function_free(sl_function *function);
SL_API const char *sl_function_name(const sl_function *function);    /* with options; borrowed */
SL_API const char *sl_function_formula(const sl_function *function); /* options as numbers; borrowed */
SL_API int sl_function_variables(const sl_function *function);       /* 1 or 2 */
/* Where a walk starts, and its step size, unless it says otherwise; false: a formula, which has no start. */
SL_API bool sl_function_start(const sl_function *function, double start[2], double *lr);
/* What is shown, and where random starts come from: of a formula -5 to 5. */
SL_API void sl_function_range(const sl_function *function, double low[2], double high[2]);
/* The global minima, at most 4, into at, and how many there are: those that are known, of a formula the
 * lowest points that a search of the range finds. 0: none, or a failure. */
SL_API int sl_function_lowest(sl_function *function, double at[4][2]);
/* At points [n, variables], n at most a million: values [n], gradients [n, variables], second derivatives
 * [n, 3] (xx, xy, yy; of one variable xx, 0, xx), which are differences of gradients. Each may be NULL. */
SL_API sl_status sl_function_at(sl_function *function, size_t n, const double *points, double *values,
                                double *slopes, double *bends);

typedef struct {            /* NULL and 0: the default                                               */
    const double *start;    /* [variables]; NULL: the function's own                               */
    sl_optimizer optimizer; /* rule NULL: "sgd"; lr 0: the function's; steps 0: those below        */
    int steps;              /* at most; 0: 20, with stop 1000                                      */
    double noise;           /* each gradient has normal numbers of this deviation added            */
    double stop;            /* ends behind the first step that is not longer than this; 0: no such end */
    uint32_t run;           /* of walks with noise, each number draws its own                      */
} sl_descend_options;
typedef struct {       /* what a walk has come to; a place is x, y (of one variable y is 0)      */
    const char *ended; /* "steps"; "stop": by its length; "converged": as the method says; "diverged": not
                          finite, or beyond 1e12                                                 */
    int steps;         /* taken                                                                  */
    double last;       /* the length of the last one                                             */
    double lr;         /* its step size; NaN: the method has none                                */
    double end[2], value, slope; /* where it ends, f and |gradient| there                        */
    const char *place;     /* the end is a "minimum", "maximum", "saddle", "flat" (curvature 0), "slope": none
                              of these yet; "away": diverged                                         */
    double least, largest; /* curvatures there: eigenvalues of the Hessian                 */
    bool has_valley;       /* a minimum lies downhill from the end; it is:                 */
    double valley[2], valley_value, valley_curvature;
    double limit;              /* 2 / valley_curvature: plain descent arrives with shorter steps only */
    bool knows_global, global; /* the global minima are known; that one is among them          */
    bool plain;                /* gradient descent, nothing added: the limit holds for it      */
    bool bounces;              /* the last steps go to and fro between two places: */
    double bounce[2][2];
    int rise; /* plain: the first step that led upwards; 0: none. From: */
    double rise_at[2], rise_before, rise_after, rise_lr;
    double rise_limit; /* 2 / curvature there; 0: curved downwards                     */
    bool bent;         /* f is not convex: a chord between two places walked, or (one variable)
                          between two of the range walked, runs below f at a third     */
    double chord[2][2], chord_at[2], chord_value, curve_value;
} sl_descent_facts;
/* Walks down the function. NULL: SL_EINVAL for an option, or a start where f is not finite; that a walk
 * diverges is no failure. */
typedef struct sl_descent sl_descent;
SL_API sl_descent *sl_descend(sl_function *function, const sl_descend_options *options);
SL_API void sl_descent_free(sl_descent *descent);
/* A row for the start and each step: step, x, (y,) f, slope_x, (slope_y,) slope (its length), lr (of the step
 * from here; NaN in the last row), curvature (the largest). Borrowed. */
SL_API const sl_report *sl_descent_path(const sl_descent *descent);
SL_API const sl_descent_facts *sl_descent_found(const sl_descent *descent); /* borrowed */

typedef struct {
    int starts;
    int arrived; /* end within 1 % of the range's width of a global minimum        */
    int valley;  /* end where downhill, in short steps, leads to a global minimum  */
    int diverged;
} sl_descend_share;
/* The same walk from `starts` places, drawn evenly from the range by the context's seed (options.start is not
 * looked at): the same places for every optimizer, step size and noise. SL_EINVAL where there is no global
 * minimum. */
SL_API sl_status sl_descend_many(sl_function *function, const sl_descend_options *options, int starts,
                                 sl_descend_share *share);

/* A straight line y = w1 + w2 x through points. */
typedef struct {
    const double *x, *y; /* [n], n at least 2                                                       */
    size_t n;
    double start[2];     /* w1, w2                                                                     */
    double lr;           /* above 0                                                                     */
    int batch;           /* points a step; 0: all                                                       */
    int epochs;          /* at least 1; the points come in another order in each, by the context's seed */
    const double *truth; /* w1, w2 that the points were made by, for figures; NULL: not known        */
} sl_line_options;
/* By gradient descent on the mean of e^2, e = w1 + w2 x - y: the gradient of a point is (2 e, 2 x e). A row
 * for the start and each step: step, epoch, point (the first of the batch, from 1), slope1 and slope2 (the
 * gradient of the batch that led here), w1, w2, loss (over all points), distance (to the best line: root of
 * the mean squared difference at the points). */
SL_API sl_report *sl_line_descend(sl_ctx *ctx, const sl_line_options *options);
/* By the closed form, least squares: w = w1, w2. SL_EINVAL where all x are the same. */
SL_API sl_status sl_line_fit(sl_ctx *ctx, size_t n, const double *x, const double *y, double w[2]);
/* The mean of e^2. */
SL_API double sl_line_loss(size_t n, const double *x, const double *y, double w1, double w2);

/* === Explanations =============================================================================== */

/* The arithmetic of a step of training with numbers in it, to be followed with a pencil. Every line of it is
 * computed again from the digits that it shows. Meant for the double build. */
typedef struct sl_explanation sl_explanation;
typedef struct {
    int depth;  /* 1: a line a quantity; 2 (0): a line a number, of long lists and sums some; 3: all of them;
                   4: each  product too                                                                     */
    int digits; /* shown of numbers that do not end after 10; 0: 7, at most 15                     */
    int steps;  /* of training, one after the other with the same rows; 0: 1                       */
    bool forward, backward, update; /* these parts alone; none of them: all                        */
    bool keep_biases;               /* biases stay as they are                                     */
} sl_explain_options;
/* Steps of the compiled model, whose weights then are those behind the last one: x [rows, ...] prepared
 * inputs, y as the loss wants it (NULL: the way forward alone), weights [rows] or NULL. The optimizer begins
 * anew. NULL: SL_EINVAL where the lines would be more than 20,000, nothing can be learned through an
 * activation, ...; options NULL: the defaults. */
SL_API sl_explanation *sl_explain_step(sl_model *model, sl_tensor *x, const sl_tensor *y,
                                       const sl_tensor *weights, const sl_explain_options *options);
SL_API void sl_explanation_free(sl_explanation *explanation);
/* The same of a trained model with rows of data that fit it: first how the inputs came about, and behind the
 * way forward what the answer means in the units of the data. Where there is no target it ends there. */
typedef struct {
    const size_t *rows; /* [count] from 0 (they are said from 1): a batch. Borrowed for the call        */
    size_t count;
    bool predict; /* no step: the answer as sl_predict gives it, so without what is random in training  */
    const char *remarks; /* sentences that stand first, a line each; NULL                              */
    const char
        *class_weight; /* as in sl_fit_options, by the classes of train (NULL: of these rows); NULL: none */
    const sl_data *train;
} sl_explain_rows_options;
/* NULL: SL_EINVAL for a row that there is not, too many lines, a way back without target; SL_ESHAPE, .. where
 * the data do not fit. options as above. */
SL_API sl_explanation *sl_explain_rows(sl_model *model, const sl_data *data,
                                       const sl_explain_rows_options *rows,
                                       const sl_explain_options *options);
/* As "text" (NULL; so many columns, 0: 80; colour: with ANSI escapes), "markdown", "html" (a <div> with its
 * own style, to stand in a page), "latex" (a whole document), "json" (one line, all numbers unrounded:
 * {"steps": [{"forward": {"z1[0]": 1.5, ..}, ..}, ..]}). Borrowed until the next call or
 * sl_explanation_free; NULL: memory ran out, or an unknown format. */
SL_API const char *sl_explanation_write(sl_explanation *explanation, const char *format, int width,
                                        bool colour);
/* Reads every line with arithmetic and computes it anew from the digits that stand there. SL_EINVAL: one does
 * not give what it says. *lines: how many were read. */
SL_API sl_status sl_explanation_check(sl_explanation *explanation, size_t *lines);
/* What a quantity came to, "dL/dW1[0,0]", the last time that it stands in a line. false: it does not. */
SL_API bool sl_explanation_number(const sl_explanation *explanation, const char *name, double *value);
/* Line `index` of those with arithmetic: its name and number. false: behind the last. Borrowed. */
SL_API bool sl_explanation_line(const sl_explanation *explanation, size_t index, const char **name,
                                const char **formula, double *value);

/* --- a net as one equation, linear layers as one, what a training costs --- */

typedef struct {
    const char *syntax;  /* "calculator" (NULL), "python", "c", "spreadsheet", "latex"               */
    const sl_data *data; /* rows on which it is compared with the net, the first 100, of which the first is
                            the example; borrowed for the call. NULL: drawn from where training rows lay */
    int depth, digits;   /* as in sl_explain_options                                              */
} sl_equation_options;
/* A trained model as formulas with its numbers in them, from raw inputs to what sl_predict gives: one for
 * each answer where that is short, else with names for the units in between. They are computed on rows and
 * agree with the net to six figures; "python", "c" and "spreadsheet" are text to be copied alone. options
 * NULL: the defaults. NULL: SL_EINVAL for more than 5,000 parameters, texts, ..        */
SL_API sl_explanation *sl_explain_equation(const sl_model *model, const sl_equation_options *options);
/* Dense layers without an activation between them are one, W = W2 W1, b = W2 b1 + b2: the products term by
 * term, the matrices that come of them (sl_model_collapse), and how far both nets are apart on 1,000 random
 * rows. Where an activation stands between two, what leaving it out would change. depth, digits: as in
 * sl_explain_options. */
SL_API sl_explanation *sl_explain_collapse(const sl_model *model, int depth, int digits);
typedef struct {
    int batch;                   /* rows a step; 0: 32                                            */
    size_t rows;                 /* that training goes through in an epoch; 0: not known           */
    double epochs;               /* of them; 0: not known. Neither: one step alone                 */
    double flops;                /* operations a second; 0: as measured, else no seconds are said  */
    const char *machine;         /* whose flops that is, in words: "the peak of 2 threads"; NULL      */
    double measure;              /* run steps here for about so many seconds; 0: do not             */
    double watts, price, carbon; /* that the machine draws; of a kWh, in whatever currency; gram of CO2 of a
                                    kWh. 0: not said                                            */
    size_t memory;               /* bytes: which batch fits; 0: not said                         */
    int depth, digits;           /* as in sl_explain_options                                     */
} sl_cost_options;
/* Operations of a step by layer, forward, backward and update, and of a whole training; its memory, which is
 * sl_model_step_memory's to the byte; seconds, energy, money, CO2, by the factors given. Of a compiled model
 * whose input is known; meant for the build that trains. options NULL: the defaults. */
SL_API sl_explanation *sl_explain_cost(const sl_model *model, const sl_cost_options *options);

/* === Diagnosis ================================================================================== */

/* What is wrong with a training, with the numbers that say so, and whether a change mends it: the training is
 * repeated in memory, looked at, and done again from the same seed with one change for each suspicion.
 * Nothing is written. */
typedef struct sl_diagnosis sl_diagnosis;
typedef struct {
    const sl_run_options *options; /* a training to be; or:                                          */
    const char *run; /* the folder of a run; its settings, seed (which becomes the context's) and data */
    double budget;   /* so many times the training's own work for all proofs together; 0: 2, so that with the
                        repetition it is three times the run that is looked at                         */
    double seconds;  /* instead: so many by the clock, the repetition included; 0: none               */
    bool precheck;   /* nothing is trained: what can be seen before the first step                    */
} sl_diagnose_options;
/* NULL: SL_EINVAL for other data than the run's (by digest), SL_EFORMAT for a run of another format, .. */
SL_API sl_diagnosis *sl_diagnose(sl_ctx *ctx, const sl_diagnose_options *options);
SL_API void sl_diagnosis_free(sl_diagnosis *diagnosis);
typedef struct {
    const char *name;      /* a word of sl_catalogue's kind "finding". Texts are borrowed              */
    bool note;             /* worth knowing, no fault                                                  */
    const char *sentence;  /* with its numbers and the place                                            */
    const char *otherwise; /* what would be seen if it were something else; ""                          */
    const char *advice;    /* what no option does; ""                                                   */
    const char *fix;       /* as options: "--lr 0.04"; ""                                               */
    bool tells;            /* the fix is proof by making it worse: it is no fix to be applied           */
    bool proved;           /* trained again with the fix the validation loss was better, beyond chance */
    bool tried;            /* it was trained; else the budget did not allow it, or there is no fix     */
    const char *measure;   /* "validation loss", "validation loss of the last epoch", "train error", .. */
    double before,
        after; /* of it in so many epochs, the best where it is not the last's; infinite: not finite */
    size_t epochs, epochs_before; /* of the training with the fix, and without                          */
    double sure; /* the rows' mean difference in standard errors; NaN: not to be had          */
    int facts;
} sl_finding;
/* Finding `index`, the gravest first; false behind the last. */
SL_API bool sl_diagnosis_at(const sl_diagnosis *diagnosis, int index, sl_finding *finding);
/* Evidence `fact` of a finding: wanted says what it is compared with; "". false: behind the last. */
SL_API bool sl_diagnosis_fact(const sl_diagnosis *diagnosis, int index, int fact, const char **name,
                              double *value, const char **wanted);
/* Sentences about the diagnosis itself, a line each: how the training went, what was skipped. Borrowed. */
SL_API const char *sl_diagnosis_remarks(const sl_diagnosis *diagnosis);
/* false: the budget ended the training, or left proofs out. */
SL_API bool sl_diagnosis_complete(const sl_diagnosis *diagnosis);
/* The options of the training with the fix of finding `index`, borrowed until sl_diagnosis_free; NULL: it has
 * none. */
SL_API const sl_run_options *sl_diagnosis_fixed(sl_diagnosis *diagnosis, int index);

/* What was looked at before the first step, each as a number. */
typedef struct {
    const char *name;     /* "loss at the start". Texts are borrowed                                */
    double value;         /* NaN: not to be had, and sentence says why                              */
    const char *wanted;   /* "0.73 to 3.2"                                                          */
    bool ok;              /* the value is as wanted                                                 */
    const char *finding;  /* that goes with it, where it is not ok and one of the list does; ""     */
    const char *sentence; /* what was measured, and where                                           */
} sl_precheck;
/* Check `index` of a diagnosis with `precheck`; false: behind the last, or there was a training. */
SL_API bool sl_diagnosis_check_at(const sl_diagnosis *diagnosis, int index, sl_precheck *check);

/* What is wrong with a walk down a function: it is made, and for each suspicion made again with one change.
 * Meant for the double build. NULL: as sl_descend. Findings also are higher_minimum, saddle_point,
 * no_minimum; measure is "f", before and after are where the walks end, epochs the steps of the changed one.
 */
typedef struct sl_walk_diagnosis sl_walk_diagnosis;
SL_API sl_walk_diagnosis *sl_diagnose_walk(sl_ctx *ctx, sl_function *function,
                                           const sl_descend_options *options);
SL_API void sl_walk_diagnosis_free(sl_walk_diagnosis *diagnosis);
SL_API bool sl_walk_diagnosis_at(const sl_walk_diagnosis *diagnosis, int index, sl_finding *finding);
SL_API bool sl_walk_diagnosis_fact(const sl_walk_diagnosis *diagnosis, int index, int fact, const char **name,
                                   double *value, const char **wanted);
SL_API const char *sl_walk_diagnosis_remarks(const sl_walk_diagnosis *diagnosis); /* as of a training */
/* The walk with the fix of finding `index`, or, of -1, the walk itself; NULL: there is none. Borrowed. */
SL_API const sl_descent *sl_walk_diagnosis_walk(const sl_walk_diagnosis *diagnosis, int index);

/* A training that is watched while it goes: cheap rules that look at what it computes anyway, and at the net
 * itself a few times at most, where that is suspicious. Its numbers are the same with and without. */
typedef struct sl_watcher sl_watcher;
SL_API sl_watcher *sl_watcher_new(sl_ctx *ctx); /* the runs' context; NULL: SL_ENOMEM              */
/* This run from now on, before sl_run_train. Of what was said, of other runs too, nothing is said again. */
SL_API sl_status sl_watcher_take(sl_watcher *watcher, sl_run *run);
/* To be called in the run's on_step, and in its on_epoch: a sentence when it is sure that something is wrong,
 * which stands in run.json and the result from then on; borrowed until the next call. NULL: nothing.    */
SL_API const char *sl_watcher_step(sl_watcher *watcher, const sl_progress *progress);
SL_API const char *sl_watcher_epoch(sl_watcher *watcher, const sl_progress *progress);
/* The finding (a word of sl_catalogue) that the last sentence is of; "" before. */
SL_API const char *sl_watcher_name(const sl_watcher *watcher);
SL_API void sl_watcher_free(sl_watcher *watcher);

/* === Words, numbers, pictures =================================================================== */

/* A number that a word takes, or one of several words: "huber delta=0.5", "mean_squared reduction=sum". */
typedef struct {
    const char *name, *summary;
    double normal;              /* where it is not given                                           */
    double low, high;           /* its range; infinite: open                                       */
    bool above_low, below_high; /* low, high themselves lie outside                                */
    bool whole;
    const char *choices;  /* "mean|sum": one of these words, its number is which, from 0; NULL: a number */
    const char *normally; /* in words, where no number says the default; NULL                */
} sl_option;

/* The words of a kind ("activation", "layer", "loss", "optimizer", "schedule", "init", "metric", "data",
 * "operator", "augmentation", "encoding", "check", "view", "tokenizer", "function", "finding",
 * "figure"): number `index`
 * with its one-line summary, formula, source and options (which end at name NULL); false behind the last.
 * Borrowed. */
typedef struct {
    const char *name, *summary, *formula, *source;
    const char *alias;        /* another name; NULL: none            */
    const char *example;      /* a layer's, in --net; NULL: none     */
    const sl_option *options; /* NULL: none                          */
} sl_word;
SL_API bool sl_catalogue(const char *kind, int index, sl_word *word);
/* The kinds, in the order in which a network is described; where: the option that takes such words, or NULL.
 */
typedef struct {
    const char *name, *summary, *where;
} sl_word_kind;
SL_API bool sl_catalogue_kind(int index, sl_word_kind *kind); /* false behind the last */
/* "a number above 0 and at most 1"; "0.5". Return text. */
SL_API char *sl_option_range(char text[160], const sl_option *option);
SL_API char *sl_option_normal(char text[160], const sl_option *option);

/* Locale-free: reads all of text as a number, correctly rounded. */
SL_API bool sl_number_parse(const char *text, double *value);
/* The shortest decimal that reads back as the same double (float: as the same float); at most 31 bytes
 * with the closing 0. Returns text.                                                              */
SL_API char *sl_number_text(char text[32], double value);
SL_API char *sl_number_text_float(char text[32], float value);

/* === Figures ==================================================================================== */

/* What a figure is of. NULL and 0: the default. Each kind (sl_catalogue "figure") takes some of the fields
 * behind runs, and refuses the others. All borrowed for the call.                                  */
typedef struct {
    const char *const *runs;  /* [run_count] run folders, each of one training                      */
    int run_count;            /* 0: a figure without a run                                          */
    const char *const *words; /* [word_count] what it is of, where there is no run: schedules, ..  */
    int word_count;
    const char *data;    /* rows to look at; NULL: those of the run                                */
    const char *part;    /* of them: "train", "validation", "test", "all"; NULL: test, where there is none
                            validation, else train                                                */
    int row;             /* which row, from 1; 0: the first                                        */
    const char *layer;   /* its name                                                               */
    const char *columns; /* two input columns of many, "sepal_length,petal_width"                  */
    const char *metric;  /* a column of metrics.csv without its part: "accuracy"                   */
    const char *x;       /* what runs to the right: "epoch", "step", "seconds"; of several runs a setting */
    const char *weights; /* two weights, "dense_1.weight[0,1],dense_1.bias[0]"                     */
    double span;         /* how far out, in multiples of what is drawn by default                  */
    bool solid;          /* seen in perspective                                                    */
} sl_figure_request;
/* A figure of this kind, its numbers taken or computed now. NULL: SL_EINVAL names what is missing and which
 * option records it, SL_EFILE .. what cannot be read. The same request gives the same figure, to the byte. */
SL_API sl_figure *sl_figure_make(sl_ctx *ctx, const char *kind, const sl_figure_request *request);
SL_API void sl_figure_free(sl_figure *figure);
SL_API const char *sl_figure_title(const sl_figure *figure); /* borrowed */
SL_API const char *
sl_figure_notes(const sl_figure *figure);             /* sentences below it, a line each; "". Borrowed */
SL_API int sl_figure_panels(const sl_figure *figure); /* 0: a diagram of nodes and edges */
SL_API const char *sl_figure_panel_title(const sl_figure *figure, int panel); /* borrowed; NULL: none */
/* Does the kind take this field of the request ("data", "row", "words", "run", "runs")? */
SL_API bool sl_figure_takes(const char *kind, const char *field);
/* These are borrowed until the next of them or sl_figure_free; NULL: memory ran out.
 * For a terminal of so many columns; height: lines that it may take, 0: as it needs. colour: with ANSI
 * escapes. */
SL_API const char *sl_figure_text(sl_figure *figure, int width, int height, bool unicode, bool colour);
/* Commands for gnuplot 5 (of a diagram: for graphviz' dot) that write it to the standard output. format:
 * "svg", "png", "pdf"; width and height in pixels, 0: chosen; panel: this one alone, -1: all, with the
 * title. Names from data are quoted, so that they are text and nothing else.                       */
SL_API const char *sl_figure_script(sl_figure *figure, const char *format, int width, int height, int panel);
SL_API const char *sl_figure_csv(sl_figure *figure); /* the numbers behind it */
SL_API uint64_t sl_figure_digest(sl_figure *figure); /* of all that it shows: FNV-1a 64 of sl_figure_csv */

/* Walks on a function: on its curve, or on its level lines, and f over the steps. descents[count], which
 * names[count] call in the legend (NULL: not there). NULL: memory ran out. */
SL_API sl_figure *sl_descent_figure(sl_function *function, sl_descent *const *descents,
                                    const char *const *names, int count);
/* How a line learned these points (x, y and n count). kind: "space", the data with lines beside the weights
 * with the path; "epoch", the line behind each step; "epochs", behind some epochs; these are of the first
 * walk, a report of sl_line_descend; "losses", of all of them. names[count] as above. */
SL_API sl_figure *sl_line_figure(sl_ctx *ctx, const char *kind, const sl_line_options *points,
                                 const sl_report *const *walks, const char *const *names, int count);

/* Lines with a spread: what came of trainings over the values of an option, or curves. All borrowed for the
 * call. Numbers that are not finite are gaps. */
typedef struct {
    const char *name;         /* in the legend; NULL: not there                                      */
    size_t count;             /* of x, y, low, high                                                  */
    const double *x, *y;      /* x NULL: 1, 2, ..                                                    */
    const double *low, *high; /* whiskers, of several lines bands; NULL: none */
    bool dashed;
} sl_spread_line;
typedef struct {
    const char *title, *x_label, *y_label;
    const char *const *names; /* of places 0, 1, .. [name_count]; NULL: x are numbers, logarithmic where they
                                 reach over a decade                                                     */
    size_t name_count;
    bool curves;                 /* lines without points and whiskers; whole numbers to the right        */
    const sl_spread_line *lines; /* [line_count] */
    int line_count;
} sl_spread_panel;
/* notes: sentences below, a line each; NULL: none. NULL: SL_EINVAL for panels without lines; memory ran out.
 */
SL_API sl_figure *sl_spread_figure(sl_ctx *ctx, const char *title, const char *notes,
                                   const sl_spread_panel *panels, int count);

/* One panel of learning curves, loss by epoch with the best one marked, for a screen that is drawn again
 * while a model learns: takes no memory, and works on the report of an sl_progress. Lines end with a newline
 * and none is wider than `width`. The axis is logarithmic, which its title says, where values are above 0 and
 * reach over more than two decades. What is not finite is left out. Where the panel does not fit, `text` may
 * hold a part of it.                */
typedef struct {
    int width, height; /* columns, from 40, at most 120 are used; lines, from 6, at most 19 are: the curves',
                          and 3  */
    bool unicode;
    const char *train, *validation,
        *best;         /* what switches a line's colour on, the mark's; NULL: no colours    */
    const char *plain; /* what switches each of them off                                      */
} sl_live;
/* Its length; 0: nothing to draw (below two epochs, no finite loss), or it does not fit into room bytes. */
SL_API size_t sl_plot_live(const sl_report *history, const sl_live *live, char *text, size_t room);

#ifdef __cplusplus
}
#endif
#endif
