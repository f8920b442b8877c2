#!/bin/sh
# What README.md and docs/*.md show works: every ```c or ```cpp block with a main() is compiled and run, and every ```sh block
# behind a line <!-- test --> is run, in one folder a page, with slope and its pkg-config file at hand. A C block whose
# first line names a file, /* hello.c ... */, is left there under that name.
. "$(dirname "$0")/cli/kit"

root=${SLOPE_SOURCE_ROOT:?}
if [ -n "${SLOPE_SANITIZE-}" ]; then
    echo "what the pages do, other tests do under the sanitizers"
    exit 77
fi
build=$(cd "$(dirname "$slope")" && pwd)
PATH=$build:$PATH
PKG_CONFIG_PATH=$build/meson-uninstalled${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
LD_LIBRARY_PATH=$build
export PATH PKG_CONFIG_PATH LD_LIBRARY_PATH
data=$root/../shared/data

# blocks PAGE FOLDER: the blocks to try, as FOLDER/LINE.c and FOLDER/LINE.sh
blocks() {
    awk -v folder="$2" '
        !inside && /^<!-- test -->/ { marked = 1; next }
        !inside && /^```/ {
            inside = 1
            kind = substr($0, 4)
            file = sprintf("%s/%05d.%s", folder, NR, kind)
            wanted = kind == "c" || kind == "cpp" || (kind == "sh" && marked)
            text = ""
            next
        }
        inside && /^```/ {
            if (wanted && (kind == "sh" || text ~ /(^|\n)int main\(/)) {
                printf "%s", text >file
                close(file)
            }
            inside = marked = 0
            next
        }
        inside { text = text $0 "\n"; next }
        /[^ ]/ { marked = 0 }' "$1"
}

compile_and_run_cpp() { # compile_and_run_cpp BLOCK
    name=$(sed -n '1s|^// *\([a-z0-9_]*\)[.]cc.*|\1|p' "$1")
    : "${name:=snippet}"
    cp "$1" "$name.cc"
    # shellcheck disable=SC2046 # flags are words
    "$cxx" -std=c++17 -Wall -Wextra -Wconversion -Werror "$name.cc" $(pkg-config --cflags --libs slope) -o "$name" &&
        "./$name"
}
cxx=$(command -v g++ || command -v clang++)

compile_and_run() { # compile_and_run BLOCK
    name=$(sed -n '1s|^/\* *\([a-z0-9_]*\)[.]c.*|\1|p' "$1")
    : "${name:=snippet}"
    cp "$1" "$name.c"
    # shellcheck disable=SC2046,SC2086 # flags are words
    ${CC:-cc} -std=c11 -Wall -Wextra -Werror ${SLOPE_SANITIZE:-} "$name.c" $(pkg-config --cflags --libs slope) -o "$name" &&
        "./$name"
}

page() { # page FILE TITLE
    place=$kit_folder/page-$2
    mkdir -p "$place/work" "$place/blocks"
    blocks "$1" "$place/blocks"
    cd "$place/work" || exit 2
    ln -s "$build" build
    [ ! -d "$data" ] || ln -s "$root/../shared" ../shared
    for block in "$place"/blocks/*; do
        [ -e "$block" ] || continue
        line=$(basename "$block" | sed 's/^0*//; s/[.].*//')
        what="$2, line $line: $(sed -n '/[^ ]/{s/^ *//;p;q;}' "$block")"
        if grep -q '[.][.]/shared/data' "$block" && [ ! -d "$data" ]; then
            echo "skip  $what: ../shared/data is not here"
            continue
        fi
        if [ -z "$cxx" ] && [ "${block##*.}" = cpp ]; then
            echo "skip  $what: neither g++ nor clang++ here"
            continue
        fi
        case $block in
        *.cpp) compile_and_run_cpp "$block" ;;
        *.c) compile_and_run "$block" ;;
        *) CC=${CC:-cc} sh -eu "$block" ;;
        esac >"$out" 2>&1 </dev/null
        status=$?
        cp "$out" "$err" # a failure shows all of it
        check "$what" test "$status" = 0
    done
    cd "$kit_folder/work" || exit 2
}

if ! command -v pkg-config >"$out"; then
    echo "pkg-config is not here"
    exit 77
fi

# --- first: does this script see a snippet that fails?
cat >self.md <<'EOF'
```c
/* hello.c */
#include <slope.h>
#include <stdio.h>
int main(void)
{
    return puts(sl_version()) < 0;
}
```
```c
int main(void) { return 3; }
```
```c
not a program
```
<!-- test -->

```sh
./hello | grep -q '[0-9]' && slope --version
```
<!-- test -->
```sh
false
true
```
<!-- test -->
```sh
ls ../shared/data/mnist
```
<!-- test --> belongs to the block behind it, not to one further on
```text
```
```sh
exit 1
```
EOF
data_kept=$data
data=$kit_folder/nowhere
said=$(page self.md self | grep -v '^ ')
data=$data_kept
check "of a page, what works passes and what fails fails" same "$said" "ok    self, line 1: /* hello.c */
FAIL  self, line 10: int main(void) { return 3; }
ok    self, line 18: ./hello | grep -q '[0-9]' && slope --version
FAIL  self, line 22: false
skip  self, line 27: ls ../shared/data/mnist: ../shared/data is not here"
rm -rf "$kit_folder/page-self"

# --- then the pages
for file in "$root"/README.md "$root"/docs/*.md; do
    [ ! -e "$file" ] || page "$file" "$(basename "$file")"
done

finish
