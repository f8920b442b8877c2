/* views_file.c - fuzz: the vocabularies of a file, its JSON behind "slope", are taken or refused; what was
 * taken makes lists of features that exist, and is written and read again as the same. */
#include "made.h"

#include "model/file_views.h"
#include "text/views_parts.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_views_lists(sl_ctx *ctx, const sl_views *views)
{
    static const char text[] = "A good film, not a bad one. <br> caf\xC3\xA9 7/10";
    sl_feature_places places;
    sl_feature_places_init(&places, ctx);
    if (sl_views_places(views, text, sizeof text - 1, &places) && sl_error(ctx) != SL_EINVAL)
        abort();
    const size_t all = sl_views_size(views, -1);
    for (size_t i = 0; i < places.count; i++) {
        char name[64];
        if (places.place[i].feature < 0 || (size_t)places.place[i].feature >= all)
            abort();
        sl_views_text(views, -1, (size_t)places.place[i].feature, name, sizeof name);
    }
    for (size_t f = 0; f < all && f < 100; f++) {
        char name[64];
        if (!sl_views_text(views, -1, f, name, sizeof name))
            abort();
    }
    sl_feature_places_free(&places);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    unsigned char *bytes = fuzz_made(ctx, data, size, &size);
    const sl_safetensors *file = sl_safetensors_read(&arena, "fuzz", bytes, size);
    const char *text = file ? sl_safetensors_metadata(file, "slope") : NULL;
    const sl_json *json = text ? sl_json_read(&arena, "fuzz", text, strlen(text)) : NULL;
    sl_views *views = json ? sl_views_take(ctx, file, json) : NULL;
    if (json && (views == NULL) != (sl_error(ctx) != SL_OK))
        abort();
    if (views) {
        sl_text again;
        sl_text_init(&again, ctx);
        sl_views_put(views, &again);
        const sl_json *same = sl_json_read(&arena, "again", sl_text_string(&again), again.length);
        sl_views *taken = same ? sl_views_take(ctx, file, same) : NULL;
        if (!taken || taken->digest != views->digest)
            abort();
        fuzz_views_lists(ctx, views);
        sl_views_free(taken);
        sl_views_free(views);
        sl_text_free(&again);
    }
    sl_ctx_free(ctx);
    free(bytes);
    return 0;
}
