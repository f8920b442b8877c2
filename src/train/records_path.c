/* records_path.c - path.bin, read back. */
#include "train/records.h"

#include "core/bits.h"
#include "core/file.h"
#include "core/os.h"

#include <stdio.h>
#include <string.h>

enum { PATH_COUNT_AT = 56 };

void sl_path_header(unsigned char header[SL_PATH_HEADER], size_t parameters)
{
    uint64_t count = parameters;
    sl_bits_little(&count, 1, sizeof count);
    memset(header, 0, SL_PATH_HEADER);
    strcpy((char *)header, "slope path 1\n");
    memcpy(header + PATH_COUNT_AT, &count, sizeof count);
}

uint64_t sl_path_point_bytes(size_t parameters)
{
    return 2 * sizeof(uint64_t) + parameters * sizeof(float);
}

static sl_status path_read(sl_path_record *record, const char *path, const unsigned char *bytes, size_t size)
{
    sl_ctx *ctx = record->ctx;
    unsigned char wanted[SL_PATH_HEADER];
    uint64_t count = 0;
    if (size >= SL_PATH_HEADER)
        memcpy(&count, bytes + PATH_COUNT_AT, sizeof count);
    sl_bits_little(&count, 1, sizeof count);
    sl_path_header(wanted, (size_t)count);
    if (size < SL_PATH_HEADER || memcmp(bytes, wanted, SL_PATH_HEADER) != 0 || !count || count > SIZE_MAX / 8)
        return sl_fail(ctx, SL_EFORMAT, "%s: no path of weights that this version of slope reads", path);
    const size_t each = (size_t)sl_path_point_bytes((size_t)count), points = (size - SL_PATH_HEADER) / each;
    record->parameters = (size_t)count;
    if (!points)
        return sl_fail(ctx, SL_EFORMAT, "%s: it has no point yet", path);
    record->epoch = sl_alloc_array(ctx, points, sizeof *record->epoch);
    record->step = sl_alloc_array(ctx, points, sizeof *record->step);
    record->values = sl_alloc_array(ctx, points, record->parameters * sizeof *record->values);
    for (; !ctx->status && (size_t)record->points < points; record->points++) {
        const size_t p = (size_t)record->points;
        const unsigned char *at = bytes + SL_PATH_HEADER + p * each;
        uint64_t place[2];
        memcpy(place, at, sizeof place);
        sl_bits_little(place, 2, sizeof *place);
        record->epoch[p] = (size_t)place[0];
        record->step[p] = (size_t)place[1];
        memcpy(record->values + p * record->parameters, at + sizeof place,
               record->parameters * sizeof *record->values);
        sl_bits_little(record->values + p * record->parameters, record->parameters, sizeof *record->values);
    }
    return ctx->status;
}

sl_path_record *sl_run_read_path(sl_ctx *ctx, const char *folder)
{
    if (!ctx || ctx->status)
        return NULL;
    sl_path_record *record = sl_alloc(ctx, sizeof *record);
    char *path = record ? sl_path_join(ctx, folder, "path.bin") : NULL;
    unsigned char *bytes = NULL;
    size_t size;
    if (record)
        record->ctx = ctx;
    if (path && sl_os_path_kind(folder) == SL_PATH_FOLDER && sl_os_path_kind(path) == SL_PATH_NONE)
        sl_fail(ctx, SL_EINVAL,
                "%s: the weights of its epochs were not recorded, as they are of nets of up to 2,000 weights "
                "only: train with --record path",
                folder);
    else if (path && !sl_file_read(ctx, path, &bytes, &size))
        path_read(record, path, bytes, size);
    sl_free(ctx, bytes);
    sl_free(ctx, path);
    if (!ctx->status)
        return record;
    sl_path_record_free(record);
    return NULL;
}

sl_status sl_path_take(const sl_path_record *record, int point, sl_model *model)
{
    if (model->ctx->status)
        return model->ctx->status;
    if (model->parameters != record->parameters)
        return sl_fail(model->ctx, SL_EINVAL, "the path is of a net of %zu weights, and this one has %zu",
                       record->parameters, model->parameters);
    if (point < 0 || point >= record->points)
        return sl_fail(model->ctx, SL_EINVAL, "point %d of the path: wants 0 to %d", point,
                       record->points - 1);
    const float *values = record->values + (size_t)point * record->parameters;
    for (int p = 0; p < model->param_count; p++)
        for (size_t i = 0; i < model->params[p]->count; i++)
            model->params[p]->v[i] = *values++;
    return SL_OK;
}

void sl_path_record_free(sl_path_record *record)
{
    if (!record)
        return;
    sl_free(record->ctx, record->epoch);
    sl_free(record->ctx, record->step);
    sl_free(record->ctx, record->values);
    sl_free(record->ctx, record);
}
