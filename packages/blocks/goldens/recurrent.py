"""Makes recurrent.json beside this file: what PyTorch's gated recurrent units give, and their gradients, in double precision.

    pip install torch    # 2.15 made the file that is here
    python3 packages/blocks/goldens/recurrent.py

torch.nn.GRUCell and torch.nn.GRU, with packed sequences where lengths differ. They have the reset gate after the candidate's matrix; before
it, as Cho et al. 2014 have it, no library that is installed here does it, so those cases are the paper's formula, written out below. Running it
(and then the formatter) again gives the same file.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[2] / "backend-testkit" / "goldens"))

import torch
from reference.part import PartGoldens
from torch.func import functional_call
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

goldens = PartGoldens()
INPUT, HIDDEN, BATCH, TIME = 3, 2, 3, 5
LENGTHS = [5, 2, 3]


def cell_weights(dice, reset, prefix=""):
    drawn = {
        "input.weight": dice.floats(3 * HIDDEN, INPUT, below=1.0),
        "input.bias": dice.floats(3 * HIDDEN, below=1.0),
        "gates.weight": dice.floats(2 * HIDDEN, HIDDEN, below=1.0),
        "candidate.weight": dice.floats(HIDDEN, HIDDEN, below=1.0),
    }
    if reset == "after":
        drawn["candidate.bias"] = dice.floats(HIDDEN, below=1.0)
    return {prefix + name: x for name, x in drawn.items()}


def placed(w, prefix="", suffix=""):
    """PyTorch has two biases for each gate, of which ours is the sum."""
    bias = w[f"{prefix}candidate.bias"]
    return {
        f"weight_ih{suffix}": w[f"{prefix}input.weight"],
        f"bias_ih{suffix}": w[f"{prefix}input.bias"],
        f"weight_hh{suffix}": torch.cat([w[f"{prefix}gates.weight"], w[f"{prefix}candidate.weight"]]),
        f"bias_hh{suffix}": torch.cat([torch.zeros(2 * HIDDEN, dtype=bias.dtype), bias]),
    }


def config(kind, reset, **more):
    return {"kind": kind, "input": INPUT, "hidden": HIDDEN, "reset": reset, **more}


def sequence(dice, states=()):
    return {
        "x": dice.floats(BATCH, TIME, INPUT, below=2.0),
        **{name: dice.floats(BATCH, HIDDEN, below=1.0) for name in states},
    }


cell = torch.nn.GRUCell(INPUT, HIDDEN)
goldens.case(
    "torch.nn.GRUCell",
    config=config("GRUCell", "after"),
    weights=lambda dice: cell_weights(dice, "after"),
    inputs=lambda dice: {"x": dice.floats(BATCH, INPUT, below=2.0), "state": dice.floats(BATCH, HIDDEN, below=1.0)},
    forward=lambda w, given: functional_call(cell, placed(w), (given["x"], given["state"])),
)

layer = torch.nn.GRU(INPUT, HIDDEN, batch_first=True)


def once(w, given):
    state = given["state"].unsqueeze(0) if "state" in given else None
    outputs, last = functional_call(layer, placed(w, "cell.", "_l0"), (given["x"], state))
    return {"outputs": outputs, "state": last[0]}


for note, states in [("", ()), (", from a state", ("state",))]:
    goldens.case(
        f"torch.nn.GRU{note}",
        config=config("GRU", "after"),
        weights=lambda dice: cell_weights(dice, "after", "cell."),
        inputs=lambda dice, states=states: sequence(dice, states),
        forward=once,
    )


def packed(module, weights, x, state):
    given = pack_padded_sequence(x, torch.tensor(LENGTHS), batch_first=True, enforce_sorted=False)
    outputs, last = functional_call(module, weights, (given, state))
    return pad_packed_sequence(outputs, batch_first=True, total_length=TIME)[0], last


def short(w, given):
    outputs, last = packed(layer, placed(w, "cell.", "_l0"), given["x"], given["state"].unsqueeze(0))
    return {"outputs": outputs, "state": last[0]}


goldens.case(
    "torch.nn.GRU, packed",
    config=config("GRU", "after", lengths=LENGTHS),
    weights=lambda dice: cell_weights(dice, "after", "cell."),
    inputs=lambda dice: sequence(dice, ("state",)),
    forward=short,
)

both = torch.nn.GRU(INPUT, HIDDEN, batch_first=True, bidirectional=True)


def both_weights(dice, reset):
    return {**cell_weights(dice, reset, "forwards."), **cell_weights(dice, reset, "backwards.")}


def two_ways(w, given, lengths):
    weights = {**placed(w, "forwards.", "_l0"), **placed(w, "backwards.", "_l0_reverse")}
    state = torch.stack([given["forwards"], given["backwards"]])
    if lengths:
        outputs, last = packed(both, weights, given["x"], state)
    else:
        outputs, last = functional_call(both, weights, (given["x"], state))
    return {"outputs": outputs, "forwards": last[0], "backwards": last[1]}


for note, lengths in [("", None), (", packed", LENGTHS)]:
    goldens.case(
        f"torch.nn.GRU, bidirectional{note}",
        config=config("BidirectionalGRU", "after", lengths=lengths),
        weights=lambda dice: both_weights(dice, "after"),
        inputs=lambda dice: sequence(dice, ("forwards", "backwards")),
        forward=lambda w, given, lengths=lengths: two_ways(w, given, lengths),
    )


def cho(w, x, h, prefix=""):
    """Equations 5 to 8 of Cho et al. 2014 with biases, gate by gate."""
    wr, wz, wh = w[f"{prefix}input.weight"].chunk(3)
    br, bz, bh = w[f"{prefix}input.bias"].chunk(3)
    ur, uz = w[f"{prefix}gates.weight"].chunk(2)
    r = torch.sigmoid(x @ wr.T + h @ ur.T + br)
    z = torch.sigmoid(x @ wz.T + h @ uz.T + bz)
    candidate = torch.tanh(x @ wh.T + (r * h) @ w[f"{prefix}candidate.weight"].T + bh)
    return z * h + (1 - z) * candidate


goldens.case(
    "the formula of Cho et al. 2014",
    config=config("GRUCell", "before"),
    weights=lambda dice: cell_weights(dice, "before"),
    inputs=lambda dice: {"x": dice.floats(BATCH, INPUT, below=2.0), "state": dice.floats(BATCH, HIDDEN, below=1.0)},
    forward=lambda w, given: cho(w, given["x"], given["state"]),
)


def cho_both(w, given):
    """Each sequence by itself and without its padding."""
    rows, forwards, backwards = [], [], []
    for i, length in enumerate(LENGTHS):
        found = {}
        for prefix, order in (("forwards.", range(length)), ("backwards.", reversed(range(length)))):
            h = given[prefix[:-1]][i : i + 1]
            states = {}
            for t in order:
                h = cho(w, given["x"][i : i + 1, t], h, prefix)
                states[t] = h
            found[prefix] = torch.cat([states[t] for t in range(length)]), h
        rows.append(
            torch.nn.functional.pad(torch.cat([found[p][0] for p in found], dim=1), (0, 0, 0, TIME - length))
        )
        forwards.append(found["forwards."][1])
        backwards.append(found["backwards."][1])
    return {"outputs": torch.stack(rows), "forwards": torch.cat(forwards), "backwards": torch.cat(backwards)}


goldens.case(
    "the formula of Cho et al. 2014 in both directions, each sequence by itself",
    config=config("BidirectionalGRU", "before", lengths=LENGTHS),
    weights=lambda dice: both_weights(dice, "before"),
    inputs=lambda dice: sequence(dice, ("forwards", "backwards")),
    forward=cho_both,
)

goldens.write(Path(__file__).with_name("recurrent.json"))
