"""Ops over the rows of a tensor: softmaxes, norms and the loss."""

import torch
import torch.nn.functional as F

from .golden import Goldens, bools, floats, integers

infinity, nan = float("inf"), float("nan")
softmaxes, norms, losses = Goldens(), Goldens(), Goldens()

ranges = [
    [80, -80, 79],
    [10240, -10240, 0],
    [1e30, -1e30, 0],
    [1e-30, -1e-30, 0],
    [-infinity, 0, 1],
    [-infinity, -infinity, 5],
    [3, 3, 3],
]
undefined = [
    [-infinity, -infinity, -infinity],
    [infinity, 0, 1],
    [infinity, -infinity, 0],
    [nan, 0, 1],
    [0, -infinity, nan],
]
for op, reference in (("softmax", torch.softmax), ("logSoftmax", torch.log_softmax)):

    def along(x, axis, reference=reference):
        return reference(x, axis)

    for note, shape, axis in (
        ("a vector", (7,), 0),
        ("the last axis", (3, 5), 1),
        ("the first axis", (3, 2), 0),
        ("the middle axis", (2, 3, 2), 1),
        ("one column", (5, 1), 1),
        ("no rows", (0, 3), 1),
        ("no columns", (3, 0), 1),
    ):
        softmaxes.case(op, note, lambda dice: [dice.floats(*shape)], {"axis": axis}, along)
    softmaxes.case(op, "extreme", [floats(ranges)], {"axis": 1}, along)
    softmaxes.case(op, "extreme, the first axis", [floats(ranges).T.contiguous()], {"axis": 0}, along)
    softmaxes.case(op, "extreme, forward only: NaN", [floats(undefined)], {"axis": 1}, along, gradient=False)


def masked_softmax(x, mask):
    """By definition where PyTorch gives NaN: a row with nothing above −∞ where the mask holds gives zeros."""
    scores = torch.where(mask, x, -infinity)
    alive = (scores > -infinity).any(-1, keepdim=True)
    return torch.where(mask & alive, torch.softmax(torch.where(alive, scores, 0.0), -1), 0.0)


def masked(note, shape, mask_shape):
    softmaxes.case(
        "maskedSoftmax", note, lambda dice: [dice.floats(*shape), dice.chance(*mask_shape)], {}, masked_softmax
    )


masked("a mask of x's shape", (3, 5), (3, 5))
masked("a mask that broadcasts", (2, 3, 1, 2), (3, 1, 1))
masked("one mask for all rows", (2, 1, 5), (5,))
masked("no rows", (0, 3), (1, 3))
rows_masked = [[0, 0, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 1, 0, 0]]
softmaxes.case(
    "maskedSoftmax", "a fully masked row", lambda dice: [dice.floats(3, 5), bools(rows_masked)], {}, masked_softmax
)
softmaxes.case(
    "maskedSoftmax",
    "extreme: what is masked out has no influence, and −∞ alone gives zeros",
    [
        floats(
            [
                [nan, 1, 2],
                [infinity, 1, 2],
                [-infinity, 1, 2],
                [1e30, 1, 2],
                [-infinity, -infinity, 5],
                [nan, nan, nan],
                [80, -80, 79],
            ]
        ),
        bools([[0, 1, 1], [0, 1, 1], [1, 1, 1], [0, 1, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1]]),
    ],
    {},
    masked_softmax,
)


def layer_norm(x, weight, bias, epsilon):
    return F.layer_norm(x, weight.shape, weight, bias, epsilon)


def layer_norm_gradient(x, weight, upstream, epsilon):
    """The derivative with respect to x as an op, which autograd differentiates once more."""
    with torch.enable_grad():
        x = x if x.requires_grad else x.detach().requires_grad_()
        return torch.autograd.grad(layer_norm(x, weight, None, epsilon), x, upstream, create_graph=True)[0]


def rms_norm(x, weight, epsilon):
    return F.rms_norm(x, weight.shape, weight, epsilon)


far = [[1e15] * 4 + [-1e15] * 4, [1e-30, -1e-30] * 4]
for note, shape, epsilon in (
    ("a vector", (5,), 1e-5),
    ("a matrix", (2, 7), 1e-12),
    ("three axes", (2, 1, 13), 1e-3),
    ("one column", (3, 1), 0.25),
    ("no rows", (0, 5), 1e-5),
):
    attrs = {"epsilon": epsilon}
    d = shape[-1]
    norms.case(
        "layerNorm",
        note,
        lambda dice: [dice.floats(*shape), dice.floats(d, below=2), dice.floats(d, below=2)],
        attrs,
        layer_norm,
    )
    norms.case("rmsNorm", note, lambda dice: [dice.floats(*shape), dice.floats(d, below=2)], attrs, rms_norm)
    norms.case(
        "layerNormGradient",
        note,
        lambda dice: [dice.floats(*shape), dice.floats(d, below=2), dice.floats(*shape, below=2)],
        attrs,
        layer_norm_gradient,
    )
usual = {"epsilon": 1e-5}
norms.case("layerNorm", "without a bias", lambda dice: [dice.floats(2, 3), dice.floats(3), None], usual, layer_norm)
norms.case(
    "layerNorm",
    "equal elements",
    lambda dice: [floats([[1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [-0.0, 0, 0, -0.0, 0]]), dice.floats(5), dice.floats(5)],
    usual,
    layer_norm,
)
norms.case(
    "rmsNorm", "zeros", lambda dice: [floats([[1, 1, 1, 1, 1], [0, 0, 0, 0, 0]]), dice.floats(5)], usual, rms_norm
)
norms.case("layerNorm", "extreme", lambda dice: [floats(far), dice.floats(8), dice.floats(8)], usual, layer_norm)
offset = [
    [80, 81, 78, 80, 79, 82, 80.5, 79.5]
]  # subtracting the squared mean from the mean square loses these digits in f32
norms.case(
    "layerNorm",
    "extreme, forward only: a mean far from zero",
    lambda dice: [floats(offset), dice.floats(8), None],
    usual,
    layer_norm,
    False,
)
norms.case("rmsNorm", "extreme", lambda dice: [floats(far), dice.floats(8)], usual, rms_norm)
odd = [[nan, 1, 2], [infinity, 1, 2], [1, -infinity, infinity], [1, 2, 3]]
norms.case(
    "layerNorm",
    "extreme, forward only: NaN",
    lambda dice: [floats(odd), dice.floats(3), None],
    usual,
    layer_norm,
    False,
)
norms.case(
    "rmsNorm",
    "extreme, forward only: NaN",
    lambda dice: [floats(odd[:1] + odd[3:]), dice.floats(3)],
    usual,
    rms_norm,
    False,
)


def add_layer_norm(x, residual, weight, bias, epsilon):
    return layer_norm(x + residual, weight, bias, epsilon)


def add_rms_norm(x, residual, weight, epsilon):
    return rms_norm(x + residual, weight, epsilon)


for note, shape in (("a vector", (5,)), ("three axes", (2, 1, 13)), ("no rows", (0, 5))):
    d = shape[-1]
    norms.case(
        "addRmsNorm",
        note,
        lambda dice: [dice.floats(*shape), dice.floats(*shape), dice.floats(d, below=2)],
        usual,
        add_rms_norm,
    )
    norms.case(
        "addLayerNorm",
        note,
        lambda dice: [*(dice.floats(*shape) for _ in range(2)), *(dice.floats(d, below=2) for _ in range(2))],
        usual,
        add_layer_norm,
    )
norms.case(
    "addLayerNorm",
    "without a bias",
    lambda dice: [dice.floats(2, 3), dice.floats(2, 3), dice.floats(3), None],
    usual,
    add_layer_norm,
)
norms.case(
    "addLayerNorm",
    "extreme, forward only: NaN, and infinities that cancel",
    [floats([*odd, [infinity, 1, 2]]), floats([[0] * 3] * 4 + [[-infinity, 0, 0]]), floats([1, -2, 0.5]), None],
    usual,
    add_layer_norm,
    False,
)


def cross_entropy(logits, targets, ignoreIndex, labelSmoothing, zLoss):
    """By definition where PyTorch gives NaN: the mean over no rows is 0."""
    if (targets == ignoreIndex).all():
        return (logits * 0.0).sum()
    loss = F.cross_entropy(logits, targets.long(), ignore_index=ignoreIndex, label_smoothing=labelSmoothing)
    if zLoss == 0:
        return loss
    return loss + zLoss * torch.logsumexp(logits[targets != ignoreIndex], -1).square().mean()


def loss(note, logits, targets, ignore=-100, smoothing=0.0, z=0.0, gradient=True):
    attrs = {"ignoreIndex": ignore, "labelSmoothing": smoothing, "zLoss": z}

    def inputs(dice):
        return [logits(dice) if callable(logits) else logits, integers(targets)]

    losses.case("crossEntropy", note, inputs, attrs, cross_entropy, gradient)


loss("every row counts", lambda dice: dice.floats(3, 7), [0, 6, 3])
loss("one row", lambda dice: dice.floats(1, 3), [2])
loss("one class", lambda dice: dice.floats(3, 1), [0, 0, 0])
loss("ignored rows", lambda dice: dice.floats(5, 3), [-100, 2, -100, 0, 1])
loss("ignored rows, a class is what is ignored", lambda dice: dice.floats(5, 3), [0, 2, 0, 1, 1], ignore=0)
loss("all rows ignored", lambda dice: dice.floats(3, 5), [-100, -100, -100])
loss("no rows", lambda dice: dice.floats(0, 5), [])
for smoothing in (0.1, 0.5):
    loss(f"smoothed by {smoothing}", lambda dice: dice.floats(3, 5), [0, 4, 2], smoothing=smoothing)
loss("smoothed, ignored rows", lambda dice: dice.floats(4, 5), [-1, 4, -1, 1], ignore=-1, smoothing=0.1)
loss("smoothed, all rows ignored", lambda dice: dice.floats(3, 5), [-1, -1, -1], ignore=-1, smoothing=0.1)
loss("z-loss", lambda dice: dice.floats(3, 5), [0, 4, 2], z=0.125)
loss("z-loss, smoothed, ignored rows", lambda dice: dice.floats(4, 5), [-1, 4, -1, 1], ignore=-1, smoothing=0.1, z=0.01)
loss("z-loss, all rows ignored", lambda dice: dice.floats(3, 5), [-1, -1, -1], ignore=-1, z=0.5)
wide = [[80, -80, 79], [10240, -10240, 0], [1e-30, -1e-30, 0], [-80, 80, 80], [10240, 10240, 10240]]
loss("extreme", floats(wide), [0, 1, 2, 0, 2])
loss("extreme, ignored rows", floats(wide), [0, -100, 2, 0, -100])
loss(
    "extreme, forward only: what is ignored has no influence",
    floats([*wide, [nan, infinity, 0]]),
    [0, -100, 2, 0, 2, -100],
    gradient=False,
)
loss("extreme, smoothed", floats(wide), [0, 1, 2, 0, 2], smoothing=0.1)
loss("extreme, z-loss", floats(wide[:1]), [0], z=0.01)
loss("z-loss, a class that cannot be", floats([[-infinity, 0, 1]]), [1], z=0.5)
loss("extreme, a class that cannot be", floats([[-infinity, 0, 1], [2, -infinity, -infinity]]), [1, 0])
