/* numbers.c - see numbers.h: what the columns are. */
#include "data/array/numbers.h"
#include "core/number.h"
#include "data/table/field.h"
#include "data/table/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    NUMBERS_FEW = 20,   /* as of a table's target: most different values that are classes, */
    NUMBERS_ROWS = 10,  /* and least rows for each, on average */
    NUMBERS_MANY = 1000 /* most of those without gaps */
};

void sl_numbers_free(sl_numbers *n)
{
    if (!n->ctx)
        return;
    sl_free(n->ctx, n->values);
    sl_dictionary_free(&n->classes);
    *n = (sl_numbers){ 0 };
}

static bool numbers_whole(double value)
{
    return value > -9e15 && value < 9e15 && value == (double)(int64_t)value;
}

static double *numbers_output(const sl_numbers *n, size_t row)
{
    return n->values + row * (n->inputs + n->outputs) + n->inputs;
}

sl_status sl_numbers_check(const sl_numbers *n)
{
    const size_t width = n->inputs + n->outputs;
    sl_problems problems;
    sl_problems_init(&problems, n->ctx, n->source);
    for (size_t i = 0; i < n->rows * width; i++)
        if (n->values[i] == n->values[i] && n->values[i] - n->values[i] != 0) {
            const size_t column = i % width;
            sl_problems_add(&problems, 0, 0,
                            "row %zu, column %c%zu is %s, and a net cannot count with it: mend it, or take "
                            "nan where there is no value",
                            i / width, column < n->inputs ? 'x' : 'y',
                            column < n->inputs ? column : column - n->inputs,
                            n->values[i] > 0 ? "inf" : "-inf");
        }
    const sl_status status = sl_problems_fail(&problems);
    sl_problems_free(&problems);
    return status;
}

/* --- classes ------------------------------------------------------------------------------------------ */

/* Which of these is 1 while all others are `rest`; -1: they are not so. */
static int numbers_hot(const double *values, size_t count, double rest)
{
    int hot = -1;
    for (size_t i = 0; i < count; i++) {
        if (values[i] == 1 && hot < 0)
            hot = (int)i;
        else if (values[i] != rest)
            return -1;
    }
    return hot;
}

sl_status sl_numbers_fold(sl_numbers *n)
{
    const size_t width = n->inputs + n->outputs, outputs = n->outputs;
    if (outputs < 2 || outputs > 1 << 20)
        return SL_OK;
    const double *first = numbers_output(n, 0);
    const double rest = numbers_hot(first, outputs, 0) >= 0 ? 0 : -1;
    for (size_t row = 0; row < n->rows; row++)
        if (numbers_hot(numbers_output(n, row), outputs, rest) < 0)
            return SL_OK;
    for (size_t row = 0; row < n->rows; row++) {
        const double hot = numbers_hot(n->values + row * width + n->inputs, outputs, rest);
        memmove(n->values + row * (n->inputs + 1), n->values + row * width, n->inputs * sizeof *n->values);
        n->values[row * (n->inputs + 1) + n->inputs] = hot;
    }
    n->outputs = 1;
    n->hot = true;
    return sl_numbers_classify(n);
}

sl_status sl_numbers_classify(sl_numbers *n)
{
    sl_ctx *ctx = n->ctx;
    if (n->classes.count)
        return SL_OK;
    sl_dictionary_init(&n->classes, ctx);
    for (size_t row = 0; row < n->rows; row++) {
        double *y = numbers_output(n, row);
        char text[32];
        if (*y != *y)
            continue;
        sl_number_text(text, *y == 0 ? 0 : *y);
        const size_t code = sl_dictionary_add(&n->classes, text, strlen(text));
        if (code == SIZE_MAX)
            return ctx->status;
        *y = (double)code;
    }
    uint32_t *became = sl_alloc_array(ctx, n->classes.count + 1, sizeof *became);
    if (became && !sl_dictionary_sort(&n->classes, became))
        for (size_t row = 0; row < n->rows; row++) {
            double *y = numbers_output(n, row);
            if (*y == *y)
                *y = became[(size_t)*y];
        }
    sl_free(ctx, became);
    return ctx->status;
}

sl_numbers_meant sl_numbers_are(const sl_numbers *n)
{
    bool seen[NUMBERS_MANY] = { false };
    double list[NUMBERS_FEW], low = 0, high = 0;
    size_t values = 0, few = 0, dense = 0;
    for (size_t row = 0; row < n->rows; row++) {
        const double y = *numbers_output(n, row);
        size_t i = 0;
        if (y != y)
            continue;
        if (!numbers_whole(y))
            return SL_NUMBERS_AMOUNTS;
        low = !values || y < low ? y : low;
        high = !values || y > high ? y : high;
        values++;
        if (y >= 0 && y < NUMBERS_MANY && !seen[(size_t)y]) {
            seen[(size_t)y] = true;
            dense++;
        }
        while (i < few && i < NUMBERS_FEW && list[i] != y)
            i++;
        if (i == few && few < NUMBERS_FEW)
            list[few++] = y;
        else if (i == NUMBERS_FEW)
            few = NUMBERS_FEW + 1;
    }
    if (few == 2 || (few > 1 && few <= NUMBERS_FEW && few * NUMBERS_ROWS <= values))
        return SL_NUMBERS_FEW;
    if (n->whole && few > 1 && (low == 0 || low == 1) && high < NUMBERS_MANY &&
        (size_t)(high - low) + 1 == dense && dense * NUMBERS_ROWS <= values)
        return SL_NUMBERS_DENSE;
    return SL_NUMBERS_AMOUNTS;
}

/* --- columns ------------------------------------------------------------------------------------------ */

sl_status sl_numbers_refuse(sl_ctx *ctx, const char *source, const sl_opening *how, const char *why)
{
    const sl_table_options none = { 0 }, *o = how && how->options ? how->options : &none;
    const char *given = o->target      ? "--target"
                        : o->columns   ? "--column"
                        : o->numbers   ? "--numbers"
                        : o->missing   ? "--missing"
                        : o->group     ? "--group"
                        : o->time      ? "--time"
                        : o->weight    ? "--weight"
                        : o->delimiter ? "--delimiter"
                        : o->decimal   ? "--decimal"
                                       : NULL;
    return given ? sl_fail(ctx, SL_EINVAL, "%s: %s: leave %s out", source, why, given) : SL_OK;
}

/* "5" is column x5, unless there is something called so. */
static const char *numbers_name(const sl_numbers *n, const char *name, char text[32])
{
    uint64_t number;
    if (!name || !sl_integer_parse(name, &number) || number >= n->inputs)
        return name;
    snprintf(text, 32, "x%llu", (unsigned long long)number);
    return text;
}

static sl_status numbers_missing(sl_numbers *n, const char *words)
{
    sl_missing missing;
    const size_t stride = n->inputs + n->outputs, used = n->classes.count ? n->inputs : stride;
    if (!sl_missing_init(&missing, n->ctx, words, '.') && missing.number_count)
        for (size_t row = 0; row < n->rows; row++)
            for (size_t i = 0; i < used; i++)
                for (size_t k = 0; k < missing.number_count; k++)
                    if (n->values[row * stride + i] == missing.numbers[k])
                        n->values[row * stride + i] = NAN;
    sl_missing_free(&missing);
    return n->ctx->status;
}

/* Of several outputs the target alone stays, as "yK". */
static void numbers_select(sl_numbers *n, size_t output)
{
    const size_t width = n->inputs + n->outputs, narrow = n->inputs + 1;
    for (size_t row = 0; row < n->rows; row++) {
        const double y = n->values[row * width + n->inputs + output];
        memmove(n->values + row * narrow, n->values + row * width, n->inputs * sizeof y);
        n->values[row * narrow + n->inputs] = y;
    }
    n->outputs = 1;
    n->selected = output + 1;
}

/* The target that the file has; "y", or one of "y0", "y1", .. */
static sl_status numbers_target(sl_numbers *n, const char *asked, char name[32])
{
    uint64_t number = 0;
    strcpy(name, "y");
    if (n->outputs > 1 && asked && asked[0] == 'y' && sl_integer_parse(asked + 1, &number) &&
        number < n->outputs) {
        snprintf(name, 32, "%s", asked);
        numbers_select(n, (size_t)number);
        return SL_OK;
    }
    if (n->outputs == 1 && (!asked || !strcmp(asked, name)))
        return SL_OK;
    if (n->outputs == 1)
        return sl_fail(n->ctx, SL_EINVAL,
                       "%s: --target %s: the file has its own target, y: leave --target out", n->source,
                       asked);
    return sl_fail(n->ctx, SL_EINVAL, "%s: --target %s: wants one of its %zu targets, y0 to y%zu", n->source,
                   asked, n->outputs, n->outputs - 1);
}

/* The classes of the target: of words, which were looked at as codes 0, 1, .., they take their place. */
static sl_status numbers_classes(const sl_numbers *n, sl_columns *columns)
{
    sl_column *target = &columns->column[columns->target];
    char reason[160], rows[32];
    sl_count_text(rows, n->rows);
    snprintf(reason, sizeof reason,
             n->hot             ? "one target of several is 1 in each of %s rows: %zu classes"
             : n->classes.count ? "names in %s rows: %zu classes"
                                : "stored as whole numbers without gaps, in %s rows: %zu classes; --task "
                                  "regression takes them as amounts",
             rows, target->words.count);
    sl_free(n->ctx, target->reason);
    target->reason = sl_strdup(n->ctx, reason);
    if (!n->classes.count)
        return n->ctx->status;
    sl_dictionary_free(&target->words);
    return sl_dictionary_copy(&target->words, n->ctx, &n->classes);
}

static sl_columns *numbers_find(sl_numbers *n, sl_table_options *options, const char *target)
{
    sl_ctx *ctx = n->ctx;
    const size_t width = n->inputs + n->outputs;
    const bool named = n->classes.count != 0, dense = n->outputs && !options->task && !options->columns &&
                                                      sl_numbers_are(n) == SL_NUMBERS_DENSE;
    sl_columns *columns = NULL;
    if (named && options->task && strcmp(options->task, "classification") != 0) {
        sl_fail(ctx, SL_EINVAL, "%s: --task %s: its target is one of %zu classes: %s", n->source,
                options->task, n->classes.count,
                n->hot ? "--target y0 learns the first of the numbers that say which" : "leave --task out");
        return NULL;
    }
    options->task = named || dense ? "classification" : options->task;
    char **names = sl_alloc_array(ctx, width, sizeof *names);
    for (size_t i = 0; names && i < width && !ctx->status; i++) {
        char text[32];
        snprintf(text, sizeof text, "x%zu", i);
        names[i] = sl_strdup(ctx, i < n->inputs ? text : target);
    }
    if (!ctx->status)
        columns = sl_table_infer_numbers(ctx, n->source, n->values, n->rows, width,
                                         (const char *const *)names, options);
    for (size_t i = 0; names && i < width; i++)
        sl_free(ctx, names[i]);
    sl_free(ctx, names);
    if (columns && (named || dense))
        numbers_classes(n, columns);
    if (columns && !ctx->status)
        return columns;
    sl_columns_free(columns);
    return NULL;
}

sl_columns *sl_numbers_columns(sl_numbers *n, const sl_opening *how)
{
    sl_ctx *ctx = n->ctx;
    sl_table_options options = how && how->options ? *how->options : (sl_table_options){ 0 };
    char names[4][32], target[32];
    if (options.delimiter || options.decimal) {
        sl_fail(ctx, SL_EINVAL, "%s: is no text with fields: leave %s out", n->source,
                options.delimiter ? "--delimiter" : "--decimal");
        return NULL;
    }
    options.target = numbers_name(n, options.target, names[0]);
    options.group = numbers_name(n, options.group, names[1]);
    options.time = numbers_name(n, options.time, names[2]);
    options.weight = numbers_name(n, options.weight, names[3]);
    if (n->outputs && numbers_target(n, options.target, target))
        return NULL;
    if (n->outputs)
        options.target = target;
    return numbers_missing(n, options.missing) ? NULL : numbers_find(n, &options, target);
}

/* --- data --------------------------------------------------------------------------------------------- */

/* As they are: several numbers to be learned, or for a model that knows no columns. */
static sl_data *numbers_plain(sl_numbers *n, const char *part)
{
    const size_t width = n->inputs + n->outputs;
    for (size_t i = 0; i < n->rows * width; i++)
        if ((sl_real)n->values[i] - (sl_real)n->values[i] != 0) {
            char text[32];
            sl_fail(n->ctx, SL_EFORMAT,
                    "%s: row %zu, column %zu is %s: where inputs are taken as they are every value must be "
                    "there, and one that single precision can hold",
                    n->source, i / width, i % width, sl_number_text(text, n->values[i]));
            return NULL;
        }
    if (n->inputs > INT32_MAX) {
        sl_fail(n->ctx, SL_ESHAPE, "%s: %zu inputs are more than can be handled", n->source, n->inputs);
        return NULL;
    }
    sl_data *data = sl_data_new(n->ctx, &(sl_data_plan){ .source = n->source,
                                                         .part = part,
                                                         .shape = sl_dims((int)n->inputs),
                                                         .rows = n->rows,
                                                         .outputs = n->outputs });
    for (size_t row = 0; data && row < n->rows; row++)
        for (size_t i = 0; i < width; i++) {
            const sl_real value = (sl_real)n->values[row * width + i];
            if (i < n->inputs)
                data->store->reals[row * n->inputs + i] = value;
            else
                data->store->targets[row * n->outputs + i - n->inputs] = value;
        }
    return data;
}

sl_data *sl_numbers_open(sl_numbers *n, const char *part, const sl_columns *found, const sl_opening *how)
{
    const sl_columns *columns = how && how->columns ? how->columns : found;
    sl_columns *own = NULL;
    sl_data *data = NULL;
    const char *target = how && how->options ? how->options->target : NULL;
    const char *name = columns && columns->target >= 0 ? columns->column[columns->target].name : target;
    const bool plain = how && how->plain && !columns;
    if (plain && n->classes.count) {
        sl_fail(n->ctx, SL_EINVAL,
                "%s: its targets are names of classes, and the model was not trained on a table: give it the "
                "inputs alone, or class numbers",
                n->source);
        return NULL;
    }
    if (sl_numbers_check(n) || (!plain && (!name || !strcmp(name, "y")) && sl_numbers_fold(n)))
        return NULL;
    if (plain)
        return numbers_plain(n, part);
    if (!columns && n->outputs > 1 && !target) {
        char why[96];
        snprintf(why, sizeof why, "several targets, y0 to y%zu, are learned with the inputs as they are",
                 n->outputs - 1);
        return sl_numbers_refuse(n->ctx, n->source, how, why) ? NULL : numbers_plain(n, part);
    }
    if (!columns)
        columns = own = sl_numbers_columns(n, how);
    if (columns)
        data = sl_numbers_read(n, part, columns, how);
    sl_columns_free(own);
    return data;
}
