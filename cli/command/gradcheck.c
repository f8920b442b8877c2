/* gradcheck.c - slope gradcheck. Compiled against the build with sl_real = double, which lies beside the
 * float one in the same program: a check in float cannot see an error of 0.1 %, one in double can. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../cli.h"
#include "../decided.h"
#include "../terminal.h"

typedef struct {
    const char *data, *net, *loss, *init;
    int rows;
    uint64_t seed;
    bool all, json;
} gradcheck_settings;

enum { GRADCHECK_ROWS = 8 };

static const cli_option gradcheck_operands[] = {
    { .name = "DATA",
      .kind = CLI_TEXT,
      .normal = "",
      .words = "data",
      .help = "what the network would be trained on (slope help data)",
      .at = offsetof(gradcheck_settings, data) },
    { 0 },
};

static const cli_option gradcheck_options[] = {
    { .name = "all",
      .kind = CLI_FLAG,
      .help = "no network of yours: every operator, layer and loss that slope has",
      .group = "check",
      .at = offsetof(gradcheck_settings, all) },
    { .name = "net",
      .kind = CLI_TEXT,
      .value = "WORDS",
      .told = true,
      .normal = "linear",
      .help = "hidden layers (slope help net)",
      .group = "network",
      .at = offsetof(gradcheck_settings, net) },
    { .name = "loss",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=loss",
      .told = true,
      .normal = "follows the target",
      .help = "what training would make small",
      .group = "network",
      .at = offsetof(gradcheck_settings, loss) },
    { .name = "init",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=init",
      .told = true,
      .normal = "follows the activation",
      .help = "how weights begin",
      .group = "network",
      .at = offsetof(gradcheck_settings, init) },
    { .name = "rows",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 1000,
      .told = true,
      .normal = "8",
      .help = "how many rows of DATA the loss is taken over",
      .group = "check",
      .at = offsetof(gradcheck_settings, rows) },
    { .name = "seed",
      .kind = CLI_SEED,
      .value = "N",
      .normal = "1",
      .help = "draws the starting weights",
      .group = "check",
      .at = offsetof(gradcheck_settings, seed) },
    { .name = "json",
      .kind = CLI_FLAG,
      .help = "one line of JSON on the standard output",
      .group = "result",
      .at = offsetof(gradcheck_settings, json) },
    { 0 },
};

static const cli_example gradcheck_examples[] = {
    { "slope gradcheck --all", "everything that has a gradient" },
    { "slope gradcheck builtin:spiral --net \"8 tanh, 8 tanh\"", "every parameter of that net" },
    { "slope gradcheck builtin:digits --net \"4 relu\" --rows 2", "784 inputs: 3,190 parameters" },
    { 0 },
};

typedef struct {
    sl_model *model;
    sl_tensor *x, *y;
} gradcheck_job;

static sl_tensor *gradcheck_loss(sl_tape *tape, void *user)
{
    const gradcheck_job *job = user;
    sl_tensor *answer = sl_forward(tape, job->model, job->x);
    return sl_loss_of(tape, sl_model_loss(job->model), answer, job->y, NULL);
}

/* The first rows, inputs scaled as training would: bytes to 0..1. */
static bool gradcheck_rows(sl_ctx *ctx, const sl_data *data, gradcheck_job *job, int rows)
{
    sl_shape shape = sl_data_shape(data);
    int features = 1;
    for (int i = 0; i < shape.rank; i++)
        features *= shape.dim[i];
    job->x = sl_tensor_new(ctx, sl_dims(rows, features), NULL);
    job->y = sl_tensor_new(ctx, sl_dims(rows), NULL);
    if (!job->x || !job->y)
        return false;
    sl_real largest = 0;
    for (int i = 0; i < rows; i++)
        if (sl_data_row(data, (size_t)i, sl_values(job->x) + (size_t)i * (size_t)features,
                        sl_values(job->y) + i))
            return false;
    for (size_t i = 0; i < sl_count(job->x); i++)
        largest = sl_values(job->x)[i] > largest ? sl_values(job->x)[i] : largest;
    if (largest > 100)
        cli_decided("inputs", "divided by 255", "the largest is %s, above 100: taken for bytes",
                    cli_rounded((double)largest).text);
    for (size_t i = 0; i < sl_count(job->x) && largest > 100; i++)
        sl_values(job->x)[i] /= 255;
    return true;
}

/* Some losses take class numbers [rows], others a target like the prediction: the loss itself says which. */
static bool gradcheck_targets(sl_ctx *ctx, gradcheck_job *job)
{
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_tensor *loss = gradcheck_loss(tape, job);
    if (!loss && sl_error(ctx) == SL_ESHAPE) {
        sl_clear(ctx);
        job->y = sl_tensor_new(ctx, sl_dims((int)sl_count(job->y), 1), sl_values(job->y));
        sl_tape_reset(tape);
        loss = job->y ? gradcheck_loss(tape, job) : NULL;
    }
    sl_tape_free(tape);
    return loss != NULL;
}

static const char *gradcheck_verdict(size_t checked, bool right)
{
    return !checked ? "kinks only" : right ? "right" : "WRONG";
}

/* A row each parameter; wrong: the last one that is wrong, else -1. */
static void gradcheck_params(sl_ctx *ctx, gradcheck_job *job, cli_table *table, bool json, int *wrong)
{
    const double limit = 1e-7;
    *wrong = -1;
    for (int i = 0; i < sl_model_params(job->model); i++) {
        sl_tensor *param = sl_model_param(job->model, i);
        sl_gradcheck_result result;
        if (sl_gradcheck(ctx, gradcheck_loss, job, &param, 1, &result))
            return;
        const bool right = result.worst < limit;
        *wrong = right ? *wrong : i;
        if (json) {
            printf(i ? ", {\"name\": " : "{\"name\": ");
            cli_json_string(stdout, sl_model_param_name(job->model, i));
            printf(", \"checked\": %zu, \"skipped\": %zu, \"worst\": ", result.checked, result.skipped);
            cli_json_number(stdout, result.worst);
            printf(", \"verdict\": \"%s\"}", gradcheck_verdict(result.checked, right));
            continue;
        }
        cli_table_cell(table, sl_model_param_name(job->model, i));
        cli_table_cell(table, cli_count((double)sl_count(param)).text);
        cli_table_cell(table, cli_rounded(result.worst).text);
        cli_table_cell(table, cli_count((double)result.skipped).text);
        cli_table_cell(table, gradcheck_verdict(result.checked, right));
    }
}

static void gradcheck_head(cli_table *table, const char *first, const char *second)
{
    cli_table_begin(table, 5, "lrrrr");
    cli_table_cell(table, first);
    cli_table_cell(table, second);
    cli_table_cell(table, "worst");
    cli_table_cell(table, "kinks skipped");
    cli_table_cell(table, "verdict");
}

/* A wrong derivative spoils all layers before it, none behind it. */
static void gradcheck_close(const gradcheck_job *job, int wrong)
{
    if (wrong < 0) {
        printf("\nall gradients are right to 1e-7\n");
        return;
    }
    const char *name = sl_model_param_name(job->model, wrong);
    printf("\na gradient is wrong: the last layer with one is %.*s (%s), and the fault lies there or in what "
           "follows it\n",
           (int)strcspn(name, "."), name, name);
}

static int gradcheck_net(const gradcheck_settings *settings)
{
    sl_ctx_options listening = { .seed = settings->seed };
    cli_decided_listen(&listening);
    sl_ctx *ctx = sl_ctx_new(&listening);
    if (!ctx)
        return CLI_FAILED;
    const sl_run_options options = { .data = settings->data,
                                     .net = settings->net,
                                     .loss = settings->loss,
                                     .init = settings->init,
                                     .keep_nothing = true };
    cli_decided_only(
        "seed,threads,instructions,format,net,task,loss,option of the loss,output,order of classes,"
        "init,biases,inputs"); /* nothing is trained */
    const sl_data *data = sl_data_open(ctx, settings->data, NULL);
    if (sl_data_columns(data)) {
        sl_ctx_free(ctx);
        return cli_wrong("gradcheck",
                         "%s is a table: wants rows of plain numbers, or images, as no columns or texts are "
                         "encoded here; slope gradcheck --all checks the layers that read them",
                         settings->data);
    }
    /* what slope train would train; nothing is written */
    sl_run *run = data ? sl_run_new(ctx, &options) : NULL;
    gradcheck_job job = { .model = run ? sl_run_model(run) : NULL };
    const int rows = settings->rows ? settings->rows : GRADCHECK_ROWS;
    const int most = data && sl_data_rows(data) < (size_t)rows ? (int)sl_data_rows(data) : rows;
    if (data && most < rows)
        cli_decided("rows", cli_count(most).text, "%s has no more; %d were to be taken", settings->data,
                    rows);
    int wrong = -1;
    if (run && gradcheck_rows(ctx, data, &job, most) && gradcheck_targets(ctx, &job)) {
        cli_table table;
        gradcheck_head(&table, "parameter", "numbers");
        if (settings->json) {
            printf("{\"data\": ");
            cli_json_string(stdout, settings->data);
            printf(", \"rows\": %d, \"loss\": ", most);
            cli_json_string(stdout, sl_model_loss(job.model));
            printf(", \"parameters\": [");
        } else {
            printf("%s, %d rows, %s in double: gradients against central differences\n\n", settings->data,
                   most, sl_model_loss(job.model));
        }
        gradcheck_params(ctx, &job, &table, settings->json, &wrong);
        const cli_terminal terminal = cli_terminal_of(stdout);
        if (settings->json)
            printf("], \"right\": %s}\n", wrong < 0 && !sl_error(ctx) ? "true" : "false");
        else if (!sl_error(ctx) && cli_table_print(&table, stdout, 0, 3, &terminal))
            gradcheck_close(&job, wrong);
        cli_table_free(&table);
    }
    int status = wrong < 0 ? CLI_DONE : CLI_FAILED;
    if (sl_error(ctx) != SL_OK) {
        cli_say("gradcheck", "%s", sl_message(ctx));
        status = cli_exit_status(sl_error(ctx));
    }
    sl_ctx_free(ctx);
    return status;
}

/* --- everything ----------------------------------------------------------------------------------- */

static void gradcheck_json_word(const sl_word_check *check, const char *kind, bool first)
{
    printf(first ? "{\"kind\": " : ", {\"kind\": ");
    cli_json_string(stdout, kind);
    printf(", \"name\": ");
    cli_json_string(stdout, check->name);
    printf(", \"trials\": %d, \"checked\": %zu, \"skipped\": %zu, \"worst\": ", check->trials, check->checked,
           check->skipped);
    cli_json_number(stdout, check->worst);
    printf(", \"place\": ");
    cli_json_string(stdout, check->place[0] ? check->place : NULL);
    printf(", \"verdict\": \"%s\"}", !check->right ? "wrong" : check->flat ? "no slope: refused" : "right");
}

static void gradcheck_all_cells(cli_table *table, const sl_word_check *check)
{
    cli_table_cell(table, check->name);
    cli_table_cell(table, cli_count(check->trials).text);
    cli_table_cell(table, cli_count((double)check->checked).text);
    cli_table_cell(table, check->flat ? "-" : cli_rounded(check->worst).text);
    cli_table_cell(table, cli_count((double)check->skipped).text);
    cli_table_cell(table, !check->right ? "WRONG" : check->flat ? "no slope: refused" : "right");
}

static void gradcheck_all_head(cli_table *table, const char *kind)
{
    static const char *const heads[] = { "trials", "numbers", "worst", "skipped", "verdict" };
    cli_table_begin(table, 6, "lrrrrl");
    cli_table_cell(table, kind);
    for (int i = 0; i < 5; i++)
        cli_table_cell(table, heads[i]);
}

/* The words of one kind; how many are wrong. */
static int gradcheck_kind(sl_ctx *ctx, const char *kind, bool json, int *words)
{
    sl_word word;
    int wrong = 0;
    cli_table table;
    gradcheck_all_head(&table, kind);
    for (int i = 0; sl_catalogue(kind, i, &word); i++) {
        sl_word_check check;
        if (sl_gradcheck_word(ctx, kind, i, &check))
            break;
        wrong += !check.right;
        if (json)
            gradcheck_json_word(&check, kind, !*words);
        else
            gradcheck_all_cells(&table, &check);
        ++*words;
        if (!check.right)
            cli_say("gradcheck", "%s %s: element %zu of %s has %s, and central differences say %s", kind,
                    check.name, check.element, check.place, cli_rounded(check.computed).text,
                    cli_rounded(check.numerical).text);
    }
    const cli_terminal terminal = cli_terminal_of(stdout);
    if (!json) {
        printf("\n");
        cli_table_print(&table, stdout, 0, 2, &terminal);
    }
    cli_table_free(&table);
    return wrong;
}

static int gradcheck_all(const gradcheck_settings *settings)
{
    static const char *const kinds[] = { "operator", "layer", "loss" };
    sl_ctx_options listening = { .seed = settings->seed };
    cli_decided_listen(&listening);
    sl_ctx *ctx = sl_ctx_new(&listening);
    int wrong = 0, words = 0;
    if (!ctx)
        return CLI_FAILED;
    printf(settings->json ? "{\"words\": [" : "gradients against central differences, in double\n");
    for (int k = 0; k < 3 && !sl_error(ctx); k++)
        wrong += gradcheck_kind(ctx, kinds[k], settings->json, &words);
    const sl_status failure = sl_error(ctx);
    if (failure)
        cli_say("gradcheck", "%s", sl_message(ctx));
    if (settings->json)
        printf("], \"wrong\": %d, \"right\": %s}\n", wrong, wrong || failure ? "false" : "true");
    else if (wrong)
        printf("\n%d of %d are wrong\n", wrong, words);
    else if (!failure)
        printf("\nall %d are right to 1e-7\n", words);
    sl_ctx_free(ctx);
    return failure ? cli_exit_status(failure) : wrong ? CLI_FAILED : CLI_DONE;
}

static int gradcheck_run(const cli_call *call)
{
    const gradcheck_settings *settings = call->settings;
    if (settings->all &&
        (settings->data || settings->net || settings->loss || settings->init || settings->rows))
        return cli_wrong("gradcheck",
                         "--all checks what slope has, each by itself: leave DATA, --net, --loss, --init "
                         "and --rows out, or leave --all out");
    if (!settings->all && !settings->data)
        return cli_wrong("gradcheck",
                         "wants DATA, or --all: slope gradcheck builtin:spiral --net \"8 tanh\"");
    return cli_flush("gradcheck", settings->all ? gradcheck_all(settings) : gradcheck_net(settings));
}

const cli_command cli_command_gradcheck = {
    .name = "gradcheck",
    .summary = "check every gradient of a network numerically, in double",
    .usage = "gradcheck DATA [--net WORDS] [--loss NAME] [OPTION ...]\n"
             "gradcheck --all [--json]",
    .about =
        "Builds the network in double precision and compares the computed gradient of every parameter with a "
        "central difference of the loss: signed, each element, relative to its size. Where the loss has a "
        "kink "
        "within reach (relu at 0) there is no derivative to compare with; such elements are counted "
        "apart.\n\n"
        "--all needs no data: operators are checked by the trial inputs that stand in their sources, layers "
        "inside a "
        "small network, losses behind one, and a line each is printed.\n\n"
        "The exit status is 1 when a gradient is off by 1e-7 or more.",
    .examples = gradcheck_examples,
    .operands = gradcheck_operands,
    .options = gradcheck_options,
    .size = sizeof(gradcheck_settings),
    .run = gradcheck_run,
    .place = 6,
};
