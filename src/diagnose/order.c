/* order.c - which suspicion is proved first, and which finding is named first. */
#include "core/sort.h"
#include "diagnose/order.h"

#include <math.h>
#include <string.h>

enum { ORDER_SURFACE = 80 }; /* places of what is seen, and not why */
static const double order_longer = 0.1, order_fewer = 0.1, order_alike = 0.4;

/* What is seen at the surface waits for causes, and longer training, twice the work, for all. */
static int order_late(const sl_diagnosis_entry *entry)
{
    const sl_draft *draft = &entry->draft;
    return draft->fixes && draft->fix[0].longer ? 2 : draft->place >= ORDER_SURFACE;
}

/* The likeliest first; of those that are about as likely the one that may cause the others. */
static int order_by_strength(const void *a, const void *b)
{
    const sl_diagnosis_entry *x = a, *y = b;
    const int late = order_late(x), other_late = order_late(y);
    if (late != other_late)
        return late - other_late;
    const int sure = (int)(4 * x->draft.strength), other = (int)(4 * y->draft.strength);
    const int places = sure != other ? other - sure : x->draft.place - y->draft.place;
    return places ? places : strcmp(x->draft.kind->name, y->draft.kind->name);
}

static double order_score(const sl_diagnosis_entry *entry)
{
    const sl_draft *draft = &entry->draft;
    if (draft->certain)
        return 10 * draft->strength;
    if (entry->chosen >= 0 && entry->proof.improved) {
        const double gain =
            draft->fix[entry->chosen].proof == SL_TELLS ? draft->strength : fabs(entry->proof.gain);
        return draft->place >= ORDER_SURFACE || draft->fix[entry->chosen].longer ? gain / 4 : gain;
    }
    return -1 + draft->strength;
}

static void order_level(sl_diagnosis_entry *entry)
{
    const sl_draft *draft = &entry->draft;
    const sl_fix *fix = entry->chosen >= 0 ? &draft->fix[entry->chosen] : NULL;
    /* Longer is nearly always a little better, and fewer rows a little worse. */
    const double gain = fix && fix->longer              ? order_longer
                        : fix && fix->proof == SL_TELLS ? order_fewer
                                                        : SL_PROOF_GAIN;
    const bool proved = fix && entry->proof.improved && fabs(entry->proof.gain) >= gain &&
                        draft->strength >= SL_DRAFT_SUSPECT;
    entry->note = !(draft->certain || proved);
}

/* The largest score first; among those that are nearly as large the one that causes the others. */
/* Do both mend it by the same settings, to other values? Then it is one thing, however much each gains. */
static bool order_same_remedy(const sl_diagnosis_entry *a, const sl_diagnosis_entry *b)
{
    if (a->chosen < 0 || b->chosen < 0 || !a->proof.improved || !b->proof.improved)
        return false;
    const sl_fix *x = &a->draft.fix[a->chosen], *y = &b->draft.fix[b->chosen];
    bool same = x->changes == y->changes && x->proof == y->proof;
    for (int i = 0; i < x->changes && same; i++)
        same =
            !strcmp(x->change[i].setting, y->change[i].setting) && strcmp(x->change[i].setting, "net") != 0;
    return same;
}

/* Of those from `from` on: the largest score, or what stands before it in the chain of causes. */
static int order_next(const sl_diagnosis_entry *entry, int from, int count)
{
    bool fault = false;
    int top = -1;
    for (int j = from; j < count; j++)
        fault = fault || !entry[j].note;
    for (int j = from; j < count; j++)
        if (!entry[j].note == fault && (top < 0 || order_score(&entry[j]) > order_score(&entry[top])))
            top = j;
    const double most = order_score(&entry[top]);
    int first = top;
    for (int j = from; j < count; j++) {
        const double score = order_score(&entry[j]);
        const bool alike =
            score >= (most > 0 ? order_alike * most : most) || order_same_remedy(&entry[j], &entry[top]);
        if (!entry[j].note == fault && alike && entry[j].draft.place < entry[first].draft.place)
            first = j;
    }
    return first;
}

void sl_diagnosis_rank(sl_diagnosis_entry *entry, int count)
{
    for (int i = 0; i < count; i++)
        order_level(&entry[i]);
    for (int i = 0; i < count; i++) {
        const int first = order_next(entry, i, count);
        const sl_diagnosis_entry taken = entry[first];
        memmove(&entry[i + 1], &entry[i], (size_t)(first - i) * sizeof taken);
        entry[i] = taken;
    }
}

void sl_diagnosis_line_up(sl_diagnosis_entry *entry, int count)
{
    sl_sort(entry, (size_t)count, sizeof *entry, order_by_strength);
}
