/* file_test.c - whole files, and gzip. */
#define _XOPEN_SOURCE 700 /* mkdtemp, mkfifo */
#include "core/file.h"
#include "core/os.h"
#include "memory.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#ifdef SL_HAVE_ZLIB
#    include <zlib.h>
#endif

typedef struct {
    sl_ctx *ctx;
    char folder[64], path[96], beside[128];
} file_place;

static int file_setup(void **state)
{
    file_place *place = calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/slope-file-XXXXXX");
    place->ctx = sl_ctx_new(NULL);
    *state = place;
    if (!place->ctx || !mkdtemp(place->folder))
        return 1;
    snprintf(place->path, sizeof place->path, "%s/file", place->folder);
    snprintf(place->beside, sizeof place->beside, "%s.tmp", place->path);
    return 0;
}

static int file_teardown(void **state)
{
    file_place *place = *state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    const size_t left = sl_ctx_bytes(place->ctx);
    sl_ctx_free(place->ctx);
    free(place);
    return system(command) || left;
}

static void file_put(file_place *place, const void *bytes, size_t size)
{
    const sl_piece piece = { bytes, size };
    assert_int_equal(sl_file_write(place->ctx, place->path, &piece, 1, false), SL_OK);
}

static void file_holds(file_place *place, const void *bytes, size_t size)
{
    unsigned char *got;
    size_t count;
    if (sl_file_read(place->ctx, place->path, &got, &count))
        fail_msg("%s", sl_message(place->ctx));
    assert_int_equal(count, size);
    assert_memory_equal(got, bytes, size);
    assert_int_equal(got[count], 0); /* a closing 0 that is not counted */
    sl_free(place->ctx, got);
}

static void file_fails(file_place *place, sl_status status, sl_status wanted, const char *words)
{
    assert_int_equal(status, wanted);
    assert_int_equal(sl_error(place->ctx), wanted);
    if (!strstr(sl_message(place->ctx), words))
        fail_msg("'%s' does not say '%s'", sl_message(place->ctx), words);
    sl_clear(place->ctx);
}

static void file_round_trip(void **state)
{
    file_place *place = *state;
    static unsigned char bytes[100000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * i >> 3);
    const sl_piece pieces[] = { { bytes, 3 }, { NULL, 0 }, { bytes + 3, sizeof bytes - 3 } };
    for (int sync = 0; sync < 2; sync++) {
        assert_int_equal(sl_file_write(place->ctx, place->path, pieces, 3, sync), SL_OK);
        file_holds(place, bytes, sizeof bytes);
        assert_int_equal(sl_os_path_kind(place->beside), SL_PATH_NONE);
    }
    assert_int_equal(sl_file_append(place->ctx, place->path, "end", 3, NULL), SL_OK);
    unsigned char *got;
    size_t size;
    assert_int_equal(sl_file_read_gz(place->ctx, place->path, &got, &size), SL_OK); /* no gzip: as it is */
    assert_int_equal(size, sizeof bytes + 3);
    assert_memory_equal(got + sizeof bytes, "end", 4);
    sl_free(place->ctx, got);
    sl_text text;
    sl_text_init(&text, place->ctx);
    assert_int_equal(sl_file_write_text(place->ctx, place->path, &text, false), SL_OK);
    file_holds(place, "", 0); /* an empty file too */
    assert_int_equal(sl_file_append(place->ctx, place->path, "x", 1, NULL), SL_OK);
    file_holds(place, "x", 1);
}

static void file_errors(void **state)
{
    file_place *place = *state;
    unsigned char *bytes;
    size_t size;
    file_fails(place, sl_file_read(place->ctx, place->path, &bytes, &size), SL_EFILE,
               "no such file or folder");
    assert_null(bytes);
    file_fails(place, sl_file_read(place->ctx, place->folder, &bytes, &size), SL_EFILE, "it is a folder");
    const sl_piece piece = { "new", 3 };
    char nowhere[128];
    snprintf(nowhere, sizeof nowhere, "%s/none/file", place->folder);
    file_fails(place, sl_file_write(place->ctx, nowhere, &piece, 1, true), SL_EWRITE, nowhere);
    file_fails(place, sl_file_write(place->ctx, place->folder, &piece, 1, true), SL_EWRITE, "it is a folder");
    snprintf(nowhere, sizeof nowhere, "%s.tmp", place->folder); /* nothing is left beside it */
    assert_int_equal(sl_os_path_kind(nowhere), SL_PATH_NONE);
    snprintf(nowhere, sizeof nowhere, "%s/none/file", place->folder);
    file_fails(place, sl_file_append(place->ctx, nowhere, "x", 1, NULL), SL_EWRITE, nowhere);
    /* A failed write leaves the old content: here the file beside cannot be made. */
    file_put(place, "old", 3);
    assert_int_equal(mkdir(place->beside, 0777), 0);
    file_fails(place, sl_file_write(place->ctx, place->path, &piece, 1, false), SL_EWRITE, place->path);
    file_holds(place, "old", 3);
    /* An earlier error in the context makes no later call fail. */
    sl_fail(place->ctx, SL_ENOMEM, "earlier");
    assert_int_equal(sl_file_read(place->ctx, place->path, &bytes, &size), SL_OK);
    sl_free(place->ctx, bytes);
    sl_clear(place->ctx);
}

static void file_devices(void **state)
{
    file_place *place = *state;
    const sl_piece pieces[] = { { "through ", 8 }, { "a pipe", 6 } };
#if defined(_WIN32)
    print_message("Windows has no pipes with names in folders\n");
    skip();
#endif
    assert_int_equal(mkfifo(place->path, 0666), 0);
    const int reader = open(place->path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_int_equal(sl_file_write(place->ctx, place->path, pieces, 2, true), SL_OK);
    char got[32] = "";
    assert_int_equal(read(reader, got, sizeof got - 1), 14);
    assert_string_equal(got, "through a pipe");
    close(reader);
    assert_true(sl_os_path_special(place->path)); /* not replaced by a file */
    assert_false(sl_os_path_special(place->folder) || sl_os_path_special(place->beside));
    if (sl_os_path_special("/dev/full")) {
        const char *words = "the disk is full";
        file_fails(place, sl_file_write(place->ctx, "/dev/full", pieces, 2, true), SL_EWRITE, words);
        file_fails(place, sl_file_append(place->ctx, "/dev/full", "x", 1, NULL), SL_EWRITE, words);
    }
    FILE *same = fopen("/proc/filesystems", "rb"); /* says it has no size */
    if (!same)
        skip();
    static char all[65536];
    const size_t wanted = fread(all, 1, sizeof all, same);
    fclose(same);
    unsigned char *bytes;
    size_t size;
    assert_int_equal(sl_file_read(place->ctx, "/proc/filesystems", &bytes, &size), SL_OK);
    assert_int_equal(size, wanted);
    assert_memory_equal(bytes, all, size);
    sl_free(place->ctx, bytes);
}

static void file_paths(void **state)
{
    file_place *place = *state;
    static const char *const joins[][3] = {
        { "a", "b", "a/b" }, { "a/", "b", "a/b" }, { "", "b", "b" }, { "/", "b", "/b" }
    };
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        char *path = sl_path_join(place->ctx, joins[i][0], joins[i][1]);
        assert_string_equal(path, joins[i][2]);
        sl_free(place->ctx, path);
    }
    char deep[128];
    snprintf(deep, sizeof deep, "%s/a/b//c/", place->folder);
    assert_int_equal(sl_make_folders(place->ctx, deep), SL_OK);
    assert_int_equal(sl_os_path_kind(deep), SL_PATH_FOLDER);
    assert_int_equal(sl_make_folders(place->ctx, deep), SL_OK); /* again */
    file_put(place, "x", 1);
    snprintf(deep, sizeof deep, "%s/inside", place->path);
    file_fails(place, sl_make_folders(place->ctx, deep), SL_EWRITE, deep);
    assert_int_equal(sl_make_folders(place->ctx, ""), SL_OK);
}

#ifdef SL_HAVE_ZLIB
/* text as one gzip member behind out[0..*length). */
static void file_pack(unsigned char *out, size_t *length, const void *text, size_t size)
{
    z_stream stream = { .avail_in = (uInt)size, .next_out = out + *length, .avail_out = 100000 };
    memcpy(&stream.next_in, &text, sizeof text);
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *length += stream.total_out;
    deflateEnd(&stream);
}

static void file_inflates(file_place *place, const unsigned char *packed, size_t length, const void *text,
                          size_t size)
{
    file_put(place, packed, length);
    unsigned char *bytes;
    size_t count;
    if (sl_file_read_gz(place->ctx, place->path, &bytes, &count))
        fail_msg("%s", sl_message(place->ctx));
    assert_int_equal(count, size);
    assert_memory_equal(bytes, text, size);
    assert_int_equal(bytes[count], 0);
    sl_free(place->ctx, bytes);
}

static void file_gzip(void **state)
{
    file_place *place = *state;
    static unsigned char packed[300000], text[90000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)(i >> 5);
    size_t one = 0, two, length;
    file_pack(packed, &one, text, 60000);
    two = one;
    file_pack(packed, &two, text + 60000, 30000);
    file_inflates(place, packed, one, text, 60000);
    file_inflates(place, packed, two, text, 90000);
    file_inflates(place, packed, two + 512, text, 90000); /* zeros behind it */
    length = 0;
    file_pack(packed + 200000, &length, "", 0);
    file_inflates(place, packed + 200000, length, "", 0);
    /* a header with a checksum of its own, right and wrong */
    memcpy(packed + 200000, packed, 10);
    packed[200003] |= 2;
    const uLong sum = crc32(0, packed + 200000, 10);
    packed[200010] = (unsigned char)sum, packed[200011] = (unsigned char)(sum >> 8);
    memcpy(packed + 200012, packed + 10, one - 10);
    file_inflates(place, packed + 200000, one + 2, text, 60000);
    packed[200010] ^= 1;
    unsigned char *bytes;
    size_t size;
    file_fails(place, sl_gzip_inflate(place->ctx, "t.gz", packed + 200000, one + 2, &bytes, &size),
               SL_EFORMAT, "t.gz: the gzip data is damaged near byte");
    for (size_t cut = 2; cut < two; cut++) { /* everywhere but between the members */
        unsigned char *exact = malloc(cut);
        memcpy(exact, packed, cut);
        const sl_status status = sl_gzip_inflate(place->ctx, "t.gz", exact, cut, &bytes, &size);
        free(exact);
        if (cut == one) {
            assert_true(status == SL_OK && size == 60000);
            sl_free(place->ctx, bytes);
            continue;
        }
        assert_null(bytes);
        file_fails(place, status, SL_EFORMAT, "t.gz: the gzip data is cut short after");
    }
    size_t seen = 0;
    for (size_t at = 0; at < two;
         at++) { /* a wrong bit is seen, or stands where none matters, as in the time */
        packed[at] ^= 0x10;
        const sl_status status = sl_gzip_inflate(place->ctx, "t.gz", packed, two, &bytes, &size);
        packed[at] ^= 0x10;
        if (status) {
            seen++;
            file_fails(place, status, SL_EFORMAT, "t.gz: the gzip data is ");
            continue;
        }
        assert_int_equal(size, 90000);
        assert_memory_equal(bytes, text, size);
        sl_free(place->ctx, bytes);
    }
    assert_true(seen > two - 30);
    memcpy(packed + two, "rubbish", 7);
    file_fails(place, sl_gzip_inflate(place->ctx, "t.gz", packed, two + 7, &bytes, &size), SL_EFORMAT,
               "damaged near byte");
}

static void file_gzip_memory_runs_out(void **state)
{
    (void)state;
    static unsigned char packed[300000], text[90000];
    size_t length = 0, refused = 0;
    file_pack(packed, &length, text, 100); /* the last member's size is the first guess: it must grow */
    file_pack(packed, &length, text, 80000);
    file_pack(packed, &length, text, 1);
    for (size_t n = 1;; n++) {
        test_memory memory = { 0 };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        memory.fail_at = memory.calls + n;
        unsigned char *bytes;
        size_t size;
        const sl_status status = sl_gzip_inflate(ctx, "t", packed, length, &bytes, &size);
        assert_int_equal(status, memory.calls < memory.fail_at ? SL_OK : SL_ENOMEM);
        assert_true(status == SL_OK ? size == 80101 : bytes == NULL);
        sl_ctx_free(ctx);
        assert_true(memory.blocks == 0 && !memory.wrong_size);
        if (!status)
            break;
        refused++;
    }
    assert_true(refused > 5);
}
#else
static void file_gzip(void **state)
{
    file_place *place = *state;
    unsigned char *bytes;
    size_t size;
    file_put(place, "\x1f\x8b\x08", 3);
    file_fails(place, sl_file_read_gz(place->ctx, place->path, &bytes, &size), SL_EFORMAT,
               "built without zlib");
}

static void file_gzip_memory_runs_out(void **state)
{
    (void)state;
    print_message("built without zlib\n");
    skip();
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(file_round_trip, file_setup, file_teardown),
        cmocka_unit_test_setup_teardown(file_errors, file_setup, file_teardown),
        cmocka_unit_test_setup_teardown(file_devices, file_setup, file_teardown),
        cmocka_unit_test_setup_teardown(file_paths, file_setup, file_teardown),
        cmocka_unit_test_setup_teardown(file_gzip, file_setup, file_teardown),
        cmocka_unit_test(file_gzip_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
