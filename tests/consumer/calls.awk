# From slope.h a line for each function, which nothing.c includes: KIND_OF_RESULT(name, arguments, (how to get each)).
{ sub(/\/\*.*\*\//, "") }
/\/\*/ { comment = 1; sub(/\/\*.*/, "") }
comment && /\*\// { comment = 0; sub(/.*\*\//, "") }
/^SL_API/ { within = 1; text = "" }
within { text = text " " $0 }
within && /;/ { within = 0; write_call(text) }

function write_call(text,    name, result, kind, list, n, i, c, depth, piece, argument) {
    gsub(/[ \t]+/, " ", text)
    sub(/^ *SL_API /, "", text)
    match(text, /sl_[a-z0-9_]*\(/)
    name = substr(text, RSTART, RLENGTH - 1)
    result = substr(text, 1, RSTART - 1)
    list = substr(text, RSTART + RLENGTH)
    sub(/\) *;.*$/, "", list)
    n = depth = 0
    piece = ""
    for (i = 1; i <= length(list) + 1; i++) {
        c = i > length(list) ? "," : substr(list, i, 1)
        depth += (c == "(") - (c == ")")
        if (c == "," && depth == 0) {
            gsub(/^ +| +$/, "", piece)
            if (piece != "void")
                argument[++n] = piece
            piece = ""
        } else
            piece = piece c
    }
    sub(/ +$/, "", result)
    kind = result == "void" ? "NONE" : result == "sl_status" ? "STATUS" : result !~ /\*$/ ? "NUMBER" : "POINTER"
    if (result ~ /^const .*\*$/)
        kind = "SHOWN"
    printf "%s(%s, %d, (", kind, name, n
    for (i = 1; i <= n; i++)
        printf "%s%s", (i == 1 ? "" : ", "), give(argument[i], i - 1)
    print "))"
}

# GIVE(place, type and number of stars, name), or SCALAR; char that is written to is "buffer".
function give(text, i,    type, what, stars) {
    if (text ~ /\(\*/)
        return "FUNCTION(" i ")"
    what = text
    stars = sub(/\[[^]]*\](\[[^]]*\])?$/, "", what)
    type = what
    sub(/.*[ *]/, "", what)
    sub(/[a-z0-9_]*$/, "", type)
    if (type ~ /^char [*]? *$/)
        sub(/char/, "buffer", type)
    gsub(/const/, "", type)
    stars += gsub(/[*]/, "", type)
    gsub(/ /, "", type)
    return stars ? "GIVE(" i ", " type "_" stars ", " what ")" : "SCALAR(" i ", " type ", " what ")"
}
