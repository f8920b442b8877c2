/* slots.c - words to slots: the frequent words in the order of their codes, then one for all others, then one
 * for none. */
#include "data/encoding/encoding.h"

#include <math.h>

/* The default: 10 rows teach something about a word; of small sets a hundredth, but never a single row. */
static double slots_least(double least, size_t rows)
{
    const double share = floor((double)rows / 100);
    return least > 0 ? least : share < 2 ? 2 : share > 10 ? 10 : share;
}

static bool slots_is_code(double cell, size_t words)
{
    return cell >= 0 && cell < (double)words;
}

/* counts [words]; returns how many rows have no word. Others, SL_UNSEEN: in *unseen. */
static size_t slots_tally(double *counts, size_t words, const double *codes, size_t rows, size_t *unseen)
{
    size_t missing = 0;
    *unseen = 0;
    for (size_t i = 0; i < rows; i++)
        if (slots_is_code(codes[i], words))
            counts[(size_t)codes[i]]++;
        else if (codes[i] == codes[i])
            ++*unseen;
        else
            missing++;
    return missing;
}

/* counts, which slots_tally wrote, become slots; the head of the numbers before them. */
static void slots_number(double *head, double *counts, size_t words, size_t missing, size_t unseen,
                         bool always)
{
    double slots = 0, rare = 0;
    for (size_t w = 0; w < words; w++)
        rare += counts[w] > 0 && counts[w] < head[SL_SLOTS_LEAST];
    for (size_t w = 0; w < words; w++)
        counts[w] = counts[w] >= head[SL_SLOTS_LEAST] ? slots++ : counts[w] > 0 ? -2 : -1;
    head[SL_SLOTS_RARE] = rare;
    head[SL_SLOTS_OTHER] = always || rare > 0 || unseen ? slots++ : -1;
    head[SL_SLOTS_MISSING] = always || missing ? slots++ : -1;
    head[SL_SLOTS_COUNT] = slots;
    for (size_t w = 0; w < words; w++)
        if (counts[w] == -2)
            counts[w] = head[SL_SLOTS_OTHER];
}

sl_status sl_slots_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e, const double *codes,
                       size_t rows, double least, bool always)
{
    const size_t words = columns->column[e->columns[0]].words.count;
    double *numbers = sl_encoding_numbers(ctx, e, SL_SLOTS_CODES + words);
    if (!numbers)
        return ctx->status;
    size_t unseen;
    const size_t missing = slots_tally(numbers + SL_SLOTS_CODES, words, codes, rows, &unseen);
    numbers[SL_SLOTS_LEAST] = slots_least(least, rows);
    slots_number(numbers, numbers + SL_SLOTS_CODES, words, missing, unseen, always);
    return SL_OK;
}

size_t sl_slots_needed(sl_ctx *ctx, const double *codes, size_t rows, size_t words, double least)
{
    double head[SL_SLOTS_CODES] = { [SL_SLOTS_LEAST] = slots_least(least, rows) };
    double *counts = sl_alloc_array(ctx, words, sizeof *counts);
    if (!counts)
        return SIZE_MAX;
    size_t unseen;
    const size_t missing = slots_tally(counts, words, codes, rows, &unseen);
    slots_number(head, counts, words, missing, unseen, false);
    sl_free(ctx, counts);
    return (size_t)head[SL_SLOTS_COUNT];
}

bool sl_slots_seen(const sl_encoded *e, double cell)
{
    return slots_is_code(cell, e->number_count - SL_SLOTS_CODES) &&
           e->numbers[SL_SLOTS_CODES + (size_t)cell] >= 0;
}

int sl_slots_of(const sl_encoded *e, double cell)
{
    if (sl_slots_seen(e, cell))
        return (int)e->numbers[SL_SLOTS_CODES + (size_t)cell];
    const bool missing = cell != cell && e->numbers[SL_SLOTS_MISSING] >= 0;
    return (int)e->numbers[missing ? SL_SLOTS_MISSING : SL_SLOTS_OTHER];
}

static bool slots_is_slot(double value, double slots)
{
    return value >= -1 && value < slots && value == floor(value);
}

bool sl_slots_check(const sl_columns *columns, const sl_encoded *e)
{
    if (e->number_count != SL_SLOTS_CODES + columns->column[e->columns[0]].words.count)
        return false;
    const double slots = e->numbers[SL_SLOTS_COUNT];
    if (!(slots >= 1 && slots <= (double)e->number_count) || slots != floor(slots) ||
        !slots_is_slot(e->numbers[SL_SLOTS_MISSING], slots) ||
        !slots_is_slot(e->numbers[SL_SLOTS_OTHER], slots) || e->numbers[SL_SLOTS_RARE] < 0 ||
        e->numbers[SL_SLOTS_LEAST] < 1)
        return false;
    for (size_t i = SL_SLOTS_CODES; i < e->number_count; i++)
        if (!slots_is_slot(e->numbers[i], slots))
            return false;
    return true;
}

void sl_slots_describe(const sl_encoded *e, sl_text *text)
{
    const double *n = e->numbers;
    const size_t slots = (size_t)n[SL_SLOTS_COUNT], rare = (size_t)n[SL_SLOTS_RARE];
    const size_t others = (n[SL_SLOTS_OTHER] >= 0) + (size_t)(n[SL_SLOTS_MISSING] >= 0);
    sl_text_add(text, "%zu word%s", slots - others, slots - others == 1 ? "" : "s");
    if (n[SL_SLOTS_OTHER] >= 0 && rare)
        sl_text_add(text, ", one slot for %zu of fewer than %zu rows and for unseen words", rare,
                    (size_t)n[SL_SLOTS_LEAST]);
    else if (n[SL_SLOTS_OTHER] >= 0)
        sl_text_put(text, ", one slot for unseen words");
    if (n[SL_SLOTS_MISSING] >= 0)
        sl_text_put(text, ", one for missing");
}
