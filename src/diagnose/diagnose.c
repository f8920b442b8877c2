/* diagnose.c - see slope.h: drafts of all findings, proofs as far as the budget goes, and their order. */
#include "diagnose/order.h"
#include "core/digest.h"
#include "core/os.h"

#include <math.h>
#include <string.h>

enum { DIAGNOSE_MOST = 64 };

struct sl_diagnosis {
    sl_ctx *ctx;
    sl_case *c;
    sl_diagnosis_entry *entry; /* [count] in the order that is shown */
    int count;
    sl_text remarks;
    bool complete;
};

/* --- from a folder -------------------------------------------------------------------------------------- */

static sl_case *diagnose_open_run(sl_ctx *ctx, const sl_diagnose_options *o)
{
    sl_case *c = NULL;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    const sl_json *json = sl_run_json(ctx, &arena, o->run);
    sl_run *run = json ? sl_run_make(ctx) : NULL;
    if (run) {
        run->folder = sl_strdup(ctx, o->run);
        if (!ctx->status && !sl_run_take_settings(run, json, NULL))
            c = sl_case_new(ctx, &run->options, o->run, o->precheck, o->seconds);
    }
    sl_run_free(run);
    sl_arena_free(&arena);
    return c;
}

/* --- drafts --------------------------------------------------------------------------------------------- */

static void diagnose_free_draft(sl_draft *draft)
{
    sl_text_free(&draft->sentence);
    sl_text_free(&draft->otherwise);
    sl_text_free(&draft->advice);
}

static sl_status diagnose_drafts(sl_diagnosis *d)
{
    sl_ctx *ctx = d->ctx;
    d->entry = sl_alloc_array(ctx, DIAGNOSE_MOST, sizeof *d->entry);
    for (size_t i = 0; d->entry && sl_finding_at(i) && d->count < DIAGNOSE_MOST && !ctx->status; i++) {
        sl_diagnosis_entry *entry = &d->entry[d->count];
        const sl_finding_kind *kind = sl_finding_at(i);
        *entry = (sl_diagnosis_entry){ .chosen = -1, .draft = { .kind = kind, .place = kind->place } };
        sl_text_init(&entry->draft.sentence, ctx);
        sl_text_init(&entry->draft.otherwise, ctx);
        sl_text_init(&entry->draft.advice, ctx);
        kind->look(d->c, &entry->draft);
        if (entry->draft.strength >= SL_DRAFT_LEAST && !ctx->status)
            d->count++;
        else
            diagnose_free_draft(&entry->draft);
    }
    return ctx->status;
}

/* --- proofs --------------------------------------------------------------------------------------------- */

static void diagnose_put_fix(const sl_diagnosis *d, sl_diagnosis_entry *entry, const sl_fix *fix)
{
    sl_fix_words(fix, d->c->options, entry->fix, sizeof entry->fix);
}

typedef struct {
    double left;  /* of the training's own work */
    double until; /* on the clock; 0: any */
    int skipped;
} diagnose_budget;

static bool diagnose_over(const diagnose_budget *budget)
{
    return budget->until > 0 ? sl_os_seconds() >= budget->until : budget->left <= 0;
}

static bool diagnose_same_fix(const sl_fix *a, const sl_fix *b)
{
    bool same = a->changes == b->changes && a->proof == b->proof && a->by == b->by && a->longer == b->longer;
    for (int i = 0; i < a->changes && same; i++)
        same = !strcmp(a->change[i].setting, b->change[i].setting) &&
               !strcmp(a->change[i].text, b->change[i].text);
    return same;
}

/* Another finding's proof of the same change; NULL. */
static const sl_proof *diagnose_known(const sl_diagnosis *d, const sl_diagnosis_entry *entry,
                                      const sl_fix *fix)
{
    for (int i = 0; i < d->count; i++) {
        const sl_diagnosis_entry *other = &d->entry[i];
        if (other != entry && other->proof.done && diagnose_same_fix(&other->draft.fix[other->chosen], fix))
            return &other->proof;
    }
    return NULL;
}

/* What was proved for others may be the better fix of this one. */
static void diagnose_adopt(sl_diagnosis *d)
{
    for (int i = 0; i < d->count; i++) {
        sl_diagnosis_entry *entry = &d->entry[i];
        for (int j = 0; j < entry->draft.fixes; j++) {
            const sl_proof *known = diagnose_known(d, entry, &entry->draft.fix[j]);
            if (!known || !known->improved || entry->draft.fix[j].proof != SL_MENDS ||
                (entry->proof.improved && entry->proof.gain >= known->gain))
                continue;
            entry->proof = *known;
            entry->chosen = j;
            diagnose_put_fix(d, entry, &entry->draft.fix[j]);
        }
    }
}

static sl_status diagnose_prove(sl_diagnosis *d, sl_diagnosis_entry *entry, diagnose_budget *budget)
{
    const sl_draft *draft = &entry->draft;
    if (draft->fixes) {
        entry->chosen = 0;
        diagnose_put_fix(d, entry, &draft->fix[0]);
    }
    for (int i = 0; i < draft->fixes && !d->ctx->status; i++) {
        sl_proof proof;
        if (diagnose_over(budget) && !diagnose_known(d, entry, &draft->fix[i])) {
            budget->skipped += i == 0;
            break;
        }
        const double most = budget->until > 0 ? 1e9 : budget->left;
        const sl_proof *known = diagnose_known(d, entry, &draft->fix[i]);
        if (known)
            proof = *known;
        else if (sl_prove(d->c, &draft->fix[i], most, budget->until, &proof))
            break;
        budget->left -= known ? 0 : proof.work;
        if (!proof.done) {
            budget->skipped += i == 0;
            continue;
        }
        const bool better = !entry->proof.done || (proof.improved && !entry->proof.improved) ||
                            (proof.improved == entry->proof.improved && proof.gain > entry->proof.gain);
        if (better) {
            entry->proof = proof;
            entry->chosen = i;
            diagnose_put_fix(d, entry, &draft->fix[i]);
        }
        if (proof.improved && fabs(proof.gain) >= SL_PROOF_GAIN)
            break;
    }
    return d->ctx->status;
}

/* --- all of it ------------------------------------------------------------------------------------------ */

static void diagnose_remarks(sl_diagnosis *d, const diagnose_budget *budget)
{
    sl_case *c = d->c;
    const sl_outcome *o = &c->outcome;
    sl_text *text = &d->remarks;
    if (c->refused) {
        sl_text_add(text, "refused before the first step: %s\n", c->message);
        return;
    }
    if (c->stands)
        sl_text_add(text, "the run %s; it is looked at %s\n", c->stands,
                    c->until ? "up to the last epoch that it has" : "before its first step: it has no epoch");
    if (!sl_case_is_run(c))
        sl_text_put(text,
                    "the repetition ends otherwise than the run did, which another version or build made: "
                    "what is said here holds for the repetition\n");
    if (!c->history)
        sl_text_put(text, "nothing was trained: this is what can be seen before the first step\n");
    else if (o->diverged)
        sl_text_add(text, "the training broke: %s\n", c->message);
    else if (c->cut)
        sl_text_add(text, "the time ended the training behind step %zu of %zu: %s\n", o->step, c->planned,
                    o->epoch ? "what comes later is not seen"
                             : "no epoch was finished, so nothing can be proved; --budget allows more");
    else
        sl_text_add(text, "the training took %zu step%s in %zu epoch%s; best %s loss %s, last %s\n", o->step,
                    o->step == 1 ? "" : "s", o->epoch, o->epoch == 1 ? "" : "s",
                    c->validation ? "validation" : "train", sl_case_number(c, o->best),
                    sl_case_number(c, o->last));
    if (budget->skipped)
        sl_text_add(text, "%d proof%s skipped: the budget is used up; --budget allows more\n",
                    budget->skipped, budget->skipped == 1 ? " was" : "s were");
}

static sl_status diagnose_all(sl_diagnosis *d, const sl_diagnose_options *o, double began)
{
    diagnose_budget budget = { .left = o->budget > 0 ? o->budget : 2,
                               .until = o->seconds > 0 ? began + o->seconds : 0 };
    if (diagnose_drafts(d))
        return d->ctx->status;
    if (d->c->refused && !d->count)
        return sl_fail(d->ctx, SL_EINVAL, "%s", d->c->message);
    sl_diagnosis_line_up(d->entry, d->count);
    /* Without a training there is nothing to compare another one with. */
    for (int i = 0; i < d->count && d->c->history && !d->c->refused && !d->ctx->status; i++)
        if (d->entry[i].draft.strength >= SL_DRAFT_SUSPECT)
            diagnose_prove(d, &d->entry[i], &budget);
    diagnose_adopt(d);
    for (int i = 0; i < d->count; i++) {
        if (d->entry[i].chosen < 0 && d->entry[i].draft.fixes) {
            d->entry[i].chosen = 0;
            diagnose_put_fix(d, &d->entry[i], &d->entry[i].draft.fix[0]);
        }
    }
    d->complete = !budget.skipped && !d->c->cut;
    sl_diagnosis_rank(d->entry, d->count);
    diagnose_remarks(d, &budget);
    return d->ctx->status;
}

sl_diagnosis *sl_diagnose(sl_ctx *ctx, const sl_diagnose_options *options)
{
    if (!ctx || ctx->status)
        return NULL;
    if (!options || !options->run == !options->options) {
        sl_fail(ctx, SL_EINVAL, "sl_diagnose: wants either a run or the options of a training");
        return NULL;
    }
    sl_diagnosis *d = sl_alloc(ctx, sizeof *d);
    if (!d)
        return NULL;
    const double began = sl_os_seconds();
    /* The rest of the time is for two proofs, or more that end early. */
    const double seconds = options->seconds / 3;
    d->ctx = ctx;
    sl_text_init(&d->remarks, ctx);
    sl_diagnose_options o = *options;
    o.seconds = seconds;
    d->c = o.run ? diagnose_open_run(ctx, &o) : sl_case_new(ctx, o.options, NULL, o.precheck, seconds);
    if (d->c)
        diagnose_all(d, options, began);
    if (d->c && !ctx->status)
        return d;
    sl_diagnosis_free(d);
    return NULL;
}

void sl_diagnosis_free(sl_diagnosis *d)
{
    if (!d)
        return;
    for (int i = 0; i < d->count; i++) {
        diagnose_free_draft(&d->entry[i].draft);
        if (d->entry[i].fixed_made)
            sl_settings_free(d->ctx, &d->entry[i].fixed);
    }
    sl_free(d->ctx, d->entry);
    sl_text_free(&d->remarks);
    sl_case_free(d->c);
    sl_free(d->ctx, d);
}

/* --- what is asked for ---------------------------------------------------------------------------------- */

static const char *diagnose_measure(const sl_diagnosis_entry *entry, int classes)
{
    const bool seen = entry->proof.seen;
    switch (entry->proof.by) {
    case SL_BY_LAST:
        return seen ? "validation loss of the last epoch" : "train loss of the last epoch";
    case SL_BY_CLASS:
        return seen ? "validation loss, classes counting alike" : "train loss, classes counting alike";
    case SL_BY_METRIC:
        return classes ? seen ? "validation error" : "train error" : seen ? "validation rmse" : "train rmse";
    default:
        return seen ? "validation loss" : "train loss";
    }
}

bool sl_diagnosis_at(const sl_diagnosis *d, int index, sl_finding *finding)
{
    if (!d || index < 0 || index >= d->count)
        return false;
    if (!finding)
        return true;
    const sl_diagnosis_entry *entry = &d->entry[index];
    const sl_draft *draft = &entry->draft;
    const sl_proof *proof = &entry->proof;
    *finding = (sl_finding){
        .name = draft->kind->name,
        .note = entry->note,
        .sentence = sl_text_string(&draft->sentence),
        .otherwise = sl_text_string(&draft->otherwise),
        .advice = sl_text_string(&draft->advice),
        .fix = entry->fix,
        .tells = entry->chosen >= 0 && draft->fix[entry->chosen].proof == SL_TELLS,
        .proved = proof->done && proof->improved,
        .tried = proof->done,
        .measure = diagnose_measure(entry, d->c->classes),
        .before = proof->done ? proof->before : (double)NAN,
        .after = proof->done ? proof->after : (double)NAN,
        .epochs = proof->epochs,
        .epochs_before = proof->epochs_before,
        .sure = proof->done ? proof->sure : (double)NAN,
        .facts = draft->facts,
    };
    return true;
}

bool sl_diagnosis_fact(const sl_diagnosis *d, int index, int fact, const char **name, double *value,
                       const char **wanted)
{
    if (!d || index < 0 || index >= d->count || fact < 0 || fact >= d->entry[index].draft.facts)
        return false;
    const sl_fact *f = &d->entry[index].draft.fact[fact];
    if (name)
        *name = f->name;
    if (value)
        *value = f->value;
    if (wanted)
        *wanted = f->wanted;
    return true;
}

const sl_case *sl_diagnosis_case(const sl_diagnosis *d)
{
    return d ? d->c : NULL;
}

const char *sl_diagnosis_remarks(const sl_diagnosis *d)
{
    return d ? sl_text_string(&d->remarks) : "";
}

bool sl_diagnosis_complete(const sl_diagnosis *d)
{
    return d && d->complete;
}

const sl_run_options *sl_diagnosis_fixed(sl_diagnosis *d, int index)
{
    if (!d || index < 0 || index >= d->count || d->entry[index].chosen < 0)
        return NULL;
    sl_diagnosis_entry *entry = &d->entry[index];
    const sl_fix *fix = &entry->draft.fix[entry->chosen];
    if (fix->proof == SL_TELLS)
        return NULL;
    if (!entry->fixed_made && sl_fix_apply(d->ctx, d->c->options, fix, &entry->fixed)) {
        sl_settings_free(d->ctx, &entry->fixed);
    } else if (!entry->fixed_made) {
        entry->fixed_made = true;
        entry->fixed.on_step = NULL;
        entry->fixed.on_epoch = NULL;
        entry->fixed.user = NULL;
        entry->fixed.keep_nothing = false;
    }
    return entry->fixed_made ? &entry->fixed : NULL;
}
