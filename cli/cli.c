/* cli.c - see cli.h */
#define _XOPEN_SOURCE 700
#include "cli.h"
#include "decided.h"
#include "outfile.h"
#include "system.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A list below a headline keeps its lines: only there two blanks follow a line end. */
static void cli_put_sentence(char *text)
{
    char *line = text;
    for (char *end; (end = strstr(line, "\n  ")); line = end + 1) {
        *end = 0;
        cli_put_clean(stderr, line);
        putc('\n', stderr);
    }
    cli_put_clean(stderr, line);
}

static void cli_say_list(const char *name, const char *format, va_list arguments)
{
    char sentence[10240]; /* more than the library's longest message */
    vsnprintf(sentence, sizeof sentence, format, arguments);
    fputs(name ? "slope " : "slope", stderr);
    fputs(name ? name : "", stderr);
    fputs(": ", stderr);
    cli_put_sentence(sentence);
    putc('\n', stderr);
}

void cli_say(const char *name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    cli_say_list(name, format, arguments);
    va_end(arguments);
}

int cli_wrong(const char *name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    cli_say_list(name, format, arguments);
    va_end(arguments);
    return CLI_WRONG;
}

int cli_exit_status(sl_status status)
{
    switch (status) {
    case SL_OK:
        return CLI_DONE;
    case SL_ENOMEM:
    case SL_EWRITE:
    case SL_EDIVERGED:
        return CLI_FAILED;
    case SL_ESTOPPED:
        return CLI_STOPPED;
    case SL_EINVAL:
    case SL_ESHAPE:
    case SL_EFILE:
    case SL_EFORMAT:
        break;
    }
    return CLI_WRONG;
}

int cli_failed(const char *name, const sl_ctx *ctx)
{
    const sl_status status = sl_error(ctx);
    const char *sentence = sl_message(ctx);
    cli_say(name, "%s", sentence[0] ? sentence : "failed, and the library did not say why");
    return status == SL_OK ? CLI_FAILED : cli_exit_status(status);
}

sl_ctx *cli_context(const char *name, sl_ctx_options options, int *status)
{
    const char *isa = getenv("SLOPE_ISA");
    if (isa && *isa)
        options.isa = isa;
    options.scratch = cli_system_scratch();
    if (!options.threads) {
        const int cores = sl_usable_cores();
        options.threads = cores > 256 ? 256 : cores;
        cli_decided("threads", cli_count(options.threads).text,
                    "this process may use %d core%s; no result depends on it", cores, cores == 1 ? "" : "s");
    }
    cli_decided_listen(&options);
    sl_ctx *ctx = sl_ctx_new(&options);
    if (!ctx) {
        cli_say(name, "cannot start: memory ran out, or this program was built with settings that change "
                      "results (it needs -ffp-contract=off)");
        *status = CLI_FAILED;
        return NULL;
    }
    if (sl_error(ctx) != SL_OK) {
        if (isa && *isa && sl_error(ctx) == SL_EINVAL)
            cli_say(name, "SLOPE_ISA: %s", sl_message(ctx));
        else
            cli_say(name, "%s", sl_message(ctx));
        *status = cli_exit_status(sl_error(ctx));
        sl_ctx_free(ctx);
        return NULL;
    }
    return ctx;
}

static void cli_remark(void *name, const char *line)
{
    cli_say(name, "%s", line);
}

sl_ctx *cli_context_remarks(const char *name, int threads, int *status)
{
    return cli_context(
        name, (sl_ctx_options){ .threads = threads, .log = cli_remark, .user = (void *)(uintptr_t)name },
        status);
}

void cli_dash_last(const char **run, const char **data)
{
    const char *first = *run;
    if (!*data || strcmp(first, "-") != 0)
        return;
    *run = *data;
    *data = first;
}

bool cli_has_targets(const char *name, const sl_model *model, const sl_data *data, const char *source)
{
    sl_column_info info;
    if (sl_data_has_targets(data))
        return true;
    for (int c = 0; sl_model_column(model, c, &info); c++)
        if (strcmp(info.role, "target") == 0) {
            cli_say(
                name,
                "%s: it has no column %s, the target: what is true must be known; slope predict does without",
                strcmp(source, "-") == 0 ? "standard input" : source, info.name);
            return false;
        }
    cli_say(name, "%s: it has no targets: what is true must be known; slope predict does without", source);
    return false;
}

static const char *cli_part(sl_ctx *ctx, const char *source, const char *part)
{
    if (part)
        return part;
    const bool has = sl_data_has_part(ctx, source, "test");
    cli_decided("part", has ? "test" : "all", has ? "%s has a test part" : "%s has no test part",
                strcmp(source, "-") ? source : "standard input");
    return has ? "test" : "all";
}

sl_data *cli_open_part(sl_ctx *ctx, const sl_model *model, const char *source, const char *part,
                       const char **opened)
{
    *opened = cli_part(ctx, source, part);
    return sl_data_open_for(ctx, source, *opened, model, NULL);
}

const char *cli_cut_part(sl_ctx *ctx, const char *run, const char *data, const char *part)
{
    const char *wanted = part ? part : "test";
    if (strcmp(wanted, "all") == 0 || (data && !part))
        return NULL;
    if (data && sl_data_has_part(ctx, data, wanted))
        return NULL;
    const bool asked = strcmp(wanted, "validation") == 0; /* no source has it, so refusing is the run's */
    if (!asked && !sl_run_cut_part(ctx, run, wanted))
        return NULL;
    if (!part)
        cli_decided("part", wanted, "the run cut it off its data; the same rows are drawn again");
    return wanted;
}

sl_data *cli_open_inputs(sl_ctx *ctx, const sl_model *model, const char *source, const char *part,
                         const char *keep)
{
    return sl_data_open_inputs(ctx, source, cli_part(ctx, source, part), model, keep);
}

const char *cli_run_name(const char *folder, char text[64])
{
    size_t end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/')
        end--;
    size_t start = end;
    while (start && folder[start - 1] != '/')
        start--;
    char last[64];
    snprintf(last, sizeof last, "%.*s", (int)(end - start), folder + start);
    return cli_clean(text, 64, last);
}

int cli_flush(const char *name, int status)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno != EPIPE) /* a reader that went away knows it */
        cli_say(name, "cannot write to the standard output: %s", cli_outfile_reason(errno));
    clearerr(stdout); /* said once */
    return CLI_FAILED;
}

char *cli_copy(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = 0;
    }
    return copy;
}

void cli_put_csv(FILE *stream, const char *before, const char *text)
{
    if (!text[strcspn(text, ",\"\r\n")]) {
        fprintf(stream, "%s%s", before, text);
        return;
    }
    fprintf(stream, "\"%s", before);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', stream);
        putc(*text, stream);
    }
    putc('"', stream);
}
