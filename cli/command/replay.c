/* replay.c - slope replay */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../cli.h"
#include "../show_columns.h"
#include "../terminal.h"

typedef struct {
    const char *run, *layer, *first, *out;
    char *changes; /* lines */
    int to, until, threads;
    bool json;
} replay_settings;

#define REPLAY_AT(field) .at = offsetof(replay_settings, field)

static const cli_option replay_operands[] = {
    { .name = "RUN",
      .kind = CLI_TEXT,
      .words = "run",
      REPLAY_AT(run),
      .help = "a run folder; nothing is written there" },
    { .name = "LAYER",
      .kind = CLI_TEXT,
      .normal = "any",
      REPLAY_AT(layer),
      .help = "the layer that --first dead_unit looks at" },
    { 0 },
};

static const cli_option replay_options[] = {
    { .name = "to",
      .kind = CLI_WHOLE,
      .value = "STEP",
      .low = 0,
      .group = "steps",
      REPLAY_AT(to),
      .help = "train again up to this step; 0: the starting weights" },
    { .name = "first",
      .kind = CLI_CHOICE,
      .value = "EVENT",
      .words = "nonfinite|dead_unit",
      .group = "steps",
      REPLAY_AT(first),
      .help =
          "find the first step behind which a weight or a loss is not finite, or a unit is dead: it gives "
          "0, or has no slope, on all watched rows" },
    { .name = "set",
      .kind = CLI_TEXT,
      .value = "NAME=VALUE",
      .repeats = true,
      .lines = true,
      .group = "change",
      REPLAY_AT(changes),
      .help = "behind --to this option of slope train holds: lr=0.05, batch=64, clip-norm=1" },
    { .name = "until",
      .kind = CLI_WHOLE,
      .value = "STEP",
      .low = 1,
      .group = "change",
      REPLAY_AT(until),
      .help =
          "both courses end there, the one as it was and the changed one; else where each ends by itself" },
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FOLDER",
      .normal = "none",
      .group = "result",
      REPLAY_AT(out),
      .help = "keep the changed course's best model there, as model.safetensors" },
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      REPLAY_AT(json),
      .help = "print the result as one line of JSON" },
    { .name = "threads",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 256,
      .group = "running",
      REPLAY_AT(threads),
      .normal = "the usable cores",
      .help = "changes the speed, never a result" },
    { 0 },
};

static const cli_example replay_examples[] = {
    { "slope replay runs/moons-1 --to 500", "the weights behind step 500, by their digest" },
    { "slope replay runs/moons-1 --to 500 --set lr=0.05", "and from there on with another step size" },
    { "slope replay runs/moons-1 --first nonfinite", "where it broke" },
    { "slope replay runs/moons-1 --first dead_unit dense_1", "when a unit of a layer died" },
    { 0 },
};

/* --- the courses side by side --------------------------------------------------------------------------- */

static double replay_judged(const sl_report *history, int row)
{
    const double validation = sl_report_at(history, row, "validation_loss");
    return validation == validation ? validation : sl_report_at(history, row, "train_loss");
}

static void replay_cell(cli_table *table, const sl_report *history, int row, const char *column)
{
    cli_table_cell(table, row >= sl_report_rows(history) ? ""
                          : column ? cli_rounded(sl_report_at(history, row, column)).text
                                   : cli_rounded(replay_judged(history, row)).text);
}

/* At most so many epochs, evenly, the last one with them. */
static bool replay_epochs(const sl_replay *replay, const cli_terminal *terminal)
{
    enum { SHOWN = 12 };
    const sl_report *was = replay->was.history, *is = replay->is.history;
    const int rows = sl_report_rows(was) > sl_report_rows(is) ? sl_report_rows(was) : sl_report_rows(is);
    const int from = (int)replay->epoch, count = rows - from, shown = count < SHOWN ? count : SHOWN;
    cli_table table;
    if (count < 1)
        return true;
    cli_table_begin(&table, 5, "r");
    cli_table_cell(&table, "epoch");
    cli_table_cell(&table, "train loss");
    cli_table_cell(&table, "judged");
    cli_table_cell(&table, "changed: train loss");
    cli_table_cell(&table, "judged");
    for (int i = 1; i <= shown; i++) {
        const int row = from + (int)((long long)count * i / shown) - 1;
        cli_table_cell(&table, cli_count(row + 1).text);
        replay_cell(&table, was, row, "train_loss");
        replay_cell(&table, was, row, NULL);
        replay_cell(&table, is, row, "train_loss");
        replay_cell(&table, is, row, NULL);
    }
    const bool done = cli_table_print(&table, stdout, 2, 3, terminal);
    cli_table_free(&table);
    return done;
}

static void replay_course_show(const char *name, const sl_replay_course *course)
{
    printf("%s  ", name);
    if (course->diverged) {
        fputs("diverged: ", stdout);
        cli_show_wrapped(course->message, 12, 56);
    } else if (course->best_epoch)
        printf("best loss %s in epoch %s of %s\n            behind step %s the weights are %016" PRIx64 "\n",
               cli_rounded(course->best).text, cli_count((double)course->best_epoch).text,
               cli_count(sl_report_rows(course->history)).text, cli_count((double)course->steps).text,
               course->digest);
    else
        printf("no epoch finished\n            behind step %s the weights are %016" PRIx64 "\n",
               cli_count((double)course->steps).text, course->digest);
}

static bool replay_show(const sl_replay *replay, const char *out)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    printf("step        %s, in epoch %s\n", cli_count((double)replay->step).text,
           cli_count((double)(replay->epoch + (replay->step_in_epoch > 0))).text);
    printf("from        %s%s\n", replay->from ? "the checkpoint behind step " : "the beginning",
           replay->from ? cli_count((double)replay->from).text : "");
    printf("loss        %s%s\n",
           replay->loss == replay->loss ? cli_rounded(replay->loss).text : "not known: ",
           replay->loss == replay->loss ? " on its batch, before the step"
           : replay->step               ? "the checkpoint stands there"
                                        : "no step was made");
    if (replay->step)
        printf("lr          %s\n", cli_rounded(replay->lr).text);
    printf("weights     %016" PRIx64 "%s\n", replay->digest,
           replay->same ? ", as the run recorded them behind its last step" : "");
    if (!replay->changed)
        return true;
    putchar('\n');
    if (!replay_epochs(replay, &terminal))
        return false;
    putchar('\n');
    replay_course_show("as it was ", &replay->was);
    replay_course_show("changed   ", &replay->is);
    if (out)
        printf("kept        %s/model.safetensors\n", out);
    return true;
}

static void replay_json_course(const char *name, const sl_replay_course *course)
{
    printf(",\"%s\":{\"steps\":%zu,\"epochs\":%d,\"best_epoch\":%zu,\"best_loss\":", name, course->steps,
           sl_report_rows(course->history), course->best_epoch);
    cli_json_number(stdout, course->best);
    printf(",\"digest\":\"%016" PRIx64 "\",\"diverged\":%s,\"message\":", course->digest,
           course->diverged ? "true" : "false");
    cli_json_string(stdout, course->diverged ? course->message : NULL);
    putchar('}');
}

static void replay_json(const sl_replay *replay)
{
    printf("{\"step\":%zu,\"from\":%zu,\"epoch\":%zu,\"step_in_epoch\":%zu,\"loss\":", replay->step,
           replay->from, replay->epoch, replay->step_in_epoch);
    cli_json_number(stdout, replay->loss);
    fputs(",\"lr\":", stdout);
    cli_json_number(stdout, replay->lr);
    printf(",\"digest\":\"%016" PRIx64 "\",\"last\":%zu,\"as_recorded\":%s", replay->digest, replay->last,
           replay->same ? "true" : "false");
    if (replay->changed) {
        replay_json_course("was", &replay->was);
        replay_json_course("changed", &replay->is);
    }
    puts("}");
}

/* --- the command ---------------------------------------------------------------------------------------- */

static int replay_first(const replay_settings *settings, sl_ctx *ctx)
{
    sl_first first;
    if (sl_run_first(ctx, settings->run, settings->first, settings->layer, &first))
        return cli_failed("replay", ctx);
    if (settings->json) {
        printf("{\"event\":\"%s\",\"found\":%s,\"step\":%zu,\"epoch\":%zu,\"looked\":%zu,\"what\":",
               settings->first, first.found ? "true" : "false", first.step, first.epoch, first.looked);
        cli_json_string(stdout, first.found ? first.what : NULL);
        fputs(",\"message\":", stdout);
        cli_json_string(stdout, *first.message ? first.message : NULL);
        puts("}");
        return CLI_DONE;
    }
    if (first.found)
        printf("step        %s, epoch %s: %s\n", cli_count((double)first.step).text,
               cli_count((double)first.epoch).text, first.what);
    else
        printf("%s   not once\n", settings->first);
    printf("looked      %s times, from the starting weights on\n", cli_count((double)first.looked).text);
    if (*first.message) {
        fputs("training    ", stdout);
        cli_show_wrapped(first.message, 12, 66);
    }
    return CLI_DONE;
}

/* "lr=0.05" lines -> changes, which point into text. */
static int replay_changes(char *text, sl_change *changes, int most, int *count)
{
    for (char *line = text; line && *line;) {
        char *end = strchr(line, '\n'), *equals;
        if (end)
            *end = 0;
        equals = strchr(line, '=');
        if (!equals || equals == line)
            return cli_wrong("replay", "--set is '%s': wants NAME=VALUE, such as lr=0.05", line);
        if (*count == most)
            return cli_wrong("replay", "--set is given more than %d times", most);
        *equals = 0;
        changes[(*count)++] = (sl_change){ line, equals + 1 };
        line = end ? end + 1 : NULL;
    }
    return CLI_GO_ON;
}

static int replay_job(const cli_call *call, sl_ctx *ctx, char *lines)
{
    enum { MOST = 32 };
    const replay_settings *settings = call->settings;
    sl_change changes[MOST];
    int count = 0;
    if (settings->first)
        return replay_first(settings, ctx);
    const int status = replay_changes(lines, changes, MOST, &count);
    if (status != CLI_GO_ON)
        return status;
    sl_replay *replay = sl_run_replay(ctx, settings->run,
                                      &(sl_replay_options){ .to = (size_t)settings->to,
                                                            .changes = changes,
                                                            .count = count,
                                                            .until = (size_t)settings->until,
                                                            .out = settings->out });
    if (!replay)
        return cli_failed("replay", ctx);
    bool done = true;
    if (settings->json)
        replay_json(replay);
    else
        done = replay_show(replay, settings->out);
    sl_replay_free(replay);
    return done ? CLI_DONE : CLI_FAILED;
}

static int replay_run(const cli_call *call)
{
    const replay_settings *settings = call->settings;
    int status = CLI_GO_ON;
    if (!cli_given(call, "to") == !settings->first)
        return cli_wrong("replay", "%s",
                         settings->first ? "--to and --first are two questions: wants one of them"
                                         : "what is wanted: --to STEP, or --first nonfinite or dead_unit?");
    if (settings->first && (settings->changes || settings->until || settings->out))
        return cli_wrong("replay",
                         "--set, --until and -o belong to --to: --first looks at the run as it was");
    if (!settings->first && settings->layer)
        return cli_wrong("replay", "'%s': a layer is named for --first dead_unit only", settings->layer);
    if ((settings->until || settings->out) && !settings->changes)
        return cli_wrong("replay", "%s wants a change: --set NAME=VALUE", settings->until ? "--until" : "-o");
    char *lines = settings->changes ? malloc(strlen(settings->changes) + 1) : NULL;
    if (settings->changes && !lines) {
        cli_say("replay", "memory ran out");
        return CLI_FAILED;
    }
    if (lines)
        strcpy(lines, settings->changes);
    sl_ctx *ctx = cli_context("replay", (sl_ctx_options){ .threads = settings->threads }, &status);
    if (ctx)
        status = replay_job(call, ctx, lines);
    sl_ctx_free(ctx);
    free(lines);
    return status;
}

const cli_command cli_command_replay = {
    .name = "replay",
    .summary = "train a run again to any step, and change one thing there",
    .usage = "replay RUN --to STEP [--set NAME=VALUE ...] [OPTION ...]\n"
             "replay RUN --first nonfinite|dead_unit [LAYER]",
    .about =
        "A run is trained again in memory, to the same bits: from its checkpoint where that is not behind "
        "the "
        "step, else from the beginning. With --set an option of slope train changes behind --to, and both "
        "courses go on, the one as it was and the changed one; best epochs go by validation loss where there "
        "are validation rows, else by train loss. What is settled before the first step (data, parts, init) "
        "cannot change, nor can the shapes of the weights; where rows would come in other batches, --to must "
        "be an epoch's end.\n\n"
        "--first looks at some steps, and goes by bisection between two of them to a step behind which it is "
        "so, and before which it is not.",
    .examples = replay_examples,
    .operands = replay_operands,
    .options = replay_options,
    .size = sizeof(replay_settings),
    .run = replay_run,
};
