#!/bin/sh
# The playground as `slope playground` writes it: the same bits as the command line, in Node and in Chromium, and the page at work:
# each script tests/web/NAME.mjs that reads browser.mjs drives it.
. "$(dirname "$0")/cli/kit"

if [ -n "${SLOPE_SANITIZE-}" ]; then
    echo "the page's engine is another build, which other tests look at"
    exit 77
fi
web=$SLOPE_SOURCE_ROOT/tests/web
"$slope" playground -o page.html >"$out" 2>"$err" || { echo "skip page ($(head -n 1 "$err"))"; exit 0; }
for tool in node esbuild; do
    command -v $tool >/dev/null || { echo "skip page ($tool is not installed)"; exit 0; }
done

awk 'BEGIN {
    srand(3)
    print "long,wide,colour,kind"
    for (i = 0; i < 150; i++) { k = i % 3; printf "%.2f,%.2f,%s,%s\n", 4 + k + rand(), 2 + k * 0.3 + rand(), rand() < 0.5 ? "red" : "blue", substr("abc", k + 1, 1) }
}' >flowers.csv
awk 'BEGIN {
    srand(4)
    print "area;rooms;town;price"
    split("Aachen Bonn Cologne", town)
    for (i = 0; i < 200; i++) { a = 40 + 160 * rand(); r = 1 + int(7 * rand()); printf "%.1f;%d;%s;%d\n", a, r, town[1 + int(3 * rand())], a * 3000 + r * 5000 + 40000 * rand() }
}' >houses.csv

here=$PWD
esbuild "$SLOPE_SOURCE_ROOT/web/unpack.ts" --bundle --format=esm --outfile=unpack.mjs --log-level=error
node "$web/extract.mjs" page.html playground.wasm "$here/unpack.mjs" || fail "the page holds its engine"
esbuild "$SLOPE_SOURCE_ROOT/web/engine.ts" --bundle --format=esm --outfile=engine.mjs --log-level=error
esbuild "$SLOPE_SOURCE_ROOT/web/engine.ts" --bundle --format=iife --global-name=slopeEngine --outfile=engine.js --log-level=error
esbuild "$SLOPE_SOURCE_ROOT/web/settings.ts" --bundle --format=esm --outfile=settings.mjs --log-level=error
node "$web/links.mjs" "$here/settings.mjs" || fail "links.mjs ends well"
node "$web/digests.mjs" "$slope" "$here/engine.mjs" playground.wasm wanted.json || fail "digests.mjs ends well"
for script in "$web"/*.mjs; do
    grep -q 'from "./browser.mjs"' "$script" || continue
    timeout 300 node "$script" "$here/page.html" "$here/engine.js" "$here/playground.wasm" "$here/wanted.json" "$slope" 2>&1 || fail "$(basename "$script") ends well"
done
[ "$failures" = 0 ]
