/* update_rate.c - what stands before the rule: its options, the step size of this step, and clipping. */
#include "explain/update.h"

#include <math.h>
#include <string.h>

/* "adam: lr = 0.001, beta1 = 0.9, .." */
void sl_update_tell_options(sl_walk *walk, const sl_watched *w)
{
    const sl_step *step = w->step;
    sl_optimizer set = step->set;
    const sl_optimizer_word *word;
    char number[32];
    sl_text text;
    int count = 0;
    sl_text_init(&text, w->ctx);
    sl_text_put(&text, step->rule->name);
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++) {
        const double value = (double)*sl_optimizer_value(&set, word);
        if (value != 0 && sl_rule_option(step->rule, word->name))
            sl_text_add(&text, "%s%s = %s", count++ ? ", " : ": ", word->name,
                        sl_explained_number(walk->e, number, value, 0));
    }
    sl_explanation_add(walk->e,
                       (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                                       .text = sl_explanation_keep(walk->e, "%s", sl_text_string(&text)) });
    sl_text_free(&text);
    walk->place = NULL;
}

static void rate_names(const sl_watched *w, sl_written_names *names)
{
    const sl_course *course = &w->step->course;
    const sl_schedule *schedule = course->schedule;
    const double done = w->t - 1 - course->warmup;
    *names = (sl_written_names){ .count = 0 };
    sl_written_set(names, "lr0", (double)w->step->set.lr);
    sl_written_set(names, "t", w->t);
    sl_written_set(names, "warmup", course->warmup);
    sl_written_set(names, "done", done);
    sl_written_set(names, "left", course->steps - course->warmup);
    sl_written_set(names, "scale", course->scale);
    sl_written_set(names, "pi", 0x1.921fb54442d18p+1);
    for (int i = 0; schedule->options && schedule->options[i].name; i++)
        sl_written_set(names, schedule->options[i].name, course->values[i]);
    if (schedule->place) {
        double since, period;
        schedule->place(course, done, &since, &period);
        sl_written_set(names, "since", since);
        sl_written_set(names, "period", period);
    }
}

static const char *rate_words(sl_walk *walk, const sl_watched *w, const sl_written_names *names, bool warm)
{
    const sl_course *course = &w->step->course;
    char number[32], steps[32];
    const char *of =
        course->steps > 0 ? sl_explanation_keep(walk->e, " of %s", sl_number_text(steps, course->steps)) : "";
    if (warm)
        return sl_explanation_keep(walk->e, "step t = %s%s, of the warm-up: lr0 is the lr given",
                                   sl_number_text(number, w->t), of);
    for (int i = 0; course->schedule->place && i < names->count; i++)
        if (!strcmp(names->named[i].name, "since"))
            return sl_explanation_keep(
                walk->e, "schedule %s, step %s%s: lr0 is the lr given, since the steps since it began anew",
                course->schedule->name, sl_number_text(number, w->t), of);
    return sl_explanation_keep(walk->e, "schedule %s, step %s%s: lr0 is the lr given%s",
                               course->schedule->name, sl_number_text(number, w->t), of,
                               course->schedule->judged
                                   ? ", scale what epochs without improvement have left of it"
                                   : ", done the steps before this one, behind the warm-up");
}

void sl_update_tell_rate(sl_walk *walk, const sl_watched *w)
{
    const sl_course *course = &w->step->course;
    const bool warm = w->t <= course->warmup;
    if (!warm && !strcmp(course->schedule->name, "constant"))
        return;
    sl_written_names names;
    sl_written written = { .count = 0 };
    rate_names(w, &names);
    sl_update_note(walk, rate_words(walk, w, &names, warm));
    if (sl_written_read(&written, walk->e, warm ? "lr = lr0*t/warmup" : course->schedule->written)) {
        sl_written_free(&written);
        return;
    }
    for (int s = 0; s < written.count; s++) {
        const sl_written_statement *statement = &written.statement[s];
        double value;
        const sl_written_way *way = sl_written_value(statement, &names, &value);
        if (!strcmp(statement->name, "lr"))
            value = w->lr; /* the engine's own */
        sl_explanation_add(
            walk->e,
            (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = statement->name, .text = way->formula });
        sl_explained_line(walk->e, 2, statement->name, way->formula, names.named, names.count, value);
        sl_written_set(&names, statement->name, value);
    }
    sl_written_free(&written);
}

typedef struct { /* all numbers of the gradient, as they are clipped */
    const sl_watched *w;
    double *g;
    size_t count;
} rate_gradient;

static int rate_square(const void *user, size_t i, double factors[3])
{
    const rate_gradient *gradient = user;
    factors[0] = factors[1] = gradient->g[i];
    return 2;
}

static bool rate_collect(rate_gradient *gradient, double limit)
{
    const sl_watched *w = gradient->w;
    size_t count = 0;
    for (int p = 0; p < w->count; p++)
        count += w->parts[p].w ? sl_update_elements(w, p) : 0;
    gradient->g = sl_alloc_array(w->ctx, count + 1, sizeof *gradient->g);
    for (int p = 0; p < w->count && gradient->g; p++)
        for (size_t k = 0; w->parts[p].w && k < sl_update_elements(w, p); k++) {
            const double g = w->parts[p].g[sl_update_element(w, p, k)];
            gradient->g[gradient->count++] = limit > 0 && fabs(g) > limit ? (g > 0 ? limit : -limit) : g;
        }
    return gradient->g != NULL;
}

void sl_update_tell_clip(sl_walk *walk, sl_watched *w)
{
    const double most = (double)w->step->set.clip_norm, limit = (double)w->step->set.clip_value;
    rate_gradient gradient = { .w = w };
    if (!(most > 0) || !rate_collect(&gradient, limit))
        return;
    double squares = 0;
    for (size_t i = 0; i < gradient.count; i++)
        squares += gradient.g[i] * gradient.g[i];
    const double norm = sqrt(squares);
    sl_explanation_add(
        walk->e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                                 .name = "|g|",
                                 .text = limit > 0 ? "sqrt(sum of g^2), over all weights that learn; each g "
                                                     "no further from 0 than clip_value"
                                                   : "sqrt(sum of g^2), over all weights that learn" });
    if (norm - norm == 0) {
        const sl_named names[] = { { "c", most }, { "n", norm } };
        sl_explained_total(walk->e, "|g|",
                           &(sl_explained_sum){ .count = gradient.count,
                                                .term = rate_square,
                                                .user = &gradient,
                                                .open = "sqrt(",
                                                .close = ")" },
                           norm);
        w->clip = norm > most ? most / norm : 1;
        sl_explanation_add(
            walk->e,
            (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = "clip", .text = "min(1, clip_norm/|g|)" });
        if (norm > 0)
            sl_explained_line(walk->e, 2, "clip", "min(1, c/n)", names, 2, w->clip);
        else
            sl_update_note(walk, "the gradient is 0: clip = 1");
    } else {
        sl_update_note(walk, "the gradient is not finite: its norm clips nothing");
    }
    sl_free(w->ctx, gradient.g);
}
