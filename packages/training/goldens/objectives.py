"""Makes objectives.json beside this file: what transformers, sentence-transformers and PyTorch give as losses of tiny BERTs, and gradients.

    pip install torch transformers sentence-transformers   # torch 2.15.0, transformers 5.24.0 and sentence-transformers 6.2.0 made what is here; no GPU
    python3 packages/training/goldens/objectives.py && npm run format

Every number is in double precision. Weights are whole numbers of 1/256, by the paths of Tenon, so that the file stays small.
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[2] / "backend-testkit" / "goldens"))

import torch
import torch.nn.functional as F
import transformers
from reference.double import double
from sentence_transformers.sentence_transformer import losses

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

V, CONTEXT, D, HIDDEN, HEADS, B, T = 13, 8, 8, 12, 2, 3, 6
SIZES = {
    "vocab_size": V, "hidden_size": D, "intermediate_size": HIDDEN, "num_attention_heads": HEADS, "num_hidden_layers": 1,
    "max_position_embeddings": CONTEXT, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "attn_implementation": "eager",
}  # fmt: skip

NAMES = {
    "embedding.tokens.table": "embeddings.word_embeddings.weight",
    "embedding.position.table": "embeddings.position_embeddings.weight",
    "embedding.segments.table": "embeddings.token_type_embeddings.weight",
    "embedding.norm": "embeddings.LayerNorm",
    "blocks.0.attention.query": "encoder.layer.0.attention.self.query",
    "blocks.0.attention.key": "encoder.layer.0.attention.self.key",
    "blocks.0.attention.value": "encoder.layer.0.attention.self.value",
    "blocks.0.attention.output": "encoder.layer.0.attention.output.dense",
    "blocks.0.attentionResidual.norm": "encoder.layer.0.attention.output.LayerNorm",
    "blocks.0.feedForward.up": "encoder.layer.0.intermediate.dense",
    "blocks.0.feedForward.down": "encoder.layer.0.output.dense",
    "blocks.0.feedForwardResidual.norm": "encoder.layer.0.output.LayerNorm",
}
PRE_TRAINING = {
    "head.words.transform": "cls.predictions.transform.dense",
    "head.words.norm": "cls.predictions.transform.LayerNorm",
    "head.words.output.bias": "cls.predictions.bias",
    "head.sentences.pooler.transform": "bert.pooler.dense",
    "head.sentences.output": "cls.seq_relationship",
}
CLASSES = {"head.pooler.transform": "bert.pooler.dense", "head.output": "classifier"}
TAGS = {"head.output": "classifier"}


def model_of(kind, head, seed, **config):
    """A model, its parameters by Tenon's paths, and their levels of 1/256."""
    with double():
        model = getattr(transformers, kind)(transformers.BertConfig(**SIZES, **config)).double()
    bare = kind == "BertModel"
    names = {ours: theirs if bare else f"bert.{theirs}" for ours, theirs in NAMES.items()} | head
    theirs = dict(model.named_parameters())
    dice = torch.Generator().manual_seed(seed)
    parameters, levels = {}, {}
    for ours, prefix in names.items():
        for suffix in ("", ".weight", ".bias"):
            if prefix + suffix not in theirs:
                continue
            parameter = theirs.pop(prefix + suffix)
            level = torch.randint(-128, 128, parameter.shape, generator=dice)
            if "norm" in ours.lower() and suffix == ".weight":
                level += 256
            parameter.data = level.double() / 256
            parameters[ours + suffix] = parameter
            levels[ours + suffix] = level.flatten().tolist()
    assert not [name for name in theirs if "pooler" not in name or not bare], theirs.keys()
    return model, parameters, levels


def batch_of(seed):
    dice = torch.Generator().manual_seed(seed)
    inputs = torch.randint(0, V, (B, T), generator=dice)
    lengths = torch.tensor([T, T - 1, T - 3])
    real = torch.arange(T)[None] < lengths[:, None]
    segments = ((torch.arange(T)[None] >= torch.tensor([[3], [2], [1]])) & real).long()
    inputs = torch.where(real, inputs, 0)
    given = {"input_ids": inputs, "attention_mask": real.long(), "token_type_ids": segments}
    ours = {
        "inputs": inputs.flatten().tolist(), "lengths": lengths.tolist(), "segments": segments.flatten().tolist(), "shape": [B, T],
    }  # fmt: skip
    return given, ours


def asked(classes, seed, every=3):
    """Targets [b, t] at every third position that is text, −100 elsewhere."""
    dice = torch.Generator().manual_seed(seed)
    targets = torch.randint(0, classes, (B, T), generator=dice)
    given, _ = batch_of(1)
    at = (torch.arange(B * T).reshape(B, T) % every == 0) & given["attention_mask"].bool()
    return torch.where(at, targets, -100)


def gradients(loss, parameters, names):
    for parameter in parameters.values():
        parameter.grad = None
    loss.backward()
    return {name: parameters[name].grad.flatten().tolist() for name in names}


def case(loss, parameters, names, **facts):
    return {"loss": loss.item(), "gradients": gradients(loss, parameters, names), **facts}


given, ours = batch_of(1)
golden = {"sizes": {"vocabulary": V, "context": CONTEXT, "width": D, "layers": 1, "heads": HEADS, "hidden": HIDDEN}, "batch": ours}
QUERY = "blocks.0.attention.query.weight"

# Pre-training
model, parameters, levels = model_of("BertForPreTraining", PRE_TRAINING, 1)
targets, labels = asked(V, 2), torch.tensor([1, 0, 1])
loss = model(**given, labels=targets, next_sentence_label=labels).loss
golden["preTraining"] = {
    "weights": levels, "targets": targets.flatten().tolist(), "labels": labels.tolist(),
    **case(loss, parameters, [QUERY, "embedding.segments.table", "head.words.transform.bias", "head.sentences.pooler.transform.bias", "head.sentences.output.bias"]),
}  # fmt: skip

# Classes of texts
model, parameters, levels = model_of("BertForSequenceClassification", CLASSES, 2, num_labels=3)
labels, rare = torch.tensor([2, 0, 1]), torch.tensor([0.5, 2.0, 3.0])
some = torch.tensor([2, -100, 1])
HEAD = ["head.output.bias", "head.pooler.transform.bias"]
golden["classes"] = {"weights": levels, "cases": [
    {"labels": labels.tolist(), "options": {}, **case(model(**given, labels=labels).loss, parameters, [QUERY, *HEAD])},
    *(
        {"labels": some.tolist(), "options": ours, **case(F.cross_entropy(model(**given).logits, some, **theirs), parameters, HEAD)}
        for ours, theirs in (
            ({"labelSmoothing": 0.1}, {"label_smoothing": 0.1}),
            ({"classWeights": rare.tolist()}, {"weight": rare}),
            ({"labelSmoothing": 0.2, "classWeights": rare.tolist()}, {"label_smoothing": 0.2, "weight": rare}),
        )
    ),
]}  # fmt: skip

# Numbers: the same model of three labels, and one of a single label
numbers = torch.tensor([[0.5, -1.0, 2.0], [0.25, 0.0, 1.5], [-2.0, 1.0, 0.75]])
model.config.problem_type = "regression"
golden["numbers"] = {"labels": numbers.flatten().tolist(), **case(model(**given, labels=numbers).loss, parameters, HEAD)}

# A student of classes, whose teacher is another model
teacher, _, teacher_levels = model_of("BertForSequenceClassification", CLASSES, 3, num_labels=3)


def distilled(student, taught, labels, temperature, share):
    """Hinton's loss by PyTorch's KLDivLoss, as in Hugging Face's distillation scripts."""
    soft = torch.nn.KLDivLoss(reduction="batchmean")(
        F.log_softmax(student / temperature, dim=-1), F.softmax(taught.detach() / temperature, dim=-1)
    )
    return share * temperature**2 * soft + (1 - share) * F.cross_entropy(student, labels)


options = {"temperature": 3.0, "share": 0.7}
loss = distilled(model(**given).logits, teacher(**given).logits, labels, **options)
golden["studentOfClasses"] = {
    "teacher": teacher_levels, "labels": labels.tolist(), "options": options, **case(loss, parameters, [QUERY, *HEAD]),
}  # fmt: skip

# Classes of tokens, and a student of them; only the positions that are asked for count
model, parameters, levels = model_of("BertForTokenClassification", TAGS, 4, num_labels=3)
teacher, _, teacher_levels = model_of("BertForTokenClassification", TAGS, 5, num_labels=3)
targets = asked(3, 3, every=2)
golden["tags"] = {
    "weights": levels, "targets": targets.flatten().tolist(), **case(model(**given, labels=targets).loss, parameters, [QUERY, "head.output.bias"]),
}  # fmt: skip
at = targets.flatten() != -100
student, taught = (each(**given).logits.flatten(0, 1)[at] for each in (model, teacher))
loss = distilled(student, taught, targets.flatten()[at], **options)
golden["studentOfTags"] = {"teacher": teacher_levels, "options": options, **case(loss, parameters, [QUERY, "head.output.bias"])}

# The same with the distance of hidden states: the cosine, as in DistilBERT's training, or the mean of squares
golden["hidden"] = []
for name, distance in (
    ("cosine", lambda near, far: torch.nn.CosineEmbeddingLoss()(near, far, torch.ones(len(near)))),
    ("square", torch.nn.MSELoss()),
):
    ran = [each(**given, output_hidden_states=True) for each in (model, teacher)]
    near, far = (output.hidden_states[-1][given["attention_mask"].bool()] for output in ran)
    student, taught = (output.logits.flatten(0, 1)[at] for output in ran)
    loss = distilled(student, taught, targets.flatten()[at], **options) + 0.5 * distance(near, far.detach())
    golden["hidden"].append({"distance": name, **case(loss, parameters, ["embedding.norm.weight", "head.output.bias"])})

# Vectors of sentences: the mean over real tokens, as the Pooling of sentence-transformers
model, parameters, levels = model_of("BertModel", {}, 6)
second, ours_second = batch_of(2)


def sentences(given):
    real = given["attention_mask"][:, :, None].double()
    return (model(**given).last_hidden_state * real).sum(1) / real.sum(1)


golden["pairs"] = {"weights": levels, "second": ours_second, "cases": []}
for options, loss in (
    ({"temperature": 0.05}, losses.MultipleNegativesRankingLoss(None, scale=20.0)),
    ({"temperature": 0.5, "symmetric": True}, losses.MultipleNegativesRankingLoss(None, scale=2.0, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction")),
    (
        {"temperature": 2, "similarity": "dot"},
        losses.MultipleNegativesRankingLoss(None, scale=0.5, similarity_fct=lambda a, b: a @ b.T),
    ),
):
    value = loss.compute_loss_from_embeddings([sentences(given), sentences(second)], None)
    golden["pairs"]["cases"].append({"options": options, **case(value, parameters, ["blocks.0.feedForward.down.bias", QUERY])})

here = Path(__file__)
rounded = json.loads(json.dumps(golden), parse_float=lambda text: float(f"{float(text):.12g}"))
here.with_suffix(".json").write_text(json.dumps(rounded) + "\n")
