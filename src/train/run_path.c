/* run_path.c - path.bin: the weights themselves at the start and after epochs. 64 bytes: "slope path 1", a
 * line feed, zeros, and from byte 56 how many weights there are; then for each point the epoch and the step,
 * and the weights in model order. Counts are 8 bytes, weights float32, all little endian. */
#include "core/bits.h"
#include "core/os.h"
#include "train/run.h"

#include <string.h>

enum { PATH_WEIGHTS = 2000, PATH_EPOCHS = 20, PATH_MEGABYTES = 256, PATH_WAITS = 1 << 20 };

/* The next of the words between commas, without spaces around it; *at: behind it, NULL at the end. */
static bool path_word_is(const char **at, const char *wanted)
{
    const char *word = *at + strspn(*at, " ");
    const size_t all = strcspn(word, ",");
    size_t length = all;
    while (length && word[length - 1] == ' ')
        length--;
    *at = word[all] ? word + all + 1 : NULL;
    return length == strlen(wanted) && !strncmp(word, wanted, length);
}

bool sl_run_records(const sl_run *run, const char *what)
{
    bool found = false;
    for (const char *at = run->options.record; at;)
        found = path_word_is(&at, what) || found;
    return found;
}

sl_status sl_run_check_record(const sl_run *run)
{
    const char *record = run->options.record;
    for (const char *at = record; at;) {
        const char *again = at;
        if (!path_word_is(&again, "path") && !path_word_is(&at, "curvature"))
            return sl_fail(run->ctx, SL_EINVAL,
                           "--record is '%s': wants path, the weights after every epoch, curvature, that of "
                           "the loss after every epoch, or path,curvature",
                           record);
        at = again;
    }
    if (run->options.keep_nothing && sl_run_records(run, "path"))
        return sl_fail(
            run->ctx, SL_EINVAL,
            "--record path: the weights lie in the run folder, and none is kept: name one with -o");
    return SL_OK;
}

/* How many epochs there will be at most. */
static uint64_t path_epochs(const sl_trainer *t)
{
    const uint64_t each = t->steps_an_epoch, o = (uint64_t)t->options.epochs,
                   least = (SL_LEAST_STEPS + each - 1) / each,
                   stepped = ((uint64_t)t->options.steps + each - 1) / each;
    if (t->adaptive)
        return least > SL_MOST_EPOCHS ? least : SL_MOST_EPOCHS;
    return o && stepped ? (o < stepped ? o : stepped) : o ? o : stepped;
}

sl_status sl_run_open_path(sl_run *run)
{
    const size_t weights = run->model->parameters;
    const uint64_t epochs = path_epochs(run->trainer), most = (uint64_t)PATH_MEGABYTES << 20;
    const bool asked = sl_run_records(run, "path");
    run->path = asked || weights <= PATH_WEIGHTS;
    run->path_thinned = !asked;
    if (!asked && !run->options.keep_nothing)
        sl_decided(run->ctx, "record", run->path ? "the path, at some epochs" : "no path",
                   "the net has %zu weights, %s %d", weights, run->path ? "at most" : "more than",
                   PATH_WEIGHTS);
    if (!asked || sl_path_point_bytes(weights) <= most / (epochs + 1))
        return SL_OK;
    char count[32], each[32], all[32];
    return sl_fail(run->ctx, SL_EINVAL,
                   "--record path: up to %s epochs of %s weights are %s MB: wants at most %d: give fewer "
                   "--epochs, a smaller net, or leave --record out",
                   sl_count_text(count, epochs), sl_count_text(each, weights),
                   sl_count_text(all, (epochs + 1) * sl_path_point_bytes(weights) >> 20), PATH_MEGABYTES);
}

/* The bytes of path.bin that the checkpoint has seen; 0: the file is none of this net. */
static sl_status path_known(const sl_run *run, const char *path, uint64_t *known)
{
    unsigned char header[SL_PATH_HEADER], wanted[SL_PATH_HEADER];
    const uint64_t size = sl_path_point_bytes(run->model->parameters);
    int handle;
    size_t got = 0;
    *known = 0;
    if (sl_os_open(path, 'r', &handle))
        return SL_OK; /* it is not there: an older version began */
    sl_path_header(wanted, run->model->parameters);
    int error = sl_os_read_at(handle, 0, header, sizeof header, &got);
    if (!error && got == sizeof header && !memcmp(header, wanted, sizeof header)) {
        *known = sizeof header;
        for (uint64_t epoch; !error; *known += size) {
            unsigned char last;
            error = sl_os_read_at(handle, *known, &epoch, sizeof epoch, &got);
            sl_bits_little(&epoch, 1, sizeof epoch);
            if (error || got < sizeof epoch || epoch > run->trainer->epoch)
                break;
            error = sl_os_read_at(handle, *known + size - 1, &last, 1, &got);
            if (error || !got) /* it was still being written */
                break;
        }
    }
    sl_os_close(handle);
    return error ? sl_fail(run->ctx, SL_EFILE, "%s: cannot be read", path) : SL_OK;
}

static sl_status path_cut(const sl_run *run, const char *path, uint64_t size)
{
    int handle, error = sl_os_open(path, 'a', &handle);
    char reason[64];
    if (!error) {
        error = sl_os_cut(handle, size);
        sl_os_close(handle);
    }
    return error ? sl_fail(run->ctx, SL_EWRITE, "%s: cannot be cut back: %s", path,
                           sl_os_reason(error, reason, sizeof reason))
                 : SL_OK;
}

static void path_put_point(sl_run *run)
{
    const sl_trainer *t = run->trainer;
    const sl_model *model = run->model;
    uint64_t place[2] = { t->epoch, t->steps };
    sl_bits_little(place, 2, sizeof *place);
    sl_text_bytes(&run->points, place, sizeof place);
    for (int p = 0; p < model->param_count; p++) {
        const sl_tensor *w = model->params[p];
        float piece[256];
        for (size_t i = 0, n; i < w->count; i += n) {
            for (n = 0; n < 256 && i + n < w->count; n++)
                piece[n] = (float)w->v[i + n];
            sl_bits_little(piece, n, sizeof *piece);
            sl_text_bytes(&run->points, piece, n * sizeof *piece);
        }
    }
}

sl_status sl_run_begin_path(sl_run *run)
{
    char *path = sl_run_path(run, "path.bin");
    uint64_t known = 0;
    if (path && run->resuming && run->path)
        path_known(run, path, &known);
    if (path && known && !run->ctx->status)
        path_cut(run, path, known);
    if (path && !known && run->path && !run->ctx->status) {
        unsigned char header[SL_PATH_HEADER];
        sl_path_header(header, run->model->parameters);
        sl_text_bytes(&run->points, header, sizeof header);
        if (!run->trainer->steps)
            path_put_point(run);
        if (!sl_run_put_file(run, "path.bin", &run->points, false))
            known = run->points.length;
        sl_text_clear(&run->points);
    }
    run->points_whole = known;
    sl_free(run->ctx, path);
    return run->ctx->status;
}

sl_status sl_run_put_path(sl_run *run)
{
    const sl_trainer *t = run->trainer;
    if (!run->path || (run->path_thinned && !t->finished && !sl_run_epoch_counts(t->epoch, PATH_EPOCHS)))
        return SL_OK;
    path_put_point(run);
    return run->points.failed ? SL_ENOMEM : run->points.length > PATH_WAITS ? sl_run_write_path(run) : SL_OK;
}

sl_status sl_run_write_path(sl_run *run)
{
    char *path = run->points.length ? sl_run_path(run, "path.bin") : NULL;
    if (path && !sl_file_append(run->ctx, path, run->points.bytes, run->points.length, &run->points_whole))
        sl_text_clear(&run->points);
    sl_free(run->ctx, path);
    return run->ctx->status;
}
