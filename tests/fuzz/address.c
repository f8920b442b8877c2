/* address.c - fuzz: the address of data, "builtin:spiral?rows=40", and behind the first 0 its part, is
 * refused with a sentence, or makes rows, twice the same. Files are those of an empty folder. */
#include "place.h"

#include "lent.h"

#include "data/data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_lent lent;
    sl_ctx *ctx = fuzz_lent_ctx(&lent, 64 << 10);
    char *text = fuzz_closed(data, size), *source = text;
    const size_t length = strlen(text);
    const char *part = length < size ? text + length + 1 : NULL;
    if (strncmp(text, "builtin:", 8) != 0) { /* never a file that is really there */
        const size_t folder = strlen(fuzz_place_folder());
        source = malloc(folder + length + 2);
        if (!source)
            abort();
        memcpy(source, fuzz_place_folder(), folder);
        source[folder] = '/';
        memcpy(source + folder + 1, text, length + 1);
        for (char *at = source; (at = strstr(at, "..")); at++)
            *at = '_';
    }
    uint64_t digest = 0;
    for (int again = 0; again < 2; again++) {
        sl_data *rows = sl_data_open(ctx, source, part);
        if (!rows == !sl_error(ctx) || (!rows && !*sl_message(ctx)))
            abort();
        if (!rows)
            break;
        if (again && sl_data_digest(rows) != digest)
            abort();
        digest = sl_data_digest(rows);
        sl_data_free(rows);
    }
    sl_clear(ctx);
    sl_data_has_part(ctx, source, part ? part : "test");
    if (source != text)
        free(source);
    free(text);
    fuzz_lent_end(ctx, &lent);
    return 0;
}
