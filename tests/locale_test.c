/* locale_test.c - the library in a program that has called setlocale() or uselocale(): numbers in data and
 * files keep their point, words their letters (in Turkish a capital i has a dot), and the weights their bits.
 */
#define _XOPEN_SOURCE 700
#include "engine.h"

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char folder[64], data[96], run[96];
} locale_place;

/* glibc takes LOCPATH apart, and keeps the parts: no leak of ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:__argz_add_sep";
}

static const char *const locale_names[] = { "de_DE.UTF-8", "tr_TR.UTF-8" };

static int locale_enter(void **state)
{
    static locale_place place;
    strcpy(place.folder, "/tmp/slope-locale-XXXXXX");
    if (!mkdtemp(place.folder))
        return 1;
    snprintf(place.data, sizeof place.data, "%s/rows.csv", place.folder);
    snprintf(place.run, sizeof place.run, "%s/run", place.folder);
    FILE *file = fopen(place.data, "w");
    if (!file)
        return 1;
    fputs("Id,flag,size,kind\n", file);
    for (int i = 0; i < 90; i++)
        fprintf(file, "%d,%s,%s%d.5,%s\n", i, i % 3 ? "TRUE" : "false", i % 9 == 4 ? "INFINITE" : "",
                i * 7 % 31, i % 2 ? "FIRST" : "fIrSt");
    bool made = true; /* here, before libc looks for one: it remembers what it has not found */
    char command[256];
    for (int i = 0; i < 2; i++) {
        snprintf(command, sizeof command, "localedef -i %.5s -f UTF-8 %s/%s >/dev/null 2>&1", locale_names[i],
                 place.folder, locale_names[i]);
        made = made && system(command) == 0;
    }
    if (made)
        setenv("LOCPATH", place.folder, 1);
    *state = &place;
    return fclose(file);
}

static int locale_leave(void **state)
{
    const locale_place *place = *state;
    char command[128];
    setlocale(LC_ALL, "C");
    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    return system(command);
}

static bool locale_there(const char *name)
{
    const locale_t found = newlocale(LC_ALL_MASK, name, (locale_t)0);
    if (found)
        freelocale(found);
    return found != (locale_t)0;
}

/* What a training says of itself, and what its run folder says, without times. */
static void locale_train(const locale_place *place, char told[4096])
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 3 });
    sl_run *run = sl_run_new(ctx, &(sl_run_options){ .data = place->data,
                                                     .table = { .target = "flag" },
                                                     .net = "4 tanh",
                                                     .optimizer = { .rule = "adam", .lr = 0.05f },
                                                     .epochs = 3,
                                                     .out = place->run,
                                                     .overwrite = true });
    assert_non_null(run);
    assert_int_equal(sl_run_train(run), SL_OK);
    const char *result = sl_run_result(run), *seconds = strstr(result, "\"seconds\""), *behind;
    assert_non_null(seconds);
    behind = strchr(seconds, ',');
    assert_non_null(behind);
    const char *train = sl_run_command(ctx, place->run);
    assert_non_null(train);
    snprintf(told, 4096, "%.*s%s\n%s", (int)(seconds - result), result, behind, train);
    sl_ctx_free(ctx);
}

static void locale_changes_nothing(void **state)
{
    const locale_place *place = *state;
    char plain[4096], told[4096];
    int looked = 0;
    locale_train(place, plain);
    assert_non_null(strstr(plain, "0.05"));
    for (int i = 0; i < 2; i++) {
        if (!locale_there(locale_names[i])) {
            print_message("%s: neither there nor to be made\n", locale_names[i]);
            continue;
        }
        looked++;
        assert_non_null(setlocale(LC_ALL, locale_names[i]));
        snprintf(told, sizeof told, "%.1f", 1.5);
        assert_string_equal(told, "1,5"); /* it is in force */
        locale_train(place, told);
        setlocale(LC_ALL, "C");
        assert_string_equal(told, plain);

        const locale_t own = newlocale(LC_ALL_MASK, locale_names[i], (locale_t)0);
        const locale_t before = uselocale(own); /* of this thread alone */
        locale_train(place, told);
        uselocale(before);
        freelocale(own);
        assert_string_equal(told, plain);
    }
    if (!looked)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(locale_changes_nothing, locale_enter,
                                                                        locale_leave) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
