/* outfile.c - see outfile.h */
#define _XOPEN_SOURCE 700
#include "outfile.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system.h"

/* What lies beside files that are being written, so that Ctrl-C leaves nothing behind. */
enum { OUTFILE_MOST = 8 };
static const char *volatile outfile_beside[OUTFILE_MOST];

static void outfile_stop(int number)
{
    for (int i = 0; i < OUTFILE_MOST; i++)
        if (outfile_beside[i])
            remove(outfile_beside[i]);
    signal(number, SIG_DFL);
    raise(number); /* whoever waits sees that it was stopped; a shell says 130 */
}

/* Who has a handler of his own stops, and discards, by himself. */
static void outfile_watch(const char *beside)
{
    for (int i = 0; i < OUTFILE_MOST; i++)
        if (!outfile_beside[i]) {
            outfile_beside[i] = beside;
            break;
        }
    cli_system_on_stop(outfile_stop, true);
}

static void outfile_forget(const char *beside)
{
    for (int i = 0; beside && i < OUTFILE_MOST; i++)
        if (outfile_beside[i] == beside)
            outfile_beside[i] = NULL;
}

/* A name in the same folder that nobody else has; the name of a file may be 255 bytes long. */
static char *outfile_name_beside(const char *path)
{
    enum { OUTFILE_SHORT = 200 };
    const char *slash = strrchr(path, '/');
    const size_t folder = slash ? (size_t)(slash - path) + 1 : 0, name = strlen(path + folder);
    const size_t room = folder + name + 32;
    char *beside = malloc(room);
    if (beside)
        snprintf(beside, room, "%.*s.%ld.part", (int)(folder + (name < OUTFILE_SHORT ? name : OUTFILE_SHORT)),
                 path, (long)getpid());
    return beside;
}

const char *cli_outfile_reason(int error)
{
    switch (error) {
    case 0:
        return "unknown reason";
    case ENOSPC:
        return "the disk is full: make room there, or take another place";
#ifdef EDQUOT
    case EDQUOT:
        return "the disk quota is used up: make room there, or take another place";
#endif
    case EFBIG:
        return "the file would be larger than it may be (ulimit -f): raise that, or write less";
    case EIO:
        return "the disk reports an error: take another disk";
    case EROFS:
        return "the file system is read-only: take another place";
    case EACCES:
    case EPERM:
        return "permission denied: take another place";
    case ENOENT:
        return "its folder is not there: make it first";
    case ENOTDIR:
        return "a part of the path is not a folder: take another place";
    case EISDIR:
        return "it is a folder: give the name of a file";
    case ENAMETOOLONG:
        return "the name is too long: take a shorter one";
    case EBADF:
        return "it is closed";
    default:
        return strerror(error);
    }
}

const char *cli_outfile_keep(cli_outfile_kept *kept, const char *path)
{
    *kept = (cli_outfile_kept){ .path = cli_system_target(path) };
    kept->there = kept->path && cli_system_mode_keep(kept->path, &kept->mode);
    return kept->path;
}

void cli_outfile_keep_end(cli_outfile_kept *kept)
{
    if (kept->there)
        cli_system_mode_kept(kept->path, &kept->mode);
    free(kept->path);
}

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
    const bool straight = exists && !S_ISREG(there.st_mode);       /* /dev/null must stay what it is */
    out->path = straight ? strdup(path) : cli_system_target(path); /* a link keeps pointing */
    if (out->path && straight) {
        out->stream = fopen(path, "wb");
    } else if (out->path) {
        out->beside = outfile_name_beside(out->path);
        if (out->beside)
            out->stream = cli_system_create(out->beside, exists ? path : NULL);
        if (out->stream)
            outfile_watch(out->beside);
    }
    if (out->stream)
        return true;
    cli_say(name, "cannot write %s: %s", path, cli_outfile_reason(errno));
    cli_outfile_discard(out);
    return false;
}

void cli_outfile_discard(cli_outfile *out)
{
    if (out->stream && out->stream != stdout) {
        fclose(out->stream);
        if (out->beside)
            remove(out->beside);
    }
    outfile_forget(out->beside);
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
        done = cli_system_settle(out->stream, out->beside, out->path);
    if (!done)
        cli_say(out->name, "cannot write %s: %s", out->path, cli_outfile_reason(errno));
    if (done) { /* nothing lies beside it any more */
        outfile_forget(out->beside);
        free(out->beside);
        out->beside = NULL;
    }
    cli_outfile_discard(out);
    return done;
}
