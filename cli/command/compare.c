/* compare.c - slope compare */
#define _XOPEN_SOURCE 700
#include "../compare.h"
#include "../decided.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../help.h"
#include "../html.h"
#include "../outfile.h"
#include "../terminal.h"

typedef struct {
    char *runs; /* words */
    const char *out;
    bool json;
} compare_settings;

#define COMPARE_AT(field) .at = offsetof(compare_settings, field)

static const cli_option compare_operands[] = {
    { .name = "RUN",
      .kind = CLI_TEXT,
      .words = "run",
      .repeats = true,
      COMPARE_AT(runs),
      .help = "two or more run folders" },
    { 0 },
};

static const cli_option compare_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE.html",
      .words = "file",
      .group = "result",
      COMPARE_AT(out),
      .help = "write a page with the table and the figures" },
    { .name = "json",
      .kind = CLI_FLAG,
      .group = "result",
      COMPARE_AT(json),
      .help = "print one line of JSON" },
    { 0 },
};

static const cli_example compare_examples[] = {
    { "slope compare runs/digits-1 runs/digits-2", "what differs between them, and what came of it" },
    { "slope compare runs/digits-* -o compare.html", "as a page, with their curves" },
    { 0 },
};

/* Settings first, then results, as many as the terminal has room for; the last ones go. */
static int compare_table(const cli_compare *c)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const int settings = c->differences->count;
    char text[96], name[64];
    for (int drop = 0; drop <= c->columns + settings; drop++) {
        const int results = c->columns > drop ? c->columns - drop : c->columns ? 1 : 0;
        int shown = settings - (drop > c->columns ? drop - c->columns : 0);
        cli_table table;
        cli_table_begin(&table, 1 + shown + results, "lr");
        cli_table_cell(&table, "run");
        for (int s = 0; s < shown; s++)
            cli_table_cell(&table, c->differences->setting[s].name);
        for (int r = 0; r < results; r++)
            cli_table_cell(&table, c->column[r].name);
        for (int i = 0; i < c->count; i++) {
            cli_table_cell(&table, cli_run_name(c->runs[i], name));
            for (int s = 0; s < shown; s++)
                cli_table_cell(&table, c->differences->setting[s].texts[i]);
            for (int r = 0; r < results; r++) {
                cli_compare_cell(&c->column[r], i, false, text);
                strcat(text, c->column[r].best == i ? " *" : c->column[r].plain ? "" : "  ");
                cli_table_cell(&table, text);
            }
        }
        const bool fits = cli_table_width(&table, 0, 2) <= terminal.width;
        const bool last = drop == c->columns + settings || (results <= 1 && shown <= 0);
        if (!fits && !last) {
            cli_table_free(&table);
            continue;
        }
        const bool done = cli_table_print(&table, stdout, 0, 2, &terminal);
        cli_table_free(&table);
        if (drop && !fits)
            return done ? CLI_DONE : CLI_FAILED;
        if (drop)
            cli_decided("columns shown", "some", "all of them do not fit into the %d columns of the terminal",
                        terminal.width);
        if (drop)
            printf("(%d columns more with -o FILE.html or --json)\n",
                   c->columns - results + settings - shown);
        return done ? CLI_DONE : CLI_FAILED;
    }
    return CLI_DONE;
}

static int compare_print(const cli_compare *c)
{
    char remarks[2048];
    const cli_terminal terminal = cli_terminal_of(stdout);
    const int status = compare_table(c);
    puts("* the best of its column");
    if (!c->differences->count)
        puts("their settings are the same");
    cli_compare_remarks(c, remarks, sizeof remarks);
    for (char *line = strtok(remarks, "\n"); line; line = strtok(NULL, "\n"))
        cli_help_text(stdout, line, 0, terminal.width);
    return status;
}

static void compare_json(const cli_compare *c)
{
    fputs("{\"runs\":[", stdout);
    for (int i = 0; i < c->count; i++) {
        fputs(i ? ",{\"run\":" : "{\"run\":", stdout);
        cli_json_string(stdout, c->runs[i]);
        fputs(",\"settings\":{", stdout);
        for (int s = 0; s < c->differences->count; s++) {
            if (s)
                putchar(',');
            cli_json_string(stdout, c->differences->setting[s].name);
            putchar(':');
            cli_json_string(stdout, c->differences->setting[s].texts[i]);
        }
        putchar('}');
        for (int r = 0; r < c->columns; r++) {
            const cli_compare_column *column = &c->column[r];
            printf(",\"%s\":", column->key);
            cli_json_number(stdout, column->value[i]);
            if (column->low[i] == column->low[i]) {
                printf(",\"%s_low\":", column->key);
                cli_json_number(stdout, column->low[i]);
                printf(",\"%s_high\":", column->key);
                cli_json_number(stdout, column->high[i]);
            }
        }
        fputs(",\"digest\":", stdout);
        cli_json_string(stdout, sl_run_read(c->ctx, c->runs[i], "result.digest"));
        putchar('}');
    }
    printf("],\"same_start\":%s,\"same_data\":%s}\n", c->same_start ? "true" : "false",
           c->same_data ? "true" : "false");
}

static void compare_page_row(FILE *out, const cli_compare *c, int run, const char **cells, char (*texts)[96])
{
    int at = 0;
    if (run >= 0)
        cli_run_name(c->runs[run], texts[0]);
    cells[at++] = run < 0 ? "run" : texts[0];
    for (int s = 0; s < c->differences->count; s++)
        cells[at++] = run < 0 ? c->differences->setting[s].name : c->differences->setting[s].texts[run];
    for (int r = 0; r < c->columns; r++, at++)
        cells[at] = run < 0 ? c->column[r].name : cli_compare_cell(&c->column[r], run, true, texts[1 + r]);
    cells[at++] = run < 0 ? "command" : sl_run_command(c->ctx, c->runs[run]);
    cells[at] = NULL;
    cli_html_row(out, run < 0, cells);
}

static bool compare_page(const cli_compare *c, FILE *out)
{
    char remarks[2048], (*texts)[96] = malloc((size_t)(c->columns + 1) * sizeof *texts);
    const char **cells = malloc((size_t)(c->differences->count + c->columns + 3) * sizeof *cells);
    if (texts && cells) {
        cli_html_begin(out, "Runs compared");
        cli_compare_remarks(c, remarks, sizeof remarks);
        for (char *line = strtok(remarks, "\n"); line; line = strtok(NULL, "\n")) {
            fputs("<p>", out);
            cli_html_text(out, line);
            fputs("</p>\n", out);
        }
        cli_html_table_begin(
            out, "The settings that differ, and the results with 95 % intervals where they were taken");
        for (int i = -1; i < c->count; i++)
            compare_page_row(out, c, i, cells, texts);
        cli_html_table_end(out);
        cli_html_section(out, "Figures");
        fputs("<div class=\"figures\">\n", out);
        cli_html_figures figures = { .stream = out, .command = "compare", .ctx = c->ctx };
        const sl_figure_request request = { .runs = c->runs, .run_count = c->count };
        static const char *const kinds[] = { "curves", "compare" };
        for (int i = 0; i < 2; i++) {
            char made_by[64];
            snprintf(made_by, sizeof made_by, "slope plot RUN RUN .. %s", kinds[i]);
            sl_figure *figure = sl_figure_make(c->ctx, kinds[i], &request);
            cli_html_figure(&figures, figure, kinds[i], made_by);
            sl_figure_free(figure);
        }
        fputs("</div>\n", out);
        cli_html_end(out);
    }
    const bool done = texts && cells;
    free(texts);
    free(cells);
    return done;
}

static int compare_write(const cli_compare *c, const char *path)
{
    cli_outfile out;
    if (!cli_outfile_open(&out, "compare", path))
        return CLI_WRONG;
    if (!compare_page(c, out.stream)) {
        cli_outfile_discard(&out);
        cli_say("compare", "out of memory");
        return CLI_FAILED;
    }
    if (!cli_outfile_close(&out))
        return CLI_FAILED;
    cli_say(NULL, "%s is written", path);
    return CLI_DONE;
}

static int compare_run(const cli_call *call)
{
    const compare_settings *s = call->settings;
    int status = CLI_DONE, count = 0;
    const char **runs = cli_words(s->runs, &count);
    sl_ctx *ctx = runs ? cli_context("compare", (sl_ctx_options){ 0 }, &status) : NULL;
    cli_compare compare;
    if (!ctx)
        status = status ? status : CLI_FAILED;
    else if (count < 2)
        status = cli_wrong("compare", "%s alone: two runs or more are compared", runs[0]);
    else if (!cli_compare_open(&compare, "compare", ctx, runs, count))
        status = CLI_WRONG;
    else if (s->json)
        compare_json(&compare);
    else
        status = compare_print(&compare);
    if (ctx && status == CLI_DONE && s->out)
        status = compare_write(&compare, s->out);
    if (ctx && status == CLI_DONE)
        cli_compare_close(&compare);
    sl_ctx_free(ctx);
    free(runs);
    return cli_flush("compare", status);
}

const cli_command cli_command_compare = {
    .name = "compare",
    .summary = "several runs beside one another: which settings differ, and what came of it",
    .usage = "compare RUN RUN [RUN ...] [-o FILE.html] [--json]",
    .about =
        "Shows the settings that differ between runs, the results with a star at the best of each, whether "
        "all began with the same weights and data, and whether intervals overlap. -o writes a page with "
        "the learning curves laid over one another and the result against the setting.",
    .examples = compare_examples,
    .operands = compare_operands,
    .options = compare_options,
    .size = sizeof(compare_settings),
    .run = compare_run,
    .place = 7,
};
