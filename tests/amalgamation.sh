#!/bin/sh
# All of libslope in one file: the same bytes each time, no name but those of slope.h, no warning, and with -O2 alone the
# digests of the usual build, on every instruction set of this machine. One compiler, the build's; with
# SLOPE_AMALGAMATION=all gcc and clang in many ways, and the double build (ten minutes).
. "$(dirname "$0")/cli/kit"

root=${SLOPE_SOURCE_ROOT:?}
build=$(cd "$(dirname "$slope")" && pwd)
if [ -n "${SLOPE_SANITIZE-}" ]; then
    echo "what it does is that of the usual build, which the sanitizers see"
    exit 77
fi

"$root/script/amalgamate" -o "$PWD/one" >"$out" 2>"$err"
check "script/amalgamate writes slope.c and slope.h" test $? = 0 -a -s one/slope.c -a -s one/slope.h
"$root/script/amalgamate" -o again >"$out" 2>"$err"
check "the same bytes twice, in a folder of one's own" cmp -s one/slope.c again/slope.c
check "slope.h is the one of include/" cmp -s one/slope.h "$root/include/slope.h"
check "nothing of this machine's folders in it" test "$(grep -cF "$root" one/slope.c)" = 0
check "it includes slope.h and the system alone" same "$(grep '^ *# *include *"' one/slope.c)" '#include "slope.h"'
check "it says what it is" grep -qF "libslope $("$slope" --version | sed 's/^slope //; s/ .*//')" one/slope.c
check "and under which licence" grep -qF 'Permission is hereby granted, free of charge' one/slope.c
line=$(sed -n 's/^ [*]   optim  *\([0-9]*\)$/\1/p' one/slope.c)
check "the table of contents has the right lines" grep -q '^/[*] ==== src/optim/' <<END
$(sed -n "${line}p" one/slope.c)
END
sed -n 's/^SL_API.*[ *]\(sl_[a-z0-9_]*\)(.*/\1/p; /^SL_API[^(]*$/{n;s/^[ *]*\(sl_[a-z0-9_]*\)(.*/\1/p;}' one/slope.h |
    LC_ALL=C sort >public

# The consumers of the workloads see slope.h alone.
jobs='playground digits32 reviews bagtext catalogue kinds bags vectors'
# shellcheck disable=SC2086 # words
"$build/bench/same" --threads 1,2 --steps 50 $jobs >wanted 2>"$err"
check "the usual build gives digests" test $? = 0 -a "$(wc -l <wanted)" -ge 16

sources="$root/bench/same.c $root/bench/catalogue.c $root/bench/table.c $root/bench/texts.c $root/cli/workload.c"

# digests OBJECT: what a program with it prints
digests() {
    # shellcheck disable=SC2086
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -DSAME_PUBLIC -Ione -I"$root/bench" -I"$root/cli" $sources "$1" -lm -lpthread -o "$1.same" 2>"$err" &&
        "./$1.same" --threads 1,2 --steps 50 $jobs 2>"$err"
}

# one WHAT OBJECT COMMAND ...: a build without a warning, with slope.h's names, and the same digests
one() {
    what=$1 object=$2
    shift 2
    (cd one && "$@" slope.c -o "../$object") >"$err" 2>&1
    check "$what: it compiles" test $? = 0
    check "$what: without a warning" test ! -s "$err"
    "${NM:-nm}" -g "$object" | sed -n 's/.* [A-TV-Z] _\{0,1\}\(sl_.*\)/\1/p; s/.* [A-TV-Z] \([^s].*\)/\1/p' | LC_ALL=C sort >names
    check "$what: its names are those of slope.h" cmp -s names public
    digests "$object" >got
    check "$what: the same digests" cmp -s got wanted
}

# gcc's -Wmisleading-indentation reads the file anew for each line, which takes minutes and finds nothing here.
warnings='-Wall -Wextra'
quiet=$warnings
echo 'int main(void) { return 0; }' >probe.c
! ${CC:-cc} -dM -E probe.c | grep -q __clang__ && quiet="$warnings -Wno-misleading-indentation"
# shellcheck disable=SC2086
one "${CC:-cc} -O2" usual.o ${CC:-cc} -O2 $quiet -c

# Two contexts in two threads, and one model that many threads ask, under the thread sanitizer.
echo 'int main(void) { return 0; }' >probe.c
if ! clang -fsanitize=thread probe.c -o probe 2>"$err" || ! ./probe 2>"$err"; then
    echo "skip  threads under the thread sanitizer: no clang with one here"
else
    watched() { # watched SOURCE: 0: no race was seen
        clang -std=gnu11 -fsanitize=thread -Ione "$1" watched.o -lm -lpthread -o watched 2>"$err" && ./watched >"$out" 2>"$err"
    }
    (cd one && clang -O0 -g -fsanitize=thread -c slope.c -o ../watched.o) 2>"$err"
    check "the thread sanitizer sees no race" watched "$root/tests/consumer/threads.c"
    cat >raced.c <<'END'
#include <pthread.h>
static pthread_barrier_t both;
static int raced;
static void *race(void *nothing)
{
    pthread_barrier_wait(&both);
    for (int i = 0; i < 100000; i++)
        raced++;
    return nothing;
}
int main(void)
{
    pthread_t other;
    pthread_barrier_init(&both, 0, 2);
    pthread_create(&other, 0, race, 0);
    race(0);
    return pthread_join(other, 0);
}
END
    check "and would see one" eval '! watched raced.c && grep -q "data race" "$err"'
fi

if [ "${SLOPE_AMALGAMATION-}" != all ]; then
    finish
fi
for cc in gcc clang; do
    if ! command -v $cc >"$out"; then
        echo "skip  $cc is not here"
        continue
    fi
    quiet=$warnings
    [ $cc = clang ] || quiet="$warnings -Wno-misleading-indentation"
    # shellcheck disable=SC2086
    {
        one "$cc -O2" $cc.o $cc -O2 $quiet -c
        one "$cc -O3 -march=native" $cc-native.o $cc -O3 -march=native $quiet -c
        one "$cc -O1 -std=c11" $cc-c11.o $cc -O1 -std=c11 $quiet -Wpedantic -c
    }
    if echo '#include <zlib.h>
#include <utf8proc.h>' | $cc -E - >"$out" 2>"$err"; then
        # shellcheck disable=SC2086
        (cd one && $cc -fsyntax-only $quiet -DSL_HAVE_ZLIB -DSL_HAVE_UTF8PROC slope.c) >"$err" 2>&1
        check "$cc: with zlib and utf8proc" test $? = 0 -a ! -s "$err"
    else
        echo "skip  $cc: with zlib and utf8proc: their headers are not here"
    fi
    # shellcheck disable=SC2086
    (cd one && $cc -O1 $quiet -DSL_REAL_DOUBLE -c slope.c -o ../double.o) >"$err" 2>&1
    check "$cc: the double build compiles, without a warning" test $? = 0 -a ! -s "$err"
    $cc -std=c11 -DSL_REAL_DOUBLE -Ione "$root/tests/consumer/double.c" double.o -lm -lpthread -o double 2>"$err" && ./double >"$out" 2>"$err"
    check "$cc: and computes in double" test $? = 0

    # What would happen without the lines that forbid it? The digests differ, or sl_ctx_new refuses; here it must refuse.
    grep -v '^# *pragma STDC FP_CONTRACT\|^# *pragma GCC optimize' one/slope.c >loose.c
    $cc -O2 -ffp-contract=fast -Ione -c loose.c -o loose.o 2>"$err"
    if grep -q '^flags.*[ ]fma[ ]' /proc/cpuinfo 2>"$err"; then
        digests loose.o >got
        check "$cc, fused by force: refused" test ! -s got
    else
        echo "skip  $cc, fused by force: not seen that this machine can"
    fi
done

finish
