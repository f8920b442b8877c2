/* Figures of a model's answers: confusion, calibration, errors, importance, against plain loops here. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "figure_run.h"

#include "data/data.h"
#include "model/model.h"

typedef struct {
    figure_place place;
    sl_ctx *ctx;
    sl_model *model;
    sl_data *data;
    size_t rows;
    int classes;
    sl_real *p; /* [rows, classes], or predictions */
    sl_real *y; /* [rows] */
} answers_case;

static void answers_open(answers_case *c, const sl_run_options *options)
{
    figure_place_make(&c->place);
    figure_train(&c->place, options, 1);
    c->ctx = engine_ctx(1);
    c->model = sl_model_load(c->ctx, c->place.run);
    c->data = sl_data_open_for(c->ctx, options->data, "all", c->model, NULL);
    assert_fine(c->ctx);
    c->rows = sl_data_rows(c->data);
    c->classes = sl_model_classes(c->model);
    c->p = sl_values(sl_predict_data(c->ctx, c->model, c->data, 0, c->rows));
    c->y = calloc(c->rows, sizeof *c->y);
    for (size_t i = 0; i < c->rows; i++)
        assert_int_equal(sl_data_row(c->data, i, NULL, &c->y[i]), SL_OK);
}

static void answers_close(answers_case *c)
{
    sl_ctx_free(c->ctx);
    free(c->y);
    figure_place_clear(c->place.folder);
}

static int answers_said(const answers_case *c, size_t row)
{
    int best = 0;
    for (int k = 1; k < c->classes; k++)
        if (c->p[row * (size_t)c->classes + (size_t)k] > c->p[row * (size_t)c->classes + (size_t)best])
            best = k;
    return best;
}

static const sl_run_options answers_moons = { .data = "builtin:moons?rows=300&noise=0.4",
                                              .net = "4 tanh",
                                              .epochs = 20 };

static void confusion_counts_rows(void **unused)
{
    (void)unused;
    answers_case c;
    size_t cells[2][2] = { { 0 } }, right = 0, seen = 0;
    char said[64];
    answers_open(&c, &answers_moons);
    sl_figure *figure = figure_make(c.ctx, &c.place, "confusion", (sl_figure_request){ .part = "all" });
    assert_fine(c.ctx);
    for (size_t i = 0; i < c.rows; i++) {
        cells[(int)c.y[i]][answers_said(&c, i)]++;
        right += (int)c.y[i] == answers_said(&c, i);
    }
    assert_true(right < c.rows && right > c.rows / 2); /* else there is nothing to be told apart */
    assert_string_equal(sl_figure_title(figure), "Confusion matrix of run-1: all 300 rows");
    const sl_panel *panel = figure->panels[0];
    const sl_series *image = figure_series_of(panel, SL_DRAW_IMAGE, 0);
    for (int t = 0; t < 2; t++)
        for (int p = 0; p < 2; p++) { /* class 0 on top, which is the last row */
            const double share = (double)cells[t][p] / (double)(cells[t][0] + cells[t][1]);
            assert_near(image->y[(1 - t) * 2 + p], share, 1e-12);
        }
    for (int s = 0; s < panel->count; s++)
        for (size_t i = 0; panel->series[s]->how == SL_DRAW_TEXTS && i < panel->series[s]->count; i++) {
            const int t = 1 - (int)panel->series[s]->y[i], p = (int)panel->series[s]->x[i];
            snprintf(said, sizeof said, "%zu", cells[t][p]);
            assert_string_equal(panel->series[s]->texts[i], said);
            seen++;
        }
    assert_int_equal(seen, 4);
    snprintf(said, sizeof said, "%zu of 300 rows are right", right);
    assert_notes(figure, said);
    const size_t most = cells[0][1] >= cells[1][0] ? cells[0][1] : cells[1][0];
    snprintf(said, sizeof said, " in %zu of ", most);
    assert_notes(figure, said);
    assert_notes(figure, cells[0][1] >= cells[1][0] ? "0 taken for 1" : "1 taken for 0");
    answers_close(&c);
}

/* Without its rows: what confusion.csv has of the best epoch. */
static void confusion_falls_back_on_the_record(void **unused)
{
    (void)unused;
    answers_case c = { 0 };
    figure_place_make(&c.place);
    FILE *file = fopen(c.place.source, "w");
    fputs("x,kind\n", file);
    for (int i = 0; i < 200; i++)
        fprintf(file, "%d.5,%s\n", i, i % 7 && i < 100 ? "low" : "high");
    fclose(file);
    figure_train(&c.place, &(sl_run_options){ .data = c.place.source, .table.target = "kind", .epochs = 3 },
                 1);
    c.ctx = engine_ctx(1);
    sl_figure *now = figure_make(c.ctx, &c.place, "confusion", (sl_figure_request){ .part = "validation" });
    assert_fine(c.ctx);
    unlink(c.place.source);
    sl_figure *then = figure_make(c.ctx, &c.place, "confusion", (sl_figure_request){ 0 });
    assert_fine(c.ctx);
    assert_notes(then, "Recorded while training");
    assert_notes(then, "rows.csv");
    assert_non_null(strstr(sl_figure_title(then), "validation rows after epoch"));
    const sl_series *a = figure_series_of(now->panels[0], SL_DRAW_IMAGE, 0);
    const sl_series *b = figure_series_of(then->panels[0], SL_DRAW_IMAGE, 0);
    for (int i = 0; i < 4; i++)
        assert_true(a->y[i] == b->y[i]);
    /* rows that are asked for are not replaced by others */
    assert_null(figure_make(c.ctx, &c.place, "confusion", (sl_figure_request){ .part = "train" }));
    assert_says(c.ctx, SL_EFILE, "rows.csv");
    sl_ctx_free(c.ctx);
    figure_place_clear(c.place.folder);
}

static void calibration_bins_rows(void **unused)
{
    (void)unused;
    answers_case c;
    double rows[10] = { 0 }, sure[10] = { 0 }, right[10] = { 0 }, error = 0;
    size_t shown = 0;
    answers_open(&c, &answers_moons);
    sl_figure *figure = figure_make(c.ctx, &c.place, "calibration", (sl_figure_request){ .part = "all" });
    assert_fine(c.ctx);
    for (size_t i = 0; i < c.rows; i++) {
        const double p = (double)c.p[2 * i + 1];
        int bin = (int)(p * 10);
        bin = bin > 9 ? 9 : bin;
        rows[bin]++;
        sure[bin] += p;
        right[bin] += c.y[i] == 1;
    }
    const sl_series *whiskers = figure_series_of(figure->panels[0], SL_DRAW_ERRORS, 0);
    const sl_series *bars = figure_series_of(figure->panels[1], SL_DRAW_BARS, 0);
    for (int b = 0; b < 10; b++) {
        assert_near(bars->x[b], 0.05 + 0.1 * b, 1e-12);
        assert_true(bars->y[b] == rows[b]);
        error += fabs(right[b] - sure[b]) / (double)c.rows;
        if (rows[b] == 0)
            continue;
        const double share = right[b] / rows[b], z = 1.959963984540054;
        assert_near(whiskers->x[shown], sure[b] / rows[b], 1e-6);
        assert_near(whiskers->y[shown], share, 1e-12);
        for (int side = 0; side < 2; side++) { /* Wilson: (share - p)^2 = z^2 p (1 - p) / n at both ends */
            const double p = side ? whiskers->high[shown] : whiskers->low[shown];
            assert_near((share - p) * (share - p), z * z * p * (1 - p) / rows[b], 1e-9);
            assert_true(side ? p >= share : p <= share);
        }
        shown++;
    }
    assert_int_equal(whiskers->count, shown);
    char said[64];
    sl_text number = { .ctx = c.ctx };
    sl_text_rounded(&number, floor(error * 1e4 + 0.5) / 1e4);
    snprintf(said, sizeof said, "(ECE) %.5s", sl_text_string(&number));
    sl_text_free(&number);
    assert_notes(figure, said);
    answers_close(&c);
}

static void errors_are_the_largest_losses(void **unused)
{
    (void)unused;
    answers_case c;
    answers_open(&c, &answers_moons);
    sl_figure *figure = figure_make(c.ctx, &c.place, "errors", (sl_figure_request){ .part = "all" });
    assert_fine(c.ctx);
    double worst = 0, wrong[2] = { 0 }, rows[2] = { 0 };
    size_t at = 0;
    for (size_t i = 0; i < c.rows; i++) {
        const int truth = (int)c.y[i];
        const double loss = -log((double)c.p[2 * i + (size_t)truth]);
        at = loss > worst ? i : at;
        worst = loss > worst ? loss : worst;
        rows[truth]++;
        wrong[truth] += truth != answers_said(&c, i);
    }
    const sl_panel *losses = figure->panels[0], *rates = figure->panels[1];
    const sl_series *bars = figure_series_of(losses, SL_DRAW_BARS, 0);
    assert_near(bars->y[0], worst, 1e-5);
    assert_true(losses->lying);
    assert_int_equal(losses->x.tick_count, 15);
    char name[64];
    snprintf(name, sizeof name, "row %zu: %d -> %d", at, (int)c.y[at], 1 - (int)c.y[at]);
    assert_string_equal(losses->x.ticks[0].text, name);
    for (int k = 0; k < 2; k++)
        assert_near(figure_series_of(rates, SL_DRAW_BARS, 0)->y[k], wrong[k] / rows[k], 1e-12);
    snprintf(name, sizeof name, "%d of 300 rows are wrong", (int)(wrong[0] + wrong[1]));
    assert_notes(figure, name);
    answers_close(&c);
}

static void errors_of_pictures_show_them(void **unused)
{
    (void)unused;
    answers_case c;
    answers_open(&c, &(sl_run_options){ .data = "builtin:digits?rows=100", .net = "linear", .epochs = 1 });
    sl_figure *figure = figure_make(c.ctx, &c.place, "errors", (sl_figure_request){ .part = "train" });
    assert_fine(c.ctx);
    sl_data *train = sl_data_open(c.ctx, "builtin:digits?rows=100", "train");
    const sl_series *image = figure_series_of(figure->panels[0], SL_DRAW_IMAGE, 0);
    const char *rows = strstr(sl_figure_notes(figure), "Their rows: ");
    assert_non_null(rows);
    /* the first picture, wherever the part's rows come from, is one of the data's: its pixels over 255 */
    sl_real x[784];
    size_t same = 0, left = 0;
    while (left < image->columns && isnan(image->y[(image->rows - 1) * image->columns + left]))
        left++;
    for (size_t row = 0; row < sl_data_rows(train); row++) {
        bool equal = true;
        sl_data_row(train, row, x, NULL);
        for (size_t i = 0; i < 28 && equal; i++)
            for (size_t j = 0; j < 28 && equal; j++)
                equal = fabs(image->y[(image->rows - 1 - i) * image->columns + left + j] -
                             (double)x[i * 28 + j] / 255) < 1e-6;
        same += equal;
    }
    assert_int_equal(same, 1);
    assert_int_equal(figure_series_of(figure->panels[0], SL_DRAW_TEXTS, 0)->count, 50);
    answers_close(&c);
}

static void errors_of_numbers_are_residuals(void **unused)
{
    (void)unused;
    answers_case c;
    double squares = 0, most = 0;
    answers_open(&c, &(sl_run_options){ .data = "builtin:plane?rows=120", .net = "4 tanh", .epochs = 5 });
    sl_figure *figure = figure_make(c.ctx, &c.place, "errors", (sl_figure_request){ .part = "all" });
    assert_fine(c.ctx);
    const sl_series *points = figure_series_of(figure->panels[0], SL_DRAW_POINTS, 0);
    const sl_series *left = figure_series_of(figure->panels[1], SL_DRAW_POINTS, 0);
    assert_int_equal(points->count, c.rows);
    double sums[3] = { 0 }, wanted[3] = { 0 };
    for (size_t i = 0; i < c.rows; i++) {
        const double off = (double)c.y[i] - (double)c.p[i];
        squares += off * off / (double)c.rows;
        most = fabs(off) > most ? fabs(off) : most;
        sums[0] += points->x[i], wanted[0] += (double)c.y[i];
        sums[1] += points->y[i], wanted[1] += (double)c.p[i];
        sums[2] += left->x[i] * left->y[i], wanted[2] += (double)c.p[i] * off;
    }
    for (int i = 0; i < 3; i++)
        assert_near(sums[i], wanted[i], 1e-4);
    assert_near(fabs(left->y[0]), most, 1e-5); /* the worst comes first */
    char said[64], number[32];
    snprintf(said, sizeof said, "rmse %.4s", sl_number_text(number, sqrt(squares)));
    assert_notes(figure, said);
    answers_close(&c);
}

static void importance_draws_the_report(void **unused)
{
    (void)unused;
    answers_case c;
    answers_open(&c, &answers_moons);
    sl_figure *figure = figure_make(c.ctx, &c.place, "importance", (sl_figure_request){ .part = "all" });
    sl_report *report = sl_importance(c.ctx, c.model, c.data, 0);
    assert_fine(c.ctx);
    const sl_panel *panel = figure->panels[0];
    const sl_series *bars = figure_series_of(panel, SL_DRAW_BARS, 0);
    const sl_series *whiskers = figure_series_of(panel, SL_DRAW_ERRORS, 0);
    assert_true(panel->lying && bars->y[0] > bars->y[1]);
    for (int i = 0; i < 2; i++) {
        const double mean = sl_report_at(report, i, "mean"), spread = sl_report_at(report, i, "spread");
        assert_near(bars->y[i], mean, 1e-12);
        assert_near(whiskers->low[i], mean - spread, 1e-12);
        assert_near(whiskers->high[i], mean + spread, 1e-12);
        assert_string_equal(panel->x.ticks[i].text, sl_report_at(report, i, "input") > 0 ? "x1" : "x0");
    }
    answers_close(&c);
}

static void figures_that_do_not_fit_say_what_does(void **unused)
{
    (void)unused;
    figure_place place;
    figure_place_make(&place);
    figure_train(&place, &(sl_run_options){ .data = "builtin:line?rows=60", .epochs = 1 }, 1);
    sl_ctx *ctx = engine_ctx(1);
    assert_null(figure_make(ctx, &place, "confusion", (sl_figure_request){ 0 }));
    assert_says(ctx, SL_EINVAL, "are numbers: take errors");
    assert_null(figure_make(ctx, &place, "calibration", (sl_figure_request){ 0 }));
    assert_says(ctx, SL_EINVAL, "are numbers: take errors");
    assert_null(figure_make(ctx, &place, "boundary", (sl_figure_request){ 0 }));
    assert_says(ctx, SL_EINVAL, "has one: take fit");
    assert_null(figure_make(ctx, &place, "errors", (sl_figure_request){ .row = 3 }));
    assert_says(ctx, SL_EINVAL, "takes no row");
    sl_ctx_free(ctx);
    figure_place_clear(place.folder);
}

/* The same bytes again, and on more threads. */
static void figures_are_the_same_again(void **unused)
{
    (void)unused;
    static const char *const kinds[] = { "confusion", "calibration", "errors", "importance", "boundary" };
    figure_place place;
    figure_place_make(&place);
    figure_train(&place, &answers_moons, 1);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        uint64_t digest[3];
        for (int i = 0; i < 3; i++) {
            sl_ctx *ctx = engine_crew(NULL, i == 2 ? 3 : 1);
            digest[i] = sl_figure_digest(figure_make(ctx, &place, kinds[k], (sl_figure_request){ 0 }));
            assert_fine(ctx);
            sl_ctx_free(ctx);
        }
        assert_true(digest[0] && digest[0] == digest[1] && digest[0] == digest[2]);
    }
    figure_place_clear(place.folder);
}

/* Each allocation fails once, in steps: a failure is said, nothing crashes, and nothing is lost. */
static void figures_without_memory_say_so(void **unused)
{
    (void)unused;
    static const char *const kinds[] = {
        "confusion", "calibration", "errors", "importance", "boundary", "fit"
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        figure_place place;
        bool failed = true;
        figure_place_make(&place);
        figure_train(
            &place,
            k == 5 ? &(sl_run_options){ .data = "builtin:line?rows=60", .epochs = 1 } : &answers_moons, 1);
        for (size_t at = 3; failed; at += 1 + at / 40) {
            test_memory memory = { .fail_at = at };
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
            if (!ctx)
                continue;
            sl_figure *figure = figure_make(ctx, &place, kinds[k], (sl_figure_request){ 0 });
            failed = !figure;
            assert_int_equal(sl_error(ctx), failed ? SL_ENOMEM : SL_OK);
            sl_ctx_free(ctx);
            assert_int_equal(memory.bytes, 0);
            assert_false(memory.wrong_size);
        }
        figure_place_clear(place.folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(confusion_counts_rows),
        cmocka_unit_test(confusion_falls_back_on_the_record),
        cmocka_unit_test(calibration_bins_rows),
        cmocka_unit_test(errors_are_the_largest_losses),
        cmocka_unit_test(errors_of_pictures_show_them),
        cmocka_unit_test(errors_of_numbers_are_residuals),
        cmocka_unit_test(importance_draws_the_report),
        cmocka_unit_test(figures_that_do_not_fit_say_what_does),
        cmocka_unit_test(figures_are_the_same_again),
        cmocka_unit_test(figures_without_memory_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
