#!/bin/sh
# playground.sh SLOPE: slope playground writes one page that holds everything, and opens it where there is a browser.
. "$(dirname "$0")/kit"

unset DISPLAY WAYLAND_DISPLAY WSL_DISTRO_NAME XDG_CACHE_HOME
HOME=$PWD/home
mkdir home
export HOME

run playground one
check "an argument is one too many" same "$status" 2
run playground --put here
check "an unknown option is refused" same "$status" 2
run playground -o page.html
if [ "$status" = 1 ] && grep -q 'this build of slope has no playground' "$err"; then
    check "a build without it says why, and what to do" grep -qE 'apt install |-Dplayground=disabled' "$err"
    check "and writes nothing" test ! -e page.html
    echo "skip  the page: this build has none"
    finish
fi

# --- -o -------------------------------------------------------------------------------------------------------------
check "-o writes the page" test "$status" = 0 -a -s page.html
check "says so, and prints nothing" sh -c 'grep -q "page.html is written" "$1" && test ! -s "$2"' sh "$err" "$out"
check "and leaves nothing else" same "$(ls)" "home
page.html"
echo old >there.html
run playground -o there.html --quiet
check "a file that is there is replaced, the same page twice" sh -c 'cmp -s page.html there.html && test ! -s "$1"' sh "$err"
run playground -o none/page.html
check "a folder that is not there is wrong usage" sh -c 'test "$1" = 2 && grep -q "none/page.html" "$2"' sh "$status" "$err"
run playground -o -
check "- is the name of no file" sh -c 'test "$1" = 2 && grep -q "/dev/stdout" "$2"' sh "$status" "$err"
run playground -o /dev/stdout
check "/dev/stdout is the standard output" cmp -s "$out" page.html
if [ -e /dev/full ]; then
    run playground -o /dev/full
    check "a full disk is a failure" same "$status" 1
fi

# --- the page ---------------------------------------------------------------------------------------------------------
check "it is one document" same "$(grep -c '<!doctype html>' page.html) $(grep -c '</html>' page.html)" "1 1"
check "it is complete: script, worker and engine are in it" sh -c 'test "$(grep -c "<script" page.html)" = "$(grep -c "</script>" page.html)" &&
    ! grep -q "^<!-- [a-z]* -->$\|SCRIPT_HASH" page.html'
check "it is small: at most 480 kB, 400 kB after gzip" sh -c 'test "$(wc -c <page.html)" -le 480000 -a "$(gzip -9nc page.html | wc -c)" -le 400000'
check "it names no other host" sh -c '! grep -oE "(https?:)?//[a-z0-9.-]+[.][a-z]+" page.html | grep -v "^http://www[.]w3[.]org" | grep .'
check "it loads nothing" sh -c '! grep -oE "<(link|img|script|iframe)[^>]*(src|href)=[^>]*>" page.html | grep -v "data:," | grep .'
check "and may ask nothing of anybody" sh -c 'grep "Content-Security-Policy" page.html | grep -q "default-src .none." &&
    ! grep "Content-Security-Policy" page.html | grep -qE "connect-src|[^-]unsafe-eval|https?:|[*]"'
check "its policy knows its script" sh -c 'awk "/^<script>\$/ { on = 1; print \"\"; next } /^<\/script>\$/ { on = 0 } on" page.html |
    sha256sum | cut -c 1-64 | tr a-f A-F | basenc --base16 -d | base64 >hash && grep -qF "sha256-$(cat hash)" page.html'

# --- without -o -------------------------------------------------------------------------------------------------------
run playground
check "without a screen it says where the page is" sh -c 'test "$1" = 0 && test "$(cat "$2")" = "$HOME/.cache/slope/playground.html"' sh "$status" "$out"
check "and that nothing is opened" grep -q 'open the file by hand' "$err"
check "it is the page" cmp -s page.html home/.cache/slope/playground.html
mkdir bin cache
printf '#!/bin/sh\necho "$@" >opened\n' >bin/xdg-open
chmod +x bin/xdg-open
XDG_CACHE_HOME=$PWD/cache DISPLAY=:0 PATH=$PWD/bin:$PATH run playground
check "with one it is opened" same "$(cat opened)" "$PWD/cache/slope/playground.html"
check "and nothing more is said" sh -c 'test ! -s "$1" && test "$(cat "$2")" = "$PWD/cache/slope/playground.html"' sh "$err" "$out"
printf '#!/bin/sh\nsleep 30 >/dev/null 2>&1 &\necho $! >pid\nwait\n' >bin/xdg-open
before=$(date +%s)
DISPLAY=:0 PATH=$PWD/bin:$PATH run playground
check "a browser that stays is not waited for" test $(($(date +%s) - before)) -lt 15 -a "$status" = 0 -a ! -s "$err"
kill "$(cat pid)"
for name in xdg-open gio sensible-browser wslview; do
    printf '#!/bin/sh\nexit 3\n' >bin/$name
    chmod +x bin/$name
done
DISPLAY=:0 PATH=$PWD/bin:$PATH run playground
check "one that cannot start is no failure" sh -c 'test "$1" = 0 && grep -q "open the file by hand" "$2"' sh "$status" "$err"
unset HOME
TMPDIR=$PWD run playground
check "without a home it is a temporary file" sh -c 'cmp -s page.html "$(cat "$1")" && test "$(stat -c %a "$(dirname "$(cat "$1")")")" = 700' sh "$out"

finish
