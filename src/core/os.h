/* os.h - all that slope asks of the operating system; one os_NAME.c a system. */
#ifndef SL_CORE_OS_H
#define SL_CORE_OS_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

/* Buffers for a piece of a file. Where fuzzers keep small files in memory (SL_OS_MEMORY) they are small too:
 * a megabyte for each input would be most of the work, and no input would be as long as two pieces. */
#ifdef SL_OS_MEMORY
#    define SL_PIECE(bytes) ((bytes) < 1024 ? (bytes) : 1024)
#else
#    define SL_PIECE(bytes) (bytes)
#endif

/* Unseen: looking failed, say for want of permission; who opens it hears why. */
typedef enum { SL_PATH_NONE, SL_PATH_FILE, SL_PATH_FOLDER, SL_PATH_UNSEEN } sl_path_kind;
sl_path_kind sl_os_path_kind(const char *path);
bool sl_os_path_special(const char *path); /* a device, pipe or socket is there */
/* File functions return 0, or a positive error number for sl_os_reason. */
const char *sl_os_reason(int error, char *buffer, size_t size); /* "no such file or folder" */
/* What helps who wanted to write: ": make room there"; "": unknown. */
#if defined(__wasm__) || defined(SL_OS_MEMORY)
#    define sl_os_remedy(error) ((void)(error), "")
#else
const char *sl_os_remedy(int error);
#endif
/* The folder that relative paths start from, at most size bytes with the closing 0. */
int sl_os_working_folder(char *buffer, size_t size);
int sl_os_make_folder(const char *path);            /* its parent must exist; there already: 0 */
int sl_os_remove_file(const char *path);            /* not there: 0 */
int sl_os_rename(const char *from, const char *to); /* replaces `to` in one step */
int sl_os_folder_writable(const char *path);        /* 0, or why not */
/* Gives the names in a folder to `take`, in any order, "." and ".." aside, until it returns false. */
int sl_os_list(const char *path, bool (*take)(void *user, const char *name), void *user);

int sl_os_open(const char *path, char mode,
               int *handle); /* 'r', 'w' (new or cut to 0), 'a', 'u': 'w', and to be read */
/* 'w' for a file that is then renamed: what else stands there (a link, a pipe) is removed, not written to,
 * and another writer of it is waited for (on Windows half a minute), until sl_os_close of it and of *held;
 * held is -1 where none is kept. */
#if defined(__wasm__) || defined(SL_OS_MEMORY)
#    define sl_os_open_beside(path, handle, held) (*(held) = -1, sl_os_open(path, 'w', handle))
#else
int sl_os_open_beside(const char *path, int *handle, int *held);
#endif
int sl_os_size(int handle, uint64_t *size);
int sl_os_read(int handle, void *bytes, size_t size, size_t *got);                     /* got 0: the end */
int sl_os_read_at(int handle, uint64_t offset, void *bytes, size_t size, size_t *got); /* moves no place */
int sl_os_write(int handle, const void *bytes, size_t size);                           /* all of it */
int sl_os_write_at(int handle, uint64_t offset, const void *bytes, size_t size); /* likewise; not with 'a' */
int sl_os_cut(int handle, uint64_t size); /* to its first bytes; not opened with 'r' */
/* When the file was last changed, in nanoseconds of the system's clock. */
int sl_os_modified(int handle, int64_t *when);
/* A file for reading and writing, which has no name and ends with its handle. */
int sl_os_temporary(const char *folder, int *handle);
enum { SL_OS_INPUT = 0 }; /* the handle of standard input */
int sl_os_sync(int handle);
int sl_os_close(int handle);
int sl_os_sync_folder(const char *path); /* as far as the system can, and allows it */
/* Takes the folder for this process until sl_os_close(*handle) or its end; *busy: another has it. */
int sl_os_lock_folder(const char *path, int *handle, bool *busy);
/* Is the folder that was locked no longer the one at `path`: removed for good (*gone), renamed, or another in
 * its place? */
#if defined(__wasm__) || defined(SL_OS_MEMORY)
#    define sl_os_lost(handle, path, gone) ((void)(handle), (void)(path), *(gone) = false)
#else
bool sl_os_lost(int handle, const char *path, bool *gone);
#endif

/* Asks for large pages, where the system has them: memory that was not yet touched then costs one page fault
 * for 2 MB instead of 512. Only advice. */
void sl_os_large_pages(void *memory, size_t size);

double sl_os_seconds(void); /* monotonic */
int sl_os_cores(void);      /* this process may run on; at least 1 */

/* Threads. A counter to sleep on: waits while *word == value, until woken (or for no reason at all). */
typedef struct sl_os_thread sl_os_thread;
int sl_os_thread_start(sl_os_thread *thread, void (*run)(void *), void *argument);
void sl_os_thread_join(sl_os_thread *thread);
size_t sl_os_thread_size(void);
typedef struct sl_os_gate sl_os_gate;
size_t sl_os_gate_size(void);
void sl_os_gate_init(sl_os_gate *gate);
void sl_os_gate_free(sl_os_gate *gate);
void sl_os_gate_lock(sl_os_gate *gate);
void sl_os_gate_unlock(sl_os_gate *gate);
void sl_os_gate_wait(sl_os_gate *gate); /* locked on entry and return */
void sl_os_gate_wake_all(sl_os_gate *gate);
void sl_os_pause(void); /* a breath inside a spinning loop */
void sl_os_yield(void); /* lets another thread have this core, if one waits for it */

#endif
