/* lab.c - see lab.h: settings to a training, its steps, changes on its way. */
#include "lab.h"

#include <math.h>
#include <string.h>

bool lab_start(lab *l)
{
    *l = (lab){ 0 };
    l->own = sl_ctx_new(NULL);
    sl_text_init(&l->answer, l->own);
    sl_text_init(&l->warned, l->own);
    return l->own != NULL;
}

void lab_end(lab *l)
{
    lab_close(l);
    sl_text_free(&l->answer);
    sl_text_free(&l->warned);
    sl_free(l->own, l->numbers);
    sl_free(l->own, l->tests);
    sl_ctx_free(l->own);
    *l = (lab){ 0 };
}

sl_text *lab_begin(lab *l)
{
    sl_text_clear(&l->answer);
    return &l->answer;
}

sl_status lab_refuse(lab *l, const char *sentence)
{
    sl_text_put(lab_begin(l), sentence);
    return SL_EINVAL;
}

sl_status lab_say(lab *l, sl_status status)
{
    if (l->own->status) {
        sl_clear(l->own);
        l->answer.failed = false;
        sl_text_put(lab_begin(l), "the memory is full");
        return SL_ENOMEM;
    }
    if (!l->ctx || !l->ctx->status)
        return status ? lab_refuse(l, "nothing is open") : SL_OK;
    status = l->ctx->status;
    sl_text_put(lab_begin(l), sl_message(l->ctx));
    sl_clear(l->ctx);
    return status;
}

bool lab_room(lab *l, size_t count)
{
    if (count > l->room) {
        float *room = sl_alloc_array(l->own, count, sizeof *room);
        if (!room)
            return false;
        sl_free(l->own, l->numbers);
        l->numbers = room;
        l->room = count;
    }
    l->count = count;
    return true;
}

/* --- settings ------------------------------------------------------------------------------------------- */

typedef struct {
    const char *at, *end;
    const char *name, *text;
} lab_settings;

/* false: the end, or what is there is not closed by a 0. */
static bool lab_next(lab_settings *s)
{
    s->name = s->at;
    const char *behind = memchr(s->name, 0, (size_t)(s->end - s->at));
    s->text = behind ? behind + 1 : NULL;
    const char *close = behind && s->text < s->end ? memchr(s->text, 0, (size_t)(s->end - s->text)) : NULL;
    if (!close)
        return false;
    s->at = close + 1;
    return true;
}

static sl_status lab_seed(sl_ctx *ctx, const char *text, uint64_t *seed)
{
    double value;
    if (!sl_number_parse(text, &value) || !(value >= 1 && value <= 9007199254740992.0) ||
        (double)(uint64_t)value != value)
        return sl_fail(ctx, SL_EINVAL, "seed is %.60s: wants a whole number from 1 to 9007199254740992",
                       text);
    *seed = (uint64_t)value;
    return SL_OK;
}

/* Every one of them into options, whose texts are copies. */
static sl_status lab_read(sl_ctx *ctx, const char *settings, size_t length, sl_run_options *options,
                          uint64_t *seed)
{
    lab_settings s = { .at = settings, .end = settings + length };
    while (!ctx->status && lab_next(&s))
        if (!strcmp(s.name, "seed"))
            lab_seed(ctx, s.text, seed);
        else
            sl_setting_set(ctx, options, s.name, s.text);
    if (!ctx->status && s.at != s.end)
        sl_fail(ctx, SL_EINVAL, "the settings end in the middle of one");
    return ctx->status;
}

/* --- a training ------------------------------------------------------------------------------------------
 */

static void lab_warn(lab *l, const char *sentence)
{
    if (!sentence)
        return;
    sl_text *w = &l->warned;
    bool first = true;
    sl_text_put(w, w->length ? ", {" : "{");
    sl_json_key(w, &first, "step");
    sl_json_put_uint64(w, sl_run_steps(l->run));
    sl_json_key(w, &first, "name");
    sl_json_put_string(w, sl_watcher_name(l->watcher));
    sl_json_key(w, &first, "sentence");
    sl_json_put_string(w, sentence);
    sl_text_put(w, "}");
}

static sl_status lab_on_step(void *user, const sl_progress *progress)
{
    lab *l = user;
    lab_warn(l, sl_watcher_step(l->watcher, progress));
    return SL_OK;
}

/* Room for one epoch more; then the test part's loss and figure. */
static sl_status lab_test(lab *l)
{
    if (l->tested == l->tests_room) {
        const size_t room = l->tests_room * 2 + 256;
        double *more = sl_alloc_array(l->own, room * 2, sizeof *more);
        if (!more)
            return SL_ENOMEM;
        if (l->tested)
            memcpy(more, l->tests, l->tested * 2 * sizeof *more);
        sl_free(l->own, l->tests);
        l->tests = more;
        l->tests_room = room;
    }
    sl_measured m = { 0 };
    const sl_data *test = l->run->test;
    if (sl_measure(&l->reader, test, NULL, test->rows, &m))
        return l->ctx->status;
    l->tests[2 * l->tested] = m.loss;
    l->tests[2 * l->tested + 1] =
        sl_model_kinds(l->run->model) ? (double)m.right / (double)m.rows : sqrt(m.squared);
    l->tested++;
    return SL_OK;
}

static sl_status lab_on_epoch(void *user, const sl_progress *progress)
{
    lab *l = user;
    lab_warn(l, sl_watcher_epoch(l->watcher, progress));
    if ((l->run->test && lab_test(l)) || lab_land_epoch(l, (size_t)progress->report->rows))
        return SL_ESTOPPED; /* the failure is the context's */
    return SL_OK;
}

/* What depends on the run's model: after opening and after each change. */
static sl_status lab_attach(lab *l)
{
    sl_reader_close(&l->reader);
    l->reader = (sl_reader){ 0 };
    l->run->trainer->options.on_step = lab_on_step;
    l->run->trainer->options.on_epoch = lab_on_epoch;
    l->run->trainer->options.user = l;
    if (sl_watcher_take(l->watcher, l->run))
        return l->ctx->status;
    return l->run->test ? sl_reader_open(&l->reader, l->ctx, l->run->model, l->run->test) : SL_OK;
}

void lab_close(lab *l)
{
    if (!l->ctx)
        return;
    sl_reader_close(&l->reader);
    lab_land_close(l);
    lab_no_grids(l);
    sl_tape_free(l->tape);
    sl_free(l->ctx, l->middle);
    sl_watcher_free(l->watcher);
    sl_run_free(l->run);
    sl_settings_free(l->ctx, &l->asked);
    sl_ctx_free(l->ctx);
    *l = (lab){ .own = l->own,
                .answer = l->answer,
                .warned = l->warned,
                .numbers = l->numbers,
                .room = l->room,
                .tests = l->tests,
                .tests_room = l->tests_room };
    sl_text_clear(&l->warned);
}

/* A net of many millions of weights would hold the page for minutes, and nothing there could stop it. */
static sl_status lab_check_size(sl_ctx *ctx, const char *net)
{
    int count = 0;
    char *words = NULL;
    sl_flat *layers = net && *net ? sl_net_read(ctx, net, &count, &words) : NULL;
    double weights = 0, before = 0;
    for (int i = 0; layers && i < count; i++)
        if (layers[i].spec.units > 0) {
            weights += (before + 1) * layers[i].spec.units;
            before = layers[i].spec.units;
        }
    sl_free(ctx, layers);
    sl_free(ctx, words);
    char has[32], most[32];
    if (weights > LAB_WEIGHTS_MOST)
        return sl_fail(
            ctx, SL_EINVAL,
            "the net has %s weights between its layers, and the playground takes at most %s: train it with "
            "slope train",
            sl_count_text(has, weights < 1e18 ? (uint64_t)weights : UINT64_MAX),
            sl_count_text(most, LAB_WEIGHTS_MOST));
    return ctx->status;
}

sl_status lab_open(lab *l, const char *settings, size_t length)
{
    lab next = { .own = l->own, .answer = l->answer };
    uint64_t seed = 1;
    sl_ctx *first = sl_ctx_new(NULL); /* the seed must be known before the context */
    if (!first)
        return lab_refuse(l, "the memory is full");
    sl_run_options read = { .keep_nothing = true };
    if (lab_read(first, settings, length, &read, &seed) || lab_check_size(first, read.net)) {
        sl_text_put(lab_begin(l), sl_message(first));
        sl_settings_free(first, &read);
        sl_ctx_free(first);
        return SL_EINVAL;
    }
    next.ctx = sl_ctx_new(&(sl_ctx_options){ .seed = seed });
    if (next.ctx) {
        next.seed = seed;
        sl_settings_copy(next.ctx, &next.asked, &read);
        next.run = sl_run_new(next.ctx, &next.asked);
        next.watcher = sl_watcher_new(next.ctx);
        next.tape = sl_tape_new(next.ctx, SL_INFER);
    }
    sl_settings_free(first, &read);
    sl_ctx_free(first);
    if (!next.ctx || next.ctx->status || lab_attach(&next) || lab_land_epoch(&next, 0)) {
        const sl_status status = next.ctx ? next.ctx->status : SL_ENOMEM;
        sl_text_put(lab_begin(l), next.ctx ? sl_message(next.ctx) : "the memory is full");
        next.answer = l->answer;
        lab_close(&next);
        return status;
    }
    lab_close(l);
    next.answer = l->answer;
    next.warned = l->warned;
    next.numbers = l->numbers;
    next.room = l->room;
    next.tests = l->tests;
    next.tests_room = l->tests_room;
    *l = next;
    l->run->trainer->options.user = l;
    return lab_axes(l, 0, 1, 0, 0, 0, 0) ? SL_EINVAL : lab_describe(l);
}

sl_status lab_change(lab *l, const char *settings, size_t length)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    enum { MOST = 64 };
    sl_change changes[MOST];
    int count = 0;
    lab_settings s = { .at = settings, .end = settings + length };
    while (count < MOST && lab_next(&s))
        changes[count++] = (sl_change){ s.name, s.text };
    if (s.at != s.end)
        return lab_refuse(l, "the settings end in the middle of one, or are too many");
    if (sl_run_change(l->run, changes, count) || lab_attach(l))
        return lab_say(l, SL_EINVAL);
    for (int i = 0; i < count && !l->ctx->status; i++)
        sl_setting_set(l->ctx, &l->asked, changes[i].name, changes[i].text);
    lab_no_grids(l); /* how inputs are prepared may have changed */
    return lab_say(l, SL_OK) ? SL_EINVAL : lab_describe(l);
}

sl_status lab_steps(lab *l, int steps)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    if (!l->ended && steps > 0) {
        l->ended = sl_run_to(l->run, sl_run_steps(l->run) + (size_t)steps);
        if (l->ended == SL_EDIVERGED) {
            const char *why = sl_message(l->ctx);
            const size_t length = strlen(why) < sizeof l->message ? strlen(why) : sizeof l->message - 1;
            memcpy(l->message, why, length);
            l->message[length] = 0;
            sl_clear(l->ctx);
        } else if (l->ended) {
            return lab_say(l, l->ended);
        }
    }
    return lab_state(l);
}
