/* os_posix_threads.c - the threads of os.h, as POSIX has them. */
#define _XOPEN_SOURCE 700
#include "core/os.h"

#if !defined(_WIN32) && !defined(__wasm__)
#    include <pthread.h>
#    include <sched.h>

struct sl_os_thread {
    pthread_t id;
    void (*run)(void *);
    void *argument;
};

static void *os_thread_main(void *argument)
{
    sl_os_thread *thread = argument;
    thread->run(thread->argument);
    return NULL;
}

int sl_os_thread_start(sl_os_thread *thread, void (*run)(void *), void *argument)
{
    thread->run = run;
    thread->argument = argument;
    return pthread_create(&thread->id, NULL, os_thread_main, thread);
}

void sl_os_thread_join(sl_os_thread *thread)
{
    pthread_join(thread->id, NULL);
}

size_t sl_os_thread_size(void)
{
    return sizeof(sl_os_thread);
}

struct sl_os_gate {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

size_t sl_os_gate_size(void)
{
    return sizeof(sl_os_gate);
}

void sl_os_gate_init(sl_os_gate *gate)
{
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_cond_init(&gate->condition, NULL);
}

void sl_os_gate_free(sl_os_gate *gate)
{
    pthread_mutex_destroy(&gate->mutex);
    pthread_cond_destroy(&gate->condition);
}

void sl_os_gate_lock(sl_os_gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
}

void sl_os_gate_unlock(sl_os_gate *gate)
{
    pthread_mutex_unlock(&gate->mutex);
}

void sl_os_gate_wait(sl_os_gate *gate)
{
    pthread_cond_wait(&gate->condition, &gate->mutex);
}

void sl_os_gate_wake_all(sl_os_gate *gate)
{
    pthread_cond_broadcast(&gate->condition);
}

void sl_os_yield(void)
{
    sched_yield();
}

void sl_os_pause(void)
{
#    if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#    elif defined(__aarch64__)
    __asm__ volatile("yield");
#    endif
}

#else
typedef int os_posix_threads_unused; /* ISO C wants a declaration */
#endif
