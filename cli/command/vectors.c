/* vectors.c - slope vectors: learn word vectors, ask for neighbours, lay words out on a plane. */
#define _XOPEN_SOURCE 700
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../outfile.h"
#include "../cli.h"
#include "../progress.h"
#include "../vectors_look.h"

typedef struct {
    char *words; /* words: near, map, probe or texts; then what belongs to it */
    const char *out, *model, *subwords, *tokenizer;
    int size, window, negatives, least, epochs, threads, most;
    double sample, lr;
    uint64_t seed;
    bool json, quiet;
} vectors_settings;

#define VECTORS_AT(field) .at = offsetof(vectors_settings, field)

static const cli_option vectors_operands[] = {
    { .name = "TEXT",
      .kind = CLI_TEXT,
      .words = "data",
      .repeats = true,
      VECTORS_AT(words),
      .help =
          "a file with a text a line (also .gz; - is the standard input), a CSV file with columns of text, "
          "a folder of texts; or near, map or probe, and what belongs to it" },
    { 0 },
};

static const cli_option vectors_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE",
      .words = "file",
      .group = "result",
      VECTORS_AT(out),
      .help = "write the vectors here, as text, or (FILE.bin) as word2vec's binary file; of map: the CSV" },
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      VECTORS_AT(json),
      .help = "print one line of JSON" },
    { .name = "model",
      .kind = CLI_CHOICE,
      .value = "WORD",
      .words = "skipgram|cbow",
      .told = true,
      .normal = "skipgram",
      .group = "vectors",
      VECTORS_AT(model),
      .help = "from each word those around it, or from those around it the word" },
    { .name = "size",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 4096,
      .told = true,
      .normal = "100",
      .group = "vectors",
      VECTORS_AT(size),
      .help = "numbers of a vector" },
    { .name = "window",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 50,
      .told = true,
      .normal = "5",
      .group = "vectors",
      VECTORS_AT(window),
      .help = "the most words on either side that a word is learned from" },
    { .name = "negatives",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 50,
      .told = true,
      .normal = "5",
      .group = "vectors",
      VECTORS_AT(negatives),
      .help = "words drawn at random for each, to be told apart from it" },
    { .name = "subwords",
      .kind = CLI_TEXT,
      .value = "FROM..TO",
      .group = "vectors",
      VECTORS_AT(subwords),
      .help = "words are also made of their character n-grams of so many characters, as in 3..6" },
    { .name = "least",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .told = true,
      .normal = "5",
      .group = "words",
      VECTORS_AT(least),
      .help = "words that occur less often are left out" },
    { .name = "sample",
      .kind = CLI_REAL,
      .value = "X",
      .low = 0,
      .high = 1,
      .above = true,
      .told = true,
      .normal = "0.001",
      .group = "words",
      VECTORS_AT(sample),
      .help = "words that are a larger share of the texts are often passed over; 1: none" },
    { .name = "tokenizer",
      .kind = CLI_TEXT,
      .value = "WORDS",
      .group = "words",
      VECTORS_AT(tokenizer),
      .help = "how texts are cut into words" },
    { .name = "epochs",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 100000,
      .told = true,
      .normal = "5",
      .group = "learning",
      VECTORS_AT(epochs),
      .help = "passes over the texts" },
    { .name = "lr",
      .kind = CLI_REAL,
      .value = "X",
      .low = 0,
      .high = 10,
      .above = true,
      .told = true,
      .normal = "0.025, of cbow 0.05",
      .group = "learning",
      VECTORS_AT(lr),
      .help = "step size at the beginning; it falls to 0" },
    { .name = "top",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 100000,
      .normal = "10",
      .group = "near and map",
      VECTORS_AT(most),
      .help = "of near: so many words; of map without WORDs: so many of the file, by default 1000; of map "
              "RUN DATA: so many rows, by default all" },
    { .name = "seed",
      .kind = CLI_SEED,
      .value = "N",
      .told = true,
      .normal = "1",
      .group = "running",
      VECTORS_AT(seed),
      .help = "everything random follows from it" },
    { .name = "threads",
      .kind = CLI_WHOLE,
      .value = "N",
      .low = 1,
      .high = 256,
      .told = true,
      .normal = "the usable cores",
      .group = "running",
      VECTORS_AT(threads),
      .help = "changes the speed, never a result" },
    { .name = "quiet",
      .letter = 'q',
      .kind = CLI_FLAG,
      .group = "running",
      VECTORS_AT(quiet),
      .help = "no progress, no remarks" },
    { 0 },
};

static const cli_example vectors_examples[] = {
    { "slope vectors reviews.txt -o reviews.vec", "a vector for each word of a file with a text a line" },
    { "slope vectors reviews.csv more.txt.gz -o words.bin --size 300", "of several, as a binary file" },
    { "slope vectors near good reviews.vec", "the words that are used as good is" },
    { "slope vectors map reviews.vec good bad actor film -o map.csv", "where they lie on a plane" },
    { "slope vectors map runs/reviews-1 reviews.csv -o map.csv", "where a model's texts lie" },
    { "slope vectors probe runs/reviews-1", "what a model can tell apart, and what it cannot" },
    { 0 },
};

static int vectors_bad_number(const char *what)
{
    return cli_wrong("vectors", "--subwords %s: wants two whole numbers, 1 to 20, as in 3..6", what);
}

static int vectors_subwords(const char *text, sl_vectors_options *options)
{
    char *end;
    if (!text)
        return CLI_GO_ON;
    const long from = strtol(text, &end, 10);
    if (end == text || strncmp(end, "..", 2) != 0)
        return vectors_bad_number(text);
    const char *second = end + 2;
    const long to = strtol(second, &end, 10);
    if (end == second || *end || from < 1 || to < from || to > 20)
        return vectors_bad_number(text);
    options->subwords_from = (int)from;
    options->subwords_to = (int)to;
    return CLI_GO_ON;
}

typedef struct {
    cli_screen screen;
    bool quiet;
    double loss, all, seconds;
} vectors_shown;

static sl_status vectors_progress(void *user, const sl_vectors_progress *now)
{
    vectors_shown *shown = user;
    if (now->loss > 0)
        shown->loss = now->loss;
    shown->all = now->all;
    shown->seconds = now->seconds;
    if (cli_stop_wanted())
        return SL_ESTOPPED;
    const double clock = cli_screen_clock();
    if (shown->quiet || !cli_screen_due(&shown->screen, clock) || now->done <= 0)
        return SL_OK;
    enum { DONE, RATE, LEFT, LOSS, PIECES };
    cli_piece piece[PIECES] = { [RATE] = { .rank = 0 }, [LEFT] = { .rank = 1 }, [LOSS] = { .rank = -1 } };
    piece[DONE].rank = 2;
    enum { ROOM = sizeof piece->text };
    char line[CLI_BAR_SIZE];
    const double part = now->done / now->all;
    snprintf(piece[DONE].text, ROOM, "%s ", cli_percent(part).text);
    snprintf(piece[RATE].text, ROOM, "  %s words/s",
             cli_count((double)(size_t)(now->done / now->seconds)).text);
    snprintf(piece[LEFT].text, ROOM, "  %s left",
             cli_duration(now->seconds * (now->all - now->done) / now->done).text);
    snprintf(piece[LOSS].text, ROOM, "  loss %s", cli_rounded(now->loss).text);
    cli_terminal_measure(&shown->screen.terminal, stderr);
    cli_screen_bar(line, &shown->screen, part, piece, PIECES);
    cli_screen_draw(&shown->screen, line, clock, false);
    return SL_OK;
}

static void vectors_result(const vectors_settings *s, const sl_vectors *v, const vectors_shown *shown)
{
    const double speed = shown->seconds > 0 ? shown->all / shown->seconds : 0;
    if (s->json) {
        printf("{\"words\":%zu,\"size\":%d,\"loss\":", sl_vectors_count(v), sl_vectors_size(v));
        cli_json_number(stdout, shown->loss);
        fputs(",\"seconds\":", stdout);
        cli_json_number(stdout, shown->seconds);
        fputs(",\"words_per_s\":", stdout);
        cli_json_number(stdout, speed);
        printf(",\"digest\":\"%016" PRIx64 "\",\"file\":", sl_vectors_digest(v));
        cli_json_string(stdout, s->out);
        puts("}");
        return;
    }
    printf("%s words, %d numbers each, in %s: ", cli_count((double)sl_vectors_count(v)).text,
           sl_vectors_size(v), cli_duration(shown->seconds).text);
    printf("%s words/s, loss %s\ndigest %016" PRIx64 "\n", cli_count((double)(size_t)speed).text,
           cli_rounded(shown->loss).text, sl_vectors_digest(v));
    cli_put_clean(stdout, s->out);
    putchar('\n');
}

static int vectors_train(sl_ctx *ctx, const vectors_settings *s, const char *const *texts, size_t count)
{
    sl_vectors_options options = { .model = s->model,
                                   .size = s->size,
                                   .window = s->window,
                                   .negatives = s->negatives,
                                   .epochs = s->epochs,
                                   .least = s->least,
                                   .sample = s->sample,
                                   .lr = s->lr,
                                   .tokenizer = s->tokenizer,
                                   .progress = vectors_progress };
    vectors_shown shown = { .quiet = s->quiet };
    options.user = &shown;
    if (!s->out)
        return cli_wrong("vectors", "-o FILE is missing: where the vectors are to be written");
    const int status = vectors_subwords(s->subwords, &options);
    if (status != CLI_GO_ON)
        return status;
    cli_catch_stop();
    cli_screen_begin(&shown.screen);
    shown.screen.drawn_at = cli_screen_clock();
    sl_vectors *v = sl_vectors_train(ctx, texts, count, &options);
    cli_screen_clear(&shown.screen);
    cli_outfile_kept kept;
    const bool written = v && cli_outfile_keep(&kept, s->out) && !sl_vectors_write(v, kept.path);
    if (v)
        cli_outfile_keep_end(&kept);
    if (!written)
        return cli_failed("vectors", ctx);
    vectors_result(s, v, &shown);
    return CLI_DONE;
}

static void vectors_log(void *user, const char *line)
{
    (void)user;
    cli_say("vectors", "%s", line);
}

static int vectors_run(const cli_call *call)
{
    const vectors_settings *s = call->settings;
    int given, status = CLI_FAILED;
    const char **words = cli_words(s->words, &given);
    const size_t count = (size_t)given;
    const cli_vectors_look look = { s->out, s->most, s->json, s->quiet };
    sl_ctx *ctx = NULL;
    if (!words)
        cli_say("vectors", "memory ran out");
    else
        ctx = cli_context(
            "vectors",
            (sl_ctx_options){ .seed = s->seed, .threads = s->threads, .log = s->quiet ? NULL : vectors_log },
            &status);
    if (ctx && strcmp(words[0], "near") == 0)
        status = cli_vectors_near(ctx, &look, words + 1, count - 1);
    else if (ctx && strcmp(words[0], "map") == 0)
        status = cli_vectors_map(ctx, &look, words + 1, count - 1);
    else if (ctx && strcmp(words[0], "probe") == 0)
        status = cli_texts_probe(ctx, &look, words + 1, count - 1);
    else if (ctx)
        status = vectors_train(ctx, s, words, count);
    sl_ctx_free(ctx);
    free(words);
    return status;
}

const cli_command cli_command_vectors = {
    .name = "vectors",
    .summary = "learn a vector for each word of a pile of texts",
    .usage = "vectors TEXT [TEXT ...] -o FILE [OPTION ...]\nvectors near WORD FILE|RUN [--top N]\n"
             "vectors map FILE|RUN [WORD ...] [-o FILE.csv]\nvectors map RUN DATA [-o FILE.csv]\n"
             "vectors probe RUN [PAIRS.csv]",
    .about =
        "Learns word vectors from texts without labels: words that are used alike get vectors that point the "
        "same way. Skip-gram or CBOW with negative sampling, as in word2vec, on as many threads as there "
        "are; "
        "the same bits come out for any number of them. FILE is what word2vec writes, and most programs "
        "read.\n\n"
        "near lists the words whose vectors have the largest cosine with WORD's; map writes the two "
        "principal "
        "components of words as CSV (word,x,y), for a figure. Both read word2vec's text and binary files, "
        "fastText's .vec and GloVe's, also .gz. Of a RUN they take the vectors that its embedding has "
        "learned.\n\n"
        "map RUN DATA writes what the model's last pool or bag makes of each text of DATA, in two principal "
        "components (x,y,class,prediction,text). probe compares pairs of sentences, those that are shipped "
        "or "
        "the columns a and b of a CSV file: cosine and distance of what the pool makes of them, both "
        "predictions, and whether they are the same for the model.",
    .examples = vectors_examples,
    .operands = vectors_operands,
    .options = vectors_options,
    .size = sizeof(vectors_settings),
    .run = vectors_run,
};
