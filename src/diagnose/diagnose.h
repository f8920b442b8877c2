/* diagnose.h - a training that is looked at, and what a file of diagnose/finding/ provides:
 * `const sl_finding_kind sl_finding_NAME`.
 *
 * A case holds what was measured of a training, once, for all findings. A finding looks at these numbers and
 * drafts a sentence, its evidence and changes of settings that should mend it; which of them do is found out
 * by training again with them (proof.c), and the order follows from what that gains (diagnose.c). */
#ifndef SL_DIAGNOSE_DIAGNOSE_H
#define SL_DIAGNOSE_DIAGNOSE_H

#include "train/run.h"

/* --- a net at some weights, on some training rows ------------------------------------------------------- */

typedef struct { /* a layer with weights, or an activation of its own; NaN: not to be had */
    const char *name;
    const sl_built *built;
    size_t units;
    bool last;              /* it gives the net's outputs */
    double in, z, mean, y;  /* deviation of what goes in; of the sum before the activation; mean and deviation
                               of what comes out, over rows and units */
    double saturated, dead; /* shares of numbers with |f'| < 0.01, of units that give 0, or have no slope, on
                               all rows; NaN without an activation */
    double alike;           /* share of units that do what another one of the layer does on all rows */
    double gradient, weight; /* root mean squares of the loss's gradient by its weights, and of these; NaN
                                without weights */
} sl_net_look_layer;

typedef struct {
    bool known; /* false: there are no such weights (a training that broke in its first epoch has no last) */
    size_t rows;
    double loss;     /* mean over these rows, as training sees it, without penalties */
    double gradient; /* length of its gradient */
    double
        answers; /* deviation of the net's outputs over rows, mean over outputs: 0, it always says the same */
    double curvature; /* the largest of the loss over these rows: an eigenvalue of its Hessian; NaN */
    double valley;    /* the curvature at the floor of the valley below, where that was looked for; NaN */
    double noise; /* gradient noise scale, in rows; where it is above them, these (train/curvature.h); NaN */
    int layers;
    sl_net_look_layer *layer; /* [layers], from the input to the output */
} sl_net_look;

/* --- the rows ------------------------------------------------------------------------------------------- */

typedef struct {         /* of the training rows, at most 4,096 of them, evenly; NaN: not to be had */
    size_t rows, inputs; /* rows looked at; numbers a row, prepared as the net gets them; 0: it reads texts */
    double least, most;  /* smallest (above 0) and largest deviation of an input ... */
    size_t least_at, most_at; /* ... and which they are */
    double largest;           /* |x| */
    double offset; /* largest |mean| / deviation of an input, or, of inputs that do not vary, of 1 */
    double in_rms; /* of all inputs together */
    double target_mean, target_deviation; /* numbers, as the loss sees them */
    size_t classes;
    double rarest, commonest; /* shares of classes */
    size_t rarest_at, commonest_at;
    double chance;    /* loss of the best constant answer: the shares of the classes, the mean */
    double uniform;   /* classes: ln K; numbers: NaN */
    double in_order;  /* classes: share of neighbouring rows with one class; numbers: correlation of a row's
                         target with the next one's */
    double in_chance; /* what in_order would be for shuffled rows */
    double copies;    /* share of rows whose inputs another row has */
    double contradicting; /* share of rows whose inputs another row has with another class */
    double neighbours; /* classes: share of rows of another class than most of their 7 nearest rows; numbers:
                          the same as a share of variance: of the difference to their mean. On
                          standardised inputs, at most 1,000 rows */
    double single;     /* how well one input alone tells the target: share of right answers of the best
                          threshold, or R squared */
    size_t single_at;
    double second; /* the same of the best of the others, those left out that go with it (|correlation| >
                      0.99) */
    double agreed; /* classes: share of rows whose 7 nearest rows are, 6 of them or more, of one class ... */
    double alone;  /* ... which is not the row's */
    bool not_finite; /* numbers that are not finite are among them; the figures above leave them out */
    size_t broken, broken_at; /* in so many rows; the first of them, among the training rows */
} sl_data_look;

/* --- a case --------------------------------------------------------------------------------------------- */

typedef struct {        /* how a training ended */
    bool diverged;      /* a number was not finite */
    size_t step, epoch; /* finished */
    double best,
        last; /* validation loss of the best and of the last epoch; without validation rows train loss */
    double train_best, train_last; /* train loss of these epochs; NaN where none was finished */
    double metric;                 /* of the best epoch: accuracy, rmse */
} sl_outcome;

typedef struct sl_case sl_case;
struct sl_case {
    sl_ctx *ctx;
    const sl_run_options *options;     /* of the training; texts may be NULL: the default */
    const sl_run *run;                 /* its data, model and trainer; never changed by findings */
    const sl_model *model;             /* weights are of no moment: the looks have them */
    const sl_data *train, *validation; /* validation NULL: there is none */
    int classes;                       /* 0: numbers */
    bool gradient_rule; /* plain gradient descent, momentum or nesterov: curvature is its limit (signs.h) */
    bool whole;         /* a method that looks at all rows at once: step size and batch are none of its own */
    double lr;          /* of the first step behind a warm-up */
    double momentum;    /* 0: none */
    bool ahead;         /* nesterov's momentum */
    size_t batch, steps_an_epoch;
    size_t planned; /* steps that the training was to have at most */

    const sl_report *history; /* an epoch a row, as in metrics.csv; rows 0: none was finished */
    const sl_report *steps;   /* as sl_run_read_steps: step, loss, lowest, highest, lr; NULL: not recorded */
    sl_outcome outcome;
    const char *message; /* why it stopped, where it diverged or was refused; NULL */
    double seconds;

    sl_net_look start, end; /* at the starting weights; behind the last epoch that was finished and finite */
    sl_data_look data;
    bool refused; /* no training: a check before the first step says no; message says why, and start, end
                     and history are not there */

    sl_run_options settings; /* the copies behind options */
    sl_run *own;             /* behind run */
    sl_real *last;           /* weights behind the last epoch; NULL */
    double work;             /* rows that it was trained on, all epochs together */
    double stop_at;          /* on the clock; 0: never */
    double look_seconds;     /* for each look; 0: any */
    bool cut;                /* the clock ended it */

    struct sl_precheck_list *checks; /* precheck.h; NULL: it was trained */
    const char *folder; /* of the run that it repeats, borrowed while it comes about; NULL: none */
    size_t until;       /* epochs that the run has, where it has not ended; 0: all of them */
    const char *stands; /* "was stopped", "is not finished"; NULL: it has ended */
    bool broke;         /* the run did */

    char number[24][32]; /* sl_case_number */
    int numbers;
};

/* To four figures, for sentences; kept for the next 23 calls. */
const char *sl_case_number(sl_case *c, double value);
/* "age", else "input 3"; "class spam", else "class 1". */
void sl_case_input_name(const sl_case *c, size_t input, char text[80]);
void sl_case_class_name(const sl_case *c, size_t class, char text[80]);
const char *sl_case_percent(sl_case *c, double share); /* "12.5 %" */
/* Column `name` of the history in row `epoch` - 1; NaN: not there. */
double sl_case_epoch(const sl_case *c, const char *name, size_t epoch);
/* The loss by which the best epoch is chosen, as above. */
double sl_case_judged(const sl_case *c, size_t epoch);
/* The first layer from the input that `wanted` is true of; NULL: none. */
const sl_net_look_layer *sl_net_look_find(const sl_net_look *look,
                                          bool (*wanted)(const sl_net_look_layer *layer));

/* --- a draft -------------------------------------------------------------------------------------------- */

enum { SL_MOST_FACTS = 8, SL_MOST_FIXES = 3, SL_MOST_CHANGES = 4, SL_FIX_TEXT = 200 };

typedef struct {
    const char *name; /* "largest curvature", a text that stays */
    double value;
    char wanted[64]; /* "below 0.083"; "": nothing to compare it with */
} sl_fact;

typedef enum {
    SL_MENDS, /* with the change the validation loss is lower */
    SL_TELLS, /* with the change it is higher, and that is the proof: a column that gives the target away is
                 left out, half of the rows are taken away */
} sl_proof_kind;

typedef enum {
    SL_BY_BEST,  /* the lowest validation loss of so many epochs */
    SL_BY_LAST,  /* that of the last epoch: overfitting */
    SL_BY_CLASS, /* the mean over classes of their rows' mean losses, at the best epoch */
    SL_BY_METRIC /* share of wrong answers, or rmse: where losses are not of one kind; follows from the
                    changes */
} sl_proof_by;

typedef struct { /* one or several settings that change together */
    int changes;
    struct {
        const char *setting; /* of run.json: "batch", "optimizer.lr", "net" */
        char text[SL_FIX_TEXT];
    } change[SL_MOST_CHANGES];
    sl_proof_kind proof;
    sl_proof_by by;
    bool restarts; /* it needs all of the training to show (overfitting); else a part may do */
    bool longer;   /* it is about the length: compared are the two as they end */
} sl_fix;

typedef struct sl_finding_kind sl_finding_kind;
typedef struct {
    const sl_finding_kind *kind;
    int place;       /* the kind's; a finding that knows itself to follow from another may say a higher one */
    double strength; /* how sure before any proof: 0 nothing there, below 0.3 a note at most, 1 certain */
    bool certain;    /* needs no proof: the evidence is the finding (rows that are not numbers) */
    sl_text sentence;  /* one sentence with the numbers and the place, without a full stop */
    sl_text otherwise; /* what would be seen if it were something else, likewise */
    sl_text advice;    /* what to do that no option does; "" */
    int facts;
    sl_fact fact[SL_MOST_FACTS];
    int fixes;
    sl_fix fix[SL_MOST_FIXES]; /* tried in this order until one is proved */
} sl_draft;

/* Evidence: wanted is a format (no %f %g %e), NULL: none. NaN, and more than SL_MOST_FACTS, are left out. */
void sl_draft_fact(sl_draft *draft, const char *name, double value, const char *wanted, ...) SL_PRINTF(4, 5);
/* Another way to mend it; NULL: there is no more room. Then, for each setting that it changes: */
sl_fix *sl_draft_fix(sl_draft *draft, sl_proof_kind proof);
void sl_fix_text(sl_fix *fix, const char *setting, const char *text);
void sl_fix_number(sl_fix *fix, const char *setting, double value); /* rounded to 2 figures */
void sl_fix_whole(sl_fix *fix, const char *setting, size_t value);
/* "--lr 0.04 --batch 64", as a shell reads it, behind what options asks for; cut where there is no room. */
void sl_fix_words(const sl_fix *fix, const sl_run_options *options, char *to, size_t size);

/* --- a finding ------------------------------------------------------------------------------------------ */

struct sl_finding_kind {
    const char *name, *summary; /* "lr_too_high"; "steps are longer than the loss's curvature allows" */
    const char *formula;        /* what counts, in numbers */
    const char *source;
    /* Causes stand before what follows from them: of findings whose proofs gain alike the lowest is named
     * first. 10 data, 20 inputs and targets, 30 initialisation, 40 the net, 50 step size, 60 batch, 70
     * length, regularisation, 80 what is seen at the surface (constant prediction, plateau, oscillation). */
    int place;
    /* Leaves strength 0 where there is nothing; looks at numbers only. What fails is in the context. */
    void (*look)(sl_case *c, sl_draft *draft);
};
const sl_finding_kind *sl_finding_at(size_t index); /* NULL behind the last */

/* --- how a case comes about (case.c, look.c) ------------------------------------------------------------ */

/* Trains options in memory and looks. seed: the context's. NULL: the context's failure; what a check before
 * the first step refused is a case with `refused`. budget: at most so many seconds of training; 0: all of it.
 */
sl_case *sl_case_new(sl_ctx *ctx, const sl_run_options *options, const char *folder, bool precheck,
                     double seconds);
/* from_run.c: of c->folder. The data are those of then (SL_EINVAL); c->until and what belongs to it; a run
 * without an epoch is looked at before its first step. */
sl_status sl_case_check_run(sl_case *c, bool *precheck);
bool sl_case_is_run(sl_case *c); /* the repetition ended with the run's weights, or it broke as the run did */
void sl_case_free(sl_case *c);
const sl_case *sl_diagnosis_case(const sl_diagnosis *diagnosis); /* NULL for NULL */
/* At the weights in the trainer's model; deep: with curvature and noise, which take about a fifth of the
 * training at most, or where seconds is not 0 about so many; fewer rows are looked at then. */
sl_status sl_net_look_take(sl_net_look *look, sl_trainer *trainer, bool deep, double seconds);
/* look->valley, from the weights in the trainer's model, which stay; likewise. */
sl_status sl_net_look_valley(sl_net_look *look, sl_trainer *trainer);
void sl_net_look_close(sl_ctx *ctx, sl_net_look *look);

/* --- what training again says (proof.c) ----------------------------------------------------------------- */

typedef struct {
    bool done;     /* it ran far enough to tell */
    bool improved; /* as the fix's kind asks for, beyond chance */
    sl_proof_by by;
    bool seen;                    /* on the validation rows; else on those of training */
    size_t epochs, epochs_before; /* of the changed training, and of the other */
    double before, after;         /* what `by` says; infinite: it was not finite */
    double gain;                  /* log(before / after), within -3 and 3 */
    double sure; /* mean over standard error of the rows' differences; NaN: few rows, or not comparable */
    double work; /* shares of the training that was looked at */
} sl_proof;

/* most: shares of the training's own work, at most. seconds: by the clock, 0: any. */
sl_status sl_prove(sl_case *c, const sl_fix *fix, double most, double seconds, sl_proof *proof);
/* Row by row (proof_rows.c): the mean difference of losses in its standard errors, on the validation rows or
 * those of training; NaN: not comparable. */
double sl_proof_losses(const sl_case *c, const sl_run *changed, bool last, bool train);
/* Losses with all classes counting alike, on the validation rows where each class has at least 8, else on
 * those of training; false: not to be had. */
bool sl_proof_classes(const sl_case *c, const sl_run *changed, sl_proof *proof);
/* The options with the fix in them; copies, to be freed by sl_settings_free. */
sl_status sl_fix_apply(sl_ctx *ctx, const sl_run_options *options, const sl_fix *fix, sl_run_options *to);

/* --- the rows of a case (data_look.c, data_near.c, data_told.c) -------------------------------------------
 */

/* Fills c->data from c->train, c->model, c->classes. Without a model inputs are not looked at. SL_ENOMEM,
 * SL_EFILE. */
sl_status sl_data_look_take(sl_case *c);
sl_status sl_data_look_targets(sl_case *c); /* without the inputs: quick */

typedef struct { /* what it is taken from; rows in the order of the data */
    size_t rows, inputs, outputs, classes;
    sl_real *x;         /* [rows, inputs], prepared; NULL */
    sl_real *y;         /* [rows, outputs], as the loss sees them; NULL */
    sl_real *next;      /* [rows]: the first target of the row behind each */
    double *mean, *dev; /* [inputs] */
} sl_data_sample;
/* copies, contradicting, neighbours, alone; single, second. */
sl_status sl_data_look_near(sl_ctx *ctx, const sl_data_sample *s, sl_data_look *look);
sl_status sl_data_look_single(sl_ctx *ctx, const sl_data_sample *s, sl_data_look *look);

/* What share of the best constant answer's loss is gone: 0 nothing was learned, 1 all; below 0, worse. Of the
 * best epoch, by the loss that chooses it, and by the train loss. NaN: not known. */
double sl_case_learned(const sl_case *c);
double sl_case_fitted(const sl_case *c);
/* By how much of its value the train loss fell in the last quarter of the epochs: 0.5, to a half. NaN: fewer
 * than 4. */
double sl_case_falling(const sl_case *c);
/* The optimizer as it was asked for, or as a recipe has it, with what stands behind its rule's name. */
sl_optimizer sl_case_optimizer(const sl_case *c);
/* The words of the net; "": no hidden layer. */
const char *sl_case_net(const sl_case *c);
/* They with all widths of dense layers times by / 4, at least 1, and dropout layers of another rate (0:
 * none); rate below 0: as they are. false: it does not fit, or is the same. */
bool sl_case_net_sized(const sl_case *c, int by, double rate, char net[SL_FIX_TEXT]);
/* Of two numbers, neither NaN; libm's are not for the library. */
static inline double sl_case_smaller(double a, double b)
{
    return a < b ? a : b;
}
static inline double sl_case_larger(double a, double b)
{
    return a > b ? a : b;
}
/* A norm brings sums back to deviation 1: one before the first weights, or any. */
bool sl_case_norms_inputs(const sl_case *c);
bool sl_case_norms(const sl_case *c);

#endif
