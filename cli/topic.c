/* topic.c - what `slope help TOPIC` says. The lists of words are sl_catalogue's, so they cannot go stale. */
#include <string.h>

#include "help.h"

static const cli_topic topic_all[] = {
    { "data", "what DATA can be",
      "DATA is recognised, not declared. It is one of:\n\n"
      "  a table: CSV, TSV, .txt, with a line of names first; also .gz\n"
      "      train it with --target COLUMN; - is the standard input\n"
      "  JSON lines (an object a line): a table, its columns are the names; also .gz\n"
      "  fastText's lines, __label__NAME and a text; also .gz\n"
      "  a folder of texts: train/CLASS/NAME.txt, perhaps test/, or CLASS/NAME.txt\n"
      "  one text a line, also .gz or from -: to predict, where a model reads texts\n"
      "  arrays of numpy (.npy, .npz), FANN's training files; also .gz\n"
      "  a folder of IDX files, plain or .gz, with MNIST's names:\n"
      "      train-images-idx3-ubyte   train-labels-idx1-ubyte\n"
      "      t10k-images-idx3-ubyte    t10k-labels-idx1-ubyte\n"
      "  one IDX file of images: inputs without labels, for predict\n"
      "  .npy, an array of numpy: columns x0, x1, ..; --target says which is learned\n"
      "  .npz, arrays x and y, or x_train, y_train, x_test, y_test\n"
      "  a training file of FANN\n"
      "  builtin:NAME?option=value&option=value: a set that the program makes, offline\n\n"
      "Where DATA has two parts, train fits on the train part, takes validation rows from it and reports the "
      "test part; eval and predict use the test part unless --part says otherwise. Images are scaled to "
      "0..1; "
      "the model file remembers how, so predict takes the same raw input.\n\n"
      "A table is UTF-8 (else --encoding); comma, semicolon, tab or bar stands between its fields, as the "
      "first records say. "
      "What a column is (number, category, date, ...) follows from all of its values, and train says why; "
      "--column NAME=WORD says otherwise. Empty fields, NA, null, ? and the like are missing values. What is "
      "wrong is told with line and column, and nothing is made. predict and eval find columns by their "
      "names, "
      "in any order; predict looks at the inputs alone. slope show RUN lists the columns. A column of "
      "sentences is an input too: slope help texts.\n\n"
      "A built-in set has a seed of its own (seed=, default 1), which --seed does not touch: "
      "\"builtin:spiral?rows=500&noise=0.1&seed=7\". Quote it, because & and ? mean something to the shell. "
      "digits has test_rows= beside rows= and seed=, the others have noise=; xor has no options.",
      "data" },
    { "net", "the language of --net",
      "--net lists the hidden layers, from the input to the output, with commas between them. Input and "
      "output layer come from the data, and the last layer gives what the loss wants, logits as a rule: "
      "softmax and sigmoid belong to the loss and are not written at the end.\n\n"
      "  128 relu                         one hidden layer of 128 units\n"
      "  128 relu, dropout 0.2, 64 relu   two; in training a fifth of the first is off\n"
      "  64                               a layer without activation: linear\n"
      "  64 leaky_relu slope=0.1          an option of the activation behind its word\n"
      "  64 relu init=xavier bias=no      options of the layer: init, bias, name, ...\n"
      "  64, batch_norm, relu             a word alone is a layer, an activation too\n"
      "  100 x 16 relu                    a hundred layers of 16 units\n"
      "  4 x [16, batch_norm, relu]       brackets: all of it, four times\n"
      "  8, residual [8 relu, 8]          adds what goes in to what comes out\n"
      "  basis x1+x2+x1*x2+sin(x1), 8 tanh   features of the inputs, in this order\n"
      "  fourier 16, 32 relu              waves of the inputs, learned frequencies\n"
      "  category 4 rows=3, 32 relu       the first input is a category, 0 to 2\n"
      "  8 relu, 8 relu name=a, 8 relu share=a   two layers with the same weights\n"
      "  64 relu freeze=yes               weights that training leaves as they are\n"
      "  64 lr_scale=0.1 decay=0          a step size and a decay of their own\n"
      "  linear                           no hidden layer: logistic, linear regression\n\n"
      "What stands in residual [...] must give as many numbers as it takes. Layers without an "
      "activation in between amount to one layer: slope show RUN --collapse shows it.\n\n"
      "slope help layers lists the layers with their options, slope help activations the activations, "
      "slope help initialisers how weights begin. --activation NAME tries another activation in all "
      "hidden layers.",
      NULL },
    { "layers", "what a net is made of",
      "Words of --net (slope help net says how they are put together). A number alone is a dense layer, "
      "and an activation's word the layer of that name. A layer may have a name (name=NAME), by which "
      "share= finds it and slope show and messages call it.",
      "layer" },
    { "activations", "what follows a layer's sum",
      "An activation stands behind the number of units, with its options: --net \"128 relu, 64 "
      "leaky_relu slope=0.1\"; or alone, as a layer: --net \"128, batch_norm, relu\". softmax and "
      "log_softmax look at all units of a row, the others at one. step has no slope to learn by: a "
      "net with it is refused (the loss perceptron brings its own).",
      "activation" },
    { "initialisers", "how weights begin",
      "Without --init: he for layers whose activation is of the relu family, else xavier; init=NAME in "
      "--net is for one layer. Biases begin at 0, with pytorch at random. The numbers follow from "
      "--seed. Options stand behind the word: --init \"normal std=0.01\"; in --net behind a colon, "
      "init=normal:0.01, which is the first option.",
      "init" },
    { "losses", "what training makes small",
      "Without --loss it follows the task: two classes have one logit and binary_cross_entropy, more "
      "classes a logit each and cross_entropy, a number mean_squared. Options stand behind the word: "
      "--loss \"huber delta=0.5\".\n\n"
      "A loss is a mean over rows, or over rows and outputs, so it does not grow with the batch; "
      "reduction=sum trains on the sum, and what is reported is the mean all the same. --class-weight says "
      "how much the rows of a class count. A loss that does "
      "not fit the last layer or the targets is refused before the first step.\n\n"
      "--target-scale standard lets a loss of numbers see the target less its mean, in deviations, and log "
      "so its logarithm; predictions and figures stay in the target's units. --interval 90 takes the loss "
      "interval, with three outputs: a prediction and two bounds, corrected on the validation rows so that "
      "90 % of new targets lie between them.",
      "loss" },
    { "optimizers", "the rules that change the weights",
      "--optimizer names the rule, --lr its step size. Options stand behind the word: --optimizer "
      "\"rmsprop rho=0.9 epsilon=1e-7\". Every rule that goes by gradients has these too, also as "
      "--decay, --clip-norm, ...; none has an "
      "effect unless it is given, but for adamw's decay of 0.01:\n\n"
      "  decay        adds decay w to the gradient; adamw, lion: w <- w (1 - lr decay)\n"
      "  clip_value   no element of the gradient is larger\n"
      "  clip_norm    the gradient of all weights is no longer\n"
      "  l1, l1_prox  adds l1 sign(w); or takes lr l1_prox off |w|, to exactly 0\n"
      "  max_norm     no row of a weight matrix is longer\n"
      "  average      memory of an average of the weights, such as 0.999\n\n"
      "Biases do not decay and have no l1. The methods that look at all rows (lbfgs, and for small nets "
      "newton, coordinate_descent, random_search, simplex, annealing, genetic) find the length of their "
      "steps themselves: --lr, --schedule and --batch are refused; --decay is part of the loss that they "
      "see.",
      "optimizer" },
    { "schedules", "how the step size goes on",
      "--schedule names the way that the step size goes from --lr, with its options behind the word: "
      "--schedule \"step every=1000 factor=0.1\". --warmup says what comes before: steps in which it "
      "grows from 0 to --lr, step t of W with t/W of it; --warmup 200 means 200 steps, --warmup 0.1 a "
      "tenth of all. A schedule that ends, and a share of all steps, want --epochs or --steps. "
      "metrics.csv has the step size of each epoch's last step.",
      "schedule" },
    { "metrics", "how good the answers are",
      "slope eval shows those that apply to the task, each beside what always the same answer would "
      "get; slope eval --json has every one under its own name. One that is not defined, as auc where "
      "there is one class alone, is left out.",
      "metric" },
    { "augmentations", "rows changed at random",
      "--augment takes words with commas between them, each with its first option as a bare number: "
      "--augment \"elastic alpha=40 sigma=5, rotate 10, shift 1\". Rows that are fitted are changed "
      "anew in each epoch; those that measure stay as they are. All but noise want pictures.",
      "augmentation" },
    { "encodings", "columns of a table as numbers",
      "A net sees numbers, and an encoding says how a column becomes some: --column \"city=category 8\", or "
      "--column \"latitude,longitude=fourier 32\" for two together. Where nothing is asked for, number "
      "columns "
      "take standard, or log where they are never negative, skewed by more than 2, and by less than half of "
      "that after it; categories take one_hot up to 16 slots, else category; booleans and dates their own. "
      "What is needed for it (means, knots, frequent words) comes from the training rows alone and is in the "
      "model file. A number that is missing becomes the median, and another number says 1 where it was; a "
      "missing word is a category of its own, as far as training rows lack some.",
      "encoding" },
    { "texts", "texts as features: views",
      "A column of free text becomes tokens (slope help tokens), and tokens become features by views: --text "
      "\"words ngrams=2, characters\" is two of them. A view's vocabulary comes from the training rows alone "
      "and "
      "is in the model file; slope tokenizer TEXT --text VIEWS shows what one makes of a sentence.\n\n"
      "Without --net, logistic regression on words and their n-grams. --net \"bag 16 relu, 16 relu\" has a "
      "hidden layer, --net \"embedding 100, mean_pool, 64 relu\" learned vectors (or max_pool, "
      "attention_pool; --vectors FILE begins with others'). Numbers and categories beside the texts join "
      "behind these. slope predict RUN --set text=\"...\" --why says which words pushed.",
      "view" },
    { "tokens", "what a text is cut into",
      "Words, numbers, punctuation marks and addresses are a token each; letters are folded and composed, "
      "HTML "
      "is taken out, no n-gram reaches over a paragraph's end. --tokenizer \"case=keep marks=drop\" says "
      "otherwise. docs/tokenizer.md has all rules; slope tokenizer TEXT shows what they do.",
      "tokenizer" },
    { "findings", "what goes wrong in a training",
      "slope diagnose repeats a training, measures it, and looks for these. What counts is in the formula; a "
      "fault is what a change of settings mends, in a training from the same seed.\n\n",
      "finding" },
    { "checks", "looks at the data before the first step",
      "A column that gives the target away, test rows that were trained on, a class that is missing: such "
      "data "
      "give figures that mean nothing. What certainly does is an error (status 2), what may is a remark; "
      "--skip-check NAME leaves one out where it is meant so. Most of them look at tables only.",
      "check" },
    { "functions", "landscapes to descend on",
      "slope descend walks down these, or a formula of x, or of x and y. Options stand behind the name: "
      "slope "
      "descend \"bowl b=50\"; they are the numbers of that name in the formula. Each has a start, a step "
      "size "
      "and a range of its own, which are taken where nothing else is said.",
      "function" },
    { "operators", "what the tape records, in the library",
      "Each is a function of slope.h, sl_NAME(tape, ...), whose comment has shapes and ranges. slope "
      "gradcheck proves their gradients.",
      "operator" },
    { "figures", "what slope plot draws",
      "slope plot RUN FIGURE draws one of these in the terminal, with -o NAME.svg, .png or .pdf into a file. "
      "Some are drawn without a run: slope plot activations.",
      "figure" },
    { "output", "what is printed where",
      "Results go to the standard output, progress and remarks to the standard error: slope train DATA > "
      "result.txt keeps the screen alive, 2> log.txt keeps the log. --json prints the result as one line of "
      "JSON, with the shortest decimals that read back as the same numbers; --quiet silences the rest. "
      "Numbers "
      "never follow the locale.\n\n"
      "On a terminal train draws the loss curves and a line with the time left below the rows, again and "
      "again, at most ten times a second; the curves stay when it ends. A window lower than 16 lines or "
      "narrower than 50 columns has the line alone. Where the standard error is "
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
      "  baselines.safetensors   a linear model and the like, fitted to the same rows\n"
      "  last.safetensors    all that is needed to go on; replaced while it trains\n"
      "  run.json            every setting, defaults included; digests of the data\n"
      "  metrics.csv         a row an epoch: losses, accuracies, gradient norms\n"
      "  steps.csv           the losses of the steps, in at most 2,000 rows\n"
      "  weights.csv         a histogram of each layer's weights, an epoch\n"
      "  activations.csv     what activations give: mean, saturated, dead\n"
      "  path.bin            the weights of epochs: small nets, or --record path\n"
      "  confusion.csv       which class was taken for which, an epoch\n\n"
      "A folder with a finished run is left alone unless --overwrite is given. A run that was stopped or "
      "killed goes on with slope train --resume RUN, and ends with the same bits as one that was not. A full "
      "disk ends no run: what could not be written is said, and tried again. "
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
