/* Memory out of one buffer of the caller's: the blocks against a plain list of what was handed out, a buffer
 * that is full, and a training that lives in one without asking the system for anything. */
#include "core/fixed.h"
#include "core/ctx.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- every malloc of this program, counted while `fixed_counting`
 * ------------------------------------------------ */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#    define FIXED_COUNTS 0
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#        define FIXED_COUNTS 0
#    endif
#endif
#if !defined(FIXED_COUNTS) && defined(__GLIBC__)
#    define FIXED_COUNTS 1
#endif
#if !defined(FIXED_COUNTS)
#    define FIXED_COUNTS 0
#endif

static volatile size_t fixed_counting, fixed_asked; /* nothing tells the compiler that malloc looks at them */

#if FIXED_COUNTS
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);

void *malloc(size_t size)
{
    fixed_asked += fixed_counting;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    fixed_asked += fixed_counting;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    fixed_asked += fixed_counting;
    return __libc_realloc(block, size);
}
#endif

/* --- the blocks
 * ---------------------------------------------------------------------------------------------------- */

enum { SLOTS = 200, ROUNDS = 40000, POOL = 96 << 10, CANARY = 64 };

typedef struct {
    unsigned char *memory;
    size_t size;
    unsigned char byte; /* that it is full of */
} fixed_slot;

static uint32_t fixed_draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static void fixed_slot_is_whole(const fixed_slot *slot, size_t size)
{
    for (size_t i = 0; i < size; i++)
        assert_int_equal(slot->memory[i], slot->byte);
}

static void blocks_keep_their_bytes_and_never_overlap(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 16; shift += 5) {
        static unsigned char room[CANARY + POOL + 16 + CANARY];
        memset(room, 0xa5, sizeof room);
        unsigned char *buffer = room + CANARY + shift;
        sl_fixed *fixed = sl_fixed_new(buffer, POOL);
        assert_non_null(fixed);
        const size_t empty = sl_fixed_look(fixed).used;
        fixed_slot slot[SLOTS] = { { 0 } };
        uint64_t seed = 7 + shift;
        size_t refused = 0, moved = 0, grown = 0;
        for (int i = 0; i < ROUNDS; i++) {
            fixed_slot *s = &slot[fixed_draw(&seed) % SLOTS];
            const uint32_t kind = fixed_draw(&seed) % 16;
            size_t size = fixed_draw(&seed) % (kind < 12 ? 300 : kind < 15 ? 3000 : 20000);
            if (s->memory && fixed_draw(&seed) % 3)
                size = 0; /* give it back */
            if (!s->memory && !size)
                continue;
            unsigned char *now = sl_fixed_realloc(fixed, s->memory, s->size, size);
            if (size && !now) { /* full: the old block stays */
                refused++;
                if (s->memory)
                    fixed_slot_is_whole(s, s->size);
                const sl_fixed_state look = sl_fixed_look(fixed);
                if (!s->memory)
                    assert_true(look.largest < size);
                continue;
            }
            if (size) {
                assert_int_equal((uintptr_t)now % 16, 0);
                assert_true(now >= buffer && now + size <= buffer + POOL);
                moved += s->memory && now != s->memory;
                grown += s->memory && now == s->memory && size > s->size;
                s->memory = now;
                fixed_slot_is_whole(s, s->size < size ? s->size : size);
                s->byte = (unsigned char)fixed_draw(&seed);
                memset(now, s->byte, size);
            } else {
                assert_null(now);
                s->memory = NULL;
            }
            s->size = size;
            if (i % 64 == 0) {
                assert_true(sl_fixed_sound(fixed));
                for (int j = 0; j < SLOTS; j++)
                    if (slot[j].memory)
                        fixed_slot_is_whole(&slot[j], slot[j].size);
            }
        }
        assert_true(refused > 100 && moved > 100 && grown > 10);
        for (int j = 0; j < SLOTS; j++)
            sl_fixed_realloc(fixed, slot[j].memory, slot[j].size, 0);
        assert_true(sl_fixed_sound(fixed));
        /* all is one piece again */
        const sl_fixed_state look = sl_fixed_look(fixed);
        assert_int_equal(look.used, empty);
        assert_true(look.largest + look.used + 64 > look.size && look.peak <= look.size);
        assert_non_null(sl_fixed_realloc(fixed, NULL, 0, look.largest));
        assert_null(sl_fixed_realloc(fixed, NULL, 0, 1));
        for (size_t i = 0; i < CANARY + shift; i++)
            assert_int_equal(room[i], 0xa5);
        for (size_t i = CANARY + shift + POOL; i < sizeof room; i++)
            assert_int_equal(room[i], 0xa5);
    }
}

static void a_piece_too_large_is_refused(void **state)
{
    (void)state;
    static _Alignas(16) unsigned char buffer[8192];
    sl_fixed *fixed = sl_fixed_new(buffer, sizeof buffer);
    unsigned char *block = sl_fixed_realloc(fixed, NULL, 0, 100);
    assert_non_null(block);
    assert_null(sl_fixed_realloc(fixed, NULL, 0, SIZE_MAX));
    assert_null(sl_fixed_realloc(fixed, NULL, 0, SIZE_MAX - 15));
    assert_null(sl_fixed_realloc(fixed, block, 100, SIZE_MAX / 2 + 1));
    assert_null(sl_fixed_realloc(fixed, NULL, 0, sizeof buffer));
    assert_true(sl_fixed_sound(fixed));
    assert_null(sl_fixed_new(NULL, 100000));
    assert_null(sl_fixed_new(buffer, 100));
}

/* --- a context
 * ------------------------------------------------------------------------------------------------------- */

enum { STATIC_ROOM = 4 << 20 };
static _Alignas(16) unsigned char fixed_room[STATIC_ROOM];

/* Digits, a small net, two epochs, an evaluation: the digest of the weights; 0: it failed. */
static uint64_t fixed_training(sl_ctx *ctx)
{
    sl_data *all = sl_data_open(ctx, "builtin:digits?rows=400", NULL), *train = NULL, *test = NULL;
    sl_data_split(all, 0.2, &test, &train);
    sl_model *net = sl_model_parse(ctx, "16 relu, dropout 0.1, 10");
    sl_compile(net, .loss = "cross_entropy", .optimizer = sl_adam(.lr = 0.01f));
    sl_report *history = sl_fit(net, train, .epochs = 2, .batch = 32);
    sl_report *scores = sl_evaluate(ctx, net, test);
    return history && scores && sl_error(ctx) == SL_OK ? sl_model_digest(net) : 0;
}

static void a_training_lives_in_a_buffer(void **state)
{
    (void)state;
    sl_ctx *usual = sl_ctx_new(NULL);
    const uint64_t digest = fixed_training(usual);
    assert_int_not_equal(digest, 0);
    sl_ctx_free(usual);

    fixed_asked = 0;
    fixed_counting = 1;
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .buffer = fixed_room, .buffer_size = sizeof fixed_room });
    const uint64_t fixed = fixed_training(ctx);
    const size_t peak = ctx ? sl_ctx_buffer_peak(ctx) : 0;
    sl_ctx_free(ctx);
    fixed_counting = 0;
    assert_true(fixed == digest);
    assert_true(peak > 100000 && peak <= sizeof fixed_room);
    if (FIXED_COUNTS) {
        char *volatile one = malloc(1); /* would it be seen? */
        fixed_counting = 1;
        char *volatile other = malloc(1);
        fixed_counting = 0;
        free(one);
        free(other);
        assert_int_equal(fixed_asked, 1);
    } else {
        print_message("skip  malloc is not counted: a sanitizer, or another C library\n");
    }

    /* What was needed at most is enough, and less is not. */
    ctx = sl_ctx_new(&(sl_ctx_options){ .buffer = fixed_room, .buffer_size = peak });
    assert_true(fixed_training(ctx) == digest);
    assert_int_equal(sl_ctx_buffer_peak(ctx), peak);
    sl_ctx_free(ctx);
    ctx = sl_ctx_new(&(sl_ctx_options){ .buffer = fixed_room, .buffer_size = peak - 16 });
    assert_int_equal(fixed_training(ctx), 0);
    assert_int_equal(sl_error(ctx), SL_ENOMEM);
    sl_ctx_free(ctx);
}

static void a_full_buffer_is_an_error_with_its_numbers(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .buffer = fixed_room, .buffer_size = 65536 });
    assert_non_null(ctx);
    sl_tensor *small = sl_tensor_new(ctx, sl_dims(10, 10), NULL);
    assert_non_null(small);
    assert_null(sl_tensor_new(ctx, sl_dims(200, 200), NULL));
    assert_int_equal(sl_error(ctx), SL_ENOMEM);
    char wanted[200];
    snprintf(wanted, sizeof wanted, "out of memory: %zu bytes wanted; of the buffer's 65536 bytes ",
             200 * 200 * sizeof(sl_real));
    assert_memory_equal(sl_message(ctx), wanted, strlen(wanted));
    assert_non_null(strstr(sl_message(ctx), "a larger sl_ctx_options.buffer"));
    sl_clear(ctx); /* and it goes on */
    sl_tensor_free(small);
    assert_non_null(sl_tensor_new(ctx, sl_dims(20, 20), NULL));
    assert_int_equal(sl_error(ctx), SL_OK);
    sl_ctx_free(ctx);

    /* too small for a context; more than there is room for is asked of no one else */
    assert_null(sl_ctx_new(&(sl_ctx_options){ .buffer = fixed_room, .buffer_size = 2000 }));
    ctx = sl_ctx_new(&(sl_ctx_options){ 0 });
    assert_int_equal(sl_ctx_buffer_peak(ctx), 0);
    sl_ctx_free(ctx);
}

static void *fixed_nothing(void *user, void *block, size_t old_size, size_t new_size)
{
    (void)user, (void)block, (void)old_size, (void)new_size;
    return NULL;
}

static void a_buffer_and_an_allocator_exclude_each_other(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){
        .buffer = fixed_room, .buffer_size = sizeof fixed_room, .realloc = fixed_nothing });
    assert_int_equal(sl_error(ctx), SL_EINVAL);
    assert_string_equal(sl_message(ctx),
                        "buffer and realloc are given, and memory comes from one: leave one out");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_keep_their_bytes_and_never_overlap),
        cmocka_unit_test(a_piece_too_large_is_refused),
        cmocka_unit_test(a_training_lives_in_a_buffer),
        cmocka_unit_test(a_full_buffer_is_an_error_with_its_numbers),
        cmocka_unit_test(a_buffer_and_an_allocator_exclude_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
