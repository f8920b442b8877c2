/* category: the number of a word's slot, which a layer of that name replaces by a learned vector. */
#include "data/encoding/encoding.h"
#include "kernel/math.h"

#include <math.h>

enum { CATEGORY_UNITS, CATEGORY_LEAST, CATEGORY_MOST_UNITS = 16 };

static const sl_option encoding_category_options[] = {
    { .name = "units",
      .summary = "how many numbers its vector has",
      .low = 0,
      .high = 65536,
      .whole = true,
      .normally = "1.6 n^0.56 of n slots, at most 16" },
    SL_SLOTS_OPTION_LEAST,
    { 0 },
};

static int encoding_category_units(const sl_encoded *e)
{
    const double slots = e->numbers[SL_SLOTS_COUNT], units = ceil(1.6 * sl_pow_d(slots, 0.56));
    if (e->options[CATEGORY_UNITS] > 0)
        return (int)e->options[CATEGORY_UNITS];
    return units < CATEGORY_MOST_UNITS ? (int)units : CATEGORY_MOST_UNITS;
}

static sl_status encoding_category_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                       const double *const *values, size_t rows)
{
    e->width = 1;
    return sl_slots_fit(ctx, columns, e, values[0], rows, e->options[CATEGORY_LEAST], true);
}

static void encoding_category_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    x[0] = (sl_real)sl_slots_of(e, values[0]);
}

static void encoding_category_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    (void)columns;
    sl_text_add(text, "a learned vector of %d numbers for each of ", encoding_category_units(e));
    sl_slots_describe(e, text);
}

static bool encoding_category_check(const sl_columns *columns, const sl_encoded *e)
{
    return e->width == 1 && sl_slots_check(columns, e) && e->numbers[SL_SLOTS_OTHER] >= 0 &&
           e->numbers[SL_SLOTS_MISSING] >= 0;
}

static void encoding_category_layer(const sl_columns *columns, const sl_encoded *e, sl_text *net)
{
    (void)columns;
    sl_text_add(net, "category %d rows=%d", encoding_category_units(e), (int)e->numbers[SL_SLOTS_COUNT]);
}

const sl_encoding sl_encoding_category = {
    .name = "category",
    .summary = "a learned vector for each word, by a layer of the net",
    .formula = "y = T[k], k the word's slot; rare and unseen words share one, missing has its own",
    .source = "Guo, Berkhahn, arXiv 1604.06737, 2016; the default width is that of fastai",
    .options = encoding_category_options,
    .takes = SL_TAKES_WORDS,
    .fit = encoding_category_fit,
    .encode = encoding_category_encode,
    .describe = encoding_category_describe,
    .check = encoding_category_check,
    .layer = encoding_category_layer,
};
