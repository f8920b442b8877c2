/* tags.c - fuzz: a table of tags, as `slope errors` writes it and people fill it in, or of pairs, by the
 * first byte: rows in order of the file with texts that end, or a sentence. */
#define _XOPEN_SOURCE 700 /* fmemopen */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

static const uint8_t *fuzz_tags_bytes;
static size_t fuzz_tags_size;

static FILE *fuzz_tags_open(void)
{
    return fuzz_tags_size ? fmemopen((void *)(uintptr_t)fuzz_tags_bytes, fuzz_tags_size, "rb")
                          : fopen("/dev/null", "rb");
}
#define fopen(path, mode) ((void)(path), (void)(mode), fuzz_tags_open())
#include "../../cli/tags.c"
#undef fopen

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char fuzz_tags_said[4096];

void cli_say(const char *name, const char *format, ...)
{
    va_list arguments;
    (void)name;
    va_start(arguments, format);
    vsnprintf(fuzz_tags_said, sizeof fuzz_tags_said, format, arguments);
    va_end(arguments);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    fuzz_tags_bytes = data + 1;
    fuzz_tags_size = size - 1;
    *fuzz_tags_said = 0;
    if (data[0] & 1) {
        size_t count, bytes = 0;
        char *memory;
        cli_pair *pairs = cli_pairs_read("fuzz", "a.csv", &count, &memory);
        for (size_t i = 0; pairs && i < count; i++)
            bytes += strlen(pairs[i].a) + strlen(pairs[i].b);
        if ((!pairs && !*fuzz_tags_said) || bytes > size)
            abort();
        free(pairs);
        free(memory);
        return 0;
    }
    cli_tags tags;
    size_t line = 0;
    const bool good = cli_tags_read(&tags, "fuzz", "a.csv");
    if (good == (*fuzz_tags_said != 0))
        abort();
    for (size_t i = 0; good && i < tags.count; i++) {
        if (tags.rows[i].line <= line || strlen(tags.rows[i].tags) + strlen(tags.rows[i].truth) > size)
            abort();
        line = tags.rows[i].line;
    }
    cli_tags_free(&tags);
    return 0;
}
