/* csv.c - fuzz: a file of any bytes is read twice, with the same records and problems; what a field is does
 * not depend on the size of the buffer. The first byte picks the options. */
#include "data/table/csv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t fuzz_csv_mix(uint64_t sum, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ byte[i]) * UINT64_C(1099511628211);
    return sum;
}

/* A sum of all that a pass gives. */
static uint64_t fuzz_csv_pass(sl_csv *csv)
{
    uint64_t sum = 1;
    const sl_field *fields;
    size_t count;
    while (sl_csv_next(csv, &fields, &count)) {
        if (!count || count > SL_CSV_FIELDS || fields[0].line != sl_csv_line(csv))
            abort();
        for (size_t i = 0; i < count; i++) {
            const uint64_t numbers[] = { fields[i].length, fields[i].quoted, fields[i].line, fields[i].column,
                                         count };
            double value = 0;
            if (sl_csv_number(&fields[i], i % 2 ? ',' : '.', &value))
                sum = fuzz_csv_mix(sum, &value, sizeof value);
            sum = fuzz_csv_mix(sum, numbers, sizeof numbers);
            sum = fuzz_csv_mix(sum, fields[i].text, fields[i].length);
        }
    }
    const sl_problems *problems = sl_csv_problems(csv);
    const uint64_t counts[] = { problems->count, sl_csv_empty_lines(csv), sl_csv_records(csv) };
    sum = fuzz_csv_mix(sum, counts, sizeof counts);
    return fuzz_csv_mix(sum, problems->list.bytes, problems->list.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    sl_csv_options options = { .delimiter = "\0,;\t|\0,x"[data[0] % 8],
                               .header = data[0] & 8,
                               .buffer = (size_t)(data[0] >> 4) + 1 };
    uint64_t first = 0;
    for (int way = 0; way < 2; way++, options.buffer = 0) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        sl_source *source = sl_source_memory(ctx, "fuzz", data + 1, size - 1);
        sl_csv *csv = source ? sl_csv_open(ctx, source, "fuzz", &options) : NULL;
        if (!csv && sl_error(ctx) != SL_EFORMAT)
            abort();
        const uint64_t sum = csv ? fuzz_csv_pass(csv) : 0;
        const sl_status error =
            sl_error(ctx); /* of damaged gzip data: one pass, and only the first words of it */
        if (csv && !error) {
            if (sl_csv_rewind(csv) != SL_OK || fuzz_csv_pass(csv) != sum || (way && sum != first))
                abort();
            if ((sl_csv_problems(csv)->count != 0) != (sl_csv_end(csv) == SL_EFORMAT))
                abort();
        }
        first = sum;
        sl_csv_close(csv);
        sl_source_close(source);
        if (sl_ctx_bytes(ctx) != 0)
            abort();
        sl_ctx_free(ctx);
    }
    return 0;
}
