"""
Makes vit.json beside this file: what Hugging Face's transformers give for a tiny vision transformer, without a head, pooled and with classes, and its
gradients.

    pip install torch transformers   # torch 2.15.0 and transformers 5.24.0 made the file that is here; no GPU
    python3 packages/models/goldens/vit.py && npm run format

A case's config is the spec of the model. Running it again gives the same file.
"""

import sys
from contextlib import nullcontext
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[2] / "backend-testkit" / "goldens"))

import torch
from reference.double import double
from reference.part import PartGoldens
from torch.func import functional_call
from transformers import ViTConfig, ViTForImageClassification, ViTModel

torch.set_num_threads(1)

D, HEADS, HIDDEN, LAYERS, CHANNELS, LABELS, POOLED, B = 4, 2, 3, 1, 2, 3, 5, 2
IMAGE, PATCH = (4, 6), (2, 3)
COUNT = 1 + (IMAGE[0] // PATCH[0]) * (IMAGE[1] // PATCH[1])

goldens = PartGoldens()


def affine(ours, theirs, outputs, inputs):
    return {f"{ours}.weight": (f"{theirs}.weight", [outputs, inputs]), f"{ours}.bias": (f"{theirs}.bias", [outputs])}


def norm(ours, theirs):
    return {f"{ours}.{kind}": (f"{theirs}.{kind}", [D]) for kind in ("weight", "bias")}


def trunk(base):
    """Their name and our shape for each of our paths."""
    names = {
        "embedding.patches.weight": (f"{base}embeddings.patch_embeddings.projection.weight", [D, CHANNELS, *PATCH]),
        "embedding.patches.bias": (f"{base}embeddings.patch_embeddings.projection.bias", [D]),
        "embedding.classToken": (f"{base}embeddings.cls_token", [D]),
        "embedding.position.table": (f"{base}embeddings.position_embeddings", [COUNT, D]),
    }
    for layer in range(LAYERS):
        ours, theirs = f"blocks.{layer}", f"{base}layers.{layer}"
        for name in ("query", "key", "value", "output"):
            names |= affine(f"{ours}.attention.{name}", f"{theirs}.attention.{name[0]}_proj", D, D)
        names |= norm(f"{ours}.attentionResidual.norm", f"{theirs}.layernorm_before")
        names |= affine(f"{ours}.feedForward.up", f"{theirs}.mlp.fc1", HIDDEN, D)
        names |= affine(f"{ours}.feedForward.down", f"{theirs}.mlp.fc2", D, HIDDEN)
        names |= norm(f"{ours}.feedForwardResidual.norm", f"{theirs}.layernorm_after")
    return names | norm("norm", f"{base}layernorm")


def case(name, made, head, names, answer):
    """made: a function of the config. answer: what is looked at in what the model returns."""
    config = ViTConfig(
        hidden_size=D, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=HIDDEN, image_size=IMAGE, patch_size=PATCH, num_channels=CHANNELS,
        num_labels=LABELS, layer_norm_eps=1e-5, pooler_output_size=POOLED, attn_implementation="eager",
    )  # fmt: skip
    model = made(config).eval()
    unnamed = {key for key, _ in model.named_parameters()} ^ {theirs for theirs, _ in names.values()}
    assert not unnamed, unnamed

    def forward(weights, inputs):
        dtype = inputs["images"].dtype
        placed = {}
        for ours, x in weights.items():
            theirs = names[ours][0]
            placed[theirs] = x.reshape(dict(model.named_parameters())[theirs].shape)
        with double() if dtype == torch.float64 else nullcontext():
            return answer(functional_call(model.to(dtype), placed, kwargs={"pixel_values": inputs["images"]}))

    goldens.case(
        name,
        config={
            "version": 1, "kind": "image-encoder", "image": IMAGE, "patch": PATCH, "channels": CHANNELS, "width": D, "layers": LAYERS,
            "position": {"kind": "learned"}, "attention": {"kind": "multi-head", "heads": HEADS}, "feedForward": {"kind": "mlp", "hidden": HIDDEN, "activation": "gelu"},
            "norm": {"kind": "layer-norm", "epsilon": 1e-5}, "residual": {"kind": "pre-norm", "finalNorm": True}, "dropout": 0, "head": head,
        },
        weights=lambda dice: {ours: dice.floats(*shape, below=1.0) for ours, (_, shape) in names.items()},
        inputs=lambda dice: {"images": dice.floats(B, CHANNELS, *IMAGE, below=2.0)},
        forward=forward,
    )  # fmt: skip


case("ViTModel", lambda config: ViTModel(config, add_pooling_layer=False), {"kind": "none"}, trunk(""), lambda found: found.last_hidden_state)
case(
    "ViTModel, pooled", ViTModel, {"kind": "pooler", "width": POOLED, "activation": "tanh"},
    trunk("") | affine("head.map", "pooler.dense", POOLED, D), lambda found: found.pooler_output,
)  # fmt: skip
case(
    "ViTForImageClassification", ViTForImageClassification, {"kind": "classification", "labels": LABELS},
    trunk("vit.") | affine("head.map", "classifier", LABELS, D), lambda found: found.logits,
)  # fmt: skip

goldens.write(Path(__file__).with_name("vit.json"))
