/* set_row.c - fuzz: the words of `slope predict --set`, COLUMN=VALUE each, become one row of the model's
 * table, or there is a sentence. */
#include "place.h"
#include "slope.h"

#include <stdarg.h>

#include "../../cli/table_row.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char fuzz_set_said[4096];

void cli_say(const char *name, const char *format, ...)
{
    va_list arguments;
    (void)name;
    va_start(arguments, format);
    vsnprintf(fuzz_set_said, sizeof fuzz_set_said, format, arguments);
    va_end(arguments);
}

int cli_wrong(const char *name, const char *format, ...)
{
    va_list arguments;
    (void)name;
    va_start(arguments, format);
    vsnprintf(fuzz_set_said, sizeof fuzz_set_said, format, arguments);
    va_end(arguments);
    return CLI_WRONG;
}

int cli_exit_status(sl_status status)
{
    return status ? CLI_WRONG : CLI_DONE;
}

void cli_nearest_try(cli_nearest *nearest, const char *known)
{
    nearest->best = strlen(nearest->word) == strlen(known) ? known : nearest->best;
}

static struct {
    sl_ctx *ctx;
    sl_run *run;
} fuzz_set;

/* A model of a table with a number, words, a date, yes and no, and a text. */
static const sl_model *fuzz_set_model(void)
{
    static char table[4096];
    if (fuzz_set.run)
        return sl_run_model(fuzz_set.run);
    static const char *const colours[] = { "red", "green", "b=\"lue\"" };
    size_t length = (size_t)snprintf(table, sizeof table, "a,\"b=c\",\"when, at\",ok,why,y\n");
    for (int i = 0; i < 60; i++)
        length += (size_t)snprintf(table + length, sizeof table - length,
                                   "%d.5,\"%s\",2024-01-%02d,%s,because of %d things,%d\n", i * 7 % 23,
                                   i % 3 < 2 ? colours[i % 3] : "b=\"\"lue\"\"", i % 28 + 1,
                                   i % 2 ? "yes" : "no", i * 11 % 19, i % 2);
    char path[128];
    fuzz_place_write("a.csv", table, length);
    fuzz_set.ctx = sl_ctx_new(NULL);
    fuzz_set.run = sl_run_new(fuzz_set.ctx, &(sl_run_options){ .data = fuzz_place_path(path, "a.csv"),
                                                               .table.target = "y",
                                                               .net = "2 tanh",
                                                               .epochs = 1,
                                                               .skip_checks = "leakage",
                                                               .keep_nothing = true });
    if (!fuzz_set.run || sl_run_train(fuzz_set.run)) {
        fprintf(stderr, "%s\n", sl_message(fuzz_set.ctx));
        abort();
    }
    return sl_run_model(fuzz_set.run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const sl_model *model = fuzz_set_model();
    char *set = malloc(size + 2); /* words, each ended by a 0, and an empty one */
    if (!set)
        return 0;
    if (size)
        memcpy(set, data, size);
    set[size] = set[size + 1] = 0;
    sl_ctx *ctx = sl_ctx_new(NULL);
    int status = CLI_DONE;
    *fuzz_set_said = 0;
    sl_data *row = cli_table_row(ctx, model, set, &status);
    if (!row != (status != CLI_DONE) || (!row && !*fuzz_set_said))
        abort();
    if (row) {
        if (sl_data_rows(row) != 1)
            abort();
        sl_tensor *answer = sl_predict_data(ctx, model, row, 0, 1);
        if (!answer && !sl_error(ctx))
            abort();
        sl_tensor_free(answer);
    }
    sl_data_free(row);
    sl_ctx_free(ctx);
    free(set);
    return 0;
}
