/* Trainings by methods that look at the loss of all rows more than once a step: XOR over seeds, and that
 * threads, interruptions and pieces make no difference. Runs in both builds. */
#include "engine.h"
#include "model/model.h"
#include "optim/optim.h"

static const char *const words[] = { "lbfgs",     "newton", "coordinate_descent", "random_search", "simplex",
                                     "annealing", "genetic" };
enum { WORDS = sizeof words / sizeof *words };

static double train(uint64_t seed, const char *isa, int threads, const char *data, const char *net,
                    const sl_optimizer *optimizer, const sl_fit_options *options, uint64_t *digest)
{
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = seed, .isa = isa });
    assert_fine(ctx);
    assert_int_equal(sl_ctx_crew(ctx, threads), SL_OK);
    sl_model *model = sl_model_parse(ctx, net);
    sl_compile(model, .loss = "bce", .optimizer = *optimizer);
    sl_report *report = sl_model_fit(model, sl_data_open(ctx, data, NULL), options);
    if (sl_error(ctx) != SL_ESTOPPED)
        assert_fine(ctx);
    assert_non_null(report);
    const double loss = sl_report_last(report, "train_loss");
    *digest = sl_model_digest(model);
    sl_ctx_free(ctx);
    return loss;
}

/* The four rows of XOR, 2-4-1 with 17 weights, ten seeds: how many end below 0.01. 10 of 10 would be luck for
 * most: there are places without a way down. */
static void S121_xor_by_every_method(void **unused)
{
    (void)unused;
    static const int steps[WORDS] = { 200, 200, 200, 200, 100, 400, 200 };
    static const int least[WORDS] = { 6, 6, 6, 6, 6, 6, 8 };
    for (size_t i = 0; i < WORDS; i++) {
        int solved = 0;
        for (uint64_t seed = 1; seed <= 10; seed++) {
            uint64_t digest;
            const double loss =
                train(seed, NULL, 1, "builtin:xor", "4 tanh, 1", &(sl_optimizer){ .rule = words[i] },
                      &(sl_fit_options){ .steps = steps[i] }, &digest);
            solved += loss < 0.01;
        }
        print_message("%-20s solves XOR for %d of 10 seeds\n", words[i], solved);
        if (solved < least[i])
            fail_msg("%s solves XOR for %d of 10 seeds, wants %d", words[i], solved, least[i]);
    }
}

static void threads_and_instruction_sets_make_no_difference(void **unused)
{
    (void)unused;
    static const char *const isas[] = { "plain", "avx2", "avx512" };
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t want = 0, digest;
        for (int isa = 0; isa < 3; isa++) {
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .isa = isas[isa] });
            const bool lacks = sl_error(ctx) != SL_OK;
            sl_ctx_free(ctx);
            if (lacks)
                continue;
            for (int threads = 1; threads <= 3; threads++) {
                train(3, isas[isa], threads, "builtin:moons?rows=200", "5 tanh, 1",
                      &(sl_optimizer){ .rule = words[i] }, &(sl_fit_options){ .steps = 4 }, &digest);
                if (isa + threads == 1)
                    want = digest;
                if (digest != want)
                    fail_msg("%s: another result with %s and %d threads", words[i], isas[isa], threads);
            }
        }
    }
}

#define WHOLE_FILE "whole_test" WHOLE_BUILD ".tmp.safetensors"
#ifdef SL_REAL_DOUBLE
#    define WHOLE_BUILD "64"
#else
#    define WHOLE_BUILD ""
#endif

static sl_status stop(void *user, const sl_progress *progress)
{
    const size_t *at = user;
    return progress->step >= *at ? SL_ESTOPPED : SL_OK;
}

static void stopped_and_continued_ends_in_the_same_bits(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < WORDS; i++)
        for (int dropout = 0; dropout <= (i == 0); dropout++) {
            const sl_optimizer optimizer = { .rule = words[i], .decay = (sl_real)1e-4 };
            const char *net = dropout ? "6 tanh, dropout 0.2, 1" : "5 tanh, 1";
            const char *data = "builtin:moons?rows=150&noise=0.2";
            uint64_t want, digest;
            const double loss =
                train(5, NULL, 1, data, net, &optimizer, &(sl_fit_options){ .steps = 14 }, &want);
            for (size_t at = 1; at < 14; at += 4) {
                remove(WHOLE_FILE);
                sl_fit_options options = { .steps = 14, .checkpoint = WHOLE_FILE, .resume = true };
                options.on_step = stop;
                options.user = &at;
                train(5, NULL, 1, data, net, &optimizer, &options, &digest);
                options.on_step = NULL;
                const double again = train(5, NULL, 2, data, net, &optimizer, &options, &digest);
                if (digest != want || again != loss)
                    fail_msg("%s, stopped after step %zu: another end", words[i], at);
            }
        }
    remove(WHOLE_FILE);
}

/* 5,000 rows go in two pieces; the gradient is that of all of them at once. */
static void pieces_are_weighted_by_their_rows(void **unused)
{
    (void)unused;
    enum { ROWS = 5000 };
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 7;
    sl_real *x = calloc(ROWS * 3, sizeof *x), *y = calloc(ROWS, sizeof *y);
    engine_fill(&state, x, ROWS * 3, -1, 1);
    for (size_t i = 0; i < ROWS; i++)
        y[i] =
            i < 4096 ? x[3 * i] > 0 : x[3 * i] + x[3 * i + 1] < 0; /* the second piece is unlike the first */
    sl_tensor *tx = sl_tensor_new(ctx, sl_dims(ROWS, 3), x), *ty = sl_tensor_new(ctx, sl_dims(ROWS, 1), y);
    sl_model *model = sl_model_parse(ctx, "1");
    sl_compile(model, .loss = "bce", .optimizer = { .rule = "lbfgs" });
    sl_fit(model, sl_data_from(ctx, tx, ty), .steps = 80, .validation_fraction = -1);
    assert_fine(ctx);
    sl_tape *tape = sl_tape_new(ctx, SL_TRAIN);
    sl_tensor *w = engine_param(ctx, sl_dims(1, 3), model->params[0]->v);
    sl_tensor *b = engine_param(ctx, sl_dims(1), model->params[1]->v);
    assert_int_equal(sl_backward(tape, sl_binary_cross_entropy(tape, sl_linear(tape, tx, w, b, NULL), ty)),
                     SL_OK);
    for (int i = 0; i < 3; i++)
        assert_near(sl_gradient(w)[i], 0, engine_tolerance(1e-5, 1e-6));
    assert_near(sl_gradient(b)[0], 0, engine_tolerance(1e-5, 1e-6));
    free(x);
    free(y);
    sl_ctx_free(ctx);
}

static void what_cannot_be_compared_is_refused(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_parse(ctx, "5 tanh, 1");
    sl_compile(model, .loss = "bce", .optimizer = { .rule = "lbfgs" });
    sl_data *data = sl_data_open(ctx, "builtin:moons?rows=150", NULL);
    assert_null(sl_fit(model, data, .batch = 32));
    assert_says(ctx, SL_EINVAL, "batch is 32, and optimizer lbfgs compares losses");
    assert_non_null(sl_fit(model, data, .batch = 1000, .steps = 2));
    assert_fine(ctx);
    model = sl_model_parse(ctx, "5 tanh, dropout 0.1, 1");
    sl_compile(model, .loss = "bce", .optimizer = { .rule = "simplex" });
    assert_null(sl_fit(model, data, .steps = 2));
    assert_says(ctx, SL_EINVAL, "leave dropout, noise and augmentation out");
    model = sl_model_parse(ctx, "5 tanh, 1");
    sl_compile(model, .loss = "bce", .optimizer = { .rule = "simplex" });
    assert_null(sl_fit(model, data, .steps = 2, .augment = "noise 0.1"));
    assert_says(ctx, SL_EINVAL, "leave dropout, noise and augmentation out");
    sl_ctx_free(ctx);
}

/* Rows that are changed anew in each step are another function in each: the loss found in the step before
 * says nothing about it, and lbfgs must not take it for a place without a way down. */
static void changed_rows_are_no_end(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_parse(ctx, "6 tanh, 1");
    sl_compile(model, .loss = "bce", .optimizer = { .rule = "lbfgs" });
    const sl_report *report =
        sl_fit(model, sl_data_open(ctx, "builtin:moons?rows=150", NULL), .steps = 40, .augment = "noise 0.3");
    assert_fine(ctx);
    assert_int_equal((int)sl_report_last(report, "step"), 40);
    sl_ctx_free(ctx);
}

typedef struct {
    double loss; /* of the training, at the weights behind the step */
} whole_seen;

static sl_status whole_see(void *user, const sl_progress *progress)
{
    ((whole_seen *)user)->loss = progress->loss;
    return SL_OK;
}

/* Line searches and trials look at many places; what inference goes by is the place where the step ends: its
 * loss on the training rows is the one that was made small, but for n/(n - 1) in the variance. In one piece,
 * and in pieces of which the last would be a single row. */
static void running_statistics_are_those_of_the_weights(void **unused)
{
    (void)unused;
    static const char *const nets[] = { "4 tanh, batch_norm, 3 tanh, 1",
                                        "4, batch_norm name=b, tanh, 4, batch_norm share=b, tanh, 1" };
    for (size_t i = 0; i < WORDS; i++)
        for (int net = 0; net < 2; net++) {
            sl_ctx *ctx = engine_ctx(1);
            sl_model *model = sl_model_parse(ctx, nets[net]);
            sl_compile(model, .loss = "bce", .optimizer = { .rule = words[i] });
            whole_seen seen;
            const sl_report *report =
                sl_fit(model, sl_data_open(ctx, "builtin:moons?rows=500", NULL), .steps = 20,
                       .validation_fraction = -1, .on_step = whole_see, .user = &seen);
            assert_fine(ctx);
            const double loss = sl_report_last(report, "train_loss");
            if (net == 0 && !(fabs(loss - seen.loss) <= 0.02 * (seen.loss + 0.05)))
                fail_msg("%s: train loss %g in inference, %g in training", words[i], loss, seen.loss);
            sl_ctx_free(ctx);
        }
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_parse(ctx, nets[0]);
    sl_compile(model, .loss = "bce", .optimizer = { .rule = "lbfgs" });
    whole_seen seen;
    const sl_report *report = sl_fit(model, sl_data_open(ctx, "builtin:moons?rows=4097", NULL), .steps = 20,
                                     .validation_fraction = -1, .on_step = whole_see, .user = &seen);
    assert_fine(ctx);
    assert_true(fabs(sl_report_last(report, "train_loss") - seen.loss) <= 0.02 * (seen.loss + 0.05));
    sl_ctx_free(ctx);
}

/* reduction=sum makes other steps, and is told as a mean like any other loss. */
static void a_sum_is_told_as_a_mean(void **unused)
{
    (void)unused;
    sl_ctx *ctx = engine_ctx(1);
    sl_model *model = sl_model_parse(ctx, "4 tanh, 1");
    sl_compile(model, .loss = "bce reduction=sum", .optimizer = { .rule = "lbfgs" });
    whole_seen seen;
    const sl_report *report = sl_fit(model, sl_data_open(ctx, "builtin:moons?rows=150", NULL), .steps = 5,
                                     .validation_fraction = -1, .on_step = whole_see, .user = &seen);
    assert_fine(ctx);
    assert_near(seen.loss, sl_report_last(report, "train_loss"), engine_tolerance(1e-5, 1e-9));
    sl_ctx_free(ctx);
}

/* Number `index` of what the method keeps becomes `value`; returns what it was. */
static double whole_damage(int index, double value)
{
    static unsigned char bytes[1 << 18];
    FILE *file = fopen(WHOLE_FILE, "rb");
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(size < sizeof bytes);
    uint64_t header = 0;
    for (int i = 8; i-- > 0;)
        header = header << 8 | bytes[i];
    const unsigned char last = bytes[8 + header - 1];
    bytes[8 + header - 1] = 0; /* an end for strstr */
    const char *at = strstr((char *)bytes + 8, "\"search/number\"");
    at = at ? strstr(at, "\"data_offsets\"") : NULL;
    assert_non_null(at);
    const size_t place = 8 + header + strtoul(at + strcspn(at, "0123456789"), NULL, 10) + (size_t)index * 8;
    bytes[8 + header - 1] = last;
    assert_true(place + 8 <= size);
    double was;
    memcpy(&was, bytes + place, 8);
    memcpy(bytes + place, &value, 8);
    file = fopen(WHOLE_FILE, "wb");
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
    return was;
}

/* Counts of pairs and places in tables are numbers in a file like others: wrong ones must not be followed. */
static void damaged_counts_are_refused(void **unused)
{
    (void)unused;
    const size_t at = 4;
    uint64_t digest;
    sl_fit_options options = {
        .steps = 14, .checkpoint = WHOLE_FILE, .resume = true, .user = (void *)(uintptr_t)&at
    };
    options.on_step = stop;
    remove(WHOLE_FILE);
    train(5, NULL, 1, "builtin:moons?rows=150", "5 tanh, 1", &(sl_optimizer){ .rule = "lbfgs" }, &options,
          &digest);
    options.on_step = NULL;
    static const struct {
        int index;
        double value;
    } damage[] = { { 5, 11 },  { 5, -1 },  { 5, 1e300 }, { 5, NAN },      { 6, 10 },
                   { 6, 1e7 }, { 6, 0.5 }, { 0, -3 },    { 0, INFINITY }, { 1, 1e9 } };
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        const double was = whole_damage(damage[i].index, damage[i].value);
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .seed = 5 });
        sl_model *model = sl_model_parse(ctx, "5 tanh, 1");
        sl_compile(model, .loss = "bce", .optimizer = { .rule = "lbfgs" });
        assert_null(sl_model_fit(model, sl_data_open(ctx, "builtin:moons?rows=150", NULL), &options));
        assert_says(ctx, SL_EFORMAT, "what optimizer lbfgs kept makes no sense: the file is damaged");
        sl_ctx_free(ctx);
        whole_damage(damage[i].index, was);
    }
    train(5, NULL, 1, "builtin:moons?rows=150", "5 tanh, 1", &(sl_optimizer){ .rule = "lbfgs" }, &options,
          &digest);
    remove(WHOLE_FILE);
}

/* Memory runs out at the first call for some, at the second, ...: an error each time, and nothing is lost. */
static void every_allocation_may_fail(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < WORDS; i++) {
        bool fine = false;
        for (size_t at = 1; !fine; at++) {
            test_memory memory = { .fail_at = at, .fail_once = true };
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
            if (!ctx)
                continue;
            char word[64]; /* with an option, so that it is kept as text */
            snprintf(word, sizeof word, "%s %s", words[i], i == 0 ? "7" : i == 6 ? "8" : "0.25");
            sl_model *model = sl_model_parse(ctx, "input 2, 2 tanh, 1");
            if (model)
                sl_compile(model, .loss = "bce", .optimizer = { .rule = word, .decay = -1 });
            if (model && !sl_error(ctx))
                sl_fit(model, sl_data_open(ctx, "builtin:xor", NULL), .steps = 1, .validation_fraction = -1);
            fine = !sl_error(ctx);
            if (!fine && sl_error(ctx) != SL_ENOMEM)
                fail_msg("%s, call %zu: %s", word, at, sl_message(ctx));
            sl_ctx_free(ctx);
            assert_true(memory.bytes == 0 && memory.blocks == 0 && !memory.wrong_size);
            assert_true(at < 1000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S121_xor_by_every_method),
        cmocka_unit_test(threads_and_instruction_sets_make_no_difference),
        cmocka_unit_test(stopped_and_continued_ends_in_the_same_bits),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(pieces_are_weighted_by_their_rows),
        cmocka_unit_test(changed_rows_are_no_end),
        cmocka_unit_test(running_statistics_are_those_of_the_weights),
        cmocka_unit_test(damaged_counts_are_refused),
        cmocka_unit_test(a_sum_is_told_as_a_mean),
        cmocka_unit_test(what_cannot_be_compared_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
