"""What numpy and gensim take for what queries.ts measures. Prints one JSON object.

    python queries.py <queries> <vectors.bin> [<vectors.txt>]
"""

import json
import logging
import sys
import time

logging.disable()

import numpy as np
from gensim import __version__ as gensim_version
from gensim.models import KeyedVectors

count, binary, *text = sys.argv[1:]
count = int(count)


def seconds(body):
    begun = time.perf_counter()
    body()
    return time.perf_counter() - begun


def best_of(scores, top=10):
    chosen = np.argpartition(-scores, top)[:top]
    return chosen[np.argsort(-scores[chosen])]


loaded = []
reading = seconds(lambda: loaded.append(KeyedVectors.load_word2vec_format(binary, binary=True)))
(vectors,) = loaded
vectors.fill_norms()
words = vectors.index_to_key
table = vectors.vectors / vectors.norms[:, None]
rows = [i * 977 % len(words) for i in range(count)]

answer = {
    "versions": {"gensim": gensim_version, "numpy": np.__version__},
    "binary": reading,
    "numpy": [seconds(lambda: best_of(table @ table[row])) for row in rows],
    "gensim": [seconds(lambda: vectors.most_similar(words[row], topn=10)) for row in rows],
    "several": seconds(lambda: [best_of(scores) for scores in table[rows] @ table.T]) / count,
    "found": [word for word, _ in vectors.most_similar(words[rows[-1]], topn=10)],
}
del loaded, vectors, table
for path in text:
    answer["text"] = seconds(lambda: KeyedVectors.load_word2vec_format(path, no_header=True))
print(json.dumps(answer))
