/* without.c - what the playground does without: the functions that other files would call of it, answered
 * with a sentence. Those that are given something which cannot be made without it are never called: they stop
 * the engine. */
#include "baseline/baseline.h"
#include "data/augment.h"
#include "data/augment/augmentation.h"
#include "data/format.h"
#include "data/packed.h"
#include "descend/function.h"
#include "explain/explanation.h"
#include "explain/rows.h"
#include "model/file_views.h"
#include "plot/kind.h"
#include "text/tokenizer.h"
#include "text/views.h"
#include "train/run.h"

#define WITHOUT_CALL __builtin_trap()

static sl_status without_say(sl_ctx *ctx, const char *what, const char *instead)
{
    return sl_fail(ctx, SL_EINVAL, "%s not part of the playground: %s", what, instead);
}

/* --- texts -------------------------------------------------------------------------------------------- */

static sl_status without_texts(sl_ctx *ctx)
{
    return without_say(ctx, "texts are", "use slope train for them, or leave their column out");
}

static bool without_no_lines(sl_ctx *ctx, const char *source)
{
    (void)ctx, (void)source;
    return false;
}

static sl_source *without_lines(sl_ctx *ctx, sl_source *from, const sl_opening *how)
{
    (void)how;
    sl_source_close(from);
    without_texts(ctx);
    return NULL;
}

const sl_format sl_format_text_lines = { .name = "text_lines",
                                         .summary = "a text a line",
                                         .recognises = without_no_lines,
                                         .has_part = sl_table_no_part,
                                         .open = sl_table_open,
                                         .rows = without_lines,
                                         .texts = true };
const sl_option sl_tokenizer_options[] = { { 0 } };
const sl_layer_kind sl_layer_embedding = { .name = "embedding" }; /* no layer is one */

sl_status sl_views_check_words(sl_ctx *ctx, const char *words, const char *tokenizer)
{
    (void)words, (void)tokenizer;
    return without_texts(ctx);
}

sl_views *sl_views_refit(sl_ctx *ctx, const sl_data *train, const char *words, const char *tokenizer,
                         sl_weigh normal, const sl_data *more, const sl_views *earlier)
{
    (void)train, (void)words, (void)tokenizer, (void)normal, (void)more, (void)earlier;
    without_texts(ctx);
    return NULL;
}

sl_views *sl_views_take(sl_ctx *ctx, const sl_safetensors *file, const sl_json *json)
{
    (void)file, (void)json;
    without_texts(ctx);
    return NULL;
}

bool sl_views_catalogue(size_t index, sl_word *word)
{
    (void)index, (void)word;
    return false;
}

sl_status sl_run_text_layers(const sl_run *run, sl_layer *layers, int count)
{
    (void)layers, (void)count;
    return run->options.text || run->options.tokenizer || sl_data_has_words(run->train)
               ? without_texts(run->ctx)
               : SL_OK;
}

sl_status sl_run_start_vectors(const sl_run *run, sl_model *model)
{
    (void)model;
    return run->options.vectors ? without_say(run->ctx, "word vectors are", "use slope train --vectors")
                                : SL_OK;
}

sl_status sl_run_check_unlabelled(const sl_run *run)
{
    return run->options.unlabelled ? without_texts(run->ctx) : SL_OK;
}

sl_status sl_run_open_unlabelled(sl_run *run)
{
    return sl_run_check_unlabelled(run);
}

sl_status sl_run_take_views(sl_run *run, const char *checkpoint)
{
    (void)checkpoint;
    return sl_run_check_unlabelled(run);
}

void sl_views_free(sl_views *views)
{
    if (views)
        WITHOUT_CALL;
}

sl_views *sl_views_copy(sl_ctx *ctx, const sl_views *views)
{
    (void)ctx, (void)views;
    WITHOUT_CALL;
}

int sl_views_count(const sl_views *views)
{
    (void)views;
    WITHOUT_CALL;
}

sl_status sl_views_find(sl_ctx *ctx, const sl_views *views, const char *name, int *view)
{
    (void)ctx, (void)views, (void)name, (void)view;
    WITHOUT_CALL;
}

size_t sl_views_size(const sl_views *views, int view)
{
    (void)views, (void)view;
    WITHOUT_CALL;
}

sl_weigh sl_views_weigh(const sl_views *views, int view)
{
    (void)views, (void)view;
    WITHOUT_CALL;
}

void sl_views_describe(const sl_views *views, sl_text *text)
{
    (void)views, (void)text;
    WITHOUT_CALL;
}

sl_status sl_views_gather(sl_ctx *ctx, const sl_views *views, const sl_data *data, const size_t *rows,
                          size_t count, sl_ragged *to)
{
    (void)ctx, (void)views, (void)data, (void)rows, (void)count, (void)to;
    WITHOUT_CALL;
}

sl_status sl_views_encode(sl_ctx *ctx, const sl_views *views, const sl_data *data)
{
    (void)views, (void)data;
    return without_texts(ctx);
}

void sl_views_put(const sl_views *views, sl_text *json)
{
    (void)views, (void)json;
    WITHOUT_CALL;
}

sl_status sl_views_put_tensors(const sl_views *views, sl_safetensors_writer *writer, sl_arena *memory)
{
    (void)views, (void)writer, (void)memory;
    WITHOUT_CALL;
}

void sl_tell_texts(const sl_told_rows *t, size_t r)
{
    (void)t, (void)r;
    WITHOUT_CALL;
}

/* --- baselines: a run has none, as one whose rows do not allow them ------------------------------------ */

sl_baselines *sl_baselines_fit(sl_ctx *ctx, const sl_model *model, const sl_data *train)
{
    (void)ctx, (void)model, (void)train;
    return NULL;
}

bool sl_baselines_at(const sl_baselines *b, int index, sl_baseline_row *row)
{
    (void)b, (void)index, (void)row;
    return false;
}

sl_baseline_difference sl_baselines_difference(const sl_baselines *b)
{
    (void)b;
    return (sl_baseline_difference){ 0 };
}

void sl_baselines_free(sl_baselines *b)
{
    if (b)
        WITHOUT_CALL;
}

sl_status sl_baselines_save(const sl_baselines *b, const char *path)
{
    (void)b, (void)path;
    WITHOUT_CALL;
}

sl_status sl_baselines_measure(sl_baselines *b, const sl_model *model, const sl_data *data)
{
    (void)b, (void)model, (void)data;
    WITHOUT_CALL;
}

sl_status sl_baselines_glance(sl_baselines *b, const sl_model *model, const sl_data *data)
{
    (void)b, (void)model, (void)data;
    WITHOUT_CALL;
}

/* --- images that are changed at random, figures, functions ---------------------------------------------- */

sl_augment *sl_augment_new(sl_ctx *ctx, const char *words, sl_shape row)
{
    (void)words, (void)row;
    without_say(ctx, "augmentation is", "use slope train --augment");
    return NULL;
}

void sl_augment_free(sl_augment *augment)
{
    if (augment)
        WITHOUT_CALL;
}

const char *sl_augment_text(const sl_augment *augment)
{
    (void)augment;
    WITHOUT_CALL;
}

void sl_augment_describe(const sl_augment *augment, sl_text *text)
{
    (void)augment, (void)text;
    WITHOUT_CALL;
}

void sl_augment_rows(sl_augment *augment, uint32_t epoch, size_t first, size_t count, sl_real *x)
{
    (void)augment, (void)epoch, (void)first, (void)count, (void)x;
    WITHOUT_CALL;
}

const sl_augmentation *sl_augmentation_at(size_t index)
{
    (void)index;
    return NULL;
}

static void without_format(const sl_explanation *e)
{
    without_say(e->ctx, "this format is", "html and json are there");
}

void sl_explained_text(const sl_explanation *e, sl_text *out, int width, bool colour)
{
    (void)out, (void)width, (void)colour;
    without_format(e);
}

void sl_explained_markdown(const sl_explanation *e, sl_text *out)
{
    (void)out;
    without_format(e);
}

void sl_explained_latex(const sl_explanation *e, sl_text *out)
{
    (void)out;
    without_format(e);
}

const sl_figure_kind *sl_figure_kind_at(size_t index)
{
    (void)index;
    return NULL;
}

const sl_landscape *sl_landscape_at(size_t index)
{
    (void)index;
    return NULL;
}
