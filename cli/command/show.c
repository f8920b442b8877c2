/* show.c - slope show */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "../cli.h"
#include "../metrics.h"
#include "../terminal.h"

typedef struct {
    const char *run;
    int batch, threads;
    bool json;
} show_settings;

enum { SHOW_BATCH = 32, SHOW_CLASSES = 12, SHOW_PARTS = 6 };

static const cli_option show_operands[] = {
    { .name = "RUN",
      .kind = CLI_TEXT,
      .words = "run",
      .at = offsetof(show_settings, run),
      .help = "a run folder, or a .safetensors file" },
    { 0 },
};

static const cli_option show_options[] = {
    { .name = "batch",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .normal = "32",
      .group = "training step",
      .at = offsetof(show_settings, batch),
      .help = "rows of the training step whose memory is told" },
    { .name = "threads",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 256,
      .normal = "the usable cores",
      .group = "training step",
      .at = offsetof(show_settings, threads),
      .help = "that it would use, each with some memory of its own" },
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      .at = offsetof(show_settings, json),
      .help = "print one line of JSON" },
    { 0 },
};

static const cli_example show_examples[] = {
    { "slope show runs/digits-1", "the best epoch's model" },
    { "slope show runs/digits-1 --batch 1024", "what a step with more rows would need" },
    { "slope show runs/digits-1/last.safetensors", "the weights after the last step" },
    { 0 },
};

static void show_shape(FILE *stream, sl_shape shape)
{
    putc('[', stream);
    for (int i = 0; i < shape.rank; i++)
        fprintf(stream, i ? ", %d" : "%d", shape.dim[i]);
    putc(']', stream);
}

static void show_shape_cell(cli_table *table, sl_shape shape)
{
    char text[128] = "";
    for (int i = 0; i < shape.rank; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), i ? " x %d" : "%d", shape.dim[i]);
    cli_table_cell(table, text);
}

typedef struct {
    int batch, threads;
    size_t all;
    const char *names[SHOW_PARTS];
    size_t parts[SHOW_PARTS];
} show_step;

/* false: the model was never compiled, or the context knows why. */
static bool show_step_of(const sl_model *model, int batch, int threads, show_step *step)
{
    sl_step_memory m;
    if (!sl_model_loss(model) || sl_model_step_memory(model, batch, &m))
        return false;
    *step =
        (show_step){ .batch = batch,
                     .threads = threads,
                     .all = sl_model_step_bytes(model, batch),
                     .names = { "weights", "gradients", "optimizer", "activations", "batch", "products" },
                     .parts = { m.weights, m.gradients, m.optimizer, m.activations, m.batch, m.products } };
    return true;
}

static bool show_memory(const show_step *step, const cli_terminal *terminal)
{
    cli_table table;
    printf("memory       %s for a training step at batch %s, %s thread%s\n", cli_size((double)step->all).text,
           cli_count(step->batch).text, cli_count(step->threads).text, step->threads == 1 ? "" : "s");
    cli_table_begin(&table, 2, "lr");
    for (int i = 0; i < SHOW_PARTS; i++) {
        cli_table_cell(&table, step->names[i]);
        cli_table_cell(&table, cli_count((double)step->parts[i]).text);
    }
    cli_table_cell(&table, "all, in bytes");
    cli_table_cell(&table, cli_count((double)step->all).text);
    const cli_terminal plain = { .bold = "", .plain = "", .width = terminal->width };
    const bool done = cli_table_print(&table, stdout, 13, 3, &plain);
    cli_table_free(&table);
    return done;
}

static void show_json(const sl_model *model, const show_step *step)
{
    sl_layer_info layer;
    const int classes = sl_model_classes(model);
    printf("{\"task\":\"%s\",\"version\":\"%s\",\"digest\":\"%016" PRIx64 "\",\"loss\":",
           classes ? "classification" : "regression", sl_version(), sl_model_digest(model));
    cli_json_string(stdout, sl_model_loss(model));
    printf(",\"parameters\":%zu,\"bytes\":%zu", sl_model_parameters(model),
           sl_model_parameters(model) * sizeof(float));
    if (step) {
        printf(",\"step_bytes\":%zu,\"step\":{\"batch\":%d,\"threads\":%d", step->all, step->batch,
               step->threads);
        for (int i = 0; i < SHOW_PARTS; i++)
            printf(",\"%s_bytes\":%zu", step->names[i], step->parts[i]);
        putchar('}');
    }
    fputs(",\"input\":", stdout);
    show_shape(stdout, sl_model_input(model));
    fputs(",\"preprocessing\":", stdout);
    cli_json_string(stdout, sl_model_preprocessing(model));
    for (int c = 0; c < classes; c++) {
        char number[16];
        fputs(c ? "," : ",\"classes\":[", stdout);
        cli_json_string(stdout, cli_class_name(number, model, c));
    }
    fputs(classes ? "],\"layers\":[" : ",\"layers\":[", stdout);
    for (int i = 0; i < sl_model_layers(model) && sl_model_layer(model, i, &layer) == SL_OK; i++) {
        fputs(i ? ",{\"name\":" : "{\"name\":", stdout);
        cli_json_string(stdout, layer.name);
        fputs(",\"type\":", stdout);
        cli_json_string(stdout, layer.type);
        fputs(",\"text\":", stdout);
        cli_json_string(stdout, layer.text);
        fputs(",\"input\":", stdout);
        show_shape(stdout, layer.input);
        fputs(",\"output\":", stdout);
        show_shape(stdout, layer.output);
        printf(",\"parameters\":%zu,\"bytes\":%zu,\"flops\":%zu}", layer.parameters,
               layer.parameters * sizeof(float), layer.flops);
    }
    puts("]}");
}

static void show_classes(const sl_model *model)
{
    const int classes = sl_model_classes(model);
    char number[16];
    printf("task         %s", classes ? "classification" : "regression");
    for (int c = 0; c < classes && c < SHOW_CLASSES; c++) {
        if (c)
            fputs(", ", stdout);
        else
            printf(", %d classes: ", classes);
        cli_put_clean(stdout, cli_class_name(number, model, c));
    }
    puts(classes > SHOW_CLASSES ? ", ..." : "");
}

static bool show_print(const sl_model *model, const show_step *step)
{
    static const char *const heads[] = { "layer",      "type",  "input",      "output",
                                         "parameters", "bytes", "FLOPs a row" };
    const cli_terminal terminal = cli_terminal_of(stdout);
    sl_layer_info layer;
    size_t flops = 0;
    cli_table table;
    cli_table_begin(&table, 7, "llrrrrr");
    for (int i = 0; i < 7; i++)
        cli_table_cell(&table, heads[i]);
    for (int i = 0; i < sl_model_layers(model) && sl_model_layer(model, i, &layer) == SL_OK; i++) {
        cli_table_cell(&table, layer.name);
        cli_table_cell(&table, layer.text && *layer.text ? layer.text : layer.type);
        show_shape_cell(&table, layer.input);
        show_shape_cell(&table, layer.output);
        cli_table_cell(&table, cli_count((double)layer.parameters).text);
        cli_table_cell(&table, cli_size((double)(layer.parameters * sizeof(float))).text);
        cli_table_cell(&table, cli_count((double)layer.flops).text);
        flops += layer.flops;
    }
    cli_table_cell(&table, "total");
    for (int i = 0; i < 3; i++)
        cli_table_cell(&table, "");
    cli_table_cell(&table, cli_count((double)sl_model_parameters(model)).text);
    cli_table_cell(&table, cli_size((double)(sl_model_parameters(model) * sizeof(float))).text);
    cli_table_cell(&table, cli_count((double)flops).text);
    bool done = cli_table_print(&table, stdout, 0, 3, &terminal);
    cli_table_free(&table);
    putchar('\n');
    show_classes(model);
    if (sl_model_loss(model))
        printf("loss         %s\n", sl_model_loss(model));
    if (sl_model_preprocessing(model) && *sl_model_preprocessing(model)) {
        fputs("prepared by  ", stdout);
        cli_put_clean(stdout, sl_model_preprocessing(model));
        putchar('\n');
    }
    if (step)
        done = show_memory(step, &terminal) && done;
    printf("digest       %016" PRIx64 "\n", sl_model_digest(model));
    printf("written by   slope %s\n", sl_model_version(model));
    return done;
}

static int show_run(const cli_call *call)
{
    const show_settings *settings = call->settings;
    int status = CLI_DONE;
    sl_ctx *ctx = cli_context("show", (sl_ctx_options){ .threads = settings->threads }, &status);
    if (!ctx)
        return status;
    const sl_model *model = sl_model_load(ctx, settings->run);
    show_step step;
    const int batch = settings->batch ? settings->batch : SHOW_BATCH;
    const bool told = model && show_step_of(model, batch, sl_ctx_threads(ctx), &step);
    if (!model || sl_error(ctx))
        status = cli_failed("show", ctx);
    else if (settings->json)
        show_json(model, told ? &step : NULL);
    else if (!show_print(model, told ? &step : NULL))
        status = CLI_FAILED;
    sl_ctx_free(ctx);
    return status;
}

const cli_command cli_command_show = {
    .name = "show",
    .summary = "show a model: layers, shapes, parameters, bytes, FLOPs, preprocessing",
    .usage = "show RUN [--batch N] [--threads N] [--json]",
    .about =
        "FLOPs count a multiply-add as two, for one row forward; a training step takes about three times "
        "as many a row. Bytes are those of the weights in float32.\n\n"
        "The memory of a training step is what train would allocate for weights, gradients, the optimizer's "
        "numbers beside each weight, activations (results, their gradients and what backward wants again), "
        "the "
        "batch, and packed pieces of matrices for each thread: counted by a dry run of the same calls. Data "
        "sets and what is measured after an epoch come on top.",
    .examples = show_examples,
    .operands = show_operands,
    .options = show_options,
    .size = sizeof(show_settings),
    .run = show_run,
    .place = 4,
};
