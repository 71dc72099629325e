"""
Writes models.json: whole models of Hugging Face's transformers that have no layers, so that what is left is how they embed and how they put
out. Weights are named as the parts of ../src/goldens.test.ts name them.

    python3 packages/embeddings/goldens/make.py && node_modules/.bin/oxfmt packages/embeddings/goldens
"""

import os
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parents[1] / "backend-testkit" / "goldens"))

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
import transformers as hf
from reference.part import PartGoldens
from torch.func import functional_call

goldens = PartGoldens()
V, D, E, B, T = 7, 6, 4, 2, 3


def model(kind, config):
    """A model in inference mode. Its weights do not matter, for each call brings its own; and padding, which would get no gradient, is a token like others."""
    made = kind(config).eval()
    for part in made.modules():
        if isinstance(part, torch.nn.Embedding):
            part.padding_idx = None
    return made


def call(model, names, weights, **inputs):
    """model(**inputs) with weights in place of its own: names maps Tenon's name to the model's, or to the model's and what it does to the values."""
    placed = {}
    for ours, theirs in names.items():
        for name in [theirs] if isinstance(theirs, str) else theirs:
            placed[name] = weights[ours]
    missing = {name for name, _ in model.named_parameters()} - set(placed) - {"pooler.weight", "pooler.bias"}
    assert not missing, f"{type(model).__name__} has other weights: {missing}"
    return functional_call(model.to(next(iter(weights.values())).dtype), placed, (), inputs)


def ids(dice):
    return dice.integers(B, T, low=0, high=V)


# BERT: words, positions and segments, then a norm.
bert = model(
    hf.models.bert.modeling_bert.BertEmbeddings,
    hf.BertConfig(vocab_size=V, hidden_size=D, max_position_embeddings=5, type_vocab_size=2, layer_norm_eps=1e-3),
)
bert_names = {
    "tokens.table": "word_embeddings.weight",
    "position.table": "position_embeddings.weight",
    "segments.table": "token_type_embeddings.weight",
    "norm.weight": "LayerNorm.weight",
    "norm.bias": "LayerNorm.bias",
}


def bert_weights(dice, width=D):
    return {
        "tokens.table": dice.floats(V, width),
        "position.table": dice.floats(5, width),
        "segments.table": dice.floats(2, width),
        "norm.weight": dice.floats(width),
        "norm.bias": dice.floats(width),
    }


goldens.case(
    "BERT: BertEmbeddings",
    config={"vocabulary": V, "width": D, "context": 5, "epsilon": 1e-3},
    weights=bert_weights,
    inputs=lambda dice: {"ids": ids(dice), "segments": dice.integers(B, T, low=0, high=2)},
    forward=lambda w, x: call(bert, bert_names, w, input_ids=x["ids"].long(), token_type_ids=x["segments"].long()),
)
positions = [[0, 1, 2], [4, 0, 1]]
goldens.case(
    "BERT: BertEmbeddings with positions of each row",
    config={"vocabulary": V, "width": D, "context": 5, "epsilon": 1e-3, "positions": positions},
    weights=bert_weights,
    inputs=lambda dice: {"ids": ids(dice)},
    forward=lambda w, x: call(bert, bert_names, w, input_ids=x["ids"].long(), position_ids=torch.tensor(positions)),
)

# ALBERT: BERT's at a narrow width, a map to the model's, and a head that goes back through layers of its own.
albert = model(
    hf.AlbertForMaskedLM,
    hf.AlbertConfig(
        vocab_size=V,
        embedding_size=E,
        hidden_size=D,
        num_hidden_layers=0,
        num_hidden_groups=0,
        num_attention_heads=1,
        max_position_embeddings=5,
        layer_norm_eps=1e-3,
        hidden_act="gelu_new",
    ),
)
albert_names = {
    **{f"embedding.{ours}": f"albert.embeddings.{theirs}" for ours, theirs in bert_names.items()},
    "embedding.tokens.table": ["albert.embeddings.word_embeddings.weight", "predictions.decoder.weight"],
    "embedding.map.weight": "albert.encoder.embedding_hidden_mapping_in.weight",
    "embedding.map.bias": "albert.encoder.embedding_hidden_mapping_in.bias",
    "output.down.dense.weight": "predictions.dense.weight",
    "output.down.dense.bias": "predictions.dense.bias",
    "output.down.norm.weight": "predictions.LayerNorm.weight",
    "output.down.norm.bias": "predictions.LayerNorm.bias",
    "output.output.bias": ["predictions.bias", "predictions.decoder.bias"],
}
goldens.case(
    "ALBERT: AlbertForMaskedLM",
    config={"vocabulary": V, "narrow": E, "width": D, "context": 5, "epsilon": 1e-3},
    weights=lambda dice: {
        **{f"embedding.{name}": x for name, x in bert_weights(dice, E).items()},
        "embedding.map.weight": dice.floats(D, E),
        "embedding.map.bias": dice.floats(D),
        "output.down.dense.weight": dice.floats(E, D, below=1.0),
        "output.down.dense.bias": dice.floats(E),
        "output.down.norm.weight": dice.floats(E),
        "output.down.norm.bias": dice.floats(E),
        "output.output.bias": dice.floats(V),
    },
    inputs=lambda dice: {"ids": ids(dice), "segments": dice.integers(B, T, low=0, high=2)},
    forward=lambda w, x: call(
        albert, albert_names, w, input_ids=x["ids"].long(), token_type_ids=x["segments"].long()
    ).logits,
)

# OPT-350m: a table narrower than the model, with a map in and another out; its positions begin at row 2 of their table.
opt = model(
    hf.OPTForCausalLM,
    hf.OPTConfig(
        vocab_size=V,
        word_embed_proj_dim=E,
        hidden_size=D,
        num_hidden_layers=0,
        num_attention_heads=1,
        max_position_embeddings=5,
        do_layer_norm_before=False,
        pad_token_id=1,
    ),
)


def opt_forward(w, x):
    table = w["embedding.position.table"]
    padded = {**w, "embedding.position.table": torch.cat([torch.zeros_like(table[:2]), table])}
    names = {
        "embedding.tokens.tokens.table": ["model.decoder.embed_tokens.weight", "lm_head.weight"],
        "embedding.tokens.map.weight": "model.decoder.project_in.weight",
        "embedding.position.table": "model.decoder.embed_positions.weight",
        "output.down.weight": "model.decoder.project_out.weight",
    }
    return call(opt, names, padded, input_ids=x["ids"].long()).logits


goldens.case(
    "OPT-350m: OPTForCausalLM",
    config={"vocabulary": V, "narrow": E, "width": D, "context": 5},
    weights=lambda dice: {
        "embedding.tokens.tokens.table": dice.floats(V, E),
        "embedding.tokens.map.weight": dice.floats(D, E, below=1.0),
        "embedding.position.table": dice.floats(5, D),
        "output.down.weight": dice.floats(E, D, below=1.0),
    },
    inputs=lambda dice: {"ids": ids(dice)},
    forward=opt_forward,
)

# GPT-2: tokens and positions; a norm; the tied product.
gpt2 = model(hf.GPT2LMHeadModel, hf.GPT2Config(vocab_size=V, n_embd=D, n_positions=5, n_layer=0, n_head=1))
gpt2_names = {
    "embedding.tokens.table": ["transformer.wte.weight", "lm_head.weight"],
    "embedding.position.table": "transformer.wpe.weight",
    "norm.weight": "transformer.ln_f.weight",
    "norm.bias": "transformer.ln_f.bias",
}
goldens.case(
    "GPT-2: GPT2LMHeadModel",
    config={"vocabulary": V, "width": D, "context": 5},
    weights=lambda dice: {
        "embedding.tokens.table": dice.floats(V, D),
        "embedding.position.table": dice.floats(5, D),
        "norm.weight": dice.floats(D),
        "norm.bias": dice.floats(D),
    },
    inputs=lambda dice: {"ids": ids(dice)},
    forward=lambda w, x: call(gpt2, gpt2_names, w, input_ids=x["ids"].long()).logits,
)


# ViT: images in patches of two rows and three columns, the class token in front, and a position for each.
vit = model(
    hf.models.vit.modeling_vit.ViTEmbeddings,
    hf.ViTConfig(hidden_size=D, image_size=(4, 6), patch_size=(2, 3), num_channels=2),
)
vit_names = {
    "patches.weight": "patch_embeddings.projection.weight",
    "patches.bias": "patch_embeddings.projection.bias",
    "classToken": "cls_token",
    "position.table": "position_embeddings",
}
goldens.case(
    "ViT: ViTEmbeddings",
    config={"image": [4, 6], "patch": [2, 3], "channels": 2, "width": D, "context": 5},
    weights=lambda dice: {
        "patches.weight": dice.floats(D, 2, 2, 3),
        "patches.bias": dice.floats(D),
        "classToken": dice.floats(D),
        "position.table": dice.floats(5, D),
    },
    inputs=lambda dice: {"images": dice.floats(B, 2, 4, 6)},
    forward=lambda w, x: call(
        vit,
        vit_names,
        {
            **w,
            "classToken": w["classToken"].reshape(1, 1, D),
            "position.table": w["position.table"].unsqueeze(0),
        },
        pixel_values=x["images"],
    ),
)


# The norms of the models from here on compute in f32 whatever the model's dtype, which double precision would notice: they are left out.


def without_norm(part, name):
    setattr(part, name, torch.nn.Identity())


# T5: the decoder's input is divided by √d before the tied product. The encoder has nothing to say where there is no layer to hear it.
t5 = model(hf.T5ForConditionalGeneration, hf.T5Config(vocab_size=V, d_model=D, num_layers=0, num_decoder_layers=0))
assert t5.config.scale_decoder_outputs
without_norm(t5.encoder, "final_layer_norm")
without_norm(t5.decoder, "final_layer_norm")
t5_names = {
    "embedding.tokens.table": [
        "shared.weight",
        "encoder.embed_tokens.weight",
        "decoder.embed_tokens.weight",
        "lm_head.weight",
    ]
}


def t5_forward(w, x):
    chosen = x["ids"].long()
    return call(t5, t5_names, w, input_ids=chosen, decoder_input_ids=chosen).logits


goldens.case(
    "T5: T5ForConditionalGeneration",
    config={"vocabulary": V, "width": D},
    weights=lambda dice: {"embedding.tokens.table": dice.floats(V, D)},
    inputs=lambda dice: {"ids": ids(dice)},
    forward=t5_forward,
)


def tied_decoder(name, table, kind, config, **ours):
    """A case of a model with a tied table and no positions."""
    decoder = model(kind, config)
    without_norm(decoder.model, "norm")
    names = {table: ["model.embed_tokens.weight", "lm_head.weight"]}
    goldens.case(
        name,
        config={"vocabulary": V, "width": config.hidden_size, **ours},
        weights=lambda dice: {table: dice.floats(V, config.hidden_size, below=2.0)},
        inputs=lambda dice: {"ids": ids(dice)},
        forward=lambda w, x: call(decoder, names, w, input_ids=x["ids"].long()).logits,
    )


bare = {"vocab_size": V, "num_hidden_layers": 0, "num_attention_heads": 1, "num_key_value_heads": 1, "pad_token_id": 0}

# Gemma 2: tokens times √d, which transformers rounds to f32, so that d is a square here; capped logits.
tied_decoder(
    "Gemma 2: Gemma2ForCausalLM",
    "embedding.tokens.tokens.table",
    hf.Gemma2ForCausalLM,
    hf.Gemma2Config(hidden_size=4, final_logit_softcapping=5.0, **bare),
    cap=5,
)
# Granite: tokens times a number, logits divided by another.
tied_decoder(
    "Granite: GraniteForCausalLM",
    "embedding.tokens.tokens.table",
    hf.GraniteForCausalLM,
    hf.GraniteConfig(hidden_size=D, embedding_multiplier=12.0, logits_scaling=8.0, tie_word_embeddings=True, **bare),
    tokens=12,
    logits=1 / 8,
)
# Cohere: logits times a number.
tied_decoder(
    "Cohere: CohereForCausalLM",
    "embedding.tokens.table",
    hf.CohereForCausalLM,
    hf.CohereConfig(hidden_size=D, logit_scale=0.0625, **bare),
    logits=0.0625,
)

goldens.write(here / "models.json")
