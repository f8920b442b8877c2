/* check_room.h - for the tests of checks: a context that is listened to, noise, and what a check must say of
 * data. For tests only. */
#ifndef TESTS_CHECK_ROOM_H
#define TESTS_CHECK_ROOM_H

#include "data/check/check.h"
#include "made_table.h"

typedef struct {
    sl_ctx *ctx;
    char said[8192];
    sl_text sentence;
} check_room;

static inline int check_set_up(void **state)
{
    check_room *room = calloc(1, sizeof *room);
    room->ctx = made_ctx(1, 1, room->said);
    sl_text_init(&room->sentence, room->ctx);
    *state = room;
    return 0;
}

static inline int check_tear_down(void **state)
{
    check_room *room = *state;
    sl_text_free(&room->sentence);
    assert_int_equal(sl_ctx_bytes(room->ctx), 0);
    sl_ctx_free(room->ctx);
    free(room);
    return 0;
}

static const sl_check *check_called(const char *name)
{
    for (size_t i = 0; sl_check_at(i); i++)
        if (!strcmp(sl_check_at(i)->name, name))
            return sl_check_at(i);
    fail_msg("there is no check %s", name);
    return NULL;
}

static inline sl_check_job check_job(check_room *room, const sl_data *train)
{
    return (sl_check_job){ .ctx = room->ctx, .name = "made", .train = train, .classes = train->classes };
}

static inline sl_severity check_look(check_room *room, const char *name, const sl_check_job *job)
{
    sl_text_clear(&room->sentence);
    const sl_severity severity = check_called(name)->look(job, &room->sentence);
    assert_int_equal(sl_error(room->ctx), SL_OK);
    assert_true((severity == SL_FINDS_NOTHING) == (room->sentence.length == 0));
    return severity;
}

/* The check says so, with this piece in its sentence. */
static inline void check_finds(check_room *room, const char *name, const sl_data *train, sl_severity wanted,
                               const char *piece)
{
    const sl_check_job job = check_job(room, train);
    const sl_severity severity = check_look(room, name, &job);
    if (severity != wanted || !strstr(sl_text_string(&room->sentence), piece))
        fail_msg("%s: severity %d, wants %d with '%s': %s", name, severity, wanted, piece,
                 sl_text_string(&room->sentence));
}

static inline void check_silent(check_room *room, const char *name, const sl_data *train)
{
    check_finds(room, name, train, SL_FINDS_NOTHING, "");
}

static const made_column check_columns[] = {
    { "u", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "v", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "word", SL_COLUMN_CATEGORY, SL_ROLE_INPUT, "red green blue" },
    { "y", SL_COLUMN_NUMBER, SL_ROLE_TARGET, NULL },
};
static const made_column check_class_columns[] = {
    { "u", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "v", SL_COLUMN_NUMBER, SL_ROLE_INPUT, NULL },
    { "word", SL_COLUMN_CATEGORY, SL_ROLE_INPUT, "red green blue" },
    { "y", SL_COLUMN_CATEGORY, SL_ROLE_TARGET, "no yes" },
};

/* Noise, in which nothing follows from anything. */
static inline sl_data *check_noise(check_room *room, size_t rows, bool classes)
{
    uint64_t random = 5;
    sl_data *data = made_table(room->ctx, rows, classes ? check_class_columns : check_columns, 4);
    for (size_t i = 0; i < rows; i++) {
        *made_cell(data, i, 0) = engine_uniform(&random, -1, 1);
        *made_cell(data, i, 1) = engine_uniform(&random, 50, 60);
        *made_cell(data, i, 2) = (double)engine_below(&random, 3);
        *made_cell(data, i, 3) = classes ? (double)engine_below(&random, 2) : engine_uniform(&random, 0, 9);
    }
    return data;
}

#define CHECK_TEST(name) cmocka_unit_test_setup_teardown(name, check_set_up, check_tear_down)

#endif
