/* words.c - fuzz: an option's words, of the kind that the first byte picks: an activation, a loss, an
 * optimizer, a schedule, an initialiser, augmentations, views, terms, a column's encoding, and the like. They
 * are refused with a sentence, or taken; where they can be written again, those words are taken too. */
#include "lent.h"

#include "data/encoding/encoding.h"
#include "data/table/asked.h"
#include "data/table/charset.h"
#include "data/table/field.h"
#include "init/init.h"
#include "loss/loss.h"
#include "model/model.h"
#include "op/op.h"
#include "op/terms.h"
#include "optim/optim.h"
#include "optim/schedule/schedule.h"
#include "text/views.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_words_augment(sl_ctx *ctx, const char *text, sl_shape row)
{
    sl_augment *augment = sl_augment_new(ctx, text, row);
    if (!augment == !sl_error(ctx))
        abort();
    if (!augment)
        return;
    sl_augment *again = sl_augment_new(ctx, sl_augment_text(augment), row);
    if (!again && sl_error(ctx) != SL_ENOMEM)
        abort();
    sl_augment_free(again);
    sl_augment_free(augment);
}

static void fuzz_words_columns(sl_ctx *ctx, const char *text)
{
    static const char *const names[] = { "a", "b c", "\xC3\xA9=" };
    sl_asked *asked = sl_alloc_array(ctx, 3, sizeof *asked);
    if (asked)
        sl_asked_read(ctx, "fuzz", text, names, 3, asked);
    sl_asked_free(ctx, 3, asked);
}

static void fuzz_words_missing(sl_ctx *ctx, const char *text)
{
    sl_missing missing;
    memset(&missing, 0, sizeof missing);
    sl_missing_init(&missing, ctx, text, '.');
    sl_missing_free(&missing);
}

static void fuzz_words_kind(sl_ctx *ctx, unsigned kind, const char *text)
{
    double values[SL_MOST_OPTIONS];
    sl_loss_values loss;
    sl_optimizer set;
    sl_init_job job;
    sl_charset charset;
    sl_scaling way;
    const sl_op *op;
    sl_real number;
    memset(&job, 0, sizeof job);
    const sl_optimizer rule = { .rule = text }, schedule = { .schedule = text, .steps = 100, .lr = 0.1f };
    switch (kind) {
    case 0:
        sl_activation_find(ctx, text, &op, &number);
        break;
    case 1:
        sl_loss_find(ctx, text, &loss);
        break;
    case 2:
        sl_rule_find(ctx, &rule, &set);
        break;
    case 3:
        sl_schedule_find(ctx, &schedule);
        break;
    case 4:
        sl_init_find(ctx, text, &job);
        break;
    case 5:
        fuzz_words_augment(ctx, text, sl_dims(4, 4));
        break;
    case 6:
        fuzz_words_augment(ctx, text, sl_dims(3, 3, 2));
        break;
    case 7:
        sl_views_check_words(ctx, text, NULL);
        break;
    case 8:
        sl_views_check_words(ctx, "words", text);
        break;
    case 9:
        sl_free(ctx, sl_terms_read(ctx, "fuzz", text));
        break;
    case 10:
        sl_encoding_find(ctx, text, values);
        break;
    case 11:
        fuzz_words_columns(ctx, text);
        break;
    case 12:
        sl_charset_read(ctx, text, &charset);
        break;
    case 13:
        fuzz_words_missing(ctx, text);
        break;
    default:
        sl_scaling_find(ctx, text, &way);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    fuzz_lent lent;
    sl_ctx *ctx = fuzz_lent_ctx(&lent, 1 << 20);
    char *text = fuzz_closed(data + 1, size - 1);
    fuzz_words_kind(ctx, (unsigned)(data[0] - 'a') % 15, text);
    if (sl_error(ctx) && (!*sl_message(ctx) || (sl_error(ctx) != SL_EINVAL && sl_error(ctx) != SL_ENOMEM &&
                                                sl_error(ctx) != SL_ESHAPE)))
        abort();
    free(text);
    fuzz_lent_end(ctx, &lent);
    return 0;
}
