/* views_file_test.c - vocabularies in a model file: read back they are the same, damaged they are refused. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "golden/views.h"
#include "model/file_views.h"
#include "text/views_parts.h"
#include "texts.h"
#include "topics.h"

static const char views_file_words[] =
    "words ngrams=3 weight=nb, characters from=2 ngrams=3, words ngrams=2 hash=100 "
    "weight=tfidf, words least=2, characters hash=50";

static sl_views *views_file_fit(sl_ctx *ctx, sl_data **data)
{
    *data = texts_of(ctx, golden_texts, golden_classes_2, 2, sizeof golden_texts / sizeof *golden_texts);
    sl_views *views = sl_views_fit(ctx, *data, views_file_words, "contractions=split", SL_WEIGH_BINARY, NULL);
    assert_non_null(views);
    return views;
}

/* Writes the views as a model file would; the file's bytes, which the context owns. */
static unsigned char *views_file_bytes(sl_ctx *ctx, const sl_views *views, size_t *size)
{
    char folder[] = "/tmp/slope-views-XXXXXX", path[64];
    sl_safetensors_writer writer;
    sl_arena memory;
    sl_text json;
    unsigned char *bytes = NULL;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/views", folder);
    sl_arena_init(&memory, ctx);
    sl_text_init(&json, ctx);
    sl_views_put(views, &json);
    sl_safetensors_begin(&writer, ctx);
    sl_safetensors_put_metadata(&writer, "slope", sl_text_string(&json));
    assert_int_equal(sl_views_put_tensors(views, &writer, &memory), SL_OK);
    assert_int_equal(sl_safetensors_write(&writer, path, false), SL_OK);
    assert_int_equal(sl_file_read(ctx, path, &bytes, size), SL_OK);
    unlink(path);
    rmdir(folder);
    sl_arena_free(&memory);
    sl_text_free(&json);
    return bytes;
}

static sl_views *views_file_take(sl_ctx *ctx, const unsigned char *bytes, size_t size, const char *json)
{
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    const sl_safetensors *file = sl_safetensors_read(&arena, "m", bytes, size);
    json = file && !json ? sl_safetensors_metadata(file, "slope") : json;
    const sl_json *tree = json ? sl_json_read(&arena, "m", json, strlen(json)) : NULL;
    sl_views *views = tree ? sl_views_take(ctx, file, tree) : NULL;
    sl_arena_free(&arena);
    return views;
}

static void S150_back_from_a_file(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data;
    size_t size;
    sl_views *views = views_file_fit(ctx, &data);
    unsigned char *bytes = views_file_bytes(ctx, views, &size);
    const char *keep = getenv("SLOPE_VIEWS_FILE"); /* to make an input for the fuzz target */
    FILE *kept = keep ? fopen(keep, "wb") : NULL;
    if (kept) {
        fwrite(bytes, 1, size, kept);
        fclose(kept);
    }
    sl_views *back = views_file_take(ctx, bytes, size, NULL);
    if (!back)
        fail_msg("%s", sl_message(ctx));
    assert_true(back->digest == views->digest);
    sl_text one, two;
    sl_text_init(&one, ctx);
    sl_text_init(&two, ctx);
    sl_views_describe(views, &one);
    sl_views_describe(back, &two);
    assert_string_equal(sl_text_string(&one), sl_text_string(&two));
    const size_t rows[] = { 0, 3, 6 };
    sl_ragged *a = sl_ragged_new(ctx, 5), *b = sl_ragged_new(ctx, 5);
    assert_int_equal(sl_views_gather(ctx, views, data, rows, 3, a), SL_OK);
    assert_int_equal(sl_views_gather(ctx, back, data, rows, 3, b), SL_OK);
    assert_int_equal(a->all.offsets[3], b->all.offsets[3]);
    assert_memory_equal(a->all.ids, b->all.ids, a->all.offsets[3] * sizeof *a->all.ids);
    assert_memory_equal(a->all.values, b->all.values, a->all.offsets[3] * sizeof *a->all.values);
    sl_ragged_free(a);
    sl_ragged_free(b);
    sl_text_free(&one);
    sl_text_free(&two);
    sl_views_free(back);
    sl_views_free(views);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

static void views_file_refused(const unsigned char *bytes, size_t size, const char *json, const char *says)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    assert_null(views_file_take(ctx, bytes, size, json));
    assert_int_equal(sl_error(ctx), SL_EFORMAT);
    if (!strstr(sl_message(ctx), says))
        fail_msg("%s does not say: %s", sl_message(ctx), says);
    sl_ctx_free(ctx);
}

/* One number of a tensor is changed. */
static void views_file_change(const unsigned char *bytes, size_t size, const char *name, size_t index,
                              int value, const char *says)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    unsigned char *changed = malloc(size);
    assert_non_null(changed);
    memcpy(changed, bytes, size);
    const sl_safetensors *file = sl_safetensors_read(&arena, "m", changed, size);
    const sl_safetensor *tensor = sl_safetensors_need(file, name);
    assert_true(tensor && index < tensor->count);
    unsigned char *at = changed + (tensor->bytes - changed) + index * sl_dtype_size(tensor->dtype);
    const int64_t wide = value;
    memcpy(at, &wide, sl_dtype_size(tensor->dtype)); /* little endian */
    views_file_refused(changed, size, NULL, says);
    free(changed);
    sl_arena_free(&arena);
    sl_ctx_free(ctx);
}

static void S150_damaged_files(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data;
    size_t size;
    sl_views *views = views_file_fit(ctx, &data);
    unsigned char *bytes = views_file_bytes(ctx, views, &size);
    views_file_change(bytes, size, "views.0.offsets", 0, 1, "its words do not fill their text");
    views_file_change(bytes, size, "views.0.offsets", 2, 0, "a word has no length");
    views_file_change(bytes, size, "views.0.offsets", 1, 1 << 30, "a word has no length");
    views_file_change(bytes, size, "views.0.text", 0, 0xFF, "a word is not UTF-8");
    views_file_change(bytes, size, "views.0.text", 0, 2, "a word has a control character");
    views_file_change(bytes, size, "views.1.text", 0, 1, "a word has a control character");
    views_file_change(bytes, size, "views.0.pairs", 0, -1, "an n-gram has words that it lacks");
    views_file_change(bytes, size, "views.0.pairs", 1, 1 << 20, "an n-gram has words that it lacks");
    views_file_change(bytes, size, "views.0.counts", 3, 0, "a count is none");
    views_file_change(bytes, size, "views.0.weights", 3, 0x7F800000, "a weight is no number");
    static const char one[] =
        "{\"tokenizer\": \"\", \"views\": [{\"words\": \"%s\", \"occurring\": 9, \"levels\": %s}]}";
    static const struct {
        const char *words, *levels, *says;
    } wrong[] = {
        { "words ngrams=3 weight=nb", "[1, 2, 3, 3, 3]", "how many n-grams" },
        { "words ngrams=3 weight=nb", "[10, 11, 11, 11, 11]", "another number of n-grams" },
        { "words weight=nb", "[10, 11, 11, 11, 11]", "how many n-grams" },
        { "words weight=nb", "[10, 10, 10]", "how many n-grams" },
        { "words weight=nb", "[10, 10, 10, 10, 10]", "another number of counts" },
        { "words ngrams=3 weight=nb", "[10, 32, 50, 50, 51]", "how many n-grams" },
        { "words ngrams=3 hash=1000000 weight=nb", "[10, 10, 10, 10, 10]", "another number of" },
        { "words ngrams=9", "[10, 10, 10, 10, 10]", "ngrams is 9" },
        { "wards", "[10, 10, 10, 10, 10]", "unknown view" },
        { "words, words", "[10, 10, 10, 10, 10]", "not one word each" },
    };
    assert_int_equal(views->view[0].words.count, 10);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char json[256];
        snprintf(json, sizeof json, one, wrong[i].words, wrong[i].levels);
        views_file_refused(bytes, size, json, wrong[i].says);
    }
    views_file_refused(bytes, size, "{}", "its views are no list");
    views_file_refused(bytes, size, "{\"views\": []}", "its views are no list");
    sl_views_free(views);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

static sl_views *views_file_documents(sl_ctx *ctx, sl_data **data)
{
    enum { ROWS = 300 };
    char **text = topics_made(ROWS, 3);
    *data = texts_of(ctx, (const char *const *)text, NULL, 0, ROWS);
    topics_free(text, ROWS);
    return sl_views_fit(ctx, *data, "words least=30, documents size=3 ngrams=2 least=2 passes=2", NULL,
                        SL_WEIGH_TFIDF, NULL);
}

static void documents_back_from_a_file(void **state)
{
    (void)state;
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_data *data;
    size_t size;
    sl_views *views = views_file_documents(ctx, &data);
    assert_non_null(views);
    unsigned char *bytes = views_file_bytes(ctx, views, &size);
    const char *keep = getenv("SLOPE_DOCUMENTS_FILE"); /* to make an input for the fuzz target */
    FILE *kept = keep ? fopen(keep, "wb") : NULL;
    if (kept) {
        fwrite(bytes, 1, size, kept);
        fclose(kept);
    }
    sl_views *back = views_file_take(ctx, bytes, size, NULL);
    if (!back)
        fail_msg("%s", sl_message(ctx));
    assert_true(back->digest == views->digest);
    assert_int_equal(back->view[1].texts, 300);
    sl_text one, two;
    sl_text_init(&one, ctx);
    sl_text_init(&two, ctx);
    sl_views_describe(views, &one);
    sl_views_describe(back, &two);
    assert_string_equal(sl_text_string(&one), sl_text_string(&two));
    const size_t rows[] = { 0, 3, 6 };
    sl_ragged *a = sl_ragged_new(ctx, 2), *b = sl_ragged_new(ctx, 2);
    assert_int_equal(sl_views_gather(ctx, views, data, rows, 3, a), SL_OK);
    assert_int_equal(sl_views_gather(ctx, back, data, rows, 3, b), SL_OK);
    assert_int_equal(a->all.offsets[3], b->all.offsets[3]);
    assert_memory_equal(a->all.values, b->all.values, a->all.offsets[3] * sizeof *a->all.values);
    sl_ragged_free(a);
    sl_ragged_free(b);
    views_file_change(bytes, size, "views.1.vectors", 3, 0x7FC00000,
                      "a number of a vector is none, or too large");
    views_file_change(bytes, size, "views.1.vectors", 3, 0x41000000,
                      "a number of a vector is none, or too large");
    views_file_change(bytes, size, "views.1.counts", 3, 0, "a count is none");
    sl_text_clear(&one);
    sl_views_put(views, &one);
    char *json = strdup(sl_text_string(&one)), *at = strstr(json, "size=3");
    assert_non_null(at);
    at[5] = '4';
    views_file_refused(bytes, size, json, "it has vectors of another shape");
    free(json);
    sl_text_free(&one);
    sl_text_free(&two);
    sl_views_free(back);
    sl_views_free(views);
    sl_data_free(data);
    sl_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S150_back_from_a_file),
        cmocka_unit_test(S150_damaged_files),
        cmocka_unit_test(documents_back_from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
