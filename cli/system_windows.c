/* system_windows.c - system.h for Windows. slope.exe declares that its code page is UTF-8
 * (windows/slope.manifest), so the C library's names of files, arguments and environment are UTF-8, as
 * everywhere else. */
#include "system.h"

#if defined(_WIN32)
#    define WIN32_LEAN_AND_MEAN
#    include <windows.h>

#    include <errno.h>
#    include <fcntl.h>
#    include <io.h>
#    include <signal.h>
#    include <stdlib.h>
#    include <string.h>

#    include "cli.h"

enum { SYSTEM_PATH = 4096, SYSTEM_TRIES = 50 };

static bool system_is_folder(const char *path)
{
    const DWORD is = GetFileAttributesA(path);
    return is != INVALID_FILE_ATTRIBUTES && (is & FILE_ATTRIBUTE_DIRECTORY);
}

/* What looks like a path whose folder exists is one, and slope takes folders apart at /. */
static void system_slashes(char *argument)
{
    char *equals = strncmp(argument, "--", 2) ? NULL : strchr(argument, '=');
    char *path = equals ? equals + 1 : argument, *last = strrchr(path, '\\');
    if (!last)
        return;
    char above[SYSTEM_PATH];
    const size_t length = (size_t)(last - path);
    if (length + 2 > sizeof above)
        return;
    memcpy(above, path, length + 1);
    above[length + 1] = 0;
    for (char *at = system_is_folder(above) || system_is_folder(path) ? path : last + 1; *at; at++)
        *at = *at == '\\' ? '/' : *at;
}

static UINT system_pages[2];

static void system_end(void)
{
    SetConsoleCP(system_pages[0]);
    SetConsoleOutputCP(system_pages[1]);
}

void cli_system_begin(int argc, char **argv)
{
    FILE *const streams[] = { stdin, stdout, stderr };
    bool draws = false;
    for (int i = 0; i < 3; i++) {
        DWORD mode;
        if (_fileno(streams[i]) < 0 || _get_osfhandle(_fileno(streams[i])) == -1) {
            if (!freopen("NUL", i ? "rb" : "wb", streams[i])) /* the wrong way round: using it is an error */
                _Exit(CLI_FAILED);
            continue;
        }
        _setmode(_fileno(streams[i]), _O_BINARY);
        const HANDLE console = (HANDLE)_get_osfhandle(_fileno(streams[i]));
        if (i && GetConsoleMode(console, &mode))
            draws = SetConsoleMode(console, mode | 4) || draws; /* ENABLE_VIRTUAL_TERMINAL_PROCESSING */
    }
    if (draws && !getenv("TERM"))
        _putenv("TERM=xterm-256color"); /* what a console understands since then */
    system_pages[0] = GetConsoleCP();
    system_pages[1] = GetConsoleOutputCP();
    if (system_pages[1] && atexit(system_end) == 0) {
        SetConsoleCP(CP_UTF8);
        SetConsoleOutputCP(CP_UTF8);
    }
    for (int i = 1; i < argc; i++)
        system_slashes(argv[i]);
}

const char *cli_system_scratch(void)
{
    const char *folder = getenv("TMPDIR");
    folder = folder && *folder ? folder : getenv("TEMP");
    return folder && *folder ? folder : ".";
}

bool cli_system_absolute(const char *path)
{
    return path[0] == '/' || path[0] == '\\' || (path[0] && path[1] == ':');
}

bool cli_system_self(char *path, size_t room)
{
    const DWORD length = GetModuleFileNameA(NULL, path, (DWORD)room);
    if (!length || length >= room)
        snprintf(path, room, "slope");
    return length && length < room;
}

bool cli_system_terminal(FILE *stream)
{
    DWORD mode; /* isatty() is true of NUL here */
    return GetConsoleMode((HANDLE)_get_osfhandle(_fileno(stream)), &mode);
}

bool cli_system_window(FILE *stream, int *width, int *height)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo((HANDLE)_get_osfhandle(_fileno(stream)), &info))
        return false;
    *width = info.srWindow.Right - info.srWindow.Left + 1;
    *height = info.srWindow.Bottom - info.srWindow.Top + 1;
    return *width > 0 && *height > 0;
}

bool cli_system_unicode(void)
{
    return GetConsoleOutputCP() == CP_UTF8;
}

bool cli_system_front(void)
{
    return true; /* no shell here takes turns */
}

void cli_system_erase(const char *text, size_t length)
{
    DWORD written;
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), text, (DWORD)length, &written, NULL);
}

void cli_system_pause(void (*before)(void))
{
    (void)before; /* no key stops a program here */
}

/* --- signals -------------------------------------------------------------------------------------------- */

void cli_system_on_stop(void (*handler)(int), bool ends)
{
    static const int stops[] = { SIGINT, SIGTERM, SIGBREAK };
    for (int i = 0; i < 3; i++) {
        void (*const before)(int) = signal(stops[i], handler);
        if (ends ? before != SIG_DFL : before == SIG_IGN)
            signal(stops[i], before);
    }
}

void cli_system_hold_stops(void)
{
    SetConsoleCtrlHandler(NULL, TRUE); /* a Ctrl-C in this moment is lost; the next one is not */
}

void cli_system_free_stops(void)
{
    SetConsoleCtrlHandler(NULL, FALSE);
}

void cli_system_ignore_pipe(void)
{
    /* a reader that went away is an error of writing here, never a signal */
}

void cli_system_heed_pipe(void)
{
    /* likewise */
}

/* --- files ---------------------------------------------------------------------------------------------- */

bool cli_system_make_folder(const char *path, bool private)
{
    (void)private; /* folders take the rights of the one above */
    if (CreateDirectoryA(path, NULL) || GetLastError() == ERROR_ALREADY_EXISTS || system_is_folder(path))
        return true;
    errno = GetLastError() == ERROR_PATH_NOT_FOUND ? ENOENT : EACCES;
    return false;
}

bool cli_system_remove_folder(const char *path)
{
    char name[SYSTEM_PATH];
    WIN32_FIND_DATAA entry;
    if (snprintf(name, sizeof name, "%s/*", path) >= (int)sizeof name)
        return false;
    const HANDLE folder = FindFirstFileA(name, &entry);
    bool more = folder != INVALID_HANDLE_VALUE;
    while (more) {
        const bool fits = snprintf(name, sizeof name, "%s/%s", path, entry.cFileName) < (int)sizeof name;
        const DWORD is = entry.dwFileAttributes;
        if (fits && strcmp(entry.cFileName, ".") && strcmp(entry.cFileName, "..")) {
            if (is & FILE_ATTRIBUTE_REPARSE_POINT) /* a link: what it points at stays */
                is &FILE_ATTRIBUTE_DIRECTORY ? RemoveDirectoryA(name) : DeleteFileA(name);
            else if (is & FILE_ATTRIBUTE_DIRECTORY)
                cli_system_remove_folder(name);
            else
                DeleteFileA(name);
        }
        more = FindNextFileA(folder, &entry);
    }
    if (folder != INVALID_HANDLE_VALUE)
        FindClose(folder);
    return RemoveDirectoryA(path);
}

char *cli_system_target(const char *path)
{
    char *real = malloc(SYSTEM_PATH);
    const DWORD length = real ? GetFullPathNameA(path, SYSTEM_PATH, real, NULL) : 0;
    if (length && length < SYSTEM_PATH)
        return real;
    free(real);
    errno = ENAMETOOLONG;
    return NULL;
}

/* flags: of the system; the stream may be written and, with "w+b", read. */
static FILE *system_make(const char *path, const char *mode, DWORD flags)
{
    const HANDLE file =
        CreateFileA(path, GENERIC_READ | GENERIC_WRITE | DELETE,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, CREATE_NEW, flags, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        const DWORD error = GetLastError();
        errno = error == ERROR_FILE_EXISTS      ? EEXIST
                : error == ERROR_PATH_NOT_FOUND ? ENOENT
                : error == ERROR_DISK_FULL      ? ENOSPC
                                                : EACCES;
        return NULL;
    }
    const int number = _open_osfhandle((intptr_t)file, _O_BINARY);
    FILE *stream = number < 0 ? NULL : _fdopen(number, mode);
    if (!stream && number >= 0)
        _close(number);
    else if (number < 0)
        CloseHandle(file);
    return stream;
}

bool cli_system_mode_keep(const char *path, cli_mode *mode)
{
    (void)path; /* who may read a file is what its folder says */
    *mode = (cli_mode){ 0 };
    return false;
}

void cli_system_mode_kept(const char *path, const cli_mode *mode)
{
    (void)path, (void)mode;
}

FILE *cli_system_create(const char *path, const char *like)
{
    (void)like;
    return system_make(path, "wb", FILE_ATTRIBUTE_NORMAL);
}

bool cli_system_settle(FILE *stream, const char *from, const char *to)
{
    if (_commit(_fileno(stream)) != 0)
        return false;
    for (int i = 0; i < SYSTEM_TRIES; i++) { /* whoever reads it, or looks for viruses, is done in a moment */
        if (MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            return true;
        Sleep(10);
    }
    errno = EACCES;
    return false;
}

static bool system_name(const char *name, char *path, size_t room)
{
    static unsigned number;
    LARGE_INTEGER now;
    QueryPerformanceCounter(&now);
    const int length = snprintf(path, room, "%s/%s-%lx-%llx", cli_system_scratch(), name,
                                GetCurrentProcessId(), (unsigned long long)now.QuadPart + ++number);
    errno = ENAMETOOLONG;
    return length > 0 && (size_t)length < room;
}

FILE *cli_system_temporary(const char *name, char *path, size_t room)
{
    FILE *stream = NULL;
    for (int i = 0; i < SYSTEM_TRIES && !stream; i++)
        if (!system_name(name, path, room) ||
            (!(stream = system_make(path, "w+b", FILE_ATTRIBUTE_TEMPORARY)) && errno != EEXIST))
            return NULL;
    return stream;
}

bool cli_system_temporary_folder(const char *name, char *path, size_t room)
{
    for (int i = 0; i < SYSTEM_TRIES; i++) {
        if (!system_name(name, path, room))
            return false;
        if (CreateDirectoryA(path, NULL))
            return true;
        errno = EACCES;
    }
    return false;
}

FILE *cli_system_nameless(void)
{
    char path[SYSTEM_PATH];
    FILE *stream = NULL;
    for (int i = 0; i < SYSTEM_TRIES && !stream; i++)
        if (!system_name("slope", path, sizeof path) ||
            (!(stream = system_make(path, "w+b", FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE)) &&
             errno != EEXIST))
            return NULL;
    return stream;
}

bool cli_memory_begin(cli_memory *memory)
{
    *memory = (cli_memory){ .to = cli_system_nameless() };
    return memory->to != NULL;
}

bool cli_memory_end(cli_memory *memory)
{
    const long long size =
        fflush(memory->to) == 0 && !ferror(memory->to) ? _filelengthi64(_fileno(memory->to)) : -1;
    memory->bytes = size < 0 ? NULL : malloc((size_t)size + 1);
    if (memory->bytes) {
        rewind(memory->to);
        memory->length = fread(memory->bytes, 1, (size_t)size, memory->to);
        memory->bytes[memory->length] = 0;
    }
    fclose(memory->to);
    return memory->bytes != NULL;
}
#endif
