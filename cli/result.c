/* result.c - see result.h */
#include "result.h"

#include <math.h>
#include <string.h>

#include "baselines.h"
#include "cli.h"
#include "metrics.h"
#include "profile.h"
#include "terminal.h"

static void result_next(const char *folder)
{
    fputs("\nnext\n  slope eval ", stdout);
    cli_put_shell(stdout, folder);
    fputs("\n  slope plot ", stdout);
    cli_put_shell(stdout, folder);
    fputs("\n  slope report ", stdout);
    cli_put_shell(stdout, folder);
    fputs("\n  slope show ", stdout);
    cli_put_shell(stdout, folder);
    fputs("\n  slope predict ", stdout);
    cli_put_shell(stdout, folder);
    fputs(" DATA -o predictions.csv\n", stdout);
}

static bool result_number(const char *json, const char *part, const char *name, double *number)
{
    char key[64], value[512];
    snprintf(key, sizeof key, "%s%s", part, name);
    return cli_json_find(json, key, value, sizeof value) && sl_number_parse(value, number);
}

/* What the bounds hold: of the test part, else of the validation rows. */
static void result_interval(const char *json, const sl_run *run)
{
    double asked, corrected, inside = 0, before = 0, width = 0;
    char number[32];
    if (!result_number(json, "", "interval", &asked) || !result_number(json, "", "interval_rows", &corrected))
        return;
    const bool tested = result_number(json, "test_", "coverage", &inside);
    const char *part = tested ? "test_" : corrected > 0 ? "validation_" : "train_";
    if (!result_number(json, part, "coverage", &inside) ||
        !result_number(json, part, "coverage_uncorrected", &before) ||
        !result_number(json, part, "width", &width))
        return;
    const double rows = tested          ? sl_report_last(sl_run_test(run), "rows") /* NaN: not at hand */
                        : corrected > 0 ? corrected
                                        : NAN;
    printf("interval   %s %% asked: %s of ", sl_number_text(number, asked), cli_percent(inside).text);
    if (rows >= 0)
        printf("%s ", cli_count(rows).text);
    printf("%s rows lie inside, mean width %s",
           tested          ? "test"
           : corrected > 0 ? "validation"
                           : "fitted",
           cli_rounded(width).text);
    if (corrected > 0)
        printf(" (before correction %s)", cli_percent(before).text);
    puts(corrected > 0 ? "" : "; not corrected: there are no validation rows");
    if (!tested && corrected > 0)
        puts("           by these very rows the bounds were moved, so they must: --test 0.2 measures it");
}

/* The result in words, from the same line that --json prints: a resumed finished run has nothing else. */
void cli_show_result(sl_run *run)
{
    static const char *const parts[] = { "test", "validation", "train" };
    static const char *const metrics[] = { "accuracy", "loss", "rmse", "mae", "r2", "auc", "macro_f1" };
    const char *json = sl_run_result(run);
    const cli_terminal terminal = cli_terminal_of(stdout);
    if (terminal.terminal)
        putchar('\n'); /* the rows of the epochs stand above */
    cli_table table;
    cli_table_begin(&table, 4, "lr");
    cli_table_cell(&table, "");
    bool there[3];
    char key[64], value[512];
    for (int p = 0; p < 3; p++) {
        snprintf(key, sizeof key, "%s_loss", parts[p]);
        there[p] = cli_json_find(json, key, value, sizeof value) && strcmp(value, "null") != 0;
        if (there[p])
            cli_table_cell(&table, parts[p]);
    }
    table.columns = 1 + there[0] + there[1] + there[2];
    for (size_t m = 0; m < sizeof metrics / sizeof *metrics; m++) {
        cli_figure figures[3] = { { "" }, { "" }, { "" } };
        bool any = false;
        for (int p = 0; p < 3; p++) {
            double number;
            snprintf(key, sizeof key, "%s_%s", parts[p], metrics[m]);
            if (!cli_json_find(json, key, value, sizeof value) || !sl_number_parse(value, &number))
                continue;
            figures[p] = m == 0 ? cli_percent(number) : cli_rounded(number);
            any = true;
        }
        if (any)
            cli_table_cell(&table, strcmp(metrics[m], "macro_f1") == 0 ? "macro F1" : metrics[m]);
        for (int p = 0; any && p < 3; p++) {
            if (there[p])
                cli_table_cell(&table, figures[p].text);
        }
    }
    cli_table_print(&table, stdout, 0, 3, &terminal);
    cli_table_free(&table);

    double most, number;
    sl_baseline_row row;
    const sl_baselines *baselines = sl_run_baselines(run);
    const bool compared = sl_baselines_at(baselines, 0, &row) && row.figure == row.figure;
    if (compared) {
        putchar('\n');
        cli_show_baselines(baselines, sl_model_classes(sl_run_model(run)) > 0,
                           there[0] ? "on the test part" : "on the validation rows", &terminal);
        if (!there[0] && !cli_json_find(json, "refit_rows", value, sizeof value))
            puts("these rows chose the epoch, which flatters the net: --test 0.2 keeps rows that choose "
                 "nothing");
        putchar('\n');
    }
    char name[16];
    const sl_report *test = sl_run_test(run);
    const int majority = test ? cli_majority(test, &most) : -1;
    if (majority >= 0 && !compared) {
        printf("baseline   %s on the test part: always '", cli_percent(most).text);
        cli_put_clean(stdout, cli_class_name(name, sl_run_model(run), majority));
        fputs("'\n", stdout);
    }
    result_interval(json, run);
    char epochs[32];
    if (cli_json_find(json, "best_epoch", value, sizeof value) &&
        cli_json_find(json, "epochs", epochs, sizeof epochs))
        printf("best epoch %s of %s\n", value, epochs);
    if (cli_json_find(json, "seconds", value, sizeof value) && sl_number_parse(value, &number))
        printf("time       %s s\n", cli_fixed(number, 2).text);
    if (cli_json_find(json, "digest", value, sizeof value))
        printf("digest     %s\n", value);
    fputs("run        ", stdout);
    cli_put_clean(stdout, sl_run_folder(run));
    putchar('\n');
    result_next(sl_run_folder(run));
}

void cli_put_result(const sl_run *run, const sl_profile *profile)
{
    const char *json = sl_run_result(run);
    if (!profile) {
        puts(json);
        return;
    }
    printf("%.*s,\"profile\":", (int)strlen(json) - 1, json); /* all but the closing brace */
    cli_put_profile(stdout, profile);
    puts("}");
}

void cli_show_stopped(const sl_run *run, size_t step, size_t epoch, bool piped)
{
    fprintf(stderr, "stopped after step %s, in epoch %s; saved in ", cli_count((double)step).text,
            cli_count((double)epoch).text);
    cli_put_clean(stderr, sl_run_folder(run));
    fprintf(stderr, ": nothing is lost. To go on%s:\n  slope train --resume ",
            piped ? ", with the same rows" : "");
    cli_put_shell(stderr, sl_run_folder(run));
    fputs(piped ? " < FILE\n" : "\n", stderr);
}
