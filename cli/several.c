/* several.c - see several.h */
#define _XOPEN_SOURCE 700
#include "several.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "outfile.h"
#include "system.h"

static bool several_is_file(const char *run)
{
    struct stat status;
    return stat(run, &status) == 0 && S_ISREG(status.st_mode);
}

/* A model stands where the data should. */
static bool several_is_run(const char *source)
{
    static const char end[] = ".safetensors";
    const size_t length = strlen(source);
    char path[4096];
    if (length >= sizeof end && strcmp(source + length - (sizeof end - 1), end) == 0)
        return true;
    return snprintf(path, sizeof path, "%s/run.json", source) < (int)sizeof path && several_is_file(path);
}

int cli_several_read(cli_several *several, const char *command, const char *run, const char *rest)
{
    int words = 1;
    *several = (cli_several){ 0 };
    for (const char *at = rest; at && *at; at += strlen(at) + 1)
        words++;
    const char **word = several->run = calloc((size_t)words, sizeof *word);
    several->model = calloc((size_t)words, sizeof *several->model);
    several->data = calloc((size_t)words, sizeof *several->data);
    if (!word || !several->model || !several->data) {
        cli_say(command, "memory ran out");
        return CLI_FAILED;
    }
    word[0] = run;
    for (int i = 1; i < words; i++, rest += strlen(rest) + 1)
        word[i] = rest;
    for (int i = 0; i + 1 < words; i++) /* the standard input is never a run */
        if (strcmp(word[i], "-") == 0) {
            const char *dash = word[i];
            memmove(word + i, word + i + 1, (size_t)(words - i - 1) * sizeof *word);
            word[words - 1] = dash;
            break;
        }
    several->count = words > 1 ? words - 1 : 1;
    several->source = words > 1 ? word[words - 1] : NULL;
    several->all = (sl_several){
        .models = several->model, .data = several->data, .names = several->run, .count = several->count
    };
    if (several->source && several_is_run(several->source))
        return cli_wrong(command,
                         "%s is a trained model, and DATA is missing, which comes last: wants slope %s "
                         "RUN ... DATA",
                         several->source, command);
    return CLI_GO_ON;
}

void cli_several_free(cli_several *several)
{
    free(several->run);
    free(several->model);
    free(several->data);
}

static int several_load(const cli_several *several, const char *command, sl_ctx *ctx)
{
    for (int i = 0; i < several->count; i++)
        if (!several->model[i] && !(several->model[i] = sl_model_load(ctx, several->run[i])))
            return cli_failed(command, ctx);
    return sl_several_alike(ctx, &several->all) == SL_OK ? CLI_GO_ON : cli_failed(command, ctx);
}

/* The standard input can be read only once: into a file, whose name lies in `path` [room]. */
static int several_spool(const char *command, char *path, size_t room)
{
    char piece[1 << 14];
    size_t got;
    FILE *file = cli_system_temporary("slope-input", path, room);
    const bool made = file != NULL;
    bool written = file != NULL;
    while (written && (got = fread(piece, 1, sizeof piece, stdin)) > 0)
        written = fwrite(piece, 1, got, file) == got;
    if (file && fclose(file) != 0)
        written = false;
    if (written && !ferror(stdin))
        return CLI_GO_ON;
    cli_say(command, "%s: cannot keep the standard input for several models: %s", path,
            cli_outfile_reason(errno));
    if (made)
        remove(path);
    return CLI_FAILED;
}

typedef struct {
    const char *part, *keep;
    bool targets;
} several_wanted;

static const sl_data *several_one(const cli_several *several, sl_ctx *ctx, int i, const char *source,
                                  const several_wanted *wanted, const char **opened)
{
    const char *run = several->run[i];
    if (!wanted->targets)
        return cli_open_inputs(ctx, several->model[i], source, wanted->part, wanted->keep);
    const char *cut = several_is_file(run) ? NULL : cli_cut_part(ctx, run, several->source, wanted->part);
    return cut ? sl_run_open_part(ctx, run, source, *opened = cut)
               : cli_open_part(ctx, several->model[i], source, wanted->part, opened);
}

static int several_all(cli_several *several, const char *command, sl_ctx *ctx, const several_wanted *wanted,
                       const char **opened)
{
    char path[1024] = "";
    const char *source = several->source;
    int status = several_load(several, command, ctx);
    if (status == CLI_GO_ON && several->count > 1 && strcmp(source, "-") == 0) {
        status = several_spool(command, path, sizeof path);
        source = path;
    }
    for (int i = 0; i < several->count && status == CLI_GO_ON; i++) {
        several->data[i] = several_one(several, ctx, i, source, wanted, opened);
        if (!several->data[i])
            status = cli_failed(command, ctx);
        else if (wanted->targets &&
                 !cli_has_targets(command, several->model[i], several->data[i], several->source))
            status = CLI_WRONG;
    }
    if (*path)
        remove(path);
    return status;
}

int cli_several_open(cli_several *several, const char *command, sl_ctx *ctx, const char *part,
                     const char **opened)
{
    return several_all(several, command, ctx, &(several_wanted){ part, NULL, true }, opened);
}

int cli_several_inputs(cli_several *several, const char *command, sl_ctx *ctx, const char *part,
                       const char *keep)
{
    const char *opened = NULL;
    return several_all(several, command, ctx, &(several_wanted){ part, keep, false }, &opened);
}
