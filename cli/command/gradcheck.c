/* gradcheck.c - slope gradcheck. Compiled against the build with sl_real = double, which lies beside the
 * float one in the same program: a check in float cannot see an error of 0.1 %, one in double can. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../cli.h"
#include "../terminal.h"

typedef struct {
    const char *data, *net, *loss, *init;
    int rows;
    uint64_t seed;
} gradcheck_settings;

enum { GRADCHECK_ROWS = 8 };

static const cli_option gradcheck_operands[] = {
    { .name = "DATA",
      .kind = CLI_TEXT,
      .words = "data",
      .help = "what the network would be trained on (slope help data)",
      .at = offsetof(gradcheck_settings, data) },
    { 0 },
};

static const cli_option gradcheck_options[] = {
    { .name = "net",
      .kind = CLI_TEXT,
      .value = "WORDS",
      .normal = "linear",
      .help = "hidden layers (slope help net)",
      .group = "network",
      .at = offsetof(gradcheck_settings, net) },
    { .name = "loss",
      .kind = CLI_TEXT,
      .value = "NAME",
      .words = "=loss",
      .normal = "follows the target",
      .help = "what training would make small",
      .group = "network",
      .at = offsetof(gradcheck_settings, loss) },
    { .name = "rows",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 1000,
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
    { 0 },
};

static const cli_example gradcheck_examples[] = {
    { "slope gradcheck builtin:spiral --net \"8 tanh, 8 tanh\"", "every parameter of that net" },
    { "slope gradcheck builtin:digits --net \"4 relu\" --rows 2", "784 inputs: 3,190 parameters" },
    { 0 },
};

typedef struct {
    sl_model *model;
    sl_tensor *x, *y;
    bool labels;
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
    job->y = sl_tensor_new(ctx, job->labels ? sl_dims(rows) : sl_dims(rows, 1), NULL);
    if (!job->x || !job->y)
        return false;
    sl_real largest = 0;
    for (int i = 0; i < rows; i++)
        if (sl_data_row(data, (size_t)i, sl_values(job->x) + (size_t)i * (size_t)features,
                        sl_values(job->y) + i))
            return false;
    for (size_t i = 0; i < sl_count(job->x); i++)
        largest = sl_values(job->x)[i] > largest ? sl_values(job->x)[i] : largest;
    for (size_t i = 0; i < sl_count(job->x) && largest > 100; i++)
        sl_values(job->x)[i] /= 255;
    return true;
}

/* "NET, OUTPUTS" -> a model. */
static sl_model *gradcheck_model(sl_ctx *ctx, const char *net, int outputs)
{
    const bool linear = !net || !strcmp(net, "linear");
    const size_t size = (linear ? 0 : strlen(net)) + 32;
    char *words = malloc(size);
    if (!words)
        return NULL;
    snprintf(words, size, "%s%s%d", linear ? "" : net, linear ? "" : ", ", outputs);
    sl_model *model = sl_model_parse(ctx, words);
    free(words);
    return model;
}

static bool gradcheck_print(sl_ctx *ctx, gradcheck_job *job)
{
    const double limit = 1e-7;
    bool right = true;
    cli_table table;
    cli_table_begin(&table, 5, "lrrrr");
    cli_table_cell(&table, "parameter");
    cli_table_cell(&table, "numbers");
    cli_table_cell(&table, "worst");
    cli_table_cell(&table, "kinks skipped");
    cli_table_cell(&table, "verdict");
    for (int i = 0; i < sl_model_params(job->model); i++) {
        sl_tensor *param = sl_model_param(job->model, i);
        sl_gradcheck_result result;
        if (sl_gradcheck(ctx, gradcheck_loss, job, &param, 1, &result))
            break;
        right = right && result.worst < limit;
        cli_table_cell(&table, sl_model_param_name(job->model, i));
        cli_table_cell(&table, cli_count((double)sl_count(param)).text);
        cli_table_cell(&table, cli_rounded(result.worst).text);
        cli_table_cell(&table, cli_count((double)result.skipped).text);
        cli_table_cell(&table, !result.checked ? "kinks only" : result.worst < limit ? "right" : "WRONG");
    }
    const cli_terminal terminal = cli_terminal_of(stdout);
    if (sl_error(ctx) == SL_OK)
        cli_table_print(&table, stdout, 0, 3, &terminal);
    cli_table_free(&table);
    return right;
}

static int gradcheck_run(const cli_call *call)
{
    const gradcheck_settings *settings = call->settings;
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = settings->seed });
    const sl_data *data = ctx ? sl_data_open(ctx, settings->data, NULL) : NULL;
    gradcheck_job job = { 0 };
    bool right = true;
    if (data) {
        const int classes = sl_data_classes(data), wanted = settings->rows ? settings->rows : GRADCHECK_ROWS;
        const char *loss = settings->loss ? settings->loss
                           : classes == 0 ? "mean_squared"
                           : classes == 2 ? "binary_cross_entropy"
                                          : "cross_entropy";
        const int rows = sl_data_rows(data) < (size_t)wanted ? (int)sl_data_rows(data) : wanted;
        job.model =
            gradcheck_model(ctx, settings->net, classes > 2 || !strcmp(loss, "cross_entropy") ? classes : 1);
        if (job.model && !sl_compile(job.model, .loss = loss)) {
            const char *is = sl_model_loss(job.model); /* these take class numbers [rows] */
            job.labels = !strncmp(is, "cross_entropy", 13) || !strncmp(is, "negative_log", 12) ||
                         !strncmp(is, "hinge", 5);
            sl_tape *tape = sl_tape_new(ctx, SL_INFER);
            if (gradcheck_rows(ctx, data, &job, rows) && sl_forward(tape, job.model, job.x)) {
                printf("%s, %d rows, %s in double: gradients against central differences\n\n", settings->data,
                       rows, sl_model_loss(job.model));
                right = gradcheck_print(ctx, &job);
            }
        }
    }
    int status = right ? CLI_DONE : CLI_FAILED;
    if (sl_error(ctx) != SL_OK) {
        cli_say("gradcheck", "%s", sl_message(ctx));
        status = cli_exit_status(sl_error(ctx));
    } else {
        printf("\n%s\n", right ? "all gradients are right to 1e-7" : "a gradient is wrong: see above");
    }
    sl_ctx_free(ctx);
    return cli_flush("gradcheck", status);
}

const cli_command cli_command_gradcheck = {
    .name = "gradcheck",
    .summary = "check every gradient of a network numerically, in double",
    .usage = "gradcheck DATA [--net WORDS] [--loss NAME] [--rows N] [--seed N]",
    .about =
        "Builds the network in double precision and compares the computed gradient of every parameter with a "
        "central difference of the loss: signed, each element, relative to its size. Where the loss has a "
        "kink "
        "within reach (relu at 0) there is no derivative to compare with; such elements are counted "
        "apart.\n\n"
        "The exit status is 1 when a gradient is off by 1e-7 or more.",
    .examples = gradcheck_examples,
    .operands = gradcheck_operands,
    .options = gradcheck_options,
    .size = sizeof(gradcheck_settings),
    .run = gradcheck_run,
    .place = 6,
};
