"""Makes experts.json beside this file: what Hugging Face's mixtures of experts give, and their gradients, in double precision.

    pip install torch transformers    # 2.15 and 5.24 made the file that is here
    python3 packages/blocks/goldens/experts.py

The layers and losses are those of transformers: Mixtral's, Qwen2-MoE's (its shared expert set to zero), and DeepSeek-V2's. Running it (and
then the formatter) again gives the same file.
"""

import sys
from contextlib import contextmanager
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[2] / "backend-testkit" / "goldens"))

import torch
from reference.part import PartGoldens
from torch.func import functional_call
from transformers import DeepseekV2Config, MixtralConfig, Qwen2MoeConfig
from transformers.models.deepseek_v2.modeling_deepseek_v2 import DeepseekV2Moe
from transformers.models.mixtral.modeling_mixtral import MixtralSparseMoeBlock, load_balancing_loss_func
from transformers.models.qwen2_moe.modeling_qwen2_moe import Qwen2MoeSparseMoeBlock
from transformers.models.switch_transformers.modeling_switch_transformers import router_z_loss_func

goldens = PartGoldens()
WIDTH, HIDDEN, EXPERTS = 4, 3, 5


@contextmanager
def unrounded(dtype):
    """The routers there compute in f32, whatever they are given. Where the rest is in double precision, f32 means that."""
    names = {name: getattr(torch, name) for name in ("float32", "float")}
    method = torch.Tensor.float
    try:
        for name in names:
            setattr(torch, name, dtype)
        torch.Tensor.float = lambda x: x.to(dtype)
        yield
    finally:
        for name, value in names.items():
            setattr(torch, name, value)
        torch.Tensor.float = method


def weights(shared):
    def draw(dice):
        drawn = {
            "router.weight": dice.floats(EXPERTS, WIDTH, below=1.0),
            "experts.gate": dice.floats(EXPERTS, HIDDEN, WIDTH, below=1.0),
            "experts.up": dice.floats(EXPERTS, HIDDEN, WIDTH, below=1.0),
            "experts.down": dice.floats(EXPERTS, WIDTH, HIDDEN, below=1.0),
        }
        if shared:
            drawn["shared.gate.weight"] = dice.floats(shared, WIDTH, below=1.0)
            drawn["shared.up.weight"] = dice.floats(shared, WIDTH, below=1.0)
            drawn["shared.down.weight"] = dice.floats(WIDTH, shared, below=1.0)
        return drawn

    return draw


def placed(w, shared=None):
    """The weights under their names there, where gate and up are one."""
    names = {"gate": "gate_proj", "up": "up_proj", "down": "down_proj"}
    return {
        "gate.weight": w["router.weight"],
        "experts.gate_up_proj": torch.cat([w["experts.gate"], w["experts.up"]], dim=1),
        "experts.down_proj": w["experts.down"],
        **({f"{shared}.{there}.weight": w[f"shared.{here}.weight"] for here, there in names.items()} if shared else {}),
    }


def case(name, layer, k, softmax, tokens, places, shared=0, mask=None):
    layer.eval()

    def forward(w, given):
        x = given["x"]
        with unrounded(x.dtype):
            y = functional_call(layer, places(w), (x,))
            logits = torch.nn.functional.linear(x, w["router.weight"])
            attended = None if mask is None else torch.tensor(mask)
            balance = load_balancing_loss_func((logits.flatten(0, 1),), EXPERTS, k, attended)
            counted = logits if mask is None else logits[attended.bool()].unsqueeze(0)
            return {"output": y, "balance": balance, "z": router_z_loss_func(counted)}

    config = {"width": WIDTH, "hidden": HIDDEN, "experts": EXPERTS, "expertsPerToken": k, "softmax": softmax}
    goldens.case(
        name,
        config={**config, "shared": shared, "mask": mask},
        weights=weights(shared),
        inputs=lambda dice: {"x": dice.floats(*tokens, WIDTH, below=2.0)},
        forward=forward,
    )


common = {"hidden_size": WIDTH, "num_attention_heads": 1, "num_key_value_heads": 1, "num_experts_per_tok": 2}
eager = {"experts_implementation": "eager"}
mixtral = MixtralConfig(
    **common, intermediate_size=HIDDEN, num_local_experts=EXPERTS, router_jitter_noise=0.0, **eager
)
block = MixtralSparseMoeBlock(mixtral)
case("MixtralSparseMoeBlock", block, 2, "selected", (2, 9), placed)
case("MixtralSparseMoeBlock, one token", block, 2, "selected", (1, 1), placed)
case(
    "MixtralSparseMoeBlock, a batch with padding",
    block,
    2,
    "selected",
    (2, 4),
    placed,
    mask=[[1, 1, 1, 1], [1, 1, 0, 0]],
)


def qwen(normalised, k):
    config = Qwen2MoeConfig(
        hidden_size=WIDTH,
        num_experts_per_tok=k,
        num_experts=EXPERTS,
        moe_intermediate_size=HIDDEN,
        shared_expert_intermediate_size=HIDDEN,
        norm_topk_prob=normalised,
        **eager,
    )
    return Qwen2MoeSparseMoeBlock(config)


def without_shared(w):
    """Its shared expert gives nothing."""
    zeros = {f"shared_expert.{name}.weight": torch.zeros(HIDDEN, WIDTH, dtype=w["router.weight"].dtype) for name in ("gate_proj", "up_proj")}
    zeros["shared_expert.down_proj.weight"] = torch.zeros(WIDTH, HIDDEN, dtype=w["router.weight"].dtype)
    zeros["shared_expert_gate.weight"] = torch.zeros(1, WIDTH, dtype=w["router.weight"].dtype)
    return {**placed(w), **zeros}


case("Qwen2MoeSparseMoeBlock, softmax over all", qwen(False, 2), 2, "all", (1, 7), without_shared)
case("Qwen2MoeSparseMoeBlock, one expert per token", qwen(False, 1), 1, "all", (2, 8), without_shared)
case("Qwen2MoeSparseMoeBlock, normalised", qwen(True, 3), 3, "selected", (1, 6), without_shared)

deepseek = DeepseekV2Config(
    **common,
    moe_intermediate_size=HIDDEN,
    n_routed_experts=EXPERTS,
    n_shared_experts=2,
    routed_scaling_factor=1.0,
    topk_method="greedy",
    norm_topk_prob=False,
    **eager,
)
case(
    "DeepseekV2Moe, two shared experts as one of twice the width",
    DeepseekV2Moe(deepseek),
    2,
    "all",
    (2, 5),
    lambda w: placed(w, "shared_experts"),
    shared=2 * HIDDEN,
)

goldens.write(Path(__file__).with_name("experts.json"))
