/* Texts that are no CSV: JSON lines, fastText's lines, folders of files, one text a line; and bytes that are
 * not UTF-8. */
#include "table_place.h"
#include "data/format.h"

#include <sys/stat.h>

static sl_data *file_open(table_bench *b, const char *bytes, size_t length, const sl_opening *how)
{
    sl_clear(b->ctx);
    b->log[0] = 0;
    table_put(b, bytes, length);
    return sl_data_open_by(b->ctx, b->path, NULL, how);
}

static sl_data *must_open(table_bench *b, const char *text, const sl_opening *how)
{
    sl_data *data = file_open(b, text, strlen(text), how);
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    return data;
}

static void must_refuse(table_bench *b, const char *bytes, size_t length, const sl_table_options *options,
                        const char *words)
{
    const size_t before = sl_ctx_bytes(b->ctx);
    assert_null(file_open(b, bytes, length, &(sl_opening){ .options = options }));
    if (!strstr(sl_message(b->ctx), words))
        fail_msg("'%s' is not in: %s", words, sl_message(b->ctx));
    sl_clear(b->ctx);
    assert_int_equal(sl_ctx_bytes(b->ctx), before);
}

static void text_of(const sl_data *data, size_t row, const char *wanted)
{
    size_t length;
    const char *text = sl_data_words(data, row, &length);
    if (length != strlen(wanted) || memcmp(text, wanted, length) != 0)
        fail_msg("row %zu: '%.*s', wants '%s'", row, (int)length, text, wanted);
}

/* What json.loads makes of the same lines. */
static void json_lines(void **state)
{
    table_bench *b = *state;
    static const char lines[] =
        "\xef\xbb\xbf{\"text\": \"a \\\"quote\\\", a comma\\nand a second line\", \"stars\": 4, \"ok\": "
        "true}\r\n"
        "{\"stars\": 1e1, \"text\": \"caf\\u00e9 \\ud83d\\ude00 is this sign\", \"kind\": \"b\", \"ok\": "
        "false}\n"
        "{\"kind\": \"a\", \"text\": null, \"stars\": null, \"list\": [1, {\"x\": \"y\"}]}\n"
        "{\"kind\": \"b\", \"text\": \"the last of the texts\", \"stars\": -2.5, \"ok\": true}\n\n \n";
    sl_data *data = must_open(
        b, lines,
        &(sl_opening){ .options = &(sl_table_options){ .target = "kind", .columns = "list=ignore" } });
    assert_int_equal(sl_data_rows(data), 3); /* the first has no kind */
    assert_int_equal(sl_data_columns(data), 5);
    assert_string_equal(data->store->columns->column[0].name, "text"); /* in the order of the lines */
    assert_string_equal(data->store->columns->column[3].name, "kind");
    table_is(data, "stars", "number", "input", "3 of 4 values are numbers, 1 missing");
    table_is(data, "ok", "boolean", "input", "true or false");
    table_is(data, "list", "constant", "left out", "");
    text_of(data, 0, "caf\xc3\xa9 \xf0\x9f\x98\x80 is this sign");
    text_of(data, 1, "");
    text_of(data, 2, "the last of the texts");
    assert_true(table_cell(data, 0, "stars") == 10 && isnan(table_cell(data, 1, "stars")));
    sl_data_free(data);
    data = must_open(
        b, "{\"text\": \"the first of these\"}\n{\"text\": null}\n{\"text\": \"the last of these\"}\n",
        &(sl_opening){ 0 }); /* a line is a row, also without anything in it */
    assert_int_equal(sl_data_rows(data), 3);
    sl_data_free(data);
    data = must_open(b, lines, &(sl_opening){ 0 });
    text_of(data, 0, "a \"quote\", a comma\nand a second line");
    sl_data_free(data);
}

#define REFUSED(text, words)                                                                                 \
    must_refuse(b, text, sizeof text - 1, &(sl_table_options){ .target = "y" }, words)

static void json_lines_that_are_wrong(void **state)
{
    table_bench *b = *state;
    REFUSED("{\"y\":1}\n{\"y\":2,}\n", ", line 2: column 8: wants");
    REFUSED("{\"y\":1}\n[1]\n", ", line 2: wants an object");
    REFUSED("{\"y\":1,\"y\":2}\n", ", line 1: column ");
    REFUSED("{\"y\":1}\n\n{\"y\":2}\n", ", line 2: it is empty");
    REFUSED("{\"y\":1}\n{\"x\":\"a\\u0000b\"}\n", ", line 2: the text of 'x' holds a NUL");
    REFUSED("{\"y\":1}\n{\"x\":\"a\xe9\"}\n", ", line 2, byte 8: the byte 0xE9 is not UTF-8 here: save it as "
                                              "UTF-8, or train with --encoding latin1");
    REFUSED("{\"y\":1}\n{\"x\":\"a\0\"}\n", ", line 2, byte 8: a NUL byte");
    REFUSED("{\"\":1}\n", ", line 1: a member has a name that is empty");
    REFUSED("{\"x\":\"a\\nb c d\",\"y\":1}\n{\"x\":\"2\",\"y\":0}\n{\"y\":Infinity}\n", ", line 3: ");
    /* what the table says names the user's line, whatever lines the texts have */
    REFUSED("{\"y\":1.5,\"x\":\"a\\nb\"}\n{\"y\":2,\"x\":1}\n{\"y\":\"2,5\",\"x\":3}\n",
            ", line 3: column y: '2,5'");
    must_refuse(b, "{\"y\":1}\n", 8, &(sl_table_options){ .target = "y", .delimiter = ';' }, "--delimiter");
}

static void fasttext_lines(void **state)
{
    table_bench *b = *state;
    static const char lines[] =
        "__label__pos a good film, \"very\" good\n\n  __label__neg\ta bad one it is\r\n"
        "__label__pos it has under__label__scores\n__label__neg";
    sl_data *data = must_open(b, lines, &(sl_opening){ 0 });
    assert_int_equal(sl_data_rows(data), 4);
    table_is(data, "label", "category", "target", "");
    table_is(data, "text", "text", "text", "free text");
    assert_string_equal(table_word(data, 0, "label"), "pos");
    assert_string_equal(table_word(data, 3, "label"), "neg");
    text_of(data, 0, "a good film, \"very\" good");
    text_of(data, 1, "a bad one it is");
    text_of(data, 2, "it has under__label__scores");
    text_of(data, 3, "");
    assert_non_null(strstr(b->log, "1 row without a text"));
    sl_columns *columns = sl_columns_copy(b->ctx, data->store->columns);
    sl_data_free(data);
    /* by these columns a label that they do not have is told with its line; to predict, none is wanted */
    assert_null(file_open(b, "__label__pos a\n__label__odd b\n", 30, &(sl_opening){ .columns = columns }));
    assert_non_null(strstr(sl_message(b->ctx), ", line 2: column label: 'odd' is none of the 2 classes"));
    data = must_open(b, "__label__odd some text\nno label at all\n",
                     &(sl_opening){ .columns = columns, .inputs = true });
    assert_int_equal(sl_data_rows(data), 2);
    text_of(data, 0, "some text");
    text_of(data, 1, "no label at all");
    sl_data_free(data);
    sl_columns_free(columns);
    must_refuse(b, "__label__a x\n__label__a __label__b y\n", 38, NULL,
                ", line 2: it has a second label, '__label__b");
    must_refuse(b, "__label__a x\nmerely words\n", 26, NULL, ", line 2: it begins with 'merely words'");
}

static void one_text_a_line(void **state)
{
    table_bench *b = *state;
    sl_data *data = must_open(b, "review,kind\nthe first of the texts,a\nthe second of the texts,b\n",
                              &(sl_opening){ .options = &(sl_table_options){ .target = "kind" } });
    sl_columns *columns = sl_columns_copy(b->ctx, data->store->columns);
    const sl_opening how = { .columns = columns, .inputs = true };
    sl_data_free(data);
    snprintf(b->path, sizeof b->path, "/tmp/slope-table-%ld.txt", (long)getpid());
    data = must_open(b, "a text, with a comma\n\n\"quoted\" it is\r\nthe last", &how);
    assert_int_equal(sl_data_rows(data), 4);
    text_of(data, 0, "a text, with a comma");
    text_of(data, 1, "");
    text_of(data, 2, "\"quoted\" it is");
    text_of(data, 3, "the last");
    assert_non_null(strstr(b->log, "one text a line"));
    sl_data_free(data);
    data = must_open(b, "number;review\n1;a text with a header\n", &how); /* a table after all */
    assert_int_equal(sl_data_rows(data), 1);
    text_of(data, 0, "a text with a header");
    sl_data_free(data);
    /* names that begin with a byte of the mark EF BB BF, hold what could delimit, end with blanks, have
     * quotes or are numbers are names of columns too */
    static const char *const headers[] = {
        "\xEF\xBC\xB2\xEF\xBD\x85", "\xEF\xBF\xBDx", "the\ttext",      "a|b;c", "text \t",
        "\"what \"\"it\"\" says\"", "\"one, text\"", "\"two\nlines\"", "2024"
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char table[200];
        snprintf(table, sizeof table, "%s,kind\nthe first of the texts,a\nthe second of the texts,b\n",
                 headers[i]);
        sl_data *named =
            must_open(b, table, &(sl_opening){ .options = &(sl_table_options){ .target = "kind" } });
        data = must_open(b, table, &(sl_opening){ .columns = named->store->columns, .inputs = true });
        assert_int_equal(sl_data_rows(data), 2);
        text_of(data, 0, "the first of the texts");
        sl_data_free(data);
        snprintf(table, sizeof table, "\xEF\xBB\xBF\r\n\n%s\nthe first of the texts\n", headers[i]);
        data = must_open(b, table, &(sl_opening){ .columns = named->store->columns, .inputs = true });
        assert_int_equal(sl_data_rows(data), 1);
        sl_data_free(data);
        sl_data_free(named);
    }
    /* a first line that names the column, and is none of a table, is no text */
    static const char *const broken[] = { "\"review\" ,kind\ngood,a\n", "\"id\" ,\"review\"\n1,good\n",
                                          " \"review\", \"kind\"\ngood,a\n", "id,\"review\n1,good\n2,bad\n",
                                          "id;review\n1;good; fine\n2;bad;x;y\n3;nice;z;u;v\n" };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_null(file_open(b, broken[i], strlen(broken[i]), &how));
    /* a delimiter of its own, also where the training's makes nonsense of every line */
    data = must_open(b, "\"id\";\"review\"\n\"1\";\"good film\"\n\"2\";\"bad day\"\n", &how);
    assert_int_equal(sl_data_rows(data), 2);
    text_of(data, 1, "bad day");
    sl_data_free(data);
    data = must_open(b, "review,kind\nmore\n", &(sl_opening){ .lines = true }); /* as asked */
    assert_int_equal(sl_data_rows(data), 2);
    text_of(data, 0, "review,kind");
    sl_data_free(data);
    remove(b->path);
    /* a CSV is one, whatever its columns are called */
    snprintf(b->path, sizeof b->path, "/tmp/slope-table-%ld.csv", (long)getpid());
    assert_null(file_open(b, "title,body\na,b\n", 15, &how));
    assert_non_null(strstr(sl_message(b->ctx), "lacks 1 of 1 input columns: review"));
    sl_columns_free(columns);
}

/* --- folders ---------------------------------------------------------------------------------------- */

static void put_file(const char *folder, const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *at = path + 1; (at = strchr(at, '/')); *at++ = '/') {
        *at = 0;
        mkdir(path, 0777);
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void S175_folders(void **state)
{
    table_bench *b = *state;
    char top[60], path[80], command[100];
    snprintf(top, sizeof top, "/tmp/slope-texts-%ld", (long)getpid());
    put_file(top, "train/pos/10_9.txt", "ten is a good film\n");
    put_file(top, "train/pos/2_7.txt", "two, \"too\"\nhas two lines");
    put_file(top, "train/neg/1_1.txt", "one is rather bad");
    put_file(top, "train/neg/note.feat", "none of ours");
    put_file(top, "train/unsup/1_0.txt", "nobody has judged this");
    put_file(top, "train/urls_pos.txt", "http://example.org");
    put_file(top, "test/neg/0_1.txt", "zero is bad as well");
    assert_true(sl_data_has_part(b->ctx, top, "test"));
    sl_data *data = sl_data_open(b->ctx, top, NULL);
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    assert_int_equal(sl_data_rows(data), 3);
    assert_string_equal(data->part, "train");
    assert_string_equal(table_word(data, 0, "label"),
                        "neg"); /* folders and files by the bytes of their names */
    text_of(data, 0, "one is rather bad");
    text_of(data, 1, "ten is a good film");
    text_of(data, 2, "two, \"too\"\nhas two lines");
    assert_non_null(strstr(b->log, "unsup: texts without a class, left out"));
    sl_columns *columns = sl_columns_copy(b->ctx, data->store->columns);
    sl_data_free(data);
    data = sl_data_open_by(b->ctx, top, "test", &(sl_opening){ .columns = columns, .keep = "file" });
    assert_int_equal(sl_data_rows(data), 1);
    assert_true(sl_data_target(data, 0) == 0); /* neg, as the columns say */
    assert_string_equal(sl_data_text(data, 0, 0), "0_1.txt");
    sl_data_free(data);
    data = sl_data_open(b->ctx, top, "all");
    assert_int_equal(sl_data_rows(data), 4);
    sl_data_free(data);
    /* classes without parts; a folder of texts alone */
    snprintf(path, sizeof path, "%s/train", top);
    data = sl_data_open(b->ctx, path, NULL);
    assert_int_equal(sl_data_rows(data), 3);
    sl_data_free(data);
    snprintf(path, sizeof path, "%s/train/pos", top);
    data = sl_data_open_by(b->ctx, path, NULL, &(sl_opening){ .columns = columns, .inputs = true });
    assert_int_equal(sl_data_rows(data), 2);
    text_of(data, 1, "two, \"too\"\nhas two lines");
    sl_data_free(data);
    /* a file with other bytes is named */
    put_file(top, "train/pos/3_8.txt", "caf\xe9 is a text here");
    assert_null(sl_data_open(b->ctx, top, NULL));
    assert_non_null(strstr(sl_message(b->ctx), "train/pos/3_8.txt, byte 4: the byte 0xE9 is not UTF-8 here"));
    sl_clear(b->ctx);
    data = sl_data_open_table(b->ctx, top, NULL, &(sl_table_options){ .encoding = "latin1" });
    text_of(data, 3, "caf\xc3\xa9 is a text here");
    assert_string_equal(data->store->columns->encoding, "latin1");
    sl_data_free(data);
    /* a class that training never saw */
    put_file(top, "test/odd/1.txt", "of another class");
    assert_null(sl_data_open_by(b->ctx, top, "test", &(sl_opening){ .columns = columns }));
    assert_non_null(strstr(sl_message(b->ctx), ": column label: 'odd' is none of the 2 classes: neg, pos"));
    sl_clear(b->ctx);
    sl_columns_free(columns);
    snprintf(command, sizeof command, "rm -r %s", top);
    assert_int_equal(system(command), 0);
}

static void S175_the_real_folder(void **state)
{
    table_bench *b = *state;
    char path[1024];
    sl_data *data = sl_data_open(b->ctx, table_real("imdb/aclImdb-mini", path), NULL);
    if (!data)
        fail_msg("%s", sl_message(b->ctx));
    assert_int_equal(sl_data_rows(data), 50);
    assert_int_equal(data->store->text_offset[50], 70598);
    sl_data_free(data);
}

/* --- bytes ------------------------------------------------------------------------------------------ */

static void encodings(void **state)
{
    table_bench *b = *state;
    static const char table[] = "t,y\ncaf\xe9 \x80 of this sign,a\nand \x93 here is more\x94,b\n";
    const struct {
        const char *name, *first, *second;
    } ways[] = { { "latin1", "caf\xc3\xa9 \xc2\x80 of this sign", "and \xc2\x93 here is more\xc2\x94" },
                 { "windows-1252", "caf\xc3\xa9 \xe2\x82\xac of this sign",
                   "and \xe2\x80\x9c here is more\xe2\x80\x9d" },
                 { "replace", "caf\xef\xbf\xbd \xef\xbf\xbd of this sign",
                   "and \xef\xbf\xbd here is more\xef\xbf\xbd" } };
    for (size_t i = 0; i < 3; i++) {
        const sl_table_options options = { .target = "y", .encoding = ways[i].name };
        sl_data *data = must_open(b, table, &(sl_opening){ .options = &options });
        text_of(data, 0, ways[i].first);
        text_of(data, 1, ways[i].second);
        sl_columns *columns = sl_columns_copy(b->ctx, data->store->columns);
        sl_data_free(data);
        data = must_open(b, table, &(sl_opening){ .columns = columns }); /* the columns know */
        text_of(data, 0, ways[i].first);
        sl_data_free(data);
        sl_columns_free(columns);
    }
    must_refuse(b, table, sizeof table - 1, NULL,
                "line 2, column 4: the byte 0xE9 is not UTF-8 here: save it as UTF-8, or train with "
                "--encoding latin1");
    must_refuse(b, table, sizeof table - 1, &(sl_table_options){ .encoding = "utf16" },
                "unknown encoding 'utf16'");
    must_refuse(b, "\xff\xfe{\0", 4, NULL, "it is UTF-16");
    /* a good character over the end of a block is no bad one */
    char *text = calloc(300000, 1), *at = text + sprintf(text, "t,y\n");
    for (int i = 0; i < 2000; i++)
        at += sprintf(
            at, "the text %d of \xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac and \xf0\x9f\x98\x80,%c\n",
            i, 'a' + i % 2);
    for (int i = 0; i < 50000; i++) /* so that any end of a block lies in one */
        at += sprintf(at, "\xe2\x82\xac");
    at += sprintf(at, ",a\n");
    const sl_table_options replace = { .target = "y", .encoding = "replace" }, plain = { .target = "y" };
    sl_data *data = must_open(b, text, &(sl_opening){ .options = &replace });
    const uint64_t digest = sl_data_digest(data);
    sl_data_free(data);
    data = must_open(b, text, &(sl_opening){ .options = &plain });
    assert_true(sl_data_digest(data) == digest);
    sl_data_free(data);
    free(text);
}

/* 10 MB in one line, and 50,000 classes. */
static void large_ones(void **state)
{
    table_bench *b = *state;
    enum { LONG = 10 << 20, CLASSES = 50000 };
    char *text = malloc(LONG + 100), *at = text + sprintf(text, "__label__a ");
    for (size_t i = 0; i < LONG; i++)
        *at++ = i % 7 ? 'x' : ' ';
    strcpy(at, "\n__label__b a small one it is\n");
    sl_data *data = must_open(b, text, &(sl_opening){ 0 });
    assert_int_equal(data->store->text_offset[1], LONG - 1); /* without the blank at its begin */
    sl_data_free(data);
    at = text;
    for (int i = 0; i < 2 * CLASSES; i++)
        at += sprintf(at, "__label__c%d a text of number %d\n", i % CLASSES, i);
    data = must_open(b, text, &(sl_opening){ 0 });
    assert_int_equal(sl_data_classes(data), CLASSES);
    sl_data_free(data);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(json_lines, table_up, table_down),
        cmocka_unit_test_setup_teardown(json_lines_that_are_wrong, table_up, table_down),
        cmocka_unit_test_setup_teardown(fasttext_lines, table_up, table_down),
        cmocka_unit_test_setup_teardown(one_text_a_line, table_up, table_down),
        cmocka_unit_test_setup_teardown(S175_folders, table_up, table_down),
        cmocka_unit_test_setup_teardown(S175_the_real_folder, table_up, table_down),
        cmocka_unit_test_setup_teardown(encodings, table_up, table_down),
        cmocka_unit_test_setup_teardown(large_ones, table_up, table_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
