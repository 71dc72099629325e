"""
The way back: every folder here and every model of published.json is loaded by Tenon and saved again, and Hugging Face's transformers load what Tenon wrote. Its logits have to be those of the original, its
tied weights tied, and nothing may be missing or left over.

    python3 packages/pretrained/goldens/check.py   # with torch and transformers, and Node on the path
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

import torch
import transformers

here = Path(__file__).parent
root = here.parents[2]
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
torch.set_num_threads(1)


def answer(model):
    """The model's first output for ids (or pixels) that are the same for both, drawn by the config alone."""
    dice = torch.Generator().manual_seed(3)
    config = model.config
    if model.main_input_name == "pixel_values":
        size = config.image_size
        inputs = {"pixel_values": torch.randn(2, config.num_channels, size, size, generator=dice)}
    else:
        ids = torch.randint(3, config.vocab_size, (2, 7), generator=dice)
        inputs = {"input_ids": ids, "attention_mask": torch.tensor([[1] * 7, [1] * 5 + [0] * 2])}
        if config.is_encoder_decoder:
            inputs["decoder_input_ids"] = ids[:, :4]
    with torch.no_grad():
        return model(**inputs)


def check_sentences(original, saved):
    """A folder of sentence-transformers, by that library; a spec does not tell how texts are treated. The pooler of a BERT, which nothing reads there, is not saved."""
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        return print(f"{saved.name}: not checked, since sentence-transformers is not installed")
    for file in ["tokenizer.json", "tokenizer_config.json"]:
        shutil.copy(original / file, saved)
    whole = saved.name == original.name
    texts = ["w3 w7 w11", "w1", "", "w2 w2 w6", *(["w3 w7 w11 w15 w19 w20 w21 w22 w23"] if whole else [])]
    first, second = (SentenceTransformer(str(one), device="cpu") for one in (original, saved))
    assert torch.equal(*(one.encode(texts, convert_to_tensor=True) for one in (first, second))), f"{saved.name}: its vectors differ"
    for setting in ["max_seq_length", "prompts"] if whole else []:
        assert getattr(first, setting) == getattr(second, setting), f"{saved.name}: {setting} differs"
    print(f"{saved.name}: equal")


with tempfile.TemporaryDirectory() as folder:
    node = root / "node_modules" / ".bin" / "node"
    subprocess.run([node, "--conditions=@tenon/source", here / "resave.ts", folder], check=True, cwd=root, stdout=subprocess.DEVNULL)
    for saved in sorted(Path(folder).iterdir()):
        if saved.name == "published":
            continue
        if (saved / "modules.json").exists():
            check_sentences(here / saved.name.removesuffix(" from its spec"), saved)
            continue
        made = getattr(transformers, json.loads((saved / "config.json").read_text())["architectures"][0])
        again, report = made.from_pretrained(saved, output_loading_info=True)
        faults = {key: value for key, value in report.items() if value}
        assert not faults, f"{saved.name}: {faults}"
        once = made.from_pretrained(here / saved.name.removesuffix(" from its spec"))
        first, second = answer(once.eval()), answer(again.eval())
        for key, value in first.items():
            if isinstance(value, torch.Tensor):
                assert torch.equal(value, second[key]), f"{saved.name}: {key} differs"
        assert once.num_parameters() == again.num_parameters(), f"{saved.name}: tied weights came apart"
        print(f"{saved.name}: equal")
    published = json.loads((here / "published.json").read_text())
    for name, row in published["models"].items():
        saved = Path(folder) / "published" / name
        made = getattr(transformers, json.loads((saved / "config.json").read_text())["architectures"][0])
        model, report = made.from_pretrained(saved, output_loading_info=True, attn_implementation="eager")
        assert not any(report.values()), f"{name}: {report}"
        with torch.no_grad():
            logits = model.eval()(torch.tensor([published["ids"]])).logits[0][[1, 7, 11]].flatten()
        difference = (logits - torch.tensor(row["logits"])).abs().max().item()
        assert difference < 1e-4, f"{name}: differs by {difference}"
        print(f"{name}: equal, but for {difference:.0e}")
