"""
Makes the GGUF files beside this file, tiny random models in the types that Tenon keeps in levels, and what Hugging Face's transformers, which read GGUF on their own,
answer with them.

    pip install torch transformers gguf   # torch 2.15.0, transformers 5.24.0 and gguf 0.19.0 made what is here; no GPU
    python3 packages/pretrained/goldens/make_gguf.py

Weights are quantised by the package gguf. It has no quantiser for Q4_K and Q6_K: these are random blocks, with scales that give numbers of the usual size.
"""

import json

import numpy as np
import torch
import transformers
from folder import END, PROMPTS, here, padded, random_weights, rounded
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter, TokenType, quantize
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}  # fmt: skip
dice = np.random.default_rng(3)
# Byte-level: Ġ is the space. The end stands where END is.
TOKENS = ["a", "<|end|>", *"bcdefghijklmnopqrstuvwxyz", "Ġ", "ab"]


def gguf_name(name):
    for theirs, ours in {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}.items():
        if name.startswith(theirs):
            return name.replace(theirs, ours)
    _, _, layer, rest = name.split(".", 3)
    part, kind = rest.rsplit(".", 1)
    return f"blk.{layer}.{NAMES[part]}.{kind}"


def neighbours(values, heads):
    """Rows of each head, which rotate in halves, in the order in which neighbours rotate: what llama.cpp expects of Llama."""
    return values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:]).swapaxes(1, 2).reshape(values.shape)


def random_blocks(shape, type):
    rows, size, halves = shape[0] * shape[1] // 256, *{Type.Q4_K: (144, {0: 0.002, 2: 0.01}), Type.Q6_K: (210, {208: 0.0001})}[type]
    data = dice.integers(0, 256, size=(rows, size), dtype=np.uint8)
    for at, scale in halves.items():
        data[:, at : at + 2] = np.full((rows, 1), scale, "<f2").view(np.uint8)
    return data.reshape(shape[0], -1)


def gguf_file(name, model, type_of):
    """`type_of` says how a matrix is stored, by its name in GGUF."""
    random_weights(model)
    config = model.config
    arch = config.model_type
    path = here / f"{name}.gguf"
    writer = GGUFWriter(path, arch)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(config.head_dim if arch == "qwen3" else config.hidden_size // config.num_attention_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_eos_token_id(END)
    # Without a tokenizer transformers do not take the file.
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([TokenType.CONTROL if token == "<|end|>" else TokenType.NORMAL for token in TOKENS])
    writer.add_token_merges(["a b"])
    for theirs, parameter in model.named_parameters():
        values, ours = parameter.detach().numpy(), gguf_name(theirs)
        if arch == "llama" and "attn_q." in ours:
            values = neighbours(values, config.num_attention_heads)
        if arch == "llama" and "attn_k." in ours:
            values = neighbours(values, config.num_key_value_heads)
        if values.ndim == 1:
            writer.add_tensor(ours, values)
            continue
        type = type_of(ours)
        data = random_blocks(values.shape, type) if type in (Type.Q4_K, Type.Q6_K) else quantize(values, type)
        writer.add_tensor(ours, data, raw_dtype=type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    read = AutoModelForCausalLM.from_pretrained(here, gguf_file=path.name, dtype=torch.float32).eval()
    ids, mask = padded(PROMPTS)
    with torch.no_grad():
        logits = read(input_ids=ids, attention_mask=mask).logits
    expected = {"transformers": transformers.__version__, "prompts": PROMPTS, "logits": [rounded(row[: len(prompt)].flatten().tolist()) for row, prompt in zip(logits, PROMPTS)]}
    (here / f"{name}-gguf.json").write_text(json.dumps(expected) + "\n")
    print(path.name, path.stat().st_size, "bytes")


SIZES = {"vocab_size": 29, "hidden_size": 64, "intermediate_size": 256, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 32}
SMALL = {**SIZES, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1}


def mixed(name):
    if "ffn_down" in name:
        return Type.Q4_K if ".0." in name else Type.Q6_K
    return Type.Q4_0 if "ffn" in name else Type.F16 if name == "output.weight" else Type.Q8_0


gguf_file("llama-levels", LlamaForCausalLM(LlamaConfig(**SIZES)), mixed)
gguf_file("qwen2-levels", Qwen2ForCausalLM(Qwen2Config(**SMALL)), lambda _: Type.Q8_0)
# transformers do not read the width of a head of Qwen 3, and take 128.
QWEN3 = {**SMALL, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 128, "tie_word_embeddings": True}
gguf_file("qwen3-levels", Qwen3ForCausalLM(Qwen3Config(**QWEN3)), lambda _: Type.Q4_0)
