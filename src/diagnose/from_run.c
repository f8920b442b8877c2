/* from_run.c - a case of a run folder: the same data, as far as the run went, and whether its repetition is
 * it. */
#include "core/digest.h"
#include "diagnose/diagnose.h"

#include <string.h>

static sl_status fromrun_same_data(sl_case *c)
{
    char is[17];
    const char *was = sl_run_read(c->ctx, c->folder, "data_digest");
    if (c->ctx->status || !was || !strcmp(was, sl_digest_text(is, c->own->data_digest)))
        return c->ctx->status;
    sl_text word;
    sl_text_init(&word, c->ctx);
    sl_text_shell(&word, c->settings.data, true);
    sl_fail(c->ctx, SL_EINVAL,
            "%s has changed since the run was begun (digest %s, was %s): what went wrong then cannot be "
            "seen with other rows: give the data of then, or diagnose a new training: slope diagnose %s",
            c->settings.data, is, was, sl_text_string(&word));
    sl_text_free(&word);
    return c->ctx->status;
}

/* Epochs that stand in metrics.csv; a run that has just begun has none. */
static size_t fromrun_epochs(sl_case *c)
{
    sl_report *history = sl_run_read_history(c->ctx, c->folder);
    const size_t epochs = history ? (size_t)sl_report_rows(history) : 0;
    sl_report_free(history);
    if (c->ctx->status && c->ctx->status != SL_ENOMEM)
        sl_clear(c->ctx);
    return epochs;
}

sl_status sl_case_check_run(sl_case *c, bool *precheck)
{
    if (!c->folder || fromrun_same_data(c))
        return c->ctx->status;
    const char *status = sl_run_read(c->ctx, c->folder, "status");
    c->broke = status && !strcmp(status, "diverged");
    if (c->ctx->status || !status || c->broke || !strcmp(status, "finished"))
        return c->ctx->status;
    c->until = fromrun_epochs(c);
    c->stands = !strcmp(status, "stopped") ? "was stopped" : "is not finished";
    *precheck = *precheck || !c->until;
    return c->ctx->status;
}

bool sl_case_is_run(sl_case *c)
{
    char is[17];
    if (!c->folder || !c->history || c->cut || c->stands)
        return true;
    if (c->broke || c->outcome.diverged)
        return c->broke && c->outcome.diverged;
    const char *was = sl_run_read(c->ctx, c->folder, "result.digest_last");
    return !was || !strcmp(was, sl_digest_text(is, c->own->trainer->digest_last));
}
