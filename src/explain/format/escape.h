/* escape.h - names and sentences inside of HTML, LaTeX and Markdown. */
#ifndef SL_EXPLAIN_FORMAT_ESCAPE_H
#define SL_EXPLAIN_FORMAT_ESCAPE_H

#include "core/text.h"

/* For content and attributes. Control characters, and bytes that are no UTF-8, become "?". */
void sl_escape_html(sl_text *out, const char *text, size_t length);
/* For text and math mode. Letters that pdflatex may not have are written as their numbers: [U+4E2D]. */
void sl_escape_latex(sl_text *out, const char *text, size_t length);
/* Words of a paragraph, a heading or a table's cell. */
void sl_escape_markdown(sl_text *out, const char *text);
/* `code`; cell: in a table. */
void sl_escape_code(sl_text *out, const char *text, bool cell);

#endif
