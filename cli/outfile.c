/* outfile.c - see outfile.h */
#define _XOPEN_SOURCE 700
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What lies beside files that are being written, so that Ctrl-C leaves nothing behind. */
enum { OUTFILE_MOST = 8 };
static const char *volatile outfile_beside[OUTFILE_MOST];

static void outfile_stop(int number)
{
    for (int i = 0; i < OUTFILE_MOST; i++)
        if (outfile_beside[i])
            unlink(outfile_beside[i]);
    signal(number, SIG_DFL);
    raise(number); /* whoever waits sees that it was stopped; a shell says 130 */
}

/* Who has a handler of his own stops, and discards, by himself. */
static void outfile_watch(const char *beside)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    for (int i = 0; i < OUTFILE_MOST; i++)
        if (!outfile_beside[i]) {
            outfile_beside[i] = beside;
            break;
        }
    for (int i = 0; i < 3; i++) {
        struct sigaction action, ours = { .sa_handler = outfile_stop };
        if (sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler == SIG_DFL)
            sigaction(numbers[i], &ours, NULL);
    }
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

/* What replaces a file belongs to whom it belonged, as far as the system allows, and is as secret. */
static void outfile_like(int file, const struct stat *there)
{
    struct stat made;
    if (fstat(file, &made) != 0)
        return;
    const bool given = (made.st_uid == there->st_uid && made.st_gid == there->st_gid) ||
                       fchown(file, there->st_uid, there->st_gid) == 0;
    if (fchmod(file, there->st_mode & (given ? 0777 : 0707)) != 0)
        return; /* a file system without */
}

/* Where a link leads, also to what is not there yet, else the path itself. free(). */
static char *outfile_target(const char *path)
{
    enum { OUTFILE_LINKS = 16, OUTFILE_PATH = 4096 };
    char *real = realpath(path, NULL), to[OUTFILE_PATH];
    if (real)
        return real;
    char *at = strdup(path);
    for (int i = 0; i < OUTFILE_LINKS && at; i++) {
        const ssize_t length = readlink(at, to, sizeof to - 1);
        if (length <= 0 || length >= (ssize_t)sizeof to - 1)
            break;
        to[length] = 0;
        const char *slash = strrchr(at, '/');
        const size_t folder = slash && to[0] != '/' ? (size_t)(slash - at) + 1 : 0;
        char *next = malloc(folder + (size_t)length + 1);
        if (next) {
            memcpy(next, at, folder);
            memcpy(next + folder, to, (size_t)length + 1);
        }
        free(at);
        at = next;
    }
    return at;
}

const char *cli_outfile_keep(cli_outfile_kept *kept, const char *path)
{
    struct stat there;
    const bool regular = stat(path, &there) == 0 && S_ISREG(there.st_mode);
    *kept = (cli_outfile_kept){ .path = outfile_target(path), .there = regular };
    if (regular) { /* at no time is it more open than what it replaces */
        kept->mode = there.st_mode & 0777;
        kept->mask = umask(~there.st_mode & 0777);
    }
    return kept->path;
}

void cli_outfile_keep_end(cli_outfile_kept *kept)
{
    if (kept->there) {
        umask((mode_t)kept->mask);
        if (chmod(kept->path, (mode_t)kept->mode) != 0)
            errno = 0; /* a file system without modes */
    }
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
    const bool straight = exists && !S_ISREG(there.st_mode); /* /dev/null must stay what it is */
    int file = -1;
    out->path = straight ? strdup(path) : outfile_target(path); /* a link keeps pointing */
    if (out->path && straight) {
        file = open(path, O_WRONLY | O_NOCTTY);
    } else if (out->path) {
        out->beside = outfile_name_beside(out->path);
        if (out->beside)
            file = open(out->beside, O_WRONLY | O_CREAT | O_EXCL, exists ? 0600 : 0666);
        if (file >= 0)
            outfile_watch(out->beside);
        if (file >= 0 && exists)
            outfile_like(file, &there);
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
        done = fsync(fileno(out->stream)) == 0 && rename(out->beside, out->path) == 0;
    if (!done)
        cli_say(out->name, "cannot write %s: %s", out->path, errno ? strerror(errno) : "unknown reason");
    if (done) { /* nothing lies beside it any more */
        outfile_forget(out->beside);
        free(out->beside);
        out->beside = NULL;
    }
    cli_outfile_discard(out);
    return done;
}
