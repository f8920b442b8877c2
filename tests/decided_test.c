/* decided_test.c - decisions that were not asked for are told by the context's callback, with the numbers of
 * the data; to nobody where nobody listens, and with no other result. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "engine.h"

#include <stdio.h>
#include <string.h>

enum { TOLD_MOST = 256, TOLD_ROWS = 90 };

typedef struct {
    int count;
    char what[TOLD_MOST][64], chosen[TOLD_MOST][64], reason[TOLD_MOST][256];
} told_list;

static void told_take(void *user, const char *what, const char *chosen, const char *reason)
{
    told_list *list = user;
    assert_true(list->count < TOLD_MOST);
    assert_null(strpbrk(what, "\n\r"));
    assert_null(strpbrk(chosen, "\n\r"));
    assert_null(strpbrk(reason, "\n\r"));
    assert_true(*what && *chosen && *reason);
    snprintf(list->what[list->count], 64, "%s", what);
    snprintf(list->chosen[list->count], 64, "%s", chosen);
    snprintf(list->reason[list->count++], 256, "%s", reason);
}

/* The decision, NULL: it was not told. */
static const char *told_chosen(const told_list *list, const char *what, const char **reason)
{
    for (int i = 0; i < list->count; i++)
        if (!strcmp(list->what[i], what)) {
            if (reason)
                *reason = list->reason[i];
            return list->chosen[i];
        }
    return NULL;
}

static void assert_told(const told_list *list, const char *what, const char *chosen, const char *in_reason)
{
    const char *reason = "";
    const char *found = told_chosen(list, what, &reason);
    if (!found)
        fail_msg("'%s' is not told", what);
    assert_string_equal(found, chosen);
    if (!strstr(reason, in_reason))
        fail_msg("%s: '%s' is not in '%s'", what, in_reason, reason);
}

static sl_ctx *told_ctx(told_list *list)
{
    const sl_ctx_options options = { .decided = list ? told_take : NULL, .decided_user = list };
    sl_ctx *ctx = sl_ctx_new(&options);
    assert_fine(ctx);
    return ctx;
}

/* 90 rows of 2 numbers, three classes of 30 rows: all of it counted by hand. */
static sl_data *told_data(sl_ctx *ctx)
{
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(TOLD_ROWS, 2), NULL),
              *y = sl_tensor_new(ctx, sl_dims(TOLD_ROWS), NULL);
    for (int i = 0; i < TOLD_ROWS; i++) {
        sl_values(x)[2 * i] = (sl_real)(i % 7);
        sl_values(x)[2 * i + 1] = (sl_real)(i % 5);
        sl_values(y)[i] = (sl_real)(i % 3);
    }
    return sl_data_from(ctx, x, y);
}

static uint64_t told_fit(sl_ctx *ctx, int batch, int epochs)
{
    sl_model *model = sl_model_parse(ctx, "4 relu, 3");
    sl_compile(model, .loss = "cross_entropy");
    sl_fit(model, told_data(ctx), .epochs = epochs, .batch = batch);
    assert_fine(ctx);
    return sl_model_digest(model);
}

static void S85_a_training_tells_its_defaults(void **unused)
{
    (void)unused;
    told_list list = { 0 };
    sl_ctx *ctx = told_ctx(&list);
    told_fit(ctx, 0, 0);
    assert_told(&list, "seed", "1", "default");
    assert_told(&list, "threads", "1", "default");
    assert_told(&list, "instructions", sl_ctx_isa(ctx), "widest");
    assert_told(&list, "init", "dense_1: he", "relu");
    assert_told(&list, "biases", "0", "");
    assert_told(&list, "validation", "0.1", "there are 90");
    assert_told(&list, "optimizer", "adam", "default");
    assert_told(&list, "lr", "0.001", "adam");
    assert_told(&list, "beta1", "0.9", "adam");
    assert_told(&list, "schedule", "constant", "default");
    /* 3 of 30 in each class validate: 81 to fit, two steps of 32, and one of 17 */
    assert_told(&list, "batch", "32", "3 steps an epoch for 81 rows");
    assert_told(&list, "last batch", "smaller", "17 are left");
    assert_told(&list, "epochs", "as long as it helps", "at least 2000 steps, at most 200 epochs");
    assert_told(&list, "patience", "10", "neither");
    assert_told(&list, "best epoch", "by validation loss", "9 rows validate");
    assert_told(&list, "sampling", "shuffle", "default");
    sl_ctx_free(ctx);
}

static void S85_what_was_asked_for_is_not_told(void **unused)
{
    (void)unused;
    told_list list = { 0 };
    const sl_ctx_options options = {
        .seed = 7, .threads = 1, .isa = "plain", .decided = told_take, .decided_user = &list
    };
    sl_ctx *ctx = sl_ctx_new(&options);
    assert_int_equal(list.count, 0);
    sl_model *model = sl_model_parse(ctx, "4 relu init=normal:0.1, 3 init=zeros");
    sl_compile(model, .loss = "cross_entropy",
               .optimizer = { .rule = "sgd", .lr = 0.1f, .schedule = "constant" });
    sl_fit(model, told_data(ctx), .epochs = 2, .batch = 20, .accumulate = 1, .patience = -1,
           .sampling = "shuffle", .validation_fraction = -1);
    assert_fine(ctx);
    static const char *const silent[] = { "seed",      "threads",    "instructions", "init",
                                          "optimizer", "lr",         "batch",        "schedule",
                                          "epochs",    "validation", "patience" };
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (told_chosen(&list, silent[i], NULL))
            fail_msg("%s was asked for", silent[i]);
    sl_ctx_free(ctx);
}

/* What is asked for and cannot be is told too. */
static void S85_a_batch_beyond_the_rows(void **unused)
{
    (void)unused;
    told_list list = { 0 };
    sl_ctx *ctx = told_ctx(&list);
    told_fit(ctx, 100, 1);
    assert_told(&list, "batch", "81", "100 were asked for, and there are 81 rows");
    assert_told(&list, "patience", "0", "known");
    sl_ctx_free(ctx);
}

static void S85_telling_changes_nothing(void **unused)
{
    (void)unused;
    told_list list = { 0 };
    sl_ctx *silent = told_ctx(NULL), *telling = told_ctx(&list);
    assert_int_equal(told_fit(silent, 0, 3), told_fit(telling, 0, 3));
    assert_true(list.count > 10);
    sl_ctx_free(silent);
    sl_ctx_free(telling);
}

/* The columns of a table in memory, counted here. */
static void S85_columns_of_a_table(void **unused)
{
    (void)unused;
    told_list list = { 0 };
    sl_ctx *ctx = told_ctx(&list);
    char path[] = "/tmp/slope-decided-XXXXXX";
    const int handle = mkstemp(path);
    FILE *file = handle < 0 ? NULL : fdopen(handle, "w");
    assert_non_null(file);
    fputs("id;size;colour;none;y\n", file);
    for (int i = 0; i < 80; i++)
        fprintf(file, "r%d;%d;%s;;%d\n", i, i * 37 % 80 - 40, i % 4 ? "red" : "", i % 2);
    fclose(file);
    sl_data *data = sl_data_open_table(ctx, path, NULL, &(sl_table_options){ .target = "y" });
    remove(path);
    assert_fine(ctx);
    assert_non_null(data);
    assert_told(&list, "delimiter", ";", "each of the first 81 records into 5 fields");
    assert_told(&list, "missing", "the usual words", "100 of 400 fields");
    assert_told(&list, "column id", "identifier, left out", "80 of 80 values");
    assert_told(&list, "column size", "integer, an input", "all 80 values are whole numbers");
    assert_told(&list, "column colour", "constant, left out", "60 of 80 values are the same, 20 missing");
    assert_told(&list, "column none", "constant, left out", "no value in any of its 80 rows");
    assert_told(&list, "column y", "category, the target", "2 different whole numbers in 80 rows");
    assert_told(&list, "decimal", ".", "default");
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S85_a_training_tells_its_defaults),
        cmocka_unit_test(S85_what_was_asked_for_is_not_told),
        cmocka_unit_test(S85_a_batch_beyond_the_rows),
        cmocka_unit_test(S85_telling_changes_nothing),
        cmocka_unit_test(S85_columns_of_a_table),
    };
    return cmocka_run_group_tests_name("decided", tests, NULL, NULL);
}
