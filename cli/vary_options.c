/* vary_options.c - the options of slope vary, and the values that they name. */
#define _XOPEN_SOURCE 700
#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vary.h"

#define TRAIN(what, called, takes, headline, field)                                                          \
    .name = called, .kind = CLI_##what, .value = takes, .group = headline,                                   \
    .at = offsetof(cli_train_settings, field)
#define SEVERAL(what, called, takes, headline, field)                                                        \
    .name = called, .kind = CLI_TEXT, .value = takes ",..", .group = headline,                               \
    .at = offsetof(cli_vary_settings, list.field)
#define SEVERAL_LONG(what, called, takes, headline, field)                                                   \
    .name = called, .kind = CLI_TEXT, .value = takes ";..", .group = headline,                               \
    .at = offsetof(cli_vary_settings, list.field)
#define TRAIN_ONLY(...)
#define VARY(what, called, takes, headline, field)                                                           \
    .name = called, .kind = CLI_##what, .value = takes, .group = headline,                                   \
    .at = offsetof(cli_vary_settings, field)

const cli_option cli_vary_options[] = {
    { VARY(TEXT, "hidden", "UNITS,..", "experiment", list.hidden),
      .help = "units of every hidden dense layer of --net; without --net one layer, \"UNITS relu\"" },
    { VARY(TEXT, "dropout", "RATE,..", "experiment", list.dropout),
      .help =
          "rate of every dropout layer of --net; where it has none, one stands behind each hidden layer" },
    { VARY(FLAG, "grid", NULL, "experiment", grid),
      .help = "all combinations of the values; else one option at a time, the others at their first value" },
    { VARY(WHOLE, "seeds", "N", "experiment", seeds), .low = 1, .high = 1000, .normal = "3",
      .help = "trainings of each setting, by the seeds --seed, --seed + 1, ..: they give the spread" },
    { VARY(WHOLE, "most", "N", "experiment", most), .low = 1, .normal = "1000",
      .help = "more trainings than this are refused" },
    { VARY(CHOICE, "metric", "NAME", "experiment", metric),
      .words = "accuracy|loss|rmse|mae|r2|auc|macro_f1|macro_auc|top5_accuracy",
      .normal = "accuracy; of numbers rmse",
      .help = "what settings are compared by, on the validation rows" },
    { VARY(TEXT, "at", "X1,X2,..", "experiment", at),
      .help =
          "what does each net answer to this input? The numbers of a row; with a line for each training" },
    { VARY(FLAG, "each", NULL, "experiment", each), .help = "a line for each training, too" },
#include "train_rows.h"
    { VARY(TEXT, "out", "FOLDER", "result", train.out), .letter = 'o', .words = "run",
      .normal = "nothing is kept", .help = "keep the run folders there, with table.csv and figure.svg" },
    { VARY(TEXT, "csv", "FILE", "result", csv), .words = "file", .help = "write a line for each training" },
    { 0 },
};

static const cli_option vary_hidden = { .name = "hidden", .kind = CLI_WHOLE, .value = "UNITS", .low = 1 };
static const cli_option vary_dropout = {
    .name = "dropout", .kind = CLI_REAL, .value = "RATE", .low = 0, .high = 1, .below = true
};

/* As slope train knows it. */
static const cli_option *vary_option(const char *name)
{
    for (const cli_option *option = cli_train_options; option->name; option++)
        if (!strcmp(option->name, name))
            return option;
    return !strcmp(name, "hidden") ? &vary_hidden : &vary_dropout;
}

/* --- values ------------------------------------------------------------------------------------------ */

/* The word of a value must be in the catalogue: later, it would be found out after hours. */
static int vary_check_word(const cli_call *call, const cli_option *option, const char *text)
{
    const char *kind = option->words && option->words[0] == '=' ? option->words + 1 : NULL;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(text, " "), text);
    if (!kind || option->value[0] == 'V' || option->value[0] == 'C' || option->value[0] == 'W')
        return CLI_GO_ON; /* several words in one value: the library reads them */
    cli_nearest nearest = { .word = name };
    sl_word word;
    for (int i = 0; sl_catalogue(kind, i, &word); i++) {
        if (!strcmp(word.name, name) || (word.alias && !strcmp(word.alias, name)))
            return CLI_GO_ON;
        cli_nearest_try(&nearest, word.name);
    }
    if (!strcmp(name, "linear")) /* of --activation: none */
        return CLI_GO_ON;
    if (nearest.best)
        return cli_wrong(call->command->name, "--%s: there is no '%s': did you mean '%s'?", option->name,
                         name, nearest.best);
    return cli_wrong(call->command->name, "--%s: there is no '%s'; slope catalogue %s lists them",
                     option->name, name, kind);
}

static int vary_value(const cli_call *call, cli_factor *factor, const char *from, size_t length)
{
    const cli_option *option = factor->option;
    while (length && isspace((unsigned char)*from))
        from++, length--;
    while (length && isspace((unsigned char)from[length - 1]))
        length--;
    if (!length)
        return cli_wrong(call->command->name,
                         "--%s: value %d of its list is empty: wants %s, .. without gaps", option->name,
                         factor->count + 1, option->value);
    char *text = factor->text[factor->count] = cli_copy(from, length);
    cli_train_settings trial = { 0 };
    char place[32];
    cli_option apart = *option;
    int status = text ? CLI_GO_ON : CLI_FAILED;
    if (option == &vary_hidden || option == &vary_dropout)
        apart.at = 0;
    if (text)
        status = cli_option_store(call, &apart, text,
                                  option == &vary_hidden || option == &vary_dropout ? (void *)place
                                                                                    : (void *)&trial);
    if (status != CLI_GO_ON)
        return status;
    double value;
    const bool number = sl_number_parse(text, &value);
    factor->number[factor->count] = number ? value : 0;
    for (int i = 0; i < factor->count; i++) {
        double other;
        if (!strcmp(factor->text[i], text) ||
            (number && sl_number_parse(factor->text[i], &other) && other == value))
            return cli_wrong(call->command->name, "--%s: %s is there twice: wants values that differ",
                             option->name, text);
    }
    factor->count++;
    return vary_check_word(call, option, text);
}

static int vary_values(cli_vary *vary, const cli_option *option, const char *list)
{
    const cli_call *call = vary->call;
    const char separator = strstr(option->value, ";..") ? ';' : ',';
    size_t room = 2; /* and the end */
    for (const char *at = list; *at; at++)
        room += *at == separator;
    cli_factor *factor = &vary->factor[vary->factors++];
    *factor = (cli_factor){ .option = vary_option(option->name) };
    factor->text = calloc(room, sizeof *factor->text);
    factor->number = calloc(room, sizeof *factor->number);
    int status = factor->text && factor->number ? CLI_GO_ON : CLI_FAILED;
    if (status == CLI_FAILED)
        cli_say(call->command->name, "memory ran out");
    for (const char *at = list; status == CLI_GO_ON; at++) {
        const size_t length = strcspn(at, separator == ';' ? ";" : ",");
        status = vary_value(call, factor, at, length);
        at += length;
        if (!*at)
            break;
    }
    double value;
    for (int i = 0; factor->number && i < factor->count; i++)
        if (!sl_number_parse(factor->text[i], &value)) {
            free(factor->number);
            factor->number = NULL;
        }
    vary->varied += factor->count > 1;
    return status;
}

static int vary_at(cli_vary *vary)
{
    const char *name = vary->call->command->name;
    for (const char *at = vary->settings->at; at; at++) {
        char text[64];
        const size_t length = strcspn(at, ",");
        snprintf(text, sizeof text, "%.*s", length < 60 ? (int)length : 60, at);
        if (vary->inputs == 64)
            return cli_wrong(name, "--at has more than 64 numbers: wants those of a small row");
        if (!sl_number_parse(text, &vary->at[vary->inputs]) ||
            vary->at[vary->inputs] - vary->at[vary->inputs] != 0)
            return cli_wrong(name, "--at: '%s' is no number: wants those of one row, such as 0.5,0.5", text);
        vary->inputs++;
        at += length;
        if (!*at)
            break;
    }
    return CLI_GO_ON;
}

/* --- combinations ------------------------------------------------------------------------------------- */

static int vary_combine(cli_vary *vary)
{
    const cli_vary_settings *s = vary->settings;
    const int most = s->most ? s->most : CLI_VARY_MOST;
    double count = 1;
    for (int f = 0; f < vary->factors; f++)
        count = s->grid ? count * vary->factor[f].count : count + vary->factor[f].count - 1;
    vary->seeds = s->seeds ? s->seeds : 3;
    vary->first_seed = s->train.seed ? s->train.seed : 1;
    if (count * vary->seeds > most)
        return cli_wrong(
            vary->call->command->name,
            "%s settings with %d seeds each are %s trainings, and more than %s are refused: name "
            "fewer values, or allow them with --most %s",
            cli_count(count).text, vary->seeds, cli_count(count * vary->seeds).text, cli_count(most).text,
            cli_fixed(count * vary->seeds, 0).text);
    if (UINT64_MAX - vary->first_seed < (uint64_t)vary->seeds)
        return cli_wrong(vary->call->command->name, "--seed is too large for %d seeds behind it",
                         vary->seeds);
    vary->setting = calloc((size_t)count, sizeof *vary->setting);
    vary->run = calloc((size_t)count * (size_t)vary->seeds, sizeof *vary->run);
    if (!vary->setting || !vary->run) {
        cli_say(vary->call->command->name, "memory ran out");
        return CLI_FAILED;
    }
    vary->setting[vary->count++].changed = -1;
    for (int f = 0; f < vary->factors && !s->grid; f++)
        for (int v = 1; v < vary->factor[f].count; v++) {
            vary->setting[vary->count].changed = f;
            vary->setting[vary->count++].at[f] = v;
        }
    for (; vary->count < (int)count; vary->count++) { /* the last factor is the fastest */
        cli_vary_setting *next = &vary->setting[vary->count];
        *next = next[-1];
        for (int f = vary->factors - 1; f >= 0 && ++next->at[f] == vary->factor[f].count; f--)
            next->at[f] = 0;
    }
    return CLI_GO_ON;
}

bool cli_vary_is(const cli_vary *vary, int factor, const char *name)
{
    return !strcmp(vary->factor[factor].option->name, name);
}

int cli_vary_settle(const cli_vary *vary, const cli_vary_setting *setting, cli_train_settings *train,
                    char net[CLI_VARY_NET])
{
    const char *units = NULL, *rate = NULL, *name = vary->call->command->name;
    bool added;
    *train = vary->settings->train;
    for (int f = 0; f < vary->factors; f++) {
        const cli_factor *factor = &vary->factor[f];
        const char *text = factor->text[setting->at[f]];
        if (factor->option == &vary_hidden)
            units = text;
        else if (factor->option == &vary_dropout)
            rate = text;
        else if (cli_option_store(vary->call, factor->option, text, train) != CLI_GO_ON)
            return CLI_WRONG;
    }
    if (!units && !rate)
        return CLI_GO_ON;
    if (!train->net && !units)
        return cli_wrong(name, "--dropout without hidden layers: say which, as in --net \"64 relu\"");
    if (!cli_vary_net(train->net ? train->net : "1 relu", units, rate, net, &added))
        return cli_wrong(name, "--%s: %s has no hidden layer with units, such as 64 relu",
                         units ? "hidden" : "dropout", train->net);
    train->net = net;
    return CLI_GO_ON;
}

/* Nets are read before the first training begins. */
static int vary_check_nets(const cli_vary *vary)
{
    cli_train_settings train;
    char net[CLI_VARY_NET];
    int status = CLI_GO_ON;
    sl_ctx *ctx = cli_context("vary", (sl_ctx_options){ .threads = 1 }, &status);
    if (!ctx)
        return status;
    for (int i = 0; i < vary->count && status == CLI_GO_ON; i++) {
        status = cli_vary_settle(vary, &vary->setting[i], &train, net);
        if (status != CLI_GO_ON || !train.net || !strcmp(train.net, "linear"))
            continue;
        sl_model *model = sl_model_parse(ctx, train.net);
        if (!model)
            status = cli_failed("vary", ctx);
        sl_model_free(model);
    }
    sl_ctx_free(ctx);
    return status;
}

int cli_vary_read(cli_vary *vary, const cli_call *call)
{
    const cli_vary_settings *s = call->settings;
    *vary = (cli_vary){ .call = call, .settings = s };
    if (s->train.data && !strcmp(s->train.data, "-"))
        return cli_wrong("vary",
                         "DATA is read once for each training, and - can be read once: save it in a file");
    int status = cli_train_check_table("vary", &s->train);
    for (const cli_option *option = call->command->options; option->name && status == CLI_GO_ON; option++) {
        const char *list;
        if (option->kind != CLI_TEXT || option->at < offsetof(cli_vary_settings, list) ||
            option->at >= offsetof(cli_vary_settings, list) + sizeof(cli_vary_lists))
            continue;
        memcpy(&list, (const char *)s + option->at, sizeof list);
        if (list)
            status = vary_values(vary, option, list);
    }
    if (status == CLI_GO_ON && s->list.epochs && s->list.steps)
        status = cli_wrong("vary", "--epochs and --steps both say when to stop: give one of them");
    if (status == CLI_GO_ON && s->train.overwrite && !s->train.out)
        status = cli_wrong("vary", "--overwrite wants -o FOLDER: without it nothing is kept");
    if (status == CLI_GO_ON && s->train.record && !s->train.out)
        status = cli_wrong("vary", "--record wants -o FOLDER: without it nothing is kept");
    if (status == CLI_GO_ON)
        status = vary_at(vary);
    if (status == CLI_GO_ON)
        status = vary_combine(vary);
    return status == CLI_GO_ON ? vary_check_nets(vary) : status;
}

void cli_vary_free(cli_vary *vary)
{
    for (int f = 0; f < vary->factors; f++) {
        for (int v = 0; vary->factor[f].text && vary->factor[f].text[v]; v++)
            free(vary->factor[f].text[v]);
        free(vary->factor[f].text);
        free(vary->factor[f].number);
    }
    for (int i = 0; vary->run && i < vary->count * vary->seeds; i++) {
        free(vary->run[i].result);
        free(vary->run[i].loss);
    }
    free(vary->setting);
    free(vary->run);
}

char *cli_vary_name(const cli_vary *vary, const cli_vary_setting *setting, char *text, size_t room)
{
    size_t length = 0;
    text[0] = 0;
    for (int f = 0; f < vary->factors; f++)
        if (vary->factor[f].count > 1 && (setting->changed < 0 || setting->changed == f) && length < room)
            length += (size_t)snprintf(text + length, room - length, "%s%s %s", length ? ", " : "",
                                       vary->factor[f].option->name, vary->factor[f].text[setting->at[f]]);
    return text;
}
