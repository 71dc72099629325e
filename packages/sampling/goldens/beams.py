"""What Hugging Face's beam search finds, made with transformers 4.49.0 (later versions have no group beams).

    python packages/sampling/goldens/beams.py

writes beams.json beside it. The model is a table: its logits are (first[last id] + second[the id before it]) / unit,
whole numbers, so that every logit is exact in single precision. The unit is fine enough that no two candidates are equal: the library decides
ties in no particular way. The last id of the vocabulary is padding, which is next to impossible.
"""

import json
import pathlib

import torch
import transformers
from transformers import GenerationConfig, GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

assert transformers.__version__ == "4.49.0", transformers.__version__

VOCABULARY = 12
PAD = VOCABULARY - 1
EOS = 2
PROMPT = [3, 7]
NEW_TOKENS = 7
UNIT = 4096

torch.manual_seed(8)
first, second = (torch.randint(-3 * UNIT, 3 * UNIT + 1, (VOCABULARY, VOCABULARY)) / UNIT for _ in range(2))
first[:, EOS] += 1.25  # so that some hypotheses end early
first[:, PAD] = -60


class TableModel(PreTrainedModel, GenerationMixin):
    config_class = PretrainedConfig

    def __init__(self, config):
        super().__init__(config)
        self.register_buffer("first", first)
        self.register_buffer("second", second)
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def prepare_inputs_for_generation(self, input_ids, **_):
        return {"input_ids": input_ids}

    def forward(self, input_ids, return_dict=True, **_):
        logits = self.first[input_ids]
        logits[:, 1:] += self.second[input_ids[:, :-1]]
        return CausalLMOutput(logits=logits)


model = TableModel(PretrainedConfig(vocab_size=VOCABULARY)).eval()


def found(options):
    """The sequences after the prompt, without padding, and their scores."""
    config = GenerationConfig(
        max_new_tokens=options.pop("max_new_tokens", NEW_TOKENS),
        pad_token_id=PAD,
        return_dict_in_generate=True,
        output_scores=True,
        use_cache=False,
        **options,
    )
    output = model.generate(torch.tensor([PROMPT]), generation_config=config)
    ids = [[id for id in row[len(PROMPT) :].tolist() if id != PAD] for row in output.sequences]
    scores = getattr(output, "sequences_scores", None)
    return ids, None if scores is None else [round(score, 7) for score in scores.tolist()]


cases = []


def case(name, **options):
    ids, scores = found(dict(options))
    cases.append({"name": name, "options": options, "ids": ids, "scores": scores})


for eos in (None, EOS, [EOS, 5]):
    case(f"greedy, eos {eos}", num_beams=1, eos_token_id=eos)
    for beams in (2, 3, 4, 5):
        case(f"{beams} beams, eos {eos}", num_beams=beams, num_return_sequences=beams, eos_token_id=eos)

for beams in (2, 3, 5):
    for penalty in (0.0, 0.6, 1.0, 2.0, -1.0):
        for early in (False, True, "never"):
            case(
                f"{beams} beams, length penalty {penalty}, early stopping {early}",
                num_beams=beams,
                num_return_sequences=beams,
                eos_token_id=EOS,
                length_penalty=penalty,
                early_stopping=early,
                max_new_tokens=9,
            )

case("fewer returned than beams", num_beams=4, num_return_sequences=2, eos_token_id=EOS)

for beams, groups in ((4, 2), (4, 4), (6, 3), (6, 2)):
    for diversity in (0.3, 1.1, 3.3):
        for eos in (None, EOS):
            case(
                f"{beams} beams in {groups} groups, diversity {diversity}, eos {eos}",
                num_beams=beams,
                num_beam_groups=groups,
                num_return_sequences=beams,
                diversity_penalty=diversity,
                eos_token_id=eos,
            )

for beams in (3, 4):
    options = {"num_beams": beams, "num_return_sequences": beams, "eos_token_id": EOS}
    case(f"{beams} beams, repetition penalty", **options, repetition_penalty=1.5)
    case(f"{beams} beams, no repeated bigrams", **options, no_repeat_ngram_size=2)
    case(f"{beams} beams, minimum length", **options, min_new_tokens=4)
    case(f"{beams} beams, repetition penalty and minimum length", **options, repetition_penalty=1.3, min_new_tokens=5)
case(
    "groups, repetition penalty",
    num_beams=4,
    num_beam_groups=2,
    num_return_sequences=4,
    diversity_penalty=0.55,
    eos_token_id=EOS,
    repetition_penalty=1.5,
)

golden = {
    "made with": f"transformers {transformers.__version__}",
    "vocabulary": VOCABULARY,
    "prompt": PROMPT,
    "maxTokens": NEW_TOKENS,
    "unit": UNIT,
    "first": (first * UNIT).int().tolist(),
    "second": (second * UNIT).int().tolist(),
}
lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in golden.items()]
lines.append('"cases": [\n' + ",\n".join(json.dumps(one) for one in cases) + "\n]")
pathlib.Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
