/* parts.c - see parts.h: the parts drawn at random, the three views, and what is said of them. */
#include "core/sort.h"
#include "data/parts.h"

#include <stdio.h>
#include <string.h>

static const char *const parts_names[SL_PARTS] = { "train", "validation", "test" };

/* --- at random ------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t key;
    size_t row, class;
} parts_ranked;

static int parts_compare(const void *a, const void *b)
{
    const parts_ranked *x = a, *y = b;
    if (x->class != y->class)
        return (x->class > y->class) - (x->class < y->class);
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->row > y->row) - (x->row < y->row);
}

enum { PARTS_PIECE = 512 }; /* rows that are looked at together */

/* Classes of rows first .. first + count - 1, all 0 where there are none; how many rows that is, 0: none are
 * left, or they cannot be read. */
static size_t parts_classes_of(const sl_parts_job *job, size_t first, size_t class[PARTS_PIECE])
{
    const size_t left = job->all->rows - first, count = left < PARTS_PIECE ? left : PARTS_PIECE;
    double target[PARTS_PIECE];
    if (count && job->classes > 0 && sl_data_targets(job->all, first, count, target))
        return 0;
    for (size_t i = 0; i < count; i++)
        class[i] = job->classes > 0 ? (size_t)target[i] : 0;
    return count;
}

/* Rows of one class by rank: folds are dealt out in turn, on from class to class, so that none goes without;
 * validation takes the first of those that are left. */
static void parts_deal(sl_parts_job *job, sl_part part, const parts_ranked *ranked, size_t before,
                       size_t count)
{
    const sl_parts_options *o = &job->options;
    size_t wanted = (size_t)(o->validation * (double)count + 0.5);
    for (size_t i = 0; i < count; i++) {
        unsigned char *own = &job->part[ranked[i].row];
        if (part == SL_PART_TEST && (int)((before + i) % (size_t)o->folds) == o->fold) {
            *own = SL_PART_TEST;
        } else if (part == SL_PART_VALIDATION && *own == SL_PART_TRAIN && wanted) {
            *own = SL_PART_VALIDATION;
            wanted--;
        }
    }
}

static sl_status parts_fold(sl_parts_job *job, sl_part part)
{
    sl_ctx *ctx = job->ctx;
    const sl_data *all = job->all;
    size_t class[PARTS_PIECE];
    uint64_t key[PARTS_PIECE];
    parts_ranked *ranked = sl_alloc_array(ctx, all->rows, sizeof *ranked);
    for (size_t first = 0, count; ranked && (count = parts_classes_of(job, first, class)); first += count) {
        sl_split_keys(all, first, count, key);
        for (size_t i = 0; i < count; i++)
            ranked[first + i] = (parts_ranked){ key[i], first + i, class[i] };
    }
    if (!ctx->status)
        sl_sort(ranked, all->rows, sizeof *ranked, parts_compare);
    for (size_t from = 0, to; !ctx->status && from < all->rows; from = to) {
        for (to = from + 1; to < all->rows && ranked[to].class == ranked[from].class;)
            to++;
        parts_deal(job, part, ranked + from, from, to - from);
    }
    sl_free(ctx, ranked);
    return ctx->status;
}

/* Of each class a share: the largest keys are for the test, the smallest for validation. */
static sl_status parts_share(sl_parts_job *job, sl_part part)
{
    sl_ctx *ctx = job->ctx;
    const sl_data *all = job->all;
    const size_t classes = job->classes > 0 ? (size_t)job->classes : 1;
    const bool test = part == SL_PART_TEST;
    size_t class[PARTS_PIECE], *wanted = sl_alloc_array(ctx, classes, sizeof *wanted);
    uint64_t key[PARTS_PIECE];
    sl_ranked *last = sl_alloc_array(ctx, classes, sizeof *last);
    for (size_t first = 0, count; last && wanted && (count = parts_classes_of(job, first, class));
         first += count)
        for (size_t i = 0; i < count; i++)
            wanted[class[i]]++;
    for (size_t c = 0; c < classes && !ctx->status; c++) {
        const size_t share =
            (size_t)((test ? job->options.test : job->options.validation) * (double)wanted[c] + 0.5);
        wanted[c] = test ? wanted[c] - share : share;
    }
    if (!ctx->status)
        sl_split_last(all, job->classes, wanted, last);
    for (size_t first = 0, count; !ctx->status && (count = parts_classes_of(job, first, class));
         first += count) {
        sl_split_keys(all, first, count, key);
        for (size_t i = 0; i < count; i++) {
            const size_t c = class[i];
            const sl_ranked own = { key[i], first + i };
            const bool below = wanted[c] && !sl_ranked_less(last[c], own);
            if (below != test)
                job->part[first + i] = (unsigned char)part;
        }
    }
    sl_free(ctx, wanted);
    sl_free(ctx, last);
    return ctx->status;
}

sl_status sl_parts_random(sl_parts_job *job, sl_part part)
{
    sl_text_clear(&job->how);
    sl_text_add(&job->how, "drawn by seed %llu%s", (unsigned long long)job->ctx->options.seed,
                job->classes ? ", in each class alike" : "");
    return job->options.folds ? parts_fold(job, part) : parts_share(job, part);
}

/* --- what is asked ----------------------------------------------------------------------------------- */

static sl_status parts_check(const sl_parts_job *job)
{
    const sl_parts_options *o = &job->options;
    const char *source = job->all->source;
    char number[32];
    if (o->group && o->time)
        return sl_fail(
            job->ctx, SL_EINVAL,
            "%s: parts by time and by group at once: rows of one group may lie far apart in time, so "
            "take one of the two",
            source);
    if (o->folds && o->time)
        return sl_fail(job->ctx, SL_EINVAL,
                       "%s: folds are drawn from all times, and a split by time must not: take a test part "
                       "instead of folds",
                       source);
    if (o->folds && (o->folds < SL_FOLDS_LEAST || o->folds > SL_FOLDS_MOST))
        return sl_fail(job->ctx, SL_EINVAL, "%s: %d folds: wants %d to %d", source, o->folds, SL_FOLDS_LEAST,
                       SL_FOLDS_MOST);
    if (o->folds && (o->fold < 0 || o->fold >= o->folds || o->test != 0))
        return sl_fail(job->ctx, SL_EINVAL, "%s: fold %d of %d: wants one from 0 on, and no other test part",
                       source, o->fold, o->folds);
    if (o->folds && (size_t)o->folds > job->all->rows)
        return sl_fail(job->ctx, SL_EINVAL, "%s: %zu rows make no %d folds: take fewer", source,
                       job->all->rows, o->folds);
    if (!(o->test >= 0 && o->test < 1))
        return sl_fail(job->ctx, SL_EINVAL,
                       "%s: a test part of %s of the rows: wants a share of 0 or more and below 1", source,
                       sl_number_text(number, o->test));
    if (!(o->validation >= 0 && o->test + o->validation < 1))
        return sl_fail(
            job->ctx, SL_EINVAL,
            "%s: test and validation take %s of the rows: wants less than 1, so that some are left "
            "to learn from",
            source, sl_number_text(number, o->test + o->validation));
    for (size_t row = 0; job->classes && row < job->all->rows; row++) {
        const double y = sl_data_target(job->all, row);
        if (job->ctx->status)
            return job->ctx->status;
        if (!(y >= 0 && y < job->classes && y == (double)(int)y))
            return sl_fail(job->ctx, SL_EINVAL,
                           "%s: the target of row %zu is %s: wants a class number from 0 to %d", source, row,
                           sl_number_text(number, y), job->classes - 1);
    }
    return SL_OK;
}

/* The column that decides, with all of its values there. */
static sl_status parts_column(sl_parts_job *job)
{
    sl_ctx *ctx = job->ctx;
    const sl_data *all = job->all;
    const sl_columns *columns = all->store->columns;
    const char *name = job->options.group ? job->options.group : job->options.time;
    const char *option = job->options.group ? "--group" : "--split time";
    if (!columns)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: %s is column %s, and these data have no named columns: leave it out", all->source,
                       option, name);
    const int place = sl_columns_find(columns, name);
    if (place < 0) {
        const char **names = sl_alloc_array(ctx, (size_t)columns->count, sizeof *names);
        for (int i = 0; names && i < columns->count; i++)
            names[i] = columns->column[i].name;
        const char *near = names ? sl_nearest_word(name, names, (size_t)columns->count) : NULL;
        sl_free(ctx, names);
        return sl_fail(ctx, SL_EINVAL, "%s: %s: there is no column '%s'%s%s%s", all->source, option, name,
                       near ? ": did you mean " : " in its first line", near ? near : "", near ? "?" : "");
    }
    job->column = &columns->column[place];
    const sl_column_type type = job->column->type;
    if (job->column->cell < 0)
        return sl_fail(
            ctx, SL_EINVAL,
            "%s: %s: the values of column %s were not kept: open the table with this column as its "
            "group or time",
            all->source, option, name);
    if (job->options.time && type != SL_COLUMN_NUMBER && type != SL_COLUMN_INTEGER && type != SL_COLUMN_DATE)
        return sl_fail(ctx, SL_EINVAL, "%s: --split time: column %s is of type %s: wants dates or numbers",
                       all->source, name, sl_column_type_name(type));
    job->values = sl_alloc_array(ctx, all->rows, sizeof *job->values);
    if (!job->values || sl_data_cells(all, job->column->cell, NULL, all->rows, job->values))
        return ctx->status;
    size_t missing = 0, first = 0;
    for (size_t row = 0; row < all->rows; row++)
        if (job->values[row] != job->values[row] || (job->column->words.count && !(job->values[row] >= 0)))
            first = missing++ ? first : row;
    if (missing)
        return sl_fail(
            ctx, SL_EINVAL,
            "%s: %s: column %s has no value in %zu of %zu rows, the first of them row %zu: which part "
            "they belong to is not known: fill them in, or leave these rows out",
            all->source, option, name, missing, all->rows, first);
    return SL_OK;
}

/* --- views, and what is said --------------------------------------------------------------------------- */

static sl_data *parts_view(const sl_parts_job *job, unsigned parts, const char *name)
{
    const size_t rows = job->all->rows;
    sl_chosen *chosen = sl_chosen_new(job->ctx, rows);
    for (size_t row = 0; chosen && row < rows; row++)
        if (parts >> job->part[row] & 1)
            sl_chosen_add(chosen, row);
    if (!chosen)
        return NULL;
    sl_chosen_close(chosen);
    return sl_data_view_chosen(job->all, chosen, name);
}

/* "classes a, b and 3 more have": up to five of them that `test` holds for. */
static size_t parts_classes(const sl_parts_job *job, const size_t *rows, const size_t *all, size_t below,
                            sl_text *text)
{
    enum { NAMED = 5 };
    size_t found = 0;
    sl_text_clear(text);
    for (int c = 0; c < job->classes; c++) {
        const char *name = sl_data_class_name(job->all, c);
        if (!all[c] || rows[c] >= below || ++found > NAMED)
            continue;
        if (name)
            sl_text_add(text, "%s%s", found > 1 ? ", " : "", name);
        else
            sl_text_add(text, "%s%d", found > 1 ? ", " : "", c);
        sl_text_add(text, " (%zu row%s)", all[c], all[c] == 1 ? "" : "s");
    }
    if (found > NAMED)
        sl_text_add(text, " and %zu more", found - NAMED);
    return found;
}

/* A class that a part lacks is not learned, or not measured. */
static void parts_warn(const sl_parts_job *job)
{
    const size_t classes = (size_t)job->classes;
    size_t *rows = sl_alloc_array(job->ctx, (SL_PARTS + 1) * classes, sizeof *rows), held[SL_PARTS] = { 0 };
    size_t *all = rows ? rows + SL_PARTS * classes : NULL, found;
    sl_text names;
    sl_text_init(&names, job->ctx);
    size_t class[PARTS_PIECE];
    for (size_t first = 0, count; rows && (count = parts_classes_of(job, first, class)); first += count)
        for (size_t i = 0; i < count; i++) {
            rows[job->part[first + i] * classes + class[i]]++;
            held[job->part[first + i]]++;
            all[class[i]]++;
        }
    static const char *const means[SL_PARTS] = { "it cannot be learned",
                                                 "the best epoch is chosen without it",
                                                 "the figures say nothing about it" };
    for (int part = 0; rows && part < SL_PARTS; part++)
        if (held[part] && (found = parts_classes(job, rows + (size_t)part * classes, all, 1, &names)))
            sl_log(job->ctx, "warning     the %s part has no row of class%s %s: %s", parts_names[part],
                   found == 1 ? "" : "es", sl_text_string(&names), means[part]);
    if (rows && job->options.folds &&
        (found = parts_classes(job, all, all, (size_t)job->options.folds, &names)))
        sl_log(job->ctx, "warning     class%s %s: fewer than the %d folds, so some folds test without",
               found == 1 ? "" : "es", sl_text_string(&names), job->options.folds);
    sl_text_free(&names);
    sl_free(job->ctx, rows);
}

static void parts_say(const sl_parts_job *job, const size_t count[SL_PARTS])
{
    char text[32];
    sl_text line;
    sl_text_init(&line, job->ctx);
    for (int part = 0; part < SL_PARTS; part++)
        if (count[part])
            sl_text_add(&line, "%s%s %s", part ? ", " : "", sl_count_text(text, count[part]),
                        parts_names[part]);
    if (job->options.folds)
        sl_text_add(&line, " (fold %d of %d)", job->options.fold + 1, job->options.folds);
    sl_log(job->ctx, "parts       %s%s%s", sl_text_string(&line), job->how.length ? ": " : "",
           sl_text_string(&job->how));
    sl_text_free(&line);
}

/* --- all of it -------------------------------------------------------------------------------------------
 */

static sl_status parts_draw(sl_parts_job *job)
{
    sl_status (*const draw)(sl_parts_job *, sl_part) = job->options.time    ? sl_parts_times
                                                       : job->options.group ? sl_parts_groups
                                                                            : sl_parts_random;
    if ((job->options.test > 0 || job->options.folds) && draw(job, SL_PART_TEST))
        return job->ctx->status;
    if (job->options.if_enough && job->options.validation > 0) {
        char why[160];
        sl_data *rest = parts_view(job, 1u << SL_PART_TRAIN, "rest");
        if (rest && !sl_data_can_validate(rest, job->classes, why))
            job->options.validation = 0;
        if (rest && !job->ctx->status)
            sl_validation_tell(rest, job->classes, job->options.validation, why);
        if (rest && !job->ctx->status && !(job->options.validation > 0))
            sl_text_add(&job->how, "%snone validate, since %s", job->how.length ? "; " : "", why);
        sl_data_free(rest);
    }
    if (!job->ctx->status && job->options.validation > 0)
        draw(job, SL_PART_VALIDATION);
    return job->ctx->status;
}

sl_status sl_data_parts(sl_data *all, int classes, const sl_parts_options *options, sl_data **train,
                        sl_data **validation, sl_data **test)
{
    sl_data **const out[SL_PARTS] = { train, validation, test };
    *train = *validation = *test = NULL;
    if (!all)
        return SL_EINVAL;
    sl_ctx *ctx = all->ctx;
    sl_parts_job job = { .ctx = ctx, .all = all, .classes = classes, .options = *options };
    size_t count[SL_PARTS] = { 0 };
    sl_text_init(&job.how, ctx);
    if (!parts_check(&job) && !((options->group || options->time) && parts_column(&job)))
        job.part = sl_alloc_array(ctx, all->rows, 1);
    if (job.part && !parts_draw(&job)) {
        const bool wanted[SL_PARTS] = { true, job.options.validation > 0,
                                        job.options.test > 0 || job.options.folds };
        for (size_t row = 0; row < all->rows; row++)
            count[job.part[row]]++;
        for (int part = 0; part < SL_PARTS && !ctx->status; part++) {
            if (wanted[part] && !count[part])
                sl_fail(ctx, SL_EINVAL,
                        "%s: the %s part would have none of the %zu rows: take other shares for test and "
                        "validation",
                        all->source, parts_names[part], all->rows);
            else if (wanted[part])
                *out[part] = parts_view(&job, 1u << part, parts_names[part]);
        }
    }
    if (!ctx->status)
        parts_say(&job, count);
    if (!ctx->status && classes)
        parts_warn(&job);
    sl_text_free(&job.how);
    sl_free(ctx, job.part);
    sl_free(ctx, job.values);
    for (int part = 0; part < SL_PARTS && ctx->status; part++) {
        sl_data_free(*out[part]);
        *out[part] = NULL;
    }
    return ctx->status;
}
