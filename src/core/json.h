/* json.h - JSON (RFC 8259): a strict reader into a tree, and helpers that write it on a text. */
#ifndef SL_CORE_JSON_H
#define SL_CORE_JSON_H

#include "core/arena.h"
#include "core/text.h"

typedef enum {
    SL_JSON_NULL,
    SL_JSON_BOOL,
    SL_JSON_NUMBER,
    SL_JSON_STRING,
    SL_JSON_ARRAY,
    SL_JSON_OBJECT
} sl_json_kind;

typedef struct sl_json sl_json;
typedef struct {
    const sl_json *value; /* NULL: none */
    const char *wanted;
} sl_json_misfit;

struct sl_json {
    sl_json_kind kind;
    bool truth;       /* BOOL */
    double number;    /* NUMBER, correctly rounded */
    const char *text; /* STRING: decoded; NUMBER: as it was written. Closed by a 0; else NULL */
    size_t length;    /* of text in bytes: a string may hold \u0000 */
    const char *key;  /* a member of an object: its name, decoded; else NULL */
    size_t key_length;
    size_t count;         /* ARRAY, OBJECT: elements */
    const sl_json *first; /* ARRAY, OBJECT: for (const sl_json *e = v->first; e; e = e->next) */
    const sl_json *next;
    const sl_json **members; /* OBJECT of many: its hash table of table_size places */
    size_t table_size;
    sl_json_misfit *misfit; /* OBJECT: of the whole tree, see sl_json_fits */
};

/* The tree of bytes[0..length), made in the arena; nothing of bytes is borrowed. NULL and SL_EFORMAT with a
 * sentence such as "run.json line 3 column 7: wants ':' behind the name, found '1'" when it is not exactly
 * one JSON text in UTF-8; names given twice and more than 64 levels are refused. A byte order mark before it
 * is allowed.                                                                                        */
const sl_json *sl_json_read(sl_arena *arena, const char *name, const char *bytes, size_t length);

/* For the reader: enters a member, already in the object's list, whose name is new. False: out of memory. */
bool sl_json_enter(sl_arena *arena, sl_json *object, const sl_json *member);

/* A member of an object by the bytes of its name; NULL: none. */
const sl_json *sl_json_find(const sl_json *object, const char *key, size_t length);
/* A member of an object; NULL: none, or not an object (NULL too). */
const sl_json *sl_json_get(const sl_json *object, const char *key);
/* A member's value; `otherwise` when there is none, it is null, or of another kind, which is noted. */
const char *sl_json_string(const sl_json *object, const char *key, const char *otherwise);
double sl_json_number(const sl_json *object, const char *key, double otherwise);
uint64_t sl_json_uint64(const sl_json *object, const char *key, uint64_t otherwise);
bool sl_json_bool(const sl_json *object, const char *key, bool otherwise);
/* A member that was looked at is not what is wanted; the first one is kept. */
void sl_json_note(const sl_json *object, const sl_json *value, const char *wanted);
/* SL_EFORMAT: a member was asked for as another kind than it is: "name: "rate" is 'x': wants a number". */
sl_status sl_json_fits(sl_ctx *ctx, const sl_json *object, const char *name);
/* The value itself as a whole number 0 .. 2^64-1, exactly; false: it is not written as one. */
bool sl_json_whole(const sl_json *value, uint64_t *number);

/* Writing. Strings that are not UTF-8 get U+FFFD for each wrong byte, so the output is always valid. */
void sl_json_put_string(sl_text *text, const char *string); /* NULL: null */
void sl_json_put_bytes(sl_text *text, const char *bytes, size_t length);
void sl_json_put_number(sl_text *text, double value); /* not finite: null */
void sl_json_put_real(sl_text *text, sl_real value);  /* shortest for its own precision */
void sl_json_put_uint64(sl_text *text, uint64_t value);
void sl_json_put_bool(sl_text *text, bool value);
/* `"key": ` with ", " before it unless *first, which becomes false. */
void sl_json_key(sl_text *text, bool *first, const char *key);

/* Bytes of the UTF-8 character at bytes[0], 1 to 4; 0: wrong (too long a form, a surrogate, cut short). */
size_t sl_utf8_length(const char *bytes, size_t length);

#endif
