"""
Makes the folders of decoders beside this file: tiny random models, and what Hugging Face's transformers answer with them.

    pip install torch transformers   # torch 2.15.0 and transformers 5.24.0 made what is here; no GPU
    python3 packages/pretrained/goldens/decoders.py
"""

from folder import PROMPTS, SIZES, decoder_folder
from transformers import (
    Gemma2Config, Gemma2ForCausalLM, Gemma3ForCausalLM, Gemma3TextConfig, GemmaConfig, GemmaForCausalLM, GPT2Config, GPT2LMHeadModel, GPTJConfig,
    GPTJForCausalLM, GPTNeoConfig, GPTNeoForCausalLM, GPTNeoXConfig, GPTNeoXForCausalLM, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM,
    MixtralConfig, MixtralForCausalLM, OpenAIGPTConfig, OpenAIGPTLMHeadModel, Phi3Config, Phi3ForCausalLM, PhiConfig, PhiForCausalLM, Qwen2Config,
    Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM,
)  # fmt: skip

LLAMA3 = {
    "rope_type": "llama3", "rope_theta": 500.0, "factor": 4.0, "original_max_position_embeddings": 12, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
}  # fmt: skip

decoder_folder("llama", LlamaForCausalLM(LlamaConfig(**SIZES)))
decoder_folder("llama-3", LlamaForCausalLM(LlamaConfig(**SIZES, num_key_value_heads=1, rope_parameters=LLAMA3, tie_word_embeddings=True)))

SLIDING = {"sliding_window": 3}
decoder_folder("mistral", MistralForCausalLM(MistralConfig(**SIZES, **SLIDING, num_key_value_heads=1, head_dim=6)))
decoder_folder("mixtral", MixtralForCausalLM(MixtralConfig(**SIZES, num_key_value_heads=1, num_local_experts=3, num_experts_per_tok=2)))
decoder_folder("qwen2", Qwen2ForCausalLM(Qwen2Config(**SIZES, **SLIDING, num_key_value_heads=1, use_sliding_window=True, max_window_layers=1, tie_word_embeddings=True)))
decoder_folder("qwen3", Qwen3ForCausalLM(Qwen3Config(**SIZES, num_key_value_heads=1, head_dim=6)))

GEMMA = {"num_key_value_heads": 1, "head_dim": 6}
decoder_folder("gemma", GemmaForCausalLM(GemmaConfig(**SIZES, **GEMMA)))
decoder_folder("gemma2", Gemma2ForCausalLM(Gemma2Config(
    **SIZES, **SLIDING, **GEMMA, query_pre_attn_scalar=16, attn_logit_softcapping=2.0, final_logit_softcapping=3.0,
)))  # fmt: skip
decoder_folder("gemma3", Gemma3ForCausalLM(Gemma3TextConfig(
    **SIZES | {"num_hidden_layers": 3}, **SLIDING, **GEMMA, query_pre_attn_scalar=16,
    layer_types=["sliding_attention", "sliding_attention", "full_attention"],
    rope_parameters={
        "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
        "full_attention": {"rope_type": "linear", "factor": 2.0, "rope_theta": 1000.0},
    },
)))  # fmt: skip

decoder_folder("phi", PhiForCausalLM(PhiConfig(**SIZES, partial_rotary_factor=0.5)))
LONG = {"rope_type": "longrope", "short_factor": [1.0, 2.0], "long_factor": [1.5, 3.0], "original_max_position_embeddings": 10, "rope_theta": 1000.0}
phi3 = lambda: Phi3ForCausalLM(Phi3Config(**SIZES, num_key_value_heads=1, original_max_position_embeddings=10, rope_parameters=LONG))
# Texts on either side of the length at which the factors change: transformers reads a text anew when it grows across.
decoder_folder("phi3", phi3(), tokens=3)
decoder_folder("phi3-long", phi3(), prompts=[[*PROMPTS[0], 4, 8, 12, 16], [*PROMPTS[0], *PROMPTS[2]], [*PROMPTS[2], *PROMPTS[0], 6]])

# The older names of the same sizes.
OLD = {
    "vocab_size": SIZES["vocab_size"], "n_embd": 8, "n_layer": 2, "n_head": 2, "n_positions": SIZES["max_position_embeddings"],
    "bos_token_id": 2, "eos_token_id": 1, "pad_token_id": 0,
}  # fmt: skip
decoder_folder("gpt2", GPT2LMHeadModel(GPT2Config(**OLD)))
decoder_folder("openai-gpt", OpenAIGPTLMHeadModel(OpenAIGPTConfig(**OLD)))
decoder_folder("gptj", GPTJForCausalLM(GPTJConfig(**OLD, rotary_dim=2)))
NEO = {"hidden_size": 8, "num_heads": 2, "num_layers": 2, "attention_types": [[["global", "local"], 1]], "window_size": 3}
decoder_folder("gpt-neo", GPTNeoForCausalLM(GPTNeoConfig(**{key: SIZES[key] for key in ("vocab_size", "max_position_embeddings", "bos_token_id", "eos_token_id", "pad_token_id")}, **NEO)))
NEOX = {"rope_parameters": {"rope_type": "default", "rope_theta": 100.0, "partial_rotary_factor": 0.5}}
decoder_folder("gpt-neox", GPTNeoXForCausalLM(GPTNeoXConfig(**SIZES, **NEOX)))
decoder_folder("gpt-neox-sequential", GPTNeoXForCausalLM(GPTNeoXConfig(**SIZES, **NEOX, use_parallel_residual=False, tie_word_embeddings=True)))
