"""
Makes the folders of sentence encoders beside this file: tiny random models of sentence-transformers, and the vectors that they give.

    pip install sentence-transformers   # sentence-transformers 6.2.0, torch 2.15.0 and transformers 5.24.0 made what is here; no GPU
    python3 packages/pretrained/goldens/sentences.py
"""

import json
import shutil

import torch
from folder import here, random_weights, rounded
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast, DistilBertConfig, DistilBertModel

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"w{i}" for i in range(24))]
SENTENCES = ["w3 w7 w11 w15 w19", "w1", "", "w2 w2 w6"]


def sentence_folder(name, transformer, pooling, dense=(), normalize=True):
    base = here / (name + ".base")
    random_weights(transformer).save_pretrained(base)
    (base / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizerFast(str(base / "vocab.txt"), model_max_length=8).save_pretrained(base)
    layers = [Dense(**options) for options in dense]
    for i, layer in enumerate(layers):
        random_weights(layer, seed=7 + i)
    model = SentenceTransformer(
        modules=[
            Transformer(str(base)),
            Pooling(transformer.config.hidden_size, pooling_mode=pooling),
            *layers,
            *([Normalize()] if normalize else []),
        ],
        prompts={"query": "w5 "},
        device="cpu",
    )
    folder = here / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save(str(folder), create_model_card=False)
    shutil.rmtree(base)
    # The test gives ids: what a tokenizer does is tested where the tokenizers are. The way back needs its file.
    encoded = model.tokenizer(SENTENCES)["input_ids"]
    with torch.no_grad():
        vectors = model.encode(SENTENCES)
    expected = {"prompts": encoded, "segments": None, "pooled": [rounded(row.tolist()) for row in vectors]}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    print(name, sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()), "bytes")


BERT = {"vocab_size": 29, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 12}
DISTIL = {"vocab_size": 29, "dim": 8, "hidden_dim": 12, "n_layers": 2, "n_heads": 2, "max_position_embeddings": 12}
sentence_folder("sentences-mean", BertModel(BertConfig(**BERT)), "mean")
sentence_folder(
    "sentences-dense",
    DistilBertModel(DistilBertConfig(**DISTIL)),
    "max",
    dense=[
        {"in_features": 8, "out_features": 5},
        {"in_features": 5, "out_features": 6, "bias": False, "activation_function": torch.nn.Identity()},
    ],
)
sentence_folder("sentences-first", DistilBertModel(DistilBertConfig(**DISTIL)), "cls", normalize=False)
sentence_folder("sentences-last", DistilBertModel(DistilBertConfig(**DISTIL)), "lasttoken", normalize=False)
