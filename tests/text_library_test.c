/* A net on texts by the library alone: fit, predict, slices, files, memory, importance, what is refused. */
#define _XOPEN_SOURCE 700
#include "table_place.h"

#include "model/model.h"

/* 200 texts beside a number: "good" and "fine" in one class, "bad" and "dull" in the other. */
static sl_data *library_texts(table_bench *b, sl_data **test)
{
    static const char *const words[] = { "bad", "dull", "good", "fine" };
    static char text[200 * 100];
    char *at = text + sprintf(text, "n,x,y\n");
    for (int i = 0; i < 200; i++) {
        const int y = i * 7 / 3 % 2;
        at += sprintf(at, "%d.5,the film of day %d was %s and %s,%s\n", i % 13, i % 17, words[2 * y + i % 2],
                      i % 5 ? "long" : "short", y ? "pos" : "neg");
    }
    sl_data *all = table_open_text(b, text, &(sl_table_options){ .target = "y", .columns = "x=text" }),
            *train;
    assert_int_equal(sl_data_split(all, 0.25, test, &train), SL_OK);
    return train;
}

static sl_model *library_net(table_bench *b, const char *net, const char *text, const sl_data *train)
{
    sl_model *model = sl_model_parse(b->ctx, net);
    sl_compile(model, .loss = "binary_cross_entropy", .optimizer = sl_adam(.lr = 0.05f));
    sl_report *history = sl_fit(model, train, .epochs = 12, .text = text);
    if (!history)
        fail_msg("%s: %s", net, sl_message(b->ctx));
    return model;
}

static void library_same(table_bench *b, const sl_model *first, const sl_model *second, const sl_data *data)
{
    const size_t rows = sl_data_rows(data);
    sl_tensor *p = sl_predict_data(b->ctx, first, data, 0, rows),
              *q = sl_predict_data(b->ctx, second, data, 0, rows);
    if (!p || !q)
        fail_msg("%s", sl_message(b->ctx));
    assert_memory_equal(sl_values(p), sl_values(q), sl_count(p) * sizeof(sl_real));
}

static const struct {
    const char *net, *text;
    int cut; /* before this layer: 0: it cannot be cut behind what reads the texts */
} library_nets[] = {
    { "bag 8 tanh, 1", NULL, 1 },
    { "embedding 6, mean_pool, 4 tanh, 1", NULL, 2 },
    { "embedding 6, attention_pool, 1", "words weight=none ngrams=2", 2 },
    { "bag 4 view=words, bag 3 view=characters, 4 relu, 1", "words, characters", 2 },
};

static void fit_slice_save(void **state)
{
    table_bench *b = *state;
    for (size_t i = 0; i < sizeof library_nets / sizeof *library_nets; i++) {
        sl_data *test, *train = library_texts(b, &test);
        sl_model *model = library_net(b, library_nets[i].net, library_nets[i].text, train);
        sl_report *report = sl_evaluate(b->ctx, model, test);
        assert_true(sl_report_at(report, 0, "accuracy") > 0.95);

        assert_int_equal(sl_model_save(model, b->path), SL_OK);
        library_same(b, model, sl_model_load(b->ctx, b->path), test);

        const int layers = sl_model_layers(model), cut = library_nets[i].cut;
        sl_model *front = sl_model_slice(model, 0, cut), *back = sl_model_slice(model, cut, layers);
        sl_model *whole = sl_model_chain(b->ctx, front, back);
        if (!whole)
            fail_msg("%s: %s", library_nets[i].net, sl_message(b->ctx));
        library_same(b, model, whole, test);
        library_same(b, model, sl_model_slice(model, 0, layers), test);
        assert_int_equal(sl_model_digest(whole), sl_model_digest(model));
        sl_model *less = sl_model_collapse(model);
        if (!less)
            fail_msg("%s: %s", library_nets[i].net, sl_message(b->ctx));
        library_same(b, model, less, test);

        sl_step_memory memory;
        if (sl_model_step_memory(model, 32, &memory) != SL_OK)
            fail_msg("%s: %s", library_nets[i].net, sl_message(b->ctx));
        assert_true(memory.weights >= sl_model_parameters(model) * sizeof(sl_real));
        assert_true(memory.activations > 32 * 4 * sizeof(sl_real));
    }
}

static void library_refused(table_bench *b, const void *result, sl_status status, const char *part)
{
    assert_null(result);
    assert_int_equal(sl_error(b->ctx), status);
    if (!strstr(sl_message(b->ctx), part))
        fail_msg("'%s', wants '%s'", sl_message(b->ctx), part);
    sl_clear(b->ctx);
}

static void what_is_no_text(void **state)
{
    table_bench *b = *state;
    sl_data *test, *train = library_texts(b, &test);
    sl_model *model = library_net(b, "bag 4 tanh, 1", NULL, train);
    sl_tensor *x = sl_tensor_new(b->ctx, sl_dims(2, 1), NULL);
    library_refused(b, sl_predict(b->ctx, model, x), SL_EINVAL, "has no texts, and the net reads some");
    sl_tensor *y = sl_tensor_new(b->ctx, sl_dims(2), NULL);
    library_refused(b, sl_evaluate(b->ctx, model, sl_data_from(b->ctx, x, y)), SL_EINVAL,
                    "has no texts, and the net reads some");
    sl_model *plain = sl_model_parse(b->ctx, "4 relu, 1");
    sl_compile(plain, .loss = "binary_cross_entropy");
    library_refused(b, sl_fit(plain, train, .epochs = 1), SL_EINVAL, "no layer of the net reads them");
    sl_model *bag = sl_model_parse(b->ctx, "bag 2, 1");
    sl_compile(bag, .loss = "binary_cross_entropy");
    library_refused(b, sl_fit(bag, sl_data_from(b->ctx, x, y), .epochs = 1), SL_EINVAL,
                    "has no texts, and the net reads some (bag_1)");
}

/* Only the texts tell: shuffled among the rows, half of the answers are wrong; the number is noise. */
static void importance_of_texts(void **state)
{
    table_bench *b = *state;
    sl_data *test, *train = library_texts(b, &test);
    sl_model *model = library_net(b, "bag 4 tanh, 1", NULL, train);
    const double before = sl_report_at(sl_evaluate(b->ctx, model, test), 0, "accuracy");
    sl_report *report = sl_importance(b->ctx, model, test, 20);
    if (!report)
        fail_msg("%s", sl_message(b->ctx));
    assert_int_equal(sl_report_rows(report), 2);
    assert_string_equal(sl_data_input_name(test, (size_t)sl_report_at(report, 0, "input")), "the texts");
    assert_string_equal(sl_data_input_name(test, (size_t)sl_report_at(report, 1, "input")), "n");
    assert_true(fabs(sl_report_at(report, 0, "mean") - 0.5) < 0.06);
    assert_true(fabs(sl_report_at(report, 1, "mean")) < 0.03);
    assert_true(sl_report_at(sl_evaluate(b->ctx, model, test), 0, "accuracy") == before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fit_slice_save, table_up, table_down),
        cmocka_unit_test_setup_teardown(what_is_no_text, table_up, table_down),
        cmocka_unit_test_setup_teardown(importance_of_texts, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
