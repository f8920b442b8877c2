/* equation_inputs.c - raw inputs as variables, and the numbers that the columns' encodings make of them. */
#include "explain/equation.h"

#include "data/encoding/encoding.h"

#include <math.h>
#include <string.h>

static const char *raw_variable(sl_equation *q, sl_variable own, const char *wanted)
{
    sl_ctx *ctx = q->e->ctx;
    for (int i = 0; i < q->variable_count; i++) {
        const sl_variable *v = &q->variables[i];
        if (v->kind == own.kind && v->input == own.input &&
            (own.kind != SL_VARIABLE_WORD || v->code == own.code ||
             (v->code != v->code && own.code != own.code)))
            return v->name;
    }
    if (own.kind == SL_VARIABLE_WORD && q->variable_count >= SL_EQUATION_WORDS)
        sl_fail(ctx, SL_EINVAL,
                "explain: as an equation the columns' words would be more than %d variables: slope show says "
                "what each column becomes",
                SL_EQUATION_WORDS);
    if (q->variable_count == q->variable_room && !ctx->status) {
        const int room = q->variable_room ? 2 * q->variable_room : 32;
        const size_t size = (size_t)room * sizeof *q->variables;
        sl_variable *more = q->variables ? sl_resize(ctx, q->variables, size) : sl_alloc(ctx, size);
        if (more) {
            q->variables = more;
            q->variable_room = room;
        }
    }
    if (ctx->status)
        return "x";
    own.name = sl_equation_name(q, wanted, sl_explanation_keep(q->e, "x%d", own.input));
    q->variables[q->variable_count++] = own;
    return own.name;
}

static const char *raw_of_column(sl_equation *q, int column, sl_variable_kind kind)
{
    static const char *const behind[] = { "", "", "_missing", "_day", "_time" };
    const sl_column *c = &q->model->columns->column[column];
    return raw_variable(q,
                        (sl_variable){ .kind = kind, .input = c->input, .column = column, .said = c->name },
                        sl_explanation_keep(q->e, "%s%s", c->name, behind[kind]));
}

/* What is 1 where the column has this word (code NaN: none), else 0. */
static const char *raw_word(sl_equation *q, int column, double code)
{
    const sl_column *c = &q->model->columns->column[column];
    const char *word = code != code                    ? "missing"
                       : code < (double)c->words.count ? sl_dictionary_word(&c->words, (size_t)code)
                       : code > 0                      ? "1"
                                                       : "0";
    return raw_variable(
        q,
        (sl_variable){
            .kind = SL_VARIABLE_WORD, .input = c->input, .column = column, .code = code, .said = c->name },
        sl_explanation_keep(q->e, "%s_%s", c->name, word));
}

/* The slots of one_hot and category: a frequent word each, then what is none of these, and none at all. */
static const char *const *raw_slots(sl_equation *q, const sl_encoded *e)
{
    const double *numbers = e->numbers;
    const size_t slots = (size_t)numbers[SL_SLOTS_COUNT], codes = e->number_count - SL_SLOTS_CODES;
    const sl_column *c = &q->model->columns->column[e->columns[0]];
    const char **names = sl_arena_take(&q->e->arena, slots * sizeof *names);
    sl_text others;
    if (!names)
        return NULL;
    for (size_t s = 0; s < slots; s++)
        names[s] = "0";
    sl_text_init(&others, q->e->ctx);
    sl_text_put(&others, "1");
    for (size_t code = 0; code < codes; code++) {
        const double slot = numbers[SL_SLOTS_CODES + code];
        if (slot < 0 || slot == numbers[SL_SLOTS_OTHER])
            continue;
        names[(size_t)slot] = raw_word(q, e->columns[0], (double)code);
        sl_text_add(&others, " - %s", names[(size_t)slot]);
    }
    if (numbers[SL_SLOTS_MISSING] >= 0) {
        names[(size_t)numbers[SL_SLOTS_MISSING]] = raw_word(q, e->columns[0], (double)NAN);
        sl_text_add(&others, " - %s", names[(size_t)numbers[SL_SLOTS_MISSING]]);
    }
    if (numbers[SL_SLOTS_OTHER] >= 0)
        names[(size_t)numbers[SL_SLOTS_OTHER]] = sl_equation_define(
            q, sl_equation_name(q, sl_explanation_keep(q->e, "%s_other", c->name), "other"),
            sl_equation_keep(q, &others));
    sl_text_free(&others);
    return names;
}

static sl_status raw_encoded(sl_equation *q, const sl_encoded *e)
{
    const sl_column *first = &q->model->columns->column[e->columns[0]];
    const bool words = e->kind == sl_encoding_find(q->e->ctx, "one_hot", (double[SL_MOST_OPTIONS]){ 0 }),
               learned = e->kind == sl_encoding_find(q->e->ctx, "category", (double[SL_MOST_OPTIONS]){ 0 });
    if (words || learned) {
        const char *const *slots = raw_slots(q, e);
        for (size_t i = 0; i < e->width && slots; i++)
            q->x[e->first + i] =
                learned ? (sl_element){ .slots = slots, .slot_count = (int)e->numbers[SL_SLOTS_COUNT] }
                        : (sl_element){ .formula = slots[i] };
        return q->e->ctx->status;
    }
    if (!e->kind->written)
        return sl_fail(q->e->ctx, SL_EINVAL,
                       "explain: column '%s': what %s makes of it is not known as a formula", first->name,
                       e->kind->name);
    sl_text template;
    sl_text_init(&template, q->e->ctx);
    for (size_t i = 0; i < e->width && !q->e->ctx->status; i++) {
        const int own = e->kind->apart && i < (size_t)e->count ? e->columns[i] : e->columns[0];
        const bool asks_word = first->type == SL_COLUMN_BOOLEAN && !e->kind->hidden;
        const bool date = first->type == SL_COLUMN_DATE && !e->kind->hidden;
        e->kind->written(e, i, &template);
        const char *formula = sl_text_string(&template);
        sl_filling fillings[6];
        int count = 0;
        if (strstr(formula, "missing"))
            fillings[count++] = (sl_filling){ "missing", raw_of_column(q, own, SL_VARIABLE_MISSING) };
        else if (asks_word) {
            fillings[count++] = (sl_filling){ "yes", raw_word(q, own, 1) };
            fillings[count++] = (sl_filling){ "no", raw_word(q, own, 0) };
        } else if (date && strstr(formula, "day")) {
            fillings[count++] = (sl_filling){ "day", raw_of_column(q, own, SL_VARIABLE_DAY) };
        } else if (!date) {
            fillings[count++] = (sl_filling){ "x", raw_of_column(q, own, SL_VARIABLE_NUMBER) };
        }
        if (date && strstr(formula, "time"))
            fillings[count++] = (sl_filling){ "time", raw_of_column(q, own, SL_VARIABLE_TIME) };
        if (date && strstr(formula, "x"))
            fillings[count++] =
                (sl_filling){ "x", sl_explanation_keep(q->e, "86400*(%s + %s)",
                                                       raw_of_column(q, own, SL_VARIABLE_DAY),
                                                       raw_of_column(q, own, SL_VARIABLE_TIME)) };
        q->x[e->first + i].formula = sl_equation_fill(q, formula, fillings, count);
        sl_text_clear(&template);
    }
    sl_text_free(&template);
    return q->e->ctx->status;
}

/* Rows of plain numbers, all divided by the same. */
static void raw_plain(sl_equation *q)
{
    const double divisor = (double)q->model->divisor;
    char number[32];
    for (size_t i = 0; i < q->width; i++) {
        const char *said = q->data ? sl_data_input_name(q->data, i) : NULL;
        const char *wanted = said ? said : q->width == 1 ? "x" : sl_explanation_keep(q->e, "x%zu", i);
        const char *name = raw_variable(
            q,
            (sl_variable){
                .kind = SL_VARIABLE_NUMBER, .input = (int)i, .column = -1, .said = said ? said : wanted },
            wanted);
        q->x[i].formula =
            divisor > 0 && divisor != 1
                ? sl_explanation_keep(q->e, "%s/%s", name, sl_equation_number(q, number, divisor))
                : name;
    }
}

/* A prepared number that several sums need is named, where it is more than a name. */
static void raw_named(sl_equation *q)
{
    for (size_t i = 0; i < q->width && !q->e->ctx->status; i++)
        if (q->x[i].formula && strpbrk(q->x[i].formula, "+-*/("))
            q->x[i].formula = sl_equation_define(
                q, sl_equation_name(q, sl_explanation_keep(q->e, "u%zu", i + 1), "u"), q->x[i].formula);
}

sl_status sl_equation_inputs(sl_equation *q)
{
    sl_ctx *ctx = q->e->ctx;
    const sl_model *model = q->model;
    if (sl_shape_check(ctx, model->input, &q->width))
        return ctx->status;
    q->x = sl_arena_take(&q->e->arena, (q->width + 1) * sizeof *q->x);
    if (!q->x)
        return ctx->status;
    for (size_t i = 0; i < q->width; i++)
        q->x[i] = (sl_element){ .formula = "0" };
    q->place = "the inputs, prepared";
    if (!model->columns)
        raw_plain(q);
    for (int i = 0; model->columns && i < model->columns->encoded_count && !ctx->status; i++)
        raw_encoded(q, &model->columns->encoded[i]);
    raw_named(q);
    return ctx->status;
}
