"""What the original GloVe programs make of a small text: counts, and what is learned from them.

Made with commit 52f7dbc of github.com/stanfordnlp/GloVe, built with gcc 12.2 -O3, and Python's standard library. Run it as

    python3 packages/embeddings/goldens/glove.py DIRECTORY

where the programs vocab_count, cooccur and glove are. It writes glove.json beside itself.
"""

import json
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile

programs = pathlib.Path(sys.argv[1]).resolve()
dice = random.Random(1)
words = [f"w{n}" for n in range(30)]
frequencies = [1 / (n + 1) for n in range(len(words))]
lines = [" ".join(dice.choices(words, frequencies, k=dice.choice([1, 3, 8, 20]))) for _ in range(16)]
text = "\n".join(lines) + "\n"


def run(name, *options, input=None, cwd=None):
    done = subprocess.run([programs / name, *map(str, options)], input=input, cwd=cwd, capture_output=True, check=True)
    return done.stdout, done.stderr.decode()


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    # Words that occur once have no number, so that windows reach over them.
    vocabulary = run("vocab_count", "-min-count", 2, "-verbose", 0, input=text.encode())[0]
    (folder / "vocab.txt").write_bytes(vocabulary)
    ids = {line.split()[0]: n for n, line in enumerate(vocabulary.decode().splitlines())}

    # A small table, so that some pairs go by way of its overflow file: where that is empty, the program counts its first pair twice.
    def cooccur(*options):
        return run("cooccur", "-verbose", 0, "-max-product", 60, "-vocab-file", "vocab.txt", *options, input=text.encode(), cwd=folder)[0]

    def records(data):
        return [[i - 1, j - 1, x] for i, j, x in struct.iter_unpack("<iid", data)]

    counts = [
        {"window": window, "records": records(cooccur(*options))}
        for window, options in [
            ({"size": 4}, ["-window-size", 4]),
            ({"size": 3, "symmetric": False}, ["-window-size", 3, "-symmetric", 0]),
            ({"size": 15, "distanceWeighting": False}, ["-distance-weighting", 0]),
        ]
    ]

    # Two training runs over the pairs in sorted order: nothing of the shuffling is in it.
    (folder / "pairs.bin").write_bytes(cooccur("-window-size", 4))
    trained = []
    for settings, options in [
        ({"width": 6, "rate": 0.05, "xMax": 3.0, "alpha": 0.75, "clip": 100.0}, []),
        ({"width": 3, "rate": 0.2, "xMax": 1.5, "alpha": 0.5, "clip": 0.01}, []),
    ]:
        options = ["-vector-size", settings["width"], "-eta", settings["rate"], "-x-max", settings["xMax"],
                   "-alpha", settings["alpha"], "-grad-clip", settings["clip"]]
        log = run("glove", "-input-file", "pairs.bin", "-vocab-file", "vocab.txt", "-save-file", "out", "-threads", 1,
                  "-iter", 3, "-binary", 1, "-save-init-param", 1, "-save-gradsq", 1, "-gradsq-file", "gradsq",
                  "-seed", 1, *options, cwd=folder)[1]

        def doubles(name):
            return [float(f"{x:.9g}") for (x,) in struct.iter_unpack("<d", (folder / name).read_bytes())]

        trained.append(settings | {
            "losses": [float(x) for x in re.findall(r"cost: ([0-9.]+)", log)],
            "initial": doubles("out.000.bin"),
            "final": doubles("out.bin"),
            "squares": doubles("gradsq.bin"),
        })

golden = {"text": text, "vocabulary": list(ids), "counts": counts, "trained": trained}
path = pathlib.Path(__file__).with_name("glove.json")
path.write_text(json.dumps(golden, separators=(",", ":")))
print(path, path.stat().st_size, [len(c["records"]) for c in counts], [t["losses"] for t in trained], len(ids))
