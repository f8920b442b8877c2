/* equation_code.c - a net as a function in Python or C, or as cells of a sheet: raw values in, answers out.
 */
#include "explain/equation_syntax.h"

#include <string.h>

const char *sl_syntax_answer(const sl_equation *q, int index)
{
    int answers = 0, at = 0;
    for (int i = 0; i < q->count; i++)
        answers += q->definitions[i].answer;
    const bool two = answers == 2 && !strncmp(q->definitions[q->count - 1].formula, "1 - ", 4);
    for (int i = 0; i < q->count; i++)
        if (q->definitions[i].answer && at++ == (two ? 1 - index : index))
            return q->definitions[i].name;
    return NULL;
}

void sl_syntax_string(const sl_syntax *syntax, const char *text, sl_text *out)
{
    sl_text_put(out, "\"");
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (syntax->cells)
            sl_text_put(out, c == '"' ? "\"\"" : c < 32 ? " " : (char[]){ *text, 0 });
        else if (c < 32 || c == 127)
            sl_text_add(out, "\\%o%o%o", c >> 6, c >> 3 & 7, c & 7);
        else
            sl_text_add(out, c == '"' || c == '\\' ? "\\%c" : "%c", *text);
    }
    sl_text_put(out, "\"");
}

typedef struct { /* a raw input: a number, a word or a date */
    const char *name;
    const sl_variable *of; /* the first variable that comes of it */
    bool words, date;
    int cell;
} code_parameter;

typedef struct {
    code_parameter *list;
    int count;
} code_parameters;

static const code_parameter *code_of(const code_parameters *all, const sl_variable *v)
{
    for (int i = 0; i < all->count; i++)
        if (all->list[i].of->input == v->input)
            return &all->list[i];
    return NULL;
}

static code_parameters code_collect(sl_equation *q)
{
    code_parameters all = { sl_arena_take(&q->e->arena, ((size_t)q->variable_count + 1) * sizeof *all.list),
                            0 };
    for (int i = 0; i < q->variable_count && all.list; i++) {
        const sl_variable *v = &q->variables[i];
        if (code_of(&all, v))
            continue;
        code_parameter *p = &all.list[all.count];
        *p = (code_parameter){ .of = v, .words = v->kind == SL_VARIABLE_WORD };
        for (int k = 0; k < q->variable_count; k++) {
            const sl_variable *other = &q->variables[k];
            p->date = p->date || (other->input == v->input &&
                                  (other->kind == SL_VARIABLE_DAY || other->kind == SL_VARIABLE_TIME));
            p->words = p->words || (other->input == v->input && other->kind == SL_VARIABLE_WORD);
            if (other->input == v->input && other->kind == SL_VARIABLE_NUMBER)
                p->name = other->name;
        }
        if (!p->name)
            p->name = sl_equation_name(q, v->said, sl_explanation_keep(q->e, "x%d", v->input));
        for (int k = 0; k < all.count; k++)
            if (!strcmp(all.list[k].name, p->name))
                p->name = sl_explanation_keep(q->e, "%s_%d", p->name, v->input);
        all.count++;
    }
    return all;
}

/* A column's median, where training rows had holes. */
static bool code_hole(const sl_equation *q, const code_parameter *p, double *median)
{
    const sl_column *c = p->of->column < 0 ? NULL : &q->model->columns->column[p->of->column];
    if (!c || p->words || !c->fit_missing)
        return false;
    *median = c->median;
    return true;
}

static int code_answers(const sl_equation *q)
{
    int answers = 0;
    for (int i = 0; i < q->count; i++)
        answers += q->definitions[i].answer;
    return answers;
}

/* --- Python --------------------------------------------------------------------------------------- */

static void code_python_input(const sl_equation *q, const sl_syntax *s, const code_parameters *all,
                              const sl_variable *v, sl_text *out)
{
    const code_parameter *p = code_of(all, v);
    if (v->kind == SL_VARIABLE_WORD) {
        sl_text_add(out, "    %s = %s == ", v->name, p->name);
        sl_syntax_string(s, sl_syntax_word(q, v), out);
        sl_text_put(out, "\n");
    } else if (v->kind == SL_VARIABLE_MISSING) {
        sl_text_add(out, p->words ? "    %s = %s == \"\"\n" : "    %s = %s is None\n", v->name, p->name);
    } else if (v->kind == SL_VARIABLE_DAY) {
        sl_text_add(out, "    %s = (%s - datetime(1970, 1, 1)).days\n", v->name, p->name);
    } else if (v->kind == SL_VARIABLE_TIME) {
        sl_text_add(out, "    %s = (%s - datetime(1970, 1, 1)).seconds/86400\n", v->name, p->name);
    }
}

/* A dictionary of classes, or numbers. */
static void code_python_answers(const sl_equation *q, const sl_syntax *s, sl_text *out)
{
    const bool classes = q->model->class_names && q->model->classes == code_answers(q);
    const char *name;
    sl_text_put(out, classes ? "    return {" : "    return ");
    for (int i = 0; (name = sl_syntax_answer(q, i)); i++) {
        sl_text_put(out, i ? ", " : "");
        if (classes) {
            sl_syntax_string(s, sl_model_class_name(q->model, i), out);
            sl_text_put(out, ": ");
        }
        sl_text_put(out, name);
    }
    sl_text_put(out, classes ? "}" : "");
}

void sl_syntax_python(sl_equation *q, const sl_syntax *s, const sl_equation_checked *checked, sl_text *out)
{
    const code_parameters all = code_collect(q);
    bool dates = false;
    double median;
    for (int i = 0; i < all.count; i++)
        dates = dates || all.list[i].date;
    sl_text_add(out, "# The net %s. %s\n", q->model->net, sl_syntax_checked(q, checked));
    sl_text_add(out, "from math import exp, log, sqrt, sin, cos, tanh, erf\n%s\n\ndef predict(",
                dates ? "from datetime import datetime, timedelta\n" : "");
    for (int i = 0; i < all.count; i++)
        sl_text_add(out, "%s%s", i ? ", " : "", all.list[i].name);
    sl_text_put(out, "):\n");
    for (int i = 0; i < q->variable_count; i++)
        if (q->variables[i].kind == SL_VARIABLE_MISSING)
            code_python_input(q, s, &all, &q->variables[i], out);
    for (int i = 0; i < all.count; i++)
        if (code_hole(q, &all.list[i], &median)) {
            const char *name = all.list[i].name;
            sl_text_add(out, "    if %s is None:\n        %s = ", name, name);
            sl_text_put(out, all.list[i].date ? "datetime(1970, 1, 1) + timedelta(seconds=" : "");
            sl_text_number(out, median);
            sl_text_put(out, all.list[i].date ? ")\n" : "\n");
        }
    for (int i = 0; i < q->variable_count; i++)
        if (q->variables[i].kind != SL_VARIABLE_MISSING)
            code_python_input(q, s, &all, &q->variables[i], out);
    for (int i = 0; i < q->count; i++) {
        const sl_definition *d = &q->definitions[i];
        if (d->place)
            sl_text_add(out, "    # %s\n", d->place);
        sl_text_add(out, "    %s = ", d->name);
        sl_syntax_formula(q, s, q->e->ctx, d->formula, out);
        sl_text_put(out, "\n");
    }
    if (q->count)
        code_python_answers(q, s, out);
}

/* --- C -------------------------------------------------------------------------------------------- */

static void code_c_input(const sl_equation *q, const sl_syntax *s, const code_parameters *all,
                         const sl_variable *v, sl_text *out)
{
    const code_parameter *p = code_of(all, v);
    if (v->kind == SL_VARIABLE_WORD || (v->kind == SL_VARIABLE_MISSING && p->words)) {
        sl_text_add(out, "    const double %s = strcmp(%s, ", v->name, p->name);
        sl_syntax_string(s, v->kind == SL_VARIABLE_WORD ? sl_syntax_word(q, v) : "", out);
        sl_text_put(out, ") == 0;\n");
    } else if (v->kind == SL_VARIABLE_MISSING) {
        sl_text_add(out, "    const double %s = isnan(%s);\n", v->name, p->name);
    } else if (v->kind == SL_VARIABLE_DAY) {
        sl_text_add(out, "    const double %s = floor(%s/86400.0);\n", v->name, p->name);
    } else if (v->kind == SL_VARIABLE_TIME) {
        sl_text_add(out, "    const double %s = %s/86400.0 - floor(%s/86400.0);\n", v->name, p->name,
                    p->name);
    }
}

void sl_syntax_c(sl_equation *q, const sl_syntax *s, const sl_equation_checked *checked, sl_text *out)
{
    const code_parameters all = code_collect(q);
    const int answers = code_answers(q);
    double median;
    sl_text_add(out, "/* The net %s. %s */\n#include <math.h>\n#include <string.h>\n\n", q->model->net,
                sl_syntax_checked(q, checked));
    sl_text_put(out, answers == 1 ? "double predict(" : "void predict(");
    for (int i = 0; i < all.count; i++)
        sl_text_add(out, all.list[i].words ? "%sconst char *%s" : "%sdouble %s", i ? ", " : "",
                    all.list[i].name);
    if (answers > 1)
        sl_text_add(out, ", double answer[%d]", answers);
    sl_text_put(out, ")\n{\n");
    for (int i = 0; i < all.count; i++)
        if (all.list[i].date)
            sl_text_add(out, "    /* %s: seconds since 1970-01-01 */\n", all.list[i].name);
    for (int i = 0; i < q->variable_count; i++)
        if (q->variables[i].kind == SL_VARIABLE_MISSING)
            code_c_input(q, s, &all, &q->variables[i], out);
    for (int i = 0; i < all.count; i++)
        if (code_hole(q, &all.list[i], &median)) {
            sl_text_add(out, "    if (isnan(%s))\n        %s = ", all.list[i].name, all.list[i].name);
            sl_text_number(out, median);
            sl_text_put(out, ";\n");
        }
    for (int i = 0; i < q->variable_count; i++)
        if (q->variables[i].kind != SL_VARIABLE_MISSING)
            code_c_input(q, s, &all, &q->variables[i], out);
    for (int i = 0; i < q->count; i++) {
        const sl_definition *d = &q->definitions[i];
        if (d->place)
            sl_text_add(out, "    /* %s */\n", d->place);
        sl_text_add(out, "    const double %s = ", d->name);
        sl_syntax_formula(q, s, q->e->ctx, d->formula, out);
        sl_text_put(out, ";\n");
    }
    const char *name;
    for (int i = 0; (name = sl_syntax_answer(q, i)); i++)
        if (answers == 1)
            sl_text_add(out, "    return %s;\n", name);
        else
            sl_text_add(out, "    answer[%d] = %s;\n", i, name);
    sl_text_put(out, "}");
}

/* --- a sheet: names in column A, values and formulas in column B ------------------------------------ */

/* The raw value of the first row, as it is typed. */
static void code_sheet_raw(const sl_equation *q, const sl_syntax *s, const code_parameter *p,
                           const sl_equation_checked *checked, sl_text *out)
{
    const double cell = checked->cells[p->of->input];
    char text[256];
    if (cell != cell)
        return;
    if (p->of->column < 0 || !(p->words || p->date)) {
        sl_text_number(out, cell);
        return;
    }
    sl_column_text(q->model->columns, p->of->column, cell, text, sizeof text);
    if (p->words)
        sl_text_put(out, "=");
    if (p->words)
        sl_syntax_string(s, text, out);
    else
        sl_text_put(out, text);
}

static void code_sheet_input(const sl_equation *q, const sl_syntax *s, const code_parameters *all,
                             const sl_variable *v, sl_text *out)
{
    const code_parameter *p = code_of(all, v);
    double median;
    const bool hole = code_hole(q, p, &median);
    if (v->cell == p->cell)
        return;
    sl_text_add(out, "%s\t", v->name);
    if (v->kind == SL_VARIABLE_WORD) {
        sl_text_add(out, "=IF(EXACT(B%d,", p->cell);
        sl_syntax_string(s, sl_syntax_word(q, v), out);
        sl_text_put(out, "),1,0)\n");
        return;
    }
    if (v->kind == SL_VARIABLE_MISSING) {
        sl_text_add(out, "=IF(B%d=\"\",1,0)\n", p->cell);
        return;
    }
    sl_text_put(out, "=");
    if (hole) {
        sl_text_add(out, "IF(B%d=\"\",", p->cell);
        const double days = median / 86400,
                     whole = (double)(long long)days - ((double)(long long)days > days);
        sl_text_number(out, v->kind == SL_VARIABLE_DAY    ? whole
                            : v->kind == SL_VARIABLE_TIME ? days - whole
                                                          : median);
        sl_text_put(out, ",");
    }
    /* Sheets count days from 1899-12-30: 1970 begins with 25569. */
    if (v->kind == SL_VARIABLE_DAY)
        sl_text_add(out, "INT(B%d)-25569", p->cell);
    else if (v->kind == SL_VARIABLE_TIME)
        sl_text_add(out, "B%d-INT(B%d)", p->cell, p->cell);
    else
        sl_text_add(out, "B%d", p->cell);
    sl_text_put(out, hole ? ")\n" : "\n");
}

void sl_syntax_sheet(sl_equation *q, const sl_syntax *s, const sl_equation_checked *checked, sl_text *out)
{
    const code_parameters all = code_collect(q);
    double median;
    int row = 1;
    for (int i = 0; i < all.count; i++)
        all.list[i].cell = row++;
    for (int i = 0; i < q->variable_count; i++) {
        sl_variable *v = &q->variables[i];
        const code_parameter *p = code_of(&all, v);
        v->cell = v->kind == SL_VARIABLE_NUMBER && !code_hole(q, p, &median) ? p->cell : row++;
    }
    for (int i = 0; i < q->count; i++)
        q->definitions[i].cell = row++;
    for (int i = 0; i < all.count; i++) {
        sl_text_add(out, "%s\t", all.list[i].name);
        code_sheet_raw(q, s, &all.list[i], checked, out);
        sl_text_put(out, "\n");
    }
    for (int i = 0; i < q->variable_count; i++)
        code_sheet_input(q, s, &all, &q->variables[i], out);
    for (int i = 0; i < q->count; i++) {
        sl_text_add(out, "%s\t=", q->definitions[i].name);
        sl_syntax_formula(q, s, q->e->ctx, q->definitions[i].formula, out);
        sl_text_put(out, i + 1 < q->count ? "\n" : "");
    }
}
