/* metrics.c - see metrics.h */
#include "metrics.h"

#include <math.h>
#include <string.h>

#include "baselines.h"

const char *cli_class_name(char number[16], const sl_model *model, int class_index)
{
    const char *name = sl_model_class_name(model, class_index);
    if (name && *name)
        return name;
    snprintf(number, 16, "%d", class_index);
    return number;
}

int cli_majority(const sl_report *report, double *part)
{
    const size_t all = cli_confusion_sum(report, -1, -1);
    size_t most = 0;
    int majority = -1;
    for (int class_index = 0; class_index < sl_report_classes(report) && all; class_index++) {
        const size_t rows = cli_confusion_sum(report, class_index, -1);
        if (rows > most) {
            most = rows;
            majority = class_index;
        }
    }
    *part = all ? (double)most / (double)all : NAN;
    return majority;
}

/* What a model that knows nothing but the frequencies gets. */
static double metrics_class_baseline(const sl_report *report, const char *metric, double majority)
{
    const double classes = sl_report_classes(report), all = (double)cli_confusion_sum(report, -1, -1);
    if (strcmp(metric, "accuracy") == 0)
        return majority;
    if (strcmp(metric, "balanced_accuracy") == 0)
        return 1 / classes;
    if (strcmp(metric, "macro_f1") == 0) /* precision: the majority's part; recall: 1; the others get 0 */
        return 2 * majority / (1 + majority) / classes;
    if (strcmp(metric, "auc") == 0 || strcmp(metric, "macro_auc") == 0)
        return 0.5;
    double entropy = 0, squares = 0, first[5] = { 0 }, five = 0;
    for (int class_index = 0; class_index < sl_report_classes(report); class_index++) {
        const double part = (double)cli_confusion_sum(report, class_index, -1) / all;
        entropy -= part > 0 ? part * log(part) : 0;
        squares += part * part;
        int place = 5; /* the five most frequent */
        for (; place > 0 && first[place - 1] < part; place--)
            if (place < 5)
                first[place] = first[place - 1];
        if (place < 5)
            first[place] = part;
    }
    for (int i = 0; i < 5; i++)
        five += first[i];
    if (strcmp(metric, "top5_accuracy") == 0)
        return five;
    if (strcmp(metric, "brier") == 0)
        return sl_report_classes(report) == 2 ? (1 - squares) / 2 : 1 - squares;
    return strcmp(metric, "loss") == 0 || strcmp(metric, "log_loss") == 0 ? entropy : NAN;
}

/* What the mean of the targets gets, in every row. */
static double metrics_mean_baseline(const sl_data *data, const char *metric)
{
    const size_t rows = data ? sl_data_rows(data) : 0;
    double mean = 0, squares = 0, sizes = 0, most = 0, shares = 0, shared = 0;
    sl_real y = 0;
    for (size_t row = 0; row < rows; row++) {
        if (sl_data_row(data, row, NULL, &y) != SL_OK)
            return NAN;
        mean += ((double)y - mean) / (double)(row + 1);
    }
    for (size_t row = 0; row < rows; row++) {
        sl_data_row(data, row, NULL, &y);
        squares += ((double)y - mean) * ((double)y - mean);
        sizes += fabs((double)y - mean);
        most = fmax(most, fabs((double)y - mean));
        shares += y != 0 ? fabs(((double)y - mean) / (double)y) : 0;
        shared += y != 0;
    }
    if (strcmp(metric, "r2") == 0 || strcmp(metric, "explained_variance") == 0)
        return rows ? 0 : NAN;
    if (strcmp(metric, "max_error") == 0)
        return rows ? most : NAN;
    if (strcmp(metric, "mape") == 0)
        return shares / shared;
    if (strcmp(metric, "mean_squared") == 0)
        return squares / (double)rows;
    if (strcmp(metric, "rmse") == 0)
        return sqrt(squares / (double)rows);
    if (strcmp(metric, "mae") == 0 || strcmp(metric, "mean_absolute") == 0)
        return sizes / (double)rows;
    return NAN;
}

/* In this order; an empty name makes a gap. What is not here comes behind: a metric may be new. */
static const struct {
    const char *name, *words; /* words NULL: not shown */
    bool percent;
} metrics_shown[] = {
    { "loss", "loss", false },
    { "accuracy", "accuracy", true },
    { "balanced_accuracy", "balanced accuracy", true },
    { "top5_accuracy", "top-5 accuracy", true },
    { "macro_f1", "macro F1", false },
    { "rmse", "rmse", false },
    { "mae", "mae", false },
    { "median_absolute_error", "median absolute error", false },
    { "max_error", "largest error", false },
    { "mape", "mean absolute percentage error", true },
    { "coverage", "targets between the bounds", true },
    { "coverage_uncorrected", "before their correction", true },
    { "width", "mean width of the interval", false },
    { "", "", false },
    { "auc", "auc", false },
    { "macro_auc", "macro auc", false },
    { "log_loss", "log loss", false },
    { "brier", "Brier score", false },
    { "calibration_error", "calibration error", true },
    { "r2", "r2", false },
    { "explained_variance", "explained variance", false },
    /* a column already, or the head; the rest stands below, with each class */
    { "majority_accuracy", NULL, false },
    { "mean_rmse", NULL, false },
    { "rows", NULL, false },
    { "precision", NULL, false },
    { "recall", NULL, false },
    { "f1", NULL, false },
    { "micro_f1", NULL, false },
    { "weighted_f1", NULL, false },
    { "macro_precision", NULL, false },
    { "macro_recall", NULL, false },
};
enum { METRICS_KNOWN = sizeof metrics_shown / sizeof *metrics_shown };

typedef struct {
    cli_table table;
    const sl_report *report;
    const sl_model *model;
    const sl_data *data;
    double majority;
    sl_baseline_row own; /* the model's intervals */
} metrics_job;

static const char *metrics_interval(const metrics_job *job, const char *name, cli_range *range)
{
    const bool r2 = strcmp(name, "r2") == 0, accuracy = strcmp(name, "accuracy") == 0;
    *range = (cli_range){ "" };
    if (r2)
        *range = cli_interval(job->own.r2_low, job->own.r2_high, false);
    else if (accuracy || strcmp(name, "rmse") == 0)
        *range = cli_interval(job->own.low, job->own.high, accuracy);
    return range->text;
}

/* The loss without its convention: what is reported is a mean in any case. With other options ("cross_entropy
 * smoothing=0.1") it is another loss. */
static void metrics_loss_word(char word[128], const sl_model *model)
{
    static const char sum[] = " reduction=sum";
    const char *loss = sl_model_loss(model);
    snprintf(word, 128, "%s", loss ? loss : "");
    char *at = strstr(word, sum);
    if (at)
        memmove(at, at + sizeof sum - 1, strlen(at + sizeof sum - 1) + 1);
}

/* What a loss of targets in their own units becomes where they are standardised inside. */
static double metrics_loss_unit(const sl_model *model, const char *word)
{
    double scale;
    if (strcmp(sl_model_target_scale(model, NULL, &scale), "log") == 0)
        return NAN;
    return 1 / (strcmp(word, "mean_squared") == 0 ? scale * scale : scale);
}

/* A line of the table, where the report has the metric and it is defined. */
static void metrics_line(metrics_job *job, const char *name, const char *words, bool percent)
{
    const char *loss = sl_model_loss(job->model);
    char word[128];
    metrics_loss_word(word, job->model);
    const bool logits = strcmp(word, "cross_entropy") == 0 || strcmp(word, "binary_cross_entropy") == 0;
    const bool is_loss = strcmp(name, "loss") == 0;
    const double value = sl_report_at(job->report, 0, name), known = sl_report_at(job->report, 0, "loss");
    if (value != value ||
        (logits && known == known && strcmp(name, "log_loss") == 0)) /* the loss once more */
        return;
    const double none = !sl_report_classes(job->report)
                            ? metrics_mean_baseline(job->data, is_loss ? word : name) *
                                  (is_loss ? metrics_loss_unit(job->model, word) : 1)
                        : is_loss && !logits ? NAN
                                             : metrics_class_baseline(job->report, name, job->majority);
    char text[96];
    snprintf(text, sizeof text, is_loss && loss ? "%s (%s)" : "%s", words, loss);
    for (char *at = text; !is_loss && *at; at++)
        if (*at == '_')
            *at = ' ';
    cli_table_cell(&job->table, text);
    cli_range range;
    cli_table_cell(&job->table, (percent ? cli_percent(value) : cli_rounded(value)).text);
    cli_table_cell(&job->table, metrics_interval(job, name, &range));
    cli_table_cell(&job->table, (percent ? cli_percent(none) : cli_rounded(none)).text);
}

bool cli_show_metrics(const sl_report *report, const sl_model *model, const sl_data *data,
                      const sl_baselines *baselines, const cli_terminal *terminal)
{
    char number[16], baseline[64];
    metrics_job job = { .report = report, .model = model, .data = data };
    if (!sl_baselines_at(baselines, 0, &job.own))
        job.own = (sl_baseline_row){ .low = NAN, .r2_low = NAN };
    const int class_index = cli_majority(report, &job.majority);
    cli_table_begin(&job.table, 4, "lr");
    cli_table_cell(&job.table, "");
    cli_table_cell(&job.table, "model");
    cli_table_cell(&job.table, "95 % interval");
    if (class_index >= 0)
        snprintf(baseline, sizeof baseline, "always '%.40s'", cli_class_name(number, model, class_index));
    else
        snprintf(baseline, sizeof baseline, "always the mean");
    cli_table_cell(&job.table, baseline);
    for (int i = 0; i < METRICS_KNOWN; i++)
        if (!*metrics_shown[i].name)
            for (int cell = 0; cell < 4; cell++)
                cli_table_cell(&job.table, "");
        else if (metrics_shown[i].words)
            metrics_line(&job, metrics_shown[i].name, metrics_shown[i].words, metrics_shown[i].percent);
    for (int c = 0; c < sl_report_columns(report); c++) {
        const char *name = sl_report_column(report, c);
        int known = 0;
        while (known < METRICS_KNOWN && strcmp(metrics_shown[known].name, name) != 0)
            known++;
        if (known == METRICS_KNOWN)
            metrics_line(&job, name, name, false);
    }
    const bool done = cli_table_print(&job.table, stdout, 2, 2, terminal);
    cli_table_free(&job.table);
    return done;
}
