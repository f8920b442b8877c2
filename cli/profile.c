/* profile.c - see profile.h */
#include "profile.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "terminal.h"

typedef struct {
    sl_profile_row *rows; /* the longest first */
    int count;
    sl_profile_row all, products;
} profile_sorted;

static int profile_before(const void *a, const void *b)
{
    const sl_profile_row *x = a, *y = b;
    return x->seconds != y->seconds ? (x->seconds < y->seconds) - (x->seconds > y->seconds)
                                    : strcmp(x->name, y->name);
}

static bool profile_sort(const sl_profile *profile, profile_sorted *sorted)
{
    sl_profile_row row;
    *sorted = (profile_sorted){ 0 };
    while (sl_profile_at(profile, sorted->count, &row)) {
        sorted->count++;
        sorted->all.seconds += row.seconds;
        sorted->all.flops += row.flops;
        sorted->products.seconds += row.product ? row.seconds : 0;
        sorted->products.flops += row.product ? row.flops : 0;
    }
    sorted->rows = malloc((size_t)sorted->count * sizeof row + 1);
    if (!sorted->rows) {
        cli_say(NULL, "memory ran out");
        return false;
    }
    for (int i = 0; i < sorted->count; i++)
        sl_profile_at(profile, i, &sorted->rows[i]);
    qsort(sorted->rows, (size_t)sorted->count, sizeof row, profile_before);
    return true;
}

static double profile_share(const profile_sorted *sorted, const sl_profile_row *row)
{
    return sorted->all.seconds > 0 ? row->seconds / sorted->all.seconds : 0;
}

static double profile_gflops(const sl_profile_row *row)
{
    return row->seconds > 0 ? row->flops / row->seconds / 1e9 : 0;
}

void cli_show_profile(FILE *stream, const sl_profile *profile)
{
    static const char *const heads[] = { "", "calls", "seconds", "share", "GFLOP/s", "bytes" };
    const cli_terminal terminal = cli_terminal_of(stream);
    profile_sorted sorted;
    if (!profile_sort(profile, &sorted))
        return;
    fputs("\nmatrix products: ", stream);
    if (sorted.products.seconds > 0)
        fprintf(stream, "%s of the time at %s GFLOP/s\n\n",
                cli_percent(profile_share(&sorted, &sorted.products)).text,
                cli_fixed(profile_gflops(&sorted.products), 2).text);
    else
        fputs(sorted.all.flops > 0 ? "none: this net has none\n\n" : "none, since nothing was trained\n\n",
              stream);
    cli_table table;
    cli_table_begin(&table, 6, "lr");
    for (int i = 0; i < 6; i++)
        cli_table_cell(&table, heads[i]);
    for (int i = 0; i < sorted.count; i++) {
        const sl_profile_row *row = &sorted.rows[i];
        cli_table_cell(&table, row->name);
        cli_table_cell(&table, cli_count((double)row->calls).text);
        cli_table_cell(&table, cli_fixed(row->seconds, 3).text);
        cli_table_cell(&table, cli_percent(profile_share(&sorted, row)).text);
        cli_table_cell(&table, row->flops > 0 ? cli_fixed(profile_gflops(row), 2).text : "");
        cli_table_cell(&table, row->bytes > 0 ? cli_size(row->bytes).text : "");
    }
    cli_table_cell(&table, "all");
    cli_table_cell(&table, "");
    cli_table_cell(&table, cli_fixed(sorted.all.seconds, 3).text);
    cli_table_cell(&table, cli_percent(profile_share(&sorted, &sorted.all)).text);
    cli_table_print(&table, stream, 0, 2, &terminal);
    cli_table_free(&table);
    free(sorted.rows);
}

static void profile_put(FILE *stream, const char *key, double value)
{
    fprintf(stream, ",\"%s\":", key);
    cli_json_number(stream, value);
}

void cli_put_profile(FILE *stream, const sl_profile *profile)
{
    profile_sorted sorted;
    if (!profile_sort(profile, &sorted)) {
        fputs("null", stream);
        return;
    }
    fputs("{\"seconds\":", stream);
    cli_json_number(stream, sorted.all.seconds);
    profile_put(stream, "product_seconds", sorted.products.seconds);
    profile_put(stream, "product_share", profile_share(&sorted, &sorted.products));
    profile_put(stream, "product_gflops", profile_gflops(&sorted.products));
    fputs(",\"rows\":[", stream);
    for (int i = 0; i < sorted.count; i++) {
        const sl_profile_row *row = &sorted.rows[i];
        fputs(i ? ",{\"name\":" : "{\"name\":", stream);
        cli_json_string(stream, row->name);
        profile_put(stream, "calls", (double)row->calls);
        profile_put(stream, "seconds", row->seconds);
        profile_put(stream, "share", profile_share(&sorted, row));
        profile_put(stream, "flops", row->flops);
        profile_put(stream, "bytes", row->bytes);
        fprintf(stream, ",\"product\":%s}", row->product ? "true" : "false");
    }
    fputs("]}", stream);
    free(sorted.rows);
}
