/* resume_test.c - a training stopped, or finished, and continued from its checkpoint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "slope.h"

#define RESUME_FILE "resume_test.tmp.safetensors"

static const char *resume_data = "builtin:moons?rows=300&noise=0.2";

typedef struct {
    size_t stop_at; /* step; 0: never */
} resume_stop;

static sl_status resume_on_step(void *user, const sl_progress *progress)
{
    const resume_stop *stop = user;
    return stop->stop_at && progress->step >= stop->stop_at ? SL_ESTOPPED : SL_OK;
}

static sl_model *resume_model(sl_ctx *ctx)
{
    sl_model *model = sl_model_parse(ctx, "12 relu, dropout 0.2, 6 tanh, 1");
    sl_compile(model, .loss = "bce", .optimizer = sl_adamw(.lr = (sl_real)0.01));
    return model;
}

/* One sitting; returns the digest of the best weights and, in *last_loss, the history's end. */
static uint64_t resume_sitting(size_t stop_at, bool resume, sl_status *status, double *last_loss)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 5 });
    sl_model *model = resume_model(ctx);
    resume_stop stop = { stop_at };
    sl_report *report =
        sl_fit(model, sl_data_open(ctx, resume_data, NULL), .epochs = 9, .batch = 16,
               .checkpoint = RESUME_FILE, .resume = resume, .on_step = resume_on_step, .user = &stop);
    *status = sl_error(ctx);
    if (*status && *status != SL_ESTOPPED)
        fail_msg("%s", sl_message(ctx));
    assert_non_null(report);
    *last_loss = sl_report_last(report, "train_loss");
    if (!*status)
        assert_int_equal(sl_report_rows(report), 9);
    const uint64_t digest = sl_model_digest(model);
    sl_ctx_free(ctx);
    return digest;
}

static void U18_stopped_and_continued_ends_in_the_same_bits(void **state)
{
    (void)state;
    sl_status status;
    double want_loss, loss;
    const uint64_t want = resume_sitting(0, false, &status, &want_loss);
    assert_int_equal(status, SL_OK);
    uint64_t random = 88172645463325252u;
    for (int round = 0; round < 20; round++) {
        remove(RESUME_FILE);
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        size_t stop_at = 1 + random % 152; /* 17 steps an epoch, 9 epochs */
        resume_sitting(stop_at, false, &status, &loss);
        assert_int_equal(status, SL_ESTOPPED);
        resume_sitting(stop_at + 1 + random / 1000 % 20, true, &status, &loss); /* a second stop */
        const uint64_t digest = resume_sitting(0, true, &status, &loss);
        assert_int_equal(status, SL_OK);
        assert_true(loss == want_loss);
        assert_true(digest == want);
    }
    remove(RESUME_FILE);
}

/* Trains `net` from RESUME_FILE on. */
static sl_report *resume_continue(sl_ctx *ctx, const char *net, int epochs)
{
    sl_model *model = sl_model_parse(ctx, net);
    sl_compile(model, .loss = "bce", .optimizer = sl_adamw(.lr = (sl_real)0.01));
    return sl_fit(model, sl_data_open(ctx, resume_data, NULL), .epochs = epochs, .batch = 16,
                  .checkpoint = RESUME_FILE, .resume = true);
}

static void a_finished_training_goes_on_when_more_epochs_are_wanted(void **state)
{
    (void)state;
    static const char net[] = "12 relu, dropout 0.2, 6 tanh, 1";
    sl_status status;
    double loss;
    remove(RESUME_FILE);
    const uint64_t whole = resume_sitting(0, false, &status, &loss);
    remove(RESUME_FILE);
    uint64_t digest = 0;
    for (int epochs = 4; epochs <= 9; epochs += 5) {
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 5 });
        sl_model *model = resume_model(ctx);
        sl_report *report = sl_fit(model, sl_data_open(ctx, resume_data, NULL), .epochs = epochs, .batch = 16,
                                   .checkpoint = RESUME_FILE, .resume = true);
        assert_int_equal(sl_report_rows(report), epochs);
        digest = sl_model_digest(model);
        assert_int_equal(sl_report_rows(resume_continue(ctx, net, epochs)),
                         epochs); /* nothing more is wanted */
        sl_ctx_free(ctx);
    }
    assert_int_equal(digest, whole);
    remove(RESUME_FILE);
}

static void another_net_cannot_continue(void **state)
{
    (void)state;
    static const char *const others[] = { "12 tanh, dropout 0.2, 6 tanh, 1",
                                          "12 relu, dropout 0.3, 6 tanh, 1",
                                          "12 relu, 6 tanh, dropout 0.2, 1",
                                          "12 relu, dropout 0.2, 6 tanh, dropout 0.2, 1",
                                          "12 relu freeze=yes, dropout 0.2, 6 tanh, 1",
                                          "12 relu, dropout 0.2, 6 tanh lr_scale=0.5, 1",
                                          "12 relu, dropout 0.2, 6 tanh, 1 decay=0.5" };
    sl_status status;
    double loss;
    remove(RESUME_FILE);
    resume_sitting(20, false, &status, &loss);
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 5 });
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_null(resume_continue(ctx, others[i], 9));
        assert_int_equal(sl_error(ctx), SL_EINVAL);
        sl_clear(ctx);
    }
    sl_report *report = resume_continue(ctx, "12 relu, dropout 0.2, 6 tanh, 1", 9);
    assert_int_equal(sl_report_rows(report), 9);
    sl_ctx_free(ctx);
    remove(RESUME_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(U18_stopped_and_continued_ends_in_the_same_bits),
        cmocka_unit_test(a_finished_training_goes_on_when_more_epochs_are_wanted),
        cmocka_unit_test(another_net_cannot_continue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
