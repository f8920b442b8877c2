# unicode.py - writes tests/golden/unicode.h: case folding and NFC by Python's unicodedata (python3 unicode.py >unicode.h).
import unicodedata


def fold(text, folding=True):
    return unicodedata.normalize("NFC", text.casefold() if folding else text)


digest = 0
for c in range(0x80, 0x20000):
    if not 0xD800 <= c < 0xE000:
        for folding in (False, True):
            for byte in fold(chr(c), folding).encode():
                digest = (digest * 1099511628211 + byte + 1) % 2**64
texts = ["e\u0301", "E\u0301\u0323", "o\u0323\u0302", "A\u030a", "\u1e9b\u0323", "STRA\u1e9eE", "\u0130I\u0131", "\u03a3\u03a5\u03a3",
         "\u1112\u1161\u11ab", "\uac00\u11a8", "\u0344x", "q\u0307\u0323", "\ufb01n", "\u2126\u212b\u212a", "a\u0315\u0300\u05ae\u0062",
         "\u00c5ngstr\u00d6m", "\u1f88\u0391\u0345", "\u0958\u0929"]
print("/* unicode.h - written by unicode.py with Unicode %s: code points, folded and composed. */" % unicodedata.unidata_version)
print("#define GOLDEN_UNICODE_ALL UINT64_C(0x%016x)\n" % digest)
print("static const struct {\n    uint32_t c[8];\n    size_t count;\n    const char *folded;\n} golden_unicode[] = {")
for text in texts:
    numbers = ", ".join("0x%x" % ord(c) for c in text)
    bytes_ = "".join("\\x%02x" % b for b in fold(text).encode())
    print('    { { %s }, %d, "%s" },' % (numbers, len(text), bytes_))
print("};")
