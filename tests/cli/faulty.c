/* faulty.c - a disk that fails, for tests: a library that is loaded before libc (LD_PRELOAD) and counts the
 * calls that look at, make or change files whose path begins with FAULTY_UNDER. At the call number FAULTY_AT
 * it does what FAULTY_DO says: kill, kill-half, kill-after   SIGKILL before the call, after half of a write,
 * or behind the call short                         a write takes half of what it was given EINTR, ENOSPC,
 * EIO, ...       the call fails (of EINTR every other one, so that who tries again succeeds) and with
 * FAULTY_EVER=1 at every call from there on. FAULTY_CALLS names the calls that are counted, with blanks
 * around each (default: those that change a file). FAULTY_LOG: a line "number call path" is added for each.
 * FAULTY_CLOCK=ms: the monotonic clock goes on by so much at each look, and not by itself: what a run does
 * then depends on nothing but its settings. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FAULTY_HANDLES = 1024, FAULTY_PATH = 300 };
typedef enum { FAULTY_PASS, FAULTY_FAIL, FAULTY_HALF, FAULTY_HALF_KILL, FAULTY_KILL_AFTER } faulty_turn;

static struct {
    const char *under, *calls, *log;
    long at, clock;
    bool ever, set;
    faulty_turn turn;
    bool kills;
    int error;
} faulty;
static long faulty_count, faulty_looks;
static char faulty_name[FAULTY_HANDLES]
                       [FAULTY_PATH]; /* of the handles that are watched; "": of no interest */

static void faulty_kill(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static void faulty_begin(void)
{
    static const struct {
        const char *name;
        int error;
    } errors[] = { { "ENOSPC", ENOSPC }, { "EDQUOT", EDQUOT }, { "EIO", EIO },     { "EROFS", EROFS },
                   { "EACCES", EACCES }, { "EINVAL", EINVAL }, { "EINTR", EINTR }, { "ENOENT", ENOENT } };
    const char *number = getenv("FAULTY_AT"), *what = getenv("FAULTY_DO"), *clock = getenv("FAULTY_CLOCK");
    faulty.set = true;
    faulty.under = getenv("FAULTY_UNDER");
    faulty.calls = getenv("FAULTY_CALLS");
    faulty.log = getenv("FAULTY_LOG");
    faulty.ever = getenv("FAULTY_EVER") != NULL;
    faulty.at = number ? atol(number) : 0;
    faulty.clock = clock ? atol(clock) : 0;
    if (!faulty.calls)
        faulty.calls = " create open-write write cut sync rename unlink mkdir ";
    if (!what)
        return;
    faulty.kills = strcmp(what, "kill") == 0;
    faulty.turn = !strcmp(what, "short")        ? FAULTY_HALF
                  : !strcmp(what, "kill-half")  ? FAULTY_HALF_KILL
                  : !strcmp(what, "kill-after") ? FAULTY_KILL_AFTER
                                                : FAULTY_FAIL;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (!strcmp(what, errors[i].name))
            faulty.error = errors[i].error;
}

static bool faulty_watches(const char *path)
{
    if (!faulty.set)
        faulty_begin();
    return faulty.under && *faulty.under && !strncmp(path, faulty.under, strlen(faulty.under));
}

static faulty_turn faulty_now(const char *call, const char *path)
{
    char word[32], line[FAULTY_PATH + 64];
    if (!faulty.set)
        faulty_begin();
    snprintf(word, sizeof word, " %s ", call);
    if (!*path || !strstr(faulty.calls, word))
        return FAULTY_PASS;
    const long number = __atomic_add_fetch(&faulty_count, 1, __ATOMIC_SEQ_CST);
    if (faulty.log) {
        const int length = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path);
        const long file = syscall(SYS_openat, AT_FDCWD, faulty.log, O_WRONLY | O_CREAT | O_APPEND, 0666);
        if (file < 0 || syscall(SYS_write, file, line, (size_t)length) < 0)
            faulty_kill();
        syscall(SYS_close, file);
    }
    if (!faulty.at || (faulty.ever ? number < faulty.at : number != faulty.at))
        return FAULTY_PASS;
    if (faulty.kills)
        faulty_kill();
    if (faulty.turn != FAULTY_FAIL)
        return faulty.turn;
    if (faulty.error == EINTR && (number - faulty.at) % 2)
        return FAULTY_PASS;
    errno = faulty.error;
    return FAULTY_FAIL;
}

static int faulty_end(faulty_turn turn, int result)
{
    if (turn == FAULTY_KILL_AFTER || turn == FAULTY_HALF_KILL)
        faulty_kill();
    return result;
}

static void faulty_note(int handle, const char *path)
{
    if (handle >= 0 && handle < FAULTY_HANDLES)
        snprintf(faulty_name[handle], FAULTY_PATH, "%s", path);
}

static const char *faulty_of(int handle)
{
    return handle >= 0 && handle < FAULTY_HANDLES ? faulty_name[handle] : "";
}

/* The next function of this name: libc's, or a sanitizer's before it. */
#define FAULTY_NEXT(result, name, ...)                                                                       \
    static result (*next)(__VA_ARGS__);                                                                      \
    if (!next)                                                                                               \
    *(void **)&next = dlsym(RTLD_NEXT, name)

static int faulty_open(const char *path, int flags, mode_t mode)
{
    FAULTY_NEXT(int, "open64", const char *, int, ...);
    const bool watched = faulty_watches(path);
    const char *call = !(flags & (O_WRONLY | O_RDWR))                ? "open"
                       : (flags & O_CREAT) && access(path, F_OK) < 0 ? "create"
                                                                     : "open-write";
    const faulty_turn turn = watched ? faulty_now(call, path) : FAULTY_PASS;
    if (turn == FAULTY_FAIL)
        return -1;
    const int handle = next(path, flags, mode);
    if (watched)
        faulty_note(handle, path);
    return faulty_end(turn, handle);
}

int open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return faulty_open(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return faulty_open(path, flags, mode);
}

static int faulty_stemmed(char *path)
{
    FAULTY_NEXT(int, "mkstemp64", char *);
    const bool watched = faulty_watches(path);
    const faulty_turn turn = watched ? faulty_now("create", path) : FAULTY_PASS;
    if (turn == FAULTY_FAIL)
        return -1;
    const int handle = next(path);
    if (watched)
        faulty_note(handle, path);
    return faulty_end(turn, handle);
}

int mkstemp64(char *path)
{
    return faulty_stemmed(path);
}

int mkstemp(char *path)
{
    return faulty_stemmed(path);
}

ssize_t write(int handle, const void *bytes, size_t size)
{
    FAULTY_NEXT(ssize_t, "write", int, const void *, size_t);
    const faulty_turn turn = faulty_now("write", faulty_of(handle));
    if (turn == FAULTY_FAIL)
        return -1;
    const bool half = (turn == FAULTY_HALF || turn == FAULTY_HALF_KILL) && size > 1;
    const ssize_t got = next(handle, bytes, half ? size / 2 : size);
    faulty_end(turn, 0);
    return got;
}

static ssize_t faulty_put(int handle, const void *bytes, size_t size, off64_t place)
{
    FAULTY_NEXT(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    const faulty_turn turn = faulty_now("write", faulty_of(handle));
    if (turn == FAULTY_FAIL)
        return -1;
    const bool half = (turn == FAULTY_HALF || turn == FAULTY_HALF_KILL) && size > 1;
    const ssize_t got = next(handle, bytes, half ? size / 2 : size, place);
    faulty_end(turn, 0);
    return got;
}

ssize_t pwrite64(int handle, const void *bytes, size_t size, off64_t place)
{
    return faulty_put(handle, bytes, size, place);
}

ssize_t pwrite(int handle, const void *bytes, size_t size, off_t place)
{
    return faulty_put(handle, bytes, size, place);
}

static int faulty_cut(int handle, off64_t size)
{
    FAULTY_NEXT(int, "ftruncate64", int, off64_t);
    const faulty_turn turn = faulty_now("cut", faulty_of(handle));
    return turn == FAULTY_FAIL ? -1 : faulty_end(turn, next(handle, size));
}

int ftruncate64(int handle, off64_t size)
{
    return faulty_cut(handle, size);
}

int ftruncate(int handle, off_t size)
{
    return faulty_cut(handle, size);
}

int fsync(int handle)
{
    FAULTY_NEXT(int, "fsync", int);
    const faulty_turn turn = faulty_now("sync", faulty_of(handle));
    if (turn == FAULTY_FAIL)
        return -1;
    return faulty_end(turn,
                      *faulty_of(handle) ? 0 : next(handle)); /* no power fails here: it need not wait */
}

int flock(int handle, int operation)
{
    FAULTY_NEXT(int, "flock", int, int);
    const faulty_turn turn = faulty_now("lock", faulty_of(handle));
    return turn == FAULTY_FAIL ? -1 : faulty_end(turn, next(handle, operation));
}

int close(int handle)
{
    FAULTY_NEXT(int, "close", int);
    const faulty_turn turn = faulty_now("close", faulty_of(handle));
    const int error = errno, result = next(handle); /* closed it is, also where that fails */
    faulty_note(handle, "");
    errno = turn == FAULTY_FAIL ? error : errno;
    return turn == FAULTY_FAIL ? -1 : faulty_end(turn, result);
}

int rename(const char *from, const char *to)
{
    FAULTY_NEXT(int, "rename", const char *, const char *);
    const faulty_turn turn = faulty_watches(to) ? faulty_now("rename", to) : FAULTY_PASS;
    return turn == FAULTY_FAIL ? -1 : faulty_end(turn, next(from, to));
}

int unlink(const char *path)
{
    FAULTY_NEXT(int, "unlink", const char *);
    const faulty_turn turn = faulty_watches(path) ? faulty_now("unlink", path) : FAULTY_PASS;
    return turn == FAULTY_FAIL ? -1 : faulty_end(turn, next(path));
}

int mkdir(const char *path, mode_t mode)
{
    FAULTY_NEXT(int, "mkdir", const char *, mode_t);
    const faulty_turn turn = faulty_watches(path) ? faulty_now("mkdir", path) : FAULTY_PASS;
    return turn == FAULTY_FAIL ? -1 : faulty_end(turn, next(path, mode));
}

int stat64(const char *path, struct stat64 *status)
{
    FAULTY_NEXT(int, "stat64", const char *, struct stat64 *);
    const faulty_turn turn = faulty_watches(path) ? faulty_now("look", path) : FAULTY_PASS;
    return turn == FAULTY_FAIL ? -1 : faulty_end(turn, next(path, status));
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    FAULTY_NEXT(int, "clock_gettime", clockid_t, struct timespec *);
    if (!faulty.set)
        faulty_begin();
    if (clock != CLOCK_MONOTONIC || !faulty.clock)
        return next(clock, now);
    const long ms = 1000000 + faulty.clock * __atomic_add_fetch(&faulty_looks, 1, __ATOMIC_SEQ_CST);
    *now = (struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    return 0;
}
