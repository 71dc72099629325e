"""What a golden case is, where its numbers come from, and how it becomes JSON."""

import math
import random
from dataclasses import dataclass

import torch

DIGITS = 11  # of what is expected: other builds of PyTorch agree in them
SINGLE = 4e-6  # how far PyTorch's own f32 may be from its f64: well within the 1e-5 that the tests ask for


class Dice:
    """Numbers that depend on a case's name alone, so that a new case changes no other."""

    def __init__(self, name):
        self.uniform = random.Random(name).random

    def floats(self, *shape, below=4.0):
        """Odd multiples of below / 32 between −below and below: five significant bits, exact in bf16, f16 and f32."""
        numbers = [(2 * int(32 * self.uniform()) - 31) * below / 32 for _ in range(math.prod(shape))]
        return torch.tensor(numbers, dtype=torch.float64).reshape(shape)

    def positive(self, *shape, below=4.0):
        return self.floats(*shape, below=below).abs()

    def distinct(self, *shape, below=4.0):
        """Odd multiples of below / 64, no two of them equal."""
        pool = sorted(range(64), key=lambda _: self.uniform())
        numbers = [(2 * n - 63) * below / 64 for n in pool[: math.prod(shape)]]
        assert len(numbers) == math.prod(shape)
        return torch.tensor(numbers, dtype=torch.float64).reshape(shape)

    def integers(self, *shape, low, high):
        """Whole numbers from low up to, and not including, high."""
        numbers = [low + int((high - low) * self.uniform()) for _ in range(math.prod(shape))]
        return torch.tensor(numbers, dtype=torch.int32).reshape(shape)

    def chance(self, *shape, of=0.6):
        return torch.tensor([self.uniform() < of for _ in range(math.prod(shape))], dtype=torch.bool).reshape(shape)


@dataclass
class Levels:
    """The levels of a group-quantised weight: whole numbers, and a dtype that PyTorch does not have."""

    dtype: str
    values: torch.Tensor


def floats(numbers, shape=None):
    """Chosen numbers, each rounded to the nearest f32."""
    values = torch.tensor(numbers, dtype=torch.float32).double()
    return values if shape is None else values.reshape(shape)


def integers(numbers, shape=None):
    values = torch.tensor(numbers, dtype=torch.int32)
    return values if shape is None else values.reshape(shape)


def bools(numbers, shape=None):
    values = torch.tensor(numbers, dtype=torch.bool)
    return values if shape is None else values.reshape(shape)


def number(x, digits):
    """
    A number in JSON, which has no NaN and no infinities. digits: None for what is given, kept as it is, with the sign
    of a zero; else for what is expected, rounded, and with no such sign.
    """
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    value = x if digits is None else float(f"{x:.{digits}g}") + 0.0
    return (
        int(value)
        if value == int(value) and abs(value) < 1e15 and not (value == 0 and math.copysign(1, value) < 0)
        else value
    )


def plain(x, digits=None):
    """A tensor in JSON; numbers and None are themselves."""
    if isinstance(x, Levels):
        return {"dtype": x.dtype, "shape": list(x.values.shape), "data": x.values.flatten().tolist()}
    if not isinstance(x, torch.Tensor):
        return x
    if not x.is_floating_point():
        dtype = "bool" if x.dtype == torch.bool else "i32"
        return {"dtype": dtype, "shape": list(x.shape), "data": [int(n) for n in x.flatten().tolist()]}
    return {"dtype": "f32", "shape": list(x.shape), "data": [number(n, digits) for n in x.flatten().tolist()]}


def is_float(x):
    return isinstance(x, torch.Tensor) and x.is_floating_point()


def is_exact(x, note):
    """Is every number one in f32, and but for extreme cases in f16 and bf16 too?"""
    dtypes = [torch.float32] if note.startswith("extreme") else [torch.float16, torch.bfloat16]
    return not is_float(x) or all(torch.equal(x.to(d).double().nan_to_num(), x.nan_to_num()) for d in dtypes)


def differentiated(reference, inputs, attrs, upstream, dtype):
    """The outputs in one precision and, unless upstream is None, a gradient for each float input."""
    given = [x.to(dtype).requires_grad_(upstream is not None) if is_float(x) else x for x in inputs]
    given = [x.values if isinstance(x, Levels) else x for x in given]
    result = reference(*given, **attrs)
    outputs = list(result) if isinstance(result, tuple) else [result]
    if upstream is None:
        return outputs, None
    wanted = [x for x in given if is_float(x)]
    from_outputs = [y for y in outputs if is_float(y)]
    found = iter(torch.autograd.grad(from_outputs, wanted, [g.to(dtype) for g in upstream], allow_unused=True))
    gradients = [None] * len(given)
    for i, x in enumerate(given):
        if is_float(x):
            gradient = next(found)
            gradients[i] = torch.zeros_like(x) if gradient is None else gradient
    return [y.detach() for y in outputs], gradients


def expect_near(name, single, double):
    """Fails when PyTorch itself, in f32, would not pass the test that the case is for."""
    for i, (a, e) in enumerate(zip(single, double, strict=True)):
        if not is_float(e):
            assert (a is None and e is None) or torch.equal(a, e), f"{name}: result {i} differs in f32"
            continue
        close = torch.isclose(a.double(), e, rtol=0, atol=0, equal_nan=True) | (
            (a.double() - e).abs() <= SINGLE * e.abs().clamp(min=1)
        )
        assert close.all(), f"{name}: result {i} in f32 is {a[~close].tolist()}, in f64 {e[~close].tolist()}"


class Goldens:
    """The cases of one file."""

    def __init__(self):
        self.cases = []
        self.names = set()

    def case(self, op, note, inputs, attrs, reference, gradient=True):
        """
        One call of an op. inputs: tensors, numbers, None, or a function of Dice that gives such a list. reference takes
        the inputs, and the attributes by name, and gives a tensor or a tuple. gradient=False where no gradient means
        anything.
        """
        name = f"{op}: {note}"
        assert name not in self.names, f"two cases are called {name}"
        self.names.add(name)
        given = inputs(Dice(name)) if callable(inputs) else inputs
        assert all(is_exact(x, note) for x in given), f"{name}: an input is not exact in the dtypes that run it"
        outputs, _ = differentiated(reference, given, attrs, None, torch.float64)
        dice = Dice(f"{name}: upstream")
        upstream = [dice.floats(*y.shape, below=2.0) for y in outputs if is_float(y)] if gradient else None
        outputs, gradients = differentiated(reference, given, attrs, upstream, torch.float64)
        single, single_gradients = differentiated(reference, given, attrs, upstream, torch.float32)
        expect_near(name, single, outputs)
        if gradient:
            expect_near(f"{name}, gradients", single_gradients, gradients)
            assert all(g is None or g.isfinite().all() for g in gradients), f"{name}: a gradient is not finite"
        left = iter(upstream or [])
        self.cases.append(
            {
                "op": op,
                "note": note,
                "inputs": [plain(x) for x in given],
                "attrs": attrs,
                "expected": [plain(y, DIGITS) for y in outputs],
                "upstream": [plain(next(left)) if is_float(y) else None for y in outputs] if gradient else None,
                "gradients": [plain(g, DIGITS) for g in gradients] if gradient else None,
            }
        )
