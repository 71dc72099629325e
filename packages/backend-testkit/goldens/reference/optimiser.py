"""One step of AdamW at a time."""

import torch

from .golden import Goldens, floats

goldens = Goldens()


def adamw(p, m, v, g, rate, beta1, beta2, epsilon, decay, step):
    parameter = torch.nn.Parameter(p.detach().clone())
    parameter.grad = g.detach().clone()
    optimiser = torch.optim.AdamW(
        [parameter], lr=rate, betas=(beta1, beta2), eps=epsilon, weight_decay=decay, foreach=False
    )
    state = {
        "step": torch.tensor(float(step - 1), dtype=torch.float64),
        "exp_avg": m.detach().clone(),
        "exp_avg_sq": v.detach().clone(),
    }
    optimiser.state[parameter] = state
    optimiser.step()
    return parameter.detach(), state["exp_avg"], state["exp_avg_sq"]


def stepped(note, shape, step, rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, decay=0.01, given=None):
    def inputs(dice):
        m, v = (
            (dice.floats(*shape, below=1.0), dice.positive(*shape, below=1.0))
            if step > 1
            else (torch.zeros(shape), torch.zeros(shape))
        )
        return [dice.floats(*shape), m.double(), v.double(), dice.floats(*shape, below=2.0)]

    attrs = {"rate": rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "decay": decay, "step": step}
    goldens.case("adamw", note, given or inputs, attrs, adamw, gradient=False)


stepped("the first step", (3, 5), 1)
stepped("the second step", (3, 5), 2)
stepped("step 10, other rates", (7,), 10, rate=0.125, beta1=0.8, beta2=0.95, epsilon=1e-6, decay=0.1)
stepped("step 1000, no decay", (2, 1, 3), 1000, decay=0.0)
stepped("step 100000", (5,), 100000)
stepped("no momentum", (5,), 3, beta1=0.0, beta2=0.5)
stepped("a scalar", (), 5)
stepped("nothing", (0, 3), 5)
still = [floats([1, -2, 0.5]), floats([0, 0, 0]), floats([0, 0, 0]), floats([0, 0, 0])]
stepped("no gradient: only the decay", (3,), 1, given=still)
stepped("a large epsilon", (5,), 4, epsilon=0.5)
far = [
    floats([1e30, -10240, 1, 0, 1e-30]),
    floats([1, -80, 10240, 0, 1e-30]),
    floats([1e30, 10240, 80, 0, 0]),
    floats([1e15, 10240, -80, 1e-30, -0.0]),
]
stepped("extreme", (5,), 7, rate=0.5, given=far)
