/* vary_run.c - one training after the other, each with all threads: how many there are changes no result. */
#define _XOPEN_SOURCE 700
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outfile.h"
#include "progress.h"
#include "system.h"
#include "vary.h"

typedef struct {
    cli_vary *vary;
    cli_screen screen;
    bool quiet, first;
    int run, runs; /* from 1 */
    double begun;  /* on the clock */
    char what[64];
    float *loss; /* of each step */
    size_t steps, room;
    size_t next_look, stride;
} vary_job;

/* --- while it runs -------------------------------------------------------------------------------------- */

static void vary_draw(vary_job *job, const sl_progress *now, double clock)
{
    enum { RUN, WHAT, STEP, LEFT, PIECES };
    cli_piece piece[PIECES] = {
        [RUN] = { .rank = -1 }, [WHAT] = { .rank = 1 }, [STEP] = { .rank = 0 }, [LEFT] = { .rank = 2 }
    };
    enum { ROOM = sizeof piece->text };
    char line[CLI_BAR_SIZE];
    const double own = now->step_limit && !now->patient ? (double)now->step / (double)now->step_limit : 0;
    const double done = job->run - 1 + own, passed = clock - job->begun;
    cli_terminal_measure(&job->screen.terminal, stderr);
    snprintf(piece[RUN].text, ROOM, "run %d/%d ", job->run, job->runs);
    snprintf(piece[WHAT].text, ROOM, "  %s", job->what);
    snprintf(piece[STEP].text, ROOM, "  step %s", cli_count((double)now->step).text);
    if (done >= 0.5)
        snprintf(piece[LEFT].text, ROOM, "  %s left", cli_duration(passed / done * (job->runs - done)).text);
    cli_screen_bar(line, &job->screen, done / job->runs, piece, PIECES);
    cli_screen_draw(&job->screen, line, clock, false);
}

static sl_status vary_step(void *user, const sl_progress *now)
{
    vary_job *job = user;
    if (cli_stop_wanted())
        return SL_ESTOPPED;
    if (job->steps == job->room) {
        const size_t room = job->room ? 2 * job->room : 1024;
        float *grown = realloc(job->loss, room * sizeof *grown);
        if (!grown)
            return SL_ENOMEM;
        job->loss = grown;
        job->room = room;
    }
    job->loss[job->steps++] = (float)now->loss;
    if (job->quiet || !job->screen.terminal.moves || now->step < job->next_look)
        return SL_OK;
    const double clock = cli_screen_clock();
    if (cli_screen_due(&job->screen, clock)) {
        vary_draw(job, now, clock);
        job->stride = job->stride > 1 ? job->stride / 2 : 1;
    } else if (job->stride < 4096) {
        job->stride *= 2;
    }
    job->next_look = now->step + job->stride;
    return SL_OK;
}

/* Warnings of the first training; what the others say is said in the table. */
static void vary_log(void *user, const char *line)
{
    vary_job *job = user;
    if (job->quiet || !job->first || strncmp(line, "warning ", 8) != 0)
        return;
    cli_screen_clear(&job->screen);
    cli_put_clean(stderr, line);
    putc('\n', stderr);
}

/* Behind the last: by how much the loss of a step's batch strays from that of the step before, over the
 * square root of 2, in the second half of the steps. Of independent losses that is their deviation, and a
 * slow fall adds nothing to it. */
static double vary_noise(const vary_job *job)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = job->steps / 2 + 1; i < job->steps; i++, count++) {
        const double off = (double)job->loss[i] - (double)job->loss[i - 1];
        sum += off * off;
    }
    return count ? sqrt(sum / (double)count / 2) : NAN;
}

/* --- what is kept of one -------------------------------------------------------------------------------- */

static bool vary_keep_curve(cli_vary_one *one, const sl_report *history)
{
    const int rows = history ? sl_report_rows(history) : 0;
    one->loss = calloc((size_t)rows + 1, sizeof *one->loss);
    for (int i = 0; one->loss && i < rows; i++) {
        const double validation = sl_report_at(history, i, "validation_loss");
        one->loss[i] = validation == validation ? validation : sl_report_at(history, i, "train_loss");
    }
    one->epochs = one->loss ? (size_t)rows : 0;
    return one->loss != NULL;
}

/* Can --at be asked? Before the training, not behind it. */
static int vary_check_at(const cli_vary *vary, const sl_run_options *options, const sl_model *model)
{
    const sl_shape shape = sl_model_input(model);
    sl_column_info column;
    int inputs = 1;
    if (!vary->settings->at)
        return CLI_GO_ON;
    if (sl_model_column(model, 0, &column))
        return cli_wrong(
            "vary",
            "--at is for rows of plain numbers, and %s is a table with columns: keep the runs with "
            "-o FOLDER, and ask them with slope predict RUN --set COLUMN=VALUE",
            options->data);
    for (int i = 0; i < shape.rank && inputs <= 64; i++)
        inputs *= shape.dim[i];
    if (inputs == vary->inputs)
        return CLI_GO_ON;
    return cli_wrong("vary", "--at has %d number%s, and a row of %s has %s%d: wants as many", vary->inputs,
                     vary->inputs == 1 ? "" : "s", options->data, inputs > 64 ? "more than " : "",
                     inputs > 64 ? 64 : inputs);
}

static int vary_answer(cli_vary *vary, cli_vary_one *one, sl_ctx *ctx, const sl_run_options *options,
                       const sl_model *model)
{
    sl_real x[64];
    const int classes = sl_model_classes(model);
    for (int i = 0; i < vary->inputs; i++)
        x[i] = (sl_real)vary->at[i];
    if (!*vary->near)
        cli_vary_near(vary, options->data, model);
    sl_tensor *row = sl_tensor_new(ctx, sl_dims(1, vary->inputs), x),
              *y = row ? sl_predict(ctx, model, row) : NULL;
    if (!y)
        return cli_failed("vary", ctx);
    const sl_real *value = sl_values(y);
    const int first = classes == 2; /* of two classes one probability says both */
    for (size_t i = (size_t)first; i < sl_count(y) && one->answers < CLI_VARY_ANSWERS; i++) {
        char *name = vary->answer_name[one->answers];
        const char *called = classes ? sl_model_class_name(model, (int)i) : NULL;
        if (classes && called)
            snprintf(name, sizeof *vary->answer_name, "p_%s", called);
        else
            snprintf(name, sizeof *vary->answer_name, sl_count(y) > 1 ? "answer %zu" : "answer", i + 1);
        one->answer[one->answers++] = (double)value[i];
    }
    vary->answers = one->answers > vary->answers ? one->answers : vary->answers;
    sl_tensor_free(y);
    sl_tensor_free(row);
    return CLI_GO_ON;
}

/* Does the task have what --metric asks for? The first training that has a result tells. */
static int vary_check_metric(cli_vary *vary, cli_vary_one *one)
{
    const char *asked = vary->settings->metric, *words = NULL;
    char key[80], text[512], names[256] = "", name[64];
    for (const cli_option *option = cli_vary_options; option->name; option++)
        words = strcmp(option->name, "metric") ? words : option->words;
    for (const char *at = words; asked && at && *at; at += strspn(at, "|")) {
        const size_t length = strcspn(at, "|");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        snprintf(key, sizeof key, "train_%s", name);
        bool has = cli_json_find(one->result, key, text, sizeof text);
        snprintf(key, sizeof key, "validation_%s", name);
        has = has || cli_json_find(one->result, key, text, sizeof text);
        if (has && !strcmp(name, asked))
            return CLI_GO_ON;
        if (has)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", *names ? ", " : "", name);
        at += length;
    }
    if (!asked)
        return CLI_GO_ON;
    free(one->result);
    one->result = NULL; /* nothing is shown, of those that diverged before neither */
    for (int i = 0; i < vary->count * vary->seeds; i++)
        vary->run[i].diverged = false;
    return cli_wrong("vary", "--metric %s: this task has none: wants one of %s", asked, names);
}

/* Is it the data that cannot be opened? Then no setting is to blame. */
static bool vary_data_opens(const sl_ctx *ctx, const char *source)
{
    if (sl_error(ctx) == SL_EFILE || sl_error(ctx) == SL_EFORMAT)
        return false;
    sl_ctx *other = cli_context("vary", (sl_ctx_options){ .threads = 1 }, &(int){ 0 });
    sl_data *data = other ? sl_data_open(other, source, NULL) : NULL;
    const bool opens = data != NULL;
    sl_data_free(data);
    sl_ctx_free(other);
    return opens;
}

/* --- one training --------------------------------------------------------------------------------------- */

/* FOLDER/03-lr-0.01-seed-2: the number makes it one of its own. */
static void vary_folder(const cli_vary *vary, int setting, uint64_t seed, char *path, size_t room)
{
    char name[96];
    cli_vary_name(vary, &vary->setting[setting], name, 64);
    for (char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr(".=", *at))
            *at = '-';
    snprintf(path, room, "%s/%02d%s%s-seed-%llu", vary->settings->train.out, setting + 1, *name ? "-" : "",
             name, (unsigned long long)seed);
}

static int vary_train_in(vary_job *job, sl_ctx *ctx, const sl_run_options *options, cli_vary_one *one)
{
    sl_run *run = sl_run_new(ctx, options);
    if (!run) {
        char name[256];
        const int status = cli_failed("vary", ctx);
        cli_vary_name(job->vary, &job->vary->setting[(one - job->vary->run) / job->vary->seeds], name,
                      sizeof name);
        if (*name && vary_data_opens(ctx, options->data))
            cli_say("vary", "this was the setting %s", name);
        return status;
    }
    one->start = sl_model_digest(sl_run_model(run));
    int status = vary_check_at(job->vary, options, sl_run_model(run));
    const double begun = cli_screen_clock();
    const sl_status trained = status == CLI_GO_ON ? sl_run_train(run) : SL_OK;
    one->seconds = cli_screen_clock() - begun;
    if (status != CLI_GO_ON) {
        sl_run_free(run);
        return status;
    }
    if (trained == SL_EDIVERGED)
        one->diverged = true;
    else if (trained == SL_ESTOPPED)
        status = CLI_STOPPED;
    else if (trained != SL_OK)
        status = cli_failed("vary", ctx);
    if (status == CLI_GO_ON) {
        one->noise = vary_noise(job);
        one->result = trained == SL_OK ? strdup(sl_run_result(run)) : NULL;
        if (!vary_keep_curve(one, sl_run_history(run)) || (trained == SL_OK && !one->result)) {
            cli_say("vary", "memory ran out");
            status = CLI_FAILED;
        }
    }
    if (status == CLI_GO_ON && one->result)
        status = vary_check_metric(job->vary, one);
    if (status == CLI_GO_ON && trained == SL_OK && job->vary->settings->at)
        status = vary_answer(job->vary, one, ctx, options, sl_run_model(run));
    sl_run_free(run);
    return status;
}

static int vary_one(vary_job *job, int setting, int seed)
{
    cli_vary *vary = job->vary;
    cli_vary_one *one = &vary->run[setting * vary->seeds + seed];
    cli_train_settings train;
    char net[CLI_VARY_NET], folder[4096];
    int status = cli_vary_settle(vary, &vary->setting[setting], &train, net);
    if (status != CLI_GO_ON)
        return status;
    const cli_call call = { .command = vary->call->command,
                            .settings = &train,
                            .given = { vary->call->given[0], vary->call->given[1] } };
    sl_run_options options = cli_train_run(&call);
    const uint64_t number = vary->first_seed + (uint64_t)seed;
    one->seed = number;
    vary_folder(vary, setting, number, folder, sizeof folder);
    options.out = train.out ? folder : NULL;
    options.keep_nothing = !train.out;
    options.on_step = vary_step;
    options.user = job;
    cli_vary_name(vary, &vary->setting[setting], job->what, sizeof job->what - 24);
    snprintf(job->what + strlen(job->what), 24, "%sseed %llu", *job->what ? ", " : "",
             (unsigned long long)number % 1000000000);
    job->steps = 0;
    job->next_look = 0;
    job->stride = 1;
    sl_ctx *ctx = cli_context(
        "vary", (sl_ctx_options){ .seed = number, .threads = train.threads, .log = vary_log, .user = job },
        &status);
    if (!ctx)
        return status;
    status = vary_train_in(job, ctx, &options, one);
    sl_ctx_free(ctx);
    return status;
}

static int vary_folder_made(const char *path)
{
    if (!path || cli_system_make_folder(path, false))
        return CLI_GO_ON;
    return cli_wrong("vary", "-o %s: the folder cannot be made: %s", path, cli_outfile_reason(errno));
}

int cli_vary_train(cli_vary *vary)
{
    vary_job job = { .vary = vary, .quiet = vary->settings->train.quiet, .first = true };
    int status = vary_folder_made(vary->settings->train.out);
    job.runs = vary->count * vary->seeds;
    cli_screen_begin(&job.screen);
    job.begun = cli_screen_clock();
    cli_catch_stop();
    /* the first seed of all settings comes first: what cannot be trained is found early, and what is stopped
     * has a row of each */
    for (int seed = 0; seed < vary->seeds && status == CLI_GO_ON; seed++)
        for (int setting = 0; setting < vary->count && status == CLI_GO_ON; setting++) {
            job.run++;
            status = vary_one(&job, setting, seed);
            job.first = false;
            cli_screen_clear(&job.screen);
        }
    free(job.loss);
    vary->stopped = status == CLI_STOPPED;
    if (vary->stopped)
        cli_say("vary", "stopped in training %d of %d: what follows is of those that were done", job.run,
                job.runs);
    return status == CLI_GO_ON ? CLI_DONE : status;
}
