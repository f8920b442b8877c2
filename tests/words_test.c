/* The words of a net and of a plan: good ones read and written back, bad ones refused with the place and the
 * nearest word; nets that do not fit their loss (U40). */
#include "engine.h"
#include "layer/layer.h"
#include "loss/loss.h"

static void good_nets_are_read_and_written_back(void **unused)
{
    (void)unused;
    static const struct {
        const char *net, *back;
        int layers;
    } cases[] = {
        { "128 relu, dropout 0.2, 64 relu", NULL, 3 },
        { "10", NULL, 1 },
        { "input 3, 5 tanh, 2 softmax", NULL, 3 },
        { " 128\trelu ,\n10\r", "128 relu, 10", 2 },
        { "3 x 16 relu, 1", "16 relu, 16 relu, 16 relu, 1", 4 },
        { "3x16 relu", "16 relu, 16 relu, 16 relu", 3 },
        { "3 x16 relu", "16 relu, 16 relu, 16 relu", 3 },
        { "2 x dropout 0.5, 1", "dropout 0.5, dropout 0.5, 1", 3 },
        { "1 x 4", "4", 1 },
        { "1e3", "1000", 1 },
        { "5 identity, 6 linear", "5, 6", 2 },
        { "dense 5 tanh", "5 tanh", 1 },
        { "dense units=5 activation=tanh", "5 tanh", 1 },
        { "dropout rate=0.125, 7", "dropout 0.125, 7", 2 },
        { "5 init=normal:0.1", NULL, 1 },
        { "5 relu init=he bias=no", NULL, 1 },
        { "5 bias=yes", "5", 1 },
        { "5 name=first, 6 name=second", "5, 6", 2 },
        { "100 x 16 relu", NULL, 100 },
        { "residual [64 relu, 64], 10", NULL, 4 },
        { " residual[ 5 tanh ,5 ] ", "residual [5 tanh, 5]", 3 },
        { "2 x residual [4 relu, 4], 3", "residual [4 relu, 4], residual [4 relu, 4], 3", 7 },
        { "residual [2 x residual [4], 3 x 4 relu], 1",
          "residual [residual [4], residual [4], 4 relu, 4 relu, 4 relu], 1", 9 },
        { "2 x [5, relu], 3", "5, relu, 5, relu, 3", 5 },
        { "2 x [residual [5, 2 x [6, tanh], 5]], [3]",
          "residual [5, 6, tanh, 6, tanh, 5], residual [5, 6, tanh, 6, tanh, 5], 3", 15 },
        { "residual name=r [5], 6", "residual [5], 6", 3 },
        { "residual freeze=yes [5, dropout 0.5], 6", "residual freeze=yes [5 freeze=yes, dropout 0.5], 6",
          4 },
        { "64, relu, 10, softmax", NULL, 4 },
        { "8, activation tanh, activation activation=relu", "8, tanh, relu", 3 },
        { "8, identity, flatten, reshape 2x4, reshape shape=8",
          "8, identity, flatten, reshape 2x4, reshape 8", 5 },
        { "8 relu lr_scale=0.5 decay=0.01, 8 decay=0 freeze=yes",
          "8 relu lr_scale=0.5 decay=0.01, 8 freeze=yes decay=0", 2 },
        { "8 relu name=a, 8 tanh share=a, 2", "8 relu name=a, 8 tanh share=a, 2", 3 },
        { "8, 8 share=dense_1, 8 share=dense_2",
          "8 name=dense_1, 8 share=dense_1 name=dense_2, 8 share=dense_2", 3 },
        { "5 lr_scale=1 freeze=no", "5 lr_scale=1", 1 },
        { "8, batch_norm momentum=0.5 epsilon=0.01, relu, layer_norm, noise 0.1", NULL, 5 },
        { "batch_norm name=b, 3, noise deviation=0, 3, batch_norm share=b",
          "batch_norm name=b, 3, noise 0, 3, batch_norm share=b", 5 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        const sl_model *model = sl_model_parse(ctx, cases[i].net);
        assert_fine(ctx);
        assert_int_equal(sl_model_layers(model), cases[i].layers);
        if (cases[i].layers < 100)
            assert_string_equal(sl_model_net(model), cases[i].back ? cases[i].back : cases[i].net);
        const sl_model *again = sl_model_parse(ctx, sl_model_net(model));
        assert_fine(ctx);
        assert_string_equal(sl_model_net(again), sl_model_net(model));
        sl_ctx_free(ctx);
    }
}

/* The options of an activation, in every way of writing them. */
static void options_of_activations_are_written_in_one_way(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        { "64 leaky_relu:0.1", "64 leaky_relu slope=0.1" },
        { "64 leaky_relu slope=0.1 init=he", "64 leaky_relu slope=0.1 init=he" },
        { "64 leaky_relu init=he slope=0.1", "64 leaky_relu slope=0.1 init=he" },
        { "64 activation=leaky_relu slope=0.1", "64 leaky_relu slope=0.1" },
        { "64, leaky_relu slope=0.1", "64, leaky_relu slope=0.1" },
        { "64, activation leaky_relu:0.1", "64, leaky_relu slope=0.1" },
        { "residual [64 elu alpha=0.5]", "residual [64 elu alpha=0.5]" },
    };
    if (!sl_op_find("leaky_relu") || !sl_op_find("elu"))
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        const sl_model *model = sl_model_parse(ctx, cases[i][0]);
        assert_fine(ctx);
        assert_string_equal(sl_model_net(model), cases[i][1]);
        assert_string_equal(sl_model_net(sl_model_parse(ctx, cases[i][1])), cases[i][1]);
        sl_ctx_free(ctx);
    }
}

static void bad_nets_are_refused_with_the_place(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        { "64 rleu", "dense_1: unknown activation 'rleu': did you mean 'relu'?" },
        { "8, 64 sigmod", "dense_2: unknown activation 'sigmod': did you mean 'sigmoid'?" },
        { "dens 5", "--net: unknown layer 'dens': did you mean 'dense'?" },
        { "5, droput 0.2", "--net: unknown layer 'droput': did you mean 'dropout'?" },
        { "residual",
          "--net: found the end at character 9: wants the layers of residual in brackets: residual [64 " },
        { "residual, 5", "--net: found a comma at character 9: wants the layers of residual in brackets" },
        { "residual [5, 5", "--net: found the end at character 15: wants a closing ]" },
        { "residual [5]]", "--net: found ] at character 13: wants no ] where none was opened" },
        { "5]", "--net: found ] at character 2: wants no ]" },
        { "2 x []", "--net: found ] at character 6: wants a layer" },
        { "2 x [5", "--net: found the end at character 7: wants a closing ]" },
        { "2 x [5] relu", "--net: found 'relu' at character 9: wants a comma" },
        { "101 x [100 x 5]", "--net: more than 10000 layers" },
        { "residual []", "--net: found ] at character 11: wants a layer" },
        { "residual [5] 6", "--net: found '6' at character 14: wants a comma before the next layer" },
        { "residual 5 [5]", "--net: found '5' at character 10: wants a comma" },
        { "residual relu [5]", "residual_1: a residual layer does not know activation: it knows freeze" },
        { "5 [6]", "--net: found [ at character 3: wants no brackets behind dense" },
        { "residul [5]", "--net: unknown layer 'residul': did you mean 'residual'?" },
        { "101 x residual [100 x 5]", "--net: more than 10000 layers" },
        { "reshape 28x",
          "reshape_1: shape is 28x: wants 1 to 5 whole numbers with x between them, as in 28x28" },
        { "reshape", "--net: found the end at character 8: wants the layer's shape" },
        { "batch_norm momentum=0, 5",
          "--net: momentum is 0: wants a number above 0 and at most 1 (default 0.1)" },
        { "batch_norm momentum=1.5, 5",
          "batch_norm_1: momentum is 1.5: wants a number above 0 and at most 1 (default 0.1)" },
        { "layer_norm momentum=0.1, 5", "--net: unknown option of a layer_norm layer 'momentum'" },
        { "batch_norm 5", "--net: found '5' at character 12: wants a comma" },
        { "noise -1, 5", "noise_1: deviation is -1: wants a number of at least 0 and at most 1000000" },
        { "noise, 5", "--net: found a comma at character 6: wants the layer's deviation" },
        { "5 lr_scale=0", "--net: lr_scale is 0: wants a number above 0 and at most 1000000 (default 1)" },
        { "5 decay=-1", "--net: decay is -1: wants a number of at least 0 and below 1" },
        { "5 decay=1",
          "dense_1: decay is 1: wants a number of at least 0 and below 1 (default the optimizer's)" },
        { "5, 6 share=a", "dense_2: share=a: no layer before it is called that: give it name=a" },
        { "5 name=a, 5 share=a init=he", "dense_2: its weights are those of a: say init there" },
        { "residual name=a [5], 5 share=a",
          "dense_2: a dense layer cannot share the weights of a, which is a residual" },
        { "input 4, 5 name=a, 6 share=a",
          "dense_2: it shares the weights of a, whose weight is [5, 4], and wants [6, 5]" },
        { "input 5, 5 name=a, 5 share=a bias=no", "and only one of the two has a bias" },
        { "input 64, residual [64 relu, 32], 3", "residual_1: [64] goes in and [32] comes out, and the two "
                                                 "are added: end the group in a layer of 64 units" },
        { "input 6, reshape 2x2", "reshape_1: [6] holds 6 numbers and [2, 2] wants 4" },
        { "5 slope=0.1", "--net: unknown option of a dense layer 'slope'" },
        { "5 relu slope=0.1", "--net: unknown option of a dense layer 'slope'" },
        { "5 relu tanh", "--net: found 'tanh' at character 8: wants a comma before the next layer" },
        { "5 relu 7", "--net: found '7' at character 8: wants a comma" },
        { "5 5", "--net: found '5' at character 3: wants a comma" },
        { "2 x 3 x 5", "--net: found '5' at character 9: wants a comma" },
        { "", "--net: found the end at character 1: wants a layer, as in '128 relu" },
        { "  ", "--net: found the end at character 3" },
        { ",", "--net: found a comma at character 1: wants a layer" },
        { "5,", "--net: found the end at character 3" },
        { "5,,6", "--net: found a comma at character 3" },
        { "0 relu", "--net: found '0' at character 1: wants how many units, a whole number from 1" },
        { "-5", "--net: found '-5' at character 1: wants how many units" },
        { "5.5", "--net: found '5.5' at character 1: wants how many units" },
        { "99999999999", "--net: found '99999999999' at character 1: wants how many units" },
        { "20000000", "dense_1: units is 20000000: wants a whole number from 1 to 16777216 (default none)" },
        { "0 x 5", "--net: found '0' at character 1: wants how many times, 1 or more" },
        { "2 x", "--net: found the end at character 4: wants a layer" },
        { "2 x, 5", "--net: found a comma at character 4: wants a layer" },
        { "5x", "--net: unknown layer '5x'" },
        { "10001 x 5", "--net: more than 10000 layers" },
        { "6000 x 5, 6000 x 5", "--net: more than 10000 layers" },
        { "dropout, 5", "--net: found a comma at character 8: wants the layer's rate" },
        { "dropout 1", "dropout_1: rate is 1: wants a number of at least 0 and below 1 (default 0)" },
        { "5, dropout -0.1", "dropout_1: rate is -0.1: wants a number of at least 0" },
        { "dropout nan", "dropout_1: rate is nan" },
        { "dropout 0.2 0.3", "--net: found '0.3' at character 13: wants a comma" },
        { "dropout 0.2 relu", "dropout_1: a dropout layer does not know activation: it knows rate" },
        { "5 rate=0.5", "--net: unknown option of a dense layer 'rate'" },
        { "dropout rate=much", "--net: rate=much: wants a number" },
        { "dense", "--net: found the end at character 6: wants how many units" },
        { "dense 2.5", "--net: found '2.5' at character 7: wants a whole number of units" },
        { "dense units=2.5", "--net: units is 2.5: wants a whole number from 1 to 16777216" },
        { "dense units=many", "--net: units=many: wants a whole number" },
        { "5 units=6", "--net: a layer's units is given twice: 'units=6' is the second" },
        { "5 relu activation=tanh", "--net: a layer's activation is given twice" },
        { "5 init=he init=xavier", "--net: a layer's init is given twice" },
        { "5 bias=maybe", "--net: bias=maybe: wants yes or no" },
        { "5 bias=", "--net: nothing behind 'bias='" },
        { "5 ini=he", "--net: unknown option of a dense layer 'ini': did you mean 'init'?" },
        { "5 init=hee", "dense_1: unknown initialiser 'hee': did you mean 'he'?" },
        { "5 name=a, 6 name=a", "two layers are called 'a'" },
        { "input 3, input 4, 5", "input_2: wants 4 inputs, given rows of shape [3]" },
        { "5, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "character 4 is too long" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        const size_t bytes = sl_ctx_bytes(ctx);
        sl_model *model = sl_model_parse(ctx, cases[i][0]);
        if (model)
            fail_msg("'%s' was taken as '%s'", cases[i][0], sl_model_net(model));
        const sl_status status = sl_error(ctx);
        assert_true(status == SL_EINVAL || status == SL_ESHAPE);
        assert_says(ctx, status, cases[i][1]);
        assert_int_equal(sl_ctx_bytes(ctx), bytes);
        sl_ctx_free(ctx);
    }
    /* brackets in brackets */
    char deep[2000] = "";
    for (int i = 0; i < 101; i++)
        strcat(deep, "residual [");
    sl_ctx *ctx = engine_ctx(1);
    assert_null(sl_model_parse(ctx, deep));
    assert_says(ctx, SL_EINVAL, "brackets in brackets, more than 100 deep");
    sl_layer cycle[2] = { { .type = "residual", .layers = cycle }, { .type = NULL } };
    assert_null(sl_model_new(ctx, cycle));
    assert_says(ctx, SL_EINVAL, "layers lie in each other more than 100 deep");
    assert_null(sl_sequential(ctx, { .type = "residual" }));
    assert_says(ctx, SL_EINVAL, "residual_1: no layers are inside it");
    assert_null(sl_sequential(
        ctx, sl_dense(.units = 3, .layers = (const sl_layer[]){ sl_dense(.units = 3), { 0 } })));
    assert_says(ctx, SL_EINVAL, "dense_1: a dense layer has no layers inside it");
    assert_null(sl_model_new(ctx, NULL));
    assert_says(ctx, SL_EINVAL, "a model without layers");
    assert_null(sl_sequential(ctx, sl_dense(.units = 3, .rate = (sl_real)0.5)));
    assert_says(ctx, SL_EINVAL, "dense_1: a dense layer does not know rate");
    assert_null(sl_sequential(ctx, sl_dense(.name = "last", .activation = "relu")));
    assert_says(ctx, SL_EINVAL, "last: units is 0: wants a whole number from 1 to");
    sl_ctx_free(ctx);
}

/* Whatever bytes come: an error or a net, never a crash (run under sanitizers). */
static void any_text_is_an_error_or_a_net(void **unused)
{
    (void)unused;
    static const char *const pieces[] = { "5",       "relu", ",",       " x ",      "x",         " ",
                                          "dropout", "0.2",  "=",       "init=",    "he",        "name=",
                                          "units=3", "-",    "1e9",     "99",       "input",     "linear",
                                          "\t",      "\xff", "bias=no", "tanh",     "residual",  "[",
                                          "]",       "[5]",  "share=",  "reshape ", "freeze=yes" };
    uint64_t state = 41;
    int nets = 0;
    for (int i = 0; i < 20000; i++) {
        char net[200] = "";
        for (size_t n = engine_below(&state, 9); n; n--)
            strcat(net, pieces[engine_below(&state, sizeof pieces / sizeof *pieces)]);
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = sl_model_parse(ctx, net);
        assert_int_equal(model != NULL, sl_error(ctx) == SL_OK);
        nets += model != NULL;
        sl_model_free(model);
        assert_int_equal(sl_ctx_bytes(ctx), 0);
        sl_ctx_free(ctx);
    }
    assert_in_range(nets, 200, 10000);
}

/* --- plans: loss and last layer must fit (S61, U40) --- */

static void U40_a_loss_that_does_not_fit_is_refused(void **unused)
{
    (void)unused;
    static const struct {
        const char *net, *loss, *sentence; /* NULL: it fits */
    } cases[] = {
        { "5 relu, 3 softmax", "cross_entropy",
          "dense_2: the net ends in softmax, and cross_entropy applies it itself" },
        { "5 relu, 1 sigmoid", "binary_cross_entropy",
          "dense_2: the net ends in sigmoid, and binary_cross_entropy applies" },
        { "5 relu, 3 relu", "cross_entropy", "the net ends in relu, and cross_entropy wants logits" },
        { "5 relu, 1 tanh", "bce", "the net ends in tanh, and binary_cross_entropy wants logits" },
        { "5 relu, 1", "cross_entropy", "the net ends in 1 unit, and cross_entropy wants at least 2" },
        { "5 relu, dropout 0.5", "mse", "dropout_1: a net cannot end in a dropout layer" },
        { "5", "accuracy", "accuracy cannot be trained on: it is flat almost everywhere" },
        { "5", "cross_entrpy", "unknown loss 'cross_entrpy': did you mean 'cross_entropy'?" },
        { "5", NULL, "no loss" },
        { "5 relu, 3", "cross_entropy", NULL },
        { "5 relu, 3", "ce", NULL },
        { "5 relu, 1", "bce", NULL },
        { "5 relu, 1 tanh", "mean_squared", NULL },
        { "5 relu, 3 softmax", "mse", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sl_ctx *ctx = engine_ctx(1);
        sl_model *model = sl_model_parse(ctx, cases[i].net);
        assert_fine(ctx);
        const sl_status status = sl_compile(model, .loss = cases[i].loss);
        assert_int_equal(status == SL_OK, cases[i].sentence == NULL);
        if (cases[i].sentence)
            assert_says(ctx, SL_EINVAL, cases[i].sentence);
        assert_int_equal(sl_model_loss(model) != NULL, cases[i].sentence == NULL);
        sl_ctx_free(ctx);
    }
}

static void every_layer_and_loss_is_described(void **unused)
{
    (void)unused;
    size_t layers = 0, losses = 0;
    for (const sl_layer_kind *k; (k = sl_layer_kind_at(layers)); layers++)
        if (!k->name || !k->summary || !*k->summary || !k->formula || !*k->formula || !k->source ||
            !*k->source)
            fail_msg("layer %s lacks its summary, formula or source", k->name);
    for (const sl_loss *l; (l = sl_loss_at(losses)); losses++) {
        if (!l->name || !l->summary || !*l->summary || !l->formula || !*l->formula || !l->source ||
            !*l->source)
            fail_msg("loss %s lacks its summary, formula or source", l->name);
        assert_non_null(sl_op_find(l->name)); /* and its operator, so that its gradient is checked */
        assert_ptr_equal(sl_op_find(l->name), l->op);
        assert_ptr_equal(l->options, l->op->options);
        assert_true(!l->output || l->predict);
    }
    assert_true(layers >= 3 && losses >= 13);
}

/* The loss of a batch is the mean of its rows' losses: what training minimises is what evaluation measures;
 * with weights each row's times its own. The sum is that times their number. */
static void check_mean_of_rows(const sl_loss *loss, bool one)
{
    enum { ROWS = 7, OUT = 4, MOST = 12 };
    const size_t columns = one ? 1 : OUT, width = columns * (size_t)sl_loss_per_target(loss);
    sl_ctx *ctx = engine_ctx(1);
    uint64_t state = 71;
    const bool classes = loss->target == SL_TARGET_CLASS, shares = loss->target == SL_TARGET_DISTRIBUTION;
    sl_loss_values values;
    assert_ptr_equal(sl_loss_find(ctx, loss->name, &values), loss);
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(ROWS, (int)width), NULL);
    sl_tensor *t = sl_tensor_new(ctx, classes ? sl_dims(ROWS) : sl_dims(ROWS, (int)columns), NULL);
    sl_tensor *w = sl_tensor_new(ctx, sl_dims(ROWS), NULL);
    engine_fill(&state, sl_values(x), ROWS * width, loss->activation ? 0.1 : -3, loss->activation ? 0.9 : 3);
    engine_fill(&state, sl_values(t), sl_count(t), 0, 1);
    engine_fill(&state, sl_values(w), ROWS, 0, 2);
    for (size_t i = 0; (classes || loss->whole) && i < sl_count(t); i++)
        sl_values(t)[i] = (sl_real)engine_below(&state, classes && !one ? OUT : 2);
    for (size_t i = 0; shares && i < ROWS; i++) {
        sl_real *row = sl_values(t) + i * width, sum = 0;
        for (size_t j = 0; j < width; j++)
            sum += row[j];
        for (size_t j = 0; j < width; j++)
            row[j] /= sum;
    }
    double mean = 0, weighed = 0;
    for (size_t i = 0; i < ROWS; i++) {
        sl_real row[MOST];
        memcpy(row, sl_values(x) + i * width, width * sizeof *row);
        const double l = (double)sl_loss_of_row(SL_ISA_PLAIN, loss, &values, row,
                                                sl_values(t) + i * (classes ? 1 : columns), width);
        mean += l / ROWS;
        weighed += l * (double)sl_values(w)[i] / ROWS;
    }
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const double rounding = engine_tolerance(1e-6, 1e-14);
    char sum[64];
    snprintf(sum, sizeof sum, "%s reduction=sum", loss->name);
    const sl_real *plain = sl_values(sl_loss_of(tape, loss->name, x, t, NULL)),
                  *heavy = sl_values(sl_loss_of(tape, loss->name, x, t, w)),
                  *whole = sl_values(sl_loss_of(tape, sum, x, t, w));
    assert_fine(ctx);
    assert_near(plain[0], mean, rounding);
    assert_near(heavy[0], weighed, rounding);
    assert_near(whole[0], weighed * ROWS * (loss->op->row_losses ? 1 : (double)width), rounding);
    sl_ctx_free(ctx);
}

static void every_loss_is_the_mean_of_its_rows(void **unused)
{
    (void)unused;
    for (size_t l = 0; sl_loss_at(l); l++) {
        check_mean_of_rows(sl_loss_at(l), false);
        if (sl_loss_at(l)->least_outputs == 1)
            check_mean_of_rows(sl_loss_at(l), true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_nets_are_read_and_written_back),
        cmocka_unit_test(options_of_activations_are_written_in_one_way),
        cmocka_unit_test(bad_nets_are_refused_with_the_place),
        cmocka_unit_test(any_text_is_an_error_or_a_net),
        cmocka_unit_test(U40_a_loss_that_does_not_fit_is_refused),
        cmocka_unit_test(every_layer_and_loss_is_described),
        cmocka_unit_test(every_loss_is_the_mean_of_its_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
