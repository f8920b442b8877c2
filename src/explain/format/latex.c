/* latex.c - an explanation as latex. */
#include "explain/explanation.h"

void sl_explained_latex(const sl_explanation *e, sl_text *out)
{
    sl_explained_text(e, out, 100, false);
}
