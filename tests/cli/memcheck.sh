#!/bin/sh
# A small training and its use under valgrind: no byte that was never written counts, none is lost, and the weights are those
# without it.
. "$(dirname "$0")/kit"

if [ -n "${SLOPE_SANITIZE-}" ]; then
    echo "a sanitizer and valgrind do not go together"
    exit 77
fi
if ! command -v valgrind >"$out"; then
    echo "valgrind is not here"
    exit 77
fi

watched() {
    valgrind --quiet --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all --error-exitcode=99 "$@" >"$out" 2>"$err"
}
"$slope" train builtin:spiral?rows=120 --net "8 tanh, dropout 0.2, batch_norm, 8 relu" --epochs 3 --threads 2 -o usual >"$out" 2>"$err"
usual=$(sed -n 's/^digest  *//p' "$out")
watched "$slope" train builtin:spiral?rows=120 --net "8 tanh, dropout 0.2, batch_norm, 8 relu" --epochs 3 --threads 2 -o run
check "train: nothing is found" same "$?" 0
check "train: the digest without it" test -n "$usual" -a "$(sed -n 's/^digest  *//p' "$out")" = "$usual"
watched "$slope" eval run
check "eval: nothing is found" same "$?" 0
watched "$slope" predict run builtin:spiral?rows=120 -o answers.csv
check "predict: nothing is found" same "$?" 0
watched "$slope" plot run curves
check "plot: nothing is found" same "$?" 0
printf 'a,b,kind\n1,2,x\n3,,y\n2,5,x\n4,1,y\n5,2,y\n1,1,x\n' >table.csv
watched "$slope" train table.csv --target kind --validation 0 --epochs 2 -o table
check "a table: nothing is found" same "$?" 0

cat >lost.c <<'END'
#include <stdlib.h>
int main(void) { volatile char *byte = malloc(1); return byte[0] == 77; }
END
${CC:-cc} -o lost lost.c 2>"$err"
watched ./lost
check "what is never written, and lost, would be found" same "$?" 99
finish
