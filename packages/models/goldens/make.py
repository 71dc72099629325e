"""
Makes models.json beside this file: what Hugging Face's transformers give for whole models of known architectures, and their gradients.

    pip install torch transformers   # torch 2.15.0 and transformers 5.24.0 made the file that is here; no GPU
    python3 packages/models/goldens/make.py && npm run format

A case's config is the spec that is to describe the same model. Tests read the file; neither they nor users need Python.
"""

import sys
from contextlib import nullcontext
from pathlib import Path

sys.dont_write_bytecode = True
folder = Path(__file__).parent
sys.path.insert(0, str(folder.parents[1] / "backend-testkit" / "goldens"))

import torch
import transformers
from reference.double import double
from reference.part import PartGoldens
from torch.func import functional_call

torch.set_num_threads(1)

V, CONTEXT, B, T, D, HEADS, HIDDEN = 5, 8, 1, 6, 4, 2, 3
SPEC = {
    "version": 1, "kind": "decoder", "vocabulary": V, "context": CONTEXT, "width": D, "layers": 1, "residual": {"kind": "pre-norm"},
    "dropout": 0, "tied": False,
}  # fmt: skip
SIZES = {
    "vocab_size": V, "hidden_size": D, "intermediate_size": HIDDEN, "num_attention_heads": HEADS,
    "max_position_embeddings": CONTEXT, "pad_token_id": None, "bos_token_id": None, "eos_token_id": None, "use_cache": False,
    "attn_implementation": "eager", "experts_implementation": "eager",
}  # fmt: skip

goldens = PartGoldens()


def case(name, family, config, spec, shapes, theirs):
    """
    shapes: those of the weights by Tenon's paths, of a layer's where they begin with "·". theirs(weights) gives transformers' weights by their names.
    """
    spec = SPEC | spec
    named = {
        path.replace("·", f"blocks.{layer}."): shape
        for path, shape in shapes.items()
        for layer in range(spec["layers"] if "·" in path else 1)
    }

    def forward(weights, inputs):
        dtype = next(iter(weights.values())).dtype
        with double() if dtype == torch.float64 else nullcontext():
            made = getattr(transformers, f"{family}ForCausalLM")
            made = made(made.config_class(**SIZES | {"num_hidden_layers": spec["layers"]} | config))
            given = theirs(weights)
            unused = {key for key, _ in made.named_parameters()} ^ set(given)
            assert not unused, f"{name}: {unused}"
            return functional_call(made.to(dtype).eval(), given, kwargs={"input_ids": inputs["ids"].long()}).logits

    goldens.case(
        name,
        config=spec,
        weights=lambda dice: {path: dice.floats(*shape, below=1.0) for path, shape in named.items()},
        inputs=lambda dice: {"ids": dice.integers(B, T, low=0, high=V)},
        forward=forward,
    )


def layers_of(weights):
    return {int(path.split(".")[1]) for path in weights if path.startswith("blocks.")}


def layers(weights, prefix, names, others):
    """Their names: `names` has theirs for ours in each layer, `others` outside of the layers."""
    found = {theirs: weights[ours] for ours, theirs in others.items()}
    for layer in layers_of(weights):
        found |= {f"{prefix}.{layer}.{theirs}": weights[f"blocks.{layer}.{ours}"] for ours, theirs in names.items()}
    return found


def attention(head, key_value_heads=HEADS):
    sizes = {"query": HEADS * head, "key": key_value_heads * head, "value": key_value_heads * head}
    return {f"·attention.{name}.weight": [size, D] for name, size in sizes.items()} | {"·attention.output.weight": [D, HEADS * head]}


def gated():
    return {"·feedForward.gate.weight": [HIDDEN, D], "·feedForward.up.weight": [HIDDEN, D], "·feedForward.down.weight": [D, HIDDEN]}


def mlp():
    return {
        "·feedForward.up.weight": [HIDDEN, D], "·feedForward.up.bias": [HIDDEN],
        "·feedForward.down.weight": [D, HIDDEN], "·feedForward.down.bias": [D],
    }  # fmt: skip


def layer_norm(path):
    return {f"{path}.weight": [D], f"{path}.bias": [D]}


TABLE, OUTPUT, NORM = {"embedding.tokens.table": [V, D]}, {"output.weight": [V, D]}, {"norm.weight": [D]}
LLAMA = {
    **{f"attention.{ours}.weight": f"self_attn.{ours[0]}_proj.weight" for ours in ("query", "key", "value", "output")},
    **{f"feedForward.{name}.weight": f"mlp.{name}_proj.weight" for name in ("gate", "up", "down")},
    "attentionResidual.norm.weight": "input_layernorm.weight",
    "feedForwardResidual.norm.weight": "post_attention_layernorm.weight",
}
LLAMA_OTHERS = {"embedding.tokens.table": "model.embed_tokens.weight", "norm.weight": "model.norm.weight", "output.weight": "lm_head.weight"}


def without(names, *parts):
    return {ours: theirs for ours, theirs in names.items() if not any(part in ours for part in parts)}


def gemma(weights, head_norms=False):
    sandwich = {
        "attentionResidual.before": "input_layernorm", "attentionResidual.after": "post_attention_layernorm",
        "feedForwardResidual.before": "pre_feedforward_layernorm", "feedForwardResidual.after": "post_feedforward_layernorm",
        **({"attention.queryNorm": "self_attn.q_norm", "attention.keyNorm": "self_attn.k_norm"} if head_norms else {}),
    }  # fmt: skip
    names = without(LLAMA, "Residual") | {f"{ours}.weight": f"{theirs}.weight" for ours, theirs in sandwich.items()}
    return layers(weights, "model.layers", names, {
        "embedding.tokens.tokens.table": "model.embed_tokens.weight", "norm.weight": "model.norm.weight",
    })  # fmt: skip


GEMMA = {
    "layers": 2, "tied": True, "tokens": {"scaled": True}, "norm": {"kind": "rms-norm", "epsilon": 1e-6, "unitOffset": True},
    "residual": {"kind": "sandwich-norm"}, "feedForward": {"kind": "gated-mlp", "hidden": HIDDEN, "activation": "gelu-tanh"},
}  # fmt: skip
GEMMA_ATTENTION = {"kind": "multi-head", "heads": HEADS, "keyValueHeads": 1, "headWidth": 4, "bias": False, "scale": 0.25, "windows": [3, None]}
GEMMA_CONFIG = {"num_key_value_heads": 1, "head_dim": 4, "query_pre_attn_scalar": 16, "sliding_window": 3}
GEMMA_SHAPES = {
    "embedding.tokens.tokens.table": [V, D], **attention(4, 1), **gated(), **NORM,
    **{f"·{sublayer}Residual.{place}.weight": [D] for sublayer in ("attention", "feedForward") for place in ("before", "after")},
}  # fmt: skip

case(
    "Gemma 2", "Gemma2",
    GEMMA_CONFIG | {"attn_logit_softcapping": 2.0, "final_logit_softcapping": 3.0},
    GEMMA | {"position": {"kind": "rotary"}, "attention": GEMMA_ATTENTION | {"softCap": 2}, "logits": {"softCap": 3}},
    GEMMA_SHAPES, gemma,
)  # fmt: skip

case(
    "Gemma 3", "Gemma3",
    GEMMA_CONFIG | {
        "layer_types": ["sliding_attention", "full_attention"],
        "rope_parameters": {
            "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
            "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1e4},
        },
    },
    GEMMA | {
        "position": {"kind": "rotary", "scaling": {"kind": "linear", "factor": 8}, "local": {"base": 100, "every": 2}},
        "attention": GEMMA_ATTENTION | {"headNorm": True},
    },
    GEMMA_SHAPES | {"·attention.queryNorm.weight": [4], "·attention.keyNorm.weight": [4]},
    lambda weights: gemma(weights, head_norms=True),
)  # fmt: skip


def gptj(weights):
    both = {"feedForward.up": "mlp.fc_in", "feedForward.down": "mlp.fc_out", "residual.norm": "ln_1"}
    names = {f"attention.{ours}.weight": f"attn.{theirs}_proj.weight" for ours, theirs in zip(("query", "key", "value", "output"), ("q", "k", "v", "out"))}
    return layers(weights, "transformer.h", names | {f"{ours}.{kind}": f"{theirs}.{kind}" for ours, theirs in both.items() for kind in ("weight", "bias")}, {
        "embedding.tokens.table": "transformer.wte.weight", "output.weight": "lm_head.weight", "output.bias": "lm_head.bias",
        "norm.weight": "transformer.ln_f.weight", "norm.bias": "transformer.ln_f.bias",
    })  # fmt: skip


case(
    "GPT-J", "GPTJ",
    {"num_attention_heads": 1, "rotary_dim": 4, "n_inner": HIDDEN},
    {
        "position": {"kind": "rotary", "layout": "interleaved"}, "attention": {"kind": "multi-head", "heads": 1, "bias": False},
        "feedForward": {"kind": "mlp", "hidden": HIDDEN, "activation": "gelu-tanh"}, "norm": {"kind": "layer-norm"},
        "residual": {"kind": "parallel"}, "logits": {"bias": True},
    },
    TABLE | OUTPUT | {"output.bias": [V]} | attention(D // HEADS) | mlp() | layer_norm("·residual.norm") | layer_norm("norm"),
    gptj,
)  # fmt: skip

EXPERTS, WIDE = 3, 2
MIXTURE_SHAPES = {
    "·feedForward.router.weight": [EXPERTS, D], "·feedForward.experts.gate": [EXPERTS, WIDE, D], "·feedForward.experts.up": [EXPERTS, WIDE, D],
    "·feedForward.experts.down": [EXPERTS, D, WIDE],
}  # fmt: skip
NORMS = {"·attentionResidual.norm.weight": [D], "·feedForwardResidual.norm.weight": [D], **NORM}
MIXTURE_NAMES = {"feedForward.router.weight": "mlp.gate.weight", "feedForward.experts.down": "mlp.experts.down_proj"}


def experts(weights, names):
    found = layers(weights, "model.layers", names | MIXTURE_NAMES, LLAMA_OTHERS)
    for layer in layers_of(weights):
        gate, up = (weights[f"blocks.{layer}.feedForward.experts.{name}"] for name in ("gate", "up"))
        found[f"model.layers.{layer}.mlp.experts.gate_up_proj"] = torch.cat([gate, up], 1)
    return found


case(
    "Mixtral, with a window", "Mixtral",
    {"num_key_value_heads": 1, "head_dim": 4, "num_local_experts": EXPERTS, "num_experts_per_tok": 2, "intermediate_size": WIDE, "sliding_window": 3,
     "rope_parameters": {"rope_type": "default", "rope_theta": 1e6}},
    {
        "position": {"kind": "rotary", "base": 1e6}, "norm": {"kind": "rms-norm", "epsilon": 1e-5},
        "attention": {"kind": "multi-head", "heads": HEADS, "keyValueHeads": 1, "headWidth": 4, "bias": False, "windows": [3]},
        "feedForward": {"kind": "mixture", "experts": EXPERTS, "expertsPerToken": 2, "hidden": WIDE},
    },
    TABLE | OUTPUT | attention(4, 1) | MIXTURE_SHAPES | NORMS,
    lambda weights: experts(weights, without(LLAMA, "feedForward.")),
)  # fmt: skip

N, P, K, R, A = 2, 4, 3, 4, 3  # of a head: content, positions, value; of the latents: of keys and values, of queries


def deepseek(weights):
    plain = {"queryLatent": "q_a_proj", "queryNorm": "q_a_layernorm", "query": "q_b_proj", "latentNorm": "kv_a_layernorm", "output": "o_proj"}
    names = {f"attention.{ours}.weight": f"self_attn.{theirs}.weight" for ours, theirs in plain.items()}
    names |= {f"feedForward.shared.{name}.weight": f"mlp.shared_experts.{name}_proj.weight" for name in ("gate", "up", "down")}
    found = experts(weights, names | without(LLAMA, "attention.", "feedForward."))
    for layer in layers_of(weights):
        latent, turned, key, value = (weights[f"blocks.{layer}.attention.{name}.weight"] for name in ("latent", "positionKey", "key", "value"))
        at = f"model.layers.{layer}.self_attn"
        found[f"{at}.kv_a_proj_with_mqa.weight"] = torch.cat([latent, turned])
        found[f"{at}.kv_b_proj.weight"] = torch.cat([x.reshape(HEADS, -1, R) for x in (key, value)], 1).reshape(-1, R)
    return found


case(
    "DeepSeek-V2", "DeepseekV2",
    {
        "num_key_value_heads": HEADS, "head_dim": P, "kv_lora_rank": R, "q_lora_rank": A, "qk_nope_head_dim": N, "qk_rope_head_dim": P, "v_head_dim": K,
        "moe_intermediate_size": WIDE, "n_shared_experts": 1, "n_routed_experts": EXPERTS, "num_experts_per_tok": 2, "first_k_dense_replace": 0,
        "topk_method": "greedy", "norm_topk_prob": False, "routed_scaling_factor": 1.0,
    },
    {
        "position": {"kind": "rotary", "layout": "interleaved"}, "norm": {"kind": "rms-norm", "epsilon": 1e-6},
        "attention": {
            "kind": "latent", "heads": HEADS, "latentWidth": R, "queryLatentWidth": A, "headWidth": N, "positionWidth": P, "valueWidth": K,
        },
        "feedForward": {"kind": "mixture", "experts": EXPERTS, "expertsPerToken": 2, "hidden": WIDE, "shared": WIDE, "softmax": "all"},
    },
    TABLE | OUTPUT | MIXTURE_SHAPES | NORMS | {
        "·attention.queryLatent.weight": [A, D], "·attention.queryNorm.weight": [A], "·attention.query.weight": [HEADS * (N + P), A],
        "·attention.latent.weight": [R, D], "·attention.latentNorm.weight": [R], "·attention.positionKey.weight": [P, D],
        "·attention.key.weight": [HEADS * N, R], "·attention.value.weight": [HEADS * K, R], "·attention.output.weight": [D, HEADS * K],
        **{f"·feedForward.shared.{name}.weight": [WIDE, D] if name != "down" else [D, WIDE] for name in ("gate", "up", "down")},
    },
    deepseek,
)  # fmt: skip

goldens.write(folder / "models.json")
