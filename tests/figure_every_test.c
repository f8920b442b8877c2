/* Every figure: the same on every instruction set and number of threads, and without memory a sentence. The
 * kinds are those of the folder, so that a new one is looked at too. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "run_made.h"

#include "plot/kind.h"
#include "train/records.h"

enum { EVERY_CLASSES, EVERY_NUMBERS, EVERY_ALONE, EVERY_WAYS };

/* A run of classes, and one of numbers. */
static int every_setup(void **state)
{
    if (made_setup(state))
        return -1;
    made_place *place = *state;
    sl_ctx *ctx = engine_ctx(1);
    made_train(ctx, place, "moons",
               (sl_run_options){
                   .data = "builtin:moons?rows=80", .net = "4 tanh, 3 relu", .test = "0.25", .epochs = 3 });
    made_train(ctx, place, "line",
               (sl_run_options){ .data = "builtin:line?rows=60", .net = "3 tanh", .epochs = 2 });
    sl_ctx_free(ctx);
    return 0;
}

static sl_figure *every_figure(sl_ctx *ctx, const made_place *place, const char *kind, int way)
{
    static const char *const words[] = { "cosine" };
    sl_figure_request request = { 0 };
    if (way != EVERY_ALONE) {
        request.runs = &place->runs[way];
        request.run_count = 1;
    } else if (!strcmp(kind, "schedule")) {
        request.words = words;
        request.word_count = 1;
    }
    return sl_figure_make(ctx, kind, &request);
}

static bool every_fits(const made_place *place, const sl_figure_kind *kind, int way)
{
    sl_ctx *ctx = engine_ctx(1);
    sl_figure *figure = every_figure(ctx, place, kind->name, way);
    const bool fits = figure != NULL;
    if (!fits)
        assert_int_equal(sl_error(ctx), SL_EINVAL);
    sl_figure_free(figure);
    sl_ctx_free(ctx);
    return fits;
}

static void every_figure_is_the_same_everywhere(void **state)
{
    const made_place *place = *state;
    sl_isa isas[SL_ISA_COUNT];
    static const char *const names[] = { "plain", "avx2", "avx512" };
    const int last = engine_isas(isas);
    for (size_t k = 0; sl_figure_kind_at(k); k++) {
        int drawn = 0;
        for (int way = 0; way < EVERY_WAYS; way++) {
            if (!every_fits(place, sl_figure_kind_at(k), way))
                continue;
            uint64_t wanted = 0;
            for (int i = 0; i < last; i++)
                for (int threads = 1; threads <= 3; threads++) {
                    sl_ctx *ctx = engine_crew(names[i], threads);
                    sl_figure *figure = every_figure(ctx, place, sl_figure_kind_at(k)->name, way);
                    assert_non_null(figure);
                    const uint64_t digest = sl_figure_digest(figure);
                    wanted = wanted ? wanted : digest;
                    if (digest != wanted || !digest)
                        print_error("figure %s: %s, %d threads\n", sl_figure_kind_at(k)->name, names[i],
                                    threads);
                    assert_true(digest && digest == wanted);
                    sl_figure_free(figure);
                    sl_ctx_free(ctx);
                }
            drawn++;
        }
        if (!drawn)
            print_error("figure %s: none of the runs here has it\n", sl_figure_kind_at(k)->name);
        assert_true(drawn);
    }
}

/* --- without memory ------------------------------------------------------------------------------------- */

typedef bool every_work(sl_ctx *ctx, const made_place *place, int which, int way);

/* The n-th allocation fails, and (unless once) all behind it: the work is done, or the context says that
 * there was no memory; nothing is lost, nothing crashes. */
static void every_starve(const made_place *place, every_work *work, int which, int way)
{
    for (int once = 0; once < 2; once++) {
        bool failed = true;
        for (size_t n = 3; failed; n += 1 + n / 30) {
            test_memory memory = { .fail_at = n, .fail_once = once };
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
            if (ctx) {
                const bool done = work(ctx, place, which, way);
                failed = memory.calls >= n;
                if (sl_error(ctx) != (done ? SL_OK : SL_ENOMEM))
                    print_error("work %d, %d: allocation %zu: %s\n", which, way, n, sl_message(ctx));
                assert_int_equal(sl_error(ctx), done ? SL_OK : SL_ENOMEM);
                assert_true(done || failed);
            }
            sl_ctx_free(ctx);
            assert_int_equal(memory.bytes, 0);
            assert_false(memory.wrong_size);
        }
    }
}

static bool every_draws(sl_ctx *ctx, const made_place *place, int which, int way)
{
    sl_figure *figure = every_figure(ctx, place, sl_figure_kind_at((size_t)which)->name, way);
    const bool drawn = figure && sl_figure_text(figure, 70, 0, true, true) &&
                       sl_figure_script(figure, "svg", 0, 0, -1) && sl_figure_csv(figure);
    sl_figure_free(figure);
    return drawn;
}

static void every_figure_without_memory_says_so(void **state)
{
    const made_place *place = *state;
    for (int k = 0; sl_figure_kind_at((size_t)k); k++)
        for (int way = 0; way < EVERY_WAYS; way++)
            if (every_fits(place, sl_figure_kind_at((size_t)k), way))
                every_starve(place, every_draws, k, way);
}

static bool every_reads(sl_ctx *ctx, const made_place *place, int which, int way)
{
    const char *folder = place->runs[way];
    bool read = false;
    if (which == 0) {
        read = sl_run_read(ctx, folder, "used.net") && sl_run_read(ctx, folder, "result.epochs");
    } else if (which == 1) {
        read = sl_run_command(ctx, folder);
    } else if (which == 2) {
        sl_run_setting setting;
        int count = 0;
        while (sl_run_setting_at(ctx, folder, count, &setting))
            count++;
        read = count > 10 && !sl_error(ctx);
    } else if (which == 3) {
        sl_differences *differ = sl_run_differences(ctx, place->runs, 2);
        read = differ && differ->count > 2;
        sl_differences_free(differ);
    } else if (which == 4) {
        sl_weights_record *weights = sl_run_read_weights(ctx, folder);
        sl_activations_record *activations = sl_run_read_activations(ctx, folder);
        sl_path_record *path = sl_run_read_path(ctx, folder);
        sl_report *steps = sl_run_read_steps(ctx, folder), *history = sl_run_read_history(ctx, folder);
        sl_confusion_record *confusion = way == EVERY_CLASSES ? sl_run_read_confusion(ctx, folder, 0) : NULL;
        read = weights && activations && path && steps && history && (confusion || way != EVERY_CLASSES);
        sl_confusion_record_free(confusion);
        sl_report_free(history);
        sl_report_free(steps);
        sl_path_record_free(path);
        sl_activations_record_free(activations);
        sl_weights_record_free(weights);
    }
    return read;
}

static void what_a_folder_says_without_memory(void **state)
{
    const made_place *place = *state;
    for (int which = 0; which < 5; which++)
        for (int way = 0; way < EVERY_ALONE; way++)
            every_starve(place, every_reads, which, way);
}

static sl_figure *every_walk(sl_ctx *ctx, int which)
{
    static const char *const formulas[] = { "quartic", "(x - 1)^2 + 3*y^2 + sin(x*y)" };
    static const char *const names[] = { "a", "b" };
    sl_function *function = sl_function_new(ctx, formulas[which]);
    const double start[] = { -3, 1 };
    sl_descend_options options = {
        .start = start, .optimizer = { .lr = (sl_real)0.01 }, .steps = 6, .noise = 0.1
    };
    sl_descent *walks[2] = { sl_descend(function, &options) };
    options.optimizer.rule = "adam";
    walks[1] = sl_descend(function, &options);
    sl_figure *figure = walks[0] && walks[1] ? sl_descent_figure(function, walks, names, 2) : NULL;
    sl_descent_free(walks[0]);
    sl_descent_free(walks[1]);
    sl_function_free(function);
    return figure;
}

static sl_figure *every_line(sl_ctx *ctx, int which)
{
    static const char *const kinds[] = { "space", "epoch", "epochs", "losses" };
    static const char *const names[] = { "one" };
    const double x[] = { 0, 1, 2, 3 }, y[] = { 1, 2.5, 5.5, 7 };
    const sl_line_options points = { .x = x, .y = y, .n = 4, .lr = 0.02, .batch = 1, .epochs = 9 };
    sl_report *walk = sl_line_descend(ctx, &points);
    const sl_report *const walks[] = { walk };
    sl_figure *figure = walk ? sl_line_figure(ctx, kinds[which], &points, walks, names, 1) : NULL;
    sl_report_free(walk);
    return figure;
}

static sl_figure *every_descent(sl_ctx *ctx, int which)
{
    return which < 2 ? every_walk(ctx, which) : every_line(ctx, which - 2);
}

static bool every_descends(sl_ctx *ctx, const made_place *place, int which, int way)
{
    (void)place;
    (void)way;
    sl_figure *figure = every_descent(ctx, which);
    const bool drawn = figure && sl_figure_text(figure, 70, 0, false, false) && sl_figure_csv(figure);
    sl_figure_free(figure);
    return drawn;
}

static void walks_without_memory_say_so(void **state)
{
    for (int which = 0; which < 6; which++)
        every_starve(*state, every_descends, which, 0);
}

static void walks_are_the_same_everywhere(void **unused)
{
    (void)unused;
    static const char *const names[] = { "plain", "avx2", "avx512" };
    sl_isa isas[SL_ISA_COUNT];
    const int last = engine_isas(isas);
    for (int which = 0; which < 6; which++) {
        uint64_t wanted = 0;
        for (int i = 0; i < last * 3; i++) {
            sl_ctx *ctx = engine_crew(names[i / 3], 1 + i % 3);
            sl_figure *figure = every_descent(ctx, which);
            const uint64_t digest = sl_figure_digest(figure);
            wanted = wanted ? wanted : digest;
            assert_true(digest && digest == wanted);
            sl_figure_free(figure);
            sl_ctx_free(ctx);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_is_the_same_everywhere),
        cmocka_unit_test(every_figure_without_memory_says_so),
        cmocka_unit_test(what_a_folder_says_without_memory),
        cmocka_unit_test(walks_are_the_same_everywhere),
        cmocka_unit_test(walks_without_memory_say_so),
    };
    return cmocka_run_group_tests(tests, every_setup, made_teardown);
}
