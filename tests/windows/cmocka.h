/* cmocka.h - as much of cmocka (https://cmocka.org) as the tests here use, for Windows and other machines
 * that are built for here, for which Debian has no package of it. Same names, same lines of output; a test
 * ends at its first failure. */
#ifndef SLOPE_TESTS_CMOCKA_H
#define SLOPE_TESTS_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef void (*CMUnitTestFunction)(void **state);
typedef int (*CMFixtureFunction)(void **state);
struct CMUnitTest {
    const char *name;
    CMUnitTestFunction test_func;
    CMFixtureFunction setup_func, teardown_func;
    void *initial_state;
};

#define cmocka_unit_test(test)                                                                               \
    {                                                                                                        \
        .name = #test, .test_func = (test)                                                                   \
    }
#define cmocka_unit_test_setup_teardown(test, up, down)                                                      \
    {                                                                                                        \
        .name = #test, .test_func = (test), .setup_func = (up), .teardown_func = (down)                      \
    }
#define cmocka_unit_test_prestate_setup_teardown(test, up, down, state)                                      \
    {                                                                                                        \
        .name = #test, .test_func = (test), .setup_func = (up), .teardown_func = (down),                     \
        .initial_state = (state)                                                                             \
    }

static struct {
    jmp_buf end;
    int result; /* of the test that runs: 0 fine, 1 failed, 2 skipped */
} kit_now;

static inline void kit_end(int result)
{
    kit_now.result = result;
    longjmp(kit_now.end, 1);
}

static inline void print_message(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
}
#define print_error print_message

static inline void kit_fail(const char *file, int line)
{
    print_message("[   LINE   ] --- %s:%d: error: Failure!\n", file, line);
    kit_end(1);
}

static inline void kit_true(int64_t holds, const char *what, const char *file, int line)
{
    if (holds)
        return;
    print_message("%s does not hold\n", what);
    kit_fail(file, line);
}

static inline void kit_equal(int64_t a, int64_t b, int wanted, const char *file, int line)
{
    if ((a == b) == wanted)
        return;
    print_message("%lld %s %lld\n", (long long)a, wanted ? "!=" : "==", (long long)b);
    kit_fail(file, line);
}

static inline void kit_string(const char *a, const char *b, int wanted, const char *file, int line)
{
    if ((a && b ? strcmp(a, b) == 0 : a == b) == wanted)
        return;
    print_message("\"%s\" %s \"%s\"\n", a ? a : "(null)", wanted ? "!=" : "==", b ? b : "(null)");
    kit_fail(file, line);
}

static inline void kit_memory(const void *a, const void *b, size_t size, int wanted, const char *file,
                              int line)
{
    size_t at = 0;
    while (at < size && ((const unsigned char *)a)[at] == ((const unsigned char *)b)[at])
        at++;
    if ((at == size) == wanted)
        return;
    print_message("%llu bytes %s from byte %llu on\n", (unsigned long long)size,
                  wanted ? "differ" : "are equal", (unsigned long long)at);
    kit_fail(file, line);
}

static inline void kit_range(uint64_t value, uint64_t least, uint64_t most, const char *file, int line)
{
    if (value >= least && value <= most)
        return;
    print_message("%llu is not within the range %llu-%llu\n", (unsigned long long)value,
                  (unsigned long long)least, (unsigned long long)most);
    kit_fail(file, line);
}

static inline void kit_float(double a, double b, double most, const char *file, int line)
{
    const double apart = a > b ? a - b : b - a;
    if (apart <= most)
        return;
    print_message("%.9g != %.9g\n", a, b);
    kit_fail(file, line);
}

#define assert_true(x) kit_true((x) ? 1 : 0, #x, __FILE__, __LINE__)
#define assert_false(x) kit_true((x) ? 0 : 1, "not " #x, __FILE__, __LINE__)
#define assert_null(x) kit_true((x) == NULL, #x " == NULL", __FILE__, __LINE__)
#define assert_non_null(x) kit_true((x) != NULL, #x " != NULL", __FILE__, __LINE__)
#define assert_ptr_equal(a, b)                                                                               \
    kit_true((const void *)(a) == (const void *)(b), #a " == " #b, __FILE__, __LINE__)
#define assert_int_equal(a, b) kit_equal((int64_t)(a), (int64_t)(b), 1, __FILE__, __LINE__)
#define assert_int_not_equal(a, b) kit_equal((int64_t)(a), (int64_t)(b), 0, __FILE__, __LINE__)
#define assert_string_equal(a, b) kit_string((a), (b), 1, __FILE__, __LINE__)
#define assert_string_not_equal(a, b) kit_string((a), (b), 0, __FILE__, __LINE__)
#define assert_memory_equal(a, b, size) kit_memory((a), (b), (size), 1, __FILE__, __LINE__)
#define assert_memory_not_equal(a, b, size) kit_memory((a), (b), (size), 0, __FILE__, __LINE__)
#define assert_in_range(x, least, most)                                                                      \
    kit_range((uint64_t)(x), (uint64_t)(least), (uint64_t)(most), __FILE__, __LINE__)
#define assert_float_equal(a, b, most) kit_float((double)(a), (double)(b), (double)(most), __FILE__, __LINE__)
#define _fail kit_fail /* cmocka has it, and a header here uses it */
#define fail() kit_fail(__FILE__, __LINE__)
#define fail_msg(...) (print_message(__VA_ARGS__), print_message("\n"), kit_fail(__FILE__, __LINE__))
#define skip() kit_end(2)

/* 0 fine, 1 failed, 2 skipped. What a test leaves in `state` its teardown finds. */
static inline int kit_one(const struct CMUnitTest *test, void **state)
{
    kit_now.result = 0;
    if (setjmp(kit_now.end) == 0) {
        if (test->setup_func && test->setup_func(state))
            return 1;
        test->test_func(state);
    }
    const int result = kit_now.result;
    if (setjmp(kit_now.end) == 0 && test->teardown_func && test->teardown_func(state))
        return 1;
    return kit_now.result > result ? kit_now.result : result;
}

static inline int kit_group(const char *name, const struct CMUnitTest *tests, size_t count,
                            CMFixtureFunction up, CMFixtureFunction down)
{
    static const char *const ends[] = { "[       OK ] %s\n", "[  FAILED  ] %s\n", "[  SKIPPED ] %s\n" };
    int failed = 0;
    void *common = NULL;
    setvbuf(stdout, NULL, _IONBF, 0); /* what a crash leaves is seen */
    print_message("[==========] %s: Running %d test(s).\n", name, (int)count);
    if (up && up(&common)) {
        print_message("[  FAILED  ] GROUP SETUP\n");
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        void *state = tests[i].initial_state ? tests[i].initial_state : common;
        print_message("[ RUN      ] %s\n", tests[i].name);
        const int result = kit_one(&tests[i], &state);
        print_message(ends[result], tests[i].name);
        failed += result == 1;
    }
    if (down && down(&common)) {
        print_message("[  FAILED  ] GROUP TEARDOWN\n");
        failed++;
    }
    print_message("[==========] %s: %d test(s) run.\n", name, (int)count);
    return failed;
}

#define cmocka_run_group_tests_name(name, tests, up, down)                                                   \
    kit_group((name), (tests), sizeof(tests) / sizeof *(tests), (up), (down))
#define cmocka_run_group_tests(tests, up, down) cmocka_run_group_tests_name(#tests, tests, up, down)

#endif
