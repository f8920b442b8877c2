#!/bin/sh
# What meson install puts where, and that a program of somebody else's builds against it.
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
there share/man/man1/slope.1
there share/bash-completion/completions/slope.bash
there share/zsh/site-functions/_slope
there share/fish/vendor_completions.d/slope.fish
check "nothing else" same "$(find "$stage" ! -type d | wc -l)" 10

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

echo '#include <slope.h>
int main() { return sl_version()[0] == 0; }' >other.cc
cxx=$(command -v "${CXX:-g++}" || command -v clang++)
if [ -n "$cxx" ]; then
    # shellcheck disable=SC2046,SC2086
    "$cxx" -Wall -Wextra -pedantic -Werror -c other.cc $(pkg-config --cflags slope) -o other.o 2>"$err" &&
        ${CC:-cc} ${SLOPE_SANITIZE:-} other.o $(pkg-config --libs slope) -o other 2>"$err"
    check "a C++ program compiles against it" test $? = 0
    check "and runs" ./other
else
    echo "skip  a C++ program: neither g++ nor clang++ here"
fi

finish
