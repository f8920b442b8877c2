/* topic.c - what `slope help TOPIC` says. The lists of words are sl_catalogue's, so they cannot go stale. */
#include <string.h>

#include "help.h"

static const cli_topic topic_all[] = {
    { "data", "what DATA can be",
      "DATA is recognised, not declared. It is one of:\n\n"
      "  a folder of IDX files, plain or .gz, with MNIST's names:\n"
      "      train-images-idx3-ubyte   train-labels-idx1-ubyte\n"
      "      t10k-images-idx3-ubyte    t10k-labels-idx1-ubyte\n"
      "  one IDX file of images: inputs without labels, for predict\n"
      "  builtin:NAME?option=value&option=value: a set that the program makes, offline\n\n"
      "Where DATA has two parts, train fits on the train part, takes validation rows from it and reports the "
      "test part; eval and predict use the test part unless --part says otherwise. Images are scaled to "
      "0..1; "
      "the model file remembers how, so predict takes the same raw input.\n\n"
      "A built-in set has a seed of its own (seed=, default 1), which --seed does not touch: "
      "\"builtin:spiral?rows=500&noise=0.1&seed=7\". Quote it, because & and ? mean something to the shell. "
      "digits has test_rows= beside rows= and seed=, the others have noise=; xor has no options.",
      "data" },
    { "net", "the language of --net",
      "--net lists the hidden layers, from the input to the output, with commas between them. Input and "
      "output layer come from the data, and the last layer gives logits: softmax and sigmoid belong to the "
      "loss and "
      "are never written.\n\n"
      "  128 relu                        one hidden layer of 128 units\n"
      "  128 relu, dropout 0.2, 64 relu  two; in training a fifth of the first is off\n"
      "  100 x 16 relu                   a hundred layers of 16 units\n"
      "  64                              a linear layer\n"
      "  64 leaky_relu slope=0.1         an activation with an option of its own\n"
      "  64 relu init=xavier bias=no     with options: init=NAME, bias=no, name=NAME\n"
      "  64, batch_norm, relu            a word alone is a layer too, an activation's as well\n"
      "  30 x [16, batch_norm, relu]     brackets: all of it, thirty times\n"
      "  residual [64 relu, 64]          adds what goes in to what comes out; both must be as wide\n"
      "  64 relu name=a, 64 share=a      two layers with the same weights\n"
      "  64 relu freeze=yes              weights that training leaves as they are\n"
      "  64 lr_scale=0.1 decay=0         a step size and a decay of their own\n"
      "  linear                          no hidden layer: logistic or linear regression\n\n"
      "A unit without an activation is linear; slope show RUN --collapse shows what such layers in a row "
      "amount "
      "to. slope help activations lists the activations, slope help "
      "initialisers how weights begin. The layers:",
      "layer" },
    { "optimizers", "the rules that change the weights",
      "--optimizer names the rule, --lr its step size. Decay is never applied to biases.", "optimizer" },
    { "schedules", "how the step size goes on",
      "--schedule names the way that the step size goes from --lr, --warmup what comes before: steps in "
      "which it "
      "grows from 0 to --lr, step t of W with t/W of it. --warmup 200 means 200 steps, --warmup 0.1 a tenth "
      "of "
      "all. A schedule that ends, and a share of all steps, want --epochs or --steps. metrics.csv has the "
      "step "
      "size of each epoch's last step.",
      "schedule" },
    { "losses", "what training makes small",
      "Without --loss it follows the task: two classes have one logit and binary_cross_entropy, more classes "
      "a "
      "logit each and cross_entropy, a number mean_squared. Every loss is a mean, over rows or elements, so "
      "it "
      "does not grow with the batch.",
      "loss" },
    { "initialisers", "how weights begin",
      "Without --init: he for layers whose activation is of the relu family, else xavier. Biases begin at 0. "
      "The numbers follow from --seed.",
      "init" },
    { "activations", "what follows a layer's sum",
      "An activation is written behind the number of units: --net \"128 relu, 64 tanh\".", "activation" },
    { "output", "what is printed where",
      "Results go to the standard output, progress and remarks to the standard error: slope train DATA > "
      "result.txt keeps the screen alive, 2> log.txt keeps the log. --json prints the result as one line of "
      "JSON, with the shortest decimals that read back as the same numbers; --quiet silences the rest. "
      "Numbers "
      "never follow the locale.\n\n"
      "On a terminal train draws one line again and again, with the time left; where the standard error is "
      "no terminal it prints rows only. Runs that may have more than 40 epochs show every 2nd, 5th, 10th, "
      "... one and the last, where patience ends them the first 20 too, and say so; metrics.csv in the run "
      "folder has them all. NO_COLOR=1 switches colours off. "
      "Curves are drawn in Unicode where the locale's character set is UTF-8, else in ASCII.\n\n"
      "A reader that goes away (slope predict ... | head) ends the program quietly, as other tools end; it "
      "does "
      "not end training.",
      NULL },
    { "reproducibility", "one seed, one answer",
      "The same data, settings and seed give the same bits: for any number of threads, any instruction set, "
      "on "
      "every machine. The seed is 1 unless --seed says otherwise, and it is recorded. train prints a digest, "
      "FNV-1a 64 over all weights: two runs with the same digest have the same weights, bit for bit.\n\n"
      "  slope train builtin:spiral --net \"16 tanh\" --seed 3 --json\n"
      "  slope train builtin:spiral --net \"16 tanh\" --seed 3 --json --threads 1\n\n"
      "SLOPE_ISA=plain, avx2, avx512 or neon forces an instruction set; one that the machine lacks is "
      "refused. It changes the speed and nothing else.",
      NULL },
    { "files", "what a run folder holds",
      "train writes into the folder that -o names, else into runs/NAME-N, and prints which. Nothing is made "
      "before all checks have passed.\n\n"
      "  model.safetensors   the best epoch: weights, layers, scaling, class names\n"
      "  last.safetensors    all that is needed to go on; replaced while it trains\n"
      "  run.json            every setting, defaults included; digests of the data\n"
      "  metrics.csv         a row an epoch: losses, accuracies, gradient norms\n"
      "  weights.csv         a histogram of each layer's weights, an epoch\n"
      "  confusion.csv       which class was taken for which, an epoch\n\n"
      "A folder with a finished run is left alone unless --overwrite is given. A run that was stopped or "
      "killed goes on with slope train --resume RUN, and ends with the same bits as one that was not. "
      "model.safetensors can be moved anywhere and used alone; any safetensors reader can read the weights.",
      NULL },
    { "exit-status", "what the exit status says",
      "  0     done\n"
      "  1     failed while running: diverged, the disk is full, memory ran out\n"
      "  2     wrong usage or wrong input: an option, data, a file; nothing was made\n"
      "  130   stopped by Ctrl-C or SIGTERM after the step; what was learned is saved\n\n"
      "A second Ctrl-C ends at once. Where the reader of the standard output has gone away, the program is "
      "ended by SIGPIPE (a shell shows 141), or with 1 where that signal is ignored.",
      NULL },
};

const cli_topic *cli_topic_at(int index)
{
    return index < (int)(sizeof topic_all / sizeof *topic_all) ? &topic_all[index] : NULL;
}

const cli_topic *cli_topic_find(const char *name)
{
    for (int i = 0; cli_topic_at(i); i++) {
        if (strcmp(cli_topic_at(i)->name, name) == 0)
            return cli_topic_at(i);
    }
    return NULL;
}
