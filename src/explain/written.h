/* written.h - what an update is written in (optim.h, schedule.h): statements one after the other,
 *
 *     NAME = FORMULA [if TEST] {" | " FORMULA [if TEST]} {"; " NAME = ..}
 *
 * each from the names before it. Of several formulas the first one counts whose test is not 0. */
#ifndef SL_EXPLAIN_WRITTEN_H
#define SL_EXPLAIN_WRITTEN_H

#include "explain/explanation.h"

enum { SL_WRITTEN_STATEMENTS = 12, SL_WRITTEN_WAYS = 4, SL_WRITTEN_NAMES = 48 };

typedef struct {
    const char *formula, *test; /* test NULL: none */
    sl_expression read, condition;
} sl_written_way;

typedef struct {
    const char *name;
    sl_written_way way[SL_WRITTEN_WAYS];
    int ways;
    bool last; /* no statement behind it has the same name */
} sl_written_statement;

typedef struct {
    sl_written_statement statement[SL_WRITTEN_STATEMENTS];
    int count;
} sl_written;

typedef struct {
    sl_named named[SL_WRITTEN_NAMES];
    int count;
} sl_written_names;

/* Adds the statements of `text` to those that are there; their texts live as long as the explanation. */
sl_status sl_written_read(sl_written *written, sl_explanation *e, const char *text);
void sl_written_free(sl_written *written);
/* name is borrowed. */
void sl_written_set(sl_written_names *names, const char *name, double value);
/* The formula that counts, and its value. */
const sl_written_way *sl_written_value(const sl_written_statement *statement, const sl_written_names *names,
                                       double *value);
/* Does one of its formulas have one of these names in it? wanted: ends at NULL. */
bool sl_written_has(const sl_written_statement *statement, const char *const *wanted);
/* Its formulas as rules, with the tests in words. */
void sl_written_tell(const sl_written_statement *statement, sl_explanation *e);

#endif
