/* table.c - rows of any number of inputs, with what makes data hard, each by an option.
 *
 * Inputs are normal; the first `useful` of them count. The score of a row is that of a teacher, a net with
 * one layer of `curve` tanh units and random weights (0: a plane), brought to mean 0 and deviation 1 over the
 * rows. A number as target is the score plus noise; a class is the score's rank, cut where the shares of the
 * classes end, so the shares are exact. Then wrong labels, then what befalls inputs: scale, offset, leak. */
#include "core/sort.h"
#include "data/generator.h"
#include "kernel/math.h"

#include <math.h>

enum {
    TABLE_ROWS,
    TABLE_INPUTS,
    TABLE_USEFUL,
    TABLE_CLASSES,
    TABLE_CURVE,
    TABLE_NOISE,
    TABLE_WRONG,
    TABLE_RARE,
    TABLE_SCALE,
    TABLE_OFFSET,
    TABLE_SORTED,
    TABLE_LEAK,
    TABLE_COPIES,
    TABLE_TARGET_MEAN,
    TABLE_TARGET_SCALE,
    TABLE_SEED
};

typedef struct {
    double score;
    size_t row;
} table_scored;

static int table_compare(const void *a, const void *b)
{
    const table_scored *x = a, *y = b;
    return x->score != y->score ? (x->score > y->score) - (x->score < y->score)
                                : (x->row > y->row) - (x->row < y->row);
}

/* Of unit u at [u][..]: its weight in the score, its shift, its weights of the useful inputs. NULL. */
static double *table_teacher(sl_ctx *ctx, const double *values)
{
    const size_t units = values[TABLE_CURVE] > 0 ? (size_t)values[TABLE_CURVE] : 1,
                 wide = (size_t)values[TABLE_USEFUL] + 2;
    double *teacher = sl_alloc_array(ctx, units * wide, sizeof *teacher);
    for (size_t u = 0; u < units && teacher; u++) {
        sl_stream stream = sl_generator_row(values[TABLE_SEED], SL_STREAM_TABLE_TEACHER, u);
        for (size_t i = 0; i < wide; i++)
            teacher[u * wide + i] = sl_generator_normal(&stream);
    }
    return teacher;
}

static double table_score(const double *values, const double *teacher, const double *x)
{
    const size_t units = (size_t)values[TABLE_CURVE], useful = (size_t)values[TABLE_USEFUL];
    const double spread = sqrt((double)useful);
    double score = 0;
    for (size_t u = 0; u < (units ? units : 1); u++) {
        const double *unit = teacher + u * (useful + 2);
        double sum = 0;
        for (size_t i = 0; i < useful; i++)
            sum += unit[i + 2] * x[i];
        score += units ? unit[0] * sl_tanh_d(1.5 * (sum / spread + 0.5 * unit[1])) : sum / spread;
    }
    return score;
}

static void table_standardise(table_scored *scored, size_t rows)
{
    double sum = 0, squares = 0;
    for (size_t row = 0; row < rows; row++)
        sum += scored[row].score;
    const double mean = sum / (double)rows;
    for (size_t row = 0; row < rows; row++)
        squares += (scored[row].score - mean) * (scored[row].score - mean);
    const double deviation = sqrt(squares / (double)rows);
    for (size_t row = 0; row < rows; row++)
        scored[row].score = (scored[row].score - mean) / (deviation > 0 ? deviation : 1);
}

/* The class of rank `rank`: class 0 has the share `rare`, where it is not 0, the others the rest alike. */
static size_t table_class(const double *values, size_t rank, size_t rows)
{
    const size_t classes = (size_t)values[TABLE_CLASSES];
    const double rare = values[TABLE_RARE] > 0 ? values[TABLE_RARE] : 1 / (double)classes;
    const size_t first = (size_t)floor(rare * (double)rows + 0.5);
    if (rank < first)
        return 0;
    return 1 + (rank - first) * (classes - 1) / (rows - first);
}

/* Deviations of inputs, evenly in their logarithm from 1 to `scale`. */
static double table_scale(const double *values, size_t input)
{
    const double inputs = values[TABLE_INPUTS];
    return inputs > 1 ? sl_pow_d(values[TABLE_SCALE], (double)input / (inputs - 1)) : values[TABLE_SCALE];
}

/* Row `from` of the law -> row `to` of the set. */
static void table_put(sl_data *data, const double *values, size_t from, size_t to, const double *x,
                      double target)
{
    const size_t inputs = (size_t)values[TABLE_INPUTS], classes = (size_t)values[TABLE_CLASSES];
    sl_stream stream = sl_generator_row(values[TABLE_SEED], SL_STREAM_TABLE_CARE, from);
    const double wrong = sl_stream_uniform(&stream);
    const size_t other = sl_stream_below(&stream, classes > 1 ? classes - 1 : 1);
    if (classes && wrong < values[TABLE_WRONG])
        target = (double)(((size_t)target + 1 + other) % classes);
    const double leak = values[TABLE_LEAK] > 0 ? target + 0.05 * sl_generator_normal(&stream) : 0;
    for (size_t i = 0; i < inputs; i++) {
        const double raw = values[TABLE_LEAK] > 0 && i == inputs - 1 ? leak : x[i];
        data->store->reals[to * inputs + i] = (sl_real)(table_scale(values, i) * raw + values[TABLE_OFFSET]);
    }
    data->store->targets[to] =
        (sl_real)(classes ? target : values[TABLE_TARGET_MEAN] + target * values[TABLE_TARGET_SCALE]);
}

static void table_inputs(const double *values, size_t row, double *x)
{
    sl_stream stream = sl_generator_row(values[TABLE_SEED], SL_STREAM_TABLE, row);
    for (size_t i = 0; i < (size_t)values[TABLE_INPUTS]; i++)
        x[i] = sl_generator_normal(&stream);
}

static bool table_fits(sl_ctx *ctx, const double *values)
{
    if (values[TABLE_USEFUL] + (values[TABLE_LEAK] > 0) > values[TABLE_INPUTS])
        sl_fail(ctx, SL_EINVAL, "builtin:table: %zu inputs, and useful is %zu%s: wants no more than all",
                (size_t)values[TABLE_INPUTS], (size_t)values[TABLE_USEFUL],
                values[TABLE_LEAK] > 0 ? " and one leaks" : "");
    else if (values[TABLE_CLASSES] == 1 || values[TABLE_CLASSES] > values[TABLE_ROWS])
        sl_fail(ctx, SL_EINVAL,
                "builtin:table: classes is %zu with %zu rows: wants 0 for a number, or 2 to as many as rows",
                (size_t)values[TABLE_CLASSES], (size_t)values[TABLE_ROWS]);
    else if (values[TABLE_CLASSES] == 0 && (values[TABLE_WRONG] > 0 || values[TABLE_RARE] > 0))
        sl_fail(ctx, SL_EINVAL,
                "builtin:table: the target is a number (classes=0): wrong and rare are for classes: "
                "leave them out");
    else if (values[TABLE_CLASSES] > 0 && (values[TABLE_TARGET_MEAN] != 0 || values[TABLE_TARGET_SCALE] != 1))
        sl_fail(ctx, SL_EINVAL,
                "builtin:table: the target is a class: target_mean and target_scale are for "
                "numbers: leave them out, or take classes=0");
    else if (values[TABLE_RARE] * values[TABLE_CLASSES] > 1)
        sl_fail(ctx, SL_EINVAL, "builtin:table: rare is more than an equal share of %zu classes: wants less",
                (size_t)values[TABLE_CLASSES]);
    return !ctx->status;
}

static sl_data *table_make(sl_ctx *ctx, const double *values, const char *part)
{
    (void)part;
    const size_t rows = (size_t)values[TABLE_ROWS], inputs = (size_t)values[TABLE_INPUTS];
    const int classes = (int)values[TABLE_CLASSES];
    if (!table_fits(ctx, values))
        return NULL;
    /* The last rows are copies of the first ones. */
    size_t different = rows - (size_t)floor(values[TABLE_COPIES] * (double)rows);
    different = different > 1 ? different : 2;
    sl_data *data = sl_generator_data(ctx, rows, (int)inputs, classes);
    table_scored *scored = data ? sl_alloc_array(ctx, rows, sizeof *scored) : NULL;
    double *x = scored ? sl_alloc_array(ctx, inputs, sizeof *x) : NULL;
    double *teacher = x ? table_teacher(ctx, values) : NULL;
    double *target = teacher ? sl_alloc_array(ctx, rows, sizeof *target) : NULL;
    for (size_t row = 0; row < rows && target; row++) {
        table_inputs(values, row % different, x);
        scored[row] = (table_scored){ table_score(values, teacher, x), row };
    }
    if (target) {
        table_standardise(scored, rows);
        for (size_t row = 0; row < rows; row++) {
            sl_stream stream = sl_generator_row(values[TABLE_SEED], SL_STREAM_TABLE_NOISE, row % different);
            scored[row].score += values[TABLE_NOISE] * sl_generator_normal(&stream);
            target[row] = scored[row].score;
        }
        sl_sort(scored, rows, sizeof *scored, table_compare);
        for (size_t rank = 0; rank < rows && classes; rank++)
            target[scored[rank].row] = (double)table_class(values, rank, rows);
        for (size_t to = 0; to < rows; to++) {
            const size_t row = values[TABLE_SORTED] > 0 ? scored[to].row : to;
            table_inputs(values, row % different, x);
            table_put(data, values, row % different, to, x, target[row]);
        }
    }
    sl_free(ctx, target);
    sl_free(ctx, teacher);
    sl_free(ctx, x);
    sl_free(ctx, scored);
    if (!ctx->status)
        return data;
    sl_data_free(data);
    return NULL;
}

static const sl_option table_options[] = {
    [TABLE_ROWS] = SL_OPTION_ROWS(500),
    [TABLE_INPUTS] = { .name = "inputs",
                       .summary = "how many inputs",
                       .normal = 8,
                       .low = 1,
                       .high = 1000,
                       .whole = true },
    [TABLE_USEFUL] = { .name = "useful",
                       .summary = "how many of them count: the first",
                       .normal = 4,
                       .low = 1,
                       .high = 1000,
                       .whole = true },
    [TABLE_CLASSES] = { .name = "classes",
                        .summary = "how many classes; 0: the target is a number",
                        .normal = 2,
                        .high = 100,
                        .whole = true },
    [TABLE_CURVE] = { .name = "curve",
                      .summary = "tanh units of the teacher; 0: it is linear",
                      .normal = 4,
                      .high = 100,
                      .whole = true },
    [TABLE_NOISE] = { .name = "noise",
                      .summary = "added to the teacher's score, in its deviations",
                      .high = 10 },
    [TABLE_WRONG] = { .name = "wrong", .summary = "share of rows with another class than theirs", .high = 1 },
    [TABLE_RARE] = { .name = "rare",
                     .summary = "share of class 0, less than an equal one; 0: all alike",
                     .high = 1 },
    [TABLE_SCALE] = { .name = "scale",
                      .summary = "deviation of the last input; from 1 in equal ratios",
                      .normal = 1,
                      .low = 1e-6,
                      .high = 1e6 },
    [TABLE_OFFSET] = { .name = "offset", .summary = "added to all inputs", .low = -1e6, .high = 1e6 },
    [TABLE_SORTED] = { .name = "sorted",
                       .summary = "1: rows stand in the order of their scores",
                       .high = 1,
                       .whole = true },
    [TABLE_LEAK] = { .name = "leak",
                     .summary = "1: the last input is the target, with 0.05 normal",
                     .high = 1,
                     .whole = true },
    [TABLE_COPIES] = { .name = "copies", .summary = "share of rows that are copies of others", .high = 0.9 },
    [TABLE_TARGET_MEAN] = { .name = "target_mean",
                            .summary = "added to a number as target",
                            .low = -1e6,
                            .high = 1e6 },
    [TABLE_TARGET_SCALE] = { .name = "target_scale",
                             .summary = "deviation of a number without noise",
                             .normal = 1,
                             .low = 1e-6,
                             .high = 1e6 },
    [TABLE_SEED] = SL_OPTION_SEED,
    { 0 }
};

const sl_generator sl_generator_table = {
    .name = "table",
    .summary = "rows of normal inputs and the target of a small random net, with what makes data hard",
    .formula = "score v.tanh(1.5 (W x + b/2)), standardised, + noise normal; classes: by its rank",
    .source = "teacher and student (Gardner, Derrida 1989)",
    .options = table_options,
    .make = table_make,
};
