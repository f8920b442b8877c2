/* vectors_texts.c - slope vectors map and probe of a trained model: texts as the points that it makes of
 * them. */
#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "outfile.h"
#include "tags.h"
#include "terminal.h"
#include "vectors_look.h"

enum { TEXTS_START = 60 }; /* bytes of a text that a line of the map shows */

/* Sentences that a mean of single words cannot tell apart, or that turn on one word. */
static const cli_pair texts_probes[] = {
    { "The movie started well but the ending was terrible.",
      "The ending was terrible but the movie started well." },
    { "The film was good.", "The film was not good." },
    { "They had a picnic on the bank of the river.", "They opened an account at the bank downtown." },
    { "The trophy does not fit into the suitcase because it is too large.",
      "The trophy does not fit into the suitcase because it is too small." },
};

static bool texts_reads(const sl_model *model, const char *run)
{
    if (sl_model_features(model))
        return true;
    cli_wrong("vectors", "%s reads no texts: wants a run that was trained on texts", run);
    return false;
}

/* The beginning of a row's text, in one line. */
static void texts_start(const sl_data *data, size_t row, char to[TEXTS_START + 1])
{
    size_t length;
    const char *text = sl_data_words(data, row, &length);
    length = length < TEXTS_START ? length : TEXTS_START;
    while (length && length == TEXTS_START && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    for (size_t i = 0; i < length; i++)
        to[i] = (unsigned char)text[i] < ' ' ? ' ' : text[i];
    to[length] = 0;
}

static bool texts_map_row(FILE *stream, const sl_model *model, const sl_data *data, size_t row,
                          const double *xy, const sl_real *answer, size_t width)
{
    char number[32], start[TEXTS_START + 1];
    sl_real truth = 0;
    size_t best = 0;
    fprintf(stream, "%s,", sl_number_text(number, xy[0]));
    fprintf(stream, "%s,", sl_number_text(number, xy[1]));
    if (sl_data_has_targets(data) && sl_data_row(data, row, NULL, &truth) != SL_OK)
        return false;
    const int classes = sl_model_classes(model);
    if (sl_data_has_targets(data) && classes)
        cli_put_csv(stream, "", cli_class_name(number, model, (int)truth));
    else if (sl_data_has_targets(data))
        fputs(sl_number_text_float(number, (float)truth), stream);
    putc(',', stream);
    for (size_t c = 1; c < width; c++)
        best = answer[c] > answer[best] ? c : best;
    if (classes)
        cli_put_csv(stream, "", cli_class_name(number, model, (int)best));
    else
        fputs(sl_number_text_float(number, (float)answer[0]), stream);
    putc(',', stream);
    texts_start(data, row, start);
    cli_put_csv(stream, "", start);
    putc('\n', stream);
    return true;
}

int cli_texts_map(sl_ctx *ctx, const cli_vectors_look *s, const char *run, const char *source)
{
    const char *part;
    const sl_model *model = sl_model_load(ctx, run);
    if (model && !texts_reads(model, run))
        return CLI_WRONG;
    const sl_data *data = model ? cli_open_part(ctx, model, source, NULL, &part) : NULL;
    const size_t rows = data ? sl_data_rows(data) : 0;
    sl_tensor *answers = data ? sl_predict_data(ctx, model, data, 0, rows) : NULL;
    double share[2], *xy = answers ? calloc(rows + 1, 2 * sizeof *xy) : NULL;
    cli_outfile out;
    int status = CLI_FAILED;
    if (answers && !xy)
        cli_say("vectors", "memory ran out");
    else if (!answers || sl_pooled_map(ctx, model, data, xy, share) != SL_OK)
        status = cli_failed("vectors", ctx);
    else if (cli_outfile_open(&out, "vectors", s->out)) {
        const size_t width = rows ? sl_count(answers) / rows : 0;
        const size_t shown = s->most && (size_t)s->most < rows ? (size_t)s->most : rows;
        bool good = true;
        fputs("x,y,class,prediction,text\n", out.stream);
        for (size_t i = 0; i < shown && good; i++)
            good =
                texts_map_row(out.stream, model, data, i, xy + 2 * i, sl_values(answers) + i * width, width);
        if (good)
            status = cli_outfile_close(&out) ? CLI_DONE : CLI_FAILED;
        else {
            cli_outfile_discard(&out);
            status = cli_failed("vectors", ctx);
        }
    }
    if (status == CLI_DONE && !s->quiet)
        cli_say("vectors", "the two directions hold %s and %s of the variance of %s texts",
                cli_percent(share[0]).text, cli_percent(share[1]).text, cli_count((double)rows).text);
    free(xy);
    return status;
}

/* --- pairs ------------------------------------------------------------------------------------------ */

/* A CSV field at `at`, always in quotes; at NULL: how long it would be. */
static size_t texts_field(char *at, const char *text)
{
    size_t length = 2;
    for (const char *byte = text; *byte; byte++)
        length += *byte == '"' ? 2 : 1;
    if (!at)
        return length;
    *at++ = '"';
    for (const char *byte = text; *byte; byte++) {
        if (*byte == '"')
            *at++ = '"';
        *at++ = *byte;
    }
    *at = '"';
    return length;
}

/* Two rows a pair, as a table with the model's inputs: the first column of texts has the sentence, all others
 * have no value. to NULL: how long it would be. */
static size_t texts_table(const sl_model *model, const cli_pair *pairs, size_t count, char *to)
{
    size_t length = 0;
    for (size_t line = 0; line <= 2 * count; line++) {
        const char *sentence = line ? (line % 2 ? pairs[(line - 1) / 2].a : pairs[(line - 1) / 2].b) : "";
        sl_column_info info;
        bool any = false, put = false;
        for (int c = 0; sl_model_column(model, c, &info); c++) {
            const bool text = strcmp(info.role, "text") == 0;
            if (!text && strcmp(info.role, "input") != 0)
                continue;
            if (any) {
                if (to)
                    to[length] = ',';
                length++;
            }
            any = true;
            if (!line || (text && !put))
                length += texts_field(to ? to + length : NULL, line ? sentence : info.name);
            put = put || text;
        }
        if (to)
            to[length] = '\n';
        length++;
    }
    return length;
}

/* "pos 93.12 %", "3.4" */
static void texts_answer(const sl_model *model, const sl_real *answer, size_t width, char to[80])
{
    char number[32];
    size_t best = 0;
    for (size_t c = 1; c < width; c++)
        best = answer[c] > answer[best] ? c : best;
    if (sl_model_classes(model))
        snprintf(to, 80, "%.24s %s", cli_class_name(number, model, (int)best),
                 cli_percent((double)answer[best]).text);
    else
        snprintf(to, 80, "%s", cli_rounded((double)answer[0]).text);
}

static void texts_pair_json(const cli_pair *pair, const sl_text_pair *found, char answer[2][80], bool first)
{
    fputs(first ? "{\"a\":" : ",{\"a\":", stdout);
    cli_json_string(stdout, pair->a);
    fputs(",\"b\":", stdout);
    cli_json_string(stdout, pair->b);
    fputs(",\"cosine\":", stdout);
    cli_json_number(stdout, found->cosine);
    fputs(",\"distance\":", stdout);
    cli_json_number(stdout, found->distance);
    printf(",\"same_features\":%s,\"predictions\":[", found->same ? "true" : "false");
    cli_json_string(stdout, answer[0]);
    putchar(',');
    cli_json_string(stdout, answer[1]);
    fputs("]}", stdout);
}

static void texts_pair_print(const cli_pair *pair, const sl_text_pair *found, char answer[2][80])
{
    for (int k = 0; k < 2; k++) {
        printf("%s %-16s  ", k ? "b" : "a", answer[k]);
        cli_put_clean(stdout, k ? pair->b : pair->a);
        putchar('\n');
    }
    printf("  cosine %s, distance %s; ", cli_fixed(found->cosine, 4).text, cli_rounded(found->distance).text);
    puts(found->same ? "the same features as often: this model cannot tell them apart\n"
         : found->distance > 0
             ? "other features\n"
             : "other features, and yet the same point: this model cannot tell them apart\n");
}

static int texts_compare(sl_ctx *ctx, const sl_model *model, const cli_pair *pairs, size_t count, bool json)
{
    const size_t length = texts_table(model, pairs, count, NULL);
    char *table = malloc(length + 1), answer[2][80];
    size_t alike = 0;
    if (!table) {
        cli_say("vectors", "memory ran out");
        return CLI_FAILED;
    }
    texts_table(model, pairs, count, table);
    const sl_data *data = sl_data_from_text(ctx, table, length, model);
    free(table);
    sl_tensor *answers = data ? sl_predict_data(ctx, model, data, 0, sl_data_rows(data)) : NULL;
    const size_t width = answers ? sl_count(answers) / (2 * count) : 0;
    sl_text_pair found = { 0 };
    if (answers && json)
        fputs("{\"pairs\":[", stdout);
    for (size_t i = 0; answers && i < count; i++) {
        if (sl_compare_texts(ctx, model, data, 2 * i, 2 * i + 1, &found) != SL_OK)
            break;
        for (size_t k = 0; k < 2; k++)
            texts_answer(model, sl_values(answers) + (2 * i + k) * width, width, answer[k]);
        alike += found.same || !(found.distance > 0);
        if (json)
            texts_pair_json(&pairs[i], &found, answer, i == 0);
        else
            texts_pair_print(&pairs[i], &found, answer);
    }
    if (!answers || sl_error(ctx) != SL_OK)
        return cli_failed("vectors", ctx);
    if (json)
        printf("],\"numbers\":%d}\n", found.width);
    else
        printf("%zu of %zu pairs are one and the same for the model, which makes %d number%s of a text\n",
               alike, count, found.width, found.width == 1 ? "" : "s");
    return CLI_DONE;
}

int cli_texts_probe(sl_ctx *ctx, const cli_vectors_look *s, const char *const *words, size_t count)
{
    if (count < 1 || count > 2)
        return cli_wrong("vectors",
                         "probe wants a RUN, and perhaps a FILE: slope vectors probe runs/reviews-1");
    char *memory = NULL;
    size_t all = sizeof texts_probes / sizeof *texts_probes;
    cli_pair *own = count > 1 ? cli_pairs_read("vectors", words[1], &all, &memory) : NULL;
    if (count > 1 && !own)
        return CLI_WRONG;
    const sl_model *model = sl_model_load(ctx, words[0]);
    int status;
    if (!model)
        status = cli_failed("vectors", ctx);
    else if (!texts_reads(model, words[0]))
        status = CLI_WRONG;
    else
        status = texts_compare(ctx, model, own ? own : texts_probes, all, s->json);
    free(own);
    free(memory);
    return status;
}
