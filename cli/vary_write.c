/* vary_write.c - all trainings for other programs: one line of JSON, or a CSV file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outfile.h"
#include "vary.h"

static void write_spread(const char *name, const cli_vary_spread *s)
{
    if (!s->runs)
        return;
    printf(",\"%s\":", name);
    cli_json_number(stdout, s->mean);
    printf(",\"%s_sd\":", name);
    cli_json_number(stdout, s->deviation);
    printf(",\"%s_best\":", name);
    cli_json_number(stdout, s->best);
    printf(",\"%s_worst\":", name);
    cli_json_number(stdout, s->worst);
}

static void write_median(const char *name, const cli_vary_spread *s)
{
    printf(",\"%s\":", name);
    cli_json_number(stdout, s->mean);
}

static void write_one(const cli_vary *vary, const cli_vary_one *one)
{
    printf("{\"seed\":%llu,\"start_digest\":\"%016llx\",\"diverged\":%s", (unsigned long long)one->seed,
           (unsigned long long)one->start, one->diverged ? "true" : "false");
    for (int a = 0; a < one->answers; a++) {
        putchar(',');
        cli_json_string(stdout, vary->answer_name[a]);
        putchar(':');
        cli_json_number(stdout, one->answer[a]);
    }
    if (one->result)
        printf(",\"seconds\":"), cli_json_number(stdout, one->seconds), printf(",\"step_noise\":"),
            cli_json_number(stdout, one->noise);
    printf(",\"result\":%s}", one->result ? one->result : "null");
}

static void write_setting(const cli_vary *vary, int index)
{
    const cli_vary_setting *s = &vary->setting[index];
    char name[80];
    fputs("{\"setting\":{", stdout);
    for (int f = 0; f < vary->factors; f++) {
        const cli_factor *factor = &vary->factor[f];
        printf("%s\"%s\":", f ? "," : "", factor->option->name);
        if (factor->number)
            cli_json_number(stdout, factor->number[s->at[f]]);
        else
            cli_json_string(stdout, factor->text[s->at[f]]);
    }
    printf("},\"done\":%d,\"diverged\":%d", s->done, s->diverged);
    snprintf(name, sizeof name, "validation_%s", vary->metric);
    write_spread(name, &s->validation);
    snprintf(name, sizeof name, "test_%s", vary->metric);
    write_spread(name, &s->test);
    if (strcmp(vary->metric, "loss")) {
        snprintf(name, sizeof name, "train_%s", vary->metric);
        write_spread(name, &s->train);
    }
    write_spread("train_loss", &s->train_loss);
    write_spread("step_noise", &s->noise);
    write_median("seconds", &s->seconds);
    write_median("epochs", &s->epochs);
    write_median("steps", &s->steps);
    printf(",\"digests\":%d,\"best\":%s,\"within\":%s,\"pareto\":%s,\"runs\":[", s->digests,
           s->best ? "true" : "false", s->within ? "true" : "false", s->pareto ? "true" : "false");
    bool any = false;
    for (int i = 0; i < vary->seeds; i++) {
        const cli_vary_one *one = cli_vary_run_at(vary, index, i);
        if (!one->result && !one->diverged)
            continue;
        if (any)
            putchar(',');
        any = true;
        write_one(vary, one);
    }
    fputs("]}", stdout);
}

void cli_vary_json(const cli_vary *vary)
{
    char starts[4096];
    cli_vary_starts(vary, starts, sizeof starts);
    printf("{\"data\":");
    cli_json_string(stdout, vary->settings->train.data);
    printf(",\"metric\":\"%s\",\"by\":\"%s\",\"grid\":%s,\"seeds\":%d,\"first_seed\":%llu,\"stopped\":%s,"
           "\"same_start\":%s",
           vary->metric, vary->by, vary->settings->grid ? "true" : "false", vary->seeds,
           (unsigned long long)vary->first_seed, vary->stopped ? "true" : "false",
           strncmp(starts, "Starting weights: other", 23) ? "true" : "false");
    if (*vary->near) {
        fputs(",\"at\":", stdout);
        cli_json_string(stdout, vary->settings->at);
        fputs(",\"near\":", stdout);
        cli_json_string(stdout, vary->near);
    }
    fputs(",\"settings\":[", stdout);
    for (int i = 0; i < vary->count; i++) {
        if (i)
            putchar(',');
        write_setting(vary, i);
    }
    puts("]}");
}

/* --- CSV ---------------------------------------------------------------------------------------------- */

/* Of a training's result, and what the column is called where an option has that name. */
static const struct {
    const char *key, *column;
} write_keys[] = { { "train_loss", "train_loss" }, { "epochs", "epochs_taken" },
                   { "best_epoch", "best_epoch" }, { "steps", "steps_taken" },
                   { "seconds", "seconds" },       { "digest", "digest" } };

/* The loss has its own columns: asked for by --metric it would have them twice. */
static bool write_has_metric(const cli_vary *vary)
{
    return strcmp(vary->metric, "loss") != 0;
}

static void write_head(const cli_vary *vary, FILE *out)
{
    for (int f = 0; f < vary->factors; f++)
        fprintf(out, "%s,", vary->factor[f].option->name);
    fputs("seed,start_digest,diverged", out);
    if (write_has_metric(vary))
        fprintf(out, ",validation_%s,test_%s,train_%s", vary->metric, vary->metric, vary->metric);
    fputs(",validation_loss,test_loss", out);
    for (size_t k = 0; k < sizeof write_keys / sizeof *write_keys; k++)
        fprintf(out, ",%s", write_keys[k].column);
    fputs(",step_noise", out);
    for (int a = 0; a < vary->answers; a++)
        cli_put_csv(out, ",", vary->answer_name[a]);
    putc('\n', out);
}

static void write_key(const cli_vary_one *one, FILE *out, const char *part, const char *name)
{
    char key[80], text[512] = "";
    snprintf(key, sizeof key, "%s%s%s", part, *part ? "_" : "", name);
    const bool known =
        one->result && cli_json_find(one->result, key, text, sizeof text) && strcmp(text, "null");
    fprintf(out, ",%s", known ? text : "");
}

static void write_row(const cli_vary *vary, int setting, const cli_vary_one *one, FILE *out)
{
    char number[32];
    for (int f = 0; f < vary->factors; f++)
        cli_put_csv(out, f ? "," : "", vary->factor[f].text[vary->setting[setting].at[f]]);
    fprintf(out, "%s%llu,%016llx,%s", vary->factors ? "," : "", (unsigned long long)one->seed,
            (unsigned long long)one->start, one->diverged ? "yes" : "no");
    if (write_has_metric(vary)) {
        write_key(one, out, "validation", vary->metric);
        write_key(one, out, "test", vary->metric);
        write_key(one, out, "train", vary->metric);
    }
    write_key(one, out, "validation", "loss");
    write_key(one, out, "test", "loss");
    for (size_t k = 0; k < sizeof write_keys / sizeof *write_keys; k++)
        if (!strcmp(write_keys[k].key, "seconds"))
            fprintf(out, ",%s", one->result ? sl_number_text(number, one->seconds) : "");
        else
            write_key(one, out, "", write_keys[k].key);
    fprintf(out, ",%s", one->noise == one->noise ? sl_number_text(number, one->noise) : "");
    for (int a = 0; a < vary->answers; a++)
        fprintf(out, ",%s", a < one->answers ? sl_number_text(number, one->answer[a]) : "");
    putc('\n', out);
}

bool cli_vary_csv(const cli_vary *vary, const char *path)
{
    cli_outfile out;
    if (!cli_outfile_open(&out, "vary", path))
        return false;
    write_head(vary, out.stream);
    for (int i = 0; i < vary->count; i++)
        for (int s = 0; s < vary->seeds; s++) {
            const cli_vary_one *one = cli_vary_run_at(vary, i, s);
            if (one->result || one->diverged)
                write_row(vary, i, one, out.stream);
        }
    return cli_outfile_close(&out);
}
