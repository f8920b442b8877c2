/* look.c - see look.h */
#include "data/table/look.h"
#include "data/text_sum.h"

#include <stdio.h>
#include <string.h>

void sl_look_init(sl_look *look, sl_ctx *ctx, size_t columns)
{
    *look = (sl_look){ .ctx = ctx, .rising = true, .low = 1 };
    size_t most = (size_t)SL_LOOK_NUMBERS / columns;
    most = most < SL_LOOK_LEAST ? SL_LOOK_LEAST : most;
    look->seen.most = most > SL_DISTINCT_MOST ? SL_DISTINCT_MOST : most;
    look->text_most = (size_t)SL_LOOK_TEXT / columns;
    sl_dictionary_init(&look->known, ctx);
}

void sl_look_free(sl_look *look)
{
    if (!look->ctx)
        return;
    sl_free(look->ctx, look->seen.key);
    sl_free(look->ctx, look->odds);
    sl_free(look->ctx, look->far);
    sl_dictionary_free(&look->known);
    *look = (sl_look){ 0 };
}

/* --- different values ------------------------------------------------------------------------------- */

static size_t look_slot(const sl_seen *seen, uint64_t key)
{
    const uint64_t mixed = (key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(mixed >> 32) & (seen->slots - 1);
    while (seen->key[slot] && seen->key[slot] != key)
        slot = (slot + 1) & (seen->slots - 1);
    return slot;
}

static bool look_more_slots(sl_ctx *ctx, sl_seen *seen)
{
    sl_seen more = *seen;
    more.slots = seen->slots ? seen->slots * 2 : 32;
    more.key = sl_alloc_array(ctx, more.slots, sizeof *more.key);
    if (!more.key)
        return false;
    for (size_t i = 0; i < seen->slots; i++)
        if (seen->key[i])
            more.key[look_slot(&more, seen->key[i])] = seen->key[i];
    sl_free(ctx, seen->key);
    *seen = more;
    return true;
}

static bool look_add(sl_ctx *ctx, sl_seen *seen, uint64_t key)
{
    if (seen->more)
        return true;
    if (!key) {
        seen->count += !seen->zero;
        seen->zero = true;
        return true;
    }
    if (seen->count * 2 >= seen->slots && !look_more_slots(ctx, seen))
        return false;
    const size_t slot = look_slot(seen, key);
    if (seen->key[slot])
        return true;
    if (seen->count >= seen->most) {
        sl_free(ctx, seen->key); /* nobody asks which they are any more */
        seen->key = NULL;
        seen->more = true;
        return true;
    }
    seen->key[slot] = key;
    seen->count++;
    return true;
}

static uint64_t look_hash(const char *word, size_t length)
{
    return sl_text_sum(word, length) | 1;
}

/* From here on only hashes of the words are kept: they cannot be categories. */
static bool look_give_up(sl_look *look)
{
    look->many = true;
    bool done = true;
    for (size_t i = 0; i < look->known.count && done; i++)
        done =
            look_add(look->ctx, &look->seen,
                     look_hash(sl_dictionary_word(&look->known, i), sl_dictionary_length(&look->known, i)));
    sl_dictionary_free(&look->known);
    return done;
}

/* Texts without a doubt: that they are no categories need not be found out from all of their 30 MB. */
static bool look_prose(const sl_look *look)
{
    enum { WORDS = 1000, LETTERS = 100, GAPS = 10 };
    const size_t count = look->known.count;
    return count >= WORDS && count > look->words / 2 && look->gaps >= GAPS * look->words &&
           look->known.offset[count] >= LETTERS * count;
}

static bool look_know(sl_look *look, const sl_field *f)
{
    if (!look->many) {
        if (sl_dictionary_add(&look->known, f->text, f->length) == SIZE_MAX)
            return false;
        if (look->known.count > SL_LOOK_WORDS || look->known.text_room > look->text_most || look_prose(look))
            return look_give_up(look);
        return true;
    }
    return look_add(look->ctx, &look->seen, look_hash(f->text, f->length));
}

/* --- values ----------------------------------------------------------------------------------------- */

static void look_place(sl_place *place, const sl_field *f)
{
    size_t length = f->length;
    const bool cut = length > sizeof place->text - 4;
    if (cut) {
        length = sizeof place->text - 4;
        while (length && ((unsigned char)f->text[length] & 0xc0) == 0x80)
            length--;
    }
    *place = (sl_place){ .line = f->line, .column = f->column, .times = 1 };
    memcpy(place->text, f->text, length);
    if (cut)
        memcpy(place->text + length, "...", 3);
}

static bool look_example(sl_look *look, sl_place **places, size_t *count, const sl_field *f)
{
    sl_place place;
    if (!*places && !(*places = sl_alloc_array(look->ctx, SL_LOOK_PLACES, sizeof **places)))
        return false;
    look_place(&place, f);
    for (size_t i = 0; i < *count; i++)
        if (!strcmp((*places)[i].text, place.text)) {
            (*places)[i].times++;
            return true;
        }
    if (*count < SL_LOOK_PLACES)
        (*places)[(*count)++] = place;
    return true;
}

static bool look_whole(double value)
{
    return value > -9e15 && value < 9e15 && value == (double)(int64_t)value;
}

static bool look_finite(sl_look *look, double value, const sl_field *f)
{
    const bool whole = look_whole(value);
    if (!whole && look->whole == look->numbers)
        look_place(&look->fraction, f);
    look->rising = look->rising && whole && (!look->numbers || value == look->last + 1);
    look->low = !look->numbers || value < look->low ? value : look->low;
    look->high = !look->numbers || value > look->high ? value : look->high;
    look->last = value;
    look->numbers++;
    look->whole += whole;
    if (sl_field_code(f)) {
        look->codes++;
        return look_know(look, f);
    }
    /* Only of whole numbers that differ in all rows it matters how many they are: they may be identifiers. */
    const bool all = look->whole == look->numbers && look->seen.count + 1 >= look->numbers;
    if (!all && !look->codes && !look->words && look->seen.most > SL_LOOK_WORDS)
        look->seen.most = SL_LOOK_WORDS;
    uint64_t bits;
    value = value == 0 ? 0 : value; /* -0 is 0 */
    memcpy(&bits, &value, sizeof bits);
    return look_add(look->ctx, &look->seen, bits);
}

static bool look_blank(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

/* 128 in each byte of a word of ASCII that is this one. */
static uint64_t look_same(uint64_t word, unsigned char c)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f), all = UINT64_C(0x0101010101010101);
    return ~((word ^ all * c) + low) & ~low;
}

/* Between its words: runs of blanks; and where a script has none between words, half of its signs (Chinese,
 * Japanese), or a quarter (Thai and its neighbours). The text is trimmed. Eight bytes at a time: a look at
 * each costs as much as all else that is done with it. */
static size_t look_gaps(const char *text, size_t length)
{
    size_t gaps = 0, signs = 0;
    unsigned char before = ' ';
    for (size_t i = 0; i < length;) {
        uint64_t word = 0;
        const size_t part = length - i < 8 ? length - i : 8;
        for (size_t j = 0; part == 8 && j < 8; j++) /* one load where bytes lie in this order */
            word |= (uint64_t)(unsigned char)text[i + j] << 8 * j;
        if (part == 8 && !(word & UINT64_C(0x8080808080808080))) {
            const uint64_t blank = look_same(word, ' ') | look_same(word, '\n') | look_same(word, '\t'),
                           first = blank & ~(blank << 8 | (look_blank(before) ? 128 : 0));
            gaps += (size_t)((first >> 7) * UINT64_C(0x0101010101010101) >> 56);
            before = (unsigned char)text[i + 7];
            i += 8;
            continue;
        }
        for (const size_t end = i + part; i < end; i++) {
            const unsigned char c = (unsigned char)text[i];
            gaps += look_blank(c) && !look_blank(before);
            signs += c >= 0xe3 && c <= 0xe9 ? 2 : 0;
            signs += (before == 0xe0 && c >= 0xb8) || (before == 0xe1 && c >= 0x80 && c < 0x83) ||
                     (before == 0xe1 && c >= 0x9e && c < 0xa0);
            before = c;
        }
    }
    return gaps + signs / 4;
}

static bool look_word(sl_look *look, const sl_field *f, char decimal)
{
    enum { TRIED = 100 }; /* words: an order that none of them has is not tried again */
    enum { ODD = 1000 };  /* words: as many and more than the numbers are no slips, but the column's values */
    const size_t before = look->words++;
    bool yes;
    const int pair = sl_pair_find(f->text, f->length, &yes);
    if (pair >= 0) {
        look->pairs[pair]++;
        look->both[pair][yes] = true;
    }
    bool dated = false;
    for (int order = 0; *f->text >= '0' && *f->text <= '9' && order < 3; order++) {
        double seconds;
        if ((look->dates[order] || before < TRIED) &&
            sl_date_parse(f->text, f->length, (sl_date_order)order, &seconds)) {
            look->dates[order]++;
            dated = true;
        }
    }
    if (!before)
        look_place(&look->first, f);
    if (!dated && (before < ODD || before < look->numbers) &&
        !look_example(look, &look->odds, &look->odd_places, f))
        return false;
    look->dated += dated;
    look->odd[sl_field_odd(f, decimal)]++;
    look->gaps += look_gaps(f->text, f->length);
    return look_know(look, f);
}

bool sl_look_field(sl_look *look, const sl_field *f, const sl_missing *missing, char decimal)
{
    double value;
    switch (sl_field_says(f, missing, decimal, &value)) {
    case SL_SAYS_MISSING:
        look->missing++;
        return true;
    case SL_SAYS_NUMBER:
        return look_finite(look, value, f);
    case SL_SAYS_INFINITE:
        if (!look_example(look, &look->far, &look->far_places, f))
            return false;
        look->infinite++;
        return look_know(look, f);
    default:
        return look_word(look, f, decimal);
    }
}

bool sl_look_number(sl_look *look, double value, uint32_t line, uint32_t column)
{
    char text[32];
    sl_field f = { .text = "", .line = line, .column = column };
    if (value != value) {
        look->missing++;
        return true;
    }
    const bool finite = value - value == 0;
    if (!finite || (look->whole == look->numbers && !look_whole(value))) {
        f.text = sl_number_text(text, value);
        f.length = strlen(text);
    }
    if (finite)
        return look_finite(look, value, &f);
    if (!look_example(look, &look->far, &look->far_places, &f))
        return false;
    look->infinite++;
    return true;
}
