/* errors.c - slope errors */
#define _XOPEN_SOURCE 700
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "../cli.h"
#include "../decided.h"
#include "../errors.h"
#include "../outfile.h"

typedef struct {
    const char *run, *data, *part, *out, *tags;
    char *rest; /* words: DATA, and what is too many */
    int top, threads;
    bool json;
} errors_settings;

#define ERRORS_AT(field) .at = offsetof(errors_settings, field)

static const cli_option errors_operands[] = {
    { .name = "RUN",
      .kind = CLI_TEXT,
      .words = "run",
      ERRORS_AT(run),
      .help = "a run folder, or a .safetensors file" },
    { .name = "DATA",
      .kind = CLI_TEXT,
      .words = "data",
      .told = true,
      .normal = "the data of the run",
      .repeats = true,
      ERRORS_AT(rest),
      .help = "where the errors are looked for" },
    { 0 },
};

static const cli_option errors_options[] = {
    { .name = "part",
      .kind = CLI_CHOICE,
      .value = "PART",
      .words = "train|validation|test|all",
      .group = "data",
      ERRORS_AT(part),
      .told = true,
      .normal = "test, where there is one",
      .help = "which part of DATA" },
    { .name = "top",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .group = "result",
      ERRORS_AT(top),
      .normal = "20",
      .help = "how many rows" },
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE",
      .words = "file",
      .group = "result",
      ERRORS_AT(out),
      .help = "write them as CSV, with an empty column tag for what you see in each" },
    { .name = "tags",
      .kind = CLI_TEXT,
      .value = "FILE",
      .words = "file",
      .group = "result",
      ERRORS_AT(tags),
      .help = "such a file with tags filled in (several in one field: a; b): count them" },
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      ERRORS_AT(json),
      .help = "print one line of JSON" },
    { .name = "threads",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 256,
      .group = "running",
      ERRORS_AT(threads),
      .normal = "the usable cores",
      .help = "changes the speed, never a result" },
    { 0 },
};

static const cli_example errors_examples[] = {
    { "slope errors runs/moons-1", "the twenty rows that cost most, with their inputs" },
    { "slope errors runs/moons-1 --top 100 -o errors.csv", "to be tagged by hand, say in a spreadsheet" },
    { "slope errors runs/moons-1 --tags errors.csv", "which kinds of errors there are, and how often" },
    { 0 },
};

static int errors_write(const errors_settings *settings, const cli_errors *errors)
{
    cli_outfile out;
    if (!cli_outfile_open(&out, "errors", settings->out))
        return CLI_WRONG;
    if (!cli_errors_csv(out.stream, errors)) {
        cli_outfile_discard(&out);
        return CLI_FAILED;
    }
    return cli_outfile_close(&out) ? CLI_DONE : CLI_FAILED;
}

static int errors_put(const errors_settings *settings, const cli_errors *errors, const char *part)
{
    cli_tags tags = { 0 };
    int status = CLI_DONE;
    if (settings->tags && !cli_tags_read(&tags, "errors", settings->tags))
        status = CLI_WRONG;
    else if (settings->tags)
        status = cli_errors_check(errors, &tags, settings->tags);
    if (status == CLI_DONE && settings->out)
        status = errors_write(settings, errors);
    if (status == CLI_DONE && settings->json) {
        fputs("{\"data\":", stdout);
        cli_json_string(stdout, settings->data);
        fputs(",\"part\":", stdout);
        cli_json_string(stdout, part);
        printf(",\"rows\":%zu,\"wrong\":%zu", sl_data_rows(errors->data), cli_errors_wrong(errors));
        if (settings->tags)
            status = cli_errors_tags(errors, &tags, true);
        else
            cli_errors_json(errors);
        puts("}");
    } else if (status == CLI_DONE && settings->tags) {
        status = cli_errors_tags(errors, &tags, false);
    } else if (status == CLI_DONE && !settings->out) {
        status = cli_errors_show(errors) ? CLI_DONE : CLI_FAILED;
    }
    cli_tags_free(&tags);
    return status;
}

static int errors_job(errors_settings *settings, sl_ctx *ctx)
{
    struct stat status;
    if (settings->tags && settings->out)
        return cli_wrong("errors", "-o writes a table for tags, --tags reads one: give one of them");
    const bool is_file = stat(settings->run, &status) == 0 && S_ISREG(status.st_mode);
    if (!settings->data && is_file)
        return cli_wrong("errors",
                         "DATA is missing: a model file does not say where its data is; wants slope "
                         "errors FILE DATA");
    const sl_model *model = sl_model_load(ctx, settings->run);
    const bool own = !settings->data;
    const char *part = NULL, *cut = NULL;
    if (model && !is_file)
        cut = cli_cut_part(ctx, settings->run, settings->data, settings->part);
    if (model && own) {
        settings->data = cut ? NULL : sl_run_read_test(ctx, settings->run);
        const bool tested = settings->data != NULL;
        if (!settings->data && sl_error(ctx) == SL_OK)
            settings->data = sl_run_read_data(ctx, settings->run);
        if (settings->data)
            cli_decided("DATA", settings->data,
                        tested ? "the run was tested on it" : "the run was trained on it");
    }
    const sl_data *data = !model || !settings->data ? NULL
                          : cut ? sl_run_open_part(ctx, settings->run, settings->data, part = cut)
                                : cli_open_part(ctx, model, settings->data, settings->part, &part);
    if (data && !cli_has_targets("errors", model, data, settings->data))
        return CLI_WRONG;
    const sl_report *report = data ? sl_errors(ctx, model, data, 0) : NULL;
    const sl_report *figures = report ? sl_evaluate(ctx, model, data) : NULL, *texts = NULL;
    if (figures && sl_model_features(model))
        texts = sl_text_tags(ctx, model, data);
    if (!figures || sl_error(ctx))
        return cli_failed("errors", ctx);
    if (own && strcmp(part, "test") != 0 && strcmp(part, "validation") != 0 &&
        !sl_run_read_test(ctx, settings->run))
        cli_say("errors", "these are rows that the network was trained on: %s",
                settings->part ? "--part asked for them" : "the run's data has no test part");
    const cli_errors errors = {
        model, data, report, figures, settings->top ? settings->top : 20, ctx, texts
    };
    return errors_put(settings, &errors, part);
}

static int errors_run(const cli_call *call)
{
    errors_settings settings = *(const errors_settings *)call->settings;
    int status = CLI_DONE;
    if (settings.rest && settings.rest[strlen(settings.rest) + 1])
        return cli_wrong("errors", "its rows are those of one model: wants one RUN, and DATA at most");
    settings.data = settings.rest;
    cli_dash_last(&settings.run, &settings.data);
    sl_ctx *ctx = cli_context_remarks("errors", settings.threads, &status);
    if (!ctx)
        return status;
    status = errors_job(&settings, ctx);
    sl_ctx_free(ctx);
    return status;
}

const cli_command cli_command_errors = {
    .name = "errors",
    .summary = "the rows that a trained model gets most wrong, to be looked at and tagged",
    .usage = "errors RUN [DATA] [--top N] [-o FILE | --tags FILE] [OPTION ...]",
    .about =
        "Lists the rows of the largest loss, worst first: the row's number (from 0, in its part), what is "
        "true "
        "and what is predicted, and the inputs by name where there are few. For classes a summary says which "
        "confusions make up most errors.\n\n"
        "A figure says how often a model is wrong, the rows say why. Write them with -o, put into the column "
        "tag what you see in each (blurred; label is wrong), and --tags counts what is worth working on.\n\n"
        "Texts are shown around the word that pushed most towards the prediction. Below stands how often "
        "rows "
        "are wrong that are short or long (below the lower, above the upper quartile of their words), have a "
        "negation before a word (not, never, without, n't), more than twice the usual share of unknown "
        "words, "
        "or a contrast (but, however, although), beside all rows; -o writes these as tags.",
    .examples = errors_examples,
    .operands = errors_operands,
    .options = errors_options,
    .size = sizeof(errors_settings),
    .run = errors_run,
    .place = 4,
};
