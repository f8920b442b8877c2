/* descend_walks.c - lists of words and numbers to walks: see descend.h. */
#include <string.h>

#include "descend.h"

/* The piece of a list up to the separator, without blanks around it; *at goes behind it. false: the end. */
static bool walks_piece(const char **at, char separator, char piece[DESCEND_WORD])
{
    if (!*at)
        return false;
    const char *from = *at + strspn(*at, " "), *end = strchr(*at, separator);
    size_t length = end ? (size_t)(end - from) : strlen(from);
    while (length && from[length - 1] == ' ')
        length--;
    length = length < DESCEND_WORD ? length : DESCEND_WORD - 1;
    memcpy(piece, from, length);
    piece[length] = 0;
    *at = end ? end + 1 : NULL;
    return true;
}

static int walks_numbers(const char *option, const char *list, bool zero, double values[DESCEND_LIST],
                         int *count)
{
    char piece[DESCEND_WORD];
    *count = 0;
    for (const char *at = list; walks_piece(&at, ',', piece);) {
        double value;
        if (*count == DESCEND_LIST)
            return cli_wrong("descend", "--%s lists more than %d numbers: wants fewer", option, DESCEND_LIST);
        if (!sl_number_parse(piece, &value) || value - value != 0 || value < 0 || (value == 0 && !zero))
            return cli_wrong("descend",
                             "--%s has '%s': wants a number %s, or several with commas between them", option,
                             piece, zero ? "of 0 or more" : "above 0");
        values[(*count)++] = value;
    }
    if (!*count)
        values[(*count)++] = 0;
    return CLI_GO_ON;
}

static int walks_start(const char *line, int dims, double start[2])
{
    char piece[DESCEND_WORD];
    int count = 0;
    bool numbers = true;
    for (const char *at = line; walks_piece(&at, ',', piece); count++) {
        double value = 0;
        numbers = numbers && sl_number_parse(piece, &value) && value - value == 0;
        if (count < 2)
            start[count] = value;
    }
    if (numbers && count == dims)
        return CLI_GO_ON;
    return cli_wrong("descend",
                     dims == 1 ? "--start is '%s': wants one number, as the function is of x alone; for "
                                 "several walks give --start several times"
                               : "--start is '%s': wants two numbers, x,y: --start 1,-2",
                     line);
}

static int walks_starts(const char *lines, int dims, double starts[DESCEND_LIST][2], int *count)
{
    char piece[DESCEND_WORD];
    *count = 0;
    for (const char *at = lines; walks_piece(&at, '\n', piece); ++*count) {
        if (*count == DESCEND_LIST)
            return cli_wrong("descend", "--start is given more than %d times: wants fewer", DESCEND_LIST);
        const int status = walks_start(piece, dims, starts[*count]);
        if (status != CLI_GO_ON)
            return status;
    }
    return CLI_GO_ON;
}

static void walks_say(descend_walk *walk, const char *what, const char *value)
{
    const char *const pieces[] = { walk->label[0] ? ", " : "", what, value };
    for (int i = 0; i < 3; i++)
        strncat(walk->label, pieces[i], sizeof walk->label - strlen(walk->label) - 1);
}

static void walks_label(descend_walk *walk, int dims, int starts, int rules, int rates, int noises)
{
    char a[32], b[32], text[72];
    if (starts > 1) {
        snprintf(text, sizeof text, "%s%s%s", sl_number_text(a, walk->start[0]), dims > 1 ? "," : "",
                 dims > 1 ? sl_number_text(b, walk->start[1]) : "");
        walks_say(walk, "from ", text);
    }
    if (rules > 1)
        walks_say(walk, "", walk->optimizer);
    if (rates > 1)
        walks_say(walk, "lr ", sl_number_text(a, walk->lr));
    if (noises > 1)
        walks_say(walk, "noise ", sl_number_text(a, walk->noise));
}

int cli_descend_plan(const descend_settings *settings, int dims, descend_plan *plan)
{
    char rules[DESCEND_LIST][DESCEND_WORD];
    double rates[DESCEND_LIST], noises[DESCEND_LIST], starts[DESCEND_LIST][2];
    int rule_count = 0, rate_count, noise_count, start_count;
    const char *at = settings->optimizer ? settings->optimizer : "sgd";
    while (rule_count < DESCEND_LIST && walks_piece(&at, ',', rules[rule_count]))
        rule_count++;
    int status = walks_numbers("lr", settings->lr, false, rates, &rate_count);
    if (status == CLI_GO_ON)
        status = walks_numbers("noise", settings->noise, true, noises, &noise_count);
    if (status == CLI_GO_ON)
        status = walks_starts(settings->start, dims, starts, &start_count);
    if (status != CLI_GO_ON)
        return status;
    const int most = settings->starts ? DESCEND_MOST_SHARES : DESCEND_MOST,
              each = start_count ? start_count : 1;
    if (at || each * rule_count * rate_count * noise_count > most)
        return cli_wrong("descend",
                         "starts, optimizers, step sizes and noises, each with every other, are more than %d "
                         "walks: wants fewer of them",
                         most);
    plan->count = 0;
    for (int s = 0; s < each; s++)
        for (int r = 0; r < rule_count; r++)
            for (int l = 0; l < rate_count; l++)
                for (int n = 0; n < noise_count; n++) {
                    descend_walk *walk = &plan->walks[plan->count++];
                    *walk =
                        (descend_walk){ .lr = rates[l], .noise = noises[n], .has_start = start_count > 0 };
                    if (walk->has_start)
                        memcpy(walk->start, starts[s], sizeof walk->start);
                    memcpy(walk->optimizer, rules[r], sizeof walk->optimizer);
                    walks_label(walk, dims, each, rule_count, rate_count, noise_count);
                }
    return CLI_GO_ON;
}

sl_descend_options cli_descend_options(const descend_settings *settings, const descend_walk *walk)
{
    return (sl_descend_options){
        .start = walk->has_start ? walk->start : NULL,
        .optimizer = { .rule = walk->optimizer, .lr = (sl_real)walk->lr, .schedule = settings->schedule },
        .steps = settings->steps,
        .noise = walk->noise,
        .stop = settings->stop
    };
}
