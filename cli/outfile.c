/* outfile.c - see outfile.h */
#define _XOPEN_SOURCE 700
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool cli_outfile_open(cli_outfile *out, const char *name, const char *path)
{
    struct stat there;
    *out = (cli_outfile){ .name = name, .stream = stdout };
    if (!path)
        return true;
    out->stream = NULL;
    if (strcmp(path, "-") == 0) {
        cli_say(name, "cannot write -: wants the name of a file; /dev/stdout is the standard output");
        return false;
    }
    const bool exists = stat(path, &there) == 0;
    const bool straight = exists && !S_ISREG(there.st_mode); /* /dev/null must stay what it is */
    int file = -1;
    out->path = exists && !straight ? realpath(path, NULL) : strdup(path); /* a link keeps pointing */
    if (out->path && straight) {
        file = open(path, O_WRONLY | O_NOCTTY);
    } else if (out->path) {
        const size_t room = strlen(out->path) + 32;
        out->beside = malloc(room);
        if (out->beside) {
            snprintf(out->beside, room, "%s.%ld.part", out->path, (long)getpid());
            file = open(out->beside, O_WRONLY | O_CREAT | O_EXCL, 0666);
        }
    }
    if (file >= 0)
        out->stream = fdopen(file, "w");
    if (out->stream)
        return true;
    cli_say(name, "cannot write %s: %s", path, strerror(errno));
    if (file >= 0)
        close(file);
    cli_outfile_discard(out);
    return false;
}

void cli_outfile_discard(cli_outfile *out)
{
    if (out->stream && out->stream != stdout) {
        fclose(out->stream);
        if (out->beside)
            unlink(out->beside);
    }
    free(out->path);
    free(out->beside);
    *out = (cli_outfile){ .name = out->name };
}

bool cli_outfile_close(cli_outfile *out)
{
    if (out->stream == stdout)
        return true; /* main looks at it */
    errno = 0;
    bool done = fflush(out->stream) == 0 && !ferror(out->stream);
    if (done && out->beside)
        done = fsync(fileno(out->stream)) == 0 && rename(out->beside, out->path) == 0;
    if (!done)
        cli_say(out->name, "cannot write %s: %s", out->path, errno ? strerror(errno) : "unknown reason");
    if (done) { /* nothing lies beside it any more */
        free(out->beside);
        out->beside = NULL;
    }
    cli_outfile_discard(out);
    return done;
}
