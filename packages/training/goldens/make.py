"""Makes adamw.json beside this file with PyTorch: five steps of AdamW on gradients clipped by their global norm.

    pip install torch            # or Debian's python3-torch; PyTorch 1.13 made the file that is here
    python3 packages/training/goldens/make.py

Every number is in double precision. Running it (and then the formatter) again gives the same file.
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
options = {"beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "decay": 0.1}
rates = [1e-3, 2e-3, 3e-3, 2e-3, 1e-3]
limit = 0.5

weight = torch.nn.Parameter(torch.tensor([[0.5, -1.25, 2.0], [0.125, -0.75, 3.5]]))
bias = torch.nn.Parameter(torch.tensor([0.25, -0.5]))
late = torch.nn.Parameter(torch.tensor([1.0, 2.0]))  # gets its first gradient in the third step
betas = (options["beta1"], options["beta2"])
optimiser = torch.optim.AdamW(
    [{"params": [weight], "weight_decay": options["decay"]}, {"params": [bias, late], "weight_decay": 0.0}],
    betas=betas,
    eps=options["epsilon"],
)


def gradient(shape, step, size):
    """Numbers that look like nothing in particular, written out so that anybody can check them."""
    count = torch.Size(shape).numel()
    return torch.tensor([size * ((37 * (i + 1) * (step + 3)) % 19 - 9) / 16 for i in range(count)]).reshape(shape)


steps = []
for step, rate in enumerate(rates):
    given = {
        "weight": gradient((2, 3), step, 1.0),
        "bias": gradient((2,), step + 1, 0.01),
        "late": None if step < 2 else gradient((2,), step + 2, 1.0),
    }
    if step == 1:  # one step within the limit
        given["weight"] = given["weight"] / 64
    for name, parameter in (("weight", weight), ("bias", bias), ("late", late)):
        parameter.grad = None if given[name] is None else given[name].clone()
    norm = torch.nn.utils.clip_grad_norm_([weight, bias, late], limit)
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
    steps.append({
        "rate": rate,
        "gradients": {name: value.flatten().tolist() for name, value in given.items() if value is not None},
        "norm": norm.item(),
        "clipped": {
            name: parameter.grad.flatten().tolist()
            for name, parameter in (("weight", weight), ("bias", bias), ("late", late))
            if parameter.grad is not None
        },
        "parameters": {"weight": weight.flatten().tolist(), "bias": bias.tolist(), "late": late.tolist()},
    })

golden = {"torch": torch.__version__, "options": options, "limit": limit, "steps": steps}
Path(__file__).with_name("adamw.json").write_text(json.dumps(golden, indent=1) + "\n")
