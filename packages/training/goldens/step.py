"""
Makes steps/ beside this file: three steps of training by PyTorch of four models that Hugging Face's transformers compute, in double precision.

    pip install torch transformers safetensors   # torch 2.15.0 and transformers 5.24.0 made what is here; no GPU
    python3 packages/training/goldens/step.py

The models are folders of packages/pretrained/goldens: a decoder of nanoGPT's shape (gpt2), an encoder that fills masks (BertForMaskedLM), an
encoder–decoder (bart, with label smoothing) and a Llama with grouped queries (llama-3). Each step clips the gradients by their global norm and
takes AdamW's step, where matrices decay and vectors do not. steps/NAME.json holds what went in, the losses and the norms; steps/NAME.safetensors the
clipped gradients of the first step (gradient.PARAMETER) and the parameters after the third (after.PARAMETER), as F32.
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
import transformers
from safetensors.torch import save_file
from transformers import BartForConditionalGeneration, BertForMaskedLM, GPT2LMHeadModel, LlamaForCausalLM

here = Path(__file__).parent
folders = here.parent.parent / "pretrained" / "goldens"
IGNORED, PAD, START, MASK = -100, 0, 3, 28
# A larger epsilon than usual: the gradient of a key's bias is 0 but for rounding, whose sign would move it by the whole rate.
OPTIONS = {"rate": 2e-3, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-4, "decay": 0.1, "limit": 1.0}
LENGTHS = [7, 4, 6]


def tokens(step, row, count):
    """Ids from 4 to 27 that look like nothing in particular, written out so that anybody can check them."""
    return [4 + (37 * (row + 1) * (place + 2) + 11 * step + place * place) % 24 for place in range(count)]


def padded(rows, fill):
    return [row + [fill] * (max(LENGTHS) - len(row)) for row in rows]


def causal(step):
    texts = [tokens(step, row, length + 1) for row, length in enumerate(LENGTHS)]
    return {"inputs": padded([text[:-1] for text in texts], PAD), "targets": padded([text[1:] for text in texts], IGNORED), "lengths": LENGTHS}


def masked(step):
    texts = [tokens(step, row, length) for row, length in enumerate(LENGTHS)]
    chosen = lambda row, place: (row + place + step) % 3 == 0
    return {
        "inputs": padded([[MASK if chosen(row, place) else one for place, one in enumerate(text)] for row, text in enumerate(texts)], PAD),
        "targets": padded([[one if chosen(row, place) else IGNORED for place, one in enumerate(text)] for row, text in enumerate(texts)], IGNORED),
        "lengths": LENGTHS,
    }  # fmt: skip


def translated(step):
    sources = [tokens(step, row, length) for row, length in enumerate(LENGTHS)]
    texts = [tokens(step + 5, row, length) for row, length in enumerate(reversed(LENGTHS))]
    return {
        "sources": padded(sources, PAD), "sourceLengths": LENGTHS,
        "inputs": padded([[START, *text[:-1]] for text in texts], PAD), "targets": padded(texts, IGNORED), "lengths": LENGTHS[::-1],
    }  # fmt: skip


def mask(lengths):
    return torch.arange(max(LENGTHS))[None] < torch.tensor(lengths)[:, None]


def logits(model, batch):
    ids = torch.tensor(batch["inputs"])
    if "sources" in batch:
        source = {"input_ids": torch.tensor(batch["sources"]), "attention_mask": mask(batch["sourceLengths"]).long()}
        return model(**source, decoder_input_ids=ids, use_cache=False).logits
    return model(input_ids=ids, attention_mask=mask(batch["lengths"]).long()).logits


def trained(name, kind, batch, smoothing=0.0):
    model = kind.from_pretrained(folders / name, attn_implementation="eager").double().eval()
    if hasattr(model, "final_logits_bias"):  # no parameter with transformers; one like all others with us
        model.final_logits_bias = torch.nn.Parameter(model.final_logits_bias)
    parameters = dict(model.named_parameters())
    wide = lambda name: parameters[name].dim() >= 2 and name != "final_logits_bias"
    optimiser = torch.optim.AdamW(
        [
            {"params": [parameters[one] for one in parameters if wide(one)], "weight_decay": OPTIONS["decay"]},
            {"params": [parameters[one] for one in parameters if not wide(one)], "weight_decay": 0.0},
        ],
        lr=OPTIONS["rate"], betas=(OPTIONS["beta1"], OPTIONS["beta2"]), eps=OPTIONS["epsilon"],
    )  # fmt: skip
    batches, losses, norms, tensors = [batch(step) for step in range(3)], [], [], {}
    for step, one in enumerate(batches):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(
            logits(model, one).flatten(0, 1), torch.tensor(one["targets"]).flatten(), ignore_index=IGNORED, label_smoothing=smoothing
        )
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), OPTIONS["limit"]).item())
        losses.append(loss.item())
        if step == 0:
            tensors |= {f"gradient.{key}": value.grad.float() for key, value in parameters.items() if value.grad is not None}
        optimiser.step()
    tensors |= {f"after.{key}": value.detach().float().clone() for key, value in parameters.items()}
    facts = {
        "torch": torch.__version__, "transformers": transformers.__version__, "options": OPTIONS, "labelSmoothing": smoothing,
        "batches": batches, "losses": losses, "norms": norms,
    }  # fmt: skip
    (here / "steps" / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")
    save_file(tensors, here / "steps" / f"{name}.safetensors")
    print(name, losses, norms, sum(value.numel() for value in tensors.values()) * 4, "bytes")


transformers.logging.set_verbosity_error()
trained("gpt2", GPT2LMHeadModel, causal)
trained("BertForMaskedLM", BertForMaskedLM, masked)
trained("bart", BartForConditionalGeneration, translated, smoothing=0.1)
trained("llama-3", LlamaForCausalLM, causal)
