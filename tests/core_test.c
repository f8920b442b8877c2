/* core_test.c - the context, memory, texts, random numbers, threads, digests. */
#define _XOPEN_SOURCE 700 /* nanosleep */
#include "core/arena.h"
#include "core/digest.h"
#include "core/random.h"
#include "core/text.h"
#include "core/threads.h"
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

/* --- context ---------------------------------------------------------------------------------------- */

static void ctx_counts_memory(void **state)
{
    (void)state;
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    assert_non_null(ctx);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    unsigned char *a = sl_alloc(ctx, 100), *b = sl_alloc_array(ctx, 10, 20), *none = sl_alloc(ctx, 0);
    assert_true(a && b && none);
    assert_int_equal(sl_ctx_bytes(ctx), 300);
    assert_int_equal((uintptr_t)a % 64 + (uintptr_t)b % 64 + (uintptr_t)none % 64, 0);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(a[i], 0);
        a[i] = (unsigned char)i;
    }
    unsigned char *larger = sl_resize(ctx, a, 150);
    assert_int_equal(sl_ctx_bytes(ctx), 350);
    for (int i = 0; i < 150; i++)
        assert_int_equal(larger[i], i < 100 ? i : 0);
    assert_true(sl_ctx_peak_bytes(ctx) >= 350);
    sl_free(ctx, b);
    sl_free(ctx, NULL);
    assert_int_equal(sl_ctx_bytes(ctx), 150);
    assert_null(sl_alloc_array(ctx, SIZE_MAX / 4, 8)); /* the product overflows */
    assert_int_equal(sl_error(ctx), SL_ENOMEM);
    sl_clear(ctx);
    assert_null(sl_alloc(ctx, SIZE_MAX - 8));
    memory.fail_at = memory.calls + 1;
    assert_null(sl_resize(ctx, larger, 1000));
    assert_int_equal(larger[99], 99); /* the old block stays */
    assert_null(sl_strdup(ctx, NULL));
    sl_ctx_free(ctx); /* the rest goes with it */
    assert_true(memory.blocks == 0 && memory.bytes == 0 && !memory.wrong_size);
}

static void ctx_first_error_wins(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    assert_int_equal(sl_error(ctx), SL_OK);
    assert_string_equal(sl_message(ctx), "");
    assert_int_equal(sl_fail(ctx, SL_ESHAPE, "wants %d inputs, given %s", 128, "[32, 64]"), SL_ESHAPE);
    assert_int_equal(sl_fail(ctx, SL_EINVAL, "second"), SL_EINVAL); /* its own status is returned */
    assert_int_equal(sl_error(ctx), SL_ESHAPE);
    sl_fail_at(ctx, "dense_2");
    assert_string_equal(sl_message(ctx), "dense_2: wants 128 inputs, given [32, 64]");
    sl_clear(ctx);
    assert_int_equal(sl_error(ctx), SL_OK);
    assert_string_equal(sl_message(ctx), "");
    char longest[SL_MESSAGE + 2000];
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = 0;
    for (size_t length = SL_MESSAGE - 14; length < SL_MESSAGE + 6;
         length++) { /* cut at the end, not overrun */
        sl_clear(ctx);
        sl_fail(ctx, SL_EINVAL, "%s", longest + sizeof longest - 1 - length);
        assert_int_equal(strlen(sl_message(ctx)), length < SL_MESSAGE - 1 ? length : SL_MESSAGE - 1);
        sl_fail_at(ctx, "place");
        assert_int_equal(strlen(sl_message(ctx)), length + 7 < SL_MESSAGE - 1 ? length + 7 : SL_MESSAGE - 1);
        assert_memory_equal(sl_message(ctx), "place: xxx", 10);
    }
    sl_fail_at(ctx, longest); /* no room for it: left out */
    assert_memory_equal(sl_message(ctx), "place: xxx", 10);
    sl_ctx_free(ctx);
    assert_int_equal(sl_error(NULL), SL_ENOMEM);
    assert_true(*sl_message(NULL));
    sl_clear(NULL);
    sl_ctx_free(NULL);
}

static void ctx_options_are_checked(void **state)
{
    (void)state;
    static const struct {
        sl_ctx_options options;
        sl_status status;
    } cases[] = { { { .isa = "plain" }, SL_OK },     { { .isa = "avx3" }, SL_EINVAL },
                  { { .isa = "" }, SL_EINVAL },      { { .threads = -1 }, SL_EINVAL },
                  { { .threads = 257 }, SL_EINVAL }, { { .threads = 3 }, SL_OK } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = sl_ctx_new(&cases[i].options);
        assert_non_null(ctx);
        assert_int_equal(sl_error(ctx), cases[i].status);
        if (cases[i].status)
            assert_non_null(
                strstr(sl_message(ctx), cases[i].options.isa ? cases[i].options.isa : "threads is "));
        sl_ctx_free(ctx);
    }
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = "plain", .seed = 7, .threads = 3 });
    assert_string_equal(sl_ctx_isa(ctx), "plain");
    const int cores = sl_usable_cores();
    assert_true(cores >= 1 && sl_ctx_seed(ctx) == 7 && sl_ctx_threads(ctx) == (cores < 3 ? cores : 3));
    sl_ctx_free(ctx);
    ctx = sl_ctx_new(NULL);
    assert_true(sl_ctx_seed(ctx) == 1 && sl_ctx_threads(ctx) == 1);
    sl_ctx_free(ctx);
    ctx = sl_ctx_new(&(sl_ctx_options){ .threads = 256 });
    assert_true(sl_ctx_threads(ctx) == (cores < 256 ? cores : 256)); /* no helper without a core */
    for (int threads = 7; threads; threads /= 2)
        assert_true(sl_ctx_crew(ctx, threads) == SL_OK && sl_ctx_threads(ctx) == threads);
    sl_ctx_free(ctx);
    assert_string_equal(sl_version(), SLOPE_VERSION);
}

static void ctx_memory_runs_out(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        test_memory memory = { .fail_at = n };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        if (ctx)
            sl_ctx_crew(ctx, 3);
        assert_int_equal(sl_error(ctx), memory.calls < n ? SL_OK : SL_ENOMEM);
        sl_ctx_free(ctx);
        assert_true(memory.blocks == 0 && !memory.wrong_size);
        if (memory.calls < n)
            break;
    }
}

/* --- arena ------------------------------------------------------------------------------------------ */

static void arena_keeps_its_chunks(void **state)
{
    (void)state;
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    size_t calls = 0;
    for (int round = 0; round < 5; round++) {
        unsigned char *piece[200];
        for (size_t i = 0; i < 200; i++) {
            const size_t size = i == 77 ? 500000 : i * 37;
            piece[i] = sl_arena_take(&arena, size);
            assert_non_null(piece[i]);
            assert_int_equal((uintptr_t)piece[i] % 64, 0);
            memset(piece[i], (int)i, size);
        }
        for (size_t i = 0; i < 200; i++) /* no two overlap */
            for (size_t k = 0; k < (i == 77 ? 500000 : i * 37); k += 11)
                assert_int_equal(piece[i][k], i);
        assert_true(arena.total >= 500000);
        if (round == 0)
            calls = memory.calls;
        sl_arena_reset(&arena);
        assert_int_equal(arena.total, 0);
    }
    assert_int_equal(memory.calls, calls); /* equal rounds allocate once */
    assert_null(sl_arena_take(&arena, SIZE_MAX - 3));
    assert_int_equal(sl_error(ctx), SL_ENOMEM);
    sl_arena_free(&arena);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
}

/* --- text ------------------------------------------------------------------------------------------- */

static void text_grows(void **state)
{
    (void)state;
    test_memory memory = { 0 };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
    sl_text text;
    sl_text_init(&text, ctx);
    assert_string_equal(sl_text_string(&text), "");
    for (int i = 0; i < 1000; i++)
        sl_text_add(&text, "%d%s", i % 10, i % 10 == 9 ? "\n" : ",");
    assert_int_equal(text.length, 2000);
    assert_memory_equal(text.bytes + 1980, "0,1,2,3,4,5,6,7,8,9\n", 21);
    sl_text_clear(&text);
    sl_text_bytes(&text, "a\0b", 3);
    sl_text_put(&text, "");
    sl_text_number(&text, 0.1);
    sl_text_real(&text, SL_R(0.1));
    assert_int_equal(text.length, 9);
    assert_memory_equal(text.bytes, "a\0b0.10.1", 10);
    memory.fail_at = memory.calls + 1;
    for (int i = 0; i < 10000 && !text.failed; i++)
        sl_text_put(&text, "more");
    const size_t length = text.length;
    memory.fail_at = 0;
    sl_text_put(&text, "nothing is added behind a gap");
    assert_true(text.failed && text.length == length && sl_error(ctx) == SL_ENOMEM);
    sl_text_free(&text);
    assert_int_equal(sl_ctx_bytes(ctx), 0);
    sl_ctx_free(ctx);
    char shape[96];
    assert_string_equal(sl_shape_text(shape, sl_dims(32, 64)), "[32, 64]");
    assert_string_equal(sl_shape_text(shape, (sl_shape){ 0 }), "[]");
    assert_string_equal(
        sl_shape_text(shape, sl_dims(2147483647, 2147483647, 2147483647, 2147483647, 2147483647, 2147483647)),
        "[2147483647, 2147483647, 2147483647, 2147483647, 2147483647, 2147483647]");
}

static void text_nearest_word(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int distance; /* at most 3 + 1 */
    } cases[] = { { "", "", 0 },          { "", "ab", 2 },       { "kitten", "sitting", 3 },
                  { "relu", "rellu", 1 }, { "ab", "ba", 1 },     { "abc", "xyz", 3 },
                  { "abcdefgh", "", 4 },  { "flaw", "lawn", 2 }, { "rleu", "relu", 1 },
                  { "rleu", "elu", 2 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(sl_edit_distance(cases[i].a, cases[i].b, 3), cases[i].distance);
        assert_int_equal(sl_edit_distance(cases[i].b, cases[i].a, 3), cases[i].distance);
    }
    char longest[200];
    memset(longest, 'x', sizeof longest);
    longest[199] = 0;
    assert_int_equal(sl_edit_distance(longest, longest, 3), 4); /* too long to be a word */
    static const char *const names[] = { "relu", "tanh", "sigmoid", "softmax" };
    assert_string_equal(sl_nearest_word("rellu", names, 4), "relu");
    assert_string_equal(sl_nearest_word("sofmaxx", names, 4), "softmax");
    assert_null(sl_nearest_word("gauss", names, 4));
    assert_null(sl_nearest_word("relu", names, 0));
}

/* --- random numbers, digests ------------------------------------------------------------------------ */

static void random_known_answers(void **state) /* Random123, kat_vectors: philox4x32 10 */
{
    (void)state;
    static const struct {
        uint32_t counter[4];
        uint64_t key;
        uint32_t answer[4];
    } cases[] = {
        { { 0, 0, 0, 0 }, 0, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
          UINT64_MAX,
          { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
          UINT64_C(0x299f31d0a4093822),
          { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sl_random4 r = sl_philox(cases[i].counter, cases[i].key);
        assert_memory_equal(r.word, cases[i].answer, sizeof r.word);
    }
}

static void random_streams(void **state)
{
    (void)state;
    sl_stream stream = { .seed = 1, .purpose = SL_FOR_DATA, .a = 2, .b = 3 };
    for (uint64_t i = 0; i < 100; i++) /* the number follows from its index alone */
        assert_true(sl_stream_bits(&stream) == sl_random_bits(1, SL_FOR_DATA, 2, 3, i));
    assert_true(sl_random_bits(1, SL_FOR_DATA, 2, 3, 0) != sl_random_bits(1, SL_FOR_INIT, 2, 3, 0));
    assert_true(sl_random_bits(1, SL_FOR_DATA, 2, 3, 0) !=
                sl_random_bits(1, SL_FOR_DATA, 2, 3, UINT64_C(1) << 32));
    double sum = 0;
    size_t below[7] = { 0 };
    for (int i = 0; i < 70000; i++) {
        const double u = sl_stream_uniform(&stream);
        assert_true(u >= 0 && u < 1);
        sum += u;
        below[sl_stream_below(&stream, 7)]++;
    }
    assert_true(sum / 70000 > 0.49 && sum / 70000 < 0.51);
    for (int i = 0; i < 7; i++)
        assert_true(below[i] > 9600 && below[i] < 10400); /* 4 standard deviations */
    assert_int_equal(sl_stream_below(&stream, 1), 0);
    size_t order[1000];
    for (size_t i = 0; i < 1000; i++)
        order[i] = i;
    sl_stream_shuffle(&stream, order, 1000);
    bool seen[1000] = { false };
    size_t stayed = 0;
    for (size_t i = 0; i < 1000; i++) {
        assert_false(seen[order[i]]);
        seen[order[i]] = true;
        stayed += order[i] == i;
    }
    assert_true(stayed < 10);
}

static void digest_known_answers(void **state) /* FNV-1a 64: the test suite of its authors */
{
    (void)state;
    char text[17];
    static const struct {
        const char *bytes, *digest;
    } cases[] = { { "", "cbf29ce484222325" }, { "a", "af63dc4c8601ec8c" }, { "foobar", "85944171f73967e8" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(
            sl_digest_text(text, sl_digest_bytes(SL_DIGEST_START, cases[i].bytes, strlen(cases[i].bytes))),
            cases[i].digest);
    const sl_real values[] = { SL_R(1.0), SL_R(-0.5) };
    static const unsigned char bytes[] = { 0, 0, 0x80, 0x3f, 0, 0, 0, 0xbf }; /* float32, little endian */
    assert_true(sl_digest_reals(SL_DIGEST_START, values, 2) == sl_digest_bytes(SL_DIGEST_START, bytes, 8));
}

/* --- threads ---------------------------------------------------------------------------------------- */

typedef struct {
    unsigned char runs[5000];
    size_t by_worker[8][16]; /* apart, a worker a line; not atomic: one thread a worker */
} threads_tally;

static void threads_count(void *argument, size_t task, int worker)
{
    threads_tally *tally = argument;
    tally->runs[task]++;
    tally->by_worker[worker][0]++;
}

/* Two tasks of three take a moment: a run that ended early would find them undone. */
static void threads_count_slowly(void *argument, size_t task, int worker)
{
    if (task % 3)
        nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
    threads_count(argument, task, worker);
}

static void threads_run_each_task_once(void **state)
{
    (void)state;
    static threads_tally tally;
    for (int threads = 1; threads <= 7; threads++) {
        sl_ctx *ctx = sl_ctx_new(NULL);
        assert_int_equal(sl_ctx_crew(ctx, threads), SL_OK);
        size_t wanted = 0;
        memset(&tally, 0, sizeof tally);
        for (size_t round = 0; round < 1500; round++) {
            const size_t tasks = round % 100 == 99 ? 5000 : round % 17;
            sl_pool_run(ctx->pool, tasks, round % 50 == 8 ? threads_count_slowly : threads_count, &tally);
            for (size_t i = 0; i < tasks; i++) {
                assert_int_equal(tally.runs[i], 1);
                tally.runs[i] = 0;
            }
            wanted += tasks;
            if (round % 300 == 0) /* let the helpers fall asleep */
                nanosleep(&(struct timespec){ .tv_nsec = 3000000 }, NULL);
        }
        size_t done = 0;
        for (int worker = 0; worker < 8; worker++) {
            assert_true(worker < threads || tally.by_worker[worker][0] == 0);
            done += tally.by_worker[worker][0];
        }
        assert_int_equal(done, wanted);
        sl_ctx_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ctx_counts_memory),
        cmocka_unit_test(ctx_first_error_wins),
        cmocka_unit_test(ctx_options_are_checked),
        cmocka_unit_test(ctx_memory_runs_out),
        cmocka_unit_test(arena_keeps_its_chunks),
        cmocka_unit_test(text_grows),
        cmocka_unit_test(text_nearest_word),
        cmocka_unit_test(random_known_answers),
        cmocka_unit_test(random_streams),
        cmocka_unit_test(digest_known_answers),
        cmocka_unit_test(threads_run_each_task_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
