/* picture.c - see picture.h */
#define _XOPEN_SOURCE 700
#include "picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "outfile.h"
#include "svg.h"
#include "system.h"

enum { PICTURE_GNUPLOT = 5 };

const char *cli_picture_format(const char *command, const char *path)
{
    static const char *const formats[] = { "svg", "png", "pdf" };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++)
        if (strcmp(dot + 1, formats[i]) == 0)
            return formats[i];
    cli_say(command, "-o %s: its ending says the form: .svg, .png or .pdf", path);
    return NULL;
}

/* cairo writes the time into a PDF, at a fixed length: the same figure is to be the same file. */
static void picture_undate(cli_bytes *picture)
{
    static const char key[] = "/CreationDate (D:";
    for (size_t i = 0; i + sizeof key + 14 < picture->length; i++)
        if (picture->bytes[i] == '/' && memcmp(picture->bytes + i, key, sizeof key - 1) == 0)
            for (char *at = picture->bytes + i + sizeof key - 1; *at && *at != ')'; at++)
                if (*at >= '0' && *at <= '9')
                    *at = '0';
}

/* The title stands in the script's first line, "# TITLE ". NULL: memory ran out. */
static char *picture_title(const char *script)
{
    size_t length = strcspn(script, "\n");
    while (length && script[length - 1] == ' ')
        length--;
    return cli_copy(length > 2 ? script + 2 : "", length > 2 ? length - 2 : 0);
}

/* gnuplot's complaints show the line and point at the place: the last line says what is wrong. */
static const char *picture_complaint(cli_bytes *complaints)
{
    char *at = complaints->bytes, *last = NULL;
    while (at && *at) {
        char *end = at + strcspn(at, "\n");
        char *next = *end ? end + 1 : end;
        *end = 0;
        at += strspn(at, " \t");
        last = *at && strcmp(at, "^") != 0 ? at : last;
        at = next;
    }
    return last ? last : "it says nothing";
}

static bool picture_too_old(void)
{
    static const char *const ask[] = { "gnuplot", "--version", NULL };
    cli_program program;
    int version = PICTURE_GNUPLOT;
    if (cli_program_run(&program, ask, "", 0) && program.output.bytes &&
        strncmp(program.output.bytes, "gnuplot ", 8) == 0)
        version = atoi(program.output.bytes + 8);
    cli_program_free(&program);
    return version < PICTURE_GNUPLOT;
}

static void picture_say(const char *command, const char *name, bool ran, cli_program *program)
{
    const int reason = errno;
    const bool diagram = strcmp(name, "dot") == 0;
    if (program->missing)
        cli_say(command,
                "%s draws this and is not installed: apt install %s; without -o it is drawn in the terminal",
                name, diagram ? "graphviz" : "gnuplot-nox");
    else if (program->late)
        cli_say(command, "%s was not done in %d seconds, and was ended", name, CLI_PROGRAM_SECONDS);
    else if (program->endless)
        cli_say(command, "%s writes without end, and was ended", name);
    else if (!ran)
        cli_say(command, "%s cannot be run: %s", name, strerror(reason));
    else if (!diagram && picture_too_old())
        cli_say(command,
                "this gnuplot is too old: gnuplot %d or later draws this; without -o it is drawn in the "
                "terminal",
                PICTURE_GNUPLOT);
    else
        cli_say(command, "%s failed with status %d: %s", name, program->status,
                picture_complaint(&program->complaints));
}

/* prefix: see svg.h */
static bool picture_draw(const char *command, const char *script, bool diagram, const char *format,
                         const char *prefix, cli_bytes *picture)
{
    char type[16];
    snprintf(type, sizeof type, "-T%s", strcmp(format, "png") == 0 && diagram ? "png:cairo" : format);
    const char *const gnuplot[] = { "gnuplot", "-d", "-", NULL };
    const char *const ground = strcmp(format, "svg") == 0 ? "-Gbgcolor=transparent" : "-Gbgcolor=white";
    const char *const dot[] = { "dot", type, ground, NULL };
    cli_program program;
    const bool ran = cli_program_run(&program, diagram ? dot : gnuplot, script, strlen(script));
    bool done = ran && program.status == 0 && program.output.length;
    if (!done)
        picture_say(command, diagram ? "dot" : "gnuplot", ran, &program);
    if (done) {
        *picture = program.output;
        program.output = (cli_bytes){ 0 };
        if (strcmp(format, "pdf") == 0)
            picture_undate(picture);
        char *title = strcmp(format, "svg") == 0 ? picture_title(script) : NULL;
        if (strcmp(format, "svg") == 0 && !(title && cli_svg_tidy(picture, title, prefix))) {
            cli_say(command, "memory ran out");
            free(picture->bytes);
            *picture = (cli_bytes){ 0 };
            done = false;
        }
        free(title);
    }
    cli_program_free(&program);
    return done;
}

bool cli_picture_make(const char *command, const char *script, bool diagram, const char *format,
                      cli_bytes *picture)
{
    return picture_draw(command, script, diagram, format, NULL, picture);
}

bool cli_picture_inline(const char *command, const char *script, bool diagram, const char *prefix,
                        cli_bytes *picture)
{
    return picture_draw(command, script, diagram, "svg", prefix, picture);
}

/* Opens the file and puts nothing into it: what cannot be written is said before anything is drawn. */
static bool picture_can_write(const char *command, const char *path)
{
    struct stat there;
    cli_outfile out;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode))
        return true; /* a pipe is opened once */
    if (!cli_outfile_open(&out, command, path))
        return false;
    cli_outfile_discard(&out);
    return true;
}

int cli_picture_write(const char *command, const char *script, bool diagram, const char *path)
{
    const char *format = cli_picture_format(command, path);
    cli_bytes picture = { 0 };
    cli_outfile out;
    if (!format || !picture_can_write(command, path))
        return CLI_WRONG;
    if (!cli_picture_make(command, script, diagram, format, &picture))
        return CLI_FAILED;
    cli_system_hold_stops(); /* Ctrl-C ends this before the file is begun, or when it is there */
    int status = CLI_WRONG;
    if (cli_outfile_open(&out, command, path)) {
        if (!out.beside) /* a pipe may wait for its reader for ever */
            cli_system_free_stops();
        errno = 0;
        const bool written = fwrite(picture.bytes, 1, picture.length, out.stream) == picture.length;
        if (!written) {
            cli_say(command, "cannot write %s: %s", path, cli_outfile_reason(errno));
            cli_outfile_discard(&out);
        }
        status = written && cli_outfile_close(&out) ? CLI_DONE : CLI_FAILED;
    }
    cli_system_free_stops();
    free(picture.bytes);
    return status;
}
