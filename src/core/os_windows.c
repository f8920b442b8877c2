/* os_windows.c - paths and folders of os.h for Windows (64 bit, 8 and later; wine). */
#include "core/os_windows.h"

#if defined(_WIN32)
#    include <stdio.h>
#    include <string.h>

int sl_os_windows_error(void)
{
    const DWORD error = GetLastError();
    return error ? (int)error : ERROR_GEN_FAILURE;
}

int sl_os_windows_device(const char *path)
{
    static const char *const names[] = { "/dev/stdin", "/dev/stdout", "/dev/null" };
    for (int i = 0; i < 3; i++)
        if (!strcmp(path, names[i]))
            return i;
    return -1;
}

int sl_os_windows_path(const char *path, WCHAR wide[SL_OS_WIDE])
{
    WCHAR full[SL_OS_WIDE];
    if (sl_os_windows_device(path) == 2)
        path = "NUL";
    if (!*path)
        return ERROR_PATH_NOT_FOUND;
    if (!MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, SL_OS_WIDE))
        return GetLastError() == ERROR_INSUFFICIENT_BUFFER ? ERROR_FILENAME_EXCED_RANGE : ERROR_INVALID_NAME;
    for (WCHAR *at = wide; *at; at++)
        if (*at == '/')
            *at = '\\';
    const DWORD length = GetFullPathNameW(wide, SL_OS_WIDE, full, NULL);
    if (length < MAX_PATH - 12 || !wcsncmp(wide, L"\\\\?\\", 4)) /* a folder needs room for a name of 8.3 */
        return 0;
    if (length + 8 > SL_OS_WIDE)
        return ERROR_FILENAME_EXCED_RANGE;
    const bool share = full[0] == '\\';
    wcscpy(wide, share ? L"\\\\?\\UNC\\" : L"\\\\?\\");
    wcscat(wide, full + (share ? 2 : 0));
    return 0;
}

sl_path_kind sl_os_path_kind(const char *path)
{
    WCHAR wide[SL_OS_WIDE];
    if (sl_os_windows_device(path) >= 0)
        return SL_PATH_FILE;
    if (sl_os_windows_path(path, wide))
        return SL_PATH_NONE; /* no file can have this name */
    const DWORD is = GetFileAttributesW(wide);
    if (is == INVALID_FILE_ATTRIBUTES)
        switch (GetLastError()) {
        case ERROR_ACCESS_DENIED:
        case ERROR_SHARING_VIOLATION:
        case ERROR_CRC:
        case ERROR_IO_DEVICE:
            return SL_PATH_UNSEEN;
        default:
            return SL_PATH_NONE;
        }
    return is & FILE_ATTRIBUTE_DIRECTORY ? SL_PATH_FOLDER : SL_PATH_FILE;
}

bool sl_os_path_special(const char *path)
{
    WCHAR wide[SL_OS_WIDE];
    if (sl_os_windows_device(path) >= 0)
        return true;
    if (sl_os_path_kind(path) != SL_PATH_FILE || sl_os_windows_path(path, wide))
        return false;
    const HANDLE file = CreateFileW(wide, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                    OPEN_EXISTING, 0, NULL);
    const bool special = file != INVALID_HANDLE_VALUE && GetFileType(file) != FILE_TYPE_DISK;
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    return special;
}

static const struct {
    int number;
    const char *text, *remedy;
} os_win_reasons[] = {
    /* as os_posix.c has them: the system's own follow its language */
    { ERROR_FILE_NOT_FOUND, "no such file or folder", "" },
    { ERROR_PATH_NOT_FOUND, "no such file or folder", "" },
    { ERROR_BAD_NETPATH, "no such file or folder", "" },
    { ERROR_ACCESS_DENIED, "permission denied", ": take another place" },
    { ERROR_DIRECTORY_NOT_SUPPORTED, "it is a folder", "" },
    { ERROR_DIRECTORY, "a part of the path is not a folder", "" },
    { ERROR_DISK_FULL, "the disk is full", ": make room there, or take another place" },
    { ERROR_HANDLE_DISK_FULL, "the disk is full", ": make room there, or take another place" },
    { ERROR_WRITE_PROTECT, "the file system is read-only", ": take another place" },
    { ERROR_FILE_EXISTS, "it exists already", "" },
    { ERROR_ALREADY_EXISTS, "it exists already", "" },
    { ERROR_TOO_MANY_OPEN_FILES, "too many open files", "" },
    { ERROR_FILENAME_EXCED_RANGE, "the name is too long", "" },
    { ERROR_INVALID_NAME, "no file can have this name", "" },
    { ERROR_SHARING_VIOLATION, "another program has it open", ": close it there" },
    { ERROR_LOCK_VIOLATION, "another program has it open", ": close it there" },
    { ERROR_CRC, "the disk reports an error", ": take another disk" },
    { ERROR_IO_DEVICE, "the disk reports an error", ": take another disk" },
    { ERROR_NOT_ENOUGH_MEMORY, "out of memory", "" },
    { ERROR_OUTOFMEMORY, "out of memory", "" },
    { ERROR_NO_SYSTEM_RESOURCES, "no more resources", "" },
    { ERROR_DISK_QUOTA_EXCEEDED, "the disk quota is used up", ": make room there, or take another place" },
    { ERROR_FILE_TOO_LARGE, "the file would be too large", "" },
    { ERROR_BROKEN_PIPE, "nobody reads it any more", "" },
    { ERROR_NO_DATA, "nobody reads it any more", "" },
    { 0, NULL, "" },
};

static size_t os_win_reason_at(int error)
{
    size_t i = 0;
    while (os_win_reasons[i].number && os_win_reasons[i].number != error)
        i++;
    return i;
}

const char *sl_os_reason(int error, char *buffer, size_t size)
{
    const char *text = os_win_reasons[os_win_reason_at(error)].text;
    if (!text)
        snprintf(buffer, size, "system error %d", error);
    return text ? text : buffer;
}

const char *sl_os_remedy(int error)
{
    return os_win_reasons[os_win_reason_at(error)].remedy;
}

static int os_win_utf8(const WCHAR *wide, char *buffer, size_t size)
{
    const int room = size < 1 << 20 ? (int)size : 1 << 20;
    return WideCharToMultiByte(CP_UTF8, 0, wide, -1, buffer, room, NULL, NULL) ? 0 : sl_os_windows_error();
}

int sl_os_working_folder(char *buffer, size_t size)
{
    WCHAR wide[SL_OS_WIDE];
    const DWORD length = GetCurrentDirectoryW(SL_OS_WIDE, wide);
    if (!length || length >= SL_OS_WIDE)
        return length ? ERROR_FILENAME_EXCED_RANGE : sl_os_windows_error();
    const int error = os_win_utf8(wide, buffer, size);
    for (char *at = buffer; !error && *at; at++)
        *at = *at == '\\' ? '/' : *at;
    return error;
}

int sl_os_make_folder(const char *path)
{
    WCHAR wide[SL_OS_WIDE];
    int error = sl_os_windows_path(path, wide);
    if (!error && !CreateDirectoryW(wide, NULL))
        error = sl_os_windows_error();
    if (!error || sl_os_path_kind(path) == SL_PATH_FOLDER) /* C: is said to be denied */
        return 0;
    int names = 0; /* of //server/share/folder the first two are no folders */
    for (const WCHAR *at = wide; !wcsncmp(wide, L"\\\\", 2) && at[1]; at++)
        names += at[0] == '\\' && at[1] != '\\';
    return names && names <= 2 ? 0 : error;
}

int sl_os_remove_file(const char *path)
{
    WCHAR wide[SL_OS_WIDE];
    int error = sl_os_windows_path(path, wide);
    if (!error && !DeleteFileW(wide))
        error = sl_os_windows_error();
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ? 0 : error;
}

int sl_os_rename(const char *from, const char *to)
{
    WCHAR old[SL_OS_WIDE], new[SL_OS_WIDE];
    int error = sl_os_windows_path(from, old);
    error = error ? error : sl_os_windows_path(to, new);
    if (error)
        return error;
    for (int i = 0; i < SL_OS_TRIES; i++) { /* whoever reads it, or looks for viruses, is done in a moment */
        if (MoveFileExW(old, new, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            return 0;
        error = sl_os_windows_error();
        if (error != ERROR_ACCESS_DENIED && error != ERROR_SHARING_VIOLATION)
            return error;
        if (sl_os_path_kind(to) == SL_PATH_FOLDER)
            return ERROR_DIRECTORY_NOT_SUPPORTED;
        Sleep(10);
    }
    return error;
}

int sl_os_list(const char *path, bool (*take)(void *user, const char *name), void *user)
{
    WCHAR wide[SL_OS_WIDE + 2];
    WIN32_FIND_DATAW entry;
    char name[4 * MAX_PATH];
    const sl_path_kind kind = sl_os_path_kind(path);
    int error = sl_os_windows_path(path, wide);
    if (error || kind != SL_PATH_FOLDER)
        return error ? error : kind == SL_PATH_FILE ? ERROR_DIRECTORY : ERROR_PATH_NOT_FOUND;
    wcscat(wide, L"\\*");
    const HANDLE folder = FindFirstFileW(wide, &entry);
    if (folder == INVALID_HANDLE_VALUE)
        return sl_os_windows_error();
    bool more = true;
    do {
        if (wcscmp(entry.cFileName, L".") && wcscmp(entry.cFileName, L"..")) {
            error = os_win_utf8(entry.cFileName, name, sizeof name);
            more = !error && take(user, name);
        }
    } while (more && FindNextFileW(folder, &entry));
    if (more && GetLastError() != ERROR_NO_MORE_FILES)
        error = sl_os_windows_error();
    FindClose(folder);
    return error;
}

int sl_os_folder_writable(const char *path)
{
    int handle; /* who may what is too long a story here: it is tried */
    const int error = sl_os_temporary(path, &handle);
    if (!error)
        sl_os_close(handle);
    return error;
}

#else
typedef int os_windows_unused; /* ISO C wants a declaration */
#endif
