/* html_figure.c - figures inside a page. */
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "picture.h"

static bool html_draw(cli_html_figures *f, sl_figure *figure, int panel)
{
    const bool diagram = !sl_figure_panels(figure);
    bool *missing = diagram ? &f->no_dot : &f->no_gnuplot;
    cli_bytes picture = { 0 };
    char prefix[24];
    const char *script =
        *missing ? NULL : sl_figure_script(figure, "svg", panel < 0 ? 0 : 480, panel < 0 ? 0 : 360, panel);
    if (!script)
        return false;
    snprintf(prefix, sizeof prefix, "f%d-", ++f->pictures);
    if (!cli_picture_inline(f->command, script, diagram, prefix, &picture)) {
        *missing = true; /* said */
        return false;
    }
    if (diagram) { /* is made smaller by a quarter at most, so that its texts can be read; then it is moved */
        const char *width = strstr(picture.bytes, "width=\"");
        fprintf(f->stream, "<div class=\"diagram\" style=\"--least:%ldpt\">",
                width ? strtol(width + 7, NULL, 10) * 3 / 4 : 0);
    }
    fwrite(picture.bytes, 1, picture.length, f->stream);
    fputs(diagram ? "</div>" : "", f->stream);
    free(picture.bytes);
    return true;
}

static void html_notes(FILE *stream, const char *notes)
{
    for (; *notes; notes += strcspn(notes, "\n"), notes += *notes == '\n') {
        char line[1024];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(notes, "\n"), notes);
        fputs("<p>", stream);
        cli_html_text(stream, line);
        fputs("</p>", stream);
    }
}

void cli_html_figure(cli_html_figures *f, sl_figure *figure, const char *kind, const char *made_by)
{
    if (!figure) {
        fputs("<figure><h3>", f->stream);
        cli_html_text(f->stream, kind);
        fputs("</h3><figcaption><p>Not drawn: ", f->stream);
        cli_html_text(f->stream, sl_message(f->ctx));
        fputs("</p></figcaption></figure>\n", f->stream);
        cli_say(f->command, "figure %s is not drawn: %s", kind, sl_message(f->ctx));
        sl_clear(f->ctx);
        return;
    }
    const int panels = sl_figure_panels(figure);
    const char *title = sl_figure_title(figure);
    fputs(panels == 1 ? "<figure><h3>" : "<figure class=\"broad\"><h3>", f->stream);
    cli_html_text(f->stream, title);
    fputs("</h3>\n<div class=\"panels\">\n", f->stream);
    bool drawn = true;
    for (int panel = 0; drawn && panel < (panels ? panels : 1); panel++) {
        drawn = html_draw(f, figure, panels ? panel : -1);
        putc('\n', f->stream);
    }
    fputs("</div>\n", f->stream);
    if (!drawn) {
        const char *text = sl_figure_text(figure, 76, 0, true, false);
        fputs("<pre>", f->stream);
        cli_html_text(f->stream, text ? text : "");
        fputs("</pre>", f->stream);
    }
    fputs("<figcaption>", f->stream);
    html_notes(f->stream, drawn ? sl_figure_notes(figure) : "");
    fputs("<p><code>", f->stream);
    cli_html_text(f->stream, made_by);
    fputs("</code></p></figcaption></figure>\n", f->stream);
}
