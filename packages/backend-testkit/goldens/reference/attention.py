"""Rotary position and attention."""

import torch
import torch.nn.functional as F

from .golden import Goldens, bools, floats, integers

infinity, nan = float("inf"), float("nan")
ropes, attentions = Goldens(), Goldens()


def rope(x, cos, sin):
    """The half-split layout: element i turns with element i + r / 2, and what lies beyond r stays."""
    half = cos.shape[-1]
    first, second, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
    return torch.cat([first * cos - second * sin, second * cos + first * sin, rest], -1)


def turned(note, shape, half, start=0):
    def inputs(dice):
        angles = (start + torch.arange(shape[-2])).double()[:, None] * 10000.0 ** (
            -torch.arange(half).double() / max(half, 1)
        )
        return [
            dice.floats(*shape),
            *((f(angles) * 128).round() / 128 for f in (torch.cos, torch.sin)),
        ]  # eight bits, as all inputs

    ropes.case("rope", note, inputs, {}, rope)


turned("all of a head", (2, 1, 3, 4), 2)
turned("part of a head", (1, 2, 2, 7), 2)
turned("one pair", (1, 1, 5, 2), 1, start=13)
turned("nothing turns", (1, 1, 2, 3), 0)
turned("two axes", (3, 6), 3, start=5)
turned("one position", (1, 3, 1, 2), 1)
turned("no positions", (1, 2, 0, 4), 2)
ropes.case(
    "rope",
    "extreme",
    [floats([[10240, -80, 1e30], [1e-30, 80, nan]]), floats([[0.5], [-1]]), floats([[0.75], [0]])],
    {},
    rope,
)


def allowed_by(mask, masks, b, t, s, query_offset):
    key, query = torch.arange(s), torch.arange(t)[:, None] + query_offset
    allowed = torch.ones(b, 1, t, s, dtype=torch.bool)
    for term in mask:
        match term["kind"]:
            case "causal":
                allowed = allowed & (key <= query)
            case "window":
                allowed = allowed & (key > query - term["size"])
            case "lengths":
                allowed = allowed & (key < masks[term["input"]].reshape(b, 1, 1, 1))
            case "interval":
                first, end = masks[term["input"]][:, None, :, :, None].unbind(3)
                allowed = allowed & (first <= key) & (key < end)
            case "dense":
                allowed = allowed & masks[term["input"]]
    return allowed


def attention(q, k, v, bias, sinks, *masks, scale, mask, queryOffset, keyLength, softCap):
    """
    Scores are scaled, then capped (as Gemma 2 does), then biased and masked. A sink is one more score of its head,
    which no value belongs to (as gpt-oss has). By definition where PyTorch's softmax gives NaN: a query that may see no
    key gives zeros.
    """
    b, h, t, _ = q.shape
    k, v = (x[:, :, :keyLength].repeat_interleave(h // x.shape[1], 1) for x in (k, v))
    scores = q @ k.mT * scale
    if softCap is not None:
        scores = softCap * torch.tanh(scores / softCap)
    if bias is not None:
        scores = scores + bias
    allowed = allowed_by(mask, masks, b, t, keyLength, queryOffset).expand(scores.shape)
    scores = torch.where(allowed, scores, -infinity)
    if sinks is None:
        alive = allowed.any(-1, keepdim=True)
        pattern = torch.softmax(torch.where(alive, scores, 0.0), -1) * alive
    else:
        sink = sinks.reshape(1, h, 1, 1).expand(b, h, t, 1)
        pattern = torch.softmax(torch.cat([scores, sink], -1), -1)[..., :-1]
    result = pattern @ v
    if softCap is None and sinks is None and scores.numel() > 0 and bool(allowed.any(-1).all()):
        theirs = F.scaled_dot_product_attention(
            q, k, v, torch.where(allowed, 0.0 if bias is None else bias, -infinity), scale=scale
        )
        assert torch.allclose(result, theirs, rtol=1e-5, atol=1e-5 if q.dtype == torch.float32 else 1e-13), (
            "not PyTorch's attention"
        )
    return result


causal = {"kind": "causal"}
lengths, interval, dense = ({"kind": kind, "input": 0} for kind in ("lengths", "interval", "dense"))


def window(size):
    return {"kind": "window", "size": size}


def attends(
    note,
    b=1,
    h=1,
    t=3,
    s=5,
    width=2,
    keys=None,
    values=None,
    filled=None,
    offset=0,
    scale=0.5,
    cap=None,
    mask=(),
    masks=(),
    bias=None,
    sinks=False,
    qkv=None,
):
    """keys: key heads; values: the width of a value; filled: how many of the s keys; bias: a shape or a tensor."""

    def inputs(dice):
        drawn = qkv or [
            dice.floats(b, h, t, width, below=2),
            dice.floats(b, keys or h, s, width, below=2),
            dice.floats(b, keys or h, s, values or width, below=2),
        ]
        biased = dice.floats(*bias) if isinstance(bias, tuple) else bias
        return [
            *drawn,
            biased,
            dice.floats(h) if sinks is True else sinks or None,
            *(m(dice) if callable(m) else m for m in masks),
        ]

    attrs = {
        "scale": scale,
        "mask": list(mask),
        "queryOffset": offset,
        "keyLength": s if filled is None else filled,
        "softCap": cap,
    }
    attentions.case("attention", note, inputs, attrs, attention)


attends("everything is seen", b=2, h=2, t=1, s=3, width=3)
attends("one of each", h=1, t=1, s=1, width=1)
attends("values of another width", t=2, s=3, values=5)
attends("keys shared by two heads", h=4, keys=2, t=1, s=3)
attends("keys shared by all heads, causal", h=3, keys=1, t=3, s=3, mask=[causal])
attends("causal", t=3, s=3, mask=[causal])
attends("causal after what is cached, before free capacity", h=2, keys=1, t=2, s=7, filled=5, offset=3, mask=[causal])
attends("one query after what is cached", t=1, s=7, filled=6, offset=5, mask=[causal])
attends("causal, first queries before the first key", t=3, s=3, offset=-2, mask=[causal])
attends("a window", t=4, s=4, mask=[window(2)])
attends("a causal window after what is cached", t=3, s=7, offset=4, mask=[causal, window(3)])
attends("lengths, one of them nothing", b=3, t=1, mask=[lengths], masks=[integers([5, 0, 2])])
attends(
    "intervals, one of them nothing",
    b=2,
    t=2,
    s=4,
    mask=[interval],
    masks=[integers([[[2, 4], [0, 3]], [[2, 2], [-1, 9]]])],
)
attends(
    "intervals for the whole batch: two packed documents, causal",
    b=2,
    t=4,
    s=4,
    mask=[interval, causal],
    masks=[integers([[[0, 2], [0, 2], [2, 4], [2, 4]]])],
)
attends("a dense mask for all", mask=[dense], masks=[bools([[1, 0, 1, 1, 0], [0, 0, 0, 0, 0], [0, 1, 1, 1, 1]])])
attends("a dense mask for each head", h=2, s=3, mask=[dense], masks=[lambda dice: dice.chance(1, 2, 3, 3)])
attends(
    "two tensors in the mask",
    b=2,
    t=3,
    s=5,
    offset=1,
    mask=[causal, {"kind": "lengths", "input": 1}, dense],
    masks=[lambda dice: dice.chance(2, 1, 1, 5, of=0.8), integers([4, 2])],
)
attends("a bias for each head", b=2, h=2, t=1, s=3, bias=(2, 1, 3))
attends("a bias that broadcasts, causal", h=2, s=3, bias=(1, 2, 1, 3), mask=[causal])
attends("a bias before free capacity", s=7, filled=5, offset=2, bias=(1, 1, 3, 5), mask=[causal])
attends("a soft cap", cap=1.5)
attends("a soft cap, then a bias and a mask", t=3, s=3, cap=2.0, scale=1.25, bias=(1, 3, 3), mask=[causal])
attends("sinks", h=3, t=2, s=3, sinks=True)
attends("sinks, causal, keys shared", h=4, keys=2, t=2, s=2, mask=[causal], sinks=True)
attends("sinks where nothing is seen", b=2, t=2, s=3, mask=[lengths], masks=[integers([0, 2])], sinks=True)
attends(
    "all together",
    b=2,
    h=2,
    keys=1,
    t=2,
    s=7,
    filled=5,
    offset=3,
    scale=0.75,
    cap=3.0,
    bias=(2, 1, 5),
    sinks=True,
    mask=[causal, window(4), lengths],
    masks=[integers([5, 3])],
)
attends("no filled keys", s=3, filled=0)
attends("no filled keys, sinks", s=3, filled=0, sinks=True)
attends("no queries", t=0)
attends("nothing in the batch", b=0)


def head(rows):
    """The rows of one head of one sequence."""
    return floats(rows, (1, 1, len(rows), len(rows[0])))


q = head([[80, -80, 1], [10240, 0, 0], [0, 1e-30, -0.0]])
k = head([[1, -1, 1], [-4, 2, 1], [1, 1, -1]])
v = head([[1, 2, 3], [-1, 4, 0.5], [2, 1, -1]])
large = head([[1, 2, 3], [-1, 10240, 0.5], [1e15, 1, -1]])
square = {"t": 3, "s": 3, "scale": 1.0}
attends("extreme scores", **square, qkv=[q, k, v])
attends("extreme scores, causal, sinks", **square, mask=[causal], sinks=floats([80]), qkv=[q, k, large])
attends("extreme scores, a soft cap", **square, cap=30.0, qkv=[q, k, v])
forbidding = floats([[0, -1e30, -infinity, 1, 0], [-infinity, 0, 0, 0, -1e30], [2, -80, 1, -10240, 1]])
attends("extreme bias: −1e30 and −∞ forbid", bias=forbidding)
junk = [[nan] * 3, [infinity] * 3, [-infinity] * 3, [1e30] * 3]
attends(
    "extreme: what free capacity holds has no influence",
    t=2,
    s=7,
    filled=3,
    offset=1,
    mask=[causal],
    qkv=[
        head([[1, -2, 0.5], [0.25, 3, -1]]),
        head([[1, 2, -1], [0.5, -0.5, 3], [-2, 1, 1], *junk]),
        head([[3, 1, 2], [-1, 0.5, 2], [1, -3, 0.25], *junk]),
    ],
)
