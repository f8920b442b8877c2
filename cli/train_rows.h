/* train_rows.h - the options of slope train, a row each, without a guard: it is read by train_options.c, and
 * by vary_options.c, where those that are SEVERAL take several values, separated by commas, or (SEVERAL_LONG,
 * as their values may have commas) by semicolons, and those in TRAIN_ONLY are not there. The defaults written
 * here are the library's; a test compares them with what a run records. */
{ TRAIN(TEXT, "target", "COLUMN", "table", target), .help = "the column to be learned; a table needs it" },
    { TRAIN(TEXT, "column", "NAME=WORD", "table", columns),
      .words = "=encoding",
      .repeats = true,
      .lines = true,
      .normal = "as the column's values say",
      .told = true,
      .help = "what a column is (number, category, date, ignore ..) or becomes, also with options: "
              "\"age=quantile bins=16\"; two names become one: \"lat,lon=fourier 32\"" },
    { TRAIN(TEXT, "numbers", "NAME", "table", numbers), .words = "=encoding",
      .normal = "standard; log where skewed", .told = true,
      .help = "what all columns of numbers become, such as \"quantile bins=32\"" },
    { TRAIN(TEXT, "missing", "WORD,...", "table", missing),
      .normal = "NA, N/A, NaN, null, none, ? and the like", .told = true,
      .help = "words that mean that there is no value, beside the empty field; \"default,-999\" adds one "
              "to the usual words" },
    { TRAIN(CHOICE, "encoding", "NAME", "table", encoding), .words = "utf8|latin1|windows-1252|replace",
      .normal = "utf8", .told = true,
      .help = "what the bytes of texts mean; replace: UTF-8, and a sign for bytes that are none" },
    { TRAIN(TEXT, "weight", "COLUMN", "table", weight), .help = "how much each row counts in the loss" },
    { TRAIN(TEXT, "delimiter", "C", "table", delimiter), .normal = "found out: comma, semicolon or tab",
      .told = true, .help = "what stands between fields: one character, or tab" },
    { TRAIN(TEXT, "decimal", "C", "table", decimal), .normal = ".", .told = true,
      .help = "the decimal mark: . or ," },
    { TRAIN(TEXT, "memory", "SIZE", "table", memory), .normal = "no limit",
      .help =
          "rows that need more, such as 300M, are packed into a file beside the run and read from there" },
    { SEVERAL_LONG(TEXT, "text", "VIEW[,VIEW]", "text", text), .words = "=view",
      .normal = "words; without --net the recipe's n-grams", .told = true,
      .help = "how texts become features, such as \"words ngrams=2 weight=nb, characters from=3 ngrams=5\"; "
              "slope catalogue view" },
    { SEVERAL_LONG(TEXT, "tokenizer", "WORDS", "text", tokenizer), .normal = "words without case, and marks",
      .told = true, .help = "what a word is, such as \"case=keep marks=drop\"; slope help tokenizer" },
    { TRAIN(TEXT, "vectors", "FILE", "text", vectors), .normal = "none: drawn at random",
      .help = "word vectors (word2vec, GloVe) that the embedding layers begin with" },
    { TRAIN(TEXT, "unlabelled", "FILE", "text", unlabelled), .words = "data", .normal = "none",
      .help = "texts without labels that the view \"documents\" learns from too: one a line, or a table's" },
    { TRAIN(TEXT, "test", "0.2|DATA", "data", test), .words = "data",
      .normal = "DATA's own test part, if it has one", .told = true,
      .help = "what the model is measured on in the end: a fraction of the rows, or data" },
    { TRAIN(TEXT, "validation", "0.1|DATA", "data", validation), .words = "data",
      .normal = "0.1; none below 50 rows or 5 a class", .told = true,
      .help =
          "rows kept out of training, by which the best epoch is chosen: a fraction, 0 for none, or data" },
    { TRAIN(TEXT, "split", "random|time=COLUMN", "data", split), .normal = "random, in each class alike",
      .told = true,
      .help = "which rows go where; time: train, validation and test follow one another in its order" },
    { TRAIN(TEXT, "group", "COLUMN", "data", group),
      .help = "rows with the same value of this column are all in one part" },
    TRAIN_ONLY({ TRAIN(WHOLE, "folds", "K", "data", folds), .low = 2, .high = 50,
                 .help = "train K times, so that every row is tested once; runs are kept in RUN/fold-1 ... "
                         "with -o only" }){
        SEVERAL(REAL, "rows", "N|SHARE", "data", rows), .above = true, .normal = "1: all",
        .help = "learn from so many of the training rows, or (at most 1) from that share of them; validation "
                "and test rows stay"
    },
    { TRAIN(TEXT, "skip-check", "NAME[,NAME]", "data", skip_checks), .words = "=check",
      .normal = "none: all look",
      .help = "leaves out looks at the data before the first step; slope catalogue check" },
    { TRAIN(CHOICE, "task", "TASK", "data", task), .words = "classification|regression",
      .normal = "follows the target", .told = true, .help = "what is learned" },

    { SEVERAL_LONG(TEXT, "net", "LAYERS", "network", net), .normal = "linear: none", .told = true,
      .help = "hidden layers, such as \"128 relu, dropout 0.2, 64 relu\"; slope help net" },
    { SEVERAL(TEXT, "activation", "NAME", "network", activation), .words = "=activation",
      .normal = "as --net says", .told = true,
      .help = "of all hidden layers, in place of their own; linear: what the net is without" },
    { SEVERAL(TEXT, "init", "NAME", "network", init), .words = "=init",
      .normal = "he for the relu family, else xavier", .told = true,
      .help = "how weights begin, also with options: \"normal std=0.1\"; slope catalogue init" },
    { TRAIN(TEXT, "weights", "LIST", "network", weights), .normal = "drawn, as --init says",
      .help = "the weights to begin with: 0.5,-1,.. layer by layer, of each row by row, [outputs, "
              "inputs]" },
    { TRAIN(TEXT, "biases", "LIST", "network", biases), .normal = "0; where --weights are given they stay so",
      .help = "the biases to begin with, likewise; given ones learn" },
    { SEVERAL(TEXT, "loss", "NAME", "network", loss), .words = "=loss", .normal = "follows the task",
      .told = true,
      .help = "what training makes small, also with options: \"huber delta=0.5\"; slope help losses" },
    { TRAIN(REAL, "interval", "PERCENT", "network", interval), .low = 50, .high = 99.9, .normal = "none",
      .help = "numbers with a lower and an upper bound, between which so many of new targets lie" },
    { SEVERAL(CHOICE, "target-scale", "NAME", "network", target_scale), .words = "none|standard|log",
      .normal = "none; of a table standard", .told = true,
      .help = "what the loss sees of a number: standard: less its mean, in deviations; log: so of its log" },

    { SEVERAL(WHOLE, "epochs", "N", "training", epochs), .low = 1,
      .normal = "until 10 epochs bring nothing better, at least 2000 steps, at most 200 epochs", .told = true,
      .help = "how often all rows are seen" },
    { SEVERAL(WHOLE, "steps", "N", "training", steps), .low = 1,
      .help = "instead: stop after so many updates" },
    { SEVERAL(WHOLE, "patience", "N", "training", patience), .low = 0,
      .normal = "10 without --epochs and --steps, else 0", .told = true,
      .help = "stop after so many epochs without improvement; 0: never" },
    { SEVERAL(WHOLE, "batch", "N", "training", batch),
      .low = 1,
      .words = "all",
      .normal = "32",
      .told = true,
      .help = "rows a step, or all" },
    { SEVERAL(WHOLE, "accumulate", "N", "training", accumulate), .low = 1, .normal = "1", .told = true,
      .help = "batches a step: the gradient of one large batch in the memory of a small one" },
    { SEVERAL(CHOICE, "sampling", "NAME", "training", sampling), .words = "shuffle|replace|order",
      .normal = "shuffle", .told = true,
      .help = "how an epoch takes the rows: each once, or drawn with replacement, or as they stand" },
    { TRAIN(SEED, "seed", "N", "training", seed), .normal = "1", .told = true,
      .help = "what all random numbers follow from: weights, shuffle, dropout, validation rows" },

    { SEVERAL(TEXT, "optimizer", "NAME", "optimizer", optimizer), .words = "=optimizer", .normal = "adam",
      .told = true,
      .help = "the rule that changes the weights, also with options: \"rmsprop rho=0.9\"; slope catalogue "
              "optimizer" },
    { SEVERAL(REAL, "lr", "X", "optimizer", lr), .above = true,
      .normal = "0.001; lion 0.0001, nadam 0.002, adagrad and rprop 0.01, adadelta and perceptron 1",
      .told = true, .help = "step size, the learning rate" },
    { SEVERAL(WHOLE, "lr-batch", "N", "optimizer", lr_batch), .low = 1,
      .help = "--lr is meant for batches of N rows: it grows with the rows of a step" },
    TRAIN_ONLY(
        { TRAIN(FLAG, "lr-range", NULL, "optimizer", lr_range),
          .help = "trains a throw-away copy with a growing step size and advises one; nothing is kept" })
#include "optimizer_rows.h"

        { SEVERAL_LONG(TEXT, "augment", "CHANGES", "care", augment), .words = "=augmentation",
          .normal = "none",
          .help = "changes the rows that are fitted, anew each epoch, such as \"rotate 10, shift 1\"" },
    { SEVERAL_LONG(TEXT, "class-weight", "WEIGHTS", "care", class_weight), .words = "balanced",
      .normal = "1 each", .told = true,
      .help = "how much a class counts in the loss: balanced, \"2, 1, 1\" or \"spam=5, ham=1\"" },

    TRAIN_ONLY({ TRAIN(TEXT, "out", "RUN", "result", out), .letter = 'o', .words = "run",
                 .normal = "runs/NAME-N", .told = true, .help = "the run folder" }){
        TRAIN(FLAG, "overwrite", NULL, "result", overwrite), .help = "replace a finished run in that folder"
    },
    { TRAIN(CHOICE, "record", "WHAT", "result", record), .words = "path|curvature|path,curvature",
      .normal = "the path of nets of at most 2,000 weights, at some epochs", .told = true,
      .help = "path: the weights at the start and after every epoch, for figures of the way they took; "
              "curvature: how curved the loss is there, the step size that this bears, and how much noise "
              "its gradient has" },
    { TRAIN(FLAG, "json", NULL, "result", json), .help = "print the result as one line of JSON" },

    TRAIN_ONLY({ TRAIN(TEXT, "resume", "RUN", "running", resume), .words = "run",
                 .help = "go on with a run that was stopped or killed; all settings are recorded in it" }){
        TRAIN(WHOLE, "threads", "N", "running", threads),
        .low = 1,
        .high = 256,
        .normal = "the usable cores",
        .told = true,
        .help = "changes the speed, never a result"
    },
    TRAIN_ONLY({ TRAIN(FLAG, "profile", NULL, "running", profile),
                 .help = "say afterwards where the time went, by layer and operator" },
               { TRAIN(FLAG, "no-watch", NULL, "running", no_watch),
                 .help = "do not say while it trains that something is wrong" }){
        TRAIN(FLAG, "quiet", NULL, "running", quiet), .letter = 'q',
        .help = "no progress and no remarks, only the result"
    },
