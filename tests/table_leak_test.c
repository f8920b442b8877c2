/* Nothing that is fitted sees the rows that judge: test rows become others, and the model, what its columns
 * and its target were made into, and the baselines stay bit for bit as they were. */
#include "baseline/baseline.h"
#include "core/digest.h"
#include "table_place.h"
#include "train/run.h"

enum { LEAK_ROWS = 400 };

typedef struct {
    double a, b, y;
    int user, day, color, code;
    bool hole;
} leak_row;

static void leak_make(leak_row *rows)
{
    for (int i = 0; i < LEAK_ROWS; i++) {
        leak_row *r = &rows[i];
        *r = (leak_row){ .a = (i * 37 % 101) / 7.0 - 5,
                         .b = 1 + (i * 53 % 211) / 11.0,
                         .user = i * 7 % 60,
                         .day = i % 300,
                         .color = i * 11 % 4,
                         .code = i * 13 % 30,
                         .hole = i % 9 == 4 };
        r->y = 2 * r->a + r->b + (r->color == 1) + (i * 31 % 17) / 17.0;
    }
}

static void leak_put(table_bench *b, const leak_row *rows, bool classes)
{
    static const char *const colors[] = { "red", "green", "blue", "grey" };
    FILE *file = fopen(b->path, "w");
    assert_non_null(file);
    fputs("a,b,user,day,color,code,y\n", file);
    for (int i = 0; i < LEAK_ROWS; i++) {
        const leak_row *r = &rows[i];
        if (!r->hole)
            fprintf(file, "%.6f", r->a);
        fprintf(file, ",%.6f,u%d,%d,%s,k%d,", r->b, r->user, r->day, colors[r->color], r->code);
        if (classes)
            fprintf(file, "%s\n", r->y > 10 ? "high" : "low");
        else
            fprintf(file, "%.6f\n", r->y);
    }
    fclose(file);
}

/* Other numbers, words and holes; what decides the part stays: user, day, and the class. */
static void leak_change(leak_row *rows, const sl_data *part, bool classes)
{
    for (size_t i = 0; i < part->rows; i++) {
        leak_row *r = &rows[part->order[i]];
        r->a = 100 - 3 * r->a;
        r->b = 5000 * r->b;
        r->color = (r->color + 1) % 4;
        r->code = (r->code + 7) % 30;
        r->hole = !r->hole;
        r->y = classes ? r->y : 1000 - 9 * r->y;
    }
}

static uint64_t leak_baselines(const sl_baselines *b)
{
    uint64_t digest = SL_DIGEST_START;
    assert_non_null(b);
    for (size_t j = 0; j < b->design.columns; j++) {
        digest = sl_digest_bytes(digest, &b->design.mean[j], sizeof *b->design.mean);
        digest = sl_digest_bytes(digest, &b->design.deviation[j], sizeof *b->design.deviation);
    }
    for (int i = 0; i < b->count; i++)
        for (int k = 0; k < SL_FITTED_ARRAYS; k++) {
            const sl_fitted_array *a = &b->fitted[i].array[k];
            if (a->v)
                digest = sl_digest_bytes(digest, a->v, a->rows * a->columns * sizeof *a->v);
        }
    return digest;
}

typedef struct {
    uint64_t model, baselines, columns;
    double shift, scale;
} leak_fitted;

/* What was fitted; the rows that judge are changed for the next time. */
static leak_fitted leak_train(table_bench *b, const sl_run_options *options, leak_row *rows, bool validation,
                              bool classes)
{
    b->log[0] = 0;
    leak_put(b, rows, classes);
    sl_run_options own = *options;
    own.data = b->path;
    own.keep_nothing = true;
    own.table.target = "y";
    own.table.columns = "code=category";
    sl_run *run = sl_run_new(b->ctx, &own);
    if (!run || sl_run_train(run))
        fail_msg("%s", sl_message(b->ctx));
    leak_fitted fitted = { .model = sl_model_digest(run->model),
                           .baselines = leak_baselines(run->baselines),
                           .columns = SL_DIGEST_START };
    sl_model_target_scale(run->model, &fitted.shift, &fitted.scale);
    const sl_columns *columns = run->model->columns;
    for (int i = 0; i < columns->encoded_count; i++)
        fitted.columns = sl_digest_bytes(fitted.columns, columns->encoded[i].numbers,
                                         columns->encoded[i].number_count * sizeof(double));
    for (int i = 0; i < columns->count; i++)
        if (columns->column[i].role == SL_ROLE_INPUT)
            fitted.columns = sl_digest_bytes(fitted.columns, &columns->column[i].low, 3 * sizeof(double));
    const sl_data *part = validation ? run->validation : run->test;
    assert_non_null(part);
    assert_true(part->rows > 20 && part->rows < 200);
    leak_change(rows, part, classes);
    sl_run_free(run);
    return fitted;
}

static void leak_is_none(table_bench *b, const sl_run_options *options, bool validation, bool classes)
{
    leak_row rows[LEAK_ROWS];
    leak_make(rows);
    const leak_fitted before = leak_train(b, options, rows, validation, classes),
                      after = leak_train(b, options, rows, validation, classes);
    assert_true(before.columns == after.columns);
    assert_true(before.shift == after.shift && before.scale == after.scale);
    assert_true(before.model == after.model);
    assert_true(before.baselines == after.baselines);
}

static const sl_run_options leak_cuts[] = {
    { .test = "0.2" },
    { .test = "0.2", .group = "user" },
    { .test = "0.2", .split = "time=day" },
    { .folds = 5, .fold = 3 },
    { .test = "0.2", .interval = 80 },
    { .test = "0.2", .net = "8 relu", .table = { .numbers = "quantile" } },
};

static void test_rows_are_not_seen(void **state)
{
    for (size_t i = 0; i < sizeof leak_cuts / sizeof *leak_cuts; i++) {
        sl_run_options options = leak_cuts[i];
        options.epochs = 3;
        leak_is_none(*state, &options, false, false);
        if (options.interval == 0)
            leak_is_none(*state, &options, false, true);
    }
}

/* One epoch and a net of one's own: then validation rows choose nothing, and are not learned from. */
static void validation_rows_are_not_seen(void **state)
{
    for (size_t i = 0; i < sizeof leak_cuts / sizeof *leak_cuts; i++) {
        sl_run_options options = leak_cuts[i];
        options.epochs = 1;
        options.net = "8 relu";
        options.validation = "0.15";
        leak_is_none(*state, &options, true, false);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows_are_not_seen, table_up, table_down),
        cmocka_unit_test_setup_teardown(validation_rows_are_not_seen, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
