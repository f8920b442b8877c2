/* file_views.h - the vocabularies of a model's views in its file. For view N: "views.N.text" has the bytes of
 * all words, "views.N.offsets" where each begins and the last ends, "views.N.pairs" [n-grams, 2] the feature
 * of an n-gram's first words and its last word, "views.N.counts" how often each occurred, "views.N.weights"
 * what each weighs, "views.N.vectors" [n-grams, numbers] of documents what each adds to a text's vector. What
 * else there is says the JSON of sl_views_put. */
#ifndef SL_MODEL_FILE_VIEWS_H
#define SL_MODEL_FILE_VIEWS_H

#include "model/safetensors.h"
#include "text/views.h"

/* memory, and the views, stay until the writer has written. */
sl_status sl_views_put_tensors(const sl_views *views, sl_safetensors_writer *writer, sl_arena *memory);
/* json: what sl_views_put wrote. NULL and SL_EFORMAT where anything makes no sense. */
sl_views *sl_views_take(sl_ctx *ctx, const sl_safetensors *file, const sl_json *json);

#endif
