/* hostile_test.c - files that promise what they do not hold: each is refused in a sentence, and no more
 * memory is asked for than the bytes that are there account for, however large the numbers in them are. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "core/file.h"
#include "core/json.h"
#include "data/table/infer.h"
#include "memory.h"
#include "text/vectors.h"
#include "train/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#ifdef SL_HAVE_ZLIB
#    include <zlib.h>
#endif

typedef struct {
    test_memory memory;
    sl_ctx *ctx;
    char folder[64], path[128];
} hostile_place;

static int hostile_setup(void **state)
{
    hostile_place *p = calloc(1, sizeof *p);
    *state = p;
    snprintf(p->folder, sizeof p->folder, "/tmp/slope-hostile-XXXXXX");
    if (!mkdtemp(p->folder))
        return 1;
    p->ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &p->memory });
    return !p->ctx;
}

static int hostile_teardown(void **state)
{
    hostile_place *p = *state;
    sl_ctx_free(p->ctx);
    const int left = (int)p->memory.blocks + p->memory.wrong_size + rmdir(p->folder);
    free(p);
    return left;
}

static const char *hostile_put(hostile_place *p, const char *name, const void *bytes, size_t size)
{
    snprintf(p->path, sizeof p->path, "%s/%s", p->folder, name);
    FILE *file = fopen(p->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    p->memory.peak = p->memory.bytes;
    p->memory.largest = 0;
    return p->path;
}

/* The call before has failed in these words; so much memory was asked for at most. The file is taken away. */
static void hostile_refused(hostile_place *p, bool failed, const char *words, size_t most)
{
    if (!failed || !sl_error(p->ctx) || sl_error(p->ctx) == SL_ENOMEM || !strstr(sl_message(p->ctx), words))
        fail_msg("status %d, wants '%s': %s", sl_error(p->ctx), words, sl_message(p->ctx));
    if (p->memory.largest > most || p->memory.peak > 2 * most)
        fail_msg("%zu bytes at once, %zu in all, wants at most %zu: %s", p->memory.largest, p->memory.peak,
                 most, sl_message(p->ctx));
    sl_clear(p->ctx);
    unlink(p->path);
}

/* --- model files ------------------------------------------------------------------------------------- */

/* A header of `length` bytes as it stands, with the number `promised` before it. */
static const char *hostile_model(hostile_place *p, const char *header, size_t length, uint64_t promised)
{
    unsigned char *bytes = malloc(8 + length);
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(promised >> 8 * i);
    memcpy(bytes + 8, header, length);
    hostile_put(p, "m.safetensors", bytes, 8 + length);
    free(bytes);
    return p->path;
}

static void hostile_model_says(hostile_place *p, const char *header, const char *words)
{
    const size_t length = strlen(header);
    hostile_model(p, header, length, length);
    hostile_refused(p, !sl_model_load(p->ctx, p->path), words, 65536 + 40 * length);
}

/* Of a net: its layers and input in JSON, as metadata; `tensors` follow. */
static void hostile_net(hostile_place *p, const char *input, const char *layers, const char *tensors,
                        const char *words)
{
    sl_ctx *own = sl_ctx_new(NULL);
    sl_text json, header;
    sl_text_init(&json, own);
    sl_text_init(&header, own);
    sl_text_add(
        &json,
        "{\"format\": 1, \"input\": {\"shape\": %s, \"divisor\": 1}, \"layers\": [%s], \"classes\": 0}",
        input, layers);
    sl_text_put(&header, "{\"__metadata__\": {\"slope\": ");
    sl_json_put_string(&header, sl_text_string(&json));
    sl_text_add(&header, "}%s}", tensors);
    hostile_model_says(p, sl_text_string(&header), words);
    sl_ctx_free(own);
}

static void model_files_that_ask_for_2_to_60_numbers(void **state)
{
    hostile_place *p = *state;
    /* the tensor is said to be there, and its bytes are not */
    hostile_net(
        p, "[1073741824]", "{\"type\": \"dense\", \"name\": \"a\", \"units\": 1073741824}",
        ", \"a.weight\": {\"dtype\": \"F32\", \"shape\": [1073741824, 1073741824], \"data_offsets\": [0, "
        "4611686018427387904]}",
        "m.safetensors: ");
    hostile_net(
        p, "[4]", "{\"type\": \"dense\", \"name\": \"a\", \"units\": 4}",
        ", \"a.weight\": {\"dtype\": \"U8\", \"shape\": [1073741824, 1073741824], \"data_offsets\": [0, "
        "1152921504606846976]}",
        "cut short: tensor 'a.weight' ends at byte 1152921504606846976 of the data, the file holds 0");
    /* the description alone asks for them: in a weight, a row of inputs, a table of vectors, many layers */
    hostile_net(p, "[1073741824]", "{\"type\": \"dense\", \"name\": \"a\", \"units\": 16777216}", "",
                "m.safetensors: a: its input has shape [1073741824]: wants 1 to 16777216 numbers a row");
    hostile_net(p, "[1048576, 1048576, 1048576]", "{\"type\": \"flatten\", \"name\": \"f\"}", "",
                "the description's input has no shape that can be");
    hostile_net(p, "[2]",
                "{\"type\": \"category\", \"name\": \"c\", \"units\": 16777216, \"rows\": 2147483647}", "",
                "m.safetensors: c: rows is 1073741824: wants a whole number from 1 to 16777216");
    hostile_net(
        p, "[2]",
        "{\"type\": \"dense\", \"name\": \"a\", \"units\": 16777216}, {\"type\": \"dense\", \"name\": "
        "\"b\", \"units\": 16777216}",
        "", "m.safetensors: it holds no tensor 'a.weight'");
}

static void model_files_with_headers_that_lie(void **state)
{
    hostile_place *p = *state;
    static const uint64_t lengths[] = { UINT64_C(1) << 63, UINT64_MAX, UINT64_C(1) << 32, 100000001 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        hostile_model(p, "{}", 2, lengths[i]);
        hostile_refused(p, !sl_model_load(p->ctx, p->path), "bytes, wants at most 100000000", 65536);
    }
    hostile_model(p, "{}", 2, 100000000);
    hostile_refused(p, !sl_model_load(p->ctx, p->path),
                    "cut short: wants 100000008 bytes up to the end of the", 65536);
    hostile_model_says(p, "{\"__metadata__\": {\"slope\": \"{}\", \"slope\": \"{}\"}}", "given twice");
    hostile_model_says(p, "{\"__metadata__\": {\"slope\": \"{\\\"format\\\": 1, \\\"format\\\": 1}\"}}",
                       "given twice");
    hostile_model_says(
        p, "{\"__metadata__\": {\"slope\": \"{\\\"format\\\": 2, \\\"version\\\": \\\"9.8.7\\\"}\"}}",
        "its format is 2, written by slope 9.8.7; slope " SLOPE_VERSION
        " reads format 1 to 1: take a newer slope");
    hostile_model_says(p, "{\"__metadata__\": {\"slope\": \"{\\\"format\\\": -1}\"}}", "reads format 1 to 1");
}

/* 100,000 brackets, wherever JSON is read. */
static void deep_json(void **state)
{
    hostile_place *p = *state;
    enum { DEEP = 100000 };
    static const char opens[] = "[{";
    for (int kind = 0; kind < 2; kind++) {
        static char text[6 * DEEP + 100];
        char *at = text + sprintf(text, "{\"__metadata__\": ");
        for (int i = 0; i < DEEP; i++)
            at += kind ? sprintf(at, "{\"\":") : sprintf(at, "%c", opens[kind]);
        const size_t length = (size_t)(at - text);
        hostile_model(p, text, length, length);
        hostile_refused(p, !sl_model_load(p->ctx, p->path), "m.safetensors: header line 1 column ",
                        8 * length);
        hostile_put(p, "run.json", text, length);
        hostile_refused(p, !sl_run_read(p->ctx, p->folder, "status"), "run.json line 1 column ", 8 * length);
        hostile_put(p, "a.jsonl", text, length);
        hostile_refused(p, !sl_data_open(p->ctx, p->path, NULL), "a.jsonl", (4 << 20) + 8 * length);
    }
}

static void run_folders_of_a_newer_slope(void **state)
{
    hostile_place *p = *state;
    static const char json[] = "{\"format\": 2, \"version\": \"9.8.7\", \"settings\": {}}";
    hostile_put(p, "run.json", json, sizeof json - 1);
    hostile_refused(
        p, !sl_run_open(p->ctx, p->folder, NULL),
        "its run.json has format 2, written by slope 9.8.7; slope " SLOPE_VERSION " reads format 1", 65536);
}

/* --- data -------------------------------------------------------------------------------------------- */

/* What a few bytes claim to be. Some readers look at the first bytes of a file in a buffer of their own. */
static void data_that_claims_sizes(void **state)
{
    hostile_place *p = *state;
#define HOSTILE_NPY(dict) "\x93NUMPY\x01\x00\x76\x00" dict
    static const struct {
        const char *name, *bytes;
        size_t size;
        const char *words;
    } cases[] = {
        { "picture", "\0\0\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 20,
          "more than can be handled" },
        { "picture", "\0\0\x08\x03\x40\0\0\0\0\0\0\x08\0\0\0\x08\0\0\0\0", 20, "cut short" },
        { "picture", "\0\0\x08\x03\x80\0\0\0\x80\0\0\0\0\0\0\x04\0\0\0\0", 20, "picture" }, /* 2^64: 0 */
        { "a.npy",
          HOSTILE_NPY("{'descr': '<f4', 'fortran_order': False, 'shape': (1152921504606846976, 1)}"
                      "                                          \n"),
          10 + 118, "a.npy" },
        { "a.npy",
          HOSTILE_NPY("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}"
                      "                                          \n"),
          10 + 118, "a.npy" },
        { "a.data", "1152921504606846976 2 1\n0 0\n1\n", 30, "a.data" },
        { "a.data", "4294967296 4294967296 1\n0 0\n1\n", 30, "a.data" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hostile_put(p, cases[i].name, cases[i].bytes, cases[i].size);
        hostile_refused(p, !sl_data_open(p->ctx, p->path, NULL), cases[i].words, 4 << 20);
    }
    static const char *const vectors[] = { "1152921504606846976 300\nword 1 2 3\n",
                                           "2 1152921504606846976\na 1\n", "4294967296 4294967296\na 1\n" };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        hostile_put(p, "v.vec", vectors[i], strlen(vectors[i]));
        hostile_refused(p, !sl_vectors_read(p->ctx, p->path), "v.vec", 65536);
    }
}

/* A line of 100 MB, and one that is a quote which nobody closes: a table is read in pieces. */
static void lines_without_end(void **state)
{
    hostile_place *p = *state;
    enum { LONG = 100 << 20 };
    static const char *const words[] = {
        "line 2, column 1: the record that begins here is longer than 16 MB",
        "line 2, column 1: the quote that opens this field is never closed"
    };
    char *text = malloc(LONG);
    assert_non_null(text);
    for (int quoted = 0; quoted < 2; quoted++) {
        memset(text, 'x', LONG);
        memcpy(text, "a,b\n", 4);
        if (quoted)
            text[4] = '"';
        sl_source *source = sl_source_memory(p->ctx, "t", text, LONG);
        p->memory.peak = p->memory.bytes;
        p->memory.largest = 0;
        sl_columns *columns = sl_table_infer_from(p->ctx, source, &(sl_table_options){ .target = "b" });
        hostile_refused(p, !columns, words[quoted], 40 << 20);
        sl_source_close(source);
    }
    free(text);
    const char nul[] = "a,b\n1,2\n3,\0\n";
    hostile_put(p, "a.csv", nul, sizeof nul - 1);
    hostile_refused(p, !sl_data_open(p->ctx, p->path, NULL), "line 3", 8 << 20);
}

static void gzip_bombs(void **state)
{
#ifdef SL_HAVE_ZLIB
    hostile_place *p = *state;
    enum { PIECE = 1 << 20, PIECES = 300 }; /* 300 MB of zeros in 300 kB */
    static unsigned char zeros[PIECE], packed[PIECE];
    z_stream stream = { .next_out = packed, .avail_out = sizeof packed };
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    zeros[2] = 8, zeros[3] = 3;
    for (int i = 0; i < PIECES; i++) {
        stream.next_in = zeros;
        stream.avail_in = sizeof zeros;
        assert_int_equal(deflate(&stream, i == PIECES - 1 ? Z_FINISH : Z_NO_FLUSH),
                         i == PIECES - 1 ? Z_STREAM_END : Z_OK);
        memset(zeros, 0, sizeof zeros);
    }
    const size_t size = stream.total_out;
    deflateEnd(&stream);
    assert_true(size * 1000 > (size_t)PIECE * PIECES * 95 / 100 && size < 400000);
    hostile_put(p, "bomb.gz", packed, size);
    sl_text wanted;
    sl_text_init(&wanted, p->ctx);
    sl_text_add(&wanted, "bomb.gz: its %zu bytes of gzip data hold more than ", size);
    hostile_refused(p, !sl_vectors_read(p->ctx, p->path), sl_text_string(&wanted), 700 << 20);
    sl_text_free(&wanted);
    /* a last word that claims 1,000 times the file is no reason to take memory */
    unsigned char claims[4096] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff };
    memcpy(claims + sizeof claims - 4, "\x00\x00\x3e\x00", 4);
    hostile_put(p, "claim.gz", claims, sizeof claims);
    hostile_refused(p, !sl_vectors_read(p->ctx, p->path), "claim.gz: the gzip data is damaged near", 1 << 17);
#else
    (void)state;
    print_message("built without zlib\n");
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(model_files_that_ask_for_2_to_60_numbers, hostile_setup,
                                        hostile_teardown),
        cmocka_unit_test_setup_teardown(model_files_with_headers_that_lie, hostile_setup, hostile_teardown),
        cmocka_unit_test_setup_teardown(deep_json, hostile_setup, hostile_teardown),
        cmocka_unit_test_setup_teardown(run_folders_of_a_newer_slope, hostile_setup, hostile_teardown),
        cmocka_unit_test_setup_teardown(data_that_claims_sizes, hostile_setup, hostile_teardown),
        cmocka_unit_test_setup_teardown(lines_without_end, hostile_setup, hostile_teardown),
        cmocka_unit_test_setup_teardown(gzip_bombs, hostile_setup, hostile_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
