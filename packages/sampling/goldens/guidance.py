"""Classifier-free guidance of Hugging Face on a toy model, for guided.test.ts. Made with transformers 5.24.0 and torch 2.15.0.

The model's logits are a random table over the last two ids, and a text of one id has rows of its own. It runs without a cache: with one, the library's
processor hands the cache of the negative prompt on under a name that no model takes, and the negative prompt would be forgotten after the first token.
"""

import json
import pathlib

import torch
from transformers import GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

VOCABULARY = 7


class ToyConfig(PretrainedConfig):
    model_type = "toy"


class Toy(PreTrainedModel, GenerationMixin):
    config_class = ToyConfig
    _supports_cache_class = False

    def __init__(self, config):
        super().__init__(config)
        generator = torch.Generator().manual_seed(5)
        table = torch.randn(VOCABULARY + 1, VOCABULARY, VOCABULARY, generator=generator) * 1.5
        self.table = torch.nn.Parameter((table * 1000).round() / 1000)
        self.post_init()

    def prepare_inputs_for_generation(self, input_ids, **_):
        return {"input_ids": input_ids}

    def forward(self, input_ids, **_):
        before = torch.cat([torch.full_like(input_ids[:, :1], VOCABULARY), input_ids[:, :-1]], dim=1)
        return CausalLMOutput(logits=self.table[before, input_ids])


model = Toy(ToyConfig()).eval()
prompt = [1, 4, 2]
cases = []
for scale, negative in [(1.5, None), (3.0, None), (0.0, None), (0.5, [3, 6]), (2.0, [3, 6]), (4.0, [5, 0, 3, 1, 6])]:
    out = model.generate(
        torch.tensor([prompt]),
        guidance_scale=scale,
        negative_prompt_ids=None if negative is None else torch.tensor([negative]),
        max_new_tokens=10,
        do_sample=False,
        use_cache=False,
        return_dict_in_generate=True,
        output_scores=True,
        pad_token_id=0,
    )
    cases.append({
        "scale": scale,
        "negative": negative,
        "ids": out.sequences[0, len(prompt):].tolist(),
        "scores": [[round(x, 6) for x in row[0].tolist()] for row in out.scores],
    })
table = [[round(x, 3) for x in row] for row in model.table.detach().reshape(-1, VOCABULARY).tolist()]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"vocabulary": VOCABULARY, "prompt": prompt, "table": table, "cases": cases}) + "\n")
