/* Any figure in a terminal: no line is wider than it may be, colours end with their line, and nothing of a
 * name gets there but letters; when memory runs out, the context says so. */
#include "terminal.h"

static double terminal_wild(uint64_t *state)
{
    static const double special[] = { NAN, INFINITY, -INFINITY, 0, -0.0, 1e308, -1e308, 5e-324, 1e-300, 1 };
    switch (engine_below(state, 8)) {
    case 0:
        return special[engine_below(state, sizeof special / sizeof *special)];
    case 1:
        return engine_uniform(state, 0, 1e-6);
    case 2:
        return engine_uniform(state, -1e9, 1e9);
    default:
        return engine_uniform(state, -2, 2);
    }
}

static const char *terminal_wild_text(sl_figure *figure, uint64_t *state)
{
    char text[64];
    const size_t length = engine_below(state, sizeof text);
    for (size_t i = 0; i < length; i++) /* bytes that begin no character are wrong ones */
        text[i] = (char)(engine_below(state, 3) ? 'a' + (int)engine_below(state, 26)
                                                : 1 + (int)engine_below(state, 191));
    text[length] = 0;
    static const char *const known[] = { "",
                                         "x",
                                         "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
                                         "e\xCC\x81",
                                         "\xF0\x9F\x98\x80",
                                         "a rather long name of a column",
                                         "\033[2J" };
    return engine_below(state, 2) ? sl_figure_format(figure, "%s", text) : known[engine_below(state, 7)];
}

static void terminal_wild_axis(sl_figure *figure, sl_axis *axis, uint64_t *state)
{
    axis->log = engine_below(state, 5) == 0;
    axis->none = engine_below(state, 6) == 0;
    axis->whole = engine_below(state, 4) == 0;
    axis->robust = engine_below(state, 4) == 0;
    axis->zero = engine_below(state, 4) == 0;
    const size_t names = engine_below(state, 4) ? 0 : engine_below(state, 30);
    for (size_t i = 0; i < names; i++)
        sl_axis_name(figure, axis, engine_below(state, 9) ? (double)i : terminal_wild(state),
                     terminal_wild_text(figure, state));
}

static void terminal_wild_series(sl_figure *figure, sl_panel *panel, uint64_t *state)
{
    const sl_draw how = (sl_draw)engine_below(state, SL_DRAW_UP + 1);
    const char *name = engine_below(state, 2) ? terminal_wild_text(figure, state) : NULL;
    sl_series *s;
    if (how == SL_DRAW_IMAGE || how == SL_DRAW_CONTOUR || how == SL_DRAW_SURFACE) {
        const size_t rows = 1 + engine_below(state, 12), columns = 1 + engine_below(state, 12);
        s = sl_panel_grid(figure, panel, how, rows, columns, -0.5, (double)columns - 0.5, -0.5,
                          (double)rows - 0.5);
        for (size_t i = 0; i < s->count; i++)
            s->y[i] = panel->tint == SL_CLASSES ? engine_uniform(state, 0, 9) : terminal_wild(state);
        if (engine_below(state, 2)) {
            s->levels = sl_figure_numbers(figure, 4);
            s->level_count = 4;
            for (int i = 0; i < 4; i++)
                s->levels[i] = i;
        }
        if (engine_below(state, 3) == 0) {
            sl_series *t = sl_panel_add(figure, panel, SL_DRAW_TEXTS, NULL, s->count);
            for (size_t i = 0; i < s->count; i++) {
                t->x[i] = (double)(i % columns);
                t->y[i] = (double)(i / columns);
                t->texts[i] = engine_below(state, 9) ? "17" : terminal_wild_text(figure, state);
            }
        }
        return;
    }
    s = sl_panel_add(figure, panel, how, name,
                     how == SL_DRAW_ACROSS || how == SL_DRAW_UP ? 1 : engine_below(state, 40));
    const bool tame = engine_below(state, 2);
    for (size_t i = 0; i < s->count; i++) {
        s->x[i] = engine_below(state, 2) ? (double)i : terminal_wild(state);
        s->y[i] = tame ? engine_uniform(state, -1, 1) : terminal_wild(state);
        if (s->low)
            s->low[i] = tame ? s->y[i] - 0.1 : terminal_wild(state);
        if (s->high)
            s->high[i] = tame ? s->y[i] + 0.1 : terminal_wild(state);
        if (s->texts)
            s->texts[i] = terminal_wild_text(figure, state);
    }
    s->mark = (int)engine_below(state, 7);
    s->dashed = engine_below(state, 2);
    s->thin = engine_below(state, 2);
    s->colour = (sl_colour)engine_below(state, SL_LIGHT + 1);
}

static sl_figure *terminal_wild_figure(sl_ctx *ctx, uint64_t *state)
{
    sl_figure *figure = sl_figure_new(ctx, "wild");
    figure->title = engine_below(state, 4) ? terminal_wild_text(figure, state) : NULL;
    if (engine_below(state, 6) == 0) {
        const int nodes = 1 + (int)engine_below(state, 20);
        for (int i = 0; i < nodes; i++) {
            const int node = sl_figure_node(figure,
                                            engine_below(state, 3)   ? "a"
                                            : engine_below(state, 2) ? "bb"
                                                                     : NULL,
                                            terminal_wild_text(figure, state));
            figure->nodes[node].box = engine_below(state, 3) == 0;
            figure->nodes[node].dots = engine_below(state, 9) == 0;
            figure->nodes[node].value = engine_below(state, 2) ? NAN : terminal_wild(state);
        }
        for (size_t i = engine_below(state, 40); i > 0; i--)
            sl_figure_edge(figure, (int)engine_below(state, (size_t)nodes),
                           (int)engine_below(state, (size_t)nodes), terminal_wild(state));
    } else {
        for (size_t p = 1 + engine_below(state, 3); p > 0; p--) {
            sl_panel *panel =
                sl_figure_panel(figure, engine_below(state, 2) ? terminal_wild_text(figure, state) : NULL,
                                terminal_wild_text(figure, state), terminal_wild_text(figure, state));
            panel->tint = (sl_tint)engine_below(state, 4);
            panel->square = engine_below(state, 4) == 0;
            panel->no_scale = engine_below(state, 2) == 0;
            panel->note = engine_below(state, 3) ? NULL : terminal_wild_text(figure, state);
            terminal_wild_axis(figure, &panel->x, state);
            terminal_wild_axis(figure, &panel->y, state);
            for (size_t s = engine_below(state, 6); s > 0; s--)
                terminal_wild_series(figure, panel, state);
        }
    }
    sl_figure_note(figure, "%s", terminal_wild_text(figure, state));
    return figure;
}

/* Columns of a line whose letters are as the tests have them: two for Chinese and for faces, none for accents
 * and escapes. Colours must be off at its end; the last letter is no blank without a colour. */
static void terminal_check_line(const char *line, size_t length, int width, bool unicode, bool colour)
{
    int columns = 0;
    bool on = false, ground = false;
    for (size_t i = 0; i < length;) {
        const unsigned char c = (unsigned char)line[i];
        if (c == 033) {
            assert_true(colour && line[i + 1] == '[');
            const size_t end = i + strcspn(line + i, "m");
            assert_true(end < length);
            on = end != i + 3 || line[i + 2] != '0';
            ground = on && strstr(line + i, "48;5;") && strstr(line + i, "48;5;") < line + end;
            i = end + 1;
            continue;
        }
        assert_true(c >= 32 && c != 127);
        assert_true(unicode || c < 127);
        const size_t bytes = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        assert_true(bytes == 1 || c >= 0xC2);
        for (size_t k = 1; k < bytes; k++)
            assert_int_equal(line[i + k] & 0xC0, 0x80);
        const bool chinese = bytes == 3 && c >= 0xE4 && c <= 0xE9, face = bytes == 4;
        const bool accent = bytes == 2 && (c == 0xCC || (c == 0xCD && (unsigned char)line[i + 1] < 0xB0));
        columns += accent ? 0 : chinese || face ? 2 : 1;
        i += bytes;
        assert_true(i < length || c != ' ' || ground);
    }
    assert_false(on);
    if (columns > width)
        fail_msg("%d columns of %d: %.*s", columns, width, (int)length, line);
    assert_true(!length || line[length - 1] != ' ');
}

static void terminal_check(const char *text, int width, int height, bool unicode, bool colour)
{
    int lines = 0;
    for (; *text; lines++) {
        const size_t length = strcspn(text, "\n");
        assert_int_equal(text[length], '\n');
        terminal_check_line(text, length, width, unicode, colour);
        text += length + 1;
    }
    if (height)
        assert_true(lines <= height);
}

static void terminal_any_figure_fits(void **state)
{
    static const int widths[] = { 40, 80, 200, 20, 33, 121 };
    terminal_bench *b = *state;
    uint64_t random = 7;
    for (int round = 0; round < 1500; round++) {
        sl_figure *figure = terminal_wild_figure(b->ctx, &random);
        for (int way = 0; way < 4; way++) {
            const int width = widths[engine_below(&random, 6)];
            const int height = engine_below(&random, 3) ? 0 : 5 + (int)engine_below(&random, 60);
            const char *text = sl_figure_text(figure, width, height, way & 1, way & 2);
            if (!text)
                fail_msg("round %d: %s", round, sl_message(b->ctx));
            terminal_check(text, width, height, way & 1, way & 2);
        }
        sl_figure_free(figure);
    }
}

static void terminal_without_memory(void **state)
{
    (void)state;
    for (int round = 0; round < 12; round++) {
        bool whole = false;
        for (size_t n = 1; !whole && n < 4000; n++) {
            uint64_t random = 100 + (uint64_t)round;
            test_memory memory = { 0 };
            sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
            sl_figure *figure = terminal_wild_figure(ctx, &random);
            memory.fail_at = memory.calls + n;
            whole = sl_figure_text(figure, 80, 0, true, true);
            assert_int_equal(sl_error(ctx), whole ? SL_OK : SL_ENOMEM);
            sl_figure_free(figure);
            sl_ctx_free(ctx);
            assert_true(memory.bytes == 0 && !memory.wrong_size);
        }
        assert_true(whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(terminal_any_figure_fits, terminal_setup, terminal_teardown),
        cmocka_unit_test_setup_teardown(terminal_without_memory, terminal_setup, terminal_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
