/* os_windows_threads.c - threads, clock and memory of os.h for Windows. */
#include "core/os_windows.h"

#if defined(_WIN32)
#    include <process.h>

void sl_os_large_pages(void *memory, size_t size)
{
    (void)memory, (void)size; /* they take a privilege here */
}

double sl_os_seconds(void)
{
    LARGE_INTEGER now, second;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&second);
    return (double)now.QuadPart / (double)second.QuadPart;
}

int sl_os_cores(void)
{
    DWORD_PTR ours, all;
    int cores = 0;
    if (GetProcessAffinityMask(GetCurrentProcess(), &ours, &all))
        for (; ours; ours &= ours - 1)
            cores++;
    return cores ? cores : 1;
}

struct sl_os_thread {
    HANDLE id;
    void (*run)(void *);
    void *argument;
};

static unsigned __stdcall os_win_thread_main(void *argument)
{
    sl_os_thread *thread = argument;
    thread->run(thread->argument);
    return 0;
}

int sl_os_thread_start(sl_os_thread *thread, void (*run)(void *), void *argument)
{
    thread->run = run;
    thread->argument = argument;
    thread->id = (HANDLE)_beginthreadex(NULL, 0, os_win_thread_main, thread, 0, NULL);
    return thread->id ? 0 : ERROR_NO_SYSTEM_RESOURCES;
}

void sl_os_thread_join(sl_os_thread *thread)
{
    WaitForSingleObject(thread->id, INFINITE);
    CloseHandle(thread->id);
}

size_t sl_os_thread_size(void)
{
    return sizeof(sl_os_thread);
}

struct sl_os_gate {
    SRWLOCK lock;
    CONDITION_VARIABLE condition;
};

size_t sl_os_gate_size(void)
{
    return sizeof(sl_os_gate);
}

void sl_os_gate_init(sl_os_gate *gate)
{
    InitializeSRWLock(&gate->lock);
    InitializeConditionVariable(&gate->condition);
}

void sl_os_gate_free(sl_os_gate *gate)
{
    (void)gate; /* nothing was taken */
}

void sl_os_gate_lock(sl_os_gate *gate)
{
    AcquireSRWLockExclusive(&gate->lock);
}

void sl_os_gate_unlock(sl_os_gate *gate)
{
    ReleaseSRWLockExclusive(&gate->lock);
}

void sl_os_gate_wait(sl_os_gate *gate)
{
    SleepConditionVariableSRW(&gate->condition, &gate->lock, INFINITE, 0);
}

void sl_os_gate_wake_all(sl_os_gate *gate)
{
    WakeAllConditionVariable(&gate->condition);
}

void sl_os_yield(void)
{
    SwitchToThread();
}

void sl_os_pause(void)
{
    YieldProcessor();
}

#else
typedef int os_windows_threads_unused; /* ISO C wants a declaration */
#endif
