"""
Makes decoder.json beside this file: blocks that look at a memory, as PyTorch has them, and their gradients, in double precision.

    pip install torch    # 2.15.0 made the file that is here; no GPU
    python3 packages/blocks/goldens/decoder.py && npm run format

They are PyTorch's TransformerDecoderLayer, with the norms after the sums and before the sublayers, and a TransformerDecoder of two such layers. Each
position sees those before it and itself; of the memory it sees as many positions as the lengths say.
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

torch.set_num_threads(1)
D, HEADS, HIDDEN, B, T, S = 4, 2, 5, 2, 3, 4

# Ours, and what PyTorch calls them.
ATTENTIONS = {"attention": "self_attn", "crossAttention": "multihead_attn"}
LINEARS = {"feedForward.up": "linear1", "feedForward.down": "linear2"}
NORMS = {"attentionResidual.norm": "norm1", "crossAttentionResidual.norm": "norm2", "feedForwardResidual.norm": "norm3"}


def drawn(prefixes):
    """Weights by Tenon's names, in its order, for each layer."""

    def draw(dice):
        weights = {}

        def linear(name, output, inner):
            weights[f"{name}.weight"] = dice.floats(output, inner, below=1.0)
            weights[f"{name}.bias"] = dice.floats(output, below=1.0)

        for prefix in prefixes:
            for attention in ATTENTIONS:
                for name in ("query", "key", "value", "output"):
                    linear(f"{prefix}{attention}.{name}", D, D)
            linear(f"{prefix}feedForward.up", HIDDEN, D)
            linear(f"{prefix}feedForward.down", D, HIDDEN)
            for norm in NORMS:
                for kind in ("weight", "bias"):
                    weights[f"{prefix}{norm}.{kind}"] = dice.floats(D, below=2.0)
        return weights

    return draw


def theirs(weights, ours, prefix):
    """The weights of one layer as PyTorch has them."""
    placed = {}
    for kind in ("weight", "bias"):
        for attention, name in ATTENTIONS.items():
            parts = [weights[f"{ours}{attention}.{part}.{kind}"] for part in ("query", "key", "value")]
            placed[f"{prefix}{name}.in_proj_{kind}"] = torch.cat(parts)
            placed[f"{prefix}{name}.out_proj.{kind}"] = weights[f"{ours}{attention}.output.{kind}"]
        for part, name in (LINEARS | NORMS).items():
            placed[f"{prefix}{name}.{kind}"] = weights[f"{ours}{part}.{kind}"]
    return placed


def case(name, *, norm_first, lengths=None, layers=None):
    """layers: how many, of a TransformerDecoder; None for a layer by itself."""
    module = nn.TransformerDecoderLayer(D, HEADS, HIDDEN, dropout=0.0, activation="gelu", batch_first=True, norm_first=norm_first)
    prefixes = {"": ""}
    if layers is not None:
        module = nn.TransformerDecoder(module, layers)
        prefixes = {f"{i}.": f"layers.{i}." for i in range(layers)}

    def forward(weights, inputs):
        placed = {}
        for ours, prefix in prefixes.items():
            placed |= theirs(weights, ours, prefix)
        unseen = torch.ones(T, T, dtype=torch.bool).triu(1)
        padding = None if lengths is None else torch.arange(S)[None] >= torch.tensor(lengths)[:, None]
        given = (inputs["x"], inputs["memory"])
        options = {"tgt_mask": unseen, "memory_key_padding_mask": padding}
        return functional_call(module.to(inputs["x"].dtype).eval(), placed, given, options, strict=True)

    goldens.case(
        name,
        config={"residual": "pre-norm" if norm_first else "post-norm", "layers": layers, "lengths": lengths},
        weights=drawn(prefixes),
        inputs=lambda dice: {"x": dice.floats(B, T, D), "memory": dice.floats(B, S, D)},
        forward=forward,
    )


goldens = PartGoldens()
case("TransformerDecoderLayer of PyTorch, post-norm", norm_first=False)
case("TransformerDecoderLayer of PyTorch, pre-norm, of a padded memory", norm_first=True, lengths=[4, 2])
case("TransformerDecoder of PyTorch, two layers, post-norm, of a padded memory", norm_first=False, lengths=[1, 3], layers=2)
goldens.write(folder / "decoder.json")
