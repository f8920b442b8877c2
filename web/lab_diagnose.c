/* lab_diagnose.c - see lab.h: what is wrong with the settings as they are, what mends it; trainings that are
 * broken in a known way. */
#include "lab.h"

#include <math.h>
#include <string.h>

/* JSON knows no infinity, but every reader takes a number that is too large for one. */
static void mend_number(sl_text *j, bool *first, const char *key, double value)
{
    sl_json_key(j, first, key);
    if (value == value && value - value != 0)
        sl_text_put(j, value > 0 ? "1e999" : "-1e999");
    else
        sl_json_put_number(j, value);
}

static void mend_bool(sl_text *j, bool *first, const char *key, bool value)
{
    sl_json_key(j, first, key);
    sl_json_put_bool(j, value);
}

static void mend_settings(sl_text *j, bool *first, const char *key, const sl_run_options *options)
{
    bool none = true;
    sl_json_key(j, first, key);
    sl_text_put(j, "{");
    sl_settings_put(j, &none, options);
    sl_text_put(j, "}");
}

static void mend_facts(const sl_diagnosis *d, int index, sl_text *j)
{
    const char *name, *wanted;
    double value;
    for (int i = 0; sl_diagnosis_fact(d, index, i, &name, &value, &wanted); i++) {
        bool first = true;
        sl_text_put(j, i ? ", {" : "{");
        lab_put_text(j, &first, "name", name);
        mend_number(j, &first, "value", value);
        lab_put_text(j, &first, "wanted", wanted);
        sl_text_put(j, "}");
    }
}

static void mend_findings(sl_diagnosis *d, sl_text *j)
{
    sl_finding f;
    for (int i = 0; sl_diagnosis_at(d, i, &f); i++) {
        const sl_run_options *fixed = sl_diagnosis_fixed(d, i);
        bool first = true;
        sl_text_put(j, i ? ", {" : "{");
        lab_put_text(j, &first, "name", f.name);
        mend_bool(j, &first, "note", f.note);
        lab_put_text(j, &first, "sentence", f.sentence);
        lab_put_text(j, &first, "otherwise", f.otherwise);
        lab_put_text(j, &first, "advice", f.advice);
        lab_put_text(j, &first, "fix", f.fix);
        mend_bool(j, &first, "tells", f.tells);
        mend_bool(j, &first, "proved", f.proved);
        mend_bool(j, &first, "tried", f.tried);
        lab_put_text(j, &first, "measure", f.measure);
        mend_number(j, &first, "before", f.before);
        mend_number(j, &first, "after", f.after);
        sl_text_add(j, ", \"epochs\": %zu, \"epochsBefore\": %zu", f.epochs, f.epochs_before);
        mend_number(j, &first, "sure", f.sure);
        if (fixed)
            mend_settings(j, &first, "fixed", fixed);
        sl_json_key(j, &first, "facts");
        sl_text_put(j, "[");
        mend_facts(d, i, j);
        sl_text_put(j, "]}");
    }
}

static void mend_checks(const sl_diagnosis *d, sl_text *j)
{
    sl_precheck check;
    for (int i = 0; sl_diagnosis_check_at(d, i, &check); i++) {
        bool first = true;
        sl_text_put(j, i ? ", {" : "{");
        lab_put_text(j, &first, "name", check.name);
        mend_number(j, &first, "value", check.value);
        lab_put_text(j, &first, "wanted", check.wanted);
        mend_bool(j, &first, "ok", check.ok);
        lab_put_text(j, &first, "finding", check.finding);
        lab_put_text(j, &first, "sentence", check.sentence);
        sl_text_put(j, "}");
    }
}

/* Where no rows validate, those kept for tests do. */
static const char *mend_judge(const lab *l, sl_run_options *options)
{
    double share;
    if (l->run->trainer->validation)
        return "validation";
    if (!l->run->test)
        return "train";
    options->test_validates = !options->test || sl_number_parse(options->test, &share);
    if (!options->test_validates) { /* rows of their own */
        sl_setting_set(l->ctx, options, "validation", options->test);
        sl_setting_set(l->ctx, options, "test", "");
    }
    return "test";
}

sl_status lab_diagnose(lab *l, int epochs, double budget)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    if (epochs < 1 || !(budget >= 0 && budget <= 1000))
        return lab_refuse(l, "a diagnosis wants 1 epoch or more, and a budget from 0 to 1,000 trainings");
    sl_run_options options;
    sl_settings_copy(l->ctx, &options, &l->asked);
    options.epochs = epochs;
    options.steps = 0;
    const char *judge = mend_judge(l, &options);
    sl_diagnosis *d = sl_diagnose(
        l->ctx, &(sl_diagnose_options){ .options = &options, .budget = budget, .precheck = !(budget > 0) });
    sl_text *j = lab_begin(l);
    bool first = true;
    sl_text_put(j, "{");
    lab_put_text(j, &first, "judge", judge);
    mend_bool(j, &first, "complete", sl_diagnosis_complete(d));
    lab_put_text(j, &first, "remarks", sl_diagnosis_remarks(d));
    mend_settings(j, &first, "asked", &options);
    sl_text_put(j, ", \"findings\": [");
    mend_findings(d, j);
    sl_text_put(j, "], \"checks\": [");
    mend_checks(d, j);
    sl_text_put(j, "]}");
    sl_diagnosis_free(d);
    sl_settings_free(l->ctx, &options);
    return lab_say(l, SL_OK);
}

/* --- broken runs to be solved --------------------------------------------------------------------------- */

static void mend_kinds(sl_text *j)
{
    const char *name;
    bool healthy;
    sl_text_put(j, "[");
    for (int i = 0; (name = sl_setup_at(i, &healthy)); i++) {
        bool first = true;
        sl_text_put(j, i ? ", {" : "{");
        lab_put_text(j, &first, "name", name);
        mend_bool(j, &first, "healthy", healthy);
        sl_text_put(j, "}");
    }
    sl_text_put(j, "]");
}

sl_status lab_broken(lab *l, int index, double seed)
{
    if (index < 0) {
        mend_kinds(lab_begin(l));
        return l->own->status ? lab_say(l, SL_ENOMEM) : SL_OK;
    }
    if (!(seed >= 1 && seed <= 1e15))
        return lab_refuse(l, "the seed of a broken run wants a number from 1 to 1e15");
    sl_ctx *ctx = sl_ctx_new(NULL); /* whose texts the options borrow */
    if (!ctx)
        return lab_refuse(l, "the memory is full");
    sl_run_options options;
    const sl_status status = sl_setup_draw(ctx, index, (uint64_t)seed, &options);
    bool first = true;
    sl_text *j = lab_begin(l);
    if (status) {
        sl_text_put(j, sl_message(ctx));
    } else {
        sl_text_put(j, "{");
        lab_put_text(j, &first, "name", sl_setup_at(index, NULL));
        mend_settings(j, &first, "settings", &options);
        sl_text_put(j, "}");
    }
    sl_ctx_free(ctx);
    return status;
}
