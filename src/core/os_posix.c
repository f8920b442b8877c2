/* os_posix.c - os.h for Linux, the BSDs and macOS; threads are in os_posix_threads.c. */
#define _GNU_SOURCE /* for sched_getaffinity */
#include "core/os.h"

#if !defined(_WIN32) && !defined(__wasm__)
#    include <dirent.h>
#    include <errno.h>
#    include <fcntl.h>
#    include <sched.h>
#    include <stdio.h>
#    include <stdlib.h>
#    include <string.h>
#    include <sys/file.h>
#    include <sys/mman.h>
#    include <sys/stat.h>
#    include <time.h>
#    include <unistd.h>

#    ifndef SL_OS_MEMORY /* fuzzers keep their files in memory: os_wasm_files.c */

sl_path_kind sl_os_path_kind(const char *path)
{
    struct stat status;
    if (stat(path, &status))
        return errno == ENOENT || errno == ENOTDIR ? SL_PATH_NONE : SL_PATH_UNSEEN;
    return S_ISDIR(status.st_mode) ? SL_PATH_FOLDER : SL_PATH_FILE;
}

bool sl_os_path_special(const char *path)
{
    struct stat status;
    return !stat(path, &status) && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static const struct {
    int number;
    const char *text, *remedy;
} os_reasons[] = {
    /* strerror follows the locale and is not safe with threads */
    { ENOENT, "no such file or folder", "" },
    { EACCES, "permission denied", ": take another place" },
    { EISDIR, "it is a folder", "" },
    { ENOTDIR, "a part of the path is not a folder", "" },
    { ENOSPC, "the disk is full", ": make room there, or take another place" },
    { EROFS, "the file system is read-only", ": take another place" },
    { EEXIST, "it exists already", "" },
    { EMFILE, "too many open files", "" },
    { ENAMETOOLONG, "the name is too long", ": take a shorter one" },
    { EIO, "the disk reports an error", ": take another disk" },
    { ENOMEM, "out of memory", "" },
    { EPERM, "not permitted", ": take another place" },
    { EAGAIN, "no more resources", "" },
    { EDQUOT, "the disk quota is used up", ": make room there, or take another place" },
    { ELOOP, "its links lead in a circle", "" },
    { EBADF, "it is closed", "" },
    { EFBIG, "the file would be too large", ": raise the limit (ulimit -f)" },
    { 0, NULL, "" },
};

static size_t os_reason_at(int error)
{
    size_t i = 0;
    while (os_reasons[i].number && os_reasons[i].number != error)
        i++;
    return i;
}

const char *sl_os_reason(int error, char *buffer, size_t size)
{
    const char *text = os_reasons[os_reason_at(error)].text;
    if (!text)
        snprintf(buffer, size, "system error %d", error);
    return text ? text : buffer;
}

const char *sl_os_remedy(int error)
{
    return os_reasons[os_reason_at(error)].remedy;
}

int sl_os_working_folder(char *buffer, size_t size)
{
    return getcwd(buffer, size) ? 0 : errno;
}

int sl_os_make_folder(const char *path)
{
    const int error = mkdir(path, 0777) ? errno : 0;
    return error && sl_os_path_kind(path) == SL_PATH_FOLDER ? 0 : error;
}

int sl_os_remove_file(const char *path)
{
    return unlink(path) && errno != ENOENT ? errno : 0;
}

int sl_os_rename(const char *from, const char *to)
{
    return rename(from, to) ? errno : 0;
}

int sl_os_list(const char *path, bool (*take)(void *user, const char *name), void *user)
{
    DIR *folder = opendir(path);
    if (!folder)
        return errno;
    const struct dirent *entry;
    bool more = true;
    errno = 0;
    while (more && (entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            more = take(user, entry->d_name);
    const int error = more ? errno : 0;
    closedir(folder);
    return error;
}

int sl_os_folder_writable(const char *path)
{
    return access(path, W_OK | X_OK) ? errno : 0;
}

int sl_os_open(const char *path, char mode, int *handle)
{
    const int flags = mode == 'r'   ? O_RDONLY
                      : mode == 'u' ? O_RDWR | O_CREAT | O_TRUNC
                      : mode == 'a' ? O_WRONLY | O_CREAT | O_APPEND
                                    : O_WRONLY | O_CREAT | O_TRUNC;
    while ((*handle = open(path, flags | O_CLOEXEC, 0666)) < 0 && errno == EINTR)
        ;
    return *handle < 0 ? errno : 0;
}

int sl_os_open_beside(const char *path, int *handle, int *held)
{
    enum { OS_TRIES = 100 }; /* each one that fails was another's file, who is done with it */
    int error = EBUSY;
    *handle = *held = -1;
    for (int i = 0; i < OS_TRIES && error == EBUSY; i++) {
        struct stat ours, there;
        const int file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
        if (file < 0 && errno != ELOOP && errno != ENXIO && errno != EINTR)
            return errno;
        if (file < 0) {
            if (errno != EINTR && unlink(path) && errno != ENOENT)
                return errno;
            continue;
        }
        if (fstat(file, &ours))
            error = errno;
        else if (!S_ISREG(ours.st_mode) || ours.st_nlink > 1)
            error = unlink(path) && errno != ENOENT ? errno : EBUSY;
        else {
            while (flock(file, LOCK_EX) && errno == EINTR) /* some file systems know no locks */
                ;
            if (!lstat(path, &there) && there.st_ino == ours.st_ino && there.st_dev == ours.st_dev)
                error = sl_os_cut(file, 0);
        }
        if (!error)
            *held = fcntl(file, F_DUPFD_CLOEXEC, 3); /* keeps the lock when the file is closed */
        if (!error)
            *handle = file;
        else
            close(file);
    }
    return error;
}

int sl_os_size(int handle, uint64_t *size)
{
    struct stat status;
    if (fstat(handle, &status))
        return errno;
    if (S_ISDIR(status.st_mode))
        return EISDIR;
    *size = status.st_size > 0 ? (uint64_t)status.st_size : 0;
    return 0;
}

int sl_os_read(int handle, void *bytes, size_t size, size_t *got)
{
    for (;;) {
        const ssize_t n = read(handle, bytes, size);
        if (n >= 0) {
            *got = (size_t)n;
            return 0;
        }
        if (errno != EINTR)
            return errno;
    }
}

int sl_os_read_at(int handle, uint64_t offset, void *bytes, size_t size, size_t *got)
{
    for (;;) {
        const ssize_t n = pread(handle, bytes, size, (off_t)offset);
        if (n >= 0) {
            *got = (size_t)n;
            return 0;
        }
        if (errno != EINTR)
            return errno;
    }
}

int sl_os_modified(int handle, int64_t *when)
{
    struct stat status;
    if (fstat(handle, &status))
        return errno;
#        ifdef __APPLE__
    const struct timespec changed = status.st_mtimespec;
#        else
    const struct timespec changed = status.st_mtim;
#        endif
    *when = (int64_t)changed.tv_sec * 1000000000 + changed.tv_nsec;
    return 0;
}

int sl_os_temporary(const char *folder, int *handle)
{
    char path[4096];
    const int length = snprintf(path, sizeof path, "%s/slope-XXXXXX", folder);
    *handle = -1;
    if (length < 0 || (size_t)length >= sizeof path)
        return ENAMETOOLONG;
    *handle = mkstemp(path);
    if (*handle < 0)
        return errno;
    unlink(path);
    fcntl(*handle, F_SETFD, FD_CLOEXEC);
    return 0;
}

int sl_os_write(int handle, const void *bytes, size_t size)
{
    const char *next = bytes;
    while (size) {
        const ssize_t n = write(handle, next, size);
        if (n == 0 || (n < 0 && errno != EINTR))
            return n ? errno : EIO; /* 0 would go on for ever */
        if (n > 0) {
            next += n;
            size -= (size_t)n;
        }
    }
    return 0;
}

int sl_os_cut(int handle, uint64_t size)
{
    int failed;
    do
        failed = ftruncate(handle, (off_t)size);
    while (failed && errno == EINTR);
    return failed ? errno : 0;
}

int sl_os_write_at(int handle, uint64_t offset, const void *bytes, size_t size)
{
    const char *next = bytes;
    while (size) {
        const ssize_t n = pwrite(handle, next, size, (off_t)offset);
        if (n == 0 || (n < 0 && errno != EINTR))
            return n ? errno : EIO;
        if (n > 0) {
            next += n;
            offset += (uint64_t)n;
            size -= (size_t)n;
        }
    }
    return 0;
}

int sl_os_sync(int handle)
{
#        ifdef F_FULLFSYNC /* macOS: fsync leaves it in the disk's own memory; some file systems know no     \
                              more */
    if (!fcntl(handle, F_FULLFSYNC))
        return 0;
#        endif
    int failed;
    while ((failed = fsync(handle)) && errno == EINTR)
        ;
    return failed && errno != EINVAL ? errno : 0; /* some file systems cannot */
}

int sl_os_close(int handle)
{
    return close(handle) && errno != EINTR ? errno : 0;
}

int sl_os_sync_folder(const char *path)
{
    int handle;
    int error = sl_os_open(path, 'r', &handle);
    if (error)
        return error == EACCES ? 0 : error; /* to be written and not to be read: what is in it is there */
    error = sl_os_sync(handle);
    close(handle);
    return error;
}

int sl_os_lock_folder(const char *path, int *handle, bool *busy)
{
    *busy = false;
    int error = sl_os_open(path, 'r', handle);
    if (error || !flock(*handle, LOCK_EX | LOCK_NB))
        return error;
    error = errno;
    close(*handle);
    *handle = -1;
    *busy = error == EWOULDBLOCK;
    return error;
}

bool sl_os_lost(int handle, const char *path, bool *gone)
{
    struct stat held, there;
    *gone = false;
    if (fstat(handle, &held))
        return false;
    *gone = held.st_nlink == 0;
    if (*gone || stat(path, &there))
        return *gone || errno == ENOENT || errno == ENOTDIR;
    return held.st_dev != there.st_dev || held.st_ino != there.st_ino;
}

#    endif

void sl_os_large_pages(void *memory, size_t size)
{
#    ifdef MADV_HUGEPAGE
    const uintptr_t page = 4096, start = ((uintptr_t)memory + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t)memory + size) / page * page;
    if (end > start)
        madvise((unsigned char *)memory + (start - (uintptr_t)memory), end - start, MADV_HUGEPAGE);
#    else
    (void)memory, (void)size;
#    endif
}

double sl_os_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int sl_os_cores(void)
{
#    ifdef __linux__
    cpu_set_t set;
    if (!sched_getaffinity(0, sizeof set, &set) && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
#    endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 && online < 1 << 20 ? (int)online : 1;
}

#else
typedef int os_posix_unused; /* ISO C wants a declaration */
#endif
