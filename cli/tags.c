/* tags.c - see tags.h */
#include "tags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TAGS_MOST = 256 << 20, TAGS_FIELDS = 4096 };

typedef struct {
    const char *name, *path;
    char *at;    /* what is not read yet; fields are closed by a 0 in place */
    size_t line; /* that at stands in */
    char *field[TAGS_FIELDS];
    size_t fields, begun; /* of this record; its first line */
} tags_reader;

/* All of a file, a 0 behind it. */
static char *tags_file(const char *name, const char *path)
{
    size_t size = 0, room = 1 << 16, got = 0;
    FILE *stream = fopen(path, "rb");
    char *bytes = stream ? malloc(room + 1) : NULL;
    while (bytes && (got = fread(bytes + size, 1, room - size, stream)) > 0) {
        size += got;
        if (size < room)
            continue;
        char *larger = room < TAGS_MOST ? realloc(bytes, (room *= 2) + 1) : NULL;
        if (!larger)
            free(bytes);
        bytes = larger;
    }
    if (!stream || ferror(stream))
        cli_say(name, "cannot read %s: %s", path, strerror(errno));
    else if (!bytes)
        cli_say(name, "%s is too large for a table of tags", path);
    else if (memchr(bytes, 0, size))
        cli_say(name, "%s holds a byte 0: wants a table as slope errors -o writes it", path);
    else
        bytes[size] = 0;
    const bool bad = !stream || ferror(stream) || (bytes && memchr(bytes, 0, size));
    if (stream)
        fclose(stream);
    if (bad) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

/* One field; true: another one follows in this record. false too with at NULL: said what is wrong. */
static bool tags_field(tags_reader *r)
{
    char *from = r->at, *to = from;
    r->field[r->fields++] = to;
    if (*from == '"') {
        const size_t line = r->line;
        for (from++; *from && (*from != '"' || from[1] == '"'); from++) {
            r->line += *from == '\n';
            from += *from == '"';
            *to++ = *from;
        }
        if (!*from || !strchr(",\r\n", from[1])) {
            cli_say(r->name, "%s, line %zu: %s", r->path, line,
                    *from ? "text behind a closing quote" : "a quote that is never closed");
            r->at = NULL;
            return false;
        }
        from++;
    } else {
        from += strcspn(from, ",\r\n");
        to = from;
    }
    const char end = *from;
    if (end)
        from += 1 + (end == '\r' && from[1] == '\n');
    r->line += end == '\n' || end == '\r';
    *to = 0;
    r->at = from;
    return end == ',';
}

/* false: the end, or (at NULL) said what is wrong. Empty lines are passed over. */
static bool tags_record(tags_reader *r)
{
    while (*r->at == '\n' || *r->at == '\r')
        r->line += *r->at++ == '\n';
    r->fields = 0;
    r->begun = r->line;
    if (!*r->at)
        return false;
    while (tags_field(r))
        if (r->fields == TAGS_FIELDS) {
            cli_say(r->name, "%s, line %zu: more than %d fields", r->path, r->begun, TAGS_FIELDS);
            r->at = NULL;
            break;
        }
    return r->at != NULL;
}

static char *tags_trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length && strchr(" \t", text[length - 1]))
        text[--length] = 0;
    return text;
}

static bool tags_take(cli_tags *tags, const tags_reader *r, const size_t *column, size_t room)
{
    double row;
    const char *text = r->field[column[0]];
    if (!sl_number_parse(text, &row) || !(row >= 0 && row < 9e15) || row != (double)(size_t)row) {
        cli_say(r->name, "%s, line %zu: row is '%s': wants the number of a row, from 0", r->path, r->begun,
                text);
        return false;
    }
    if (tags->count == room) {
        cli_tagged *larger = realloc(tags->rows, (room ? 2 * room : 64) * sizeof *larger);
        if (!larger) {
            cli_say(r->name, "out of memory");
            return false;
        }
        tags->rows = larger;
    }
    tags->rows[tags->count++] =
        (cli_tagged){ (size_t)row, r->field[column[1]], tags_trim(r->field[column[2]]), r->begun };
    return true;
}

bool cli_tags_read(cli_tags *tags, const char *name, const char *path)
{
    static const char *const wanted[] = { "row", "truth", "tag" };
    size_t column[3], width, room = 0;
    *tags = (cli_tags){ .memory = tags_file(name, path) };
    tags_reader reader = { .name = name, .path = path, .at = tags->memory, .line = 1 };
    if (!tags->memory)
        return false;
    if (strncmp(reader.at, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark, as spreadsheets write it */
        reader.at += 3;
    if (!tags_record(&reader)) {
        if (reader.at)
            cli_say(name, "%s is empty: wants a table as slope errors -o writes it", path);
        return false;
    }
    width = reader.fields;
    for (int i = 0; i < 3; i++) {
        for (column[i] = 0; column[i] < width; column[i]++) /* the last one of that name: tag stands last */
            if (strcmp(reader.field[column[i]], wanted[i]) == 0 && (i < 2 || column[i] + 1 == width))
                break;
        if (column[i] == width) {
            cli_say(name, "%s has no column %s%s: wants a table as slope errors -o writes it", path,
                    wanted[i], i == 2 ? " at its end" : "");
            return false;
        }
    }
    while (tags_record(&reader)) {
        if (reader.fields != width) {
            cli_say(name, "%s, line %zu: %zu fields, the first line has %zu", path, reader.begun,
                    reader.fields, width);
            return false;
        }
        if (!tags_take(tags, &reader, column, room))
            return false;
        room = tags->count > room ? (room ? 2 * room : 64) : room;
    }
    return reader.at != NULL;
}

cli_pair *cli_pairs_read(const char *name, const char *path, size_t *count, char **memory)
{
    tags_reader *reader = calloc(1, sizeof *reader);
    cli_pair *pairs = NULL;
    size_t a = SIZE_MAX, b = SIZE_MAX, room = 0;
    *count = 0;
    *memory = reader ? tags_file(name, path) : NULL;
    if (!*memory) {
        free(reader);
        return NULL;
    }
    *reader = (tags_reader){ .name = name, .path = path, .at = *memory, .line = 1 };
    if (strncmp(reader->at, "\xEF\xBB\xBF", 3) == 0)
        reader->at += 3;
    bool good = tags_record(reader);
    const size_t width = good ? reader->fields : 0;
    for (size_t i = 0; i < width; i++) {
        a = strcmp(reader->field[i], "a") == 0 ? i : a;
        b = strcmp(reader->field[i], "b") == 0 ? i : b;
    }
    if (reader->at && (a == SIZE_MAX || b == SIZE_MAX)) {
        cli_say(name, "%s has no columns a and b: wants a CSV file with a pair of texts a line", path);
        good = false;
    }
    while (good && tags_record(reader)) {
        if (reader->fields != width) {
            cli_say(name, "%s, line %zu: %zu fields, the first line has %zu", path, reader->begun,
                    reader->fields, width);
            good = false;
        } else if (*count == room) {
            cli_pair *larger = realloc(pairs, (room = room ? 2 * room : 16) * sizeof *larger);
            if (!larger)
                cli_say(name, "out of memory");
            pairs = larger ? larger : pairs;
            good = larger != NULL;
        }
        if (good)
            pairs[(*count)++] = (cli_pair){ reader->field[a], reader->field[b] };
    }
    good = good && reader->at;
    if (good && !*count) {
        cli_say(name, "%s has no pairs: wants a CSV file with columns a and b, a pair of texts a line", path);
        good = false;
    }
    free(reader);
    if (good)
        return pairs;
    free(pairs);
    free(*memory);
    *memory = NULL;
    return NULL;
}

void cli_tags_free(cli_tags *tags)
{
    free(tags->rows);
    free(tags->memory);
    *tags = (cli_tags){ 0 };
}
