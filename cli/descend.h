/* descend.h - the walks of slope descend: each optimizer, step size, noise and start that was asked for, with
 * every other. Its files work in double, as gradcheck does. */
#ifndef CLI_DESCEND_H
#define CLI_DESCEND_H

#include "cli.h"

typedef struct {
    const char *function, *start, *optimizer, *schedule, *lr, *noise, *output;
    int steps, starts;
    double stop;
    uint64_t seed;
    bool json, csv, figure;
} descend_settings;

enum { DESCEND_MOST = 8, DESCEND_MOST_SHARES = 64, DESCEND_LIST = 16, DESCEND_WORD = 120 };

typedef struct {
    char label[DESCEND_WORD + 120]; /* what it has that others have not; "": it is the only one */
    char optimizer[DESCEND_WORD];
    bool has_start;
    double start[2], lr, noise; /* lr 0: the function's */
} descend_walk;

typedef struct {
    descend_walk walks[DESCEND_MOST_SHARES];
    int count;
} descend_plan;

/* CLI_GO_ON, or CLI_WRONG, said. dims: how many numbers a start has. */
int cli_descend_plan(const descend_settings *settings, int dims, descend_plan *plan);
/* The walk as the library wants it; texts are the plan's and the settings'. */
sl_descend_options cli_descend_options(const descend_settings *settings, const descend_walk *walk);

/* About six figures: "-1.537300", "79.94297". */
cli_figure cli_descend_number(double value);
/* What came of the walks: tables and sentences, one line of JSON, or the iterates as CSV. descents[count]. */
bool cli_descend_show(sl_function *function, const descend_settings *settings, const descend_plan *plan,
                      sl_descent *const *descents);
void cli_descend_json(sl_function *function, const descend_plan *plan, sl_descent *const *descents);
void cli_descend_csv(const descend_plan *plan, sl_descent *const *descents);
/* Of many starts: shares[count]. */
void cli_descend_json_shares(sl_function *function, const descend_plan *plan, const sl_descend_share *shares);
bool cli_descend_shares(const descend_settings *settings, sl_function *function, const descend_plan *plan,
                        const sl_descend_share *shares);

/* A figure into a file (path), or (NULL) below what was printed. Gives the exit status. */
int cli_descend_figure(const char *command, sl_ctx *ctx, sl_figure *figure, const char *path);

#endif
