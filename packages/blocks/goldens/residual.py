"""
Makes residual.json beside this file: blocks with each residual scheme as other libraries have them, and their gradients, in double precision.

    pip install torch transformers x-transformers    # 2.15.0, 5.24.0 and 2.31.10 made the file that is here; no GPU
    python3 packages/blocks/goldens/residual.py && npm run format

The blocks are PyTorch's TransformerEncoderLayer, those of GPT-J, GPT-NeoX and Gemma 2 in Hugging Face's transformers, and layers of x-transformers.
Only the wiring is compared here: rotary positions are all 0, which turns nothing, and Gemma's attention has neither soft caps nor a window.
x-transformers has no ReZero; it is its LayerScale without a norm, with all channels the same.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
folder = Path(__file__).parent
sys.path.insert(0, str(folder.parents[1] / "backend-testkit" / "goldens"))

import torch
from reference.part import PartGoldens
from torch import nn
from torch.func import functional_call
from transformers import Gemma2Config, GPTJConfig, GPTNeoXConfig
from transformers.models.gemma2.modeling_gemma2 import Gemma2DecoderLayer
from transformers.models.gpt_neox.modeling_gpt_neox import GPTNeoXLayer
from transformers.models.gptj.modeling_gptj import GPTJBlock
from x_transformers import Encoder

torch.set_num_threads(1)
D, HEADS, HIDDEN, B, T = 4, 2, 5, 1, 3
K = D // HEADS

goldens = PartGoldens()


def drawn(norms, *, bias=True, gated=False, projections=True, others=()):
    """Weights by Tenon's names: of attention, the feed-forward part, the norms and whatever else."""

    def draw(dice):
        weights = {}

        def linear(name, output, inner, with_bias):
            weights[f"{name}.weight"] = dice.floats(output, inner, below=1.0)
            if with_bias:
                weights[f"{name}.bias"] = dice.floats(output, below=1.0)

        for name in ("query", "key", "value", "output"):
            linear(f"attention.{name}", D, D, projections)
        if gated:
            linear("feedForward.gate", HIDDEN, D, bias)
        linear("feedForward.up", HIDDEN, D, bias)
        linear("feedForward.down", D, HIDDEN, bias)
        for name in norms:
            weights[name] = dice.floats(D, below=2.0)
        for name, shape in others:
            weights[name] = dice.floats(*shape, below=1.0)
        return weights

    return draw


def x(dice):
    return {"x": dice.floats(B, T, D)}


def norm(path):
    return [f"{path}.weight", f"{path}.bias"]


def call(module, weights, inputs, *args, **options):
    dtype = inputs["x"].dtype
    result = functional_call(module.to(dtype).eval(), weights, (inputs["x"], *args), options, strict=True)
    return result[0] if isinstance(result, tuple) else result


def encoder_layer(weights, inputs, *, norm_first):
    module = nn.TransformerEncoderLayer(D, HEADS, HIDDEN, dropout=0.0, activation="gelu", batch_first=True, norm_first=norm_first)
    joined = {
        f"self_attn.in_proj_{kind}": torch.cat([weights[f"attention.{name}.{kind}"] for name in ("query", "key", "value")])
        for kind in ("weight", "bias")
    }
    names = {
        "self_attn.out_proj": "attention.output",
        "linear1": "feedForward.up",
        "linear2": "feedForward.down",
        "norm1": "attentionResidual.norm",
        "norm2": "feedForwardResidual.norm",
    }
    renamed = {f"{theirs}.{kind}": weights[f"{ours}.{kind}"] for theirs, ours in names.items() for kind in ("weight", "bias")}
    return call(module, joined | renamed, inputs)


for kind, norm_first in [("post-norm", False), ("pre-norm", True)]:
    goldens.case(
        f"TransformerEncoderLayer of PyTorch, {kind}",
        config={"kind": kind},
        weights=drawn(norm("attentionResidual.norm") + norm("feedForwardResidual.norm")),
        inputs=x,
        forward=lambda weights, inputs, norm_first=norm_first: encoder_layer(weights, inputs, norm_first=norm_first),
    )


def at_zero(width, dtype):
    """Cosines and sines of positions that are all 0."""
    return torch.ones(B, T, width, dtype=dtype), torch.zeros(B, T, width, dtype=dtype)


def gptj(weights, inputs):
    config = GPTJConfig(n_embd=D, n_head=HEADS, n_inner=HIDDEN, rotary_dim=K, activation_function="gelu_new", attn_implementation="sdpa")
    for name in ("resid_pdrop", "embd_pdrop", "attn_pdrop"):
        assert getattr(config, name) == 0.0
    names = {
        "ln_1.weight": "residual.norm.weight",
        "ln_1.bias": "residual.norm.bias",
        "attn.q_proj.weight": "attention.query.weight",
        "attn.k_proj.weight": "attention.key.weight",
        "attn.v_proj.weight": "attention.value.weight",
        "attn.out_proj.weight": "attention.output.weight",
        "mlp.fc_in.weight": "feedForward.up.weight",
        "mlp.fc_in.bias": "feedForward.up.bias",
        "mlp.fc_out.weight": "feedForward.down.weight",
        "mlp.fc_out.bias": "feedForward.down.bias",
    }
    cos, sin = at_zero(K // 2, inputs["x"].dtype)
    return call(GPTJBlock(config, 0), {theirs: weights[ours] for theirs, ours in names.items()}, inputs, position_embeddings=(sin, cos))


goldens.case(
    "GPTJBlock of transformers",
    config={"kind": "parallel", "activation": "tanh", "attentionBias": False},
    weights=drawn(norm("residual.norm"), projections=False),
    inputs=x,
    forward=gptj,
)


def neox(weights, inputs):
    config = GPTNeoXConfig(
        hidden_size=D, num_attention_heads=HEADS, intermediate_size=HIDDEN, hidden_act="gelu", use_parallel_residual=True,
        attention_bias=True, hidden_dropout=0.0, attention_dropout=0.0, attn_implementation="sdpa",
    )
    # GPT-NeoX keeps the query, key and value of one head together.
    joined = {
        f"attention.query_key_value.{kind}": torch.cat(
            [weights[f"attention.{name}.{kind}"][h * K : (h + 1) * K] for h in range(HEADS) for name in ("query", "key", "value")]
        )
        for kind in ("weight", "bias")
    }
    names = {
        "attention.dense": "attention.output",
        "mlp.dense_h_to_4h": "feedForward.up",
        "mlp.dense_4h_to_h": "feedForward.down",
        "input_layernorm": "residual.norm",
        "post_attention_layernorm": "feedForwardNorm",
    }
    renamed = {f"{theirs}.{kind}": weights[f"{ours}.{kind}"] for theirs, ours in names.items() for kind in ("weight", "bias")}
    return call(
        GPTNeoXLayer(config, 0), joined | renamed, inputs, attention_mask=None, position_embeddings=at_zero(K, inputs["x"].dtype)
    )


goldens.case(
    "GPTNeoXLayer of transformers",
    config={"kind": "parallel", "activation": "exact", "attentionBias": True, "twoNorms": True},
    weights=drawn(norm("feedForwardNorm") + norm("residual.norm")),
    inputs=x,
    forward=neox,
)


def gemma2(weights, inputs):
    config = Gemma2Config(
        hidden_size=D, num_attention_heads=HEADS, num_key_value_heads=HEADS, head_dim=K, intermediate_size=HIDDEN, num_hidden_layers=1,
        query_pre_attn_scalar=K, attn_logit_softcapping=None, layer_types=["full_attention"], attn_implementation="sdpa",
        hidden_activation="gelu_pytorch_tanh", attention_dropout=0.0,
    )
    names = {
        "self_attn.q_proj": "attention.query",
        "self_attn.k_proj": "attention.key",
        "self_attn.v_proj": "attention.value",
        "self_attn.o_proj": "attention.output",
        "mlp.gate_proj": "feedForward.gate",
        "mlp.up_proj": "feedForward.up",
        "mlp.down_proj": "feedForward.down",
    }
    renamed = {f"{theirs}.weight": weights[f"{ours}.weight"] for theirs, ours in names.items()}
    norms = {
        "input_layernorm": "attentionResidual.before",
        "post_attention_layernorm": "attentionResidual.after",
        "pre_feedforward_layernorm": "feedForwardResidual.before",
        "post_feedforward_layernorm": "feedForwardResidual.after",
    }
    # Gemma's norms multiply with 1 + weight.
    offset = {f"{theirs}.weight": weights[f"{ours}.weight"] - 1 for theirs, ours in norms.items()}
    was = torch.Tensor.float
    # Its norms go to single precision whatever comes in; in double precision they stay there.
    torch.Tensor.float = lambda tensor: tensor if tensor.dtype == torch.float64 else was(tensor)
    try:
        return call(Gemma2DecoderLayer(config, 0), renamed | offset, inputs, position_embeddings=at_zero(K, inputs["x"].dtype))
    finally:
        torch.Tensor.float = was


goldens.case(
    "Gemma2DecoderLayer of transformers",
    config={"kind": "sandwich"},
    weights=drawn(
        [f"{place}Residual.{side}.weight" for place in ("attention", "feedForward") for side in ("before", "after")],
        bias=False, projections=False, gated=True,
    ),
    inputs=x,
    forward=gemma2,
)


def x_layer(weights, inputs, *, norm_place, scale=None, **options):
    """
    Attention and feed-forward of x-transformers. norm_place: 0 for a norm before the sublayer, 2 for one after the sum. It stores what it
    multiplies with less an offset, of 1 or 0.
    """
    # Its own softmax is in single precision whatever comes in; attn_flash takes PyTorch's.
    module = Encoder(
        dim=D, depth=1, heads=HEADS, attn_dim_head=K, ff_mult=HIDDEN / D, pre_norm_has_final_norm=False, attn_flash=True, **options
    )
    fn = "1.fn" if scale else "1"
    theirs = {
        f"layers.0.{fn}.to_q.weight": weights["attention.query.weight"],
        f"layers.0.{fn}.to_k.weight": weights["attention.key.weight"],
        f"layers.0.{fn}.to_v.weight": weights["attention.value.weight"],
        f"layers.0.{fn}.to_out.weight": weights["attention.output.weight"],
        f"layers.1.{fn}.ff.0.0.weight": weights["feedForward.up.weight"],
        f"layers.1.{fn}.ff.0.0.bias": weights["feedForward.up.bias"],
        f"layers.1.{fn}.ff.2.weight": weights["feedForward.down.weight"],
        f"layers.1.{fn}.ff.2.bias": weights["feedForward.down.bias"],
    }
    for layer, sublayer in enumerate(("attention", "feedForward")):
        if norm_place is None:
            module.layers[layer][0][0] = nn.Identity()
        else:
            offset = float(module.layers[layer][0][norm_place].unit_offset)
            theirs[f"layers.{layer}.0.{norm_place}.gamma"] = weights[f"{sublayer}Residual.norm.weight"] - offset
        if scale:
            offset = float(module.layers[layer][1].unit_offset)
            theirs[f"layers.{layer}.1.gamma"] = weights[f"{sublayer}Residual.{scale}"].expand(D) - offset
    return call(module, theirs, inputs)


def both(name):
    return [f"{place}Residual.{name}" for place in ("attention", "feedForward")]


goldens.case(
    "use_layerscale of x-transformers",
    config={"kind": "layer-scale"},
    weights=drawn(both("norm.weight") + both("scale"), projections=False),
    inputs=x,
    forward=lambda weights, inputs: x_layer(weights, inputs, norm_place=0, scale="scale", use_layerscale=True),
)
goldens.case(
    "use_layerscale of x-transformers, without a norm and one scale for all channels",
    config={"kind": "re-zero"},
    weights=drawn([], projections=False, others=[(name, (1,)) for name in both("alpha")]),
    inputs=x,
    forward=lambda weights, inputs: x_layer(weights, inputs, norm_place=None, scale="alpha", use_layerscale=True),
)
goldens.case(
    "scale_residual_constant of x-transformers with a norm after",
    config={"kind": "deep-norm", "alpha": 1.6875},
    weights=drawn(both("norm.weight"), projections=False),
    inputs=x,
    forward=lambda weights, inputs: x_layer(weights, inputs, norm_place=2, pre_norm=False, scale_residual_constant=1.6875),
)

goldens.write(folder / "residual.json")
