/* tokenizer.c - slope tokenizer: what a text is cut into, and the n-grams of it. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../cli.h"
#include "../terminal.h"

typedef struct {
    const char *text, *tokenizer, *views;
    bool json;
} tokenizer_settings;

static const cli_option tokenizer_operands[] = {
    { .name = "TEXT",
      .kind = CLI_TEXT,
      .help = "a sentence in quotes; -: the standard input",
      .at = offsetof(tokenizer_settings, text) },
    { 0 },
};

static const cli_option tokenizer_options[] = {
    { .name = "tokenizer",
      .kind = CLI_TEXT,
      .value = "WORDS",
      .normal = "\"\"",
      .help = "its options: \"case=keep marks=drop\" (slope catalogue tokenizer)",
      .group = "texts",
      .at = offsetof(tokenizer_settings, tokenizer) },
    { .name = "text",
      .kind = CLI_TEXT,
      .value = "VIEWS",
      .normal = "words",
      .help = "n-grams too: \"words ngrams=2\" (slope catalogue view)",
      .group = "texts",
      .at = offsetof(tokenizer_settings, views) },
    { .name = "json",
      .kind = CLI_FLAG,
      .help = "one line of JSON on the standard output",
      .group = "result",
      .at = offsetof(tokenizer_settings, json) },
    { 0 },
};

static const cli_example tokenizer_examples[] = {
    { "slope tokenizer \"It's GREAT<br />7/10, don't miss it...\"", "tokens, their kinds and bytes" },
    { "slope tokenizer \"not good\" --text \"words ngrams=2\"", "and the n-grams that a model would see" },
    { "slope tokenizer - --tokenizer marks=drop <review.txt", "a file, without punctuation" },
    { 0 },
};

enum { TOKENIZER_SHOWN = 200 };

/* All of the standard input; NULL: said. */
static char *tokenizer_input(size_t *length)
{
    char *text = NULL;
    size_t room = 0;
    *length = 0;
    for (;;) {
        if (*length + 4096 > room) {
            room = room * 2 + 8192;
            char *larger = realloc(text, room);
            if (!larger) {
                free(text);
                cli_say("tokenizer", "out of memory: %zu bytes wanted", room);
                return NULL;
            }
            text = larger;
        }
        const size_t got = fread(text + *length, 1, room - *length, stdin);
        *length += got;
        if (!got)
            break;
    }
    if (!ferror(stdin))
        return text;
    free(text);
    cli_say("tokenizer", "the standard input cannot be read");
    return NULL;
}

/* A token's or feature's text, closed by a 0. */
static const char *tokenizer_closed(char shown[TOKENIZER_SHOWN], const char *text, size_t length)
{
    const size_t most = length < TOKENIZER_SHOWN - 1 ? length : TOKENIZER_SHOWN - 1;
    memcpy(shown, text, most);
    shown[most] = 0;
    return shown;
}

static void tokenizer_json(const sl_tokenized *tokenized, size_t length)
{
    sl_tokenized_token token;
    const char *view;
    size_t first, count;
    char text[4096];
    printf("{\"bytes\": %zu, \"tokens\": [", length);
    for (size_t i = 0; sl_tokenized_at(tokenized, i, &token); i++) {
        char *whole = malloc(token.length + 1);
        if (!whole)
            break;
        memcpy(whole, token.text, token.length);
        whole[token.length] = 0;
        printf(i ? ", {\"text\": " : "{\"text\": ");
        cli_json_string(stdout, whole);
        printf(", \"kind\": \"%s\", \"from\": %zu, \"to\": %zu}", token.kind, token.from, token.to);
        free(whole);
    }
    printf("], \"features\": [");
    for (size_t i = 0; sl_tokenized_feature(tokenized, i, &view, &first, &count, text, sizeof text); i++) {
        printf(i ? ", {\"view\": \"%s\", \"text\": " : "{\"view\": \"%s\", \"text\": ", view);
        cli_json_string(stdout, text);
        printf(", \"first\": %zu, \"tokens\": %zu}", first, count);
    }
    printf("]}\n");
}

static bool tokenizer_tokens(const sl_tokenized *tokenized, const cli_terminal *terminal)
{
    cli_table table;
    sl_tokenized_token token;
    char shown[TOKENIZER_SHOWN];
    cli_table_begin(&table, 4, "rllr");
    cli_table_cell(&table, "");
    cli_table_cell(&table, "token");
    cli_table_cell(&table, "kind");
    cli_table_cell(&table, "bytes");
    for (size_t i = 0; sl_tokenized_at(tokenized, i, &token); i++) {
        snprintf(shown, sizeof shown, "%zu", i + 1);
        cli_table_cell(&table, shown);
        cli_table_cell(&table, tokenizer_closed(shown, token.text, token.length));
        cli_table_cell(&table, token.kind);
        snprintf(shown, sizeof shown, "%zu..%zu", token.from, token.to - 1);
        cli_table_cell(&table, shown);
    }
    const bool printed = cli_table_print(&table, stdout, 0, 2, terminal);
    cli_table_free(&table);
    return printed;
}

/* What the views add to the words themselves. */
static bool tokenizer_features(const sl_tokenized *tokenized, const cli_terminal *terminal)
{
    cli_table table;
    const char *view;
    size_t first, count;
    char text[TOKENIZER_SHOWN], number[32];
    cli_table_begin(&table, 3, "llr");
    cli_table_cell(&table, "feature");
    cli_table_cell(&table, "view");
    cli_table_cell(&table, "tokens");
    for (size_t i = 0; sl_tokenized_feature(tokenized, i, &view, &first, &count, text, sizeof text); i++) {
        cli_table_cell(&table, text);
        cli_table_cell(&table, view);
        snprintf(number, sizeof number, count > 1 ? "%zu..%zu" : "%zu", first + 1, first + count);
        cli_table_cell(&table, number);
    }
    printf("\n");
    const bool printed = cli_table_print(&table, stdout, 0, 2, terminal);
    cli_table_free(&table);
    return printed;
}

static int tokenizer_run(const cli_call *call)
{
    const tokenizer_settings *settings = call->settings;
    int status = CLI_DONE;
    size_t length = strlen(settings->text);
    char *input = NULL;
    if (!strcmp(settings->text, "-") && !(input = tokenizer_input(&length)))
        return CLI_FAILED;
    sl_ctx *ctx = cli_context("tokenizer", (sl_ctx_options){ .threads = 1 }, &status);
    if (!ctx) {
        free(input);
        return status;
    }
    sl_tokenized_token token;
    const cli_terminal terminal = cli_terminal_of(stdout);
    sl_tokenized *tokenized =
        sl_tokenize_text(ctx, input ? input : settings->text, length, settings->tokenizer, settings->views);
    if (!tokenized)
        status = cli_failed("tokenizer", ctx);
    else if (settings->json)
        tokenizer_json(tokenized, length);
    else if (!sl_tokenized_at(tokenized, 0, &token))
        printf("no tokens\n");
    else if (!tokenizer_tokens(tokenized, &terminal) ||
             (cli_given(call, "text") && !tokenizer_features(tokenized, &terminal)))
        status = CLI_FAILED;
    sl_tokenized_free(tokenized);
    sl_ctx_free(ctx);
    free(input);
    return cli_flush("tokenizer", status);
}

const cli_command cli_command_tokenizer = {
    .name = "tokenizer",
    .summary = "show what a sentence is cut into: words, marks, n-grams",
    .usage = "tokenizer TEXT [--tokenizer WORDS] [--text VIEWS] [--json]",
    .about =
        "Cuts a text as training and prediction would: letters are folded and composed, a number, an "
        "address and a run of the same mark are one token each, HTML is taken out. A break is the end of "
        "a paragraph: no n-gram reaches over it. Bytes count from 0.\n\n"
        "--text: the features that these views make of the text, each with the tokens that it comes "
        "from. Every n-gram of the text counts as known here; a model knows those of its training rows.",
    .examples = tokenizer_examples,
    .operands = tokenizer_operands,
    .options = tokenizer_options,
    .size = sizeof(tokenizer_settings),
    .run = tokenizer_run,
    .place = 9,
};
