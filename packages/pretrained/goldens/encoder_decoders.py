"""
Makes the folders of encoder–decoders beside this file: tiny random models, and what Hugging Face's transformers answer with them.

    pip install torch transformers   # torch 2.15.0 and transformers 5.24.0 made what is here; no GPU
    python3 packages/pretrained/goldens/encoder_decoders.py
"""

import json

import torch
from folder import END, PAD, PROMPTS, VOCABULARY, here, padded, random_weights, rounded, write
from transformers import (
    BartConfig, BartForConditionalGeneration, GenerationConfig, MarianConfig, MarianMTModel, T5Config, T5ForConditionalGeneration,
)  # fmt: skip

START = 3
TARGETS = [[START, 9, 14, 4], [START, 27, 6, 6], [START, 11, 12, 20]]
# The ways to stop, by Hugging Face's name and ours.
SEARCHES = [(3, 1.0, False), (3, 0.3, True), (2, 2.0, "never")]


def encoder_decoder_folder(name, make, first=1, targets=TARGETS, tokens=8):
    """
    The logits of targets for sources with padding at the end, and what greedy search and beams find for the sources. `make(seed)` gives the model; of the seeds the first
    is taken whose texts end, but not all, and on which the searches disagree: most random models say one token again and again.
    """
    ids, mask = padded(PROMPTS)

    def found(model, **options):
        config = GenerationConfig(
            max_new_tokens=tokens, do_sample=False, pad_token_id=PAD, eos_token_id=END, decoder_start_token_id=START, **options
        )
        rows = model.generate(input_ids=ids, attention_mask=mask, generation_config=config)[:, 1:].tolist()
        return [row[: row.index(END) + 1] if END in row else row for row in rows]

    for seed in range(first, 500):
        model = make(seed)
        greedy = found(model)
        beams = [
            {"count": count, "lengthPenalty": penalty, "earlyStopping": early, "ids": found(model, num_beams=count, length_penalty=penalty, early_stopping=early)}
            for count, penalty, early in SEARCHES
        ]  # fmt: skip
        texts = [str(row) for search in [greedy, *(one["ids"] for one in beams)] for row in search]
        ended = sum(str(END) == text.strip("[]").split(", ")[-1] for text in texts)
        if len(set(texts)) >= 6 and 2 <= ended < len(texts) and len({str(one["ids"]) for one in beams}) == 3:
            break
    else:
        raise ValueError(f"{name}: no seed will do")
    with torch.no_grad():
        logits = model(input_ids=ids, attention_mask=mask, decoder_input_ids=torch.tensor(targets)).logits
    write(name, model, {
        "seed": seed, "sources": PROMPTS, "targets": targets, "logits": [rounded(row.flatten().tolist()) for row in logits],
        "start": START, "end": END, "tokens": tokens, "greedy": greedy, "beams": beams,
    })  # fmt: skip


TOKENS = {"pad_token_id": PAD, "bos_token_id": 2, "eos_token_id": END, "decoder_start_token_id": START}
SIZES = {
    **TOKENS, "vocab_size": VOCABULARY, "d_model": 8, "max_position_embeddings": 20, "forced_eos_token_id": None,
    "encoder_layers": 2, "encoder_ffn_dim": 12, "encoder_attention_heads": 2, "decoder_layers": 2, "decoder_ffn_dim": 10, "decoder_attention_heads": 4,
}  # fmt: skip


def with_bias(model, seed):
    """The bias of the logits is no parameter, and begins at 0."""
    model.final_logits_bias = torch.nn.Buffer(torch.randn(model.final_logits_bias.shape, generator=torch.Generator().manual_seed(seed)))
    return random_weights(model, seed)


def bart(**options):
    return lambda seed: with_bias(BartForConditionalGeneration(BartConfig(**SIZES, **options)), seed)


encoder_decoder_folder("bart", bart())
encoder_decoder_folder("bart-scaled", bart(scale_embedding=True, activation_function="relu"))


def marian(**options):
    def make(seed):
        model = MarianMTModel(MarianConfig(**SIZES | options, activation_function="swish", scale_embedding=True))
        # The tables of positions are parameters, but computed.
        tables = [side.embed_positions.weight for side in (model.model.encoder, model.model.decoder)]
        kept = [table.detach().clone() for table in tables]
        with_bias(model, seed)
        with torch.no_grad():
            for table, values in zip(tables, kept):
                table.copy_(values)
        return model

    return make


encoder_decoder_folder("marian", marian())
encoder_decoder_folder("marian-two-tables", marian(share_encoder_decoder_embeddings=False, decoder_vocab_size=31, decoder_layers=1))


def t5(own_output=False, **options):
    def make(seed):
        model = T5ForConditionalGeneration(T5Config(
            **TOKENS, vocab_size=VOCABULARY, d_model=8, d_kv=3, d_ff=12, num_layers=2, num_heads=2,
            relative_attention_num_buckets=8, relative_attention_max_distance=10, **options,
        ))  # fmt: skip
        if own_output:  # transformers 5 makes every T5 tied, but loads one that is not, such as all of release 1.1
            model.lm_head.weight = torch.nn.Parameter(torch.empty(VOCABULARY, 8))
        return random_weights(model, seed)

    return make


encoder_decoder_folder("t5", t5())
encoder_decoder_folder("t5-gated", t5(own_output=True, feed_forward_proj="gated-gelu", tie_word_embeddings=False))
# A config as those of release 1.1 are published; transformers 5 writes that they are tied, and leaves the rest to the checkpoint.
file = here / "t5-gated" / "config.json"
config = json.loads(file.read_text())
del config["scale_decoder_outputs"]
file.write_text(json.dumps(config | {"tie_word_embeddings": False}, indent=2) + "\n")
# What transformers 5 makes of such a config when it begins a model anew.
encoder_decoder_folder("t5-unscaled", t5(num_decoder_layers=1, feed_forward_proj="gated-silu", tie_word_embeddings=False))
