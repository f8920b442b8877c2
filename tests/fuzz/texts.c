/* texts.c - fuzz: bytes as JSON lines, fastText's lines, one text a line or a table of texts, in any
 * encoding; the first byte picks. Texts are UTF-8, and the same when they are read again by the columns
 * found. */
#include "core/json.h"
#include "data/format.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_texts_valid(const sl_data *data)
{
    const sl_columns *columns = data->store->columns;
    if (!data->rows || columns->inputs + columns->texts < 1 ||
        sl_data_has_words(data) != (columns->texts > 0))
        abort();
    for (size_t row = 0; row < data->rows; row++) {
        size_t length;
        const char *text = sl_data_words(data, row, &length);
        for (size_t at = 0, bytes; at < length; at += bytes)
            if (!text[at] || !(bytes = sl_utf8_length(text + at, length - at)))
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const encodings[] = { NULL, "latin1", "windows-1252", "replace" };
    if (size < 2)
        return 0;
    const sl_table_options options = { .target = bytes[0] & 4 ? "y" : NULL,
                                       .columns = bytes[0] & 8 ? "x=text" : NULL,
                                       .encoding = encodings[bytes[0] & 3] };
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_opening how = {
        .options = &options, .lines = bytes[0] & 16, .text = (const char *)bytes + 1, .text_length = size - 1
    };
    sl_data *data = sl_data_open_by(ctx, "fuzz", NULL, &how);
    if (!data && sl_error(ctx) != SL_EFORMAT && sl_error(ctx) != SL_EINVAL)
        abort();
    if (data) {
        fuzz_texts_valid(data);
        sl_opening again = how;
        again.options = NULL; /* the columns keep what was asked */
        again.columns = data->store->columns;
        again.learning = true;
        sl_data *same = sl_data_open_by(ctx, "fuzz", NULL, &again);
        if (!same || sl_data_digest(same) != sl_data_digest(data))
            abort();
        sl_data_free(same);
        again.learning = false;
        again.inputs = true;
        sl_data *inputs = sl_data_open_by(ctx, "fuzz", NULL, &again);
        if (!inputs || inputs->rows < data->rows)
            abort();
        fuzz_texts_valid(inputs);
        sl_data_free(inputs);
    }
    sl_data_free(data);
    sl_ctx_free(ctx);
    return 0;
}
