/* html.c - an explanation as html. */
#include "explain/explanation.h"

void sl_explained_html(const sl_explanation *e, sl_text *out)
{
    sl_explained_text(e, out, 100, false);
}
