/* parts_group.c - rows of one group stay together: patients, users, houses of one street. Every group has a
 * random key that depends on the seed and its value alone. */
#include "core/random.h"
#include "core/sort.h"
#include "data/parts.h"

typedef struct {
    uint64_t key;
    size_t row, rows; /* its first row, and how many */
    int fold;
} parts_group;

typedef struct {
    uint64_t key;
    size_t row;
} parts_member;

static int group_compare(const void *a, const void *b)
{
    const parts_member *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->row > y->row) - (x->row < y->row);
}

/* Puts a whole group, whose members stand behind one another, into a part. */
static void group_put(sl_parts_job *job, const parts_member *member, size_t rows, sl_part part)
{
    for (size_t i = 0; i < rows; i++)
        job->part[member[i].row] = (unsigned char)part;
}

/* In the order of their keys each group joins the fold that has the fewest rows by then. */
static sl_status group_folds(sl_parts_job *job, const parts_member *members, const parts_group *groups,
                             size_t count)
{
    size_t rows[SL_FOLDS_MOST] = { 0 }, at = 0;
    const int folds = job->options.folds;
    if (count < (size_t)folds)
        return sl_fail(
            job->ctx, SL_EINVAL,
            "%s: column %s has %zu different values, which make no %d folds of whole groups: take %zu "
            "folds or fewer",
            job->all->source, job->column->name, count, folds, count);
    for (size_t g = 0; g < count; at += groups[g++].rows) {
        int least = 0;
        for (int f = 1; f < folds; f++)
            least = rows[f] < rows[least] ? f : least;
        rows[least] += groups[g].rows;
        if (least == job->options.fold)
            group_put(job, members + at, groups[g].rows, SL_PART_TEST);
    }
    return SL_OK;
}

/* Groups in order, validation from one end of it and test from the other, until the wanted rows are reached;
 * the last group comes in when that is nearer to them. One that is larger than the part never does. */
static void group_shares(sl_parts_job *job, sl_part part, const parts_member *members,
                         const parts_group *groups, size_t count, size_t *large)
{
    const double share = part == SL_PART_TEST ? job->options.test : job->options.validation;
    const size_t wanted = (size_t)(share * (double)job->all->rows + 0.5);
    size_t taken = 0, at = part == SL_PART_TEST ? job->all->rows : 0;
    for (size_t i = 0; i < count && taken < wanted; i++) {
        const parts_group *group = &groups[part == SL_PART_TEST ? count - 1 - i : i];
        at -= part == SL_PART_TEST ? group->rows : 0;
        const bool is_free = job->part[members[at].row] == SL_PART_TRAIN;
        const size_t with = taken + group->rows;
        *large += is_free && group->rows > wanted;
        if (is_free && group->rows <= wanted) {
            if (with > wanted && with - wanted > wanted - taken)
                break;
            group_put(job, members + at, group->rows, part);
            taken = with;
        }
        at += part == SL_PART_TEST ? 0 : group->rows;
    }
}

sl_status sl_parts_groups(sl_parts_job *job, sl_part part)
{
    sl_ctx *ctx = job->ctx;
    const size_t rows = job->all->rows;
    parts_member *members = sl_alloc_array(ctx, rows, sizeof *members);
    parts_group *groups = members ? sl_alloc_array(ctx, rows, sizeof *groups) : NULL;
    size_t count = 0, large = 0;
    for (size_t row = 0; groups && row < rows; row++)
        members[row] = (parts_member){ sl_random_bits(ctx->options.seed, SL_FOR_SPLIT, 1, 0,
                                                      sl_cell_identity(job->column, job->values[row])),
                                       row };
    if (groups)
        sl_sort(members, rows, sizeof *members, group_compare);
    for (size_t i = 0; groups && i < rows; i++) {
        if (!i || members[i].key != members[i - 1].key)
            groups[count++] = (parts_group){ .key = members[i].key, .row = members[i].row };
        groups[count - 1].rows++;
    }
    if (groups && part == SL_PART_TEST && job->options.folds)
        group_folds(job, members, groups, count);
    else if (groups)
        group_shares(job, part, members, groups, count, &large);
    sl_free(ctx, members);
    sl_free(ctx, groups);
    char number[32];
    if (!ctx->status && large) {
        const char *name = part == SL_PART_TEST ? "test" : "validation";
        sl_decided(ctx, "large groups", "in the train part",
                   "%zu of column %s are larger than the %s part is to be", large, job->column->name, name);
        sl_log(ctx,
               "parts       %zu group%s of column %s %s larger than the %s part is to be: in the train part",
               large, large == 1 ? "" : "s", job->column->name, large == 1 ? "is" : "are", name);
    }
    sl_text_clear(&job->how);
    sl_text_add(&job->how, "whole groups, %s by column %s, drawn by seed %llu", sl_count_text(number, count),
                job->column->name, (unsigned long long)ctx->options.seed);
    return ctx->status;
}
