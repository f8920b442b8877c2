/* posix.h - what the tests ask of a POSIX system, for Windows: included before each of them. */
#ifndef SLOPE_TESTS_POSIX_H
#define SLOPE_TESTS_POSIX_H

#include <direct.h>
#include <dirent.h>
#include <fcntl.h>
#include <io.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utime.h>
#include <time.h>
#include <sys/stat.h>
#include <unistd.h>

/* fma and fmaf of its C library round twice: the instruction, which every machine with AVX2 has, rounds once.
 */
__attribute__((target("fma"), noinline, unused)) static double posix_fma(double a, double b, double c)
{
    return __builtin_fma(a, b, c);
}

__attribute__((target("fma"), noinline, unused)) static float posix_fmaf(float a, float b, float c)
{
    return __builtin_fmaf(a, b, c);
}
#define fma posix_fma
#define fmaf posix_fmaf

/* There is no shell: of its commands the one that the tests want most, rm -r FOLDER. */
static inline int posix_remove(const char *path)
{
    char name[1024];
    struct dirent *entry;
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && remove(name) != 0)
            posix_remove(name);
    }
    if (folder)
        closedir(folder);
    return _rmdir(path);
}

static inline int posix_system(const char *command)
{
    char path[1024];
    if (strncmp(command, "rm -r", 5) != 0)
        return system(command);
    command += strcspn(command, "/");
    snprintf(path, sizeof path, "%.*s", (int)strcspn(command, "'"), command);
    return posix_remove(path);
}
#define system posix_system

/* To be read: a file that goes with its stream. */
static inline FILE *posix_memory(const void *bytes, size_t size)
{
    char *name = _tempnam(NULL, "slope");
    FILE *stream = name ? fopen(name, "w+bTD") : NULL;
    free(name);
    if (stream)
        fwrite(bytes, 1, size, stream);
    if (stream)
        rewind(stream);
    return stream;
}
#define fmemopen(bytes, size, mode) posix_memory(bytes, size)

#undef ftruncate /* to long, there */
#define ftruncate(file, size) (_chsize_s(file, size) ? -1 : 0)

#define mkdir(path, mode) _mkdir(path)
#define mkfifo(path, mode) (-1) /* pipes have no names in folders */
#define O_NONBLOCK 0
#define pipe(ends) _pipe((ends), 65536, _O_BINARY)

/* Lines end as everywhere else. */
__attribute__((constructor)) static void posix_bytes(void)
{
    _fmode = _O_BINARY;
    _setmode(0, _O_BINARY);
    _setmode(1, _O_BINARY);
    _setmode(2, _O_BINARY);
}

/* Moves the place, which no test looks at. */
static inline long long pwrite(int file, const void *bytes, size_t size, long long at)
{
    return _lseeki64(file, at, SEEK_SET) < 0 ? -1 : _write(file, bytes, (unsigned)size);
}

static inline int futimens(int file, const struct timespec when[2])
{
    struct __utimbuf64 seconds = { .actime = when[0].tv_sec, .modtime = when[1].tv_sec };
    return _futime64(file, &seconds);
}

/* The last six letters become numbers, until nothing is called so. */
static inline char *posix_name(char *path, unsigned try)
{
    const size_t length = strlen(path);
    unsigned value = (unsigned)_getpid() * 50u + try;
    for (size_t i = length - 6; i < length; i++, value /= 26)
        path[i] = (char)('a' + value % 26);
    return path;
}

static inline char *mkdtemp(char *path)
{
    for (unsigned try = 0; try < 50; try++)
        if (_mkdir(posix_name(path, try)) == 0)
            return path;
    return NULL;
}

/* It may be renamed and removed while it is open, as elsewhere. windows.h would take words that tests use. */
struct _SECURITY_ATTRIBUTES;
__declspec(dllimport) void *__stdcall CreateFileA(const char *path, unsigned long access, unsigned long share,
                                                  struct _SECURITY_ATTRIBUTES *may, unsigned long how,
                                                  unsigned long flags, void *like);

static inline int posix_new(const char *path)
{
    void *file = CreateFileA(path, 0xC0000000 /* read and write */, 7 /* and others all */, NULL, 1 /* new */,
                             0x80 /* as files are */, NULL);
    return (intptr_t)file == -1 ? -1 : _open_osfhandle((intptr_t)file, _O_BINARY);
}

static inline int posix_mkstemp(char *path)
{
    int file = -1;
    for (unsigned try = 0; try < 50 && file < 0; try++)
        file = posix_new(posix_name(path, try));
    return file;
}
#define mkstemp(path) posix_mkstemp(path)

static inline int setenv(const char *name, const char *value, int over)
{
    return over || !getenv(name) ? _putenv_s(name, value) : 0;
}

static inline int unsetenv(const char *name)
{
    return _putenv_s(name, "");
}

static inline char *strndup(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = 0;
    }
    return copy;
}

#endif
