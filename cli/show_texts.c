/* show_texts.c - see show_texts.h */
#include "show_texts.h"

#include <string.h>

#include "metrics.h"
#include "show_columns.h"
#include "terminal.h"

enum { SHOW_WORDS = 10, SHOW_WORD_CLASSES = 12, SHOW_TEXT = 2000, SHOW_INDENT = 13, SHOW_WORD = 200 };

/* The features of a report in one line: "good, bad"; with their figure "good 1.2, bad -1.2". */
static void show_words(const sl_model *model, const sl_report *report, const char *figure, int indent,
                       int width)
{
    char line[SHOW_TEXT] = "", word[SHOW_WORD];
    size_t used = 0;
    for (int i = 0; i < sl_report_rows(report) && used < sizeof line - SHOW_WORD - 60; i++) {
        sl_feature_text(model, (size_t)sl_report_at(report, i, "feature"), word, sizeof word);
        for (char *byte = word; *byte; byte++) /* an n-gram stays in one line */
            *byte = *byte == ' ' ? '_' : *byte;
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s", used ? " " : "", word);
        if (figure)
            used += (size_t)snprintf(line + used, sizeof line - used, " %s%s",
                                     cli_fixed(sl_report_at(report, i, figure), 2).text,
                                     i + 1 < sl_report_rows(report) ? "," : "");
    }
    cli_show_wrapped(line, indent, width);
}

/* Two lines for a number: what pushes it up, and down. */
static int show_kinds(const sl_model *model)
{
    const int classes = sl_model_classes(model);
    return classes ? (classes < SHOW_WORD_CLASSES ? classes : SHOW_WORD_CLASSES) : 2;
}

bool cli_show_texts(sl_ctx *ctx, const sl_model *model)
{
    char text[SHOW_TEXT], number[32];
    const cli_terminal terminal = cli_terminal_of(stdout);
    const int width = terminal.width - SHOW_INDENT > 30 ? terminal.width - SHOW_INDENT : 30;
    if (!sl_model_features(model))
        return true;
    sl_model_texts(model, text, sizeof text);
    fputs("texts        ", stdout);
    cli_show_wrapped(text, SHOW_INDENT, width);
    sl_model_tokenizer(model, text, sizeof text);
    printf("tokenizer    %s\n", *text ? text : "its defaults");
    printf("vocabulary   %s features\n", cli_count((double)sl_model_features(model)).text);
    sl_report *frequent = sl_frequent_features(ctx, model, 2 * SHOW_WORDS);
    if (!frequent)
        return false;
    fputs("most often   ", stdout);
    show_words(model, frequent, NULL, SHOW_INDENT, width);
    sl_report_free(frequent);
    for (int c = show_kinds(model); c-- > 0;) {
        sl_report *heavy = sl_heaviest_features(ctx, model, c, SHOW_WORDS);
        if (!heavy)
            return false;
        if (sl_report_rows(heavy)) {
            const char *name = sl_model_classes(model) ? cli_class_name(number, model, c) : c ? "up" : "down";
            snprintf(text, sizeof text, "for %.60s", name);
            cli_put_clean(stdout, text);
            const int columns = cli_columns(text);
            printf(columns < SHOW_INDENT ? "%*s" : "\n%*s",
                   columns < SHOW_INDENT ? SHOW_INDENT - columns : SHOW_INDENT, "");
            show_words(model, heavy, "push", SHOW_INDENT, width);
        }
        sl_report_free(heavy);
    }
    putchar('\n');
    return true;
}

static void show_words_json(const sl_model *model, const sl_report *report, const char *figure)
{
    char word[SHOW_WORD];
    putchar('[');
    for (int i = 0; i < sl_report_rows(report); i++) {
        fputs(i ? ",{\"feature\":" : "{\"feature\":", stdout);
        sl_feature_text(model, (size_t)sl_report_at(report, i, "feature"), word, sizeof word);
        cli_json_string(stdout, word);
        printf(",\"%s\":", figure);
        cli_json_number(stdout, sl_report_at(report, i, figure));
        putchar('}');
    }
    putchar(']');
}

bool cli_show_texts_json(sl_ctx *ctx, const sl_model *model)
{
    char text[SHOW_TEXT], number[32];
    if (!sl_model_features(model))
        return true;
    sl_report *report = sl_frequent_features(ctx, model, 2 * SHOW_WORDS);
    if (!report)
        return false;
    sl_model_texts(model, text, sizeof text);
    fputs(",\"texts\":{\"views\":", stdout);
    cli_json_string(stdout, text);
    sl_model_tokenizer(model, text, sizeof text);
    fputs(",\"tokenizer\":", stdout);
    cli_json_string(stdout, text);
    printf(",\"features\":%zu,\"frequent\":", sl_model_features(model));
    show_words_json(model, report, "count");
    sl_report_free(report);
    fputs(",\"heaviest\":{", stdout);
    for (int c = 0; c < show_kinds(model); c++) {
        report = sl_heaviest_features(ctx, model, c, SHOW_WORDS);
        if (!report)
            return false;
        fputs(c ? "," : "", stdout);
        cli_json_string(stdout, sl_model_classes(model) ? cli_class_name(number, model, c)
                                : c                     ? "up"
                                                        : "down");
        putchar(':');
        show_words_json(model, report, "push");
        sl_report_free(report);
    }
    fputs("}}", stdout);
    return true;
}
