/* run_texts.c - a run on texts: the layer that reads them, and vectors that it begins with. */
#include "text/vectors.h"
#include "train/run.h"

#include <string.h>

sl_status sl_run_text_layers(const sl_run *run, sl_layer *layers, int count)
{
    int dense = 0;
    const char *words = run->options.text ? run->options.text : run->options.tokenizer;
    if (!sl_data_has_words(run->train))
        return words ? sl_fail(
                           run->ctx, SL_EINVAL,
                           "--%s %s: %s has no column of texts: leave it out, or make one a text by --column "
                           "NAME=text",
                           run->options.text ? "text" : "tokenizer", words, run->options.data)
                     : SL_OK;
    for (int i = 0; i < count; i++)
        if (!strcmp(layers[i].type, "bag") || !strcmp(layers[i].type, "embedding"))
            return SL_OK;
    while (strcmp(layers[dense].type, "dense") != 0) /* the output is one */
        dense++;
    if (run->columns->width == 0 && dense == 0) { /* nothing stands beside the texts */
        layers[0].type = "bag";
        sl_decided(run->ctx, "layer for texts", "bag",
                   "no layer of the net reads texts: its first one does now");
        return SL_OK;
    }
    memmove(layers + 1, layers, ((size_t)count + 1) * sizeof *layers);
    layers[0] = (sl_layer){ .type = "bag", .units = layers[dense + 1].units };
    sl_decided(run->ctx, "layer for texts", "bag, first of all",
               "no layer of the net reads texts; %d units, as in the first dense layer", layers[0].units);
    return SL_OK;
}

static sl_status texts_start(const sl_run *run, sl_model *model, sl_built *layer, const sl_vectors *vectors)
{
    size_t found, words;
    char known[32], all[32], share[32];
    if (sl_vectors_into(vectors, model->views, layer->view, layer->param[0], &found, &words)) {
        sl_fail_at(run->ctx, layer->name);
        return run->ctx->status;
    }
    sl_number_text(share, words ? (double)(1000 * (words - found) / words) / 10 : 0);
    if (found < words)
        sl_decided(run->ctx, "words without vector", "drawn at random",
                   "%zu of the %zu words of %s are not in %s", words - found, words, layer->name,
                   run->options.vectors);
    sl_log(run->ctx, "vectors     %s: %s of the %s words of %s are in it; out of vocabulary: %s %%%s",
           run->options.vectors, sl_count_text(known, found), sl_count_text(all, words), layer->name, share,
           found < words ? ", which begin at random" : "");
    return SL_OK;
}

sl_status sl_run_start_vectors(const sl_run *run, sl_model *model)
{
    sl_ctx *ctx = run->ctx;
    const char *file = run->options.vectors;
    int tables = 0;
    if (!file || run->resuming) /* the checkpoint has the weights */
        return SL_OK;
    for (int i = 0; i < model->count; i++)
        tables += model->layers[i].kind == &sl_layer_embedding && model->layers[i].shares < 0;
    if (!tables)
        return sl_fail(ctx, SL_EINVAL,
                       "--vectors %s: no layer of the net begins with vectors: wants an embedding, as in "
                       "--net \"embedding 300, mean_pool, 128 relu\"",
                       file);
    sl_vectors *vectors = sl_vectors_read(ctx, file);
    for (int i = 0; vectors && i < model->count && !ctx->status; i++)
        if (model->layers[i].kind == &sl_layer_embedding && model->layers[i].shares < 0)
            texts_start(run, model, &model->layers[i], vectors);
    sl_vectors_free(vectors);
    return ctx->status;
}
