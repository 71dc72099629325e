"""Ops that take each element by itself: primitives and activations."""

import torch
import torch.nn.functional as F

from .golden import Goldens, floats

goldens = Goldens()
case = goldens.case
infinity, nan = float("inf"), float("nan")
shapes = {"a scalar": (), "three axes": (3, 1, 3)}


def softplus(x):
    return F.softplus(x, threshold=40.0)  # beyond 40, log(1 + eˣ) is x in double precision too


def squared_relu(x):
    return F.relu(x).square()


def family(
    op,
    reference,
    draw,
    *,
    attrs=None,
    reference_attrs=None,
    differentiable=True,
    edges=(),
    extremes=(),
    forward_only=(),
):
    """edges and extremes with gradients; forward_only where the derivative is infinite, NaN, or a matter of taste."""

    def call(x, **_):
        return reference(x, **(reference_attrs or {}))

    suffix = "".join(f", {value}" for value in (attrs or {}).values())
    for what, shape in shapes.items():
        case(op, what + suffix, lambda dice: [draw(dice, shape)], attrs or {}, call, differentiable)
    for what, values, gradient in (
        ("where it bends", edges, differentiable),
        ("extreme", extremes, differentiable),
        ("extreme, forward only", forward_only, False),
    ):
        if values:
            case(op, what + suffix, [floats(list(values))], attrs or {}, call, gradient)


def anything(dice, shape):
    return dice.floats(*shape)


def positive(dice, shape):
    return dice.positive(*shape)


tame = (80.0, -80.0, 10240.0, -10240.0, 1e-30, -1e-30)
huge = (1e30, -1e30)
special = (infinity, -infinity, nan)

family(
    "exp",
    torch.exp,
    anything,
    extremes=(0.0, -0.0, 80.0, -80.0, -10240.0, 1e-30, -1e30),
    forward_only=(10240.0, *special),
)
family("log", torch.log, positive, extremes=(1.0, 80.0, 10240.0, 1e30), forward_only=(0.0, 1e-30, -1.0, *special))
family(
    "log1p",
    torch.log1p,
    lambda dice, shape: dice.floats(*shape, below=1.0),
    edges=(0.0, 2.0**-12, -(2.0**-12), 2.0**-20, -(2.0**-20)),
    extremes=(80.0, 10240.0, 1e30, 1e-30, -1e-30),
    forward_only=(-0.0, -1.0, -2.0, infinity, nan),
)
family(
    "sqrt",
    torch.sqrt,
    positive,
    extremes=(80.0, 10240.0, 1e30, 2.0**-20),
    forward_only=(0.0, -0.0, 1e-30, -1.0, infinity, nan),
)
family("tanh", torch.tanh, anything, edges=(0.0, -0.0, 2.0**-12), extremes=(*tame, *huge), forward_only=special)
family(
    "erf",
    torch.erf,
    anything,
    edges=(0.0, -0.0, 2.0**-12, 0.5, -0.5, 1.0, 2.0),
    extremes=tame,
    forward_only=(*huge, *special),
)
family(
    "floor",
    torch.floor,
    anything,
    differentiable=False,
    edges=(0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.5, -2.5),
    extremes=(*tame, *huge, *special),
)

family(
    "relu", F.relu, anything, edges=(0.0, -0.0, 2.0**-12, -(2.0**-12)), extremes=(*tame, *huge), forward_only=special
)
family(
    "abs", torch.abs, anything, edges=(0.0, -0.0, 2.0**-12, -(2.0**-12)), extremes=(*tame, *huge), forward_only=special
)
family(
    "squaredRelu",
    squared_relu,
    anything,
    edges=(0.0, -0.0, 2.0**-6, -(2.0**-6)),
    extremes=(*tame, 2.0**49, -1e30),
    forward_only=special,
)
family("sigmoid", torch.sigmoid, anything, edges=(0.0, -0.0), extremes=(*tame, *huge), forward_only=special)
family("silu", F.silu, anything, edges=(0.0, -0.0), extremes=(*tame, *huge), forward_only=(infinity, nan))
family(
    "softplus", softplus, anything, edges=(0.0, -0.0, 15.0, 20.0, 25.0), extremes=(*tame, *huge), forward_only=special
)
for form, approximate in (("exact", "none"), ("tanh", "tanh")):
    named = {"attrs": {"form": form}, "reference_attrs": {"approximate": approximate}}
    family("gelu", F.gelu, anything, edges=(0.0, -0.0), extremes=tame, forward_only=(*huge, infinity, nan), **named)

    def gradient(x, upstream, form, approximate=approximate):
        """The derivative as an op, which autograd differentiates once more."""
        with torch.enable_grad():
            x = x if x.requires_grad else x.detach().requires_grad_()
            return torch.autograd.grad(F.gelu(x, approximate=approximate), x, upstream, create_graph=True)[0]

    for what, shape in shapes.items():
        case(
            "geluGradient",
            f"{what}, {form}",
            lambda dice: [dice.floats(*shape), dice.floats(*shape, below=2.0)],
            {"form": form},
            gradient,
        )
    case(
        "geluGradient",
        f"extreme, {form}",
        [floats(list(tame)), floats([1, 2, -1, 0.5, 3, -0.25])],
        {"form": form},
        gradient,
    )
