"""
The way back for adapters: Tenon attaches LoRA to models of the folders here and saves it, and PEFT loads what it wrote. Its logits have to be Tenon's to 1e-4, no tensor may be left over, and every
adapter has to be there.

    python3 packages/pretrained/goldens/check_lora.py   # with torch, transformers and peft, and Node on the path
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

import torch
import transformers
from peft import PeftModel
from safetensors import safe_open

here = Path(__file__).parent
root = here.parents[2]
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
torch.set_num_threads(1)
PROMPT = torch.tensor([[2, 5, 9, 13, 17, 21, 25]])

with tempfile.TemporaryDirectory() as folder:
    node = root / "node_modules" / ".bin" / "node"
    subprocess.run([node, "--conditions=@tenon/source", here / "make-lora.ts", folder], check=True, cwd=root)
    for saved in sorted(Path(folder).iterdir()):
        base = here / json.loads((saved / "adapter_config.json").read_text())["base_model_name_or_path"]
        made = getattr(transformers, json.loads((base / "config.json").read_text())["architectures"][0])
        adapted = PeftModel.from_pretrained(made.from_pretrained(base, attn_implementation="eager"), saved).eval()
        inputs = {"decoder_input_ids": PROMPT[:, :4]} if adapted.config.is_encoder_decoder else {}
        with torch.no_grad():
            found = adapted(input_ids=PROMPT, **inputs)
        # A bare encoder of Tenon gives the vector of its pooler.
        found = (found.pooler_output if "pooler_output" in found else found.logits).flatten()
        expected = torch.tensor(json.loads((saved / "logits.json").read_text()))
        difference = (found - expected).abs().max().item()
        assert difference < 1e-4, f"{saved.name}: its logits differ by {difference}"
        with safe_open(saved / "adapter_model.safetensors", "pt") as file:
            kept = {name: file.get_tensor(name) for name in file.keys()}
        there = {name: value for name, value in adapted.state_dict().items() if "lora_" in name or "modules_to_save" in name}
        assert len(kept) == len(there), f"{saved.name}: PEFT has {sorted(there)}, the file {sorted(kept)}"
        print(f"{saved.name}: equal, but for {difference:.0e}")
