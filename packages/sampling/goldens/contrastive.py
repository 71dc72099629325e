# Writes contrastive.json: what transformers' own contrastive search says on tiny random GPT-2 models, with the logits and hidden states that it went by. Made
# with transformers 4.49.0 and torch; it left the library in version 5.
#
# The library generates; then a plain forward pass without a cache gives, for every prefix that it touched, the state of the last position, and for every prefix
# that it went on from, the logits. The candidates, the choices and how clear they were are checked here, so that no rounding decides a case.
import json
from pathlib import Path

import torch
import transformers
from transformers import GPT2Config, GPT2LMHeadModel

assert transformers.__version__ == "4.49.0"
tokens = 8


def model_of(layers, seed):
    torch.manual_seed(seed)
    config = GPT2Config(vocab_size=20, n_positions=32, n_embd=8, n_layer=layers, n_head=2, bos_token_id=None, eos_token_id=None)
    model = GPT2LMHeadModel(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 0.5)
    return model


def seen(model, ids):
    """The logits and the hidden states of a plain forward pass."""
    with torch.no_grad():
        out = model(torch.tensor([ids]), output_hidden_states=True)
    return out.logits[0, -1].tolist(), out.hidden_states[-1][0].tolist()


def rounded(values):
    return [round(value, 5) for value in values]


def told(model, prompt, ids, k, alpha, suppressed):
    """What a decoder needs to know on the way, and the least margin of any choice."""
    logits, states = {}, {}
    margin = float("inf")
    for end in range(len(prompt), len(ids)):
        prefix = ids[:end]
        after, hidden = seen(model, prefix)
        logits[",".join(map(str, prefix))] = rounded(after)
        for at, state in enumerate(hidden):
            states[",".join(map(str, prefix[: at + 1]))] = rounded(state)
        scores = torch.tensor(after)
        scores[suppressed] = -float("inf")
        best = scores.topk(k + 1)
        margin = min(margin, (best.values[k - 1] - best.values[k]).item(), *(best.values[:-1] - best.values[1:]).tolist())
        worth = []
        for id in best.indices[:k].tolist():
            state = seen(model, [*prefix, id])[1][-1]
            states[",".join(map(str, [*prefix, id]))] = rounded(state)
            cosines = torch.nn.functional.cosine_similarity(torch.tensor(hidden), torch.tensor([state]))
            worth.append((1 - alpha) * scores.softmax(0)[id].item() - alpha * cosines.max().item())
        order = sorted(worth, reverse=True)
        margin = min(margin, order[0] - order[1])
        assert best.indices[worth.index(order[0])].item() == ids[end]
    return logits, states, margin


models, cases = [], []
for layers, prompt in [(1, [3, 7, 1]), (2, [11, 4])]:
    for seed in range(100):
        model = model_of(layers, seed)
        logits, states, found, least = {}, {}, [], float("inf")
        for k, alpha, suppressed in [
            *((k, alpha, []) for k in (2, 3, 4, 5) for alpha in (0.0, 0.3, 0.6, 1.0)),
            (4, 0.6, [2, 5, 8, 13]),
        ]:
            # Without a positive alpha the library would not search contrastively: the smallest there is comes to the same.
            ids = model.generate(
                torch.tensor([prompt]),
                attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
                max_new_tokens=tokens,
                penalty_alpha=max(alpha, 1e-30),
                top_k=k,
                pad_token_id=0,
                suppress_tokens=suppressed or None,
            )[0].tolist()
            more = told(model, prompt, ids, k, alpha, suppressed)
            logits.update(more[0])
            states.update(more[1])
            least = min(least, more[2])
            found.append({"k": k, "alpha": alpha, "suppressed": suppressed, "ids": ids[len(prompt) :]})
        different = len({tuple(case["ids"]) for case in found})
        # Every choice is clear beyond rounding, and k and alpha matter.
        if least > 5e-4 and different >= 7 and all(len(set(case["ids"])) > 3 for case in found if case["alpha"] == 0.6):
            break
    else:
        raise SystemExit(f"no seed for {layers} layers gives clear choices")
    print(layers, "layers, seed", seed, "margin", least, "texts", different)
    models.append({"layers": layers, "seed": seed, "prompt": prompt, "logits": logits, "states": states, "cases": found})

path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"transformers": transformers.__version__, "vocabulary": 20, "models": models}, separators=(",", ":")) + "\n")
print(path.stat().st_size, "bytes")
