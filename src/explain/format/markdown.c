/* markdown.c - an explanation as markdown. */
#include "explain/explanation.h"

void sl_explained_markdown(const sl_explanation *e, sl_text *out)
{
    sl_explained_text(e, out, 100, false);
}
