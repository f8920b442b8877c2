/* lesson_child.c - see lesson_child.h */
#define _XOPEN_SOURCE 700
#include "lesson_child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "outfile.h"
#include "system.h"

enum { CHILD_SECONDS = 600, CHILD_MOST = 1 << 26 };

/* What a file without a name holds. NULL: memory ran out, or it is more than 64 MB. */
static char *child_read(FILE *file)
{
    size_t size = 0, room = 1 << 14, got;
    char *text = malloc(room + 1);
    rewind(file);
    while (text && (got = fread(text + size, 1, room - size, file)) > 0) {
        size += got;
        if (size < room)
            continue;
        char *larger = room < CHILD_MOST ? realloc(text, (room *= 2) + 1) : NULL;
        if (!larger)
            free(text);
        text = larger;
    }
    if (text)
        text[size] = 0;
    return text;
}

int cli_child_run(char *const *words, const char *folder, bool keep, cli_child *child)
{
    cli_self self = { .plain = keep, .seconds = keep ? CHILD_SECONDS : 0 };
    *child = (cli_child){ 0 };
    if (keep && (!(self.output = cli_system_nameless()) || !(self.complaints = cli_system_nameless()))) {
        cli_say("lesson", "cannot keep what a command prints: %s", cli_outfile_reason(errno));
        if (self.output)
            fclose(self.output);
        return CLI_FAILED;
    }
    int result = CLI_FAILED;
    if (!cli_self_run(&self, words, folder))
        cli_say("lesson", "cannot start a command: %s", strerror(errno));
    else
        result = self.stopped ? CLI_STOPPED : CLI_DONE;
    child->status = self.status;
    if (keep && result == CLI_DONE) {
        child->output = child_read(self.output);
        child->complaints = child_read(self.complaints);
        if (!child->output || !child->complaints) {
            cli_say("lesson", "what slope %s prints is more than 64 MB, or memory ran out", words[1]);
            result = CLI_FAILED;
        } else if (self.late) {
            cli_say("lesson", "slope %s took more than 10 minutes, and was ended", words[1]);
            result = CLI_FAILED;
        }
    }
    if (keep) {
        fclose(self.output);
        fclose(self.complaints);
    }
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
    char *folder = cli_system_temporary_folder("slope-lesson", path, sizeof path) ? strdup(path) : NULL;
    if (!folder)
        cli_say("lesson", "cannot make the folder %s: %s", path, cli_outfile_reason(errno));
    return folder;
}

void cli_child_remove(const char *folder)
{
    cli_system_remove_folder(folder);
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
        cli_say("lesson", "cannot write %s: %s", path, cli_outfile_reason(errno));
    return good;
}

bool cli_child_files(const cli_lesson *lesson, const char *folder)
{
    for (size_t i = 0; i < lesson->block_count; i++)
        if (lesson->blocks[i].kind == LESSON_FILE && !child_file(lesson, &lesson->blocks[i], folder))
            return false;
    return true;
}
