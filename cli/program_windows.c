/* program_windows.c - program.h for Windows, and the command as another process (system.h). What a program
 * reads and writes goes through files: they are never full, as pipes may be. */
#include "program.h"

#if defined(_WIN32)
#    define WIN32_LEAN_AND_MEAN
#    include <windows.h>

#    include <errno.h>
#    include <io.h>
#    include <stdlib.h>
#    include <string.h>

#    include "cli.h"
#    include "system.h"

enum { PROGRAM_LINE = 32768, PROGRAM_MOST = 1 << 29, PROGRAM_LOOK = 20 };

/* The words as one line, from which the other program's main() makes the same words: quotes where they must
 * be, and backslashes doubled before them. false: too long. */
static bool program_line(const char *const *words, char line[PROGRAM_LINE])
{
    size_t at = 0;
    for (; *words; words++) {
        const bool quoted = !**words || strpbrk(*words, " \t\"");
        if (at + 2 * strlen(*words) + 8 > PROGRAM_LINE)
            return false;
        if (quoted)
            line[at++] = '"';
        for (const char *from = *words; *from;) {
            const size_t slashes = strspn(from, "\\");
            const bool before_quote = from[slashes] == '"' || (quoted && !from[slashes]);
            memset(line + at, '\\', before_quote ? 2 * slashes : slashes);
            at += before_quote ? 2 * slashes : slashes;
            from += slashes;
            if (*from == '"')
                line[at++] = '\\';
            if (*from)
                line[at++] = *from++;
        }
        if (quoted)
            line[at++] = '"';
        line[at++] = ' ';
    }
    line[at ? at - 1 : 0] = 0;
    return true;
}

static HANDLE program_stream(FILE *file)
{
    return file ? (HANDLE)_get_osfhandle(_fileno(file)) : INVALID_HANDLE_VALUE;
}

typedef struct {
    const char *path, *folder; /* path NULL: looked for as a shell does; folder NULL: here */
    FILE *stream[3];           /* NULL: ours */
    bool leave;                /* in a group of its own: Ctrl-C here does not end it */
} program_start_as;

/* NULL, errno: it cannot be started. */
static HANDLE program_start(const program_start_as *as, const char *const *words)
{
    char *line = malloc(PROGRAM_LINE);
    PROCESS_INFORMATION made = { 0 };
    STARTUPINFOA start = { .cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES };
    HANDLE stream[3];
    static const DWORD ours[] = { STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE };
    for (int i = 0; i < 3; i++) {
        stream[i] = as->stream[i] ? program_stream(as->stream[i]) : GetStdHandle(ours[i]);
        SetHandleInformation(stream[i], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    }
    start.hStdInput = stream[0];
    start.hStdOutput = stream[1];
    start.hStdError = stream[2];
    errno = E2BIG;
    if (line && program_line(words, line) &&
        !CreateProcessA(as->path, line, NULL, NULL, TRUE, as->leave ? CREATE_NEW_PROCESS_GROUP : 0, NULL,
                        as->folder, &start, &made))
        errno = GetLastError() == ERROR_FILE_NOT_FOUND || GetLastError() == ERROR_PATH_NOT_FOUND ? ENOENT
                                                                                                 : ENOEXEC;
    free(line);
    if (made.hThread)
        CloseHandle(made.hThread);
    return made.hProcess;
}

static int program_status(HANDLE process)
{
    DWORD status = 1;
    GetExitCodeProcess(process, &status);
    return status == 0xC000013A ? CLI_STOPPED : (int)(status & 0xff); /* STATUS_CONTROL_C_EXIT */
}

/* Waits until it ends, `seconds` are over (0: never) or it has written too much; then it is ended. */
static int program_wait(HANDLE process, int seconds, FILE *const *written, bool *late, bool *endless)
{
    const ULONGLONG end = GetTickCount64() + (ULONGLONG)seconds * 1000;
    *late = *endless = false;
    while (WaitForSingleObject(process, PROGRAM_LOOK) == WAIT_TIMEOUT) {
        *late = seconds && GetTickCount64() > end;
        for (int i = 0; i < 2 && written; i++)
            *endless = *endless || _filelengthi64(_fileno(written[i])) > PROGRAM_MOST;
        if (*late || *endless) {
            TerminateProcess(process, 1);
            WaitForSingleObject(process, INFINITE);
        }
    }
    const int status = program_status(process);
    CloseHandle(process);
    return status;
}

static bool program_take(cli_bytes *to, FILE *from)
{
    const long long size = _filelengthi64(_fileno(from));
    rewind(from);
    to->bytes = size >= 0 && size <= PROGRAM_MOST ? malloc((size_t)size + 1) : NULL;
    if (!to->bytes)
        return false;
    to->length = fread(to->bytes, 1, (size_t)size, from);
    to->room = (size_t)size + 1;
    to->bytes[to->length] = 0;
    return true;
}

bool cli_program_run(cli_program *program, const char *const *argv, const char *input, size_t length)
{
    static const char *const dropped[] = { "GNUTERM", "GNUPLOT_LIB", "XDG_CONFIG_HOME", "GDFONTPATH" };
    program_start_as as = { .stream = { cli_system_nameless(), cli_system_nameless(),
                                        cli_system_nameless() } };
    *program = (cli_program){ 0 };
    bool done = as.stream[0] && as.stream[1] && as.stream[2] &&
                fwrite(input, 1, length, as.stream[0]) == length && fflush(as.stream[0]) == 0;
    if (done)
        _lseeki64(_fileno(as.stream[0]), 0, SEEK_SET);
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        SetEnvironmentVariableA(dropped[i], NULL); /* as in program.c; nothing here asks for them */
    SetEnvironmentVariableA("TZ", "UTC0");
    SetEnvironmentVariableA("LC_ALL", "C");
    const HANDLE process = done ? program_start(&as, argv) : NULL;
    const int reason = errno;
    if (process) {
        program->status =
            program_wait(process, CLI_PROGRAM_SECONDS, as.stream + 1, &program->late, &program->endless);
        done = !program->late && !program->endless && program_take(&program->output, as.stream[1]) &&
               program_take(&program->complaints, as.stream[2]);
    }
    for (int i = 0; i < 3; i++)
        if (as.stream[i])
            fclose(as.stream[i]);
    program->missing = !process && reason == ENOENT;
    errno = reason;
    return process && done;
}

void cli_program_free(cli_program *program)
{
    free(program->output.bytes);
    free(program->complaints.bytes);
    *program = (cli_program){ 0 };
}

bool cli_program_leave(const char *const *argv)
{
    enum { PATIENCE = 2000 };
    program_start_as as = {
        .leave = true, .stream = { cli_system_nameless(), cli_system_nameless(), cli_system_nameless() }
    };
    const bool made = as.stream[0] && as.stream[1] && as.stream[2];
    const HANDLE process = made ? program_start(&as, argv) : NULL;
    for (int i = 0; i < 3; i++)
        if (as.stream[i])
            fclose(as.stream[i]);
    if (!process)
        return false;
    const bool there = WaitForSingleObject(process, PATIENCE) == WAIT_TIMEOUT || program_status(process) == 0;
    CloseHandle(process);
    return there;
}

bool cli_self_run(cli_self *self, char *const *words, const char *folder)
{
    char path[4096], locale[64] = "", lessons[4096] = "";
    if (!cli_system_self(path, sizeof path))
        return false;
    program_start_as as = { .path = path,
                            .folder = folder,
                            .stream = { cli_system_nameless(), self->output, self->complaints } };
    if (!as.stream[0])
        return false;
    fflush(stdout);
    fflush(stderr);
    if (self->plain) {
        GetEnvironmentVariableA("LC_ALL", locale, sizeof locale);
        GetEnvironmentVariableA("SLOPE_LESSONS", lessons, sizeof lessons);
        SetEnvironmentVariableA("LC_ALL", "C.UTF-8");
        SetEnvironmentVariableA("SLOPE_LESSONS", NULL);
    }
    const HANDLE process = program_start(&as, (const char *const *)words);
    const int reason = errno;
    if (self->plain) {
        SetEnvironmentVariableA("LC_ALL", *locale ? locale : NULL);
        SetEnvironmentVariableA("SLOPE_LESSONS", *lessons ? lessons : NULL);
    }
    if (process) {
        bool endless;
        SetConsoleCtrlHandler(NULL, TRUE); /* Ctrl-C is for both, and the other one says what comes of it */
        self->status = program_wait(process, self->seconds, NULL, &self->late, &endless);
        SetConsoleCtrlHandler(NULL, FALSE);
        self->stopped = self->status == CLI_STOPPED;
    }
    fclose(as.stream[0]);
    errno = reason;
    return process != NULL;
}
#endif
