/* lesson_child.c - see lesson_child.h */
#define _XOPEN_SOURCE 700
#include "lesson_child.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_SECONDS = 600, CHILD_MOST = 1 << 26 };

static volatile sig_atomic_t child_stopped, child_running;

static void child_stop(int number)
{
    child_stopped = 1;
    if (number != SIGINT && child_running > 0) /* Ctrl-C reaches it by itself */
        kill((pid_t)child_running, number);
}

/* In the new process: the command as main() would run it. */
static void child_become(char *const *words, const char *folder, const int files[2])
{
    int count = 0;
    const int nothing = open("/dev/null", O_RDONLY);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (nothing < 0 || dup2(nothing, 0) < 0 || chdir(folder) != 0)
        _exit(CLI_FAILED);
    for (int i = 0; i < 2; i++)
        if (files[i] >= 0 && dup2(files[i], i + 1) < 0)
            _exit(CLI_FAILED);
    if (files[0] >= 0) {
        setenv("LC_ALL", "C.UTF-8", 1);
        unsetenv("SLOPE_LESSONS");
        alarm(CHILD_SECONDS);
    }
    while (words[count])
        count++;
    const int status = cli_main(count, (char **)(uintptr_t)words);
    fflush(stdout);
    fflush(stderr);
    _exit(status);
}

/* What a file without a name holds. NULL: memory ran out, or it is more than 64 MB. */
static char *child_read(int file)
{
    struct stat status;
    if (fstat(file, &status) != 0 || status.st_size > CHILD_MOST)
        return NULL;
    const size_t size = (size_t)status.st_size;
    char *text = malloc(size + 1);
    size_t have = 0;
    while (text && have < size) {
        const ssize_t got = pread(file, text + have, size - have, (off_t)have);
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    if (text)
        text[have] = 0;
    return text;
}

static int child_open(void)
{
    char path[4096];
    const char *place = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/slope-lesson-XXXXXX", place && *place ? place : "/tmp");
    const int file = mkstemp(path);
    if (file >= 0)
        unlink(path);
    return file;
}

int cli_child_run(char *const *words, const char *folder, bool keep, cli_child *child)
{
    int files[2] = { -1, -1 }, status = 0;
    struct sigaction ours = { .sa_handler = child_stop }, before[2];
    *child = (cli_child){ 0 };
    if (keep && ((files[0] = child_open()) < 0 || (files[1] = child_open()) < 0)) {
        cli_say("lesson", "cannot keep what a command prints: %s", strerror(errno));
        if (files[0] >= 0)
            close(files[0]);
        return CLI_FAILED;
    }
    child_stopped = child_running = 0;
    sigaction(SIGINT, &ours, &before[0]);
    sigaction(SIGTERM, &ours, &before[1]);
    fflush(stdout);
    fflush(stderr);
    const pid_t process = fork();
    if (process == 0)
        child_become(words, folder, files);
    child_running = (sig_atomic_t)process;
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    child_running = 0;
    sigaction(SIGINT, &before[0], NULL);
    sigaction(SIGTERM, &before[1], NULL);
    child->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    int result = child_stopped || child->status == CLI_STOPPED ? CLI_STOPPED : CLI_DONE;
    if (process < 0) {
        cli_say("lesson", "cannot start a command: %s", strerror(errno));
        result = CLI_FAILED;
    }
    if (keep && result == CLI_DONE) {
        child->output = child_read(files[0]);
        child->complaints = child_read(files[1]);
        if (!child->output || !child->complaints) {
            cli_say("lesson", "what slope %s prints is more than 64 MB, or memory ran out", words[1]);
            result = CLI_FAILED;
        } else if (child->status == 128 + SIGALRM) {
            cli_say("lesson", "slope %s took more than 10 minutes, and was ended", words[1]);
            result = CLI_FAILED;
        }
    }
    for (int i = 0; i < 2; i++)
        if (files[i] >= 0)
            close(files[i]);
    return result;
}

void cli_child_free(cli_child *child)
{
    free(child->output);
    free(child->complaints);
    *child = (cli_child){ 0 };
}

char *cli_child_folder(void)
{
    char path[4096];
    const char *place = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/slope-lesson-XXXXXX", place && *place ? place : "/tmp");
    char *folder = mkdtemp(path) ? strdup(path) : NULL;
    if (!folder)
        cli_say("lesson", "cannot make the folder %s: %s", path, strerror(errno));
    return folder;
}

static int child_remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

void cli_child_remove(const char *folder)
{
    nftw(folder, child_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Does the file hold just these lines? */
static bool child_same(FILE *file, const cli_lesson *lesson, const cli_lesson_block *block)
{
    for (size_t i = block->first + 1; i < block->last; i++) {
        for (const char *at = lesson->lines[i]; *at; at++)
            if (getc(file) != (unsigned char)*at)
                return false;
        if (getc(file) != '\n')
            return false;
    }
    return getc(file) == EOF;
}

static bool child_file(const cli_lesson *lesson, const cli_lesson_block *block, const char *folder)
{
    char path[4300];
    snprintf(path, sizeof path, "%s/%s", folder, block->file);
    FILE *file = fopen(path, "rb");
    if (file) {
        const bool same = child_same(file, lesson, block);
        fclose(file);
        if (!same)
            cli_say("lesson",
                    "%s is there and holds something else than the lesson's: rename it, or go elsewhere",
                    block->file);
        return same;
    }
    file = fopen(path, "wb");
    bool good = file != NULL;
    for (size_t i = block->first + 1; good && i < block->last; i++)
        good = fputs(lesson->lines[i], file) >= 0 && putc('\n', file) != EOF;
    if (file && fclose(file) != 0)
        good = false;
    if (!good)
        cli_say("lesson", "cannot write %s: %s", path, strerror(errno));
    return good;
}

bool cli_child_files(const cli_lesson *lesson, const char *folder)
{
    for (size_t i = 0; i < lesson->block_count; i++)
        if (lesson->blocks[i].kind == LESSON_FILE && !child_file(lesson, &lesson->blocks[i], folder))
            return false;
    return true;
}
