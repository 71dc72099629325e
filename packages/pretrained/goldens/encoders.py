"""
Makes the folders of encoders beside this file, named for their classes: tiny random models, and what Hugging Face's transformers answer with them.

    pip install torch transformers   # torch 2.15.0 and transformers 5.24.0 made what is here; no GPU
    python3 packages/pretrained/goldens/encoders.py
"""

import torch
import transformers
from folder import random_weights, rounded, write

LABELS = {0: "no", 1: "perhaps", 2: "yes"}
COMMON = {"vocab_size": 29, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 12}
HEADS = ["Model", "ForMaskedLM", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering"]
# Epsilons that show, and activations that are not the usual ones.
FAMILIES = {
    "Bert": (
        {**COMMON, "layer_norm_eps": 1e-3, "pad_token_id": 0},
        [*HEADS, "ForPreTraining", "ForNextSentencePrediction"],
    ),
    "Roberta": (
        {**COMMON, "layer_norm_eps": 1e-3, "pad_token_id": 1, "max_position_embeddings": 14, "type_vocab_size": 1, "hidden_act": "relu"},
        HEADS,
    ),
    "XLMRoberta": (
        {**COMMON, "layer_norm_eps": 1e-3, "pad_token_id": 1, "max_position_embeddings": 14, "type_vocab_size": 1},
        ["ForMaskedLM"],
    ),
    "DistilBert": (
        {"vocab_size": 29, "dim": 8, "hidden_dim": 12, "n_layers": 2, "n_heads": 2, "max_position_embeddings": 12, "activation": "relu"},
        HEADS,
    ),
    "Albert": (
        {**COMMON, "embedding_size": 6, "num_hidden_layers": 4, "num_hidden_groups": 2, "layer_norm_eps": 1e-3, "pad_token_id": 0},
        [*HEADS, "ForPreTraining"],
    ),
}  # fmt: skip
PROMPTS = [[2, 5, 9, 13, 17, 21, 25], [2, 28, 3], [2, 7, 7, 11, 4]]
# What the answers of a class are called there, by what they are here: `rows` has a row for each token, the others one for each sequence.
ANSWERS = {
    "Model": {"vectors": "last_hidden_state", "pooled": "pooler_output"},
    "ForMaskedLM": {"rows": "logits"},
    "ForSequenceClassification": {"pooled": "logits"},
    "ForNextSentencePrediction": {"pooled": "logits"},
    "ForTokenClassification": {"rows": "logits"},
    "ForQuestionAnswering": {"rows": ("start_logits", "end_logits")},
    "ForPreTraining": {"rows": "prediction_logits", "sentences": ("seq_relationship_logits", "sop_logits")},
}


def answer(output, names):
    """One output, or the two of an answer to a question side by side, or the one of several that is there."""
    found = [output[name] for name in ([names] if isinstance(names, str) else names) if name in output]
    return found[0] if len(found) == 1 else torch.stack(found, -1)


for family, (config, tasks) in FAMILIES.items():
    for task in tasks:
        labels = {"id2label": LABELS, "label2id": {name: i for i, name in LABELS.items()}} if "Classification" in task else {}
        options = getattr(transformers, family + "Config")(**config, **labels)
        model = random_weights(getattr(transformers, family + task)(options), seed=len(task))
        longest = max(map(len, PROMPTS))
        pad = options.pad_token_id
        inputs = {
            "input_ids": torch.tensor([prompt + [pad] * (longest - len(prompt)) for prompt in PROMPTS]),
            "attention_mask": torch.tensor([[1] * len(prompt) + [0] * (longest - len(prompt)) for prompt in PROMPTS]),
        }
        segments = [[int(i > 1) for i in range(len(prompt))] for prompt in PROMPTS] if getattr(options, "type_vocab_size", 1) > 1 else None
        if segments:
            inputs["token_type_ids"] = torch.tensor([row + [0] * (longest - len(row)) for row in segments])
        with torch.no_grad():
            output = model(**inputs)
        expected = {}
        for name, theirs in ANSWERS[task].items():
            if theirs == "pooler_output" and "pooler_output" not in output:
                continue
            each = answer(output, theirs)
            per_token = name in ("rows", "vectors")
            expected[name] = [rounded((row[: len(prompt)] if per_token else row).flatten().tolist()) for row, prompt in zip(each, PROMPTS)]
        write(family + task, model, {"prompts": PROMPTS, "segments": segments, **expected})
