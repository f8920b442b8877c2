/* show.c - slope show */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "../outfile.h"
#include "../cli.h"
#include "../metrics.h"
#include "../show_columns.h"
#include "../show_texts.h"
#include "../terminal.h"

typedef struct {
    const char *run, *out;
    int batch, threads;
    bool json, collapse;
} show_settings;

enum { SHOW_BATCH = 32, SHOW_CLASSES = 12, SHOW_PARTS = 6, SHOW_MATRIX = 12 };

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
    { .name = "collapse",
      .kind = CLI_FLAG,
      .group = "model",
      .at = offsetof(show_settings, collapse),
      .help = "show the model in which dense layers without activation are merged into the next one" },
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE",
      .words = "file",
      .group = "model",
      .at = offsetof(show_settings, out),
      .help = "write that model here, as .safetensors" },
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
    { "slope show runs/plane-1 --collapse", "what linear layers in a row amount to" },
    { "slope show runs/digits-1/last.safetensors", "the weights after the last step" },
    { 0 },
};

/* How the loss sees the target, and what widens its bounds. */
static void show_target(const sl_model *model)
{
    double shift, scale, correction;
    size_t rows;
    char a[32], b[32];
    const char *way = sl_model_target_scale(model, &shift, &scale);
    const double interval = sl_model_interval(model, &correction, &rows);
    if (strcmp(way, "none") != 0)
        printf("target       (%s - %s) / %s in the loss\n", strcmp(way, "log") == 0 ? "log y" : "y",
               sl_number_text(a, shift), sl_number_text(b, scale));
    if (interval > 0 && rows)
        printf("interval     %s %%: bounds moved out by %s, by %s validation rows\n",
               sl_number_text(a, interval), sl_number_text(b, correction), cli_count((double)rows).text);
    else if (interval > 0)
        printf("interval     %s %%: bounds as they were learned\n", sl_number_text(a, interval));
}

static void show_target_json(const sl_model *model)
{
    double shift, scale, correction;
    size_t rows;
    const char *way = sl_model_target_scale(model, &shift, &scale);
    const double interval = sl_model_interval(model, &correction, &rows);
    if (strcmp(way, "none") != 0) {
        printf(",\"target\":{\"scale\":\"%s\",\"shift\":", way);
        cli_json_number(stdout, shift);
        fputs(",\"deviation\":", stdout);
        cli_json_number(stdout, scale);
        putchar('}');
    }
    if (interval > 0) {
        fputs(",\"interval\":{\"coverage\":", stdout);
        cli_json_number(stdout, interval);
        fputs(",\"correction\":", stdout);
        cli_json_number(stdout, correction);
        printf(",\"rows\":%zu}", rows);
    }
}

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

static bool show_json(sl_ctx *ctx, const sl_model *model, const show_step *step)
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
    show_target_json(model);
    cli_show_columns_json(model);
    if (!cli_show_texts_json(ctx, model))
        return false;
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
        printf(",\"depth\":%d,\"frozen\":%s,\"share\":", layer.depth, layer.frozen ? "true" : "false");
        cli_json_string(stdout, layer.share);
        printf(",\"parameters\":%zu,\"bytes\":%zu,\"flops\":%zu}", layer.parameters,
               layer.parameters * sizeof(float), layer.flops);
    }
    puts("]}");
    return true;
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

static bool show_print(sl_ctx *ctx, const sl_model *model, const show_step *step)
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
        char name[128];
        snprintf(name, sizeof name, "%*s%s", layer.depth < 20 ? 2 * layer.depth : 40, "", layer.name);
        cli_table_cell(&table, name);
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
    cli_show_columns(model);
    done = cli_show_texts(ctx, model) && done;
    show_classes(model);
    if (sl_model_loss(model))
        printf("loss         %s\n", sl_model_loss(model));
    if (sl_model_preprocessing(model) && *sl_model_preprocessing(model)) {
        fputs("prepared by  ", stdout);
        cli_show_wrapped(sl_model_preprocessing(model), 13, terminal.width - 13);
    }
    show_target(model);
    if (step)
        done = show_memory(step, &terminal) && done;
    printf("digest       %016" PRIx64 "\n", sl_model_digest(model));
    printf("written by   slope %s\n", sl_model_version(model));
    return done;
}

/* Does a net consist of one dense layer, so that its whole answer is W x + b? */
static bool show_is_one_layer(const sl_model *model)
{
    sl_layer_info layer;
    int dense = 0;
    for (int i = 0; i < sl_model_layers(model) && sl_model_layer(model, i, &layer) == SL_OK; i++)
        if (strcmp(layer.type, "dense") == 0)
            dense++;
        else if (strcmp(layer.type, "input") != 0 && strcmp(layer.type, "dropout") != 0 &&
                 strcmp(layer.type, "noise") != 0 && strcmp(layer.type, "flatten") != 0)
            return false;
    return dense == 1;
}

/* Rows of W, with b behind each. */
static bool show_matrix(sl_model *model)
{
    sl_tensor *w = sl_model_param(model, 0), *b = sl_model_param(model, 1);
    const sl_shape shape = sl_shape_of(w);
    const int rows = shape.dim[0], columns = shape.dim[1];
    printf("\nequivalent to one layer of %s parameters: y = W x + b\n",
           cli_count((double)sl_model_parameters(model)).text);
    if (rows > SHOW_MATRIX || columns > SHOW_MATRIX)
        return true;
    const cli_terminal terminal = cli_terminal_of(stdout);
    char align[SHOW_MATRIX + 2], number[32];
    memset(align, 'r', sizeof align);
    align[columns + 1] = 0;
    cli_table table;
    cli_table_begin(&table, columns + 1, align);
    for (int i = 0; i < columns; i++) {
        snprintf(number, sizeof number, "W[.,%d]", i + 1);
        cli_table_cell(&table, number);
    }
    cli_table_cell(&table, "b");
    for (int o = 0; o < rows; o++) {
        for (int i = 0; i < columns; i++)
            cli_table_cell(&table, sl_number_text_float(number, (float)sl_values(w)[o * columns + i]));
        cli_table_cell(&table, sl_number_text_float(number, b ? (float)sl_values(b)[o] : 0));
    }
    const bool done = cli_table_print(&table, stdout, 0, 3, &terminal);
    cli_table_free(&table);
    return done;
}

static int show_run(const cli_call *call)
{
    const show_settings *settings = call->settings;
    int status = CLI_DONE;
    if (settings->out && !settings->collapse)
        return cli_wrong("show", "-o writes the model that --collapse makes: say --collapse too");
    sl_ctx *ctx = cli_context("show", (sl_ctx_options){ .threads = settings->threads }, &status);
    if (!ctx)
        return status;
    sl_model *model = sl_model_load(ctx, settings->run);
    const int before = sl_model_layers(model);
    if (settings->collapse && model)
        model = sl_model_collapse(model);
    if (settings->out && model) {
        cli_outfile_kept kept;
        if (cli_outfile_keep(&kept, settings->out))
            sl_model_save(model, kept.path);
        cli_outfile_keep_end(&kept);
    }
    show_step step;
    const int batch = settings->batch ? settings->batch : SHOW_BATCH;
    const bool told = model && show_step_of(model, batch, sl_ctx_threads(ctx), &step);
    if (!model || sl_error(ctx))
        status = cli_failed("show", ctx);
    else if (settings->json ? !show_json(ctx, model, told ? &step : NULL)
                            : !show_print(ctx, model, told ? &step : NULL))
        status = sl_error(ctx) ? cli_failed("show", ctx) : CLI_FAILED;
    if (status == CLI_DONE && settings->collapse && !settings->json) {
        if (show_is_one_layer(model))
            status = show_matrix(model) ? CLI_DONE : CLI_FAILED;
        else if (sl_model_layers(model) == before)
            puts("\nno two layers could be merged: none without an activation stands before a dense layer");
    }
    sl_ctx_free(ctx);
    return status;
}

const cli_command cli_command_show = {
    .name = "show",
    .summary = "show a model: layers, shapes, parameters, bytes, FLOPs, columns, preprocessing",
    .usage = "show RUN [--batch N] [--threads N] [--collapse [-o FILE]] [--json]",
    .about =
        "FLOPs count a multiply-add as two, for one row forward; a training step takes about three times "
        "as many a row. Bytes are those of the weights in float32.\n\n"
        "The memory of a training step is what train would allocate for weights, gradients, the optimizer's "
        "numbers beside each weight, activations (results, their gradients and what backward wants again), "
        "the "
        "batch, and packed pieces of matrices for each thread: counted by a dry run of the same calls. Data "
        "sets and what is measured after an epoch come on top.\n\n"
        "--collapse: a layer without activation and the dense layer behind it are one, W = W2 W1 and b = W2 "
        "b1 + b2; "
        "dropout and noise between them do nothing outside of training. A net without activations is one "
        "layer, "
        "whose matrix is printed where it is small.\n\n"
        "Of a model that reads texts: how they become features, the most frequent ones, and, where it is "
        "linear in them, those that push each class most (an n-gram's words joined by _).",
    .examples = show_examples,
    .operands = show_operands,
    .options = show_options,
    .size = sizeof(show_settings),
    .run = show_run,
    .place = 4,
};
