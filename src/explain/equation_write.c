/* equation_write.c - formulas as they are typed: for calculators, in LaTeX, and through equation_code.c in
 * languages. */
#include "explain/equation_syntax.h"

#include "core/number.h"

#include <stdio.h>
#include <string.h>

static void write_plain(sl_equation *q, const sl_syntax *syntax, const sl_equation_checked *checked,
                        sl_text *out)
{
    (void)checked;
    for (int i = 0; i < q->count; i++) {
        sl_text_add(out, "%s%s = ", i ? "\n" : "", q->definitions[i].name);
        sl_syntax_formula(q, syntax, q->e->ctx, q->definitions[i].formula, out);
    }
}

static void write_latex(sl_equation *q, const sl_syntax *syntax, const sl_equation_checked *checked,
                        sl_text *out)
{
    enum { WIDTH = 84 }; /* characters of a row */
    (void)syntax, (void)checked;
    sl_text_put(out, "\\begin{align*}\n");
    for (int i = 0; i < q->count && !q->e->ctx->status; i++) {
        sl_expression read;
        const sl_definition *d = &q->definitions[i];
        int column = (int)strlen(d->name);
        sl_expression_unit_name(out, d->name);
        sl_text_put(out, " &= ");
        if (sl_expression_read(&read, q->e->ctx, d->formula))
            return;
        read.units = true;
        sl_expression_latex_rows(&read, out, WIDTH, &column);
        sl_expression_free(&read);
        sl_text_put(out, i + 1 < q->count ? " \\\\\n" : "\n");
    }
    sl_text_put(out, "\\end{align*}");
}

static const sl_syntax write_syntaxes[] = {
    { "calculator", "ln", "abs", "max", "min", "^", "==", .put = write_plain },
    { "python", "log", "abs", "max", "min", "**", "==", .put = sl_syntax_python },
    { "c", "log", "fabs", "fmax", "fmin", NULL, "==", .pairs = true, .points = true, .put = sl_syntax_c },
    { "spreadsheet", "LN", "ABS", "MAX", "MIN", "^", "=", .upper = true, .cells = true,
      .put = sl_syntax_sheet },
    { "latex", "log", "abs", "max", "min", "^", "==", .put = write_latex },
};
enum { WRITE_SYNTAXES = sizeof write_syntaxes / sizeof *write_syntaxes };

const sl_syntax *sl_syntax_find(sl_ctx *ctx, const char *name)
{
    const char *names[WRITE_SYNTAXES];
    for (int i = 0; i < WRITE_SYNTAXES; i++) {
        names[i] = write_syntaxes[i].name;
        if (!name || !strcmp(name, names[i]))
            return &write_syntaxes[i];
    }
    sl_fail_word(ctx, "syntax", name, names, WRITE_SYNTAXES);
    return NULL;
}

/* --- a formula ------------------------------------------------------------------------------------ */

typedef struct {
    const sl_equation *q;
    const sl_syntax *syntax;
    const sl_expression *read;
    sl_text *out;
} syntax_job;

static void syntax_at(const syntax_job *job, int at);

/* The row of a sheet that has this name. */
static int syntax_cell(const sl_equation *q, const char *name, size_t length)
{
    for (int i = 0; i < q->variable_count; i++)
        if (strlen(q->variables[i].name) == length && !memcmp(q->variables[i].name, name, length))
            return q->variables[i].cell;
    for (int i = 0; i < q->count; i++)
        if (strlen(q->definitions[i].name) == length && !memcmp(q->definitions[i].name, name, length))
            return q->definitions[i].cell;
    return 0;
}

static void syntax_number(const syntax_job *job, const sl_expression_node *node)
{
    sl_text_bytes(job->out, node->text, (size_t)node->length);
    bool whole = true;
    for (int i = 0; i < node->length; i++)
        whole = whole && node->text[i] >= '0' && node->text[i] <= '9';
    if (whole && job->syntax->points)
        sl_text_put(job->out, ".0");
}

static bool syntax_named(const sl_expression_node *node, const char *name)
{
    return strlen(name) == (size_t)node->length && !memcmp(node->text, name, strlen(name));
}

/* Functions that none of these know, by those that all know. */
static bool syntax_spelled(const syntax_job *job, const sl_expression_node *node, int argument)
{
    static const struct {
        const char *name, *formula;
    } spelled[] = { { "sigmoid", "(1/(1 + exp(-t)))" },
                    { "softplus", "(max(t, 0) + log(1 + exp(-abs(t))))" },
                    { "sign", "((t > 0) - (t < 0))" } };
    for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
        if (!syntax_named(node, spelled[i].name))
            continue;
        sl_expression inside;
        if (sl_expression_read(&inside, job->read->ctx, spelled[i].formula))
            return true;
        for (int k = 0; k < inside.count; k++) /* t: what was given to it, in brackets */
            if (inside.nodes[k].what == SL_EXPRESSION_NAME)
                inside.nodes[k].what = SL_EXPRESSION_MORE, inside.nodes[k].a = argument;
        const syntax_job of = { job->q, job->syntax, &inside, job->out };
        sl_text own;
        sl_text_init(&own, job->read->ctx);
        syntax_at(&(syntax_job){ job->q, job->syntax, job->read, &own }, argument);
        for (int k = 0; k < inside.count; k++)
            if (inside.nodes[k].what == SL_EXPRESSION_MORE) {
                inside.nodes[k].text = sl_text_string(&own);
                inside.nodes[k].length = (int)own.length;
            }
        syntax_at(&of, inside.count - 1);
        sl_text_free(&own);
        sl_expression_free(&inside);
        return true;
    }
    return false;
}

static void syntax_call(const syntax_job *job, const sl_expression_node *node)
{
    enum { MOST = 64 };
    const sl_syntax *s = job->syntax;
    int arguments[MOST], count = 0;
    for (int list = node->a; list >= 0 && count < MOST; list = job->read->nodes[list].b)
        arguments[count++] = job->read->nodes[list].a;
    if (count == 1 && syntax_spelled(job, node, arguments[0]))
        return;
    char name[32];
    snprintf(name, sizeof name, "%.*s", node->length < 31 ? node->length : 31, node->text);
    const char *own = !strcmp(name, "log")   ? s->log
                      : !strcmp(name, "abs") ? s->abs
                      : !strcmp(name, "max") ? s->max
                      : !strcmp(name, "min") ? s->min
                                             : name;
    for (char *c = name; *c && s->upper && own == name; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    const int calls = s->pairs && count > 2 ? count - 1 : 1;
    for (int i = 0; i < calls; i++)
        sl_text_add(job->out, "%s(", own);
    for (int i = 0; i < count; i++) { /* the list has the last argument first */
        if (i)
            sl_text_put(job->out, ", ");
        syntax_at(job, arguments[count - 1 - i]);
        if (calls > 1 && i > 0)
            sl_text_put(job->out, ")");
    }
    sl_text_put(job->out, calls > 1 ? "" : ")");
}

static void syntax_pair(const syntax_job *job, const sl_expression_node *node, const char *sign)
{
    syntax_at(job, node->a);
    sl_text_put(job->out, sign);
    syntax_at(job, node->b);
}

static void syntax_at(const syntax_job *job, int at)
{
    const sl_expression_node *node = &job->read->nodes[at];
    const sl_syntax *s = job->syntax;
    const char *equal = s->equal[1] ? " == " : "=";
    switch (node->what) {
    case SL_EXPRESSION_NUMBER:
        syntax_number(job, node);
        break;
    case SL_EXPRESSION_NAME:
        if (s->cells)
            sl_text_add(job->out, "B%d", syntax_cell(job->q, node->text, (size_t)node->length));
        else
            sl_text_bytes(job->out, node->text, (size_t)node->length);
        break;
    case SL_EXPRESSION_MORE: /* see syntax_spelled */
        sl_text_put(job->out, "(");
        sl_text_bytes(job->out, node->text, (size_t)node->length);
        sl_text_put(job->out, ")");
        break;
    case SL_EXPRESSION_NEGATIVE: { /* in a sheet -x^2 is (-x)^2 */
        const bool power = s->cells && job->read->nodes[node->a].what == SL_EXPRESSION_POWER;
        sl_text_put(job->out, power ? "-(" : "-");
        syntax_at(job, node->a);
        sl_text_put(job->out, power ? ")" : "");
        break;
    }
    case SL_EXPRESSION_BRACKET:
        sl_text_put(job->out, "(");
        syntax_at(job, node->a);
        sl_text_put(job->out, ")");
        break;
    case SL_EXPRESSION_ADD:
        syntax_pair(job, node, " + ");
        break;
    case SL_EXPRESSION_SUB:
        syntax_pair(job, node, " - ");
        break;
    case SL_EXPRESSION_MUL:
        syntax_pair(job, node, "*");
        break;
    case SL_EXPRESSION_DIV:
        syntax_pair(job, node, "/");
        break;
    case SL_EXPRESSION_POWER:
        sl_text_put(job->out, s->power ? "" : "pow(");
        syntax_pair(job, node, s->power ? s->power : ", ");
        sl_text_put(job->out, s->power ? "" : ")");
        break;
    case SL_EXPRESSION_LESS:
        syntax_pair(job, node, " < ");
        break;
    case SL_EXPRESSION_AT_MOST:
        syntax_pair(job, node, " <= ");
        break;
    case SL_EXPRESSION_MORE_THAN:
        syntax_pair(job, node, " > ");
        break;
    case SL_EXPRESSION_AT_LEAST:
        syntax_pair(job, node, " >= ");
        break;
    case SL_EXPRESSION_EQUAL:
        syntax_pair(job, node, equal);
        break;
    case SL_EXPRESSION_CALL:
        syntax_call(job, node);
        break;
    case SL_EXPRESSION_BESIDE: /* of rules with names, which stand in no equation */
    case SL_EXPRESSION_TRANSPOSED:
        break;
    }
}

void sl_syntax_formula(const sl_equation *q, const sl_syntax *syntax, sl_ctx *ctx, const char *formula,
                       sl_text *out)
{
    sl_expression read;
    if (sl_expression_read(&read, ctx, formula))
        return;
    syntax_at(&(syntax_job){ q, syntax, &read, out }, read.count - 1);
    sl_expression_free(&read);
}

void sl_equation_calculator(sl_ctx *ctx, const char *formula, sl_text *out)
{
    sl_syntax_formula(NULL, &write_syntaxes[0], ctx, formula, out);
}

/* --- the whole ------------------------------------------------------------------------------------ */

const char *sl_syntax_word(const sl_equation *q, const sl_variable *v)
{
    const sl_dictionary *words = &q->model->columns->column[v->column].words;
    if (v->code != v->code)
        return "";
    return v->code < (double)words->count ? sl_dictionary_word(words, (size_t)v->code)
           : v->code > 0                  ? "1"
                                          : "0";
}

bool sl_syntax_median(const sl_equation *q, const sl_variable *v, char text[32])
{
    const sl_column *c = v->column < 0 ? NULL : &q->model->columns->column[v->column];
    if (!c || v->kind != SL_VARIABLE_NUMBER || !c->fit_missing)
        return false;
    sl_number_text(text, c->median);
    return true;
}

static void write_note(sl_explanation *e, const char *text)
{
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_NOTE, .text = text });
}

/* What a variable stands for, where its name does not say it. */
static void write_variable(const sl_equation *q, const sl_variable *v)
{
    sl_explanation *e = q->e;
    char median[32];
    const char *said = v->said;
    if (v->kind == SL_VARIABLE_WORD && v->code == v->code)
        write_note(
            e, sl_explanation_keep(e, "%s: 1 where %s is '%s', else 0", v->name, said, sl_syntax_word(q, v)));
    else if (v->kind == SL_VARIABLE_WORD || v->kind == SL_VARIABLE_MISSING)
        write_note(e, sl_explanation_keep(e, "%s: 1 where %s is missing, else 0", v->name, said));
    else if (v->kind == SL_VARIABLE_DAY)
        write_note(e, sl_explanation_keep(e, "%s: days of %s since 1970-01-01, whole", v->name, said));
    else if (v->kind == SL_VARIABLE_TIME)
        write_note(e,
                   sl_explanation_keep(e, "%s: the time of day of %s, 0 to 1; 0.5 is noon", v->name, said));
    else if (sl_syntax_median(q, v, median))
        write_note(e, sl_explanation_keep(e, "%s: %s, or where it is missing %s", v->name, said, median));
    else if (strcmp(v->name, said) != 0)
        write_note(e, sl_explanation_keep(e, "%s: %s", v->name, said));
}

const char *sl_syntax_checked(const sl_equation *q, const sl_equation_checked *c)
{
    char off[32], beside[32];
    return sl_explanation_keep(
        q->e,
        "Computed by these formulas, %s give%s what the net says: the largest difference is %s, beside an "
        "answer of %s.",
        c->from, c->rows == 1 ? "s" : "", sl_number_rounded(off, c->worst, 2),
        sl_number_rounded(beside, c->beside, 6));
}

/* The answers to the first row, with its numbers in the formulas. */
static void write_example(sl_equation *q, const sl_equation_checked *checked)
{
    sl_ctx *ctx = q->e->ctx;
    sl_explanation *e = q->e;
    const int count = q->variable_count + q->count;
    sl_named *names = sl_alloc_array(ctx, (size_t)count + 1, sizeof *names);
    char number[32];
    if (!names)
        return;
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = "for example" });
    for (int i = 0; i < count; i++)
        names[i] = (sl_named){ i < q->variable_count ? q->variables[i].name
                                                     : q->definitions[i - q->variable_count].name,
                               checked->first[i] };
    size_t skipped, shown = (size_t)q->variable_count;
    for (size_t i = 0; i < shown && !ctx->status; i++) {
        i = sl_explained_next(e, i, shown, &skipped);
        if (skipped)
            sl_explanation_add(e,
                               (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                               .text = sl_explanation_keep(e, "%zu more inputs", skipped) });
        sl_explanation_add(e,
                           (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                           .name = names[i].name,
                                           .value = sl_explanation_keep(
                                               e, "%s", sl_explained_number(e, number, names[i].value, 0)) });
    }
    for (int i = 0; i < q->count && !ctx->status; i++)
        if (q->definitions[i].answer) {
            sl_text spelled; /* as it is printed above */
            sl_text_init(&spelled, ctx);
            sl_equation_calculator(ctx, q->definitions[i].formula, &spelled);
            sl_explained_line(e, 2, q->definitions[i].name, sl_equation_keep(q, &spelled), names, count,
                              checked->first[q->variable_count + i]);
            sl_text_free(&spelled);
        }
    sl_free(ctx, names);
}

sl_status sl_equation_write(sl_equation *q, const sl_syntax *syntax, const sl_equation_checked *checked)
{
    sl_explanation *e = q->e;
    sl_text out;
    sl_text_init(&out, e->ctx);
    const bool code = syntax->put != write_plain && syntax->put != write_latex;
    if (!code) {
        sl_explanation_add(
            e, (sl_explained){ .kind = SL_EXPLAINED_TITLE,
                               .text = sl_explanation_keep(e, "the net as an equation: %s", q->model->net) });
        for (int i = 0; i < q->variable_count; i++)
            write_variable(q, &q->variables[i]);
    }
    syntax->put(q, syntax, checked, &out);
    if (!code)
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = "equation" });
    const char *text = sl_equation_keep(q, &out);
    e->units = true;
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLAIN,
                                          .text = text,
                                          .latex = syntax->put == write_latex ? text : NULL });
    sl_text_free(&out);
    if (!code) {
        write_example(q, checked);
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = "check" });
        write_note(e, sl_syntax_checked(q, checked));
    }
    return e->ctx->status;
}
