/* inputs_texts.c - the text of a row, and the features of it that the net reads, by its views. */
#include "explain/rows.h"

#include <string.h>

enum { TEXTS_SHOWN = 300, TEXTS_NAME = 120 };

typedef struct {
    const int *ids;
    const sl_real *values; /* NULL: 1 each */
    size_t count;
} texts_list;

static texts_list texts_of(const sl_told_rows *t, int view, size_t r)
{
    const sl_ragged *ragged = t->x->ragged;
    const sl_bags *bags = &ragged->view[view];
    const size_t from = bags->offsets[r];
    return (texts_list){ bags->ids + from, bags->values ? bags->values + from : NULL,
                         bags->offsets[r + 1] - from };
}

/* How often number i of the list stands in it; 0: it stood there before. */
static size_t texts_times(const texts_list *list, size_t i)
{
    size_t times = 0;
    for (size_t k = 0; k < list->count; k++) {
        if (list->ids[k] == list->ids[i] && k < i)
            return 0;
        times += list->ids[k] == list->ids[i];
    }
    return times;
}

/* "good (17), film (4) 2 times": each with its row of the table. */
static void texts_view(const sl_told_rows *t, int view, size_t r)
{
    enum { SHOWN = SL_EXPLAIN_NUMBERS, MOST = 2000 };
    sl_explanation *e = t->e;
    const sl_views *views = t->model->views;
    const texts_list list = texts_of(t, view, r);
    const size_t most = e->depth > 2 ? MOST : SHOWN;
    size_t put = 0, left = 0;
    sl_text text;
    sl_text_init(&text, e->ctx);
    for (size_t i = 0; i < list.count; i++) {
        char name[TEXTS_NAME], number[32];
        if (put == most) { /* how often the others stand there would take long to count */
            left = list.count - i;
            break;
        }
        const size_t times = texts_times(&list, i);
        if (!times)
            continue;
        sl_views_text(views, view, (size_t)list.ids[i], name, sizeof name);
        sl_text_add(&text, "%s%s (%d)", put++ ? ", " : "", name, list.ids[i]);
        if (list.values)
            sl_text_add(&text, " %s", sl_explained_number(e, number, (double)list.values[i], 0));
        else if (times > 1)
            sl_text_add(&text, " %zu times", times);
    }
    if (left)
        sl_text_add(&text, ", .. %zu more ..", left);
    sl_told_note(e, sl_explanation_keep(e, "%s: %zu feature%s, each with its number%s%s%s",
                                        sl_views_name(views, view), list.count, list.count == 1 ? "" : "s",
                                        list.values ? " and weight" : "", put ? ": " : "",
                                        sl_told_clean(e, sl_text_string(&text), text.length, SIZE_MAX / 4)));
    sl_text_free(&text);
}

void sl_tell_texts(const sl_told_rows *t, size_t r)
{
    sl_explanation *e = t->e;
    size_t length;
    const char *words = sl_data_words(t->data, r, &length);
    sl_explanation_add(
        e,
        (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                        .text = sl_explanation_keep(
                            e, "text: %s", length ? sl_told_clean(e, words, length, TEXTS_SHOWN) : "none") });
    sl_feature_places places;
    sl_feature_places_init(&places, e->ctx);
    if (!sl_views_places(t->model->views, words, length, &places))
        sl_told_note(e, sl_explanation_keep(e, "%zu of its %zu words are known to the model", places.known,
                                            places.words));
    sl_feature_places_free(&places);
    for (int v = 0; v < sl_views_count(t->model->views) && !e->ctx->status; v++)
        texts_view(t, v, r);
}
