/* Pages of lessons: what is read, what is refused and where; command lines as words; numbers picked from
 * outputs. */
#include "../cli/lesson_check.c"
#include "../cli/lesson_pick.c"
#include "../cli/lesson_read.c"
#include "../cli/lesson_words.c"
#include "engine.h"

#define LESSON_HEAD "# A\n\nTopic: b\n\nGoal: c\n\n"

static void lesson_refused_at(const char *page, size_t line, const char *part)
{
    cli_lesson lesson = { 0 };
    cli_lesson_error error = { 0 };
    assert_false(cli_lesson_read(&lesson, page, strlen(page), &error));
    if (error.line != line || !strstr(error.text, part))
        fail_msg("line %zu: %s\nwanted line %zu: %s", error.line, error.text, line, part);
    cli_lesson_free(&lesson);
}

static void malformed_pages_are_refused_with_their_line(void **unused)
{
    (void)unused;
    lesson_refused_at("", 1, "wants the title");
    lesson_refused_at("## A\n", 1, "wants the title");
    lesson_refused_at("# A\n\nGoal: c\n", 3, "wants the topic");
    lesson_refused_at("# A\nTopic: b\n\n\nwhat\n", 5, "wants the goal");
    lesson_refused_at(LESSON_HEAD "Folder: other\n", 7, "wants 'Folder: current'");
    lesson_refused_at(LESSON_HEAD "```sh\nslope descend\n", 7, "has no end");
    lesson_refused_at(LESSON_HEAD "```sh\n# only a remark\n```\n", 7, "wants a command");
    lesson_refused_at(LESSON_HEAD "```sh\nslope descend x\nls\n```\n", 9, "begins with slope");
    lesson_refused_at(LESSON_HEAD "```sh\nslope a | wc\n```\n", 8, "no pipe");
    lesson_refused_at(LESSON_HEAD "```sh stauts=2\nslope a\n```\n", 7, "status");
    lesson_refused_at(LESSON_HEAD "```sh status=two\nslope a\n```\n", 7, "whole number");
    lesson_refused_at(LESSON_HEAD "```sh\nslope a\n```\n\n```text haed=3\n```\n", 11, "head tail mask");
    lesson_refused_at(LESSON_HEAD "```csv file=../a\n1\n```\n", 7, "without folder");
    lesson_refused_at(LESSON_HEAD "```csv file=.profile\n1\n```\n", 7, "without folder");
    lesson_refused_at(LESSON_HEAD "<!-- remark\n", 7, "has no end");
    lesson_refused_at(LESSON_HEAD "<!-- check 2\nkind: choice\n-->\n", 7, "<!-- check 1");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\n-->\n", 7, "without fields");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: guess\n-->\n", 8, "numbers, file, weights");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nnames: a\n-->\n", 8, "first field");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: numbers\nanswer: 5\n-->\n", 9, "wants 'key: value'");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: digest\ntolerance: 5\n-->\n", 9, "has no tolerance");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: numbers\nnames: a a\n-->\n", 9, "a name for each");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: numbers\nnames: a\n-->\n", 7, "pick");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: file\nshape: 3 by 2\n-->\n", 9, "'3 x 2'");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: file\nshape: 0\n-->\n", 9, "'3 x 2'");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: numbers\npick: a\n-->\n", 9, "behind its command");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: numbers\ncommand: rm a\n-->\n", 9,
                      "begins with slope");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: choice\noptions: a b\nseal: 12\n-->\n", 10,
                      "16 hex digits");
    lesson_refused_at(LESSON_HEAD "<!-- check 1\nkind: weights\nbar: accuracy\n-->\n", 9,
                      "a metric and a number");
    lesson_refused_at(LESSON_HEAD "a\033[31mb\n", 7, "byte 27");
}

static void a_whole_page_is_read(void **unused)
{
    (void)unused;
    static const char page[] =
        "\xEF\xBB\xBF# A title\r\n\r\nTopic: b\r\n\r\nGoal: c\r\nd\r\n\r\nFolder: current\r\n\r\n"
        "```csv file=a.csv\r\n1,2\r\n```\r\n```sh status=2\r\n# remark\r\nslope a \\\r\n  b\r\n"
        "\r\nslope c\r\n```\r\n\r\n```text head=2 tail=1 mask=time,seconds\r\n```\r\n"
        "<!-- check 1\r\nkind: numbers\r\nnames: u v\r\ntolerance: 1 %\r\n"
        "command: slope d \"e f\"\r\npick: x.1-2\r\nhint v: no\r\n-->\r\n";
    cli_lesson lesson = { 0 };
    cli_lesson_error error = { 0 };
    assert_true(cli_lesson_read(&lesson, page, sizeof page - 1, &error));
    assert_string_equal(lesson.title, "A title");
    assert_string_equal(lesson.topic, "b");
    assert_int_equal(lesson.goal_end - lesson.goal, 2);
    assert_true(lesson.here);
    assert_int_equal(lesson.block_count, 4);
    assert_int_equal(lesson.blocks[0].kind, LESSON_FILE);
    assert_string_equal(lesson.blocks[0].file, "a.csv");
    assert_int_equal(lesson.blocks[1].status, 2);
    assert_int_equal(lesson.blocks[2].kind, LESSON_OUTPUT);
    assert_int_equal(lesson.blocks[2].head, 2);
    assert_int_equal(lesson.blocks[2].tail, 1);
    assert_string_equal(lesson.blocks[2].mask, "time,seconds");
    bool failed;
    size_t at = lesson.blocks[1].first + 1;
    char *line = cli_lesson_command(&lesson, &lesson.blocks[1], &at, &failed);
    assert_string_equal(line, "slope a b");
    free(line);
    line = cli_lesson_command(&lesson, &lesson.blocks[1], &at, &failed);
    assert_string_equal(line, "slope c");
    free(line);
    assert_null(cli_lesson_command(&lesson, &lesson.blocks[1], &at, &failed));
    const cli_lesson_check *check = &lesson.checks[0];
    assert_int_equal(check->kind, CHECK_NUMBERS);
    assert_true(check->relative && check->tolerance == 0.01);
    assert_string_equal(check->pairs[0].pick, "x.1-2");
    assert_int_equal(check->hints[0].of_length, 1);
    cli_lesson_free(&lesson);
}

static void command_lines_become_words_without_a_shell(void **unused)
{
    (void)unused;
    char store[128], *words[LESSON_WORDS];
    const char *why;
    assert_int_equal(
        cli_lesson_words("slope train --net \"4 tanh, 1\" '$a' \"\\\"\" x\"y\"z", store, words, &why), 7);
    assert_string_equal(words[3], "4 tanh, 1");
    assert_string_equal(words[4], "$a");
    assert_string_equal(words[5], "\"");
    assert_string_equal(words[6], "xyz");
    assert_null(words[7]);
    static const char *const refused[] = {
        "slope",        "ls -l",        "slope a; ls",        "slope a > b", "slope $(ls) a",
        "slope \"$A\"", "slope a `ls`", "slope a *",          "slope a & ",  "slope \"a",
        "slope a \\b",  "/bin/slope a", "slope lesson run 1", "slope a ~"
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (cli_lesson_words(refused[i], store, words, &why) >= 0 || !*why)
            fail_msg("taken: %s", refused[i]);
    assert_int_equal(cli_lesson_words("slope lesson show 1", store, words, &why), 4);
}

static void lesson_picks(const char *output, const char *path, size_t count, const double *values)
{
    cli_picked picked = { 0 };
    char why[PICK_WHY] = "";
    const bool good = cli_lesson_pick(output, path, &picked, why);
    if (good != (values != NULL) || (good && picked.count != count))
        fail_msg("%s: %zu numbers, %s", path, picked.count, why);
    for (size_t i = 0; good && i < count; i++)
        assert_true(picked.values[i] == values[i]);
    free(picked.values);
}

static void numbers_are_picked_by_paths(void **unused)
{
    (void)unused;
    static const char json[] =
        "{\"s\": \"a,]}\\\"\", \"w\": [{\"x\": [6, 5.5, -1e2, 4]}, {\"x\": 7}], \"m\": [[1, 2], [3]], "
        "\"n\": null, \"long\": 8}";
    static const char csv[] = "step,\"x.a\",f\n0,1.5,4\n1,2.5,\"3\"\n2,3.5,2\n";
    lesson_picks(json, "w.0.x.1-2", 2, (const double[]){ 5.5, -100 });
    lesson_picks(json, "w.0.x long", 5, (const double[]){ 6, 5.5, -100, 4, 8 });
    lesson_picks(json, "w.1.x m m.0.1", 5, (const double[]){ 7, 1, 2, 3, 2 });
    lesson_picks(json, "w.2.x", 0, NULL);
    lesson_picks(json, "w.0.x.3-4", 0, NULL);
    lesson_picks(json, "n", 0, NULL);
    lesson_picks(json, "a", 0, NULL);
    lesson_picks(csv, "f.0-1 x.a.2 f", 6, (const double[]){ 4, 3, 3.5, 4, 3, 2 });
    lesson_picks(csv, "f.3", 0, NULL);
    lesson_picks(csv, "g", 0, NULL);
    cli_picked picked = { 0 };
    char why[PICK_WHY];
    assert_true(cli_lesson_pick("{\"digest\": \"0123456789abcdef\"}", "digest", &picked, why));
    assert_string_equal(picked.word, "0123456789abcdef");
}

static void lesson_reads(const char *text, size_t count, int rows, int columns)
{
    cli_picked picked = { 0 };
    char why[PICK_WHY] = "";
    int r = 0, c = 0;
    if (!cli_lesson_numbers(text, 9, &picked, &r, &c, why))
        fail_msg("%s: %s", text, why);
    assert_int_equal(picked.count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(picked.values[i] == (double)i + 1);
    assert_int_equal(r, rows);
    assert_int_equal(c, columns);
    free(picked.values);
}

static void answers_are_read_from_csv_json_and_lists(void **unused)
{
    (void)unused;
    lesson_reads("1 2 3\n", 3, 1, 3);
    lesson_reads("1\n2\n3", 3, 3, 1);
    lesson_reads("a,b\r\n1,2\r\n3,4\r\n5,6\r\n", 6, 3, 2);
    lesson_reads("w\n1\n2\n", 2, 2, 1);
    lesson_reads("[[1, 2], [3, 4],\n [5, 6]]", 6, 3, 2);
    lesson_reads("{\"w\": [[1, 2], [3, 4]], \"b\": [5]}", 5, 0, 0);
    lesson_reads("\xEF\xBB\xBF"
                 "1;2\n3;4\n",
                 4, 2, 2);
    lesson_reads("", 0, 0, 0);
    static const char *const refused[] = { "1 2 x",      "1,,2,inf",       "[1, true]",           "[\"1\"]",
                                           "a,b\n1,c\n", "hello world\n1", "1 2 3 4 5 6 7 8 9 10" };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        cli_picked picked = { 0 };
        char why[PICK_WHY] = "";
        int r, c;
        if (cli_lesson_numbers(refused[i], 9, &picked, &r, &c, why) || !*why)
            fail_msg("taken: %s", refused[i]);
        free(picked.values);
    }
}

static void file_names_are_numbers_and_names(void **unused)
{
    (void)unused;
    int number;
    char name[64];
    assert_true(cli_lesson_file_name("012-back-propagation.md", &number, name));
    assert_int_equal(number, 12);
    assert_string_equal(name, "back-propagation");
    static const char *const not [] = { "README.md", "12.md", "12-.md", "12-a.txt",   "0-a.md",  "1000-a.md",
                                        "12-A.md",   "12",    "-a.md",  "12-a.md.md", "12-9a.md" };
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        if (cli_lesson_file_name(not [i], &number, name))
            fail_msg("taken: %s", not [i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_pages_are_refused_with_their_line),
        cmocka_unit_test(a_whole_page_is_read),
        cmocka_unit_test(command_lines_become_words_without_a_shell),
        cmocka_unit_test(numbers_are_picked_by_paths),
        cmocka_unit_test(answers_are_read_from_csv_json_and_lists),
        cmocka_unit_test(file_names_are_numbers_and_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
