"""Makes token-loss.json beside this file with PyTorch: losses of logits and their gradients, with label smoothing and z-loss.

    pip install torch            # PyTorch 2.15 made the file that is here
    python3 packages/training/goldens/token-loss.py

Every number is in double precision. Running it (and then the formatter) again gives the same file.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
rows, length, vocabulary = 2, 3, 5
count = rows * length * vocabulary
# Numbers that look like nothing in particular, written out so that anybody can check them.
logits = torch.tensor([((37 * (i + 1)) % 19 - 9) / 4 for i in range(count)]).reshape(rows * length, vocabulary)
targets = torch.tensor([1, 4, -100, 0, 2, -100])

cases = []
for smoothing in (0.0, 0.1, 0.5):
    for z in (0.0, 1e-4, 0.25):
        x = logits.clone().requires_grad_()
        loss = F.cross_entropy(x, targets, ignore_index=-100, label_smoothing=smoothing)
        loss = loss + z * torch.logsumexp(x[targets != -100], -1).square().mean()
        loss.backward()
        cases.append(
            {
                "labelSmoothing": smoothing,
                "zLoss": z,
                "loss": loss.item(),
                "gradient": x.grad.flatten().tolist(),
            }
        )

content = {"logits": logits.flatten().tolist(), "shape": [rows, length, vocabulary], "targets": targets.tolist(), "cases": cases}
Path(__file__).with_name("token-loss.json").write_text(json.dumps(content, indent=2) + "\n")
