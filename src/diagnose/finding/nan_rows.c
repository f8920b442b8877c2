/* nan_rows: rows that are not numbers. */
#include "diagnose/diagnose.h"

#include <string.h>

/* A word for it; what a message says of an option is not about the data. */
static bool nan_rows_said(const char *message)
{
    static const char *const words[] = { "not finite", "not a number", "is infinite", " nan", " inf" };
    for (size_t i = 0; i < sizeof words / sizeof *words && strncmp(message, "--", 2) != 0; i++) {
        const char *at = strstr(message, words[i]);
        const char behind = at ? at[strlen(words[i])] : 'x';
        if (!((behind >= 'a' && behind <= 'z') || behind == '_'))
            return true;
    }
    return false;
}

static void nan_rows_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    const bool said = c->refused && c->message && nan_rows_said(c->message);
    if (!d->not_finite && !said)
        return;
    draft->strength = 1;
    draft->certain = true;
    if (d->not_finite) {
        sl_text_add(&draft->sentence,
                    "%zu of %zu training rows hold numbers that are not finite, row %zu the first", d->broken,
                    d->rows, d->broken_at);
        sl_draft_fact(draft, "rows with such numbers", (double)d->broken, "0");
        sl_draft_fact(draft, "rows looked at", (double)d->rows, NULL);
    } else
        sl_text_add(&draft->sentence, "the data holds numbers that are not finite: %s", c->message);
    sl_text_put(&draft->otherwise, "numbers that training itself makes infinite appear behind some steps, "
                                   "with rows that are all finite");
    sl_text_put(&draft->advice, "remove or mend these rows; empty cells of a table are filled by --missing");
}

const sl_finding_kind sl_finding_nan_rows = {
    .name = "nan_rows",
    .summary = "rows hold numbers that are not finite",
    .formula = "x - x is not 0",
    .source = "IEEE 754",
    .place = 10,
    .look = nan_rows_look,
};
