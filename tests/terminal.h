/* terminal.h - what the tests of figures in a terminal share. For tests only. */
#ifndef TESTS_TERMINAL_H
#define TESTS_TERMINAL_H

#include "engine.h"
#include "plot/figure.h"

typedef struct {
    test_memory memory;
    sl_ctx *ctx;
    sl_figure *figure;
} terminal_bench;

static inline int terminal_setup(void **state)
{
    terminal_bench *b = calloc(1, sizeof *b);
    const sl_ctx_options options = { .realloc = test_memory_realloc, .user = &b->memory };
    b->ctx = sl_ctx_new(&options);
    *state = b;
    return b->ctx ? 0 : -1;
}

static inline int terminal_teardown(void **state)
{
    terminal_bench *b = *state;
    sl_ctx_free(b->ctx);
    const bool clean = b->memory.bytes == 0;
    free(b);
    return clean ? 0 : -1;
}

/* --- building ---------------------------------------------------------------------------------------------
 */

static inline sl_panel *terminal_panel(terminal_bench *b, const char *title, const char *x, const char *y)
{
    b->figure = sl_figure_new(b->ctx, "test");
    b->figure->title = title;
    return sl_figure_panel(b->figure, NULL, x, y);
}

static inline sl_series *terminal_add(terminal_bench *b, sl_panel *panel, sl_draw how, const char *name,
                                      size_t count, const double *xy)
{
    sl_series *s = sl_panel_add(b->figure, panel, how, name, count);
    for (size_t i = 0; i < count; i++) {
        s->x[i] = xy[2 * i];
        s->y[i] = xy[2 * i + 1];
    }
    return s;
}

static inline void terminal_range(sl_panel *panel, double x0, double x1, double y0, double y1)
{
    panel->x.low = x0;
    panel->x.high = x1;
    panel->y.low = y0;
    panel->y.high = y1;
}

static inline void terminal_end(terminal_bench *b)
{
    sl_figure_free(b->figure);
    b->figure = NULL;
}

static inline void terminal_is(terminal_bench *b, int width, int height, bool unicode, bool colour,
                               const char *expected)
{
    const char *text = sl_figure_text(b->figure, width, height, unicode, colour);
    if (!text)
        fail_msg("%s", sl_message(b->ctx));
    if (strcmp(text, expected) != 0)
        fail_msg("is\n%sshould be\n%s", text, expected);
}

#endif
