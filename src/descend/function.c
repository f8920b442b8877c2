/* function.c - functions by name or formula, and what they are like at points: see function.h and slope.h. */
#include "descend/function.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double function_start[2] = { NAN, NAN }, function_low[2] = { -5, -5 },
                    function_high[2] = { 5, 5 };

static size_t function_word(const char *at)
{
    size_t length = 0;
    while ((at[length] >= 'a' && at[length] <= 'z') || at[length] == '_' ||
           (length && at[length] >= '0' && at[length] <= '9'))
        length++;
    return length;
}

/* The formula with numbers in the place of its options. */
static char *function_text(sl_ctx *ctx, const sl_landscape *kind, const double *values)
{
    sl_text text;
    sl_text_init(&text, ctx);
    for (const char *at = kind->formula; *at;) {
        const size_t length = function_word(at);
        const sl_option *o = kind->options;
        while (o && o->name && (strlen(o->name) != length || memcmp(o->name, at, length) != 0))
            o++;
        if (length && o && o->name) {
            const double value = values[o - kind->options];
            if (value < 0)
                sl_text_put(&text, "(");
            sl_text_number(&text, value);
            if (value < 0)
                sl_text_put(&text, ")");
        } else {
            sl_text_bytes(&text, at, length ? length : 1);
        }
        at += length ? length : 1;
    }
    char *copy = text.failed ? NULL : sl_strdup(ctx, sl_text_string(&text));
    sl_text_free(&text);
    return copy;
}

static sl_status function_of_kind(sl_function *f, const sl_landscape *kind, const char *behind_name)
{
    double values[SL_MOST_OPTIONS] = { 0 };
    char place[64] = "function ";
    if (sl_options_read(f->ctx, strcat(place, kind->name), kind->options, behind_name, values, NULL))
        return f->ctx->status;
    sl_text name;
    sl_text_init(&name, f->ctx);
    sl_options_describe(&name, kind->name, kind->options, values);
    f->kind = kind;
    f->name = name.failed ? NULL : sl_strdup(f->ctx, sl_text_string(&name));
    sl_text_free(&name);
    f->text = function_text(f->ctx, kind, values);
    f->formula = f->text ? sl_formula_parse(f->ctx, kind->formula, kind->options, values) : NULL;
    if (!f->formula || !f->name)
        return f->ctx->status;
    memcpy(f->start, kind->start, sizeof f->start);
    memcpy(f->low, kind->low, sizeof f->low);
    memcpy(f->high, kind->high, sizeof f->high);
    f->lr = kind->lr;
    f->started = true;
    f->minima = kind->minima ? kind->minima(values, f->minimum) : 0;
    for (int i = 0; i < f->minima; i++)
        for (int axis = 0; axis < f->formula->dims; axis++) { /* options can move it: it stays in sight */
            const double at = f->minimum[i][axis], width = kind->high[axis] - kind->low[axis];
            f->low[axis] = at - width / 20 < f->low[axis] ? at - width / 2 : f->low[axis];
            f->high[axis] = at + width / 20 > f->high[axis] ? at + width / 2 : f->high[axis];
        }
    return SL_OK;
}

/* A word alone, or with options behind it, that is no name in a formula: meant as the name of a function. */
static bool function_is_word(const char *text, size_t length)
{
    const char *behind = text + length + strspn(text + length, " \t");
    const char c = *behind | 32;
    const sl_op *op;
    for (size_t i = 0; (op = sl_formula_function(i)); i++)
        if (strlen(op->name) == length && memcmp(op->name, text, length) == 0)
            return false;
    return length > 1 && strncmp(text, "pi", length) != 0 &&
           (!*behind || *behind == ':' || (c >= 'a' && c <= 'z'));
}

static sl_status function_read(sl_function *f, const char *text)
{
    const char *names[64];
    size_t count = 0;
    text += strspn(text, " \t\r\n");
    const size_t length = function_word(text);
    for (const sl_landscape *kind; count < 64 && (kind = sl_landscape_at(count)); count++) {
        names[count] = kind->name;
        if (strlen(kind->name) == length && memcmp(kind->name, text, length) == 0)
            return function_of_kind(f, kind, text + length);
    }
    if (function_is_word(text, length)) {
        char word[48];
        snprintf(word, sizeof word, "%.*s", (int)(length < 47 ? length : 47), text);
        return sl_fail_word(f->ctx, "function", word, names, count);
    }
    f->formula = sl_formula_parse(f->ctx, text, NULL, NULL);
    f->name = sl_strdup(f->ctx, text);
    f->text = sl_strdup(f->ctx, text);
    memcpy(f->start, function_start, sizeof f->start);
    memcpy(f->low, function_low, sizeof f->low);
    memcpy(f->high, function_high, sizeof f->high);
    f->lr = 0.1;
    return f->ctx->status;
}

sl_function *sl_function_new(sl_ctx *ctx, const char *text)
{
    if (!ctx || ctx->status)
        return NULL;
    sl_function *f = sl_alloc(ctx, sizeof *f);
    if (!f)
        return NULL;
    *f = (sl_function){ .ctx = ctx };
    if (!function_read(f, text ? text : "")) {
        f->dims = f->formula->dims;
        return f;
    }
    sl_function_free(f);
    return NULL;
}

void sl_function_free(sl_function *f)
{
    if (!f)
        return;
    sl_field_free(f->field);
    sl_formula_free(f->formula);
    sl_free(f->ctx, f->name);
    sl_free(f->ctx, f->text);
    sl_free(f->ctx, f);
}

const char *sl_function_name(const sl_function *f)
{
    return f ? f->name : NULL;
}

const char *sl_function_formula(const sl_function *f)
{
    return f ? f->text : NULL;
}

int sl_function_variables(const sl_function *f)
{
    return f ? f->dims : 0;
}

bool sl_function_start(const sl_function *f, double start[2], double *lr)
{
    if (f && start)
        memcpy(start, f->start, sizeof f->start);
    if (f && lr)
        *lr = f->lr;
    return f && f->started;
}

void sl_function_range(const sl_function *f, double low[2], double high[2])
{
    for (int i = 0; f && i < 2; i++) {
        if (low)
            low[i] = f->low[i];
        if (high)
            high[i] = f->high[i];
    }
}

/* --- what it is like at points -------------------------------------------------------------------- */

static sl_descend_field *function_field(sl_function *f, size_t n)
{
    if (f->field && f->field->n == n)
        return f->field;
    sl_field_free(f->field);
    return f->field = sl_field_new(f->ctx, f->formula, n);
}

/* How far to either side a gradient is looked at for the second derivative: the cube root of the rounding. */
static double function_reach(double x)
{
    const double least = sizeof(sl_real) == sizeof(double) ? 0x1p-17 : 0x1p-8;
    return least * (fabs(x) > 1 ? fabs(x) : 1);
}

/* Rows of theta that belong to a point: itself, then +x, -x, +y, -y. */
static void function_around(const double *at, int dims, bool bends, sl_real *rows)
{
    const int count = bends ? 1 + 2 * dims : 1;
    for (int row = 0; row < count; row++)
        for (int axis = 0; axis < dims; axis++) {
            const double reach = function_reach(at[axis]);
            const int side = row && (row - 1) / 2 == axis ? (row % 2 ? 1 : -1) : 0;
            rows[row * dims + axis] = (sl_real)(at[axis] + side * reach);
        }
}

static void function_bend(const sl_real *rows, const sl_real *slopes, int dims, double bend[3])
{
    double change[2][2] = { { 0, 0 }, { 0, 0 } }; /* of slope j along axis i */
    for (int i = 0; i < dims; i++) {
        const int up = 1 + 2 * i, down = 2 + 2 * i;
        const double apart = (double)rows[up * dims + i] - (double)rows[down * dims + i];
        for (int j = 0; j < dims; j++)
            change[i][j] = ((double)slopes[up * dims + j] - (double)slopes[down * dims + j]) / apart;
    }
    bend[0] = change[0][0];
    bend[1] = (change[0][1] + change[1][0]) / 2;
    bend[2] = dims == 1 ? change[0][0] : change[1][1];
    if (dims == 1)
        bend[1] = 0;
}

sl_status sl_function_look(sl_function *f, size_t n, const double *points, double *values, double *slopes,
                           double *bends)
{
    const size_t dims = (size_t)f->dims, rows = bends ? 1 + 2 * dims : 1;
    sl_descend_field *field = n ? function_field(f, n * rows) : NULL;
    if (!field)
        return f->ctx->status;
    for (size_t i = 0; i < n; i++)
        function_around(points + i * dims, f->dims, bends != NULL, field->theta->v + i * rows * dims);
    if (sl_field_run(field, slopes || bends))
        return f->ctx->status;
    for (size_t i = 0; i < n; i++) {
        if (values)
            values[i] = (double)field->value->v[i * rows];
        for (size_t axis = 0; axis < dims && slopes; axis++)
            slopes[i * dims + axis] = (double)field->theta->g[i * rows * dims + axis];
        if (bends)
            function_bend(field->theta->v + i * rows * dims, field->theta->g + i * rows * dims, f->dims,
                          bends + 3 * i);
    }
    return SL_OK;
}

sl_status sl_function_at(sl_function *f, size_t n, const double *points, double *values, double *slopes,
                         double *bends)
{
    if (!f)
        return SL_ENOMEM;
    if (f->ctx->status)
        return f->ctx->status;
    if (n > 1000000 || (n && !points))
        return sl_fail(f->ctx, SL_EINVAL, "sl_function_at: %zu points: wants at most 1000000", n);
    return sl_function_look(f, n, points, values, slopes, bends);
}

void sl_bend_eigen(const double bend[3], int dims, double *least, double *largest)
{
    const double middle = (bend[0] + bend[2]) / 2, apart = (bend[0] - bend[2]) / 2;
    const double off = dims == 1 ? 0 : sqrt(apart * apart + bend[1] * bend[1]);
    *least = dims == 1 ? bend[0] : middle - off;
    *largest = dims == 1 ? bend[0] : middle + off;
}
