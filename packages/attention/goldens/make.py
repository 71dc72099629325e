"""
What other implementations of attention give, forward and gradients, written beside this file as JSON for golden.test.ts.

    pip install torch transformers x-transformers
    pip install --no-build-isolation pytorch-fast-transformers   # for linear.json alone; compiles for some minutes
    python3 packages/attention/goldens/make.py [linear …]
    npm run format

The versions that made the files: torch 2.15.0, transformers 5.24.0, x-transformers 2.31.10, pytorch-fast-transformers 0.4.0. No library that installs
has the attention of Bahdanau et al. and of Luong et al.; those cases are the papers' formulas in PyTorch.
"""

import sys
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import torch
from torch.func import functional_call

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "backend-testkit" / "goldens"))
from reference.part import PartGoldens  # noqa: E402

B, T, S = 2, 5, 3


class Libraries:
    """PyTorch as a module of transformers sees it, with the run's dtype in place of f32, in which it takes norms and softmaxes whatever comes in."""

    def __init__(self, dtype):
        self.float32 = dtype

    def __getattr__(self, name):
        return getattr(torch, name)


@contextmanager
def precise(modeling, dtype):
    import torch.nn.functional as F

    def softmax(x, *args, dtype=None, **options):
        return original(x, *args, **options)

    original = F.softmax
    with mock.patch.object(modeling, "torch", Libraries(dtype)), mock.patch.object(
        torch.Tensor, "float", lambda x: x
    ), mock.patch.object(F, "softmax", softmax):
        yield


def causal(t, dtype, window=None):
    """[1, 1, t, t], added to the scores."""
    distance = torch.arange(t)[:, None] - torch.arange(t)[None, :]
    seen = (distance >= 0) & (distance < (window or t))
    return torch.zeros(t, t, dtype=dtype).masked_fill(~seen, -torch.inf)[None, None]


def rotary(t, width, dtype, doubled=True):
    """cos and sin [1, t, width], or width / 2, in double precision; the library's own are in single."""
    angles = torch.arange(t, dtype=torch.float64)[:, None] * 10000 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.cat([angles, angles], -1) if doubled else angles
    return angles.cos()[None].to(dtype), angles.sin()[None].to(dtype)


def linear(dice, name, output, input, bias):
    weights = {f"{name}.weight": dice.floats(output, input, below=1.0)}
    return weights | ({f"{name}.bias": dice.floats(output, below=1.0)} if bias else {})


def projections(dice, *, width, heads, key_heads, k, bias, memory=None):
    d, m = width, memory or width
    into, out = (bias, bias) if isinstance(bias, bool) else (bias["input"], bias["output"])
    return (
        linear(dice, "query", heads * k, d, into)
        | linear(dice, "key", key_heads * k, m, into)
        | linear(dice, "value", key_heads * k, m, into)
        | linear(dice, "output", d, heads * k, out)
    )


def renamed(weights, names):
    """The weights under the reference's names; those that are not in the table are left out."""
    found = {}
    for path, x in weights.items():
        part, _, rest = path.rpartition(".")
        if part in names:
            found[f"{names[part]}.{rest}"] = x
    return found


HUGGING = {"query": "q_proj", "key": "k_proj", "value": "v_proj", "output": "o_proj", "queryNorm": "q_norm", "keyNorm": "k_norm"}


def torch_multi_head():
    goldens = PartGoldens()
    d, h = 8, 2

    def forward(lengths, memory_width=None):
        m = memory_width or d
        module = torch.nn.MultiheadAttention(d, h, kdim=m, vdim=m, batch_first=True)

        def run(w, inputs):
            x = inputs["x"]
            memory = inputs.get("memory", x)
            biases = torch.cat([w["query.bias"], w["key.bias"], w["value.bias"]])
            given = {"in_proj_bias": biases, "out_proj.weight": w["output.weight"], "out_proj.bias": w["output.bias"]}
            if m == d:
                given["in_proj_weight"] = torch.cat([w["query.weight"], w["key.weight"], w["value.weight"]])
            else:
                given |= {f"{n[0]}_proj_weight": w[f"{n}.weight"] for n in ("query", "key", "value")}
            padding = None if lengths is None else torch.arange(memory.shape[1])[None] >= torch.tensor(lengths)[:, None]
            output, weights = functional_call(
                module, given, (x, memory, memory), {"key_padding_mask": padding, "average_attn_weights": False}
            )
            return {"output": output, "pattern": weights}

        return run

    for name, lengths in (("torch, all", None), ("torch, padded", [5, 2])):
        goldens.case(
            name,
            config={"kind": "self", "width": d, "heads": h, "lengths": lengths},
            weights=lambda dice: projections(dice, width=d, heads=h, key_heads=h, k=4, bias=True),
            inputs=lambda dice: {"x": dice.floats(B, T, d)},
            forward=forward(lengths),
        )
    goldens.write(HERE / "multi-head.json")
    goldens = PartGoldens()
    for name, m, lengths in (("torch, cross", d, None), ("torch, cross, another width, padded", 6, [3, 1])):
        goldens.case(
            name,
            config={"kind": "cross", "width": d, "memoryWidth": m, "heads": h, "lengths": lengths},
            weights=lambda dice, m=m: projections(dice, width=d, heads=h, key_heads=h, k=4, bias=True, memory=m),
            inputs=lambda dice, m=m: {"x": dice.floats(B, T, d), "memory": dice.floats(B, S, m)},
            forward=forward(lengths, m),
        )
    goldens.write(HERE / "cross.json")


def hugging(module, modeling, window=None, doubled=True, adapt=None):
    """forward of an attention of transformers, with a causal mask and rotary positions."""

    def run(w, inputs):
        x = inputs["x"]
        given = renamed(w, HUGGING) | (adapt(w) if adapt else {})
        positions = rotary(x.shape[1], module.head_dim, x.dtype, doubled)
        with precise(modeling, x.dtype):
            return functional_call(module, given, (x,), {"position_embeddings": positions, "attention_mask": causal(x.shape[1], x.dtype, window)})[0]

    return run


def variants():
    from transformers.models.gemma2 import modeling_gemma2
    from transformers.models.gpt_oss import modeling_gpt_oss
    from transformers.models.llama import modeling_llama
    from transformers.models.qwen2 import modeling_qwen2
    from transformers.models.qwen3 import modeling_qwen3
    from transformers.models.qwen3_next import modeling_qwen3_next
    from x_transformers.x_transformers import Attention

    goldens = PartGoldens()
    d, h, g, k = 8, 4, 2, 4

    def case(name, modeling, family, *, bias=False, window=None, variant=None, extra=None, doubled=True, adapt=None, options=None, head_width=k):
        config = getattr(modeling, f"{family}Config")(
            hidden_size=d, num_attention_heads=h, num_key_value_heads=g, head_dim=head_width, num_hidden_layers=1, **(options or {})
        )
        config._attn_implementation = "eager"
        module = getattr(modeling, f"{family}Attention")(config, 0)
        goldens.case(
            name,
            config={
                "kind": "self", "width": d, "heads": h, "keyValueHeads": g, "bias": bias, "rotary": head_width, "causal": True,
                "window": window, "variant": {"headWidth": head_width} | (variant or {}),
            },
            weights=lambda dice: projections(dice, width=d, heads=h, key_heads=g, k=head_width, bias=bias) | (extra(dice) if extra else {}),
            inputs=lambda dice: {"x": dice.floats(B, T, d)},
            forward=hugging(module, modeling, window, doubled, adapt),
        )

    norms = lambda dice: {f"{n}.weight": dice.floats(k, below=2.0) for n in ("queryNorm", "keyNorm")}  # noqa: E731
    case("Llama: grouped queries", modeling_llama, "Llama", head_width=2)
    case("Qwen 2: a bias on queries, keys and values alone", modeling_qwen2, "Qwen2", bias={"input": True, "output": False}, head_width=2)
    case("Qwen 3: QK-norm", modeling_qwen3, "Qwen3", variant={"headNorm": 1e-6}, extra=norms)
    goldens.write(HERE / "grouped.json")
    goldens = PartGoldens()
    case(
        "Gemma 2: a soft cap, a scale, a window", modeling_gemma2, "Gemma2", window=2, variant={"softCap": 1.5, "scale": 6**-0.5},
        options={"attn_logit_softcapping": 1.5, "query_pre_attn_scalar": 6},
    )
    case(
        "gpt-oss: sinks", modeling_gpt_oss, "GptOss", bias=True, variant={"sinks": True}, extra=lambda dice: {"sinks": dice.floats(h)},
        doubled=False, adapt=lambda w: {"sinks": w["sinks"]}, options={"attention_bias": True},
    )

    def qwen3_next(w):
        """Its query projection holds each head's gate, too, and its norms hold what is added to 1."""
        both = [w[f"{n}.weight"].reshape(h, k, d) for n in ("query", "gate")]
        return {"q_proj.weight": torch.cat(both, 1).reshape(-1, d)} | {
            f"{ours[0]}_norm.weight": w[f"{ours}Norm.weight"] - 1 for ours in ("query", "key")
        }

    goldens.write(HERE / "scores.json")
    goldens = PartGoldens()
    case(
        "Qwen 3 Next: a gate for each element", modeling_qwen3_next, "Qwen3Next", variant={"headNorm": 1e-6, "gate": "element"},
        extra=lambda dice: norms(dice) | linear(dice, "gate", h * k, d, False), adapt=qwen3_next,
        options={"layer_types": ["full_attention"], "rms_norm_eps": 1e-6},
    )

    head_gate = Attention(d, dim_head=k, heads=h, gate_value_heads=True, causal=True, flash=False)
    head_gate.attend.attn_fn = lambda scores: torch.softmax(scores, -1)  # its own is in f32, whatever comes in
    names = {"query": "to_q", "key": "to_k", "value": "to_v", "output": "to_out", "gate": "to_v_head_gate"}

    def x_transformers(w, inputs):
        none = {"to_v_head_gate.bias": torch.zeros(h, dtype=inputs["x"].dtype)}
        result = functional_call(head_gate, renamed(w, names) | none, (inputs["x"],))
        return result[0] if isinstance(result, tuple) else result

    goldens.case(
        "x-transformers: a gate for each head",
        config={"kind": "self", "width": d, "heads": h, "bias": False, "causal": True, "variant": {"headWidth": k, "gate": "head"}},
        weights=lambda dice: projections(dice, width=d, heads=h, key_heads=h, k=k, bias=False) | linear(dice, "gate", h, d, False),
        inputs=lambda dice: {"x": dice.floats(B, T, d)},
        forward=x_transformers,
    )
    goldens.write(HERE / "gated.json")


def latent():
    from transformers.models.deepseek_v2 import modeling_deepseek_v2
    from transformers.models.deepseek_v3 import modeling_deepseek_v3

    goldens = PartGoldens()
    d, h, r, n, p, v = 8, 2, 6, 4, 2, 3

    def case(name, modeling, family, q_rank, interleaved, positions, options=None, p=p):
        config = getattr(modeling, f"{family}Config")(
            hidden_size=d, num_attention_heads=h, num_key_value_heads=h, q_lora_rank=q_rank, kv_lora_rank=r, qk_nope_head_dim=n,
            qk_rope_head_dim=p, v_head_dim=v, num_hidden_layers=1, **(options or {}),
        )
        config._attn_implementation = "eager"
        module = getattr(modeling, f"{family}Attention")(config, 0)

        def forward(w, inputs):
            x = inputs["x"]
            up = torch.cat([w["key.weight"].reshape(h, n, r), w["value.weight"].reshape(h, v, r)], 1)
            given = {
                "kv_a_proj_with_mqa.weight": torch.cat([w["latent.weight"], w["positionKey.weight"]]),
                "kv_a_layernorm.weight": w["latentNorm.weight"],
                "kv_b_proj.weight": up.reshape(-1, r),
                "o_proj.weight": w["output.weight"],
            }
            given |= (
                {"q_proj.weight": w["query.weight"]}
                if q_rank is None
                else {"q_a_proj.weight": w["queryLatent.weight"], "q_a_layernorm.weight": w["queryNorm.weight"], "q_b_proj.weight": w["query.weight"]}
            )
            with precise(modeling, x.dtype):
                options = {"position_embeddings": positions(x, p), "attention_mask": causal(x.shape[1], x.dtype)}
                return functional_call(module, given, (x,), options)[0]

        def weights(dice):
            queries = {} if q_rank is None else linear(dice, "queryLatent", q_rank, d, False) | {"queryNorm.weight": dice.floats(q_rank, below=2.0)}
            return (
                queries
                | linear(dice, "query", h * (n + p), q_rank or d, False)
                | linear(dice, "latent", r, d, False)
                | {"latentNorm.weight": dice.floats(r, below=2.0)}
                | linear(dice, "positionKey", p, d, False)
                | linear(dice, "key", h * n, r, False)
                | linear(dice, "value", h * v, r, False)
                | linear(dice, "output", d, h * v, False)
            )

        goldens.case(
            name,
            config={
                "width": d, "heads": h, "latentWidth": r, **({} if q_rank is None else {"queryLatentWidth": q_rank}),
                "variant": {"headWidth": n, "positionWidth": p, "valueWidth": v},
                "layout": "interleaved" if interleaved else "half-split",
            },
            weights=weights,
            inputs=lambda dice: {"x": dice.floats(B, T, d)},
            forward=forward,
        )

    def tables(x, width):
        return rotary(x.shape[1], width, x.dtype)

    def complex_table(x, width):
        cos, sin = rotary(x.shape[1], width, x.dtype, doubled=False)
        return torch.complex(cos, sin)

    case("DeepSeek V2", modeling_deepseek_v2, "DeepseekV2", None, True, complex_table, p=4)
    case("DeepSeek V3, with a latent for queries", modeling_deepseek_v3, "DeepseekV3", 5, True, tables, {"rope_interleave": True}, p=4)
    case("DeepSeek V3, half-split", modeling_deepseek_v3, "DeepseekV3", 5, False, tables, {"rope_interleave": False})
    goldens.write(HERE / "latent.json")


def additive():
    """Bahdanau et al. 2014, appendix A.1.2, and Luong et al. 2015, section 3.1, as their formulas say: no library that installs has them."""
    goldens = PartGoldens()
    d, m, a = 4, 6, 5
    inputs = lambda dice: {"x": dice.floats(B, T, d), "memory": dice.floats(B, S, m)}  # noqa: E731

    def attended(scores, memory, lengths):
        if lengths is not None:
            scores = scores.masked_fill(torch.arange(memory.shape[1])[None, None] >= torch.tensor(lengths)[:, None, None], -torch.inf)
        weights = torch.softmax(scores, -1)
        return weights, torch.einsum("bts,bsm->btm", weights, memory)

    def concat_scores(w, x, memory):
        pairs = torch.cat([x[:, :, None].expand(-1, -1, memory.shape[1], -1), memory[:, None].expand(-1, x.shape[1], -1, -1)], -1)
        both = torch.cat([w["query.weight"], w["key.weight"]], 1)
        return torch.tanh(pairs @ both.T) @ w["score.weight"][0]

    for name, lengths, output in (("Bahdanau", None, False), ("Bahdanau, padded, with a projection", [3, 1], True)):

        def bahdanau(w, inputs, lengths=lengths, output=output):
            x, memory = inputs["x"], inputs["memory"]
            weights, context = attended(concat_scores(w, x, memory), memory, lengths)
            y = torch.nn.functional.linear(context, w["output.weight"], w["output.bias"]) if output else context
            return {"output": y, "pattern": weights[:, None]}

        goldens.case(
            name,
            config={"kind": "additive", "width": d, "memoryWidth": m, "hidden": a, "output": output, "lengths": lengths},
            weights=lambda dice, output=output: linear(dice, "query", a, d, False)
            | linear(dice, "key", a, m, False)
            | linear(dice, "score", 1, a, False)
            | (linear(dice, "output", d, m, True) if output else {}),
            inputs=inputs,
            forward=bahdanau,
        )
    for score, output in (("dot", False), ("general", True), ("concat", True)):
        width = m if score == "dot" else d

        def luong(w, inputs, score=score, output=output):
            x, memory = inputs["x"], inputs["memory"]
            scores = {
                "dot": lambda: torch.einsum("btd,bsd->bts", x, memory),
                "general": lambda: torch.einsum("btd,dm,bsm->bts", x, w["key.weight"], memory),
                "concat": lambda: concat_scores(w, x, memory),
            }[score]()
            weights, context = attended(scores, memory, [3, 2])
            y = torch.tanh(torch.cat([context, x], -1) @ w["output.weight"].T) if output else context
            return {"output": y, "pattern": weights[:, None]}

        goldens.case(
            f"Luong, {score}",
            config={"kind": "multiplicative", "width": width, "memoryWidth": m, "score": score, "output": output, "lengths": [3, 2]},
            weights=lambda dice, score=score, output=output, width=width: (linear(dice, "query", width, width, False) if score == "concat" else {})
            | (linear(dice, "key", width, m, False) if score != "dot" else {})
            | (linear(dice, "score", 1, width, False) if score == "concat" else {})
            | (linear(dice, "output", width, m + width, False) if output else {}),
            inputs=lambda dice, width=width: {"x": dice.floats(B, T, width), "memory": dice.floats(B, S, m)},
            forward=luong,
        )
    goldens.write(HERE / "additive.json")


def linear_attention():
    from fast_transformers.attention import AttentionLayer, CausalLinearAttention, LinearAttention
    from fast_transformers.masking import FullMask, LengthMask, TriangularCausalMask

    goldens = PartGoldens()
    d, h = 8, 2
    names = {part: f"{part if part != 'output' else 'out'}_projection" for part in ("query", "key", "value", "output")}
    both, forward = (AttentionLayer(kind(d // h, eps=0), d, h) for kind in (LinearAttention, CausalLinearAttention))

    def attended(module, w, x, mask, lengths):
        known = LengthMask(torch.tensor(lengths or [x.shape[1]] * B), max_len=x.shape[1])
        return functional_call(module, renamed(w, names), (x, x, x, mask, known, known))

    def run(w, inputs, lengths, is_causal):
        x = inputs["x"]
        if not is_causal:
            return attended(both, w, x, FullMask(T), lengths)
        if x.dtype == torch.float32:
            return attended(forward, w, x, TriangularCausalMask(T), lengths)
        # Its causal kernel knows no double precision: the last position of each beginning, which is compared with the kernel in single precision.
        beginnings = [
            attended(both, w, x[:, :end], FullMask(end), lengths and [min(n, end) for n in lengths])[:, -1] for end in range(1, T + 1)
        ]
        return torch.stack(beginnings, 1)

    for name, lengths, is_causal in (("all", None, False), ("padded", [5, 2], False), ("causal", None, True), ("causal, padded", [5, 2], True)):
        goldens.case(
            f"fast-transformers, {name}",
            config={"width": d, "heads": h, "causal": is_causal, "lengths": lengths},
            weights=lambda dice: projections(dice, width=d, heads=h, key_heads=h, k=4, bias=True),
            inputs=lambda dice: {"x": dice.floats(B, T, d, below=2.0)},
            forward=lambda w, inputs, lengths=lengths, is_causal=is_causal: run(w, inputs, lengths, is_causal),
        )
    goldens.write(HERE / "linear.json")


FILES = {"multi-head": torch_multi_head, "variants": variants, "latent": latent, "additive": additive, "linear": linear_attention}

if __name__ == "__main__":
    for name in sys.argv[1:] or FILES:
        FILES[name]()
