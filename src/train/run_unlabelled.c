/* run_unlabelled.c - texts without labels, from which a view of documents learns beside the training rows. */
#include "core/os.h"
#include "core/sort.h"
#include "data/format.h"
#include "data/text_sum.h"
#include "text/views.h"
#include "train/run.h"

#include <stdlib.h>
#include <string.h>

sl_status sl_run_check_unlabelled(const sl_run *run)
{
    const sl_run_options *o = &run->options;
    if (!o->unlabelled || !o->text || sl_views_words_learn_documents(run->ctx, o->text) || run->ctx->status)
        return run->ctx->status;
    return sl_fail(run->ctx, SL_EINVAL,
                   "--unlabelled %s: none of the views of --text \"%s\" learns from unlabelled texts: add "
                   "documents, as in --text \"%s, documents\"",
                   o->unlabelled, o->text, o->text);
}

/* A folder as the Large Movie Review data set has it: train/unsup, or unsup. */
static char *unlabelled_folder(sl_ctx *ctx, const char *source)
{
    static const char *const inner[] = { "train/unsup", "unsup" };
    for (size_t i = 0; i < sizeof inner / sizeof *inner && sl_os_path_kind(source) == SL_PATH_FOLDER; i++) {
        char *path = sl_path_join(ctx, source, inner[i]);
        if (!path || sl_os_path_kind(path) == SL_PATH_FOLDER)
            return path;
        sl_free(ctx, path);
    }
    return sl_strdup(ctx, source);
}

static bool unlabelled_is_csv(const char *source)
{
    static const char *const ends[] = { ".csv", ".tsv", ".csv.gz", ".tsv.gz" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (sl_table_named(source, ends[i]))
            return true;
    return false;
}

/* As the training rows' texts are read, where nothing stands beside them; else a table's own columns of text,
 * or one text a line. */
static sl_data *unlabelled_read(const sl_run *run, const char *source)
{
    const sl_columns *columns = run->train->store->columns;
    const bool same = columns && !columns->inputs;
    const sl_table_options table = { .encoding = run->options.table.encoding };
    const sl_opening how = { .options = &table,
                             .columns = same ? columns : NULL,
                             .inputs = same,
                             .lines = !same && !unlabelled_is_csv(source) &&
                                      sl_os_path_kind(source) == SL_PATH_FILE };
    return sl_data_open_by(run->ctx, source, NULL, &how);
}

/* --- texts that are to be predicted later are not learned from --- */

static int unlabelled_compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Of a row's text, without blanks around it. */
static uint64_t unlabelled_sum(const sl_data *data, size_t row)
{
    size_t length;
    const char *text = sl_data_words(data, row, &length);
    for (; length && strchr(" \t\r\n", *text); length--)
        text++;
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    return sl_text_sum(text, length);
}

/* The rows whose text no other part has: a view, which takes the place of *data. */
static sl_status unlabelled_without(sl_run *run, sl_data **data, size_t *left_out)
{
    sl_ctx *ctx = run->ctx;
    const sl_data *const parts[] = { run->test, run->validation };
    size_t others = 0, at = 0, kept = 0;
    for (int p = 0; p < 2; p++)
        others += parts[p] && sl_data_has_words(parts[p]) ? parts[p]->rows : 0;
    uint64_t *sum = sl_alloc_array(ctx, others, sizeof *sum);
    size_t *order = sl_alloc_array(ctx, (*data)->rows, sizeof *order);
    for (int p = 0; p < 2 && !ctx->status; p++)
        for (size_t row = 0; parts[p] && sl_data_has_words(parts[p]) && row < parts[p]->rows; row++)
            sum[at++] = unlabelled_sum(parts[p], row);
    if (!ctx->status && others)
        sl_sort(sum, others, sizeof *sum, unlabelled_compare);
    for (size_t row = 0; !ctx->status && row < (*data)->rows; row++) {
        const uint64_t mine = unlabelled_sum(*data, row);
        order[kept] = row;
        kept += !others || !bsearch(&mine, sum, others, sizeof *sum, unlabelled_compare);
    }
    sl_free(ctx, sum);
    *left_out = (*data)->rows - kept;
    if (ctx->status || !*left_out) {
        sl_free(ctx, order);
        return ctx->status;
    }
    if (!kept) {
        sl_free(ctx, order);
        return sl_fail(ctx, SL_EINVAL,
                       "--unlabelled %s: the test or validation part has all of its %zu texts: wants others",
                       run->options.unlabelled, (*data)->rows);
    }
    sl_data *view = sl_data_view(*data, order, kept, "unlabelled");
    if (view) {
        sl_data_free(*data);
        *data = view;
    }
    return ctx->status;
}

/* --- all of it --- */

/* The views that are learned, where nobody says so: with one of documents. */
static sl_status unlabelled_views(sl_run *run)
{
    sl_text words;
    if (run->options.text)
        return SL_OK;
    sl_text_init(&words, run->ctx);
    sl_text_add(&words, "%s, documents", run->plan.text ? run->plan.text : "words");
    run->words = sl_strdup(run->ctx, sl_text_string(&words));
    sl_text_free(&words);
    run->plan.text = run->words;
    return run->ctx->status;
}

sl_status sl_run_open_unlabelled(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    char rows[32], out[32];
    size_t left_out = 0;
    if (!run->options.unlabelled)
        return SL_OK;
    if (!sl_data_has_words(run->train))
        return sl_fail(ctx, SL_EINVAL,
                       "--unlabelled %s: %s has no texts, so there is nothing that it could tell more of: "
                       "leave it out",
                       run->options.unlabelled, run->options.data);
    if (unlabelled_views(run) || run->model_before) /* the checkpoint has what was learned from them */
        return ctx->status;
    char *source = unlabelled_folder(ctx, run->options.unlabelled);
    sl_data *data = source ? unlabelled_read(run, source) : NULL;
    sl_free(ctx, source);
    if (data && !sl_data_has_words(data))
        sl_fail(ctx, SL_EINVAL,
                "--unlabelled %s has no texts: wants one a line, or a table with a column of text",
                run->options.unlabelled);
    if (!data || ctx->status || unlabelled_without(run, &data, &left_out)) {
        sl_data_free(data);
        return ctx->status;
    }
    run->unlabelled = data;
    sl_log(ctx, "unlabelled  %s: %s texts", run->options.unlabelled, sl_count_text(rows, data->rows));
    if (left_out)
        sl_decided(ctx, "texts left out", sl_count_text(out, left_out),
                   "unlabelled ones that the test or validation part has too");
    if (left_out)
        sl_log(ctx, "            %s more are left out: the test or validation part has the same text",
               sl_count_text(out, left_out));
    return ctx->status;
}

sl_status sl_run_take_views(sl_run *run, const char *checkpoint)
{
    const sl_run_options *o = &run->options;
    if (!o->unlabelled && !(o->text && sl_views_words_learn_documents(run->ctx, o->text)))
        return run->ctx->status;
    run->model_before = sl_model_load(run->ctx, checkpoint);
    return run->ctx->status;
}
