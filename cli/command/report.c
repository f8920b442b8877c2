/* report.c - slope report */
#define _XOPEN_SOURCE 700
#include "../decided.h"
#include "../report.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../outfile.h"

typedef struct {
    const char *run, *out, *data, *part;
    int threads;
    bool quiet;
} report_settings;

#define REPORT_AT(field) .at = offsetof(report_settings, field)

static const cli_option report_operands[] = {
    { .name = "RUN", .kind = CLI_TEXT, .words = "run", REPORT_AT(run), .help = "a run folder" },
    { 0 },
};

static const cli_option report_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE.html",
      .words = "file",
      .group = "result",
      REPORT_AT(out),
      .told = true,
      .normal = "RUN/report.html",
      .help = "the page" },
    { .name = "data",
      .kind = CLI_TEXT,
      .value = "DATA",
      .words = "data",
      .group = "what",
      REPORT_AT(data),
      .told = true,
      .normal = "the run's",
      .help = "rows that the figures and the worst errors are taken from" },
    { .name = "part",
      .kind = CLI_CHOICE,
      .value = "PART",
      .words = "train|validation|test|all",
      .group = "what",
      REPORT_AT(part),
      .told = true,
      .normal = "test, where there is one, else validation",
      .help = "which part of them" },
    { .name = "threads",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 256,
      .group = "running",
      REPORT_AT(threads),
      .normal = "the usable cores",
      .help = "changes the speed, never a result" },
    { .name = "quiet",
      .letter = 'q',
      .kind = CLI_FLAG,
      .group = "running",
      REPORT_AT(quiet),
      .help = "no remark where the page is" },
    { 0 },
};

static const cli_example report_examples[] = {
    { "slope report runs/digits-1", "runs/digits-1/report.html" },
    { "slope report runs/digits-1 -o digits.html", "to be sent to somebody: one file, nothing is fetched" },
    { 0 },
};

static void report_left_out(const char *kind, const char *wants)
{
    char what[64];
    snprintf(what, sizeof what, "figure %s", kind);
    cli_decided(what, "left out", "it wants %s", wants);
}

/* What fits the run, in the order in which somebody asks. */
static void report_figures(cli_report *report, const report_settings *s)
{
    const bool classes = sl_model_classes(report->model) > 0;
    size_t inputs = 1;
    sl_column_info column;
    const sl_shape shape = report->data ? sl_data_shape(report->data) : (sl_shape){ 0 };
    for (int i = 0; i < shape.rank; i++)
        inputs *= (size_t)shape.dim[i];
    const bool rows = report->data != NULL, texts = sl_model_features(report->model) > 0,
               table = sl_model_column(report->model, 0, &column), narrow = rows && !texts && shape.rank < 2;
    double epochs = 0;
    cli_report_number(report, "result.epochs", &epochs);
    const struct {
        const char *kind;
        bool fits, rows;
        bool may_not;      /* only the figure itself knows whether it fits */
        const char *wants; /* where it is left out */
    } all[] = {
        { "curves", epochs > 0, false, false, "an epoch that has ended" },
        { "confusion", rows && classes, true, false, "rows, and a model of classes" },
        { "boundary", narrow && inputs == 2, true, false, "rows of two numbers" },
        { "fit", narrow && inputs == 1 && !classes, true, false,
          "rows of one number, and a target that is one" },
        { "errors", rows, true, false, "rows with targets" },
        { "calibration", rows && classes, true, false, "rows, and a model of classes" },
        { "importance", rows && (table || (inputs > 1 && inputs <= 30)), true, false,
          "rows of a table, or of 2 to 30 numbers" },
        { "net", true, false, false, "nothing" },
        { "gradients", epochs > 1, false, false, "two epochs" },
        { "weights", epochs > 1, false, false, "two epochs" },
        { "saturation", epochs > 1, false, true, "two epochs, and a layer with an activation" },
        { "schedule", strncmp(cli_report_fact(report, "used.optimizer.schedule"), "constant", 8) != 0, false,
          false, "a schedule that is not constant" },
        { "embedding", rows, true, true, "rows, and a layer of two numbers or more" },
    };
    const char *const runs[] = { report->run };
    cli_html_section(report->stream, "Figures");
    fputs("<div class=\"figures\">\n", report->stream);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i].fits) {
            report_left_out(all[i].kind, all[i].wants);
            continue;
        }
        const sl_figure_request request = { .runs = runs,
                                            .run_count = 1,
                                            .data = all[i].rows ? s->data : NULL,
                                            .part = all[i].rows ? s->part : NULL };
        sl_figure *figure = sl_figure_make(report->ctx, all[i].kind, &request);
        if (!figure && all[i].may_not && sl_error(report->ctx) == SL_EINVAL) {
            sl_clear(report->ctx);
            report_left_out(all[i].kind, all[i].wants);
            continue;
        }
        char command[1200], *run = cli_shell(report->run);
        snprintf(command, sizeof command, "slope plot %s %s", run ? run : "RUN", all[i].kind);
        free(run);
        cli_html_figure(&report->figures, figure, all[i].kind, command);
        sl_figure_free(figure);
    }
    fputs("</div>\n", report->stream);
}

/* The run's validation rows, where it has no test part; NULL: it has none either. */
static const char *report_validation(sl_ctx *ctx, const char *run)
{
    if (!sl_run_cut_part(ctx, run, "validation"))
        return NULL;
    cli_decided("part", "validation", "the run has no test part, and has cut these off");
    return "validation";
}

static bool report_open(cli_report *report, const report_settings *s)
{
    const char *cut = cli_cut_part(report->ctx, s->run, s->data, s->part), *source = s->data;
    if (!cut && !s->data && !s->part && !sl_run_read_test(report->ctx, s->run) &&
        !sl_data_has_part(report->ctx, sl_run_read_data(report->ctx, s->run), "test"))
        cut = report_validation(report->ctx, s->run);
    if (!cut && !source)
        source = sl_run_read_test(report->ctx, s->run);
    if (!cut && !source && !sl_error(report->ctx))
        source = sl_run_read_data(report->ctx, s->run);
    if (!s->data && !sl_error(report->ctx))
        cli_decided("data", cut ? "the run's" : source, "no other rows were named");
    report->part = cut;
    report->data = cut      ? sl_run_open_part(report->ctx, s->run, s->data, cut)
                   : source ? cli_open_part(report->ctx, report->model, source, s->part, &report->part)
                            : NULL;
    if (report->data && s->data) /* rows that were asked for must fit */
        sl_evaluate(report->ctx, report->model, report->data);
    if (report->data && !sl_data_has_targets(report->data)) {
        report->data = NULL;
        snprintf(report->why, sizeof report->why, "%s has no targets", source);
    }
    if (sl_error(report->ctx)) {
        snprintf(report->why, sizeof report->why, "%s", sl_message(report->ctx));
        report->data = NULL;
        sl_clear(report->ctx);
    }
    if (*report->why)
        cli_say("report", "without figures of rows: %s", report->why);
    return !(*report->why && s->data); /* rows that were asked for must be there */
}

static void report_write(cli_report *report, const report_settings *s)
{
    char title[80], name[64];
    snprintf(title, sizeof title, "Run %s", cli_run_name(s->run, name));
    cli_html_begin(report->stream, title);
    cli_report_lead(report);
    cli_report_metrics(report);
    report_figures(report, s);
    cli_report_errors(report);
    cli_report_layers(report);
    cli_report_columns(report);
    cli_report_settings(report);
    cli_report_again(report);
    cli_html_end(report->stream);
}

static int report_job(sl_ctx *ctx, const report_settings *s)
{
    cli_outfile out;
    char *path = malloc(strlen(s->run) + 16);
    cli_report report = { .ctx = ctx, .run = s->run, .figures = { .command = "report", .ctx = ctx } };
    if (!path)
        return CLI_FAILED;
    sprintf(path, "%s/report.html", s->run);
    const char *to = s->out ? s->out : path;
    if (!s->out)
        cli_decided("out", path, "the default: in the run's folder");
    int status = CLI_WRONG;
    const char *went = sl_run_read(ctx, s->run, "status");
    report.model = went ? sl_model_load(ctx, s->run) : NULL;
    if (!report.model && went && strcmp(went, "diverged") == 0)
        status =
            cli_wrong("report",
                      "%s: the run diverged before its first epoch ended, so there is no model to report on; "
                      "train it with a smaller --lr, or with --clip-norm",
                      s->run);
    else if (!report.model)
        status = sl_error(ctx) ? cli_failed("report", ctx)
                               : cli_wrong("report", "%s: run.json does not say how the run went", s->run);
    else if (report_open(&report, s) && cli_outfile_open(&out, "report", to)) {
        report.stream = report.figures.stream = out.stream;
        report_write(&report, s);
        status = cli_outfile_close(&out) ? CLI_DONE : CLI_FAILED;
        if (status == CLI_DONE && !s->quiet)
            cli_say(NULL, "%s is written", to);
    }
    free(path);
    return status;
}

static int report_run(const cli_call *call)
{
    const report_settings *s = call->settings;
    int status = CLI_DONE;
    sl_ctx *ctx = cli_context("report", (sl_ctx_options){ .threads = s->threads }, &status);
    if (!ctx)
        return status;
    status = report_job(ctx, s);
    sl_ctx_free(ctx);
    return status;
}

const cli_command cli_command_report = {
    .name = "report",
    .summary = "a run as one page to look at, print or send",
    .usage = "report RUN [-o FILE.html] [OPTION ...]",
    .about =
        "Writes one HTML file: what was trained on what and with which settings, how good it is beside "
        "baselines with intervals, the figures that fit the run, the worst errors, and the command and "
        "digests to make it again. It fetches nothing and runs nothing, is light or dark as the reader's "
        "system is, fits a phone and paper.\n\n"
        "Pictures are drawn by gnuplot, the net by graphviz (dot); where they are not installed, figures "
        "are drawn in text, and that is said.",
    .examples = report_examples,
    .operands = report_operands,
    .options = report_options,
    .size = sizeof(report_settings),
    .run = report_run,
    .place = 6,
};
