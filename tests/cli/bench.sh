#!/bin/sh
# slope bench: its line, a digest for every workload that depends on neither threads nor instruction set, and what it
# refuses. No speed is asserted.
. "$(dirname "$0")/kit"

number='[0-9][0-9.]*\(e[+-][0-9]*\)\{0,1\}'
rates="steps_per_s=$number us_per_step=$number gflops=$number percent_of_peak=$number digest=[0-9a-f]\{16\}"

digest() { # digest WORKLOAD ...: slope bench's arguments; prints the digests
    "$slope" bench --seconds 0.001 "$@" 2>"$err" | sed -n 's/.* digest=\([0-9a-f]*\)$/\1/p'
}

# --- every workload, its line and its digest: the same on every machine, for ever
workloads='playground 16cb1efaef4baf24
housing 0e0d3975b2062a6b
reviews 0ec1af468dff2f6f
digits32 fcb121e34f15ebc5
digits64 ac1901d790cb33bc
digits128 fbfa4717f5981804
wide128 2534ee983edc7eda
wide256 f3a534c34f0487e5
bagtext 7e83d6852318bbd2
digits_infer1 d0c72c8cc157128e
digits_infer64 21ddafc21010ba3f
wide_infer1 8a2e99ec348aaf06
wide_infer64 1e2b04bc946f0b44'
if [ -n "${SLOPE_SANITIZE:-}" ]; then # which make the large ones take minutes
    for name in $(echo "$workloads" | cut -d ' ' -f 1 | grep -v wide); do
        run bench "$name" --seconds 0.001
        echo "$workloads" | grep -qx "$name $(sed -n 's/.* digest=//p' "$out")"
        check "$name: its digest" test $? = 0
    done
else
    run bench all --seconds 0.001 --threads 2
    check "all: status 0, nothing on stderr" test "$status" = 0 -a ! -s "$err"
    sed 's/workload=\([a-z0-9_]*\) .* digest=/\1 /' "$out" >found
    check "all: every workload and its digest" same "$(cat found)" "$workloads"
    check "all: the form of the lines" test \
        "$(grep -c "^workload=[a-z0-9_]* contender=slope threads=2 $rates\$" "$out")" = "$(echo "$workloads" | wc -l)"
fi

if [ -z "${SLOPE_SANITIZE:-}" ]; then # the peak is that of the cores, which 256 threads do not meet on
    run bench playground --threads 256 --seconds 0.001
    check "more threads than cores: status 0" test "$status" = 0 -a ! -s "$err"
    check "more threads than cores: the same digest" grep -q 'threads=[0-9]* .* digest=16cb1efaef4baf24$' "$out"
fi

run bench playground --threads 1 --seconds 0.001
check "one line" test "$status" = 0 -a "$(wc -l <"$out")" = 1 -a ! -s "$err"
check "its form" grep -qx "workload=playground contender=slope threads=1 $rates" "$out"
# 10 rows through 2-8-8-1: 2 (2 * 16 + 3 * 64 + 3 * 8) multiply-adds a row, in the time that stands beside
awk -F '[= ]' '{
    for (i = 1; i < NF; i += 2) value[$i] = $(i + 1)
    flops = value["gflops"] * 1e3 * value["us_per_step"]
    rate = value["steps_per_s"] * value["us_per_step"] / 1e6
    exit !(flops > 4960 * 0.99 && flops < 4960 * 1.01 && rate > 0.999 && rate < 1.001)
}' "$out"
check "gflops, us_per_step and steps_per_s belong together" test $? = 0

run bench housing --threads 1 --seconds 0.001 --json
check "--json: one line" test "$status" = 0 -a "$(wc -l <"$out")" = 1
check "--json: the same digest" same "$(value digest <"$out")" 0e0d3975b2062a6b
check "--json: the workload's name" same "$(value workload <"$out")" housing

# --- threads and instruction sets
for isa in plain avx2 avx512; do
    SLOPE_ISA=$isa
    export SLOPE_ISA
    run bench playground --seconds 0.001
    if [ "$status" = 2 ] && grep -q 'this machine has no' "$err"; then
        echo "      not on this machine: $isa"
        continue
    fi
    for threads in 1 2 3; do
        check "playground, $isa, $threads threads" same "$(digest playground --threads $threads)" 16cb1efaef4baf24
    done
    check "housing, $isa" same "$(digest housing --threads 2)" 0e0d3975b2062a6b
    check "digits_infer1, $isa" same "$(digest digits_infer1 --threads 2)" d0c72c8cc157128e
    check "one product, $isa" same "$(digest gemm 21 130 77 --threads 2 | tr '\n' ' ')" \
        "$(SLOPE_ISA=plain digest gemm 21 130 77 --threads 1 | tr '\n' ' ')"
done
unset SLOPE_ISA
check "digits32, 1 thread" same "$(digest digits32 --threads 1)" fcb121e34f15ebc5
check "digits32, 3 threads" same "$(digest digits32 --threads 3)" fcb121e34f15ebc5

# --- one product, and the machine
run bench gemm 5 3 4 --seconds 0.001 --threads 1
check "gemm: status 0" test "$status" = 0 -a ! -s "$err"
check "gemm: the layouts of training" same "$(sed 's/.* layout=\([a-z]*\) .*/\1/' "$out" | tr '\n' ' ')" "forward weights inputs "
check "gemm: the form of the lines" test \
    "$(grep -c "^workload=gemm m=5 n=3 k=4 layout=[a-z]* contender=slope threads=1 $rates\$" "$out")" = 3
run bench peak --seconds 0.01 --threads 2
check "peak: status 0" test "$status" = 0 -a ! -s "$err"
check "peak: arithmetic, read and triad in three places, for 1 and 2 threads, and the round trip" \
    test "$(grep -cx "peak=[a-z]* .*threads=[12] gb_per_s=$number" "$out")" = 12 -a \
    "$(grep -cx "peak=arithmetic isa=[a-z0-9]* threads=[12] gflops=$number" "$out")" = 2 -a \
    "$(grep -cx "peak=round_trip threads=2 ns=$number" "$out")" = 1
if command -v taskset >"$out"; then # no more threads than cores are started, however many are asked for
    core=$(taskset -pc $$ | sed 's/.*: //; s/[-,].*//')
    taskset -c "$core" "$slope" bench peak --seconds 0.01 --threads 2 >"$out" 2>"$err"
    check "peak on one core with two threads: status 0" test $? = 0
    check "peak on one core with two threads: it is that of one" test "$(grep -c threads=1 "$out")" = 7 -a "$(wc -l <"$out")" = 7
fi
run bench peak --seconds 0.01 --threads 1
check "peak on one thread has no round trip" test "$status" = 0 -a "$(wc -l <"$out")" = 7

# --- what is refused: status 2, nothing on stdout
refuse() { # refuse SENTENCE ARGUMENT ...
    sentence=$1
    shift
    run bench "$@"
    check "bench $*: $sentence" test "$status" = 2 -a ! -s "$out"
    grep -qF -- "$sentence" "$err" || fail "bench $*: does not say: $sentence"
}
refuse "unknown workload 'digit32': did you mean digits32?" digit32
refuse "unknown workload 'zzzzzzzz': there are playground, housing, reviews," zzzzzzzz
refuse "did you mean peak?" peek
refuse "WORKLOAD is missing" --threads 1
refuse "gemm wants three sizes" gemm
refuse "gemm wants three sizes" gemm 3 4
refuse "N is 0: wants a whole number from 1 to 65536" gemm 3 0 4
refuse "one argument too many" gemm 3 4 5 6
refuse "only gemm takes sizes" playground 3
refuse "--seconds is 0: wants a number above 0" playground --seconds 0
SLOPE_ISA=avx9
export SLOPE_ISA
refuse "SLOPE_ISA" playground
refuse "SLOPE_ISA" all --json
unset SLOPE_ISA

# --- nobody takes the lines: said once, with the reason, and the rest is not measured
if [ -e /dev/full ]; then
    for list in all 'all --json' 'gemm 3 4 5' peak playground; do
        status=0
        # shellcheck disable=SC2086 # words
        "$slope" bench $list --seconds 0.001 >/dev/full 2>"$err" || status=$?
        check "bench $list, disk full: status 1" test "$status" = 1
        check "bench $list, disk full: said once" same "$(cat "$err")" \
            "slope bench: cannot write to the standard output: the disk is full: make room there, or take another place"
    done
    status=0
    "$slope" gradcheck builtin:spiral --net "2 tanh" >/dev/full 2>"$err" || status=$?
    check "gradcheck, disk full: said once" test "$status" = 1 -a "$(wc -l <"$err")" = 1
fi

finish
