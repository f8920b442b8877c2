#!/bin/sh
# law.sh BUILD: what the source and the built library must keep to, as far as a script can see it: nothing of libm but
# what rounds correctly, no globals, no printing, no exit, folders that use only what stands before them, names unique
# for a build of one file, no file that grew too long. BUILD: the build folder, or a file in it.
set -u

root=${SLOPE_SOURCE_ROOT:-$(cd "$(dirname "$0")/.." && pwd)}
build=${1:?usage: law.sh BUILD}
[ -d "$build" ] || build=$(dirname "$build")
build=$(cd "$build" && pwd)
nm=${NM:-nm}
cc=${CC:-cc}
passed=0 failed=0 skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LC_ALL=C
export LC_ALL
cd "$root" || exit 2

# verdict WHAT: passes when $work/bad is empty; else shows it
verdict() {
    if [ -s "$work/bad" ]; then
        echo "FAIL  $1"
        sed 's/^/      /' "$work/bad"
        failed=$((failed + 1))
    else
        echo "ok    $1"
        passed=$((passed + 1))
    fi
}

skip() {
    echo "skip  $1"
    skipped=$((skipped + 1))
}

# --- the libraries, float and double -----------------------------------------------------------------------------

# What programs of other people must not find in a library: printing, ending the program, the program's locale, the
# environment, random numbers of the process.
forbidden='printf fprintf vprintf vfprintf dprintf vdprintf puts fputs putchar putc fputc putchar_unlocked fwrite perror
    stdout stderr stdin exit _exit _Exit quick_exit atexit abort __assert_fail __assert_rtn raise signal sigaction
    setlocale uselocale getenv secure_getenv setenv rand srand random srandom strtok localtime gmtime asctime ctime'
# Each C library's own order of equal elements: sl_sort has one for all.
sorts='qsort qsort_r qsort_s heapsort mergesort'
# libm, each with f and l behind it as well
libm='acos asin atan atan2 cos sin tan sincos acosh asinh atanh cosh sinh tanh exp exp2 exp10 expm1 frexp ilogb ldexp log
    log10 log1p log2 logb modf scalbn scalbln cbrt hypot pow erf erfc lgamma tgamma nearbyint rint lrint llrint round
    lround llround roundeven fmod remainder remquo nan nextafter nexttoward fdim fmax fmin copysign finite sqrt ceil floor
    trunc fabs fma'
allowed='sqrt sqrtf floor floorf ceil ceilf trunc truncf fabs fabsf fma fmaf'

# words, one a line
words() {
    tr ' ' '\n' | sed '/^$/d'
}
echo "$forbidden" | words | sort >"$work/forbidden"
echo "$sorts" | words | sort >"$work/sorts"
echo "$libm" | words | sed 'p; s/$/f/; p; s/f$/l/' | sort -u >"$work/libm"
echo "$allowed" | words | sort >"$work/allowed"

# What is asked of others outside os_*.c, and is more than memory, texts and numbers: lines "FILE NAME"
asks='mem[a-z]* str[a-z]* v?snprintf qsort bsearch malloc calloc realloc free aligned_alloc sqrtf? floorf? ceilf? truncf?
    fabsf? fmaf? inflate[A-Za-z0-9_]* libdeflate_[a-z0-9_]* utf8proc_[a-z0-9_]* sl_[a-z0-9_]* sl64_[a-z0-9_]* _GLOBAL.*
    __[a-z].*'
asks=$(echo "$asks" | words | tr '\n' '|' | sed 's/|$//')
outside_os() {
    sed 's/ __\([a-z]*\)_chk$/ \1/' "$1" | grep -v '^[^ ]*core_os_[a-z_]*[.]c' | grep -Ev " ($asks)\$"
}

for library in libslope.a libslope64.a; do
    if [ ! -e "$build/$library" ]; then
        echo "$library is not in $build" >"$work/bad"
        verdict "$library is there"
        continue
    fi
    if ! "$nm" --format=sysv "$build/$library" >"$work/symbols" 2>"$work/bad"; then
        verdict "$library can be read by nm"
        continue
    fi
    # name class section; the classes in nm's own letters
    awk -F'|' 'NF == 7 { gsub(/ /, ""); print $1, $3, $7 }' "$work/symbols" >"$work/names"
    if grep -qE '^(__asan_|__ubsan_|__tsan_|__gcov_|__llvm_profile|__msan_|__sanitizer_)' "$work/names"; then
        skip "$library: built with sanitizers or coverage, which bring their own symbols"
        continue
    fi
    test "$(grep -c ' T ' "$work/names")" -gt 100 || echo "nm shows hardly any function" >"$work/bad"
    verdict "$library: nm shows its names"

    awk '$2 == "U" { print $1 }' "$work/names" | sed 's/@.*//; s/^__\(.*\)_chk$/\1/' | sort -u >"$work/wanted"
    comm -12 "$work/wanted" "$work/libm" | comm -23 - "$work/allowed" >"$work/bad"
    verdict "$library: of libm only what is exact: sqrt floor ceil trunc fabs fma"
    comm -12 "$work/wanted" "$work/forbidden" >"$work/bad"
    verdict "$library: prints nothing, ends nothing, asks neither locale nor environment"
    comm -12 "$work/wanted" "$work/sorts" >"$work/bad"
    verdict "$library: sorts with sl_sort alone"
    awk -F'|' '/^Symbols from/ { here = /[[_]sort[.]c[.]o/; seen += here }
        here && NF == 7 { gsub(/ /, ""); if ($3 == "U" && $1 !~ /^(__)?mem(cpy|move|set)(_chk)?$|^__stack_chk_fail$/) print $1 }
        END { if (seen != 1) print "nm shows no sort.c" }' "$work/symbols" >"$work/bad"
    verdict "$library: sl_sort takes no memory: it calls nothing but memcpy and memmove"

    # .data.rel.ro is written by the loader alone
    awk '$2 ~ /^[DdBbCcGgSsVvuLl]$/ && $3 !~ /^[.]data[.]rel[.]ro/ || $3 ~ /^[.](tdata|tbss|data$|data[.][^r]|bss)/ || $3 == "*COM*"' \
        "$work/names" >"$work/bad"
    verdict "$library: no variable that could be written"
    awk '$2 ~ /^[TDRB]$/ && $1 !~ /^sl(64)?_/ { print $1 }' "$work/names" >"$work/bad"
    verdict "$library: every external name begins with sl_"

    "$nm" -A "$build/$library" 2>"$work/said" | sed -n 's/^[^:]*:\([^:]*\):.* U \([^@]*\).*/\1 \2/p' >"$work/asked"
    outside_os "$work/asked" >"$work/bad"
    echo 'src_data_open.c.o fopen64' >>"$work/asked"
    outside_os "$work/asked" | grep -q 'open.c.o fopen64' || echo "a call of the system was not seen" >>"$work/bad"
    grep -q 'os_posix.* pread' "$work/asked" || echo "nm names no file of the library" >>"$work/bad"
    verdict "$library: only os_*.c asks the system"
done

# --- builds that are refused ---------------------------------------------------------------------------------------

: >"$work/bad"
echo '#include "core/real.h"' >"$work/real.c"
# shellcheck disable=SC2086 # CC may hold options
$cc -std=c11 -Iinclude -Isrc -fsyntax-only "$work/real.c" 2>"$work/bad"
verdict "core/real.h compiles"
# shellcheck disable=SC2086
if $cc -std=c11 -Iinclude -Isrc -ffast-math -fsyntax-only "$work/real.c" 2>"$work/said"; then
    echo "it was taken" >"$work/bad"
elif ! grep -q 'slope cannot be built with -ffast-math' "$work/said"; then
    cp "$work/said" "$work/bad"
fi
verdict "-ffast-math is refused, with the reason"

# A build that fuses: sl_ctx_new finds out, also where only functions for newer machines can fuse (gcc fuses by default).
cat >"$work/fused.c" <<'EOF'
#include "slope.h"
int main(void)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    return ctx ? 3 : 0;
}
EOF
if ! grep -q '^flags.*[ ]fma[ ]' /proc/cpuinfo 2>"$work/said"; then
    skip "a build that fuses is refused: not seen that this machine can"
elif grep -qE '^(__asan_|__ubsan_|__tsan_|__gcov_)' "$work/names"; then
    skip "a build that fuses is refused: the library wants its sanitizer"
else
    libraries=$(grep -o -e '-DSL_HAVE_[A-Z0-9]*' "$build/build.ninja" | sort -u |
        sed 's/.*_ZLIB/-lz/; s/.*_LIBDEFLATE/-ldeflate/; s/.*_UTF8PROC/-lutf8proc/' | tr '\n' ' ')
    for flags in "-O2 -ffp-contract=fast" "-O2 -ffp-contract=fast -mfma" "-O3 -ffp-contract=fast -march=native"; do
        : >"$work/bad"
        # shellcheck disable=SC2086
        if $cc -std=c11 -Iinclude -Isrc $flags src/core/isa.c "$work/fused.c" "$build/libslope.a" -lm -lpthread \
            $libraries -o "$work/fused" 2>"$work/bad" && : >"$work/bad"; then
            "$work/fused" || echo "sl_ctx_new gave a context" >"$work/bad"
        fi
        verdict "sl_ctx_new refuses a build with $flags"
    done
fi

# -Dlaw=false is for measuring alone: nobody gets it unasked, and what it builds says so.
: >"$work/bad"
tr '\n' ' ' <meson_options.txt | grep -q "option('law', type: 'boolean', value: true," || echo "meson_options.txt" >"$work/bad"
verdict "the law holds unless -Dlaw=false is given"
: >"$work/bad"
# shellcheck disable=SC2086
$cc -std=c11 -Iinclude -Isrc -DSL_LAW_FREE -ffast-math -E cli/command/bench.c src/core/ctx.c >"$work/free" 2>"$work/bad"
grep -q '"contender", "slope-free"' "$work/free" && grep -q '"[0-9.]*" "-free"' "$work/free" ||
    echo "neither slope bench nor --version would say it" >>"$work/bad"
verdict "a build free of the law says so: contender=slope-free, and -free behind the version"

# --- the source ----------------------------------------------------------------------------------------------------

order='core tensor kernel op autograd init layer loss metric optim data text model baseline train explain diagnose descend export plot catalogue'
# shellcheck disable=SC2046 # no name has a space
awk -v order="$order" '
    BEGIN { for (i = split(order, folder, " "); i; i--) place[folder[i]] = i }
    FNR == 1 {
        split(FILENAME, path, "/")
        here = path[2]
        if (!(here in place) && !said[here]++)
            print "src/" here " has no place in the order"
    }
    /^#include "[^"]*\// {
        split($2, path, "[\"/]")
        if (!(path[2] in place) || place[path[2]] > place[here])
            print FILENAME " includes " path[2] "/"
    }' $(find src -name '*.[ch]' | sort) >"$work/bad"
verdict "a folder includes only what stands before it"

# Headers beyond C11's own, those of the optional libraries and of instruction sets are a system's.
foreign() {
    # shellcheck disable=SC2046
    grep -nE '^[ \t]*#[ \t]*include[ \t]*<' "$@" | grep -v '^[^:]*/os_[a-z_]*[.][ch]:' | grep -vE \
        '<(float|inttypes|limits|math|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|zlib|libdeflate|utf8proc)[.]h>' |
        grep -vE '^src/kernel/[^:]*:.*<(immintrin|emmintrin|arm_neon|wasm_simd128)[.]h>'
}
# shellcheck disable=SC2046
foreign $(find src include -name '*.[ch]' | sort) >"$work/bad"
mkdir -p "$work/data"
printf '#include <string.h>\n#  include <unistd.h>\n#include <windows.h>\n#include <sys/stat.h>\n' >"$work/data/open.c"
test "$(foreign "$work/data/open.c" /dev/null | wc -l)" = 3 || echo "a header of a system was not seen" >>"$work/bad"
verdict "only os_*.c includes headers of a system"

# Nothing that only Linux has, where it is not Linux: what is behind #if is left out by -U__linux__.
: >"$work/bad"
for file in src/core/os_posix.c src/core/os_posix_threads.c; do
    sed 's/^#define _[A-Z]*_SOURCE.*//' $file >"$work/posix.c"
    # shellcheck disable=SC2086
    $cc -std=c11 -D_POSIX_C_SOURCE=200809L -U__linux__ -Iinclude -Isrc -Werror -fsyntax-only "$work/posix.c" 2>>"$work/bad"
done
printf '#include <unistd.h>\nint main(void) { return (int)gettid(); }\n' >"$work/posix.c"
# shellcheck disable=SC2086
! $cc -std=c11 -D_POSIX_C_SOURCE=200809L -U__linux__ -Werror -fsyntax-only "$work/posix.c" 2>"$work/said" ||
    echo "what only Linux has was not seen" >>"$work/bad"
verdict "os_posix*.c compiles with POSIX.1-2008 alone"

# shellcheck disable=SC2046
grep -n '^#include "' $(find cli -name '*.[ch]' | sort) | sed 's/^\([^:]*\):[0-9]*:#include "\(.*\)".*/\1 \2/' |
    while read -r file used; do
        case $used in
        slope.h | command/index.inc) ;;
        *) [ -e "${file%/*}/$used" ] || [ -e "cli/$used" ] || echo "$file includes $used" ;;
        esac
    done >"$work/bad"
verdict "the command includes slope.h and its own files"

# slope.h is read from top to bottom: a function has a comment behind it, or one above it (which then also is for those that
# follow without a word, until a line has one of its own), sl_*_free apart, which the top of the file explains.
undocumented() {
    awk '
        /^SL_API/ { within = 1; text = "" }
        within { text = text " " $0 }
        { here = /[/][*]/ || inside }
        /[/][*]/ { inside = 1 }
        /[*][/]/ { inside = 0 }
        !within && here && !/^    / { covered = 1 }
        /^$/ { covered = 0 }
        within && /;/ {
            own = text ~ /[/][*]/
            name = text
            sub(/\(.*/, "", name)
            sub(/.*[ *]/, "", name)
            if (!own && !covered && name !~ /_free$/)
                print FILENAME ": " name " has no comment"
            if (own)
                covered = 0
            within = 0
        }' "$1"
}
undocumented include/slope.h >"$work/bad"
sed 's|^SL_API void sl_clear.*|SL_API void sl_clear(sl_ctx *ctx);|' include/slope.h >"$work/slope.h"
undocumented "$work/slope.h" | grep -q sl_clear || echo "one without a comment was not seen" >>"$work/bad"
verdict "every public function has its comment in slope.h"

# "static" begins the line; the name is the last word before the first ( [ = or ;
# shellcheck disable=SC2046
awk '
    function put(name) {
        if (!((name, FILENAME) in seen))
            print name, FILENAME
        seen[name, FILENAME] = 1
    }
    function put_macros(    name) {
        for (name in macro)
            print name, macro[name]
        split("", macro)
    }
    FNR == 1 { put_macros() }
    /^static [a-z_ ]*(struct|union|enum)[a-z_ ]*[{]/ { next } # named at its end, by the second rule
    /^static / {
        line = $0
        while (line !~ /[(=;[]/ && (getline more) > 0)
            line = line " " more
        gsub(/__attribute__\(\([^;{]*\)\)+/, "", line)
        sub(/[(=;[].*/, "", line)
        sub(/ +$/, "", line)
        sub(/.*[ *]/, "", line)
        put(line)
    }
    /^} [a-z_0-9]+[;[ ]/ { # typedef struct { ... } name;
        line = substr($0, 3)
        sub(/[;[ ].*/, "", line)
        put(line)
    }
    /^typedef [^{(]*;/ {
        line = $0
        sub(/;.*/, "", line)
        sub(/.*[ *]/, "", line)
        put(line)
    }
    /^enum [^}]*[}]/ {
        line = $0
        sub(/^enum [a-z_0-9]*[ ]*[{]/, "", line)
        sub(/}.*/, "", line)
        count = split(line, part, ",")
        for (i = 1; i <= count; i++) {
            sub(/=.*/, "", part[i])
            gsub(/ /, "", part[i])
            if (part[i] != "")
                put(part[i])
        }
    }
    /^#define [A-Za-z_]/ {
        name = $2
        sub(/\(.*/, "", name)
        macro[name] = FILENAME
    }
    /^#undef / { delete macro[$2] }
    END { put_macros() }' $(find src -name '*.c' | sort) >"$work/statics"
test "$(wc -l <"$work/statics")" -gt 300 || echo "hardly any name was found" >"$work/few"
# The tiles of each instruction set are made from one text by macros that are meant to differ.
grep -vE '^(TILE_[A-Z0-9_]+|SL_SIMD_[A-Z0-9]+) ' "$work/statics" | sort |
    awk '$1 == name { if (!shown) print name ": " file; print name ": " $2; shown = 1; next } { name = $1; file = $2; shown = 0 }' \
        >"$work/bad"
[ ! -e "$work/few" ] || cat "$work/few" >>"$work/bad"
verdict "names are unique even where static: slope.c can be one file"

# shellcheck disable=SC2046
wc -l $(find include src cli tests examples bench web -name '*.[ch]' 2>"$work/said" | sort) | awk '
    $2 == "total" { next }
    { limit = $2 == "include/slope.h" ? 1700 : $2 ~ /^src\/op\/.*[.]c$/ ? 120 : 400 } # slope.h is a tour, read from the top
    $1 > limit { print $2 " has " $1 " lines, more than " limit }' >"$work/bad"
verdict "files of at most 400 lines, operators of at most 120"

echo "$passed checks passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
