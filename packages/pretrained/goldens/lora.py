"""
Makes the folders of lora/: adapters of the tiny models beside this file, trained by nobody, as PEFT saves them, and what the models answer with them.

    pip install torch transformers peft   # torch 2.15.0, transformers 5.24.0 and peft 0.21.2 made what is here; no GPU
    python3 packages/pretrained/goldens/lora.py
"""

import json
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
import transformers
from peft import LoraConfig, TaskType, get_peft_model
from folder import PROMPTS, padded, rounded

here = Path(__file__).parent


def adapter_folder(name, base, **config):
    """The adapters of a golden folder's model, every A and B random, and its logits for every real token (or for every row, where a row has one)."""
    architecture = json.loads((here / base / "config.json").read_text())["architectures"][0]
    model = getattr(transformers, architecture).from_pretrained(here / base)
    adapted = get_peft_model(model, LoraConfig(init_lora_weights=False, **config)).eval()
    dice = torch.Generator().manual_seed(len(name))
    with torch.no_grad():
        for key, parameter in adapted.named_parameters():
            if "lora_" in key:
                parameter.copy_(0.4 * torch.randn(parameter.shape, generator=dice))
            elif "modules_to_save" in key:
                parameter.copy_(parameter + 0.3 * torch.randn(parameter.shape, generator=dice))
        ids, mask = padded(PROMPTS)
        logits = adapted(input_ids=ids, attention_mask=mask).logits
    folder = here / "lora" / name
    shutil.rmtree(folder, ignore_errors=True)
    adapted.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    # How one run's environment was is nobody's business.
    saved = json.loads((folder / "adapter_config.json").read_text())
    saved["base_model_name_or_path"] = base
    saved["target_modules"] = sorted(saved["target_modules"]) if isinstance(saved["target_modules"], list) else saved["target_modules"]
    (folder / "adapter_config.json").write_text(json.dumps(saved, indent=2) + "\n")
    rows = [row if row.dim() == 1 else row[: len(prompt)] for row, prompt in zip(logits, PROMPTS)]
    expected = {"base": base, "prompts": PROMPTS, "logits": [rounded(row.flatten().tolist()) for row in rows]}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    print(name, sum(file.stat().st_size for file in folder.iterdir()), "bytes")


CAUSAL = {"task_type": TaskType.CAUSAL_LM}
adapter_folder("llama", "llama", r=2, lora_alpha=4, target_modules=["q_proj", "v_proj", "down_proj"], lora_dropout=0.1, **CAUSAL)
adapter_folder(
    "llama-patterns", "llama", r=4, lora_alpha=8, use_rslora=True, rank_pattern={"down_proj": 1, "layers.1.self_attn.q_proj": 3},
    alpha_pattern={"^model.layers.0.mlp.up_proj": 5}, target_modules="all-linear", exclude_modules=["k_proj"], **CAUSAL,
)  # fmt: skip
adapter_folder("gpt2", "gpt2", r=2, lora_alpha=3, target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True, **CAUSAL)
adapter_folder("gpt-neox", "gpt-neox", r=2, lora_alpha=2, target_modules=["query_key_value", "dense_4h_to_h"], **CAUSAL)
adapter_folder("phi3", "phi3", r=2, lora_alpha=2, target_modules=["qkv_proj", "gate_up_proj"], layers_to_transform=[1], **CAUSAL)
adapter_folder("bert", "BertForMaskedLM", r=2, lora_alpha=1, target_modules=["query", "value", "dense"])
adapter_folder("bert-classes", "BertForSequenceClassification", r=2, lora_alpha=4, target_modules=["query", "key"], task_type=TaskType.SEQ_CLS)
adapter_folder("t5", "t5", r=2, lora_alpha=4, target_modules=["q", "v", "wo"], task_type=TaskType.SEQ_2_SEQ_LM) if "--t5" in sys.argv else None
