/* picture.c - see picture.h */
#define _XOPEN_SOURCE 700
#include "picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "outfile.h"

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

bool cli_picture_make(const char *command, const char *script, bool diagram, const char *format,
                      cli_bytes *picture)
{
    char type[16];
    snprintf(type, sizeof type, "-T%s", format);
    const char *const gnuplot[] = { "gnuplot", "-d", "-", NULL }, *const dot[] = { "dot", type, NULL };
    const char *const name = diagram ? "dot" : "gnuplot";
    cli_program program;
    const bool ran = cli_program_run(&program, diagram ? dot : gnuplot, script, strlen(script));
    const bool done = ran && program.status == 0 && program.output.length;
    if (!ran && program.missing)
        cli_say(command,
                "%s draws this and is not installed: apt install %s; without -o it is drawn in the terminal",
                name, diagram ? "graphviz" : "gnuplot-nox");
    else if (!ran)
        cli_say(command, "%s cannot be run: %s", name, strerror(errno));
    else if (!done)
        cli_say(command, "%s failed with status %d: %s", name, program.status,
                program.complaints.bytes ? program.complaints.bytes : "it says nothing");
    if (done) {
        *picture = program.output;
        program.output = (cli_bytes){ 0 };
        picture_undate(picture);
    }
    cli_program_free(&program);
    return done;
}

int cli_picture_write(const char *command, const char *script, bool diagram, const char *path)
{
    const char *format = cli_picture_format(command, path);
    cli_bytes picture = { 0 };
    cli_outfile out;
    if (!format)
        return CLI_WRONG;
    if (!cli_outfile_open(&out, command, path))
        return CLI_WRONG;
    if (!cli_picture_make(command, script, diagram, format, &picture)) {
        cli_outfile_discard(&out);
        return CLI_WRONG;
    }
    const bool written = fwrite(picture.bytes, 1, picture.length, out.stream) == picture.length;
    free(picture.bytes);
    if (!written)
        cli_say(command, "cannot write %s: %s", path, strerror(errno));
    if (!written)
        cli_outfile_discard(&out);
    return written && cli_outfile_close(&out) ? CLI_DONE : CLI_FAILED;
}
