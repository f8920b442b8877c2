/* catalogue.c - slope catalogue */
#include <stddef.h>
#include <string.h>

#include "../cli.h"
#include "../help.h"
#include "../terminal.h"

typedef struct {
    const char *kind, *word;
    bool json, markdown;
} catalogue_settings;

static const cli_option catalogue_operands[] = {
    { .name = "KIND",
      .kind = CLI_TEXT,
      .normal = "",
      .words = "kind",
      .help =
          "layer, activation, init, loss, ...: the words of that kind with all there is to say; or one word",
      .at = offsetof(catalogue_settings, kind) },
    { .name = "WORD",
      .kind = CLI_TEXT,
      .words = "word",
      .normal = "",
      .help = "that word of KIND alone",
      .at = offsetof(catalogue_settings, word) },
    { 0 },
};

static const cli_option catalogue_options[] = {
    { .name = "json",
      .kind = CLI_FLAG,
      .help = "one line of JSON: an object with a list for each kind",
      .group = "result",
      .at = offsetof(catalogue_settings, json) },
    { .name = "markdown",
      .kind = CLI_FLAG,
      .help = "as a page in Markdown (docs/catalogue.md)",
      .group = "result",
      .at = offsetof(catalogue_settings, markdown) },
    { 0 },
};

static const cli_example catalogue_examples[] = {
    { "slope catalogue", "every word there is, a line each" },
    { "slope catalogue loss", "all losses with formula, options and source" },
    { "slope catalogue leaky_relu", "one word" },
    { "slope catalogue --json", "the same for another program" },
    { 0 },
};

/* --- for people ----------------------------------------------------------------------------------- */

static void catalogue_line(const char *head, const char *text, int indent, const cli_terminal *terminal)
{
    char line[1200];
    snprintf(line, sizeof line, "%*s%-*s %s", indent, "", 9, head, text);
    cli_help_hanging(stdout, line, indent + 10, terminal->width);
}

static void catalogue_whole_word(const sl_word *word, const cli_terminal *terminal)
{
    printf("\n%s%s%s%s%s%s\n", terminal->bold, word->name, terminal->plain, word->alias ? " (also " : "",
           word->alias ? word->alias : "", word->alias ? ")" : "");
    char text[1024];
    snprintf(text, sizeof text, "  %s", word->summary);
    cli_help_hanging(stdout, text, 2, terminal->width);
    catalogue_line("formula", word->formula, 2, terminal);
    for (const sl_option *o = word->options; o && o->name; o++) {
        char range[160], normal[160];
        snprintf(text, sizeof text, "%s: %s (%s; default %s)", o->name, o->summary, sl_option_range(range, o),
                 sl_option_normal(normal, o));
        catalogue_line(o == word->options ? "options" : "", text, 2, terminal);
    }
    if (word->example)
        catalogue_line("example", word->example, 2, terminal);
    if (strcmp(word->source, "-") != 0)
        catalogue_line("source", word->source, 2, terminal);
}

static void catalogue_heading(const sl_word_kind *kind, const cli_terminal *terminal)
{
    printf("%s%s%s: %s%s%s\n", terminal->bold, kind->name, terminal->plain, kind->summary,
           kind->where ? ", in " : "", kind->where ? kind->where : "");
}

static void catalogue_short(const sl_word_kind *kind, const cli_terminal *terminal)
{
    sl_word word;
    catalogue_heading(kind, terminal);
    for (int i = 0; sl_catalogue(kind->name, i, &word); i++) {
        char line[1024];
        const bool fits = strlen(word.name) <= 22;
        if (!fits)
            printf("  %s\n", word.name);
        snprintf(line, sizeof line, "  %-22s %s", fits ? word.name : "", word.summary);
        cli_help_hanging(stdout, line, 25, terminal->width);
    }
}

/* --- JSON and Markdown ---------------------------------------------------------------------------- */

static void catalogue_key(const char *key, const char *text, bool last)
{
    cli_json_string(stdout, key);
    printf(": ");
    cli_json_string(stdout, text);
    printf(last ? "" : ", ");
}

static void catalogue_json_word(const sl_word *word)
{
    printf("{");
    catalogue_key("name", word->name, false);
    catalogue_key("alias", word->alias, false);
    catalogue_key("summary", word->summary, false);
    catalogue_key("formula", word->formula, false);
    catalogue_key("example", word->example, false);
    catalogue_key("source", strcmp(word->source, "-") ? word->source : NULL, false);
    printf("\"options\": [");
    for (const sl_option *o = word->options; o && o->name; o++) {
        char text[160];
        printf("%s{", o == word->options ? "" : ", ");
        catalogue_key("name", o->name, false);
        catalogue_key("summary", o->summary, false);
        catalogue_key("default", sl_option_normal(text, o), false);
        catalogue_key("range", sl_option_range(text, o), true);
        printf("}");
    }
    printf("]}");
}

static void catalogue_json_kind(const sl_word_kind *kind, const char *only)
{
    sl_word word;
    bool first = true;
    cli_json_string(stdout, kind->name);
    printf(": [");
    for (int i = 0; sl_catalogue(kind->name, i, &word); i++)
        if (!only || !strcmp(only, word.name)) {
            printf(first ? "" : ", ");
            catalogue_json_word(&word);
            first = false;
        }
    printf("]");
}

/* Text in which * and _ and | have no meaning of their own. */
static void catalogue_plain(const char *text)
{
    for (; *text; text++) {
        if (strchr("*_|<>\\`", *text))
            putchar('\\');
        putchar(*text);
    }
}

static void catalogue_markdown_kind(const sl_word_kind *kind)
{
    sl_word word;
    printf("\n## %s\n\n%c%s%s%s.\n\n", kind->name, kind->summary[0] - 'a' + 'A', kind->summary + 1,
           kind->where ? ": words of " : "", kind->where ? kind->where : "");
    printf("| word | what it is | formula | options | source |\n|---|---|---|---|---|\n");
    for (int i = 0; sl_catalogue(kind->name, i, &word); i++) {
        printf("| `%s`%s%s%s | ", word.name, word.alias ? ", `" : "", word.alias ? word.alias : "",
               word.alias ? "`" : "");
        catalogue_plain(word.summary);
        if (word.example)
            printf(" (`%s`)", word.example);
        printf(" | ");
        catalogue_plain(word.formula);
        printf(" | ");
        for (const sl_option *o = word.options; o && o->name; o++) {
            char text[160];
            printf("%s`%s`: ", o == word.options ? "" : "; ", o->name);
            catalogue_plain(o->summary);
            printf(" (");
            catalogue_plain(sl_option_range(text, o));
            printf("; ");
            catalogue_plain(sl_option_normal(text, o));
            printf(")");
        }
        printf(" | ");
        catalogue_plain(strcmp(word.source, "-") ? word.source : "");
        printf(" |\n");
    }
}

/* --- which ---------------------------------------------------------------------------------------- */

static bool catalogue_find_kind(const char *name, sl_word_kind *kind)
{
    for (int i = 0; sl_catalogue_kind(i, kind); i++)
        if (!strcmp(kind->name, name))
            return true;
    return false;
}

/* The word in one kind (NULL: in all of them); how many kinds have it, each printed. */
static int catalogue_words(const char *name, const char *only_kind, bool json, const cli_terminal *terminal)
{
    sl_word_kind kind;
    sl_word word;
    int found = 0;
    for (int k = 0; sl_catalogue_kind(k, &kind); k++) {
        if (only_kind && strcmp(only_kind, kind.name) != 0)
            continue;
        for (int i = 0; sl_catalogue(kind.name, i, &word); i++) {
            if (strcmp(word.name, name) != 0 && (!word.alias || strcmp(word.alias, name) != 0))
                continue;
            if (json) {
                printf(found ? ", " : "{");
                catalogue_json_kind(&kind, word.name);
            } else {
                printf(found ? "\n" : "");
                catalogue_heading(&kind, terminal);
                catalogue_whole_word(&word, terminal);
            }
            found++;
        }
    }
    printf(json && found ? "}\n" : "");
    return found;
}

static void catalogue_try(cli_nearest *nearest, const sl_word *word)
{
    cli_nearest_try(nearest, word->name);
    if (word->alias)
        cli_nearest_try(nearest, word->alias);
}

static int catalogue_unknown(const char *name, const char *only_kind)
{
    sl_word_kind kind;
    sl_word word;
    cli_nearest nearest = { .word = name };
    for (int k = 0; sl_catalogue_kind(k, &kind); k++) {
        if (only_kind && strcmp(only_kind, kind.name) != 0)
            continue;
        if (!only_kind)
            cli_nearest_try(&nearest, kind.name);
        for (int i = 0; sl_catalogue(kind.name, i, &word); i++)
            catalogue_try(&nearest, &word);
    }
    if (nearest.best)
        return cli_wrong("catalogue", "nothing is called %s: did you mean %s?", name, nearest.best);
    for (int k = 0; only_kind && sl_catalogue_kind(k, &kind); k++) /* a word, but of another kind? */
        for (int i = 0; sl_catalogue(kind.name, i, &word); i++)
            if (!strcmp(word.name, name) || (word.alias && !strcmp(word.alias, name)))
                return cli_wrong("catalogue", "no %s is called %s: it is of the kind %s", only_kind, name,
                                 kind.name);
    return cli_wrong("catalogue", "nothing is called %s; slope catalogue%s%s lists the words", name,
                     only_kind ? " " : "", only_kind ? only_kind : "");
}

static void catalogue_all(const catalogue_settings *settings, const cli_terminal *terminal)
{
    sl_word_kind kind;
    if (settings->markdown)
        printf("# All the words\n\nWritten by `slope catalogue --markdown` from the descriptors in the "
               "sources; on a "
               "terminal\n`slope catalogue KIND` says the same.\n");
    for (int k = 0; sl_catalogue_kind(k, &kind); k++) {
        if (settings->kind && strcmp(settings->kind, kind.name) != 0)
            continue;
        if (settings->json) {
            printf(k && !settings->kind ? ", " : "{");
            catalogue_json_kind(&kind, NULL);
        } else if (settings->markdown) {
            catalogue_markdown_kind(&kind);
        } else if (settings->kind) {
            sl_word word;
            catalogue_heading(&kind, terminal);
            for (int i = 0; sl_catalogue(kind.name, i, &word); i++)
                catalogue_whole_word(&word, terminal);
        } else {
            printf(k ? "\n" : "");
            catalogue_short(&kind, terminal);
        }
    }
    printf(settings->json ? "}\n" : "");
}

static int catalogue_run(const cli_call *call)
{
    const catalogue_settings *settings = call->settings;
    const cli_terminal terminal = cli_terminal_of(stdout);
    sl_word_kind kind;
    if (settings->json && settings->markdown)
        return cli_wrong("catalogue", "--json and --markdown are two forms of the same: give one of them");
    const char *word = settings->word, *only = settings->word ? settings->kind : NULL;
    if (settings->word && !catalogue_find_kind(settings->kind, &kind))
        return catalogue_unknown(settings->kind, NULL);
    if (settings->kind && !settings->word && !catalogue_find_kind(settings->kind, &kind))
        word = settings->kind;
    if (word && settings->markdown)
        return cli_wrong("catalogue", "--markdown is a page of whole kinds: leave out %s", word);
    if (!word)
        catalogue_all(settings, &terminal);
    else if (!catalogue_words(word, only, settings->json, &terminal))
        return catalogue_unknown(word, only);
    return cli_flush("catalogue", CLI_DONE);
}

const cli_command cli_command_catalogue = {
    .name = "catalogue",
    .summary = "list all layers, activations, losses, optimizers, ... with formulas",
    .usage = "catalogue [KIND] [WORD] [--json | --markdown]",
    .about = "Lists the words that networks and trainings are described with. With a KIND, or a word: what "
             "it is, its "
             "formula, its options with their ranges and defaults, and where it comes from. All of it is "
             "read from "
             "the program's own tables, so what is listed works.\n\n"
             "A word takes options as in \"huber delta=0.5\" or \"leaky_relu:0.1\": the number behind a "
             "colon is that "
             "of the first option.",
    .examples = catalogue_examples,
    .operands = catalogue_operands,
    .options = catalogue_options,
    .size = sizeof(catalogue_settings),
    .run = catalogue_run,
    .place = 8,
};
