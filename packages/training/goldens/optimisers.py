"""Makes optimisers.json beside this file: five steps of each optimiser on gradients clipped by their global norm, in double precision.

    python3 packages/training/goldens/optimisers.py

Made with PyTorch 2.15.0 and transformers 5.24.0. Running it (and then the formatter) again gives the same file.

SGD, Adam and Muon are PyTorch's, Adafactor is that of transformers, the moving average is PyTorch's AveragedModel. PyTorch's Muon rounds its
Newton-Schulz steps to bfloat16; here they are let run in double precision, and nothing else of it is changed. No library at hand has Lion:
it is written out below, line by line as Program 2 of the paper.
"""

import json
from pathlib import Path

import torch
from torch.optim import SGD, Adam, AdamW, Muon
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers.optimization import Adafactor

torch.set_default_dtype(torch.float64)
rates = [1e-3, 2e-3, 3e-3, 2e-3, 1e-3]
limit = 0.5
decay = 0.1


class Lion(torch.optim.Optimizer):
    def __init__(self, groups, betas):
        super().__init__(groups, {"lr": 0.0, "betas": betas, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                p.sub_(group["lr"] * (update + group["weight_decay"] * p))
                m.copy_(beta2 * m + (1 - beta2) * p.grad)


class DoubleMuon(Muon):
    def step(self):
        half, torch.bfloat16 = torch.bfloat16, torch.float64
        try:
            super().step()
        finally:
            torch.bfloat16 = half


class Model(torch.nn.Module):
    """The model of golden.test.ts. The last parameter gets its first gradient in the third step."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor([[0.5, -1.25, 2.0], [0.125, -0.75, 3.5]]))
        self.bias = torch.nn.Parameter(torch.tensor([0.25, -0.5]))
        self.late = torch.nn.Parameter(torch.tensor([1.0, 2.0]))

    def groups(self):
        """Only what has two axes decays."""
        return [{"params": [self.weight], "weight_decay": decay}, {"params": [self.bias, self.late], "weight_decay": 0.0}]


def gradient(shape, step, size):
    """Numbers that look like nothing in particular, written out so that anybody can check them."""
    count = torch.Size(shape).numel()
    return torch.tensor([size * ((37 * (i + 1) * (step + 3)) % 19 - 9) / 16 for i in range(count)]).reshape(shape)


def clipped_gradients():
    steps = []
    for step in range(len(rates)):
        model = Model()
        model.weight.grad = gradient((2, 3), step, 1.0 if step != 1 else 1 / 64)
        model.bias.grad = gradient((2,), step + 1, 0.01)
        model.late.grad = None if step < 2 else gradient((2,), step + 2, 1.0)
        torch.nn.utils.clip_grad_norm_(model.parameters(), limit)
        steps.append({name: p.grad for name, p in model.named_parameters() if p.grad is not None})
    return steps


def values(tensors):
    return {name: tensor.detach().flatten().tolist() for name, tensor in tensors.items()}


def run(optimisers_of):
    model = Model()
    optimisers = optimisers_of(model)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))
    parameters, averages = [], []
    for rate, gradients in zip(rates, clipped_gradients()):
        for name, p in model.named_parameters():
            p.grad = gradients[name].clone() if name in gradients else None
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
        average.update_parameters(model)
        parameters.append(values(dict(model.named_parameters())))
        averages.append(values(dict(average.module.named_parameters())))
    return parameters, averages


def adafactor(**options):
    return lambda m: [Adafactor(m.groups(), **{"lr": 1e-3, "relative_step": False, **options})]


def muon(adjust):
    def make(model):
        matrices, others = model.groups()
        return [
            DoubleMuon([matrices], lr=1e-3, momentum=0.95, adjust_lr_fn=adjust),
            AdamW([others], lr=1e-3, betas=(0.9, 0.95), eps=1e-8),
        ]

    return make


cases = {
    "sgd": lambda m: [SGD(m.groups(), lr=1e-3)],
    "momentum": lambda m: [SGD(m.groups(), lr=1e-3, momentum=0.9)],
    "nesterov": lambda m: [SGD(m.groups(), lr=1e-3, momentum=0.9, nesterov=True)],
    "adam": lambda m: [Adam(m.groups(), lr=1e-3, betas=(0.9, 0.98), eps=1e-9)],
    "lion": lambda m: [Lion(m.groups(), betas=(0.9, 0.99))],
    "adafactorRelative": adafactor(scale_parameter=True),
    "adafactorAbsolute": adafactor(scale_parameter=False, clip_threshold=0.5, decay_rate=-0.5),
    "adafactorWarmUp": adafactor(lr=None, relative_step=True, warmup_init=True),  # with rates of its own
    "muonOriginal": muon("original"),
    "muonAsAdamW": muon("match_rms_adamw"),
}
parameters = {name: run(make)[0] for name, make in cases.items()}
for step in parameters["adafactorWarmUp"]:
    del step["late"]  # transformers counts the steps of each parameter for its rate; a schedule counts those of all
golden = {
    "torch": torch.__version__,
    "decay": decay,
    "rates": rates,
    "gradients": [values(each) for each in clipped_gradients()],
    "parameters": parameters,
    "averages": run(cases["momentum"])[1],
}
Path(__file__).with_name("optimisers.json").write_text(json.dumps(golden, indent=1) + "\n")
