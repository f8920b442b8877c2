/* problems.c - see problems.h */
#include "data/table/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PROBLEMS_SENTENCE = 300 };

void sl_problems_init(sl_problems *problems, sl_ctx *ctx, const char *name)
{
    *problems = (sl_problems){ .ctx = ctx, .name = name };
    sl_text_init(&problems->list, ctx);
}

/* Too long a sentence ends in "...", before a character that it would cut. */
static void problems_cut(char *sentence)
{
    size_t end = PROBLEMS_SENTENCE - 3;
    while (end && ((unsigned char)sentence[end] & 0xc0) == 0x80)
        end--;
    strcpy(sentence + end, "...");
}

void sl_problems_add(sl_problems *problems, uint32_t line, uint32_t column, const char *format, ...)
{
    if (problems->count++ >= SL_PROBLEMS_SHOWN)
        return;
    char sentence[PROBLEMS_SENTENCE + 1];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (length > PROBLEMS_SENTENCE)
        problems_cut(sentence);
    for (char *byte = sentence; *byte; byte++)
        if ((unsigned char)*byte < 32 || *byte == 127)
            *byte = '?';
    sl_text *list = &problems->list;
    if (problems->count > 1)
        sl_text_put(list, "\n");
    if (line)
        sl_text_add(list, "line %u", line);
    if (line && column)
        sl_text_add(list, ", column %u", column);
    if (line)
        sl_text_put(list, ": ");
    sl_text_put(list, sentence);
}

/* One problem stands behind the name: ", line 12: ..." or ": ...". */
static sl_status problems_fail_one(const sl_problems *problems, const char *line)
{
    const bool placed = !strncmp(line, "line ", 5);
    return sl_fail(problems->ctx, SL_EFORMAT, "%s%s%s", problems->name, placed ? ", " : ": ", line);
}

sl_status sl_problems_fail(sl_problems *problems)
{
    if (problems->count == 0)
        return SL_OK;
    if (problems->list.failed)
        return SL_ENOMEM;
    const char *list = sl_text_string(&problems->list);
    if (problems->count == 1)
        return problems_fail_one(problems, list);
    sl_text all;
    sl_text_init(&all, problems->ctx);
    sl_text_add(&all, "%s: %zu problems", problems->name, problems->count);
    if (problems->count > SL_PROBLEMS_SHOWN)
        sl_text_add(&all, ", the first %d", SL_PROBLEMS_SHOWN);
    sl_text_put(&all, ":");
    for (const char *end; *list; list = end + (*end == '\n')) {
        end = list + strcspn(list, "\n");
        sl_text_put(&all, "\n  ");
        sl_text_bytes(&all, list, (size_t)(end - list));
    }
    const sl_status status =
        all.failed ? SL_ENOMEM : sl_fail(problems->ctx, SL_EFORMAT, "%s", sl_text_string(&all));
    sl_text_free(&all);
    return status;
}

void sl_problems_clear(sl_problems *problems)
{
    problems->count = 0;
    sl_text_clear(&problems->list);
}

void sl_problems_free(sl_problems *problems)
{
    sl_text_free(&problems->list);
}
