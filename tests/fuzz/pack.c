/* pack.c - fuzz: rows that were packed, which a run finds again beside it, changed: the first byte says
 * whether from the file's beginning or from its cells on, the next two where. Rows are taken or made anew,
 * and a step of training is made with them. */
#include "place.h"
#include "slope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_HEADER = 48 };
static struct {
    unsigned char *bytes;
    size_t size;
    char csv[128], pack[128];
} fuzz_pack;

static sl_run_options fuzz_pack_options(void)
{
    return (
        sl_run_options){ .data = fuzz_pack.csv,
                         .net = "2 tanh",
                         .steps = 1,
                         .batch = 16,
                         .skip_checks = "leakage",
                         .table = { .target = "y", .weight = "w", .memory = 3000, .pack = fuzz_pack.pack },
                         .keep_nothing = true };
}

/* A table, and what is packed of it. */
static void fuzz_pack_make(void)
{
    static const char *const cities[] = { "Oslo", "Rome", "York" };
    static char table[8192];
    size_t length = (size_t)snprintf(table, sizeof table, "a,city,when,w,y\n");
    for (int i = 0; i < 80; i++)
        length += (size_t)snprintf(table + length, sizeof table - length, "%d.5,%s,2024-01-%02d,%d,%s\n",
                                   i * 37 % 101, cities[i % 3], i % 28 + 1, i % 5 + 1, i % 2 ? "no" : "yes");
    fuzz_place_write("a.csv", table, length);
    fuzz_place_path(fuzz_pack.csv, "a.csv");
    fuzz_place_path(fuzz_pack.pack, "a.pack");
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_run_options options = fuzz_pack_options();
    sl_run *run = sl_run_new(ctx, &options);
    if (!run) {
        fprintf(stderr, "%s\n", sl_message(ctx));
        abort();
    }
    fuzz_pack.bytes = fuzz_place_read("a.pack", &fuzz_pack.size); /* it goes with the run */
    sl_run_free(run);
    sl_ctx_free(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    if (!fuzz_pack.bytes)
        fuzz_pack_make();
    unsigned char *bytes = malloc(fuzz_pack.size);
    if (!bytes)
        return 0;
    memcpy(bytes, fuzz_pack.bytes, fuzz_pack.size);
    size_t at = (data[0] & 1 ? 0 : FUZZ_HEADER) + 8 * (data[1] | (size_t)data[2] << 8);
    at = at < fuzz_pack.size ? at : FUZZ_HEADER;
    const size_t length = size - 3 < fuzz_pack.size - at ? size - 3 : fuzz_pack.size - at;
    memcpy(bytes + at, data + 3, length);
    fuzz_place_write("a.pack", bytes, data[0] & 2 ? at + length : fuzz_pack.size);
    free(bytes);
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_run_options options = fuzz_pack_options();
    sl_run *run = sl_run_new(ctx, &options);
    if (!run == !sl_error(ctx) || (!run && !*sl_message(ctx)))
        abort();
    if (run && sl_run_to(run, 1) && !*sl_message(ctx))
        abort();
    sl_run_free(run);
    sl_ctx_free(ctx);
    fuzz_place_remove("a.pack");
    return 0;
}
