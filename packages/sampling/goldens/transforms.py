"""Makes transforms.json and transform-chains.json beside this file with Hugging Face transformers: what its own logits
processors make of random logits, each alone and in the chains that `generate` would build from a generation config.

    pip install torch transformers            # PyTorch 2.15 and transformers 5.24.0 made the files that are here
    python3 packages/sampling/goldens/transforms.py

The logits have three decimals and no ties; null stands for -inf. Of a result there is what differs from the logits. Running it (and then the formatter) again gives the same
files.
"""

import json
from pathlib import Path

import torch
from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel
from transformers.generation import logits_process as hf

VOCABULARY = 24
here = Path(__file__).parent
generator = torch.Generator().manual_seed(7)


def draw(scale, excluded=0, offset=0.0):
    """Random logits without ties, some excluded."""
    while True:
        row = (torch.randn(VOCABULARY, generator=generator) * scale + offset).mul(1000).round().div(1000)
        if row.unique().numel() == VOCABULARY:
            break
    row[torch.randperm(VOCABULARY, generator=generator)[:excluded]] = -torch.inf
    return row


def numbers(row):
    return [None if value == -torch.inf else float(f"{value:.8g}") for value in row.tolist()]


def difference(before, after):
    """What was excluded, and the logits that have another value; the others are as they were."""
    excluded = [i for i in range(VOCABULARY) if after[i] == -torch.inf and before[i] != -torch.inf]
    changed = [i for i in range(VOCABULARY) if after[i] != -torch.inf and after[i] != before[i]]
    return {"excluded": excluded, "changed": {str(i): float(f"{after[i].item():.8g}") for i in changed}}


logits = {
    "flat": draw(0.2),
    "usual": draw(2.0),
    "peaked": draw(6.0),
    "holed": draw(2.0, excluded=9),
    "shifted": draw(2.0, offset=-12.0),
    "two left": draw(1.0, excluded=VOCABULARY - 2),
}
PROMPT = 3
ids = [5, 1, 2, 9, 1, 2, 7, 5, 1, 2, 9, 1]
endings = [ids[:1], ids[:2], ids[:3], ids[:4], ids[:6], ids[:9], ids]

cases = []


def alone(call, arguments, processor, contexts):
    runs = []
    for name, seen in contexts:
        result = processor(torch.tensor([seen], dtype=torch.long), logits[name][None].clone())[0]
        runs.append({"logits": name, "length": len(seen), **difference(logits[name], result)})
    cases.append({"call": call, "arguments": arguments, "runs": runs})


every = [(name, ids) for name in logits]
growing = [("holed" if i % 2 else "usual", seen) for i, seen in enumerate(endings)]

for keep in [1, 3]:
    options = [{"keep": keep}] if keep > 1 else []
    every = [(name, ids) for name in (logits if keep == 1 else ["peaked", "holed", "two left"])]
    for p in [0.05, 0.5, 0.9, 0.999]:
        alone("topP", [p, *options], hf.TopPLogitsWarper(p, min_tokens_to_keep=keep), every)
    for p in [0.02, 0.2, 1.0]:
        alone("minP", [p, *options], hf.MinPLogitsWarper(p, min_tokens_to_keep=keep), every)
    for p in [0.05, 0.3, 0.7, 0.95]:
        alone("typical", [p, *options], hf.TypicalLogitsWarper(p, min_tokens_to_keep=keep), every)
    for epsilon in [0.001, 0.04, 0.3]:
        alone("epsilonCutoff", [epsilon, *options], hf.EpsilonLogitsWarper(epsilon, min_tokens_to_keep=keep), every)
    for epsilon in [0.002, 0.04, 0.5]:
        alone("etaCutoff", [epsilon, *options], hf.EtaLogitsWarper(epsilon, min_tokens_to_keep=keep), every)
for k in [1, 5, 100]:
    alone("topK", [k], hf.TopKLogitsWarper(k), every)
for t in [0.3, 1.7]:
    alone("temperature", [t], hf.TemperatureLogitsWarper(t), every)
alone("renormalise", [], hf.LogitNormalization(), every)

for penalty in [1.3, 0.6]:
    alone("repetitionPenalty", [penalty], hf.RepetitionPenaltyLogitsProcessor(penalty), growing)
    ignoring = hf.RepetitionPenaltyLogitsProcessor(penalty, prompt_ignore_length=PROMPT)
    alone("repetitionPenalty", [penalty, {"countPrompt": False}], ignoring, growing[2:])
for n in [1, 2, 3, 4]:
    alone("noRepeatNGram", [n], hf.NoRepeatNGramLogitsProcessor(n), growing)
words = [[3], [1, 2], [2, 9, 1, 4], [5, 1, 11], [2, 9, 1, 2, 8], [1, 17]]
alone("badWords", [words], hf.NoBadWordsLogitsProcessor(words), growing)
biases = [[[3], 2.5], [[1, 3], -1.25], [[2, 7], 4.0], [[5, 1, 2, 9, 1, 20], -3.0], [[9, 1, 3], 0.5]]
alone("sequenceBias", [biases], hf.SequenceBiasLogitsProcessor(biases), growing)
alone("logitBias", [{"3": 2.5, "20": -1.0}], hf.SequenceBiasLogitsProcessor([[[3], 2.5], [[20], -1.0]]), growing[:2])
alone("suppress", [[0, 4, 23]], hf.SuppressTokensLogitsProcessor([0, 4, 23]), growing[:2])
alone("suppressAtBeginning", [[0, 4]], hf.SuppressTokensAtBeginLogitsProcessor([0, 4], PROMPT), growing[1:4])
alone("forceFirst", [6], hf.ForcedBOSTokenLogitsProcessor(6), growing[:3])
alone("forceLast", [6, 3], hf.ForcedEOSTokenLogitsProcessor(3 + PROMPT, 6), growing)
alone("forceLast", [[6, 8], 6, {"countPrompt": True}], hf.ForcedEOSTokenLogitsProcessor(6, [6, 8]), growing[2:5])
alone("minTokens", [4, [0, 8], {"countPrompt": True}], hf.MinLengthLogitsProcessor(4, [0, 8]), growing[:5])
alone("minTokens", [3, [0, 8]], hf.MinNewTokensLengthLogitsProcessor(PROMPT, 3, [0, 8]), growing[2:])
decay = hf.ExponentialDecayLengthPenalty((2, 1.4), [0, 8], PROMPT)
alone("exponentialDecayLength", [2, 1.4, [0, 8]], decay, growing[2:])

written = {"ids": ids, "prompt": PROMPT, "logits": {name: numbers(row) for name, row in logits.items()}, "cases": cases}
(here / "transforms.json").write_text(json.dumps(written))

# Whole chains, prepared as `generate` prepares them.
model = GPT2LMHeadModel(GPT2Config(vocab_size=VOCABULARY, n_embd=4, n_layer=1, n_head=1, n_positions=64))
model.generation_config = GenerationConfig()  # GPT-2's own names an end id, which configs without one would get
ENDS = {"eos_token_id": [0, 8]}
configs = [
    {},
    {"do_sample": True},
    {"do_sample": True, "top_k": 0},
    {"do_sample": True, "temperature": 0.7, "top_k": 12, "top_p": 0.8, "repetition_penalty": 1.2},
    {"do_sample": False, "temperature": 0.7, "top_k": 2, "top_p": 0.5, "repetition_penalty": 1.2},
    {"do_sample": True, "temperature": 1.6, "top_k": 0, "min_p": 0.1, "no_repeat_ngram_size": 2},
    {"do_sample": True, "top_k": 15, "top_p": 0.95, "typical_p": 0.8, "epsilon_cutoff": 0.02, "eta_cutoff": 0.05},
    {"do_sample": True, "num_beams": 3, "temperature": 0.4, "top_k": 2, "top_p": 0.1, "min_p": 0.9, **ENDS},
    {"do_sample": True, "num_beams": 2, "top_k": 0, "typical_p": 0.1, "epsilon_cutoff": 0.6, "eta_cutoff": 0.9},
    {"do_sample": True, "top_k": 0, "typical_p": 0.9, "min_p": 0.02, "renormalize_logits": True},
    {"num_beams": 4, "no_repeat_ngram_size": 3, "min_length": 6, "max_length": 10, "length_penalty": 2.0,
     "forced_bos_token_id": 4, "forced_eos_token_id": 8, "early_stopping": True, **ENDS},
    {"min_length": 9, "min_new_tokens": 2, "max_new_tokens": 7, "forced_eos_token_id": [8, 3], **ENDS},
    {"max_length": 30, "max_new_tokens": 4, "forced_eos_token_id": 8, "eos_token_id": 8},
    {"min_length": 7},
    {"begin_suppress_tokens": [2, 0], "suppress_tokens": [7, 11, 13]},
    {"begin_suppress_tokens": [2, 0], "forced_bos_token_id": 4, "suppress_tokens": [7, 3]},
    {"sequence_bias": biases, "bad_words_ids": [*words, [8]], "repetition_penalty": 0.8, **ENDS},
    {"exponential_decay_length_penalty": [1, 1.2], "repetition_penalty": 1.5, "renormalize_logits": True, **ENDS},
    {"exponential_decay_length_penalty": [0, 1.1], "sequence_bias": biases, "no_repeat_ngram_size": 2, "min_new_tokens": 3,
     "suppress_tokens": [20], "do_sample": True, "temperature": 0.8, "top_k": 10, "top_p": 0.9, "eos_token_id": 0},
]
chains = []
for config in configs:
    for prompt in [1, PROMPT]:
        prepared, _ = model._prepare_generation_config(GenerationConfig(**config))
        model._prepare_special_tokens(prepared, True, device="cpu")
        prepared = model._prepare_generated_length(
            generation_config=prepared,
            has_default_max_length="max_length" not in config,
            has_default_min_length="min_length" not in config,
            model_input_name="input_ids",
            input_ids_length=prompt,
            inputs_tensor=torch.tensor([ids[:prompt]]),
        )
        processors = model._get_logits_processor(prepared, input_ids_seq_length=prompt)
        steps = []
        for at, length in enumerate([prompt, prompt + 1, prompt + 3, 9]):
            name = ["usual", "holed", "shifted", "usual"][at]
            result = processors(torch.tensor([ids[:length]]), logits[name][None].clone())[0]
            steps.append({"length": length, "logits": name, **difference(logits[name], result)})
        names = [type(processor).__name__ for processor in processors]
        chains.append({"config": config, "prompt": prompt, "processors": names, "steps": steps})
(here / "transform-chains.json").write_text(json.dumps(chains))
