/* regression.c - runs a fuzz target once for every file given, and for every file of every folder given. */
#define _XOPEN_SOURCE 700 /* opendir */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The file's bytes in a block of exactly that size, so that a sanitizer sees a read behind its end. */
static bool regression_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    uint8_t *bytes = NULL;
    size_t size = 0, got = 1;
    while (got) {
        uint8_t *larger = realloc(bytes, size + 4096);
        if (!larger)
            break;
        bytes = larger;
        got = fread(bytes + size, 1, 4096, file);
        size += got;
    }
    const bool failed = ferror(file) || got;
    fclose(file);
    uint8_t *exact = failed ? NULL : malloc(size + !size);
    if (exact) {
        if (size)
            memcpy(exact, bytes, size);
        LLVMFuzzerTestOneInput(exact, size);
    }
    free(exact);
    free(bytes);
    return exact != NULL;
}

/* How many inputs ran; -1: one could not be read. */
static int regression_path(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return regression_file(path) ? 1 : -1;
    int count = 0;
    for (const struct dirent *entry; count >= 0 && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        char inside[4096];
        const int length = snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        const int more = length < (int)sizeof inside ? regression_path(inside) : -1;
        count = more < 0 ? -1 : count + more;
    }
    closedir(folder);
    return count;
}

int main(int count, char **arguments)
{
    int inputs = 0;
    for (int i = 1; i < count; i++) {
        const int more = regression_path(arguments[i]);
        if (more <= 0) { /* a folder without files would test nothing, and pass */
            fprintf(stderr, "%s: no inputs, or one cannot be read\n", arguments[i]);
            return 1;
        }
        inputs += more;
    }
    printf("%d inputs\n", inputs);
    return inputs ? 0 : 1;
}
