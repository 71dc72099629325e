"""
Makes the folders of decoders beside this file: tiny random models, and what Hugging Face's transformers answer with them.

    pip install torch transformers   # torch 2.15.0 and transformers 5.24.0 made what is here; no GPU
    python3 packages/pretrained/goldens/decoders.py
"""

from folder import SIZES, decoder_folder
from transformers import LlamaConfig, LlamaForCausalLM

LLAMA3 = {
    "rope_type": "llama3", "rope_theta": 500.0, "factor": 4.0, "original_max_position_embeddings": 12, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
}  # fmt: skip

decoder_folder("llama", LlamaForCausalLM(LlamaConfig(**SIZES)))
decoder_folder("llama-3", LlamaForCausalLM(LlamaConfig(**SIZES, num_key_value_heads=1, rope_parameters=LLAMA3, tie_word_embeddings=True)))
