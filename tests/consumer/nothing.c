/* nothing.c - calls every function of slope.h with each of its pointers NULL in turn, each call in a process
 * of its own, and says on a line what came of it: "sl_add 1 said", NULL or a status with the failure kept;
 * "silent", without; "works"; "looks", a number or nothing is given; "crashed". The calls are in calls.inc,
 * written from slope.h. */
#define _POSIX_C_SOURCE 200809L
#include <slope.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    NOTHING_ALL = -1,
    NOTHING_BUT_FIRST = -2
}; /* nothing_missing: else the place of the one that is NULL */
static int nothing_missing;
static sl_ctx *ctx;
static sl_status nothing_before; /* a failure that was kept before the call */

typedef struct {
    const char *kind, *what;
    const void *object;
} nothing_thing;
static nothing_thing nothing_things[160];
static int nothing_count;

/* This is given for a pointer of that kind; what: only where it is called so. */
static void put(const char *kind, const char *what, const void *object)
{
    if (!object) {
        fprintf(stderr, "no %s: %s\n", kind, sl_message(ctx));
        exit(3);
    }
    nothing_things[nothing_count++] = (nothing_thing){ kind, what, object };
}

static bool nothing_is_null(int place)
{
    return nothing_missing == place || nothing_missing == NOTHING_ALL ||
           (nothing_missing == NOTHING_BUT_FIRST && place);
}

static void *give(int place, const char *kind, const char *what)
{
    static _Alignas(64) char room[12][16384]; /* for what is written to, and options that say nothing */
    const void *any = room[place];
    if (nothing_is_null(place))
        return NULL;
    for (int i = 0; i < nothing_count; i++) {
        const nothing_thing *thing = &nothing_things[i];
        if (strcmp(thing->kind, kind) != 0)
            continue;
        if (!thing->what)
            any = thing->object;
        else if (!strcmp(thing->what, what))
            return (void *)(uintptr_t)thing->object;
    }
    return (void *)(uintptr_t)any;
}

static double number(const char *what)
{
    static const struct {
        const char *what;
        double value;
    } table[] = { { "rows", 4 },    { "room", 100 },     { "count", 1 },      { "n", 2 },
                  { "threads", 1 }, { "seconds", 0.01 }, { "bytes", 4096 },   { "high", 1 },
                  { "low", 1e-4 },  { "batch", 2 },      { "steps", 20 },     { "columns", 2 },
                  { "depth", 2 },   { "last", 1 },       { "most", 2 },       { "fraction", 0.25 },
                  { "delta", 1 },   { "coverage", 90 },  { "q", 0.5 },        { "alpha", 1 },
                  { "starts", 3 },  { "step", 3 },       { "momentum", 0.1 }, { "epsilon", 1e-5 },
                  { "width", 80 },  { "length", 3 },     { "share", 1 },      { NULL, 0 } };
    for (int i = 0; nothing_missing >= 0 && table[i].what; i++)
        if (!strcmp(table[i].what, what))
            return table[i].value;
    return 0;
}

static sl_tensor *nothing_loss(sl_tape *tape, void *parameter)
{
    return sl_sum(tape, sl_mul(tape, parameter, parameter));
}

static void say(const char *name, const char *result)
{
    printf("%s %d %s\n", name, nothing_missing, result);
    fflush(stdout);
    _exit(0);
}

/* It gave NULL or a status: is the failure kept? Without the context it cannot be. */
static const char *failed(bool has_context)
{
    return sl_error(ctx) != SL_OK ? "said" : has_context ? "silent" : "looks";
}

static bool nothing_first(void) /* the first argument, which knows the context, was given */
{
    return nothing_missing > 0 || nothing_missing == NOTHING_BUT_FIRST;
}

#define GIVE(place, kind, what) give(place, #kind, #what)
#define FUNCTION(place) (nothing_is_null(place) ? NULL : nothing_loss)
#define SCALAR(place, type, what) SCALAR_##type(what)
#define SCALAR_int(what) (int)number(#what)
#define SCALAR_size_t(what) (size_t) number(#what)
#define SCALAR_double(what) number(#what)
#define SCALAR_float(what) (float)number(#what)
#define SCALAR_sl_real(what) (sl_real) number(#what)
#define SCALAR_bool(what) false
#define SCALAR_uint64_t(what) 1
#define SCALAR_sl_mode(what) SL_INFER
#define SCALAR_sl_group(what) ((sl_group){ 0 })
#define SCALAR_sl_optimizer(what) ((sl_optimizer){ 0 })
#define SCALAR_sl_shape(what) (nothing_missing < 0 ? (sl_shape){ 0 } : sl_dims(4, 2))

#define NONE(f, n, list)                                                                                     \
    static void call_##f(void)                                                                               \
    {                                                                                                        \
        f list;                                                                                              \
        say(#f, "looks");                                                                                    \
    }
#define NUMBER(f, n, list)                                                                                   \
    static void call_##f(void)                                                                               \
    {                                                                                                        \
        (void)f list;                                                                                        \
        say(#f, "looks");                                                                                    \
    }
#define STATUS(f, n, list)                                                                                   \
    static void call_##f(void)                                                                               \
    {                                                                                                        \
        const sl_status status = f list;                                                                     \
        const bool same = nothing_before == SL_OK || sl_error(ctx) == nothing_before;                        \
        say(#f, status &&same ? failed(nothing_first()) : "works");                                          \
    }
#define POINTER(f, n, list)                                                                                  \
    static void call_##f(void)                                                                               \
    {                                                                                                        \
        const void *pointer = f list;                                                                        \
        say(#f, pointer ? "works" : failed(nothing_first()));                                                \
    }
#define SHOWN(f, n, list)                                                                                    \
    static void call_##f(void)                                                                               \
    {                                                                                                        \
        const void *pointer = f list;                                                                        \
        say(#f, pointer ? "looks" : failed(nothing_first()));                                                \
    }
#include "calls.inc"
#undef NONE
#undef NUMBER
#undef STATUS
#undef POINTER
#undef SHOWN
#define NONE(f, n, list) { #f, call_##f, n },
#define NUMBER NONE
#define STATUS NONE
#define POINTER NONE
#define SHOWN NONE
static const struct {
    const char *name;
    void (*call)(void);
    int count;
} calls[] = {
#include "calls.inc"
};

static void file(const char *name, const char *line, int times)
{
    FILE *to = fopen(name, "w");
    for (int i = 0; to && i < times; i++)
        fputs(line, to);
    if (!to || fclose(to))
        exit(3);
}

/* Trained on these rows. */
static sl_model *trained(const char *net, sl_data *data)
{
    const sl_plan plan = { .loss = "bce" };
    const sl_fit_options fit = { .epochs = 2, .validation_fraction = -1 };
    sl_model *model = sl_model_parse(ctx, net);
    sl_model_compile(model, &plan);
    put("sl_report_1", NULL, sl_model_fit(model, data, &fit));
    return model;
}

/* Rows, a trained model of them, and what is made of both. */
static void rows_and_model(const char *world)
{
    static const sl_model *models[2];
    static const sl_data *parts[2];
    static const sl_several several = { .models = models, .data = parts, .count = 2 };
    static const size_t which[2] = { 0, 1 };
    static const sl_explain_rows_options rows = { .rows = which, .count = 2 };
    FILE *to = fopen("table.csv", "w");
    for (int i = -1; to && i < 80; i++)
        if (i < 0)
            fputs("review,b,y\n", to);
        else
            fprintf(to, "the %s film,%d,%s\n", i % 2 ? "good" : "bad", i * 7 % 11, i % 2 ? "yes" : "no");
    if (!to || fclose(to))
        exit(3);
    const sl_table_options as_text = { .target = "y", .columns = "review=text" };
    const sl_table_options as_word = { .target = "y", .columns = "review=category" };
    sl_data *texts = sl_data_open_table(ctx, "table.csv", NULL, &as_text);
    sl_data *plain = !strcmp(world, "table") ? sl_data_open_table(ctx, "table.csv", NULL, &as_word)
                                             : sl_data_open(ctx, "builtin:moons?rows=60", NULL);
    sl_model *reader = trained("bag 2, 1", texts), *net = trained("4 tanh, 1", plain);
    put("sl_why_1", NULL, sl_why_row(ctx, reader, texts, 0, -1));
    put("sl_explanation_1", NULL, sl_explain_rows(net, plain, &rows, NULL));
    const bool reads = !strcmp(world, "texts");
    put("sl_model_1", NULL, models[0] = models[1] = reads ? reader : net);
    put("sl_data_1", NULL, parts[0] = parts[1] = reads ? texts : plain);
    put("sl_baselines_1", NULL, sl_baselines_fit(ctx, models[0], parts[0]));
    put("sl_several_1", NULL, &several);
    put("sl_explain_rows_options_1", NULL, &rows);
}

/* Runs in folders and in memory, and a diagnosis. */
static void runs(const char *world)
{
    static sl_run_options options = { .data = "builtin:moons?rows=60",
                                      .epochs = 2,
                                      .out = "run",
                                      .overwrite = true },
                          broken;
    static sl_diagnose_options diagnosed = { .options = &broken };
    static const char *const folders[1] = { "run" };
    static const sl_replay_options replay = { .to = 1 };
    static const sl_figure_request figure = { .runs = folders, .run_count = 1 };
    static const sl_change change = { "lr", "0.05" };
    sl_run *done = sl_run_new(ctx, &options);
    sl_run_train(done);
    broken = options;
    broken.keep_nothing = true;
    broken.out = NULL;
    broken.overwrite = false;
    sl_run *fresh = sl_run_new(ctx, &broken);
    if (!strcmp(world, "half"))
        sl_run_to(fresh, 2);
    put("sl_run_1", NULL, !strcmp(world, "done") ? done : fresh);
    put("sl_run_options_1", NULL, &broken);
    broken.optimizer.lr = 50;
    diagnosed.precheck = !strcmp(world, "half"); /* findings there, and checks here */
    put("sl_diagnosis_1", NULL, sl_diagnose(ctx, &diagnosed));
    put("sl_diagnose_options_1", NULL, &diagnosed);
    put("char_1", "folder", "run");
    put("char_2", "folders", folders);
    put("char_2", "names", folders);
    put("sl_change_1", NULL, &change);
    put("sl_replay_options_1", NULL, &replay);
    put("sl_replay_1", NULL, sl_run_replay(ctx, "run", &replay));
    put("sl_differences_1", NULL, sl_run_differences(ctx, folders, 1));
    put("sl_figure_request_1", NULL, &figure);
    put("sl_figure_1", NULL, sl_figure_make(ctx, "curves", &figure));
    put("sl_watcher_1", NULL, sl_watcher_new(ctx));
}

/* Tensors of the shapes that most operators take, and what they need beside. */
static void tensors(void)
{
    static const sl_real values[8] = { 1, 0, 1, 0, 1, 0, 1, 0 };
    static const int ids[4] = { 0, 1, 2, 0 };
    static const size_t offsets[5] = { 0, 1, 2, 3, 4 };
    static const sl_bags bags = { .ids = ids, .offsets = offsets, .count = 4 };
    static sl_tensor *params[1];
    static const sl_layer layers[2] = { { .type = "dense", .units = 2 } };
    static const sl_plan plan = { .loss = "bce" };
    static const sl_fit_options fit = { .epochs = 1 };
    put("sl_tape_1", NULL, sl_tape_new(ctx, SL_TRAIN));
    put("sl_tensor_1", NULL, sl_tensor_new(ctx, sl_dims(4, 2), values));
    put("sl_tensor_1", "labels", sl_tensor_new(ctx, sl_dims(4), values));
    put("sl_tensor_1", "weights", sl_tensor_new(ctx, sl_dims(4), values));
    put("sl_tensor_1", "running_mean", sl_tensor_new(ctx, sl_dims(2), NULL));
    put("sl_tensor_1", "running_variance", sl_tensor_new(ctx, sl_dims(2), NULL));
    put("sl_tensor_1", "w", params[0] = sl_param(ctx, sl_dims(3, 2), "he"));
    put("sl_tensor_1", "table", params[0]);
    put("sl_tensor_1", "param", params[0]);
    static const char *const pairs[] = { "query", "scale", "shift" };
    for (int i = 0; i < 3; i++)
        put("sl_tensor_1", pairs[i], sl_param(ctx, sl_dims(2), "he"));
    put("void_1", NULL, params[0]);
    put("sl_tensor_2", NULL, params);
    put("sl_step_1", NULL, sl_step_new(ctx, (sl_optimizer){ 0 }, params, 1));
    put("sl_bags_1", NULL, &bags);
    put("sl_layer_1", NULL, layers);
    put("sl_plan_1", NULL, &plan);
    put("sl_fit_options_1", NULL, &fit);
    put("sl_augment_1", NULL, sl_augment_new(ctx, "noise 0.05", sl_dims(2)));
    put("sl_profile_1", NULL, sl_profile_new(ctx));
}

static void functions_and_texts(void)
{
    static const double x[2] = { 0, 1 }, y[2] = { 1, 3 };
    static const sl_line_options line = { .x = x, .y = y, .n = 2, .lr = 0.1, .epochs = 2 };
    static const sl_report *walks[1];
    static sl_descent *descents[1];
    static const sl_spread_line spread = { .name = "a", .count = 2, .x = x, .y = y };
    static const sl_spread_panel panel = { .title = "t", .lines = &spread, .line_count = 1 };
    static const sl_live live = { .width = 60, .height = 10 };
    static const char *const sources[1] = { "texts.txt" };
    static sl_progress progress = { .step = 1, .epoch = 1, .loss = 1 };
    sl_function *function = sl_function_new(ctx, "bowl");
    put("sl_function_1", NULL, function);
    put("sl_descent_1", NULL, descents[0] = sl_descend(function, NULL));
    put("sl_descent_2", NULL, descents);
    put("sl_walk_diagnosis_1", NULL,
        sl_diagnose_walk(ctx, function, &(sl_descend_options){ .optimizer = { .lr = 50 } }));
    put("sl_line_options_1", NULL, &line);
    put("sl_report_2", NULL, walks);
    put("sl_report_1", "walk", progress.report = walks[0] = sl_line_descend(ctx, &line));
    put("sl_progress_1", NULL, &progress);
    put("sl_spread_panel_1", NULL, &panel);
    put("sl_live_1", NULL, &live);
    put("sl_tokenized_1", NULL, sl_tokenize_text(ctx, "hello", 5, NULL, NULL));
    file("vectors.txt", "a 1 2 3\n", 1);
    file("texts.txt", "one two three four five\n", 50);
    put("sl_vectors_1", NULL, sl_vectors_read(ctx, "vectors.txt"));
    put("char_2", "sources", sources);
}

static void words(const char *world)
{
    static const char *const table[][2] = {
        { "init", "he" },         { "net", "4 relu, 1" },    { "loss", "mse" },
        { "mode", "mean" },       { "path", "vectors.txt" }, { "source", "builtin:moons?rows=60" },
        { "text", "x^2" },        { "terms", "x1" },         { "words", "noise 0.05" },
        { "format", "svg" },      { "key", "settings.net" }, { "what", "nonfinite" },
        { "activation", "relu" }, { "column", "loss" },      { "field", "data" },
        { "word", "a" },          { "views", "words" },      { "name", "x" },
        { "layer", "dense_1" },   { "part", "train" },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        put("char_1", table[i][0], table[i][1]);
    put("char_1", "kind", !strcmp(world, "half") ? "space" : !strcmp(world, "done") ? "curves" : "layer");
    static const sl_option option = { .name = "a", .normal = 1, .high = 2 };
    put("sl_option_1", NULL, &option);
}

int main(int argc, char **argv)
{
    const char *world = argc > 1 ? argv[1] : "points";
    ctx = sl_ctx_new(NULL);
    put("sl_ctx_1", NULL, ctx);
    rows_and_model(world);
    runs(world);
    tensors();
    functions_and_texts();
    words(world);
    if (sl_error(ctx)) {
        fprintf(stderr, "%s\n", sl_message(ctx));
        return 3;
    }
    if (!strcmp(world, "failed")) {
        sl_param(ctx, sl_dims(2), "nonsense");
        nothing_before = sl_error(ctx);
    }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        for (nothing_missing = NOTHING_BUT_FIRST; nothing_missing <= calls[i].count; nothing_missing++) {
            int status = 0;
            const pid_t child = fork();
            if (child == 0) {
                alarm(60);
                calls[i].call();
            }
            if (child < 0 || waitpid(child, &status, 0) != child)
                return 3;
            if (WIFSIGNALED(status))
                printf("%s %d %s\n", calls[i].name, nothing_missing,
                       WTERMSIG(status) == 14 ? "endless" : "crashed");
            else if (WEXITSTATUS(status))
                printf("%s %d ended\n", calls[i].name, nothing_missing);
            fflush(stdout);
        }
    return 0;
}
