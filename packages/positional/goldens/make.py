"""
Makes the JSON files beside it: what Hugging Face's transformers and x-transformers give for each position scheme, and their gradients.

    pip install torch transformers x-transformers   # torch 2.15.0, transformers 5.24.0 and x-transformers 2.31.10 made the files that are here
    python3 packages/positional/goldens/make.py
    pnpm exec oxfmt packages/positional/goldens

Tests read the files; neither they nor users need Python. `packages/backend-testkit/goldens` says what a case is. Only one function here is not
somebody else's implementation, `shaw`, and it is written from the paper's two equations: no library at hand has relative values with clipping.
"""

import json
import sys
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[2] / "backend-testkit" / "goldens"))

import torch

torch.set_num_threads(1)

from reference.double import double
from reference.golden import DIGITS, number
from reference.part import PartGoldens
from transformers import GPTNeoXConfig, LlamaConfig, T5Config, VitsConfig, Wav2Vec2BertConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.gpt_neox import modeling_gpt_neox as neox
from transformers.models.gptj import modeling_gptj as gptj
from transformers.models.llama import modeling_llama as llama
from transformers.models.marian.modeling_marian import MarianSinusoidalPositionalEmbedding
from transformers.models.t5.modeling_t5 import T5Attention
from transformers.models.vits.modeling_vits import VitsAttention
from transformers.models.wav2vec2_bert import modeling_wav2vec2_bert as wav2vec
from x_transformers.x_transformers import AlibiPositionalBias

here = Path(__file__).parent


def listed(x):
    return [number(n, DIGITS) for n in x.flatten().tolist()]


# Embeddings


def sinusoidal():
    """Marian has all sines before all cosines; the table interleaves them, as the paper does."""
    goldens = PartGoldens()
    for width, rows in [(8, [[0, 1, 2, 3, 4]]), (6, [[0, 0, 1, 2], [7, 8, 9, 500]])]:
        with mock.patch.object(torch, "FloatTensor", torch.DoubleTensor):
            module = MarianSinusoidalPositionalEmbedding(512, width)
            table = module.to(torch.float64).create_weight()

        def forward(weights, inputs, table=table, rows=rows, width=width):
            halves = table[torch.tensor(rows if len(rows) > 1 else rows[0])]
            return torch.stack(halves.split(width // 2, -1), -1).flatten(-2)

        goldens.case(
            f"width {width}, {len(rows)} rows", config={"width": width, "positions": rows}, forward=forward, gradient=False
        )
    goldens.write(here / "sinusoidal.json")


# Rotary


def llama_config(width, base, scaling, **more):
    return LlamaConfig(
        hidden_size=2 * width,
        num_attention_heads=2,
        head_dim=width,
        rope_parameters={"rope_theta": base, "rope_type": "default", **scaling},
        **more,
    )


def rotary_llama(config, rows):
    def forward(weights, inputs):
        x = inputs["x"]
        with double():
            module = llama.LlamaRotaryEmbedding(config)
            cos, sin = module(torch.zeros(1, dtype=torch.float64), torch.tensor(rows))
        turned, _ = llama.apply_rotary_pos_emb(x, x, cos.to(x.dtype), sin.to(x.dtype))
        return turned

    return forward


def rotary_neox(config, rows):
    def forward(weights, inputs):
        x = inputs["x"]
        with double():
            module = neox.GPTNeoXRotaryEmbedding(config)
            cos, sin = module(torch.zeros(1, dtype=torch.float64), torch.tensor(rows))
        turned, _ = neox.apply_rotary_pos_emb(x, x, cos.to(x.dtype), sin.to(x.dtype))
        return turned

    return forward


def rotary_gptj(width, turned, rows):
    """GPT-J has [b, t, h, k], and turns the first `turned` elements, as its attention does."""

    def forward(weights, inputs):
        x = inputs["x"].transpose(1, 2)
        with double():
            table = gptj.create_sinusoidal_positions(600, turned)
        sin, cos = table[torch.tensor(rows)].to(x.dtype).split(turned // 2, -1)
        first = gptj.apply_rotary_pos_emb(x[..., :turned], sin, cos)
        return torch.cat([first, x[..., turned:]], -1).transpose(1, 2)

    return forward


# By name: what Tenon takes, and the same in transformers' words, for heads of 8 elements.
SCALINGS = {
    "linear": ({"factor": 4}, {"factor": 4.0}),
    "dynamicNtk": ({"factor": 2, "context": 16}, {"rope_type": "dynamic", "factor": 2.0}),
    "yarn": ({"factor": 4, "context": 64}, {"factor": 4.0, "original_max_position_embeddings": 64}),
    "llama3": (
        {"factor": 8, "context": 32},
        {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32},
    ),
    "longRope": (
        {"context": 16, "factor": 4, "shortFactors": [1, 1.25, 1.5, 2], "longFactors": [1, 2, 8, 16]},
        {
            "factor": 4.0,
            "short_factor": [1, 1.25, 1.5, 2],
            "long_factor": [1, 2, 8, 16],
            "original_max_position_embeddings": 16,
        },
    ),
}


def rotary():
    goldens = PartGoldens()
    one, two = [[5, 6, 7]], [[0, 0, 1], [90, 91, 400]]

    def case(name, rows, forward, width=8, **config):
        goldens.case(
            name,
            config={"width": width, "positions": rows, **config},
            inputs=lambda dice: {"x": dice.floats(2, 2, 3, width)},
            forward=forward,
        )

    for note, rows in [("one row", one), ("a row for each", two)]:
        case(f"Llama, {note}", rows, rotary_llama(llama_config(8, 500.0, {}), rows), base=500)
        case(f"GPT-J, {note}", rows, rotary_gptj(8, 8, rows), layout="interleaved")
        case(f"GPT-J, half of each head, {note}", rows, rotary_gptj(8, 4, rows), layout="interleaved", fraction=0.5)
        parameters = {"rope_theta": 10000.0, "rope_type": "default", "partial_rotary_factor": 0.25}
        config = GPTNeoXConfig(hidden_size=32, num_attention_heads=2, rope_parameters=parameters)
        case(f"GPT-NeoX, a quarter, {note}", rows, rotary_neox(config, rows), width=16, fraction=0.25)
    goldens.write(here / "rotary.json")
    goldens = PartGoldens()
    for scaling, (options, theirs) in SCALINGS.items():
        config = llama_config(8, 10000.0, {"rope_type": scaling.lower(), **theirs}, max_position_embeddings=16)
        for note, rows in [("short", [[0, 1, 15]]), ("long", two)]:
            case(f"{scaling}, {note}", rows, rotary_llama(config, rows), scaling={"kind": scaling, **options})
    goldens.write(here / "rotary-scaling.json")


def frequencies():
    """Frequencies and attention factors as models on the hub have them."""
    cases = []

    def case(name, width, base, length, kind, options, theirs, fraction=1, **more):
        rope_type = theirs.pop("rope_type")
        theirs = {"rope_type": rope_type, "partial_rotary_factor": fraction, **theirs}
        with double():
            found, factor = ROPE_INIT_FUNCTIONS[rope_type](
                llama_config(width, base, theirs, **more), torch.device("cpu"), seq_len=length
            )
        rotary = {"width": width, "base": base, "fraction": fraction, "scaling": {"kind": kind, **options}}
        cases.append(
            {"name": name, "rotary": rotary, "length": length, "frequencies": listed(found), "attentionFactor": factor}
        )

    case("Gemma 3, global", 256, 1000000, 1, "linear", {"factor": 8}, {"rope_type": "linear", "factor": 8.0})
    for length in [100, 4096, 4097, 9000, 20000]:
        case(
            f"dynamic NTK at {length}",
            32,
            10000,
            length,
            "dynamicNtk",
            {"factor": 2, "context": 4096},
            {"rope_type": "dynamic", "factor": 2.0},
            max_position_embeddings=4096,
        )
    llama3 = {"rope_type": "llama3", "low_freq_factor": 1.0, "high_freq_factor": 4.0}
    for name, factor in [("Llama 3.1", 8), ("Llama 3.2", 32)]:
        case(
            name,
            64,
            500000,
            1,
            "llama3",
            {"factor": factor, "context": 8192},
            {**llama3, "factor": float(factor), "original_max_position_embeddings": 8192},
        )
    for name, factor, context, base, width, ours, theirs in [
        ("YaRN, Qwen 2.5", 4, 32768, 1000000, 128, {}, {}),
        ("YaRN, gpt-oss", 32, 4096, 150000, 64, {"truncate": False}, {"truncate": False}),
        ("YaRN, other betas", 16, 2048, 10000, 64, {"betaFast": 8, "betaSlow": 2}, {"beta_fast": 8, "beta_slow": 2}),
        ("YaRN, attention factor", 8, 4096, 10000, 64, {"attentionFactor": 1.25}, {"attention_factor": 1.25}),
        ("YaRN, no last pair", 4, 20000, 100, 8, {"betaFast": 1000}, {"beta_fast": 1000}),
        ("YaRN, a step", 4, 8, 10000, 8, {"betaFast": 1}, {"beta_fast": 1}),
    ]:
        case(
            name,
            width,
            base,
            1,
            "yarn",
            {"factor": factor, "context": context, **ours},
            {"rope_type": "yarn", "factor": float(factor), "original_max_position_embeddings": context, **theirs},
        )
    case(
        "YaRN, DeepSeek-V2-Lite",
        64,
        10000,
        1,
        "yarn",
        {"factor": 40, "context": 4096, "scales": [0.707, 1]},
        {
            "rope_type": "yarn",
            "factor": 40.0,
            "original_max_position_embeddings": 4096,
            "mscale": 0.707,
            "mscale_all_dim": 1.0,
        },
    )
    short = [1 + i / 16 for i in range(12)]
    long = [1 + i * i / 2 for i in range(12)]
    for length in [4096, 4097]:
        case(
            f"LongRoPE, Phi-4-mini's shape at {length}",
            32,
            10000,
            length,
            "longRope",
            {"factor": 32, "context": 4096, "shortFactors": short, "longFactors": long},
            {
                "rope_type": "longrope",
                "short_factor": short,
                "long_factor": long,
                "original_max_position_embeddings": 4096,
            },
            fraction=0.75,
            max_position_embeddings=131072,
        )
    (here / "rotary-frequencies.json").write_text(json.dumps(cases) + "\n")
    print(f"rotary-frequencies.json: {len(cases)} cases")


# Biases


def t5():
    goldens = PartGoldens()
    for bidirectional in [True, False]:
        for buckets, far, length, past in [(32, 128, 6, 0), (8, 20, 9, 40), (12, 50, 3, 60)]:
            config = T5Config(
                d_model=8,
                d_kv=4,
                num_heads=2,
                relative_attention_num_buckets=buckets,
                relative_attention_max_distance=far,
                is_decoder=not bidirectional,
            )
            module = T5Attention(config, has_relative_attention_bias=True, layer_idx=0)

            def forward(weights, inputs, module=module, length=length, past=past):
                given = {"relative_attention_bias.weight": weights["table"]}

                class Bias(torch.nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.attention = module

                    def forward(self):
                        return self.attention.compute_bias(length, past + length, past_seen_tokens=past)[0]

                return torch.func.functional_call(Bias(), {f"attention.{k}": w for k, w in given.items()}, ())

            goldens.case(
                f"{buckets} buckets up to {far}, {'both ways' if bidirectional else 'one way'}",
                config={
                    "heads": 2,
                    "buckets": buckets,
                    "maxDistance": far,
                    "bidirectional": bidirectional,
                    "offset": past,
                    "length": length,
                },
                weights=lambda dice, buckets=buckets: {"table": dice.floats(buckets, 2)},
                forward=forward,
            )
    goldens.write(here / "t5-bias.json")


def buckets():
    distances = [*range(-300, 301), -5000, -1024, -512, 512, 1024, 5000]
    cases = []
    for bidirectional in [True, False]:
        for count, far in [(32, 128), (32, 64), (8, 20), (12, 100), (64, 256), (128, 800)]:
            found = T5Attention._relative_position_bucket(torch.tensor(distances), bidirectional, count, far)
            options = {"buckets": count, "maxDistance": far, "bidirectional": bidirectional}
            cases.append({"options": options, "buckets": found.tolist()})
    (here / "t5-buckets.json").write_text(json.dumps({"distances": distances, "cases": cases}) + "\n")
    print(f"t5-buckets.json: {len(cases)} cases")


def alibi():
    """BLOOM's bias of a causal decoder, and x-transformers' symmetric one for positions of each row."""
    cases = []
    for heads in [1, 2, 3, 8, 12, 20]:
        with double():
            rows = build_alibi_tensor(torch.ones(1, 5, dtype=torch.int64), heads, torch.float64)
        cases.append({"heads": heads, "bloom": listed(rows)})
    rows = [[0, 0, 1, 2], [3, 4, 9, 0]]
    for case in cases:
        module = AlibiPositionalBias(case["heads"]).double()
        module.slopes = torch.tensor(module._get_slopes(case["heads"]), dtype=torch.float64).reshape(-1, 1, 1)
        case["positions"] = rows
        case["symmetric"] = listed(module.forward_custom_pos(torch.tensor(rows)))
    (here / "alibi.json").write_text(json.dumps(cases) + "\n")
    print(f"alibi.json: {len(cases)} cases")


# Relative positions


def shaw(q, k, v, keys, values, clip, scale):
    """Equations 3 and 4 of Shaw, Uszkoreit and Vaswani (2018), one query after the other."""
    b, h, t, _ = q.shape
    rows = []
    for i in range(t):
        row = torch.tensor([max(-clip, min(clip, j - i)) + clip for j in range(t)])
        scores = torch.stack([(q[:, :, i] * (k[:, :, j] + keys[row[j]])).sum(-1) for j in range(t)], -1) * scale
        pattern = scores.softmax(-1)
        rows.append(sum(pattern[:, :, j, None] * (v[:, :, j] + values[row[j]]) for j in range(t)))
    return torch.stack(rows, 2)


def relative():
    goldens = PartGoldens()

    def case(name, forward, clip, length=5, values=True, heads=2, width=4):
        tables = ["keys", "values"] if values else ["keys"]
        goldens.case(
            name,
            config={"width": width, "clip": clip, "values": values},
            weights=lambda dice: {table: dice.floats(2 * clip + 1, width, below=1.0) for table in tables},
            inputs=lambda dice: {x: dice.floats(2, heads, length, width, below=1.0) for x in "qkv"},
            forward=forward,
        )

    def vits(weights, inputs):
        """VITS does not clip: its window must hold all distances. Its projections are the identity, and queries come scaled."""
        q, k, v = inputs["q"], inputs["k"], inputs["v"]
        b, h, t, width = q.shape
        module = VitsAttention(VitsConfig(hidden_size=h * width, num_attention_heads=h, window_size=4))
        module = module.to(q.dtype).eval()

        class Given(torch.nn.Module):
            def __init__(self, x):
                super().__init__()
                self.x = x.transpose(1, 2).reshape(b, t, h * width)

            def forward(self, _):
                return self.x

        module.q_proj, module.k_proj, module.v_proj = Given(q), Given(k), Given(v)
        module.out_proj = torch.nn.Identity()
        given = {"emb_rel_k": weights["keys"][None], "emb_rel_v": weights["values"][None]}
        y, _ = torch.func.functional_call(module, given, (torch.zeros(b, t, h * width, dtype=q.dtype),))
        return y.reshape(b, t, h, width).transpose(1, 2)

    case("VITS: keys and values, no distance beyond the clip", vits, clip=4)

    def wav2vec_bert(weights, inputs):
        q, k, v = inputs["q"], inputs["k"], inputs["v"]
        h, width = q.shape[1], q.shape[3]
        config = Wav2Vec2BertConfig(
            hidden_size=h * width,
            num_attention_heads=h,
            position_embeddings_type="relative_key",
            left_max_position_embeddings=2,
            right_max_position_embeddings=2,
        )
        module = wav2vec.Wav2Vec2BertSelfAttention(config).to(q.dtype)

        class Bias(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.module = module

            def forward(self):
                return wav2vec._apply_relative_key_position_encoding(self.module, q, k)[1]

        given = {"module.distance_embedding.weight": weights["keys"]}
        bias = torch.func.functional_call(Bias(), given, ())
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=bias)

    case("Wav2Vec2-BERT: keys alone, clipped", wav2vec_bert, clip=2, values=False)

    def paper(weights, inputs):
        return shaw(inputs["q"], inputs["k"], inputs["v"], weights["keys"], weights["values"], 2, 0.5)

    case("the paper's equations: keys and values, clipped", paper, clip=2, length=6)
    goldens.write(here / "relative.json")


for make in [sinusoidal, rotary, frequencies, t5, buckets, alibi, relative]:
    make()
