/* finding_data.h - cases for tests of the findings about data: rows by hand with a net that is not trained,
 * courses of training as straight lines. For tests only. */
#ifndef TESTS_FINDING_DATA_H
#define TESTS_FINDING_DATA_H

#include "diagnose/diagnose.h"
#include "engine.h"

typedef struct {
    sl_ctx *ctx;
    sl_run_options options;
    sl_model *model;
    sl_data *data, *validation;
    sl_report *history;
    sl_case c;
} facts_case;

/* x [rows, inputs], y [rows]; classes 0: numbers. A net of one hidden layer, not trained. */
static inline void facts_open(facts_case *f, size_t rows, size_t inputs, const sl_real *x, const sl_real *y,
                              int classes)
{
    *f = (facts_case){ .ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 1 }) };
    sl_tensor *tx = sl_tensor_new(f->ctx, (sl_shape){ 2, { (int)rows, (int)inputs } }, x),
              *ty = sl_tensor_new(f->ctx, (sl_shape){ 1, { (int)rows } }, y);
    assert_non_null(ty);
    f->data = sl_data_from(f->ctx, tx, ty);
    assert_non_null(f->data);
    f->data->classes = classes;
    f->model = sl_sequential(f->ctx, sl_dense(.units = 8, .activation = "relu"),
                             sl_dense(.units = classes > 2 ? classes : 1));
    assert_int_equal(sl_compile(f->model, .loss = classes > 2    ? "cross_entropy"
                                                  : classes == 2 ? "binary_cross_entropy"
                                                                 : "mean_squared"),
                     SL_OK);
    assert_int_equal(sl_model_build(f->model, (sl_shape){ 1, { (int)inputs } }), SL_OK);
    f->options.net = "8 relu";
    f->c = (sl_case){ .ctx = f->ctx,
                      .options = &f->options,
                      .model = f->model,
                      .train = f->data,
                      .validation = f->data,
                      .classes = classes,
                      .lr = 1e-3,
                      .batch = 32,
                      .steps_an_epoch = (rows + 31) / 32,
                      .outcome = { .epoch = 20, .step = 20 * ((rows + 31) / 32) } };
    if (sl_data_look_take(&f->c))
        print_error("%s\n", sl_message(f->ctx));
    assert_int_equal(sl_error(f->ctx), SL_OK);
}

static inline void facts_close(facts_case *f)
{
    sl_ctx_free(f->ctx);
}

/* So many epochs, both losses along a straight line. */
static inline void facts_history(facts_case *f, int epochs, double train_from, double train_to, double from,
                                 double to)
{
    f->history = sl_report_new(f->ctx);
    sl_report_add_column(f->history, "train_loss");
    sl_report_add_column(f->history, "validation_loss");
    double best = INFINITY;
    for (int i = 0; i < epochs; i++) {
        const double part = (double)i / (epochs - 1),
                     row[2] = { train_from + part * (train_to - train_from), from + part * (to - from) };
        sl_report_add_row(f->history, row);
        if (row[1] < best) {
            best = row[1];
            f->c.outcome.best = best;
            f->c.outcome.train_best = row[0];
        }
    }
    f->c.history = f->history;
    f->c.outcome.epoch = (size_t)epochs;
    f->c.outcome.last = to;
    f->c.outcome.train_last = train_to;
}

static inline sl_draft facts_look(facts_case *f, const char *name)
{
    sl_draft draft = { 0 };
    sl_text_init(&draft.sentence, f->ctx);
    sl_text_init(&draft.otherwise, f->ctx);
    sl_text_init(&draft.advice, f->ctx);
    const sl_finding_kind *kind;
    for (size_t i = 0; (kind = sl_finding_at(i)); i++)
        if (!strcmp(kind->name, name)) {
            draft.kind = kind;
            kind->look(&f->c, &draft);
            if (draft.strength > 0) {
                assert_true(draft.facts > 0 || draft.certain);
                assert_true(*sl_text_string(&draft.sentence) && *sl_text_string(&draft.otherwise));
            }
            assert_int_equal(sl_error(f->ctx), SL_OK);
            return draft;
        }
    fail_msg("no finding %s", name);
    return draft;
}

static inline bool facts_fixed(const sl_draft *draft, const char *setting, const char *text)
{
    for (int i = 0; i < draft->fixes; i++)
        for (int j = 0; j < draft->fix[i].changes; j++)
            if (!strcmp(draft->fix[i].change[j].setting, setting) &&
                !strcmp(draft->fix[i].change[j].text, text))
                return true;
    return false;
}

/* None of those about data says more than a note. */
static inline void facts_healthy(facts_case *f)
{
    static const char *const names[] = { "class_imbalance",   "label_noise",      "leakage",
                                         "nan_rows",          "over_regularised", "overfitting",
                                         "stopped_too_early", "too_little_data",  "underfitting",
                                         "unscaled_inputs",   "unscaled_target",  "unshuffled_data",
                                         "wrong_loss" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const sl_draft draft = facts_look(f, names[i]);
        if (!(draft.strength < 0.3))
            print_error("%s %d/100: %s\n", names[i], (int)(100 * draft.strength),
                        sl_text_string(&draft.sentence));
        assert_true(draft.strength < 0.3);
    }
}

#endif
