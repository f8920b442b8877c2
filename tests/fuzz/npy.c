/* npy.c - fuzz: an array of numpy, or an archive of some. Whatever the bytes are, there is an answer or a
 * sentence, classes have names, and no more memory is asked for than the bytes justify. The first byte picks
 * the part and the options. */
#include "place.h"

#include "data/data.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void fuzz_npy_look(const sl_data *data)
{
    const size_t rows = sl_data_rows(data);
    const sl_columns *columns = data->store->columns;
    if (!rows)
        abort();
    for (size_t row = 0; row < rows; row++) {
        const double y = sl_data_target(data, row);
        if (data->classes && !(y >= 0 && y < data->classes && y == (double)(int)y))
            abort();
        for (int i = 0; columns && i < columns->count; i++) {
            double cell = 0;
            if (columns->column[i].cell < 0)
                continue;
            sl_data_cells(data, columns->column[i].cell, &row, 1, &cell);
            if (cell == cell && cell - cell != 0)
                abort(); /* infinite */
            if (columns->column[i].words.count && cell >= (double)columns->column[i].words.count)
                abort();
        }
    }
    for (int c = 0; c < data->classes; c++)
        if (!sl_data_class_name(data, c))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const parts[] = { NULL, "all", "test", "train" };
    static const char *const targets[] = { NULL, "x0", "y", "1" };
    char path[128];
    if (size < 1)
        return 0;
    const char *name = bytes[0] & 16 ? "a.npz" : "a.npy";
    fuzz_place_write(name, bytes + 1, size - 1);
    fuzz_place_path(path, name);
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_table_options options = { .target = targets[bytes[0] >> 2 & 3],
                                       .columns = bytes[0] & 32 ? "x0=category" : NULL };
    sl_data *data = sl_data_open_table(ctx, path, parts[bytes[0] & 3], &options);
    if (!data == !sl_error(ctx) || (!data && !strlen(sl_message(ctx))))
        abort();
    if (data)
        fuzz_npy_look(data);
    sl_data_free(data);
    if (sl_ctx_bytes(ctx))
        abort();
    /* Deflate packs at most 1:1032; a value of a byte becomes a cell of eight, twice, and is counted. */
    if (sl_ctx_peak_bytes(ctx) > (8u << 20) + size * 1032 * 100)
        abort();
    sl_ctx_free(ctx);
    return 0;
}
