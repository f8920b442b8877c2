/* html.c - see html.h */
#include "html.h"

#include <string.h>

static const char html_style[] =
    ":root{--ink:#1a1c1e;--soft:#5b6168;--paper:#fff;--card:#f6f7f8;--line:#d8dbde;--grid:#dddddd;--link:#"
    "005a9c}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--soft:#a3a9b0;--paper:#15181b;--card:#1d2125;"
    "--line:#3a4047;--grid:#3a4047;--link:#7db8ec}}\n"
    "*{box-sizing:border-box}html{color-scheme:light dark}\n"
    "body{margin:0 auto;max-width:76rem;padding:1rem;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}\n"
    "h1{font-size:1.5rem;line-height:1.2;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .6rem;"
    "border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:0 0 .3rem}\n"
    ".lead{font-size:1.1rem;max-width:48rem}.soft,figcaption,caption{color:var(--soft);font-size:.88rem}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;margin:.4rem 0 "
    "1rem;font-variant-numeric:tabular-nums}\n"
    "caption{text-align:left;padding:.2rem 0}th,td{padding:.22rem .7rem .22rem "
    "0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line);overflow-wrap:break-word}thead th{font-weight:600;"
    "white-space:nowrap}th{font-weight:400;max-width:24rem}td{max-width:40rem}\n"
    "td.n,th.n{text-align:right;white-space:nowrap;overflow-wrap:normal}\n"
    ".figures{display:grid;gap:1rem;grid-auto-flow:dense;grid-template-columns:repeat(auto-fit,minmax(min("
    "100%,23rem),1fr))}\n"
    "figure{margin:0;padding:.7rem;background:var(--card);border-radius:.5rem;min-width:0}\n"
    ".gallery{grid-template-columns:repeat(auto-fit,minmax(min(100%,32rem),1fr))}.gallery "
    "svg{max-width:60rem}"
    "figure.broad{grid-column:1/-1}figcaption p{margin:.25rem 0}figcaption code{font-size:.8rem}\n"
    ".panels{display:grid;gap:.5rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}\n"
    "figure svg{display:block;width:100%;height:auto;max-width:34rem;margin:0 auto}\n"
    "figure.broad>svg{max-width:60rem}svg image{image-rendering:pixelated}svg "
    "text{font-family:system-ui,'DejaVu Sans',sans-serif}\n"
    "svg [color=black]{color:var(--ink)}svg [stroke=black]{stroke:var(--ink)}svg "
    "[fill=black]{fill:var(--ink)}\n"
    "svg .gridline{stroke:var(--grid)}svg polygon[fill=white]{fill:none}\n"
    /* black lines and marks follow the page, except over pictures, which stay light */
    "svg:not(:has(image)) [stroke='rgb(  0,   0,   0)']{stroke:var(--ink)}"
    "svg:not(:has(image)) use[color='rgb(  0,   0,   0)']{color:var(--ink)}\n"
    ".graph text:not([fill]){fill:var(--ink)}.edge [stroke='#555555']{stroke:var(--soft)}"
    ".edge [fill='#555555']{fill:var(--soft)}\n"
    ".diagram{overflow-x:auto}figure .diagram svg{width:auto;max-width:100%;min-width:var(--least)}\n"
    "pre,code{font-family:ui-monospace,'DejaVu Sans "
    "Mono',monospace}pre{overflow-x:auto;background:var(--card);"
    "padding:.7rem;border-radius:.5rem;font-size:.85rem;line-height:1.25}pre.command{white-space:pre-wrap;"
    "overflow-wrap:anywhere}\n"
    "a{color:var(--link)}.good{font-weight:600}\n"
    "@media print{:root{--ink:#000;--soft:#444;--paper:#fff;--card:#fff;--line:#bbb;--grid:#ddd}"
    "body{max-width:none;font-size:11pt}figure,tr{break-inside:avoid}h2{break-after:avoid}"
    "figure{border:1px solid var(--line)}pre{white-space:pre-wrap}figure .diagram svg{min-width:0}}\n";

void cli_html_text(FILE *stream, const char *text)
{
    while (text && *text) {
        const char byte = *text;
        const size_t length = cli_utf8(text) > 0 ? cli_utf8(text) : 1;
        char shown[5] = "";
        if (byte == '<')
            fputs("&lt;", stream);
        else if (byte == '>')
            fputs("&gt;", stream);
        else if (byte == '&')
            fputs("&amp;", stream);
        else if (byte == '"')
            fputs("&quot;", stream);
        else if (byte == '\'')
            fputs("&#39;", stream);
        else if (byte == '\n')
            putc(byte, stream);
        else
            cli_put_clean(stream, memcpy(shown, text, length));
        text += length;
    }
}

void cli_html_begin(FILE *stream, const char *title)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
          "'unsafe-inline'; "
          "img-src data:\">\n<title>",
          stream);
    cli_html_text(stream, title);
    fprintf(stream, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<h1>", html_style);
    cli_html_text(stream, title);
    fputs("</h1>\n", stream);
}

void cli_html_end(FILE *stream)
{
    fprintf(stream,
            "<p class=\"soft\">Written by slope %s. This page is one file and fetches nothing.</p>\n"
            "</body>\n</html>\n",
            sl_version());
}

void cli_html_section(FILE *stream, const char *title)
{
    fputs("<h2>", stream);
    cli_html_text(stream, title);
    fputs("</h2>\n", stream);
}

/* Figures stand to the right: what begins with a digit or a sign and has no word longer than a unit. */
static bool html_is_number(const char *cell)
{
    return *cell && strspn(cell, "0123456789.,+-e% ") == strlen(cell);
}

void cli_html_row(FILE *stream, bool head, const char *const *cells)
{
    fputs(head ? "<thead><tr>" : "<tr>", stream);
    for (int i = 0; cells[i]; i++) {
        const char *tag = head || i == 0 ? "th" : "td";
        fprintf(stream, "<%s%s>", tag, !head && i && html_is_number(cells[i]) ? " class=\"n\"" : "");
        cli_html_text(stream, cells[i]);
        fprintf(stream, "</%s>", tag);
    }
    fputs(head ? "</tr></thead>\n" : "</tr>\n", stream);
}

void cli_html_table_begin(FILE *stream, const char *caption)
{
    fputs("<div class=\"wide\"><table>\n", stream);
    if (caption) {
        fputs("<caption>", stream);
        cli_html_text(stream, caption);
        fputs("</caption>\n", stream);
    }
}

void cli_html_table_end(FILE *stream)
{
    fputs("</table></div>\n", stream);
}
