/* text_folder.c - fuzz: a folder of texts, a file each. A line of the input is a file's name, what follows it
 * up to a 0 is its bytes; '/' in a name is a folder of one class or part. Every text is one row. */
#include "place.h"

#include "core/text.h"
#include "data/data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_FOLDERS = 8 };
static const char *const fuzz_folders[FUZZ_FOLDERS] = { "a",       "b",    "train",  "train/a",
                                                        "train/b", "test", "test/a", "unsup" };

static void fuzz_texts_folder(const char *inside, bool make)
{
    char path[128];
    fuzz_place_path(path, inside);
    if (make)
        sl_os_make_folder(path);
#ifndef SL_OS_MEMORY
    else
        rmdir(path);
#endif
}

/* Writes the files of the input, or takes them away again: how many. */
static size_t fuzz_texts_files(const uint8_t *data, size_t size, bool write)
{
    size_t files = 0;
    for (size_t at = 0; at < size && files < 8;) {
        const uint8_t *zero = memchr(data + at, 0, size - at);
        const size_t end = zero ? (size_t)(zero - data) : size;
        const uint8_t *line = memchr(data + at, '\n', end - at);
        const size_t name_end = line ? (size_t)(line - data) : end;
        char name[64];
        size_t length = 0;
        const unsigned where = data[at] % (FUZZ_FOLDERS + 1);
        if (where < FUZZ_FOLDERS)
            length = (size_t)snprintf(name, sizeof name, "%s/", fuzz_folders[where]);
        for (size_t i = at + 1; i < name_end && length < sizeof name - 8; i++)
            if (data[i] != '/')
                name[length++] = (char)data[i];
        if (length && name[length - 1] != '/' && name[length - 1] != '.') {
            memcpy(name + length, ".txt", 5);
            if (write && line)
                fuzz_place_write(name, line + 1, end - name_end - 1);
            else if (write)
                fuzz_place_write(name, "", 0);
            else
                fuzz_place_remove(name);
            files++;
        }
        at = end + 1;
    }
    return files;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const parts[] = { NULL, "train", "test", "all" };
    if (!size)
        return 0;
    fuzz_place_folder();
    for (int i = 0; i < FUZZ_FOLDERS; i++)
        fuzz_texts_folder(fuzz_folders[i], true);
    fuzz_texts_files(data + 1, size - 1, true);
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_table_options options = { .encoding = data[0] & 4 ? "latin1" : data[0] & 8 ? "replace" : NULL };
    sl_data *rows = sl_data_open_table(ctx, fuzz_place, parts[data[0] & 3], &options);
    if (!rows == !sl_error(ctx) || (!rows && !*sl_message(ctx)))
        abort();
    for (size_t row = 0; rows && row < sl_data_rows(rows); row++) {
        size_t length;
        const char *text = sl_data_words(rows, row, &length);
        for (size_t at = 0, bytes; at < length; at += bytes)
            if (!text[at] || !(bytes = sl_utf8_length(text + at, length - at)))
                abort();
    }
    sl_data_free(rows);
    if (sl_ctx_bytes(ctx))
        abort();
    sl_ctx_free(ctx);
    fuzz_texts_files(data + 1, size - 1, false);
    for (int i = FUZZ_FOLDERS - 1; i >= 0; i--)
        fuzz_texts_folder(fuzz_folders[i], false);
    return 0;
}
