/* texts.c - learn from a few reviews, keep the model, and answer new ones with it.
 *
 *     cc texts.c $(pkg-config --cflags --libs slope) -o texts
 *     ./texts "a new review" ...      with no argument: some of its own */
#include <slope.h>
#include <stdio.h>
#include <string.h>

/* A line of names; a field with a comma stands in quotes. */
static const char reviews[] = "label,text\n"
                              "good,\"What a lovely film, I laughed and I cried.\"\n"
                              "good,\"Great actors, a clever story, and an ending that surprised me.\"\n"
                              "good,I loved every minute of it.\n"
                              "good,\"Not bad at all, a warm and funny evening.\"\n"
                              "good,\"A great story with lovely music, well worth seeing.\"\n"
                              "good,Clever and funny: I would see it again.\n"
                              "good,\"Beautiful pictures, and the actors are great.\"\n"
                              "good,The best film I saw this year.\n"
                              "bad,\"A boring film, I nearly fell asleep.\"\n"
                              "bad,\"The story makes no sense, and the ending is terrible.\"\n"
                              "bad,I hated every minute of it.\n"
                              "bad,\"Not good at all, a dull and silly evening.\"\n"
                              "bad,\"A terrible story with boring music, not worth seeing.\"\n"
                              "bad,Dull and silly: I would not see it again.\n"
                              "bad,\"Ugly pictures, and the actors are terrible.\"\n"
                              "bad,The worst film I saw this year.\n";

/* What is to be learned from lies in a file; the label is its target, the column of sentences its input. */
static sl_data *open_reviews(sl_ctx *ctx, const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(reviews, file) < 0 || fclose(file))
        fprintf(stderr, "texts: %s cannot be written\n", path);
    return sl_data_open_table(ctx, path, NULL, &(sl_table_options){ .target = "label" });
}

/* The answers to texts in memory, a CSV file without labels; its columns are found by the names that the
 * model knows. */
static sl_status answer(sl_ctx *ctx, const sl_model *model, const char *csv)
{
    sl_data *data = sl_data_from_text(ctx, csv, strlen(csv), model);
    sl_tensor *p = sl_predict_data(ctx, model, data, 0, sl_data_rows(data)); /* [rows, 2] */
    for (size_t row = 0; p && row < sl_data_rows(data); row++) {
        const sl_real *share = sl_values(p) + 2 * row;
        const int best = share[1] > share[0];
        printf("%-4s %3.0f %%  row %zu\n", sl_model_class_name(model, best), 100 * (double)share[best],
               row + 1);
    }
    return sl_error(ctx);
}

static sl_status job(sl_ctx *ctx, const char *csv)
{
    sl_data *train = open_reviews(ctx, "reviews.csv");

    /* Two outputs, one a class, on the text's features: single words and pairs of them ("not good"), each
     * weighted by how much more often it stands in one class. Zero weights say nothing of unknown words. */
    sl_model *model = sl_sequential(ctx, sl_bag(.units = 2));
    sl_compile(model, .loss = "cross_entropy", .optimizer = sl_adagrad(.lr = 0.3f));
    sl_fit(model, train, .text = "words ngrams=2 weight=nb", .epochs = 30, .batch = 4);

    /* Words, weights and class names are all in the file. */
    if (sl_model_save(model, "reviews.safetensors"))
        return sl_error(ctx);
    return answer(ctx, sl_model_load(ctx, "reviews.safetensors"), csv);
}

int main(int count, char **arguments)
{
    char csv[4096] = "text\nA lovely and clever film.\nA dull and terrible film.\nNot worth it.\n";
    size_t used = 5;
    for (int i = 1; i < count; i++) { /* quoted; quotes inside are doubled */
        csv[used++] = '"';
        for (const char *c = arguments[i]; *c && used + 8 < sizeof csv; c++) {
            csv[used++] = *c;
            if (*c == '"')
                csv[used++] = '"';
        }
        used += (size_t)snprintf(csv + used, sizeof csv - used, "\"\n");
    }
    sl_ctx *ctx = sl_ctx_new(NULL);
    const sl_status status = job(ctx, csv);
    if (status)
        fprintf(stderr, "texts: %s\n", sl_message(ctx));
    sl_ctx_free(ctx);
    return status ? 1 : 0;
}
