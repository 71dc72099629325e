"""What `npm run bench -- vectors --python` calls: skip-gram with 5 negatives by gensim and by the fastText package, on one text.

python vectors.py version PACKAGE             prints its version, or nothing where it is not there
python vectors.py train PACKAGE '{"text": …}'  trains, and prints words per second
"""
import json
import sys
import time
from importlib.metadata import PackageNotFoundError, version


def train_gensim(text, width, window, subsample, epochs, threads, **_):
    from gensim.models import Word2Vec
    from gensim.models.word2vec import LineSentence

    model = Word2Vec(
        vector_size=width, window=window, sample=subsample, negative=5, sg=1, min_count=5, alpha=0.025, workers=threads
    )
    model.build_vocab(corpus_file=text)
    started = time.perf_counter()
    model.train(corpus_file=text, total_words=model.corpus_total_words, epochs=epochs)
    print("words per second:", model.corpus_total_words * epochs / (time.perf_counter() - started))


def train_fasttext(text, width, window, subsample, epochs, threads, **_):
    import fasttext

    fasttext.train_unsupervised(
        text, model="skipgram", dim=width, ws=window, t=subsample or 1, epoch=epochs, thread=threads, neg=5, maxn=0, lr=0.025, verbose=2
    )


if __name__ == "__main__":
    task, package = sys.argv[1:3]
    if task == "version":
        try:
            print(version(package))
        except PackageNotFoundError:
            pass
    else:
        {"gensim": train_gensim, "fasttext": train_fasttext}[package](**json.loads(sys.argv[3]))
