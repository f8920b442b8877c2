/* live_test.c - the panel of curves that is drawn while training: every point where plain arithmetic puts it,
 * the dots as the Unicode standard numbers them, and no line wider than asked for. */
#include "engine.h"
#include "train/report.h"

enum { LIVE_ROOM = 65536, LIVE_LINES = 32 };

typedef struct {
    char text[LIVE_ROOM];
    char *line[LIVE_LINES];
    int lines;
} live_picture;

static sl_report *live_report(sl_ctx *ctx, bool validation)
{
    sl_report *report = sl_report_new(ctx);
    sl_report_add_column(report, "epoch");
    sl_report_add_column(report, "train_loss");
    if (validation)
        sl_report_add_column(report, "validation_loss");
    return report;
}

static void live_add(sl_report *report, double train, double validation)
{
    const double row[] = { report->rows + 1, train, validation };
    assert_int_equal(sl_report_add_row(report, row), SL_OK);
}

static void live_take(live_picture *picture, const sl_report *report, int width, int height, bool unicode)
{
    const sl_live live = { .width = width, .height = height, .unicode = unicode };
    const size_t length = sl_plot_live(report, &live, picture->text, LIVE_ROOM);
    assert_true(length > 0);
    assert_int_equal(length, strlen(picture->text));
    picture->lines = 0;
    for (char *at = picture->text; *at; at++) {
        picture->line[picture->lines++] = at;
        at = strchr(at, '\n');
        assert_non_null(at);
        *at = 0;
    }
    assert_int_equal(picture->lines, height);
}

static int live_columns(const char *line)
{
    int columns = 0;
    for (; *line; line++)
        columns += ((unsigned char)*line & 0xC0) != 0x80;
    return columns;
}

/* The character at a column of a line without Unicode; behind its end a blank. */
static char live_at(const char *line, int column)
{
    return (int)strlen(line) > column ? line[column] : ' ';
}

static void each_point_lies_where_arithmetic_puts_it(void **state)
{
    (void)state;
    static live_picture picture;
    sl_ctx *ctx = engine_ctx(1);
    sl_report *report = live_report(ctx, true);
    const double train[] = { 1.0, 0.6, 0.35, 0.2, 0.0 }, validation[] = { 0.9, 0.7, 0.5, 0.55, 0.7 };
    for (int i = 0; i < 5; i++)
        live_add(report, train[i], validation[i]);
    report->best = 2;
    live_take(&picture, report, 60, 10, false);
    /* values from 0 to 1 in steps of 0.05: the axis is 0, 0.5, 1; labels of 3, so 8 columns stand before it
     */
    assert_non_null(strstr(picture.line[0], "loss  t train 0  v val. 0.7"));
    assert_memory_equal(picture.line[1], "     1 +", 8);
    assert_memory_equal(picture.line[4], "   0.5 +", 8);
    assert_memory_equal(picture.line[7], "     0 +", 8);
    for (int i = 0; i < 5; i++) {
        const int column = 8 + (int)floor(i / 4.0 * 51 + 0.5);
        const char t = live_at(picture.line[1 + (int)floor((1 - train[i]) * 6 + 0.5)], column);
        const char v = live_at(picture.line[1 + (int)floor((1 - validation[i]) * 6 + 0.5)], column);
        assert_true(t == 't' || t == '*');
        assert_true(v == 'v' || v == '*');
    }
    assert_int_equal(live_at(picture.line[8], 7), '+');
    for (int column = 8; column < 60; column++) /* the best epoch is the third of five: in the middle */
        assert_int_equal(live_at(picture.line[8], column), column == 8 + 26 ? '^' : '-');
    assert_memory_equal(picture.line[9], "  epoch 1", 9);
    assert_memory_equal(picture.line[9] + 8 + 26 - 3, "best 3", 6);
    assert_string_equal(picture.line[9] + 59, "5");
    sl_ctx_free(ctx);
}

static void dots_are_those_of_the_standard(void **state)
{
    (void)state;
    static live_picture picture;
    sl_ctx *ctx = engine_ctx(1);
    sl_report *report = live_report(ctx, false);
    live_add(report, 1, 0);
    live_add(report, NAN,
             0); /* a gap: two points alone, dot 1 at the top left and dot 8 at the bottom right */
    live_add(report, 0, 0);
    live_take(&picture, report, 48, 8, true);
    assert_string_equal(picture.line[1], "     1 \u2524\u2801");
    assert_string_equal(picture.line[2], "       \u2502");
    const char *last = picture.line[5];
    assert_int_equal(live_columns(last), 48);
    assert_string_equal(last + strlen(last) - 3, "\u2880");
    assert_int_equal(strspn(last + strlen("     0 \u2524"), " "), 39);
    /* a level line: two dots a character, side by side, in one of the rows of dots */
    report = live_report(ctx, false);
    live_add(report, 2.5, 0);
    live_add(report, 2.5, 0);
    live_take(&picture, report, 48, 8, true);
    static const char *const rows[] = { "\u2809", "\u2812", "\u2824", "\u28C0" };
    bool level = false;
    for (int r = 0; r < 4; r++)
        level = level || strstr(picture.line[3], rows[r]);
    assert_true(level);
    sl_ctx_free(ctx);
}

static void more_than_two_decades_get_a_logarithmic_axis(void **state)
{
    (void)state;
    static live_picture picture;
    sl_ctx *ctx = engine_ctx(1);
    sl_report *report = live_report(ctx, false);
    const double values[] = { 10, 1, 0.1, 0.01, 0.001 };
    for (int i = 0; i < 5; i++)
        live_add(report, values[i], 0);
    live_take(&picture, report, 48, 12, false);
    assert_non_null(strstr(picture.line[0], "log scale"));
    assert_memory_equal(picture.line[1], "    10 +", 8);
    assert_memory_equal(picture.line[5], "   0.1 +", 8);
    assert_memory_equal(picture.line[9], " 0.001 +", 8);
    for (int i = 0; i < 5; i++) /* a decade is two lines */
        assert_int_equal(live_at(picture.line[1 + 2 * i], 8 + (int)floor(i / 4.0 * 39 + 0.5)), 't');
    live_add(report, 0, 0); /* no logarithm of this: a plain axis again */
    live_take(&picture, report, 48, 12, false);
    assert_null(strstr(picture.line[0], "log scale"));
    report = live_report(ctx, false);
    live_add(report, 100, 0); /* two decades are not more than two */
    live_add(report, 1, 0);
    live_take(&picture, report, 48, 12, false);
    assert_null(strstr(picture.line[0], "log scale"));
    sl_ctx_free(ctx);
}

static void what_there_is_nothing_of_is_not_drawn(void **state)
{
    (void)state;
    char text[2048];
    sl_ctx *ctx = engine_ctx(1);
    const sl_live live = { .width = 60, .height = 10 };
    sl_report *report = live_report(ctx, true);
    assert_int_equal(sl_plot_live(NULL, &live, text, sizeof text), 0);
    assert_int_equal(sl_plot_live(report, &live, text, sizeof text), 0);
    live_add(report, 1, 1);
    assert_int_equal(sl_plot_live(report, &live, text, sizeof text), 0); /* one epoch is no curve */
    live_add(report, 2, NAN);
    assert_true(sl_plot_live(report, &live, text, sizeof text) > 0);
    const size_t whole = strlen(text);
    memset(text, '#', sizeof text);
    assert_int_equal(sl_plot_live(report, &live, text, whole), 0); /* its closing 0 has no room */
    assert_int_equal(text[whole], '#');
    assert_int_equal(sl_plot_live(report, &live, text, whole + 1), whole);
    assert_int_equal(sl_plot_live(report, &(sl_live){ .width = 39, .height = 10 }, text, sizeof text), 0);
    assert_int_equal(sl_plot_live(report, &(sl_live){ .width = 60, .height = 5 }, text, sizeof text), 0);
    report = live_report(ctx, true);
    live_add(report, NAN, INFINITY);
    live_add(report, -INFINITY, NAN);
    assert_int_equal(sl_plot_live(report, &live, text, sizeof text), 0);
    sl_ctx_free(ctx);
}

static void no_line_is_too_wide_whatever_the_values(void **state)
{
    (void)state;
    static live_picture picture;
    static const double values[] = { 0,       -0.0,     1,      2.302585093, 2.302585094, 1e-300,
                                     -1e-300, 1e299,    -1e299, 1e-45,       123456,      1e9,
                                     NAN,     INFINITY, 1e-7,   3e-5,        0.1,         99999 };
    enum { VALUES = sizeof values / sizeof *values };
    uint64_t random = 7;
    for (int round = 0; round < 600; round++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_report *report = live_report(ctx, round % 3 != 0);
        live_add(report, values[engine_below(&random, 12)], 1); /* finite, so there is a curve */
        const int rows = 1 + (int)engine_below(&random, round % 50 ? 8 : 20000);
        for (int i = 0; i < rows; i++)
            live_add(report, values[engine_below(&random, VALUES)], values[engine_below(&random, VALUES)]);
        report->best = (int)engine_below(&random, (size_t)report->rows + 1) - 1;
        const int width = 40 + (int)engine_below(&random, 300), height = 6 + (int)engine_below(&random, 14);
        live_take(&picture, report, width, height, round % 2);
        for (int i = 0; i < picture.lines; i++)
            assert_in_range(live_columns(picture.line[i]), 1, width < 120 ? width : 120);
        assert_int_equal(strstr(picture.line[height - 1], "best ") != NULL, report->best >= 0);
        sl_ctx_free(ctx);
    }
}

static void the_last_of_many_epochs_is_in_the_picture(void **state)
{
    (void)state;
    static live_picture picture;
    sl_ctx *ctx = engine_ctx(1);
    sl_report *report = live_report(ctx, false);
    for (int i = 0; i < 49999; i++)
        live_add(report, 0.5, 0);
    live_add(report, 1, 0);
    live_take(&picture, report, 60, 10, false);
    assert_int_equal(live_at(picture.line[1], 59), 't');
    assert_non_null(strstr(picture.line[9], "50000"));
    sl_ctx_free(ctx);
}

static void colours_stand_around_what_they_colour(void **state)
{
    (void)state;
    char text[8192];
    sl_ctx *ctx = engine_ctx(1);
    sl_report *report = live_report(ctx, true);
    for (int i = 0; i < 9; i++)
        live_add(report, 9 - i, i);
    report->best = 4;
    const sl_live live = { 60, 10, true, "<T>", "<V>", "<B>", "<0>" };
    assert_true(sl_plot_live(report, &live, text, sizeof text) > 0);
    int open = 0, colours = 0;
    for (const char *at = text; *at; at++) {
        if (*at == '<') {
            open = at[1] != '0';
            colours |= at[1] == 'T' ? 1 : at[1] == 'V' ? 2 : at[1] == 'B' ? 4 : 0;
        }
        assert_false(open && *at == '\n'); /* every line ends without one */
    }
    assert_int_equal(colours, 7);
    assert_non_null(strstr(text, "<B>\u25B2<0>"));
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_point_lies_where_arithmetic_puts_it),
        cmocka_unit_test(dots_are_those_of_the_standard),
        cmocka_unit_test(more_than_two_decades_get_a_logarithmic_axis),
        cmocka_unit_test(what_there_is_nothing_of_is_not_drawn),
        cmocka_unit_test(no_line_is_too_wide_whatever_the_values),
        cmocka_unit_test(the_last_of_many_epochs_is_in_the_picture),
        cmocka_unit_test(colours_stand_around_what_they_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
