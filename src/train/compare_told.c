/* compare_told.c - which baselines stand beside a model, and why, told (core/ctx.h). */
#include "baseline/baseline.h"

#include <stdio.h>

void sl_baselines_tell(const sl_baselines *b, size_t rows)
{
    sl_ctx *ctx = b->ctx;
    char what[64], count[32];
    if (!sl_decides(ctx) || ctx->status)
        return;
    for (int i = 1; i < b->measured; i++) {
        const sl_fitted *f = &b->fitted[i - 1];
        const size_t most = !*f->why && f->kind->most ? f->kind->most(f, rows) : rows;
        snprintf(what, sizeof what, "baseline %s", f->kind->name);
        if (*f->why)
            sl_decided(ctx, what, "left out", "%s", f->why);
        else if (most < rows)
            sl_decided(ctx, what, "of some rows", "%s of %zu rows, drawn: more would take too long",
                       sl_count_text(count, most), rows);
        else
            sl_decided(ctx, what, "shown", "it can be fitted to these data (%s)", f->text);
    }
    if (b->against)
        sl_decided(ctx, "compared with", b->row[b->against].name,
                   "of the baselines that learn from the inputs it is the best on these rows");
    if (b->resamples)
        sl_decided(ctx, "intervals", "95 %", "%zu times the %zu rows are drawn anew", b->resamples, rows);
}
