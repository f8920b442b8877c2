/* apart.c - where an activation keeps two dense layers two, and what would change without it. */
#include "explain/merged.h"

#include <string.h>

typedef struct {
    int layer;
    const sl_tensor *z, *y; /* of that layer, [rows, units] */
} apart_seen;

static void apart_see(void *user, int layer, const sl_tensor *z, const sl_tensor *y)
{
    apart_seen *seen = user;
    if (layer == seen->layer) {
        seen->z = z;
        seen->y = y;
    }
}

/* A random row: what the layer behind the activation gives, and what it would give without it. */
static void apart_barrier(sl_merged *told, int at, int shape, int next, sl_tensor *x)
{
    sl_explanation *e = told->e;
    const sl_model *model = told->model;
    const sl_built *f = &model->layers[shape], *behind = &model->layers[next];
    told->kept++;
    if (told->kept > SL_MERGED_BARRIERS || !x) {
        told->passed++;
        return;
    }
    apart_seen seen = { .layer = shape };
    sl_tape *tape = sl_tape_new(e->ctx, SL_INFER);
    if (!tape || !sl_model_forward_watched(tape, model, x, &(sl_watch){ .see = apart_see, .user = &seen }) ||
        !seen.z) {
        sl_tape_free(tape);
        told->passed++;
        return;
    }
    const size_t in = (size_t)behind->param[0]->shape.dim[1];
    double *numbers = sl_arena_take(&e->arena, (3 * in + 1) * sizeof *numbers);
    const char *word = f->activation->name;
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                                          .text = sl_explanation_keep(
                                              e, "%s and %s: %s stands between them, so they stay two",
                                              model->layers[at].name, behind->name, word) });
    size_t row = 0; /* the first that the activation changes */
    while (row < SL_MERGED_ROWS && !memcmp(seen.z->v + row * in, seen.y->v + row * in, in * sizeof(sl_real)))
        row++;
    if (row == SL_MERGED_ROWS) {
        sl_merged_note(told, "On 1,000 random rows it changes no number; on others it may.");
        numbers = NULL;
    }
    for (int kept = 1; kept >= 0 && numbers; kept--) {
        for (size_t i = 0; i < in; i++) {
            numbers[i] = (double)behind->param[0]->v[i];
            numbers[in + i] = (double)(kept ? seen.y : seen.z)->v[row * in + i];
        }
        const double bias = behind->wants > 1 ? (double)behind->param[1]->v[0] : 0;
        const sl_merged_terms t = {
            .row = numbers, .column = numbers + in, .count = in, .step = 1, .alone = &bias
        };
        sl_explained_total(
            e, kept ? sl_explanation_keep(e, "with %s", word) : sl_explanation_keep(e, "without %s", word),
            &(sl_explained_sum){ .count = in + 1, .term = sl_merged_term, .user = &t }, sl_merged_value(&t));
    }
    if (numbers)
        sl_merged_note(
            told, sl_explanation_keep(e, "That is %s[0], before an activation of its own, of a random row.",
                                      behind->name));
    sl_tape_free(tape);
}

/* The activation that keeps a dense layer and the next dense layer apart, in the layer itself or of its own;
 * -1: something else, or nothing, stands there. */
static int apart_between(const sl_model *model, int at, int last, int *next)
{
    int shape = model->layers[at].activation ? at : -1;
    *next = model->layers[at].end;
    while (*next < last && (sl_merged_passes(&model->layers[*next]) ||
                            (shape < 0 && model->layers[*next].kind == &sl_layer_activation))) {
        if (!sl_merged_passes(&model->layers[*next]))
            shape = *next;
        *next = model->layers[*next].end;
    }
    return *next < last && model->layers[*next].kind == &sl_layer_dense ? shape : -1;
}

void sl_merged_apart(sl_merged *told, int at, int last, sl_tensor *x)
{
    int next;
    const int shape = apart_between(told->model, at, last, &next);
    if (shape >= 0)
        apart_barrier(told, at, shape, next, x);
}
