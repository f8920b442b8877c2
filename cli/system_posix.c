/* system_posix.c - system.h for Linux, the BSDs and macOS. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE  /* TIOCGWINSZ, */
#define _DARWIN_C_SOURCE /* and on macOS */
#include "system.h"

#if !defined(_WIN32)
#    include <errno.h>
#    include <fcntl.h>
#    include <ftw.h>
#    include <langinfo.h>
#    include <locale.h>
#    include <poll.h>
#    include <signal.h>
#    include <stdint.h>
#    include <stdlib.h>
#    include <string.h>
#    include <strings.h>
#    include <sys/ioctl.h>
#    include <sys/stat.h>
#    include <sys/wait.h>
#    include <unistd.h>

#    include "cli.h"
#    include "stops.h"

/* Were a standard stream closed, the next file opened would take its number, and a message would be
 * written into a model. A closed one is opened the wrong way round, so that using it is an error.  */
void cli_system_begin(int argc, char **argv)
{
    (void)argc, (void)argv;
    signal(SIGXFSZ, SIG_IGN); /* a file that would be too large is an error of writing, with a sentence */
    for (int stream = 0; stream < 3; stream++) {
        if (fcntl(stream, F_GETFD) == -1 && open("/dev/null", stream ? O_RDONLY : O_WRONLY) != stream)
            _exit(CLI_FAILED);
    }
}

const char *cli_system_scratch(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

bool cli_system_absolute(const char *path)
{
    return path[0] == '/';
}

bool cli_system_self(char *path, size_t room)
{
    const ssize_t length = readlink("/proc/self/exe", path, room - 1); /* Linux */
    if (length > 0)
        path[length] = 0;
    else
        snprintf(path, room, "slope");
    return length > 0;
}

bool cli_system_terminal(FILE *stream)
{
    return isatty(fileno(stream)) == 1;
}

bool cli_system_window(FILE *stream, int *width, int *height)
{
    struct winsize size;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || !size.ws_col || !size.ws_row)
        return false;
    *width = size.ws_col;
    *height = size.ws_row;
    return true;
}

bool cli_system_unicode(void)
{
    if (setlocale(LC_CTYPE, "")) /* this alone: numbers never follow the locale */
        return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    const char *name = getenv("LC_ALL"); /* a locale that is not installed here: by its name */
    if (!name || !*name)
        name = getenv("LC_CTYPE");
    if (!name || !*name)
        name = getenv("LANG");
    const char *set = name ? strchr(name, '.') : NULL;
    return set && (strcasecmp(set, ".UTF-8") == 0 || strcasecmp(set, ".utf8") == 0);
}

bool cli_system_front(void)
{
    const pid_t front = tcgetpgrp(STDERR_FILENO);
    return front < 0 || front == getpgrp();
}

void cli_system_erase(const char *text, size_t length)
{
    const int before = errno;
    struct pollfd room = { .fd = STDERR_FILENO, .events = POLLOUT };
    /* a terminal that stands still (Ctrl-S) would hold the handler for ever, and with it the end */
    if (poll(&room, 1, 0) == 1 && room.revents == POLLOUT && write(STDERR_FILENO, text, length) < 0)
        errno = before; /* nothing that could be done about it */
    errno = before;
}

static void (*system_before_pause)(void);

static void system_on_pause(int signal_number)
{
    (void)signal_number;
    system_before_pause();
    raise(SIGSTOP);
}

void cli_system_pause(void (*before)(void))
{
    struct sigaction action = { .sa_handler = system_on_pause, .sa_flags = SA_RESTART }, there;
    system_before_pause = before;
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGTSTP, NULL, &there) == 0 && there.sa_handler == SIG_DFL)
        sigaction(SIGTSTP, &action, NULL);
}

/* --- signals -------------------------------------------------------------------------------------------- */

static const int system_stops[] = { SIGINT, SIGTERM, SIGHUP };

void cli_system_on_stop(void (*handler)(int), bool ends)
{
    struct sigaction ours = { .sa_handler = handler, .sa_flags = ends ? 0 : SA_RESTART }, there;
    sigemptyset(&ours.sa_mask);
    for (int i = 0; i < 3; i++)
        if (sigaction(system_stops[i], NULL, &there) == 0 &&
            (ends ? there.sa_handler == SIG_DFL : there.sa_handler != SIG_IGN))
            sigaction(system_stops[i], &ours, NULL);
}

static sigset_t system_mask;
static struct sigaction system_pipe;

void cli_system_hold_stops(void)
{
    sigset_t stops;
    sigemptyset(&stops);
    for (int i = 0; i < 3; i++)
        sigaddset(&stops, system_stops[i]);
    sigprocmask(SIG_BLOCK, &stops, &system_mask);
}

void cli_system_free_stops(void)
{
    sigprocmask(SIG_SETMASK, &system_mask, NULL);
}

void cli_system_ignore_pipe(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigaction(SIGPIPE, &ignore, &system_pipe);
}

void cli_system_heed_pipe(void)
{
    sigaction(SIGPIPE, &system_pipe, NULL);
}

/* --- files ---------------------------------------------------------------------------------------------- */

bool cli_system_make_folder(const char *path, bool private)
{
    return mkdir(path, private ? 0700 : 0777) == 0 || errno == EEXIST;
}

static int system_remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

bool cli_system_remove_folder(const char *path)
{
    return nftw(path, system_remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}

char *cli_system_target(const char *path)
{
    enum { SYSTEM_LINKS = 16, SYSTEM_PATH = 4096 };
    char *real = realpath(path, NULL), to[SYSTEM_PATH];
    if (real)
        return real;
    char *at = strdup(path);
    for (int i = 0; i < SYSTEM_LINKS && at; i++) {
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

/* What replaces a file belongs to whom it belonged, as far as the system allows, and is as secret. */
static void system_like(int file, const struct stat *there)
{
    struct stat made;
    if (fstat(file, &made) != 0)
        return;
    const bool given = (made.st_uid == there->st_uid && made.st_gid == there->st_gid) ||
                       fchown(file, there->st_uid, there->st_gid) == 0;
    if (fchmod(file, there->st_mode & (given ? 0777 : 0707)) != 0)
        return; /* a file system without */
}

FILE *cli_system_create(const char *path, const char *like)
{
    struct stat there;
    const bool known = like && stat(like, &there) == 0;
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL, known ? 0600 : 0666);
    if (file >= 0 && known)
        system_like(file, &there);
    FILE *stream = file < 0 ? NULL : fdopen(file, "w");
    if (file >= 0 && !stream)
        close(file);
    return stream;
}

bool cli_system_mode_keep(const char *path, cli_mode *mode)
{
    struct stat there;
    if (stat(path, &there) != 0 || !S_ISREG(there.st_mode))
        return false;
    mode->mode = there.st_mode & 0777;
    mode->mask = umask(~there.st_mode & 0777);
    return true;
}

void cli_system_mode_kept(const char *path, const cli_mode *mode)
{
    umask((mode_t)mode->mask);
    if (chmod(path, (mode_t)mode->mode) != 0)
        errno = 0; /* a file system without modes */
}

bool cli_system_settle(FILE *stream, const char *from, const char *to)
{
    return fsync(fileno(stream)) == 0 && rename(from, to) == 0;
}

FILE *cli_system_temporary(const char *name, char *path, size_t room)
{
    snprintf(path, room, "%s/%s-XXXXXX", cli_system_scratch(), name);
    const int file = mkstemp(path);
    FILE *stream = file < 0 ? NULL : fdopen(file, "w+b");
    if (file >= 0 && !stream) {
        unlink(path);
        close(file);
    }
    return stream;
}

bool cli_system_temporary_folder(const char *name, char *path, size_t room)
{
    snprintf(path, room, "%s/%s-XXXXXX", cli_system_scratch(), name);
    return mkdtemp(path) != NULL;
}

FILE *cli_system_nameless(void)
{
    char path[4096];
    FILE *stream = cli_system_temporary("slope", path, sizeof path);
    if (stream)
        unlink(path);
    return stream;
}

bool cli_memory_begin(cli_memory *memory)
{
    *memory = (cli_memory){ 0 };
    memory->to = open_memstream(&memory->bytes, &memory->length);
    return memory->to != NULL;
}

bool cli_memory_end(cli_memory *memory)
{
    const bool failed = ferror(memory->to) != 0;
    if (fclose(memory->to) == 0 && !failed)
        return true;
    free(memory->bytes);
    memory->bytes = NULL;
    return false;
}

/* --- the command as another process --------------------------------------------------------------------- */

/* In the new process: the command as main() would run it. */
static void self_become(const cli_self *self, char *const *words, const char *folder)
{
    FILE *const files[] = { self->output, self->complaints };
    int count = 0;
    const int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0 || chdir(folder) != 0)
        _exit(CLI_FAILED);
    for (int i = 0; i < 2; i++)
        if (files[i] && dup2(fileno(files[i]), i + 1) < 0)
            _exit(CLI_FAILED);
    if (self->plain) {
        setenv("LC_ALL", "C.UTF-8", 1);
        unsetenv("SLOPE_LESSONS");
    }
    alarm((unsigned)self->seconds);
    while (words[count])
        count++;
    const int status = cli_main(count, (char **)(uintptr_t)words);
    fflush(stdout);
    fflush(stderr);
    _exit(status);
}

bool cli_self_run(cli_self *self, char *const *words, const char *folder)
{
    int status = 0;
    fflush(stdout);
    fflush(stderr);
    cli_stops_begin();
    const pid_t process = fork();
    if (process == 0) {
        cli_stops_forked();
        self_become(self, words, folder);
    }
    cli_stops_pass(process > 0 ? process : 0);
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    const int stop = cli_stops_end();
    self->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    self->stopped = stop || self->status == CLI_STOPPED;
    self->late = self->status == 128 + SIGALRM;
    return process > 0;
}
#endif
