/* Real trainings: the findings about data, length and regularisation are silent on healthy ones, and name the
 * cause of broken ones. */
#include "finding_data.h"

/* A real, small training: its data, model, history and outcome. */
static sl_run *facts_train(facts_case *f, sl_run_options options)
{
    *f = (facts_case){ .ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 2 }), .options = options };
    f->options.keep_nothing = true;
    sl_run *run = sl_run_new(f->ctx, &f->options);
    if (!run || sl_run_train(run))
        print_error("%s\n", sl_message(f->ctx));
    assert_int_equal(sl_error(f->ctx), SL_OK);
    const sl_report *h = sl_run_history(run);
    const sl_trainer *t = run->trainer;
    f->c = (sl_case){ .ctx = f->ctx,
                      .options = &f->options,
                      .run = run,
                      .model = run->model,
                      .train = t->train,
                      .validation = t->validation,
                      .classes = run->classes,
                      .batch = t->batch,
                      .steps_an_epoch = t->steps_an_epoch,
                      .history = h };
    const size_t last = (size_t)sl_report_rows(h);
    sl_outcome *o = &f->c.outcome;
    o->epoch = last;
    o->step = t->steps;
    o->best = INFINITY;
    for (size_t e = 1; e <= last; e++)
        if (sl_case_judged(&f->c, e) < o->best) {
            o->best = sl_case_judged(&f->c, e);
            o->train_best = sl_case_epoch(&f->c, "train_loss", e);
            o->metric =
                sl_case_epoch(&f->c,
                              f->c.validation ? run->classes ? "validation_accuracy" : "validation_rmse"
                              : run->classes  ? "train_accuracy"
                                              : "train_rmse",
                              e);
        }
    o->last = sl_case_judged(&f->c, last);
    o->train_last = sl_case_epoch(&f->c, "train_loss", last);
    assert_int_equal(sl_data_look_take(&f->c), SL_OK);
    return run;
}

static void facts_train_healthy(sl_run_options options)
{
    facts_case f;
    sl_run *run = facts_train(&f, options);
    facts_healthy(&f);
    sl_run_free(run);
    facts_close(&f);
}

static void real_healthy_trainings_are_not_accused(void **state)
{
    (void)state;
    const sl_optimizer adam = { .lr = (sl_real)0.01 };
    facts_train_healthy((sl_run_options){
        .data = "builtin:gauss?rows=400&noise=0.5", .net = "8 relu", .epochs = 40, .optimizer = adam });
    facts_train_healthy((sl_run_options){
        .data = "builtin:gauss?rows=400&noise=0.1", .net = "8 relu", .epochs = 40, .optimizer = adam });
    facts_train_healthy((sl_run_options){
        .data = "builtin:moons?rows=400&noise=0.2", .net = "16 relu", .epochs = 80, .optimizer = adam });
    facts_train_healthy((sl_run_options){
        .data = "builtin:circle?rows=400&noise=0.2", .net = "16 relu", .epochs = 80, .optimizer = adam });
    facts_train_healthy((sl_run_options){
        .data = "builtin:quadrants?rows=400", .net = "16 relu", .epochs = 80, .optimizer = adam });
    facts_train_healthy((sl_run_options){
        .data = "builtin:spiral?rows=500", .net = "32 relu, 32 relu", .epochs = 100, .optimizer = adam });
    facts_train_healthy((sl_run_options){
        .data = "builtin:plane?rows=400", .net = "8 relu", .epochs = 60, .optimizer = adam });
    facts_train_healthy((sl_run_options){ .data = "builtin:line", .epochs = 100, .optimizer = adam });
    facts_train_healthy((sl_run_options){
        .data = "builtin:xor", .net = "8 tanh", .epochs = 400, .batch = 4, .optimizer = adam });
    facts_train_healthy((sl_run_options){
        .data = "builtin:gauss?rows=40&noise=0.2", .net = "8 relu", .epochs = 100, .optimizer = adam });
}

/* The strength of this finding about a real training, in percent. */
static int facts_trained(const char *name, sl_run_options options)
{
    facts_case f;
    sl_run *run = facts_train(&f, options);
    const sl_draft draft = facts_look(&f, name);
    const int percent = (int)(draft.strength * 100);
    sl_run_free(run);
    facts_close(&f);
    return percent;
}

static void real_broken_trainings_are_named(void **state)
{
    (void)state;
    sl_run_options o = { .data = "builtin:spiral?rows=500", .net = "32 relu, 32 relu", .epochs = 40 };
    o.optimizer.lr = (sl_real)0.01;
    o.optimizer.decay = (sl_real)0.3;
    assert_true(facts_trained("over_regularised", o) >= 50);
    o.optimizer.decay = 0;
    o.net = "2 relu";
    o.epochs = 100;
    assert_true(facts_trained("underfitting", o) >= 50);
    o.net = "16 relu";
    o.loss = "mean_squared"; /* refused by itself; as a task it is not */
    o.task = "regression";
    assert_true(facts_trained("wrong_loss", o) >= 50);
    o.loss = NULL;
    assert_true(facts_trained("wrong_loss", o) >= 50);
    o.task = NULL;
    o.net = "64 relu, 64 relu";
    o.epochs = 400;
    o.patience = -1;
    o.data = "builtin:moons?rows=120&noise=0.5";
    o.validation = "0.4";
    assert_true(facts_trained("overfitting", o) >= 30);
    o = (sl_run_options){ .data = "builtin:gauss?rows=400&noise=0.5", .net = "8 relu", .epochs = 4 };
    o.optimizer.lr = (sl_real)0.003;
    assert_true(facts_trained("stopped_too_early", o) >= 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_healthy_trainings_are_not_accused),
        cmocka_unit_test(real_broken_trainings_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
