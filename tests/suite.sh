#!/bin/sh
# The test runner itself: script/suite must see every kind of failure, and count what a person would count.
. "$(dirname "$0")/cli/kit"

root=${SLOPE_SOURCE_ROOT:?}
if ! command -v meson >"$out"; then
    echo "meson is not here"
    exit 77
fi

mkdir project
cat >project/meson.build <<'EOF'
project('suite')
sh = find_program('sh')
foreach name : ['good', 'skipped', 'bad', 'many', 'cmocka', 'crash', 'leak', 'endless']
  test(name, sh, args: files(name + '.sh'), env: ['SLOPE_TEST=' + name], timeout: 1)
endforeach
EOF
echo 'echo all is well' >project/good.sh
echo 'echo nothing here; echo the tool is not there; exit 77' >project/skipped.sh
echo 'echo what went wrong; exit 3' >project/bad.sh
cat >project/many.sh <<'EOF'
echo "ok    the first"
echo "      | seen before"
echo "FAIL  the second"
echo "skip  the third: no reason"
exit 1
EOF
cat >project/cmocka.sh <<'EOF'
cat <<'END'
[==========] Running 3 test(s).
[ RUN      ] works
[       OK ] works
[ RUN      ] breaks
[  ERROR   ] --- 1 != 2
[   LINE   ] --- x.c:3: error: Failure!
[  FAILED  ] breaks
[ RUN      ] cannot
no locale
[  SKIPPED ] cannot
[==========] 3 test(s) run.
[  PASSED  ] 1 test(s).
[  SKIPPED ] 1 test(s), listed below:
[  SKIPPED ] cannot
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] breaks

 1 FAILED TEST(S)
END
exit 1
EOF
cat >project/crash.sh <<'EOF'
echo "[ RUN      ] runs"
echo "[       OK ] runs"
echo "[ RUN      ] falls"
kill -ABRT $$
EOF
cat >project/leak.sh <<'EOF'
echo "[ RUN      ] runs"
echo "[       OK ] runs"
echo "leaked 3 bytes"
exit 23
EOF
echo 'echo still here; sleep 60' >project/endless.sh

meson setup build project >"$err" 2>&1
"$root/script/suite" build >"$out" 2>"$err"
check "a failed test fails the suite" test $? = 1
said() { # said LINE
    check "says: $1" grep -qxF -- "$1" "$out"
}
said "ok    good"
said "skip  skipped (the tool is not there)"
said "FAIL  bad (exit status 3)"
said "      | what went wrong"
said "ok    many: the first"
said "FAIL  many: the second"
said "      | seen before" # belongs to the check that then failed
said "skip  many: the third: no reason"
said "ok    cmocka: works"
said "FAIL  cmocka: breaks"
said "      | [   LINE   ] --- x.c:3: error: Failure!"
said "skip  cmocka: cannot (no locale)"
said "FAIL  crash: falls (ended the program, exit status 134)"
said "FAIL  leak (exit status 23)"
said "      | leaked 3 bytes"
said "FAIL  endless (no result: killed, or out of time)"
said "      | still here"
check "the last line is the count" test "$(tail -n 1 "$out")" = "5 passed, 6 failed, 3 skipped"

"$root/script/suite" build good >"$out" 2>"$err"
check "without failures the suite passes" test $? = 0
check "and counts what was asked for" test "$(tail -n 1 "$out")" = "1 passed, 0 failed, 0 skipped"
"$root/script/suite" build nosuch >"$out" 2>"$err"
check "no test at all is a failure" test $? = 1

finish
