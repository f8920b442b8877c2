/* eval.c - slope eval */
#define _XOPEN_SOURCE 700
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "../baselines.h"
#include "../cli.h"
#include "../metrics.h"

typedef struct {
    const char *run, *data, *part;
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
      .normal = "the data of the run",
      EVAL_AT(data),
      .help = "what to evaluate on" },
    { 0 },
};

static const cli_option eval_options[] = {
    { .name = "part",
      .kind = CLI_CHOICE,
      .value = "PART",
      .words = "train|validation|test|all",
      .group = "data",
      EVAL_AT(part),
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
    { "slope eval runs/digits-1 --json", "for another program" },
    { 0 },
};

static void eval_json(const eval_settings *settings, const char *part, const sl_model *model,
                      const sl_report *report, const sl_data *data, const sl_baselines *baselines)
{
    const int classes = sl_report_classes(report);
    printf("{\"task\":\"%s\",\"data\":", sl_model_classes(model) ? "classification" : "regression");
    cli_json_string(stdout, settings->data);
    fputs(",\"part\":", stdout);
    cli_json_string(stdout, part);
    printf(",\"rows\":%zu", sl_data_rows(data));
    for (int i = 0; i < sl_report_columns(report); i++) {
        const char *name = sl_report_column(report, i);
        const double value = sl_report_at(report, 0, name);
        if (value != value || strcmp(name, "rows") == 0)
            continue;
        printf(",\"%s\":", name);
        cli_json_number(stdout, value);
    }
    cli_put_baselines(stdout, baselines, classes > 0);
    printf(",\"digest\":\"%016" PRIx64 "\"", sl_model_digest(model));
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

static int eval_print(const eval_settings *settings, const char *part, const sl_model *model,
                      const sl_report *report, const sl_data *data, const sl_baselines *baselines)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    cli_put_clean(stdout, settings->data);
    printf(", %s: %s rows, model %016" PRIx64 "\n\n", strcmp(part, "all") == 0 ? "all rows" : part,
           cli_count((double)sl_data_rows(data)).text, sl_model_digest(model));
    bool done = cli_show_metrics(report, model, data, baselines, &terminal);
    if (done)
        putchar('\n');
    done = done &&
           cli_show_baselines(baselines, sl_report_classes(report) > 0, "fitted to the same rows", &terminal);
    if (done && sl_report_classes(report))
        done = cli_show_confusion(report, model, &terminal);
    return done ? CLI_DONE : CLI_FAILED;
}

/* What was asked for beside the figures. */
static bool eval_more(const eval_settings *settings, sl_ctx *ctx, const sl_model *model, const sl_data *data)
{
    return !(settings->importance && !cli_show_importance(ctx, model, data, settings->json)) &&
           !(settings->calibration && !cli_show_calibration(ctx, model, data, settings->json)) &&
           !(settings->residuals && !cli_show_residuals(ctx, model, data, settings->json));
}

/* Those of the run; a model file alone knows none. */
static sl_baselines *eval_baselines(const eval_settings *settings, sl_ctx *ctx, bool is_file,
                                    const sl_model *model, const sl_data *data)
{
    sl_baselines *baselines = is_file ? NULL : sl_baselines_load(ctx, settings->run);
    if (!baselines && sl_error(ctx) == SL_OK)
        baselines = sl_baselines_fit(ctx, model, NULL);
    return sl_baselines_measure(baselines, model, data) == SL_OK ? baselines : NULL;
}

/* What does not fit the task is refused before anything is printed. */
static int eval_check(const eval_settings *settings, const sl_model *model)
{
    const bool classes = sl_model_classes(model) > 0;
    if (settings->calibration && !classes)
        return cli_wrong("eval",
                         "--calibration is of probabilities, and this model's answers are numbers: take "
                         "--residuals");
    if (settings->residuals && classes)
        return cli_wrong("eval", "--residuals are of numbers, and this model tells classes apart: take "
                                 "--calibration");
    return CLI_DONE;
}

static int eval_job(eval_settings *settings, sl_ctx *ctx)
{
    struct stat status;
    const bool is_file = stat(settings->run, &status) == 0 && S_ISREG(status.st_mode);
    if (!settings->data && is_file)
        return cli_wrong("eval", "DATA is missing: a model file does not say where its data is; wants %s",
                         "slope eval FILE DATA");
    sl_model *model = sl_model_load(ctx, settings->run);
    const bool own = !settings->data;
    const char *cut =
        is_file || !model ? NULL : cli_cut_part(ctx, settings->run, settings->data, settings->part);
    if (model && own) { /* what it was tested on, if that was named apart, else its data's test part */
        settings->data = cut ? NULL : sl_run_read_test(ctx, settings->run);
        if (!settings->data && sl_error(ctx) == SL_OK)
            settings->data = sl_run_read_data(ctx, settings->run);
    }
    const char *part = NULL;
    sl_data *data = !model || !settings->data ? NULL
                    : cut ? sl_run_open_part(ctx, settings->run, settings->data, part = cut)
                          : cli_open_part(ctx, model, settings->data, settings->part, &part);
    if (model && data &&
        (eval_check(settings, model) != CLI_DONE || !cli_has_targets("eval", model, data, settings->data)))
        return CLI_WRONG;
    sl_report *report = data ? sl_evaluate(ctx, model, data) : NULL;
    sl_baselines *baselines = report ? eval_baselines(settings, ctx, is_file, model, data) : NULL;
    if (!baselines) {
        const int failed = cli_failed("eval", ctx);
        if (model && own && !data &&
            sl_error(ctx) == SL_EFILE) /* a relative name, read from another folder */
            cli_say("eval",
                    "the data is looked for where the run names it; say where it is: slope eval RUN DATA");
        return failed;
    }
    if (own && strcmp(part, "test") != 0 && strcmp(part, "validation") != 0 &&
        !sl_run_read_test(ctx, settings->run))
        cli_say("eval", "these are rows that the network was trained on: %s",
                settings->part ? "--part asked for them" : "the run's data has no test part");
    if (cut && strcmp(part, "validation") == 0 && sl_run_learned_part(ctx, settings->run, part))
        cli_say("eval", "in the end the network has learned these rows too, so they flatter it: what it gets "
                        "without them is in run.json, as slope train printed it");
    if (settings->json)
        eval_json(settings, part, model, report, data, baselines);
    else if (eval_print(settings, part, model, report, data, baselines) != CLI_DONE)
        return CLI_FAILED;
    if (!eval_more(settings, ctx, model, data))
        return cli_failed("eval", ctx);
    fputs(settings->json ? "}\n" : "", stdout);
    return CLI_DONE;
}

static int eval_run(const cli_call *call)
{
    eval_settings settings = *(const eval_settings *)call->settings;
    int status = CLI_DONE;
    cli_dash_last(&settings.run, &settings.data);
    sl_ctx *ctx = cli_context_remarks("eval", settings.threads, &status);
    if (!ctx)
        return status;
    status = eval_job(&settings, ctx);
    sl_ctx_free(ctx);
    return status;
}

const cli_command cli_command_eval = {
    .name = "eval",
    .summary = "measure a trained model, with honest baselines beside every figure",
    .usage = "eval RUN [DATA] [--part PART] [--importance] [OPTION ...]",
    .about =
        "Beside each figure stands what a model gets that knows nothing but how frequent the classes are "
        "(it always says the most frequent one), or the mean of the targets. Below stand a linear model, the "
        "nearest training row and the like, fitted to the rows that the network learned from, and whether "
        "the "
        "network is better. Intervals are 95 % ones of rows drawn anew (bootstrap). A classifier's confusion "
        "matrix follows, with precision, recall and F1 a class.",
    .examples = eval_examples,
    .operands = eval_operands,
    .options = eval_options,
    .size = sizeof(eval_settings),
    .run = eval_run,
    .place = 2,
};
