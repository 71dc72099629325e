"""Sums, order and indexing."""

import torch.nn.functional as F

from .golden import Goldens, floats, integers

infinity, nan = float("inf"), float("nan")
reductions, orders, indexing = Goldens(), Goldens(), Goldens()


def total(x, axis):
    return x.sum(axis, keepdim=True)


def variance(x, axes, correction):
    return x.var(axes, correction=correction)


def log_sum_exp(x, axes):
    return x.logsumexp(axes)


def largest(x, axis):
    return x.amax(axis, keepdim=True)


def cumulative(x, axis, reverse):
    return x.flip(axis).cumsum(axis).flip(axis) if reverse else x.cumsum(axis)


along = (
    ("a vector", (7,), 0),
    ("the middle axis", (2, 3, 2), 1),
    ("the last axis", (2, 1, 3), 2),
    ("one column", (3, 1), 1),
    ("no rows", (0, 3), 1),
    ("no columns", (3, 0), 1),
)
for note, shape, axis in along:
    reductions.case("sum", note, lambda dice: [dice.floats(*shape)], {"axis": axis}, total)
    if shape[axis] > 0:
        reductions.case("max", note, lambda dice: [dice.floats(*shape)], {"axis": axis}, largest)
    for reverse in (False, True):
        way = ", from the end" if reverse else ""
        reductions.case(
            "cumulativeSum",
            note + way,
            lambda dice: [dice.floats(*shape)],
            {"axis": axis, "reverse": reverse},
            cumulative,
        )
last = {"axis": 1}
reductions.case("max", "equals share the gradient", [floats([[1, 3, 3], [2, 2, 2], [0, -0.0, -1]])], last, largest)
mild = [[1e30, -1e30, 80], [10240, -80, 1], [1e-30, 0, -0.0]]
lost = [
    [infinity, 1, 2],
    [-infinity, 1, 2],
    [nan, 1, 2],
    [1, 2, nan],
    [-infinity, -infinity, -infinity],
    [infinity, 5, infinity],
]
reductions.case("max", "extreme", [floats(mild)], last, largest)
reductions.case("max", "extreme, forward only", [floats(lost)], last, largest, gradient=False)
reductions.case("sum", "extreme", [floats([[1e30, -1e30, 0], *mild[1:]])], last, total)
mixed = [*lost, [infinity, -infinity, 0]]
reductions.case("sum", "extreme, forward only", [floats(mixed)], last, total, gradient=False)
for reverse in (False, True):
    attrs = {"axis": 1, "reverse": reverse}
    way = ", from the end" if reverse else ""
    reductions.case("cumulativeSum", f"extreme{way}", [floats([[1e30, 1e30, -1e30], *mild[1:]])], attrs, cumulative)
    reductions.case("cumulativeSum", f"extreme, forward only{way}", [floats(mixed)], attrs, cumulative, gradient=False)

for note, shape, axes in (
    ("the last axis", (3, 5), [1]),
    ("all axes", (3, 5), [0, 1]),
    ("the outer axes", (2, 3, 2), [0, 2]),
    ("one column", (3, 1), [1]),
):
    reductions.case("logSumExp", note, lambda dice: [dice.floats(*shape)], {"axes": axes}, log_sum_exp)
    for correction in (0, 1) if note != "one column" else (0,):
        attrs = {"axes": axes, "correction": correction}
        reductions.case("variance", f"{note}, {correction}", lambda dice: [dice.floats(*shape)], attrs, variance)
wide = [[80, -80, 79], [10240, -10240, 0], [1e30, -1e30, 0], [-infinity, 0, 1], [10240, 10240, 10240]]
reductions.case("logSumExp", "extreme", [floats(wide)], {"axes": [1]}, log_sum_exp)
endless = [[-infinity, -infinity, -infinity], [infinity, 0, 1], [infinity, -infinity, infinity], [nan, 0, 1]]
reductions.case("logSumExp", "extreme, forward only", [floats(endless)], {"axes": [1]}, log_sum_exp, gradient=False)
far = [[80, 81, 78, 80, 79, 82, 80.5, 79.5], [1e15] * 4 + [-1e15] * 4]
reductions.case("variance", "extreme", [floats(far)], {"axes": [1], "correction": 1}, variance)


def ordered(x, descending):
    values, indices = x.sort(stable=True, dim=-1, descending=descending)
    return values, indices.int()


def top_k(x, k):
    """The first k of a stable sort: PyTorch's topk leaves the order of equals open."""
    values, indices = ordered(x, True)
    return values[..., :k], indices[..., :k]


equals = [[2, 1, 2, 1, 2], [0, -0.0, 0, -0.0, 1], [3, 3, 3, 3, 3], [-1, -2, -1, 4, 4]]
specials = [
    [nan, 1, -infinity, infinity, 0],
    [1, nan, 2, nan, -1],
    [infinity, infinity, 0, -infinity, nan],
    [1e30, -1e30, 10240, 1e-30, -1e-30],
]
for descending in (False, True):
    way = {"descending": descending}
    name = "descending" if descending else "ascending"
    for note, shape in (
        ("a vector", (13,)),
        ("three axes", (2, 1, 5)),
        ("one column", (3, 1)),
        ("no rows", (0, 5)),
        ("no columns", (3, 0)),
    ):
        orders.case("sort", f"{note}, {name}", lambda dice: [dice.distinct(*shape)], way, ordered)
    orders.case("sort", f"equals keep their order, {name}", [floats(equals)], way, ordered)
    whole = [[3, -7, 3, 16777217, 16777216], [0, 0, -1, -1, 0]]
    orders.case("sort", f"whole numbers, {name}", [integers(whole)], way, ordered, gradient=False)
    orders.case("sort", f"extreme, {name}: NaN counts as the largest", [floats(specials)], way, ordered)
for note, shape, k in (
    ("one of a vector", (13,), 1),
    ("all of a vector", (7,), 7),
    ("three axes", (2, 1, 5), 3),
    ("no rows", (0, 5), 2),
):
    orders.case("topK", note, lambda dice: [dice.distinct(*shape)], {"k": k}, top_k)
orders.case("topK", "of equals the first comes first", [floats(equals)], {"k": 3}, top_k)
orders.case("topK", "extreme: NaN counts as the largest", [floats(specials)], {"k": 4}, top_k)
orders.case(
    "topK",
    "whole numbers",
    [integers([[3, -7, 3, 16777217, 16777216], [0, 0, -1, -1, 0]])],
    {"k": 3},
    top_k,
    gradient=False,
)


def gather(table, ids):
    return F.embedding(ids, table)


def scatter_add(ids, updates, rows):
    return updates.new_zeros(rows, updates.shape[-1]).index_add(
        0, ids.flatten(), updates.reshape(ids.numel(), updates.shape[-1])
    )


def take_along(x, index):
    return x.gather(-1, index.long())


def scatter_along(index, updates, size):
    return updates.new_zeros(*updates.shape[:-1], size).scatter_add(-1, index.long(), updates)


for note, shape, rows, width in (
    ("one id", (), 5, 3),
    ("ids more than once", (7,), 3, 5),
    ("two axes", (2, 3), 13, 1),
    ("no ids", (0,), 3, 2),
    ("empty rows", (3,), 5, 0),
):
    indexing.case(
        "gather", note, lambda dice: [dice.floats(rows, width), dice.integers(*shape, low=0, high=rows)], {}, gather
    )
    indexing.case(
        "scatterAdd",
        note,
        lambda dice: [dice.integers(*shape, low=0, high=rows), dice.floats(*shape, width)],
        {"rows": rows},
        scatter_add,
    )
for note, lead, n, m in (
    ("a vector", (), 7, 5),
    ("one of each row", (5,), 3, 1),
    ("more than there are", (2, 3), 3, 5),
    ("none", (3,), 5, 0),
    ("no rows", (0,), 3, 2),
):
    indexing.case(
        "takeAlong", note, lambda dice: [dice.floats(*lead, n), dice.integers(*lead, m, low=0, high=n)], {}, take_along
    )
    indexing.case(
        "scatterAlong",
        note,
        lambda dice: [dice.integers(*lead, m, low=0, high=n), dice.floats(*lead, m)],
        {"size": n},
        scatter_along,
    )
odd_rows = floats([[nan, 1], [infinity, -infinity], [1e30, 1e-30]])
indexing.case("gather", "extreme: what is not asked for has no influence", [odd_rows, integers([2, 1, 2])], {}, gather)
indexing.case(
    "takeAlong",
    "extreme: what is not asked for has no influence",
    [odd_rows, integers([[1], [0], [1]])],
    {},
    take_along,
)
indexing.case(
    "scatterAdd",
    "extreme",
    [integers([1, 0, 1]), floats([[1e30, 1], [infinity, nan], [1e30, 2]])],
    {"rows": 3},
    scatter_add,
)
