/* Columns of text: inputs by way of their words, beside numbers and alone. */
#include "table_place.h"
#include "core/file.h"
#include "data/check/check.h"

static void text_of(const sl_data *data, size_t row, const char *wanted)
{
    size_t length;
    const char *text = sl_data_words(data, row, &length);
    if (length != strlen(wanted) || memcmp(text, wanted, length) != 0)
        fail_msg("row %zu: '%.*s', wants '%s'", row, (int)length, text, wanted);
}

/* A table of `rows` lines: what `format` makes of a row's number, three times, and a label. */
static sl_data *texts_made(table_bench *b, const char *format, int rows, const sl_table_options *options)
{
    char *text = calloc((size_t)rows + 1, 600), *at = text + sprintf(text, "x;y\n");
    for (int i = 0; i < rows; i++) {
        at += sprintf(at, format, i, i, i);
        at += sprintf(at, ";c%d\n", i % 2);
    }
    sl_data *data = table_open_text(b, text, options);
    free(text);
    return data;
}

static void what_is_a_text(void **state)
{
    table_bench *b = *state;
    const struct {
        const char *format, *type, *role;
        int rows;
    } columns[] = {
        { "row %d has words, %d of them", "text", "text", 40 },
        { "only %d words", "text", "text", 40 },            /* three words, and all differ */
        { "Anna%d Smith%d", "identifier", "left out", 40 }, /* a name */
        { "%d Main Street%d, Springfield", "text", "text", 40 },
        { "A-%d/%d", "identifier", "left out", 40 },
        { "mail%d@example.org", "identifier", "left out", 40 },
        { "only %d words", "category", "input", 10 }, /* too few to tell */
        { "what a film %d", "text", "text", 10 },
        { "\xe9\x9b\xbb\xe8\xbb\x8a\xe3\x81\xaf\xe9\x80\x9f\xe3\x81\x84%"
          "d\xe3\x81\xa7\xe3\x81\x99\xe3\x82\x88",
          "text", "text", 40 },                                                     /* Japanese: 8 signs */
        { "\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e%d", "identifier", "left out", 40 }, /* a name of three */
        { "strongly agree with the sentence that was read", "constant", "left out", 40 },
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        char text[20000] = "n;x;y\n", *at = text + strlen(text);
        for (int row = 0; row < columns[i].rows; row++) {
            at += sprintf(at, "%d.5;", row * 7 % 11);
            at += sprintf(at, columns[i].format, row, row, row);
            at += sprintf(at, ";c%d\n", row % 2);
        }
        sl_data *data = table_open_text(b, text, &(sl_table_options){ .target = "y" });
        table_is(data, "x", columns[i].type, columns[i].role, "");
        sl_data_free(data);
    }
}

/* Answers of a survey are sentences, and there again and again. */
static void sentences_that_are_categories(void **state)
{
    table_bench *b = *state;
    char text[20000] = "x;y\n", *at = text + strlen(text);
    for (int row = 0; row < 200; row++)
        at += sprintf(at, "I would answer %d of the questions in this long list of questions;c%d\n", row % 5,
                      row % 2);
    sl_data *data = table_open_text(b, text, &(sl_table_options){ .target = "y" });
    table_is(data, "x", "category", "input", "5 different words");
    sl_data_free(data);
    /* and reviews of which every third one is there again are texts */
    at = text + strlen("x;y\n");
    for (int row = 0; row < 200; row++)
        at += sprintf(at, "I would answer %d of the questions in this long list of questions;c%d\n", row % 70,
                      row % 2);
    data = table_open_text(b, text, &(sl_table_options){ .target = "y" });
    table_is(data, "x", "text", "text", "free text: 70 different values of 13 words on average");
    sl_data_free(data);
}

/* One column, and nothing else but the target. */
static void a_text_alone(void **state)
{
    table_bench *b = *state;
    sl_data *data = texts_made(b, "text %d of many %d words %d", 100, &(sl_table_options){ .target = "y" });
    assert_int_equal(sl_data_rows(data), 100);
    const sl_shape shape = sl_data_shape(data);
    assert_true(shape.rank == 1 && shape.dim[0] == 0);
    assert_int_equal(sl_data_classes(data), 2);
    assert_true(sl_data_has_words(data));
    text_of(data, 99, "text 99 of many 99 words 99");
    const uint64_t digest = sl_data_digest(data);
    sl_data *cut, *rest;
    assert_int_equal(sl_data_split(data, 0.2, &cut, &rest), SL_OK);
    assert_int_equal(sl_data_rows(cut), 20);
    for (size_t row = 0; row < 20; row++) {
        char wanted[80];
        const size_t at = sl_data_at(cut, row);
        sprintf(wanted, "text %zu of many %zu words %zu", at, at, at);
        text_of(cut, row, wanted);
    }
    sl_columns *columns = sl_data_fit_columns(rest, NULL, true);
    if (!columns)
        fail_msg("%s", sl_message(b->ctx));
    assert_true(columns->encoded && !columns->encoded_count && !columns->width && columns->texts == 1);
    assert_int_equal(sl_columns_plain_width(columns), 0);
    const sl_preparation how = { .columns = columns };
    const size_t row = 3;
    sl_real y = -1;
    assert_int_equal(sl_prepared_features(&how, rest), 0);
    assert_int_equal(sl_data_gather(NULL, rest, &row, 1, &how, NULL, &y), SL_OK);
    assert_true(y == 0 || y == 1);
    sl_text says;
    sl_text_init(&says, b->ctx);
    sl_columns_describe(columns, &says);
    assert_string_equal(sl_text_string(&says), "1 column of text");
    sl_text_clear(&says);
    /* through a model file's JSON and back */
    sl_columns_put(columns, &says);
    sl_arena arena;
    sl_arena_init(&arena, b->ctx);
    const sl_json *json = sl_json_read(&arena, "a test", sl_text_string(&says), says.length);
    sl_columns *back = sl_columns_take(b->ctx, "a test", json);
    assert_non_null(back);
    sl_dictionary_copy(&back->column[1].words, b->ctx, &columns->column[1].words);
    if (sl_columns_check(back, "a test"))
        fail_msg("%s", sl_message(b->ctx));
    assert_true(back->texts == 1 && back->encoded && back->column[0].role == SL_ROLE_TEXT);
    assert_true(sl_columns_alike(columns, back));
    back->column[0].cell = 1;
    back->column[1].cell = 0;
    assert_false(sl_columns_alike(columns, back));
    sl_columns_free(back);
    sl_arena_free(&arena);
    sl_text_free(&says);
    sl_columns_free(columns);
    sl_data_free(cut);
    sl_data_free(rest);
    sl_data_free(data);
    /* another text is another digest */
    data = texts_made(b, "text %d of many %d worde %d", 100, &(sl_table_options){ .target = "y" });
    assert_true(sl_data_digest(data) != digest);
    sl_data_free(data);
}

static void several_are_joined(void **state)
{
    table_bench *b = *state;
    static const char table[] = "title,size,text,y\n"
                                "one,1,\"a text, of \"\"four\"\" words\",a\n"
                                " two ,2,NA,b\n"
                                ",3,\"two lines\nof text\",a\n"
                                ",4,,b\n"
                                "lost,5,it has no label,\n"
                                "six,6,the last text is here,a\n";
    sl_data *data =
        table_open_text(b, table, &(sl_table_options){ .target = "y", .columns = "title,text=text" });
    assert_int_equal(sl_data_rows(data), 5);
    table_is(data, "title", "text", "text", "as --column asks");
    table_is(data, "size", "integer", "input", "");
    text_of(data, 0,
            "one\x1f"
            "a text, of \"four\" words");
    text_of(data, 1, "two\x1f");
    text_of(data, 2, "\x1ftwo lines\nof text");
    text_of(data, 3, "");
    text_of(data, 4, "six\x1fthe last text is here");
    assert_true(isnan(table_cell(data, 3, "title")) && isnan(table_cell(data, 1, "text")));
    const double cell = table_cell(data, 4, "text");
    assert_true(cell >= 0 && cell < 9007199254740992.0 && cell == floor(cell));
    assert_non_null(strstr(b->log, "1 row without a text kept"));
    assert_non_null(strstr(b->log, "1 row without a target left out"));
    /* by its columns: in any order, and a column that is not there is named */
    sl_columns *columns = sl_columns_copy(b->ctx, data->store->columns);
    static const char again[] = "text;y;size;title\nbody;zzz;2;head\n";
    table_put(b, again, strlen(again));
    const sl_table_reading how = { .columns = columns, .inputs = true };
    sl_data *other = sl_table_read(b->ctx, b->path, &how);
    if (!other)
        fail_msg("%s", sl_message(b->ctx));
    text_of(other, 0,
            "head\x1f"
            "body");
    sl_data_free(other);
    table_put(b, "size,title\n1,head\n", 18);
    assert_null(sl_table_read(b->ctx, b->path, &how));
    assert_non_null(strstr(sl_message(b->ctx), "lacks 1 of 3 input columns: text"));
    sl_clear(b->ctx);
    sl_columns_free(columns);
    sl_data_free(data);
}

static void what_a_text_is_not(void **state)
{
    table_bench *b = *state;
    static const char table[] = "x,y\nthe first of these texts,a\nthe second of these texts,b\n";
    table_refused(b, table, &(sl_table_options){ .target = "x" }, SL_EINVAL, "--target x: it is text",
                  "name the column that holds the answers");
    table_refused(b, table, &(sl_table_options){ .target = "y", .memory = 100 }, SL_EINVAL,
                  "take more than the third of --memory", "texts stay in memory");
    table_refused(b, "x,y\nall of the same class,a\nevery single one is,a\n",
                  &(sl_table_options){ .target = "y" }, SL_EINVAL, "all 2 values are the same",
                  "nothing to learn");
    /* enough memory: as without a limit */
    sl_data *data = table_open_text(b, table, &(sl_table_options){ .target = "y", .memory = 1 << 20 });
    text_of(data, 1, "the second of these texts");
    sl_data_free(data);
}

/* A finding of one check on all rows of a table; NULL: it has nothing to say. */
static char *finding(table_bench *b, const sl_data *data, const char *name)
{
    const sl_check_job job = { .ctx = b->ctx, .train = data, .classes = sl_data_classes(data) };
    sl_text text;
    sl_text_init(&text, b->ctx);
    char *found = NULL;
    for (size_t i = 0; sl_check_at(i); i++)
        if (!strcmp(sl_check_at(i)->name, name) && sl_check_at(i)->look(&job, &text))
            found = strcpy(malloc(text.length + 1), sl_text_string(&text));
    sl_text_free(&text);
    return found;
}

static void checks_see_texts(void **state)
{
    table_bench *b = *state;
    char text[60000] = "n,x,y\n", *at = text + strlen(text);
    for (int i = 0; i < 300; i++) /* ten rows without a number, and a text that is the same three times */
        at += sprintf(at, "%s,text %d of these many,%c\n", i < 10 ? "" : "1.5", i / 3, 'a' + i / 3 % 2);
    sl_data *data =
        table_open_text(b, text, &(sl_table_options){ .target = "y", .columns = "n=number\nx=text" });
    char *found = finding(b, data, "empty_rows");
    assert_null(found);
    found = finding(b, data, "duplicates");
    assert_non_null(found);
    assert_non_null(strstr(found, "299 of 300"));
    free(found);
    assert_null(finding(b, data, "leakage"));
    assert_null(finding(b, data, "identifier"));
    assert_null(finding(b, data, "too_few"));
    sl_data_free(data);
}

/* 10,000 rows as python's csv reads them. */
static void S176_titles_and_texts(void **state)
{
    table_bench *b = *state;
    char path[1024];
    sl_data *data = sl_data_open_table(b->ctx, table_real("ag-news-small/train.csv", path), NULL,
                                       &(sl_table_options){ .target = "label" });
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    assert_int_equal(sl_data_rows(data), 10000);
    assert_int_equal(sl_data_classes(data), 4);
    table_is(data, "title", "text", "text", "free text: 9,857 different values of 6.7 words on average");
    table_is(data, "description", "text", "text", "free text: 9,962 different values of 31.4");
    assert_int_equal(data->store->text_offset[10000], 2381656);
    text_of(data, 1,
            "England advance to semi in rain-shortened match\x1f"
            "Andrew Flintoff scored 104 as England advanced to the semi-finals of the Champions Trophy "
            "yesterday with a 49-run win over Sri Lanka, the match a victim of persistent rain at the Rose "
            "Bowl.");
    sl_data_free(data);
}

/* Spam and topics are the same kind of file: texts, and which of some classes each is. */
static void S165_any_classes(void **state)
{
    table_bench *b = *state;
    static const char table[] =
        "kind\tmessage\nham\tOk lar, joking with you\nspam\tFree entry in a weekly comp\n"
        "ham\tI will call you later\nspam\tYou have won a prize now\n";
    sl_data *data = table_open_text(b, table, &(sl_table_options){ .target = "kind" });
    assert_int_equal(sl_data_classes(data), 2);
    assert_string_equal(sl_data_class_name(data, 1), "spam");
    table_is(data, "message", "text", "text", "free text: 4 different values of 5.");
    text_of(data, 3, "You have won a prize now");
    sl_data_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_a_text, table_up, table_down),
        cmocka_unit_test_setup_teardown(sentences_that_are_categories, table_up, table_down),
        cmocka_unit_test_setup_teardown(a_text_alone, table_up, table_down),
        cmocka_unit_test_setup_teardown(several_are_joined, table_up, table_down),
        cmocka_unit_test_setup_teardown(what_a_text_is_not, table_up, table_down),
        cmocka_unit_test_setup_teardown(checks_see_texts, table_up, table_down),
        cmocka_unit_test_setup_teardown(S176_titles_and_texts, table_up, table_down),
        cmocka_unit_test_setup_teardown(S165_any_classes, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
