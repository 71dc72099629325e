"""The fasttext of PyPI as if it were the program: fasttext_program.py skipgram|cbow|supervised -option value …"""

import sys

import fasttext

task, *rest = sys.argv[1:]
names = [name[1:] for name in rest[::2]]


def number(value):
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            pass
    return value


options = {name: number(value) for name, value in zip(names, rest[1::2]) if name not in ("input", "output")}
files = {name: value for name, value in zip(names, rest[1::2]) if name in ("input", "output")}
# Its functions take no seed, though its settings have one.
fasttext.FastText.unsupervised_default["seed"] = options.pop("seed", 0)
if task == "supervised":
    model = fasttext.train_supervised(files["input"], **options)
else:
    model = fasttext.train_unsupervised(files["input"], model=task, **options)
model.save_model(files["output"] + ".bin")
