/* os_wasm.c - os.h where there is no system: a WebAssembly module without imports. No files, no threads, no
 * clock; what asks for one is told so. */
#include "core/os.h"

#if defined(__wasm__)

#    include <wasi/api.h>

enum { OS_WASM_NO_FILES = 1, OS_WASM_NO_THREADS };

/* The C library's formatting ends in its streams, and those in these four calls of the host. Nothing in slope
 * opens a stream: answered here, the module imports nothing. */
__wasi_errno_t __wasi_fd_close(__wasi_fd_t fd)
{
    (void)fd;
    return __WASI_ERRNO_BADF;
}

__wasi_errno_t __wasi_fd_fdstat_get(__wasi_fd_t fd, __wasi_fdstat_t *status)
{
    (void)fd, (void)status;
    return __WASI_ERRNO_BADF;
}

__wasi_errno_t __wasi_fd_seek(__wasi_fd_t fd, __wasi_filedelta_t offset, __wasi_whence_t whence,
                              __wasi_filesize_t *place)
{
    (void)fd, (void)offset, (void)whence, (void)place;
    return __WASI_ERRNO_BADF;
}

__wasi_errno_t __wasi_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t *parts, size_t count,
                               __wasi_size_t *written)
{
    (void)fd, (void)parts, (void)count, (void)written;
    return __WASI_ERRNO_BADF;
}

sl_path_kind sl_os_path_kind(const char *path)
{
    (void)path;
    return SL_PATH_NONE;
}

bool sl_os_path_special(const char *path)
{
    (void)path;
    return false;
}

const char *sl_os_reason(int error, char *buffer, size_t size)
{
    (void)buffer, (void)size;
    return error == OS_WASM_NO_THREADS ? "there are no threads in WebAssembly"
                                       : "there are no files in WebAssembly";
}

int sl_os_working_folder(char *buffer, size_t size)
{
    (void)buffer, (void)size;
    return OS_WASM_NO_FILES;
}

int sl_os_make_folder(const char *path)
{
    (void)path;
    return OS_WASM_NO_FILES;
}

int sl_os_remove_file(const char *path)
{
    (void)path;
    return 0; /* it is not there */
}

int sl_os_rename(const char *from, const char *to)
{
    (void)from, (void)to;
    return OS_WASM_NO_FILES;
}

int sl_os_list(const char *path, bool (*take)(void *user, const char *name), void *user)
{
    (void)path, (void)take, (void)user;
    return OS_WASM_NO_FILES;
}

bool sl_os_folder_writable(const char *path)
{
    (void)path;
    return false;
}

int sl_os_open(const char *path, char mode, int *handle)
{
    (void)path, (void)mode;
    *handle = -1;
    return OS_WASM_NO_FILES;
}

int sl_os_size(int handle, uint64_t *size)
{
    (void)handle, (void)size;
    return OS_WASM_NO_FILES;
}

int sl_os_read(int handle, void *bytes, size_t size, size_t *got)
{
    (void)handle, (void)bytes, (void)size, (void)got;
    return OS_WASM_NO_FILES;
}

int sl_os_read_at(int handle, uint64_t offset, void *bytes, size_t size, size_t *got)
{
    (void)handle, (void)offset, (void)bytes, (void)size, (void)got;
    return OS_WASM_NO_FILES;
}

int sl_os_modified(int handle, int64_t *when)
{
    (void)handle, (void)when;
    return OS_WASM_NO_FILES;
}

int sl_os_temporary(const char *folder, int *handle)
{
    (void)folder;
    *handle = -1;
    return OS_WASM_NO_FILES;
}

int sl_os_write(int handle, const void *bytes, size_t size)
{
    (void)handle, (void)bytes, (void)size;
    return OS_WASM_NO_FILES;
}

int sl_os_cut(int handle, uint64_t size)
{
    (void)handle, (void)size;
    return OS_WASM_NO_FILES;
}

int sl_os_write_at(int handle, uint64_t offset, const void *bytes, size_t size)
{
    (void)handle, (void)offset, (void)bytes, (void)size;
    return OS_WASM_NO_FILES;
}

int sl_os_sync(int handle)
{
    (void)handle;
    return OS_WASM_NO_FILES;
}

int sl_os_close(int handle)
{
    (void)handle;
    return OS_WASM_NO_FILES;
}

int sl_os_sync_folder(const char *path)
{
    (void)path;
    return OS_WASM_NO_FILES;
}

int sl_os_lock_folder(const char *path, int *handle, bool *busy)
{
    (void)path;
    *handle = -1;
    *busy = false;
    return OS_WASM_NO_FILES;
}

void sl_os_large_pages(void *memory, size_t size)
{
    (void)memory, (void)size; /* only advice */
}

double sl_os_seconds(void)
{
    return 0; /* the host measures */
}

int sl_os_cores(void)
{
    return 1;
}

struct sl_os_thread {
    char none;
};

int sl_os_thread_start(sl_os_thread *thread, void (*run)(void *), void *argument)
{
    (void)thread, (void)run, (void)argument;
    return OS_WASM_NO_THREADS;
}

void sl_os_thread_join(sl_os_thread *thread)
{
    (void)thread;
}

size_t sl_os_thread_size(void)
{
    return sizeof(sl_os_thread);
}

/* With one thread nobody is waited for. */
struct sl_os_gate {
    char none;
};

size_t sl_os_gate_size(void)
{
    return sizeof(sl_os_gate);
}

void sl_os_gate_init(sl_os_gate *gate)
{
    (void)gate;
}

void sl_os_gate_free(sl_os_gate *gate)
{
    (void)gate;
}

void sl_os_gate_lock(sl_os_gate *gate)
{
    (void)gate;
}

void sl_os_gate_unlock(sl_os_gate *gate)
{
    (void)gate;
}

void sl_os_gate_wait(sl_os_gate *gate)
{
    (void)gate;
}

void sl_os_gate_wake_all(sl_os_gate *gate)
{
    (void)gate;
}

void sl_os_yield(void)
{
}

void sl_os_pause(void)
{
}

#else
typedef int os_wasm_unused; /* ISO C wants a declaration */
#endif
