/* vectors_look.c - see vectors_look.h */
#define _XOPEN_SOURCE 700
#include "vectors_look.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "outfile.h"

enum { LOOK_NEAR = 10, LOOK_MAP = 1000 };

bool cli_is_run(const char *path)
{
    static const char end[] = ".safetensors";
    const size_t length = strlen(path), own = sizeof end - 1;
    struct stat status;
    return (length > own && strcmp(path + length - own, end) == 0) ||
           (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* Of a file, or the table of vectors that a model has learned. */
static sl_vectors *look_open(sl_ctx *ctx, const char *path)
{
    if (!cli_is_run(path))
        return sl_vectors_read(ctx, path);
    const sl_model *model = sl_model_load(ctx, path);
    return model ? sl_model_vectors(ctx, model) : NULL;
}

/* The word's number; SIZE_MAX, and said: the file has none. */
static size_t look_word(const sl_vectors *v, const char *word, const char *file)
{
    const size_t found = sl_vectors_find(v, word);
    if (found != SIZE_MAX)
        return found;
    cli_nearest nearest = { .word = word };
    for (size_t i = 0; i < sl_vectors_count(v); i++)
        cli_nearest_try(&nearest, sl_vectors_word(v, i));
    if (nearest.best)
        cli_wrong("vectors", "%s has no word '%s': did you mean '%s'?", file, word, nearest.best);
    else
        cli_wrong("vectors", "%s has no word '%s'", file, word);
    return found;
}

int cli_vectors_near(sl_ctx *ctx, const cli_vectors_look *s, const char *const *words, size_t count)
{
    if (count != 2)
        return cli_wrong("vectors",
                         "near wants a WORD and a FILE or RUN: slope vectors near good reviews.vec");
    sl_vectors *v = look_open(ctx, words[1]);
    if (!v)
        return cli_failed("vectors", ctx);
    const size_t word = look_word(v, words[0], words[1]), most = (size_t)(s->most ? s->most : LOOK_NEAR);
    if (word == SIZE_MAX)
        return CLI_WRONG;
    size_t *near = calloc(most, sizeof *near), found = 0;
    double *cosine = calloc(most, sizeof *cosine);
    int status = CLI_DONE;
    if (!near || !cosine) {
        cli_say("vectors", "memory ran out");
        status = CLI_FAILED;
    } else if (sl_vectors_near(v, word, most, near, cosine, &found)) {
        status = cli_failed("vectors", ctx);
    }
    if (status == CLI_DONE && s->json) {
        fputs("{\"word\":", stdout);
        cli_json_string(stdout, sl_vectors_word(v, word));
        fputs(",\"near\":[", stdout);
    }
    for (size_t i = 0; i < found && status == CLI_DONE; i++) {
        if (s->json) {
            fputs(i ? ",{\"word\":" : "{\"word\":", stdout);
            cli_json_string(stdout, sl_vectors_word(v, near[i]));
            fputs(",\"cosine\":", stdout);
            cli_json_number(stdout, cosine[i]);
            putchar('}');
        } else {
            printf("%s  ", cli_fixed(cosine[i], 4).text);
            cli_put_clean(stdout, sl_vectors_word(v, near[i]));
            putchar('\n');
        }
    }
    if (status == CLI_DONE && s->json)
        puts("]}");
    free(near);
    free(cosine);
    return status;
}

static int look_points(sl_ctx *ctx, const cli_vectors_look *s, const sl_vectors *v, const size_t *words,
                       size_t count)
{
    cli_outfile out;
    double share[2], *xy = calloc(count ? count : 1, 2 * sizeof *xy);
    int status = CLI_FAILED;
    if (!xy)
        cli_say("vectors", "memory ran out");
    else if (sl_vectors_map(v, words, count, xy, share))
        status = cli_failed("vectors", ctx);
    else if (cli_outfile_open(&out, "vectors", s->out)) {
        fputs("word,x,y\n", out.stream);
        for (size_t i = 0; i < count; i++) {
            char x[32], y[32];
            cli_put_csv(out.stream, "", sl_vectors_word(v, words ? words[i] : i));
            fprintf(out.stream, ",%s,%s\n", sl_number_text(x, xy[2 * i]), sl_number_text(y, xy[2 * i + 1]));
        }
        status = cli_outfile_close(&out) ? CLI_DONE : CLI_FAILED;
    }
    if (status == CLI_DONE && !s->quiet)
        cli_say("vectors", "the two directions hold %s and %s of the variance of %s words",
                cli_percent(share[0]).text, cli_percent(share[1]).text, cli_count((double)count).text);
    free(xy);
    return status;
}

int cli_vectors_map(sl_ctx *ctx, const cli_vectors_look *s, const char *const *words, size_t count)
{
    if (!count)
        return cli_wrong("vectors", "map wants a FILE or RUN: slope vectors map reviews.vec");
    struct stat file;
    if (count == 2 && cli_is_run(words[0]) &&
        (stat(words[1], &file) == 0 || strncmp(words[1], "builtin:", 8) == 0))
        return cli_texts_map(ctx, s, words[0], words[1]);
    sl_vectors *v = look_open(ctx, words[0]);
    if (!v)
        return cli_failed("vectors", ctx);
    size_t most = (size_t)(s->most ? s->most : LOOK_MAP);
    most = most < sl_vectors_count(v) ? most : sl_vectors_count(v);
    if (count == 1)
        return look_points(ctx, s, v, NULL, most);
    size_t *which = calloc(count, sizeof *which);
    int status = which ? CLI_DONE : CLI_FAILED;
    if (!which)
        cli_say("vectors", "memory ran out");
    for (size_t i = 1; i < count && status == CLI_DONE; i++) {
        which[i - 1] = look_word(v, words[i], words[0]);
        status = which[i - 1] == SIZE_MAX ? CLI_WRONG : CLI_DONE;
    }
    if (status == CLI_DONE)
        status = look_points(ctx, s, v, which, count - 1);
    free(which);
    return status;
}
