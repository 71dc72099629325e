"""
What every script here has in common: a tiny random model of Hugging Face's transformers, saved as its own folder, and what it answers.

    from folder import decoder_folder
    decoder_folder("llama", LlamaForCausalLM(LlamaConfig(**SIZES, num_key_value_heads=2)))

The folder holds what save_pretrained wrote (config.json, generation_config.json, model.safetensors) and expected.json, all that a test asks for. Tests read the
folders; neither they nor users need Python.
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
import transformers
from transformers import GenerationConfig

here = Path(__file__).parent
torch.set_num_threads(1)
transformers.logging.set_verbosity_error()

VOCABULARY, CONTEXT, PAD, END = 29, 24, 0, 1
SIZES = {
    "vocab_size": VOCABULARY, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2,
    "max_position_embeddings": CONTEXT, "pad_token_id": PAD, "bos_token_id": 2, "eos_token_id": END,
}  # fmt: skip
PROMPTS = [[2, 5, 9, 13, 17, 21, 25], [2, 28, 3], [2, 7, 7, 11, 4]]


def random_weights(model, seed=1):
    """Weights that are large enough for the parts to differ, biases and norms included, which begin at 0 and 1. Tied ones stay tied."""
    dice = torch.Generator().manual_seed(seed)
    for parameter in {id(one): one for one in model.parameters()}.values():
        with torch.no_grad():
            noise = torch.randn(parameter.shape, generator=dice)
            parameter.copy_(parameter + 0.2 * noise if parameter.dim() == 1 else 0.5 * noise)
    return model.eval()


def padded(rows, left=False):
    longest = max(map(len, rows))
    fill = [[PAD] * (longest - len(row)) for row in rows]
    mask = [[0] * len(pad) + [1] * len(row) if left else [1] * len(row) + [0] * len(pad) for row, pad in zip(rows, fill)]
    return torch.tensor([pad + row if left else row + pad for row, pad in zip(rows, fill)]), torch.tensor(mask)


def rounded(values):
    """Seven digits: what the tolerance of the tests asks for, and no more bytes."""
    return [float(f"{value:.7g}") for value in values]


def write(name, model, expected):
    folder = here / name
    model.save_pretrained(folder)
    # How one run's environment was is nobody's business.
    config = json.loads((folder / "config.json").read_text())
    config.pop("_name_or_path", None)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "expected.json").write_text(json.dumps({"transformers": transformers.__version__, **expected}) + "\n")
    print(name, sum(file.stat().st_size for file in folder.iterdir()), "bytes")


def decoder_folder(name, model, prompts=PROMPTS, tokens=8, beams=3):
    """The logits of every real token with padding at the end, and what greedy search and beams find from prompts with padding in front."""
    random_weights(model)
    ids, mask = padded(prompts)
    with torch.no_grad():
        logits = model(input_ids=ids, attention_mask=mask).logits
    left, left_mask = padded(prompts, left=True)

    def found(**options):
        config = GenerationConfig(max_new_tokens=tokens, do_sample=False, pad_token_id=PAD, eos_token_id=END, **options)
        output = model.generate(input_ids=left, attention_mask=left_mask, generation_config=config)
        rows = output[:, left.shape[1] :].tolist()
        return [row[: row.index(END) + 1] if END in row else row for row in rows]

    write(name, model, {
        "prompts": prompts,
        "logits": [rounded(row[: len(prompt)].flatten().tolist()) for row, prompt in zip(logits, prompts)],
        "greedy": found(),
        "beams": {"count": beams, "lengthPenalty": 1.0, "ids": found(num_beams=beams)},
        "end": END, "tokens": tokens,
    })  # fmt: skip
