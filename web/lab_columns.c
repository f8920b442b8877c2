/* lab_columns.c - see lab.h: what became of a table's columns: the names of the numbers that the net sees,
 * and the words of a column. */
#include "data/encoding/encoding.h"
#include "lab.h"

#include <string.h>

enum { COLUMNS_SEEN_MOST = 1000, COLUMNS_WORDS_MOST = 40 };

/* Number `at` of a one_hot encoding: "colour=red"; rare words share one, missing ones have their own. */
static void columns_put_slot(sl_text *name, const sl_column *column, const sl_encoded *e, size_t at)
{
    const char *word = NULL;
    const double slot = (double)at;
    for (size_t code = 0; code < column->words.count && !word; code++)
        if (e->numbers[SL_SLOTS_CODES + code] == slot && e->numbers[SL_SLOTS_OTHER] != slot)
            word = sl_dictionary_word(&column->words, code);
    sl_text_put(name, column->name);
    sl_text_put(name, "=");
    sl_text_put(name, word ? word : e->numbers[SL_SLOTS_OTHER] == slot ? "(other)" : "(missing)");
}

static void columns_put_number(sl_text *name, const sl_columns *columns, const sl_encoded *e, size_t at)
{
    for (int c = 0; c < e->count; c++) {
        sl_text_put(name, c ? ", " : "");
        sl_text_put(name, columns->column[e->columns[c]].name);
    }
    if (!strcmp(e->kind->name, "missing"))
        sl_text_put(name, " missing");
    else if (e->width > 1)
        sl_text_add(name, " %zu", at + 1);
}

void lab_put_seen(const lab *l, sl_text *j)
{
    const sl_columns *columns = l->run->model->columns;
    sl_text name;
    bool any = false;
    sl_text_init(&name, l->own);
    sl_text_put(j, "[");
    for (int i = 0; columns && columns->width <= COLUMNS_SEEN_MOST && i < columns->encoded_count; i++) {
        const sl_encoded *e = &columns->encoded[i];
        for (size_t at = 0; at < e->width; at++) {
            sl_text_clear(&name);
            if (!strcmp(e->kind->name, "one_hot"))
                columns_put_slot(&name, &columns->column[e->columns[0]], e, at);
            else
                columns_put_number(&name, columns, e, at);
            sl_text_put(j, any ? ", " : "");
            sl_json_put_string(j, sl_text_string(&name));
            any = true;
        }
    }
    sl_text_put(j, "]");
    sl_text_free(&name);
}

void lab_put_words(const lab *l, const char *name, sl_text *j)
{
    const sl_columns *columns = l->run->model->columns;
    const int at = columns ? sl_columns_find(columns, name) : -1;
    sl_text_put(j, "[");
    if (at >= 0) {
        const sl_dictionary *words = &columns->column[at].words;
        for (size_t code = 0; code < words->count && code < COLUMNS_WORDS_MOST; code++) {
            sl_text_put(j, code ? ", " : "");
            sl_json_put_string(j, sl_dictionary_word(words, code));
        }
    }
    sl_text_put(j, "]");
}
