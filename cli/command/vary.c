/* vary.c - slope vary */
#include <stddef.h>
#include <stdio.h>

#include "../system.h"
#include "../vary.h"

static const cli_option vary_operands[] = {
    { .name = "DATA",
      .kind = CLI_TEXT,
      .words = "data",
      .at = offsetof(cli_vary_settings, train.data),
      .help = "the data to train on, as slope train takes them" },
    { 0 },
};

static const cli_example vary_examples[] = {
    { "slope vary builtin:moons --net \"16 tanh\" --lr 0.001,0.01,0.1",
      "three step sizes, three seeds each" },
    { "slope vary builtin:digits --net \"64 relu\" --batch 8,32,128,512 --epochs 3",
      "loss, time and noise of four batch sizes" },
    { "slope vary builtin:spiral --grid --optimizer sgd,momentum,adam --lr 0.001,0.01",
      "the step sizes of each optimizer" },
    { "slope vary builtin:digits --net \"64 relu\" --rows 0.1,0.25,0.5,1 --epochs 5",
      "a learning curve: what would more data bring?" },
    { "slope vary builtin:xor --net \"4 tanh\" --seeds 10 --at 0.5,0.5",
      "ten nets that know the four corners, asked for the middle" },
    { 0 },
};

static int vary_put(cli_vary *vary)
{
    const cli_vary_settings *s = vary->settings;
    int status = CLI_DONE;
    cli_vary_sum(vary);
    if (s->train.json)
        cli_vary_json(vary);
    else
        cli_vary_show(vary);
    if (s->csv && !cli_vary_csv(vary, s->csv))
        status = CLI_FAILED;
    if (s->train.out) {
        char path[4096];
        if (snprintf(path, sizeof path, "%s/table.csv", s->train.out) >= (int)sizeof path ||
            !cli_vary_csv(vary, path))
            status = CLI_FAILED;
        if (status == CLI_DONE)
            status = cli_vary_draw(vary, s->train.out);
    }
    if (!s->train.json && status == CLI_DONE)
        status = cli_vary_draw(vary, NULL);
    return status;
}

static int vary_run(const cli_call *call)
{
    cli_vary vary;
    int status = cli_vary_read(&vary, call);
    if (status == CLI_GO_ON) {
        cli_system_ignore_pipe();
        status = cli_vary_train(&vary);
        cli_system_heed_pipe();
        int done = 0;
        for (int i = 0; i < vary.count * vary.seeds; i++)
            done += vary.run[i].result || vary.run[i].diverged;
        if (done) { /* also behind a failure: what was trained was trained */
            const int shown = vary_put(&vary);
            status = status == CLI_DONE ? shown : status;
        }
    }
    cli_vary_free(&vary);
    return cli_flush("vary", status);
}

const cli_command cli_command_vary = {
    .name = "vary",
    .summary = "train DATA with several values of options, over seeds, and compare",
    .usage = "vary DATA --OPTION VALUE,VALUE,.. [--grid] [--seeds N] [OPTION ...]",
    .about =
        "Takes the options of slope train, and of those that can be compared several values: a list with "
        "commas, or, where values have commas themselves (--net, --text, --augment, --class-weight), with "
        "semicolons. One option is varied at a time, the others at the first value that was named; --grid "
        "takes all combinations.\n\n"
        "Each setting is trained with the same seeds, so that it starts from the same weights and is "
        "validated "
        "on the same rows; the table has means and deviations over the seeds. The best is chosen by the "
        "validation rows, never by the test rows. What diverges is a row that says so.\n\n"
        "Without -o nothing is kept. Ctrl-C stops after the step and shows what was done.",
    .examples = vary_examples,
    .operands = vary_operands,
    .options = cli_vary_options,
    .size = sizeof(cli_vary_settings),
    .run = vary_run,
    .place = 8,
};
