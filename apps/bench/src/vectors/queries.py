"""What numpy and gensim take, on one thread, for what queries.ts measures: processor time in seconds, in one JSON object.

    OPENBLAS_NUM_THREADS=1 python queries.py <queries> <vectors.bin> <vectors.txt>
"""

import json
import sys
import time

import numpy as np
from gensim import __version__ as gensim_version
from gensim.models import KeyedVectors

count, binary, text = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def seconds(body):
    begun = time.process_time()
    body()
    return time.process_time() - begun


def best_of(scores, top=10):
    chosen = np.argpartition(-scores, top)[:top]
    return chosen[np.argsort(-scores[chosen])]


loaded = []
answer = {"versions": {"gensim": gensim_version, "numpy": np.__version__}}
answer["binary"] = seconds(lambda: loaded.append(KeyedVectors.load_word2vec_format(binary, binary=True)))
(vectors,) = loaded
words = vectors.index_to_key
rows = [i * 977 % len(words) for i in range(count)]
vectors.fill_norms()
answer["gensim"] = [seconds(lambda: vectors.most_similar(words[row], topn=10)) for row in rows]
answer["found"] = [word for word, _ in vectors.most_similar(words[rows[-1]], topn=10)]
table = vectors.vectors / vectors.norms[:, None]
answer["numpy"] = [seconds(lambda: best_of(table @ table[row])) for row in rows]
answer["several"] = seconds(lambda: [best_of(scores) for scores in table[rows] @ table.T]) / count
del loaded, vectors, table
answer["text"] = seconds(lambda: KeyedVectors.load_word2vec_format(text, no_header=True))
print(json.dumps(answer))
