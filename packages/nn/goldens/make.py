"""
Makes the JSON files beside it: what PyTorch and others give for the parts of @tenon/nn, forward and gradients.

    pip install torch transformers x-transformers    # 2.15.0, 5.24.0 and 2.31.10 made the files that are here; no GPU
    python3 packages/nn/goldens/make.py && npm run format

ScaleNorm of x-transformers is g · √d · x / max(‖x‖, 1e-12) with g beginning at 1. That is the paper's formula with the learned number written
as g √d; the paper's own begins at √d, and so does Tenon's. Here the reference is given weight / √d as its g, so that the gradients are those
of the paper's number.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
folder = Path(__file__).parent
sys.path.insert(0, str(folder.parents[1] / "backend-testkit" / "goldens"))

import json

import torch
from reference.part import PartGoldens
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F
from transformers.activations import ACT2FN
from transformers.models.gemma.modeling_gemma import GemmaRMSNorm
from x_transformers.x_transformers import ScaleNorm

torch.set_num_threads(1)
torch.backends.mkldnn.set_flags(False)


def module(made):
    """The forward of a module whose weights have Tenon's names."""
    return lambda weights, inputs: functional_call(made.to(inputs["x"].dtype), weights, (inputs["x"],))


def vectors(*shape, bias=True):
    return lambda dice: {"weight": dice.floats(*shape), **({"bias": dice.floats(*shape)} if bias else {})}


def norms():
    goldens = PartGoldens()
    d = 6
    x = lambda *shape: lambda dice: {"x": dice.floats(*shape)}
    for epsilon, bias in [(1e-5, True), (0.1, True), (0.5, False)]:
        goldens.case(
            f"LayerNorm, epsilon {epsilon}, {'a' if bias else 'no'} bias",
            config={"kind": "LayerNorm", "width": d, "epsilon": epsilon, "bias": bias},
            weights=vectors(d, bias=bias),
            inputs=x(2, 3, d),
            forward=module(nn.LayerNorm(d, eps=epsilon, bias=bias)),
        )
    for epsilon in [1e-6, 0.25]:
        goldens.case(
            f"RMSNorm, epsilon {epsilon}",
            config={"kind": "RMSNorm", "width": d, "epsilon": epsilon},
            weights=vectors(d, bias=False),
            inputs=x(2, 3, d),
            forward=module(nn.RMSNorm(d, eps=epsilon)),
        )
        goldens.case(
            f"RMSNorm of Gemma, epsilon {epsilon}",
            config={"kind": "RMSNorm", "width": d, "epsilon": epsilon, "unitOffset": True},
            weights=vectors(d, bias=False),
            inputs=x(2, 3, d),
            forward=module(WideGemmaRMSNorm(d, eps=epsilon)),
        )
    goldens.case(
        "ScaleNorm",
        config={"kind": "ScaleNorm", "width": d},
        weights=vectors(1, bias=False),
        inputs=x(2, 3, d),
        forward=lambda weights, inputs: functional_call(
            ScaleNorm(d).to(inputs["x"].dtype), {"g": weights["weight"] / d**0.5}, (inputs["x"],)
        ),
    )
    for groups, shape in [(2, (2, 6, 2, 3)), (6, (1, 6, 4)), (1, (2, 6)), (3, (2, 6))]:
        goldens.case(
            f"GroupNorm, {groups} groups of x {list(shape)}",
            config={"kind": "GroupNorm", "channels": 6, "groups": groups, "epsilon": 0.01},
            weights=vectors(6),
            inputs=x(*shape),
            forward=module(nn.GroupNorm(groups, 6, eps=0.01)),
        )
    goldens.write(folder / "norms.json")


class WideGemmaRMSNorm(GemmaRMSNorm):
    """Gemma's own, whose .float() would round doubles: in double precision it stays there."""

    def forward(self, x):
        was = torch.Tensor.float
        torch.Tensor.float = lambda t: t if t.dtype == torch.float64 else was(t)
        try:
            return super().forward(x)
        finally:
            torch.Tensor.float = was


def convolutions():
    goldens = PartGoldens()
    for name, config, walk, shape in [
        ("three by three, padded", {"input": 2, "output": 3, "kernel": 3}, {"padding": 1}, (2, 2, 4, 5)),
        ("stride 2", {"input": 2, "output": 4, "kernel": 3}, {"stride": 2, "padding": 1}, (1, 2, 5, 6)),
        ("one by one, no bias", {"input": 3, "output": 2, "kernel": 1, "bias": False}, {"stride": 2}, (1, 3, 4, 3)),
        ("two groups", {"input": 4, "output": 6, "kernel": 2}, {"groups": 2}, (1, 4, 3, 4)),
        ("depthwise, dilated", {"input": 3, "output": 3, "kernel": 2}, {"groups": 3, "dilation": 2}, (1, 3, 4, 4)),
        ("a kernel that is no square", {"input": 2, "output": 2, "kernel": [1, 3]}, {"stride": [2, 1]}, (1, 2, 3, 5)),
        ("padding that keeps the size", {"input": 1, "output": 2, "kernel": [3, 5]}, {"padding": "same"}, (1, 1, 4, 5)),
    ]:
        made = nn.Conv2d(config["input"], config["output"], config["kernel"], bias=config.get("bias", True), **walk)
        goldens.case(
            f"Conv2d: {name}",
            config={"options": config, "walk": walk},
            weights=lambda dice: {key: dice.floats(*x.shape, below=2.0) for key, x in made.named_parameters()},
            inputs=lambda dice: {"x": dice.floats(*shape)},
            forward=module(made),
        )
    goldens.write(folder / "conv2d.json")


def activations():
    goldens = PartGoldens()
    for name, function in {
        "relu": F.relu,
        "leaky-relu": F.leaky_relu,
        "relu-squared": ACT2FN["relu2"],
        "gelu": F.gelu,
        "gelu-tanh": lambda x: F.gelu(x, approximate="tanh"),
        "quick-gelu": ACT2FN["quick_gelu"],
        "silu": F.silu,
        "mish": F.mish,
        "elu": F.elu,
        "selu": F.selu,
        "softplus": F.softplus,
        "sigmoid": F.sigmoid,
        "tanh": F.tanh,
    }.items():
        goldens.case(
            name,
            config={"name": name},
            inputs=lambda dice: {"x": dice.floats(3, 4, below=8.0)},
            forward=lambda _, inputs: function(inputs["x"]),
        )
    goldens.write(folder / "activations.json")


def initial():
    """Fans and gains; what the initialisers draw is random, and compared with its formula."""
    names = {"linear": "linear", "sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu", "selu": "selu"}
    shapes = [[4, 6], [8, 3, 3, 3], [6, 2, 1, 5], [5, 4, 3]]
    (folder / "initial.json").write_text(
        json.dumps(
            {
                "gains": {ours: nn.init.calculate_gain(theirs) for ours, theirs in names.items()},
                "leakyGains": [[slope, nn.init.calculate_gain("leaky_relu", slope)] for slope in [0.01, 0.2, 5**0.5]],
                "fans": [[shape, nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))] for shape in shapes],
            }
        )
        + "\n"
    )


norms()
convolutions()
activations()
initial()
