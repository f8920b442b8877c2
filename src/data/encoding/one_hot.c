/* one_hot: a number for each word, of which one is 1 and all others are 0. */
#include "data/encoding/encoding.h"

#include <string.h>

static const sl_option encoding_one_hot_options[] = { SL_SLOTS_OPTION_LEAST, { 0 } };

static sl_status encoding_one_hot_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                      const double *const *values, size_t rows)
{
    if (!sl_slots_fit(ctx, columns, e, values[0], rows, e->options[0], false))
        e->width = (size_t)e->numbers[SL_SLOTS_COUNT];
    return ctx->status;
}

static void encoding_one_hot_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    const int slot = sl_slots_of(e, values[0]);
    memset(x, 0, e->width * sizeof *x);
    if (slot >= 0)
        x[slot] = 1;
}

static void encoding_one_hot_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    (void)columns;
    sl_text_put(text, "a 0 or 1 for each of ");
    sl_slots_describe(e, text);
    if (e->numbers[SL_SLOTS_OTHER] < 0)
        sl_text_put(text, "; an unseen word: all 0");
}

static bool encoding_one_hot_check(const sl_columns *columns, const sl_encoded *e)
{
    return sl_slots_check(columns, e) && e->width == (size_t)e->numbers[SL_SLOTS_COUNT];
}

const sl_encoding sl_encoding_one_hot = {
    .name = "one_hot",
    .summary = "a number for each word: 1 for the row's own, 0 for the others",
    .formula = "y_k = 1 if x is word k, else 0; rare and unseen words share a slot, missing has its own",
    .source = "-",
    .options = encoding_one_hot_options,
    .takes = SL_TAKES_WORDS,
    .fit = encoding_one_hot_fit,
    .encode = encoding_one_hot_encode,
    .describe = encoding_one_hot_describe,
    .check = encoding_one_hot_check,
};
