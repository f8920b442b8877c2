/* lesson_weights.c - an answer that is a net: its layers, and what it reaches on the lesson's data. */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lesson_child.h"
#include "lesson_grade.h"
#include "system.h"

/* The same layer, where * stands for a number? Both end at a comma or their end; blanks around do not count.
 */
static bool weights_layer_fits(const char *wanted, size_t length, const char *text)
{
    while (length && wanted[length - 1] == ' ')
        length--;
    for (size_t i = 0; i < length; i++) {
        if (wanted[i] == '*') {
            const size_t digits = strspn(text, "0123456789");
            if (!digits)
                return false;
            text += digits;
        } else if (*text++ != wanted[i]) {
            return false;
        }
    }
    return !*text;
}

static bool weights_net_fits(const sl_model *model, const char *net)
{
    int layer = 0;
    while (*net) {
        sl_layer_info info;
        net += strspn(net, " ");
        const size_t length = strcspn(net, ",");
        if (layer >= sl_model_layers(model) || sl_model_layer(model, layer++, &info) ||
            !weights_layer_fits(net, length, info.text))
            return false;
        net += length;
        net += *net == ',';
    }
    return layer == sl_model_layers(model);
}

static int weights_failed(const sl_ctx *ctx, const char *where)
{
    cli_say("lesson", "%s: %s", where, sl_message(ctx));
    return cli_exit_status(sl_error(ctx));
}

static bool weights_is_model(const char *path)
{
    struct stat there;
    const char *dot = strrchr(path, '.');
    return (stat(path, &there) == 0 && S_ISDIR(there.st_mode)) || (dot && strcmp(dot, ".safetensors") == 0);
}

/* The net of the lesson, built by a step on the data, which also teaches it the classes. */
static sl_model *weights_build(sl_ctx *ctx, const char *net, const sl_data *data)
{
    const int classes = sl_data_classes(data);
    sl_model *model = sl_model_parse(ctx, net);
    if (model && sl_compile(model, .loss = classes > 2 ? "cross_entropy"
                                           : classes   ? "binary_cross_entropy"
                                                       : "mean_squared"))
        return NULL;
    return model && sl_fit(model, data, .steps = 1, .validation_fraction = -1) ? model : NULL;
}

/* Puts the file's numbers in place of the weights; path NULL: none are looked at. */
static int weights_fill(sl_model *model, const char *path)
{
    const size_t wanted = sl_model_parameters(model);
    cli_picked numbers = { 0 };
    int rows, columns;
    int status =
        path ? cli_lesson_answer_file(path, LESSON_FILE_NUMBERS, &numbers, &rows, &columns) : CLI_DONE;
    if (status == CLI_DONE && path && numbers.count != wanted)
        status = cli_wrong(
            "lesson",
            "%s: %zu numbers: wants the %zu weights and biases of %s, layer by layer: weights [out, "
            "in] row by row, then biases",
            path, numbers.count, wanted, sl_model_net(model));
    const double *from = numbers.values;
    for (int i = 0; status == CLI_DONE && path && i < sl_model_params(model); i++) {
        sl_tensor *param = sl_model_param(model, i);
        sl_real *values = sl_values(param);
        for (size_t v = 0; v < sl_count(param); v++)
            values[v] = (sl_real)*from++;
    }
    free(numbers.values);
    return status;
}

/* The net at `path`, or of its numbers, that takes the data. */
static int weights_open(sl_ctx *ctx, const cli_lesson_check *check, const char *path, const sl_data *data,
                        sl_model **model)
{
    const bool any = !check->net || strchr(check->net, '*');
    if (path && weights_is_model(path)) {
        *model = sl_model_load(ctx, path);
        if (!*model)
            return weights_failed(ctx, path);
        if (check->net && !weights_net_fits(*model, check->net))
            return cli_wrong("lesson", "%s: the net is %s: wants %s", path, sl_model_net(*model), check->net);
        return CLI_DONE;
    }
    if (any)
        return path ? cli_wrong("lesson", "%s: wants a run folder or a .safetensors file", path) : CLI_DONE;
    *model = weights_build(ctx, check->net, data);
    return *model ? weights_fill(*model, path) : weights_failed(ctx, "the lesson's net");
}

/* "area"=raw for each input of a table, which the caller frees; NULL: no memory. */
static char *weights_raw_columns(const sl_data *data, const char *target)
{
    cli_memory text;
    sl_column_info info;
    if (!cli_memory_begin(&text))
        return NULL;
    for (int i = 0; i < sl_data_columns(data); i++)
        if (sl_data_column(data, i, &info) && strcmp(info.name, target) != 0)
            fprintf(text.to, "\"%s\"=raw\n", info.name);
    return cli_memory_end(&text) ? text.bytes : NULL;
}

/* Nets of numbers see the columns of a table as they stand. */
static sl_data *weights_data(sl_ctx *ctx, const cli_lesson_check *check, const char *source)
{
    sl_table_options table = { .target = check->target };
    sl_data *data = sl_data_open_table(ctx, source, "all", &table);
    if (!data || !check->target)
        return data;
    char *columns = weights_raw_columns(data, check->target);
    if (!columns)
        return NULL;
    table.columns = columns;
    data = sl_data_open_table(ctx, source, "all", &table);
    free(columns);
    return data;
}

static int weights_measure(sl_ctx *ctx, const cli_lesson_check *check, const char *source, const char *path,
                           cli_grade *grade)
{
    sl_model *model = NULL;
    sl_data *data = weights_data(ctx, check, source);
    char metric[64], word[64];
    if (!data)
        return weights_failed(ctx, "the lesson's data");
    const int status = weights_open(ctx, check, path, data, &model);
    if (status != CLI_DONE || !model)
        return status;
    if (path && weights_is_model(path)) {
        data = sl_data_open_for(ctx, source, "all", model, NULL);
        if (!data)
            return weights_failed(ctx, path);
    }
    const sl_report *report = sl_evaluate(ctx, model, data);
    if (!report)
        return weights_failed(ctx, path ? path : "the lesson's net");
    cli_lesson_word(check->metric, 0, metric);
    cli_lesson_word(check->metric, 1, word);
    bool known = false, lower = strcmp(metric, "loss") == 0;
    for (int i = 0; sl_report_column(report, i); i++)
        known = known || strcmp(sl_report_column(report, i), metric) == 0;
    if (!known) {
        cli_say("lesson",
                "the lesson's bar: %s is no figure of these data; slope eval RUN %s --json shows them",
                metric, check->data);
        return CLI_FAILED;
    }
    static const char *const small[] = {
        "rmse", "mae", "brier", "log_loss", "calibration_error", "mape", "max_error", "median_absolute_error"
    };
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        lower = lower || strcmp(metric, small[i]) == 0;
    if (!grade)
        return CLI_DONE;
    grade->of = 1;
    grade->reached = check->metric;
    grade->value = sl_report_at(report, 0, metric);
    grade->right = lower ? grade->value <= check->bar : grade->value >= check->bar;
    return CLI_DONE;
}

static bool weights_own_file(const cli_lesson *lesson, const char *name)
{
    for (size_t b = 0; b < lesson->block_count; b++)
        if (lesson->blocks[b].kind == LESSON_FILE && !strcmp(lesson->blocks[b].file, name))
            return true;
    return false;
}

/* Data may be a file of the lesson, which then lies in a folder of its own. */
int cli_lesson_grade_weights(const cli_lesson *lesson, int task, const char *path, cli_grade *grade)
{
    const cli_lesson_check *check = &lesson->checks[task];
    int status = CLI_FAILED;
    char *folder = NULL, source[4096];
    snprintf(source, sizeof source, "%s", check->data);
    if (weights_own_file(lesson, check->data)) {
        folder = cli_child_folder();
        if (!folder)
            return CLI_FAILED;
        snprintf(source, sizeof source, "%s/%s", folder, check->data);
    }
    sl_ctx *ctx = !folder || cli_child_files(lesson, folder)
                      ? cli_context("lesson", (sl_ctx_options){ .threads = 1 }, &status)
                      : NULL;
    if (ctx)
        status = weights_measure(ctx, check, source, path, grade);
    sl_ctx_free(ctx);
    if (folder)
        cli_child_remove(folder);
    free(folder);
    return status;
}
