/* vary_sum.c - what the trainings of a setting come to, and which settings stand out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vary.h"

bool cli_vary_number(const cli_vary_one *run, const char *part, const char *name, double *value)
{
    char key[80], text[64];
    if (!*part && !strcmp(name, "seconds")) {
        *value = run->seconds;
        return run->result != NULL;
    }
    snprintf(key, sizeof key, "%s%s%s", part, *part ? "_" : "", name);
    return run->result && cli_json_find(run->result, key, text, sizeof text) && sl_number_parse(text, value);
}

/* more: larger is better. */
static cli_vary_spread sum_spread(const double *values, int count, bool more)
{
    cli_vary_spread s = { .runs = count, .mean = NAN, .deviation = NAN, .best = NAN, .worst = NAN };
    double squares = 0;
    for (int i = 0; i < count; i++) {
        const double off = values[i] - (i ? s.mean : 0);
        s.mean = i ? s.mean + off / (i + 1) : values[0];
        squares += i ? off * (values[i] - s.mean) : 0;
        const bool above = i && values[i] > s.best, below = i && values[i] < s.best;
        s.best = !i || (more ? above : below) ? values[i] : s.best;
        s.worst = !i || (more ? values[i] < s.worst : values[i] > s.worst) ? values[i] : s.worst;
    }
    if (count > 1)
        s.deviation = sqrt(squares / (count - 1));
    return s;
}

static int sum_order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static cli_vary_spread sum_of(const cli_vary *vary, int setting, const char *part, const char *name,
                              bool more, double *values, bool median)
{
    int count = 0;
    for (int s = 0; s < vary->seeds; s++)
        count += cli_vary_number(cli_vary_run_at(vary, setting, s), part, name, &values[count]);
    cli_vary_spread spread = sum_spread(values, count, more);
    if (median && count) {
        qsort(values, (size_t)count, sizeof *values, sum_order);
        spread.mean = (values[(count - 1) / 2] + values[count / 2]) / 2;
    }
    return spread;
}

static int sum_digests(const cli_vary *vary, int setting)
{
    int different = 0;
    for (int s = 0; s < vary->seeds; s++) {
        char own[32], other[32];
        const char *result = cli_vary_run_at(vary, setting, s)->result;
        bool new = result &&cli_json_find(result, "digest", own, sizeof own);
        for (int o = 0; o < s && new; o++) {
            const char *before = cli_vary_run_at(vary, setting, o)->result;
            new = !(before && cli_json_find(before, "digest", other, sizeof other) && !strcmp(own, other));
        }
        different += new;
    }
    return different;
}

static void sum_setting(const cli_vary *vary, int setting, double *values)
{
    cli_vary_setting *s = &vary->setting[setting];
    int noisy = 0;
    for (int i = 0; i < vary->seeds; i++) {
        const cli_vary_one *one = cli_vary_run_at(vary, setting, i);
        s->done += one->result != NULL;
        s->diverged += one->diverged;
        if (one->result && one->noise == one->noise)
            values[noisy++] = one->noise;
    }
    s->noise = sum_spread(values, noisy, false);
    s->validation = sum_of(vary, setting, "validation", vary->metric, vary->more, values, false);
    s->test = sum_of(vary, setting, "test", vary->metric, vary->more, values, false);
    s->train = sum_of(vary, setting, "train", vary->metric, vary->more, values, false);
    s->train_loss = sum_of(vary, setting, "train", "loss", false, values, false);
    s->seconds = sum_of(vary, setting, "", "seconds", false, values, true);
    s->epochs = sum_of(vary, setting, "", "epochs", false, values, true);
    s->steps = sum_of(vary, setting, "", "steps", false, values, true);
    s->digests = sum_digests(vary, setting);
}

static const cli_vary_spread *sum_judge(const cli_vary *vary, const cli_vary_setting *s)
{
    return !strcmp(vary->by, "validation") ? &s->validation : &s->train_loss;
}

/* The best by the validation rows (never by the test rows), where there are none by the train loss. What is
 * not farther from it than the larger of the two deviations is within the spread. */
static void sum_best(cli_vary *vary)
{
    const bool more = !strcmp(vary->by, "validation") && vary->more;
    int best = -1;
    for (int i = 0; i < vary->count; i++) {
        cli_vary_setting *s = &vary->setting[i];
        const double own = sum_judge(vary, s)->mean;
        s->judged = s->done && !s->diverged && own == own;
        if (!s->judged)
            continue;
        const double top = best < 0 ? NAN : sum_judge(vary, &vary->setting[best])->mean;
        if (best < 0 || (more ? own > top : own < top) ||
            (!(own > top) && !(own < top) && s->train_loss.mean < vary->setting[best].train_loss.mean))
            best = i;
    }
    for (int i = 0; i < vary->count && best >= 0 && vary->count > 1; i++) {
        cli_vary_setting *s = &vary->setting[i];
        const cli_vary_spread *own = sum_judge(vary, s), *top = sum_judge(vary, &vary->setting[best]);
        const double wide = own->deviation > top->deviation ? own->deviation : top->deviation;
        s->best = i == best;
        s->within = i != best && s->judged && fabs(own->mean - top->mean) <= wide;
        s->pareto = s->judged;
        for (int o = 0; o < vary->count && s->pareto; o++) {
            const cli_vary_setting *other = &vary->setting[o];
            const double theirs = sum_judge(vary, other)->mean;
            const bool as_good = more ? theirs >= own->mean : theirs <= own->mean;
            const bool better = more ? theirs > own->mean : theirs < own->mean;
            if (other->judged && as_good && other->seconds.mean <= s->seconds.mean &&
                (better || other->seconds.mean < s->seconds.mean))
                s->pareto = false;
        }
    }
}

void cli_vary_sum(cli_vary *vary)
{
    double value, *values = calloc((size_t)vary->seeds + 1, sizeof *values);
    const cli_vary_one *first = NULL;
    for (int i = 0; i < vary->count * vary->seeds && !first; i++)
        first = vary->run[i].result ? &vary->run[i] : NULL;
    vary->metric = vary->settings->metric;
    if (!vary->metric)
        vary->metric = !first || cli_vary_number(first, "train", "accuracy", &value) ? "accuracy" : "rmse";
    vary->more = strcmp(vary->metric, "loss") && strcmp(vary->metric, "rmse") && strcmp(vary->metric, "mae");
    vary->share = vary->more && (strstr(vary->metric, "accuracy") != NULL);
    vary->by = first && cli_vary_number(first, "validation", vary->metric, &value) ? "validation" : "train";
    vary->tested = first && cli_vary_number(first, "test", vary->metric, &value);
    for (int f = 0; f < vary->factors; f++)
        vary->noisy = vary->noisy || (cli_vary_is(vary, f, "batch") && vary->factor[f].count > 1);
    for (int i = 0; i < vary->count && values; i++)
        sum_setting(vary, i, values);
    sum_best(vary);
    free(values);
}

/* --- starting weights ------------------------------------------------------------------------------------
 */

static uint64_t sum_start(const cli_vary *vary, int setting, int seed)
{
    return cli_vary_run_at(vary, setting, seed)->start;
}

/* Do two settings that differ in nothing but this factor start differently? */
static bool sum_changes_start(const cli_vary *vary, int factor)
{
    for (int a = 0; a < vary->count; a++)
        for (int b = a + 1; b < vary->count; b++) {
            bool alone = vary->setting[a].at[factor] != vary->setting[b].at[factor];
            for (int f = 0; f < vary->factors && alone; f++)
                alone = f == factor || vary->setting[a].at[f] == vary->setting[b].at[f];
            for (int seed = 0; seed < vary->seeds && alone; seed++) {
                const uint64_t x = sum_start(vary, a, seed), y = sum_start(vary, b, seed);
                if (x && y && x != y)
                    return true;
            }
        }
    return false;
}

void cli_vary_starts(const cli_vary *vary, char *text, size_t room)
{
    size_t length = 0;
    char names[256] = "";
    for (int f = 0; f < vary->factors; f++)
        if (sum_changes_start(vary, f))
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s--%s", *names ? ", " : "",
                     vary->factor[f].option->name);
    text[0] = 0;
    if (*names) {
        snprintf(
            text, room,
            "Starting weights: other values of %s make other weights to start from; settings that agree in "
            "this start from the same weights, seed by seed.",
            names);
        return;
    }
    length += (size_t)snprintf(text, room,
                               vary->count > 1 ? "All settings start from the same weights, by digest:"
                                               : "Starting weights, by digest:");
    for (int s = 0; s < vary->seeds && length < room; s++)
        if (sum_start(vary, 0, s))
            length += (size_t)snprintf(text + length, room - length, "%s seed %llu %016llx", s ? "," : "",
                                       (unsigned long long)cli_vary_run_at(vary, 0, s)->seed,
                                       (unsigned long long)sum_start(vary, 0, s));
    if (length + 2 < room)
        strcat(text, ".");
}
