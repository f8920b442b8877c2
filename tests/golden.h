/* Reads the golden files of tests/golden: one tensor a line, `name dim dim ... : value value ...`.
 *
 * For tests only: whatever is wrong with a file, or missing in it, is printed and ends the program with 99.
 *
 *     golden *file = golden_load("tests/golden/operators.golden");
 *     float x[35];
 *     golden_floats(golden_get(file, "linear_tanh", "x"), 35, x);
 *     ...
 *     assert(golden_distance(golden_get(file, "linear_tanh", "y"), 15, y) < 1e-6);
 *     golden_free(file);
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GOLDEN_RANK = 6, GOLDEN_MOST = 1 << 20 };

typedef struct golden_item {
    const char *name;
    size_t rank, dims[GOLDEN_RANK];
    size_t count;   /* of values: the product of dims, 1 for rank 0 */
    double *values; /* row-major; those of a float file are exact floats */
} golden_item;

typedef struct golden {
    const char *path;
    char *text; /* the whole file; the names lie in it */
    golden_item *items;
    size_t count;
} golden;

_Noreturn static inline void golden_fail(const char *path, size_t line, const char *what, const char *name)
{
    fprintf(stderr, "%s:%zu: %s: %.60s\n", path, line, what, name);
    exit(99);
}

static inline void *golden_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        golden_fail("golden.h", 0, "no memory", "");
    return memory;
}

/* NULL when there is no tensor of this name. */
static inline const golden_item *golden_find(const golden *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (!strcmp(file->items[i].name, name))
            return &file->items[i];
    return NULL;
}

/* The tensor `group/what`, which must be there. */
static inline const golden_item *golden_get(const golden *file, const char *group, const char *what)
{
    char name[128];
    int length = snprintf(name, sizeof name, "%s/%s", group, what);
    const golden_item *item = length < (int)sizeof name ? golden_find(file, name) : NULL;
    if (!item)
        golden_fail(file->path, 0, "no such tensor", name);
    return item;
}

/* Copies the values; there must be exactly `count` of them. */
static inline void golden_floats(const golden_item *item, size_t count, float *out)
{
    if (item->count != count)
        golden_fail("golden_floats", count, "the file has another number of values", item->name);
    for (size_t i = 0; i < count; i++)
        out[i] = (float)item->values[i];
}

/* The largest |a - b| / max(1, |b|), b being the golden value; infinite where a is NaN. */
static inline double golden_distance(const golden_item *item, size_t count, const float *a)
{
    double worst = 0;
    if (item->count != count)
        golden_fail("golden_distance", count, "the file has another number of values", item->name);
    for (size_t i = 0; i < count; i++) {
        double b = item->values[i], size = fabs(b) > 1 ? fabs(b) : 1, gap = fabs((double)a[i] - b) / size;
        if (!(gap <= HUGE_VAL))
            return HUGE_VAL;
        worst = gap > worst ? gap : worst;
    }
    return worst;
}

/* One line, ended by NUL instead of newline. */
static inline void golden_line(golden *file, char *line, size_t number)
{
    golden_item item = { .name = line, .count = 1 };
    size_t length = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789_/");
    if (!length || line[length] != ' ')
        golden_fail(file->path, number, "a line is `name dim ... : value ...`", line);
    char *at = line + length;
    *at++ = 0;
    if (golden_find(file, item.name))
        golden_fail(file->path, number, "this name was there before", item.name);
    while (*at != ':') {
        char *end = at;
        unsigned long dim = *at >= '1' && *at <= '9' ? strtoul(at, &end, 10) : 0;
        if (end == at || *end != ' ' || item.rank == GOLDEN_RANK || dim > GOLDEN_MOST / item.count)
            golden_fail(file->path, number, "bad dimension", item.name);
        item.dims[item.rank++] = dim;
        item.count *= dim;
        at = end + 1;
    }
    at++;
    item.values = golden_alloc(item.count, sizeof *item.values);
    for (size_t i = 0; i < item.count; i++) {
        char *end = at;
        if (*at == ' ' && at[1] != '+' && strspn(at + 1, "0123456789.e+-") == strcspn(at + 1, " "))
            item.values[i] = strtod(at + 1, &end); /* no blanks, hex, inf or nan come this far */
        if (end <= at + 1 || !isfinite(item.values[i]))
            golden_fail(file->path, number, *at ? "bad value" : "too few values", item.name);
        at = end;
    }
    if (*at)
        golden_fail(file->path, number, "something follows the last value", item.name);
    file->items[file->count++] = item;
}

/* The path must live as long as the result. Lines that begin with # are remarks. */
static inline golden *golden_load(const char *path)
{
    golden *file = golden_alloc(1, sizeof *file);
    file->path = path;
    FILE *stream = fopen(path, "rb");
    if (!stream)
        golden_fail(path, 0, "cannot be opened", "");
    file->text = golden_alloc(GOLDEN_MOST + 1, 1);
    size_t size = fread(file->text, 1, GOLDEN_MOST, stream), lines = 0;
    if (ferror(stream) || fgetc(stream) != EOF)
        golden_fail(path, 0, "cannot be read, or is longer than a golden file may be", "");
    fclose(stream);
    if (!size || file->text[size - 1] != '\n' || memchr(file->text, 0, size))
        golden_fail(path, 0, "is empty, contains NUL, or has no newline at its end", "");
    for (size_t i = 0; i < size; i++)
        lines += file->text[i] == '\n';
    file->items = golden_alloc(lines, sizeof *file->items);
    char *line = file->text;
    for (size_t number = 1; number <= lines; number++) {
        char *end = strchr(line, '\n');
        *end = 0;
        if (*line != '#')
            golden_line(file, line, number);
        line = end + 1;
    }
    return file;
}

static inline void golden_free(golden *file)
{
    for (size_t i = 0; file && i < file->count; i++)
        free(file->items[i].values);
    if (file) {
        free(file->items);
        free(file->text);
    }
    free(file);
}

#endif
