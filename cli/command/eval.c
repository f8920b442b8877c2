/* eval.c - slope eval */
#define _XOPEN_SOURCE 700
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "../baselines.h"
#include "../cli.h"
#include "../decided.h"
#include "../metrics.h"
#include "../several.h"

typedef struct {
    const char *run, *part;
    char *rest; /* words: more runs, then DATA */
    int threads;
    bool importance, calibration, residuals, json;
} eval_settings;

#define EVAL_AT(field) .at = offsetof(eval_settings, field)

static const cli_option eval_operands[] = {
    { .name = "RUN",
      .kind = CLI_TEXT,
      .words = "run",
      EVAL_AT(run),
      .help = "a run folder, or a .safetensors file" },
    { .name = "DATA",
      .kind = CLI_TEXT,
      .words = "data",
      .told = true,
      .normal = "the data of the run",
      .repeats = true,
      EVAL_AT(rest),
      .help = "what to evaluate on; more runs may stand before it: then the mean of what they answer is "
              "measured" },
    { 0 },
};

static const cli_option eval_options[] = {
    { .name = "part",
      .kind = CLI_CHOICE,
      .value = "PART",
      .words = "train|validation|test|all",
      .group = "data",
      EVAL_AT(part),
      .told = true,
      .normal = "test, where there is one",
      .help = "which part of DATA; one that the run cut off is drawn again as it was" },
    { .name = "importance",
      .kind = CLI_FLAG,
      .group = "result",
      EVAL_AT(importance),
      .help = "how much worse it gets when one input is shuffled among the rows, input by input" },
    { .name = "calibration",
      .kind = CLI_FLAG,
      .group = "result",
      EVAL_AT(calibration),
      .help = "classes: how often what is said with a probability of 0.8 is true" },
    { .name = "residuals",
      .kind = CLI_FLAG,
      .group = "result",
      EVAL_AT(residuals),
      .help = "numbers: how far off, and to which side, by the prediction" },
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      EVAL_AT(json),
      .help = "print one line of JSON, with the confusion matrix as rows of counts" },
    { .name = "threads",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 256,
      .group = "running",
      EVAL_AT(threads),
      .normal = "the usable cores",
      .help = "changes the speed, never a result" },
    { 0 },
};

static const cli_example eval_examples[] = {
    { "slope eval runs/digits-1", "the test part of the data it was trained on" },
    { "slope eval runs/digits-1 mnist --part all", "drawn digits learned: do they help with real ones?" },
    { "slope eval runs/moons-1 --importance --calibration", "which inputs matter; whether to trust it" },
    { "slope eval runs/digits-1 runs/digits-2 mnist", "the average of two models" },
    { "slope eval runs/digits-1 --json", "for another program" },
    { 0 },
};

/* Each run with what it gets alone, or the one digest. */
static void eval_json_runs(const cli_several *several, const sl_report *report)
{
    const char *figure = sl_report_classes(report) ? "accuracy" : "rmse";
    if (several->count == 1) {
        printf(",\"digest\":\"%016" PRIx64 "\"", sl_model_digest(several->model[0]));
        return;
    }
    for (int i = 0; i < several->count; i++) {
        fputs(i ? ",{\"run\":" : ",\"runs\":[{\"run\":", stdout);
        cli_json_string(stdout, several->run[i]);
        printf(",\"digest\":\"%016" PRIx64 "\",\"%s\":", sl_model_digest(several->model[i]), figure);
        cli_json_number(stdout, sl_report_at(report, i + 1, figure));
        putchar('}');
    }
    putchar(']');
}

static void eval_json(const cli_several *several, const char *part, const sl_report *report,
                      const sl_baselines *baselines)
{
    const sl_model *model = several->model[0];
    const int classes = sl_report_classes(report);
    printf("{\"task\":\"%s\",\"data\":", sl_model_classes(model) ? "classification" : "regression");
    cli_json_string(stdout, several->source);
    fputs(",\"part\":", stdout);
    cli_json_string(stdout, part);
    printf(",\"rows\":%zu", sl_data_rows(several->data[0]));
    for (int i = 0; i < sl_report_columns(report); i++) {
        const char *name = sl_report_column(report, i);
        const double value = sl_report_at(report, 0, name);
        if (value != value || strcmp(name, "rows") == 0)
            continue;
        printf(",\"%s\":", name);
        cli_json_number(stdout, value);
    }
    cli_put_baselines(stdout, baselines, classes > 0);
    eval_json_runs(several, report);
    for (int c = 0; c < classes; c++) {
        char number[16];
        fputs(c ? "," : ",\"classes\":[", stdout);
        cli_json_string(stdout, cli_class_name(number, model, c));
    }
    fputs(classes ? "],\"confusion\":[" : "", stdout);
    for (int t = 0; t < classes; t++) {
        for (int p = 0; p < classes; p++)
            printf("%s%zu", p ? "," : t ? ",[" : "[", sl_report_confusion(report, t, p));
        putchar(']');
    }
    fputs(classes ? "]" : "", stdout);
}

/* What each model gets alone. */
static bool eval_print_runs(const cli_several *several, const sl_report *report, const cli_terminal *terminal)
{
    const bool classes = sl_report_classes(report) > 0;
    cli_table table;
    cli_table_begin(&table, 3, "lr");
    cli_table_cell(&table, "each alone");
    cli_table_cell(&table, classes ? "accuracy" : "rmse");
    cli_table_cell(&table, "model");
    for (int i = 0; i < several->count; i++) {
        char digest[24];
        const double value = sl_report_at(report, i + 1, classes ? "accuracy" : "rmse");
        snprintf(digest, sizeof digest, "%016" PRIx64, sl_model_digest(several->model[i]));
        cli_table_cell(&table, several->run[i]);
        cli_table_cell(&table, (classes ? cli_percent(value) : cli_rounded(value)).text);
        cli_table_cell(&table, digest);
    }
    const bool done = cli_table_print(&table, stdout, 2, 2, terminal);
    cli_table_free(&table);
    putchar('\n');
    return done;
}

static int eval_print(const cli_several *several, const char *part, const sl_report *report,
                      const sl_baselines *baselines)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const sl_model *model = several->model[0];
    const sl_data *data = several->data[0];
    char fitted[128] = "fitted to the same rows";
    bool done = true;
    cli_put_clean(stdout, several->source);
    printf(", %s: %s rows, ", strcmp(part, "all") == 0 ? "all rows" : part,
           cli_count((double)sl_data_rows(data)).text);
    if (several->count > 1) {
        printf("average of %d models\n\n", several->count);
        done = eval_print_runs(several, report, &terminal);
        snprintf(fitted, sizeof fitted, "fitted to the rows of %.40s", several->run[0]);
    } else {
        printf("model %016" PRIx64 "\n\n", sl_model_digest(model));
    }
    done = done && cli_show_metrics(report, model, data, baselines, &terminal);
    if (done)
        putchar('\n');
    done = done && cli_show_baselines(baselines, sl_report_classes(report) > 0, fitted, &terminal);
    if (done && sl_report_classes(report))
        done = cli_show_confusion(report, model, &terminal);
    return done ? CLI_DONE : CLI_FAILED;
}

/* What was asked for beside the figures. */
static bool eval_more(const eval_settings *settings, sl_ctx *ctx, const cli_several *several)
{
    const sl_several *all = &several->all;
    return !(settings->importance &&
             !cli_show_importance(ctx, several->model[0], several->data[0], settings->json)) &&
           !(settings->calibration && !cli_show_calibration(ctx, all, settings->json)) &&
           !(settings->residuals && !cli_show_residuals(ctx, all, settings->json));
}

static bool eval_is_file(const char *run)
{
    struct stat status;
    return stat(run, &status) == 0 && S_ISREG(status.st_mode);
}

/* Those of the (first) run; a model file alone knows none. */
static sl_baselines *eval_baselines(sl_ctx *ctx, const cli_several *several)
{
    sl_baselines *baselines = eval_is_file(several->run[0]) ? NULL : sl_baselines_load(ctx, several->run[0]);
    if (!baselines && sl_error(ctx) == SL_OK)
        baselines = sl_baselines_fit(ctx, several->model[0], NULL);
    return sl_baselines_measure_several(baselines, &several->all) == SL_OK ? baselines : NULL;
}

/* What does not fit the task is refused before anything is printed. */
static int eval_check(const eval_settings *settings, const cli_several *several)
{
    const bool classes = sl_model_classes(several->model[0]) > 0;
    if (settings->importance && several->count > 1)
        return cli_wrong("eval",
                         "--importance is of the inputs of one model, and %d are given: wants one RUN",
                         several->count);
    if (settings->calibration && !classes)
        return cli_wrong("eval",
                         "--calibration is of probabilities, and this model's answers are numbers: take "
                         "--residuals");
    if (settings->residuals && classes)
        return cli_wrong("eval", "--residuals are of numbers, and this model tells classes apart: take "
                                 "--calibration");
    return CLI_GO_ON;
}

/* Figures, and what is printed of them. */
static int eval_show(const eval_settings *settings, sl_ctx *ctx, const cli_several *several, const char *part)
{
    const int classes = sl_model_classes(several->model[0]);
    cli_decided("metrics", classes ? "of classes" : "of numbers",
                classes ? "the model tells %d classes apart" : "the model answers with numbers", classes);
    if (several->count > 1)
        cli_decided("answers", "averaged", "%d runs are given", several->count);
    sl_report *report = sl_evaluate_several(ctx, &several->all);
    sl_baselines *baselines = report ? eval_baselines(ctx, several) : NULL;
    if (!baselines)
        return cli_failed("eval", ctx);
    if (settings->json)
        eval_json(several, part, report, baselines);
    else if (eval_print(several, part, report, baselines) != CLI_DONE)
        return CLI_FAILED;
    if (!eval_more(settings, ctx, several))
        return cli_failed("eval", ctx);
    fputs(settings->json ? "}\n" : "", stdout);
    return CLI_DONE;
}

/* Several runs: each reads the data its own way. */
static int eval_average(const eval_settings *settings, sl_ctx *ctx, cli_several *several)
{
    const char *part = NULL;
    int status = cli_several_open(several, "eval", ctx, settings->part, &part);
    if (status == CLI_GO_ON)
        status = eval_check(settings, several);
    return status == CLI_GO_ON ? eval_show(settings, ctx, several, part) : status;
}

static int eval_job(const eval_settings *settings, sl_ctx *ctx, cli_several *several)
{
    const char *run = several->run[0], *part = NULL;
    const bool is_file = eval_is_file(run), own = !several->source;
    if (several->count > 1)
        return eval_average(settings, ctx, several);
    if (own && is_file)
        return cli_wrong("eval", "DATA is missing: a model file does not say where its data is; wants %s",
                         "slope eval FILE DATA");
    const sl_model *model = several->model[0] = sl_model_load(ctx, run);
    const char *cut = is_file || !model ? NULL : cli_cut_part(ctx, run, several->source, settings->part);
    if (model && own) { /* what it was tested on, if that was named apart, else its data's test part */
        several->source = cut ? NULL : sl_run_read_test(ctx, run);
        const bool tested = several->source != NULL;
        if (!several->source && sl_error(ctx) == SL_OK)
            several->source = sl_run_read_data(ctx, run);
        if (several->source)
            cli_decided("DATA", several->source,
                        tested ? "the run was tested on it" : "the run was trained on it");
    }
    const sl_data *data = !model || !several->source ? NULL
                          : cut                      ? sl_run_open_part(ctx, run, several->source, part = cut)
                                : cli_open_part(ctx, model, several->source, settings->part, &part);
    several->data[0] = data;
    if (!data) {
        const int failed = cli_failed("eval", ctx);
        if (model && own && sl_error(ctx) == SL_EFILE) /* a relative name, read from another folder */
            cli_say("eval",
                    "the data is looked for where the run names it; say where it is: slope eval RUN DATA");
        return failed;
    }
    if (eval_check(settings, several) != CLI_GO_ON || !cli_has_targets("eval", model, data, several->source))
        return CLI_WRONG;
    if (own && strcmp(part, "test") != 0 && strcmp(part, "validation") != 0 && !sl_run_read_test(ctx, run))
        cli_say("eval", "these are rows that the network was trained on: %s",
                settings->part ? "--part asked for them" : "the run's data has no test part");
    if (cut && strcmp(part, "validation") == 0 && sl_run_learned_part(ctx, run, part))
        cli_say("eval", "in the end the network has learned these rows too, so they flatter it: what it gets "
                        "without them is in run.json, as slope train printed it");
    return eval_show(settings, ctx, several, part);
}

static int eval_run(const cli_call *call)
{
    const eval_settings *settings = call->settings;
    cli_several several;
    int status = cli_several_read(&several, "eval", settings->run, settings->rest);
    sl_ctx *ctx = status == CLI_GO_ON ? cli_context_remarks("eval", settings->threads, &status) : NULL;
    if (ctx)
        status = eval_job(settings, ctx, &several);
    sl_ctx_free(ctx);
    cli_several_free(&several);
    return status;
}

const cli_command cli_command_eval = {
    .name = "eval",
    .summary = "measure a trained model, with honest baselines beside every figure",
    .usage = "eval RUN [DATA] [--part PART] [--importance] [OPTION ...]\neval RUN RUN ... DATA [OPTION ...]",
    .about =
        "Beside each figure stands what a model gets that knows nothing but how frequent the classes are "
        "(it always says the most frequent one), or the mean of the targets. Below stand a linear model, the "
        "nearest training row and the like, fitted to the rows that the network learned from, and whether "
        "the "
        "network is better. Intervals are 95 % ones of rows drawn anew (bootstrap). A classifier's confusion "
        "matrix follows, with precision, recall and F1 a class.\n\n"
        "Of several runs the probabilities of each row are averaged (of numbers the predictions), classes by "
        "their names; each model reads DATA in its own way.",
    .examples = eval_examples,
    .operands = eval_operands,
    .options = eval_options,
    .size = sizeof(eval_settings),
    .run = eval_run,
    .place = 2,
};
