/* lr_range.c - see lr_range.h */
#include "lr_range.h"

#include <math.h>

#include "cli.h"
#include "terminal.h"

enum { LR_LINES = 24, LR_MARGIN = 48, LR_WIDEST = 60 };

static void lr_json(const sl_report *range, bool fell, const sl_lr_advice *advice)
{
    const struct {
        const char *key;
        double value;
    } values[] = { { "advised", advice->advised },
                   { "largest", advice->largest },
                   { "steepest", advice->steepest } };
    putchar('{');
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        cli_json_string(stdout, values[i].key);
        fputs(": ", stdout);
        cli_json_number(stdout, values[i].value);
        fputs(", ", stdout);
    }
    printf("\"fell\": %s, \"rose\": %s", fell ? "true" : "false", advice->rose ? "true" : "false");
    for (int column = 0; column < sl_report_columns(range); column++) {
        const char *name = sl_report_column(range, column);
        fputs(", ", stdout);
        cli_json_string(stdout, name);
        fputs(": [", stdout);
        for (int i = 0; i < sl_report_rows(range); i++) {
            fputs(i ? ", " : "", stdout);
            cli_json_number(stdout, sl_report_at(range, i, name));
        }
        putchar(']');
    }
    puts("}");
}

/* The row with this step size, or the nearest to it; -1: there is none such. */
static int lr_nearest(const sl_report *range, double lr)
{
    int best = -1;
    double off = INFINITY;
    for (int i = 0; i < sl_report_rows(range); i++) {
        const double is = sl_report_at(range, i, "lr"), gap = is > lr ? is / lr : lr / is;
        best = gap < off ? i : best;
        off = gap < off ? gap : off;
    }
    return best;
}

/* The first of the rows that a line stands for; the last row has the last line to itself. */
static int lr_first(int line, int lines, int rows)
{
    return line >= lines ? rows : lines > 1 ? (int)((long)line * (rows - 1) / (lines - 1)) : 0;
}

/* Step size, smoothed loss, and a bar from the least to the first of them; a larger one fills the line. */
static void lr_curve(const sl_report *range, const sl_lr_advice *advice)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const int rows = sl_report_rows(range), lines = rows < LR_LINES ? rows : LR_LINES;
    int room = terminal.width - LR_MARGIN;
    room = room > LR_WIDEST ? LR_WIDEST : room < 8 ? 8 : room;
    double low = sl_report_at(range, 0, "smoothed"), high = low;
    for (int i = 0; i < rows; i++) {
        const double loss = sl_report_at(range, i, "smoothed");
        low = loss < low ? loss : low;
        high = loss > high && loss <= low + 1.5 * (sl_report_at(range, 0, "smoothed") - low) ? loss : high;
    }
    printf("%s%10s  %10s%s\n", terminal.bold, "lr", "loss", terminal.plain);
    static const char *const names[] = { "advised", "falls fastest", "least" };
    const double places[] = { advice->advised, advice->steepest, advice->largest };
    int nearest[3];
    for (int m = 0; m < 3; m++)
        nearest[m] = lr_nearest(range, places[m]);
    for (int line = 0; line < lines; line++) {
        /* of the rows that a line stands for the one that is marked, so that its loss is the one that counts
         */
        const int first = lr_first(line, lines, rows), behind = lr_first(line + 1, lines, rows);
        int i = first;
        for (int m = 0; m < 3; m++)
            i = nearest[m] >= first && nearest[m] < behind ? nearest[m] : i;
        const double lr = sl_report_at(range, i, "lr"), loss = sl_report_at(range, i, "smoothed");
        const double share = high > low ? (loss - low) / (high - low) : 0;
        const int length = (int)((share < 1 ? share : 1) * room + 0.5);
        printf("%10s  %10s  ", cli_rounded(lr).text, cli_rounded(loss).text);
        for (int c = 0; c < length; c++)
            putchar('#');
        for (int m = 0; m < 3; m++)
            if (nearest[m] >= first && nearest[m] < behind)
                printf("  <- %s", names[m]);
        putchar('\n');
    }
}

void cli_show_lr_range(const sl_report *range, bool json)
{
    sl_lr_advice advice;
    const bool fell = sl_lr_range_advice(range, &advice);
    if (json) {
        lr_json(range, fell, &advice);
        return;
    }
    lr_curve(range, &advice);
    if (!fell) {
        fputs("\nNo step size made the loss fall: nothing is advised. Is the range wide enough, and does the "
              "net "
              "fit the data?\n",
              stdout);
        return;
    }
    printf("\nThe smoothed loss falls fastest at lr %s and is least at %s%s.\n",
           cli_rounded(advice.steepest).text, cli_rounded(advice.largest).text,
           advice.rose ? ", behind which it rises" : ", where the range ends");
    printf("Advice: --lr %s or less: where it falls fastest, but at most a tenth of where it is least.\n",
           cli_rounded(advice.advised).text);
    printf("It is advice only, from one training of %d steps; nothing was changed.\n", sl_report_rows(range));
}
