"""Makes feed-forward.json beside this file: what other libraries' feed-forward layers give, and their gradients, in double precision.

    pip install torch transformers x-transformers    # 2.15, 5.24 and 2.31 made the file that is here
    python3 packages/blocks/goldens/feed_forward.py

The layers are those of Hugging Face's transformers (GPT-2, Llama, Gemma, T5) and of x-transformers. Running it (and then the formatter)
again gives the same file.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[2] / "backend-testkit" / "goldens"))

import torch
from reference.part import PartGoldens
from torch.func import functional_call
from transformers import GemmaConfig, GPT2Config, LlamaConfig, T5Config
from transformers.models.gemma.modeling_gemma import GemmaMLP
from transformers.models.gpt2.modeling_gpt2 import GPT2MLP
from transformers.models.llama.modeling_llama import LlamaMLP
from transformers.models.t5.modeling_t5 import T5DenseActDense, T5DenseGatedActDense
from x_transformers.x_transformers import FeedForward

goldens = PartGoldens()
WIDTH, HIDDEN = 4, 6


def weights(maps, bias):
    """Matrices, and biases if there are any, of each map of the part."""

    def draw(dice):
        drawn = {}
        for name in maps:
            shape = (WIDTH, HIDDEN) if name == "down" else (HIDDEN, WIDTH)
            drawn[f"{name}.weight"] = dice.floats(*shape, below=1.0)
            if bias:
                drawn[f"{name}.bias"] = dice.floats(shape[0], below=1.0)
        return drawn

    return draw


def case(name, layer, kind, activation, bias, places):
    """places: how the weights of ours make those of the layer."""
    layer.eval()
    goldens.case(
        name,
        config={"kind": kind, "width": WIDTH, "hidden": HIDDEN, "activation": activation, "bias": bias},
        weights=weights(["up", "down"] if kind == "MLP" else ["gate", "up", "down"], bias),
        inputs=lambda dice: {"x": dice.floats(2, 3, WIDTH, below=2.0)},
        forward=lambda w, given: functional_call(layer, places(w), (given["x"],)),
    )


# GPT-2's Conv1D holds its matrices transposed.
gpt2 = GPT2MLP(HIDDEN, GPT2Config(n_embd=WIDTH, activation_function="gelu_new"))
case(
    "GPT2MLP",
    gpt2,
    "MLP",
    "geluTanh",
    True,
    lambda w: {
        "c_fc.weight": w["up.weight"].T,
        "c_fc.bias": w["up.bias"],
        "c_proj.weight": w["down.weight"].T,
        "c_proj.bias": w["down.bias"],
    },
)
t5 = {"d_model": WIDTH, "d_ff": HIDDEN}
case(
    "T5DenseActDense",
    T5DenseActDense(T5Config(**t5, feed_forward_proj="relu")),
    "MLP",
    "relu",
    False,
    lambda w: {"wi.weight": w["up.weight"], "wo.weight": w["down.weight"]},
)


def plain(w):
    """A map and an activation, dropout, a map, as x-transformers numbers them."""
    return {f"ff.{at}.{each}": w[f"{name}.{each}"] for at, name in (("0.0", "up"), ("2", "down")) for each in ("weight", "bias")}


def joined(w):
    """x-transformers' GLU: one map for the values and, below them, the gates."""
    return {
        **{f"ff.0.proj.{each}": torch.cat([w[f"up.{each}"], w[f"gate.{each}"]]) for each in ("weight", "bias")},
        **{f"ff.2.{each}": w[f"down.{each}"] for each in ("weight", "bias")},
    }


for name, options, activation in [
    ("GELU", {}, "gelu"),
    ("squared ReLU", {"relu_squared": True}, "squaredRelu"),
    ("SiLU", {"swish": True}, "silu"),
]:
    layer = FeedForward(WIDTH, mult=HIDDEN / WIDTH, **options)
    case(f"x-transformers' FeedForward with {name}", layer, "MLP", activation, True, plain)

three = {"gate": "gate_proj", "up": "up_proj", "down": "down_proj"}
llama = {"hidden_size": WIDTH, "intermediate_size": HIDDEN, "num_attention_heads": 1}
case(
    "LlamaMLP, SwiGLU",
    LlamaMLP(LlamaConfig(**llama, hidden_act="silu")),
    "GatedMLP",
    "silu",
    False,
    lambda w: {f"{theirs}.weight": w[f"{ours}.weight"] for ours, theirs in three.items()},
)
case(
    "GemmaMLP, GeGLU in its tanh form",
    GemmaMLP(GemmaConfig(**llama, hidden_act="gelu_pytorch_tanh")),
    "GatedMLP",
    "geluTanh",
    False,
    lambda w: {f"{theirs}.weight": w[f"{ours}.weight"] for ours, theirs in three.items()},
)
case(
    "T5DenseGatedActDense, GeGLU in its tanh form",
    T5DenseGatedActDense(T5Config(**t5, feed_forward_proj="gated-gelu")),
    "GatedMLP",
    "geluTanh",
    False,
    lambda w: {"wi_0.weight": w["gate.weight"], "wi_1.weight": w["up.weight"], "wo.weight": w["down.weight"]},
)
for name, activation, module in [
    ("GLU", "sigmoid", torch.nn.Sigmoid()),
    ("bilinear", "none", torch.nn.Identity()),
    ("ReGLU", "relu", torch.nn.ReLU()),
    ("GeGLU", "gelu", torch.nn.GELU()),
    ("SwiGLU", "silu", torch.nn.SiLU()),
]:
    layer = FeedForward(WIDTH, mult=HIDDEN / WIDTH, glu=True, custom_activation=module)
    case(f"x-transformers' FeedForward, {name}", layer, "GatedMLP", activation, True, joined)

goldens.write(Path(__file__).with_name("feed-forward.json"))
