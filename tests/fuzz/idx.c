/* Fuzz target: an IDX file, as images and as labels, plain or gzip. Whatever the bytes are, the reader
 * answers with data or with a sentence, and asks for no more memory than the bytes justify.
 *
 *     clang -fsanitize=fuzzer,address ... tests/fuzz/idx.c && ./idx tests/fuzz/corpus/idx
 */
#include "place.h"

#include "data/data.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char *const fuzz_names[2] = { "train-images-idx3-ubyte", "train-labels-idx1-ubyte" };

static void fuzz_open(const char *source, size_t size)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data = sl_data_open(ctx, source, NULL);
    if (!data == !sl_error(ctx) || (!data && !strlen(sl_message(ctx))))
        abort(); /* neither data nor a reason, or both */
    /* Buffers of the formats that look first; the file, twice where it is gzip and grows (deflate packs at
     * most 1:1032), and a target a byte. */
    if (sl_ctx_peak_bytes(ctx) > (1 << 22) + size * 1100 * 3 * sizeof(sl_real))
        abort();
    if (data) {
        sl_real y = 0;
        if (sl_data_rows(data) == 0 ||
            sl_data_row(data, sl_data_rows(data) - 1, NULL, data->outputs ? &y : NULL))
            abort();
        sl_data_digest(data);
        sl_data_free(data);
        if (sl_ctx_bytes(ctx))
            abort(); /* something was forgotten */
    }
    sl_ctx_free(ctx);
}

/* The first byte says where the file is cut into images and labels: 0, one file of images. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[128];
    if (size < 1)
        return 0;
    const size_t images = bytes[0] ? (size_t)bytes[0] < size - 1 ? bytes[0] : size - 1 : size - 1;
    fuzz_place_write(fuzz_names[0], bytes + 1, images);
    if (bytes[0])
        fuzz_place_write(fuzz_names[1], bytes + 1 + images, size - 1 - images);
    else
        fuzz_place_remove(fuzz_names[1]);
    fuzz_open(bytes[0] ? fuzz_place_folder() : fuzz_place_path(path, fuzz_names[0]), size);
    return 0;
}
