/* write.c - the formats by their names. */
#include "explain/explanation.h"

#include <string.h>

const char *sl_explanation_write(sl_explanation *e, const char *format, int width, bool colour)
{
    if (!e || e->ctx->status)
        return NULL;
    sl_text_clear(&e->written);
    if (!format || !strcmp(format, "text"))
        sl_explained_text(e, &e->written, width > 0 ? width : 80, colour);
    else if (!strcmp(format, "markdown"))
        sl_explained_markdown(e, &e->written);
    else if (!strcmp(format, "html"))
        sl_explained_html(e, &e->written);
    else if (!strcmp(format, "latex"))
        sl_explained_latex(e, &e->written);
    else if (!strcmp(format, "json"))
        sl_explained_json(e, &e->written);
    else {
        static const char *const names[] = { "text", "markdown", "html", "latex", "json" };
        sl_fail_word(e->ctx, "format", format, names, sizeof names / sizeof *names);
        return NULL;
    }
    return e->written.failed || e->ctx->status ? NULL : sl_text_string(&e->written);
}
