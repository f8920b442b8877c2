#!/bin/sh
# What meson install puts where, and that programs of other people build against it and run: C and C++, with pkg-config and
# with CMake, shared and static; which names the libraries have.
. "$(dirname "$0")/cli/kit"

root=${SLOPE_SOURCE_ROOT:?}
build=$(dirname "$slope")
for tool in meson pkg-config; do
    if ! command -v $tool >"$out"; then
        echo "$tool is not here"
        exit 77
    fi
done

stage=$PWD/stage
meson install -C "$build" --no-rebuild --destdir "$stage" >"$out" 2>"$err"
check "meson install" test $? = 0

# there PATTERN: one file whose path ends like this
there() {
    check "installed: $1" test "$(find "$stage" -path "*/$1" | wc -l)" = 1
}
there bin/slope
there include/slope.h
there libslope.a
there libslope.so
there libslope.so.0
there pkgconfig/slope.pc
there cmake/slope/slope-config.cmake
there cmake/slope/slope-config-version.cmake
there share/man/man1/slope.1
there share/bash-completion/completions/slope.bash
there share/zsh/site-functions/_slope
there share/fish/vendor_completions.d/slope.fish
check "nothing else" same "$(find "$stage" ! -type d | wc -l)" 12

page=$(find "$stage" -name slope.1)
check "the man page is one" grep -q '^[.]TH' "$page"

PKG_CONFIG_PATH=$(dirname "$(find "$stage" -name slope.pc)")
PKG_CONFIG_SYSROOT_DIR=$stage
LD_LIBRARY_PATH=$(dirname "$(find "$stage" -name libslope.so)")
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR LD_LIBRARY_PATH

# shellcheck disable=SC2046,SC2086 # flags are words
for example in "$root"/examples/*.c; do
    name=$(basename "$example" .c)
    ${CC:-cc} -std=c11 -Wall -Wextra -pedantic -Werror ${SLOPE_SANITIZE:-} "$example" $(pkg-config --cflags --libs slope) \
        -o "$name" 2>"$err"
    check "$name.c compiles against it" test $? = 0
done
./xor >"$out" 2>"$err"
check "xor runs" test $? = 0
check "xor: 0 1 1 0" same "$(awk '{ printf "%s ", $5 }' "$out")" "0 1 1 0 "


# --- names -----------------------------------------------------------------------------------------------------------
library=$(find "$stage" -name 'libslope.so.0')
nm=${NM:-nm}
sed -n 's/^SL_API.*[ *]\(sl_[a-z0-9_]*\)(.*/\1/p; /^SL_API[^(]*$/{n;s/^[ *]*\(sl_[a-z0-9_]*\)(.*/\1/p;}' "$root/include/slope.h" |
    LC_ALL=C sort >public
if [ -n "${SLOPE_SANITIZE-}" ]; then
    echo "skip  the names of the libraries: sanitizers bring their own"
elif ! command -v "$nm" >"$out"; then
    echo "skip  the names of the libraries: no $nm here"
else
    "$nm" -D --defined-only "$library" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | LC_ALL=C sort >names
    cmp names public >"$err" || diff names public >"$err"
    check "libslope.so shows the functions of slope.h, and no other name" cmp -s names public
    "$nm" -D --defined-only --with-symbol-versions "$library" >versions 2>"$err"
    if grep -q 'Wl,--version-script' "$build/build.ninja"; then
        check "each with the version SLOPE_0" test "$(grep -c ' T sl_.*@@SLOPE_0$' versions)" = "$(wc -l <public)"
    else
        echo "skip  symbol versions: this linker has none"
    fi
    "$nm" -g --defined-only "$(find "$stage" -name libslope.a)" 2>"$err" | awk 'NF == 3 { print $3 }' | grep -v '^sl_' >"$err"
    check "no name in libslope.a that does not begin with sl_" test ! -s "$err"
fi
if command -v readelf >"$out"; then
    check "the soname is libslope.so.0" grep -q 'SONAME.*\[libslope[.]so[.]0\]' <<END
$(readelf -d "$library")
END
fi

# --- C -----------------------------------------------------------------------------------------------------------------
cflags='-Wall -Wextra -Wconversion -Wshadow -pedantic -Werror'
# compiles PROGRAM SOURCE COMPILER AND FLAGS ... : and it runs; its output is PROGRAM.said
runs() {
    program=$1 source=$2
    shift 2
    # shellcheck disable=SC2086
    "$@" ${SLOPE_SANITIZE:-} "$source" $libraries -o "$program" 2>"$err"
    check "$program compiles" test $? = 0
    "./$program" >"$program.said" 2>"$err"
    check "$program runs" test $? = 0
}
libraries=$(pkg-config --cflags --libs slope)
consumer=$root/tests/consumer
# shellcheck disable=SC2086
for standard in c11 c17; do
    runs shared-$standard "$consumer/threads.c" ${CC:-cc} -std=$standard $cflags -pthread
done
static=$(find "$stage" -name libslope.a)
libraries="$(pkg-config --cflags slope) $static $(pkg-config --static --libs slope | tr ' ' '\n' | grep -v -e '^-lslope$' | tr '\n' ' ')"
# shellcheck disable=SC2086
runs static "$consumer/threads.c" ${CC:-cc} -std=c11 $cflags -pthread
check "the static one needs no libslope.so" test "$(LC_ALL=C ldd ./static 2>"$out" | grep -c slope)" = 0
check "two contexts in two threads: one digest" test "$(awk '/^train/ { print $3 }' shared-c11.said | sort -u | wc -l)" = 1
check "eight threads ask one model: one digest" test "$(awk '/^predict/ { print $3 }' shared-c11.said | sort -u | wc -l)" = 1
check "shared and static: the same" cmp -s shared-c11.said static.said

# --- C++ ----------------------------------------------------------------------------------------------------------------
libraries=$(pkg-config --cflags --libs slope)
found=
for cxx in g++ clang++; do
    command -v $cxx >"$out" || continue
    if ! echo '#include <array>' | $cxx -x c++ -std=c++17 -fsyntax-only - 2>"$err"; then
        echo "skip  $cxx: its library is not here"
        continue
    fi
    [ -z "${SLOPE_SANITIZE-}" ] || { echo "skip  $cxx: the sanitizer's libraries are the C compiler's" && continue; }
    found=$cxx
    # shellcheck disable=SC2086
    for standard in c++17 c++20; do
        runs $cxx-$standard "$consumer/learn.cc" $cxx -std=$standard $cflags
    done
    # shellcheck disable=SC2086
    runs $cxx-designated "$consumer/designated.cc" $cxx -std=c++20 $cflags -Wno-missing-field-initializers
done
if [ -z "$found" ]; then
    echo "skip  C++ programs: neither g++ nor clang++ here"
fi
[ ! -e g++-c++17.said ] || [ ! -e clang++-c++17.said ] ||
    check "both compilers: the same digest" cmp -s g++-c++17.said clang++-c++17.said

# --- CMake, on a tree that was moved ---------------------------------------------------------------------------------
if [ -n "${SLOPE_SANITIZE-}" ]; then
    echo "skip  CMake: the sanitizer's libraries are the C compiler's"
elif ! command -v cmake >"$out" || [ "$found" != g++ ] && ! command -v g++ >"$out"; then
    echo "skip  CMake: cmake or g++ is not here"
else
    unset LD_LIBRARY_PATH
    prefix=$(dirname "$(find "$stage" -path '*/include/slope.h')")
    mkdir moved
    cp -R "$(dirname "$prefix")/." moved
    rm -rf kept && mv "$stage" kept # nothing of where it was is needed
    cmake -S "$consumer" -B cmade -DCMAKE_PREFIX_PATH="$PWD/moved" -DCMAKE_C_COMPILER="$(echo "${CC:-cc}" | sed 's/.* //')" \
        -DCMAKE_CXX_COMPILER=g++ >"$out" 2>"$err"
    check "find_package(slope REQUIRED) finds it" test $? = 0
    cmake --build cmade >"$out" 2>&1 || cp "$out" "$err"
    check "the project builds" test -x cmade/learn -a -x cmade/learn_static -a -x cmade/threads -a -x cmade/threads_static
    for program in threads learn threads_static learn_static; do
        "cmade/$program" >said 2>"$err"
        check "CMake: $program runs" test $? = 0
        case $program in threads*) wanted=shared-c11 ;; *) wanted=g++-c++17 ;; esac
        check "CMake: $program gives the same digests" cmp -s said $wanted.said
    done
    check "slope::slope is the shared one" test "$(LC_ALL=C ldd cmade/learn 2>"$out" | grep -c 'moved.*libslope[.]so[.]0')" = 1
    check "slope::slope_static is the static one" test "$(LC_ALL=C ldd cmade/learn_static 2>"$out" | grep -c slope)" = 0
    mv kept "$stage"
fi

finish
