"""
Configs as well-known models were published with them, made small, and configs at the edges of each family: what Hugging Face's transformers compute for each.

    pip install torch transformers   # torch 2.15.0 and transformers 5.24.0 made what is here; no GPU
    python3 packages/pretrained/goldens/published.py

The keys and their spelling are the published ones (those that say nothing of the computation are left out), the sizes are small. Weights are not stored: both sides draw
them from the names of the tensors by `drawn`, so that published.json holds a config, the count of parameters and logits for each model.
"""

import json
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

import numpy
import torch
import transformers
from safetensors.numpy import load_file, save_file

here = Path(__file__).parent
torch.set_num_threads(1)
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
IDS = [3, 1, 4, 1, 5, 2, 6, 5, 3, 5, 0, 2]

SMALL = {"vocab_size": 7, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 16}
OLD = {"vocab_size": 7, "n_embd": 8, "n_layer": 2, "n_head": 2, "n_positions": 16, "n_ctx": 16}


def llama(**keys):
    return {"model_type": "llama", "architectures": ["LlamaForCausalLM"], **SMALL, "hidden_act": "silu", "rms_norm_eps": 1e-05, **keys}


def mistral(**keys):
    return llama(model_type="mistral", architectures=["MistralForCausalLM"], num_key_value_heads=1, tie_word_embeddings=False) | keys


def qwen(version, **keys):
    base = llama(model_type=f"qwen{version}", architectures=[f"Qwen{version}ForCausalLM"], rms_norm_eps=1e-06, rope_theta=1000000.0)
    return base | {"num_key_value_heads": 1, "use_sliding_window": False, "max_window_layers": 2, "tie_word_embeddings": False} | keys


def gemma(version, **keys):
    kind, made = {"": ("gemma", "Gemma"), "2": ("gemma2", "Gemma2"), "3": ("gemma3_text", "Gemma3")}[version]
    base = {"model_type": kind, "architectures": [f"{made}ForCausalLM"], **SMALL, "head_dim": 6, "num_key_value_heads": 1, "attention_bias": False}
    return base | {"rms_norm_eps": 1e-06, "rope_theta": 10000.0} | keys


def phi3(**keys):
    base = llama(model_type="phi3", architectures=["Phi3ForCausalLM"], rope_theta=10000.0, attention_bias=False, tie_word_embeddings=False)
    return base | {"num_key_value_heads": 2, "original_max_position_embeddings": 8, "pad_token_id": None} | keys


def neox(**keys):
    base = {"model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"], **SMALL, "hidden_act": "gelu", "layer_norm_eps": 1e-05, "rotary_emb_base": 10000}
    return base | {"rotary_pct": 0.5, "use_parallel_residual": True, "tie_word_embeddings": False} | keys


LLAMA3 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8, "rope_type": "llama3"}
FACTORS = {"long_factor": [1.5, 3.0], "short_factor": [1.05, 1.1]}

MODELS = {
    # Published.
    "llama-2-13b": llama(pretraining_tp=2, rope_scaling=None, num_key_value_heads=2, tie_word_embeddings=False, torch_dtype="float16"),
    "llama-3.1-8b": llama(rope_scaling=LLAMA3, rope_theta=500000.0, num_key_value_heads=1, attention_bias=False, mlp_bias=False, pretraining_tp=1, tie_word_embeddings=False),
    "llama-3.2-1b": llama(rope_scaling=LLAMA3, rope_theta=500000.0, num_key_value_heads=1, head_dim=4, tie_word_embeddings=True),
    "tinyllama": llama(num_key_value_heads=1, rope_scaling=None, pretraining_tp=1, tie_word_embeddings=False, attention_bias=False),
    "smollm2": llama(num_key_value_heads=1, is_llama_config=True, rope_interleaved=False, rope_scaling=None, rope_theta=100000, tie_word_embeddings=True),
    "vicuna-16k": llama(rope_scaling={"factor": 4.0, "type": "linear"}, pretraining_tp=1),
    "yarn-llama-2": llama(rope_scaling={"factor": 2.0, "original_max_position_embeddings": 8, "type": "yarn", "finetuned": True}),
    "mistral-v0.1": mistral(sliding_window=5, rope_theta=10000.0),
    "mistral-v0.3": mistral(sliding_window=None, rope_theta=1000000.0, head_dim=None),
    "mistral-nemo": mistral(sliding_window=None, rope_theta=1000000.0, head_dim=6),
    "mixtral-8x7b": mistral(
        model_type="mixtral", architectures=["MixtralForCausalLM"], num_local_experts=4, num_experts_per_tok=2, output_router_logits=False,
        router_aux_loss_coef=0.02, sliding_window=None, rope_theta=1000000.0,
    ),
    "qwen1.5": qwen(2, num_key_value_heads=2, sliding_window=32768, max_window_layers=1),
    "qwen2.5-0.5b": qwen(2, sliding_window=32768, use_mrope=False, tie_word_embeddings=True),
    "qwen2.5-yarn": qwen(2, sliding_window=131072, rope_scaling={"factor": 4.0, "original_max_position_embeddings": 8, "type": "yarn"}),
    "qwen3-0.6b": qwen(3, head_dim=6, attention_bias=False, rope_scaling=None, sliding_window=None, tie_word_embeddings=True),
    "gemma-2b": gemma("", hidden_act="gelu"),
    "gemma-1.1-2b": gemma("", hidden_act="gelu_pytorch_tanh", hidden_activation=None),
    "gemma-2-2b": gemma(
        "2", attn_logit_softcapping=50.0, final_logit_softcapping=30.0, hidden_act="gelu_pytorch_tanh", hidden_activation="gelu_pytorch_tanh", cache_implementation="hybrid",
        query_pre_attn_scalar=7, sliding_window=4, sliding_window_size=4,
    ),
    "gemma-3-1b": gemma(
        "3", num_hidden_layers=7, attn_logit_softcapping=None, final_logit_softcapping=None, hidden_activation="gelu_pytorch_tanh", query_pre_attn_scalar=6,
        rope_local_base_freq=100, rope_scaling=None, rope_theta=1000000, sliding_window=4, sliding_window_pattern=6, cache_implementation="hybrid",
    ),
    "gemma-3-270m": gemma(
        "3", num_hidden_layers=6, _sliding_window_pattern=6, attn_logit_softcapping=None, final_logit_softcapping=None, hidden_activation="gelu_pytorch_tanh",
        layer_types=["sliding_attention"] * 5 + ["full_attention"], query_pre_attn_scalar=6, rope_local_base_freq=100.0, rope_scaling=None, rope_theta=1000000.0,
        sliding_window=4, use_bidirectional_attention=False,
    ),
    "phi-1.5": {
        "model_type": "phi", "architectures": ["PhiForCausalLM"], **SMALL, "hidden_act": "gelu_new", "layer_norm_eps": 1e-05, "num_key_value_heads": None,
        "partial_rotary_factor": 0.5, "qk_layernorm": False, "rope_scaling": None, "rope_theta": 10000.0, "tie_word_embeddings": False,
    },
    "phi-3-mini-4k": phi3(sliding_window=5, rope_scaling=None),
    "phi-3.5-mini": phi3(sliding_window=262144, rope_scaling={**FACTORS, "type": "longrope"}),
    "phi-4": phi3(sliding_window=None, rope_scaling=None, rope_theta=250000, num_key_value_heads=1, original_max_position_embeddings=16),
    "phi-4-mini": phi3(
        hidden_size=16, sliding_window=262144, partial_rotary_factor=0.5, num_key_value_heads=1, tie_word_embeddings=True, rope_scaling={**FACTORS, "type": "longrope"},
        interpolate_factor=1, lm_head_bias=False, mlp_bias=False, full_attn_mod=1,
    ),
    "gpt2": {
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], **OLD, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05, "summary_type": "cls_index",
        "task_specific_params": {"text-generation": {"do_sample": True, "max_length": 50}},
    },
    "cerebras-gpt": {
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], **OLD, "activation_function": "gelu", "n_inner": 12, "scale_attn_weights": True,
        "scale_attn_by_inverse_layer_idx": False, "reorder_and_upcast_attn": False,
    },
    "openai-gpt": {
        "model_type": "openai-gpt", "architectures": ["OpenAIGPTLMHeadModel"], **OLD, "afn": "gelu", "layer_norm_epsilon": 1e-05, "predict_special_tokens": True,
        "n_special": 0,
    },
    "gpt-neo-125m": {
        "model_type": "gpt_neo", "architectures": ["GPTNeoForCausalLM"], "vocab_size": 7, "hidden_size": 8, "num_layers": 4, "num_heads": 2, "max_position_embeddings": 16,
        "attention_layers": ["global", "local"] * 2, "attention_types": [[["global", "local"], 2]], "activation_function": "gelu_new", "intermediate_size": None,
        "window_size": 3, "layer_norm_epsilon": 1e-05,
    },
    "pythia-70m": neox(hidden_size=16, rotary_pct=0.25),
    "gpt-neox-20b": neox(hidden_size=16, rotary_pct=0.25, hidden_act="gelu_fast", attention_probs_dropout_prob=0, hidden_dropout_prob=0),
    "redpajama-3b": neox(rotary_pct=1.0, use_parallel_residual=False),
    "gpt-j-6b": {
        "model_type": "gptj", "architectures": ["GPTJForCausalLM"], **OLD, "activation_function": "gelu_new", "n_inner": None, "rotary": True, "rotary_dim": 2,
        "scale_attn_weights": True, "layer_norm_epsilon": 1e-05, "tie_word_embeddings": False,
    },
    # At the edges.
    "llama, all biases, three heads to a key": llama(num_attention_heads=6, num_key_value_heads=2, head_dim=2, hidden_size=12, attention_bias=True, mlp_bias=True),
    "llama, one layer, heads that do not divide the width": llama(num_hidden_layers=1, hidden_size=10, head_dim=6, hidden_act="gelu"),
    "llama, dynamic": llama(max_position_embeddings=8, rope_scaling={"type": "dynamic", "factor": 2.0}),
    "llama, yarn with mscale": llama(
        rope_scaling={"rope_type": "yarn", "factor": 4.0, "mscale": 1.5, "mscale_all_dim": 0.5, "beta_fast": 16, "beta_slow": 2, "original_max_position_embeddings": 4},
    ),
    "llama, yarn with mscale alone": llama(rope_scaling={"rope_type": "yarn", "factor": 4.0, "mscale": 1.5, "original_max_position_embeddings": 4}),
    "mistral, a window longer than the text": mistral(sliding_window=100, num_attention_heads=4),
    "mixtral, one expert per token, with windows": mistral(
        model_type="mixtral", architectures=["MixtralForCausalLM"], num_local_experts=3, num_experts_per_tok=1, sliding_window=4,
    ),
    "qwen2, upper layers slide": qwen(2, num_hidden_layers=3, use_sliding_window=True, sliding_window=4, max_window_layers=2),
    "qwen3, biases": qwen(3, head_dim=6, num_attention_heads=4, num_key_value_heads=2, attention_bias=True),
    "gemma, biases": gemma("", attention_bias=True, num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=False),
    "gemma2, one layer": gemma("2", num_hidden_layers=1, sliding_window=4, query_pre_attn_scalar=6, attn_logit_softcapping=None),
    "gemma3, scaled": gemma(
        "3", sliding_window=4, sliding_window_pattern=2, query_pre_attn_scalar=6, rope_scaling={"factor": 8.0, "rope_type": "linear"}, final_logit_softcapping=3.0,
    ),
    "gemma3, all layers slide": gemma("3", sliding_window=4, query_pre_attn_scalar=6, rope_local_base_freq=100.0),
    "gemma3, no layer slides": gemma("3", layer_types=["full_attention"] * 2, query_pre_attn_scalar=6),
    "phi, fewer key-value heads": {
        "model_type": "phi", **SMALL, "num_attention_heads": 4, "num_key_value_heads": 2, "hidden_size": 16, "partial_rotary_factor": 0.5, "rope_theta": 10000.0,
    },
    "phi, with the defaults": {"model_type": "phi", **SMALL},
    "gpt-neo, as types": {
        "model_type": "gpt_neo", "vocab_size": 7, "hidden_size": 8, "num_layers": 3, "num_heads": 2, "max_position_embeddings": 16, "window_size": 3,
        "attention_types": [[["local"], 1], [["global", "local"], 1]], "intermediate_size": 12,
    },
    "gpt-neox, no biases, tied": neox(attention_bias=False, tie_word_embeddings=True),
    "gpt-neox, scaled": neox(rotary_pct=1.0, rope_scaling={"type": "linear", "factor": 2.0}),
}  # fmt: skip


def drawn(name, shape):
    """Numbers for a tensor that depend on its name and their place alone: integers of 32 bits, mixed. The test does the same."""
    mixed = numpy.uint32(2166136261)
    for byte in name.encode():
        mixed = (mixed ^ numpy.uint32(byte)) * numpy.uint32(16777619)
    place = mixed + numpy.arange(int(numpy.prod(shape)), dtype=numpy.uint32) * numpy.uint32(2654435761)
    for _ in range(2):
        place = (place ^ (place >> numpy.uint32(16))) * numpy.uint32(73244475)
    place ^= place >> numpy.uint32(16)
    values = place.astype(numpy.float64) / 2**32 - 0.5
    return (values + (len(shape) == 1 and name.endswith("weight"))).astype(numpy.float32).reshape(shape)


def answered(name, config):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.json").write_text(json.dumps(config))
        loaded = transformers.AutoConfig.from_pretrained(folder)
        model = transformers.AutoModelForCausalLM.from_config(loaded, dtype=torch.float32, attn_implementation="eager").eval()
        # Written and read again, so that tensors have the names that checkpoints have, and tied ones are one.
        model.save_pretrained(folder)
        tensors = {key: drawn(key, value.shape) for key, value in load_file(Path(folder) / "model.safetensors").items()}
        save_file(tensors, Path(folder) / "model.safetensors", {"format": "pt"})
        (Path(folder) / "config.json").write_text(json.dumps(config))
        model, report = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
        assert not any(report.values()), (name, report)
        with torch.no_grad():
            logits = model.eval()(torch.tensor([IDS])).logits[0]
    # The first and the last half of the text: what windows and scalings change grows with the distance.
    shown = [float(f"{value:.6g}") for value in logits[[1, 7, 11]].flatten().tolist()]
    return {"config": config, "numbers": sum(value.size for value in tensors.values()), "logits": shown}


def main():
    rows = {}
    for name, config in MODELS.items():
        rows[name] = answered(name, config)
        print(name, rows[name]["numbers"], rows[name]["logits"][:3])
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    head = json.dumps({"transformers": transformers.__version__, "ids": IDS})[1:-1]
    (here / "published.json").write_text(f"{{\n  {head},\n  \"models\": {{\n{lines}\n  }}\n}}\n")


if __name__ == "__main__":
    numpy.seterr(over="ignore")
    main()
