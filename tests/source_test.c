/* source_test.c - bytes of files, .gz and standard input, twice; tables that are really there. */
#define _XOPEN_SOURCE 700 /* mkdtemp, mkfifo, futimens */
#include "core/file.h"
#include "core/os.h"
#include "data/table/csv.h"
#include "memory.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#ifdef SL_HAVE_ZLIB
#    include <zlib.h>
#endif

typedef struct {
    sl_ctx *ctx;
    char folder[64], path[96];
} source_place;

static int source_setup(void **state)
{
    source_place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/slope-source-XXXXXX");
    if (!mkdtemp(place->folder))
        return 1;
    place->ctx = sl_ctx_new(&(sl_ctx_options){ .scratch = place->folder });
    snprintf(place->path, sizeof place->path, "%s/file", place->folder);
    *state = place;
    return 0;
}

static int source_teardown(void **state)
{
    source_place *place = *state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    const size_t left = sl_ctx_bytes(place->ctx);
    sl_ctx_free(place->ctx);
    free(place);
    return system(command) || left;
}

static void source_put(source_place *place, const void *bytes, size_t size)
{
    assert_int_equal(sl_file_write(place->ctx, place->path, &(sl_piece){ bytes, size }, 1, false), SL_OK);
}

static void source_fails(source_place *place, sl_status wanted, const char *words)
{
    assert_int_equal(sl_error(place->ctx), wanted);
    if (!strstr(sl_message(place->ctx), words))
        fail_msg("'%s' does not say '%s'", sl_message(place->ctx), words);
    sl_clear(place->ctx);
}

/* The rest of a pass gives exactly these bytes, in reads of `step`. */
static void source_gives(sl_source *source, const unsigned char *bytes, size_t size, size_t step)
{
    static unsigned char part[1 << 16];
    size_t at = 0, got = 1;
    while (got) {
        assert_int_equal(sl_source_read(source, part, step, &got), SL_OK);
        assert_true(at + got <= size);
        assert_memory_equal(part, bytes + at, got);
        at += got;
    }
    assert_int_equal(at, size);
}

static const unsigned char *source_noise(size_t size)
{
    static unsigned char bytes[700000];
    uint64_t state = 3;
    for (size_t i = 0; i < size; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        bytes[i] = (unsigned char)(state >> 60);
    }
    return bytes;
}

static void source_file_twice(void **state)
{
    source_place *place = *state;
    const unsigned char *bytes = source_noise(700000);
    source_put(place, bytes, 700000);
    sl_source *source = sl_source_open(place->ctx, place->path, 10);
    source_gives(source, bytes, 700000, 65536);
    assert_int_equal(sl_source_check(source), SL_OK);
    assert_int_equal(sl_source_size(source), 700000);
    assert_true(sl_source_progress(source) == 1);
    sl_source_rewind(source);
    assert_true(sl_source_progress(source) == 0);
    source_gives(source, bytes, 700000, 77); /* the sum does not depend on how the bytes are cut */
    assert_int_equal(sl_source_check(source), SL_OK);
    sl_source_close(source);
    assert_null(sl_source_open(place->ctx, place->folder, 0));
    source_fails(place, SL_EFILE, "cannot be opened: it is a folder");
    assert_null(sl_source_open(place->ctx, "no/such", 0));
    source_fails(place, SL_EFILE, "no/such: cannot be opened: no such file or folder");
}

/* What `change` did to the file between two passes, or within one, is seen. */
static void source_changed_file(void **state)
{
    source_place *place = *state;
    const unsigned char *bytes = source_noise(100000);
    for (int change = 0; change < 6; change++) {
        size_t got = 1;
        unsigned char part[4096];
        source_put(place, bytes, 100000);
        const struct timespec old[2] = { { 1000000000, 0 }, { 1000000000, 0 } };
        int handle = open(place->path, O_WRONLY);
        futimens(handle, old);
        sl_source *source = sl_source_open(place->ctx, place->path, 0);
        if (change >= 2 && change < 5)
            source_gives(source, bytes, 100000, 4096);
        sl_source_rewind(source);
        sl_status status = sl_source_read(source, part, sizeof part, &got);
        if (change == 0)
            assert_int_equal(ftruncate(handle, 50000), 0);
        if (change == 1 || change == 2)
            assert_int_equal(pwrite(handle, "x", 1, 100000), 1);
        if (change == 3 || change == 4) /* one bit of one byte; the size stays */
            assert_int_equal(pwrite(handle, &(unsigned char){ bytes[70003] ^ 128 }, 1, 70003), 1);
        if (change == 4) /* the time stays as well: only the sum can tell */
            futimens(handle, old);
        if (change == 5) /* in the first pass, behind the reader: only the time can tell */
            assert_int_equal(pwrite(handle, "x", 1, 10), 1);
        close(handle);
        while (status == SL_OK && got)
            status = sl_source_read(source, part, sizeof part, &got);
        if (status == SL_OK)
            status = sl_source_check(source);
        assert_int_equal(status, SL_EFILE);
        source_fails(place, SL_EFILE, "it changed while it was read: begin again when it is complete");
        sl_source_close(source);
    }
}

/* With standard input a pipe that a child fills, or a file. */
static void source_input_twice(void **state)
{
    source_place *place = *state;
    const unsigned char *bytes = source_noise(700000);
    source_put(place, bytes, 700000);
    const int kept = dup(0);
    static const size_t limits[] = { 0, 1000000, 300000, 1 };
    for (int trial = 0; trial < 8; trial++) {
        char command[200];
        snprintf(command, sizeof command, "cat '%s'", place->path);
        FILE *pipe = trial % 2 ? popen(command, "r") : fopen(place->path, "r");
        dup2(fileno(pipe), 0);
        const size_t limit = limits[trial / 2];
        sl_source *source = sl_source_open(place->ctx, "-", limit);
        assert_non_null(source);
        assert_string_equal(sl_source_name(source), "standard input");
        unsigned char part[5000];
        size_t got;
        assert_int_equal(sl_source_read(source, part, sizeof part, &got), SL_OK);
        sl_source_rewind(source); /* before the end */
        for (int pass = 0; pass < 3; pass++) {
            source_gives(source, bytes, 700000, pass == 1 ? 65536 : 3001);
            assert_int_equal(sl_source_check(source), SL_OK);
            assert_true(sl_source_size(source) == 700000 && sl_source_progress(source) == 1);
            sl_source_rewind(source);
        }
        const bool temporary = limit && limit < 700000;
        assert_true(temporary ? sl_ctx_bytes(place->ctx) < 10000 : sl_ctx_bytes(place->ctx) >= 700000);
        snprintf(command, sizeof command, "test \"$(ls '%s')\" = file", place->folder);
        assert_int_equal(system(command), 0); /* the temporary file has no name */
        sl_source_close(source);
        if (trial % 2)
            pclose(pipe);
        else
            fclose(pipe);
    }
    FILE *again = fopen(place->path, "r");
    dup2(fileno(again), 0);
    sl_ctx *nowhere = sl_ctx_new(&(sl_ctx_options){ .scratch = "/no/such/folder" });
    sl_source *source = sl_source_open(nowhere, "-", 1);
    assert_null(source);
    assert_int_equal(sl_error(nowhere), SL_EWRITE);
    assert_non_null(strstr(sl_message(nowhere),
                           "a temporary file in /no/such/folder is to hold it, and cannot be "
                           "written: no such file or folder: "));
    sl_ctx_free(nowhere);
    fclose(again);
    dup2(kept, 0);
    close(kept);
}

#ifdef SL_HAVE_ZLIB
/* One gzip member; returns its size. */
static size_t source_pack(const unsigned char *bytes, size_t size, unsigned char *packed, size_t room)
{
    z_stream stream = { .next_in = (unsigned char *)(uintptr_t)bytes,
                        .avail_in = (uInt)size,
                        .next_out = packed,
                        .avail_out = (uInt)room };
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

static void source_packed_fails(source_place *place, const unsigned char *packed, size_t size,
                                const char *words)
{
    static unsigned char part[1 << 16];
    sl_source *source = sl_source_memory(place->ctx, "x.gz", packed, size);
    size_t got = 1;
    while (source && got && sl_source_read(source, part, sizeof part, &got) == SL_OK)
        ;
    source_fails(place, SL_EFORMAT, words);
    sl_source_close(source);
}

static void source_packed(void **state)
{
    source_place *place = *state;
    static unsigned char packed[1000000];
    const unsigned char *bytes = source_noise(700000);
    size_t first = source_pack(bytes, 300000, packed, sizeof packed);
    size_t size = first + source_pack(bytes + 300000, 400000, packed + first, sizeof packed - first - 100);
    memset(packed + size, 0, 100);
    source_put(place, packed, size + 100); /* zeros behind it are no data */
    sl_source *source = sl_source_open(place->ctx, place->path, 0);
    for (int pass = 0; pass < 2; pass++) {
        source_gives(source, bytes, 700000, pass ? 65536 : 999);
        assert_int_equal(sl_source_check(source), SL_OK);
        sl_source_rewind(source);
    }
    assert_true(sl_ctx_bytes(place->ctx) < 400000); /* not the file */
    sl_source_close(source);
    source = sl_source_open(place->ctx, place->path, 0);
    unsigned char part[100];
    size_t got = 1;
    assert_int_equal(sl_source_read(source, part, sizeof part, &got), SL_OK);
    assert_int_equal(truncate(place->path, (off_t)size - 1000), 0);
    while (got && sl_source_read(source, part, sizeof part, &got) == SL_OK)
        ;
    source_fails(place, SL_EFILE,
                 "it changed while it was read"); /* and not that the gzip data is cut short */
    sl_source_close(source);
    source_packed_fails(place, packed, size - 1, "x.gz: the gzip data is cut short after ");
    source_packed_fails(place, packed, first + 5, "x.gz: the gzip data is cut short after ");
    source_packed_fails(place, packed, 2,
                        "x.gz: the gzip data is cut short after 2 bytes: copy the file again");
    packed[size] = 'x';
    source_packed_fails(place, packed, size + 1, "follows the gzip data, from byte");
    packed[size - 6] ^= 1;
    source_packed_fails(place, packed, size, "its checksum near byte");
    packed[size - 6] ^= 1;
    packed[first / 2] ^= 255;
    source_packed_fails(place, packed, size, "damaged");
}
#endif

/* Every allocation fails once, one after the other. */
static void source_memory_runs_out(void **state)
{
    (void)state;
    char text[3000] = "a,b\n";
    for (int i = 0; i < 100; i++)
        strcat(text, "1,\"2\"\"\"\n");
    for (int i = 0; i < 500; i++)
        strcat(text, ",");
    strcat(text, "\n\"x\"y\n");
    size_t calls = 0;
    for (size_t fail = 0; fail <= calls; fail++) { /* the first time none does, which counts them */
        test_memory memory = { .fail_at = fail ? fail + 1 : 0,
                               .fail_once = true }; /* the first is the context */
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        sl_source *source = sl_source_memory(ctx, "t", text, strlen(text));
        sl_csv *csv = source
                          ? sl_csv_open(ctx, source, "t", &(sl_csv_options){ .delimiter = ',', .buffer = 16 })
                          : NULL;
        const sl_field *fields;
        size_t count;
        while (csv && sl_csv_next(csv, &fields, &count))
            ;
        if (csv)
            sl_csv_end(csv);
        calls = fail ? calls : memory.calls - 1;
        assert_int_equal(sl_error(ctx), fail ? SL_ENOMEM : SL_EFORMAT);
        sl_csv_close(csv);
        sl_source_close(source);
        sl_ctx_free(ctx);
        assert_true(memory.bytes == 0 && !memory.wrong_size);
    }
    assert_true(calls > 10);
}

static void source_tables_that_are_there(void **state)
{
    source_place *place = *state;
    static const struct {
        const char *path;
        size_t records, fields, lines; /* as wc -l counts them, where no field has a line end */
        bool header;
    } tables[] = {
        { "california-housing/housing.csv", 20641, 10, 20641, true },
        { "tabular/iris.csv", 151, 5, 0, true },
        { "imdb/train.csv.gz", 25001, 2, 0, true },
    };
    const char *given = getenv("SLOPE_DATA");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char path[1024];
        if (given)
            snprintf(path, sizeof path, "%s/%s", given, tables[i].path);
        else
            snprintf(path, sizeof path, "%s/../shared/data/%s", SLOPE_SOURCE_ROOT, tables[i].path);
        if (sl_os_path_kind(path) != SL_PATH_FILE) {
            print_message("skipped: there is no %s (SLOPE_DATA names the folder above it)\n", path);
            skip();
        }
#ifndef SL_HAVE_ZLIB
        if (strstr(path, ".gz"))
            continue;
#endif
        sl_source *source = sl_source_open(place->ctx, path, 0);
        sl_csv *csv = sl_csv_open(place->ctx, source, path, &(sl_csv_options){ .header = tables[i].header });
        for (int pass = 0; pass < 2; pass++) {
            const sl_field *fields;
            size_t count;
            while (sl_csv_next(csv, &fields, &count))
                assert_int_equal(count, tables[i].fields);
            if (sl_csv_end(csv))
                fail_msg("%s", sl_message(place->ctx));
            assert_int_equal(sl_csv_records(csv), tables[i].records);
            if (tables[i].lines)
                assert_int_equal(sl_csv_line(csv), tables[i].lines);
            sl_csv_rewind(csv);
        }
        sl_csv_close(csv);
        sl_source_close(source);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(source_file_twice, source_setup, source_teardown),
        cmocka_unit_test_setup_teardown(source_changed_file, source_setup, source_teardown),
        cmocka_unit_test_setup_teardown(source_input_twice, source_setup, source_teardown),
#ifdef SL_HAVE_ZLIB
        cmocka_unit_test_setup_teardown(source_packed, source_setup, source_teardown),
#endif
        cmocka_unit_test(source_memory_runs_out),
        cmocka_unit_test_setup_teardown(source_tables_that_are_there, source_setup, source_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
