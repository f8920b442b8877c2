/* vary.h - trainings that differ in some options: what is asked for, the runs, what comes of them. */
#ifndef CLI_VARY_H
#define CLI_VARY_H

#include "train_options.h"

enum { CLI_VARY_FACTORS = 40, CLI_VARY_MOST = 1000, CLI_VARY_ANSWERS = 16 };

typedef struct { /* the texts of options that may name several values                      */
    const char *text, *tokenizer, *rows, *net, *activation, *init, *loss, *target_scale;
    const char *epochs, *steps, *patience, *batch, *accumulate, *sampling;
    const char *optimizer, *lr, *lr_batch, *schedule, *warmup, *momentum, *beta1, *beta2, *epsilon, *decay;
    const char *augment, *class_weight, *clip_norm, *clip_value, *l1, *l1_prox, *max_norm, *average;
    const char *hidden, *dropout;
} cli_vary_lists;

typedef struct {
    cli_train_settings train; /* first: the rows of train_rows.h mean it                               */
    cli_vary_lists list;
    const char *at, *csv, *metric;
    int seeds, most;
    bool grid, each;
} cli_vary_settings;

extern const cli_option cli_vary_options[];

typedef struct {              /* an option with its values                                              */
    const cli_option *option; /* as slope train knows it                                                */
    int count;
    char **text;    /* [count] */
    double *number; /* [count]; NULL: they are not all numbers                                       */
} cli_factor;

typedef struct {  /* one training                                                                    */
    char *result; /* a line of JSON; NULL: it has none                                                */
    bool diverged;
    uint64_t seed, start; /* start: digest of the weights before the first step                      */
    double seconds;       /* of the training, by the clock: results round to milliseconds               */
    double noise;         /* of its step losses: see vary_run.c; NaN                                  */
    size_t epochs;
    double *loss; /* [epochs] by which the best epoch is chosen; NaN where it was not finite        */
    int answers;  /* of --at */
    double answer[CLI_VARY_ANSWERS];
} cli_vary_one;

typedef struct { /* over the seeds                                                                   */
    int runs;
    double mean, deviation, best, worst; /* deviation: n - 1; NaN of one run                             */
} cli_vary_spread;

typedef struct { /* one combination of values                                                         */
    int at[CLI_VARY_FACTORS]; /* which value of each factor                                            */
    int changed;              /* the factor in which it is not the base; -1: the base; grid: -1        */
    int done, diverged;       /* runs */
    cli_vary_spread validation, test, train, train_loss, seconds, epochs, steps, noise;
    int digests; /* different ones                                                      */
    bool best, within, pareto, judged; /* judged: has what the best is chosen by                          */
} cli_vary_setting;

typedef struct {
    const cli_call *call;
    const cli_vary_settings *settings;
    cli_factor factor[CLI_VARY_FACTORS];
    int factors, varied; /* varied: how many have more than one value                                  */
    cli_vary_setting *setting;
    int count, seeds;
    uint64_t first_seed;
    cli_vary_one *run; /* [count, seeds] */
    bool stopped;
    const char *metric; /* "accuracy"; chosen by the task unless asked for                              */
    char metric_text[32];
    bool more, share;   /* more of it is better; it is a share of rows                              */
    const char *by;     /* "validation", or, where no row validates, "train"                         */
    bool tested, noisy; /* there are test figures; batches are varied                                */
    int answers;
    char answer_name[CLI_VARY_ANSWERS][64];
    double at[64]; /* --at */
    int inputs;
    char near[512]; /* a sentence: are there rows at --at? */
} cli_vary;

/* --- vary_options.c. Each gives CLI_GO_ON, or the exit status of what was said --- */
int cli_vary_read(cli_vary *vary, const cli_call *call);
/* The settings of one combination: those of the call with its values. net: room for what --hidden and
 * --dropout make of it. */
enum { CLI_VARY_NET = 4096 };
int cli_vary_settle(const cli_vary *vary, const cli_vary_setting *setting, cli_train_settings *train,
                    char net[CLI_VARY_NET]);
void cli_vary_free(cli_vary *vary);
bool cli_vary_is(const cli_vary *vary, int factor, const char *name);
/* "lr 0.01", of several factors "lr 0.01, batch 8": those that vary, or of an own one the one that changed.
 */
char *cli_vary_name(const cli_vary *vary, const cli_vary_setting *setting, char *text, size_t room);

/* --- vary_net.c: the words of a net with other units in its hidden dense layers, other rates of dropout
 * (NULL: as they are). *added: there was no dropout layer, so there is one behind each. false: no room, or
 * none has units. --- */
bool cli_vary_net(const char *net, const char *units, const char *rate, char out[CLI_VARY_NET], bool *added);

/* --- vary_run.c: trains all; the exit status, said --- */
int cli_vary_train(cli_vary *vary);
/* --- vary_near.c: are there rows of the data at --at? Into vary->near --- */
void cli_vary_near(cli_vary *vary, const char *source, const sl_model *model);
/* --- vary_sum.c --- */
void cli_vary_sum(cli_vary *vary);
/* Sentences about the starting weights, a line each. */
void cli_vary_starts(const cli_vary *vary, char *text, size_t room);
bool cli_vary_number(const cli_vary_one *run, const char *part, const char *name, double *value);
static inline const cli_vary_one *cli_vary_run_at(const cli_vary *vary, int setting, int seed)
{
    return &vary->run[setting * vary->seeds + seed];
}
/* --- vary_say.c: the sentences below, at most so wide --- */
void cli_vary_say(const cli_vary *vary, int width);
/* --- vary_show.c, vary_write.c, vary_figure.c --- */
void cli_vary_show(const cli_vary *vary);
void cli_vary_json(const cli_vary *vary);
bool cli_vary_csv(const cli_vary *vary, const char *path); /* false: said */
/* To the terminal, or as FOLDER/figure.svg. */
int cli_vary_draw(const cli_vary *vary, const char *folder);

#endif
