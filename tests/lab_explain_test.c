/* A step with every number on the page: the training does not notice it, its gradients are those of the loss,
 * what it moves is where training goes, and texts from data stay texts. The lectures' net for XOR. */
#include "engine.h"

#include "lab.h"

static int labexp_setup(void **state)
{
    lab *l = calloc(1, sizeof *l);
    *state = l;
    return l && lab_start(l) ? 0 : -1;
}

static int labexp_teardown(void **state)
{
    lab_end(*state);
    free(*state);
    return 0;
}

#define SETTINGS(text) text, sizeof(text) - 1

static void labexp_fine(lab *l, sl_status status)
{
    if (status)
        fail_msg("%s", sl_text_string(&l->answer));
}

/* "name\0text\0..", and more settings as "name=text;name=text". */
static void labexp_open(lab *l, const char *settings)
{
    char room[2000];
    const size_t length = strlen(settings);
    assert_true(length + 1 < sizeof room);
    memcpy(room, settings, length + 1);
    bool value = false;
    for (size_t i = 0; i < length; i++)
        if ((!value && room[i] == '=') || room[i] == ';') {
            value = room[i] == '=';
            room[i] = 0;
        }
    labexp_fine(l, lab_open(l, room, length + 1));
}

static const char labexp_circle[] = "data=builtin:circle;test=0.5;validation=0;batch=10;patience=0";

static void labexp_more(lab *l, const char *more)
{
    char room[1000];
    snprintf(room, sizeof room, "%s;%s", labexp_circle, more);
    labexp_open(l, room);
}

/* A number of the answer, which is an explanation as JSON; NaN: it does not say so. */
static double labexp_number(lab *l, const char *part, const char *name)
{
    sl_arena arena;
    sl_arena_init(&arena, l->own);
    const sl_json *json = sl_json_read(&arena, "the answer", sl_text_string(&l->answer), l->answer.length);
    if (!json)
        fail_msg("%s", sl_message(l->own));
    const double value = sl_json_number(sl_json_get(sl_json_get(json, "steps")->first, part)
                                            ? sl_json_get(sl_json_get(json, "steps")->first, part)
                                            : json,
                                        name, NAN);
    sl_arena_free(&arena);
    return value;
}

static void test_training_does_not_notice(void **state)
{
    lab *l = *state;
    static const char *const nets[] = { "net=6 tanh, dropout 0.2, 4 relu;optimizer=adam",
                                        "net=8 relu;optimizer=momentum;lr=0.05;schedule=cosine;epochs=40",
                                        "net=batch_norm, 6 sigmoid;optimizer=rmsprop" };
    for (size_t n = 0; n < sizeof nets / sizeof *nets; n++) {
        uint64_t digest[2];
        for (int asked = 0; asked < 2; asked++) {
            labexp_more(l, nets[n]);
            for (int step = 0; step < 60; step++) {
                labexp_fine(l, lab_steps(l, 1));
                const uint64_t before = sl_model_digest(l->run->model);
                if (asked) {
                    labexp_fine(l, lab_explain(l, "train all html", step, 3, 2, 5));
                    labexp_fine(l, lab_explain(l, "test backward json", step, 2, 3, 5));
                    labexp_fine(l, lab_explain(l, "test predict text", step, 1, 1, 5));
                    labexp_fine(l, lab_ask(l, "1,-1;0.5,2", false));
                }
                assert_true(sl_model_digest(l->run->model) == before);
            }
            digest[asked] = sl_model_digest(l->run->model);
        }
        assert_true(digest[0] == digest[1]);
    }
}

/* Every line holds in this build: nets, rules, early and late. */
static void test_every_line_holds(void **state)
{
    lab *l = *state;
    static const char *const nets[] = { "4 tanh, 2 tanh", "16 relu, 16 relu", "8 sigmoid, 4 gelu",
                                        "8 mish, 4 silu", "layer_norm, 8 softplus" };
    static const char *const rules[] = { "sgd", "momentum", "adam", "lion", "rprop", "adadelta" };
    for (size_t n = 0; n < sizeof nets / sizeof *nets; n++)
        for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
            char more[200];
            snprintf(more, sizeof more, "net=%s;optimizer=%s%s", nets[n], rules[r],
                     strcmp(rules[r], "rprop") != 0 && strcmp(rules[r], "adadelta") != 0 ? ";lr=0.03" : "");
            labexp_more(l, more);
            for (int at = 0; at < 3; at++) {
                labexp_fine(l, lab_steps(l, 250 * at));
                for (int row = 0; row < 4; row++) {
                    labexp_fine(l, lab_explain(l, "train all text", row * 7, 1, 3, 5));
                    assert_true(l->numbers[0] > 50);
                }
            }
        }
}

/* What it says of a gradient is what the loss does when the weight is moved. */
static void test_gradients_are_those_of_the_loss(void **state)
{
    lab *l = *state;
    labexp_more(l, "net=4 tanh, 2 tanh;optimizer=sgd;lr=0.1");
    labexp_fine(l, lab_steps(l, 200));
    labexp_fine(l, lab_explain(l, "train all json", 5, 1, 3, 7));
    const double slope = labexp_number(l, "backward", "dL/dW1[0,1]"),
                 bias = labexp_number(l, "backward", "dL/db2[0]"),
                 moved = labexp_number(l, "update", "W1[0,1]");
    labexp_fine(l, lab_weights(l));
    const double w = (double)l->numbers[1], b = (double)l->numbers[4 * 2 + 4 + 2 * 4], h = 1e-2;
    assert_true(fabs(slope) > 1e-4);
    double loss[4];
    for (int i = 0; i < 4; i++) {
        labexp_fine(l, lab_set_weight(l, i < 2 ? 1 : 20, (i < 2 ? w : b) + (i % 2 ? -h : h)));
        labexp_fine(l, lab_explain(l, "train forward json", 5, 1, 2, 7));
        loss[i] = labexp_number(l, "loss", "L");
        labexp_fine(l, lab_set_weight(l, i < 2 ? 1 : 20, i < 2 ? w : b));
    }
    assert_true(fabs((loss[0] - loss[1]) / (2 * h) - slope) < 2e-3 * (1 + fabs(slope)));
    assert_true(fabs((loss[2] - loss[3]) / (2 * h) - bias) < 2e-3 * (1 + fabs(bias)));
    assert_true(fabs(moved - (w - 0.1 * slope)) < 1e-6);
}

/* Where a step of training takes one row, it is that step. */
static void test_it_is_the_step_that_training_makes(void **state)
{
    lab *l = *state;
    labexp_open(l, "data=builtin:xor;task=regression;target_scale=none;net=2 tanh;batch=1;sampling=order;"
                   "validation=0;patience=0;optimizer=sgd;lr=0.1;epochs=100");
    for (int step = 0; step < 8; step++) {
        labexp_fine(l, lab_explain(l, "train all json", step % 4, 1, 3, 7));
        const double wanted[] = { labexp_number(l, "update", "W1[0,0]"), labexp_number(l, "update", "b1[1]"),
                                  labexp_number(l, "update", "W2[0,1]") };
        labexp_fine(l, lab_steps(l, 1));
        labexp_fine(l, lab_weights(l));
        assert_true((float)wanted[0] == l->numbers[0]);
        assert_true((float)wanted[1] == l->numbers[5]);
        assert_true((float)wanted[2] == l->numbers[7]);
    }
}

/* By Goodfellow, Bengio and Courville, Deep Learning, 6.1: ones, biases 0 and -1, then 1 and -2. */
static void test_the_lectures_net_for_xor(void **state)
{
    lab *l = *state;
    labexp_open(l, "data=builtin:xor;task=regression;target_scale=none;net=2 relu;weights=1,1,1,1,1,-2;"
                   "biases=0,-1,0;validation=0");
    labexp_fine(l, lab_ask(l, "0,0;0,1;1,0;1,1;0.5,0.5", false));
    assert_int_equal(l->count, 5);
    static const float wanted[] = { 0, 1, 1, 0, 1 };
    for (int i = 0; i < 5; i++)
        assert_true(l->numbers[i] == wanted[i]);
    labexp_fine(l, lab_explain(l, "train forward json", 0, 4, 3, 7));
    assert_true(labexp_number(l, "forward", "z1[3,0]") == 2);
    assert_true(labexp_number(l, "forward", "a1[0,1]") == 0);
    assert_int_equal(lab_ask(l, "0.5", false), SL_EINVAL);
    assert_int_equal(lab_ask(l, "0.5,x", false), SL_EINVAL);
    assert_int_equal(lab_ask(l, "1,2,3", false), SL_EINVAL);
    assert_int_equal(lab_ask(l, "", false), SL_EINVAL);
    labexp_fine(l, lab_ask(l, "0.5,0.5", false));
}

static void test_linear_layers_are_one(void **state)
{
    lab *l = *state;
    labexp_more(l, "net=4, 2;optimizer=adam");
    labexp_fine(l, lab_steps(l, 300));
    labexp_fine(l, lab_ask(l, "0.5,0.5;-3,1;4,-2", false));
    float before[6];
    memcpy(before, l->numbers, sizeof before);
    labexp_fine(l, lab_ask(l, "0.5,0.5;-3,1;4,-2", true));
    for (int i = 0; i < 6; i++)
        assert_true(fabsf(l->numbers[i] - before[i]) < 1e-6f);
    labexp_fine(l, lab_collapse(l, 2, 5));
    assert_non_null(strstr(sl_text_string(&l->answer), "<div class=\"explained\">"));
}

/* Names out of data are text in the markup, whatever they are. */
static void test_texts_stay_texts(void **state)
{
    lab *l = *state;
    static const char csv[] =
        "<img src=x onerror=alert(1)>,b,kind\n"
        "1,2,<script>alert(2)</script>\n2,1,\"a&b\"\"'\"\n3,2,<script>alert(2)</script>\n"
        "1,5,\"a&b\"\"'\"\n2,4,<script>alert(2)</script>\n3,3,\"a&b\"\"'\"\n";
    FILE *file = fopen("labexp.csv", "wb");
    assert_non_null(file);
    fwrite(csv, 1, sizeof csv - 1, file);
    fclose(file);
    labexp_open(l, "data=labexp.csv;target=kind;validation=0;net=3 tanh;batch=3");
    labexp_fine(l, lab_steps(l, 2));
    labexp_fine(l, lab_explain(l, "train all html", 0, 2, 3, 5));
    const char *html = sl_text_string(&l->answer);
    assert_null(strstr(html, "<img"));
    assert_null(strstr(html, "<script"));
    assert_non_null(strstr(html, "&lt;script&gt;alert(2)"));
    remove("labexp.csv");
}

static void test_what_is_refused(void **state)
{
    lab *l = *state;
    assert_int_equal(lab_explain(l, "train all html", 0, 1, 2, 5), SL_EINVAL);
    assert_int_equal(lab_collapse(l, 2, 5), SL_EINVAL);
    assert_int_equal(lab_ask(l, "1,1", false), SL_EINVAL);
    labexp_more(l, "net=4 tanh");
    static const char *const wrong[] = { "",
                                         "train",
                                         "train all",
                                         "train all pdf",
                                         "future all html",
                                         "train some html",
                                         "averyverylongpartname all html" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(lab_explain(l, wrong[i], 0, 1, 2, 5), SL_EINVAL);
    assert_int_equal(lab_explain(l, "train all html", -1, 1, 2, 5), SL_EINVAL);
    assert_int_equal(lab_explain(l, "train all html", 100000, 1, 2, 5), SL_EINVAL);
    assert_int_equal(lab_explain(l, "train all html", 0, 0, 2, 5), SL_EINVAL);
    assert_int_equal(lab_explain(l, "train all html", 0, 1, 9, 5), SL_EINVAL);
    labexp_more(l, "net=200 relu, 200 relu");
    assert_int_equal(lab_explain(l, "train all html", 0, 1, 4, 5), SL_EINVAL);
    assert_non_null(strstr(sl_text_string(&l->answer), "--depth"));
    labexp_fine(l, lab_explain(l, "train all html", 0, 1, 1, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_training_does_not_notice, labexp_setup, labexp_teardown),
        cmocka_unit_test_setup_teardown(test_every_line_holds, labexp_setup, labexp_teardown),
        cmocka_unit_test_setup_teardown(test_gradients_are_those_of_the_loss, labexp_setup, labexp_teardown),
        cmocka_unit_test_setup_teardown(test_it_is_the_step_that_training_makes, labexp_setup,
                                        labexp_teardown),
        cmocka_unit_test_setup_teardown(test_the_lectures_net_for_xor, labexp_setup, labexp_teardown),
        cmocka_unit_test_setup_teardown(test_linear_layers_are_one, labexp_setup, labexp_teardown),
        cmocka_unit_test_setup_teardown(test_texts_stay_texts, labexp_setup, labexp_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_refused, labexp_setup, labexp_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
