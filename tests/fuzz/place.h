/* place.h - a folder for the files of a fuzz target. A build with -Dfuzz=true has all files in memory
 * (core/os_wasm_files.c), where writing one costs a copy; else it is a temporary folder, gone at the end. */
#ifndef SL_TESTS_FUZZ_PLACE_H
#define SL_TESTS_FUZZ_PLACE_H

#ifndef _XOPEN_SOURCE
#    define _XOPEN_SOURCE 700 /* mkdtemp */
#endif
#include "core/os.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char fuzz_place[32];

static inline const char *fuzz_place_path(char path[128], const char *name)
{
    snprintf(path, 128, "%s/%s", fuzz_place, name);
    return path;
}

static inline bool fuzz_place_forget(void *user, const char *name)
{
    char path[128];
    (void)user;
    sl_os_remove_file(fuzz_place_path(path, name));
    return true;
}

static inline void fuzz_place_end(void)
{
    sl_os_list(fuzz_place, fuzz_place_forget, NULL);
    rmdir(fuzz_place);
}

/* The folder, made by the first call. */
static inline const char *fuzz_place_folder(void)
{
    if (*fuzz_place)
        return fuzz_place;
#ifdef SL_OS_MEMORY
    strcpy(fuzz_place, "fuzz");
    if (sl_os_make_folder(fuzz_place))
        abort();
#else
    strcpy(fuzz_place, "/tmp/slope-fuzz-XXXXXX");
    if (!mkdtemp(fuzz_place))
        abort();
    atexit(fuzz_place_end);
#endif
    return fuzz_place;
}

static inline void fuzz_place_write(const char *name, const void *bytes, size_t size)
{
    char path[128];
    int handle;
    fuzz_place_folder();
    if (sl_os_open(fuzz_place_path(path, name), 'w', &handle) || sl_os_write(handle, bytes, size) ||
        sl_os_close(handle))
        abort();
}

static inline void fuzz_place_remove(const char *name)
{
    char path[128];
    sl_os_remove_file(fuzz_place_path(path, name));
}

/* The file's bytes, to be freed. */
static inline unsigned char *fuzz_place_read(const char *name, size_t *size)
{
    char path[128];
    int handle;
    uint64_t length = 0;
    if (sl_os_open(fuzz_place_path(path, name), 'r', &handle) || sl_os_size(handle, &length))
        abort();
    unsigned char *bytes = malloc((size_t)length + 1);
    if (!bytes || sl_os_read(handle, bytes, (size_t)length, size) || *size != length)
        abort();
    sl_os_close(handle);
    return bytes;
}

#endif
