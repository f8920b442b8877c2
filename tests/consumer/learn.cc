// learn.cc - a C++ program of somebody else's: functions alone, no macro of slope.h; structs filled field by field. Learns
// two moons, answers, and prints the digest of the weights. Exit status 1: it did not learn them.
#include <slope.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>

namespace {

struct Free {
    void operator()(sl_ctx *ctx) const { sl_ctx_free(ctx); }
};
using Context = std::unique_ptr<sl_ctx, Free>;

sl_status each_epoch(void *user, const sl_progress *now)
{
    *static_cast<std::size_t *>(user) = now->epoch;
    return SL_OK;
}

void heard(void *user, const char *line)
{
    *static_cast<std::string *>(user) += line;
}

sl_shape shape(int rows, int columns)
{
    sl_shape s{};
    s.rank = 2;
    s.dim[0] = rows;
    s.dim[1] = columns;
    return s;
}

} // namespace

int main()
{
    std::string remarks;
    sl_ctx_options options{};
    options.seed = 3;
    options.log = heard;
    options.user = &remarks;
    const Context ctx(sl_ctx_new(&options));

    sl_data *data = sl_data_open(ctx.get(), "builtin:moons?rows=400&noise=0.1", nullptr), *train = nullptr, *test = nullptr;
    sl_data_split(data, 0.25, &test, &train);

    std::array<sl_layer, 3> layers{}; // the last one, of type NULL, ends them
    layers[0].type = "dense";
    layers[0].units = 16;
    layers[0].activation = "tanh";
    layers[1].type = "dense";
    layers[1].units = 1;
    sl_model *net = sl_model_new(ctx.get(), layers.data());

    sl_plan plan{};
    plan.loss = "binary_cross_entropy";
    plan.optimizer.rule = "adam";
    plan.optimizer.lr = sl_real(0.02);
    sl_model_compile(net, &plan);

    std::size_t epochs = 0;
    sl_fit_options fit{};
    fit.epochs = 40;
    fit.on_epoch = each_epoch;
    fit.user = &epochs;
    sl_model_fit(net, train, &fit);
    const sl_report *scores = sl_evaluate(ctx.get(), net, test);
    const double accuracy = sl_report_last(scores, "accuracy");

    const std::array<sl_real, 4> points{0, 1, 1, sl_real(-0.5)};
    sl_tensor *answer = sl_predict(ctx.get(), net, sl_tensor_new(ctx.get(), shape(2, 2), points.data()));
    const sl_real *p = sl_values(answer); // [2, 2]

    // The same in a loop of one's own.
    sl_optimizer sgd{};
    sgd.rule = "sgd";
    sgd.lr = sl_real(0.1);
    sl_tensor *w = sl_param(ctx.get(), shape(1, 3), "normal");
    sl_step *step = sl_step_new(ctx.get(), sgd, &w, 1);
    sl_tape *tape = sl_tape_new(ctx.get(), SL_TRAIN);
    double before = 0, after = 0;
    for (int i = 0; i < 20; i++) {
        sl_tensor *loss = sl_sum(tape, sl_square(tape, w));
        if (sl_backward(tape, loss) || sl_step_apply(step))
            break;
        after = double(*sl_values(loss));
        before = i ? before : after;
    }

    if (!p || sl_error(ctx.get()) != SL_OK || !(accuracy > 0.95) || epochs != 40 || !(p[0] > p[1]) || !(p[3] > p[2]) ||
        !(after < 0.01 * before)) {
        std::fprintf(stderr, "accuracy %.3f, %zu epochs, loss %g to %g: %s %s\n", accuracy, epochs, before, after,
                     sl_message(ctx.get()), remarks.c_str());
        return 1;
    }
    std::printf("%016" PRIx64 "\n", sl_model_digest(net));
    return 0;
}
