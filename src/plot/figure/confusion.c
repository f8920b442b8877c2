/* confusion - which class is taken for which: counts of rows, and as colour the share of each true class. */
#include "plot/numbers/answers.h"
#include "train/measure.h"
#include "train/records.h"

#include <math.h>
#include <string.h>

enum { CONFUSION_TEXTS = 25, CONFUSION_ZEROS = 10, CONFUSION_PAIRS = 5, CONFUSION_MOST = 500 };

typedef struct {
    int classes;
    const char **names;
    double *cells; /* [classes, classes]: truth, prediction */
    double *rows;  /* [classes] */
    double all, right;
} confusion_matrix;

static double confusion_at(const confusion_matrix *m, int truth, int prediction)
{
    return m->cells[(size_t)truth * (size_t)m->classes + (size_t)prediction];
}

static void confusion_sum(confusion_matrix *m)
{
    for (int t = 0; t < m->classes; t++)
        for (int p = 0; p < m->classes; p++) {
            m->rows[t] += confusion_at(m, t, p);
            m->all += confusion_at(m, t, p);
            m->right += t == p ? confusion_at(m, t, p) : 0;
        }
}

static bool confusion_shows(const confusion_matrix *m, int t, int p, bool dark)
{
    const double count = confusion_at(m, t, p);
    return m->rows[t] > 0 && (count > 0 || m->classes <= CONFUSION_ZEROS) &&
           (count / m->rows[t] > 0.5) == dark;
}

static void confusion_texts(sl_figure *figure, sl_panel *panel, const confusion_matrix *m, bool dark)
{
    size_t count = 0, i = 0;
    for (int t = 0; t < m->classes; t++)
        for (int p = 0; p < m->classes; p++)
            count += confusion_shows(m, t, p, dark);
    sl_series *texts = count ? sl_panel_add(figure, panel, SL_DRAW_TEXTS, NULL, count) : NULL;
    if (!texts)
        return;
    texts->colour = dark ? SL_LIGHT : SL_BLACK;
    texts->thin = m->classes > CONFUSION_ZEROS;
    for (int t = 0; t < m->classes; t++)
        for (int p = 0; p < m->classes; p++)
            if (confusion_shows(m, t, p, dark)) {
                char number[32];
                texts->x[i] = p;
                texts->y[i] = m->classes - 1 - t;
                texts->texts[i++] =
                    sl_figure_format(figure, "%s", sl_count_text(number, (uint64_t)confusion_at(m, t, p)));
            }
}

static void confusion_draw(sl_figure *figure, const confusion_matrix *m)
{
    const int n = m->classes;
    sl_panel *panel = sl_figure_panel(figure, NULL, "predicted class", "true class");
    if (!panel)
        return;
    sl_series *image =
        sl_panel_grid(figure, panel, SL_DRAW_IMAGE, (size_t)n, (size_t)n, -0.5, n - 0.5, -0.5, n - 0.5);
    panel->square = true;
    panel->z.label = "share of the true class";
    panel->z.high = 1;
    for (int t = 0; image && t < n; t++)
        for (int p = 0; p < n; p++) /* the first class on top */
            image->y[(size_t)(n - 1 - t) * (size_t)n + (size_t)p] =
                m->rows[t] > 0 ? confusion_at(m, t, p) / m->rows[t] : NAN;
    const int stride = (n + CONFUSION_TEXTS - 1) / CONFUSION_TEXTS; /* of names, where many */
    for (int c = 0; c < n; c += stride) {
        sl_axis_name(figure, &panel->x, c, m->names[c]);
        sl_axis_name(figure, &panel->y, n - 1 - c, m->names[c]);
    }
    if (n <= CONFUSION_TEXTS) {
        confusion_texts(figure, panel, m, false);
        confusion_texts(figure, panel, m, true);
    } else {
        sl_figure_note(figure,
                       "The counts of %d classes would not be legible, so colours alone are drawn; "
                       "--csv prints the shares.",
                       n);
    }
}

/* The pairs that are confused most, of equal ones the first. */
static void confusion_pairs(sl_figure *figure, const confusion_matrix *m, int most)
{
    double last = INFINITY;
    int last_at = -1;
    const int cells = m->classes * m->classes;
    for (int shown = 0; shown < most; shown++) {
        double found = 0;
        int at = -1;
        for (int i = 0; i < cells; i++) {
            const double count = m->cells[i];
            if (i / m->classes != i % m->classes && count > found &&
                (count < last || (count == last && i > last_at))) {
                found = count;
                at = i;
            }
        }
        if (at < 0)
            return;
        const double rows = m->rows[at / m->classes];
        sl_figure_note(
            figure, "%s: %s taken for %s in %s of %s (%s).", shown ? "Then" : "Most often confused",
            m->names[at / m->classes], m->names[at % m->classes], sl_figure_number(figure, found),
            sl_answers_count(figure, (size_t)rows, "row"), sl_answers_percent(figure, found, rows));
        last = found;
        last_at = at;
    }
}

static void confusion_notes(sl_figure *figure, const confusion_matrix *m)
{
    int worst = -1;
    double least = 2;
    for (int t = 0; t < m->classes; t++)
        if (m->rows[t] > 0 && confusion_at(m, t, t) / m->rows[t] < least)
            least = confusion_at(m, worst = t, t) / m->rows[t];
    sl_figure_note(figure, "Accuracy %s: %s of %s are right.", sl_answers_percent(figure, m->right, m->all),
                   sl_figure_number(figure, m->right), sl_answers_count(figure, (size_t)m->all, "row"));
    if (m->right == m->all)
        return;
    if (worst >= 0 && m->classes > 2)
        sl_figure_note(figure, "Least often right: %s, %s of %s (%s).", m->names[worst],
                       sl_figure_number(figure, confusion_at(m, worst, worst)),
                       sl_answers_count(figure, (size_t)m->rows[worst], "row"),
                       sl_answers_percent(figure, confusion_at(m, worst, worst), m->rows[worst]));
    confusion_pairs(figure, m, m->classes > CONFUSION_TEXTS ? CONFUSION_PAIRS : 1);
}

static bool confusion_room(sl_figure *figure, confusion_matrix *m, int classes)
{
    const size_t n = (size_t)classes;
    *m = (confusion_matrix){ .classes = classes, .cells = sl_figure_numbers(figure, n * n) };
    m->rows = sl_figure_numbers(figure, n);
    m->names = sl_arena_take(&figure->arena, n * sizeof *m->names);
    return !figure->ctx->status;
}

static sl_status confusion_of_rows(sl_figure *figure, const sl_answers *answers)
{
    confusion_matrix m;
    sl_ctx *ctx = figure->ctx;
    sl_report *report = sl_evaluate(ctx, answers->model, answers->data);
    if (report && confusion_room(figure, &m, answers->classes)) {
        for (int t = 0; t < m.classes; t++) {
            m.names[t] = sl_answers_class(figure, answers->model, t);
            for (int p = 0; p < m.classes; p++)
                m.cells[(size_t)t * (size_t)m.classes + (size_t)p] =
                    (double)sl_report_confusion(report, t, p);
        }
        confusion_sum(&m);
        sl_answers_title(figure, answers, "Confusion matrix");
        confusion_draw(figure, &m);
        confusion_notes(figure, &m);
    }
    sl_report_free(report);
    return ctx->status;
}

/* Where the rows are not at hand: what was written down while training. */
static sl_status confusion_of_record(sl_figure *figure, const sl_figure_job *job, const char *why)
{
    confusion_matrix m;
    sl_confusion_record *record = sl_run_read_confusion(figure->ctx, sl_job_folder(job, 0), 0);
    if (record && record->classes <= CONFUSION_MOST && confusion_room(figure, &m, record->classes)) {
        for (int t = 0; t < m.classes; t++)
            m.names[t] = sl_answers_class(figure, sl_job_model(job, 0), t);
        for (int i = 0; i < m.classes * m.classes; i++)
            m.cells[i] = (double)record->cells[i];
        confusion_sum(&m);
        figure->title = sl_figure_format(figure, "Confusion matrix of %s: %s rows after epoch %zu, %s",
                                         sl_job_name(job, 0), record->validation ? "validation" : "training",
                                         record->epoch, sl_answers_count(figure, (size_t)m.all, "row"));
        confusion_draw(figure, &m);
        sl_figure_note(
            figure, "Recorded while training, at the best epoch, as its rows cannot be read now: %s.", why);
        confusion_notes(figure, &m);
    }
    sl_confusion_record_free(record);
    return figure->ctx->status;
}

static sl_status confusion_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    sl_answers answers;
    const sl_model *model = sl_job_model(job, 0);
    if (model && !sl_model_kinds(model))
        return sl_fail(
            job->ctx, SL_EINVAL,
            "figure confusion: is of classes, and the answers of %s are numbers: take errors, which "
            "draws predicted against true",
            sl_job_folder(job, 0));
    if (model && !sl_answers_open(job, &answers) && job->ctx->status == SL_EFILE && !job->request->data &&
        !job->request->part) {
        char why[512];
        sl_text_fit(sl_message(job->ctx), why, sizeof why);
        sl_clear(job->ctx);
        return confusion_of_record(figure, job, why);
    }
    if (job->ctx->status)
        return job->ctx->status;
    if (answers.classes > CONFUSION_MOST)
        return sl_fail(
            job->ctx, SL_EINVAL,
            "figure confusion: %d classes are too many for a picture, which takes at most %d: slope "
            "errors %s lists what is most often taken for what",
            answers.classes, CONFUSION_MOST, sl_job_folder(job, 0));
    return confusion_of_rows(figure, &answers);
}

const sl_figure_kind sl_figure_confusion = {
    .name = "confusion",
    .summary = "which class is taken for which",
    .formula = "rows of each true class by the class predicted; colour: their share of the true class",
    .takes = "data part",
    .most_runs = 1,
    .of_runs = confusion_of_runs,
};
