/* os_windows.h - what the files of os.h for Windows share. Paths are UTF-8, with / or \ between names. */
#ifndef SL_CORE_OS_WINDOWS_H
#define SL_CORE_OS_WINDOWS_H

#include "core/os.h"

#if defined(_WIN32)
#    ifndef WIN32_LEAN_AND_MEAN
#        define WIN32_LEAN_AND_MEAN
#    endif
#    include <windows.h>

#    if !defined(ERROR_DISK_QUOTA_EXCEEDED)
#        define ERROR_DISK_QUOTA_EXCEEDED 1295L
#    endif
#    if !defined(ERROR_DIRECTORY_NOT_SUPPORTED)
#        define ERROR_DIRECTORY_NOT_SUPPORTED 336L
#    endif

enum { SL_OS_WIDE = 4096, SL_OS_TRIES = 50 };

int sl_os_windows_error(void); /* GetLastError, never 0 */
/* What a path means on the systems that have such files: 0 and 1 the standard streams, 2 nothing; -1: a path.
 */
int sl_os_windows_device(const char *path);
/* For the system: in UTF-16, and in the form that may be long where it is long. */
int sl_os_windows_path(const char *path, WCHAR wide[SL_OS_WIDE]);

#endif
#endif
