/* options.c - fuzz: words of a command line, a 0 between them, for a command with an option of each kind:
 * they are refused with a sentence, or every value that was stored is in the range that its option promises.
 */
#include "../../cli/nearest.c"
#include "../../cli/option.c"

#include <stdarg.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char fuzz_options_said[4096];

void cli_say(const char *name, const char *format, ...)
{
    va_list arguments;
    (void)name;
    va_start(arguments, format);
    vsnprintf(fuzz_options_said, sizeof fuzz_options_said, format, arguments);
    va_end(arguments);
}

int cli_wrong(const char *name, const char *format, ...)
{
    va_list arguments;
    (void)name;
    va_start(arguments, format);
    vsnprintf(fuzz_options_said, sizeof fuzz_options_said, format, arguments);
    va_end(arguments);
    return CLI_WRONG;
}

int cli_help_command(FILE *stream, const cli_command *command)
{
    (void)stream, (void)command;
    strcpy(fuzz_options_said, "help");
    return CLI_DONE;
}

typedef struct {
    bool quiet;
    const char *net, *part, *columns, *data, *more;
    int epochs, batch;
    uint64_t seed;
    double lr, rate;
} fuzz_options_settings;

#define FUZZ_AT(field) .at = offsetof(fuzz_options_settings, field)
static const cli_option fuzz_options_all[] = {
    { .name = "quiet", .letter = 'q', .kind = CLI_FLAG, FUZZ_AT(quiet) },
    { .name = "net", .kind = CLI_TEXT, .value = "LAYERS", FUZZ_AT(net) },
    { .name = "part", .kind = CLI_CHOICE, .words = "train|test|all", FUZZ_AT(part) },
    { .name = "column", .kind = CLI_TEXT, .value = "NAME=WORD", .repeats = true, FUZZ_AT(columns) },
    { .name = "epochs", .letter = 'e', .kind = CLI_WHOLE, .low = 1, FUZZ_AT(epochs) },
    { .name = "batch", .kind = CLI_WHOLE, .low = 1, .high = 1000, .words = "all", FUZZ_AT(batch) },
    { .name = "seed", .kind = CLI_SEED, FUZZ_AT(seed) },
    { .name = "lr", .kind = CLI_REAL, .above = true, FUZZ_AT(lr) },
    { .name = "rate", .kind = CLI_REAL, .high = 1, .below = true, FUZZ_AT(rate) },
    { 0 },
};
static const cli_option fuzz_options_operands[] = {
    { .name = "DATA", .kind = CLI_TEXT, .value = "DATA", .help = "rows", FUZZ_AT(data) },
    { .name = "MORE",
      .kind = CLI_TEXT,
      .value = "MORE",
      .help = "more",
      .repeats = true,
      .normal = "none",
      FUZZ_AT(more) },
    { 0 },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { WORDS = 32 };
    static const cli_command command = { .name = "fuzz",
                                         .operands = fuzz_options_operands,
                                         .options = fuzz_options_all };
    char *text = malloc(size + 1), *words[WORDS + 1] = { NULL };
    int count = 0;
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = 0;
    for (char *at = text; at < text + size && count < WORDS; at += strlen(at) + 1)
        words[count++] = at;
    fuzz_options_settings s = { .quiet = false, .epochs = 1, .batch = 1, .seed = 1, .lr = 1 };
    cli_call call = { .command = &command };
    *fuzz_options_said = 0;
    const int status = cli_parse(&call, &s, count, words);
    if (status != CLI_GO_ON && !*fuzz_options_said)
        abort();
    if (s.epochs < 1 || (s.batch != -1 && (s.batch < 1 || s.batch > 1000)) || !s.seed || !((float)s.lr > 0) ||
        !(s.lr < 1e39) || !((float)s.rate >= 0 && (float)s.rate < 1))
        abort();
    if (s.part && strcmp(s.part, "train") && strcmp(s.part, "test") && strcmp(s.part, "all"))
        abort();
    if (status == CLI_GO_ON && (!s.data || !*s.data || (s.net && !*s.net)))
        abort();
    if (status == CLI_GO_ON && cli_given(&call, "part") != (s.part != NULL))
        abort();
    cli_parse_free(&call, &s);
    free(text);
    return 0;
}
