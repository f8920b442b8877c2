/* predict.c - slope predict */
#define _XOPEN_SOURCE 700
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../cli.h"
#include "../decided.h"
#include "../metrics.h"
#include "../outfile.h"
#include "../outside.h"
#include "../progress.h"
#include "../several.h"
#include "../table_row.h"
#include "../why.h"

typedef struct {
    const char *run, *part, *out, *keep;
    char *rest; /* words: more runs, then DATA */
    char *set;  /* words COLUMN=VALUE */
    int threads, most;
    bool quiet, why;
} predict_settings;

enum { PREDICT_CHUNK = 4096, PREDICT_WHY = 64 };

#define PREDICT_AT(field) .at = offsetof(predict_settings, field)

static const cli_option predict_operands[] = {
    { .name = "RUN",
      .kind = CLI_TEXT,
      .words = "run",
      PREDICT_AT(run),
      .help = "a run folder, or a .safetensors file" },
    { .name = "DATA",
      .kind = CLI_TEXT,
      .words = "data",
      .normal = "",
      .repeats = true,
      PREDICT_AT(rest),
      .help =
          "the rows to predict: a CSV file, - for the standard input, an IDX file of images, builtin:NAME; "
          "slope help data says more. More runs may stand before it: the mean of what they answer is "
          "written" },
    { 0 },
};

static const cli_option predict_options[] = {
    { .name = "part",
      .kind = CLI_CHOICE,
      .value = "PART",
      .words = "train|test|all",
      .group = "data",
      PREDICT_AT(part),
      .told = true,
      .normal = "test, where there is one",
      .help = "which part of DATA" },
    { .name = "set",
      .kind = CLI_TEXT,
      .value = "COLUMN=VALUE",
      .group = "data",
      .repeats = true,
      PREDICT_AT(set),
      .help = "instead of DATA: one row of a table, a column each time; those left out have no value" },
    { .name = "keep",
      .kind = CLI_TEXT,
      .value = "COLUMN,...",
      .group = "result",
      PREDICT_AT(keep),
      .help = "write these columns of the table before the prediction, as they are" },
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE",
      .words = "file",
      .group = "result",
      PREDICT_AT(out),
      .told = true,
      .normal = "the standard output",
      .help = "write here; the file appears, or is replaced, when it is complete" },
    { .name = "why",
      .kind = CLI_FLAG,
      .group = "result",
      PREDICT_AT(why),
      .help = "of texts: which words pushed the prediction, in a last column why; of one row: as a screen; "
              "of all "
              "else, as everywhere, on stderr, what was decided without being asked for" },
    { .name = "top",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 100000,
      .told = true,
      .normal = "5, of one row 10",
      .group = "result",
      PREDICT_AT(most),
      .help = "with --why: so many words" },
    { .name = "threads",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 256,
      .group = "running",
      PREDICT_AT(threads),
      .normal = "the usable cores",
      .help = "changes the speed, never a result" },
    { .name = "quiet",
      .letter = 'q',
      .kind = CLI_FLAG,
      .group = "running",
      PREDICT_AT(quiet),
      .help = "no remarks on rows that are unlike those of training" },
    { 0 },
};

static const cli_example predict_examples[] = {
    { "slope predict runs/houses-1 new.csv --keep id -o predictions.csv",
      "a table: columns in any order, the target not needed" },
    { "slope predict runs/houses-1 --set rooms=5 --set city=Oslo", "one row" },
    { "slope predict runs/reviews-1 --set text=\"not bad at all\" --why", "which words pushed it" },
    { "slope predict runs/digits-1 builtin:digits | head -5", "the first four test digits" },
    { "slope predict runs/digits-1 mnist --part all -o all.csv", "every image of both parts" },
    { 0 },
};

/* The names of kept columns, as --keep has them, are the first. width: numbers that the model gives a row. */
static void predict_header(FILE *stream, const sl_model *model, const sl_data *data, size_t width, bool why)
{
    const bool bounds = sl_model_interval(model, NULL, NULL) > 0;
    const bool several = !bounds && !sl_model_classes(model) && width > 1;
    char number[16];
    int kept = 0;
    for (const char *name; (name = sl_data_kept(data, kept)); kept++) {
        cli_put_csv(stream, "", name);
        putc(',', stream);
    }
    fputs(bounds ? "prediction,low,high" : several ? "prediction_0" : "prediction", stream);
    for (size_t output = 1; several && output < width; output++)
        fprintf(stream, ",prediction_%zu", output);
    for (int c = 0; c < sl_model_classes(model); c++) {
        putc(',', stream);
        cli_put_csv(stream, "p_", cli_class_name(number, model, c));
    }
    fputs(why ? ",why\n" : "\n", stream);
}

/* values [rows, width]: probabilities of the classes, or numbers. why: a context to explain them in; NULL:
 * they are not. false: it knows why. */
static bool predict_rows(FILE *stream, const sl_model *model, const sl_data *data, size_t first, size_t rows,
                         const sl_real *values, size_t width, sl_ctx *why, int most)
{
    char number[32];
    for (size_t row = 0; row < rows; row++, values += width) {
        size_t best = 0;
        const char *text;
        for (int k = 0; (text = sl_data_text(data, first + row, k)); k++) {
            cli_put_csv(stream, "", text);
            putc(',', stream);
        }
        for (size_t c = 1; c < width; c++)
            best = values[c] > values[best] ? c : best;
        if (sl_model_classes(model))
            cli_put_csv(stream, "", cli_class_name(number, model, (int)best));
        for (size_t c = 0; c < width; c++) {
            fputs(c || sl_model_classes(model) ? "," : "", stream);
            fputs(sl_number_text_float(number, (float)values[c]), stream);
        }
        if (why) {
            putc(',', stream);
            if (!cli_why_csv(stream, why, model, data, first + row, most))
                return false;
        }
        putc('\n', stream);
    }
    return true;
}

static int predict_all(const predict_settings *settings, sl_ctx *ctx, const sl_several *several, bool words)
{
    const sl_model *model = several->models[0];
    const sl_data *data = several->data[0];
    cli_outfile out;
    if (!cli_outfile_open(&out, "predict", settings->out))
        return CLI_WRONG;
    const size_t rows = sl_data_rows(data);
    if (settings->out)
        cli_catch_stop(); /* so that no half file stays behind */
    const size_t chunk = words ? PREDICT_WHY : PREDICT_CHUNK;
    for (size_t row = 0; row < rows && !ferror(out.stream); row += chunk) {
        const size_t count = rows - row < chunk ? rows - row : chunk;
        sl_tensor *result = cli_stop_wanted() ? NULL : sl_predict_several(ctx, several, row, count);
        if (!result) {
            cli_outfile_discard(&out);
            return cli_stop_wanted() ? CLI_STOPPED : cli_failed("predict", ctx);
        }
        if (!row)
            predict_header(out.stream, model, data, sl_count(result) / count, words);
        const bool done = predict_rows(out.stream, model, data, row, count, sl_values(result),
                                       sl_count(result) / count, words ? ctx : NULL, settings->most);
        sl_tensor_free(result);
        if (!done) {
            cli_outfile_discard(&out);
            return cli_failed("predict", ctx);
        }
    }
    if (!rows)
        predict_header(out.stream, model, data, 1, words);
    return cli_outfile_close(&out) ? CLI_DONE : CLI_FAILED;
}

/* One row is shown as a screen: where someone looks at it, and of --set in any case. */
static bool predict_is_screen(const predict_settings *settings, const sl_data *data, bool words)
{
    return words && !settings->out && sl_data_rows(data) == 1 &&
           (settings->set || cli_terminal_of(stdout).terminal);
}

static int predict_check(const predict_settings *settings)
{
    if (settings->most && !settings->why)
        return cli_wrong("predict", "--top says how many words --why tells: say --why too");
    if (settings->set && (settings->rest || settings->part || settings->keep))
        return cli_wrong("predict", "--set gives the one row to predict: leave out %s",
                         settings->rest   ? settings->rest
                         : settings->part ? "--part"
                                          : "--keep");
    if (!settings->set && !settings->rest)
        return cli_wrong("predict", "DATA is missing: wants %s", predict_operands[1].help);
    return CLI_GO_ON;
}

/* Rows unlike those of training, told by each model for itself. false: the context knows why. */
static bool predict_say_outside(sl_ctx *ctx, const cli_several *several)
{
    sl_column_info info;
    for (int i = 0; i < several->count; i++)
        if (sl_model_column(several->model[i], 0, &info) &&
            !cli_say_outside("predict", ctx, several->model[i], several->data[i]))
            return false;
    return true;
}

/* Does --why tell which words push? Of one model that reads texts. */
static bool predict_words(const predict_settings *settings, const cli_several *several)
{
    const int classes = sl_model_classes(several->model[0]);
    const bool texts = sl_model_features(several->model[0]) > 0, words = texts && several->count == 1;
    if (classes)
        cli_decided("prediction", "the likeliest class", "the model tells %d classes apart", classes);
    if (several->count > 1)
        cli_decided("answers", "averaged", "%d runs are given", several->count);
    if (settings->why && texts)
        cli_decided("words that push", words ? "shown" : "not shown",
                    words ? "the model reads texts" : "they are those of one model, and %d are given",
                    several->count);
    return settings->why && words;
}

static bool predict_same_file(const char *a, const char *b)
{
    struct stat one, two;
    return stat(a, &one) == 0 && stat(b, &two) == 0 && S_ISREG(one.st_mode) && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino && (one.st_ino || strcmp(a, b) == 0); /* Windows numbers no files */
}

static int predict_job(const predict_settings *settings, sl_ctx *ctx, cli_several *several)
{
    int status = CLI_GO_ON;
    if (settings->set) {
        several->model[0] = sl_model_load(ctx, several->run[0]);
        status = CLI_DONE;
        if (several->model[0])
            several->data[0] = cli_table_row(ctx, several->model[0], settings->set, &status);
        if (status != CLI_DONE)
            return status;
        status = several->data[0] ? CLI_GO_ON : cli_failed("predict", ctx);
    } else {
        status = cli_several_inputs(several, "predict", ctx, settings->part, settings->keep);
    }
    if (status != CLI_GO_ON)
        return status;
    const bool words = predict_words(settings, several);
    if (settings->most && !words)
        return cli_wrong("predict", "--top says how many words --why tells, and of %s it tells none",
                         several->count > 1 ? "several runs" : "a model without texts");
    if (!settings->quiet && !predict_say_outside(ctx, several))
        return cli_failed("predict", ctx);
    return predict_is_screen(settings, several->data[0], words)
               ? cli_why_show("predict", ctx, several->model[0], several->data[0], settings->most)
               : predict_all(settings, ctx, &several->all, words);
}

static int predict_run(const cli_call *call)
{
    const predict_settings *settings = call->settings;
    cli_several several;
    int status = predict_check(settings);
    if (status != CLI_GO_ON)
        return status;
    status = cli_several_read(&several, "predict", settings->run, settings->rest);
    if (status == CLI_GO_ON && settings->out && several.source &&
        predict_same_file(settings->out, several.source)) {
        cli_say("predict", "-o %s is the file of the rows, which would be lost: wants another name",
                settings->out);
        status = CLI_WRONG;
    }
    const bool silent = settings->quiet || settings->set;
    sl_ctx *ctx = status != CLI_GO_ON ? NULL
                  : silent ? cli_context("predict", (sl_ctx_options){ .threads = settings->threads }, &status)
                           : cli_context_remarks("predict", settings->threads, &status);
    if (ctx)
        status = predict_job(settings, ctx, &several);
    sl_ctx_free(ctx);
    cli_several_free(&several);
    return status;
}

const cli_command cli_command_predict = {
    .name = "predict",
    .summary = "predict with a trained model: CSV, exactly one row per input row",
    .usage = "predict RUN [RUN ...] DATA [--part PART] [-o FILE] [OPTION ...]",
    .about =
        "Takes the same raw input as train did; the model file knows how to prepare it. The first line names "
        "the columns: prediction, then for a classifier p_CLASS, the probability of each class, and low and "
        "high where the run was trained with --interval. Numbers are "
        "the shortest decimals that read back as the same float.\n\n"
        "Of a table the columns are found by their names, in any order; others are left out, the target too, "
        "whatever it holds. Each record is a row; lines with nothing in them are none, and counted. Rows "
        "that "
        "are unlike those of training (numbers outside of their range, new words, no value where every row "
        "had one) are predicted all the same, and told on stderr, a line a column.\n\n"
        "--why of a model that reads texts: a word's push is the output as it is less the output without the "
        "features, n-grams included, "
        "that the word is part of: of two classes in log odds of the one predicted, of more in its logit "
        "less "
        "the mean of the others', of numbers in the number itself. Columns of numbers beside the text are "
        "not "
        "part of it."
        "\n\n"
        "Of several runs the probabilities are averaged (of numbers the predictions), classes by their "
        "names, "
        "in the order of the first run.",
    .examples = predict_examples,
    .operands = predict_operands,
    .options = predict_options,
    .size = sizeof(predict_settings),
    .run = predict_run,
    .place = 3,
};
