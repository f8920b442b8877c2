/* svg.c - see svg.h. What is inside <...> is changed, texts are not: both programs write < in texts as &lt;.
 */
#define _XOPEN_SOURCE 700
#include "svg.h"
#include "system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    FILE *to;
    const char *title, *prefix;
    int titles; /* met so far */
} svg_state;

static void svg_escape(FILE *to, const char *text)
{
    for (; *text; text++) {
        const char *name = *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : *text == '&' ? "&amp;" : NULL;
        if (name)
            fputs(name, to);
        else
            putc(*text, to);
    }
}

static bool svg_begins(const char *at, const char *end, const char *word)
{
    const size_t length = strlen(word);
    return (size_t)(end - at) >= length && memcmp(at, word, length) == 0;
}

/* The end of an element that holds a text alone. */
static const char *svg_behind(const char *at, const char *end, const char *close)
{
    for (; at < end; at++)
        if (svg_begins(at, end, close))
            return at + strlen(close);
    return end;
}

/* A tag, with the prefix before what names a part or refers to one. */
static void svg_tag(const svg_state *state, const char *at, const char *end)
{
    static const char family[] = "font-family=\"DejaVu Sans\"";
    static const char *const names[] = { " id='", " id=\"", "href='#", "href=\"#", "url(#" };
    while (at < end) {
        size_t take = 1;
        const char *behind = "";
        if (svg_begins(at, end, family)) {
            fputs("font-family=\"DejaVu Sans,Verdana,sans-serif\"", state->to);
            at += sizeof family - 1;
            continue;
        }
        if (svg_begins(at, end, "<image ")) {
            take = 7;
            behind = "style=\"image-rendering:pixelated\" ";
        }
        for (size_t i = 0; state->prefix && i < sizeof names / sizeof *names; i++)
            if (svg_begins(at, end, names[i])) {
                take = strlen(names[i]);
                behind = state->prefix;
            }
        fwrite(at, 1, take, state->to);
        fputs(behind, state->to);
        at += take;
    }
}

static void svg_write(svg_state *state, const char *at, const char *end)
{
    while (at < end) {
        if (*at != '<') {
            const char *next = memchr(at, '<', (size_t)(end - at));
            next = next ? next : end;
            fwrite(at, 1, (size_t)(next - at), state->to);
            at = next;
        } else if (svg_begins(at, end, "<!--")) {
            at = svg_behind(at, end, "-->");
        } else if (svg_begins(at, end, "<desc>")) {
            at = svg_behind(at, end, "</desc>");
        } else if (svg_begins(at, end, "<title>")) {
            at = svg_behind(at, end, "</title>");
            if (state->titles++ == 0) {
                fputs("<title>", state->to);
                svg_escape(state->to, state->title);
                fputs("</title>", state->to);
            }
        } else {
            const char *close = memchr(at, '>', (size_t)(end - at));
            close = close ? close + 1 : end;
            svg_tag(state, at, close);
            at = close;
        }
    }
}

bool cli_svg_tidy(cli_bytes *svg, const char *title, const char *prefix)
{
    cli_memory made;
    const char *start = svg->bytes, *end = svg->bytes + svg->length;
    if (!cli_memory_begin(&made))
        return false;
    svg_state state = { .to = made.to, .title = title, .prefix = prefix };
    if (prefix) { /* without the lines that belong to a file */
        const char *element = strstr(start, "<svg");
        start = element ? element : start;
    }
    svg_write(&state, start, end);
    if (!cli_memory_end(&made))
        return false;
    free(svg->bytes);
    *svg = (cli_bytes){ .bytes = made.bytes, .length = made.length, .room = made.length + 1 };
    return true;
}
