/* folds.c - see folds.h */
#define _XOPEN_SOURCE 700
#include "folds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDS_PATH = 4096 };

/* How the figure of all rows follows from those of the folds; POOL_NONE: not from them. */
typedef enum { POOL_MEAN, POOL_SQUARES, POOL_CONFUSION, POOL_NONE } folds_pool;
static const struct {
    const char *name, *words;
    bool percent;
    folds_pool pool;
} folds_metrics[] = {
    { "accuracy", "accuracy", true, POOL_MEAN },
    { "loss", "loss", false, POOL_MEAN },
    { "rmse", "rmse", false, POOL_SQUARES },
    { "mae", "mae", false, POOL_MEAN },
    { "r2", "r2", false, POOL_NONE },
    { "macro_f1", "macro F1", false, POOL_CONFUSION },
    { "auc", "auc", false, POOL_NONE },
    { "macro_auc", "macro auc", false, POOL_NONE },
    { "top5_accuracy", "top-5 acc.", true, POOL_MEAN },
};
enum { FOLDS_METRICS = sizeof folds_metrics / sizeof *folds_metrics };

void cli_folds_log(void *user, const char *line)
{
    cli_folds *folds = user;
    if (!folds->done || strncmp(line, "warning ", 8) == 0)
        cli_progress_log(folds->progress, line);
}

/* --- training ---------------------------------------------------------------------------------------- */

static bool folds_number(const char *json, const char *key, double *value)
{
    char text[512];
    return cli_json_find(json, key, text, sizeof text) && sl_number_parse(text, value);
}

static bool folds_metric(const cli_folds *folds, int fold, size_t metric, double *value)
{
    char key[64];
    snprintf(key, sizeof key, "test_%s", folds_metrics[metric].name);
    return folds_number(folds->result[fold], key, value);
}

/* What is kept of a fold. false: memory ran out. */
static bool folds_take(cli_folds *folds, const sl_run *run, const sl_report *test)
{
    const int classes = sl_report_classes(test);
    const size_t cells = (size_t)classes * (size_t)classes;
    if (!folds->done && classes) {
        folds->classes = classes;
        folds->confusion = calloc(cells, sizeof *folds->confusion);
    }
    for (size_t i = 0; folds->confusion && classes == folds->classes && i < cells; i++)
        folds->confusion[i] +=
            sl_report_confusion(test, (int)(i / (size_t)classes), (int)(i % (size_t)classes));
    folds->rows[folds->done] = sl_report_last(test, "rows");
    folds->result[folds->done] = strdup(sl_run_result(run));
    return folds->result[folds->done] && (!classes || folds->confusion);
}

static void folds_say(const cli_folds *folds)
{
    char line[256];
    double value;
    size_t length = (size_t)snprintf(line, sizeof line, "fold %d of %d", folds->done, folds->folds);
    const char *const shown[] = { "accuracy", "rmse", "loss" };
    for (size_t i = 0; i < 3; i++) {
        char key[32];
        snprintf(key, sizeof key, "test_%s", shown[i]);
        if (folds_number(folds->result[folds->done - 1], key, &value))
            length += (size_t)snprintf(line + length, sizeof line - length, "%s test %s %s",
                                       strchr(line, ':') ? "," : ":", shown[i],
                                       (i ? cli_rounded(value) : cli_percent(value)).text);
    }
    cli_progress_log(folds->progress, line);
}

static void folds_stopped(const cli_folds *folds, const char *out)
{
    fprintf(stderr, "stopped in fold %d of %d", folds->done + 1, folds->folds);
    if (!out) {
        fputs(": nothing is kept without -o\n", stderr);
        return;
    }
    fprintf(stderr, "; %d finished in ", folds->done);
    cli_put_clean(stderr, out);
    fputs(": nothing is lost. To go on:\n  slope train --resume ", stderr);
    cli_put_shell(stderr, out);
    putc('\n', stderr);
}

static const char folds_first[] = "fold-1/run.json";

static bool folds_has(const char *folder, const char *name)
{
    char path[FOLDS_PATH];
    struct stat there;
    return snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path && stat(path, &there) == 0;
}

bool cli_folds_there(const char *folder)
{
    return !folds_has(folder, "run.json") && folds_has(folder, folds_first);
}

/* How many there are to be, as the first says. */
static int folds_recorded(cli_folds *folds, sl_ctx *ctx, const char *folder)
{
    char first[FOLDS_PATH];
    double count = 0;
    snprintf(first, sizeof first, "%s/fold-1", folder);
    const char *text = sl_run_read(ctx, first, "settings.folds");
    if (sl_error(ctx))
        return cli_failed("train", ctx);
    if (!text || !sl_number_parse(text, &count) || !(count >= 2 && count <= CLI_FOLDS_MOST))
        return cli_wrong("train", "%s/run.json: settings.folds is %s: wants 2 to %d", first,
                         text ? text : "missing", CLI_FOLDS_MOST);
    folds->folds = (int)count;
    return CLI_GO_ON;
}

/* The figures of a fold that was finished before: its model answers its test rows again. */
static const sl_report *folds_again(sl_ctx *ctx, const char *place)
{
    sl_model *model = sl_model_load(ctx, place);
    sl_data *test = model ? sl_run_open_part(ctx, place, NULL, "test") : NULL;
    const sl_report *report = test ? sl_evaluate(ctx, model, test) : NULL;
    sl_data_free(test);
    sl_model_free(model);
    return report;
}

static sl_run *folds_open(const cli_folds *folds, sl_ctx *ctx, const sl_run_options *one, const char *again)
{
    if (!again)
        return sl_run_new(ctx, one);
    if (folds_has(one->out, "run.json"))
        return sl_run_open(ctx, one->out, one);
    char first[FOLDS_PATH];
    snprintf(first, sizeof first, "%s/fold-1", again);
    return sl_run_open_fold(ctx, first, folds->done, one->out, one);
}

static int folds_one(cli_folds *folds, sl_ctx *ctx, const sl_run_options *one, const char *again,
                     const char *out)
{
    sl_run *run = folds_open(folds, ctx, one, again);
    if (!run)
        return cli_failed("train", ctx);
    sl_watcher_take(folds->progress->watcher, run);
    const sl_status trained = sl_run_train(run);
    cli_progress_end(folds->progress, NULL);
    folds->progress->next_look = 0; /* steps count from the start again */
    folds->progress->started = 0;
    if (trained == SL_ESTOPPED) {
        folds_stopped(folds, out);
        return CLI_STOPPED;
    }
    const sl_report *test = trained ? NULL : sl_run_test(run) ? sl_run_test(run) : folds_again(ctx, one->out);
    if (!test)
        return cli_failed("train", ctx);
    if (!folds_take(folds, run, test)) {
        cli_say("train", "memory ran out");
        return CLI_FAILED;
    }
    sl_run_free(run);
    return CLI_GO_ON;
}

int cli_folds_train(cli_folds *folds, sl_ctx *ctx, const sl_run_options *options, const char *again)
{
    sl_run_options one = *options;
    char place[FOLDS_PATH];
    const char *out = again ? again : options->out;
    int status = CLI_GO_ON;
    folds->folds = options->folds;
    if (again)
        status = folds_recorded(folds, ctx, again);
    else if (out && !options->overwrite && cli_folds_there(out))
        return cli_wrong("train",
                         "%s holds folds that were begun: --resume goes on with them, --overwrite "
                         "replaces them, and -o takes another folder",
                         out);
    one.keep_nothing = !out;
    one.on_step = cli_progress_step;
    one.on_epoch = cli_progress_watch;
    one.user = folds->progress;
    for (; status == CLI_GO_ON && folds->done < folds->folds; folds->done++, folds_say(folds)) {
        one.fold = folds->done;
        snprintf(folds->progress->what, sizeof folds->progress->what, "fold %d/%d ", one.fold + 1,
                 folds->folds);
        if (out && snprintf(place, sizeof place, "%s/fold-%d", out, one.fold + 1) >= (int)sizeof place)
            return cli_wrong("train", "-o is longer than a path can be");
        one.out = out ? place : NULL;
        status = folds_one(folds, ctx, &one, again, out);
        if (status != CLI_GO_ON)
            break;
    }
    return status == CLI_GO_ON ? CLI_DONE : status;
}

/* --- results ------------------------------------------------------------------------------------------- */

/* Mean and deviation (n - 1) over the folds. false: not every fold has this figure. */
static bool folds_mean(const cli_folds *folds, size_t metric, double *mean, double *deviation)
{
    double value, squares = 0;
    *mean = 0;
    for (int f = 0; f < folds->done; f++) {
        if (!folds_metric(folds, f, metric, &value))
            return false;
        const double off = value - *mean;
        *mean += off / (f + 1);
        squares += off * (value - *mean);
    }
    *deviation = sqrt(squares / (folds->done - 1));
    return true;
}

static double folds_macro_f1(const cli_folds *folds)
{
    const size_t classes = (size_t)folds->classes;
    double sum = 0;
    for (size_t c = 0; c < classes; c++) {
        size_t answered = 0, occurs = 0;
        for (size_t other = 0; other < classes; other++) {
            answered += folds->confusion[other * classes + c];
            occurs += folds->confusion[c * classes + other];
        }
        const size_t both = answered + occurs;
        sum += both ? 2 * (double)folds->confusion[c * classes + c] / (double)both : 0;
    }
    return sum / (double)classes;
}

/* The figure of all rows, each answered by the fold that had not seen it. NaN: it does not follow. */
static double folds_pooled(const cli_folds *folds, size_t metric)
{
    double sum = 0, rows = 0, value;
    if (folds_metrics[metric].pool == POOL_NONE)
        return NAN;
    if (folds_metrics[metric].pool == POOL_CONFUSION)
        return folds_macro_f1(folds);
    const bool squares = folds_metrics[metric].pool == POOL_SQUARES;
    for (int f = 0; f < folds->done && folds_metric(folds, f, metric, &value); f++) {
        sum += folds->rows[f] * (squares ? value * value : value);
        rows += folds->rows[f];
    }
    return squares ? sqrt(sum / rows) : sum / rows;
}

static double folds_seconds(const cli_folds *folds)
{
    double seconds = 0, value;
    for (int f = 0; f < folds->done; f++)
        seconds += folds_number(folds->result[f], "seconds", &value) ? value : 0;
    return seconds;
}

static void folds_json(const cli_folds *folds)
{
    double mean, deviation;
    printf("{\"folds\":%d", folds->folds);
    for (size_t m = 0; m < FOLDS_METRICS; m++) {
        if (!folds_mean(folds, m, &mean, &deviation))
            continue;
        const double pooled = folds_pooled(folds, m);
        printf(",\"test_%s\":", folds_metrics[m].name);
        cli_json_number(stdout, mean);
        printf(",\"test_%s_sd\":", folds_metrics[m].name);
        cli_json_number(stdout, deviation);
        if (pooled == pooled) {
            printf(",\"pooled_test_%s\":", folds_metrics[m].name);
            cli_json_number(stdout, pooled);
        }
    }
    fputs(",\"seconds\":", stdout);
    cli_json_number(stdout, folds_seconds(folds));
    fputs(",\"fold_results\":[", stdout);
    for (int f = 0; f < folds->done; f++)
        printf("%s%s", f ? "," : "", folds->result[f]);
    puts("]}");
}

static cli_figure folds_figure(size_t metric, double value)
{
    return folds_metrics[metric].percent ? cli_percent(value) : cli_rounded(value);
}

static void folds_row(cli_table *table, const cli_folds *folds, int fold, const bool *shown)
{
    char text[64];
    double value;
    snprintf(text, sizeof text, "fold %d", fold + 1);
    cli_table_cell(table, text);
    cli_table_cell(table, cli_count(folds->rows[fold]).text);
    for (size_t m = 0; m < FOLDS_METRICS; m++)
        if (shown[m])
            cli_table_cell(table, folds_metric(folds, fold, m, &value) ? folds_figure(m, value).text : "");
    cli_table_cell(table, cli_json_find(folds->result[fold], "best_epoch", text, sizeof text) ? text : "");
    cli_table_cell(table,
                   folds_number(folds->result[fold], "seconds", &value) ? cli_fixed(value, 2).text : "");
}

/* which: 0 mean, 1 deviation, 2 all rows together */
static void folds_sum(cli_table *table, const cli_folds *folds, int which, const bool *shown)
{
    static const char *const heads[] = { "mean", "+- deviation", "all rows" };
    double figures[2], rows = 0;
    for (int f = 0; f < folds->done; f++)
        rows += folds->rows[f];
    cli_table_cell(table, heads[which]);
    cli_table_cell(table, which == 2 ? cli_count(rows).text : "");
    for (size_t m = 0; m < FOLDS_METRICS; m++) {
        if (!shown[m])
            continue;
        folds_mean(folds, m, &figures[0], &figures[1]);
        const double value = which == 2 ? folds_pooled(folds, m) : figures[which];
        cli_table_cell(table, value == value ? folds_figure(m, value).text : "");
    }
    cli_table_cell(table, "");
    cli_table_cell(table, which == 2 ? cli_fixed(folds_seconds(folds), 2).text : "");
}

void cli_folds_show(const cli_folds *folds, bool json)
{
    if (json) {
        folds_json(folds);
        return;
    }
    const cli_terminal terminal = cli_terminal_of(stdout);
    bool shown[FOLDS_METRICS];
    double mean, deviation;
    cli_table table;
    cli_table_begin(&table, 4, "lr");
    cli_table_cell(&table, "");
    cli_table_cell(&table, "test rows");
    for (size_t m = 0; m < FOLDS_METRICS; m++) {
        shown[m] = folds_mean(folds, m, &mean, &deviation);
        table.columns += shown[m];
        if (shown[m])
            cli_table_cell(&table, folds_metrics[m].words);
    }
    cli_table_cell(&table, "best epoch");
    cli_table_cell(&table, "seconds");
    for (int f = 0; f < folds->done; f++)
        folds_row(&table, folds, f, shown);
    for (int which = 0; which < 3; which++)
        folds_sum(&table, folds, which, shown);
    cli_table_print(&table, stdout, 0, 3, &terminal);
    cli_table_free(&table);
}

void cli_folds_free(cli_folds *folds)
{
    for (int f = 0; f < folds->folds; f++)
        free(folds->result[f]);
    free(folds->confusion);
}
