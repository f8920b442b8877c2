/* report_rows.c - the worst rows, the layers, the columns, the settings, and how to make a run again. */
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "report.h"
#include "show_columns.h"
#include "why.h"

enum { REPORT_ROWS = 10, REPORT_INPUTS = 6, REPORT_TEXT = 100 };

static bool report_error_row(const cli_report *report, const cli_errors *errors, int i, size_t inputs,
                             bool texts)
{
    char cell[REPORT_INPUTS][CLI_ERRORS_CELL], number[2][16], words[4 * REPORT_TEXT + 8] = "";
    const size_t row = (size_t)sl_report_at(errors->report, i, "row");
    const double truth = sl_report_at(errors->report, i, "truth"),
                 answer = sl_report_at(errors->report, i, "prediction");
    const bool classes = sl_model_classes(report->model) > 0;
    const cli_figure known = cli_rounded(truth), said = cli_rounded(answer),
                     sure = classes ? cli_percent(sl_report_at(errors->report, i, "probability"))
                                    : cli_rounded(sl_report_at(errors->report, i, "residual")),
                     loss = cli_rounded(sl_report_at(errors->report, i, "loss"));
    const cli_figure place = cli_count((double)row);
    const char *cells[5 + REPORT_INPUTS + 2] = {
        place.text, classes ? cli_class_name(number[0], report->model, (int)truth) : known.text,
        classes ? cli_class_name(number[1], report->model, (int)answer) : said.text, sure.text, loss.text
    };
    size_t count = 5;
    for (size_t c = 0; c < inputs; c++)
        cells[count++] = cli_errors_cell(errors, row, c, cell[c]);
    if (texts && !cli_why_short(report->ctx, report->model, report->data, row, REPORT_TEXT, words))
        return false;
    if (texts)
        cells[count++] = words;
    cells[count] = NULL;
    cli_html_row(report->stream, false, cells);
    return true;
}

void cli_report_errors(const cli_report *report)
{
    if (!report->data)
        return;
    sl_report *worst = sl_errors(report->ctx, report->model, report->data, REPORT_ROWS);
    const bool classes = sl_model_classes(report->model) > 0, texts = sl_model_features(report->model) > 0;
    const cli_errors errors = {
        .model = report->model, .data = report->data, .report = worst, .ctx = report->ctx
    };
    char title[128];
    cli_html_section(report->stream, "Where it goes wrong");
    snprintf(title, sizeof title, "The rows of the largest loss (%s, rows counted from 0)", report->part);
    if (worst) {
        size_t inputs = cli_errors_inputs(report->data);
        inputs = inputs > 100 ? 0 : inputs > REPORT_INPUTS ? REPORT_INPUTS : inputs;
        const char *heads[5 + REPORT_INPUTS + 2] = { "row", "true", "predicted",
                                                     classes ? "probability" : "residual", "loss" };
        size_t count = 5;
        for (size_t c = 0; c < inputs; c++)
            heads[count++] = sl_data_input_name(report->data, c);
        if (texts)
            heads[count++] = "text";
        heads[count] = NULL;
        cli_html_table_begin(report->stream, title);
        cli_html_row(report->stream, true, heads);
        bool done = true;
        for (int i = 0; done && i < sl_report_rows(worst); i++)
            done = report_error_row(report, &errors, i, inputs, texts);
        cli_html_table_end(report->stream);
    }
    if (sl_error(report->ctx)) { /* several targets, say */
        fputs("<p class=\"soft\">", report->stream);
        cli_html_text(report->stream, sl_message(report->ctx));
        fputs("</p>\n", report->stream);
        sl_clear(report->ctx);
    }
    sl_report_free(worst);
}

static void report_shape(char *text, size_t room, sl_shape shape)
{
    size_t length = (size_t)snprintf(text, room, "[batch");
    for (int i = 0; i < shape.rank && length < room; i++)
        length += (size_t)snprintf(text + length, room - length, ", %d", shape.dim[i]);
    if (length < room)
        snprintf(text + length, room - length, "]");
}

void cli_report_layers(const cli_report *report)
{
    sl_layer_info layer;
    char in[96], out[96], title[96];
    snprintf(title, sizeof title, "%s parameters",
             cli_count((double)sl_model_parameters(report->model)).text);
    cli_html_section(report->stream, "The net");
    cli_html_table_begin(report->stream, title);
    cli_html_row(report->stream, true, (const char *[]){ "layer", "what", "in", "out", "parameters", NULL });
    for (int i = 0; i < sl_model_layers(report->model) && !sl_model_layer(report->model, i, &layer); i++) {
        report_shape(in, sizeof in, layer.input);
        report_shape(out, sizeof out, layer.output);
        const cli_figure count = cli_count((double)layer.parameters);
        cli_html_row(report->stream, false,
                     (const char *[]){ layer.name, layer.text, in, out, count.text, NULL });
    }
    cli_html_table_end(report->stream);
}

void cli_report_columns(const cli_report *report)
{
    sl_column_info info;
    char text[CLI_COLUMN_TEXT];
    if (!sl_model_column(report->model, 0, &info))
        return;
    cli_html_section(report->stream, "The columns");
    cli_html_table_begin(report->stream, NULL);
    cli_html_row(report->stream, true, (const char *[]){ "column", "type", "what it becomes", NULL });
    for (int c = 0; sl_model_column(report->model, c, &info); c++) {
        cli_column_says(report->model, c, &info, text);
        cli_html_row(report->stream, false, (const char *[]){ info.name, info.type, text, NULL });
    }
    cli_html_table_end(report->stream);
}

void cli_report_settings(const cli_report *report)
{
    sl_run_setting setting;
    cli_html_section(report->stream, "Settings");
    cli_html_table_begin(report->stream,
                         "What counted, and which of it was asked for; the rest are defaults");
    cli_html_row(report->stream, true, (const char *[]){ "setting", "value", "asked for", NULL });
    for (int i = 0; sl_run_setting_at(report->ctx, report->run, i, &setting); i++)
        cli_html_row(report->stream, false,
                     (const char *[]){ setting.name,
                                       setting.used    ? setting.used
                                       : setting.asked ? setting.asked
                                                       : "none",
                                       setting.asked ? setting.asked : "", NULL });
    cli_html_table_end(report->stream);
}

void cli_report_again(const cli_report *report)
{
    static const char *const facts[][2] = {
        { "digest of the kept weights", "result.digest" },
        { "digest after the last step", "result.digest_last" },
        { "digest of the data", "data_digest" },
        { "digest of the test data", "test_digest" },
        { "slope", "version" },
        { "in the folder", "begun_in" },
        { "seconds", "result.seconds" },
    };
    const char *command = sl_run_command(report->ctx, report->run);
    cli_html_section(report->stream, "To make it again");
    fputs("<p>The same data, settings and seed give the same weights on every machine:</p>\n<pre "
          "class=\"command\">",
          report->stream);
    cli_html_text(report->stream, command ? command : sl_message(report->ctx));
    fputs("</pre>\n", report->stream);
    double folds, fold = 0;
    if (cli_report_number(report, "settings.folds", &folds) && folds > 0) {
        cli_report_number(report, "settings.fold", &fold);
        fprintf(report->stream, "<p>It trains %.0f folds; this run is fold %.0f of them.</p>\n", folds,
                fold + 1);
    }
    cli_html_table_begin(report->stream, NULL);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const char *fact = cli_report_fact(report, facts[i][1]);
        if (*fact)
            cli_html_row(report->stream, false, (const char *[]){ facts[i][0], fact, NULL });
    }
    cli_html_table_end(report->stream);
}
