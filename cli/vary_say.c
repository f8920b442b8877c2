/* vary_say.c - the sentences below the tables of slope vary. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "help.h"
#include "vary.h"

static void say_answers(const cli_vary *vary, int width)
{
    double low = INFINITY, high = -INFINITY;
    char text[1024];
    int runs = 0;
    for (int i = 0; i < vary->count * vary->seeds; i++) {
        const cli_vary_one *one = &vary->run[i];
        if (!one->answers)
            continue;
        low = one->answer[0] < low ? one->answer[0] : low;
        high = one->answer[0] > high ? one->answer[0] : high;
        runs++;
    }
    if (!runs)
        return;
    snprintf(text, sizeof text, "At %s the %d nets answer %s from %s to %s. %s", vary->settings->at, runs,
             vary->answer_name[0], cli_fixed(low, 4).text, cli_fixed(high, 4).text, vary->near);
    cli_help_text(stdout, text, 0, width);
}

static void say_verdict(const cli_vary *vary, int width)
{
    char text[2048], name[512], others[64];
    size_t length = 0;
    int within = 0, judged = 0;
    const cli_vary_setting *best = NULL;
    const bool validated = !strcmp(vary->by, "validation");
    for (int i = 0; i < vary->count; i++) {
        best = vary->setting[i].best ? &vary->setting[i] : best;
        within += vary->setting[i].within;
        judged += vary->setting[i].judged;
    }
    if (vary->count == 1) { /* nothing to choose from */
        cli_help_text(stdout,
                      vary->seeds > 1
                          ? "No option has several values: nothing varies but the seed."
                          : "No option has several values, and there is one seed: nothing varies.",
                      0, width);
        return;
    }
    if (!best) {
        cli_help_text(stdout,
                      "No setting has been trained with every seed that was tried: there is no best one.", 0,
                      width);
        return;
    }
    if (judged < 2)
        return;
    cli_vary_name(vary, best, name, sizeof name);
    length = (size_t)snprintf(text, sizeof text, "* best by %s %s%s: %s.", vary->by,
                              validated ? vary->metric : "loss",
                              validated ? "" : ", as no row validates (the test rows choose nothing)", name);
    if (vary->seeds < 2)
        length +=
            (size_t)snprintf(text + length, sizeof text - length,
                             " One seed has no spread: --seeds 3 or more tells a difference from chance.");
    else if (within) {
        if (judged == 2)
            snprintf(others, sizeof others, "the other is");
        else
            snprintf(others, sizeof others, "%d of the %d others %s", within, judged - 1,
                     within == 1 ? "is" : "are");
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   " = %s within the spread of it: the means are no farther "
                                   "apart than the larger deviation over the seeds, so other seeds may order "
                                   "them otherwise.",
                                   others);
    } else
        length +=
            (size_t)snprintf(text + length, sizeof text - length, " No other is within the spread of it.");
    if (length < sizeof text)
        snprintf(text + length, sizeof text - length,
                 " + none is better and as quick: the choice between quality "
                 "and seconds.");
    cli_help_text(stdout, text, 0, width);
}

static void say_nets(const cli_vary *vary, int width)
{
    cli_train_settings train;
    char net[CLI_VARY_NET], text[CLI_VARY_NET + 64];
    if (!vary->settings->list.hidden && !vary->settings->list.dropout)
        return;
    if (cli_vary_settle(vary, &vary->setting[0], &train, net) == CLI_GO_ON) {
        snprintf(text, sizeof text, "The net of the first: --net \"%s\".", train.net);
        cli_help_text(stdout, text, 0, width);
    }
}

void cli_vary_say(const cli_vary *vary, int width)
{
    char text[4096];
    if (vary->settings->at)
        say_answers(vary, width);
    say_verdict(vary, width);
    if (vary->noisy)
        cli_help_text(
            stdout,
            "noise: how far a step's loss strays from that of the step before, over the square root of "
            "2, in the second half of the steps; a stand-in for the noise of the gradient, which is "
            "not recorded step by step.",
            0, width);
    say_nets(vary, width);
    cli_vary_starts(vary, text, sizeof text);
    cli_help_text(stdout, text, 0, width);
    snprintf(text, sizeof text,
             "%s%d seed%s from %llu: a seed draws %sorder and validation rows, for every setting the same.",
             vary->seeds > 1 ? "The figures are means and deviations over " : "", vary->seeds,
             vary->seeds == 1 ? "" : "s", (unsigned long long)vary->first_seed,
             vary->settings->train.weights ? "" : "weights, ");
    cli_help_text(stdout, text, 0, width);
}
