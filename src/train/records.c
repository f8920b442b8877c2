/* records.c - see records.h: the tables with names of layers and classes; the path is in records_path.c */
#include "train/records.h"
#include "train/csv_file.h"
#include "train/report.h"

#include <math.h>
#include <string.h>

#define RECORD_OLD "the run was begun by an older slope: train anew, and it is recorded"

static void record_free_names(sl_ctx *ctx, char **name, int count)
{
    for (int i = 0; name && i < count; i++)
        sl_free(ctx, name[i]);
    sl_free(ctx, name);
}

/* The place of a name, added where it is new. */
static int record_layer(sl_ctx *ctx, sl_record_layers *layers, const char *name)
{
    for (int i = 0; i < layers->count; i++)
        if (!strcmp(layers->name[i], name))
            return i;
    char **names = sl_resize(ctx, layers->name, (size_t)(layers->count + 1) * sizeof *names);
    if (!names)
        return 0;
    layers->name = names;
    names[layers->count] = sl_strdup(ctx, name);
    return names[layers->count] ? layers->count++ : 0;
}

/* Room for one row more. */
static void *record_room(sl_ctx *ctx, void *rows, int count, size_t size)
{
    const bool full = count >= 16 ? (count & (count - 1)) == 0 : count == 0;
    return full ? sl_resize(ctx, rows, (count ? (size_t)count * 2 : 16) * size) : rows;
}

/* A table has its epochs in order. */
static size_t record_next_epoch(const sl_csv_file *csv, size_t before)
{
    const size_t epoch = sl_csv_file_whole(csv, 0);
    if (epoch < before && !csv->ctx->status)
        sl_fail(csv->ctx, SL_EFORMAT, "%s line %zu: epoch %zu behind epoch %zu: wants epochs in order",
                csv->path, csv->number, epoch, before);
    return epoch;
}

sl_weights_record *sl_run_read_weights(sl_ctx *ctx, const char *folder)
{
    static const char *const names[] = { "epoch", "layer", "low", "high", "bin_1", NULL };
    sl_csv_file csv;
    if (!ctx || ctx->status)
        return NULL;
    sl_weights_record *record = sl_alloc(ctx, sizeof *record);
    if (!record)
        return NULL;
    record->ctx = ctx;
    if (!sl_csv_file_open(&csv, ctx, folder, "weights.csv", RECORD_OLD) && !sl_csv_file_want(&csv, names) &&
        csv.columns != 4 + SL_WEIGHT_BINS)
        sl_fail(ctx, SL_EFORMAT, "%s: %d columns: wants %d", csv.path, csv.columns, 4 + SL_WEIGHT_BINS);
    while (!ctx->status && sl_csv_file_next(&csv)) {
        sl_weights_row *rows = record_room(ctx, record->row, record->rows, sizeof *rows);
        if (!rows)
            break;
        record->row = rows;
        rows += record->rows++;
        rows->epoch = record_next_epoch(&csv, record->rows > 1 ? rows[-1].epoch : 0);
        rows->layer = record_layer(ctx, &record->layers, csv.field[1]);
        rows->low = sl_csv_file_number(&csv, 2);
        rows->high = sl_csv_file_number(&csv, 3);
        for (int i = 0; i < SL_WEIGHT_BINS; i++)
            rows->count[i] = (double)sl_csv_file_whole(&csv, 4 + i);
    }
    sl_csv_file_close(&csv);
    if (!ctx->status)
        return record;
    sl_weights_record_free(record);
    return NULL;
}

void sl_weights_record_free(sl_weights_record *record)
{
    if (!record)
        return;
    record_free_names(record->ctx, record->layers.name, record->layers.count);
    sl_free(record->ctx, record->row);
    sl_free(record->ctx, record);
}

sl_activations_record *sl_run_read_activations(sl_ctx *ctx, const char *folder)
{
    static const char *const names[] = { "epoch", "layer", "mean", "std", "saturated", "dead", NULL };
    sl_csv_file csv;
    if (!ctx || ctx->status)
        return NULL;
    sl_activations_record *record = sl_alloc(ctx, sizeof *record);
    if (!record)
        return NULL;
    record->ctx = ctx;
    if (!sl_csv_file_open(&csv, ctx, folder, "activations.csv", RECORD_OLD))
        sl_csv_file_want(&csv, names);
    while (!ctx->status && sl_csv_file_next(&csv)) {
        sl_activations_row *rows = record_room(ctx, record->row, record->rows, sizeof *rows);
        if (!rows)
            break;
        record->row = rows;
        rows += record->rows++;
        rows->epoch = record_next_epoch(&csv, record->rows > 1 ? rows[-1].epoch : 0);
        rows->layer = record_layer(ctx, &record->layers, csv.field[1]);
        rows->mean = sl_csv_file_number(&csv, 2);
        rows->deviation = sl_csv_file_number(&csv, 3);
        rows->saturated = sl_csv_file_number(&csv, 4);
        rows->dead = sl_csv_file_number(&csv, 5);
    }
    sl_csv_file_close(&csv);
    if (!ctx->status)
        return record;
    sl_activations_record_free(record);
    return NULL;
}

void sl_activations_record_free(sl_activations_record *record)
{
    if (!record)
        return;
    record_free_names(record->ctx, record->layers.name, record->layers.count);
    sl_free(record->ctx, record->row);
    sl_free(record->ctx, record);
}

/* --- the confusion matrix --------------------------------------------------------------------------- */

/* The epoch that is asked for, the best one for 0, and which rows are counted. */
static sl_status record_epoch(sl_confusion_record *record, const char *folder, size_t epoch)
{
    sl_ctx *ctx = record->ctx;
    sl_report *history = sl_run_read_history(ctx, folder);
    const int best = sl_report_best(history);
    if (history && best < 0)
        sl_fail(ctx, SL_EINVAL, "%s: no epoch is finished yet", folder);
    else if (history && epoch > (size_t)sl_report_rows(history))
        sl_fail(ctx, SL_EINVAL, "%s: epoch %zu: wants 1 to %d, those that are finished", folder, epoch,
                sl_report_rows(history));
    else if (history && sl_report_find(history, "train_accuracy") < 0)
        sl_fail(ctx, SL_EINVAL, "%s: its answers are numbers, which have no confusion matrix", folder);
    record->epoch = epoch ? epoch : (size_t)best + 1;
    const double loss = sl_report_last(history, "validation_loss");
    record->validation = loss == loss;
    sl_report_free(history);
    return ctx->status;
}

static sl_status record_classes(sl_confusion_record *record, const char *folder)
{
    sl_ctx *ctx = record->ctx;
    sl_model *model = sl_model_load(ctx, folder);
    const int classes = model ? model->classes : 0;
    if (classes)
        record->name = sl_alloc_array(ctx, (size_t)classes, sizeof *record->name);
    if (classes && record->name)
        record->cells = sl_alloc_array(ctx, (size_t)classes * (size_t)classes, sizeof *record->cells);
    for (int i = 0; i < classes && !ctx->status; i++, record->classes++)
        record->name[i] = sl_strdup(ctx, sl_model_class_name(model, i));
    sl_model_free(model);
    return ctx->status;
}

static size_t record_class(const sl_confusion_record *record, const sl_csv_file *csv, int column)
{
    for (int i = 0; i < record->classes; i++)
        if (!strcmp(record->name[i], csv->field[column]))
            return (size_t)i;
    sl_fail(record->ctx, SL_EFORMAT, "%s line %zu: the model knows no class '%s'", csv->path, csv->number,
            csv->field[column]);
    return 0;
}

sl_confusion_record *sl_run_read_confusion(sl_ctx *ctx, const char *folder, size_t epoch)
{
    static const char *const names[] = { "epoch", "truth", "prediction", "rows", NULL };
    sl_csv_file csv;
    if (!ctx || ctx->status)
        return NULL;
    sl_confusion_record *record = sl_alloc(ctx, sizeof *record);
    if (!record)
        return NULL;
    record->ctx = ctx;
    if (!record_epoch(record, folder, epoch) && !record_classes(record, folder)) {
        if (!sl_csv_file_open(&csv, ctx, folder, "confusion.csv", RECORD_OLD))
            sl_csv_file_want(&csv, names);
        while (!ctx->status && sl_csv_file_next(&csv)) {
            if (sl_csv_file_whole(&csv, 0) != record->epoch)
                continue;
            const size_t truth = record_class(record, &csv, 1), answer = record_class(record, &csv, 2);
            if (!ctx->status)
                record->cells[truth * (size_t)record->classes + answer] = sl_csv_file_whole(&csv, 3);
        }
        sl_csv_file_close(&csv);
    }
    if (!ctx->status)
        return record;
    sl_confusion_record_free(record);
    return NULL;
}

void sl_confusion_record_free(sl_confusion_record *record)
{
    if (!record)
        return;
    record_free_names(record->ctx, record->name, record->classes);
    sl_free(record->ctx, record->cells);
    sl_free(record->ctx, record);
}
