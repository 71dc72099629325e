"""
What a part of a transformer gives in somebody else's implementation: its outputs, and the gradients of its weights and inputs.

    sys.path.insert(0, <packages/backend-testkit/goldens>)
    from reference.part import PartGoldens

The weights are named as Tenon names the part's parameters; `forward` puts them where the reference wants them, for example with
torch.func.functional_call, so that PyTorch finds their gradients by itself however they are split, joined or transposed there.
"""

import json
from pathlib import Path

import torch

from .golden import DIGITS, Dice, is_float, plain


def numbers(tensors):
    return {name: plain(x, DIGITS) for name, x in tensors.items()}


class PartGoldens:
    """The cases of one file."""

    def __init__(self):
        self.cases = []
        self.names = set()

    def case(self, name, *, config, forward, weights=None, inputs=None, gradient=True):
        """
        One forward pass. config: what the part is made from in Tenon, as JSON. weights and inputs: tensors by name, or a function of Dice that
        gives such a dict; floats in double precision that f32 holds exactly, as Dice makes them. forward(weights, inputs) takes the two dicts and
        gives a tensor or a dict of tensors by name. gradient=False where no gradient means anything.
        """
        assert name not in self.names, f"two cases are called {name}"
        self.names.add(name)
        weights = self._drawn(f"{name}: weights", weights)
        inputs = self._drawn(f"{name}: inputs", inputs)

        def run(dtype):
            placed = [
                {key: x.detach().to(dtype).requires_grad_(gradient) if is_float(x) else x for key, x in given.items()}
                for given in (weights, inputs)
            ]
            result = forward(*placed)
            return placed, result if isinstance(result, dict) else {"output": result}

        placed, outputs = run(torch.float64)
        _, single = run(torch.float32)
        for key, y in outputs.items():
            error = (single[key].double() - y).abs().max().item() if y.numel() else 0
            assert error <= 2e-5 * max(1, y.abs().max().item()), f"{name}: {key} in f32 is off by {error}"
        case = {
            "name": name,
            "config": config,
            "weights": {key: plain(x) for key, x in weights.items()},
            "inputs": {key: plain(x) for key, x in inputs.items()},
            "expected": numbers({key: y.detach() for key, y in outputs.items()}),
        }
        if gradient:
            dice = Dice(f"{name}: upstream")
            upstream = {key: dice.floats(*y.shape, below=2.0) for key, y in outputs.items() if is_float(y)}
            leaves = [(i, key, x) for i in (0, 1) for key, x in placed[i].items() if is_float(x)]
            found = torch.autograd.grad(
                [outputs[key] for key in upstream], [x for _, _, x in leaves], list(upstream.values()), allow_unused=True
            )
            gradients = [{}, {}]
            for (i, key, x), g in zip(leaves, found, strict=True):
                gradients[i][key] = torch.zeros_like(x) if g is None else g
            case["upstream"] = {key: plain(x) for key, x in upstream.items()}
            case["gradients"] = {"weights": numbers(gradients[0]), "inputs": numbers(gradients[1])}
        self.cases.append(case)

    @staticmethod
    def _drawn(name, given):
        return given(Dice(name)) if callable(given) else dict(given or {})

    def write(self, path):
        """Writes the cases; run the formatter afterwards."""
        Path(path).write_text(json.dumps(self.cases, allow_nan=False) + "\n")
        print(f"{Path(path).name}: {len(self.cases)} cases")
