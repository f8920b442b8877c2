/* show_texts.h - what a model knows of texts: its features, its tokenizer, frequent and heavy ones. */
#ifndef CLI_SHOW_TEXTS_H
#define CLI_SHOW_TEXTS_H

#include "cli.h"

/* Nothing for a model that reads no texts. false: the context knows why. */
bool cli_show_texts(sl_ctx *ctx, const sl_model *model);
bool cli_show_texts_json(sl_ctx *ctx, const sl_model *model); /* ,"texts":{..} */

#endif
