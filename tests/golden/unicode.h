/* unicode.h - written by unicode.py with Unicode 14.0.0: code points, folded and composed. */
#define GOLDEN_UNICODE_ALL UINT64_C(0xd29e636d91ece3f0)

static const struct {
    uint32_t c[8];
    size_t count;
    const char *folded;
} golden_unicode[] = {
    { { 0x65, 0x301 }, 2, "\xc3\xa9" },
    { { 0x45, 0x301, 0x323 }, 3, "\xe1\xba\xb9\xcc\x81" },
    { { 0x6f, 0x323, 0x302 }, 3, "\xe1\xbb\x99" },
    { { 0x41, 0x30a }, 2, "\xc3\xa5" },
    { { 0x1e9b, 0x323 }, 2, "\xe1\xb9\xa9" },
    { { 0x53, 0x54, 0x52, 0x41, 0x1e9e, 0x45 }, 6, "\x73\x74\x72\x61\x73\x73\x65" },
    { { 0x130, 0x49, 0x131 }, 3, "\x69\xcc\x87\x69\xc4\xb1" },
    { { 0x3a3, 0x3a5, 0x3a3 }, 3, "\xcf\x83\xcf\x85\xcf\x83" },
    { { 0x1112, 0x1161, 0x11ab }, 3, "\xed\x95\x9c" },
    { { 0xac00, 0x11a8 }, 2, "\xea\xb0\x81" },
    { { 0x344, 0x78 }, 2, "\xcc\x88\xcc\x81\x78" },
    { { 0x71, 0x307, 0x323 }, 3, "\x71\xcc\xa3\xcc\x87" },
    { { 0xfb01, 0x6e }, 2, "\x66\x69\x6e" },
    { { 0x2126, 0x212b, 0x212a }, 3, "\xcf\x89\xc3\xa5\x6b" },
    { { 0x61, 0x315, 0x300, 0x5ae, 0x62 }, 5, "\xc3\xa0\xd6\xae\xcc\x95\x62" },
    { { 0xc5, 0x6e, 0x67, 0x73, 0x74, 0x72, 0xd6, 0x6d }, 8, "\xc3\xa5\x6e\x67\x73\x74\x72\xc3\xb6\x6d" },
    { { 0x1f88, 0x391, 0x345 }, 3, "\xe1\xbc\x80\xce\xb9\xce\xb1\xce\xb9" },
    { { 0x958, 0x929 }, 2, "\xe0\xa4\x95\xe0\xa4\xbc\xe0\xa4\xa9" },
};
