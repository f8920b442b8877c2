/* os_wasm.c - os.h where there is no system: a WebAssembly module without imports. Files lie in memory
 * (os_wasm_files.c); no threads, which is said, and no clock. */
#include "core/os.h"

#if defined(__wasm__)

#    include <wasi/api.h>

enum { OS_WASM_NO_THREADS = 100 }; /* behind the numbers of os_wasm_files.c */

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
