"""
Makes the folders of vision transformers beside this file: tiny random models, what Hugging Face's transformers answer with them, and how pixels become
their input.

    pip install torch transformers   # torch 2.15.0 and transformers 5.24.0 made what is here; no GPU
    python3 packages/pretrained/goldens/vit.py

ViTImageProcessor needs torchvision, which did not run here: the pixels' values are by rescale() and normalize() of transformers.image_transforms, which are what it
does to an image that has the right size.
"""

import json

import numpy
import torch
from folder import here, random_weights, rounded, write
from transformers import ViTConfig, ViTForImageClassification, ViTModel
from transformers.image_transforms import normalize, rescale

SIZES = {"hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 6, "patch_size": 3, "layer_norm_eps": 1e-3}
MEAN, DEVIATION = [0.5, 0.25, 0.4], [0.5, 0.2, 0.3]
PREPROCESSOR = {
    "do_normalize": True, "do_rescale": True, "do_resize": True, "image_mean": MEAN, "image_std": DEVIATION,
    "image_processor_type": "ViTImageProcessor", "resample": 2, "rescale_factor": 1 / 255, "size": {"height": 6, "width": 6},
}  # fmt: skip
LABELS = {0: "cat", 1: "dog", 2: "neither"}


def folder(name, model):
    random_weights(model, seed=len(name))
    side = SIZES["image_size"]
    pixels = numpy.random.default_rng(7).integers(0, 256, (2, side, side, 4), dtype=numpy.uint8)
    values = [normalize(rescale(image[..., :3].transpose(2, 0, 1), PREPROCESSOR["rescale_factor"]), MEAN, DEVIATION) for image in pixels]
    images = torch.tensor(numpy.stack(values), dtype=torch.float32)
    with torch.no_grad():
        found = model(pixel_values=images)
    answers = {key: rounded(found[key].flatten().tolist()) for key in ("logits", "last_hidden_state", "pooler_output") if key in found}
    write(name, model, {"pixels": pixels.flatten().tolist(), "values": rounded(images.flatten().tolist()), **answers})
    (here / name / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR, indent=2) + "\n")


folder("ViTModel", ViTModel(ViTConfig(**SIZES, pooler_output_size=5)))
folder("ViTForImageClassification", ViTForImageClassification(ViTConfig(
    **SIZES, hidden_act="relu", qkv_bias=False, id2label=LABELS, label2id={name: i for i, name in LABELS.items()},
)))  # fmt: skip
