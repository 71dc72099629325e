"""torch.nn.functional.gumbel_softmax and its gradients, for gumbel-softmax.test.ts. Made with torch 2.15.0.

The function draws its own noise, -log of an exponential, so the same draw is made before from the same seed and written down.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.use_deterministic_algorithms(True)


def rounded(tensor):
    return [float(f"{x:.8g}") for x in tensor.flatten().tolist()]


cases = []
for seed, (shape, axis, tau) in enumerate(
    [((2, 3, 5), -1, 1.0), ((2, 3, 5), 1, 0.3), ((4, 6), 0, 3.0), ((7,), -1, 0.05), ((1, 2, 3, 4), -2, 0.7)]
):
    generator = torch.Generator().manual_seed(100 + seed)
    logits = torch.tensor(rounded(torch.randn(shape, generator=generator) * 2)).reshape(shape)
    upstream = torch.tensor(rounded(torch.randn(shape, generator=generator))).reshape(shape)
    torch.manual_seed(seed)
    noise = -torch.empty_like(logits, memory_format=torch.legacy_contiguous_format).exponential_().log()
    case = {"shape": shape, "axis": axis, "temperature": tau, "logits": rounded(logits)}
    case |= {"upstream": rounded(upstream), "noise": rounded(noise)}
    for name, hard in (("soft", False), ("hard", True)):
        torch.manual_seed(seed)
        leaf = logits.clone().requires_grad_()
        y = F.gumbel_softmax(leaf, tau=tau, hard=hard, dim=axis)
        (gradient,) = torch.autograd.grad((y * upstream).sum(), leaf)
        case[name] = rounded(y.detach())
        case[f"{name}Gradient"] = rounded(gradient)
    soft = torch.softmax((logits + noise) / tau, axis)
    assert torch.allclose(soft, torch.tensor(case["soft"]).reshape(shape), atol=1e-6), "this is not the noise that was drawn"
    cases.append(case)

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}) + "\n")
