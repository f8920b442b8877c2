/* csv.c - how fast a CSV file is read: bench/csv runs it beside other programs.
 *   csv make numbers|words FILE MEGABYTES     ten columns of decimals; or words, some quoted, and two
 * decimals csv bytes|tokens|numbers FILE             the bytes alone; records; records and their numbers:
 * MB/s  */
#include "data/table/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t bench_csv_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state >> 33;
}

/* 4 to 9 digits, the mark somewhere among them. */
static int bench_csv_decimal(char *out, uint64_t *state)
{
    const int digits = 4 + (int)(bench_csv_random(state) % 6), mark = 1 + (int)(bench_csv_random(state) % 3);
    int length = 0;
    if (bench_csv_random(state) % 4 == 0)
        out[length++] = '-';
    for (int i = 0; i < digits; i++) {
        if (i == mark)
            out[length++] = '.';
        out[length++] = (char)('0' + bench_csv_random(state) % 10);
    }
    return length;
}

static int bench_csv_word(char *out, uint64_t *state)
{
    static const char *const words[] = {
        "granite", "a quiet street", "\"red, or nearly so\"", "\"the \"\"old\"\" mill\"", "NEAR BAY", ""
    };
    const char *word = words[bench_csv_random(state) % 6];
    strcpy(out, word);
    return (int)strlen(word);
}

static int bench_csv_make(bool words, const char *path, size_t megabytes)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return 1;
    uint64_t state = 1;
    fputs("c0,c1,c2,c3,c4,c5,c6,c7,c8,c9\n", file);
    for (size_t written = 0; written < megabytes * 1000000;) {
        char row[512];
        int length = 0;
        for (int column = 0; column < 10; column++) {
            length += words && column > 1 ? bench_csv_word(row + length, &state)
                                          : bench_csv_decimal(row + length, &state);
            row[length++] = column < 9 ? ',' : '\n';
        }
        written += fwrite(row, 1, (size_t)length, file);
    }
    return fclose(file) != 0;
}

static sl_status bench_csv_bytes(sl_source *source)
{
    static char bytes[1 << 20];
    size_t got = 1;
    while (got && sl_source_read(source, bytes, sizeof bytes, &got) == SL_OK)
        ;
    return sl_source_check(source);
}

static sl_status bench_csv_records(sl_ctx *ctx, sl_source *source, bool numbers)
{
    sl_csv *csv = sl_csv_open(ctx, source, "bench", &(sl_csv_options){ .header = true });
    const sl_field *fields;
    size_t count, cells = 0;
    double sum = 0;
    while (csv && sl_csv_next(csv, &fields, &count)) {
        cells += count;
        for (size_t i = 0; numbers && i < count; i++) {
            double value = 0;
            sum += sl_csv_number(&fields[i], '.', &value) ? value : 0;
        }
    }
    const sl_status status = csv ? sl_csv_end(csv) : sl_error(ctx);
    fprintf(stderr, "%zu fields, sum %.17g\n", cells, sum);
    sl_csv_close(csv);
    return status;
}

int main(int count, char **arguments)
{
    if (count == 5 && !strcmp(arguments[1], "make"))
        return bench_csv_make(arguments[2][0] == 'w', arguments[3], strtoul(arguments[4], NULL, 10));
    if (count != 3)
        return 2;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_source *source = sl_source_open(ctx, arguments[2], 0);
    if (!source) {
        fprintf(stderr, "%s\n", sl_message(ctx));
        return 1;
    }
    const clock_t begin = clock(); /* of the processor: others may be busy too */
    const sl_status status = arguments[1][0] == 'b' ? bench_csv_bytes(source)
                                                    : bench_csv_records(ctx, source, arguments[1][0] == 'n');
    const double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    if (status)
        fprintf(stderr, "%s\n", sl_message(ctx));
    else
        printf("%.1f\n", (double)sl_source_size(source) / 1e6 / seconds);
    sl_source_close(source);
    sl_ctx_free(ctx);
    return status != SL_OK;
}
