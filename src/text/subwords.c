/* subwords.c - what words are made of beside themselves: see sl_subwords in corpus.h. Equal hashes share a
 * row; only those that occur have one. */
#include "core/digest.h"
#include "core/json.h"
#include "text/corpus.h"

#include <string.h>

enum { SUBWORDS_HASHES = 1 << 20 };

typedef struct {
    sl_ctx *ctx;
    int *row;     /* [SUBWORDS_HASHES]: which row a hash has; 0: none yet */
    int *feature; /* [room] */
    size_t count, room, words, rows;
    char *word;     /* "<word>" */
    size_t *letter; /* where its characters begin, and the end */
    size_t letters, word_room;
} subwords_state;

/* "<word>" and its characters; a wrong byte is one. */
static bool subwords_letters(subwords_state *s, const char *word, size_t length)
{
    if (length + 3 > s->word_room) {
        const size_t room = 2 * (length + 3);
        sl_free(s->ctx, s->word);
        sl_free(s->ctx, s->letter);
        s->word = sl_alloc(s->ctx, room);
        s->letter = sl_alloc_array(s->ctx, room, sizeof *s->letter);
        if (!s->word || !s->letter)
            return false;
        s->word_room = room;
    }
    s->word[0] = '<';
    memcpy(s->word + 1, word, length);
    s->word[length + 1] = '>';
    s->letters = 0;
    for (size_t at = 0; at < length + 2;) {
        const size_t bytes = sl_utf8_length(s->word + at, length + 2 - at);
        s->letter[s->letters++] = at;
        at += bytes ? bytes : 1;
    }
    s->letter[s->letters] = length + 2;
    return true;
}

static bool subwords_put(subwords_state *s, const char *bytes, size_t length)
{
    uint64_t hash = sl_digest_bytes(SL_DIGEST_START, bytes, length);
    hash = (hash ^ hash >> 32) & (SUBWORDS_HASHES - 1);
    if (!s->row[hash]) {
        s->row[hash] = (int)s->rows;
        s->rows++;
    }
    if (s->count == s->room) {
        const size_t room = s->room ? 2 * s->room : 1024;
        int *larger = sl_resize(s->ctx, s->feature, room * sizeof *larger);
        if (!larger)
            return false;
        s->feature = larger;
        s->room = room;
    }
    s->feature[s->count++] = s->row[hash];
    return true;
}

static bool subwords_word(subwords_state *s, size_t from, size_t to)
{
    for (size_t i = 0; i < s->letters; i++)
        for (size_t n = from; n <= to && i + n <= s->letters; n++) {
            if (n == 1 && (i == 0 || i + 1 == s->letters))
                continue; /* < and > alone say nothing */
            if (!subwords_put(s, s->word + s->letter[i], s->letter[i + n] - s->letter[i]))
                return false;
        }
    return true;
}

sl_status sl_subwords(sl_ctx *ctx, const sl_dictionary *words, int from, int to, int **feature,
                      size_t **start, size_t *rows)
{
    subwords_state s = { .ctx = ctx, .words = words->count, .rows = words->count };
    s.row = sl_alloc_array(ctx, SUBWORDS_HASHES, sizeof *s.row);
    *start = sl_alloc_array(ctx, words->count + 1, sizeof **start);
    for (size_t word = 0; word < words->count && !ctx->status; word++) {
        if (!subwords_letters(&s, sl_dictionary_word(words, word), sl_dictionary_length(words, word)) ||
            !subwords_word(&s, (size_t)from, (size_t)to))
            break;
        (*start)[word + 1] = s.count;
    }
    sl_free(ctx, s.row);
    sl_free(ctx, s.word);
    sl_free(ctx, s.letter);
    *feature = s.feature;
    *rows = s.rows;
    return ctx->status;
}
