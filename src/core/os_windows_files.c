/* os_windows_files.c - open files of os.h for Windows. A handle is a number of the C library, because 0 is
 * the standard input there too. */
#include "core/os_windows.h"

#if defined(_WIN32)
#    include <fcntl.h>
#    include <io.h>
#    include <stdio.h>
#    include <string.h>

enum { OS_WIN_PIECE = 1 << 30 };

/* The system's handle becomes a number, or is closed. */
static int os_win_number(HANDLE file, int flags, int *handle)
{
    if (file == INVALID_HANDLE_VALUE)
        return sl_os_windows_error();
    *handle = _open_osfhandle((intptr_t)file, flags | _O_BINARY | _O_NOINHERIT);
    if (*handle >= 0)
        return 0;
    CloseHandle(file);
    return ERROR_TOO_MANY_OPEN_FILES;
}

int sl_os_open(const char *path, char mode, int *handle)
{
    WCHAR wide[SL_OS_WIDE];
    const int device = sl_os_windows_device(path);
    *handle = -1;
    if (device == 0 || device == 1) {
        *handle = _dup(device);
        return *handle < 0 ? ERROR_FILE_NOT_FOUND : 0;
    }
    int error = sl_os_windows_path(path, wide);
    if (error)
        return error;
    const DWORD access = mode == 'r'   ? GENERIC_READ
                         : mode == 'u' ? GENERIC_READ | GENERIC_WRITE
                         : mode == 'a' ? FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE
                                       : GENERIC_WRITE;
    const HANDLE file =
        CreateFileW(wide, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                    mode == 'r'   ? OPEN_EXISTING
                    : mode == 'a' ? OPEN_ALWAYS
                                  : CREATE_ALWAYS,
                    mode == 'r' ? FILE_FLAG_BACKUP_SEMANTICS /* folders too: their size is asked in vain */
                                : FILE_ATTRIBUTE_NORMAL,
                    NULL);
    error = os_win_number(file, mode == 'r' ? _O_RDONLY : mode == 'a' ? _O_APPEND : 0, handle);
    if (error == ERROR_ACCESS_DENIED && sl_os_path_kind(path) == SL_PATH_FOLDER)
        error = ERROR_DIRECTORY_NOT_SUPPORTED;
    return error;
}

/* Open and empty; INVALID_HANDLE_VALUE, and *error as it was: a link that is gone now, so once more. */
static HANDLE os_win_own(const WCHAR *wide, int *error)
{
    const DWORD kind = GetFileAttributesW(wide);
    BY_HANDLE_FILE_INFORMATION is;
    if (kind != INVALID_FILE_ATTRIBUTES && kind & FILE_ATTRIBUTE_REPARSE_POINT)
        DeleteFileW(wide); /* a link, not what it leads to */
    const HANDLE file = CreateFileW(wide, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                                    OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        *error = sl_os_windows_error();
        return file;
    }
    const bool linked = GetFileInformationByHandle(file, &is) && is.nNumberOfLinks > 1;
    if (linked ? DeleteFileW(wide) : SetEndOfFile(file)) {
        if (!linked)
            return file;
    } else
        *error = sl_os_windows_error();
    CloseHandle(file);
    return INVALID_HANDLE_VALUE;
}

/* Nobody else may open it to write as long as it is open here, also by the name that it then gets. */
int sl_os_open_beside(const char *path, int *handle, int *held)
{
    enum { OS_WIN_PATIENCE = 3000 }; /* times 10 ms: another writer's file is soon renamed */
    WCHAR wide[SL_OS_WIDE];
    HANDLE file = INVALID_HANDLE_VALUE, kept;
    *handle = *held = -1;
    int error = sl_os_windows_path(path, wide);
    for (int i = 0; !error && (file = os_win_own(wide, &error)) == INVALID_HANDLE_VALUE; i++) {
        if (error == ERROR_ACCESS_DENIED && sl_os_path_kind(path) == SL_PATH_FOLDER)
            return ERROR_DIRECTORY_NOT_SUPPORTED;
        /* denied: also a removed file that somebody has open still */
        if (i < (error == ERROR_SHARING_VIOLATION ? OS_WIN_PATIENCE : SL_OS_TRIES) &&
            (!error || error == ERROR_SHARING_VIOLATION || error == ERROR_ACCESS_DENIED)) {
            Sleep(error ? 10 : 0);
            error = 0;
        } else if (!error)
            error = ERROR_SHARING_VIOLATION;
    }
    error = error ? error : os_win_number(file, 0, handle);
    const HANDLE self = GetCurrentProcess();
    if (!error &&
        DuplicateHandle(self, (HANDLE)_get_osfhandle(*handle), self, &kept, 0, FALSE, DUPLICATE_SAME_ACCESS))
        os_win_number(kept, 0, held);
    return error;
}

static HANDLE os_win_file(int handle)
{
    return handle == SL_OS_INPUT ? GetStdHandle(STD_INPUT_HANDLE) : (HANDLE)_get_osfhandle(handle);
}

int sl_os_size(int handle, uint64_t *size)
{
    LARGE_INTEGER length;
    const HANDLE file = os_win_file(handle);
    *size = 0;
    if (GetFileType(file) != FILE_TYPE_DISK)
        return 0;
    BY_HANDLE_FILE_INFORMATION is;
    if (GetFileInformationByHandle(file, &is) && is.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
        return ERROR_DIRECTORY_NOT_SUPPORTED;
    if (!GetFileSizeEx(file, &length))
        return sl_os_windows_error();
    *size = (uint64_t)length.QuadPart;
    return 0;
}

/* at NULL: where the handle is. A place that was given is left as it was found. */
static int os_win_read(HANDLE file, OVERLAPPED *at, void *bytes, size_t size, size_t *got)
{
    const LARGE_INTEGER none = { .QuadPart = 0 };
    LARGE_INTEGER place;
    DWORD n = 0;
    if (at && !SetFilePointerEx(file, none, &place, FILE_CURRENT))
        return sl_os_windows_error();
    int error = ReadFile(file, bytes, (DWORD)(size < OS_WIN_PIECE ? size : OS_WIN_PIECE), &n, at)
                    ? 0
                    : sl_os_windows_error();
    if (at)
        SetFilePointerEx(file, place, NULL, FILE_BEGIN);
    if (error == ERROR_HANDLE_EOF || error == ERROR_BROKEN_PIPE) /* whoever wrote it is gone */
        error = 0;
    *got = n;
    return error;
}

static OVERLAPPED os_win_at(uint64_t offset)
{
    return (OVERLAPPED){ .Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32) };
}

int sl_os_read(int handle, void *bytes, size_t size, size_t *got)
{
    return os_win_read(os_win_file(handle), NULL, bytes, size, got);
}

int sl_os_read_at(int handle, uint64_t offset, void *bytes, size_t size, size_t *got)
{
    OVERLAPPED at = os_win_at(offset);
    return os_win_read(os_win_file(handle), &at, bytes, size, got);
}

static int os_win_write(HANDLE file, const uint64_t *offset, const void *bytes, size_t size)
{
    const LARGE_INTEGER none = { .QuadPart = 0 };
    LARGE_INTEGER place;
    const char *next = bytes;
    int error = 0;
    if (offset && !SetFilePointerEx(file, none, &place, FILE_CURRENT))
        return sl_os_windows_error();
    for (size_t done = 0; done < size && !error;) {
        const size_t rest = size - done;
        OVERLAPPED at = os_win_at(offset ? *offset + done : 0);
        DWORD n = 0;
        if (!WriteFile(file, next + done, (DWORD)(rest < OS_WIN_PIECE ? rest : OS_WIN_PIECE), &n,
                       offset ? &at : NULL))
            error = sl_os_windows_error();
        done += n;
    }
    if (offset)
        SetFilePointerEx(file, place, NULL, FILE_BEGIN);
    return error;
}

int sl_os_write(int handle, const void *bytes, size_t size)
{
    return os_win_write(os_win_file(handle), NULL, bytes, size);
}

int sl_os_write_at(int handle, uint64_t offset, const void *bytes, size_t size)
{
    return os_win_write(os_win_file(handle), &offset, bytes, size);
}

int sl_os_cut(int handle, uint64_t size)
{
    FILE_END_OF_FILE_INFO end = { .EndOfFile.QuadPart = (LONGLONG)size };
    const HANDLE file =
        ReOpenFile(os_win_file(handle), GENERIC_WRITE, /* what was opened with 'a' may only append */
                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, 0);
    if (file == INVALID_HANDLE_VALUE)
        return sl_os_windows_error();
    const int error =
        SetFileInformationByHandle(file, FileEndOfFileInfo, &end, sizeof end) ? 0 : sl_os_windows_error();
    CloseHandle(file);
    return error;
}

int sl_os_modified(int handle, int64_t *when)
{
    const int64_t from_1601_to_1970 = INT64_C(116444736000000000); /* both in steps of 100 ns */
    FILETIME changed;
    if (!GetFileTime(os_win_file(handle), NULL, NULL, &changed))
        return sl_os_windows_error();
    const int64_t steps = (int64_t)((uint64_t)changed.dwHighDateTime << 32 | changed.dwLowDateTime);
    *when = (steps - from_1601_to_1970) * 100;
    return 0;
}

int sl_os_temporary(const char *folder, int *handle)
{
    WCHAR wide[SL_OS_WIDE], path[SL_OS_WIDE];
    LARGE_INTEGER now;
    *handle = -1;
    const bool anywhere = !strcmp(folder, "/tmp");
    const int wrong = anywhere ? 0 : sl_os_windows_path(folder, wide);
    if (wrong || (anywhere && !GetTempPathW(SL_OS_WIDE, wide)))
        return wrong ? wrong : sl_os_windows_error();
    if (wcslen(wide) + 64 > SL_OS_WIDE)
        return ERROR_FILENAME_EXCED_RANGE;
    for (int i = 0;; i++) {
        QueryPerformanceCounter(&now);
        swprintf(path, SL_OS_WIDE, L"%ls\\slope-%lx-%lx-%llx", wide, GetCurrentProcessId(),
                 GetCurrentThreadId(), (unsigned long long)now.QuadPart + (unsigned)i);
        const HANDLE file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_NEW,
                                        FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
        const int error = os_win_number(file, 0, handle);
        if (error != ERROR_FILE_EXISTS || i == SL_OS_TRIES)
            return error;
    }
}

int sl_os_sync(int handle)
{
    const HANDLE file = os_win_file(handle);
    return GetFileType(file) != FILE_TYPE_DISK || FlushFileBuffers(file) ? 0 : sl_os_windows_error();
}

int sl_os_close(int handle)
{
    return _close(handle) ? ERROR_INVALID_HANDLE : 0;
}

int sl_os_sync_folder(const char *path)
{
    return sl_os_path_kind(path) == SL_PATH_FOLDER
               ? 0
               : ERROR_PATH_NOT_FOUND; /* sl_os_rename waited for the disk */
}

/* Folders cannot be locked: a file in it that nobody else may open, and that goes with its handle. */
static int os_win_lock(const char *folder, DWORD access, HANDLE *file)
{
    WCHAR wide[SL_OS_WIDE];
    char name[SL_OS_WIDE];
    *file = INVALID_HANDLE_VALUE;
    const int length = snprintf(name, sizeof name, "%s/.slope-lock", folder);
    const int error = length < 0 || (size_t)length >= sizeof name ? ERROR_FILENAME_EXCED_RANGE
                                                                  : sl_os_windows_path(name, wide);
    if (error)
        return error;
    *file = CreateFileW(wide, access, access ? 0 : FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                        NULL, access ? OPEN_ALWAYS : OPEN_EXISTING,
                        access ? FILE_ATTRIBUTE_HIDDEN | FILE_FLAG_DELETE_ON_CLOSE : 0, NULL);
    return *file == INVALID_HANDLE_VALUE ? sl_os_windows_error() : 0;
}

int sl_os_lock_folder(const char *path, int *handle, bool *busy)
{
    HANDLE file;
    int error = os_win_lock(path, GENERIC_WRITE, &file);
    *busy = error == ERROR_SHARING_VIOLATION;
    *handle = -1;
    return error ? error : os_win_number(file, 0, handle);
}

/* The lock holds the folder where it is on most disks; not on those of other machines. */
bool sl_os_lost(int handle, const char *path, bool *gone)
{
    BY_HANDLE_FILE_INFORMATION held, there;
    HANDLE file;
    *gone = false;
    if (!GetFileInformationByHandle(os_win_file(handle), &held))
        return false;
    const int error = os_win_lock(path, 0, &file); /* to look at it, which a lock allows */
    if (error)
        return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
    const bool seen = GetFileInformationByHandle(file, &there);
    CloseHandle(file);
    return seen && (held.dwVolumeSerialNumber != there.dwVolumeSerialNumber ||
                    held.nFileIndexHigh != there.nFileIndexHigh || held.nFileIndexLow != there.nFileIndexLow);
}

#else
typedef int os_windows_files_unused; /* ISO C wants a declaration */
#endif
