"""Layers with weights: linear, quantised linear, convolution; and pooling."""

import torch
import torch.nn.functional as F

from .golden import Goldens, Levels, floats

infinity, nan = float("inf"), float("nan")
linears, quantized, convolutions = Goldens(), Goldens(), Goldens()

activations = {
    "relu": F.relu,
    "gelu": F.gelu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "squaredRelu": lambda x: F.relu(x).square(),
}


def linear_inputs(shape, out, bias=True):
    d = shape[-1]
    return lambda dice: [dice.floats(*shape), dice.floats(out, d, below=1.0), dice.floats(out) if bias else None]


for note, shape, out in (
    ("a vector", (5,), 3),
    ("a matrix", (3, 7), 2),
    ("three axes", (2, 3, 2), 1),
    ("four axes", (2, 1, 3, 2), 3),
    ("one by one", (1, 1), 1),
    ("no rows", (0, 5), 3),
    ("nothing goes in", (3, 0), 2),
):
    linears.case("linear", note, linear_inputs(shape, out), {}, F.linear)
    if note in ("a vector", "three axes"):
        linears.case("linear", f"{note}, without a bias", linear_inputs(shape, out, bias=False), {}, F.linear)
linears.case(
    "linear",
    "extreme",
    [
        floats([[10240, -80, 1], [1e30, 1, -1], [1e-30, 0, -0.0]]),
        floats([[1, -2, 0.5], [-0.25, 4, 3]]),
        floats([10240, -1e-30]),
    ],
    {},
    F.linear,
)
linears.case(
    "linear",
    "extreme, forward only",
    [
        floats([[infinity, 1, 2], [infinity, infinity, 1], [nan, 0, 0], [1, 2, 3]]),
        floats([[1, -2, 0.5], [-0.25, 4, 3]]),
        None,
    ],
    {},
    F.linear,
    gradient=False,
)
for name in activations:

    def activated(x, weight, bias, activation):
        return activations[activation](F.linear(x, weight, bias))

    linears.case(
        "linearActivation", name, linear_inputs((3, 3), 2, bias=name != "tanh"), {"activation": name}, activated
    )


def dequantized(levels, scales):
    """Each level times the scale of its group along the last axis."""
    return levels.to(scales.dtype) * scales.repeat_interleave(levels.shape[-1] // scales.shape[-1], -1)


def quantized_linear(x, levels, scales, bias):
    return F.linear(x, dequantized(levels, scales), bias)


def quantized_embedding(levels, scales, ids):
    return F.embedding(ids, dequantized(levels, scales))


limits = {"q8": (-127, 128), "q4": (-8, 8)}


def weight_of(dice, dtype, rows, width, group):
    low, high = limits[dtype]
    levels = dice.integers(rows, width, low=low, high=high)
    levels[0, 0], levels[-1, -1] = low, high - 1
    return [Levels(dtype, levels), dice.floats(rows, width // group, below=0.5 if dtype == "q8" else 4.0)]


for dtype in limits:
    for note, shape, out, group in (
        ("one group to a row", (3, 4), 2, 4),
        ("three groups to a row", (2, 1, 6), 3, 2),
        ("groups of one", (4,), 1, 1),
        ("no rows", (0, 2), 3, 2),
    ):
        for bias in (True, False) if note == "groups of one" else (True,):
            quantized.case(
                "quantizedLinear",
                f"{dtype}, {note}{'' if bias else ', without a bias'}",
                lambda dice: [
                    dice.floats(*shape, below=1.0),
                    *weight_of(dice, dtype, out, shape[-1], group),
                    dice.floats(out) if bias else None,
                ],
                {},
                quantized_linear,
            )
    for note, ids, rows, width, group in (
        ("one id", (), 3, 2, 2),
        ("ids twice", (2, 3), 3, 6, 2),
        ("no ids", (0,), 3, 4, 4),
    ):
        quantized.case(
            "quantizedEmbedding",
            f"{dtype}, {note}",
            lambda dice: [*weight_of(dice, dtype, rows, width, group), dice.integers(*ids, low=0, high=rows)],
            {},
            quantized_embedding,
        )
    for rows, width, group in ((3, 6, 2), (1, 2, 1)):
        quantized.case(
            "dequantize",
            f"{dtype}, groups of {group}",
            lambda dice: weight_of(dice, dtype, rows, width, group),
            {},
            dequantized,
        )


def conv2d(x, weight, bias, stride, padding, dilation, groups):
    return F.conv2d(x, weight, bias, stride, padding, dilation, groups)


def convolved(note, x, weight, bias=True, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1, draw=None):
    convolutions.case(
        "conv2d",
        note,
        draw
        or (
            lambda dice: [
                dice.floats(*x, below=2),
                dice.floats(*weight, below=1),
                dice.floats(weight[0]) if bias else None,
            ]
        ),
        {"stride": list(stride), "padding": list(padding), "dilation": list(dilation), "groups": groups},
        conv2d,
    )


convolved("one by one", (2, 3, 1, 3), (2, 3, 1, 1))
convolved("three by three", (1, 2, 4, 3), (1, 2, 3, 3))
convolved("without a bias", (2, 1, 3, 5), (1, 1, 2, 3), bias=False)
convolved("strides", (1, 1, 7, 5), (2, 1, 3, 2), stride=(2, 3))
convolved("padding", (1, 1, 3, 2), (2, 1, 3, 3), padding=(1, 2))
convolved("dilation", (1, 1, 7, 5), (1, 1, 3, 2), dilation=(2, 3))
convolved("groups", (1, 4, 2, 3), (6, 2, 2, 2), groups=2)
convolved("a group for each channel", (1, 3, 3, 2), (3, 1, 3, 3), padding=(1, 1), groups=3)
convolved("all together", (1, 2, 7, 4), (4, 1, 2, 3), stride=(3, 2), padding=(2, 1), dilation=(2, 1), groups=2)
convolved("a kernel larger than the picture", (1, 1, 2, 1), (1, 1, 3, 3), padding=(1, 1))
convolved("no pictures", (0, 2, 3, 3), (3, 2, 2, 2))
extreme_picture = [
    floats([10240, -80, 1e-30, 1e30, 0, -0.0, 80, 1, -1], (1, 1, 3, 3)),
    floats([1, -2, 0.5, 4], (1, 1, 2, 2)),
    floats([10240]),
]
convolved("extreme", None, None, draw=lambda _: extreme_picture)


def conv1d(x, weight, bias, stride, padding, dilation, groups):
    return F.conv1d(x, weight, bias, stride, padding, dilation, groups)


for note, shape, kernel, walk in (
    ("three cells", (2, 2, 5), (1, 2, 3), (1, 0, 1, 1)),
    ("all together", (1, 4, 7), (2, 2, 3), (2, 3, 2, 2)),
):
    convolutions.case(
        "conv1d",
        note,
        lambda dice: [dice.floats(*shape, below=2), dice.floats(*kernel, below=1), dice.floats(kernel[0])],
        dict(zip(("stride", "padding", "dilation", "groups"), walk, strict=True)),
        conv1d,
    )


def max_pool(x, size, stride, padding):
    return F.max_pool2d(x, size, stride, padding)


def average_pool(x, size, stride, padding):
    """Padding does not count."""
    return F.avg_pool2d(x, size, stride, padding, count_include_pad=False)


for op, reference in (("maxPool2d", max_pool), ("averagePool2d", average_pool)):
    for note, shape, size, stride, padding in (
        ("two by two", (2, 1, 2, 4), (2, 2), (2, 2), (0, 0)),
        ("a rest that fits no window", (1, 1, 5, 7), (2, 3), (2, 3), (0, 0)),
        ("windows that overlap", (1, 1, 4, 3), (3, 2), (1, 1), (0, 0)),
        ("padding", (1, 2, 3, 3), (3, 2), (2, 2), (1, 1)),
        ("the whole picture", (2, 1, 1, 3), (1, 3), (1, 1), (0, 0)),
    ):
        attrs = {"size": list(size), "stride": list(stride), "padding": list(padding)}
        convolutions.case(op, note, lambda dice: [dice.distinct(*shape)], attrs, reference)
    attrs = {"size": [3, 3], "stride": [1, 1], "padding": [1, 1]}
    convolutions.case(
        op, "padding around what is below zero", lambda dice: [-dice.distinct(1, 1, 3, 4).abs()], attrs, reference
    )
    far = [floats([10240, -80, -10240, 80, 1e30, -1e30], (1, 1, 2, 3))]
    convolutions.case(op, "extreme", far, {"size": [2, 2], "stride": [1, 1], "padding": [0, 0]}, reference)
for op, reference in (
    ("maxPool1d", F.max_pool1d),
    ("averagePool1d", lambda x, size, stride, padding: F.avg_pool1d(x, size, stride, padding, count_include_pad=False)),
):
    for size, stride, padding in ((2, 2, 0), (3, 2, 1)):

        def pool(x, size, stride, padding, reference=reference):
            return reference(x, size, stride, padding)

        attrs = {"size": size, "stride": stride, "padding": padding}
        convolutions.case(op, f"windows of {size}", lambda dice: [dice.distinct(2, 1, 5)], attrs, pool)
