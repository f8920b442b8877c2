# views.py - writes tests/golden/views.h: tf-idf by scikit-learn, log-count ratios by numpy, hashes by plain Python
# (/usr/bin/python3 views.py >views.h; needs python3-sklearn).
import numpy
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

texts = ["good film good cast", "bad film", "good good good", "not good not bad", "a film of the year", "bad bad cast",
         "the cast of the film is good", "a bad year", "film", "the year of the cast"]
classes = {2: [1, 0, 1, 0, 1, 0, 1, 0, 1, 0], 3: [2, 0, 2, 1, 1, 0, 2, 0, 1, 1]}
how = dict(tokenizer=str.split, token_pattern=None, lowercase=False, ngram_range=(1, 2))
M = 2**64 - 1


def spread(h):
    return h ^ h >> 32


def text_hash(data):
    h = (len(data) + 1) * 0x9E3779B97F4A7C15 & M
    at = 0
    while len(data) - at > 8:
        h = (h ^ int.from_bytes(data[at:at + 8], "little")) * 0x9FB21C651E98DF25 & M
        h ^= h >> 29
        at += 8
    left = data[at:]
    if len(data) >= 8:
        last = int.from_bytes(data[-8:], "little")
    elif len(left) >= 4:
        last = int.from_bytes(left[:4], "little") | int.from_bytes(left[-4:], "little") << 32
    elif left:
        last = left[0] | left[len(left) // 2] << 8 | left[-1] << 16
    else:
        last = 0
    h = (h ^ last) * 0x9FB21C651E98DF25 & M
    return spread(spread(h) * 0xD6E8FEB86659FD93 & M)


def hash_join(before, word):
    h = ((before ^ before >> 29) * 0x9FB21C651E98DF25 + word) & M
    return spread(spread(h) * 0xD6E8FEB86659FD93 & M)


def put(name, names, matrix):
    print("static const golden_value %s[] = {" % name)
    for row in range(matrix.shape[0]):
        for column in numpy.nonzero(matrix[row])[0]:
            print('    { %d, "%s", %.17g },' % (row, names[column], matrix[row, column]))
    print("};")


def ratios(counts, y, of_class, alpha):
    ones = (counts > 0).astype(float)
    p = alpha + ones[y == of_class].sum(0)
    q = alpha + ones[y != of_class].sum(0)
    return numpy.log((p / p.sum()) / (q / q.sum()))


print("/* views.h - written by views.py: rows, features and values. */")
print("static const char *const golden_texts[] = {")
for text in texts:
    print('    "%s",' % text)
print("};")
for k, y in classes.items():
    print("static const float golden_classes_%d[] = { %s };" % (k, ", ".join(map(str, y))))
print("typedef struct {\n    int row;\n    const char *feature;\n    double value;\n} golden_value;")
tfidf = TfidfVectorizer(sublinear_tf=True, **how)
matrix = tfidf.fit_transform(texts).toarray()
put("golden_tfidf", tfidf.get_feature_names_out(), matrix)
counter = CountVectorizer(**how)
counts = counter.fit_transform(texts).toarray()
for k, alpha in ((2, 1.0), (2, 0.25), (3, 1.0)):
    y = numpy.array(classes[k])
    every = numpy.array([ratios(counts, y, c, alpha) for c in ([1] if k == 2 else range(k))])
    r = every[numpy.abs(every).argmax(0), numpy.arange(every.shape[1])]
    values = (counts > 0) * r
    norm = numpy.sqrt((values**2).sum(1, keepdims=True))
    put("golden_nb_%d%s" % (k, "" if alpha == 1 else "_alpha"), counter.get_feature_names_out(),
        values / numpy.where(norm > 0, norm, 1))
print("static const struct {\n    const char *text;\n    uint64_t hash;\n} golden_hashes[] = {")
for text in ["", "a", "ab", "the", "word", "seven77", "eight888", "nine99999", "sixteen characte", "a longer word, of many bytes"]:
    print('    { "%s", UINT64_C(0x%016x) },' % (text, text_hash(text.encode())))
print("};")
print("#define GOLDEN_HASH_JOIN UINT64_C(0x%016x) /* of not, good */" % hash_join(text_hash(b"not"), text_hash(b"good")))
