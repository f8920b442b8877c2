#!/bin/sh
# One seed, one answer, as far as this build and this machine's tools can show it: script/same has the whole matrix.
. "$(dirname "$0")/cli/kit"

root=${SLOPE_SOURCE_ROOT:?}
build=$(dirname "$slope")
if [ -n "${SLOPE_SANITIZE-}" ]; then
    echo "a sanitizer watches memory, and the digests are those of the build without it"
    exit 77
fi
if [ -n "${CI-}" ]; then
    echo "script/same, which .ci/run calls, compares more"
    exit 77
fi
if ! command -v bash >"$out"; then
    echo "bash is not here"
    exit 77
fi

"$root/script/same" --quick "$build" >same 2>"$err"
check "200 steps give the same weights in every way" test $? = 0
awk '/^build  *isa/ { table = 1; next } /^$/ { table = 0 } table { # of fixed columns
    row = substr($0, 1, 14) ", " substr($0, 16, 8) ", threads " substr($0, 25, 8)
    gsub(/ +,/, ",", row)
    sub(/ +$/, "", row)
    print row
}' same >rows
while read -r row; do
    pass "$row"
done <rows
check "at least one row was compared" test -s rows
sed -n 's/^skipped: /skip  /p' same
[ "$failures" = 0 ] || sed 's/^/      | /' same

# What the command prints is that digest too.
digest=$(sed -n 's/^[^ ]*  *plain  *[0-9 ]*  *\([0-9a-f]\{16\}\) .*/\1/p' same)
for threads in 1 3; do
    SLOPE_ISA=plain "$slope" bench playground --threads $threads --seconds 0.01 --json >"$out" 2>"$err"
    check "slope bench, threads $threads: the same digest" same "$digest" "$(value digest <"$out")"
done

finish
