/* lesson.c - fuzz: a page is refused with a line and a sentence, or its blocks lie in order within it and
 * each of its commands is words for slope; an answer's numbers are read or refused. */
#include "../../cli/lesson_check.c"
#include "../../cli/lesson_pick.c"
#include "../../cli/lesson_read.c"
#include "../../cli/lesson_words.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_lesson_need(bool good)
{
    if (!good)
        abort();
}

static void fuzz_lesson_block(const cli_lesson *lesson, const cli_lesson_block *block, size_t behind)
{
    size_t at = block->first + 1, lines = 0;
    bool failed = false;
    fuzz_lesson_need(block->first >= behind && block->first <= block->last &&
                     block->last < lesson->line_count);
    fuzz_lesson_need((block->kind == LESSON_FILE) == (block->file != NULL));
    if (block->kind != LESSON_COMMANDS)
        return;
    for (char *line; (line = cli_lesson_command(lesson, block, &at, &failed)); lines++) {
        char *words[LESSON_WORDS], *store = malloc(strlen(line) + 1);
        const char *why;
        fuzz_lesson_need(store && at <= block->last);
        const int count = cli_lesson_words(line, store, words, &why);
        fuzz_lesson_need(count >= 2 && !words[count] && strcmp(words[0], "slope") == 0);
        free(store);
        free(line);
    }
    fuzz_lesson_need(lines && !failed);
}

static void fuzz_lesson_check(const cli_lesson_check *check)
{
    char word[64];
    fuzz_lesson_need(check->kind < CHECK_KINDS && check->tolerance >= 0);
    for (size_t i = 0; check->names && i < cli_lesson_word_count(check->names); i++)
        fuzz_lesson_need(cli_lesson_word(check->names, i, word));
    fuzz_lesson_need(check->kind != CHECK_FILE || (check->rows > 0 && check->columns >= 0));
    fuzz_lesson_need(check->kind != CHECK_CHOICE || (check->options && check->seal));
    fuzz_lesson_need(check->kind != CHECK_WEIGHTS || (check->data && check->metric));
}

static void fuzz_lesson_answer(const char *text, size_t size)
{
    cli_picked picked = { 0 };
    char why[PICK_WHY] = "", path[32];
    int rows = 0, columns = 0;
    if (!cli_lesson_numbers(text, 1000, &picked, &rows, &columns, why))
        fuzz_lesson_need(*why);
    else
        fuzz_lesson_need(picked.count <= 1000 && (size_t)rows * (size_t)columns <= picked.count);
    picked.count = 0;
    snprintf(path, sizeof path, "%.20s", text);
    (void)cli_lesson_pick(text, "a.0.b", &picked, why);
    (void)cli_lesson_pick(text, "x.1-2", &picked, why);
    if (size > 20)
        (void)cli_lesson_pick(text + 20, path, &picked, why);
    free(picked.values);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cli_lesson lesson = { 0 };
    cli_lesson_error error = { 0 };
    int number;
    char name[64], *text = malloc(size + 1);
    fuzz_lesson_need(text);
    if (size)
        memcpy(text, data, size);
    text[size] = 0;
    if (cli_lesson_file_name(text, &number, name))
        fuzz_lesson_need(number > 0 && number < 1000 && *name);
    if (!cli_lesson_read(&lesson, text, size, &error)) {
        fuzz_lesson_need(*error.text && error.line <= size + 1);
    } else {
        fuzz_lesson_need(lesson.title && lesson.topic && lesson.goal < lesson.goal_end);
        for (size_t i = 0; i < lesson.block_count; i++)
            fuzz_lesson_block(&lesson, &lesson.blocks[i], i ? lesson.blocks[i - 1].last + 1 : 0);
        for (size_t i = 0; i < lesson.check_count; i++)
            fuzz_lesson_check(&lesson.checks[i]);
    }
    cli_lesson_free(&lesson);
    fuzz_lesson_answer(text, strlen(text));
    free(text);
    return 0;
}
