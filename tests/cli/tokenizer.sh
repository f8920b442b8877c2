#!/bin/sh
# slope tokenizer: tokens, kinds, bytes and n-grams of a sentence, of a file, as JSON; what is refused.
. "$(dirname "$0")/kit"

run tokenizer "It's GREAT<br />7/10..." --text "words ngrams=2"
check "S151_ a sentence" test "$status" = 0 -a ! -s "$err"
check "a word with its bytes" grep -qE "^2  great  word +5\.\.9$" "$out"
check "a paragraph's end" grep -qE "^3 +break +10\.\.15$" "$out"
check "a number, and a run of marks" sh -c 'grep -qE "^4  7/10 +number +16\.\.19$" "$1" && grep -qE "^5  \.\.\. +mark +20\.\.22$" "$1"' sh "$out"
check "n-grams" grep -qE "^it's great  words  +1\.\.2$" "$out"
check "none over a paragraph's end" sh -c '! grep -q "great 7/10" "$1"' sh "$out"
run tokenizer "It's GREAT"
check "no n-grams unless they are asked for" sh -c '! grep -q feature "$1"' sh "$out"
run tokenizer "Don't GO, Now." --tokenizer "case=keep marks=drop contractions=split" --json
check "--tokenizer, --json" same "$(cat "$out")" \
    '{"bytes": 14, "tokens": [{"text": "Do", "kind": "word", "from": 0, "to": 2}, {"text": "n'"'"'t", "kind": "word", "from": 2, "to": 5}, {"text": "GO", "kind": "word", "from": 6, "to": 8}, {"text": "Now", "kind": "word", "from": 10, "to": 13}], "features": [{"view": "words", "text": "Do", "first": 0, "tokens": 1}, {"view": "words", "text": "n'"'"'t", "first": 1, "tokens": 1}, {"view": "words", "text": "GO", "first": 2, "tokens": 1}, {"view": "words", "text": "Now", "first": 3, "tokens": 1}]}'
status=0
printf 'one\n\ntwo' | "$slope" tokenizer - >"$out" 2>"$err" || status=$?
check "the standard input" sh -c 'test "$1" = 0 && test "$(grep -c break "$2")" = 1 && grep -qE "^3  two +word +5\.\.7$" "$2"' sh "$status" "$out"
run tokenizer " "
check "a text of nothing" same "$status $(cat "$out")" "0 no tokens"
run tokenizer "$(printf 'a\377b')" --json
check "bytes that are no UTF-8" sh -c 'test "$1" = 0 && grep -q "\"from\": 1, \"to\": 2" "$2"' sh "$status" "$out"
run tokenizer "a b" --text "word"
check "an unknown view" sh -c 'test "$1" = 2 && grep -q "did you mean .words" "$2"' sh "$status" "$err"
run tokenizer "a b" --tokenizer "marks=no"
check "a wrong option" sh -c 'test "$1" = 2 && grep -q "marks is no: wants keep or drop" "$2"' sh "$status" "$err"
run tokenizer
check "no text" same "$status" 2
finish
