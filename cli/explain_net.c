/* explain_net.c - the net of slope explain that is written on the command line: --net, its numbers, a batch.
 */
#include <stdlib.h>
#include <string.h>

#include "decided.h"
#include "explain.h"
#include "optimizer_options.h"

typedef struct {
    double *values;
    size_t count, rows;
} explain_numbers;

/* "1,2;3,4": rows stand apart by ; or a line's end, numbers by commas or blanks. */
static int explain_read_numbers(const char *option, const char *text, explain_numbers *numbers)
{
    *numbers = (explain_numbers){ .values = calloc(strlen(text) + 1, sizeof(double)) };
    if (!numbers->values) {
        cli_say("explain", "memory ran out");
        return CLI_FAILED;
    }
    size_t row_start = 0, width = 0;
    bool comma = true; /* a number must come */
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",; \t\n");
        if (length > 0) {
            char number[64];
            double value;
            if (length >= sizeof number ||
                (memcpy(number, at, length), number[length] = 0, !sl_number_parse(number, &value)) ||
                value - value != 0)
                return cli_wrong("explain",
                                 "%s: '%.*s' is no number: wants numbers with commas between them, and ; "
                                 "between rows",
                                 option, (int)(length < 40 ? length : 40), at);
            numbers->values[numbers->count++] = value;
            at += length;
        }
        if (*at == ',' && !length && comma)
            return cli_wrong("explain", "%s: a number is missing in front of a comma: wants 1,0.5,2", option);
        comma = *at == ',' || *at == ';' || *at == '\n' || (comma && !length);
        const bool ends = *at == ';' || *at == '\n' || !*at;
        if (ends && numbers->count > row_start) {
            if (numbers->rows && numbers->count - row_start != width)
                return cli_wrong("explain",
                                 "%s: row %zu has %zu numbers, row 1 has %zu: wants as many in each", option,
                                 numbers->rows + 1, numbers->count - row_start, width);
            width = numbers->count - row_start;
            numbers->rows++;
            row_start = numbers->count;
        }
        if (!*at)
            break;
    }
    return numbers->count ? CLI_DONE : cli_wrong("explain", "%s: no numbers", option);
}

static sl_tensor *explain_tensor(sl_ctx *ctx, const explain_numbers *numbers, bool flat)
{
    const int rows = (int)numbers->rows, columns = (int)(numbers->count / numbers->rows);
    return sl_tensor_new(ctx, flat ? sl_dims(rows) : sl_dims(rows, columns), numbers->values);
}

/* Some losses take class numbers [rows], others a target like the prediction: the loss itself says which. */
static bool explain_fits(sl_ctx *ctx, const explain_job *job, const sl_tensor *y)
{
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_tensor *loss =
        sl_loss_of(tape, sl_model_loss(job->model), sl_forward(tape, job->model, job->x), y, NULL);
    sl_tape_free(tape);
    return loss != NULL;
}

static int explain_targets(sl_ctx *ctx, explain_job *job, const explain_numbers *y)
{
    const bool flat = y->count == y->rows;
    job->y = explain_tensor(ctx, y, flat);
    if (job->y && explain_fits(ctx, job, job->y))
        return CLI_DONE;
    if (sl_error(ctx) != SL_ESHAPE || !flat)
        return cli_explain_failed(ctx);
    sl_clear(ctx);
    job->y = explain_tensor(ctx, y, false);
    return job->y && explain_fits(ctx, job, job->y) ? CLI_DONE : cli_explain_failed(ctx);
}

static bool explain_ends(const char *name, const char *end)
{
    const size_t length = strlen(name), tail = strlen(end);
    return length >= tail && !strcmp(name + length - tail, end);
}

/* "dense_1 [3, 2], output [1, 3]: 9 numbers" */
static void explain_shapes(sl_model *model, const char *kind, char *text, size_t room, size_t *numbers)
{
    size_t at = 0;
    *numbers = 0;
    text[0] = 0;
    for (int p = 0; p < sl_model_params(model); p++) {
        const char *name = sl_model_param_name(model, p);
        const sl_shape shape = sl_shape_of(sl_model_param(model, p));
        if (!explain_ends(name, kind))
            continue;
        *numbers += sl_count(sl_model_param(model, p));
        const int stem = (int)(strlen(name) - strlen(kind));
        if (at < room)
            at += (size_t)snprintf(text + at, room - at, shape.rank > 1 ? "%s%.*s [%d, %d]" : "%s%.*s [%d]",
                                   at ? ", " : "", stem, name, shape.dim[0], shape.dim[1]);
    }
}

/* Fills the parameters whose names end so, in layer order, row-major. */
static int explain_fill(const char *option, const char *text, sl_model *model, const char *kind)
{
    explain_numbers numbers;
    int status = explain_read_numbers(option, text, &numbers);
    char shapes[400];
    size_t wanted, at = 0;
    explain_shapes(model, kind, shapes, sizeof shapes, &wanted);
    if (!status && numbers.count != wanted)
        status =
            cli_wrong("explain", "%s has %zu numbers: the net wants %zu, row by row, [outputs, inputs]: %s",
                      option, numbers.count, wanted, shapes);
    for (int p = 0; !status && p < sl_model_params(model); p++) {
        sl_tensor *t = sl_model_param(model, p);
        if (!explain_ends(sl_model_param_name(model, p), kind))
            continue;
        for (size_t i = 0; i < sl_count(t); i++)
            sl_values(t)[i] = (sl_real)numbers.values[at++];
    }
    free(numbers.values);
    return status;
}

/* "W2" and "b2", as they are called in what is shown: the second dense layer's name. */
static void explain_layer(const sl_model *model, char name[64])
{
    sl_layer_info info;
    double number;
    if ((name[0] != 'W' && name[0] != 'b') || !sl_number_parse(name + 1, &number))
        return;
    int dense = 0;
    for (int i = 0; !sl_model_layer(model, i, &info); i++)
        if (!strcmp(info.type, "dense") && ++dense == (int)number) {
            snprintf(name, 64, "%s", info.name);
            return;
        }
}

int cli_explain_freeze(const explain_settings *settings, const sl_ctx *ctx, sl_model *model)
{
    for (const char *at = settings->freeze; at && *at;) {
        const size_t length = strcspn(at, ",");
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), at);
        explain_layer(model, name);
        if (sl_model_freeze(model, name, true)) {
            char layers[400] = "";
            size_t used = 0;
            sl_layer_info info;
            for (int i = 0; !sl_model_layer(model, i, &info) && used < sizeof layers; i++)
                if (info.parameters)
                    used += (size_t)snprintf(layers + used, sizeof layers - used, "%s%s", used ? ", " : "",
                                             info.name);
            return cli_wrong("explain", "--freeze %s: no layer of that name has weights: there are %s", name,
                             layers);
        }
        at += length + (at[length] == ',');
    }
    (void)ctx;
    return CLI_DONE;
}

static sl_optimizer explain_optimizer(const explain_settings *settings)
{
    const bool step = !(settings->more.equation || settings->more.collapse),
               back = step && (settings->backward || settings->update || !settings->forward);
    if (!back &&
        !settings
             ->optimizer) /* nothing asks for slopes, so a step layer may be there: by a rule without them */
        return (sl_optimizer){ .rule = "random_search" };
    return (sl_optimizer){ .rule = settings->optimizer ? settings->optimizer : "sgd",
                           CLI_OPTIMIZER_OF(settings),
                           .steps = (size_t)(settings->steps ? settings->steps : 1) };
}

static int explain_build(const explain_settings *settings, sl_ctx *ctx, explain_job *job,
                         const explain_numbers *x, const explain_numbers *y)
{
    job->x = explain_tensor(ctx, x, false);
    const sl_tensor *targets = explain_tensor(ctx, y, false);
    const char *loss = settings->loss ? settings->loss : "mean_squared";
    job->model = targets ? sl_model_for(ctx, settings->net, loss, targets, settings->outputs) : NULL;
    if (!job->model || sl_model_set_init(job->model, settings->init) ||
        sl_compile(job->model, .loss = loss, .optimizer = explain_optimizer(settings)))
        return cli_explain_failed(ctx);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER); /* builds it */
    const sl_tensor *output = sl_forward(tape, job->model, job->x);
    sl_tape_free(tape);
    if (!output)
        return cli_explain_failed(ctx);
    int status =
        settings->weights ? explain_fill("--weights", settings->weights, job->model, ".weight") : CLI_DONE;
    if (!status && settings->biases)
        status = explain_fill("--biases", settings->biases, job->model, ".bias");
    if (!status)
        status = cli_explain_freeze(settings, ctx, job->model);
    if (!settings->weights)
        cli_decided("weights", "drawn by init", "none were given");
    if (!settings->biases)
        cli_decided("biases", "0, and they stay so", "none were given");
    job->keep_biases = !settings->biases;
    return status || job->no_targets ? status : explain_targets(ctx, job, y);
}

int cli_explain_net(const explain_settings *settings, sl_ctx *ctx, explain_job *job)
{
    explain_numbers x = { 0 }, y = { 0 };
    if (!settings->x || (!settings->y && !job->no_targets))
        return cli_wrong("explain",
                         "wants %s: the numbers of one row, such as --x 2,0.5 --y 3, or a RUN and --row",
                         settings->x ? "--y" : "--x");
    int status = explain_read_numbers("--x", settings->x, &x);
    if (!status)
        status = explain_read_numbers("--y", job->no_targets ? "0" : settings->y, &y);
    if (!status && y.rows != x.rows && !job->no_targets) {
        if (x.rows == 1 || y.rows != 1 || y.count != x.rows)
            status =
                cli_wrong("explain", "--x has %zu rows and --y %zu: wants as many (rows stand apart by ;)",
                          x.rows, y.rows);
        y.rows = x.rows; /* --y 0,1,1,0 for four rows */
    }
    if (!status)
        status = explain_build(settings, ctx, job, &x, &y);
    free(x.values);
    free(y.values);
    return status;
}
