"""
Makes recurrent.json beside this file: what the RNN encoder–decoder (Cho et al. 2014) and RNNsearch (Bahdanau et al. 2014) give, and their gradients, in
double precision.

    pip install torch    # 2.15.0 made the file that is here
    python3 packages/models/goldens/recurrent.py && npm run format

With the reset gate "after" the candidate's matrix, the recurrent parts are torch.nn.GRU, with packed sequences, and torch.nn.GRUCell, which is given
the token's vector and the context side by side. With "before", no library that is installed here has them, so they are the papers' formula, written out
below. Additive attention is in no library either: it is the formula of appendix A.1.2. The maxout layer is torch.nn.functional.max_pool1d. A case's
config is the spec of the model. Running it again gives the same file.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[2] / "backend-testkit" / "goldens"))

import torch
from reference.part import PartGoldens
from torch.func import functional_call
from torch.nn.functional import linear, max_pool1d
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_num_threads(1)

SOURCES, V, M, N, L, A, B, S, T = 7, 6, 3, 2, 3, 2, 2, 4, 3
LENGTHS = [4, 2]

goldens = PartGoldens()


def drawn(kind, reset, dice):
    both = kind == "rnn-search"
    context = 2 * N if both else N
    shapes = {"tokens.table": [SOURCES, M]}

    def cell(path, inputs):
        shapes[f"{path}.input.weight"] = [3 * N, inputs]
        shapes[f"{path}.input.bias"] = [3 * N]
        shapes[f"{path}.gates.weight"] = [2 * N, N]
        shapes[f"{path}.candidate.weight"] = [N, N]
        if reset == "after":
            shapes[f"{path}.candidate.bias"] = [N]

    def affine(path, outputs, inputs):
        shapes[f"{path}.weight"] = [outputs, inputs]
        shapes[f"{path}.bias"] = [outputs]

    for path in ("encoder.forwards", "encoder.backwards") if both else ("encoder.cell",):
        cell(path, M)
    if not both:
        affine("summary", N, N)
    affine("begin", N, N)
    if both:
        shapes |= {"attention.query.weight": [A, N], "attention.key.weight": [A, 2 * N], "attention.score.weight": [1, A]}
    shapes["decoder.tokens.table"] = [V, M]
    cell("decoder.cell", M)
    shapes["decoder.context.weight"] = [3 * N, context]
    affine("decoder.readout.maps", 2 * L, N + context + M)
    affine("decoder.output", V, L)
    return {path: dice.floats(*shape, below=1.0) for path, shape in shapes.items()}


def placed(w, path, suffix, wide=None):
    """PyTorch's names for a cell's weights. It has two biases for each gate, of which ours is the sum; `wide` takes what else comes in."""
    bias = w[f"{path}.candidate.bias"]
    inputs = w[f"{path}.input.weight"]
    return {
        f"weight_ih{suffix}": inputs if wide is None else torch.cat([inputs, wide], 1),
        f"bias_ih{suffix}": w[f"{path}.input.bias"],
        f"weight_hh{suffix}": torch.cat([w[f"{path}.gates.weight"], w[f"{path}.candidate.weight"]]),
        f"bias_hh{suffix}": torch.cat([torch.zeros(2 * N, dtype=bias.dtype), bias]),
    }


def papers(w, path, x, h, added=0):
    """The papers' unit with its reset gate before the candidate's matrix; `added` is what the context adds to gates and candidate."""
    wr, wz, wx = (linear(x, w[f"{path}.input.weight"], w[f"{path}.input.bias"]) + added).chunk(3, -1)
    ur, uz = w[f"{path}.gates.weight"].chunk(2)
    r, z = torch.sigmoid(wr + h @ ur.T), torch.sigmoid(wz + h @ uz.T)
    return z * h + (1 - z) * torch.tanh(wx + (r * h) @ w[f"{path}.candidate.weight"].T)


def encoded(w, reset, paths, words):
    """The states of each position, zeros beyond a source's end, and the last state of each direction."""
    if reset == "after":
        layer = torch.nn.GRU(M, N, batch_first=True, bidirectional=len(paths) == 2)
        weights = {}
        for path, suffix in zip(paths, ("_l0", "_l0_reverse")):
            weights |= placed(w, path, suffix)
        packed = pack_padded_sequence(words, torch.tensor(LENGTHS), batch_first=True, enforce_sorted=False)
        outputs, last = functional_call(layer, weights, (packed,))
        return pad_packed_sequence(outputs, batch_first=True, total_length=S)[0], list(last)
    rows, lasts = [], [[] for _ in paths]
    for i, length in enumerate(LENGTHS):
        sides = []
        for side, (path, order) in enumerate(zip(paths, (range(length), reversed(range(length))))):
            h, states = words.new_zeros(1, N), {}
            for t in order:
                states[t] = h = papers(w, path, words[i : i + 1, t], h)
            sides.append(torch.cat([states[t] for t in range(length)]))
            lasts[side].append(h)
        rows.append(torch.nn.functional.pad(torch.cat(sides, 1), (0, 0, 0, S - length)))
    return torch.stack(rows), [torch.cat(last) for last in lasts]


def stepped(w, reset, word, context, h):
    if reset == "after":
        cell = torch.nn.GRUCell(M + context.shape[-1], N)
        return functional_call(cell, placed(w, "decoder.cell", "", w["decoder.context.weight"]), (torch.cat([word, context], -1), h))
    return papers(w, "decoder.cell", word, h, linear(context, w["decoder.context.weight"]))


def aligned(w, annotations, h):
    """Additive attention: the context, and how it looked at the source."""
    scores = torch.tanh(linear(h, w["attention.query.weight"])[:, None] + linear(annotations, w["attention.key.weight"]))
    real = torch.arange(S)[None] < torch.tensor(LENGTHS)[:, None]
    scores = linear(scores, w["attention.score.weight"])[..., 0].masked_fill(~real, float("-inf"))
    pattern = torch.softmax(scores, -1)
    return (pattern[..., None] * annotations).sum(1), pattern


def translated(kind, reset, w, given):
    words = w["tokens.table"][given["source"].long()]
    both = kind == "rnn-search"
    paths = ["encoder.forwards", "encoder.backwards"] if both else ["encoder.cell"]
    annotations, last = encoded(w, reset, paths, words)
    affine = lambda path, x: linear(x, w[f"{path}.weight"], w[f"{path}.bias"])
    context = None if both else torch.tanh(affine("summary", last[0]))
    h = torch.tanh(affine("begin", last[1] if both else context))
    logits, patterns = [], []
    for t in range(T):
        word = w["decoder.tokens.table"][given["target"][:, t].long()]
        if both:
            context, pattern = aligned(w, annotations, h)
            patterns.append(pattern)
        h = stepped(w, reset, word, context, h)
        maps = affine("decoder.readout.maps", torch.cat([h, context, word], -1))
        logits.append(affine("decoder.output", max_pool1d(maps[:, None], 2)[:, 0]))
    return {"logits": torch.stack(logits, 1), **({"alignment": torch.stack(patterns, 1)} if both else {})}


for kind in ("rnn-encoder-decoder", "rnn-search"):
    for reset, whose in (("after", "torch.nn.GRU and GRUCell"), ("before", "the papers' formula")):
        goldens.case(
            f"{kind}: {whose}",
            config={
                "version": 1, "kind": kind, "sourceVocabulary": SOURCES, "vocabulary": V, "width": M, "hidden": N, "readout": L, "reset": reset,
                **({"alignment": A} if kind == "rnn-search" else {}),
            },
            weights=lambda dice, kind=kind, reset=reset: drawn(kind, reset, dice),
            inputs=lambda dice: {
                "source": dice.integers(B, S, low=0, high=SOURCES), "target": dice.integers(B, T, low=0, high=V), "lengths": torch.tensor(LENGTHS, dtype=torch.int32),
            },
            forward=lambda w, given, kind=kind, reset=reset: translated(kind, reset, w, given),
        )  # fmt: skip

goldens.write(Path(__file__).with_name("recurrent.json"))
