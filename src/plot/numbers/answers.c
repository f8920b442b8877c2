/* answers.c - see answers.h */
#include "plot/numbers/answers.h"
#include "train/measure.h"

#include <math.h>
#include <string.h>

enum { ANSWERS_NAME = 24 };

bool sl_answers_open(const sl_figure_job *job, sl_answers *answers)
{
    sl_ctx *ctx = job->ctx;
    *answers = (sl_answers){ .job = job, .model = sl_job_model(job, 0) };
    answers->data = answers->model ? sl_job_data(job, 0, NULL, &answers->part) : NULL;
    if (!answers->data)
        return false;
    answers->classes = sl_model_kinds(answers->model);
    if (!sl_data_has_targets(answers->data))
        sl_fail(ctx, SL_EINVAL,
                "%s: these rows have no targets, so nobody knows where the net is right: wants rows with the "
                "column '%s'",
                answers->data->source, sl_answers_target(answers->model));
    return !ctx->status;
}

static const char *answers_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

void sl_answers_title(sl_figure *figure, const sl_answers *answers, const char *what)
{
    const sl_figure_job *job = answers->job;
    const char *other = job->request->data;
    const char *rows = sl_answers_count(figure, answers->data->rows, "row"), *name = sl_job_name(job, 0);
    if (!strcmp(answers->part, "all"))
        figure->title = sl_figure_format(figure, "%s of %s: all %s%s%s", what, name, rows,
                                         other ? " of " : "", other ? answers_base(other) : "");
    else
        figure->title = sl_figure_format(figure, "%s of %s: %s part%s%s, %s", what, name, answers->part,
                                         other ? " of " : "", other ? answers_base(other) : "", rows);
    if (!other && strcmp(answers->part, "all") != 0 &&
        (!strcmp(answers->part, "train") ||
         sl_run_learned_part(job->ctx, sl_job_folder(job, 0), answers->part)))
        sl_figure_note(figure, "These are rows that the network has learned from: new ones are harder.");
}

const char *sl_answers_class(sl_figure *figure, const sl_model *model, int class_index)
{
    char cut[ANSWERS_NAME];
    const char *name = sl_model_class_name(model, class_index);
    if (!name)
        return sl_figure_format(figure, "%d", class_index);
    return sl_text_fit(name, cut, sizeof cut) < sizeof cut ? name : sl_figure_format(figure, "%s…", cut);
}

const char *sl_answers_target(const sl_model *model)
{
    sl_column_info info;
    for (int c = 0; sl_model_column(model, c, &info); c++)
        if (!strcmp(info.role, "target"))
            return info.name;
    return "y";
}

const char *sl_answers_number(sl_figure *figure, double value)
{
    double scale = 1;
    const double size = fabs(value);
    if (!(value - value == 0))
        return value > 0 ? "infinite" : value < 0 ? "-infinite" : "not a number";
    for (int i = 0; i < 12 && size * scale < 1000; i++)
        scale *= 10;
    if (size < 1e15)
        value = value < 0 ? -floor(size * scale + 0.5) / scale : floor(size * scale + 0.5) / scale;
    return sl_figure_number(figure, value == 0 ? 0 : value);
}

const char *sl_answers_percent(sl_figure *figure, double part, double whole)
{
    return sl_figure_format(figure, "%s %%",
                            sl_figure_number(figure, whole > 0 ? floor(1000 * part / whole + 0.5) / 10 : 0));
}

const char *sl_answers_count(sl_figure *figure, size_t count, const char *one)
{
    char text[32];
    return sl_figure_format(figure, "%s %s%s", sl_count_text(text, count), one, count == 1 ? "" : "s");
}

size_t sl_answers_thin(size_t i, size_t rows, size_t most)
{
    return rows <= most ? i : (size_t)((double)i * (double)rows / (double)most);
}
