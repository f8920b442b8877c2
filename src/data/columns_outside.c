/* columns_outside.c - what cells have that those of the training rows did not. */
#include "data/columns.h"
#include "data/encoding/encoding.h"

/* The encoding that knows which words there were; NULL: none, as of numbers and booleans. */
static const sl_encoded *outside_slots(const sl_columns *columns, int column)
{
    for (int i = 0; i < columns->encoded_count; i++)
        if (columns->encoded[i].columns[0] == column &&
            columns->encoded[i].kind->takes & SL_TAKES(SL_COLUMN_CATEGORY))
            return &columns->encoded[i];
    return NULL;
}

static const char *outside_counts_as(const sl_encoded *slots)
{
    if (!slots)
        return "neither of its two";
    if (slots->numbers[SL_SLOTS_OTHER] < 0)
        return "none of its words";
    return slots->numbers[SL_SLOTS_RARE] > 0 ? "a rare word" : "a word that training never met";
}

static bool outside_number(double cell, sl_outside *o)
{
    if (cell < o->low) {
        o->lowest = !o->below || cell < o->lowest ? cell : o->lowest;
        o->below++;
    } else if (cell > o->high) {
        o->highest = !o->above || cell > o->highest ? cell : o->highest;
        o->above++;
    } else {
        return false;
    }
    return true;
}

void sl_column_outside(const sl_columns *columns, int at, const double *cells, size_t first, size_t count,
                       sl_outside *o)
{
    const sl_column *column = &columns->column[at];
    const sl_encoded *slots = outside_slots(columns, at);
    const bool number = SL_TAKES_FILLED & SL_TAKES(column->type);
    const bool none = !o->below && !o->above && !o->unseen && !o->missing;
    if (none)
        o->first = first + count;
    o->low = number ? column->low : 1;
    o->high = number ? column->high : 0;
    o->counts_as = number ? NULL : outside_counts_as(slots);
    o->rows += count;
    bool found = !none;
    for (size_t i = 0; i < count; i++) {
        const double cell = cells[i];
        bool outside;
        if (cell != cell)
            o->missing += outside = !column->fit_missing;
        else if (number)
            outside = o->low <= o->high && outside_number(cell, o);
        else
            o->unseen += outside = slots ? !sl_slots_seen(slots, cell) : cell != 0 && cell != 1;
        if (outside && !found) {
            o->first = first + i;
            found = true;
        }
    }
}
