"""Writes word-vectors.json: what gensim makes of small word vectors, their files, queries and evaluations.

Also checks that gensim reads word-vectors.vec, word-vectors.bin and word-vectors.txt, which Tenon has written (the tests compare them byte by
byte). Made with gensim 4.4.0, numpy 2.4.6 and scipy 1.17.1.

    python goldens/word-vectors.py
"""

import base64
import json
import os
import tempfile

import numpy as np
from gensim.models import KeyedVectors

here = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(10)
width = 6

words = (
    "the of king queen man woman Paris France Berlin Germany Rome Italy Madrid Spain paris PARIS big bigger small smaller "
    "good better tiger cat dog naïve 狐 🦊 it's new_york run ran walk walked swim swam see saw uncle aunt"
).split()
data = random.standard_normal((len(words), width)).astype(np.float32)


def near(first, second, third, fourth, noise):
    """Moves the fourth word to where the analogy says that it is, about."""
    row = words.index
    data[row(fourth)] = data[row(third)] + data[row(second)] - data[row(first)] + noise * random.standard_normal(width)


near("man", "woman", "king", "queen", 0.2)
near("man", "woman", "uncle", "aunt", 1.0)
near("France", "Paris", "Germany", "Berlin", 0.3)
near("France", "Paris", "Italy", "Rome", 0.6)
near("France", "Paris", "Spain", "Madrid", 0.9)
near("big", "bigger", "small", "smaller", 0.5)
near("walk", "walked", "run", "ran", 0.5)
near("walk", "walked", "swim", "swam", 0.7)

vectors = KeyedVectors(width)
vectors.add_vectors(words, data)

analogies = """: capital-common-countries
France Paris Germany Berlin
france paris italy rome
Germany Berlin Spain Madrid
Paris France Atlantis Poseidonis
Italy Rome France Paris
: family
man woman king queen
king queen uncle aunt
man woman uncle aunt
man woman boy girl
: gram5-past-tense
walk walked run ran
run ran see saw
swim swam see saw
see saw swim swam
"""
pairs = """# word 1\tword 2\tmean
tiger\tcat\t7.35
cat\tdog\t7.0
king\tqueen\t8.58
King\tman\t5.5
man\twoman\t8.3
small\tbig\t7.0
good\tbetter\t7.0
run\twalk\t5.5
moon\tsun\t3.1
see\tsaw\t2.0
Rome\tItaly\t7.35
"""


def file_of(**how):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "vectors")
        vectors.save_word2vec_format(path, **how)
        with open(path, "rb") as file:
            return base64.b64encode(file.read()).decode()


def score(restrict, fold):
    with tempfile.TemporaryDirectory() as folder:
        questions, judged = os.path.join(folder, "questions"), os.path.join(folder, "pairs")
        for path, text in ((questions, analogies), (judged, pairs)):
            with open(path, "w") as file:
                file.write(text)
        how = {"restrict_vocab": restrict, "case_insensitive": fold}
        accuracy, sections = vectors.evaluate_word_analogies(questions, **how)
        pearson, spearman, missing = vectors.evaluate_word_pairs(judged, **how)
    return {
        "first": restrict,
        "foldCase": fold,
        "accuracy": accuracy,
        "sections": [[s["section"], len(s["correct"]), len(s["incorrect"])] for s in sections],
        "pearson": float(pearson.statistic),
        "spearman": float(spearman.statistic),
        "missing": missing,
    }




def smooth_inverse_frequency(sentences, counts, smoothing=1e-3):
    """Arora, Liang and Ma 2017: weighted means without what they have in common."""
    share = counts / counts.sum()
    weight = {word: smoothing / (smoothing + share[row]) for row, word in enumerate(words)}
    means = np.array([np.mean([weight[word] * vectors[word].astype(np.float64) for word in those], axis=0) for those in sentences])
    common = np.linalg.svd(means)[2][0]
    return (means - np.outer(means @ common, common)).tolist()


texts = [["the", "king", "ran"], ["the", "queen", "of", "Spain", "walked"], ["tiger", "tiger"], ["of", "cat", "swam"]]
counts = np.round(1e5 / np.arange(1, len(words) + 1))

golden = {
    "words": words,
    "width": width,
    "data": base64.b64encode(data.tobytes()).decode(),
    "files": {"text": file_of(), "binary": file_of(binary=True), "bare": file_of(write_header=False)},
    "nearest": {word: vectors.most_similar(word, topn=5) for word in ("king", "狐", "Paris")},
    "analogies": [
        {
            "positive": positive,
            "negative": negative,
            "add": vectors.most_similar(positive=positive, negative=negative, topn=4),
            "multiply": vectors.most_similar_cosmul(positive=positive, negative=negative, topn=4),
        }
        for positive, negative in (
            (["woman", "king"], ["man"]),
            (["Paris", "Germany"], ["France"]),
            (["king", "queen", "aunt"], ["uncle", "man"]),
            (["cat", "dog"], []),
        )
    ],
    "odd": [
        [listed, [[float(score), word] for score, word in vectors.rank_by_centrality(listed)]]
        for listed in (["king", "queen", "aunt", "cat"], ["Paris", "Berlin", "Rome", "run"], ["big", "small"])
    ],
    "similarity": [[a, b, float(vectors.similarity(a, b))] for a, b in (("king", "queen"), ("cat", "dog"), ("the", "the"))],
    "sentences": [
        [a, b, float(vectors.n_similarity(a, b))]
        for a, b in ((["the", "king", "ran"], ["the", "queen", "walked"]), (["cat"], ["dog", "dog", "tiger"]))
    ],
    "counts": counts.tolist(),
    "texts": texts,
    "smoothed": smooth_inverse_frequency(texts, counts),
    "questions": analogies,
    "pairs": pairs,
    "scores": [score(*how) for how in ((300000, True), (300000, False), (20, True), (14, False))],
}

for name, how in (("vec", {}), ("bin", {"binary": True}), ("txt", {"no_header": True})):
    path = os.path.join(here, f"word-vectors.{name}")
    if not os.path.exists(path):
        print(f"{path} is not there yet: let the tests write it, and run this again")
        continue
    read = KeyedVectors.load_word2vec_format(path, **how)
    assert read.index_to_key == words and np.array_equal(read.vectors, data), path

with open(os.path.join(here, "word-vectors.json"), "w") as file:
    json.dump(golden, file, ensure_ascii=False, indent=1)
