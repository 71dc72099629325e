"""
Makes transformer.json beside this file: what torch.nn.Transformer gives for encoder–decoders, and their gradients. It has no embeddings and no output; those of the
paper are written out here.

    pip install torch   # torch 2.15.0 made the file that is here; no GPU
    python3 packages/models/goldens/transformer.py && npm run format

A case's config is the spec that is to describe the same model. Tests read the file; neither they nor users need Python.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
folder = Path(__file__).parent
sys.path.insert(0, str(folder.parents[1] / "backend-testkit" / "goldens"))

import torch
from reference.part import PartGoldens
from torch.func import functional_call

torch.set_num_threads(1)

V, CONTEXT, B, S, T, D, HEADS, HIDDEN = 7, 8, 2, 4, 3, 4, 2, 3
ENCODER, DECODER = 2, 1
LENGTHS = [4, 2]

goldens = PartGoldens()

LINEAR = {"linear1": "feedForward.up", "linear2": "feedForward.down"}
SIDES = {
    "encoder": (ENCODER, {"self_attn": "attention"}, {"norm1": "attentionResidual.norm", "norm2": "feedForwardResidual.norm"}),
    "decoder": (
        DECODER, {"self_attn": "attention", "multihead_attn": "crossAttention"},
        {"norm1": "attentionResidual.norm", "norm2": "crossAttentionResidual.norm", "norm3": "feedForwardResidual.norm"},
    ),
}  # fmt: skip


def shapes(final_norms):
    table = {"encoder.embedding.tokens.tokens.table": [V, D]}
    for side, (layers, attentions, norms) in SIDES.items():
        for layer in range(layers):
            at = f"{side}.blocks.{layer}"
            for ours in attentions.values():
                for part in ("query", "key", "value", "output"):
                    table |= {f"{at}.{ours}.{part}.weight": [D, D], f"{at}.{ours}.{part}.bias": [D]}
            table |= {f"{at}.feedForward.up.weight": [HIDDEN, D], f"{at}.feedForward.up.bias": [HIDDEN]}
            table |= {f"{at}.feedForward.down.weight": [D, HIDDEN], f"{at}.feedForward.down.bias": [D]}
            table |= {f"{at}.{ours}.{name}": [D] for ours in norms.values() for name in ("weight", "bias")}
        if final_norms:
            table |= {f"{side}.norm.{name}": [D] for name in ("weight", "bias")}
    return table


def theirs(weights, final_norms):
    """The weights by the names of torch, which has queries, keys and values in one matrix."""
    found = {}
    for side, (layers, attentions, norms) in SIDES.items():
        for layer in range(layers):
            ours, at = f"{side}.blocks.{layer}", f"{side}.layers.{layer}"
            for kind in ("weight", "bias"):
                for name, attention in attentions.items():
                    found[f"{at}.{name}.in_proj_{kind}"] = torch.cat([weights[f"{ours}.{attention}.{part}.{kind}"] for part in ("query", "key", "value")])
                    found[f"{at}.{name}.out_proj.{kind}"] = weights[f"{ours}.{attention}.output.{kind}"]
                found |= {f"{at}.{name}.{kind}": weights[f"{ours}.{path}.{kind}"] for name, path in {**LINEAR, **norms}.items()}
        if final_norms:
            found |= {f"{side}.norm.{kind}": weights[f"{side}.norm.{kind}"] for kind in ("weight", "bias")}
    return found


def embedded(table, ids):
    """Vectors times √d, and sines and cosines in turns (section 3.4 and 3.5 of the paper)."""
    positions = torch.arange(ids.shape[1], dtype=torch.float64)[:, None]
    angles = positions / 10000 ** (2 * torch.arange(D // 2, dtype=torch.float64) / D)
    waves = torch.stack([angles.sin(), angles.cos()], -1).flatten(1)
    return table[ids] * D**0.5 + waves.to(table.dtype)


def case(name, spec, final_norms, **options):
    side = {
        "context": CONTEXT, "position": {"kind": "sinusoidal"}, "attention": {"kind": "multi-head", "heads": HEADS}, "norm": {"kind": "layer-norm"}, **spec,
    }  # fmt: skip

    def forward(weights, inputs):
        table = weights["encoder.embedding.tokens.tokens.table"]
        made = torch.nn.Transformer(D, HEADS, ENCODER, DECODER, HIDDEN, dropout=0.0, batch_first=True, **options)
        if not final_norms:
            made.encoder.norm = made.decoder.norm = None
        given = theirs(weights, final_norms)
        unused = {key for key, _ in made.named_parameters()} ^ set(given)
        assert not unused, unused
        source, target = inputs["source"].long(), inputs["target"].long()
        padding = torch.arange(S) >= inputs["lengths"][:, None]
        states = functional_call(
            made.to(table.dtype), given, (embedded(table, source), embedded(table, target)),
            {"tgt_mask": torch.ones(T, T).triu(1).bool(), "src_key_padding_mask": padding, "memory_key_padding_mask": padding},
        )  # fmt: skip
        return states @ table.T

    goldens.case(
        name,
        config={
            "version": 1, "kind": "encoder-decoder", "vocabulary": V, "width": D, "dropout": 0, "tied": True, "tokens": {"scaled": True},
            "encoder": {**side, "layers": ENCODER, "embeddingNorm": False},
            "decoder": {**side, "layers": DECODER, "embeddingNorm": False, "crossAttention": {"kind": "multi-head", "heads": HEADS}},
        },
        weights=lambda dice: {path: dice.floats(*shape, below=1.0) for path, shape in shapes(final_norms).items()},
        inputs=lambda dice: {
            "source": dice.integers(B, S, low=0, high=V), "target": dice.integers(B, T, low=0, high=V), "lengths": torch.tensor(LENGTHS, dtype=torch.int32),
        },
        forward=forward,
    )  # fmt: skip


case(
    "the original Transformer",
    {"feedForward": {"kind": "mlp", "hidden": HIDDEN, "activation": "relu"}, "residual": {"kind": "post-norm"}},
    final_norms=False,
)
case(
    "a pre-norm Transformer with GELU",
    {"feedForward": {"kind": "mlp", "hidden": HIDDEN, "activation": "gelu"}, "residual": {"kind": "pre-norm"}},
    final_norms=True, norm_first=True, activation="gelu",
)  # fmt: skip

goldens.write(folder / "transformer.json")
