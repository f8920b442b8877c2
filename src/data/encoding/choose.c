/* choose.c - which encoding a column wants. */
#include "data/encoding/encoding.h"
#include "kernel/math.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    CHOOSE_SLOTS = 16, /* words of their own up to here; more share what a learned vector says */
    CHOOSE_SKEW = 2    /* an exponential distribution's */
};

/* The numbers that decide; NaN, 0: not looked at. */
typedef struct {
    double low, skew, skew_of_logs;
    size_t slots;
} choose_facts;

/* Is the column so skewed that its logarithm, which must be less than half as skewed, stands better? */
static bool choose_log(const double *cells, size_t rows, double *logs, choose_facts *facts)
{
    double low = INFINITY;
    for (size_t i = 0; i < rows; i++)
        low = cells[i] < low ? cells[i] : low;
    facts->low = low;
    if (!(low >= 0))
        return false;
    const double skew = facts->skew = sl_spread_skew(cells, rows, sl_spread_of(cells, rows));
    if (!(skew > CHOOSE_SKEW))
        return false;
    for (size_t i = 0; i < rows; i++)
        logs[i] = cells[i] != cells[i] ? NAN : low > 0 ? sl_log_d(cells[i]) : sl_log1p_d(cells[i]);
    facts->skew_of_logs = sl_spread_skew(logs, rows, sl_spread_of(logs, rows));
    return fabs(facts->skew_of_logs) < skew / 2;
}

static const char *choose_default(const sl_columns *columns, int at, const double *cells, size_t rows,
                                  double *scratch, bool layers, choose_facts *facts)
{
    const sl_column *column = &columns->column[at];
    switch (column->type) {
    case SL_COLUMN_BOOLEAN:
        return "boolean";
    case SL_COLUMN_DATE:
        return "date";
    case SL_COLUMN_CATEGORY:
        facts->slots = sl_slots_needed(columns->ctx, cells, rows, column->words.count, 0);
        return layers && facts->slots > CHOOSE_SLOTS ? "category" : "one_hot";
    default:
        return choose_log(cells, rows, scratch, facts) ? "log" : "standard";
    }
}

static void choose_tell(sl_ctx *ctx, const sl_column *column, const char *word, const choose_facts *facts,
                        bool layers)
{
    char what[128];
    sl_text why;
    sl_text_init(&why, ctx);
    snprintf(what, sizeof what, "input %.100s", column->name);
    if (column->type == SL_COLUMN_BOOLEAN || column->type == SL_COLUMN_DATE) {
        sl_text_add(&why, "its type is %s", sl_column_type_name(column->type));
    } else if (facts->slots) {
        sl_text_add(&why, "%zu words in the rows that are fitted, %s %d", facts->slots,
                    facts->slots > CHOOSE_SLOTS ? "more than" : "at most", CHOOSE_SLOTS);
        sl_text_put(&why, facts->slots <= CHOOSE_SLOTS ? ": an input each"
                          : layers                     ? ": a learned vector each"
                                                       : ", but this net takes no more layers");
    } else if (!(facts->low >= 0)) {
        sl_text_put(&why, "it has numbers below 0, of which there is no logarithm");
    } else {
        sl_text_put(&why, "its skewness is ");
        sl_text_rounded(&why, facts->skew);
        sl_text_add(&why, ", %s %d", facts->skew > CHOOSE_SKEW ? "above" : "not above", CHOOSE_SKEW);
        if (facts->skew > CHOOSE_SKEW) {
            sl_text_put(&why, ", and that of its logarithm ");
            sl_text_rounded(&why, facts->skew_of_logs);
            sl_text_put(&why, strcmp(word, "log") ? ", not less than half of it" : ", less than half of it");
        }
    }
    sl_decided(ctx, what, word, "%s", sl_text_string(&why));
    sl_text_free(&why);
}

static sl_status choose_wrong_type(sl_ctx *ctx, const sl_column *column, const sl_encoding *kind)
{
    sl_text takes;
    sl_text_init(&takes, ctx);
    for (int type = SL_COLUMN_NUMBER; type <= SL_COLUMN_CONSTANT; type++)
        if (kind->takes & SL_TAKES(type))
            sl_text_add(&takes, takes.length ? ", %s" : "%s", sl_column_type_name((sl_column_type)type));
    sl_fail(ctx, SL_EINVAL, "column '%s' has type %s: encoding %s takes %s", column->name,
            sl_column_type_name(column->type), kind->name, sl_text_string(&takes));
    sl_text_free(&takes);
    return ctx->status;
}

sl_status sl_encoding_choose(const sl_columns *columns, int at, const double *cells, size_t rows,
                             double *scratch, const char *numbers, bool layers, sl_encoded *e)
{
    sl_ctx *ctx = columns->ctx;
    const sl_column *column = &columns->column[at];
    const bool number = SL_TAKES_NUMBERS & SL_TAKES(column->type);
    const char *asked = column->encoding ? column->encoding : number ? numbers : NULL;
    choose_facts facts = { 0 };
    const char *words = asked ? asked : choose_default(columns, at, cells, rows, scratch, layers, &facts);
    if (ctx->status)
        return ctx->status;
    if (!asked && sl_decides(ctx))
        choose_tell(ctx, column, words, &facts, layers);
    e->kind = sl_encoding_find(ctx, words, e->options);
    if (!e->kind) {
        char place[96] = "column '";
        sl_fail_at(ctx, strncat(strncat(place, column->name, 64), "'", 2));
        return ctx->status;
    }
    if (e->kind->hidden)
        return sl_fail(ctx, SL_EINVAL,
                       "column '%s': %s is not asked for: it is added by itself where training rows lack the "
                       "column",
                       column->name, e->kind->name);
    if (!(e->kind->takes & SL_TAKES(column->type)))
        return choose_wrong_type(ctx, column, e->kind);
    if (e->kind->layer && !layers)
        return sl_fail(
            ctx, SL_EINVAL,
            "column '%s': encoding %s brings a layer of its own, and this net is made already: take "
            "%s",
            column->name, e->kind->name,
            SL_TAKES_WORDS & SL_TAKES(column->type) ? "one_hot" : "quantile or standard");
    return SL_OK;
}
