"""Small models of fastText, and what the original computes with them.

Made with Python 3.11, fasttext 0.9.3, gensim 4.4.0 and numpy 2.4 (all from PyPI):

    MALLOC_PERTURB_=255 python fasttext_models.py [lee_fasttext.bin, saved again in version 12]

writes fasttext-models/*.bin, *.ftz and values.json beside this script. On one thread fasttext begins with a tenth of the input matrix and leaves the rest as the
memory was; the variable makes glibc's malloc give zeros.
"""

import json
import os
import random
import sys
import tempfile

import fasttext
import numpy
from gensim.models.fasttext import FastText, save_facebook_model

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fasttext-models")
dice = random.Random(1)
animals = "cat dog naïve-ox mouse 猫 собака ёж bee 🐝 whale".split()
colours = "red green blue weiß schwarz 黄色 ультрамарин teal pink grey".split()
verbs = "eats sees likes hears finds meets".split()


def shortest(x):
    """The number of f32 in the fewest digits that tell it from its neighbours."""
    return float(str(numpy.float32(x)))


def sentence():
    return " ".join([dice.choice(colours), dice.choice(animals), dice.choice(verbs), dice.choice(colours), dice.choice(animals)])


def labelled(labels):
    """A line whose label depends on its words, sometimes with a second one."""
    line = sentence()
    number = sum(map(ord, line if labels > 10 else line.split()[1])) % labels
    second = f" __label__{(number + 1) % labels}" if dice.random() < 0.3 else ""
    return f"__label__{number}{second} {line}"


def write(lines):
    file = tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8")
    file.write("\n".join(lines) + "\n")
    file.close()
    return file.name


words = ["cat", "猫", "red", "</s>", "cats", "x", "собаки", "🐝🐝", "unheard-of", "teal"]
lines = [sentence() for _ in range(6)] + ["", "cat", "wholly unknown тексты", "red\tcat\u00a0pink  \x0bbee", "red </s> cat", "__label__1 cat __label__unknown"]


def values(model, supervised, quantised=False):
    result = {
        "words": {word: [shortest(x) for x in model.get_word_vector(word)] for word in words},
        "sentences": {line: [shortest(x) for x in model.get_sentence_vector(line)] for line in lines},
        "rows": {word: [int(x) for x in model.f.getSubwords(word, "strict")[1]] for word in words} if not quantised else {},
    }
    if supervised:
        result["predictions"] = [
            {"line": line, "k": k, "threshold": threshold, "found": [[label, shortest(p)] for p, label in model.f.predict(line + "\n", k, threshold, "strict")]}
            for line in lines
            for k, threshold in [(1, 0.0), (3, 0.0), (-1, 0.05)]
        ]
    else:
        result["neighbours"] = {word: [[other, shortest(s)] for s, other in model.get_nearest_neighbors(word, k=4)] for word in ["cat", "cats", "猫"]}
    return result


goldens = {}
common = dict(thread=1, verbose=0, minCount=1)


def keep(name, model, supervised, **more):
    model.save_model(os.path.join(folder, name))
    goldens[name] = values(model, supervised, **more)


text = write([sentence() for _ in range(300)])
for name, model, loss, dim in [("skip-gram", "skipgram", "ns", 8), ("cbow", "cbow", "hs", 5)]:
    keep(f"{name}.bin", fasttext.train_unsupervised(text, model=model, loss=loss, dim=dim, minn=2, maxn=4, bucket=97, epoch=5, lr=0.1, t=1e-2, **common), False)

few = write([labelled(4) for _ in range(400)])
settings = {
    "softmax": dict(loss="softmax", dim=6, minn=2, maxn=3, bucket=101, wordNgrams=2),
    "one-vs-all": dict(loss="ova", dim=5, wordNgrams=3, bucket=60),
    "negative-sampling": dict(loss="ns", dim=5, minn=1, maxn=2, bucket=50),
    "hierarchical": dict(loss="hs", dim=4),
}
for name, options in settings.items():
    keep(f"{name}.bin", fasttext.train_supervised(few, epoch=8, lr=0.3, **options, **common), True)

many = write([labelled(290) for _ in range(3000)])


def quantised(name, options, **how):
    model = fasttext.train_supervised(many, epoch=5, lr=0.3, **options, **common)
    model.quantize(**how)
    keep(name, model, True, quantised=True)


quantised("plain.ftz", dict(loss="softmax", dim=5, minn=2, maxn=3, bucket=400), dsub=2)
quantised("pruned.ftz", dict(loss="softmax", dim=6, minn=2, maxn=3, bucket=900, wordNgrams=2), dsub=3, qnorm=True, qout=True, cutoff=300)

corpus = [sentence().split() for _ in range(100)]
model = FastText(corpus, vector_size=6, min_count=1, min_n=2, max_n=3, bucket=40, epochs=3, workers=1, seed=1)
save_facebook_model(model, os.path.join(folder, "gensim.bin"))
goldens["gensim.bin"] = {"words": {word: [shortest(x) for x in model.wv[word]] for word in words if word != "</s>"}}

if len(sys.argv) > 1:
    lee = fasttext.load_model(sys.argv[1])
    chosen = ["the", "to", "Australian", "government", "cricket", "landslide", "governments", "xylophone", "größe", "q"]
    goldens["lee_fasttext.bin"] = {
        "words": {word: [shortest(x) for x in lee.get_word_vector(word)] for word in chosen},
        "neighbours": {word: [[other, shortest(s)] for s, other in lee.get_nearest_neighbors(word, k=5)] for word in ["government", "governments"]},
    }

with open(os.path.join(folder, "values.json"), "w", encoding="utf-8") as file:
    json.dump(goldens, file, ensure_ascii=False, separators=(",", ":"))
