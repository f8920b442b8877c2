/* lesson_set.c - see lesson_set.h */
#define _XOPEN_SOURCE 700
#include "lesson_set.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { SET_MOST = 1 << 21 };

static int set_order(const void *a, const void *b)
{
    const cli_lesson *x = a, *y = b;
    return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                  : strcmp(x->name, y->name);
}

/* One more page; folder NULL: of the program. */
static int set_add(cli_lesson_set *set, const char *folder, const char *file, const char *bytes,
                   size_t length)
{
    cli_lesson_error error = { 0 };
    cli_lesson *more = realloc(set->lessons, (set->count + 1) * sizeof *more);
    if (!more) {
        cli_say("lesson", "memory ran out");
        return CLI_FAILED;
    }
    set->lessons = more;
    cli_lesson *lesson = &more[set->count++];
    *lesson = (cli_lesson){ 0 };
    cli_lesson_file_name(file, &lesson->number, lesson->name);
    if (!cli_lesson_read(lesson, bytes, length, &error)) {
        char line[32] = "";
        if (error.line)
            snprintf(line, sizeof line, " line %zu", error.line);
        return cli_wrong("lesson", "%s%s%s%s: %s", folder ? folder : "", folder ? "/" : "", file, line,
                         error.text);
    }
    return CLI_DONE;
}

static int set_page(cli_lesson_set *set, const cli_lesson_page *page)
{
    size_t length = 0;
    for (int i = 0; page->lines[i]; i++)
        length += strlen(page->lines[i]);
    char *bytes = malloc(length + 1), *to = bytes;
    if (!bytes) {
        cli_say("lesson", "memory ran out");
        return CLI_FAILED;
    }
    for (int i = 0; page->lines[i]; i++) {
        const size_t size = strlen(page->lines[i]);
        memcpy(to, page->lines[i], size);
        to += size;
    }
    const int status = set_add(set, NULL, page->file, bytes, length);
    free(bytes);
    return status;
}

static int set_file(cli_lesson_set *set, const char *folder, const char *file)
{
    char path[4500];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *stream = fopen(path, "rb");
    char *bytes = malloc(SET_MOST);
    const size_t length = stream && bytes ? fread(bytes, 1, SET_MOST, stream) : 0;
    int status = stream && bytes && !ferror(stream) ? CLI_DONE : CLI_WRONG;
    if (status != CLI_DONE)
        cli_say("lesson", "%s: cannot be read: %s", path, strerror(errno));
    else
        status = set_add(set, folder, file, bytes, length);
    if (stream)
        fclose(stream);
    free(bytes);
    return status;
}

static int set_folder(cli_lesson_set *set, const char *folder)
{
    int status = CLI_DONE, number;
    char name[64];
    DIR *open = strlen(folder) < 4096 ? opendir(folder) : NULL;
    if (!open)
        return cli_wrong("lesson", "%s: wants a folder of lessons: %s", folder, strerror(errno));
    for (const struct dirent *entry; status == CLI_DONE && (entry = readdir(open));)
        if (cli_lesson_file_name(entry->d_name, &number, name))
            status = set_file(set, folder, entry->d_name);
    closedir(open);
    if (status == CLI_DONE && !set->count)
        return cli_wrong("lesson", "%s: no lesson is in it: wants files called as 1-descent.md", folder);
    return status;
}

/* Numbers and names are how lessons are asked for. */
static int set_check(const cli_lesson_set *set, const char *folder)
{
    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < i; j++) {
            const cli_lesson *a = &set->lessons[j], *b = &set->lessons[i];
            if (a->number == b->number)
                return cli_wrong("lesson",
                                 "%s: %d-%s.md and %d-%s.md have one number: wants each number once", folder,
                                 a->number, a->name, b->number, b->name);
            if (strcmp(a->name, b->name) == 0)
                return cli_wrong("lesson", "%s: %d-%s.md and %d-%s.md have one name: wants each name once",
                                 folder, a->number, a->name, b->number, b->name);
        }
    return CLI_DONE;
}

int cli_lesson_set_open(cli_lesson_set *set, const char *from)
{
    const char *other = getenv("SLOPE_LESSONS");
    int status = CLI_DONE;
    *set = (cli_lesson_set){ 0 };
    if (!from && other && *other)
        from = other;
    if (from)
        status = set_folder(set, from);
    for (int i = 0; !from && status == CLI_DONE && cli_lesson_pages[i].file; i++)
        status = set_page(set, &cli_lesson_pages[i]);
    if (status != CLI_DONE)
        return status;
    qsort(set->lessons, set->count, sizeof *set->lessons, set_order);
    return set_check(set, from ? from : "docs/course");
}

void cli_lesson_set_free(cli_lesson_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        cli_lesson_free(&set->lessons[i]);
    free(set->lessons);
    *set = (cli_lesson_set){ 0 };
}

const cli_lesson *cli_lesson_set_find(const cli_lesson_set *set, const char *word, size_t length)
{
    char text[64];
    double number = 0;
    snprintf(text, sizeof text, "%.*s", (int)(length < 63 ? length : 63), word);
    const bool counted = sl_number_parse(text, &number);
    cli_nearest nearest = { .word = text };
    for (size_t i = 0; i < set->count; i++) {
        const cli_lesson *lesson = &set->lessons[i];
        if (counted ? lesson->number == number : strcmp(lesson->name, text) == 0)
            return lesson;
        cli_nearest_try(&nearest, lesson->name);
    }
    if (counted)
        cli_say("lesson", "there is no lesson %s; slope lesson list shows all", text);
    else if (nearest.best)
        cli_say("lesson", "no lesson is called %s: did you mean %s?", text, nearest.best);
    else
        cli_say("lesson", "no lesson is called %s; slope lesson list shows all", text);
    return NULL;
}
