/* explain_write.c - where an explanation goes, and in which form. */
#include <string.h>

#include "explain.h"
#include "html.h"
#include "outfile.h"
#include "terminal.h"

static bool explain_ends(const char *file, const char *ending)
{
    const size_t length = strlen(file), own = strlen(ending);
    return length > own && !strcmp(file + length - own, ending);
}

const char *cli_explain_syntax(const explain_settings *settings)
{
    const char *file = settings->more.equation ? settings->out : NULL;
    return !file                        ? NULL
           : explain_ends(file, ".py")  ? "python"
           : explain_ends(file, ".c")   ? "c"
           : explain_ends(file, ".tex") ? "latex"
                                        : NULL;
}

/* What FILE's ending asks for; NULL: nothing that is known. */
static const char *explain_ending(const char *file)
{
    static const char *const ends[][2] = { { ".md", "markdown" }, { ".html", "html" }, { ".htm", "html" },
                                           { ".tex", "latex" },   { ".txt", "text" },  { ".json", "json" } };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (explain_ends(file, ends[i][0]))
            return ends[i][1];
    return NULL;
}

static const char *explain_format(const explain_settings *settings)
{
    if (settings->json)
        return "json";
    if (settings->format)
        return settings->format;
    const char *syntax = cli_explain_syntax(settings);
    if (syntax && strcmp(syntax, "latex") != 0)
        return "text"; /* the program alone */
    return settings->out ? explain_ending(settings->out) : "text";
}

int cli_explain_form(const explain_settings *settings)
{
    if (settings->json && settings->format)
        return cli_wrong("explain", "--json and --format %s: wants one of them", settings->format);
    const char *syntax = cli_explain_syntax(settings), *other = settings->more.syntax;
    if (syntax && (settings->json || settings->format))
        return cli_wrong("explain",
                         "-o %s is the equation in --syntax %s: leave --%s out, or take another name",
                         settings->out, syntax, settings->json ? "json" : "format");
    if (syntax && other && strcmp(syntax, other) != 0)
        return cli_wrong("explain",
                         "-o %s is of --syntax %s, not of %s: leave --syntax out, or take another name",
                         settings->out, syntax, other);
    if (!explain_format(settings))
        return cli_wrong("explain",
                         "-o %s: wants a name that ends in .txt, .md, .html, .tex or .json (with --equation "
                         "also in .py or .c); with --format any name does",
                         settings->out);
    return CLI_DONE;
}

int cli_explain_write(const explain_settings *settings, const sl_ctx *ctx, sl_explanation *e,
                      explain_writer *writer)
{
    cli_outfile out;
    const cli_terminal terminal = cli_terminal_of(stdout);
    const char *format = explain_format(settings);
    const bool page = !strcmp(format, "html");
    const char *text =
        writer(e, format, settings->out ? 0 : terminal.width, !settings->out && *terminal.bold);
    if (!text)
        return cli_explain_failed(ctx);
    if (!cli_outfile_open(&out, "explain", settings->out))
        return CLI_FAILED;
    char title[160];
    const explain_more_settings *more = &settings->more;
    snprintf(title, sizeof title,
             more->equation        ? "%.100s: its equation"
             : more->collapse      ? "%.100s: its linear layers"
             : more->cost          ? "%.100s: what it costs"
             : settings->steps > 1 ? "%.100s: %d steps, explained"
                                   : "%.100s: a step, explained",
             settings->run   ? settings->run
             : settings->net ? settings->net
                             : "linear",
             settings->steps);
    if (page)
        cli_html_begin(out.stream, title);
    fputs(text, out.stream);
    if (page)
        cli_html_end(out.stream);
    return cli_outfile_close(&out) ? CLI_DONE : CLI_FAILED;
}
